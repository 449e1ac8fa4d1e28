/* What a person, a team or the company set out to sell in a time: prorated to who led whom on which day (O2) and to
   absences (O7). What it is not for: what was sold (report.h), or the ratios behind a target (A2). */
#ifndef AREAS_DEALS_TARGET_H
#define AREAS_DEALS_TARGET_H

#include "areas/deals/deals.h"

struct target_ask {
	id person;    /* 0: the company */
	day from, to; /* inclusive; targets that lie within count */
	str currency; /* others are left out, never added */
};

struct target_sum {
	bool found;
	bool own;        /* the person's own; else those of people below, the highest of each branch alone */
	int64_t people;  /* whose were added */
	int64_t amount;  /* minor units, prorated */
	int64_t entered; /* minor units, before that */
	int64_t days,
	        away; /* working days of all of them, and how many of those were left out (a half day is rounded up) */
};

/* A sum of fewer than five people is told only to who may read each of them, never a part of it (O5); what the own
   leaders set out to sell is open to those below them (O6). */
enum err target_sum(
        struct conn *c, struct arena *a, const struct grant *g, const struct target_ask *ask, struct target_sum *ret);

#endif
