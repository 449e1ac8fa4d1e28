/* Account plans: what an account could buy, by business unit and product, beside what it bought (G2).
   What it is not for: accounts, contacts and deals themselves (deals/), the steps of a plan: they are commitments. */
#ifndef AREAS_GROWTH_GROWTH_H
#define AREAS_GROWTH_GROWTH_H

#include "areas/deals/deals.h"

/* A part of the account that buys by itself: a plant, a division. All that hangs on a plan starts as it does: row,
   account, person; person is nobody's: who may change the account may change its plan. */
struct plan_unit {
	struct row row;
	id account, person;
	str name;
};

/* What could be sold of a product there in all, what was won included. */
struct potential {
	struct row row;
	id account, person;
	id unit; /* 0: the account as a whole */
	id product;
	int64_t amount; /* minor units */
	str currency;   /* the company's, when it was written */
	str note;       /* where the figure comes from */
};

/* For which unit a deal is; without one it counts for the account as a whole. */
struct plan_deal {
	struct row row;
	id deal, person, unit;
};

extern const struct record plan_unit_record, potential_record, plan_deal_record;

enum err plan_unit_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err potential_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err potential_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err plan_deal_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err plan_deal_check(struct change *c, const void *before, const void *after, struct faults *f);

#endif
