/* What leaders work on in their own leading (L3). What it is not for: what they owe (commitments/), or anybody's
   private goals (M1). */
#ifndef AREAS_LEADERSHIP_RECORDS_H
#define AREAS_LEADERSHIP_RECORDS_H

#include "areas/people/people.h"

struct development_goal {
	struct row row;
	id person;
	str goal, sign; /* sign: by what others will notice */
	day set_on, due, ended_on;
	str outcome; /* what came of it, in their own words */
};

extern const struct record development_goal_record;

enum err development_goal_check(struct change *c, const void *before, const void *after, struct faults *f);

#endif
