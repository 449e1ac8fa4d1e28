/* The responsibility trace: for a number, what each leader had agreed to owe in that time, from the top of the line
   down, then the person (A4, A4a). Counts and days alone, never the text of a session. What it is not for: where the
   number went (gap.c), pages (trace_page.c). */
#ifndef AREAS_LEADERSHIP_TRACE_H
#define AREAS_LEADERSHIP_TRACE_H

#include "areas/coaching/debt.h"
#include "areas/commitments/commitments.h"

/* A4a. Only missed and unknown count. */
enum trace_state {
	TRACE_NONE,
	TRACE_KEPT,
	TRACE_MISSED,
	TRACE_UNKNOWN,      /* it was due, and nothing here says */
	TRACE_NOT_PROMISED, /* before it was agreed */
	TRACE_WAITING,      /* the other side has not acted */
	TRACE_PAUSED        /* away, excused */
};

/* Occurrences of one duty in a time. */
struct trace_count {
	int64_t kept, owed, waiting, unknown, paused;
};

/* Of a duty on a schedule, this share of what was due is enough; a promise of one thing asks for all of it. Percent. */
#define TRACE_ENOUGH 90
#define TRACE_ALL    100

/* Pure. Missed: not enough even if all that is open were kept; kept: enough whatever becomes of it; else waiting, or
   unknown where nobody will say any more. Paused ones are not due. */
int trace_weigh(struct trace_count c, int enough);

struct trace_item {
	int state; /* enum trace_state */
	str what, proof;
};

#define TRACE_ITEMS 14
#define TRACE_PATH  24 /* sections: leaders, predecessors among them */
#define TRACE_BELOW 200

/* Who asked the leaders for their word on a number, and until when (A4). */
struct trace {
	struct row row;
	id person; /* whose number */
	day from_day, to_day;
	id asked_by;
	day asked_on, due; /* due: five working days later; then the person's section opens */
};

/* A leader's own words, written for those who may open the trace. */
struct trace_answer {
	struct row row;
	id trace, person;
	str text;
	day on_day;
};

extern const struct record trace_record, trace_answer_record;
#define TRACE_DAYS 5 /* working days that leaders have (A4) */

enum err trace_answer_check(struct change *c, const void *before, const void *after, struct faults *f);

/* Somebody who held an office above (or at) the number within the time: duties run against who held it that day. */
struct trace_leader {
	id person;
	str name, title;
	int depth;    /* above the person; 0: the person, who leads the team of the number */
	day from, to; /* of the office, within the time */
	bool whole;   /* all of the time */
	bool left;    /* no longer in the company: not asked */
	id below[TRACE_BELOW];
	size_t n_below; /* whom they led on the way down */
	struct trace_item items[TRACE_ITEMS];
	size_t n;
	int64_t kept, missed, unknown;
	struct trace_answer answer; /* row.id 0: none */
};

/* The last section: the person, or each one who reports to the leader of the number. */
struct trace_person {
	id person;
	str name, title;
	bool may;   /* who asks may read it (O5) */
	bool leads; /* has a trace of an own */
	struct trace_item items[TRACE_ITEMS];
	size_t n;
	int64_t kept, missed, unknown;
};

struct trace_ask {
	struct conn *conn;
	struct arena *arena;
	const struct grant *counts; /* over the company: counts and days leave it, no text */
	id org, person;
	day from, to; /* inclusive */
	day today;
	day asked, asked_to; /* the time a trace was asked under, where a works agreement cut it since; DAY_NONE: from,
	                        to */
};

struct traced {
	struct trace_leader leaders[TRACE_PATH];
	size_t n_leaders;
	bool more; /* the line changed more often than a page holds */
	struct trace_person *people;
	size_t n_people;
	struct trace trace; /* row.id 0: nobody was asked yet */
	bool open;          /* the person's section: all who were asked have answered, or their time is over */
	size_t n_silent;    /* asked, time over, no answer */
	const struct trace_leader *next; /* answers next; NULL: nobody */
};

/* Everything of a trace. ret is large: from the arena. ERR_ABSENT: no such person. */
enum err trace_load(const struct trace_ask *ask, struct traced *ret);

/* Does the one stand above the other today, or are they the same? 0 is nobody. */
bool trace_stands(struct conn *c, id org, id above, id below);
/* Whom a number concerns: its person, the line above, the team below; and whoever held an office in that time (A4). Of
   its people each is read by those who stand there (O5). */
bool trace_may(struct conn *c, id org, id who, id whose, const struct traced *t);

/* ---- its parts ---- */
/* Who stood above in that time, the highest first (O2). */
enum err trace_line(const struct trace_ask *ask, struct traced *ret);
/* What a leader had agreed to owe, as far as the time reaches, into l->items. */
enum err trace_duties(const struct trace_ask *ask, const struct trace *asked, struct trace_leader *l);
enum err trace_person_duties(const struct trace_ask *ask, struct trace_person *p);
/* Keeps an item in a section's list and counts it; a full list counts on. */
void trace_leader_push(struct trace_leader *l, struct trace_item x);
void trace_person_push(struct trace_person *p, struct trace_item x);
const char *trace_state_words(int state);
/* "3 kept · 1 missed · 1 unknown" */
str trace_sums(struct arena *a, int64_t kept, int64_t missed, int64_t unknown);

#endif
