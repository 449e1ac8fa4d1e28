/* The process that a company starts with: five stages in the buyer's words, with steps (P1, P2, P4).
   What it is not for: processes that mirror another CRM's stages (the import makes those). */
#ifndef AREAS_PROCESS_STANDARD_H
#define AREAS_PROCESS_STANDARD_H

#include "areas/process/process.h"

/* Creates it in the open change set; *ret its id. */
enum err process_make_standard(struct change *c, id *ret);
/* The process new deals start in; ERR_ABSENT before there is one. */
enum err process_find_standard(struct conn *c, struct arena *a, const struct grant *g, struct process *ret);
/* Stages of a process in order, into the arena. */
enum err process_stages(struct conn *c, struct arena *a, id org, id process, struct stage **ret, size_t *ret_n);
enum err process_steps(struct conn *c, struct arena *a, id org, id stage, struct step **ret, size_t *ret_n);

#endif
