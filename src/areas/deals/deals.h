/* Accounts, contacts, products, deals with their steps, activities, targets (D1–D5b).
   What it is not for: the process a deal follows (process/), forecasting, coaching. */
#ifndef AREAS_DEALS_DEALS_H
#define AREAS_DEALS_DEALS_H

#include "areas/process/process.h"

enum health { HEALTH_NONE, HEALTH_HEALTHY, HEALTH_WATCH, HEALTH_WARNING, HEALTH_CRITICAL };
enum value_from { VALUE_NONE, VALUE_AMOUNT, VALUE_LIST };
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
	str extra; /* values of the company's own fields (record/own.h) */
};

struct product {
	struct row row;
	str name, series;
	int64_t list_price; /* minor units */
	str currency;
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
	day stage_since; /* since when in this stage; at least since, when the source has no history (D5b) */
	bool stage_since_known;
	str next_step;
	day next_step_on;
	bool worked;    /* a person has worked the deal here: from then on "no next step" may fire (P5a) */
	day touched_on; /* last activity or edit by a person */
	int64_t pushes; /* how often the close date moved later here */
	str lost_reason;
	int category;              /* enum category */
	int64_t their_probability; /* the source's own, kept as theirs (P4) */
	int health;                /* enum health: the worst rule that fires (P5) */
	str health_why;            /* rule code and days, one a line: "stuck 21" */
	day health_until;          /* next day on which it can change */
	str source, external_id;
	str extra;   /* values of the company's own fields (record/own.h) */
	day gone_on; /* the day of the first full file of its source that lacks it; DAY_NONE: it is there (D5a) */
	id import;   /* the last file that held it (D5a); NO reference: imports may be removed */
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

/* A filter of the deals kept under a name, by and for one person (D2). */
struct kept_view {
	struct row row;
	id owner;
	str name, query; /* as it stands in the address after "/deals?" */
};

extern const struct record distinct_record, view_record;
extern const struct record account_record, contact_record, product_record, deal_record, step_done_record,
        activity_record, target_record, stakeholder_record, document_record;
extern const struct choice health_choices[], influence_choices[], attitude_choices[];

/* deal_sum(org, process, stage, owner, currency, category): kept by deal_changed alone; recounted by check. */
extern const char deal_sum_schema[];

/* What a new one starts with: the standard process's first stage, the company's currency, the asking person, today. */
enum err deal_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err contact_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err contact_derive(struct change *c, const void *before, void *after);
enum err activity_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
enum err target_start(struct conn *c, struct arena *a, const struct grant *g, void *object);
/* P4: percent; greatest NO_INT: least alone counts. */
int64_t deal_clamp(int64_t sum, int64_t least, int64_t greatest);
enum err deal_derive(struct change *c, const void *before, void *after);
enum err deal_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err deal_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
/* P4: steps make the probability; whoever completes one need not be the deal's owner. */
enum err step_done_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
enum err activity_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err activity_changed(struct change *c, const void *const *before, const void *const *after, size_t n);

#endif
