/* Tables as other systems export them (D5), read row by row: any size in bounded memory, encoding and delimiter
   detected, every broken row named by its line. A row is never guessed: what does not fit is a fault, and it is the
   caller's to say so. What it is not for: what the fields mean (column.h, cell.h, map.h). */
#ifndef SHEET_CSV_H
#define SHEET_CSV_H

#include "base/err.h"
#include "sheet/encoding.h"

struct arena;
struct csv;

enum {
	CSV_ROW_LIMIT = 1 << 20, /* bytes of one row, in UTF-8 */
	CSV_COLUMNS_MAX = 4096,
	CSV_SAMPLE = 64 << 10 /* bytes by which the file is judged */
};

/* Gives up to cap bytes (0 at the end). Anything but OK ends the reading with that error. */
typedef enum err csv_read(void *from, char *buffer, size_t cap, size_t *ret_n);

struct csv_options {
	enum encoding encoding; /* as the user chose; unknown: guessed */
	char delimiter;         /* 0: guessed */
	size_t row_limit;       /* 0: CSV_ROW_LIMIT */
};

enum csv_newline { CSV_LF, CSV_CRLF, CSV_CR };

struct csv_column {
	str name;     /* as rows are mapped by: trimmed, unique, never empty */
	str written;  /* as it stands in the file */
	bool renamed; /* "name (2)" for the second "name", "column 3" for one without a name */
};

/* What was found on opening; all of it is shown to the user. */
struct csv_shape {
	struct encoding_guess guess; /* of the sample, whatever the options say */
	enum encoding encoding;      /* in use */
	char delimiter;
	enum csv_newline newline; /* of the header line */
	bool sep_line;            /* the file names its delimiter: "sep=;" */
	bool ours;           /* written by us: a column is named ridealong_…; formula guards are taken off again */
	int64_t header_line; /* physical, from 1 */
	int64_t n_preamble;  /* title lines above the header, left out */
	struct csv_column *columns;
	size_t n_columns, n_renamed;
};

enum csv_fault {
	CSV_FINE,
	CSV_FEW,   /* fewer fields than the header */
	CSV_MANY,  /* more fields than the header */
	CSV_NUL,   /* a NUL byte inside */
	CSV_BYTES, /* bytes which the encoding does not have */
	CSV_QUOTE, /* text after a closing quote */
	CSV_LONG,  /* over the row limit; its fields are not given */
	CSV_OPEN,  /* a quote never closed: nothing after it is read */
	CSV_FAULTS
};

struct csv_row {
	int64_t n;         /* 1, 2 … among the rows that are no blank lines and no footer */
	int64_t line;      /* physical line it begins on, from 1; for CSV_OPEN the line of the quote */
	int64_t last_line; /* … it ends on */
	const str *fields; /* valid until the next call; at most n_columns + 1 of a row with too many */
	size_t n_fields;   /* n_columns when fine */
	enum csv_fault fault;
	str what, mend; /* of the fault, in words; valid until the next call */
};

struct csv_counts {
	int64_t rows; /* given so far, faulty ones with them */
	int64_t faulty;
	int64_t blank;    /* empty lines left out */
	int64_t footer;   /* lines below the table left out (Salesforce reports) */
	int64_t lines;    /* physical lines read */
	int64_t replaced; /* bytes the encoding does not have */
	str footer_text;  /* the first footer line, valid as long as the reader */
	bool stopped;     /* a quote was never closed */
};

/* Reads the header. Memory (about 1.2 MB, whatever the file's size) comes from the arena and lives as long.
   ERR_INPUT with faults: not a table, empty, a broken header. */
enum err csv_open(
        struct arena *a, csv_read *read, void *from, struct csv_options options, struct faults *f, struct csv **ret);
enum err csv_open_text(struct arena *a, str text, struct csv_options options, struct faults *f, struct csv **ret);
/* ERR_ABSENT when there is no such file. Closed with the arena. */
enum err csv_open_file(
        struct arena *a, const char *path, struct csv_options options, struct faults *f, struct csv **ret);

/* The next row, fine or faulty; ERR_ABSENT after the last; ERR_IO when reading failed. */
enum err csv_next(struct csv *c, struct csv_row *ret);

const struct csv_shape *csv_shape(const struct csv *c);
const struct csv_counts *csv_counts(const struct csv *c);
size_t csv_find(const struct csv_shape *s, str name); /* column by name; SIZE_MAX when there is none */
const char *csv_fault_name(enum csv_fault f);         /* "too few fields", "NUL byte" … */
const char *csv_delimiter_name(char d);               /* "comma", "semicolon", "tab", "bar", "another sign" */

#endif
