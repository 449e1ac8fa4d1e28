/* Scorecards and paired agreements: a few measures per role, each with n and a target; what a person will do beside
   what their leader owes them, signed by both (A1, A2). What it is not for: the duties themselves (commitments/), the
   responsibility trace (leadership/). */
#ifndef AREAS_ACCOUNTABILITY_ACCOUNTABILITY_H
#define AREAS_ACCOUNTABILITY_ACCOUNTABILITY_H

#include "areas/coaching/coaching.h"
#include "areas/commitments/commitments.h"
#include "areas/deals/deals.h"
#include "areas/deals/rates.h"
#include "stats/rate.h"

/* ---- measures (A1) ---- */
enum measure_kind { MEASURE_NONE, MEASURE_LEADING, MEASURE_LAGGING };
/* Where the figure comes from: records, or by hand. */
enum measure_from {
	FROM_NONE,
	FROM_HAND,
	FROM_CALLS,
	FROM_MEETINGS,
	FROM_ACTIVITIES,
	FROM_NEW_DEALS,
	FROM_NEXT_STEPS,
	FROM_COACHED,  /* own sessions as the one coached, confirmed of due */
	FROM_COACHING, /* those given, confirmed of due */
	FROM_OBSERVED, /* calls, visits and sessions watched */
	FROM_KEPT,     /* commitments */
	FROM_BLOCKERS, /* answered in time of due */
	FROM_WON,
	FROM_WIN_RATE,
	FROM_REVENUE
};

struct measure {
	struct row row; /* id 0: of the standard set, which stands until the company says otherwise */
	str name, about;
	int role;         /* enum role: whose scorecard */
	int kind, source; /* enum measure_kind, enum measure_from */
	int64_t position;
	day ended_on;
};

/* Entered where no record tells (A1): several in a time are added. */
struct measure_entry {
	struct row row;
	id measure, person, entered_by;
	day on_day;
	int64_t amount;
	str note;
};

extern const struct record measure_record, measure_entry_record;
extern const struct choice measure_kinds[], measure_froms[], measure_pers[];

#define MEASURES_MOST 100 /* of a company */

/* In the order of role and position; the standard set where the company has none of its own. */
enum err measures_load(struct conn *c, struct arena *a, id org, struct measure **ret, size_t *ret_n);
/* Writes the standard set where the company has none, so that others may refer to it. */
enum err measures_ensure(struct change *c);
str measure_key(struct arena *a, const struct measure *m); /* in forms: "calls"; of one by hand its id */
bool measure_is_share(const struct measure *m);            /* its target is a share, never prorated */

/* ---- paired agreements (A2) ---- */
enum agreement_state { AGREEMENT_NONE, AGREEMENT_PROPOSED, AGREEMENT_SIGNED, AGREEMENT_DECLINED, AGREEMENT_REPLACED };
enum agreement_side { SIDE_NONE, SIDE_DOES, SIDE_OWES };
enum measure_per { PER_NONE, PER_WEEK, PER_MONTH, PER_QUARTER };

struct agreement {
	struct row row;
	id person, leader;    /* leader 0: nobody is there, so it stands by one person (O9) */
	int64_t number;       /* version */
	int state;            /* enum agreement_state */
	day from_day, to_day; /* in force, inclusive; to_day: of one that was replaced */
	id proposed_by;
	day proposed_on, person_signed_on, leader_signed_on;
	str reason; /* why it changes, or why it was declined */
};

struct agreement_line {
	struct row row;
	id agreement, person, leader; /* as in the agreement */
	int side;                     /* enum agreement_side */
	id measure;                   /* what the person does … */
	int64_t amount;               /* … so often; of a share in percent */
	int per;                      /* enum measure_per */
	int64_t acts, closes; /* the ratio from the person's own history when it was proposed; NO_INT: not enough */
	id obligation;        /* what the leader owes: a duty (A2a) … */
	str words;            /* … or in words */
};

extern const struct record agreement_record, agreement_line_record;
extern const struct choice agreement_states[], agreement_sides[];

enum err agreement_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err agreement_line_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err measure_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err measure_entry_check(struct change *c, const void *before, const void *after, struct faults *f);

/* The agreement of a person that stood in a time: the last one in force, else one proposed (A2). */
struct agreed {
	id person; /* 0: none */
	int64_t number;
	bool both; /* signed by both */
	day on;    /* in force since; of one proposed the day of that */
	str ratio; /* of its first promise that has one */
};
enum err agreement_in(struct conn *c, struct arena *a, id org, id person, day from, day to, struct agreed *ret);

/* ---- the huddle (A5) ---- */
/* The person shows the own leading measure to the team; no row: to the line above alone (O5). */
struct huddle_share {
	struct row row;
	id person;
	day on_day;
};
extern const struct record huddle_share_record;

/* ---- figures ---- */
struct measured {
	struct measure m;
	bool known;                  /* false: no data, which is not 0 */
	int64_t value;               /* count; minor units; of a share how many of n */
	int64_t n;                   /* records it was counted from */
	rate share;                  /* of a share */
	struct rate_said currencies; /* of money: how others came in, which did not (D3) */
	bool has_target;
	int64_t target, pace; /* of the whole time; of the days until today. Of a share in percent */
	str target_from;      /* "agreed 3 Nov"; "entered" */
	str value_text, target_text, pace_text, note, href;
	bool ahead; /* known, has a target: the pace is met */
};

#define CARD_MOST 24

struct scorecard {
	id person;
	str name, title;
	int role; /* by the place in the line (A2a); ROLE_NONE: has no scorecard */
	bool leads;
	struct measured rows[CARD_MOST];
	size_t n;
};

struct card_ask {
	struct conn *conn;
	struct arena *arena;
	const struct grant *counts; /* over the company: whoever asks was found to may (O5, O6) */
	id org, person;
	day from, to, today; /* from … to inclusive; nothing after today counts */
	str currency;
	bool first; /* the first leading measure alone, as the huddle has it */
};

/* ret from the arena: it is large. ERR_ABSENT: no such person. */
enum err scorecard_load(const struct card_ask *ask, struct scorecard *ret);
/* May this person read the scorecard of that one? Own, of those below, and of those above (O6). */
bool scorecard_may(struct conn *c, id org, id who, id whose);
/* The leader and then those directly below, by name: whom a page of a team shows. */
struct card_person {
	id person;
	str name;
};
enum err scorecard_team(struct conn *c, struct arena *a, id org, id leader, struct card_person **ret, size_t *ret_n);

/* ---- its parts ---- */
enum err measure_value(const struct card_ask *ask, const struct scorecard *of, struct measured *x);
enum err measure_target(const struct card_ask *ask, struct measured *x);
void measure_words(const struct card_ask *ask, struct measured *x);

/* "15 calls per close" from the person's own last twelve months (A2). Few: not enough yet. */
#define RATIO_CLOSES 5
struct ratio {
	int from; /* enum measure_from: which acts */
	int64_t acts, closes;
	bool enough;
	double per, low, high; /* acts per close, 95 % interval */
	str words;             /* "15 calls per close (75 calls, 5 closes; 95 % interval 7–35)" */
};
#define RATIOS 3
enum err ratios_load(const struct card_ask *ask, struct ratio ret[RATIOS]);
/* Pure: from counts alone; noun "calls". */
struct ratio ratio_of(struct arena *a, int from, int64_t acts, int64_t closes);

#endif
