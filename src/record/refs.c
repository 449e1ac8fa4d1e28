#include "record/refs.h"

enum err
record_refs(struct change *c, const struct record *r, const char *field, id to, struct row **ret, size_t *ret_n)
{
	str sql = str_fmt(
	        c->arena, "select id, version from %s where org_id = $1 and %s = $2 order by id desc", r->table, field);
	struct rows rows;
	size_t cap = 0;
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(to)), &rows);

	*ret = NULL;
	*ret_n = 0;
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(c->arena, *ret, *ret_n, cap);
		(*ret)[(*ret_n)++] = (struct row){ .id = db_int(&rows, 0), .version = db_int(&rows, 1) };
	}
	return db_end(&rows);
}

enum err
record_remove_refs(struct change *c, const struct record *r, const char *field, id to)
{
	struct row *all;
	size_t n;
	enum err e = record_refs(c, r, field, to, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		e = record_remove(c, r, all[i].id, all[i].version);
	return e;
}
