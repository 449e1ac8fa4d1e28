/* How a version of a process leads one deal: which steps appear (P3), which are done, what they add up to (P4), what
   must hold to enter a stage (P6), and the rules of health (P5). What it is not for: the process itself (process/),
   storing. */
#ifndef AREAS_DEALS_GUIDE_H
#define AREAS_DEALS_GUIDE_H

#include "areas/deals/health.h"
#include "areas/process/condition.h"

/* One version, with its conditions read. */
struct guide {
	id process;
	struct stage *stages;
	size_t n_stages;
	struct step *steps; /* in the order of stages, then their own */
	size_t n_steps;
	struct condition **appears;        /* of each step; NULL: always */
	struct condition **enter;          /* of each stage */
	bool conditional;                  /* a step has a condition */
	const struct condition_field *own; /* of the company's deals, archived ones too */
	size_t n_own;
	struct health_rules rules;
};

enum err guide_load(struct conn *c, struct arena *a, id org, id process, struct guide *ret);
const struct stage *guide_stage(const struct guide *g, id stage);

/* A completion, as far as rules look at it. */
struct guided_step {
	bool shown; /* its condition holds */
	bool done;
	bool waits; /* for the step that must be done before */
	str answer;
	day on_day;
};

/* What the rules know of one deal. */
struct guided {
	struct conn *conn;
	struct arena *arena;
	const struct guide *guide;
	const struct deal *deal;
	id org;
	day today;
	struct guided_step *steps; /* as guide->steps */
	str *roles, *competitors;  /* folded */
	size_t n_roles, n_competitors;
	int64_t people, deciders, activities, documents;
	bool counted;                               /* activities and documents are */
	int64_t sum;                                /* percent, of shown and completed steps */
	int64_t stage_steps, stage_done, steps_due; /* of its stage; due: mandatory or critical, and open */
	day progress_on;                            /* of the last completed step */
};

/* Reads what is there and evaluates the conditions. A deal that is not stored yet has nothing. */
enum err guide_deal(struct conn *c, struct arena *a, const struct guide *g, id org, const struct deal *d, day today,
        struct guided *ret);
/* Steps count as done that are completed with the move; call guide_judge afterwards. */
void guide_suppose(struct guided *x, id step, str answer);
/* The conditions again, and what follows from them. */
enum err guide_judge(struct guided *x);
/* What is missing to enter a stage, in words, one each; *ret_n 0: it may enter. */
enum err guide_enter(struct guided *x, id stage, str **ret, size_t *ret_n);

#endif
