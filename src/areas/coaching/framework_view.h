/* What the pages of frameworks show; filled by framework_page.c and framework_form.c, written by framework.html.
   What it is not for: what a framework is (framework.h). */
#ifndef AREAS_COACHING_FRAMEWORK_VIEW_H
#define AREAS_COACHING_FRAMEWORK_VIEW_H

#include "areas/coaching/coaching.h"
#include "areas/coaching/framework.h"
#include "areas/coaching/pattern.h"
#include "areas/coaching/shelf.h"

struct framework_row {
	struct framework f;
	int64_t phases, minutes, used;
};

struct framework_list {
	struct framework_row *rows, *retired;
	size_t n, n_retired;
	bool may;
	str file; /* of a refused import: kept */
};

struct framework_view {
	struct framework_whole w;
	struct pattern_version *versions; /* of the line, newest first */
	size_t n_versions;
	bool may, current, adding;
	struct shelf shelf; /* of the library (K1) */
};

/* One question a line of a phase's text: the next one, trimmed; false when there is none. */
bool framework_question(str *rest, str *ret);

enum err framework_list_page(struct request *r);
enum err framework_page(struct request *r);
enum err framework_file_page(struct request *r);
enum err framework_import_act(struct request *r);
enum err framework_ready_act(struct request *r);
enum err framework_copy_act(struct request *r);
enum err framework_retire_act(struct request *r);
enum err framework_remove_act(struct request *r);
enum err framework_new_page(struct request *r);
enum err framework_new_act(struct request *r);
enum err framework_edit_page(struct request *r);
enum err framework_edit_act(struct request *r);

extern const struct pattern framework_pattern;
extern const struct route framework_routes[];

#endif
