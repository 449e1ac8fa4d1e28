#include <math.h>
#include <stdio.h>

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

/* A part of an address. */
static str
percent(struct arena *a, str s)
{
	char *to = arena_new(a, char, 3 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			to[n++] = s.s[i];
		else
			n += (size_t)snprintf(to + n, 4, "%%%02X", c);
	}
	return (str){ to, n };
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
			        str_fmt(r->arena, "/analyse?show=deals&what=stage&stage=%.*s&is=moved&%.*s",
			                STR_ARG(id_text(r->arena, x->stage)), STR_ARG(v->query)),
			        x->on, NAN);
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
		add_dot(v, y->reason.n ? y->reason : STR("No reason given"),
		        str_fmt(r->arena, "/analyse?show=deals&what=reason&reason=%.*s&%.*s",
		                STR_ARG(percent(r->arena, y->reason)), STR_ARG(v->query)),
		        y->rate, NAN);
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
		        str_fmt(r->arena, "/analyse?show=deals&what=person&of=%.*s&%.*s",
		                STR_ARG(id_text(r->arena, x->person)), STR_ARG(v->query)),
		        x->rate, v->people.has_fit ? (double)v->people.fit.won / (double)v->people.fit.decided : NAN);
	}
	return OK;
}

/* ---- process or person (P7) ---- */

struct opening {
	struct report_scope scope;
	struct judge *judge; /* by the whole company's deals */
};

static enum err
open_work(struct change *c, void *what)
{
	return review_ensure(c, ((struct opening *)what)->judge);
}

/* A question that the figures put is put once, when a leader first looks: the same rows whoever it is. Only figures of
   all the company's deals, of all time, put one; a small piece of them says what luck says. */
static enum err
open_reviews(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	struct grant all = grant_all(r->actor.org, 0, 0, "job: process reviews opened");
	struct opening o = { .scope = *s, .judge = &v->judge };
	struct judge whole;
	size_t missing = 0;
	enum err e = OK;

	if (day_is(s->from) || day_is(s->to) || r->as_of || r->faults.n || !(r->actor.leads || r->actor.admin))
		return OK;
	if (r->grant.reach[MATTER_DEALS][ACT_READ] != REACH_COMPANY) {
		e = judge_steps(r->conn, r->arena, &all, s, &whole);
		o.judge = &whole;
	}
	if (e == OK)
		e = review_missing(r->conn, r->arena, r->actor.org, r->today, o.judge, &missing);
	if (e == OK && missing && v->leader)
		e = page_change_as(r, &all, STR("Process reviews opened by the figures"), open_work, &o, NULL);
	return e == ERR_FULL ? OK : e;
}

static void
plot_step(struct request *r, struct analyse_view *v)
{
	const struct judge_step *x = v->step;

	plot_rates(r, v, x->n_persons,
	        str_fmt(r->arena, "Share of decided deals without “%.*s”, by person, in the order of names",
	                STR_ARG(x->name)));
	v->plot.name = STR("Skipped");
	v->plot.reference = STR("everybody else");
	for (size_t i = 0; i < x->n_persons; i++)
		add_dot(v, x->person[i].name,
		        str_fmt(r->arena, "/analyse?show=deals&what=step&step=%.*s&is=skipped&of=%.*s&%.*s",
		                STR_ARG(id_text(r->arena, x->step)), STR_ARG(id_text(r->arena, x->person[i].person)),
		                STR_ARG(v->query)),
		        x->person[i].skipped, rate_share(x->person[i].others));
}

static enum err
steps(struct request *r, struct analyse_view *v, const struct report_scope *s)
{
	id step = page_id_param(r, "step");
	enum err e = judge_steps(r->conn, r->arena, &r->grant, s, &v->judge);

	if (e == OK)
		e = review_leader(r->conn, r->arena, r->actor.org, &v->leader);
	if (e == OK)
		e = open_reviews(r, v, s);
	if (e == OK)
		e = review_list(r->conn, r->arena, &r->grant, 0, false, &v->reviews, &v->n_reviews);
	if (e == OK && v->leader)
		e = review_quarters(r->conn, r->arena, r->actor.org, v->leader, r->today, v->quarters, 4);
	if (e != OK)
		return e;
	v->leader_name = page_name(r, "person", v->leader);
	for (size_t i = 0; i < v->judge.n; i++)
		if (v->judge.step[i].step == step)
			v->step = &v->judge.step[i];
	if (step && !v->step)
		return ERR_ABSENT;
	if (v->step)
		plot_step(r, v);
	return OK;
}

static const struct {
	const char *show;
	enum err (*fn)(struct request *r, struct analyse_view *v, const struct report_scope *s);
} views[] = { { "conversion", conversion }, { "velocity", velocity }, { "win-loss", winloss }, { "people", people },
	{ "steps", steps }, { "deals", analyse_rows } };

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
analyse_show(struct request *r, struct analyse_view *given)
{
	struct page p = { .title = STR("Analyse") };
	struct analyse_view v = *given;
	enum err e = ERR_ABSENT;

	v.from = day_param(r, "from");
	v.to = day_param(r, "to");
	if (day_is(v.from) && day_is(v.to) && day_between(v.from, v.to) < 0)
		fault_add(&r->faults, STR("to"), STR("is before the first day"), STR("choose a later one"));
	v.who = v.person ? page_name(r, "person", v.person) : r->actor.org_name;
	if (!v.who.n)
		return ERR_ABSENT;
	v.query = address(r, &v);
	v.period = period_words(r, &v);
	struct report_scope s = {
		.person = v.person, .from = v.from, .to = v.to, .as_of = r->today, .currency = r->actor.currency
	};
	e = report_bound(r->conn, &r->grant, &s, str_eq(v.show, STR("people")));
	v.bounded = e == OK && s.from.n != v.from.n ? s.from : DAY_NONE;
	if (e == OK)
		e = ERR_ABSENT; /* until a view answers to that name */
	for (size_t i = 0; e == ERR_ABSENT && i < sizeof views / sizeof *views; i++)
		if (str_eq(v.show, str_of(views[i].show)))
			e = views[i].fn(r, &v, &s);
	if (e != OK)
		return e;
	p.subtitle = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(v.who), STR_ARG(v.period));
	if (day_is(v.bounded))
		p.subtitle = str_fmt(r->arena, "%.*s, but from %.*s on", STR_ARG(p.subtitle),
		        STR_ARG(day_long(r->arena, v.bounded)));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_analyse(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
analyse_page(struct request *r)
{
	struct analyse_view v = { .person = page_id_param(r, "person"), .show = page_param(r, "show") };

	if (!page_param(r, "person").n && r->actor.leads && !r->actor.head)
		v.person = r->actor.person;
	if (!v.show.n)
		v.show = STR("conversion");
	return analyse_show(r, &v);
}
