/* What the sample company's leaders saw at first hand: some of them often, the head hardly ever (C7, C8).
   What it is not for: sessions (demo_coach.c). */
#include "app/demo.h"
#include "areas/coaching/observe.h"

static enum err
saw(struct change *c, const struct demo *m, size_t observer, size_t who, int kind, day on)
{
	static const char *const calls[] = {
		"Asked for the next meeting twice, once with a day. Did not say why it helps them.",
		"Let the buyer finish. Noted the cost of a stop in their words and read it back.",
		"Answered the price question before knowing the problem; the buyer stopped asking.",
		"Asked who else has to agree and waited for the answer. Met the controller that way."
	};
	static const char *const sessions[] = {
		"Opened with the commitment, asked three questions, and the seller found the step.",
		"Twenty minutes of dates, five of the skill; the last question was a good one."
	};
	static const char *const own[] = { "It felt rushed.", "Better than last month, I waited.", "",
		"I knew it while I said it." };
	struct dice d = dice_make(m, DICE_LEAD, 8000000 + observer * 100000 + who * 1000 + (uint64_t)(on.n % 1000));
	struct observation x;
	struct observation_text t;
	enum err e;

	record_init(&observation_record, &x);
	record_init(&observation_text_record, &t);
	x.observer = t.observer = m->people[observer].id;
	x.person = t.person = m->people[who].id;
	x.kind = kind;
	x.on_day = x.entered_on = on;
	x.skill = m->skills[dice_below(&d, kind == OBSERVED_COACHING ? 3 : 7) + (kind == OBSERVED_COACHING ? 7 : 0)];
	t.result = (int)dice_from(&d, BEHAVIOUR_CHANGED, BEHAVIOUR_NOT_TRIED);
	t.text = str_of(kind == OBSERVED_COACHING ? dice_pick(&d, sessions) : dice_pick(&d, calls));
	if (day_between(on, m->today) > 3) {
		x.answered_on = day_add_working(on, 1);
		t.own_result = (int)dice_from(&d, BEHAVIOUR_CHANGED, BEHAVIOUR_NOT_YET);
		t.own_text = str_of(dice_pick(&d, own));
	}
	c->effective = zone_instant(m->zone, on, 15 * 60);
	e = record_save(c, &observation_record, &x);
	t.observation = x.row.id;
	return e == OK ? record_save(c, &observation_text_record, &t) : e;
}

enum err
demo_make_observations(struct change *c, void *demo)
{
	const struct demo *m = demo;
	enum err e = OK;

	for (int ago = 230; e == OK && ago > 0; ago -= 29)
		for (size_t i = m->first_seller; e == OK && i < m->n_people && i < m->first_seller + TOLD_SELLERS;
		        i++) {
			size_t by = m->people[i].manager;
			struct dice d = dice_make(m, DICE_LEAD, 9000000 + i * 1000 + (uint64_t)ago);
			int style = m->people[by].style, chance = style == STYLE_GOOD       ? 950
			                                          : style == STYLE_INSPECTS ? 250
			                                                                    : 600;
			day on = demo_workday(day_add(m->today, -ago + (int)dice_below(&d, 20)));
			if (dice_chance(&d, chance) && on.n <= m->today.n && m->people[i].started.n <= on.n)
				e = saw(c, m, by, i, dice_chance(&d, 70) ? OBSERVED_CALL : OBSERVED_RIDE_ALONG, on);
		}
	for (int ago = 200; e == OK && ago > 0; ago -= 60)
		for (size_t i = 0; e == OK && i < TOLD_MANAGERS && i < m->n_managers; i += 2)
			e = saw(c, m, 1, m->first_manager + i, OBSERVED_COACHING,
			        demo_workday(day_add(m->today, -ago - (int)i)));
	c->effective = 0;
	return e;
}
