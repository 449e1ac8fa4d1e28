#include "unit.h"

static void
compares(void **state)
{
	(void)state;
	assert_true(str_eq(STR("a"), STR("a")));
	assert_true(str_eq((str){ 0 }, STR("")));
	assert_false(str_eq(STR("a"), STR("ab")));
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_true(str_cmp(STR("\x80"), STR("a")) > 0);
	assert_int_equal(str_cmp((str){ 0 }, (str){ 0 }), 0);
	assert_true(str_starts(STR("deal"), STR("de")) && str_starts(STR("deal"), (str){ 0 }));
	assert_false(str_starts(STR("d"), STR("de")));
	assert_true(str_ends(STR("deal"), STR("al")));
	assert_false(str_ends(STR("l"), STR("al")));
	assert_true(str_same(STR("Deal"), STR("dEAL")));
	assert_false(str_same(STR("@"), STR("`")));
	assert_int_equal(str_of(NULL).n, 0);
}

static void
takes_apart(void **state)
{
	(void)state;
	str head, tail;
	assert_str(str_trim(STR(" \t\u00a0x y\r\n\u00a0 ")), "x y");
	assert_str(str_trim(STR(" \u00a0 ")), "");
	assert_str(str_trim((str){ 0 }), "");
	assert_str(str_from(STR("abc"), 1), "bc");
	assert_str(str_from(STR("abc"), 9), "");
	assert_str(str_first(STR("abc"), 2), "ab");
	assert_str(str_first(STR("abc"), SIZE_MAX), "abc");
	assert_true(str_cut(STR("a=b=c"), '=', &head, &tail));
	assert_str(head, "a");
	assert_str(tail, "b=c");
	assert_false(str_cut(STR("abc"), '=', &head, &tail));
	assert_str(head, "abc");
	assert_int_equal(tail.n, 0);
	assert_true(str_cut(STR("="), '=', &head, &tail));
	assert_int_equal(head.n + tail.n, 0);
}

static void
finds(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
	assert_int_equal(str_find(STR("abc"), STR("")), 0);
	assert_int_equal(str_find((str){ 0 }, STR("x")), SIZE_MAX);
	assert_int_equal(str_find(STR("abc"), STR("abcd")), SIZE_MAX);
	assert_int_equal(str_find_byte(STR("abc"), 'c'), 2);
	assert_int_equal(str_find_byte((str){ 0 }, 'c'), SIZE_MAX);
}

static void
copies(void **state)
{
	struct arena *a = *state;
	assert_string_equal(str_z(a, STR("abc")), "abc");
	assert_string_equal(str_z(a, (str){ 0 }), "");
	assert_str(str_copy(a, STR("abc")), "abc");
	assert_str(str_join(a, STR("ab"), STR("cd")), "abcd");
	assert_str(str_join(a, (str){ 0 }, (str){ 0 }), "");
	assert_str(str_fmt(a, "%d-%s", 5, "x"), "5-x");
	str long_one = str_fmt(a, "%0*d", 1000, 7);
	assert_int_equal(long_one.n, 1000);
	assert_int_equal(long_one.s[999], '7');
	assert_int_equal(str_fmt(a, "%0*d", 255, 7).n, 255);
	assert_int_equal(str_fmt(a, "%0*d", 256, 7).n, 256);
}

static void
reads_numbers(void **state)
{
	(void)state;
	int64_t n = 7;
	assert_true(str_to_i64(STR("9223372036854775807"), &n) && n == INT64_MAX);
	assert_true(str_to_i64(STR("-9223372036854775808"), &n) && n == INT64_MIN);
	assert_true(str_to_i64(STR("-0"), &n) && n == 0);
	n = 7;
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808",
		"-9223372036854775809", "--1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(str_to_i64(str_of(bad[i]), &n));
	assert_int_equal(n, 7);

	double d = 7;
	assert_true(str_to_double(STR("-12.5e1"), &d) && d > -125.1 && d < -124.9);
	assert_true(str_to_double(STR(".5"), &d) && d > 0.49 && d < 0.51);
	assert_true(str_to_double(STR("5."), &d));
	static const char *const no[] = { "", ".", "-", "nan", "inf", "0x10", "1e", "1e+", " 1", "1,5", "1e999",
		"1.2.3" };
	d = 7;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		assert_false(str_to_double(str_of(no[i]), &d));
	assert_true(d > 6.9 && d < 7.1);
}

static void
knows_utf8(void **state)
{
	(void)state;
	assert_true(str_utf8(STR("a\u00e9\u20ac\U0001f600")));
	assert_true(str_utf8(STR("\U0010ffff\ud7ff\ue000")));
	assert_true(str_utf8((str){ 0 }));
	static const char *const bad[] = { "\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xc3", "\xc3(", "\xe2\x82(" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(str_utf8(str_of(bad[i])));
	assert_false(str_utf8(STR("a\0b")));
	assert_int_equal(str_letters(STR("a\u00e9\u20ac\U0001f600")), 4);
}

static void
folds(void **state)
{
	struct arena *a = *state;
	static const char *const pairs[][2] = {
		{ "  Acme   GmbH\t& Co\n", "acme gmbh & co" },
		{ "Müller", "muller" },
		{ "STRASSE", "strasse" },
		{ "Straße", "strasse" },
		{ "Kč Žižkov", "kc zizkov" },
		{ "Łódź", "lodz" },
		{ "Ærøskøbing", "aeroskobing" },
		{ "\u00a0ﬁne\u00a0\u00a0é ", "fine e" },
		{ "e\u0301", "e" },
		{ "İstanbul ısı", "istanbul isi" },
		{ "ΣΊΣΥΦΟΣ", "σισυφοσ" },
		{ "Ёлка", "елка" },
		{ "か\u3099", "が" },
		{ "हिन्दी", "हिन्दी" },
		{ "한국", "한국" },
		{ "\u3000全角ＡＢ", "全角ab" },
		{ "Caf\xe9 X", "caf\xe9 x" },
		{ "", "" },
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		assert_str(str_fold(a, str_of(pairs[i][0])), pairs[i][1]);
	assert_int_equal(str_fold(a, (str){ 0 }).n, 0);
	/* One sign that becomes eighteen, many times: the first guess of room is too small. */
	str wide = STR("\ufdfa");
	for (int i = 0; i < 6; i++)
		wide = str_join(a, wide, wide);
	assert_true(str_letters(str_fold(a, wide)) > 64 * 10);
}

static void
folding_twice_changes_nothing(void **state)
{
	struct arena *a = *state;
	static const char *const texts[] = { "Łódź ŞİŞLİ", "ﬀ ŉ ǅ", "ΐ ᾳ", "Größe Ⅷ ½ ™" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		str once = str_fold(a, str_of(texts[i]));
		assert_str(str_fold(a, once), str_z(a, once));
	}
}

static void
hashes(void **state)
{
	(void)state;
	/* Vectors of the FNV specification. */
	assert_true(str_hash(STR("")) == UINT64_C(0xcbf29ce484222325));
	assert_true(str_hash(STR("a")) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(str_hash(STR("foobar")) == UINT64_C(0x85944171f73967e8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(compares),
		unit(takes_apart),
		unit(finds),
		unit(copies),
		unit(reads_numbers),
		unit(knows_utf8),
		unit(folds),
		unit(folding_twice_changes_nothing),
		unit(hashes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
