/* What a deal leaves open when it comes into a later stage otherwise than through its gate: with many at once, with a
   file. What it is not for: the gate itself (gate.c), the rules of steps (guide.h). */
#ifndef AREAS_DEALS_ARRIVE_H
#define AREAS_DEALS_ARRIVE_H

#include "areas/deals/guide.h"

/* P2, P6: the steps that hold the stages it leaves and passes, and what it lacks to enter the new one; added to past.
 */
enum err arrive_open(struct change *c, const struct guide *g, const struct deal *d, const struct stage *from,
        const struct stage *to, struct deviation *past);
/* D5a: a stage that a file brings past a gate is kept as a deviation of nobody: it came with the import. */
enum err arrive_note(struct change *c, const struct guide *g, const struct deal *was, const struct deal *d);

#endif
