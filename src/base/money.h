/* Amounts in integer minor units with an ISO 4217 currency (D3). Never a double.
   What it is not for: converting between currencies (a dated rate is a record). */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/str.h"

typedef struct {
	int64_t minor; /* cents, yen, fils … */
	char code[4];  /* "EUR", NUL-terminated */
} money;

/* code: up to three letters; longer ones are cut. */
money money_of(int64_t minor, str code);

/* Digits after the point: EUR 2, JPY 0, KWD 3. -1 for a code ISO 4217 does not know. */
int money_digits(const char *code);
bool money_known(str code);
/* Sign of a currency ("€", "Kč", "£", "$" …) or a code in any case → code; false when not known. "$" gives USD. */
bool money_code(str sign, char ret_code[4]);
/* May sign stand for this currency? "$" for every dollar, "kr" for every crown, "eur" for EUR. */
bool money_sign_fits(str sign, const char *code);

/* "€184,000" / "€184,000.50" (minor units left out when all zero), "-€12". Letters stand apart by a no-break space:
   "CHF 1,200"; a currency without a sign of its own is named by its code. */
str money_text(struct arena *a, money m);
/* "€184,000.00": always with the minor units, for columns that add up before the eye. */
str money_exact(struct arena *a, money m);
/* Has it minor units that are not zero? */
bool money_broken(money m);
/* "€184k", "€1.2M", "€28.5k": at most four characters of number, for cards and axes. */
str money_short(struct arena *a, money m);
/* "184000.50": plain decimal for CSV and forms. */
str money_plain(struct arena *a, money m);
/* Plain decimal with '.' as the point and nothing else: the reverse of money_plain. */
bool money_parse_plain(str s, const char *code, int64_t *ret_minor);
/* What a person types: "1.234,56", "1,234.56", "1 234", "€ 12k", "12.5k", "2M". decimal is ',' or '.' (0: guessed where
   the text decides it, else '.'): one mark before three digits groups thousands when the currency has not three digits,
   so "1.234" is 1234 euros. False when it is no amount, names another currency or is finer than the minor unit. */
bool money_parse(str s, const char *code, char decimal, int64_t *ret_minor);
/* Numbers with up to six digits behind the point, in millionths: what is counted and is no amount. decimal_plain:
   "12.5", without zeros at the end. decimal_parse_plain: '.' as the point and nothing else, its reverse. decimal_parse:
   what a person types, as money_parse with decimal 0; "1.234" is one and a bit, "1,234" a thousand. */
str decimal_plain(struct arena *a, int64_t millionths);
bool decimal_parse_plain(str s, int64_t *ret_millionths);
bool decimal_parse(str s, int64_t *ret_millionths);
/* False where x has digits behind the sixth, or is out of range (a trillion). */
bool decimal_of(double x, int64_t *ret_millionths);
/* a × num / den, rounded half away from zero, without overflow on the way; a result out of range is the nearest in it.
   den is not 0. */
int64_t money_scale(int64_t minor, int64_t num, int64_t den);

#endif
