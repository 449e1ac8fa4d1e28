/* One change to many deals: chosen in the table or all of a filter, tried first, refusals named, one change set (30).
   What it is not for: what a single deal's page or cell changes. */
#ifndef AREAS_DEALS_BULK_H
#define AREAS_DEALS_BULK_H

#include "areas/deals/list.h"

#define BULK_MOST    1000 /* deals in one change set: other writes wait for it */
#define REFUSED_MOST 100  /* named one by one */

/* What is to change; what is not set stays. */
struct bulk_wish {
	id owner, stage;
	day closes_on, next_step_on;
	str next_step, lost_reason;
	int category;
	str past;    /* why deals move past open mandatory steps (P2); empty: they do not */
	bool remove; /* into the trash */
};

enum bulk_fate { BULK_CHANGES, BULK_SAME, BULK_REFUSED };

struct bulk_refusal {
	id deal;
	str name, why;
};

struct bulk {
	struct bulk_wish wish;
	struct deal *deals; /* by the versions that were shown */
	size_t n;
	bool more;  /* there are more than that */
	str query;  /* the filter they were found by; empty: picked one by one */
	str picked; /* "ID:VERSION ID:VERSION …" */
	str *words; /* "Owner → Ada", of the wish */
	size_t n_words;
	/* what came of it */
	size_t counts[3]; /* by enum bulk_fate */
	struct bulk_refusal refused[REFUSED_MOST];
	size_t n_refused;
	bool tried;
};

/* May it be taken out? Writes nothing. */
enum err deal_try_out(struct change *c, const struct deal *d);
/* Takes a deal out with all that belongs to it alone; ERR_INPUT: something else speaks of it (c->faults name it). */
enum err deal_take_out(struct change *c, const struct deal *d);

extern const struct route bulk_routes[];

#endif
