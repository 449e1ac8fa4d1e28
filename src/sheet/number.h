/* A number in the forms that exports have, taken apart before anybody decides which sign is the decimal one.
   What it is not for: decided reading (cell.h); money arithmetic (base/money.h). */
#ifndef SHEET_NUMBER_H
#define SHEET_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct number_parts {
	str body;      /* digits and the signs between them */
	bool negative; /* "-", "−", "(…)" or a minus behind */
	bool percent;
	char code[4]; /* of a currency sign; "" when there is none */
	char decimal; /* the decimal sign, where the text decides it: '.' or ','; 0 when it has none or leaves it open
	               */
	bool open;    /* "1.234": thousands or decimals */
};

/* False when s has not the form of a number. */
bool number_take(str s, struct number_parts *ret);
/* The value times ten to the power of places. False when the signs do not fit that decimal sign, or past 18 digits. */
bool number_value(const struct number_parts *p, char decimal, int places, int64_t *ret, bool *ret_rounded);

#endif
