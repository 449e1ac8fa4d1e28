#include "areas/accountability/pages.h"

#include "areas/accountability/view.h"

#include "areas/accountability/panel_html.h"

enum err
agreement_panel_load(struct request *r, id person, void **ret)
{
	struct agree_view *v = arena_new(r->arena, struct agree_view, 1);
	day from = day_quarter(r->today);
	enum err e;

	if (!person || !scorecard_may(r->conn, r->actor.org, r->actor.person, person))
		return OK; /* nothing says whether there is one */
	e = agree_load(r, person, from, day_add(day_add_months(from, 3), -1), v);
	if (e == OK && (v->now.a.row.id || v->next.a.row.id))
		*ret = v;
	return e == ERR_ABSENT ? OK : e;
}

void
agreement_panel_show(struct view *view, struct request *r, const void *what)
{
	tpl_panel(view, what, r);
}
