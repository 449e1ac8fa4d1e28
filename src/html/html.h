/* HTML out: one escaping function per context, and what templates compiled by tools/template.c call.
   What it is not for: the look (assets/), or text of any page.

   The template language (files *.html beside an area's pages.c, compiled at build to C functions):

       {% template board(const struct board_view *v, const struct page *p) %}   one C function, static-typed arguments
         <h1>{{ v->title }}</h1>                       a str or const char *: escaped for the place it stands in (text, attribute)
         <a href="/deals/{{id: v->deal}}">…</a>        id: as 11 characters
         {{money: v->amount}} {{short: v->amount}} {{day: v->due}} {{int: v->n}} {{instant: at}} {{pct: rate}}
         {{raw: v->notes_html}}                        the only way out of escaping; a lint lists them
         {% for size_t i = 0; i < v->n; i++ %} … {% end %}
         {% if v->open %} … {% elif … %} … {% else %} … {% end %}
         {% with const struct card *c = &v->cards[i] %} … {% end %}
         {% call card(c, p) %}                          another template
         {% block %}…                                    (not there: layout by calling page_head/page_foot)
       {% end template %}

   In an attribute: <div{% attr hidden: !v->open %}> writes the bare attribute when true; {{ }} inside quotes is escaped for
   attributes; an unquoted {{ }} in a tag, or any inside <script>, <style>, an on* attribute or a style attribute, is a build error.
   A value in href/src that could be a whole URL is checked: {{url: s}} refuses everything but http, https, mailto, tel and relative.
   Runs of blanks between tags are folded at build. */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "base/id.h"
#include "base/money.h"
#include "base/out.h"
#include "base/time.h"

struct arena;

/* What every template function receives first: where to write, memory, and how the reader wants things shown. */
struct view {
	struct out *out;
	struct arena *arena;
	const struct zone *zone; /* of the company: days; instants are printed in the reader's */
	const struct zone *reader;
	day today;               /* of the company, or the as-of day */
	str nonce;
};

void html_text(struct view *v, str s);      /* for element text: & < > */
void html_text_z(struct view *v, const char *z);
void html_attr(struct view *v, str s);      /* for a quoted attribute: & < > " ' and control characters */
void html_attr_z(struct view *v, const char *z);
void html_raw(struct view *v, str s);
void html_url(struct view *v, str s);       /* into a quoted attribute; unsafe schemes become "#" */
void html_id(struct view *v, id i);
void html_int(struct view *v, int64_t n);   /* 12,345 with thin grouping */
void html_money(struct view *v, money m);       /* <bdi class="num">€184,000</bdi> with the exact amount as title where shortened */
void html_money_short(struct view *v, money m);
void html_day(struct view *v, day d);       /* <time datetime="2026-11-24">Tue 24 Nov</time>; none: a dash that is read "none" */
void html_instant(struct view *v, instant at);
void html_pct(struct view *v, double share);  /* 0.315 → "31.5 %", below 10 % or n given as tenths; NaN: "no data" */

#endif
