/* One prospect's page and what is done there: claim, touch, give back, disqualify; each is one change set with undo. */
#include "areas/prospects/pages.h"
#include "areas/prospects/view.h"

#include "areas/prospects/prospects_html.h"

#define TOUCHES_SHOWN 100
#define DUE_SHOWN     4
#define NEAR_SHOWN    4

str
prospect_path(struct request *r, id prospect, const char *behind)
{
	return str_fmt(r->arena, "/prospects/%.*s%s", STR_ARG(id_text(r->arena, prospect)), behind);
}

/* ---- the page ---- */

static enum err
load_touches(struct request *r, struct prospect_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name from prospect_touch t join person p on p.org_id = t.org_id and p.id = t.person "
	        "where t.org_id = $1 and $2 = $2 and t.prospect = $3 order by t.on_day desc, t.id desc limit %d",
	        STR_ARG(record_columns(r->arena, &touch_record, "t")), TOUCHES_SHOWN);
	struct rows rows;
	enum err e =
	        record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(v->p->row.id)), &rows);

	v->touches = arena_new(r->arena, struct touch_row, TOUCHES_SHOWN);
	if (e != OK)
		return e;
	while (v->n_touches < TOUCHES_SHOWN && db_next(&rows)) {
		struct touch_row *x = &v->touches[v->n_touches++];
		x->person = db_text(&rows, record_read(&rows, &touch_record, 0, &x->t));
	}
	return db_end(&rows);
}

/* Which steps of this round are done; the touches are loaded. */
static enum err
load_steps(struct request *r, struct prospect_view *v)
{
	struct campaign_step *steps;
	size_t n;
	enum err e = campaign_steps_of(r, v->p->campaign, &steps, &n);

	if (e != OK)
		return e;
	v->steps = arena_new(r->arena, struct step_place, n + 1);
	for (v->n_steps = 0; v->n_steps < n; v->n_steps++) {
		struct step_place *x = &v->steps[v->n_steps];
		*x = (struct step_place){ steps[v->n_steps], DAY_NONE };
		for (size_t i = 0; i < v->n_touches; i++)
			if (v->touches[i].t.step == x->s.row.id && v->touches[i].t.round == v->p->round)
				x->done_on = v->touches[i].t.on_day;
		v->n_done += day_is(x->done_on);
	}
	return prospect_next(r->conn, r->arena, r->actor.org, v->p, &v->next);
}

/* Those of the same name: found by the index of names alone, since every page asks. */
static enum err
load_same(struct request *r, struct prospect_view *v)
{
	str sql = str_fmt(r->arena,
	        "select t.id, t.name, coalesce(t.company, '') from prospect t where t.org_id = $1 and $2 = $2 and "
	        "t.name_key = $3 and t.id <> $4%.*s and not exists (select 1 from distinct_pair x where x.org_id = "
	        "t.org_id and "
	        "x.kind = 'prospect' and ((x.one = t.id and x.other = $4) or (x.one = $4 and x.other = t.id))) order "
	        "by t.id "
	        "limit 4",
	        STR_ARG(record_may(r->arena, &r->grant, &prospect_record)));
	struct duplicate_list *l = &v->near;
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_T(str_fold(r->arena, v->p->name)), DB_I(v->p->row.id)), &rows);

	l->pairs = arena_new(r->arena, struct duplicate, NEAR_SHOWN);
	if (e != OK)
		return e;
	while (l->n < NEAR_SHOWN && db_next(&rows)) {
		id other = db_int(&rows, 0), mine = v->p->row.id;
		str company = db_text(&rows, 2);
		l->pairs[l->n++] = (struct duplicate){ .a = other < mine ? other : mine, /* the older stays */
			.b = other < mine ? mine : other,
			.name_a = db_text(&rows, 1),
			.name_b = company };
	}
	return db_end(&rows);
}

static enum err
load_view(struct request *r, struct prospect_view *v)
{
	enum err e = prospect_row_of(r, v->p, &v->row);

	if (e == OK)
		e = load_same(r, v);

	if (e == OK)
		e = load_touches(r, v);
	if (e == OK)
		e = load_steps(r, v);
	if (e == OK)
		e = prospect_may(r, v->p->owner, &v->may);
	v->record = page_own(r, &prospect_record);
	v->may_assign = r->actor.leads || r->grant.reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY;
	v->account = v->p->account ? page_name(r, "account", v->p->account) : (str){ 0 };
	v->contact = v->p->contact ? page_name(r, "contact", v->p->contact) : (str){ 0 };
	v->deal = v->p->deal ? page_name(r, "deal", v->p->deal) : (str){ 0 };
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_DEALS);
	return e;
}

static enum err
show(struct request *r, struct prospect_view *v)
{
	struct crumb crumb = { STR("Prospects"), STR("/prospects") };
	struct page p = { .title = v->p->name.n ? v->p->name : STR("Prospect"),
		.subtitle = v->p->company,
		.crumbs = &crumb,
		.n_crumbs = 1 };
	enum err e = load_view(r, v);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_prospect_one(&r->view, v, r);
	page_foot(r);
	return OK;
}

static enum err
load_one(struct request *r, struct prospect *p)
{
	return record_load(r->conn, r->arena, &r->grant, &prospect_record, r->ids[0], p);
}

/* A refused act comes back on the page, as it is stored, with what was typed beside. */
static enum err
show_again(struct request *r, struct touch typed)
{
	struct prospect p;
	struct prospect_view v = { .p = &p, .typed = typed };
	enum err e = load_one(r, &p);

	return e == OK ? show(r, &v) : e;
}

enum err
prospect_page(struct request *r)
{
	return show_again(r, (struct touch){ .on_day = r->today });
}

/* ---- a new one, and its facts ---- */

static const char facts[] = "name company title email phone campaign note";

static enum err
show_new(struct request *r, struct prospect *x, const struct duplicate_list *near)
{
	struct crumb crumb = { STR("Prospects"), STR("/prospects") };
	struct page p = { .title = STR("New prospect"), .crumbs = &crumb, .n_crumbs = 1 };
	struct prospect_view v = { .p = x, .creating = true, .record = page_own(r, &prospect_record) };

	if (near)
		v.near = *near;

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_prospect_new(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
prospect_new(struct request *r)
{
	struct prospect p;

	record_init(&prospect_record, &p);
	p.owner = r->actor.person;
	p.campaign = page_id_param(r, "campaign");
	return show_new(r, &p, NULL);
}

/* Whom we may know already, told before they are entered once more (D2). What was sent twice is answered as the first
   time: the one that it made is no other. */
static enum err
warn_of_near(struct request *r, const struct prospect *p, struct duplicate_list *ret)
{
	struct change c;
	enum err e;

	if (r->faults.n || page_field(r, "anyway").n)
		return OK;
	e = change_open(
	        r->conn, r->arena, &r->grant, CHANGE_EDIT, 0, STR("look"), page_field(r, "idem"), &r->faults, &c);
	if (e == OK)
		e = duplicates_near(r, &prospect_record, p->name, p->email, p->company, 0, NEAR_SHOWN, ret);
	if (e == OK && ret->n)
		fault_add(&r->faults, STR("near"),
		        str_fmt(r->arena, "may be here already: %.*s, %s", STR_ARG(ret->pairs[0].name_b),
		                ret->pairs[0].why),
		        STR("look there first, or add it all the same"));
	return e == ERR_DUPLICATE ? OK : e;
}

enum err
prospect_create(struct request *r)
{
	struct duplicate_list near = { 0 };
	struct prospect p;
	id set = 0;
	enum err e;

	record_init(&prospect_record, &p);
	p.came_on = r->today;
	p.owner = page_field(r, "pool").n ? 0 : r->actor.person;
	e = page_fill(r, &prospect_record, facts, &p);
	if (page_fill_own(r, page_own(r, &prospect_record), true, &p) != OK)
		e = ERR_INPUT;
	if (e == OK)
		e = warn_of_near(r, &p, &near);
	if (e == OK && near.n)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s added", STR_ARG(p.name)), &prospect_record, &p, &set);
	if (e == ERR_INPUT)
		return show_new(r, &p, &near);
	return e == OK ? page_done(r, set, p.row.id ? prospect_path(r, p.row.id, "") : STR("/prospects")) : e;
}

enum err
prospect_update(struct request *r)
{
	struct prospect p;
	struct prospect_view v = { .p = &p, .typed = { .on_day = r->today } };
	int64_t seen;
	id set = 0;
	bool may = false;
	enum err e = load_one(r, &p);

	if (e == OK)
		e = prospect_may(r, p.owner, &may);
	if (e != OK || !may)
		return e != OK ? e : ERR_DENIED;
	if (str_to_i64(page_field(r, "version"), &seen))
		p.row.version = seen;
	e = page_fill(r, &prospect_record, facts, &p);
	if (page_fill_own(r, page_own(r, &prospect_record), false, &p) != OK)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s saved", STR_ARG(p.name)), &prospect_record, &p, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	return e == OK ? page_done(r, set, prospect_path(r, p.row.id, "")) : e;
}

/* ---- acts ---- */

struct doing {
	id prospect, owner;
	int64_t version; /* as it was shown; 0: whatever there is */
	str reason;
	day back;
	int state;
};

/* The row as the transaction sees it, not as the page did. */
static enum err
load_now(struct change *c, const struct doing *a, struct prospect *p)
{
	enum err e = record_load(c->conn, c->arena, c->grant, &prospect_record, a->prospect, p);

	return e == OK && a->version && a->version != p->row.version ? ERR_STALE : e;
}

static enum err
claim_work(struct change *c, void *what)
{
	const struct doing *a = what;
	struct prospect p;
	enum err e = load_now(c, a, &p);

	if (e != OK)
		return e;
	if (p.state != PROSPECT_OPEN)
		return fault_add(
		        c->faults, STR("owner"), STR("cannot be set"), STR("it is decided; give it back first"));
	p.owner = a->owner;
	p.reason = (str){ 0 };
	return record_save(c, &prospect_record, &p);
}

/* For oneself what is nobody's; for somebody below, or from one to another, the line's own rule decides (O3). */
/* What an act ends with: the page again where something typed is wrong, else back to it with what was done. */
static enum err
done(struct request *r, const struct prospect *p, enum err e, id set)
{
	if (e == ERR_INPUT)
		return show_again(r, (struct touch){ .on_day = r->today });
	return e == OK ? page_done(r, set, prospect_path(r, p->row.id, "")) : e;
}

enum err
prospect_claim(struct request *r)
{
	struct prospect p;
	struct doing a = { .prospect = r->ids[0], .owner = page_id_field(r, "owner") };
	bool may = false;
	id set = 0;
	enum err e = load_one(r, &p);

	if (e == OK)
		e = prospect_may(r, p.owner, &may);
	if (e != OK)
		return e;
	if (!may && p.owner && !a.owner) {
		fault_add(&r->faults, STR("owner"),
		        str_fmt(r->arena, "is %.*s already", STR_ARG(page_name(r, "person", p.owner))),
		        STR("ask them, or take another"));
		return show_again(r, (struct touch){ .on_day = r->today });
	}
	if (!may)
		return ERR_DENIED;
	if (!a.owner)
		a.owner = r->actor.person;
	if (!a.owner)
		fault_add(&r->faults, STR("owner"), STR("is missing"), STR("choose whose it becomes"));
	a.version = p.row.version;
	e = r->faults.n ? ERR_INPUT
	                : page_change(r, str_fmt(r->arena, "%.*s claimed", STR_ARG(p.name)), claim_work, &a, &set);
	return done(r, &p, e, set);
}

enum err
prospect_touch(struct request *r)
{
	struct prospect p;
	struct campaign_step next;
	struct touch t;
	id set = 0, step = page_id_field(r, "step");
	bool may = false;
	enum err e = load_one(r, &p);

	if (e == OK)
		e = prospect_may(r, p.owner, &may);
	if (e == OK && !may)
		e = ERR_DENIED;
	if (e == OK)
		e = prospect_next(r->conn, r->arena, r->actor.org, &p, &next);
	if (e != OK)
		return e;
	record_init(&touch_record, &t);
	t.prospect = p.row.id;
	t.person = r->actor.person;
	t.on_day = r->today;
	page_fill(r, &touch_record, "kind on_day text", &t);
	if (step && step != next.row.id)
		return ERR_STALE; /* somebody did it meanwhile */
	if (step) {
		t.step = step;
		t.kind = next.kind;
	}
	if (p.state != PROSPECT_OPEN)
		fault_add(&r->faults, STR("text"), STR("comes too late"), STR("it is decided; give it back first"));
	e = r->faults.n ? ERR_INPUT : page_save(r, STR("Touch noted"), &touch_record, &t, &set);
	if (e == ERR_INPUT)
		return show_again(r, t);
	return e == OK ? page_done(r, set, prospect_path(r, p.row.id, "")) : e;
}

static enum err
recycle_work(struct change *c, void *what)
{
	const struct doing *a = what;
	struct prospect p;
	enum err e = load_now(c, a, &p);

	if (e != OK)
		return e;
	p.state = PROSPECT_OPEN;
	p.owner = 0;
	p.round = p.round == NO_INT ? 1 : p.round + 1;
	p.reason = a->reason;
	p.back_on = a->back;
	return record_save(c, &prospect_record, &p);
}

static enum err
disqualify_work(struct change *c, void *what)
{
	const struct doing *a = what;
	struct prospect p;
	enum err e = load_now(c, a, &p);

	if (e != OK)
		return e;
	p.state = PROSPECT_DISQUALIFIED;
	p.reason = a->reason;
	return record_save(c, &prospect_record, &p);
}

/* What both ways out ask for: the right, the version that was shown, a reason. */
static enum err
read_act(struct request *r, struct prospect *p, struct doing *a)
{
	bool may = false;
	enum err e = load_one(r, p);

	if (e == OK)
		e = prospect_may(r, p->owner, &may);
	if (e != OK || !may)
		return e != OK ? e : ERR_DENIED;
	*a = (struct doing){ .prospect = p->row.id, .reason = str_trim(page_field(r, "reason")), .back = DAY_NONE };
	if (!str_to_i64(page_field(r, "version"), &a->version))
		a->version = p->row.version;
	if (!a->reason.n)
		fault_add(&r->faults, STR("reason"), STR("is missing"), STR("say why, in a few words"));
	if (p->state == PROSPECT_QUALIFIED)
		fault_add(
		        &r->faults, STR("reason"), STR("comes too late"), STR("it is a deal: close the deal instead"));
	return OK;
}

enum err
prospect_recycle(struct request *r)
{
	struct prospect p;
	struct doing a;
	id set = 0;
	enum err e = read_act(r, &p, &a);

	if (e != OK)
		return e;
	a.back = page_day_field(r, "back_on", true);
	if (day_is(a.back) && day_between(r->today, a.back) < 0)
		fault_add(&r->faults, STR("back_on"), STR("is past"), STR("choose today or a later day"));
	e = r->faults.n ? ERR_INPUT
	                : page_change(r, str_fmt(r->arena, "%.*s given back", STR_ARG(p.name)), recycle_work, &a, &set);
	return done(r, &p, e, set);
}

enum err
prospect_disqualify(struct request *r)
{
	struct prospect p;
	struct doing a;
	id set = 0;
	enum err e = read_act(r, &p, &a);

	if (e != OK)
		return e;
	e = r->faults.n ? ERR_INPUT
	                : page_change(r, str_fmt(r->arena, "%.*s disqualified", STR_ARG(p.name)), disqualify_work, &a,
	                          &set);
	return done(r, &p, e, set);
}

/* ---- on Today ---- */

static str
due_words(struct request *r, const struct rows *rows)
{
	day due = db_day(rows, 4);
	int days = day_between(due, r->today);

	if (!days)
		return STR("Due today. Clears with a note of what came of it.");
	return str_fmt(
	        r->arena, "Due %d day%s ago. Clears with a note of what came of it.", days, days == 1 ? "" : "s");
}

enum err
prospect_today(struct request *r, struct today_items *ret)
{
	struct rows rows;
	enum err e = r->actor.person
	                     ? record_query(r->conn, r->arena, &r->grant,
	                               "select t.id, t.name, coalesce(t.company, ''), t.next_step, t.next_step_on from "
	                               "prospect t where t.org_id = $1 and t.owner = $2 and t.state = 'open' and "
	                               "t.next_step_on <= $3 order by t.next_step_on, t.id limit $4",
	                               DB_ARGS(db_day_value(r->arena, r->today), DB_I(DUE_SHOWN)), &rows)
	                     : ERR_ABSENT;

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	while (db_next(&rows)) {
		str company = db_text(&rows, 2);
		today_push(r, ret,
		        (struct today_item){
		                .title = str_fmt(r->arena, "%.*s: %.*s%s%.*s", STR_ARG(db_text(&rows, 3)),
		                        STR_ARG(db_text(&rows, 1)), company.n ? ", " : "", STR_ARG(company)),
		                .why = due_words(r, &rows),
		                .href = prospect_path(r, db_int(&rows, 0), ""),
		                .act = STR("Touch"),
		                .due = db_day(&rows, 4) });
	}
	return db_end(&rows);
}
