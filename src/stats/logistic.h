/* Logistic regression on categories, to ask whether deals can be told apart at all before anybody is.
   What it is not for: scoring deals or people by it: a model without signal on later deals is said to have none. */
#ifndef STATS_LOGISTIC_H
#define STATS_LOGISTIC_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define LOGISTIC_MOST 400 /* columns */

/* Rows with the same categories, counted together. level[f] of factor f, 0 is the reference level. */
struct logistic_row {
	const int32_t *level;
	int64_t won, decided;
};

struct logistic {
	const int32_t *levels; /* how many each factor has */
	size_t n_factors;
	const double *coef; /* intercept, then each factor's levels from 1 on */
	size_t n_coef;
	bool settled; /* false: a category was all won or all lost, and its coefficient ran away */
};

/* Maximum likelihood by iteratively weighted least squares, as R's glm: McCullagh and Nelder, Generalized Linear
   Models, 2nd ed. (1989) 2.5 and 4.4, to a relative change of deviance of 1e-12. Levels that no row has get coefficient
   0. ERR_INPUT: no rows, a level out of range, or more columns than LOGISTIC_MOST. */
enum err logistic_fit(struct arena *a, const struct logistic_row *row, size_t n, const int32_t *levels,
        size_t n_factors, struct logistic *ret);
double logistic_chance(const struct logistic *m, const int32_t *level);

#endif
