/* A process as a plain file that people read and keep in their own version control: YAML, one file a process, with what
   of the library stands at its stages and steps (K2). What it is not for: attached files themselves, deals. */
#ifndef AREAS_PROCESS_PLAIN_H
#define AREAS_PROCESS_PLAIN_H

#include "areas/process/version.h"

#define PLAIN_MOST ((size_t)1 << 20) /* bytes of a file */

/* The file's text; targets of what comes next are written by their names. */
enum err plain_print(struct conn *c, struct arena *a, const struct grant *g, const struct version *v, str *ret);
/* Reads it whole before anything is written: unknown words, missing names, wrong values, conditions on what is not
   there, each a fault at "line N". Ids in *ret are made up (below 0), so that version_compare works on it. */
enum err plain_parse(
        struct conn *c, struct arena *a, const struct grant *g, str text, struct faults *f, struct version *ret);

struct plain_import {
	const struct version *file;
	id ret_process;      /* the draft that was made; the version it equals when there is no difference */
	bool ret_same;       /* no difference: nothing was written */
	bool ret_new;        /* no process of that name was there */
	bool ret_made;       /* a draft was made */
	size_t ret_attached; /* pieces of the library that were put where the file shows them */
};

/* ---- plain_library.c ---- */
extern const char *const piece_keys[];
/* Faults for pieces that cannot be, and titles that nobody knows. */
enum err plain_check_library(struct conn *c, struct arena *a, id org, const struct version *v, struct faults *f);
/* Pieces that are here already, by title, stay as they are; others are made. stages, steps: what those of the file
   became. *ret_n: places that were not there. */
enum err plain_save_places(
        struct change *c, const struct version *file, const id *stages, const id *steps, size_t *ret_n);
/* In the open change set: a draft of the process of that name, or of a new one. ERR_INPUT when it has a draft already.
 */
enum err plain_import(struct change *c, struct plain_import *x);

#endif
