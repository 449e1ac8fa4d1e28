#include <string.h>

#include "areas/deals/steps.h"
#include "areas/deals/view.h"
#include "json/json.h"

#include "areas/deals/board_html.h"
#include "areas/deals/deal_html.h"

/* A value of a change line as people read it. */
static str
value_words(struct request *r, const struct field *f, str value)
{
	int64_t n;
	day d;

	if (!value.n)
		return STR("nothing");
	if (f->own)
		return own_text_words(r, f, value);
	if (f->kind == F_REF && str_to_i64(value, &n))
		return page_name(r, f->ref->table, n);
	if (f->kind == F_MONEY && str_to_i64(value, &n))
		return money_text(r->arena, money_of(n, r->actor.currency));
	if (f->kind == F_DAY && day_parse(value, &d))
		return day_text(r->arena, d, r->today);
	return value;
}

str
event_words(struct request *r, const struct event *v)
{
	const struct field *f = v->described;

	if (!v->field.n)
		return v->kind == CHANGE_IMPORT ? STR("Came with a file") : STR("Entered");
	if (!f)
		return STR("Changed");
	return str_fmt(r->arena, "%s: %.*s → %.*s", f->label, STR_ARG(value_words(r, f, v->before)),
	        STR_ARG(value_words(r, f, v->after)));
}

static enum err
load_activities(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.kind, x.subject, x.text, p.name, x.on_day from activity x join person p on p.org_id = "
	        "x.org_id"
	        " and p.id = x.person where x.org_id = $1 and x.deal = $2 order by x.on_day desc, x.id desc limit 50",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->d->row.id)), &rows);

	v->activities = arena_new(r->arena, struct activity_row, 50);
	while (e == OK && v->n_activities < 50 && db_next(&rows)) {
		struct activity_row *x = &v->activities[v->n_activities++];
		*x = (struct activity_row){ db_text(&rows, 0), db_text(&rows, 1), db_text(&rows, 2), db_text(&rows, 3),
			db_day(&rows, 4) };
	}
	return e == OK ? db_end(&rows) : e;
}

/* What people and files said; what rules compute from it goes without saying. */
static enum err
load_events(struct request *r, struct deal_view *v)
{
	struct event *all;
	size_t n;
	enum err e = record_history(r->conn, r->arena, &r->grant, &deal_record, v->d->row.id, 120, &all, &n);

	if (e != OK)
		return e;
	v->events = all;
	for (size_t i = 0; i < n && v->n_events < 40; i++) {
		const struct field *f = all[i].described;
		if (!f || !f->system || f->event)
			v->events[v->n_events++] = all[i];
	}
	return OK;
}

static const struct stage *
stage_at(const struct deal_view *v, id stage)
{
	for (size_t i = 0; i < v->n_stages; i++)
		if (v->stages[i].row.id == stage)
			return &v->stages[i];
	return NULL;
}

/* Who reads may not therefore write (O3): a reader gets the page without its forms. */
static enum err
load_may(struct request *r, struct deal_view *v)
{
	int64_t one = 0;
	str sql = str_fmt(r->arena, "select 1 from deal t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(r->arena, &r->grant, MATTER_DEALS, ACT_WRITE, "t.owner")));
	enum err e = db_one_int(r->conn, str_z(r->arena, sql),
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(v->d->row.id)), &one);

	v->may = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

/* Names, steps, stages, health: what both the page and the gate need. */
static enum err
load_view(struct request *r, const struct deal *d, struct deal_view *v)
{
	struct stage *stages;
	const struct stage *s;
	day until;
	enum err e = process_stages(r->conn, r->arena, r->actor.org, d->process, &stages, &v->n_stages);

	if (e != OK)
		return e;
	v->d = d;
	v->record = page_own(r, &deal_record);
	v->stages = stages;
	v->account = page_name(r, "account", d->account);
	v->product = page_name(r, "product", d->product);
	v->owner = page_name(r, "person", d->owner);
	v->process = page_name(r, "process", d->process);
	v->allowed_days = NO_INT;
	s = stage_at(v, d->stage);
	if (s) {
		v->stage = s->name;
		v->exit = s->exit;
		v->guidance = s->guidance;
		v->allowed_days = s->allowed_days;
		v->least = s->probability;
		v->greatest = s->greatest;
	}
	v->days_in_stage = day_is(d->stage_since) ? day_between(d->stage_since, r->today) : 0;
	e = source_find(r->conn, r->arena, r->actor.org, d->source, &v->their);
	if (e != OK && e != ERR_ABSENT)
		return e;
	v->their_link = e == OK ? source_link(r->arena, &v->their, d->external_id) : (str){ 0 };
	v->who_sees = grant_explain(r->arena, r->actor.profile, MATTER_DEALS);
	v->n_why = deal_health(r->arena, d, v->allowed_days, r->today, v->why, &until);
	return steps_load(r, v);
}

static enum err
show(struct request *r, const struct deal *d, struct deal_view *v)
{
	struct crumb crumb = { STR("Deals"), STR("/deals") };
	struct page p = { .title = d->name, .subtitle = v->account, .crumbs = &crumb, .n_crumbs = 1 };
	enum err e = load_view(r, d, v);

	if (e == OK)
		e = load_may(r, v);
	if (e == OK)
		e = load_activities(r, v);
	if (e == OK)
		e = steps_load_made(r, v);
	if (e == OK)
		e = load_events(r, v);
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_deal_one(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
deal_page(struct request *r)
{
	struct deal d;
	struct deal_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	return e == OK ? show(r, &d, &v) : e;
}

static enum err
show_form(struct request *r, struct deal *d, bool creating)
{
	struct crumb crumb = { STR("Deals"), STR("/deals") };
	struct page p = { .title = creating ? STR("New deal") : str_fmt(r->arena, "Edit %.*s", STR_ARG(d->name)),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	struct deal_view v = { .creating = creating, .d = d, .record = page_own(r, &deal_record) };
	struct stage *stages;
	enum err e = process_stages(r->conn, r->arena, r->actor.org, d->process, &stages, &v.n_stages);

	if (e != OK)
		return e;
	v.stages = stages;
	e = source_find(r->conn, r->arena, r->actor.org, d->source, &v.their);
	if (e != OK && e != ERR_ABSENT)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_deal_form(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* O5: a form that comes back names no account that was typed in but is not seen; what stood there stays. */
static void
keep_account(struct request *r, struct deal *d, id was)
{
	struct account x;

	if (d->account != was && record_load(r->conn, r->arena, &r->grant, &account_record, d->account, &x) != OK)
		d->account = was;
}

static enum err
fresh_deal(struct request *r, id stage, struct deal *d)
{
	struct process process;
	struct stage s, *stages;
	size_t n;
	enum err e;

	record_init(&deal_record, d);
	d->owner = r->actor.person;
	d->currency = r->actor.currency;
	if (stage && record_load(r->conn, r->arena, &r->grant, &stage_record, stage, &s) == OK &&
	        s.outcome == OUTCOME_OPEN) {
		d->stage = stage;
		d->process = s.process;
		return OK;
	}
	e = process_find_standard(r->conn, r->arena, &r->grant, &process);
	if (e == OK)
		e = process_stages(r->conn, r->arena, r->actor.org, process.row.id, &stages, &n);
	if (e == OK) {
		d->process = process.row.id;
		d->stage = n ? stages[0].row.id : 0;
	}
	return e;
}

enum err
deal_new(struct request *r)
{
	struct deal d;
	enum err e = fresh_deal(r, page_id_param(r, "stage"), &d);

	return e == OK ? show_form(r, &d, true) : e;
}

enum err
deal_create(struct request *r)
{
	struct deal d;
	id set = 0;
	enum err e = fresh_deal(r, page_id_field(r, "stage"), &d);

	if (e != OK)
		return e;
	d.created_on = r->today;
	e = page_fill(r, &deal_record, "name amount account product owner closes_on next_step next_step_on", &d);
	if (page_fill_own(r, page_own(r, &deal_record), true, &d) != OK)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s added", STR_ARG(d.name)), &deal_record, &d, &set);
	if (e == ERR_INPUT) {
		keep_account(r, &d, 0);
		return show_form(r, &d, true);
	}
	if (e != OK)
		return e;
	return d.row.id ? page_done(r, set, str_fmt(r->arena, "/deals/%.*s", STR_ARG(id_text(r->arena, d.row.id))))
	                : page_go(r, STR("/board"));
}

enum err
deal_edit(struct request *r)
{
	struct deal d;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	return e == OK ? show_form(r, &d, false) : e;
}

/* The version that the person saw: a newer one is said, nothing is overwritten. */
static void
take_version(struct request *r, struct row *row)
{
	int64_t seen;

	if (str_to_i64(page_field(r, "version"), &seen))
		row->version = seen;
}

enum err
deal_update(struct request *r)
{
	struct deal d;
	id set = 0, was;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e != OK)
		return e;
	take_version(r, &d.row);
	was = d.account;
	e = page_fill(r, &deal_record, "name amount account product owner closes_on next_step next_step_on", &d);
	if (page_fill_own(r, page_own(r, &deal_record), false, &d) != OK)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s saved", STR_ARG(d.name)), &deal_record, &d, &set);
	if (e == ERR_INPUT) {
		keep_account(r, &d, was);
		return show_form(r, &d, false);
	}
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/deals/%.*s", STR_ARG(id_text(r->arena, r->ids[0])))) : e;
}

/* ---- moving through the gate (P2) ---- */

struct move {
	struct deal deal;
	const struct completion *steps;
	size_t n_steps;
};

/* The deal first, by the version that the person saw: each step weighs it anew. */
static enum err
move_work(struct change *c, void *what)
{
	struct move *m = what;
	struct deal d = m->deal;
	enum err e = record_save(c, &deal_record, &d);

	for (size_t i = 0; e == OK && i < m->n_steps; i++)
		e = step_complete(c, &m->steps[i]);
	return e;
}

/* Mandatory steps of the stage it leaves that are neither done nor completed now. */
static size_t
missing_steps(const struct deal_view *v, const struct completion *now, size_t n)
{
	size_t missing = 0;

	for (size_t i = 0; i < v->n_steps; i++) {
		bool done = v->steps[i].done != 0;
		for (size_t k = 0; k < n && !done; k++)
			done = now[k].step == v->steps[i].step;
		missing += !done && v->steps[i].step->importance >= IMPORTANCE_MANDATORY;
	}
	return missing;
}

/* What the gate was told; a field that is wrong leaves its fault there. */
static size_t
read_steps(struct request *r, const struct deal_view *v, struct completion ret[60])
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_steps && n < 60; i++)
		if (!v->steps[i].done && step_take(r, v->d, v->steps[i].step, &ret[n]))
			n++;
	return n;
}

static bool
wants_card(const struct request *r)
{
	return str_eq(http_header(r->http, "ridealong-part"), STR("card"));
}

static enum err
show_gate(struct request *r, const struct deal *d, struct deal_view *v, const struct stage *to)
{
	enum err e;

	v->gate = true;
	v->target = to->row.id;
	v->target_name = to->name;
	v->target_lost = to->outcome == OUTCOME_LOST;
	r->answer->status = 409;
	if (!wants_card(r)) {
		struct deal_view fresh = {
			.gate = true, .target = v->target, .target_name = v->target_name, .target_lost = v->target_lost
		};
		return show(r, d, &fresh);
	}
	e = steps_load(r, v);
	if (e == OK)
		tpl_deal_gate_dialog(&r->view, v, r);
	return e;
}

/* The card again, after a move on the board. */
static enum err
answer_card(struct request *r, id deal, id set, str said)
{
	struct board_view b = { 0 };
	struct deal_card card = { 0 };
	struct stage *stages;
	struct deal d;
	struct rows rows;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, deal, &d);

	if (e == OK)
		e = process_stages(r->conn, r->arena, r->actor.org, d.process, &stages, &b.n_stages);
	if (e != OK)
		return e;
	b.stages = stages;
	str sql = str_fmt(r->arena,
	        "select %s from deal d join stage s on s.org_id = d.org_id and s.id = d.stage join person p on "
	        "p.org_id = d.org_id"
	        " and p.id = d.owner left join account a on a.org_id = d.org_id and a.id = d.account where d.org_id = "
	        "$1 and $2 = $2 and d.id = $3",
	        card_columns);
	e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(deal)), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows))
		card_read(r, &rows, &card);
	e = db_end(&rows);
	if (e != OK)
		return e;
	tpl_deal_card(&r->view, &card, &b, r);
	out_lit(r->view.out, "<div data-toast><div class=\"toast\"><span>");
	html_text(&r->view, said);
	out_lit(r->view.out, ".</span><form method=\"post\" action=\"/undo/");
	html_id(&r->view, set);
	out_lit(r->view.out, "\"><input type=\"hidden\" name=\"csrf\" value=\"");
	html_attr(&r->view, r->actor.csrf);
	out_lit(r->view.out, "\"><input type=\"hidden\" name=\"to\" value=\"/board\"><button class=\"aslink\" "
	                     "data-undo>Undo</button></form></div></div>");
	return OK;
}

enum err
deal_move(struct request *r)
{
	struct move m = { 0 };
	struct completion steps[60];
	struct deal_view v = { 0 };
	const struct stage *from, *to;
	str reason = page_field(r, "reason"), said;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &m.deal);

	if (e == OK)
		e = load_view(r, &m.deal, &v);
	if (e != OK)
		return e;
	from = stage_at(&v, m.deal.stage);
	to = stage_at(&v, page_id_field(r, "stage"));
	if (!to || !from)
		return fault_add(&r->faults, STR("stage"), STR("is no stage of this deal's process"),
		        STR("choose one from the list"));
	take_version(r, &m.deal.row);
	m.steps = steps;
	m.n_steps = read_steps(r, &v, steps);
	bool forward = to->position > from->position && to->outcome != OUTCOME_LOST && from->outcome == OUTCOME_OPEN;
	bool anyway = page_field(r, "anyway").n != 0;
	if (r->faults.n)
		return show_gate(r, &m.deal, &v, to);
	if (forward && missing_steps(&v, steps, m.n_steps) && !(anyway && reason.n)) {
		if (anyway)
			fault_add(&r->faults, STR("reason"), STR("is missing"),
			        STR("say why it moves without these steps"));
		return show_gate(r, &m.deal, &v, to);
	}
	m.deal.lost_reason = to->outcome == OUTCOME_LOST ? page_field(r, "lost_reason") : (str){ 0 };
	if (to->outcome == OUTCOME_LOST && from->outcome != OUTCOME_LOST && !m.deal.lost_reason.n)
		return show_gate(r, &m.deal, &v, to);
	m.deal.stage = to->row.id;
	said = str_fmt(r->arena, "%.*s moved to %.*s", STR_ARG(m.deal.name), STR_ARG(to->name));
	e = page_change(r,
	        anyway && reason.n ? str_fmt(r->arena, "%.*s, past open steps: %.*s", STR_ARG(said),
	                                     STR_ARG(str_first(reason, 200)))
	                           : said,
	        move_work, &m, &set);
	if (e != OK)
		return e;
	if (wants_card(r))
		return answer_card(r, r->ids[0], set, said);
	return page_done(r, set, str_fmt(r->arena, "/deals/%.*s", STR_ARG(id_text(r->arena, r->ids[0]))));
}

/* ---- steps and activities ---- */

/* A refused step comes back on the deal's page, with what was typed. */
enum err
deal_step(struct request *r)
{
	struct deal d;
	struct deal_view v = { 0 };
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e == OK)
		e = step_answer(r, &d, page_id_field(r, "step"), &set);
	if (e == ERR_INPUT) {
		r->answer->status = 422;
		return show(r, &d, &v);
	}
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/deals/%.*s#c-steps", STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}

enum err
deal_activity(struct request *r)
{
	struct activity x;
	struct deal d;
	struct deal_view v = { 0 };
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e != OK)
		return e;
	record_init(&activity_record, &x);
	x.deal = d.row.id;
	x.account = d.account;
	x.person = r->actor.person;
	e = page_fill(r, &activity_record, "kind on_day subject", &x);
	if (e == OK)
		e = page_save(r, STR("Activity noted"), &activity_record, &x, &set);
	if (e == ERR_INPUT) {
		r->answer->status = 422;
		return show(r, &d, &v);
	}
	return e == OK ? page_done(
	                         r, set, str_fmt(r->arena, "/deals/%.*s#c-act", STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}

const struct route deal_routes[] = {
	{ HTTP_GET, "/board", POLICY_SIGNED_IN, board_page, "board", "See the pipeline", false },
	{ HTTP_GET, "/deals", POLICY_SIGNED_IN, list_page, "deals", "See the deals as a table", false },
	{ HTTP_GET, "/deals.csv", POLICY_SIGNED_IN, list_csv, "deals", "Take the list as CSV", false },
	{ HTTP_POST, "/deals/views", POLICY_PERSON, view_keep, "deals", "Keep a view", false },
	{ HTTP_POST, "/deals/views/:/remove", POLICY_PERSON, view_drop, "deals", "Remove a view", false },
	{ HTTP_GET, "/deals/new", POLICY_PERSON, deal_new, "deals", "Enter a deal", false },
	{ HTTP_POST, "/deals", POLICY_PERSON, deal_create, "deals", "Add a deal", false },
	{ HTTP_GET, "/deals/:", POLICY_SIGNED_IN, deal_page, "deals", "See a deal", false },
	{ HTTP_GET, "/deals/:/edit", POLICY_SIGNED_IN, deal_edit, "deals", "Edit a deal", false },
	{ HTTP_POST, "/deals/:/edit", POLICY_SIGNED_IN, deal_update, "deals", "Save a deal", false },
	{ HTTP_POST, "/deals/:/move", POLICY_SIGNED_IN, deal_move, "deals", "Move a deal", false },
	{ HTTP_POST, "/deals/:/step", POLICY_SIGNED_IN, deal_step, "deals", "Tick a step", false },
	{ HTTP_POST, "/deals/:/activity", POLICY_PERSON, deal_activity, "deals", "Note an activity", false },
	{ HTTP_GET, "/palette", POLICY_SIGNED_IN, palette, NULL, "Find by name", false },
	{ HTTP_GET, "/search", POLICY_SIGNED_IN, search_page, NULL, "Search", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
