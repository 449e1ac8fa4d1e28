/* L3a: a manager's own selling, read from deals, and what the company owed a new one.
   What it is not for: what a manager's team sold (deals/report.h), or an opinion about it. */
#ifndef AREAS_LEADERSHIP_SELLING_H
#define AREAS_LEADERSHIP_SELLING_H

#include "areas/coaching/debt.h"
#include "areas/deals/deals.h"
#include "areas/deals/rates.h"

/* Above these the leader of the manager is asked, not the manager. */
#define SELLING_SHARE_MOST 25 /* percent of the team's open value in the manager's own name */
#define SELLING_TAKEN_MOST 1  /* deals taken over late, in the time looked at */
#define SELLING_SPAN_MOST  10 /* direct reports */
#define SELLING_LATE_DAYS  30 /* before close */
#define SELLING_NEW_DAYS   180

struct selling {
	int64_t own, team;           /* open value in minor units of one currency; team: with the own */
	int64_t n_own;               /* open deals in the own name */
	struct rate_said currencies; /* how others came into own and team, which did not (D3) */
	int64_t taken;               /* deals of others decided in the time, taken over in the 30 days before */
	int64_t span;                /* direct reports */
	day leads_since;             /* DAY_NONE: at least since the line is kept here, or nobody is led */
	bool is_new;                 /* for 180 days */
	int64_t coached,
	        coached_weeks;      /* a new one: confirmed periods of coaching of those that are over, from above */
	int64_t answered, blockers; /* a new one: of their blockers that came due, answered in time */
	bool over_share, over_taken, over_span;
};

enum err selling_of(struct conn *c, struct arena *a, const struct grant *g, id person, str currency, day from,
        day today, struct selling *ret);

#endif
