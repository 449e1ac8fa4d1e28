/* Process reviews (P7): what the figures ask of the one who leads the process, and the answer: keep, change or drop.
   What it is not for: the figures (judge.h), changing the process (process/), flags on sellers: there are none. */
#ifndef AREAS_FORECAST_REVIEW_H
#define AREAS_FORECAST_REVIEW_H

#include "areas/forecast/judge.h"
#include "areas/process/process.h"

enum review_found { REVIEW_NONE, REVIEW_SKIPPED, REVIEW_SAME, REVIEW_ASKED, REVIEW_WHOLE };
enum review_answer { REVIEW_UNANSWERED, REVIEW_KEEP, REVIEW_CHANGE, REVIEW_DROP };

struct process_review {
	struct row row;
	id person;        /* who answers: the leader of the process */
	id process, step; /* step 0: the whole process, as each quarter */
	int found;        /* enum review_found: why it was opened */
	/* What was known then; NO_INT: not counted. */
	int64_t n, n_skipped, n_won, won_done, n_lost, lost_done;
	day opened_on, due;
	id opened_by; /* 0: by the rule */
	int answer;   /* enum review_answer */
	str reason;
	day answered_on;
	id draft; /* the version of the process that it led to; 0: none yet */
};

extern const struct record process_review_record;
extern const struct choice review_found_choices[], review_answer_choices[];

/* A review is answered within so many days, and a step that was answered for is not asked about again for so many. */
#define REVIEW_DAYS  28
#define REVIEW_QUIET 180

/* Who leads the process: the highest in the line who owes a process review (A2a), else the head; 0: nobody yet. */
enum err review_leader(struct conn *c, struct arena *a, id org, id *ret);

/* How often the duty "process review each quarter" was kept (A2a): by an answered review in the quarter. */
enum review_duty {
	REVIEW_NOT_PROMISED, /* no such duty agreed before the quarter's end (A4a) */
	REVIEW_KEPT,
	REVIEW_DUE, /* the quarter is still running */
	REVIEW_MISSED
};
struct review_quarter {
	day from;
	enum review_duty state;
	day on; /* of the first answer */
};
/* The last n quarters before and with today's, oldest first. */
enum err review_quarters(
        struct conn *c, struct arena *a, id org, id person, day today, struct review_quarter *ret, size_t n);

struct review_line {
	struct process_review r;
	str who, process, step, by, draft;
};
/* Open ones first, by day; then the answered, latest first; at most 60. person 0: anybody's. */
enum err review_list(struct conn *c, struct arena *a, const struct grant *g, id person, bool open_only,
        struct review_line **ret, size_t *ret_n);

/* Opens a review for every step that asks for one and has none, in the name of the rule. Wants a grant over the
   company. */
enum err review_ensure(struct change *c, const struct judge *j);
/* How many that would be. */
enum err review_missing(struct conn *c, struct arena *a, id org, day today, const struct judge *j, size_t *ret);

/* What the figures say of the step, kept with the question. */
void review_fill(struct process_review *r, const struct judge_step *x);

struct request;
struct today_items;
/* For Today: the reviews that wait for the person, else the quarter's duty while it is due (A2a). */
enum err review_source(struct request *r, struct today_items *ret);
enum err review_page(struct request *r);
enum err review_open(struct request *r);
enum err review_answer(struct request *r);

#endif
