/* Do two who saw the same call see the same (E8b): per version of a rubric, and per observer against all who sat beside
   them. What it is not for: what any person's levels were (observe.h); how the figures are computed (stats/agree.h). */
#ifndef AREAS_COACHING_OBSERVERS_H
#define AREAS_COACHING_OBSERVERS_H

#include "areas/coaching/rubric.h"
#include "stats/agree.h"

/* Below so many levels given by both, or so many calls, it says "not enough yet" and no figure. */
enum { OBSERVERS_LEVELS = 10, OBSERVERS_CALLS = 3 };

struct observers_row {
	id observer; /* 0: all of them, the first against the second */
	str name;
	int64_t calls, n; /* seen by two; levels given by both */
	bool enough;      /* what follows is set */
	struct agree_kappa kappa;
	struct agree_icc icc;
	double shift; /* mean of the own level less the other's */
};

struct observers {
	struct observers_row all;
	struct observers_row *rows; /* by name */
	size_t n;
};

/* Of the calls that the grant sees as facts: figures go up the line, words do not (C5a, O5). */
enum err observers_load(
        struct conn *c, struct arena *a, const struct grant *g, const struct rubric_whole *w, struct observers *ret);
/* What one may say of it, in a sentence. */
const char *observers_words(const struct observers_row *x);

/* ".61 (.42 to .78)" to two places; without interval where there is none; "not defined". */
str observers_figure(struct arena *a, double value, double low, double high);
/* "gives 0.4 levels less than who sat beside", "gives much the same as who sat beside". */
str observers_shift(struct arena *a, double shift);

#endif
