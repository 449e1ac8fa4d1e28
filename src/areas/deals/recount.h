/* What is stored of a deal although it follows from elsewhere: renewed when its day comes, and compared with a recount.
   What it is not for: sums of deals (sums.h). */
#ifndef AREAS_DEALS_RECOUNT_H
#define AREAS_DEALS_RECOUNT_H

#include "areas/deals/deals.h"

/* P5: open deals whose health can have changed since it was stored are weighed anew, as a job, at most `most` a
 *company. ret_n: how many. */
enum err deal_health_renew(struct db *d, struct arena *a, size_t most, size_t *ret_n);
/* Probability, steps, stakeholders and health of open deals as a recount has them; differences are said. */
enum err deal_recount_check(struct conn *c, struct arena *a, id org, struct check_report *r);

#endif
