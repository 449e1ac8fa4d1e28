/* What people owe each other: commitments, default obligations, charters, blockers (A2a, A3, L1).
   What it is not for: coaching sessions (coaching/ refers to commitments, not the other way round). */
#ifndef AREAS_COMMITMENTS_COMMITMENTS_H
#define AREAS_COMMITMENTS_COMMITMENTS_H

#include "areas/people/people.h"

enum commitment_state { COMMITMENT_NONE, COMMITMENT_OPEN, COMMITMENT_KEPT, COMMITMENT_MISSED, COMMITMENT_WITHDRAWN };
enum evidence { EVIDENCE_NONE, EVIDENCE_DEAL, EVIDENCE_OBSERVED, EVIDENCE_DOCUMENT, EVIDENCE_WORD };

struct commitment {
	struct row row;
	id owner, owed_to; /* confirmed by whom it is owed to, never by the owner (A3) */
	str when_, then_;  /* "when I meet Aurora on the 18th", "I bring a cost of delay" (C5) */
	day due;
	int state;         /* enum commitment_state */
	int evidence_kind; /* enum evidence */
	str evidence;      /* what the owner shows */
	day claimed_on;    /* the owner says: kept */
	id confirmed_by;
	day closed_on;
	int64_t moves;      /* how often the due date moved; kept on record */
	int64_t carried;    /* sessions it was carried over; at two it goes one level up (C5) */
	day up_on;          /* the day on which it goes up; its owner sees it before (C5) */
	str own_line;       /* what the owner adds for that reader */
	day withdraw_asked; /* the owner asked whom it is owed to (A3) */
	day made_on;
	str about;   /* "session", "charter", "trace", "deal" */
	id about_id; /* of that record; no reference, so that this area knows nothing above it */
	str account; /* the account of a miss: what I did, what was outside my control, what I will do differently */
	str account_category; /* the person's own word for it */
};

/* What a leader owes on a schedule (A2a). kind decides wording, cadence its periods. */
enum duty {
	DUTY_NONE,
	DUTY_CHARTER,
	DUTY_COACH,
	DUTY_WATCH_COACHING,
	DUTY_RIDE_ALONG,
	DUTY_BLOCKERS,
	DUTY_ACCOUNT_FIRST,
	DUTY_PROCESS_REVIEW,
	DUTY_OBSERVED_CALL,
	DUTY_EVIDENCE,
	DUTY_CONFIRM,
	DUTY_NEXT_STEP
};
enum cadence {
	CADENCE_NONE,
	CADENCE_ONCE,
	CADENCE_WEEKLY,
	CADENCE_FORTNIGHTLY,
	CADENCE_MONTHLY,
	CADENCE_SIX_WEEKS,
	CADENCE_QUARTERLY,
	CADENCE_STANDING
};
enum duty_state { DUTY_STATE_NONE, DUTY_PROPOSED, DUTY_AGREED, DUTY_CHANGED, DUTY_ENDED };

struct obligation {
	struct row row;
	id person;
	int duty, cadence, state;
	int64_t days; /* of an answer: working days */
	str words;    /* the person's own wording where changed */
	day from_day, to_day;
	day agreed_on; /* before it, "not promised" (A4a) */
	id agreed_by;
	str change_reason;
};

struct charter {
	struct row row;
	id person;
	int64_t number; /* version */
	str part;       /* my part in what failed so far */
	str reason;     /* compelling reason */
	int64_t reason_number;
	str reason_unit;
	day reason_day;
	str value_proposition, messaging, culture;
	str stops; /* what I stop */
	day signed_on;
};

struct charter_answer {
	struct row row;
	id charter, person;
	bool agrees;
	str reason; /* of an objection */
	day on_day;
	str reply; /* the leader's, to an objection (L1) */
	day replied_on;
};

struct blocker {
	struct row row;
	id raised_by, owner;
	str text, answer;
	day raised_on, due, answered_on;
	day confirmed_on; /* who raised it says: that clears it */
	int64_t reopened; /* how often they said: it still blocks */
	str reply;        /* why it still blocks */
	str about;    /* "deal"; a page that asks two records to be one, "duplicates/…"; empty: nothing of its own */
	id about_id;  /* as in a commitment; of two records the lesser */
	id handed_by; /* the last one who handed it to somebody else, why and when */
	day handed_on;
	str handed_why;
};
#define BLOCKER_ASK_DAYS 7 /* the raiser's word is waited for so long; then the answer stands (A4a) */

extern const struct record commitment_record, obligation_record, charter_record, charter_answer_record, blocker_record;
extern const struct choice commitment_states[], evidences[], duties[], cadences[], duty_states[];

/* ---- figures for other areas ---- */
/* A3: of what a person owed with its day in from … to: kept, due, and how often days were moved. Withdrawn ones count
   as neither; an open one whose day has passed is due. A leader's are open to the company (O5, O6). */
struct kept {
	int64_t kept, due, moves;
	int64_t alone; /* of kept: closed by one person, since nobody else was there (O9) */
};
enum err commitments_kept(struct conn *c, struct arena *a, const struct grant *g, id person, day from, day to,
        day today, struct kept *ret);
str kept_words(struct arena *a, struct kept k); /* "5 of 6"; "nothing due yet" */
str kept_note(struct arena *a, struct kept k);  /* "95 % interval 44–97 %, 1 moved" */
/* Open ones, the next first: what the person owes, or what is owed to them. At most 200. */
enum err commitments_open(struct conn *c, struct arena *a, const struct grant *g, id person, bool owed_to_them,
        struct commitment **ret, size_t *ret_n);

/* L1: a leader's answer to an objection to their charter, under a form's field "reply"; faults are in r. */
struct request;
enum err charter_reply_save(struct request *r, id answer, id *ret_set);

/* ---- a second person who is not there (O9) ---- */
/* Is nobody else in the company on that day? */
enum err second_missing(struct conn *c, struct arena *a, id org, id person, day today, bool *ret);
/* Is there nobody to whom the duty is owed, so that nobody could agree to a change? */
enum err second_owed_missing(struct conn *c, struct arena *a, id org, const struct obligation *o, day today, bool *ret);
/* Names who could stand in: "Chair (sponsor) or Ada"; empty: nobody is known. */
enum err second_stand_in(struct conn *c, struct arena *a, id org, id person, day today, str *ret);

/* ---- duties (A2a) ---- */
/* Proposes what each person owes by their place in the line and has not been proposed, ends what a place no longer
   asks. Wants a grant over the company. */
enum err duties_ensure(struct change *c);
/* How many rows duties_ensure would write. */
enum err duties_missing(struct conn *c, struct arena *a, const struct grant *g, size_t *ret);
/* By the place in the line (A2a): people who report to them, those of them who lead, a manager, the head's seat; role:
   what the company calls them, "" for nothing. ROLE_NONE: not placed, owes nothing yet. */
int obligation_role(int64_t reports, int64_t leading, bool has_manager, bool head, str role);
str obligation_words(struct arena *a, const struct obligation *o); /* "Coach each direct report every two weeks" */

/* ---- blockers (A5) ---- */
/* Owed an answer by the day that the owner's duty says (A2a), in working days; ret->due, where it is set, may ask for
   an earlier one. */
enum err blocker_raise(struct change *c, id by, id owner, str text, day due, struct blocker *ret);
/* Those about two records ("account/…/…") that wait for the one who acts are answered so. */
enum err blockers_answer_pair(struct change *c, str pair, str answer);
enum err blocker_check(struct change *c, const void *before, const void *after, struct faults *f);

enum err commitment_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err charter_answer_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err charter_check(struct change *c, const void *before, const void *after, struct faults *f);
enum err obligation_check(struct change *c, const void *before, const void *after, struct faults *f);

#endif
