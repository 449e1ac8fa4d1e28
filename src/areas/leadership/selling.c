#include "areas/leadership/selling.h"

#include "areas/commitments/commitments.h"

/* D3: currencies by their last rate, so that the share is of all the team's open value; what has none is in neither. */
static enum err
load_share(
        struct conn *c, struct arena *a, const struct grant *g, id person, str currency, day today, struct selling *s)
{
	struct rate_book rates;
	struct rows rows;
	enum err e = rate_book_load(c, a, g->org, currency, today, &rates);

	if (e == OK)
		e = record_query(c, a, g,
		        "select d.currency, coalesce(sum(case when d.owner = $3 then coalesce(d.value, 0) else 0 end), "
		        "0), coalesce(sum(d.value), 0), coalesce(sum(case when d.owner = $3 then 1 else 0 end), 0), "
		        "count(d.value) from deal d where d.org_id = $1 and $2 = $2 and d.outcome = 'open' and exists "
		        "(select 1 from line l where l.org_id = $1 and l.above = $3 and l.below = d.owner and "
		        "l.from_day <= $4 and (l.to_day is null or l.to_day >= $4)) group by d.currency order by "
		        "d.currency",
		        DB_ARGS(DB_I(person), db_day_value(a, today)), &rows);
	while (e == OK && db_next(&rows)) {
		str code = db_text_raw(&rows, 0);
		int64_t own, team;
		s->n_own += db_int(&rows, 3);
		if (!rate_book_worth(&rates, code, db_int(&rows, 2), db_int(&rows, 4), &team) ||
		        !rate_book_worth(&rates, code, db_int(&rows, 1), 0, &own))
			continue;
		s->own += own;
		s->team += team;
	}
	s->currencies = rate_book_said(a, &rates);
	return e == OK ? db_end(&rows) : e;
}

/* From the history of owners (D4): another's until shortly before it was decided. */
static enum err
load_taken(struct conn *c, struct arena *a, const struct grant *g, id person, day from, day today, struct selling *s)
{
	struct rows rows;
	id last = 0;
	enum err e = record_query(c, a, g,
	        "select d.id, d.closed_on, x.effective from deal d join change_line x on x.org_id = d.org_id and "
	        "x.row_id = "
	        "d.id and x.record = 'deal' and x.field = 'owner' and x.before_ <> '' and x.after_ = $6 where d.org_id "
	        "= $1 and "
	        "$2 = $2 and d.owner = $3 and d.outcome in ('won', 'lost') and d.closed_on >= $4 and d.closed_on <= $5 "
	        "order "
	        "by d.id, x.effective",
	        DB_ARGS(DB_I(person), db_day_value(a, from), db_day_value(a, today),
	                DB_T(str_fmt(a, "%lld", (long long)person))),
	        &rows);

	while (e == OK && db_next(&rows)) {
		int days = day_between(zone_day(zone_utc(), db_int(&rows, 2)), db_day(&rows, 1));
		if (days < 0 || days > SELLING_LATE_DAYS || db_int(&rows, 0) == last)
			continue;
		last = db_int(&rows, 0);
		s->taken++;
	}
	return e == OK ? db_end(&rows) : e;
}

/* Since when somebody reports to them. Whoever led when the line began is as old as it, not new. */
static enum err
load_since(struct conn *c, struct arena *a, id org, id person, day today, struct selling *s)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select (select count(*) from line l join person q on q.org_id = l.org_id and q.id = l.below and "
	        "(q.left_on is null or q.left_on >= $3) where l.org_id = $1 and l.above = $2 and l.depth = 1 and "
	        "l.from_day <= $3 "
	        "and (l.to_day is null or l.to_day >= $3)), (select min(l.from_day) from line l where l.org_id = $1 "
	        "and l.above "
	        "= $2 and l.depth = 1), (select min(l.from_day) from line l where l.org_id = $1 and l.depth = 1)",
	        DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, today)), &rows);
	day since = DAY_NONE, first = DAY_NONE;

	if (e == OK && db_next(&rows)) {
		s->span = db_int(&rows, 0);
		since = db_day(&rows, 1);
		first = db_day(&rows, 2);
	}
	s->leads_since = day_is(since) && day_is(first) && day_between(first, since) > 30 ? since : DAY_NONE;
	s->is_new = day_is(s->leads_since) && day_between(s->leads_since, today) >= 0 &&
	            day_between(s->leads_since, today) < SELLING_NEW_DAYS;
	return e == OK ? db_end(&rows) : e;
}

/* What those above owed somebody who has just begun to lead. */
static enum err
load_owed(struct conn *c, struct arena *a, const struct grant *g, id person, day today, struct selling *s)
{
	const struct debt_ask ask = { .coachee = person, .from = s->leads_since, .to = today, .today = today };
	struct pair_debt *d;
	struct rows rows;
	size_t n = 0;
	enum err e = debt_pairs(c, a, g, &ask, &d, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		for (size_t k = 0; k < d[i].n_periods; k++) {
			int p = d[i].periods[k];
			s->coached += p == PERIOD_PAID;
			s->coached_weeks += p == PERIOD_PAID || p == PERIOD_OWED || p == PERIOD_OTHER ||
			                    p == PERIOD_WAITING || p == PERIOD_DENIED;
		}
	if (e == OK)
		e = db_query(c, a,
		        "select count(*), coalesce(sum(case when x.answered_on <= x.due then 1 else 0 end), 0) from "
		        "blocker x where "
		        "x.org_id = $1 and x.raised_by = $2 and x.raised_on >= $3 and (x.due < $4 or x.answered_on is "
		        "not null)",
		        DB_ARGS(DB_I(g->org), DB_I(person), db_day_value(a, s->leads_since), db_day_value(a, today)),
		        &rows);
	if (e == OK && db_next(&rows)) {
		s->blockers = db_int(&rows, 0);
		s->answered = db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
selling_of(struct conn *c, struct arena *a, const struct grant *g, id person, str currency, day from, day today,
        struct selling *ret)
{
	struct selling s = { .leads_since = DAY_NONE };
	enum err e = load_share(c, a, g, person, currency, today, &s);

	if (e == OK)
		e = load_taken(c, a, g, person, from, today, &s);
	if (e == OK)
		e = load_since(c, a, g->org, person, today, &s);
	if (e == OK && s.is_new)
		e = load_owed(c, a, g, person, today, &s);
	if (e != OK)
		return e;
	s.over_share = s.team > 0 && s.own * 100 > s.team * SELLING_SHARE_MOST;
	s.over_taken = s.taken > SELLING_TAKEN_MOST;
	s.over_span = s.span > SELLING_SPAN_MOST;
	*ret = s;
	return OK;
}
