/* Steps of every kind (P2) and the probability that they make (P4), on both databases. */
#include "record.h"

#include "areas/deals/recount.h"
#include "areas/deals/starts.h"
#include "areas/deals/steps.h"

static struct deal deal; /* of a test: Acme's, Ada's, in the first stage */
static struct step *steps;
static size_t n_steps;

static void
look(int stage)
{
	struct conn *c = begin_read();
	assert_int_equal(process_steps(c, w.arena, w.org, w.stages[stage].row.id, &steps, &n_steps), OK);
	end_read();
	assert_int_equal(load(&deal_record, deal.row.id, &deal), OK);
}

static void
start(void **state)
{
	begin(state);
	deal = deal_of("Probe", SELLER_1, 10000);
	deal.account = w.account;
	assert_int_equal(save(&deal_record, &deal), OK);
	look(0);
}

static enum err
complete_work(struct change *c, void *what)
{
	return step_complete(c, what);
}

static struct completion
said(size_t step, const char *answer)
{
	return (struct completion){ .deal = &deal,
		.step = &steps[step],
		.person = w.people[SELLER_1],
		.answer = str_of(answer),
		.role = STR("Head of operations"),
		.address = STR("https://papers.example.com/1"),
		.kind = 3,
		.influence = 3,
		.attitude = 4 };
}

static void
complete(size_t step, const char *answer)
{
	struct completion x = said(step, answer);
	assert_int_equal(run(&w.all, complete_work, &x), OK);
	assert_int_equal(load(&deal_record, deal.row.id, &deal), OK);
}

static void
move(int stage)
{
	deal.stage = w.stages[stage].row.id;
	assert_int_equal(save(&deal_record, &deal), OK);
	look(stage);
}

/* P4: the sum of the completed steps, never below the stage's lowest, never above its highest; totals follow. */
static void
test_probability(void **state)
{
	start(state);
	assert_int_equal(deal.probability, 10);
	complete(0, "The line stands still twice a week");
	assert_int_equal(deal.probability, 10); /* 5, raised */
	complete(1, "Olga Ostrava");
	assert_int_equal(deal.probability, 15);
	complete(2, "Their audit is in March");
	assert_int_equal(deal.probability, 20);
	assert_int_equal(deal.weighted, 20 * 10000);
	move(1);
	assert_int_equal(deal.probability, 25);
	move(5);
	assert_int_equal(deal.probability, 100);
	move(0);
	assert_int_equal(deal.probability, 20);
	complete(3, "Met them again");
	assert_int_equal(deal.probability, 25);
	steps[0].points = 90;
	assert_int_equal(save(&step_record, &steps[0]), ERR_INPUT); /* P1: deals stand on it */
	w.kind = CHANGE_JOB;
	assert_int_equal(save(&step_record, &steps[0]), OK);
	w.kind = CHANGE_EDIT;
	deal.next_step = STR("Call");
	assert_int_equal(save(&deal_record, &deal), OK);
	assert_int_equal(deal.probability, 25); /* held */
	assert_sound();
}

/* P2: a step makes the activity, stakeholder or document that it asks for; undo takes all of it back. */
static void
test_made(void **state)
{
	start(state);
	complete(1, "Olga Ostrava");
	assert_int_equal(number("select count(*) from stakeholder x join contact k on k.id = x.contact where k.name = "
	                        "'Olga Ostrava' and x.influence = 'decisive' and x.attitude = 'positive'"),
	        1);
	complete(3, "Met in the plant");
	assert_int_equal(
	        number("select count(*) from activity where kind = 'meeting' and subject = 'Met in the plant'"), 1);
	undo(w.set);
	assert_int_equal(number("select count(*) from activity"), 0);
	assert_int_equal(number("select count(*) from step_done"), 1);
	assert_int_equal(load(&deal_record, deal.row.id, &deal), OK);
	assert_int_equal(deal.probability, 10);
	move(1);
	complete(2, "olga ostrava"); /* known at the account already */
	assert_int_equal(number("select count(*) from contact"), 1);
	assert_int_equal(number("select count(*) from stakeholder"), 1);
	move(2);
	complete(1, "Criteria");
	assert_int_equal(
	        number("select count(*) from document where name = 'Criteria' and address like 'https://%'"), 1);
	assert_sound();
}

/* O3: only who may write the deal completes a step of it. */
static void
test_rights(void **state)
{
	start(state);
	struct actor someone = { .org = w.org, .login = w.login, .person = w.people[SELLER_3] };
	struct grant g = grant_of(&someone);
	struct completion x = said(0, "mine");
	assert_int_equal(run(&g, complete_work, &x), ERR_DENIED);
	assert_int_equal(number("select count(*) from step_done"), 0);
}

/* What cannot be kept is refused when it is written, with the way out. */
static void
test_written(void **state)
{
	start(state);
	w.kind = CHANGE_JOB; /* the process is in use */
	steps[0].kind = STEP_CHOICE;
	steps[0].options = STR(" one | ");
	assert_int_equal(save(&step_record, &steps[0]), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("options")));
	steps[0].options = STR("one | two");
	assert_int_equal(save(&step_record, &steps[0]), OK);
	w.stages[0].greatest = 9;
	assert_int_equal(save(&stage_record, &w.stages[0]), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("greatest")));
	str rest = STR("a||b | c"), one;
	assert_true(step_option(&rest, &one) && str_eq(one, STR("a")));
	assert_true(step_option(&rest, &one) && str_eq(one, STR("b")));
	assert_true(step_option(&rest, &one) && str_eq(one, STR("c")));
	assert_false(step_option(&rest, &one));
}

/* As a file or the program writes it: the process is in use (P1). */
static enum err
save_process(const struct record *r, void *object)
{
	w.kind = CHANGE_JOB;
	enum err e = save(r, object);
	w.kind = CHANGE_EDIT;
	return e;
}

static void
name_competitor(const char *name, bool there)
{
	struct competitor k;
	if (there) {
		record_init(&competitor_record, &k);
		k.deal = deal.row.id;
		k.person = w.people[SELLER_1];
		k.name = str_of(name);
		assert_int_equal(save(&competitor_record, &k), OK);
	} else {
		id row = number("select max(id) from competitor");
		assert_int_equal(drop(&competitor_record, row, 1), OK);
	}
	assert_int_equal(load(&deal_record, deal.row.id, &deal), OK);
}

/* P3: a step appears once its condition holds, holds the stage from then on, and counts for nothing before. */
static void
test_condition(void **state)
{
	struct step s;
	start(state);
	record_init(&step_record, &s);
	s.stage = w.stages[0].row.id;
	s.position = 9;
	s.name = STR("Compared with Kestrel");
	s.importance = IMPORTANCE_CRITICAL;
	s.kind = STEP_TICK;
	s.points = 5;
	s.condition = STR("competitor \"Kestrel\" is named");
	assert_int_equal(save_process(&step_record, &s), OK);
	deal.next_step = STR("Call");
	assert_int_equal(save(&deal_record, &deal), OK);
	int64_t shown = deal.stage_steps, due = deal.steps_due;
	name_competitor("kestrel", true);
	assert_int_equal(deal.stage_steps, shown + 1);
	assert_int_equal(deal.steps_due, due + 1);
	look(0);
	complete(0, "In their words");
	complete(1, "Olga Ostrava");
	size_t at = 0;
	while (at < n_steps && steps[at].row.id != s.row.id)
		at++;
	complete(at, "");
	assert_int_equal(deal.probability, 20);
	name_competitor("kestrel", false);
	assert_int_equal(deal.stage_steps, shown);
	assert_int_equal(deal.probability, 15); /* hidden: what it added is gone */
	assert_sound();
}

static struct deal was;

static enum err
start_work(struct change *c, void *what)
{
	struct deal d = deal;
	enum err e = record_save(c, &deal_record, &d);
	return e == OK ? deal_starts_next(c, &was, &d, what) : e;
}

/* P6: a won deal starts a task and a deal in its change set, and the undo of that takes them back; a line without a
   published version starts nothing, and says so. */
static void
test_starts(void **state)
{
	struct next_start x;
	str said = { 0 };
	start(state);
	record_init(&next_start_record, &x);
	x.process = w.process.row.id;
	x.moment = NEXT_WON;
	x.what = NEXT_TASK;
	x.name = STR("Hand {deal} over");
	x.after_days = 3;
	assert_int_equal(save_process(&next_start_record, &x), OK);
	was = deal;
	deal.stage = w.stages[5].row.id;
	assert_int_equal(run(&w.all, start_work, &said), OK);
	assert_has(said, "Hand Probe over");
	assert_int_equal(
	        number("select count(*) from activity where kind = 'task' and subject = 'Hand Probe over'"), 1);
	undo(w.set);
	assert_int_equal(number("select count(*) from activity"), 0);
	assert_int_equal(number("select count(*) from deal where outcome = 'open'"), 1);
	assert_sound();
}

/* P5: a day later the job stores what has become of health, and the recount agrees. */
static void
test_renew(void **state)
{
	size_t n = 0;
	struct check_report r = { 0 };
	start(state);
	deal.next_step = STR("Call");
	deal.next_step_on = day_add(zone_day(zone_utc(), now()), 1);
	assert_int_equal(save(&deal_record, &deal), OK);
	assert_int_equal(deal.health, HEALTH_HEALTHY);
	clock_set(now() + 5 * DAY_MS);
	assert_int_equal(deal_health_renew(w.b->db, w.arena, 100, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(load(&deal_record, deal.row.id, &deal), OK);
	assert_int_equal(deal.health, HEALTH_WARNING);
	struct conn *c = begin_read();
	assert_int_equal(deal_recount_check(c, w.arena, w.org, &r), OK);
	end_read();
	assert_int_equal(r.n, 0);
	clock_set(0);
}

/* P5: each rule as the version has it, with its levels; a rule that is off is silent. */
static void
test_rules(void **state)
{
	struct health_reason why[8];
	struct health_rule rules[2];
	struct deal d;
	day until, today = day_of(2026, 11, 20);
	(void)state;
	record_init(&deal_record, &d);
	d.outcome = OUTCOME_OPEN;
	d.worked = true;
	d.next_step = STR("Call");
	d.people = 1;
	d.deciders = 0;
	d.stage_since = day_of(2026, 11, 1);
	d.stage_since_known = true;
	static struct arena a;
	arena_init(&a, 1 << 20);
	assert_int_equal(deal_health(&a, &d, (struct health_rules){ 0 }, 30, today, why, &until), 0);
	assert_int_equal(until.n, day_of(2026, 12, 2).n); /* thirty days are used up */
	rules[0] = rule_standard(RULE_SINGLE_THREADED);
	rules[0].off = false;
	rules[1] = rule_standard(RULE_STAGE_DAYS);
	rules[1].watch = 50;
	size_t n = deal_health(&a, &d, (struct health_rules){ rules, 2 }, 30, today, why, &until);
	assert_int_equal(n, 2);
	assert_int_equal(why[0].level, HEALTH_WATCH);
	rules[1].off = true;
	d.people = 2;
	assert_int_equal(deal_health(&a, &d, (struct health_rules){ rules, 2 }, 30, today, why, &until), 0);
	arena_fini(&a);
}

/* As BOTH, with the teardown of record.h. */
#define ON_BOTH(test) \
	{ #test " (sqlite)", test, both_setup_lite, teardown, NULL }, \
	{ \
#test " (postgres)", test, both_setup_pg, teardown, NULL \
	}

int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_probability),
		ON_BOTH(test_made),
		ON_BOTH(test_rights),
		ON_BOTH(test_written),
		ON_BOTH(test_condition),
		ON_BOTH(test_starts),
		ON_BOTH(test_renew),
		cmocka_unit_test(test_rules),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
