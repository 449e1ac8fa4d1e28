/* States of what was owed (A4a): by hand, at the edges. */
#include "unit.h"

#include "areas/leadership/trace.h"

static void
by_hand(void **state)
{
	static const struct {
		struct trace_count c; /* kept, owed, waiting, unknown, paused */
		int enough, wanted;
	} all[] = {
		{ { 0, 0, 0, 0, 0 }, TRACE_ENOUGH, TRACE_UNKNOWN }, /* it was due, and nothing here says */
		{ { 0, 0, 0, 0, 3 }, TRACE_ENOUGH, TRACE_PAUSED },
		{ { 11, 1, 0, 0, 0 }, TRACE_ENOUGH, TRACE_KEPT },  /* 91.7 % */
		{ { 9, 1, 0, 0, 0 }, TRACE_ENOUGH, TRACE_KEPT },   /* 90 % exactly */
		{ { 8, 1, 0, 0, 0 }, TRACE_ENOUGH, TRACE_MISSED }, /* 88.9 % */
		{ { 8, 1, 0, 0, 9 }, TRACE_ENOUGH, TRACE_MISSED }, /* paused ones are not due */
		{ { 8, 0, 2, 0, 0 }, TRACE_ENOUGH, TRACE_WAITING },
		{ { 8, 0, 0, 2, 0 }, TRACE_ENOUGH, TRACE_UNKNOWN },  /* disputed: nobody here can settle it */
		{ { 8, 0, 1, 1, 0 }, TRACE_ENOUGH, TRACE_WAITING },  /* the waiting one alone would do: 9 of 10 */
		{ { 7, 0, 1, 2, 0 }, TRACE_ENOUGH, TRACE_UNKNOWN },  /* it would not: 8 of 10 */
		{ { 43, 8, 9, 0, 0 }, TRACE_ENOUGH, TRACE_MISSED },  /* 52 of 60 at best */
		{ { 43, 2, 9, 0, 0 }, TRACE_ENOUGH, TRACE_WAITING }, /* 52 of 54 at best */
		{ { 9, 1, 0, 0, 0 }, TRACE_ALL, TRACE_MISSED },      /* a promise is kept whole */
		{ { 10, 0, 0, 0, 0 }, TRACE_ALL, TRACE_KEPT },
		{ { 0, 0, 1, 0, 0 }, TRACE_ALL, TRACE_WAITING },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (trace_weigh(all[i].c, all[i].enough) != all[i].wanted)
			fail_msg("case %zu: %s instead of %s", i,
			        trace_state_words(trace_weigh(all[i].c, all[i].enough)),
			        trace_state_words(all[i].wanted));
}

/* Only missed and unknown count against a leader; a full list counts on. */
static void
counted(void **state)
{
	static struct trace_leader l;

	(void)state;
	for (int i = 0; i < 40; i++)
		trace_leader_push(&l, (struct trace_item){ i % 7, STR("x"), STR("y") });
	assert_int_equal(l.n, TRACE_ITEMS);
	assert_int_equal(l.kept, 6);
	assert_int_equal(l.missed, 6);
	assert_int_equal(l.unknown, 6);
}

static void
in_words(void **state)
{
	assert_str(trace_sums(*state, 3, 1, 1), "3 kept · 1 missed · 1 unknown");
	assert_str(trace_sums(*state, 0, 0, 0), "0 kept");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(by_hand), unit(counted), unit(in_words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
