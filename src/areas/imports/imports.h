/* Files brought in: what was imported, from where, how it was read, and the mappings remembered (D5, D5a, O4).
   What it is not for: reading tables (sheet/), or what a record means (its own area). */
#ifndef AREAS_IMPORTS_IMPORTS_H
#define AREAS_IMPORTS_IMPORTS_H

#include "record/record.h"

enum import_kind {
	IMPORT_NONE,
	IMPORT_PEOPLE,
	IMPORT_ACCOUNTS,
	IMPORT_CONTACTS,
	IMPORT_PRODUCTS,
	IMPORT_DEALS,
	IMPORT_TARGETS,
	IMPORT_ACTIVITIES,
	IMPORT_PROSPECTS,
	IMPORT_HISTORY,
	IMPORT_KINDS
};
enum import_state { IMPORT_STATE_NONE, IMPORT_RUNNING, IMPORT_DONE, IMPORT_INTERRUPTED, IMPORT_UNDONE };

struct import {
	struct row row;
	int kind, state;  /* enum import_kind, enum import_state */
	str file, source; /* name of the file; whose ids its rows have */
	str map;          /* as map_print writes it */
	day as_of;        /* the day the data end */
	int64_t n_rows, n_created, n_updated, n_same, n_kept, n_rejected;
	int64_t n_missing; /* deals of that source that the file does not hold (D5a) */
	instant started_at, finished_at;
	str digest; /* of the file's bytes */
	str upload; /* the spool file it is read from while it runs, by the wizard */
	bool whole; /* it was said to hold every deal of its source (D5a) */
};

/* A mapping that was used, found again by the headers of the file. */
struct import_map {
	struct row row;
	int kind;
	str fingerprint, map;
};

extern const struct record import_record, import_map_record;
extern const struct choice import_kinds[], import_states[];

/* "deals" → IMPORT_DEALS; IMPORT_NONE when it is no kind. */
int import_kind_of(str name);
/* What a file of that kind becomes. */
const struct record *import_target(int kind);

#endif
