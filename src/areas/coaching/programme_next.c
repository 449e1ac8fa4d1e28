/* From one programme to the next (C1): what follows one that ends, with its rhythm, its length and its people; and the
   day that asks for it. */
#include "areas/coaching/pages.h"
#include "areas/coaching/programme_view.h"
#include "calendar/rrule.h"

enum { ASK_BEFORE = 21, ASK_AFTER = 14 };

static bool
ends_soon(const struct programme *p, day today)
{
	return day_is(p->to_day) && day_between(today, p->to_day) <= ASK_BEFORE;
}

/* What follows it: so planned, or started later for the same people. */
enum err
programme_followers(struct request *r, struct programme_view *v)
{
	static const char sql[] =
	        "select p.id, p.name from programme p where p.org_id = $1 and $2 = $2 and (p.follows = $3 or (p.id > "
	        "$3 and p.root = $4 and p.kind = $5)) order by p.id limit 10";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql,
	        DB_ARGS(DB_I(v->x.p.row.id), DB_I(v->x.p.root), DB_T(str_of(meetings[v->x.p.kind].code))), &rows);

	v->next = arena_new(r->arena, struct choice_option, 10);
	while (e == OK && v->n_next < 10 && db_next(&rows))
		v->next[v->n_next++] = (struct choice_option){ db_int(&rows, 0), db_text(&rows, 1) };
	if (e == OK)
		e = db_end(&rows);
	v->may_follow = e == OK && programme_may(r, &v->x.p);
	v->asks = v->may_follow && !v->n_next && ends_soon(&v->x.p, r->today);
	return e;
}

/* The first day of its rhythm after its last, and not before tomorrow. */
static enum err
next_start(struct request *r, const struct programme *old, day *ret)
{
	day from = day_add(r->today, 1);
	enum err e;

	if (day_is(old->to_day) && old->to_day.n >= from.n)
		from = day_add(old->to_day, 1);
	e = rhythm_next(r->arena, old->rule, old->from_day, DAY_NONE, from, ret);
	if (e == OK && !day_is(*ret)) /* a rule that counts has come to its end */
		*ret = from;
	return e;
}

/* Chosen as the form offers it where one of its rhythms says the same, else by the rule itself. */
static void
take_rhythm(struct request *r, const struct programme *old, struct programme_form *v)
{
	for (v->often = OFTEN_WEEK; v->often < OFTEN_RULE; v->often++)
		if (str_eq(programme_rule(r->arena, v), old->rule))
			return;
	v->typed_rule = old->rule;
}

enum err
programme_follow(struct request *r, id after, struct programme_form *v)
{
	struct programme *old = &v->before;
	enum err e = record_load(r->conn, r->arena, &r->grant, &programme_record, after, old);

	if (e == OK && !programme_may(r, old))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	v->p.follows = after;
	v->p.name = old->name;
	v->p.framework = old->framework;
	v->p.who = old->who;
	v->p.root = old->root;
	v->p.length = old->length;
	v->start = minutes_text(r->arena, old->start);
	e = next_start(r, old, &v->p.from_day);
	if (e == OK && day_is(old->to_day))
		v->p.to_day = day_add(v->p.from_day, day_between(old->from_day, old->to_day));
	take_rhythm(r, old, v);
	return e;
}

/* Named pairs go along: those that were in it to its end, and whose coachee one may name. */
enum err
programme_carried(struct request *r, const struct programme *old, struct programme_pair **ret, size_t *ret_n)
{
	static const char sql[] =
	        "select distinct x.coach, x.coachee from pair x join person a on a.org_id = x.org_id and a.id = "
	        "x.coach "
	        "join person b on b.org_id = x.org_id and b.id = x.coachee where x.org_id = $1 and $2 = $2 and "
	        "x.programme = $3 and a.left_on is null and b.left_on is null and (x.to_day is null or x.to_day >= $4) "
	        "order by x.coach, x.coachee limit 400";
	day last = day_is(old->to_day) && old->to_day.n < r->today.n ? old->to_day : r->today;
	struct rows rows;
	size_t n = 0;
	enum err e = record_query(
	        r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_I(old->row.id), db_day_value(r->arena, last)), &rows);

	*ret_n = 0;
	*ret = arena_new(r->arena, struct programme_pair, 400);
	while (e == OK && n < 400 && db_next(&rows))
		(*ret)[n++] = (struct programme_pair){ db_int(&rows, 0), db_int(&rows, 1) };
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		if (r->actor.head || coaches_may_name(r, (*ret)[i].coachee))
			(*ret)[(*ret_n)++] = (*ret)[i];
	return e;
}

/* Whoever's programme it is decides; the head, of those that are nobody's. */
enum err
programme_today(struct request *r, struct today_items *ret)
{
	static const char sql[] =
	        "select p.id, p.name, p.to_day, p.kind from programme p where p.org_id = $1 and p.to_day between $3 "
	        "and $4 and "
	        "(p.root = $2 or (p.root is null and $5 = 1)) and not exists (select 1 from programme q where q.org_id "
	        "= p.org_id and (q.follows = p.id or (q.id > p.id and q.root = p.root and q.kind = p.kind))) order by "
	        "p.to_day, p.id limit 3";
	struct rows rows;
	enum err e;

	if (!r->actor.person || !(r->actor.leads || r->actor.head))
		return OK;
	e = record_query(r->conn, r->arena, &r->grant, sql,
	        DB_ARGS(db_day_value(r->arena, day_add(r->today, -ASK_AFTER)),
	                db_day_value(r->arena, day_add(r->today, ASK_BEFORE)), DB_I(r->actor.head)),
	        &rows);
	while (e == OK && db_next(&rows)) {
		day last = db_day(&rows, 2);
		today_push(r, ret,
		        (struct today_item){
		                .title = str_fmt(r->arena, "What comes after “%.*s”?", STR_ARG(db_text(&rows, 1))),
		                .why = str_fmt(r->arena,
		                        "Its last day %s %.*s. Clears when another follows; without one %s, and this "
		                        "goes away on %.*s.",
		                        last.n < r->today.n ? "was" : "is", STR_ARG(day_text(r->arena, last, r->today)),
		                        choice_of(meetings, db_text_raw(&rows, 3)) == MEETING_COACHING
		                                ? "its pairs go on every week or two"
		                                : "these meetings end",
		                        STR_ARG(day_text(r->arena, day_add(last, ASK_AFTER + 1), r->today))),
		                .href = str_fmt(r->arena, "/programmes/%.*s#next",
		                        STR_ARG(id_text(r->arena, db_int(&rows, 0)))),
		                .act = STR("Decide"),
		                .due = DAY_NONE });
	}
	return e == OK ? db_end(&rows) : e;
}
