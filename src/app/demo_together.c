/* The sample company's one meeting of several: three sellers of the good coach look at the same call next week (C1).
   What it is not for: sessions of two (demo_coach.c). */
#include "app/demo.h"
#include "areas/coaching/coaching.h"

enum { MEET = 3, MEET_MINUTES = 60 };

/* The next week's sessions of the coach with sellers, one for each person. */
static enum err
find_sessions(struct change *c, const struct demo *m, id ret[MEET], size_t *ret_n)
{
	day monday = day_add(day_week(m->today), 7);
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select min(id) from coaching_session where org_id = $1 and coach = $2 and state = 'planned' and "
	        "on_day >= "
	        "$3 and on_day <= $4 group by coachee order by min(id)",
	        DB_ARGS(DB_I(m->org), DB_I(m->people[demo_manager(m, STYLE_GOOD)].id), db_day_value(c->arena, monday),
	                db_day_value(c->arena, day_add(monday, 4))),
	        &rows);

	*ret_n = 0;
	while (e == OK && db_next(&rows))
		if (*ret_n < MEET)
			ret[(*ret_n)++] = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

enum err
demo_make_together(struct change *c, void *what)
{
	const struct demo *m = what;
	struct session first = { 0 }, s;
	id ids[MEET];
	size_t n;
	enum err e = find_sessions(c, m, ids, &n);

	for (size_t i = 0; e == OK && n > 1 && i < n; i++) {
		e = record_load(c->conn, c->arena, c->grant, &session_record, ids[i], &s);
		if (e != OK)
			break;
		if (i == 0)
			first = s;
		else if (s.on_day.n != first.on_day.n)
			s.moved_to = first.on_day;
		s.start = first.start;
		s.together = first.row.id;
		s.topic = STR("The call with purchasing at Aurora: where it left the track");
		s.length = MEET_MINUTES;
		s.sequence = 1;
		e = record_save(c, &session_record, &s);
	}
	return e;
}
