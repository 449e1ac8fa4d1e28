/* Coaching: pairs and their cadence, sessions with two sides, preparation, notes (C1–C10).
   What it is not for: what people owe (commitments/), the deals it reads through their queries (deals/). */
#ifndef AREAS_COACHING_COACHING_H
#define AREAS_COACHING_COACHING_H

#include "areas/commitments/commitments.h"
#include "areas/deals/deals.h"

enum session_state {
	SESSION_NONE,
	SESSION_PLANNED,
	SESSION_PREPARED,
	SESSION_HELD,
	SESSION_CONFIRMED,
	SESSION_CLOSED,
	SESSION_EXCUSED,
	SESSION_MISSED
};
enum meeting { MEETING_NONE, MEETING_COACHING, MEETING_INSPECTION, MEETING_OTHER };
enum answer { ANSWER_NONE, ANSWER_CONFIRMED, ANSWER_DENIED };
enum useful { USEFUL_NONE, USEFUL_YES, USEFUL_PARTLY, USEFUL_NO };

/* Who coaches whom, how often (C1). */
struct pair {
	struct row row;
	id coach, coachee;
	int cadence;     /* enum cadence: weekly or fortnightly */
	int64_t weekday; /* Monday 1 … Sunday 7 */
	int64_t start;   /* local minutes since midnight */
	int64_t length;  /* minutes */
	day from_day, to_day;
	id focus;     /* skill */
	bool line;    /* follows the reporting line (a named coach does not) */
	id programme; /* whose rule it meets by; 0: its own cadence */
	day joined;   /* its first occurrence there */
	bool apart;   /* of an inspection: no coaching, and no debt (C2a) */
};

struct skill {
	struct row row;
	str name, question; /* question: one to open with */
	str role;           /* "seller", "manager" */
	int64_t position;
	id stage; /* that more deals leave when it grows (C9); 0: it shows in none */
};

struct session {
	struct row row;
	id pair, coach, coachee;
	day on_day;   /* the occurrence it belongs to; cadence counts by it */
	day moved_to; /* another day for the same occurrence */
	int64_t start, length;
	int state;  /* enum session_state */
	str excuse; /* from the fixed list (O7) */
	/* the coach's side */
	day held_on, claimed_on; /* claimed over two days after: late (C6) */
	int kind;                /* enum meeting */
	id skill;
	str no_commitment; /* stated reason when it ended in none (C5) */
	str blocker;       /* what came up; then the coach commits to something too (A3) */
	/* the coachee's side, given before they see the coach's text (C6) */
	int answer;      /* enum answer */
	int answer_kind; /* enum meeting */
	id answer_skill;
	day answered_on;
	str brings;       /* the coachee's topic (C2) */
	str evidence;     /* the one piece of evidence they bring (C2) */
	int64_t sequence; /* of the calendar entry */
	id framework;     /* a version of it, frozen by that (C3); 0: none */
	id together;      /* sessions that are one meeting name the same one of them (C1); 0: the two alone */
	str topic;        /* of the group: what all of them look at */
	id second;        /* a second coach, who takes part (C1); 0: none */
	bool second_came; /* the coachee's word on that (C6) */
	id second_asked;  /* whom the coach would take along, until the coachee says yes; reads nothing yet */
	bool second_no;   /* the coachee would rather not */
};

/* C6, E3: pooled, by quarter, from five people on. A row of its own, which names its writer alone, so that neither the
   coach nor anybody above reads it. */
struct useful_answer {
	struct row row;
	id session, coach, coachee;
	day on_day;
	int useful; /* enum useful */
};

struct prep {
	struct row row;
	id session, coach, coachee, second;
	instant made_at;
	str body; /* the snapshot, JSON: topics with why and rule, commitments, figures (C2) */
};

struct shared_note {
	struct row row;
	id session, coach, coachee, second, author;
	str text;
	id sent_to; /* the coachee let this person read it (O5); each reading is noted (C5a) */
	day sent_on;
};

struct private_note {
	struct row row;
	id author, session;
	str text;
};

extern const struct record skill_record, pair_record, session_record, useful_record, prep_record, shared_note_record,
        private_note_record;
extern const struct choice session_states[], meetings[], answers[], excuses[], usefuls[];

#define LATE_DAYS 2 /* entered more than so many days after it was held: late (C6) */
#define ASK_DAYS  7 /* so long the other side has for its word; then it is unanswered (C6) */

/* Days between holding and entering when they are too many; 0: in time, or not held. */
int session_late(const struct session *s);
/* When it is: its own day, or the one it was moved to. */
day session_day(const struct session *s);
/* C1: a planned one whose day has passed without being held is missed, stored or not. */
int session_state_on(const struct session *s, day today);

enum err pair_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err session_check(struct change *c, const void *before, const void *after, struct faults *f);

#endif
