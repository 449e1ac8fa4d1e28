#include "areas/design/view.h"

#include "areas/process/standard.h"

#include "areas/design/publish_html.h"

#define DEALS_MOST 20000 /* moved in one change set */

static enum err
begin(struct request *r, struct design_view *v, const char *title)
{
	struct crumb *crumbs = arena_new(r->arena, struct crumb, 2);
	struct page p = { .title = str_of(title),
		.subtitle = str_fmt(r->arena, "%.*s, version %lld", STR_ARG(v->v.p.name), (long long)v->v.p.number),
		.crumbs = crumbs,
		.n_crumbs = 2 };

	crumbs[0] = (struct crumb){ STR("Processes"), STR("/process") };
	crumbs[1] = (struct crumb){ v->v.p.name,
		str_fmt(r->arena, "/process/%.*s", STR_ARG(id_text(r->arena, v->v.p.row.id))) };
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	return OK;
}

/* ---- publishing ---- */

/* Open deals of the old version that stand on the stage of each change. */
static void
count_changes(struct design_publish *x, const struct design_view *old, struct arena *a)
{
	x->deals = arena_new(a, int64_t, x->n + 1);
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < old->v.n_stages; k++)
			if (old->v.stages[k].row.id == x->changes[i].old_stage)
				x->deals[i] = old->deals[k];
}

static enum err
load_publish(struct request *r, struct design_publish *x)
{
	struct design_view old = { 0 };
	enum err e = design_load(r, r->ids[0], &x->d);

	if (e == OK)
		e = design_may(r);
	if (e == OK && !x->d.draft)
		e = ERR_ABSENT;
	if (e == OK && x->d.published) {
		e = design_load(r, x->d.published, &old);
		x->has_old = true;
		x->old = old.v;
	}
	if (e == OK && x->has_old)
		e = version_compare(r->arena, &x->old, &x->d.v, &x->changes, &x->n);
	if (e != OK)
		return e;
	count_changes(x, &old, r->arena);
	faults_init(&x->blocked, r->arena);
	e = version_check(r->conn, r->arena, r->actor.org, &x->d.v, &x->blocked);
	return e == ERR_INPUT ? OK : e;
}

static enum err
show_publish(struct request *r, struct design_publish *x)
{
	begin(r, &x->d, "Publish");
	tpl_design_publish(&r->view, x, r);
	page_foot(r);
	return OK;
}

enum err
design_publish_page(struct request *r)
{
	struct design_publish x = { 0 };
	enum err e = load_publish(r, &x);

	if (e == ERR_ABSENT && x.d.v.p.row.id && !x.d.draft)
		return design_go(r, r->ids[0], 0, ""); /* published meanwhile: Back leads to what it became */
	return e == OK ? show_publish(r, &x) : e;
}

static enum err
publish_work(struct change *c, void *what)
{
	return version_publish(c, what);
}

enum err
design_publish_act(struct request *r)
{
	struct design_publish x = { 0 };
	id set = 0;
	enum err e = load_publish(r, &x);

	if (e == OK)
		e = page_change(r,
		        str_fmt(r->arena, "%.*s, version %lld, published", STR_ARG(x.d.v.p.name),
		                (long long)x.d.v.p.number),
		        publish_work, &x.d.v, &set);
	if (e == ERR_INPUT) {
		r->answer->status = 422;
		return show_publish(r, &x);
	}
	return e == OK ? design_go(r, r->ids[0], set, "") : e;
}

/* ---- moving deals (P1) ---- */

/* What a stage of the old version becomes: its copy, its namesake, else the first open one before it. */
static const struct stage *
proposal(const struct design_move *x, size_t at)
{
	const struct stage *same = version_same_stage(&x->d.v, &x->old.stages[at]);

	if (same && same->outcome == OUTCOME_OPEN)
		return same;
	for (size_t i = at; i-- > 0;) {
		same = version_same_stage(&x->d.v, &x->old.stages[i]);
		if (same && same->outcome == OUTCOME_OPEN)
			return same;
	}
	for (size_t i = 0; i < x->d.v.n_stages; i++)
		if (x->d.v.stages[i].outcome == OUTCOME_OPEN)
			return &x->d.v.stages[i];
	return NULL;
}

/* Completed steps that go along, and those whose step is gone: they stay with the version they were done in. */
static enum err
count_steps(struct request *r, struct design_move *x)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.step, count(*) from step_done x join deal d on d.org_id = x.org_id and d.id = x.deal join "
	        "step s on "
	        "s.org_id = x.org_id and s.id = x.step join stage g on g.org_id = s.org_id and g.id = s.stage where "
	        "x.org_id = $1 "
	        "and g.process = $2 and d.process = $2 and d.outcome = 'open' group by x.step",
	        DB_ARGS(DB_I(r->actor.org), DB_I(x->old.p.row.id)), &rows);

	while (e == OK && db_next(&rows))
		for (size_t i = 0; i < x->old.n_steps; i++)
			if (x->old.steps[i].row.id == db_int(&rows, 0)) {
				bool along = version_same_step(&x->d.v, &x->old, &x->old.steps[i]) != NULL;
				*(along ? &x->n_steps : &x->n_kept) += db_int(&rows, 1);
			}
	return e == OK ? db_end(&rows) : e;
}

/* All open deals of the version, whoever owns them: moving is an act of the company. */
static enum err
count_old(struct request *r, struct design_move *x)
{
	struct rows rows;
	int64_t *deals = arena_new(r->arena, int64_t, x->old.n_stages + 1);
	enum err e = db_query(r->conn, r->arena,
	        "select stage, count(*) from deal where org_id = $1 and process = $2 and outcome = 'open' group by "
	        "stage",
	        DB_ARGS(DB_I(r->actor.org), DB_I(x->old.p.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		const struct stage *s = version_stage(&x->old, db_int(&rows, 0));
		if (s)
			deals[s - x->old.stages] = db_int(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	x->maps = arena_new(r->arena, struct design_mapping, x->old.n_stages + 1);
	for (size_t i = 0; i < x->old.n_stages; i++) {
		struct design_mapping *m = &x->maps[x->n];
		if (x->old.stages[i].outcome != OUTCOME_OPEN || !deals[i])
			continue;
		m->from = &x->old.stages[i];
		m->to = proposal(x, i);
		m->deals = deals[i];
		m->chosen = m->to ? m->to->row.id : 0;
		x->n_deals += deals[i];
		x->n++;
	}
	return e;
}

static enum err
load_others(struct request *r, struct design_move *x)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %.*s, (select count(*) from deal d where d.org_id = t.org_id and d.process = t.id and "
	        "d.outcome = 'open') "
	        "from process t where t.org_id = $1 and t.id <> $2 and coalesce(t.state, '') <> 'draft' order by "
	        "t.name, t.number "
	        "desc limit 100",
	        STR_ARG(record_columns(r->arena, &process_record, "t")));
	enum err e = db_query(
	        r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(x->d.v.p.row.id)), &rows);

	x->others = arena_new(r->arena, struct design_row, 100);
	while (e == OK && x->n_others < 100 && db_next(&rows)) {
		struct design_row *o = &x->others[x->n_others];
		int at = record_read(&rows, &process_record, 0, &o->p);
		o->deals = db_int(&rows, at);
		x->n_others += o->deals != 0;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_move(struct request *r, id from, struct design_move *x)
{
	enum err e = design_load(r, r->ids[0], &x->d);

	if (e == OK)
		e = design_may(r);
	if (e == OK && process_state(&x->d.v.p) != PROCESS_PUBLISHED)
		e = ERR_ABSENT;
	if (e == OK)
		e = load_others(r, x);
	if (e != OK)
		return e;
	for (size_t i = 0; !from && i < x->n_others; i++)
		if (process_line(&x->others[i].p) == process_line(&x->d.v.p))
			from = x->others[i].p.row.id;
	if (!from)
		from = x->n_others ? x->others[0].p.row.id : 0;
	if (!from)
		return OK;
	e = version_load(r->conn, r->arena, &r->grant, from, &x->old);
	if (e == OK && x->old.p.row.id == x->d.v.p.row.id)
		e = ERR_ABSENT;
	if (e == OK)
		e = count_old(r, x);
	return e == OK ? count_steps(r, x) : e;
}

static enum err
show_move(struct request *r, struct design_move *x)
{
	begin(r, &x->d, "Move open deals");
	tpl_design_move(&r->view, x, r);
	page_foot(r);
	return OK;
}

enum err
design_move_page(struct request *r)
{
	struct design_move x = { 0 };
	enum err e = load_move(r, page_id_param(r, "from"), &x);

	return e == OK ? show_move(r, &x) : e;
}

/* Each deal to its new stage, then each completion to its new step; what has none stays where it was done. */
static enum err
move_deals(struct change *c, const struct design_move *x)
{
	str sql = str_fmt(c->arena,
	        "select %.*s from deal t where t.org_id = $1 and t.process = $2 and t.outcome = 'open' order by t.id "
	        "limit %d",
	        STR_ARG(record_columns(c->arena, &deal_record, "t")), DEALS_MOST + 1);
	struct deal *all = arena_new(c->arena, struct deal, (size_t)x->n_deals + 64);
	void **each = arena_new(c->arena, void *, (size_t)x->n_deals + 64);
	size_t n = 0, most = (size_t)x->n_deals + 64;
	struct rows rows;
	enum err e = db_query(
	        c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(x->old.p.row.id)), &rows);

	while (e == OK && n < most && db_next(&rows)) {
		struct deal *d = &all[n];
		record_read(&rows, &deal_record, 0, d);
		for (size_t i = 0; i < x->n; i++)
			if (x->maps[i].from->row.id == d->stage) {
				d->stage = x->maps[i].chosen;
				each[n] = d;
				n++;
				break;
			}
	}
	if (e == OK)
		e = db_end(&rows);
	return e == OK && n ? record_save_many(c, &deal_record, each, n) : e;
}

static enum err
move_steps(struct change *c, const struct design_move *x)
{
	str sql = str_fmt(c->arena,
	        "select %.*s from step_done t join deal d on d.org_id = t.org_id and d.id = t.deal join step s on "
	        "s.org_id = "
	        "t.org_id and s.id = t.step join stage g on g.org_id = s.org_id and g.id = s.stage where t.org_id = $1 "
	        "and "
	        "g.process = $2 and d.process = $3 and d.outcome = 'open' order by t.deal, t.id",
	        STR_ARG(record_columns(c->arena, &step_done_record, "t")));
	struct step_done *all = NULL;
	void **each;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->old.p.row.id), DB_I(x->d.v.p.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		const struct step *to = NULL;
		arena_grow(c->arena, all, n, cap);
		record_read(&rows, &step_done_record, 0, &all[n]);
		for (size_t i = 0; i < x->old.n_steps; i++)
			if (x->old.steps[i].row.id == all[n].step)
				to = version_same_step(&x->d.v, &x->old, &x->old.steps[i]);
		if (to)
			all[n++].step = to->row.id;
	}
	if (e == OK)
		e = db_end(&rows);
	each = arena_new(c->arena, void *, n + 1);
	for (size_t i = 0; i < n; i++)
		each[i] = &all[i];
	return e == OK && n ? record_save_many(c, &step_done_record, each, n) : e;
}

static enum err
move_work(struct change *c, void *what)
{
	const struct design_move *x = what;
	enum err e = move_deals(c, x);

	return e == OK ? move_steps(c, x) : e;
}

/* Not an edit of the deals: nobody worked them by it, and their owners need not be the one who moves. */
static enum err
run_move(struct request *r, struct design_move *x, id *ret_set)
{
	struct grant all = grant_all(r->actor.org, r->actor.login, r->actor.person, "open deals move to a version");
	struct change_work w = { .grant = &all,
		.reason = str_fmt(r->arena, "%lld open deals moved to %.*s, version %lld", (long long)x->n_deals,
		        STR_ARG(x->d.v.p.name), (long long)x->d.v.p.number),
		.idem = page_field(r, "idem"),
		.kind = CHANGE_JOB,
		.faults = &r->faults,
		.fn = move_work,
		.what = x };
	enum err e = change_run(r->db, r->arena, &w);

	*ret_set = w.ret_set;
	return e == OK && r->conn ? db_refresh(r->conn) : e;
}

enum err
design_move_act(struct request *r)
{
	struct design_move x = { 0 };
	id set = 0;
	enum err e = load_move(r, page_id_field(r, "from"), &x);

	if (e != OK)
		return e;
	for (size_t i = 0; i < x.n; i++) {
		const char *name = str_z(
		        r->arena, str_fmt(r->arena, "to-%.*s", STR_ARG(id_text(r->arena, x.maps[i].from->row.id))));
		const struct stage *to = version_stage(&x.d.v, page_id_field(r, name));
		if (!to || to->outcome != OUTCOME_OPEN)
			fault_add(&r->faults, str_of(name), STR("is no open stage of this version"),
			        STR("choose where these deals go on"));
		x.maps[i].to = to;
		x.maps[i].chosen = to ? to->row.id : 0;
	}
	if (!x.n)
		fault_add(&r->faults, STR("from"), STR("has no open deals"), STR("choose another version"));
	if (x.n_deals > DEALS_MOST)
		fault_add(&r->faults, STR("from"), STR("has more than 20,000 open deals"),
		        STR("close or remove what is not worked any more"));
	x.tried = !r->faults.n;
	if (r->faults.n || !page_field(r, "move").n)
		return show_move(r, &x);
	e = run_move(r, &x, &set);
	if (e == ERR_INPUT)
		return show_move(r, &x);
	return e == OK ? design_go(r, r->ids[0], set, "") : e;
}
