/* Systems that deals come from (D5a): which of them is the master, of which fields, and where a deal is found there.
   What it is not for: reading their files (imports/). */
#ifndef AREAS_DEALS_SOURCE_H
#define AREAS_DEALS_SOURCE_H

#include "areas/deals/deals.h"

struct source_system {
	struct row row;
	str name, label; /* name: as deals have it in `source`; label: for people */
	str url;         /* with {id} for the deal's id there; empty: no way there */
	bool master;     /* its fields are read-only here */
	str fields;      /* names of fields of a deal that are its own, blank-separated */
};

extern const struct record source_record;
/* Fields that may have another master; next step, steps, commitments and coaching never have. NULL at the end. */
extern const char *const source_fields[];

/* ERR_ABSENT: nothing is known of that system. */
enum err source_find(struct conn *c, struct arena *a, id org, str name, struct source_system *ret);
/* Is that field of a deal of this system changed there and not here? */
bool source_owns(const struct source_system *s, const char *field);
/* Where the deal is found in that system; empty: it is not known. */
str source_link(struct arena *a, const struct source_system *s, str external_id);
/* Faults for what somebody changed here that is changed there. */
enum err source_guard(struct change *c, const struct deal *was, const struct deal *d, struct faults *f);

#endif
