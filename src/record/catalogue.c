/* What a database's catalogue says, compared with the description. The described tables are made as temporary ones and
   rolled back, so no text of ours is compared with an engine's rewriting of it. */
#include <ctype.h>
#include <string.h>

#include "record/schema.h"

/* kind, table, name, text, default, not null; MASTER and SIDE are put in. The order of a key's columns counts. */
static const char lite_catalogue[] =
        "select 0, m.name, '', '', '', 0 from MASTER m where m.type = 'table' and m.name not like 'sqlite!_%' escape "
        "'!'"
        " union all select 1, m.name, x.name, lower(x.type), coalesce(x.dflt_value, ''), x.\"notnull\""
        " from MASTER m, pragma_table_xinfo(m.name, 'SIDE') x where m.type = 'table' and m.name not like "
        "'sqlite!_%' escape '!'"
        " union all select 2, k.t, '', 'primary key (' || group_concat(k.c, ', ') || ')' || case (select l.wr from "
        "pragma_table_list(k.t) l where l.schema = 'SIDE') when 1 then ' without rowid' else '' end, '', 0"
        " from (select m.name as t, x.name as c from MASTER m, pragma_table_xinfo(m.name, 'SIDE') x where m.type = "
        "'table' and x.pk > 0 order by m.name, x.pk) k group by k.t"
        " union all select 2, f.t, '', 'foreign key (' || group_concat(f.c, ', ') || ') references ' || f.other || ' "
        "(' || group_concat(f.d, ', ') || ')', '', 0 from (select m.name as t, k.id as i, k.\"from\" as c, k.\"to\" as "
        "d, k.\"table\" as other from MASTER m, pragma_foreign_key_list(m.name, 'SIDE') k where m.type = 'table' order "
        "by m.name, k.id, k.seq) f group by f.t, f.i, f.other"
        " union all select 3, m.tbl_name, m.name, m.sql, '', 0 from MASTER m where m.type = 'index' and m.sql is not "
        "null";

static const char pg_catalogue[] =
        "select 0::bigint, c.relname::text, '', '', '', 0::bigint from pg_class c where c.relnamespace = SIDE and "
        "c.relkind in ('r', 'p') and not c.relispartition"
        " union all select 1, c.relname, x.attname, format_type(x.atttypid, x.atttypmod), "
        "coalesce(pg_get_expr(d.adbin, d.adrelid), ''), x.attnotnull::int from pg_class c join pg_attribute x on "
        "x.attrelid = c.oid and x.attnum > 0 and not x.attisdropped left join pg_attrdef d on d.adrelid = c.oid and "
        "d.adnum = x.attnum where c.relnamespace = SIDE and c.relkind in ('r', 'p') and not c.relispartition"
        " union all select 2, c.relname, '', regexp_replace(pg_get_constraintdef(o.oid), 'REFERENCES [^ (]+[.]', "
        "'REFERENCES '), '', 0 from pg_constraint o join pg_class c on c.oid = o.conrelid where c.relnamespace = SIDE "
        "and not c.relispartition"
        " union all select 3, c.relname, i.relname, case when x.indisunique then 'unique' else '' end || "
        "substring(pg_get_indexdef(i.oid) from ' USING .*'), '', 0 from pg_index x join pg_class c on c.oid = "
        "x.indrelid join pg_class i on i.oid = x.indexrelid where c.relnamespace = SIDE and not c.relispartition and "
        "not exists (select 1 from pg_constraint o where o.conindid = i.oid and o.conrelid = c.oid)";

static str
replaced(struct arena *a, str text, str from, str to)
{
	str all = { 0 };

	for (size_t at; (at = str_find(text, from)) != SIZE_MAX; text = str_from(text, at + from.n))
		all = str_join(a, all, str_join(a, str_first(text, at), to));
	return str_join(a, all, text);
}

static str
catalogue_sql(struct arena *a, bool lite, bool described)
{
	if (!lite)
		return replaced(a, str_of(pg_catalogue), STR("SIDE"),
		        described ? STR("pg_my_temp_schema()")
		                  : STR("(select oid from pg_namespace where nspname = current_schema())"));
	str text = replaced(
	        a, str_of(lite_catalogue), STR("MASTER"), described ? STR("sqlite_temp_master") : STR("sqlite_master"));

	return replaced(a, text, STR("SIDE"), described ? STR("temp") : STR("main"));
}

static enum err
read_side(struct conn *c, struct arena *a, bool described, struct pieces *ret)
{
	struct pieces all = { 0 };
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, catalogue_sql(a, conn_is_lite(c), described)), DB_NO_ARGS, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, all.items, all.n, all.cap);
		all.items[all.n++] = (struct piece){ .kind = (enum piece_kind)db_int(&rows, 0),
			.table = db_text(&rows, 1),
			.name = db_text(&rows, 2),
			.text = db_text(&rows, 3),
			.preset = db_text(&rows, 4),
			.filled = db_int(&rows, 5) != 0 };
	}
	e = db_end(&rows);
	if (e == OK)
		*ret = all;
	return e;
}

enum err
catalogue_read(struct conn *c, struct arena *a, struct pieces *ret)
{
	return read_side(c, a, false, ret);
}

/* The described tables as temporary ones. PostgreSQL makes them there by its search path; SQLite is told in the text:
   an index lies where it is named, never where its table is. */
static enum err
make_described(struct conn *c, struct arena *a)
{
	struct ddls all;
	bool lite = conn_is_lite(c);
	enum err e = lite ? OK : db_script(c, "set local search_path to pg_temp");

	schema_statements(a, lite, &all);
	for (size_t i = 0; e == OK && i < all.n; i++) {
		const struct ddl *d = &all.items[i];
		size_t at = str_find(d->text, d->name);
		str text = d->text;
		if (d->kind == DDL_FIGURES)
			continue;
		if (lite)
			text = str_fmt(a, "%.*stemp.%.*s", STR_ARG(str_first(text, at)), STR_ARG(str_from(text, at)));
		e = db_script(c, str_z(a, text));
	}
	return e;
}

static enum err
read_described(struct conn *c, struct arena *a, struct pieces *ret)
{
	enum err e = db_script(c, "savepoint described");

	if (e == OK)
		e = make_described(c, a);
	if (e == OK)
		e = read_side(c, a, true, ret);
	if (e == OK)
		e = db_script(c, "rollback to described");
	return e == OK ? db_script(c, "release described") : e;
}

static bool
same_place(const struct piece *x, const struct piece *y)
{
	return x->kind == y->kind && str_eq(x->table, y->table) && str_eq(x->name, y->name) &&
	       (x->kind != PIECE_KEY || str_eq(x->text, y->text));
}

static const struct piece *
piece_like(const struct pieces *all, const struct piece *p)
{
	for (size_t i = 0; i < all->n; i++)
		if (same_place(&all->items[i], p))
			return &all->items[i];
	return NULL;
}

static bool
has_table(const struct pieces *all, str table)
{
	return piece_like(all, &(struct piece){ .kind = PIECE_TABLE, .table = table }) != NULL;
}

/* TABLE_i7 and TABLE_u1: the names that the engine gives. */
static bool
is_ours(const struct piece *index)
{
	str rest = index->name;

	if (!str_starts(rest, index->table))
		return false;
	rest = str_from(rest, index->table.n);
	if (!str_starts(rest, STR("_i")) && !str_starts(rest, STR("_u")))
		return false;
	rest = str_from(rest, 2);
	for (size_t i = 0; i < rest.n; i++)
		if (!isdigit((unsigned char)rest.s[i]))
			return false;
	return rest.n > 0;
}

static const char *
cannot(const struct piece *found, const struct piece *wanted)
{
	if (!found)
		return wanted->kind == PIECE_COLUMN && wanted->filled && !wanted->preset.n
		               ? "rows that are there have no value for it"
		               : NULL;
	if (!wanted)
		return found->kind == PIECE_INDEX ? NULL : "something may be kept in it";
	if (found->kind == PIECE_COLUMN && !str_eq(found->text, wanted->text))
		return "values would have to be turned into others";
	if (found->kind == PIECE_COLUMN && wanted->filled && !found->filled)
		return "rows that are there may have no value";
	return NULL;
}

static void
differ(struct arena *a, struct differences *d, const struct piece *found, const struct piece *wanted)
{
	arena_grow(a, d->items, d->n, d->cap);
	d->items[d->n++] = (struct difference){ found, wanted, cannot(found, wanted) };
}

static void
compare(struct arena *a, struct differences *d)
{
	for (size_t i = 0; i < d->wanted.n; i++) {
		const struct piece *w = &d->wanted.items[i], *f = piece_like(&d->found, w);
		if (!f && (w->kind == PIECE_TABLE || has_table(&d->found, w->table)))
			differ(a, d, NULL, w);
		else if (f && (!str_eq(f->text, w->text) || !str_eq(f->preset, w->preset) || f->filled != w->filled))
			differ(a, d, f, w);
	}
	for (size_t i = 0; i < d->found.n; i++) {
		const struct piece *f = &d->found.items[i];
		if (f->kind != PIECE_TABLE && has_table(&d->wanted, f->table) && !piece_like(&d->wanted, f) &&
		        (f->kind != PIECE_INDEX || is_ours(f)))
			differ(a, d, f, NULL);
	}
}

enum err
catalogue_compare(struct conn *c, struct arena *a, struct differences *ret)
{
	struct differences d = { 0 };
	enum err e = catalogue_read(c, a, &d.found);

	if (e == OK)
		e = read_described(c, a, &d.wanted);
	if (e != OK)
		return e;
	compare(a, &d);
	*ret = d;
	return OK;
}

str
piece_name(struct arena *a, const struct piece *p)
{
	switch (p->kind) {
	case PIECE_TABLE:
		return str_fmt(a, "table %.*s", STR_ARG(p->table));
	case PIECE_COLUMN:
		return str_fmt(a, "%.*s.%.*s", STR_ARG(p->table), STR_ARG(p->name));
	case PIECE_KEY:
		return str_fmt(a, "%.*s: %.*s", STR_ARG(p->table), STR_ARG(p->text));
	case PIECE_INDEX:
		return str_fmt(a, "index %.*s", STR_ARG(p->name));
	}
	return p->name;
}

str
difference_text(struct arena *a, const struct difference *d)
{
	str name = piece_name(a, d->wanted ? d->wanted : d->found);

	if (!d->found)
		return str_fmt(a, "%.*s is missing", STR_ARG(name));
	if (!d->wanted)
		return str_fmt(a, "%.*s is there and not described", STR_ARG(name));
	if (!str_eq(d->found->text, d->wanted->text))
		return str_fmt(a, "%.*s is “%.*s”, described as “%.*s”", STR_ARG(name), STR_ARG(d->found->text),
		        STR_ARG(d->wanted->text));
	return str_fmt(a, "%.*s has another default or may be empty where it is described otherwise", STR_ARG(name));
}

enum err
schema_compare(struct conn *c, struct arena *a, struct check_report *ret)
{
	struct differences d;
	enum err e = catalogue_compare(c, a, &d);

	for (size_t i = 0; e == OK && i < d.n; i++)
		check_say(a, ret, STR("schema"), difference_text(a, &d.items[i]));
	return e;
}
