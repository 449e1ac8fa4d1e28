/* The embedded assets: one tag that changes with their content, cached for a year.
   What it is not for: pages. */
#ifndef APP_ASSETS_H
#define APP_ASSETS_H

#include "page/page.h"

str assets_tag(void);
extern const struct route assets_routes[];

#endif
