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
/* Steps of all stages, in the order of stages, then their own; at most 600. */
enum err process_all_steps(struct conn *c, struct arena *a, id org, id process, struct step **ret, size_t *ret_n);
/* Rules of health of a version, those that differ from the standard. */
enum err process_rules(struct conn *c, struct arena *a, id org, id process, struct health_rule **ret, size_t *ret_n);
/* Reasons for lost of its line in order; archived ones only when asked for. Empty: any words will do. */
enum err process_lost_reasons(
        struct conn *c, struct arena *a, id org, id process, bool archived, struct lost_reason **ret, size_t *ret_n);
/* What a deal of this version starts next. */
enum err process_next_starts(
        struct conn *c, struct arena *a, id org, id process, struct next_start **ret, size_t *ret_n);
/* The published version of a line, by any of its versions; ERR_ABSENT: none is. */
enum err process_published(struct conn *c, struct arena *a, id org, id line, struct process *ret);

#endif
