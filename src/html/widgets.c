#include "html/widgets.h"

#include <string.h>

#include "base/arena.h"

/* ---- words and people ---- */

static const char *
tone_class(enum widget_tone tone)
{
	static const char *const classes[] = { "", " good", " warn", " bad", " info" };
	return classes[tone];
}

void
widget_chip(struct view *v, enum widget_tone tone, const char *icon, str words)
{
	out_fmt(v->out, "<span class=\"chip%s\">", tone_class(tone));
	if (icon) {
		html_icon_z(v, icon);
		out_byte(v->out, ' ');
	}
	html_text(v, words);
	out_lit(v->out, "</span>");
}

/* The words are fixed by A4a, C1, A3; docs/interface.md has the same table. */
static const struct state {
	const char *name, *label, *icon;
	enum widget_tone tone;
} states[] = {
	{ "kept", "Kept", "check", TONE_GOOD },
	{ "confirmed", "Confirmed", "check", TONE_GOOD },
	{ "done", "Done", "check", TONE_GOOD },
	{ "missed", "Missed", "close", TONE_BAD },
	{ "denied", "Denied", "close", TONE_BAD },
	{ "critical", "Critical", "close", TONE_BAD },
	{ "watch", "Watch", "clock", TONE_WARN },
	{ "late", "Late", "clock", TONE_WARN },
	{ "due today", "Due today", "clock", TONE_WARN },
	{ "unknown", "Unknown", "question", TONE_WARN },
	{ "open", "Open", "clock", TONE_INFO },
	{ "planned", "Planned", "clock", TONE_INFO },
	{ "due", "Due", "clock", TONE_INFO },
	{ "waiting", "Waiting", "question", TONE_INFO },
	{ "unanswered", "Unanswered", "question", TONE_INFO },
	{ "not promised", "Not promised", "minus", TONE_NONE },
	{ "withdrawn", "Withdrawn", "minus", TONE_NONE },
	{ "paused", "Paused", "pause", TONE_NONE },
	{ "excused", "Excused", "pause", TONE_NONE },
};

void
widget_state(struct view *v, str state)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		const struct state *s = &states[i];
		if (str_eq(state, str_of(s->name))) {
			widget_chip(v, s->tone, s->icon, str_of(s->label));
			return;
		}
	}
	widget_chip(v, TONE_NONE, NULL, state);
}

void
widget_flag(struct view *v, enum widget_tone tone, const char *icon, str words)
{
	out_fmt(v->out, "<p class=\"flag%s\">", tone_class(tone));
	html_icon_z(v, icon);
	out_lit(v->out, " <span>");
	html_text(v, words);
	out_lit(v->out, "</span></p>");
}

/* The first letter of s, whole also when it takes several bytes. */
static str
first_letter(str s)
{
	size_t n = s.n > 0;
	while (n < s.n && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n++;
	return str_first(s, n);
}

str
widget_initials(struct arena *a, str name)
{
	str first = str_trim(name), last = { 0 }, head, tail = first;
	while (str_cut(tail, ' ', &head, &tail))
		last = str_trim(tail);
	if (first.n == 0)
		return STR("?");
	str both = str_join(a, first_letter(first), first_letter(last));
	char *upper = str_z(a, both);
	for (size_t i = 0; i < both.n; i++)
		if (upper[i] >= 'a' && upper[i] <= 'z')
			upper[i] = (char)(upper[i] - 'a' + 'A');
	return (str){ upper, both.n };
}

/* Ids count up: their low bits alone would give one colour to people made in the same millisecond's neighbourhood. */
int
widget_colour(id person)
{
	uint64_t mixed = (uint64_t)person * UINT64_C(0x9e3779b97f4a7c15);
	return (int)(mixed >> 61);
}

void
widget_avatar(struct view *v, str name, id person)
{
	out_fmt(v->out, "<span class=\"avatar h%d\" aria-hidden=\"true\">", widget_colour(person));
	html_text(v, widget_initials(v->arena, name));
	out_lit(v->out, "</span>");
}

void
widget_avatar_alone(struct view *v, str name, id person)
{
	out_fmt(v->out, "<span class=\"avatar h%d\" role=\"img\" aria-label=\"", widget_colour(person));
	html_attr(v, name);
	out_lit(v->out, "\">");
	html_text(v, widget_initials(v->arena, name));
	out_lit(v->out, "</span>");
}

void
widget_person(struct view *v, str name, id person, str href)
{
	if (href.n) {
		out_lit(v->out, "<a class=\"who\" href=\"");
		html_url(v, href);
		out_lit(v->out, "\">");
	} else {
		out_lit(v->out, "<span class=\"who\">");
	}
	widget_avatar(v, name, person);
	html_text(v, name);
	if (href.n)
		out_lit(v->out, "</a>");
	else
		out_lit(v->out, "</span>");
}

/* ---- ways ---- */

void
widget_crumbs(struct view *v, const struct widget_crumb *crumbs, size_t n)
{
	out_lit(v->out, "<nav class=\"crumb\" aria-label=\"Breadcrumb\">");
	for (size_t i = 0; i + 1 < n; i++) {
		out_lit(v->out, "<a href=\"");
		html_url(v, crumbs[i].href);
		out_lit(v->out, "\">");
		html_text(v, crumbs[i].label);
		out_lit(v->out, "</a><span aria-hidden=\"true\">/</span>");
	}
	if (n > 0) {
		out_lit(v->out, "<span aria-current=\"page\">");
		html_text(v, crumbs[n - 1].label);
		out_lit(v->out, "</span>");
	}
	out_lit(v->out, "</nav>");
}

static void
pager_link(struct view *v, str href, const char *rel, const char *words)
{
	if (href.n == 0)
		return;
	out_fmt(v->out, "<a class=\"btn small\" rel=\"%s\" href=\"", rel);
	html_url(v, href);
	out_fmt(v->out, "\">%s</a>", words);
}

void
widget_pager(struct view *v, const struct widget_pager *p)
{
	out_lit(v->out, "<nav class=\"row\" aria-label=\"Pages\"><span class=\"soft\">");
	if (p->to > 0) {
		html_int(v, p->from);
		out_lit(v->out, "–");
		html_int(v, p->to);
	} else {
		out_byte(v->out, '0');
	}
	if (p->total >= 0) {
		out_lit(v->out, " of ");
		html_int(v, p->total);
	}
	out_lit(v->out, "</span><span class=\"push\"></span>");
	pager_link(v, p->previous, "prev", "Previous");
	pager_link(v, p->next, "next", "Next");
	out_lit(v->out, "</nav>");
}

void
widget_empty(struct view *v, const struct widget_empty *e)
{
	out_lit(v->out, "<div class=\"empty\">");
	html_icon_z(v, e->icon);
	out_lit(v->out, "<h2>");
	html_text(v, e->title);
	out_lit(v->out, "</h2><p>");
	html_text(v, e->words);
	out_lit(v->out, "</p>");
	if (e->button.n) {
		out_lit(v->out, "<a class=\"btn primary\" href=\"");
		html_url(v, e->href);
		out_lit(v->out, "\">");
		html_text(v, e->button);
		out_lit(v->out, "</a>");
	}
	out_lit(v->out, "</div>");
}

void
widget_copy(struct view *v, const char *name, str label, str link)
{
	out_lit(v->out, "<div class=\"field\"><label for=\"copy-");
	html_attr_z(v, name);
	out_lit(v->out, "\">");
	html_text(v, label);
	out_lit(v->out, "</label><div class=\"row\"><input class=\"grow\" readonly id=\"copy-");
	html_attr_z(v, name);
	out_lit(v->out, "\" value=\"");
	html_attr(v, link);
	out_lit(v->out, "\"><button class=\"btn\" type=\"button\" data-copy=\"#copy-");
	html_attr_z(v, name);
	out_lit(v->out, "\">");
	html_icon_z(v, "copy");
	out_lit(v->out, " Copy</button></div></div>");
}
