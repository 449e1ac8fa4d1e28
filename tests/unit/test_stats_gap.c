#include "near.h"

#include <stdio.h>
#include <stdlib.h>

#include "stats/gap.h"

static void
assert_parts(struct gap g, int64_t total, int64_t decided, int64_t rate, int64_t value)
{
	assert_int_equal(g.total, total);
	assert_int_equal(g.decided, decided);
	assert_int_equal(g.rate, rate);
	assert_int_equal(g.value, value);
}

/* By hand: 40 needed, 30 decided; 25 % became 20 %; 10,000.00 became 12,000.00.
   -10 × 1,480,000 ÷ 6, -.05 × 230,000,000 ÷ 6, +200,000 × 47.5 ÷ 6: -2,466,666.67, -1,916,666.67, 1,583,333.33. */
static void
by_hand(void **state)
{
	(void)state;
	struct gap_deals history = { 100, 25, 25000000 }, actual = { 30, 6, 7200000 };
	struct gap g;
	assert_int_equal(gap_to_target(10000000, history, actual, &g), OK);
	assert_int_equal(g.state, GAP_SPLIT);
	assert_false(g.thin);
	assert_parts(g, -2800000, -2466666, -1916667, 1583333);
	assert_near(g.decided_expected, 40, 1e-9);
	assert_near(g.rate_expected, .25, 1e-12);
	assert_near(g.rate_actual, .2, 1e-12);
	assert_int_equal(g.value_expected, 1000000);
	assert_int_equal(g.value_actual, 1200000);
	assert_int_equal(gap_decided_needed(10000000, history), 40);
	assert_int_equal(gap_decided_needed(10000001, history), 41);
	assert_int_equal(gap_to_history(40, history, actual, &g), OK);
	assert_parts(g, -2800000, -2466666, -1916667, 1583333);
}

/* Where one factor alone differs, all of the gap is its own. */
static void
one_cause(void **state)
{
	(void)state;
	struct gap_deals history = { 100, 25, 25000000 };
	struct gap g;
	assert_int_equal(gap_to_target(10000000, history, (struct gap_deals){ 20, 5, 5000000 }, &g), OK);
	assert_parts(g, -5000000, -5000000, 0, 0);
	assert_int_equal(gap_to_target(10000000, history, (struct gap_deals){ 40, 5, 5000000 }, &g), OK);
	assert_parts(g, -5000000, 0, -5000000, 0);
	assert_int_equal(gap_to_target(10000000, history, (struct gap_deals){ 40, 10, 7500001 }, &g), OK);
	assert_parts(g, -2499999, 0, 0, -2499999);
	assert_int_equal(gap_to_target(10000000, history, (struct gap_deals){ 40, 10, 10000000 }, &g), OK);
	assert_parts(g, 0, 0, 0, 0);
}

static void
no_evidence(void **state)
{
	(void)state;
	struct gap_deals history = { 100, 25, 25000000 }, none = { 0 };
	struct gap g;
	/* Nothing decided: all of it is missing deals. */
	assert_int_equal(gap_to_target(10000000, history, none, &g), OK);
	assert_int_equal(g.state, GAP_FEW);
	assert_parts(g, -10000000, -10000000, 0, 0);
	assert_true(isnan(g.rate_actual));
	assert_int_equal(g.value_actual, -1);
	/* None won: nothing is said of their value. */
	assert_int_equal(gap_to_target(10000000, history, (struct gap_deals){ 20, 0, 0 }, &g), OK);
	assert_int_equal(g.state, GAP_SPLIT);
	assert_parts(g, -10000000, -2500000, -7500000, 0);
	/* No history: unknown, in whatever way it is missing. */
	struct gap_deals empty[] = { none, { 10, 0, 0 }, { 10, 3, 0 } };
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(gap_to_target(10000000, empty[i], (struct gap_deals){ 20, 5, 100 }, &g), OK);
		assert_int_equal(g.state, GAP_UNKNOWN);
		assert_int_equal(g.total, -9999900);
		assert_int_equal(gap_decided_needed(1, empty[i]), -1);
		assert_int_equal(gap_to_history(20, empty[i], (struct gap_deals){ 20, 5, 100 }, &g), OK);
		assert_int_equal(g.state, GAP_UNKNOWN);
	}
}

static void
few_deals_are_listed(void **state)
{
	(void)state;
	struct gap g;
	assert_int_equal(
	        gap_to_target(900, (struct gap_deals){ 11, 4, 400 }, (struct gap_deals){ 11, 4, 400 }, &g), OK);
	assert_int_equal(g.state, GAP_FEW);
	assert_true(g.thin);
	assert_int_equal(
	        gap_to_target(900, (struct gap_deals){ 12, 4, 400 }, (struct gap_deals){ 12, 4, 400 }, &g), OK);
	assert_int_equal(g.state, GAP_SPLIT);
	assert_false(g.thin);
}

static void
refuses_the_impossible(void **state)
{
	(void)state;
	struct gap_deals fine = { 100, 25, 25000000 };
	struct gap_deals bad[] = { { 5, 6, 100 }, { 5, -1, 0 }, { -5, 0, 0 }, { 5, 0, 100 }, { 5, 2, -1 } };
	struct gap g = { .total = 7 };
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(gap_to_target(1, fine, bad[i], &g), ERR_INPUT);
		assert_int_equal(gap_to_target(1, bad[i], fine, &g), ERR_INPUT);
		assert_int_equal(gap_to_history(1, bad[i], fine, &g), ERR_INPUT);
	}
	assert_int_equal(gap_to_target(-1, fine, fine, &g), ERR_INPUT);
	assert_int_equal(gap_to_history(-1, fine, fine, &g), ERR_INPUT);
	/* Parts beyond 2^61 are refused, not wrapped. */
	struct gap_deals small = { 1, 1, 1 }, huge = { 1, 1, INT64_MAX };
	assert_int_equal(gap_to_target(1, small, huge, &g), ERR_INPUT);
	assert_int_equal(gap_to_history(INT64_MAX, huge, small, &g), ERR_INPUT);
	struct gap_deals all = { INT64_MAX, INT64_MAX, INT64_MAX };
	assert_int_equal(gap_to_target(INT64_MAX, all, all, &g), OK);
	assert_parts(g, 0, 0, 0, 0);
}

static uint64_t random_state = 88172645463325252u;

static int64_t
any(int64_t most)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (int64_t)(random_state % (uint64_t)(most + 1));
}

static struct gap_deals
any_deals(void)
{
	static const int64_t counts[] = { 3, 30, 1000, 1000000 }, values[] = { 9, 100000, 5000000000, 900000000000000 };
	struct gap_deals d = { .decided = any(counts[any(3)]) };
	d.won = any(d.decided);
	d.revenue = d.won ? any(values[any(3)]) : 0;
	return d;
}

/* The definition: every order of changing the three, one after the other, each given its step; then the mean. */
static void
mean_of_orders(const long double from[3], const long double to[3], long double ret[3])
{
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 },
		{ 2, 1, 0 } };
	ret[0] = ret[1] = ret[2] = 0;
	for (int o = 0; o < 6; o++) {
		long double now[3] = { from[0], from[1], from[2] };
		for (int k = 0; k < 3; k++) {
			int i = orders[o][k];
			long double before = now[0] * now[1] * now[2];
			now[i] = to[i];
			ret[i] += (now[0] * now[1] * now[2] - before) / 6;
		}
	}
}

static void
assert_orders(const struct gap *g, long double decided, struct gap_deals h, struct gap_deals a)
{
	long double from[3] = { decided, (long double)h.won / h.decided, (long double)h.revenue / h.won };
	long double to[3] = { a.decided, a.decided ? (long double)a.won / a.decided : from[1],
		a.won ? (long double)a.revenue / a.won : from[2] };
	long double want[3];
	mean_of_orders(from, to, want);
	const int64_t got[3] = { g->decided, g->rate, g->value };
	long double size = fabsl(want[0]) + fabsl(want[1]) + fabsl(want[2]);
	for (int i = 0; i < 3; i++)
		assert_true(fabsl((long double)got[i] - want[i]) <= 1 + size * 1e-16L);
}

static void
parts_always_add_up(void **state)
{
	(void)state;
	int splits = 0;
	for (int i = 0; i < 100000; i++) {
		struct gap_deals history = any_deals(), actual = any_deals();
		int64_t target = any(i % 2 ? 1000000000000 : 1000), count = any(2000);
		struct gap g;
		enum err e = gap_to_target(target, history, actual, &g);
		if (e == OK && g.state != GAP_UNKNOWN) {
			splits++;
			assert_int_equal(g.total, actual.revenue - target);
			assert_int_equal(g.decided + g.rate + g.value, g.total);
			assert_orders(&g, (long double)target * history.decided / history.revenue, history, actual);
		}
		if (gap_to_history(count, history, actual, &g) == OK && g.state != GAP_UNKNOWN) {
			assert_int_equal(g.decided + g.rate + g.value, g.total);
			long double want = (long double)count * history.revenue / history.decided;
			assert_true(fabsl((long double)(actual.revenue - g.total) - want) <= .5L + want * 1e-16L);
			assert_orders(&g, count, history, actual);
		}
	}
	assert_true(splits > 50000);
}

/* Seen from the other side every part is the same with the other sign, but for the odd cent. */
static void
both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct gap_deals x = any_deals(), y = any_deals();
		struct gap there, back;
		if (!x.revenue || !y.revenue || gap_to_history(x.decided, x, y, &there) != OK ||
		        gap_to_history(y.decided, y, x, &back) != OK)
			continue;
		assert_int_equal(there.total, -back.total);
		assert_true(llabs(there.decided + back.decided) <= 1);
		assert_true(llabs(there.rate + back.rate) <= 1);
		assert_true(llabs(there.value + back.value) <= 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(by_hand), unit(one_cause), unit(no_evidence),
		unit(few_deals_are_listed), unit(refuses_the_impossible), unit(parts_always_add_up), unit(both_ways) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
