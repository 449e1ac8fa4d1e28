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

/* Who coaches whom, how often (C1). */
struct pair {
	struct row row;
	id coach, coachee;
	int cadence;     /* enum cadence: weekly or fortnightly */
	int64_t weekday; /* Monday 1 … Sunday 7 */
	int64_t start;   /* local minutes since midnight */
	int64_t length;  /* minutes */
	day from_day, to_day;
	id focus;  /* skill */
	bool line; /* follows the reporting line (a named coach does not) */
};

struct skill {
	struct row row;
	str name, question; /* question: one to open with */
	str role;           /* "seller", "manager" */
	int64_t position;
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
	/* the coachee's side, given before they see the coach's text (C6) */
	int answer;      /* enum answer */
	int answer_kind; /* enum meeting */
	id answer_skill;
	day answered_on;
	str brings;       /* the coachee's piece of evidence or topic (C2) */
	int64_t sequence; /* of the calendar entry */
};

struct prep {
	struct row row;
	id session, coach, coachee;
	instant made_at;
	str body; /* the snapshot, JSON: topics with why and rule, commitments, figures (C2) */
};

struct shared_note {
	struct row row;
	id session, coach, coachee, author;
	str text;
};

struct private_note {
	struct row row;
	id author, session;
	str text;
};

extern const struct record skill_record, pair_record, session_record, prep_record, shared_note_record,
        private_note_record;
extern const struct choice session_states[], meetings[], answers[], excuses[];

enum err pair_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err session_check(struct change *c, const void *before, const void *after, struct faults *f);

#endif
