/* Template compiler: NAME.html → NAME_html.c and NAME_html.h, run by the build. Walks the page as a browser's tokenizer
   does, so that each {{ }} is escaped for the place it stands in; a place where no escaping is safe is a build error.
   What it is not for: the functions the compiled page calls (html/html.h, where the language is described).

   An area's meson.build:

       templates = []
       foreach page : ['board', 'deal']
         templates += custom_target(input: page + '.html', kwargs: template_rule)
       endforeach
       deals_lib = static_library('deals', 'deals.c', templates, include_directories: src_inc, …)

   and its pages.c:  #include "areas/deals/board_html.h"   …   tpl_board(view, &v, p);
   Where another folder calls the templates, its dependency carries them: declare_dependency(…, sources: templates_h),
   with `templates_h += t[1]` kept in the loop beside `t = custom_target(…)`. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "template.h"

/* ---- {% statements %} ---- */

struct statement {
	struct place at;
	char word[NAME_MOST];
	const char *rest, *end; /* without blanks around */
};

static const char *
describe(const struct context *c)
{
	static char text[2][NAME_MOST * 2];
	static int turn;
	char *s = text[turn ^= 1];
	switch (c->state) {
	case IN_TEXT:
		snprintf(s, sizeof text[0], "between tags");
		break;
	case IN_RCDATA:
	case IN_RAW:
		snprintf(s, sizeof text[0], "in <%s>", c->tag);
		break;
	case IN_VALUE:
		snprintf(s, sizeof text[0], "in the value of %s", c->attr);
		break;
	default:
		snprintf(s, sizeof text[0], "inside the tag <%s>", c->tag);
		break;
	}
	return s;
}

/* The place must be one where a statement can stand without splitting a name or a bare value. */
static void
settle_for_statement(struct compiler *t, struct place at)
{
	page_settle(t);
	switch (t->c.state) {
	case IN_TEXT:
		page_blank(t);
		break;
	case IN_RCDATA:
	case IN_TAG:
	case IN_GAP:
	case IN_VALUE:
		break;
	case IN_RAW:
		text_fail(t, at, "no statements in <%s>", t->c.tag);
	case IN_EQUALS:
	case IN_BARE:
		text_fail(t, at, "put the value of %s in quotes", t->c.attr);
	default:
		text_fail(t, at, "no statements in a tag's name");
	}
	if (t->c.slash)
		text_fail(t, at, "no statements between '/' and '>'");
}

static bool
same_place(const struct context *a, const struct context *b)
{
	bool in_tag = (a->state == IN_TAG || a->state == IN_GAP) && (b->state == IN_TAG || b->state == IN_GAP);
	return in_tag || (a->state == b->state && (a->state != IN_VALUE || a->value == b->value));
}

/* The end of one branch: it must leave the page as the block found it; what differs harmlessly becomes the stricter. */
static void
branch_end(struct compiler *t, struct block *b, struct place at)
{
	struct context *c = &t->c, *end = &b->end;
	settle_for_statement(t, at);
	if (c->depth > b->start.depth) {
		const struct element *e = &t->elements[c->depth - 1];
		text_fail(t, e->at, "<%s> is not closed before the {%% %s %%} of %d:%d ends", e->name,
		        block_words[b->kind], b->at.line, b->at.column);
	}
	if (!same_place(c, &b->start))
		text_fail(t, at, "{%% %s %%} of %d:%d begins %s and ends %s", block_words[b->kind], b->at.line,
		        b->at.column, describe(&b->start), describe(c));
	if (!b->merged) {
		*end = *c;
		b->merged = true;
		return;
	}
	if (end->state != c->state)
		end->state = IN_GAP;
	if (end->address != c->address)
		end->address = ADDRESS_LOOSE;
	if (end->blank != c->blank)
		end->blank = BLANK_NONE;
	end->data = end->data && c->data;
}

static struct block *
block_open(struct compiler *t, enum block_kind kind, struct place at)
{
	if (t->n_blocks == DEPTH_MOST)
		text_fail(t, at, "more than %d blocks within each other", DEPTH_MOST);
	struct block *b = &t->blocks[t->n_blocks++];
	*b = (struct block){ .kind = kind, .at = at, .start = t->c };
	return b;
}

static void
need_template(const struct compiler *t, const struct statement *s)
{
	if (t->n_blocks == 0)
		text_fail(t, s->at, "{%% %s %%} outside of {%% template %%}", s->word);
}

static void
need_rest(const struct statement *s, const struct compiler *t, const char *what)
{
	if (s->rest == s->end)
		text_fail(t, s->at, "{%% %s %%} needs %s", s->word, what);
}

static void
do_if(struct compiler *t, const struct statement *s)
{
	text_check(t, s->rest, s->end, s->at);
	settle_for_statement(t, s->at);
	text_line(t, s->at);
	text_put_fmt(&t->code, "if (%.*s) {\n", (int)(s->end - s->rest), s->rest);
	block_open(t, BLOCK_IF, s->at);
}

/* {% elif %} and {% else %}. */
static void
do_else(struct compiler *t, const struct statement *s)
{
	bool last = strcmp(s->word, "else") == 0;
	struct block *b = t->n_blocks > 0 ? &t->blocks[t->n_blocks - 1] : NULL;
	if (b == NULL || b->kind != BLOCK_IF)
		text_fail(t, s->at, "{%% %s %%} without {%% if %%}", s->word);
	if (b->otherwise)
		text_fail(t, s->at, "{%% %s %%} after {%% else %%}", s->word);
	if (last && s->rest != s->end)
		text_fail(t, s->at, "{%% else %%} takes no condition: write {%% elif … %%}");
	branch_end(t, b, s->at);
	text_flush(t);
	b->otherwise = last;
	t->c = b->start;
	t->n_blocks--;
	text_line(t, s->at);
	t->n_blocks++;
	if (last) {
		text_put_z(&t->code, "} else {\n");
		return;
	}
	text_check(t, s->rest, s->end, s->at);
	text_put_fmt(&t->code, "} else if (%.*s) {\n", (int)(s->end - s->rest), s->rest);
}

static void
do_for(struct compiler *t, const struct statement *s)
{
	need_rest(s, t, "what stands in the brackets of a C for");
	settle_for_statement(t, s->at);
	text_line(t, s->at);
	text_put_fmt(&t->code, "for (%.*s) {\n", (int)(s->end - s->rest), s->rest);
	/* The second turn starts where the first one ended. */
	if (t->c.state == IN_TAG)
		t->c.state = IN_GAP;
	if (t->c.address == ADDRESS_START)
		t->c.address = ADDRESS_LOOSE;
	block_open(t, BLOCK_FOR, s->at);
}

static void
do_with(struct compiler *t, const struct statement *s)
{
	if (memchr(s->rest, '=', (size_t)(s->end - s->rest)) == NULL)
		text_fail(t, s->at, "{%% with %%} needs a declaration: const struct card *c = &v->cards[i]");
	settle_for_statement(t, s->at);
	text_flush(t);
	text_indent(t);
	text_put_z(&t->code, "{\n");
	block_open(t, BLOCK_WITH, s->at);
	text_line(t, s->at);
	text_put_fmt(&t->code, "%.*s;\n", (int)(s->end - s->rest), s->rest);
}

/* NAME(ARGUMENTS) → the name's length; arguments without the brackets. */
static int
call_parts(const struct compiler *t, const struct statement *s, const char **ret_args, int *ret_n)
{
	const char *p = s->rest;
	while (p < s->end && is_word(*p))
		p++;
	int n = (int)(p - s->rest);
	if (n == 0 || p == s->end || *p != '(' || s->end[-1] != ')')
		text_fail(
		        t, s->at, "{%% %s %%} needs a name and its arguments: {%% %s card(c, p) %%}", s->word, s->word);
	const char *args = p + 1, *end = text_trim(&args, s->end - 1);
	*ret_args = args;
	*ret_n = (int)(end - args);
	return n;
}

static void
do_call(struct compiler *t, const struct statement *s)
{
	const char *args;
	int n_args;
	int n = call_parts(t, s, &args, &n_args);
	text_check(t, s->rest, s->end, s->at);
	settle_for_statement(t, s->at);
	if (t->c.state != IN_TEXT)
		text_fail(t, s->at, "{%% %s %%} writes elements and can stand between tags only", s->word);
	const char *prefix = strcmp(s->word, "call") == 0 ? "tpl" : strcmp(s->word, "chart") == 0 ? "svg" : "widget";
	text_line(t, s->at);
	text_put_fmt(&t->code, "%s_%.*s(view%s%.*s);\n", prefix, n, s->rest, n_args > 0 ? ", " : "", n_args, args);
	t->c.blank = BLANK_NONE;
}

/* {% attr hidden: !v->open %} */
static void
do_attr(struct compiler *t, const struct statement *s)
{
	char name[NAME_MOST] = "";
	const char *p = s->rest;
	while (p < s->end && page_name_letter(*p) && *p != ':')
		page_name_add(t, name, *p++);
	if (name[0] == '\0' || p == s->end || *p != ':')
		text_fail(t, s->at, "{%% attr %%} needs a name and a condition: {%% attr hidden: !v->open %%}");
	page_attr_check(t, name, s->at);
	if (page_holds_address(name) || strcmp(name, "nonce") == 0)
		text_fail(t, s->at, "%s needs a value; {%% attr %%} writes a bare attribute", name);
	settle_for_statement(t, s->at);
	if (t->c.state != IN_TAG && t->c.state != IN_GAP)
		text_fail(t, s->at, "{%% attr %%} can stand inside a tag only");
	p++;
	const char *end = text_trim(&p, s->end);
	text_check(t, p, end, s->at);
	text_line(t, s->at);
	text_put_fmt(&t->code, "if (%.*s)\n", (int)(end - p), p);
	text_indent(t);
	text_put_fmt(&t->code, "\tout_lit(view->out, \" %s\");\n", name);
	t->c.state = IN_GAP;
}

/* The last word of an argument is its name; `view` is taken by where to write. */
static void
check_arguments(const struct compiler *t, const struct statement *s, const char *args, int n)
{
	int depth = 0;
	for (int i = 0; i <= n; i++) {
		bool stop = i == n || (args[i] == ',' && depth == 0);
		if (i < n)
			depth += (args[i] == '(') - (args[i] == ')');
		if (!stop)
			continue;
		int e = i;
		while (e > 0 && is_blank(args[e - 1]))
			e--;
		if (e >= 4 && memcmp(args + e - 4, "view", 4) == 0 && (e == 4 || !is_word(args[e - 5])))
			text_fail(t, s->at, "the argument `view` is given by the compiler: choose another name");
	}
}

static void
do_template(struct compiler *t, const struct statement *given)
{
	struct statement s = *given;
	if (t->n_blocks > 0)
		text_fail(t, s.at, "{%% %s %%} within the {%% template %%} of %d:%d", s.word, t->blocks[0].at.line,
		        t->blocks[0].at.column);
	bool fixed = strncmp(s.rest, "static ", 7) == 0;
	if (fixed) {
		s.rest += 7;
		s.end = text_trim(&s.rest, s.end);
	}
	const char *args;
	int n_args;
	int n = call_parts(t, &s, &args, &n_args);
	check_arguments(t, &s, args, n_args);
	if (n_args == 4 && memcmp(args, "void", 4) == 0)
		n_args = 0;
	struct buf *proto = fixed ? &t->statics : &t->head;
	text_put_fmt(proto, "%svoid tpl_%.*s(struct view *view%s%.*s);\n", fixed ? "static " : "", n, s.rest,
	        n_args > 0 ? ", " : "", n_args, args);
	text_put_z(&t->code, "\n");
	text_put_fmt(&t->code, "#line %d \"%s\"\n%svoid\ntpl_%.*s(struct view *view%s%.*s)\n{\n\t(void)view;\n",
	        s.at.line, t->file, fixed ? "static " : "", n, s.rest, n_args > 0 ? ", " : "", n_args, args);
	t->c = (struct context){ .state = IN_TEXT, .blank = BLANK_WRITTEN };
	struct block *b = block_open(t, BLOCK_TEMPLATE, s.at);
	b->fragment = strcmp(s.word, "fragment") == 0;
}

static void
template_end(struct compiler *t, const struct block *b, struct place at)
{
	if (t->c.blank == BLANK_PENDING)
		t->c.blank = BLANK_NONE;
	settle_for_statement(t, at);
	if (t->c.state != IN_TEXT)
		text_fail(t, at, "the template ends %s", describe(&t->c));
	if (t->c.depth > 0 && !b->fragment) {
		const struct element *e = &t->elements[t->c.depth - 1];
		text_fail(t, e->at, "<%s> is not closed", e->name);
	}
	text_flush(t);
	text_put_z(&t->code, "}\n");
	t->n_blocks = 0;
}

static void
do_end(struct compiler *t, const struct statement *s)
{
	int n = (int)(s->end - s->rest);
	if (t->n_blocks == 0)
		text_fail(t, s->at, "{%% end %%} without an opening");
	struct block *b = &t->blocks[t->n_blocks - 1];
	const char *word = b->fragment ? "fragment" : block_words[b->kind];
	if (b->kind == BLOCK_TEMPLATE && n == 0)
		text_fail(t, s->at, "{%% end %%} without an opening; a template ends with {%% end %s %%}", word);
	if (n > 0 && ((size_t)n != strlen(word) || memcmp(s->rest, word, (size_t)n) != 0))
		text_fail(t, s->at, "{%% end %.*s %%} where the {%% %s %%} of %d:%d is open", n, s->rest, word,
		        b->at.line, b->at.column);
	if (b->kind == BLOCK_TEMPLATE) {
		template_end(t, b, s->at);
		return;
	}
	branch_end(t, b, s->at);
	text_flush(t);
	/* No {% else %}, or no turn at all: the page may also stand where the block began. */
	if (b->kind == BLOCK_FOR || (b->kind == BLOCK_IF && !b->otherwise)) {
		t->c = b->start;
		branch_end(t, b, s->at);
	}
	t->c = b->end;
	t->n_blocks--;
	text_indent(t);
	text_put_z(&t->code, "}\n");
}

static void
do_include(struct compiler *t, const struct statement *s)
{
	char first = *s->rest, last = s->end[-1];
	if (t->n_blocks > 0)
		text_fail(t, s->at, "{%% include %%} stands before the templates");
	if (s->end - s->rest < 3 || !((first == '"' && last == '"') || (first == '<' && last == '>')))
		text_fail(t, s->at, "{%% include %%} needs a header: {%% include \"areas/deals/pages.h\" %%}");
	text_put_fmt(
	        &t->head, "#line %d \"%s\"\n#include %.*s\n", s->at.line, t->file, (int)(s->end - s->rest), s->rest);
}

static void
do_statement(struct compiler *t, const struct statement *s)
{
	if (ONE_OF(s->word, "if", "for", "with", "call", "widget", "chart", "attr"))
		need_template(t, s);
	if (strcmp(s->word, "if") == 0)
		do_if(t, s);
	else if (ONE_OF(s->word, "elif", "else"))
		do_else(t, s);
	else if (strcmp(s->word, "for") == 0)
		do_for(t, s);
	else if (strcmp(s->word, "with") == 0)
		do_with(t, s);
	else if (ONE_OF(s->word, "call", "widget", "chart"))
		do_call(t, s);
	else if (strcmp(s->word, "attr") == 0)
		do_attr(t, s);
	else if (ONE_OF(s->word, "template", "fragment"))
		do_template(t, s);
	else if (strcmp(s->word, "end") == 0)
		do_end(t, s);
	else if (strcmp(s->word, "include") == 0)
		do_include(t, s);
	else
		text_fail(t, s->at,
		        "no statement is called \"%s\": there are template fragment include if elif else for with call "
		        "widget chart attr end",
		        s->word);
}

static void
statement(struct compiler *t)
{
	struct statement s = { .at = t->place };
	const char *close = text_c_end(t, t->at + 2, "%}", s.at);
	s.rest = t->at + 2;
	s.end = text_trim(&s.rest, close);
	while (s.rest < s.end && is_word(*s.rest))
		page_name_add(t, s.word, *s.rest++);
	s.end = text_trim(&s.rest, s.end);
	do_statement(t, &s);
	text_skip(t, (size_t)(close - t->at) + 2);
}

/* ---- the whole file ---- */

static void
comment(struct compiler *t)
{
	const char *end = strstr(t->at, "#}");
	if (end == NULL)
		text_fail(t, t->place, "{# without #}");
	text_skip(t, (size_t)(end - t->at) + 2);
}

static void
compile(struct compiler *t)
{
	while (*t->at != '\0') {
		if (text_at(t, "{#"))
			comment(t);
		else if (text_at(t, "{%"))
			statement(t);
		else if (text_at(t, "{{"))
			value_write(t);
		else
			page_step(t);
	}
	if (t->n_blocks == 0)
		return;
	const struct block *b = &t->blocks[t->n_blocks - 1];
	text_fail(t, b->at, "{%% %s %%} is never ended", b->fragment ? "fragment" : block_words[b->kind]);
}

static struct buf
read_whole(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	char piece[4096];
	size_t n;
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	text_put(&b, "", 0);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		text_put(&b, piece, n);
	if (ferror(f) || fclose(f) != 0 || strlen(b.s) != b.n) {
		fprintf(stderr, "%s: cannot be read as text\n", path);
		exit(1);
	}
	return b;
}

static void
write_whole(const char *path, const char *first, const struct buf *b, const struct buf *c)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	fputs(first, f);
	fwrite(b->s, 1, b->n, f);
	if (c != NULL)
		fwrite(c->s, 1, c->n, f);
	if (fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: %s NAME.html NAME_html.c NAME_html.h\n", argv[0]);
		return 2;
	}
	static struct compiler t;
	struct buf source = read_whole(argv[1]), first = { 0 };
	const char *slash = strrchr(argv[3], '/');
	t.file = argv[1];
	t.at = source.s;
	t.place = (struct place){ 1, 1 };
	text_put_z(&t.head, "");
	text_put_z(&t.statics, "");
	text_put_z(&t.code, "");
	compile(&t);
	text_put_fmt(&first, "/* Made by tools/template.c: change the .html instead. */\n#include \"%s\"\n\n",
	        slash != NULL ? slash + 1 : argv[3]);
	write_whole(argv[2], first.s, &t.statics, &t.code);
	write_whole(argv[3],
	        "/* Made by tools/template.c: change the .html instead. */\n#pragma once\n#include \"html/html.h\"\n",
	        &t.head, NULL);
	free(source.s);
	free(first.s);
	free(t.head.s);
	free(t.statics.s);
	free(t.code.s);
	free(t.literal.s);
	return 0;
}
