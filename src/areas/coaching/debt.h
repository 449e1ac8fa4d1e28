/* Coaching debt and its figures: per pair and period of the cadence what happened, from both sides (C6, C8).
   What it is not for: making sessions (schedule.h), commitments, or an order among people. */
#ifndef AREAS_COACHING_DEBT_H
#define AREAS_COACHING_DEBT_H

#include "areas/coaching/coaching.h"

/* One period of a pair's cadence. Only PAID pays, only OWED and OTHER are owed. */
enum period_state {
	PERIOD_NONE,
	PERIOD_OPEN,    /* not over, nothing confirmed yet */
	PERIOD_PAID,    /* the coachee confirmed coaching */
	PERIOD_OWED,    /* over, and nobody says it took place */
	PERIOD_OTHER,   /* it took place; the coachee says it was no coaching (C2a) */
	PERIOD_WAITING, /* the coach says so, the coachee has not answered: pauses */
	PERIOD_DENIED,  /* the coachee says it did not take place: a dispute (E8) */
	PERIOD_PAUSED   /* away for more than half of its working days (O7), or excused */
};

enum debt_state { DEBT_NEW, DEBT_NONE, DEBT_OWED, DEBT_WAITING, DEBT_DENIED, DEBT_PAUSED };

#define DEBT_PERIODS 12

struct pair_debt {
	id pair, coach, coachee, focus;
	str coach_name, coachee_name, focus_name;
	int cadence; /* enum cadence */
	int64_t weekday, start, length;
	day from_day, to_day;
	str rhythm;        /* in words: "every second Tuesday" */
	const day *starts; /* first days of its periods, one of them after today; NULL: by the cadence alone */
	size_t n_starts;
	int periods[DEBT_PERIODS]; /* enum period_state, oldest first, the last one is today's */
	size_t n_periods;
	int64_t span[PERIOD_PAUSED + 1]; /* whole periods that end within from … to, by their state */
	int state;                       /* enum debt_state */
	int64_t owed;                    /* finished periods since the last confirmed one */
	int64_t skipped; /* the latest sessions in a row that were excused or missed; at two the coach's coach sees it
	                    (C10); one in a recorded absence counts neither way (O7) */
	int64_t claimed, confirmed, same_skill, waiting, denied, other, late; /* sessions held within from … to */
	int64_t unanswered; /* of those waiting: for over seven days */
	int64_t grouped;    /* of those confirmed: in a meeting of several (C1) */
	bool ended;         /* its last day has passed */
	day last_confirmed; /* DAY_NONE: never */
	id waiting_session; /* the oldest without an answer */
	day waiting_since;
};

struct debt_session {
	id session, pair, skill, answer_skill;
	day on_day, held_on, claimed_on;
	int answer, answer_kind;
	bool excused, missed, grouped;
};

struct debt_away {
	id person;    /* 0: everybody */
	day from, to; /* inclusive */
};

/* The first occurrence of a pair, and days from one to the next. */
day pair_first(day from_day, int64_t weekday);
int pair_step(int cadence);
/* The period that holds `on`, from 0; below 0 before the first. */
int pair_period(day from_day, int64_t weekday, int cadence, day on);

/* Pure: fills periods, state and figures of d from its sessions (ascending by day) and absences of both. */
void debt_weigh(struct pair_debt *d, const struct debt_session *s, size_t n, const struct debt_away *away,
        size_t n_away, day from, day to, day today);

struct debt_ask {
	id coach, coachee; /* 0: any */
	id below;          /* coaches that are this person or below; 0: any */
	id reports_of;     /* coaches that report to this person; 0: any */
	day from, to, today;
	bool leavers; /* also pairs whose coachee has left since */
};
/* Pairs in force in from … to, by the names of coach and coachee. What was before the day of a works agreement pauses,
   and its sessions count nowhere (O5). */
enum err debt_pairs(struct conn *c, struct arena *a, const struct grant *g, const struct debt_ask *ask,
        struct pair_debt **ret, size_t *ret_n);

struct debt_sum {
	id coach;
	str name;
	int64_t people, in_debt, waiting, denied, paused; /* people */
	int64_t claimed, confirmed, same_skill, late;     /* sessions */
	int64_t skipped_twice;                            /* people */
	int64_t unanswered;                               /* sessions without the other side's word after seven days */
	int64_t grouped;                                  /* confirmed ones in a meeting of several */
	int64_t useful, useful_n; /* of the answers of the quarter: yes, all; 0 and 0 when too few (C6, E3) */
	bool useful_enough;       /* five people or more answered */
	day useful_quarter;       /* the latest that is over, so that no single answer can be told from a change */
};
/* One row a coach, in the order of names: no rank (L3). */
size_t debt_sums(struct arena *a, const struct pair_debt *d, size_t n, struct debt_sum **ret);
/* C6, E3: fills the four of s->coach. */
#define USEFUL_LEAST 5
enum err debt_useful(struct conn *c, struct arena *a, id org, day today, struct debt_sum *s);
str useful_words(struct arena *a, const struct debt_sum *s); /* "7 of 9"; "too few" */
/* One coach alone; all 0 when they have no pair. */
enum err debt_of_coach(struct conn *c, struct arena *a, const struct grant *g, id coach, day from, day to, day today,
        struct debt_sum *ret);

#endif
