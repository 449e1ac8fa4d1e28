#include "areas/coaching/observe.h"

#include "areas/coaching/shown.h"

const struct choice observed_kinds[] = { { "", "" }, { "call", "A call" }, { "ride_along", "A visit to a customer" },
	{ "recording", "A recording" }, { "coaching", "A coaching session" }, { "role_play", "A role-play" },
	{ NULL, NULL } };
const struct choice behaviours[] = { { "", "" }, { "changed", "Did it" }, { "not_yet", "Tried, not yet" },
	{ "not_tried", "Did not try" }, { NULL, NULL } };

/* Whoever stands above today, or is a named coach of the person (C1, C8). */
static bool
may_observe(struct change *c, id observer, id person)
{
	int64_t one;

	return db_one_int(c->conn,
	               "select 1 from line where org_id = $1 and above = $2 and below = $3 and depth > 0 and to_day is "
	               "null",
	               DB_ARGS(DB_I(c->grant->org), DB_I(observer), DB_I(person)), &one) == OK ||
	       db_one_int(c->conn,
	               "select 1 from pair where org_id = $1 and coach = $2 and coachee = $3 and (to_day is null or "
	               "to_day "
	               ">= $4) limit 1",
	               DB_ARGS(DB_I(c->grant->org), DB_I(observer), DB_I(person), db_day_value(c->arena, c->today)),
	               &one) == OK;
}

static bool
leads(struct change *c, id person, day on)
{
	int64_t one;

	return db_one_int(c->conn, "select 1 from pair where org_id = $1 and coach = $2 and from_day <= $3 limit 1",
	               DB_ARGS(DB_I(c->grant->org), DB_I(person), db_day_value(c->arena, on)), &one) == OK;
}

/* O9: a second observer need not stand above: whoever coaches somebody knows what to look at. */
static bool
may_second(struct change *c, id observer, id person)
{
	return leads(c, observer, c->today) || may_observe(c, observer, person);
}

static enum err
check_second(struct change *c, const struct observation *x, struct faults *f)
{
	struct observation first;
	int64_t there = 0;
	enum err e = record_load(c->conn, c->arena, c->grant, &observation_record, x->beside, &first);

	if (e != OK)
		return e == ERR_ABSENT ? OK : e; /* the reference says so */
	if (x->observer == x->person || x->observer == first.observer)
		return fault_add(f, STR("second"), STR("is one of the two"), STR("choose somebody else who was there"));
	if (!may_second(c, x->observer, x->person))
		fault_add(f, STR("second"), STR("coaches nobody and does not stand above this person"),
		        STR("choose a leader or a coach who was there"));
	e = db_one_int(c->conn, "select count(*) from observation where org_id = $1 and beside = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->beside)), &there);
	if (e == OK && there)
		fault_add(f, STR("second"), STR("is there already"), STR("two observers are enough for one call"));
	return e;
}

/* A rubric for coaching sessions is for nothing else, and the others are not for them. */
static enum err
check_rubric(struct change *c, const struct observation *x, struct faults *f)
{
	struct rubric r;
	enum err e = x->rubric ? record_load(c->conn, c->arena, c->grant, &rubric_record, x->rubric, &r) : ERR_ABSENT;

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	if ((r.kind == OBSERVED_COACHING) != (x->kind == OBSERVED_COACHING))
		fault_add(f, STR("kind"), STR("does not fit the rubric"),
		        r.kind == OBSERVED_COACHING ? STR("this one is for coaching sessions")
		                                    : STR("choose the rubric for coaching sessions"));
	if (r.skill != x->skill)
		fault_add(f, STR("skill"), STR("is not that of the rubric"), STR("leave it as the rubric has it"));
	return OK;
}

/* C8: shown before asked. Where nobody could show it, nothing waits (O9). */
static enum err
check_shown(struct change *c, const struct observation *x, struct faults *f)
{
	struct shown s;
	enum err e =
	        shown_load(c->conn, c->arena, c->grant->org, x->person, day_is(x->on_day) ? x->on_day : c->today, &s);

	if (e == OK && !shown_enough(&s))
		fault_add(f, STR("person"),
		        str_fmt(c->arena, "has not been %s before that day, and is shown before being asked",
		                shown_missing(&s)),
		        STR(SHOWN_MEND));
	return e;
}

enum err
observation_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct observation *was = before, *x = after;
	enum err e = OK;

	/* C7: the answer opened the observer's words, so it is not taken back and given again */
	if (was && x && day_is(was->answered_on) && !day_is(x->answered_on))
		return fault_add(
		        f, STR("answered_on"), STR("was said and stays"), STR("say more in your next session"));
	if (!x || before || c->kind != CHANGE_EDIT)
		return OK;
	if (x->beside)
		return check_second(c, x, f);
	if (x->observer == x->person)
		return fault_add(f, STR("person"), STR("is yourself"), STR("choose whom you saw"));
	if (x->person && !may_observe(c, x->observer, x->person))
		fault_add(f, STR("person"), STR("is neither below you nor coached by you"),
		        STR("ask who leads this person"));
	if (day_is(x->on_day) && x->on_day.n > c->today.n)
		fault_add(f, STR("on_day"), STR("is still to come"), STR("enter it when you have seen it"));
	if (x->kind == OBSERVED_COACHING && x->person && !leads(c, x->person, x->on_day))
		fault_add(f, STR("kind"), STR("does not fit: this person coaches nobody"),
		        STR("choose a call or a visit"));
	else if (x->kind == OBSERVED_COACHING && x->person)
		e = check_shown(c, x, f);
	return e == OK ? check_rubric(c, x, f) : e;
}

static const struct field observation_fields[] = {
	FIELD(struct observation, observer, REF, "Who saw it", .required = 1, .ref = &person_record, .list = 1,
	        .filter = 1),
	FIELD(struct observation, person, REF, "Who was seen", .required = 1, .ref = &person_record, .list = 1,
	        .filter = 1),
	FIELD(struct observation, kind, CHOICE, "What it was", .required = 1, .choices = observed_kinds, .list = 1),
	FIELD(struct observation, on_day, DAY, "On", .required = 1, .list = 1, .filter = 1),
	FIELD(struct observation, skill, REF, "Skill", .required = 1, .ref = &skill_record, .list = 1),
	FIELD(struct observation, deal, REF, "Deal", .ref = &deal_record),
	FIELD(struct observation, entered_on, DAY, "Entered on"),
	FIELD(struct observation, denied, BOOL, "Said not to have taken place"),
	FIELD(struct observation, answered_on, DAY, "Answered on", .list = 1),
	FIELD(struct observation, rubric, REF, "Rubric", .ref = &rubric_record),
	FIELD(struct observation, beside, REF, "Beside the observation", .ref = &observation_record),
	FIELD(struct observation, session, REF, "In the session", .ref = &session_record),
};

const struct record observation_record = {
	.name = "observation",
	.api = "observations",
	.table = "observation",
	.label = "observation",
	.plural = "observations",
	.size = sizeof(struct observation),
	FIELDS(observation_fields),
	.matter = MATTER_SESSION_FACT,
	.persons = "observer person",
	.index = (const char *const[]){ "observer on_day", "person on_day", "rubric", "beside", "session", NULL },
	.purpose = "That a leader was there to see it, and on which skill (C7, C8).",
	.retention = "Two years.",
	.check = observation_check,
};

static enum err
text_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct observation_text *was = before, *x = after;

	(void)c;
	if (was && x && was->own_result && (was->own_result != x->own_result || !str_eq(was->own_text, x->own_text)))
		fault_add(f, STR("own_result"), STR("was said and stays"), STR("say more in your next session"));
	return OK;
}

static const struct field observation_text_fields[] = {
	FIELD(struct observation_text, observation, REF, "Observation", .required = 1, .ref = &observation_record),
	FIELD(struct observation_text, observer, REF, "Who saw it", .required = 1, .ref = &person_record),
	FIELD(struct observation_text, person, REF, "Who was seen", .required = 1, .ref = &person_record),
	FIELD(struct observation_text, result, CHOICE, "The behaviour", .required = 1, .choices = behaviours),
	FIELD(struct observation_text, text, LONG, "What I saw and heard", .required = 1, .most = 4000),
	FIELD(struct observation_text, own_result, CHOICE, "The person's own view", .choices = behaviours),
	FIELD(struct observation_text, own_text, LONG, "In the person's own words", .most = 2000),
};

const struct record observation_text_record = {
	.name = "observation_text",
	.table = "observation_text",
	.label = "text of an observation",
	.plural = "texts of observations",
	.size = sizeof(struct observation_text),
	FIELDS(observation_text_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "observer person",
	.unique = (const char *const[]){ "observation", NULL },
	.purpose = "What was seen, for the two of them to work on; it serves development alone (C7, I4a).",
	.retention = "Two years.",
	.check = text_check,
};

enum err
observed_count(struct conn *c, struct arena *a, id org, id observer, id person, unsigned kinds, day from, day to,
        struct observed_count *ret)
{
	struct observed_count n = { 0, 0, DAY_NONE };
	struct rows rows;
	enum err e = db_query(c, a,
	        "select kind, denied, on_day from observation where org_id = $1 and observer = $2 and ($3 = 0 or "
	        "person = "
	        "$3) and entered_on is not null and on_day >= $4 and on_day <= $5",
	        DB_ARGS(DB_I(org), DB_I(observer), DB_I(person), db_day_value(a, from), db_day_value(a, to)), &rows);

	while (e == OK && db_next(&rows)) {
		if (!(kinds & OBSERVED(choice_of(observed_kinds, db_text_raw(&rows, 0)))))
			continue;
		n.denied += db_int(&rows, 1) != 0;
		n.seen += db_int(&rows, 1) == 0;
		if (!day_is(n.last) || db_day(&rows, 2).n > n.last.n)
			n.last = db_day(&rows, 2);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		*ret = n;
	return e;
}
