/* What every unit test begins with: cmocka, an arena for the test, and comparison of str.
   What it is not for: anything one library's tests alone need. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

/* cmocka compares NUL-terminated text; says both when they differ. */
#define assert_str(got, want) unit_assert_str((got), (want), __FILE__, __LINE__)

static inline void
unit_assert_str(str got, const char *want, const char *file, int line)
{
	if (!str_eq(got, str_of(want))) {
		print_error("\"%.*s\" != \"%s\"\n", STR_ARG(got), want);
		_fail(file, line);
	}
}

/* For cmocka_unit_test_setup_teardown: *state is the arena. */
static inline int
unit_setup(void **state)
{
	static struct arena arena;
	arena_init(&arena, ARENA_CAP_REQUEST);
	*state = &arena;
	return 0;
}

static inline int
unit_teardown(void **state)
{
	arena_fini(*state);
	return 0;
}

#define unit(fn) cmocka_unit_test_setup_teardown(fn, unit_setup, unit_teardown)

#endif
