#include "areas/coaching/certify.h"
#include "areas/coaching/observe.h"
#include "areas/coaching/pages.h"
#include "areas/coaching/view.h"

#include "areas/coaching/certify_html.h"
#include "areas/coaching/observe_html.h"

#define ROWS 60

static const char asks_me[] = "x.person = $3 and x.answered_on is null and x.beside is null";
static const char asks_second[] = "x.observer = $3 and x.entered_on is null and x.denied = 0";

/* where: over x (observation) with $3, a person. The text comes along where its own rights allow it (O5). */
enum err
observations_load(struct request *r, const char *where, id value, struct observation_row **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name, q.name, coalesce(k.name, ''), coalesce(d.name, '') from observation x join "
	        "person p on "
	        "p.org_id = x.org_id and p.id = x.observer join person q on q.org_id = x.org_id and q.id = x.person "
	        "left join "
	        "skill k on k.org_id = x.org_id and k.id = x.skill left join deal d on d.org_id = x.org_id and d.id = "
	        "x.deal "
	        "where x.org_id = $1 and $2 = $2 and %s {may:session_fact x.observer x.person} order by x.on_day desc, "
	        "x.id "
	        "desc limit 60",
	        STR_ARG(record_columns(r->arena, &observation_record, "x")), where);
	struct rows rows;
	size_t n = 0;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(value)), &rows);

	*ret = arena_new(r->arena, struct observation_row, ROWS);
	while (e == OK && n < ROWS && db_next(&rows)) {
		struct observation_row *x = &(*ret)[n++];
		int at = record_read(&rows, &observation_record, 0, &x->x);
		record_init(&observation_text_record, &x->t);
		x->observer = db_text(&rows, at);
		x->person = db_text(&rows, at + 1);
		x->skill = db_text(&rows, at + 2);
		x->deal = db_text(&rows, at + 3);
		x->asks = x->x.person == r->actor.person && !x->x.beside && !day_is(x->x.answered_on);
	}
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

enum err
observation_text_load(struct request *r, id observation, struct observation_text *ret)
{
	enum err e = record_find_by(r->conn, r->arena, &r->grant, &observation_text_record, "observation",
	        str_fmt(r->arena, "%lld", (long long)observation), ret);

	if (e == ERR_ABSENT) {
		record_init(&observation_text_record, ret);
		return OK;
	}
	return e;
}

/* C8: each direct report, and when I last saw them; who was never seen comes first. */
static enum err
load_team(struct request *r, struct observe_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.id, p.name, case when exists (select 1 from person q where q.org_id = p.org_id and q.manager "
	        "= p.id "
	        "and q.left_on is null) then 1 else 0 end, (select max(x.on_day) from observation x where x.org_id = "
	        "p.org_id "
	        "and x.person = p.id and x.observer = $2 and x.denied = 0 and x.entered_on is not null) as last from "
	        "person p where p.org_id = $1 "
	        "and "
	        "p.manager = $2 and p.left_on is null order by case when (select max(x.on_day) from observation x "
	        "where "
	        "x.org_id = p.org_id and x.person = p.id and x.observer = $2 and x.denied = 0 and x.entered_on is not "
	        "null) is null then 0 else 1 "
	        "end, "
	        "last, p.name, p.id limit 60",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	v->team = arena_new(r->arena, struct unseen_row, ROWS);
	while (e == OK && v->n_team < ROWS && db_next(&rows))
		v->team[v->n_team++] = (struct unseen_row){ .person = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.leads = db_int(&rows, 2),
			.last = db_is_null(&rows, 3) ? DAY_NONE : db_day(&rows, 3) };
	return e == OK ? db_end(&rows) : e;
}

static void
words(struct request *r, struct observe_view *v)
{
	v->who_text = grant_explain(r->arena, &r->grant, MATTER_SESSION_TEXT);
	v->who_fact = grant_explain(r->arena, &r->grant, MATTER_SESSION_FACT);
}

enum err
observations_page(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") } };
	struct page p = { .title = STR("Observations"),
		.crumbs = crumbs,
		.n_crumbs = 1,
		.subtitle = STR("Seen, not told: a call, a visit, a recording, a coaching session") };
	struct observe_view v = { 0 };
	id me = r->actor.person;
	enum err e = observations_load(r, asks_me, me, &v.asks, &v.n_asks);

	if (e == OK)
		e = observations_load(r, asks_second, me, &v.second, &v.n_second);
	if (e == OK)
		e = observations_load(r, "x.observer = $3 and x.entered_on is not null", me, &v.mine, &v.n_mine);
	if (e == OK)
		e = observations_load(r, "x.person = $3 and x.answered_on is not null and x.beside is null", me,
		        &v.of_me, &v.n_of_me);
	if (e == OK)
		e = load_team(r, &v);
	if (e != OK)
		return e;
	words(r, &v);
	page_head(r, &p);
	tpl_observations(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* ---- entering one ---- */

/* The newest version of each that is offered. */
static enum err
load_offers(struct request *r, struct observe_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select f.id, f.name, f.kind from rubric f where f.org_id = $1 and coalesce(f.retired, 0) = 0 and not "
	        "exists (select 1 from rubric x where x.org_id = f.org_id and coalesce(x.line, x.id) = "
	        "coalesce(f.line, "
	        "f.id) and x.number > f.number) order by f.name, f.id limit 60",
	        DB_ARGS(DB_I(r->actor.org)), &rows);

	v->offers = arena_new(r->arena, struct rubric_offer, ROWS);
	while (e == OK && v->n_offers < ROWS && db_next(&rows))
		v->offers[v->n_offers++] = (struct rubric_offer){ db_int(&rows, 0), db_text(&rows, 1),
			choice_of(observed_kinds, db_text_raw(&rows, 2)) };
	return e == OK ? db_end(&rows) : e;
}

/* The rubric of a form or an address; one that is not there is none. */
static enum err
take_rubric(struct request *r, struct observe_view *v, id rubric)
{
	enum err e;

	if (!rubric)
		return OK;
	v->rubric = arena_new(r->arena, struct rubric_whole, 1);
	e = rubric_load(r->conn, r->arena, &r->grant, rubric, v->rubric);
	if (e == ERR_ABSENT)
		v->rubric = NULL;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
show_form(struct request *r, struct observe_view *v)
{
	struct crumb crumbs[] = { { STR("Observations"), STR("/observations") } };
	struct page p = { .title = STR("What I saw"), .crumbs = crumbs, .n_crumbs = 1 };
	enum err e = load_team(r, v);

	v->person = page_id_field(r, "person") ? page_id_field(r, "person") : page_id_param(r, "person");
	if (e == OK)
		e = load_offers(r, v);
	if (e != OK)
		return e;
	words(r, v);
	if (v->rubric)
		p.subtitle = str_fmt(r->arena, "On the rubric “%.*s”, version %lld", STR_ARG(v->rubric->r.name),
		        (long long)v->rubric->r.number);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_observe_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
observation_new(struct request *r)
{
	struct observe_view v = { 0 };
	enum err e = take_rubric(r, &v, page_id_param(r, "rubric"));

	return e == OK ? show_form(r, &v) : e;
}

struct observe_work {
	struct observation x;
	struct observation_text t;
	const struct rubric_whole *rubric; /* NULL: none */
	struct observed_level levels[CRITERIA_MOST];
	id ret;
};

static enum err
create_work(struct change *c, void *what)
{
	struct observe_work *all = what, w = *all;
	enum err e = record_save(c, &observation_record, &w.x);

	if (e != OK)
		return e;
	w.t.observation = all->ret = w.x.row.id;
	e = record_save(c, &observation_text_record, &w.t);
	return e == OK && w.rubric ? scores_save(c, &w.x, w.x.observer, false, w.rubric, w.levels) : e;
}

/* C4: a role-play belongs to the session in which it was: one of the two who met, with the other. */
static void
take_session(struct request *r, struct observation *x)
{
	struct session s;
	id which = page_id_field(r, "session");

	if (!which)
		return;
	if (record_load(r->conn, r->arena, &r->grant, &session_record, which, &s) == OK && s.coachee == x->person &&
	        (s.coach == r->actor.person || s.second == r->actor.person))
		x->session = which;
	else
		fault_add(&r->faults, STR("person"), STR("is not whom you coached in that session"),
		        STR("enter it from the page of theirs"));
}

static void
read_new(struct request *r, struct observe_work *w)
{
	record_init(&observation_record, &w->x);
	record_init(&observation_text_record, &w->t);
	page_fill(r, &observation_record, "person kind on_day skill deal", &w->x);
	page_fill(r, &observation_text_record, "result text", &w->t);
	w->x.observer = w->t.observer = r->actor.person;
	w->t.person = w->x.person;
	w->x.entered_on = r->today;
	take_session(r, &w->x);
	if (w->rubric) {
		w->x.rubric = w->rubric->r.row.id;
		w->x.skill = w->rubric->r.skill;
		scores_read(r, w->rubric, false, w->levels);
	}
	if (!w->t.text.n && !fault_at(&r->faults, STR("text")))
		fault_add(&r->faults, STR("text"), STR("is missing"),
		        STR("one or two sentences: what was said and done"));
}

enum err
observation_create(struct request *r)
{
	struct observe_view v = { 0 };
	struct observe_work w = { 0 };
	id set = 0;
	enum err e = take_rubric(r, &v, page_id_field(r, "rubric"));

	if (e != OK)
		return e;
	w.rubric = v.rubric;
	read_new(r, &w);
	if (!r->faults.n)
		e = page_change(r, STR("Observation entered"), create_work, &w, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show_form(r, &v);
	if (e == OK && !w.ret)
		e = change_row(r->conn, r->actor.org, set, &observation_record, &w.ret);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/observations/%.*s", STR_ARG(id_text(r->arena, w.ret))))
	               : e;
}

/* ---- one of them ---- */

/* The other observer's of the same call: the name of who asked me, or of whom I asked, is no secret among the three. */
static enum err
load_other(struct request *r, struct observe_view *v)
{
	const struct observation *x = &v->one.x;
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name from observation x join person p on p.org_id = x.org_id and p.id = x.observer "
	        "where "
	        "x.org_id = $1 and %s = $2",
	        STR_ARG(record_columns(r->arena, &observation_record, "x")), x->beside ? "x.id" : "x.beside");
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql),
	        DB_ARGS(DB_I(r->actor.org), DB_I(x->beside ? x->beside : x->row.id)), &rows);

	if (e == OK && db_next(&rows)) {
		v->other.observer = db_text(&rows, record_read(&rows, &observation_record, 0, &v->other.x));
		v->has_other = true;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_levels(struct request *r, struct observe_view *v)
{
	const struct observation *x = &v->one.x;
	id first = x->beside ? x->beside : x->row.id;
	id second = x->beside ? x->row.id : v->has_other ? v->other.x.row.id : 0;
	enum err e = take_rubric(r, v, x->rubric);

	return e == OK && v->rubric ? scores_load(r, v->rubric, first, second, v->levels) : e;
}

enum err
observation_load(struct request *r, struct observe_view *v)
{
	struct observation_row *rows;
	size_t n;
	enum err e = observations_load(r, "x.id = $3", r->ids[0], &rows, &n);

	if (e == OK && !n)
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	v->one = rows[0];
	v->by_me = v->one.x.observer == r->actor.person;
	v->about_me = v->one.x.person == r->actor.person;
	v->answered = day_is(v->one.x.answered_on);
	e = load_other(r, v);
	if (e == OK)
		e = load_levels(r, v);
	v->may_ask = v->by_me && v->rubric && !v->one.x.beside && !v->has_other && !v->one.x.denied;
	/* C7: the person's own view first; then both read both */
	return e == OK && (v->by_me || (v->about_me && v->answered))
	               ? observation_text_load(r, v->one.x.row.id, &v->one.t)
	               : e;
}

enum err
observation_show(struct request *r)
{
	struct crumb crumbs[] = { { STR("Observations"), STR("/observations") } };
	struct page p = { .crumbs = crumbs, .n_crumbs = 1 };
	struct observe_view v = { 0 };
	struct certify_part part;
	enum err e = observation_load(r, &v);

	if (e == OK)
		e = certify_load(r, &v, &part);
	if (e != OK)
		return e;
	words(r, &v);
	p.title = str_fmt(
	        r->arena, "%.*s, %.*s", STR_ARG(v.one.person), STR_ARG(day_text(r->arena, v.one.x.on_day, r->today)));
	p.subtitle = str_fmt(r->arena, "%s, seen by %.*s · %.*s", observed_kinds[v.one.x.kind].label,
	        STR_ARG(v.one.observer), STR_ARG(v.one.skill));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_observation(&r->view, &v, r);
	if (part.shown)
		tpl_certify_part(&r->view, &part, &v, r);
	page_foot(r);
	return OK;
}

enum err
observation_page(struct request *r)
{
	return observation_show(r);
}

/* What the person says of the call holds for both who saw it. */
static enum err
answer_second(struct change *c, const struct observation *first)
{
	const struct grant *whose = c->grant;
	const struct grant hook = grant_all(whose->org, whose->login, whose->person, "the answer, beside");
	struct observation second;
	int64_t there = 0;
	enum err e = db_one_int(c->conn, "select id from observation where org_id = $1 and beside = $2",
	        DB_ARGS(DB_I(whose->org), DB_I(first->row.id)), &there);

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	c->grant = &hook;
	e = record_load(c->conn, c->arena, c->grant, &observation_record, there, &second);
	if (e == OK && (day_is(second.entered_on) || first->denied)) {
		second.answered_on = first->answered_on;
		second.denied = first->denied;
		e = record_save(c, &observation_record, &second);
	}
	c->grant = whose;
	return e;
}

static enum err
answer_work(struct change *c, void *what)
{
	struct observe_work w = *(struct observe_work *)what;
	enum err e = record_save(c, &observation_record, &w.x);

	if (e == OK)
		e = record_save(c, &observation_text_record, &w.t);
	if (e == OK)
		e = answer_second(c, &w.x);
	if (e == OK && w.rubric && !w.x.denied)
		e = scores_save(c, &w.x, w.x.person, true, w.rubric, w.levels);
	return e == OK && w.rubric ? scores_open(c, w.x.row.id) : e;
}

/* The person's word, once: did it take place, and how it went in their own view. */
enum err
observation_answer(struct request *r)
{
	struct observe_view v = { 0 };
	struct observe_work w = { 0 };
	str held = page_field(r, "held");
	id set = 0;
	enum err e = observation_load(r, &v);

	if (e != OK)
		return e;
	if (!v.about_me || v.answered || v.one.x.beside)
		return ERR_DENIED;
	w.x = v.one.x;
	w.rubric = v.rubric;
	e = observation_text_load(r, w.x.row.id, &w.t);
	if (e != OK)
		return e;
	w.x.answered_on = r->today;
	w.x.denied = str_eq(held, STR("no"));
	if (!str_eq(held, STR("yes")) && !w.x.denied)
		fault_add(&r->faults, STR("held"), STR("is missing"), STR("say whether it took place"));
	page_fill(r, &observation_text_record, "own_result own_text", &w.t);
	if (!w.x.denied && !w.t.own_result && !fault_at(&r->faults, STR("own_result")))
		fault_add(&r->faults, STR("own_result"), STR("is missing"), STR("your own view comes first"));
	if (w.rubric && !w.x.denied)
		scores_read(r, w.rubric, true, w.levels);
	if (!r->faults.n)
		e = page_change(r, STR("Observation answered"), answer_work, &w, &set);
	if (r->faults.n || e == ERR_INPUT)
		return observation_show(r);
	return e == OK ? page_go(r, str_fmt(r->arena, "/observations/%.*s", STR_ARG(id_text(r->arena, w.x.row.id))))
	               : e;
}

static void
ask_answers(struct request *r, const struct observation_row *rows, size_t n, struct today_items *ret)
{
	for (size_t i = 0; i < n && i < 3; i++)
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "%.*s saw you on %.*s: your own view first",
		                                     STR_ARG(rows[i].observer),
		                                     STR_ARG(day_text(r->arena, rows[i].x.on_day, r->today))),
		                .why = str_fmt(r->arena, "%s, on %.*s. You read theirs once you have said yours.",
		                        observed_kinds[rows[i].x.kind].label, STR_ARG(rows[i].skill)),
		                .href = str_fmt(
		                        r->arena, "/observations/%.*s", STR_ARG(id_text(r->arena, rows[i].x.row.id))),
		                .act = STR("Say"),
		                .due = DAY_NONE });
}

static void
ask_seconds(struct request *r, const struct observation_row *rows, size_t n, struct today_items *ret)
{
	for (size_t i = 0; i < n && i < 3; i++)
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "You saw %.*s too, on %.*s: write what you saw",
		                                     STR_ARG(rows[i].person),
		                                     STR_ARG(day_text(r->arena, rows[i].x.on_day, r->today))),
		                .why = STR("You were asked as the second observer. Neither of you reads the other’s "
		                           "before "
		                           "both have written."),
		                .href = str_fmt(
		                        r->arena, "/observations/%.*s", STR_ARG(id_text(r->arena, rows[i].x.row.id))),
		                .act = STR("Write"),
		                .due = DAY_NONE });
}

enum err
observation_today(struct request *r, struct today_items *ret)
{
	struct observation_row *asks, *second;
	size_t n_asks = 0, n_second = 0;
	enum err e;

	if (!r->actor.person)
		return OK;
	e = observations_load(r, asks_me, r->actor.person, &asks, &n_asks);
	if (e == OK)
		e = observations_load(r, asks_second, r->actor.person, &second, &n_second);
	if (e != OK)
		return e;
	ask_answers(r, asks, n_asks, ret);
	ask_seconds(r, second, n_second, ret);
	return OK;
}
