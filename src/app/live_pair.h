/* Which sessions a change touched, and who takes part in each: they alone are told of it, and no more than that it is
   worth a look (C4). What it is not for: private notes, which nobody hears of (C5a), or what all of a company may hear
   (live.c). */
#ifndef APP_LIVE_PAIR_H
#define APP_LIVE_PAIR_H

#include "record/record.h"

#define LIVE_PAIRS 64 /* of one look; an import that touches more is seen with the next page */

struct live_pair {
	const struct record *record; /* of the row that was changed, until the session is found */
	id row, session;
	id persons[3];
};

/* Remembers a changed row when it is part of a session: the session itself, its common notes, its preparation, a
 * commitment. */
void live_pair_note(struct live_pair *all, size_t *n, const struct record *r, id row);
/* Fills session and persons, and leaves each session once; rows that are gone, or of none, drop out. */
enum err live_pair_find(struct conn *c, struct arena *a, id org, struct live_pair *all, size_t *n);
bool live_pair_has(const struct live_pair *p, id person);

#endif
