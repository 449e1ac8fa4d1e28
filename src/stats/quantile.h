/* Medians and other quantiles, and means, of days, counts and measures.
   What it is not for: intervals of shares (rate.h); sums of money, which are integers and never pass through here. */
#ifndef STATS_QUANTILE_H
#define STATS_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The p-quantile (p clamped to 0 … 1; 0.5 is the median) of n values in the values' own unit, R's type 7: Hyndman and
   Fan, The American Statistician 50 (1996) 361–365, definition 7. Values may come in any order and are reordered in
   place (selection, O(n) expected). False, ret untouched, when n is 0. No value may be NaN. */
bool quantile_i32(int32_t *x, size_t n, double p, double *ret);
bool quantile_f64(double *x, size_t n, double p, double *ret);

/* Several at once: sorts x ascending in place, then p[0 … count) into ret[0 … count). */
bool quantile_many_i32(int32_t *x, size_t n, const double *p, size_t count, double *ret);
bool quantile_many_f64(double *x, size_t n, const double *p, size_t count, double *ret);

/* Arithmetic mean; of integers the sum is exact, of doubles it is Kahan-Neumaier compensated (Neumaier, ZAMM 54 (1974)
   39–51). False when n is 0. */
bool quantile_mean_i32(const int32_t *x, size_t n, double *ret);
bool quantile_mean_f64(const double *x, size_t n, double *ret);

#endif
