/* What a parsed rule is made of. For this folder only; others see rrule.h.
   Lists are sets of bits: order and repetition in the text mean nothing (RFC 5545, 3.3.10). */
#ifndef CALENDAR_RRULE_PARTS_H
#define CALENDAR_RRULE_PARTS_H

#include "calendar/rrule.h"

enum rrule_freq {
	RRULE_SECONDLY,
	RRULE_MINUTELY,
	RRULE_HOURLY,
	RRULE_DAILY,
	RRULE_WEEKLY,
	RRULE_MONTHLY,
	RRULE_YEARLY,
};

/* The largest number a list can have is 366. */
struct rrule_set {
	uint64_t bits[6];
};

static inline bool
rrule_has(const struct rrule_set *s, int n)
{
	return n >= 0 && n < 384 && s->bits[n / 64] >> (n % 64) & 1;
}

static inline bool
rrule_empty(const struct rrule_set *s)
{
	return !(s->bits[0] | s->bits[1] | s->bits[2] | s->bits[3] | s->bits[4] | s->bits[5]);
}

/* Numbers that count from the front, and from the back without their sign. */
struct rrule_signed {
	struct rrule_set front, back;
};

static inline bool
rrule_none(const struct rrule_signed *s)
{
	return rrule_empty(&s->front) && rrule_empty(&s->back);
}

struct rrule {
	enum rrule_freq freq;
	int interval; /* 1 or more */
	int count;    /* 0: no end by count */
	enum { UNTIL_NONE, UNTIL_DAY, UNTIL_LOCAL, UNTIL_UTC } until;
	day until_day;
	int until_second; /* of the day */
	int week_start;   /* Monday 1 … Sunday 7 */
	struct rrule_set second, minute, hour, month;
	struct rrule_signed month_day, year_day, week, position;
	unsigned weekday;           /* bit 1 Monday … bit 7 Sunday: every such day */
	struct rrule_signed nth[8]; /* [weekday]: the n-th of them in its month or year */
	bool has_nth;
};

#endif
