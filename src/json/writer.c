/* The writer: straight into an out, no tree. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/json.h"

#define DEPTH_MOST 32

void
json_init(struct json *j, struct out *o)
{
	*j = (struct json){ .out = o };
}

static uint32_t
level(const struct json *j)
{
	return UINT32_C(1) << (j->depth - 1);
}

/* Before every value: in an array a comma where one is due; in an object a key must have come. */
static void
before_value(struct json *j)
{
	if (j->depth == 0 || j->after_key) {
		j->after_key = false;
		return;
	}
	assert(j->array & level(j)); /* an object's value needs its key */
	if (j->comma & level(j))
		out_byte(j->out, ',');
	j->comma |= level(j);
}

static void
open_level(struct json *j, bool array)
{
	before_value(j);
	assert(j->depth < DEPTH_MOST);
	j->depth++;
	j->comma &= ~level(j);
	j->array = array ? j->array | level(j) : j->array & ~level(j);
	out_byte(j->out, array ? '[' : '{');
}

void
json_object(struct json *j)
{
	open_level(j, false);
}

void
json_array(struct json *j)
{
	open_level(j, true);
}

void
json_end(struct json *j)
{
	assert(j->depth > 0 && !j->after_key);
	out_byte(j->out, j->array & level(j) ? ']' : '}');
	j->depth--;
}

/* Length of the well-formed UTF-8 letter at the start, 0 when there is none. */
static size_t
letter(str s)
{
	unsigned char c = (unsigned char)s.s[0];
	size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	if (n == 0 || n > s.n)
		return 0;
	return n == 1 || str_utf8(str_first(s, n)) ? n : 0;
}

static void
out_escape(struct out *o, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	for (const char *p = named; *p; p += 2)
		if ((unsigned char)*p == c) {
			out_byte(o, '\\');
			out_byte(o, p[1]);
			return;
		}
	out_lit(o, "\\u00");
	out_byte(o, digits[c >> 4]);
	out_byte(o, digits[c & 15]);
}

/* ASCII that goes out as it is. */
static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

static void
out_quoted(struct out *o, str s)
{
	char whole[256];
	size_t n = 0;
	/* most are short and plain: one piece */
	if (s.n <= sizeof whole - 2) {
		whole[n++] = '"';
		while (n <= s.n && is_plain((unsigned char)s.s[n - 1])) {
			whole[n] = s.s[n - 1];
			n++;
		}
		if (n > s.n) {
			whole[n++] = '"';
			out_bytes(o, whole, n);
			return;
		}
	}
	out_byte(o, '"');
	size_t plain = 0; /* bytes at the start of s that go out as they are */
	while (plain < s.n) {
		while (plain < s.n && is_plain((unsigned char)s.s[plain]))
			plain++;
		if (plain == s.n)
			break;
		unsigned char c = (unsigned char)s.s[plain];
		size_t n = c >= 0x80 ? letter(str_from(s, plain)) : 1;
		if (n && c >= ' ' && c != '"' && c != '\\') {
			plain += n;
			continue;
		}
		out_bytes(o, s.s, plain);
		if (n)
			out_escape(o, c);
		else
			out_lit(o, "\xef\xbf\xbd");
		s = str_from(s, plain + 1);
		plain = 0;
	}
	out_bytes(o, s.s, plain);
	out_byte(o, '"');
}

void
json_key_str(struct json *j, str name)
{
	assert(j->depth > 0 && !(j->array & level(j)) && !j->after_key);
	if (j->comma & level(j))
		out_byte(j->out, ',');
	j->comma |= level(j);
	out_quoted(j->out, name);
	out_byte(j->out, ':');
	j->after_key = true;
}

void
json_key(struct json *j, const char *name)
{
	json_key_str(j, str_of(name));
}

void
json_str(struct json *j, str s)
{
	before_value(j);
	out_quoted(j->out, s);
}

void
json_int(struct json *j, int64_t n)
{
	before_value(j);
	out_i64(j->out, n);
}

void
json_double(struct json *j, double x)
{
	if (!isfinite(x)) {
		json_null(j);
		return;
	}
	before_value(j);
	if (x == 0 && signbit(x)) {
		out_lit(j->out, "-0.0"); /* -0 would read back as an integer, which has no sign at 0 */
		return;
	}
	char text[40];
	int n = 0;
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(text, sizeof(text), "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	out_bytes(j->out, text, (size_t)n);
}

void
json_bool(struct json *j, bool b)
{
	before_value(j);
	out_z(j->out, b ? "true" : "false");
}

void
json_null(struct json *j)
{
	before_value(j);
	out_lit(j->out, "null");
}

void
json_raw(struct json *j, str json_text)
{
	before_value(j);
	out_str(j->out, json_text);
}
