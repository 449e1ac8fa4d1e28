/* The routes of forecast and analysis.
   What it is not for: their figures (figures.h). */
#ifndef AREAS_FORECAST_PAGES_H
#define AREAS_FORECAST_PAGES_H

#include "page/page.h"

extern const struct route forecast_routes[];
extern const struct act_body forecast_acts[]; /* what they take */

#endif
