#include "areas/leadership/pages.h"
#include "areas/leadership/view.h"
#include "auth/session.h"

#include "areas/leadership/brief_html.h"

#define BRIEF_DAYS 8

static enum err
load_blockers(struct request *r, id head, struct brief_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.id, x.text, p.name, x.due from blocker x join person p on p.org_id = x.org_id and p.id = "
	        "x.raised_by"
	        " where x.org_id = $1 and x.owner = $2 and x.answered_on is null order by x.due, x.id limit 20",
	        DB_ARGS(DB_I(r->actor.org), DB_I(head)), &rows);

	v->blockers = arena_array(r->arena, sizeof *v->blockers, 20, _Alignof(str));
	while (e == OK && v->n_blockers < 20 && db_next(&rows)) {
		v->blockers[v->n_blockers].row = db_int(&rows, 0);
		v->blockers[v->n_blockers].text = db_text(&rows, 1);
		v->blockers[v->n_blockers].by = db_text(&rows, 2);
		v->blockers[v->n_blockers++].due = db_day(&rows, 3);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_counts(struct request *r, id head, struct brief_view *v)
{
	int64_t signed_ = 0;
	enum err e = db_one_int(r->conn, "select count(*) from charter where org_id = $1 and person = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(head)), &signed_);

	v->no_charter = !signed_;
	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from obligation where org_id = $1 and person = $2 and state = 'proposed'",
		        DB_ARGS(DB_I(r->actor.org), DB_I(head)), &v->n_duties);
	return e;
}

/* L1: objections to the head's charter in force that have no answer. */
static enum err
load_objections(struct request *r, id head, struct brief_view *v)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.id, x.reason, p.name, x.on_day from charter_answer x join person p on p.org_id = x.org_id "
	        "and p.id = "
	        "x.person join charter c on c.org_id = x.org_id and c.id = x.charter where x.org_id = $1 and c.person "
	        "= $2 and "
	        "x.agrees = 0 and x.reply is null and c.number = (select max(d.number) from charter d where d.org_id = "
	        "$1 and "
	        "d.person = $2) order by x.on_day, x.id limit 20",
	        DB_ARGS(DB_I(r->actor.org), DB_I(head)), &rows);

	v->objections = arena_array(r->arena, sizeof *v->objections, 20, _Alignof(str));
	while (e == OK && v->n_objections < 20 && db_next(&rows)) {
		v->objections[v->n_objections].row = db_int(&rows, 0);
		v->objections[v->n_objections].reason = db_text(&rows, 1);
		v->objections[v->n_objections].by = db_text(&rows, 2);
		v->objections[v->n_objections++].on = db_day(&rows, 3);
	}
	return e == OK ? db_end(&rows) : e;
}

/* L1: the quarter before, where it was missed and has no account yet. */
static enum err
load_number(struct request *r, id head, struct brief_view *v)
{
	enum err e;

	v->last.person = head;
	e = gap_load(r, &v->last, day_iso(r->arena, day_add_months(day_quarter(r->today), -3)), (str){ 0 });
	if (e == OK)
		e = account_load(r, head, v->last.from, v->last.to, &v->last.account);
	v->owes_number =
	        e == OK && v->last.has_total && v->last.has_target && v->last.total < 0 && !v->last.account.row.id;
	return e;
}

/* L1a: what waits for the head, each with one button; nothing else. */
static enum err
load_brief(struct request *r, struct brief_view *v)
{
	struct company o;
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);

	if (e != OK)
		return e;
	v->has_head = o.head != 0;
	v->no_sponsor = o.head && !o.sponsor && !o.sponsor_name.n;
	if (!o.head)
		return OK;
	v->head = page_name(r, "person", o.head);
	e = load_counts(r, o.head, v);
	if (e == OK)
		e = load_blockers(r, o.head, v);
	if (e == OK)
		e = load_objections(r, o.head, v);
	if (e == OK && r->actor.person == o.head)
		e = load_number(r, o.head, v);
	if (e == OK)
		e = meeting_list(r, "s.coachee = $3 and s.held_on is not null and s.answer is null and s.held_on <= $4",
		        o.head, r->today, &v->sessions, &v->n_sessions);
	if (e == OK)
		e = commitments_rows(r,
		        "where x.org_id = $1 and $2 = $2 and x.owed_to = $3 and x.state = 'open' and x.claimed_on is "
		        "not null {may:scorecard x.owner x.owed_to}"
		        " order by x.claimed_on, x.id",
		        DB_ARGS(DB_I(o.head)), &v->confirm, &v->n_confirm);
	if (e == OK)
		e = commitments_rows(r,
		        "where x.org_id = $1 and $2 = $2 and x.owner = $3 and x.state = 'open' and x.claimed_on is "
		        "null and x.due <= $4"
		        " {may:scorecard x.owner x.owed_to} order by x.due, x.id",
		        DB_ARGS(DB_I(o.head), db_day_value(r->arena, day_add(r->today, 7))), &v->mine, &v->n_mine);
	v->n_waits = v->n_confirm + v->n_mine + v->n_blockers + (v->n_duties > 0) + v->n_sessions + v->n_objections +
	             v->owes_number + v->no_sponsor + v->no_charter;
	return e;
}

static enum err
show(struct request *r, str link)
{
	struct page p = { .title = STR("This week"), .narrow = r->actor.via == VIA_LINK };
	struct brief_view v = {
		.by_link = r->actor.via == VIA_LINK, .link = link, .at = r->faults.n ? page_id_field(r, "row") : 0
	};
	enum err e = load_brief(r, &v);

	if (e != OK)
		return e;
	v.action = v.by_link ? str_fmt(r->arena, "/l/%.*s", STR_ARG(r->secret)) : STR("/brief");
	p.subtitle = v.has_head ? str_fmt(r->arena, "What waits for %.*s, %.*s", STR_ARG(v.head),
	                                  STR_ARG(day_long(r->arena, r->today)))
	                        : (str){ 0 };
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_brief(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
brief_page(struct request *r)
{
	return show(r, (str){ 0 });
}

/* ---- acting ---- */

static str
needed(struct request *r, const char *name)
{
	str s = page_field(r, name);

	if (!s.n)
		fault_add(&r->faults, str_of(name), STR("is missing"), STR("one line is enough"));
	return s;
}

/* What the person typed goes into the row; the record's rules say whether it may (A3). */
static enum err
change_commitment(struct request *r, str act, struct commitment *c)
{
	bool owner = c->owner == r->actor.person, other = c->owed_to == r->actor.person;

	if (c->state != COMMITMENT_OPEN)
		return fault_add(&r->faults, STR("state"), STR("has been decided"), STR("nothing is left to do here"));
	if (str_eq(act, STR("confirm")) && other) {
		c->state = COMMITMENT_KEPT;
		c->closed_on = r->today;
		c->confirmed_by = r->actor.person;
	} else if (str_eq(act, STR("miss")) && other) {
		if (day_between(c->due, r->today) < 0)
			fault_add(&r->faults, STR("state"), STR("cannot be missed before its day"),
			        STR("wait for the day"));
		c->confirmed_by = r->actor.person;
		c->claimed_on = DAY_NONE;
	} else if (str_eq(act, STR("kept")) && owner && !c->confirmed_by) {
		c->evidence = needed(r, "evidence");
		c->evidence_kind = EVIDENCE_WORD;
		c->claimed_on = r->today;
	} else if (str_eq(act, STR("account")) && owner && (day_between(c->due, r->today) > 0 || c->confirmed_by)) {
		str did = needed(r, "did"), differently = needed(r, "differently");
		str outside = page_field(r, "outside");
		c->account = str_fmt(r->arena, "What I did: %.*s\n%s%.*s%sDifferently: %.*s", STR_ARG(did),
		        outside.n ? "Outside my control: " : "", STR_ARG(outside), outside.n ? "\n" : "",
		        STR_ARG(differently));
		c->state = COMMITMENT_MISSED;
		c->closed_on = r->today;
	} else {
		return ERR_DENIED;
	}
	return r->faults.n ? ERR_INPUT : OK;
}

static enum err
act_commitment(struct request *r, str act, id row, id *ret_set)
{
	struct commitment c;
	enum err e = record_load(r->conn, r->arena, &r->grant, &commitment_record, row, &c);

	if (e == OK)
		e = change_commitment(r, act, &c);
	return e == OK ? page_save(r, STR("Done from the brief"), &commitment_record, &c, ret_set) : e;
}

static enum err
act_blocker(struct request *r, id row, id *ret_set)
{
	struct blocker b;
	enum err e = record_load(r->conn, r->arena, &r->grant, &blocker_record, row, &b);

	if (e != OK)
		return e;
	if (b.owner != r->actor.person)
		return ERR_DENIED;
	b.answer = needed(r, "answer");
	b.answered_on = r->today;
	return r->faults.n ? ERR_INPUT : page_save(r, STR("Blocker answered"), &blocker_record, &b, ret_set);
}

/* C6, L1a: the head is coached too, and says here what a session was. */
static enum err
act_session(struct request *r, id row, id *ret_set)
{
	struct session s;
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, row, &s);

	if (e != OK)
		return e;
	if (s.coachee != r->actor.person || s.answer)
		return ERR_DENIED;
	return confirm_save(r, &s, ret_set);
}

static enum err
agree_work(struct change *c, void *what)
{
	struct filter mine = { record_field(&obligation_record, STR("person")), OP_IS, { 0 }, NULL };
	struct list l = { .record = &obligation_record, .limit = 50, .n_filters = 1 };
	struct list_result found;
	enum err e;

	(void)what;
	mine.value = str_fmt(c->arena, "%lld", (long long)c->grant->person);
	l.filters[0] = mine;
	e = record_list(c->conn, c->arena, c->grant, &l, &found);
	for (size_t i = 0; e == OK && i < found.n; i++) {
		struct obligation o = ((struct obligation *)found.rows)[i];
		if (o.state != DUTY_PROPOSED)
			continue;
		o.state = DUTY_AGREED;
		o.agreed_by = c->grant->person;
		o.agreed_on = o.from_day = c->today;
		e = record_save(c, &obligation_record, &o);
	}
	return e;
}

static enum err
act_sponsor(struct request *r, id *ret_set)
{
	struct company o;
	enum err e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);

	if (e != OK)
		return e;
	o.sponsor_name = needed(r, "sponsor_name");
	return r->faults.n ? ERR_INPUT : page_save(r, STR("Sponsor named"), &company_record, &o, ret_set);
}

static enum err
act(struct request *r, id *ret_set)
{
	str what = page_field(r, "act");
	id row = page_id_field(r, "row");

	if (str_eq(what, STR("answer")))
		return act_blocker(r, row, ret_set);
	if (str_eq(what, STR("session")))
		return act_session(r, row, ret_set);
	if (str_eq(what, STR("number"))) {
		day from = page_day_field(r, "from_day", true), to = page_day_field(r, "to_day", true);
		return r->faults.n ? ERR_INPUT : account_save(r, from, to, ret_set);
	}
	if (str_eq(what, STR("reply")))
		return charter_reply_save(r, row, ret_set);
	if (str_eq(what, STR("agree")))
		return page_change(r, STR("Agreed to what I owe"), agree_work, NULL, ret_set);
	if (str_eq(what, STR("sponsor")))
		return act_sponsor(r, ret_set);
	return act_commitment(r, what, row, ret_set);
}

enum err
brief_act(struct request *r)
{
	id set = 0;
	enum err e = act(r, &set);

	if (e == ERR_INPUT)
		return show(r, (str){ 0 });
	return e == OK ? page_done(r, set, STR("/brief")) : e;
}

/* ---- the link: one purpose, one person, eight days ---- */

struct brief_link_work {
	struct link link;
	str secret;
};

static enum err
link_work(struct conn *c, struct arena *a, void *what)
{
	struct brief_link_work *w = what;
	enum err e = db_one_int(c,
	        "select login_id from membership where org_id = $1 and person = $2 and ended_at is null order by "
	        "made_at limit 1",
	        DB_ARGS(DB_I(w->link.org), DB_I(w->link.person)), &w->link.login);

	if (e != OK && e != ERR_ABSENT)
		return e;
	return link_make(c, a, &w->link, &w->secret);
}

static enum err
link_new(struct request *r, id head, str *ret_secret)
{
	struct brief_link_work w = { .link = { .org = r->actor.org,
		                             .kind = STR("brief"),
		                             .made_by = r->actor.login,
		                             .person = head,
		                             .target = head,
		                             .many = true,
		                             .end_at = now() + BRIEF_DAYS * DAY_MS } };
	enum err e = db_write(r->db, r->arena, link_work, &w);

	*ret_secret = w.secret;
	return e;
}

enum err
brief_link(struct request *r)
{
	int64_t head = 0;
	str secret;
	enum err e =
	        db_one_int(r->conn, "select head from company where org_id = $1", DB_ARGS(DB_I(r->actor.org)), &head);

	if (e == OK && !head)
		return page_go(r, STR("/brief"));
	if (e == OK)
		e = link_new(r, head, &secret);
	return e == OK ? show(r, str_fmt(r->arena, "%.*s/l/%.*s", STR_ARG(r->env->base), STR_ARG(secret))) : e;
}

/* A link stands for the head only while that person is the head. */
static enum err
still_head(struct request *r)
{
	int64_t head = 0;
	enum err e =
	        db_one_int(r->conn, "select head from company where org_id = $1", DB_ARGS(DB_I(r->actor.org)), &head);

	return e != OK ? e : head && head == r->actor.link_target && head == r->actor.person ? OK : ERR_ABSENT;
}

enum err
leadership_link_show(struct request *r)
{
	enum err e = still_head(r);

	return e == OK ? show(r, (str){ 0 }) : e;
}

enum err
leadership_link_act(struct request *r)
{
	id set = 0;
	enum err e = still_head(r);

	if (e == OK)
		e = act(r, &set);
	if (e == ERR_INPUT)
		return show(r, (str){ 0 });
	return e == OK ? page_go(r, str_fmt(r->arena, "/l/%.*s", STR_ARG(r->secret))) : e;
}

/* ---- the letter ---- */

static void
write_waits(const struct brief_view *v, struct out *to)
{
	if (v->no_sponsor)
		out_lit(to, "- No sponsor is named\n");
	for (size_t i = 0; i < v->n_blockers; i++)
		out_fmt(to, "- %.*s waits for your answer: %.*s\n", STR_ARG(v->blockers[i].by),
		        STR_ARG(v->blockers[i].text));
	if (v->owes_number)
		out_fmt(to, "- %.*s, %.*s: you write first\n", STR_ARG(v->last.headline), STR_ARG(v->last.period));
	for (size_t i = 0; i < v->n_objections; i++)
		out_fmt(to, "- %.*s objects to your charter\n", STR_ARG(v->objections[i].by));
	for (size_t i = 0; i < v->n_sessions; i++)
		out_fmt(to, "- Your word on the session with %.*s\n", STR_ARG(v->sessions[i].coach));
	for (size_t i = 0; i < v->n_confirm; i++)
		out_fmt(to, "- %.*s says a commitment to you is kept\n", STR_ARG(v->confirm[i].owner));
	for (size_t i = 0; i < v->n_mine; i++)
		out_fmt(to, "- You owe %.*s: when %.*s, then I %.*s\n", STR_ARG(v->mine[i].owed),
		        STR_ARG(commitment_when(&v->mine[i].c)), STR_ARG(commitment_then(&v->mine[i].c)));
	if (v->n_duties)
		out_fmt(to, "- %lld duties wait for your word\n", (long long)v->n_duties);
	if (v->no_charter)
		out_lit(to, "- Your charter is not signed\n");
}

enum err
brief_text(struct request *r, str base, bool link, struct out *to, size_t *ret_n)
{
	struct brief_view v = { 0 };
	str secret = { 0 };
	enum err e = load_brief(r, &v);

	*ret_n = e == OK && v.has_head ? v.n_waits : 0;
	if (e != OK || !*ret_n)
		return e;
	if (link)
		e = link_new(r, r->actor.person, &secret);
	if (e != OK)
		return e;
	write_waits(&v, to);
	out_fmt(to,
	        "\nAll of it on one page, about two minutes, without a sign-in, for eight days:\n%.*s/l/%.*s\nWhoever "
	        "holds "
	        "this link acts as you: pass it on to nobody.\n",
	        STR_ARG(base), STR_ARG(link ? secret : STR("(made when it is sent)")));
	return OK;
}
