#include "stats/chart.h"

#include <math.h>

/* 3 ÷ 1.128 and 1 + 3 × 0.853 ÷ 1.128: the constants of ranges of two. */
#define NATURAL     2.660
#define RANGE_UPPER 3.268

bool
chart_limits(const double *x, size_t n, struct chart_limits *ret)
{
	if (n < 2)
		return false;
	double sum = x[0], moved = 0;
	for (size_t i = 1; i < n; i++) {
		sum += x[i];
		moved += fabs(x[i] - x[i - 1]);
	}
	double centre = sum / (double)n, range = moved / (double)(n - 1);
	*ret = (struct chart_limits){
		.centre = centre,
		.low = centre - NATURAL * range,
		.high = centre + NATURAL * range,
		.range = range,
		.range_high = RANGE_UPPER * range,
	};
	return true;
}

/* 1 above the centre, -1 below, 0 on it. */
static int
side(double x, const struct chart_limits *l)
{
	return (x > l->centre) - (x < l->centre);
}

/* The same, counting only what lies nearer to the limit than to the centre. */
static int
far_side(double x, const struct chart_limits *l)
{
	return fabs(x - l->centre) > (l->high - l->centre) / 2 ? side(x, l) : 0;
}

static void
mark_runs(const double *x, size_t n, const struct chart_limits *l, uint8_t *signals)
{
	for (size_t from = 0, to; from < n; from = to) {
		to = from + 1;
		while (to < n && side(x[to], l) == side(x[from], l))
			to++;
		if (to - from < 8 || side(x[from], l) == 0)
			continue;
		for (size_t i = from; i < to; i++)
			signals[i] |= CHART_RUN;
	}
}

static void
mark_near(const double *x, size_t n, const struct chart_limits *l, uint8_t *signals)
{
	for (size_t from = 0; from + 4 <= n; from++) {
		for (int want = -1; want <= 1; want += 2) {
			int found = 0;
			for (size_t i = from; i < from + 4; i++)
				found += far_side(x[i], l) == want;
			for (size_t i = from; found >= 3 && i < from + 4; i++)
				if (far_side(x[i], l) == want)
					signals[i] |= CHART_NEAR;
		}
	}
}

void
chart_signals(const double *x, size_t n, const struct chart_limits *limits, uint8_t *ret_signals)
{
	for (size_t i = 0; i < n; i++)
		ret_signals[i] = x[i] > limits->high || x[i] < limits->low ? CHART_OUTSIDE : 0;
	mark_runs(x, n, limits, ret_signals);
	mark_near(x, n, limits, ret_signals);
}
