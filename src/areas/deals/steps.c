#include <string.h>

#include "areas/deals/steps.h"

static const char *const activity_codes[] = { "", "call", "mail", "meeting", "task", "note", NULL };

/* Where a step stands among the open ones: the weightiest first, those that wait for another behind all others. */
static int
weight(const struct step_row *x)
{
	return x->done ? -100 : x->waits ? x->step->importance - 50 : x->step->importance;
}

/* The next right step first: open before done, then by importance; the process's own order decides the rest. */
static void
place(struct step_row *rows, size_t n, const struct step_row *fresh)
{
	size_t at = n;

	while (at > 0 && weight(&rows[at - 1]) < weight(fresh)) {
		rows[at] = rows[at - 1];
		at--;
	}
	rows[at] = *fresh;
}

static struct step_row *
row_of(struct deal_view *v, id step)
{
	for (size_t i = 0; i < v->n_all; i++)
		if (v->all[i].step->row.id == step)
			return &v->all[i];
	return NULL;
}

/* P3: steps whose condition does not hold are not there. */
static void
list_steps(struct request *r, struct deal_view *v)
{
	v->n_all = 0;
	v->all = arena_new(r->arena, struct step_row, v->guide.n_steps + 1);
	for (size_t i = 0; i < v->guide.n_steps; i++) {
		const struct stage *s = guide_stage(&v->guide, v->guide.steps[i].stage);
		if (!v->guided.steps[i].shown || !s)
			continue;
		v->all[v->n_all++] = (struct step_row){ .step = &v->guide.steps[i],
			.stage = s->name,
			.position = s->position,
			.on_day = DAY_NONE,
			.waits = v->guided.steps[i].waits };
	}
}

enum err
steps_load(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.step, x.id, coalesce(p.name, ''), x.on_day, coalesce(x.answer, '') from step_done x left "
	        "join "
	        "person p on p.org_id = x.org_id and p.id = x.person where x.org_id = $1 and x.deal = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->d->row.id)), &rows);

	if (e != OK)
		return e;
	list_steps(r, v);
	while (db_next(&rows)) {
		struct step_row *x = row_of(v, db_int(&rows, 0));
		if (!x)
			continue;
		x->done = db_int(&rows, 1);
		x->by = db_text(&rows, 2);
		x->on_day = db_day(&rows, 3);
		x->answer = db_text(&rows, 4);
	}
	v->sum = v->guided.sum;
	v->n_steps = v->n_done = 0;
	v->steps = arena_new(r->arena, struct step_row, v->n_all + 1);
	for (size_t i = 0; i < v->n_all; i++) {
		if (v->all[i].step->stage != v->d->stage)
			continue;
		v->n_done += v->all[i].done != 0;
		place(v->steps, v->n_steps++, &v->all[i]);
	}
	return db_end(&rows);
}

str
choice_words(const struct choice *all, str code)
{
	for (; all->code; all++)
		if (str_eq(str_of(all->code), code))
			return str_of(all->label);
	return code;
}

/* ---- what was said in a form ---- */

const char *
step_name(struct request *r, const struct step *s, const char *part)
{
	return str_z(r->arena,
	        str_fmt(r->arena, "s-%.*s%s%s", STR_ARG(id_text(r->arena, s->row.id)), *part ? "-" : "", part));
}

static bool
wrong(struct request *r, const struct step *s, const char *part, const char *what, const char *mend)
{
	fault_add(&r->faults, str_of(step_name(r, s, part)), str_of(what), str_of(mend));
	return false;
}

static bool
is_ticked(const struct request *r, const struct step *s)
{
	id step;

	for (size_t i = 0; i < r->http->n_form; i++)
		if (str_eq(r->http->form[i].name, STR("tick")) && id_parse(r->http->form[i].value, &step) &&
		        step == s->row.id)
			return true;
	return false;
}

static bool
offers(str options, str answer)
{
	str one;

	while (step_option(&options, &one))
		if (str_eq(one, answer))
			return true;
	return false;
}

static int
choice_at(const struct choice *all, str code)
{
	for (int i = 1; all[i].code; i++)
		if (str_eq(str_of(all[i].code), code))
			return i;
	return 0;
}

static bool
take_stakeholder(struct request *r, const struct step *s, struct completion *x)
{
	x->role = str_trim(page_field(r, step_name(r, s, "role")));
	x->influence = choice_at(influence_choices, page_field(r, step_name(r, s, "influence")));
	x->attitude = choice_at(attitude_choices, page_field(r, step_name(r, s, "attitude")));
	if (!x->role.n || str_letters(x->role) > 200)
		return wrong(r, s, "role", "is missing or too long", "say what they do there, in a few words");
	if (!x->influence)
		return wrong(r, s, "influence", "is missing", "choose one");
	return x->attitude || wrong(r, s, "attitude", "is missing", "choose one");
}

static bool
take_document(struct request *r, const struct step *s, struct completion *x)
{
	x->address = str_trim(page_field(r, step_name(r, s, "address")));
	if (str_letters(x->address) > 500)
		return wrong(r, s, "address", "is too long", "give a shorter link");
	return str_starts(x->address, STR("https://")) || str_starts(x->address, STR("http://")) ||
	       wrong(r, s, "address", "is no web address", "paste the link to it, from https:// on");
}

static bool
take_activity(struct request *r, const struct step *s, struct completion *x)
{
	for (x->kind = 1; activity_codes[x->kind]; x->kind++)
		if (str_eq(str_of(activity_codes[x->kind]), page_field(r, step_name(r, s, "kind"))))
			return x->person || wrong(r, s, "", "needs somebody who did it",
			                            "an administrator who is no person of the company cannot note it");
	return wrong(r, s, "kind", "is missing", "choose what it was");
}

static bool
take_kind(struct request *r, const struct step *s, struct completion *x)
{
	double number;

	switch (s->kind) {
	case STEP_NUMBER:
		return str_to_double(x->answer, &number) ||
		       wrong(r, s, "", "is no number", "write digits only, as 12500 or 12.5");
	case STEP_CHOICE:
		return offers(s->options, x->answer) || wrong(r, s, "", "is none of the choices", "choose one of them");
	case STEP_STAKEHOLDER:
		return take_stakeholder(r, s, x);
	case STEP_ACTIVITY:
		return take_activity(r, s, x);
	case STEP_DOCUMENT:
		return take_document(r, s, x);
	default:
		return true;
	}
}

bool
step_take(struct request *r, const struct deal *d, const struct step *s, struct completion *ret)
{
	struct completion x = { .deal = d, .step = s, .person = r->actor.person };
	size_t most = s->kind == STEP_TEXT || s->kind == STEP_QUESTION ? 500 : 200;

	*ret = x;
	if (s->kind <= STEP_TICK)
		return is_ticked(r, s);
	x.answer = str_trim(page_field(r, step_name(r, s, "")));
	if (!x.answer.n)
		return false;
	if (str_letters(x.answer) > most)
		return wrong(r, s, "", "is too long", "say it in fewer words");
	if (!take_kind(r, s, &x))
		return false;
	*ret = x;
	return true;
}

/* ---- what completing makes ---- */

static enum err
make_activity(struct change *c, const struct completion *x, id *ret)
{
	struct activity made;
	enum err e;

	record_init(&activity_record, &made);
	made.deal = x->deal->row.id;
	made.account = x->deal->account;
	made.person = x->person;
	made.kind = x->kind;
	made.on_day = c->today;
	made.subject = x->answer;
	e = record_save(c, &activity_record, &made);
	if (e == OK)
		*ret = made.row.id;
	return e;
}

/* Found again in another step: what is known of them now counts. */
static enum err
make_stakeholder(struct change *c, const struct completion *x, id *ret)
{
	struct stakeholder made;
	struct rows rows;
	id contact = 0, there = 0;
	enum err e = parts_contact(c, x->deal, x->answer, x->role, &contact);

	record_init(&stakeholder_record, &made);
	if (e == OK)
		e = db_query(c->conn, c->arena,
		        "select id from stakeholder where org_id = $1 and deal = $2 and contact = $3",
		        DB_ARGS(DB_I(c->grant->org), DB_I(x->deal->row.id), DB_I(contact)), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows))
		there = db_int(&rows, 0);
	e = db_end(&rows);
	if (e == OK && there)
		e = record_load(c->conn, c->arena, c->grant, &stakeholder_record, there, &made);
	made.deal = x->deal->row.id;
	made.contact = contact;
	made.person = x->person;
	made.role = x->role;
	made.influence = x->influence;
	made.attitude = x->attitude;
	if (e == OK)
		e = record_save(c, &stakeholder_record, &made);
	if (e == OK)
		*ret = made.row.id;
	return e;
}

static enum err
make_document(struct change *c, const struct completion *x, id *ret)
{
	struct document made;
	enum err e;

	record_init(&document_record, &made);
	made.deal = x->deal->row.id;
	made.person = x->person;
	made.on_day = c->today;
	made.name = x->answer;
	made.address = x->address;
	e = record_save(c, &document_record, &made);
	if (e == OK)
		*ret = made.row.id;
	return e;
}

static enum err
complete(struct change *c, void *what)
{
	const struct completion *x = what;
	struct step_done done;
	enum err e = OK;

	record_init(&step_done_record, &done);
	done.deal = x->deal->row.id;
	done.step = x->step->row.id;
	done.person = x->person;
	done.on_day = c->today;
	done.answer = x->answer;
	if (x->step->kind == STEP_ACTIVITY)
		e = make_activity(c, x, &done.activity);
	else if (x->step->kind == STEP_STAKEHOLDER)
		e = make_stakeholder(c, x, &done.stakeholder);
	else if (x->step->kind == STEP_DOCUMENT)
		e = make_document(c, x, &done.document);
	return e == OK ? record_save(c, &step_done_record, &done) : e;
}

/* O3: a step is completed by whoever may write the deal, and taken back as well, whoever completed it. */
enum err
step_complete(struct change *c, const struct completion *x)
{
	struct completion said = *x;

	return parts_of_deal(c, x->deal->row.id, complete, &said);
}

/* ---- one step from the deal's page ---- */

struct answering {
	struct completion said;
	id there; /* the completion that was seen; 0: the step was open */
};

/* What completing made goes with it, as long as nobody has worked on it since and no other step stands on it. */
static enum err
remove_made(struct change *c, const struct record *r, id made, const char *column)
{
	struct row *x = arena_alloc(c->arena, r->size, _Alignof(max_align_t));
	int64_t others = 0;
	str sql = str_fmt(c->arena, "select count(*) from step_done where org_id = $1 and %s = $2", column);
	enum err e = made ? record_load(c->conn, c->arena, c->grant, r, made, x) : ERR_ABSENT;

	if (e == OK)
		e = db_one_int(c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(made)), &others);
	if (e != OK || others || x->version > 1)
		return e == ERR_ABSENT ? OK : e;
	return record_remove(c, r, made, x->version);
}

static enum err
take_back(struct change *c, void *what)
{
	const struct completion *x = what;
	struct step_done done;
	struct rows rows;
	id there = 0;
	enum err e =
	        db_query(c->conn, c->arena, "select id from step_done where org_id = $1 and deal = $2 and step = $3",
	                DB_ARGS(DB_I(c->grant->org), DB_I(x->deal->row.id), DB_I(x->step->row.id)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		there = db_int(&rows, 0);
	e = db_end(&rows);
	if (e != OK || !there)
		return e;
	e = record_load(c->conn, c->arena, c->grant, &step_done_record, there, &done);
	if (e == OK)
		e = record_remove(c, &step_done_record, there, done.row.version);
	if (e == OK)
		e = remove_made(c, &activity_record, done.activity, "activity");
	if (e == OK)
		e = remove_made(c, &stakeholder_record, done.stakeholder, "stakeholder");
	return e == OK ? remove_made(c, &document_record, done.document, "document") : e;
}

static enum err
answer_work(struct change *c, void *what)
{
	struct answering *a = what;

	return a->there ? parts_of_deal(c, a->said.deal->row.id, take_back, &a->said) : step_complete(c, &a->said);
}

enum err
step_answer(struct request *r, const struct deal *d, id step, id *ret_set)
{
	struct deal_view v = { 0 };
	struct answering a = { 0 };
	bool waits = false;
	enum err e = one_load(r, d, &v);

	for (size_t i = 0; e == OK && i < v.n_all; i++)
		if (v.all[i].step->row.id == step) {
			a.said = (struct completion){ .deal = d, .step = v.all[i].step, .person = r->actor.person };
			a.there = v.all[i].done;
			waits = v.all[i].waits;
		}
	if (e != OK)
		return e;
	if (!a.said.step)
		return fault_add(&r->faults, STR("step"), STR("is no step of this deal's process"),
		        STR("open the deal again and choose one"));
	if (!a.there && waits) {
		wrong(r, a.said.step, "", "comes after another step", "complete that one first");
		return ERR_INPUT;
	}
	if (!a.there && a.said.step->kind > STEP_TICK && !step_take(r, d, a.said.step, &a.said)) {
		if (!r->faults.n)
			wrong(r, a.said.step, "", "is missing", "fill it in to complete the step");
		return ERR_INPUT;
	}
	return page_change(r,
	        str_fmt(r->arena, "%.*s: %s", STR_ARG(a.said.step->name), a.there ? "open again" : "done"), answer_work,
	        &a, ret_set);
}
