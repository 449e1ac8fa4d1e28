/* The reports of how deals go and what they may bring (D6, D7, C9).
   What it is not for: computing them (areas/forecast/), or printing (report.c). */
#include <math.h>

#include "app/report.h"
#include "areas/forecast/figures.h"
#include "areas/forecast/forecast.h"

static struct report_cell
cell_money(double minor)
{
	return isfinite(minor) ? cell_whole(llround(minor)) : (struct report_cell){ 0 };
}

static struct report_cell
cell_days(int64_t days)
{
	return cell_real(days < 0 ? NAN : (double)days);
}

/* share, low, high; nothing is known of none. */
static struct report_cell *
put_rate(struct report_cell *at, rate x)
{
	*at++ = cell_real(rate_share(x));
	*at++ = cell_real(x.den > 0 ? x.low : NAN);
	*at++ = cell_real(x.den > 0 ? x.high : NAN);
	return at;
}

static bool
is_past(const struct report *r)
{
	return r->scope.as_of.n < r->reading.n;
}

/* ---- conversion ---- */

static enum err
by_stage(struct conn *c, struct arena *a, struct report *r)
{
	static const struct report_column columns[] = { { "stage", UNIT_TEXT }, { "process", UNIT_TEXT },
		{ "entered", UNIT_COUNT }, { "moved_on", UNIT_COUNT }, { "lost", UNIT_COUNT }, { "back", UNIT_COUNT },
		{ "still_there", UNIT_COUNT }, { "rate", UNIT_SHARE }, { "low", UNIT_SHARE }, { "high", UNIT_SHARE },
		{ "n", UNIT_COUNT }, { "median_days", UNIT_DAYS }, { "n_days", UNIT_COUNT }, { NULL, UNIT_COUNT } };
	struct figures_stages f;
	enum err e = figures_stages(c, a, r->grant, &r->scope, &f);

	if (e != OK)
		return e;
	r->table.columns = columns;
	for (size_t i = 0; i < f.n; i++) {
		const struct figures_stage *x = &f.row[i];
		struct report_cell *k = report_row(r);
		*k++ = cell_text(x->name);
		*k++ = cell_text(x->process);
		*k++ = cell_whole(x->entered);
		*k++ = cell_whole(x->moved);
		*k++ = cell_whole(x->lost);
		*k++ = cell_whole(x->left_back);
		*k++ = cell_whole(x->here);
		k = put_rate(k, x->on);
		*k++ = cell_whole(x->on.den);
		*k++ = cell_days(x->days.days);
		*k++ = cell_whole(x->n_days);
	}
	report_whole(r, "followed", "Deals whose way is recorded", UNIT_COUNT, true, f.n_deals, f.n_deals);
	report_whole(
	        r, "not_followed", "Decided deals whose way nobody recorded", UNIT_COUNT, true, f.without, f.without);
	return OK;
}

/* How far deals came, on the way from created to won. */
enum err
report_conversion(struct conn *c, struct arena *a, struct report *r)
{
	struct report_sales s;
	enum err e = report_sales(c, a, r->grant, &r->scope, &s);
	bool known = !is_past(r) && s.engaged > 0;

	if (e != OK)
		return e;
	report_rate(r, "created_to_engaged", "Engaged of all", known ? s.engaged : 0, known ? s.all : 0);
	report_rate(r, "engaged_to_closed", "Decided of engaged", s.engaged_decided, known ? s.engaged : 0);
	report_rate(r, "engaged_to_won", "Won of engaged", s.engaged_won, known ? s.engaged : 0);
	report_rate(r, "created_to_won", "Won of all", s.won, is_past(r) ? 0 : s.all);
	report_rate(r, "win_rate", "Won of decided", s.won, s.won + s.lost);
	return str_eq(r->by_other, STR("stage")) ? by_stage(c, a, r) : OK;
}

/* ---- velocity ---- */

enum err
report_velocity(struct conn *c, struct arena *a, struct report *r)
{
	static const struct report_column columns[] = { { "quarter", UNIT_TEXT }, { "decided", UNIT_COUNT },
		{ "won", UNIT_COUNT }, { "win_rate", UNIT_SHARE }, { "low", UNIT_SHARE }, { "high", UNIT_SHARE },
		{ "won_value_mean", UNIT_MONEY }, { "cycle_won_mean_days", UNIT_DAYS },
		{ "velocity_per_day", UNIT_MONEY }, { "no_rate", UNIT_COUNT }, { NULL, UNIT_COUNT } };
	struct figures_velocity *v;
	struct report_sales s;
	size_t n;
	enum err e = figures_velocity(c, a, r->grant, &r->scope, &v, &n);

	if (e == OK)
		e = report_sales(c, a, r->grant, &r->scope, &s);
	if (e != OK)
		return e;
	bool open = v->known && !is_past(r);
	report_whole(r, "decided", "Decided", UNIT_COUNT, true, v->decided, v->decided);
	report_rate(r, "win_rate", "Win rate", v->won, v->decided);
	report_whole(r, "won_value_mean", "Won value, mean", UNIT_MONEY, v->n_value > 0,
	        v->n_value ? llround(v->value) : 0, v->n_value);
	report_real(r, "cycle_won_mean_days", "Won cycle, mean", UNIT_DAYS, v->cycle, v->n_cycle);
	report_whole(r, "velocity_per_day", "Velocity a day", UNIT_MONEY, v->known, v->known ? llround(v->per_day) : 0,
	        v->decided);
	report_whole(r, "velocity_open_per_day", "Velocity a day, of all open deals", UNIT_MONEY, open,
	        open ? llround(v->per_day / (double)v->decided * (double)s.open) : 0, open ? s.open : 0);
	report_currencies(r, &v->currencies);
	if (!(r->by & REPORT_BY_QUARTER))
		return OK;
	r->table.columns = columns;
	for (size_t i = 1; i < n; i++) {
		struct report_cell *k = report_row(r);
		*k++ = cell_text(v[i].label);
		*k++ = cell_whole(v[i].decided);
		*k++ = cell_whole(v[i].won);
		k = put_rate(k, v[i].rate);
		*k++ = cell_money(v[i].value);
		*k++ = cell_real(v[i].cycle);
		*k++ = cell_money(v[i].per_day);
		*k++ = cell_whole(v[i].n_left);
	}
	return OK;
}

/* ---- forecast ---- */

static enum err
open_by_person(struct conn *c, struct arena *a, struct report *r)
{
	static const struct report_column columns[] = { { "person", UNIT_TEXT }, { "n", UNIT_COUNT },
		{ "commit", UNIT_MONEY }, { "best", UNIT_MONEY }, { "pipeline", UNIT_MONEY }, { "omitted", UNIT_MONEY },
		{ "value", UNIT_MONEY }, { "weighted", UNIT_MONEY }, { NULL, UNIT_COUNT } };
	struct figures_open *o;
	size_t n;
	enum err e = figures_open(c, a, r->grant, &r->scope, true, &o, &n);

	r->table.columns = columns;
	for (size_t i = 0; e == OK && i < n; i++) {
		const int64_t amounts[] = { o[i].commit, o[i].best, o[i].pipeline, o[i].omitted, o[i].value,
			o[i].weighted };
		struct report_cell *k = report_row(r);
		*k++ = cell_text(o[i].name);
		*k++ = cell_whole(o[i].n);
		for (int j = 0; j < 6; j++)
			*k++ = cell_whole(amounts[j]);
	}
	return e;
}

static void
put_range(struct arena *a, struct report *r, const struct figures_range *x)
{
	bool has = x->has;
	int64_t n = has ? x->n : 0;

	report_text(r, "period_from", "Period from", day_iso(a, x->from), 1);
	report_text(r, "period_to", "Period to", day_iso(a, x->to), 1);
	report_whole(r, "won", "Won in the period so far", UNIT_MONEY, true, x->won, x->n_won);
	report_whole(r, "won_no_rate", "of these in currencies without a rate, not in the sum", UNIT_COUNT, true,
	        x->won_others, x->n_won);
	report_whole(r, "p10", "Simulated, P10: nine of ten draws bring more", UNIT_MONEY, has, x->range.p10, n);
	report_whole(r, "p50", "Simulated, P50: half of them", UNIT_MONEY, has, x->range.p50, n);
	report_whole(r, "p90", "Simulated, P90: one of ten", UNIT_MONEY, has, x->range.p90, n);
	report_whole(r, "mean", "Simulated, mean", UNIT_MONEY, has, has ? llround(x->range.mean) : 0, n);
	report_whole(r, "draws", "Draws", UNIT_COUNT, has, (int64_t)x->range.draws, (int64_t)x->range.draws);
	report_whole(r, "by_stage", "drawn by the history of their stage", UNIT_COUNT, has, x->by_stage, n);
	report_whole(r, "undated", "not drawn: no day of beginning is known", UNIT_COUNT, has, x->undated, x->undated);
	report_whole(r, "older", "drawn as not won: older than any deal ever won", UNIT_COUNT, has, x->older, n);
	report_whole(r, "history_decided", "Decided deals that the chances come from", UNIT_COUNT, true, x->decided,
	        x->decided);
	if (!has)
		report_text(r, "no_range", "No range", x->why, x->decided);
}

/* What past forecasts were worth. */
static enum err
put_scores(struct conn *c, struct arena *a, struct report *r)
{
	struct forecast_scores s;
	enum err e = forecast_scores(c, a, r->grant, r->scope.person, r->scope.as_of, &s);

	if (e != OK)
		return e;
	report_real(r, "past_bias", "Bias of past commits, above 0: too much", UNIT_SHARE, s.bias.mean, s.bias.n);
	report_real(r, "past_error", "their mean error either way", UNIT_SHARE, s.bias.absolute, s.bias.n);
	report_real(r, "past_brier", "Brier score of how sure they were", UNIT_REAL, s.has ? s.score.brier : NAN,
	        s.has ? s.score.n : 0);
	report_real(r, "past_kept", "Commits that were reached", UNIT_SHARE, s.has ? s.score.base : NAN,
	        s.has ? s.score.n : 0);
	return OK;
}

enum err
report_forecast(struct conn *c, struct arena *a, struct report *r)
{
	struct figures_open *o;
	struct figures_range x;
	size_t n;
	enum err e;

	if (is_past(r))
		return report_fault(r, "as-of", STR("what was open on a past day is not known from today's stages"),
		        STR("leave it out"));
	e = figures_open(c, a, r->grant, &r->scope, false, &o, &n);
	if (e == OK)
		e = figures_range(c, a, r->grant, &r->scope, &x);
	if (e != OK)
		return e;
	report_whole(r, "open", "Open deals", UNIT_COUNT, true, o->n, o->n);
	report_whole(r, "commit", "Commit", UNIT_MONEY, true, o->commit, o->n_commit);
	report_whole(r, "best", "Best case", UNIT_MONEY, true, o->best, o->n_best);
	report_whole(r, "pipeline", "Pipeline", UNIT_MONEY, true, o->pipeline, o->n_pipeline);
	report_whole(r, "omitted", "Omitted", UNIT_MONEY, true, o->omitted, o->n_omitted);
	report_whole(r, "weighted", "Weighted", UNIT_MONEY, o->n_valued > 0, o->weighted, o->n_valued);
	report_whole(r, "no_rate", "in currencies without a rate, in no sum", UNIT_COUNT, true, o->others, o->n);
	report_whole(r, "converted", "in other currencies, converted", UNIT_COUNT, true, o->converted, o->n);
	if (o->rates.n)
		report_text(r, "rates", "converted at", o->rates, o->converted);
	put_range(a, r, &x);
	e = put_scores(c, a, r);
	if (e != OK)
		return e;
	return r->by & REPORT_BY_PERSON ? open_by_person(c, a, r) : OK;
}

/* ---- win and loss ---- */

static void
put_reasons(struct report *r, const struct figures_winloss *w)
{
	static const struct report_column columns[] = { { "reason", UNIT_TEXT }, { "lost", UNIT_COUNT },
		{ "share", UNIT_SHARE }, { "low", UNIT_SHARE }, { "high", UNIT_SHARE }, { "n", UNIT_COUNT },
		{ "value", UNIT_MONEY }, { "no_rate", UNIT_COUNT }, { NULL, UNIT_COUNT } };

	r->table.columns = columns;
	for (size_t i = 0; i < w->n_reasons; i++) {
		const struct figures_reason *x = &w->reason[i];
		struct report_cell *k = report_row(r);
		*k++ = cell_text(x->reason);
		*k++ = cell_whole(x->rate.num);
		k = put_rate(k, x->rate);
		*k++ = cell_whole(x->rate.den);
		*k++ = cell_whole(x->value);
		*k++ = cell_whole(x->n_left);
	}
}

static void
put_traits(struct report *r, const struct figures_winloss *w)
{
	static const struct report_column columns[] = { { "trait", UNIT_TEXT }, { "value", UNIT_TEXT },
		{ "won_with", UNIT_SHARE }, { "n_with", UNIT_COUNT }, { "won_without", UNIT_SHARE },
		{ "n_without", UNIT_COUNT }, { "difference", UNIT_SHARE }, { "low", UNIT_SHARE },
		{ "high", UNIT_SHARE }, { "risk_ratio", UNIT_REAL }, { "fisher_p", UNIT_REAL }, { "holm_p", UNIT_REAL },
		{ NULL, UNIT_COUNT } };

	r->table.columns = columns;
	for (size_t i = 0; i < w->n_traits; i++) {
		const struct figures_trait *x = &w->trait[i];
		struct report_cell *k = report_row(r);
		*k++ = cell_text(str_of(x->kind));
		*k++ = cell_text(x->value);
		*k++ = cell_real(rate_share(x->with));
		*k++ = cell_whole(x->with.den);
		*k++ = cell_real(rate_share(x->without));
		*k++ = cell_whole(x->without.den);
		*k++ = cell_real(x->gap.diff);
		*k++ = cell_real(x->gap.low);
		*k++ = cell_real(x->gap.high);
		*k++ = cell_real(x->risk.ratio);
		*k++ = cell_real(x->p);
		*k++ = cell_real(x->holm);
	}
}

static void
put_signal(struct arena *a, struct report *r, const struct figures_signal *s)
{
	static const struct {
		const char *name, *label;
	} names[] = { { "model", "Model of product and owner" }, { "constant", "The overall rate for all" },
		{ "owner_rate", "Each owner's own rate" } };
	const struct score *scores[] = { &s->model, &s->constant, &s->owner };

	report_text(r, "signal_split", "Tried on deals decided from", day_iso(a, s->split), s->n_test);
	report_whole(
	        r, "signal_trained", "learned from deals decided before", UNIT_COUNT, true, s->n_train, s->n_train);
	for (int i = 0; i < 3; i++) {
		const struct score *x = scores[i];
		int64_t n = s->has ? x->n : 0;
		str name = str_fmt(a, "%s_brier", names[i].name), auc = str_fmt(a, "%s_auc", names[i].name);
		str loss = str_fmt(a, "%s_log_loss", names[i].name);
		report_real(r, str_z(a, name), str_z(a, str_fmt(a, "%s, Brier", names[i].label)), UNIT_REAL,
		        s->has ? x->brier : NAN, n);
		report_real(r, str_z(a, auc), str_z(a, str_fmt(a, "%s, AUC", names[i].label)), UNIT_REAL,
		        s->has ? x->auc : NAN, n);
		report_real(r, str_z(a, loss), str_z(a, str_fmt(a, "%s, log loss", names[i].label)), UNIT_REAL,
		        s->has && isfinite(x->log_loss) ? x->log_loss : NAN, n);
	}
	struct metric *m =
	        report_add(r, "model_gain", "Brier gained by the model", UNIT_REAL, s->has, s->has ? s->n_test : 0);
	m->real = s->gain;
	m->interval = s->has;
	m->low = s->low;
	m->high = s->high;
	report_text(r, "model_verdict", "Can wins be told beforehand?",
	        !s->has      ? STR("too few deals to try")
	        : s->low > 0 ? STR("the model beats the overall rate")
	                     : STR("no usable signal"),
	        s->has ? s->n_test : 0);
}

enum err
report_win_loss(struct conn *c, struct arena *a, struct report *r)
{
	struct figures_winloss w;
	enum err e = figures_winloss(c, a, r->grant, &r->scope, &w);
	int64_t with_reason = w.lost;

	if (e != OK)
		return e;
	for (size_t i = 0; i < w.n_reasons; i++)
		if (!w.reason[i].reason.n)
			with_reason -= w.reason[i].rate.num;
	report_whole(r, "won", "Won", UNIT_COUNT, true, w.won, w.won + w.lost);
	report_whole(r, "lost", "Lost", UNIT_COUNT, true, w.lost, w.won + w.lost);
	report_rate(r, "win_rate", "Win rate", w.won, w.won + w.lost);
	report_rate(r, "reason_given", "Lost with a reason", with_reason, w.lost);
	report_whole(
	        r, "traits", "Characteristics asked about", UNIT_COUNT, true, (int64_t)w.n_traits, (int64_t)w.n_traits);
	report_whole(r, "traits_found", "of these different beyond chance (Holm)", UNIT_COUNT, true, (int64_t)w.n_found,
	        (int64_t)w.n_traits);
	put_signal(a, r, &w.signal);
	if (str_eq(r->by_other, STR("reason"))) {
		put_reasons(r, &w);
		report_currencies(r, &w.currencies);
	}
	if (str_eq(r->by_other, STR("trait")))
		put_traits(r, &w);
	return OK;
}

/* ---- people ---- */

enum err
report_people(struct conn *c, struct arena *a, struct report *r)
{
	static const struct report_column columns[] = { { "person", UNIT_TEXT }, { "won", UNIT_COUNT },
		{ "n", UNIT_COUNT }, { "win_rate", UNIT_SHARE }, { "low", UNIT_SHARE }, { "high", UNIT_SHARE },
		{ "shrunk", UNIT_SHARE }, { "shrunk_low", UNIT_SHARE }, { "shrunk_high", UNIT_SHARE },
		{ "revenue_won", UNIT_MONEY }, { "cycle_won_mean_days", UNIT_DAYS }, { "no_rate", UNIT_COUNT },
		{ NULL, UNIT_COUNT } };
	struct figures_people p;
	enum err e = figures_people(c, a, r->grant, &r->scope, &p);

	if (e != OK)
		return e;
	int64_t n = p.differ.n;
	report_whole(r, "people", "People with decided deals", UNIT_COUNT, true, n, (int64_t)p.n);
	report_real(r, "chi_square", "Chi-square of win rates", UNIT_REAL, p.differ.df ? p.differ.chi : NAN, n);
	report_whole(r, "degrees", "Degrees of freedom", UNIT_COUNT, p.differ.df > 0, p.differ.df, n);
	report_real(r, "p", "p", UNIT_REAL, p.differ.p, n);
	report_real(r, "common_rate", "Common rate", UNIT_SHARE, p.has_fit ? p.fit.mu : NAN, p.fit.decided);
	report_real(r, "theta", "Spread beyond chance, theta", UNIT_REAL, p.has_fit ? p.fit.theta : NAN, n);
	report_text(r, "words", "In words", figures_people_words(a, &p), n);
	r->table.columns = columns;
	for (size_t i = 0; i < p.n; i++) {
		const struct figures_person *x = &p.row[i];
		bool any = x->decided > 0;
		struct report_cell *k = report_row(r);
		*k++ = cell_text(x->name);
		*k++ = cell_whole(x->won);
		*k++ = cell_whole(x->decided);
		k = put_rate(k, x->rate);
		*k++ = cell_real(any && p.has_fit ? x->shrunk.share : NAN);
		*k++ = cell_real(any && p.has_fit ? x->shrunk.low : NAN);
		*k++ = cell_real(any && p.has_fit ? x->shrunk.high : NAN);
		*k++ = any ? cell_whole(x->revenue) : (struct report_cell){ 0 };
		*k++ = cell_real(any ? x->cycle : NAN);
		*k++ = cell_whole(x->n_left);
	}
	report_currencies(r, &p.currencies);
	return OK;
}

/* ---- survival ---- */

static void
put_days(struct report *r, const char *name, const char *label, struct survive_days d, int64_t n)
{
	struct metric *m = report_add(r, name, label, UNIT_DAYS, d.days >= 0, n);

	m->real = (double)d.days;
	m->interval = d.days >= 0 && d.low >= 0 && d.high >= 0;
	m->low = (double)d.low;
	m->high = (double)d.high;
}

static void
put_curve(struct report *r, const struct survive_point *p, size_t n, const struct survive_ends *q, size_t nq)
{
	static const struct report_column columns[] = { { "day", UNIT_COUNT }, { "at_risk", UNIT_COUNT },
		{ "events", UNIT_COUNT }, { "open", UNIT_SHARE }, { "error", UNIT_REAL }, { "low", UNIT_SHARE },
		{ "high", UNIT_SHARE }, { "won", UNIT_SHARE }, { "won_low", UNIT_SHARE }, { "won_high", UNIT_SHARE },
		{ "lost", UNIT_SHARE }, { NULL, UNIT_COUNT } };

	r->table.columns = columns;
	for (size_t i = 0; i < n; i++) {
		const struct survive_ends *x = survive_ends_at(q, nq, p[i].days);
		struct report_cell *k = report_row(r);
		*k++ = cell_whole(p[i].days);
		*k++ = cell_whole(p[i].at_risk);
		*k++ = cell_whole(p[i].events);
		*k++ = cell_real(p[i].share);
		*k++ = cell_real(p[i].error);
		*k++ = cell_real(p[i].low);
		*k++ = cell_real(p[i].high);
		*k++ = cell_real(x ? x->won : 0);
		*k++ = cell_real(x ? x->won_low : 0);
		*k++ = cell_real(x ? x->won_high : 0);
		*k++ = cell_real(x ? x->lost : 0);
	}
}

enum err
report_survival(struct conn *c, struct arena *a, struct report *r)
{
	struct figures_spells f;
	enum err e = figures_spells(c, a, r->grant, &r->scope, &f);
	const struct survive_point *any, *won;
	const struct survive_ends *ends;
	int64_t decided = 0;

	if (e != OK)
		return e;
	size_t n = survive_curve(a, &f.all, SURVIVE_ANY, &any),
	       n_won = survive_curve(a, &f.all, SURVIVE_WON_ONLY, &won);
	size_t n_ends = survive_compete(a, &f.all, &ends);
	for (size_t i = 0; i < n; i++)
		decided += any[i].events;
	report_whole(r, "n", "Deals followed", UNIT_COUNT, true, f.all.total, f.all.total);
	report_whole(r, "events", "of these decided", UNIT_COUNT, true, decided, f.all.total);
	report_whole(r, "undated", "Left out: no day of beginning or end", UNIT_COUNT, true, f.undated, f.undated);
	report_text(r, "clock", "Days since", f.engaged ? STR("engaged") : STR("created"), f.all.total);
	put_days(r, "q25_days", "A quarter is decided after", survive_quantile(any, n, 0.25), decided);
	put_days(r, "median_days", "Half are decided after", survive_quantile(any, n, 0.5), decided);
	put_days(r, "q75_days", "Three quarters after", survive_quantile(any, n, 0.75), decided);
	put_days(r, "median_won_days", "Half would be won after, were no deal lost", survive_quantile(won, n_won, 0.5),
	        decided);
	int64_t until = n ? any[n - 1].days : 0;
	struct survive_mean m = survive_restricted(any, n, until);
	struct metric *x = report_add(
	        r, "restricted_mean_days", "Mean days open, up to the last decided day", UNIT_DAYS, n > 0, decided);
	x->real = m.days;
	x->interval = n > 0;
	x->low = m.days - RATE_Z * m.error;
	x->high = m.days + RATE_Z * m.error;
	report_real(r, "restricted_until_days", "which is day", UNIT_DAYS, n ? (double)until : NAN, decided);
	report_real(r, "won_in_the_end", "Won in the end", UNIT_SHARE, n_ends ? ends[n_ends - 1].won : NAN, decided);
	report_real(r, "lost_in_the_end", "Lost in the end", UNIT_SHARE, n_ends ? ends[n_ends - 1].lost : NAN, decided);
	if (str_eq(r->by_other, STR("day")))
		put_curve(r, any, n, ends, n_ends);
	return OK;
}
