/* The node number in ids (base/id.h): one process alone has it, of those that write to a database, and it is free again
   when that process ends, however it ends. What it is not for: rows; a lock frees itself where a leased row would wait
   for a clock. */
#ifndef DB_NODE_H
#define DB_NODE_H

#include <stdbool.h>

#include "base/err.h"

/* try locks that number for as long as the handle lives; false when another has it. Gives this process its number, the
   first time. ERR_BUSY: all 32 are taken. */
enum err node_lease(bool (*try)(void *what, int node), void *what);

#define NODE_NONE_LEFT "32 other programs have this database open for writing; end one of them"

#endif
