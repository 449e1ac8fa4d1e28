#include "areas/imports/rows.h"

#include <stdio.h>
#include <string.h>

#include "record/own.h"

void
line_reject(struct line *l, str column, str what, str mend)
{
	if (l->fate == FATE_REJECT)
		return; /* the first reason counts */
	l->fate = FATE_REJECT;
	l->column = column;
	l->what = what;
	l->mend = mend;
}

void *
rows_find(void *rows, size_t n_rows, size_t size, int64_t number)
{
	size_t low = 0, high = n_rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (*(const int64_t *)(const void *)((const char *)rows + mid * size) < number)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n_rows)
		return NULL;
	void *found = (char *)rows + low * size;
	return *(const int64_t *)found == number ? found : NULL;
}

/* ---- one row ---- */

static str
shortened(struct arena *a, str key)
{
	return key.n <= 180
	               ? key
	               : str_fmt(a, "%.*s…%016llx", STR_ARG(str_first(key, 120)), (unsigned long long)str_hash(key));
}

/* The row's id at the source: its key columns, else the column for it, else what tells it apart. */
static void
key_of(struct run *r, struct line *l)
{
	const struct field *f = record_field(r->record, STR("external_id"));
	str key = { 0 };

	for (size_t i = 0; i < r->n_key; i++)
		if (r->key[i] < l->n_cells)
			key = i ? str_fmt(r->batch, "%.*s|%.*s", STR_ARG(key), STR_ARG(str_trim(l->cells[r->key[i]])))
			        : rows_one_line(r->batch, l->cells[r->key[i]]);
	if (!r->n_key)
		key = *(str *)rows_place(f, l->object);
	l->composed = !key.n;
	if (!key.n && r->record == &deal_record) {
		struct deal *d = l->object;
		key = str_fmt(r->batch, "%.*s|%lld|%lld|%lld|%d", STR_ARG(d->name), (long long)d->account,
		        (long long)d->owner, (long long)d->amount, (int)d->created_on.n);
	} else if (!key.n && r->record == &contact_record) {
		struct contact *x = l->object;
		key = x->email.n ? str_fold(r->batch, x->email)
		                 : str_fmt(r->batch, "%.*s|%lld", STR_ARG(str_fold(r->batch, x->name)),
		                           (long long)x->account);
	} else if (!key.n && r->record == &prospect_record) {
		struct prospect *x = l->object;
		key = x->email.n ? str_fold(r->batch, x->email)
		                 : str_fmt(r->batch, "%.*s|%.*s", STR_ARG(str_fold(r->batch, x->name)),
		                           STR_ARG(str_fold(r->batch, x->company)));
	} else if (!key.n && r->record == &target_record) {
		struct target *t = l->object;
		key = str_fmt(r->batch, "%lld|%d|%d", (long long)t->person, (int)t->from_day.n, (int)t->to_day.n);
	} else if (!key.n && r->record == &past_record) {
		key = past_key(r, l);
	} else if (!key.n && r->record == &activity_record) {
		struct activity *x = l->object;
		key = str_fmt(r->batch, "%lld|%lld|%lld|%d|%.*s", (long long)x->deal, (long long)x->account,
		        (long long)x->person, (int)x->on_day.n, STR_ARG(x->subject));
	}
	l->external_id = shortened(r->batch, key);
	*(str *)rows_place(f, l->object) = l->external_id;
	*(str *)rows_place(record_field(r->record, STR("source")), l->object) =
	        l->external_id.n ? r->source : (str){ 0 };
}

static str
column_of(const struct run *r, const char *field)
{
	for (size_t i = 0; i < r->n_slots; i++)
		if (rows_is(r->slots[i].field, field))
			return r->shape->columns[r->slots[i].columns[0]].name;
	return str_of(field);
}

static void
find_stage(struct run *r, struct line *l, struct deal *d)
{
	const struct stage *s = l->stage.n ? rows_stage_named(r, l->stage) : NULL;
	enum ending ending = ending_of(l->status);
	bool yes;

	if (ending == ENDING_NONE && cell_bool_word(l->status, &yes) && yes)
		ending = ENDING_WON;
	if (l->stage.n && !s) {
		line_reject(l, column_of(r, "stage"),
		        str_fmt(r->keep, "the mapping has no stage “%.*s”", STR_ARG(str_first(l->stage, 80))),
		        STR("add it under stages, with its outcome"));
		return;
	}
	if (ending == ENDING_WON && (!s || s->outcome != OUTCOME_WON))
		s = rows_stage_with(r, OUTCOME_WON);
	else if (ending == ENDING_LOST && (!s || s->outcome != OUTCOME_LOST))
		s = rows_stage_with(r, OUTCOME_LOST);
	if (!s)
		s = rows_stage_with(r, OUTCOME_OPEN);
	if (!s) {
		line_reject(l, column_of(r, "stage"), STR("has no stage"), STR("map a column to stage"));
		return;
	}
	d->stage = s->row.id;
	d->process = s->process;
	d->outcome = s->outcome;
	l->set |= (uint64_t)1 << (size_t)(record_field(&deal_record, STR("stage")) - deal_record.fields);
}

static str
name_in(const struct book *b, id i)
{
	size_t at = i ? book_find_id(b, i) : SIZE_MAX;
	return at == SIZE_MAX ? STR("") : b->all[at].name;
}

/* Files often have no name for a deal: account and product then. */
static void
name_deal(struct run *r, struct line *l, struct deal *d)
{
	str account = name_in(&r->accounts, d->account), product = name_in(&r->products, d->product);

	if (d->name.n)
		return;
	l->set &= ~((uint64_t)1 << (size_t)(record_field(&deal_record, STR("name")) - deal_record.fields));
	if (account.n && product.n)
		d->name = str_fmt(r->batch, "%.*s – %.*s", STR_ARG(account), STR_ARG(product));
	else if (account.n || product.n)
		d->name =
		        str_fmt(r->batch, "%.*s %.*s", STR_ARG(account.n ? account : product), STR_ARG(d->external_id));
	else
		d->name = str_fmt(r->batch, "Deal %.*s", STR_ARG(d->external_id));
	if (d->name.n > 180)
		d->name = str_first(account.n ? account : product, 150);
}

static void
complete_deal(struct run *r, struct line *l)
{
	struct deal *d = l->object;

	find_stage(r, l, d);
	if (!d->currency.n)
		d->currency = r->currency;
	if (!d->owner) {
		if (r->unassigned == SIZE_MAX)
			r->unassigned = rows_person(r, STR("Unassigned"));
		d->owner = r->people.all[r->unassigned].id;
	}
	/* As the deal's own rules date it, so that a second import finds nothing to change. */
	if (d->outcome == OUTCOME_OPEN && day_is(d->closed_on)) {
		if (!day_is(d->closes_on))
			d->closes_on = d->closed_on;
		d->closed_on = DAY_NONE;
	} else if (d->outcome != OUTCOME_OPEN && !day_is(d->closed_on)) {
		d->closed_on = d->closes_on;
	}
	if (d->outcome != OUTCOME_OPEN && l->fate != FATE_REJECT)
		rows_note_day(r, NULL, d->closed_on);
	if (d->amount != NO_INT && d->amount < 0 && l->fate != FATE_REJECT && !r->writing && r->n_below++ == 0)
		r->first_below = l->n;
	if (day_is(d->engaged_on) && day_is(d->closed_on) && day_between(d->engaged_on, d->closed_on) < 0)
		line_reject(
		        l, column_of(r, "closed_on"), STR("is before the deal was engaged"), STR("check the two days"));
	if (!money_known(d->currency))
		line_reject(l, column_of(r, "currency"),
		        str_fmt(r->keep, "“%.*s” is no currency", STR_ARG(d->currency)),
		        STR("write three letters, as EUR"));
	if (d->amount != NO_INT && (d->amount > INT64_C(1000000000000000) || d->amount < -INT64_C(1000000000000000)))
		line_reject(l, column_of(r, "amount"), STR("is larger than any deal"),
		        STR("check the point and the comma"));
}

static void
complete(struct run *r, struct line *l)
{
	if (r->record == &deal_record) {
		complete_deal(r, l);
	} else if (r->record == &target_record) {
		struct target *t = l->object;
		if (!t->currency.n)
			t->currency = r->currency;
		if (day_is(t->from_day) && day_is(t->to_day) && day_between(t->from_day, t->to_day) < 0)
			line_reject(
			        l, column_of(r, "to_day"), STR("is before the first day"), STR("check the two days"));
	} else if (r->record == &past_record) {
		past_complete(r, l);
	} else if (r->record == &product_record) {
		struct product *p = l->object;
		if (!p->currency.n && p->list_price != NO_INT)
			p->currency = r->currency;
	} else if (r->record == &activity_record) {
		struct activity *x = l->object;
		if (!x->subject.n)
			x->subject =
			        x->kind ? str_of(record_field(&activity_record, STR("kind"))->choices[x->kind].label)
			                : STR("Activity");
	} else if (r->record == &prospect_record) {
		struct prospect *p = l->object;
		if (p->email.n &&
		        (str_find_byte(p->email, '@') == SIZE_MAX || str_find_byte(p->email, ' ') != SIZE_MAX))
			line_reject(l, column_of(r, "email"),
			        str_fmt(r->keep, "“%.*s” is not an e-mail address", STR_ARG(str_first(p->email, 60))),
			        STR("write it as name@example.com, or leave it empty"));
	} else if (r->record == &person_record) {
		struct person *p = l->object;
		if (p->email.n &&
		        (str_find_byte(p->email, '@') == SIZE_MAX || str_find_byte(p->email, ' ') != SIZE_MAX))
			line_reject(l, column_of(r, "email"),
			        str_fmt(r->keep, "“%.*s” is not an e-mail address", STR_ARG(str_first(p->email, 60))),
			        STR("write it as name@example.com, or leave it empty"));
	}
}

/* What the engine would refuse, said before anything is written. */
static void
precheck(struct run *r, struct line *l)
{
	for (size_t i = 0; i < r->record->n_fields && l->fate != FATE_REJECT; i++) {
		const struct field *f = &r->record->fields[i];
		if (field_is_null(f, l->object)) {
			if (f->required && !f->system)
				line_reject(l, column_of(r, f->name), STR("is missing"),
				        str_fmt(r->keep, "fill in %s", f->label));
		} else if (f->kind == F_TEXT || f->kind == F_LONG) {
			str s = *(str *)rows_place(f, l->object);
			size_t most = f->most ? (size_t)f->most : f->kind == F_LONG ? 16384 : 200;
			if (s.n > most && str_letters(s) > most)
				line_reject(l, column_of(r, f->name),
				        str_fmt(r->keep, "is %zu letters long; the most is %zu", str_letters(s), most),
				        STR("shorten it"));
		} else if ((f->kind == F_MONEY || f->kind == F_INT) && f->greatest && !f->system) {
			int64_t n = *(int64_t *)rows_place(f, l->object);
			if (n < f->least || n > f->greatest)
				line_reject(l, column_of(r, f->name), str_fmt(r->keep, "is %lld", (long long)n),
				        STR("check the number"));
		}
	}
}

static void
find_known(struct run *r, struct line *l, struct book *b)
{
	str name = *(str *)rows_place(record_field(r->record, STR("name")), l->object);
	str mail = r->record == &person_record ? ((struct person *)l->object)->email : (str){ 0 };
	size_t i = book_find_external(b, r->batch, r->source, l->external_id);

	if (i == SIZE_MAX && mail.n)
		i = book_find_mail(b, r->batch, mail);
	if (i == SIZE_MAX && name.n) {
		i = book_find(b, r->batch, name);
		/* Two of one name with ids of their own are two. */
		if (i != SIZE_MAX && l->external_id.n && str_eq(b->all[i].source, r->source) &&
		        b->all[i].external_id.n && !str_eq(b->all[i].external_id, l->external_id))
			i = SIZE_MAX;
	}
	if (i == SIZE_MAX && name.n && l->fate != FATE_REJECT)
		i = book_add(b, name, mail.n ? str_copy(b->arena, mail) : (str){ 0 },
		        l->external_id.n ? r->source : (str){ 0 }, l->external_id);
	l->known = i;
	if (i == SIZE_MAX)
		return;
	struct known *k = &b->all[i];
	if (k->taken && k->row != l->n && l->fate != FATE_REJECT)
		l->late = k->row;
	else if (k->in_file && k->row != l->n)
		line_reject(l, column_of(r, "name"),
		        str_fmt(r->keep, "“%.*s” is in row %lld already", STR_ARG(str_first(name, 80)),
		                (long long)k->row),
		        STR("leave one of the two, or map a column with ids"));
	else if (l->fate != FATE_REJECT) {
		k->in_file = true;
		k->row = l->n;
	}
	if (k->fresh)
		((struct row *)l->object)->id = k->id;
}

static void
refuse_twice(struct run *r, struct line *l, size_t first)
{
	if (l->composed)
		line_reject(l, (str){ 0 }, str_fmt(r->keep, "cannot be told from row %zu", first),
		        STR("leave one of the two, or map a column with ids"));
	else
		line_reject(l, r->n_key ? r->shape->columns[r->key[0]].name : column_of(r, "external_id"),
		        str_fmt(r->keep, "duplicate id in file: “%.*s” is in row %zu already",
		                STR_ARG(str_first(l->external_id, 80)), first),
		        STR("leave one of the two"));
}

static void
find_twice(struct run *r, struct line *l)
{
	size_t first;

	if (l->external_id.n && l->fate == FATE_REJECT && r->job->full)
		names_add(&r->refused, str_copy(r->keep, l->external_id), (size_t)l->n);
	if (!l->external_id.n || l->fate == FATE_REJECT || l->skip)
		return;
	first = names_find(&r->seen, l->external_id);
	if (first != SIZE_MAX)
		refuse_twice(r, l, first);
	else
		names_add(&r->seen, str_copy(r->keep, l->external_id), (size_t)l->n);
}

void
rows_parse(struct run *r, const struct csv_row *row, struct line *l)
{
	str *cells = arena_new(r->batch, str, row->n_fields + 1);
	const struct field *name = record_field(r->record, STR("name"));

	*l = (struct line){ .n = row->n,
		.at = row->line,
		.cells = cells,
		.n_cells = row->n_fields,
		.known = SIZE_MAX,
		.manager = SIZE_MAX };
	for (size_t i = 0; i < row->n_fields; i++)
		cells[i] = str_copy(r->batch, row->fields[i]);
	l->object = arena_alloc(r->batch, r->record->size, _Alignof(max_align_t));
	record_init(r->record, l->object);
	if (row->fault) {
		line_reject(l, (str){ 0 }, str_copy(r->keep, row->what), str_copy(r->keep, row->mend));
		return;
	}
	rows_read_cells(r, l);
	complete(r, l);
	key_of(r, l);
	if (r->record == &deal_record)
		name_deal(r, l, l->object);
	if (!l->name.n)
		l->name = name ? *(str *)rows_place(name, l->object) : l->external_id;
	precheck(r, l);
	if (r->record == &person_record)
		find_known(r, l, &r->people);
	else if (r->record == &account_record)
		find_known(r, l, &r->accounts);
	else if (r->record == &product_record)
		find_known(r, l, &r->products);
	find_twice(r, l);
}

/* ---- what becomes of it ---- */

static str
shown(struct run *r, const struct field *f, const void *object)
{
	const struct field *currency = record_field(r->record, STR("currency"));
	money m = { 0 };

	if (field_is_null(f, object))
		return STR("nothing");
	if (f->kind == F_REF)
		return STR("another");
	if (f->kind != F_MONEY)
		return str_first(field_text(r->batch, f, object), 60);
	m.minor = *(const int64_t *)(const void *)((const char *)object + f->at);
	str code = currency ? field_text(r->batch, currency, object) : r->currency;
	snprintf(m.code, sizeof m.code, "%.*s", STR_ARG(code));
	return money_plain(r->batch, m);
}

static size_t
size_of(const struct field *f)
{
	static const size_t sizes[] = { [F_TEXT] = sizeof(str),
		[F_LONG] = sizeof(str),
		[F_REF] = sizeof(id),
		[F_MONEY] = sizeof(int64_t),
		[F_INT] = sizeof(int64_t),
		[F_DECIMAL] = sizeof(int64_t),
		[F_DAY] = sizeof(day),
		[F_INSTANT] = sizeof(int64_t),
		[F_BOOL] = sizeof(bool),
		[F_CHOICE] = sizeof(int) };
	return sizes[f->kind];
}

void
rows_copy(const struct field *f, void *to, const void *from)
{
	memcpy(rows_place(f, to), (const char *)from + f->at, size_of(f));
}

/* Own fields of which the file says nothing stay as they are stored; what changes is said by the field's name. */
static str
lay_own(struct run *r, struct line *l)
{
	const struct field *holder = own_holder(r->record);
	void *laid = holder ? arena_copy(r->batch, l->before, r->record->size) : NULL;
	str said = { 0 };

	for (size_t i = 0; holder && i < r->n_slots; i++) {
		const struct field *f = r->slots[i].field;
		if (!f->own || field_equal(f, l->before, l->object))
			continue;
		str was = field_text(r->batch, f, l->before), is_ = field_text(r->batch, f, l->object);
		bool person = f->own->kind == OWN_PERSON;
		said = str_fmt(r->batch, "%.*s%s%s %.*s → %.*s", STR_ARG(said), said.n ? "; " : "", f->label,
		        STR_ARG(!was.n   ? STR("nothing")
		                : person ? STR("one")
		                         : own_words(r->batch, f, was)),
		        STR_ARG(!is_.n   ? STR("nothing")
		                : person ? STR("another")
		                         : own_words(r->batch, f, is_)));
		own_take(f, laid, l->object);
	}
	if (holder)
		*(str *)rows_place(holder, l->object) = *(str *)rows_place(holder, laid);
	return said;
}

/* The stored row with what the file says laid over it; what a person edited here stays (D5a). */
static void
lay_over(struct run *r, struct line *l)
{
	void *after = arena_copy(r->batch, l->before, r->record->size);
	const struct row *row = l->before;
	str changed = { 0 }, kept = { 0 }, own = lay_own(r, l);

	for (size_t i = 0; i < r->record->n_fields; i++) {
		const struct field *f = &r->record->fields[i];
		bool ours = rows_is(f, "source") || rows_is(f, "external_id"), theirs = l->set >> i & 1;
		if (ours ? !l->external_id.n || !field_is_null(f, l->before) : !theirs || rows_is(f, "outcome"))
			continue;
		if (field_equal(f, l->before, l->object))
			continue;
		/* What another row of the file filled in is not taken away by the one that lacks it, nor what another
		   source said. */
		if ((r->job->map->alike == MAP_ALIKE_MERGE || l->looks) && field_is_null(f, l->object))
			continue;
		if (row->edited >> i & 1) {
			kept = str_fmt(r->batch, "%.*s%s%s: the file says %.*s", STR_ARG(kept),
			        kept.n ? "; " : "kept as edited here, ", f->label,
			        STR_ARG(f->holds_own ? own : shown(r, f, l->object)));
			continue;
		}
		if (f->holds_own)
			changed = changed.n ? str_fmt(r->batch, "%.*s; %.*s", STR_ARG(changed), STR_ARG(own)) : own;
		else if (!ours)
			changed = str_fmt(r->batch, "%.*s%s%s %.*s → %.*s", STR_ARG(changed), changed.n ? "; " : "",
			        f->label, STR_ARG(shown(r, f, l->before)), STR_ARG(shown(r, f, l->object)));
		else
			changed = changed.n ? changed : STR("is known by the source's id now");
		rows_copy(f, after, l->object);
	}
	l->object = after;
	l->fate = changed.n ? FATE_UPDATE : kept.n ? FATE_KEPT : FATE_SAME;
	l->what = changed.n && kept.n ? str_fmt(r->batch, "%.*s; %.*s", STR_ARG(changed), STR_ARG(kept))
	          : changed.n         ? changed
	                              : kept;
	if (kept.n)
		r->job->import.n_kept += !r->writing;
}

void
rows_weigh(struct run *r, struct line *l)
{
	if (l->fate == FATE_REJECT)
		return;
	if (l->skip) {
		l->fate = FATE_SAME;
	} else if (l->before) {
		lay_over(r, l);
	} else {
		l->fate = FATE_CREATE;
		l->what = (str){ 0 };
	}
	if (r->record == &deal_record && (l->fate == FATE_CREATE || l->fate == FATE_UPDATE))
		((struct deal *)l->object)->import = r->job->import.row.id;
}

/* D5: a credit note is fine, a slip of the hand is not; only people know which it is. */
void
rows_note_below(struct run *r)
{
	struct arena *a = r->job->arena;

	if (r->n_below)
		fault_add(&r->job->notes,
		        str_fmt(a, "%lld %s", (long long)r->n_below, r->n_below == 1 ? "amount" : "amounts"),
		        str_fmt(a, "below zero, taken as written: row %lld%s", (long long)r->first_below,
		                r->n_below > 1 ? " and others" : ""),
		        STR("look whether a credit is meant"));
}
