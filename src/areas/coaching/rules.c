#include "areas/coaching/coaching.h"

int
session_late(const struct session *s)
{
	int days = day_is(s->held_on) && day_is(s->claimed_on) ? day_between(s->held_on, s->claimed_on) : 0;

	return days > LATE_DAYS ? days : 0;
}

day
session_day(const struct session *s)
{
	return day_is(s->moved_to) ? s->moved_to : s->on_day;
}

int
session_state_on(const struct session *s, day today)
{
	bool waits = s->state == SESSION_PLANNED || s->state == SESSION_PREPARED;

	return waits && !day_is(s->held_on) && session_day(s).n < today.n ? SESSION_MISSED : s->state;
}

enum err
pair_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct pair *x = after;

	(void)c;
	(void)before;
	if (!x)
		return OK;
	if (x->coach == x->coachee && x->coach)
		fault_add(f, STR("coachee"), STR("is the coach"), STR("name two people"));
	if (day_is(x->to_day) && day_is(x->from_day) && day_between(x->from_day, x->to_day) < 0 && !x->line)
		fault_add(f, STR("to_day"), STR("is before it begins"), STR("choose a later day, or none"));
	if (x->cadence != CADENCE_WEEKLY && x->cadence != CADENCE_FORTNIGHTLY)
		fault_add(f, STR("cadence"), STR("is not one for coaching"), STR("every week or every two weeks"));
	return OK;
}

/* C6: the coach claims, the coachee answers; neither does the other's part. C5: it ends in a commitment, or says why
 * not. */
enum err
session_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct session *was = before, *x = after;
	id me = c->grant->person;
	bool by_person = c->kind == CHANGE_EDIT && me && c->grant->reach[MATTER_SESSION_FACT][ACT_WRITE] == REACH_OWN;

	if (!x || !by_person)
		return OK;
	if (x->answer != (was ? was->answer : ANSWER_NONE) && me != x->coachee)
		fault_add(f, STR("answer"), STR("belongs to the one who was coached"), STR("send them the link"));
	if (day_is(x->held_on) && !(was && day_is(was->held_on)) && me != x->coach)
		fault_add(f, STR("held_on"), STR("is entered by the coach"), STR("ask them"));
	if (day_is(x->held_on) && day_between(c->today, x->held_on) > 0)
		fault_add(f, STR("held_on"), STR("is in the future"), STR("choose the day on which it took place"));
	if (x->excuse.n) {
		bool known = false;
		for (int i = 1; excuses[i].code; i++)
			known = known || str_eq(x->excuse, str_of(excuses[i].code));
		if (!known)
			fault_add(f, STR("excuse"), STR("is not on the list"), STR("choose one from the list"));
	}
	return OK;
}
