/* C8: a coach is shown before being asked: coached with a framework, and taken along to a session, before anybody
   observes one of theirs. What it is not for: the observation itself (observe.h), certificates (certify.h). */
#ifndef AREAS_COACHING_SHOWN_H
#define AREAS_COACHING_SHOWN_H

#include "areas/coaching/coaching.h"

struct shown {
	day coached; /* first confirmed session with a framework, as the one who is coached; DAY_NONE: none yet */
	day watched; /* first session of somebody else's that they saw: as its second coach, so the coachee says, or as
	                an observer */
	bool no_coach, no_other; /* O9: nobody could coach them; nobody else's session could be watched */
};

enum err shown_load(struct conn *c, struct arena *a, id org, id person, day until, struct shown *ret);
bool shown_enough(const struct shown *s);
/* "coached with a framework", "taken along to a session", both: what is missing; empty: nothing. */
const char *shown_missing(const struct shown *s);
#define SHOWN_MEND \
	"coach them with a framework and let them confirm it; take them along to a session as its second coach, or " \
	"let them " \
	"write as a second observer"

#endif
