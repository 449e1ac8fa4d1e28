#include "unit.h"

#include <stdlib.h>

#include "base/money.h"

static void
knows_currencies(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		int digits;
	} cases[] = { { "EUR", 2 }, { "JPY", 0 }, { "KWD", 3 }, { "CLF", 4 }, { "UYW", 4 }, { "AED", 2 }, { "ZWG", 2 },
		{ "BIF", 0 }, { "XPF", 0 }, { "BHD", 3 }, { "TND", 3 }, { "HRX", -1 }, { "eur", -1 }, { "", -1 },
		{ "EU", -1 }, { "EURO", -1 }, { "UR ", -1 }, { "R A", -1 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(money_digits(cases[i].code), cases[i].digits);
	assert_true(money_known(STR("CHF")));
	assert_false(money_known(STR("chf")));
	assert_false(money_known(STR("EURO")));
	assert_false(money_known((str){ 0 }));
}

static void
knows_signs(void **state)
{
	(void)state;
	static const char *const cases[][2] = { { "€", "EUR" }, { "Kč", "CZK" }, { "eur", "EUR" }, { "$", "USD" },
		{ "£", "GBP" }, { "¥", "JPY" }, { "zł", "PLN" }, { "Ft", "HUF" }, { "kr", "SEK" }, { "CHF", "CHF" },
		{ "₹", "INR" }, { "R$", "BRL" }, { "₺", "TRY" }, { "₽", "RUB" }, { "₩", "KRW" }, { "฿", "THB" },
		{ "₫", "VND" }, { "lei", "RON" }, { " Eur ", "EUR" }, { "C$", "CAD" } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char code[4] = "";
		assert_true(money_code(str_of(cases[i][0]), code));
		assert_string_equal(code, cases[i][1]);
	}
	char code[4] = "EUR";
	assert_false(money_code(STR("xyz"), code));
	assert_false(money_code(STR(""), code));
	assert_false(money_code(STR("12"), code));
	assert_string_equal(code, "EUR");
	assert_true(money_sign_fits(STR("$"), "AUD"));
	assert_true(money_sign_fits(STR("kr"), "NOK"));
	assert_false(money_sign_fits(STR("€"), "USD"));
}

static money
m(int64_t minor, const char *code)
{
	money r = { .minor = minor };
	memcpy(r.code, code, 3);
	return r;
}

static void
prints(void **state)
{
	struct arena *a = *state;
	static const struct {
		int64_t minor;
		const char *code, *text, *brief, *plain;
	} cases[] = {
		{ 18400000, "EUR", "€184,000", "€184k", "184000.00" },
		{ 18400050, "EUR", "€184,000.50", "€184k", "184000.50" },
		{ 18400005, "EUR", "€184,000.05", "€184k", "184000.05" },
		{ -1200, "EUR", "\u2212€12", "\u2212€12", "-12.00" },
		{ -5, "EUR", "\u2212€0.05", "\u2212€0", "-0.05" },
		{ 0, "EUR", "€0", "€0", "0.00" },
		{ 2850000, "EUR", "€28,500", "€28.5k", "28500.00" },
		{ 123456789, "EUR", "€1,234,567.89", "€1.2M", "1234567.89" },
		{ 99949, "EUR", "€999.49", "€999", "999.49" },
		{ 99950, "EUR", "€999.50", "€1k", "999.50" },
		{ 99950000, "EUR", "€999,500", "€1M", "999500.00" },
		{ 9995000, "EUR", "€99,950", "€100k", "99950.00" },
		{ 9994999, "EUR", "€99,949.99", "€99.9k", "99949.99" },
		{ INT64_C(250000000000), "USD", "$2,500,000,000", "$2.5B", "2500000000.00" },
		{ 1500, "JPY", "¥1,500", "¥1.5k", "1500" },
		{ 1500, "KWD", "KWD\u00a01.500", "KWD\u00a02", "1.500" },
		{ 120000, "CHF", "CHF\u00a01,200", "CHF\u00a01.2k", "1200.00" },
		{ 120000, "CZK", "Kč\u00a01,200", "Kč\u00a01.2k", "1200.00" },
		{ 120000, "BRL", "R$1,200", "R$1.2k", "1200.00" },
		{ -120000, "SEK", "\u2212SEK\u00a01,200", "\u2212SEK\u00a01.2k", "-1200.00" },
		{ INT64_MIN, "JPY", "\u2212¥9,223,372,036,854,775,808", "\u2212¥9223372T", "-9223372036854775808" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		money x = m(cases[i].minor, cases[i].code);
		assert_str(money_text(a, x), cases[i].text);
		assert_str(money_short(a, x), cases[i].brief);
		assert_str(money_plain(a, x), cases[i].plain);
		int64_t back = 0;
		if (cases[i].minor != INT64_MIN) {
			assert_true(money_parse_plain(money_plain(a, x), cases[i].code, &back));
			assert_true(back == cases[i].minor);
		}
	}
	assert_str(money_text(a, (money){ .minor = 1200 }), "12");
}

struct typed {
	const char *text, *code;
	char decimal;
	int64_t want; /* -1: refused */
};

static void
parses_all(const struct typed *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t got = -77;
		bool ok = money_parse(str_of(cases[i].text), cases[i].code, cases[i].decimal, &got);
		if (ok != (cases[i].want != -1) || (ok ? got != cases[i].want : got != -77))
			print_error("\"%s\" %s gave %d, %lld\n", cases[i].text, cases[i].code, ok, (long long)got);
		assert_int_equal(ok, cases[i].want != -1);
		assert_true(ok ? got == cases[i].want : got == -77);
	}
}

static void
reads_what_people_type(void **state)
{
	(void)state;
	static const struct typed cases[] = {
		{ "1.234,56", "EUR", 0, 123456 },
		{ "1,234.56", "EUR", 0, 123456 },
		{ "1 234", "EUR", 0, 123400 },
		{ "1\u202f234,5", "EUR", 0, 123450 },
		{ "1\u00a0234\u00a0567", "EUR", 0, 123456700 },
		{ "1'234.50", "CHF", 0, 123450 },
		{ "1’234.50", "CHF", 0, 123450 },
		{ "€ 12k", "EUR", 0, 1200000 },
		{ "12.5k", "EUR", 0, 1250000 },
		{ "12,5k", "EUR", 0, 1250000 },
		{ "12k€", "EUR", 0, 1200000 },
		{ "12 K EUR", "EUR", 0, 1200000 },
		{ "2M", "EUR", 0, 200000000 },
		{ "1,2 Mio. €", "EUR", 0, 120000000 },
		{ "1.234M", "EUR", 0, 123400000 },
		{ "1.5bn", "USD", 0, INT64_C(150000000000) },
		{ "1.234", "EUR", 0, 123400 },
		{ "1,234", "EUR", 0, 123400 },
		{ "0.123", "EUR", 0, -1 },
		{ "0,12", "EUR", 0, 12 },
		{ "12.5", "EUR", 0, 1250 },
		{ "12,5", "EUR", 0, 1250 },
		{ ".5", "EUR", 0, 50 },
		{ "€.5", "EUR", 0, 50 },
		{ "1,234,567", "EUR", 0, 123456700 },
		{ "1.234.567", "EUR", 0, 123456700 },
		{ "12,34,567.00", "INR", 0, 123456700 },
		{ "-12", "EUR", 0, -1200 },
		{ "- €12", "EUR", 0, -1200 },
		{ "€-12", "EUR", 0, -1200 },
		{ "\u221212,00 €", "EUR", 0, -1200 },
		{ "(12.00)", "EUR", 0, -1200 },
		{ "1500", "JPY", 0, 1500 },
		{ "1,500", "JPY", 0, 1500 },
		{ "1.500", "JPY", 0, 1500 },
		{ "¥1,500", "JPY", 0, 1500 },
		{ "1500.00", "JPY", 0, 1500 },
		{ "1.5", "JPY", 0, -1 },
		{ "1.500", "KWD", 0, 1500 },
		{ "1,500", "KWD", 0, 1500000 },
		{ "1.234,567", "KWD", 0, 1234567 },
		{ "1234,5 Kč", "CZK", 0, 123450 },
		{ "kr 500", "NOK", 0, 50000 },
		{ "$5", "CAD", 0, 500 },
		{ "007", "EUR", 0, 700 },
		{ "1234.5000", "EUR", 0, 123450 },
		{ "92233720368547758.07", "EUR", 0, INT64_MAX },
	};
	parses_all(cases, sizeof(cases) / sizeof(*cases));
}

static void
obeys_the_point(void **state)
{
	(void)state;
	static const struct typed cases[] = {
		{ "1.234", "EUR", ',', 123400 },
		{ "1.234,5", "EUR", ',', 123450 },
		{ "1,234", "EUR", '.', 123400 },
		{ "1,23", "EUR", ',', 123 },
		{ "1.234", "KWD", '.', 1234 },
		{ "1.000", "EUR", '.', 100 },
		{ "1.234", "EUR", '.', -1 },
		{ "1,23", "EUR", '.', -1 },
		{ "12.5", "EUR", ',', -1 },
		{ "1,234.5", "EUR", ',', -1 },
		{ "1.2.3", "EUR", '.', -1 },
	};
	parses_all(cases, sizeof(cases) / sizeof(*cases));
}

static void
refuses_what_is_no_amount(void **state)
{
	(void)state;
	static const char *const bad[] = { "", " ", "-", "€", "abc", "12abc", "1.2.3", "1,2,3", "1,234,56",
		"12,3456,789", "1 23", "1  234", "--1", "-(1)", "(1", "1)", "$12", "12 $", "1e3", "1.234,567,8",
		"12.345,678.90", "k", ".", ",5,", "1.999,999", "0.001", "12345678901234567890", "92233720368547758.08",
		"99999999999bn", "1,234 567", "١٢", "1-2", "€€1", "1,", "NaN" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct typed one = { bad[i], "EUR", 0, -1 };
		if (strcmp(bad[i], "1,") == 0)
			continue; /* a point with nothing behind it is harmless */
		parses_all(&one, 1);
	}
	int64_t n = 7;
	assert_false(money_parse(STR("1"), "xyz", 0, &n));
	assert_int_equal(n, 7);
}

static void
plain_is_strict(void **state)
{
	(void)state;
	int64_t n = 0;
	assert_true(money_parse_plain(STR("184000.5"), "EUR", &n) && n == 18400050);
	assert_true(money_parse_plain(STR("184000"), "EUR", &n) && n == 18400000);
	assert_true(money_parse_plain(STR("-0.05"), "EUR", &n) && n == -5);
	n = 7;
	static const char *const bad[] = { "", "-", ".", "1.", ".5", "1,5", "+1", " 1", "1 ", "1.234", "1k", "--1",
		"1.2.3", "€1", "92233720368547758.08" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(money_parse_plain(str_of(bad[i]), "EUR", &n));
	assert_int_equal(n, 7);
}

static void
scales(void **state)
{
	(void)state;
	assert_true(money_scale(100, 1, 3) == 33);
	assert_true(money_scale(5, 1, 2) == 3);
	assert_true(money_scale(-5, 1, 2) == -3);
	assert_true(money_scale(5, 1, -2) == -3);
	assert_true(money_scale(4, 1, 9) == 0);
	assert_true(money_scale(-5, 1, 9) == -1);
	assert_true(money_scale(5, 1, 10) == 1);
	assert_true(money_scale(4, 1, 10) == 0);
	assert_true(money_scale(INT64_MAX, 1000, 1000) == INT64_MAX);
	assert_true(money_scale(INT64_MIN, INT64_MAX, INT64_MAX) == INT64_MIN);
	assert_true(money_scale(INT64_MAX, 2, 1) == INT64_MAX);
	assert_true(money_scale(INT64_MAX, -2, 1) == INT64_MIN);
	assert_true(money_scale(INT64_MIN, INT64_MIN, INT64_MIN) == INT64_MIN);
}

/* Whatever is printed reads back as it was. */
static void
text_reads_back(void **state)
{
	struct arena *a = *state;
	static const char *const codes[] = { "EUR", "JPY", "KWD", "CHF", "CZK", "BRL", "SEK", "CLF" };
	srand(7);
	for (int i = 0; i < 4000; i++) {
		int64_t minor = ((int64_t)rand() << 20 ^ rand()) % INT64_C(1000000000000);
		if (i % 2)
			minor %= 100000;
		money x = m(i % 3 ? minor : -minor, codes[i % 8]);
		int64_t back = 0;
		assert_true(money_parse(money_text(a, x), x.code, '.', &back));
		assert_true(back == x.minor);
	}
}

static void
reads_decimals(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *text;
		int64_t n;
	} cases[] = { { "12.5", 12500000 }, { "-12,5", -12500000 }, { "\u22120.000001", -1 }, { ".5", 500000 },
		{ "1.234", 1234000 }, { "1,234", 1234000000 }, { "1.234.567,25", 1234567250000 },
		{ "1 234.5", 1234500000 }, { "007.10", 7100000 }, { "0", 0 }, { "-0.0", 0 } };
	static const char *const bad[] = { "", "-", ".", "x", "12.5 %", "1.2.3", "12.5k", "EUR 12", "1.2345678",
		"1,23,4", "9999999999999.5", "1e3" };
	int64_t n;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t back = 7;
		assert_true(decimal_parse(str_of(cases[i].text), &n));
		assert_int_equal(n, cases[i].n);
		assert_true(decimal_parse_plain(decimal_plain(a, n), &back));
		assert_int_equal(back, n);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (decimal_parse(str_of(bad[i]), &n))
			fail_msg("“%s” is taken for %lld", bad[i], (long long)n);
	assert_string_equal(str_z(a, decimal_plain(a, -12500000)), "-12.5");
	assert_string_equal(str_z(a, decimal_plain(a, 100000000)), "100");
	assert_string_equal(str_z(a, decimal_plain(a, INT64_MIN)), "-9223372036854.775808");
	assert_false(decimal_parse_plain(STR("12,5"), &n) || decimal_parse_plain(STR("+1"), &n) ||
	             decimal_parse_plain(STR("1."), &n));
	assert_true(decimal_of(12.5, &n) && n == 12500000);
	assert_true(decimal_of(-123456789.123456, &n) && n == -123456789123456);
	assert_true(decimal_of(0.1 + 0.2, &n) && n == 300000);
	assert_false(decimal_of(0.1234567, &n) || decimal_of(1e12, &n) || decimal_of(0.0 / 0.0, &n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(knows_currencies),
		unit(knows_signs),
		unit(prints),
		unit(reads_what_people_type),
		unit(obeys_the_point),
		unit(refuses_what_is_no_amount),
		unit(plain_is_strict),
		unit(scales),
		unit(text_reads_back),
		unit(reads_decimals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
