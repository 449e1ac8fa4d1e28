#include "areas/coaching/sheet.h"

#include "areas/coaching/framework_view.h"
#include "areas/coaching/view.h"

static enum err
answer_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct sheet_answer *was = before, *x = after;

	(void)c;
	if (was && x && was->reader && !str_eq(was->text, x->text))
		fault_add(f, STR("sheet"), STR("has been read by the other and stays"), STR("say more when you meet"));
	return OK;
}

static const struct field answer_fields[] = {
	FIELD(struct sheet_answer, session, REF, "Session", .required = 1, .ref = &session_record),
	FIELD(struct sheet_answer, author, REF, "Written by", .required = 1, .ref = &person_record),
	FIELD(struct sheet_answer, reader, REF, "Read by", .ref = &person_record),
	FIELD(struct sheet_answer, phase, REF, "Sheet", .required = 1, .ref = &framework_phase_record),
	FIELD(struct sheet_answer, question, INT, "Question", .required = 1),
	FIELD(struct sheet_answer, text, LONG, "Answer", .required = 1, .most = 2000),
};

const struct record sheet_answer_record = {
	.name = "sheet_answer",
	.table = "sheet_answer",
	.label = "answer on a sheet",
	.plural = "answers on sheets",
	.size = sizeof(struct sheet_answer),
	FIELDS(answer_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "author reader",
	.unique = (const char *const[]){ "session author phase question", NULL },
	.index = (const char *const[]){ "phase", NULL },
	.purpose =
	        "What each of the two thought about before they met; the other reads it once both have written (C2c).",
	.retention = "Two years.",
	.check = answer_check,
};

/* ---- reading ---- */

static void
list_questions(struct request *r, const struct framework_whole *w, struct sheet_part *ret)
{
	for (size_t i = 0; i < w->n_phases; i++) {
		str rest = w->phases[i].questions, one;
		int64_t k = 0;
		while (w->phases[i].kind == PHASE_SHEET && ret->n < sizeof ret->q / sizeof *ret->q &&
		        framework_question(&rest, &one)) {
			ret->q[ret->n++] = (struct sheet_question){ .phase = w->phases[i].row.id,
				.question = k,
				.words = one,
				.name = str_fmt(r->arena, "q%zu_%lld", i, (long long)k) };
			k++;
		}
	}
}

static enum err
load_answers(struct request *r, const struct session *s, struct sheet_part *ret)
{
	static const char sql[] =
	        "select a.author, a.phase, a.question, a.text, a.reader from sheet_answer a where a.org_id = $1 and "
	        "$2 = $2 and a.session = $3 {may:session_text a.author a.reader} order by a.id";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_I(s->row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		bool mine = db_int(&rows, 0) == r->actor.person;
		for (size_t i = 0; i < ret->n; i++) {
			struct sheet_question *q = &ret->q[i];
			if (q->phase != db_int(&rows, 1) || q->question != db_int(&rows, 2))
				continue;
			*(mine ? &q->mine : &q->theirs) = db_text(&rows, 3);
			ret->i_wrote = ret->i_wrote || mine;
			ret->opened = ret->opened || !db_is_null(&rows, 4);
		}
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
sheet_load(struct request *r, const struct session *s, const struct framework_whole *w, struct sheet_part *ret)
{
	int64_t n = 0;
	enum err e;

	*ret = (struct sheet_part){ 0 };
	list_questions(r, w, ret);
	if (!ret->n)
		return OK;
	e = load_answers(r, s, ret);
	if (e == OK) /* that the other has written is no secret; what is */
		e = db_one_int(r->conn,
		        "select count(*) from sheet_answer where org_id = $1 and session = $2 and author <> $3",
		        DB_ARGS(DB_I(r->actor.org), DB_I(s->row.id), DB_I(r->actor.person)), &n);
	ret->they_wrote = n > 0;
	ret->may =
	        (r->actor.person == s->coach || r->actor.person == s->coachee) && !ret->opened && !day_is(s->held_on);
	return e;
}

/* ---- writing ---- */

struct sheet_work {
	struct session s;
	const struct sheet_part *sheet;
	id me;
};

static enum err
load_one(struct change *c, const struct sheet_work *w, const struct sheet_question *q, struct sheet_answer *ret)
{
	struct rows rows;
	int64_t there = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select id from sheet_answer where org_id = $1 and session = $2 and author = $3 and phase = $4 and "
	        "question = $5",
	        DB_ARGS(DB_I(c->grant->org), DB_I(w->s.row.id), DB_I(w->me), DB_I(q->phase), DB_I(q->question)), &rows);

	record_init(&sheet_answer_record, ret);
	if (e == OK && db_next(&rows))
		there = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	return e == OK && there ? record_load(c->conn, c->arena, c->grant, &sheet_answer_record, there, ret) : e;
}

/* Once both have written, each names the other as its reader. */
static enum err
open_both(struct change *c, const struct sheet_work *w)
{
	struct list l = { .record = &sheet_answer_record, .n_filters = 1, .limit = 100 };
	struct list_result found;
	bool by_coach = false, by_coachee = false;
	enum err e;

	l.filters[0] = (struct filter){ record_field(&sheet_answer_record, STR("session")), OP_IS,
		str_fmt(c->arena, "%lld", (long long)w->s.row.id), NULL };
	e = record_list(c->conn, c->arena, c->grant, &l, &found);
	for (size_t i = 0; e == OK && i < found.n; i++) {
		id author = ((struct sheet_answer *)found.rows)[i].author;
		by_coach = by_coach || author == w->s.coach;
		by_coachee = by_coachee || author == w->s.coachee;
	}
	for (size_t i = 0; e == OK && by_coach && by_coachee && i < found.n; i++) {
		struct sheet_answer x = ((struct sheet_answer *)found.rows)[i];
		x.reader = x.author == w->s.coach ? w->s.coachee : w->s.coach;
		e = record_save(c, &sheet_answer_record, &x);
	}
	return e;
}

static enum err
sheet_work(struct change *c, void *what)
{
	const struct sheet_work *w = what;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->sheet->n; i++) {
		const struct sheet_question *q = &w->sheet->q[i];
		struct sheet_answer x;
		e = load_one(c, w, q, &x);
		if (e != OK || (!q->mine.n && !x.row.id))
			continue;
		if (!q->mine.n) {
			e = record_remove(c, &sheet_answer_record, x.row.id, x.row.version);
			continue;
		}
		x.session = w->s.row.id;
		x.author = w->me;
		x.phase = q->phase;
		x.question = q->question;
		x.text = q->mine;
		e = record_save(c, &sheet_answer_record, &x);
	}
	return e == OK ? open_both(c, w) : e;
}

enum err
sheet_act(struct request *r)
{
	/* the other's rows are written too, when they open; each text only by its author */
	struct grant g =
	        grant_all(r->actor.org, r->actor.login, r->actor.person, "a sheet of one's own, and opening both");
	struct framework_whole *frame = arena_new(r->arena, struct framework_whole, 1);
	struct sheet_part sheet;
	struct sheet_work w = { .sheet = &sheet, .me = r->actor.person };
	bool any = false;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], &w.s);

	if (e == OK && w.me != w.s.coach && w.me != w.s.coachee)
		e = w.me == w.s.second ? ERR_DENIED : ERR_ABSENT;
	if (e == OK && w.s.framework)
		e = framework_load(r->conn, r->arena, &r->grant, w.s.framework, frame);
	if (e == OK)
		e = sheet_load(r, &w.s, frame, &sheet);
	if (e != OK)
		return e;
	if (!sheet.may)
		fault_add(&r->faults, STR("sheet"),
		        sheet.n ? STR("has been read by the other, or the session is over: it stays")
		                : STR("is none: the framework has no sheet"),
		        STR("say more when you meet"));
	for (size_t i = 0; i < sheet.n; i++) {
		sheet.q[i].mine = str_trim(page_field(r, str_z(r->arena, sheet.q[i].name)));
		any = any || sheet.q[i].mine.n;
	}
	if (!any && !r->faults.n)
		fault_add(&r->faults, STR("sheet"), STR("is empty"), STR("answer at least one of its questions"));
	e = r->faults.n ? ERR_INPUT : page_change_as(r, &g, STR("Sheet written"), sheet_work, &w, &set);
	if (e == ERR_INPUT)
		return session_show(r);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/coaching/%.*s/session#sheet",
	                                 STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}
