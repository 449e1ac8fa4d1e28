/* What was removed in the last thirty days, and the way back (29).
   What it is not for: erasing a person's data, retention. */
#ifndef AREAS_DEALS_TRASH_H
#define AREAS_DEALS_TRASH_H

#include "areas/deals/bulk.h"

#define TRASH_DAYS 30
#define TRASH_MOST 200 /* change sets listed */

struct trash_row {
	id set;
	str kind, name, by;
	instant at;
	int64_t n;  /* rows of the change set that went with it */
	bool leads; /* the first of its change set: has the button */
	int days;   /* left */
};

struct trash_view {
	struct trash_row *rows;
	size_t n, cap;
};

extern const struct route trash_routes[];

#endif
