/* Writing a table as CSV: RFC 4180, with CRLF, and safe to open in a spreadsheet. A text that a spreadsheet would take
   for a formula (= + - @ TAB CR LF in front) gets an apostrophe before it. When a column is named ridealong_… the
   reader knows the file as ours and takes the apostrophe off again, so that what was written is what is read. What it
   is not for: choosing columns or rights (record/). */
#ifndef SHEET_WRITE_H
#define SHEET_WRITE_H

#include <stdbool.h>

#include "base/str.h"

struct out;

struct write {
	struct out *out;
	char delimiter; /* 0: comma */
	bool begun;     /* a cell of this row is written */
};

void write_text(struct write *w, str cell); /* guarded and quoted as needed */
/* A plain number ("-1100", "3.50"), day or code of ours: not guarded when it is a plain number, else like text. */
void write_number(struct write *w, str cell);
void write_row_end(struct write *w);
/* Would a spreadsheet take it for a formula? Also true of one already guarded, so that guards can be counted. */
bool write_is_formula(str cell);

#endif
