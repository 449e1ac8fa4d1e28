/* One piece of the library: its page, its form, where it is shown, and the link by which opening it is counted (K1). */
#include "areas/library/view.h"

#include "areas/library/library_html.h"

#define LIBRARY ((struct crumb){ STR("Library"), STR("/library") })

static const char facts[] = "title kind purpose address body";

static str
address_of(struct request *r, id content)
{
	return str_fmt(r->arena, "/library/%.*s", STR_ARG(id_text(r->arena, content)));
}

static enum err
load_own(struct request *r, struct content *c)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &content_record, r->ids[0], c);

	return e == OK && !library_may(r) ? ERR_DENIED : e;
}

/* ---- its page ---- */

static enum err
show(struct request *r)
{
	struct crumb crumb = LIBRARY;
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };
	struct library_view v = { .may = library_may(r), .at = page_field(r, "at") };
	enum err e = record_load(r->conn, r->arena, &r->grant, &content_record, r->ids[0], &v.c);

	if (e == OK)
		e = places_of(r, v.c.row.id, &v.places, &v.n_places);
	if (e == OK && v.may)
		e = places_offered(r, &v.offered, &v.n_offered);
	if (e == OK)
		e = files_load(r, &content_record, v.c.row.id, v.may, &v.files);
	if (e == OK)
		e = library_use(r, v.c.row.id, &v.use);
	if (e != OK)
		return e;
	for (size_t i = 0; i < v.n_places; i++)
		v.at_step |= v.places[i].kind == PLACE_STEP;
	p.title = v.c.title;
	p.subtitle = v.c.purpose;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_library_piece(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
library_piece(struct request *r)
{
	return show(r);
}

/* Asked for by the page once it stands: it looks at many deals. */
enum err
library_effect_part(struct request *r)
{
	struct crumb two[] = { LIBRARY, { { 0 }, { 0 } } };
	struct page p = { .title = STR("What became of deals"), .crumbs = two, .n_crumbs = 2 };
	struct library_effect x = { 0 };
	struct content c;
	enum err e = record_load(r->conn, r->arena, &r->grant, &content_record, r->ids[0], &c);

	if (e == OK)
		e = library_effect(r, c.row.id, &x);
	if (e != OK)
		return e;
	if (page_is_part(r)) {
		tpl_library_effect(&r->view, &x);
		return OK;
	}
	two[1] = (struct crumb){ c.title, address_of(r, c.row.id) };
	page_head(r, &p);
	tpl_library_effect(&r->view, &x);
	page_foot(r);
	return OK;
}

/* ---- writing it ---- */

static enum err
show_form(struct request *r, struct library_view *v)
{
	struct crumb crumb = LIBRARY;
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };
	enum err e = v->adding ? places_offered(r, &v->offered, &v->n_offered) : OK;

	if (e != OK)
		return e;
	p.title = v->adding ? STR("New in the library") : str_fmt(r->arena, "Edit %.*s", STR_ARG(v->c.title));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_library_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
library_new(struct request *r)
{
	struct library_view v = { .may = true, .adding = true, .at = page_param(r, "at") };

	if (!library_may(r))
		return ERR_DENIED;
	record_init(&content_record, &v.typed);
	v.typed.kind = CONTENT_ARTICLE;
	return show_form(r, &v);
}

struct writing {
	struct content c;
	int kind; /* of the place where it is shown first */
	id target, ret;
	bool add;
};

static enum err
create_work(struct change *c, void *what)
{
	struct writing *w = what;
	struct content x = w->c;
	enum err e = record_save(c, &content_record, &x);

	if (e == OK && w->kind)
		e = place_add(c, x.row.id, w->kind, w->target);
	w->ret = x.row.id;
	return e;
}

enum err
library_create(struct request *r)
{
	struct library_view v = { .may = true, .adding = true, .at = page_field(r, "at") };
	struct writing w = { 0 };
	id set = 0;
	enum err e;

	if (!library_may(r))
		return ERR_DENIED;
	record_init(&content_record, &w.c);
	w.kind = place_parse(v.at, &w.target);
	e = page_fill(r, &content_record, facts, &w.c);
	if (v.at.n && !w.kind)
		e = fault_add(&r->faults, STR("at"), STR("is no place to show it"), STR("choose one of the list"));
	if (e == OK)
		e = page_change(
		        r, str_fmt(r->arena, "%.*s added to the library", STR_ARG(w.c.title)), create_work, &w, &set);
	v.typed = w.c;
	if (e == ERR_INPUT)
		return show_form(r, &v);
	if (e == OK && !w.ret) /* sent twice: the answer is that of then */
		e = change_row(r->conn, r->actor.org, set, &content_record, &w.ret);
	return e == OK ? page_done(r, set, address_of(r, w.ret)) : e;
}

enum err
library_edit(struct request *r)
{
	struct library_view v = { .may = true };
	enum err e = load_own(r, &v.c);

	v.typed = v.c;
	return e == OK ? show_form(r, &v) : e;
}

enum err
library_update(struct request *r)
{
	struct library_view v = { .may = true };
	int64_t seen;
	id set = 0;
	enum err e = load_own(r, &v.c);

	if (e != OK)
		return e;
	v.typed = v.c;
	if (str_to_i64(page_field(r, "version"), &seen))
		v.typed.row.version = seen;
	e = page_fill(r, &content_record, facts, &v.typed);
	if (e == OK)
		e = page_save(
		        r, str_fmt(r->arena, "%.*s saved", STR_ARG(v.typed.title)), &content_record, &v.typed, &set);
	if (e == ERR_INPUT)
		return show_form(r, &v);
	return e == OK ? page_done(r, set, address_of(r, v.c.row.id)) : e;
}

enum err
library_retire(struct request *r)
{
	struct content c;
	id set = 0;
	enum err e = load_own(r, &c);

	if (e != OK)
		return e;
	c.archived = !c.archived;
	e = page_save(r, str_fmt(r->arena, "%.*s %s", STR_ARG(c.title), c.archived ? "retired" : "is back"),
	        &content_record, &c, &set);
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, address_of(r, c.row.id)) : e;
}

/* ---- where it is shown ---- */

static enum err
place_work(struct change *c, void *what)
{
	const struct writing *w = what;

	return w->add ? place_add(c, w->c.row.id, w->kind, w->target) : place_drop(c, w->c.row.id, w->kind, w->target);
}

static enum err
place_act(struct request *r, bool add)
{
	struct writing w = { .add = add };
	id set = 0;
	enum err e = load_own(r, &w.c);

	if (e != OK)
		return e;
	w.kind = place_parse(page_field(r, "at"), &w.target);
	e = page_change(r,
	        str_fmt(r->arena, add ? "%.*s is shown there" : "%.*s is shown there no longer", STR_ARG(w.c.title)),
	        place_work, &w, &set);
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "%.*s#places", STR_ARG(address_of(r, w.c.row.id)))) : e;
}

enum err
library_show_at(struct request *r)
{
	return place_act(r, true);
}

enum err
library_hide_at(struct request *r)
{
	return place_act(r, false);
}

/* ---- opened, and counted ---- */

struct opening {
	id content, deal;
	int place;
};

static enum err
open_work(struct change *c, void *what)
{
	const struct opening *o = what;

	return content_opened(c, o->content, o->place, o->deal);
}

/* What a browser fetches ahead, or another site's page asks for, nobody opened. */
static bool
by_somebody(const struct request *r)
{
	str site = http_header(r->http, "Sec-Fetch-Site");

	return !r->as_of && !http_header(r->http, "Sec-Purpose").n &&
	       (!site.n || str_eq(site, STR("same-origin")) || str_eq(site, STR("none")));
}

/* A job counts it, so that the change set does not say who. */
static enum err
count_opening(struct request *r, id content, id deal)
{
	struct grant g = grant_all(r->actor.org, 0, 0, "an opening is counted");
	struct opening o = { content, deal,
		deal                                             ? OPENED_AT_DEAL
		: str_eq(page_param(r, "from"), STR("coaching")) ? OPENED_IN_COACHING
		                                                 : OPENED_IN_LIBRARY };

	return by_somebody(r) ? page_change_as(r, &g, STR("opened"), open_work, &o, NULL) : OK;
}

/* The file that was asked for, or the newest; 0: there is none. */
static enum err
find_file(struct request *r, id content, id *ret)
{
	id wanted = page_id_param(r, "file");
	enum err e = db_one_int(r->conn,
	        "select id from attachment where org_id = $1 and content = $2 and ($3 = 0 or id = $3) order by id desc "
	        "limit 1",
	        DB_ARGS(DB_I(r->actor.org), DB_I(content), DB_I(wanted)), ret);

	if (e == ERR_ABSENT && !wanted)
		*ret = 0;
	return e == ERR_ABSENT && !wanted ? OK : e;
}

static enum err
show_text(struct request *r, const struct content *c, const struct deal *d)
{
	struct crumb two[] = { LIBRARY, { { 0 }, { 0 } } };
	struct page p = { .title = c->title, .subtitle = c->purpose, .crumbs = two, .n_crumbs = d ? 2 : 1 };
	struct library_view v = { .c = *c, .may = library_may(r) };
	enum err e = files_load(r, &content_record, c->row.id, false, &v.files);

	if (e != OK)
		return e;
	if (d) {
		two[0] = (struct crumb){ STR("Deals"), STR("/deals") };
		two[1] = (struct crumb){ d->name,
			str_fmt(r->arena, "/deals/%.*s", STR_ARG(id_text(r->arena, d->row.id))) };
	}
	page_head(r, &p);
	tpl_library_text(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
library_open(struct request *r)
{
	struct content c;
	struct deal d;
	id deal = page_id_param(r, "deal"), file = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &content_record, r->ids[0], &c);

	if (e == OK && deal)
		e = record_load(r->conn, r->arena, &r->grant, &deal_record, deal, &d);
	if (e == OK)
		e = find_file(r, c.row.id, &file);
	if (e == OK)
		e = count_opening(r, c.row.id, deal);
	if (e != OK)
		return e;
	if (page_param(r, "file").n || (!c.body.n && !c.address.n && file))
		return page_go_fmt(r, "/files/%.*s", STR_ARG(id_text(r->arena, file)));
	if (c.body.n || !c.address.n)
		return show_text(r, &c, deal ? &d : NULL);
	http_redirect(r->answer, r->arena, c.address);
	return OK;
}
