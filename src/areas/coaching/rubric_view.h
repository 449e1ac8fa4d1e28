/* What the pages of rubrics show; filled by rubric_page.c and rubric_form.c, written by rubric.html.
   What it is not for: what a rubric is (rubric.h). */
#ifndef AREAS_COACHING_RUBRIC_VIEW_H
#define AREAS_COACHING_RUBRIC_VIEW_H

#include "areas/coaching/observe.h"
#include "areas/coaching/observers.h"
#include "areas/coaching/rubric.h"
#include "areas/coaching/pattern.h"
#include "areas/coaching/shelf.h"

struct rubric_row {
	struct rubric r;
	int64_t criteria, used;
	str skill;
};

struct rubric_list {
	struct rubric_row *rows, *retired;
	size_t n, n_retired;
	bool may;
	str file; /* of a refused import: kept */
};

struct rubric_view {
	struct rubric_whole w;
	struct pattern_version *versions; /* of the line, newest first */
	size_t n_versions;
	bool may, current, adding;
	struct shelf shelf; /* of the library (K1) */
	struct observers seen_by_two;
};

/* Where a fault is, for people: "c1_l3" is "criterion 2, level 3"; other places stay. */
str rubric_place(struct arena *a, str place);
/* "c1_l3": the field of a form. */
const char *rubric_field(struct arena *a, size_t criterion, size_t level);

enum err rubric_list_page(struct request *r);
enum err rubric_page(struct request *r);
enum err rubric_file_page(struct request *r);
enum err rubric_import_act(struct request *r);
enum err rubric_ready_act(struct request *r);
enum err rubric_copy_act(struct request *r);
enum err rubric_retire_act(struct request *r);
enum err rubric_remove_act(struct request *r);
enum err rubric_new_page(struct request *r);
enum err rubric_new_act(struct request *r);
enum err rubric_edit_page(struct request *r);
enum err rubric_edit_act(struct request *r);

extern const struct pattern rubric_pattern;
extern const struct route rubric_routes[];

#endif
