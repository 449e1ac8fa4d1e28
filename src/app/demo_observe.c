/* What the sample company's leaders saw at first hand: some of them often, the head hardly ever; some of it on a
   rubric, and some of that by two (C7, C8, E8b). What it is not for: sessions (demo_coach.c). */
#include "app/demo.h"
#include "areas/coaching/certify.h"

struct seeing {
	const struct demo *m;
	struct rubric_whole call, session;
};

struct sight {
	size_t observer, who, beside; /* beside: who saw it too, when second */
	bool second;
	int kind;
	day on;
	const struct rubric_whole *rubric; /* NULL: freely */
};

static enum err
find_rubric(struct change *c, const char *name, struct rubric_whole *ret)
{
	int64_t rubric = 0;
	enum err e = db_one_int(c->conn, "select id from rubric where org_id = $1 and name = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_T(str_of(name))), &rubric);

	return e == OK ? rubric_load(c->conn, c->arena, c->grant, rubric, ret) : e;
}

/* How well somebody does it, 1 to 4, is theirs and the criterion's; who looks adds a step now and then. */
static int64_t
level_of(struct dice *look, const struct demo *m, size_t who, size_t criterion, bool own)
{
	struct dice d = dice_make(m, DICE_LEAD, 7000000 + who * 100 + criterion);
	int64_t level = 1 + (dice_below(&d, 4) + dice_below(&d, 3) + 1) / 2;
	int64_t chance = dice_below(look, 100);

	if (chance < 4)
		return NO_INT;
	level += own ? chance < 40 : 0;
	level += chance >= 85 ? 1 : chance >= 70 ? -1 : 0;
	return level < 1 ? 1 : level > 4 ? 4 : level;
}

static enum err
give(struct change *c, struct dice *d, const struct demo *m, const struct sight *s, struct observation_score like)
{
	static const char *const low[] = { "Spoke for six minutes before the first question.",
		"“I will send you something.”", "Answered the own question." };
	static const char *const high[] = { "“So each stop costs you four hours?” They did the sum.",
		"Waited eight seconds; then came the real reason.", "Wrote the day and both names on the board." };
	enum err e = OK;

	for (size_t i = 0; e == OK && i < s->rubric->n; i++) {
		struct observation_score x = like;
		x.criterion = s->rubric->criteria[i].row.id;
		x.level = level_of(d, m, s->who, i, like.own);
		if (!like.own && (x.level == 1 || x.level == 4))
			x.note = str_of(x.level == 1 ? dice_pick(d, low) : dice_pick(d, high));
		e = record_save(c, &observation_score_record, &x);
	}
	return e;
}

static enum err
write_one(struct change *c, struct dice *d, const struct demo *m, const struct sight *s, id beside, size_t observer,
        id *ret)
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
	struct observation x;
	struct observation_text t;
	enum err e;

	record_init(&observation_record, &x);
	record_init(&observation_text_record, &t);
	x.observer = t.observer = m->people[observer].id;
	x.person = t.person = m->people[s->who].id;
	x.kind = s->kind;
	x.on_day = x.entered_on = s->on;
	x.beside = beside;
	x.skill = s->rubric ? s->rubric->r.skill
	                    : m->skills[dice_below(d, s->kind == OBSERVED_COACHING ? 3 : 7) +
	                                (s->kind == OBSERVED_COACHING ? 7 : 0)];
	x.rubric = s->rubric ? s->rubric->r.row.id : 0;
	t.result = (int)dice_from(d, BEHAVIOUR_CHANGED, BEHAVIOUR_NOT_TRIED);
	t.text = str_of(s->kind == OBSERVED_COACHING ? dice_pick(d, sessions) : dice_pick(d, calls));
	if (day_between(s->on, m->today) > 3) {
		x.answered_on = day_add_working(s->on, 1);
		if (!beside) {
			t.own_result = (int)dice_from(d, BEHAVIOUR_CHANGED, BEHAVIOUR_NOT_YET);
			t.own_text = str_of(dice_pick(d, own));
		}
	}
	e = record_save(c, &observation_record, &x);
	t.observation = *ret = x.row.id;
	return e == OK ? record_save(c, &observation_text_record, &t) : e;
}

/* The levels stand as they do once everybody has written. */
static enum err
write_levels(struct change *c, struct dice *d, const struct demo *m, const struct sight *s, id first, id second)
{
	bool answered = day_between(s->on, m->today) > 3;
	id a = m->people[s->observer].id, p = m->people[s->who].id, b = s->second ? m->people[s->beside].id : 0;
	struct observation_score x;
	enum err e;

	record_init(&observation_score_record, &x);
	x.observation = first;
	x.giver = a;
	x.reader = answered ? p : 0;
	x.second = b;
	e = give(c, d, m, s, x);
	if (e == OK && second) {
		x.observation = second;
		x.giver = b;
		x.second = a;
		e = give(c, d, m, s, x);
	}
	if (e == OK && answered) {
		x.observation = first;
		x.own = true;
		x.giver = p;
		x.reader = a;
		x.second = b;
		e = give(c, d, m, s, x);
	}
	return e;
}

/* Not by the own leader: by who sat beside (T5). */
static enum err
certify(struct change *c, const struct demo *m, const struct sight *s, id second)
{
	struct certification x;

	record_init(&certification_record, &x);
	x.coach = m->people[s->who].id;
	x.certifier = m->people[s->beside].id;
	x.observation = second;
	x.rubric = s->rubric->r.row.id;
	x.on_day = day_add_working(s->on, 2);
	x.until = certify_until(x.on_day, CERTIFY_MONTHS);
	x.why = STR("Waited until the seller had named a way, and had it tried at once.");
	return record_save(c, &certification_record, &x);
}

static enum err
saw(struct change *c, const struct demo *m, const struct sight *s)
{
	struct dice d =
	        dice_make(m, DICE_LEAD, 8000000 + s->observer * 100000 + s->who * 1000 + (uint64_t)(s->on.n % 1000));
	id first = 0, second = 0;
	enum err e;

	c->effective = zone_instant(m->zone, s->on, 15 * 60);
	e = write_one(c, &d, m, s, 0, s->observer, &first);
	if (e == OK && s->second)
		e = write_one(c, &d, m, s, first, s->beside, &second);
	if (e == OK && s->rubric)
		e = write_levels(c, &d, m, s, first, second);
	return e == OK && s->second && s->kind == OBSERVED_COACHING ? certify(c, m, s, second) : e;
}

static enum err
saw_seller(struct change *c, const struct seeing *all, size_t i, int ago)
{
	const struct demo *m = all->m;
	size_t by = m->people[i].manager;
	struct dice d = dice_make(m, DICE_LEAD, 9000000 + i * 1000 + (uint64_t)ago);
	int style = m->people[by].style, chance = style == STYLE_GOOD ? 950 : style == STYLE_INSPECTS ? 250 : 600;
	struct sight s = {
		.observer = by, .who = i, .on = demo_workday(day_add(m->today, -ago + (int)dice_below(&d, 20)))
	};

	if (!dice_chance(&d, chance) || s.on.n > m->today.n || m->people[i].started.n > s.on.n)
		return OK;
	s.kind = dice_chance(&d, 70) ? OBSERVED_CALL : OBSERVED_RIDE_ALONG;
	if (s.kind == OBSERVED_CALL && ago < 120 && style != STYLE_INSPECTS) {
		s.rubric = &all->call;
		s.beside = m->first_manager + (by - m->first_manager + 1) % TOLD_MANAGERS;
		s.second = style == STYLE_GOOD && ago < 60;
	}
	return saw(c, m, &s);
}

/* Asked, and not written yet. */
static enum err
ask_second(struct change *c, const struct demo *m, const struct sight *s, id first)
{
	struct observation x;

	record_init(&observation_record, &x);
	x.observer = m->people[s->beside].id;
	x.person = m->people[s->who].id;
	x.kind = s->kind;
	x.on_day = s->on;
	x.skill = s->rubric->r.skill;
	x.rubric = s->rubric->r.row.id;
	x.beside = first;
	return record_save(c, &observation_record, &x);
}

/* Yesterday: one seller of each team has not said the own view yet, and one colleague was asked to write, too. */
static enum err
saw_yesterday(struct change *c, const struct seeing *all, size_t team)
{
	const struct demo *m = all->m;
	size_t by = m->first_manager + team, who = m->first_seller;
	struct dice d = dice_make(m, DICE_LEAD, 6000000 + team);
	id first = 0;
	enum err e;

	while (who < m->n_people && m->people[who].manager != by)
		who++;
	if (who == m->n_people)
		return OK;
	const struct sight s = { .observer = by,
		.who = who,
		.beside = m->first_manager + 1,
		.kind = OBSERVED_CALL,
		.on = demo_workday(day_add(m->today, -1)),
		.rubric = &all->call };
	c->effective = zone_instant(m->zone, s.on, 16 * 60);
	e = write_one(c, &d, m, &s, 0, by, &first);
	if (e == OK)
		e = write_levels(c, &d, m, &s, first, 0);
	return e == OK && team == 0 ? ask_second(c, m, &s, first) : e;
}

enum err
demo_make_observations(struct change *c, void *demo)
{
	const struct demo *m = demo;
	struct seeing all = { .m = m };
	enum err e = find_rubric(c, "A discovery call", &all.call);

	if (e == OK)
		e = find_rubric(c, "A coaching session", &all.session);
	for (int ago = 230; e == OK && ago > 0; ago -= 29)
		for (size_t i = m->first_seller; e == OK && i < m->n_people && i < m->first_seller + TOLD_SELLERS; i++)
			e = saw_seller(c, &all, i, ago);
	for (int ago = 200; e == OK && ago > 0; ago -= 60)
		for (size_t i = 0; e == OK && i < TOLD_MANAGERS && i < m->n_managers; i += 2) {
			const struct sight s = { .observer = 1,
				.who = m->first_manager + i,
				.second = ago < 60 && i == 0,
				.kind = OBSERVED_COACHING,
				.on = demo_workday(day_add(m->today, -ago - (int)i)),
				.rubric = ago < 120 ? &all.session : NULL };
			e = saw(c, m, &s);
		}
	for (size_t team = 0; e == OK && team < TOLD_MANAGERS && team < m->n_managers; team++)
		e = saw_yesterday(c, &all, team);
	c->effective = 0;
	return e;
}
