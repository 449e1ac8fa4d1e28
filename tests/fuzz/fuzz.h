/* What every fuzz target begins with: an arena that comes back from exhaustion, as a worker's does.
   What it is not for: anything one parser alone needs. */
#ifndef FUZZ_H
#define FUZZ_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
static void fuzz(struct arena *a, str text); /* of the target */

/* What a promise of a parser is checked with. */
#define must(x) ((x) ? (void)0 : abort())

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	jmp_buf landing;
	arena_init(&a, (size_t)16 << 20);
	a.landing = &landing;
	if (setjmp(landing) == 0)
		fuzz(&a, (str){ (const char *)data, n });
	arena_fini(&a);
	return 0;
}

#endif
