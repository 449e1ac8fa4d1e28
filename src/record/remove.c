/* Removing rows: one, with what still refers to it said; or many that were just made, in a few statements.
   What it is not for: what goes with a row (refs.h), taking back (undo.c). */
#include "record/change.h"
#include "record/own.h"
#include "record/refs.h"
#include "record/row.h"

/* What refers to a row, said as faults. */
enum err
record_referrers(struct change *c, const struct record *r, id row, int64_t *ret_n)
{
	int64_t own = 0;
	enum err e = OK;

	*ret_n = 0;
	for (size_t i = 0; e == OK && record_all[i]; i++)
		for (size_t k = 0; e == OK && k < record_all[i]->n_fields; k++) {
			const struct record *from = record_all[i];
			const struct field *f = &from->fields[k];
			int64_t n = 0;
			if (f->kind != F_REF || (f->ref ? f->ref : from) != r)
				continue;
			str sql =
			        str_fmt(c->arena, "select count(*) from %s where org_id = $1 and %s = $2 and id <> $2",
			                from->table, f->name);
			e = db_one_int(c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(row)), &n);
			if (e == OK && n)
				fault_add(c->faults, str_of(r->name),
				        str_fmt(c->arena, "is referred to by %lld %s as %s", (long long)n,
				                n == 1 ? from->label : from->plural, f->label),
				        STR("change those first"));
			*ret_n += n;
		}
	if (e == OK)
		e = own_refers(c->conn, c->grant->org, r, row, &own);
	if (e == OK && own)
		fault_add(c->faults, str_of(r->name),
		        str_fmt(c->arena, "is named by %lld own fields of deals, accounts or contacts", (long long)own),
		        STR("change those first"));
	*ret_n += own;
	return e;
}

/* What is nothing without the row goes first. */
static enum err
remove_parts(struct change *c, const struct record *r, id row)
{
	enum err e = OK;

	for (const char *const *k = r->parts; e == OK && k && *k; k++) {
		str record, field;
		str_cut(str_of(*k), ' ', &record, &field);
		e = record_remove_refs(c, record_find(record), str_z(c->arena, field), row);
	}
	return e;
}

enum err
record_remove(struct change *c, const struct record *r, id row, int64_t version)
{
	void *before = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	const void *none = NULL, *was = before;
	int64_t referrers;
	enum err e;

	r = r->base ? r->base : r;
	e = row_load(c->conn, c->arena, c->grant->org, r, row, before);

	if (e == OK && record_row(before)->version != version)
		e = ERR_STALE;
	if (e == OK)
		e = row_reach(c, r, before);
	if (e == OK && r->check)
		e = r->check(c, before, NULL, c->faults);
	if (e == OK)
		e = remove_parts(c, r, row);
	if (e == OK)
		e = record_referrers(c, r, row, &referrers);
	if (e == OK && referrers)
		e = ERR_INPUT;
	if (e != OK)
		return e;
	c->known = (struct known_rows){ 0 };
	change_push(c, r, row, STR("-"), row_json(c->arena, r, before), (str){ 0 });
	e = own_keys_write(c, r, before, NULL);
	if (e == OK)
		e = row_delete(c->conn, c->arena, c->grant->org, r, row, version);
	return e == OK && r->changed ? r->changed(c, &was, &none, 1) : e;
}

/* ---- many ---- */

/* Which of the rows something else refers to by that field. */
static enum err
find_referred(struct change *c, const struct record *from, const struct field *f, const id *rows, size_t n, bool *ret)
{
	str select = str_fmt(c->arena, "distinct t.%s", f->name),
	    by = str_fmt(c->arena, "t.%s <> t.id and t.%s", f->name, f->name);

	return known_among(c, from->table, select, by, rows, n, ret);
}

static enum err
find_all_referred(struct change *c, const struct record *r, const id *rows, size_t n, bool *ret)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_all[i]; i++)
		for (size_t k = 0; e == OK && k < record_all[i]->n_fields; k++) {
			const struct field *f = &record_all[i]->fields[k];
			if (f->kind == F_REF && (f->ref ? f->ref : record_all[i]) == r)
				e = find_referred(c, record_all[i], f, rows, n, ret);
		}
	return e;
}

/* One of them, all but the deletion: false, nothing pushed, where a rule or a right is against it. */
static enum err
take_out(struct change *c, const struct record *r, const void *row, bool *ret)
{
	struct faults why, *faults = c->faults;
	enum err e;

	faults_init(&why, c->arena);
	c->faults = &why;
	e = row_reach(c, r, row);
	if (e == OK && r->check)
		e = r->check(c, row, NULL, &why);
	c->faults = faults;
	*ret = e == OK && !why.n;
	if (!*ret)
		return e == ERR_INPUT || e == ERR_DENIED || e == ERR_ABSENT ? OK : e;
	change_push(c, r, record_row(row)->id, STR("-"), row_json(c->arena, r, row), (str){ 0 });
	return own_keys_write(c, r, row, NULL);
}

enum err
record_remove_many(struct change *c, const struct record *r, const void *const *rows, size_t n, bool *ret_gone)
{
	const void **gone = arena_new(c->arena, const void *, n + 1);
	const void **none = arena_new(c->arena, const void *, n + 1);
	bool *held = arena_new(c->arena, bool, n + 1);
	id *ids = arena_new(c->arena, id, n + 1);
	int64_t own = 0;
	size_t m = 0;
	enum err e = OK;

	r = r->base ? r->base : r;
	for (size_t i = 0; i < n; i++)
		ids[i] = record_row(rows[i])->id;
	c->known = (struct known_rows){ 0 };
	e = find_all_referred(c, r, ids, n, held);
	for (size_t i = 0; e == OK && i < n; i++) {
		own = 0;
		if (!held[i])
			e = own_refers(c->conn, c->grant->org, r, ids[i], &own);
		if (e == OK && !held[i] && !own)
			e = take_out(c, r, rows[i], &ret_gone[i]);
		if (e == OK && ret_gone[i]) {
			ids[m] = ids[i];
			gone[m++] = rows[i];
		}
	}
	if (e == OK && m)
		e = known_delete(c, r, ids, m);
	c->known = (struct known_rows){ 0 };
	return e == OK && m && r->changed ? r->changed(c, gone, none, m) : e;
}
