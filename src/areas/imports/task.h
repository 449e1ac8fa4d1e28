/* An import that runs in the server while people look on: started by the wizard, watched from any page, stopped on
   request. How far it is stands in a file beside the upload, so that every process of the machine sees it; who runs it
   holds the file's lock, so that one which was killed is known as interrupted at once. What it is not for: what becomes
   of a row (pipeline.h). */
#ifndef AREAS_IMPORTS_TASK_H
#define AREAS_IMPORTS_TASK_H

#include "areas/imports/pipeline.h"

enum task_state { TASK_RUNNING, TASK_DONE, TASK_REFUSED, TASK_STOPPED, TASK_FAILED, TASK_BROKEN };

/* What the wizard decided; kept with the upload, so that an interrupted one goes on as it began. */
struct task_order {
	id org, login, person, upload;
	int kind;
	str name, sheet, map, fingerprint;
	day as_of;
	bool partial, full;
	id resume;
};

struct task_view {
	enum task_state state; /* TASK_BROKEN: it was killed, or the machine stopped */
	enum import_phase phase;
	int64_t rows, total, fates[FATE_COUNT];
	id import; /* 0: nothing is written yet */
	bool stopping;
	str why; /* of TASK_REFUSED and TASK_FAILED */
	struct task_order order;
};

/* Starts it on a thread of its own; one after the other runs. ERR_BUSY when this upload is being imported already. */
enum err task_start(struct db *d, struct arena *a, const struct task_order *o);
/* ERR_ABSENT when no import of that upload was begun, or it is another company's. */
enum err task_look(struct arena *a, id org, id upload, struct task_view *ret);
/* It ends after the batch at hand. */
enum err task_stop(struct arena *a, id org, id upload);
/* At most that long; true: it does not run any more. */
bool task_wait(struct arena *a, id org, id upload, int most_ms);
/* Before the server closes its database: all end after the batch at hand, as interrupted. */
void task_end_all(void);

#endif
