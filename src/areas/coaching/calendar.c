/* Sessions as a calendar (C10): for who is signed in, and at a secret address for a program that cannot sign in. */
#include "areas/coaching/pages.h"
#include "areas/coaching/view.h"
#include "auth/session.h"
#include "calendar/feed.h"

#define ADDRESS_DAYS 400

/* One meeting of several is one entry in the calendar of whoever coaches it; of a coachee it is their own session. */
static bool
is_again(const struct meeting_row *all, size_t i, id me)
{
	for (size_t k = 0; all[i].s.together && all[i].s.coachee != me && k < i; k++)
		if (all[k].s.together == all[i].s.together)
			return true;
	return false;
}

static str
names_of(struct arena *a, const struct meeting_row *all, size_t n, size_t i, id me)
{
	str said = all[i].coachee;

	for (size_t k = i + 1; all[i].s.together && all[i].s.coachee != me && k < n; k++)
		if (all[k].s.together == all[i].s.together)
			said = str_fmt(a, "%.*s, %.*s", STR_ARG(said), STR_ARG(all[k].coachee));
	return said;
}

static void
put_event(struct request *r, struct out *o, const struct meeting_row *m, str coachees)
{
	struct arena *a = r->arena;
	const struct session *s = &m->s;
	int sequence = s->sequence == NO_INT ? 0 : (int)s->sequence;
	instant start = zone_instant(page_zone(r), m->on, s->start == NO_INT ? 540 : (int)s->start);
	str key = id_text(a, s->row.id);

	feed_event(o, &(struct feed_event){ .uid = str_fmt(a, "%.*s@ridealong", STR_ARG(key)),
	                      .start = start,
	                      .end = start + (s->length == NO_INT ? 30 : s->length) * 60000,
	                      .revised = id_instant(s->row.id) +
	                                 sequence * INT64_C(60000), /* grows with each change, and only then */
	                      .sequence = sequence,
	                      .summary = str_fmt(a, "Coaching: %.*s and %.*s", STR_ARG(m->coach), STR_ARG(coachees)),
	                      .url = str_fmt(a, "%.*s/coaching/%.*s", STR_ARG(r->env->base), STR_ARG(key)),
	                      .cancelled = s->state == SESSION_EXCUSED || s->state == SESSION_MISSED });
}

enum err
coaching_calendar(struct request *r)
{
	struct out *o = &r->answer->body;
	struct meeting_row *m;
	size_t n;
	enum err e = schedule_refresh(r);

	if (e == OK || e == ERR_DUPLICATE)
		e = meeting_list(r, "(s.coach = $3 or s.coachee = $3 or s.second = $3) and s.on_day >= $4",
		        r->actor.person, day_add(r->today, -60), &m, &n);
	if (e != OK)
		return e;
	page_type(r, STR("text/calendar; charset=utf-8"));
	feed_open(o, STR("Coaching"));
	for (size_t i = 0; i < n; i++)
		if (!is_again(m, i, r->actor.person))
			put_event(r, o, &m[i], names_of(r->arena, m, n, i, r->actor.person));
	feed_close(o);
	return OK;
}

struct address_work {
	struct link link;
	str secret;
};

static enum err
store_address(struct conn *c, struct arena *a, void *what)
{
	struct address_work *w = what;
	enum err e = link_end(c, w->link.org, w->link.person, w->link.kind);

	return e == OK ? link_make(c, a, &w->link, &w->secret) : e;
}

/* A new address ends the old one, so that whoever got hold of it loses it. */
enum err
coaching_address(struct request *r)
{
	struct address_work w = { .link = { .org = r->actor.org,
		                          .person = r->actor.person,
		                          .made_by = r->actor.login,
		                          .kind = STR("calendar"),
		                          .end_at = now() + ADDRESS_DAYS * DAY_MS,
		                          .many = true } };
	enum err e = db_write(r->db, r->arena, store_address, &w);

	if (e == OK)
		e = db_refresh(r->conn);
	if (e != OK)
		return e;
	return coaching_show_address(r, str_fmt(r->arena, "%.*s/l/%.*s", STR_ARG(r->env->base), STR_ARG(w.secret)));
}

enum err
coaching_feed_show(struct request *r)
{
	return coaching_calendar(r);
}

enum err
coaching_feed_act(struct request *r)
{
	(void)r;
	return ERR_ABSENT;
}
