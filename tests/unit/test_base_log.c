#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"

/* What log_line writes to stderr, kept in `to`. */
static size_t
caught(char *to, size_t size, enum log_level level, const char *text)
{
	int ends[2], own = dup(STDERR_FILENO);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	dup2(ends[1], STDERR_FILENO);
	log_line(level, "%s", text);
	dup2(own, STDERR_FILENO);
	close(own);
	close(ends[1]);
	ssize_t n = read(ends[0], to, size);
	close(ends[0]);
	return n > 0 ? (size_t)n : 0;
}

static void
one_event_is_one_line(void **state)
{
	(void)state;
	char line[4096], large[5000];
	clock_set(1795442580007);
	size_t n = caught(line, sizeof(line), LOG_WARN, "a\nb\x1b[2J");
	assert_str(((str){ line, n }), "2026-11-23T14:03:00.007Z warn a b [2J\n");
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = 0;
	n = caught(line, sizeof(line), LOG_ERROR, large);
	assert_true(n > 1000 && n <= 2048 && line[n - 1] == '\n');
	clock_set(0);
}

static void
levels_are_kept(void **state)
{
	(void)state;
	char line[256];
	assert_int_equal(caught(line, sizeof(line), LOG_DEBUG, "x"), 0);
	log_level_set(LOG_DEBUG);
	assert_true(caught(line, sizeof(line), LOG_DEBUG, "x") > 0);
	log_level_set(LOG_ERROR);
	assert_int_equal(caught(line, sizeof(line), LOG_WARN, "x"), 0);
	log_level_set(LOG_INFO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(one_event_is_one_line), unit(levels_are_kept) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
