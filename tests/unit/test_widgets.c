#include "unit_html.h"

#include "html/widgets.h"

static void
a_field_is_tied_to_its_words(void **state)
{
	const struct fault fault = { STR("close"), STR("this day is past"), STR("choose a later one"), NULL };
	assert_str(GOT(state, widget_day(&view, WIDGET(.name = STR("close"), .label = STR("Expected close"),
	                                                .value = STR("2026-01-02"), .hint = STR("Named by them."),
	                                                .fault = &fault, .required = true))),
	        "<div class=\"field\" data-bad><label for=\"f-close\">Expected close</label><p class=\"hint\" "
	        "id=\"f-close-h\">Named by "
	        "them.</p><input id=\"f-close\" name=\"close\" required aria-describedby=\"f-close-h f-close-e\" "
	        "aria-invalid=\"true\" "
	        "type=\"date\" value=\"2026-01-02\"><p class=\"error\" id=\"f-close-e\"><svg class=\"i\" "
	        "aria-hidden=\"true\"><use "
	        "href=\"/assets/icons.svg#warning\"/></svg> <span>this day is past: choose a later "
	        "one</span></p></div>");
}

static void
what_was_typed_comes_back(void **state)
{
	const char *page =
	        GOT_Z(state, widget_day(&view, WIDGET(.name = STR("d"), .label = STR("Day"), .value = STR("31 Feb"))));
	assert_has(page, "type=\"text\" value=\"31 Feb\"");
	page = GOT_Z(state,
	        widget_number(&view, WIDGET(.name = STR("n"), .label = STR("N"), .value = STR("ten"), .greatest = 9)));
	assert_has(page, "value=\"ten\"");
	assert_has(page, "0 to 9</p>");
	page = GOT_Z(state, widget_money(&view, WIDGET(.name = STR("m"), .label = STR("Amount"), .unit = STR("EUR"),
	                                                .value = STR("\"12k\""))));
	assert_has(page, "Amount <span class=\"opt\">EUR, optional</span>");
	assert_has(page, "inputmode=\"decimal\" value=\"&#34;12k&#34;\"");
	page = GOT_Z(state,
	        widget_area(&view, WIDGET(.name = STR("t"), .label = STR("Notes"), .value = STR("\n</textarea>"))));
	assert_has(page, "rows=\"4\">\n\n&lt;/textarea&gt;</textarea>");
}

static void
two_forms_of_a_page_do_not_share_ids(void **state)
{
	const char *page = GOT_Z(state,
	        widget_text(&view, WIDGET(.name = STR("n"), .label = STR("N"), .form = STR("new"), .quiet = true)));
	assert_has(page, "<label for=\"f-new-n\">N</label><input id=\"f-new-n\" name=\"n\"");
}

static void
a_choice_is_made_by_the_person(void **state)
{
	const struct widget_choice choices[] = { { STR("a"), STR("First") }, { STR("b"), STR("<Second>") } };
	struct widget_field f = {
		.name = STR("c"), .label = STR("C"), .choices = choices, .n_choices = 2, .required = true
	};
	assert_has(GOT_Z(state, widget_select(&view, &f)),
	        "<option value=\"\" selected>Please choose</option><option value=\"a\">");
	f.value = STR("b");
	const char *page = GOT_Z(state, widget_select(&view, &f));
	assert_has(page, "<option value=\"b\" selected>&lt;Second&gt;</option>");
	assert_null(strstr(page, "value=\"\""));
	f.required = false;
	assert_has(GOT_Z(state, widget_select(&view, &f)), "<option value=\"\">–</option>");
	assert_has(GOT_Z(state, widget_picks(&view, &f)),
	        "<input type=\"radio\" name=\"c\" value=\"b\" checked> <span>&lt;Second&gt;");
}

static void
a_box_is_ticked_by_any_value(void **state)
{
	struct widget_field f = { .name = STR("x"), .label = STR("Agreed") };
	assert_null(strstr(GOT_Z(state, widget_check(&view, &f)), "checked"));
	f.value = STR("1");
	assert_has(GOT_Z(state, widget_check(&view, &f)), "value=\"1\" checked> <span>Agreed</span></label>");
}

static void
forms_carry_token_and_key(void **state)
{
	assert_str(GOT(state, widget_token(&view, STR("a\"b"), STR("k"))),
	        "<input type=\"hidden\" name=\"csrf\" value=\"a&#34;b\"><input type=\"hidden\" name=\"once\" "
	        "value=\"k\">");
}

static void
faults_link_to_their_fields(void **state)
{
	struct faults f;
	faults_init(&f, *state);
	assert_str(GOT(state, widget_faults(&view, &f, (str){ 0 })), "");
	fault_add(&f, STR("amount"), STR("\"x\" is no amount"), STR("write 12.50"));
	assert_has(GOT_Z(state, widget_faults(&view, &f, (str){ 0 })),
	        "<li><a href=\"#f-amount\">\"x\" is no amount: write 12.50</a></li>");
}

static void
a_state_is_colour_icon_and_word(void **state)
{
	assert_str(GOT(state, widget_state(&view, STR("not promised"))),
	        "<span class=\"chip\"><svg class=\"i\" aria-hidden=\"true\"><use "
	        "href=\"/assets/icons.svg#minus\"/></svg> Not "
	        "promised</span>");
	assert_has(GOT_Z(state, widget_state(&view, STR("missed"))), "<span class=\"chip bad\">");
	assert_str(GOT(state, widget_state(&view, STR("<Discover>"))), "<span class=\"chip\">&lt;Discover&gt;</span>");
}

static void
initials_are_whole_letters(void **state)
{
	assert_str(widget_initials(*state, STR("Maya Keller")), "MK");
	assert_str(widget_initials(*state, STR("  maya  van der keller ")), "MK");
	assert_str(widget_initials(*state, STR("Žofie Öztürk")), "ŽÖ");
	assert_str(widget_initials(*state, STR("Plato")), "P");
	assert_str(widget_initials(*state, STR("日本")), "日");
	assert_str(widget_initials(*state, STR("")), "?");
	assert_str(widget_initials(*state, STR(" ")), "?");
}

static void
a_persons_colour_stays_and_colours_are_spread(void **state)
{
	(void)state;
	int people[8] = { 0 };
	for (id person = 1000; person < 1800; person++) {
		int colour = widget_colour(person);
		assert_in_range(colour, 0, 7);
		assert_int_equal(colour, widget_colour(person));
		people[colour]++;
	}
	for (int i = 0; i < 8; i++)
		assert_in_range(people[i], 60, 140);
}

static void
people_and_crumbs_are_links(void **state)
{
	const struct widget_crumb crumbs[] = { { STR("Coaching"), STR("/coaching") }, { STR("Maya <K>"), { 0 } } };
	assert_str(GOT(state, widget_crumbs(&view, crumbs, 2)),
	        "<nav class=\"crumb\" aria-label=\"Breadcrumb\"><a href=\"/coaching\">Coaching</a><span "
	        "aria-hidden=\"true\">/</span>"
	        "<span aria-current=\"page\">Maya &lt;K&gt;</span></nav>");
	assert_has(GOT_Z(state, widget_person(&view, STR("Maya Keller"), 7, STR("/people/7"))),
	        "<a class=\"who\" href=\"/people/7\">");
	assert_has(
	        GOT_Z(state, widget_person(&view, STR("Maya Keller"), 7, (str){ 0 })), "MK</span>Maya Keller</span>");
	assert_has(GOT_Z(state, widget_avatar_alone(&view, STR("Maya \"K"), 7)),
	        "role=\"img\" aria-label=\"Maya &#34;K\">M\"");
}

static void
paging_says_where_one_is(void **state)
{
	const struct widget_pager p = { 51, 100, 1204, STR("?p=a&b"), STR("") };
	const char *page = GOT_Z(state, widget_pager(&view, &p));
	assert_has(page, "51–100 of 1,204");
	assert_has(page, "rel=\"prev\" href=\"?p=a&amp;b\"");
	assert_null(strstr(page, "rel=\"next\""));
	assert_has(GOT_Z(state, widget_pager(&view, &(struct widget_pager){ .total = -1 })), ">0</span>");
}

static void
empty_pages_offer_one_way(void **state)
{
	const struct widget_empty e = { "board", STR("No deals yet"), STR("Nothing was imported."), STR("/import"),
		STR("Import") };
	assert_has(GOT_Z(state, widget_empty(&view, &e)), "<a class=\"btn primary\" href=\"/import\">Import</a></div>");
}

static void
links_are_copied_by_a_button(void **state)
{
	const char *page = GOT_Z(state, widget_copy(&view, "invite", STR("Link"), STR("https://x/\"")));
	assert_has(page, "id=\"copy-invite\" value=\"https://x/&#34;\"");
	assert_has(page, "data-copy=\"#copy-invite\"");
}

static void
a_code_has_its_quiet_zone(void **state)
{
	const char *page = GOT_Z(state, widget_qr(&view, STR("otpauth://totp/x"), STR("QR code"), STR("Scan it")));
	assert_has(page, "<svg viewBox=\"0 0 33 33\" role=\"img\" aria-label=\"QR code\"><path d=\"M4 4h7v1h-7z");
	assert_has(page, "<figcaption>Scan it</figcaption></figure>");
	char large[1200];
	memset(large, 'x', sizeof(large));
	assert_str(GOT(state, widget_qr(&view, (str){ large, sizeof(large) }, STR("x"), (str){ 0 })), "");
	assert_str(GOT(state, widget_qr(&view, (str){ 0 }, STR("x"), (str){ 0 })), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(a_field_is_tied_to_its_words), unit(what_was_typed_comes_back),
		unit(two_forms_of_a_page_do_not_share_ids), unit(a_choice_is_made_by_the_person),
		unit(a_box_is_ticked_by_any_value), unit(forms_carry_token_and_key), unit(faults_link_to_their_fields),
		unit(a_state_is_colour_icon_and_word), unit(initials_are_whole_letters),
		unit(a_persons_colour_stays_and_colours_are_spread), unit(people_and_crumbs_are_links),
		unit(paging_says_where_one_is), unit(empty_pages_offer_one_way), unit(links_are_copied_by_a_button),
		unit(a_code_has_its_quiet_zone) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
