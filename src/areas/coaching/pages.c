#include "areas/coaching/pages.h"

#include <stdlib.h>
#include <string.h>

#include "areas/coaching/observe.h"
#include "areas/coaching/view.h"

#include "areas/coaching/coaching_html.h"

/* ---- loaders ---- */

enum err
owed_list(struct request *r, const char *where, id x, id y, day d, struct owed **ret, size_t *ret_n)
{
	struct arena *a = r->arena;
	struct owed *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	str sql = str_fmt(a,
	        "select %.*s, a.name, b.name from commitment c join person a on a.org_id = c.org_id and a.id = c.owner"
	        " join person b on b.org_id = c.org_id and b.id = c.owed_to where c.org_id = $1 and $2 = $2 "
	        "{may:scorecard c.owner c.owed_to}"
	        " and $3 = $3 and $4 = $4 and $5 = $5 and (%s) order by c.due, c.id limit 60",
	        STR_ARG(record_columns(a, &commitment_record, "c")), where);
	enum err e = record_query(
	        r->conn, a, &r->grant, str_z(a, sql), DB_ARGS(DB_I(x), DB_I(y), DB_T(day_iso(a, d))), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		struct owed *o = &all[n++];
		*o = (struct owed){ 0 };
		int at = record_read(&rows, &commitment_record, 0, &o->c);
		o->owner = db_text(&rows, at);
		o->owed_to = db_text(&rows, at + 1);
		o->late = o->c.state == COMMITMENT_OPEN && o->c.due.n < r->today.n;
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

str
session_at(struct arena *a, const struct session *s)
{
	if (s->start == NO_INT)
		return (str){ 0 };
	return str_fmt(a, "%.*s–%.*s", STR_ARG(minutes_text(a, s->start)),
	        STR_ARG(minutes_text(a, (s->start + (s->length == NO_INT ? 30 : s->length)) % 1440)));
}

enum err
meeting_list(struct request *r, const char *where, id person, day d, struct meeting_row **ret, size_t *ret_n)
{
	struct arena *a = r->arena;
	struct meeting_row *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	str sql = str_fmt(a,
	        "select %.*s, a.name, b.name from coaching_session s join person a on a.org_id = s.org_id and a.id = "
	        "s.coach"
	        " join person b on b.org_id = s.org_id and b.id = s.coachee where s.org_id = $1 and $2 = $2 "
	        "{may:session_fact s.coach s.coachee s.second}"
	        " and $3 = $3 and $4 = $4 and (%s) order by coalesce(s.moved_to, s.on_day), s.start, s.id limit 200",
	        STR_ARG(record_columns(a, &session_record, "s")), where);
	enum err e =
	        record_query(r->conn, a, &r->grant, str_z(a, sql), DB_ARGS(DB_I(person), DB_T(day_iso(a, d))), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		struct meeting_row *m = &all[n++];
		*m = (struct meeting_row){ 0 };
		int at = record_read(&rows, &session_record, 0, &m->s);
		m->coach = db_text(&rows, at);
		m->coachee = db_text(&rows, at + 1);
		m->on = session_day(&m->s);
		m->at = session_at(a, &m->s);
		m->over = m->on.n < r->today.n && !day_is(m->s.held_on);
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

str
person_name(struct request *r, id person)
{
	return page_name(r, "person", person);
}

str
skill_name(struct request *r, id skill)
{
	return page_name(r, "skill", skill);
}

str
cadence_words(int cadence)
{
	return str_of(cadences[cadence].label);
}

const char *
period_class(int state)
{
	return state == PERIOD_PAID                            ? "on"
	       : state == PERIOD_OWED || state == PERIOD_OTHER ? "no"
	       : state == PERIOD_PAUSED                        ? "away"
	                                                       : "ask";
}

const char *
period_words(int state)
{
	static const char *const words[] = { [PERIOD_NONE] = "nothing",
		[PERIOD_OPEN] = "not over yet",
		[PERIOD_PAID] = "confirmed",
		[PERIOD_OWED] = "missed",
		[PERIOD_OTHER] = "held, but it was no coaching",
		[PERIOD_WAITING] = "unanswered",
		[PERIOD_DENIED] = "denied",
		[PERIOD_PAUSED] = "paused" };
	return words[state];
}

/* ---- whom to coach, and why ---- */

struct deal_facts {
	id owner;
	int64_t open, no_step, overdue, flagged;
};

static enum err
load_facts(struct request *r, struct deal_facts **ret, size_t *ret_n)
{
	static const char sql[] =
	        "select d.owner, count(*), sum(case when d.worked = 1 and coalesce(d.next_step, '') = '' then 1 else 0 "
	        "end),"
	        " sum(case when d.next_step_on < $4 then 1 else 0 end), sum(case when d.health in ('warning', "
	        "'critical') then 1 else 0 end)"
	        " from deal d where d.org_id = $1 and $2 = $2 {may:deals d.owner} and d.outcome = 'open' and d.owner in"
	        " (select x.coachee from pair x where x.org_id = $1 and x.coach = $3 and x.to_day is null) group by "
	        "d.owner";
	struct deal_facts *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql,
	        DB_ARGS(DB_I(r->actor.person), DB_T(day_iso(r->arena, r->today))), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(r->arena, all, n, cap);
		all[n++] = (struct deal_facts){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_int(&rows, 3),
			db_int(&rows, 4) };
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

/* The first reason that holds; each prints its rule. */
static void
say_why(struct request *r, struct team_row *t, const struct deal_facts *f, int64_t late, bool carried)
{
	struct arena *a = r->arena;
	const struct pair_debt *d = t->d;
	str cadence = d->rhythm;

	if (d->state == DEBT_DENIED) {
		t->why = STR("The two of you differ about the last session");
		t->rule = STR("one side says it took place, the other that it did not; talk first.");
		t->score = 6;
	} else if (d->state == DEBT_OWED) {
		t->why = day_is(d->last_confirmed)
		                 ? str_fmt(a, "Not coached for %d days", day_between(d->last_confirmed, r->today))
		                 : STR("No confirmed session so far");
		t->rule = str_fmt(a, "agreed is %.*s; %lld period%s without a confirmed session.", STR_ARG(cadence),
		        (long long)d->owed, d->owed == 1 ? "" : "s");
		t->score = 5;
	} else if (carried) {
		t->why = STR("A commitment was carried over twice");
		t->rule = STR("after two sessions it goes one level up.");
		t->score = 4;
	} else if (late) {
		t->why = str_fmt(a, "%lld commitment%s past the day", (long long)late, late == 1 ? "" : "s");
		t->rule = STR("an overdue commitment heads the agenda.");
		t->score = 3;
	} else if (f && (f->no_step || f->overdue)) {
		t->why = f->no_step ? str_fmt(a, "%lld of %lld deals without a next step", (long long)f->no_step,
		                              (long long)f->open)
		                    : str_fmt(a, "%lld of %lld deals with an overdue next step", (long long)f->overdue,
		                              (long long)f->open);
		t->rule = STR("each open deal that is worked has a next step with a day.");
		t->score = 2;
	} else if (f && f->flagged) {
		t->why = str_fmt(a, "%lld of %lld deals with a warning", (long long)f->flagged, (long long)f->open);
		t->rule = STR("a health rule of the deal fires.");
		t->score = 1;
	} else if (d->state == DEBT_NEW) {
		t->why = STR("The first session is to come");
		t->rule = str_fmt(a, "agreed is %.*s; debt counts from %.*s.", STR_ARG(cadence),
		        STR_ARG(day_text(a, d->from_day, r->today)));
	} else if (d->state == DEBT_WAITING) {
		t->why =
		        str_fmt(a, "Waits for their word since %.*s", STR_ARG(day_text(a, d->waiting_since, r->today)));
		t->rule = STR("unanswered pauses debt; show them the code.");
	} else {
		t->why = STR("In good rhythm");
		t->rule = str_fmt(a, "agreed is %.*s; nothing is owed.", STR_ARG(cadence));
	}
}

static int
by_score(const void *x, const void *y)
{
	const struct team_row *a = x, *b = y;
	return a->score != b->score ? (a->score < b->score) - (a->score > b->score)
	                            : str_cmp(a->d->coachee_name, b->d->coachee_name);
}

/* The session to prepare: the first that is not held in this period or the next, else the latest. */
static void
give_sessions(struct team_row *t, const struct meeting_row *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].s.pair == t->d->pair && (!t->session || m[i].s.state <= SESSION_PREPARED)) {
			t->session = m[i].s.row.id;
			t->on = m[i].on;
			t->at = m[i].at;
			if (m[i].s.state <= SESSION_PREPARED)
				return;
		}
}

static enum err
load_team(struct request *r, struct coaching_view *v, const struct pair_debt *pairs, size_t n)
{
	struct deal_facts *facts;
	struct meeting_row *m;
	struct owed *late;
	size_t n_facts, n_m, n_late;
	enum err e = load_facts(r, &facts, &n_facts);

	if (e == OK)
		e = meeting_list(
		        r, "s.coach = $3 and s.on_day >= $4", r->actor.person, day_add(r->today, -6), &m, &n_m);
	if (e == OK)
		e = owed_list(r, "c.owed_to = $3 and c.state = 'open' and (c.due < $5 or c.carried >= 2)",
		        r->actor.person, 0, r->today, &late, &n_late);
	if (e != OK)
		return e;
	v->team = arena_new(r->arena, struct team_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct team_row *t = &v->team[v->n_team];
		const struct deal_facts *f = NULL;
		int64_t past = 0;
		bool carried = false;
		if (pairs[i].ended)
			continue;
		*t = (struct team_row){ .d = &pairs[i], .on = DAY_NONE, .on_what = pairs[i].focus_name };
		for (size_t k = 0; k < n_facts; k++)
			f = facts[k].owner == pairs[i].coachee ? &facts[k] : f;
		for (size_t k = 0; k < n_late; k++)
			if (late[k].c.owner == pairs[i].coachee) {
				past += late[k].late;
				carried = carried || (late[k].c.carried != NO_INT && late[k].c.carried >= 2);
			}
		say_why(r, t, f, past, carried);
		give_sessions(t, m, n_m);
		v->n_team++;
	}
	qsort(v->team, v->n_team, sizeof *v->team, by_score);
	return OK;
}

/* O6: what a coach does for all their people is open to each of them. */
static enum err
load_coach_sums(struct request *r, struct coaching_view *v, day from)
{
	struct grant g = grant_counts(&r->grant, "visible down before visible up");
	enum err e = OK;

	v->mine_sums = arena_new(r->arena, struct debt_sum, v->n_mine + 1);
	for (size_t i = 0; e == OK && i < v->n_mine; i++)
		e = debt_of_coach(r->conn, r->arena, &g, v->mine[i].coach, from, r->today, r->today, &v->mine_sums[i]);
	return e;
}

/* Who reports to me, and the head, of whom I am the sponsor (O8). */
static enum err
count_reports(struct request *r, int64_t *ret)
{
	return db_one_int(r->conn,
	        "select count(*) from person p where p.org_id = $1 and (p.manager = $2 or exists (select 1 from "
	        "company k where "
	        "k.org_id = $1 and k.head = p.id and k.sponsor = $2)) and p.left_on is null",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), ret);
}

/* C5: one level up is the leader of whom it is owed to, above the head the sponsor (O8); its owner has seen it first.
 */
static const char carried_up[] = "c.owed_to <> $3 and c.owner <> $3 and c.state = 'open' and c.carried >= 2 and "
                                 "(c.up_on is null or c.up_on <= $5) "
                                 "and c.owed_to in (select p.id from person p left join company k on k.org_id = "
                                 "p.org_id and k.head = p.id where "
                                 "p.org_id = $1 and (p.manager = $3 or k.sponsor = $3))";

/* Notes that somebody below sent me. */
static enum err
load_sent(struct request *r, struct coaching_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select n.session, p.name, n.sent_on from shared_note n join person p on p.org_id = n.org_id and p.id "
	        "= "
	        "n.coachee where n.org_id = $1 and n.sent_to = $2 order by n.sent_on desc, n.id desc limit 20",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	v->sent = arena_new(r->arena, struct sent_note, 20);
	while (e == OK && v->n_sent < 20 && db_next(&rows))
		v->sent[v->n_sent++] = (struct sent_note){ db_int(&rows, 0), db_text(&rows, 1), db_day(&rows, 2) };
	return e == OK ? db_end(&rows) : e;
}

/* C1: what a second coach took part in, and what the coachee says of that (C6). */
static enum err
count_second(struct request *r, struct coaching_view *v, day from)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select count(*), coalesce(sum(case when answer = 'confirmed' and second_came = 1 then 1 else 0 end), "
	        "0) from "
	        "coaching_session where org_id = $1 and second = $2 and held_on >= $3",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), db_day_value(r->arena, from)), &rows);

	if (e == OK && db_next(&rows)) {
		v->as_second = db_int(&rows, 0);
		v->as_second_said = db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
coaching_load(struct request *r, struct coaching_view *v)
{
	id me = r->actor.person;
	day from = day_add(r->today, -84), past = day_add(r->today, -60);
	struct pair_debt *pairs;
	struct debt_sum *sums;
	size_t n, n_sums;
	enum err e = debt_pairs(r->conn, r->arena, &r->grant,
	        &(struct debt_ask){ .coach = me, .from = from, .to = r->today, .today = r->today }, &pairs, &n);

	if (e == OK)
		e = load_team(r, v, pairs, n);
	if (e == OK && debt_sums(r->arena, pairs, n, &sums)) {
		v->sum = sums[0];
		e = debt_useful(r->conn, r->arena, r->actor.org, r->today, &v->sum);
	}
	if (e == OK)
		e = debt_pairs(r->conn, r->arena, &r->grant,
		        &(struct debt_ask){ .coachee = me, .from = from, .to = r->today, .today = r->today }, &v->mine,
		        &v->n_mine);
	if (e == OK)
		e = load_coach_sums(r, v, from);
	if (e == OK)
		e = meeting_list(r,
		        "s.coachee = $3 and s.state in ('planned', 'prepared') and coalesce(s.moved_to, s.on_day) >= "
		        "$4",
		        me, r->today, &v->next, &v->n_next);
	if (e == OK)
		e = meeting_list(r, "s.coachee = $3 and s.held_on is not null and s.answer is null and s.on_day >= $4",
		        me, past, &v->ask, &v->n_ask);
	if (e == OK)
		e = owed_list(r, "c.owner = $3 and c.state = 'open'", me, 0, r->today, &v->i_owe, &v->n_i_owe);
	if (e == OK)
		e = owed_list(r, "c.owed_to = $3 and c.state = 'open'", me, 0, r->today, &v->owed_me, &v->n_owed_me);
	if (e == OK)
		e = owed_list(r, carried_up, me, 0, r->today, &v->carried, &v->n_carried);
	if (e == OK && r->actor.leads) {
		e = debt_pairs(r->conn, r->arena, &r->grant,
		        &(struct debt_ask){ .below = me, .from = from, .to = r->today, .today = r->today }, &pairs, &n);
		n_sums = e == OK ? debt_sums(r->arena, pairs, n, &sums) : 0;
		v->below = arena_new(r->arena, struct debt_sum, n_sums + 1);
		for (size_t i = 0; i < n_sums; i++)
			if (sums[i].coach != me)
				v->below[v->n_below++] = sums[i];
	}
	if (e == OK)
		e = count_second(r, v, from);
	if (e == OK)
		e = count_reports(r, &v->reports);
	v->can_start = v->reports > 0 && v->n_team == 0;
	return e;
}

/* O9: who could coach somebody above whom nobody stands. */
static enum err
load_stand_in(struct request *r, struct coaching_view *v)
{
	int64_t manager = 0;
	enum err e = v->n_mine ? ERR_ABSENT
	                       : db_one_int(r->conn, "select manager from person where org_id = $1 and id = $2",
	                                 DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &manager);

	if (e != OK || manager)
		return e == ERR_ABSENT ? OK : e;
	v->no_leader = true;
	return second_stand_in(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &v->stand_in);
}

enum err
coaching_show_address(struct request *r, str address)
{
	struct page p = { .title = STR("Coaching") };
	struct coaching_view v = { .address = address };
	enum err e = coaching_load(r, &v);

	if (e == OK)
		e = coaches_load(r, &v);
	if (e == OK)
		e = load_sent(r, &v);
	if (e == OK)
		e = load_stand_in(r, &v);
	if (e != OK)
		return e;
	v.weekday = page_field(r, "weekday");
	v.start_at = page_field(r, "start");
	if (v.n_team) {
		p.title = STR("Whom to coach this week, and on what");
		p.subtitle = STR("Chosen by rules you can read; the order is by reason, then by name");
	}
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_coaching(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
coaching_show(struct request *r)
{
	return coaching_show_address(r, (str){ 0 });
}

enum err
coaching_page(struct request *r)
{
	enum err e = schedule_refresh(r);

	return e == OK || e == ERR_DUPLICATE ? coaching_show(r) : e;
}

/* ---- starting ---- */

static enum err
start_work(struct change *c, void *what)
{
	struct schedule s = *(const struct schedule *)what;
	enum err e = pairs_ensure(c, &s);

	return e == OK ? sessions_ensure(c, s.coach) : e;
}

/* "9", "9:30", "09:30" → minutes */
bool
minutes_parse(str s, int64_t *ret)
{
	str h, m;
	int64_t hours, minutes = 0;

	str_cut(s, ':', &h, &m);
	if (!str_to_i64(h, &hours) || hours < 0 || hours > 23 ||
	        (m.n && (!str_to_i64(m, &minutes) || minutes < 0 || minutes > 59)))
		return false;
	*ret = hours * 60 + minutes;
	return true;
}

enum err
coaching_start(struct request *r)
{
	struct schedule s = { .coach = r->actor.person };
	struct grant g = grant_all(r->actor.org, r->actor.login, 0, "starting to coach");
	int64_t reports = 0;
	id set = 0;
	enum err e = count_reports(r, &reports);

	if (e != OK || !reports)
		return e == OK ? ERR_ABSENT : e;
	if (!str_to_i64(page_field(r, "weekday"), &s.weekday) || s.weekday < 1 || s.weekday > 7)
		fault_add(&r->faults, STR("weekday"), STR("is missing"), STR("choose a day of the week"));
	if (!minutes_parse(page_field(r, "start"), &s.start))
		fault_add(&r->faults, STR("start"), STR("is no time"), STR("write it as 10:00"));
	if (!str_to_i64(page_field(r, "length"), &s.length) || s.length < 5 || s.length > 240)
		fault_add(&r->faults, STR("length"), STR("is not between 5 and 240 minutes"),
		        STR("half an hour is usual"));
	if (r->faults.n)
		return coaching_show(r);
	e = page_change_as(r, &g, STR("Started coaching the team"), start_work, &s, &set);
	if (e == ERR_INPUT)
		return coaching_show(r);
	return e == OK ? page_done(r, set, STR("/coaching")) : e;
}

const struct route coaching_routes[] = {
	{ HTTP_GET, "/today", POLICY_SIGNED_IN, today_page, "today", "See what to do now", false },
	{ HTTP_POST, "/practice", POLICY_PERSON, practice_hide, "today", "Hide the first steps", false },
	{ HTTP_GET, "/observations", POLICY_PERSON, observations_page, "coaching", "See observations", false },
	{ HTTP_GET, "/observations/new", POLICY_PERSON, observation_new, "coaching", "Enter what I saw", false },
	{ HTTP_POST, "/observations", POLICY_PERSON, observation_create, "coaching", "Save what I saw", false },
	{ HTTP_GET, "/observations/:", POLICY_PERSON, observation_page, "coaching", "Read an observation", false },
	{ HTTP_POST, "/observations/:/answer", POLICY_PERSON, observation_answer, "coaching", "Say my own view",
	        false },
	{ HTTP_POST, "/observations/:/second", POLICY_PERSON, observation_ask_second, "coaching",
	        "Ask a second observer", false },
	{ HTTP_POST, "/observations/:/enter", POLICY_PERSON, observation_enter, "coaching",
	        "Write as the second observer", false },
	{ HTTP_POST, "/observations/:/decline", POLICY_PERSON, observation_decline, "coaching",
	        "Decline to be the second observer", false },
	{ HTTP_GET, "/coaching", POLICY_PERSON, coaching_page, "coaching", "See whom to coach", false },
	{ HTTP_POST, "/coaching/start", POLICY_PERSON, coaching_start, "coaching", "Start coaching the team", false },
	{ HTTP_GET, "/coaching/calendar.ics", POLICY_PERSON, coaching_calendar, "coaching", "Subscribe to the sessions",
	        false },
	{ HTTP_POST, "/coaching/calendar", POLICY_PERSON, coaching_address, "coaching", "Make the calendar's address",
	        false },
	{ HTTP_POST, "/coaching/coaches", POLICY_PERSON, coaches_name, "coaching", "Name a coach", false },
	{ HTTP_POST, "/coaching/coaches/:/end", POLICY_PERSON, coaches_end, "coaching", "End a named coach", false },
	{ HTTP_POST, "/coaching/:/send", POLICY_PERSON, session_send, "coaching", "Send the notes of two", false },
	{ HTTP_GET, "/coaching/:/sent", POLICY_PERSON, sent_page, "coaching", "Read notes sent to me", false },
	{ HTTP_GET, "/coaching/:", POLICY_PERSON, prep_page, "coaching", "Prepare a session", false },
	{ HTTP_POST, "/coaching/:/move", POLICY_PERSON, prep_move, "coaching", "Move a session", false },
	{ HTTP_POST, "/coaching/:/excuse", POLICY_PERSON, prep_excuse, "coaching", "Excuse a session", false },
	{ HTTP_POST, "/coaching/:/brings", POLICY_PERSON, prep_brings, "coaching", "Bring a topic", false },
	{ HTTP_POST, "/coaching/:/sheet", POLICY_PERSON, sheet_act, "coaching", "Write one's sheet", false },
	{ HTTP_POST, "/coaching/:/together", POLICY_PERSON, together_act, "coaching", "Meet several at once", false },
	{ HTTP_POST, "/coaching/:/alone", POLICY_PERSON, together_alone, "coaching", "Meet the two alone again",
	        false },
	{ HTTP_POST, "/coaching/:/second", POLICY_PERSON, second_ask, "coaching", "Ask for a second coach", false },
	{ HTTP_POST, "/coaching/:/second/answer", POLICY_PERSON, second_answer, "coaching",
	        "Say whether a second coach may join", false },
	{ HTTP_POST, "/coaching/:/agenda", POLICY_PERSON, prep_agenda, "coaching", "Choose the agenda", false },
	{ HTTP_POST, "/coaching/:/focus", POLICY_PERSON, prep_focus, "coaching", "Choose the focus", false },
	{ HTTP_GET, "/coaching/:/session", POLICY_PERSON, session_page, "coaching", "Hold a session", false },
	{ HTTP_POST, "/coaching/:/session", POLICY_PERSON, session_end, "coaching", "End a session", false },
	{ HTTP_POST, "/coaching/:/commit", POLICY_PERSON, session_commit, "coaching", "Agree on a commitment", false },
	{ HTTP_POST, "/coaching/:/note", POLICY_PERSON, session_note, "coaching", "Write the shared note", false },
	{ HTTP_POST, "/coaching/:/mine", POLICY_PERSON, session_private, "coaching", "Write a private note", false },
	{ HTTP_POST, "/coaching/:/link", POLICY_PERSON, session_link, "coaching", "Make the link to confirm", false },
	{ HTTP_POST, "/coaching/:/framework", POLICY_PERSON, session_frame, "coaching", "Choose a framework", false },
	{ HTTP_GET, "/coaching/:/confirm", POLICY_PERSON, confirm_page, "coaching", "Say what a session was", false },
	{ HTTP_POST, "/coaching/:/confirm", POLICY_PERSON, confirm_act, "coaching", "Confirm a session", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
