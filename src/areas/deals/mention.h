/* Who was named with @ and has not put it away yet: for Today, and on the deal.
   What it is not for: finding the names in a text (one.h has that). */
#ifndef AREAS_DEALS_MENTION_H
#define AREAS_DEALS_MENTION_H

#include "page/page.h"

#define MENTIONS_SHOWN 6

struct mentioned {
	id row, deal;
	str what, by, words; /* what: the account, else the deal */
	day on_day;
};

/* The newest of the asking person's, of deals that they may see; deal 0: of all. */
enum err mention_list(struct request *r, id deal, struct mentioned ret[MENTIONS_SHOWN], size_t *ret_n);
/* A today_source. */
enum err mention_today(struct request *r, struct today_items *ret);

#endif
