#include "near.h"

#include "stats/table.h"

static void
fisher(void **state)
{
	(void)state;
	/* The lady tasting tea: Fisher, The Design of Experiments (1935), 17 of 70 and twice that. */
	assert_near(table_fisher((struct table_two){ 3, 1, 1, 3 }), 34.0 / 70, 1e-12);
	assert_near(table_fisher((struct table_two){ 4, 0, 0, 4 }), 2.0 / 70, 1e-12);
	/* Criminals' twins: Fisher (1935); R: fisher.test(matrix(c(2, 10, 15, 3), 2)) */
	assert_near(table_fisher((struct table_two){ 10, 3, 2, 15 }), .0005367241, 1e-9);
	assert_near(table_fisher_less((struct table_two){ 2, 15, 10, 3 }), .0004651809, 1e-9);
	assert_near(table_fisher((struct table_two){ 0, 0, 3, 4 }), 1, 1e-12);
	assert_true(isnan(table_fisher((struct table_two){ -1, 0, 3, 4 })));
	/* Large counts neither overflow nor vanish, and go the way of chi-square. */
	struct table_two large = { 50100, 49900, 49900, 50100 };
	assert_near(table_fisher(large), table_pearson(large, true).p, 1e-3);
}

static void
chi_square(void **state)
{
	(void)state;
	/* By hand: 10 of 20 and 15 of 20: share .625, chi = 2·(2.5²/12.5 + 2.5²/7.5) = 8/3. */
	const int64_t won[] = { 10, 0, 15 }, decided[] = { 20, 0, 20 };
	struct table_chi x = table_differ(won, decided, 3);
	assert_near(x.chi, 8.0 / 3, 1e-12);
	assert_int_equal(x.df, 1);
	assert_int_equal(x.n, 2);
	assert_near(x.p, .1024704, 1e-6);
	assert_near(x.least, 7.5, 1e-12);
	struct table_chi y = table_pearson((struct table_two){ 10, 10, 15, 5 }, false);
	assert_near(y.chi, 8.0 / 3, 1e-12);
	assert_near(table_pearson((struct table_two){ 10, 10, 15, 5 }, true).chi, 1.7066667, 1e-6);
	const int64_t same[] = { 5, 5 }, five[] = { 5, 5 };
	x = table_differ(same, five, 2);
	assert_int_equal(x.df, 0);
	assert_true(isnan(x.p));
	assert_int_equal(table_differ(NULL, NULL, 0).df, 0);
}

static void
risk_ratio(void **state)
{
	(void)state;
	/* Physicians' Health Study: 104 of 11,037 and 189 of 11,034 had an infarct (New England Journal of Medicine 321
	   (1989) 129–135); Agresti, Categorical Data Analysis: 1.82, 1.43 to 2.31. */
	struct table_ratio r = table_risk((struct table_two){ 189, 10845, 104, 10933 });
	assert_near(r.ratio, 1.82, .005);
	assert_near(r.low, 1.43, .005);
	assert_near(r.high, 2.31, .005);
	assert_true(isnan(table_risk((struct table_two){ 0, 5, 3, 4 }).ratio));
}

static void
holm(void **state)
{
	(void)state;
	/* R: p.adjust(c(.01, .04, .03, .005), "holm") */
	double p[] = { .01, .04, NAN, .03, .005 };
	table_holm(p, 5);
	assert_near(p[0], .03, 1e-12);
	assert_near(p[1], .06, 1e-12);
	assert_true(isnan(p[2]));
	assert_near(p[3], .06, 1e-12);
	assert_near(p[4], .02, 1e-12);
	double one[] = { 1, 1, .9 };
	table_holm(one, 3);
	assert_near(one[0], 1, 1e-12);
	assert_near(one[2], 1, 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(fisher), unit(chi_square), unit(risk_ratio), unit(holm) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
