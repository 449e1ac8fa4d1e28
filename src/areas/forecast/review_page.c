#include "areas/forecast/view.h"

#include "areas/forecast/review_html.h"

/* ---- one review ---- */

static enum err
load_names(struct request *r, struct review_view *v)
{
	const struct process_review *x = &v->line.r;

	v->line.who = page_name(r, "person", x->person);
	v->line.process = page_name(r, "process", x->process);
	v->line.step = x->step ? page_name(r, "step", x->step) : (str){ 0 };
	v->line.by = x->opened_by ? page_name(r, "person", x->opened_by) : (str){ 0 };
	v->line.draft = x->draft ? page_name(r, "process", x->draft) : (str){ 0 };
	return OK;
}

/* The same step as the figures have it today, beside what was known when the question was put. */
static enum err
load_now(struct request *r, struct review_view *v)
{
	struct report_scope s = { .as_of = r->today, .currency = r->actor.currency, .from = DAY_NONE, .to = DAY_NONE };
	struct judge j;
	enum err e;

	if (!v->line.r.step)
		return OK;
	e = judge_steps(r->conn, r->arena, &r->grant, &s, &j);
	for (size_t i = 0; e == OK && i < j.n; i++)
		if (j.step[i].step == v->line.r.step) {
			v->now = j.step[i];
			v->has_now = true;
		}
	return e;
}

static enum err
show(struct request *r, struct review_view *v)
{
	const struct process_review *x = &v->line.r;
	struct crumb crumb = { STR("Process or person"), STR("/analyse?show=steps&person=all") };
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };
	enum err e = load_names(r, v);

	if (e == OK)
		e = load_now(r, v);
	if (e != OK)
		return e;
	v->mine = r->actor.person && x->person == r->actor.person;
	p.title = x->step ? v->line.step : str_fmt(r->arena, "Review of %.*s", STR_ARG(v->line.process));
	p.subtitle = str_fmt(r->arena, "Process review · %.*s · opened %.*s%s%.*s", STR_ARG(v->line.process),
	        STR_ARG(day_long(r->arena, x->opened_on)), v->line.by.n ? " by " : " by the rule", STR_ARG(v->line.by));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_review(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
review_page(struct request *r)
{
	struct review_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &process_review_record, r->ids[0], &v.line.r);

	return e == OK ? show(r, &v) : e;
}

/* ---- answering ---- */

enum err
review_answer(struct request *r)
{
	struct review_view v = { 0 };
	struct process_review x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &process_review_record, r->ids[0], &x);

	if (e != OK)
		return e;
	if (x.person != r->actor.person)
		return ERR_DENIED;
	v.line.r = x;
	if (x.answer) { /* what it led to can be named later */
		e = page_fill(r, &process_review_record, "draft", &x);
	} else {
		e = page_fill(r, &process_review_record, "answer reason", &x);
		x.answered_on = r->today;
		if (e == OK && !x.answer)
			e = fault_add(&r->faults, STR("answer"), STR("is missing"), STR("choose keep, change or drop"));
	}
	if (e == OK)
		e = page_save(r, v.line.r.answer ? STR("What the review led to") : STR("Process review answered"),
		        &process_review_record, &x, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/process-reviews/%.*s", STR_ARG(id_text(r->arena, x.row.id))))
	               : e;
}

/* ---- opening by hand ---- */

static enum err
open_work(struct change *c, void *what)
{
	struct process_review x = *(struct process_review *)what;
	enum err e = record_save(c, &process_review_record, &x);

	((struct process_review *)what)->row.id = x.row.id;
	return e;
}

/* What the figures say of the step when somebody asks. */
static enum err
fill_figures(struct request *r, const struct grant *g, struct process_review *x)
{
	struct report_scope s = { .as_of = r->today, .currency = r->actor.currency, .from = DAY_NONE, .to = DAY_NONE };
	struct judge j;
	enum err e = x->step ? judge_steps(r->conn, r->arena, g, &s, &j) : ERR_ABSENT;

	for (size_t i = 0; e == OK && i < j.n; i++)
		if (j.step[i].step == x->step)
			review_fill(x, &j.step[i]);
	return e == ERR_ABSENT ? OK : e;
}

static enum err
find_process(struct request *r, struct process_review *x)
{
	int64_t process = 0;
	struct process given;
	enum err e;

	if (!x->step)
		return record_load(r->conn, r->arena, &r->grant, &process_record, x->process, &given);
	e = db_one_int(r->conn,
	        "select g.process from step t join stage g on g.org_id = t.org_id and g.id = t.stage where t.org_id = "
	        "$1 "
	        "and t.id = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(x->step)), &process);
	x->process = process;
	return e;
}

/* Any leader may put a question; it goes to whoever leads the process (P7), and the quarter's review is their own. */
enum err
review_open(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "asked by a leader");
	struct process_review x;
	struct analyse_view v = { .show = STR("steps") };
	id set = 0, row = 0;
	enum err e;

	record_init(&process_review_record, &x);
	x.step = page_id_field(r, "step");
	x.process = page_id_field(r, "process");
	x.opened_by = r->actor.person;
	x.opened_on = r->today;
	x.due = day_add(r->today, REVIEW_DAYS);
	x.found = x.step ? REVIEW_ASKED : REVIEW_WHOLE;
	if (!x.step && !x.process) {
		fault_add(&r->faults, STR("process"), STR("is missing"), STR("choose a process"));
		return analyse_show(r, &v);
	}
	e = find_process(r, &x);
	if (e == OK)
		e = review_leader(r->conn, r->arena, r->actor.org, &x.person);
	if (e == OK && !x.step && r->actor.person && r->actor.leads)
		x.person = r->actor.person;
	if (e == OK && !x.person) {
		fault_add(&r->faults, STR("process"), STR("has nobody who leads it"), STR("name the head first"));
		return analyse_show(r, &v);
	}
	if (e == OK)
		e = fill_figures(r, &g, &x);
	if (e == OK)
		e = page_change_as(r, &g, STR("Process review opened"), open_work, &x, &set);
	if (e == OK)
		e = change_row(r->conn, r->actor.org, set, &process_review_record, &row);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/process-reviews/%.*s", STR_ARG(id_text(r->arena, row))))
	               : e;
}

/* ---- Today ---- */

enum err
review_source(struct request *r, struct today_items *ret)
{
	struct review_line *line;
	struct review_quarter quarter;
	size_t n;
	enum err e;

	if (!r->actor.person)
		return OK;
	e = review_list(r->conn, r->arena, &r->grant, r->actor.person, true, &line, &n);
	if (e == OK)
		e = review_quarters(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &quarter, 1);
	for (size_t i = 0; e == OK && i < n && i < 3; i++)
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "Keep, change or drop “%.*s”?",
		                                     STR_ARG(line[i].step.n ? line[i].step : line[i].process)),
		                .why = str_fmt(r->arena, "Process review: %s. Clears with your answer.",
		                        review_found_choices[line[i].r.found].label),
		                .href = str_fmt(r->arena, "/process-reviews/%.*s",
		                        STR_ARG(id_text(r->arena, line[i].r.row.id))),
		                .act = STR("Answer"),
		                .due = line[i].r.due });
	if (e == OK && !n && quarter.state == REVIEW_DUE)
		today_push(r, ret,
		        (struct today_item){ .title = STR("Review the process"),
		                .why = STR("You owe a process review each quarter. Clears when one is answered."),
		                .href = STR("/analyse?show=steps&person=all"),
		                .act = STR("Look"),
		                .due = day_add(day_add_months(quarter.from, 3), -1) });
	return e;
}
