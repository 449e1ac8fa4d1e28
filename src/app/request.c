#include "app/request.h"

#include <string.h>

#include "api/api.h"
#include "auth/session.h"
#include "base/log.h"
#include "page/pick.h"

#define CONTENT_POLICY \
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; font-src " \
	"'self'; " \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

/* The one place that knows HTTP statuses. */
static const struct {
	int status;
	const char *title, *what, *mend;
} answers[ERR_COUNT] = {
	[ERR_INPUT] = { 422, "That does not fit yet", "Something typed is not right.",
	        "Go back: what you typed is still there." },
	[ERR_ABSENT] = { 404, "Not here", "There is nothing at this address for you.",
	        "Search for it, or go to Today." },
	[ERR_SIGNED_OUT] = { 401, "Sign in first", "Nobody is signed in here.", "Sign in, then come back." },
	[ERR_DENIED] = { 403, "Not yours to do", "This is somebody else’s to change. Nothing was changed.",
	        "Ask its owner or an administrator." },
	[ERR_STALE] = { 409, "Somebody was faster",
	        "This was changed by somebody else since you opened it. Nothing of yours was saved.",
	        "Go back, copy what you typed, load the page again and enter it there." },
	[ERR_DUPLICATE] = { 409, "Already there", "Something with this name or key exists already.",
	        "Open that one, or choose another name." },
	[ERR_BUSY] = { 503, "Very busy", "The program is busy. Nothing was changed.", "Try again in a moment." },
	[ERR_LARGE] = { 413, "Too large", "That is larger than a browser may send.",
	        "For large files use the command line: ridealong import." },
	[ERR_FULL] = { 507, "The disk is full", "Nothing can be saved, everything stored is safe and readable.",
	        "The administrator has to make room." },
	[ERR_IO] = { 500, "The machine failed", "It could not be read or written.",
	        "Tell the administrator; see the log." },
	[ERR_DB] = { 500, "Something went wrong here", "Nothing was changed.", "Tell the administrator; see the log." },
	[ERR_MEMORY] = { 503, "Too much at once", "This page needs more memory than it may have.",
	        "Narrow the filter." },
};

int
request_status(enum err e)
{
	return e == OK ? 200 : answers[e].status;
}

/* "/deals/:/move" against a path; fills ids and words. */
static bool
match(const char *pattern, str path, struct request *r)
{
	str want = str_from(str_of(pattern), 1), have = str_from(path, 1), w, h;
	size_t i = 0;

	memset(r->ids, 0, sizeof r->ids);
	while (want.n || have.n) {
		if (!want.n || !have.n)
			return false;
		str_cut(want, '/', &w, &want);
		str_cut(have, '/', &h, &have);
		if (str_eq(w, STR(":"))) {
			if (!id_parse(h, &r->ids[i++]))
				return false;
		} else if (str_eq(w, STR("*"))) {
			if (!h.n)
				return false;
			r->words[i++] = h;
		} else if (!str_eq(w, h)) {
			return false;
		}
	}
	return true;
}

static enum err
find_route(struct request *r)
{
	enum http_method m = r->http->method == HTTP_HEAD ? HTTP_GET : r->http->method;

	for (const struct route *x = r->env->routes; x->path; x++)
		if (x->method == m && match(x->path, r->http->path, r)) {
			r->route = x;
			return OK;
		}
	return ERR_ABSENT;
}

static enum err
identify_link(struct request *r)
{
	struct link l;
	enum err e = link_find(r->conn, r->arena, r->words[0], &l);

	r->secret = r->words[0];
	if (e != OK)
		return e;
	if (!str_eq(l.kind, STR("setup")))
		return actor_of_link(r->conn, r->arena, &l, &r->actor);
	r->actor = (struct actor){ .via = VIA_LINK, .org = l.org, .link_kind = l.kind, .as_of = DAY_NONE };
	return OK;
}

static enum err
identify(struct request *r)
{
	str authorization = http_header(r->http, "Authorization");
	str cookie = http_cookie(r->http, "__Host-ridealong");
	bool touch = false;
	enum err e;

	r->actor = (struct actor){ .as_of = DAY_NONE };
	if (r->route->policy == POLICY_LINK)
		return identify_link(r);
	if (str_starts(authorization, STR("Bearer ")))
		e = actor_of_token(r->conn, r->arena, str_from(authorization, 7), &r->actor);
	else
		e = actor_of_session(r->conn, r->arena, cookie, &r->actor, &touch);
	r->secret = cookie;
	if (e == OK && touch)
		session_touch(r->db, r->arena, cookie);
	return e == ERR_SIGNED_OUT && r->route->policy == POLICY_PUBLIC ? OK : e;
}

/* No such address: whoever is signed in still gets their navigation. */
static void
know_lost(struct request *r)
{
	bool touch;

	r->actor = (struct actor){ .as_of = DAY_NONE };
	actor_of_session(r->conn, r->arena, http_cookie(r->http, "__Host-ridealong"), &r->actor, &touch);
}

/* A write needs to come from our own pages: Sec-Fetch-Site, else Origin, and the session's token as well. */
static enum err
check_origin(struct request *r)
{
	str site = http_header(r->http, "Sec-Fetch-Site"), origin = http_header(r->http, "Origin");

	if (r->http->method == HTTP_GET || r->http->method == HTTP_HEAD || r->actor.via == VIA_TOKEN)
		return OK;
	if (site.n && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
		return ERR_DENIED;
	if (!site.n && origin.n && !str_ends(origin, str_join(r->arena, STR("://"), r->http->host)))
		return ERR_DENIED;
	if (r->actor.via != VIA_SESSION)
		return OK;
	str given = http_header(r->http, "X-CSRF");
	if (!given.n)
		given = http_field(r->http, "csrf");
	return str_eq(given, r->actor.csrf) ? OK : ERR_DENIED;
}

/* A token does what its scopes say and no more. */
static bool
in_scope(const struct request *r)
{
	bool reads = r->http->method == HTTP_GET || r->http->method == HTTP_HEAD;
	str rest = r->actor.scopes, one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		if (str_eq(one, STR("write")) || (reads && str_eq(one, STR("read"))))
			return true;
	}
	return false;
}

static enum err
authorise(struct request *r)
{
	const struct actor *who = &r->actor;
	bool known = who->via == VIA_SESSION || who->via == VIA_TOKEN, may = false;

	switch (r->route->policy) {
	case POLICY_NONE:
		assert(0 && "a route without a policy");
		return ERR_DENIED;
	case POLICY_PUBLIC:
		may = true;
		break;
	case POLICY_LINK:
		may = who->via == VIA_LINK;
		break;
	case POLICY_SIGNED_IN:
		may = known;
		break;
	case POLICY_PERSON:
		may = known && who->person;
		break;
	case POLICY_LEADER:
		may = known && (who->leads || who->head);
		break;
	case POLICY_HEAD:
		may = known && (who->head || who->admin);
		break;
	case POLICY_ADMIN:
		may = known && who->admin;
		break;
	}
	if (!may)
		return known ? ERR_ABSENT : ERR_SIGNED_OUT;
	if (who->via == VIA_TOKEN && !in_scope(r))
		return ERR_DENIED;
	r->grant = grant_of(who);
	return check_origin(r);
}

/* The day that pages speak of: asked for, the company's reading day, or today in its zone. */
static void
set_today(struct request *r)
{
	const struct zone *z = page_zone(r);
	day asked;

	r->today = zone_day(z, now());
	if (day_is(r->actor.as_of))
		r->today = r->actor.as_of;
	if (day_parse(page_param(r, "as_of"), &asked))
		r->today = asked;
	r->as_of = r->today.n != zone_day(z, now()).n;
	r->view = (struct view){ .out = &r->answer->body,
		.arena = r->arena,
		.assets = str_fmt(r->arena, "/assets/%.*s", STR_ARG(r->env->assets_tag)),
		.zone = z,
		.reader = z,
		.today = r->today };
	id_parse(page_param(r, "done"), &r->done);
}

static void
log_failure(const struct request *r, enum err e, str reference)
{
	if (answers[e].status >= 500)
		log_error("%s %.*s: %s (%.*s) %s", r->route ? r->route->path : "-", STR_ARG(r->http->path), err_name(e),
		        STR_ARG(reference), r->conn && conn_message(r->conn)[0] ? conn_message(r->conn) : db_message());
}

static void
say_error(struct request *r, enum err e)
{
	struct view *v = &r->view;
	struct page p = { .title = str_of(answers[e].title), .narrow = !r->actor.org };
	str reference = id_text(r->arena, id_new());

	out_fini(&r->answer->body);
	out_init(&r->answer->body, 0);
	r->answer->status = answers[e].status;
	http_set(r->answer, "Content-Type", STR("text/html; charset=utf-8"));
	page_head(r, &p);
	out_lit(v->out, "<div class=\"empty\"><p>");
	html_text_z(v, answers[e].what);
	out_lit(v->out, "</p>");
	for (const struct fault *f = r->faults.first; f; f = f->next) {
		out_lit(v->out, "<p><strong>");
		html_text(v, f->place);
		out_lit(v->out, "</strong> ");
		html_text(v, f->what);
		out_lit(v->out, "; ");
		html_text(v, f->mend);
		out_lit(v->out, ".</p>");
	}
	out_lit(v->out, "<p>");
	html_text_z(v, answers[e].mend);
	out_lit(v->out, "</p>");
	if (r->actor.org &&
	        (e == ERR_ABSENT || e == ERR_DENIED)) /* the same words, whether it is not there or not theirs */
		out_lit(v->out,
		        "<form class=\"row\" role=\"search\" action=\"/search\"><label class=\"vh\" "
		        "for=\"again\">Search"
		        "</label><input class=\"auto\" id=\"again\" name=\"q\" type=\"search\" required placeholder=\""
		        "Deal, account or person\"><button class=\"btn\">Search</button></form>");
	out_lit(v->out, "<p><a class=\"btn\" href=\"/\">Today</a></p><p class=\"note\">Reference <code>");
	html_text(v, reference);
	out_lit(v->out, "</code></p></div>");
	page_foot(r);
	log_failure(r, e, reference);
}

/* Nobody is signed in: to the sign-in page, and back here afterwards. */
static void
ask_to_sign_in(struct request *r)
{
	if (r->http->method != HTTP_GET || http_header(r->http, "Authorization").n) {
		say_error(r, ERR_SIGNED_OUT);
		return;
	}
	http_redirect(r->answer, r->arena,
	        str_fmt(r->arena, "/sign-in?to=%.*s", STR_ARG(http_escape(r->arena, r->http->path))));
}

static void
set_headers(struct request *r)
{
	http_set(r->answer, "Content-Security-Policy", STR(CONTENT_POLICY));
	http_set(r->answer, "X-Content-Type-Options", STR("nosniff"));
	http_set(r->answer, "Referrer-Policy", STR("same-origin"));
	http_set(r->answer, "Cross-Origin-Opener-Policy", STR("same-origin"));
	http_set(r->answer, "Cross-Origin-Resource-Policy", STR("same-origin"));
	http_set(r->answer, "Content-Type", STR("text/html; charset=utf-8"));
	if (r->route && r->route->policy != POLICY_PUBLIC)
		http_set(r->answer, "Cache-Control", STR("private, no-store"));
}

/* The act of a page, sent as JSON. */
static bool
is_act(const struct request *r)
{
	return r->route && r->http->method != HTTP_GET && !r->route->any_kind &&
	       str_eq(r->http->content_type, STR("application/json"));
}

/* route → identify → authorise → load, decide, render (the page's own function). */
static enum err
answer_request(struct request *r)
{
	enum err e = find_route(r);
	bool led = false;

	if (e == OK)
		e = identify(r);
	else
		know_lost(r);
	if (e == OK)
		e = authorise(r);
	set_today(r);
	set_headers(r);
	if (e == OK && is_act(r))
		e = api_form_of(r);
	if (e == OK && r->route->policy >= POLICY_SIGNED_IN)
		e = page_picks(r, &led);
	if (e != OK || led)
		return e;
	e = r->route->fn(r);
	if (e == ERR_INPUT && pick_is_open(r, (str){ 0 }) && !is_act(r)) { /* its page does not come back by itself */
		pick_ask(r);
		return OK;
	}
	return e;
}

/* What a program is told; a page's act that went well says where it would have gone. */
static void
answer_program(struct request *r, enum err e)
{
	if (e == OK && is_act(r)) {
		api_act_answer(r);
	} else if (e != OK) {
		api_problem(r, answers[e].status, err_name(e), answers[e].title, answers[e].what);
		log_failure(r, e, id_text(r->arena, id_new()));
	}
}

void
request_handle(struct http_request *http, struct http_response *answer, void *what)
{
	const struct page_env *env = what;
	struct request r = { .http = http, .answer = answer, .arena = http->arena, .db = env->db, .env = env };
	enum err e;

	answer->status = 200;
	faults_init(&r.faults, r.arena);
	e = db_begin_read(env->db, &r.conn);
	if (e == OK)
		e = answer_request(&r);
	else
		set_today(&r);
	if (api_wanted(&r))
		answer_program(&r, e);
	else if (e == ERR_SIGNED_OUT)
		ask_to_sign_in(&r);
	else if (e != OK)
		say_error(&r, e);
	if (r.conn)
		db_end_read(env->db, r.conn);
}

void
request_check_routes(const struct route *routes)
{
	for (const struct route *x = routes; x->path; x++) {
		assert(x->policy != POLICY_NONE && x->fn && x->what && x->path[0] == '/');
		for (const struct route *y = routes; y < x; y++)
			assert(!(x->method == y->method && strcmp(x->path, y->path) == 0));
	}
}
