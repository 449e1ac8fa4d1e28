#include <string.h>

#include "record/change.h"
#include "record/own.h"
#include "record/row.h"

enum { MANY = 16 }; /* rows from which on they are looked up together */

static str
at_row(struct arena *a, str prefix, const char *field)
{
	return prefix.n ? str_fmt(a, "%.*s, %s", STR_ARG(prefix), field) : str_of(field);
}

static void
check_text(struct change *c, const struct field *f, const void *object, str prefix)
{
	str s = *(const str *)(const void *)((const char *)object + f->at);
	size_t most = f->most ? (size_t)f->most : f->kind == F_LONG ? 16384 : 200;

	if (!str_utf8(s))
		fault_add(c->faults, at_row(c->arena, prefix, f->name), STR("is not text in UTF-8"),
		        STR("type it again"));
	else if (s.n > most && str_letters(s) > most)
		fault_add(c->faults, at_row(c->arena, prefix, f->name),
		        str_fmt(c->arena, "is %zu letters long; the most is %zu", str_letters(s), most),
		        STR("shorten it"));
	else if (f->kind == F_TEXT && str_find_byte(s, '\n') != SIZE_MAX)
		fault_add(c->faults, at_row(c->arena, prefix, f->name), STR("has a line break"),
		        STR("write it on one line"));
}

static void
check_number(struct change *c, const struct field *f, const void *object, str prefix)
{
	int64_t n = *(const int64_t *)(const void *)((const char *)object + f->at);

	if (f->greatest && (n < f->least || n > f->greatest))
		fault_add(c->faults, at_row(c->arena, prefix, f->name), str_fmt(c->arena, "is %lld", (long long)n),
		        str_fmt(c->arena, "write a number from %lld to %lld", (long long)f->least,
		                (long long)f->greatest));
}

/* O5: what somebody may not see is not there to be pointed at either; else its name would stand on their own page. */
static enum err
check_ref(struct change *c, const struct record *r, const struct field *f, const void *object, str prefix)
{
	const struct record *to = f->ref ? f->ref : r;
	id row = *(const id *)(const void *)((const char *)object + f->at);
	int64_t one;
	enum err e;

	if (known_find(c, to, row))
		return OK;
	str sql = str_fmt(c->arena, "select 1 from %s t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s", to->table,
	        STR_ARG(record_may(c->arena, c->grant, to)));
	e = db_one_int(
	        c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(row)), &one);
	if (e == OK)
		known_add(c, to, row);
	if (e != ERR_ABSENT)
		return e;
	fault_add(c->faults, at_row(c->arena, prefix, f->name), str_fmt(c->arena, "there is no such %s", to->label),
	        STR("choose one from the list"));
	return OK;
}

static enum err
check_fields(struct change *c, const struct record *r, const void *before, const void *object, str prefix)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (field_is_null(f, object)) {
			if (f->required)
				fault_add(c->faults, at_row(c->arena, prefix, f->name), STR("is missing"),
				        str_fmt(c->arena, "fill in %s", f->label));
		} else if (f->kind == F_TEXT || f->kind == F_LONG) {
			check_text(c, f, object, prefix);
		} else if (f->kind == F_MONEY || f->kind == F_INT) {
			check_number(c, f, object, prefix);
		} else if (f->kind == F_REF && !(before && field_equal(f, before, object))) {
			e = check_ref(c, r, f, object, prefix);
		}
	}
	return e;
}

enum err
row_reach(struct change *c, const struct record *r, const void *object)
{
	str names = str_of(r->persons), name;
	const struct grant *g = c->grant;
	enum reach reach = g->reach[r->matter][ACT_WRITE];

	if (reach == REACH_COMPANY)
		return OK;
	if (r->pool && g->person && reach != REACH_NONE && field_is_null(record_field(r, names), object))
		return OK; /* nobody's yet: see record.h */
	while (names.n) {
		str_cut(names, ' ', &name, &names);
		const struct field *f = record_field(r, name);
		assert(f && f->kind == F_REF);
		id person = *(const id *)(const void *)((const char *)object + f->at);
		str sql = str_fmt(c->arena, "select 1 from person p where p.org_id = $1 and p.id = $3 and $2 = $2%.*s",
		        STR_ARG(grant_sql(c->arena, g, r->matter, ACT_WRITE, "p.id")));
		int64_t one;
		enum err e = db_one_int(
		        c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(g->org), DB_I(g->person), DB_I(person)), &one);
		if (e != ERR_ABSENT)
			return e;
	}
	return ERR_DENIED;
}

static void
push_differences(struct change *c, const struct record *r, const void *before, void *after)
{
	struct row *row = after;

	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (field_equal(f, before, after))
			continue;
		if (c->kind == CHANGE_EDIT && f->holds_own)
			row->edited |= (uint64_t)1 << i;
		if (f->holds_own)
			continue; /* a line for each of them, below */
		change_push(c, r, row->id, str_of(f->name), field_text(c->arena, f, before),
		        field_text(c->arena, f, after));
		if (c->kind == CHANGE_EDIT && !f->system)
			row->edited |= (uint64_t)1 << i;
	}
}

/* Own fields: a line each, under the field's own name. */
static enum err
push_own(struct change *c, const struct record *r, const void *before, const void *after)
{
	const struct field *holder = own_holder(r), *all;
	size_t n;
	enum err e;

	if (!holder || field_equal(holder, before, after))
		return OK;
	e = own_of_change(c, r, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		if (!field_equal(&all[i], before, after))
			change_push(c, r, record_row(after)->id, str_of(all[i].name),
			        field_text(c->arena, &all[i], before), field_text(c->arena, &all[i], after));
	return e;
}

/* Everything before the row is written: the version, derive, checks, rights. */
static enum err
prepare(struct change *c, const struct record *r, const void *before, void *after, str prefix)
{
	size_t faults = c->faults->n;
	enum err e;

	if (before && ((const struct row *)before)->version != ((struct row *)after)->version)
		return ERR_STALE;
	if (r->derive && (e = r->derive(c, before, after)) != OK)
		return e;
	e = check_fields(c, r, before, after, prefix);
	if (e == OK)
		e = own_check_values(c, r, before, after, prefix);
	if (e == OK && c->faults->n == faults && r->check)
		e = r->check(c, before, after, c->faults);
	if (e != OK)
		return e;
	if (c->faults->n > faults)
		return ERR_INPUT;
	if (before && (e = row_reach(c, r, before)) != OK)
		return e;
	return row_reach(c, r, after);
}

static enum err
update(struct change *c, const struct record *r, const void *before, void *after)
{
	struct row *row = after;
	size_t n = c->n_lines;

	enum err e;

	push_differences(c, r, before, after);
	e = push_own(c, r, before, after);
	if (e != OK)
		return e;
	if (c->n_lines == n && row->edited == ((const struct row *)before)->edited)
		return OK;
	row->version++;
	e = row_update(c->conn, c->arena, c->grant->org, r, after, row->version - 1);
	return e == OK ? own_keys_write(c, r, before, after) : e;
}

/* New rows in one go: COPY, or one prepared insert, which is given few rows at a time, so that their values stay near.
 */
static enum err
insert_all(struct change *c, const struct record *r, void *const *rows, size_t n)
{
	const char *names = str_z(c->arena, row_column_list(c->arena, r));
	size_t columns = row_columns(r), most = conn_is_lite(c->conn) && n > ROW_FEW ? ROW_FEW : n, k;
	struct db_value *v = arena_new(c->arena, struct db_value, columns * most);
	enum err e = OK;

	for (size_t at = 0; e == OK && at < n; at += k) {
		for (k = 0; k < most && at + k < n; k++) {
			struct row *row = rows[at + k];
			if (!row->id)
				row->id = id_new();
			row->version = 1;
			row_values(c->arena, r, c->grant->org, row, v + k * columns);
			change_push(c, r, row->id, (str){ 0 }, (str){ 0 }, row_json_said(c->arena, r, row));
		}
		e = db_insert_many(c->conn, r->table, names, columns, v, k);
	}
	for (size_t i = 0; e == OK && i < n; i++)
		e = own_keys_write(c, r, NULL, rows[i]);
	return e;
}

static enum err
load_before(struct change *c, const struct record *r, void *after, const void **ret)
{
	const struct row *row = after;
	void *before = NULL;
	enum err e = OK;

	if (row->version) {
		before = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
		e = row_load(c->conn, c->arena, c->grant->org, r, row->id, before);
	}
	*ret = before;
	return e;
}

enum err
record_save_many(struct change *c, const struct record *r, void *const *after, size_t n)
{
	const void **before = arena_new(c->arena, const void *, n + 1);
	void **fresh = arena_new(c->arena, void *, n + 1);
	size_t n_fresh = 0;
	bool many = n >= MANY;
	enum err e = OK;

	assert(!c->closed);
	r = r->base ? r->base : r;
	if (many)
		e = known_fetch(c, r, after, n);
	if (e == OK && many)
		e = known_load(c, r, after, n, before);
	for (size_t i = 0; e == OK && i < n; i++) {
		str prefix = n > 1 ? str_fmt(c->arena, "row %zu", i + 1) : (str){ 0 };
		if (!many)
			e = load_before(c, r, after[i], &before[i]);
		if (e == OK)
			e = prepare(c, r, before[i], after[i], prefix);
		if (e == OK && before[i])
			e = update(c, r, before[i], after[i]);
		else if (e == OK)
			fresh[n_fresh++] = after[i];
	}
	if (e == OK && n_fresh)
		e = insert_all(c, r, fresh, n_fresh);
	known_changed(c, r);
	if (e == OK && r->changed)
		e = r->changed(c, before, (const void *const *)after, n);
	return e;
}

enum err
record_try(struct change *c, const struct record *r, void *after)
{
	const void *before;
	enum err e = load_before(c, r, after, &before);

	return e == OK ? prepare(c, r, before, after, (str){ 0 }) : e;
}

enum err
record_save(struct change *c, const struct record *r, void *after)
{
	return record_save_many(c, r, &after, 1);
}
