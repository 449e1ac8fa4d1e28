#include "unit.h"

#include "mail/mail.h"

static struct arena arena;

static int
begin(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)1 << 20);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

#define assert_text(x, z) assert_string_equal(str_z(&arena, (x)), (z))

static void
knows_addresses(void **state)
{
	(void)state;
	static const char *const good[] = { "a@b", "nora.kessler+x@example.com", "!#$%&'*@example.com" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b>",
		"a,b@c", "é@b", "a@b\x7f" };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(mail_address(str_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(mail_address(str_of(bad[i])));
	char *far = arena_alloc(&arena, 256, 1);
	memset(far, 'a', 256);
	far[100] = '@';
	assert_true(mail_address((str){ far, 254 }));
	assert_false(mail_address((str){ far, 255 }));
}

/* RFC 2047: no encoded word above 75 characters, none cuts a character, a header line of ours stays one header. */
static void
writes_words(void **state)
{
	(void)state;
	str s;

	assert_text(mail_words(&arena, STR("Your week: 3 things")), "Your week: 3 things");
	assert_text(mail_words(&arena, STR("Söhne")), "=?utf-8?B?U8O2aG5l?=");
	assert_text(mail_words(&arena, STR("a\r\nBcc: x@y")), "a  Bcc: x@y");
	assert_text(mail_words(&arena, STR("=?utf-8?B?x?=")), "=?utf-8?B?PT91dGYtOD9CP3g/PQ==?=");
	assert_int_equal(mail_words(&arena, (str){ 0 }).n, 0);
	s = mail_words(&arena, STR("ééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"));
	for (size_t at = 0, lines = 0; at < s.n; lines++) {
		str rest = str_from(s, at), word;
		size_t cut = str_find(rest, STR("\r\n "));
		word = cut == SIZE_MAX ? rest : str_first(rest, cut);
		assert_true(word.n <= 75 && str_starts(word, STR("=?utf-8?B?w6")) && str_ends(word, STR("?=")));
		assert_true(lines < 10);
		at += word.n + (cut == SIZE_MAX ? 0 : 3);
	}
}

static void
writes_days(void **state)
{
	instant at;

	(void)state;
	assert_text(mail_date(&arena, 0), "Thu, 01 Jan 1970 00:00:00 +0000");
	assert_true(instant_parse(STR("2028-02-29T23:59:59.999Z"), &at));
	assert_text(mail_date(&arena, at), "Tue, 29 Feb 2028 23:59:59 +0000");
}

static void
reads_servers(void **state)
{
	struct mail_server s;
	str why = { 0 };

	(void)state;
	assert_int_equal(mail_server_of(&arena, STR("smtp://sales@example.com@mx.example.com:587"),
	                         STR("Bus & Söhne <sales@example.com>"), &s, &why),
	        OK);
	assert_string_equal(s.url, "smtp://mx.example.com:587");
	assert_string_equal(s.user, "sales@example.com");
	assert_string_equal(s.from, "sales@example.com");
	assert_string_equal(s.from_name, "Bus & Söhne");
	assert_int_equal(mail_server_of(&arena, STR("smtps://[::1]:465/"), STR("a@b"), &s, &why), OK);
	assert_string_equal(s.url, "smtps://[::1]:465");
	assert_null(s.user);
	assert_null(s.from_name);
	static const char *const bad[][2] = { { "", "a@b" }, { "mx.example.com", "a@b" }, { "http://h", "a@b" },
		{ "smtp://", "a@b" }, { "smtp://u@", "a@b" }, { "smtp://u:p@h", "a@b" }, { "smtp://h h", "a@b" },
		{ "smtp://h\r\nX", "a@b" }, { "smtp://h", "" }, { "smtp://h", "A <a>" },
		{ "smtp://h", "A <a@b\r\nBcc: c@d>" } };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(mail_server_of(&arena, str_of(bad[i][0]), str_of(bad[i][1]), &s, &why), ERR_INPUT);
		assert_true(why.n > 0);
	}
}

#define BASE "https://sales.example.com"

/* What stands between <body> and its end. */
static str
body_of(const char *text)
{
	str all = mail_html(&arena, STR("A <title>"), str_of(text), STR(BASE));

	assert_true(str_starts(all, STR("<!doctype html>")) &&
	            str_find(all, STR("<title>A &lt;title&gt;</title>")) != SIZE_MAX);
	all = str_from(all, str_find(all, STR("<body>\n")) + 7);
	return str_first(all, str_find(all, STR("</body>")));
}

static void
writes_pages(void **state)
{
	(void)state;
	assert_text(body_of("COACHING\n- today, 09:00–09:30, with A. B. Prepared: " BASE
	                    "/coaching/1\n- <b>&\n\nYour page: " BASE "/today\n\n-- \nBus sends it. End it: " BASE
	                    "/l/x\nAll: " BASE "/mail\n"),
	        "<h2>COACHING</h2>\n<ul>\n<li>today, 09:00–09:30, with A. B. <a href=\"" BASE
	        "/coaching/1\">Prepared</a></li>\n<li>&lt;b&gt;&amp;</li>\n</ul>\n<p><a href=\"" BASE
	        "/today\">Your page</a></p>\n<hr>\n<p>Bus sends it. <a href=\"" BASE
	        "/l/x\">End it</a><br>\n<a href=\"" BASE "/mail\">All</a></p>\n");
	assert_text(body_of("see (" BASE "/a?b=1&c=2), then " BASE "/d."),
	        "<p>see (<a href=\"" BASE "/a?b=1&amp;c=2\">" BASE "/a?b=1&amp;c=2</a>), then <a href=\"" BASE
	        "/d\">" BASE "/d</a>.</p>\n");
	/* Only below the base, and nothing that ends an attribute. */
	assert_text(body_of(BASE ".elsewhere.net/x https://evil.example/ " BASE "/y\"onclick=\"z"),
	        "<p>" BASE ".elsewhere.net/x https://evil.example/ <a href=\"" BASE "/y\">" BASE
	        "/y</a>\"onclick=\"z</p>\n");
	assert_text(body_of("javascript:alert(1)\n" BASE), "<p>javascript:alert(1)<br>\n" BASE "</p>\n");
	assert_text(body_of(""), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(knows_addresses), cmocka_unit_test(writes_words),
		cmocka_unit_test(writes_days), cmocka_unit_test(reads_servers), cmocka_unit_test(writes_pages) };

	return cmocka_run_group_tests(tests, begin, end);
}
