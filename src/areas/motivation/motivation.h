/* A person's own goals and reasons, and recognition of what somebody did (M1, M2). What it is not for: targets and
   agreements (accountability/), or what was promised (commitments/). */
#ifndef AREAS_MOTIVATION_MOTIVATION_H
#define AREAS_MOTIVATION_MOTIVATION_H

#include "page/page.h"

enum goal_state { GOAL_NONE, GOAL_OPEN, GOAL_REACHED, GOAL_LET_GO };

/* M1: whose it is alone decides who reads it. */
struct own_goal {
	struct row row;
	id person, reader; /* reader: with whom it is shared; 0: with nobody */
	str text, reason;
	day by_day;
	int state; /* enum goal_state */
	day closed_on;
};

enum liking { LIKING_NONE, LIKING_ALONE, LIKING_TEAM, LIKING_WRITTEN, LIKING_ABOVE, LIKING_NOT };

/* M2: how a person likes to be recognised; read by all, so that all can. */
struct liked {
	struct row row;
	id person;
	int how; /* enum liking */
	str note;
};

/* M2: for a behaviour that was seen or a commitment that was kept, never for a number alone. */
struct recognition {
	struct row row;
	id giver, person;
	id skill;      /* of the behaviour; 0: it is for a commitment */
	id commitment; /* kept by the person and confirmed by another; 0 */
	str text;      /* what they did, and what it led to */
	day on_day;
};

extern const struct record own_goal_record, liked_record, recognition_record;
extern const struct choice goal_states[], likings[];

extern const struct route motivation_routes[];
extern const struct act_body motivation_acts[]; /* what they take */
/* What a person shares with who asks, and how they like to be recognised: on their page and in a preparation. */
enum err motivation_panel_load(struct request *r, id person, void **ret);
void motivation_panel_show(struct view *view, struct request *r, const void *what);

#endif
