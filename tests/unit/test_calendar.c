#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include <libical/ical.h>

#include "calendar/feed.h"
#include "calendar/rrule.h"

static const struct rrule *
parsed(struct arena *a, const char *text)
{
	struct faults f;
	const struct rrule *r = NULL;
	faults_init(&f, a);
	if (rrule_parse(a, str_of(text), STR("rule"), &f, &r) != OK)
		fail_msg("refused: %s", text);
	return r;
}

static struct rrule_start
start_at(const char *iso, int hour, int minute, const char *zone)
{
	struct rrule_start s = { .minutes = hour * 60 + minute, .zone = zone_find(str_of(zone)) };
	assert_true(day_parse(str_of(iso), &s.on));
	assert_non_null(s.zone);
	return s;
}

static instant
at(const char *iso)
{
	instant i;
	assert_true(instant_parse(str_of(iso), &i));
	return i;
}

/* Occurrences from the start on, the first six, as text. */
static str
first_ones(struct arena *a, const char *rule, struct rrule_start s)
{
	struct rrule_run run;
	str all = { 0 };
	assert_int_equal(rrule_between(a, parsed(a, rule), s, 0, at("2100-01-01T00:00:00Z"), 6, &run), OK);
	for (size_t i = 0; i < run.n; i++)
		all = str_fmt(
		        a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(str_first(instant_iso(a, run.at[i]), 16)));
	return all;
}

static void
keeps_local_time(void **state)
{
	/* Vienna changes on 2026-03-29 and 2026-10-25, New York on 2026-03-08. */
	assert_str(first_ones(*state, "FREQ=WEEKLY;BYDAY=TU;COUNT=3", start_at("2026-03-17", 9, 0, "Europe/Vienna")),
	        "2026-03-17T08:00 2026-03-24T08:00 2026-03-31T07:00");
	assert_str(
	        first_ones(*state, "FREQ=WEEKLY;INTERVAL=2;COUNT=3", start_at("2026-10-13", 16, 30, "Europe/Vienna")),
	        "2026-10-13T14:30 2026-10-27T15:30 2026-11-10T15:30");
	assert_str(first_ones(*state, "FREQ=DAILY;COUNT=3", start_at("2026-03-07", 9, 0, "America/New_York")),
	        "2026-03-07T14:00 2026-03-08T13:00 2026-03-09T13:00");
	/* 02:30 does not exist on 29 March: the session moves forward. */
	assert_str(first_ones(*state, "FREQ=DAILY;COUNT=3", start_at("2026-03-28", 2, 30, "Europe/Vienna")),
	        "2026-03-28T01:30 2026-03-29T01:30 2026-03-30T00:30");
}

static void
month_ends(void **state)
{
	struct arena *a = *state;
	struct rrule_start s = start_at("2027-12-31", 0, 0, "UTC");
	assert_str(first_ones(a, "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", s),
	        "2027-12-31T00:00 2028-01-31T00:00 2028-03-31T00:00");
	assert_str(rrule_monthly(a, 31, 1), "FREQ=MONTHLY;BYMONTHDAY=-1");
	assert_str(first_ones(a, "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4", s),
	        "2027-12-31T00:00 2028-01-31T00:00 2028-02-29T00:00 2028-03-31T00:00");
	assert_str(rrule_monthly(a, 30, 1), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1");
	assert_str(first_ones(a, "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=3",
	                   start_at("2027-01-30", 0, 0, "UTC")),
	        "2027-01-30T00:00 2027-02-28T00:00 2027-03-30T00:00");
	assert_str(rrule_monthly(a, 29, 3), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=28,29;BYSETPOS=-1");
	assert_str(rrule_monthly(a, 15, 1), "FREQ=MONTHLY;BYMONTHDAY=15");
	assert_str(rrule_monthly_weekday(a, -1, 5, 1), "FREQ=MONTHLY;BYDAY=-1FR");
	assert_str(first_ones(a, "FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", start_at("2026-01-01", 12, 0, "UTC")),
	        "2026-01-30T12:00 2026-02-27T12:00");
	assert_str(rrule_weekly(a, 2, 1), "FREQ=WEEKLY;BYDAY=TU");
	assert_str(rrule_weekly(a, 7, 2), "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU");
}

static void
until_and_count(void **state)
{
	struct rrule_start s = start_at("2026-01-05", 9, 0, "Europe/Vienna");
	/* A day includes the day; an instant is compared as one: 08:00Z is nine in Vienna. */
	assert_str(first_ones(*state, "FREQ=WEEKLY;UNTIL=20260112", s), "2026-01-05T08:00 2026-01-12T08:00");
	assert_str(first_ones(*state, "FREQ=WEEKLY;UNTIL=20260112T080000Z", s), "2026-01-05T08:00 2026-01-12T08:00");
	assert_str(first_ones(*state, "FREQ=WEEKLY;UNTIL=20260112T075959Z", s), "2026-01-05T08:00");
	assert_str(first_ones(*state, "FREQ=WEEKLY;UNTIL=20260112T090000", s), "2026-01-05T08:00 2026-01-12T08:00");
	/* COUNT counts what lies before the window. */
	struct rrule_run run;
	const struct rrule *r = parsed(*state, "RRULE:FREQ=WEEKLY;COUNT=5");
	assert_int_equal(
	        rrule_between(*state, r, s, at("2026-01-20T00:00:00Z"), at("2027-01-01T00:00:00Z"), 99, &run), OK);
	assert_int_equal(run.n, 2);
	assert_false(run.more);
	assert_int_equal(
	        rrule_between(*state, r, s, at("2026-01-05T08:00:00Z"), at("2026-01-12T08:00:00Z"), 99, &run), OK);
	assert_int_equal(run.n, 1); /* from is in, to is out */
	assert_int_equal(rrule_between(*state, r, s, 0, at("2027-01-01T00:00:00Z"), 4, &run), OK);
	assert_int_equal(run.n, 4);
	assert_true(run.more);
	instant next = 0;
	assert_true(rrule_next(r, s, at("2026-01-12T08:00:00Z"), &next));
	assert_int_equal(next, at("2026-01-19T08:00:00Z"));
	assert_false(rrule_next(r, s, at("2026-02-02T08:00:00Z"), &next));
	assert_int_equal(next, at("2026-01-19T08:00:00Z"));
	const struct rrule *often = parsed(*state, "FREQ=SECONDLY");
	assert_int_equal(rrule_between(*state, often, s, 0, at("2027-01-01T00:00:00Z"), SIZE_MAX, &run), ERR_LARGE);
}

static void
refuses_wrong_rules(void **state)
{
	static const char *const bad[] = { "", " ", "RRULE:", "weekly", "INTERVAL=2", "FREQ=FORTNIGHTLY",
		"FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO",
		"FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=-2", "FREQ=WEEKLY;COUNT=0",
		"FREQ=WEEKLY;COUNT=2;UNTIL=20270101", "FREQ=WEEKLY;UNTIL=tomorrow", "FREQ=WEEKLY;FREQ=DAILY",
		"FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=WEEKLY;FOO=1", "FREQ=YEARLY,WEEKLY",
		"FREQ=WEEKLY;BYDAY=MO,", "FREQ=WEEKLY;BYDAY=", "FREQ=DAILY;BYYEARDAY=3", "FREQ=MONTHLY;BYWEEKNO=2",
		"FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;UNTIL=20260228T250000Z", "FREQ=DAILY;COUNT=99999999999",
		"FREQ=DAILY;COUNT=+1", "FREQ=DAILY;BYHOUR=24", "FREQ=MONTHLY;BYDAY=54MO", "FREQ=MONTHLY;BYMONTHDAY=0",
		"FREQ=DAILY;;COUNT=1", "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=WEEKLY\r\nSUMMARY:x",
		"FREQ=DAILY;BYSETPOS=1", "FREQ=WEEKLY;BYDAY=\xc3\xa4" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct faults f;
		const struct rrule *r = NULL;
		faults_init(&f, *state);
		if (rrule_parse(*state, str_of(bad[i]), STR("cadence"), &f, &r) == OK)
			fail_msg("taken: %s", bad[i]);
		assert_null(r);
		assert_int_equal(f.n, 1);
		assert_non_null(fault_at(&f, STR("cadence")));
	}
}

static void
sessions_are_daily_at_most(void **state)
{
	static const char *const good[] = { "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY;BYDAY=2WE",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=WEEKLY;UNTIL=19990101" };
	static const char *const bad[] = { "FREQ=HOURLY", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=DAILY;BYHOUR=9,15", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=MONTHLY;BYDAY=6MO" };
	struct faults f;
	faults_init(&f, *state);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(rrule_check_sessions(parsed(*state, good[i]), STR("cadence"), &f), OK);
	assert_int_equal(f.n, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(rrule_check_sessions(parsed(*state, bad[i]), STR("cadence"), &f), ERR_INPUT);
	assert_int_equal(f.n, sizeof(bad) / sizeof(*bad));
}

/* Whatever is in a rule, it is refused or ends soon, and what it is written as again means the same. */
static void
any_rule_ends(void **state)
{
	static const char letters[] = "FREQ=;YMONTHLWDAIUKCBSP,-+0123456789TZ:";
	static const char *const seeds[] = { "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU,SA;INTERVAL=6",
		"FREQ=MINUTELY;BYMINUTE=7;INTERVAL=61", "FREQ=MONTHLY;BYDAY=1MO,-1SU;BYSETPOS=1,-1",
		"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=YEARLY;BYHOUR=1,2;BYMINUTE=3,4;BYSECOND=5,60;BYSETPOS=366,-366",
		"FREQ=DAILY;UNTIL=20300101T000000Z" };
	struct rrule_start s = start_at("2026-12-31", 23, 59, "America/New_York");
	srand(5545);
	for (int i = 0; i < 3000; i++) {
		struct arena a;
		struct faults f;
		const struct rrule *r;
		struct rrule_run run;
		char rule[80];
		snprintf(rule, sizeof rule, "%s", seeds[(size_t)rand() % (sizeof(seeds) / sizeof(*seeds))]);
		for (int k = rand() % 4; k > 0; k--)
			rule[(size_t)rand() % strlen(rule)] = letters[(size_t)rand() % (sizeof(letters) - 1)];
		arena_init(&a, ARENA_CAP_REQUEST);
		faults_init(&f, &a);
		if (rrule_parse(&a, str_of(rule), STR("rule"), &f, &r) == OK) {
			str text = rrule_text(&a, r);
			enum err e = rrule_between(&a, r, s, 0, INT64_MAX, 50, &run);
			assert_true(e == OK || e == ERR_LARGE);
			assert_int_equal(rrule_parse(&a, text, STR("rule"), &f, &r), OK);
			assert_true(str_eq(rrule_text(&a, r), text));
			assert_true(rrule_words(&a, r).n > 0);
		}
		arena_fini(&a);
	}
	(void)state;
}

static void
in_words(void **state)
{
	static const char *const cases[][2] = { { "freq=weekly;byday=tu", "every Tuesday" },
		{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every second Tuesday" },
		{ "FREQ=WEEKLY;INTERVAL=6", "every 6 weeks" },
		{ "FREQ=WEEKLY;BYDAY=MO,WE,SU", "every Monday, Wednesday and Sunday" }, { "FREQ=DAILY", "every day" },
		{ "FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month" },
		{ "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=3", "on day 15 of every month, 3 times" },
		{ "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "on day 30 of every month, or its last" },
		{ "FREQ=MONTHLY;INTERVAL=3;BYDAY=2WE", "on the second Wednesday of every third month" },
		{ "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231",
		        "on the last Friday of every month until 31 December 2026" },
		{ "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=1,15" },
		{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO", "every second week on Monday and Thursday" },
		{ "WKST=SU;BYSETPOS=-1;BYDAY=FR,-1MO,2MO,MO;FREQ=MONTHLY;INTERVAL=1",
		        "FREQ=MONTHLY;BYDAY=MO,2MO,-1MO,FR;BYSETPOS=-1;WKST=SU" },
		{ "FREQ=DAILY;UNTIL=20261231t080000z;BYHOUR=9,8,9", "FREQ=DAILY;UNTIL=20261231T080000Z;BYHOUR=8,9" },
		{ "FREQ=YEARLY;BYMONTH=3", "FREQ=YEARLY;BYMONTH=3" } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_str(rrule_words(*state, parsed(*state, cases[i][0])), cases[i][1]);
	assert_str(rrule_text(*state, parsed(*state, "rrule:freq=weekly;byday=tu;")), "FREQ=WEEKLY;BYDAY=TU");
}

static str
feed_of(struct arena *a, const struct feed_event *e, size_t n)
{
	struct out o;
	out_init(&o, 0);
	feed_open(&o, STR("Coaching, Ana"));
	for (size_t i = 0; i < n; i++)
		feed_event(&o, e + i);
	feed_close(&o);
	str all = out_all(&o, a);
	out_fini(&o);
	return all;
}

static void
feed_as_written(void **state)
{
	struct feed_event e = { .uid = STR("0abc@example.org"),
		.start = at("2026-03-31T07:00:00Z"),
		.end = at("2026-03-31T07:30:00Z"),
		.revised = at("2026-03-01T10:00:00Z"),
		.sequence = 2,
		.summary = STR("Coaching: Ana, Ben; deal \\ skill"),
		.url = STR("https://example.org/s/1\r\nX:1") };
	assert_str(feed_of(*state, &e, 1),
	        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ridealong//Ridealong//EN\r\nCALSCALE:GREGORIAN\r\n"
	        "X-WR-CALNAME:Coaching\\, Ana\r\nX-PUBLISHED-TTL:PT1H\r\nBEGIN:VEVENT\r\nUID:0abc@example.org\r\n"
	        "DTSTAMP:20260301T100000Z\r\nLAST-MODIFIED:20260301T100000Z\r\nSEQUENCE:2\r\n"
	        "DTSTART:20260331T070000Z\r\nDTEND:20260331T073000Z\r\nSUMMARY:Coaching: Ana\\, Ben\\; deal \\\\ "
	        "skill\r\n"
	        "URL:https://example.org/s/1X:1\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

/* No line over 75 octets, each ends in CRLF, and unfolded no letter was cut. */
static void
assert_lines(str feed)
{
	size_t n = 0;
	for (size_t i = 0; i < feed.n; i++) {
		if (feed.s[i] == '\n') {
			assert_true(i > 0 && feed.s[i - 1] == '\r');
			assert_true(n <= 76); /* with the CR */
			n = 0;
		} else {
			assert_true(n > 0 || ((unsigned char)feed.s[i] & 0xc0) != 0x80);
			n++;
		}
	}
	assert_true(str_ends(feed, STR("\r\n")));
}

static void
feed_passes_libical(void **state)
{
	struct arena *a = *state;
	const char *tale =
	        "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich; 東京で会いましょう, \\n is no line.\n"
	        "Second line, \xf0\x9f\x91\x8d and \x07"
	        "bell.";
	struct feed_event e[2] = { { .uid = STR("1@example.org"),
		.start = at("2026-03-31T07:00:00Z"),
		.end = at("2026-03-31T08:00:00Z"),
		.revised = at("2026-03-01T10:00:00Z"),
		.summary = STR("Session"),
		.description = str_of(tale),
		.location = STR("Room 4"),
		.url = STR("https://example.org/session/"
		           "0123456789012345678901234567890123456789012345678901234567890") } };
	e[1] = e[0];
	e[1].uid = STR("2@example.org");
	e[1].cancelled = true;
	e[1].sequence = 1;
	e[1].end = e[1].start;
	for (size_t pad = 0; pad < 80; pad++) { /* the fold falls everywhere once */
		e[0].description = str_join(a,
		        (str){ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		                pad },
		        str_of(tale));
		str feed = feed_of(a, e, 2);
		assert_lines(feed);
		icalcomponent *c = icalparser_parse_string(str_z(a, feed));
		assert_non_null(c);
		assert_true(icalrestriction_check(c));
		assert_int_equal(icalcomponent_count_errors(c), 0);
		assert_int_equal(icalcomponent_count_components(c, ICAL_VEVENT_COMPONENT), 2);
		icalcomponent *v = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
		str back = str_of(icalcomponent_get_description(v));
		assert_int_equal(back.n, e[0].description.n - 1); /* without the bell */
		assert_memory_equal(back.s, e[0].description.s, pad + 100);
		assert_string_equal(icalcomponent_get_uid(v), "1@example.org");
		assert_int_equal(icalcomponent_get_status(v), ICAL_STATUS_CONFIRMED);
		v = icalcomponent_get_next_component(c, ICAL_VEVENT_COMPONENT);
		assert_int_equal(icalcomponent_get_status(v), ICAL_STATUS_CANCELLED);
		assert_int_equal(icalcomponent_get_sequence(v), 1);
		icalcomponent_free(c);
	}
}

static str
invite_of(struct arena *a, const struct feed_invite *i)
{
	struct out o;
	out_init(&o, 0);
	feed_invite(&o, i);
	str all = out_all(&o, a);
	out_fini(&o);
	return all;
}

/* RFC 5546: one entry, a method, who sends it and whom it is for; names of any content stay names. */
static void
invite_passes_libical(void **state)
{
	struct arena *a = *state;
	struct feed_invite i = { .event = { .uid = STR("0abc@ridealong"),
		                         .start = at("2026-03-31T07:00:00Z"),
		                         .end = at("2026-03-31T07:30:00Z"),
		                         .revised = at("2026-03-01T10:00:00Z"),
		                         .sequence = 3,
		                         .summary = STR("Coaching: Mara and Ada"),
		                         .url = STR("https://example.org/coaching/0abc") },
		.from = STR("sales@example.org"),
		.from_name = STR("Bus & \"Söhne\"; ATTENDEE:x\r\nEND:VEVENT"),
		.to = STR("o'hara%x+1@example.org"),
		.to_name = STR(
		        "O’Hara, Zoë \xf0\x9f\x91\x8d with a name that is longer than a line of seventy-five octets") };
	for (int cancels = 0; cancels < 2; cancels++) {
		i.event.cancelled = cancels;
		str text = invite_of(a, &i);
		assert_lines(text);
		icalcomponent *c = icalparser_parse_string(str_z(a, text));
		assert_non_null(c);
		assert_true(icalrestriction_check(c));
		assert_int_equal(icalcomponent_count_errors(c), 0);
		assert_int_equal(icalcomponent_get_method(c), cancels ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST);
		assert_int_equal(icalcomponent_count_components(c, ICAL_VEVENT_COMPONENT), 1);
		icalcomponent *v = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
		assert_int_equal(icalcomponent_get_sequence(v), 3);
		assert_int_equal(icalcomponent_count_properties(v, ICAL_ATTENDEE_PROPERTY), 1);
		icalproperty *p = icalcomponent_get_first_property(v, ICAL_ORGANIZER_PROPERTY);
		assert_string_equal(icalproperty_get_organizer(p), "mailto:sales@example.org");
		assert_string_equal(
		        icalproperty_get_parameter_as_string(p, "CN"), "Bus & 'Söhne'; ATTENDEE:xEND:VEVENT");
		p = icalcomponent_get_first_property(v, ICAL_ATTENDEE_PROPERTY);
		assert_string_equal(icalproperty_get_attendee(p), "mailto:o'hara%25x+1@example.org");
		assert_string_equal(icalproperty_get_parameter_as_string(p, "CN"), i.to_name.s);
		icalcomponent_free(c);
	}
}

static void
feed_takes_anything(void **state)
{
	/* Broken UTF-8 and an empty calendar still make lines that end. */
	struct feed_event e = {
		.uid = STR("1@x"), .summary = STR("a\xe2\x82"), .description = STR("\xff\xfe\r\n\x80")
	};
	assert_true(str_find(feed_of(*state, &e, 1), STR("DESCRIPTION:\xff\xfe\\n\x80\r\n")) != SIZE_MAX);
	assert_true(str_ends(feed_of(*state, &e, 0), STR("PT1H\r\nEND:VCALENDAR\r\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(keeps_local_time), unit(month_ends), unit(until_and_count),
		unit(refuses_wrong_rules), unit(sessions_are_daily_at_most), unit(any_rule_ends), unit(in_words),
		unit(feed_as_written), unit(feed_passes_libical), unit(invite_passes_libical),
		unit(feed_takes_anything) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
