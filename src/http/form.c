/* application/x-www-form-urlencoded, percent escapes, cookies. */
#include <string.h>

#include "http/http.h"

#define PAIRS_MOST 1000

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
http_unescape(struct arena *a, str s, bool plus, str *ret)
{
	bool plain = str_find_byte(s, '%') == SIZE_MAX && (!plus || str_find_byte(s, '+') == SIZE_MAX);
	if (plain) {
		if (!str_utf8(s))
			return false;
		*ret = s;
		return true;
	}
	char *to = arena_alloc(a, s.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];
		if (c == '%') {
			int high = i + 2 < s.n ? hex(s.s[i + 1]) : -1, low = i + 2 < s.n ? hex(s.s[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		to[n++] = c;
	}
	if (!str_utf8((str){ to, n }))
		return false;
	*ret = (str){ to, n };
	return true;
}

str
http_escape(struct arena *a, str s)
{
	static const char digits[] = "0123456789ABCDEF";
	char *to = arena_alloc(a, s.n * 3 + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		            c == '.' || c == '_' || c == '~';
		if (safe) {
			to[n++] = (char)c;
		} else {
			to[n++] = '%';
			to[n++] = digits[c >> 4];
			to[n++] = digits[c & 15];
		}
	}
	return (str){ to, n };
}

enum err
http_parse_form(struct arena *a, str text, struct http_pair **ret, size_t *ret_n)
{
	struct http_pair *pairs = NULL;
	size_t n = 0, cap = 0;
	while (text.n) {
		str one, name, value;
		str_cut(text, '&', &one, &text);
		if (one.n == 0)
			continue;
		if (n == PAIRS_MOST)
			return ERR_LARGE;
		str_cut(one, '=', &name, &value);
		arena_grow(a, pairs, n, cap);
		pairs[n] = (struct http_pair){ 0 };
		if (!http_unescape(a, name, true, &pairs[n].name) || !http_unescape(a, value, true, &pairs[n].value))
			return ERR_INPUT;
		n++;
	}
	*ret = pairs;
	*ret_n = n;
	return OK;
}

str
http_parse_cookie(str header, str name)
{
	while (header.n) {
		str one, key, value;
		str_cut(header, ';', &one, &header);
		if (str_cut(str_trim(one), '=', &key, &value) && str_eq(key, name))
			return value;
	}
	return (str){ 0 };
}
