#include "areas/design/view.h"

#include "areas/process/standard.h"

#include "areas/design/design_html.h"

static enum err
count_deals(struct request *r, struct design_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select d.stage, count(*) from deal d where d.org_id = $1 and $2 = $2 and d.process = $3 and d.outcome "
	        "= 'open' "
	        "{may:deals d.owner} group by d.stage",
	        DB_ARGS(DB_I(v->v.p.row.id)), &rows);

	v->deals = arena_new(r->arena, int64_t, v->v.n_stages + 1);
	while (e == OK && db_next(&rows)) {
		const struct stage *s = version_stage(&v->v, db_int(&rows, 0));
		if (s)
			v->deals[s - v->v.stages] = db_int(&rows, 1);
		v->n_deals += db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
find_others(struct request *r, struct design_view *v)
{
	struct rows rows;
	id line = process_line(&v->v.p);
	enum err e = db_query(r->conn, r->arena,
	        "select id, coalesce(state, 'published') from process where org_id = $1 and (id = $2 or line = $2)",
	        DB_ARGS(DB_I(r->actor.org), DB_I(line)), &rows);

	while (e == OK && db_next(&rows)) {
		if (str_eq(db_text_raw(&rows, 1), STR("draft")))
			v->own_draft = db_int(&rows, 0);
		else if (str_eq(db_text_raw(&rows, 1), STR("published")))
			v->published = db_int(&rows, 0);
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
design_load(struct request *r, id process, struct design_view *v)
{
	enum err e = version_load(r->conn, r->arena, &r->grant, process, &v->v);

	if (e == OK)
		e = count_deals(r, v);
	if (e == OK)
		e = find_others(r, v);
	if (e == OK)
		e = content_of_process(r->conn, r->arena, r->actor.org, process, &v->contents, &v->n_contents);
	if (e != OK)
		return e;
	v->world = version_world(&v->v);
	v->may = design_may(r) == OK;
	v->draft = process_state(&v->v.p) == PROCESS_DRAFT;
	v->edit = v->may && (v->draft || v->v.p.source.n);
	return OK;
}

enum err
design_load_draft(struct request *r, struct design_view *v)
{
	enum err e = design_load(r, r->ids[0], v);

	if (e == OK)
		e = design_may(r);
	if (e == OK && !v->edit)
		e = fault_add(&r->faults, STR("process"), STR("is a version that deals stand on"),
		        STR("make a draft from it and change that"));
	return e;
}

enum err
design_show(struct request *r, struct design_view *v)
{
	struct crumb crumb = { STR("Processes"), STR("/process") };
	struct page p = { .title = str_fmt(
		                  r->arena, "%.*s, version %lld", STR_ARG(v->v.p.name), (long long)v->v.p.number),
		.crumbs = &crumb,
		.n_crumbs = 1 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_design_one(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
design_page(struct request *r)
{
	struct design_view v = { 0 };
	enum err e = design_load(r, r->ids[0], &v);

	return e == OK ? design_show(r, &v) : e;
}

/* A refused act comes back on the version's page. */
static enum err
answer(struct request *r, struct design_view *v, enum err e, id to, id set, const char *anchor)
{
	if (e == ERR_INPUT || (e == OK && r->faults.n))
		return design_show(r, v);
	return e == OK ? design_go(r, to, set, anchor) : e;
}

struct version_work {
	const struct version *v;
	id ret;
};

static enum err
draft_work(struct change *c, void *what)
{
	struct version_work *w = what;

	return version_draft(c, w->v, &w->ret);
}

enum err
design_draft(struct request *r)
{
	struct design_view v = { 0 };
	struct version_work w = { &v.v, 0 };
	id set = 0;
	enum err e = design_load(r, r->ids[0], &v);

	if (e == OK)
		e = design_may(r);
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "Draft of %.*s", STR_ARG(v.v.p.name)), draft_work, &w, &set);
	return answer(r, &v, e, w.ret ? w.ret : v.own_draft ? v.own_draft : v.v.p.row.id, set, "");
}

static enum err
drop_work(struct change *c, void *what)
{
	struct version_work *w = what;

	return version_drop(c, w->v);
}

enum err
design_drop(struct request *r)
{
	struct design_view v = { 0 };
	struct version_work w = { &v.v, 0 };
	id set = 0;
	enum err e = design_load_draft(r, &v);

	if (e == OK && !v.draft)
		e = fault_add(&r->faults, STR("process"), STR("is in use"), STR("only a draft can be removed"));
	if (e == OK)
		e = page_change(
		        r, str_fmt(r->arena, "Draft of %.*s removed", STR_ARG(v.v.p.name)), drop_work, &w, &set);
	if (e == OK)
		return page_done(r, set, STR("/process"));
	return answer(r, &v, e, v.v.p.row.id, set, "");
}

enum err
design_retire(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0;
	struct process p;
	enum err e = design_load(r, r->ids[0], &v);

	if (e == OK)
		e = design_may(r);
	p = v.v.p;
	if (e == OK && process_state(&p) != PROCESS_PUBLISHED)
		e = fault_add(&r->faults, STR("process"), STR("is not in use"),
		        STR("only a published version can be retired"));
	if (e == OK && p.standard)
		e = fault_add(&r->faults, STR("process"), STR("is where new deals start"),
		        STR("let them start in another one first"));
	p.state = PROCESS_RETIRED;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s retired", STR_ARG(p.name)), &process_record, &p, &set);
	return answer(r, &v, e, v.v.p.row.id, set, "");
}

/* ---- name, and where new deals start ---- */

struct naming {
	struct process p, old;
	bool has_old;
};

static enum err
name_work(struct change *c, void *what)
{
	struct naming *n = what;
	struct process p = n->p, old = n->old;
	enum err e = OK;

	if (n->has_old) {
		old.standard = false;
		e = record_save(c, &process_record, &old);
	}
	return e == OK ? record_save(c, &process_record, &p) : e;
}

enum err
design_name(struct request *r)
{
	struct design_view v = { 0 };
	struct naming n = { 0 };
	id set = 0;
	enum err e = design_load(r, r->ids[0], &v);

	if (e == OK)
		e = design_may(r);
	if (e != OK)
		return e;
	n.p = v.v.p;
	if (page_field(r, "standard").n) {
		if (process_state(&n.p) != PROCESS_PUBLISHED)
			e = fault_add(
			        &r->faults, STR("standard"), STR("is for published versions"), STR("publish it first"));
		else if (process_find_standard(r->conn, r->arena, &r->grant, &n.old) == OK &&
		         n.old.row.id != n.p.row.id)
			n.has_old = true;
		n.p.standard = true;
	} else {
		n.p.name = str_trim(page_field(r, "name"));
	}
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "%.*s saved", STR_ARG(n.p.name)), name_work, &n, &set);
	return answer(r, &v, e, v.v.p.row.id, set, "");
}

/* ---- reasons for lost ---- */

enum err
design_reason_add(struct request *r)
{
	struct design_view v = { 0 };
	struct lost_reason x;
	id set = 0;
	enum err e = design_load(r, r->ids[0], &v);

	if (e == OK)
		e = design_may(r);
	if (e != OK)
		return e;
	record_init(&lost_reason_record, &x);
	x.process = process_line(&v.v.p);
	x.position = (int64_t)v.v.n_reasons + 1;
	x.name = str_trim(page_field(r, "reason"));
	x.hint = str_trim(page_field(r, "hint"));
	for (size_t i = 0; i < v.v.n_reasons; i++)
		if (str_eq(v.v.reasons[i].name, x.name))
			fault_add(&r->faults, STR("reason"), STR("is there already"),
			        STR("bring it back below, or choose other words"));
	if (!x.name.n)
		fault_add(
		        &r->faults, STR("reason"), STR("is missing"), STR("say it in a few words, as the buyer would"));
	if (!r->faults.n)
		e = page_save(
		        r, str_fmt(r->arena, "Reason %.*s added", STR_ARG(x.name)), &lost_reason_record, &x, &set);
	return answer(r, &v, e, v.v.p.row.id, set, "#c-lost");
}

enum err
design_reason_save(struct request *r)
{
	struct design_view v = { 0 };
	struct lost_reason x;
	id set = 0;
	enum err e = design_load(r, r->ids[0], &v);

	if (e == OK)
		e = design_may(r);
	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &lost_reason_record, r->ids[1], &x);
	if (e == OK && x.process != process_line(&v.v.p))
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	x.archived = page_field(r, "archived").n != 0;
	e = page_save(r, str_fmt(r->arena, "Reason %.*s %s", STR_ARG(x.name), x.archived ? "archived" : "back"),
	        &lost_reason_record, &x, &set);
	return answer(r, &v, e, v.v.p.row.id, set, "#c-lost");
}

/* ---- what comes next ---- */

enum err
design_next_add(struct request *r)
{
	struct design_view v = { 0 };
	struct next_start x;
	id set = 0;
	enum err e = design_load_draft(r, &v);

	record_init(&next_start_record, &x);
	x.process = v.v.p.row.id;
	if (e == OK)
		e = page_fill(r, &next_start_record, "moment stage what target name after_days", &x);
	if (e == OK)
		e = page_save(r, STR("What comes next added"), &next_start_record, &x, &set);
	return answer(r, &v, e, v.v.p.row.id, set, "#c-next");
}

struct dropping {
	id row;
	int64_t version;
};

static enum err
next_work(struct change *c, void *what)
{
	const struct dropping *d = what;

	return record_remove(c, &next_start_record, d->row, d->version);
}

enum err
design_next_drop(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0;
	enum err e = design_load_draft(r, &v);
	const struct next_start *x = NULL;

	for (size_t i = 0; i < v.v.n_nexts; i++)
		if (v.v.nexts[i].row.id == r->ids[1])
			x = &v.v.nexts[i];
	if (e == OK && !x)
		e = ERR_ABSENT;
	if (e == OK) {
		struct dropping d = { x->row.id, x->row.version };
		e = page_change(r, STR("What comes next removed"), next_work, &d, &set);
	}
	return answer(r, &v, e, v.v.p.row.id, set, "#c-next");
}
