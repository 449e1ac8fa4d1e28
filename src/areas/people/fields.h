/* The page of the company's own fields.
   What it is not for: what such a field is (record/own.h), or how it stands in forms (page/own.h). */
#ifndef AREAS_PEOPLE_FIELDS_H
#define AREAS_PEOPLE_FIELDS_H

#include "page/own.h"

struct field_list {
	struct own_field *rows;
	size_t n;
	const struct own_field *typed; /* what stands in the form */
};

extern const struct route field_routes[];

#endif
