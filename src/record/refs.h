/* The rows of one record that refer to a row by a field: what goes with it when it goes.
   What it is not for: who may see them (list.h of an area), or undo. */
#ifndef RECORD_REFS_H
#define RECORD_REFS_H

#include "record/record.h"

/* Newest first, whoever may see them, in the arena of the change set. field: a REF of r, by its name. */
enum err record_refs(
        struct change *c, const struct record *r, const char *field, id to, struct row **ret, size_t *ret_n);
/* Removes them all, as record_remove does each. */
enum err record_remove_refs(struct change *c, const struct record *r, const char *field, id to);

#endif
