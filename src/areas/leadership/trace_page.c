#include "areas/leadership/trace_view.h"

#include "areas/leadership/trace_html.h"

/* Counts and days of leaders are open to those they lead (O5, O6), so they are read for the company. */
static const struct grant *
counts(struct request *r)
{
	struct grant *g = arena_new(r->arena, struct grant, 1);

	*g = grant_counts(&r->grant, "counts of leaders, open to their teams");
	return g;
}

static bool
stands(struct request *r, id above, id below)
{
	return trace_stands(r->conn, r->actor.org, above, below);
}

static enum err
load(struct request *r, struct trace_view *v, id person, str from, str to)
{
	struct trace_ask ask = { r->conn, r->arena, counts(r), r->actor.org, person, DAY_NONE, DAY_NONE, r->today,
		DAY_NONE, DAY_NONE };
	enum err e;

	v->gap.person = person;
	e = gap_load(r, &v->gap, from, to);
	if (e != OK)
		return e;
	ask.from = v->gap.from;
	ask.to = v->gap.to;
	ask.asked = v->gap.asked;
	ask.asked_to = v->gap.asked_to;
	v->t = arena_new(r->arena, struct traced, 1);
	*v->t = (struct traced){ 0 };
	e = trace_load(&ask, v->t);
	if (e == OK && !trace_may(r->conn, r->actor.org, r->actor.person, person, v->t))
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	for (size_t i = 0; i < v->t->n_leaders; i++)
		if (v->t->leaders[i].person == r->actor.person)
			v->me = &v->t->leaders[i];
	for (size_t i = 0; i < v->t->n_people; i++)
		v->t->people[i].may = stands(r, r->actor.person, v->t->people[i].person);
	v->may_ask = !v->t->trace.row.id && stands(r, r->actor.person, person) && !r->as_of;
	v->may_answer = v->me && v->t->trace.row.id && !r->as_of;
	return OK;
}

static str
subtitle(struct request *r, const struct trace_view *v)
{
	const struct trace *t = &v->t->trace;
	str s = v->gap.period;

	if (v->gap.has_target)
		s = str_fmt(r->arena, "%.*s · target %.*s", STR_ARG(s),
		        STR_ARG(gap_money(r->arena, &v->gap, v->gap.target)));
	s = str_fmt(r->arena, "%.*s · won %.*s", STR_ARG(s), STR_ARG(gap_money(r->arena, &v->gap, v->gap.won)));
	if (t->row.id)
		s = str_fmt(r->arena, "%.*s · asked on %.*s, answers due by %.*s", STR_ARG(s),
		        STR_ARG(day_text(r->arena, t->asked_on, r->today)),
		        STR_ARG(day_text(r->arena, t->due, r->today)));
	return s;
}

static enum err
show(struct request *r, id person, str from, str to)
{
	struct trace_view *v = arena_new(r->arena, struct trace_view, 1);
	struct crumb crumbs[] = { { STR("Where the number went"), { 0 } } };
	struct page p = { .crumbs = crumbs, .n_crumbs = 1 };
	enum err e;

	*v = (struct trace_view){ 0 };
	e = load(r, v, person, from, to);
	if (e != OK)
		return e;
	v->address = str_fmt(r->arena, "person=%.*s&from=%.*s&to=%.*s", STR_ARG(id_text(r->arena, person)),
	        STR_ARG(day_iso(r->arena, v->gap.from)), STR_ARG(day_iso(r->arena, v->gap.to)));
	crumbs[0].href = str_fmt(r->arena, "/gap?%.*s", STR_ARG(v->address));
	p.title = v->gap.headline.n ? v->gap.headline
	                            : str_fmt(r->arena, "Responsibility trace: %.*s", STR_ARG(v->gap.who));
	p.subtitle = subtitle(r, v);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_trace(&r->view, v, r);
	page_foot(r);
	return OK;
}

/* Without a person: the own number, for whoever leads; else the own leader's would tell of others. */
enum err
trace_page(struct request *r)
{
	id person = page_id_param(r, "person");

	return show(r, person ? person : r->actor.person, page_param(r, "from"), page_param(r, "to"));
}

/* ---- asking and answering ---- */

static enum err
ask_work(struct change *c, void *what)
{
	struct trace t = *(struct trace *)what;

	return record_save(c, &trace_record, &t);
}

/* A4: by whose number it is, or from above; all are asked on one day. */
enum err
trace_start(struct request *r)
{
	struct grant g =
	        grant_all(r->actor.org, r->actor.login, r->actor.person, "trace asked for from the line above");
	struct trace t;
	id set = 0;
	enum err e;

	record_init(&trace_record, &t);
	t.person = page_id_field(r, "person");
	t.from_day = page_day_field(r, "from_day", true);
	t.to_day = page_day_field(r, "to_day", true);
	if (!stands(r, r->actor.person, t.person))
		return ERR_ABSENT;
	if (!r->faults.n && t.from_day.n > t.to_day.n)
		fault_add(&r->faults, STR("to_day"), STR("is before the first day"), STR("choose a later one"));
	t.asked_by = r->actor.person;
	t.asked_on = r->today;
	t.due = day_add_working(r->today, TRACE_DAYS);
	e = r->faults.n ? ERR_INPUT : page_change_as(r, &g, STR("Leaders asked what they owed"), ask_work, &t, &set);
	if (e == ERR_INPUT)
		return show(r, t.person, page_field(r, "from_day"), page_field(r, "to_day"));
	if (e != OK && e != ERR_DUPLICATE)
		return e;
	return page_done(r, set,
	        str_fmt(r->arena, "/trace?person=%.*s&from=%.*s&to=%.*s", STR_ARG(id_text(r->arena, t.person)),
	                STR_ARG(day_iso(r->arena, t.from_day)), STR_ARG(day_iso(r->arena, t.to_day))));
}

static enum err
find_trace(struct request *r, struct trace *ret)
{
	return record_load(r->conn, r->arena, counts(r), &trace_record, r->ids[0], ret);
}

enum err
trace_answer_act(struct request *r)
{
	struct trace_view *v = arena_new(r->arena, struct trace_view, 1);
	struct trace_answer x;
	struct trace t;
	id set = 0;
	enum err e = find_trace(r, &t);

	*v = (struct trace_view){ 0 };
	if (e == OK)
		e = load(r, v, t.person, day_iso(r->arena, t.from_day), day_iso(r->arena, t.to_day));
	if (e != OK)
		return e;
	if (!v->me)
		return ERR_DENIED;
	x = v->me->answer;
	x.trace = t.row.id;
	x.person = r->actor.person;
	x.on_day = r->today;
	page_fill(r, &trace_answer_record, "text", &x);
	e = r->faults.n ? ERR_INPUT : page_save(r, STR("Answered in a trace"), &trace_answer_record, &x, &set);
	if (e == ERR_INPUT)
		return show(r, t.person, day_iso(r->arena, t.from_day), day_iso(r->arena, t.to_day));
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/trace?person=%.*s&from=%.*s&to=%.*s",
	                                 STR_ARG(id_text(r->arena, t.person)), STR_ARG(day_iso(r->arena, t.from_day)),
	                                 STR_ARG(day_iso(r->arena, t.to_day))))
	               : e;
}

/* ---- Today ---- */

/* Traces that wait for the word of whoever asks; the highest leader first is a matter of the page, not of Today. */
enum err
trace_today(struct request *r, struct today_items *ret)
{
	struct rows rows;
	enum err e = r->actor.person ? OK : ERR_ABSENT;

	if (e != OK)
		return OK;
	e = db_query(r->conn, r->arena,
	        "select t.person, t.from_day, t.to_day, t.due, p.name from trace t join person p on p.org_id = "
	        "t.org_id and "
	        "p.id = t.person where t.org_id = $1 and t.due >= $3 and not exists (select 1 from trace_answer a "
	        "where "
	        "a.org_id = t.org_id and a.trace = t.id and a.person = $2) and exists (select 1 from line l where "
	        "l.org_id = "
	        "$1 and l.above = $2 and l.below = t.person and l.from_day <= t.to_day and (l.to_day is null or "
	        "l.to_day >= "
	        "t.from_day) and (l.depth > 0 or exists (select 1 from line m where m.org_id = $1 and m.above = $2 and "
	        "m.depth = 1 and m.from_day <= t.to_day and (m.to_day is null or m.to_day >= t.from_day)))) order by "
	        "t.due, "
	        "t.id limit 5",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), db_day_value(r->arena, day_add(r->today, -30))),
	        &rows);
	while (e == OK && db_next(&rows))
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "Where the number of %.*s went: my part",
		                                     STR_ARG(db_text(&rows, 4))),
		                .why = STR("Leaders answer before the person is asked. Clears with your answer."),
		                .href = str_fmt(r->arena, "/trace?person=%.*s&from=%.*s&to=%.*s#answer",
		                        STR_ARG(id_text(r->arena, db_int(&rows, 0))), STR_ARG(db_text(&rows, 1)),
		                        STR_ARG(db_text(&rows, 2))),
		                .act = STR("Answer"),
		                .due = db_day(&rows, 3) });
	return e == OK ? db_end(&rows) : e;
}
