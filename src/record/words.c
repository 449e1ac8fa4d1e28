#include "record/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"

struct word {
	uint32_t at;   /* in text; it ends before the line break in front of the next */
	uint64_t bag;  /* its letters */
	uint64_t hash; /* of it */
};

struct row_words {
	id row;
	uint32_t from, n; /* in of */
};

struct words {
	char *text; /* each word with a line break after it */
	size_t text_n, text_cap;
	struct word *words;
	size_t n, cap;
	uint32_t *slots; /* a word's number + 1, where its hash leads; 0: free */
	size_t n_slots;  /* a power of two, at least twice n */
	struct row_words *rows;
	size_t n_rows, rows_cap, settled; /* the settled ones come first, by id */
	uint32_t *of;                     /* words of rows */
	size_t n_of, of_cap;
	size_t stale;
};

struct words *
words_new(void)
{
	return calloc(1, sizeof(struct words));
}

void
words_free(struct words *w)
{
	if (!w)
		return;
	free(w->text);
	free(w->words);
	free(w->slots);
	free(w->rows);
	free(w->of);
	free(w);
}

/* Room for need items; NULL: no memory, and the old ones are where they were. */
static void *
grown(void *items, size_t size, size_t need, size_t *cap)
{
	size_t more = need < 1024 ? 1024 : need + need / 2;
	void *to = realloc(items, more * size);

	if (to)
		*cap = more;
	return to;
}

#define ROOM(items, need, cap) ((need) <= (cap) || room((void *)&(items), sizeof *(items), (need), &(cap)))

static bool
room(void *pointer, size_t size, size_t need, size_t *cap)
{
	void *items, *to;

	memcpy(&items, pointer, sizeof items);
	to = grown(items, size, need, cap);
	if (to)
		memcpy(pointer, &to, sizeof to);
	return to != NULL;
}

static str
word_text(const struct words *w, size_t i)
{
	size_t end = i + 1 < w->n ? w->words[i + 1].at : w->text_n;

	return (str){ w->text + w->words[i].at, end - 1 - w->words[i].at };
}

/* Where the word is, or would be. */
static uint32_t *
slot_of(const struct words *w, str word, uint64_t hash)
{
	size_t at = hash & (w->n_slots - 1);

	while (w->slots[at]) {
		size_t i = w->slots[at] - 1;
		if (w->words[i].hash == hash && str_eq(word_text(w, i), word))
			break;
		at = (at + 1) & (w->n_slots - 1);
	}
	return &w->slots[at];
}

static bool
more_slots(struct words *w)
{
	size_t n = w->n_slots ? 2 * w->n_slots : 4096;
	uint32_t *slots = calloc(n, sizeof *slots);

	if (!slots)
		return false;
	for (size_t i = 0; i < w->n; i++) {
		size_t at = w->words[i].hash & (n - 1);
		while (slots[at])
			at = (at + 1) & (n - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(w->slots);
	w->slots = slots;
	w->n_slots = n;
	return true;
}

/* FNV leaves the low bits of short words near each other. */
static uint64_t
hash_of(str word)
{
	uint64_t h = str_hash(word);

	return h ^ h >> 29;
}

static bool
word_number(struct words *w, str word, uint32_t *ret)
{
	uint64_t hash = hash_of(word);

	if (2 * w->n >= w->n_slots && !more_slots(w))
		return false;
	uint32_t *slot = slot_of(w, word, hash);
	if (!*slot) {
		if (w->text_n + word.n + 1 > UINT32_MAX || !ROOM(w->text, w->text_n + word.n + 1, w->text_cap) ||
		        !ROOM(w->words, w->n + 1, w->cap))
			return false;
		w->words[w->n++] = (struct word){ (uint32_t)w->text_n, near_bag(word), hash };
		memcpy(w->text + w->text_n, word.s, word.n);
		w->text_n += word.n;
		w->text[w->text_n++] = '\n';
		*slot = (uint32_t)w->n;
	}
	*ret = *slot - 1;
	return true;
}

bool
words_put(struct words *w, id row, str key)
{
	size_t from = w->n_of;
	str word;

	while (key.n) {
		str_cut(key, ' ', &word, &key);
		if (!word.n)
			continue;
		if (w->n_of >= UINT32_MAX || !ROOM(w->of, w->n_of + 1, w->of_cap) ||
		        !word_number(w, word, &w->of[w->n_of]))
			return false;
		w->n_of++;
	}
	if (!ROOM(w->rows, w->n_rows + 1, w->rows_cap))
		return false;
	w->rows[w->n_rows++] = (struct row_words){ row, (uint32_t)from, (uint32_t)(w->n_of - from) };
	return true;
}

static int
by_row(const void *x, const void *y)
{
	const struct row_words *a = x, *b = y;

	return a->row < b->row ? -1 : a->row > b->row;
}

/* Those put again take the place of what they were. */
static bool
merge(struct words *w)
{
	size_t cap = w->n_rows + w->n_rows / 8, n = 0, i = 0, k = w->settled;
	struct row_words *to = malloc(cap * sizeof *to);

	if (!to)
		return false;
	while (i < w->settled || k < w->n_rows) {
		bool both = i < w->settled && k < w->n_rows && w->rows[i].row == w->rows[k].row;
		w->stale += both;
		i += both;
		if (k == w->n_rows || (i < w->settled && !both && w->rows[i].row < w->rows[k].row))
			to[n++] = w->rows[i++];
		else
			to[n++] = w->rows[k++];
	}
	free(w->rows);
	w->rows = to;
	w->rows_cap = cap;
	w->n_rows = n;
	return true;
}

bool
words_settle(struct words *w)
{
	size_t fresh = w->n_rows - w->settled;

	if (fresh)
		qsort(w->rows + w->settled, fresh, sizeof *w->rows, by_row);
	if (fresh && w->settled && w->rows[w->settled].row <= w->rows[w->settled - 1].row && !merge(w))
		return false;
	w->settled = w->n_rows;
	return true;
}

size_t
words_rows(const struct words *w)
{
	return w->settled;
}

size_t
words_stale(const struct words *w)
{
	return w->stale;
}

size_t
words_bytes(const struct words *w)
{
	return w->text_cap + w->cap * sizeof *w->words + w->n_slots * sizeof *w->slots + w->rows_cap * sizeof *w->rows +
	       w->of_cap * sizeof *w->of;
}

/* ---- finding ---- */

bool
words_cut(str asked, bool near, struct words_ask *ret)
{
	str word;

	ret->near = near;
	ret->length = asked.n;
	ret->n = 0;
	while (near ? near_next(&asked, &word) : asked.n > 0) {
		if (!near)
			str_cut(asked, ' ', &word, &asked);
		if (!word.n)
			continue;
		if (ret->n == WORDS_ASKED)
			return false;
		ret->words[ret->n++] = word;
	}
	return ret->n > 0;
}

int
words_fit(const struct words_ask *ask, str key)
{
	int sum = 0;

	for (size_t i = 0; i < ask->n; i++) {
		int errors = ask->near                                  ? near_fit(ask->words[i], key)
		             : str_find(key, ask->words[i]) == SIZE_MAX ? -1
		                                                        : 0;
		if (errors < 0 || (ask->near && errors > ask->errors))
			return -1;
		sum += errors;
	}
	return sum;
}

int
words_more(const struct words_ask *ask, size_t length)
{
	return !ask->near ? 0 : (int)(length > ask->length ? length - ask->length : ask->length - length);
}

int
words_by_fit(const void *x, const void *y)
{
	const struct words_hit *a = x, *b = y;

	if (a->errors != b->errors)
		return a->errors - b->errors;
	return a->more != b->more ? a->more - b->more : a->row < b->row ? 1 : -1;
}

/* What each word is good for: a bit for each word asked, and (near) with how many errors. */
struct marks {
	uint8_t *bits, *errors[WORDS_ASKED];
};

static size_t
word_at(const struct words *w, size_t at)
{
	size_t low = 0, high = w->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (w->words[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The words that hold the part; false: none. */
static bool
mark_parts(const struct words *w, str part, size_t bit, struct marks *m)
{
	const char *end = w->text + w->text_n, *p = w->text;
	bool any = false;

	while (p < end && (p = memmem(p, (size_t)(end - p), part.s, part.n))) {
		size_t i = word_at(w, (size_t)(p - w->text));
		str word = word_text(w, i);
		m->bits[i] |= (uint8_t)(1U << bit);
		any = true;
		p = word.s + word.n + 1;
	}
	return any;
}

/* Each error takes one letter of the word asked at most, so whatever lacks more of them needs no closer look. */
static bool
mark_near(const struct words *w, str asked, size_t bit, int most, struct marks *m)
{
	uint64_t bag = asked.n > NEAR_WORD ? 0 : near_bag(asked);
	bool any = false;

	for (size_t i = 0; i < w->n; i++) {
		if (__builtin_popcountll(bag & ~w->words[i].bag) > most)
			continue;
		int errors = near_fit(asked, word_text(w, i));
		if (errors < 0 || errors > most)
			continue;
		m->bits[i] |= (uint8_t)(1U << bit);
		m->errors[bit][i] = (uint8_t)errors;
		any = true;
	}
	return any;
}

static bool
mark_all(const struct words *w, struct arena *a, const struct words_ask *ask, struct marks *m)
{
	bool any = true;

	m->bits = arena_new(a, uint8_t, w->n + 1);
	for (size_t i = 0; any && i < ask->n; i++) {
		if (ask->near)
			m->errors[i] = arena_new(a, uint8_t, w->n + 1);
		any = ask->near ? mark_near(w, ask->words[i], i, ask->errors, m) : mark_parts(w, ask->words[i], i, m);
	}
	return any;
}

static int
errors_of(const struct words *w, const struct row_words *r, const struct words_ask *ask, const struct marks *m)
{
	int sum = 0;

	for (size_t i = 0; ask->near && i < ask->n; i++) {
		int least = 99;
		for (size_t k = r->from; k < (size_t)r->from + r->n; k++)
			if (m->bits[w->of[k]] >> i & 1 && m->errors[i][w->of[k]] < least)
				least = m->errors[i][w->of[k]];
		sum += least;
	}
	return sum;
}

static size_t
length_of(const struct words *w, const struct row_words *r)
{
	size_t n = r->n ? r->n - 1 : 0;

	for (size_t k = r->from; k < (size_t)r->from + r->n; k++)
		n += word_text(w, w->of[k]).n;
	return n;
}

static int
by_id(const void *x, const void *y)
{
	const id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static bool
is_excepted(const struct words_ask *ask, id row)
{
	return ask->n_except && bsearch(&row, ask->except, ask->n_except, sizeof(id), by_id);
}

void
words_find(const struct words *w, struct arena *a, const struct words_ask *ask, struct words_hit **ret, size_t *ret_n)
{
	struct words_hit *hits = NULL;
	struct marks m = { 0 };
	size_t n = 0, cap = 0;
	unsigned full = (1U << ask->n) - 1;

	assert(ask->n && ask->n <= WORDS_ASKED);
	if (mark_all(w, a, ask, &m))
		for (size_t i = w->settled; n < ask->most && i-- > 0;) {
			const struct row_words *r = &w->rows[i];
			const uint32_t *of = w->of + r->from;
			unsigned got = 0;
			for (uint32_t k = 0; k < r->n; k++)
				got |= m.bits[of[k]];
			if (got != full || is_excepted(ask, r->row))
				continue;
			arena_grow(a, hits, n, cap);
			hits[n++] = (struct words_hit){ r->row, errors_of(w, r, ask, &m),
				ask->near ? words_more(ask, length_of(w, r)) : 0 };
		}
	*ret = hits;
	*ret_n = n;
}
