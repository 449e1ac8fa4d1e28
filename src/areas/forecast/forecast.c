#include <math.h>
#include <stdio.h>

#include "areas/forecast/view.h"
#include "record/kept.h"

#include "areas/forecast/forecast_html.h"

#define CHANGES_MOST 60

static struct report_scope
scope_of(struct request *r, id person, day from, day to)
{
	return (struct report_scope){
		.person = person, .from = from, .to = to, .as_of = r->today, .currency = r->actor.currency
	};
}

/* ---- what is open, and what it may bring ---- */

static enum err
load_figures(struct request *r, struct forecast_view *v)
{
	struct report_scope s = scope_of(r, v->person, v->from, v->to);
	const struct target_ask ask = { v->person, v->from, v->to, r->actor.currency };
	struct figures_open *all;
	size_t n;
	enum err e =
	        report_bound(r->conn, &r->grant, &s, false); /* O5: what one person won begins with a works agreement */

	v->won_from = s.from;
	if (e == OK)
		e = figures_open(r->conn, r->arena, &r->grant, &s, false, &all, &n);
	if (e == OK)
		e = figures_open(r->conn, r->arena, &r->grant, &s, true, &v->owners, &v->n_owners);
	if (e == OK)
		e = figures_range(r->conn, r->arena, &r->grant, &s, &v->range);
	if (e == OK)
		e = target_sum(r->conn, r->arena, &r->grant, &ask, &v->target);
	if (e != OK)
		return e;
	v->all = *all;
	v->reach = v->target.found && v->range.has ? simulate_reach(&v->range.range, v->target.amount) : NAN;
	return OK;
}

static void
add_dot(struct forecast_view *v, const char *label, int64_t amount, int64_t n)
{
	v->dots[v->plot.n++] = (struct svg_dot){ .label = str_of(label),
		.value = (double)amount,
		.low = NAN,
		.high = NAN,
		.reference = v->target.found ? (double)v->target.amount : NAN,
		.n = n };
}

/* All that is said of the same sum, under each other: what is won is in every line. */
static void
plot(struct request *r, struct forecast_view *v)
{
	int64_t won = v->range.won;

	v->plot = (struct svg_dots){ .caption = v->subtitle,
		.name = STR("Won by the end"),
		.reference = v->target.found ? STR("target") : STR(""),
		.interval = STR("P10 to P90"),
		.unit = SVG_MONEY,
		.rows = v->dots };
	snprintf(v->plot.code, sizeof v->plot.code, "%.*s", STR_ARG(r->actor.currency));
	add_dot(v, "Won so far", won, v->range.n_won);
	add_dot(v, "With commit", won + v->all.commit, v->all.n_commit);
	add_dot(v, "With best case too", won + v->all.commit + v->all.best, v->all.n_commit + v->all.n_best);
	add_dot(v, "With all that is open, weighted", won + v->all.weighted, v->all.n_valued);
	if (!v->range.has)
		return;
	add_dot(v, "Simulated", v->range.range.p50, v->range.n);
	v->dots[v->plot.n - 1].low = (double)v->range.range.p10;
	v->dots[v->plot.n - 1].high = (double)v->range.range.p90;
}

/* ---- submissions ---- */

static enum err
load_submissions(struct request *r, struct forecast_view *v)
{
	enum err e = forecast_said(r->conn, r->arena, &r->grant, v->person, v->from, &v->lines, &v->n_lines);

	return e == OK ? forecast_scores(r->conn, r->arena, &r->grant, v->person, r->today, &v->scores) : e;
}

/* ---- what changed since last week (D4) ----
   Nothing is entered before it is so: a change of this week stands in a set of this week, which the key of the history
   finds. Imports too: beside another CRM they bring the changes; the deals that a file brings anew are its own story.
 */

static const char changes_sql[] =
        "select d.id, d.name, l.field, coalesce(l.before_, ''), coalesce(l.after_, ''), l.effective, coalesce(p.name, "
        "''), d.currency, coalesce(s1.name, ''), coalesce(s2.name, ''), coalesce(o.name, '') from change_line l"
        " join change_set c on c.org_id = l.org_id and c.id = l.set_id join deal d on d.org_id = l.org_id and d.id = "
        "l.row_id left join person p on p.org_id = c.org_id and p.id = c.person"
        " left join stage s1 on s1.org_id = l.org_id and l.field = 'stage' and cast(s1.id as text) = l.before_"
        " left join stage s2 on s2.org_id = l.org_id and l.field = 'stage' and cast(s2.id as text) = l.after_"
        " left join person o on o.org_id = l.org_id and l.field = 'owner' and cast(o.id as text) = l.after_"
        " where l.org_id = $1 and $2 = $2 and l.record = 'deal' and l.field in ('stage', 'amount', 'closes_on', "
        "'category', 'owner', '') and l.set_id >= $5 and l.effective >= $4 and (c.kind <> 'import' or l.field <> '')%s"
        " {may:deals d.owner} order by l.effective desc, l.set_id desc, l.n limit 60";

/* A team's deals are found by their owners, and their changes by them. */
static const char *
of_line(id person)
{
	return person ? " and d.owner in (select x.below from line x where x.org_id = $1 and x.above = $3 and x.to_day "
	                "is "
	                "null)"
	              : " and $3 = 0";
}

static str
amount_of(struct request *r, str number, str currency)
{
	int64_t minor;

	return str_to_i64(number, &minor) ? money_short(r->arena, money_of(minor, currency)) : STR("nothing");
}

static str
day_of_text(struct request *r, str iso)
{
	day d;

	return day_parse(iso, &d) ? day_text(r->arena, d, r->today) : STR("none");
}

static str
change_words(struct request *r, const struct rows *rows)
{
	struct arena *a = r->arena;
	str field = db_text(rows, 2), was = db_text(rows, 3), is = db_text(rows, 4), currency = db_text(rows, 7);

	if (str_eq(field, STR("")))
		return STR("New");
	if (str_eq(field, STR("stage")))
		return str_fmt(a, "%.*s → %.*s", STR_ARG(db_text(rows, 8)), STR_ARG(db_text(rows, 9)));
	if (str_eq(field, STR("amount")))
		return str_fmt(a, "Amount %.*s → %.*s", STR_ARG(amount_of(r, was, currency)),
		        STR_ARG(amount_of(r, is, currency)));
	if (str_eq(field, STR("closes_on")))
		return str_fmt(a, "Close date %.*s → %.*s", STR_ARG(day_of_text(r, was)), STR_ARG(day_of_text(r, is)));
	if (str_eq(field, STR("owner")))
		return str_fmt(a, "Now with %.*s", STR_ARG(db_text(rows, 10)));
	return str_fmt(a, "Category %.*s → %.*s", STR_ARG(was.n ? was : STR("none")), STR_ARG(is.n ? is : STR("none")));
}

struct changes {
	struct forecast_change *row;
	size_t n;
};

struct changes_ask {
	struct request *r;
	id person;
	instant since;
};

static enum err
make_changes(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	const struct changes_ask *x = what;
	struct changes v = { .row = arena_new(a, struct forecast_change, CHANGES_MOST) };
	struct rows rows;
	str sql = str_fmt(a, changes_sql, of_line(x->person));
	enum err e = record_query(
	        c, a, g, str_z(a, sql), DB_ARGS(DB_I(x->person), DB_I(x->since), DB_I(id_since(x->since))), &rows);

	while (e == OK && v.n < CHANGES_MOST && db_next(&rows))
		v.row[v.n++] = (struct forecast_change){ .deal = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.what = change_words(x->r, &rows),
			.who = db_text(&rows, 6),
			.at = db_int(&rows, 5) };
	*(struct changes *)ret = v;
	return e == OK ? db_end(&rows) : e;
}

static void
copy_changes(struct arena *a, void *object)
{
	struct changes *v = object;

	v->row = arena_copy(a, v->row, v->n * sizeof *v->row);
	for (size_t i = 0; i < v->n; i++) {
		v->row[i].name = str_copy(a, v->row[i].name);
		v->row[i].what = str_copy(a, v->row[i].what);
		v->row[i].who = str_copy(a, v->row[i].who);
	}
}

static enum err
load_changes(struct request *r, struct forecast_view *v)
{
	static const struct kept_kind kind = { "changes of the week", "deal stage person", sizeof(struct changes),
		make_changes, copy_changes };
	static const enum matter deals = MATTER_DEALS;
	struct changes_ask x = { r, v->person, zone_instant(page_zone(r), day_add(r->today, -7), 0) };
	str key = str_fmt(r->arena, "%.*s|%lld|%lld|%d", STR_ARG(kept_may(r->arena, &r->grant, &deals, 1)),
	        (long long)x.person, (long long)x.since, (int)r->today.n);
	struct changes found;
	enum err e = kept(r->conn, r->arena, &r->grant, &kind, key, &x, &found);

	if (e != OK)
		return e;
	v->changes = found.row;
	v->n_changes = found.n;
	return OK;
}

/* ---- the page ---- */

static void
fill_period(struct request *r, struct forecast_view *v, str from)
{
	/* On the last day of a quarter the next one is meant. */
	day q = day_quarter(day_add(r->today, 1));

	for (int i = 0; i < 8; i++) {
		v->quarters[i].from = day_add_months(q, 3 - 3 * i);
		v->quarters[i].name = day_quarter_name(r->arena, v->quarters[i].from);
	}
	if (!day_parse(from, &v->from))
		v->from = q;
	v->from = day_quarter(v->from);
	v->to = day_add(day_add_months(v->from, 3), -1);
	v->is_over = v->to.n < r->today.n;
	v->period = day_quarter_name(r->arena, v->from);
}

static enum err
show(struct request *r, id person, str from)
{
	struct page p = { .title = STR("Forecast") };
	struct forecast_view *v = arena_new(r->arena, struct forecast_view, 1);
	enum err e;

	v->person = person;
	fill_period(r, v, from);
	v->who = person ? page_name(r, "person", person) : r->actor.org_name;
	if (!v->who.n)
		return ERR_ABSENT;
	v->subtitle = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(v->who), STR_ARG(v->period));
	e = load_figures(r, v);
	if (e == OK)
		e = load_submissions(r, v);
	if (e == OK)
		e = load_changes(r, v);
	if (e != OK)
		return e;
	plot(r, v);
	v->may_submit = r->actor.person && (r->actor.leads || r->actor.head) && !v->is_over;
	p.subtitle = v->subtitle;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_forecast(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
forecast_page(struct request *r)
{
	id person = page_id_param(r, "person");

	if (!page_param(r, "person").n && r->actor.person && !r->actor.head)
		person = r->actor.person;
	return show(r, person, page_param(r, "from"));
}

/* D6: for the own team, by whoever leads it. */
enum err
forecast_submit(struct request *r)
{
	struct forecast f;
	id set = 0;
	enum err e;

	record_init(&forecast_record, &f);
	f.person = r->actor.person;
	f.currency = r->actor.currency;
	f.on_day = r->today;
	f.from_day = page_day_field(r, "from_day", true);
	if (day_is(f.from_day)) {
		f.from_day = day_quarter(f.from_day);
		f.to_day = day_add(day_add_months(f.from_day, 3), -1);
	}
	page_fill(r, &forecast_record, "committed best sure note", &f);
	e = r->faults.n ? ERR_INPUT : page_save(r, STR("Forecast submitted"), &forecast_record, &f, &set);
	if (e == ERR_INPUT)
		return show(r, r->actor.person, page_field(r, "from_day"));
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/forecast?person=%.*s&from=%.*s",
	                                 STR_ARG(id_text(r->arena, f.person)), STR_ARG(day_iso(r->arena, f.from_day))))
	               : e;
}
