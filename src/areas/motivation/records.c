#include "areas/coaching/coaching.h"
#include "areas/commitments/commitments.h"
#include "areas/motivation/motivation.h"
#include "areas/people/people.h"

const struct choice goal_states[] = { { "", "" }, { "open", "Open" }, { "reached", "Reached" }, { "let_go", "Let go" },
	{ NULL, NULL } };
const struct choice likings[] = { { "", "" }, { "alone", "In private, between two" }, { "team", "Before the team" },
	{ "written", "In writing" }, { "above", "To my leader's leader" }, { "not", "Rather not at all" },
	{ NULL, NULL } };

/* Who reads it may not change it. */
static enum err
goal_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct own_goal *b = before, *a = after;
	const struct own_goal *own = b ? b : a;

	if (c->kind == CHANGE_EDIT && c->grant->person && own->person != c->grant->person)
		return ERR_DENIED;
	if (!a)
		return OK;
	if (b && a->person != b->person)
		return fault_add(f, STR("person"), STR("stays whose it is"), STR("write a goal of your own"));
	if (a->reader == a->person)
		return fault_add(f, STR("reader"), STR("is you"), STR("choose somebody else, or nobody"));
	return OK;
}

static const struct field own_goal_fields[] = {
	FIELD(struct own_goal, person, REF, "Whose", .required = 1, .ref = &person_record),
	FIELD(struct own_goal, reader, REF, "Shared with", .ref = &person_record),
	FIELD(struct own_goal, text, TEXT, "Goal", .required = 1, .most = 300),
	FIELD(struct own_goal, reason, TEXT, "Why it matters to me", .most = 500),
	FIELD(struct own_goal, by_day, DAY, "By"),
	FIELD(struct own_goal, state, CHOICE, "State", .required = 1, .choices = goal_states),
	FIELD(struct own_goal, closed_on, DAY, "Closed on"),
};

const struct record own_goal_record = {
	.name = "own_goal",
	.table = "own_goal",
	.label = "own goal",
	.plural = "own goals",
	.size = sizeof(struct own_goal),
	FIELDS(own_goal_fields),
	.matter = MATTER_PRIVATE,
	.persons = "person reader",
	.index = (const char *const[]){ "person state", NULL },
	.check = goal_check,
	.purpose = "What a person works for, in their own words; read by nobody else unless they share it (M1).",
	.retention = "Until the person removes it.",
};

static enum err
liked_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct liked *x = after ? after : before;

	(void)f;
	return c->kind == CHANGE_EDIT && c->grant->person && x->person != c->grant->person ? ERR_DENIED : OK;
}

static const struct field liked_fields[] = {
	FIELD(struct liked, person, REF, "Who", .required = 1, .ref = &person_record),
	FIELD(struct liked, how, CHOICE, "How I like to be recognised", .required = 1, .choices = likings),
	FIELD(struct liked, note, TEXT, "In my words", .most = 200),
};

const struct record liked_record = {
	.name = "liked",
	.table = "liked",
	.label = "way to be recognised",
	.plural = "ways to be recognised",
	.size = sizeof(struct liked),
	FIELDS(liked_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.unique = (const char *const[]){ "person", NULL },
	.check = liked_check,
	.purpose = "So that recognition reaches a person as they like it (M2).",
	.retention = "As long as the person is here.",
};

/* M2: somebody else's deed; the commitment is theirs, kept, and another confirmed it. */
static enum err
recognition_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct recognition *x = after;
	int64_t fits = 0;
	enum err e = OK;

	if (!x || (before && c->kind != CHANGE_EDIT))
		return OK;
	if (x->person == x->giver)
		fault_add(f, STR("person"), STR("is you"), STR("recognise somebody else"));
	if (!x->skill == !x->commitment)
		fault_add(f, STR("skill"), STR("or a kept commitment is missing, and not both"),
		        STR("say which behaviour it was, or choose what they kept"));
	if (x->commitment)
		e = db_one_int(c->conn,
		        "select count(*) from commitment where org_id = $1 and id = $2 and owner = $3 and state = "
		        "'kept' and "
		        "confirmed_by is not null and confirmed_by <> owner",
		        DB_ARGS(DB_I(c->grant->org), DB_I(x->commitment), DB_I(x->person)), &fits);
	if (e == OK && x->commitment && !fits)
		fault_add(f, STR("commitment"), STR("is none that this person kept and another confirmed"),
		        STR("choose one of theirs, or name a behaviour"));
	return e != OK ? e : f->n ? ERR_INPUT : OK;
}

static const struct field recognition_fields[] = {
	FIELD(struct recognition, giver, REF, "From", .required = 1, .ref = &person_record),
	FIELD(struct recognition, person, REF, "To", .required = 1, .ref = &person_record),
	FIELD(struct recognition, skill, REF, "Behaviour", .ref = &skill_record),
	FIELD(struct recognition, commitment, REF, "Commitment kept", .ref = &commitment_record),
	FIELD(struct recognition, text, TEXT, "What they did, and what it led to", .required = 1, .most = 500),
	FIELD(struct recognition, on_day, DAY, "On", .required = 1),
};

const struct record recognition_record = {
	.name = "recognition",
	.table = "recognition",
	.label = "recognition",
	.plural = "recognitions",
	.size = sizeof(struct recognition),
	FIELDS(recognition_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "giver person",
	.index = (const char *const[]){ "person on_day", "giver on_day", NULL },
	.check = recognition_check,
	.purpose = "To say what somebody did well, tied to a behaviour or a kept promise (M2). Between the two.",
	.retention = "As long as both are here.",
};
