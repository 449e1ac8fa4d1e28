/* Coaching debt and preparation against values worked out by hand; the schedule and two sides on both databases. */
#include "unit.h"

#include "both.h"

#include "app/setup.h"
#include "areas/coaching/certify.h"
#include "areas/coaching/prepare.h"
#include "areas/coaching/programme.h"
#include "areas/coaching/schedule.h"

static day
d(int month, int dom)
{
	return day_of(2026, month, dom);
}

/* ---- rhythm, by hand ---- */

static void
assert_days(const day *all, size_t n, const day *wanted, size_t n_wanted)
{
	assert_true(n >= n_wanted);
	for (size_t i = 0; i < n_wanted; i++)
		assert_int_equal(all[i].n, wanted[i].n);
}

/* C1: a pair of the cadence joins a programme on Wednesdays: its weeks before, occurrences since, the cut week none. */
static void
test_rhythm_joined(void **state)
{
	const struct rhythm r = { .from_day = day_of(2026, 11, 2),
		.weekday = 2,
		.cadence = CADENCE_WEEKLY,
		.rule = STR("FREQ=WEEKLY;BYDAY=WE"),
		.rule_from = day_of(2026, 11, 1),
		.rule_to = DAY_NONE,
		.joined = day_of(2026, 11, 25) };
	const day wanted[] = { day_of(2026, 11, 2), day_of(2026, 11, 9), day_of(2026, 11, 16), day_of(2026, 11, 25),
		day_of(2026, 12, 2) };
	const day *all;
	size_t n;

	assert_int_equal(rhythm_starts(*state, &r, day_of(2026, 12, 1), &all, &n), OK);
	assert_int_equal(n, 5);
	assert_days(all, n, wanted, 5);
}

/* Month ends that are none, and the Sunday on which the clocks change: days are days. */
static void
test_rhythm_calendar(void **state)
{
	struct rhythm r = { .from_day = day_of(2026, 12, 31),
		.weekday = 4,
		.cadence = CADENCE_FORTNIGHTLY,
		.rule = STR("FREQ=MONTHLY;BYMONTHDAY=-1"),
		.rule_from = day_of(2026, 12, 31),
		.rule_to = DAY_NONE,
		.joined = day_of(2026, 12, 31) };
	const day ends[] = { day_of(2026, 12, 31), day_of(2027, 1, 31), day_of(2027, 2, 28), day_of(2027, 3, 31),
		day_of(2027, 4, 30) };
	const day sundays[] = { day_of(2026, 10, 18), day_of(2026, 10, 25), day_of(2026, 11, 1) };
	const day *all;
	day next;
	size_t n;

	assert_int_equal(rhythm_starts(*state, &r, day_of(2027, 4, 1), &all, &n), OK);
	assert_int_equal(n, 5);
	assert_days(all, n, ends, 5);
	r.rule = STR("FREQ=WEEKLY;BYDAY=SU;COUNT=3");
	r.from_day = r.rule_from = r.joined = day_of(2026, 10, 18);
	assert_int_equal(rhythm_starts(*state, &r, day_of(2026, 12, 1), &all, &n), OK);
	assert_int_equal(n, 3);
	assert_days(all, n, sundays, 3);
	assert_int_equal(rhythm_next(*state, r.rule, r.rule_from, DAY_NONE, day_of(2026, 11, 2), &next), OK);
	assert_false(day_is(next)); /* three, and no more */
	assert_int_equal(
	        rhythm_next(*state, r.rule, r.rule_from, day_of(2026, 10, 20), day_of(2026, 10, 19), &next), OK);
	assert_false(day_is(next)); /* the programme ends before */
}

/* T5: the last valid day, month ends too. */
static void
test_certificate(void **state)
{
	(void)state;
	assert_int_equal(certify_until(day_of(2023, 2, 12), 12).n, day_of(2024, 2, 11).n);
	assert_int_equal(certify_until(day_of(2024, 2, 29), 12).n, day_of(2025, 2, 28).n);
	assert_int_equal(certify_until(day_of(2026, 1, 31), 1).n, day_of(2026, 2, 28).n);
	assert_int_equal(certify_until(day_of(2026, 3, 1), 1).n, day_of(2026, 3, 31).n);
	assert_int_equal(certify_until(day_of(2026, 1, 1), 24).n, day_of(2027, 12, 31).n);
}

/* ---- debt, by hand ---- */

/* 2026-11-02 is a Monday. A weekly pair from then on, Tuesdays: periods begin 2, 9, 16, 23 Nov. */
static struct pair_debt
weekly(void)
{
	return (struct pair_debt){ .pair = 1,
		.coach = 10,
		.coachee = 20,
		.cadence = CADENCE_WEEKLY,
		.weekday = 2,
		.from_day = d(11, 2),
		.to_day = DAY_NONE };
}

static struct debt_session
held(int month, int dom, int answer, int kind)
{
	return (struct debt_session){ .session = 7,
		.pair = 1,
		.on_day = d(month, dom),
		.held_on = d(month, dom),
		.claimed_on = d(month, dom),
		.answer = answer,
		.answer_kind = kind,
		.skill = 3,
		.answer_skill = 3 };
}

/* One debt: the same weighing over the occurrences of a rule. Confirmed in the first month, the second is owed. */
static void
test_debt_of_rule(void **state)
{
	static const int wanted[] = { PERIOD_PAID, PERIOD_OWED, PERIOD_OPEN };
	const day starts[] = { day_of(2026, 9, 30), day_of(2026, 10, 31), day_of(2026, 11, 30), day_of(2026, 12, 31) };
	const struct debt_session s[] = { held(10, 12, ANSWER_CONFIRMED, MEETING_COACHING) };
	struct pair_debt x = weekly();

	(void)state;
	x.from_day = starts[0];
	x.starts = starts;
	x.n_starts = 4;
	debt_weigh(&x, s, 1, NULL, 0, d(9, 1), d(12, 3), d(12, 3));
	assert_int_equal(x.n_periods, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(x.periods[i], wanted[i]);
	assert_int_equal(x.state, DEBT_OWED);
	assert_int_equal(x.owed, 1);
	assert_int_equal(x.span[PERIOD_PAID], 1);
	assert_int_equal(x.span[PERIOD_OWED], 1);
}

static void
test_first(void **state)
{
	(void)state;
	assert_int_equal(pair_first(d(11, 2), 2).n, d(11, 3).n);
	assert_int_equal(pair_first(d(11, 4), 2).n, d(11, 10).n); /* a Wednesday: the next Tuesday */
	assert_int_equal(pair_period(d(11, 4), 2, CADENCE_WEEKLY, d(11, 8)), -1);
	assert_int_equal(pair_period(d(11, 2), 2, CADENCE_WEEKLY, d(11, 23)), 3);
	assert_int_equal(pair_period(d(11, 2), 2, CADENCE_FORTNIGHTLY, d(11, 23)), 1);
}

static void
test_debt(void **state)
{
	struct pair_debt p = weekly();
	struct debt_session s[3] = { held(11, 3, ANSWER_CONFIRMED, MEETING_COACHING),
		held(11, 10, ANSWER_CONFIRMED, MEETING_INSPECTION) };
	(void)state;

	debt_weigh(&p, s, 2, NULL, 0, d(11, 1), d(11, 25), d(11, 25));
	assert_int_equal(p.n_periods, 4);
	assert_int_equal(p.periods[0], PERIOD_PAID);
	assert_int_equal(p.periods[1], PERIOD_OTHER); /* C2a: an inspection is no coaching */
	assert_int_equal(p.periods[2], PERIOD_OWED);
	assert_int_equal(p.periods[3], PERIOD_OPEN); /* today's is not over */
	assert_int_equal(p.owed, 2);
	assert_int_equal(p.state, DEBT_OWED);
	assert_int_equal(p.claimed, 2);
	assert_int_equal(p.confirmed, 1);
	assert_int_equal(p.other, 1);
	assert_int_equal(p.same_skill, 1);
	assert_int_equal(p.last_confirmed.n, d(11, 3).n);
}

/* C6: unanswered pauses and is shown; denied is a dispute; confirmed pays all. */
static void
test_two_sides(void **state)
{
	struct debt_session s[2] = { held(11, 3, ANSWER_CONFIRMED, MEETING_COACHING),
		held(11, 17, ANSWER_NONE, MEETING_NONE) };
	struct pair_debt p = weekly();
	(void)state;

	debt_weigh(&p, s, 2, NULL, 0, d(11, 1), d(11, 25), d(11, 25));
	assert_int_equal(p.state, DEBT_WAITING);
	assert_int_equal(p.waiting, 1);
	assert_int_equal(p.waiting_since.n, d(11, 17).n);
	s[1] = held(11, 17, ANSWER_DENIED, MEETING_NONE);
	p = weekly();
	debt_weigh(&p, s, 2, NULL, 0, d(11, 1), d(11, 25), d(11, 25));
	assert_int_equal(p.state, DEBT_DENIED);
	assert_int_equal(p.confirmed, 1);
	s[1] = held(11, 24, ANSWER_CONFIRMED, MEETING_COACHING);
	s[1].claimed_on = d(11, 27);
	s[1].answer_skill = 4;
	p = weekly();
	debt_weigh(&p, s, 2, NULL, 0, d(11, 1), d(11, 30), d(11, 28));
	assert_int_equal(p.state, DEBT_NONE);
	assert_int_equal(p.owed, 0);
	assert_int_equal(p.late, 1); /* three days after */
	assert_int_equal(p.same_skill, 1);
}

/* O7: away for three of five working days pauses, for two it does not; nothing counts before the pair began. */
static void
test_paused(void **state)
{
	const struct debt_away three = { 20, d(11, 9), d(11, 11) }, two = { 20, d(11, 9), d(11, 10) },
	                       other = { 30, d(11, 2), d(11, 30) };
	struct pair_debt p = weekly();
	(void)state;

	debt_weigh(&p, NULL, 0, &three, 1, d(11, 1), d(11, 16), d(11, 16));
	assert_int_equal(p.periods[0], PERIOD_OWED);
	assert_int_equal(p.periods[1], PERIOD_PAUSED);
	assert_int_equal(p.periods[2], PERIOD_OPEN);
	assert_int_equal(p.owed, 1);
	p = weekly();
	debt_weigh(&p, NULL, 0, &two, 1, d(11, 1), d(11, 16), d(11, 16));
	assert_int_equal(p.owed, 2);
	p = weekly();
	debt_weigh(&p, NULL, 0, &other, 1, d(11, 1), d(11, 8), d(11, 8));
	assert_int_equal(p.owed, 0); /* Sunday: the first period is not over */
	assert_int_equal(p.state, DEBT_NEW);
}

static void
test_excused(void **state)
{
	struct debt_session s[2] = {
		{ .pair = 1, .on_day = d(11, 3), .held_on = DAY_NONE, .claimed_on = DAY_NONE, .excused = true },
		{ .pair = 1, .on_day = d(11, 10), .held_on = DAY_NONE, .claimed_on = DAY_NONE, .excused = true }
	};
	struct pair_debt p = weekly();
	(void)state;

	debt_weigh(&p, s, 2, NULL, 0, d(11, 1), d(11, 16), d(11, 16));
	assert_int_equal(p.owed, 0);
	assert_int_equal(p.skipped, 2); /* C10 */
	assert_int_equal(p.state, DEBT_PAUSED);
}

/* C1, C10: a missed one counts as skipped; one in a recorded absence counts neither way (O7); a held one begins anew.
 */
static void
test_missed(void **state)
{
	struct debt_session s[3] = {
		{ .pair = 1, .on_day = d(11, 3), .held_on = DAY_NONE, .claimed_on = DAY_NONE, .missed = true },
		{ .pair = 1, .on_day = d(11, 10), .held_on = DAY_NONE, .claimed_on = DAY_NONE, .missed = true }
	};
	const struct debt_away away = { 20, d(11, 10), d(11, 10) };
	struct pair_debt p = weekly();
	(void)state;

	debt_weigh(&p, s, 2, NULL, 0, d(11, 1), d(11, 16), d(11, 16));
	assert_int_equal(p.skipped, 2);
	assert_int_equal(p.owed, 2);
	p = weekly();
	debt_weigh(&p, s, 2, &away, 1, d(11, 1), d(11, 16), d(11, 16));
	assert_int_equal(p.skipped, 1);
	s[2] = held(11, 17, ANSWER_NONE, MEETING_NONE);
	p = weekly();
	debt_weigh(&p, s, 3, NULL, 0, d(11, 1), d(11, 24), d(11, 24));
	assert_int_equal(p.skipped, 0);
	assert_int_equal(p.unanswered, 0); /* C6: seven days are not over */
	p = weekly();
	debt_weigh(&p, s, 3, NULL, 0, d(11, 1), d(11, 25), d(11, 25));
	assert_int_equal(p.unanswered, 1);
}

/* C6: entered over two days after it was held. */
static void
test_late(void **state)
{
	struct session s = { .held_on = d(11, 3), .claimed_on = d(11, 5), .state = SESSION_HELD, .on_day = d(11, 3) };
	(void)state;

	s.moved_to = DAY_NONE;
	assert_int_equal(session_late(&s), 0);
	s.claimed_on = d(11, 6);
	assert_int_equal(session_late(&s), 3);
	assert_int_equal(session_state_on(&s, d(11, 9)), SESSION_HELD);
	s.held_on = s.claimed_on = DAY_NONE;
	s.state = SESSION_PREPARED;
	assert_int_equal(session_state_on(&s, d(11, 3)), SESSION_PREPARED);
	assert_int_equal(session_state_on(&s, d(11, 4)), SESSION_MISSED);
	s.moved_to = d(11, 5);
	assert_int_equal(session_state_on(&s, d(11, 4)), SESSION_PREPARED);
}

/* ---- preparation, by hand ---- */

static void
test_median(void **state)
{
	int64_t odd[] = { 30, 10, 20 }, even[] = { 40, 10, 30, 20 };
	(void)state;

	assert_int_equal(prep_median(odd, 3), 20);
	assert_int_equal(prep_median(even, 4), 20);
	assert_true(prep_median(even, 0) == NO_INT);
}

static struct prep_deal
deal(id which, const char *name, int64_t value, int64_t days)
{
	struct prep_deal x = { .days = days, .allowed = NO_INT, .team_median = 20, .team_n = 6 };

	record_init(&deal_record, &x.d);
	x.d.row.id = which;
	x.d.name = str_of(name);
	x.d.value = value;
	x.d.currency = STR("EUR");
	return x;
}

static void
test_choose(void **state)
{
	struct arena *a = *state;
	struct prep_deal x[4] = { deal(1, "Large and well", 900000, 10), deal(2, "Slow", 500000, 40),
		deal(3, "No step", 100000, 5), deal(4, "No step, larger", 200000, 5) };
	struct prepared p = { 0 };

	x[2].why[0] = x[3].why[0] = (struct health_reason){ HEALTH_WARNING, "no-next-step", STR("No next step planned"),
		STR("agree on one") };
	x[2].n_why = x[3].n_why = 1;
	prep_choose(a, x, 4, 10, 4, &p);
	assert_int_equal(p.n_found, 3);
	assert_int_equal(p.n_topics, 3);
	assert_int_equal(p.topics[0].about, 4); /* warnings before slow ones, the larger first */
	assert_true(p.topics[0].agenda);
	assert_int_equal(p.topics[1].about, 3);
	assert_false(p.topics[1].agenda);
	assert_int_equal(p.topics[2].about, 2);
	assert_str(p.topics[2].rule,
	        "40 days in this stage; own median 10 (n = 4 open deals), team in this stage 20 (n = 6).");
	x[1].team_n = 4; /* too few of the team in this stage: the rule is silent */
	p = (struct prepared){ 0 };
	prep_choose(a, x, 4, 10, 4, &p);
	assert_int_equal(p.n_topics, 2);
	p = (struct prepared){ 0 };
	prep_choose(a, x, 2, 10, 4, &p); /* no rule fires: the largest, and it says so */
	assert_int_equal(p.n_topics, 1);
	assert_int_equal(p.topics[0].about, 1);
	assert_str(p.topics[0].rule, "no rule fires on the open deals; the largest one.");
}

static void
test_json(void **state)
{
	struct arena *a = *state;
	struct prepared p = { .since = d(11, 2),
		.made_on = d(11, 23),
		.made_at = 1795000000000,
		.open = 3,
		.own_median = NO_INT,
		.n_topics = 1 },
	                q;

	p.topics[0] = (struct topic){ .kind = TOPIC_DEAL,
		.about = 5,
		.title = STR("A \"quoted\" <deal>"),
		.why = STR("ü"),
		.agenda = true,
		.n_facts = 1,
		.facts = { STR("x") } };
	assert_int_equal(prep_read(a, prep_json(a, &p), &q), OK);
	assert_str(q.topics[0].title, "A \"quoted\" <deal>");
	assert_str(q.topics[0].facts[0], "x");
	assert_int_equal(q.since.n, p.since.n);
	assert_true(q.own_median == NO_INT && q.open == 3 && q.topics[0].agenda);
	assert_true(q.n_stops == 0 && q.n_weeks == 0);

	p.stops[p.n_stops++] = (struct prep_stop){ STR("A → B"), 3, 5, NO_INT, 2 };
	p.weeks[11] = 120000;
	p.n_weeks = PREP_WEEKS;
	p.currency = STR("EUR");
	assert_int_equal(prep_read(a, prep_json(a, &p), &q), OK);
	assert_true(q.n_stops == 1 && q.stops[0].moved == 3 && q.stops[0].n == 5 && q.stops[0].team == NO_INT);
	assert_str(q.stops[0].label, "A → B");
	assert_true(q.n_weeks == PREP_WEEKS && q.weeks[0] == 0 && q.weeks[11] == 120000);
	assert_str(q.currency, "EUR");
}

/* C2: a topic that the two took off, or put on, keeps its place when the snapshot is made anew; the rule decides the
 * rest. */
static void
test_choice(void **state)
{
	struct prepared before = { .n_topics = 3 }, p = { .n_topics = 3 };

	(void)state;
	before.topics[0] = (struct topic){ .kind = TOPIC_DEAL, .about = 1, .first = true, .agenda = false };
	before.topics[1] = (struct topic){ .kind = TOPIC_DEAL, .about = 2, .first = false, .agenda = true };
	before.topics[2] = (struct topic){ .kind = TOPIC_SKILL, .about = 3, .first = true, .agenda = true };
	p.topics[0] = (struct topic){ .kind = TOPIC_DEAL, .about = 2 };
	p.topics[1] = (struct topic){ .kind = TOPIC_DEAL, .about = 1, .first = true, .agenda = true };
	p.topics[2] = (struct topic){ .kind = TOPIC_GOOD, .about = 3, .first = true, .agenda = true };
	prep_keep_choice(&before, &p);
	assert_true(p.topics[0].agenda && !p.topics[1].agenda && p.topics[2].agenda);
}

/* ---- on a database ---- */

struct story {
	id org, head, manager, seller, session, pair;
	int n_useful, n_made;
	struct grant all;
};

static enum err
make_person(struct change *c, const char *name, id manager, int role, id *ret)
{
	struct person p;
	enum err e;

	record_init(&person_record, &p);
	p.name = str_of(name);
	p.manager = manager;
	p.role = role;
	e = record_save(c, &person_record, &p);
	*ret = p.row.id;
	return e;
}

static enum err
people_work(struct change *c, void *what)
{
	struct story *s = what;
	enum err e = make_person(c, "Hanna Vogt", 0, ROLE_HEAD, &s->head);

	if (e == OK)
		e = make_person(c, "Ravi Banerjee", s->head, ROLE_MANAGER, &s->manager);
	return e == OK ? make_person(c, "Maya Keller", s->manager, ROLE_SELLER, &s->seller) : e;
}

static enum err
schedule_work(struct change *c, void *what)
{
	struct story *s = what;
	struct schedule plan = { .coach = s->manager, .weekday = 2, .start = 600, .length = 30 };
	enum err e = pairs_ensure(c, &plan);

	if (e == OK)
		e = sessions_ensure(c, s->manager);
	return e == OK ? sessions_ensure(c, s->seller) : e; /* the other side finds them there */
}

static enum err
claim_work(struct change *c, void *what)
{
	struct story *s = what;
	struct session x;
	int64_t which;
	enum err e = db_one_int(c->conn, "select id from coaching_session where org_id = $1 order by on_day limit 1",
	        DB_ARGS(DB_I(s->org)), &which);

	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &session_record, which, &x);
	if (e != OK)
		return e;
	s->session = which;
	x.held_on = x.claimed_on = c->today;
	x.state = SESSION_HELD;
	x.kind = MEETING_COACHING;
	return record_save(c, &session_record, &x);
}

static enum err
answer_work(struct change *c, void *what)
{
	struct story *s = what;
	struct session x;
	enum err e = record_load(c->conn, c->arena, c->grant, &session_record, s->session, &x);

	x.answer = ANSWER_CONFIRMED;
	x.answer_kind = MEETING_COACHING;
	x.answered_on = c->today;
	x.state = SESSION_CONFIRMED;
	return e == OK ? record_save(c, &session_record, &x) : e;
}

static enum err
become_work(struct change *c, void *what)
{
	return sessions_become(c, ((struct story *)what)->manager);
}

static enum err
useful_one(struct change *c, struct story *s, id session, id coachee, day on, int useful)
{
	struct useful_answer x;

	record_init(&useful_record, &x);
	x.session = session;
	x.coach = s->manager;
	x.coachee = coachee;
	x.on_day = on;
	x.useful = useful;
	return record_save(c, &useful_record, &x);
}

/* Five people of one manager answer in the third quarter, one of them twice. */
static enum err
useful_work(struct change *c, void *what)
{
	struct story *s = what;
	struct session x;
	id who[5] = { 0 };
	enum err e = OK;

	for (int i = 0; e == OK && i < s->n_useful; i++) {
		e = make_person(c, "One of five", s->manager, ROLE_SELLER, &who[i]);
		record_init(&session_record, &x);
		x.pair = s->pair;
		x.coach = s->manager;
		x.coachee = who[i];
		x.on_day = d(9, 1 + i + s->n_made);
		x.state = SESSION_PLANNED;
		if (e == OK)
			e = record_save(c, &session_record, &x);
		if (e == OK)
			e = useful_one(c, s, x.row.id, who[i], x.on_day, i == 1 ? USEFUL_NO : USEFUL_YES);
	}
	return e;
}

static enum err
leave_work(struct change *c, void *what)
{
	struct story *s = what;
	struct person p;
	enum err e = record_load(c->conn, c->arena, c->grant, &person_record, s->seller, &p);

	p.manager = s->head;
	if (e == OK)
		e = record_save(c, &person_record, &p);
	struct schedule plan = { .coach = s->seller };
	return e == OK ? pairs_ensure(c, &plan) : e;
}

static void
change(struct both *b, struct story *s, enum err (*fn)(struct change *, void *))
{
	struct faults f;
	struct change_work w = {
		.grant = &s->all, .reason = STR("test"), .kind = CHANGE_JOB, .faults = &f, .fn = fn, .what = s
	};

	faults_init(&f, &b->arena);
	assert_int_equal(change_run(b->db, &b->arena, &w), OK);
}

static int64_t
count(struct both *b, struct story *s, const char *sql)
{
	struct conn *c;
	int64_t n = -1;

	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_one_int(c, sql, DB_ARGS(DB_I(s->org)), &n), OK);
	db_end_read(b->db, c);
	return n;
}

static struct debt_sum
sum_of(struct both *b, struct story *s, day today)
{
	struct debt_sum sum = { 0 };
	struct conn *c;

	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(debt_of_coach(c, &b->arena, &s->all, s->manager, day_add(today, -84), today, today, &sum), OK);
	db_end_read(b->db, c);
	return sum;
}

static void
test_story(void **state)
{
	struct both *b = *state;
	struct faults f;
	struct setup set_up = { .name = STR("Kestrel"),
		.currency = STR("EUR"),
		.zone = STR("Europe/Berlin"),
		.email = STR("a@example.com") };
	struct story s = { 0 };
	struct prepared p;
	struct session x;
	struct conn *c;
	str why;

	clock_set(zone_instant(zone_utc(), d(11, 23), 600));
	faults_init(&f, &b->arena);
	assert_int_equal(schema_make(b->db, &b->arena, &why), OK);
	assert_int_equal(setup_company(b->db, &b->arena, &set_up, &f), OK);
	s.org = set_up.org;
	s.all = grant_all(s.org, 0, 0, "test");
	change(b, &s, people_work);
	change(b, &s, schedule_work);
	change(b, &s, schedule_work); /* again: nothing is doubled */
	assert_int_equal(count(b, &s, "select count(*) from pair where org_id = $1"), 1);
	assert_int_equal(count(b, &s, "select count(*) from coaching_session where org_id = $1"), 2);
	assert_int_equal(
	        count(b, &s, "select count(*) from coaching_session where org_id = $1 and on_day = '2026-11-24'"), 1);
	assert_int_equal(count(b, &s, "select count(*) from obligation where org_id = $1 and duty = 'coach'"), 1);
	assert_int_equal(sum_of(b, &s, d(11, 29)).in_debt, 0); /* the week is not over */
	assert_int_equal(sum_of(b, &s, d(11, 30)).in_debt, 1);
	clock_set(zone_instant(zone_utc(), d(11, 24), 660));
	change(b, &s, claim_work);
	assert_int_equal(sum_of(b, &s, d(11, 30)).in_debt, 0);
	assert_int_equal(sum_of(b, &s, d(11, 30)).waiting, 1);
	change(b, &s, answer_work);
	assert_int_equal(sum_of(b, &s, d(11, 30)).confirmed, 1);
	assert_int_equal(sum_of(b, &s, d(11, 30)).waiting, 0);
	assert_int_equal(sum_of(b, &s, d(12, 7)).in_debt, 1);

	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(record_load(c, &b->arena, &s.all, &session_record, s.session, &x), OK);
	assert_int_equal(prep_make(c, &b->arena, &s.all, &x, 0, d(11, 24), &p), OK);
	assert_int_equal(p.n_topics, 1); /* no deals: a skill for a seller */
	assert_int_equal(p.topics[0].kind, TOPIC_SKILL);
	assert_str(p.topics[0].title, "Finding the problem");
	assert_true(p.own_median == NO_INT && p.open == 0 && !p.steps_known);
	db_end_read(b->db, c);

	clock_set(zone_instant(
	        zone_utc(), d(12, 3), 600)); /* C1: what was planned on 1 December is missed, and stays so */
	change(b, &s, become_work);
	assert_int_equal(
	        count(b, &s, "select count(*) from coaching_session where org_id = $1 and state = 'missed'"), 1);
	assert_int_equal(
	        count(b, &s, "select count(*) from coaching_session where org_id = $1 and state = 'confirmed'"), 1);
	s.pair = count(b, &s, "select min(id) from pair where org_id = $1");
	s.n_useful = 4; /* C6, E3: four are too few */
	change(b, &s, useful_work);
	assert_false(sum_of(b, &s, d(12, 3)).useful_enough);
	assert_str(useful_words(&b->arena, &(struct debt_sum){ .useful = 4, .useful_n = 4 }), "too few");
	s.n_useful = 1;
	s.n_made = 4;
	change(b, &s, useful_work);
	struct debt_sum pooled = sum_of(b, &s, d(12, 3));
	assert_true(pooled.useful_enough);
	assert_int_equal(pooled.useful_n, 5);
	assert_int_equal(pooled.useful, 4);
	assert_int_equal(pooled.useful_quarter.n, d(7, 1).n);
	assert_false(sum_of(b, &s, d(9, 30)).useful_enough); /* the quarter is not over: one more could be told apart */

	change(b, &s, leave_work); /* C1: the pair of the old line ends */
	assert_int_equal(count(b, &s, "select count(*) from pair where org_id = $1 and to_day is null"), 0);
	clock_set(0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { unit(test_rhythm_joined), unit(test_rhythm_calendar),
		unit(test_debt_of_rule), unit(test_certificate), unit(test_first), unit(test_debt),
		unit(test_two_sides), unit(test_paused), unit(test_excused), unit(test_missed), unit(test_late),
		unit(test_median), unit(test_choose), unit(test_json), unit(test_choice), BOTH(test_story) };
	int failed;

	(void)argc;
	both_begin(argv);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
