/* Workbooks of Excel and its like (.xlsx, ECMA-376) as the text of a table: one sheet becomes CSV in UTF-8, days in
   ISO, numbers as Excel shows them at full length; csv.h reads on. Everything is bounded before it is unpacked. What it
   is not for: formulas (their last value counts), formats of numbers but days, workbooks under a password. */
#ifndef SHEET_XLSX_H
#define SHEET_XLSX_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

enum {
	XLSX_PART_MOST = 48 << 20,  /* bytes of one part, unpacked */
	XLSX_TEXT_MOST = 48 << 20,  /* bytes of the table that comes out */
	XLSX_CELL_MOST = 4 * 32767, /* Excel's own limit, in UTF-8 */
	XLSX_ROWS_MOST = 1 << 20,
	XLSX_COLUMNS_MOST = 4096,
	XLSX_SHEETS_MOST = 200
};

struct xlsx;

/* Do the first bytes of a file say that it is one (or another file packed as zip)? */
bool xlsx_is(str head);
/* A file by its path, or its bytes where path is NULL; lives as long as the arena. ERR_ABSENT: packed as zip, and no
   workbook; ERR_INPUT with a fault at name. */
enum err xlsx_open(struct arena *a, const char *path, str bytes, str name, struct faults *f, struct xlsx **ret);
/* Sheets that are not hidden, in the workbook's order. */
size_t xlsx_sheets(const struct xlsx *x, const str **ret);
/* One sheet as CSV parted by commas; an empty name is the first. The text lives in the arena. */
enum err xlsx_text(struct xlsx *x, str sheet, struct faults *f, str *ret);

#endif
