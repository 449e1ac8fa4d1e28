/* A row of a deal's history as another system has it (D5b).
   What it is not for: the deal's own events (record_history), or how a file of it is read (imports/past.c). */
#ifndef AREAS_DEALS_PAST_H
#define AREAS_DEALS_PAST_H

#include "areas/deals/deals.h"

/* Two kinds of files: each row says what stood from then on, or names one field with its old and new value; the latter
   are kept as written too. */
struct past {
	struct row row;
	id deal, person; /* person: the deal's owner when the row came in: who may see it */
	instant at;
	day on_day; /* at, as the company's day */
	id stage_from, stage;
	int64_t amount; /* NO_INT: not said */
	str currency;
	day closes_on;
	id owner; /* of the deal, then; 0: not said, or nobody known here */
	str by;   /* who changed it, in the source's words */
	str field, was, became;
	str source, external_id;
};

extern const struct record past_record;

#endif
