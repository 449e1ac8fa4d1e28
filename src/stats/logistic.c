#include "stats/logistic.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

struct work {
	double *matrix, *right; /* X'WX, X'Wz */
	double *coef;
	size_t m;
};

/* The columns of a row that are 1: the intercept and one for each factor not at its reference. */
static size_t
columns_of(const struct logistic *m, const int32_t *level, size_t *ret)
{
	size_t n = 0, at = 1;
	ret[n++] = 0;
	for (size_t f = 0; f < m->n_factors; at += (size_t)m->levels[f++] - 1)
		if (level[f] > 0)
			ret[n++] = at + (size_t)level[f] - 1;
	return n;
}

static double
linear(const struct logistic *m, const double *coef, const int32_t *level)
{
	size_t column[32];
	double x = 0;
	for (size_t i = columns_of(m, level, column); i-- > 0;)
		x += coef[column[i]];
	return x;
}

double
logistic_chance(const struct logistic *m, const int32_t *level)
{
	return 1 / (1 + exp(-linear(m, m->coef, level)));
}

static double
deviance(const struct logistic *m, const double *coef, const struct logistic_row *row, size_t n)
{
	double d = 0;
	for (size_t i = 0; i < n; i++) {
		double x = linear(m, coef, row[i].level), won = (double)row[i].won;
		/* log p = -log1p(exp(-x)), log (1 - p) = -log1p(exp(x)) */
		d += 2 * (won * log1p(exp(-x)) + ((double)row[i].decided - won) * log1p(exp(x)));
	}
	return d;
}

static void
gather(const struct logistic *m, struct work *w, const struct logistic_row *row, size_t n)
{
	memset(w->matrix, 0, w->m * w->m * sizeof *w->matrix);
	memset(w->right, 0, w->m * sizeof *w->right);
	for (size_t i = 0; i < n; i++) {
		size_t column[32], k = columns_of(m, row[i].level, column);
		double x = linear(m, w->coef, row[i].level), p = 1 / (1 + exp(-x));
		double weight = (double)row[i].decided * p * (1 - p);
		double z = weight * x + (double)row[i].won - (double)row[i].decided * p;
		for (size_t s = 0; s < k; s++) {
			w->right[column[s]] += z;
			for (size_t t = 0; t < k; t++)
				w->matrix[column[s] * w->m + column[t]] += weight;
		}
	}
}

/* Cholesky in place; a column without any row, or told by the others, is set to 0. */
static void
solve(struct work *w)
{
	size_t m = w->m;
	double *l = w->matrix;
	for (size_t j = 0; j < m; j++) {
		double whole = l[j * m + j], d = whole;
		for (size_t k = 0; k < j; k++)
			d -= l[j * m + k] * l[j * m + k];
		bool dead = !(d > 1e-10 * whole) || !(whole > 0);
		l[j * m + j] = dead ? 0 : sqrt(d);
		for (size_t i = j + 1; i < m; i++) {
			double x = l[i * m + j];
			for (size_t k = 0; k < j; k++)
				x -= l[i * m + k] * l[j * m + k];
			l[i * m + j] = dead ? 0 : x / l[j * m + j];
		}
	}
	for (size_t i = 0; i < m; i++) {
		double x = w->right[i];
		for (size_t k = 0; k < i; k++)
			x -= l[i * m + k] * w->right[k];
		w->right[i] = l[i * m + i] > 0 ? x / l[i * m + i] : 0;
	}
	for (size_t i = m; i-- > 0;) {
		double x = w->right[i];
		for (size_t k = i + 1; k < m; k++)
			x -= l[k * m + i] * w->right[k];
		w->right[i] = l[i * m + i] > 0 ? x / l[i * m + i] : 0;
	}
}

static bool
in_range(const struct logistic_row *row, size_t n, const int32_t *levels, size_t n_factors)
{
	for (size_t i = 0; i < n; i++) {
		if (row[i].won < 0 || row[i].decided < row[i].won)
			return false;
		for (size_t f = 0; f < n_factors; f++)
			if (row[i].level[f] < 0 || row[i].level[f] >= levels[f])
				return false;
	}
	return true;
}

enum err
logistic_fit(struct arena *a, const struct logistic_row *row, size_t n, const int32_t *levels, size_t n_factors,
        struct logistic *ret)
{
	struct logistic m = { .levels = levels, .n_factors = n_factors, .n_coef = 1 };
	for (size_t f = 0; f < n_factors; f++)
		m.n_coef += levels[f] > 0 ? (size_t)levels[f] - 1 : LOGISTIC_MOST;
	if (n == 0 || n_factors > 31 || m.n_coef > LOGISTIC_MOST || !in_range(row, n, levels, n_factors))
		return ERR_INPUT;
	struct work w = { arena_new(a, double, m.n_coef *m.n_coef), arena_new(a, double, m.n_coef),
		arena_new(a, double, m.n_coef), m.n_coef };
	double before = deviance(&m, w.coef, row, n);
	for (int step = 0; step < 30 && !m.settled; step++) {
		gather(&m, &w, row, n);
		solve(&w);
		memcpy(w.coef, w.right, w.m * sizeof *w.coef);
		double now = deviance(&m, w.coef, row, n);
		m.settled = fabs(now - before) <= 1e-12 * (fabs(now) + 0.1);
		before = now;
	}
	for (size_t i = 0; i < w.m; i++)
		m.settled &= fabs(w.coef[i]) < 15;
	m.coef = w.coef;
	*ret = m;
	return OK;
}
