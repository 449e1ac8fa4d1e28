/* Does coaching work (C9): what was seen at the next observation, and how many later deals move on, of those who were
   coached on a skill against their own before and against those who were not. What it is not for: how much was coached
   (debt.h), the arithmetic (stats/effect.h). */
#ifndef AREAS_COACHING_EFFECT_H
#define AREAS_COACHING_EFFECT_H

#include "areas/coaching/coaching.h"
#include "stats/effect.h"
#include "stats/rate.h"

/* Below these it says "not enough yet" and no figure. */
enum {
	EFFECT_PEOPLE = 5,        /* coached, and of those who were not: never an average of three */
	EFFECT_DEALS = 12,        /* decided in the stage, before and after each (A4b's least) */
	EFFECT_OBSERVATIONS = 10, /* after coaching, of EFFECT_PEOPLE people */
	EFFECT_BACK = 730,        /* days looked at */
	EFFECT_SPAN = 365,        /* days before the first session, and after it */
	EFFECT_SEEN = 120         /* an observation so many days after a session still is the next one */
};

/* One person coached on one skill: from the first session that both say was on it. */
struct effect_unit {
	id session, coach, coachee, skill, stage,
	        programme; /* stage: the first version of the one the skill shows in */
	day first;         /* the session's */
	struct effect_group own, peers;
	int64_t n_peers; /* people */
	bool counts;     /* has deals before and after */
	bool mine;       /* who asks may see that this session was (O5) */
};

struct effect_seen {
	int64_t changed, n, people;     /* coached on the skill since the last observation of it */
	int64_t others_changed, others; /* of those: seen by somebody else than the coach */
};

struct effect_row {
	id who; /* a coach, a programme or a skill; 0: the company */
	str name;
	struct effect_seen seen;
	bool seen_enough;
	int64_t people, peers; /* of the deals */
	struct effect_group own, rest;
	bool enough, has_peers; /* e is set; e.others is */
	struct effect e;
	bool pulled; /* p is set */
	struct effect_pulled p;
};

struct effect_table {
	struct effect_row *rows; /* by name: no rank */
	size_t n;
	bool pulled;
	struct effect_common common;
};

struct effect_all {
	struct effect_row company;
	struct effect_seen without; /* observations without coaching on the skill before */
	struct effect_table coaches, programmes, skills;
	struct effect_unit *units;
	size_t n_units, n_skills, n_placed; /* skills, and those with a stage to show in */
};

/* Of the whole company: figures of coaches are pooled and open, as on the leaders' board (L3, O6). g says which units
   who asks may see by name. */
enum err effect_load(struct conn *c, struct arena *a, const struct grant *g, day today, struct effect_all *ret);

/* In plain sentences: what is known and what is not, and what else could explain it. */
str effect_words(struct arena *a, const struct effect_row *x);
str effect_seen_words(struct arena *a, const struct effect_row *x);
str effect_regress_words(struct arena *a, const struct effect_row *x);
/* "+4 points (−6 to +14)" */
str effect_points(struct arena *a, double value, double low, double high);

/* ---- parts of effect_load ---- */

/* A visit of a deal to a stage that is decided: it moved on, or was lost there. */
struct effect_visit {
	id owner, stage; /* the owner of that day; the first version of the stage */
	day entered, decided;
	bool moved;
};
enum err effect_visits(struct conn *c, struct arena *a, const struct grant *g, day since, day today,
        struct effect_visit **ret, size_t *ret_n);
/* Pure: counts of before and after for each unit, its peers', and what regression makes; sorts v. named[i]: whom a
   session on a skill of the stage names, confirmed or not; they are nobody's peers in it. */
struct effect_named {
	id person, stage;
};
void effect_count(struct arena *a, struct effect_unit *u, size_t n, struct effect_visit *v, size_t n_visits,
        const struct effect_named *named, size_t n_named);
/* Pure: the row of some units, the earliest first. */
void effect_sum(struct arena *a, const struct effect_unit *const *u, size_t n, struct effect_row *x);

#endif
