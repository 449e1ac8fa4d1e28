#include <math.h>

#include "areas/deals/rates.h"
#include "areas/deals/report_sql.h"
#include "areas/forecast/figures.h"

#define DRAWS  10000
#define WORLDS 50
#define LARGE  200000 /* from so many deals on fewer draws do: chance hardly moves such a sum */

/* ---- what people say of open deals ---- */

/* By owner, category and currency: each part is converted by itself (D3). */
static const char open_sql[] =
        "select %s as owner, %s as name, case when coalesce(d.category, '') = '' then 'pipeline' else d.category end "
        "as "
        "category, d.currency, count(*), cast(coalesce(sum(d.value), 0) as bigint), cast(coalesce(sum(d.weighted), 0) "
        "as "
        "bigint), sum(case when d.value is not null then 1 else 0 end) from deal d join person p on p.org_id = "
        "d.org_id "
        "and p.id = d.owner where d.org_id = $1" REPORT_TYPED REPORT_OPEN " group by 1, 2, 3, 4 order by 2, 1, 3, 4";

struct part {
	str category, currency;
	int64_t n, value, weighted, valued;
};

static void
add_part(struct figures_open *x, struct rate_book *rates, const struct part *p)
{
	static const char *const names[] = { "commit", "best", "pipeline", "omitted" };
	int64_t *const sums[] = { &x->commit, &x->best, &x->pipeline, &x->omitted };
	int64_t *const counts[] = { &x->n_commit, &x->n_best, &x->n_pipeline, &x->n_omitted };
	int64_t value = 0, weighted = 0;
	bool known = rate_book_worth(rates, p->currency, p->value, p->n, &value) &&
	             rate_book_worth(rates, p->currency, p->weighted, 0, &weighted);

	x->n += p->n;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(p->category, str_of(names[i]))) {
			*sums[i] += value;
			*counts[i] += p->n;
		}
	x->value += value;
	x->weighted += weighted;
	x->n_valued += known ? p->valued : 0;
	x->others += known ? 0 : p->n;
	x->converted += known && !str_eq(p->currency, str_of(rates->base)) ? p->n : 0;
}

/* Rates of the day that is read; kept open until they are said. */
static enum err
open_parts(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, bool by_owner,
        struct rate_book *rates, struct figures_open **ret, size_t *ret_n)
{
	struct figures_open *row = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(a, open_sql, by_owner ? "d.owner" : "0", by_owner ? "p.name" : "''");
	enum err e = report_query(c, a, g, s, str_z(a, sql), &rows);

	while (e == OK && db_next(&rows)) {
		struct part p = { db_text_raw(&rows, 2), db_text_raw(&rows, 3), db_int(&rows, 4), db_int(&rows, 5),
			db_int(&rows, 6), db_int(&rows, 7) };
		if (!n || row[n - 1].person != db_int(&rows, 0)) {
			arena_grow(a, row, n, cap);
			row[n++] = (struct figures_open){ .person = db_int(&rows, 0), .name = db_text(&rows, 1) };
		}
		add_part(&row[n - 1], rates, &p);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && !n && !by_owner) {
		arena_grow(a, row, n, cap);
		row[n++] = (struct figures_open){ 0 };
	}
	*ret = row;
	*ret_n = n;
	return e;
}

struct all_open {
	struct figures_open *row;
	size_t n;
};

static enum err
make_all_open(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, bool by_owner,
        struct all_open *ret)
{
	struct rate_book rates;
	enum err e = rate_book_load(c, a, g->org, s->currency, s->as_of, &rates);

	if (e == OK)
		e = open_parts(c, a, g, s, by_owner, &rates, &ret->row, &ret->n);
	for (size_t i = 0; e == OK && i < ret->n; i++) {
		struct figures_open *x = &ret->row[i];
		x->weighted = (x->weighted + (x->weighted < 0 ? -50 : 50)) / 100;
		x->rates = rate_book_words(a, &rates);
	}
	return e;
}

static enum err
make_open(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	return make_all_open(c, a, g, what, false, ret);
}

static enum err
make_open_by_owner(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	return make_all_open(c, a, g, what, true, ret);
}

static void
copy_open(struct arena *a, void *object)
{
	struct all_open *x = object;

	REPORT_COPY_ROWS(a, x->row, x->n);
	for (size_t i = 0; i < x->n; i++) {
		report_copy_text(a, &x->row[i].name);
		report_copy_text(a, &x->row[i].rates);
	}
}

enum err
figures_open(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, bool by_owner,
        struct figures_open **ret, size_t *ret_n)
{
	static const struct kept_kind kinds[] = { { "open", REPORT_RECORDS, sizeof(struct all_open), make_open,
		                                          copy_open },
		{ "open by owner", REPORT_RECORDS, sizeof(struct all_open), make_open_by_owner, copy_open } };
	struct all_open x;
	enum err e = report_kept(c, a, g, s, &kinds[by_owner], &x);

	if (e != OK)
		return e;
	*ret = x.row;
	*ret_n = x.n;
	return OK;
}

/* ---- the range ---- */

/* A history to draw from: the company's whole clock, or that of one stage. */
struct clock {
	const struct survive *past;
	id stage;          /* 0: since the deal began */
	int32_t *class_of; /* by age in days, 0: none yet, else its number + 1 among the asks */
	struct simulate_ask *ask;
	size_t n, cap, first; /* first: its first class */
	int64_t last_won;     /* the greatest age at which one was won */
};

struct draw {
	struct arena *a;
	const struct report_scope *s;
	struct figures_range *r;
	struct clock *clock;
	size_t n_clocks;
	struct simulate_deal *deal;
	uint32_t *clock_of; /* by deal */
	size_t cap, cap_clock;
	int64_t within;
	struct rate_book rates;
};

static struct clock
clock_of(struct arena *a, const struct survive *past, id stage)
{
	struct clock k = { .past = past, .stage = stage, .class_of = arena_new(a, int32_t, past->n + 1) };

	for (size_t i = 0; i < past->n; i++)
		if (past->count[SURVIVE_WON][i])
			k.last_won = (int64_t)i;
	return k;
}

static int64_t
decided_in(const struct survive *s)
{
	int64_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += s->count[SURVIVE_WON][i] + s->count[SURVIVE_LOST][i];
	return n;
}

/* Ages past all that is known share one class, which is never won. */
static uint32_t
class_of(struct draw *d, struct clock *k, int64_t age)
{
	size_t at = age < (int64_t)k->past->n ? (size_t)age : k->past->n;

	if (!k->class_of[at]) {
		arena_grow(d->a, k->ask, k->n, k->cap);
		k->ask[k->n++] = (struct simulate_ask){ (int64_t)at, d->within };
		k->class_of[at] = (int32_t)k->n;
	}
	return (uint32_t)k->class_of[at] - 1;
}

static struct clock *
stage_clock(struct draw *d, id stage)
{
	for (size_t i = 1; i < d->n_clocks; i++)
		if (d->clock[i].stage == stage)
			return &d->clock[i];
	return NULL;
}

/* The history of its stage tells most, where the day it came there is known; else that of all deals since they began.
 */
static void
place_deal(struct draw *d, int64_t value, id stage, day since, day start)
{
	struct clock *k = day_is(since) ? stage_clock(d, stage) : NULL;
	size_t n = (size_t)d->r->n;
	int64_t age;

	if (!k && !day_is(start)) {
		d->r->undated++;
		return;
	}
	d->r->by_stage += k != NULL;
	age = day_between(k ? since : start, d->s->as_of);
	k = k ? k : &d->clock[0];
	age = age < 0 ? 0 : age;
	d->r->older += age >= k->last_won;
	arena_grow(d->a, d->deal, n, d->cap);
	arena_grow(d->a, d->clock_of, n, d->cap_clock);
	d->deal[n] = (struct simulate_deal){ value, class_of(d, k, age) };
	d->clock_of[n] = (uint32_t)(k - d->clock);
	d->r->n++;
}

static enum err
load_open(struct conn *c, struct draw *d, const struct grant *g, bool engaged)
{
	struct rows rows;
	str sql = str_fmt(d->a,
	        "select coalesce(d.value, 0), d.stage, case when d.stage_since_known = 1 then d.stage_since end, %s, "
	        "d.currency from deal d where d.org_id = $1" REPORT_TYPED REPORT_OPEN " order by d.id",
	        engaged ? "d.engaged_on" : "d.created_on");
	enum err e = report_query(c, d->a, g, d->s, str_z(d->a, sql), &rows);

	while (e == OK && db_next(&rows)) {
		int64_t value;
		if (rate_book_worth(&d->rates, db_text_raw(&rows, 4), db_int(&rows, 0), 1, &value))
			place_deal(d, value, db_int(&rows, 1), db_day(&rows, 2), db_day(&rows, 3));
	}
	return e == OK ? db_end(&rows) : e;
}

static void
run(struct draw *d)
{
	struct figures_range *r = d->r;
	uint64_t seed = UINT64_C(0x5eed) ^ (uint64_t)(uint32_t)d->s->as_of.n << 20 ^ (uint64_t)(uint32_t)r->to.n;
	size_t classes = 0;
	double *chance;

	for (size_t i = 0; i < d->n_clocks; i++) {
		d->clock[i].first = classes;
		classes += d->clock[i].n;
	}
	for (size_t i = 0; i < (size_t)r->n; i++)
		d->deal[i].class += (uint32_t)d->clock[d->clock_of[i]].first;
	chance = arena_new(d->a, double, classes *WORLDS + 1);
	for (size_t i = 0; i < d->n_clocks; i++)
		if (d->clock[i].n)
			simulate_worlds(d->a, d->clock[i].past, d->clock[i].ask, d->clock[i].n, WORLDS, seed + i,
			        classes, chance + d->clock[i].first);
	struct simulate s = { .deals = d->deal,
		.n = (size_t)r->n,
		.chance = chance,
		.n_classes = classes,
		.n_worlds = WORLDS,
		.certain = r->won,
		.draws = r->n > LARGE ? DRAWS / 5 : DRAWS,
		.seed = seed,
		.threads = r->n > 2000 ? 2 : 1 };
	r->has = simulate_run(d->a, &s, &r->range) == OK;
	if (!r->has)
		r->why = STR("The amounts of the open deals are too large to be added up.");
}

static enum err
draw_range(struct conn *c, const struct grant *g, struct draw *d, const struct figures_spells *past,
        const struct figures_stages *stages)
{
	enum err e;

	d->clock = arena_new(d->a, struct clock, stages->n + 1);
	d->clock[d->n_clocks++] = clock_of(d->a, &past->all, 0);
	for (size_t i = 0; i < stages->n; i++)
		if (decided_in(&stages->row[i].ends) >= FIGURES_FEWEST)
			d->clock[d->n_clocks++] = clock_of(d->a, &stages->row[i].ends, stages->row[i].stage);
	e = load_open(c, d, g, past->engaged);
	if (e == OK)
		run(d);
	return e;
}

/* What is won already, each currency by the rate of the day that is read; n_won counts those in the sum. */
static enum err
add_won(struct conn *c, const struct grant *g, struct draw *d)
{
	struct report_scope period = *d->s;
	struct report_decided_sum *sum;
	size_t n;

	period.from = d->r->from;
	period.to = d->r->to;
	enum err e = report_decided_sums(c, d->a, g, &period, &sum, &n);
	for (size_t i = 0; e == OK && i < n; i++) {
		int64_t value = 0;
		if (!sum[i].won)
			continue;
		bool known = rate_book_worth(&d->rates, sum[i].currency, sum[i].amount, sum[i].won, &value);
		d->r->won += value;
		d->r->n_won += sum[i].won;
		d->r->won_others += known ? 0 : sum[i].won;
	}
	return e;
}

static enum err
make_range(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct report_scope *s = what;
	struct figures_range r = { .from = s->from, .to = s->to };
	struct report_scope whole = { .as_of = s->as_of, .currency = s->currency, .from = DAY_NONE, .to = DAY_NONE };
	struct draw d = { .a = a, .s = s, .r = &r };
	struct figures_spells past;
	struct figures_stages stages;
	enum err e;

	/* On the last day of a quarter the next one is meant. */
	if (!day_is(r.from))
		r.from = day_quarter(day_is(r.to) ? r.to : day_add(s->as_of, 1));
	if (!day_is(r.to))
		r.to = day_add(day_add_months(day_quarter(r.from), 3), -1);
	e = rate_book_load(c, a, g->org, s->currency, s->as_of, &d.rates);
	if (e == OK)
		e = add_won(c, g, &d);
	if (e == OK)
		e = figures_spells(c, a, g, &whole, &past);
	if (e == OK)
		e = figures_stages(c, a, g, &whole, &stages);
	if (e != OK)
		return e;
	r.decided = decided_in(&past.all);
	d.within = r.to.n > s->as_of.n ? day_between(s->as_of, r.to) : 0;
	if (r.decided < FIGURES_FEWEST)
		r.why = str_fmt(a,
		        "Only %lld deals with known days were decided so far. From fewer than %d the company's own "
		        "pace cannot "
		        "be told, so no range is drawn.",
		        (long long)r.decided, FIGURES_FEWEST);
	else
		e = draw_range(c, g, &d, &past, &stages);
	if (e == OK)
		*(struct figures_range *)ret = r;
	return e;
}

static void
copy_range(struct arena *a, void *object)
{
	struct figures_range *r = object;

	report_copy_text(a, &r->why);
	REPORT_COPY_ROWS(a, r->range.totals, r->range.draws);
}

enum err
figures_range(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct figures_range *ret)
{
	static const struct kept_kind kind = { "range", REPORT_RECORDS, sizeof *ret, make_range, copy_range };

	return report_kept(c, a, g, s, &kind, ret);
}
