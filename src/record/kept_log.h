/* How far the change log of each company has been read, and which records its newest change sets touched.
   What it is not for: what is kept until then (kept.h); the log itself (change.h). Inside record/ only. */
#ifndef RECORD_KEPT_LOG_H
#define RECORD_KEPT_LOG_H

#include <pthread.h>

#include "record/kept.h"

struct kept_org;

struct kept_log {
	pthread_mutex_t lock;
	struct kept_org *orgs; /* newest use first */
	uint64_t last;         /* number of the last look that found something new */
};

void kept_log_init(struct kept_log *l);
void kept_log_fini(struct kept_log *l);

/* Reads what the snapshot shows beyond what was seen before, in whatever process it was written. ret_seen: the number
   of this state of the log, rising; 0 when another has seen more than this snapshot shows. */
enum err kept_log_look(struct kept_log *l, struct conn *c, struct arena *a, id org, uint64_t *ret_seen);
/* Was one of these records ("deal person"), or one of the rows, touched after that state? */
bool kept_log_touched(struct kept_log *l, id org, const char *records, const struct kept_rows *rows, uint64_t seen);

#endif
