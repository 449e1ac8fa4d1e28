#include "unit.h"

#include <stdalign.h>

static void
gives_zeroed_and_aligned(void **state)
{
	struct arena *a = *state;
	for (size_t align = 1; align <= 4096; align *= 2) {
		unsigned char *p = arena_alloc(a, 100, align);
		assert_int_equal((uintptr_t)p % align, 0);
		for (int i = 0; i < 100; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, 100);
	}
	arena_reset(a);
	unsigned char *again = arena_alloc(a, 1000, 1);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(again[i], 0);
	assert_non_null(arena_alloc(a, 0, 1));
	assert_ptr_not_equal(arena_alloc(a, 0, 1), arena_alloc(a, 0, 1));
}

static void
keeps_large_and_small_apart(void **state)
{
	struct arena *a = *state;
	char *pieces[200];
	for (size_t i = 0; i < 200; i++) {
		size_t size = i % 10 == 9 ? 300000 : 10 + i;
		pieces[i] = arena_alloc(a, size, 1);
		memset(pieces[i], (int)i, size);
	}
	for (size_t i = 0; i < 200; i++) {
		size_t size = i % 10 == 9 ? 300000 : 10 + i;
		assert_int_equal((unsigned char)pieces[i][0], i);
		assert_int_equal((unsigned char)pieces[i][size - 1], i);
	}
	assert_true(a->used > 20 * 300000);
	arena_reset(a);
	assert_int_equal(a->used, 0);
	assert_memory_equal(arena_copy(a, "abc", 4), "abc", 4);
	assert_non_null(arena_copy(a, NULL, 0));
}

static int order[8], closed;

static void
note(void *what)
{
	order[closed++] = *(int *)what;
}

static void
closers_run_newest_first_and_once(void **state)
{
	struct arena *a = *state;
	static int one = 1, two = 2, three = 3;
	closed = 0;
	arena_defer(a, note, &one);
	arena_defer(a, note, &two);
	arena_defer(a, note, &three);
	arena_reset(a);
	assert_int_equal(closed, 3);
	assert_true(order[0] == 3 && order[1] == 2 && order[2] == 1);
	arena_reset(a);
	arena_fini(a);
	assert_int_equal(closed, 3);
}

static void
goes_to_the_landing_at_the_cap(void **state)
{
	(void)state;
	static int seven = 7;
	struct arena a;
	jmp_buf landing;
	volatile int got = 0;
	arena_init(&a, 1000);
	a.landing = &landing;
	closed = 0;
	if (setjmp(landing) == 0) {
		arena_defer(&a, note, &seven);
		for (;;) {
			arena_alloc(&a, 100, 8);
			got++;
		}
	}
	assert_int_equal(got, 9);
	assert_int_equal(closed, 0);
	arena_reset(&a);
	assert_int_equal(closed, 1);
	assert_non_null(arena_alloc(&a, 1000, 1)); /* all of the cap is there again */
	if (setjmp(landing) == 0) {
		arena_defer(&a, note, &seven);
		fail();
	}
	assert_int_equal(closed, 2); /* what could not be deferred was closed at once */
	arena_fini(&a);
	assert_int_equal(closed, 2);
}

static void
sizes_that_overflow_land_too(void **state)
{
	(void)state;
	struct arena a;
	jmp_buf landing;
	volatile int landed = 0;
	arena_init(&a, SIZE_MAX);
	a.landing = &landing;
	if (setjmp(landing) == 0)
		arena_array(&a, 16, SIZE_MAX / 8, 8);
	else
		landed++;
	if (setjmp(landing) == 0)
		arena_alloc(&a, SIZE_MAX - 8, 8);
	else
		landed++;
	assert_int_equal(landed, 2);
	arena_fini(&a);
}

static void
grows_arrays(void **state)
{
	struct arena *a = *state;
	int *items = NULL;
	size_t n = 0, cap = 0;
	for (int i = 0; i < 1000; i++) {
		arena_grow(a, items, n, cap);
		items[n++] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	assert_true(cap >= 1000 && cap <= 2048);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(gives_zeroed_and_aligned),
		unit(keeps_large_and_small_apart),
		unit(closers_run_newest_first_and_once),
		unit(goes_to_the_landing_at_the_cap),
		unit(sizes_that_overflow_land_too),
		unit(grows_arrays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
