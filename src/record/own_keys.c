/* Own fields as the engine keeps them: values checked, field_key written and recounted. */
#include <string.h>

#include "base/out.h"
#include "json/json.h"
#include "record/own.h"
#include "record/row.h"

static bool
is_keyed(const struct field *f)
{
	return f->filter || f->own->kind == OWN_PERSON; /* people are looked for before one is removed */
}

static str
place_of(struct change *c, str prefix, const struct field *f)
{
	return prefix.n ? str_fmt(c->arena, "%.*s, %s", STR_ARG(prefix), f->name) : str_of(f->name);
}

/* Names in the column that no field has: by what went around the pages. */
static void
check_known(struct change *c, str json, const struct field *all, size_t n, str prefix)
{
	struct faults f;
	struct jval *v;

	faults_init(&f, c->arena);
	if (!json.n)
		return;
	if (json_parse(c->arena, json, &f, &v) != OK || v->kind != JVAL_OBJECT) {
		fault_add(c->faults, prefix.n ? prefix : STR("extra"), STR("cannot be read"), STR("write it again"));
		return;
	}
	for (const struct jval *p = v->first; p; p = p->next) {
		size_t i = 0;
		while (i < n && !str_eq(p->key, str_of(all[i].name)))
			i++;
		if (i == n || p->kind != JVAL_STR)
			fault_add(c->faults, p->key, STR("is no field of the company"), STR("take it out"));
	}
}

static enum err
check_person(struct change *c, const struct field *f, str text, str prefix)
{
	int64_t row = 0, one;
	enum err e;

	str_to_i64(text, &row);
	str sql = str_fmt(c->arena, "select 1 from person t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(record_may(c->arena, c->grant, f->ref)));
	e = db_one_int(
	        c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(row)), &one);
	if (e == ERR_ABSENT) {
		fault_add(c->faults, place_of(c, prefix, f), STR("there is no such person"),
		        STR("choose one from the list"));
		return OK;
	}
	return e;
}

static const char *
mend_of(int kind)
{
	static const char *const mends[] = { [OWN_TEXT] = "write at most 500 letters on one line",
		[OWN_NUMBER] = "write a whole number",
		[OWN_MONEY] = "write an amount",
		[OWN_DECIMAL] = "write a number, as 12.5: up to six digits behind the point",
		[OWN_DAY] = "write the day as 2026-02-28",
		[OWN_CHOICE] = "choose one from the list",
		[OWN_BOOL] = "say yes or no",
		[OWN_PERSON] = "choose a person from the list" };

	return mends[kind];
}

/* A required field is asked for where something is entered; here it is not to be emptied. */
static enum err
check_one(struct change *c, const struct field *f, const void *before, const void *after, str prefix)
{
	str was = before ? own_text(c->arena, f, before) : (str){ 0 }, text = own_text(c->arena, f, after);
	char *trial;

	if (str_eq(was, text) && own_is_null(f, after) == (was.n == 0))
		return OK;
	if (!text.n) {
		if (own_is_null(f, after)) {
			if (f->required && !f->own->archived && c->kind == CHANGE_EDIT)
				fault_add(c->faults, place_of(c, prefix, f), STR("is missing"),
				        str_fmt(c->arena, "fill in %s", f->label));
			return OK;
		}
		fault_add(c->faults, place_of(c, prefix, f), STR("does not fit"), str_of(mend_of(f->own->kind)));
		return OK;
	}
	trial = arena_alloc(c->arena, (size_t)f->at + sizeof(str), _Alignof(max_align_t));
	/* an undo or a file may bring back a choice that is off the list since */
	if (!own_set(f, trial, text) && !(f->own->kind == OWN_CHOICE && c->kind != CHANGE_EDIT))
		fault_add(c->faults, place_of(c, prefix, f), STR("does not fit"), str_of(mend_of(f->own->kind)));
	return f->own->kind == OWN_PERSON ? check_person(c, f, text, prefix) : OK;
}

enum err
own_check_values(struct change *c, const struct record *r, const void *before, const void *after, str prefix)
{
	const struct field *holder = own_holder(r), *all;
	size_t n;
	enum err e;

	if (!holder || (before ? field_equal(holder, before, after) : field_is_null(holder, after)))
		return OK;
	e = own_of_change(c, r, &all, &n);
	if (e != OK)
		return e;
	check_known(c, field_text(c->arena, holder, after), all, n, prefix);
	for (size_t i = 0; e == OK && i < n; i++)
		e = check_one(c, &all[i], before, after, prefix);
	return e;
}

static enum err
write_key(struct conn *c, id org, const struct field *f, id row, bool had, str key)
{
	enum err e = !had ? OK
	                  : db_exec(c, "delete from field_key where org_id = $1 and field = $2 and row_id = $3",
	                            DB_ARGS(DB_I(org), DB_I(f->own->row), DB_I(row)), NULL);

	if (e != OK || !key.n)
		return e;
	return db_exec(c, "insert into field_key (org_id, field, row_id, key) values ($1, $2, $3, $4)",
	        DB_ARGS(DB_I(org), DB_I(f->own->row), DB_I(row), DB_T(key)), NULL);
}

enum err
own_keys_write(struct change *c, const struct record *r, const void *before, const void *after)
{
	const struct field *holder = own_holder(r), *all;
	size_t n;
	enum err e;

	if (!holder || ((!before || field_is_null(holder, before)) && (!after || field_is_null(holder, after))))
		return OK;
	if (before && after && field_equal(holder, before, after))
		return OK;
	e = own_of_change(c, r, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++) {
		str was = before ? own_text(c->arena, &all[i], before) : (str){ 0 };
		str is = after ? own_text(c->arena, &all[i], after) : (str){ 0 };
		if (!is_keyed(&all[i]) || str_eq(was, is))
			continue;
		e = write_key(c->conn, c->grant->org, &all[i], record_row(after ? after : before)->id, was.n > 0,
		        is.n ? own_key(c->arena, &all[i], is) : (str){ 0 });
	}
	return e;
}

/* ---- when a field is, or is no more, one to filter by ---- */

enum { SLICE = 500 };

/* The rows after `from` that hold a value of that name: their ids and columns. */
static enum err
slice(struct conn *c, struct arena *a, id org, const struct record *r, str like, id *from, struct rows *ret)
{
	str sql = str_fmt(a, "select id, %s from %s where org_id = $1 and id > $2 and %s like $3 order by id limit %d",
	        own_holder(r)->name, r->table, own_holder(r)->name, SLICE);

	return db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(*from), DB_T(like)), ret);
}

static enum err
fill_slice(
        struct conn *c, struct arena *a, id org, const struct record *r, const struct field *f, id *from, size_t *ret_n)
{
	struct db_value v[SLICE * 4];
	struct rows rows;
	size_t n = 0, seen = 0;
	void *object = arena_alloc(a, r->size, _Alignof(max_align_t));
	enum err e = slice(c, a, org, r, str_fmt(a, "%%\"%s\"%%", f->name), from, &rows);

	while (e == OK && db_next(&rows)) {
		str text;
		*from = db_int(&rows, 0);
		*(str *)(void *)((char *)object + f->at) = db_text(&rows, 1);
		text = own_text(a, f, object);
		seen++;
		if (!text.n)
			continue;
		v[n++] = DB_I(org);
		v[n++] = DB_I(f->own->row);
		v[n++] = DB_I(*from);
		v[n++] = DB_T(own_key(a, f, text));
	}
	if (e == OK)
		e = db_end(&rows);
	*ret_n = seen;
	return e == OK && n ? db_insert_many(c, "field_key", "org_id, field, row_id, key", 4, v, n / 4) : e;
}

static enum err
make_keys(struct change *c, const struct record *r, id field)
{
	const struct field *all, *f = NULL;
	size_t n, found = SLICE;
	id from = 0;
	enum err e = db_exec(c->conn, "delete from field_key where org_id = $1 and field = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(field)), NULL);

	c->own = NULL; /* its row says something else now */
	if (e == OK)
		e = own_of_change(c, r, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		if (all[i].own->row == field)
			f = &all[i];
	if (e != OK || !f || !is_keyed(f))
		return e;
	while (e == OK && found == SLICE)
		e = fill_slice(c->conn, c->arena, c->grant->org, r, f, &from, &found);
	return e;
}

enum err (*own_renamed)(struct change *c, str was, str is);

enum err own_field_changed(struct change *c, const void *const *before, const void *const *after, size_t n);

enum err
own_field_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < n; i++) {
		const struct own_field *was = before[i], *is = after[i];
		const struct own_field *any = is ? is : was;
		const struct record *r = record_find(str_of(own_ofs[any->about].code));
		bool keyed_was = was && was->filtered && !was->archived, keyed = is && is->filtered && !is->archived;
		c->own = NULL;
		if (r && (keyed_was != keyed || !is))
			e = make_keys(c, r, any->row.id);
		if (e == OK && own_renamed && was && is && is->about == OWN_OF_DEAL && !str_eq(was->name, is->name))
			e = own_renamed(c, was->name, is->name);
	}
	return e;
}

enum err
own_refers(struct conn *c, id org, const struct record *r, id row, int64_t *ret_n)
{
	if (strcmp(r->name, "person") != 0) {
		*ret_n = 0;
		return OK;
	}
	return db_one_int(c,
	        "select count(*) from field_key k join own_field f on f.org_id = k.org_id and f.id = k.field"
	        " where k.org_id = $1 and f.kind = 'person' and k.key = cast($2 as text)",
	        DB_ARGS(DB_I(org), DB_I(row)), ret_n);
}

/* ---- check ---- */

static enum err
key_is(struct conn *c, struct arena *a, id org, const struct field *f, id row, str key, bool *ret)
{
	struct rows rows;
	enum err e = db_query(c, a, "select key from field_key where org_id = $1 and field = $2 and row_id = $3",
	        DB_ARGS(DB_I(org), DB_I(f->own->row), DB_I(row)), &rows);

	if (e != OK)
		return e;
	*ret = db_next(&rows) && str_eq(db_text_raw(&rows, 0), key);
	return db_end(&rows);
}

struct held_row {
	id row;
	str json;
};

static enum err
next_rows(struct conn *c, struct arena *a, id org, const struct record *r, id *from, struct held_row *to, size_t *ret_n)
{
	struct rows rows;
	enum err e = slice(c, a, org, r, STR("%"), from, &rows);

	*ret_n = 0;
	while (e == OK && db_next(&rows))
		to[(*ret_n)++] = (struct held_row){ *from = db_int(&rows, 0), db_text(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
check_held(struct conn *c, struct arena *a, id org, const struct held_row *x, const struct record *r,
        const struct field *all, size_t n, int64_t *wanted, struct check_report *ret)
{
	void *object = arena_alloc(a, r->size, _Alignof(max_align_t));
	enum err e = OK;

	*(str *)(void *)((char *)object + own_holder(r)->at) = x->json;
	for (size_t i = 0; e == OK && i < n; i++) {
		str text = own_text(a, &all[i], object);
		bool right = true;
		if (!is_keyed(&all[i]) || !text.n)
			continue;
		++*wanted;
		e = key_is(c, a, org, &all[i], x->row, own_key(a, &all[i], text), &right);
		if (e == OK && !right)
			check_say(a, ret, str_fmt(a, "%s %.*s", r->name, STR_ARG(id_text(a, x->row))),
			        str_fmt(a, "is not found by its field “%s” as it should", all[i].label));
	}
	return e;
}

static enum err
check_record(struct conn *c, struct arena *a, id org, const struct record *r, int64_t *wanted, struct check_report *ret)
{
	const struct field *all;
	struct held_row *rows = arena_new(a, struct held_row, SLICE);
	size_t n, found = SLICE;
	id from = 0;
	enum err e = own_load(c, a, org, r, &all, &n);

	while (e == OK && found == SLICE) {
		e = next_rows(c, a, org, r, &from, rows, &found);
		for (size_t i = 0; e == OK && i < found; i++)
			e = check_held(c, a, org, &rows[i], r, all, n, wanted, ret);
	}
	return e;
}

enum err
own_check(struct conn *c, struct arena *a, id org, struct check_report *ret)
{
	int64_t wanted = 0, there = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && record_all[i]; i++)
		if (own_holder(record_all[i]))
			e = check_record(c, a, org, record_all[i], &wanted, ret);
	if (e == OK)
		e = db_one_int(c, "select count(*) from field_key where org_id = $1", DB_ARGS(DB_I(org)), &there);
	if (e == OK && there != wanted)
		check_say(a, ret, STR("field_key"),
		        str_fmt(a, "has %lld rows where %lld values are filtered by", (long long)there,
		                (long long)wanted));
	return e;
}
