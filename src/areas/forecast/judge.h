/* Process fault or people fault (P7): for each step how many skip it and whether it tells won from lost; for each
   person whether they skip what others do. What it is not for: answering it (review.h), or figures of deals
   (figures.h). */
#ifndef AREAS_FORECAST_JUDGE_H
#define AREAS_FORECAST_JUDGE_H

#include "areas/deals/report.h"
#include "stats/rate.h"
#include "stats/table.h"

/* Below so many decided deals of one person nothing is said of them; of the company: FIGURES_FEWEST on either side. */
#define JUDGE_PERSON_FEWEST 12
#define JUDGE_SIDE_FEWEST   30

enum judge_apart {
	JUDGE_FEW,       /* too few won or lost to say */
	JUDGE_SEPARATES, /* done more among won, beyond chance with all steps asked at once */
	JUDGE_PERHAPS,   /* beyond chance if it alone were asked about */
	JUDGE_SAME       /* not more among won than chance makes it */
};

struct judge_person {
	id person;
	str name;
	rate skipped, others; /* of their decided deals that came to the stage, and of everybody else's */
	rate_gap gap;         /* skipped minus others */
	double p, holm;       /* Fisher's; adjusted for all people and steps with enough deals. NaN: too few deals */
	bool fault;           /* skips what others do, beyond chance, and the step separates */
};

struct judge_step {
	id step, process;
	str process_name, stage, name;
	rate skipped;   /* of the decided deals that came to its stage; done after the decision is not done */
	rate won, lost; /* done, of the won and of the lost */
	rate_gap apart; /* won minus lost */
	double p, holm; /* Fisher's; adjusted for all steps asked about */
	enum judge_apart says;
	bool by_most;             /* most people skip it in most of their deals, and so do most deals for sure */
	int64_t people, skipping; /* owners with decided deals there, and those who skip it in most of theirs */
	struct judge_person *person;
	size_t n_persons, n_faults;
};

struct judge {
	struct judge_step *step; /* by process, stage and position */
	size_t n;
	size_t n_most, n_same, n_asked; /* asked: steps with enough won and lost */
	size_t n_faults, n_pairs;       /* pairs: people × steps with enough deals, tested at once */
};

/* Steps are judged from all deals of the scope's time that the asker may read, whoever s->person is; people are listed
   at s->person and below, where the asker may read their figures (O5). */
enum err judge_steps(
        struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct judge *ret);

/* In a few words: what the figures of a step say. */
str judge_words(struct arena *a, const struct judge_step *x);
/* "0.032", "below 0.001". */
str judge_p(struct arena *a, double p);
/* Whether it asks for a process review. */
bool judge_asks(const struct judge_step *x);

#endif
