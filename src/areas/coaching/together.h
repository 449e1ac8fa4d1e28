/* Several coached in one meeting, and a second coach in it (C1). Each couple keeps a session of its own: own
   preparation, notes, commitments and word, so that debt, kind and skill count for each person as that person says
   (C2a, C6). What it is not for: holding a session (session.c). */
#ifndef AREAS_COACHING_TOGETHER_H
#define AREAS_COACHING_TOGETHER_H

#include "areas/coaching/coaching.h"
#include "page/page.h"

#define TOGETHER_MOST 12
#define TOGETHER_NEAR 7 /* days that a session may be away from the meeting it joins */

/* Another one of the same meeting, or that could join it. */
struct together {
	struct session s;
	str coachee;
	int64_t agreed; /* commitments */
	bool there;     /* ticked, or by default: ends with mine */
};

struct together_view {
	struct together *all; /* of the same meeting, without this one; what who asks may see */
	size_t n;
	struct together *near; /* the coach's others that could join; for the coach alone */
	size_t n_near;
	int64_t people; /* coached in it; names are the coach's alone to see, as sessions of others are */
	str second;     /* the second coach's name */
	str asked;      /* whom the coach would like to take along: waiting for a yes, or declined */
};

enum err together_load(struct request *r, const struct session *s, struct together_view *ret);
/* Those of the same meeting that end with it: ticked in the form, not held yet. A fault at "there" for one without a
   commitment (C5). */
enum err together_ending(struct request *r, const struct session *s, struct together **ret, size_t *ret_n);
/* "Ada, Bo and Cy" */
str together_names(struct arena *a, str mine, const struct together *all, size_t n);

/* In a change set: takes a session out of its meeting, so that it can be removed. The others name another of them; one
   alone is no group. */
enum err together_leave(struct change *c, id session);

enum err together_act(struct request *r);
enum err together_alone(struct request *r);
enum err second_ask(struct request *r);
enum err second_answer(struct request *r);
/* What the one who is coached is asked. */
enum err second_today(struct request *r, struct today_items *ret);

/* ---- for the acts of the coach ---- */
/* The session of the path: the coach's own, not held yet; else a fault, ERR_DENIED or ERR_ABSENT. */
enum err together_own(struct request *r, struct session *ret);
/* Back to its page: with what was wrong, or with the change to offer undo for. */
enum err together_back(struct request *r, enum err e, id set);

#endif
