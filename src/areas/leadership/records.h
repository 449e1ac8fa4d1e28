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

/* The account of a missed number, the leader's before those below owe one (L1). */
struct number_account {
	struct row row;
	id person, leader; /* leader: who reads it too; 0: the sponsor has no place in the line */
	day from_day, to_day;
	str did, outside, differently;
	bool open; /* to those the person leads, by own choice (O5) */
	day on_day;
};

extern const struct record development_goal_record, number_account_record;

enum err number_account_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err development_goal_check(struct change *c, const void *before, const void *after, struct faults *f);

#endif
