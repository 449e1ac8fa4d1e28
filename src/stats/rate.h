/* A share of counted things with what chance does to it: n of m, its interval, and whether two shares differ.
   Every rate shown goes with its n and interval (A3, D7, C9), so all three travel together.
   What it is not for: many units compared at once (shrink.h), money (gap.h). */
#ifndef STATS_RATE_H
#define STATS_RATE_H

#include <stdint.h>

#include "base/str.h"

/* The 97.5 % point of the normal distribution: all intervals here are two-sided 95 %. */
#define RATE_Z 1.959963984540054

typedef struct {
	int64_t num, den; /* kept of due, won of decided: 0 <= num <= den */
	double low, high; /* 95 % interval, 0 … 1; 0 and 1 when den is 0: nothing is known */
} rate;

typedef struct {
	double diff;      /* share of a minus share of b, -1 … 1; NaN when either has no data */
	double low, high; /* 95 % interval, -1 … 1 */
} rate_gap;

enum rate_verdict {
	RATE_NO_DATA, /* one of the two has a denominator of 0 */
	RATE_WITHIN_CHANCE,
	RATE_HIGHER, /* the first is higher than chance explains */
	RATE_LOWER,
};

/* Interval: Wilson, JASA 22 (1927) 209–212, score interval without continuity correction. num is clamped to 0 … den and
   den to 0 or more, so that a rate never leaves 0 … 1. */
rate rate_of(int64_t num, int64_t den);
/* num ÷ den; NaN when den is 0 ("no data", never 0 %). */
double rate_share(rate r);

/* Interval of the difference: Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10 (from two Wilson
   intervals). */
rate_gap rate_difference(rate a, rate b);
/* RATE_WITHIN_CHANCE exactly when Newcombe's interval holds 0, its ends included. */
enum rate_verdict rate_compare(rate a, rate b);
/* Against a fixed share (a target, a promise): within chance exactly when Wilson's interval holds it. */
enum rate_verdict rate_against(rate a, double share);
/* "no data", "within what chance does", "higher than chance explains", "lower than chance explains". */
str rate_verdict_words(enum rate_verdict v);

#endif
