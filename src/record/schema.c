#include <stdio.h>
#include <string.h>

#include "auth/schema.h"
#include "base/out.h"
#include "record/row.h"

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
        "create table schema_state (number bigint not null primary key, at bigint not null);\n";

/* For put_figures; analyze makes sqlite_stat1. */
static const char engine_figures[] =
        "{lite:analyze schema_state;\n"
        "insert into sqlite_stat1 (tbl, idx, stat) values ('change_line', 'change_line', '1000000 1000000 20 1'),"
        " ('change_line', 'change_line_row', '1000000 1000000 10 2'), ('change_set', 'change_set', '100000 100000 1'),"
        " ('change_set', 'change_set_seq', '100000 100000 1'), ('change_set', 'change_set_idem', '100000 100000 5000 "
        "1'),"
        " ('change_set', 'change_set_of', '100000 100000 500');|pg:}\n";

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
	for (size_t i = 0; record_extra_schema[i]; i++)
		out_z(&o, record_extra_schema[i]);
	out_lit(&o, "{lite:analyze sqlite_schema;|pg:}\n");
	all = out_all(&o, a);
	out_fini(&o);
	return all;
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

static enum err
read_number(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	int64_t there;
	enum err e = db_one_int(c,
	        "select count(*) from {lite:sqlite_master where name|pg:pg_tables where schemaname = current_schema() "
	        "and tablename} = 'schema_state'",
	        DB_NO_ARGS, &there);

	if (e != OK)
		return e;
	if (!there)
		return ERR_ABSENT;
	return db_one_int(c, "select max(number) from schema_state", DB_NO_ARGS, what);
}

static enum err
compare(int64_t number, struct arena *a, str *ret_why)
{
	if (number == SCHEMA_NUMBER)
		return OK;
	*ret_why = number > SCHEMA_NUMBER
	                   ? str_fmt(a,
	                             "the database was made by a newer Ridealong (schema %lld, this program knows %d); "
	                             "install that version or restore an older backup",
	                             (long long)number, SCHEMA_NUMBER)
	                   : str_fmt(a, "the database has schema %lld, this program needs %d; run: ridealong migrate",
	                             (long long)number, SCHEMA_NUMBER);
	return ERR_INPUT;
}

enum err
schema_check(struct db *d, struct arena *a, str *ret_why)
{
	int64_t number = 0;
	enum err e = db_read(d, a, read_number, &number);

	if (e == ERR_ABSENT)
		*ret_why = STR("the database is empty; run: ridealong init");
	return e != OK ? e : compare(number, a, ret_why);
}

static enum err
make(struct conn *c, struct arena *a, void *what)
{
	str *ret_why = what;
	int64_t number = 0;
	enum err e;

	if (!conn_is_lite(c))
		e = db_script(c, "select pg_advisory_xact_lock(727463)");
	else
		e = OK;
	if (e != OK)
		return e;
	e = read_number(c, a, &number);
	if (e != ERR_ABSENT)
		return e;
	e = db_script(c, str_z(a, schema_text(a, conn_is_lite(c))));
	if (e != OK) {
		*ret_why = str_fmt(a, "the tables could not be made: %s", conn_message(c));
		return e;
	}
	return db_exec(c, "insert into schema_state (number, at) values ($1, $2)",
	        DB_ARGS(DB_I(SCHEMA_NUMBER), DB_I(now())), NULL);
}

enum err
schema_make(struct db *d, struct arena *a, str *ret_why)
{
	enum err e = db_write(d, a, make, ret_why);

	if (e != OK)
		return e;
	return schema_check(d, a, ret_why);
}
