/* For tests of what writes HTML: a view that writes into memory, and pieces looked for in what was written.
   What it is not for: tests of whole pages. */
#ifndef UNIT_HTML_H
#define UNIT_HTML_H

#include "unit.h"

#include "html/html.h"

static struct view view;
static struct out written;

static inline void
begin(void **state)
{
	out_init(&written, 0);
	view = (struct view){ .out = &written, .arena = *state, .today = day_of(2026, 11, 23) };
}

static inline str
end(void **state)
{
	str all = out_all(&written, *state);
	out_fini(&written);
	return all;
}

static inline const char *
end_z(void **state)
{
	return str_z(*state, end(state));
}

/* What a call wrote, in the test's arena. */
#define GOT(state, call)   (begin(state), (call), end(state))
#define GOT_Z(state, call) (begin(state), (call), end_z(state))

#define assert_has(page, piece) unit_assert_has((page), (piece), __FILE__, __LINE__)

static inline void
unit_assert_has(const char *page, const char *piece, const char *file, int line)
{
	if (str_find(str_of(page), str_of(piece)) == SIZE_MAX) {
		print_error("no \"%s\" in:\n%.*s\n", piece, STR_ARG(str_of(page)));
		_fail(file, line);
	}
}

#endif
