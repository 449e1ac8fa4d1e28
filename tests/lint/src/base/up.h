/* What the lints must find: an include that goes up, two files in a circle, a library seen by the wrong folder. */
#include "base/round.h"
#include "db/low.h"
