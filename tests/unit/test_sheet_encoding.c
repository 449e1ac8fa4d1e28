#include "sheet/encoding.h"
#include "unit.h"

static struct encoding_guess
guess(const char *z)
{
	return encoding_guess_of(str_of(z));
}

static void
marks_and_utf8(void **state)
{
	(void)state;
	struct encoding_guess g = guess("plain text, 1234");
	assert_int_equal(g.is, ENCODING_UTF8);
	assert_true(g.ascii);
	g = guess("\xef\xbb\xbfwith a mark");
	assert_int_equal(g.is, ENCODING_UTF8);
	assert_true(g.bom);
	g = guess("M\xc3\xbcller & S\xc3\xb6hne");
	assert_int_equal(g.is, ENCODING_UTF8);
	assert_true(g.confidence >= 95);
	assert_int_equal(guess("\xff\xfeI\0d\0").is, ENCODING_UTF16LE);
	assert_int_equal(guess("\xfe\xff\0I\0d").is, ENCODING_UTF16BE);
	g = encoding_guess_of(STR("I\0d\0,\0N\0a\0m\0e\0"));
	assert_int_equal(g.is, ENCODING_UTF16LE);
	assert_false(g.bom);
	assert_int_equal(encoding_guess_of(STR("\0I\0d\0,\0N\0a\0m\0e")).is, ENCODING_UTF16BE);
}

static void
cut_inside_a_character_is_still_utf8(void **state)
{
	(void)state;
	struct encoding_tally t = { 0 };
	encoding_tally_push(&t, STR("Z\xc3\xbcrich \xe2\x82"));
	assert_int_equal(encoding_tally_guess(&t).is, ENCODING_UTF8);
	encoding_tally_push(&t, STR("\xac"));
	assert_int_equal(t.utf8_good, 2);
	assert_int_equal(t.utf8_bad, 0);
}

static void
west_and_east(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum encoding is;
	} texts[] = {
		{ "Cr\xe8me Br\xfbl\xe9"
		  "e, P\xe2tisserie",
		        ENCODING_WINDOWS_1252 },
		{ "M\xfcller & S\xf6hne, Stra\xdf"
		  "e",
		        ENCODING_WINDOWS_1252 },
		{ "\xc5ngstr\xf6m, \xd1"
		  "and\xfa, \xa3"
		  "100",
		        ENCODING_WINDOWS_1252 },
		{ "Jos\xe9 Nu\xf1"
		  "ez, S\xe3o Paulo",
		        ENCODING_WINDOWS_1252 },
		{ "P\xf8\xedli\x9a \x9elu\x9dou\xe8k\xfd k\xf9\xf2", ENCODING_WINDOWS_1250 },
		{ "Z\xe1kazn\xedk, m\xecna, \xf8"
		  "editel",
		        ENCODING_WINDOWS_1250 },
		{ "\xa3\xf3"
		  "d\x9f Handel, \xb9, Wroc\xb3"
		  "aw",
		        ENCODING_WINDOWS_1250 },
		{ "Gy\xf5ri t\xfck\xf6rf\xfar\xf3g\xe9p, kert\xe9sz\xf5", ENCODING_WINDOWS_1250 },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct encoding_guess g = guess(texts[i].text);
		if (g.is != texts[i].is)
			fail_msg("text %zu is taken as %s", i, encoding_name(g.is));
		assert_true(g.confidence >= 50 && g.confidence <= 90); /* never certain */
		assert_true(g.n_others >= 1);
	}
}

static str
convert(struct arena *a, enum encoding from, str in, size_t piece, int64_t *ret_replaced)
{
	struct encoding_reader r;
	char out[256];
	size_t n = 0, held = 0;
	char rest[16];
	assert_int_equal(encoding_open(&r, a, from), OK);
	while (in.n || held) {
		size_t take = in.n < piece ? in.n : piece, used;
		if (take)
			memcpy(rest + held, in.s, take);
		in = str_from(in, take);
		held += take;
		n += encoding_convert(&r, (str){ rest, held }, in.n == 0, out + n, sizeof(out) - n, &used);
		memmove(rest, rest + used, held - used);
		held -= used;
	}
	*ret_replaced = r.replaced;
	return str_copy(a, (str){ out, n });
}

static void
converted_piece_by_piece(void **state)
{
	struct arena *a = *state;
	int64_t replaced;
	for (size_t piece = 1; piece < 6; piece++) {
		assert_str(convert(a, ENCODING_WINDOWS_1250, STR("\xe8\xec\x9a"), piece, &replaced), "čěš");
		assert_str(convert(a, ENCODING_WINDOWS_1252, STR("\x80 \x96 \xe9"), piece, &replaced), "€ – é");
		assert_str(convert(a, ENCODING_UTF16LE, STR("A\0\x3d\xd8\0\xde"), piece, &replaced), "A😀");
		assert_str(convert(a, ENCODING_UTF16BE, STR("\0A\xd8\x3d\xde\0"), piece, &replaced), "A😀");
		assert_int_equal(replaced, 0);
		assert_str(convert(a, ENCODING_WINDOWS_1252, STR("a\x81z"), piece, &replaced), "a\uFFFDz");
		assert_int_equal(replaced, 1);
		assert_str(convert(a, ENCODING_UTF16LE, STR("A\0\x3d\xd8"), piece, &replaced), "A\uFFFD");
	}
}

static void
names(void **state)
{
	(void)state;
	enum encoding e;
	assert_true(encoding_find(STR("CP1250"), &e));
	assert_int_equal(e, ENCODING_WINDOWS_1250);
	assert_true(encoding_find(STR("latin1"), &e));
	assert_int_equal(e, ENCODING_WINDOWS_1252);
	assert_false(encoding_find(STR("ebcdic"), &e));
	for (e = ENCODING_UTF8; e < ENCODING_COUNT; e++) {
		enum encoding back;
		assert_true(encoding_find(str_of(encoding_name(e)), &back));
		assert_int_equal(back, e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(marks_and_utf8), unit(cut_inside_a_character_is_still_utf8),
		unit(west_and_east), unit(converted_piece_by_piece), unit(names) };
	return cmocka_run_group_tests_name("sheet_encoding", tests, NULL, NULL);
}
