/* Inside the engine: the lines of a change set and their digests.
   What it is not for: anybody outside record/. */
#ifndef RECORD_CHANGE_H
#define RECORD_CHANGE_H

#include "record/record.h"

struct change_line {
	const char *record;
	id row;
	str field; /* "": created, "-": removed */
	str before, after;
	instant effective;
};

void change_push(struct change *c, const struct record *r, id row, str field, str before, str after);
/* Who, when, why: what the digest covers beside the lines. */
struct change_head {
	id set, login, person, of;
	instant at;
	str kind, reason, idem, salt;
};

str change_digest(struct arena *a, const struct change_head *h, const struct change_line *lines, size_t n);
str change_chain(struct arena *a, str before, int64_t seq, str digest);
enum change_kind change_kind_named(str name);
/* How many rows refer to this one; each is said as a fault. */
enum err record_referrers(struct change *c, const struct record *r, id row, int64_t *ret_n);

#endif
