#include "near.h"

#include "stats/survive.h"

/* Remission of 21 patients under 6-mercaptopurine, weeks: Freireich et al., Blood 21 (1963) 699–716. Estimates as in
   Kalbfleisch and Prentice and in R's survfit. */
static void
six_mp(struct arena *a, struct survive *s)
{
	static const struct {
		int weeks;
		bool relapse;
	} x[] = { { 6, 1 }, { 6, 1 }, { 6, 1 }, { 6, 0 }, { 7, 1 }, { 9, 0 }, { 10, 1 }, { 10, 0 }, { 11, 0 },
		{ 13, 1 }, { 16, 1 }, { 17, 0 }, { 19, 0 }, { 20, 0 }, { 22, 1 }, { 23, 1 }, { 25, 0 }, { 32, 0 },
		{ 32, 0 }, { 34, 0 }, { 35, 0 } };
	for (size_t i = 0; i < sizeof x / sizeof *x; i++)
		assert_true(survive_add(a, s, x[i].weeks, x[i].relapse ? SURVIVE_WON : SURVIVE_OPEN, 1));
}

static void
kaplan_meier(void **state)
{
	static const struct {
		int t, at_risk;
		double share, error, low, high;
	} want[] = { { 6, 21, .857, .0764, .720, 1 }, { 7, 17, .807, .0869, .653, .996 },
		{ 10, 15, .753, .0963, .586, .968 }, { 13, 12, .690, .1068, .510, .935 },
		{ 16, 11, .627, .1141, .439, .896 }, { 22, 7, .538, .1282, .337, .858 },
		{ 23, 6, .448, .1346, .249, .807 } };
	struct survive s = { 0 };
	const struct survive_point *p;
	six_mp(*state, &s);
	size_t n = survive_curve(*state, &s, SURVIVE_ANY, &p);
	assert_int_equal(n, 7);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(p[i].days, want[i].t);
		assert_int_equal(p[i].at_risk, want[i].at_risk);
		assert_near(p[i].share, want[i].share, .0005);
		assert_near(p[i].error, want[i].error, .00005);
		assert_near(p[i].low, want[i].low, .0005);
		assert_near(p[i].high, want[i].high, .0005);
	}
	struct survive_days median = survive_quantile(p, n, .5);
	assert_int_equal(median.days, 23);
	assert_int_equal(median.low, 16);
	assert_int_equal(median.high, -1);
	assert_int_equal(survive_quantile(p, n, .9).days, -1);
	assert_null(survive_at(p, n, 5));
	assert_int_equal(survive_at(p, n, 12)->days, 10);
}

/* Area under steps, by hand: 3 deals end on days 1, 2, 4 of 4; without censoring the mean is that of min(t, 3). */
static void
restricted(void **state)
{
	struct survive s = { 0 };
	const struct survive_point *p;
	const int days[] = { 1, 2, 4, 4 };
	for (int i = 0; i < 4; i++)
		survive_add(*state, &s, days[i], SURVIVE_WON, 1);
	size_t n = survive_curve(*state, &s, SURVIVE_ANY, &p);
	struct survive_mean m = survive_restricted(p, n, 3);
	assert_near(m.days, (1 + 2 + 3 + 3) / 4.0, 1e-12);
	/* Nothing censored: the variance is that of the mean of min(t, 3), divided by n. */
	assert_near(m.error * m.error, (1.5625 + .0625 + .5625 + .5625) / 4 / 4, 1e-12);
	assert_near(survive_restricted(p, n, 1).days, 1, 1e-12);
	assert_near(survive_restricted(NULL, 0, 9).days, 9, 0);
}

/* One cause alone: the incidence is 1 - S with Greenwood's error. */
static void
one_cause(void **state)
{
	struct survive s = { 0 };
	const struct survive_point *p;
	const struct survive_ends *q;
	six_mp(*state, &s);
	size_t n = survive_curve(*state, &s, SURVIVE_ANY, &p);
	assert_int_equal(survive_compete(*state, &s, &q), n);
	for (size_t i = 0; i < n; i++) {
		assert_near(q[i].won, 1 - p[i].share, 1e-12);
		assert_near(q[i].won_error, p[i].error, 1e-12);
		assert_near(q[i].lost, 0, 0);
	}
}

/* Nothing censored: the incidence is the share, its variance binomial; and the three always make 1. */
static void
all_decided(void **state)
{
	struct survive s = { 0 };
	const struct survive_ends *q;
	for (int i = 0; i < 60; i++)
		survive_add(*state, &s, i / 3, i % 5 < 2 ? SURVIVE_WON : SURVIVE_LOST, 1 + i % 2);
	size_t n = survive_compete(*state, &s, &q);
	int64_t won = 0;
	for (size_t i = 0; i < n; i++) {
		won += s.count[SURVIVE_WON][q[i].days];
		double share = (double)won / (double)s.total;
		assert_near(q[i].won, share, 1e-12);
		assert_near(q[i].won_error, sqrt(share * (1 - share) / (double)s.total), 1e-9);
		assert_near(q[i].won + q[i].lost + q[i].open, 1, 1e-12);
		assert_true(q[i].won_low <= q[i].won && q[i].won <= q[i].won_high);
	}
	assert_near(q[n - 1].open, 0, 1e-12);
}

/* Four deals by hand: won on 2, open since 3, lost on 4, won on 6. F(2) = 1/4; S(2) = 3/4; at 4 two are left: S = 3/8,
   lost 3/8; at 6 the last one is won: F = 5/8. Open for 3 days: (5/8 - 1/4) ÷ 3/4 = 1/2. */
static void
competing_by_hand(void **state)
{
	struct survive s = { 0 };
	const struct survive_ends *q;
	survive_add(*state, &s, 2, SURVIVE_WON, 1);
	survive_add(*state, &s, 3, SURVIVE_OPEN, 1);
	survive_add(*state, &s, 4, SURVIVE_LOST, 1);
	survive_add(*state, &s, 6, SURVIVE_WON, 1);
	size_t n = survive_compete(*state, &s, &q);
	assert_int_equal(n, 3);
	assert_near(q[2].won, 5.0 / 8, 1e-12);
	assert_near(q[2].lost, 3.0 / 8, 1e-12);
	assert_near(survive_chance(q, n, 3, 100), .5, 1e-12);
	assert_near(survive_chance(q, n, 3, 2), 0, 1e-12);
	assert_near(survive_chance(q, n, 0, 2), .25, 1e-12);
	assert_true(isnan(survive_chance(q, n, 7, 5)));
	assert_true(isnan(survive_chance(q, 0, 0, 5)));
}

static void
refuses(void **state)
{
	struct survive s = { 0 };
	const struct survive_point *p;
	assert_false(survive_add(*state, &s, -1, SURVIVE_WON, 1));
	assert_false(survive_add(*state, &s, SURVIVE_MOST + 1, SURVIVE_WON, 1));
	assert_false(survive_add(*state, &s, 1, SURVIVE_WON, -1));
	assert_int_equal(survive_curve(*state, &s, SURVIVE_ANY, &p), 0);
	assert_true(survive_add(*state, &s, 3, SURVIVE_OPEN, 5));
	assert_int_equal(survive_curve(*state, &s, SURVIVE_ANY, &p), 0);
	assert_true(survive_add(*state, &s, SURVIVE_MOST, SURVIVE_LOST, 1)); /* grows and keeps what was there */
	assert_int_equal(s.count[SURVIVE_OPEN][3], 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(kaplan_meier), unit(restricted), unit(one_cause), unit(all_decided),
		unit(competing_by_hand), unit(refuses) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
