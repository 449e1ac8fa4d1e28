/* Planning a programme: few choices, a look at its days before it starts, and the raw rule for who wants it (C1). */
#include "areas/coaching/framework.h"
#include "areas/coaching/programme_view.h"
#include "calendar/rrule.h"

#include "areas/coaching/programme_html.h"

const struct choice programme_oftens[] = { { "", "" }, { "week", "Every week, on the weekday of the first day" },
	{ "fortnight", "Every two weeks" },
	{ "month_weekday", "Every month, on the same weekday, as the second Tuesday" },
	{ "month_day", "Every month, on the same date" }, { "month_end", "Every month, on its last day" },
	{ "rule", "By a rule of my own" }, { NULL, NULL } };

/* ---- the form ---- */

static enum err
load_frames(struct request *r, struct programme_form *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select f.id, f.name from framework f where f.org_id = $1 and coalesce(f.retired, 0) = 0 and not "
	        "exists (select "
	        "1 from framework x where x.org_id = f.org_id and coalesce(x.line, x.id) = coalesce(f.line, f.id) and "
	        "x.number > "
	        "f.number) order by f.kind, f.name limit 100",
	        DB_ARGS(DB_I(r->actor.org)), &rows);

	v->frames = arena_new(r->arena, struct choice_option, 100);
	while (e == OK && v->n_frames < 100 && db_next(&rows)) {
		struct choice_option *o = &v->frames[v->n_frames++];
		*o = (struct choice_option){ db_int(&rows, 0), db_text(&rows, 1) };
		if (!v->p.framework && !r->faults.n && str_eq(o->label, STR("Weekly one-to-one")))
			v->p.framework = o->value;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_form(struct request *r, struct programme_form *v)
{
	struct crumb crumbs[] = { { STR("Programmes"), STR("/programmes") } };
	struct page p = { .title = STR("New programme"), .crumbs = crumbs, .n_crumbs = 1 };
	enum err e = load_frames(r, v);

	if (e != OK)
		return e;
	v->whole = r->actor.admin || r->actor.head;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_programme_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

static bool
may_plan(const struct request *r)
{
	return r->actor.admin || r->actor.head || r->actor.leads;
}

static id
head_of(struct request *r)
{
	int64_t head = 0;

	return db_one_int(r->conn, "select coalesce(head, 0) from company where org_id = $1",
	               DB_ARGS(DB_I(r->actor.org)), &head) == OK
	               ? head
	               : 0;
}

enum err
programme_new_page(struct request *r)
{
	struct programme_form v = { .often = OFTEN_WEEK, .start = STR("09:00") };

	if (!may_plan(r))
		return ERR_DENIED;
	record_init(&programme_record, &v.p);
	v.head = head_of(r);
	v.p.root = r->actor.leads && !r->actor.admin ? r->actor.person : v.head;
	v.p.who = v.p.root && v.p.root == v.head ? WHO_DOWN : WHO_TEAM;
	v.p.from_day = day_add(day_week(r->today), 7);
	v.p.length = 30;
	if (page_param(r, "after").n) {
		id after = page_id_param(r, "after");
		enum err e = after ? programme_follow(r, after, &v) : ERR_ABSENT;
		if (e != OK)
			return e;
	}
	return show_form(r, &v);
}

str
programme_rule(struct arena *a, const struct programme_form *v)
{
	int year, month, dom, weekday;

	if (v->often == OFTEN_RULE)
		return v->typed_rule;
	if (!day_is(v->p.from_day))
		return (str){ 0 };
	day_parts(v->p.from_day, &year, &month, &dom);
	weekday = day_weekday(v->p.from_day);
	switch (v->often) {
	case OFTEN_WEEK:
		return rrule_weekly(a, weekday, 1);
	case OFTEN_FORTNIGHT:
		return rrule_weekly(a, weekday, 2);
	case OFTEN_MONTH_WEEKDAY:
		return rrule_monthly_weekday(a, dom > 28 ? -1 : (dom - 1) / 7 + 1, weekday, 1);
	case OFTEN_MONTH_DAY:
		return rrule_monthly(a, dom, 1);
	case OFTEN_MONTH_END:
		return rrule_monthly(a, 31, 1);
	default:
		return (str){ 0 };
	}
}

static void
read_rule(struct request *r, struct programme_form *v)
{
	const struct rrule *rule;

	v->often = choice_of(programme_oftens, page_field(r, "often"));
	v->typed_rule = str_trim(page_field(r, "rule"));
	v->p.rule = programme_rule(r->arena, v);
	if (!v->often)
		fault_add(&r->faults, STR("often"), STR("is missing"), STR("choose how often they meet"));
	else if (v->often == OFTEN_RULE && !v->p.rule.n)
		fault_add(
		        &r->faults, STR("rule"), STR("is missing"), STR("write it as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"));
	if (!v->p.rule.n || !day_is(v->p.from_day) ||
	        rrule_parse(r->arena, v->p.rule, STR("rule"), &r->faults, &rule) != OK ||
	        rrule_check_sessions(rule, STR("rule"), &r->faults) != OK)
		return;
	v->p.rule = rrule_text(r->arena, rule);
	v->words = rrule_words(r->arena, rule);
}

/* What it follows, where one may go on with that. */
static enum err
read_before(struct request *r, struct programme_form *v)
{
	enum err e;

	if (!v->p.follows)
		return OK;
	e = record_load(r->conn, r->arena, &r->grant, &programme_record, v->p.follows, &v->before);
	if (e == OK && !programme_may(r, &v->before))
		e = ERR_DENIED;
	if (e == ERR_ABSENT) {
		fault_add(&r->faults, STR("follows"), STR("is gone"), STR("start it as one of its own"));
		e = OK;
	}
	return e;
}

static enum err
read_form(struct request *r, struct programme_form *v)
{
	struct framework f;
	enum err e = OK;

	page_fill(r, &programme_record, "name objective framework from_day to_day length who root follows", &v->p);
	v->start = page_field(r, "start");
	v->preview = page_field(r, "preview").n > 0;
	if (!minutes_parse(v->start, &v->p.start))
		fault_add(&r->faults, STR("start"), STR("is no time"), STR("write it as 10:00"));
	if (day_is(v->p.from_day) && v->p.from_day.n < r->today.n)
		fault_add(&r->faults, STR("from_day"), STR("is past"), STR("choose today or a later day"));
	programme_far(r->today, &v->p, &r->faults);
	read_rule(r, v);
	v->p.kind = MEETING_COACHING;
	e = read_before(r, v);
	if (e != OK)
		return e;
	if (v->p.framework)
		e = record_load(r->conn, r->arena, &r->grant, &framework_record, v->p.framework, &f);
	if (e == OK && v->p.framework)
		v->p.kind = f.kind;
	if (e == ERR_ABSENT)
		e = OK; /* the record says so at the field */
	if (v->p.who == WHO_PAIRS)
		v->p.root = 0;
	if (v->p.root && !programme_may(r, &v->p))
		fault_add(&r->faults, STR("root"), STR("is neither you nor below you"),
		        STR("choose yourself, or ask who leads this person"));
	return e;
}

static enum err
count_wanted(struct request *r, struct programme_form *v, struct programme_pair **ret)
{
	size_t n = 0;
	bool carried = v->p.who == WHO_PAIRS && v->before.row.id;
	enum err e = carried ? programme_carried(r, &v->before, ret, &n)
	                     : programme_couples(r->conn, r->arena, r->actor.org, &v->p, ret, &n);

	v->wanted = (int64_t)n;
	for (size_t i = 0; e == OK && i < n; i++) {
		int64_t there = 0;
		e = db_one_int(r->conn,
		        "select count(*) from pair where org_id = $1 and coach = $2 and coachee = $3 and to_day is "
		        "null and "
		        "programme is not null and coalesce(apart, 0) = $4",
		        DB_ARGS(DB_I(r->actor.org), DB_I((*ret)[i].coach), DB_I((*ret)[i].coachee),
		                DB_I(v->p.kind != MEETING_COACHING)),
		        &there);
		v->taken += there > 0;
	}
	return e;
}

struct starting {
	struct programme p;
	const struct programme_pair *all;
	size_t n;
};

/* One change for the whole company: undone as one. */
static enum err
start_work(struct change *c, void *what)
{
	struct starting *w = what;
	struct programme p = w->p;
	enum err e = record_save(c, &programme_record, &p);
	size_t number = 0;

	for (size_t i = 0; e == OK && i < w->n; i++) {
		number = i && w->all[i].coach == w->all[i - 1].coach ? number + 1 : 0;
		e = programme_join(c, &p, w->all[i], number);
		if (e == OK && (i + 1 == w->n || w->all[i + 1].coach != w->all[i].coach))
			e = sessions_ensure(c, w->all[i].coach);
	}
	w->p = p;
	return e;
}

enum err
programme_new_act(struct request *r)
{
	struct programme_form v = { 0 };
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "starting a programme");
	struct programme_pair *all = NULL;
	struct starting w = { 0 };
	id set = 0;
	enum err e;

	if (!may_plan(r))
		return ERR_DENIED;
	record_init(&programme_record, &v.p);
	v.head = head_of(r);
	e = read_form(r, &v);
	if (e == OK && !r->faults.n)
		e = count_wanted(r, &v, &all);
	if (e == OK && !r->faults.n)
		e = programme_days(r->arena, &v.p, v.p.from_day, v.days, &v.n_days);
	if (e == OK && !r->faults.n)
		e = certify_waiting(r, &v.p, &v.waiting, &v.n_waiting);
	if (e != OK)
		return e;
	if (r->faults.n || v.preview)
		return show_form(r, &v);
	w = (struct starting){ v.p, all, (size_t)v.wanted };
	e = page_change_as(r, &g, str_fmt(r->arena, "Programme %.*s started", STR_ARG(v.p.name)), start_work, &w, &set);
	if (e == ERR_INPUT)
		return show_form(r, &v);
	if (e == OK && !w.p.row.id)
		e = change_row(r->conn, r->actor.org, set, &programme_record, &w.p.row.id);
	return e == OK ? page_go(r, str_fmt(r->arena, "/programmes/%.*s", STR_ARG(id_text(r->arena, w.p.row.id)))) : e;
}

/* ---- named pairs, and the end ---- */

struct naming {
	struct programme p;
	struct programme_pair who;
	size_t number;
};

static enum err
pair_work(struct change *c, void *what)
{
	const struct naming *w = what;
	int64_t there = 0;
	enum err e = db_one_int(c->conn,
	        "select count(*) from pair where org_id = $1 and coach = $2 and coachee = $3 and programme = $4 and "
	        "to_day is null",
	        DB_ARGS(DB_I(c->grant->org), DB_I(w->who.coach), DB_I(w->who.coachee), DB_I(w->p.row.id)), &there);

	if (e == OK && there)
		return fault_add(
		        c->faults, STR("coachee"), STR("is in the programme with this coach"), STR("name another"));
	if (e == OK)
		e = programme_join(c, &w->p, w->who, w->number);
	return e == OK ? sessions_ensure(c, w->who.coach) : e;
}

enum err
programme_pair_act(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "adding a pair to a programme");
	struct naming w = { 0 };
	id set = 0;
	int64_t n = 0;
	bool held = false;
	enum err e = record_load(r->conn, r->arena, &r->grant, &programme_record, r->ids[0], &w.p);

	if (e != OK)
		return e;
	w.who = (struct programme_pair){ page_id_field(r, "coach"), page_id_field(r, "coachee") };
	if (!may_plan(r))
		return ERR_DENIED;
	if (day_is(w.p.to_day) && w.p.to_day.n < r->today.n)
		fault_add(&r->faults, STR("coachee"), STR("cannot join: the programme is over"), STR("start another"));
	if (!w.who.coach)
		fault_add(&r->faults, STR("coach"), STR("is missing"), STR("say who coaches"));
	if (!w.who.coachee)
		fault_add(&r->faults, STR("coachee"), STR("is missing"), STR("say who is coached"));
	if (w.who.coach && w.who.coach == w.who.coachee)
		fault_add(&r->faults, STR("coachee"), STR("is the coach"), STR("name two people"));
	if (w.who.coachee && !coaches_may_name(r, w.who.coachee) && !r->actor.head)
		fault_add(&r->faults, STR("coachee"), STR("is not below you"), STR("ask who leads this person"));
	if (!r->faults.n)
		e = db_one_int(r->conn, "select count(*) from pair where org_id = $1 and coach = $2 and programme = $3",
		        DB_ARGS(DB_I(r->actor.org), DB_I(w.who.coach), DB_I(w.p.row.id)), &n);
	w.number = (size_t)n;
	if (e == OK && !r->faults.n)
		e = certify_holds(r->conn, r->arena, r->actor.org, &w.p, w.who, r->today, &held);
	if (e == OK && held)
		fault_add(&r->faults, STR("coach"),
		        STR("would meet this person more often and is not certified as a coach"),
		        STR("see a session of theirs on the rubric and certify them first (Coaching, Coaches)"));
	if (e == OK && !r->faults.n)
		e = page_change_as(r, &g, STR("Pair added to the programme"), pair_work, &w, &set);
	if (r->faults.n || e == ERR_INPUT)
		return programme_show(r);
	return e == OK ? page_go(r, str_fmt(r->arena, "/programmes/%.*s", STR_ARG(id_text(r->arena, w.p.row.id)))) : e;
}

static enum err
end_work(struct change *c, void *what)
{
	struct programme p = *(const struct programme *)what;

	return programme_end(c, &p);
}

enum err
programme_end_act(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "ending a programme");
	struct programme p;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &programme_record, r->ids[0], &p);

	if (e == OK && !programme_may(r, &p))
		e = ERR_DENIED;
	if (e == OK && day_is(p.to_day) && p.to_day.n < r->today.n)
		e = fault_add(&r->faults, STR("programme"), STR("is over"), STR("nothing is left to end"));
	if (e == OK)
		e = page_change_as(
		        r, &g, str_fmt(r->arena, "Programme %.*s ended", STR_ARG(p.name)), end_work, &p, &set);
	if (e == ERR_INPUT)
		return programme_show(r);
	return e == OK ? page_go(r, str_fmt(r->arena, "/programmes/%.*s", STR_ARG(id_text(r->arena, p.row.id)))) : e;
}

/* Starting one writes sessions of many, which the general undo, under one's own rights, would refuse: whoever may plan
   it may take back that it began, as long as no session of it was held. */
enum err
programme_undo_act(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "taking back a programme");
	struct undo_result u;
	struct programme p;
	int64_t held = 0, set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &programme_record, r->ids[0], &p);

	if (e == OK && !programme_may(r, &p))
		e = ERR_DENIED;
	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from coaching_session s join pair x on x.org_id = s.org_id and x.id = s.pair "
		        "where s.org_id "
		        "= $1 and x.programme = $2 and s.on_day >= x.joined and s.held_on is not null",
		        DB_ARGS(DB_I(r->actor.org), DB_I(p.row.id)), &held);
	if (e == OK && held)
		e = fault_add(&r->faults, STR("programme"), STR("has sessions that were held"), STR("end it instead"));
	if (e == OK)
		e = db_one_int(r->conn,
		        "select set_id from change_line where org_id = $1 and record = 'programme' and row_id = $2 "
		        "order by set_id "
		        "limit 1",
		        DB_ARGS(DB_I(r->actor.org), DB_I(p.row.id)), &set);
	if (e == OK)
		e = change_undo(r->db, r->arena, &g, set, &u);
	if (e == ERR_INPUT)
		return programme_show(r);
	return e == OK ? page_go(r, STR("/programmes")) : e;
}
