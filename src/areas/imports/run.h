/* Inside the pipeline: an import on its way, in four files: weigh.c, store.c, pass.c, and pipeline.c, which calls them.
   What it is not for: one row (rows.h), and anybody outside imports/. */
#ifndef AREAS_IMPORTS_RUN_H
#define AREAS_IMPORTS_RUN_H

#include "areas/imports/rows.h"

#define RUN_BATCH 10000              /* rows that are weighed together */
#define RUN_KEEP  ((size_t)64 << 20) /* of the memory of one batch, for the next */

/* ---- weigh.c ---- */
void run_error_head(struct run *r);
/* Counts it, and keeps it for people while there are few of its fate. */
void run_tell(struct run *r, const struct line *l);
enum err run_weigh(struct run *r, struct line *lines, size_t n);
/* Who is referred to by a row that counts. */
void run_mark_used(struct run *r, const struct line *l);

/* ---- fields.c ---- */
/* r->with, with the fields that columns become; job->map then names them. ERR_INPUT: faults say which column cannot. */
enum err fields_load(struct run *r, struct conn *c);
void fields_note(struct run *r);
/* A value that a column brings becomes a choice, while there is room; empty: it cannot. */
str fields_choice(struct run *r, const struct field *f, str text);
/* The records of fields to save before the first row, new ones and those with more choices; room for twice
   MAP_NEW_MOST. */
size_t fields_grown(struct run *r, void **ret);

/* ---- store.c ---- */
/* Stages, people, accounts and products that rows name, the import's own row, and the day that pages are read as of. */
enum err run_write_before(struct run *r);
/* Those of them that are new or changed. ERR_INPUT: faults say why. */
enum err run_write_lines(struct run *r, struct line **lines, size_t n);
/* Records of another kind that the import writes, as they are. */
enum err run_save(struct run *r, const struct record *record, void **objects, size_t n);
/* PostgreSQL plans for the table as it last looked at it. */

/* ---- pass.c ---- */
/* Reads the file, weighs its rows, and writes them when r->writing. */
enum err run_pass(struct run *r);
/* What the first pass kept, so that a file of new rows is read once. */
enum err run_write_held(struct run *r);
void run_let_go(struct run *r);
/* People come whole: who leads must be there before those that are led (O1). */
enum err run_read_people(struct run *r, struct line **ret, size_t *ret_n);
enum err run_weigh_people(struct run *r, struct line *lines, size_t n);
enum err run_write_people(struct run *r, struct line *lines, size_t n);

#endif
