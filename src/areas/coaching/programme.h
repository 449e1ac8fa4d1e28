/* Programmes (C1): an objective, a framework, a recurrence and who takes part; each couple's pair gets its rhythm and
   its sessions from it. What it is not for: debt (debt.h), which reads a pair's rhythm whoever set it; notes of
   sessions. */
#ifndef AREAS_COACHING_PROGRAMME_H
#define AREAS_COACHING_PROGRAMME_H

#include "areas/coaching/coaching.h"

enum programme_who { WHO_NONE, WHO_TEAM, WHO_DOWN, WHO_PAIRS };

struct programme {
	struct row row;
	str name, objective;
	int kind;     /* enum meeting: coaching, or inspection, which pays no debt (C2a) */
	id framework; /* any version of it: sessions take the one in use */
	str rule;     /* RFC 5545, normal form */
	day from_day; /* the first possible day: where the rule starts to count */
	day to_day;   /* the last; DAY_NONE: until it is ended */
	int64_t start, length;
	int who;    /* enum programme_who */
	id root;    /* whose team, or from whom down; 0: named pairs */
	id follows; /* the programme before it; 0: none */
};

extern const struct record programme_record;
extern const struct choice programme_whos[];

/* A programme begins and ends within ten years of today: further out the calendar itself ends. Faults at the two
 * fields. */
void programme_far(day today, const struct programme *x, struct faults *f);

/* When a pair meets: by its cadence up to the day its programme began, by the programme's rule from then on. */
struct rhythm {
	day from_day;
	int64_t weekday;
	int cadence;
	str rule;      /* empty: no programme */
	day rule_from; /* of the programme: COUNT and INTERVAL count from there */
	day rule_to;   /* DAY_NONE: open */
	day joined;    /* the pair's first occurrence in it */
};
/* First days of the pair's periods, ascending, the last one after `to` where there is one. With a rule each period runs
   from one occurrence to the day before the next; a period of the cadence that the programme cut short is none. */
enum err rhythm_starts(struct arena *a, const struct rhythm *r, day to, const day **ret, size_t *ret_n);
/* The first occurrence on `from` or later; DAY_NONE: none. */
enum err rhythm_next(struct arena *a, str rule, day rule_from, day rule_to, day from, day *ret);
str rhythm_words(struct arena *a, str rule, int cadence); /* "every week", "every second Tuesday" */

struct programme_pair {
	id coach, coachee;
};
/* In the open change set: pairs of this coach that a running programme wants and that are not in one; those whose
   programme is over or no longer wants them leave it. Before pairs of the line are made (schedule.h). */
enum err programmes_ensure(struct change *c, id coach);
/* Whether the above would do something; cheap. */
enum err programmes_wait(struct conn *c, struct arena *a, id org, id coach, day today, bool *ret);
/* All couples a programme of the line wants today, by coach; named pairs stand in their pairs alone. */
enum err programme_couples(
        struct conn *c, struct arena *a, id org, const struct programme *p, struct programme_pair **ret, size_t *ret_n);
/* The couple's pair follows the programme from its next occurrence on; made when there is none. number: which of the
   coach's pairs it is, so that sessions of one day do not meet. Nothing where that would raise the cadence of a coach
   who is not certified (C2b): programmes_ensure does it once they are. */
enum err programme_join(struct change *c, const struct programme *p, struct programme_pair who, size_t number);
/* The programme ends today: pairs of the line go on by their cadence, others end. */
enum err programme_end(struct change *c, struct programme *p);

#endif
