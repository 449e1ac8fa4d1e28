/* What the pages of prospects and campaigns show; filled by list.c, prospect.c, qualify.c, campaign.c.
   What it is not for: rules (rules.c), figures (figures.h). */
#ifndef AREAS_PROSPECTS_VIEW_H
#define AREAS_PROSPECTS_VIEW_H

#include "areas/deals/account.h"
#include "areas/deals/filter.h"
#include "areas/deals/views.h"
#include "areas/prospects/figures.h"
#include "html/widgets.h"
#include "page/own.h"
#include "stats/rate.h"

struct prospect_row {
	const struct prospect *p;
	str owner, campaign;
	bool rests, late;
};

struct prospect_list {
	struct deal_filter f; /* its record has the company's own fields */
	struct views views;
	struct prospect_row *rows;
	size_t n;
	struct prospect_figures figures;
	bool known; /* else they come in a second fragment */
	str next;
};

struct touch_row {
	struct touch t;
	str person;
};

struct step_place { /* a step of the campaign, as one prospect stands to it */
	struct campaign_step s;
	day done_on; /* DAY_NONE: not yet, in this round */
};

struct prospect_view {
	struct prospect *p;
	struct prospect_row row;
	struct campaign_step next; /* row.id 0: none is left */
	struct step_place *steps;
	size_t n_steps, n_done;
	struct touch_row *touches;
	size_t n_touches;
	bool may;        /* write it: its owner, the line above, administrators; nobody's: everybody */
	bool may_assign; /* somebody is below who may be given it */
	bool creating;
	const struct record *record; /* with the company's own fields */
	struct duplicate_list near;  /* that a new one may be, or that bear its name */
	str account, contact, deal, who_sees;
	struct touch typed;
};

struct qualify_view {
	const struct prospect *p;
	struct duplicate_list accounts, contacts; /* that the company and the person may be */
	id account, contact;                      /* chosen; 0: a new one */
	bool no_contact;
	struct deal deal;
	str amount;
};

struct campaign_row {
	struct campaign c;
	str owner;
	struct prospect_figures f;
	bool known; /* of a large campaign its own page counts */
	struct totals won, open;
};

struct campaign_list {
	struct campaign_row *rows;
	size_t n;
	str has, next;
	struct campaign typed;
};

struct campaign_view {
	struct campaign_row x;
	struct campaign typed; /* as the form shows it */
	struct campaign_step *steps;
	size_t n_steps;
	struct prospect_reason reasons[PROSPECT_REASONS];
	size_t n_reasons;
	struct campaign_step step;    /* as typed */
	int64_t n_prospects, n_deals; /* that came from it, of anybody: it stays while there are any */
	bool may;
	str who_sees;
};

/* ---- list.c ---- */
enum err prospect_row_of(struct request *r, const struct prospect *p, struct prospect_row *ret);
/* "/prospects?campaign=…&more" */
str prospects_of(struct arena *a, id campaign, const char *more);
str prospect_next_page(struct arena *a, const struct prospect_list *l);
str prospect_sorted(struct arena *a, const struct prospect_list *l, const char *field);
/* "half were touched within 3 days (95 %: 2 to 5)", "not half of them were touched yet", "nobody to touch yet" */
str prospect_half_words(struct arena *a, const struct prospect_figures *f);
/* Does the grant write rows of that person? Nobody's: whoever is a person of the company. */
enum err prospect_may(struct request *r, id owner, bool *ret);
enum err prospects_page(struct request *r);
enum err prospects_figures(struct request *r);
enum err prospects_csv(struct request *r);
str prospect_query(struct arena *a, const struct prospect_list *l); /* filter and order, without the page */
str prospect_bulk(struct arena *a, const struct prospect_list *l);  /* where all of the filter are edited */
enum err prospect_view_keep(struct request *r);
enum err prospect_view_drop(struct request *r);
enum err prospect_view_first(struct request *r);

/* ---- bulk.c ---- */
/* What many prospects get; what is not set stays. */
struct prospect_wish {
	id owner, campaign;
	str out, back; /* why: disqualified, given back */
	day back_on;
};
enum err prospects_bulk(struct request *r);
enum err prospects_bulk_act(struct request *r);
/* May it go to the trash? Writes nothing. Then it goes, with what was tried. */
enum err prospect_try_out(struct change *c, const struct prospect *p);
enum err prospect_take_out(struct change *c, const struct prospect *p);

/* ---- prospect.c ---- */
str prospect_path(struct request *r, id prospect, const char *behind);
enum err prospect_page(struct request *r);
enum err prospect_new(struct request *r);
enum err prospect_create(struct request *r);
enum err prospect_update(struct request *r);
enum err prospect_claim(struct request *r);
enum err prospect_touch(struct request *r);
enum err prospect_recycle(struct request *r);
enum err prospect_disqualify(struct request *r);

/* ---- qualify.c ---- */
enum err qualify_page(struct request *r);
enum err qualify_do(struct request *r);

/* ---- campaign.c ---- */
/* The rows behind a figure: the open ones of an age (of PROSPECT_AGES), those disqualified for a reason. */
str campaign_age_rows(struct arena *a, id campaign, day today, int age);
str campaign_reason_rows(struct arena *a, id campaign, str reason);
/* The steps of a campaign in their order. */
enum err campaign_steps_of(struct request *r, id campaign, struct campaign_step **ret, size_t *ret_n);
enum err campaigns_page(struct request *r);
enum err campaigns_csv(struct request *r);
enum err campaign_create(struct request *r);
enum err campaign_page(struct request *r);
enum err campaign_update(struct request *r);
enum err campaign_add_step(struct request *r);
enum err campaign_drop_step(struct request *r);
/* The one in the address; ERR_DENIED where it is not the asking person's to write. */
enum err campaign_to_write(struct request *r, struct campaign *ret);

/* ---- remove.c ---- */
/* How many prospects and deals name it, up to a thousand each. */
enum err campaign_brought(struct conn *c, id org, id campaign, int64_t *ret_prospects, int64_t *ret_deals);
str campaign_brought_words(struct arena *a, int64_t prospects, int64_t deals);
enum err campaign_remove(struct request *r);

#endif
