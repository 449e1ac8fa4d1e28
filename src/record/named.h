/* The names of large tables, kept in memory while a server runs, so that a part of a name or a word typed wrongly is
   found without a look at every row. Nothing of it is stored: what changed since it was read is looked at in the
   database, by the change sets that are not in it yet (docs/decisions/0008-names-in-memory.md).
   What it is not for: rights. What is found are ids, which nobody is shown before the rows are read under a grant. */
#ifndef RECORD_NAMED_H
#define RECORD_NAMED_H

#include "record/record.h"
#include "record/words.h"

#define NAMED_LEAST 20000 /* rows; fewer are looked through as quickly */

/* From now on tables that are searched and have that many rows are kept; before, none is. */
void named_open(size_t least);
/* One round of the work: reads what is asked for, catches up with changes, lets go what nobody asked for in an hour.
   For one thread alone; in a snapshot of its own. */
enum err named_renew(struct db *d, struct arena *a);
void named_close(void);

struct named_found {
	bool known; /* false: the names are not kept, or too much changed since: look through the table */
	struct words_hit *hits;
	size_t n;
};
/* Rows whose name fits, as conn's snapshot has them, the best first. ask->except is not used. A race
   with a rename may find what was found by the old name a moment ago, so read the rows again. */
enum err named_find(struct conn *c, struct arena *a, id org, const struct record *r, const char *field,
        const struct words_ask *ask, struct named_found *ret);
/* [1,2,3] for json_each: ids of hits. */
str named_json(struct arena *a, const struct words_hit *hits, size_t n);

#endif
