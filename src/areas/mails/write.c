#include "areas/coaching/pages.h"
#include "areas/leadership/pages.h"
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

/* The person's own Today, under their own grant: a letter can say nothing that the page would not (O5). */
static enum err
write_body(struct request *r, enum mail_kind kind, bool links, struct out *to, size_t *ret_n)
{
	size_t waits = 0, n = 0;
	enum err e = OK;

	if (kind == MAIL_BRIEF && r->actor.head) {
		e = brief_text(r, r->env->base, links, to, &waits);
	}
	if (e == OK)
		e = today_text(r, kind == MAIL_DIGEST, r->env->base, to, &n);
	*ret_n = waits + n;
	return e;
}

static str
subject(struct request *r, enum mail_kind kind, size_t n)
{
	const char *things = n == 1 ? "thing" : "things";

	return kind == MAIL_BRIEF ? str_fmt(r->arena, "Your week from %.*s: %zu %s",
	                                    STR_ARG(day_text(r->arena, day_week(r->today), r->today)), n, things)
	                          : str_fmt(r->arena, "Today asks: %zu %s", n, things);
}

static enum err
write_letter(struct request *r, enum mail_kind kind, bool links, struct letter *ret)
{
	struct out body;
	str stop = { 0 };
	size_t n = 0;
	enum err e;

	out_init(&body, 0);
	e = write_body(r, kind, links, &body, &n);
	if (e == OK && n && links)
		e = stop_link(r, kind, &stop);
	if (e == OK && n) {
		out_fmt(&body, "\nYour page: %.*s/today\n\n-- \n%.*s sends you this %s. ", STR_ARG(r->env->base),
		        STR_ARG(r->actor.org_name),
		        kind == MAIL_BRIEF ? "once a week" : "on days that ask something of you");
		out_fmt(&body, "End it: %.*s\nAll letters to you: %.*s/mail\n",
		        STR_ARG(stop.n ? stop : STR("(made when it is sent)")), STR_ARG(r->env->base));
		*ret = (struct letter){ .to = r->actor.email,
			.to_name = r->actor.name,
			.subject = subject(r, kind, n),
			.text = out_all(&body, r->arena),
			.stop = stop,
			.at = now() };
	}
	out_fini(&body);
	return e != OK ? e : n ? OK : ERR_ABSENT;
}

enum err
mail_write(const struct mails *m, struct conn *c, struct arena *a, id org, id person, enum mail_kind kind, bool links,
        struct letter *ret)
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
	return write_letter(&r, kind, links, ret);
}
