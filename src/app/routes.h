/* Every route of the program, gathered from the areas.
   What it is not for: a route's policy (it stands beside its page). */
#ifndef APP_ROUTES_H
#define APP_ROUTES_H

#include "page/page.h"

/* All routes in the arena, ended by a NULL path. */
const struct route *routes_all(struct arena *a);
/* What each of them takes, side by side with them. */
const struct act_field *const *routes_acts(struct arena *a, const struct route *routes);

/* What areas above the page put on Today, ended by NULL. */
extern const today_source today_sources[];
/* What areas put on pages of a person, ended by a NULL load. */
extern const struct page_panel page_panel_list[];
/* What waits, beside the places of the navigation. */
extern const struct page_badge page_badges[];

/* Reports of the API, and what its description says of them. */
extern const struct route report_routes[];
const struct api_report *report_described(struct arena *a);

#endif
