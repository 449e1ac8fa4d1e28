/* When a backup of the whole base was made, and when one was last brought back: notes that the health page reads (I4b).
   What it is not for: making or restoring one (db/). */
#ifndef AUTH_UPKEEP_H
#define AUTH_UPKEEP_H

#include "db/db.h"

enum upkeep { UPKEEP_MADE, UPKEEP_RESTORED };
/* Now; the last note of a kind is kept. place: where, may be empty. */
enum err upkeep_note(struct db *d, struct arena *a, enum upkeep kind, str place);
/* ERR_ABSENT: none was noted. */
enum err upkeep_find(struct conn *c, struct arena *a, enum upkeep kind, instant *ret_at, str *ret_place);

#endif
