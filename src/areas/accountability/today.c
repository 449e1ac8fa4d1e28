/* What accountability asks for on Today: a signature that is missing (A2). */
#include "areas/accountability/pages.h"

#include "areas/accountability/view.h"

static enum err
waiting_agreements(struct request *r, struct today_items *ret)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select g.person, p.name, coalesce(l.name, ''), g.from_day from agreement g join person p on p.org_id "
	        "= "
	        "g.org_id and p.id = g.person left join person l on l.org_id = g.org_id and l.id = g.leader where "
	        "g.org_id "
	        "= $1 and g.state = 'proposed' and ((g.person = $2 and g.person_signed_on is null) or (g.leader = $2 "
	        "and "
	        "g.leader_signed_on is null)) order by g.id limit 10",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	while (e == OK && db_next(&rows)) {
		bool mine = db_int(&rows, 0) == r->actor.person;
		str other = mine ? db_text(&rows, 2) : db_text(&rows, 1);
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena,
		                                     "The agreement with %.*s waits for my signature", STR_ARG(other)),
		                .why = STR("Both sign; until then nothing of it is promised. Clears when you sign or "
		                           "decline."),
		                .href = str_fmt(r->arena, "/scorecard/%.*s#agreement",
		                        STR_ARG(id_text(r->arena, db_int(&rows, 0)))),
		                .act = STR("Read and sign"),
		                .due = db_day(&rows, 3) });
	}
	return e == OK ? db_end(&rows) : e;
}

/* A2: after a transfer nothing is agreed with the new leader until both say so. */
static enum err
former_agreements(struct request *r, struct today_items *ret)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select g.person, p.name, m.name, f.name from agreement g join person p on p.org_id = g.org_id and "
	        "p.id = "
	        "g.person join person m on m.org_id = p.org_id and m.id = p.manager join person f on f.org_id = "
	        "g.org_id and "
	        "f.id = g.leader where g.org_id = $1 and g.state = 'signed' and g.leader <> p.manager and p.left_on is "
	        "null and "
	        "(p.id = $2 or p.manager = $2) and not exists (select 1 from agreement n where n.org_id = g.org_id and "
	        "n.person = "
	        "g.person and n.state = 'proposed') order by g.id limit 10",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &rows);

	while (e == OK && db_next(&rows)) {
		bool mine = db_int(&rows, 0) == r->actor.person;
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "Agree anew with %.*s",
		                                     STR_ARG(mine ? db_text(&rows, 2) : db_text(&rows, 1))),
		                .why = str_fmt(r->arena,
		                        "The agreement was signed with %.*s, who led until the transfer. Clears when "
		                        "one of you "
		                        "proposes a new one.",
		                        STR_ARG(db_text(&rows, 3))),
		                .href = str_fmt(r->arena, "/scorecard/%.*s/agreement",
		                        STR_ARG(id_text(r->arena, db_int(&rows, 0)))),
		                .act = STR("Propose"),
		                .due = DAY_NONE });
	}
	return e == OK ? db_end(&rows) : e;
}

/* A5: answered by one, confirmed by the other. */
static enum err
answered_blockers(struct request *r, struct today_items *ret)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select b.text, o.name from blocker b join person o on o.org_id = b.org_id and o.id = b.owner where "
	        "b.org_id = $1 and b.raised_by = $2 and b.answered_on >= $3 and b.confirmed_on is null order by b.id "
	        "limit "
	        "5",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person),
	                db_day_value(r->arena, day_add(r->today, -BLOCKER_ASK_DAYS))),
	        &rows);

	while (e == OK && db_next(&rows))
		today_push(r, ret,
		        (struct today_item){ .title = str_fmt(r->arena, "Does the answer of %.*s clear it: %.*s",
		                                     STR_ARG(db_text(&rows, 1)), STR_ARG(db_text(&rows, 0))),
		                .why = STR(
		                        "You raised it, so your word ends it. Clears when you say so; after seven days "
		                        "the answer stands."),
		                .href = STR("/blockers"),
		                .act = STR("Say so"),
		                .due = DAY_NONE });
	return e == OK ? db_end(&rows) : e;
}

enum err
accountability_today(struct request *r, struct today_items *ret)
{
	enum err e = r->actor.person ? waiting_agreements(r, ret) : OK;

	if (e == OK && r->actor.person)
		e = former_agreements(r, ret);

	return e == OK && r->actor.person ? answered_blockers(r, ret) : e;
}
