#include "areas/deals/rates.h"
#include "areas/deals/report_sql.h"
#include "areas/deals/target.h"

#include "stats/quantile.h"

const struct db_value *
report_arguments(struct arena *a, const struct report_scope *s)
{
	struct db_value *v = arena_new(a, struct db_value, 5);

	v[0] = DB_I(s->person);
	v[1] = DB_T(day_is(s->from) ? day_iso(a, s->from) : STR(""));
	v[2] = DB_T(day_is(s->to) ? day_iso(a, s->to) : STR(""));
	v[3] = DB_T(day_iso(a, s->as_of));
	v[4] = DB_T(s->currency);
	return v;
}

static enum err
count_decided(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret)
{
	struct rows rows;
	enum err e = record_query(c, a, g,
	        "select d.outcome, count(*), sum(case when d.currency = cast($7 as text) then coalesce(d.amount, 0) "
	        "else 0 end),"
	        " sum(case when d.currency = cast($7 as text) and d.amount is not null then 1 else 0 end),"
	        " sum(case when d.currency <> cast($7 as text) then 1 else 0 end) from deal d where d.org_id = "
	        "$1" REPORT_TYPED REPORT_DECIDED " group by d.outcome",
	        report_arguments(a, s), 5, &rows);

	while (e == OK && db_next(&rows)) {
		bool won = str_eq(db_text_raw(&rows, 0), STR("won"));
		*(won ? &ret->won : &ret->lost) = db_int(&rows, 1);
		if (!won)
			continue;
		ret->revenue = db_int(&rows, 2);
		ret->n_revenue = db_int(&rows, 3);
		ret->n_other += db_int(&rows, 4);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
read_values(struct rows *rows, struct arena *a, struct report_sales *ret)
{
	int32_t *won = NULL, *lost = NULL;
	double *values = NULL, lost_sum = 0, won_sum = 0;
	size_t n_won = 0, won_cap = 0, n_lost = 0, lost_cap = 0, n_values = 0, values_cap = 0;

	while (db_next(rows)) {
		bool is_won = str_eq(db_text_raw(rows, 0), STR("won"));
		if (is_won && !db_is_null(rows, 3)) {
			arena_grow(a, values, n_values, values_cap);
			values[n_values++] = (double)db_int(rows, 3);
		}
		if (db_is_null(rows, 1) || db_is_null(rows, 2))
			continue;
		int32_t days = day_between(db_day(rows, 1), db_day(rows, 2));
		if (is_won) {
			arena_grow(a, won, n_won, won_cap);
			won[n_won++] = days;
			won_sum += days;
		} else {
			arena_grow(a, lost, n_lost, lost_cap);
			lost[n_lost++] = days;
			lost_sum += days;
		}
	}
	ret->n_cycle = (int64_t)n_won;
	ret->n_cycle_lost = (int64_t)n_lost;
	ret->has_cycle =
	        quantile_mean_i32(won, n_won, &ret->cycle_mean) && quantile_i32(won, n_won, 0.5, &ret->cycle_median);
	quantile_mean_i32(lost, n_lost, &ret->cycle_lost_mean);
	if (n_won + n_lost)
		ret->cycle_closed_mean = (won_sum + lost_sum) / (double)(n_won + n_lost);
	quantile_mean_f64(values, n_values, &ret->value_mean);
	quantile_f64(values, n_values, 0.5, &ret->value_median);
	return db_end(rows);
}

/* Days from engaged to decided, and what won deals were worth. */
static enum err
measure_decided(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret)
{
	struct rows rows;
	enum err e = record_query(c, a, g,
	        "select d.outcome, d.engaged_on, d.closed_on, case when d.currency = cast($7 as text) then d.amount end"
	        " from deal d where d.org_id = $1" REPORT_TYPED REPORT_DECIDED,
	        report_arguments(a, s), 5, &rows);

	return e == OK ? read_values(&rows, a, ret) : e;
}

/* How far deals came: of all, those with a day of engagement, and of these the decided and the won. */
static enum err
count_engaged(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret)
{
	struct rows rows;
	enum err e = record_query(c, a, g,
	        "select d.outcome, count(*), sum(case when d.engaged_on is not null then 1 else 0 end) from deal d"
	        " where d.org_id = $1" REPORT_TYPED REPORT_DECIDED " group by d.outcome",
	        report_arguments(a, s), 5, &rows);

	while (e == OK && db_next(&rows)) {
		ret->all += db_int(&rows, 1);
		ret->engaged += db_int(&rows, 2);
		ret->engaged_decided += db_int(&rows, 2);
		if (str_eq(db_text_raw(&rows, 0), STR("won")))
			ret->engaged_won = db_int(&rows, 2);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		e = record_query(c, a, g,
		        "select count(*), sum(case when d.engaged_on is not null then 1 else 0 end) from deal d"
		        " where d.org_id = $1" REPORT_TYPED REPORT_OPEN,
		        report_arguments(a, s), 5, &rows);
	if (e == OK && db_next(&rows)) {
		ret->all += db_int(&rows, 0);
		ret->engaged += db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static int64_t
halves_away(int64_t hundredths)
{
	return (hundredths + (hundredths < 0 ? -50 : 50)) / 100;
}

static enum err
count_open(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret)
{
	struct rows rows;
	enum err e = record_query(c, a, g,
	        "select count(*), sum(case when d.currency = cast($7 as text) then coalesce(d.value, 0) else 0 end),"
	        " sum(case when d.currency = cast($7 as text) and d.value is not null then 1 else 0 end),"
	        " sum(case when d.currency = cast($7 as text) then coalesce(d.weighted, 0) else 0 end),"
	        " sum(case when d.currency <> cast($7 as text) then 1 else 0 end),"
	        " sum(case when d.currency = cast($7 as text) and d.value is not null and d.value_from = 'list' then 1 "
	        "else 0 end)"
	        " from deal d where d.org_id = $1" REPORT_TYPED REPORT_OPEN,
	        report_arguments(a, s), 5, &rows);

	if (e == OK && db_next(&rows)) {
		ret->open = db_int(&rows, 0);
		ret->open_value = db_int(&rows, 1);
		ret->n_open_value = ret->n_weighted = db_int(&rows, 2);
		ret->weighted = halves_away(db_int(&rows, 3));
		ret->n_other += db_int(&rows, 4);
		ret->n_open_list = db_int(&rows, 5);
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
report_sales(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret)
{
	enum err e;

	*ret = (struct report_sales){ 0 };
	e = count_decided(c, a, g, s, ret);
	if (e == OK)
		e = measure_decided(c, a, g, s, ret);
	if (e == OK)
		e = count_engaged(c, a, g, s, ret);
	return e == OK ? count_open(c, a, g, s, ret) : e;
}

enum err
report_stages(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct report_stage **ret, size_t *ret_n)
{
	struct report_stage *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = record_query(c, a, g,
	        "select x.name, count(*), sum(case when d.currency = cast($7 as text) then coalesce(d.value, 0) else 0 "
	        "end), sum(case when d.currency = cast($7 as text) and d.value is not null then 1 else 0 end),"
	        " sum(case when d.currency = cast($7 as text) then coalesce(d.weighted, 0) else 0 end),"
	        " sum(case when d.account is null then 1 else 0 end)"
	        " from deal d join stage x on x.org_id = d.org_id and x.id = d.stage where d.org_id = $1" REPORT_TYPED
	                REPORT_OPEN
	        " group by x.process, x.position, x.name, x.id order by x.process, x.position, x.id",
	        report_arguments(a, s), 5, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct report_stage){ db_text(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
			db_int(&rows, 3), halves_away(db_int(&rows, 4)), db_int(&rows, 5) };
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

enum err
report_revenue(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, unsigned by,
        struct report_row **ret, size_t *ret_n)
{
	struct report_row *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(a,
	        "select x.office, x.manager, x.person, x.quarter, sum(x.amount), count(*) from (select %s as office, "
	        "%s as manager, %s as person,"
	        " %s as quarter, d.amount as amount from deal d join person p on p.org_id = d.org_id and p.id = d.owner"
	        " left join line u on u.org_id = d.org_id and u.below = d.owner and u.depth = 1 and u.from_day "
	        "<= " REPORT_CLOSED_ON " and (u.to_day is null or u.to_day >= " REPORT_CLOSED_ON ")"
	        " left join person m on m.org_id = d.org_id and m.id = u.above"
	        " where d.org_id = $1 and d.outcome = 'won' and d.amount is not null and d.currency = cast($7 as "
	        "text)" REPORT_TYPED REPORT_DECIDED ") x"
	        " group by x.office, x.manager, x.person, x.quarter order by x.office, x.manager, x.person, x.quarter",
	        by & REPORT_BY_OFFICE ? "coalesce(p.office, '')" : "''",
	        by & REPORT_BY_MANAGER ? "coalesce(m.name, '')" : "''", by & REPORT_BY_PERSON ? "p.name" : "''",
	        by & REPORT_BY_QUARTER ? "substr(d.closed_on, 1, 4) || '-Q' || cast((cast(substr(d.closed_on, 6, 2) as "
	                                 "integer) + 2) / 3 as text)"
	                               : "''");
	enum err e = record_query(c, a, g, str_z(a, sql), report_arguments(a, s), 5, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct report_row){ db_text(&rows, 0), db_text(&rows, 1), db_text(&rows, 2),
			db_text(&rows, 3), db_int(&rows, 4), db_int(&rows, 5) };
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* Each currency by its last rate on the day that is read (D3). split: won deals whose worth is not known for want of a
   rate are in no figure of it; else they are counted, and bring nothing. */
static enum err
decided_in_one(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, bool split,
        struct gap_deals *ret)
{
	struct gap_deals all = { 0 };
	struct rate_book rates;
	struct rows rows;
	enum err e = rate_book_load(c, a, g->org, s->currency, s->as_of, &rates);

	if (e == OK)
		e = record_query(c, a, g,
		        "select d.currency, count(*), sum(case when d.outcome = 'won' then 1 else 0 end),"
		        " sum(case when d.outcome = 'won' then coalesce(d.amount, 0) else 0 end), sum(case when "
		        "d.value is "
		        "null then 1 else 0 end), sum(case when d.value is null and d.outcome = 'won' then 1 else 0 "
		        "end) from "
		        "deal d where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
		        " group by d.currency order by d.currency",
		        report_arguments(a, s), 5, &rows);
	while (e == OK && db_next(&rows)) {
		int64_t worth = 0;
		bool known = rate_book_worth(&rates, db_text_raw(&rows, 0), db_int(&rows, 3), 1, &worth);
		all.decided += db_int(&rows, known || !split ? 1 : 4);
		all.won += db_int(&rows, known || !split ? 2 : 5);
		all.revenue += worth;
	}
	if (all.revenue < 0)
		all.revenue = 0;
	*ret = all;
	return e == OK ? db_end(&rows) : e;
}

enum err
report_decided(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct gap_deals *ret)
{
	return decided_in_one(c, a, g, s, false, ret);
}

static enum err
find_target(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_gap *ret)
{
	const struct target_ask ask = { s->person, s->from, s->to, s->currency };
	struct target_sum t;
	enum err e = target_sum(c, a, g, &ask, &t);

	ret->has_target = t.found;
	ret->target = t.amount;
	return e;
}

enum err
report_gap(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_gap *ret)
{
	struct report_scope before = *s;
	enum err e;

	*ret = (struct report_gap){ 0 };
	before.to = day_add(s->from, -1);
	before.from = day_add_months(s->from, -12);
	e = decided_in_one(c, a, g, s, true, &ret->actual);
	if (e == OK)
		e = decided_in_one(c, a, g, &before, true, &ret->history);
	if (e == OK)
		e = find_target(c, a, g, s, ret);
	if (e != OK)
		return e;
	if (ret->has_target)
		return gap_to_target(ret->target, ret->history, ret->actual, &ret->gap);
	/* The pace of the year before, for as many months as are asked about. */
	int64_t days = day_between(s->from, s->to) + 1;
	return gap_to_history((ret->history.decided * days + 182) / 365, ret->history, ret->actual, &ret->gap);
}
