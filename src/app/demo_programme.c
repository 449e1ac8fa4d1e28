/* A programme in the sample company: the good coach looks at the list apart from coaching (C1, C2a).
   What it is not for: sessions that were held (demo_coach.c). */
#include "app/demo.h"
#include "areas/coaching/programme.h"
#include "areas/coaching/schedule.h"

enum err
demo_make_programmes(struct change *c, void *demo)
{
	const struct demo *m = demo;
	size_t good = demo_manager(m, STYLE_GOOD), number = 0;
	struct programme p;
	id inspection = 0;
	enum err e = db_one_int(c->conn,
	        "select id from framework where org_id = $1 and kind = 'inspection' order by id limit 1",
	        DB_ARGS(DB_I(m->org)), &inspection);

	record_init(&programme_record, &p);
	p.name = STR("The list on Friday");
	p.objective =
	        STR("The forecast holds, and the one-to-ones stay free for what somebody wants to get better at.");
	p.kind = MEETING_INSPECTION;
	p.framework = inspection;
	p.rule = STR("FREQ=WEEKLY;BYDAY=FR");
	p.from_day = day_add(day_week(m->today), 4);
	p.to_day = day_add(p.from_day, 14);
	p.start = 14 * 60;
	p.length = 20;
	p.who = WHO_TEAM;
	p.root = m->people[good].id;
	if (e == OK)
		e = record_save(c, &programme_record, &p);
	for (size_t i = m->first_seller; e == OK && i < m->first_seller + TOLD_SELLERS; i++)
		if (m->people[i].manager == good)
			e = programme_join(c, &p, (struct programme_pair){ p.root, m->people[i].id }, number++);
	return e == OK ? sessions_ensure(c, p.root) : e;
}
