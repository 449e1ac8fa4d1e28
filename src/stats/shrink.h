/* Win rates of many units at once, pulled towards the common rate as far as their own numbers are few. C9
   What it is not for: one or two rates (rate.h), ranking people (L3 forbids it). */
#ifndef STATS_SHRINK_H
#define STATS_SHRINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct shrink_unit {
	int64_t won, decided; /* 0 <= won <= decided; a unit with none decided adds nothing and gets the common rate */
};

struct shrink_fit {
	double mu;    /* common rate, 0 … 1 */
	double theta; /* 1 ÷ (a + b) of the beta distribution of true rates; 0: no more spread than chance makes */
	int64_t won, decided; /* all units together */
};

struct shrunk {
	double share;     /* posterior mean, 0 … 1 */
	double low, high; /* 95 % */
};

/* Beta-binomial by maximum likelihood over mu and theta together: Griffiths, Biometrics 29 (1973) 637–648; the sums of
   Smith, Applied Statistics 32 (1983) 196–204 (AS 189). The arena gives room for counts up to the largest `decided`.
   False, ret untouched, when nothing is decided, a unit is impossible or has over SHRINK_MOST decided. */
bool shrink_fit(struct arena *a, const struct shrink_unit *unit, size_t n, struct shrink_fit *ret);
#define SHRINK_MOST 1000000

/* (won + a) ÷ (decided + a + b) with the quantiles of Beta(won + a, lost + b): empirical Bayes, Casella, The American
   Statistician 39 (1985) 83–87. Where theta is 0 everybody gets the common rate with Wilson's interval of all units. */
struct shrunk shrink_rate(const struct shrink_fit *fit, struct shrink_unit unit);

#endif
