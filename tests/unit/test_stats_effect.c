#include "near.h"

#include "stats/effect.h"
#include "stats/rate.h"

#include "effect_reference.h"

/* 12 of 20 before and 60 of 80 after; others 48 of 120 and 20 of 40. By hand: change .75 - .60 = .15, others .50 - .40
   = .10; Wilson .38658–.78119, .64515–.83194, .31676–.48944, .35200–.64800; down √(.10485² + .18119² + .14800² +
   .08324²), up √(.08194² + .21342² + .14800² + .08944²). */
static void
two_groups(void **state)
{
	const struct effect_group g = { 12, 20, 60, 80, .03 }, others = { 48, 120, 20, 40, -.01 };
	struct effect e;

	(void)state;
	assert_true(effect_of(&g, &others, &e));
	assert_near(e.change, .15, 1e-12);
	assert_near(e.others, .11, 1e-12);
	assert_near(e.regress, .03, 0);
	assert_near(e.diff, .15 - .10 - .04, 1e-12);
	assert_near(e.low, -.2595506100425, 1e-9);
	assert_near(e.high, .2966463134330, 1e-9);
}

/* Nobody to compare with: the interval is Newcombe's of the two shares, moved by the regression. */
static void
alone(void **state)
{
	const struct effect_group g = { 12, 20, 60, 80, .02 }, none = { 0, 0, 3, 4, 0 };
	rate_gap gap = rate_difference(rate_of(60, 80), rate_of(12, 20));
	struct effect e;

	(void)state;
	assert_true(effect_of(&g, NULL, &e));
	assert_true(isnan(e.others));
	assert_near(e.diff, .13, 1e-12);
	assert_near(e.low, gap.low - .02, 1e-12);
	assert_near(e.high, gap.high - .02, 1e-12);
	assert_true(effect_of(&g, &none, &e));
	assert_true(isnan(e.others));
}

static void
ends(void **state)
{
	const struct effect_group all = { 0, 5, 5, 5, 0 }, none_after = { 1, 2, 0, 0, 0 }, wrong = { 3, 2, 1, 1, 0 };
	struct effect e = { .diff = 7 };

	(void)state;
	assert_false(effect_of(&none_after, NULL, &e));
	assert_false(effect_of(&wrong, NULL, &e));
	assert_false(effect_of(&all, &wrong, &e));
	assert_near(e.diff, 7, 0);
	assert_true(effect_of(&all, NULL, &e));
	assert_near(e.diff, 1, 1e-12);
	assert_near(e.high, 1, 1e-12);
	assert_true(e.low > 0 && e.low < 1);
}

/* Batting averages of 18 players, 45 times each: Efron and Morris, Scientific American 236 (1977) 119–127: what is left
   of the own figure .212; Clemente .294, Munson .247, Alvis .242. */
static void
batting(void **state)
{
	static const int hits[18] = { 18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7 };
	double y[18], se[18], mean = 0;
	struct effect_common all;
	struct effect_pulled x[18];

	(void)state;
	for (int i = 0; i < 18; i++)
		mean += (y[i] = hits[i] / 45.0) / 18;
	for (int i = 0; i < 18; i++)
		se[i] = sqrt(mean * (1 - mean) / 45);
	assert_true(effect_pull(y, se, 18, &all, x));
	assert_near(all.mu, .265, .0005);
	assert_near(1 - x[0].pull, .212, .0005);
	assert_near(x[0].value, .294, .0005);
	assert_near(x[16].value, .247, .0005);
	assert_near(x[17].value, .242, .0005);
}

/* -3, -1, 1, 3 with variance 1. By hand: spread 20/3 - 1, pull 1/3 × 3/20; the last: 2.85, variance 1 - 3/4 × .05 + 2 ×
   .05² × 9. */
static void
four(void **state)
{
	const double y[4] = { -3, -1, 1, 3 }, se[4] = { 1, 1, 1, 1 };
	struct effect_common all;
	struct effect_pulled x[4];

	(void)state;
	assert_true(effect_pull(y, se, 4, &all, x));
	assert_near(all.spread, 17.0 / 3, 1e-9);
	assert_near(x[3].pull, .05, 1e-12);
	assert_near(x[3].value, 2.85, 1e-12);
	assert_near(x[3].high - x[3].value, RATE_Z * sqrt(1.0075), 1e-9);
	assert_false(effect_pull(y, se, 3, &all, x));
}
/* Unequal errors; the fixed point was found apart from this program, by bisection. */
static void
unequal(void **state)
{
	static const double y[5] = { .10, .02, -.05, .20, .06 }, se[5] = { .05, .10, .08, .12, .04 };
	static const double value[5] = { .08204978248495, .04151214502132, .00613076846717, .13190853474515,
		.06157922225107 };
	static const double error[5] = { .04602963689009, .07468830814641, .07384145384868, .09392534026414,
		.03445345781765 };
	struct effect_common all;
	struct effect_pulled x[5];

	(void)state;
	assert_true(effect_pull(y, se, 5, &all, x));
	assert_near(all.spread, 5.761655682920605e-05, 1e-9);
	assert_near(all.mu, .06327218118787, 1e-8);
	assert_near(all.high - all.mu, RATE_Z * .027547942013197636, 1e-7);
	for (int i = 0; i < 5; i++) {
		assert_near(x[i].value, value[i], 1e-8);
		assert_near(x[i].high - x[i].low, 2 * RATE_Z * error[i], 1e-7);
	}
	/* No more spread than chance makes. */
	assert_true(effect_pull((const double[]){ .1, .1, .1, .1 }, se, 4, &all, x));
	assert_near(all.spread, 0, 0);
	assert_near(x[2].value, .1, 1e-12);
	assert_near(x[2].pull, 1.0 / 3, 1e-12);
}

/* C9 against another program: R's prop.test and metafor's empirical Bayes (effect_reference.R). */
static void
reference(void **state)
{
	struct effect_common all;
	struct effect_pulled x[12];
	struct effect e;

	(void)state;
	for (size_t i = 0; i < sizeof reference_effects / sizeof *reference_effects; i++) {
		const struct reference_effect *r = &reference_effects[i];
		assert_true(effect_of(&r->group, &r->others, &e));
		assert_near(e.diff, r->diff, 1e-12);
		assert_near(e.low, r->low, 1e-9);
		assert_near(e.high, r->high, 1e-9);
	}
	for (size_t i = 0; i < sizeof reference_pulls / sizeof *reference_pulls; i++) {
		const struct reference_pull *r = &reference_pulls[i];
		assert_true(effect_pull(r->value, r->se, r->n, &all, x));
		assert_near(all.spread, r->spread, 1e-8);
		assert_near(all.mu, r->mu, 1e-7);
		assert_near(all.high - all.mu, RATE_Z * r->mu_se, 1e-7);
		for (size_t k = 0; k < r->n; k++) {
			assert_near(x[k].value, r->pulled[k], 1e-7);
			assert_near(x[k].high - x[k].value, RATE_Z * r->error[k], 1e-7);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(two_groups), unit(alone), unit(ends), unit(batting), unit(four),
		unit(unequal), unit(reference) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
