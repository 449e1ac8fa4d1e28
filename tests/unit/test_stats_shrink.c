#include "near.h"

#include "stats/rate.h"
#include "stats/shrink.h"

/* Tumours in 71 groups of rats: Tarone, Biometrics 38 (1982) 215–220. The expected maximum was found apart from this
   program, by direct search over the likelihood written with log gamma. */
static void
rats(void **state)
{
	static const int y[71] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2,
		2, 2, 2, 1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10, 4, 4, 4, 5, 11, 12, 5, 5, 6,
		5, 6, 6, 6, 6, 16, 15, 15, 9, 4 };
	static const int n[71] = { 20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17, 20, 20, 20, 20, 19, 19, 18,
		18, 25, 24, 23, 20, 20, 20, 20, 20, 20, 10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50, 20, 20, 20,
		20, 20, 20, 20, 48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14 };
	struct shrink_unit unit[71];
	for (int i = 0; i < 71; i++)
		unit[i] = (struct shrink_unit){ y[i], n[i] };
	struct shrink_fit f;
	assert_true(shrink_fit(*state, unit, 71, &f));
	assert_near(f.mu, .142291855, 1e-7);
	assert_near(f.theta, .060766593, 1e-7);
	struct shrunk last = shrink_rate(&f, unit[70]);
	assert_near(last.share, (4 + 2.341613196) / (14 + 16.456410637), 1e-7);
	assert_true(last.low < last.share && last.share < last.high && last.share < 4.0 / 14);
	/* Whoever has nothing gets the common rate. */
	assert_near(shrink_rate(&f, (struct shrink_unit){ 0, 0 }).share, f.mu, 1e-12);
}

static void
interval_of_beta(void **state)
{
	(void)state;
	/* a = b = 1 before, 2 and 1 after: Beta(2, 1) has the quantiles √p. Exactly. */
	struct shrink_fit f = { .mu = .5, .theta = .5, .won = 1, .decided = 2 };
	struct shrunk s = shrink_rate(&f, (struct shrink_unit){ 1, 1 });
	assert_near(s.share, 2.0 / 3, 1e-12);
	assert_near(s.low, .158113883, 1e-8);
	assert_near(s.high, .987420883, 1e-8);
}

static void
five_offices(void **state)
{
	const struct shrink_unit unit[] = { { 48, 120 }, { 20, 80 }, { 10, 20 }, { 5, 9 }, { 30, 40 } };
	struct shrink_fit f;
	assert_true(shrink_fit(*state, unit, 5, &f));
	assert_near(f.mu, .4792008, 1e-6);
	assert_near(f.theta, .1091627, 1e-6);
}

/* No more spread than chance makes: everybody gets the common rate. */
static void
no_spread(void **state)
{
	const struct shrink_unit even[] = { { 10, 20 }, { 11, 20 }, { 9, 20 }, { 10, 20 }, { 0, 0 } };
	struct shrink_fit f;
	assert_true(shrink_fit(*state, even, 5, &f));
	assert_near(f.theta, 0, 0);
	struct shrunk s = shrink_rate(&f, even[1]);
	assert_near(s.share, .5, 1e-12);
	assert_near(s.low, rate_of(40, 80).low, 1e-12);
	const struct shrink_unit all[] = { { 3, 3 }, { 5, 5 } };
	assert_true(shrink_fit(*state, all, 2, &f));
	assert_near(shrink_rate(&f, all[0]).share, 1, 0);
	/* As far apart as can be: everybody keeps their own. */
	const struct shrink_unit apart[] = { { 5, 5 }, { 0, 5 }, { 5, 5 }, { 0, 5 } };
	assert_true(shrink_fit(*state, apart, 4, &f));
	assert_near(shrink_rate(&f, apart[0]).share, 1, .001);
	assert_near(shrink_rate(&f, apart[1]).share, 0, .001);
}

static void
refuses(void **state)
{
	struct shrink_fit f = { .mu = 7 };
	const struct shrink_unit none[] = { { 0, 0 } }, wrong[] = { { 3, 2 } }, large[] = { { 1, SHRINK_MOST + 1 } };
	assert_false(shrink_fit(*state, none, 1, &f));
	assert_false(shrink_fit(*state, none, 0, &f));
	assert_false(shrink_fit(*state, wrong, 1, &f));
	assert_false(shrink_fit(*state, large, 1, &f));
	assert_near(f.mu, 7, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(rats), unit(interval_of_beta), unit(five_offices), unit(no_spread),
		unit(refuses) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
