/* Uploaded files between two pages of the wizard: in a folder of this user's, mode 0600, gone after a day.
   What it is not for: anything that must last. */
#ifndef AREAS_IMPORTS_SPOOL_H
#define AREAS_IMPORTS_SPOOL_H

#include "base/err.h"
#include "base/id.h"
#include "base/time.h"
#include "base/arena.h"

enum err spool_put(struct arena *a, id org, str bytes, id *ret);
/* In slices: an empty one first, then bytes behind what is there. */
enum err spool_begin(struct arena *a, id org, id *ret);
enum err spool_size(struct arena *a, id org, id file, int64_t *ret);
/* ERR_STALE when offset is not where the file ends: *ret_size says where that is, so that a slice sent twice, or after
   a lost line, does no harm. */
enum err spool_append(struct arena *a, id org, id file, int64_t offset, str bytes, int64_t *ret_size);
/* ERR_ABSENT when it is gone, or another company's. */
enum err spool_path(struct arena *a, id org, id file, const char **ret);
/* One at a time works on a file, as long as the arena lives: a form sent twice finds what the first one did. ERR_BUSY
   when another still works on it after ten seconds. */
enum err spool_lock(struct arena *a, const char *path);

#endif
