#include <string.h>

#include "areas/coaching/view.h"
#include "auth/session.h"

#include "areas/coaching/session_html.h"

#define CONFIRM_DAYS 14
#define UP_DAYS      2 /* working days */

static enum err
load_notes(struct request *r, struct session_view *v)
{
	const struct session *s = &v->base.s;
	str key = str_fmt(r->arena, "%lld", (long long)s->row.id);
	enum err e = record_find_by(r->conn, r->arena, &r->grant, &shared_note_record, "session", key, &v->shared);

	if (e == ERR_ABSENT)
		record_init(&shared_note_record, &v->shared);
	else if (e != OK)
		return e;
	return private_note_find(r, s->row.id, &v->mine);
}

enum err
private_note_find(struct request *r, id session, struct private_note *ret)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select n.id, n.version, n.text from private_note n where n.org_id = $1 and $2 = $2 {may:private "
	        "n.author} and n.session = $3",
	        DB_ARGS(DB_I(session)), &rows);

	record_init(&private_note_record, ret);
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		ret->row.id = db_int(&rows, 0);
		ret->row.version = db_int(&rows, 1);
		ret->text = db_text(&rows, 2);
	}
	return db_end(&rows);
}

static enum err
load(struct request *r, struct session_view *v)
{
	struct prep x;
	enum err e = prep_load(r, &v->base);

	if (e != OK)
		return e;
	if (v->base.third)
		return ERR_ABSENT; /* text stays with the two; the facts stand one page up */
	v->held = day_is(v->base.s.held_on);
	e = record_find_by(r->conn, r->arena, &r->grant, &prep_record, "session",
	        str_fmt(r->arena, "%lld", (long long)v->base.s.row.id), &x);
	if (e == OK)
		e = prep_read(r->arena, x.body, &v->base.p);
	else if (e == ERR_ABSENT)
		e = OK;
	if (e == OK)
		e = owed_list(r, "c.about = 'session' and c.about_id = $3", v->base.s.row.id, 0, r->today, &v->agreed,
		        &v->n_agreed);
	if (e == OK)
		e = owed_list(r, "c.owner = $3 and c.owed_to = $4 and c.state = 'open' and c.due < $5",
		        v->base.s.coachee, v->base.s.coach, r->today, &v->base.theirs, &v->base.n_theirs);
	for (size_t i = 0; e == OK && i < v->base.p.n_topics && v->n_live < 3; i++) {
		const struct topic *t = &v->base.p.topics[i];
		if (!t->agenda || (t->kind != TOPIC_DEAL && t->kind != TOPIC_GOOD))
			continue;
		e = prep_deal_load(r->conn, r->arena, &r->grant, t->about, r->today, &v->live[v->n_live]);
		v->n_live += e == OK;
		e = e == ERR_ABSENT ? OK : e; /* removed since, or no longer ours to see */
	}
	return e == OK ? load_notes(r, v) : e;
}

static enum err
show(struct request *r, struct session_view *v)
{
	str path = str_fmt(r->arena, "/coaching/%.*s", STR_ARG(id_text(r->arena, r->ids[0])));
	struct page p = { .n_crumbs = 2 };
	struct crumb crumbs[2] = { { STR("Coaching"), STR("/coaching") }, { STR("Preparation"), path } };
	enum err e = load(r, v);

	if (e != OK)
		return e;
	if (v->base.is_coachee && v->held && v->base.s.answer == ANSWER_NONE) /* C6: own word first */
		return page_go(r, str_join(r->arena, path, STR("/confirm")));
	v->late = session_late(&v->base.s);
	v->reader = v->shared.sent_to ? person_name(r, v->shared.sent_to) : (str){ 0 };
	e = v->base.is_coachee ? sent_readers(r, v) : OK;
	if (e == OK && v->shared.row.id)
		e = sent_readings(r, v);
	if (e == OK)
		e = session_frame_load(r, v);
	if (e == OK)
		e = shelf_load(r,
		        v->base.s.skill ? v->base.s.skill
		        : v->base.pair  ? v->base.pair->focus
		                        : 0,
		        v->base.s.framework, &v->base.shelf);
	if (e != OK)
		return e;
	p.crumbs = crumbs;
	p.title = str_fmt(r->arena, "Session with %.*s",
	        STR_ARG(v->base.is_second
	                        ? str_fmt(r->arena, "%.*s and %.*s", STR_ARG(v->base.coach), STR_ARG(v->base.coachee))
	                        : v->base.other));
	p.subtitle = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(day_text(r->arena, v->base.on, r->today)),
	        v->base.at.n ? " " : "", STR_ARG(v->base.at));
	if (r->faults.n) {
		r->answer->status = 422;
		v->when = page_field(r, "when");
		v->then = page_field(r, "then");
		v->due = page_field(r, "due");
		v->why_none = page_field(r, "no_commitment");
		v->blocker = page_field(r, "blocker");
	}
	page_head(r, &p);
	tpl_session(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
session_show(struct request *r)
{
	struct session_view v = { 0 };

	return show(r, &v);
}

enum err
session_page(struct request *r)
{
	return session_show(r);
}

/* ---- the link by which the other side answers (C6) ---- */

struct link_work {
	struct link link;
	str secret;
};

static enum err
store_link(struct conn *c, struct arena *a, void *what)
{
	struct link_work *w = what;
	return link_make(c, a, &w->link, &w->secret);
}

static enum err
make_link(struct request *r, const struct session *s, str *ret)
{
	struct link_work w = { .link = { .org = r->actor.org,
		                       .person = s->coachee,
		                       .target = s->row.id,
		                       .made_by = r->actor.login,
		                       .kind = STR("confirm"),
		                       .end_at = now() + CONFIRM_DAYS * DAY_MS,
		                       .many = true } };
	enum err e = db_write(r->db, r->arena, store_link, &w);

	if (e == OK)
		*ret = str_fmt(r->arena, "%.*s/l/%.*s", STR_ARG(r->env->base), STR_ARG(w.secret));
	return e == OK ? db_refresh(r->conn) : e;
}

static enum err
load_as(struct request *r, struct session *s, bool coach_only)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], s);

	if (e == OK && r->actor.person != s->coach && r->actor.person != s->coachee && r->actor.person != s->second)
		return ERR_ABSENT;
	return e == OK && coach_only && r->actor.person != s->coach ? ERR_DENIED : e;
}

enum err
session_link(struct request *r)
{
	struct session_view v = { 0 };
	struct session s;
	enum err e = load_as(r, &s, true);

	if (e == OK && !day_is(s.held_on))
		e = fault_add(&r->faults, STR("held_on"), STR("is missing"), STR("end the session first"));
	if (e == OK)
		e = make_link(r, &s, &v.link);
	return e == OK || e == ERR_INPUT ? show(r, &v) : e;
}

/* ---- ending it (C5, C6) ---- */

/* C5: what is past its day is carried over once more. */
static enum err
carry_over(struct change *c, const struct session *s)
{
	struct list l = { .record = &commitment_record, .n_filters = 3, .limit = 100 };
	struct list_result found;
	enum err e;

	l.filters[0] = (struct filter){ record_field(&commitment_record, STR("owner")), OP_IS,
		str_fmt(c->arena, "%lld", (long long)s->coachee), NULL };
	l.filters[1] = (struct filter){ record_field(&commitment_record, STR("owed_to")), OP_IS,
		str_fmt(c->arena, "%lld", (long long)s->coach), NULL };
	l.filters[2] = (struct filter){ record_field(&commitment_record, STR("state")), OP_IS, STR("open"), NULL };
	e = record_list(c->conn, c->arena, c->grant, &l, &found);
	for (size_t i = 0; e == OK && i < found.n; i++) {
		struct commitment x = ((struct commitment *)found.rows)[i];
		if (x.due.n >= c->today.n || day_is(x.claimed_on))
			continue;
		x.carried = x.carried == NO_INT ? 1 : x.carried + 1;
		if (x.carried >= 2 && !day_is(x.up_on))
			x.up_on = day_add_working(c->today, UP_DAYS); /* its owner sees it before */
		e = record_save(c, &commitment_record, &x);
	}
	return e;
}

struct ending {
	struct session s;
	bool raise;            /* a blocker came up (A3, A5) */
	struct together *with; /* that end with it (C1) */
	size_t n_with;
};

/* The others who were there: held on the same day, on the same skill; what each of them says it was is theirs to say.
 */
static enum err
end_others(struct change *c, const struct ending *w)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n_with; i++) {
		struct session x = w->with[i].s;
		x.held_on = w->s.held_on;
		x.claimed_on = c->today;
		x.kind = w->s.kind;
		x.skill = w->s.skill;
		x.state = SESSION_HELD;
		e = record_save(c, &session_record, &x);
		if (e == OK)
			e = carry_over(c, &x);
	}
	return e;
}

static enum err
end_work(struct change *c, void *what)
{
	const struct ending *w = what;
	struct session s = w->s;
	struct blocker b;
	enum err e = record_save(c, &session_record, &s);

	if (e == OK && w->raise)
		e = blocker_raise(c, s.coachee, s.coach, s.blocker, DAY_NONE, &b);
	if (e == OK)
		e = end_others(c, w);
	return e == OK ? carry_over(c, &s) : e;
}

enum err
session_end(struct request *r)
{
	struct session_view v = { 0 };
	struct session s;
	struct ending w = { 0 };
	int64_t agreed = 0, by_coach = 0;
	bool again;
	id set = 0;
	enum err e = load_as(r, &s, true);

	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from commitment where org_id = $1 and about = 'session' and about_id = $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(r->ids[0])), &agreed);
	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(*) from commitment where org_id = $1 and about = 'session' and about_id = $2 and "
		        "owner = $3",
		        DB_ARGS(DB_I(r->actor.org), DB_I(r->ids[0]), DB_I(s.coach)), &by_coach);
	if (e != OK)
		return e;
	again = day_is(s.held_on);
	w.raise = !s.blocker.n;
	if (s.answer == ANSWER_CONFIRMED) {
		fault_add(&r->faults, STR("held_on"), STR("has been confirmed by the other side and stays"),
		        STR("agree on a new commitment instead"));
		return show(r, &v);
	}
	e = page_fill(r, &session_record, "held_on kind skill no_commitment blocker", &s);
	if (!day_is(s.held_on) && !fault_at(&r->faults, STR("held_on")))
		fault_add(&r->faults, STR("held_on"), STR("is missing"), STR("choose the day on which it took place"));
	if (s.kind == MEETING_NONE)
		fault_add(&r->faults, STR("kind"), STR("is missing"), STR("say what it was"));
	if (s.kind == MEETING_COACHING && !s.skill)
		fault_add(&r->faults, STR("skill"), STR("is missing"), STR("name the skill you worked on"));
	if (!agreed && !s.no_commitment.n)
		fault_add(&r->faults, STR("no_commitment"), STR("is missing"),
		        STR("agree on a commitment above, or say why there is none"));
	if (s.blocker.n && !by_coach)
		fault_add(&r->faults, STR("blocker"), STR("needs a commitment of yours too"),
		        STR("agree above on what you do about it, then end the session"));
	if (!again)
		e = together_ending(r, &s, &w.with, &w.n_with);
	if (r->faults.n)
		return show(r, &v);
	if (!again) {
		s.claimed_on = r->today;
		s.state = SESSION_HELD;
	}
	w.raise = w.raise && s.blocker.n;
	w.s = s;
	e = page_change(r, STR("Session held"), end_work, &w, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	if (e == OK && s.answer == ANSWER_NONE)
		e = make_link(r, &s, &v.link);
	r->done = set;
	return e == OK ? show(r, &v) : e;
}

/* ---- commitments and notes ---- */

/* The form stands on the preparation too. */
static bool
from_prep(struct request *r)
{
	return str_eq(page_field(r, "from"), STR("prep"));
}

enum err
session_commit(struct request *r)
{
	struct session_view v = { 0 };
	struct session s;
	struct commitment x;
	id set = 0;
	enum err e = load_as(r, &s, false);

	if (e != OK)
		return e;
	record_init(&commitment_record, &x);
	x.owner = page_id_field(r, "owner");
	if (x.owner != s.coach && (!s.second || x.owner != s.second))
		x.owner = s.coachee;
	x.owed_to = x.owner == s.coachee ? s.coach : s.coachee;
	x.state = COMMITMENT_OPEN;
	x.made_on = r->today;
	x.about = STR("session");
	x.about_id = s.row.id;
	x.moves = x.carried = 0;
	x.due = page_day_field(r, "due", true);
	x.when_ = page_field(r, "when");
	x.then_ = page_field(r, "then");
	field_set_text(record_field(&commitment_record, STR("evidence_kind")), &x, page_field(r, "evidence_kind"));
	if (!x.when_.n)
		fault_add(&r->faults, STR("when"), STR("is missing"), STR("name the situation or the time"));
	if (!x.then_.n)
		fault_add(&r->faults, STR("then"), STR("is missing"), STR("name one act"));
	if (!r->faults.n)
		e = page_save(r, STR("Commitment agreed"), &commitment_record, &x, &set);
	if (r->faults.n || e == ERR_INPUT)
		return from_prep(r) ? prep_page(r) : show(r, &v);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/coaching/%.*s%s", STR_ARG(id_text(r->arena, r->ids[0])),
	                                 from_prep(r) ? "" : "/session#end"))
	               : e;
}

/* A script saves while one writes and wants the version; a form goes back to the page. */
static enum err
answer_save(struct request *r, int64_t version)
{
	if (!str_eq(http_header(r->http, "ridealong-part"), STR("save")))
		return page_go_fmt(
		        r, "/coaching/%.*s%s", STR_ARG(id_text(r->arena, r->ids[0])), from_prep(r) ? "" : "/session");
	page_type(r, STR("application/json"));
	out_fmt(&r->answer->body, "{\"version\":%lld}", (long long)version);
	return OK;
}

static int64_t
version_field(struct request *r)
{
	int64_t version;
	return str_to_i64(page_field(r, "version"), &version) ? version : 0;
}

struct note_work {
	id session, author, coach, coachee, second;
	int64_t version, ret_version;
	str text;
	bool private;
};

static enum err
note_work(struct change *c, void *what)
{
	struct note_work *w = what;
	struct shared_note x;
	enum err e = record_find_by(c->conn, c->arena, c->grant, &shared_note_record, "session",
	        str_fmt(c->arena, "%lld", (long long)w->session), &x);

	if (e == ERR_ABSENT) {
		record_init(&shared_note_record, &x);
		x.session = w->session;
		x.coach = w->coach;
		x.coachee = w->coachee;
		x.second = w->second;
		e = OK;
	} else if (e == OK && x.row.version != w->version) {
		return str_eq(x.text, w->text) ? OK
		                               : ERR_STALE; /* the other one wrote meanwhile: nothing is overwritten */
	}
	x.author = w->author;
	x.text = w->text;
	if (e == OK)
		e = record_save(c, &shared_note_record, &x);
	w->ret_version = x.row.version;
	return e;
}

static enum err
private_work(struct change *c, void *what)
{
	struct note_work *w = what;
	struct private_note x;
	struct rows rows;
	id there = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select id from private_note where org_id = $1 and session = $2 and author = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(w->session), DB_I(w->author)), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		there = db_int(&rows, 0);
	e = db_end(&rows);
	record_init(&private_note_record, &x);
	if (e == OK && there)
		e = record_load(c->conn, c->arena, c->grant, &private_note_record, there, &x);
	x.author = w->author;
	x.session = w->session;
	x.text = w->text;
	if (e == OK)
		e = record_save(c, &private_note_record, &x);
	w->ret_version = x.row.version;
	return e;
}

static enum err
save_note(struct request *r, bool private)
{
	struct note_work w = { .author = r->actor.person,
		.text = http_field(r->http, "text"),
		.version = version_field(r),
		.private = private };
	struct grant g = r->grant;
	struct change_work cw = { .grant = &g,
		.reason = private ? STR("Private note") : STR("Shared note"),
		.kind = CHANGE_EDIT,
		.faults = &r->faults,
		.fn = private ? private_work : note_work,
		.what = &w };
	struct session s;
	enum err e = load_as(r, &s, false);

	if (e != OK)
		return e;
	w.session = s.row.id;
	w.coach = s.coach;
	w.coachee = s.coachee;
	w.second = s.second;
	/* a note is saved again and again from one form, so its key of one submit does not count */
	e = change_run(r->db, r->arena, &cw);
	return e == OK ? answer_save(r, w.ret_version ? w.ret_version : w.version) : e;
}

enum err
session_note(struct request *r)
{
	return save_note(r, false);
}

enum err
session_private(struct request *r)
{
	return save_note(r, true);
}
