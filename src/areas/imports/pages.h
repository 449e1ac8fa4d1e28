/* What the templates of the import's pages are given.
   What it is not for: anybody outside imports/. */
#ifndef AREAS_IMPORTS_PAGES_H
#define AREAS_IMPORTS_PAGES_H

#include "areas/imports/pipeline.h"
#include "page/page.h"

struct choice_view {
	str value, label;
	bool chosen;
};

struct column_view {
	str name, input, why; /* input: name of the select */
	str examples;
	bool look; /* a guess to be looked at */
	const struct choice_view *choices;
	size_t n;
};

struct stage_view {
	str name, n, name_input, outcome_input, probability_input, probability, order_input;
	int64_t order;
	bool open, won, lost;
};

/* A value of the file that names nothing stored, and what it is taken as. */
struct spelling_view {
	str field, label, from, field_input, from_input, to_input, typed_input;
	int64_t n;
	bool typed, look; /* its name may be typed; there is something near, and nothing is chosen yet */
	const struct choice_view *choices;
	size_t n_choices;
};

struct fate_view {
	const char *code, *label, *tone, *icon;
	int64_t n;
	bool chosen;
};

struct next_view {
	const char *href, *label, *kind; /* where it is to be seen; what comes next, as import_kinds has it */
};

struct select_view {
	str name, label, hint;
	const struct choice_view *choices;
	size_t n;
};

struct wizard {
	struct request *r;
	str csrf, file, name, kind, kind_label, map, source, currency, as_of, fault, mend, layout;
	str at;    /* address of the columns and the dry run, to be loaded again */
	str sheet; /* of a workbook, as chosen; empty: its first */
	bool remembered;
	struct select_view selects[6];
	size_t n_selects;
	struct column_view *columns;
	size_t n_columns;
	str *const *preview;
	size_t n_preview, n_preview_columns;
	struct stage_view *stages;
	size_t n_stages;
	struct spelling_view *spellings;
	size_t n_spellings;
	const struct fault *notes, *doubts; /* doubts: of the mapping that is proposed */
	/* dry run, done */
	const struct import *import;
	const struct import_fate *fates;
	size_t n_fates;
	str filter;
	struct fate_view looks[FATE_COUNT];
	const struct next_view *next;
	const struct fault *kept;
	bool sets_as_of, running;
	str why_not; /* as of struct import_view */
	str id;
	int64_t n_good, looked;           /* looked: rows of a large file that the dry run weighed; 0: all */
	const struct import_alike *alike; /* rows that look like each other: the first of them */
	size_t n_alike;
	int64_t n_alike_all;
	enum map_alike alike_way;
	const struct import_stored *stored; /* new rows that look like something stored: the first of them */
	size_t n_stored;
	int64_t n_stored_all;
	const int64_t *n_stored_is;
	enum map_stored stored_way;
	const char *stored_path; /* "/accounts/"; NULL: they have no page of their own */
	const char *stored_one;  /* "account" */
	bool full, deals;        /* deals: of that kind, so that it can be full */
};

/* An import under way, or that ended without being done. */
struct running_view {
	struct wizard w; /* to go on, or back to the columns */
	bool checking, writing, waiting, stopping, runs, refused, stopped, broken;
	int64_t rows, total, percent, n_created, n_updated, n_same, n_rejected;
	str why, import;
};

struct import_view {
	const struct import *i;
	str id, kind, state, tone, icon;
	bool may_undo;
	str why_not; /* it cannot be undone: what can be done; or nothing has to be */
	str href;
};

struct imports_view {
	str csrf;
	const struct choice_view *kinds;
	size_t n_kinds;
	const struct import_view *all;
	size_t n;
	const struct fault *faults;
};

extern const struct route import_routes[];
extern const struct act_body imports_acts[]; /* what they take */
/* running.c: uploads in slices, an import under way. */
enum err import_slice_begin(struct request *r);
enum err import_slice_put(struct request *r);
enum err import_slice_at(struct request *r);
enum err import_progress_page(struct request *r);
enum err import_stop_act(struct request *r);
enum err import_resume_act(struct request *r);
/* To where an import of this upload is to be seen. */
enum err import_go(struct request *r);

#endif
