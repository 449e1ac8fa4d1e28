/* Live updates: what was changed, told to the open browsers of the company within a moment of the commit.
   What it is not for: the contents of any change. Pages ask again, under their own rights. */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "page/page.h"

struct live;

/* A thread of its own; it looks after each commit of this process, and every second for those of others (the
   command line, a second server). NULL: no memory or no thread. */
struct live *live_open(struct db *d, struct http_server *s);
void live_close(struct live *l);

extern const struct route live_routes[];

#endif
