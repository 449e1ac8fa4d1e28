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

/* A name without legal form, blanks and signs, folded: "Helbing & Söhne GmbH" → "helbing sohne". */
str account_key(struct arena *a, str folded);

#endif
