/* Agreement against published figures and against values worked out another way. */
#include "near.h"

#include "stats/agree.h"

/* Worked by hand: 1 2 3 4 5 3 2 4 against 1 3 3 4 4 3 2 5. Disagreement is a square 4 times of 8: 1, 1, 1 over n;
   expected from the margins: 1 - (3/8) ÷ (184/64) = 1 - 24/184. */
static void
kappa_by_hand(void **state)
{
	const struct agree_pair p[] = { { 1, 1 }, { 2, 3 }, { 3, 3 }, { 4, 4 }, { 5, 4 }, { 3, 3 }, { 2, 2 },
		{ 4, 5 } };
	struct agree_kappa k;

	(void)state;
	assert_true(agree_kappa(p, 8, 5, &k));
	assert_near(k.kappa, .869565, 5e-7);
	assert_near(k.kappa, 1 - 24.0 / 184, 1e-12);
	assert_int_equal(k.n, 8);
	assert_int_equal(k.same, 5);
	assert_int_equal(k.near, 8);
	assert_true(k.low < k.kappa && k.kappa < k.high && k.high <= 1);
}

/* Cohen (1968), the table of 200: weights of disagreement 0 1 3, 1 0 6, 3 6 0 give .348, none .492. Fleiss
 * (1981), 13.1: .676. */
static void
kappa_published(void **state)
{
	const double p[] = { .44, .07, .09, .05, .20, .05, .01, .03, .06 }, off[] = { 0, 1, 3, 1, 0, 6, 3, 6, 0 };
	const double fleiss[] = { 75, 1, 4, 5, 4, 1, 0, 0, 10 }, plain[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
	double count[9], weight[9], error;

	(void)state;
	for (int i = 0; i < 9; i++) {
		count[i] = p[i] * 200;
		weight[i] = 1 - off[i] / 6;
	}
	assert_near(agree_weighted(count, weight, 3, &error), .348, 5e-4);
	assert_near(agree_weighted(count, plain, 3, &error), .492, 5e-4);
	assert_near(agree_weighted(fleiss, plain, 3, &error), .676, 5e-4);
}

/* The variance another way: the delta method with slopes by differences, over the multinomial cells. */
static void
kappa_error(void **state)
{
	const double count[] = { 14, 5, 1, 0, 3, 18, 7, 1, 1, 4, 21, 6, 0, 1, 5, 13 };
	double weight[16], error, none, slope[16], mean = 0, square = 0, n = 0;

	(void)state;
	for (int i = 0; i < 16; i++) {
		int d = i / 4 - i % 4;
		weight[i] = 1 - d * d / 9.0;
		n += count[i];
	}
	agree_weighted(count, weight, 4, &error);
	for (int i = 0; i < 16; i++) {
		double more[16], less[16];
		memcpy(more, count, sizeof more);
		memcpy(less, count, sizeof less);
		more[i] += 1e-4;
		less[i] -= 1e-4;
		/* kappa looks at shares: a slope in counts has no part along the sum */
		slope[i] = (agree_weighted(more, weight, 4, &none) - agree_weighted(less, weight, 4, &none)) / 2e-4 * n;
		mean += slope[i] * count[i] / n;
		square += slope[i] * slope[i] * count[i] / n;
	}
	assert_near(mean, 0, 1e-6);
	assert_near(error, sqrt((square - mean * mean) / n), 1e-6);
}

static void
kappa_edges(void **state)
{
	const struct agree_pair one[] = { { 2, 2 }, { 2, 2 } }, same[] = { { 1, 1 }, { 3, 3 }, { 2, 2 } };
	const struct agree_pair swapped[] = { { 1, 3 }, { 3, 1 } }, out[] = { { 1, 4 } };
	struct agree_kappa k;

	(void)state;
	assert_true(agree_kappa(one, 2, 3, &k));
	assert_true(isnan(k.kappa) && isnan(k.low)); /* one level throughout tells nothing */
	assert_true(agree_kappa(same, 3, 3, &k));
	assert_near(k.kappa, 1, 1e-12);
	assert_true(isnan(k.low)); /* no difference was seen: no interval from none */
	assert_true(agree_kappa(swapped, 2, 3, &k));
	assert_near(k.kappa, -1, 1e-12);
	assert_false(agree_kappa(out, 1, 3, &k));
	assert_false(agree_kappa(out, 0, 3, &k));
	assert_false(agree_kappa(out, 1, 1, &k));
	assert_false(agree_kappa(out, 1, AGREE_LEVELS + 1, &k));
}

/* Shrout, Fleiss (1979), table 2: six things, four judges; mean squares of table 3 and ICC(2,1) = .29 to more places by
   R's package psych, its interval .019 to .761. */
static void
icc_published(void **state)
{
	const double score[] = { 9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7 };
	struct agree_icc x;

	(void)state;
	assert_true(agree_icc(score, 6, 4, &x));
	assert_near(x.between, 11.241666666667, 1e-9);
	assert_near(x.judges, 32.486111111111, 1e-9);
	assert_near(x.error, 1.019444444444, 1e-9);
	assert_near(x.icc, .2897637795276, 1e-9);
	assert_near(x.icc, .29, .005);
	assert_near(x.low, .019, .0005);
	assert_near(x.high, .761, .0005);
}

static void
icc_edges(void **state)
{
	const double same[] = { 1, 1, 3, 3, 2, 2 }, flat[] = { 2, 2, 2, 2 }, stricter[] = { 1, 2, 3, 4, 2, 3 };
	struct agree_icc x;

	(void)state;
	assert_true(agree_icc(same, 3, 2, &x));
	assert_near(x.icc, 1, 1e-12);
	assert_true(isnan(x.low));
	assert_true(agree_icc(flat, 2, 2, &x));
	assert_true(isnan(x.icc));
	assert_true(
	        agree_icc(stricter, 3, 2, &x)); /* always one apart is no absolute agreement: 2 ÷ (2 + 2 × 1.5 ÷ 3) */
	assert_near(x.icc, 2.0 / 3, 1e-12);
	assert_false(agree_icc(same, 1, 2, &x));
	assert_false(agree_icc(same, 3, 1, &x));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(kappa_by_hand), unit(kappa_published), unit(kappa_error),
		unit(kappa_edges), unit(icc_published), unit(icc_edges) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
