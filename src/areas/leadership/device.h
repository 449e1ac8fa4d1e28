/* What a browser says of itself, as people call their devices: "Firefox on Windows".
   What it is not for: telling devices apart (a session has its own id), or deciding anything. */
#ifndef AREAS_LEADERSHIP_DEVICE_H
#define AREAS_LEADERSHIP_DEVICE_H

#include "base/str.h"

/* agent: the header User-Agent, from outside, of any content. Always says something. */
str device_name(struct arena *a, str agent);

#endif
