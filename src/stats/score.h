/* Forecasts scored by what happened: bias of amounts, Brier score of chances with its parts, and what a model can tell.
   What it is not for: making forecasts (simulate.h, logistic.h). */
#ifndef STATS_SCORE_H
#define STATS_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A chance that was said, and what happened. */
struct score_pair {
	double said; /* 0 … 1 */
	bool happened;
};

struct score {
	int64_t n;
	double brier;    /* mean (said - happened)²: Brier, Monthly Weather Review 78 (1950) 1–3 */
	double log_loss; /* natural logarithm; infinite when something said to be certain did not happen */
	double base;     /* share that happened */
	double auc;      /* Mann-Whitney, ties 1/2; NaN when all or none happened */
	/* Murphy, Journal of Applied Meteorology 12 (1973) 595–600, in bins [0,.1) … [.9,1]: reliability - resolution +
	   uncertainty is the Brier score where all that is said in a bin is the same. */
	double reliability, resolution, uncertainty;
};
/* False, ret untouched, when n is 0 or a chance is not within 0 … 1. The pairs are sorted by what was said. */
bool score_pairs(struct score_pair *pair, size_t n, struct score *ret);

/* The same parts from a table: weight[i] of all forecasts said `said[i]`, and a share of them happened. Weights add up
   to 1 within 1e-6, else false. */
bool score_binned(const double *said, const double *happened, const double *weight, size_t n, struct score *ret);

/* Amounts that were said, and what came. */
struct score_bias {
	int64_t n;
	double mean;      /* mean of (said - came) ÷ came: above 0 said too much; of those where something came */
	double absolute;  /* mean of |said - came| ÷ came: MAPE */
	double total;     /* (sum said - sum came) ÷ sum came; NaN when nothing came */
	double low, high; /* 95 % of mean, Student's t (Gosset, Biometrika 6 (1908) 1–25); NaN below two */
};
struct score_bias score_bias(const double *said, const double *came, size_t n);

#endif
