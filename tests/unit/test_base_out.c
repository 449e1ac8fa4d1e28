#include "unit.h"

#include <stdlib.h>

#include "base/out.h"

static void
writes_every_kind(void **state)
{
	struct out o;
	out_init(&o, 0);
	assert_str(out_all(&o, *state), "");
	out_byte(&o, 'a');
	out_str(&o, STR("bc"));
	out_str(&o, (str){ 0 });
	out_z(&o, "d");
	out_lit(&o, "ef");
	out_i64(&o, 0);
	out_i64(&o, INT64_MIN);
	out_i64(&o, INT64_MAX);
	out_fmt(&o, "%03d", 7);
	assert_str(out_all(&o, *state), "abcdef0-92233720368547758089223372036854775807007");
	out_fini(&o);
	assert_int_equal(o.n, 0);
}

static void
crosses_blocks(void **state)
{
	struct arena *a = *state;
	struct out o;
	out_init(&o, 0);
	size_t want = 0;
	char piece[3000];
	for (size_t i = 0; i < sizeof(piece); i++)
		piece[i] = (char)('a' + i % 26);
	for (size_t size = 1; size < sizeof(piece); size += 7) {
		out_bytes(&o, piece, size);
		want += size;
	}
	char *large = calloc(1, 100000);
	out_bytes(&o, large, 100000);
	free(large);
	out_fmt(&o, "%0*d", 50000, 1);
	assert_int_equal(o.n, want + 150000);
	str all = out_all(&o, a);
	size_t at = 0;
	for (size_t size = 1; size < sizeof(piece); at += size, size += 7)
		assert_memory_equal(all.s + at, piece, size);
	assert_int_equal(all.s[want + 99999], 0);
	assert_int_equal(all.s[want + 149999], '1');
	size_t sum = 0;
	for (struct out_block *b = o.first; b; b = b->next) {
		assert_true(b->n <= b->cap);
		assert_true(!b->next || b->n == b->cap);
		sum += b->n;
	}
	assert_int_equal(sum, o.n);
	assert_int_equal(o.first->cap + sizeof(struct out_block), 16384);
	out_fini(&o);
}

static void
drops_what_is_past_the_limit(void **state)
{
	struct out o;
	out_init(&o, 10);
	out_lit(&o, "12345678");
	assert_false(o.full);
	out_lit(&o, "abc");
	assert_true(o.full);
	out_lit(&o, "9"); /* nothing after the gap, though it would fit */
	assert_str(out_all(&o, *state), "12345678");
	out_fini(&o);
	assert_false(o.full);
	out_lit(&o, "1234567890");
	assert_false(o.full);
	assert_int_equal(o.n, 10);
	out_fini(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(writes_every_kind), unit(crosses_blocks),
		unit(drops_what_is_past_the_limit) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
