/* Does coaching help, against counts worked out by hand: pure, and from a company's own rows on both databases (C9). */
#include "near.h"

#include "both.h"

#include "app/setup.h"
#include "areas/coaching/effect.h"
#include "areas/coaching/observe.h"

#define STAGE 7

static day
t(int days)
{
	return day_add(day_of(2026, 11, 23), days);
}

static struct effect_visit
visit(id owner, int entered, int decided, bool moved)
{
	return (struct effect_visit){
		.owner = owner, .stage = STAGE, .entered = t(entered), .decided = t(decided), .moved = moved
	};
}

static size_t
visits(struct effect_visit *v, size_t n, id owner, int entered, int moved, int lost)
{
	for (int i = 0; i < moved + lost; i++)
		v[n++] = visit(owner, entered, entered + 20, i < moved);
	return n;
}

/* One coached on day -100, two who were not, one who was named in a session that nobody confirmed. Before: 1 of 4, 6 of
   8, 5 of 8. Open on the day, older than a year, of another stage: none of them. */
static void
test_split(void **state)
{
	struct effect_visit v[80];
	struct effect_unit u = { .session = 1, .coach = 9, .coachee = 1, .skill = 3, .stage = STAGE, .first = t(-100) };
	const struct effect_named named[] = { { 1, STAGE }, { 4, STAGE }, { 2, STAGE + 1 } };
	size_t n = visits(v, 0, 1, -200, 1, 3);

	n = visits(v, n, 2, -200, 6, 2);
	n = visits(v, n, 3, -200, 5, 3);
	n = visits(v, n, 4, -200, 8, 0);
	n = visits(v, n, 1, -90, 3, 1);
	n = visits(v, n, 2, -90, 5, 5);
	n = visits(v, n, 1, -110, 4, 0); /* decided on day -90 */
	n = visits(v, n, 1, -500, 4, 0);
	v[n] = visit(1, -50, -40, true);
	v[n++].stage = STAGE + 1;
	effect_count(*state, &u, 1, v, n, named, 3);
	assert_true(u.counts);
	assert_int_equal(u.own.before_yes, 1);
	assert_int_equal(u.own.before_n, 4);
	assert_int_equal(u.own.after_yes, 3);
	assert_int_equal(u.own.after_n, 4);
	assert_int_equal(u.peers.before_yes, 11);
	assert_int_equal(u.peers.before_n, 16);
	assert_int_equal(u.peers.after_yes, 5);
	assert_int_equal(u.peers.after_n, 10);
	assert_int_equal(u.n_peers, 1); /* the second has nothing afterwards */
	/* All four: 20 of 28. Whoever was coached stood below it, so some of the change comes by itself. */
	assert_true(u.own.regress > .05 && u.own.regress <= 20.0 / 28 - .25);
	assert_true(u.peers.regress < .1 && u.peers.regress > -.1);
}

/* Equal shares before: no spread, so the common share is what each would have, and the regression is that less the own.
   By hand: own 6 of 12 and 9 of 12, common .5, nothing regresses. */
static void
test_sum(void **state)
{
	struct effect_unit u[6];
	const struct effect_unit *all[7];
	struct effect_row x = { 0 };

	for (int i = 0; i < 6; i++) {
		u[i] = (struct effect_unit){ .coachee = i + 1,
			.stage = STAGE,
			.counts = true,
			.own = { 2, 4, 3, 4, 0 },
			.peers = { 12, 24, 12, 24, 0 },
			.n_peers = 6 };
		all[i] = &u[i];
	}
	struct effect_unit twice = u[0];
	all[6] = &twice; /* another skill of the same stage: the same deals */
	effect_sum(*state, all, 7, &x);
	assert_true(x.enough && x.has_peers);
	assert_int_equal(x.people, 6);
	assert_int_equal(x.own.before_n, 24);
	assert_int_equal(x.own.after_yes, 18);
	assert_int_equal(x.rest.before_n, 24); /* the same deals for each unit: once */
	assert_near(x.e.diff, .25, 1e-12);
	x = (struct effect_row){ 0 };
	effect_sum(*state, all, 4, &x);
	assert_false(x.enough); /* four people */
	str said = effect_words(*state, &x);
	assert_true(str_starts(said, STR("Not enough yet: 4 of 5 people")));
}

/* ---- a company ---- */

enum { COACHED = 6, PEERS = 6 };

struct story {
	id org, head, coach, other, skill, discover, validate, lost;
	id coached[COACHED], peers[PEERS];
	struct grant all;
	id first_deal;
};

static enum err
make_person(struct change *c, const char *name, id manager, id *ret)
{
	struct person p;
	enum err e;

	record_init(&person_record, &p);
	p.name = str_of(name);
	p.manager = manager;
	p.role = manager ? ROLE_SELLER : ROLE_HEAD;
	e = record_save(c, &person_record, &p);
	*ret = p.row.id;
	return e;
}

static enum err
people_work(struct change *c, void *what)
{
	struct story *s = what;
	enum err e = make_person(c, "Hanna", 0, &s->head);

	c->effective = zone_instant(zone_utc(), t(-400), 0);
	if (e == OK)
		e = make_person(c, "Ravi", s->head, &s->coach);
	if (e == OK)
		e = make_person(c, "Otto", s->head, &s->other);
	for (int i = 0; e == OK && i < COACHED; i++)
		e = make_person(c, "Coached", s->coach, &s->coached[i]);
	for (int i = 0; e == OK && i < PEERS; i++)
		e = make_person(c, "Peer", s->other, &s->peers[i]);
	return e;
}

static enum err
deal(struct change *c, struct story *s, id owner, int from, int decided, bool moved)
{
	struct deal x;
	enum err e;

	record_init(&deal_record, &x);
	x.name = STR("A deal");
	x.currency = STR("EUR");
	x.owner = owner;
	x.stage = s->discover;
	x.created_on = x.engaged_on = t(from);
	c->effective = zone_instant(zone_utc(), t(from), 600);
	e = record_save(c, &deal_record, &x);
	x.stage = moved ? s->validate : s->lost;
	if (!moved) {
		x.closed_on = t(decided);
		x.lost_reason = STR("Price");
	}
	c->effective = zone_instant(zone_utc(), t(decided), 600);
	if (e == OK)
		e = record_save(c, &deal_record, &x);
	s->first_deal = s->first_deal ? s->first_deal : x.row.id;
	return e;
}

static enum err
four(struct change *c, struct story *s, id owner, int from, int moved)
{
	enum err e = OK;

	for (int i = 0; e == OK && i < 4; i++)
		e = deal(c, s, owner, from, from + 20, i < moved);
	return e;
}

/* Each four before and four after: 2 moved on, then 3 of those who are coached and 2 of the others. */
static enum err
deals_work(struct change *c, void *what)
{
	struct story *s = what;
	struct deal x;
	enum err e = OK;

	for (int i = 0; e == OK && i < COACHED; i++) {
		e = four(c, s, s->coached[i], -100, 3);
		if (e == OK)
			e = four(c, s, s->coached[i], -260, 2);
		if (e == OK)
			e = four(c, s, s->peers[i], -260, 2);
		if (e == OK)
			e = four(c, s, s->peers[i], -100, 2);
	}
	if (e == OK) /* open on the day of the first session: of neither time */
		e = deal(c, s, s->coached[0], -170, -120, true);
	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &deal_record, s->first_deal, &x);
	x.owner = s->peers[0]; /* handed over since: it stays the one's who moved it */
	c->effective = zone_instant(zone_utc(), t(-10), 600);
	return e == OK ? record_save(c, &deal_record, &x) : e;
}

static enum err
session(struct change *c, struct story *s, id pair, id coachee, int on, int kind)
{
	struct session x;

	record_init(&session_record, &x);
	x.pair = pair;
	x.coach = s->coach;
	x.coachee = coachee;
	x.on_day = x.held_on = x.claimed_on = x.answered_on = t(on);
	x.kind = MEETING_COACHING;
	x.skill = x.answer_skill = s->skill;
	x.answer = ANSWER_CONFIRMED;
	x.answer_kind = kind;
	x.state = SESSION_CONFIRMED;
	x.no_commitment = STR("None needed");
	return record_save(c, &session_record, &x);
}

static enum err
observation(struct change *c, struct story *s, id observer, id person, int on, int result)
{
	struct observation x;
	struct observation_text text;
	enum err e;

	record_init(&observation_record, &x);
	record_init(&observation_text_record, &text);
	x.observer = text.observer = observer;
	x.person = text.person = person;
	x.kind = OBSERVED_CALL;
	x.skill = s->skill;
	x.on_day = x.entered_on = t(on);
	e = record_save(c, &observation_record, &x);
	text.observation = x.row.id;
	text.result = result;
	text.text = STR("Asked twice.");
	return e == OK ? record_save(c, &observation_text_record, &text) : e;
}

/* An inspection first, which counts for nothing; then two sessions, each seen afterwards: by the coach not yet, by the
 * head changed. */
static enum err
coaching_work(struct change *c, void *what)
{
	struct story *s = what;
	enum err e = OK;

	c->effective = 0;
	for (int i = 0; e == OK && i < COACHED; i++) {
		struct pair p;
		record_init(&pair_record, &p);
		p.coach = s->coach;
		p.coachee = s->coached[i];
		p.cadence = CADENCE_WEEKLY;
		p.weekday = 1;
		p.start = 600;
		p.length = 30;
		p.from_day = t(-300);
		p.line = true;
		e = record_save(c, &pair_record, &p);
		if (e == OK)
			e = session(c, s, p.row.id, s->coached[i], -290, MEETING_INSPECTION);
		if (e == OK)
			e = session(c, s, p.row.id, s->coached[i], -150, MEETING_COACHING);
		if (e == OK)
			e = session(c, s, p.row.id, s->coached[i], -120, MEETING_COACHING);
		if (e == OK)
			e = observation(c, s, s->coach, s->coached[i], -140, BEHAVIOUR_NOT_YET);
		if (e == OK)
			e = observation(c, s, s->head, s->coached[i], -110, BEHAVIOUR_CHANGED);
	}
	return e == OK ? observation(c, s, s->head, s->coached[0], -50, BEHAVIOUR_NOT_TRIED) : e;
}

static void
change(struct both *b, struct story *s, enum err (*fn)(struct change *, void *))
{
	struct faults f;
	struct change_work w = {
		.grant = &s->all, .reason = STR("test"), .kind = CHANGE_JOB, .faults = &f, .fn = fn, .what = s
	};

	faults_init(&f, &b->arena);
	enum err e = change_run(b->db, &b->arena, &w);
	for (const struct fault *x = f.first; x; x = x->next)
		print_error("%.*s: %.*s\n", STR_ARG(x->place), STR_ARG(x->what));
	assert_int_equal(e, OK);
}

static int64_t
one(struct conn *c, struct story *s, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db_one_int(c, sql, DB_ARGS(DB_I(s->org)), &n), OK);
	return n;
}

static void
begin(struct both *b, struct story *s)
{
	struct setup set_up = {
		.name = STR("Kestrel"), .currency = STR("EUR"), .zone = STR("UTC"), .email = STR("a@example.com")
	};
	struct faults f;
	struct conn *c;
	str why;

	clock_set(zone_instant(zone_utc(), t(0), 600));
	faults_init(&f, &b->arena);
	assert_int_equal(schema_make(b->db, &b->arena, &why), OK);
	assert_int_equal(setup_company(b->db, &b->arena, &set_up, &f), OK);
	s->org = set_up.org;
	s->all = grant_all(s->org, 0, 0, "test");
	assert_int_equal(db_begin_read(b->db, &c), OK);
	s->skill = one(c, s, "select id from skill where org_id = $1 and name = 'Finding the problem'");
	s->discover = one(c, s, "select id from stage where org_id = $1 and name = 'Discover'");
	s->validate = one(c, s, "select id from stage where org_id = $1 and name = 'Validate'");
	s->lost = one(c, s, "select id from stage where org_id = $1 and name = 'Lost'");
	assert_int_equal(
	        one(c, s, "select stage from skill where org_id = $1 and name = 'Finding the problem'"), s->discover);
	db_end_read(b->db, c);
}

/* 12 of 24 before on either side; after 18 of 24 and 12 of 24. Wilson: 12/24 .31429–.68571, 18/24 .55100–.88002. So +25
   points, down √(.19900² + 3 × .18571²) = .37826, up √(.13002² + 3 × .18571²) = .34696. */
static void
check_deals(const struct effect_row *x)
{
	assert_true(x->enough && x->has_peers);
	assert_int_equal(x->people, COACHED);
	assert_int_equal(x->peers, PEERS);
	assert_int_equal(x->own.before_yes, 12);
	assert_int_equal(x->own.before_n, 24);
	assert_int_equal(x->own.after_yes, 18);
	assert_int_equal(x->own.after_n, 24);
	assert_int_equal(x->rest.before_n, 24);
	assert_int_equal(x->rest.after_yes, 12);
	assert_near(x->e.regress, 0, 1e-9);
	assert_near(x->e.others, 0, 1e-9);
	assert_near(x->e.diff, .25, 1e-9);
	assert_near(x->e.diff - x->e.low, .37826, 2e-5);
	assert_near(x->e.high - x->e.diff, .34696, 2e-5);
}

static void
check_seen(const struct effect_all *all)
{
	const struct effect_row *x = &all->company;

	assert_true(x->seen_enough);
	assert_int_equal(x->seen.n, 2 * COACHED);
	assert_int_equal(x->seen.changed, COACHED);
	assert_int_equal(x->seen.people, COACHED);
	assert_int_equal(x->seen.others, COACHED);
	assert_int_equal(x->seen.others_changed, COACHED);
	assert_int_equal(all->without.n, 1);
	assert_int_equal(all->without.changed, 0);
}

static void
test_company(void **state)
{
	struct both *b = *state;
	struct story s = { 0 };
	struct effect_all all;
	struct conn *c;

	begin(b, &s);
	change(b, &s, people_work);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(effect_load(c, &b->arena, &s.all, t(0), &all), OK);
	assert_false(all.company.enough || all.company.seen_enough || all.coaches.n); /* nothing yet */
	db_end_read(b->db, c);
	change(b, &s, deals_work);
	change(b, &s, coaching_work);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(effect_load(c, &b->arena, &s.all, t(0), &all), OK);
	check_deals(&all.company);
	check_seen(&all);
	assert_int_equal(all.coaches.n, 1);
	check_deals(&all.coaches.rows[0]);
	assert_str(all.coaches.rows[0].name, "Ravi");
	assert_false(all.coaches.pulled); /* one figure has nothing to be pulled to */
	assert_int_equal(all.skills.n, 1);
	assert_int_equal(all.programmes.n, 0);
	assert_int_equal(all.n_units, COACHED);
	assert_true(all.units[0].mine);
	str said = effect_words(&b->arena, &all.company);
	assert_true(str_find(said, STR("+25 points (−13 to +60), within what chance does")) != SIZE_MAX);
	assert_int_equal(effect_load(c, &b->arena, &s.all, t(-200), &all), OK); /* as of before the first session */
	assert_int_equal(all.n_units, 0);
	db_end_read(b->db, c);
	clock_set(0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { unit(test_split), unit(test_sum), BOTH(test_company) };
	int failed;

	(void)argc;
	both_begin(argv);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
