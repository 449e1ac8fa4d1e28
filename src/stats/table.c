#include "stats/table.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stats/rate.h"

static bool
sound(struct table_two t)
{
	return t.a >= 0 && t.b >= 0 && t.c >= 0 && t.d >= 0;
}

/* log n! */
static double
factorial(int64_t n)
{
	return lgamma((double)n + 1);
}

/* log of the chance of x in the first cell when all margins stay. */
static double
log_chance(struct table_two t, int64_t x)
{
	int64_t row1 = t.a + t.b, row2 = t.c + t.d, col1 = t.a + t.c;
	return factorial(row1) - factorial(x) - factorial(row1 - x) + factorial(row2) - factorial(col1 - x) -
	       factorial(row2 - col1 + x) - factorial(row1 + row2) + factorial(col1) + factorial(row1 + row2 - col1);
}

static int64_t
least_first(struct table_two t)
{
	int64_t low = t.a - t.d;
	return low > 0 ? low : 0;
}

static int64_t
most_first(struct table_two t)
{
	int64_t row = t.a + t.b, col = t.a + t.c;
	return row < col ? row : col;
}

double
table_fisher(struct table_two t)
{
	if (!sound(t))
		return NAN;
	double seen = log_chance(t, t.a), p = 0;
	for (int64_t x = least_first(t); x <= most_first(t); x++) {
		double l = log_chance(t, x);
		if (l <= seen + 1e-7)
			p += exp(l);
	}
	return fmin(1, p);
}

double
table_fisher_less(struct table_two t)
{
	if (!sound(t))
		return NAN;
	double p = 0;
	for (int64_t x = least_first(t); x <= t.a; x++)
		p += exp(log_chance(t, x));
	return fmin(1, p);
}

struct table_chi
table_differ(const int64_t *won, const int64_t *decided, size_t n)
{
	struct table_chi r = { .p = NAN, .least = INFINITY };
	double all = 0, all_won = 0;
	for (size_t i = 0; i < n; i++) {
		all += (double)decided[i];
		all_won += (double)won[i];
		r.n += decided[i] > 0;
	}
	if (r.n < 2 || all_won <= 0 || all_won >= all) {
		r.least = 0;
		return r;
	}
	double share = all_won / all;
	for (size_t i = 0; i < n; i++) {
		if (decided[i] <= 0)
			continue;
		double m = (double)decided[i], off = (double)won[i] - m * share;
		r.chi += off * off / (m * share) + off * off / (m * (1 - share));
		r.least = fmin(r.least, m * fmin(share, 1 - share));
	}
	r.df = r.n - 1;
	r.p = gsl_cdf_chisq_Q(r.chi, (double)r.df);
	return r;
}

struct table_chi
table_pearson(struct table_two t, bool yates)
{
	double a = (double)t.a, b = (double)t.b, c = (double)t.c, d = (double)t.d, n = a + b + c + d;
	double margins = (a + b) * (c + d) * (a + c) * (b + d);
	struct table_chi r = { .p = NAN, .n = 2 };
	if (!sound(t) || margins <= 0)
		return r;
	double off = fabs(a * d - b * c);
	off = yates ? off - fmin(n / 2, off) : off;
	r.chi = n * off * off / margins;
	r.df = 1;
	r.p = gsl_cdf_chisq_Q(r.chi, 1);
	r.least = fmin(a + b, c + d) * fmin(a + c, b + d) / n;
	return r;
}

struct table_ratio
table_risk(struct table_two t)
{
	double a = (double)t.a, c = (double)t.c, m = a + (double)t.b, n = c + (double)t.d;
	if (!sound(t) || a <= 0 || c <= 0)
		return (struct table_ratio){ NAN, NAN, NAN };
	double ratio = a / m / (c / n), se = sqrt(1 / a - 1 / m + 1 / c - 1 / n);
	return (struct table_ratio){ ratio, ratio * exp(-RATE_Z * se), ratio * exp(RATE_Z * se) };
}

void
table_holm(double *p, size_t n)
{
	size_t left = 0;
	double least = 0;
	for (size_t i = 0; i < n; i++)
		left += isnan(p[i]) ? 0 : 1;
	/* Smallest first, marked by a sign of its own: 2 + p. Families are short. */
	for (; left > 0; left--) {
		size_t at = n;
		for (size_t i = 0; i < n; i++)
			if (!isnan(p[i]) && p[i] <= 1 && (at == n || p[i] < p[at]))
				at = i;
		least = fmax(least, fmin(1, p[at] * (double)left));
		p[at] = 2 + least;
	}
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 2)
			p[i] -= 2;
}
