/* The routes of leadership: the leaders' board, the gap to target, the head's brief, what is kept about a person; and
   the page behind a link of kind "brief" (its target is the head). What it is not for: rules of charters and duties
   (commitments/). */
#ifndef AREAS_LEADERSHIP_PAGES_H
#define AREAS_LEADERSHIP_PAGES_H

#include "page/page.h"

extern const struct route leadership_routes[];
extern const struct act_body leadership_acts[]; /* what they take */

/* A4: answers that traces wait for. */
enum err trace_today(struct request *r, struct today_items *ret);

/* L1a: all that waits for the head, by one link, without signing in. */
enum err leadership_link_show(struct request *r);
enum err leadership_link_act(struct request *r);
/* L1a, L5: the same for a letter to the head who asks: a line each, and the link. ret_n: how many wait; 0: nothing is
   written and no link made. link: false where people only look. */
enum err brief_text(struct request *r, str base, bool link, struct out *to, size_t *ret_n);

#endif
