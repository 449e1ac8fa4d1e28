#include "stats/quantile.h"

#include <math.h>
#include <stdlib.h>

/* Where type 7 looks: between the lo-th and the (lo+1)-th smallest (from 0), h of the way. */
static size_t
place(size_t n, double p, double *ret_h)
{
	double at = (double)(n - 1) * (p > 0 ? p < 1 ? p : 1 : 0);
	double lo = floor(at);
	*ret_h = at - lo;
	return (size_t)lo;
}

static double
between(double low, double high, double h)
{
	return h > 0 && low < high ? (1 - h) * low + h * high : low;
}

/* The same for both types of value. NAME##_select puts the k-th smallest at x[k], nothing larger before it and nothing
   smaller behind: Hoare's FIND with three ways, so that many equal values (cycle times in days) stay linear. The pivot
   comes from a fixed generator: an order of rows that makes it slow cannot be met by chance. */
#define QUANTILE_OF(TYPE, NAME) \
	static void NAME##_select(TYPE *x, size_t n, size_t k) \
	{ \
		uint64_t random = 0x9e3779b97f4a7c15u; \
		for (size_t lo = 0, end = n; end - lo > 1;) { \
			random = random * 6364136223846793005u + 1442695040888963407u; \
			TYPE pivot = x[lo + (size_t)(random >> 33) % (end - lo)]; \
			size_t less = lo, i = lo, more = end; \
			while (i < more) { \
				TYPE v = x[i]; \
				if (v < pivot) { \
					x[i++] = x[less]; \
					x[less++] = v; \
				} else if (v > pivot) { \
					x[i] = x[--more]; \
					x[more] = v; \
				} else { \
					i++; \
				} \
			} \
			if (k >= less && k < more) \
				return; \
			if (k < less) \
				end = less; \
			else \
				lo = more; \
		} \
	} \
\
	static int NAME##_order(const void *a, const void *b) \
	{ \
		TYPE x = *(const TYPE *)a, y = *(const TYPE *)b; \
		return (x > y) - (x < y); \
	} \
\
	bool quantile_##NAME(TYPE *x, size_t n, double p, double *ret) \
	{ \
		if (n == 0) \
			return false; \
		double h; \
		size_t lo = place(n, p, &h); \
		NAME##_select(x, n, lo); \
		TYPE next = x[lo]; \
		if (lo + 1 < n) { \
			next = x[lo + 1]; \
			for (size_t i = lo + 2; i < n; i++) \
				next = x[i] < next ? x[i] : next; \
		} \
		*ret = between((double)x[lo], (double)next, h); \
		return true; \
	} \
\
	bool quantile_many_##NAME(TYPE *x, size_t n, const double *p, size_t count, double *ret) \
	{ \
		if (n == 0) \
			return false; \
		qsort(x, n, sizeof *x, NAME##_order); \
		for (size_t i = 0; i < count; i++) { \
			double h; \
			size_t lo = place(n, p[i], &h); \
			ret[i] = between((double)x[lo], (double)x[lo + 1 < n ? lo + 1 : lo], h); \
		} \
		return true; \
	}

QUANTILE_OF(int32_t, i32)
QUANTILE_OF(double, f64)

bool
quantile_mean_i32(const int32_t *x, size_t n, double *ret)
{
	if (n == 0)
		return false;
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	*ret = (double)sum / (double)n;
	return true;
}

bool
quantile_mean_f64(const double *x, size_t n, double *ret)
{
	if (n == 0)
		return false;
	double sum = 0, lost = 0;
	for (size_t i = 0; i < n; i++) {
		double next = sum + x[i];
		lost += fabs(sum) >= fabs(x[i]) ? (sum - next) + x[i] : (x[i] - next) + sum;
		sum = next;
	}
	*ret = (sum + lost) / (double)n;
	return true;
}
