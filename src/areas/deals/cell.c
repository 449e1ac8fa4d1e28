/* One cell of the table edited in its place: next step, its day, amount, close date (26). Compared with what was shown:
   another field that somebody changed meanwhile is no conflict, the same one is shown beside one's own words (27). */
#include "areas/deals/list.h"

#include "areas/deals/list_html.h"

static const char *const cells[] = { "next_step", "next_step_on", "amount", "closes_on", NULL };

struct editing {
	struct deal_cell cell;
	struct deal d;
};

str
deal_cell_text(struct arena *a, const struct deal *d, const struct field *f)
{
	if (f->kind == F_MONEY)
		return d->amount == NO_INT ? (str){ 0 } : money_plain(a, money_of(d->amount, d->currency));
	return field_text(a, f, d);
}

static enum err
load_cell(struct request *r, struct editing *x)
{
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &x->d);

	x->cell.d = &x->d;
	for (size_t i = 0; cells[i]; i++)
		if (str_eq(r->words[1], str_of(cells[i])))
			x->cell.field = record_field(&deal_record, r->words[1]);
	if (e != OK)
		return e;
	return x->cell.field ? OK : ERR_ABSENT;
}

/* A part for the table's script; else a small page of its own. */
static enum err
show(struct request *r, struct editing *x)
{
	struct crumb crumb = { STR("Deals"), STR("/deals") };
	struct page p = { .title = str_fmt(r->arena, "%s of %.*s", x->cell.field->label, STR_ARG(x->d.name)),
		.crumbs = &crumb,
		.n_crumbs = 1 };

	x->cell.was = deal_cell_text(r->arena, &x->d, x->cell.field);
	if (page_is_part(r)) {
		tpl_deal_cell(&r->view, &x->cell, r);
		return OK;
	}
	page_head(r, &p);
	tpl_deal_cell(&r->view, &x->cell, r);
	page_foot(r);
	return OK;
}

static enum err
cell_page(struct request *r)
{
	struct editing x = { 0 };
	struct deal_row row;
	enum err e = load_cell(r, &x);

	if (e == OK)
		e = list_one(r, x.d.row.id, &row);
	if (e == OK && !row.may)
		return ERR_DENIED;
	x.cell.typed = e == OK ? deal_cell_text(r->arena, &x.d, x.cell.field) : (str){ 0 };
	return e == OK ? show(r, &x) : e;
}

static enum err
answer_row(struct request *r, id set, str said)
{
	struct deal_row row;
	enum err e = list_one(r, r->ids[0], &row);

	if (e != OK)
		return e;
	tpl_deal_line(&r->view, &row, r);
	tpl_deal_saved(&r->view, set, said, r);
	return OK;
}

static str
back_to(struct request *r)
{
	str to = page_field(r, "to");

	return str_starts(to, STR("/deals")) || str_starts(to, STR("/board")) ? to : STR("/deals");
}

static enum err
cell_save(struct request *r)
{
	struct editing x = { 0 };
	struct deal d;
	id set = 0;
	enum err e = load_cell(r, &x);

	if (e != OK)
		return e;
	x.cell.typed = page_field(r, x.cell.field->name);
	d = x.d;
	str now_there = deal_cell_text(r->arena, &x.d, x.cell.field);
	if (page_has_field(r, "was") && !str_eq(page_field(r, "was"), now_there) && !str_eq(x.cell.typed, now_there)) {
		x.cell.theirs = now_there.n ? now_there : STR("nothing");
		r->answer->status = 409;
		return show(r, &x);
	}
	e = page_fill(r, &deal_record, x.cell.field->name, &d);
	str said = str_fmt(r->arena, "%.*s: %s saved", STR_ARG(d.name), x.cell.field->label);
	if (e == OK)
		e = page_save(r, said, &deal_record, &d, &set);
	if (e == ERR_INPUT) {
		r->answer->status = 422;
		return show(r, &x);
	}
	if (e != OK)
		return e;
	return page_is_part(r) ? answer_row(r, set, said) : page_done(r, set, back_to(r));
}

const struct route cell_routes[] = {
	{ HTTP_GET, "/deals/:/cell/*", POLICY_SIGNED_IN, cell_page, "deals", "Edit one field of a deal", false },
	{ HTTP_POST, "/deals/:/cell/*", POLICY_SIGNED_IN, cell_save, "deals", "Save one field of a deal", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
