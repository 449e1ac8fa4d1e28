/* Figures of how deals go: how long they take, at which stage they stop, what wins have in common, whether people
   differ, and the range of money that the open ones may bring. Pages and the command line read the same (D6, D7, P7).
   What it is not for: sums of what was won and is open (deals/report.h), the arithmetic (stats/). */
#ifndef AREAS_FORECAST_FIGURES_H
#define AREAS_FORECAST_FIGURES_H

#include "areas/deals/report.h"
#include "stats/rate.h"
#include "stats/score.h"
#include "stats/shrink.h"
#include "stats/simulate.h"
#include "stats/survive.h"
#include "stats/table.h"

/* Below so many decided deals nothing is drawn from them. */
#define FIGURES_FEWEST 30

/* ---- survival ---- */
struct figures_spells {
	struct survive all; /* from the start to won, lost, or the as-of day */
	int64_t undated;    /* deals without a day of start, or decided on an unknown day: not in it */
	bool engaged;       /* the clock starts with engagement; else with creation, where no deal has such a day */
};
/* from and to bound the start here. What closed after the as-of day was still open on it. */
enum err figures_spells(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_spells *ret);

/* ---- conversion by stage, from the events of D4 ---- */
struct figures_stage {
	id stage;
	str process, name;
	int64_t entered, moved, lost, left_back, here; /* moved: on, or won; left_back: to an earlier stage */
	rate on;                                       /* moved of moved and lost */
	struct survive_days days; /* median days in it, of those whose entry is known; -1: unknown */
	int64_t n_days;           /* spells that the median comes from */
	struct survive ends;      /* from entering it to won or lost, at last */
};
struct figures_stages {
	struct figures_stage *row; /* by process and position; open stages only */
	size_t n;
	int64_t n_deals, without; /* decided deals whose way through the stages nobody recorded (D5b) */
};
enum err figures_stages(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_stages *ret);

/* The deals behind one figure of a stage, in the order of ids. */
enum figures_fate { FATE_NONE, FATE_ENTERED, FATE_MOVED, FATE_LOST, FATE_BACK, FATE_HERE };
enum err figures_stage_deals(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        id stage, enum figures_fate fate, id **ret, size_t *ret_n);

/* ---- velocity ---- */
struct figures_velocity {
	str label; /* "2017-Q4"; empty: all */
	int64_t won, decided, n_value, n_cycle;
	rate rate;
	double value, cycle;         /* mean won value, minor units; mean won cycle, days */
	bool known;                  /* all three factors are there */
	double per_day;              /* decided × rate × value ÷ cycle, minor units a day */
	int64_t n_left;              /* won, with an amount in a currency without a rate: not in the mean (D3) */
	struct rate_said currencies; /* of the whole scope's alone */
};
/* Whole scope first, then by quarter of closing, oldest first. */
enum err figures_velocity(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_velocity **ret, size_t *ret_n);

/* ---- people (C9, L3: in the order of names, never ranked) ---- */
struct figures_person {
	id person;
	str name;
	int64_t won, decided, revenue, n_cycle;
	int64_t n_left; /* won in currencies without a rate, not in the revenue (D3) */
	double cycle;   /* mean days of won ones */
	rate rate;
	struct shrunk shrunk;
};
struct figures_people {
	struct figures_person *row; /* sellers of the scope, those without deals too */
	size_t n;
	struct table_chi differ;
	struct shrink_fit fit;
	bool has_fit;
	struct rate_said currencies;
};
enum err figures_people(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_people *ret);
/* "Nothing here says that people differ: …", from the test and the fit. */
str figures_people_words(struct arena *a, const struct figures_people *p);

/* ---- win and loss (D7) ---- */
struct figures_reason {
	str reason;     /* empty: none given */
	rate rate;      /* of the lost */
	int64_t value;  /* minor units of those with a value */
	int64_t n_left; /* with a value in a currency without a rate (D3) */
};
struct figures_trait {
	const char *kind; /* "product", "sector" … */
	str value;
	rate with, without; /* won of decided */
	rate_gap gap;
	struct table_ratio risk;
	double p, holm; /* Fisher's, and adjusted for all traits asked about at once */
};
struct figures_signal { /* can a model tell won from lost on deals it has not seen? */
	int64_t n_train, n_test;
	double rate; /* of all trained on: what the constant says */
	day split;   /* trained on deals closed before, tested from it on */
	bool has;
	struct score model, constant, owner; /* product and owner; the overall rate; each owner's rate */
	double gain, low, high;              /* Brier of constant minus model, 95 % */
};
struct figures_winloss {
	int64_t won, lost;
	struct figures_reason *reason; /* most frequent first */
	size_t n_reasons;
	struct figures_trait *trait; /* by kind and value; those with at least FIGURES_FEWEST decided on both sides */
	size_t n_traits, n_found;    /* found: holm below .05 */
	struct figures_signal signal;
	struct rate_said currencies; /* of the lost with a value */
};
enum err figures_winloss(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_winloss *ret);

/* The expression that a kind of characteristic is, on deal d, and the join it needs; false: no such kind. */
bool figures_trait_sql(str kind, const char **ret_column, const char **ret_from);

/* ---- forecast (D6) ---- */
struct figures_open { /* a row for each owner, or one for all */
	id person;
	str name;
	int64_t n, commit, best, pipeline, omitted, value,
	        weighted; /* minor units; weighted rounded half away from 0 */
	int64_t n_commit, n_best, n_pipeline, n_omitted, n_valued;
	int64_t others, converted; /* in currencies without a rate, in no sum; in others that have one */
	str rates;                 /* what was converted at, in words; empty: nothing was */
};
enum err figures_open(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        bool by_owner, struct figures_open **ret, size_t *ret_n);

struct figures_range {
	day from, to;
	int64_t won, n_won; /* minor units, of the period up to the as-of day */
	int64_t won_others; /* of n_won: in currencies without a rate, not in the sum */
	bool has;           /* else why */
	str why;
	struct simulate_range range;
	int64_t n, by_stage;    /* deals drawn; of them by the history of their stage */
	int64_t undated, older; /* left out for want of a day; drawn as not won, older than any deal that was won */
	int64_t decided;        /* deals of the past that the chances come from */
};
/* Deals open on the as-of day, won by `to` or not; what is won since `from` is added. Deals that do not exist yet are
   not in it. The past is the whole company's, as far as the grant goes. */
enum err figures_range(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_range *ret);

#endif
