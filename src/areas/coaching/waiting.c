#include "areas/coaching/pages.h"
#include "areas/coaching/view.h"

/* $2 is who asks; both parts are ranges of an index. C6: the coachee's word is asked for sixty days. */
static const char waiting_sql[] =
        "select (select count(*) from coaching_session s where s.org_id = $1 and s.coach = $2 and s.state = 'planned'"
        " and s.on_day >= $3 and s.on_day <= $4)"
        " + (select count(*) from coaching_session s where s.org_id = $1 and s.coachee = $2 and s.on_day >= $5"
        " and s.held_on is not null and s.answer is null)";

enum err
coaching_waiting(struct request *r, int64_t *ret)
{
	return db_one_int(r->conn, waiting_sql,
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), db_day_value(r->arena, r->today),
	                db_day_value(r->arena, day_add(r->today, 7)), db_day_value(r->arena, day_add(r->today, -60))),
	        ret);
}
