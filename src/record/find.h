/* Rows found by the words of their names: in any order, with any accents, typing errors forgiven where that finds
   little. What it is not for: filters of lists (list_where), ranking across kinds (areas/deals/search.c). */
#ifndef RECORD_FIND_H
#define RECORD_FIND_H

#include "record/record.h"
#include "record/words.h"

/* Where is looked: a table whose column `name` has a folded copy, name_key. Names are looked through in memory
   (named.h) or in the index of that copy, which holds all that is needed; the rows come afterwards, under the rights of
   the lists. */
struct find_in {
	const char *table, *name;
	bool open;        /* everybody's name is everybody's to find */
	const char *only; /* of the rows t: " and …"; "": all */
};

struct find_hit {
	const struct find_in *in;
	id row;
	str name;
	int errors; /* letters that were forgiven */
};

#define FIND_WORDS      6
#define FIND_CANDIDATES 20000 /* of one kind, before they are ranked and it is asked who may see them */
struct find {
	struct conn *conn;
	struct arena *arena;
	const struct grant *grant;
	str asked; /* folded */
	str words[FIND_WORDS];
	size_t n_words;
	struct find_hit *hits;
	size_t n, cap;
};

/* q: as typed; its first 100 bytes. */
void find_init(struct conn *c, struct arena *a, const struct grant *g, str q, struct find *ret);
/* A sign was typed on purpose: "50%" means that, and is not bent. */
bool find_forgives(const struct find *f);
/* Each adds to the hits what is not among them yet. Those whose name begins with what was asked (everything, where
   nothing was), in the order of names; `most` of them. */
enum err find_starting(struct find *f, const struct find_in *in, size_t most);
/* Those that hold every word; up to 12: the newest where the names are kept in memory, else any. */
enum err find_exactly(struct find *f, const struct find_in *in);
/* Those whose words are near those asked, `errors` a word at most, the nearest first; up to 12. */
enum err find_nearly(struct find *f, const struct find_in *in, int errors);
/* Those of some rows, the best first, that may be seen; up to 12. c is used up. */
enum err find_among(struct find *f, const struct find_in *in, struct words_hit *c, size_t n);
/* " and …": what the grant may see of the rows t. */
str find_may(const struct find *f, const struct find_in *in);
bool find_known(const struct find *f, const struct find_in *in, id row);
void find_push(struct find *f, struct find_hit hit);

#endif
