#include "record/record.h"

static enum err
empty_table(struct conn *c, struct arena *a, str table, id org)
{
	str sql = str_fmt(a, "delete from %.*s where org_id = $1", STR_ARG(table));

	return db_exec(c, str_z(a, sql), DB_ARGS(DB_I(org)), NULL);
}

/* The tables that areas keep beside the records, by name from their DDL; each has org_id. */
static enum err
empty_extra(struct conn *c, struct arena *a, const char *schema, id org)
{
	str rest = str_of(schema), name, tail;
	str create = STR("create table ");
	enum err e = OK;

	for (size_t at; e == OK && (at = str_find(rest, create)) != SIZE_MAX;) {
		str_cut(str_from(rest, at + create.n), ' ', &name, &tail);
		e = empty_table(c, a, name, org);
		rest = tail;
	}
	return e;
}

enum err
record_remove_all(struct conn *c, struct arena *a, id org)
{
	size_t n = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && record_extra[i].schema; i++)
		e = empty_extra(c, a, record_extra[i].schema, org);
	while (record_all[n])
		n++;
	/* the last may refer to the first, never the other way round */
	while (e == OK && n > 0)
		e = empty_table(c, a, str_of(record_all[--n]->table), org);
	if (e == OK)
		e = empty_table(c, a, STR("field_key"), org);
	if (e == OK)
		e = empty_table(c, a, STR("change_line"), org);
	return e == OK ? empty_table(c, a, STR("change_set"), org) : e;
}
