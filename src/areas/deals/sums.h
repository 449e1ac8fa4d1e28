/* Counts and sums of deals, kept as deltas by the deal's changed hook alone, so that a board's header need not scan.
   What it is not for: filtered totals (those are counted). */
#ifndef AREAS_DEALS_SUMS_H
#define AREAS_DEALS_SUMS_H

#include "areas/deals/health.h"

enum err deal_sums_add(struct change *c, const struct deal *const *before, const struct deal *const *after, size_t n);
/* Compares with a full recount; differences are said. */
enum err deal_sums_check(struct conn *c, struct arena *a, id org, struct check_report *r);
/* Fills the empty table for all companies. */
enum err deal_sums_rebuild(struct conn *c, struct arena *a);
/* PostgreSQL appends deltas (no hot row); this folds them. Returns at once on SQLite. */
enum err deal_sums_fold(struct db *d, struct arena *a);
/* Health as of today, stored or weighed anew when it can have changed since. */
void deal_weigh(struct arena *a, struct deal *d, struct health_rules rules, int64_t allowed_days, day today);

#endif
