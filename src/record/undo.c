#include <string.h>

#include "record/change.h"
#include "record/own.h"
#include "record/row.h"

enum { UNDO_TOGETHER = 1000 };

struct undone {
	const struct record *record;
	id row;
	str field, before, after;
	bool done;
};

struct undo_work {
	const struct grant *grant;
	id *sets; /* newest first */
	size_t n_sets;
	id of; /* what the new change set undoes: an import or a change set */
	bool import;
	struct undo_result *ret;
	struct fault **last;
	struct faults faults;
};

static void
keep(struct undo_work *w, struct arena *a, str place, str what, str mend)
{
	struct fault *f = arena_new(a, struct fault, 1);

	*f = (struct fault){ .place = str_copy(a, place), .what = what, .mend = mend };
	*w->last = f;
	w->last = &f->next;
	w->ret->n_kept++;
}

static enum err
load_lines(struct change *c, id set, struct undone **ret, size_t *ret_n)
{
	struct undone *u = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select record, row_id, field, before_, after_ from change_line where org_id = $1 and set_id = $2 "
	        "order by n desc",
	        DB_ARGS(DB_I(c->grant->org), DB_I(set)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(c->arena, u, n, cap);
		u[n++] = (struct undone){ record_find(db_text(&rows, 0)), db_int(&rows, 1), db_text(&rows, 2),
			db_text(&rows, 3), db_text(&rows, 4), false };
	}
	*ret = u;
	*ret_n = n;
	return db_end(&rows);
}

/* Does the row still say what it said when it was made? What rules compute may have moved on by itself. */
static bool
as_created(struct arena *a, const struct undone *u, const void *row)
{
	void *made = arena_alloc(a, u->record->size, _Alignof(max_align_t));

	if (!row_from_json(a, u->record, u->after, made))
		return false;
	for (size_t i = 0; i < u->record->n_fields; i++)
		if ((!u->record->fields[i].system || u->record->fields[i].holds_own) &&
		        !field_equal(&u->record->fields[i], made, row))
			return false;
	return true;
}

static enum err
undo_creation(struct undo_work *w, struct change *c, const struct undone *u)
{
	void *row = arena_alloc(c->arena, u->record->size, _Alignof(max_align_t));
	struct faults why;
	enum err e = row_load(c->conn, c->arena, c->grant->org, u->record, u->row, row);

	if (e == ERR_ABSENT)
		return OK; /* removed since: nothing to take back */
	if (e != OK)
		return e;
	str name = row_name(c->arena, u->record, row);
	if (!as_created(c->arena, u, row)) {
		keep(w, c->arena, str_fmt(c->arena, "%s “%.*s”", u->record->label, STR_ARG(name)),
		        STR("was edited since, and stays"), STR("remove it by hand if it should go"));
		return OK;
	}
	faults_init(&why, c->arena);
	c->faults = &why;
	e = record_remove(c, u->record, u->row, record_row(row)->version);
	c->faults = &w->faults;
	if (e == ERR_INPUT) {
		keep(w, c->arena, str_fmt(c->arena, "%s “%.*s”", u->record->label, STR_ARG(name)),
		        why.first ? why.first->what : STR("is in use, and stays"),
		        why.first ? why.first->mend : (str){ 0 });
		return OK;
	}
	w->ret->restored += e == OK;
	return e;
}

/* Rows of one record that a set made one after the other, newest first: those that are as they were made and that
   nothing refers to go in a few statements. The others are left to undo_creation, which says why. */
static enum err
undo_creations(struct undo_work *w, struct change *c, struct undone *u, size_t n)
{
	const void **rows = arena_new(c->arena, const void *, n + 1), **kept = arena_new(c->arena, const void *, n + 1);
	struct undone **of = arena_new(c->arena, struct undone *, n + 1);
	bool *gone = arena_new(c->arena, bool, n + 1);
	id *ids = arena_new(c->arena, id, n + 1);
	size_t m = 0;
	enum err e;

	for (size_t i = 0; i < n; i++)
		ids[i] = u[i].row;
	e = known_rows(c, u->record, ids, n, rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		u[i].done = !rows[i]; /* removed since */
		if (!rows[i] || !as_created(c->arena, &u[i], rows[i]))
			continue;
		of[m] = &u[i];
		kept[m++] = rows[i];
	}
	if (e == OK && m)
		e = record_remove_many(c, u->record, kept, m, gone);
	for (size_t i = 0; e == OK && i < m; i++) {
		of[i]->done = gone[i];
		w->ret->restored += gone[i];
	}
	return e;
}

static size_t
creations_at(const struct undone *u, size_t n)
{
	size_t k = 0;

	while (k < n && k < UNDO_TOGETHER && u[k].record == u[0].record && !u[k].done && !u[k].field.n)
		k++;
	return k;
}

/* What the rules refuse today stays as it is, and is said. */
static enum err
save_or_keep(struct undo_work *w, struct change *c, const struct record *r, void *row, int64_t restored)
{
	struct faults why;
	enum err e;

	faults_init(&why, c->arena);
	c->faults = &why;
	e = record_save(c, r, row);
	c->faults = &w->faults;
	if (e != ERR_INPUT) {
		w->ret->restored += e == OK ? restored : 0;
		return e;
	}
	keep(w, c->arena, str_fmt(c->arena, "%s “%.*s”", r->label, STR_ARG(row_name(c->arena, r, row))),
	        str_fmt(c->arena, "stays: %.*s %.*s", STR_ARG(why.first->place), STR_ARG(why.first->what)),
	        why.first->mend);
	return OK;
}

static enum err
undo_removal(struct undo_work *w, struct change *c, const struct undone *u)
{
	struct row *row = arena_alloc(c->arena, u->record->size, _Alignof(max_align_t));
	enum err e = row_load(c->conn, c->arena, c->grant->org, u->record, u->row, row);

	if (e != ERR_ABSENT)
		return e; /* brought back before */
	if (!row_from_json(c->arena, u->record, u->before, row)) {
		keep(w, c->arena, str_of(u->record->label), STR("cannot be read back"),
		        STR("enter it again, or take it from a backup"));
		return OK;
	}
	row->id = u->row;
	row->version = 0;
	return save_or_keep(w, c, u->record, row, 1);
}

/* All field changes of one row in this set, in one save. */
static enum err
undo_fields(struct undo_work *w, struct change *c, struct undone *u, size_t n)
{
	const struct record *r = u[0].record;
	void *row = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	enum err e = row_load(c->conn, c->arena, c->grant->org, r, u[0].row, row);
	int64_t restored = 0;
	id which = u[0].row;

	for (size_t i = 0; i < n; i++) {
		const struct field *f =
		        u[i].record == r && u[i].row == which && u[i].field.n ? own_named(c, r, u[i].field) : NULL;
		if (!f || str_eq(u[i].field, STR("-")))
			continue;
		u[i].done = true;
		if (e != OK)
			continue;
		if (!str_eq(field_text(c->arena, f, row), u[i].after)) {
			if (!f->system)
				keep(w, c->arena,
				        str_fmt(c->arena, "%.*s: %s", STR_ARG(row_name(c->arena, r, row)), f->label),
				        STR("was edited since, and stays"),
				        STR("change it by hand if it should go back"));
			continue;
		}
		if (!field_set_text(f, row, u[i].before)) { /* a choice that is off the list since */
			keep(w, c->arena, str_fmt(c->arena, "%.*s: %s", STR_ARG(row_name(c->arena, r, row)), f->label),
			        STR("has no such value any more, and stays"), STR("choose another by hand"));
			continue;
		}
		restored++;
	}
	if (e == ERR_ABSENT || (e == OK && !restored))
		return OK;
	return e != OK ? e : save_or_keep(w, c, r, row, restored);
}

static enum err
undo_set(struct undo_work *w, struct change *c, id set)
{
	struct undone *u;
	size_t n;
	enum err e = load_lines(c, set, &u, &n);

	for (size_t i = 0, looked = 0; e == OK && i < n; i++) {
		size_t many = i >= looked && u[i].record ? creations_at(u + i, n - i) : 0;
		if (many > 1) {
			e = undo_creations(w, c, u + i, many);
			looked = i + many;
		}
		if (e != OK || u[i].done || !u[i].record)
			continue;
		u[i].done = true;
		if (!u[i].field.n)
			e = undo_creation(w, c, &u[i]);
		else if (str_eq(u[i].field, STR("-")))
			e = undo_removal(w, c, &u[i]);
		else
			e = undo_fields(w, c, u + i, n - i);
	}
	return e;
}

static enum err
sets_of_import(struct conn *c, struct arena *a, id org, id import, id **ret, size_t *ret_n)
{
	size_t n = 0, cap = 0;
	id *sets = NULL;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select id from change_set where org_id = $1 and of_id = $2 and kind = 'import' order by id desc",
	        DB_ARGS(DB_I(org), DB_I(import)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, sets, n, cap);
		sets[n++] = db_int(&rows, 0);
	}
	*ret = sets;
	*ret_n = n;
	return db_end(&rows);
}

/* One undoes one's own work; administrators anybody's. */
static enum err
may_undo(struct conn *c, const struct grant *g, id set)
{
	int64_t login = 0;
	enum err e = db_one_int(c, "select coalesce(login, 0) from change_set where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(g->org), DB_I(set)), &login);

	if (e == OK && login != g->login && g->reach[MATTER_ADMIN][ACT_WRITE] != REACH_COMPANY)
		return ERR_ABSENT;
	return e;
}

static enum err
undo(struct conn *conn, struct arena *a, void *what)
{
	struct undo_work *w = what;
	struct change c;
	enum err e;

	*w->ret = (struct undo_result){ 0 };
	w->last = &w->ret->kept;
	faults_init(&w->faults, a);
	e = w->import ? sets_of_import(conn, a, w->grant->org, w->of, &w->sets, &w->n_sets)
	              : may_undo(conn, w->grant, w->of);
	if (e != OK)
		return e;
	e = change_open(conn, a, w->grant, CHANGE_UNDO, w->of, STR("undo"), (str){ 0 }, &w->faults, &c);
	for (size_t i = 0; e == OK && i < w->n_sets; i++)
		e = undo_set(w, &c, w->sets[i]);
	if (e == OK)
		e = change_close(&c);
	w->ret->set = c.set;
	return e;
}

enum err
change_undo(struct db *d, struct arena *a, const struct grant *g, id set, struct undo_result *ret)
{
	struct undo_work w = { .grant = g, .sets = &set, .n_sets = 1, .of = set, .ret = ret };
	enum err e;

	grant_assert(g);
	e = db_write(d, a, undo, &w);
	if (e == OK && change_committed)
		change_committed();
	return e;
}

enum err
import_undo(struct db *d, struct arena *a, const struct grant *g, id import, struct faults *f, struct undo_result *ret)
{
	struct undo_work w = { .grant = g, .of = import, .import = true, .ret = ret };
	enum err e;

	(void)f;
	grant_assert(g);
	assert(g->reach[MATTER_ADMIN][ACT_WRITE] == REACH_COMPANY);
	e = db_write(d, a, undo, &w);
	if (e == OK && change_committed)
		change_committed();
	return e;
}
