/* What was decided, by currency: of a person's line by its index, of all by day of closing, which serves every time
   that is asked about. */
#include "areas/deals/report_sql.h"

#define SUMS \
	"count(*), sum(case when d.outcome = 'won' then 1 else 0 end), coalesce(sum(case when d.outcome = 'won' then " \
	"d.amount end), 0), sum(case when d.outcome = 'won' and d.amount is not null then 1 else 0 end), sum(case " \
	"when " \
	"d.value is null then 1 else 0 end), sum(case when d.value is null and d.outcome = 'won' then 1 else 0 end), " \
	"sum(case when d.engaged_on is not null then 1 else 0 end), sum(case when d.engaged_on is not null and " \
	"d.outcome = 'won' then 1 else 0 end)"

static const char sums_sql[] =
        "select d.currency, cast(null as text), " SUMS " from deal d where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
        " group by d.currency order by d.currency";
static const char days_sql[] =
        "select d.currency, d.closed_on, " SUMS " from deal d where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
        " group by d.currency, d.closed_on order by d.currency, d.closed_on";

struct decided_day {
	day on; /* DAY_NONE: not known */
	struct report_decided_sum sum;
};

struct decided_days {
	struct decided_day *row; /* by currency */
	size_t n;
};

static enum err
load(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, const char *sql,
        struct decided_days *ret)
{
	struct decided_days d = { 0 };
	size_t cap = 0;
	struct rows rows;
	enum err e = report_query(c, a, g, s, sql, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, d.row, d.n, cap);
		d.row[d.n++] = (struct decided_day){ db_day(&rows, 1), { .currency = db_text(&rows, 0),
			                                                       .decided = db_int(&rows, 2),
			                                                       .won = db_int(&rows, 3),
			                                                       .amount = db_int(&rows, 4),
			                                                       .n_amount = db_int(&rows, 5),
			                                                       .no_value = db_int(&rows, 6),
			                                                       .no_value_won = db_int(&rows, 7),
			                                                       .engaged = db_int(&rows, 8),
			                                                       .engaged_won = db_int(&rows, 9) } };
	}
	*ret = d;
	return e == OK ? db_end(&rows) : e;
}

static enum err
make_sums(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	return load(c, a, g, what, sums_sql, ret);
}

static enum err
make_days(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	return load(c, a, g, what, days_sql, ret);
}

static void
copy_days(struct arena *a, void *object)
{
	struct decided_days *d = object;

	REPORT_COPY_ROWS(a, d->row, d->n);
	for (size_t i = 0; i < d->n; i++) /* a currency stands in many rows */
		if (i && str_eq(d->row[i].sum.currency, d->row[i - 1].sum.currency))
			d->row[i].sum.currency = d->row[i - 1].sum.currency;
		else
			report_copy_text(a, &d->row[i].sum.currency);
}

static bool
is_in(const struct report_scope *s, day on)
{
	return (!day_is(s->from) || (day_is(on) && on.n >= s->from.n)) &&
	       (!day_is(s->to) || (day_is(on) && on.n <= s->to.n));
}

static void
add(struct report_decided_sum *to, const struct report_decided_sum *x)
{
	to->decided += x->decided;
	to->won += x->won;
	to->amount += x->amount;
	to->n_amount += x->n_amount;
	to->no_value += x->no_value;
	to->no_value_won += x->no_value_won;
	to->engaged += x->engaged;
	to->engaged_won += x->engaged_won;
}

enum err
report_decided_sums(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct report_decided_sum **ret, size_t *ret_n)
{
	static const struct kept_kind by_day = { "decided by day", REPORT_RECORDS, sizeof(struct decided_days),
		make_days, copy_days },
	                              in_all = { "decided", REPORT_RECORDS, sizeof(struct decided_days), make_sums,
		                              copy_days };
	const struct report_scope ever = { .as_of = s->as_of, .from = DAY_NONE, .to = DAY_NONE, .currency = STR("") };
	struct decided_days d;
	enum err e = s->person ? report_kept(c, a, g, s, &in_all, &d) : report_kept(c, a, g, &ever, &by_day, &d);

	if (e != OK)
		return e;
	struct report_decided_sum *sum = arena_new(a, struct report_decided_sum, d.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < d.n; i++) {
		const struct decided_day *x = &d.row[i];
		if (!s->person && !is_in(s, x->on))
			continue;
		if (!n || !str_eq(sum[n - 1].currency, x->sum.currency))
			sum[n++] = (struct report_decided_sum){ .currency = x->sum.currency };
		add(&sum[n - 1], &x->sum);
	}
	*ret = sum;
	*ret_n = n;
	return OK;
}
