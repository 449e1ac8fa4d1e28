/* What was computed from many rows and holds until one of them changes, kept in memory between requests.
   The change log says when: whatever process wrote it, what the snapshot at hand shows beyond the last one decides.
   What it is not for: rows, and what a single record says (the database is as fast); or writing: inside a transaction
   nothing is kept or found, for it sees what nobody else sees yet. */
#ifndef RECORD_KEPT_H
#define RECORD_KEPT_H

#include "record/record.h"

/* One kind of thing. Everything that its statements ask with stands in its key: arguments, days, and what the grant
   lets through (kept_may). */
struct kept_kind {
	const char *name;
	const char *records; /* by name: a change to any of them makes it anew; "deal person" */
	size_t size;
	/* Into the zeroed object, from arena a, which is not kept. */
	enum err (*make)(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret);
	/* The object is a copy of the bytes: everything it points to, again from arena a. NULL: it points to nothing.
	 */
	void (*copy)(struct arena *a, void *object);
};

/* Made, or found as it was made from the same rows. What it points to lives as long as arena a and is not to be
   written to: others read it. Of several that want it at once one makes it. */
enum err kept(struct conn *c, struct arena *a, const struct grant *g, const struct kept_kind *k, str key,
        const void *what, void *ret);

struct kept_rows {
	const char *record;
	id from, to; /* ids: from it on, below it */
};
/* The same of a part of the rows of one record, which is not among k->records: only a change to a row of the part makes
   it anew. */
enum err kept_part(struct conn *c, struct arena *a, const struct grant *g, const struct kept_kind *k, str key,
        const struct kept_rows *rows, const void *what, void *ret);

/* The part of a key that says what a grant lets through in these matters: the same for all who see the same. */
str kept_may(struct arena *a, const struct grant *g, const enum matter *matters, size_t n);

/* From now on things are kept beside this database, up to so many bytes; those not asked for longest go first. Without
   it (the command line) everything is made when it is asked for. */
enum err kept_open(struct db *d, size_t most);

#endif
