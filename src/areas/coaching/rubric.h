/* Rubrics as data (C7): a skill, a few criteria, and for each of them levels that are anchored in a sentence of what
   one sees. Linted when written (E8b); a version that an observation used is frozen, and saving it makes the next one.
   What it is not for: what was seen of a person (observe.h). */
#ifndef AREAS_COACHING_RUBRIC_H
#define AREAS_COACHING_RUBRIC_H

#include "areas/coaching/coaching.h"

#define CRITERIA_MOST 8
#define LEVELS_LEAST  3
#define LEVELS_MOST   5
#define ANCHOR_MOST   240

struct rubric {
	struct row row;
	str name;
	int kind; /* enum observed: what it is made for */
	id skill;
	str summary;
	int64_t number; /* of the version, from 1 */
	id line;        /* the first version; 0: this is it */
	bool retired;   /* offered no longer; what used it stays */
};

struct rubric_criterion {
	struct row row;
	id rubric;
	int64_t position;
	str name;
	str anchors; /* one a line, level 1 first */
};

extern const struct record rubric_record, rubric_criterion_record;

struct rubric_whole {
	struct rubric r;
	str skill; /* its name; of a file: to be found, or made */
	struct rubric_criterion criteria[CRITERIA_MOST];
	size_t n;
	int64_t used; /* observations that name this version */
	id was;       /* of a form: its first criterion when it was read, which each save makes anew; 0: not compared */
};

id rubric_line(const struct rubric *r);
/* The anchors by level, from ret[0] for level 1; those between that are missing are empty. At most LEVELS_MOST. */
size_t rubric_levels(const struct rubric_criterion *x, str ret[LEVELS_MOST]);
/* Of the level, from 1; empty: there is none. */
str rubric_anchor(const struct rubric_criterion *x, int64_t level);

/* ERR_ABSENT. */
enum err rubric_load(struct conn *c, struct arena *a, const struct grant *g, id rubric, struct rubric_whole *ret);
/* In the open change set: lints w and saves it as it stands. A version that was used stays as it is, and w becomes the
   next one. Places of faults: name, skill, kind, c0_name, c0_l1 (criterion from 0, level from 1). */
enum err rubric_save(struct change *c, struct rubric_whole *w, id *ret);
/* Only one that no observation named. */
enum err rubric_remove(struct change *c, const struct rubric_whole *w);

/* ---- lint (rubric_lint.c) ---- */
/* Where the words stand in a file. */
struct rubric_lines {
	int list, criterion[CRITERIA_MOST], level[CRITERIA_MOST][LEVELS_MOST];
};
/* E8b: levels from 1 without a gap, as many in each criterion; each anchor one full sentence of what one sees, no two
   the same, none that only judges. lines NULL: places are those of the form. Pure. */
enum err rubric_lint(struct arena *a, const struct rubric_whole *w, const struct rubric_lines *lines, struct faults *f);

/* ---- as a plain file (rubric_file.c) ---- */
enum err rubric_print(struct arena *a, const struct rubric_whole *w, str *ret);
/* Reads and lints it whole before anything is written; faults at "line N". */
enum err rubric_parse(struct arena *a, str text, struct faults *f, struct rubric_whole *ret);
struct rubric_import {
	struct rubric_whole file;
	id ret;
	bool ret_same; /* nothing differs from the version in use: nothing was written */
};
/* A new one, or the next version of the one of that name; a skill that is not there yet comes with it. */
enum err rubric_take(struct change *c, struct rubric_import *x);

/* The program's own, as files; app/ fills it, ended by a NULL name. */
struct rubric_ready_file {
	const char *name;
	str text;
};
extern const struct rubric_ready_file *(*const rubric_ready)(struct arena *a);
/* Those that are not there yet, by name. */
enum err rubric_take_ready(struct change *c, int64_t *ret_made);

#endif
