/* What a figure of the growth grid was counted from: deals, lines of deals, and what somebody wrote (G2). */
#include "areas/growth/plan.h"

#include "areas/growth/cell_html.h"

static str
add_place(struct arena *a, str to, const char *name, const struct grid_place *place)
{
	if (!place)
		return to;
	return str_fmt(a, "%.*s%c%s=%.*s", STR_ARG(to), str_find_byte(to, '?') == SIZE_MAX ? '?' : '&', name,
	        STR_ARG(place->id ? id_text(a, place->id) : STR("none")));
}

str
plan_cell_rows(
        struct arena *a, const struct plan_view *v, const struct grid_place *unit, const struct grid_place *product)
{
	str to = str_fmt(a, "/accounts/%.*s/plan/cell", STR_ARG(id_text(a, v->a->row.id)));

	return add_place(a, add_place(a, to, "unit", unit), "product", product);
}

str
plan_unit_name(const struct plan_view *v, id unit)
{
	for (size_t i = 0; i < v->grid.n_units; i++)
		if (v->grid.units[i].id == unit)
			return v->grid.units[i].name;
	return (str){ 0 };
}

bool
plan_cell_has(const struct plan_cell_view *c, id unit, id product)
{
	return (c->any_unit || c->unit_id == unit) && (c->any_product || c->product_id == product);
}

/* "none", an id that the grid has, or nothing for all; ERR_ABSENT: a place that it has not. */
static enum err
read_place(struct request *r, const char *name, const struct grid_place *all, size_t n, id *ret, bool *ret_any,
        str *ret_name)
{
	str typed = page_param(r, name);

	*ret = 0;
	*ret_any = !typed.n;
	*ret_name = (str){ 0 };
	if (!typed.n)
		return OK;
	if (!str_eq(typed, STR("none")) && !id_parse(typed, ret))
		return ERR_ABSENT;
	for (size_t i = 0; i < n; i++)
		if (all[i].id == *ret) {
			*ret_name = all[i].name;
			return OK;
		}
	return ERR_ABSENT;
}

static void
sum_up(struct plan_cell_view *c)
{
	const struct grid *g = &c->v->grid;

	for (size_t u = 0; u < g->n_units; u++)
		for (size_t p = 0; p < g->n_products; p++) {
			const struct grid_cell *x = grid_at(g, u, p);
			if (!plan_cell_has(c, g->units[u].id, g->products[p].id))
				continue;
			c->sum.planned |= x->planned;
			c->sum.potential += x->potential;
			c->sum.value += x->value;
			c->sum.open += x->open;
			c->sum.untapped += x->untapped;
		}
}

enum err
plan_cell_page(struct request *r)
{
	struct account a;
	struct plan_view v = { 0 };
	struct plan_cell_view c = { .v = &v };
	enum err e = record_load(r->conn, r->arena, &r->grant, &account_record, r->ids[0], &a);

	if (e == OK)
		e = plan_load(r, &a, &v);
	if (e == OK)
		e = read_place(r, "unit", v.grid.units, v.grid.n_units, &c.unit_id, &c.any_unit, &c.unit);
	if (e == OK)
		e = read_place(
		        r, "product", v.grid.products, v.grid.n_products, &c.product_id, &c.any_product, &c.product);
	if (e != OK)
		return e;
	sum_up(&c);
	str plan = str_fmt(r->arena, "/accounts/%.*s/plan", STR_ARG(id_text(r->arena, a.row.id)));
	struct crumb crumbs[] = { { STR("Accounts"), STR("/accounts") },
		{ str_fmt(r->arena, "Plan for %.*s", STR_ARG(a.name)), plan } };
	struct page p = { .title = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(c.any_unit ? STR("All units") : c.unit),
		                  STR_ARG(c.any_product ? STR("all products") : c.product)),
		.subtitle = STR("What the growth grid counts"),
		.crumbs = crumbs,
		.n_crumbs = 2 };
	page_head(r, &p);
	tpl_plan_cell_page(&r->view, &c, r);
	page_foot(r);
	return OK;
}
