#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "auth/schema.h"
#include "base/out.h"
#include "record/row.h"
#include "record/schema.h"

/* The engine's own tables. change_line.field: a field's name, "" created (after_: the row as JSON), "-" removed
 * (before_). */
static const char engine_tables[] =
        "create table change_set (org_id bigint not null, id bigint not null, seq bigint, at bigint not null,"
        " login bigint, person bigint, kind text not null, of_id bigint, reason text, idem text, n bigint not null,"
        " salt text, digest text not null, chain text, erased bigint not null default 0,"
        " primary key (org_id, id)){lite: without rowid|pg:};\n"
        "create unique index change_set_seq on change_set (org_id, seq);\n"
        "create unique index change_set_idem on change_set (org_id, login, idem);\n"
        "create index change_set_of on change_set (org_id, of_id);\n"
        "create index change_set_open on change_set (org_id, id) where seq is null;\n"
        "create table change_line (org_id bigint not null, set_id bigint not null, n bigint not null, record text not "
        "null,"
        " row_id bigint not null, field text not null, before_ text, after_ text, effective bigint not null,"
        " primary key (org_id, set_id, n)){lite: without rowid|pg:};\n"
        "create index change_line_row on change_line (org_id, row_id, set_id);\n"
        "create table field_key (org_id bigint not null, field bigint not null, row_id bigint not null, key text not "
        "null,"
        " primary key (org_id, field, row_id)){lite: without rowid|pg:};\n"
        "create index field_key_key on field_key (org_id, field, key, row_id);\n"
        "create table schema_state (number bigint not null primary key, at bigint not null, fingerprint text);\n";

/* For put_figures; analyze makes sqlite_stat1. */
static const char engine_figures[] =
        "{lite:analyze schema_state;\n"
        "insert into sqlite_stat1 (tbl, idx, stat) values ('change_line', 'change_line', '1000000 1000000 20 1'),"
        " ('change_line', 'change_line_row', '1000000 1000000 10 2'), ('change_set', 'change_set', '100000 100000 1'),"
        " ('change_set', 'change_set_seq', '100000 100000 1'), ('change_set', 'change_set_idem', '100000 100000 5000 "
        "1'),"
        " ('change_set', 'change_set_of', '100000 100000 500'), ('field_key', 'field_key', '100000 100000 10000 1'),"
        " ('field_key', 'field_key_key', '100000 100000 10000 20 1');|pg:}\n";

static const char *
sql_type(const struct field *f)
{
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
	case F_DAY:
	case F_CHOICE:
		return "text";
	default:
		return "bigint";
	}
}

static void
put_columns(struct out *o, const struct record *r)
{
	for (size_t i = 0; i < r->n_fields; i++)
		out_fmt(o, ", %s %s", r->fields[i].name, sql_type(&r->fields[i]));
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].fold)
			out_fmt(o, ", %s_key text", r->fields[i].name);
}

/* True when an index or unique key starts with that field, so that a reference needs none of its own. */
static bool
leads(const char *const *keys, const char *field)
{
	size_t n = strlen(field);

	for (; keys && *keys; keys++)
		if (strncmp(*keys, field, n) == 0 && ((*keys)[n] == ' ' || (*keys)[n] == 0))
			return true;
	return false;
}

/* How many rows share a value, as SQLite's planner is told: of a company many, of a choice a third, of a reference
 * some. */
static int
shared_by(const struct field *f, bool sorted)
{
	if (!f || sorted)
		return 10;
	return f->kind == F_CHOICE || f->kind == F_BOOL ? 30000 : f->kind == F_REF ? 500 : 10;
}

/* Without figures SQLite takes every company for a few rows and reads all of its rows by the key. The same figures
   everywhere: the same plans everywhere. */
static void
put_figures(struct out *o, const struct record *r, const char *index, const char *fields, bool unique)
{
	int rows = 100000;

	out_fmt(o, "{lite:insert into sqlite_stat1 (tbl, idx, stat) values ('%s', '%s', '100000 100000", r->table,
	        index);
	while (*fields) {
		size_t n = strcspn(fields, " ");
		bool sorted = *fields == '~';
		int shared = shared_by(record_field(r, (str){ fields + sorted, n - sorted }), sorted);
		fields += n + (fields[n] == ' ');
		rows = shared < rows ? shared : rows;
		out_fmt(o, " %d", unique && !*fields ? 1 : rows);
	}
	out_lit(o, "');|pg:}\n");
}

static void
put_index(struct arena *a, struct out *o, const struct record *r, const char *kind, int number, const char *fields)
{
	char name[80];

	snprintf(name, sizeof name, "%s_%c%d", r->table, *kind ? 'u' : 'i', number);
	out_fmt(o, "create %sindex %s on %s (org_id", kind, name, r->table);
	for (const char *p = fields; *p;) {
		size_t n = strcspn(p, " ");
		if (*p == '~')
			out_fmt(o, ", %.*s", STR_ARG(row_sort_column(a, record_field(r, (str){ p + 1, n - 1 }), "")));
		else
			out_fmt(o, ", %.*s", (int)n, p);
		p += n + (p[n] == ' ');
	}
	out_lit(o, ");\n");
	put_figures(o, r, name, fields, *kind != 0);
}

static void
put_record(struct arena *a, struct out *o, const struct record *r)
{
	int number = 0;

	out_fmt(o,
	        "create table %s (org_id bigint not null, id bigint not null, version bigint not null,"
	        " edited bigint not null",
	        r->table);
	put_columns(o, r);
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].kind == F_REF)
			out_fmt(o, ",\n foreign key (org_id, %s) references %s (org_id, id)", r->fields[i].name,
			        r->fields[i].ref ? r->fields[i].ref->table : r->table);
	out_lit(o, ",\n primary key (org_id, id)){lite: without rowid|pg:};\n");
	put_figures(o, r, r->table, "id", true);
	for (const char *const *k = r->unique; k && *k; k++)
		put_index(a, o, r, "unique ", ++number, *k);
	for (const char *const *k = r->index; k && *k; k++)
		put_index(a, o, r, "", ++number, *k);
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].kind == F_REF && !leads(r->unique, r->fields[i].name) &&
		        !leads(r->index, r->fields[i].name))
			put_index(a, o, r, "", ++number, r->fields[i].name);
}

/* The text still holds {lite:…|pg:…}: the connection keeps what is its own. */
static str
schema_both(struct arena *a)
{
	struct out o;
	str all;

	out_init(&o, 0);
	out_z(&o, auth_schema);
	out_z(&o, engine_tables);
	out_z(&o, engine_figures);
	for (size_t i = 0; record_all[i]; i++)
		put_record(a, &o, record_all[i]);
	for (size_t i = 0; record_extra[i].schema; i++)
		out_z(&o, record_extra[i].schema);
	out_lit(&o, "{lite:analyze sqlite_schema;|pg:}\n");
	all = out_all(&o, a);
	out_fini(&o);
	return all;
}

static enum err
run_script(struct conn *c, struct arena *a, void *sql)
{
	(void)a;
	return db_script(c, sql);
}

enum err
schema_plan_anew(struct db *d, struct arena *a, const char *table)
{
	if (db_is_lite(d))
		return OK;
	return db_write(d, a, run_script, str_z(a, str_fmt(a, "analyze %s", table ? table : "")));
}

str
schema_text(struct arena *a, bool lite)
{
	str all = schema_both(a), head, rest;
	struct out o;

	out_init(&o, 0);
	while (str_cut(all, '{', &head, &rest)) {
		str inside, x, y;
		out_str(&o, head);
		str_cut(rest, '}', &inside, &all);
		str_cut(inside, '|', &x, &y);
		out_str(&o, lite ? str_from(x, strlen("lite:")) : str_from(y, strlen("pg:")));
	}
	out_str(&o, all);
	all = out_all(&o, a);
	out_fini(&o);
	return all;
}

/* "create unique index deal_u1 on …" → what it makes, and its name. */
static struct ddl
ddl_of(str text)
{
	static const struct {
		const char *start;
		enum ddl_kind kind;
	} starts[] = { { "create table ", DDL_TABLE }, { "create unique index ", DDL_INDEX },
		{ "create index ", DDL_INDEX } };
	struct ddl d = { .kind = DDL_FIGURES, .text = text };
	str rest;

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (str_starts(text, str_of(starts[i].start))) {
			d.kind = starts[i].kind;
			str_cut(str_from(text, strlen(starts[i].start)), ' ', &d.name, &rest);
		}
	return d;
}

void
schema_statements(struct arena *a, bool lite, struct ddls *ret)
{
	str rest = schema_text(a, lite), end = STR(";\n");
	struct ddls all = { 0 };

	for (size_t at; (at = str_find(rest, end)) != SIZE_MAX; rest = str_from(rest, at + end.n)) {
		arena_grow(a, all.items, all.n, all.cap);
		all.items[all.n++] = ddl_of(str_trim(str_first(rest, at)));
	}
	assert(!str_trim(rest).n);
	*ret = all;
}

const struct ddl *
ddl_find(const struct ddls *all, enum ddl_kind kind, str name)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].kind == kind && str_eq(all->items[i].name, name))
			return &all->items[i];
	return NULL;
}

str
schema_fingerprint(struct arena *a)
{
	str all = schema_both(a);
	unsigned char sum[16];
	char hex[33];

	crypto_generichash(sum, sizeof sum, (const unsigned char *)all.s, all.n, NULL, 0);
	sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
	return str_copy(a, str_of(hex));
}

enum err
schema_read(struct conn *c, struct arena *a, struct schema_state *ret)
{
	struct schema_state s = { 0 };
	int64_t there;
	struct rows rows;
	enum err e = db_one_int(c,
	        "select count(*) from {lite:sqlite_master where name|pg:pg_tables where schemaname = current_schema() "
	        "and tablename} = 'schema_state'",
	        DB_NO_ARGS, &there);

	if (e != OK)
		return e;
	if (!there)
		return ERR_ABSENT;
	e = db_one_int(c, "select max(number) from schema_state", DB_NO_ARGS, &s.number);
	if (e == OK && s.number > 1 && s.number <= SCHEMA_NUMBER) { /* number 1 had no fingerprint */
		e = db_query(
		        c, a, "select fingerprint from schema_state where number = $1", DB_ARGS(DB_I(s.number)), &rows);
		if (e == OK && db_next(&rows))
			s.fingerprint = db_text(&rows, 0);
		if (e == OK)
			e = db_end(&rows);
	}
	if (e == OK)
		*ret = s;
	return e;
}

enum err
schema_note(struct conn *c, struct arena *a)
{
	return db_exec(c,
	        "insert into schema_state (number, at, fingerprint) values ($1, $2, $3) on conflict (number) do update "
	        "set at = excluded.at, fingerprint = excluded.fingerprint",
	        DB_ARGS(DB_I(SCHEMA_NUMBER), DB_I(now()), DB_T(schema_fingerprint(a))), NULL);
}

enum err
schema_judge(struct arena *a, const struct schema_state *s, str *ret_why)
{
	if (s->number > SCHEMA_NUMBER)
		*ret_why = str_fmt(a,
		        "the database was made by a newer Ridealong (schema %lld, this program knows %d); "
		        "install that version or restore an older backup",
		        (long long)s->number, SCHEMA_NUMBER);
	else if (s->number < SCHEMA_NUMBER)
		*ret_why = str_fmt(a,
		        "the database has schema %lld, this program needs %d; stop what uses it, make a backup, then "
		        "run: ridealong migrate",
		        (long long)s->number, SCHEMA_NUMBER);
	else if (!str_eq(s->fingerprint, schema_fingerprint(a)))
		*ret_why = str_fmt(a,
		        "the tables were made by another build than this one, although both say schema %d; make a "
		        "backup, then run: ridealong migrate",
		        SCHEMA_NUMBER);
	else
		return OK;
	return ERR_INPUT;
}

static enum err
read_state(struct conn *c, struct arena *a, void *what)
{
	return schema_read(c, a, what);
}

enum err
schema_check(struct db *d, struct arena *a, str *ret_why)
{
	struct schema_state s = { 0 };
	enum err e = db_read(d, a, read_state, &s);

	if (e == ERR_ABSENT)
		*ret_why = STR("the database is empty; run: ridealong init");
	return e != OK ? e : schema_judge(a, &s, ret_why);
}

enum err
schema_check_older(struct db *d, struct arena *a, str *ret_why)
{
	struct schema_state s = { 0 };
	enum err e = db_read(d, a, read_state, &s);

	if (e == ERR_ABSENT)
		*ret_why = STR("this is no database of Ridealong");
	return e != OK || s.number <= SCHEMA_NUMBER ? e : schema_judge(a, &s, ret_why);
}

enum err
schema_lock(struct conn *c)
{
	return conn_is_lite(c) ? OK : db_script(c, "select pg_advisory_xact_lock(727463)");
}

enum err
schema_fresh(struct conn *c, struct arena *a, str *ret_why)
{
	enum err e = db_script(c, str_z(a, schema_text(a, conn_is_lite(c))));

	if (e == OK)
		return schema_note(c, a);
	*ret_why = str_fmt(a, "the tables could not be made: %s", conn_message(c));
	return e;
}

static enum err
make(struct conn *c, struct arena *a, void *what)
{
	struct schema_state s;
	enum err e = schema_lock(c);

	if (e == OK)
		e = schema_read(c, a, &s);
	return e == ERR_ABSENT ? schema_fresh(c, a, what) : e;
}

enum err
schema_make(struct db *d, struct arena *a, str *ret_why)
{
	enum err e = db_write(d, a, make, ret_why);

	if (e != OK)
		return e;
	return schema_check(d, a, ret_why);
}
