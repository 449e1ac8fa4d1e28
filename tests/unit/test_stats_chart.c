#include "near.h"

#include "stats/chart.h"

/* NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, individuals chart of flow rates (it has 3 ÷ 1.128
 * for 2.66). */
static void
limits_published(void **state)
{
	(void)state;
	static const double flow[] = { 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1 };
	struct chart_limits l;
	assert_true(chart_limits(flow, 10, &l));
	assert_near(l.centre, 50.81, 1e-9);
	assert_near(l.range, 1.8778, .00005);
	assert_near(l.high, 55.8041, .001);
	assert_near(l.low, 45.8159, .001);
	assert_near(l.range_high, 1.8778 * 3.268, .001);
	uint8_t signals[10];
	chart_signals(flow, 10, &l, signals);
	for (int i = 0; i < 10; i++)
		assert_int_equal(signals[i], 0);
	assert_false(chart_limits(flow, 1, &l));
}

static void
three_rules(void **state)
{
	(void)state;
	const struct chart_limits l = { .centre = 10, .low = 4, .high = 16, .range = 2.26 };
	const double x[] = { 10, 17, 9, 14, 14, 10.5, 14, 9, 11, 11, 11, 11, 11, 11, 11, 11, 9, 3 };
	const uint8_t want[] = { 0, CHART_OUTSIDE | CHART_NEAR, 0, CHART_NEAR, CHART_NEAR, 0, CHART_NEAR, 0, CHART_RUN,
		CHART_RUN, CHART_RUN, CHART_RUN, CHART_RUN, CHART_RUN, CHART_RUN, CHART_RUN, 0, CHART_OUTSIDE };
	uint8_t signals[18];
	chart_signals(x, 18, &l, signals);
	assert_memory_equal(signals, want, 18);
	/* Seven in a row are none yet, and what lies on the centre is on no side. */
	chart_signals(x + 9, 7, &l, signals);
	assert_memory_equal(signals, (uint8_t[7]){ 0 }, 7);
	const double still[] = { 5, 5, 5, 5, 5, 5, 5, 5, 5 };
	struct chart_limits flat;
	assert_true(chart_limits(still, 9, &flat));
	chart_signals(still, 9, &flat, signals);
	assert_memory_equal(signals, (uint8_t[9]){ 0 }, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(limits_published), unit(three_rules) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
