#include "areas/imports/rows.h"
#include "record/own.h"

#include <stdio.h>
#include <string.h>

static void *
place(const struct field *f, void *object)
{
	return (char *)object + f->at;
}

static bool
is(const struct field *f, const char *name)
{
	return strcmp(f->name, name) == 0;
}

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

/* ---- before the first row ---- */

static struct slot *
slot_for(struct run *r, str name)
{
	for (size_t i = 0; i < r->n_slots; i++)
		if (str_eq(str_of(r->slots[i].field->name), name))
			return &r->slots[i];
	const struct field *f = record_field(r->with, name);
	if (!f || f->holds_own || r->n_slots == 60)
		return NULL;
	struct slot *s = &r->slots[r->n_slots++];
	*s = (struct slot){ .field = f, .at = (size_t)((f->own ? own_holder(r->record) : f) - r->record->fields) };
	return s;
}

/* Currencies before amounts: an amount is read in its currency, that of the deal where there is none. */
static void
currency_first(struct run *r)
{
	for (int deal = 1; deal >= 0; deal--)
		for (size_t i = 1; i < r->n_slots; i++)
			if (deal ? is(r->slots[i].field, "deal") : r->slots[i].kind == MAP_CURRENCY) {
				struct slot s = r->slots[i];
				memmove(r->slots + 1, r->slots, i * sizeof s);
				r->slots[0] = s;
			}
}

/* Without any of these all rows would be one and the same deal. */
static enum err
check_told(const struct run *r)
{
	static const char *const telling[] = { "name", "account", "product", "external_id" };
	bool told = r->record != &deal_record || r->n_key > 0;

	for (size_t i = 0; i < r->n_slots; i++)
		for (size_t k = 0; k < sizeof telling / sizeof *telling; k++)
			told |= is(r->slots[i].field, telling[k]);
	return told ? OK
	            : fault_add(r->job->faults, r->job->import.file, STR("no column says which deal a row is about"),
	                      STR("let at least one go to the deal's name, its account, its product or its id at the "
	                          "source"));
}

enum err
rows_prepare(struct run *r, struct csv *csv)
{
	const struct map *m = r->job->map;
	size_t n_targets;
	const struct map_target *targets = import_targets(r->keep, r->with, &n_targets);
	enum err e;

	r->shape = csv_shape(csv);
	e = map_check(m, r->shape, targets, n_targets, r->job->faults);
	if (e != OK)
		return e;
	for (size_t i = 0; i < m->n_columns; i++) {
		struct slot *s = slot_for(r, m->columns[i].to);
		size_t at = csv_find(r->shape, m->columns[i].from);
		for (size_t k = 0; s && k < n_targets; k++)
			if (str_eq(str_of(targets[k].name), m->columns[i].to))
				s->kind = targets[k].kind;
		if (s && at != SIZE_MAX && s->n < SLOT_COLUMNS)
			s->columns[s->n++] = at;
	}
	currency_first(r);
	for (size_t i = 0; i < m->n_key && i < KEY_COLUMNS; i++)
		r->key[r->n_key++] = csv_find(r->shape, m->key[i]);
	r->source = m->source.n ? m->source : STR("file");
	r->currency = m->currency[0] ? str_of(m->currency) : r->company.currency;
	r->order = m->date;
	r->decimal = m->decimal;
	return check_told(r);
}

/* ---- stages ---- */

static void
add_stage(struct run *r, str name, int outcome, int64_t probability)
{
	struct known_stage *k;
	str key = str_fold(r->keep, name);

	for (size_t i = 0; i < r->n_stages; i++)
		if (str_eq(r->stages[i].key, key))
			return;
	if (r->n_stages == STAGES_MOST)
		return;
	k = &r->stages[r->n_stages++];
	k->key = key;
	record_init(&stage_record, &k->stage);
	k->stage.row.id = id_new();
	k->stage.process = r->process.row.id;
	k->stage.position = (int64_t)r->n_stages;
	k->stage.name = name;
	k->stage.outcome = outcome;
	k->stage.probability = outcome == OUTCOME_WON ? 100 : outcome == OUTCOME_LOST ? 0 : probability;
}

static enum err
load_process(struct run *r, struct conn *c)
{
	str sql = str_fmt(r->keep,
	        "select %.*s from process t where t.org_id = $1 and %s order by t.number desc, t.id desc limit 1",
	        STR_ARG(record_columns(r->keep, &process_record, "t")),
	        r->mirror ? "t.source = $2" : "t.standard = 1 and $2 = $2");
	struct rows rows;
	enum err e = db_query(c, r->keep, str_z(r->keep, sql), DB_ARGS(DB_I(r->grant.org), DB_T(r->source)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		record_read(&rows, &process_record, 0, &r->process);
	} else {
		record_init(&process_record, &r->process);
		r->process.row.id = id_new();
		r->process.name = str_fmt(r->keep, "Stages of %.*s", STR_ARG(r->source));
		r->process.source = r->source;
		r->process.number = 1;
	}
	return db_end(&rows);
}

static enum err
load_stages(struct run *r, struct conn *c)
{
	str sql = str_fmt(r->keep,
	        "select %.*s from stage t where t.org_id = $1 and t.process = $2 order by t.position, t.id limit %d",
	        STR_ARG(record_columns(r->keep, &stage_record, "t")), STAGES_MOST);
	struct rows rows;
	enum err e =
	        db_query(c, r->keep, str_z(r->keep, sql), DB_ARGS(DB_I(r->grant.org), DB_I(r->process.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		struct known_stage *k = &r->stages[r->n_stages++];
		record_read(&rows, &stage_record, 0, &k->stage);
		k->key = str_fold(r->keep, k->stage.name);
	}
	return e == OK ? db_end(&rows) : e;
}

static bool
has_outcome(const struct run *r, int outcome)
{
	for (size_t i = 0; i < r->n_stages; i++)
		if (r->stages[i].stage.outcome == outcome)
			return true;
	return false;
}

enum err
rows_stages(struct run *r, struct conn *c)
{
	const struct map *m = r->job->map;
	bool status = false;
	size_t n_open = 0, at = 0;
	enum err e;

	r->mirror = m->n_stages > 0;
	e = load_process(r, c);
	if (e == OK && r->process.row.version)
		e = load_stages(r, c);
	for (size_t i = 0; i < m->n_stages; i++)
		n_open += m->stages[i].outcome != ENDING_WON && m->stages[i].outcome != ENDING_LOST;
	for (size_t i = 0; i < m->n_stages; i++) {
		const struct map_stage *s = &m->stages[i];
		int outcome = s->outcome == ENDING_WON    ? OUTCOME_WON
		              : s->outcome == ENDING_LOST ? OUTCOME_LOST
		                                          : OUTCOME_OPEN;
		at += outcome == OUTCOME_OPEN;
		add_stage(
		        r, s->name, outcome, s->probability >= 0 ? s->probability : (int64_t)(100 * at / (n_open + 1)));
	}
	for (size_t i = 0; i < r->n_slots; i++)
		status |= r->slots[i].kind == MAP_OUTCOME;
	if (e == OK && status) {
		if (!has_outcome(r, OUTCOME_OPEN))
			add_stage(r, STR("Open"), OUTCOME_OPEN, 50);
		if (!has_outcome(r, OUTCOME_WON))
			add_stage(r, STR("Won"), OUTCOME_WON, 100);
		if (!has_outcome(r, OUTCOME_LOST))
			add_stage(r, STR("Lost"), OUTCOME_LOST, 0);
	}
	return e;
}

static const struct stage *
stage_named(const struct run *r, str name)
{
	str key = str_fold(r->batch, name);

	for (size_t i = 0; i < r->n_stages; i++)
		if (str_eq(r->stages[i].key, key))
			return &r->stages[i].stage;
	return NULL;
}

static const struct stage *
stage_with(const struct run *r, int outcome)
{
	for (size_t i = 0; i < r->n_stages; i++)
		if (r->stages[i].stage.outcome == outcome)
			return &r->stages[i].stage;
	return NULL;
}

/* ---- one cell ---- */

static str
one_line(struct arena *a, str s)
{
	char *copy;

	s = str_trim(s);
	if (!memchr(s.s ? s.s : "", '\n', s.n) && !memchr(s.s ? s.s : "", '\r', s.n))
		return s;
	copy = str_z(a, s);
	for (size_t i = 0; i < s.n; i++)
		if (copy[i] == '\n' || copy[i] == '\r')
			copy[i] = ' ';
	return (str){ copy, s.n };
}

static str
cell_of(const struct run *r, const struct slot *s, const struct line *l, size_t *ret_column)
{
	*ret_column = s->columns[0];
	for (size_t i = 0; i < s->n; i++)
		if (s->columns[i] < l->n_cells && !cell_empty(l->cells[s->columns[i]])) {
			*ret_column = s->columns[i];
			str cell = map_value(r->job->map, str_of(s->field->name), l->cells[s->columns[i]]);
			return cell_empty(cell) ? (str){ 0 } : cell; /* "-" in the mapping: left out */
		}
	return (str){ 0 };
}

/* Somebody by e-mail or name; who is not known is created, "not yet placed" (O1). */
static size_t
person_of(struct run *r, str text)
{
	struct book *b = &r->people;
	bool mail = str_find_byte(text, '@') != SIZE_MAX;
	size_t i = mail ? book_find_mail(b, r->batch, text) : book_find(b, r->batch, text);
	str local, host;

	if (i == SIZE_MAX && !mail)
		i = book_find_external(b, r->batch, r->source, text);
	if (i != SIZE_MAX)
		return i;
	str_cut(text, '@', &local, &host);
	return book_add(b, mail ? local : text, mail ? str_copy(b->arena, text) : (str){ 0 }, (str){ 0 }, (str){ 0 });
}

static id
book_of(struct run *r, struct book *b, str text)
{
	size_t i = book_find_external(b, r->batch, r->source, text);

	if (i == SIZE_MAX)
		i = book_find(b, r->batch, text);
	if (i == SIZE_MAX)
		i = book_add(b, text, (str){ 0 }, (str){ 0 }, (str){ 0 });
	return b->all[i].id;
}

static void
set_reference(struct run *r, const struct field *f, str cell, str column, struct line *l)
{
	id *to = place(f, l->object);
	size_t i;

	if (r->record == &past_record) {
		past_refer(r, f, cell, column, l);
	} else if (r->record == &person_record) {
		l->manager = person_of(r, cell);
		*to = r->people.all[l->manager].id;
	} else if (f->ref == &person_record) {
		i = person_of(r, cell); /* the book may move while it grows */
		*to = r->people.all[i].id;
	} else if (f->ref == &account_record) {
		*to = book_of(r, &r->accounts, cell);
	} else if (f->ref == &product_record) {
		*to = book_of(r, &r->products, cell);
	} else if (f->ref == &campaign_record) {
		*to = book_of(r, &r->campaigns, cell);
	} else if (f->ref == &deal_record) {
		i = book_find_external(&r->deals, r->batch, r->source, cell);
		if (i == SIZE_MAX)
			i = book_find(&r->deals, r->batch, cell);
		if (i == SIZE_MAX)
			line_reject(l, column,
			        str_fmt(r->keep, "there is no deal “%.*s”", STR_ARG(str_first(cell, 80))),
			        STR("import the deals first, or write a deal's name or id"));
		else
			*to = r->deals.all[i].id;
	}
}

static int
activity_kind(const struct field *f, str text)
{
	static const struct {
		const char *word;
		const char *code;
	} words[] = { { "call", "call" }, { "phone", "call" }, { "anruf", "call" }, { "mail", "mail" },
		{ "meet", "meeting" }, { "lunch", "meeting" }, { "demo", "meeting" }, { "termin", "meeting" },
		{ "task", "task" }, { "to-do", "task" }, { "todo", "task" } };
	const char *code = "note";

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_find(text, str_of(words[i].word)) != SIZE_MAX) {
			code = words[i].code;
			break;
		}
	for (int i = 0; f->choices[i].code; i++)
		if (strcmp(f->choices[i].code, code) == 0)
			return i;
	return 0;
}

/* The last day of which the file tells something that was over; f is NULL where that is certain (D5a). */
static void
note_day(struct run *r, const struct field *f, day d)
{
	bool past = !f || is(f, "engaged_on") || is(f, "created_on") || is(f, "on_day");

	if (past && day_is(d) && (!day_is(r->largest) || d.n > r->largest.n))
		r->largest = d;
}

static void
set_amount(struct run *r, const struct field *f, str cell, str column, struct line *l)
{
	const struct field *currency = record_field(r->record, STR("currency"));
	str code = currency ? *(str *)place(currency, l->object) : (str){ 0 };
	struct cell_amount amount;
	str why;
	enum err e = cell_money(r->batch, cell, r->decimal ? r->decimal : '.',
	        str_z(r->batch, code.n ? code : r->currency), &amount, &why);

	if (e == ERR_ABSENT)
		return;
	if (e != OK) {
		line_reject(l, column, str_copy(r->keep, why), STR("write it as 12500.00"));
		return;
	}
	*(int64_t *)place(f, l->object) = amount.minor;
	if (amount.own_code && currency && !code.n)
		*(str *)place(currency, l->object) = str_copy(r->batch, str_of(amount.code));
}

/* A person by e-mail or name; SIZE_MAX: nobody of the company. */
static size_t
somebody(struct run *r, str text)
{
	return str_find_byte(text, '@') != SIZE_MAX ? book_find_mail(&r->people, r->batch, text)
	                                            : book_find(&r->people, r->batch, text);
}

static str
choice_named(struct run *r, const struct field *f, str text)
{
	str key = str_fold(r->batch, text);

	for (const struct choice *c = f->choices + 1; c->code; c++)
		if (str_eq(key, str_fold(r->batch, str_of(c->label))))
			return str_of(c->code);
	return (str){ 0 };
}

/* A cell as an own field has it, in normal form. ERR_ABSENT: an empty one. */
static enum err
own_normal(struct run *r, const struct field *f, str cell, str *ret, str *why)
{
	struct cell_amount amount;
	int64_t n = 0;
	bool yes = false;
	day d;
	size_t i;
	enum err e = OK;

	switch ((enum own_kind)f->own->kind) {
	case OWN_NUMBER:
		e = cell_number(r->batch, cell, r->decimal ? r->decimal : '.', 0, &n, why);
		*ret = str_fmt(r->batch, "%lld", (long long)n);
		break;
	case OWN_MONEY:
		e = cell_money(
		        r->batch, cell, r->decimal ? r->decimal : '.', str_z(r->batch, f->own->currency), &amount, why);
		if (e == OK && amount.own_code && !str_eq(str_of(amount.code), f->own->currency)) {
			*why = str_fmt(
			        r->batch, "is in %s; the field is in %.*s", amount.code, STR_ARG(f->own->currency));
			return ERR_INPUT;
		}
		if (e == OK)
			*ret = str_fmt(r->batch, "%lld", (long long)amount.minor);
		break;
	case OWN_DAY:
		e = cell_day(r->batch, cell, r->order, &d, why);
		if (e == OK)
			*ret = day_iso(r->batch, d);
		break;
	case OWN_BOOL:
		e = cell_bool(r->batch, cell, &yes, why);
		*ret = yes ? STR("1") : STR("0");
		break;
	case OWN_CHOICE:
		*ret = choice_named(r, f, str_trim(cell));
		break;
	case OWN_PERSON:
		i = somebody(r, str_trim(cell));
		*ret = i == SIZE_MAX ? (str){ 0 } : str_fmt(r->batch, "%lld", (long long)r->people.all[i].id);
		break;
	default:
		*ret = one_line(r->batch, cell);
	}
	return e;
}

static void
set_own(struct run *r, const struct field *f, str cell, str column, struct line *l)
{
	str text = { 0 }, why = { 0 };
	enum err e = own_normal(r, f, cell, &text, &why);

	if (e == ERR_ABSENT)
		return;
	if (e != OK)
		line_reject(l, column, str_copy(r->keep, why), STR("mend this cell and send the row again"));
	else if (!text.n || !field_set_text(f, l->object, text))
		line_reject(l, column,
		        str_fmt(r->keep, "“%.*s” is no value of the field %s", STR_ARG(str_first(cell, 80)), f->label),
		        f->own->kind == OWN_CHOICE   ? STR("add it to the field's choices, or choose one of them")
		        : f->own->kind == OWN_PERSON ? STR("write the name or e-mail of a person of the company")
		                                     : STR("shorten it, or mend it"));
}

static void
set_field(struct run *r, const struct slot *s, str cell, str column, struct line *l)
{
	const struct field *f = s->field;
	enum err e = OK;
	str why = { 0 };
	char code[4];

	if (f->own) {
		set_own(r, f, cell, column, l);
		return;
	}
	switch (f->kind) {
	case F_TEXT:
		if (s->kind == MAP_CURRENCY) {
			e = cell_currency(r->batch, cell, code, &why);
			if (e == OK)
				*(str *)place(f, l->object) = str_copy(r->batch, str_of(code));
		} else {
			*(str *)place(f, l->object) = one_line(r->batch, cell);
		}
		break;
	case F_LONG:
		*(str *)place(f, l->object) = str_trim(cell);
		break;
	case F_REF:
		set_reference(r, f, cell, column, l);
		break;
	case F_MONEY:
		set_amount(r, f, cell, column, l);
		break;
	case F_INT:
		e = cell_number(r->batch, cell, r->decimal ? r->decimal : '.', 0, place(f, l->object), &why);
		break;
	case F_DAY:
		e = cell_day(r->batch, cell, r->order, place(f, l->object), &why);
		if (e == OK)
			note_day(r, f, *(day *)place(f, l->object));
		break;
	case F_INSTANT:
		e = cell_instant(r->batch, cell, r->order, zone_find(r->company.zone), place(f, l->object), &why);
		break;
	case F_BOOL:
		e = cell_bool(r->batch, cell, place(f, l->object), &why);
		break;
	case F_CHOICE:
		*(int *)place(f, l->object) = activity_kind(f, str_fold(r->batch, cell));
		break;
	}
	if (e != OK && e != ERR_ABSENT)
		line_reject(l, column, str_copy(r->keep, why), STR("mend this cell and send the row again"));
}

/* ---- one row ---- */

static void
read_cells(struct run *r, struct line *l)
{
	for (size_t i = 0; i < r->n_slots; i++) {
		const struct slot *s = &r->slots[i];
		size_t at;
		str cell = cell_of(r, s, l, &at);
		l->set |= (uint64_t)1 << s->at;
		if (s->kind == MAP_STAGE)
			l->stage = cell;
		else if (s->kind == MAP_OUTCOME)
			l->status = cell;
		else if (cell.n)
			set_field(r, s, cell, r->shape->columns[at].name, l);
	}
}

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
			        : one_line(r->batch, l->cells[r->key[i]]);
	if (!r->n_key)
		key = *(str *)place(f, l->object);
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
	*(str *)place(f, l->object) = l->external_id;
	*(str *)place(record_field(r->record, STR("source")), l->object) = l->external_id.n ? r->source : (str){ 0 };
}

static str
column_of(const struct run *r, const char *field)
{
	for (size_t i = 0; i < r->n_slots; i++)
		if (is(r->slots[i].field, field))
			return r->shape->columns[r->slots[i].columns[0]].name;
	return str_of(field);
}

static void
find_stage(struct run *r, struct line *l, struct deal *d)
{
	const struct stage *s = l->stage.n ? stage_named(r, l->stage) : NULL;
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
		s = stage_with(r, OUTCOME_WON);
	else if (ending == ENDING_LOST && (!s || s->outcome != OUTCOME_LOST))
		s = stage_with(r, OUTCOME_LOST);
	if (!s)
		s = stage_with(r, OUTCOME_OPEN);
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
			r->unassigned = person_of(r, STR("Unassigned"));
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
		note_day(r, NULL, d->closed_on);
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
			str s = *(str *)place(f, l->object);
			size_t most = f->most ? (size_t)f->most : f->kind == F_LONG ? 16384 : 200;
			if (s.n > most && str_letters(s) > most)
				line_reject(l, column_of(r, f->name),
				        str_fmt(r->keep, "is %zu letters long; the most is %zu", str_letters(s), most),
				        STR("shorten it"));
		} else if ((f->kind == F_MONEY || f->kind == F_INT) && f->greatest && !f->system) {
			int64_t n = *(int64_t *)place(f, l->object);
			if (n < f->least || n > f->greatest)
				line_reject(l, column_of(r, f->name), str_fmt(r->keep, "is %lld", (long long)n),
				        STR("check the number"));
		}
	}
}

static void
find_known(struct run *r, struct line *l, struct book *b)
{
	str name = *(str *)place(record_field(r->record, STR("name")), l->object);
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
	if (k->in_file && k->row != l->n)
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
	read_cells(r, l);
	complete(r, l);
	key_of(r, l);
	if (r->record == &deal_record)
		name_deal(r, l, l->object);
	if (!l->name.n)
		l->name = name ? *(str *)place(name, l->object) : l->external_id;
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
		[F_DAY] = sizeof(day),
		[F_INSTANT] = sizeof(int64_t),
		[F_BOOL] = sizeof(bool),
		[F_CHOICE] = sizeof(int) };
	return sizes[f->kind];
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
		*(str *)place(holder, l->object) = *(str *)place(holder, laid);
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
		bool ours = is(f, "source") || is(f, "external_id"), theirs = l->set >> i & 1;
		if (ours ? !l->external_id.n || !field_is_null(f, l->before) : !theirs || is(f, "outcome"))
			continue;
		if (field_equal(f, l->before, l->object))
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
		memcpy(place(f, after), place(f, l->object), size_of(f));
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
