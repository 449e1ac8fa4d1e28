/* Amounts in integer minor units with an ISO 4217 currency (D3). Never a double.
   What it is not for: converting between currencies (a dated rate is a record). */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/str.h"

typedef struct {
	int64_t minor;  /* cents, yen, fils … */
	char code[4];   /* "EUR", NUL-terminated */
} money;

/* Digits after the point: EUR 2, JPY 0, KWD 3. -1 for a code ISO 4217 does not know. */
int money_digits(const char *code);
bool money_known(str code);
/* Sign of a currency ("€", "Kč", "£", "$" …) or a code in any case → code; false when not known. "$" gives USD. */
bool money_code(str sign, char ret_code[4]);

/* "€184,000" / "€184,000.50" (minor units left out when all zero), "-€12". */
str money_text(struct arena *a, money m);
/* "€184k", "€1.2M", "€28.5k": at most four characters of number, for cards and axes. */
str money_short(struct arena *a, money m);
/* "184000.50": plain decimal for CSV and forms. */
str money_plain(struct arena *a, money m);
/* Plain decimal with '.' as the point and nothing else: the reverse of money_plain. */
bool money_parse_plain(str s, const char *code, int64_t *ret_minor);
/* What a person types: "1.234,56", "1,234.56", "1 234", "€ 12k", "12.5k", "2M". decimal is ',' or '.' (0: guessed where the
   text decides it, else '.'). False when it is no amount. */
bool money_parse(str s, const char *code, char decimal, int64_t *ret_minor);
/* a × num / den, rounded half away from zero, without overflow on the way. */
int64_t money_scale(int64_t minor, int64_t num, int64_t den);

#endif
