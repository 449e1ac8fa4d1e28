/* Coaches beside the reporting line (C1): who names one, when it starts, when it ends. */
#include "areas/coaching/programme_view.h"

bool
coaches_may_name(struct request *r, id coachee)
{
	int64_t above = 0;

	if (r->actor.admin)
		return true;
	if (!r->actor.person || !coachee)
		return false;
	return db_one_int(r->conn,
	               "select count(*) from person p where p.org_id = $1 and p.id = $3 and (exists (select 1 from "
	               "line l where "
	               "l.org_id = p.org_id and l.above = $2 and l.below = p.id and l.depth > 0 and l.to_day is null) "
	               "or "
	               "exists (select 1 from company k where k.org_id = p.org_id and k.head = p.id and k.sponsor = "
	               "$2))",
	               DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(coachee)), &above) == OK &&
	       above > 0;
}

enum err
coaches_load(struct request *r, struct coaching_view *v)
{
	static const char sql[] = "select x.id, a.name, b.name, x.cadence, x.from_day, x.to_day, x.coach, x.coachee "
	                          "from pair x join person a on "
	                          "a.org_id = x.org_id and a.id = x.coach join person b on b.org_id = x.org_id and "
	                          "b.id = x.coachee where "
	                          "x.org_id = $1 and $2 = $2 {may:session_fact x.coach x.coachee} and coalesce(x.line, "
	                          "0) = 0 and (x.to_day is "
	                          "null or x.to_day >= $3) order by b.name, a.name, x.id limit 60";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(db_day_value(r->arena, r->today)), &rows);

	v->named = arena_new(r->arena, struct named_coach, 60);
	while (e == OK && v->n_named < 60 && db_next(&rows)) {
		struct named_coach *x = &v->named[v->n_named++];
		*x = (struct named_coach){ .pair = db_int(&rows, 0),
			.coach = db_text(&rows, 1),
			.coachee = db_text(&rows, 2),
			.cadence = choice_of(cadences, db_text_raw(&rows, 3)),
			.from = db_day(&rows, 4),
			.to = db_day(&rows, 5) };
		x->own = db_int(&rows, 6) == r->actor.person || db_int(&rows, 7) == r->actor.person;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
name_work(struct change *c, void *what)
{
	struct pair p = *(const struct pair *)what;
	int64_t there = 0;
	enum err e = db_one_int(c->conn,
	        "select count(*) from pair where org_id = $1 and coach = $2 and coachee = $3 and (to_day is null or "
	        "to_day "
	        ">= $4)",
	        DB_ARGS(DB_I(c->grant->org), DB_I(p.coach), DB_I(p.coachee), db_day_value(c->arena, c->today)), &there);

	if (e == OK && there)
		return fault_add(c->faults, STR("coach"), STR("coaches this person already"), STR("name another"));
	if (e == OK)
		e = record_save(c, &pair_record, &p);
	return e == OK ? sessions_ensure(c, p.coach) : e;
}

static void
read_form(struct request *r, struct pair *p)
{
	page_fill(r, &pair_record, "coach coachee cadence to_day", p);
	if (!p->coachee)
		fault_add(&r->faults, STR("coachee"), STR("is missing"), STR("say who is coached"));
	if (!p->coach)
		fault_add(&r->faults, STR("coach"), STR("is missing"), STR("say who coaches"));
	if (!str_to_i64(page_field(r, "weekday"), &p->weekday) || p->weekday < 1 || p->weekday > 7)
		fault_add(&r->faults, STR("weekday"), STR("is missing"), STR("choose a day of the week"));
	if (!minutes_parse(page_field(r, "start"), &p->start))
		fault_add(&r->faults, STR("start"), STR("is no time"), STR("write it as 10:00"));
	if (!str_to_i64(page_field(r, "length"), &p->length) || p->length < 5 || p->length > 240)
		fault_add(&r->faults, STR("length"), STR("is not between 5 and 240 minutes"),
		        STR("half an hour is usual"));
	if (day_is(p->to_day) && p->to_day.n < r->today.n)
		fault_add(&r->faults, STR("to_day"), STR("is past"), STR("choose a later day, or none"));
}

/* The leader above, the head's sponsor or an administrator names one; the line's own pairs stay (C1). */
enum err
coaches_name(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "naming a coach");
	struct pair p;
	id set = 0;
	enum err e = OK;

	record_init(&pair_record, &p);
	p.from_day = r->today;
	p.line = false;
	read_form(r, &p);
	if (p.coachee && !coaches_may_name(r, p.coachee))
		fault_add(&r->faults, STR("coachee"), STR("is not below you"), STR("ask who leads this person"));
	if (!r->faults.n)
		e = page_change_as(r, &g, STR("Coach named"), name_work, &p, &set);
	if (r->faults.n || e == ERR_INPUT)
		return coaching_show(r);
	return e == OK ? page_done(r, set, STR("/coaching#coaches")) : e;
}

static enum err
end_work(struct change *c, void *what)
{
	struct pair p = *(const struct pair *)what;
	enum err e = record_save(c, &pair_record, &p);

	return e == OK ? sessions_drop(c, p.row.id, p.to_day) : e;
}

/* Either of the two, or who may name one, ends it today: what was agreed and held stays. */
enum err
coaches_end(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "ending a named coach");
	struct pair p;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &pair_record, r->ids[0], &p);

	if (e != OK)
		return e;
	if (p.coach != r->actor.person && p.coachee != r->actor.person && !coaches_may_name(r, p.coachee))
		return ERR_DENIED;
	if (p.line) {
		fault_add(&r->faults, STR("coach"), STR("follows the reporting line"),
		        STR("move the person in the line, or name a coach beside it"));
		return coaching_show(r);
	}
	p.to_day = r->today;
	e = page_change_as(r, &g, STR("Coach ended"), end_work, &p, &set);
	if (e == ERR_INPUT)
		return coaching_show(r);
	return e == OK ? page_done(r, set, STR("/coaching#coaches")) : e;
}
