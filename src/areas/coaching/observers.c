#include "areas/coaching/observers.h"

#include <math.h>
#include <stdlib.h>

#include "areas/coaching/observe.h"

/* One criterion of one call, seen by both. */
struct both {
	id call, first, second;
	int a, b;
};

static enum err
load_both(struct conn *c, struct arena *a, const struct grant *g, id rubric, struct both **ret, size_t *ret_n)
{
	static const char sql[] =
	        "select o.id, o.observer, z.observer, s.level, t.level from observation z join observation o on "
	        "o.org_id = "
	        "z.org_id and o.id = z.beside join observation_score s on s.org_id = o.org_id and s.observation = o.id "
	        "and "
	        "s.giver = o.observer join observation_score t on t.org_id = z.org_id and t.observation = z.id and "
	        "t.giver = "
	        "z.observer and t.criterion = s.criterion where z.org_id = $1 and $2 = $2 and z.rubric = $3 and "
	        "coalesce(o.denied, 0) = 0 and s.level is not null and t.level is not null {may:session_fact "
	        "o.observer "
	        "o.person} order by o.id, s.id";
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = record_query(c, a, g, sql, DB_ARGS(DB_I(rubric)), &rows);

	*ret = NULL;
	while (e == OK && db_next(&rows)) {
		arena_grow(a, *ret, n, cap);
		(*ret)[n++] = (struct both){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
			(int)db_int(&rows, 3), (int)db_int(&rows, 4) };
	}
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* observer 0: the first against the second; else that one against whoever sat beside them. */
static struct observers_row
judge(struct arena *a, const struct both *all, size_t n, id observer, int levels)
{
	struct observers_row x = { .observer = observer };
	struct agree_pair *pair = arena_new(a, struct agree_pair, n + 1);
	double *score = arena_new(a, double, 2 * n + 2);
	id call = 0;

	for (size_t i = 0; i < n; i++) {
		const struct both *b = &all[i];
		bool turned = observer == b->second;
		if (observer && observer != b->first && !turned)
			continue;
		pair[x.n] = turned ? (struct agree_pair){ b->b, b->a } : (struct agree_pair){ b->a, b->b };
		score[2 * x.n] = pair[x.n].a;
		score[2 * x.n + 1] = pair[x.n].b;
		x.shift += pair[x.n].a - pair[x.n].b;
		x.calls += b->call != call;
		call = b->call;
		x.n++;
	}
	x.shift = x.n ? x.shift / (double)x.n : 0;
	x.enough = x.n >= OBSERVERS_LEVELS && x.calls >= OBSERVERS_CALLS &&
	           agree_kappa(pair, (size_t)x.n, levels, &x.kappa) && agree_icc(score, (size_t)x.n, 2, &x.icc);
	return x;
}

static int
by_name(const void *x, const void *y)
{
	const struct observers_row *a = x, *b = y;

	return str_cmp(a->name, b->name);
}

static enum err
add_observers(struct conn *c, struct arena *a, const struct grant *g, const struct both *all, size_t n, int levels,
        struct observers *ret)
{
	size_t cap = 0;
	struct rows rows;
	enum err e = OK;

	for (size_t i = 0; i < 2 * n; i++) {
		id who = i % 2 ? all[i / 2].second : all[i / 2].first;
		bool there = false;
		for (size_t k = 0; k < ret->n; k++)
			there = there || ret->rows[k].observer == who;
		if (there)
			continue;
		arena_grow(a, ret->rows, ret->n, cap);
		ret->rows[ret->n++] = judge(a, all, n, who, levels);
	}
	for (size_t k = 0; e == OK && k < ret->n; k++) {
		e = db_query(c, a, "select name from person where org_id = $1 and id = $2",
		        DB_ARGS(DB_I(g->org), DB_I(ret->rows[k].observer)), &rows);
		if (e == OK && db_next(&rows))
			ret->rows[k].name = db_text(&rows, 0);
		if (e == OK)
			e = db_end(&rows);
	}
	if (ret->n)
		qsort(ret->rows, ret->n, sizeof *ret->rows, by_name);
	return e;
}

enum err
observers_load(
        struct conn *c, struct arena *a, const struct grant *g, const struct rubric_whole *w, struct observers *ret)
{
	str levels[LEVELS_MOST];
	int k = w->n ? (int)rubric_levels(&w->criteria[0], levels) : 0;
	struct both *all;
	size_t n;
	enum err e = load_both(c, a, g, w->r.row.id, &all, &n);

	*ret = (struct observers){ 0 };
	if (e != OK)
		return e;
	ret->all = judge(a, all, n, 0, k);
	return add_observers(c, a, g, all, n, k, ret);
}

const char *
observers_words(const struct observers_row *x)
{
	if (!x->enough)
		return "Not enough yet.";
	if (!(x->kappa.kappa <= 1))
		return "Everybody gave one and the same level throughout, so nothing can be said of agreement.";
	if (!(x->kappa.low <= 1))
		return "No difference was seen so far; an interval cannot be drawn from that.";
	if (x->kappa.low >= .6)
		return "Two who see the same mean the same by these levels.";
	if (x->kappa.high < .6)
		return "Two who see the same do not mean the same by these levels yet: watch one recording together "
		       "and "
		       "read the sentences aloud.";
	return "The interval is too wide to say whether two mean the same: see some more calls together.";
}

str
observers_figure(struct arena *a, double value, double low, double high)
{
	if (isnan(value))
		return STR("not defined");
	if (isnan(low) || isnan(high))
		return str_fmt(a, "%.2f", value);
	return str_fmt(a, "%.2f (%.2f to %.2f)", value, low, high);
}

str
observers_shift(struct arena *a, double shift)
{
	if (fabs(shift) < .05)
		return STR("gives much the same as who sat beside");
	return str_fmt(a, "gives %.1f levels %s than who sat beside", fabs(shift), shift < 0 ? "less" : "more");
}
