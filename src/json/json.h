/* JSON: jansson reads (strict), our own writer streams.
   What it is not for: which fields a record has (record/ knows). */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/err.h"
#include "base/out.h"

/* Writer: commas and nesting are kept by it; misuse is an assert. depth at most 32. */
struct json {
	struct out *out;
	uint32_t comma, array; /* a bit per level: something written already; it is an array */
	int depth;
	bool after_key;
};

/* libjansson, linked in, exports these names too and would call ours: for the linker they are called otherwise. */
#define json_object json_write_object
#define json_array  json_write_array
#define json_null   json_write_null

void json_init(struct json *j, struct out *o);
void json_object(struct json *j);
void json_array(struct json *j);
void json_end(struct json *j); /* of object or array */
void json_key(struct json *j, const char *name);
void json_key_str(struct json *j, str name);
void json_str(struct json *j, str s); /* what is not UTF-8 is written as U+FFFD */
void json_int(struct json *j, int64_t n);
void json_double(struct json *j, double x); /* shortest text that reads back the same; NaN and infinities: null */
void json_bool(struct json *j, bool b);
void json_null(struct json *j);
void json_raw(struct json *j, str json_text);

/* Reader: a small tree in the arena; the text is an object or an array. Duplicate keys, trailing text, NUL, integers
   beyond 64 bits and depth over 64 are faults that name line and column: "line 2, column 14". */
enum jval_kind { JVAL_NULL, JVAL_BOOL, JVAL_INT, JVAL_REAL, JVAL_STR, JVAL_ARRAY, JVAL_OBJECT };

struct jval {
	enum jval_kind kind;
	str key, text;
	int64_t i; /* of an integer, or 0 and 1 of a bool */
	double r;  /* of any number */
	struct jval *first, *next;
	size_t n; /* children */
};

enum err json_parse(struct arena *a, str text, struct faults *f, struct jval **ret);
const struct jval *jval_at(const struct jval *object, const char *key);
str jval_text(const struct jval *object, const char *key); /* empty when absent or no string */

#endif
