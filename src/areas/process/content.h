/* The library's content: what helps in a step or stage, where it is attached, how often it was opened (K1, P4).
   What it is not for: its pages and what became of it (library/), what helps in coaching (coaching/shelf.h). */
#ifndef AREAS_PROCESS_CONTENT_H
#define AREAS_PROCESS_CONTENT_H

#include "areas/process/process.h"

enum content_kind { CONTENT_NONE, CONTENT_ARTICLE, CONTENT_LINK, CONTENT_FILE, CONTENT_VIDEO, CONTENT_TEMPLATE };

struct content {
	struct row row;
	str title;
	int kind;      /* enum content_kind */
	str purpose;   /* what it is for, in a sentence */
	str body;      /* Markdown, at most 16 KiB */
	str body_html; /* rendered at save */
	str address;   /* where it lies, when it lies elsewhere */
	bool archived; /* offered no longer; what is attached stays */
};

/* Where it is shown: at a stage, or at one of its steps. */
struct content_place {
	struct row row;
	id content, stage;
	id step; /* 0: the whole stage */
	int64_t position;
};

/* Where somebody stood who opened it. */
enum content_from { OPENED_NOWHERE, OPENED_IN_LIBRARY, OPENED_AT_DEAL, OPENED_IN_COACHING };

/* That it was opened on a day; who did is not kept. */
struct content_open {
	struct row row;
	id content;
	int64_t deal; /* NO_INT: not from one; no reference, deals stand above */
	day on_day;
	int place; /* enum content_from */
};

extern const struct record content_record, content_place_record, content_open_record;
extern const struct choice content_kind_choices[], content_from_choices[];

/* One attached content, as the deal's page shows it: a link to /library/ID/open?deal=DEAL counts the opening. */
struct content_shown {
	id content, stage, step; /* step 0: of the stage */
	str title, kind;         /* kind: its label */
};
/* All that is attached in a version, by stage, step and position; archived ones left out. */
enum err content_of_process(
        struct conn *c, struct arena *a, id org, id process, struct content_shown **ret, size_t *ret_n);
/* Notes in the open change set that it was opened on c->today; once a day, place and deal (0: not from one). Needs a
   grant that writes MATTER_COMPANY (a job's, with its reason). */
enum err content_opened(struct change *c, id content, int place, id deal);

#endif
