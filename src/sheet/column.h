/* What the columns of a table hold, by the values seen: kind, order of dates, decimal sign, currencies, the values
   themselves where they are few. What the values leave open is decided by the rest of the file or by a default, and
   said. What it is not for: which field of ours a column goes to (map.h). */
#ifndef SHEET_COLUMN_H
#define SHEET_COLUMN_H

#include "sheet/cell.h"
#include "sheet/csv.h"
#include "sheet/ending.h"

enum column_kind {
	COLUMN_EMPTY,
	COLUMN_TEXT,
	COLUMN_DAY,
	COLUMN_INSTANT, /* days with a time that is not always midnight */
	COLUMN_WHOLE,
	COLUMN_NUMBER,
	COLUMN_MONEY, /* numbers with a sign of currency */
	COLUMN_BOOL,
	COLUMN_MAIL,
	COLUMN_KINDS
};

enum column_how { COLUMN_BY_VALUES, COLUMN_BY_FILE, COLUMN_BY_DEFAULT };

enum { COLUMN_VALUES_MAX = 100, COLUMN_VALUE_LENGTH = 120, COLUMN_CODES_MAX = 6 };

struct column_value {
	str text;                 /* trimmed */
	int64_t n;                /* rows with it */
	int64_t by[ENDING_COUNT]; /* … whose other columns say open, won, lost */
};

struct column_facts {
	str name;
	enum column_kind kind;
	int64_t n, empty, unfit; /* rows seen; empty cells; cells that are not of that kind */
	enum cell_order order;   /* of dates, CELL_YMD where the text always decides */
	enum column_how order_how;
	char decimal; /* of numbers */
	enum column_how decimal_how;
	char codes[COLUMN_CODES_MAX][4];
	size_t n_codes;
	struct column_value
	        *values; /* all that occur, most frequent first; NULL when there are more than COLUMN_VALUES_MAX */
	size_t n_values;
	str doubt; /* in words, for the user: what was not certain; empty mostly */
	/* The counts behind it: */
	int64_t dates, dmy, mdy, either, plain, timed; /* plain: year first or a month in letters */
	int64_t numbers, points, commas, undecided, fractions, signs, zero_one;
	int64_t bools, mails;
	char date_sign;
	unsigned char *slots; /* hash of values → index + 1 */
};

struct column_sniff {
	struct arena *arena;
	struct column_facts *columns;
	size_t n_columns;
	int64_t rows;
	char delimiter;
	/* Of the file, after column_sniff_end: */
	enum cell_order order;
	enum column_how order_how;
	char decimal;
	enum column_how decimal_how;
	bool half_day;              /* AM and PM occur */
	size_t status, won, closed; /* columns that say how a deal ended; SIZE_MAX */
};

void column_sniff_init(struct column_sniff *s, struct arena *a, const struct csv_shape *shape);
void column_sniff_row(struct column_sniff *s, const struct csv_row *row); /* broken rows are passed over */
void column_sniff_end(struct column_sniff *s);

const char *column_kind_name(enum column_kind k);

#endif
