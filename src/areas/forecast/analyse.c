#include <math.h>

#include "areas/forecast/view.h"
#include "stats/chart.h"

#include "areas/forecast/analyse_html.h"

static str
address(struct request *r, const struct analyse_view *v)
{
	str from = day_is(v->from) ? day_iso(r->arena, v->from) : STR("");
	str to = day_is(v->to) ? day_iso(r->arena, v->to) : STR("");
	str person = v->person ? id_text(r->arena, v->person) : STR("all");

	return str_fmt(r->arena, "person=%.*s&from=%.*s&to=%.*s", STR_ARG(person), STR_ARG(from), STR_ARG(to));
}

/* The list of deals shows today's line; the figures the line of each deal's day. */
static str
rows_of(struct request *r, const struct analyse_view *v)
{
	str q = v->person ? str_fmt(r->arena, "owner.below=%.*s", STR_ARG(id_text(r->arena, v->person))) : STR("");

	if (day_is(v->from))
		q = str_fmt(r->arena, "%.*s&closed_on.least=%.*s", STR_ARG(q), STR_ARG(day_iso(r->arena, v->from)));
	q = str_fmt(r->arena, "%.*s&closed_on.most=%.*s", STR_ARG(q),
	        STR_ARG(day_iso(r->arena, day_is(v->to) ? v->to : r->today)));
	return q.s[0] == '&' ? str_from(q, 1) : q;
}

static void
plot_rates(struct request *r, struct analyse_view *v, size_t n, str caption)
{
	v->plot = (struct svg_dots){ .caption = caption, .unit = SVG_SHARE, .name = STR("Rate") };
	v->plot.rows = arena_new(r->arena, struct svg_dot, n + 1);
}

static void
add_dot(struct analyse_view *v, str label, str href, rate x, double reference)
{
	struct svg_dot *d = (struct svg_dot *)&v->plot.rows[v->plot.n++];

	*d = (struct svg_dot){ .label = label,
		.href = href,
		.value = rate_share(x),
		.low = x.den ? x.low : NAN,
		.high = x.den ? x.high : NAN,
		.reference = reference,
		.n = x.den };
}

/* ---- the views ---- */

static enum err
conversion(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	enum err e = report_sales(r->conn, r->arena, &r->grant, s, &v->sales);

	if (e == OK)
		e = figures_stages(r->conn, r->arena, &r->grant, s, &v->stages);
	if (e != OK)
		return e;
	plot_rates(r, v, v->stages.n, STR("Share of deals that moved on from each stage, of those that left it"));
	v->plot.name = STR("Moved on");
	for (size_t i = 0; i < v->stages.n; i++) {
		const struct figures_stage *x = &v->stages.row[i];
		if (x->entered)
			add_dot(v, x->name,
			        str_fmt(r->arena, "/deals?stage=%.*s", STR_ARG(id_text(r->arena, x->stage))), x->on,
			        NAN);
	}
	return OK;
}

/* L2: which quarters are signals and which are the noise that every process has. */
static void
chart_velocity(struct request *r, struct analyse_view *v)
{
	double *x = arena_new(r->arena, double, v->n_velocity + 1);
	str *label = arena_new(r->arena, str, v->n_velocity + 1);
	uint8_t *signals = arena_new(r->arena, uint8_t, v->n_velocity + 1);
	struct chart_limits limits;
	size_t n = 0;

	for (size_t i = 1; i < v->n_velocity; i++)
		if (v->velocity[i].known) {
			label[n] = v->velocity[i].label;
			x[n++] = rate_share(v->velocity[i].rate) * 100;
		}
	if (n < 4 || !chart_limits(x, n, &limits))
		return;
	chart_signals(x, n, &limits, signals);
	v->has_chart = true;
	v->chart = (struct svg_process){ .what = STR("Win rate by quarter, percent"),
		.labels = label,
		.values = x,
		.signals = signals,
		.n = n,
		.centre = limits.centre,
		.low = limits.low,
		.high = limits.high };
	v->chart.sentence =
	        str_fmt(r->arena, "Win rate of %zu quarters, centre %.1f %%, natural limits %.1f to %.1f %%", n,
	                limits.centre, limits.low, limits.high);
}

static enum err
velocity(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	struct report_scope starts = *s;
	const struct survive_point *p;
	enum err e = figures_velocity(r->conn, r->arena, &r->grant, s, &v->velocity, &v->n_velocity);

	if (e == OK)
		e = figures_spells(r->conn, r->arena, &r->grant, &starts, &v->spells);
	if (e != OK)
		return e;
	size_t n = survive_curve(r->arena, &v->spells.all, SURVIVE_ANY, &p);
	v->quarter = survive_quantile(p, n, 0.25);
	v->half = survive_quantile(p, n, 0.5);
	v->three = survive_quantile(p, n, 0.75);
	v->mean_until = n ? p[n - 1].days : 0;
	v->mean = survive_restricted(p, n, v->mean_until);
	chart_velocity(r, v);
	return OK;
}

static enum err
winloss(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	enum err e = figures_winloss(r->conn, r->arena, &r->grant, s, &v->winloss);
	const struct figures_signal *x = &v->winloss.signal;

	if (e != OK)
		return e;
	plot_rates(r, v, v->winloss.n_reasons, STR("Why deals were lost, as a share of the lost"));
	v->plot.name = STR("Share of the lost");
	for (size_t i = 0; i < v->winloss.n_reasons; i++) {
		const struct figures_reason *y = &v->winloss.reason[i];
		add_dot(v, y->reason.n ? y->reason : STR("No reason given"), (str){ 0 }, y->rate, NAN);
	}
	if (!x->has)
		v->words = STR("Too few deals to try whether wins can be told beforehand.");
	else if (x->low > 0)
		v->words = str_fmt(r->arena,
		        "Product and owner together tell something about %lld deals they were not learned from: the "
		        "Brier "
		        "score falls from %.4f to %.4f.",
		        (long long)x->n_test, x->constant.brier, x->model.brier);
	else
		v->words = str_fmt(r->arena,
		        "No usable signal: tried on %lld deals decided since %.*s, a model of product and owner does "
		        "no better "
		        "than saying %.0f %% to every deal (Brier score %.4f against %.4f, AUC %.2f). Whoever ranks "
		        "deals or "
		        "people by it ranks noise.",
		        (long long)x->n_test, STR_ARG(day_long(r->arena, x->split)), 100 * x->rate, x->model.brier,
		        x->constant.brier, x->model.auc);
	return OK;
}

static enum err
people(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	enum err e = figures_people(r->conn, r->arena, &r->grant, s, &v->people);

	if (e != OK)
		return e;
	v->words = figures_people_words(r->arena, &v->people);
	plot_rates(r, v, v->people.n, STR("Win rate of each person with its interval, in the order of names"));
	v->plot.name = STR("Won of decided");
	v->plot.reference = STR("all of them together");
	for (size_t i = 0; i < v->people.n; i++) {
		const struct figures_person *x = &v->people.row[i];
		add_dot(v, x->name,
		        str_fmt(r->arena, "/deals?owner=%.*s&outcome.not=open", STR_ARG(id_text(r->arena, x->person))),
		        x->rate, v->people.has_fit ? (double)v->people.fit.won / (double)v->people.fit.decided : NAN);
	}
	return OK;
}

static enum err
steps(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	enum err e = figures_steps(r->conn, r->arena, &r->grant, s, &v->steps, &v->n_steps);

	for (size_t i = 0; e == OK && i < v->n_steps; i++) {
		v->n_skipped += v->steps[i].skipped;
		v->n_same += v->steps[i].no_difference;
	}
	return e;
}

static const struct {
	const char *show;
	enum err (*fn)(struct request *r, struct analyse_view *v, const struct report_scope *s);
} views[] = { { "conversion", conversion }, { "velocity", velocity }, { "win-loss", winloss }, { "people", people },
	{ "steps", steps } };

/* A day that is none is left out and said. */
static day
day_param(struct request *r, const char *name)
{
	day d = DAY_NONE;
	str text = page_param(r, name);

	if (text.n && !day_parse(text, &d)) {
		fault_add(&r->faults, str_of(name), STR("is not a day"), STR("write it as 2026-12-31"));
		return DAY_NONE;
	}
	return d;
}

static str
period_words(struct request *r, const struct analyse_view *v)
{
	str from = day_long(r->arena, v->from), to = day_long(r->arena, day_is(v->to) ? v->to : r->today);

	return day_is(v->from) ? str_fmt(r->arena, "%.*s to %.*s", STR_ARG(from), STR_ARG(to))
	                       : str_fmt(r->arena, "all up to %.*s", STR_ARG(to));
}

enum err
analyse_page(struct request *r)
{
	struct page p = { .title = STR("Analyse") };
	struct analyse_view v = { .person = page_id_param(r, "person"), .show = page_param(r, "show") };
	enum err e = ERR_ABSENT;

	if (!page_param(r, "person").n && r->actor.leads && !r->actor.head)
		v.person = r->actor.person;
	if (!v.show.n)
		v.show = STR("conversion");
	v.from = day_param(r, "from");
	v.to = day_param(r, "to");
	if (day_is(v.from) && day_is(v.to) && day_between(v.from, v.to) < 0)
		fault_add(&r->faults, STR("to"), STR("is before the first day"), STR("choose a later one"));
	v.who = v.person ? page_name(r, "person", v.person) : r->actor.org_name;
	if (!v.who.n)
		return ERR_ABSENT;
	v.query = address(r, &v);
	v.rows = rows_of(r, &v);
	v.period = period_words(r, &v);
	struct report_scope s = {
		.person = v.person, .from = v.from, .to = v.to, .as_of = r->today, .currency = r->actor.currency
	};
	for (size_t i = 0; i < sizeof views / sizeof *views; i++)
		if (str_eq(v.show, str_of(views[i].show)))
			e = views[i].fn(r, &v, &s);
	if (e != OK)
		return e;
	p.subtitle = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(v.who), STR_ARG(v.period));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_analyse(&r->view, &v, r);
	page_foot(r);
	return OK;
}
