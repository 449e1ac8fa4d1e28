/* The usual rules: made, and said in words. */
#include <assert.h>

#include "base/arena.h"
#include "calendar/rrule_parts.h"

static const char *const weekday_code[] = { "", "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
static const char *const weekday_name[] = { "", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	"Sunday" };

str
rrule_weekly(struct arena *a, int weekday, int weeks)
{
	assert(weekday >= 1 && weekday <= 7 && weeks >= 1 && weeks <= 52);
	if (weeks == 1)
		return str_fmt(a, "FREQ=WEEKLY;BYDAY=%s", weekday_code[weekday]);
	return str_fmt(a, "FREQ=WEEKLY;INTERVAL=%d;BYDAY=%s", weeks, weekday_code[weekday]);
}

static str
monthly(struct arena *a, int months)
{
	assert(months >= 1 && months <= 12);
	return months == 1 ? STR("FREQ=MONTHLY") : str_fmt(a, "FREQ=MONTHLY;INTERVAL=%d", months);
}

str
rrule_monthly(struct arena *a, int dom, int months)
{
	assert(dom >= 1 && dom <= 31);
	str head = monthly(a, months);
	if (dom <= 28)
		return str_fmt(a, "%.*s;BYMONTHDAY=%d", STR_ARG(head), dom);
	if (dom == 31)
		return str_fmt(a, "%.*s;BYMONTHDAY=-1", STR_ARG(head));
	/* The last there is of 28, 29 (and 30): February has sessions too. */
	return str_fmt(a, "%.*s;BYMONTHDAY=28,29%s;BYSETPOS=-1", STR_ARG(head), dom == 30 ? ",30" : "");
}

str
rrule_monthly_weekday(struct arena *a, int which, int weekday, int months)
{
	assert(weekday >= 1 && weekday <= 7 && which >= -1 && which <= 4 && which != 0);
	return str_fmt(a, "%.*s;BYDAY=%d%s", STR_ARG(monthly(a, months)), which, weekday_code[weekday]);
}

/* "every day", "every second Tuesday", "every 6 weeks" */
static str
every(struct arena *a, int interval, const char *unit)
{
	static const char *const nth[] = { "", "", " second", " third", " fourth" };
	if (interval <= 4)
		return str_fmt(a, "every%s %s", nth[interval], unit);
	return str_fmt(a, "every %d %ss", interval, unit);
}

static str
weekdays(struct arena *a, unsigned set)
{
	str all = { 0 };
	for (int i = 1; i <= 7; i++) {
		if (!(set >> i & 1))
			continue;
		const char *joint = !all.n ? "" : set >> (i + 1) ? ", " : " and ";
		all = str_fmt(a, "%.*s%s%s", STR_ARG(all), joint, weekday_name[i]);
	}
	return all;
}

static str
in_weeks(struct arena *a, const struct rrule *r)
{
	if (!r->weekday)
		return every(a, r->interval, "week");
	str days = weekdays(a, r->weekday);
	if (r->interval <= 4 && !(r->weekday & (r->weekday - 1)))
		return every(a, r->interval, str_z(a, days));
	if (r->interval == 1)
		return str_fmt(a, "every %.*s", STR_ARG(days));
	return str_fmt(a, "%.*s on %.*s", STR_ARG(every(a, r->interval, "week")), STR_ARG(days));
}

/* The one number of a set, 0 when it has none or several. */
static int
only(const struct rrule_set *s)
{
	int found = 0;
	for (int i = 1; i < 384; i++)
		if (rrule_has(s, i)) {
			if (found)
				return 0;
			found = i;
		}
	return found;
}

/* What rrule_monthly writes for 29 and 30; 0 when it is something else. */
static int
or_the_last(const struct rrule *r)
{
	uint64_t days = r->month_day.front.bits[0], upto29 = UINT64_C(3) << 28, upto30 = UINT64_C(7) << 28;
	if (!rrule_empty(&r->month_day.back) || !rrule_empty(&r->position.front) || only(&r->position.back) != 1)
		return 0;
	return days == upto29 ? 29 : days == upto30 ? 30 : 0;
}

static str
month_day(struct arena *a, const struct rrule *r, str month)
{
	int front = only(&r->month_day.front), back = only(&r->month_day.back), end = or_the_last(r);
	if (end)
		return str_fmt(a, "on day %d of %.*s, or its last", end, STR_ARG(month));
	if (!rrule_none(&r->position))
		return (str){ 0 };
	if (front && rrule_empty(&r->month_day.back))
		return str_fmt(a, "on day %d of %.*s", front, STR_ARG(month));
	if (back == 1 && rrule_empty(&r->month_day.front))
		return str_fmt(a, "on the last day of %.*s", STR_ARG(month));
	return (str){ 0 };
}

static str
month_weekday(struct arena *a, const struct rrule *r, str month)
{
	static const char *const places[] = { "", "first", "second", "third", "fourth" };
	int weekday = 0, front, back;
	for (int i = 1; i <= 7; i++) {
		if (rrule_none(&r->nth[i]))
			continue;
		if (weekday)
			return (str){ 0 };
		weekday = i;
	}
	if (!weekday || r->weekday || !rrule_none(&r->position))
		return (str){ 0 };
	front = only(&r->nth[weekday].front);
	back = only(&r->nth[weekday].back);
	if (front && front <= 4 && rrule_empty(&r->nth[weekday].back))
		return str_fmt(a, "on the %s %s of %.*s", places[front], weekday_name[weekday], STR_ARG(month));
	if (back == 1 && rrule_empty(&r->nth[weekday].front))
		return str_fmt(a, "on the last %s of %.*s", weekday_name[weekday], STR_ARG(month));
	return (str){ 0 };
}

static str
in_months(struct arena *a, const struct rrule *r)
{
	if (r->interval > 4)
		return (str){ 0 };
	str month = every(a, r->interval, "month");
	if (rrule_none(&r->month_day) == !r->has_nth)
		return (str){ 0 };
	return r->has_nth ? month_weekday(a, r, month) : month_day(a, r, month);
}

str
rrule_words(struct arena *a, const struct rrule *r)
{
	bool other = !rrule_empty(&r->month) || !rrule_none(&r->year_day) || !rrule_none(&r->week) ||
	             !rrule_empty(&r->hour) || !rrule_empty(&r->minute) || !rrule_empty(&r->second);
	bool plain = rrule_none(&r->month_day) && rrule_none(&r->position) && !r->has_nth;
	str words = { 0 };
	if (!other && r->freq == RRULE_MONTHLY && !r->weekday)
		words = in_months(a, r);
	else if (!other && plain && r->freq == RRULE_WEEKLY)
		words = in_weeks(a, r);
	else if (!other && plain && r->freq == RRULE_DAILY && !r->weekday)
		words = every(a, r->interval, "day");
	if (words.n == 0)
		return rrule_text(a, r);
	if (r->count)
		return str_fmt(a, "%.*s, %d times", STR_ARG(words), r->count);
	if (r->until == UNTIL_NONE)
		return words;
	return str_fmt(a, "%.*s until %.*s", STR_ARG(words), STR_ARG(day_long(a, r->until_day)));
}
