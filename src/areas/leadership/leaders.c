#include "areas/leadership/view.h"

#include "areas/leadership/leaders_html.h"

/* L3, O6: counts of leaders are open to those they lead, so they are read for the company; no text is. */
static enum err
load_board(struct request *r, struct leaders_view *v)
{
	struct grant counts = grant_all(r->actor.org, 0, 0, "counts of leaders, open to their teams");
	struct company o;
	struct leader *l;
	enum err e = leaders_load(r, &l, &v->n);

	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &company_record, r->actor.org, &o);
	if (e != OK)
		return e;
	v->sponsor = o.sponsor ? page_name(r, "person", o.sponsor) : o.sponsor_name;
	v->has_head = o.head != 0;
	v->rows = arena_new(r->arena, struct leader_row, v->n + 1);
	for (size_t i = 0; e == OK && i < v->n; i++) {
		v->rows[i].l = l[i];
		e = debt_of_coach(
		        r->conn, r->arena, &counts, l[i].person, v->from, r->today, r->today, &v->rows[i].coaching);
		if (e == OK)
			e = commitments_kept(r->conn, r->arena, &counts, l[i].person, day_add_months(r->today, -12),
			        r->today, r->today, &v->rows[i].kept);
	}
	return e;
}

enum err
leaders_page(struct request *r)
{
	struct page p = { .title = STR("Leaders’ board") };
	struct leaders_view v = { .from = day_add(r->today, -84) };
	enum err e = load_board(r, &v);

	if (e != OK)
		return e;
	p.subtitle = str_fmt(r->arena, "Twelve weeks to %.*s, in the order of the reporting line; no rank, no total",
	        STR_ARG(day_long(r->arena, r->today)));
	page_head(r, &p);
	tpl_leaders(&r->view, &v, r);
	page_foot(r);
	return OK;
}
