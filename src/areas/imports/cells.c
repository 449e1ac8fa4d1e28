/* One cell on its way to a field. */
#include <string.h>

#include "areas/imports/run.h"
#include "record/own.h"

str
rows_one_line(struct arena *a, str s)
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
size_t
rows_person(struct run *r, str text)
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
	id *to = rows_place(f, l->object);
	size_t i;

	if (r->record == &past_record) {
		past_refer(r, f, cell, column, l);
	} else if (r->record == &person_record) {
		l->manager = rows_person(r, cell);
		*to = r->people.all[l->manager].id;
	} else if (f->ref == &person_record) {
		i = rows_person(r, cell); /* the book may move while it grows */
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

void
rows_note_day(struct run *r, const struct field *f, day d)
{
	bool past = !f || rows_is(f, "engaged_on") || rows_is(f, "created_on") || rows_is(f, "on_day");

	if (past && day_is(d) && (!day_is(r->largest) || d.n > r->largest.n))
		r->largest = d;
}

static void
set_amount(struct run *r, const struct field *f, str cell, str column, struct line *l)
{
	const struct field *currency = record_field(r->record, STR("currency"));
	str code = currency ? *(str *)rows_place(currency, l->object) : (str){ 0 };
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
	*(int64_t *)rows_place(f, l->object) = amount.minor;
	if (amount.own_code && currency && !code.n)
		*(str *)rows_place(currency, l->object) = str_copy(r->batch, str_of(amount.code));
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

/* In millionths; finer is a fault, for nothing is to be lost. */
static enum err
decimal_of_cell(struct run *r, str cell, int64_t *ret, str *why)
{
	char decimal = r->decimal ? r->decimal : '.';
	int64_t finer;
	str unused;
	enum err e = cell_number(r->batch, cell, decimal, 6, ret, why);

	if (e == OK && cell_number(r->batch, cell, decimal, 9, &finer, &unused) == OK && finer != *ret * 1000) {
		*why = STR("has more than six digits behind the point");
		return ERR_INPUT;
	}
	return e;
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
	case OWN_DECIMAL:
		e = decimal_of_cell(r, cell, &n, why);
		*ret = decimal_plain(r->batch, n);
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
		if (!ret->n)
			*ret = fields_choice(r, f, cell);
		break;
	case OWN_PERSON:
		i = somebody(r, str_trim(cell));
		*ret = i == SIZE_MAX ? (str){ 0 } : str_fmt(r->batch, "%lld", (long long)r->people.all[i].id);
		break;
	default:
		*ret = rows_one_line(r->batch, cell);
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
				*(str *)rows_place(f, l->object) = str_copy(r->batch, str_of(code));
		} else {
			*(str *)rows_place(f, l->object) = rows_one_line(r->batch, cell);
		}
		break;
	case F_LONG:
		*(str *)rows_place(f, l->object) = str_trim(cell);
		break;
	case F_REF:
		set_reference(r, f, cell, column, l);
		break;
	case F_MONEY:
		set_amount(r, f, cell, column, l);
		break;
	case F_DECIMAL: /* a company's own: own_normal */
	case F_INT:
		e = cell_number(r->batch, cell, r->decimal ? r->decimal : '.', 0, rows_place(f, l->object), &why);
		break;
	case F_DAY:
		e = cell_day(r->batch, cell, r->order, rows_place(f, l->object), &why);
		if (e == OK)
			rows_note_day(r, f, *(day *)rows_place(f, l->object));
		break;
	case F_INSTANT:
		e = cell_instant(r->batch, cell, r->order, zone_find(r->company.zone), rows_place(f, l->object), &why);
		break;
	case F_BOOL:
		e = cell_bool(r->batch, cell, rows_place(f, l->object), &why);
		break;
	case F_CHOICE:
		*(int *)rows_place(f, l->object) = activity_kind(f, str_fold(r->batch, cell));
		break;
	}
	if (e != OK && e != ERR_ABSENT)
		line_reject(l, column, str_copy(r->keep, why), STR("mend this cell and send the row again"));
}

void
rows_read_cells(struct run *r, struct line *l)
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
