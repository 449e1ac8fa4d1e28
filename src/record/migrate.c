/* Upgrade or nothing: what is added follows from the description, anything else is a numbered step. One transaction.
   What it is not for: data that rules could compute; a step says so in SQL, or the area mends it when it next saves. */
#include <string.h>

#include "base/out.h"
#include "record/schema.h"

/* One for each number after the first. A step once released is never changed. */
static const struct schema_step steps[] = {
	/* tables and columns came, nothing was renamed; processes of a company that knew no versions are in use, and
	   views were of deals alone */
	{ 2, NULL,
	        "update process set state = 'published' where state is null;"
	        "update kept_view set about = 'deal' where about is null;"
	        "update first_view set about = 'deal' where about is null" },
};

static_assert(sizeof steps / sizeof *steps == SCHEMA_NUMBER - 1, "every number after the first has its step");

struct migration {
	struct conn *conn;
	struct arena *arena;
	struct out did;
	str *ret_why;
	struct ddls all;
	struct schema_state was;
	const struct schema_step *steps;
	size_t n_steps;
};

static enum err
run_steps(struct migration *m, bool after)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < m->n_steps; i++) {
		const char *text = after ? m->steps[i].after : m->steps[i].before;
		if (m->steps[i].number > m->was.number && text)
			e = db_script(m->conn, text);
	}
	return e;
}

static enum err
script(struct migration *m, str text)
{
	return db_script(m->conn, str_z(m->arena, text));
}

static str
described(const struct migration *m, enum ddl_kind kind, str name)
{
	const struct ddl *d = ddl_find(&m->all, kind, name);

	assert(d);
	return d->text;
}

/* Everything that stands in the way is said at once. */
static enum err
refuse(struct migration *m, const struct differences *d)
{
	size_t n = 0;
	str why = STR("nothing was changed. This program cannot bring the tables to its own by itself:");

	for (size_t i = 0; i < d->n; i++)
		if (d->items[i].cannot && n++ < 20)
			why = str_fmt(m->arena, "%.*s\n  %.*s; %s", STR_ARG(why),
			        STR_ARG(difference_text(m->arena, &d->items[i])), d->items[i].cannot);
	if (!n)
		return OK;
	*m->ret_why = str_fmt(m->arena,
	        "%.*s\nA released version has steps for such a change; install it, or see "
	        "docs/decisions/0005-migrations.md",
	        STR_ARG(why));
	return ERR_INPUT;
}

static bool
is_of(const struct difference *d, str table)
{
	return str_eq((d->wanted ? d->wanted : d->found)->table, table);
}

static str
table_of(const struct record_extra *x)
{
	str name, rest;

	str_cut(str_from(str_of(x->schema), strlen("create table ")), ' ', &name, &rest);
	return name;
}

/* What is made again from other tables is no news. */
static bool
is_derived(str table)
{
	for (size_t i = 0; record_extra[i].schema; i++)
		if (record_extra[i].rebuild && str_eq(table_of(&record_extra[i]), table))
			return true;
	return false;
}

static void
note(struct migration *m, const struct difference *d)
{
	if (!is_derived(d->wanted->table))
		out_fmt(&m->did, "%.*s %s\n", STR_ARG(piece_name(m->arena, d->wanted)), d->found ? "changed" : "added");
}

/* ---- tables ---- */

static str
shared_columns(struct migration *m, const struct differences *d, str table)
{
	str all = { 0 };

	for (size_t i = 0; i < d->found.n; i++) {
		const struct piece *p = &d->found.items[i];
		if (p->kind == PIECE_COLUMN && str_eq(p->table, table))
			all = all.n ? str_fmt(m->arena, "%.*s, %.*s", STR_ARG(all), STR_ARG(p->name)) : p->name;
	}
	return all;
}

/* Indexes that somebody else made on the table would go with it. */
static enum err
keep_other_indexes(struct migration *m, const struct differences *d, str table)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < d->found.n; i++) {
		const struct piece *p = &d->found.items[i];
		bool ours = ddl_find(&m->all, DDL_INDEX, p->name) != NULL;
		for (size_t k = 0; k < d->n && !ours; k++)
			ours = d->items[k].found == p;
		if (p->kind == PIECE_INDEX && str_eq(p->table, table) && !ours)
			e = script(m, p->text);
	}
	return e;
}

/* SQLite can add neither a key nor a default to a table: it is made anew under another name and filled. */
static enum err
make_anew(struct migration *m, const struct differences *d, str table)
{
	struct arena *a = m->arena;
	str text = described(m, DDL_TABLE, table), columns = shared_columns(m, d, table);
	size_t at = str_find(text, table);
	enum err e = script(m, str_fmt(a, "%.*s%.*s__new%.*s", STR_ARG(str_first(text, at)), STR_ARG(table),
	                               STR_ARG(str_from(text, at + table.n))));

	if (e == OK)
		e = script(m, str_fmt(a, "insert into %.*s__new (%.*s) select %.*s from %.*s", STR_ARG(table),
		                      STR_ARG(columns), STR_ARG(columns), STR_ARG(table)));
	if (e == OK)
		e = script(m, str_fmt(a, "drop table %.*s", STR_ARG(table)));
	if (e == OK)
		e = script(m, str_fmt(a, "alter table %.*s__new rename to %.*s", STR_ARG(table), STR_ARG(table)));
	return e == OK ? keep_other_indexes(m, d, table) : e;
}

static enum err
alter_column(struct migration *m, const struct difference *d)
{
	const struct piece *w = d->wanted;
	struct arena *a = m->arena;
	str start = str_fmt(a, "alter table %.*s alter column %.*s", STR_ARG(w->table), STR_ARG(w->name));
	enum err e = OK;

	if (!w->filled && d->found->filled)
		e = script(m, str_fmt(a, "%.*s drop not null", STR_ARG(start)));
	if (e == OK && !str_eq(w->preset, d->found->preset))
		e = script(m, w->preset.n ? str_fmt(a, "%.*s set default %.*s", STR_ARG(start), STR_ARG(w->preset))
		                          : str_fmt(a, "%.*s drop default", STR_ARG(start)));
	return e;
}

static enum err
add_piece(struct migration *m, const struct difference *d)
{
	const struct piece *w = d->wanted;
	struct arena *a = m->arena;

	if (w->kind == PIECE_COLUMN && d->found)
		return alter_column(m, d);
	if (w->kind == PIECE_COLUMN)
		return script(m, str_fmt(a, "alter table %.*s add column %.*s %.*s%s%s%.*s", STR_ARG(w->table),
		                         STR_ARG(w->name), STR_ARG(w->text), w->filled ? " not null" : "",
		                         w->preset.n ? " default " : "", STR_ARG(w->preset)));
	return script(m, str_fmt(a, "alter table %.*s add %.*s", STR_ARG(w->table), STR_ARG(w->text)));
}

/* In the order of the description: what a key refers to is there before it. */
static enum err
mend_tables(struct migration *m, const struct differences *d)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < m->all.n; i++) {
		const struct ddl *t = &m->all.items[i];
		bool anew = false;
		if (t->kind != DDL_TABLE)
			continue;
		for (size_t k = 0; e == OK && k < d->n; k++) {
			const struct difference *x = &d->items[k];
			if (!x->wanted || x->wanted->kind == PIECE_INDEX || !is_of(x, t->name))
				continue;
			note(m, x);
			if (x->wanted->kind == PIECE_TABLE)
				e = script(m, t->text);
			else if (conn_is_lite(m->conn))
				anew = true;
			else if (x->wanted->kind == PIECE_COLUMN)
				e = add_piece(m, x);
		}
		/* keys after their columns */
		for (size_t k = 0; e == OK && !conn_is_lite(m->conn) && k < d->n; k++)
			if (d->items[k].wanted && d->items[k].wanted->kind == PIECE_KEY && is_of(&d->items[k], t->name))
				e = add_piece(m, &d->items[k]);
		if (e == OK && anew)
			e = make_anew(m, d, t->name);
	}
	return e;
}

/* ---- indexes ---- */

static enum err
drop_index(struct migration *m, const struct difference *d)
{
	return script(m, str_fmt(m->arena, "drop index %.*s", STR_ARG(d->found->name)));
}

static enum err
make_index(struct migration *m, const struct difference *d)
{
	note(m, d);
	return script(m, described(m, DDL_INDEX, d->wanted->name));
}

/* Names are numbered along the description, so that one may belong to another index now: first all go that must. */
static enum err
mend_indexes(struct migration *m)
{
	struct differences d;
	enum err e = catalogue_compare(m->conn, m->arena, &d);

	for (size_t i = 0; e == OK && i < d.n; i++)
		if (d.items[i].found && d.items[i].found->kind == PIECE_INDEX)
			e = drop_index(m, &d.items[i]);
	for (size_t i = 0; e == OK && i < d.n; i++)
		if (d.items[i].wanted && d.items[i].wanted->kind == PIECE_INDEX)
			e = make_index(m, &d.items[i]);
	return e;
}

/* ---- what follows from the rest ---- */

static enum err
drop_derived(struct migration *m)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_extra[i].schema; i++)
		if (record_extra[i].rebuild)
			e = script(
			        m, str_fmt(m->arena, "drop table if exists %.*s", STR_ARG(table_of(&record_extra[i]))));
	return e;
}

static enum err
rebuild_derived(struct migration *m)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_extra[i].schema; i++)
		if (record_extra[i].rebuild)
			e = record_extra[i].rebuild(m->conn, m->arena);
	return e;
}

enum { FOLD_BATCH = 1000 };

struct unfolded {
	id org, row;
	str text;
};

/* One batch of rows whose folded copy is missing. */
static enum err
fold_some(struct migration *m, const struct record *r, const struct field *f, size_t *ret_n)
{
	struct arena own;
	struct unfolded *all;
	struct rows rows;
	size_t n = 0;
	str set = str_fmt(m->arena, "update %s set %s_key = $3 where org_id = $1 and id = $2", r->table, f->name);
	str get = str_fmt(m->arena,
	        "select org_id, id, %s from %s where %s is not null and %s_key is null order by org_id, id limit %d",
	        f->name, r->table, f->name, f->name, FOLD_BATCH);

	arena_init(&own, (size_t)1 << 28);
	all = arena_new(&own, struct unfolded, FOLD_BATCH);
	enum err e = db_query(m->conn, &own, str_z(m->arena, get), DB_NO_ARGS, &rows);
	while (e == OK && n < FOLD_BATCH && db_next(&rows))
		all[n++] = (struct unfolded){ db_int(&rows, 0), db_int(&rows, 1), db_text(&rows, 2) };
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		e = db_exec(m->conn, str_z(m->arena, set),
		        DB_ARGS(DB_I(all[i].org), DB_I(all[i].row), DB_T(str_fold(&own, all[i].text))), NULL);
	arena_fini(&own);
	*ret_n = n;
	return e;
}

static enum err
fold_all(struct migration *m)
{
	enum err e = OK;

	for (size_t i = 0; record_all[i]; i++)
		for (size_t k = 0; k < record_all[i]->n_fields; k++)
			for (size_t n = record_all[i]->fields[k].fold; e == OK && n;)
				e = fold_some(m, record_all[i], &record_all[i]->fields[k], &n);
	return e;
}

static enum err
put_figures(struct migration *m)
{
	enum err e = conn_is_lite(m->conn) ? db_script(m->conn, "delete from sqlite_stat1") : OK;

	for (size_t i = 0; e == OK && i < m->all.n; i++)
		if (m->all.items[i].kind == DDL_FIGURES)
			e = script(m, m->all.items[i].text);
	return e;
}

/* ---- the whole ---- */

/* Promised, so it is looked at: nothing differs any more, and every reference leads somewhere. */
static enum err
verify(struct migration *m)
{
	struct differences d;
	int64_t lost = 0;
	enum err e = catalogue_compare(m->conn, m->arena, &d);

	if (e == OK && d.n) {
		*m->ret_why =
		        str_fmt(m->arena, "nothing was changed. After all steps %.*s; this is a fault of the program",
		                STR_ARG(difference_text(m->arena, &d.items[0])));
		return ERR_INPUT;
	}
	if (e == OK && conn_is_lite(m->conn))
		e = db_one_int(m->conn, "select count(*) from pragma_foreign_key_check", DB_NO_ARGS, &lost);
	if (e == OK && lost) {
		*m->ret_why = str_fmt(m->arena,
		        "nothing was changed. %lld rows refer to rows that are not there; run ridealong check with the "
		        "version that wrote them",
		        (long long)lost);
		return ERR_INPUT;
	}
	return e;
}

static enum err
upgrade(struct migration *m)
{
	struct differences d;
	enum err e = run_steps(m, false);

	if (e == OK)
		e = drop_derived(m);
	if (e == OK)
		e = catalogue_compare(m->conn, m->arena, &d);
	if (e == OK)
		e = refuse(m, &d);
	if (e == OK)
		e = mend_tables(m, &d);
	if (e == OK)
		e = mend_indexes(m);
	if (e == OK)
		e = run_steps(m, true);
	if (e == OK)
		e = fold_all(m);
	if (e == OK)
		e = rebuild_derived(m);
	if (e == OK)
		e = put_figures(m);
	return e == OK ? verify(m) : e;
}

struct work {
	const struct schema_step *steps;
	size_t n_steps;
	str *ret_did, *ret_why;
};

static enum err
run_migration(struct migration *m)
{
	struct differences d = { 0 };
	str why = { 0 };
	enum err e = schema_lock(m->conn);

	if (e == OK)
		e = schema_read(m->conn, m->arena, &m->was);
	if (e == ERR_ABSENT) {
		out_lit(&m->did, "all tables were made\n");
		return schema_fresh(m->conn, m->arena, m->ret_why);
	}
	if (e == OK && m->was.number > SCHEMA_NUMBER)
		return schema_judge(m->arena, &m->was, m->ret_why);
	if (e == OK)
		e = catalogue_compare(m->conn, m->arena, &d);
	if (e != OK || (!d.n && schema_judge(m->arena, &m->was, &why) == OK))
		return e;
	e = upgrade(m);
	return e == OK ? schema_note(m->conn, m->arena) : e;
}

static enum err
migrate(struct conn *c, struct arena *a, void *what)
{
	struct work *w = what;
	struct migration m = { .conn = c, .arena = a, .ret_why = w->ret_why, .steps = w->steps, .n_steps = w->n_steps };

	out_init(&m.did, 0);
	schema_statements(a, conn_is_lite(c), &m.all);
	enum err e = run_migration(&m);
	if (e != OK && !w->ret_why->n)
		*w->ret_why = str_fmt(a, "nothing was changed: %s", conn_message(c));
	if (e == OK)
		*w->ret_did = out_all(&m.did, a);
	out_fini(&m.did);
	return e;
}

enum err
schema_migrate_by(struct db *d, struct arena *a, const struct schema_step *by, size_t n, str *ret_did, str *ret_why)
{
	struct work w = { by, n, ret_did, ret_why };
	enum err e = db_write(d, a, migrate, &w);

	return e == OK ? schema_check(d, a, ret_why) : e;
}

enum err
schema_migrate(struct db *d, struct arena *a, str *ret_did, str *ret_why)
{
	return schema_migrate_by(d, a, steps, sizeof steps / sizeof *steps, ret_did, ret_why);
}
