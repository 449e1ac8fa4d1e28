/* Preparation writes itself: topics with the rule that chose them, figures, what happened since (C2).
   What it is not for: storing it or showing it (prep.c). */
#ifndef AREAS_COACHING_PREPARE_H
#define AREAS_COACHING_PREPARE_H

#include "areas/coaching/debt.h"
#include "areas/deals/health.h"

enum topic_kind { TOPIC_NONE, TOPIC_DEAL, TOPIC_GOOD, TOPIC_SKILL, TOPIC_TEAM };

struct topic {
	int kind; /* enum topic_kind */
	id about; /* deal or skill */
	str title, stage, value, why, rule, code;
	str facts[5], questions[3];
	size_t n_facts, n_questions;
	bool agenda; /* at most two deals and one skill, until one of the two chooses otherwise */
	bool first;  /* so proposed by the rule */
};

#define PREP_STOPS 8
#define PREP_WEEKS 12
#define STOP_DAYS  180 /* looked at for where deals stop */

/* A stage and the next: how many of the coachee's deals moved on. */
struct prep_stop {
	str label;        /* "Discover → Validate" */
	int64_t moved, n; /* of those that moved on or were lost there */
	int64_t team;     /* median share of the team, permille; NO_INT: too few people with enough deals */
	int64_t team_n;   /* people it comes from */
};

struct prep_event {
	day on;
	str text, kind;
	id deal;
};

struct prepared {
	struct topic topics[8];
	size_t n_topics, n_found; /* kept, and how many deals had a reason */
	struct prep_event events[10];
	size_t n_events;
	int64_t open, moved, no_step, stuck;            /* of the coachee's open deals */
	bool steps_known;                               /* P5a: somebody has worked a deal here */
	int64_t own_median, own_n, team_median, team_n; /* days in the stage, open deals; median NO_INT: none */
	day since, made_on;
	instant made_at;
	struct prep_stop stops[PREP_STOPS]; /* of the process in which most of them moved; none: nothing moved */
	size_t n_stops;
	int64_t weeks[PREP_WEEKS]; /* value of new deals, minor units, oldest first; the last week is today's */
	size_t n_weeks;            /* 0: no new deal in that time */
	str currency, weeks_note;  /* note: how other currencies came in, which did not (D3) */
};

/* One open deal as the rules see it; the pure part of the choice works on these. */
struct prep_deal {
	struct deal d;
	str account, stage;
	int64_t allowed, days;       /* in the stage; NO_INT: not known */
	int64_t team_median, team_n; /* of open deals of the team in the same stage */
	int64_t open_steps;          /* mandatory ones of the stage, not done */
	struct health_reason why[8];
	size_t n_why;
};

/* The middle of n values (lower of two for an even n, so that it is a value somebody has); NO_INT for none. Sorts them.
 */
int64_t prep_median(int64_t *days, size_t n);
/* Pure: chooses topics among deals; good: index of the good news, SIZE_MAX for none. */
void prep_choose(
        struct arena *a, struct prep_deal *deals, size_t n, int64_t own_median, int64_t own_n, struct prepared *ret);
/* One deal as it stands now; ERR_ABSENT. */
enum err prep_deal_load(
        struct conn *c, struct arena *a, const struct grant *g, id deal, day today, struct prep_deal *ret);
/* Reads and decides; g is the pair's. */
enum err prep_make(struct conn *c, struct arena *a, const struct grant *g, const struct session *s, id focus, day today,
        struct prepared *ret);
/* Parts of prep_make: shares by stage, and new deals by week. */
enum err prep_stops(struct conn *c, struct arena *a, const struct grant *g, const struct session *s, day today,
        struct prepared *ret);
enum err prep_weeks(struct conn *c, struct arena *a, const struct grant *g, id person, day today, struct prepared *ret);
/* Choices of the two survive a snapshot made anew: a topic on the same thing stays in, or out. */
void prep_keep_choice(const struct prepared *before, struct prepared *p);
str prep_json(struct arena *a, const struct prepared *p);
enum err prep_read(struct arena *a, str json, struct prepared *ret);

#endif
