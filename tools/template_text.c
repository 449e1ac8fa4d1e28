/* Buffers, errors, reading pieces of C, and writing C. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "template.h"

const char *const block_words[] = { "template", "if", "for", "with" };

/* ---- buffers and errors ---- */

void
text_put(struct buf *b, const char *s, size_t n)
{
	if (b->n + n + 1 > b->cap) {
		b->cap = (b->n + n + 1) * 2;
		b->s = realloc(b->s, b->cap);
		if (b->s == NULL)
			abort();
	}
	memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void
text_put_z(struct buf *b, const char *s)
{
	text_put(b, s, strlen(s));
}

void
text_put_fmt(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *s = NULL;
	int n = vasprintf(&s, format, args);
	va_end(args);
	if (n < 0)
		abort();
	text_put(b, s, (size_t)n);
	free(s);
}

/* The first error ends the run: what follows it would mostly be its echo. */
_Noreturn void
text_fail(const struct compiler *t, struct place at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "%s:%d:%d: ", t->file, at.line, at.column);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

bool
text_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

/* Steps over n bytes, keeping count of lines and columns. */
void
text_skip(struct compiler *t, size_t n)
{
	for (; n > 0; n--, t->at++) {
		if (*t->at == '\n') {
			t->place.line++;
			t->place.column = 1;
		} else if (((unsigned char)*t->at & 0xc0) != 0x80) {
			t->place.column++;
		}
	}
}

bool
text_at(const struct compiler *t, const char *s)
{
	return strncmp(t->at, s, strlen(s)) == 0;
}

/* ---- writing C ---- */

void
text_indent(struct compiler *t)
{
	for (int i = 0; i < t->n_blocks; i++)
		text_put_z(&t->code, "\t");
}

/* One character of a C string literal; "?" is escaped against trigraphs. */
static void
literal_byte(struct buf *b, unsigned char c)
{
	if (c == '\n')
		text_put_z(b, "\\n");
	else if (c == '"' || c == '\\' || c == '?')
		text_put_fmt(b, "\\%c", c);
	else if (c < 0x20 || c == 0x7f)
		text_put_fmt(b, "\\%03o", c);
	else
		text_put(b, (const char *)&c, 1);
}

void
text_flush(struct compiler *t)
{
	for (size_t i = 0; i < t->literal.n;) {
		text_indent(t);
		text_put_z(&t->code, "out_lit(view->out, \"");
		for (size_t n = 0; n < LITERAL_MOST && i < t->literal.n; n++, i++)
			literal_byte(&t->code, (unsigned char)t->literal.s[i]);
		text_put_z(&t->code, "\");\n");
	}
	t->literal.n = 0;
}

/* Points the C compiler's messages at the template. */
void
text_line(struct compiler *t, struct place at)
{
	text_flush(t);
	text_put_fmt(&t->code, "#line %d \"%s\"\n", at.line, t->file);
	text_indent(t);
}

void
text_char(struct compiler *t, char c)
{
	text_put(&t->literal, &c, 1);
}

const char *
text_quoted(const char *p)
{
	char quote = *p++;
	while (*p != '\0' && *p != quote && *p != '\n')
		p += *p == '\\' && p[1] != '\0' ? 2 : 1;
	return *p == quote ? p : NULL;
}

/* End of a piece of C that stops at `stop`, outside of quotes and brackets. */
const char *
text_c_end(const struct compiler *t, const char *p, const char *stop, struct place at)
{
	int depth = 0;
	for (; *p != '\0'; p++) {
		if (depth == 0 && strncmp(p, stop, 2) == 0)
			return p;
		if (*p == '"' || *p == '\'') {
			p = text_quoted(p);
			if (p == NULL)
				text_fail(t, at, "a quote is not closed");
		} else if (*p == '/' && (p[1] == '/' || p[1] == '*')) {
			text_fail(t, at, "no C comments here: write {# … #} beside it");
		}
		depth += *p == '(' || *p == '[' || *p == '{';
		depth -= *p == ')' || *p == ']' || *p == '}';
		if (depth < 0)
			text_fail(t, at, "'%c' is not opened", *p);
	}
	text_fail(t, at, "%s is not closed by %s%s", stop[0] == '}' ? "{{" : "{%", stop,
	        depth > 0 ? ": a bracket is open" : "");
}

void
text_check(const struct compiler *t, const char *p, const char *end, struct place at)
{
	if (p == end)
		text_fail(t, at, "nothing stands here");
	for (; p < end; p++) {
		if (*p == '"' || *p == '\'')
			p = text_quoted(p);
		else if (*p == ';')
			text_fail(t, at, "';' in an expression");
	}
}

const char *
text_trim(const char **p, const char *end)
{
	while (*p < end && is_blank(**p))
		(*p)++;
	while (end > *p && is_blank(end[-1]))
		end--;
	return end;
}
