#include "near.h"

#include <stdlib.h>

#include "stats/quantile.h"

/* R: quantile(mtcars$mpg, c(0, .1, .25, .5, .75, .9, 1)), mean(mtcars$mpg) */
static void
as_r_says(void **state)
{
	(void)state;
	static const double mpg[] = { 21.0, 21.0, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3,
		15.2, 10.4, 10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26.0, 30.4, 15.8, 19.7,
		15.0, 21.4 };
	static const double p[] = { 0, .1, .25, .5, .75, .9, 1 };
	static const double want[] = { 10.4, 14.34, 15.425, 19.2, 22.8, 30.09, 33.9 };
	double x[32], many[7], got;
	for (size_t i = 0; i < 7; i++) {
		memcpy(x, mpg, sizeof x);
		assert_true(quantile_f64(x, 32, p[i], &got));
		assert_near(got, want[i], 1e-12);
	}
	memcpy(x, mpg, sizeof x);
	assert_true(quantile_many_f64(x, 32, p, 7, many));
	for (size_t i = 0; i < 7; i++)
		assert_near(many[i], want[i], 1e-12);
	assert_true(quantile_mean_f64(mpg, 32, &got));
	assert_near(got, 20.090625, 1e-12);
}

static void
small_ones(void **state)
{
	(void)state;
	double got = 7;
	assert_false(quantile_i32(NULL, 0, .5, &got));
	assert_false(quantile_mean_i32(NULL, 0, &got));
	assert_near(got, 7, 0);
	int32_t one[] = { -3 }, two[] = { 10, 20 }, four[] = { 4, 2, 1, 3 };
	assert_true(quantile_i32(one, 1, .99, &got));
	assert_near(got, -3, 0);
	assert_true(quantile_i32(two, 2, .25, &got));
	assert_near(got, 12.5, 0);
	assert_true(quantile_i32(four, 4, .25, &got));
	assert_near(got, 1.75, 0);
	assert_true(quantile_i32(four, 4, 2, &got)); /* p is clamped */
	assert_near(got, 4, 0);
	int32_t wide[] = { INT32_MAX, INT32_MAX, INT32_MIN };
	assert_true(quantile_mean_i32(wide, 3, &got));
	assert_near(got, 715827882, .5);
}

/* Choosing and sorting must agree, whatever the order and however many are equal. */
static void
selection_is_sorting(void **state)
{
	(void)state;
	static int32_t x[1000], y[1000];
	srand(4);
	for (int round = 0; round < 500; round++) {
		size_t n = 1 + (size_t)rand() % 1000;
		int spread = round % 5 == 0 ? 3 : 1000;
		for (size_t i = 0; i < n; i++)
			x[i] = round % 7 == 0 ? (int32_t)i : rand() % spread - spread / 2;
		memcpy(y, x, sizeof x);
		double p = (double)rand() / RAND_MAX, one = 0, other = 1;
		assert_true(quantile_i32(x, n, p, &one));
		assert_true(quantile_many_i32(y, n, &p, 1, &other));
		assert_near(one, other, 0);
	}
}

static void
mean_keeps_small_ones(void **state)
{
	(void)state;
	const double x[] = { 1e16, 1, 1, 1, 1, -1e16 };
	double got;
	assert_true(quantile_mean_f64(x, 6, &got));
	assert_near(got, 4.0 / 6, 1e-15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(as_r_says), unit(small_ones), unit(selection_is_sorting),
		unit(mean_keeps_small_ones) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
