#include "stats/simulate.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define LANES 4 /* numbers made at once: what every 64-bit machine holds in a register */
#define BLOCK 8 /* draws made side by side */

typedef uint32_t lanes __attribute__((vector_size(LANES * sizeof(uint32_t))));

/* ---- random numbers ---- */

static uint64_t
splitmix(uint64_t *x)
{
	uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct random {
	lanes s[4];
};

static void
random_seed(struct random *r, uint64_t seed, uint64_t block)
{
	uint64_t x = seed, y = splitmix(&x) ^ (block + 1) * UINT64_C(0xd1342543de82ef95);
	for (int lane = 0; lane < LANES; lane++)
		for (int k = 0; k < 4; k += 2) {
			uint64_t z = splitmix(&y);
			r->s[k][lane] = (uint32_t)z;
			r->s[k + 1][lane] = (uint32_t)(z >> 32) | (k == 2); /* never all zero */
		}
}

static inline lanes
turn(lanes x, int k)
{
	return x << k | x >> (32 - k);
}

/* xoshiro128++ */
static inline lanes
random_next(struct random *r)
{
	lanes *s = r->s, result = turn(s[0] + s[3], 7) + s[0], t = s[1] << 9;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = turn(s[3], 11);
	return result;
}

/* ---- draws ---- */

struct job {
	const struct simulate *s;
	const uint32_t *limits; /* [world * n_classes + class]: won when the number is below */
	const uint8_t *sure;    /* the same: chance is 1 */
	int64_t *totals;
	size_t n_blocks, from, step;
};

/* Eight draws: every deal is decided in each of them. */
static void
draw_block(const struct job *j, size_t block)
{
	const struct simulate *s = j->s;
	const uint32_t *limit = j->limits + block % s->n_worlds * s->n_classes;
	const uint8_t *sure = j->sure + block % s->n_worlds * s->n_classes;
	int64_t sum[BLOCK] = { 0 };
	struct random r, q;

	random_seed(&r, s->seed, 2 * block);
	random_seed(&q, s->seed, 2 * block + 1);
	for (size_t i = 0; i < s->n; i++) {
		const struct simulate_deal *d = &s->deals[i];
		lanes x = random_next(&r), y = random_next(&q);
		uint32_t below = limit[d->class];
		int64_t always = -(int64_t)sure[d->class];
		for (int k = 0; k < LANES; k++) {
			sum[k] += d->value & (always | -(int64_t)(x[k] < below));
			sum[k + LANES] += d->value & (always | -(int64_t)(y[k] < below));
		}
	}
	for (int k = 0; k < BLOCK; k++)
		j->totals[block * BLOCK + (size_t)k] = sum[k] + s->certain;
}

static void *
draw_blocks(void *what)
{
	const struct job *j = what;
	for (size_t b = j->from; b < j->n_blocks; b += j->step)
		draw_block(j, b);
	return NULL;
}

static void
draw_all(const struct job *whole, int threads)
{
	pthread_t id[16];
	struct job job[16];
	bool started[16] = { 0 };

	for (int t = 0; t < threads; t++) {
		job[t] = *whole;
		job[t].from = (size_t)t;
		job[t].step = (size_t)threads;
		started[t] = t > 0 && pthread_create(&id[t], NULL, draw_blocks, &job[t]) == 0;
	}
	for (int t = 0; t < threads; t++) /* what got no thread is done here */
		if (!started[t])
			draw_blocks(&job[t]);
	for (int t = 0; t < threads; t++)
		if (started[t])
			pthread_join(id[t], NULL);
}

static bool
possible(const struct simulate *s)
{
	double sum = fabs((double)s->certain);
	if (s->draws == 0 || s->draws > SIMULATE_DRAWS_MOST || s->n_worlds == 0 || s->n_worlds > 1000 ||
	        s->n_classes > SIMULATE_CLASSES_MOST || s->threads < 1 || s->threads > 16)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		if (s->deals[i].class >= s->n_classes)
			return false;
		sum += fabs((double)s->deals[i].value);
	}
	for (size_t i = 0; i < s->n_worlds * s->n_classes; i++)
		if (!(s->chance[i] >= 0 && s->chance[i] <= 1))
			return false;
	return sum < 0x1p62;
}

static int
by_amount(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

/* Type 7 (see quantile.h), in integers as far as the two neighbours; totals are too large for a double's 53 bits. */
static int64_t
quantile(const int64_t *x, size_t n, double p)
{
	double h = (double)(n - 1) * p;
	size_t low = (size_t)h, high = low + 1 < n ? low + 1 : low;
	return x[low] + (int64_t)floor((h - (double)low) * (double)(x[high] - x[low]) + 0.5);
}

enum err
simulate_run(struct arena *a, const struct simulate *s, struct simulate_range *ret)
{
	if (!possible(s))
		return ERR_INPUT;
	size_t n_blocks = (s->draws + BLOCK - 1) / BLOCK, cells = s->n_worlds * s->n_classes;
	/* Every world speaks equally often. */
	n_blocks = (n_blocks + s->n_worlds - 1) / s->n_worlds * s->n_worlds;
	struct simulate_range r = { .draws = n_blocks * BLOCK, .totals = arena_new(a, int64_t, n_blocks * BLOCK) };
	uint32_t *limits = arena_new(a, uint32_t, cells ? cells : 1);
	uint8_t *sure = arena_new(a, uint8_t, cells ? cells : 1);
	for (size_t i = 0; i < cells; i++) {
		double x = floor(s->chance[i] * 0x1p32 + 0.5);
		sure[i] = x >= 0x1p32;
		limits[i] = sure[i] ? UINT32_MAX : (uint32_t)x;
	}
	draw_all(&(struct job){ s, limits, sure, r.totals, n_blocks, 0, 1 }, s->threads);
	qsort(r.totals, r.draws, sizeof *r.totals, by_amount);
	for (size_t i = 0; i < r.draws; i++)
		r.mean += (double)r.totals[i] / (double)r.draws;
	for (size_t i = 0; i < r.draws; i++)
		r.sd += ((double)r.totals[i] - r.mean) * ((double)r.totals[i] - r.mean) / (double)r.draws;
	r.sd = sqrt(r.sd);
	r.p10 = quantile(r.totals, r.draws, 0.1);
	r.p50 = quantile(r.totals, r.draws, 0.5);
	r.p90 = quantile(r.totals, r.draws, 0.9);
	*ret = r;
	return OK;
}

double
simulate_reach(const struct simulate_range *r, int64_t amount)
{
	size_t low = 0, high = r->draws;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (r->totals[mid] < amount)
			low = mid + 1;
		else
			high = mid;
	}
	return r->draws ? (double)(r->draws - low) / (double)r->draws : NAN;
}

/* ---- worlds ---- */

static double
uniform(uint64_t *x)
{
	return ((double)(splitmix(x) >> 11) + 0.5) * 0x1p-53;
}

/* Standard normal: Box and Muller, Annals of Mathematical Statistics 29 (1958) 610–611. */
static double
normal(uint64_t *x)
{
	double r = sqrt(-2 * log(uniform(x)));
	return r * cos(2 * M_PI * uniform(x));
}

/* Gamma(shape, 1), shape 1 or more: the sum of so many exponential weights. Marsaglia and Tsang, ACM TOMS 26 (2000)
   363–372. */
static double
gamma_draw(uint64_t *seed, double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
	for (;;) {
		double x = normal(seed), v = 1 + c * x;
		v = v * v * v;
		if (v > 0 && log(uniform(seed)) < x * x / 2 + d - d * v + d * log(v))
			return d * v;
	}
}

struct world {
	double *open, *won; /* after each day */
	size_t n;
};

static void
weigh(const struct survive *s, uint64_t *seed, bool as_it_is, double *weight[SURVIVE_ENDS])
{
	for (int k = 0; k < SURVIVE_ENDS; k++)
		for (size_t day = 0; day < s->n; day++) {
			double c = (double)s->count[k][day];
			weight[k][day] = c <= 0 || as_it_is ? c : gamma_draw(seed, c);
		}
}

static void
follow(const struct survive *s, double *const weight[SURVIVE_ENDS], struct world *w)
{
	double at_risk = 0, open = 1, won = 0;
	for (size_t day = s->n; day-- > 0;) /* from behind, so that nothing is left over at the end */
		w->open[day] = at_risk +=
		        weight[SURVIVE_OPEN][day] + weight[SURVIVE_WON][day] + weight[SURVIVE_LOST][day];
	for (size_t day = 0; day < s->n; day++) {
		double r = w->open[day];
		if (r > 0) {
			won += open * weight[SURVIVE_WON][day] / r;
			double left = r - weight[SURVIVE_WON][day] - weight[SURVIVE_LOST][day];
			/* The last to leave leaves nobody, whatever rounding says. */
			open *= s->count[SURVIVE_OPEN][day] == 0 && day + 1 == s->n ? 0 : fmax(0, left / r);
		}
		w->open[day] = open;
		w->won[day] = won;
	}
}

static double
chance_in(const struct world *w, struct simulate_ask q)
{
	if (w->n == 0)
		return 0;
	int64_t last = (int64_t)w->n - 1, then = q.age + q.within > last ? last : q.age + q.within;
	/* Older than any deal of the past: nothing says that it will still be won. */
	if (q.age > last || w->open[q.age] <= 1e-12)
		return 0;
	return fmin(1, fmax(0, (w->won[then] - w->won[q.age]) / w->open[q.age]));
}

void
simulate_worlds(struct arena *a, const struct survive *s, const struct simulate_ask *ask, size_t n, size_t n_worlds,
        uint64_t seed, size_t stride, double *ret_chance)
{
	size_t days = s->n ? s->n : 1;
	struct world w = { arena_new(a, double, days), arena_new(a, double, days), s->n };
	double *weight[SURVIVE_ENDS];

	for (int k = 0; k < SURVIVE_ENDS; k++)
		weight[k] = arena_new(a, double, days);
	for (size_t i = 0; i < n_worlds; i++) {
		uint64_t own = seed ^ (i + 1) * UINT64_C(0xa0761d6478bd642f);
		weigh(s, &own, i == 0, weight);
		follow(s, weight, &w);
		for (size_t q = 0; q < n; q++) {
			assert(ask[q].age >= 0 && ask[q].within >= 0);
			ret_chance[i * stride + q] = chance_in(&w, ask[q]);
		}
	}
}
