/* The tables that known systems export, and the words that unknown ones use: which header means which field.
   Fields have canonical names (vendor.c lists them); a caller's target is found by its name or one of its synonyms.
   What it is not for: judging values (propose.c). */
#ifndef SHEET_VENDOR_H
#define SHEET_VENDOR_H

#include <stddef.h>

#include "base/str.h"
#include "sheet/csv.h"

struct vendor_column {
	const char *from;
	const char *to; /* canonical names, the first that the caller has: "closes_on|closed_on" */
};

struct vendor {
	const char *source, *label;
	const char *sure[4]; /* headers which all must be there */
	const struct vendor_column *columns;
	const char *date; /* its order of dates when the values leave it open; NULL: the user's locale */
};

const struct vendor *vendor_find(const struct csv_shape *shape); /* NULL when the layout is not known */
/* Words for a canonical field in English, German and Czech, parted by '|'; "" for a field without. */
str vendor_words(str canonical);

#endif
