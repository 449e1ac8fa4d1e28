/* Targets of a scorecard: money from the targets that stand (D6), everything else from the agreement that both signed,
   each for the days it was in force, prorated by working days and absences (A1, A2, O7). */
#include "areas/accountability/accountability.h"

#include "areas/deals/target.h"

#define LINES_MOST 40

struct promised {
	int64_t amount;
	int per;
	day from, to; /* to: DAY_NONE: still in force */
	day since;    /* when the agreement came into force */
};

static enum err
load_promised(const struct card_ask *ask, const struct measured *x, struct promised ret[LINES_MOST], size_t *ret_n)
{
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select l.amount, l.per, g.from_day, g.to_day from agreement_line l join agreement g on g.org_id = "
	        "l.org_id "
	        "and g.id = l.agreement where l.org_id = $1 and l.person = $2 and l.measure = $5 and l.side = 'does' "
	        "and "
	        "g.state in ('signed', 'replaced') and g.from_day <= $4 and (g.to_day is null or g.to_day >= $3) order "
	        "by "
	        "g.number limit 40",
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, ask->to), DB_I(x->m.row.id)),
	        &rows);

	*ret_n = 0;
	while (e == OK && *ret_n < LINES_MOST && db_next(&rows)) {
		struct promised *p = &ret[(*ret_n)++];
		p->amount = db_int(&rows, 0);
		p->per = choice_of(measure_pers, db_text_raw(&rows, 1));
		p->from = p->since = db_day(&rows, 2);
		p->to = db_day(&rows, 3);
	}
	return e == OK ? db_end(&rows) : e;
}

struct away {
	day from, to;
	int64_t share;
};

static enum err
load_away(const struct card_ask *ask, struct away **ret, size_t *ret_n)
{
	struct away *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select from_day, to_day, coalesce(share, 0) from absence where org_id = $1 and person = $2 and "
	        "from_day "
	        "<= $4 and to_day >= $3",
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, ask->to)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(ask->arena, all, n, cap);
		all[n++] = (struct away){ db_day(&rows, 0), db_day(&rows, 1), db_int(&rows, 2) };
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

static int64_t
presence(day on, const struct away *away, size_t n)
{
	int64_t there = 100;

	for (size_t i = 0; i < n; i++)
		if (away[i].from.n <= on.n && away[i].to.n >= on.n && away[i].share < there)
			there = away[i].share;
	return there;
}

/* Working days of the week, month or quarter that the day lies in, so that a whole one asks for just the amount. */
static int64_t
working_days(day on, int per)
{
	day first = per == PER_WEEK ? day_week(on) : per == PER_MONTH ? day_month(on) : day_quarter(on);
	day next = per == PER_WEEK    ? day_add(first, 7)
	           : per == PER_MONTH ? day_add_months(first, 1)
	                              : day_add_months(first, 3);

	return day_working_between(day_add(first, -1), day_add(next, -1));
}

#define FINE INT64_C(1000000)

/* In millionths, rounded once at the end. */
static int64_t
asked_of(const struct promised *p, day from, day to, const struct away *away, size_t n_away)
{
	int64_t sum = 0;

	if (p->from.n > from.n)
		from = p->from;
	if (day_is(p->to) && p->to.n < to.n)
		to = p->to;
	for (day d = from; d.n <= to.n; d.n++)
		if (day_weekday(d) <= 5)
			sum += money_scale(p->amount, presence(d, away, n_away) * FINE, 100 * working_days(d, p->per));
	return sum;
}

static enum err
agreed_target(const struct card_ask *ask, struct measured *x)
{
	struct promised all[LINES_MOST];
	struct away *away = NULL;
	size_t n = 0, n_away = 0;
	int64_t whole = 0, until_now = 0;
	day now = ask->to.n < ask->today.n ? ask->to : ask->today;
	enum err e = load_promised(ask, x, all, &n);

	if (e != OK || !n)
		return e;
	x->has_target = true;
	x->target_from =
	        str_fmt(ask->arena, "agreed, since %.*s", STR_ARG(day_text(ask->arena, all[n - 1].since, ask->today)));
	if (measure_is_share(&x->m)) {
		x->target = x->pace = all[n - 1].amount;
		return OK;
	}
	e = load_away(ask, &away, &n_away);
	for (size_t i = 0; i < n; i++) {
		whole += asked_of(&all[i], ask->from, ask->to, away, n_away);
		until_now += asked_of(&all[i], ask->from, now, away, n_away);
	}
	x->target = (whole + FINE / 2) / FINE;
	x->pace = (until_now + FINE / 2) / FINE;
	return e;
}

/* The targets that were entered or imported (D5b); the pace by working days. */
static enum err
money_target(const struct card_ask *ask, struct measured *x)
{
	const struct target_ask t = { ask->person, ask->from, ask->to, ask->currency };
	struct target_sum sum;
	day now = ask->to.n < ask->today.n ? ask->to : ask->today;
	int64_t all = day_working_between(day_add(ask->from, -1), ask->to);
	enum err e = target_sum(ask->conn, ask->arena, ask->counts, &t, &sum);

	if (e != OK || !sum.found)
		return e;
	x->has_target = true;
	x->target = sum.amount;
	x->pace = all ? money_scale(sum.amount, day_working_between(day_add(ask->from, -1), now), all) : sum.amount;
	x->target_from = sum.own ? STR("entered") : str_fmt(ask->arena, "of %lld below", (long long)sum.people);
	return OK;
}

enum err
measure_target(const struct card_ask *ask, struct measured *x)
{
	if (x->m.source == FROM_REVENUE)
		return money_target(ask, x);
	return x->m.row.id ? agreed_target(ask, x) : OK;
}
