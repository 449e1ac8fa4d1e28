/* Words that are nearly the same: distances against hand-counted ones, and fits of whole names. */
#include "unit.h"

#include "base/near.h"

static void
distances_are_those_counted_by_hand(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		int most, want;
	} cases[] = {
		{ "helbing", "helbing", 2, 0 },
		{ "helbing", "helbnig", 2, 1 },
		{ "helbing", "helbig", 2, 1 },
		{ "helbing", "hellbing", 2, 1 },
		{ "helbing", "holbang", 2, 2 },
		{ "helbing", "zzzzzzz", 2, 3 },
		{ "", "ab", 2, 2 },
		{ "ab", "", 1, 2 },
		{ "ab", "ba", 2, 1 },
		{ "abc", "ca", 3, 3 }, /* OSA, not 2 */
		{ "straße", "strasse", 2, 2 },
		{ "käse", "kase", 1, 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(near_distance(str_of(cases[i].a), str_of(cases[i].b), cases[i].most), cases[i].want);
}

static void
a_beginning_is_near(void **state)
{
	(void)state;
	assert_int_equal(near_prefix(STR("helb"), STR("helbing"), 1), 0);
	assert_int_equal(near_prefix(STR("hlbi"), STR("helbing"), 1), 1);
	assert_int_equal(near_prefix(STR("xlby"), STR("helbing"), 1), 2);
}

/* Whatever is within the errors holds one part unchanged, unless a swap lies on a seam. */
static void
one_part_stays(void **state)
{
	(void)state;
	str parts[3];

	assert_int_equal(near_parts(STR("maschinenbau"), 2, parts), 3);
	assert_true(str_eq(parts[0], STR("masc")) && str_eq(parts[1], STR("hine")) && str_eq(parts[2], STR("nbau")));
	assert_int_equal(near_parts(STR("äöüß"), 1, parts), 2);
	assert_true(str_eq(parts[0], STR("äö")) && str_eq(parts[1], STR("üß")));
	assert_int_equal(near_parts(STR("ab"), 0, parts), 1);
}

/* Letters that the other word lacks are errors, at least. */
static void
bags_never_hide_what_is_near(void **state)
{
	(void)state;
	static const char *const pairs[][2] = { { "helbing", "helbnig" }, { "straße", "strasse" }, { "käse", "kase" },
		{ "日本", "日本語" }, { "a1b2", "a1c2" }, { "müller", "meller" } };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		str a = str_of(pairs[i][0]), b = str_of(pairs[i][1]);
		int errors = near_prefix(a, b, 5);
		assert_true(__builtin_popcountll(near_bag(a) & ~near_bag(b)) <= errors);
	}
	assert_int_equal(__builtin_popcountll(near_bag(STR("abc-abc 1")) & ~near_bag(STR("abc1"))), 0);
	assert_int_equal(__builtin_popcountll(near_bag(STR("xyz")) & ~near_bag(STR("abc"))), 3);
}

static void
words_come_one_by_one(void **state)
{
	(void)state;
	str rest = STR("Rail–north, 50%"), word;

	assert_true(near_next(&rest, &word) && str_eq(word, STR("Rail–north")));
	assert_true(near_next(&rest, &word) && str_eq(word, STR("50")));
	assert_false(near_next(&rest, &word));
}

static void
names_fit_in_any_order(void **state)
{
	(void)state;
	assert_int_equal(near_fit(STR("werke dornevon"), STR("dornevon werke: line monitoring")), 0);
	assert_int_equal(near_fit(STR("dornvon wreke"), STR("dornevon werke: line monitoring")), 2);
	assert_int_equal(near_fit(STR("dornevon zebra"), STR("dornevon werke: line monitoring")), -1);
	assert_int_equal(near_fit(STR("ab"), STR("acme")), -1); /* short words are exact */
	assert_int_equal(near_fit((str){ 0 }, STR("acme")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_are_those_counted_by_hand),
		cmocka_unit_test(a_beginning_is_near),
		cmocka_unit_test(one_part_stays),
		cmocka_unit_test(bags_never_hide_what_is_near),
		cmocka_unit_test(words_come_one_by_one),
		cmocka_unit_test(names_fit_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
