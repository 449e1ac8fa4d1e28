/* Accounts, contacts, products, deals with their steps, activities, targets (D1–D5b).
   What it is not for: the process a deal follows (process/), forecasting, coaching. */
#ifndef AREAS_DEALS_DEALS_H
#define AREAS_DEALS_DEALS_H

#include "areas/process/process.h"

enum health { HEALTH_NONE, HEALTH_HEALTHY, HEALTH_WATCH, HEALTH_WARNING, HEALTH_CRITICAL };
enum value_from { VALUE_NONE, VALUE_AMOUNT, VALUE_LIST, VALUE_LINES };
/* P4: who says when a deal closes: the stages' durations, a person (who says why a date moves), the source. */
enum closes_from { CLOSES_NONE, CLOSES_STAGES, CLOSES_PERSON, CLOSES_SOURCE };
enum category { CATEGORY_NONE, CATEGORY_COMMIT, CATEGORY_BEST, CATEGORY_PIPELINE, CATEGORY_OMITTED };

struct account {
	struct row row;
	str name, sector, country, website;
	int64_t employees;
	id owner;
	str source, external_id;
	str extra; /* values of the company's own fields (record/own.h) */
};

struct contact {
	struct row row;
	id account;
	str name, email, phone, title;
	id owner; /* whose contact: may change it, as may the line above; the account's owner unless said otherwise */
	str source, external_id;
	str extra;     /* values of the company's own fields (record/own.h) */
	id reports_to; /* another contact, of the same account (G2) */
};

struct product {
	struct row row;
	str name, series;
	int64_t list_price; /* minor units */
	str currency;
	str source, external_id;
};

/* G1: what prospects and deals come from: a fair, a list, a series of calls. */
struct campaign {
	struct row row;
	str name, channel; /* channel: "Fair", "Website", "Partners": campaigns of a kind are compared */
	id owner;
	day from_day, to_day; /* DAY_NONE: open */
	int64_t goal;         /* so many prospects that become deals; NO_INT: none was set */
	str note;
	str source, external_id;
};

struct deal {
	struct row row;
	str name;
	id account, product, owner, process, stage;
	int outcome;    /* enum outcome, follows the stage (or the source's status) */
	int64_t amount; /* NO_INT: not known */
	str currency;
	int64_t value;       /* amount, else the product's list price (D5b) */
	int value_from;      /* enum value_from: marked where it is shown */
	int64_t probability; /* percent, ours: from the stage (P4) */
	int64_t weighted;    /* value × probability, in hundredths of a minor unit: sums stay exact */
	day created_on, engaged_on, closes_on, closed_on;
	int closes_from; /* enum closes_from */
	str closes_why;  /* a person's reason for that day */
	day stage_since; /* since when in this stage; at least since, when the source has no history (D5b) */
	bool stage_since_known;
	str next_step;
	day next_step_on;
	bool worked;                /* a person has worked the deal here: from then on "no next step" may fire (P5a) */
	day touched_on;             /* last activity or edit by a person */
	int64_t pushes;             /* how often the close date moved later here */
	int64_t past_pushes;        /* … before it came here, by the history that was imported (D5b) */
	str lost_reason, lost_note; /* lost_note: in one's own words */
	int category;               /* enum category */
	int64_t their_probability;  /* the source's own, kept as theirs (P4) */
	int64_t people, deciders;   /* stakeholders, and those with decisive influence; NO_INT: not counted yet */
	int64_t stage_steps, stage_done, steps_due; /* steps of its stage that appear; due: open ones that hold it */
	day progress_on;                            /* of the last completed step */
	int health;                                 /* enum health: the worst rule that fires (P5) */
	str health_why;                             /* rule code and days, one a line: "stuck 21" */
	day health_until;                           /* next day on which it can change */
	str source, external_id;
	str extra;   /* values of the company's own fields (record/own.h) */
	day gone_on; /* the day of the first full file of its source that lacks it; DAY_NONE: it is there (D5a) */
	id import;   /* the last file that held it (D5a); NO reference: imports may be removed */
	id campaign; /* what it came from (G1): won revenue counts there */
};

/* D1: who has a say in a deal. */
struct stakeholder {
	struct row row;
	id deal, contact, person; /* person: who found out */
	str role;
	int influence, attitude; /* choices */
};

/* D1: a document lies where it lies; here is its name and the way to it. */
struct document {
	struct row row;
	id deal, person;
	day on_day;
	str name, address;
};

/* D1: who else the buyer looks at; one name, folded, is one competitor. */
struct competitor {
	struct row row;
	id deal, person;
	str name, note;
};

/* D1: what is sold, line by line; their sum is the amount where none was given, and is marked so. */
struct line_item {
	struct row row;
	id deal, product, person;
	int64_t quantity, unit_price, total; /* minor units of the deal's currency */
	str currency;
};

#define DEAL_TAG_MOST 40 /* letters */
struct deal_tag {
	struct row row;
	id deal, person;
	str name;
};

/* P2: a move past a step that holds the stage, with its reason. */
struct deviation {
	struct row row;
	id deal, person, from_stage, to_stage;
	day on_day;
	str reason, steps; /* steps: those left open, by name */
	int64_t n;
};

/* Somebody was named with @ in an activity. */
struct mention {
	struct row row;
	id deal, activity, writer, person;
	day on_day, read_on; /* read_on: the mentioned person put it away */
};

/* Parts of the hooks of an activity: a note of a deal that names somebody mentions them, wherever it is written (page,
   API, a step). check: faults for those who may not see the deal (O5). changed: the rows of those newly named. */
struct activity;
enum err mention_check(struct change *c, const struct activity *was, const struct activity *x, struct faults *f);
enum err mention_changed(struct change *c, const struct activity *was, const struct activity *x);

/* P2: a completed step, with author, day and what its kind asked for. */
struct step_done {
	struct row row;
	id deal, step, person;
	day on_day;
	str answer;
	id activity, stakeholder, document; /* what was made by completing it */
};

struct activity {
	struct row row;
	id deal, account, person;
	int kind; /* choice: call, mail, meeting, task, note */
	day on_day;
	str subject, text;
	str source, external_id;
};

struct target {
	struct row row;
	id person;
	day from_day, to_day; /* inclusive: a month, a quarter, a year */
	int64_t amount;
	str currency;
	str source, external_id;
};

/* Two records that somebody said are two: they are not proposed as duplicates again. one < other. */
struct distinct {
	struct row row;
	str kind; /* name of the record */
	int64_t one, other;
	id person; /* who said so */
};

enum sharing { SHARED_NOT, SHARED_BELOW, SHARED_COMPANY };

/* A filter of a list kept under a name (D2); its owner's, or shared with those below or the company. */
struct kept_view {
	struct row row;
	id owner;
	str about;       /* name of the record that is listed: "deal", "prospect" */
	str name, query; /* as it stands in the address after "/deals?" */
	int shared;      /* enum sharing */
	int for_role;    /* enum role: those it is shared with start with it; 0: nobody */
};

/* The view that a person starts with in a list. */
struct first_view {
	struct row row;
	id person;
	str about;    /* as of the view */
	int64_t view; /* NO reference: its owner may remove it */
};

extern const struct record distinct_record, view_record, first_view_record;
extern const struct record competitor_record, line_item_record, deal_tag_record, deviation_record, mention_record;
extern const struct record account_record, contact_record, product_record, campaign_record, deal_record,
        step_done_record, activity_record, target_record, stakeholder_record, document_record;
extern const struct choice health_choices[], category_choices[], sharing_choices[], influence_choices[],
        attitude_choices[], activity_choices[];

/* deal_sum(org, process, stage, owner, currency, category): kept by deal_changed alone; recounted by check. */
extern const char deal_sum_schema[];

/* The company's day, or its reading day, where *d is none. */
enum err deal_today(struct conn *c, struct arena *a, const struct grant *g, day *d);
/* What a new one starts with: the standard process's first stage, the company's currency, the asking person, today. */
enum err deal_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err contact_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err campaign_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err campaign_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err contact_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err contact_derive(struct change *c, const void *before, void *after);
enum err activity_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err target_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
/* What hangs on a deal makes its figures: saves it again under a grant of its own, so that they are derived anew. */
enum err deal_weigh_again(struct change *c, id deal);
/* O3: ERR_DENIED when the grant may not write the deal. */
enum err deal_may_write(struct change *c, id deal);
/* P4: percent; greatest NO_INT: least alone counts. */
int64_t deal_clamp(int64_t sum, int64_t least, int64_t greatest);
enum err deal_derive(struct change *c, const void *before, void *after);
enum err deal_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err deal_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
/* P4: steps make the probability; whoever completes one need not be the deal's owner. */
enum err step_done_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
/* Everything that hangs on a deal is written by whoever may write the deal (O3); their structs start as that of
   stakeholder does: row, deal. start: the asking person. */
enum err part_check(struct change *c, const void *before, const void *after, struct faults *f);
/* The deal is weighed anew: its value, probability and health may follow from the part. */
enum err part_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
enum err stakeholder_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err competitor_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err line_item_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err deal_tag_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err document_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err line_item_derive(struct change *c, const void *before, void *after);
enum err line_item_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err activity_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err activity_changed(struct change *c, const void *const *before, const void *const *after, size_t n);

#endif
