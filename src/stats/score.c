#include "stats/score.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static int
by_said(const void *x, const void *y)
{
	const struct score_pair *a = x, *b = y;
	return (a->said > b->said) - (a->said < b->said);
}

/* Mann and Whitney, Annals of Mathematical Statistics 18 (1947) 50–60; the pairs are sorted. */
static double
auc(const struct score_pair *p, size_t n, double yes)
{
	double ranks = 0;
	for (size_t from = 0, to; from < n; from = to) {
		double happened = 0;
		for (to = from; to < n && p[to].said <= p[from].said; to++)
			happened += p[to].happened;
		ranks += happened * ((double)(from + to) + 1) / 2;
	}
	double no = (double)n - yes;
	return yes > 0 && no > 0 ? (ranks - yes * (yes + 1) / 2) / (yes * no) : NAN;
}

static void
decompose(const struct score_pair *p, size_t n, struct score *s)
{
	double count[10] = { 0 }, said[10] = { 0 }, happened[10] = { 0 };
	for (size_t i = 0; i < n; i++) {
		int k = p[i].said >= 1 ? 9 : (int)(p[i].said * 10);
		count[k]++;
		said[k] += p[i].said;
		happened[k] += p[i].happened;
	}
	for (int k = 0; k < 10; k++) {
		if (count[k] <= 0)
			continue;
		double y = happened[k] / count[k], off = said[k] / count[k] - y;
		s->reliability += count[k] * off * off / (double)n;
		s->resolution += count[k] * (y - s->base) * (y - s->base) / (double)n;
	}
	s->uncertainty = s->base * (1 - s->base);
}

bool
score_pairs(struct score_pair *pair, size_t n, struct score *ret)
{
	struct score s = { .n = (int64_t)n };
	double yes = 0;

	for (size_t i = 0; i < n; i++) {
		double p = pair[i].said, y = pair[i].happened;
		if (!(p >= 0 && p <= 1))
			return false;
		yes += y;
		s.brier += (p - y) * (p - y);
		s.log_loss -= log(pair[i].happened ? p : 1 - p);
	}
	if (n == 0)
		return false;
	s.brier /= (double)n;
	s.log_loss /= (double)n;
	s.base = yes / (double)n;
	qsort(pair, n, sizeof *pair, by_said);
	s.auc = auc(pair, n, yes);
	decompose(pair, n, &s);
	*ret = s;
	return true;
}

bool
score_binned(const double *said, const double *happened, const double *weight, size_t n, struct score *ret)
{
	struct score s = { .n = (int64_t)n, .auc = NAN, .log_loss = NAN };
	double sum = 0;
	for (size_t i = 0; i < n; i++) {
		sum += weight[i];
		s.base += weight[i] * happened[i];
	}
	if (!(fabs(sum - 1) <= 1e-6))
		return false;
	for (size_t i = 0; i < n; i++) {
		double off = said[i] - happened[i], away = happened[i] - s.base;
		s.reliability += weight[i] * off * off;
		s.resolution += weight[i] * away * away;
	}
	s.uncertainty = s.base * (1 - s.base);
	s.brier = s.reliability - s.resolution + s.uncertainty;
	*ret = s;
	return true;
}

struct score_bias
score_bias(const double *said, const double *came, size_t n)
{
	struct score_bias b = { .mean = NAN, .absolute = NAN, .total = NAN, .low = NAN, .high = NAN };
	double sum = 0, square = 0, away = 0, all_said = 0, all_came = 0;
	for (size_t i = 0; i < n; i++) {
		all_said += said[i];
		all_came += came[i];
		if (came[i] <= 0)
			continue;
		double x = (said[i] - came[i]) / came[i];
		b.n++;
		sum += x;
		square += x * x;
		away += fabs(x);
	}
	if (all_came > 0)
		b.total = (all_said - all_came) / all_came;
	double m = (double)b.n;
	if (b.n == 0)
		return b;
	b.mean = sum / m;
	b.absolute = away / m;
	if (b.n < 2)
		return b;
	double var = fmax(0, (square - m * b.mean * b.mean) / (m - 1));
	double half = gsl_cdf_tdist_Pinv(0.975, m - 1) * sqrt(var / m);
	b.low = b.mean - half;
	b.high = b.mean + half;
	return b;
}
