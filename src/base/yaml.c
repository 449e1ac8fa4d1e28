#include "base/yaml.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"

#define SIZE_MOST  ((size_t)1 << 20)
#define DEPTH_MOST 32

/* libyaml's parser and the event in hand; both are given back by the arena should it end the request half-way. */
struct reader {
	struct arena *arena;
	struct faults *faults;
	str text;
	yaml_parser_t parser;
	yaml_event_t event;
	bool open, held; /* parser is to be deleted; event is */
};

static void
release_event(struct reader *r)
{
	if (r->held)
		yaml_event_delete(&r->event);
	r->held = false;
}

static void
reader_close(void *what)
{
	struct reader *r = what;
	release_event(r);
	if (r->open)
		yaml_parser_delete(&r->parser);
	r->open = false;
}

static enum err
fault_line(struct reader *r, int line, str what, str mend)
{
	return fault_add(r->faults, str_fmt(r->faults->arena, "line %d", line), what, mend);
}

static int
line_of(const struct reader *r)
{
	return (int)r->event.start_mark.line + 1;
}

/* Where libyaml stopped; a bad byte has an offset only. */
static int
problem_line(const struct reader *r)
{
	if (r->parser.error != YAML_READER_ERROR)
		return (int)r->parser.problem_mark.line + 1;
	int line = 1;
	for (size_t i = 0; i < r->text.n && i < r->parser.problem_offset; i++)
		line += r->text.s[i] == '\n';
	return line;
}

static enum err
next(struct reader *r)
{
	release_event(r);
	if (yaml_parser_parse(&r->parser, &r->event)) {
		r->held = true;
		return OK;
	}
	if (r->parser.error == YAML_MEMORY_ERROR)
		return ERR_MEMORY;
	str problem = str_of(r->parser.problem ? r->parser.problem : "cannot be read");
	str mend = r->parser.error == YAML_READER_ERROR ? STR("save the file as UTF-8 text")
	                                                : STR("check the indentation, the quotes and the colons");
	return fault_line(r, problem_line(r), str_copy(r->faults->arena, problem), mend);
}

/* Anchors, aliases and tags: they let a small file grow large or mean what it does not say. */
static enum err
check_plain(struct reader *r)
{
	const yaml_event_t *e = &r->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;
	if (e->type == YAML_SCALAR_EVENT)
		anchor = e->data.scalar.anchor, tag = e->data.scalar.tag;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		anchor = e->data.sequence_start.anchor, tag = e->data.sequence_start.tag;
	else if (e->type == YAML_MAPPING_START_EVENT)
		anchor = e->data.mapping_start.anchor, tag = e->data.mapping_start.tag;
	if (e->type == YAML_ALIAS_EVENT || anchor)
		return fault_line(r, line_of(r), STR("anchors (&) and aliases (*) are not allowed"),
		        STR("write the value out, or put it in quotes if it is text"));
	if (tag)
		return fault_line(r, line_of(r), STR("tags (!) are not allowed"),
		        STR("leave the tag out, or put the value in quotes if it is text"));
	return OK;
}

static enum err
read_text(struct reader *r, str *ret)
{
	str text = { (const char *)r->event.data.scalar.value, r->event.data.scalar.length };
	if (str_find_byte(text, 0) != SIZE_MAX)
		return fault_line(r, line_of(r), STR("a NUL character cannot be kept"), STR("leave \\0 out"));
	*ret = str_copy(r->arena, text);
	return OK;
}

static enum err read_node(struct reader *r, int depth, struct yaml *node);

/* The event in hand names a key; reads it and its value. */
static enum err
read_pair(struct reader *r, int depth, struct yaml *node)
{
	if (r->event.type != YAML_SCALAR_EVENT && r->event.type != YAML_ALIAS_EVENT)
		return fault_line(r, line_of(r), STR("a name must be text, not a list or a map"),
		        STR("write \"name: value\"; put text that starts with [ or { in quotes"));
	str key;
	enum err e = check_plain(r);
	if (e == OK)
		e = read_text(r, &key);
	if (e == OK)
		e = next(r);
	if (e != OK)
		return e;
	e = read_node(r, depth, node);
	node->key = key;
	return e;
}

static int
by_key(const void *a, const void *b)
{
	const struct yaml *x = *(struct yaml *const *)a, *y = *(struct yaml *const *)b;
	int c = str_cmp(x->key, y->key);
	return c ? c : x->line - y->line;
}

/* Tells of every double name and lets the reading go on, so that all of them are told at once. */
static void
check_keys(struct reader *r, const struct yaml *map)
{
	if (map->n < 2)
		return;
	struct yaml **sorted = arena_new(r->arena, struct yaml *, map->n);
	size_t n = 0;
	for (struct yaml *y = map->first; y; y = y->next)
		sorted[n++] = y;
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (size_t i = 1; i < n; i++)
		if (str_eq(sorted[i - 1]->key, sorted[i]->key))
			fault_line(r, sorted[i]->line,
			        str_fmt(r->faults->arena, "\"%.*s\" is already on line %d", STR_ARG(sorted[i]->key),
			                sorted[i - 1]->line),
			        STR("keep one of the two"));
}

static enum err
read_children(struct reader *r, int depth, struct yaml *parent)
{
	bool map = parent->kind == YAML_MAP;
	struct yaml **last = &parent->first;
	if (depth >= DEPTH_MOST)
		return fault_line(r, line_of(r), STR("more than 32 levels"), STR("nest less deeply"));
	for (;;) {
		enum err e = next(r);
		if (e != OK)
			return e;
		if (r->event.type == YAML_MAPPING_END_EVENT || r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		struct yaml *child = arena_new(r->arena, struct yaml, 1);
		child->line = line_of(r);
		e = map ? read_pair(r, depth + 1, child) : read_node(r, depth + 1, child);
		if (e != OK)
			return e;
		*last = child;
		last = &child->next;
		parent->n++;
	}
	if (map)
		check_keys(r, parent);
	return OK;
}

/* The event in hand starts a node; reads it to its end. */
static enum err
read_node(struct reader *r, int depth, struct yaml *node)
{
	enum err e = check_plain(r);
	if (e != OK)
		return e;
	node->line = node->line ? node->line : line_of(r);
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		node->kind = YAML_SCALAR;
		node->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		return read_text(r, &node->text);
	case YAML_SEQUENCE_START_EVENT:
		node->kind = YAML_LIST;
		return read_children(r, depth, node);
	case YAML_MAPPING_START_EVENT:
		node->kind = YAML_MAP;
		return read_children(r, depth, node);
	default:
		return fault_line(r, line_of(r), STR("a value was expected"), STR("check the indentation"));
	}
}

/* The whole stream: nothing (an empty map) or one document. */
static enum err
read_stream(struct reader *r, struct yaml *root)
{
	enum err e;
	*root = (struct yaml){ .kind = YAML_MAP, .line = 1 };
	do {
		if ((e = next(r)) != OK)
			return e;
	} while (r->event.type == YAML_STREAM_START_EVENT || r->event.type == YAML_DOCUMENT_START_EVENT);
	if (r->event.type == YAML_STREAM_END_EVENT)
		return OK;
	root->line = 0;
	if ((e = read_node(r, 0, root)) != OK || (e = next(r)) != OK)
		return e;
	assert(r->event.type == YAML_DOCUMENT_END_EVENT);
	if ((e = next(r)) != OK)
		return e;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return fault_line(r, line_of(r), STR("a second document (---)"), STR("keep one document in a file"));
	return OK;
}

enum err
yaml_parse(struct arena *a, str text, struct faults *f, struct yaml **ret)
{
	struct reader *r = arena_new(a, struct reader, 1);
	*r = (struct reader){ .arena = a, .faults = f, .text = text };
	if (text.n > SIZE_MOST)
		return fault_line(r, 1, STR("larger than 1 MiB"), STR("split the file"));
	arena_defer(a, reader_close, r);
	if (!yaml_parser_initialize(&r->parser))
		return ERR_MEMORY;
	r->open = true;
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)(text.s ? text.s : ""), text.n);
	struct yaml *root = arena_new(a, struct yaml, 1);
	size_t faults = f->n;
	enum err e = read_stream(r, root);
	reader_close(r);
	if (e == OK && f->n > faults)
		e = ERR_INPUT;
	if (e == OK)
		*ret = root;
	return e;
}

const struct yaml *
yaml_at(const struct yaml *map, str key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (const struct yaml *y = map->first; y; y = y->next)
		if (str_eq(y->key, key))
			return y;
	return NULL;
}

static bool
null(const struct yaml *y)
{
	return !y->quoted && (y->text.n == 0 || str_eq(y->text, STR("~")) || str_same(y->text, STR("null")));
}

str
yaml_text(const struct yaml *map, str key, str otherwise)
{
	const struct yaml *y = yaml_at(map, key);
	return y && y->kind == YAML_SCALAR && !null(y) ? y->text : otherwise;
}

bool
yaml_int(const struct yaml *map, str key, int64_t *ret)
{
	const struct yaml *y = yaml_at(map, key);
	return y && y->kind == YAML_SCALAR && !y->quoted && str_to_i64(y->text, ret);
}

/* Words that some reader of YAML takes for something else than text. */
static bool
reserved(str s)
{
	static const str words[] = { STR_INIT("null"), STR_INIT("true"), STR_INIT("false"), STR_INIT("yes"),
		STR_INIT("no"), STR_INIT("on"), STR_INIT("off"), STR_INIT("y"), STR_INIT("n") };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_same(s, words[i]))
			return true;
	return false;
}

/* Text that means itself without quotes: a letter, then letters, digits, _ and -. */
static bool
plain(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_' || c == '-')))
			return false;
	}
	return s.n && !reserved(s);
}

/* Bytes at p that may not stand as they are: control characters of one or two bytes, U+2028, U+2029, a byte order mark,
   U+FFFE and U+FFFF. 0 when p may. */
static size_t
unprintable(const unsigned char *p, size_t n, unsigned *ret_code)
{
	if (p[0] < ' ' || p[0] == 0x7f) {
		*ret_code = p[0];
		return 1;
	}
	if (n >= 2 && p[0] == 0xc2 && p[1] < 0xa0) {
		*ret_code = p[1];
		return 2;
	}
	if (n >= 3 && (p[0] & 0xf0) == 0xe0) {
		*ret_code = (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
		if (*ret_code == 0x2028 || *ret_code == 0x2029 || *ret_code == 0xfeff || *ret_code >= 0xfffe)
			return 3;
	}
	return 0;
}

str
yaml_quote(struct arena *a, str s)
{
	static const char hex[] = "0123456789abcdef";
	if (plain(s))
		return s;
	char *to = arena_array(a, 6, s.n + 1, 1), *p = to;
	*p++ = '"';
	for (size_t i = 0; i < s.n;) {
		unsigned code;
		size_t n = unprintable((const unsigned char *)s.s + i, s.n - i, &code);
		if (n) {
			*p++ = '\\';
			*p++ = 'u';
			for (int shift = 12; shift >= 0; shift -= 4)
				*p++ = hex[code >> shift & 15];
			i += n;
			continue;
		}
		if (s.s[i] == '"' || s.s[i] == '\\')
			*p++ = '\\';
		*p++ = s.s[i++];
	}
	*p++ = '"';
	return (str){ to, (size_t)(p - to) };
}
