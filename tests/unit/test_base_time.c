#include "unit.h"

#include <pthread.h>

#include "base/time.h"

static day
d(const char *iso)
{
	day r = DAY_NONE;
	assert_true(day_parse(str_of(iso), &r));
	return r;
}

static instant
at(const char *iso)
{
	instant r = 0;
	assert_true(instant_parse(str_of(iso), &r));
	return r;
}

#define assert_day(got, iso)     assert_str(day_iso(*state, (got)), (iso))
#define assert_instant(got, iso) assert_str(instant_iso(*state, (got)), (iso))

static void
clock_can_be_told(void **state)
{
	(void)state;
	clock_set(1234567);
	assert_true(now() == 1234567);
	assert_true(now() == 1234567);
	clock_set(0);
	assert_true(now() > INT64_C(1700000000000));
	int64_t one = clock_steady_us();
	assert_true(clock_steady_us() >= one);
}

static void
days_are_what_the_calendar_says(void **state)
{
	assert_int_equal(day_of(1970, 1, 1).n, 0);
	assert_int_equal(day_of(2000, 3, 1).n, 11017);
	assert_int_equal(day_of(1, 1, 1).n, -719162);
	assert_int_equal(day_of(9999, 12, 31).n, 2932896);
	assert_false(day_is(day_of(2026, 2, 29)));
	assert_true(day_is(day_of(2024, 2, 29)));
	assert_false(day_is(day_of(1900, 2, 29)));
	assert_true(day_is(day_of(2000, 2, 29)));
	assert_false(day_is(day_of(2026, 13, 1)));
	assert_false(day_is(day_of(2026, 0, 1)));
	assert_false(day_is(day_of(2026, 4, 31)));
	assert_false(day_is(day_of(0, 1, 1)));
	assert_day(DAY_NONE, "");
	/* Every day of 800 years follows the one before and comes back from its parts. */
	day x = day_of(1700, 1, 1);
	int weekday = day_weekday(x);
	for (int i = 0; i < 292194; i++) {
		int year, month, dom;
		day_parts(x, &year, &month, &dom);
		assert_int_equal(day_of(year, month, dom).n, x.n);
		assert_int_equal(day_weekday(x), weekday);
		x = day_add(x, 1);
		weekday = weekday % 7 + 1;
	}
	assert_day(x, "2500-01-01");
}

static void
days_move(void **state)
{
	assert_int_equal(day_weekday(d("2026-11-23")), 1);
	assert_int_equal(day_weekday(d("2026-11-29")), 7);
	assert_day(day_add(d("2026-12-31"), 1), "2027-01-01");
	assert_day(day_add(d("9999-12-31"), 1), "");
	assert_day(day_add(d("0001-01-01"), -1), "");
	assert_day(day_add(d("2026-01-01"), INT32_MAX), "");
	assert_day(day_add(DAY_NONE, 1), "");
	assert_day(day_add_months(d("2026-01-31"), 1), "2026-02-28");
	assert_day(day_add_months(d("2024-01-31"), 1), "2024-02-29");
	assert_day(day_add_months(d("2026-03-31"), -1), "2026-02-28");
	assert_day(day_add_months(d("2026-01-15"), -1), "2025-12-15");
	assert_day(day_add_months(d("2026-08-31"), 18), "2028-02-29");
	assert_day(day_add_months(d("2024-02-29"), 12), "2025-02-28");
	assert_day(day_add_months(d("2026-01-01"), INT32_MAX), "");
	assert_day(day_add_months(d("2026-01-01"), INT32_MIN), "");
	assert_day(day_add_months(DAY_NONE, 1), "");
	assert_day(day_week(d("2026-11-29")), "2026-11-23");
	assert_day(day_week(d("2026-11-23")), "2026-11-23");
	assert_day(day_week(d("2027-01-01")), "2026-12-28");
	assert_day(day_week(d("1969-12-30")), "1969-12-29");
	assert_day(day_month(d("2026-11-23")), "2026-11-01");
	assert_day(day_quarter(d("2026-11-23")), "2026-10-01");
	assert_day(day_quarter(d("2026-03-31")), "2026-01-01");
	assert_day(day_quarter(d("2026-04-01")), "2026-04-01");
	assert_day(day_quarter(DAY_NONE), "");
	assert_day(day_month(DAY_NONE), "");
	assert_day(day_week(DAY_NONE), "");
	assert_int_equal(day_between(d("2026-02-27"), d("2026-03-01")), 2);
	assert_int_equal(day_between(d("2026-03-01"), d("2026-02-27")), -2);
	assert_int_equal(day_between(DAY_NONE, d("2026-02-27")), 0);
}

static bool
works(day x)
{
	return day_weekday(x) < 6;
}

static void
working_days_leave_weekends_out(void **state)
{
	assert_day(day_add_working(d("2026-11-27"), 1), "2026-11-30");
	assert_day(day_add_working(d("2026-11-28"), 1), "2026-11-30");
	assert_day(day_add_working(d("2026-11-28"), -1), "2026-11-27");
	assert_day(day_add_working(d("2026-11-30"), -1), "2026-11-27");
	assert_day(day_add_working(d("2026-11-23"), 10), "2026-12-07");
	assert_day(day_add_working(d("2026-11-28"), 0), "2026-11-28");
	assert_day(day_add_working(DAY_NONE, 3), "");
	assert_int_equal(day_working_between(d("2026-11-27"), d("2026-11-30")), 1);
	assert_int_equal(day_working_between(d("2026-11-23"), d("2026-11-29")), 4);
	assert_int_equal(day_working_between(d("2026-11-30"), d("2026-11-27")), -1);
	/* Against counting one by one, on both sides of 1970. */
	for (int32_t start = -20; start < 20; start++)
		for (int n = -30; n <= 30; n++) {
			day x = { start };
			int step = n < 0 ? -1 : 1;
			for (int left = n * step; left > 0;) {
				x = day_add(x, step);
				left -= works(x);
			}
			assert_int_equal(day_add_working((day){ start }, n).n, x.n);
			int count = 0;
			for (int32_t i = start + 1; i <= start + n; i++)
				count += works((day){ i });
			if (n >= 0)
				assert_int_equal(day_working_between((day){ start }, (day){ start + n }), count);
		}
}

static void
days_are_written_and_read(void **state)
{
	struct arena *a = *state;
	static const char *const bad[] = { "", "2026-2-28", "2026-02-30", "2026-02-31", "20260228", "2026-02-28 ",
		"2026/02/28", "0000-01-01", "2026-00-10", "-026-01-01", "2026-01-1x" };
	day kept = { 5 };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(day_parse(str_of(bad[i]), &kept));
	assert_int_equal(kept.n, 5);
	day x = d("2026-11-24");
	assert_str(day_iso(a, x), "2026-11-24");
	assert_str(day_iso(a, d("0070-01-02")), "0070-01-02");
	assert_str(day_text(a, x, d("2026-01-01")), "Tue 24 Nov");
	assert_str(day_text(a, x, d("2027-01-01")), "Tue 24 Nov 2026");
	assert_str(day_text(a, x, DAY_NONE), "Tue 24 Nov 2026");
	assert_str(day_text(a, DAY_NONE, x), "");
	assert_str(day_long(a, x), "24 November 2026");
	assert_str(day_quarter_name(a, x), "Q4 2026");
	assert_str(day_quarter_name(a, d("2027-03-31")), "Q1 2027");
	assert_str(day_long(a, DAY_NONE), "");
	assert_str(day_quarter_name(a, DAY_NONE), "");
}

static void
instants_are_written_and_read(void **state)
{
	struct arena *a = *state;
	static const char *const cases[][2] = {
		{ "2026-11-23T14:03:00Z", "2026-11-23T14:03:00.000Z" },
		{ "2026-11-23t14:03:00.5z", "2026-11-23T14:03:00.500Z" },
		{ "2026-11-23 14:03:00.123456+02:00", "2026-11-23T12:03:00.123Z" },
		{ "2026-11-23T23:30:00-05:30", "2026-11-24T05:00:00.000Z" },
		{ "2026-11-23", "2026-11-23T00:00:00.000Z" },
		{ "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
		{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_instant(at(cases[i][0]), cases[i][1]);
	static const char *const bad[] = { "", "2026-11-23T", "2026-11-23T14:03", "2026-11-23T14:03:00",
		"2026-11-23T24:00:00Z", "2026-11-23T14:60:00Z", "2026-11-23T14:03:61Z", "2026-11-23T14:03:00.Z",
		"2026-11-23T14:03:00+0200", "2026-11-23T14:03:00+24:00", "2026-11-23T14:03:00+02:60",
		"2026-11-23T14:03:00Zx", "2026-02-30T00:00:00Z", "2026-11-23x14:03:00Z", "2026-11-23T1:03:00Z" };
	instant kept = 5;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(instant_parse(str_of(bad[i]), &kept));
	assert_true(kept == 5);
	const struct zone *berlin = zone_find(STR("Europe/Berlin"));
	assert_str(instant_text(a, at("2026-11-23T13:03:00Z"), berlin), "23 Nov 2026, 14:03");
	assert_str(instant_text(a, at("2026-12-31T23:03:00Z"), berlin), "1 Jan 2027, 00:03");
	assert_str(instant_text(a, INT64_MAX / 2, berlin), "");
	assert_str(instant_iso(a, INT64_MIN / 2), "");
}

static void
berlin_changes_its_clocks(void **state)
{
	const struct zone *z = zone_find(STR("Europe/Berlin"));
	assert_non_null(z);
	assert_ptr_equal(z, zone_find(STR("Europe/Berlin")));
	/* 29 March 2026: 02:00 becomes 03:00. */
	assert_int_equal(zone_offset(z, at("2026-03-29T00:59:59.999Z")), 3600);
	assert_int_equal(zone_offset(z, at("2026-03-29T01:00:00Z")), 7200);
	assert_instant(zone_instant(z, d("2026-03-29"), 119), "2026-03-29T00:59:00.000Z");
	assert_instant(zone_instant(z, d("2026-03-29"), 150), "2026-03-29T01:30:00.000Z"); /* no 02:30: 03:30 */
	assert_int_equal(zone_minutes(z, zone_instant(z, d("2026-03-29"), 150)), 210);
	assert_instant(zone_instant(z, d("2026-03-29"), 180), "2026-03-29T01:00:00.000Z");
	/* 25 October 2026: 03:00 becomes 02:00; 02:30 comes twice, the first counts. */
	assert_int_equal(zone_offset(z, at("2026-10-25T00:59:59Z")), 7200);
	assert_int_equal(zone_offset(z, at("2026-10-25T01:00:00Z")), 3600);
	assert_instant(zone_instant(z, d("2026-10-25"), 150), "2026-10-25T00:30:00.000Z");
	assert_instant(zone_instant(z, d("2026-10-25"), 180), "2026-10-25T02:00:00.000Z");
	assert_instant(zone_instant(z, d("2026-10-25"), 0), "2026-10-24T22:00:00.000Z");
	assert_instant(zone_instant(z, d("2026-10-26"), 0), "2026-10-25T23:00:00.000Z"); /* a day of 25 hours */
	assert_day(zone_day(z, at("2026-07-01T21:59:59Z")), "2026-07-01");
	assert_day(zone_day(z, at("2026-07-01T22:00:00Z")), "2026-07-02");
	assert_int_equal(zone_minutes(z, at("2026-07-01T22:05:00Z")), 5);
	/* Past the table in the file, by its rule. */
	assert_int_equal(zone_offset(z, at("2071-07-01T00:00:00Z")), 7200);
	assert_int_equal(zone_offset(z, at("2071-12-01T00:00:00Z")), 3600);
	assert_int_equal(zone_offset(z, at("2100-03-28T01:00:00Z")), 7200);
	assert_int_equal(zone_offset(z, at("2100-03-28T00:59:59Z")), 3600);
	/* Before there was a zone: the sun's time, 53 min 28 s. */
	assert_int_equal(zone_offset(z, at("1850-01-01T00:00:00Z")), 3208);
	assert_int_equal(zone_offset(z, at("1975-07-01T00:00:00Z")), 3600);
}

static void
other_zones_have_their_own_ways(void **state)
{
	const struct zone *sydney = zone_find(STR("Australia/Sydney"));
	assert_int_equal(zone_offset(sydney, at("2026-01-01T00:00:00Z")), 39600);
	assert_int_equal(zone_offset(sydney, at("2060-01-01T00:00:00Z")), 39600);
	assert_int_equal(zone_offset(sydney, at("2060-07-01T00:00:00Z")), 36000);
	const struct zone *dublin = zone_find(STR("Europe/Dublin")); /* its saving is in winter, and negative */
	assert_int_equal(zone_offset(dublin, at("2050-01-01T00:00:00Z")), 0);
	assert_int_equal(zone_offset(dublin, at("2050-07-01T00:00:00Z")), 3600);
	const struct zone *santiago = zone_find(STR("America/Santiago")); /* changes at 24:00 */
	assert_int_equal(zone_offset(santiago, at("2050-01-01T00:00:00Z")), -10800);
	assert_int_equal(zone_offset(santiago, at("2050-07-01T00:00:00Z")), -14400);
	const struct zone *apia = zone_find(STR("Pacific/Apia")); /* had no 30 December 2011 */
	assert_day(zone_day(apia, zone_instant(apia, d("2011-12-30"), 720)), "2011-12-31");
	assert_day(day_add(zone_day(apia, at("2011-12-30T09:59:59Z")), 2), "2011-12-31");
	const struct zone *kathmandu = zone_find(STR("Asia/Kathmandu"));
	assert_int_equal(zone_offset(kathmandu, at("2026-01-01T00:00:00Z")), 20700);
	const struct zone *cairo = zone_find(STR("Africa/Cairo")); /* midnight itself is skipped */
	instant start = zone_instant(cairo, d("2026-04-24"), 0);
	assert_int_equal(zone_minutes(cairo, start), 60);
	assert_day(zone_day(cairo, start), "2026-04-24");
	const struct zone *utc = zone_find(STR("UTC"));
	assert_ptr_equal(utc, zone_utc());
	assert_int_equal(zone_offset(utc, 0), 0);
	assert_instant(zone_instant(utc, d("2026-04-24"), 61), "2026-04-24T01:01:00.000Z");
	assert_day(zone_day(utc, -1), "1969-12-31");
	assert_int_equal(zone_minutes(utc, -1), 1439);
	assert_non_null(zone_find(STR("Etc/GMT+5")));
}

static void
only_names_of_zones_are_found(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "Europe", "Europe/", "Europe/Nowhere", "../../../etc/passwd",
		"/etc/passwd", "Europe/../Europe/Berlin", "right/Europe/Berlin", "posix/Europe/Berlin", "europe/berlin",
		"tzdata.zi", "CEST", "Europe/Berlin ", "zone.tab",
		"Europe/BerlinBerlinBerlinBerlinBerlinBerlinBerlinBerlinBerlinBerlinBerlin" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_null(zone_find(str_of(bad[i])));
	assert_null(zone_find(STR("Europe/Berlin\0x")));
}

/* Every wall time of a year, there and back. */
static void
wall_time_comes_back(void **state)
{
	(void)state;
	static const char *const names[] = { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
		"Pacific/Chatham", "Africa/Casablanca" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct zone *z = zone_find(str_of(names[i]));
		assert_non_null(z);
		instant before = INT64_MIN;
		int odd = 0;
		for (day x = d("2026-01-01"); x.n < d("2027-01-01").n; x = day_add(x, 1))
			for (int minutes = 0; minutes < 1440; minutes += 15) {
				instant t = zone_instant(z, x, minutes);
				odd += zone_day(z, t).n != x.n || zone_minutes(z, t) != minutes;
				assert_true(t > before || odd > 0);
				before = t;
			}
		assert_true(odd <= 8); /* the hour that a gap swallows */
	}
}

static void *
find_many(void *ret)
{
	static const char *const names[] = { "Asia/Tokyo", "Europe/Paris", "America/Chicago", "Asia/Dubai" };
	for (int i = 0; i < 4000; i++)
		((const struct zone **)ret)[i % 4] = zone_find(str_of(names[i % 4]));
	return NULL;
}

static void
threads_find_the_same(void **state)
{
	(void)state;
	const struct zone *got[4][4];
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, find_many, got[i]), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 1; i < 4; i++)
		assert_memory_equal(got[i], got[0], sizeof(got[0]));
	assert_non_null(got[0][0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(clock_can_be_told),
		unit(days_are_what_the_calendar_says),
		unit(days_move),
		unit(working_days_leave_weekends_out),
		unit(days_are_written_and_read),
		unit(instants_are_written_and_read),
		unit(berlin_changes_its_clocks),
		unit(other_zones_have_their_own_ways),
		unit(only_names_of_zones_are_found),
		unit(wall_time_comes_back),
		unit(threads_find_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
