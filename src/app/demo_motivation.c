/* What moves the sample company's people, and what was said of what they did (M1, M2).
   What it is not for: targets and agreements (demo_agree.c). */
#include "app/demo.h"
#include "areas/motivation/motivation.h"

static const char *const goals[][2] = {
	{ "Win a customer in rail by the summer", "My father built waggons; I want to sell to those who run them." },
	{ "Lead a team in two years", "I like it when others get better." },
	{ "Pay off the flat", "" },
	{ "Speak before a full room without notes", "It held me back twice." },
};
static const char *const words[] = {
	"Asked what a day of standstill costs and let them do the sum; they called back with their plant manager.",
	"Said no to a discount and offered a smaller first step. They took it.",
	"Told the buyer what we cannot do. They trust us with the rest.",
};

static enum err
one(struct change *c, const struct demo *m, size_t i, size_t k)
{
	struct dice d = dice_make(m, DICE_LEAD, 11000000 + i);
	id person = m->people[i].id, leader = m->people[m->people[i].manager].id;
	struct own_goal g;
	struct liked how;
	struct recognition x;
	enum err e;

	record_init(&own_goal_record, &g);
	g.person = person;
	g.reader = k % 3 ? leader : 0;
	g.text = str_of(goals[k % 4][0]);
	g.reason = str_of(goals[k % 4][1]);
	g.by_day = day_add(m->today, (int)dice_from(&d, 60, 700));
	g.state = GOAL_OPEN;
	e = record_save(c, &own_goal_record, &g);
	record_init(&liked_record, &how);
	how.person = person;
	how.how = (int)dice_from(&d, LIKING_ALONE, LIKING_WRITTEN);
	if (e == OK)
		e = record_save(c, &liked_record, &how);
	record_init(&recognition_record, &x);
	x.giver = leader;
	x.person = person;
	x.skill = m->skills[dice_below(&d, 7)];
	x.text = str_of(words[k % 3]);
	x.on_day = demo_workday(day_add(m->today, -(int)dice_from(&d, 3, 60)));
	return e == OK && k % 2 == 0 ? record_save(c, &recognition_record, &x) : e;
}

enum err
demo_make_motivation(struct change *c, void *demo)
{
	const struct demo *m = demo;
	enum err e = OK;

	for (size_t i = m->first_seller, k = 0; e == OK && i < m->first_seller + TOLD_SELLERS; i += 2)
		e = one(c, m, i, k++);
	return e;
}
