#include <math.h>
#include <string.h>

#include "areas/coaching/view.h"

#include "areas/coaching/coaching_html.h"
#include "areas/coaching/prep_html.h"
#include "stats/rate.h"

/* ---- the snapshot (C2) ---- */

struct keep {
	struct session s;
	struct prepared p;
};

/* The first look makes it, a later day makes it anew, a held session keeps what it was prepared from. */
static enum err
keep_work(struct change *c, void *what)
{
	const struct keep *k = what;
	struct session s = { 0 };
	struct prep x;
	str key = str_fmt(c->arena, "%lld", (long long)k->s.row.id);
	enum err e = record_find_by(c->conn, c->arena, c->grant, &prep_record, "session", key, &x);

	if (e == ERR_ABSENT) {
		record_init(&prep_record, &x);
		x.session = k->s.row.id;
		x.coach = k->s.coach;
		x.coachee = k->s.coachee;
		x.second = k->s.second;
		e = OK;
	}
	x.made_at = k->p.made_at;
	x.body = prep_json(c->arena, &k->p);
	if (e == OK)
		e = record_save(c, &prep_record, &x);
	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &session_record, k->s.row.id, &s);
	if (e != OK || s.state != SESSION_PLANNED)
		return e;
	s.state = SESSION_PREPARED;
	return record_save(c, &session_record, &s);
}

static enum err
load_prepared(struct request *r, struct prep_view *v)
{
	struct prep x;
	struct grant g = grant_counts(&r->grant, "job: preparation");
	struct keep k = { .s = v->s };
	const struct prepared *before = NULL;
	str key = str_fmt(r->arena, "%lld", (long long)v->s.row.id);
	enum err e = record_find_by(r->conn, r->arena, &r->grant, &prep_record, "session", key, &x);

	if (e == OK) {
		e = prep_read(r->arena, x.body, &v->p);
		if (e != OK || day_is(v->s.held_on) || v->p.made_on.n >= r->today.n)
			return e;
		before = &v->p;
	} else if (e != ERR_ABSENT) {
		return e;
	}
	e = prep_make(r->conn, r->arena, &g, &v->s, v->pair ? v->pair->focus : 0, r->today, &k.p);
	if (e != OK)
		return e;
	if (before)
		prep_keep_choice(before, &k.p);
	v->p = k.p;
	if (page_param(r, "as_of").n)
		return OK;
	e = page_change_as(r, &g, STR("preparation"), keep_work, &k, NULL);
	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &session_record, v->s.row.id, &v->s);
	return e == ERR_DUPLICATE || e == ERR_STALE ? OK : e; /* the other one opened it at the same moment */
}

static enum err
load_pair(struct request *r, struct prep_view *v)
{
	const struct debt_ask ask = { .coach = v->s.coach,
		.coachee = v->s.coachee,
		.from = day_add(r->today, -84),
		.to = r->today,
		.today = r->today };
	struct pair_debt *d;
	size_t n;
	enum err e = debt_pairs(r->conn, r->arena, &r->grant, &ask, &d, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		if (d[i].pair == v->s.pair)
			v->pair = &d[i];
	return e;
}

static enum err
load_owed(struct request *r, struct prep_view *v)
{
	static const char where[] = "c.owner = $3 and c.owed_to = $4 and (c.state = 'open' or c.closed_on >= $5)";
	day back = day_add(r->today, -28);
	enum err e = owed_list(r, where, v->s.coachee, v->s.coach, back, &v->theirs, &v->n_theirs);

	if (e == OK)
		e = owed_list(r, where, v->s.coach, v->s.coachee, back, &v->mine, &v->n_mine);
	for (size_t i = 0; e == OK && i < v->n_theirs; i++) {
		v->due += v->theirs[i].c.state != COMMITMENT_OPEN && v->theirs[i].c.state != COMMITMENT_WITHDRAWN;
		v->kept += v->theirs[i].c.state == COMMITMENT_KEPT;
	}
	return e;
}

enum err
prep_load(struct request *r, struct prep_view *v)
{
	id me = r->actor.person;
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], &v->s);

	if (e != OK)
		return e;
	v->is_coach = me == v->s.coach;
	v->is_coachee = me == v->s.coachee;
	v->is_second = me && me == v->s.second;
	v->third = !v->is_coach && !v->is_coachee && !v->is_second;
	v->coach = person_name(r, v->s.coach);
	v->coachee = person_name(r, v->s.coachee);
	v->other = v->is_coachee ? v->coach : v->coachee;
	v->skill = skill_name(r, v->s.skill);
	v->answer_skill = skill_name(r, v->s.answer_skill);
	v->on = session_day(&v->s);
	v->at = session_at(r->arena, &v->s);
	v->over = v->on.n < r->today.n && !day_is(v->s.held_on) && v->s.state != SESSION_EXCUSED;
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_SESSION_TEXT);
	v->who_facts = grant_explain(r->arena, &r->grant, MATTER_SESSION_FACT);
	e = load_pair(r, v);
	if (e == OK && v->pair)
		v->focus = v->pair->focus_name;
	if (e == OK && !v->third)
		e = together_load(r, &v->s, &v->with);
	if (v->s.second)
		v->who_sees = str_fmt(r->arena, "%.*s, %.*s and %.*s see this, since the three of you meet.",
		        STR_ARG(v->coach), STR_ARG(v->coachee), STR_ARG(person_name(r, v->s.second)));
	return e;
}

/* ---- the page ---- */

/* "Weekly session · Mon 30 Nov 10:30–11:15 · 9 of 12 held" */
static str
subtitle(struct request *r, const struct prep_view *v)
{
	int held = 0, all = 0;

	for (size_t i = 0; v->pair && i < v->pair->n_periods; i++) {
		held += v->pair->periods[i] == PERIOD_PAID;
		all += v->pair->periods[i] != PERIOD_PAUSED && v->pair->periods[i] != PERIOD_OPEN;
	}
	return str_fmt(r->arena, "%s%s · %.*s%s%.*s%s",
	        !v->pair          ? "Session"
	        : v->pair->starts ? str_z(r->arena, str_fmt(r->arena, "Session %.*s", STR_ARG(v->pair->rhythm)))
	        : v->pair->cadence == CADENCE_WEEKLY ? "Weekly session"
	                                             : "Session every two weeks",
	        day_is(v->s.held_on) ? ", held" : "", STR_ARG(day_text(r->arena, v->on, r->today)), v->at.n ? " " : "",
	        STR_ARG(v->at),
	        all && !v->third ? str_z(r->arena, str_fmt(r->arena, " · %d of %d confirmed", held, all)) : "");
}

/* The drawings of the snapshot's figures. */
static void
draw(struct request *r, struct prep_view *v)
{
	struct svg_dot *dots = arena_new(r->arena, struct svg_dot, PREP_STOPS);
	struct svg_column *weeks = arena_new(r->arena, struct svg_column, PREP_WEEKS);
	day from = day_add(day_week(v->p.made_on), -7 * (PREP_WEEKS - 1));

	for (size_t i = 0; i < v->p.n_stops; i++) {
		const struct prep_stop *x = &v->p.stops[i];
		rate share = rate_of(x->moved, x->n);
		dots[i] = (struct svg_dot){ .label = x->label,
			.value = rate_share(share),
			.low = x->n ? share.low : NAN,
			.high = x->n ? share.high : NAN,
			.reference = x->team == NO_INT ? NAN : (double)x->team / 1000,
			.n = x->n };
		v->n_moves += x->n;
		v->team_known = v->team_known || x->team != NO_INT;
	}
	v->stops = (struct svg_dots){ .caption = str_fmt(r->arena, "Share of the deals of %.*s that moved on, by stage",
		                              STR_ARG(v->coachee)),
		.name = v->coachee,
		.reference = v->team_known ? STR("Team median") : (str){ 0 },
		.unit = SVG_SHARE,
		.rows = dots,
		.n = v->p.n_stops };
	for (size_t i = 0; i < v->p.n_weeks; i++)
		weeks[i] = (struct svg_column){ day_text(r->arena, day_add(from, 7 * (int)i), v->p.made_on),
			v->p.weeks[i] };
	v->weeks = (struct svg_columns){ .what = STR("New pipeline"), .rows = weeks, .n = v->p.n_weeks };
	if (v->p.currency.n == 3)
		memcpy(v->weeks.code, str_z(r->arena, v->p.currency), 4);
}

static enum err
show(struct request *r)
{
	struct crumb crumb = { STR("Coaching"), STR("/coaching") };
	struct prep_view v = { 0 };
	enum err e = prep_load(r, &v);
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };

	if (e == OK && v.is_second) /* what the two prepare stays theirs; the agenda stands on the session */
		return page_go_fmt(r, "/coaching/%.*s/session", STR_ARG(id_text(r->arena, r->ids[0])));
	if (e == OK && !v.third)
		e = load_prepared(r, &v);
	if (e == OK && !v.third)
		e = load_owed(r, &v);
	if (e == OK && !v.third)
		e = private_note_find(r, v.s.row.id, &v.note);
	if (e == OK && !v.third)
		e = page_panels(r, v.s.coachee); /* A2: both columns stand where the one is prepared */
	if (e == OK && !v.third)
		e = shelf_load(r, v.pair ? v.pair->focus : 0, v.s.framework, &v.shelf);
	for (size_t i = 0; i < v.p.n_topics; i++)
		v.n_more += !v.p.topics[i].agenda && !v.p.topics[i].first;
	if (e != OK)
		return e;
	draw(r, &v);
	p.title = v.third ? str_fmt(r->arena, "%.*s and %.*s", STR_ARG(v.coach), STR_ARG(v.coachee)) : v.other;
	p.subtitle = subtitle(r, &v);
	p.bare_title = !v.third;
	v.title = p.title;
	v.subtitle = p.subtitle;
	v.initials = widget_initials(r->arena, v.other);
	v.avatar = str_fmt(r->arena, "h%d", widget_colour(v.is_coachee ? v.s.coach : v.s.coachee));
	if (r->faults.n) {
		r->answer->status = 422;
		v.when = page_field(r, "when");
		v.then = page_field(r, "then");
		v.due_typed = page_field(r, "due");
	}
	page_head(r, &p);
	if (v.third)
		tpl_prep_facts(&r->view, &v, r);
	else
		tpl_prep(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
prep_page(struct request *r)
{
	return show(r);
}

/* ---- the agenda of the session ---- */

struct choose_work {
	id session;
	int64_t kind, about;
	bool in;
};

/* Reads the snapshot again inside the transaction: the other one may have chosen meanwhile, and both choices stand. */
static enum err
choose_work(struct change *c, void *what)
{
	const struct choose_work *w = what;
	struct prepared p;
	struct prep x;
	bool found = false;
	enum err e = record_find_by(c->conn, c->arena, c->grant, &prep_record, "session",
	        str_fmt(c->arena, "%lld", (long long)w->session), &x);

	if (e == OK)
		e = prep_read(c->arena, x.body, &p);
	for (size_t i = 0; e == OK && i < p.n_topics; i++)
		if (p.topics[i].kind == w->kind && p.topics[i].about == w->about) {
			p.topics[i].agenda = w->in;
			found = true;
		}
	if (e == OK && !found)
		return ERR_ABSENT;
	x.body = e == OK ? prep_json(c->arena, &p) : x.body;
	return e == OK ? record_save(c, &prep_record, &x) : e;
}

static enum err load_own(struct request *r, struct session *s, bool before);
static enum err back(struct request *r, enum err e, id set);

/* C2: what the two choose is the agenda of the session. */
enum err
prep_agenda(struct request *r)
{
	struct choose_work w = { .in = str_eq(page_field(r, "in"), STR("1")) };
	str kind, about;
	struct session s;
	id set = 0;
	enum err e = load_own(r, &s, true);

	if (e != OK)
		return back(r, e, 0);
	str_cut(page_field(r, "topic"), '-', &kind, &about);
	if (!str_to_i64(kind, &w.kind) || !str_to_i64(about, &w.about)) {
		fault_add(&r->faults, STR("session"), STR("has no such topic"), STR("choose one of the list"));
		return show(r);
	}
	w.session = s.row.id;
	e = page_change(r, w.in ? STR("Added to the agenda") : STR("Taken off the agenda"), choose_work, &w, &set);
	return back(r, e, set);
}

/* ---- moving, excusing, bringing, focus ---- */

static enum err
back(struct request *r, enum err e, id set)
{
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/coaching/%.*s", STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}

/* One of the two, and not held yet. */
static enum err
load_own(struct request *r, struct session *s, bool before)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], s);

	if (e == OK && r->actor.person != s->coach && r->actor.person != s->coachee)
		return ERR_ABSENT;
	if (e == OK && before && day_is(s->held_on))
		return fault_add(&r->faults, STR("session"), STR("has been held"), STR("undo that first"));
	return e;
}

enum err
prep_move(struct request *r)
{
	struct session s;
	id set = 0;
	enum err e = load_own(r, &s, true);

	if (e != OK)
		return back(r, e, 0);
	s.moved_to = page_day_field(r, "moved_to", true);
	if (day_is(s.moved_to) && s.moved_to.n < r->today.n)
		fault_add(&r->faults, STR("moved_to"), STR("is past"), STR("choose today or a later day"));
	if (page_field(r, "start").n && !minutes_parse(page_field(r, "start"), &s.start))
		fault_add(&r->faults, STR("start"), STR("is no time"), STR("write it as 10:00"));
	if (r->faults.n)
		return show(r);
	s.sequence = s.sequence == NO_INT ? 1 : s.sequence + 1;
	if (s.state == SESSION_EXCUSED) {
		s.state = SESSION_PLANNED;
		s.excuse = (str){ 0 };
	}
	e = page_save(r, str_fmt(r->arena, "Session moved to %.*s", STR_ARG(day_text(r->arena, s.moved_to, r->today))),
	        &session_record, &s, &set);
	return back(r, e, set);
}

enum err
prep_excuse(struct request *r)
{
	struct session s;
	id set = 0;
	enum err e = load_own(r, &s, true);

	if (e != OK)
		return back(r, e, 0);
	s.excuse = page_field(r, "excuse");
	s.state = SESSION_EXCUSED;
	s.sequence = s.sequence == NO_INT ? 1 : s.sequence + 1;
	if (!s.excuse.n) {
		fault_add(&r->faults, STR("excuse"), STR("is missing"),
		        STR("choose one from the list, or move the session"));
		return show(r);
	}
	e = page_save(r, STR("Session excused"), &session_record, &s, &set);
	return back(r, e, set);
}

enum err
prep_brings(struct request *r)
{
	struct session s;
	id set = 0;
	enum err e = load_own(r, &s, true);

	if (e == OK && r->actor.person != s.coachee)
		return ERR_DENIED;
	if (e == OK)
		e = page_fill(r, &session_record, "brings evidence", &s);
	if (e == OK)
		e = page_save(r, STR("Topic for the session"), &session_record, &s, &set);
	return back(r, e, set);
}

enum err
prep_focus(struct request *r)
{
	struct session s;
	struct pair p;
	id set = 0;
	enum err e = load_own(r, &s, false);

	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &pair_record, s.pair, &p);
	if (e == OK)
		e = page_fill(r, &pair_record, "focus", &p);
	if (e == OK)
		e = page_save(r, STR("Focus agreed"), &pair_record, &p, &set);
	return back(r, e, set);
}
