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

enum err
report_line(struct conn *c, id org, id person, int64_t *ret)
{
	return db_one_int(c,
	        "select count(*) from line l join person p on p.org_id = l.org_id and p.id = l.below where l.org_id = "
	        "$1 and l.above = $2 and l.to_day is null and p.left_on is null",
	        DB_ARGS(DB_I(org), DB_I(person)), ret);
}

str
report_put(struct arena *a, str sql, str general, str narrow)
{
	str all = { 0 };

	for (size_t at; (at = str_find(sql, general)) != SIZE_MAX; sql = str_from(sql, at + general.n))
		all = str_fmt(a, "%.*s%.*s%.*s", STR_ARG(all), (int)at, sql.s, STR_ARG(narrow));
	return all.n ? str_join(a, all, sql) : sql;
}

const char *
report_narrow(struct arena *a, const struct report_scope *s, const char *general)
{
	str sql = str_of(general);

	if (day_is(s->from))
		sql = report_put(a, sql, STR(REPORT_SINCE), STR("d.closed_on >= cast($4 as text)"));
	if (day_is(s->to))
		sql = report_put(a, sql, STR(REPORT_UNTIL), STR("d.closed_on <= cast($5 as text)"));
	if (!s->person)
		sql = report_put(a, sql, STR(REPORT_ANYBODY), STR("1=1 or " REPORT_OF_LINE));
	else /* by the index that begins with the owner */
		sql = report_put(a, sql, STR(REPORT_ANYBODY),
		        STR("d.owner in (select o_.below from line o_ where o_.org_id = $1 and o_.above = cast($3 as "
		            "bigint)) and " REPORT_OF_LINE));
	return sql.s == general ? general : str_z(a, sql);
}

enum err
report_query(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, const char *sql,
        struct rows *ret)
{
	return record_query(c, a, g, report_narrow(a, s, sql), report_arguments(a, s), REPORT_ARGUMENTS, ret);
}

enum err
report_bound(struct conn *c, const struct grant *g, struct report_scope *s, bool singly)
{
	int64_t n = 0;
	enum err e = OK;

	if (!day_is(g->persons_from) || (!singly && !s->person))
		return OK;
	if (!singly)
		e = report_line(c, g->org, s->person, &n);
	if (e == OK && n < REPORT_FEW)
		s->from = grant_persons_from(g, s->from);
	return e;
}

/* Each currency is converted by itself, by its last rate on the day that is read (D3). */
struct counting {
	struct conn *c;
	struct arena *a;
	const struct grant *g;
	const struct report_scope *s;
	struct rate_book rates;
};

static enum err
counting_open(struct counting *x, struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s)
{
	*x = (struct counting){ .c = c, .a = a, .g = g, .s = s };
	return rate_book_load(c, a, g->org, s->currency, s->as_of, &x->rates);
}

static enum err
ask(struct counting *x, const char *sql, struct rows *ret)
{
	return report_query(x->c, x->a, x->g, x->s, sql, ret);
}

/* What was won and lost, and of these how many have a day of engagement. */
static enum err
count_decided(struct counting *x, struct report_sales *ret)
{
	struct report_decided_sum *sum;
	size_t n;
	enum err e = report_decided_sums(x->c, x->a, x->g, x->s, &sum, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		int64_t worth;
		ret->won += sum[i].won;
		ret->lost += sum[i].decided - sum[i].won;
		ret->all += sum[i].decided;
		ret->engaged += sum[i].engaged;
		ret->engaged_decided += sum[i].engaged;
		ret->engaged_won += sum[i].engaged_won;
		if (!sum[i].won || !rate_book_worth(&x->rates, sum[i].currency, sum[i].amount, sum[i].n_amount, &worth))
			continue;
		ret->revenue += worth;
		ret->n_revenue += sum[i].n_amount;
	}
	return e;
}

/* The lengths of won or lost deals. */
struct lengths {
	int32_t *days;
	size_t n, cap;
	double sum;
};

static void
add_length(struct arena *a, struct lengths *l, int32_t days, int64_t n)
{
	for (; n > 0; n--) {
		arena_grow(a, l->days, l->n, l->cap);
		l->days[l->n++] = days;
		l->sum += days;
	}
}

/* Days from engaged to decided: as many rows as there are lengths, not as deals. */
static enum err
measure_lengths(struct counting *x, struct report_sales *ret)
{
	struct lengths won = { 0 }, lost = { 0 };
	struct rows rows;
	enum err e = ask(x,
	        "select y.outcome, y.days, count(*) from (select d.outcome as outcome, " REPORT_DAYS("d.engaged_on",
	                "d.closed_on") " as days from deal d where d.org_id = $1 and d.engaged_on is not null and "
	                               "d.closed_on is not null" REPORT_TYPED REPORT_DECIDED
	                               ") y group by y.outcome, y.days order by y.outcome, y.days",
	        &rows);

	while (e == OK && db_next(&rows))
		add_length(x->a, str_eq(db_text_raw(&rows, 0), STR("won")) ? &won : &lost, (int32_t)db_int(&rows, 1),
		        db_int(&rows, 2));
	ret->n_cycle = (int64_t)won.n;
	ret->n_cycle_lost = (int64_t)lost.n;
	ret->has_cycle = quantile_mean_i32(won.days, won.n, &ret->cycle_mean) &&
	                 quantile_i32(won.days, won.n, 0.5, &ret->cycle_median);
	quantile_mean_i32(lost.days, lost.n, &ret->cycle_lost_mean);
	if (won.n + lost.n)
		ret->cycle_closed_mean = (won.sum + lost.sum) / (double)(won.n + lost.n);
	return e == OK ? db_end(&rows) : e;
}

/* What won deals were worth. */
static enum err
measure_values(struct counting *x, struct report_sales *ret)
{
	double *values = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = ask(x,
	        "select d.amount, d.currency from deal d where d.org_id = $1 and d.outcome = 'won' and d.amount is not "
	        "null" REPORT_TYPED REPORT_DECIDED,
	        &rows);

	while (e == OK && db_next(&rows)) {
		int64_t worth;
		if (!rate_book_worth(&x->rates, db_text_raw(&rows, 1), db_int(&rows, 0), 0, &worth))
			continue;
		arena_grow(x->a, values, n, cap);
		values[n++] = (double)worth;
	}
	quantile_mean_f64(values, n, &ret->value_mean);
	quantile_f64(values, n, 0.5, &ret->value_median);
	return e == OK ? db_end(&rows) : e;
}

/* How far deals came: of all, those with a day of engagement. */
static enum err
count_engaged(struct counting *x, struct report_sales *ret)
{
	struct rows rows;
	enum err e = ask(x,
	        "select count(*), sum(case when d.engaged_on is not null then 1 else 0 end) from deal d"
	        " where d.org_id = $1" REPORT_TYPED REPORT_OPEN,
	        &rows);

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
count_open(struct counting *x, struct report_sales *ret)
{
	struct rows rows;
	int64_t hundredths = 0;
	enum err e = ask(x,
	        "select d.currency, count(*), coalesce(sum(d.value), 0), count(d.value), coalesce(sum(d.weighted), 0), "
	        "sum(case when d.value is not null and d.value_from = 'list' then 1 else 0 end) from deal d where "
	        "d.org_id = $1" REPORT_TYPED REPORT_OPEN " group by d.currency order by d.currency",
	        &rows);

	while (e == OK && db_next(&rows)) {
		int64_t worth, weighted, n = db_int(&rows, 3);
		str currency = db_text_raw(&rows, 0);
		ret->open += db_int(&rows, 1);
		if (!rate_book_worth(&x->rates, currency, db_int(&rows, 2), n, &worth) ||
		        !rate_book_worth(&x->rates, currency, db_int(&rows, 4), 0, &weighted))
			continue;
		ret->open_value += worth;
		ret->n_open_value += n;
		hundredths += weighted;
		ret->n_open_list += db_int(&rows, 5);
	}
	ret->n_weighted = ret->n_open_value;
	ret->weighted = halves_away(hundredths);
	return e == OK ? db_end(&rows) : e;
}

static enum err
make_sales(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *to)
{
	struct report_sales *ret = to;
	struct counting x;
	enum err e = counting_open(&x, c, a, g, what);

	if (e == OK)
		e = count_decided(&x, ret);
	if (e == OK)
		e = measure_lengths(&x, ret);
	if (e == OK)
		e = measure_values(&x, ret);
	if (e == OK)
		e = count_engaged(&x, ret);
	if (e == OK)
		e = count_open(&x, ret);
	ret->currencies = rate_book_said(a, &x.rates);
	return e;
}

static void
copy_sales(struct arena *a, void *object)
{
	report_copy_said(a, &((struct report_sales *)object)->currencies);
}

enum err
report_sales(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret)
{
	static const struct kept_kind kind = { "sales", REPORT_RECORDS, sizeof *ret, make_sales, copy_sales };

	return report_kept(c, a, g, s, &kind, ret);
}

static void
add_stage(struct counting *x, struct report_stage *to, struct rows *rows)
{
	int64_t value, weighted, n = db_int(rows, 5);
	str currency = db_text_raw(rows, 2);

	to->n += db_int(rows, 3);
	to->n_no_account += db_int(rows, 7);
	if (!rate_book_worth(&x->rates, currency, db_int(rows, 4), n, &value) ||
	        !rate_book_worth(&x->rates, currency, db_int(rows, 6), 0, &weighted)) {
		to->n_no_rate += n;
		return;
	}
	to->value += value;
	to->n_value += n;
	to->weighted += weighted;
}

enum err
report_stages(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct report_stage **ret, size_t *ret_n, struct rate_said *ret_said)
{
	struct report_stage *all = NULL;
	struct counting x;
	size_t n = 0, cap = 0;
	struct rows rows;
	id last = 0;
	enum err e = counting_open(&x, c, a, g, s);

	if (e == OK)
		e = ask(&x,
		        "select x.id, x.name, d.currency, count(*), coalesce(sum(d.value), 0), count(d.value), "
		        "coalesce(sum(d.weighted), 0), sum(case when d.account is null then 1 else 0 end) from deal d "
		        "join stage x on x.org_id = d.org_id and x.id = d.stage where d.org_id = "
		        "$1" REPORT_TYPED REPORT_OPEN " group by x.process, x.position, x.name, x.id, d.currency order "
		        "by x.process, x.position, x.id, d.currency",
		        &rows);
	while (e == OK && db_next(&rows)) {
		if (!n || last != db_int(&rows, 0)) {
			arena_grow(a, all, n, cap);
			all[n++] = (struct report_stage){ .stage = db_text(&rows, 1) };
			last = db_int(&rows, 0);
		}
		add_stage(&x, &all[n - 1], &rows);
	}
	for (size_t i = 0; i < n; i++)
		all[i].weighted = halves_away(all[i].weighted);
	*ret = all;
	*ret_n = n;
	*ret_said = rate_book_said(a, &x.rates);
	return e == OK ? db_end(&rows) : e;
}

static bool
same_row(const struct report_row *x, const struct report_row *y)
{
	return str_eq(x->office, y->office) && str_eq(x->manager, y->manager) && str_eq(x->person, y->person) &&
	       str_eq(x->quarter, y->quarter);
}

static enum err
read_revenue(struct counting *x, struct rows *rows, struct report_row **ret, size_t *ret_n)
{
	struct report_row *all = NULL;
	size_t n = 0, cap = 0;

	while (db_next(rows)) {
		struct report_row row = { .office = db_text(rows, 0),
			.manager = db_text(rows, 1),
			.person = db_text(rows, 2),
			.quarter = db_text(rows, 3) };
		int64_t worth = 0, deals = db_int(rows, 6);
		bool known = rate_book_worth(&x->rates, db_text_raw(rows, 4), db_int(rows, 5), deals, &worth);
		if (!n || !same_row(&row, &all[n - 1])) {
			arena_grow(x->a, all, n, cap);
			all[n++] = row;
		}
		all[n - 1].value += worth;
		*(known ? &all[n - 1].n : &all[n - 1].n_no_rate) += deals;
	}
	*ret = all;
	*ret_n = n;
	return db_end(rows);
}

static const char of_office[] =
        " and ((1=1 {may:scorecard d.owner}) or coalesce(p.office, '') in (select coalesce(q.office, '') from person q "
        "where q.org_id = $1 and q.left_on is null group by coalesce(q.office, '') having count(*) >= 5))";
static_assert(REPORT_FEW == 5, "as the statement has it");

enum err
report_revenue(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, unsigned by,
        struct report_row **ret, size_t *ret_n, struct rate_said *ret_said)
{
	struct counting x;
	struct rows rows;
	str sql = str_fmt(a,
	        "select x.office, x.manager, x.person, x.quarter, x.currency, sum(x.amount), count(*) from (select %s "
	        "as office, %s as manager, %s as person,"
	        " %s as quarter, d.amount as amount, d.currency as currency from deal d join person p on p.org_id = "
	        "d.org_id and p.id = d.owner"
	        " left join line u on u.org_id = d.org_id and u.below = d.owner and u.depth = 1 and u.from_day "
	        "<= " REPORT_CLOSED_ON " and (u.to_day is null or u.to_day >= " REPORT_CLOSED_ON ")"
	        " left join person m on m.org_id = d.org_id and m.id = u.above"
	        " where d.org_id = $1 and d.outcome = 'won' and d.amount is not null" REPORT_TYPED REPORT_DECIDED
	        "%s%s%s) "
	        "x"
	        " group by x.office, x.manager, x.person, x.quarter, x.currency order by x.office, x.manager, "
	        "x.person, x.quarter, x.currency",
	        by & REPORT_BY_OFFICE ? "coalesce(p.office, '')" : "''",
	        by & REPORT_BY_MANAGER ? "coalesce(m.name, '')" : "''", by & REPORT_BY_PERSON ? "p.name" : "''",
	        by & REPORT_BY_QUARTER ? "substr(d.closed_on, 1, 4) || '-Q' || cast((cast(substr(d.closed_on, 6, 2) as "
	                                 "integer) + 2) / 3 as text)"
	                               : "''",
	        by & REPORT_BY_PERSON ? "{may:scorecard d.owner}" : "",
	        by & REPORT_BY_MANAGER ? "{may:scorecard u.above}" : "", by & REPORT_BY_OFFICE ? of_office : "");
	enum err e = counting_open(&x, c, a, g, s);

	if (e == OK)
		e = ask(&x, str_z(a, sql), &rows);
	if (e == OK)
		e = read_revenue(&x, &rows, ret, ret_n);
	*ret_said = rate_book_said(a, &x.rates);
	return e;
}

/* split: won deals whose worth is not known for want of a rate are in no figure of it; else they are counted, and bring
   nothing. */
static enum err
decided_in_one(struct counting *x, bool split, struct gap_deals *ret)
{
	struct gap_deals all = { 0 };
	struct report_decided_sum *sum;
	size_t n;
	enum err e = report_decided_sums(x->c, x->a, x->g, x->s, &sum, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		int64_t worth = 0;
		bool known =
		        rate_book_worth(&x->rates, sum[i].currency, sum[i].amount, sum[i].n_amount, &worth) || !split;
		all.decided += known ? sum[i].decided : sum[i].no_value;
		all.won += known ? sum[i].won : sum[i].no_value_won;
		all.revenue += worth;
	}
	if (all.revenue < 0)
		all.revenue = 0;
	*ret = all;
	return e;
}

enum err
report_decided(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct gap_deals *ret)
{
	struct counting x;
	enum err e = counting_open(&x, c, a, g, s);

	return e == OK ? decided_in_one(&x, false, ret) : e;
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
	struct report_scope own = *s, before;
	struct counting now, then;
	enum err e = report_bound(c, g, &own, false);

	*ret = (struct report_gap){ 0 };
	s = &own;
	before = own;
	before.to = day_add(s->from, -1);
	before.from = day_add_months(s->from, -12);
	if (e == OK)
		e = report_bound(c, g, &before, false);
	if (e == OK)
		e = counting_open(&now, c, a, g, s);
	if (e == OK)
		e = decided_in_one(&now, true, &ret->actual);
	if (e == OK)
		e = counting_open(&then, c, a, g, &before);
	if (e == OK)
		e = decided_in_one(&then, true, &ret->history);
	ret->currencies = rate_book_said(a, &now.rates);
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
