#include "sheet/encoding.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/arena.h"

static const struct {
	const char *name, *label, *iconv;
	const char *also[5];
} encodings[ENCODING_COUNT] = {
	[ENCODING_UNKNOWN] = { "", "not known", NULL, { NULL } },
	[ENCODING_UTF8] = { "utf-8", "Unicode (UTF-8)", "UTF-8", { "utf8", "utf-8-sig", "ascii", "us-ascii" } },
	[ENCODING_UTF16LE] = { "utf-16le", "Unicode (UTF-16, little endian)", "UTF-16LE",
	        { "utf16le", "utf-16", "utf16" } },
	[ENCODING_UTF16BE] = { "utf-16be", "Unicode (UTF-16, big endian)", "UTF-16BE", { "utf16be" } },
	[ENCODING_WINDOWS_1252] = { "windows-1252", "Western European (windows-1252)", "CP1252",
	        { "cp1252", "latin1", "latin-1", "iso-8859-1" } },
	[ENCODING_WINDOWS_1250] = { "windows-1250", "Central European (windows-1250)", "CP1250",
	        { "cp1250", "windows1250" } },
};

/* Evidence, in tenths, that a byte which the two encodings read differently is windows-1250's letter: rare in one and
   frequent in the other, by the letters of cs, sk, pl, hu, sl, ro against fr, de, es, pt, it, sv, da. 0x9D, 0x8D, 0x8F
   and 0x90 stand for nothing in windows-1252. Bytes read alike are absent. */
static const signed char central[256] = {
	[0x8a] = 15,
	[0x8c] = 8,
	[0x8d] = 40,
	[0x8e] = 15,
	[0x8f] = 40,
	[0x9a] = 20,
	[0x9c] = 5,
	[0x9d] = 40,
	[0x9e] = 20,
	[0x9f] = 20,
	[0xa3] = 1,
	[0xa5] = 1,
	[0xaa] = 1,
	[0xaf] = 5,
	[0xb3] = 1,
	[0xb9] = 1,
	[0xba] = 1,
	[0xbc] = 1,
	[0xbe] = 1,
	[0xbf] = 1,
	[0xc0] = -10,
	[0xc3] = -10,
	[0xc5] = -20,
	[0xc6] = 2,
	[0xc8] = 10,
	[0xca] = -5,
	[0xcc] = 20,
	[0xcf] = 5,
	[0xd0] = 5,
	[0xd1] = -10,
	[0xd2] = 5,
	[0xd5] = 2,
	[0xd8] = 3,
	[0xd9] = 5,
	[0xdb] = 2,
	[0xde] = 2,
	[0xe0] = -30,
	[0xe3] = -10,
	[0xe5] = -30,
	[0xe6] = 1,
	[0xe8] = -3,
	[0xea] = -5,
	[0xec] = 30,
	[0xef] = 1,
	[0xf0] = 2,
	[0xf1] = -15,
	[0xf2] = 3,
	[0xf5] = 2,
	[0xf8] = 3,
	[0xf9] = 5,
	[0xfb] = -3,
	[0xfe] = 2,
};

const char *
encoding_name(enum encoding e)
{
	assert(e < ENCODING_COUNT);
	return encodings[e].name;
}

const char *
encoding_label(enum encoding e)
{
	assert(e < ENCODING_COUNT);
	return encodings[e].label;
}

bool
encoding_find(str name, enum encoding *ret)
{
	for (enum encoding e = ENCODING_UTF8; e < ENCODING_COUNT; e++) {
		bool is = str_same(name, str_of(encodings[e].name));
		for (size_t i = 0; i < 5 && encodings[e].also[i]; i++)
			is = is || str_same(name, str_of(encodings[e].also[i]));
		if (is) {
			*ret = e;
			return true;
		}
	}
	return false;
}

size_t
encoding_mark(enum encoding e, str text)
{
	str mark = e == ENCODING_UTF8      ? STR("\xef\xbb\xbf")
	           : e == ENCODING_UTF16LE ? STR("\xff\xfe")
	           : e == ENCODING_UTF16BE ? STR("\xfe\xff")
	                                   : (str){ 0 };
	return mark.n && str_starts(text, mark) ? mark.n : 0;
}

static bool
letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xc0;
}

/* Signs in windows-1252 which are letters in windows-1250: they tell by what stands beside them. */
static int
sign_or_letter(unsigned char before, unsigned char c, unsigned char after)
{
	if (c == 0xa3) /* £ or Ł */
		return letter(after) ? 30 : -30;
	if (strchr("\xb3\xb9\xbe\xbf", c)) /* ³ ¹ ¾ ¿ or ł ą ľ ż */
		return letter(before) && (letter(after) || c != 0xbf) ? 30 : -10;
	return letter(before) && letter(after) ? 20 : -5;
}

/* Weighs t->held now that the byte after it is known. */
static void
weigh(struct encoding_tally *t, unsigned char after)
{
	unsigned char c = t->held;
	if (central[c] == 0)
		return;
	t->differing++;
	t->central +=
	        strchr("\xa3\xa5\xaa\xb3\xb9\xba\xbc\xbe\xbf", c) ? sign_or_letter(t->before, c, after) : central[c];
	/* Two accented letters in a row are frequent in Czech or Hungarian, rare in the West but for é and ß. */
	if (c >= 0xc0 && after >= 0xc0 && c != 0xe9 && after != 0xe9 && after != 0xdf)
		t->central += 15;
}

/* RFC 3629, one byte at a time. */
static void
utf8(struct encoding_tally *t, unsigned char c)
{
	if (t->need) {
		bool good = c >= t->low && c <= t->top;
		t->low = 0x80;
		t->top = 0xbf;
		t->need = good ? (unsigned char)(t->need - 1) : 0;
		t->utf8_good += good && t->need == 0;
		t->utf8_bad += !good;
		if (good)
			return;
	}
	if (c < 0x80)
		return;
	t->low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	t->top = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	t->need = c >= 0xc2 && c <= 0xdf ? 1 : c >= 0xe0 && c <= 0xef ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 0;
	t->utf8_bad += t->need == 0;
}

void
encoding_tally_push(struct encoding_tally *t, str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.s[i];
		if (t->n < (int64_t)sizeof(t->head))
			t->head[t->n] = c;
		if (c < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\f') {
			t->controls++;
			t->nuls[t->n & 1] += c == 0;
		}
		if (t->held >= 0x80)
			weigh(t, c);
		if (c >= 0x80 || t->need) {
			t->high += c >= 0x80;
			utf8(t, c);
		}
		t->before = t->held;
		t->held = c;
		t->n++;
	}
}

static void
other(struct encoding_guess *g, enum encoding e)
{
	assert(g->n_others < 3);
	g->other[g->n_others++] = e;
}

static bool
by_mark(const struct encoding_tally *t, struct encoding_guess *ret)
{
	str head = { (const char *)t->head, t->n < 4 ? (size_t)t->n : 4 };
	for (enum encoding e = ENCODING_UTF8; e <= ENCODING_UTF16BE; e++)
		if (encoding_mark(e, head)) {
			*ret = (struct encoding_guess){ .is = e, .confidence = 100, .bom = true };
			return true;
		}
	return false;
}

static struct encoding_guess
single_byte(const struct encoding_tally *t)
{
	int64_t evidence = t->central;
	if (t->held >= 0x80) {
		struct encoding_tally end = *t;
		weigh(&end, ' ');
		evidence = end.central;
	}
	bool east = evidence > 0;
	int64_t size = east ? evidence : -evidence;
	struct encoding_guess g = { .is = east ? ENCODING_WINDOWS_1250 : ENCODING_WINDOWS_1252 };
	g.confidence = t->differing ? (int)(50 + (size > 40 ? 40 : size)) : 75;
	other(&g, east ? ENCODING_WINDOWS_1252 : ENCODING_WINDOWS_1250);
	if (t->utf8_good)
		other(&g, ENCODING_UTF8);
	return g;
}

struct encoding_guess
encoding_tally_guess(const struct encoding_tally *t)
{
	struct encoding_guess g = { .is = ENCODING_UTF8, .confidence = 100 };
	if (by_mark(t, &g))
		return g;
	/* Latin text in UTF-16 has a NUL in every second byte. */
	for (int odd = 0; odd < 2; odd++)
		if (t->n >= 4 && t->nuls[odd] * 10 >= t->n * 2 && t->nuls[!odd] * 20 < t->nuls[odd])
			return (struct encoding_guess){ .is = odd ? ENCODING_UTF16LE : ENCODING_UTF16BE,
				.confidence = 90,
				.other = { odd ? ENCODING_UTF16BE : ENCODING_UTF16LE },
				.n_others = 1 };
	if (t->high == 0) {
		g.ascii = true;
		return g;
	}
	/* A few broken bytes in much good UTF-8 are broken rows, not another encoding. */
	if (t->utf8_good && t->utf8_bad * 2 < t->utf8_good) {
		g.confidence = t->utf8_bad ? 75 : t->utf8_good > 2 ? 99 : 95;
		other(&g, t->central > 0 ? ENCODING_WINDOWS_1250 : ENCODING_WINDOWS_1252);
		other(&g, t->central > 0 ? ENCODING_WINDOWS_1252 : ENCODING_WINDOWS_1250);
		return g;
	}
	return single_byte(t);
}

struct encoding_guess
encoding_guess_of(str sample)
{
	struct encoding_tally t = { 0 };
	encoding_tally_push(&t, sample);
	return encoding_tally_guess(&t);
}

static void
close_iconv(void *cd)
{
	iconv_close((iconv_t)cd);
}

enum err
encoding_open(struct encoding_reader *r, struct arena *a, enum encoding from)
{
	assert(from > ENCODING_UNKNOWN && from < ENCODING_COUNT);
	void *cd = NULL;
	if (from != ENCODING_UTF8) {
		iconv_t opened = iconv_open("UTF-8", encodings[from].iconv);
		if (opened == (iconv_t)-1) // NOLINT: the system's own way to say so
			return ERR_IO;
		cd = (void *)opened;
		arena_defer(a, close_iconv, cd);
	}
	*r = (struct encoding_reader){ .from = from, .iconv = cd };
	return OK;
}

static size_t
pass_on(str in, char *out, size_t cap, size_t *ret_used)
{
	size_t n = in.n < cap ? in.n : cap;
	if (n)
		memcpy(out, in.s, n);
	*ret_used = n;
	return n;
}

size_t
encoding_convert(struct encoding_reader *r, str in, bool last, char *out, size_t cap, size_t *ret_used)
{
	assert(cap >= 8);
	if (!r->iconv)
		return pass_on(in, out, cap, ret_used);
	char *from = (char *)(uintptr_t)in.s, *to = out; /* iconv does not write to its input */
	size_t n_from = in.n, n_to = cap, unit = r->from == ENCODING_UTF16LE || r->from == ENCODING_UTF16BE ? 2 : 1;
	while (n_from) {
		if (iconv((iconv_t)r->iconv, &from, &n_from, &to, &n_to) != (size_t)-1)
			break;
		if (errno == E2BIG || (errno == EINVAL && !last) || n_to < 3)
			break;
		size_t bad = n_from < unit ? n_from : unit;
		memcpy(to, "\xef\xbf\xbd", 3);
		to += 3;
		n_to -= 3;
		from += bad;
		n_from -= bad;
		r->replaced++;
	}
	*ret_used = in.n - n_from;
	return cap - n_to;
}
