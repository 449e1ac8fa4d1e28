/* Proposing a new version of a paired agreement; the proposal bears the proposer's signature (A2). */
#include "areas/accountability/view.h"

#include "areas/accountability/agree_html.h"

#define OWED_MOST 20

/* ---- the form ---- */

static const struct agree_version *
stands(const struct agree_view *v)
{
	return v->next.a.row.id ? &v->next : &v->now;
}

static void
fill_input(struct request *r, const struct agree_form *f, struct agree_input *x, bool typed)
{
	const struct agree_version *now = stands(&f->agree);
	str key = measure_key(r->arena, &x->m);

	x->name = str_fmt(r->arena, "m-%.*s", STR_ARG(key));
	x->per_name = str_fmt(r->arena, "p-%.*s", STR_ARG(key));
	x->share = measure_is_share(&x->m);
	x->per = STR("week");
	for (size_t i = 0; i < RATIOS; i++)
		if (f->ratios[i].from == x->m.source)
			x->hint = f->ratios[i].words;
	for (size_t i = 0; i < now->n_does; i++)
		if (now->does[i].l.measure == x->m.row.id && x->m.row.id) {
			x->value = str_fmt(r->arena, "%lld", (long long)now->does[i].l.amount);
			if (now->does[i].l.per)
				x->per = str_of(measure_pers[now->does[i].l.per].code);
		}
	if (!typed)
		return;
	x->value = page_field(r, str_z(r->arena, x->name));
	if (page_field(r, str_z(r->arena, x->per_name)).n)
		x->per = page_field(r, str_z(r->arena, x->per_name));
}

static enum err
load_inputs(struct request *r, struct agree_form *f, int role, bool typed)
{
	struct measure *all;
	size_t n;
	enum err e = measures_load(r->conn, r->arena, r->actor.org, &all, &n);

	if (e != OK)
		return e;
	f->inputs = arena_new(r->arena, struct agree_input, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (all[i].role != role || all[i].source == FROM_REVENUE)
			continue; /* money has its target already */
		f->inputs[f->n_inputs].m = all[i];
		fill_input(r, f, &f->inputs[f->n_inputs++], typed);
	}
	return OK;
}

static bool
was_chosen(const struct agree_view *v, id obligation)
{
	const struct agree_version *now = stands(v);

	for (size_t i = 0; i < now->n_owes; i++)
		if (now->owes[i].l.obligation == obligation)
			return true;
	return !now->a.row.id; /* of a first one all stand */
}

/* What the leader owes those led, as agreed or proposed (A2a). */
static enum err
load_duties(struct request *r, struct agree_form *f, bool typed)
{
	const struct grant all = grant_all(r->actor.org, 0, 0, "duties are open to the company");
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select %.*s from obligation x where x.org_id = $1 and $2 = $2 and x.person = $3 and x.state <> "
	        "'ended' and x.duty not in ('charter', 'account_first', 'process_review', 'evidence', 'confirm', "
	        "'next_step') order by x.id limit %d",
	        STR_ARG(record_columns(r->arena, &obligation_record, "x")), OWED_MOST);
	enum err e = record_query(r->conn, r->arena, &all, str_z(r->arena, sql), DB_ARGS(DB_I(f->agree.leader)), &rows);

	f->duties = arena_new(r->arena, struct agree_duty, OWED_MOST);
	while (e == OK && f->n_duties < OWED_MOST && db_next(&rows)) {
		struct agree_duty *x = &f->duties[f->n_duties++];
		record_read(&rows, &obligation_record, 0, &x->o);
		x->words = obligation_words(r->arena, &x->o);
		x->name = str_fmt(r->arena, "o-%.*s", STR_ARG(id_text(r->arena, x->o.row.id)));
		x->chosen = typed ? page_field(r, str_z(r->arena, x->name)).n > 0 : was_chosen(&f->agree, x->o.row.id);
	}
	return e == OK ? db_end(&rows) : e;
}

static void
fill_words(struct request *r, struct agree_form *f, bool typed)
{
	const struct agree_version *now = stands(&f->agree);

	for (size_t i = 0; i < now->n_owes; i++)
		if (!now->owes[i].l.obligation)
			f->own_words = now->owes[i].l.words;
	f->from = day_iso(r->arena, r->today);
	if (!typed)
		return;
	f->own_words = page_field(r, "words");
	f->reason = page_field(r, "reason");
	f->from = page_field(r, "from_day");
}

static enum err
load_form(struct request *r, struct agree_form *f, bool typed)
{
	struct span s = span_of(r);
	struct card_ask ask;
	struct scorecard *card = arena_new(r->arena, struct scorecard, 1);
	id person = r->ids[0];
	enum err e;

	if (!scorecard_may(r->conn, r->actor.org, r->actor.person, person))
		return ERR_ABSENT;
	e = agree_load(r, person, s.from, s.to, &f->agree);
	if (e == OK && !f->agree.is_person && !f->agree.is_leader)
		return ERR_DENIED;
	fill_card_ask(r, person, &s, NULL, &ask);
	if (e == OK)
		e = ratios_load(&ask, f->ratios);
	ask.first = true;
	if (e == OK)
		e = scorecard_load(&ask, card);
	if (e == OK)
		e = load_inputs(r, f, card->role, typed);
	if (e == OK && f->agree.leader)
		e = load_duties(r, f, typed);
	if (e == OK)
		fill_words(r, f, typed);
	f->back = str_fmt(r->arena, "/scorecard/%.*s", STR_ARG(id_text(r->arena, person)));
	return e;
}

static enum err
show(struct request *r, const struct agree_form *f)
{
	struct crumb crumbs[] = { { STR("Scorecard"), STR("/scorecard") }, { f->agree.person_name, f->back } };
	struct page p = { .title = f->agree.now.a.row.id ? STR("Change the agreement") : STR("Paired agreement"),
		.crumbs = crumbs,
		.n_crumbs = 2 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_agree_form(&r->view, f, r);
	page_foot(r);
	return OK;
}

enum err
agree_form_page(struct request *r)
{
	struct agree_form f = { 0 };
	enum err e = load_form(r, &f, false);

	return e == OK ? show(r, &f) : e;
}

/* ---- proposing ---- */

struct propose_line {
	str key; /* of the measure: it may be written in the same change set */
	int role;
	struct agreement_line l;
};

struct propose {
	struct agreement a;
	id before; /* a proposal that this one takes the place of */
	struct propose_line lines[CARD_MOST + OWED_MOST + 1];
	size_t n;
	bool by_one; /* nobody else is there: it stands at once (O9) */
	id old;      /* then replaced */
};

static enum err
measure_of(struct change *c, const struct propose_line *x, id *ret)
{
	struct measure *all;
	size_t n;
	enum err e = measures_load(c->conn, c->arena, c->grant->org, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		if (all[i].role == x->role && str_eq(measure_key(c->arena, &all[i]), x->key)) {
			*ret = all[i].row.id;
			return OK;
		}
	return e == OK ? ERR_ABSENT : e;
}

/* Another stands in its place: kept, with the last day before it (versions are dated). */
static enum err
end_version(struct change *c, id which, int state, day to, const char *why)
{
	struct agreement x;
	enum err e = which ? record_load(c->conn, c->arena, c->grant, &agreement_record, which, &x) : ERR_ABSENT;

	if (e != OK)
		return which ? e : OK;
	x.state = state;
	if (state == AGREEMENT_REPLACED)
		x.to_day = to;
	if (why)
		x.reason = str_of(why);
	return record_save(c, &agreement_record, &x);
}

static enum err
propose_work(struct change *c, void *what)
{
	struct propose p = *(struct propose *)what; /* it may run twice */
	int state = p.a.state;
	enum err e = measures_ensure(c);

	p.a.state = AGREEMENT_PROPOSED;
	if (e == OK)
		e = end_version(c, p.before, AGREEMENT_DECLINED, DAY_NONE, "a newer proposal took its place");
	if (e == OK)
		e = record_save(c, &agreement_record, &p.a);
	for (size_t i = 0; e == OK && i < p.n; i++) {
		struct agreement_line *l = &p.lines[i].l;
		l->agreement = p.a.row.id;
		if (l->side == SIDE_DOES)
			e = measure_of(c, &p.lines[i], &l->measure);
		if (e == OK)
			e = record_save(c, &agreement_line_record, l);
	}
	if (e == OK && state == AGREEMENT_SIGNED) { /* O9 */
		p.a.state = state;
		e = record_save(c, &agreement_record, &p.a);
		if (e == OK)
			e = end_version(c, p.old, AGREEMENT_REPLACED, day_add(p.a.from_day, -1), NULL);
	}
	if (e == OK)
		((struct propose *)what)->a.row.id = p.a.row.id;
	return e;
}

static void
read_input(struct request *r, const struct agree_form *f, const struct agree_input *x, struct propose *p)
{
	struct propose_line *l = &p->lines[p->n];
	int64_t n;

	if (!x->value.n)
		return;
	if (!str_to_i64(x->value, &n) || n < 1 || n > 1000000 || (x->share && n > 100)) {
		fault_add(&r->faults, x->name, str_fmt(r->arena, "“%.*s” is no such number", STR_ARG(x->value)),
		        x->share ? STR("write a whole number from 1 to 100") : STR("write a whole number, 1 or more"));
		return;
	}
	record_init(&agreement_line_record, &l->l);
	l->key = measure_key(r->arena, &x->m);
	l->role = x->m.role;
	l->l.person = f->agree.person;
	l->l.leader = f->agree.leader;
	l->l.side = SIDE_DOES;
	l->l.amount = n;
	l->l.per = x->share ? PER_NONE : choice_of(measure_pers, x->per);
	if (!x->share && !l->l.per)
		fault_add(&r->faults, x->per_name, STR("is none of the three"), STR("choose week, month or quarter"));
	for (size_t i = 0; i < RATIOS; i++)
		if (f->ratios[i].from == x->m.source && f->ratios[i].enough) {
			l->l.acts = f->ratios[i].acts;
			l->l.closes = f->ratios[i].closes;
		}
	p->n++;
}

static void
read_owed(struct request *r, const struct agree_form *f, struct propose *p)
{
	size_t n = 0;

	for (size_t i = 0; i <= f->n_duties; i++) {
		struct propose_line *l = &p->lines[p->n];
		if (i < f->n_duties ? !f->duties[i].chosen : !f->own_words.n)
			continue;
		record_init(&agreement_line_record, &l->l);
		l->l.person = f->agree.person;
		l->l.leader = f->agree.leader;
		l->l.side = SIDE_OWES;
		if (i < f->n_duties)
			l->l.obligation = f->duties[i].o.row.id;
		else
			l->l.words = f->own_words;
		p->n++;
		n++;
	}
	if (!n && f->agree.leader)
		fault_add(&r->faults, STR("words"), STR("is missing: an agreement has two sides"),
		        STR("choose a duty of the leader, or say in words what is owed"));
}

static void
read_head(struct request *r, const struct agree_form *f, struct propose *p)
{
	const struct agree_view *v = &f->agree;
	struct agreement *a = &p->a;

	record_init(&agreement_record, a);
	a->person = v->person;
	a->leader = v->leader;
	a->proposed_by = r->actor.person;
	a->proposed_on = r->today;
	a->from_day = page_day_field(r, "from_day", true);
	a->reason = f->reason;
	if (day_is(a->from_day) && a->from_day.n < r->today.n)
		fault_add(&r->faults, STR("from_day"), STR("is past"), STR("nothing is promised after the fact"));
	if (v->now.a.row.id && !a->reason.n)
		fault_add(&r->faults, STR("reason"), STR("is missing"), STR("say why it changes"));
	if (v->is_person)
		a->person_signed_on = r->today;
	else
		a->leader_signed_on = r->today;
	a->state = v->alone ? AGREEMENT_SIGNED : AGREEMENT_PROPOSED;
	p->before = v->next.a.row.id;
	p->old = v->now.a.row.id;
}

/* Versions count on past those that were declined. */
static enum err
number_it(struct request *r, struct propose *p)
{
	int64_t last = 0;
	enum err e =
	        db_one_int(r->conn, "select coalesce(max(number), 0) from agreement where org_id = $1 and person = $2",
	                DB_ARGS(DB_I(r->actor.org), DB_I(p->a.person)), &last);

	p->a.number = last + 1;
	return e;
}

enum err
agree_propose(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "an agreement proposed by one side");
	struct agree_form f = { 0 };
	struct propose *p = arena_new(r->arena, struct propose, 1);
	id set = 0;
	enum err e = load_form(r, &f, true);

	if (e != OK)
		return e;
	*p = (struct propose){ 0 };
	read_head(r, &f, p);
	for (size_t i = 0; i < f.n_inputs && p->n < CARD_MOST; i++)
		read_input(r, &f, &f.inputs[i], p);
	if (!p->n && !r->faults.n)
		fault_add(&r->faults, f.n_inputs ? f.inputs[0].name : STR("words"), STR("is missing"),
		        STR("promise at least one thing"));
	read_owed(r, &f, p);
	if (!r->faults.n)
		e = number_it(r, p);
	if (e == OK && !r->faults.n)
		e = page_change_as(r, &g,
		        f.agree.alone ? STR("Agreement made, by one person")
		                      : str_fmt(r->arena, "Agreement proposed and signed; %.*s signs beside it",
		                                STR_ARG(f.agree.is_person ? f.agree.leader_name : f.agree.person_name)),
		        propose_work, p, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show(r, &f);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "%.*s#agreement", STR_ARG(f.back))) : e;
}

/* ---- the other side ---- */

struct sign_work {
	struct agreement a;
	id old;
	day old_to;
};

static enum err
answer_work(struct change *c, void *what)
{
	struct sign_work w = *(struct sign_work *)what;
	enum err e = record_save(c, &agreement_record, &w.a);

	if (e == OK && w.a.state == AGREEMENT_SIGNED)
		e = end_version(c, w.old, AGREEMENT_REPLACED, w.old_to, NULL);
	return e;
}

/* The proposal that waits for whoever asks. */
static enum err
load_waiting(struct request *r, struct agree_view *v, struct sign_work *w)
{
	const struct grant all = grant_all(r->actor.org, 0, 0, "an agreement read by one of its two sides");
	struct span s = span_of(r);
	enum err e = record_load(r->conn, r->arena, &all, &agreement_record, r->ids[0], &w->a);

	if (e != OK)
		return e;
	if (!scorecard_may(r->conn, r->actor.org, r->actor.person, w->a.person))
		return ERR_ABSENT;
	e = agree_load(r, w->a.person, s.from, s.to, v);
	if (e != OK)
		return e;
	if (r->actor.person != w->a.person && r->actor.person != w->a.leader)
		return ERR_DENIED;
	if (w->a.state != AGREEMENT_PROPOSED)
		return ERR_STALE;
	w->old = v->now.a.row.id;
	return OK;
}

static enum err
answered(struct request *r, struct sign_work *w, str said)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "an agreement answered by one side");
	id set = 0;
	enum err e = page_change_as(r, &g, said, answer_work, w, &set);

	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/scorecard/%.*s#agreement",
	                                 STR_ARG(id_text(r->arena, w->a.person))))
	               : e;
}

enum err
agree_sign(struct request *r)
{
	struct agree_view v;
	struct sign_work w;
	enum err e = load_waiting(r, &v, &w);

	if (e != OK)
		return e;
	if (r->actor.person == w.a.person)
		w.a.person_signed_on = r->today;
	else
		w.a.leader_signed_on = r->today;
	if (day_is(w.a.person_signed_on) && day_is(w.a.leader_signed_on)) {
		w.a.state = AGREEMENT_SIGNED;
		if (w.a.from_day.n < r->today.n)
			w.a.from_day = r->today; /* A4a: nothing was promised before both had signed */
		w.old_to = day_add(w.a.from_day, -1);
	}
	return answered(r, &w, STR("Agreement signed"));
}

enum err
agree_decline(struct request *r)
{
	struct agree_view v;
	struct sign_work w;
	enum err e = load_waiting(r, &v, &w);

	if (e != OK)
		return e;
	w.a.state = AGREEMENT_DECLINED;
	if (page_field(r, "reason").n)
		w.a.reason = page_field(r, "reason");
	return answered(r, &w, STR("Proposal declined"));
}
