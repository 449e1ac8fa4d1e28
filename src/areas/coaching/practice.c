/* Five first steps for each role, each done in the program itself and seen to be done from the records (interface.md,
   first five minutes). What it is not for: what one owes (duties), or set-up by the administrator (today.c). */
#include "areas/coaching/view.h"

#define OFF "ridealong-practice" /* the cookie of who does not want to see it, in this browser */

/* $1 the company, $2 the person; each answers from an index. */
static const struct {
	const char *what, *why, *href, *sql;
} of_seller[PRACTICE_STEPS] = {
	{ "Plan the next step of a deal", "A deal worked without one is the loudest thing on the board.", "/board?scope=mine",
	        "select count(*) from (select 1 as one from deal where org_id = $1 and owner = $2 and next_step is not null "
	        "limit 1) x" },
	{ "Note a call or a meeting", "Your coach sees what happened, and you need not tell it twice.", "/board?scope=mine",
	        "select count(*) from (select 1 as one from activity where org_id = $1 and person = $2 limit 1) x" },
	{ "Bring something to a session", "A topic, or one piece of evidence; it stands on the agenda.", "/coaching",
	        "select count(*) from (select 1 as one from coaching_session where org_id = $1 and coachee = $2 and "
	        "(brings is not null or evidence is not null) limit 1) x" },
	{ "Say what a session was", "Your word counts before your coach’s text is shown.", "/coaching",
	        "select count(*) from (select 1 as one from coaching_session where org_id = $1 and coachee = $2 and "
	        "answer is not null limit 1) x" },
	{ "Commit to one act", "When this happens, then I do that, by a day.", "/commitments/new",
	        "select count(*) from (select 1 as one from commitment where org_id = $1 and owner = $2 limit 1) x" },
}, of_leader[PRACTICE_STEPS] = {
	{ "Start coaching with your team", "A day and a time; the sessions make themselves.", "/coaching",
	        "select count(*) from (select 1 as one from pair where org_id = $1 and coach = $2 limit 1) x" },
	{ "Prepare a session", "Two deals and one skill, each with the rule that chose it.", "/coaching",
	        "select count(*) from (select 1 as one from coaching_session where org_id = $1 and coach = $2 and state <> "
	        "'planned' and state <> 'missed' limit 1) x" },
	{ "Hold one, and end it with a commitment", "The other side then says what it was.", "/coaching",
	        "select count(*) from (select 1 as one from coaching_session where org_id = $1 and coach = $2 and held_on is "
	        "not null limit 1) x" },
	{ "Agree on what you owe your team", "A one-to-one a week, an answer to a blocker.", "/duties",
	        "select count(*) from (select 1 as one from obligation where org_id = $1 and person = $2 and agreed_on is "
	        "not null limit 1) x" },
	{ "Sign your charter", "Your part first: what failed so far, and what you stop.", "/charter",
	        "select count(*) from (select 1 as one from charter where org_id = $1 and person = $2 and signed_on is not "
	        "null limit 1) x" },
};

enum err
practice_load(struct request *r, struct today_view *v)
{
	enum err e = OK;

	if (!r->actor.person || str_eq(http_cookie(r->http, OFF), STR("off")))
		return OK;
	for (size_t i = 0; e == OK && i < PRACTICE_STEPS; i++) {
		struct practice_step *s = &v->practice[i];
		int64_t n = 0;
		s->what = str_of(r->actor.leads ? of_leader[i].what : of_seller[i].what);
		s->why = str_of(r->actor.leads ? of_leader[i].why : of_seller[i].why);
		s->href = str_of(r->actor.leads ? of_leader[i].href : of_seller[i].href);
		e = db_one_int(r->conn, r->actor.leads ? of_leader[i].sql : of_seller[i].sql,
		        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &n);
		s->done = n > 0;
		v->n_practised += s->done;
	}
	v->practise = v->n_practised < PRACTICE_STEPS;
	return e;
}

/* A wish of the browser, not of the person: no record is made of it. */
enum err
practice_hide(struct request *r)
{
	http_set(r->answer, "Set-Cookie", STR(OFF "=off; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"));
	return page_go(r, STR("/today"));
}
