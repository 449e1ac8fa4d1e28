/* Two records of one thing become one, without loss (D2): whatever refers to the one that goes refers to the one that
   stays, what the one that stays lacks is filled, and all of it is one change set, which undo takes back. */
#include <string.h>

#include "record/own.h"
#include "record/row.h"

#define SLICE 200

/* Would that row, pointing to the one that stays, break a unique key? Then it is a double itself. */
static enum err
doubled(struct change *c, const struct record *from, const struct field *f, const void *row, id keep, bool *ret)
{
	*ret = false;
	for (const char *const *u = from->unique; u && *u && !*ret; u++) {
		str rest = str_of(*u), name, sql;
		struct db_value values[12];
		size_t n = 0;
		bool concerned = false, known = true;
		int64_t one;
		values[n++] = DB_I(c->grant->org);
		sql = str_fmt(c->arena, "select 1 from %s t where t.org_id = $1", from->table);
		while (rest.n) {
			str_cut(rest, ' ', &name, &rest);
			const struct field *k = record_field(from, name);
			if (!k)
				continue;
			concerned = concerned || k == f;
			known = known && (k == f || !field_is_null(k, row));
			values[n++] = k == f ? DB_I(keep) : row_value(c->arena, k, row);
			sql = str_fmt(c->arena, "%.*s and t.%s = $%zu", STR_ARG(sql), k->name, n);
		}
		if (!concerned || !known)
			continue;
		enum err e = db_one_int(c->conn, str_z(c->arena, sql), values, n, &one);
		if (e != OK && e != ERR_ABSENT)
			return e;
		*ret = e == OK;
	}
	return OK;
}

static enum err
point_over(struct change *c, const struct record *from, const struct field *f, id row, id keep)
{
	void *object = arena_alloc(c->arena, from->size, _Alignof(max_align_t));
	bool twice;
	enum err e = row_load(c->conn, c->arena, c->grant->org, from, row, object);

	if (e == OK)
		e = doubled(c, from, f, object, keep, &twice);
	if (e != OK)
		return e;
	if (twice)
		return record_remove(c, from, row, record_row(object)->version);
	*(id *)(void *)((char *)object + f->at) = keep;
	return record_save(c, from, object);
}

/* All rows of one kind that refer to the one that goes, a slice at a time. */
static enum err
point_all_over(struct change *c, const struct record *from, const struct field *f, id keep, id drop, int64_t *moved)
{
	str sql = str_fmt(c->arena, "select id from %s where org_id = $1 and %s = $2 order by id limit %d", from->table,
	        f->name, SLICE);
	id rows[SLICE];
	size_t n;
	enum err e = OK;

	do {
		struct rows found;
		n = 0;
		e = db_query(c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(drop)), &found);
		if (e != OK)
			return e;
		while (db_next(&found))
			rows[n++] = db_int(&found, 0);
		e = db_end(&found);
		for (size_t i = 0; e == OK && i < n; i++)
			e = point_over(c, from, f, rows[i], keep);
		*moved += (int64_t)n;
	} while (e == OK && n == SLICE);
	return e;
}

/* Fields a form may set: taken from the one that goes where it was wished, or where the one that stays has none. */
static void
fill(const struct record *r, void *keep, const void *drop, uint64_t take)
{
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		str text;
		if (f->system || field_is_null(f, drop) || field_equal(f, keep, drop))
			continue;
		if (!(take >> i & 1) && !(field_is_null(f, keep) && f->kind != F_BOOL))
			continue;
		switch (f->kind) {
		case F_TEXT:
		case F_LONG:
			text = *(const str *)(const void *)((const char *)drop + f->at);
			*(str *)(void *)((char *)keep + f->at) = text;
			break;
		case F_BOOL:
			*(bool *)(void *)((char *)keep + f->at) =
			        *(const bool *)(const void *)((const char *)drop + f->at);
			break;
		case F_CHOICE:
			*(int *)(void *)((char *)keep + f->at) =
			        *(const int *)(const void *)((const char *)drop + f->at);
			break;
		case F_DAY:
			*(day *)(void *)((char *)keep + f->at) =
			        *(const day *)(const void *)((const char *)drop + f->at);
			break;
		default:
			*(int64_t *)(void *)((char *)keep + f->at) =
			        *(const int64_t *)(const void *)((const char *)drop + f->at);
			break;
		}
	}
}

static bool
is_among(str names, const char *name)
{
	str one;

	while (names.n) {
		str_cut(names, ' ', &one, &names);
		if (str_eq(one, str_of(name)))
			return true;
	}
	return false;
}

/* The company's own fields in the same way: archived ones too, nothing is lost. */
static enum err
fill_own(struct change *c, const struct record *r, void *keep, const void *drop, str take)
{
	const struct field *all;
	size_t n;
	enum err e = own_of_change(c, r, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		if (!field_is_null(&all[i], drop) && (field_is_null(&all[i], keep) || is_among(take, all[i].name)))
			own_take(&all[i], keep, drop);
	return e;
}

/* An id at a source is a pair: both or neither, or a later file would find the wrong one. */
static uint64_t
without_half_pairs(const struct record *r, const void *keep, uint64_t take)
{
	const struct field *source = record_field(r, STR("source")), *at = record_field(r, STR("external_id"));

	if (!source || !at)
		return take;
	uint64_t pair = (uint64_t)1 << (source - r->fields) | (uint64_t)1 << (at - r->fields);
	return field_is_null(at, keep) ? take | pair : take & ~pair;
}

enum err
record_merge(struct change *c, const struct record *r, const struct merge *m, int64_t *ret_moved)
{
	void *keep = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	void *drop = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	int64_t moved = 0;
	enum err e;

	r = r->base ? r->base : r;
	if (m->keep == m->drop)
		return fault_add(c->faults, STR("drop"), STR("is the same record"), STR("choose two different ones"));
	e = record_load(c->conn, c->arena, c->grant, r, m->keep, keep);
	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, r, m->drop, drop);
	if (e == OK && (record_row(keep)->version != m->keep_version || record_row(drop)->version != m->drop_version))
		e = ERR_STALE;
	if (e == OK && r->may_merge)
		e = r->may_merge(c, keep, drop, c->faults);
	if (e == OK && c->faults->n)
		e = ERR_INPUT;
	for (size_t i = 0; e == OK && record_all[i]; i++)
		for (size_t k = 0; e == OK && k < record_all[i]->n_fields; k++) {
			const struct field *f = &record_all[i]->fields[k];
			if (f->kind == F_REF && (f->ref ? f->ref : record_all[i]) == r)
				e = point_all_over(c, record_all[i], f, m->keep, m->drop, &moved);
		}
	/* What follows from other rows may have changed both meanwhile. */
	if (e == OK)
		e = row_load(c->conn, c->arena, c->grant->org, r, m->drop, drop);
	c->merges = true;
	if (e == OK)
		e = record_remove(c, r, m->drop, record_row(drop)->version);
	c->merges = false;
	if (e == OK)
		e = row_load(c->conn, c->arena, c->grant->org, r, m->keep, keep);
	if (e != OK)
		return e;
	fill(r, keep, drop, without_half_pairs(r, keep, m->take));
	e = fill_own(c, r, keep, drop, m->take_own);
	if (e == OK)
		e = record_save(c, r, keep);
	if (e == OK)
		*ret_moved = moved;
	return e;
}
