/* Figures of prospects (G1): the time to the first touch against published survival times, ages, and what counts as
   unclaimed. What the acts do is told by tests/story/prospects.js. */
#include "unit.h"

#include "areas/prospects/figures.h"

static const day monday = { 20000 };

static void
count(struct arena *a, struct prospect_figures *f, struct prospect_spell s, int days_old)
{
	s.came = day_add(monday, -days_old);
	s.n = s.n ? s.n : 1;
	prospect_count(a, f, &s, monday);
}

/* Remission of 21 patients under 6-mercaptopurine (Freireich et al., Blood 21 (1963) 699–716), as if a relapse were a
   touch and who was lost from sight a prospect that ended untouched. Median 23 (Kalbfleisch and Prentice). */
static void
first_touch(void **state)
{
	static const struct {
		int days;
		bool touched;
	} x[] = { { 6, 1 }, { 6, 1 }, { 6, 1 }, { 6, 0 }, { 7, 1 }, { 9, 0 }, { 10, 1 }, { 10, 0 }, { 11, 0 },
		{ 13, 1 }, { 16, 1 }, { 17, 0 }, { 19, 0 }, { 20, 0 }, { 22, 1 }, { 23, 1 }, { 25, 0 }, { 32, 0 },
		{ 32, 0 }, { 34, 0 }, { 35, 0 } };
	struct prospect_figures f = { 0 };

	for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
		day at = day_add(monday, x[i].days - 100);
		count(*state, &f,
		        (struct prospect_spell){ .first = x[i].touched ? at : DAY_NONE,
		                .ended = x[i].touched ? DAY_NONE : at,
		                .back = DAY_NONE,
		                .state = x[i].touched ? PROSPECT_OPEN : PROSPECT_DISQUALIFIED,
		                .claimed = true },
		        100);
	}
	prospect_counted(*state, &f);
	assert_int_equal(f.spells.total, 21);
	assert_int_equal(f.touched, 9);
	assert_int_equal(f.half.days, 23);
	assert_int_equal(f.disqualified, 12);
	assert_int_equal(f.open, 9);
}

/* One that is open and untouched waits until today, however it stands; none of them is no median. */
static void
waiting(void **state)
{
	struct prospect_figures f = { 0 };
	struct prospect_spell s = { .first = DAY_NONE, .ended = DAY_NONE, .back = DAY_NONE, .state = PROSPECT_OPEN };

	prospect_counted(*state, &f);
	assert_int_equal(f.half.days, -1);
	count(*state, &f, s, 5);
	s.claimed = true;
	count(*state, &f, s, 60);
	s.first = monday;
	count(*state, &f, s, 3);
	prospect_counted(*state, &f);
	assert_int_equal(f.spells.total, 3);
	assert_int_equal(f.touched, 1);
	assert_int_equal(f.untouched, 2);
	/* Touched after 3 days while three were at risk: two thirds still wait, half is not reached. */
	assert_int_equal(f.half.days, -1);
}

/* What a file says of later days has not happened; one that came after it was called took no time. */
static void
odd_days(void **state)
{
	struct prospect_figures f = { 0 };
	struct prospect_spell s = { .ended = DAY_NONE, .back = DAY_NONE, .state = PROSPECT_OPEN, .claimed = true };

	s.first = day_add(monday, 4);
	count(*state, &f, s, 2);
	assert_int_equal(f.touched, 0);
	s.first = day_add(monday, -9);
	count(*state, &f, s, 2);
	assert_int_equal(f.touched, 1);
	assert_int_equal(f.spells.count[SURVIVE_WON][0], 1);
	s.first = DAY_NONE;
	count(*state, &f, s, -3);
	assert_int_equal(f.undated, 1);
	s.came = DAY_NONE;
	s.n = 4;
	prospect_count(*state, &f, &s, monday);
	assert_int_equal(f.undated, 5);
	assert_int_equal(f.n, 7);
}

static void
hands_and_ages(void **state)
{
	static const int ages[] = { 0, 7, 8, 30, 31, 90, 91, 400 };
	struct prospect_figures f = { 0 };
	struct prospect_spell s = { .first = DAY_NONE, .ended = DAY_NONE, .back = DAY_NONE, .state = PROSPECT_OPEN };
	struct prospect p;

	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
		count(*state, &f, s, ages[i]);
	for (size_t i = 0; i < PROSPECT_AGES; i++)
		assert_int_equal(f.age[i], 2);
	assert_int_equal(f.unclaimed, 8);
	s.back = day_add(monday, 1);
	count(*state, &f, s, 1);
	assert_int_equal(f.resting, 1);
	assert_int_equal(f.unclaimed, 8);
	s.back = monday; /* from that day on it can be claimed */
	count(*state, &f, s, 1);
	assert_int_equal(f.unclaimed, 9);
	record_init(&prospect_record, &p);
	p.state = PROSPECT_OPEN;
	p.back_on = day_add(monday, 1);
	assert_true(prospect_rests(&p, monday));
	assert_false(prospect_rests(&p, p.back_on));
	p.owner = 1;
	assert_false(prospect_rests(&p, monday));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(first_touch), unit(waiting), unit(odd_days), unit(hands_and_ages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
