/* The routes of scorecards, agreements and the huddle, and what they put on Today and on pages of a person.
   What it is not for: figures (accountability.h). */
#ifndef AREAS_ACCOUNTABILITY_PAGES_H
#define AREAS_ACCOUNTABILITY_PAGES_H

#include "page/page.h"

extern const struct route accountability_routes[];
extern const struct act_body accountability_acts[]; /* what they take */

/* An agreement that waits for my signature; an answer to a blocker that waits for my word (A2, A5). */
enum err accountability_today(struct request *r, struct today_items *ret);

/* Both columns of a person's agreement, for pages of other areas (A2). */
enum err agreement_panel_load(struct request *r, id person, void **ret);
void agreement_panel_show(struct view *view, struct request *r, const void *what);

#endif
