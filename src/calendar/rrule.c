#include "calendar/rrule.h"

#include "base/arena.h"
#include "calendar/rrule_parts.h"

#define TEXT_MOST     500
#define INTERVAL_MOST 10000
#define COUNT_MOST    1000000

static const char *const freq_name[] = { "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };
static const char *const weekday_code[] = { "", "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

static void
set_add(struct rrule_set *s, int n)
{
	s->bits[n / 64] |= UINT64_C(1) << (n % 64);
}

static void
signed_add(struct rrule_signed *s, int n)
{
	set_add(n < 0 ? &s->back : &s->front, n < 0 ? -n : n);
}

/* At most five digits with a sign perhaps; a plus is allowed where a minus is. */
static bool
number(str s, bool sign, int *ret)
{
	bool minus = sign && str_starts(s, STR("-"));
	if (minus || (sign && str_starts(s, STR("+"))))
		s = str_from(s, 1);
	int64_t n;
	if (s.n == 0 || s.n > 7 || s.s[0] < '0' || s.s[0] > '9' || !str_to_i64(s, &n))
		return false;
	*ret = (int)(minus ? -n : n);
	return true;
}

static bool
list_set(str value, int least, int most, struct rrule_set *set)
{
	for (str one, rest = value; rest.n;) {
		int n;
		bool more = str_cut(rest, ',', &one, &rest);
		if (!number(one, false, &n) || n < least || n > most || (more && rest.n == 0))
			return false;
		set_add(set, n);
	}
	return value.n > 0;
}

static bool
list_signed(str value, int most, struct rrule_signed *set)
{
	for (str one, rest = value; rest.n;) {
		int n;
		bool more = str_cut(rest, ',', &one, &rest);
		if (!number(one, true, &n) || n == 0 || n < -most || n > most || (more && rest.n == 0))
			return false;
		signed_add(set, n);
	}
	return value.n > 0;
}

static bool
weekday_of(str code, int *ret)
{
	for (int i = 1; i <= 7; i++)
		if (str_same(code, str_of(weekday_code[i]))) {
			*ret = i;
			return true;
		}
	return false;
}

/* "MO,-1FR,2TU" */
static bool
list_days(str value, struct rrule *r)
{
	for (str one, rest = value; rest.n;) {
		int weekday, n = 0;
		bool more = str_cut(rest, ',', &one, &rest);
		if (one.n < 2 || !weekday_of(str_from(one, one.n - 2), &weekday) || (more && rest.n == 0))
			return false;
		if (one.n == 2) {
			r->weekday |= 1u << weekday;
			continue;
		}
		if (!number(str_first(one, one.n - 2), true, &n) || n == 0 || n < -53 || n > 53)
			return false;
		signed_add(&r->nth[weekday], n);
		r->has_nth = true;
	}
	return value.n > 0;
}

static bool
digits(str s, size_t at, size_t n, int *ret)
{
	*ret = 0;
	for (size_t i = at; i < at + n; i++) {
		if (i >= s.n || s.s[i] < '0' || s.s[i] > '9')
			return false;
		*ret = *ret * 10 + (s.s[i] - '0');
	}
	return true;
}

/* 20261231, 20261231T090000, 20261231T080000Z */
static bool
until(str s, struct rrule *r)
{
	int y, m, d, hour, minute, second;
	if (!digits(s, 0, 4, &y) || !digits(s, 4, 2, &m) || !digits(s, 6, 2, &d))
		return false;
	r->until_day = day_of(y, m, d);
	r->until_second = 86399;
	r->until = UNTIL_DAY;
	if (!day_is(r->until_day) || s.n == 8)
		return s.n == 8 && day_is(r->until_day);
	bool utc = s.n == 16 && (s.s[15] == 'Z' || s.s[15] == 'z');
	if ((s.n != 15 && !utc) || (s.s[8] != 'T' && s.s[8] != 't'))
		return false;
	if (!digits(s, 9, 2, &hour) || !digits(s, 11, 2, &minute) || !digits(s, 13, 2, &second))
		return false;
	r->until = utc ? UNTIL_UTC : UNTIL_LOCAL;
	r->until_second = hour * 3600 + minute * 60 + second;
	return hour < 24 && minute < 60 && second < 60;
}

static bool
freq(str value, struct rrule *r)
{
	for (int i = RRULE_SECONDLY; i <= RRULE_YEARLY; i++)
		if (str_same(value, str_of(freq_name[i]))) {
			r->freq = (enum rrule_freq)i;
			return true;
		}
	return false;
}

enum part {
	FREQ,
	UNTIL,
	COUNT,
	INTERVAL,
	SECOND,
	MINUTE,
	HOUR,
	DAY,
	MONTH_DAY,
	YEAR_DAY,
	WEEK,
	MONTH,
	POSITION,
	START
};

/* The parts in the order they are written in, and what each takes. */
static const struct {
	const char *name, *takes;
} parts[] = {
	[FREQ] = { "FREQ", "FREQ is DAILY, WEEKLY, MONTHLY, YEARLY, HOURLY, MINUTELY or SECONDLY" },
	[UNTIL] = { "UNTIL", "UNTIL is a day such as 20261231 or a time such as 20261231T080000Z" },
	[COUNT] = { "COUNT", "COUNT is 1 to 1000000" },
	[INTERVAL] = { "INTERVAL", "INTERVAL is 1 to 10000" },
	[SECOND] = { "BYSECOND", "BYSECOND is a list of 0 to 60" },
	[MINUTE] = { "BYMINUTE", "BYMINUTE is a list of 0 to 59" },
	[HOUR] = { "BYHOUR", "BYHOUR is a list of 0 to 23" },
	[DAY] = { "BYDAY",
	        "BYDAY is a list of MO, TU, WE, TH, FR, SA, SU, with a number before it 1 to 53 or -1 to -53" },
	[MONTH_DAY] = { "BYMONTHDAY", "BYMONTHDAY is a list of 1 to 31 or -1 to -31" },
	[YEAR_DAY] = { "BYYEARDAY", "BYYEARDAY is a list of 1 to 366 or -1 to -366" },
	[WEEK] = { "BYWEEKNO", "BYWEEKNO is a list of 1 to 53 or -1 to -53" },
	[MONTH] = { "BYMONTH", "BYMONTH is a list of 1 to 12" },
	[POSITION] = { "BYSETPOS", "BYSETPOS is a list of 1 to 366 or -1 to -366" },
	[START] = { "WKST", "WKST is one of MO, TU, WE, TH, FR, SA, SU" },
};
#define PARTS (sizeof(parts) / sizeof(*parts))

static bool
take(enum part part, str v, struct rrule *r)
{
	switch (part) {
	case FREQ:
		return freq(v, r);
	case UNTIL:
		return until(v, r);
	case COUNT:
		return number(v, false, &r->count) && r->count >= 1 && r->count <= COUNT_MOST;
	case INTERVAL:
		return number(v, false, &r->interval) && r->interval >= 1 && r->interval <= INTERVAL_MOST;
	case SECOND:
		return list_set(v, 0, 60, &r->second);
	case MINUTE:
		return list_set(v, 0, 59, &r->minute);
	case HOUR:
		return list_set(v, 0, 23, &r->hour);
	case DAY:
		return list_days(v, r);
	case MONTH_DAY:
		return list_signed(v, 31, &r->month_day);
	case YEAR_DAY:
		return list_signed(v, 366, &r->year_day);
	case WEEK:
		return list_signed(v, 53, &r->week);
	case MONTH:
		return list_set(v, 1, 12, &r->month);
	case POSITION:
		return list_signed(v, 366, &r->position);
	case START:
		return weekday_of(v, &r->week_start);
	}
	return false;
}

/* What each part allows is fine; do they go together? Empty: yes. */
static const char *
clash(const struct rrule *r)
{
	bool lists = r->weekday || r->has_nth || !rrule_none(&r->month_day) || !rrule_none(&r->year_day) ||
	             !rrule_none(&r->week) || !rrule_empty(&r->month) || !rrule_empty(&r->hour) ||
	             !rrule_empty(&r->minute) || !rrule_empty(&r->second);
	if (r->until != UNTIL_NONE && r->count)
		return "a rule ends by UNTIL or by COUNT, not by both";
	if (!rrule_none(&r->week) && r->freq != RRULE_YEARLY)
		return "BYWEEKNO goes with FREQ=YEARLY only";
	if (!rrule_none(&r->year_day) && r->freq >= RRULE_DAILY && r->freq <= RRULE_MONTHLY)
		return "BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY";
	if (!rrule_none(&r->month_day) && r->freq == RRULE_WEEKLY)
		return "BYMONTHDAY does not go with FREQ=WEEKLY";
	if (r->has_nth && (r->freq < RRULE_MONTHLY || !rrule_none(&r->week)))
		return "a number before a weekday goes with FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO";
	if (!rrule_none(&r->position) && !lists)
		return "BYSETPOS needs another BY part to choose from";
	return "";
}

static enum err
refuse(struct faults *f, str place, const char *what)
{
	return fault_add(f, place, str_of(what), STR("write a rule such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"));
}

/* One NAME=value; seen has a bit for each part there was. NULL: fine. */
static const char *
take_part(str text, unsigned *seen, struct rrule *r)
{
	str name, value;
	if (!str_cut(text, '=', &name, &value))
		return "a rule is parts such as FREQ=WEEKLY with semicolons between them";
	for (size_t i = 0; i < PARTS; i++) {
		if (!str_same(name, str_of(parts[i].name)))
			continue;
		if (*seen >> i & 1)
			return "a part is there twice";
		*seen |= 1u << i;
		return take((enum part)i, value, r) ? NULL : parts[i].takes;
	}
	return "there is a part that RFC 5545 does not know";
}

enum err
rrule_parse(struct arena *a, str text, str place, struct faults *f, const struct rrule **ret)
{
	struct rrule r = { .interval = 1, .week_start = 1 };
	unsigned seen = 0;
	text = str_trim(text);
	if (str_same(str_first(text, 6), STR("RRULE:")))
		text = str_from(text, 6);
	if (text.n > TEXT_MOST)
		return refuse(f, place, "a rule has at most 500 letters");
	for (str one; text.n;) {
		str_cut(text, ';', &one, &text);
		const char *wrong = take_part(one, &seen, &r);
		if (wrong)
			return refuse(f, place, wrong);
	}
	if (!(seen >> FREQ & 1))
		return refuse(f, place, "there is no FREQ");
	const char *wrong = clash(&r);
	if (*wrong)
		return refuse(f, place, wrong);
	*ret = arena_copy(a, &r, sizeof r);
	return OK;
}

static str
print_set(struct arena *a, str all, const struct rrule_set *set, int sign, const char *tail)
{
	for (int k = 0; k < 384; k++) {
		int n = sign < 0 ? 383 - k : k;
		if (rrule_has(set, n))
			all = str_fmt(a, "%.*s%s%d%s", STR_ARG(all), all.n ? "," : "", sign * n, tail);
	}
	return all;
}

static str
print_signed(struct arena *a, str all, const struct rrule_signed *set, const char *tail)
{
	return print_set(a, print_set(a, all, &set->front, 1, tail), &set->back, -1, tail);
}

static str
print_days(struct arena *a, const struct rrule *r)
{
	str all = { 0 };
	for (int i = 1; i <= 7; i++) {
		if (r->weekday >> i & 1)
			all = str_fmt(a, "%.*s%s%s", STR_ARG(all), all.n ? "," : "", weekday_code[i]);
		all = print_signed(a, all, &r->nth[i], weekday_code[i]);
	}
	return all;
}

static str
print_until(struct arena *a, const struct rrule *r)
{
	int y, m, d, s = r->until_second;
	day_parts(r->until_day, &y, &m, &d);
	str date = str_fmt(a, "%04d%02d%02d", y, m, d);
	if (r->until == UNTIL_DAY)
		return date;
	const char *zone = r->until == UNTIL_UTC ? "Z" : "";
	return str_fmt(a, "%.*sT%02d%02d%02d%s", STR_ARG(date), s / 3600, s / 60 % 60, s % 60, zone);
}

/* The value of a part; empty where it is not given or says what goes without saying. */
static str
print_part(struct arena *a, enum part part, const struct rrule *r)
{
	str none = { 0 };
	switch (part) {
	case FREQ:
		return str_of(freq_name[r->freq]);
	case UNTIL:
		return r->until == UNTIL_NONE ? none : print_until(a, r);
	case COUNT:
		return r->count ? str_fmt(a, "%d", r->count) : none;
	case INTERVAL:
		return r->interval > 1 ? str_fmt(a, "%d", r->interval) : none;
	case SECOND:
		return print_set(a, none, &r->second, 1, "");
	case MINUTE:
		return print_set(a, none, &r->minute, 1, "");
	case HOUR:
		return print_set(a, none, &r->hour, 1, "");
	case DAY:
		return print_days(a, r);
	case MONTH_DAY:
		return print_signed(a, none, &r->month_day, "");
	case YEAR_DAY:
		return print_signed(a, none, &r->year_day, "");
	case WEEK:
		return print_signed(a, none, &r->week, "");
	case MONTH:
		return print_set(a, none, &r->month, 1, "");
	case POSITION:
		return print_signed(a, none, &r->position, "");
	case START:
		return r->week_start == 1 ? none : str_of(weekday_code[r->week_start]);
	}
	return none;
}

str
rrule_text(struct arena *a, const struct rrule *r)
{
	str all = { 0 };
	for (size_t i = 0; i < PARTS; i++) {
		str value = print_part(a, (enum part)i, r);
		if (value.n)
			all = str_fmt(
			        a, "%.*s%s%s=%.*s", STR_ARG(all), all.n ? ";" : "", parts[i].name, STR_ARG(value));
	}
	return all;
}

enum err
rrule_check_sessions(const struct rrule *r, str place, struct faults *f)
{
	if (r->freq < RRULE_DAILY)
		return refuse(f, place, "sessions are at most daily");
	if (!rrule_empty(&r->hour) || !rrule_empty(&r->minute) || !rrule_empty(&r->second))
		return refuse(f, place, "the time of day comes from the first session, not from the rule");
	struct rrule open = *r;
	open.until = UNTIL_NONE;
	/* A leap year in which every weekday begins a month; whatever occurs at all occurs from here on. */
	struct rrule_start start = { .on = day_of(2024, 1, 1), .zone = zone_utc() };
	instant first;
	return rrule_next(&open, start, INT64_MIN, &first) ? OK : refuse(f, place, "this rule never occurs");
}
