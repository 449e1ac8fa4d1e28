/* The door: signing in and out, single-purpose links, set-up, undo, theme.
   What it is not for: what stands behind it. */
#ifndef APP_DOOR_H
#define APP_DOOR_H

#include "page/page.h"

struct door {
	str to, email, fault, mend, place, secret, company, currency, zone, name;
	bool ask_password;
};

extern const struct route door_routes[];
extern const struct act_body door_acts[]; /* what they take */

/* Pages behind single-purpose links of areas: "confirm", "brief". */
struct link_page {
	const char *kind;
	enum err (*show)(struct request *r);
	enum err (*act)(struct request *r);
};
extern const struct link_page link_pages[];

#endif
