#include "html/html.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

enum place { IN_TEXT, IN_ATTR };

static bool
is_special(unsigned char c, enum place place)
{
	if (c > '>')
		return c == 0x7f;
	if (c < ' ')
		return c != '\t' && c != '\n' && c != '\r';
	return c == '&' || c == '<' || c == '>' || (place == IN_ATTR && (c == '"' || c == '\''));
}

static void
write_special(struct out *o, char c)
{
	switch (c) {
	case '&':
		out_lit(o, "&amp;");
		break;
	case '<':
		out_lit(o, "&lt;");
		break;
	case '>':
		out_lit(o, "&gt;");
		break;
	case '"':
		out_lit(o, "&#34;");
		break;
	case '\'':
		out_lit(o, "&#39;");
		break;
	default:
		out_lit(o, "\xef\xbf\xbd");
	}
}

/* Runs between special bytes go out in one piece: most text has none. */
static void
escape(struct out *o, str s, enum place place)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_special((unsigned char)s.s[i], place))
			continue;
		out_bytes(o, s.s + from, i - from);
		write_special(o, s.s[i]);
		from = i + 1;
	}
	if (from < s.n)
		out_bytes(o, s.s + from, s.n - from);
}

void
html_text(struct view *v, str s)
{
	escape(v->out, s, IN_TEXT);
}

void
html_text_z(struct view *v, const char *z)
{
	html_text(v, str_of(z));
}

void
html_attr(struct view *v, str s)
{
	escape(v->out, s, IN_ATTR);
}

void
html_attr_z(struct view *v, const char *z)
{
	html_attr(v, str_of(z));
}

void
html_raw(struct view *v, str s)
{
	out_str(v->out, s);
}

/* Browsers skip blanks before a scheme and control characters within it, so any of these makes an address unsafe. */
static bool
url_safe(str s)
{
	static const str schemes[] = { STR_INIT("http"), STR_INIT("https"), STR_INIT("mailto"), STR_INIT("tel") };
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] < 0x20 || s.s[i] == 0x7f)
			return false;
	size_t n = 0;
	while (n < s.n && strchr(":/?#", s.s[n]) == NULL)
		n++;
	if (n == s.n || s.s[n] != ':')
		return true;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (str_same(str_first(s, n), schemes[i]))
			return true;
	return false;
}

void
html_url(struct view *v, str s)
{
	s = str_trim(s);
	html_attr(v, s.n && url_safe(s) ? s : STR("#"));
}

void
html_url_z(struct view *v, const char *z)
{
	html_url(v, str_of(z));
}

void
html_part(struct view *v, str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		             c == '.' || c == '_' || c == '~';
		if (plain)
			out_byte(v->out, (char)c);
		else
			out_bytes(v->out, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
	}
}

void
html_part_z(struct view *v, const char *z)
{
	html_part(v, str_of(z));
}

str
html_int_text(struct arena *a, int64_t n)
{
	char text[32], *p = text + sizeof(text);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	for (int digits = 0;; digits++) {
		if (digits > 0 && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + left % 10);
		left /= 10;
		if (left == 0)
			break;
	}
	if (n < 0)
		*--p = '-';
	return str_copy(a, (str){ p, (size_t)(text + sizeof(text) - p) });
}

void
html_int(struct view *v, int64_t n)
{
	out_str(v->out, html_int_text(v->arena, n));
}

void
html_num(struct view *v, int64_t n)
{
	out_i64(v->out, n);
}

/* One decimal, none when it is zero. */
static str
tenths(struct arena *a, double x, const char *unit)
{
	if (!isfinite(x))
		return STR("no data");
	double rounded = round(x * 10) / 10;
	if (rounded == 0)
		rounded = 0; /* never "-0" */
	return str_fmt(a, rounded == trunc(rounded) ? "%.0f%s" : "%.1f%s", rounded, unit);
}

str
html_real_text(struct arena *a, double x)
{
	return tenths(a, x, "");
}

str
html_pct_text(struct arena *a, double share)
{
	return tenths(a, share * 100, "\xc2\xa0%");
}

void
html_real(struct view *v, double x)
{
	out_str(v->out, html_real_text(v->arena, x));
}

void
html_pct(struct view *v, double share)
{
	out_str(v->out, html_pct_text(v->arena, share));
}

void
html_id(struct view *v, id i)
{
	out_str(v->out, id_text(v->arena, i));
}

void
html_money_attr(struct view *v, money m)
{
	html_attr(v, money_text(v->arena, m));
}

void
html_money_short_attr(struct view *v, money m)
{
	html_attr(v, money_short(v->arena, m));
}

void
html_money_plain(struct view *v, money m)
{
	html_attr(v, money_plain(v->arena, m));
}

void
html_icon(struct view *v, str name)
{
	out_lit(v->out, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"");
	html_attr(v, v->assets.n ? v->assets : STR("/assets"));
	out_lit(v->out, "/icons.svg#");
	html_attr(v, name);
	out_lit(v->out, "\"/></svg>");
}

void
html_icon_z(struct view *v, const char *name)
{
	html_icon(v, str_of(name));
}

/* Amounts keep their direction in a right-to-left sentence. */
void
html_money(struct view *v, money m)
{
	out_lit(v->out, "<bdi class=\"num\">");
	html_money_attr(v, m);
	out_lit(v->out, "</bdi>");
}

void
html_money_short(struct view *v, money m)
{
	str exact = money_text(v->arena, m), brief = money_short(v->arena, m);
	out_lit(v->out, "<bdi class=\"num\"");
	if (!str_eq(exact, brief)) {
		out_lit(v->out, " title=\"");
		html_attr(v, exact);
		out_byte(v->out, '"');
	}
	out_byte(v->out, '>');
	html_text(v, brief);
	out_lit(v->out, "</bdi>");
}

void
html_day_iso(struct view *v, day d)
{
	if (day_is(d))
		out_str(v->out, day_iso(v->arena, d));
}

void
html_day_attr(struct view *v, day d)
{
	html_attr(v, day_is(d) ? day_text(v->arena, d, v->today) : STR("none"));
}

void
html_day_long_attr(struct view *v, day d)
{
	html_attr(v, day_is(d) ? day_long(v->arena, d) : STR("none"));
}

static void
write_none(struct view *v)
{
	out_lit(v->out, "<span aria-hidden=\"true\">–</span><span class=\"vh\">none</span>");
}

static void
write_time(struct view *v, str iso, str text)
{
	out_lit(v->out, "<time datetime=\"");
	out_str(v->out, iso);
	out_lit(v->out, "\">");
	html_text(v, text);
	out_lit(v->out, "</time>");
}

void
html_day(struct view *v, day d)
{
	if (day_is(d))
		write_time(v, day_iso(v->arena, d), day_text(v->arena, d, v->today));
	else
		write_none(v);
}

void
html_day_long(struct view *v, day d)
{
	if (day_is(d))
		write_time(v, day_iso(v->arena, d), day_long(v->arena, d));
	else
		write_none(v);
}

static str
instant_shown(struct view *v, instant at)
{
	const struct zone *z = v->reader ? v->reader : v->zone;
	return instant_text(v->arena, at, z ? z : zone_utc());
}

void
html_instant_attr(struct view *v, instant at)
{
	html_attr(v, instant_shown(v, at));
}

void
html_instant(struct view *v, instant at)
{
	write_time(v, instant_iso(v->arena, at), instant_shown(v, at));
}
