/* Coaching frameworks as data (C3): phases with questions and minutes, a sheet for each of a pair, words to open with.
   A version that a session used is frozen; saving it makes the next one.
   What it is not for: what was said in a session (coaching.h), who meets when (schedule.h). */
#ifndef AREAS_COACHING_FRAMEWORK_H
#define AREAS_COACHING_FRAMEWORK_H

#include "base/err.h"
#include "record/record.h"

#define PHASES_MOST    12
#define QUESTIONS_MOST 12

enum phase_kind { PHASE_NONE, PHASE_TALK, PHASE_PRACTICE, PHASE_SHEET };

struct framework {
	struct row row;
	str name;
	int kind; /* enum meeting: coaching, or inspection, which is counted apart (C2a) */
	str summary, opening;
	int64_t number; /* of the version, from 1 */
	id line;        /* the first version; 0: this is it */
	bool retired;   /* offered no longer; what used it stays */
};

struct framework_phase {
	struct row row;
	id framework;
	int64_t position;
	str name;
	int kind; /* enum phase_kind */
	int64_t minutes;
	str purpose;
	str questions; /* one a line */
};

extern const struct record framework_record, framework_phase_record;
extern const struct choice phase_kinds[];

struct framework_whole {
	struct framework f;
	struct framework_phase phases[PHASES_MOST];
	size_t n_phases;
	int64_t minutes; /* of all phases that are held together */
	int64_t used;    /* sessions that name this version */
};

id framework_line(const struct framework *f);
/* ERR_ABSENT. */
enum err framework_load(
        struct conn *c, struct arena *a, const struct grant *g, id framework, struct framework_whole *ret);
/* The version of that line which is in use now: the highest number. */
enum err framework_current(struct conn *c, id org, id any_version, id *ret);
/* In the open change set: saves w as it stands. A version that was used stays as it is, and w becomes the next one. */
enum err framework_save(struct change *c, struct framework_whole *w, id *ret);
/* Only one that no session named. */
enum err framework_remove(struct change *c, const struct framework_whole *w);

/* ---- as a plain file ---- */
enum err framework_print(struct arena *a, const struct framework_whole *w, str *ret);
/* Reads it whole before anything is written; faults at "line N". */
enum err framework_parse(struct arena *a, str text, struct faults *f, struct framework_whole *ret);
struct framework_import {
	struct framework_whole file;
	id ret;
	bool ret_same; /* nothing differs from the version in use: nothing was written */
};
/* A new one, or the next version of the one of that name. */
enum err framework_take(struct change *c, struct framework_import *x);

/* The program's own, as files; app/ fills it, ended by a NULL name. */
struct framework_file {
	const char *name;
	str text;
};
extern const struct framework_file *(*const framework_ready)(struct arena *a);
/* Those that are not there yet, by name. */
enum err framework_take_ready(struct change *c, int64_t *ret_made);

#endif
