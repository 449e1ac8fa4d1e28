#include "base/str.h"

#include <assert.h>
#include <utf8proc.h>

#include "base/arena.h"

/* Letters with a stroke or a ligature: Unicode does not take them apart, people who search do. */
static const struct {
	int32_t letter;
	char plain[3];
} strokes[] = {
	{ 0x00e6, "ae" }, /* æ */
	{ 0x00f0, "d" },  /* ð */
	{ 0x00f8, "o" },  /* ø */
	{ 0x00fe, "th" }, /* þ */
	{ 0x0111, "d" },  /* đ */
	{ 0x0127, "h" },  /* ħ */
	{ 0x0131, "i" },  /* ı */
	{ 0x0142, "l" },  /* ł */
	{ 0x0153, "oe" }, /* œ */
	{ 0x0167, "t" },  /* ŧ */
};

static bool
blank(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* The accents of alphabets; the vowel signs of Indic scripts and the marks of kana are letters and stay. */
static bool
accent(int32_t c)
{
	return (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff);
}

/* Small letters and single blanks, when every byte is taken for a character of its own. */
static str
fold_bytes(struct arena *a, str s)
{
	char *to = arena_alloc(a, s.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];
		if (blank((unsigned char)c) && (unsigned char)c < 0x80) {
			if (n && to[n - 1] != ' ')
				to[n++] = ' ';
		} else {
			to[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		}
	}
	if (n && to[n - 1] == ' ')
		n--;
	to[n] = 0;
	return (str){ to, n };
}

static bool
ascii(str s)
{
	unsigned char all = 0;
	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.s[i];
	return all < 0x80;
}

/* s as code points, case folded and taken apart; NULL when it is not UTF-8. */
static int32_t *
take_apart(struct arena *a, str s, size_t *ret_n)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_ssize_t size = (utf8proc_ssize_t)s.n, room = size + 32;
	for (;;) {
		int32_t *codes = arena_new(a, int32_t, (size_t)room);
		utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)s.s, size, codes, room, options);
		if (n < 0)
			return NULL;
		if (n <= room) {
			*ret_n = (size_t)n;
			return codes;
		}
		room = n; /* one sign may become eighteen; rarely walked twice */
	}
}

/* One code point put after n others, as it stands in a key; the new count. */
static size_t
push(int32_t *to, size_t n, int32_t c)
{
	if (accent(c))
		return n;
	if (blank(c)) {
		if (n && to[n - 1] != ' ')
			to[n++] = ' ';
		return n;
	}
	for (size_t i = 0; i < sizeof(strokes) / sizeof(*strokes); i++)
		if (strokes[i].letter == c) {
			for (const char *p = strokes[i].plain; *p; p++)
				to[n++] = *p;
			return n;
		}
	to[n++] = c;
	return n;
}

str
str_fold(struct arena *a, str s)
{
	if (ascii(s))
		return fold_bytes(a, s);
	size_t n = 0, kept = 0;
	const int32_t *codes = take_apart(a, s, &n);
	if (!codes)
		return fold_bytes(a, s);
	int32_t *to = arena_new(a, int32_t, 2 * n + 1); /* a stroke may become two, and the library ends with NUL */
	for (size_t i = 0; i < n; i++)
		kept = push(to, kept, codes[i]);
	if (kept && to[kept - 1] == ' ')
		kept--;
	utf8proc_ssize_t bytes = utf8proc_reencode(to, (utf8proc_ssize_t)kept, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	assert(bytes >= 0);
	return (str){ (const char *)to, (size_t)bytes };
}
