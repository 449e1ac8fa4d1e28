/* The routes of coaching and of Today, and the page behind a link of kind "confirm" (its target is the session).
   What it is not for: rules (debt.h, schedule.h, prepare.h). */
#ifndef AREAS_COACHING_PAGES_H
#define AREAS_COACHING_PAGES_H

#include "page/page.h"

extern const struct route coaching_routes[];
extern const struct act_body coaching_acts[]; /* what they take */

/* C6: the other side's word, by a link or a QR code, without signing in. */
enum err coaching_link_show(struct request *r);
enum err coaching_link_act(struct request *r);
enum err coaching_feed_show(struct request *r);
enum err coaching_feed_act(struct request *r);

/* Observations that wait for my own view (C7). */
enum err observation_today(struct request *r, struct today_items *ret);

/* Whoever coaches my coach hears of two skipped sessions (C10). */
enum err skipped_today(struct request *r, struct today_items *ret);
enum err programme_today(struct request *r, struct today_items *ret); /* one ends: what comes next? */

/* For the navigation: sessions of a week to prepare, and those that wait for one's word. */
enum err coaching_waiting(struct request *r, int64_t *ret);

/* L5: what the week (or, with `of_day`, the day alone) holds for who asks, as plain text under headings, for a letter.
   `base` starts addresses. ret_n: how many things; 0: nothing was written. Never what the other side noted (C5). */
enum err today_text(struct request *r, bool of_day, str base, struct out *to, size_t *ret_n);

#endif
