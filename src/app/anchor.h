/* Where the chain of change sets stood, kept in a file outside the database (check --anchor FILE).
   What it is not for: the chain itself (record/change.h). */
#ifndef APP_ANCHOR_H
#define APP_ANCHOR_H

#include "record/record.h"

/* Compares every line of the file, "WHEN COMPANY NUMBER CHAIN", with the database and says what does not fit; when all
   does, adds where each company stands now. A file that is not there yet is begun. */
enum err anchor_check(struct db *d, struct arena *a, const char *path, struct check_report *report);

#endif
