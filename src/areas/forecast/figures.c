#include "areas/forecast/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "areas/deals/report_sql.h"

static enum err
ask(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, const char *sql,
        struct rows *ret)
{
	return report_query(c, a, g, s, sql, ret);
}

static enum survive_end
end_named(str outcome)
{
	return str_eq(outcome, STR("won")) ? SURVIVE_WON : str_eq(outcome, STR("lost")) ? SURVIVE_LOST : SURVIVE_OPEN;
}

/* ---- survival ---- */

/* Closed by the as-of day. */
#define CLOSED "(d.outcome in ('won', 'lost') and d.closed_on <= cast($6 as text))"
#define ENDED  "(case when " CLOSED " then d.closed_on else cast($6 as text) end)"

static enum err
has_engaged(struct conn *c, const struct grant *g, bool *ret)
{
	int64_t one;
	enum err e = db_one_int(c, "select 1 from deal where org_id = $1 and engaged_on is not null limit 1",
	        DB_ARGS(DB_I(g->org)), &one);

	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

#define SPELLS(start) \
	"select x.outcome, x.days, count(*) from (select case when " CLOSED " then d.outcome else 'open' end as " \
	"outcome," \
	" case when d.outcome <> 'open' and d.closed_on is null then null else " REPORT_DAYS( \
	        start, ENDED) " end as days" \
	                      " from deal d where d.org_id = $1" REPORT_PART("d.id") REPORT_TYPED \
	        " and (" start " is null or " start " <= cast($6 as text))" \
	        " and (cast($4 as text) = '' or " start " >= cast($4 as text)) and (cast($5 as text) = '' or " start \
	        " <= cast($5 as text))" REPORT_BELOW(ENDED) "{may:deals d.owner}) x group by x.outcome, x.days"

/* variant: the clock starts with engagement */
static enum err
make_spells_part(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct report_part *p = what;
	struct figures_spells f = { .engaged = p->variant };
	struct rows rows;
	enum err e = report_query_part(c, a, g, p, f.engaged ? SPELLS("d.engaged_on") : SPELLS("d.created_on"), &rows);

	while (e == OK && db_next(&rows))
		if (db_is_null(&rows, 1) ||
		        !survive_add(a, &f.all, db_int(&rows, 1), end_named(db_text_raw(&rows, 0)), db_int(&rows, 2)))
			f.undated += db_int(&rows, 2);
	if (e == OK)
		e = db_end(&rows);
	*(struct figures_spells *)ret = f;
	return e;
}

static void
add_spells(struct arena *a, void *to, const void *part)
{
	struct figures_spells *f = to;
	const struct figures_spells *p = part;

	survive_merge(a, &f->all, &p->all);
	f->undated += p->undated;
	f->engaged = p->engaged;
}

static void copy_spells(struct arena *a, void *object);

static enum err
make_spells(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	static const struct kept_kind part = { "part of spells", REPORT_PART_RECORDS, sizeof(struct figures_spells),
		make_spells_part, copy_spells };
	bool engaged = false;
	enum err e = has_engaged(c, g, &engaged);

	return e == OK ? report_in_parts(c, a, g, what, engaged, &part, add_spells, ret) : e;
}

static void
copy_spells(struct arena *a, void *object)
{
	survive_copy(a, &((struct figures_spells *)object)->all);
}

enum err
figures_spells(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_spells *ret)
{
	static const struct kept_kind kind = { "spells", REPORT_RECORDS, sizeof *ret, make_spells, copy_spells };

	return report_kept(c, a, g, s, &kind, ret);
}

/* ---- velocity ---- */

static void
finish_velocity(struct figures_velocity *v, int64_t value, int64_t days)
{
	v->rate = rate_of(v->won, v->decided);
	v->value = v->n_value ? (double)value / (double)v->n_value : NAN;
	v->cycle = v->n_cycle ? (double)days / (double)v->n_cycle : NAN;
	v->known = v->decided && v->n_value && v->n_cycle && days > 0;
	v->per_day = v->known ? (double)v->decided * rate_share(v->rate) * v->value / v->cycle : NAN;
}

static const char velocity_sql[] =
        "select x.quarter, x.currency, count(*), sum(x.won), coalesce(sum(x.value), 0), count(x.value), "
        "coalesce(sum(x.days), 0), count(x.days) from (select"
        " coalesce(substr(d.closed_on, 1, 4) || '-Q' || cast((cast(substr(d.closed_on, 6, 2) as "
        "integer) + 2) / 3 as text), '') as quarter, d.currency as currency,"
        " case when d.outcome = 'won' then 1 else 0 end as won, case when d.outcome = 'won' then d.amount end as value,"
        " case when d.outcome = 'won' and d.closed_on is not null then " REPORT_DAYS("d.engaged_on",
                "d.closed_on") " end as days from deal d where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
                               ") x group by x.quarter, x.currency order by x.quarter, x.currency";

/* Deals of one quarter and currency. */
struct pace_part {
	int64_t decided, won, value, n_value, days, n_cycle;
	bool known; /* the currency has a rate (D3) */
};

static void
add_pace(struct figures_velocity *to, int64_t *value, int64_t *days, const struct pace_part *p)
{
	to->decided += p->decided;
	to->won += p->won;
	to->n_cycle += p->n_cycle;
	*days += p->days;
	*(p->known ? &to->n_value : &to->n_left) += p->n_value;
	*value += p->known ? p->value : 0;
}

struct pace {
	struct figures_velocity *row;
	size_t n;
};

static enum err
make_velocity(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct report_scope *s = what;
	struct figures_velocity *row = NULL;
	size_t n = 1, cap = 0;
	int64_t value = 0, days = 0, one_value = 0, one_days = 0;
	struct rate_book rates;
	struct rows rows;
	enum err e = rate_book_load(c, a, g->org, s->currency, s->as_of, &rates);

	arena_grow(a, row, 0, cap);
	row[0] = (struct figures_velocity){ 0 };
	if (e == OK)
		e = ask(c, a, g, s, velocity_sql, &rows);
	while (e == OK && db_next(&rows)) {
		str label = db_text(&rows, 0);
		struct pace_part p = { db_int(&rows, 2), db_int(&rows, 3), db_int(&rows, 4), db_int(&rows, 5),
			db_int(&rows, 6), db_int(&rows, 7), false };
		p.known = rate_book_worth(&rates, db_text_raw(&rows, 1), p.value, p.n_value, &p.value);
		add_pace(&row[0], &value, &days, &p);
		if (!label.n)
			continue; /* decided on an unknown day */
		if (n == 1 || !str_eq(row[n - 1].label, label)) {
			arena_grow(a, row, n, cap);
			row[n++] = (struct figures_velocity){ .label = label };
			one_value = one_days = 0;
		}
		add_pace(&row[n - 1], &one_value, &one_days, &p);
		finish_velocity(&row[n - 1], one_value, one_days);
	}
	if (e == OK)
		e = db_end(&rows);
	finish_velocity(&row[0], value, days);
	row[0].currencies = rate_book_said(a, &rates);
	*(struct pace *)ret = (struct pace){ row, n };
	return e;
}

static void
copy_velocity(struct arena *a, void *object)
{
	struct pace *p = object;

	REPORT_COPY_ROWS(a, p->row, p->n);
	for (size_t i = 0; i < p->n; i++) {
		report_copy_text(a, &p->row[i].label);
		report_copy_said(a, &p->row[i].currencies);
	}
}

enum err
figures_velocity(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_velocity **ret, size_t *ret_n)
{
	static const struct kept_kind kind = { "velocity", REPORT_RECORDS, sizeof(struct pace), make_velocity,
		copy_velocity };
	struct pace p;
	enum err e = report_kept(c, a, g, s, &kind, &p);

	if (e != OK)
		return e;
	*ret = p.row;
	*ret_n = p.n;
	return OK;
}

/* ---- people ---- */

static const char people_sql[] =
        "select p.id, p.name, sum(case when d.outcome = 'won' then 1 else 0 end), count(*),"
        " sum(case when d.outcome = 'won' then coalesce(d.amount, 0) else 0 end),"
        " sum(case when d.outcome = 'won' and d.closed_on is not null then " REPORT_DAYS("d.engaged_on",
                "d.closed_on") " end), sum(case when d.outcome = 'won' and d.closed_on is not null and d.engaged_on is "
                               "not null then 1 else 0 end), d.currency, sum(case when d.outcome = 'won' and "
                               "d.amount is not null then 1 else 0 end)"
                               " from deal d join person p on p.org_id = d.org_id and p.id = d.owner where d.org_id = "
                               "$1" REPORT_TYPED REPORT_DECIDED "%s group by p.id, p.name, d.currency order by p.name, "
                               "p.id, d.currency";

/* Sellers: whom nobody reports to, here and still there. */
static const char sellers_sql[] =
        "select p.id, p.name from person p where p.org_id = $1" REPORT_TYPED
        " and p.left_on is null and p.manager is not null and not exists (select 1 from person q where q.org_id = "
        "p.org_id and q.manager = p.id)"
        " and (cast($3 as bigint) = 0 or exists (select 1 from line l where l.org_id = p.org_id and l.above = cast($3 "
        "as "
        "bigint) and l.below = p.id and l.to_day is null)){may:scorecard p.id} order by p.name, p.id";

static int
by_name(const void *x, const void *y)
{
	const struct figures_person *a = x, *b = y;
	size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = n ? memcmp(a->name.s, b->name.s, n) : 0;
	return order                    ? order
	       : a->name.n != b->name.n ? (a->name.n > b->name.n) - (a->name.n < b->name.n)
	                                : (a->person > b->person) - (a->person < b->person);
}

static enum err
add_idle(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct figures_people *p,
        size_t cap)
{
	size_t with = p->n;
	struct rows rows;
	enum err e = ask(c, a, g, s, sellers_sql, &rows);

	while (e == OK && db_next(&rows)) {
		bool known = false;
		for (size_t i = 0; i < with && !known; i++)
			known = p->row[i].person == db_int(&rows, 0);
		if (known)
			continue;
		arena_grow(a, p->row, p->n, cap);
		p->row[p->n++] = (struct figures_person){ .person = db_int(&rows, 0), .name = db_text(&rows, 1) };
	}
	return e == OK ? db_end(&rows) : e;
}

static void
compare_people(struct arena *a, struct figures_people *p)
{
	struct shrink_unit *unit = arena_new(a, struct shrink_unit, p->n + 1);
	int64_t *won = arena_new(a, int64_t, p->n + 1), *decided = arena_new(a, int64_t, p->n + 1);

	for (size_t i = 0; i < p->n; i++) {
		won[i] = unit[i].won = p->row[i].won;
		decided[i] = unit[i].decided = p->row[i].decided;
		p->row[i].rate = rate_of(won[i], decided[i]);
	}
	p->differ = table_differ(won, decided, p->n);
	p->has_fit = shrink_fit(a, unit, p->n, &p->fit);
	for (size_t i = 0; i < p->n && p->has_fit; i++)
		p->row[i].shrunk = shrink_rate(&p->fit, unit[i]);
}

/* What one person decided in one currency (D3). */
static void
add_currency(struct figures_person *x, struct rate_book *rates, struct rows *rows)
{
	int64_t worth, n = db_int(rows, 8);

	x->won += db_int(rows, 2);
	x->decided += db_int(rows, 3);
	x->cycle += (double)db_int(rows, 5); /* the sum, until all are there */
	x->n_cycle += db_int(rows, 6);
	if (rate_book_worth(rates, db_text_raw(rows, 7), db_int(rows, 4), n, &worth))
		x->revenue += worth;
	else
		x->n_left += n;
}

static enum err
load_people(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, const char *whose,
        struct figures_people *p, size_t *cap)
{
	struct rate_book rates;
	struct rows rows;
	enum err e = rate_book_load(c, a, g->org, s->currency, s->as_of, &rates);

	if (e == OK)
		e = ask(c, a, g, s, str_z(a, str_fmt(a, people_sql, whose)), &rows);
	while (e == OK && db_next(&rows)) {
		if (!p->n || p->row[p->n - 1].person != db_int(&rows, 0)) {
			arena_grow(a, p->row, p->n, *cap);
			p->row[p->n++] =
			        (struct figures_person){ .person = db_int(&rows, 0), .name = db_text(&rows, 1) };
		}
		add_currency(&p->row[p->n - 1], &rates, &rows);
	}
	for (size_t i = 0; i < p->n; i++)
		p->row[i].cycle = p->row[i].n_cycle ? p->row[i].cycle / (double)p->row[i].n_cycle : NAN;
	p->currencies = rate_book_said(a, &rates);
	return e == OK ? db_end(&rows) : e;
}

/* O5: a person's figures are their line's; the test of all together is a sum of five or more people, open to whoever
   sees the deals. */
static enum err
make_people(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct report_scope *s = what;
	struct figures_people all = { 0 }, p = { 0 };
	size_t cap = 0, cap_all = 0;
	enum err e = load_people(c, a, g, s, "", &all, &cap_all);

	if (e == OK)
		e = load_people(c, a, g, s, "{may:scorecard d.owner}", &p, &cap);
	if (e == OK)
		e = add_idle(c, a, g, s, &p, cap);
	if (e != OK)
		return e;
	if (p.n)
		qsort(p.row, p.n, sizeof *p.row, by_name);
	compare_people(a, &all);
	compare_people(a, &p);
	if (all.n >= 5) {
		p.differ = all.differ;
		p.fit = all.fit;
		p.has_fit = all.has_fit;
		for (size_t i = 0; i < p.n && p.has_fit; i++)
			p.row[i].shrunk = shrink_rate(&p.fit, (struct shrink_unit){ p.row[i].won, p.row[i].decided });
	}
	*(struct figures_people *)ret = p;
	return OK;
}

static void
copy_people(struct arena *a, void *object)
{
	struct figures_people *p = object;

	REPORT_COPY_ROWS(a, p->row, p->n);
	for (size_t i = 0; i < p->n; i++)
		report_copy_text(a, &p->row[i].name);
	report_copy_said(a, &p->currencies);
}

enum err
figures_people(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_people *ret)
{
	static const struct kept_kind kind = { "people", REPORT_RECORDS, sizeof *ret, make_people, copy_people };

	return report_kept(c, a, g, s, &kind, ret);
}

str
figures_people_words(struct arena *a, const struct figures_people *p)
{
	const struct table_chi *x = &p->differ;

	if (x->df == 0)
		return STR("There are not two people with decided deals to compare.");
	if (x->p >= 0.05)
		return str_fmt(a,
		        "Nothing here says that people differ: win rates as far apart as these come about by chance "
		        "alone in "
		        "%.0f of 100 such teams (chi-square %.1f with %lld degrees of freedom, p = %.2f). An order of "
		        "these "
		        "people by win rate would be an order of luck.",
		        x->p * 100, x->chi, (long long)x->df, x->p);
	return str_fmt(a,
	        "Win rates differ more than chance alone explains (chi-square %.1f with %lld degrees of freedom, p = "
	        "%.2g). "
	        "It does not say why: territories and products differ too.%s",
	        x->chi, (long long)x->df, x->p, x->least < 5 ? " Some have few deals, so the test is rough." : "");
}
