/* The way of a file into the base (D5): look at it, propose how it is read, weigh every row, write in batches, take it
   back. Dry run and import are the same code; the dry run stops before the first write. What it is not for: pages
   (pages.c) or the command line (app/import.c). */
#ifndef AREAS_IMPORTS_PIPELINE_H
#define AREAS_IMPORTS_PIPELINE_H

#include "areas/imports/imports.h"
#include "sheet/map.h"

/* A file on disk, or its bytes. */
struct import_source {
	str name;         /* for people: "sales_pipeline.csv" */
	const char *path; /* NULL: text */
	str text;
	str sheet; /* of a workbook; empty: the first */
};

enum { IMPORT_PREVIEW = 5, IMPORT_SNIFF_ROWS = 50000, IMPORT_NEAR = 5, IMPORT_ALIKE = 50 };

struct book;

/* What was found on opening a file, and how it would be read. */
struct import_look {
	const struct csv_shape *shape;
	const str *sheets; /* of a workbook */
	size_t n_sheets;
	struct column_sniff sniff;
	str *preview[IMPORT_PREVIEW]; /* n_columns cells each */
	size_t n_preview;
	str fingerprint;
	struct map_proposal proposal;
	struct map map; /* remembered for these headers, else the proposal's */
	bool remembered;
	const struct map_target *targets;
	size_t n_targets;
	struct book *people, *accounts, *products, *campaigns; /* what is stored */
};

/* options: what the user corrected; zero is guessed. A map for these headers that was used before is taken, unless
 * fresh. */
enum err import_look(struct db *d, struct arena *a, const struct grant *g, int kind, const struct import_source *from,
        struct csv_options options, bool fresh, struct faults *f, struct import_look *ret);
/* A text of the file that names nothing stored, or a word for how a deal ended, and what it may be taken as (D5). */
struct import_value {
	str field, label, from;
	int64_t n; /* rows with it, of those that were looked at */
	str near[IMPORT_NEAR];
	size_t n_near;
	const str *names; /* all it may be taken as, where these are few */
	size_t n_names;
	bool typed;            /* too many to list: the name is typed */
	const char *otherwise; /* what becomes of it when the mapping says nothing: "created" */
};

/* Of columns with few different values; a hundred at most. A name is only unknown where others are known. */
size_t import_values(
        struct arena *a, const struct import_look *l, int kind, const struct map *m, struct import_value **ret);
/* Fields that a column of such a file may go to; with: the record, with the company's own fields. */
const struct map_target *import_targets(struct arena *a, const struct record *with, size_t *ret_n);
/* The same with those that make a field of the company's own of a column, under its name (D5): "new-number". */
const struct map_target *import_new_targets(
        struct arena *a, const struct record *with, const struct map_target *known, size_t *n);
bool import_is_new(str to);
/* Which of them a column's values are fit for. */
const char *import_new_guess(const struct column_facts *f);
/* What speaks for that, in words; empty: the values themselves. */
str import_new_why(struct arena *a, const struct column_facts *f);
enum err import_open(struct arena *a, const struct import_source *from, struct csv_options options, struct faults *f,
        struct csv **ret);

/* What tells a file from another one; and how many lines end in it. */
str import_digest(struct arena *a, const struct import_source *from, int64_t *ret_lines);

enum fate { FATE_CREATE, FATE_UPDATE, FATE_SAME, FATE_KEPT, FATE_REJECT, FATE_LEFT, FATE_COUNT };
extern const char *const fate_words[FATE_COUNT];

struct import_fate {
	int64_t row, line; /* among the rows; in the file */
	enum fate fate;
	str name, what;   /* "Cancity – GTX Pro"; "amount 100.00 → 120.00", or why it is rejected */
	str column, mend; /* of a rejected one */
};

/* A new row that looks like an earlier one of the same file (D5). */
struct import_alike {
	int64_t row, first;
	str name, first_name;
	const char *why;
	bool apart; /* somebody said that it is another one */
};

/* A new row that looks like something stored (D5). */
struct import_stored {
	int64_t row;
	id other;
	str name, other_name;
	const char *why, *why_not; /* why_not: it cannot be the same; NULL: it can */
	enum map_stored is;        /* what it is taken for */
	bool said;                 /* somebody said so of this row */
};

/* Where an import is: told to whoever watches, after each batch of rows. */
enum import_phase { PHASE_WAITING, PHASE_CHECKING, PHASE_WRITING, PHASE_CLOSING };

struct import_job {
	/* given */
	struct db *db;
	struct arena *arena;
	const struct grant *grant; /* its company and who signs; it writes everything of the company */
	int kind;
	struct import_source from;
	const struct map *map;
	day as_of; /* DAY_NONE: the largest day in the file, not after today */
	bool dry, partial;
	bool full;  /* the file holds every deal of its source: others are not in the last file (D5a) */
	id resume;  /* an interrupted import of the same file goes on under its own id; 0: a new one */
	str upload; /* of the wizard: the spool file's name, to come back to its progress */
	/* Asked after each batch; total is an estimate while checking. False: stop; what is written stays, and the
	   import is interrupted. May be NULL. */
	bool (*watch)(void *watching, const struct import_job *j, enum import_phase phase, int64_t rows, int64_t total);
	void *watching;
	int64_t most_rows;   /* of a dry run; 0: all */
	size_t show;         /* fates to keep: of each kind at most so many */
	struct out *errors;  /* rejected rows as CSV with their reason; may be NULL */
	struct out *doubles; /* rows that look like each other, as CSV; may be NULL */
	struct faults *faults;
	/* told */
	struct import import;
	struct import_fate *fates;
	size_t n_fates, cap_fates, n_shown[FATE_COUNT];
	struct import_alike *alike; /* the first IMPORT_ALIKE of n_alike_all */
	size_t n_alike;
	int64_t n_alike_all;
	struct import_stored *stored; /* the first IMPORT_ALIKE of n_stored_all */
	size_t n_stored;
	int64_t n_stored_all, n_stored_is[4]; /* by enum map_stored */
	struct faults notes; /* people, accounts and products that are created; what was edited here and kept */
	day data_end;        /* the largest day in the file */
	bool sets_as_of;     /* the company is read as of import.as_of from now on */
	int64_t micros;      /* of writing */
	int64_t n_lines;     /* line ends in the file */
	bool stopped;        /* the watcher said so: ERR_BUSY */
};

/* Weighs all rows; unless dry, and when nothing is rejected or partial is asked for, writes them. ERR_INPUT: nothing
   was written; faults say why, the fates which rows. */
enum err import_run(struct import_job *j);

/* Has it written anything? One whose rows were all there already has not, and stands in nobody's way. */
enum err import_changed(struct conn *c, const struct grant *g, id import, bool *ret);
/* The newest later one that must be undone before this one; ERR_ABSENT: there is none. */
enum err import_later(struct conn *c, struct arena *a, const struct grant *g, id import, struct import *ret);
/* How that is mended: "undo “deals.csv” of 2026-11-28 first; …". */
str import_later_words(struct arena *a, const struct import *later);
/* Takes a whole import back; refused while a later one stands that changed something: it is named. */
enum err import_take_back(
        struct db *d, struct arena *a, const struct grant *g, id import, struct faults *f, struct undo_result *ret);
/* Newest first; those that run no more without having ended are shown as interrupted. */
enum err import_list(
        struct conn *c, struct arena *a, const struct grant *g, size_t most, struct import **ret, size_t *ret_n);
enum err import_get(struct conn *c, struct arena *a, const struct grant *g, id import, struct import *ret);
/* Stores the mapping for files with the same headers. */
enum err import_remember(struct db *d, struct arena *a, const struct grant *g, int kind, str fingerprint, str map);
enum err import_recall(
        struct conn *c, struct arena *a, const struct grant *g, int kind, str fingerprint, struct import_map *ret);
/* The import's own row, in a change set that no undo of it touches. */
enum err import_store(struct db *d, struct arena *a, const struct grant *g, struct import *i);

#endif
