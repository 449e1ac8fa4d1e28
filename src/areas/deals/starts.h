/* What a deal starts next when it is won, lost or comes into a stage (P6): a deal in another process, or a task.
   What it is not for: which those are (process/next.c). */
#ifndef AREAS_DEALS_STARTS_H
#define AREAS_DEALS_STARTS_H

#include "areas/deals/deals.h"

/* In the change set of the move, so that its undo takes back what was started. ret_said: ", and started …" for the line
   that says what was done, empty for nothing; what could not be started is named there, with why. */
enum err deal_starts_next(struct change *c, const struct deal *before, const struct deal *after, str *ret_said);

#endif
