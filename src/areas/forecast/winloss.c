#include <math.h>
#include <stdlib.h>

#include "areas/deals/report_sql.h"
#include "areas/forecast/figures.h"
#include "stats/logistic.h"

static enum err
ask(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, const char *sql,
        struct rows *ret)
{
	return report_query(c, a, g, s, sql, ret);
}

/* ---- reasons ---- */

static int
by_frequency(const void *x, const void *y)
{
	const struct figures_reason *a = x, *b = y;

	if (a->rate.num != b->rate.num)
		return a->rate.num < b->rate.num ? 1 : -1;
	return str_cmp(a->reason, b->reason);
}

/* Each currency by itself (D3): rows of one reason stand together, and are put in their order at the end. */
static enum err
load_reasons(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct figures_winloss *w)
{
	size_t cap = 0;
	struct rate_book rates;
	struct rows rows;
	enum err e = rate_book_load(c, a, g->org, s->currency, s->as_of, &rates);

	if (e == OK)
		e = ask(c, a, g, s,
		        "select x.reason, x.currency, count(*), coalesce(sum(x.value), 0), count(x.value) from (select "
		        "d.outcome as outcome, trim(coalesce(d.lost_reason, '')) as reason, d.currency as currency, "
		        "d.value as value from deal d where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
		        ") x where x.outcome = 'lost' group by x.reason, x.currency order by x.reason, x.currency",
		        &rows);
	while (e == OK && db_next(&rows)) {
		str reason = db_text(&rows, 0);
		int64_t worth = 0, n = db_int(&rows, 4);
		bool known = rate_book_worth(&rates, db_text_raw(&rows, 1), db_int(&rows, 3), n, &worth);
		if (!w->n_reasons || !str_eq(w->reason[w->n_reasons - 1].reason, reason)) {
			arena_grow(a, w->reason, w->n_reasons, cap);
			w->reason[w->n_reasons++] = (struct figures_reason){ .reason = reason };
		}
		struct figures_reason *x = &w->reason[w->n_reasons - 1];
		x->rate = rate_of(x->rate.num + db_int(&rows, 2), w->lost);
		x->value += worth;
		x->n_left += known ? 0 : n;
	}
	if (w->n_reasons)
		qsort(w->reason, w->n_reasons, sizeof *w->reason, by_frequency);
	w->currencies = rate_book_said(a, &rates);
	return e == OK ? db_end(&rows) : e;
}

/* ---- what wins have in common ---- */

#define SIZE \
	"case when b.employees is null then null when b.employees < 50 then 'under 50 employees' when b.employees < " \
	"250 then " \
	"'50 to 249 employees' when b.employees < 1000 then '250 to 999 employees' else '1,000 employees or more' end"

#define PRODUCT " join product p on p.org_id = d.org_id and p.id = d.product"
#define ACCOUNT " join account b on b.org_id = d.org_id and b.id = d.account"

enum { KIND_PRODUCT, KIND_SERIES, KIND_SECTOR, KIND_COUNTRY, KIND_SIZE, KIND_ACCOUNT };

static const struct {
	const char *kind, *column, *from; /* from: the table that the column is in */
} kinds[] = {
	[KIND_PRODUCT] = { "product", "p.name", PRODUCT },
	[KIND_SERIES] = { "series", "p.series", PRODUCT },
	[KIND_SECTOR] = { "sector", "b.sector", ACCOUNT },
	[KIND_COUNTRY] = { "country", "b.country", ACCOUNT },
	[KIND_SIZE] = { "size", SIZE, ACCOUNT },
	[KIND_ACCOUNT] = { "account", "case when d.account is null then 'no account' else 'with account' end", "" },
};

bool
figures_trait_sql(str kind, const char **ret_column, const char **ret_from)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(kind, str_of(kinds[i].kind))) {
			*ret_column = kinds[i].column;
			*ret_from = kinds[i].from;
			return true;
		}
	return false;
}

enum { KINDS = sizeof kinds / sizeof *kinds };

/* Decided deals that have the same characteristics, of the product or of the account; those of the other are empty. */
struct mix {
	str value[KINDS];
	int64_t won, decided;
};

struct mixes {
	struct mix *row;
	size_t n, cap;
};

/* The kinds from first to last stand in one table, so that the deals are read once for all of them. */
static enum err
load_mixes(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, size_t first,
        size_t last, const char *from, struct mixes *m)
{
	str columns = { 0 }, names = { 0 };
	int n = (int)(last - first) + 1;
	struct rows rows;

	for (size_t k = first; k <= last; k++) {
		columns = str_fmt(a, "%.*s%s as v%zu, ", STR_ARG(columns), kinds[k].column, k);
		names = str_fmt(a, "%.*s%sx.v%zu", STR_ARG(names), names.n ? ", " : "", k);
	}
	str sql = str_fmt(a,
	        "select %.*s, sum(x.won), count(*) from (select %.*s case when d.outcome = 'won' then 1 else 0 end as "
	        "won from deal d%s where d.org_id = $1" REPORT_TYPED REPORT_DECIDED ") x group by %.*s",
	        STR_ARG(names), STR_ARG(columns), from, STR_ARG(names));
	enum err e = ask(c, a, g, s, str_z(a, sql), &rows);
	while (e == OK && db_next(&rows)) {
		arena_grow(a, m->row, m->n, m->cap);
		struct mix *x = &m->row[m->n++];
		*x = (struct mix){ .won = db_int(&rows, n), .decided = db_int(&rows, n + 1) };
		for (int i = 0; i < n; i++)
			x->value[first + (size_t)i] = db_text(&rows, i);
	}
	return e == OK ? db_end(&rows) : e;
}

static int
by_value(const void *x, const void *y)
{
	const struct figures_trait *a = x, *b = y;
	return str_cmp(a->value, b->value);
}

/* The traits of one kind, each once, in the order of their values. */
static size_t
gather(struct arena *a, const struct mixes *m, size_t kind, struct figures_trait **ret)
{
	struct figures_trait *all = arena_new(a, struct figures_trait, m->n + 1);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->row[i].value[kind].n)
			all[n++] = (struct figures_trait){ .kind = kinds[kind].kind,
				.value = m->row[i].value[kind],
				.with = { .num = m->row[i].won, .den = m->row[i].decided } };
	if (n)
		qsort(all, n, sizeof *all, by_value);
	for (size_t i = 0; i < n; i++)
		if (kept && str_eq(all[kept - 1].value, all[i].value)) {
			all[kept - 1].with.num += all[i].with.num;
			all[kept - 1].with.den += all[i].with.den;
		} else {
			all[kept++] = all[i];
		}
	*ret = all;
	return kept;
}

static void
add_kind(struct arena *a, const struct mixes *m, size_t kind, struct figures_winloss *w, size_t *cap)
{
	struct figures_trait *all;
	size_t n = gather(a, m, kind, &all);
	int64_t won = 0, decided = 0;

	for (size_t i = 0; i < n; i++) {
		won += all[i].with.num;
		decided += all[i].with.den;
	}
	for (size_t i = 0; i < n; i++) {
		struct figures_trait t = all[i];
		int64_t a1 = t.with.num, n1 = t.with.den, a2 = won - a1, n2 = decided - n1;
		if (n1 < FIGURES_FEWEST || n2 < FIGURES_FEWEST)
			continue;
		struct table_two two = { a1, n1 - a1, a2, n2 - a2 };
		t.with = rate_of(a1, n1);
		t.without = rate_of(a2, n2);
		t.gap = rate_difference(t.with, t.without);
		t.risk = table_risk(two);
		t.p = table_fisher(two);
		arena_grow(a, w->trait, w->n_traits, *cap);
		w->trait[w->n_traits++] = t;
	}
}

static enum err
load_traits(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct figures_winloss *w)
{
	struct mixes m = { 0 };
	size_t cap = 0;
	enum err e = load_mixes(c, a, g, s, KIND_PRODUCT, KIND_SERIES, PRODUCT, &m);

	if (e == OK)
		e = load_mixes(c, a, g, s, KIND_SECTOR, KIND_ACCOUNT, " left" ACCOUNT, &m);
	if (e != OK)
		return e;
	for (size_t k = 0; k < KINDS; k++)
		add_kind(a, &m, k, w, &cap);
	double *p = arena_new(a, double, w->n_traits + 1);
	for (size_t i = 0; i < w->n_traits; i++)
		p[i] = w->trait[i].p;
	table_holm(p, w->n_traits);
	for (size_t i = 0; i < w->n_traits; i++) {
		w->trait[i].holm = p[i];
		w->n_found += p[i] < 0.05;
	}
	return OK;
}

/* ---- is there a signal at all ---- */

struct cell {             /* deals of one product and one owner, trained on or tested */
	int32_t level[2]; /* product, owner; from 1 on in the order of ids, 0: none */
	id product, owner;
	bool test;
	int64_t won, decided;
};

struct cells {
	struct cell *cell;
	size_t n, cap;
	int32_t levels[2];
	id *known[2];
};

static enum err
load_cells(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, day split,
        struct cells *ret)
{
	struct rows rows;
	str sql = str_fmt(a,
	        "select x.product, x.owner, x.test, sum(x.won), count(*) from (select coalesce(d.product, 0) as "
	        "product, "
	        "d.owner as owner,"
	        " case when d.closed_on >= '%.*s' then 1 else 0 end as test, case when d.outcome = 'won' then 1 else 0 "
	        "end as "
	        "won from deal d"
	        " where d.org_id = $1 and d.closed_on is not null" REPORT_TYPED REPORT_DECIDED
	        ") x group by x.product, x.owner, x.test order by x.product, x.owner, x.test",
	        STR_ARG(day_iso(a, split)));
	enum err e = ask(c, a, g, s, str_z(a, sql), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, ret->cell, ret->n, ret->cap);
		ret->cell[ret->n++] = (struct cell){ .product = db_int(&rows, 0),
			.owner = db_int(&rows, 1),
			.test = db_int(&rows, 2) != 0,
			.won = db_int(&rows, 3),
			.decided = db_int(&rows, 4) };
	}
	return e == OK ? db_end(&rows) : e;
}

/* Levels of those trained on; -1: never seen, so nothing is known about it. */
static int32_t
level_of(struct cells *x, int factor, id key, bool add)
{
	for (int32_t i = 0; i < x->levels[factor]; i++)
		if (x->known[factor][i] == key)
			return i;
	if (!add || x->levels[factor] > LOGISTIC_MOST)
		return -1;
	x->known[factor][x->levels[factor]] = key;
	return x->levels[factor]++;
}

static void
name_levels(struct arena *a, struct cells *x)
{
	for (int f = 0; f < 2; f++)
		x->known[f] = arena_new(a, id, LOGISTIC_MOST + 2);
	for (int test = 0; test < 2; test++)
		for (size_t i = 0; i < x->n; i++) {
			struct cell *k = &x->cell[i];
			if (k->test != (test == 1))
				continue;
			k->level[0] = level_of(x, 0, k->product, !test);
			k->level[1] = level_of(x, 1, k->owner, !test);
		}
}

struct tested {
	struct score_pair *model, *constant, *owner;
	size_t n;
	double gain, square; /* sums of the difference of squared errors */
};

static void
test_cell(const struct cell *k, const struct logistic *m, double base, const struct cells *x, struct tested *t)
{
	bool seen = k->level[0] >= 0 && k->level[1] >= 0;
	double p = seen ? logistic_chance(m, k->level) : base, won = 0, decided = 0;

	for (size_t i = 0; i < x->n; i++)
		if (!x->cell[i].test && x->cell[i].owner == k->owner) {
			won += (double)x->cell[i].won;
			decided += (double)x->cell[i].decided;
		}
	for (int64_t i = 0; i < k->decided; i++) {
		bool y = i < k->won;
		double d = (base - y) * (base - y) - (p - y) * (p - y);
		t->model[t->n] = (struct score_pair){ p, y };
		t->constant[t->n] = (struct score_pair){ base, y };
		t->owner[t->n++] = (struct score_pair){ decided > 0 ? won / decided : base, y };
		t->gain += d;
		t->square += d * d;
	}
}

static void
fit_and_test(struct arena *a, struct cells *x, struct figures_signal *s)
{
	struct logistic_row *row = arena_new(a, struct logistic_row, x->n + 1);
	struct tested t = { 0 };
	struct logistic m;
	size_t n = 0;
	double won = 0;

	for (size_t i = 0; i < x->n; i++) {
		const struct cell *k = &x->cell[i];
		*(k->test ? &s->n_test : &s->n_train) += k->decided;
		if (k->test)
			continue;
		row[n++] = (struct logistic_row){ k->level, k->won, k->decided };
		won += (double)k->won;
	}
	if (s->n_train < 100 || s->n_test < 100 || s->n_test > 200000 ||
	        logistic_fit(a, row, n, x->levels, 2, &m) != OK)
		return;
	size_t room = (size_t)s->n_test;
	s->rate = won / (double)s->n_train;
	t.model = arena_new(a, struct score_pair, room);
	t.constant = arena_new(a, struct score_pair, room);
	t.owner = arena_new(a, struct score_pair, room);
	for (size_t i = 0; i < x->n; i++)
		if (x->cell[i].test)
			test_cell(&x->cell[i], &m, won / (double)s->n_train, x, &t);
	s->has = score_pairs(t.model, t.n, &s->model) && score_pairs(t.constant, t.n, &s->constant) &&
	         score_pairs(t.owner, t.n, &s->owner);
	double k = (double)t.n, half;
	s->gain = t.gain / k;
	half = RATE_Z * sqrt(fmax(0, t.square / k - s->gain * s->gain) / k);
	s->low = s->gain - half;
	s->high = s->gain + half;
}

/* Trained on all before the last quarter with decided deals, tested on that quarter: no look ahead. */
static enum err
seek_signal(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_signal *ret)
{
	struct cells x = { 0 };
	day end = day_is(s->to) && s->to.n < s->as_of.n ? s->to : s->as_of;
	enum err e;

	ret->split = day_quarter(end);
	e = load_cells(c, a, g, s, ret->split, &x);
	if (e != OK)
		return e;
	name_levels(a, &x);
	fit_and_test(a, &x, ret);
	return OK;
}

static enum err
make_winloss(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct report_scope *s = what;
	struct figures_winloss w = { 0 };
	struct gap_deals d;
	enum err e = report_decided(c, a, g, s, &d);

	w.won = d.won;
	w.lost = d.decided - d.won;
	if (e == OK)
		e = load_reasons(c, a, g, s, &w);
	if (e == OK)
		e = load_traits(c, a, g, s, &w);
	if (e == OK)
		e = seek_signal(c, a, g, s, &w.signal);
	if (e == OK)
		*(struct figures_winloss *)ret = w;
	return e;
}

static void
copy_winloss(struct arena *a, void *object)
{
	struct figures_winloss *w = object;

	REPORT_COPY_ROWS(a, w->reason, w->n_reasons);
	for (size_t i = 0; i < w->n_reasons; i++)
		report_copy_text(a, &w->reason[i].reason);
	REPORT_COPY_ROWS(a, w->trait, w->n_traits);
	for (size_t i = 0; i < w->n_traits; i++)
		report_copy_text(a, &w->trait[i].value);
	report_copy_said(a, &w->currencies);
}

enum err
figures_winloss(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_winloss *ret)
{
	static const struct kept_kind kind = { "win-loss", REPORT_RECORDS " product account", sizeof *ret, make_winloss,
		copy_winloss };

	return report_kept(c, a, g, s, &kind, ret);
}
