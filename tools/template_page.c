/* The page as a browser's tokenizer sees it, and its elements. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "template.h"

/* ---- elements ---- */

static bool
is_void(const char *name)
{
	return ONE_OF(name, "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
	        "source", "track", "wbr");
}

/* Blanks beside these make no difference to the page. */
static bool
is_block(const char *name)
{
	return ONE_OF(name, "html", "head", "body", "meta", "link", "base", "title", "script", "style", "template",
	        "address", "article", "aside", "blockquote", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
	        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
	        "li", "main", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "caption", "colgroup",
	        "col", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "option", "optgroup", "br", "g", "path",
	        "line", "rect", "circle", "polyline", "polygon", "defs", "use", "symbol");
}

/* A browser closes an open <p> before these. */
static bool
ends_paragraph(const char *name)
{
	return ONE_OF(name, "address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset",
	        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main",
	        "nav", "ol", "p", "pre", "search", "section", "table", "ul");
}

/* True within <svg> or <math>. */
static bool
is_foreign(const struct compiler *t)
{
	for (int i = t->c.depth; i-- > 0;)
		if (ONE_OF(t->elements[i].name, "svg", "math"))
			return true;
	return false;
}

static bool
keeps_blanks(const struct compiler *t)
{
	for (int i = t->c.depth; i-- > 0;)
		if (strcmp(t->elements[i].name, "pre") == 0)
			return true;
	return false;
}

/* Elements opened outside of the innermost block cannot be closed in it. */
static int
depth_floor(const struct compiler *t)
{
	assert(t->n_blocks > 0);
	return t->blocks[t->n_blocks - 1].start.depth;
}

static void
check_paragraph(const struct compiler *t)
{
	if (!ends_paragraph(t->c.tag))
		return;
	for (int i = t->c.depth; i-- > 0;) {
		const struct element *e = &t->elements[i];
		if (ONE_OF(e->name, "button", "object", "td", "th", "caption", "template", "svg", "math"))
			return;
		if (strcmp(e->name, "p") == 0)
			text_fail(t, t->c.tag_at,
			        "<%s> cannot stand in the <p> opened at %d:%d: a browser closes the <p> first",
			        t->c.tag, e->at.line, e->at.column);
	}
}

static void
element_push(struct compiler *t)
{
	if (t->c.depth == DEPTH_MOST)
		text_fail(t, t->c.tag_at, "more than %d elements within each other", DEPTH_MOST);
	struct element *e = &t->elements[t->c.depth++];
	memcpy(e->name, t->c.tag, sizeof e->name);
	e->at = t->c.tag_at;
}

static void
element_pop(struct compiler *t)
{
	const struct context *c = &t->c;
	const struct block *b = &t->blocks[t->n_blocks - 1];
	if (is_void(c->tag))
		text_fail(t, c->tag_at, "<%s> has no end tag", c->tag);
	if (c->depth == 0 && b->fragment)
		return;
	if (c->depth == 0)
		text_fail(t, c->tag_at, "</%s> without <%s>", c->tag, c->tag);
	const struct element *e = &t->elements[c->depth - 1];
	if (c->depth == depth_floor(t))
		text_fail(t, c->tag_at, "</%s> closes <%s> of %d:%d, which was opened outside of {%% %s %%}", c->tag,
		        e->name, e->at.line, e->at.column, block_words[b->kind]);
	if (strcmp(e->name, c->tag) != 0)
		text_fail(t, c->tag_at, "</%s> where </%s> was expected: <%s> was opened at %d:%d", c->tag, e->name,
		        e->name, e->at.line, e->at.column);
	t->c.depth--;
}

/* ---- the tokenizer: one function a state; each is given one character and steps over it ---- */

void
page_blank(struct compiler *t)
{
	if (t->c.blank == BLANK_PENDING) {
		text_char(t, ' ');
		t->c.blank = BLANK_WRITTEN;
	}
}

void
page_name_add(struct compiler *t, char *name, char c)
{
	size_t n = strlen(name);
	if (n + 1 >= NAME_MOST)
		text_fail(t, t->place, "a name of more than %d letters", NAME_MOST - 1);
	name[n] = c;
	name[n + 1] = '\0';
}

/* The name of a start tag is complete: only now is it known whether the blank before it counts. */
static void
tag_named(struct compiler *t)
{
	if (t->c.tag[0] == '\0')
		text_fail(t, t->c.tag_at, "'<' without a tag's name: write &lt;");
	check_paragraph(t);
	if (!is_block(t->c.tag))
		page_blank(t);
	text_put_fmt(&t->literal, "<%s", t->c.tag);
	t->c.data = false;
	t->c.slash = false;
}

static void
tag_done(struct compiler *t)
{
	struct context *c = &t->c;
	bool foreign = is_foreign(t);
	if (c->slash && !is_void(c->tag) && !foreign)
		text_fail(t, c->tag_at, "<%s/>: the slash does not close it; write <%s></%s>", c->tag, c->tag, c->tag);
	bool alone = c->slash || is_void(c->tag);
	text_put_z(&t->literal, c->slash && foreign ? "/>" : ">");
	if (!alone)
		element_push(t);
	c->slash = false;
	c->blank = is_block(c->tag) ? BLANK_WRITTEN : BLANK_NONE;
	c->state = IN_TEXT;
	c->attr[0] = '\0';
	if (alone || foreign)
		return;
	if (ONE_OF(c->tag, "title", "textarea"))
		c->state = IN_RCDATA;
	else if (ONE_OF(c->tag, "script", "style"))
		c->state = IN_RAW;
	/* A browser drops the first newline in these, which may be the person's. */
	if (ONE_OF(c->tag, "textarea", "pre") && t->at[1] == '{')
		text_char(t, '\n');
}

static void
tag_ended(struct compiler *t)
{
	element_pop(t);
	if (!is_block(t->c.tag))
		page_blank(t);
	text_put_fmt(&t->literal, "</%s>", t->c.tag);
	t->c.blank = is_block(t->c.tag) ? BLANK_WRITTEN : BLANK_NONE;
	t->c.state = IN_TEXT;
}

/* "<": a tag, an end tag, a comment (left out of the page) or the doctype. */
static void
step_less(struct compiler *t)
{
	t->c.tag_at = t->place;
	t->c.tag[0] = '\0';
	if (text_at(t, "<!--")) {
		const char *end = strstr(t->at + 4, "-->");
		if (end == NULL)
			text_fail(t, t->place, "<!-- without -->");
		text_skip(t, (size_t)(end - t->at) + 3);
	} else if (text_at(t, "<!doctype html>") || text_at(t, "<!DOCTYPE html>")) {
		text_put_z(&t->literal, "<!doctype html>");
		t->c.blank = BLANK_WRITTEN;
		text_skip(t, strlen("<!doctype html>"));
	} else if (t->at[1] == '!' || t->at[1] == '?') {
		text_fail(t, t->place, "only <!doctype html> and comments begin like this");
	} else {
		t->c.state = t->at[1] == '/' ? IN_END : IN_NAME;
		text_skip(t, t->at[1] == '/' ? 2 : 1);
	}
}

static void
step_text(struct compiler *t, char c)
{
	if (c == '<') {
		step_less(t);
		return;
	}
	if (is_blank(c) && !keeps_blanks(t)) {
		if (t->c.blank == BLANK_NONE)
			t->c.blank = BLANK_PENDING;
	} else {
		page_blank(t);
		text_char(t, c);
		t->c.blank = BLANK_NONE;
	}
	text_skip(t, 1);
}

static bool
at_end_tag(const struct compiler *t)
{
	size_t n = strlen(t->c.tag);
	return t->at[0] == '<' && t->at[1] == '/' && strncasecmp(t->at + 2, t->c.tag, n) == 0 && !is_word(t->at[2 + n]);
}

static void
step_verbatim(struct compiler *t, char c)
{
	if (at_end_tag(t)) {
		step_less(t);
		return;
	}
	if (t->c.state == IN_RAW && !t->c.data && !is_blank(c))
		text_fail(t, t->place,
		        "the Content-Security-Policy refuses text in <%s>: put it into a file in assets/", t->c.tag);
	text_char(t, c);
	text_skip(t, 1);
}

bool
page_name_letter(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == ':' || c == '.';
}

static void
step_name(struct compiler *t, char c)
{
	if (page_name_letter(c)) {
		page_name_add(t, t->c.tag, c);
		text_skip(t, 1);
		return;
	}
	tag_named(t);
	t->c.state = IN_GAP;
}

static void
step_end(struct compiler *t, char c)
{
	if (page_name_letter(c))
		page_name_add(t, t->c.tag, c);
	else if (c == '>')
		tag_ended(t);
	else if (!is_blank(c))
		text_fail(t, t->place, "'%c' in an end tag", c);
	text_skip(t, 1);
}

/* Between attributes; a blank is written when the attribute comes. */
static void
step_tag(struct compiler *t, char c)
{
	if (c == '>') {
		tag_done(t);
		text_skip(t, 1);
	} else if (t->c.slash) {
		text_fail(t, t->place, "'/' is not followed by '>'");
	} else if (is_blank(c) || c == '/') {
		t->c.slash = c == '/';
		t->c.state = IN_TAG;
		text_skip(t, 1);
	} else if (t->c.state == IN_GAP) {
		text_fail(t, t->place, "a blank is missing before '%c' in <%s>", c, t->c.tag);
	} else if (page_name_letter(c) || c == '@') {
		t->c.attr[0] = '\0';
		t->c.state = IN_ATTR;
		text_char(t, ' ');
	} else {
		text_fail(t, t->place, "'%c' in <%s>", c, t->c.tag);
	}
}

bool
page_holds_address(const char *attr)
{
	return ONE_OF(attr, "href", "src", "action", "formaction", "poster", "cite", "data", "ping", "manifest",
	        "background", "xlink:href", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-action",
	        "hx-push-url", "hx-replace-url");
}

void
page_attr_check(const struct compiler *t, const char *attr, struct place at)
{
	if (strncasecmp(attr, "on", 2) == 0 || strncmp(attr, "hx-on", 5) == 0)
		text_fail(t, at,
		        "%s: the Content-Security-Policy refuses scripts in attributes; listen in a module in assets/",
		        attr);
	if (strcasecmp(attr, "style") == 0)
		text_fail(t, at, "style: the Content-Security-Policy refuses it; give the element a class");
	if (strcasecmp(attr, "http-equiv") == 0 || strcasecmp(attr, "srcdoc") == 0)
		text_fail(t, at, "%s is not used here: send a header, or write the page itself", attr);
	for (const char *p = attr; *p != '\0'; p++)
		if (isupper((unsigned char)*p) && !is_foreign(t) && strcmp(t->c.tag, "svg") != 0)
			text_fail(t, at, "write the attribute %s in lower case", attr);
}

static void
attr_named(struct compiler *t)
{
	struct context *c = &t->c;
	page_attr_check(t, c->attr, t->place);
	c->address = page_holds_address(c->attr) ? ADDRESS_START : ADDRESS_NONE;
	c->silent = ONE_OF(c->attr, "srcset", "imagesrcset", "hx-vals", "hx-headers", "hx-vars", "hx-trigger",
	        "hx-config", "hx-request");
	c->data = c->data || strcmp(c->attr, "nonce") == 0;
}

static void
step_attr(struct compiler *t, char c)
{
	if (page_name_letter(c) || c == '@') {
		page_name_add(t, t->c.attr, c);
		text_char(t, c);
		text_skip(t, 1);
		return;
	}
	attr_named(t);
	t->c.state = IN_GAP;
	if (c != '=')
		return;
	text_char(t, '=');
	t->c.state = IN_EQUALS;
	text_skip(t, 1);
}

static void
step_equals(struct compiler *t, char c)
{
	if (is_blank(c) || c == '>' || c == '=')
		text_fail(t, t->place, "%s= needs its value in quotes right after it", t->c.attr);
	bool quoted = c == '"' || c == '\'';
	t->c.quote = quoted ? c : '\0';
	t->c.state = quoted ? IN_VALUE : IN_BARE;
	if (quoted) {
		text_char(t, c);
		text_skip(t, 1);
	}
	t->c.value = t->at;
}

/* What a part of the page put into an address could still change: the scheme is decided at ':' or by '/', '?', '#'. */
static void
address_step(struct compiler *t, char c)
{
	if (t->c.address == ADDRESS_NONE || t->c.address == ADDRESS_FIXED)
		return;
	if (c == ':' && strncasecmp(t->c.value, "javascript:", 11) == 0)
		text_fail(t, t->place, "javascript: is not an address");
	t->c.address = c == '/' || c == '?' || c == '#' || c == ':' ? ADDRESS_FIXED : ADDRESS_LOOSE;
}

static void
step_value(struct compiler *t, char c)
{
	if (c == t->c.quote) {
		size_t n = (size_t)(t->at - t->c.value);
		if (strcmp(t->c.attr, "type") == 0 && n > 4 && strncmp(t->at - 4, "json", 4) == 0)
			t->c.data = true;
		t->c.state = IN_GAP;
		t->c.attr[0] = '\0';
	} else {
		address_step(t, c);
	}
	text_char(t, c);
	text_skip(t, 1);
}

static void
step_bare(struct compiler *t, char c)
{
	if (is_blank(c) || c == '>') {
		t->c.state = IN_GAP;
		t->c.attr[0] = '\0';
		return;
	}
	if (strchr("\"'<=`", c) != NULL)
		text_fail(t, t->place, "'%c' in a value without quotes: put the value of %s in quotes", c, t->c.attr);
	text_char(t, c);
	text_skip(t, 1);
}

void
page_step(struct compiler *t)
{
	char c = *t->at;
	if (t->n_blocks == 0) {
		if (!is_blank(c))
			text_fail(t, t->place, "text outside of {%% template %%}");
		text_skip(t, 1);
		return;
	}
	switch (t->c.state) {
	case IN_TEXT:
		step_text(t, c);
		break;
	case IN_RCDATA:
	case IN_RAW:
		step_verbatim(t, c);
		break;
	case IN_NAME:
		step_name(t, c);
		break;
	case IN_END:
		step_end(t, c);
		break;
	case IN_TAG:
	case IN_GAP:
		step_tag(t, c);
		break;
	case IN_ATTR:
		step_attr(t, c);
		break;
	case IN_EQUALS:
		step_equals(t, c);
		break;
	case IN_VALUE:
		step_value(t, c);
		break;
	case IN_BARE:
		step_bare(t, c);
		break;
	}
}

/* A tag's name just read is complete when something else than a letter comes. */
void
page_settle(struct compiler *t)
{
	if (t->c.state == IN_NAME && t->c.tag[0] != '\0')
		step_name(t, ' ');
	else if (t->c.state == IN_ATTR)
		step_attr(t, ' ');
}
