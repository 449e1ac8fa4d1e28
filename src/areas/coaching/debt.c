#include "areas/coaching/debt.h"

#include <string.h>

#include "areas/coaching/programme.h"

day
pair_first(day from_day, int64_t weekday)
{
	day on = day_add(day_week(from_day), (int)weekday - 1);

	return on.n < from_day.n ? day_add(on, 7) : on;
}

int
pair_step(int cadence)
{
	return cadence == CADENCE_FORTNIGHTLY ? 14 : 7;
}

int
pair_period(day from_day, int64_t weekday, int cadence, day on)
{
	int days = day_between(day_week(pair_first(from_day, weekday)), on), step = pair_step(cadence);

	return days < 0 ? -1 : days / step;
}

/* The period that holds `on`; below 0 before the first. */
static int
period_of(const struct pair_debt *d, day on)
{
	int k = -1;

	if (!d->starts)
		return pair_period(d->from_day, d->weekday, d->cadence, on);
	while (k + 1 < (int)d->n_starts && d->starts[k + 1].n <= on.n)
		k++;
	return k;
}

static day
period_first(const struct pair_debt *d, int k)
{
	return d->starts ? d->starts[k]
	                 : day_add(day_week(pair_first(d->from_day, d->weekday)), k * pair_step(d->cadence));
}

static day
period_end(const struct pair_debt *d, int k)
{
	if (d->starts && (size_t)k + 1 >= d->n_starts)
		return day_add(d->starts[k], 6); /* the rule has no further occurrence */
	return day_add(period_first(d, k + 1), -1);
}

/* O7: somebody of the two was away on that day. */
static bool
away_on(const struct pair_debt *d, const struct debt_away *away, size_t n, day on)
{
	for (size_t i = 0; i < n; i++)
		if ((!away[i].person || away[i].person == d->coach || away[i].person == d->coachee) &&
		        away[i].from.n <= on.n && on.n <= away[i].to.n)
			return true;
	return false;
}

/* O7: somebody was away on more than half of the working days. */
static bool
was_away(const struct pair_debt *d, const struct debt_away *away, size_t n, day first, day last)
{
	int work = 0, gone = 0;

	for (day on = first; on.n <= last.n; on = day_add(on, 1)) {
		if (day_weekday(on) > 5)
			continue;
		work++;
		gone += away_on(d, away, n, on);
	}
	return gone * 2 > work;
}

/* What one session makes of its period. */
static int
session_means(const struct debt_session *s)
{
	if (day_is(s->held_on) || s->answer != ANSWER_NONE) {
		if (s->answer == ANSWER_DENIED)
			return PERIOD_DENIED;
		if (s->answer == ANSWER_NONE)
			return PERIOD_WAITING;
		return s->answer_kind == MEETING_COACHING ? PERIOD_PAID : PERIOD_OTHER;
	}
	return s->excused ? PERIOD_PAUSED : PERIOD_NONE;
}

static int
period_means(const struct pair_debt *d, const struct debt_session *s, size_t n, const struct debt_away *away,
        size_t n_away, day first, day last, day today)
{
	static const int weight[] = { [PERIOD_NONE] = 0,
		[PERIOD_PAUSED] = 1,
		[PERIOD_OTHER] = 2,
		[PERIOD_DENIED] = 3,
		[PERIOD_WAITING] = 4,
		[PERIOD_PAID] = 5,
		[PERIOD_OPEN] = 0,
		[PERIOD_OWED] = 0 };
	int best = PERIOD_NONE;

	for (size_t i = 0; i < n; i++)
		if (first.n <= s[i].on_day.n && s[i].on_day.n <= last.n && weight[session_means(&s[i])] > weight[best])
			best = session_means(&s[i]);
	if ((best == PERIOD_NONE || best == PERIOD_OTHER) && was_away(d, away, n_away, first, last))
		return PERIOD_PAUSED;
	if (best != PERIOD_NONE)
		return best;
	return last.n < today.n ? PERIOD_OWED : PERIOD_OPEN;
}

/* C6, C8: confirmed pays, unanswered pauses and is shown, denied is a dispute. */
static void
weigh_state(struct pair_debt *d)
{
	int first = DEBT_NEW; /* what the latest period that says something says */

	d->owed = 0;
	for (size_t i = d->n_periods; i-- > 0 && d->periods[i] != PERIOD_PAID;) {
		int p = d->periods[i];
		if (p == PERIOD_OWED || p == PERIOD_OTHER)
			d->owed++;
		else if (p == PERIOD_WAITING && !d->owed && first == DEBT_NEW)
			first = DEBT_WAITING;
		else if (p == PERIOD_DENIED && !d->owed && first == DEBT_NEW)
			first = DEBT_DENIED;
		else if (p == PERIOD_PAUSED && !d->owed && first == DEBT_NEW)
			first = DEBT_PAUSED;
	}
	d->state = first;
	if (first == DEBT_NEW || first == DEBT_PAUSED)
		for (size_t i = 0; i < d->n_periods; i++)
			if (d->periods[i] == PERIOD_PAID)
				d->state = DEBT_NONE;
	if (d->owed && first != DEBT_WAITING && first != DEBT_DENIED)
		d->state = DEBT_OWED;
}

static void
count_session(struct pair_debt *d, const struct debt_session *s, day from, day to, day today)
{
	bool confirmed = s->answer == ANSWER_CONFIRMED;

	d->skipped = day_is(s->held_on) ? 0 : d->skipped + (s->excused || s->missed);
	if (confirmed && s->answer_kind == MEETING_COACHING)
		d->last_confirmed = day_is(s->held_on) ? s->held_on : s->on_day;
	if (!day_is(s->held_on) || s->held_on.n < from.n || s->held_on.n > to.n)
		return;
	d->claimed++;
	d->confirmed += confirmed && s->answer_kind == MEETING_COACHING;
	d->grouped += confirmed && s->answer_kind == MEETING_COACHING && s->grouped;
	d->other += confirmed && s->answer_kind != MEETING_COACHING;
	d->same_skill += confirmed && s->answer_kind == MEETING_COACHING && s->skill && s->skill == s->answer_skill;
	d->denied += s->answer == ANSWER_DENIED;
	d->late += day_is(s->claimed_on) && day_between(s->held_on, s->claimed_on) > LATE_DAYS;
	if (s->answer == ANSWER_NONE) {
		d->waiting++;
		d->unanswered += day_between(s->held_on, today) > ASK_DAYS;
		if (!d->waiting_session) {
			d->waiting_session = s->session;
			d->waiting_since = s->held_on;
		}
	}
}

void
debt_weigh(struct pair_debt *d, const struct debt_session *s, size_t n, const struct debt_away *away, size_t n_away,
        day from, day to, day today)
{
	day until = day_is(d->to_day) && d->to_day.n < today.n ? d->to_day : today;
	int last = period_of(d, until);

	d->last_confirmed = d->waiting_since = DAY_NONE;
	d->ended = day_is(d->to_day) && d->to_day.n < today.n;
	for (size_t i = 0; i < n; i++) {
		struct debt_session x = s[i];
		if (away_on(d, away, n_away, x.on_day))
			x.excused = x.missed = false; /* neither held nor skipped */
		count_session(d, &x, from, to, today);
	}
	for (int k = last >= DEBT_PERIODS ? last - DEBT_PERIODS + 1 : 0; k <= last; k++)
		d->periods[d->n_periods++] =
		        period_means(d, s, n, away, n_away, period_first(d, k), period_end(d, k), today);
	for (int k = 0; k <= last; k++) {
		day end = period_end(d, k);
		/* a pair that ended in the middle of one owes nothing for it */
		if (end.n >= from.n && end.n <= to.n && end.n <= until.n)
			d->span[period_means(d, s, n, away, n_away, period_first(d, k), end, today)]++;
	}
	weigh_state(d);
}

/* ---- from the database ---- */

static const char pairs_sql[] =
        "select p.id, p.coach, p.coachee, a.name, b.name, p.cadence, p.weekday, p.start, p.length, p.from_day, "
        "p.to_day, p.focus,"
        " coalesce(k.name, ''), coalesce(g.rule, ''), g.from_day, g.to_day, p.joined from pair p join person a on "
        "a.org_id = p.org_id and a.id = p.coach join person b on "
        "b.org_id = p.org_id"
        " and b.id = p.coachee left join programme g on g.org_id = p.org_id and g.id = p.programme left join skill k "
        "on k.org_id = p.org_id and k.id = p.focus"
        " where p.org_id = $1 and $2 = $2 {may:session_fact p.coach p.coachee} and coalesce(p.apart, 0) = 0 and ($3 = "
        "0 or p.coach = $3) and ($4 = "
        "0 or p.coachee = $4)"
        " and ($5 = 0 or p.coach in (select l.below from line l where l.org_id = $1 and l.above = $5 and l.to_day is "
        "null))"
        " and (p.to_day is null or p.to_day >= $6) and ($7 = 1 or b.left_on is null) and ($8 = 0 or a.manager = $8) "
        "order by a.name, a.id, b.name, "
        "b.id";

static const char sessions_sql[] = "select s.id, s.pair, s.skill, s.answer_skill, s.on_day, s.held_on, s.claimed_on, "
                                   "s.answer, s.answer_kind, s.state, coalesce(s.moved_to, s.on_day), s.together"
                                   " from coaching_session s where s.org_id = $1 and $2 = $2 {may:session_fact s.coach "
                                   "s.coachee} and ($3 = 0 or s.coach = $3)"
                                   " and ($4 = 0 or s.coachee = $4)"
                                   " and ($5 = 0 or s.coach in (select l.below from line l where l.org_id = $1 and "
                                   "l.above = $5 and l.to_day is null))"
                                   " and s.on_day >= $6 order by s.pair, s.on_day";

static enum err
load_pairs(struct conn *c, struct arena *a, const struct grant *g, const struct db_value args[6], day today,
        struct pair_debt **ret, size_t *ret_n)
{
	struct pair_debt *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	enum err e = record_query(c, a, g, pairs_sql, args, 6, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct pair_debt){ .pair = db_int(&rows, 0),
			.coach = db_int(&rows, 1),
			.coachee = db_int(&rows, 2),
			.coach_name = db_text(&rows, 3),
			.coachee_name = db_text(&rows, 4),
			.cadence = choice_of(cadences, db_text_raw(&rows, 5)),
			.weekday = db_int(&rows, 6),
			.start = db_int(&rows, 7),
			.length = db_int(&rows, 8),
			.from_day = db_day(&rows, 9),
			.to_day = db_day(&rows, 10),
			.focus = db_int(&rows, 11),
			.focus_name = db_text(&rows, 12) };
		const struct rhythm r = { all[n - 1].from_day, all[n - 1].weekday, all[n - 1].cadence,
			db_text(&rows, 13), db_day(&rows, 14), db_day(&rows, 15), db_day(&rows, 16) };
		all[n - 1].rhythm = rhythm_words(a, r.rule, r.cadence);
		if (r.rule.n)
			e = rhythm_starts(a, &r, today, &all[n - 1].starts, &all[n - 1].n_starts);
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

static enum err
load_sessions(struct conn *c, struct arena *a, const struct grant *g, const struct db_value args[4], day today,
        struct debt_session **ret, size_t *ret_n)
{
	struct debt_session *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	enum err e = record_query(c, a, g, sessions_sql, args, 4, &rows);
	int state;

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		state = choice_of(session_states, db_text_raw(&rows, 9));
		all[n++] = (struct debt_session){ .session = db_int(&rows, 0),
			.pair = db_int(&rows, 1),
			.skill = db_int(&rows, 2),
			.answer_skill = db_int(&rows, 3),
			.on_day = db_day(&rows, 4),
			.held_on = db_day(&rows, 5),
			.claimed_on = db_day(&rows, 6),
			.answer = choice_of(answers, db_text_raw(&rows, 7)),
			.answer_kind = choice_of(meetings, db_text_raw(&rows, 8)),
			.grouped = !db_is_null(&rows, 11),
			.excused = state == SESSION_EXCUSED,
			.missed = state == SESSION_MISSED ||
			          (state <= SESSION_PREPARED && db_day(&rows, 10).n < today.n) };
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

/* Absences pause whoever looks: only their effect is shown, never they themselves. Everybody pauses before the day of a
   works agreement. */
static enum err
load_away(struct conn *c, struct arena *a, const struct grant *g, day from, struct debt_away **ret, size_t *ret_n)
{
	struct debt_away *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	enum err e = db_query(c, a,
	        "select person, from_day, to_day from absence where org_id = $1 and to_day >= $2 and coalesce(share, "
	        "0) = 0",
	        DB_ARGS(DB_I(g->org), db_day_value(a, from)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct debt_away){ db_int(&rows, 0), db_day(&rows, 1), db_day(&rows, 2) };
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && day_is(g->persons_from)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct debt_away){ 0, day_add(g->persons_from, -36500), day_add(g->persons_from, -1) };
	}
	*ret = all;
	*ret_n = n;
	return e;
}

/* Where the sessions of a pair begin in the array ordered by pair. */
static size_t
first_of(const struct debt_session *s, size_t n, id pair)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (s[mid].pair < pair)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

enum err
debt_pairs(struct conn *c, struct arena *a, const struct grant *g, const struct debt_ask *ask, struct pair_debt **ret,
        size_t *ret_n)
{
	day back = day_add(ask->today, -DEBT_PERIODS * 14 - 14), since = ask->from.n < back.n ? ask->from : back;
	const struct db_value pair_args[6] = { DB_I(ask->coach), DB_I(ask->coachee), DB_I(ask->below),
		db_day_value(a, ask->from), DB_I(ask->leavers), DB_I(ask->reports_of) };
	const struct db_value session_args[4] = { DB_I(ask->coach), DB_I(ask->coachee), DB_I(ask->below),
		db_day_value(a, since) };
	struct debt_session *s = NULL;
	struct debt_away *away = NULL;
	struct pair_debt *all;
	size_t n, n_s = 0, n_away = 0;
	enum err e = load_pairs(c, a, g, pair_args, ask->today, &all, &n);

	if (e == OK && n)
		e = load_sessions(c, a, g, session_args, ask->today, &s, &n_s);
	if (e == OK && n)
		e = load_away(c, a, g, since, &away, &n_away);
	for (size_t i = 0; e == OK && i < n; i++) {
		size_t at = first_of(s, n_s, all[i].pair), end = at;
		while (end < n_s && s[end].pair == all[i].pair)
			end++;
		while (at < end && s[at].on_day.n < grant_persons_from(g, s[at].on_day).n)
			at++;
		debt_weigh(&all[i], n_s ? s + at : NULL, end - at, away, n_away, grant_persons_from(g, ask->from),
		        ask->to, ask->today);
	}
	if (e == OK) {
		*ret = all;
		*ret_n = n;
	}
	return e;
}

size_t
debt_sums(struct arena *a, const struct pair_debt *d, size_t n, struct debt_sum **ret)
{
	struct debt_sum *all = arena_new(a, struct debt_sum, n + 1);
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (!m || all[m - 1].coach != d[i].coach)
			all[m++] = (struct debt_sum){ .coach = d[i].coach, .name = d[i].coach_name };
		struct debt_sum *s = &all[m - 1];
		s->people += !d[i].ended;
		s->in_debt += d[i].state == DEBT_OWED && !d[i].ended;
		s->waiting += d[i].state == DEBT_WAITING;
		s->denied += d[i].state == DEBT_DENIED;
		s->paused += d[i].state == DEBT_PAUSED;
		s->claimed += d[i].claimed;
		s->confirmed += d[i].confirmed;
		s->same_skill += d[i].same_skill;
		s->late += d[i].late;
		s->grouped += d[i].grouped;
		s->unanswered += d[i].unanswered;
		s->skipped_twice += d[i].skipped >= 2 && !d[i].ended;
	}
	*ret = all;
	return m;
}

enum err
debt_useful(struct conn *c, struct arena *a, id org, day today, struct debt_sum *s)
{
	day end = day_quarter(today);
	struct rows rows;
	enum err e;

	s->useful_quarter = day_add_months(end, -3);
	e = db_query(c, a,
	        "select count(distinct coachee), count(*), coalesce(sum(case when useful = 'yes' then 1 else 0 end), 0)"
	        " from useful_answer where org_id = $1 and coach = $2 and on_day >= $3 and on_day < $4",
	        DB_ARGS(DB_I(org), DB_I(s->coach), db_day_value(a, s->useful_quarter), db_day_value(a, end)), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows) && db_int(&rows, 0) >= USEFUL_LEAST) {
		s->useful_enough = true;
		s->useful_n = db_int(&rows, 1);
		s->useful = db_int(&rows, 2);
	}
	return db_end(&rows);
}

str
useful_words(struct arena *a, const struct debt_sum *s)
{
	return s->useful_enough ? str_fmt(a, "%lld of %lld", (long long)s->useful, (long long)s->useful_n)
	                        : STR("too few");
}

enum err
debt_of_coach(struct conn *c, struct arena *a, const struct grant *g, id coach, day from, day to, day today,
        struct debt_sum *ret)
{
	const struct debt_ask ask = { .coach = coach, .from = from, .to = to, .today = today };
	struct pair_debt *d;
	struct debt_sum *sums;
	size_t n;
	enum err e = debt_pairs(c, a, g, &ask, &d, &n);

	if (e != OK)
		return e;
	*ret = debt_sums(a, d, n, &sums) ? sums[0] : (struct debt_sum){ .coach = coach };
	return debt_useful(c, a, g->org, today, ret);
}
