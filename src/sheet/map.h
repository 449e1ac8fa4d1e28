/* A mapping: which column of another system's table goes to which field of ours, and how its values read (D5). A YAML
   text that people can read, the wizard saves and the command line takes; printing and reading it round-trips. What it
   is not for: loading records; it knows our fields as names only, from the caller's table of targets. */
#ifndef SHEET_MAP_H
#define SHEET_MAP_H

#include "base/err.h"
#include "sheet/cell.h"
#include "sheet/column.h"
#include "sheet/ending.h"

enum map_kind {
	MAP_TEXT,
	MAP_ID, /* the other system's key: rows are found again by it */
	MAP_PERSON,
	MAP_DAY,
	MAP_INSTANT,
	MAP_MONEY,
	MAP_CURRENCY,
	MAP_NUMBER,
	MAP_BOOL,
	MAP_STAGE,
	MAP_OUTCOME /* open, won, lost beside the stage */
};

/* A field of ours that a column may go to. */
struct map_target {
	const char *name, *label;
	enum map_kind kind;
	bool required;
	const char *const *synonyms; /* other words for it, ended by NULL; may be NULL */
};

struct map_column {
	str from, to; /* column of the file, target; several may go to one target: the first that is not empty counts */
	int line;     /* in the YAML; 0 when proposed */
};

struct map_value {
	str field, from, to; /* target; text in the file → text to take for it */
};

struct map_stage {
	str name;
	enum ending outcome;
	int probability; /* percent; -1 when not given */
};

/* Rows of one file that look like each other: all go in; the first of each; the first, its gaps filled from the others.
 */
enum map_alike { MAP_ALIKE_ALL, MAP_ALIKE_FIRST, MAP_ALIKE_MERGE };
extern const char *const map_alike_words[3];
/* False: it is none of the words. */
bool map_alike_find(str word, enum map_alike *ret);
#define MAP_APART 200
/* New rows that look like something stored: what is most likely; all are it; all are another; all are left out. */
enum map_stored { MAP_STORED_PROPOSED, MAP_STORED_SAME, MAP_STORED_ANOTHER, MAP_STORED_LEAVE };
extern const char *const map_stored_words[4];
bool map_stored_find(str word, enum map_stored *ret);
struct map_said { /* of one row of this file; never MAP_STORED_PROPOSED */
	int64_t row;
	enum map_stored what;
};

struct map {
	str source; /* "salesforce", "maven": external ids are unique within it */
	str *key;   /* columns that tell a row apart */
	size_t n_key;
	enum cell_order date;   /* CELL_ANY: not given */
	char date_sign;         /* how the file writes it; 0 for Y-M-D */
	char currency[4];       /* for amounts without one; "" when not given */
	enum encoding encoding; /* ENCODING_UNKNOWN: guessed */
	char delimiter;         /* 0: guessed */
	char decimal;           /* 0: not given */
	struct map_column *columns;
	size_t n_columns;
	struct map_value *values;
	size_t n_values;
	struct map_stage *stages;
	size_t n_stages;
	enum map_alike alike;
	int64_t *apart; /* rows of this file that are another one, whatever they look like; at most MAP_APART */
	size_t n_apart;
	enum map_stored stored;
	struct map_said *said; /* rows of this file that are not as the others; at most MAP_APART */
	size_t n_said;
};

/* ERR_INPUT with a fault at "line N" for each thing that is wrong. */
enum err map_parse(struct arena *a, str yaml, struct faults *f, struct map *ret);
str map_print(struct arena *a, const struct map *m);

/* Does it fit this file and these targets? Every column and key there, every target known, everything required mapped.
 */
enum err map_check(const struct map *m, const struct csv_shape *shape, const struct map_target *targets,
        size_t n_targets, struct faults *f);

/* The text to take for a cell: what values says of it, else the cell itself, trimmed. */
str map_value(const struct map *m, str field, str cell);
/* Decides it: in place of what was said of that cell before; with an empty `to` nothing is said of it any more. Cells
   taken as "-" count as empty. */
void map_set_value(struct arena *a, struct map *m, str field, str from, str to);
const struct map_stage *map_stage(const struct map *m, str name); /* NULL when the mapping does not know it */

/* What is said of a row that looks like something stored. */
enum map_stored map_said(const struct map *m, int64_t row);
/* False: no room for another. */
bool map_say(struct arena *a, struct map *m, int64_t row, enum map_stored what);
/* Forgets what is said of single rows of one file, so that the mapping serves the next. */
void map_forget_rows(struct map *m);

/* What was proposed for one column of the file, for the wizard to show. */
struct map_guess {
	const struct map_target *target; /* NULL: left out */
	int score;                       /* 100: known layout or the same name; below 70: look at it */
	str why;                         /* "Salesforce calls it so", "like \"Close date\"" */
};

struct map_proposal {
	struct map map;
	const char *layout;        /* "Salesforce report"; "" when not recognised */
	struct map_guess *guesses; /* one a column */
	struct faults notes;       /* what to look at before going on: doubts, required fields without a column */
};

/* A mapping for a file never seen: known layouts first, then names (the caller's words, English and German, near
   misses), then what the values are. sniff must have ended. */
void map_propose(struct arena *a, const struct csv_shape *shape, const struct column_sniff *sniff,
        const struct map_target *targets, size_t n_targets, struct map_proposal *ret);

#endif
