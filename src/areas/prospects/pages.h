/* The routes of prospects and campaigns, and what they put on Today.
   What it is not for: rules (rules.c). */
#ifndef AREAS_PROSPECTS_PAGES_H
#define AREAS_PROSPECTS_PAGES_H

#include "page/page.h"

extern const struct route prospect_routes[];
extern const struct act_body prospects_acts[]; /* what they take */

/* My prospects whose next step is due. */
enum err prospect_today(struct request *r, struct today_items *ret);

#endif
