/* The files of a deal, an account or a content of the library as pages show them. What it is not for: storing them
 * (file.h). */
#ifndef AREAS_DEALS_FILE_VIEW_H
#define AREAS_DEALS_FILE_VIEW_H

#include "areas/deals/file.h"
#include "page/page.h"

struct file_row {
	id row;
	str name, size, by, label;
	day on_day;
};

struct files_view {
	struct file_row rows[FILES_COUNT];
	size_t n;
	int64_t bytes;
	bool may;
	str base;       /* "/deals/ID": where the form sends to, with /files behind */
	str get;        /* where one is had, with its id behind: the library counts it */
	str most, room; /* of one file; that is left */
};

/* Of a deal, an account or a content that the asking person sees; may: writes it. */
enum err files_load(struct request *r, const struct record *of, id row, bool may, struct files_view *ret);
enum err files_may_write(struct request *r, const struct record *of, id row, bool *ret);
void tpl_files_card(struct view *view, const struct files_view *v, struct request *r);

extern const struct route file_routes[];

#endif
