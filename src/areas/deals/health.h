/* Health of an open deal: the worst rule that fires; each rule has a name, says why, and what would clear it (P5). A
   rule is silent where the source lacks its field (P5a). What it is not for: storing (rules.c), or colours. */
#ifndef AREAS_DEALS_HEALTH_H
#define AREAS_DEALS_HEALTH_H

#include "areas/deals/deals.h"

struct health_reason {
	int level;        /* enum health */
	const char *code; /* "stuck" */
	str what;         /* "31 days in this stage; 21 are allowed" */
	str mend;         /* "move it on, or say why it waits" */
};

/* The rules of one version; none: those that the program came with. */
struct health_rules {
	const struct health_rule *rules;
	size_t n;
};

/* Rules of the processes that a page meets, each read once. */
struct rule_book {
	id process[16];
	struct health_rules rules[16];
	size_t n;
};
/* Those of a process; where they cannot be read, the standard ones. */
struct health_rules rule_book_of(struct conn *c, struct arena *a, id org, id process, struct rule_book *book);

/* At most eight reasons, the worst first; *ret_until is the next day on which the answer can change (DAY_NONE: never).
 */
size_t deal_health(struct arena *a, const struct deal *d, struct health_rules rules, int64_t allowed_days, day today,
        struct health_reason ret[8], day *ret_until);

/* "No next step" for "no-next-step"; the code itself where it is none. */
str health_flag_words(str code);

#endif
