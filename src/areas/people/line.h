/* The reporting line's closure: who stands above whom, since when and until when (O1, O2).
   What it is not for: rights (auth/ reads the table), or pages. */
#ifndef AREAS_PEOPLE_LINE_H
#define AREAS_PEOPLE_LINE_H

#include "areas/people/people.h"

enum err person_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err person_changed(struct change *c, const void *const *before, const void *const *after, size_t n);
enum err company_derive(struct change *c, const void *before, void *after);
enum err company_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err absence_check(struct change *c, const void *before, const void *after, struct faults *f);

/* Compares the closure of today with one rebuilt from person.manager; differences are said. */
enum err line_check(struct conn *c, struct arena *a, id org, struct check_report *r);

#endif
