/* Figures of deals, by SQL under the asker's rights: what was won and lost, what is open, revenue by office, manager,
   person and quarter, and what a gap is split from. Pages and the command line read the same. What it is not for:
   promises and coaching (their own areas), or showing anything. */
#ifndef AREAS_DEALS_REPORT_H
#define AREAS_DEALS_REPORT_H

#include "areas/deals/deals.h"
#include "areas/deals/rates.h"
#include "stats/gap.h"

/* Whose deals, of which days. A person stands for everybody below them on the day of each deal (O2). */
struct report_scope {
	id person;    /* 0: the company */
	day from, to; /* of closing, inclusive; DAY_NONE: open */
	day as_of;    /* nothing after it counts */
	str currency; /* others are converted by their last rate up to as_of, or left out and said (D3) */
};

/* Under a works agreement figures of single people, and of lines of fewer than REPORT_FEW, begin on its day (O5): moves
   s->from on to it where it lies before. singly: the figures come person by person. */
enum err report_bound(struct conn *c, const struct grant *g, struct report_scope *s, bool singly);
#define REPORT_FEW 5
/* How many people of today stand in somebody's line, themselves too. */
enum err report_line(struct conn *c, id org, id person, int64_t *ret);

struct report_sales {
	int64_t won, lost, open;
	int64_t revenue, n_revenue; /* minor units; won deals with an amount that is in the currency or has a rate */
	bool has_cycle;
	double cycle_mean, cycle_median; /* days from engaged to won */
	int64_t n_cycle;
	double cycle_lost_mean, cycle_closed_mean; /* from engaged to lost, to either */
	int64_t n_cycle_lost;
	double value_mean, value_median;                    /* minor units of the won deals of n_revenue */
	int64_t all, engaged, engaged_decided, engaged_won; /* engaged: their day of engagement is known */
	int64_t open_value, n_open_value;                   /* minor units */
	int64_t n_open_list; /* of them, counted with the list price of their product (D5b) */
	int64_t weighted;    /* minor units, rounded half away from 0 */
	int64_t n_weighted;
	struct rate_said currencies; /* of what was won and is open */
};

enum err report_sales(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_sales *ret);

/* What is open, by stage, in the order of the process. */
struct report_stage {
	str stage;
	int64_t n, value, n_value, weighted, n_no_account; /* minor units; n_value: deals whose value is in it */
	int64_t n_no_rate;                                 /* with a value in a currency without a rate */
};

enum err report_stages(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct report_stage **ret, size_t *ret_n, struct rate_said *ret_said);

enum { REPORT_BY_OFFICE = 1, REPORT_BY_MANAGER = 2, REPORT_BY_PERSON = 4, REPORT_BY_QUARTER = 8 };

struct report_row {
	str office, manager, person, quarter; /* "2017-Q1"; those not asked for are empty */
	int64_t value, n;                     /* minor units of won deals; how many */
	int64_t n_no_rate;                    /* won in currencies without a rate, in neither */
};

/* In the order office, manager, person, quarter. Of single people, of their managers, and of offices of fewer than
   REPORT_FEW people the asker gets what a scorecard would show them (O5). */
enum err report_revenue(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        unsigned by, struct report_row **ret, size_t *ret_n, struct rate_said *ret_said);

/* Decided deals of the scope, as the gap wants them. */
enum err report_decided(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct gap_deals *ret);

struct report_gap {
	struct gap gap;
	struct gap_deals actual, history; /* history: the four quarters before */
	bool has_target;
	int64_t target;              /* minor units: of the person, else the highest of each branch below, prorated */
	struct rate_said currencies; /* of what was won in the time itself */
};

/* A4b: target of exactly from … to, else the history's pace. */
enum err report_gap(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct report_gap *ret);

#endif
