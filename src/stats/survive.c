#include "stats/survive.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stats/rate.h"

bool
survive_add(struct arena *a, struct survive *s, int64_t days, enum survive_end end, int64_t count)
{
	if (days < 0 || days > SURVIVE_MOST || count < 0)
		return false;
	size_t day = (size_t)days;
	if (day >= s->cap) {
		size_t cap = day < 512 ? 1024 : 2 * day;
		for (int k = 0; k < SURVIVE_ENDS; k++) {
			int64_t *grown = arena_new(a, int64_t, cap);
			if (s->n)
				memcpy(grown, s->count[k], s->n * sizeof *grown);
			s->count[k] = grown;
		}
		s->cap = cap;
	}
	if (day >= s->n)
		s->n = day + 1;
	s->count[end][day] += count;
	s->total += count;
	return true;
}

void
survive_copy(struct arena *a, struct survive *s)
{
	for (int k = 0; k < SURVIVE_ENDS; k++)
		s->count[k] = s->n ? arena_copy(a, s->count[k], s->n * sizeof *s->count[k]) : NULL;
	s->cap = s->n;
}

void
survive_merge(struct arena *a, struct survive *to, const struct survive *s)
{
	if (s->n) /* room for all of them */
		survive_add(a, to, (int64_t)s->n - 1, SURVIVE_OPEN, 0);
	for (int k = 0; k < SURVIVE_ENDS; k++)
		for (size_t day = 0; day < s->n; day++)
			to->count[k][day] += s->count[k][day];
	to->total += s->total;
}

static int64_t
events_on(const struct survive *s, size_t day, enum survive_event event)
{
	return event == SURVIVE_ANY        ? s->count[SURVIVE_WON][day] + s->count[SURVIVE_LOST][day]
	       : event == SURVIVE_WON_ONLY ? s->count[SURVIVE_WON][day]
	                                   : s->count[SURVIVE_LOST][day];
}

static int64_t
leave_on(const struct survive *s, size_t day)
{
	return s->count[SURVIVE_OPEN][day] + s->count[SURVIVE_WON][day] + s->count[SURVIVE_LOST][day];
}

size_t
survive_curve(struct arena *a, const struct survive *s, enum survive_event event, const struct survive_point **ret)
{
	struct survive_point *p = arena_new(a, struct survive_point, s->n ? s->n : 1);
	int64_t at_risk = s->total;
	double share = 1, sum = 0;
	size_t n = 0;

	for (size_t day = 0; day < s->n; day++) {
		int64_t d = events_on(s, day, event);
		if (d > 0) {
			double r = (double)at_risk, left = (double)(at_risk - d);
			share *= left / r;
			sum += left > 0 ? (double)d / (r * left) : INFINITY;
			double se = sqrt(sum);
			p[n++] = (struct survive_point){ .days = (int64_t)day,
				.at_risk = at_risk,
				.events = d,
				.share = share,
				.error = share > 0 ? share * se : NAN,
				.low = share > 0 ? share * exp(-RATE_Z * se) : NAN,
				.high = share > 0 ? fmin(1, share * exp(RATE_Z * se)) : NAN };
		}
		at_risk -= leave_on(s, day);
	}
	*ret = p;
	return n;
}

const struct survive_point *
survive_at(const struct survive_point *p, size_t n, int64_t days)
{
	const struct survive_point *found = NULL;
	for (size_t i = 0; i < n && p[i].days <= days; i++)
		found = &p[i];
	return found;
}

struct survive_days
survive_quantile(const struct survive_point *p, size_t n, double share)
{
	struct survive_days q = { -1, -1, -1 };
	for (size_t i = n; i-- > 0;) { /* the curve falls, so the first that is low enough is the last found */
		const double slack = 1 - share + 1e-12;
		if (p[i].share <= slack)
			q.days = p[i].days;
		if (p[i].low <= slack)
			q.low = p[i].days;
		if (p[i].high <= slack)
			q.high = p[i].days;
	}
	return q;
}

struct survive_mean
survive_restricted(const struct survive_point *p, size_t n, int64_t until)
{
	double area = 0, var = 0, after = 0, end = (double)until;
	for (size_t i = n; i-- > 0;) { /* backwards: the area after each event is needed for its part of the variance */
		if (p[i].days >= until)
			continue;
		after += p[i].share * (end - (double)p[i].days);
		end = (double)p[i].days;
		double r = (double)p[i].at_risk, d = (double)p[i].events;
		if (r > d)
			var += after * after * d / (r * (r - d));
	}
	area = after + end;
	return (struct survive_mean){ area, sqrt(var) };
}

/* Sums of formula 10.12 with the squares written out, so that a curve costs one pass. */
struct sums {
	double a, b, c;        /* d/(n(n-d)) times 1, F, F² */
	double own;            /* S²·d1(n-d1)/n³ */
	double cross, cross_f; /* S·d1/n² times 1, F */
};

static double
variance(const struct sums *s, double f)
{
	double v = f * f * s->a - 2 * f * s->b + s->c + s->own - 2 * (f * s->cross - s->cross_f);
	return v > 0 ? v : 0;
}

size_t
survive_compete(struct arena *a, const struct survive *s, const struct survive_ends **ret)
{
	struct survive_ends *p = arena_new(a, struct survive_ends, s->n ? s->n : 1);
	struct sums v = { 0 };
	int64_t at_risk = s->total;
	double open = 1, won = 0, lost = 0;
	size_t n = 0;

	for (size_t day = 0; day < s->n; at_risk -= leave_on(s, day++)) {
		double w = (double)s->count[SURVIVE_WON][day], l = (double)s->count[SURVIVE_LOST][day], d = w + l;
		double r = (double)at_risk;
		if (d <= 0)
			continue;
		double before = open;
		won += before * w / r;
		lost += before * l / r;
		open = before * (r - d) / r;
		if (r > d) {
			double g = d / (r * (r - d));
			v.a += g;
			v.b += g * won;
			v.c += g * won * won;
		}
		v.own += before * before * w * (r - w) / (r * r * r);
		v.cross += before * w / (r * r);
		v.cross_f += before * w / (r * r) * won;
		double se = sqrt(variance(&v, won)), scale = won > 0 && won < 1 ? se / (won * log(won)) : 0;
		p[n++] = (struct survive_ends){ .days = (int64_t)day,
			.at_risk = at_risk,
			.open = open,
			.won = won,
			.lost = lost,
			.won_error = se,
			.won_low = won > 0 ? pow(won, exp(-RATE_Z * scale)) : 0,
			.won_high = won > 0 ? pow(won, exp(RATE_Z * scale)) : 0 };
	}
	*ret = p;
	return n;
}

const struct survive_ends *
survive_ends_at(const struct survive_ends *p, size_t n, int64_t days)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (p[mid].days <= days)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &p[low - 1] : NULL;
}

double
survive_chance(const struct survive_ends *p, size_t n, int64_t age, int64_t within)
{
	const struct survive_ends *now = survive_ends_at(p, n, age), *then = survive_ends_at(p, n, age + within);
	double open = now ? now->open : 1, won = now ? now->won : 0;
	if (!n || open <= 0)
		return NAN;
	return ((then ? then->won : 0) - won) / open;
}
