/* The growth grid: business units by products, each with potential, value and what is untapped (G2). Pure.
   What it is not for: reading it from records (plan.c). */
#ifndef AREAS_GROWTH_GRID_H
#define AREAS_GROWTH_GRID_H

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"

/* Minor units of one currency. */
struct grid_cell {
	bool planned;      /* somebody wrote a potential */
	int64_t potential; /* 0 where nobody did */
	int64_t value;     /* of won deals */
	int64_t open;      /* open deals */
	int64_t untapped;  /* potential − value, of what is planned; below 0: more was sold than thought */
	id row;            /* of the potential */
};

struct grid_place { /* a row or a column */
	id id;
	str name;
	struct grid_cell sum;
};

struct grid {
	struct arena *arena;
	struct grid_place *units, *products;
	size_t n_units, n_products, cap_units, cap_products;
	struct grid_cell *cells; /* n_units × n_products, after grid_close */
	struct grid_cell sum;
	struct grid_entry *entries;
	size_t n_entries, cap_entries;
};

/* Units and products in the order in which they are added; the same one again is no other. */
void grid_unit(struct grid *g, id unit, str name);
void grid_product(struct grid *g, id product, str name);
/* Adds to the cell of a unit and a product; the product is 0 where a deal names none. Both were added before. */
void grid_add(struct grid *g, id unit, id product, struct grid_cell what);
/* Sums. Untapped counts only what is planned: value where nobody wrote a potential is no gap. */
void grid_close(struct grid *g);
const struct grid_cell *grid_at(const struct grid *g, size_t unit, size_t product);

#endif
