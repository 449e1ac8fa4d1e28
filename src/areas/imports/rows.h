/* Inside the pipeline: one row of a file on its way to a record.
   What it is not for: anybody outside imports/. */
#ifndef AREAS_IMPORTS_ROWS_H
#define AREAS_IMPORTS_ROWS_H

#include <string.h>

#include "areas/deals/past.h"
#include "areas/prospects/prospects.h"
#include "areas/imports/alike.h"
#include "areas/imports/book.h"
#include "areas/imports/pipeline.h"
#include "areas/imports/stored.h"
#include "record/own.h"

enum { SLOT_COLUMNS = 6, KEY_COLUMNS = 8, STAGES_MOST = 100, NO_COLUMN = -1 };

/* One of our fields and the columns that feed it. */
struct slot {
	const struct field *field;
	size_t at; /* index of the field */
	enum map_kind kind;
	size_t columns[SLOT_COLUMNS], n;
};

struct known_stage {
	struct stage stage; /* row.version 0: to be created */
	str key;            /* folded name */
};

#define MAP_NEW_MOST 40 /* columns of one file that become fields */

struct growing {
	const struct field *field;
	struct own_field *fresh; /* made with this import; NULL: it is stored */
	struct own_field stored;
	size_t n_more;
};

struct run {
	struct import_job *job;
	const struct record *record;
	const struct record *with; /* the same with the company's own fields */
	struct grant grant;
	struct arena *keep, *batch; /* as long as the import; as long as a batch of rows */
	const struct csv_shape *shape;
	struct slot slots[60];
	size_t n_slots;
	size_t key[KEY_COLUMNS], n_key;
	struct book people, accounts, products, campaigns, deals;
	struct past_book *past; /* of a history */
	struct names seen;      /* keys of this file → row */
	struct names refused;   /* … of rows that were rejected, in a file that holds every deal */
	day data_end;
	struct known_stage stages[STAGES_MOST];
	size_t n_stages;
	struct process process; /* row.version 0: to be created */
	bool mirror;
	struct company company;
	str currency, source;
	enum cell_order order;
	char decimal;
	day largest;
	int64_t n_below, first_below; /* amounts below zero; the row of the first */
	size_t unassigned;            /* who owns what nobody owns; SIZE_MAX: not needed yet */
	bool writing;
	bool planned;              /* PostgreSQL knows how large the table became */
	struct batch *held, *last; /* weighed, to be written without reading the file again; NULL: none */
	size_t n_held;             /* bytes */
	struct alike_book alike;   /* rows that may look like each other */
	struct stored_book stored; /* … or like something stored */
	struct own_field *fresh;   /* fields of the company's own that columns become */
	size_t n_fresh;
	struct growing *growing; /* choices that take up the values of a column */
	size_t n_growing;
};

struct line {
	int64_t n, at; /* row; line in the file */
	const str *cells;
	size_t n_cells;
	void *object; /* as the file says, then as it will be saved */
	void *before; /* stored; NULL: none */
	uint64_t set; /* fields that the file says something about */
	enum fate fate;
	str external_id, name, what, column, mend;
	str stage, status; /* of a deal, as written */
	size_t known;      /* of people, accounts, products: in the book; SIZE_MAX */
	size_t manager;    /* of people */
	int depth;
	bool composed;          /* external_id is what tells the row apart, not an id of the file's */
	struct alike *compared; /* what is compared of it, once it was; lives as long as the import */
	bool looks;             /* before is what it was taken for, not what has its key */
	int64_t late;           /* the row that was taken for the record that this one names; 0: none */
	bool skip;              /* nothing that is kept: neither wrong nor written */
};

/* Rows that are weighed and written together, and the memory they are in. */
struct batch {
	struct arena arena;
	struct line *lines;
	size_t n;
	struct batch *next;
};

static inline void *
rows_place(const struct field *f, void *object)
{
	return (char *)object + f->at;
}

static inline bool
rows_is(const struct field *f, const char *name)
{
	return strcmp(f->name, name) == 0;
}

/* prepare.c. Finds the columns of the mapping; faults where it does not fit. */
enum err rows_prepare(struct run *r, struct csv *csv);
/* Stages that deals may come into, made or found (P4). */
enum err rows_stages(struct run *r, struct conn *c);
/* NULL: there is none. */
const struct stage *rows_stage_named(const struct run *r, str name);
const struct stage *rows_stage_with(const struct run *r, int outcome);
/* cells.c. What the line's cells say, laid into its object. */
void rows_read_cells(struct run *r, struct line *l);
/* The last day of which the file tells something that was over; f NULL: that is certain (D5a). */
void rows_note_day(struct run *r, const struct field *f, day d);
str rows_one_line(struct arena *a, str s);
/* Somebody by e-mail or name, as a place in r->people; who is not known is created (O1). */
size_t rows_person(struct run *r, str text);
void rows_parse(struct run *r, const struct csv_row *row, struct line *ret);
void line_reject(struct line *l, str column, str what, str mend);
/* gone.c: what a full file lacks is marked, what came back is not (D5a). */
enum err gone_mark(struct run *r);
/* Amounts below zero, for the dry run. */
void rows_note_below(struct run *r);
/* past.c: rows of a deal's history (D5b). Deals with their stages, read once. */
enum err past_load(struct run *r, struct conn *c);
/* A cell of a reference: the deal, a stage by name, somebody. */
void past_refer(struct run *r, const struct field *f, str cell, str column, struct line *l);
/* Stages by their names, and the field that a row names with its old and new value. */
void past_complete(struct run *r, struct line *l);
str past_key(struct run *r, const struct line *l);
/* What was left out, for the dry run. */
void past_note(struct run *r);

/* The value of a field, as it stands in another object of the record. */
void rows_copy(const struct field *f, void *to, const void *from);
/* What the row becomes, given what is stored. */
void rows_weigh(struct run *r, struct line *l);

/* Among rows that begin with their number (int64_t) and stand in its order; NULL: it is not there. */
void *rows_find(void *rows, size_t n_rows, size_t size, int64_t number);

#endif
