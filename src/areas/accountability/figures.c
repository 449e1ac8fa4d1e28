/* What each measure says, from records: always with the records it was counted from; where there are none, no data,
   which is not 0 (A1). */
#include "areas/accountability/accountability.h"

#include "areas/coaching/observe.h"
#include "html/html.h"

/* Of whoever was the person or below them on the row's day (O2). */
#define BELOW(who, on_day) \
	" and exists (select 1 from line l where l.org_id = $1 and l.above = $2 and l.below = " who \
	" and l.from_day <= " on_day " and (l.to_day is null or l.to_day >= " on_day "))"

static day
until(const struct card_ask *ask)
{
	return ask->to.n < ask->today.n ? ask->to : ask->today;
}

static enum err
counts(const struct card_ask *ask, const char *sql, int64_t ret[4])
{
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena, sql,
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, until(ask))),
	        &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		for (int i = 0; i < 4; i++)
			ret[i] = db_int(&rows, i);
	return db_end(&rows);
}

/* Nobody who noted nothing at all made no calls: nothing is known of them. */
static enum err
count_activities(const struct card_ask *ask, struct measured *x)
{
	int64_t v[4] = { 0 };
	enum err e = counts(ask,
	        "select coalesce(sum(case when a.kind = 'call' then 1 else 0 end), 0), coalesce(sum(case when a.kind = "
	        "'meeting' "
	        "then 1 else 0 end), 0), coalesce(sum(case when a.kind in ('call', 'mail', 'meeting') then 1 else 0 "
	        "end), 0), "
	        "count(*) from activity a where a.org_id = $1 and a.on_day >= $3 and a.on_day <= $4 and a.person in "
	        "(select z.below from line z where z.org_id = $1 and z.above = $2)" BELOW("a.person", "a.on_day"),
	        v);

	x->known = v[3] > 0;
	x->n = v[3];
	x->value = x->m.source == FROM_CALLS ? v[0] : x->m.source == FROM_MEETINGS ? v[1] : v[2];
	return e;
}

static enum err
count_new_deals(const struct card_ask *ask, struct measured *x)
{
	int64_t v[4] = { 0 };
	enum err e = counts(ask,
	        "select coalesce(sum(case when d.created_on >= $3 then 1 else 0 end), 0), count(*), 0, 0 from deal d "
	        "where "
	        "d.org_id = $1 and d.created_on <= $4 and d.owner in (select z.below from line z where z.org_id = $1 "
	        "and z.above = $2)" BELOW("d.owner", "d.created_on"),
	        v);

	x->known = v[1] > 0;
	x->value = x->n = v[0];
	return e;
}

/* What is planned is known of today alone. */
static enum err
count_next_steps(const struct card_ask *ask, struct measured *x)
{
	int64_t v[4] = { 0 };
	enum err e = OK;

	if (ask->to.n >= ask->today.n)
		e = counts(ask,
		        "select coalesce(sum(case when coalesce(d.next_step, '') <> '' then 1 else 0 end), 0), "
		        "count(*), 0, 0 "
		        "from deal d where d.org_id = $1 and d.outcome = 'open' and d.worked = 1 and $3 <= $4 and "
		        "d.owner in "
		        "(select z.below from line z where z.org_id = $1 and z.above = $2 and z.to_day is null)",
		        v);
	x->value = v[0];
	x->n = v[1];
	return e;
}

static enum err
count_sessions(const struct card_ask *ask, struct measured *x)
{
	/* C2a: what the coachee calls an inspection is no coaching. */
	int64_t v[4] = { 0 };
	enum err e = counts(ask,
	        x->m.source == FROM_COACHED
	                ? "select coalesce(sum(case when s.held_on is not null and s.answer = 'confirmed' and "
	                  "s.answer_kind = 'coaching' then 1 else "
	                  "0 end), "
	                  "0), count(*), 0, 0 from coaching_session s where s.org_id = $1 and s.coachee = $2 and "
	                  "s.state <> "
	                  "'excused' and s.on_day >= $3 and s.on_day <= $4"
	                : "select coalesce(sum(case when s.held_on is not null and s.answer = 'confirmed' and "
	                  "s.answer_kind = 'coaching' then 1 else "
	                  "0 end), "
	                  "0), count(*), 0, 0 from coaching_session s where s.org_id = $1 and s.coach = $2 and "
	                  "s.state <> "
	                  "'excused' and s.on_day >= $3 and s.on_day <= $4",
	        v);

	x->value = v[0];
	x->n = v[1];
	return e;
}

static enum err
count_kept(const struct card_ask *ask, struct measured *x)
{
	struct kept k = { 0 };
	enum err e = commitments_kept(
	        ask->conn, ask->arena, ask->counts, ask->person, ask->from, until(ask), ask->today, &k);

	x->value = k.kept;
	x->n = k.due;
	return e;
}

/* Those whose answer came due, or came: in time or not. */
static enum err
count_blockers(const struct card_ask *ask, struct measured *x)
{
	int64_t v[4] = { 0 };
	enum err e = counts(ask,
	        "select coalesce(sum(case when b.answered_on <= b.due then 1 else 0 end), 0), count(*), 0, 0 from "
	        "blocker b "
	        "where b.org_id = $1 and b.owner = $2 and b.raised_on >= $3 and b.raised_on <= $4 and (b.answered_on "
	        "is not "
	        "null or b.due < $4)",
	        v);

	x->value = v[0];
	x->n = v[1];
	return e;
}

static enum err
count_observed(const struct card_ask *ask, struct measured *x)
{
	const unsigned any = ~0u;
	struct observed_count now = { 0 }, ever = { 0 };
	enum err e = observed_count(ask->conn, ask->arena, ask->org, ask->person, 0, any, ask->from, until(ask), &now);

	if (e == OK)
		e = observed_count(
		        ask->conn, ask->arena, ask->org, ask->person, 0, any, day_of(1970, 1, 1), until(ask), &ever);
	x->known = ever.seen > 0;
	x->value = x->n = now.seen;
	return e;
}

/* D3: amounts in other currencies come in by their last rate; one without a rate is left out, and the card says so. */
static enum err
count_decided(const struct card_ask *ask, struct measured *x)
{
	int64_t won = 0, lost = 0, money = 0, worth;
	struct rate_book rates;
	struct rows rows;
	enum err e = rate_book_load(ask->conn, ask->arena, ask->org, ask->currency, until(ask), &rates);

	if (e == OK)
		e = db_query(ask->conn, ask->arena,
		        "select d.outcome, d.currency, count(*), coalesce(sum(d.amount), 0), count(d.amount) from deal "
		        "d where d.org_id = $1 and d.outcome in ('won', 'lost') and d.closed_on >= $3 and d.closed_on "
		        "<= $4 and d.owner in (select z.below from line z where z.org_id = $1 and z.above = $2)" BELOW(
		                "d.owner", "d.closed_on") " group by d.outcome, d.currency order by 1, 2",
		        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(ask->arena, ask->from),
		                db_day_value(ask->arena, until(ask))),
		        &rows);
	while (e == OK && db_next(&rows)) {
		bool is_won = str_eq(db_text_raw(&rows, 0), STR("won"));
		*(is_won ? &won : &lost) += db_int(&rows, 2);
		if (is_won &&
		        rate_book_worth(&rates, db_text_raw(&rows, 1), db_int(&rows, 3), db_int(&rows, 4), &worth))
			money += worth;
	}
	x->known = won + lost > 0;
	x->n = x->m.source == FROM_REVENUE ? won : won + lost;
	x->value = x->m.source == FROM_REVENUE ? money : won;
	if (e == OK && x->m.source == FROM_REVENUE)
		x->currencies = rate_book_said(ask->arena, &rates);
	return e == OK ? db_end(&rows) : e;
}

static enum err
count_entries(const struct card_ask *ask, struct measured *x)
{
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select count(*), coalesce(sum(amount), 0) from measure_entry where org_id = $1 and person = $2 and "
	        "on_day >= $3 and on_day <= $4 and measure = $5",
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, until(ask)), DB_I(x->m.row.id)),
	        &rows);

	if (e == OK && db_next(&rows)) {
		x->n = db_int(&rows, 0);
		x->value = db_int(&rows, 1);
		x->known = x->n > 0;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
count_one(const struct card_ask *ask, struct measured *x)
{
	switch (x->m.source) {
	case FROM_HAND:
		return count_entries(ask, x);
	case FROM_CALLS:
	case FROM_MEETINGS:
	case FROM_ACTIVITIES:
		return count_activities(ask, x);
	case FROM_NEW_DEALS:
		return count_new_deals(ask, x);
	case FROM_NEXT_STEPS:
		return count_next_steps(ask, x);
	case FROM_COACHED:
	case FROM_COACHING:
		return count_sessions(ask, x);
	case FROM_OBSERVED:
		return count_observed(ask, x);
	case FROM_KEPT:
		return count_kept(ask, x);
	case FROM_BLOCKERS:
		return count_blockers(ask, x);
	default:
		return count_decided(ask, x);
	}
}

/* Where its rows stand; nothing where no page lists just them. */
static str
rows_of(const struct card_ask *ask, const struct scorecard *of, const struct measured *x)
{
	str who = id_text(ask->arena, ask->person), from = day_iso(ask->arena, ask->from),
	    to = day_iso(ask->arena, until(ask));
	const char *scope = of->leads ? "owner.below" : "owner";

	switch (x->m.source) {
	case FROM_NEW_DEALS:
		return str_fmt(ask->arena, "/deals?%s=%.*s&created_on.least=%.*s&created_on.most=%.*s", scope,
		        STR_ARG(who), STR_ARG(from), STR_ARG(to));
	case FROM_NEXT_STEPS:
		return str_fmt(ask->arena, "/deals?%s=%.*s&outcome=open", scope, STR_ARG(who));
	case FROM_WON:
	case FROM_WIN_RATE:
	case FROM_REVENUE:
		return str_fmt(ask->arena, "/deals?%s=%.*s&closed_on.least=%.*s&closed_on.most=%.*s", scope,
		        STR_ARG(who), STR_ARG(from), STR_ARG(to));
	case FROM_COACHED:
	case FROM_COACHING:
		return STR("/coaching");
	case FROM_KEPT:
		return STR("/commitments?show=closed");
	case FROM_BLOCKERS:
		return STR("/blockers");
	case FROM_OBSERVED:
		return STR("/observations");
	default:
		return (str){ 0 };
	}
}

enum err
measure_value(const struct card_ask *ask, const struct scorecard *of, struct measured *x)
{
	enum err e = count_one(ask, x);

	if (measure_is_share(&x->m)) {
		x->share = rate_of(x->value, x->n);
		x->known = x->n > 0;
	}
	x->href = rows_of(ask, of, x);
	return e;
}
