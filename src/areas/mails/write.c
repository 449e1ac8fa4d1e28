#include "areas/coaching/pages.h"
#include "areas/leadership/pages.h"
#include "areas/coaching/schedule.h"
#include "areas/mails/invite.h"
#include "areas/mails/mails.h"
#include "areas/people/people.h"
#include "auth/session.h"

#define STOP_MS (INT64_C(90) * DAY_MS)

/* Whom the letter is for: the person, with the sign-in that was used last. */
static enum err
find_actor(struct conn *c, struct arena *a, struct actor *who)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select m.login_id, l.email from membership m join login l on l.id = m.login_id where m.org_id = $1 "
	        "and "
	        "m.person = $2 and m.ended_at is null and l.disabled_at is null order by m.made_at, m.login_id limit 1",
	        DB_ARGS(DB_I(who->org), DB_I(who->person)), &rows);

	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there) {
		who->login = db_int(&rows, 0);
		who->email = db_text(&rows, 1);
	}
	e = db_end(&rows);
	if (e == OK && !there)
		return ERR_ABSENT;
	return e == OK ? actor_fill(c, a, who) : e;
}

struct stop_work {
	struct link link;
	str secret;
};

static enum err
make_stop(struct conn *c, struct arena *a, void *what)
{
	struct stop_work *w = what;

	return link_make(c, a, &w->link, &w->secret);
}

static enum err
stop_link(struct request *r, enum mail_kind kind, str *ret)
{
	struct stop_work w = { .link = { .org = r->actor.org,
		                       .kind = STR("mail"),
		                       .login = r->actor.login,
		                       .person = r->actor.person,
		                       .target = kind,
		                       .made_by = r->actor.login,
		                       .many = true,
		                       .end_at = now() + STOP_MS } };
	enum err e = db_write(r->db, r->arena, make_stop, &w);

	if (e == OK)
		*ret = str_fmt(r->arena, "%.*s/l/%.*s", STR_ARG(r->env->base), STR_ARG(w.secret));
	return e;
}

struct body {
	struct out out;
	size_t n;    /* things said; 0: no letter */
	str subject; /* of a calendar's; empty: by kind and n */
	struct invite_change *changes;
	size_t n_changes;
};

/* Sessions that are due are made on the way, as for the feed, and go along (C10). */
static enum err
write_changes(struct request *r, struct body *b)
{
	struct invite_person *p = NULL;
	size_t n = 0;
	enum err e = schedule_refresh(r);

	if (e == OK || e == ERR_DUPLICATE)
		e = invites_load(r->conn, r->arena, &r->grant, page_zone(r), r->actor.person, &p, &n);
	if (e != OK || !n)
		return e;
	b->changes = p->changes;
	b->n = b->n_changes = p->n < INVITE_MOST ? p->n : INVITE_MOST;
	invite_text(r, b->changes, b->n_changes, &b->out, &b->subject);
	return OK;
}

/* The person's own Today, under their own grant: a letter can say nothing that the page would not (O5). */
static enum err
write_body(struct request *r, enum mail_kind kind, bool links, struct body *b)
{
	size_t waits = 0, n = 0;
	enum err e = OK;

	if (kind == MAIL_INVITE)
		return write_changes(r, b);
	if (kind == MAIL_BRIEF && r->actor.head)
		e = brief_text(r, r->env->base, links, &b->out, &waits);
	if (e == OK)
		e = today_text(r, kind == MAIL_DIGEST, r->env->base, &b->out, &n);
	b->n = waits + n;
	return e;
}

static const char *
how_often(enum mail_kind kind)
{
	return kind == MAIL_BRIEF    ? "this once a week"
	       : kind == MAIL_DIGEST ? "this on days that ask something of you"
	                             : "a letter when your coaching sessions are planned, moved or called off";
}

/* The same for each try with the same changes, and another with the day's next ones. */
static str
id_of_changes(struct request *r, const struct body *b)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < b->n_changes; i++) {
		const struct invitation *t = &b->changes[i].told;
		sum = (sum ^ (uint64_t)t->session ^ (uint64_t)t->start ^ (uint64_t)t->sequence << 8 ^
		              (uint64_t)t->gone) *
		      UINT64_C(0x100000001b3);
	}
	return b->n_changes ? str_fmt(r->arena, ".%016llx", (unsigned long long)sum) : (str){ 0 };
}

/* Its entries, and what the calendar knows once it is sent. */
static void
add_changes(struct request *r, const struct mail_server *s, const struct body *b, struct letter *ret,
        struct mail_told *ret_told)
{
	if (!b->n_changes)
		return;
	ret->entries = invite_entries(r, s, b->changes, b->n_changes);
	ret->n_entries = b->n_changes;
	if (!ret_told)
		return;
	ret_told->told = arena_new(r->arena, struct invitation, b->n_changes);
	ret_told->n = b->n_changes;
	for (size_t i = 0; i < b->n_changes; i++)
		ret_told->told[i] = b->changes[i].told;
}

static str
subject(struct request *r, enum mail_kind kind, size_t n)
{
	const char *things = n == 1 ? "thing" : "things";

	return kind == MAIL_BRIEF ? str_fmt(r->arena, "Your week from %.*s: %zu %s",
	                                    STR_ARG(day_text(r->arena, day_week(r->today), r->today)), n, things)
	                          : str_fmt(r->arena, "Today asks: %zu %s", n, things);
}

static void
close_letter(struct request *r, enum mail_kind kind, str stop, struct body *b, struct letter *ret)
{
	str base = r->env->base, title = b->subject.n ? b->subject : subject(r, kind, b->n), text;

	out_fmt(&b->out, "\nYour page: %.*s/today\n\n-- \n%.*s sends you %s. ", STR_ARG(base),
	        STR_ARG(r->actor.org_name), how_often(kind));
	out_fmt(&b->out, "End it: %.*s\nAll letters to you: %.*s/mail\n",
	        STR_ARG(stop.n ? stop : STR("(made when it is sent)")), STR_ARG(base));
	text = out_all(&b->out, r->arena);
	*ret = (struct letter){ .to = r->actor.email,
		.to_name = r->actor.name,
		.subject = title,
		.text = text,
		.html = mail_html(r->arena, title, text, base),
		.stop = stop,
		.id = id_of_changes(r, b),
		.at = now() };
}

static enum err
write_letter(struct request *r, const struct mail_server *s, enum mail_kind kind, bool links, struct letter *ret,
        struct mail_told *ret_told)
{
	struct body b = { 0 };
	str stop = { 0 };
	enum err e;

	out_init(&b.out, 0);
	e = write_body(r, kind, links, &b);
	if (e == OK && b.n && links)
		e = stop_link(r, kind, &stop);
	if (e == OK && b.n)
		close_letter(r, kind, stop, &b, ret);
	if (e == OK && links)
		add_changes(r, s, &b, ret, ret_told);
	out_fini(&b.out);
	return e != OK ? e : b.n ? OK : ERR_ABSENT;
}

enum err
mail_write(const struct mails *m, struct conn *c, struct arena *a, id org, id person, enum mail_kind kind, bool links,
        struct letter *ret, struct mail_told *ret_told)
{
	struct http_request http = { .arena = a };
	struct request r = { .http = &http,
		.arena = a,
		.db = m->db,
		.conn = c,
		.env = m->env,
		.actor = { .via = VIA_COMMAND, .org = org, .person = person, .as_of = DAY_NONE } };
	enum err e = find_actor(c, a, &r.actor);

	faults_init(&r.faults, a);
	if (e != OK)
		return e;
	r.grant = grant_of(&r.actor);
	r.today = day_is(r.actor.as_of) ? r.actor.as_of : zone_day(page_zone(&r), now());
	r.view = (struct view){ .arena = a, .zone = page_zone(&r), .reader = page_zone(&r), .today = r.today };
	return write_letter(&r, &m->server, kind, links, ret, ret_told);
}
