#include "areas/coaching/shown.h"

static day
first_day(const struct rows *rows, int column)
{
	return db_is_null(rows, column) ? DAY_NONE : db_day(rows, column);
}

enum err
shown_load(struct conn *c, struct arena *a, id org, id person, day until, struct shown *ret)
{
	static const char sql[] =
	        "select (select min(s.held_on) from coaching_session s where s.org_id = $1 and s.coachee = $2 and "
	        "s.answer = "
	        "'confirmed' and s.answer_kind = 'coaching' and s.framework is not null and s.held_on <= $3), (select "
	        "min(s.held_on) from coaching_session s where s.org_id = $1 and s.second = $2 and s.second_came = 1 "
	        "and s.held_on "
	        "<= $3), (select min(o.on_day) from observation o where o.org_id = $1 and o.observer = $2 and o.kind = "
	        "'coaching' "
	        "and coalesce(o.denied, 0) = 0 and o.entered_on is not null and o.on_day <= $3), (select count(*) from "
	        "pair x "
	        "where x.org_id = $1 and x.coachee = $2), (select count(*) from person p where p.org_id = $1 and p.id "
	        "= $2 and "
	        "(p.manager is not null or exists (select 1 from company k where k.org_id = $1 and k.head = $2 and "
	        "k.sponsor is "
	        "not null))), (select count(*) from pair x where x.org_id = $1 and x.coach <> $2 and x.coachee <> $2 "
	        "and (x.to_day "
	        "is null or x.to_day >= $3) and coalesce(x.apart, 0) = 0)";
	struct rows rows;
	enum err e = db_query(c, a, sql, DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, until)), &rows);

	*ret = (struct shown){ DAY_NONE, DAY_NONE, false, false };
	if (e == OK && db_next(&rows)) {
		day along = first_day(&rows, 1), seen = first_day(&rows, 2);
		ret->coached = first_day(&rows, 0);
		ret->watched = !day_is(along) || (day_is(seen) && seen.n < along.n) ? seen : along;
		ret->no_coach = !db_int(&rows, 3) && !db_int(&rows, 4);
		ret->no_other = !db_int(&rows, 5);
	}
	return e == OK ? db_end(&rows) : e;
}

bool
shown_enough(const struct shown *s)
{
	return (day_is(s->coached) || s->no_coach) && (day_is(s->watched) || s->no_other);
}

const char *
shown_missing(const struct shown *s)
{
	bool coached = day_is(s->coached) || s->no_coach, watched = day_is(s->watched) || s->no_other;

	return coached && watched ? ""
	       : coached          ? "taken along to a session"
	       : watched          ? "coached with a framework"
	                          : "coached with a framework, nor taken along to a session";
}
