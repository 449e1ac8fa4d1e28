#include "unit_html.h"

#include <math.h>

static void
text_is_escaped_for_its_place(void **state)
{
	const char *all = "a<b>&\"c'\t\n";
	assert_str(GOT(state, html_text_of(&view, all)), "a&lt;b&gt;&amp;\"c'\t\n");
	assert_str(GOT(state, html_attr_of(&view, str_of(all))), "a&lt;b&gt;&amp;&#34;c&#39;\t\n");
	assert_str(GOT(state, html_raw(&view, STR("<b>"))), "<b>");
	assert_str(GOT(state, html_text(&view, (str){ 0 })), "");
	assert_str(GOT(state, html_text_z(&view, NULL)), "");
	assert_str(GOT(state, html_text(&view, STR("Žluťoučký 日本 😀"))), "Žluťoučký 日本 😀");
}

/* No page may hold them, and &#1; is refused by browsers too. */
static void
control_characters_are_replaced(void **state)
{
	assert_str(GOT(state, html_text(&view, STR("a\0b\x1f\x7f"))), "a\xef\xbf\xbd"
	                                                              "b\xef\xbf\xbd\xef\xbf\xbd");
	assert_str(GOT(state, html_attr(&view, STR("\x0b"))), "\xef\xbf\xbd");
}

/* Text is checked where it comes in; still, the last byte is the last byte. */
static void
text_that_is_no_utf8_is_not_overrun(void **state)
{
	char *exact = arena_copy(*state, "\xe2\x82", 2);
	assert_str(GOT(state, html_attr(&view, (str){ exact, 2 })), "\xe2\x82");
	assert_str(GOT(state, html_text(&view, (str){ exact, 1 })), "\xe2");
	assert_str(GOT(state, html_part(&view, (str){ exact, 2 })), "%E2%82");
}

static void
addresses_with_other_schemes_become_a_hash(void **state)
{
	static const char *const same[] = { "/deals", "deals?a=b:c", "?q=1", "#top", "https://example.com/x",
		"HTTP://x", "mailto:a@example.com", "tel:+41441234567", "a/b:c", "//example.com/" };
	static const char *const refused[] = { "javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x",
		":x", "java\tscript:x", "\x01javascript:x", "/a\nb", "blob:x", "file:///etc/passwd", "", "   " };
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		assert_str(GOT(state, html_url_of(&view, same[i])), same[i]);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		assert_str(GOT(state, html_url_of(&view, refused[i])), "#");
	assert_str(GOT(state, html_url(&view, STR("/a?b=1&c=\"2\""))), "/a?b=1&amp;c=&#34;2&#34;");
}

static void
parts_of_addresses_are_percent_encoded(void **state)
{
	assert_str(GOT(state, html_part_of(&view, "a b/c?d&e=f#ü%:")), "a%20b%2Fc%3Fd%26e%3Df%23%C3%BC%25%3A");
	assert_str(GOT(state, html_part_of(&view, "AZaz09-._~")), "AZaz09-._~");
}

static void
numbers_are_grouped_and_rounded(void **state)
{
	assert_str(GOT(state, html_int(&view, 0)), "0");
	assert_str(GOT(state, html_int(&view, 999)), "999");
	assert_str(GOT(state, html_int(&view, 1000)), "1,000");
	assert_str(GOT(state, html_int(&view, -12345)), "-12,345");
	assert_str(GOT(state, html_int(&view, INT64_MIN)), "-9,223,372,036,854,775,808");
	assert_str(GOT(state, html_num(&view, 12345)), "12345");
	assert_str(GOT(state, html_pct(&view, 0.315)), "31.5\xc2\xa0%");
	assert_str(GOT(state, html_pct(&view, 0.62)), "62\xc2\xa0%");
	assert_str(GOT(state, html_pct(&view, -0.0001)), "0\xc2\xa0%");
	assert_str(GOT(state, html_pct(&view, NAN)), "no data");
	assert_str(GOT(state, html_real(&view, 2.44)), "2.4");
	assert_str(GOT(state, html_real(&view, INFINITY)), "no data");
}

static void
money_is_exact_where_it_is_short(void **state)
{
	money m = { 18400050, "EUR" };
	assert_str(GOT(state, html_money(&view, m)), "<bdi class=\"num\">€184,000.50</bdi>");
	assert_str(GOT(state, html_money_short(&view, m)), "<bdi class=\"num\" title=\"€184,000.50\">€184k</bdi>");
	assert_str(GOT(state, html_money_short(&view, ((money){ 1200, "EUR" }))), "<bdi class=\"num\">€12</bdi>");
	assert_str(GOT(state, html_money_attr(&view, m)), "€184,000.50");
	assert_str(GOT(state, html_money_plain(&view, m)), "184000.50");
}

static void
days_are_read_by_people_and_machines(void **state)
{
	day d = day_of(2026, 11, 24);
	assert_str(GOT(state, html_day(&view, d)), "<time datetime=\"2026-11-24\">Tue 24 Nov</time>");
	assert_str(GOT(state, html_day_long(&view, d)), "<time datetime=\"2026-11-24\">24 November 2026</time>");
	assert_str(GOT(state, html_day_attr(&view, d)), "Tue 24 Nov");
	assert_str(GOT(state, html_day_iso(&view, d)), "2026-11-24");
	assert_str(GOT(state, html_day(&view, DAY_NONE)),
	        "<span aria-hidden=\"true\">–</span><span class=\"vh\">none</span>");
	assert_str(GOT(state, html_day_attr(&view, DAY_NONE)), "none");
	assert_str(GOT(state, html_day_iso(&view, DAY_NONE)), "");
}

static void
instants_are_shown_in_the_readers_zone(void **state)
{
	instant at;
	assert_true(instant_parse(STR("2026-11-23T14:03:00Z"), &at));
	assert_str(GOT(state, html_instant_attr(&view, at)), "23 Nov 2026, 14:03");
	begin(state);
	view.zone = zone_utc();
	view.reader = zone_find(STR("Asia/Tokyo"));
	html_instant(&view, at);
	assert_str(end(state), "<time datetime=\"2026-11-23T14:03:00.000Z\">23 Nov 2026, 23:03</time>");
}

static void
icons_hang_below_the_assets(void **state)
{
	assert_str(GOT(state, html_icon_of(&view, "clock")),
	        "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#clock\"/></svg>");
	begin(state);
	view.assets = STR("/assets/7f3a");
	html_icon(&view, STR("x\"y"));
	assert_str(end(state),
	        "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/assets/7f3a/icons.svg#x&#34;y\"/></svg>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(text_is_escaped_for_its_place), unit(control_characters_are_replaced),
		unit(text_that_is_no_utf8_is_not_overrun), unit(addresses_with_other_schemes_become_a_hash),
		unit(parts_of_addresses_are_percent_encoded), unit(numbers_are_grouped_and_rounded),
		unit(money_is_exact_where_it_is_short), unit(days_are_read_by_people_and_machines),
		unit(instants_are_shown_in_the_readers_zone), unit(icons_hang_below_the_assets) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
