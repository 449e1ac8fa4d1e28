/* Did a share change more than it would have anyway: own change, less what regression to the mean makes, less the same
   of those who had no treatment; and many such figures pulled towards the common one. C9 What it is not for: one or two
   shares (rate.h), which deals count as before and after (areas/coaching/effect.h). */
#ifndef STATS_EFFECT_H
#define STATS_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One group in two times. */
struct effect_group {
	int64_t before_yes, before_n, after_yes, after_n; /* 0 <= yes <= n */
	double regress; /* change that regression to the mean alone makes: expected share without treatment less before
	                 */
};

struct effect {
	double before, after; /* shares of the group, 0 … 1 */
	double change;        /* after - before */
	double regress;       /* of that, regression to the mean */
	double others;        /* change of the others less their own regression; NaN: nobody to compare with */
	double diff;          /* change - regress - others */
	double low, high;     /* 95 % of diff */
};

/* Difference in differences of shares. Its interval: from the four Wilson intervals by the method of variance estimates
   recovery (Zou and Donner, Statistics in Medicine 27 (2008) 1693–1702), which for two shares is Newcombe's; so a share
   of 0 or 1 has an interval, too. Regression to the mean (Barnett, van der Pols and Dobson, International Journal of
   Epidemiology 34 (2005) 215–220) moves figure and interval alike. others NULL, or without deals: the group alone.
   False, ret untouched: the group has none before or none after, or a count is impossible. */
bool effect_of(const struct effect_group *group, const struct effect_group *others, struct effect *ret);

/* Below so many figures nothing is pulled: the sum needs three more than its one common value. */
#define EFFECT_PULL_LEAST 4

struct effect_common {
	double mu, low, high; /* the common figure, 95 % */
	double spread;        /* variance of the true figures; 0: no more spread than chance makes */
};

struct effect_pulled {
	double value, low, high; /* 95 % */
	double pull;             /* 0: its own figure stands; 1: the common one does */
};

/* Parametric empirical Bayes with unequal variances: Morris, JASA 78 (1983) 47–55, section 5. value[i] has the standard
   error se[i] > 0. False, rets untouched, for fewer than EFFECT_PULL_LEAST. ret: n of them. */
bool effect_pull(
        const double *value, const double *se, size_t n, struct effect_common *ret_common, struct effect_pulled *ret);

#endif
