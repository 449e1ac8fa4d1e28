/* Recurrence rules of RFC 5545: "every second Tuesday at nine in Vienna" into instants. C1
   Local wall time is kept: nine stays nine when daylight saving begins or ends.
   What it is not for: exceptions and moved sessions (those are records), writing calendars (feed.h). Written here
   because libical 3.0 gets 45 of the 146 rules of its own later list wrong, and takes minutes over others. */
#ifndef CALENDAR_RRULE_H
#define CALENDAR_RRULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/time.h"

struct rrule; /* parsed, immutable, in the arena it was parsed into */

/* What DTSTART says. It is an occurrence only when the rule meets it. */
struct rrule_start {
	day on;                  /* 1970 or later */
	int minutes;             /* after local midnight, 0 … 1439, or RRULE_WHOLE_DAY */
	int seconds;             /* 0 … 59, nearly always 0 */
	const struct zone *zone; /* whose wall time is kept; a time in a gap moves forward by the gap */
};
/* Occurrences are local midnights, and the rule's hours, minutes and seconds mean nothing. */
#define RRULE_WHOLE_DAY (-1)

struct rrule_run {
	instant *at; /* ascending, in the arena */
	size_t n;
	bool more; /* stopped at the cap: there may be others */
};

/* text: the value of an RRULE ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), with or without "RRULE:", letters in any case.
   ERR_INPUT with a fault at `place` for anything RFC 5545, 3.3.10 forbids or does not know. */
enum err rrule_parse(struct arena *a, str text, str place, struct faults *f, const struct rrule **ret);
/* Fit for sessions between people: at most daily, no hours, minutes or seconds of its own (the start has them), and it
   occurs at all. */
enum err rrule_check_sessions(const struct rrule *r, str place, struct faults *f);
str rrule_text(struct arena *a, const struct rrule *r); /* normal form, safe to store and to send */

/* Occurrences at or after `from` and before `to`, at most `cap`, counted from the start on (COUNT counts the earlier
   ones too). An UNTIL that is a day includes that day; one in UTC is compared as an instant. Ends with the year 2200.
   ERR_LARGE, ret untouched, when it takes more than RRULE_STEPS periods and occurrences: some 300 years of days, three
   days of seconds. */
enum err rrule_between(struct arena *a, const struct rrule *r, struct rrule_start start, instant from, instant to,
        size_t cap, struct rrule_run *ret);
#define RRULE_STEPS 250000
/* The first occurrence after `after`: where a newcomer joins. C1. False, ret untouched, when there is none. */
bool rrule_next(const struct rrule *r, struct rrule_start start, instant after, instant *ret);

/* Texts of the usual rules. weekday: Monday 1 … Sunday 7; weeks: 1 weekly, 2 fortnightly, up to 52. */
str rrule_weekly(struct arena *a, int weekday, int weeks);
/* dom 1 … 31, every `months` months (1 … 12); a month too short has it on its last day, 31 is always the last. */
str rrule_monthly(struct arena *a, int dom, int months);
/* which 1 … 4, or -1 for the last: "the second Tuesday of every month". */
str rrule_monthly_weekday(struct arena *a, int which, int weekday, int months);
/* In words for the usual rules ("every second Tuesday", "on the last day of every month"), else the rule's text. */
str rrule_words(struct arena *a, const struct rrule *r);

#endif
