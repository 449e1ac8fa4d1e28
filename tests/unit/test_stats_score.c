#include "near.h"

#include "stats/logistic.h"
#include "stats/score.h"

/* Four forecasts by hand. */
static void
brier(void **state)
{
	(void)state;
	struct score_pair p[] = { { .8, true }, { .8, false }, { .2, false }, { .8, true } };
	struct score s;
	assert_true(score_pairs(p, 4, &s));
	assert_near(s.brier, (.04 + .64 + .04 + .04) / 4, 1e-12);
	assert_near(s.base, .5, 1e-12);
	assert_near(s.log_loss, -(3 * log(.8) + log(.2)) / 4, 1e-12);
	/* Pairs of one that happened and one that did not: 1 is ahead of .2, level with the other .8, twice. */
	assert_near(s.auc, 3.0 / 4, 1e-12);
	assert_near(s.reliability, .75 * (.8 - 2.0 / 3) * (.8 - 2.0 / 3) + .25 * .04, 1e-12);
	assert_near(s.uncertainty, .25, 1e-12);
	assert_near(s.reliability - s.resolution + s.uncertainty, s.brier, 1e-12);
	p[0].said = 1.01;
	assert_false(score_pairs(p, 4, &s));
	p[0].said = NAN;
	assert_false(score_pairs(p, 4, &s));
	assert_false(score_pairs(p, 0, &s));
	struct score_pair sure[] = { { 1, true }, { 1, true } };
	assert_true(score_pairs(sure, 2, &s));
	assert_true(isnan(s.auc));
	assert_near(s.brier, 0, 0);
}

/* Rain in 12 classes: Wilks, Statistical Methods in the Atmospheric Sciences (1995) table 7.3, two misprints corrected
   as in the R package verification; the parts it prints: .000828, .062787, .135420. */
static void
brier_published(void **state)
{
	(void)state;
	const double said[] = { 0, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1 };
	const double came[] = { .006, .019, .059, .15, .277, .377, .511, .587, .723, .779, .934, .933 };
	const double weight[] = { .4112, .0671, .1833, .0986, .0616, .0366, .0303, .0275, .0245, .022, .017, .0203 };
	struct score s;
	assert_true(score_binned(said, came, weight, 12, &s));
	assert_near(s.reliability, .0008276164, 1e-9);
	assert_near(s.resolution, .06278662818844, 1e-9);
	assert_near(s.uncertainty, .1354200517884, 1e-9);
	assert_near(s.brier, .07346104, 1e-9);
	assert_false(score_binned(said, came, weight, 11, &s));
}

static void
bias(void **state)
{
	(void)state;
	const double said[] = { 110, 90, 120, 50 }, came[] = { 100, 100, 100, 0 };
	struct score_bias b = score_bias(said, came, 4);
	assert_int_equal(b.n, 3);
	assert_near(b.mean, .2 / 3, 1e-12);
	assert_near(b.absolute, .4 / 3, 1e-12);
	assert_near(b.total, 70.0 / 300, 1e-12);
	/* t of .975 at 2: 4.302653; s = .1527525 */
	assert_near(b.high - b.mean, 4.302653 * .1527525 / sqrt(3), 1e-6);
	assert_true(isnan(score_bias(NULL, NULL, 0).mean));
	assert_true(isnan(score_bias(said, came, 1).low));
}

/* Two categories have a closed answer: the log odds of each. */
static void
logistic_closed(void **state)
{
	const int32_t level[3][1] = { { 0 }, { 1 }, { 2 } }, levels[] = { 4 };
	const struct logistic_row row[] = { { level[0], 30, 50 }, { level[1], 10, 40 }, { level[2], 9, 10 },
		{ level[1], 10, 20 } };
	struct logistic m;
	assert_int_equal(logistic_fit(*state, row, 4, levels, 1, &m), OK);
	assert_true(m.settled);
	assert_int_equal(m.n_coef, 4);
	assert_near(m.coef[0], log(30.0 / 20), 1e-8);
	assert_near(m.coef[1], log(20.0 / 40) - log(1.5), 1e-8);
	assert_near(m.coef[2], log(9) - log(1.5), 1e-8);
	assert_near(m.coef[3], 0, 0); /* nobody has it */
	assert_near(logistic_chance(&m, level[1]), 1.0 / 3, 1e-8);
}

/* Two factors: the challenge of R's ?glm, without noise: additive log odds are found again. */
static void
logistic_two(void **state)
{
	int32_t level[6][2];
	struct logistic_row row[6];
	const int32_t levels[] = { 2, 3 };
	/* Odds 1, 2, 4 times 1 or 3, in counts of whole deals. */
	const int64_t won[] = { 100, 200, 400, 300, 600, 1200 }, lost[] = { 100, 100, 100, 100, 100, 100 };
	for (int i = 0; i < 6; i++) {
		level[i][0] = i / 3;
		level[i][1] = i % 3;
		row[i] = (struct logistic_row){ level[i], won[i], won[i] + lost[i] };
	}
	struct logistic m;
	assert_int_equal(logistic_fit(*state, row, 6, levels, 2, &m), OK);
	assert_near(m.coef[0], 0, 1e-8);
	assert_near(m.coef[1], log(3), 1e-8);
	assert_near(m.coef[2], log(2), 1e-8);
	assert_near(m.coef[3], log(4), 1e-8);
}

static void
logistic_refuses(void **state)
{
	const int32_t level[1] = { 2 }, levels[] = { 2 }, many[] = { LOGISTIC_MOST + 1 }, good[] = { 0 }, one[] = { 1 };
	const struct logistic_row wrong = { level, 1, 2 }, fine = { good, 1, 2 }, more = { good, 3, 2 };
	struct logistic m;
	assert_int_equal(logistic_fit(*state, &wrong, 1, levels, 1, &m), ERR_INPUT);
	assert_int_equal(logistic_fit(*state, &more, 1, levels, 1, &m), ERR_INPUT);
	assert_int_equal(logistic_fit(*state, &fine, 1, many, 1, &m), ERR_INPUT);
	assert_int_equal(logistic_fit(*state, &fine, 0, levels, 1, &m), ERR_INPUT);
	/* All won on one side: the estimate has no end, and that is said. */
	const struct logistic_row apart[] = { { good, 5, 10 }, { one, 10, 10 } };
	assert_int_equal(logistic_fit(*state, apart, 2, levels, 1, &m), OK);
	assert_false(m.settled);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(brier), unit(brier_published), unit(bias), unit(logistic_closed),
		unit(logistic_two), unit(logistic_refuses) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
