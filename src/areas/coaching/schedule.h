/* Pairs follow the reporting line, and their sessions are there before they are due (C1).
   What it is not for: what took place in them (session.c), debt (debt.h). */
#ifndef AREAS_COACHING_SCHEDULE_H
#define AREAS_COACHING_SCHEDULE_H

#include "areas/coaching/debt.h"
#include "page/page.h"

struct schedule {
	id coach;
	int64_t weekday, start,
	        length;    /* of new pairs; weekday 0: as the coach's other pairs, and none when there are none */
	int64_t ret_pairs; /* made */
};

/* In a change set: a pair for each report of the coach that has none (fortnightly for the head's, else weekly), the end
   of pairs whose coachee reports to another or has left, the coach's obligation. Open commitments of a transferred
   person move to the new leader. */
enum err pairs_ensure(struct change *c, struct schedule *s);
/* The sessions of the current and the next period of each pair of this person, on either side. */
enum err sessions_ensure(struct change *c, id person);
/* C1: what the days made of this person's sessions: missed, excused by an absence, closed. */
enum err sessions_become(struct change *c, id person);
/* Takes away what was planned after the last day of a pair, unless something was written in it. */
enum err sessions_drop(struct change *c, id pair, day last);
/* All for the person who looks, when something is missing; writes as "job: schedule". */
enum err schedule_refresh(struct request *r);

/* "10:00" */
str minutes_text(struct arena *a, int64_t minutes);
bool minutes_parse(str s, int64_t *ret); /* "9", "9:30" */

#endif
