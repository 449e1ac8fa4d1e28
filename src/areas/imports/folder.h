/* Folders that another system puts its exports into (D5a): looked at again and again, each file brought in once and
   moved to done/ or failed/ with a report. Only folders that the machine's administrator allowed are looked at. What it
   is not for: what becomes of a row (pipeline.h), or pages (folders.c). */
#ifndef AREAS_IMPORTS_FOLDER_H
#define AREAS_IMPORTS_FOLDER_H

#include "areas/imports/pipeline.h"

enum folder_day { FOLDER_DAY_NONE, FOLDER_DAY_NAME, FOLDER_DAY_DATE, FOLDER_DAY_COLUMN };
enum folder_last { FOLDER_NOTHING, FOLDER_FINE, FOLDER_PARTLY, FOLDER_FAILED };

struct import_folder {
	struct row row;
	str path; /* as realpath gives it */
	int kind; /* enum import_kind */
	int64_t every;
	bool whole;     /* each file holds every deal of its source */
	int as_of_from; /* enum folder_day: where a file's as-of date comes from */
	/* of the last file */
	int last; /* enum folder_last */
	str last_file, last_digest, last_why;
	instant last_at;
	id last_import;
	int64_t n_files;
};

extern const struct record import_folder_record;
extern const struct choice folder_days[], folder_lasts[];

enum { FOLDERS_ALLOWED_MOST = 16 };

/* Before any thread: the folders of serve --import-folder. ERR_ABSENT when it is none; ERR_LARGE: too many. */
enum err folder_allow(const char *path);
size_t folder_allowed(const char *const **ret);
bool folder_is_allowed(str path);

enum err folder_list(struct conn *c, struct arena *a, const struct grant *g, struct import_folder **ret, size_t *ret_n);

struct folder_round {
	size_t n_done, n_failed, n_waiting; /* waiting: still being written */
	bool busy;                          /* another process works on it */
	str said;                           /* what the reports say, for the command line */
};

/* Every settled file of one folder, oldest name first. go_on: asked between files and while rows are written; may be
   NULL. ERR_IO: the folder cannot be read or written. */
enum err folder_work(struct db *d, struct arena *a, const struct grant *g, struct import_folder *f, bool (*go_on)(void),
        struct folder_round *ret);

/* The job in serve. */
void folders_open(struct db *d);
void folders_close(void);
/* Look at it at once, whatever the clock says. */
void folders_poke(void);

#endif
