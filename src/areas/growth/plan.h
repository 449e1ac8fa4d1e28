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

/* People of the account as their chart has them. */
enum err chart_load(struct request *r, struct plan_view *v);
/* Does somebody of the chart report to that one? */
bool chart_leads(const struct plan_view *v, size_t who);
enum err chart_save(struct request *r, const struct account *a, id *ret_set);

extern const struct route growth_routes[];

#endif
