#include "base/out.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK ((size_t)16 << 10)

void
out_init(struct out *o, size_t limit)
{
	*o = (struct out){ .limit = limit };
}

void
out_fini(struct out *o)
{
	for (struct out_block *b = o->first, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	*o = (struct out){ .limit = o->limit };
}

/* What the last block has room for. */
static size_t
room(const struct out *o)
{
	return o->last ? o->last->cap - o->last->n : 0;
}

/* A new last block for at least n bytes; false when there is no memory. */
static bool
open_block(struct out *o, size_t n)
{
	size_t size = n > BLOCK - sizeof(struct out_block) ? n + sizeof(struct out_block) : BLOCK;
	struct out_block *b = malloc(size);
	if (!b)
		return false;
	b->next = NULL;
	b->n = 0;
	b->cap = size - sizeof(*b);
	if (o->last)
		o->last->next = b;
	else
		o->first = b;
	o->last = b;
	return true;
}

static void
append(struct out *o, const char *s, size_t n)
{
	memcpy(o->last->data + o->last->n, s, n);
	o->last->n += n;
	o->n += n;
}

/* A piece is taken whole or, past the limit, not at all. */
void
out_slow(struct out *o, const char *s, size_t n)
{
	if (o->full || n == 0)
		return;
	if (o->limit && n > o->limit - o->n) {
		o->full = true;
		return;
	}
	size_t now = room(o) < n ? room(o) : n;
	struct out_block *before = o->last;
	if (now < n && !open_block(o, n - now)) {
		o->full = true;
		return;
	}
	if (now) {
		memcpy(before->data + before->n, s, now);
		before->n += now;
		o->n += now;
	}
	if (now < n)
		append(o, s + now, n - now);
}

void
out_bytes(struct out *o, const char *s, size_t n)
{
	if (n && n <= room(o) && !o->full && (!o->limit || n <= o->limit - o->n))
		append(o, s, n);
	else
		out_slow(o, s, n);
}

void
out_byte(struct out *o, char c)
{
	out_bytes(o, &c, 1);
}

void
out_str(struct out *o, str s)
{
	out_bytes(o, s.s, s.n);
}

void
out_z(struct out *o, const char *z)
{
	out_bytes(o, z, strlen(z));
}

void
out_i64(struct out *o, int64_t n)
{
	char text[20], *p = text + sizeof(text);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0)
		*--p = '-';
	out_bytes(o, p, (size_t)(text + sizeof(text) - p));
}

void
out_fmt(struct out *o, const char *format, ...)
{
	char small[512];
	va_list list, again;
	va_start(list, format);
	va_copy(again, list);
	int n = vsnprintf(small, sizeof(small), format, list);
	va_end(list);
	assert(n >= 0);
	if ((size_t)n < sizeof(small)) {
		out_bytes(o, small, (size_t)n);
	} else {
		char *large = malloc((size_t)n + 1);
		if (large) {
			vsnprintf(large, (size_t)n + 1, format, again);
			out_bytes(o, large, (size_t)n);
			free(large);
		} else {
			o->full = true;
		}
	}
	va_end(again);
}

str
out_all(const struct out *o, struct arena *a)
{
	char *to = arena_alloc(a, o->n + 1, 1), *p = to;
	for (const struct out_block *b = o->first; b; b = b->next) {
		memcpy(p, b->data, b->n);
		p += b->n;
	}
	assert((size_t)(p - to) == o->n);
	return (str){ to, o->n };
}
