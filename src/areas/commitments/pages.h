/* The routes of what people owe each other: commitments, charters, duties.
   What it is not for: rules (rules.c), or figures over them (queries in commitments.h). */
#ifndef AREAS_COMMITMENTS_PAGES_H
#define AREAS_COMMITMENTS_PAGES_H

#include "page/page.h"

extern const struct route commitment_routes[];
extern const struct act_body commitments_acts[]; /* what they take */

/* For the navigation: what one owes and is past its day. */
enum err commitments_late(struct request *r, int64_t *ret);

#endif
