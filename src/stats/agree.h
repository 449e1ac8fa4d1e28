/* Do two who look at the same see the same: weighted kappa and the intraclass correlation, with n and interval (E8b).
   What it is not for: how good a person is (nothing here is), or agreement within a group of raters (E4). */
#ifndef STATS_AGREE_H
#define STATS_AGREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Levels that two observers gave to the same things, 1 … AGREE_LEVELS. */
#define AGREE_LEVELS 7

struct agree_pair {
	int a, b;
};

struct agree_kappa {
	int64_t n;        /* things seen by both */
	int64_t same;     /* of them given the same level */
	int64_t near;     /* … the same or the next one */
	double kappa;     /* NaN: not defined, both gave one and the same level throughout */
	double low, high; /* 95 %; NaN: not defined, or no difference was seen */
};

/* Quadratic weights, 1 - (i - j)² ÷ (k - 1)²: Cohen, Psychological Bulletin 70 (1968) 213–220; interval by the
   large-sample variance of Fleiss, Cohen, Everitt, Psychological Bulletin 72 (1969) 323–327, kept within -1 … 1. False,
   ret untouched, when n is 0 or a level is not within 1 … levels, which is 2 … AGREE_LEVELS. */
bool agree_kappa(const struct agree_pair *pair, size_t n, int levels, struct agree_kappa *ret);
/* The same of a table of counts, levels × levels by row, with any weights of agreement (1 on the diagonal). *ret_error:
   the standard error. NaN where not defined. */
double agree_weighted(const double *count, const double *weight, int levels, double *ret_error);

struct agree_icc {
	int64_t n; /* things */
	int raters;
	double between, judges, error; /* mean squares: of things, of raters, of the rest */
	double icc;                    /* NaN: not defined, nothing differs */
	double low, high;              /* 95 %; NaN: not defined */
};

/* ICC(2,1): single ratings, things and raters both drawn at random, absolute agreement. Shrout, Fleiss, Psychological
   Bulletin 86 (1979) 420–428; interval as there and in McGraw, Wong, Psychological Methods 1 (1996) 30–46, case 2A.
   score: n rows of `raters` numbers. False, ret untouched, below two things or two raters. */
bool agree_icc(const double *score, size_t n, int raters, struct agree_icc *ret);

#endif
