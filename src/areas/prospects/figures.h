/* What a campaign's prospects came to: how long until the first touch, how old, how they ended (G1). Counting is pure,
   from spells; reading follows the filter and the rights of a list.
   What it is not for: money, which the deals of the campaign have (deals/filter.h). */
#ifndef AREAS_PROSPECTS_FIGURES_H
#define AREAS_PROSPECTS_FIGURES_H

#include "areas/prospects/prospects.h"
#include "stats/survive.h"

/* Ages of those that are open, in days: at most 7, 30, 90, more. */
#define PROSPECT_AGES 4
extern const int prospect_ages[PROSPECT_AGES - 1];

/* As many prospects as have all of it in common. */
struct prospect_spell {
	day came, first, ended; /* DAY_NONE: not touched, not decided */
	day back;               /* DAY_NONE: does not rest */
	int state;              /* enum prospect_state */
	bool claimed;
	int64_t n;
};

struct prospect_figures {
	int64_t n, open, qualified, disqualified;
	int64_t unclaimed, resting; /* of the open ones; a resting one is not unclaimed yet */
	int64_t untouched;          /* of the open ones, nobody's among them */
	int64_t age[PROSPECT_AGES]; /* of the open ones */
	int64_t undated;            /* without a day on which they came: in no time to first touch */
	struct survive spells;      /* from coming to the first touch; untouched ones are known to wait so long */
	struct survive_days half;   /* until half were touched; days -1: it is not reached yet */
	int64_t touched;            /* of the spells */
};

/* Counts one spell as of that day. Untouched ones are censored, today where they are open, else when they ended: who is
   disqualified unseen says nothing against a late first call, and nothing for it. */
void prospect_count(struct arena *a, struct prospect_figures *f, const struct prospect_spell *s, day today);
/* After the last one: the median by Kaplan and Meier (stats/survive.h). */
void prospect_counted(struct arena *a, struct prospect_figures *f);

/* Of all that a list would show. */
enum err prospect_figures_of(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, day today,
        struct prospect_figures *ret);

/* The same where it costs little; else *ret_known is false, and they come in a second fragment (as D2 has it). */
#define PROSPECTS_AT_ONCE 4000
enum err prospect_figures_now(struct conn *c, struct arena *a, const struct grant *g, const struct list *l, day today,
        struct prospect_figures *ret, bool *ret_known);

struct prospect_reason {
	str reason;
	int64_t n;
};
#define PROSPECT_REASONS 12
/* Why those of a list were disqualified, the most frequent first. */
enum err prospect_reasons_of(struct conn *c, struct arena *a, const struct grant *g, const struct list *l,
        struct prospect_reason ret[PROSPECT_REASONS], size_t *ret_n);

#endif
