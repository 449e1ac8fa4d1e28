#include "stats/rate.h"

#include <assert.h>
#include <math.h>

rate
rate_of(int64_t num, int64_t den)
{
	rate r = { .num = num, .den = den < 0 ? 0 : den, .low = 0, .high = 1 };
	r.num = num < 0 ? 0 : num > r.den ? r.den : num;
	if (r.den == 0)
		return r;
	double n = (double)r.den, p = (double)r.num / n, z2 = RATE_Z * RATE_Z;
	double mid = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = RATE_Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
	/* The ends are exactly 0 and 1 there; rounding must not say -1e-17. */
	r.low = r.num == 0 ? 0 : fmax(0, mid - half);
	r.high = r.num == r.den ? 1 : fmin(1, mid + half);
	return r;
}

double
rate_share(rate r)
{
	return r.den > 0 ? (double)r.num / (double)r.den : NAN;
}

rate_gap
rate_difference(rate a, rate b)
{
	if (a.den <= 0 || b.den <= 0)
		return (rate_gap){ .diff = NAN, .low = -1, .high = 1 };
	double p = rate_share(a), q = rate_share(b);
	return (rate_gap){
		.diff = p - q,
		.low = fmax(-1, p - q - hypot(p - a.low, b.high - q)),
		.high = fmin(1, p - q + hypot(a.high - p, q - b.low)),
	};
}

enum rate_verdict
rate_compare(rate a, rate b)
{
	if (a.den <= 0 || b.den <= 0)
		return RATE_NO_DATA;
	rate_gap g = rate_difference(a, b);
	return g.low > 0 ? RATE_HIGHER : g.high < 0 ? RATE_LOWER : RATE_WITHIN_CHANCE;
}

enum rate_verdict
rate_against(rate a, double share)
{
	if (a.den <= 0 || isnan(share))
		return RATE_NO_DATA;
	return a.low > share ? RATE_HIGHER : a.high < share ? RATE_LOWER : RATE_WITHIN_CHANCE;
}

str
rate_verdict_words(enum rate_verdict v)
{
	static const str words[] = {
		[RATE_NO_DATA] = STR_INIT("no data"),
		[RATE_WITHIN_CHANCE] = STR_INIT("within what chance does"),
		[RATE_HIGHER] = STR_INIT("higher than chance explains"),
		[RATE_LOWER] = STR_INIT("lower than chance explains"),
	};
	assert(v <= RATE_LOWER);
	return words[v];
}
