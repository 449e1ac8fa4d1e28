/* What was due of each duty in a time, and what came of it; date, topic and confirmation are proof enough (A4a). */
#include "areas/leadership/trace.h"

#include "areas/accountability/accountability.h"

#include "areas/coaching/observe.h"
#include "areas/forecast/review.h"
#include "areas/leadership/records.h"

struct window {
	day from, to; /* of the office, since the duty was agreed */
	day today;    /* what is due after it is not due yet */
};

static bool
in_path(const struct trace_leader *l, id person)
{
	for (size_t i = 0; i < l->n_below; i++)
		if (l->below[i] == person)
			return true;
	return false;
}

/* ---- a leader's duties ---- */

static str
coached_words(struct arena *a, const struct trace_count *c, int64_t same, int64_t sessions, int64_t late)
{
	str s = str_fmt(a, "%lld of %lld confirmed", (long long)c->kept,
	        (long long)(c->kept + c->owed + c->waiting + c->unknown));

	if (c->kept)
		s = str_fmt(a, "%.*s, same skill named in %lld", STR_ARG(s), (long long)same);
	if (c->kept &&
	        sessions != c->kept) /* of whole periods is said first; a session may stand in one that is not over */
		s = str_fmt(a, "%.*s of %lld sessions", STR_ARG(s), (long long)sessions);
	if (c->waiting)
		s = str_fmt(a, "%.*s; %lld waiting for the other side", STR_ARG(s), (long long)c->waiting);
	if (c->unknown)
		s = str_fmt(a, "%.*s; %lld denied, a dispute", STR_ARG(s), (long long)c->unknown);
	if (c->paused)
		s = str_fmt(a, "%.*s; %lld paused", STR_ARG(s), (long long)c->paused);
	return late ? str_fmt(a, "%.*s; %lld entered late", STR_ARG(s), (long long)late) : s;
}

/* C6, C8: confirmed pays, unanswered waits, denied is a dispute that nobody here can settle. */
static enum err
weigh_coaching(
        const struct trace_ask *ask, const struct trace_leader *l, const struct window *w, struct trace_item *ret)
{
	const struct debt_ask d = {
		.coach = l->person, .from = w->from, .to = w->to, .today = w->today, .leavers = true
	};
	struct trace_count c = { 0 };
	struct pair_debt *pairs = NULL;
	int64_t same = 0, sessions = 0, late = 0;
	size_t n = 0;
	enum err e = debt_pairs(ask->conn, ask->arena, ask->counts, &d, &pairs, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		if (!in_path(l, pairs[i].coachee))
			continue;
		c.kept += pairs[i].span[PERIOD_PAID];
		c.owed += pairs[i].span[PERIOD_OWED] + pairs[i].span[PERIOD_OTHER];
		c.waiting += pairs[i].span[PERIOD_WAITING];
		c.unknown += pairs[i].span[PERIOD_DENIED];
		c.paused += pairs[i].span[PERIOD_PAUSED];
		same += pairs[i].same_skill;
		sessions += pairs[i].confirmed;
		late += pairs[i].late;
	}
	ret->state = trace_weigh(c, TRACE_ENOUGH);
	ret->proof = c.kept + c.owed + c.waiting + c.unknown + c.paused
	                     ? coached_words(ask->arena, &c, same, sessions, late)
	                     : STR("no sessions were set up in this time");
	return e;
}

static enum err
weigh_charter(const struct trace_ask *ask, const struct trace_leader *l, const struct window *w, struct trace_item *ret)
{
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select c.signed_on, (select count(*) from charter_answer x where x.org_id = c.org_id and x.charter = "
	        "c.id and x.agrees = 1), (select count(*) from charter_answer x where x.org_id = c.org_id and "
	        "x.charter = "
	        "c.id) from charter c where c.org_id = $1 and c.person = $2 and c.signed_on <= $3 order by c.number "
	        "desc "
	        "limit 1",
	        DB_ARGS(DB_I(ask->org), DB_I(l->person), db_day_value(ask->arena, w->to)), &rows);

	ret->state = TRACE_MISSED;
	ret->proof = STR("not signed");
	if (e == OK && db_next(&rows)) {
		ret->state = TRACE_KEPT;
		ret->proof = str_fmt(ask->arena, "signed %.*s; agreed by %lld of %lld who answered",
		        STR_ARG(day_text(ask->arena, db_day(&rows, 0), ask->today)), (long long)db_int(&rows, 1),
		        (long long)db_int(&rows, 2));
	}
	return e == OK ? db_end(&rows) : e;
}

/* A5: raised while in office; answered by its day, and the worst named by its days. */
static enum err
weigh_blockers(
        const struct trace_ask *ask, const struct trace_leader *l, const struct window *w, struct trace_item *ret)
{
	struct trace_count c = { 0 };
	day raised = DAY_NONE, answered = DAY_NONE;
	int worst = -1;
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select raised_on, due, answered_on, confirmed_on from blocker where org_id = $1 and owner = $2 and "
	        "raised_on >= $3 "
	        "and "
	        "raised_on <= $4 order by raised_on, id",
	        DB_ARGS(DB_I(ask->org), DB_I(l->person), db_day_value(ask->arena, w->from),
	                db_day_value(ask->arena, w->to)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		day on = db_day(&rows, 0), due = db_day(&rows, 1), then = db_day(&rows, 2);
		day until = day_is(then) ? then : w->today;
		bool waits = day_is(then) && db_is_null(&rows, 3) && day_between(then, w->today) <= BLOCKER_ASK_DAYS;
		if (day_is(then) && then.n <= due.n && waits)
			c.waiting++;
		else if (day_is(then) && then.n <= due.n)
			c.kept++;
		else if (until.n > due.n)
			c.owed++;
		if (until.n > due.n && day_working_between(on, until) > worst) {
			worst = day_working_between(on, until);
			raised = on;
			answered = then;
		}
	}
	if (e == OK)
		e = db_end(&rows);
	if (!c.kept && !c.owed && !c.waiting) {
		*ret = (struct trace_item){ TRACE_KEPT, ret->what, STR("none was raised, or none is due yet") };
		return e;
	}
	ret->state = trace_weigh(c, TRACE_ALL);
	ret->proof = str_fmt(
	        ask->arena, "%lld of %lld in time", (long long)c.kept, (long long)(c.kept + c.owed + c.waiting));
	if (c.waiting)
		ret->proof = str_fmt(ask->arena, "%.*s; %lld answered, waiting for who raised it", STR_ARG(ret->proof),
		        (long long)c.waiting);
	if (worst >= 0)
		ret->proof = str_fmt(ask->arena, "%.*s; one raised %.*s, %.*s%.*s: %d working days",
		        STR_ARG(ret->proof), STR_ARG(day_text(ask->arena, raised, ask->today)),
		        STR_ARG(day_is(answered) ? STR("answered ") : STR("still open")),
		        STR_ARG(day_is(answered) ? day_text(ask->arena, answered, ask->today) : (str){ 0 }), worst);
	return e;
}

/* L1: the leader's own account of this very time. */
static enum err
weigh_account(
        const struct trace_ask *ask, const struct trace *asked, const struct trace_leader *l, struct trace_item *ret)
{
	day from = day_is(ask->asked) ? ask->asked : ask->from, to = day_is(ask->asked_to) ? ask->asked_to : ask->to;
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select min(on_day) from number_account where org_id = $1 and person = $2 and ((from_day = $3 and "
	        "to_day "
	        "= $4) or (from_day = $5 and to_day = $6)) having count(*) > 0",
	        DB_ARGS(DB_I(ask->org), DB_I(l->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, ask->to), db_day_value(ask->arena, from),
	                db_day_value(ask->arena, to)),
	        &rows);

	if (e == OK && db_next(&rows)) {
		ret->state = TRACE_KEPT;
		ret->proof = str_fmt(
		        ask->arena, "written %.*s", STR_ARG(day_text(ask->arena, db_day(&rows, 0), ask->today)));
	} else if (asked->row.id && ask->today.n > asked->due.n) {
		ret->state = TRACE_MISSED;
		ret->proof = str_fmt(ask->arena, "asked %.*s, not written",
		        STR_ARG(day_text(ask->arena, asked->asked_on, ask->today)));
	} else {
		ret->state = TRACE_WAITING;
		ret->proof = asked->row.id ? str_fmt(ask->arena, "asked; due %.*s",
		                                     STR_ARG(day_text(ask->arena, asked->due, ask->today)))
		                           : STR("nobody has asked for it yet");
	}
	return e == OK ? db_end(&rows) : e;
}

/* ---- what was to be seen (C7, C8) ---- */

/* Whole periods of the cadence within the time; a quarter of 90 days is one. */
static int64_t
periods_in(int cadence, const struct window *w)
{
	static const int days[] = { [CADENCE_WEEKLY] = 7,
		[CADENCE_FORTNIGHTLY] = 14,
		[CADENCE_MONTHLY] = 30,
		[CADENCE_SIX_WEEKS] = 42,
		[CADENCE_QUARTERLY] = 90 };
	size_t n = sizeof days / sizeof *days;
	day end = w->to.n < w->today.n ? w->to : w->today;

	return (size_t)cadence < n && days[cadence] ? (day_between(w->from, end) + 1) / days[cadence] : 0;
}

static enum err
add_seen(const struct trace_ask *ask, id observer, id person, unsigned kinds, int64_t due, const struct window *w,
        struct trace_count *c)
{
	struct observed_count n = { 0 };
	enum err e = observed_count(ask->conn, ask->arena, ask->org, observer, person, kinds, w->from, w->to, &n);
	int64_t open = due - n.seen;

	c->kept += n.seen < due ? n.seen : due;
	if (open > 0) {
		c->unknown += n.denied < open ? n.denied : open;
		c->owed += n.denied < open ? open - n.denied : 0;
	}
	return e;
}

/* each: so often for everyone directly below (a call of each seller); else so often in all. */
static enum err
weigh_seen(const struct trace_ask *ask, const struct trace_leader *l, const struct obligation *o,
        const struct window *w, unsigned kinds, bool each, struct trace_item *ret)
{
	int64_t due = periods_in(o->cadence, w);
	struct trace_count c = { 0 };
	enum err e = OK;

	if (!due) {
		*ret = (struct trace_item){ TRACE_PAUSED, ret->what, STR("not due within these days") };
		return OK;
	}
	for (size_t i = 0; e == OK && each && i < l->n_below; i++)
		e = add_seen(ask, l->person, l->below[i], kinds, due, w, &c);
	if (!each)
		e = add_seen(ask, l->person, 0, kinds, due, w, &c);
	if (!c.kept && !c.unknown) {
		*ret = (struct trace_item){ TRACE_UNKNOWN, ret->what, STR("nothing is recorded in this time") };
		return e;
	}
	ret->state = trace_weigh(c, TRACE_ENOUGH);
	ret->proof = str_fmt(ask->arena, "%lld of %lld", (long long)c.kept, (long long)(c.kept + c.owed + c.unknown));
	if (c.unknown)
		ret->proof =
		        str_fmt(ask->arena, "%.*s; %lld denied, a dispute", STR_ARG(ret->proof), (long long)c.unknown);
	return e;
}

/* P7, A2a: an answered review in each quarter that is over. */
static enum err
weigh_review(const struct trace_ask *ask, const struct trace_leader *l, const struct window *w, struct trace_item *ret)
{
	struct review_quarter q[8];
	struct trace_count c = { 0 };
	enum err e = review_quarters(ask->conn, ask->arena, ask->org, l->person, w->today, q, 8);

	for (size_t i = 0; e == OK && i < 8; i++) {
		day end = day_add(day_add_months(q[i].from, 3), -1);
		if (q[i].from.n > w->to.n || end.n < w->from.n)
			continue;
		c.kept += q[i].state == REVIEW_KEPT;
		c.owed += q[i].state == REVIEW_MISSED && end.n <= w->to.n;
	}
	if (!c.kept && !c.owed) {
		*ret = (struct trace_item){ TRACE_PAUSED, ret->what, STR("not due within these days") };
		return e;
	}
	ret->state = trace_weigh(c, TRACE_ALL);
	ret->proof = str_fmt(ask->arena, "%lld of %lld quarters", (long long)c.kept, (long long)(c.kept + c.owed));
	return e;
}

static enum err
weigh_duty(const struct trace_ask *ask, const struct trace *asked, const struct trace_leader *l,
        const struct obligation *o, const struct window *w, struct trace_item *ret)
{
	const unsigned calls = OBSERVED(OBSERVED_CALL) | OBSERVED(OBSERVED_RECORDING) | OBSERVED(OBSERVED_RIDE_ALONG);

	switch (o->duty) {
	case DUTY_WATCH_COACHING:
		return weigh_seen(ask, l, o, w, OBSERVED(OBSERVED_COACHING), o->cadence == CADENCE_SIX_WEEKS, ret);
	case DUTY_RIDE_ALONG:
		return weigh_seen(ask, l, o, w, OBSERVED(OBSERVED_RIDE_ALONG), false, ret);
	case DUTY_OBSERVED_CALL:
		return weigh_seen(ask, l, o, w, calls, true, ret);
	case DUTY_PROCESS_REVIEW:
		return weigh_review(ask, l, w, ret);
	case DUTY_COACH:
		return weigh_coaching(ask, l, w, ret);
	case DUTY_CHARTER:
		return weigh_charter(ask, l, w, ret);
	case DUTY_BLOCKERS:
		return weigh_blockers(ask, l, w, ret);
	case DUTY_ACCOUNT_FIRST:
		return weigh_account(ask, asked, l, ret);
	default:
		ret->state = TRACE_UNKNOWN;
		ret->proof = STR("nothing is recorded in this time");
		return OK;
	}
}

static day
later(day x, day y)
{
	return x.n > y.n ? x : y;
}

/* One obligation while this person held the office; before it was agreed, nothing was promised (A4a). */
static enum err
push_duty(const struct trace_ask *ask, const struct trace *asked, const struct obligation *o, struct trace_leader *l)
{
	struct trace_item x = { .what = obligation_words(ask->arena, o) };
	day end = l->to.n < ask->today.n ? l->to : ask->today;
	struct window w = { l->from, end, end.n < l->to.n ? end : day_add(end, 1) };
	enum err e = OK;

	if (day_is(o->to_day) && o->to_day.n < l->from.n)
		return OK; /* of an earlier office */
	if (day_is(o->to_day) && o->to_day.n < w.to.n)
		w.to = o->to_day;
	if (!day_is(o->agreed_on) || o->agreed_on.n > w.to.n) {
		x.state = TRACE_NOT_PROMISED;
		x.proof = day_is(o->agreed_on) ? str_fmt(ask->arena, "agreed on %.*s, not owed before",
		                                         STR_ARG(day_text(ask->arena, o->agreed_on, ask->today)))
		                               : STR("not agreed yet");
	} else {
		w.from = later(w.from, o->agreed_on);
		e = weigh_duty(ask, asked, l, o, &w, &x);
		if (e == OK && o->agreed_on.n > l->from.n)
			x.proof = str_fmt(ask->arena, "%.*s (since it was agreed, %.*s)", STR_ARG(x.proof),
			        STR_ARG(day_text(ask->arena, o->agreed_on, ask->today)));
	}
	if (e == OK)
		trace_leader_push(l, x);
	return e;
}

static enum err
load_obligations(const struct trace_ask *ask, id person, struct obligation **ret, size_t *ret_n)
{
	struct obligation *o = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(ask->arena,
	        "select %.*s from obligation x where x.org_id = $1 and $2 = $2 and x.person = $3 {may:leadership "
	        "x.person}"
	        " order by x.id",
	        STR_ARG(record_columns(ask->arena, &obligation_record, "x")));
	enum err e =
	        record_query(ask->conn, ask->arena, ask->counts, str_z(ask->arena, sql), DB_ARGS(DB_I(person)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(ask->arena, o, n, cap);
		record_read(&rows, &obligation_record, 0, &o[n++]);
	}
	*ret = o;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* A3: promises that came due in the time. to: 0 is anybody. A claimed one waits for whom it is owed to; an open one
   whose day has passed is missed; one that is not due yet is neither. */
static enum err
count_promises(const struct trace_ask *ask, id owner, id to, day from, day until, struct trace_count *c, int64_t *moves)
{
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select state, claimed_on, due, coalesce(moves, 0) from commitment where org_id = $1 and owner = $2 "
	        "and "
	        "($3 = 0 or owed_to = $3) and due >= $4 and due <= $5",
	        DB_ARGS(DB_I(ask->org), DB_I(owner), DB_I(to), db_day_value(ask->arena, from),
	                db_day_value(ask->arena, until)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		int state = choice_of(commitment_states, db_text_raw(&rows, 0));
		*moves += db_int(&rows, 3);
		c->kept += state == COMMITMENT_KEPT;
		c->owed += state == COMMITMENT_MISSED;
		if (state == COMMITMENT_OPEN && !db_is_null(&rows, 1))
			c->waiting++;
		else if (state == COMMITMENT_OPEN && db_day(&rows, 2).n < ask->today.n)
			c->owed++;
	}
	return e == OK ? db_end(&rows) : e;
}

static str
promise_words(struct arena *a, const struct trace_count *c, int64_t moves)
{
	str s = str_fmt(a, "%lld of %lld kept", (long long)c->kept, (long long)(c->kept + c->owed + c->waiting));

	if (c->waiting)
		s = str_fmt(a, "%.*s; %lld waiting to be confirmed", STR_ARG(s), (long long)c->waiting);
	return moves ? str_fmt(a, "%.*s; days moved %lld time%s", STR_ARG(s), (long long)moves, moves == 1 ? "" : "s")
	             : s;
}

static enum err
push_promises(const struct trace_ask *ask, struct trace_leader *l)
{
	struct trace_count c = { 0 };
	int64_t moves = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < l->n_below; i++)
		e = count_promises(ask, l->person, l->below[i], l->from, l->to, &c, &moves);
	if (e == OK && c.kept + c.owed + c.waiting)
		trace_leader_push(l, (struct trace_item){ trace_weigh(c, TRACE_ALL), STR("Own promises to those below"),
		                             promise_words(ask->arena, &c, moves) });
	return e;
}

/* A2, A4: a target that both agreed to, with the ratios it came from; proposed by the person, it waits for the leader.
 */
static struct trace_item
agreed_item(const struct trace_ask *ask, const struct agreed *x)
{
	struct trace_item t = { TRACE_KEPT, STR("A target agreed by both, from real ratios"), { 0 } };

	if (!x->both) {
		t.state = TRACE_WAITING;
		t.proof = str_fmt(ask->arena, "version %lld, proposed %.*s, waits for a signature",
		        (long long)x->number, STR_ARG(day_text(ask->arena, x->on, ask->today)));
		return t;
	}
	t.proof = str_fmt(ask->arena, "version %lld, in force since %.*s; %.*s", (long long)x->number,
	        STR_ARG(day_text(ask->arena, x->on, ask->today)),
	        STR_ARG(x->ratio.n ? x->ratio : STR("not enough closes for a ratio then")));
	return t;
}

/* A4: the target. Nobody agrees to owe one here, so it is a fact beside what was promised and never counts. */
static enum err
push_target(const struct trace_ask *ask, struct trace_leader *l)
{
	struct agreed agreed = { 0 };
	int64_t first = 0;
	enum err e;

	if (l->depth != 1)
		return OK;
	e = agreement_in(ask->conn, ask->arena, ask->org, ask->person, ask->from, ask->to, &agreed);
	if (e == OK && agreed.person)
		trace_leader_push(l, agreed_item(ask, &agreed));
	if (e != OK || agreed.person)
		return e;
	e = db_one_int(ask->conn,
	        "select coalesce(min(id), 0) from target where org_id = $1 and person = $2 and from_day >= $3 and "
	        "to_day "
	        "<= $4",
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, ask->to)),
	        &first);
	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	/* when it was entered says nothing: an import brings it later than it was agreed (D5b) */
	trace_leader_push(l, (struct trace_item){ TRACE_NOT_PROMISED, STR("A target for this time"),
	                             first ? STR("entered") : STR("none was entered") });
	return OK;
}

enum err
trace_duties(const struct trace_ask *ask, const struct trace *asked, struct trace_leader *l)
{
	struct obligation *o;
	size_t n;
	enum err e = load_obligations(ask, l->person, &o, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		e = push_duty(ask, asked, &o[i], l);
	if (e == OK && !n)
		trace_leader_push(
		        l, (struct trace_item){ TRACE_NOT_PROMISED, STR("Any duty"), STR("none was ever agreed") });
	if (e == OK)
		e = push_promises(ask, l);
	return e == OK ? push_target(ask, l) : e;
}

/* ---- the person's own part ---- */

/* A4a: what the person had not agreed to by then is not promised, and counts for nobody. */
static bool
promised(const struct obligation *o, size_t n, int duty, day until)
{
	for (size_t i = 0; i < n; i++)
		if (o[i].duty == duty && day_is(o[i].agreed_on) && o[i].agreed_on.n <= until.n)
			return true;
	return false;
}

static void
push_counted(const struct trace_ask *ask, struct trace_person *p, const char *what, struct trace_count c, bool owed)
{
	if (c.kept + c.owed)
		trace_person_push(
		        p, (struct trace_item){ owed ? trace_weigh(c, TRACE_ENOUGH) : TRACE_NOT_PROMISED, str_of(what),
		                   str_fmt(ask->arena, "%lld of %lld%s", (long long)c.kept,
		                           (long long)(c.kept + c.owed), owed ? "" : "; not agreed then") });
}

/* C6, C2: of sessions that were held: the word given within seven days, the evidence brought. */
static enum err
push_sessions(const struct trace_ask *ask, const struct obligation *o, size_t n, struct trace_person *p)
{
	struct trace_count word = { 0 }, brought = { 0 };
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select held_on, answer, answered_on, case when evidence is null then 0 else 1 end from "
	        "coaching_session "
	        "where org_id = $1 and coachee = $2 and held_on >= $3 and held_on <= $4",
	        DB_ARGS(DB_I(ask->org), DB_I(p->person), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, ask->to)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		day held = db_day(&rows, 0), said = db_day(&rows, 2);
		bool has = choice_of(answers, db_text_raw(&rows, 1)) != ANSWER_NONE;
		int days = day_between(held, has && day_is(said) ? said : ask->today);
		word.kept += has && days <= ASK_DAYS;
		word.owed += days > ASK_DAYS;
		brought.kept += db_int(&rows, 3);
		brought.owed += !db_int(&rows, 3);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e != OK)
		return e;
	push_counted(
	        ask, p, "Say within seven days what each session was", word, promised(o, n, DUTY_CONFIRM, ask->to));
	push_counted(
	        ask, p, "Bring one piece of evidence to each session", brought, promised(o, n, DUTY_EVIDENCE, ask->to));
	return OK;
}

enum err
trace_person_duties(const struct trace_ask *ask, struct trace_person *p)
{
	struct trace_count c = { 0 };
	struct obligation *o;
	int64_t moves = 0;
	size_t n;
	enum err e = load_obligations(ask, p->person, &o, &n);

	if (e == OK && !p->leads) /* a leader's duties stand in the own trace */
		e = push_sessions(ask, o, n, p);
	if (e == OK)
		e = count_promises(ask, p->person, 0, ask->from, ask->to, &c, &moves);
	if (e == OK && c.kept + c.owed + c.waiting)
		trace_person_push(p, (struct trace_item){ trace_weigh(c, TRACE_ALL), STR("Own promises that came due"),
		                             promise_words(ask->arena, &c, moves) });
	return e;
}
