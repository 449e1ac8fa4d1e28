/* The sum of many uncertain deals, drawn: each draw decides every deal once and adds up what is won.
   What it is not for: the chances themselves (survive.h), deals that do not exist yet. */
#ifndef STATS_SIMULATE_H
#define STATS_SIMULATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stats/survive.h"

struct arena;

struct simulate_deal {
	int64_t value;  /* minor units; may be below 0 */
	uint32_t class; /* deals of one class have the same chance */
};

#define SIMULATE_DRAWS_MOST   1000000
#define SIMULATE_CLASSES_MOST 1000000

/* The chance itself is only known as well as the past tells it. So there are several worlds, each with a chance for
   every class; the draws take turns through them. One world: the chances are taken as certain. */
struct simulate {
	const struct simulate_deal *deals;
	size_t n;
	const double *chance; /* [world * n_classes + class], 0 … 1 */
	size_t n_classes, n_worlds;
	int64_t certain; /* minor units added to every draw: what is won already */
	size_t draws;    /* 1 … SIMULATE_DRAWS_MOST; made up to a multiple of 8 × n_worlds at most */
	uint64_t seed;   /* same seed, same answer, however many threads */
	int threads;     /* 1 … 16 */
};

struct simulate_range {
	int64_t p10, p50, p90; /* minor units, rounded half up from type 7 quantiles */
	double mean, sd;
	size_t draws;
	int64_t *totals; /* every draw, ascending */
};

/* ERR_INPUT, ret untouched: chances outside 0 … 1 (or NaN), no draws, a class out of range, or totals that could pass
   2^62. Numbers from xoshiro128++, eight streams a block: Blackman and Vigna, ACM TOMS 47 (2021) 36, seeded by
   splitmix64 from seed and block. A chance is held to 2^-32. Memory: 12 bytes a deal and 8 a draw, whatever their
   product. */
enum err simulate_run(struct arena *a, const struct simulate *s, struct simulate_range *ret);

/* Worlds for a history of spells: the Bayesian bootstrap (Rubin, Annals of Statistics 9 (1981) 130–134; with censored
   times Lo, Annals of Statistics 21 (1993) 100–123). Every deal of the past gets a random weight, and the incidence of
   won is estimated again: chance[world * stride + i] is survive_chance(age[i], within[i]) there. World 0 has the
   history itself. An age that no deal of the past reached open gets 0: nothing says that such a deal is still won. age
   and within are 0 or more. */
struct simulate_ask {
	int64_t age, within;
};
void simulate_worlds(struct arena *a, const struct survive *s, const struct simulate_ask *ask, size_t n,
        size_t n_worlds, uint64_t seed, size_t stride, double *ret_chance);

/* Share of draws of at least that much. */
double simulate_reach(const struct simulate_range *r, int64_t amount);

#endif
