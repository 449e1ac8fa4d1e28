/* Fields of the company's own in conditions (P3): which there are, and what a new name of one changes. */
#include "areas/process/condition.h"
#include "record/own.h"

enum err
condition_own_fields(
        struct conn *c, struct arena *a, id org, bool archived, const struct condition_field **ret, size_t *ret_n)
{
	const struct field *own;
	struct condition_field *all;
	size_t n, to = 0;
	enum err e = own_load(c, a, org, record_find(STR("deal")), &own, &n);

	if (e != OK)
		return e;
	all = arena_new(a, struct condition_field, n + 1);
	for (size_t i = 0; i < n; i++)
		if (archived || !own[i].own->archived)
			all[to++] = (struct condition_field){ .name = str_of(own[i].name),
				.label = str_of(own[i].label),
				.kind = own[i].kind,
				.choices = own[i].choices,
				.field = &own[i] };
	*ret = all;
	*ret_n = to;
	return OK;
}

static str *
condition_of(const struct record *r, void *row)
{
	const struct field *f = record_field(r, STR("condition"));

	return (str *)(void *)((char *)row + f->at);
}

/* The rows of one table that may name it; the parser decides. */
static enum err
rename_rows(struct change *c, const struct record *r, str was, str is)
{
	str sql = str_fmt(c->arena,
	        "select id from %s where org_id = $1 and condition like '%%[%%' order by id limit 20000", r->table);
	struct rows rows;
	size_t n = 0, cap = 0;
	id *all = NULL;
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(c->arena, all, n, cap);
		all[n++] = db_int(&rows, 0);
	}
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		void *row = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
		e = record_load(c->conn, c->arena, c->grant, r, all[i], row);
		if (e != OK)
			break;
		str text = *condition_of(r, row), fresh = condition_rename_field(c->arena, text, was, is);
		if (str_eq(text, fresh))
			continue;
		*condition_of(r, row) = fresh;
		e = record_save(c, r, row);
	}
	return e;
}

enum err
condition_own_renamed(struct change *c, str was, str is)
{
	const struct grant *whose = c->grant;
	struct grant hook =
	        grant_all(whose->org, whose->login, whose->person, "a field's new name stands in conditions");
	enum change_kind kind = c->kind;
	enum err e;

	c->grant = &hook;
	c->kind = CHANGE_JOB; /* P1: what a version asks stays the same, also of one that deals stand on */
	e = rename_rows(c, &stage_record, was, is);
	if (e == OK)
		e = rename_rows(c, &step_record, was, is);
	c->kind = kind;
	c->grant = whose;
	return e;
}
