#include "areas/coaching/pages.h"
#include "areas/coaching/view.h"

#include "areas/coaching/confirm_html.h"

/* The session of the address, or the one that the link stands for; only the coachee answers. */
static enum err
load(struct request *r, struct session *s)
{
	id which = r->actor.via == VIA_LINK ? r->actor.link_target : r->ids[0];
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, which, s);

	if (e == OK && r->actor.person != s->coachee)
		return ERR_ABSENT;
	return e;
}

static enum err
show(struct request *r, const struct session *s)
{
	struct confirm_view v = {
		.s = *s, .on = day_is(s->held_on) ? s->held_on : session_day(s), .to = r->http->path
	};
	struct page p = { .narrow = r->actor.via == VIA_LINK };
	enum err e = OK;

	v.coach = person_name(r, s->coach);
	v.at = session_at(r->arena, s);
	v.answered = s->answer == ANSWER_CONFIRMED ||
	             (s->answer == ANSWER_DENIED && !page_param(r, "again").n && !r->faults.n);
	v.second = s->second ? person_name(r, s->second) : (str){ 0 };
	v.coach_skill = skill_name(r, s->skill);
	v.skill = page_field(r, "skill");
	v.kind = page_field(r, "kind");
	if (v.answered) /* C6: the coach's text only after one's own word */
		e = owed_list(
		        r, "c.about = 'session' and c.about_id = $3", s->row.id, 0, r->today, &v.agreed, &v.n_agreed);
	if (e != OK)
		return e;
	p.title = str_fmt(r->arena, "Your session with %.*s, %.*s", STR_ARG(v.coach),
	        STR_ARG(day_text(r->arena, v.on, r->today)));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_confirm(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
confirm_page(struct request *r)
{
	struct session s;
	enum err e = load(r, &s);

	return e == OK ? show(r, &s) : e;
}

/* C6, E3: pooled later, so it stands on a row that its writer alone reads. */
static enum err
save_useful(struct change *c, const struct session *s, int useful)
{
	struct useful_answer x;
	enum err e = record_find_by(c->conn, c->arena, c->grant, &useful_record, "session",
	        str_fmt(c->arena, "%lld", (long long)s->row.id), &x);

	if (e == ERR_ABSENT && useful) {
		record_init(&useful_record, &x);
		x.session = s->row.id;
		x.coach = s->coach;
		x.coachee = s->coachee;
		e = OK;
	} else if (e == OK && !useful) {
		return record_remove(c, &useful_record, x.row.id, x.row.version);
	}
	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	x.on_day = day_is(s->held_on) ? s->held_on : s->on_day;
	x.useful = useful;
	return record_save(c, &useful_record, &x);
}

struct confirming {
	struct session s;
	int useful;
};

static enum err
confirm_work(struct change *c, void *what)
{
	const struct confirming *w = what;
	struct session s = w->s;
	enum err e = record_save(c, &session_record, &s);

	return e == OK ? save_useful(c, &s, w->useful) : e;
}

/* C6: what the form's held, kind and skill say, as the coachee's word. ERR_INPUT: the faults are in r. */
enum err
confirm_save(struct request *r, struct session *s, id *ret_set)
{
	str held = page_field(r, "held"), kind = page_field(r, "kind");
	struct confirming w = { 0 };
	enum err e;

	if (str_eq(held, STR("no"))) {
		s->answer = ANSWER_DENIED;
	} else if (str_eq(held, STR("yes"))) {
		s->answer = ANSWER_CONFIRMED;
		s->state = SESSION_CONFIRMED;
		field_set_text(record_field(&session_record, STR("answer_kind")), s, kind);
		s->answer_skill = page_id_field(r, "skill");
		if (s->answer_kind == MEETING_NONE)
			fault_add(&r->faults, STR("kind"), STR("is missing"), STR("say what it was mostly"));
	} else {
		fault_add(&r->faults, STR("held"), STR("is missing"), STR("say yes or no"));
	}
	s->answered_on = r->today;
	s->second_came = s->second && s->answer == ANSWER_CONFIRMED && str_eq(page_field(r, "second"), STR("yes"));
	w.s = *s;
	w.useful = s->answer == ANSWER_CONFIRMED ? choice_of(usefuls, page_field(r, "useful")) : USEFUL_NONE;
	e = r->faults.n ? ERR_INPUT
	                : page_change(r, s->answer == ANSWER_DENIED ? STR("Session denied") : STR("Session confirmed"),
	                          confirm_work, &w, ret_set);
	if (e == ERR_INPUT)
		s->answer = ANSWER_NONE;
	return e;
}

enum err
confirm_act(struct request *r)
{
	struct session s;
	id set = 0;
	enum err e = load(r, &s);

	if (e != OK)
		return e;
	if (s.answer == ANSWER_CONFIRMED)
		return show(r, &s); /* a denial may be mended once the two have talked */
	e = confirm_save(r, &s, &set);
	if (e == ERR_INPUT)
		return show(r, &s);
	return e == OK ? page_done(r, r->actor.via == VIA_LINK ? 0 : set, r->http->path) : e;
}

enum err
coaching_link_show(struct request *r)
{
	return confirm_page(r);
}

enum err
coaching_link_act(struct request *r)
{
	return confirm_act(r);
}
