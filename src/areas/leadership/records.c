#include "areas/leadership/records.h"

enum err
development_goal_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct development_goal *was = before, *x = after;

	if (!x || c->kind != CHANGE_EDIT)
		return OK;
	if (day_is(x->due) && day_is(x->set_on) && day_between(x->set_on, x->due) < 0)
		fault_add(f, STR("due"), STR("is past"), STR("choose a day to come"));
	if (day_is(x->ended_on) && (!was || !day_is(was->ended_on)) && !x->outcome.n)
		fault_add(f, STR("outcome"), STR("is missing"), STR("one line: what changed, and who noticed"));
	return OK;
}

static const struct field development_goal_fields[] = {
	FIELD(struct development_goal, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1,
	        .filter = 1),
	FIELD(struct development_goal, goal, TEXT, "What I learn as a leader", .required = 1, .most = 300, .list = 1),
	FIELD(struct development_goal, sign, TEXT, "By what others will notice", .required = 1, .most = 300, .list = 1),
	FIELD(struct development_goal, set_on, DAY, "Set on", .list = 1),
	FIELD(struct development_goal, due, DAY, "By", .required = 1, .list = 1),
	FIELD(struct development_goal, ended_on, DAY, "Ended on", .list = 1),
	FIELD(struct development_goal, outcome, LONG, "What came of it"),
};

const struct record development_goal_record = {
	.name = "development_goal",
	.table = "development_goal",
	.label = "development goal",
	.plural = "development goals",
	.size = sizeof(struct development_goal),
	FIELDS(development_goal_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.index = (const char *const[]){ "person ended_on", NULL },
	.purpose = "What a leader learns, open to those they lead: who asks others to grow goes first.",
	.retention = "Two years after it ended.",
	.check = development_goal_check,
};

enum err
number_account_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct number_account *x = after;

	(void)before;
	if (x && c->kind == CHANGE_EDIT && c->grant->person != x->person)
		fault_add(f, STR("did"), STR("is not yours to write"), STR("an account is in the owner's own words"));
	if (x && c->kind == CHANGE_EDIT && day_between(x->to_day, c->today) <= 0)
		fault_add(f, STR("did"), STR("is early"), STR("write it when the time is over"));
	return OK;
}

static const struct field number_account_fields[] = {
	FIELD(struct number_account, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1,
	        .filter = 1),
	FIELD(struct number_account, leader, REF, "Who reads it", .ref = &person_record),
	FIELD(struct number_account, from_day, DAY, "From", .required = 1, .list = 1),
	FIELD(struct number_account, to_day, DAY, "To", .required = 1, .list = 1),
	FIELD(struct number_account, did, LONG, "What I did, what I left", .required = 1),
	FIELD(struct number_account, outside, LONG, "What was outside my control"),
	FIELD(struct number_account, differently, LONG, "What I will do differently", .required = 1),
	FIELD(struct number_account, open, BOOL, "Open to those I lead"),
	FIELD(struct number_account, on_day, DAY, "Written on", .list = 1),
};

const struct record number_account_record = {
	.name = "number_account",
	.table = "number_account",
	.label = "account of a number",
	.plural = "accounts of numbers",
	.size = sizeof(struct number_account),
	FIELDS(number_account_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "person leader",
	.unique = (const char *const[]){ "person from_day to_day", NULL },
	.purpose = "What a leader did and will change where a number was missed, in their own words (L1).",
	.retention = "Two years after the time it speaks of.",
	.check = number_account_check,
};
