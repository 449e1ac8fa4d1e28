/* A growing run of bytes: the body of an answer, a CSV, a JSON text. Kept in blocks of the C heap so that it can be
   handed to the socket without a copy. Writing never fails half-way: past the limit `full` is set and the rest dropped.
   What it is not for: knowing about HTML or JSON (html/, json/). */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct out_block {
	struct out_block *next;
	size_t n, cap;
	char data[];
};

struct out {
	struct out_block *first, *last;
	size_t n, limit; /* bytes written; the most it takes (0: no limit) */
	bool full;
};

void out_init(struct out *o, size_t limit);
void out_fini(struct out *o);
void out_slow(struct out *o, const char *s, size_t n); /* the way past the end of a block */
void out_byte(struct out *o, char c);
void out_str(struct out *o, str s);
void out_z(struct out *o, const char *z);
#define out_lit(o, literal) out_bytes((o), "" literal, sizeof(literal) - 1)
void out_bytes(struct out *o, const char *s, size_t n);
void out_i64(struct out *o, int64_t n);
void out_fmt(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* All of it as one piece in the arena. */
str out_all(const struct out *o, struct arena *a);

#endif
