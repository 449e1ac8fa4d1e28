/* What the parts of the template compiler share. Read template.c first.
   What it is not for: anything but tools/template*.c. */
#ifndef TOOLS_TEMPLATE_H
#define TOOLS_TEMPLATE_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>

#define NAME_MOST  64
#define DEPTH_MOST 128
/* Longer literals are a warning: C promises 4,095 characters. */
#define LITERAL_MOST 3800

struct buf {
	char *s;
	size_t n, cap;
};

struct place {
	int line, column; /* from 1; columns are letters */
};

/* Where the tokenizer stands. From IN_TAG on we are between '<' and '>'. */
enum state {
	IN_TEXT,
	IN_RCDATA, /* <title>, <textarea>: text without tags */
	IN_RAW,    /* <script>, <style> */
	IN_NAME,   /* of a start tag */
	IN_END,    /* of an end tag */
	IN_TAG,    /* after a blank: an attribute may start */
	IN_GAP,    /* after an attribute: a blank or the end must come */
	IN_ATTR,   /* an attribute's name */
	IN_EQUALS, /* after '=' */
	IN_VALUE,  /* in quotes */
	IN_BARE    /* a value without quotes */
};

/* How far an address has got: what is put at its start may be a whole one, what follows is a part of it. */
enum address { ADDRESS_NONE, ADDRESS_START, ADDRESS_LOOSE, ADDRESS_FIXED };

/* What is known of the blank just passed. Blanks beside block elements are not written. */
enum blank { BLANK_NONE, BLANK_PENDING, BLANK_WRITTEN };

/* All that a branch must leave as it found it. */
struct context {
	enum state state;
	enum address address;
	enum blank blank;
	char quote;
	bool slash;          /* "/" of "/>" was just read */
	bool data;           /* this <script> or <style> may have content: a nonce or a JSON type */
	bool silent;         /* no {{ }} in this value but id: and num: */
	char tag[NAME_MOST]; /* being read, or holding the text of IN_RCDATA and IN_RAW */
	char attr[NAME_MOST];
	struct place tag_at;
	const char *value; /* where the value started in the source */
	int depth;         /* open elements */
};

struct element {
	char name[NAME_MOST];
	struct place at;
};

enum block_kind { BLOCK_TEMPLATE, BLOCK_IF, BLOCK_FOR, BLOCK_WITH };

/* Their words in the language. */
extern const char *const block_words[];

struct block {
	enum block_kind kind;
	bool otherwise; /* {% else %} was seen */
	bool fragment;
	bool merged; /* `end` holds the branches so far */
	struct place at;
	struct context start, end;
};

struct compiler {
	const char *file; /* as given: stands in errors and #line */
	const char *at;   /* what is left to read */
	struct place place;
	struct context c;
	struct element elements[DEPTH_MOST];
	struct block blocks[DEPTH_MOST];
	int n_blocks;
	struct buf literal; /* page text not yet written */
	struct buf code, head, statics;
};

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static inline bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

#define ONE_OF(name, ...) text_one_of((name), (const char *const[]){ __VA_ARGS__, NULL })

/* template_text.c: buffers, errors, reading pieces of C and writing C. */
void text_put(struct buf *b, const char *s, size_t n);
void text_put_z(struct buf *b, const char *s);
void text_put_fmt(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints file:line:column and ends the run. */
_Noreturn void text_fail(const struct compiler *t, struct place at, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
bool text_one_of(const char *name, const char *const *list);
void text_skip(struct compiler *t, size_t n);
bool text_at(const struct compiler *t, const char *s);
void text_indent(struct compiler *t);
void text_flush(struct compiler *t);
void text_line(struct compiler *t, struct place at);
void text_char(struct compiler *t, char c);
const char *text_quoted(const char *p);
const char *text_c_end(const struct compiler *t, const char *p, const char *stop, struct place at);
void text_check(const struct compiler *t, const char *p, const char *end, struct place at);
const char *text_trim(const char **p, const char *end);

/* template_page.c: elements and the tokenizer. */
void page_blank(struct compiler *t);
void page_name_add(struct compiler *t, char *name, char c);
bool page_name_letter(char c);
bool page_holds_address(const char *attr);
void page_attr_check(const struct compiler *t, const char *attr, struct place at);
void page_step(struct compiler *t);
void page_settle(struct compiler *t);

/* template_value.c: {{ values }}. */
void value_write(struct compiler *t);

#endif
