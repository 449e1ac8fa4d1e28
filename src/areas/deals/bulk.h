/* What many deals get at once, and how a deal goes to the trash. Which ones, the trial and the one change set are of
   many.h. What it is not for: what a single deal's page or cell changes. */
#ifndef AREAS_DEALS_BULK_H
#define AREAS_DEALS_BULK_H

#include "areas/deals/many.h"

/* What is to change; what is not set stays. */
struct bulk_wish {
	id owner, stage;
	int outcome; /* of the stage wished for */
	day closes_on, next_step_on;
	str next_step, lost_reason;
	int category;
	str past;             /* why deals move past open mandatory steps (P2); empty: they do not */
	str tag_add, tag_off; /* D1 */
};

/* May it be taken out? Writes nothing. */
enum err deal_try_out(struct change *c, const struct deal *d);
/* Takes a deal out with all that belongs to it alone; ERR_INPUT: something else speaks of it (c->faults name it). */
enum err deal_take_out(struct change *c, const struct deal *d);

extern const struct route bulk_routes[];

#endif
