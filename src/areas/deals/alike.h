/* Which names may mean one and the same: of records that are stored, and of rows of a file before they are (D5).
   What it is not for: what is done about it (duplicates.c, imports/alike.c). */
#ifndef AREAS_DEALS_ALIKE_H
#define AREAS_DEALS_ALIKE_H

#include "areas/deals/deals.h"

struct alike {
	int64_t row;
	str name, key, back; /* key: what is compared; back: its letters from the end */
	str mail;            /* of a contact its e-mail, of an account its website, folded and without what is usual */
	str company;         /* of a prospect: its key */
	str phone;           /* of contacts and prospects: its last digits */
	id within;           /* of contacts and deals: the account */
};

/* Prospects stand in an area above. */
bool alike_prospects(const struct record *r);

/* From name, and mail and company as written. folded: the name, folded. */
struct alike alike_of(
        struct arena *a, const struct record *r, int64_t row, str name, str folded, str mail, str company, id within);
/* Why the two may be one; NULL: they are not. */
const char *alike_reason(const struct record *r, const struct alike *x, const struct alike *y);
/* Tells fn of pairs that may be one, the same pair more than once; until it says false. Reorders all. */
void alike_pairs(const struct record *r, struct alike *all, size_t n,
        bool (*fn)(void *what, const struct alike *x, const struct alike *y, const char *why), void *what);

/* The digits of a number that tell it apart, with or without its country; empty: too few. */
str alike_phone(struct arena *a, str phone);

/* Stored ones in their orders, so that one of them is found beside a new one without looking at all (what alike_pairs
   finds, asked for one at a time). */
struct alike_index {
	const struct record *record;
	const struct alike *all;
	struct alike_entry *by_key, *by_back;
	uint32_t *mails, *phones; /* slots: index + 1 */
	size_t n, n_slots;
};
void alike_index_make(
        struct arena *a, const struct record *r, const struct alike *all, size_t n, struct alike_index *ret);
/* The one that x may be, the surest reason first: the same address, the same name, a near one; NULL: none. */
const struct alike *alike_index_find(const struct alike_index *ix, const struct alike *x, const char **ret_why);

/* A name without legal form, blanks and signs, folded: "Helbing & Söhne GmbH" → "helbing sohne". */
str account_key(struct arena *a, str folded);

#endif
