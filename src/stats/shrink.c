#include "stats/shrink.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/arena.h"
#include "stats/rate.h"

/* The likelihood is a sum of logs of mu + i·theta (one for each unit that won more than i), 1 - mu + i·theta (lost) and
   1 + i·theta (decided); so counts by i are all it needs, and theta 0 is no special case. */
struct tally {
	const int64_t *won, *lost, *decided; /* [i]: units with more than i */
	size_t n;
};

/* Derivative by mu: falls in mu whatever theta is, so its zero can be bisected. */
static double
slope_mu(const struct tally *t, double mu, double theta)
{
	double d = 0;
	for (size_t i = 0; i < t->n; i++) {
		double step = (double)i * theta;
		if (t->won[i] > 0)
			d += (double)t->won[i] / (mu + step);
		if (t->lost[i] > 0)
			d -= (double)t->lost[i] / (1 - mu + step);
	}
	return d;
}

static double
slope_theta(const struct tally *t, double mu, double theta)
{
	double d = 0;
	for (size_t i = 1; i < t->n && t->decided[i] > 0; i++) {
		double k = (double)i, step = k * theta;
		d -= (double)t->decided[i] * k / (1 + step);
		if (t->won[i] > 0)
			d += (double)t->won[i] * k / (mu + step);
		if (t->lost[i] > 0)
			d += (double)t->lost[i] * k / (1 - mu + step);
	}
	return d;
}

static double
best_mu(const struct tally *t, double theta)
{
	double low = 0, high = 1;
	for (int i = 0; i < 60; i++) {
		double mid = (low + high) / 2;
		if (slope_mu(t, mid, theta) > 0)
			low = mid;
		else
			high = mid;
	}
	return (low + high) / 2;
}

static void
fit(const struct tally *t, struct shrink_fit *f)
{
	f->mu = (double)f->won / (double)f->decided;
	f->theta = 0;
	if (f->won == 0 || f->won == f->decided || slope_theta(t, f->mu, 0) <= 0)
		return;
	/* Along the best mu of each theta, to a relative 1e-14 in theta; at the top a + b is 1e-4: all rates 0 or 1. */
	double low = log(1e-12), high = log(1e4);
	for (int i = 0; i < 52; i++) {
		double mid = (low + high) / 2, theta = exp(mid);
		if (slope_theta(t, best_mu(t, theta), theta) > 0)
			low = mid;
		else
			high = mid;
	}
	f->theta = exp((low + high) / 2);
	f->mu = best_mu(t, f->theta);
}

/* How many have more than i, from how many have just i + 1. */
static void
add_up(int64_t *count, size_t n)
{
	for (size_t i = n; i-- > 1;)
		count[i - 1] += count[i];
}

bool
shrink_fit(struct arena *a, const struct shrink_unit *unit, size_t n, struct shrink_fit *ret)
{
	struct shrink_fit f = { 0 };
	int64_t most = 0;
	for (size_t i = 0; i < n; i++) {
		if (unit[i].won < 0 || unit[i].decided < unit[i].won || unit[i].decided > SHRINK_MOST)
			return false;
		f.won += unit[i].won;
		f.decided += unit[i].decided;
		most = unit[i].decided > most ? unit[i].decided : most;
	}
	if (f.decided == 0)
		return false;
	size_t size = (size_t)most;
	int64_t *won = arena_new(a, int64_t, size), *lost = arena_new(a, int64_t, size);
	int64_t *decided = arena_new(a, int64_t, size);
	for (size_t i = 0; i < n; i++) {
		int64_t w = unit[i].won, d = unit[i].decided;
		if (w > 0)
			won[w - 1]++;
		if (d > w)
			lost[d - w - 1]++;
		if (d > 0)
			decided[d - 1]++;
	}
	add_up(won, size);
	add_up(lost, size);
	add_up(decided, size);
	fit(&(struct tally){ won, lost, decided, size }, &f);
	*ret = f;
	return true;
}

/* Bisected: GSL's own inverse stops the program where it does not converge. */
static double
beta_quantile(double p, double a, double b)
{
	double low = 0, high = 1;
	for (int i = 0; i < 60; i++) {
		double mid = (low + high) / 2;
		if (gsl_cdf_beta_P(mid, a, b) < p)
			low = mid;
		else
			high = mid;
	}
	return (low + high) / 2;
}

struct shrunk
shrink_rate(const struct shrink_fit *fit, struct shrink_unit unit)
{
	if (fit->theta <= 0) {
		rate all = rate_of(fit->won, fit->decided);
		return (struct shrunk){ .share = fit->mu, .low = all.low, .high = all.high };
	}
	double a = fit->mu / fit->theta + (double)unit.won;
	double b = (1 - fit->mu) / fit->theta + (double)(unit.decided - unit.won);
	return (struct shrunk){
		.share = a / (a + b),
		.low = beta_quantile(0.025, a, b),
		.high = beta_quantile(0.975, a, b),
	};
}
