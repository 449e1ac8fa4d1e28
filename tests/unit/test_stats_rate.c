#include "near.h"

#include "stats/rate.h"

static void
wilson_published(void **state)
{
	(void)state;
	/* The last four: Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3. */
	static const struct {
		int64_t num, den;
		double low, high;
	} cases[] = { { 3, 5, .2307, .8824 }, { 12, 20, .3866, .7812 }, { 60, 100, .5020, .6906 }, { 0, 4, 0, .4899 },
		{ 81, 263, .2553, .3662 }, { 15, 148, .0624, .1605 }, { 0, 20, 0, .1611 }, { 1, 29, .0061, .1718 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rate r = rate_of(cases[i].num, cases[i].den);
		assert_near(r.low, cases[i].low, .00005);
		assert_near(r.high, cases[i].high, .00005);
	}
	/* R: prop.test(208, 336, correct = FALSE)$conf.int */
	rate r = rate_of(208, 336);
	assert_near(r.low, .5660537958156, 1e-12);
	assert_near(r.high, .6693500900953, 1e-12);
}

static void
wilson_ends(void **state)
{
	(void)state;
	rate none = rate_of(0, 0);
	assert_true(isnan(rate_share(none)) && none.low <= 0 && none.high >= 1);
	assert_true(rate_of(0, 7).low >= 0 && rate_of(0, 7).low <= 0);
	assert_true(rate_of(7, 7).high >= 1 && rate_of(7, 7).high <= 1);
	assert_int_equal(rate_of(9, 7).num, 7);
	assert_int_equal(rate_of(-1, 7).num, 0);
	assert_int_equal(rate_of(1, -7).den, 0);
	for (int64_t n = 1; n < 60; n++)
		for (int64_t k = 0; k <= n; k++) {
			rate r = rate_of(k, n), mirror = rate_of(n - k, n);
			assert_true(0 <= r.low && r.low <= rate_share(r) && rate_share(r) <= r.high && r.high <= 1);
			assert_near(r.low, 1 - mirror.high, 1e-12);
		}
}

/* Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10, examples (a) to (h). */
static void
newcombe_published(void **state)
{
	(void)state;
	static const struct {
		int64_t a, n, b, m;
		double low, high;
	} cases[] = { { 56, 70, 48, 80, .0524, .3339 }, { 9, 10, 3, 10, .1705, .8090 }, { 6, 7, 2, 7, .0582, .8062 },
		{ 5, 56, 0, 29, -.0381, .1926 }, { 0, 10, 0, 20, -.1611, .2775 }, { 0, 10, 0, 10, -.2775, .2775 },
		{ 10, 10, 0, 20, .6791, 1 }, { 10, 10, 0, 10, .6075, 1 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rate a = rate_of(cases[i].a, cases[i].n), b = rate_of(cases[i].b, cases[i].m);
		rate_gap g = rate_difference(a, b), back = rate_difference(b, a);
		assert_near(g.low, cases[i].low, .00005);
		assert_near(g.high, cases[i].high, .00005);
		assert_near(back.low, -g.high, 1e-12);
		assert_near(back.high, -g.low, 1e-12);
	}
}

static void
verdicts(void **state)
{
	(void)state;
	rate much = rate_of(56, 70), less = rate_of(48, 80), none = rate_of(0, 0);
	assert_int_equal(rate_compare(much, less), RATE_HIGHER);
	assert_int_equal(rate_compare(less, much), RATE_LOWER);
	assert_int_equal(rate_compare(rate_of(3, 5), rate_of(1, 5)), RATE_WITHIN_CHANCE);
	assert_int_equal(rate_compare(much, none), RATE_NO_DATA);
	assert_int_equal(rate_compare(none, much), RATE_NO_DATA);
	assert_true(isnan(rate_difference(none, much).diff));
	assert_int_equal(rate_against(rate_of(60, 100), .5), RATE_HIGHER);
	assert_int_equal(rate_against(rate_of(12, 20), .5), RATE_WITHIN_CHANCE);
	assert_int_equal(rate_against(rate_of(60, 100), .7), RATE_LOWER);
	assert_int_equal(rate_against(none, .5), RATE_NO_DATA);
	assert_str(rate_verdict_words(RATE_WITHIN_CHANCE), "within what chance does");
	assert_str(rate_verdict_words(RATE_NO_DATA), "no data");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(wilson_published), unit(wilson_ends), unit(newcombe_published),
		unit(verdicts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
