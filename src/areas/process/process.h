/* The sales process: versions, stages, steps, rules of health, reasons for lost, what comes next (P1–P6).
   A version is edited while it is a draft; published ones stand still, so that a deal stays on what it began with.
   What it is not for: the deals (deals/), the pages of the designer (design/). */
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

enum process_state { PROCESS_NONE, PROCESS_DRAFT, PROCESS_PUBLISHED, PROCESS_RETIRED };

struct process {
	struct row row;
	str name, source; /* source: "" ours, else the import source whose stages it mirrors: edited in place, no
	                     versions */
	int64_t number;   /* version */
	bool standard;    /* new deals start here */
	int state;        /* enum process_state */
	id line;          /* the first version; 0: it is the first (process_line) */
	id base;          /* the version it was made from; 0: none */
	day published_on;
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
	str guidance;         /* Markdown */
	str guidance_html;    /* rendered at save */
	str condition;  /* what must hold to enter it: of the won stage, the conditions for won (P6); condition.h */
	int64_t origin; /* the stage of an earlier version that it is a copy of, back to the first; 0: none */
};

struct step {
	struct row row;
	id stage;
	int64_t position;
	str name, guidance; /* Markdown */
	int importance;     /* enum importance */
	int kind;           /* enum step_kind */
	int64_t points;     /* percent that it adds to the deal's probability once completed (P4); NO_INT: none */
	str options;        /* of a choice, with | between them */
	str guidance_html;  /* rendered at save */
	str condition;      /* when it appears (P3); empty: always; condition.h */
	id depends;         /* a step of the same version that must be done before; 0: none */
	int64_t origin;     /* as of a stage */
};

/* P6: why a deal was lost, a list of the whole line of versions. Archived, not deleted: closed deals name it. */
struct lost_reason {
	struct row row;
	id process; /* the first version of the line */
	int64_t position;
	str name, hint; /* hint: what falls under it */
	bool archived;
};

/* P5: the rules of health, in the order of their names. */
enum rule {
	RULE_NONE,
	RULE_STAGE_DAYS,         /* percent of the allowed days used up */
	RULE_NO_PROGRESS,        /* days since a step was completed, or the stage entered */
	RULE_NO_ACTIVITY,        /* days since anything was recorded */
	RULE_NO_NEXT_STEP,       /* there is none: measured as 1 */
	RULE_NEXT_STEP_OVERDUE,  /* days past its day */
	RULE_CLOSE_PASSED,       /* days past the expected close */
	RULE_CLOSE_PUSHED,       /* times that the close date moved later */
	RULE_SINGLE_THREADED,    /* fewer stakeholders than */
	RULE_NO_DECISION_MAKER,  /* nobody with decisive influence is known: measured as 1 */
	RULE_IMPORTANCE_OVERDUE, /* percent of the allowed days used up while a mandatory or critical step is open */
	RULE_COUNT
};

enum rule_unit { RULE_IN_DAYS, RULE_IN_PERCENT, RULE_IN_TIMES, RULE_IN_PEOPLE, RULE_IN_FACT };

/* What every rule of that name has in common. */
struct rule_kind {
	const char *code, *label;
	enum rule_unit unit;
	bool fewer;       /* fires below its limit; the others fire above it */
	const char *asks; /* "Days in this stage, as a share of the allowed ones" */
	const char *mend; /* what clears it */
};
extern const struct rule_kind rule_kinds[RULE_COUNT];

/* A rule as a version has it. Where a version has no row of a kind, rule_standard holds: as the program came. */
struct health_rule {
	struct row row;
	id process;
	id stage; /* for this stage alone; 0: all of the version that have no row of their own */
	int kind; /* enum rule */
	bool off;
	int64_t watch, warning, critical; /* it fires at that level above (fewer: below) this; NO_INT: never */
};

/* P6: what a deal starts next. */
enum next_when { NEXT_NONE, NEXT_WON, NEXT_LOST, NEXT_STAGE };
enum next_what { NEXT_NOTHING, NEXT_DEAL, NEXT_TASK };

struct next_start {
	struct row row;
	id process;
	int moment;         /* enum next_when */
	id stage;           /* NEXT_STAGE: on entering it */
	int what;           /* enum next_what */
	id target;          /* NEXT_DEAL: first version of the process it starts in, by its published version then */
	str name;           /* of the new deal or task; "{deal}" and "{account}" are filled in */
	int64_t after_days; /* 0: at once */
};

/* The next of a choice's options, trimmed; false: there is none. */
bool step_option(str *rest, str *ret_one);

extern const struct record process_record, stage_record, step_record, lost_reason_record, health_rule_record,
        next_start_record;
extern const struct choice outcome_choices[], importance_choices[], step_kind_choices[], process_state_choices[],
        next_when_choices[], next_what_choices[];

/* The line of versions it belongs to, by the first one. */
id process_line(const struct process *p);
/* Everything that knew no versions is published. */
int process_state(const struct process *p);
/* What a kind does where the version says nothing. */
struct health_rule rule_standard(int kind);
/* Of rules loaded by process_rules, the one that holds in a stage: its own, else the version's, else the standard. */
struct health_rule rule_for(const struct health_rule *rules, size_t n, int kind, id stage);
/* enum health's number for a measure: 0 none fires, else 2 watch, 3 warning, 4 critical. */
int rule_level(const struct health_rule *rule, int64_t measure);
/* "watch more than 21 days, warning more than 30 days"; "off" */
str rule_words(struct arena *a, const struct health_rule *rule);
/* For the checks of a version's parts: a fault when deals stand on it (P1). */
enum err process_part_check(struct change *c, id process, struct faults *f);
/* P6: the names in the circle that starting in target would close, "A → B → A"; empty: none. target is a line. */
enum err process_circle(struct conn *c, struct arena *a, id org, const struct process *from, id target, str *ret);

#endif
