/* Inside the pipeline: new rows that look like something stored (D5), by the rules of the page of duplicates. The same:
   the row changes what is stored; another: it is new; or it is left out. What was decided is kept by the row's key, so
   that the file may come again. What it is not for: rows of one file that look like each other (alike.h). */
#ifndef AREAS_IMPORTS_STORED_H
#define AREAS_IMPORTS_STORED_H

#include "areas/deals/alike.h"
#include "areas/imports/book.h"
#include "areas/imports/pipeline.h"

struct run;
struct line;

/* What was said of a row of a source: it is that record, or it stays out. */
struct import_said {
	struct row row;
	str kind, source, key;
	int64_t other; /* the record's id; no reference, for it may go; 0: left out */
};
extern const struct record import_said_record;

/* A row that was found to look like something stored. */
struct stored_row {
	int64_t n;
	id other;
	enum map_stored is; /* what it is taken for, never proposed */
	str key;
	bool told;                 /* by an import before: no longer asked */
	const char *why, *why_not; /* why_not: it cannot be the same; NULL: it can */
	str row_name, name;
};

struct stored_book {
	bool loaded, more;
	struct alike_index index;
	const str *sources; /* of each of them: whose id it has */
	struct names said;  /* keys that an import before decided → place in saids */
	struct import_said *saids;
	size_t n_saids, cap_saids;
	struct stored_row *rows; /* in the order of the file */
	size_t n, cap;
	struct names taken; /* id → row that it was taken for */
};

/* Before the first row: what imports before this one decided. */
enum err stored_load_said(struct run *r, struct conn *c);
/* Of rows that nothing stored has the key of: what they look like, and what follows; l->before is set for those that
   are the same. */
enum err stored_find(struct run *r, struct line *lines, size_t n);
/* After a row was weighed: left out, or said what it was taken for. */
void stored_weigh(struct run *r, struct line *l);
/* What was decided, kept beside the rows that are written. */
enum err stored_keep(struct run *r, const struct line *lines, size_t n);
/* For the dry run: how many, and the first of them. */
void stored_tell(struct run *r);

#endif
