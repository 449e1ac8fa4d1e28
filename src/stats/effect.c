#include "stats/effect.h"

#include <math.h>

#include "stats/rate.h"

static bool
possible(const struct effect_group *g)
{
	return g->before_yes >= 0 && g->after_yes >= 0 && g->before_n >= g->before_yes && g->after_n >= g->after_yes;
}

/* Adds one share to a sum of them: as it is, or taken away, with what its interval lends to either end. */
static void
add(rate r, bool away, double *value, double *down, double *up)
{
	double share = rate_share(r), low = share - r.low, high = r.high - share;

	*value += away ? -share : share;
	*down += away ? high * high : low * low;
	*up += away ? low * low : high * high;
}

bool
effect_of(const struct effect_group *group, const struct effect_group *others, struct effect *ret)
{
	double value = 0, down = 0, up = 0, moved;
	rate before, after;

	if (!possible(group) || group->before_n <= 0 || group->after_n <= 0 || (others && !possible(others)))
		return false;
	before = rate_of(group->before_yes, group->before_n);
	after = rate_of(group->after_yes, group->after_n);
	add(after, false, &value, &down, &up);
	add(before, true, &value, &down, &up);
	*ret = (struct effect){ .before = rate_share(before),
		.after = rate_share(after),
		.change = value,
		.regress = group->regress,
		.others = NAN };
	moved = group->regress;
	if (others && others->before_n > 0 && others->after_n > 0) {
		rate was = rate_of(others->before_yes, others->before_n),
		     is = rate_of(others->after_yes, others->after_n);
		ret->others = rate_share(is) - rate_share(was) - others->regress;
		add(is, true, &value, &down, &up);
		add(was, false, &value, &down, &up);
		moved -= others->regress;
	}
	ret->diff = value - moved;
	ret->low = ret->diff - sqrt(down);
	ret->high = ret->diff + sqrt(up);
	return true;
}

/* Morris's estimate of the spread, with the mean that goes with it; each in turn until neither moves. */
static double
spread(const double *y, const double *se, size_t n, double *ret_mu)
{
	double k = (double)n, between = 0, mu = 0;

	for (int turn = 0; turn < 500; turn++) {
		double weight = 0, sum = 0, next = 0, was = between;
		for (size_t i = 0; i < n; i++) {
			weight += 1 / (se[i] * se[i] + between);
			sum += y[i] / (se[i] * se[i] + between);
		}
		mu = sum / weight;
		for (size_t i = 0; i < n; i++) {
			double v = se[i] * se[i], far = y[i] - mu;
			next += (k / (k - 1) * far * far - v) / (v + between);
		}
		between = fmax(0, next / weight);
		if (fabs(between - was) <= 1e-15 + 1e-13 * between)
			break;
	}
	*ret_mu = mu;
	return between;
}

bool
effect_pull(
        const double *value, const double *se, size_t n, struct effect_common *ret_common, struct effect_pulled *ret)
{
	double k = (double)n, mu, between, weight = 0, mean = 0;

	if (n < EFFECT_PULL_LEAST)
		return false;
	between = spread(value, se, n, &mu);
	for (size_t i = 0; i < n; i++) {
		double v = se[i] * se[i];
		weight += 1 / (v + between);
		mean += v / (v + between);
	}
	mean /= weight; /* of the variances, by weight */
	for (size_t i = 0; i < n; i++) {
		double v = se[i] * se[i], w = 1 / (v + between), far = value[i] - mu;
		double pull = (k - 3) / (k - 1) * v * w, own = k * w / weight;
		double error =
		        v * (1 - (k - own) / k * pull) + 2 / (k - 3) * pull * pull * (mean + between) * w * far * far;
		double z = RATE_Z * sqrt(fmax(0, error));
		ret[i] = (struct effect_pulled){ .value = (1 - pull) * value[i] + pull * mu, .pull = pull };
		ret[i].low = ret[i].value - z;
		ret[i].high = ret[i].value + z;
	}
	*ret_common = (struct effect_common){
		.mu = mu, .low = mu - RATE_Z / sqrt(weight), .high = mu + RATE_Z / sqrt(weight), .spread = between
	};
	return true;
}
