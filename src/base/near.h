/* Words that are nearly the same: for search that forgives a typing error, and for duplicates.
   What it is not for: sound or meaning. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/arena.h"
#include "base/str.h"

#define NEAR_WORD 40 /* letters of a word that are looked at */

/* Errors forgiven in a word of n letters: none below four, one below eight, else two. */
int near_forgiven(size_t letters);
/* Letters to add, drop, change or swap with the next one to get from a to b (optimal string alignment: Damerau 1964,
   Levenshtein 1966); counting stops at most + 1. Both folded. */
int near_distance(str a, str b, int most);
/* As near_distance, but b may go on: "helb" is near the beginning of "helbing". */
int near_prefix(str a, str b, int most);
/* Pigeonhole: whatever differs from the word by `errors` at most holds one of its errors + 1 parts unchanged. ret holds
   up to three. Swaps may break two parts, so the caller ranks with near_distance and may miss a swap at a seam. */
size_t near_parts(str word, int errors, str ret[3]);
/* How well a name fits what was asked: the sum of errors over all words asked, each against its nearest word of the
   name, in any order. -1: a word does not fit. Both folded. */
int near_fit(str asked, str name);
/* The next word of a text: letters and digits; what stands between is passed over. False: there is none. */
bool near_next(str *rest, str *ret);
/* Which letters a word has, as a set: letters that one has and the other lacks need an error each. */
uint64_t near_bag(str word);

#endif
