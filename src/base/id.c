#include "base/id.h"

#include <assert.h>
#include <stdatomic.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/time.h"

#define EPOCH         INT64_C(1735689600000) /* 2025-01-01T00:00Z */
#define NODE_BITS     5
#define SEQUENCE_BITS 7
#define ID_MOST       ((INT64_C(1) << 53) - 1)
#define TEXT_LENGTH   11

static atomic_int own_node;
/* The millisecond and the sequence of the last id as one number, so that a full millisecond runs into the next. */
static _Atomic int64_t last;

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void
id_node(int node)
{
	assert(node >= 0 && node < 1 << NODE_BITS);
	atomic_store(&own_node, node);
}

int
id_node_own(void)
{
	return atomic_load(&own_node);
}

/* Never goes back, even when the clock does: then it counts on from the last id. */
id
id_new(void)
{
	int64_t from_clock = now() - EPOCH;
	if (from_clock < 0)
		from_clock = 0;
	from_clock <<= SEQUENCE_BITS;
	int64_t before = atomic_load(&last), mine;
	do {
		mine = from_clock > before ? from_clock : before + 1;
	} while (!atomic_compare_exchange_weak(&last, &before, mine));
	int64_t sequence = mine & ((1 << SEQUENCE_BITS) - 1);
	int64_t i = (mine >> SEQUENCE_BITS) << (NODE_BITS + SEQUENCE_BITS);
	i |= (int64_t)atomic_load(&own_node) << SEQUENCE_BITS | sequence;
	assert(i > 0 && i <= ID_MOST);
	return i;
}

id
id_random(void)
{
	for (;;) {
		uint64_t bits = 0;
		ssize_t n = getrandom(&bits, sizeof(bits), 0);
		assert(n == sizeof(bits)); /* the kernel promises this for up to 256 bytes */
		id i = (id)(bits & ID_MOST);
		if (i)
			return i;
	}
}

int64_t
id_instant(id i)
{
	return (i >> (NODE_BITS + SEQUENCE_BITS)) + EPOCH;
}

id
id_since(int64_t instant)
{
	const int64_t most = ID_MOST >> (NODE_BITS + SEQUENCE_BITS);

	if (instant <= EPOCH)
		return 0;
	return instant - EPOCH >= most ? ID_MOST : (instant - EPOCH) << (NODE_BITS + SEQUENCE_BITS);
}

str
id_text(struct arena *a, id i)
{
	assert(i >= 0 && i <= ID_MOST);
	char *text = arena_alloc(a, TEXT_LENGTH + 1, 1);
	for (int at = TEXT_LENGTH; at-- > 0; i >>= 5)
		text[at] = alphabet[i & 31];
	return (str){ text, TEXT_LENGTH };
}

/* Value of a digit in Crockford's base 32, where o reads as 0, and i and l as 1; -1 when it is none. */
static int
digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 32);
	if (c == 'o')
		return 0;
	if (c == 'i' || c == 'l')
		return 1;
	for (int v = 0; v < 32; v++)
		if (alphabet[v] == c)
			return v;
	return -1;
}

bool
id_parse(str s, id *ret)
{
	if (s.n != TEXT_LENGTH)
		return false;
	int64_t i = 0;
	for (size_t at = 0; at < s.n; at++) {
		int v = digit_value(s.s[at]);
		if (v < 0)
			return false;
		i = i << 5 | v;
	}
	if (i == 0 || i > ID_MOST)
		return false;
	*ret = i;
	return true;
}
