/* The bytes of a table: where a row and its fields end, which sign parts them, whether these bytes are a table at all.
   RFC 4180 with what exporters make of it: LF, CR and CRLF; text in quotes may hold line ends; a quote inside an
   unquoted field is a letter like any other. What it is not for: reading files (csv.h); it sees bytes in memory and
   changes nothing. */
#ifndef SHEET_SCAN_H
#define SHEET_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct scan_field {
	size_t at, n; /* bytes from the row's beginning; without the quotes around */
	bool quoted;
	bool doubled; /* holds "" that stand for " */
};

enum scan_end {
	SCAN_ROW,  /* a whole row */
	SCAN_MORE, /* the bytes end before the row does */
	SCAN_OPEN  /* the file ends inside quotes */
};

struct scan {
	char delimiter;
	bool stops[256];           /* bytes that end an unquoted field */
	struct scan_field *fields; /* room for cap; what is more is counted only */
	size_t cap;
	/* Of the row last scanned: */
	size_t n_fields;
	size_t n;      /* bytes, its line end with it */
	int64_t lines; /* line ends in it */
	int64_t quote; /* lines from its beginning to the quote that matters below */
	bool tail;     /* text after a closing quote */
	bool torn;     /* … of a field that spans lines: most likely the quote was never closed */
	bool blank;    /* nothing but blanks and empty unquoted fields */
};

void scan_init(struct scan *s, char delimiter, struct scan_field *fields, size_t cap);
/* last: nothing comes after these bytes. On SCAN_OPEN, quote is where the quotes open. */
enum scan_end scan_row(struct scan *s, str bytes, bool last);
int64_t scan_lines(str bytes); /* line ends: CRLF, LF, CR */

/* The sign that parts the fields, from a sample: , ; TAB or |. ',' for a table of one column. */
char scan_delimiter(str sample, bool whole);
/* "sep=;" on the first line: its length with the line end, and the sign; 0 when there is none. */
size_t scan_sep(str sample, char *ret_delimiter);

/* What bytes are when they are no table ("an Excel workbook") and how to mend it; false when they may be one. */
bool scan_alien(str sample, str *ret_what, str *ret_mend);

#endif
