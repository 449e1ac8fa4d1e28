/* What a change set has found to be there: a file of many rows asks for its references and its own rows in a few
   statements instead of several a row. */
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "record/record.h"
#include "record/row.h"

/* Values of one statement; its text is always the same, so that it is prepared once. */
enum { ASK = 200, LEAST_SLOTS = 256 };

static size_t
slot_of(const struct known_rows *k, const struct record *r, id row)
{
	uint64_t h = ((uint64_t)row ^ (uintptr_t)r) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(h >> 32) & (k->cap - 1);

	while (k->slots[at].row && (k->slots[at].row != row || k->slots[at].record != r))
		at = (at + 1) & (k->cap - 1);
	return at;
}

struct known_row *
known_find(const struct change *c, const struct record *r, id row)
{
	const struct known_rows *k = &c->known;

	if (!k->cap || !row)
		return NULL;
	size_t at = slot_of(k, r, row);
	return k->slots[at].row ? &k->slots[at] : NULL;
}

static void
grow(struct change *c)
{
	struct known_rows was = c->known, *k = &c->known;

	k->cap = was.cap ? was.cap * 2 : LEAST_SLOTS;
	k->slots = arena_new(c->arena, struct known_row, k->cap);
	for (size_t i = 0; i < was.cap; i++)
		if (was.slots[i].row)
			k->slots[slot_of(k, was.slots[i].record, was.slots[i].row)] = was.slots[i];
}

void
known_add(struct change *c, const struct record *r, id row)
{
	struct known_rows *k = &c->known;

	if (!row)
		return;
	if (k->n * 2 >= k->cap)
		grow(c);
	size_t at = slot_of(k, r, row);
	k->n += !k->slots[at].row;
	k->slots[at].record = r;
	k->slots[at].row = row;
}

void *
known_facts(const struct change *c, const struct record *r, id row)
{
	struct known_row *x = known_find(c, r, row);

	return x ? x->facts : NULL;
}

void
known_keep(struct change *c, const struct record *r, id row, const void *facts, size_t size)
{
	struct known_row *x = known_find(c, r, row);

	if (!x)
		return;
	x->facts = arena_copy(c->arena, facts, size);
	c->known.has_facts = true;
}

void
known_changed(struct change *c, const struct record *r)
{
	if (!c->known.has_facts)
		return;
	for (size_t i = 0; i < c->known.cap; i++)
		if (c->known.slots[i].record == r)
			c->known.slots[i].facts = NULL;
}

/* PostgreSQL plans a statement once, for the tables as they are then; of an empty one it would read every page ever
   after. */
static enum err
by_index(struct change *c)
{
	if (c->known.by_index)
		return OK;
	c->known.by_index = true;
	return db_script(c->conn, "{pg:set local enable_seqscan = off|lite:select 1}");
}

static enum err
ask(struct change *c, const char *sql, const id *ids, size_t n, struct rows *ret)
{
	struct db_value v[ASK + 2];

	v[0] = DB_I(c->grant->org);
	v[1] = DB_I(c->grant->person);
	for (size_t i = 0; i < ASK; i++)
		v[2 + i] = DB_I(ids[i < n ? i : n - 1]);
	return db_query(c->conn, c->arena, sql, v, ASK + 2, ret);
}

static void
say_ids(struct out *sql)
{
	for (int i = 0; i < ASK; i++)
		out_fmt(sql, "%s$%d", i ? ", " : "(", i + 3);
	out_lit(sql, ")");
}

static const char *
question_by(struct arena *a, str select, const char *table, str by, str may)
{
	struct out sql;

	out_init(&sql, 0);
	out_fmt(&sql, "select %.*s from %s t where t.org_id = $1 and $2 = $2 and %.*s in ", STR_ARG(select), table,
	        STR_ARG(by));
	say_ids(&sql);
	out_fmt(&sql, "%.*s", STR_ARG(may));
	str all = out_all(&sql, a);
	out_fini(&sql);
	return str_z(a, all);
}

static const char *
question(struct arena *a, str select, const struct record *r, str may)
{
	return question_by(a, select, r->table, STR("t.id"), may);
}

static enum err
fetch_some(struct change *c, const struct record *to, const char *sql, const id *ids, size_t n)
{
	struct rows rows;
	enum err e = ask(c, sql, ids, n, &rows);

	while (e == OK && db_next(&rows))
		known_add(c, to, db_int(&rows, 0));
	return e == OK ? db_end(&rows) : e;
}

static int
by_id(const void *x, const void *y)
{
	const id a = *(const id *)x, b = *(const id *)y;

	return (a > b) - (a < b);
}

/* Sorted, each once; of those that are not known. */
static size_t
wanted_of(struct change *c, const struct record *r, const struct field *f, void *const *objects, size_t n, id *ret)
{
	size_t m = 0, k = 0;

	for (size_t i = 0; i < n; i++) {
		id row = *(const id *)(const void *)((const char *)objects[i] + f->at);
		if (row && !known_find(c, f->ref ? f->ref : r, row))
			ret[m++] = row;
	}
	qsort(ret, m, sizeof *ret, by_id);
	for (size_t i = 0; i < m; i++)
		if (!k || ret[k - 1] != ret[i])
			ret[k++] = ret[i];
	return k;
}

enum err
known_fetch(struct change *c, const struct record *r, void *const *objects, size_t n)
{
	id *ids = arena_new(c->arena, id, n + 1);
	enum err e = by_index(c);

	for (size_t i = 0; e == OK && i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		const struct record *to = f->ref ? f->ref : r;
		size_t m = f->kind == F_REF ? wanted_of(c, r, f, objects, n, ids) : 0;
		const char *sql = m ? question(c->arena, STR("t.id"), to, record_may(c->arena, c->grant, to)) : NULL;
		for (size_t at = 0; e == OK && at < m; at += ASK)
			e = fetch_some(c, to, sql, ids + at, m - at < ASK ? m - at : ASK);
	}
	return e;
}

struct place {
	id row;
	size_t at;
};

static int
by_row(const void *x, const void *y)
{
	return by_id(&((const struct place *)x)->row, &((const struct place *)y)->row);
}

static enum err
ask_places(struct change *c, const char *sql, const struct place *of, size_t n, struct rows *ret)
{
	id ids[ASK] = { 0 };

	for (size_t i = 0; i < n; i++)
		ids[i] = of[i].row;
	return ask(c, sql, ids, n, ret);
}

static enum err
load_some(struct change *c, const struct record *r, const char *sql, const struct place *of, size_t n, const void **ret)
{
	struct rows rows;
	enum err e = ask_places(c, sql, of, n, &rows);

	while (e == OK && db_next(&rows)) {
		void *object = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
		record_read(&rows, r, 0, object);
		const struct place key = { record_row(object)->id, 0 }, *at = bsearch(&key, of, n, sizeof *of, by_row);
		if (at)
			ret[at->at] = object;
	}
	return e == OK ? db_end(&rows) : e;
}

/* ret[at]: the stored row of each place, which are sorted here. */
static enum err
load_places(struct change *c, const struct record *r, struct place *of, size_t n, const void **ret)
{
	enum err e = by_index(c);

	qsort(of, n, sizeof *of, by_row);
	const char *sql = n ? question(c->arena, record_columns(c->arena, r, "t"), r, (str){ 0 }) : NULL;
	for (size_t at = 0; e == OK && at < n; at += ASK)
		e = load_some(c, r, sql, of + at, n - at < ASK ? n - at : ASK, ret);
	return e;
}

enum err
known_load(struct change *c, const struct record *r, void *const *objects, size_t n, const void **ret)
{
	struct place *of = arena_new(c->arena, struct place, n + 1);
	size_t m = 0;
	enum err e;

	for (size_t i = 0; i < n; i++)
		if (record_row(objects[i])->version)
			of[m++] = (struct place){ record_row(objects[i])->id, i };
	e = load_places(c, r, of, m, ret);
	for (size_t i = 0; e == OK && i < m; i++)
		if (!ret[of[i].at])
			e = ERR_ABSENT;
	return e;
}

enum err
known_rows(struct change *c, const struct record *r, const id *rows, size_t n, const void **ret)
{
	struct place *of = arena_new(c->arena, struct place, n + 1);

	for (size_t i = 0; i < n; i++) {
		of[i] = (struct place){ rows[i], i };
		ret[i] = NULL;
	}
	return load_places(c, r, of, n, ret);
}

static enum err
among_some(struct change *c, const char *sql, const struct place *of, size_t n, bool *ret)
{
	struct rows rows;
	enum err e = ask_places(c, sql, of, n, &rows);

	while (e == OK && db_next(&rows)) {
		const struct place key = { db_int(&rows, 0), 0 }, *at = bsearch(&key, of, n, sizeof *of, by_row);
		if (at)
			ret[at->at] = true;
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
known_among(struct change *c, const char *table, str select, str by, const id *rows, size_t n, bool *ret)
{
	struct place *of = arena_new(c->arena, struct place, n + 1);
	const char *sql = question_by(c->arena, select, table, by, (str){ 0 });
	enum err e = by_index(c);

	for (size_t i = 0; i < n; i++)
		of[i] = (struct place){ rows[i], i };
	qsort(of, n, sizeof *of, by_row);
	for (size_t at = 0; e == OK && at < n; at += ASK)
		e = among_some(c, sql, of + at, n - at < ASK ? n - at : ASK, ret);
	return e;
}

enum err
known_delete(struct change *c, const struct record *r, const id *rows, size_t n)
{
	struct db_value v[ASK + 2];
	struct out o;
	int64_t changed = 0;
	enum err e = OK;

	out_init(&o, 0);
	out_fmt(&o, "delete from %s where org_id = $1 and $2 = $2 and id in ", r->table);
	say_ids(&o);
	const char *sql = str_z(c->arena, out_all(&o, c->arena));
	out_fini(&o);
	v[0] = DB_I(c->grant->org);
	v[1] = DB_I(c->grant->person);
	for (size_t at = 0; e == OK && at < n; at += ASK) {
		size_t some = n - at < ASK ? n - at : ASK;
		for (size_t i = 0; i < ASK; i++)
			v[2 + i] = DB_I(rows[at + (i < some ? i : some - 1)]);
		e = db_exec(c->conn, sql, v, ASK + 2, &changed);
		if (e == OK && changed != (int64_t)some)
			e = ERR_STALE;
	}
	return e;
}
