/* Count and sums of all deals that fit a filter, by currency. What the kept sums know (by stage, owner, category,
   currency) costs nothing; anything else is counted exactly, at once where there are few deals, else in a second
   fragment (D2). */
#include "areas/deals/filter.h"

#define AT_ONCE 5000 /* deals among which counting takes no time that anybody notices */

/* A filter over the kept sums: alias s of deal_sum, g of stage. */
struct summed {
	struct arena *arena;
	str sql;
	struct db_value values[FILTER_TERMS + 4];
	size_t n;
};

static int
bind(struct summed *q, struct db_value v)
{
	q->values[q->n++] = v;
	return (int)q->n + 2;
}

static int64_t
number_of(str s)
{
	int64_t n = 0;

	str_to_i64(s, &n);
	return n;
}

/* The sums are kept by these fields; false: they are not kept by what this filter asks for. */
static bool
say_one(struct summed *q, const struct filter *x)
{
	static const struct {
		const char *field, *column;
		enum field_kind kind;
	} kept[] = { { "stage", "s.stage", F_REF }, { "owner", "s.owner", F_REF }, { "process", "g.process", F_REF },
		{ "currency", "s.currency", F_TEXT }, { "outcome", "g.outcome", F_TEXT },
		{ "category", "s.category", F_INT } };
	const char *sign = x->op == OP_IS ? "=" : x->op == OP_NOT ? "<>" : NULL;
	size_t i = 0;

	while (i < sizeof kept / sizeof *kept && !str_eq(str_of(kept[i].field), str_of(x->field->name)))
		i++;
	if (i == sizeof kept / sizeof *kept)
		return false;
	if (x->op == OP_BELOW && kept[i].kind == F_REF) {
		q->sql = str_fmt(q->arena,
		        "%.*s and %s in (select b_.below from line b_ where b_.org_id = $1 and b_.above = $%d and "
		        "b_.to_day is null)",
		        STR_ARG(q->sql), kept[i].column, bind(q, DB_I(number_of(x->value))));
		return true;
	}
	if (!sign || (x->op == OP_NOT && kept[i].kind == F_INT)) /* NULL is not "not commit" in a list either */
		return false;
	struct db_value v = kept[i].kind == F_TEXT  ? DB_T(x->value)
	                    : kept[i].kind == F_INT ? DB_I(choice_of(x->field->choices, x->value))
	                                            : DB_I(number_of(x->value));
	q->sql = str_fmt(q->arena, "%.*s and %s %s $%d", STR_ARG(q->sql), kept[i].column, sign, bind(q, v));
	return true;
}

static bool
say_summed(struct summed *q, const struct deal_filter *f)
{
	for (size_t i = 0; i < f->list.n_filters; i++)
		if (!say_one(q, &f->list.filters[i]))
			return false;
	return true;
}

static enum err
few_deals(struct request *r, bool *ret)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select coalesce(sum(s.n), 0) from deal_sum s where s.org_id = $1 and $2 = $2 {may:deals s.owner}",
	        DB_NO_ARGS, &rows);

	if (e != OK)
		return e;
	*ret = !db_next(&rows) || db_int(&rows, 0) <= AT_ONCE;
	return db_end(&rows);
}

/* An account's deals are found by its index, and nobody has five thousand. */
static bool
is_narrow(const struct deal_filter *f)
{
	for (size_t i = 0; i < f->list.n_filters; i++)
		if (f->list.filters[i].op == OP_IS && str_eq(str_of(f->list.filters[i].field->name), STR("account")))
			return true;
	return false;
}

str
filter_among(struct arena *a, str ids, size_t at)
{
	if (!ids.n)
		return ids;
	return str_fmt(a,
	        " and d.id in ({lite:select value from json_each($%zu)|pg:select cast(x.value as bigint) from "
	        "json_array_elements_text(cast($%zu as json)) x})",
	        at, at);
}

/* The statement: stage, currency, n, value, weighted; of one process where given. */
static enum err
ask(struct request *r, const struct deal_filter *f, id process, bool now, struct rows *rows, bool *ret_known)
{
	struct summed q = { .arena = r->arena };
	struct list_where where;
	const char *sql;
	str few = { 0 };
	enum err e;

	*ret_known = true;
	if (say_summed(&q, f)) {
		int at = bind(&q, DB_I(process));
		sql = str_z(r->arena,
		        str_fmt(r->arena,
		                "select s.stage, s.currency, sum(s.n), sum(s.value), sum(s.weighted) from deal_sum s "
		                "join "
		                "stage g on g.org_id = s.org_id and g.id = s.stage where s.org_id = $1 and $2 = $2 "
		                "{may:deals s.owner}%.*s and ($%d = 0 or g.process = $%d) group by s.stage, s.currency",
		                STR_ARG(q.sql), at, at));
		return record_query(r->conn, r->arena, &r->grant, sql, q.values, q.n, rows);
	}
	e = is_narrow(f) ? OK : list_narrow(r->conn, r->arena, &r->grant, &f->list, &few);
	if (e == OK && now && !few.n && !is_narrow(f))
		e = few_deals(r, ret_known);
	if (e != OK || !*ret_known)
		return e;
	/* + keeps SQLite from reading a million rows in the order of the stages' index, each looked up by itself */
	list_where(r->arena, &r->grant, &f->list, "d", &where);
	struct db_value *values = arena_new(r->arena, struct db_value, where.n + 2);
	for (size_t i = 0; i < where.n; i++)
		values[i] = where.values[i];
	values[where.n] = DB_I(process);
	values[where.n + 1] = DB_T(few);
	str among = filter_among(r->arena, few, where.n + 4);
	sql = str_z(
	        r->arena, str_fmt(r->arena,
	                          "select d.stage, d.currency, count(*), coalesce(sum(d.value), 0), "
	                          "coalesce(sum(d.weighted), 0) from "
	                          "deal d where d.org_id = $1 and $2 = $2%.*s and ($%zu = 0 or d.process = $%zu)%.*s "
	                          "group by {lite:+|pg:}d.stage, {lite:+|pg:}d.currency",
	                          STR_ARG(where.sql), where.n + 3, where.n + 3, STR_ARG(among)));
	return record_query(r->conn, r->arena, &r->grant, sql, values, where.n + 1 + (few.n > 0), rows);
}

enum err
filter_totals(struct request *r, const struct deal_filter *f, bool now, struct totals *ret, bool *ret_known)
{
	struct rows rows;
	enum err e;

	totals_init(ret, r->actor.currency);
	e = ask(r, f, 0, now, &rows, ret_known);
	if (e != OK || !*ret_known)
		return e;
	while (db_next(&rows))
		totals_add(ret, db_text(&rows, 1), db_int(&rows, 2), db_int(&rows, 3), db_int(&rows, 4));
	e = db_end(&rows);
	return e == OK ? totals_close(r->conn, r->arena, r->actor.org, r->today, ret) : e;
}

enum err
filter_stage_totals(struct request *r, const struct deal_filter *f, id process, const struct stage *stages, size_t n,
        bool now, struct totals *ret, bool *ret_known)
{
	struct rows rows;
	enum err e;

	for (size_t i = 0; i < n; i++)
		totals_init(&ret[i], r->actor.currency);
	e = ask(r, f, process, now, &rows, ret_known);
	if (e != OK || !*ret_known)
		return e;
	while (db_next(&rows))
		for (size_t i = 0; i < n; i++)
			if (stages[i].row.id == db_int(&rows, 0))
				totals_add(&ret[i], db_text(&rows, 1), db_int(&rows, 2), db_int(&rows, 3),
				        db_int(&rows, 4));
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		e = totals_close(r->conn, r->arena, r->actor.org, r->today, &ret[i]);
	return e;
}
