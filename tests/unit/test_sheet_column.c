#include "sheet.h"
#include "sheet/column.h"

static struct column_sniff
sniff(struct arena *a, struct csv *c)
{
	struct column_sniff s;
	struct csv_row r;
	column_sniff_init(&s, a, csv_shape(c));
	while (csv_next(c, &r) == OK)
		column_sniff_row(&s, &r);
	column_sniff_end(&s);
	return s;
}

static struct column_sniff
sniff_text(struct arena *a, const char *text)
{
	return sniff(a, open_text(a, str_of(text), (struct csv_options){ 0 }));
}

static void
kinds(void **state)
{
	struct arena *a = *state;
	struct column_sniff s = sniff_text(a, "d,t,w,n,m,b,e,x,nil,ob\n"
	                                      "2026-01-02,2026-01-02 10:00,1,1.5,$5,Yes,a@b.cz,foo,,1\n"
	                                      "2026-01-03,2026-01-03 00:00,20,2,\"$1,000.00\",No,c@d.cz,bar,,0\n");
	static const enum column_kind want[] = { COLUMN_DAY, COLUMN_INSTANT, COLUMN_WHOLE, COLUMN_NUMBER, COLUMN_MONEY,
		COLUMN_BOOL, COLUMN_MAIL, COLUMN_TEXT, COLUMN_EMPTY, COLUMN_WHOLE };
	for (size_t i = 0; i < s.n_columns; i++)
		if (s.columns[i].kind != want[i])
			fail_msg("%.*s is %s", STR_ARG(s.columns[i].name), column_kind_name(s.columns[i].kind));
	assert_string_equal(s.columns[4].codes[0], "USD");
	assert_int_equal(s.columns[9].zero_one, 2);
	for (size_t i = 0; i < s.n_columns; i++)
		assert_int_equal(s.columns[i].doubt.n, 0);
}

static void
midnight_is_a_day(void **state)
{
	struct column_sniff s = sniff_text(*state, "a\n2026-01-02 00:00\n2026-01-03 00:00\n");
	assert_int_equal(s.columns[0].kind, COLUMN_DAY);
}

static void
one_column_decides_for_the_file(void **state)
{
	struct arena *a = *state;
	struct column_sniff s = sniff_text(a, "open,close\n1/2/2026,3/4/2026\n5/6/2026,25/4/2026\n");
	assert_int_equal(s.columns[0].order, CELL_DMY);
	assert_int_equal(s.columns[0].order_how, COLUMN_BY_FILE);
	assert_str(s.columns[0].doubt, "no day above 12: taken as d/m/y like the other dates of this file");
	assert_int_equal(s.columns[1].order_how, COLUMN_BY_VALUES);
	assert_int_equal(s.columns[1].doubt.n, 0);
}

static void
both_orders_possible_is_said(void **state)
{
	struct arena *a = *state;
	struct column_sniff s = sniff_text(a, "close\n1/2/2026\n5/6/2026\n");
	assert_int_equal(s.order, CELL_MDY);
	assert_int_equal(s.order_how, COLUMN_BY_DEFAULT);
	assert_str(s.columns[0].doubt, "no day above 12: can be read d/m/y and m/d/y; taken as m/d/y");
	assert_int_equal(sniff_text(a, "close,amount\n1/2/2026,£5\n").order, CELL_DMY);
	assert_int_equal(sniff_text(a, "close\n1.2.2026\n").order, CELL_DMY);
	s = sniff_text(a, "close\n13/2/2026\n2/13/2026\n14/2/2026\n");
	assert_str(s.columns[0].doubt, "2 dates read only as day/month, 1 only as month/day; taken as d/m/y");
}

static void
decimal_signs(void **state)
{
	struct arena *a = *state;
	struct column_sniff s = sniff_text(a, "x;y\n1.234;1,5\n2.000;2,25\n");
	assert_int_equal(s.decimal, ',');
	assert_int_equal(s.columns[0].decimal, ',');
	assert_int_equal(s.columns[0].decimal_how, COLUMN_BY_FILE);
	s = sniff_text(a, "x|y\n1,234|a\n2,000|b\n");
	assert_int_equal(s.columns[0].decimal, '.');
	assert_int_equal(s.columns[0].decimal_how, COLUMN_BY_DEFAULT);
	assert_true(s.columns[0].doubt.n > 0);
	s = sniff_text(a, "x|y\n1,234,567|a\n");
	assert_int_equal(s.columns[0].decimal, '.');
	assert_int_equal(s.columns[0].decimal_how, COLUMN_BY_VALUES);
	assert_int_equal(sniff_text(a, "x|y\n1'234.50|a\n").columns[0].decimal, '.');
	assert_int_equal(sniff_text(a, "x|y\n0,125|a\n").columns[0].decimal, ',');
}

static void
a_few_bad_cells_do_not_change_the_kind(void **state)
{
	struct column_sniff s = sniff_text(*state, "n\n1\n2\n3\n4\n5\nten\n");
	assert_int_equal(s.columns[0].kind, COLUMN_WHOLE);
	assert_int_equal(s.columns[0].unfit, 1);
	assert_str(s.columns[0].doubt, "1 of 6 cells are not a whole number");
}

static void
values_and_how_deals_ended(void **state)
{
	struct arena *a = *state;
	struct column_sniff s = sniff(a, open_file(a, GOLDEN("salesforce_export.csv")));
	const struct column_facts *stage = &s.columns[4];
	assert_str(stage->name, "StageName");
	assert_int_equal(stage->n_values, 3);
	assert_str(stage->values[0].text, "Vertrag");
	assert_int_equal(stage->values[0].n, 3);
	assert_int_equal(stage->values[0].by[ENDING_WON], 3);
	assert_str(stage->values[1].text, "Closed Lost");
	assert_int_equal(stage->values[1].by[ENDING_LOST], 1);
	assert_int_equal(stage->values[2].by[ENDING_OPEN], 1);
}

static void
too_many_values_are_not_kept(void **state)
{
	struct arena *a = *state;
	str text = STR("a,b\n");
	for (int i = 0; i < 101; i++)
		text = str_fmt(a, "%.*sv%d,same\n", STR_ARG(text), i);
	struct column_sniff s = sniff(a, open_text(a, text, (struct csv_options){ 0 }));
	assert_null(s.columns[0].values);
	assert_int_equal(s.columns[0].n_values, 0);
	assert_int_equal(s.columns[1].n_values, 1);
	assert_int_equal(s.columns[1].values[0].n, 101);
}

static void
endings(void **state)
{
	(void)state;
	static const struct {
		const char *words;
		enum ending is;
	} all[] = { { "Closed Won", ENDING_WON }, { "won", ENDING_WON }, { "Closed - Lost to competitor", ENDING_LOST },
		{ "Canceled", ENDING_LOST }, { "In Progress", ENDING_OPEN }, { "Gewonnen", ENDING_WON },
		{ "Verloren", ENDING_LOST }, { "Wonder", ENDING_NONE }, { "Negotiation", ENDING_NONE },
		{ "Open", ENDING_OPEN }, { "Open question", ENDING_NONE }, { "", ENDING_NONE } };
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (ending_of(str_of(all[i].words)) != all[i].is)
			fail_msg("%s", all[i].words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(kinds), unit(midnight_is_a_day), unit(one_column_decides_for_the_file),
		unit(both_orders_possible_is_said), unit(decimal_signs), unit(a_few_bad_cells_do_not_change_the_kind),
		unit(values_and_how_deals_ended), unit(too_many_values_are_not_kept), unit(endings) };
	return cmocka_run_group_tests_name("sheet_column", tests, NULL, NULL);
}
