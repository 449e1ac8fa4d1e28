/* What the template of the masters' page is given.
   What it is not for: anybody outside imports/. */
#ifndef AREAS_IMPORTS_SOURCES_H
#define AREAS_IMPORTS_SOURCES_H

#include "areas/deals/source.h"
#include "page/page.h"

struct source_field {
	str name, label;
	bool theirs;
};

struct source_view {
	struct source_system s;
	const struct source_field *fields;
	size_t n_fields;
	bool wrong; /* the one whose form is shown again, with its faults */
};

struct sources_view {
	const struct source_view *all;
	size_t n;
};

extern const struct route source_routes[];

#endif
