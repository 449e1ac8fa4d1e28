/* {{ values }}: which function escapes for the place a value stands in. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "template.h"

/* ---- {{ values }} ---- */

struct format {
	const char *name;
	const char *text; /* the function between tags; NULL: not there */
	const char *attr; /* in quotes, <title> and <textarea>; NULL: not there */
	bool address;     /* its letters need no escaping in an address */
};

static const struct format formats[] = {
	{ "id", "html_id", "html_id", true },
	{ "num", "html_num", "html_num", true },
	{ "int", "html_int", "html_num", true },
	{ "real", "html_real", "html_real", false },
	{ "iso", "html_day_iso", "html_day_iso", true },
	{ "money", "html_money", "html_money_attr", false },
	{ "short", "html_money_short", "html_money_short_attr", false },
	{ "plain", "html_money_plain", "html_money_plain", true },
	{ "day", "html_day", "html_day_attr", false },
	{ "long", "html_day_long", "html_day_long_attr", false },
	{ "instant", "html_instant", "html_instant_attr", false },
	{ "pct", "html_pct", "html_pct", false },
	{ "url", NULL, "html_url_of", false },
	{ "query", NULL, "html_attr_of", false },
	{ "icon", "html_icon_of", NULL, false },
	{ "raw", "html_raw", NULL, false },
};

static const struct format text_format = { "", "html_text_of", "html_attr_of", false };

/* "name: …" at the start of a value; no C expression begins like that. */
static const struct format *
format_of(const struct compiler *t, const char **expr, const char *end, struct place at)
{
	const char *p = *expr;
	while (p < end && is_word(*p))
		p++;
	size_t n = (size_t)(p - *expr);
	if (n == 0 || p == end || *p != ':')
		return &text_format;
	const struct format *found = NULL;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strlen(formats[i].name) == n && memcmp(formats[i].name, *expr, n) == 0)
			found = &formats[i];
	if (found == NULL)
		text_fail(t, at,
		        "no format is called \"%.*s\": there are id num int real iso money short plain day long "
		        "instant "
		        "pct icon url query raw",
		        (int)n, *expr);
	*expr = p + 1;
	while (*expr < end && is_blank(**expr))
		(*expr)++;
	return found;
}

/* Which function writes a part of an address. */
static const char *
address_writer(const struct compiler *t, const struct format *f, struct place at)
{
	bool start = t->c.address == ADDRESS_START;
	if (f->address)
		return f->attr;
	if (f == &text_format)
		return start ? "html_url_of" : "html_part_of";
	if (strcmp(f->name, "url") == 0) {
		if (!start)
			text_fail(t, at,
			        "url: is a whole address and must start the value; a part is {{ x }} or {{query: x}}");
		return f->attr;
	}
	if (strcmp(f->name, "query") == 0) {
		if (t->c.address != ADDRESS_FIXED)
			text_fail(t, at, "query: is the rest of an address; write its path before it");
		return f->attr;
	}
	text_fail(t, at, "%s: is for people, not for an address: %s takes {{ x }}, id, num, iso, plain", f->name,
	        t->c.attr);
}

static const char *
writer_in_tag(const struct compiler *t, const struct format *f, struct place at)
{
	const struct context *c = &t->c;
	if (c->state != IN_VALUE)
		text_fail(t, at, "{{ }} in a tag must stand in a quoted value: name=\"{{ x }}\"");
	if (c->silent && !f->address)
		text_fail(t, at, "%s takes only {{id: }} and {{num: }}: no escaping is safe there", c->attr);
	if (c->address != ADDRESS_NONE)
		return address_writer(t, f, at);
	if (strcmp(f->name, "query") == 0)
		text_fail(t, at, "query: is for addresses, and %s holds none", c->attr);
	if (f->attr == NULL)
		text_fail(t, at, "%s: can stand between tags only", f->name);
	return f->attr;
}

static const char *
writer_of(const struct compiler *t, const struct format *f, struct place at)
{
	switch (t->c.state) {
	case IN_TEXT:
		if (f->text == NULL)
			text_fail(t, at, "%s: can stand in an attribute only", f->name);
		return f->text;
	case IN_RCDATA:
		if (f->attr == NULL || f->text == NULL)
			text_fail(t, at, "%s: cannot stand in <%s>", f->name, t->c.tag);
		return f->attr;
	case IN_RAW:
		text_fail(t, at, "{{ }} in <%s>: no escaping is safe there; use a data- attribute", t->c.tag);
	default:
		return writer_in_tag(t, f, at);
	}
}

void
value_write(struct compiler *t)
{
	struct place at = t->place;
	if (t->n_blocks == 0)
		text_fail(t, at, "{{ }} outside of {%% template %%}");
	const char *close = text_c_end(t, t->at + 2, "}}", at);
	const char *expr = t->at + 2, *end = text_trim(&expr, close);
	const struct format *f = format_of(t, &expr, end, at);
	text_check(t, expr, end, at);
	const char *writer = writer_of(t, f, at);
	if (t->c.state == IN_TEXT)
		page_blank(t);
	text_line(t, at);
	text_put_fmt(&t->code, "%s(view, (%.*s));\n", writer, (int)(end - expr), expr);
	t->c.blank = BLANK_NONE;
	if (t->c.address == ADDRESS_START)
		t->c.address = ADDRESS_LOOSE;
	text_skip(t, (size_t)(close - t->at) + 2);
}
