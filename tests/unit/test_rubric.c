/* What the lint of rubrics finds, sentence by sentence; the ready ones pass it and come back from their file (E8b). */
#include <stdio.h>

#include "unit.h"

#include "areas/coaching/rubric.h"

static struct rubric_whole
with(const char *one, const char *two, const char *three)
{
	static char text[1000];
	struct rubric_whole w = { .n = 1 };

	snprintf(text, sizeof text, "%s\n%s\n%s", one, two, three);
	w.criteria[0].name = STR("Silence");
	w.criteria[0].anchors = str_of(text);
	return w;
}

#define FIRST  "Speaks over the buyer at once."
#define SECOND "Waits two seconds and then goes on."
#define THIRD  "Waits until the buyer speaks again."

/* The first fault's place and words; empty: nothing is wrong. */
static str
lint(struct arena *a, struct rubric_whole w, str *ret_place)
{
	struct faults f;
	enum err e;

	faults_init(&f, a);
	e = rubric_lint(a, &w, NULL, &f);
	assert_int_equal(e, f.n ? ERR_INPUT : OK);
	*ret_place = f.n ? f.first->place : STR("");
	return f.n ? f.first->what : STR("");
}

static void
assert_found(struct arena *a, struct rubric_whole w, const char *place, const char *words)
{
	str at, what = lint(a, w, &at);

	if (!str_eq(at, str_of(place)) || str_find(what, str_of(words)) == SIZE_MAX)
		print_error("%.*s: %.*s\n", STR_ARG(at), STR_ARG(what));
	assert_true(str_eq(at, str_of(place)));
	assert_true(str_find(what, str_of(words)) != SIZE_MAX);
}

static void
assert_fine(struct arena *a, struct rubric_whole w)
{
	str at, what = lint(a, w, &at);

	if (what.n)
		print_error("%.*s: %.*s\n", STR_ARG(at), STR_ARG(what));
	assert_int_equal(what.n, 0);
}

static void
test_sentences(void **state)
{
	struct arena *a = *state;

	assert_fine(a, with(FIRST, SECOND, THIRD));
	assert_found(a, with(FIRST, "", THIRD), "c0_l2", "without a gap");
	assert_found(a, with(FIRST, SECOND, ""), "c0_l3", "three to five");
	assert_found(a, with("waits two seconds and goes on.", SECOND, THIRD), "c0_l1", "no full sentence");
	assert_found(a, with("Speaks over the buyer", SECOND, THIRD), "c0_l1", "no full sentence");
	assert_found(a, with("Speaks aloud.", SECOND, THIRD), "c0_l1", "too little");
	assert_found(a, with(FIRST, FIRST, THIRD), "c0_l2", "the same as level 1");
	assert_fine(a, with(FIRST, SECOND, "Nearly always speaks over the buyer, then stops."));
	assert_found(
	        a, with(FIRST, SECOND, "Usually speaks over the buyer at once."), "c0_l3", "how much or how often");
	assert_fine(a, with(FIRST, SECOND, "Says “I see.” and “go on”, and then asks “why?”"));
}

static void
test_judging(void **state)
{
	struct arena *a = *state;

	assert_found(a, with("Good.", SECOND, THIRD), "c0_l1", "“Good”");
	assert_found(a, with("Is excellent at all of it.", SECOND, THIRD), "c0_l1", "“excellent”");
	assert_found(a, with("Asks good questions.", SECOND, THIRD), "c0_l1", "“good”");
	assert_found(a, with("Shows very poor skills.", SECOND, THIRD), "c0_l1", "“poor”");
	assert_found(a, with("Knows what the buyer needs.", SECOND, THIRD), "c0_l1", "“Knows”");
	assert_fine(a, with("Says “a good question” and waits.", SECOND, THIRD)); /* said aloud */
	assert_fine(a, with("Asks which two suppliers did better and writes both names down.", SECOND, THIRD));
}

static void
test_criteria(void **state)
{
	struct arena *a = *state;
	struct rubric_whole w = with(FIRST, SECOND, THIRD);

	w.n = 2;
	w.criteria[1] = w.criteria[0];
	assert_found(a, w, "c1_name", "is there already");
	w.criteria[1].name = STR("Eyes");
	assert_fine(a, w);
	w.criteria[1].anchors = STR("Looks at the slides only.\nLooks up once in a while.\nLooks at the buyer who "
	                            "speaks.\nLooks at who has not spoken.");
	assert_found(a, w, "c1_l4", "3 levels and this one 4");
	w.criteria[1].name = STR(" ");
	assert_found(a, w, "c1_name", "is missing");
	w.n = 0;
	assert_found(a, w, "c0_name", "is missing");
}

static void
test_levels(void **state)
{
	struct rubric_criterion x = { .anchors = STR("\n One two. \n\nThree.\n\n") };
	str all[LEVELS_MOST];

	(void)state;
	assert_int_equal(rubric_levels(&x, all), 4);
	assert_int_equal(all[0].n, 0);
	assert_true(str_eq(all[1], STR("One two.")) && str_eq(all[3], STR("Three.")));
	assert_true(str_eq(rubric_anchor(&x, 2), STR("One two.")));
	assert_int_equal(rubric_anchor(&x, 0).n + rubric_anchor(&x, 5).n, 0);
}

static void
test_ready(void **state)
{
	struct arena *a = *state;
	const struct rubric_ready_file *all = rubric_ready(a);
	size_t n = 0;

	for (; all->name; all++, n++) {
		struct rubric_whole w, again;
		struct faults f;
		str text;
		faults_init(&f, a);
		if (rubric_parse(a, all->text, &f, &w) != OK)
			fail_msg("%s, %.*s: %.*s", all->name, STR_ARG(f.first->place), STR_ARG(f.first->what));
		assert_int_equal(rubric_print(a, &w, &text), OK);
		assert_int_equal(rubric_parse(a, text, &f, &again), OK);
		assert_int_equal(w.n, again.n);
		for (size_t i = 0; i < w.n; i++)
			assert_true(str_eq(w.criteria[i].anchors, again.criteria[i].anchors));
	}
	assert_int_equal(n, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(test_sentences), unit(test_judging), unit(test_criteria),
		unit(test_levels), unit(test_ready) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
