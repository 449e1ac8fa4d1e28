/* Own fields as descriptors, and their values in the column that holds them. */
#include "record/own.h"

#include <stdio.h>
#include <string.h>

#include "base/out.h"
#include "json/json.h"
#include "record/row.h"

static const enum field_kind kinds[] = { [OWN_TEXT] = F_TEXT,
	[OWN_NUMBER] = F_INT,
	[OWN_MONEY] = F_MONEY,
	[OWN_DAY] = F_DAY,
	[OWN_CHOICE] = F_CHOICE,
	[OWN_BOOL] = F_BOOL,
	[OWN_PERSON] = F_REF,
	[OWN_DECIMAL] = F_DECIMAL };

const struct field *
own_holder(const struct record *r)
{
	for (size_t i = r->n_fields; i > 0; i--)
		if (r->fields[i - 1].holds_own)
			return &r->fields[i - 1];
	return NULL;
}

static str *
held(const struct field *f, const void *object)
{
	return (str *)(void *)((char *)(uintptr_t)object + f->at);
}

/* ---- the JSON of the column: flat, written here alone, names in order ---- */

struct pair {
	str name, value;
};

static size_t
parse_pairs(struct arena *a, str json, struct pair **ret)
{
	struct faults f;
	struct jval *v;
	struct pair *all;
	size_t n = 0;

	*ret = NULL;
	faults_init(&f, a);
	if (!json.n || json_parse(a, json, &f, &v) != OK || v->kind != JVAL_OBJECT)
		return 0;
	*ret = all = arena_new(a, struct pair, v->n + 1);
	for (const struct jval *p = v->first; p; p = p->next)
		all[n++] = (struct pair){ p->key, p->text };
	return n;
}

static str
print_pairs(struct arena *a, const struct pair *p, size_t n)
{
	struct out o;
	struct json j;
	str all;

	if (!n)
		return (str){ 0 };
	out_init(&o, 0);
	json_init(&j, &o);
	json_object(&j);
	for (size_t i = 0; i < n; i++) {
		json_key_str(&j, p[i].name);
		json_str(&j, p[i].value);
	}
	json_end(&j);
	all = out_all(&o, a);
	out_fini(&o);
	return all;
}

static str
find_value(struct arena *a, str json, str name)
{
	struct pair *p;
	size_t n;

	if (str_find(json, name) == SIZE_MAX)
		return (str){ 0 };
	n = parse_pairs(a, json, &p);
	for (size_t i = 0; i < n; i++)
		if (str_eq(p[i].name, name))
			return p[i].value;
	return (str){ 0 };
}

static str
with_value(struct arena *a, str json, str name, str value)
{
	struct pair *old, *all;
	size_t n = parse_pairs(a, json, &old), to = 0, i = 0;

	all = arena_new(a, struct pair, n + 1);
	for (; i < n && str_cmp(old[i].name, name) < 0; i++)
		all[to++] = old[i];
	if (value.n)
		all[to++] = (struct pair){ name, value };
	for (; i < n; i++)
		if (!str_eq(old[i].name, name))
			all[to++] = old[i];
	return print_pairs(a, all, to);
}

/* ---- the sortable form: numbers as twenty digits, the first says whether above zero ---- */

#define SHIFT INT64_C(1000000000000000000)

/* Does a value of it stand as twenty digits? */
static bool
is_number(const struct field *f)
{
	return f->own->kind == OWN_NUMBER || f->own->kind == OWN_MONEY || f->own->kind == OWN_DECIMAL;
}

static bool
number_sortable(const struct field *f, str text, str *ret)
{
	struct arena *a = f->own->arena;
	int64_t n;

	if (!(f->own->kind == OWN_DECIMAL ? decimal_parse_plain(text, &n) : str_to_i64(text, &n)) || n <= -SHIFT ||
	        n >= SHIFT)
		return false;
	*ret = n < 0 ? str_fmt(a, "0%019lld", (long long)(n + SHIFT)) : str_fmt(a, "1%019lld", (long long)n);
	return true;
}

static str
number_plain(struct arena *a, const struct field *f, str sortable)
{
	int64_t n;

	if (sortable.n != 20 || !str_to_i64(str_from(sortable, 1), &n))
		return (str){ 0 };
	if (sortable.s[0] == '0')
		n -= SHIFT;
	return f->own->kind == OWN_DECIMAL ? decimal_plain(a, n) : str_i64(a, n);
}

static bool
on_list(const struct field *f, str text)
{
	return choice_of(f->choices, text) != 0;
}

/* Normal form to the sortable one; false: no such value. */
static bool
to_sortable(const struct field *f, str text, str *ret)
{
	int64_t n;
	day d;

	*ret = text;
	switch ((enum own_kind)f->own->kind) {
	case OWN_NONE:
		return false;
	case OWN_TEXT:
		return str_utf8(text) && str_letters(text) <= OWN_TEXT_MOST && str_find_byte(text, '\n') == SIZE_MAX;
	case OWN_NUMBER:
	case OWN_MONEY:
	case OWN_DECIMAL:
		return number_sortable(f, text, ret);
	case OWN_DAY:
		return day_parse(text, &d);
	case OWN_CHOICE:
		return on_list(f, text);
	case OWN_BOOL:
		if (str_eq(text, STR("true")) || str_eq(text, STR("on")))
			*ret = STR("1");
		else if (str_eq(text, STR("false")))
			*ret = STR("0");
		return str_eq(*ret, STR("1")) || str_eq(*ret, STR("0"));
	case OWN_PERSON:
		return str_to_i64(text, &n) && n > 0;
	}
	return false;
}

bool
own_is_null(const struct field *f, const void *object)
{
	return !find_value(f->own->arena, *held(f, object), str_of(f->name)).n;
}

str
own_text(struct arena *a, const struct field *f, const void *object)
{
	str value = find_value(a, *held(f, object), str_of(f->name));

	return is_number(f) ? number_plain(a, f, value) : value;
}

bool
own_set(const struct field *f, void *object, str text)
{
	struct arena *a = f->own->arena;
	str value = text, *to = held(f, object);

	if (text.n && !to_sortable(f, text, &value) &&
	        !(f->own->kind == OWN_CHOICE && str_eq(text, own_text(a, f, object))))
		return false;
	*to = with_value(a, *to, str_of(f->name), value);
	return true;
}

void
own_take(const struct field *f, void *object, const void *from)
{
	struct arena *a = f->own->arena;
	str *to = held(f, object);

	*to = with_value(a, *to, str_of(f->name), find_value(a, *held(f, from), str_of(f->name)));
}

str
own_words(struct arena *a, const struct field *f, str text)
{
	int64_t n;
	day d;

	if (f->own->kind == OWN_MONEY && str_to_i64(text, &n))
		return money_text(a, money_of(n, f->own->currency));
	if (f->own->kind == OWN_DAY && day_parse(text, &d))
		return day_long(a, d);
	if (f->own->kind == OWN_BOOL)
		return str_eq(text, STR("1")) ? STR("Yes") : STR("No");
	return text;
}

str
own_key(struct arena *a, const struct field *f, str text)
{
	str key = { 0 };

	if (f->own->kind == OWN_TEXT)
		return str_fold(a, text);
	if (f->own->kind == OWN_CHOICE)
		return text;
	return to_sortable(f, text, &key) ? key : (str){ 0 };
}

/* ---- descriptors ---- */

static const struct choice *
choices_of(struct arena *a, str lines)
{
	struct choice *all = arena_new(a, struct choice, OWN_CHOICES_MOST + 2);
	str line;
	size_t n = 0;

	all[n++] = (struct choice){ "", "" };
	while (lines.n && n <= OWN_CHOICES_MOST) {
		str_cut(lines, '\n', &line, &lines);
		line = str_trim(line);
		if (!line.n)
			continue;
		all[n].code = all[n].label = str_z(a, line);
		n++;
	}
	return all;
}

struct field
own_describe(struct arena *a, const struct record *r, const struct own_field *x)
{
	const struct field *holder = own_holder(r);
	struct own_more *more = arena_new(a, struct own_more, 1);

	*more = (struct own_more){ x->row.id, x->kind, x->currency, x->archived, a };
	return (struct field){ .name = str_z(a, str_fmt(a, "f%.*s", STR_ARG(id_text(a, x->row.id)))),
		.label = str_z(a, x->name),
		.kind = kinds[x->kind],
		.at = holder->at,
		.ref = x->kind == OWN_PERSON ? record_find(STR("person")) : r,
		.choices = x->kind == OWN_CHOICE ? choices_of(a, x->choices) : NULL,
		.most = x->kind == OWN_TEXT ? OWN_TEXT_MOST : 0,
		.required = x->required,
		.list = x->listed,
		.filter = x->filtered && !x->archived,
		.fold = x->kind == OWN_TEXT,
		.own = more };
}

enum err
own_load(struct conn *c, struct arena *a, id org, const struct record *r, const struct field **ret, size_t *ret_n)
{
	const struct field *holder = own_holder(r);
	struct field *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	struct own_field x;
	enum err e;

	*ret = NULL;
	*ret_n = 0;
	if (!holder)
		return OK;
	str sql = str_fmt(a,
	        "select %.*s from own_field t where t.org_id = $1 and t.about = $2 order by t.position, t.id",
	        STR_ARG(record_columns(a, &own_field_record, "t")));
	e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_T(str_of(r->name))), &rows);
	while (e == OK && db_next(&rows)) {
		record_read(&rows, &own_field_record, 0, &x);
		if (!x.kind)
			continue;
		arena_grow(a, all, n, cap);
		all[n++] = own_describe(a, r, &x);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK) {
		*ret = all;
		*ret_n = n;
	}
	return e;
}

enum err
record_with_own(struct conn *c, struct arena *a, id org, const struct record *r, const struct record **ret)
{
	const struct field *all;
	struct field *used;
	struct record *with;
	size_t n, n_used = 0;
	enum err e = own_load(c, a, org, r, &all, &n);

	if (e != OK)
		return e;
	*ret = r;
	if (!n)
		return OK;
	used = arena_new(a, struct field, n);
	for (size_t i = 0; i < n; i++)
		if (!all[i].own->archived)
			used[n_used++] = all[i];
	with = arena_copy(a, r, sizeof *r);
	with->base = r;
	with->own = used;
	with->n_own = n_used;
	*ret = with;
	return OK;
}

const struct record *
record_own_in(struct arena *a, struct arena *values, const struct record *with)
{
	if (!with->n_own)
		return with;
	struct record *copy = arena_copy(a, with, sizeof *with);
	struct field *own = arena_new(a, struct field, with->n_own + 1);

	for (size_t i = 0; i < with->n_own; i++) {
		struct own_more *more = arena_copy(a, with->own[i].own, sizeof *more);
		more->arena = values;
		own[i] = with->own[i];
		own[i].own = more;
	}
	copy->own = own;
	return copy;
}

const struct field *
record_field_called(struct arena *a, const struct record *r, str label)
{
	str key = str_fold(a, label);

	for (size_t i = 0; i < r->n_fields + r->n_own; i++) {
		const struct field *f = record_field_at(r, i);
		if (!f->holds_own && str_eq(key, str_fold(a, str_of(f->label))))
			return f;
	}
	return record_field(r, label);
}

enum err
own_of_change(struct change *c, const struct record *r, const struct field **ret, size_t *ret_n)
{
	struct own_known *k = c->own;
	enum err e;

	for (; k; k = k->next)
		if (k->record == r)
			break;
	if (!k) {
		k = arena_new(c->arena, struct own_known, 1);
		e = own_load(c->conn, c->arena, c->grant->org, r, &k->fields, &k->n);
		if (e != OK)
			return e;
		k->record = r;
		k->next = c->own;
		c->own = k;
	}
	*ret = k->fields;
	*ret_n = k->n;
	return OK;
}

const struct field *
own_named(struct change *c, const struct record *r, str name)
{
	const struct field *f = record_field(r, name), *all;
	size_t n;

	if (f || own_of_change(c, r, &all, &n) != OK)
		return f;
	for (size_t i = 0; i < n; i++)
		if (str_eq(name, str_of(all[i].name)))
			return &all[i];
	return NULL;
}
