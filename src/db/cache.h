/* Prepared statements of a connection, prepared once and found again by their text.
   What it is not for: results (nothing read from the database is kept here). */
#ifndef DB_CACHE_H
#define DB_CACHE_H

#include "db/engine.h"

/* A statement that is not open; the caller gives it back with cache_done when its rows are read. */
enum err cache_get(struct conn *c, const char *sql, struct statement **ret);
void cache_done(struct conn *c, struct statement *s);
/* Forgets them all, before the connection is closed. */
void cache_clear(struct conn *c);
/* The statement in the engine's dialect, from malloc; NULL after conn_fail. */
char *cache_dialect(struct conn *c, const char *sql);

#endif
