/* Makes the occurrences of a rule. Every frequency is the same walk: period after period; of each the days that the
   rule lets stay, and the times of day; BYSETPOS chooses by place among days × times, which are never written down. */
#include <assert.h>

#include "base/arena.h"
#include "calendar/rrule_parts.h"

/* Zones are known up to 2100; rules that never occur are given up here or after so many periods and occurrences. */
#define YEAR_LAST 2200
#define DAYS_MOST 378 /* a year of 54 weeks */

struct walk {
	const struct rrule *r;
	struct rrule_start start;
	int year, month, dom, second; /* of the start; second of its day */
	int first_year;               /* that yearly intervals count from */
	int64_t period;               /* number of the next one, from 0 */
	int64_t clock;                /* below daily: seconds since 1970 in wall time, start of the next period */
	day days[DAYS_MOST];
	int n_days;
	int hours[24], minutes[60], seconds[60], n_hours, n_minutes, n_seconds;
	int64_t at, total; /* place in days × times */
	int counted;       /* occurrences so far, for COUNT */
	int64_t steps;
	bool over, spent; /* came to the end; gave up */
	instant last;
};

static int
month_length(int y, int m)
{
	return day_between(day_of(y, m, 1), m == 12 ? day_of(y + 1, 1, 1) : day_of(y, m + 1, 1));
}

static bool
either(const struct rrule_signed *s, int place, int length)
{
	return rrule_has(&s->front, place) || rrule_has(&s->back, length - place + 1);
}

/* BYDAY with numbers counts within the month, or within the year where that is the frame. */
static bool
nth(const struct rrule *r, day d, int weekday, int dom, int dim)
{
	if (r->freq == RRULE_MONTHLY || !rrule_empty(&r->month))
		return rrule_has(&r->nth[weekday].front, (dom - 1) / 7 + 1) ||
		       rrule_has(&r->nth[weekday].back, (dim - dom) / 7 + 1);
	int y, m, ignored;
	day_parts(d, &y, &m, &ignored);
	int before = day_between(day_of(y, 1, 1), d), after = day_between(d, day_of(y, 12, 31));
	return rrule_has(&r->nth[weekday].front, before / 7 + 1) || rrule_has(&r->nth[weekday].back, after / 7 + 1);
}

/* What the rule leaves open of the day, the start says (RFC 5545, 3.3.10). It is silent on the month of a yearly
   BYMONTHDAY alone; libical's list of rules takes the start's, and so do we. */
static bool
start_says(const struct walk *w, int m, int dom, int weekday)
{
	const struct rrule *r = w->r;
	if (r->weekday || r->has_nth || !rrule_none(&r->year_day))
		return true;
	if (r->freq == RRULE_YEARLY && rrule_empty(&r->month) && rrule_none(&r->week) && m != w->month)
		return false;
	if (!rrule_none(&r->month_day))
		return true;
	if (r->freq == RRULE_WEEKLY || !rrule_none(&r->week))
		return weekday == day_weekday(w->start.on);
	return r->freq < RRULE_MONTHLY || dom == w->dom;
}

static bool
stays(const struct walk *w, day d)
{
	const struct rrule *r = w->r;
	int y, m, dom, weekday = day_weekday(d);
	day_parts(d, &y, &m, &dom);
	if (!rrule_empty(&r->month) && !rrule_has(&r->month, m))
		return false;
	int dim = month_length(y, m);
	if (!rrule_none(&r->month_day) && !either(&r->month_day, dom, dim))
		return false;
	if (!rrule_none(&r->year_day)) {
		int place = day_between(day_of(y, 1, 1), d) + 1;
		if (!either(&r->year_day, place, day_between(day_of(y, 1, 1), day_of(y + 1, 1, 1))))
			return false;
	}
	if ((r->weekday || r->has_nth) && !(r->weekday >> weekday & 1) && !nth(r, d, weekday, dom, dim))
		return false;
	return start_says(w, m, dom, weekday);
}

static void
keep_days(struct walk *w, day from, int n)
{
	w->n_days = 0;
	assert(n <= DAYS_MOST);
	for (int i = 0; i < n; i++)
		if (stays(w, day_add(from, i)))
			w->days[w->n_days++] = day_add(from, i);
}

static day
week_of(const struct rrule *r, day d)
{
	return day_add(d, -((day_weekday(d) - r->week_start + 7) % 7));
}

/* First day of week 1: the first week with four days or more in the year. */
static day
week_one(const struct rrule *r, int year)
{
	return week_of(r, day_of(year, 1, 4));
}

static void
keep_weeks(struct walk *w, int year)
{
	day from = week_one(w->r, year);
	int weeks = day_between(from, week_one(w->r, year + 1)) / 7;
	w->n_days = 0;
	for (int i = 0; i < weeks * 7; i++)
		if (either(&w->r->week, i / 7 + 1, weeks) && stays(w, day_add(from, i)))
			w->days[w->n_days++] = day_add(from, i);
}

/* A rule by weeks has years of whole weeks: 31 December may lie in the next one. */
static int
week_year(const struct rrule *r, day d)
{
	int y, m, dom;
	day_parts(d, &y, &m, &dom);
	return day_between(week_one(r, y + 1), d) >= 0 ? y + 1 : day_between(week_one(r, y), d) < 0 ? y - 1 : y;
}

/* The year that intervals count from: the week-year of the start, if the rule has a day from the start on in it, else
   the calendar's. The RFC leaves it open; this is how libical's list of rules has it. */
static int
first_week_year(struct walk *w)
{
	int year = week_year(w->r, w->start.on);
	keep_weeks(w, year);
	bool any = w->n_days && day_between(w->start.on, w->days[w->n_days - 1]) >= 0;
	w->n_days = 0;
	return any ? year : w->year;
}

static bool
year_over(struct walk *w, int64_t year)
{
	w->over = w->over || year > YEAR_LAST;
	return w->over;
}

/* The days of the next period, for frequencies of days and more. */
static void
next_days(struct walk *w)
{
	const struct rrule *r = w->r;
	int64_t n = w->period++ * r->interval;
	if (r->freq == RRULE_YEARLY) {
		bool weeks = !rrule_none(&r->week);
		int64_t y = w->first_year + n;
		if (year_over(w, y))
			return;
		if (weeks)
			keep_weeks(w, (int)y);
		else
			keep_days(w, day_of((int)y, 1, 1), day_between(day_of((int)y, 1, 1), day_of((int)y + 1, 1, 1)));
	} else if (r->freq == RRULE_MONTHLY) {
		int64_t months = w->year * INT64_C(12) + w->month - 1 + n;
		if (!year_over(w, months / 12))
			keep_days(w, day_of((int)(months / 12), (int)(months % 12) + 1, 1),
			        month_length((int)(months / 12), (int)(months % 12) + 1));
	} else {
		bool week = r->freq == RRULE_WEEKLY;
		day from = week ? week_of(r, w->start.on) : w->start.on;
		if (n > (YEAR_LAST - 1970) * INT64_C(366) || year_over(w, (from.n + n * (week ? 7 : 1)) / 366 + 1970))
			w->over = true;
		else
			keep_days(w, day_add(from, (int)n * (week ? 7 : 1)), week ? 7 : 1);
	}
}

static int
fill(const struct rrule_set *set, int below, int otherwise, int *ret)
{
	int n = 0;
	for (int i = 0; i < below; i++)
		if (rrule_has(set, i))
			ret[n++] = i;
	if (rrule_empty(set))
		ret[n++] = otherwise;
	return n;
}

static bool
allows(const struct rrule_set *set, int n)
{
	return rrule_empty(set) || rrule_has(set, n);
}

/* Below daily: goes on to the next period at or after a moment in wall time. */
static void
skip_to(struct walk *w, int64_t moment, int64_t length)
{
	int64_t n = (moment - w->clock + length - 1) / length;
	w->clock += n * length;
}

static void
next_clock(struct walk *w)
{
	static const int units[] = { 1, 60, 3600 };
	const struct rrule *r = w->r;
	int64_t unit = units[r->freq], length = unit * r->interval;
	int64_t today = w->clock / 86400, second = w->clock % 86400;
	day d = { (int32_t)today };
	int hour = (int)(second / 3600), minute = (int)(second / 60 % 60);
	w->n_days = 0;
	if (year_over(w, today / 366 + 1970))
		return;
	if (!stays(w, d)) {
		skip_to(w, (today + 1) * 86400, length);
	} else if (!allows(&r->hour, hour)) {
		skip_to(w, (w->clock / 3600 + 1) * 3600, length);
	} else if (r->freq < RRULE_HOURLY && !allows(&r->minute, minute)) {
		skip_to(w, (w->clock / 60 + 1) * 60, length);
	} else {
		w->days[0] = d;
		w->n_days = r->freq > RRULE_SECONDLY || allows(&r->second, (int)(second % 60));
		w->hours[0] = hour;
		w->n_hours = w->n_minutes = w->n_seconds = 1;
		w->minutes[0] = minute;
		w->seconds[0] = (int)(second % 60);
		if (r->freq == RRULE_HOURLY)
			w->n_minutes = fill(&r->minute, 60, w->second / 60 % 60, w->minutes);
		if (r->freq >= RRULE_MINUTELY)
			w->n_seconds = fill(&r->second, 60, w->second % 60, w->seconds);
		w->clock += length;
	}
}

static void
walk_init(struct walk *w, const struct rrule *r, struct rrule_start start)
{
	static const int units[] = { 1, 60, 3600 };
	static const struct rrule_set none;
	bool whole = start.minutes == RRULE_WHOLE_DAY;
	*w = (struct walk){ .r = r, .start = start, .last = INT64_MIN };
	day_parts(start.on, &w->year, &w->month, &w->dom);
	w->second = whole ? 0 : start.minutes * 60 + start.seconds;
	assert(day_is(start.on) && start.on.n >= 0 && w->second >= 0 && w->second < 86400);
	w->n_hours = fill(whole ? &none : &r->hour, 24, w->second / 3600, w->hours);
	w->n_minutes = fill(whole ? &none : &r->minute, 60, w->second / 60 % 60, w->minutes);
	w->n_seconds = fill(whole ? &none : &r->second, 60, w->second % 60, w->seconds);
	w->first_year = rrule_none(&r->week) ? w->year : first_week_year(w);
	if (r->freq < RRULE_DAILY) {
		w->clock = start.on.n * INT64_C(86400) + w->second;
		w->clock -= w->clock % units[r->freq];
	}
}

static bool
chosen(const struct walk *w, int64_t i)
{
	const struct rrule_signed *p = &w->r->position;
	if (rrule_none(p))
		return true;
	return (i < 366 && rrule_has(&p->front, (int)i + 1)) ||
	       (w->total - i <= 366 && rrule_has(&p->back, (int)(w->total - i)));
}

/* The next place in days × times that BYSETPOS lets stay; false when the period is used up. */
static bool
next_place(struct walk *w, int64_t *ret)
{
	for (; w->at < w->total; w->at++) {
		/* Places count from either end up to 366: between them there is nothing to ask. */
		if (w->at == 366 && w->total - w->at > 366 && !rrule_none(&w->r->position))
			w->at = w->total - 366;
		if (chosen(w, w->at)) {
			*ret = w->at++;
			return true;
		}
	}
	return false;
}

/* The next day and second of the rule, before it is asked whether it is past its end. */
static bool
next_moment(struct walk *w, day *ret_day, int *ret_second)
{
	int64_t place, per_hour = w->n_minutes * w->n_seconds;
	while (!next_place(w, &place)) {
		w->spent = ++w->steps > RRULE_STEPS;
		if (w->spent)
			return false;
		if (w->r->freq < RRULE_DAILY)
			next_clock(w);
		else
			next_days(w);
		if (w->over)
			return false;
		per_hour = w->n_minutes * w->n_seconds;
		w->at = 0;
		w->total = w->n_days * w->n_hours * per_hour;
	}
	*ret_day = w->days[place / (w->n_hours * per_hour)];
	int64_t time = place % (w->n_hours * per_hour);
	*ret_second = w->hours[time / per_hour] * 3600 + w->minutes[time % per_hour / w->n_seconds] * 60 +
	              w->seconds[time % w->n_seconds];
	return true;
}

static bool
past_end(const struct rrule *r, day d, int second, instant at)
{
	if (r->until == UNTIL_NONE)
		return false;
	if (r->until == UNTIL_UTC)
		return at > r->until_day.n * DAY_MS + r->until_second * INT64_C(1000);
	return d.n > r->until_day.n || (d.n == r->until_day.n && second > r->until_second);
}

static bool
next(struct walk *w, instant *ret)
{
	day d;
	int second;
	while (!w->over && !w->spent && next_moment(w, &d, &second)) {
		if (d.n < w->start.on.n || (d.n == w->start.on.n && second < w->second))
			continue;
		instant at = zone_instant(w->start.zone, d, second / 60) + second % 60 * INT64_C(1000);
		/* What a gap moved forward may fall on the next one. */
		if (at <= w->last)
			continue;
		if (past_end(w->r, d, second, at) || (w->r->count && w->counted == w->r->count))
			return w->over = true, false;
		w->spent = ++w->steps > RRULE_STEPS;
		w->counted++;
		w->last = *ret = at;
		return true;
	}
	return false;
}

enum err
rrule_between(struct arena *a, const struct rrule *r, struct rrule_start start, instant from, instant to, size_t cap,
        struct rrule_run *ret)
{
	struct rrule_run run = { 0 };
	struct walk w;
	size_t room = 0;
	instant at;
	walk_init(&w, r, start);
	while (next(&w, &at) && at < to) {
		if (at < from)
			continue;
		if (run.n == cap) {
			run.more = true;
			break;
		}
		arena_grow(a, run.at, run.n, room);
		run.at[run.n++] = at;
	}
	if (w.spent)
		return ERR_LARGE;
	*ret = run;
	return OK;
}

bool
rrule_next(const struct rrule *r, struct rrule_start start, instant after, instant *ret)
{
	struct walk w;
	instant at;
	walk_init(&w, r, start);
	while (next(&w, &at))
		if (at > after) {
			*ret = at;
			return true;
		}
	return false;
}
