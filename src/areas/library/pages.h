/* The library's routes. What it is not for: its records (process/content.h, coaching/shelf.h). */
#ifndef AREAS_LIBRARY_PAGES_H
#define AREAS_LIBRARY_PAGES_H

#include "page/page.h"

extern const struct route library_routes[];
extern const struct act_body library_acts[]; /* what they take */

#endif
