#include "app/demo.h"
#include "areas/coaching/coaching.h"

/* How a coach coaches: percent of occurrences. */
struct habit {
	int held, excused;        /* the rest was missed */
	int answered, denied;     /* of the held */
	int coaching, same_skill; /* of the confirmed: what the other side says it was */
	int late, commitment, kept;
};

static const struct habit habits[] = {
	[STYLE_NONE] = { 62, 12, 85, 0, 75, 55, 20, 55, 60 }, /* the head and the sales leader */
	[STYLE_NEW] = { 66, 14, 45, 0, 70, 40, 25, 45, 55 },
	[STYLE_GOOD] = { 93, 4, 97, 0, 96, 90, 3, 88, 80 },
	[STYLE_INSPECTS] = { 88, 4, 86, 4, 33, 25, 8, 60, 50 },
	[STYLE_AVERAGE] = { 78, 8, 82, 1, 80, 52, 12, 60, 64 },
};

struct couple {
	struct demo *m;
	size_t coach, coachee, number;
	int cadence, style;
	day from, to;
	id id;
	struct dice dice;
};

static const char *const whens[] = { "I call the plant manager on Thursday", "they ask for the price",
	"I prepare the next first meeting", "the buyer says “send me something”", "I plan Monday morning",
	"I meet purchasing next week", "a deal has stood still for three weeks", "I leave a meeting" };
static const char *const thens[] = { "ask what one hour of standstill costs before I show anything",
	"ask who else has to agree, and ask to meet them", "write three questions down and send them to you first",
	"agree on a date before I send it", "block two hours for new customers and keep them",
	"say the price aloud and wait", "call and ask whether it still matters to them",
	"say back what they promised, and by when" };
static const char *const coach_thens[] = { "join you at that customer and say nothing for the first half hour",
	"get you the answer from production", "settle the payment term with the head",
	"listen to the recording before we meet" };
static const char *const accounts_of_miss[] = {
	"I did not protect the time; two offers came in between. Next time I do it first thing on Monday.",
	"The customer moved the meeting twice. I could have used the phone instead and did not.",
	"I was afraid of the question and talked about the product. I want to practise it with you."
};
static const char *const words_of_miss[] = { "Planning", "Customer", "Courage" };

static const char *
brought(struct dice *d)
{
	static const char *const brings[] = { "", "", "The recording of my call on Tuesday", "The deal I cannot move",
		"A win: they agreed to the trial", "The questions I asked, written down",
		"The mail thread with purchasing" };

	return dice_pick(d, brings);
}

static enum err
save_commitment(struct change *c, struct couple *k, const struct session *s, bool of_coach)
{
	const struct demo *m = k->m;
	const struct habit *h = &habits[k->style];
	struct dice *d = &k->dice;
	struct commitment x;
	int64_t way = dice_below(d, (int64_t)(sizeof words_of_miss / sizeof *words_of_miss));
	int past;

	record_init(&commitment_record, &x);
	x.owner = of_coach ? s->coach : s->coachee;
	x.owed_to = of_coach ? s->coachee : s->coach;
	x.when_ = of_coach ? STR("this session is over") : str_of(dice_pick(d, whens));
	x.then_ = of_coach ? str_of(dice_pick(d, coach_thens)) : str_of(dice_pick(d, thens));
	x.due = demo_workday(day_add(s->held_on, (int)dice_from(d, 5, 15)));
	x.made_on = s->held_on;
	x.about = STR("session");
	x.about_id = s->row.id;
	x.evidence_kind = (int)dice_from(d, EVIDENCE_DEAL, EVIDENCE_WORD);
	x.state = COMMITMENT_OPEN;
	x.moves = dice_chance(d, 12) ? 1 : 0;
	x.carried = 0;
	c->effective = zone_instant(m->zone, s->held_on, (int)s->start + 30);
	past = day_between(x.due, m->today);
	if (past > 0 && dice_chance(d, h->kept)) {
		x.state = COMMITMENT_KEPT;
		x.claimed_on = x.due;
		x.confirmed_by = x.owed_to;
		x.closed_on = x.due;
		x.evidence = STR("Seen together in the next session.");
	} else if (past > 16) {
		x.state = COMMITMENT_MISSED;
		x.closed_on = demo_workday(day_add(x.due, 6));
		x.account = str_of(accounts_of_miss[way]);
		x.account_category = str_of(words_of_miss[way]);
	} else if (past > 0) {
		x.carried = 1;
	}
	return record_save(c, &commitment_record, &x);
}

/* C6: the other side's word. */
static void
answer(struct couple *k, struct session *s)
{
	const struct habit *h = &habits[k->style];
	struct dice *d = &k->dice;
	int waited = day_between(s->held_on, k->m->today);

	if (!dice_chance(d, h->answered) || waited < 2)
		return;
	s->answered_on = day_add(s->held_on, (int)dice_from(d, 0, waited < 6 ? waited : 6));
	if (dice_chance(d, h->denied)) {
		s->answer = ANSWER_DENIED;
		return;
	}
	s->answer = ANSWER_CONFIRMED;
	s->state = SESSION_CONFIRMED;
	s->answer_kind = dice_chance(d, h->coaching) ? MEETING_COACHING
	                 : dice_chance(d, 85)        ? MEETING_INSPECTION
	                                             : MEETING_OTHER;
	s->answer_skill = dice_chance(d, h->same_skill) ? s->skill : k->m->skills[dice_below(d, 7)];
}

static void
hold(struct couple *k, struct session *s)
{
	struct dice *d = &k->dice;
	int room = day_between(s->on_day, k->m->today);
	int late = dice_chance(d, habits[k->style].late) ? (int)dice_from(d, 3, 6) : (int)dice_from(d, 0, 1);

	s->state = SESSION_HELD;
	s->held_on = s->on_day;
	s->claimed_on = day_add(s->on_day, late < room ? late : room);
	s->kind = k->style == STYLE_INSPECTS && dice_chance(d, 15) ? MEETING_INSPECTION : MEETING_COACHING;
	s->skill =
	        k->m->skills[k->m->people[k->coachee].role == ROLE_SELLER ? (k->number + (size_t)dice_below(d, 2)) % 7
	                                                                  : 7 + k->number % 3];
	s->brings = str_of(brought(d));
	answer(k, s);
}

static bool
excused(struct couple *k, struct session *s)
{
	static const char *const reasons[] = { "customer", "company", "technical" };
	bool away = demo_is_away(k->m, k->coach, s->on_day) || demo_is_away(k->m, k->coachee, s->on_day);

	if (!away && !dice_chance(&k->dice, habits[k->style].excused))
		return false;
	s->state = SESSION_EXCUSED;
	s->excuse = away ? STR("away") : str_of(dice_pick(&k->dice, reasons));
	return true;
}

/* Does the head keep the seat? For the last ten weeks mostly not: the missed pattern. */
static bool
takes_place(struct couple *k, day on)
{
	int chance = habits[k->style].held;

	if (k->coach == 0)
		chance = day_between(on, k->m->today) > 70 ? 85 : 15;
	return dice_chance(&k->dice, chance);
}

/* C6: most say whether it was useful, more of them yes where both name the same skill. */
static enum err
save_useful(struct change *c, const struct couple *k, const struct session *s)
{
	struct useful_answer u;
	int x;

	if (s->answer != ANSWER_CONFIRMED)
		return OK;
	x = (s->held_on.n * 7 + (int)k->coachee * 3) % 10;
	if (x == 9)
		return OK;
	record_init(&useful_record, &u);
	u.session = s->row.id;
	u.coach = s->coach;
	u.coachee = s->coachee;
	u.on_day = s->held_on;
	u.useful = x < habits[k->style].same_skill / 10 ? USEFUL_YES : x % 2 ? USEFUL_PARTLY : USEFUL_NO;
	return record_save(c, &useful_record, &u);
}

/* C1, C8: half a year ago the good coach and the average one sat in each other's sessions. */
static void
take_along(const struct couple *k, struct session *s)
{
	int ago = day_between(s->on_day, k->m->today);

	if (s->answer != ANSWER_CONFIRMED || ago < 170 || ago > 200 ||
	        (k->style != STYLE_GOOD && k->style != STYLE_AVERAGE) || k->m->people[k->coachee].role != ROLE_SELLER)
		return;
	s->second = k->m->people[demo_manager(k->m, k->style == STYLE_GOOD ? STYLE_AVERAGE : STYLE_GOOD)].id;
	s->second_came = true;
}

static enum err
make_session(struct change *c, struct couple *k, const struct pair *p, day on)
{
	const struct demo *m = k->m;
	const struct habit *h = &habits[k->style];
	bool past = day_between(on, m->today) > 0, committed;
	struct session s;
	enum err e;

	record_init(&session_record, &s);
	s.pair = p->row.id;
	s.coach = p->coach;
	s.coachee = p->coachee;
	s.on_day = on;
	s.start = p->start;
	s.length = p->length;
	s.state = SESSION_PLANNED;
	s.sequence = 0;
	s.framework = k->style == STYLE_GOOD ? m->frame_weekly : k->coach <= 1 ? m->frame_coach : 0;
	if (past && !excused(k, &s)) {
		s.state = SESSION_MISSED;
		if (takes_place(k, on))
			hold(k, &s);
	}
	take_along(k, &s);
	committed = day_is(s.held_on) && dice_chance(&k->dice, h->commitment);
	if (day_is(s.held_on) && !committed && dice_chance(&k->dice, 50))
		s.no_commitment = STR("We looked back at what went well; the last one still runs.");
	if (committed && s.state == SESSION_CONFIRMED && day_between(on, m->today) > 14)
		s.state = SESSION_CLOSED;
	c->effective = past ? zone_instant(m->zone, on, (int)p->start + 45) : 0;
	e = record_save(c, &session_record, &s);
	if (e == OK)
		e = save_useful(c, k, &s);
	if (e == OK && committed)
		e = save_commitment(c, k, &s, false);
	if (e == OK && committed && dice_chance(&k->dice, 14))
		e = save_commitment(c, k, &s, true);
	return e;
}

static enum err
make_couple(struct change *c, void *what)
{
	struct couple *k = what;
	struct demo *m = k->m;
	struct pair p;
	enum err e;
	int step = k->cadence == CADENCE_WEEKLY ? 7 : 14;

	k->dice = dice_make(m, DICE_SESSION, k->coach * 100000 + k->coachee);
	record_init(&pair_record, &p);
	p.coach = m->people[k->coach].id;
	p.coachee = m->people[k->coachee].id;
	p.cadence = k->cadence;
	p.weekday = (int64_t)(k->number % 5) + 1;
	p.start = 9 * 60 + (int64_t)(k->number / 5 % 4) * 90;
	p.length = 45;
	p.from_day = k->from;
	p.to_day = k->to;
	p.focus = m->skills[m->people[k->coachee].role == ROLE_SELLER ? k->number % 7 : 7 + k->number % 3];
	p.line = true;
	c->effective = zone_instant(m->zone, k->from, 9 * 60);
	e = record_save(c, &pair_record, &p);
	day last = day_is(k->to) ? k->to : day_add(day_week(m->today), 13);
	day on = day_add(k->from, ((int)p.weekday - day_weekday(k->from) + 7) % 7);
	for (; e == OK && day_between(on, last) >= 0; on = day_add(on, step))
		e = make_session(c, k, &p, on);
	c->effective = 0;
	return e;
}

static enum err
pair_up(struct demo *m, size_t coach, size_t coachee, int style, day from, day to)
{
	struct couple k = { .m = m,
		.coach = coach,
		.coachee = coachee,
		.number = coachee * 3 + coach,
		.style = style,
		.from = from,
		.to = to };

	k.cadence = coach == 0 || style == STYLE_AVERAGE ? CADENCE_FORTNIGHTLY : CADENCE_WEEKLY;
	return demo_change(m, "sample company: coaching", make_couple, &k);
}

enum err
demo_make_coaching(struct demo *m)
{
	day from = day_add(day_week(m->today), -7 * DEMO_WEEKS), promoted = demo_promoted_on(m),
	    before = day_add(promoted, -1);
	size_t average = demo_manager(m, STYLE_AVERAGE), new = demo_manager(m, STYLE_NEW);
	enum err e = pair_up(m, 0, 1, STYLE_NONE, from, DAY_NONE);

	for (size_t i = m->first_manager; e == OK && i < m->first_manager + TOLD_MANAGERS; i++)
		e = pair_up(m, 1, i, STYLE_NONE, i == new ? promoted : from, DAY_NONE);
	if (e == OK)
		e = pair_up(m, average, new, STYLE_AVERAGE, from, before);
	for (size_t i = m->first_seller; e == OK && i < m->first_seller + TOLD_SELLERS; i++) {
		const struct demo_person *coach = &m->people[m->people[i].manager];
		bool moved = coach->style == STYLE_NEW;
		if (moved)
			e = pair_up(m, average, i, STYLE_AVERAGE, from, before);
		if (e == OK)
			e = pair_up(m, m->people[i].manager, i, coach->style, moved ? promoted : from, DAY_NONE);
	}
	return e;
}
