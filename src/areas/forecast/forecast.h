/* A leader's forecast: what the own team will win in a period, said on a day and scored when the period is over (D6).
   What it is not for: figures from deals (figures.h). */
#ifndef AREAS_FORECAST_FORECAST_H
#define AREAS_FORECAST_FORECAST_H

#include "areas/deals/deals.h"

/* Never changed: who thinks otherwise submits again, and both stay. */
struct forecast {
	struct row row;
	id person;            /* whose word, for everybody below and themselves */
	day from_day, to_day; /* inclusive */
	int64_t committed;    /* minor units: will be won at least, all of the period */
	int64_t best;         /* NO_INT: none said */
	str currency;
	int64_t sure; /* percent: how sure of the commit */
	str note;
	day on_day;
};

extern const struct record forecast_record;

#endif
