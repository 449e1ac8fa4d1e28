#include "sheet/cell.h"
#include "unit.h"

static void
day_is_read(struct arena *a, const char *cell, enum cell_order order, const char *want)
{
	day d;
	str why = { 0 };
	if (cell_day(a, str_of(cell), order, &d, &why) != OK)
		fail_msg("\"%s\": %.*s", cell, STR_ARG(why));
	assert_str(day_iso(a, d), want);
}

static void
days_in_every_form(void **state)
{
	struct arena *a = *state;
	day_is_read(a, "2026-02-28", CELL_YMD, "2026-02-28");
	day_is_read(a, "2026-02-28", CELL_MDY, "2026-02-28"); /* a year in front decides */
	day_is_read(a, "2026/2/8", CELL_ANY, "2026-02-08");
	day_is_read(a, "20260228", CELL_YMD, "2026-02-28");
	day_is_read(a, "15.1.2017", CELL_DMY, "2017-01-15");
	day_is_read(a, "3/1/2017", CELL_MDY, "2017-03-01");
	day_is_read(a, "3/1/2017", CELL_DMY, "2017-01-03");
	day_is_read(a, "13/1/2017", CELL_ANY, "2017-01-13");
	day_is_read(a, "1/13/17", CELL_ANY, "2017-01-13");
	day_is_read(a, "1/2/71", CELL_DMY, "1971-02-01");
	day_is_read(a, "18. 5. 2017", CELL_DMY, "2017-05-18");
	day_is_read(a, "18.\u00a05.\u00a02017", CELL_DMY, "2017-05-18");
	day_is_read(a, "15 Apr, 2021 00:02:00", CELL_ANY, "2021-04-15");
	day_is_read(a, "Apr 15, 2021", CELL_DMY, "2021-04-15");
	day_is_read(a, "15. März 2021", CELL_ANY, "2021-03-15");
	day_is_read(a, "15-Dez-21", CELL_ANY, "2021-12-15");
	day_is_read(a, "1. července 2021", CELL_ANY, "2021-07-01");
	day_is_read(a, "Mon, 15 Apr 2021", CELL_ANY, "2021-04-15");
	day_is_read(a, "2024-01-22T16:14:25.000+0000", CELL_YMD, "2024-01-22");
	day_is_read(a, "1/2/2023 1:00 PM", CELL_MDY, "2023-01-02");
	day_is_read(a, "2025-06-17 00:00", CELL_YMD, "2025-06-17");
	day_is_read(a, " 2026-02-28 ", CELL_YMD, "2026-02-28");
}

static void
no_day(struct arena *a, const char *cell, enum cell_order order, const char *want)
{
	day d = { 7 };
	str why = { 0 };
	assert_int_equal(cell_day(a, str_of(cell), order, &d, &why), ERR_INPUT);
	assert_str(why, want);
	assert_int_equal(d.n, 7);
}

static void
days_that_are_none(void **state)
{
	struct arena *a = *state;
	no_day(a, "2023-02-30", CELL_YMD, "30 February is not a day");
	no_day(a, "31. 2. 2023", CELL_DMY, "31 February is not a day");
	no_day(a, "2023-02-29", CELL_YMD, "29 February 2023 is not a day");
	no_day(a, "31.4.2023", CELL_DMY, "31 April is not a day");
	no_day(a, "45.4.2023", CELL_DMY, "45 April 2023 is not a day");
	no_day(a, "0.4.2023", CELL_DMY, "0.4.2023: there is no day 0");
	no_day(a, "3/14/2017", CELL_DMY, "3/14/2017: there is no month 14");
	no_day(a, "3/4/2017", CELL_YMD, "\"3/4/2017\" is not a date written Y-M-D");
	no_day(a, "3/4/2017", CELL_ANY,
	        "3/4/2017 can be read as day and month or month and day: choose the order for the file");
	no_day(a, "soon", CELL_DMY, "\"soon\" is not a date written d/m/y");
	no_day(a, "42873", CELL_DMY,
	        "42873 looks like a spreadsheet's number for a day: format the column as a date and save again");
	no_day(a, "1.234.567", CELL_DMY, "\"1.234.567\" is not a date written d/m/y");
	no_day(a, "192.168.1.1", CELL_DMY, "\"192.168.1.1\" is not a date written d/m/y");
	no_day(a, "2023-01-02 25:00", CELL_YMD, "\"2023-01-02 25:00\" is not a date written Y-M-D");
	no_day(a, "2023-01-02 13:00 PM", CELL_YMD, "\"2023-01-02 13:00 PM\" is not a date written Y-M-D");
}

static void
empty_cells(void **state)
{
	struct arena *a = *state;
	day d;
	bool b;
	int64_t n;
	str why;
	const char *empties[] = { "", "  ", "-", "\u2013", "N/A", "null", "\u00a0" };
	for (size_t i = 0; i < sizeof(empties) / sizeof(*empties); i++) {
		assert_true(cell_empty(str_of(empties[i])));
		assert_int_equal(cell_day(a, str_of(empties[i]), CELL_ANY, &d, &why), ERR_ABSENT);
		assert_int_equal(cell_bool(a, str_of(empties[i]), &b, &why), ERR_ABSENT);
		assert_int_equal(cell_number(a, str_of(empties[i]), '.', 0, &n, &why), ERR_ABSENT);
	}
	assert_false(cell_empty(STR("0")));
}

static void
instant_is_read(struct arena *a, const char *cell, enum cell_order order, const char *want)
{
	instant at;
	str why = { 0 };
	if (cell_instant(a, str_of(cell), order, zone_find(STR("Europe/Prague")), &at, &why) != OK)
		fail_msg("\"%s\": %.*s", cell, STR_ARG(why));
	assert_str(instant_iso(a, at), want);
}

static void
instants(void **state)
{
	struct arena *a = *state;
	instant_is_read(a, "2024-01-22T16:14:25.250+0000", CELL_YMD, "2024-01-22T16:14:25.250Z");
	instant_is_read(a, "2024-01-22T16:14:25Z", CELL_YMD, "2024-01-22T16:14:25.000Z");
	instant_is_read(a, "2024-01-22 16:14:25 -05:30", CELL_YMD, "2024-01-22T21:44:25.000Z");
	instant_is_read(a, "2024-01-22 16:14", CELL_YMD, "2024-01-22T15:14:00.000Z");
	instant_is_read(a, "2024-07-22 16:14", CELL_YMD, "2024-07-22T14:14:00.000Z");
	instant_is_read(a, "1/2/2024 12:11 AM", CELL_DMY, "2024-01-31T23:11:00.000Z");
	instant_is_read(a, "1/2/2024 12:11 pm", CELL_DMY, "2024-02-01T11:11:00.000Z");
	instant_is_read(a, "15 Apr, 2021 00:02:03", CELL_ANY, "2021-04-14T22:02:03.000Z");
	instant_is_read(a, "22.1.2024", CELL_DMY, "2024-01-21T23:00:00.000Z");
}

static void
amount_is_read(struct arena *a, const char *cell, char decimal, const char *code, int64_t minor, const char *want_code)
{
	struct cell_amount m;
	str why = { 0 };
	if (cell_money(a, str_of(cell), decimal, code, &m, &why) != OK)
		fail_msg("\"%s\": %.*s", cell, STR_ARG(why));
	assert_int_equal(m.minor, minor);
	assert_string_equal(m.code, want_code);
}

static void
amounts(void **state)
{
	struct arena *a = *state;
	amount_is_read(a, "1054", '.', "USD", 105400, "USD");
	amount_is_read(a, "$1,234.50", '.', "USD", 123450, "USD");
	amount_is_read(a, "$1,234.50", '.', "AUD", 123450, "AUD");
	amount_is_read(a, "£5,482.00", '.', "USD", 548200, "GBP");
	amount_is_read(a, "6.142,00", ',', "EUR", 614200, "EUR");
	amount_is_read(a, "1.234", ',', "EUR", 123400, "EUR");
	amount_is_read(a, "1.234", '.', "EUR", 123, "EUR");
	amount_is_read(a, "25\u00a0208,00", ',', "CZK", 2520800, "CZK");
	amount_is_read(a, "25\u202f208,5 Kč", ',', "EUR", 2520850, "CZK");
	amount_is_read(a, "1'234'567.89", '.', "CHF", 123456789, "CHF");
	amount_is_read(a, "1’234.50 CHF", '.', "EUR", 123450, "CHF");
	amount_is_read(a, "-1100", '.', "USD", -110000, "USD");
	amount_is_read(a, "(1,100.00)", '.', "USD", -110000, "USD");
	amount_is_read(a, "1100,00-", ',', "EUR", -110000, "EUR");
	amount_is_read(a, "\u22125 €", ',', "USD", -500, "EUR");
	amount_is_read(a, "-$5.25", '.', "USD", -525, "USD");
	amount_is_read(a, "1.200,-", ',', "EUR", 120000, "EUR");
	amount_is_read(a, ".5", '.', "USD", 50, "USD");
	amount_is_read(a, "1200", '.', "JPY", 1200, "JPY");
	amount_is_read(a, "1.5", '.', "KWD", 1500, "KWD");
	amount_is_read(a, "12,34,567.00", '.', "INR", 123456700, "INR");
	amount_is_read(a, "0.005", '.', "USD", 1, "USD");
	amount_is_read(a, "90071992547409.93", '.', "USD", INT64_C(9007199254740993), "USD");
}

static void
no_amount(struct arena *a, const char *cell, char decimal, const char *want)
{
	struct cell_amount m;
	str why = { 0 };
	assert_int_equal(cell_money(a, str_of(cell), decimal, "USD", &m, &why), ERR_INPUT);
	assert_str(why, want);
}

static void
amounts_that_are_none(void **state)
{
	struct arena *a = *state;
	no_amount(a, "ten thousand", '.', "\"ten thousand\" is not a number");
	no_amount(a, "1.234,50", '.', "1.234,50 does not fit '.' as the decimal sign: is it ','?");
	no_amount(a, "1,2345,678", '.', "\"1,2345,678\" is not a number with '.' as the decimal sign");
	no_amount(a, "1.2E+05", '.', "1.2E+05 was shortened by a spreadsheet: show the column in full and save again");
	no_amount(a, "50 %", '.', "\"50 %\" is a share, not an amount");
	no_amount(a, "99999999999999999999", '.',
	        "\"99999999999999999999\" is not a number with '.' as the decimal sign");
	no_amount(a, "12 apples", '.', "\"12 apples\" is not a number");
	no_amount(a, "--5", '.', "\"--5\" is not a number");
}

static void
numbers_and_words(void **state)
{
	struct arena *a = *state;
	int64_t n;
	bool b;
	char code[4];
	str why = { 0 };
	assert_int_equal(cell_number(a, STR("12.5 %"), '.', 2, &n, &why), OK);
	assert_int_equal(n, 1250);
	assert_int_equal(cell_number(a, STR("2.5"), '.', 0, &n, &why), OK);
	assert_int_equal(n, 3);
	assert_int_equal(cell_bool(a, STR("Ano"), &b, &why), OK);
	assert_true(b);
	assert_int_equal(cell_bool(a, STR("NEIN"), &b, &why), OK);
	assert_false(b);
	assert_int_equal(cell_bool(a, STR("1"), &b, &why), OK);
	assert_true(b);
	assert_int_equal(cell_bool(a, STR("perhaps"), &b, &why), ERR_INPUT);
	assert_str(why, "\"perhaps\" is neither yes nor no");
	assert_int_equal(cell_currency(a, STR("Kč"), code, &why), OK);
	assert_string_equal(code, "CZK");
	assert_int_equal(cell_currency(a, STR("US Dollar"), code, &why), OK);
	assert_string_equal(code, "USD");
	assert_int_equal(cell_currency(a, STR("chf"), code, &why), OK);
	assert_string_equal(code, "CHF");
	assert_int_equal(cell_currency(a, STR("XQX"), code, &why), ERR_INPUT);
}

static void
orders(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum cell_order is;
	} texts[] = { { "Y-M-D", CELL_YMD }, { "d.m.yyyy", CELL_DMY }, { "d. m. yyyy", CELL_DMY },
		{ "m/d/y", CELL_MDY }, { "DD/MM/YYYY", CELL_DMY }, { "%d %b, %Y %H:%M:%S", CELL_DMY },
		{ "TT.MM.JJJJ", CELL_DMY } };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		enum cell_order o;
		if (!cell_order_find(str_of(texts[i].text), &o) || o != texts[i].is)
			fail_msg("%s", texts[i].text);
	}
	enum cell_order o;
	assert_false(cell_order_find(STR("m/y"), &o));
	assert_string_equal(cell_order_name(CELL_DMY, '.'), "d.m.y");
	assert_string_equal(cell_order_name(CELL_MDY, 0), "m/d/y");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(days_in_every_form), unit(days_that_are_none), unit(empty_cells),
		unit(instants), unit(amounts), unit(amounts_that_are_none), unit(numbers_and_words), unit(orders) };
	return cmocka_run_group_tests_name("sheet_cell", tests, NULL, NULL);
}
