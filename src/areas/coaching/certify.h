/* Certificates of coaches: who certified whom, on which observation and rubric, from when until when; and what waits
   for one (C2b, T5, O9). What it is not for: seeing the session (observe.h), planning programmes (programme.h). */
#ifndef AREAS_COACHING_CERTIFY_H
#define AREAS_COACHING_CERTIFY_H

#include "areas/coaching/observe.h"
#include "areas/coaching/programme.h"

/* Renewal is another one; an old one stays as it was (T5). */
struct certification {
	struct row row;
	id coach, certifier, observation, rubric;
	day on_day, until; /* the last day it holds */
	day grace_until;   /* so long programmes go on as they are, while the next one is due (T5) */
	str why;
	bool alone; /* by the own leader, for want of anybody else: "by one person" (O9) */
	day revoked_on;
	id revoked_by;
	str revoked_why;
};

extern const struct record certification_record;

#define CERTIFY_MONTHS 12
#define CERTIFY_GRACE  30 /* days */

/* The last day of so many months that begin on `from`: 12 from 12 Feb 2023 end on 11 Feb 2024. */
day certify_until(day from, int months);
/* Of the one that holds on that day or is in grace, and lasts longest; DAY_NONE: none does. */
enum err certified_until(struct conn *c, struct arena *a, id org, id coach, day today, day *ret);
/* C2b: the programme would have this couple meet more often than now, and the coach is not certified. Never where
   nobody stands above the coach who could watch (O9). */
enum err certify_holds(struct conn *c, struct arena *a, id org, const struct programme *p, struct programme_pair who,
        day today, bool *ret);

/* The coaches for whom a programme waits. */
struct certify_wait {
	id coach;
	str name;
};
enum err certify_waiting(struct request *r, const struct programme *p, struct certify_wait **ret, size_t *ret_n);

/* On the page of a coaching session that was seen on a rubric. */
struct certify_part {
	bool shown, may, alone;
	str why_not;            /* when who asks may not: why, and who could */
	int64_t high, seen;     /* criteria at one of the two highest levels, of those seen by who asks */
	struct certification x; /* the one given on this observation; row.id 0: none */
	str certifier;
	day until; /* proposed */
};
enum err certify_load(struct request *r, const struct observe_view *v, struct certify_part *ret);

/* ---- the queue of coaches (certify_page.c) ---- */
struct coach_row {
	id coach;
	str name;
	int64_t people;
	day seen;               /* a session of theirs was last seen; DAY_NONE: never */
	day watched;            /* they last watched somebody else's */
	struct certification x; /* the latest; row.id 0: none */
	str certifier;
	bool holds, grace, me, may_revoke;
	const char *missing; /* C8: what they were not shown yet; empty: nothing */
};
struct coach_queue {
	struct coach_row *rows;
	size_t n;
	id rubric; /* for coaching sessions; 0: none is offered */
};

enum err coach_queue_page(struct request *r);
enum err coach_queue_csv(struct request *r);
enum err certify_act(struct request *r);
enum err certify_revoke_act(struct request *r);
extern const struct route certify_routes[];

#endif
