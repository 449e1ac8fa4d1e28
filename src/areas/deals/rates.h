/* Dated exchange rates, and totals that never mix currencies silently (D3): a sum of each currency, and one in the
   company's that says what it was converted at, and what it leaves out for want of a rate.
   What it is not for: amounts of a single deal, which are shown as they were agreed. */
#ifndef AREAS_DEALS_RATES_H
#define AREAS_DEALS_RATES_H

#include "base/money.h"
#include "page/page.h"

/* One unit of currency is worth rate units of base, from that day on. */
struct rate {
	struct row row;
	str currency, base;
	day on_day;
	str rate; /* a decimal: "0.92" */
};

extern const struct record rate_record;

#define TOTALS_MOST 40 /* currencies told apart; ISO 4217 has more, no company sells in more */

struct totals_part {
	char code[4];
	int64_t n;             /* rows */
	money value, weighted; /* in that currency */
	str rate;              /* empty: the currency itself, or there is none */
	day on_day;            /* of the rate */
	bool converted;        /* it is in the total */
};

struct totals {
	struct totals_part parts[TOTALS_MOST];
	size_t n_parts;
	int64_t n;             /* rows of all */
	money value, weighted; /* in the company's currency, of every part that is converted */
	str note;              /* how; empty: everything was in that currency */
};

/* A decimal of at most 15 digits as a fraction: "0.0061" is 61 / 10,000. False: it is none, or not above 0. */
bool rate_parse(str s, int64_t *ret_num, int64_t *ret_den);
/* m in the currency `to`, one unit of m's being num / den of it; the minor units of both are minded. */
money rate_convert(money m, int64_t num, int64_t den, const char *to);

void totals_init(struct totals *t, str currency);
/* weighted: in hundredths of a minor unit, as deals keep it. */
void totals_add(struct totals *t, str currency, int64_t n, int64_t value, int64_t weighted);
/* Converts by the last rate on or before the day, sums, and says how (t->note). Once, after the last totals_add. */
enum err totals_close(struct conn *c, struct arena *a, id org, day on, struct totals *t);

/* The last rates into one currency on a day, for sums that go over deals one by one. */
struct rate_book {
	char base[4];
	day on;
	struct rate_known {
		char code[4];
		int64_t num, den, n; /* n: deals converted by it */
		str rate;
		day on_day;
	} rates[TOTALS_MOST];
	size_t n;
	struct rate_missed {
		char code[4];
		int64_t n, minor; /* deals and their money that no rate converts */
	} missed[TOTALS_MOST];
	size_t n_missed;
};

/* What stands beside a sum in one currency: how others came into it, and which stayed out (D3). */
struct rate_said {
	int64_t converted, left; /* deals */
	str rates, without;      /* "USD at 0.92 EUR of …"; "¥50,000 of 2 deals; …". Empty: none */
};
enum err rate_book_load(struct conn *c, struct arena *a, id org, str base, day on, struct rate_book *ret);
/* What minor units of a currency are in the base, n deals of it; false: there is no rate, *ret stays, and the n deals
   are noted as missed. n 0: another sum of deals that are counted already. */
bool rate_book_worth(struct rate_book *b, str currency, int64_t minor, int64_t n, int64_t *ret);
/* "USD at 0.92 EUR of 1 October 2026; …" of those that were used; empty: none was. */
str rate_book_words(struct arena *a, const struct rate_book *b);
struct rate_said rate_book_said(struct arena *a, const struct rate_book *b);
/* As a sentence or two for a page or a line of text: "Converted: …. Not in the sums: …, no rate into EUR." Empty: all
   was in one currency. */
str rate_said_words(struct arena *a, const struct rate_said *x, str currency);

struct rates_view {
	struct rate *rates; /* the newest first */
	size_t n;
	bool may;    /* write them */
	str missing; /* currencies of open deals without a rate, in words */
	str file;    /* as pasted, when it was refused */
	struct rate typed;
};
extern const struct route rates_routes[];

/* "$300k, CHF 20k": every part but the company's own; empty: there is none. */
str totals_others(struct arena *a, const struct totals *t);

#endif
