/* What the pages of accounts and duplicates show.
   What it is not for: what makes two records one (duplicates.c). */
#ifndef AREAS_DEALS_ACCOUNT_H
#define AREAS_DEALS_ACCOUNT_H

#include "areas/deals/alike.h"
#include "areas/deals/file_view.h"
#include "areas/deals/rates.h"
#include "areas/deals/view.h"

/* Of deals with an account that who asks may see. */
struct account_sum {
	int64_t n;   /* deals */
	money value; /* in the company's currency, by the last rates */
	bool any;    /* some of it has a value that a rate converts */
	str parts;   /* "$40k, €12k": where not all is in the company's currency; empty: all is */
	str left;    /* not in it, for want of a rate: "CHF 20k" */
};

struct account_row {
	struct account a;
	str owner;
	struct account_sum open;
};

struct account_list {
	const struct record *record; /* with the company's own fields */
	struct account_row *rows;
	size_t n;
	str has, next;
	str rates; /* what was converted, at which rates; empty: nothing was */
	str query; /* "&f…=…", what was asked of own fields */
};

struct account_view {
	const struct record *record; /* with the company's own fields */
	const struct account *a;
	struct deal_card *deals;
	size_t n_deals;
	struct account_sum open, won;
	str rates; /* as in the list */
	struct contact *contacts;
	size_t n_contacts;
	struct activity_row *activities;
	size_t n_activities;
	struct files_view files;
	str who_sees;
};

/* Its deals of one outcome; what is converted is noted in rates. */
enum err account_sum(struct request *r, struct rate_book *rates, id account, str outcome, struct account_sum *ret);

/* Who may merge the two: the nearest who leads the owners, whoever worked on them, and the one who asks; 0: nobody.
 */
id merge_who(struct request *r, const struct record *rec, id keep, id drop, str *ret_name);

struct duplicate {
	id a, b;
	str name_a, name_b;
	const char *why;
};

struct duplicate_list {
	str kind;
	struct duplicate *pairs;
	size_t n;
	bool more;
};

struct pair_field {
	str name, label, a, b;
	bool differs; /* both say something, and not the same */
};

struct duplicate_pair {
	str kind, name_a, name_b, moves;
	id a, b;
	int64_t version_a, version_b;
	struct pair_field *fields;
	size_t n;
	id asked; /* who may merge them, where the reader may not; 0: may, or nobody is known to */
	str asked_name;
	struct blocker_row *waits; /* whom somebody asked, and who has not answered yet */
	size_t n_waits;
};

/* Two records that may be one: which key says so. */
enum err duplicates_find(struct request *r, const struct record *rec, struct duplicate_list *ret);
/* Those that a new one of that name (and e-mail; of a prospect its company; within: of a contact, its account) may be:
   b, name_b and why of each pair; at most `most`. */
enum err duplicates_near(struct request *r, const struct record *rec, str name, str mail, str company, id within,
        size_t most, struct duplicate_list *ret);
extern const struct route account_routes[];

#endif
