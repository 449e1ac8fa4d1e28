/* The sales process: stages, steps, allowed days (P1, P2, P4). Versioned: a deal stays on its process.
   What it is not for: the deals (deals/). */
#ifndef AREAS_PROCESS_PROCESS_H
#define AREAS_PROCESS_PROCESS_H

#include "areas/people/people.h"

enum outcome { OUTCOME_NONE, OUTCOME_OPEN, OUTCOME_WON, OUTCOME_LOST };
enum importance {
	IMPORTANCE_NONE,
	IMPORTANCE_OPTIONAL,
	IMPORTANCE_HELPFUL,
	IMPORTANCE_IMPORTANT,
	IMPORTANCE_MANDATORY,
	IMPORTANCE_CRITICAL
};

/* P2: what completing a step asks for. */
enum step_kind {
	STEP_NONE, /* as a tick */
	STEP_TICK,
	STEP_TEXT,
	STEP_NUMBER,
	STEP_CHOICE,
	STEP_QUESTION,
	STEP_STAKEHOLDER,
	STEP_ACTIVITY,
	STEP_DOCUMENT
};

struct process {
	struct row row;
	str name, source; /* source: "" ours, else the import source whose stages it mirrors */
	int64_t number;   /* version */
	bool standard;    /* new deals start here */
};

struct stage {
	struct row row;
	id process;
	int64_t position;
	str name, exit;       /* exit: what the buyer has done, in the buyer's words */
	int outcome;          /* enum outcome */
	int64_t probability;  /* percent; the lowest, where the highest is given too (P4) */
	int64_t greatest;     /* percent, the highest; NO_INT: the stage alone says the probability */
	int64_t allowed_days; /* NO_INT: no limit */
	str guidance;
};

struct step {
	struct row row;
	id stage;
	int64_t position;
	str name, guidance;
	int importance; /* enum importance */
	int kind;       /* enum step_kind */
	int64_t points; /* percent that it adds to the deal's probability once completed (P4); NO_INT: none */
	str options;    /* of a choice, with | between them */
};

/* The next of a choice's options, trimmed; false: there is none. */
bool step_option(str *rest, str *ret_one);

extern const struct record process_record, stage_record, step_record;
extern const struct choice outcome_choices[];

#endif
