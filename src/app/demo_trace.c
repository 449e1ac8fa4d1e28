/* Two traces of the quarter that is over: one waits for answers, one is open although somebody gave none (A4).
   What it is not for: what was promised and missed (demo_lead.c, demo_coach.c). */
#include "app/demo.h"
#include "areas/leadership/trace.h"

static enum err
answer(struct change *c, const struct demo *m, id trace, size_t who, day on, const char *words)
{
	struct trace_answer x;

	record_init(&trace_answer_record, &x);
	x.trace = trace;
	x.person = m->people[who].id;
	x.text = str_of(words);
	x.on_day = on;
	c->effective = zone_instant(m->zone, on, 17 * 60);
	return record_save(c, &trace_answer_record, &x);
}

static enum err
ask(struct change *c, const struct demo *m, size_t whose, size_t by, day on, id *ret)
{
	day q = day_add_months(day_quarter(m->today), -3);
	struct trace x;
	enum err e;

	record_init(&trace_record, &x);
	x.person = m->people[whose].id;
	x.from_day = q;
	x.to_day = day_add(day_add_months(q, 3), -1);
	x.asked_by = m->people[by].id;
	x.asked_on = on;
	x.due = day_add_working(on, TRACE_DAYS);
	c->effective = zone_instant(m->zone, on, 9 * 60);
	e = record_save(c, &trace_record, &x);
	*ret = x.row.id;
	return e;
}

enum err
demo_make_traces(struct change *c, void *demo)
{
	const struct demo *m = demo;
	size_t a = m->first_manager + 1, b = m->first_manager + 2;
	day lately = demo_workday(day_add(m->today, -4)), before = demo_workday(day_add(m->today, -24));
	id one = 0, two = 0;
	enum err e = ask(c, m, a, 1, lately, &one);

	if (e == OK)
		e = answer(c, m, one, 0, demo_workday(day_add(m->today, -2)),
		        "I let legal wait for the board meeting, and two quarters of one-to-ones with Greta fell to "
		        "travel. From "
		        "now on a blocker that costs a quarter comes to me the same day.");
	if (e == OK)
		e = ask(c, m, b, 0, before, &two);
	if (e == OK)
		e = answer(c, m, two, 0, day_add_working(before, 2),
		        "The two blockers about delivery dates were mine, and late. Production confirms within two "
		        "days since "
		        "September.");
	if (e == OK)
		e = answer(c, m, two, b, day_add_working(before, 4),
		        "I asked for dates and called it coaching. I go along to one first meeting a week and say "
		        "nothing in "
		        "it.");
	c->effective = 0;
	return e;
}
