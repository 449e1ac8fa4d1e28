/* The reader: jansson parses, strictly; its tree is copied into the arena and given back. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "json/json.h"

#define DEPTH_MOST 64

/* "line 2, column 14" of the byte at, columns in letters. */
static str
place_at(struct arena *a, str text, size_t at)
{
	int line = 1, column = 1;
	for (size_t i = 0; i < at && i < text.n; i++) {
		if (text.s[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text.s[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	return str_fmt(a, "line %d, column %d", line, column);
}

/* Where the nesting passes the limit, or SIZE_MAX; before jansson, whose own limit is 2,048 calls deep. */
static size_t
too_deep(str text)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];
		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if ((c == '[' || c == '{') && ++depth > DEPTH_MOST) {
			return i;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return SIZE_MAX;
}

static str
mend_for(enum json_error_code code)
{
	switch (code) {
	case json_error_duplicate_key:
		return STR("use every name once in an object");
	case json_error_numeric_overflow:
		return STR("keep integers within 64 bits, or send the number as text");
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return STR("leave \\u0000 out of texts");
	case json_error_invalid_utf8:
		return STR("send the text as UTF-8");
	case json_error_end_of_input_expected:
		return STR("send one object or array and nothing after it");
	case json_error_premature_end_of_input:
		return STR("the text is cut off: send all of it");
	default:
		return STR("send one JSON object or array (RFC 8259)");
	}
}

/* jansson says "']' expected near 'x'": kept, being what one needs to find it. */
static enum err
say(struct arena *a, str text, const json_error_t *e, struct faults *f)
{
	str what = str_copy(a, str_of(e->text));
	if (!str_utf8(what))
		what = STR("this is not UTF-8");
	str place = place_at(a, text, e->position > 0 ? (size_t)e->position - 1 : 0);
	return fault_add(f, place, what, mend_for(json_error_code(e)));
}

static struct jval *value_of(struct arena *a, const json_t *from);

static void
take_array(struct arena *a, const json_t *from, struct jval *to)
{
	struct jval **last = &to->first;
	to->kind = JVAL_ARRAY;
	to->n = json_array_size(from);
	for (size_t i = 0; i < to->n; i++) {
		*last = value_of(a, json_array_get(from, i));
		last = &(*last)->next;
	}
}

static void
take_object(struct arena *a, json_t *from, struct jval *to)
{
	struct jval **last = &to->first;
	to->kind = JVAL_OBJECT;
	to->n = json_object_size(from);
	for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
		*last = value_of(a, json_object_iter_value(at));
		(*last)->key = str_copy(a, str_of(json_object_iter_key(at)));
		last = &(*last)->next;
	}
}

/* At most DEPTH_MOST calls deep. */
static struct jval *
value_of(struct arena *a, const json_t *from)
{
	struct jval *to = arena_new(a, struct jval, 1);
	switch (json_typeof(from)) {
	case JSON_OBJECT:
		take_object(a, (json_t *)(uintptr_t)from, to);
		break;
	case JSON_ARRAY:
		take_array(a, from, to);
		break;
	case JSON_STRING:
		to->kind = JVAL_STR;
		to->text = str_copy(a, (str){ json_string_value(from), json_string_length(from) });
		break;
	case JSON_INTEGER:
		to->kind = JVAL_INT;
		to->i = json_integer_value(from);
		to->r = (double)to->i;
		break;
	case JSON_REAL:
		to->kind = JVAL_REAL;
		to->r = json_real_value(from);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		to->kind = JVAL_BOOL;
		to->i = json_is_true(from);
		break;
	case JSON_NULL:
		to->kind = JVAL_NULL;
		break;
	}
	return to;
}

static void
give_back(void *holder)
{
	json_t **root = holder;
	json_decref(*root);
	*root = NULL;
}

enum err
json_parse(struct arena *a, str text, struct faults *f, struct jval **ret)
{
	size_t deep = too_deep(text);
	if (deep != SIZE_MAX)
		return fault_add(f, place_at(a, text, deep), STR("this is nested more than 64 deep"),
		        STR("send a flatter object"));
	/* The arena may leave by longjmp while it is copied into: the tree is given back then too. */
	json_t **root = arena_new(a, json_t *, 1);
	arena_defer(a, give_back, root);
	json_error_t e;
	*root = json_loadb(text.s ? text.s : "", text.n, JSON_REJECT_DUPLICATES, &e);
	if (!*root)
		return say(a, text, &e, f);
	*ret = value_of(a, *root);
	give_back(root);
	return OK;
}

const struct jval *
jval_at(const struct jval *object, const char *key)
{
	if (!object || object->kind != JVAL_OBJECT)
		return NULL;
	for (const struct jval *v = object->first; v; v = v->next)
		if (str_eq(v->key, str_of(key)))
			return v;
	return NULL;
}

str
jval_text(const struct jval *object, const char *key)
{
	const struct jval *v = jval_at(object, key);
	return v && v->kind == JVAL_STR ? v->text : (str){ 0 };
}
