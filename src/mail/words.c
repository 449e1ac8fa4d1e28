#include <sodium.h>

#include "mail/mail.h"

/* "=?utf-8?B?" and "?=" stand around it; 75 is the most of an encoded word, and "Subject: " comes before the first. */
enum { WORD_BYTES = 39 };

bool
mail_address(str s)
{
	size_t at = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"' || c == ',' || c == '\\')
			return false;
		at += c == '@';
	}
	return at == 1 && s.n <= 254 && s.s[0] != '@' && s.s[s.n - 1] != '@';
}

static bool
is_plain(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] < ' ' || s.s[i] > '~')
			return false;
	return s.n <= 60 && str_find(s, STR("=?")) == SIZE_MAX;
}

/* The first bytes of s, ended before a character would be cut. */
static str
piece(str s)
{
	size_t n = s.n < WORD_BYTES ? s.n : WORD_BYTES;

	while (n > 1 && n < s.n && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n--;
	return str_first(s, n);
}

str
mail_words(struct arena *a, str s)
{
	char *clean = arena_alloc(a, s.n + 1, 1),
	     code[sodium_base64_ENCODED_LEN(WORD_BYTES, sodium_base64_VARIANT_ORIGINAL)];
	str ret = { 0 };

	for (size_t i = 0; i < s.n; i++) /* no line of ours becomes a header of its own */
		clean[i] = (unsigned char)s.s[i] < ' ' || s.s[i] == 0x7f ? ' ' : s.s[i];
	s = (str){ clean, s.n };
	if (is_plain(s))
		return s;
	while (s.n) {
		str one = piece(s);
		sodium_bin2base64(
		        code, sizeof code, (const unsigned char *)one.s, one.n, sodium_base64_VARIANT_ORIGINAL);
		ret = str_fmt(a, "%.*s%s=?utf-8?B?%s?=", STR_ARG(ret), ret.n ? "\r\n " : "", code);
		s = str_from(s, one.n);
	}
	return ret;
}

str
mail_date(struct arena *a, instant at)
{
	static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	day d = zone_day(zone_utc(), at);
	int year, month, dom, minutes = zone_minutes(zone_utc(), at), seconds = (int)(at / 1000 % 60);

	day_parts(d, &year, &month, &dom);
	return str_fmt(a, "%.3s, %02d %.3s %d %02d:%02d:%02d +0000", days + 3 * (day_weekday(d) - 1), dom,
	        months + 3 * (month - 1), year, minutes / 60, minutes % 60, seconds);
}
