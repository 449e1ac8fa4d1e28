/* Prospects: people and companies that may become deals, the steps of their campaign, what was tried (G1). A campaign's
   steps are its own ordered list: a deal's process weighs probability, money and stakeholders, which a prospect has
   not. What it is not for: campaigns themselves (deals/deals.h), what comes after a prospect became a deal. */
#ifndef AREAS_PROSPECTS_PROSPECTS_H
#define AREAS_PROSPECTS_PROSPECTS_H

#include "areas/deals/deals.h"

enum prospect_state { PROSPECT_NONE, PROSPECT_OPEN, PROSPECT_QUALIFIED, PROSPECT_DISQUALIFIED };

/* One of a campaign's steps, in their order: it applies to whoever claims a prospect from then on. */
struct campaign_step {
	struct row row;
	id campaign, person; /* person: nobody's; who may change the campaign may change its steps */
	int64_t position;
	str name;
	int kind;     /* choice of activity_choices */
	int64_t days; /* after the prospect was claimed */
};

struct prospect {
	struct row row;
	str name, company, title, email, phone;
	id campaign, owner; /* owner 0: unclaimed, anybody of the company takes it */
	day came_on;
	str note;
	int state;  /* enum prospect_state */
	str reason; /* why it was disqualified, or given back */
	day claimed_on, first_on, touched_on, ended_on;
	day back_on;            /* given back: not to be claimed before */
	int64_t touches, round; /* round: how often it was given back; the steps begin anew */
	str next_step;
	int next_kind; /* choice of activity_choices */
	day next_step_on;
	id account, contact, deal; /* what it became */
	str source, external_id;
	str extra; /* the company's own fields (record/own.h) */
};

/* What was tried: starts as all that hangs on a prospect does: row, prospect, person. */
struct touch {
	struct row row;
	id prospect, person;
	int kind; /* choice of activity_choices */
	day on_day;
	str text;
	int64_t step;  /* of the campaign, that this did; NO_INT: beside the steps. No reference: a step may go */
	int64_t round; /* of the prospect then */
};

extern const struct record campaign_step_record, prospect_record, touch_record;
extern const struct choice prospect_states[];

enum err prospect_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err prospect_derive(struct change *c, const void *before, void *after);
enum err prospect_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err prospect_may_merge(struct change *c, const void *keep, const void *drop, struct faults *f);
enum err touch_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err touch_derive(struct change *c, const void *before, void *after);
enum err touch_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err touch_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
enum err campaign_step_check(struct change *c, const void *before, const void *after, struct faults *f);

/* Of a prospect that is claimed and open, the first step of its campaign that was not done in this round; row.id 0:
   none is left. */
enum err prospect_next(struct conn *c, struct arena *a, id org, const struct prospect *p, struct campaign_step *ret);
/* Given back, and not to be claimed before its day. */
bool prospect_rests(const struct prospect *p, day today);
/* What a new campaign's steps are proposed as. */
extern const struct campaign_step campaign_steps_ready[];
#define CAMPAIGN_STEPS_READY 5

#endif
