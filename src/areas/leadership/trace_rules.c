#include "areas/leadership/trace.h"

int
trace_weigh(struct trace_count c, int enough)
{
	int64_t due = c.kept + c.owed + c.waiting + c.unknown;
	int64_t wanted = due * enough;

	if (!due)
		return c.paused ? TRACE_PAUSED : TRACE_UNKNOWN;
	if (c.kept * 100 >= wanted)
		return TRACE_KEPT;
	if ((c.kept + c.waiting + c.unknown) * 100 < wanted)
		return TRACE_MISSED;
	return (c.kept + c.waiting) * 100 >= wanted ? TRACE_WAITING : TRACE_UNKNOWN;
}

const char *
trace_state_words(int state)
{
	static const char *const words[] = { "", "Kept", "Missed", "Unknown", "Not promised", "Waiting", "Paused" };

	return words[state];
}

static void
count(int state, int64_t *kept, int64_t *missed, int64_t *unknown)
{
	*kept += state == TRACE_KEPT;
	*missed += state == TRACE_MISSED;
	*unknown += state == TRACE_UNKNOWN;
}

void
trace_leader_push(struct trace_leader *l, struct trace_item x)
{
	count(x.state, &l->kept, &l->missed, &l->unknown);
	if (l->n < TRACE_ITEMS)
		l->items[l->n++] = x;
}

void
trace_person_push(struct trace_person *p, struct trace_item x)
{
	count(x.state, &p->kept, &p->missed, &p->unknown);
	if (p->n < TRACE_ITEMS)
		p->items[p->n++] = x;
}

str
trace_sums(struct arena *a, int64_t kept, int64_t missed, int64_t unknown)
{
	str s = str_fmt(a, "%lld kept", (long long)kept);

	if (missed)
		s = str_fmt(a, "%.*s · %lld missed", STR_ARG(s), (long long)missed);
	return unknown ? str_fmt(a, "%.*s · %lld unknown", STR_ARG(s), (long long)unknown) : s;
}

/* ---- the records ---- */

/* A4: in the leader's own words, by nobody else. */
enum err
trace_answer_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct trace_answer *x = after;

	(void)before;
	if (x && c->kind == CHANGE_EDIT && c->grant->person != x->person)
		fault_add(f, STR("text"), STR("is not yours to write"), STR("each leader answers for the own part"));
	return OK;
}

static const struct field trace_fields[] = {
	FIELD(struct trace, person, REF, "Whose number", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct trace, from_day, DAY, "From", .required = 1, .list = 1),
	FIELD(struct trace, to_day, DAY, "To", .required = 1, .list = 1),
	FIELD(struct trace, asked_by, REF, "Asked by", .ref = &person_record, .list = 1),
	FIELD(struct trace, asked_on, DAY, "Asked on", .required = 1, .list = 1),
	FIELD(struct trace, due, DAY, "Answers due", .required = 1, .list = 1),
};

const struct record trace_record = {
	.name = "trace",
	.table = "trace",
	.label = "responsibility trace",
	.plural = "responsibility traces",
	.size = sizeof(struct trace),
	FIELDS(trace_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person",
	.unique = (const char *const[]){ "person from_day to_day", NULL },
	.purpose = "That leaders were asked what they owed where a number was missed, and until when (A4).",
	.retention = "Two years after the time it speaks of.",
};

static const struct field trace_answer_fields[] = {
	FIELD(struct trace_answer, trace, REF, "Trace", .required = 1, .ref = &trace_record),
	FIELD(struct trace_answer, person, REF, "Who answers", .required = 1, .ref = &person_record),
	FIELD(struct trace_answer, text, LONG, "My answer", .required = 1, .most = 2000),
	FIELD(struct trace_answer, on_day, DAY, "Answered on"),
};

const struct record trace_answer_record = {
	.name = "trace_answer",
	.table = "trace_answer",
	.label = "answer in a trace",
	.plural = "answers in traces",
	.size = sizeof(struct trace_answer),
	FIELDS(trace_answer_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "person",
	.unique = (const char *const[]){ "trace person", NULL },
	.purpose = "A leader's own words on what they owed, written for those who may open the trace (A4).",
	.retention = "Two years after the time it speaks of.",
	.check = trace_answer_check,
};
