/* Steps of every kind (P2) and the probability that they make (P4), on both databases. */
#include "record.h"

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
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
