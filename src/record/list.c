#include <string.h>

#include "base/out.h"
#include "record/named.h"
#include "record/own.h"
#include "record/row.h"

/* A statement under construction: text, and values from $1 company and $2 person on. */
struct query {
	struct arena *arena;
	const char *alias; /* of the record's rows */
	str sql;
	struct db_value values[72];
	size_t n;
};

static void
say(struct query *q, str more)
{
	q->sql = str_join(q->arena, q->sql, more);
}

static int
bind(struct query *q, struct db_value v)
{
	assert(q->n < sizeof q->values / sizeof *q->values);
	q->values[q->n++] = v;
	return (int)q->n;
}

static str
may_as(struct arena *a, const struct grant *g, const struct record *r, const char *alias)
{
	str aliased = { 0 }, rest = str_of(r->persons), one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		aliased = str_fmt(a, "%.*s%s%s.%.*s", STR_ARG(aliased), aliased.n ? " " : "", alias, STR_ARG(one));
	}
	str may = grant_sql(a, g, r->matter, ACT_READ, r->persons ? str_z(a, aliased) : NULL);
	if (!r->open_unowned || g->reach[r->matter][ACT_READ] == REACH_NONE)
		return may;
	return str_fmt(a, " and (%s.%s is null or (1=1%.*s))", alias, r->persons, STR_ARG(may));
}

str
record_may(struct arena *a, const struct grant *g, const struct record *r)
{
	return may_as(a, g, r, "t");
}

enum err
record_load(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, id row, void *ret)
{
	str columns = record_columns(a, r, "t"), may = record_may(a, g, r);
	struct rows rows;
	enum err e;

	str sql = str_fmt(a, "select %.*s from %s t where t.org_id = $1 and t.id = $3 and $2 = $2%.*s",
	        STR_ARG(columns), r->table, STR_ARG(may));
	e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(g->org), DB_I(g->person), DB_I(row)), &rows);
	if (e != OK)
		return e;
	if (!db_next(&rows)) {
		e = db_end(&rows);
		return e != OK ? e : ERR_ABSENT;
	}
	record_read(&rows, r, 0, ret);
	return db_end(&rows);
}

str
record_like(struct arena *a, str s)
{
	char *to = arena_alloc(a, 2 * s.n + 2, 1);
	size_t n = 0;

	to[n++] = '%';
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '%' || s.s[i] == '_' || s.s[i] == '!')
			to[n++] = '!';
		to[n++] = s.s[i];
	}
	to[n++] = '%';
	return (str){ to, n };
}

static struct db_value
filter_value(struct arena *a, const struct filter *f)
{
	int64_t n = 0;

	if (f->field->own && f->op == OP_BELOW)
		return DB_I(str_to_i64(f->value, &n) ? n : 0);
	if (f->field->own && f->op != OP_HAS)
		return DB_T(own_key(a, f->field, f->value));
	if (f->op == OP_HAS)
		return DB_T(record_like(a, str_fold(a, f->value)));
	if (f->op == OP_WORD)
		return DB_T(record_like(a, str_fmt(a, " %.*s ", STR_ARG(f->value))));
	switch (f->field->kind) {
	case F_TEXT:
	case F_LONG:
	case F_DAY:
	case F_CHOICE:
		return DB_T(f->value);
	default:
		str_to_i64(f->value, &n);
		return DB_I(n);
	}
}

static const char *const signs[] = {
	[OP_IS] = "=", [OP_NOT] = "<>", [OP_LEAST] = ">=", [OP_MOST] = "<=", [OP_HAS] = "like"
};

/* A field of the company's own, by its keys. */
static void
say_own_filter(struct query *q, const struct filter *f)
{
	int field = bind(q, DB_I(f->field->own->row)), at;

	say(q, str_fmt(q->arena,
	               " and %s.id %sin (select k_.row_id from field_key k_ where k_.org_id = $1 and k_.field = $%d",
	               q->alias, f->op == OP_NONE ? "not " : "", field));
	if (f->op == OP_BELOW) {
		at = bind(q, filter_value(q->arena, f));
		say(q, str_fmt(q->arena,
		               " and k_.key in (select cast(b_.below as text) from line b_ where b_.org_id = $1 and "
		               "b_.above = $%d and b_.to_day is null)",
		               at));
	} else if (f->op != OP_NONE && f->op != OP_ANY) {
		at = bind(q, filter_value(q->arena, f));
		say(q, str_fmt(q->arena, " and k_.key %s $%d%s", signs[f->op], at,
		               f->op == OP_HAS ? " escape '!'" : ""));
	}
	say(q, STR(")"));
}

/* What a reference points at, by the words of its name. */
static void
say_named(struct query *q, const struct filter *f)
{
	int at = bind(q, filter_value(q->arena, f));

	say(q, str_fmt(q->arena,
	               " and %s.%s in (select n_.id from %s n_ where n_.org_id = $1 and n_.name_key like $%d "
	               "escape '!')",
	               q->alias, f->field->name, f->field->ref->table, at));
}

/* Which marks it has. */
static void
say_marked(struct query *q, const struct filter *f)
{
	bool not = f->op == OP_NOT || f->op == OP_NONE;

	say(q, str_fmt(q->arena, " and %s.id %sin (select m_.%s from %s m_ where m_.org_id = $1", q->alias,
	               not ? "not " : "", f->marks->at, f->marks->of->table));
	if (f->op == OP_IS || f->op == OP_NOT)
		say(q, str_fmt(q->arena, " and m_.name_key = $%d", bind(q, DB_T(str_fold(q->arena, f->value)))));
	else if (f->op == OP_HAS)
		say(q, str_fmt(q->arena, " and m_.name_key like $%d escape '!'",
		               bind(q, DB_T(record_like(q->arena, str_fold(q->arena, f->value))))));
	say(q, STR(")"));
}

static void
say_filter(struct query *q, const struct filter *f)
{
	const char *name = f->field->name;

	if (f->marks) {
		say_marked(q, f);
		return;
	}
	if (f->field->own) {
		say_own_filter(q, f);
		return;
	}
	if (f->op == OP_NONE || f->op == OP_ANY) {
		say(q, str_fmt(q->arena, " and %s.%s is %snull", q->alias, name, f->op == OP_ANY ? "not " : ""));
		return;
	}
	if (f->op == OP_HAS && f->field->kind == F_REF) {
		say_named(q, f);
		return;
	}
	int at = bind(q, filter_value(q->arena, f));
	if (f->op == OP_BELOW)
		say(q, str_fmt(q->arena,
		               " and %s.%s in (select b_.below from line b_ where b_.org_id = $1 and b_.above = $%d "
		               "and b_.to_day is null)",
		               q->alias, name, at));
	else if (f->op == OP_WORD)
		say(q, str_fmt(q->arena, " and ' ' || %s.%s || ' ' like $%d escape '!'", q->alias, name, at));
	else
		say(q, str_fmt(q->arena, " and %s.%s%s %s $%d%s", q->alias, name, f->op == OP_HAS ? "_key" : "",
		               signs[f->op], at, f->op == OP_HAS ? " escape '!'" : ""));
}

static void
say_where(struct query *q, const struct grant *g, const struct list *l)
{
	say(q, may_as(q->arena, g, l->record, q->alias));
	for (size_t i = 0; i < l->n_filters; i++)
		say_filter(q, &l->filters[i]);
}

static void
start(struct query *q, struct arena *a, const struct grant *g, const struct list *l, str what)
{
	*q = (struct query){ .arena = a, .alias = "t" };
	bind(q, DB_I(g->org));
	bind(q, DB_I(g->person));
	say(q, str_fmt(a, "select %.*s from %s t where t.org_id = $1 and $2 = $2", STR_ARG(what), l->record->table));
	say_where(q, g, l);
}

void
list_where(struct arena *a, const struct grant *g, const struct list *l, const char *alias, struct list_where *ret)
{
	struct query q = { .arena = a, .alias = alias };

	grant_assert(g);
	bind(&q, DB_I(g->org));
	bind(&q, DB_I(g->person));
	say_where(&q, g, l);
	ret->sql = q.sql;
	ret->n = q.n - 2;
	ret->values = arena_copy(a, q.values + 2, ret->n * sizeof *q.values);
}

/* NULLs sort as the smallest, on both engines. */
str
row_sort_column(struct arena *a, const struct field *f, const char *alias)
{
	if (f->required)
		return str_fmt(a, "%s%s%s", alias, f->name, f->fold ? "_key" : "");
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
	case F_DAY:
	case F_CHOICE:
		return str_fmt(a, "coalesce(%s%s%s, '')", alias, f->name, f->fold ? "_key" : "");
	default:
		return str_fmt(a, "coalesce(%s%s, -9007199254740992)", alias, f->name);
	}
}

static str
sort_column(struct arena *a, const struct list *l)
{
	return l->sort ? row_sort_column(a, l->sort, "t.") : STR("t.id");
}

/* Where the last page ended: "ID" or "ID VALUE". */
static void
say_after(struct query *q, const struct list *l, str column)
{
	str head, value;
	id row;
	const char *sign = l->descending ? "<" : ">";

	str_cut(l->after, ' ', &head, &value);
	if (!id_parse(head, &row))
		return;
	if (!l->sort) {
		say(q, str_fmt(q->arena, " and t.id %s $%d", sign, bind(q, DB_I(row))));
		return;
	}
	int64_t n = 0;
	bool number = l->sort->kind == F_REF || l->sort->kind == F_MONEY || l->sort->kind == F_INT ||
	              l->sort->kind == F_INSTANT || l->sort->kind == F_BOOL;
	if (number && !str_to_i64(value, &n))
		n = -9007199254740992;
	int v = bind(q, number ? DB_I(n) : DB_T(value));
	int i = bind(q, DB_I(row));
	say(q, str_fmt(q->arena, " and (%.*s, t.id) %s ($%d, $%d)", STR_ARG(column), sign, v, i));
}

static str
next_of(struct arena *a, const struct list *l, const void *last)
{
	str i = id_text(a, record_row(last)->id);

	if (!l->sort)
		return i;
	str value = field_text(a, l->sort, last);
	return str_fmt(a, "%.*s %.*s", STR_ARG(i), STR_ARG(l->sort->fold ? str_fold(a, value) : value));
}

/* ---- rows of few people ---- */

enum { FEW_PEOPLE = 200, FEW_ROWS = 2000 };

/* The filter that names a person or somebody's line in the field that says whose a row is; NULL: none does. */
static const struct filter *
named_owner(const struct list *l)
{
	const char *owner = l->record->persons;

	for (size_t i = 0; i < l->n_filters; i++) {
		const struct filter *f = &l->filters[i];
		if (!f->marks && (f->op == OP_IS || f->op == OP_BELOW) && strcmp(f->field->name, owner) == 0)
			return f;
	}
	return NULL;
}

/* Whose rows a list can hold at most, as a statement over people; false: everybody's, or nobody's. */
static bool
say_people(struct query *q, const struct grant *g, const struct list *l)
{
	const struct record *r = l->record;
	const struct filter *named;
	bool all = g->reach[r->matter][ACT_READ] == REACH_COMPANY;

	if (!r->persons || str_find_byte(str_of(r->persons), ' ') != SIZE_MAX || (r->open_unowned && !all))
		return false;
	named = named_owner(l);
	if (all && !named)
		return false;
	say(q, str_fmt(q->arena, "select p_.id from person p_ where p_.org_id = $1 and $2 = $2%.*s",
	               STR_ARG(grant_sql(q->arena, g, r->matter, ACT_READ, "p_.id"))));
	if (named) {
		int at = bind(q, filter_value(q->arena, named));
		say(q, named->op == OP_IS
		                ? str_fmt(q->arena, " and p_.id = $%d", at)
		                : str_fmt(q->arena,
		                          " and p_.id in (select b_.below from line b_ where b_.org_id = $1 and "
		                          "b_.above = $%d and b_.to_day is null)",
		                          at));
	}
	return true;
}

/* Few enough that each one's rows are looked up, instead of all rows until the page is full: a team of eight among
   thousands would be met once in hundreds of rows. Newest first costs one look a person, another order reads all of
   their rows. */
static enum err
are_few(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, bool *ret)
{
	const struct record *r = l->record;
	struct query q = { .arena = a, .alias = "t" };
	int64_t n = 0, most = l->sort ? FEW_ROWS : FEW_PEOPLE;
	enum err e;

	*ret = false;
	bind(&q, DB_I(g->org));
	bind(&q, DB_I(g->person));
	if (!say_people(&q, g, l))
		return OK;
	str people = q.sql;
	if (l->sort)
		people = str_fmt(a, "select 1 as one from %s d_ where d_.org_id = $1 and d_.%s in (%.*s)", r->table,
		        r->persons, STR_ARG(people));
	str sql = str_fmt(a, "select count(*) from (%.*s limit %d) x", STR_ARG(people), (int)most + 1);
	e = db_one_int(c, str_z(a, sql), q.values, q.n, &n);
	*ret = e == OK && n <= most;
	return e;
}

/* Is there an index of each person's rows, newest last? */
static bool
is_merged(const struct record *r)
{
	size_t n = strlen(r->persons);

	for (const char *const *k = r->index; k && *k; k++)
		if (strncmp(*k, r->persons, n) == 0 && strcmp(*k + n, " id") == 0)
			return true;
	return false;
}

/* Newest first: of each person the newest row, and after one is taken, their next. SQLite's recursion takes the rows in
   the order that is asked for; PostgreSQL's does not, and reads a page of each person. Both read no other rows than
   those, however many there are. */
static void
say_merged(struct query *q, const struct grant *g, const struct list *l, size_t limit)
{
	const struct record *r = l->record;
	str before = { 0 }, all = q->sql, people, next, head, rest;
	id row;

	str_cut(l->after, ' ', &head, &rest);
	if (id_parse(head, &row))
		before = str_fmt(q->arena, " and d_.id < $%d", bind(q, DB_I(row)));
	q->sql = (str){ 0 };
	say_people(q, g, l);
	people = q->sql;
	q->sql = (str){ 0 };
	q->alias = "d_";
	for (size_t i = 0; i < l->n_filters; i++)
		say_filter(q, &l->filters[i]);
	q->alias = "t";
	str filters = q->sql;
	next = str_fmt(q->arena, "select d_.id from %s d_ where d_.org_id = $1", r->table);
	q->sql = str_fmt(q->arena,
	        "%.*s and t.id in ({lite:with recursive o_ (person) as (%.*s), m_ (person, row) as (select o_.person, "
	        "(%.*s and d_.%s = o_.person%.*s%.*s order by d_.id desc limit 1) from o_ union all select m_.person, "
	        "(%.*s and d_.%s = m_.person and d_.id < m_.row%.*s order by d_.id desc limit 1) from m_ where m_.row "
	        "is not null order by 2 desc limit %zu) select row from m_|pg:select x_.id from (%.*s) o_ cross join "
	        "lateral (%.*s and d_.%s = o_.id%.*s%.*s order by d_.id desc limit %zu) x_ order by x_.id desc limit "
	        "%zu})",
	        STR_ARG(all), STR_ARG(people), STR_ARG(next), r->persons, STR_ARG(before), STR_ARG(filters),
	        STR_ARG(next), r->persons, STR_ARG(filters), limit, STR_ARG(people), STR_ARG(next), r->persons,
	        STR_ARG(before), STR_ARG(filters), limit, limit);
}

/* ---- rows that a filter leaves few of ---- */

enum { FEW_FOUND = 2000, FOUND_LETTERS = 3 };

static bool
has_index(const struct record *r, const char *before, const char *name, const char *after)
{
	size_t b = strlen(before), n = strlen(name);

	for (const char *const *k = r->index; k && *k; k++)
		if (strncmp(*k, before, b) == 0 && strncmp(*k + b, name, n) == 0 && strcmp(*k + b + n, after) == 0)
			return true;
	return false;
}

/* " and …" for rows d_, such that an index alone answers it; false: none does. */
static bool
say_narrow(struct query *q, const struct record *r, const struct filter *f)
{
	const struct field *by = f->field->found_by ? record_field(r, str_of(f->field->found_by)) : f->field;

	if (f->marks) /* the name of a mark, not the record's own */
		return false;
	if (f->op == OP_HAS && f->field->fold && !f->field->own && str_letters(f->value) >= FOUND_LETTERS &&
	        has_index(r, "", f->field->name, "_key")) {
		say(q, str_fmt(q->arena, " and d_.%s_key like $%d escape '!'", f->field->name,
		               bind(q, filter_value(q->arena, f))));
		return true;
	}
	if ((f->op != OP_IS && f->op != OP_LEAST && f->op != OP_MOST) || f->field->own || by->required ||
	        !has_index(r, "~", by->name, ""))
		return false;
	say(q, str_fmt(q->arena, " and %.*s %s $%d%s%s%s", STR_ARG(row_sort_column(q->arena, by, "d_.")), signs[f->op],
	               bind(q, filter_value(q->arena, f)), f->op == OP_MOST ? " and d_." : "",
	               f->op == OP_MOST ? by->name : "", f->op == OP_MOST ? " is not null" : ""));
	return true;
}

/* By the names that are kept in memory; false: they are not. */
static enum err
find_named(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, const struct filter *f,
        str *ret, bool *ret_known)
{
	struct words_ask ask = { .most = FEW_FOUND + 1 };
	struct named_found found;
	enum err e;

	*ret_known = false;
	if (f->marks || f->op != OP_HAS || !f->field->fold || f->field->own ||
	        !words_cut(str_fold(a, f->value), false, &ask))
		return OK;
	e = named_find(c, a, g->org, r->base ? r->base : r, f->field->name, &ask, &found);
	*ret_known = e == OK && found.known;
	if (*ret_known && found.n <= FEW_FOUND)
		*ret = named_json(a, found.hits, found.n);
	return e;
}

/* The ids of rows that fit one filter, by its index, as a list; empty: there are many, and a walk meets enough soon. */
static enum err
find_narrow(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, const struct filter *f,
        str *ret)
{
	struct query q = { .arena = a, .alias = "d_" };
	struct rows rows;
	struct out ids;
	size_t n = 0;
	bool known;
	enum err e = find_named(c, a, g, r, f, ret, &known);

	if (e != OK || known)
		return e;
	bind(&q, DB_I(g->org));
	say(&q, str_fmt(a, "select d_.id from %s d_ where d_.org_id = $1", r->table));
	if (!say_narrow(&q, r, f))
		return OK;
	say(&q, str_fmt(a, " limit %d", FEW_FOUND + 1));
	e = db_query(c, a, str_z(a, q.sql), q.values, q.n, &rows);
	out_init(&ids, 0);
	while (e == OK && db_next(&rows))
		out_fmt(&ids, "%s%lld", n++ ? "," : "[", (long long)db_int(&rows, 0));
	out_z(&ids, n ? "]" : "[]");
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && n <= FEW_FOUND)
		*ret = out_all(&ids, a);
	out_fini(&ids);
	return e;
}

enum err
list_narrow(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, str *ret)
{
	enum err e = OK;

	*ret = (str){ 0 };
	for (size_t i = 0; e == OK && !ret->n && i < l->n_filters; i++)
		e = find_narrow(c, a, g, l->record, &l->filters[i], ret);
	return e;
}

static void
say_among(struct query *q, str ids)
{
	int at = bind(q, DB_T(ids));

	say(q, str_fmt(q->arena,
	               " and t.id in ({lite:select value from json_each($%d)|pg:select cast(x_.value as bigint) from "
	               "json_array_elements_text(cast($%d as json)) x_})",
	               at, at));
}

/* Newest first, a walk ends with the page, but where few of a million rows fit it goes through all of them. */
static enum err
say_found(struct query *q, struct conn *c, const struct grant *g, const struct list *l, bool *ret_few)
{
	str ids;
	enum err e = list_narrow(c, q->arena, g, l, &ids);

	*ret_few = e == OK && ids.n;
	if (*ret_few)
		say_among(q, ids);
	return e;
}

enum err
record_list(struct conn *c, struct arena *a, const struct grant *g, const struct list *given, struct list_result *ret)
{
	struct list l = *given;
	const struct record *r = l.record;
	size_t limit = l.limit > 0 ? (size_t)l.limit : 50;
	struct query q;
	struct rows rows;
	char *objects = NULL;
	size_t n = 0, cap = 0;
	bool few;
	enum err e;

	if (!l.sort)
		l.descending = true; /* newest first, on every page */
	e = are_few(c, a, g, &l, &few);
	if (e != OK)
		return e;
	start(&q, a, g, &l, record_columns(a, r, "t"));
	str column = sort_column(a, &l);
	if (few && !l.sort && is_merged(r)) {
		say_merged(&q, g, &l, limit + 1);
	} else {
		e = few ? OK : say_found(&q, c, g, &l, &few);
		if (e == OK && l.after.n)
			say_after(&q, &l, column);
		if (e != OK)
			return e;
	}
	/* + keeps SQLite from walking the order's index */
	say(&q, str_fmt(a, " order by %s%.*s%s%s limit %zu", few && l.sort ? "{lite:+|pg:}" : "", STR_ARG(column),
	                l.descending ? " desc" : "", l.sort ? (l.descending ? ", t.id desc" : ", t.id") : "",
	                limit + 1));
	e = db_query(c, a, str_z(a, q.sql), q.values, q.n, &rows);
	if (e != OK)
		return e;
	while (n <= limit && db_next(&rows)) {
		if (n == cap)
			objects = arena_regrow(a, objects, r->size, n, &cap);
		record_read(&rows, r, 0, objects + r->size * n++);
	}
	e = db_end(&rows);
	if (e != OK)
		return e;
	ret->rows = objects;
	ret->n = n > limit ? limit : n;
	ret->next = n > limit ? next_of(a, &l, objects + r->size * (limit - 1)) : (str){ 0 };
	return OK;
}

enum err
record_count(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, int64_t *ret)
{
	struct query q;

	bool few;

	start(&q, a, g, l, STR("count(*)"));
	enum err e = say_found(&q, c, g, l, &few);
	if (e != OK)
		return e;
	return db_one_int(c, str_z(a, q.sql), q.values, q.n, ret);
}

enum err
record_count_to(
        struct conn *c, struct arena *a, const struct grant *g, const struct list *l, int64_t most, int64_t *ret)
{
	struct query q;

	bool few;

	start(&q, a, g, l, STR("1 as one"));
	enum err e = say_found(&q, c, g, l, &few);
	if (e != OK)
		return e;
	str sql = str_fmt(a, "select count(*) from (%.*s limit $%d) x", STR_ARG(q.sql), bind(&q, DB_I(most)));
	return db_one_int(c, str_z(a, sql), q.values, q.n, ret);
}

static bool
parse_op(str text, enum filter_op *ret)
{
	static const char *const names[] = { "is", "not", "least", "most", "has", "none", "any", "below", "word" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(text, str_of(names[i]))) {
			*ret = (enum filter_op)i;
			return true;
		}
	return false;
}

static bool
has_names(const struct record *r)
{
	const struct field *name = record_field(r, STR("name"));

	return name && name->fold;
}

static bool
filter_fits(struct arena *a, const struct record *r, const struct filter *f)
{
	void *trial = arena_alloc(a, r->size, _Alignof(max_align_t));

	if (f->marks)
		return f->op != OP_LEAST && f->op != OP_MOST && f->op != OP_WORD && f->op != OP_BELOW;
	switch (f->op) {
	case OP_NONE:
	case OP_ANY:
		return true;
	case OP_HAS:
		return f->field->fold || (f->field->kind == F_REF && f->field->ref && has_names(f->field->ref));
	case OP_WORD:
		return f->field->kind == F_TEXT && str_find_byte(f->value, ' ') == SIZE_MAX;
	case OP_BELOW:
		return f->field->kind == F_REF && field_set_text(f->field, trial, f->value);
	default:
		return field_set_text(f->field, trial, f->value);
	}
}

enum err
list_parse(struct arena *a, const struct record *r, str name, str value, struct list *l, struct faults *f)
{
	str head, tail;
	struct filter x = { .value = value };

	str_cut(name, '.', &head, &tail);
	x.marks = r->marks && str_eq(head, str_of(r->marks->name)) ? r->marks : NULL;
	x.field = x.marks ? record_field(x.marks->of, STR("name")) : record_field(r, head);
	if (!x.field || !(x.field->filter || (x.field->list && !x.field->own)))
		return fault_add(f, name, STR("is no field to filter by"), STR("choose a field of the list"));
	x.op = x.field->fold && !x.marks && !tail.n ? OP_HAS : OP_IS;
	if (tail.n && !parse_op(tail, &x.op))
		return fault_add(f, name, STR("has no such comparison"),
		        STR("use is, not, least, most, has, word, none, any or below"));
	if (!filter_fits(a, r, &x))
		return fault_add(f, name, str_fmt(a, "“%.*s” is no value of %s", STR_ARG(value), x.field->label),
		        STR("choose another value"));
	if (l->n_filters == sizeof l->filters / sizeof *l->filters)
		return fault_add(f, name, STR("is one filter too many"), STR("at most twelve at once"));
	l->filters[l->n_filters++] = x;
	return OK;
}

enum err
record_find_by(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, const char *field,
        str value, void *ret)
{
	const struct field *f = record_field(r, str_of(field));
	struct filter x = { .field = f, .op = OP_IS, .value = value };
	struct rows rows;
	enum err e;

	assert(f);
	grant_assert(g);
	str sql = str_fmt(a,
	        "select %.*s from %s t where t.org_id = $1 and $2 = $2 and t.%s = $3%.*s order by t.id limit 1",
	        STR_ARG(record_columns(a, r, "t")), r->table, field, STR_ARG(record_may(a, g, r)));
	e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(g->org), DB_I(g->person), filter_value(a, &x)), &rows);
	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there)
		record_read(&rows, r, 0, ret);
	e = db_end(&rows);
	return e != OK ? e : there ? OK : ERR_ABSENT;
}

enum err
record_query(struct conn *c, struct arena *a, const struct grant *g, const char *sql, const struct db_value *args,
        size_t n, struct rows *ret)
{
	struct db_value *all = arena_new(a, struct db_value, n + 2);

	grant_assert(g);
	all[0] = DB_I(g->org);
	all[1] = DB_I(g->person);
	for (size_t i = 0; i < n; i++)
		all[i + 2] = args[i];
	return db_query(c, a, grant_expand(a, g, sql), all, n + 2, ret);
}

enum err
record_history(struct conn *c, struct arena *a, const struct grant *g, const struct record *r, id row, size_t most,
        struct event **ret, size_t *ret_n)
{
	void *object = arena_alloc(a, r->size, _Alignof(max_align_t));
	struct event *events = arena_new(a, struct event, most + 1);
	const struct field *own = NULL;
	struct rows rows;
	size_t n = 0, n_own = 0;
	enum err e = record_load(c, a, g, r, row, object); /* not yours: no history either */

	r = r->base ? r->base : r;
	if (e == OK)
		e = own_load(c, a, g->org, r, &own, &n_own);
	if (e != OK)
		return e;
	e = db_query(c, a,
	        "select s.id, s.at, l.effective, s.login, s.person, coalesce(p.name, ''), s.kind, l.field, l.before_, "
	        "l.after_, s.reason"
	        " from change_line l join change_set s on s.org_id = l.org_id and s.id = l.set_id"
	        " left join person p on p.org_id = s.org_id and p.id = s.person"
	        " where l.org_id = $1 and l.row_id = $2 and l.record = $3 order by l.set_id desc, l.n limit $4",
	        DB_ARGS(DB_I(g->org), DB_I(row), DB_T(str_of(r->name)), DB_I((int64_t)most)), &rows);
	if (e != OK)
		return e;
	while (n < most && db_next(&rows)) {
		struct event *v = &events[n++];
		*v = (struct event){ .set = db_int(&rows, 0),
			.at = db_int(&rows, 1),
			.effective = db_int(&rows, 2),
			.login = db_int(&rows, 3),
			.person = db_int(&rows, 4),
			.actor = db_text(&rows, 5),
			.field = db_text(&rows, 7),
			.before = db_text(&rows, 8),
			.after = db_text(&rows, 9),
			.reason = db_text(&rows, 10) };
		str kind = db_text(&rows, 6);
		v->described = record_field(r, v->field);
		for (size_t i = 0; i < n_own && !v->described; i++)
			v->described = str_eq(v->field, str_of(own[i].name)) ? &own[i] : NULL;
		v->kind = str_eq(kind, STR("edit"))     ? CHANGE_EDIT
		          : str_eq(kind, STR("import")) ? CHANGE_IMPORT
		          : str_eq(kind, STR("undo"))   ? CHANGE_UNDO
		                                        : CHANGE_JOB;
	}
	*ret = events;
	*ret_n = n;
	return db_end(&rows);
}
