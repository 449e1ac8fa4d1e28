#include "areas/coaching/view.h"

#include "areas/coaching/today_html.h"

#define STEPS_SHOWN 8

/* My deals that ask for something: no step though worked, or a step that is due within a week. */
static enum err
load_steps(struct request *r, struct today_view *v)
{
	static const char sql[] = "select d.id, d.name, coalesce(a.name, ''), s.name, coalesce(d.next_step, ''), "
	                          "d.next_step_on, d.value, d.currency,"
	                          " case when coalesce(d.next_step, '') = '' then 0 else 1 end as has"
	                          " from deal d join stage s on s.org_id = d.org_id and s.id = d.stage left join "
	                          "account a on a.org_id = d.org_id and a.id = d.account"
	                          " where d.org_id = $1 and d.owner = $2 and d.outcome = 'open' and ((d.worked = 1 and "
	                          "coalesce(d.next_step, '') = '')"
	                          " or d.next_step_on <= $3) {may:deals d.owner} order by has, d.next_step_on, d.value "
	                          "desc, d.id limit 8";
	struct rows rows;
	enum err e = record_query(
	        r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_T(day_iso(r->arena, day_add(r->today, 7)))), &rows);

	v->steps = arena_new(r->arena, struct deal_line, STEPS_SHOWN);
	while (e == OK && v->n_steps < STEPS_SHOWN && db_next(&rows)) {
		struct deal_line *x = &v->steps[v->n_steps++];
		*x = (struct deal_line){ .deal = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.account = db_text(&rows, 2),
			.stage = db_text(&rows, 3),
			.next_step = db_text(&rows, 4),
			.on = db_day(&rows, 5),
			.has_value = !db_is_null(&rows, 6),
			.value = money_of(db_int(&rows, 6), db_text_raw(&rows, 7)) };
		int days = day_is(x->on) ? day_between(r->today, x->on) : 0;
		x->loud = !x->next_step.n || days < 0;
		x->why = !x->next_step.n ? STR("No next step. Clears when one is planned with a day.")
		         : days < 0      ? str_fmt(r->arena, "Overdue by %d day%s. Do it, or set a new day.", -days,
                                              days == -1 ? "" : "s")
		         : days == 0     ? STR("Due today.")
		                         : str_fmt(r->arena, "Due %.*s.", STR_ARG(day_text(r->arena, x->on, r->today)));
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
count_deals(struct request *r, struct today_view *v)
{
	static const char sql[] =
	        "select sum(case when d.owner = $2 then 1 else 0 end), sum(case when d.owner = $2 and d.health in "
	        "('warning', 'critical') then 1 else 0 end),"
	        " count(*), sum(case when d.health in ('warning', 'critical') then 1 else 0 end) from deal d where "
	        "d.org_id = $1"
	        " {may:deals d.owner} and d.outcome = 'open' and d.owner in"
	        " (select l.below from line l where l.org_id = $1 and l.above = $2 and l.to_day is null)";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_NO_ARGS, &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		v->open = db_int(&rows, 0);
		v->flagged = db_int(&rows, 1);
		v->team_open = db_int(&rows, 2);
		v->team_flagged = db_int(&rows, 3);
	}
	return db_end(&rows);
}

static enum err
load_set_up(struct request *r, struct today_view *v)
{
	const struct db_value org = DB_I(r->actor.org);
	int64_t head = 0;
	enum err e = db_one_int(
	        r->conn, "select count(*) from person where org_id = $1 and left_on is null", &org, 1, &v->n_people);

	if (e == OK)
		e = db_one_int(r->conn, "select count(*) from deal where org_id = $1", &org, 1, &v->n_deals);
	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from membership where org_id = $1 and ended_at is null and person is not null",
		        &org, 1, &v->n_invited);
	if (e == OK)
		e = db_one_int(r->conn, "select coalesce(head, 0) from company where org_id = $1", &org, 1, &head);
	v->has_head = head != 0;
	return e;
}

static enum err
count_blockers(struct request *r, struct today_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select count(*), coalesce(sum(case when due < $3 then 1 else 0 end), 0) from blocker where org_id = "
	        "$1 and "
	        "owner = $2 and answered_on is null",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), db_day_value(r->arena, r->today)), &rows);

	if (e == OK && db_next(&rows)) {
		v->blockers = db_int(&rows, 0);
		v->blockers_late = db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

/* C10: what the week holds, both as coach and as coachee. */
static enum err
load_person(struct request *r, struct today_view *v)
{
	day end = day_add(r->today, 7);
	struct meeting_row *m;
	size_t n;
	enum err e = schedule_refresh(r);

	if (e == OK || e == ERR_DUPLICATE)
		e = coaching_load(r, &v->c);
	if (e == OK)
		e = load_steps(r, v);
	if (e == OK)
		e = count_deals(r, v);
	if (e == OK)
		e = meeting_list(r,
		        "(s.coach = $3 or s.coachee = $3 or s.second = $3) and s.state in ('planned', 'prepared') and "
		        "coalesce(s.moved_to, s.on_day) >= $4",
		        r->actor.person, r->today, &m, &n);
	if (e == OK)
		e = count_blockers(r, v);
	if (e != OK)
		return e;
	v->week = m;
	for (size_t i = 0; i < n && m[i].on.n <= end.n; i++)
		v->n_week++;
	v->seller = !r->actor.leads || v->open > 0;
	v->leads = r->actor.leads;
	return OK;
}

enum err
today_load(struct request *r, struct today_view *v)
{
	enum err e = r->actor.person ? load_person(r, v) : OK;

	for (const today_source *s = r->env->today; e == OK && s && *s; s++)
		e = (*s)(r, &v->asks);
	return e;
}

enum err
today_page(struct request *r)
{
	struct page p = { .title = STR("Today") };
	struct today_view v = { 0 };
	enum err e = today_load(r, &v);

	if (e == OK && r->actor.admin)
		e = load_set_up(r, &v);
	if (e == OK)
		e = practice_load(r, &v);
	if (e != OK)
		return e;
	v.set_up = r->actor.admin && (!r->actor.person || !v.n_people || !v.n_deals || !v.has_head);
	p.subtitle = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(day_long(r->arena, r->today)),
	        r->actor.name.n ? " · " : "", STR_ARG(r->actor.name));
	page_head(r, &p);
	tpl_today(&r->view, &v, r);
	page_foot(r);
	return OK;
}
