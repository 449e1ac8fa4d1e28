#include "areas/growth/grid.h"

#include <assert.h>

struct grid_entry {
	size_t unit, product;
	struct grid_cell what;
};

static size_t
find(const struct grid_place *all, size_t n, id which)
{
	size_t i = 0;

	while (i < n && all[i].id != which)
		i++;
	return i;
}

void
grid_unit(struct grid *g, id unit, str name)
{
	if (find(g->units, g->n_units, unit) < g->n_units)
		return;
	arena_grow(g->arena, g->units, g->n_units, g->cap_units);
	g->units[g->n_units++] = (struct grid_place){ .id = unit, .name = name };
}

void
grid_product(struct grid *g, id product, str name)
{
	if (find(g->products, g->n_products, product) < g->n_products)
		return;
	arena_grow(g->arena, g->products, g->n_products, g->cap_products);
	g->products[g->n_products++] = (struct grid_place){ .id = product, .name = name };
}

void
grid_add(struct grid *g, id unit, id product, struct grid_cell what)
{
	struct grid_entry x = { find(g->units, g->n_units, unit), find(g->products, g->n_products, product), what };

	assert(x.unit < g->n_units && x.product < g->n_products);
	arena_grow(g->arena, g->entries, g->n_entries, g->cap_entries);
	g->entries[g->n_entries++] = x;
}

static void
sum(struct grid_cell *to, const struct grid_cell *x)
{
	to->planned |= x->planned;
	to->potential += x->potential;
	to->value += x->value;
	to->open += x->open;
	to->untapped += x->untapped;
	if (x->row)
		to->row = x->row;
}

void
grid_close(struct grid *g)
{
	g->cells = arena_new(g->arena, struct grid_cell, g->n_units * g->n_products + 1);
	for (size_t i = 0; i < g->n_entries; i++)
		sum(&g->cells[g->entries[i].unit * g->n_products + g->entries[i].product], &g->entries[i].what);
	for (size_t u = 0; u < g->n_units; u++)
		for (size_t p = 0; p < g->n_products; p++) {
			struct grid_cell *x = &g->cells[u * g->n_products + p];
			x->untapped = x->planned ? x->potential - x->value : 0;
			sum(&g->units[u].sum, x);
			sum(&g->products[p].sum, x);
			sum(&g->sum, x);
		}
}

const struct grid_cell *
grid_at(const struct grid *g, size_t unit, size_t product)
{
	assert(unit < g->n_units && product < g->n_products);
	return &g->cells[unit * g->n_products + product];
}
