/* One cell of a table, read in a form that has been decided (column.h decides, people correct): days, instants,
   amounts, numbers, yes and no. What does not fit is told in words: "30 February 2023 is not a day". What it is not
   for: guessing a form; reading what a person types into a page (base/money.h, base/time.h). */
#ifndef SHEET_CELL_H
#define SHEET_CELL_H

#include "base/err.h"
#include "base/time.h"

struct arena;

enum cell_order { CELL_ANY, CELL_YMD, CELL_DMY, CELL_MDY }; /* ANY: only where the text itself decides it */

/* All of them: OK; ERR_ABSENT for an empty cell ("", "-", "n/a", "null"); ERR_INPUT and ret_why, kept in the arena. */

bool cell_empty(str cell);
/* The day as it is written, whatever zone or time stands beside it. Beside the order, a month in letters (en, de, cs)
   and a year of four digits in front are always understood. */
enum err cell_day(struct arena *a, str cell, enum cell_order order, day *ret, str *ret_why);
/* zone counts where the text names none; a day without a time is its beginning there. */
enum err cell_instant(
        struct arena *a, str cell, enum cell_order order, const struct zone *zone, instant *ret, str *ret_why);

struct cell_amount {
	int64_t minor; /* in minor units of code */
	char code[4];  /* the cell's own currency, or the one given */
	bool rounded;  /* the cell had more decimals than the currency */
	bool own_code; /* the cell names its currency */
};

/* decimal: '.' or ','; thousands may be parted by the other one, blanks or apostrophes. code: for cells without a sign.
 */
enum err cell_money(struct arena *a, str cell, char decimal, const char *code, struct cell_amount *ret, str *ret_why);
/* The number times ten to the power of `places` (0 … 9), rounded; a percent sign is passed over. */
enum err cell_number(struct arena *a, str cell, char decimal, int places, int64_t *ret, str *ret_why);
/* Yes and no in en, de, fr, es, it, cs, pl, hu; true and false; 1 and 0. */
enum err cell_bool(struct arena *a, str cell, bool *ret, str *ret_why);
bool cell_bool_word(str word, bool *ret); /* the same without words about it; false when it is neither */
/* "EUR", "€", "Kč", "US Dollar" … → code. */
enum err cell_currency(struct arena *a, str cell, char ret_code[4], str *ret_why);

/* "Y-M-D", "d.m.y", "m/d/y"; sign as the file writes it: '.', '/', '-', or 0. */
const char *cell_order_name(enum cell_order o, char sign);
/* "Y-M-D", "d.m.yyyy", "m/d/y", "%d %b, %Y": the order of its letters. */
bool cell_order_find(str text, enum cell_order *ret);

#endif
