/* A date in the forms that exports have, taken apart before anybody decides which number is the month.
   What it is not for: decided reading (cell.h). */
#ifndef SHEET_DATE_H
#define SHEET_DATE_H

#include "sheet/cell.h"

struct date_parts {
	int part[3];     /* as written; 1 … 12 for a month in letters */
	int digits[3];   /* of each part; 0 for a month in letters */
	int named;       /* which part is a month in letters; -1 none */
	char sign;       /* between the parts: '.', '/', '-', ' ' */
	bool time, zone; /* is there a time; a zone with it */
	bool half;       /* AM or PM */
	int64_t ms;      /* since midnight */
	int offset;      /* seconds east of UTC, when zone */
};

/* False when s has not the form of a date. */
bool date_take(str s, struct date_parts *ret);
/* The order the parts themselves decide: year first, a month in letters, a number above 12. CELL_ANY when they leave
 * both. */
enum cell_order date_decides(const struct date_parts *p);
/* Day, month, year in that order, whether or not there is such a day. False when the order does not fit the parts. */
bool date_arrange(const struct date_parts *p, enum cell_order order, int *ret_year, int *ret_month, int *ret_dom);
const char *date_month_name(int month); /* "February" */

#endif
