#include "stats/gap.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Numbers up to 2^512, least significant word first. The largest met is 12 × six 63-bit factors × 2^61, so none
   overflows: exact fractions of any counts and amounts, with no double near the money. */
#define WORDS 16

struct wide {
	uint32_t w[WORDS];
};

static struct wide
wide_of(uint64_t n)
{
	return (struct wide){ { (uint32_t)n, (uint32_t)(n >> 32) } };
}

static struct wide
wide_mul32(const struct wide *a, uint32_t by, int shift)
{
	struct wide r = { { 0 } };
	uint64_t carry = 0;
	for (int i = 0; i + shift < WORDS; i++) {
		carry += (uint64_t)a->w[i] * by;
		r.w[i + shift] = (uint32_t)carry;
		carry >>= 32;
	}
	assert(carry == 0);
	return r;
}

static struct wide
wide_add(const struct wide *a, const struct wide *b)
{
	struct wide r;
	uint64_t carry = 0;
	for (int i = 0; i < WORDS; i++) {
		carry += (uint64_t)a->w[i] + b->w[i];
		r.w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	assert(carry == 0);
	return r;
}

static struct wide
wide_mul(const struct wide *a, int64_t by)
{
	assert(by >= 0);
	if (by == 1)
		return *a;
	struct wide low = wide_mul32(a, (uint32_t)by, 0);
	struct wide high = wide_mul32(a, (uint32_t)((uint64_t)by >> 32), 1);
	return wide_add(&low, &high);
}

static int
wide_cmp(const struct wide *a, const struct wide *b)
{
	for (int i = WORDS; i-- > 0;)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

static struct wide
wide_sub(const struct wide *a, const struct wide *b)
{
	struct wide r;
	int64_t carry = 0;
	assert(wide_cmp(a, b) >= 0);
	for (int i = 0; i < WORDS; i++) {
		carry += (int64_t)a->w[i] - b->w[i];
		r.w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return r;
}

static struct wide
wide_half(const struct wide *a)
{
	struct wide r = { { 0 } };
	for (int i = 0; i < WORDS; i++)
		r.w[i] = a->w[i] >> 1 | (i + 1 < WORDS ? a->w[i + 1] << 31 : 0);
	return r;
}

/* Amounts above 2^61 minor units are refused, so that three parts can be added. */
#define QUOTIENT_BITS 61

/* n ÷ den, bit by bit from the top; false when the quotient has more than QUOTIENT_BITS. */
static bool
wide_divide(const struct wide *n, const struct wide *den, int64_t *ret_quotient, struct wide *ret_rest)
{
	struct wide rest = *n, step = wide_mul(den, INT64_C(1) << QUOTIENT_BITS);
	int64_t quotient = 0;
	if (wide_cmp(&rest, &step) >= 0)
		return false;
	for (int bit = QUOTIENT_BITS; bit-- > 0;) {
		step = wide_half(&step);
		if (wide_cmp(&rest, &step) < 0)
			continue;
		rest = wide_sub(&rest, &step);
		quotient |= INT64_C(1) << bit;
	}
	*ret_quotient = quotient;
	*ret_rest = rest;
	return true;
}

/* One of the three factors, before and after, over a denominator of their own: from ÷ den, to ÷ den, each a product. */
struct factor {
	int64_t from[3], to[3], den[2];
};

struct product {
	struct factor f[3]; /* decided, rate, value */
};

/* The product with the factors of the bits of `changed` at their new value, over the common denominator. */
static struct wide
corner(const struct product *p, unsigned changed)
{
	struct wide r = wide_of(1);
	for (unsigned i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			r = wide_mul(&r, changed >> i & 1 ? p->f[i].to[k] : p->f[i].from[k]);
	return r;
}

struct part {
	int64_t floor;
	struct wide rest; /* what the floor leaves over, in parts of the denominator */
};

/* Shapley's share of factor i, times six: 2 (alone) + 1 (after one other) + 1 (after the other one) + 2 (last). */
static bool
share(const struct product *p, const struct wide *den6, unsigned i, struct part *ret)
{
	struct wide plus = { { 0 } }, minus = { { 0 } };
	for (unsigned others = 0; others < 8; others++) {
		if (others >> i & 1)
			continue;
		int64_t weight = __builtin_popcount(others) == 1 ? 1 : 2;
		struct wide with = corner(p, others | 1u << i), without = corner(p, others);
		with = wide_mul(&with, weight);
		without = wide_mul(&without, weight);
		plus = wide_add(&plus, &with);
		minus = wide_add(&minus, &without);
	}
	bool loss = wide_cmp(&plus, &minus) < 0;
	struct wide size = loss ? wide_sub(&minus, &plus) : wide_sub(&plus, &minus), zero = { { 0 } };
	if (!wide_divide(&size, den6, &ret->floor, &ret->rest))
		return false;
	if (!loss)
		return true;
	ret->floor = -ret->floor;
	if (wide_cmp(&ret->rest, &zero) > 0) {
		ret->floor--;
		ret->rest = wide_sub(den6, &ret->rest);
	}
	return true;
}

/* Largest remainder: hands out the cents that rounding down left over. */
static void
round_parts(struct part part[3], int64_t total)
{
	int64_t left = total - part[0].floor - part[1].floor - part[2].floor;
	assert(left >= 0 && left <= 3);
	bool given[3] = { false };
	for (; left > 0; left--) {
		int best = -1;
		for (int i = 0; i < 3; i++)
			if (!given[i] && (best < 0 || wide_cmp(&part[i].rest, &part[best].rest) > 0))
				best = i;
		given[best] = true;
		part[best].floor++;
	}
}

static struct wide
denominator6(const struct product *p)
{
	struct wide den = wide_of(6);
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 2; k++)
			den = wide_mul(&den, p->f[i].den[k]);
	return den;
}

static bool
possible(struct gap_deals d)
{
	return d.won >= 0 && d.decided >= d.won && d.revenue >= 0 && (d.won > 0 || d.revenue == 0);
}

/* n ÷ den rounded half up, without overflow; den > 0. */
static int64_t
ratio_round(int64_t n, int64_t den)
{
	return n / den + (n % den >= den - n % den);
}

/* What stands beside the split in a sentence. */
static void
describe(struct gap_deals history, struct gap_deals actual, struct gap *g)
{
	bool won = history.won > 0;
	g->thin = history.decided < GAP_FEWEST;
	g->rate_expected = history.decided > 0 ? (double)history.won / (double)history.decided : NAN;
	g->rate_actual = actual.decided > 0 ? (double)actual.won / (double)actual.decided : NAN;
	g->value_expected = won ? ratio_round(history.revenue, history.won) : -1;
	g->value_actual = actual.won > 0 ? ratio_round(actual.revenue, actual.won) : -1;
}

/* Rate and value from both sides; a side without evidence takes the expected one, so that its part is nothing. */
static void
fill_ratios(struct gap_deals h, struct gap_deals a, struct product *p)
{
	int64_t decided = a.decided > 0 ? a.decided : h.decided, won = a.decided > 0 ? a.won : h.won;
	p->f[1] = (struct factor){ { h.won, decided, 1 }, { won, h.decided, 1 }, { h.decided, decided } };
	int64_t count = a.won > 0 ? a.won : h.won, revenue = a.won > 0 ? a.revenue : h.revenue;
	p->f[2] = (struct factor){ { h.revenue, count, 1 }, { revenue, h.won, 1 }, { h.won, count } };
}

static enum err
split(const struct product *p, struct gap_deals actual, struct gap *g)
{
	struct wide den6 = denominator6(p);
	struct part part[3];
	for (unsigned i = 0; i < 3; i++)
		if (!share(p, &den6, i, &part[i]))
			return ERR_INPUT;
	round_parts(part, g->total);
	g->state = actual.decided < GAP_FEWEST ? GAP_FEW : GAP_SPLIT;
	g->decided = part[0].floor;
	g->rate = part[1].floor;
	g->value = part[2].floor;
	assert(g->decided + g->rate + g->value == g->total);
	return OK;
}

enum err
gap_to_target(int64_t target, struct gap_deals history, struct gap_deals actual, struct gap *ret)
{
	if (target < 0 || !possible(history) || !possible(actual))
		return ERR_INPUT;
	struct gap g = { .state = GAP_UNKNOWN, .total = actual.revenue - target, .decided_expected = NAN };
	describe(history, actual, &g);
	if (history.revenue > 0) {
		/* target ÷ (won ÷ decided × revenue ÷ won): the won deals cancel. */
		struct product p;
		int64_t r = history.revenue;
		p.f[0] = (struct factor){ { target, history.decided, 1 }, { actual.decided, r, 1 }, { r, 1 } };
		fill_ratios(history, actual, &p);
		g.decided_expected = (double)target * (double)history.decided / (double)r;
		enum err e = split(&p, actual, &g);
		if (e != OK)
			return e;
	}
	*ret = g;
	return OK;
}

/* a × b ÷ den rounded half up; false when it does not fit. */
static bool
scale(int64_t a, int64_t b, int64_t den, int64_t *ret)
{
	struct wide n = wide_of((uint64_t)a), d = wide_of((uint64_t)den), rest;
	n = wide_mul(&n, b);
	if (!wide_divide(&n, &d, ret, &rest))
		return false;
	rest = wide_add(&rest, &rest);
	*ret += wide_cmp(&rest, &d) >= 0;
	return true;
}

enum err
gap_to_history(int64_t expected_decided, struct gap_deals history, struct gap_deals actual, struct gap *ret)
{
	if (expected_decided < 0 || !possible(history) || !possible(actual))
		return ERR_INPUT;
	struct gap g = { .state = GAP_UNKNOWN, .decided_expected = (double)expected_decided };
	describe(history, actual, &g);
	int64_t expected = 0;
	if (history.revenue > 0) {
		struct product p;
		p.f[0] = (struct factor){ { expected_decided, 1, 1 }, { actual.decided, 1, 1 }, { 1, 1 } };
		fill_ratios(history, actual, &p);
		if (!scale(expected_decided, history.revenue, history.decided, &expected))
			return ERR_INPUT;
		g.total = actual.revenue - expected;
		enum err e = split(&p, actual, &g);
		if (e != OK)
			return e;
	}
	*ret = g;
	return OK;
}

int64_t
gap_decided_needed(int64_t target, struct gap_deals history)
{
	if (target < 0 || !possible(history) || history.revenue <= 0)
		return -1;
	struct wide n = wide_of((uint64_t)target), d = wide_of((uint64_t)history.revenue), rest, zero = { { 0 } };
	int64_t needed;
	n = wide_mul(&n, history.decided);
	if (!wide_divide(&n, &d, &needed, &rest))
		return -1;
	return needed + (wide_cmp(&rest, &zero) > 0);
}
