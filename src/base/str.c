#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

str
str_of(const char *z)
{
	return (str){ z, z ? strlen(z) : 0 };
}

bool
str_eq(str a, str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

int
str_cmp(str a, str b)
{
	size_t least = a.n < b.n ? a.n : b.n;
	int c = least ? memcmp(a.s, b.s, least) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool
str_starts(str s, str head)
{
	return s.n >= head.n && str_eq(str_first(s, head.n), head);
}

bool
str_ends(str s, str tail)
{
	return s.n >= tail.n && str_eq(str_from(s, s.n - tail.n), tail);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool
str_same(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.s[i]) != lower(b.s[i]))
			return false;
	return true;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

str
str_trim(str s)
{
	static const str nbsp = STR_INIT("\u00a0");
	/* most texts begin and end with a letter or a digit */
	if (s.n && (unsigned char)(s.s[0] - '!') < 0x5e && (unsigned char)(s.s[s.n - 1] - '!') < 0x5e)
		return s;
	for (;;) {
		if (s.n && blank(s.s[0]))
			s = str_from(s, 1);
		else if (s.n && blank(s.s[s.n - 1]))
			s.n--;
		else if (str_starts(s, nbsp))
			s = str_from(s, nbsp.n);
		else if (str_ends(s, nbsp))
			s.n -= nbsp.n;
		else
			return s;
	}
}

str
str_from(str s, size_t at)
{
	if (at > s.n)
		at = s.n;
	return (str){ s.s ? s.s + at : NULL, s.n - at };
}

str
str_first(str s, size_t n)
{
	return (str){ s.s, n < s.n ? n : s.n };
}

bool
str_cut(str s, char c, str *ret_head, str *ret_tail)
{
	size_t at = str_find_byte(s, c);
	*ret_head = str_first(s, at);
	*ret_tail = at == SIZE_MAX ? (str){ 0 } : str_from(s, at + 1);
	return at != SIZE_MAX;
}

size_t
str_find(str s, str needle)
{
	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return SIZE_MAX;
	const char *at = memmem(s.s, s.n, needle.s, needle.n);
	return at ? (size_t)(at - s.s) : SIZE_MAX;
}

size_t
str_find_byte(str s, char c)
{
	const char *at = s.n ? memchr(s.s, c, s.n) : NULL;
	return at ? (size_t)(at - s.s) : SIZE_MAX;
}

str
str_copy(struct arena *a, str s)
{
	return (str){ str_z(a, s), s.n };
}

char *
str_z(struct arena *a, str s)
{
	assert(s.s || s.n == 0);
	char *z = arena_alloc(a, s.n + 1, 1);
	if (s.n)
		memcpy(z, s.s, s.n);
	return z;
}

str
str_join(struct arena *a, str x, str y)
{
	char *z = arena_alloc(a, x.n + y.n + 1, 1);
	if (x.n)
		memcpy(z, x.s, x.n);
	if (y.n)
		memcpy(z + x.n, y.s, y.n);
	return (str){ z, x.n + y.n };
}

str
str_fmt(struct arena *a, const char *format, ...)
{
	char small[256];
	va_list list, again;
	va_start(list, format);
	va_copy(again, list);
	int n = vsnprintf(small, sizeof(small), format, list);
	va_end(list);
	assert(n >= 0);
	size_t size = (size_t)n + 1;
	char *z = arena_alloc(a, size, 1);
	if (size <= sizeof(small))
		memcpy(z, small, size);
	else
		vsnprintf(z, size, format, again);
	va_end(again);
	return (str){ z, size - 1 };
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

str
str_i64(struct arena *a, int64_t n)
{
	char text[20], *p = text + sizeof(text);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0)
		*--p = '-';
	return str_copy(a, (str){ p, (size_t)(text + sizeof(text) - p) });
}

bool
str_to_i64(str s, int64_t *ret)
{
	bool minus = s.n && s.s[0] == '-';
	if (minus)
		s = str_from(s, 1);
	if (s.n == 0)
		return false;
	int64_t n = 0; /* counted below zero, where there is room for INT64_MIN */
	for (size_t i = 0; i < s.n; i++)
		if (!digit(s.s[i]) || __builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, s.s[i] - '0', &n))
			return false;
	if (!minus && __builtin_sub_overflow(0, n, &n))
		return false;
	*ret = n;
	return true;
}

/* The count of digits that s starts with. */
static size_t
digits(str s)
{
	size_t n = 0;
	while (n < s.n && digit(s.s[n]))
		n++;
	return n;
}

/* -12.5e+3: strtod alone would also take hexadecimal, "nan", "inf" and leading blanks. */
static bool
decimal_shape(str s)
{
	if (str_starts(s, STR("-")))
		s = str_from(s, 1);
	size_t whole = digits(s), part = 0;
	s = str_from(s, whole);
	if (str_starts(s, STR("."))) {
		part = digits(str_from(s, 1));
		s = str_from(s, 1 + part);
	}
	if (whole + part == 0)
		return false;
	if (s.n == 0)
		return true;
	if (lower(s.s[0]) != 'e')
		return false;
	s = str_from(s, 1);
	if (str_starts(s, STR("-")) || str_starts(s, STR("+")))
		s = str_from(s, 1);
	return s.n && digits(s) == s.n;
}

bool
str_to_double(str s, double *ret)
{
	char z[64];
	if (s.n >= sizeof(z) || !decimal_shape(s))
		return false;
	memcpy(z, s.s, s.n);
	z[s.n] = 0;
	double d = strtod(z, NULL); /* the program never calls setlocale: the point is '.' */
	if (!isfinite(d))
		return false;
	*ret = d;
	return true;
}

/* Bytes of the character that s starts with, 0 when it is ill-formed (RFC 3629, table in section 4). */
static size_t
character(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char first, last, low, high; /* first byte from … to, second byte from … to */
		unsigned char size;
	} forms[] = {
		{ 0x01, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	for (size_t f = 0; f < sizeof(forms) / sizeof(*forms); f++) {
		if (s[0] < forms[f].first || s[0] > forms[f].last)
			continue;
		size_t size = forms[f].size;
		if (size > n || (size > 1 && (s[1] < forms[f].low || s[1] > forms[f].high)))
			return 0;
		for (size_t i = 2; i < size; i++)
			if ((s[i] & 0xc0) != 0x80)
				return 0;
		return size;
	}
	return 0;
}

bool
str_utf8(str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t size = character((const unsigned char *)s.s + i, s.n - i);
		if (size == 0)
			return false;
		i += size;
	}
	return true;
}

size_t
str_letters(str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += (s.s[i] & 0xc0) != 0x80;
	return n;
}

uint64_t
str_hash(str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.s[i]) * UINT64_C(0x100000001b3);
	return h;
}
