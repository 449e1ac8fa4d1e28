#include "stats/agree.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stats/rate.h"

/* ---- kappa ---- */

struct margins {
	double row[AGREE_LEVELS], column[AGREE_LEVELS];    /* shares */
	double by_row[AGREE_LEVELS], by_col[AGREE_LEVELS]; /* mean weight of a row over the columns' shares, and back */
	double n, observed, expected;
};

static void
find_margins(const double *count, const double *weight, int k, struct margins *m)
{
	*m = (struct margins){ 0 };
	for (int i = 0; i < k * k; i++)
		m->n += count[i];
	for (int i = 0; i < k; i++)
		for (int j = 0; j < k; j++) {
			double p = count[i * k + j] / m->n;
			m->row[i] += p;
			m->column[j] += p;
			m->observed += weight[i * k + j] * p;
		}
	for (int i = 0; i < k; i++)
		for (int j = 0; j < k; j++) {
			m->expected += weight[i * k + j] * m->row[i] * m->column[j];
			m->by_row[i] += weight[i * k + j] * m->column[j];
			m->by_col[j] += weight[i * k + j] * m->row[i];
		}
}

double
agree_weighted(const double *count, const double *weight, int levels, double *ret_error)
{
	struct margins m;
	double sum = 0, off, far;

	find_margins(count, weight, levels, &m);
	far = 1 - m.expected;
	*ret_error = NAN;
	if (!(m.n > 0) || !(far > 1e-12))
		return NAN;
	for (int i = 0; i < levels; i++)
		for (int j = 0; j < levels; j++) {
			double x = weight[i * levels + j] * far - (m.by_row[i] + m.by_col[j]) * (1 - m.observed);
			sum += count[i * levels + j] / m.n * x * x;
		}
	off = m.observed * m.expected - 2 * m.expected + m.observed;
	*ret_error = sqrt(fmax(sum - off * off, 0) / m.n) / (far * far);
	return (m.observed - m.expected) / far;
}

bool
agree_kappa(const struct agree_pair *pair, size_t n, int levels, struct agree_kappa *ret)
{
	double count[AGREE_LEVELS * AGREE_LEVELS] = { 0 }, weight[AGREE_LEVELS * AGREE_LEVELS], error;
	struct agree_kappa x = { .n = (int64_t)n, .low = NAN, .high = NAN };

	if (!n || levels < 2 || levels > AGREE_LEVELS)
		return false;
	for (size_t i = 0; i < n; i++) {
		int a = pair[i].a, b = pair[i].b;
		if (a < 1 || a > levels || b < 1 || b > levels)
			return false;
		count[(a - 1) * levels + b - 1]++;
		x.same += a == b;
		x.near += a - b <= 1 && b - a <= 1;
	}
	for (int i = 0; i < levels; i++)
		for (int j = 0; j < levels; j++)
			weight[i * levels + j] = 1 - (double)((i - j) * (i - j)) / ((levels - 1) * (levels - 1));
	x.kappa = agree_weighted(count, weight, levels, &error);
	if (!isnan(x.kappa) && error > 1e-12) {
		x.low = fmax(x.kappa - RATE_Z * error, -1);
		x.high = fmin(x.kappa + RATE_Z * error, 1);
	}
	*ret = x;
	return true;
}

/* ---- the intraclass correlation ---- */

static void
find_squares(const double *score, size_t n, int k, struct agree_icc *x)
{
	double all = 0, total = 0, rows = 0, columns = 0;

	for (size_t i = 0; i < n * (size_t)k; i++)
		all += score[i] / ((double)n * k);
	for (size_t i = 0; i < n; i++) {
		double mean = 0;
		for (int j = 0; j < k; j++) {
			double off = score[i * (size_t)k + (size_t)j] - all;
			mean += off / k;
			total += off * off;
		}
		rows += k * mean * mean;
	}
	for (int j = 0; j < k; j++) {
		double mean = 0;
		for (size_t i = 0; i < n; i++)
			mean += (score[i * (size_t)k + (size_t)j] - all) / (double)n;
		columns += (double)n * mean * mean;
	}
	x->between = rows / (double)(n - 1);
	x->judges = columns / (k - 1);
	x->error = fmax(total - rows - columns, 0) / ((double)(n - 1) * (k - 1));
}

static void
find_interval(struct agree_icc *x)
{
	double n = (double)x->n, k = x->raters, p = x->icc, f = x->judges / x->error;
	double part = n * (1 + (k - 1) * p) - k * p;
	double over = (k - 1) * (n - 1) * (k * p * f + part) * (k * p * f + part);
	double df = over / ((n - 1) * k * k * p * p * f * f + part * part);
	double rest = k * x->judges + (k * n - k - n) * x->error, upper, lower;

	if (!isfinite(df) || !(df > 0))
		return;
	upper = gsl_cdf_fdist_Pinv(.975, n - 1, df);
	lower = gsl_cdf_fdist_Pinv(.975, df, n - 1);
	x->low = n * (x->between - upper * x->error) / (upper * rest + n * x->between);
	x->high = n * (lower * x->between - x->error) / (rest + n * lower * x->between);
}

bool
agree_icc(const double *score, size_t n, int raters, struct agree_icc *ret)
{
	struct agree_icc x = { .n = (int64_t)n, .raters = raters, .icc = NAN, .low = NAN, .high = NAN };
	double under;

	if (n < 2 || raters < 2)
		return false;
	find_squares(score, n, raters, &x);
	under = x.between + (raters - 1) * x.error + raters * (x.judges - x.error) / (double)n;
	if (under > 1e-12) {
		x.icc = (x.between - x.error) / under;
		if (x.error > 1e-12)
			find_interval(&x);
	}
	*ret = x;
	return true;
}
