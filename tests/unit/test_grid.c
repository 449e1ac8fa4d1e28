/* The growth grid (G2): what is untapped, of what is planned and of nothing else. */
#include "unit.h"

#include "areas/growth/grid.h"

static void
untapped(void **state)
{
	struct grid g = { .arena = *state };

	grid_unit(&g, 1, STR("North"));
	grid_unit(&g, 2, STR("South"));
	grid_unit(&g, 1, STR("North again"));
	grid_product(&g, 7, STR("Pump"));
	grid_product(&g, 8, STR("Valve"));
	grid_add(&g, 1, 7, (struct grid_cell){ .planned = true, .potential = 100, .row = 70 });
	grid_add(&g, 1, 7, (struct grid_cell){ .value = 30 });
	grid_add(&g, 1, 7, (struct grid_cell){ .open = 5 });
	grid_add(&g, 2, 8, (struct grid_cell){ .planned = true, .potential = 20 });
	grid_add(&g, 2, 8, (struct grid_cell){ .value = 25 });
	grid_add(&g, 2, 7, (struct grid_cell){ .value = 9 }); /* sold, and nobody planned it */
	grid_close(&g);
	assert_int_equal(g.n_units, 2);
	assert_int_equal(g.n_products, 2);
	assert_int_equal(grid_at(&g, 0, 0)->untapped, 70);
	assert_int_equal(grid_at(&g, 0, 0)->row, 70);
	assert_int_equal(grid_at(&g, 1, 1)->untapped, -5);
	assert_false(grid_at(&g, 1, 0)->planned);
	assert_int_equal(grid_at(&g, 1, 0)->untapped, 0);
	assert_int_equal(g.units[1].sum.untapped, -5);
	assert_int_equal(g.products[0].sum.value, 39);
	assert_int_equal(g.products[0].sum.untapped, 70);
	assert_int_equal(g.sum.potential, 120);
	assert_int_equal(g.sum.value, 64);
	assert_int_equal(g.sum.open, 5);
	assert_int_equal(g.sum.untapped, 65);
}

static void
empty(void **state)
{
	struct grid g = { .arena = *state };

	grid_unit(&g, 0, STR("The account as a whole"));
	grid_close(&g);
	assert_false(g.sum.planned);
	assert_int_equal(g.sum.untapped, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(untapped), unit(empty) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
