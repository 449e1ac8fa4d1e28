/* A bounded set of connections that threads take and give back.
   What it is not for: opening or closing them (the engine does, outside the lock). */
#ifndef DB_POOL_H
#define DB_POOL_H

#include <pthread.h>

#include "db/engine.h"

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	struct conn *idle; /* the one used last comes first: its caches are warm */
	int made, most;    /* connections that are, and may be */
};

void pool_init(struct pool *p, int most);
void pool_fini(struct pool *p); /* no connection is left in it */
/* Waits for a connection. NULL: open a new one, then either pool_give it or say pool_lost. */
struct conn *pool_take(struct pool *p);
void pool_give(struct pool *p, struct conn *c);
void pool_lost(struct pool *p); /* one that was taken is closed for good */
/* The idle ones one after another, for closing; NULL when there are none. The caller says pool_lost for each. */
struct conn *pool_drain(struct pool *p);

#endif
