/* The names of many rows in memory, as the words they consist of: each word once, each row a few numbers. Found by any
   part of any word, or by words nearly the same, in one pass over the words and one over the rows.
   What it is not for: knowing the database (named.h), or who may see a row (find.h). */
#ifndef RECORD_WORDS_H
#define RECORD_WORDS_H

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"

struct words;

struct words *words_new(void); /* NULL: no memory */
void words_free(struct words *w);
/* The row is called that from now on; key: folded, empty for a row that is gone. Found after words_settle. False: no
   memory, and w is good for nothing but words_free. */
bool words_put(struct words *w, id row, str key);
/* After puts, each row once since the last settling. */
bool words_settle(struct words *w);
size_t words_rows(const struct words *w);
size_t words_stale(const struct words *w); /* rows that were put again: their earlier words are still there */
size_t words_bytes(const struct words *w);

#define WORDS_ASKED 8
struct words_ask {
	str words[WORDS_ASKED]; /* folded, none empty, without blanks */
	size_t n;
	bool near;        /* nearly the same as the beginning of a word, by near_fit; else: a part of a word */
	int errors;       /* of each word, at most */
	size_t length;    /* of all that is asked, in bytes; words_cut says it */
	size_t most;      /* rows wanted, the newest */
	const id *except; /* not these; sorted */
	size_t n_except;
};
struct words_hit {
	id row;
	int errors; /* of all words together */
	int more;   /* nearly: bytes that the whole name is longer or shorter than what was asked */
};
/* For qsort: the fewest errors, then those as long as what was asked, then the newest. */
int words_by_fit(const void *x, const void *y);
/* What is asked, cut at blanks, or (near) at whatever is neither letter nor digit; false: too many words, or none. */
bool words_cut(str asked, bool near, struct words_ask *ret);
/* Does a folded name hold what is asked, and how well? -1: no. */
int words_fit(const struct words_ask *ask, str key);
int words_more(const struct words_ask *ask, size_t length);
/* Rows that hold every word, the newest first; memory from a. */
void words_find(
        const struct words *w, struct arena *a, const struct words_ask *ask, struct words_hit **ret, size_t *ret_n);

#endif
