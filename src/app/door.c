#include "app/door.h"

#include <string.h>

#include "app/demo.h"
#include "app/door_html.h"
#include "app/setup.h"

/* Only a path of our own: never "//host" or "https:". */
static str
own_path(str to)
{
	return to.n > 1 && to.s[0] == '/' && to.s[1] != '/' && to.s[1] != '\\' ? to : STR("/today");
}

static void
set_cookie(struct request *r, str secret)
{
	http_set(r->answer, "Set-Cookie",
	        str_fmt(r->arena, "__Host-ridealong=%.*s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%d",
	                STR_ARG(secret), secret.n ? 7776000 : 0));
}

static enum err
show_sign_in(struct request *r, struct door *d)
{
	struct page p = { .title = STR("Sign in"), .narrow = true };

	if (r->faults.n) {
		d->fault = r->faults.first->what;
		d->mend = r->faults.first->mend;
		r->answer->status = 422;
	}
	page_head(r, &p);
	tpl_door_sign_in(&r->view, d);
	page_foot(r);
	return OK;
}

static enum err
sign_in_page(struct request *r)
{
	struct door d = { .to = own_path(page_param(r, "to")) };

	return r->actor.via == VIA_SESSION ? page_go(r, d.to) : show_sign_in(r, &d);
}

static enum err
sign_in_act(struct request *r)
{
	struct door d = { .to = own_path(page_field(r, "to")), .email = page_field(r, "email") };
	str secret;
	enum err e = sign_in(r->db, r->arena, d.email, http_field(r->http, "password"),
	        http_header(r->http, "User-Agent"), &r->faults, &secret);

	if (e == ERR_INPUT)
		return show_sign_in(r, &d);
	if (e != OK)
		return e;
	set_cookie(r, secret);
	return page_go(r, d.to);
}

static enum err
sign_out_act(struct request *r)
{
	enum err e = session_close(r->db, r->arena, r->actor.session);

	set_cookie(r, (str){ 0 });
	return e == OK ? page_go(r, STR("/sign-in")) : e;
}

static enum err
first_page(struct request *r)
{
	return page_go(r, r->actor.via == VIA_SESSION ? STR("/today") : STR("/sign-in"));
}

static enum err
undo_act(struct request *r)
{
	struct undo_result u;
	enum err e = change_undo(r->db, r->arena, &r->grant, r->ids[0], &u);

	if (e != OK)
		return e;
	return page_go(r, own_path(page_field(r, "to")));
}

struct theme {
	id login, org;
	bool dark;
};

static enum err
store_theme(struct conn *c, struct arena *a, void *what)
{
	struct theme *t = what;

	(void)a;
	return membership_theme(c, t->org, t->login, t->dark ? STR("dark") : STR("light"));
}

static enum err
theme_act(struct request *r)
{
	struct theme t = { r->actor.login, r->actor.org, !r->actor.dark };
	enum err e = db_write(r->db, r->arena, store_theme, &t);

	return e == OK ? page_go(r, STR("/today")) : e;
}

/* ---- links ---- */

static const struct link_page *
page_of_link(const struct request *r)
{
	for (const struct link_page *p = link_pages; p->kind; p++)
		if (str_eq(r->actor.link_kind, str_of(p->kind)))
			return p;
	return NULL;
}

static enum err
show_setup(struct request *r, struct door *d)
{
	struct page p = { .title = STR("Set up Ridealong"),
		.subtitle = STR("Four questions. Everything else can wait."),
		.narrow = true };

	d->secret = r->secret;
	if (r->faults.n) {
		d->place = r->faults.first->place;
		d->fault = r->faults.first->what;
		d->mend = r->faults.first->mend;
		r->answer->status = 422;
	}
	page_head(r, &p);
	tpl_door_setup(&r->view, d);
	page_foot(r);
	return OK;
}

static enum err
show_link(struct request *r)
{
	struct page p = { .title = STR("Welcome"), .narrow = true };
	struct door d = { .secret = r->secret,
		.name = r->actor.name.n ? r->actor.name : STR("the administrator"),
		.company = r->actor.org_name,
		.ask_password = !str_eq(r->actor.link_kind, STR("signin")) };

	if (r->faults.n) {
		d.fault = r->faults.first->what;
		d.mend = r->faults.first->mend;
		r->answer->status = 422;
	}
	page_head(r, &p);
	tpl_door_link(&r->view, &d);
	page_foot(r);
	return OK;
}

static enum err
link_show(struct request *r)
{
	const struct link_page *p = page_of_link(r);
	struct door d = { .currency = STR("EUR"), .zone = STR("Europe/Berlin") };

	if (str_eq(r->actor.link_kind, STR("setup")))
		return show_setup(r, &d);
	return p ? p->show(r) : show_link(r);
}

static enum err
use(struct conn *c, struct arena *a, void *what)
{
	return link_use(c, a, *(str *)what);
}

static enum err
open_session(struct request *r, id login, id org, str to)
{
	str secret;
	enum err e = session_open(r->db, r->arena, login, org, http_header(r->http, "User-Agent"), &secret);

	if (e != OK)
		return e;
	set_cookie(r, secret);
	return page_go(r, to);
}

/* A made-up company to look at; whoever holds the set-up link is its head. */
static enum err
sample_act(struct request *r)
{
	struct demo m = { 0 };
	enum err e = demo_make(&m, r->db, r->arena, 1, 0, &r->faults);

	if (e == OK)
		e = db_write(r->db, r->arena, use, &r->secret);
	return e == OK ? open_session(r, m.login, m.org, STR("/today")) : e;
}

/* One step: the sample goes, and the four questions are asked again. */
static enum err
sample_remove(struct request *r)
{
	str secret;
	enum err e;

	if (!r->actor.sample)
		return ERR_ABSENT;
	e = demo_remove(r->db, r->arena, r->actor.org, &r->faults);
	if (e == OK)
		e = setup_link(r->db, r->arena, &secret);
	set_cookie(r, (str){ 0 });
	return e == OK ? page_go(r, str_fmt(r->arena, "/l/%.*s", STR_ARG(secret))) : e;
}

static enum err
setup_act(struct request *r)
{
	struct setup s = { .name = page_field(r, "company"),
		.currency = page_field(r, "currency"),
		.zone = page_field(r, "zone"),
		.email = page_field(r, "email"),
		.org = r->actor.org };
	struct door d = { .company = s.name, .currency = s.currency, .zone = s.zone, .email = s.email };
	str password = http_field(r->http, "password");
	enum err e = OK;

	if (page_field(r, "sample").n)
		return sample_act(r);
	if (password.n && str_letters(password) < 10)
		e = fault_add(&r->faults, STR("password"), STR("has fewer than 10 letters"),
		        STR("several words in a row are good and easy to type"));
	if (e == OK)
		e = setup_company(r->db, r->arena, &s, &r->faults);
	if (e == ERR_INPUT)
		return show_setup(r, &d);
	if (e == OK)
		e = db_write(r->db, r->arena, use, &r->secret);
	if (e == OK && password.n)
		e = login_set_password(r->db, r->arena, s.ret_login, password, &r->faults);
	return e == OK ? open_session(r, s.ret_login, s.org, STR("/welcome")) : e;
}

static enum err
link_act(struct request *r)
{
	const struct link_page *p = page_of_link(r);
	enum err e = OK;

	if (str_eq(r->actor.link_kind, STR("setup")))
		return setup_act(r);
	if (p)
		return p->act(r);
	if (!str_eq(r->actor.link_kind, STR("signin")))
		e = login_set_password(r->db, r->arena, r->actor.login, http_field(r->http, "password"), &r->faults);
	if (e == ERR_INPUT)
		return show_link(r);
	if (e == OK)
		e = db_write(r->db, r->arena, use, &r->secret);
	return e == OK ? open_session(r, r->actor.login, r->actor.org, STR("/today")) : e;
}

static enum err
alive(struct request *r)
{
	page_type(r, STR("text/plain; charset=utf-8"));
	out_lit(&r->answer->body, "ok\n");
	return OK;
}

const struct route door_routes[] = {
	{ HTTP_GET, "/", POLICY_PUBLIC, first_page, NULL, "First page", false },
	{ HTTP_GET, "/alive", POLICY_PUBLIC, alive, NULL, "Is it running", false },
	{ HTTP_GET, "/sign-in", POLICY_PUBLIC, sign_in_page, NULL, "Sign in", false },
	{ HTTP_POST, "/sign-in", POLICY_PUBLIC, sign_in_act, NULL, "Sign in", false },
	{ HTTP_POST, "/sign-out", POLICY_SIGNED_IN, sign_out_act, NULL, "Sign out", false },
	{ HTTP_POST, "/theme", POLICY_SIGNED_IN, theme_act, NULL, "Change the theme", false },
	{ HTTP_POST, "/undo/:", POLICY_SIGNED_IN, undo_act, NULL, "Undo", false },
	{ HTTP_GET, "/l/*", POLICY_LINK, link_show, NULL, "Open a link", false },
	{ HTTP_POST, "/l/*", POLICY_LINK, link_act, NULL, "Use a link", false },
	{ HTTP_POST, "/sample/remove", POLICY_ADMIN, sample_remove, NULL, "Remove the sample company", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};

const struct act_body door_acts[] = {
	{ "/sign-out", TAKES_NOTHING },
	{ "/theme", TAKES_NOTHING },
	{ "/undo/:", TAKES(TAKE_TEXT("to", "The page to go to")) },
	{ "/sample/remove", TAKES_NOTHING },
	{ NULL, NULL },
};
