/* HTML out: one escaping function per context, and what templates compiled by tools/template.c call.
   What it is not for: the look (assets/), or text of any page.

   The template language (files *.html beside an area's pages.c, compiled at build to C functions):

       {% include "areas/deals/pages.h" %}           a header of the generated code, for the types of the arguments
       {% template board(const struct board_view *v, const struct page *p) %}
         …                                            void tpl_board(struct view *view, const struct board_view *v, …);
       {% end template %}                             `view` is given by the compiler: no argument may be called so
       {% template static card(…) %}                  seen in this file only
       {% fragment page_head(…) %} … {% end fragment %}  may leave elements open, or close elements it did not open

       {{ v->title }}                                 a str or char *: escaped for the place it stands in
       {{id: x}} {{int: n}} {{num: n}} {{real: x}}    11 characters; 12,345; 12345; 2.4
       {{money: m}} {{short: m}} {{plain: m}}         €184,000; €184k; 184000.00 (for fields)
       {{day: d}} {{long: d}} {{iso: d}}              Tue 24 Nov; 24 November 2026; 2026-11-24
       {{instant: at}} {{pct: share}}                 23 Nov 2026, 14:03; 31.5 %
       {{icon: "clock"}}                              an icon of assets/icons.svg; words must stand beside it
       {{raw: v->notes_html}}                         the only way out of escaping, between tags only; a lint lists them

       {% if c %} … {% elif c %} … {% else %} … {% end %}
       {% for size_t i = 0; i < v->n; i++ %} … {% end %}
       {% with const struct card *c = &v->cards[i] %} … {% end %}
       {% call card(c, p) %}                          another template: tpl_card(view, c, p)
       {% widget text(&v->title) %}                   widget_text(view, …) of widgets.h
       {% chart dots(&v->plot) %}                     svg_dots(view, …) of svg.h
       <div{% attr hidden: !v->open %}>               the bare attribute when true
       {# not in the page; neither are <!-- comments --> #}

   Between tags and in quoted attributes every format can stand; in attributes, <title> and <textarea> it writes text
   without tags, and int: is plain digits. In an address (href, src, action, formaction, hx-get …) a {{ x }} that begins
   the value may be a whole address and is checked as {{url: x}}: anything but http, https, mailto, tel and relative
   becomes "#"; further on {{ x }} is percent-encoded, and {{query: x}} is a query that was encoded before.
   The build refuses: {{ }} in a tag outside of quotes, in <script>, <style> and where scripts may hide (hx-vals takes
   id: and num: only); on…, style, http-equiv and srcdoc attributes; text in <script> and <style> without a nonce or a
   JSON type; unbalanced tags, also in one branch of an {% if %}. Blanks are folded to one, and dropped beside block
   elements, save in <pre> and <textarea>. */
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
	const struct zone *zone;   /* of the company: days; NULL is UTC */
	const struct zone *reader; /* instants are printed in it; NULL: zone */
	day today;                 /* of the company, or the as-of day */
	str assets;                /* where the assets hang, "/assets/VERSION"; empty is "/assets" */
	str nonce;
};

/* Strings. Control characters, which no page may hold, become U+FFFD; tab and newline stay. */
void html_text(struct view *v, str s); /* for element text, <title> and <textarea>: & < > */
void html_text_z(struct view *v, const char *z);
void html_attr(struct view *v, str s); /* for a quoted attribute: & < > " ' */
void html_attr_z(struct view *v, const char *z);
void html_raw(struct view *v, str s);
void html_url(struct view *v, str s); /* a whole address into a quoted attribute; unsafe schemes become "#" */
void html_url_z(struct view *v, const char *z);
void html_part(struct view *v, str s); /* a part of an address: percent-encoded but for letters, digits and - . _ ~ */
void html_part_z(struct view *v, const char *z);

#define html_of_(x, f)        _Generic((x), str : f, char * : f##_z, const char * : f##_z)
#define html_text_of(view, x) html_of_(x, html_text)((view), (x))
#define html_attr_of(view, x) html_of_(x, html_attr)((view), (x))
#define html_url_of(view, x)  html_of_(x, html_url)((view), (x))
#define html_icon_of(view, x) html_of_(x, html_icon)((view), (x))
#define html_part_of(view, x) html_of_(x, html_part)((view), (x))

/* Values between tags. */
void html_icon(struct view *v, str name); /* <svg class="i" aria-hidden="true">… */
void html_icon_z(struct view *v, const char *name);
void html_int(struct view *v, int64_t n);       /* 12,345 */
void html_money(struct view *v, money m);       /* <bdi class="num">€184,000</bdi> */
void html_money_short(struct view *v, money m); /* €184k; the exact amount as title where it was shortened */
void html_day(struct view *v, day d);      /* <time datetime="2026-11-24">Tue 24 Nov</time>; none: a dash read "none" */
void html_day_long(struct view *v, day d); /* <time …>24 November 2026</time> */
void html_instant(struct view *v, instant at); /* <time …>23 Nov 2026, 14:03</time> */

/* Values as text without tags, for attributes too. */
void html_id(struct view *v, id i);
void html_num(struct view *v, int64_t n); /* 12345 */
void html_real(struct view *v, double x); /* 2.4; NaN: "no data" */
void html_pct(
        struct view *v, double share); /* 0.315 → "31.5 %", 0.62 → "62 %", with a no-break space; NaN: "no data" */
void html_day_iso(struct view *v, day d);  /* 2026-11-24; none: nothing */
void html_day_attr(struct view *v, day d); /* Tue 24 Nov; none: "none" */
void html_day_long_attr(struct view *v, day d);
void html_instant_attr(struct view *v, instant at);
void html_money_attr(struct view *v, money m);
void html_money_short_attr(struct view *v, money m);
void html_money_plain(struct view *v, money m);

/* The same texts, for where they are part of a sentence. */
str html_real_text(struct arena *a, double x);
str html_pct_text(struct arena *a, double share);
str html_int_text(struct arena *a, int64_t n);

#endif
