/* Versions of a process: one read whole, copied into a draft, compared with another, published (P1).
   What it is not for: moving deals to a version (design/), files (plain.h). */
#ifndef AREAS_PROCESS_VERSION_H
#define AREAS_PROCESS_VERSION_H

#include "areas/process/condition.h"
#include "areas/process/content.h"

/* Of a file: what it brings of the library, and where that is shown. */
struct version_piece {
	struct content c;
	int line;
};
struct version_place {
	id stage, step; /* step 0: of the stage */
	str title;
	int line;
};

struct version {
	struct process p;
	struct stage *stages;
	struct step *steps; /* of all stages, in order */
	struct health_rule *rules;
	struct next_start *nexts;
	struct lost_reason *reasons; /* of the line, archived ones at the end */
	size_t n_stages, n_steps, n_rules, n_nexts, n_reasons;
	const struct condition_field *own; /* fields of the company's deals, that conditions may name (P3) */
	size_t n_own;
	struct version_piece *pieces; /* of a file alone (plain.h) */
	struct version_place *places;
	size_t n_pieces, n_places;
};

/* ERR_ABSENT: there is no such version. */
enum err version_load(struct conn *c, struct arena *a, const struct grant *g, id process, struct version *ret);
const struct stage *version_stage(const struct version *v, id stage);
/* What its conditions may name. */
struct condition_world version_world(const struct version *v);

/* A new draft with everything of `from`; its number follows the highest of the line. One draft a line: ERR_INPUT names
   the one that is there. */
enum err version_draft(struct change *c, const struct version *from, id *ret);
/* The draft with all its parts. */
enum err version_drop(struct change *c, const struct version *v);
/* A stage of a draft with its steps, rules, starts and attached contents. */
enum err version_drop_stage(struct change *c, const struct version *v, id stage);
enum err version_drop_step(struct change *c, const struct version *v, id step);

/* What stands in the way of publishing, as faults: names of stages missing, conditions on what is not there, circles.
 */
enum err version_check(struct conn *c, struct arena *a, id org, const struct version *v, struct faults *f);
/* Checks; the published version of the line is retired, this one takes its place and, where it was, the start of new
   deals. */
enum err version_publish(struct change *c, const struct version *v);

/* ---- comparison ---- */

enum version_change_kind { VERSION_ADDED, VERSION_REMOVED, VERSION_CHANGED, VERSION_MOVED };

struct version_change {
	int kind;               /* enum version_change_kind */
	const char *what;       /* "Stage", "Step", "Rule of health", "What comes next" */
	str name, of;           /* of: the stage of a step */
	str words;              /* "Allowed days: 21 → 30" */
	id old_stage, old_step; /* for the deals that stand there; 0: none */
};

/* Pure. A copy is known by its origin, anything else by its name; renamed things are changed, not new. */
enum err version_compare(struct arena *a, const struct version *old, const struct version *fresh,
        struct version_change **ret, size_t *ret_n);
/* The counterpart in another version; NULL: there is none. */
const struct stage *version_same_stage(const struct version *in, const struct stage *s);
const struct step *version_same_step(const struct version *in, const struct version *of, const struct step *s);

#endif
