/* A leader's forecast: what the own team will win in a period, said on a day and scored when the period is over (D6).
   What it is not for: figures from deals (figures.h). */
#ifndef AREAS_FORECAST_FORECAST_H
#define AREAS_FORECAST_FORECAST_H

#include "areas/deals/deals.h"
#include "stats/score.h"

/* Never changed: who thinks otherwise submits again, and both stay. */
struct forecast {
	struct row row;
	id person;            /* whose word, for everybody below and themselves */
	day from_day, to_day; /* inclusive */
	int64_t committed;    /* minor units: will be won at least, all of the period */
	int64_t best;         /* NO_INT: none said */
	str currency;
	int64_t sure; /* percent: how sure of the commit */
	str note;
	day on_day;
};

extern const struct record forecast_record;

struct forecast_line { /* a submission, with what came when its period is over */
	struct forecast f;
	str name;
	bool reached;
	money committed, best, came;
};

/* What a person (0: anybody) and those below said for the period that begins on that day, latest first. */
enum err forecast_said(struct conn *c, struct arena *a, const struct grant *g, id person, day from,
        struct forecast_line **ret, size_t *ret_n);

/* Of each person and period that ended before today the first one counts: said again at the end it would be a report.
   At most sixty, latest period first. */
struct forecast_scores {
	struct forecast_line *line;
	size_t n;
	struct score_bias bias; /* of the commit: above 0, too much was said */
	struct score score;     /* of how sure they were to reach it */
	bool has;
};
enum err forecast_scores(
        struct conn *c, struct arena *a, const struct grant *g, id person, day today, struct forecast_scores *ret);

#endif
