#include "unit.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/id.h"
#include "base/time.h"

#define THREADS 4
#define EACH    20000

static void
grow_and_tell_their_instant(void **state)
{
	(void)state;
	instant before = now();
	id last = 0;
	for (int i = 0; i < 100; i++) {
		id x = id_new();
		assert_true(x > last && x < INT64_C(1) << 53);
		last = x;
	}
	assert_true(id_instant(last) >= before && id_instant(last) <= now() + 2);
	assert_true(id_since(id_instant(last)) <= last && id_since(id_instant(last) + 1) > last);
	assert_true(id_since(0) == 0 && id_since(INT64_MAX) > last);
}

static void
borrow_when_the_clock_stands_or_goes_back(void **state)
{
	(void)state;
	instant later = now() + 1000;
	clock_set(later);
	id last = id_new();
	assert_true(id_instant(last) == later);
	for (int i = 0; i < 1000; i++) {
		id x = id_new();
		assert_true(x > last);
		last = x;
	}
	assert_true(id_instant(last) == later + 1000 / 128);
	clock_set(later - 100000);
	assert_true(id_new() > last);
	clock_set(1000); /* before 2025 */
	assert_true(id_new() > last);
	clock_set(0);
}

static void
nodes_differ(void **state)
{
	(void)state;
	clock_set(now() + 5000);
	id a = id_new();
	id_node(31);
	id b = id_new();
	assert_int_equal(a >> 7 & 31, 0);
	assert_int_equal(b >> 7 & 31, 31);
	id_node(0);
	clock_set(0);
}

static id made[THREADS * EACH];

static void *
make(void *to)
{
	for (int i = 0; i < EACH; i++)
		((id *)to)[i] = id_new();
	return NULL;
}

static int
by_value(const void *a, const void *b)
{
	id x = *(const id *)a, y = *(const id *)b;
	return (x > y) - (x < y);
}

static void
threads_never_make_the_same(void **state)
{
	(void)state;
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, make, made + i * EACH), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++)
		for (int k = 1; k < EACH; k++)
			assert_true(made[i * EACH + k] > made[i * EACH + k - 1]);
	qsort(made, THREADS * EACH, sizeof(*made), by_value);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_true(made[i] != made[i - 1]);
}

static void
random_ones_have_no_order(void **state)
{
	(void)state;
	int up = 0;
	id last = id_random();
	for (int i = 0; i < 1000; i++) {
		id x = id_random();
		assert_true(x > 0 && x < INT64_C(1) << 53 && x != last);
		up += x > last;
		last = x;
	}
	assert_in_range(up, 350, 650);
}

static void
text_reads_back(void **state)
{
	struct arena *a = *state;
	id x = 0;
	assert_str(id_text(a, 1), "00000000001");
	assert_str(id_text(a, (INT64_C(1) << 53) - 1), "7zzzzzzzzzz");
	for (int i = 0; i < 1000; i++) {
		id r = id_random();
		assert_true(id_parse(id_text(a, r), &x) && x == r);
	}
	assert_true(id_parse(STR("7ZZZZZZZZZZ"), &x) && x == (INT64_C(1) << 53) - 1);
	assert_true(id_parse(STR("oooooooooIl"), &x) && x == 33);
	x = 7;
	static const char *const bad[] = { "", "1", "00000000000", "8zzzzzzzzzz", "000000000001", "0000000000u",
		"0000000000-", "0000000000 " };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(id_parse(str_of(bad[i]), &x));
	assert_true(x == 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(grow_and_tell_their_instant),
		unit(borrow_when_the_clock_stands_or_goes_back),
		unit(nodes_differ),
		unit(threads_never_make_the_same),
		unit(random_ones_have_no_order),
		unit(text_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
