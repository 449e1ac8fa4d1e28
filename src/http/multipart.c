/* multipart/form-data (RFC 7578) as browsers and curl write it; everything else is refused. */
#include <string.h>

#include "http/http.h"

#define PARTS_MOST 1000
#define HEAD_MOST  ((size_t)8 << 10)

/* Index of needle, also where the text holds NULs; SIZE_MAX when it is not there. */
static size_t
find(str text, str needle)
{
	const char *at = text.n ? memmem(text.s, text.n, needle.s, needle.n) : NULL;
	return at ? (size_t)(at - text.s) : SIZE_MAX;
}

/* One "; name=value" or "; name="value"" of a header; takes it off *rest. False at the end or when it is malformed. */
static bool
next_parameter(str *rest, str *ret_name, str *ret_value)
{
	str s = str_trim(*rest);
	if (s.n == 0 || s.s[0] != ';')
		return false;
	str name, tail;
	if (!str_cut(str_from(s, 1), '=', &name, &tail))
		return false;
	*ret_name = str_trim(name);
	if (tail.n && tail.s[0] == '"') {
		size_t end = str_find_byte(str_from(tail, 1), '"');
		if (end == SIZE_MAX)
			return false;
		*ret_value = str_first(str_from(tail, 1), end);
		*rest = str_from(tail, end + 2);
	} else {
		size_t end = str_find_byte(tail, ';');
		*ret_value = str_trim(str_first(tail, end == SIZE_MAX ? tail.n : end));
		*rest = end == SIZE_MAX ? (str){ 0 } : str_from(tail, end);
	}
	return true;
}

static bool
boundary_of(str content_type, str *ret)
{
	size_t at = str_find_byte(content_type, ';');
	str rest = at == SIZE_MAX ? (str){ 0 } : str_from(content_type, at), name, value, found = { 0 };
	while (next_parameter(&rest, &name, &value))
		if (str_same(name, STR("boundary"))) {
			if (found.n)
				return false; /* two of them: which one counts? */
			found = value;
		}
	for (size_t i = 0; i < found.n; i++)
		if (found.s[i] < ' ' || found.s[i] > '~')
			return false;
	*ret = found;
	return str_trim(rest).n == 0 && found.n >= 1 && found.n <= 70;
}

/* Browsers write a quote as %22, CR as %0D and LF as %0A, and nothing else so. */
static bool
quoted_text(struct arena *a, str s, str *ret)
{
	char *to = arena_alloc(a, s.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		str three = str_first(str_from(s, i), 3);
		char c = s.s[i];
		if (str_eq(three, STR("%22")))
			c = '"';
		else if (str_same(three, STR("%0D")))
			c = '\r';
		else if (str_same(three, STR("%0A")))
			c = '\n';
		if (c != s.s[i])
			i += 2;
		to[n++] = c;
	}
	*ret = (str){ to, n };
	return str_utf8(*ret);
}

/* A name of a file, never a place: what follows the last slash or backslash. */
static str
base_name(str path)
{
	for (size_t i = path.n; i > 0; i--)
		if (path.s[i - 1] == '/' || path.s[i - 1] == '\\')
			return str_from(path, i);
	return path;
}

static bool
parse_disposition(struct arena *a, str value, struct http_pair *ret, bool *ret_file)
{
	str kind = str_first(value, STR("form-data").n), rest = str_from(value, kind.n), name, text;
	if (!str_same(kind, STR("form-data")))
		return false;
	bool named = false;
	while (next_parameter(&rest, &name, &text)) {
		if (str_same(name, STR("name"))) {
			if (named || !quoted_text(a, text, &ret->name))
				return false;
			named = true;
		} else if (str_same(name, STR("filename"))) {
			if (*ret_file || !quoted_text(a, text, &ret->file))
				return false;
			ret->file = base_name(ret->file);
			*ret_file = true;
		}
	}
	return named && str_trim(rest).n == 0;
}

static bool
parse_part_head(struct arena *a, str head, struct http_pair *ret, bool *ret_file)
{
	bool seen = false;
	while (head.n) {
		size_t end = find(head, STR("\r\n"));
		str line = str_first(head, end == SIZE_MAX ? head.n : end), name, value;
		head = end == SIZE_MAX ? (str){ 0 } : str_from(head, end + 2);
		if (!str_cut(line, ':', &name, &value))
			return false;
		if (!str_same(name, STR("content-disposition")))
			continue;
		if (seen || !parse_disposition(a, str_trim(value), ret, ret_file))
			return false;
		seen = true;
	}
	return seen;
}

/* The part at the start of *rest, which begins behind "--boundary\r\n"; leaves *rest behind the next boundary. */
static bool
next_part(struct arena *a, str *rest, str delimiter, struct http_pair *ret)
{
	*ret = (struct http_pair){ 0 };
	bool file = false;
	size_t head = find(str_first(*rest, HEAD_MOST), STR("\r\n\r\n"));
	if (head == SIZE_MAX || !parse_part_head(a, str_first(*rest, head), ret, &file))
		return false;
	str content = str_from(*rest, head + 4);
	size_t end = find(content, delimiter);
	if (end == SIZE_MAX)
		return false;
	ret->value = str_first(content, end);
	*rest = str_from(content, end + delimiter.n);
	return file || str_utf8(ret->value);
}

enum err
http_parse_multipart(struct arena *a, str content_type, str body, struct http_pair **ret, size_t *ret_n)
{
	str boundary;
	if (!boundary_of(content_type, &boundary))
		return ERR_INPUT;
	str delimiter = str_join(a, STR("\r\n--"), boundary), opening = str_from(delimiter, 2), rest = body;
	if (!str_starts(rest, opening))
		return ERR_INPUT;
	rest = str_from(rest, opening.n);
	struct http_pair *pairs = NULL;
	size_t n = 0, cap = 0;
	while (str_starts(rest, STR("\r\n"))) {
		if (n == PARTS_MOST)
			return ERR_LARGE;
		rest = str_from(rest, 2);
		arena_grow(a, pairs, n, cap);
		if (!next_part(a, &rest, delimiter, &pairs[n]))
			return ERR_INPUT;
		n++;
	}
	if (!str_eq(rest, STR("--")) && !str_eq(rest, STR("--\r\n")))
		return ERR_INPUT;
	*ret = pairs;
	*ret_n = n;
	return OK;
}
