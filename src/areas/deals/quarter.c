#include "areas/deals/sums.h"
#include "areas/deals/target.h"
#include "areas/deals/view.h"

/* $2 is who asks, $3 whose team, $4 and $5 the quarter, $6 1: the person alone. Rows of people are few here, so their
   deals are found by owner. */
static const char quarter_sql[] =
        "select d.currency, coalesce(sum(case when d.outcome = 'won' then d.value end), 0),"
        " coalesce(sum(case when d.outcome = 'open' and d.category = 'commit' then d.value end), 0),"
        " coalesce(sum(case when d.outcome = 'open' and coalesce(d.category, '') not in ('commit', 'omitted') then "
        "d.weighted end), 0), coalesce(sum(d.value), 0), count(d.value)"
        " from deal d where d.org_id = $1 and $2 = $2 {may:deals d.owner}"
        " and (d.outcome = 'won' and d.closed_on >= $4 and d.closed_on <= $5"
        " or d.outcome = 'open' and d.closes_on <= $5)"
        " and d.owner in (select l.below from line l where l.org_id = $1 and l.above = $3 and l.to_day is null"
        " and (l.depth = 0 or cast($6 as bigint) = 0)) group by d.currency order by d.currency";

/* Each currency by its last rate; what has none is in no part of the strip, and the board says so (D3). */
static enum err
sum_quarter(struct request *r, const struct db_value *args, size_t n_args, struct board_view *b)
{
	struct svg_strip *q = &b->quarter;
	struct rate_book rates;
	struct rows rows;
	int64_t hundredths = 0;
	enum err e = rate_book_load(r->conn, r->arena, r->actor.org, r->actor.currency, r->today, &rates);

	if (e == OK)
		e = record_query(r->conn, r->arena, &r->grant, quarter_sql, args, n_args, &rows);
	while (e == OK && db_next(&rows)) {
		int64_t all, parts[3] = { 0 };
		str currency = db_text_raw(&rows, 0);
		if (!rate_book_worth(&rates, currency, db_int(&rows, 4), db_int(&rows, 5), &all))
			continue;
		for (int i = 0; i < 3; i++)
			rate_book_worth(&rates, currency, db_int(&rows, i + 1), 0, &parts[i]);
		q->won += parts[0];
		q->commit += parts[1];
		hundredths += parts[2];
	}
	q->weighted = money_scale(hundredths, 1, 100);
	b->quarter_said = rate_book_said(r->arena, &rates);
	return e == OK ? db_end(&rows) : e;
}

enum err
board_quarter(struct request *r, struct board_view *b)
{
	bool mine = str_eq(b->scope, STR("mine"));
	day from = day_quarter(r->today), to = day_add(day_add_months(from, 3), -1);
	const struct target_ask ask = { .person = b->person, .from = from, .to = to, .currency = r->actor.currency };
	struct target_sum target = { 0 };
	enum err e;

	/* A leader's own target is the team's: it says nothing about the leader's own deals. */
	if (!b->person || !b->few || str_eq(b->scope, STR("all")) || (mine && r->actor.leads))
		return OK;
	e = target_sum(r->conn, r->arena, &r->grant, &ask, &target);
	if (e != OK || !target.found)
		return e;
	b->quarter = (struct svg_strip){ .target = target.amount };
	e = sum_quarter(
	        r, DB_ARGS(DB_I(b->person), db_day_value(r->arena, from), db_day_value(r->arena, to), DB_I(mine)), b);
	if (e != OK)
		return e;
	memcpy(b->quarter.code, str_z(r->arena, r->actor.currency), 4);
	b->quarter_name = day_quarter_name(r->arena, from);
	b->has_quarter = true;
	return OK;
}

/* Of those who report to one, and one's own: what the board flags. */
static const char attention_sql[] =
        "select count(*) from (select 1 as one from deal d where d.org_id = $1 {may:deals d.owner} and d.outcome = "
        "'open' and d.health in ('watch', 'warning', 'critical') and d.owner in (select l.below from line l where "
        "l.org_id = $1 and l.above = $2 and l.to_day is null) limit 100) x";
static const char people_sql[] =
        "select count(*) from (select 1 as one from line m where m.org_id = $1 and m.above = $2 and m.to_day is null "
        "limit 51) y";

/* More than fifty people say nothing at a glance. Asked first: within the statement it would be weighed for each deal
   of a large company, on every page. */
enum err
deals_attention(struct request *r, int64_t *ret)
{
	struct rows rows;
	int64_t people = 0;
	enum err e = db_one_int(r->conn, people_sql, DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &people);

	if (e != OK || people > 50)
		return e;
	e = record_query(r->conn, r->arena, &r->grant, attention_sql, DB_NO_ARGS, &rows);
	if (e != OK)
		return e;
	if (db_next(&rows))
		*ret = db_int(&rows, 0);
	return db_end(&rows);
}

/* The account stands above it on a card, so a name that begins with it is shortened: "Aurora Rail: signalling" →
 * "Signalling". */
str
card_name(struct arena *a, str name, str account)
{
	static const char joints[] = " :-/|,";
	size_t at = account.n;
	char *first;

	if (!account.n || !str_starts(name, account))
		return name;
	while (at < name.n && (strchr(joints, name.s[at]) || str_starts(str_from(name, at), STR("–"))))
		at += strchr(joints, name.s[at]) ? 1 : sizeof "–" - 1;
	if (at == account.n && at < name.n)
		return name; /* "Aurora Railway" is not "Aurora Rail" with more */
	name = str_copy(a, str_from(name, at));
	first = name.n ? (char *)(uintptr_t)name.s : NULL;
	if (first && *first >= 'a' && *first <= 'z')
		*first = (char)(*first - 'a' + 'A');
	return name;
}
