#include "html/svg.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"

/* ---- what all share ---- */

/* part of whole in per cent for an attribute, always within the drawing. */
static void
percent(struct view *v, const char *name, double part, double whole)
{
	double p = whole > 0 && isfinite(part) ? 100 * part / whole : 0;
	p = p < 0 ? 0 : p > 100 ? 100 : p;
	out_fmt(v->out, " %s=\"%.4g%%\"", name, round(p * 10) / 10);
}

enum digits { SHORT, WHOLE, CENTS };

static str
amount_text(struct view *v, const char *code, int64_t amount, enum digits digits)
{
	if (code[0] == '\0')
		return html_int_text(v->arena, amount);
	money m = { .minor = amount };
	memcpy(m.code, code, sizeof(m.code));
	return digits == CENTS   ? money_exact(v->arena, m)
	       : digits == WHOLE ? money_text(v->arena, m)
	                         : money_short(v->arena, m);
}

/* An amount in a cell; the exact one as title where it is shortened. */
static void
amount_cell(struct view *v, const char *code, int64_t amount, enum digits digits, bool sign)
{
	str full = amount_text(v, code, amount, digits == CENTS ? CENTS : WHOLE);
	str shown = amount_text(v, code, amount, digits);
	out_lit(v->out, "<td class=\"num\"><bdi");
	if (!str_eq(full, shown)) {
		out_lit(v->out, " title=\"");
		html_attr(v, full);
		out_byte(v->out, '"');
	}
	out_byte(v->out, '>');
	if (sign && amount > 0)
		out_byte(v->out, '+');
	html_text(v, shown);
	out_lit(v->out, "</bdi></td>");
}

static void
table_open(struct view *v, str caption)
{
	assert(caption.n > 0); /* a figure without a name says nothing to somebody who cannot see it */
	out_lit(v->out, "<table class=\"fall\"><caption class=\"vh\">");
	html_text(v, caption);
	out_lit(v->out, "</caption><tbody>");
}

static void
row_head(struct view *v, str label, str note, str href)
{
	out_lit(v->out, "<th scope=\"row\"><b>");
	if (href.n) {
		out_lit(v->out, "<a class=\"plain\" href=\"");
		html_url(v, href);
		out_lit(v->out, "\">");
	}
	html_text(v, label);
	if (href.n)
		out_lit(v->out, "</a>");
	out_lit(v->out, "</b>");
	if (note.n) {
		out_lit(v->out, " <span class=\"note\">");
		html_text(v, note);
		out_lit(v->out, "</span>");
	}
	out_lit(v->out, "</th>");
}

static void
rect(struct view *v, const char *class, double x, double width, double whole, int height)
{
	out_fmt(v->out, "<rect class=\"%s\"", class);
	if (x > 0)
		percent(v, "x", x, whole);
	percent(v, "width", width, whole);
	out_fmt(v->out, " height=\"%d\" rx=\"3\"/>", height);
}

static void
upright(struct view *v, const char *class, double x, double whole, int from, int to)
{
	out_fmt(v->out, "<line class=\"%s\"", class);
	percent(v, "x1", x, whole);
	percent(v, "x2", x, whole);
	out_fmt(v->out, " y1=\"%d\" y2=\"%d\"/>", from, to);
}

static void
chart_open(struct view *v, str sentence)
{
	out_lit(v->out, "<svg class=\"chart\" width=\"100%\" height=\"150\" role=\"img\" aria-label=\"");
	html_attr(v, sentence);
	out_lit(v->out, "\">");
}

/* ---- dot plot ---- */

static str
dot_text(struct view *v, const struct svg_dots *d, double x)
{
	if (d->unit == SVG_MONEY)
		return isfinite(x) ? amount_text(v, d->code, (int64_t)llround(x), false) : STR("no data");
	return d->unit == SVG_SHARE ? html_pct_text(v->arena, x) : html_real_text(v->arena, x);
}

static double
larger(double a, double b)
{
	return isfinite(b) && b > a ? b : a;
}

static double
dots_end(const struct svg_dots *d)
{
	double end = d->unit == SVG_SHARE ? 1 : d->most;
	if (end > 0)
		return end;
	for (size_t i = 0; i < d->n; i++) {
		const struct svg_dot *r = &d->rows[i];
		end = larger(larger(larger(end, r->value), r->high), r->reference);
	}
	return end > 0 ? ceil(end) : 1;
}

/* "n = 31, 16 % to 47 %, team median 52 %": the whole row in words. */
static str
dot_note(struct view *v, const struct svg_dots *d, const struct svg_dot *r)
{
	struct arena *a = v->arena;
	str s = str_fmt(a, "n = %.*s", STR_ARG(html_int_text(a, r->n)));
	if (isfinite(r->low) && isfinite(r->high)) {
		str low = dot_text(v, d, r->low), high = dot_text(v, d, r->high);
		s = str_fmt(a, "%.*s, %.*s to %.*s", STR_ARG(s), STR_ARG(low), STR_ARG(high));
	}
	if (isfinite(r->reference) && d->reference.n) {
		str reference = dot_text(v, d, r->reference);
		s = str_fmt(a, "%.*s; %.*s %.*s", STR_ARG(s), STR_ARG(d->reference), STR_ARG(reference));
	}
	return s;
}

static void
circle(struct view *v, const char *class, double x, double end, const char *radius)
{
	out_fmt(v->out, "<circle class=\"%s\"", class);
	percent(v, "cx", x, end);
	out_fmt(v->out, " cy=\"10\" r=\"%s\"/>", radius);
}

static void
dot_drawing(struct view *v, const struct svg_dot *r, double end)
{
	out_lit(v->out, "<td><svg height=\"20\" aria-hidden=\"true\">");
	for (int i = 0; i <= 4; i++)
		upright(v, "grid", i, 4, 0, 20);
	if (isfinite(r->low) && isfinite(r->high)) {
		out_lit(v->out, "<line class=\"ci\"");
		percent(v, "x1", r->low, end);
		percent(v, "x2", r->high, end);
		out_lit(v->out, " y1=\"10\" y2=\"10\"/>");
	}
	if (isfinite(r->reference))
		circle(v, "ring", r->reference, end, "4.5");
	if (isfinite(r->value))
		circle(v, "f1", r->value, end, "5.5");
	out_lit(v->out, "</svg></td>");
}

static void
dots_axis(struct view *v, const struct svg_dots *d, double end)
{
	static const char *const anchor[] = { "", " class=\"mid\"", " class=\"fin\"" };
	out_lit(v->out, "<tr aria-hidden=\"true\"><td></td><td><svg height=\"16\">");
	for (int i = 0; i <= 2; i++) {
		out_lit(v->out, "<text");
		percent(v, "x", i, 2);
		out_fmt(v->out, " y=\"12\"%s>", anchor[i]);
		html_text(v, dot_text(v, d, end * i / 2));
		out_lit(v->out, "</text>");
	}
	out_lit(v->out, "</svg></td><td></td></tr>");
}

static void
dots_legend(struct view *v, const struct svg_dots *d)
{
	if (d->name.n == 0)
		return;
	out_lit(v->out, "<ul class=\"legend\"><li><svg aria-hidden=\"true\"><circle class=\"f1\" cx=\"6\" cy=\"6\" "
	                "r=\"5.5\"/></svg>");
	html_text(v, d->name);
	out_lit(v->out, "</li>");
	if (d->reference.n) {
		out_lit(v->out,
		        "<li><svg aria-hidden=\"true\"><circle class=\"ring\" cx=\"6\" cy=\"6\" r=\"4.5\"/></svg>");
		html_text(v, d->reference);
		out_lit(v->out, "</li>");
	}
	out_lit(v->out,
	        "<li><svg aria-hidden=\"true\"><line class=\"ci\" x1=\"0\" x2=\"12\" y1=\"6\" y2=\"6\"/></svg>");
	html_text(v, d->interval.n ? d->interval : STR("95 % interval"));
	out_lit(v->out, "</li></ul>");
}

void
svg_dots(struct view *v, const struct svg_dots *d)
{
	double end = dots_end(d);
	table_open(v, d->caption);
	for (size_t i = 0; i < d->n; i++) {
		const struct svg_dot *r = &d->rows[i];
		out_lit(v->out, "<tr>");
		row_head(v, r->label, dot_note(v, d, r), r->href);
		dot_drawing(v, r, end);
		out_lit(v->out, "<td class=\"num\">");
		html_text(v, dot_text(v, d, r->value));
		out_lit(v->out, "</td></tr>");
	}
	dots_axis(v, d, end);
	out_lit(v->out, "</tbody></table>");
	dots_legend(v, d);
}

/* ---- bars ---- */

void
svg_bars(struct view *v, const struct svg_bars *b)
{
	double most = 0;
	for (size_t i = 0; i < b->n; i++)
		most = larger(larger(most, (double)b->rows[i].amount), (double)b->rows[i].goal);
	table_open(v, b->caption);
	for (size_t i = 0; i < b->n; i++) {
		const struct svg_bar *r = &b->rows[i];
		out_lit(v->out, "<tr>");
		row_head(v, r->label, r->note, r->href);
		out_lit(v->out, "<td><svg height=\"18\" aria-hidden=\"true\">");
		if (r->amount > 0)
			rect(v, r->amount < r->goal ? "f4" : "f2", 0, (double)r->amount, most, 18);
		if (r->goal > 0)
			upright(v, "goal", (double)r->goal, most, -2, 20);
		out_lit(v->out, "</svg></td>");
		amount_cell(v, b->code, r->amount, SHORT, false);
		out_lit(v->out, "</tr>");
	}
	out_lit(v->out, "</tbody></table>");
}

/* ---- waterfall ---- */

struct levels {
	double low, span; /* of all levels passed and of 0 */
	enum digits digits;
};

/* One format in a column: where one amount has cents, all are written with them. */
static enum digits
fall_digits(const struct svg_fall *f)
{
	money m = { .minor = f->from };
	memcpy(m.code, f->code, sizeof(m.code));
	bool cents = money_broken(m);
	for (size_t i = 0; i < f->n; i++) {
		m.minor = f->parts[i].amount;
		cents = cents || money_broken(m);
	}
	return !f->exact ? SHORT : cents ? CENTS : WHOLE;
}

static struct levels
fall_levels(const struct svg_fall *f)
{
	int64_t level = f->from;
	double low = fmin(0, (double)level), high = fmax(0, (double)level);
	for (size_t i = 0; i < f->n; i++) {
		level += f->parts[i].amount;
		low = fmin(low, (double)level);
		high = fmax(high, (double)level);
	}
	return (struct levels){ low, high - low, fall_digits(f) };
}

static void
fall_row(struct view *v, const struct svg_fall *f, struct levels l, const struct svg_part *p, int64_t from, bool sum)
{
	double start = fmin((double)from, (double)(from + p->amount)), width = fabs((double)p->amount);
	if (sum)
		out_lit(v->out, "<tr class=\"sum\">");
	else
		out_lit(v->out, "<tr>");
	row_head(v, p->label, p->note, (str){ 0 });
	out_lit(v->out, "<td><svg height=\"18\" aria-hidden=\"true\">");
	rect(v, !sum && p->amount < 0 ? "f4" : "f2", start - l.low, width, l.span, 18);
	out_lit(v->out, "</svg></td>");
	amount_cell(v, f->code, p->amount, l.digits, !sum);
	out_lit(v->out, "</tr>");
}

void
svg_fall(struct view *v, const struct svg_fall *f)
{
	struct levels l = fall_levels(f);
	int64_t level = f->from;
	table_open(v, f->caption);
	fall_row(v, f, l, &(struct svg_part){ .label = f->first, .amount = f->from }, 0, true);
	for (size_t i = 0; i < f->n; i++) {
		fall_row(v, f, l, &f->parts[i], level, false);
		level += f->parts[i].amount;
	}
	fall_row(v, f, l, &(struct svg_part){ .label = f->last, .amount = level }, 0, true);
	out_lit(v->out, "</tbody></table>");
}

/* ---- columns and process chart: one drawing, plot from LEFT % to 100 % and TOP to BOTTOM ---- */

#define LEFT   12.0
#define TOP    14.0
#define BOTTOM 126.0

static double
across(size_t i, size_t n)
{
	return LEFT + (100 - LEFT) * ((double)i + 0.5) / (double)(n ? n : 1);
}

static double
up(double x, double low, double high)
{
	double share = high > low ? (x - low) / (high - low) : 0;
	return BOTTOM - (BOTTOM - TOP) * fmin(fmax(share, 0), 1);
}

static void
level(struct view *v, const char *class, double y, double from)
{
	out_fmt(v->out, "<line class=\"%s\" x1=\"%.4g%%\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>", class, from, y, y);
}

static void
words(struct view *v, double x, double y, const char *class, str text)
{
	out_fmt(v->out, "<text x=\"%.4g%%\" y=\"%.1f\" class=\"%s\">", round(x * 10) / 10, y, class);
	html_text(v, text);
	out_lit(v->out, "</text>");
}

/* Under the plot every so many, so that at most five are written. */
static bool
label_shown(size_t i, size_t n)
{
	return i % ((n + 4) / 5 ? (n + 4) / 5 : 1) == 0;
}

/* The next of 2, 4, 6, 8, 10 and their tenfolds: its half is a whole number, too. */
static int64_t
round_end(int64_t most)
{
	static const int64_t steps[] = { 2, 4, 6, 8, 10 };
	for (int64_t tens = 1; tens <= INT64_MAX / 100; tens *= 10)
		for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
			if (steps[i] * tens >= most)
				return steps[i] * tens;
	return most;
}

static int64_t
columns_most(const struct svg_columns *c)
{
	int64_t most = c->goal;
	for (size_t i = 0; i < c->n; i++)
		if (c->rows[i].amount > most)
			most = c->rows[i].amount;
	return most;
}

/* "12 columns, w36 to w47, between 22k and 72k; 6 reach the goal of 45k." */
static str
columns_sentence(struct view *v, const struct svg_columns *c)
{
	if (c->sentence.n)
		return c->sentence;
	if (c->n == 0)
		return str_fmt(v->arena, "%.*s: no data", STR_ARG(c->what));
	int64_t least = INT64_MAX, most = INT64_MIN;
	size_t reached = 0;
	for (size_t i = 0; i < c->n; i++) {
		int64_t x = c->rows[i].amount;
		least = x < least ? x : least;
		most = x > most ? x : most;
		reached += x >= c->goal;
	}
	str low = amount_text(v, c->code, least, false), high = amount_text(v, c->code, most, false);
	str s = str_fmt(v->arena, "%.*s, %.*s to %.*s: between %.*s and %.*s", STR_ARG(c->what),
	        STR_ARG(c->rows[0].label), STR_ARG(c->rows[c->n - 1].label), STR_ARG(low), STR_ARG(high));
	if (c->goal <= 0)
		return s;
	str goal = amount_text(v, c->code, c->goal, false);
	return str_fmt(v->arena, "%.*s; %zu of %zu reach the goal of %.*s", STR_ARG(s), reached, c->n, STR_ARG(goal));
}

static void
column(struct view *v, const struct svg_columns *c, size_t i, double end)
{
	const struct svg_column *r = &c->rows[i];
	double step = (100 - LEFT) / (double)c->n, width = step * 0.72, y = up((double)r->amount, 0, end);
	str amount = amount_text(v, c->code, r->amount, true);
	out_fmt(v->out, "<rect class=\"%s\" x=\"%.4g%%\" y=\"%.1f\" width=\"%.4g%%\" height=\"%.1f\" rx=\"3\"><title>",
	        r->amount < c->goal ? "f4" : "f2", across(i, c->n) - width / 2, y, width, BOTTOM - y);
	html_text(v, r->label);
	out_lit(v->out, ": ");
	html_text(v, amount);
	out_lit(v->out, "</title></rect>");
	if (label_shown(i, c->n))
		words(v, across(i, c->n), 146, "mid", r->label);
}

void
svg_columns(struct view *v, const struct svg_columns *c)
{
	int64_t end = round_end(columns_most(c));
	chart_open(v, columns_sentence(v, c));
	for (int i = 0; i <= 2; i++) {
		double y = up(i, 0, 2);
		level(v, i == 0 ? "axis" : "grid", y, LEFT);
		words(v, LEFT - 2, y + 4, "fin", amount_text(v, c->code, end / 2 * i, false));
	}
	for (size_t i = 0; i < c->n; i++)
		column(v, c, i, (double)end);
	if (c->goal > 0) {
		double y = up((double)c->goal, 0, (double)end);
		level(v, "goal", y, LEFT);
		words(v, 100, y - 4, "strong fin",
		        str_fmt(v->arena, "Goal %.*s", STR_ARG(amount_text(v, c->code, c->goal, false))));
	}
	out_lit(v->out, "</svg>");
}

static void
twin_open(struct view *v, str caption, str what)
{
	out_lit(v->out, "<table class=\"table\"><caption class=\"vh\">");
	html_text(v, caption);
	out_lit(v->out, "</caption><thead><tr><th scope=\"col\">Period</th><th scope=\"col\" class=\"num\">");
	html_text(v, what);
	out_lit(v->out, "</th></tr></thead><tbody>");
}

void
svg_columns_table(struct view *v, const struct svg_columns *c)
{
	twin_open(v, columns_sentence(v, c), c->what);
	for (size_t i = 0; i < c->n; i++) {
		out_lit(v->out, "<tr><th scope=\"row\">");
		html_text(v, c->rows[i].label);
		out_lit(v->out, "</th>");
		amount_cell(v, c->code, c->rows[i].amount, true, false);
		out_lit(v->out, "</tr>");
	}
	out_lit(v->out, "</tbody></table>");
}

/* ---- process-behaviour chart ---- */

static struct levels
process_levels(const struct svg_process *p)
{
	double low = fmin(fmin(p->low, p->centre), p->high), high = fmax(fmax(p->low, p->centre), p->high);
	for (size_t i = 0; i < p->n; i++) {
		low = fmin(low, p->values[i]);
		high = fmax(high, p->values[i]);
	}
	return (struct levels){ low, high - low, SHORT };
}

static str
process_sentence(struct view *v, const struct svg_process *p)
{
	if (p->sentence.n)
		return p->sentence;
	size_t signals = 0;
	for (size_t i = 0; p->signals && i < p->n; i++)
		signals += p->signals[i] != 0;
	str low = html_real_text(v->arena, p->low), high = html_real_text(v->arena, p->high);
	str centre = html_real_text(v->arena, p->centre);
	return str_fmt(v->arena, "%.*s, %zu points around %.*s, limits %.*s and %.*s; %zu are signals",
	        STR_ARG(p->what), p->n, STR_ARG(centre), STR_ARG(low), STR_ARG(high), signals);
}

static void
process_points(struct view *v, const struct svg_process *p, struct levels l)
{
	double high = l.low + l.span;
	for (size_t i = 1; i < p->n; i++)
		out_fmt(v->out, "<line class=\"l1\" x1=\"%.4g%%\" x2=\"%.4g%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
		        across(i - 1, p->n), across(i, p->n), up(p->values[i - 1], l.low, high),
		        up(p->values[i], l.low, high));
	for (size_t i = 0; i < p->n; i++) {
		bool out = p->signals && p->signals[i];
		out_fmt(v->out, "<circle class=\"%s\" cx=\"%.4g%%\" cy=\"%.1f\" r=\"%s\"><title>",
		        out ? "pt out" : "pt", across(i, p->n), up(p->values[i], l.low, high), out ? "5.5" : "4");
		html_text(v, p->labels[i]);
		out_lit(v->out, ": ");
		html_text(v, html_real_text(v->arena, p->values[i]));
		out_lit(v->out, "</title></circle>");
		if (label_shown(i, p->n))
			words(v, across(i, p->n), 146, "mid", p->labels[i]);
	}
}

void
svg_process(struct view *v, const struct svg_process *p)
{
	struct levels l = process_levels(p);
	const double lines[] = { p->low, p->centre, p->high };
	chart_open(v, process_sentence(v, p));
	for (int i = 0; i < 3; i++) {
		double y = up(lines[i], l.low, l.low + l.span);
		level(v, i == 1 ? "axis" : "goal", y, LEFT);
		words(v, LEFT - 2, y + 4, "fin", html_real_text(v->arena, lines[i]));
	}
	process_points(v, p, l);
	out_lit(v->out, "</svg>");
}

void
svg_process_table(struct view *v, const struct svg_process *p)
{
	twin_open(v, process_sentence(v, p), p->what);
	for (size_t i = 0; i < p->n; i++) {
		out_lit(v->out, "<tr><th scope=\"row\">");
		html_text(v, p->labels[i]);
		out_lit(v->out, "</th><td class=\"num\">");
		html_text(v, html_real_text(v->arena, p->values[i]));
		if (p->signals && p->signals[i])
			out_lit(v->out, " <span class=\"note\">signal</span>");
		out_lit(v->out, "</td></tr>");
	}
	out_lit(v->out, "</tbody></table>");
}

/* ---- rhythm, progress, strip ---- */

void
svg_rhythm(struct view *v, const struct svg_rhythm *r)
{
	static const char *const classes[] = { "on", "no", "ask", "away" };
	static const char *const icons[] = { "check", "close", "question", "pause" };
	out_lit(v->out, "<ol class=\"rhythm\" aria-label=\"");
	html_attr(v, r->name);
	out_lit(v->out, "\">");
	for (size_t i = 0; i < r->n; i++) {
		const struct svg_square *s = &r->squares[i];
		assert(s->beat >= BEAT_ON && s->beat <= BEAT_AWAY);
		out_fmt(v->out, "<li class=\"%s\" title=\"", classes[s->beat]);
		html_attr(v, s->words);
		out_lit(v->out, "\">");
		html_icon_z(v, icons[s->beat]);
		out_lit(v->out, "<span class=\"vh\">");
		html_text(v, s->words);
		out_lit(v->out, "</span></li>");
	}
	out_lit(v->out, "</ol>");
}

/* More than so many are drawn in proportion. */
#define PIPS_MOST 10

void
svg_progress(struct view *v, int64_t n, int64_t m, const char *what)
{
	assert(n >= 0 && n <= m);
	int64_t pips = m < PIPS_MOST ? m : PIPS_MOST, on = m > 0 ? n * pips / m : 0;
	out_lit(v->out, "<span class=\"pips\" role=\"img\" aria-label=\"");
	out_fmt(v->out, "%lld of %lld ", (long long)n, (long long)m);
	html_attr_z(v, what);
	out_lit(v->out, "\">");
	for (int64_t i = 0; i < pips; i++) {
		if (i < on)
			out_lit(v->out, "<i class=\"on\"></i>");
		else
			out_lit(v->out, "<i></i>");
	}
	out_lit(v->out, "</span>");
}

static void
legend_item(struct view *v, const char *class, const char *words)
{
	out_fmt(v->out,
	        "<li><svg aria-hidden=\"true\"><rect class=\"%s\" width=\"12\" height=\"12\" rx=\"3\"/></svg>%s</li>",
	        class, words);
}

static void
strip_sentence(struct view *v, const struct svg_strip *s)
{
	str won = amount_text(v, s->code, s->won, false), commit = amount_text(v, s->code, s->commit, false);
	str weighted = amount_text(v, s->code, s->weighted, false), target = amount_text(v, s->code, s->target, false);
	str text = str_fmt(v->arena, "Won %.*s, commit %.*s", STR_ARG(won), STR_ARG(commit));
	if (s->weighted > 0)
		text = str_fmt(v->arena, "%.*s, weighted %.*s", STR_ARG(text), STR_ARG(weighted));
	if (s->target > 0)
		text = str_fmt(v->arena, "%.*s; target %.*s", STR_ARG(text), STR_ARG(target));
	html_attr(v, text);
}

void
svg_strip(struct view *v, const struct svg_strip *s)
{
	double won = (double)s->won, commit = won + (double)s->commit, all = commit + (double)s->weighted;
	double whole = larger(larger(larger(won, commit), all), (double)s->target);
	out_lit(v->out, "<div class=\"bar\"><svg role=\"img\" height=\"14\" aria-label=\"");
	strip_sentence(v, s);
	out_lit(v->out, "\">");
	if (s->weighted > 0)
		rect(v, "f3", 0, all, whole, 14);
	rect(v, "f2", 0, commit, whole, 14);
	rect(v, "f1", 0, won, whole, 14);
	if (s->target > 0)
		upright(v, "goal", (double)s->target, whole, -3, 17);
	out_lit(v->out, "</svg><ul class=\"legend\">");
	legend_item(v, "f1", "Won");
	legend_item(v, "f2", "Commit");
	if (s->weighted > 0)
		legend_item(v, "f3", "Weighted");
	if (s->target > 0)
		out_lit(v->out, "<li><svg aria-hidden=\"true\"><line class=\"goal\" x1=\"6\" x2=\"6\" y1=\"0\" "
		                "y2=\"12\"/></svg>Target</li>");
	out_lit(v->out, "</ul></div>");
}
