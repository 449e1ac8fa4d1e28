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

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(knows_addresses), cmocka_unit_test(writes_words),
		cmocka_unit_test(writes_days), cmocka_unit_test(reads_servers) };

	return cmocka_run_group_tests(tests, begin, end);
}
