#include "base/arena.h"
#include "base/time.h"

/* Years a day may lie in; outside of them arithmetic answers DAY_NONE. */
#define DAY_LEAST (-719162) /* 0001-01-01 */
#define DAY_MOST  2932896   /* 9999-12-31 */

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December" };

static day
day_checked(int64_t n)
{
	return n < DAY_LEAST || n > DAY_MOST ? DAY_NONE : (day){ (int32_t)n };
}

static int
floor_div(int n, int by)
{
	return n / by - (n % by < 0);
}

/* Days from 1970-01-01 of a day in the Gregorian calendar. Howard Hinnant, "chrono-compatible low-level date
   algorithms": the year starts in March, so that the leap day comes last. */
static int
days_from_civil(int year, int month, int dom)
{
	year -= month <= 2;
	int era = floor_div(year, 400);
	int of_era = year - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dom - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

day
day_of(int year, int month, int dom)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || dom < 1 || dom > days_in_month(year, month))
		return DAY_NONE;
	return (day){ days_from_civil(year, month, dom) };
}

void
day_parts(day d, int *ret_year, int *ret_month, int *ret_dom)
{
	if (!day_is(d)) {
		*ret_year = *ret_month = *ret_dom = 0;
		return;
	}
	int n = d.n + 719468;
	int era = floor_div(n, 146097);
	int of_era = n - era * 146097;
	int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year + year / 4 - year / 100);
	int march = (5 * of_year + 2) / 153;
	*ret_dom = of_year - (153 * march + 2) / 5 + 1;
	*ret_month = march < 10 ? march + 3 : march - 9;
	*ret_year = year + era * 400 + (*ret_month <= 2);
}

bool
day_is(day d)
{
	return d.n != INT32_MIN;
}

/* 1970-01-01 was a Thursday. */
static int
weeks(day d)
{
	return floor_div(d.n + 3, 7);
}

int
day_weekday(day d)
{
	return day_is(d) ? d.n + 3 - weeks(d) * 7 + 1 : 0;
}

day
day_add(day d, int days)
{
	return day_is(d) ? day_checked((int64_t)d.n + days) : DAY_NONE;
}

day
day_add_months(day d, int more)
{
	if (!day_is(d))
		return DAY_NONE;
	int year, month, dom;
	day_parts(d, &year, &month, &dom);
	int64_t all = (int64_t)year * 12 + month - 1 + more;
	if (all < 12 || all > 9999 * 12 + 11)
		return DAY_NONE;
	year = (int)(all / 12);
	month = (int)(all % 12) + 1;
	int most = days_in_month(year, month);
	return day_of(year, month, dom < most ? dom : most);
}

day
day_week(day d)
{
	return day_add(d, 1 - day_weekday(d));
}

day
day_month(day d)
{
	int year, month, dom;
	day_parts(d, &year, &month, &dom);
	return day_of(year, month, 1);
}

day
day_quarter(day d)
{
	int year, month, dom;
	day_parts(d, &year, &month, &dom);
	return day_is(d) ? day_of(year, (month - 1) / 3 * 3 + 1, 1) : DAY_NONE;
}

int
day_between(day from, day to)
{
	return day_is(from) && day_is(to) ? to.n - from.n : 0;
}

/* Working days since the Monday of the week of 1970-01-01, up to and with d. */
static int
working_count(day d)
{
	int of_week = day_weekday(d);
	return weeks(d) * 5 + (of_week < 5 ? of_week : 5);
}

/* The working day with which working_count reaches n. */
static day
working_day(int64_t n)
{
	int64_t week = (n - 1) / 5 - ((n - 1) % 5 < 0);
	return day_checked(week * 7 - 3 + (n - 1 - week * 5));
}

day
day_add_working(day d, int n)
{
	if (!day_is(d) || n == 0)
		return d;
	if (n > 0)
		return working_day((int64_t)working_count(d) + n);
	return working_day((int64_t)working_count((day){ d.n - 1 }) + n + 1);
}

int
day_working_between(day from, day to)
{
	return day_is(from) && day_is(to) ? working_count(to) - working_count(from) : 0;
}

bool
day_parse(str iso, day *ret)
{
	int parts[3] = { 0 }, at = 0;
	if (iso.n != 10)
		return false;
	for (size_t i = 0; i < iso.n; i++) {
		char c = iso.s[i];
		bool mark = i == 4 || i == 7;
		if (mark ? c != '-' : c < '0' || c > '9')
			return false;
		if (mark)
			at++;
		else
			parts[at] = parts[at] * 10 + (c - '0');
	}
	day d = day_of(parts[0], parts[1], parts[2]);
	if (!day_is(d))
		return false;
	*ret = d;
	return true;
}

str
day_iso(struct arena *a, day d)
{
	int year, month, dom;
	day_parts(d, &year, &month, &dom);
	if (!day_is(d))
		return (str){ 0 };
	char *to = arena_alloc(a, 11, 1); /* by hand: a file of many rows asks for millions */
	const int parts[] = { year / 100, year % 100, month, dom };
	static const char at[] = { 0, 2, 5, 8 };
	to[4] = to[7] = '-';
	for (size_t i = 0; i < sizeof at; i++) {
		to[(size_t)at[i]] = (char)('0' + parts[i] / 10);
		to[(size_t)at[i] + 1] = (char)('0' + parts[i] % 10);
	}
	return (str){ to, 10 };
}

str
day_text(struct arena *a, day d, day today)
{
	if (!day_is(d))
		return (str){ 0 };
	int year, month, dom, this_year, other_month, other_dom;
	day_parts(d, &year, &month, &dom);
	day_parts(today, &this_year, &other_month, &other_dom);
	const char *weekday = weekdays[day_weekday(d) - 1];
	if (year == this_year)
		return str_fmt(a, "%s %d %.3s", weekday, dom, months[month - 1]);
	return str_fmt(a, "%s %d %.3s %d", weekday, dom, months[month - 1], year);
}

str
day_long(struct arena *a, day d)
{
	int year, month, dom;
	day_parts(d, &year, &month, &dom);
	return day_is(d) ? str_fmt(a, "%d %s %d", dom, months[month - 1], year) : (str){ 0 };
}

str
day_quarter_name(struct arena *a, day d)
{
	int year, month, dom;
	day_parts(d, &year, &month, &dom);
	return day_is(d) ? str_fmt(a, "Q%d %d", (month - 1) / 3 + 1, year) : (str){ 0 };
}
