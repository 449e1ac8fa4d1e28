/* What the template of the folders' page is given.
   What it is not for: anybody outside imports/. */
#ifndef AREAS_IMPORTS_FOLDERS_H
#define AREAS_IMPORTS_FOLDERS_H

#include "areas/imports/folder.h"
#include "page/page.h"

struct folder_choice {
	str value, label;
	bool chosen;
};

struct folder_row {
	const struct import_folder *f;
	str id, kind, as_of, state, tone, icon, import;
	bool allowed;
};

struct folders_view {
	const struct folder_row *all;
	size_t n;
	const struct import_folder *typed;
	const struct folder_choice *paths, *kinds, *days;
	size_t n_paths, n_kinds, n_days;
};

extern const struct route folder_routes[];
/* For Today: folders whose last file failed, to administrators. */
enum err folder_today(struct request *r, struct today_items *ret);
/* For the health page: "2 looked at; 1 needs you: …"; empty when there is none. */
enum err folder_health(struct conn *c, struct arena *a, const struct grant *g, str *ret);

#endif
