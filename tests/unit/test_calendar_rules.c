/* Reads libical's list of rules and their occurrences (icalrecur_test.txt, named by the first argument) and says which
   of them rrule_between does not make. Registered only where the data are: RIDEALONG_DATA at configure. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "calendar/rrule.h"

static str text; /* of the file */

static int
digits(str s, size_t at, size_t n)
{
	int value = 0;
	for (size_t i = at; i < at + n && i < s.n; i++)
		value = value * 10 + (s.s[i] - '0');
	return value;
}

/* 19980101T090000[Z], or only the day. */
static struct rrule_start
start_of(str s)
{
	struct rrule_start start = { .minutes = RRULE_WHOLE_DAY,
		.on = day_of(digits(s, 0, 4), digits(s, 4, 2), digits(s, 6, 2)),
		.zone = zone_utc() };
	if (s.n >= 15) {
		start.minutes = digits(s, 9, 2) * 60 + digits(s, 11, 2);
		start.seconds = digits(s, 13, 2);
	}
	return start;
}

static instant
instant_of(struct rrule_start s)
{
	return s.on.n * DAY_MS + (s.minutes == RRULE_WHOLE_DAY ? 0 : s.minutes * INT64_C(60000)) +
	       s.seconds * INT64_C(1000);
}

static bool
same(const struct rrule_run *run, str instances)
{
	size_t i = 0;
	for (str one; instances.n; i++) {
		str_cut(instances, ',', &one, &instances);
		if (i >= run->n || run->at[i] != instant_of(start_of(str_trim(one))))
			return false;
	}
	return i == run->n;
}

/* The list of a rule that never ends stops somewhere: so many are asked for. */
static size_t
count_of(str instances)
{
	size_t n = instances.n > 0;
	for (size_t i = 0; i < instances.n; i++)
		n += instances.s[i] == ',';
	return n;
}

/* A rule that the library which wrote the list does not know ("***") only has to be taken. */
static bool
expands(struct arena *a, str rule, str start, str instances)
{
	struct faults f;
	const struct rrule *r;
	struct rrule_run run;
	faults_init(&f, a);
	if (rrule_parse(a, rule, STR("rule"), &f, &r) != OK)
		return false;
	bool ends = str_find(rule, STR("COUNT=")) != SIZE_MAX || str_find(rule, STR("UNTIL=")) != SIZE_MAX;
	size_t cap = ends ? 10000 : count_of(instances);
	if (rrule_between(a, r, start_of(start), INT64_MIN, INT64_MAX, cap, &run) != OK)
		return false;
	/* What it is written as again means the same. */
	struct rrule_run again;
	if (rrule_parse(a, rrule_text(a, r), STR("rule"), &f, &r) != OK ||
	        rrule_between(a, r, start_of(start), INT64_MIN, INT64_MAX, cap, &again) != OK || again.n != run.n ||
	        (run.n && memcmp(again.at, run.at, run.n * sizeof *run.at) != 0))
		return false;
	return str_starts(str_trim(instances), STR("***")) || same(&run, instances);
}

static void
every_rule(void **state)
{
	str rule = { 0 }, start = { 0 }, line, rest = text;
	int n = 0, wrong = 0;
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		line = str_trim(line);
		if (str_starts(line, STR("RRULE:")))
			rule = line;
		else if (str_starts(line, STR("DTSTART:")))
			start = str_from(line, 8);
		else if (str_starts(line, STR("INSTANCES:"))) {
			n++;
			if (!expands(*state, rule, start, str_from(line, 10))) {
				print_error("%.*s from %.*s\n", STR_ARG(rule), STR_ARG(start));
				wrong++;
			}
		}
	}
	print_message("%d rules, %d not as listed\n", n, wrong);
	assert_int_equal(n, 146);
	assert_int_equal(wrong, 0);
}

int
main(int argc, char **argv)
{
	static char room[1 << 20];
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	if (!file) {
		fprintf(stderr, "usage: test_calendar_rules icalrecur_test.txt\n");
		return 2;
	}
	text = (str){ room, fread(room, 1, sizeof room, file) };
	fclose(file);
	const struct CMUnitTest tests[] = { unit(every_rule) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
