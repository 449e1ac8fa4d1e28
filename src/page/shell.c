#include "page/shell.h"

#include <string.h>

#include "html/widgets.h"
#include "page/shell_html.h"

/* The navigation, once; who needs what decides who sees it. */
static const struct {
	int group;
	const char *nav, *label, *href, *icon, *key;
	enum policy policy;
} places[] = {
	{ 0, "today", "Today", "/today", "sun", "t", POLICY_SIGNED_IN },
	{ 0, "board", "Pipeline", "/board", "board", "b", POLICY_SIGNED_IN },
	{ 0, "deals", "Deals", "/deals", "list", "d", POLICY_SIGNED_IN },
	{ 0, "accounts", "Accounts", "/accounts", "building", "u", POLICY_SIGNED_IN },
	{ 0, "prospects", "Prospects", "/prospects", "person", "x", POLICY_SIGNED_IN },
	{ 0, "coaching", "Coaching", "/coaching", "chat", "c", POLICY_PERSON },
	{ 0, "commitments", "Commitments", "/commitments", "check", "m", POLICY_PERSON },
	{ 0, "scorecard", "Scorecard", "/scorecard", "target", "s", POLICY_PERSON },
	{ 0, "huddle", "Huddle", "/huddle", "people", "e", POLICY_PERSON },
	{ 0, "forecast", "Forecast", "/forecast", "trend", "f", POLICY_SIGNED_IN },
	{ 0, "analyse", "Analyse", "/analyse", "search", "a", POLICY_SIGNED_IN },
	{ 1, "charter", "Charter", "/charter", "flag", "h", POLICY_SIGNED_IN },
	{ 1, "duties", "What leaders owe", "/duties", "scale", "o", POLICY_SIGNED_IN },
	{ 1, "leaders", "Leaders", "/leaders", "target", "l", POLICY_SIGNED_IN },
	{ 1, "gap", "Gap to target", "/gap", "trend", "w", POLICY_SIGNED_IN },
	{ 2, "process", "Processes", "/process", "scale", "r", POLICY_SIGNED_IN },
	{ 2, "library", "Library", "/library", "book", "v", POLICY_SIGNED_IN },
	{ 2, "people", "People", "/people", "people", "p", POLICY_SIGNED_IN },
	{ 2, "import", "Import", "/import", "upload", "i", POLICY_ADMIN },
	{ 2, "company", "Company", "/company", "gear", "y", POLICY_ADMIN },
};
static const char *const group_titles[] = { "", "Leading", "Set-up" };

static bool
shown(const struct actor *who, enum policy p)
{
	if (p == POLICY_ADMIN)
		return who->admin;
	return p != POLICY_PERSON || who->person;
}

static void
fill_badge(struct request *r, const char *nav, struct shell_link *l)
{
	int64_t n = 0;

	for (const struct page_badge *b = r->env->badges; b && b->nav; b++) {
		if (strcmp(b->nav, nav) != 0 || b->count(r, &n) != OK || !n)
			continue;
		l->badge = n > PAGE_BADGE_MOST ? STR("99+") : str_fmt(r->arena, "%lld", (long long)n);
		l->badge_what = str_of(b->what);
	}
}

static void
fill_badges(struct request *r, struct shell *s)
{
	/* A page that says what went wrong may stand before rights were known: then nothing is counted. */
	if (!r->env->badges || !r->actor.person || !r->conn || !r->grant.org)
		return;
	for (size_t g = 0; g < s->n_groups; g++)
		for (size_t i = 0; i < s->groups[g].n; i++)
			fill_badge(r, s->groups[g].links[i].nav, &s->groups[g].links[i]);
}

static void
fill_navigation(struct request *r, struct shell *s)
{
	s->n_groups = 3;
	for (size_t g = 0; g < 3; g++)
		s->groups[g].title = str_of(group_titles[g]);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct shell_group *g = &s->groups[places[i].group];
		bool here = r->route && r->route->nav && strcmp(r->route->nav, places[i].nav) == 0;
		if (!shown(&r->actor, places[i].policy))
			continue;
		g->links[g->n++] = (struct shell_link){ str_of(places[i].label), str_of(places[i].href),
			str_of(places[i].icon), str_of(places[i].key), places[i].nav, here, { 0 }, { 0 } };
	}
	for (size_t i = 0; i < s->groups[0].n && s->n_quick < 4; i++)
		if (strcmp(s->groups[0].links[i].nav, "deals") != 0 &&
		        strcmp(s->groups[0].links[i].nav, "prospects") != 0)
			s->quick[s->n_quick++] = &s->groups[0].links[i];
}

/* What the change set before this page did: for the line with Undo. Only the one who did it is offered that. */
static void
fill_done(struct request *r, struct shell *s)
{
	struct rows rows;

	if (!r->done || !r->conn || !r->actor.login)
		return;
	if (db_query(r->conn, r->arena, "select reason from change_set where org_id = $1 and id = $2 and login = $3",
	            DB_ARGS(DB_I(r->actor.org), DB_I(r->done), DB_I(r->actor.login)), &rows) != OK)
		return;
	if (db_next(&rows)) {
		s->done = id_text(r->arena, r->done);
		s->done_what = db_text(&rows, 0);
	}
	db_end(&rows);
}

static struct shell *
shell_of(struct request *r, const struct page *p)
{
	struct shell *s = arena_new(r->arena, struct shell, 1);
	const struct actor *who = &r->actor;

	s->title = p->title;
	s->subtitle = p->subtitle;
	s->crumbs = p->crumbs;
	s->n_crumbs = p->n_crumbs;
	s->tag = r->env->assets_tag;
	s->version = r->env->version;
	s->org = who->org_name;
	s->name = who->name.n ? who->name : who->email;
	s->initials = widget_initials(r->arena, s->name);
	s->avatar = str_fmt(r->arena, "h%d", widget_colour(who->person));
	s->csrf = who->csrf;
	s->path = r->http->path;
	s->dark = who->dark;
	s->sample = who->sample;
	s->admin = who->admin;
	s->person = who->person != 0;
	s->printed = day_long(r->arena, r->today);
	if (r->http->method == HTTP_GET) /* the answer to a form is not to be asked for again */
		s->at = str_fmt(r->arena, "%lld", (long long)(id_new() - (INT64_C(2000) << 12)));
	if (r->as_of)
		s->as_of = s->printed;
	return s;
}

static bool
narrow(const struct request *r, const struct page *p)
{
	return p->narrow || r->narrow || r->actor.via == VIA_NOBODY || r->actor.via == VIA_LINK;
}

void
page_head(struct request *r, const struct page *p)
{
	struct shell *s = shell_of(r, p);
	struct view *v = &r->view;

	r->shown = true;
	r->narrow = p->narrow;
	tpl_shell_head(v, s);
	if (narrow(r, p)) {
		tpl_shell_slip(v, s);
		return;
	}
	fill_navigation(r, s);
	fill_badges(r, s);
	tpl_shell_full(v, s);
	if (!p->bare_title)
		tpl_shell_title(v, s);
}

void
page_foot(struct request *r)
{
	struct page p = { 0 };
	struct shell *s = shell_of(r, &p);

	if (narrow(r, &p)) {
		tpl_shell_slip_end(&r->view, s);
		return;
	}
	fill_navigation(r, s);
	fill_done(r, s);
	tpl_shell_end(&r->view, s);
}
