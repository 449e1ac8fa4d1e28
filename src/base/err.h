/* What can go wrong, and what is said about it. Functions return enum err; only http/ knows statuses.
   What it is not for: messages to a log (log.h). */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

enum err {
	OK = 0,
	ERR_INPUT,      /* what was given is wrong; the faults say where and how to mend it */
	ERR_ABSENT,     /* not there, or not yours: the two are the same to the asker */
	ERR_SIGNED_OUT, /* nobody is known; sign in first */
	ERR_DENIED,     /* known, and may not */
	ERR_STALE,      /* somebody changed it since it was read */
	ERR_DUPLICATE,  /* a unique key is taken */
	ERR_BUSY,       /* try again; nothing was done */
	ERR_LARGE,      /* over a stated limit */
	ERR_FULL,       /* disk full; reading goes on */
	ERR_IO,         /* the machine failed */
	ERR_DB,         /* the database refused what should have been right */
	ERR_MEMORY,     /* the arena's cap */
	ERR_COUNT
};

const char *err_name(enum err e); /* "stale" … for logs and JSON */

/* One thing that is wrong with what was given: the place, what is wrong, how to mend it. */
struct fault {
	str place; /* field name, "row 12, column close_date", "line 3" */
	str what;  /* "31 February is not a day" */
	str mend;  /* "write the day as 2026-02-28"; may be empty */
	struct fault *next;
};

struct faults {
	struct arena *arena;
	struct fault *first, **last;
	size_t n;
};

void faults_init(struct faults *f, struct arena *a);
/* Strings are kept as given: they must live as long as the arena. Always returns ERR_INPUT. */
enum err fault_add(struct faults *f, str place, str what, str mend);
const struct fault *fault_at(const struct faults *f, str place); /* NULL when that place is fine */

#endif
