#include "unit_html.h"

#include <math.h>

#include "html/svg.h"

static size_t
count(const char *page, const char *piece)
{
	size_t n = 0;
	for (; (page = strstr(page, piece)) != NULL; page += strlen(piece))
		n++;
	return n;
}

/* Every element that is opened is closed, in order; no drawing has a style of its own or a figure that is none. */
static void
check_page(const char *page)
{
	char open[32][16];
	int depth = 0;
	assert_null(strstr(page, "style="));
	assert_null(strstr(page, "nan"));
	assert_null(strstr(page, "inf"));
	for (const char *s = page; (s = strchr(s, '<')) != NULL; s++) {
		bool closes = s[1] == '/';
		const char *name = s + 1 + closes, *stop = strchr(s, '>');
		size_t n = strcspn(name, " />");
		assert_non_null(stop);
		if (closes) {
			assert_true(depth > 0);
			depth--;
			assert_int_equal(strlen(open[depth]), n);
			assert_memory_equal(open[depth], name, n);
		} else if (stop[-1] != '/') {
			assert_true(depth < 32 && n < 16);
			memcpy(open[depth], name, n);
			open[depth++][n] = '\0';
		}
	}
	assert_int_equal(depth, 0);
}

static void
dots_show_value_interval_reference_and_n(void **state)
{
	const struct svg_dot rows[] = {
		{ STR("Qualify → Discover"), 0.62, 0.51, 0.72, 0.6, 74, STR("/deals?stage=x") },
		{ STR("<Discover>"), NAN, NAN, NAN, NAN, 0, { 0 } },
	};
	const struct svg_dots d = { .caption = STR("Where deals stop"),
		.name = STR("Maya"),
		.reference = STR("team median"),
		.rows = rows,
		.n = 2 };
	begin(state);
	svg_dots(&view, &d);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "<caption class=\"vh\">Where deals stop</caption>");
	assert_has(page, "n = 74, 51\xc2\xa0% to 72\xc2\xa0%; team median 60\xc2\xa0%");
	assert_has(page, "<line class=\"ci\" x1=\"51%\" x2=\"72%\"");
	assert_has(page, "<circle class=\"ring\" cx=\"60%\"");
	assert_has(page, "<circle class=\"f1\" cx=\"62%\"");
	assert_has(page, "<a class=\"plain\" href=\"/deals?stage=x\">Qualify");
	assert_has(page, "&lt;Discover&gt;");
	assert_has(page, "<td class=\"num\">no data</td>");
	assert_int_equal(count(page, "<circle class=\"f1\" cx=\"62%\""), 1);
}

static void
dots_of_money_are_said_short(void **state)
{
	const struct svg_dot rows[] = { { STR("Simulated"), 2e8, 1e8, 4e8, 3e8, 7, { 0 } } };
	const struct svg_dots d = { .caption = STR("Forecast"),
		.name = STR("Won"),
		.reference = STR("target"),
		.interval = STR("P10 to P90"),
		.unit = SVG_MONEY,
		.code = "EUR",
		.rows = rows,
		.n = 1 };
	begin(state);
	svg_dots(&view, &d);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "n = 7, €1M to €4M; target €3M");
	assert_has(page, "P10 to P90</li>");
	assert_has(page, "cx=\"50%\"");
}

static void
an_axis_of_numbers_reaches_the_largest(void **state)
{
	const struct svg_dot rows[] = { { STR("Days"), 12, 8, 23.2, NAN, 9, { 0 } } };
	const struct svg_dots d = { .caption = STR("Days"), .unit = SVG_NUMBER, .rows = rows, .n = 1 };
	begin(state);
	svg_dots(&view, &d);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "cx=\"50%\"");
	assert_has(page, ">24</text>");
	assert_null(strstr(page, "legend"));
}

/* A4b: the parts add up to the cent, because the last row is computed from them. */
static void
a_waterfall_adds_up(void **state)
{
	const struct svg_part parts[] = { { STR("Decided deals"), STR("41 instead of 49"), -16300000 },
		{ STR("Win rate"), STR("29 % instead of 33 %"), -11900001 }, { STR("Won value"), { 0 }, 11200000 } };
	struct svg_fall f = { .caption = STR("Where the number went"),
		.code = "EUR",
		.exact = true,
		.first = STR("Target"),
		.last = STR("Won"),
		.from = 100000000,
		.parts = parts,
		.n = 3 };
	begin(state);
	svg_fall(&view, &f);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "€829,999.99");
	assert_has(page, "<bdi>+€112,000.00</bdi>");
	assert_has(page, "<rect class=\"f4\" x=\"83.7%\" width=\"16.3%\"");
	assert_has(page, "<rect class=\"f2\" width=\"100%\"");
	assert_int_equal(count(page, "<tr class=\"sum\">"), 2);
	f.exact = false;
	begin(state);
	svg_fall(&view, &f);
	assert_has(end_z(state), "<bdi title=\"€829,999.99\">€830k</bdi>");
}

static void
a_waterfall_may_pass_below_zero(void **state)
{
	const struct svg_part parts[] = { { STR("Lost"), { 0 }, -150 } };
	const struct svg_fall f = { .caption = STR("c"), .code = "EUR", .from = 100, .parts = parts, .n = 1 };
	begin(state);
	svg_fall(&view, &f);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "<rect class=\"f2\" x=\"33.3%\" width=\"66.7%\"");
	assert_has(page, "<rect class=\"f4\" width=\"100%\"");
	assert_has(page, "\u2212€0.50");
}

static void
columns_have_a_sentence_and_a_twin(void **state)
{
	const struct svg_column rows[] = { { STR("w36"), 3800000 }, { STR("w37"), 5200000 }, { STR("w38"), 0 } };
	const struct svg_columns c = {
		.what = STR("New <pipeline>"), .code = "EUR", .goal = 4500000, .rows = rows, .n = 3
	};
	begin(state);
	svg_columns(&view, &c);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "role=\"img\" aria-label=\"New &lt;pipeline&gt;, w36 to w38: between €0 and €52k; 1 of 3 "
	                 "reach the goal of "
	                 "€45k\"");
	assert_has(page, ">€60k</text>");
	assert_has(page, ">€30k</text>");
	assert_has(page, "<line class=\"goal\"");
	assert_int_equal(count(page, "class=\"f4\""), 2);
	begin(state);
	svg_columns_table(&view, &c);
	page = end_z(state);
	check_page(page);
	assert_has(page, "<tr><th scope=\"row\">w36</th><td class=\"num\"><bdi>€38,000</bdi></td></tr>");
}

static void
nothing_to_draw_is_no_error(void **state)
{
	begin(state);
	svg_columns(&view, &(struct svg_columns){ .what = STR("Deals") });
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "Deals: no data");
	begin(state);
	svg_dots(&view, &(struct svg_dots){ .caption = STR("c"), .unit = SVG_NUMBER });
	svg_bars(&view, &(struct svg_bars){ .caption = STR("c") });
	svg_fall(&view, &(struct svg_fall){ .caption = STR("c") });
	svg_process(&view, &(struct svg_process){ .what = STR("x") });
	svg_rhythm(&view, &(struct svg_rhythm){ .name = STR("x") });
	svg_progress(&view, 0, 0, "steps done");
	svg_strip(&view, &(struct svg_strip){ .code = "EUR" });
	check_page(end_z(state));
}

static void
bars_print_what_they_cannot_draw(void **state)
{
	const struct svg_bar rows[] = {
		{ .label = STR("Maya"), .href = STR("/deals?owner=1&x=2"), .amount = 12, .goal = 10 },
		{ .label = STR("Jonas"), .amount = -3, .goal = 10 }
	};
	begin(state);
	svg_bars(&view, &(struct svg_bars){ .caption = STR("Deals by owner"), .rows = rows, .n = 2 });
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "<a class=\"plain\" href=\"/deals?owner=1&amp;x=2\">Maya</a>");
	assert_has(page, "<rect class=\"f2\" width=\"100%\"");
	assert_has(page, "x1=\"83.3%\"");
	assert_has(page, "<bdi>-3</bdi>");
	assert_int_equal(count(page, "<rect"), 1);
}

static void
a_process_chart_marks_signals_by_shape_and_word(void **state)
{
	const str labels[] = { STR_INIT("w1"), STR_INIT("w2"), STR_INIT("w3") };
	const double values[] = { 10, 12, 30 };
	const uint8_t signals[] = { 0, 0, 1 };
	const struct svg_process p = { .what = STR("Days"),
		.labels = labels,
		.values = values,
		.signals = signals,
		.n = 3,
		.centre = 11,
		.low = 5,
		.high = 17 };
	begin(state);
	svg_process(&view, &p);
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "Days, 3 points around 11, limits 5 and 17; 1 are signals");
	assert_int_equal(count(page, "class=\"pt out\""), 1);
	assert_int_equal(count(page, "class=\"l1\""), 2);
	begin(state);
	svg_process_table(&view, &p);
	page = end_z(state);
	check_page(page);
	assert_has(page, "<td class=\"num\">30 <span class=\"note\">signal</span></td>");
}

static void
small_drawings_say_what_they_show(void **state)
{
	const struct svg_square squares[] = { { BEAT_ON, STR("14 Sep confirmed") },
		{ BEAT_MISSED, STR("21 Sep <missed>") } };
	begin(state);
	svg_rhythm(&view, &(struct svg_rhythm){ .name = STR("2 weeks"), .squares = squares, .n = 2 });
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "<li class=\"no\" title=\"21 Sep &lt;missed&gt;\">");
	assert_has(page, "<span class=\"vh\">21 Sep &lt;missed&gt;</span>");
	begin(state);
	svg_progress(&view, 3, 5, "steps done");
	page = end_z(state);
	check_page(page);
	assert_has(page, "aria-label=\"3 of 5 steps done\"");
	assert_int_equal(count(page, "<i class=\"on\">"), 3);
	begin(state);
	svg_progress(&view, 19, 20, "steps done");
	page = end_z(state);
	assert_int_equal(count(page, "<i class=\"on\">"), 9); /* full only when all is done */
}

static void
a_strip_adds_commit_to_won(void **state)
{
	begin(state);
	svg_strip(&view, &(struct svg_strip){ "EUR", 41200000, 36900000, 18900000, 100000000 });
	const char *page = end_z(state);
	check_page(page);
	assert_has(page, "aria-label=\"Won €412k, commit €369k, weighted €189k; target €1M\"");
	assert_has(page, "<rect class=\"f3\" width=\"97%\"");
	assert_has(page, "<rect class=\"f2\" width=\"78.1%\"");
	assert_has(page, "<rect class=\"f1\" width=\"41.2%\"");
	assert_has(page, "<line class=\"goal\" x1=\"100%\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(dots_show_value_interval_reference_and_n),
		unit(dots_of_money_are_said_short), unit(an_axis_of_numbers_reaches_the_largest),
		unit(a_waterfall_adds_up), unit(a_waterfall_may_pass_below_zero),
		unit(columns_have_a_sentence_and_a_twin), unit(nothing_to_draw_is_no_error),
		unit(bars_print_what_they_cannot_draw), unit(a_process_chart_marks_signals_by_shape_and_word),
		unit(small_drawings_say_what_they_show), unit(a_strip_adds_commit_to_won) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
