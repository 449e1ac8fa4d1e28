/* Tables of counts: are two shares different, are many units different at all, and how sure is that.
   What it is not for: the share itself with its interval (rate.h), pulling units together (shrink.h). */
#ifndef STATS_TABLE_H
#define STATS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Won and lost with a characteristic and without it. */
struct table_two {
	int64_t a, b; /* with: won, lost */
	int64_t c, d; /* without: won, lost */
};

/* Fisher's exact test, two-sided: the sum of the hypergeometric chances of all tables not more likely than the one seen
   (Fisher, JRSS 98 (1935) 39–82; the choice of tables that R's fisher.test makes, with its relative slack of 1e-7). NaN
   when a count is below 0. */
double table_fisher(struct table_two t);
/* One-sided: the chance of a or fewer in the first cell. */
double table_fisher_less(struct table_two t);

struct table_chi {
	double chi;   /* Pearson's statistic */
	int64_t df;   /* 0: nothing to compare */
	double p;     /* NaN when df is 0 */
	int64_t n;    /* units with any */
	double least; /* smallest expected count: below 5 the test is rough */
};
/* Do won[i] of decided[i] differ between units more than chance makes them? Pearson, Philosophical Magazine 50 (1900)
   157–175, on units × (won, lost); units with none decided are left out. */
struct table_chi table_differ(const int64_t *won, const int64_t *decided, size_t n);
/* 2 × 2, with Yates' correction (JRSS Supplement 1 (1934) 217–235) or without. */
struct table_chi table_pearson(struct table_two t, bool yates);

/* Risk ratio (a/(a+b)) ÷ (c/(c+d)) with the 95 % interval on the log scale: Katz, Baptista, Azen and Pike, Biometrics
   34 (1978) 469–474. NaN where a, or the other side, has no event. */
struct table_ratio {
	double ratio, low, high;
};
struct table_ratio table_risk(struct table_two t);

/* p-values of one family adjusted so that the chance of any false find stays what it says: Holm, Scandinavian Journal
   of Statistics 6 (1979) 65–70. In place, any order. NaN stays and does not count. */
void table_holm(double *p, size_t n);

#endif
