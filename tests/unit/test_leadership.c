/* Figures of leaders on both databases: whose result and whose target a day is (O2, O7), and that no kind of record is
   kept without saying why, how long and who reads it (I4a, O7). */
#include "unit.h"

#include "record.h"

#include "areas/deals/report.h"
#include "areas/deals/target.h"

static void
move(int who, int boss, day from)
{
	struct person p;

	assert_int_equal(load(&person_record, w.people[who], &p), OK);
	p.manager = w.people[boss];
	p.manager_from = from;
	assert_int_equal(save(&person_record, &p), OK);
}

static void
decided(int owner, int stage, int64_t amount, day on)
{
	struct deal d = deal_of("Decided", owner, amount);

	d.stage = w.stages[stage].row.id;
	d.engaged_on = day_add(on, -30);
	d.closed_on = on;
	d.lost_reason = STR("price");
	assert_int_equal(save(&deal_record, &d), OK);
}

static struct report_gap
gap_of(int person, int month, day as_of)
{
	struct report_scope s = { .person = w.people[person],
		.from = day_of(2026, month, 1),
		.to = day_add(day_add_months(day_of(2026, month, 1), 3), -1),
		.as_of = as_of,
		.currency = STR("EUR") };
	struct report_gap g;

	assert_int_equal(report_gap(begin_read(), w.arena, &w.all, &s, &g), OK);
	end_read();
	return g;
}

static void
set_target(int who, day from, day to, int64_t amount)
{
	struct target t;

	record_init(&target_record, &t);
	t.person = w.people[who];
	t.from_day = from;
	t.to_day = to;
	t.amount = amount;
	t.currency = STR("EUR");
	assert_int_equal(save(&target_record, &t), OK);
}

static struct target_sum
target_as(struct grant g, id person, day from, day to)
{
	const struct target_ask ask = { person, from, to, STR("EUR") };
	struct target_sum t;

	assert_int_equal(target_sum(begin_read(), w.arena, &g, &ask, &t), OK);
	end_read();
	return t;
}

static struct target_sum
target(int who)
{
	return target_as(w.all, w.people[who], day_of(2026, 4, 1), day_of(2026, 6, 30));
}

/* Ada sold under Mara until 15 May and under Mikko since: each keeps what was theirs, and nobody has it twice. */
static void
test_O2_a_result_belongs_to_who_led_that_day(void **state)
{
	begin(state);
	day end = day_of(2026, 6, 30);
	decided(SELLER_1, 5, 100000, day_of(2026, 5, 15));
	decided(SELLER_1, 5, 30000, day_of(2026, 5, 16));
	decided(SELLER_1, 6, 70000, day_of(2026, 6, 20));
	decided(SELLER_2, 5, 5000, day_of(2026, 6, 1));
	move(SELLER_1, MANAGER_2, day_of(2026, 5, 16));
	assert_int_equal(gap_of(MANAGER_1, 4, end).actual.revenue, 105000);
	assert_int_equal(gap_of(MANAGER_2, 4, end).actual.revenue, 30000);
	assert_int_equal(gap_of(MANAGER_2, 4, end).actual.decided, 2);
	assert_int_equal(gap_of(LEADER, 4, end).actual.revenue, 135000);
	assert_int_equal(gap_of(SELLER_1, 4, end).actual.revenue, 130000);
	/* the year before is each one's own as well */
	assert_int_equal(gap_of(MANAGER_1, 7, day_of(2026, 9, 30)).history.revenue, 105000);
	assert_int_equal(gap_of(MANAGER_2, 7, day_of(2026, 9, 30)).history.decided, 2);
	/* D5a: as of a day, nothing after it */
	assert_int_equal(gap_of(MANAGER_1, 4, day_of(2026, 5, 20)).actual.revenue, 100000);
	assert_int_equal(gap_of(MANAGER_2, 4, day_of(2026, 5, 15)).actual.decided, 0);
}

/* From April to June 2026 there are 65 working days; 33 of them lie before 16 May, a Saturday. */
static void
test_O2_a_target_follows_the_days_led(void **state)
{
	begin(state);
	set_target(SELLER_1, day_of(2026, 4, 1), day_of(2026, 6, 30), 6500000);
	set_target(SELLER_2, day_of(2026, 4, 1), day_of(2026, 6, 30), 1000000);
	assert_int_equal(target(MANAGER_1).amount, 7500000);
	assert_false(target(MANAGER_2).found);
	move(SELLER_1, MANAGER_2, day_of(2026, 5, 16));
	struct target_sum was = target(MANAGER_1), is = target(MANAGER_2);
	assert_int_equal(was.amount, 3300000 + 1000000);
	assert_int_equal(is.amount, 3200000);
	assert_int_equal(was.amount + is.amount, target(LEADER).amount);
	assert_int_equal(was.people, 2);
	assert_int_equal(is.entered, 6500000);
	assert_int_equal(is.days - is.away, 32);
	assert_int_equal(target(SELLER_1).amount, 6500000); /* their own is theirs, whoever leads */
	assert_true(target(SELLER_1).own);
}

static void
test_A4b_the_highest_target_of_each_branch_counts_once(void **state)
{
	begin(state);
	day from = day_of(2026, 4, 1), to = day_of(2026, 6, 30);
	set_target(SELLER_1, from, to, 100000);
	set_target(SELLER_3, from, to, 200000);
	set_target(MANAGER_1, from, to, 5000000);
	assert_int_equal(target(LEADER).amount, 5200000);
	assert_int_equal(target_as(w.all, 0, from, to).amount, 5200000);
	set_target(MANAGER_1, from, to, 6000000); /* entered again: the last one counts */
	assert_int_equal(target(MANAGER_1).amount, 6000000);
	set_target(SELLER_3, from, day_of(2026, 4, 30), 40000); /* a month of a quarter that is there already */
	assert_int_equal(target(MANAGER_2).amount, 200000);
}

static void
test_O7_absence_prorates_and_half_time_halves(void **state)
{
	struct absence x;

	begin(state);
	set_target(SELLER_1, day_of(2026, 4, 1), day_of(2026, 6, 30), 6500000);
	record_init(&absence_record, &x);
	x.person = w.people[SELLER_1];
	x.from_day = day_of(2026, 4, 4); /* Saturday; ten working days to 17 April */
	x.to_day = day_of(2026, 4, 18);
	x.share = 0;
	assert_int_equal(save(&absence_record, &x), OK);
	assert_int_equal(target(SELLER_1).amount, 5500000);
	assert_int_equal(target(SELLER_1).away, 10);
	record_init(&absence_record, &x);
	x.person = w.people[SELLER_1];
	x.from_day = day_of(2026, 5, 4);
	x.to_day = day_of(2026, 5, 8);
	x.share = 50;
	assert_int_equal(save(&absence_record, &x), OK);
	assert_int_equal(target(SELLER_1).amount, 5250000);
	assert_int_equal(target(MANAGER_1).amount, 5250000);
	/* a team's target stays when its leader is away */
	set_target(MANAGER_2, day_of(2026, 4, 1), day_of(2026, 6, 30), 900000);
	record_init(&absence_record, &x);
	x.person = w.people[MANAGER_2];
	x.from_day = day_of(2026, 4, 6);
	x.to_day = day_of(2026, 5, 8);
	x.share = 0;
	assert_int_equal(save(&absence_record, &x), OK);
	assert_int_equal(target(MANAGER_2).amount, 900000);
}

/* O5: a sum of two is no secret kept from who may read both, and none told to who may not. */
static void
test_O5_a_sum_of_few_is_told_to_who_may_read_each(void **state)
{
	struct actor mara, mikko;

	begin(state);
	day from = day_of(2026, 4, 1), to = day_of(2026, 6, 30);
	set_target(SELLER_1, from, to, 100000);
	set_target(SELLER_2, from, to, 200000);
	mara = (struct actor){ .via = VIA_SESSION, .org = w.org, .login = 5, .person = w.people[MANAGER_1] };
	mikko = mara;
	mikko.person = w.people[MANAGER_2];
	assert_int_equal(target_as(grant_of(&mara), w.people[MANAGER_1], from, to).amount, 300000);
	assert_false(target_as(grant_of(&mikko), w.people[MANAGER_1], from, to).found);
	assert_false(target_as(grant_of(&mikko), w.people[SELLER_1], from, to).found);
	/* O6: the own leader's is open to those below */
	set_target(MANAGER_1, from, to, 400000);
	struct actor ada = mara;
	ada.person = w.people[SELLER_1];
	assert_int_equal(target_as(grant_of(&ada), w.people[MANAGER_1], from, to).amount, 400000);
	assert_false(target_as(grant_of(&mikko), w.people[MANAGER_1], from, to).found);
}

/* I4a: whatever kind of record is added, it says why, how long and who reads it. */
static void
test_I4a_every_kind_says_why_how_long_and_who(void **state)
{
	(void)state;
	for (size_t i = 0; record_all[i]; i++) {
		const struct record *r = record_all[i];
		if (!r->purpose || strlen(r->purpose) < 12 || !r->retention || strlen(r->retention) < 8)
			fail_msg("%s does not say why it is kept, or how long", r->name);
		assert_in_range(r->matter, 0, MATTER_COUNT - 1);
		for (int p = PROFILE_OPEN; p <= PROFILE_AGREEMENT; p++)
			if (!grant_explain(NULL,
			            &(struct grant){ .profile = (enum profile)p, .persons_from = DAY_NONE }, r->matter)
			                .n)
				fail_msg("%s does not say who reads it", r->name);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { BOTH(test_O2_a_result_belongs_to_who_led_that_day),
		BOTH(test_O2_a_target_follows_the_days_led),
		BOTH(test_A4b_the_highest_target_of_each_branch_counts_once),
		BOTH(test_O7_absence_prorates_and_half_time_halves),
		BOTH(test_O5_a_sum_of_few_is_told_to_who_may_read_each),
		cmocka_unit_test(test_I4a_every_kind_says_why_how_long_and_who) };
	int failed;

	(void)argc;
	both_begin(argv);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
