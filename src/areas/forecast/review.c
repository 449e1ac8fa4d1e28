#include "areas/forecast/review.h"

#include "areas/commitments/commitments.h"

#define LINES_MOST 60

const struct choice review_found_choices[] = { { "", "" }, { "skipped", "Most people skip it" },
	{ "same", "It does not tell won from lost" }, { "asked", "A leader asked" },
	{ "whole", "The whole process, each quarter" }, { NULL, NULL } };
const struct choice review_answer_choices[] = { { "", "" }, { "keep", "Keep it" }, { "change", "Change it" },
	{ "drop", "Drop it" }, { NULL, NULL } };

/* P7: an answer is the owner's, has a reason, and stays; what it led to is added later. */
static enum err
review_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct process_review *was = before, *x = after;

	if (!x || c->kind != CHANGE_EDIT)
		return OK;
	if (x->answer && !x->reason.n)
		fault_add(f, STR("reason"), STR("is missing"), STR("say what you saw, and why this follows"));
	if (x->answer && !day_is(x->answered_on))
		fault_add(f, STR("answered_on"), STR("is missing"), STR("an answer has a day"));
	if (x->answer && (!was || !was->answer) && c->grant->person != x->person)
		fault_add(f, STR("answer"), STR("is not yours to give"), STR("whoever leads the process answers"));
	if (was && was->answer && (was->answer != x->answer || !str_eq(was->reason, x->reason)))
		fault_add(f, STR("answer"), STR("was given"), STR("undo it, or open a new review"));
	if (x->draft && x->answer != REVIEW_CHANGE && x->answer != REVIEW_DROP)
		fault_add(f, STR("draft"), STR("follows from no change"), STR("answer with change or drop first"));
	return OK;
}

static const struct field review_fields[] = {
	FIELD(struct process_review, person, REF, "Who answers", .required = 1, .ref = &person_record, .list = 1,
	        .filter = 1),
	FIELD(struct process_review, process, REF, "Process", .required = 1, .ref = &process_record, .list = 1,
	        .filter = 1),
	FIELD(struct process_review, step, REF, "Step", .ref = &step_record, .list = 1, .filter = 1),
	FIELD(struct process_review, found, CHOICE, "Why", .required = 1, .choices = review_found_choices, .list = 1,
	        .filter = 1),
	FIELD(struct process_review, n, INT, "Decided deals that came there"),
	FIELD(struct process_review, n_skipped, INT, "of them without the step"),
	FIELD(struct process_review, n_won, INT, "Won"),
	FIELD(struct process_review, won_done, INT, "of them with the step"),
	FIELD(struct process_review, n_lost, INT, "Lost"),
	FIELD(struct process_review, lost_done, INT, "of them with it"),
	FIELD(struct process_review, opened_on, DAY, "Opened on", .required = 1, .list = 1, .filter = 1),
	FIELD(struct process_review, due, DAY, "Answer due", .required = 1, .list = 1, .filter = 1),
	FIELD(struct process_review, opened_by, REF, "Opened by", .ref = &person_record),
	FIELD(struct process_review, answer, CHOICE, "Answer", .choices = review_answer_choices, .list = 1,
	        .filter = 1),
	FIELD(struct process_review, reason, LONG, "Reason", .most = 2000),
	FIELD(struct process_review, answered_on, DAY, "Answered on", .list = 1, .filter = 1),
	FIELD(struct process_review, draft, REF, "Led to the version", .ref = &process_record),
};

const struct record process_review_record = {
	.name = "process_review",
	.api = "process-reviews",
	.table = "process_review",
	.label = "process review",
	.plural = "process reviews",
	.size = sizeof(struct process_review),
	FIELDS(review_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.index = (const char *const[]){ "person answered_on", "step", NULL },
	.purpose =
	        "What the figures asked of the leader of the process, and the answer (P7): fault of process or people.",
	.retention = "As long as the process.",
	.check = review_check,
};

/* ---- whose it is ---- */

enum err
review_leader(struct conn *c, struct arena *a, id org, id *ret)
{
	struct rows rows;
	id found = 0, head = 0;
	enum err e = db_query(c, a,
	        "select p.id from obligation o join person p on p.org_id = o.org_id and p.id = o.person where o.org_id "
	        "= "
	        "$1 and o.duty = 'process_review' and o.state <> 'ended' and p.left_on is null order by (select "
	        "count(*) "
	        "from line l where l.org_id = p.org_id and l.below = p.id and l.to_day is null), p.id limit 1",
	        DB_ARGS(DB_I(org)), &rows);

	if (e == OK && db_next(&rows))
		found = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && !found)
		e = db_one_int(c, "select coalesce(head, 0) from company where org_id = $1", DB_ARGS(DB_I(org)), &head);
	if (e == ERR_ABSENT)
		e = OK;
	if (e == OK)
		*ret = found ? found : head;
	return e;
}

/* ---- the duty (A2a) ---- */

/* From which day on the duty was agreed; DAY_NONE: never. */
static enum err
agreed_since(struct conn *c, struct arena *a, id org, id person, day *ret_from, day *ret_to)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select agreed_on, to_day from obligation where org_id = $1 and person = $2 and duty = "
	        "'process_review' "
	        "and agreed_on is not null order by agreed_on limit 1",
	        DB_ARGS(DB_I(org), DB_I(person)), &rows);

	*ret_from = *ret_to = DAY_NONE;
	if (e == OK && db_next(&rows)) {
		*ret_from = db_day(&rows, 0);
		*ret_to = db_day(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
first_answer(struct conn *c, struct arena *a, id org, id person, day from, day to, day *ret)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select min(answered_on) from process_review where org_id = $1 and person = $2 and answered_on >= $3 "
	        "and "
	        "answered_on <= $4",
	        DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, from), db_day_value(a, to)), &rows);

	*ret = DAY_NONE;
	if (e == OK && db_next(&rows) && !db_is_null(&rows, 0))
		*ret = db_day(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

enum err
review_quarters(struct conn *c, struct arena *a, id org, id person, day today, struct review_quarter *ret, size_t n)
{
	day since, until;
	enum err e = agreed_since(c, a, org, person, &since, &until);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct review_quarter *q = &ret[i];
		q->from = day_add_months(day_quarter(today), -3 * (int)(n - 1 - i));
		day to = day_add(day_add_months(q->from, 3), -1);
		e = first_answer(c, a, org, person, q->from, to, &q->on);
		q->state = day_is(q->on)                          ? REVIEW_KEPT
		           : !day_is(since) || since.n > to.n     ? REVIEW_NOT_PROMISED
		           : day_is(until) && until.n < q->from.n ? REVIEW_NOT_PROMISED
		           : to.n >= today.n                      ? REVIEW_DUE
		                                                  : REVIEW_MISSED;
	}
	return e;
}

/* ---- the list ---- */

enum err
review_list(struct conn *c, struct arena *a, const struct grant *g, id person, bool open_only, struct review_line **ret,
        size_t *ret_n)
{
	struct review_line *line = arena_new(a, struct review_line, LINES_MOST);
	size_t n = 0;
	struct rows rows;
	str sql = str_fmt(a,
	        "select %.*s, p.name, r.name, coalesce(t.name, ''), coalesce(b.name, ''), coalesce(d.name, '') from "
	        "process_review x join person p on p.org_id = x.org_id and p.id = x.person join process r on r.org_id "
	        "= "
	        "x.org_id and r.id = x.process left join step t on t.org_id = x.org_id and t.id = x.step left join "
	        "person b "
	        "on b.org_id = x.org_id and b.id = x.opened_by left join process d on d.org_id = x.org_id and d.id = "
	        "x.draft "
	        "where x.org_id = $1 and $2 = $2 and ($3 = 0 or x.person = $3)%s {may:leadership x.person} order by "
	        "case "
	        "when x.answered_on is null then 0 else 1 end, case when x.answered_on is null then x.due end, "
	        "x.answered_on desc, x.id limit 60",
	        STR_ARG(record_columns(a, &process_review_record, "x")), open_only ? " and x.answered_on is null" : "");
	enum err e = record_query(c, a, g, str_z(a, sql), DB_ARGS(DB_I(person)), &rows);

	while (e == OK && n < LINES_MOST && db_next(&rows)) {
		struct review_line *x = &line[n++];
		int at = record_read(&rows, &process_review_record, 0, &x->r);
		x->who = db_text(&rows, at);
		x->process = db_text(&rows, at + 1);
		x->step = db_text(&rows, at + 2);
		x->by = db_text(&rows, at + 3);
		x->draft = db_text(&rows, at + 4);
	}
	*ret = line;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* ---- opening by the rule ---- */

/* Open, or answered not long ago. */
static enum err
is_asked(struct conn *c, struct arena *a, id org, id step, day today, bool *ret)
{
	int64_t n = 0;
	enum err e = db_one_int(c,
	        "select count(*) from process_review where org_id = $1 and step = $2 and (answered_on is null or "
	        "answered_on >= $3)",
	        DB_ARGS(DB_I(org), DB_I(step), db_day_value(a, day_add(today, -REVIEW_QUIET))), &n);

	*ret = n > 0;
	return e;
}

enum err
review_missing(struct conn *c, struct arena *a, id org, day today, const struct judge *j, size_t *ret)
{
	size_t n = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < j->n; i++) {
		bool asked = true;
		if (judge_asks(&j->step[i]))
			e = is_asked(c, a, org, j->step[i].step, today, &asked);
		n += !asked;
	}
	if (e == OK)
		*ret = n;
	return e;
}

void
review_fill(struct process_review *r, const struct judge_step *x)
{
	r->n = x->skipped.den;
	r->n_skipped = x->skipped.num;
	r->n_won = x->won.den;
	r->won_done = x->won.num;
	r->n_lost = x->lost.den;
	r->lost_done = x->lost.num;
}

static void
by_rule(struct process_review *r, const struct judge_step *x, id person, day today)
{
	record_init(&process_review_record, r);
	r->person = person;
	r->process = x->process;
	r->step = x->step;
	r->found = x->by_most ? REVIEW_SKIPPED : REVIEW_SAME;
	r->opened_on = today;
	r->due = day_add(today, REVIEW_DAYS);
	review_fill(r, x);
}

enum err
review_ensure(struct change *c, const struct judge *j)
{
	id leader = 0;
	enum err e = review_leader(c->conn, c->arena, c->grant->org, &leader);

	for (size_t i = 0; e == OK && leader && i < j->n; i++) {
		bool asked = true;
		struct process_review r;
		if (judge_asks(&j->step[i]))
			e = is_asked(c->conn, c->arena, c->grant->org, j->step[i].step, c->today, &asked);
		if (e != OK || asked)
			continue;
		by_rule(&r, &j->step[i], leader, c->today);
		e = record_save(c, &process_review_record, &r);
	}
	return e;
}
