/* Process-behaviour (XmR) charts: which points are signals and which are the noise every process has. L2.
   What it is not for: drawing (html/), shares with known denominators (rate.h). */
#ifndef STATS_CHART_H
#define STATS_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chart_limits {
	double centre;     /* mean of the values, in their unit */
	double low, high;  /* natural process limits; low may be below 0, draw none then for a count */
	double range;      /* mean moving range */
	double range_high; /* upper limit of a moving range */
};

enum chart_signal {
	CHART_OUTSIDE = 1, /* beyond a limit */
	CHART_RUN = 2,     /* one of eight or more in a row on the same side of the centre */
	CHART_NEAR = 4,    /* one of three of four in a row nearer to the same limit than to the centre */
};

/* Limits from n successive values, oldest first: Wheeler, Understanding Variation, 2nd ed. (2000), chapter 3 and
   appendix: centre ± 2.66 mean moving ranges, ranges up to 3.268 of them. False, ret untouched, below 2 values; with
   fewer than six the limits are very soft and the caller should say so. */
bool chart_limits(const double *x, size_t n, struct chart_limits *ret);
/* For each value the sum of its enum chart_signal, 0: noise. The three detection rules are Wheeler's, same place. */
void chart_signals(const double *x, size_t n, const struct chart_limits *limits, uint8_t *ret_signals);

#endif
