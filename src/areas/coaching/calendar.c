/* Sessions as a calendar (C10): for who is signed in, and at a secret address for a program that cannot sign in. */
#include "areas/coaching/entry.h"
#include "areas/coaching/pages.h"
#include "auth/session.h"

#define ADDRESS_DAYS 400

bool
entry_off(const struct session *s)
{
	return s->state == SESSION_EXCUSED || s->state == SESSION_MISSED;
}

bool
entry_together(const struct session *one, const struct session *other, id me)
{
	return one->together && one->together == other->together && one->coachee != me && other->coachee != me &&
	       entry_off(one) == entry_off(other);
}

/* Of a meeting of several the session that all of them name, where it is among them; else the first. */
bool
entry_stands(const struct meeting_row *all, size_t n, size_t i, id me)
{
	const struct session *s = &all[i].s;

	for (size_t k = 0; k < n; k++)
		if (k != i && entry_together(s, &all[k].s, me)) {
			if (all[k].s.row.id == s->together || (k < i && s->row.id != s->together))
				return false;
		}
	return true;
}

str
entry_names(struct arena *a, const struct meeting_row *all, size_t n, size_t i, id me)
{
	str said = all[i].coachee;

	for (size_t k = 0; k < n; k++)
		if (k != i && entry_together(&all[i].s, &all[k].s, me))
			said = str_fmt(a, "%.*s, %.*s", STR_ARG(said), STR_ARG(all[k].coachee));
	return said;
}

str
entry_uid(struct arena *a, id session)
{
	return str_fmt(a, "%.*s@ridealong", STR_ARG(id_text(a, session)));
}

str
entry_summary(struct arena *a, str coach, str coachees)
{
	return str_fmt(a, "Coaching: %.*s and %.*s", STR_ARG(coach), STR_ARG(coachees));
}

instant
entry_start(const struct zone *z, const struct meeting_row *m)
{
	return zone_instant(z, m->on, m->s.start == NO_INT ? 540 : (int)m->s.start);
}

int64_t
entry_minutes(const struct session *s)
{
	return s->length == NO_INT ? 30 : s->length;
}

static void
put_event(struct request *r, struct out *o, const struct meeting_row *m, str coachees)
{
	struct arena *a = r->arena;
	const struct session *s = &m->s;
	int sequence = s->sequence == NO_INT ? 0 : (int)s->sequence;
	instant start = entry_start(page_zone(r), m);

	feed_event(o,
	        &(struct feed_event){ .uid = entry_uid(a, s->row.id),
	                .start = start,
	                .end = start + entry_minutes(s) * 60000,
	                .revised = id_instant(s->row.id) +
	                           sequence * INT64_C(60000), /* grows with each change, and only then */
	                .sequence = sequence,
	                .summary = entry_summary(a, m->coach, coachees),
	                .url = str_fmt(a, "%.*s/coaching/%.*s", STR_ARG(r->env->base), STR_ARG(id_text(a, s->row.id))),
	                .cancelled = entry_off(s) });
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
		if (entry_stands(m, n, i, r->actor.person))
			put_event(r, o, &m[i], entry_names(r->arena, m, n, i, r->actor.person));
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
