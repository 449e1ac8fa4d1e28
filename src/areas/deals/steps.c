#include <string.h>

#include "areas/deals/steps.h"

#define STEPS_MOST 600

static const char *const activity_codes[] = { "", "call", "mail", "meeting", "task", "note", NULL };

/* The next right step first: open before done, then by importance; the process's own order decides the rest. */
static void
place(struct step_row *rows, size_t n, const struct step_row *fresh)
{
	size_t at = n;

	while (at > 0 && ((rows[at - 1].done && !fresh->done) ||
	                         (!rows[at - 1].done == !fresh->done && !fresh->done &&
	                                 rows[at - 1].step->importance < fresh->step->importance))) {
		rows[at] = rows[at - 1];
		at--;
	}
	rows[at] = *fresh;
}

static void
read_step(struct request *r, const struct rows *rows, struct deal_view *v)
{
	struct step *s = arena_new(r->arena, struct step, 1);
	struct step_row *x = &v->all[v->n_all++];
	int k = record_read(rows, &step_record, 0, s);

	*x = (struct step_row){ .step = s,
		.done = db_int(rows, k),
		.by = db_text(rows, k + 1),
		.on_day = db_day(rows, k + 2),
		.answer = db_text(rows, k + 3),
		.stage = db_text(rows, k + 4) };
	if (x->done && s->points != NO_INT)
		v->sum += s->points;
	if (s->stage != v->d->stage)
		return;
	v->n_done += x->done != 0;
	place(v->steps, v->n_steps++, x);
}

enum err
steps_load(struct request *r, struct deal_view *v)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %.*s, coalesce(x.id, 0), coalesce(p.name, ''), x.on_day, coalesce(x.answer, ''), g.name from "
	        "stage "
	        "g join step t on t.org_id = g.org_id and t.stage = g.id left join step_done x on x.org_id = t.org_id "
	        "and "
	        "x.step = t.id and x.deal = $2 left join person p on p.org_id = x.org_id and p.id = x.person where "
	        "g.org_id = $1 and g.process = $3 order by g.position, g.id, t.position, t.id limit 600",
	        STR_ARG(record_columns(r->arena, &step_record, "t")));
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql),
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->d->row.id), DB_I(v->d->process)), &rows);

	if (e != OK)
		return e;
	v->n_all = v->n_steps = v->n_done = 0;
	v->sum = 0;
	v->all = arena_new(r->arena, struct step_row, STEPS_MOST);
	v->steps = arena_new(r->arena, struct step_row, STEPS_MOST);
	while (v->n_all < STEPS_MOST && db_next(&rows))
		read_step(r, &rows, v);
	return db_end(&rows);
}

static str
choice_words(const struct choice *all, str code)
{
	for (; all->code; all++)
		if (str_eq(str_of(all->code), code))
			return str_of(all->label);
	return code;
}

static enum err
load_stakeholders(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select k.name, x.role, x.influence, x.attitude from stakeholder x join contact k on k.org_id = "
	        "x.org_id and "
	        "k.id = x.contact where x.org_id = $1 and x.deal = $2 order by x.id limit 60",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->d->row.id)), &rows);

	v->stakeholders = arena_new(r->arena, struct stakeholder_row, 60);
	while (e == OK && v->n_stakeholders < 60 && db_next(&rows))
		v->stakeholders[v->n_stakeholders++] = (struct stakeholder_row){ db_text(&rows, 0), db_text(&rows, 1),
			choice_words(influence_choices, db_text(&rows, 2)),
			choice_words(attitude_choices, db_text(&rows, 3)) };
	return e == OK ? db_end(&rows) : e;
}

enum err
steps_load_made(struct request *r, struct deal_view *v)
{
	struct rows rows;
	enum err e = load_stakeholders(r, v);

	if (e == OK)
		e = db_query(r->conn, r->arena,
		        "select x.name, x.address, coalesce(p.name, ''), x.on_day from document x left join person p "
		        "on "
		        "p.org_id = x.org_id and p.id = x.person where x.org_id = $1 and x.deal = $2 order by x.id "
		        "desc "
		        "limit 60",
		        DB_ARGS(DB_I(r->actor.org), DB_I(v->d->row.id)), &rows);
	if (e != OK)
		return e;
	v->documents = arena_new(r->arena, struct document_row, 60);
	while (v->n_documents < 60 && db_next(&rows))
		v->documents[v->n_documents++] = (struct document_row){ db_text(&rows, 0), db_text(&rows, 1),
			db_text(&rows, 2), db_day(&rows, 3) };
	return db_end(&rows);
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

/* Who is known at the account is not entered a second time. */
static enum err
find_contact(struct change *c, const struct completion *x, id *ret)
{
	struct contact made;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select id from contact where org_id = $1 and account = $2 and name_key = $3 order by id limit 1",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->deal->account), DB_T(str_fold(c->arena, x->answer))), &rows);

	if (e != OK)
		return e;
	id there = db_next(&rows) ? db_int(&rows, 0) : 0;
	e = db_end(&rows);
	if (e == OK && !there) {
		record_init(&contact_record, &made);
		made.account = x->deal->account;
		made.name = x->answer;
		made.title = x->role;
		e = record_save(c, &contact_record, &made);
		there = made.row.id;
	}
	if (e == OK)
		*ret = there;
	return e;
}

/* Found again in another step: what is known of them now counts. */
static enum err
make_stakeholder(struct change *c, const struct completion *x, id *ret)
{
	struct stakeholder made;
	struct rows rows;
	id contact = 0, there = 0;
	enum err e = find_contact(c, x, &contact);

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
complete(struct change *c, const struct completion *x)
{
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
static enum err
may_write_deal(struct change *c, id deal)
{
	struct rows rows;
	enum err e = record_query(c->conn, c->arena, c->grant,
	        "select d.id from deal d where d.org_id = $1 and $2 = $2 and d.id = $3 {mayw:deals d.owner}",
	        DB_ARGS(DB_I(deal)), &rows);

	if (e != OK)
		return e;
	bool may = db_next(&rows);
	e = db_end(&rows);
	return e != OK || may ? e : ERR_DENIED;
}

/* The contact at the account and what another person entered are not the seller's own rows; the deal is what they must
   be able to write, and that was asked. */
static enum err
for_the_deal(struct change *c, id deal, enum err (*fn)(struct change *c, const struct completion *x),
        const struct completion *x)
{
	const struct grant *own = c->grant;
	struct grant all = grant_all(own->org, own->login, own->person, "a step of a deal that is theirs to write");
	enum err e = may_write_deal(c, deal);

	if (e != OK)
		return e;
	c->grant = &all;
	e = fn(c, x);
	c->grant = own;
	return e;
}

enum err
step_complete(struct change *c, const struct completion *x)
{
	return for_the_deal(c, x->deal->row.id, complete, x);
}

/* ---- one step from the deal's page ---- */

struct answering {
	struct completion said;
	id there; /* the completion that was seen; 0: the step was open */
};

static enum err
take_back(struct change *c, const struct completion *x)
{
	struct rows rows;
	id there = 0;
	int64_t version = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select id, version from step_done where org_id = $1 and deal = $2 and step = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->deal->row.id), DB_I(x->step->row.id)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		there = db_int(&rows, 0);
		version = db_int(&rows, 1);
	}
	e = db_end(&rows);
	return e == OK && there ? record_remove(c, &step_done_record, there, version) : e;
}

static enum err
answer_work(struct change *c, void *what)
{
	struct answering *a = what;

	return a->there ? for_the_deal(c, a->said.deal->row.id, take_back, &a->said) : step_complete(c, &a->said);
}

enum err
step_answer(struct request *r, const struct deal *d, id step, id *ret_set)
{
	struct deal_view v = { .d = d };
	struct answering a = { 0 };
	enum err e = steps_load(r, &v);

	for (size_t i = 0; e == OK && i < v.n_all; i++)
		if (v.all[i].step->row.id == step) {
			a.said = (struct completion){ .deal = d, .step = v.all[i].step, .person = r->actor.person };
			a.there = v.all[i].done;
		}
	if (e != OK)
		return e;
	if (!a.said.step)
		return fault_add(&r->faults, STR("step"), STR("is no step of this deal's process"),
		        STR("open the deal again and choose one"));
	if (!a.there && a.said.step->kind > STEP_TICK && !step_take(r, d, a.said.step, &a.said)) {
		if (!r->faults.n)
			wrong(r, a.said.step, "", "is missing", "fill it in to complete the step");
		return ERR_INPUT;
	}
	return page_change(r,
	        str_fmt(r->arena, "%.*s: %s", STR_ARG(a.said.step->name), a.there ? "open again" : "done"), answer_work,
	        &a, ret_set);
}
