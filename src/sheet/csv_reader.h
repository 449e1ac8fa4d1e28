/* The inside of the reader, shared by csv_open.c (before the first row) and csv.c (the rows).
   What it is not for: anybody else. */
#ifndef SHEET_CSV_READER_H
#define SHEET_CSV_READER_H

#include "sheet/csv.h"
#include "sheet/scan.h"

struct csv {
	struct arena *arena;
	csv_read *read;
	void *from;
	struct encoding_reader converter;
	char *raw; /* bytes as read, before conversion: CSV_SAMPLE of them at most */
	size_t n_raw;
	bool source_ended; /* nothing more to read into raw */
	char *buffer;      /* UTF-8; unread from at to end */
	size_t at, end, cap, limit;
	bool ended;       /* nothing more to come into buffer */
	bool after_blank; /* the line before was blank */
	int64_t line;     /* physical line of buffer[at] */
	struct scan scan;
	struct scan_field *marks;
	str *fields;
	struct csv_shape shape;
	struct csv_counts counts;
	char words[200]; /* the fault of the row last given */
};

enum err reader_raw(struct csv *c);  /* reads once into raw */
enum err reader_fill(struct csv *c); /* fills the buffer as far as it goes, moving what is unread to its beginning */
str reader_ahead(const struct csv *c, size_t skip); /* what is unread */
/* The next row that is neither blank nor footer. */
enum err reader_row(struct csv *c, struct csv_row *ret);

#endif
