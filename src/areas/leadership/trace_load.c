#include "areas/leadership/trace.h"

/* O5: what was asked before a works agreement cut the time is still found by the days it was asked for. */
static enum err
load_trace(const struct trace_ask *ask, struct traced *t)
{
	struct rows rows;
	day from = day_is(ask->asked) ? ask->asked : ask->from, to = day_is(ask->asked_to) ? ask->asked_to : ask->to;
	str sql = str_fmt(ask->arena,
	        "select %.*s from trace x where x.org_id = $1 and $2 = $2 and x.person = $3 and x.asked_on <= $4 and "
	        "((x.from_day = $5 and x.to_day = $6) or (x.from_day = $7 and x.to_day = $8)) order by x.from_day "
	        "desc, x.id",
	        STR_ARG(record_columns(ask->arena, &trace_record, "x")));
	enum err e = record_query(ask->conn, ask->arena, ask->counts, str_z(ask->arena, sql),
	        DB_ARGS(DB_I(ask->person), db_day_value(ask->arena, ask->today), db_day_value(ask->arena, ask->from),
	                db_day_value(ask->arena, ask->to), db_day_value(ask->arena, from),
	                db_day_value(ask->arena, to)),
	        &rows);

	record_init(&trace_record, &t->trace);
	if (e == OK && db_next(&rows))
		record_read(&rows, &trace_record, 0, &t->trace);
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_answers(const struct trace_ask *ask, struct traced *t)
{
	struct rows rows;
	str sql = str_fmt(ask->arena,
	        "select %.*s from trace_answer x where x.org_id = $1 and $2 = $2 and x.trace = $3 order by x.id",
	        STR_ARG(record_columns(ask->arena, &trace_answer_record, "x")));
	enum err e = record_query(
	        ask->conn, ask->arena, ask->counts, str_z(ask->arena, sql), DB_ARGS(DB_I(t->trace.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		struct trace_answer x;
		record_read(&rows, &trace_answer_record, 0, &x);
		for (size_t i = 0; i < t->n_leaders; i++)
			if (t->leaders[i].person == x.person)
				t->leaders[i].answer = x;
	}
	return e == OK ? db_end(&rows) : e;
}

/* A4: all who are still here were asked on one day; the highest without an answer comes next. */
static void
weigh_answers(const struct trace_ask *ask, struct traced *t)
{
	size_t silent = 0;

	if (!t->trace.row.id)
		return;
	for (size_t i = 0; i < t->n_leaders; i++) {
		const struct trace_leader *l = &t->leaders[i];
		if (l->left || l->answer.row.id)
			continue;
		silent++;
		if (!t->next)
			t->next = l;
	}
	t->open = !silent || ask->today.n >= t->trace.due.n;
	t->n_silent = t->open ? silent : 0;
}

enum err
trace_load(const struct trace_ask *ask, struct traced *t)
{
	enum err e = trace_line(ask, t);

	if (e == OK && !t->n_people)
		return ERR_ABSENT;
	if (e == OK)
		e = load_trace(ask, t);
	for (size_t i = 0; e == OK && i < t->n_leaders; i++)
		e = trace_duties(ask, &t->trace, &t->leaders[i]);
	if (e == OK && t->trace.row.id)
		e = load_answers(ask, t);
	if (e != OK)
		return e;
	weigh_answers(ask, t);
	for (size_t i = 0; e == OK && t->open && i < t->n_people; i++)
		e = trace_person_duties(ask, &t->people[i]);
	return e;
}

bool
trace_stands(struct conn *c, id org, id above, id below)
{
	int64_t one;

	return above && below &&
	       (above == below ||
	               db_one_int(c,
	                       "select 1 from line where org_id = $1 and above = $2 and below = $3 and to_day "
	                       "is null",
	                       DB_ARGS(DB_I(org), DB_I(above), DB_I(below)), &one) == OK);
}

bool
trace_may(struct conn *c, id org, id who, id whose, const struct traced *t)
{
	if (trace_stands(c, org, who, whose) || trace_stands(c, org, whose, who))
		return true;
	for (size_t i = 0; i < t->n_leaders; i++)
		if (t->leaders[i].person == who)
			return true;
	return false;
}
