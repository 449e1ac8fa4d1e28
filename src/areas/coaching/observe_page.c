#include "areas/coaching/observe.h"
#include "areas/coaching/pages.h"
#include "areas/coaching/view.h"

#include "areas/coaching/observe_html.h"

#define ROWS 60

/* where: over x (observation) with $3, a person. The text comes along where its own rights allow it (O5). */
static enum err
load_rows(struct request *r, const char *where, id person, struct observation_row **ret, size_t *ret_n)
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
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(person)), &rows);

	*ret = arena_new(r->arena, struct observation_row, ROWS);
	while (e == OK && n < ROWS && db_next(&rows)) {
		struct observation_row *x = &(*ret)[n++];
		int at = record_read(&rows, &observation_record, 0, &x->x);
		record_init(&observation_text_record, &x->t);
		x->observer = db_text(&rows, at);
		x->person = db_text(&rows, at + 1);
		x->skill = db_text(&rows, at + 2);
		x->deal = db_text(&rows, at + 3);
		x->asks = x->x.person == r->actor.person && !day_is(x->x.answered_on);
	}
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_text(struct request *r, id observation, struct observation_text *ret)
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
	        "and x.person = p.id and x.observer = $2 and x.denied = 0) as last from person p where p.org_id = $1 "
	        "and "
	        "p.manager = $2 and p.left_on is null order by case when (select max(x.on_day) from observation x "
	        "where "
	        "x.org_id = p.org_id and x.person = p.id and x.observer = $2 and x.denied = 0) is null then 0 else 1 "
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
	v->who_text = grant_explain(r->arena, r->actor.profile, MATTER_SESSION_TEXT);
	v->who_fact = grant_explain(r->arena, r->actor.profile, MATTER_SESSION_FACT);
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
	enum err e = load_rows(r, "x.person = $3 and x.answered_on is null", r->actor.person, &v.asks, &v.n_asks);

	if (e == OK)
		e = load_rows(r, "x.observer = $3", r->actor.person, &v.mine, &v.n_mine);
	if (e == OK)
		e = load_rows(r, "x.person = $3 and x.answered_on is not null", r->actor.person, &v.of_me, &v.n_of_me);
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

static enum err
show_form(struct request *r)
{
	struct crumb crumbs[] = { { STR("Observations"), STR("/observations") } };
	struct page p = { .title = STR("What I saw"), .crumbs = crumbs, .n_crumbs = 1 };
	struct observe_view v = { .person = page_id_param(r, "person") };
	enum err e;

	if (page_id_field(r, "person"))
		v.person = page_id_field(r, "person");
	e = load_team(r, &v);
	if (e != OK)
		return e;
	words(r, &v);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_observe_form(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
observation_new(struct request *r)
{
	return show_form(r);
}

struct observe_work {
	struct observation x;
	struct observation_text t;
};

static enum err
create_work(struct change *c, void *what)
{
	struct observe_work w = *(struct observe_work *)what;
	enum err e = record_save(c, &observation_record, &w.x);

	if (e != OK)
		return e;
	w.t.observation = w.x.row.id;
	return record_save(c, &observation_text_record, &w.t);
}

enum err
observation_create(struct request *r)
{
	struct observe_work w;
	id set = 0;
	enum err e = OK;

	record_init(&observation_record, &w.x);
	record_init(&observation_text_record, &w.t);
	page_fill(r, &observation_record, "person kind on_day skill deal", &w.x);
	page_fill(r, &observation_text_record, "result text", &w.t);
	w.x.observer = w.t.observer = r->actor.person;
	w.t.person = w.x.person;
	w.x.entered_on = r->today;
	if (!w.t.text.n && !fault_at(&r->faults, STR("text")))
		fault_add(&r->faults, STR("text"), STR("is missing"),
		        STR("one or two sentences: what was said and done"));
	if (!r->faults.n)
		e = page_change(r, STR("Observation entered"), create_work, &w, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show_form(r);
	return e == OK ? page_done(r, set, STR("/observations")) : e;
}

/* ---- one of them ---- */

static enum err
load_one(struct request *r, struct observe_view *v)
{
	struct observation_row *rows;
	size_t n;
	enum err e = load_rows(r, "x.id = $3", r->ids[0], &rows, &n);

	if (e == OK && !n)
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	v->one = rows[0];
	v->by_me = v->one.x.observer == r->actor.person;
	v->about_me = v->one.x.person == r->actor.person;
	v->answered = day_is(v->one.x.answered_on);
	/* C7: the person's own view first; then both read both */
	return v->by_me || (v->about_me && v->answered) ? load_text(r, v->one.x.row.id, &v->one.t) : OK;
}

static enum err
show_one(struct request *r)
{
	struct crumb crumbs[] = { { STR("Observations"), STR("/observations") } };
	struct page p = { .crumbs = crumbs, .n_crumbs = 1 };
	struct observe_view v = { 0 };
	enum err e = load_one(r, &v);

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
	page_foot(r);
	return OK;
}

enum err
observation_page(struct request *r)
{
	return show_one(r);
}

static enum err
answer_work(struct change *c, void *what)
{
	struct observe_work w = *(struct observe_work *)what;
	enum err e = record_save(c, &observation_record, &w.x);

	return e == OK ? record_save(c, &observation_text_record, &w.t) : e;
}

/* The person's word, once: did it take place, and how it went in their own view. */
enum err
observation_answer(struct request *r)
{
	struct observe_view v = { 0 };
	struct observe_work w;
	str held = page_field(r, "held");
	id set = 0;
	enum err e = load_one(r, &v);

	if (e != OK)
		return e;
	if (!v.about_me || v.answered)
		return ERR_DENIED;
	w.x = v.one.x;
	e = load_text(r, w.x.row.id, &w.t);
	if (e != OK)
		return e;
	w.x.answered_on = r->today;
	w.x.denied = str_eq(held, STR("no"));
	if (!str_eq(held, STR("yes")) && !w.x.denied)
		fault_add(&r->faults, STR("held"), STR("is missing"), STR("say whether it took place"));
	page_fill(r, &observation_text_record, "own_result own_text", &w.t);
	if (!w.x.denied && !w.t.own_result && !fault_at(&r->faults, STR("own_result")))
		fault_add(&r->faults, STR("own_result"), STR("is missing"), STR("your own view comes first"));
	if (!r->faults.n)
		e = page_change(r, STR("Observation answered"), answer_work, &w, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show_one(r);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/observations/%.*s", STR_ARG(id_text(r->arena, w.x.row.id))))
	               : e;
}

enum err
observation_today(struct request *r, struct today_items *ret)
{
	struct observation_row *rows;
	size_t n = 0;
	enum err e = OK;

	if (!r->actor.person)
		return OK;
	e = load_rows(r, "x.person = $3 and x.answered_on is null", r->actor.person, &rows, &n);
	for (size_t i = 0; e == OK && i < n && i < 3; i++)
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
	return e;
}
