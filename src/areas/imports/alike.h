/* Inside the pipeline: rows of one file that look like each other (D5), by what stored records are compared by too. All
   go in, unless whoever brings the file wants the first of each alone, or its gaps filled from the others.
   What it is not for: rows with the same id (rows.c refuses these), duplicates among stored records (deals/). */
#ifndef AREAS_IMPORTS_ALIKE_H
#define AREAS_IMPORTS_ALIKE_H

#include "areas/deals/alike.h"
#include "areas/imports/pipeline.h"

struct run;
struct line;

struct alike_row { /* of the file, where it is compared */
	int64_t n;
	enum fate fate;
	size_t first; /* index of the one that stays for it; its own: it stays itself */
	const char *why;
	size_t others; /* of one that stays the first that is left out for it, of that one the next; SIZE_MAX: none */
	void *object;  /* of one that is left out, to fill gaps from; NULL: none are filled */
};

struct alike_book {
	struct alike *all;
	struct alike_row *rows; /* in the order of the file */
	size_t n, cap, cap_rows;
	bool more; /* rows beyond what is compared */
};

/* Rows that may be told apart by their names at all. A name that the program made up for a deal says nothing; decided
   deals of one name are customers who came again. */
bool alike_compares(const struct run *r, const struct line *l);
/* What is compared of a row; row: what finds it again. */
struct alike alike_line(struct run *r, struct arena *a, const struct line *l, int64_t row);
/* While rows are weighed: remembers what may look like another. */
void alike_note(struct run *r, const struct line *l);
/* After the last one: says what looks alike, and decides by the mapping what is left out. */
enum err alike_decide(struct run *r);
/* Before a row is written: left out, or its gaps filled. */
void alike_apply(struct run *r, struct line *l);

#endif
