#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BY_ONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BY_ONE 1
#endif
#endif
#ifndef ONE_BY_ONE
#define ONE_BY_ONE 0
#endif

#define BLOCK_FIRST ((size_t)16 << 10)
#define BLOCK_MOST  ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next; /* older */
	char *data;               /* behind this header, aligned */
	size_t n, cap;            /* bytes of data handed out; bytes of data */
};

struct arena_closer {
	struct arena_closer *next; /* older */
	void (*fn)(void *);
	void *what;
};

static size_t
round_up(size_t n, size_t align)
{
	return (n + align - 1) & ~(align - 1);
}

void
arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){ .cap = cap };
}

static void
run_closers(struct arena *a)
{
	while (a->closer) {
		struct arena_closer *c = a->closer;
		a->closer = c->next; /* taken off first: a closer may defer another */
		c->fn(c->what);
	}
}

static void
free_all(struct arena_block *b)
{
	for (struct arena_block *next; b; b = next) {
		next = b->next;
		free(b);
	}
}

void
arena_reset(struct arena *a)
{
	struct arena_block *kept = NULL;
	size_t spare = 0;

	run_closers(a);
	for (const struct arena_block *b = a->spare; b; b = b->next)
		spare += b->cap;
	for (struct arena_block *b = a->block, *next; b; b = next) {
		next = b->next;
		b->n = 0;
		if (ONE_BY_ONE || b->cap > BLOCK_MOST) {
			free(b);
		} else if (!kept) {
			kept = b;
			b->next = NULL;
		} else if (b->cap == BLOCK_MOST && spare + b->cap <= a->keep) {
			spare += b->cap;
			b->next = a->spare;
			a->spare = b;
		} else {
			free(b);
		}
	}
	a->block = kept;
	a->used = 0;
}

void
arena_fini(struct arena *a)
{
	arena_reset(a);
	free_all(a->block);
	free_all(a->spare);
	*a = (struct arena){ .cap = a->cap };
}

/* A block whose data start at a multiple of align; NULL when there is no memory. */
static struct arena_block *
block_new(size_t cap, size_t align)
{
	size_t head = round_up(sizeof(struct arena_block), align);
	if (cap > PTRDIFF_MAX - head)
		return NULL;
	void *memory = NULL;
	if (posix_memalign(&memory, align < alignof(max_align_t) ? alignof(max_align_t) : align, head + cap) != 0)
		return NULL;
	struct arena_block *b = memory;
	*b = (struct arena_block){ .data = (char *)memory + head, .cap = cap };
	return b;
}

/* size bytes of a block that has them. */
static void *
block_take(struct arena_block *b, size_t size, size_t align)
{
	uintptr_t base = (uintptr_t)b->data;
	size_t at = round_up(base + b->n, align) - base;
	if (at > b->cap || size > b->cap - at)
		return NULL;
	b->n = at + size;
	return b->data + at;
}

static void *
take_new_block(struct arena *a, size_t size, size_t align)
{
	size_t next = a->block && a->block->cap < BLOCK_MOST ? a->block->cap * 2 : BLOCK_MOST;
	if (!a->block)
		next = BLOCK_FIRST;
	if (next > BLOCK_MOST)
		next = BLOCK_MOST;
	bool alone = ONE_BY_ONE || size > next / 4;
	struct arena_block *b = alone ? NULL : a->spare;
	if (b)
		a->spare = b->next;
	else
		b = block_new(alone ? size : next, align);
	if (!b)
		return NULL;
	if (alone && a->block && !ONE_BY_ONE) {
		b->next = a->block->next; /* behind the open block, whose rest is still good */
		a->block->next = b;
	} else {
		b->next = a->block;
		a->block = b;
	}
	return block_take(b, size, align);
}

/* NULL at the cap or when there is no memory; what is in it is not known. */
static void *
take(struct arena *a, size_t size, size_t align)
{
	assert(align && (align & (align - 1)) == 0);
	if (size == 0)
		size = 1; /* a pointer of its own */
	if (size > a->cap - a->used)
		return NULL;
	void *p = a->block && !ONE_BY_ONE ? block_take(a->block, size, align) : NULL;
	if (!p)
		p = take_new_block(a, size, align);
	if (!p)
		return NULL;
	a->used += size;
	return p;
}

static _Noreturn void
exhausted(struct arena *a)
{
	if (!a->landing)
		abort();
	longjmp(*a->landing, 1);
}

static void *
take_or_land(struct arena *a, size_t size, size_t align)
{
	void *p = take(a, size, align);
	if (!p)
		exhausted(a);
	return p;
}

void *
arena_alloc(struct arena *a, size_t size, size_t align)
{
	return memset(take_or_land(a, size, align), 0, size ? size : 1);
}

void *
arena_array(struct arena *a, size_t size, size_t n, size_t align)
{
	size_t all;
	if (__builtin_mul_overflow(size, n, &all))
		exhausted(a);
	return arena_alloc(a, all, align);
}

void *
arena_copy(struct arena *a, const void *from, size_t size)
{
	void *to = take_or_land(a, size, alignof(max_align_t));
	return size ? memcpy(to, from, size) : memset(to, 0, 1);
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *what)
{
	struct arena_closer *c = take(a, sizeof(*c), alignof(struct arena_closer));
	if (!c) {
		fn(what); /* nobody else would */
		exhausted(a);
	}
	*c = (struct arena_closer){ a->closer, fn, what };
	a->closer = c;
}

void *
arena_regrow(struct arena *a, const void *items, size_t size, size_t n, size_t *cap)
{
	size_t more, bytes;
	assert(n <= *cap);
	if (__builtin_mul_overflow(*cap, (size_t)2, &more))
		exhausted(a);
	if (more < 8)
		more = 8;
	if (__builtin_mul_overflow(size, more, &bytes))
		exhausted(a);
	char *to = take_or_land(a, bytes, alignof(max_align_t));
	if (n)
		memcpy(to, items, n * size);
	memset(to + n * size, 0, bytes - n * size);
	*cap = more;
	return to;
}
