/* The designer of processes: its pages and acts (P1–P6).
   What it is not for: rules of versions and conditions (process/), working a deal (deals/). */
#ifndef AREAS_DESIGN_PAGES_H
#define AREAS_DESIGN_PAGES_H

#include "page/page.h"

extern const struct route design_routes[];
extern const struct act_body design_acts[]; /* what they take */

#endif
