/* Memory that belongs to a request (or a job) and is given back at once.
   What it is not for: state that outlives the request.
   In sanitizer builds every allocation is a malloc of its own, so that an overrun is seen. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_block;
struct arena_closer;

struct arena {
	struct arena_block *block;   /* newest block first */
	struct arena_block *spare;   /* kept by a reset, to be handed out again */
	struct arena_closer *closer; /* run newest first at reset */
	size_t used, cap;            /* bytes handed out; the most it may hand out */
	size_t keep;                 /* bytes of blocks that a reset may keep, besides one; 0 unless set after init */
	jmp_buf *landing;            /* where to go when cap or memory is exhausted; NULL aborts */
};

#define ARENA_CAP_REQUEST ((size_t)64 << 20)

void arena_init(struct arena *a, size_t cap);
/* Runs the closers, newest first, and forgets every allocation; keeps one block, and others up to a->keep. */
void arena_reset(struct arena *a);
void arena_fini(struct arena *a);

/* Zeroed memory; never NULL: at the cap it longjmps to a->landing (value 1). */
void *arena_alloc(struct arena *a, size_t size, size_t align);
#define arena_new(a, type, n) ((type *)arena_array((a), sizeof(type), (n), _Alignof(type)))
void *arena_array(struct arena *a, size_t size, size_t n, size_t align);
void *arena_copy(struct arena *a, const void *from, size_t size);

/* fn(what) runs at reset or fini: for files, statements, handles opened on behalf of the request. */
void arena_defer(struct arena *a, void (*fn)(void *), void *what);

/* Grows an array kept in the arena: *items holds *cap of them; makes room for one more after n. */
#define arena_grow(a, items, n, cap) \
	((n) < (cap) ? (void)0 : (void)((items) = arena_regrow((a), (items), sizeof *(items), (n), &(cap))))
void *arena_regrow(struct arena *a, const void *items, size_t size, size_t n, size_t *cap);

#endif
