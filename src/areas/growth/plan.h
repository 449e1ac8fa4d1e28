/* What the page of an account plan shows; filled by plan.c and chart.c, written by plan.html.
   What it is not for: rules (rules.c), the arithmetic of the grid (grid.h). */
#ifndef AREAS_GROWTH_PLAN_H
#define AREAS_GROWTH_PLAN_H

#include "areas/commitments/commitments.h"
#include "areas/deals/rates.h"
#include "areas/growth/grid.h"
#include "areas/growth/growth.h"
#include "html/widgets.h"
#include "page/page.h"

struct chart_person {
	struct contact c;
	str role;    /* "Decides, convinced": from the deals; empty: unknown */
	size_t boss; /* index; SIZE_MAX: stands at the top, or reports to somebody who is not here */
};

struct plan_step {
	struct commitment c;
	str owner, owed;
	bool late;
};

struct plan_deal_row {
	id deal, unit;
	str name, product, outcome;
	money value;
	bool may; /* write it */
};

struct sold { /* a deal, or a line of one; or what its amount says beyond the lines */
	id deal, unit, product;
	str product_name, currency;
	bool won;
	int64_t value;
	size_t row;     /* of plan_view.deals */
	bool counted;   /* in the grid */
	int64_t counts; /* as what, in the company's currency */
};

struct plan_view {
	const struct account *a;
	str owner;
	struct grid grid;
	struct plan_unit *units;
	size_t n_units;
	struct potential *potentials;
	size_t n_potentials;
	struct plan_deal_row *deals;
	size_t n_deals;
	struct sold *sold; /* what the grid counts */
	size_t n_sold;
	int64_t n_won;
	struct chart_person *people;
	size_t n_people;
	struct plan_step *steps;
	size_t n_steps;
	int64_t hidden_steps; /* of others, that the one who asks may not see (O5) */
	str without;          /* amounts that have no rate into the company's currency; empty: none */
	bool may;             /* write the account */
	str who_sees;
	struct plan_unit typed_unit;
	struct potential typed;
	struct commitment step;
};

/* One cell of the grid, a row, a column or all of it, with what it was counted from. */
struct plan_cell_view {
	const struct plan_view *v;
	struct grid_cell sum;
	str unit, product; /* names; empty: all */
	bool any_unit, any_product;
	id unit_id, product_id;
};

/* The grid of an account with the rows behind it, by what the asking person may see. */
enum err plan_load(struct request *r, const struct account *a, struct plan_view *ret);
/* Where the rows of a cell stand; NULL: all units, all products. */
str plan_cell_rows(
        struct arena *a, const struct plan_view *v, const struct grid_place *unit, const struct grid_place *product);
str plan_unit_name(const struct plan_view *v, id unit);
bool plan_cell_has(const struct plan_cell_view *c, id unit, id product);
enum err plan_cell_page(struct request *r);

/* People of the account as their chart has them. */
enum err chart_load(struct request *r, struct plan_view *v);
/* Does somebody of the chart report to that one? */
bool chart_leads(const struct plan_view *v, size_t who);
enum err chart_save(struct request *r, const struct account *a, id *ret_set);

extern const struct route growth_routes[];
extern const struct act_body growth_acts[]; /* what they take */

#endif
