/* How long deals take and how they end, where some are still open: Kaplan-Meier and Aalen-Johansen from counts by day.
   What it is not for: reading deals (areas/forecast), drawing a range of money (simulate.h). */
#ifndef STATS_SURVIVE_H
#define STATS_SURVIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* How a spell ended; an open one is censored: it is known to have lasted at least so long. */
enum survive_end { SURVIVE_OPEN, SURVIVE_WON, SURVIVE_LOST, SURVIVE_ENDS };

/* Deals that ended so after that many days, 0 … n - 1. Counts by day are all the estimators need, so that a million
   deals cost no more than a thousand. */
struct survive {
	int64_t *count[SURVIVE_ENDS];
	size_t n, cap;
	int64_t total;
};

/* Days below 0 are refused (false), and so are days past 100 years. */
bool survive_add(struct arena *a, struct survive *s, int64_t days, enum survive_end end, int64_t count);
#define SURVIVE_MOST 36525

/* The counts again from that arena, and room for no more than they need. */
void survive_copy(struct arena *a, struct survive *s);

/* Adds the counts of the second to the first. */
void survive_merge(struct arena *a, struct survive *to, const struct survive *s);

enum survive_event { SURVIVE_ANY, SURVIVE_WON_ONLY, SURVIVE_LOST_ONLY }; /* all others are censored */

/* The curve after the events of a day; one point for every day with an event. */
struct survive_point {
	int64_t days, at_risk, events;
	double share;     /* S(t): still without the event */
	double error;     /* standard error of S, Greenwood */
	double low, high; /* 95 %, on the scale of log S */
};

/* Kaplan and Meier, JASA 53 (1958) 457–481; variance by Greenwood (1926); interval S·exp(∓z·se(log S)), high at most 1,
   as R's survfit has it by default. Points from the arena. */
size_t survive_curve(
        struct arena *a, const struct survive *s, enum survive_event event, const struct survive_point **ret);
/* The last point at or before that day; NULL before the first. */
const struct survive_point *survive_at(const struct survive_point *p, size_t n, int64_t days);

/* Days until a share p has had the event: first t with S(t) <= 1 - p; low and high where the interval's ends get there
   (Brookmeyer and Crowley, Biometrics 38 (1982) 29–41). -1: the curve never gets there. */
struct survive_days {
	int64_t days, low, high;
};
struct survive_days survive_quantile(const struct survive_point *p, size_t n, double share);

/* Mean days without the event within the first `until` days: Irwin, Journal of Hygiene 47 (1949) 188–189; variance as
   in Royston and Parmar, BMC Medical Research Methodology 13 (2013) 152. */
struct survive_mean {
	double days, error;
};
struct survive_mean survive_restricted(const struct survive_point *p, size_t n, int64_t until);

/* Won and lost as competing ends. Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978) 141–150; variance by
   the delta method, Marubini and Valsecchi, Analysing Survival Data (1995), formula 10.12. */
struct survive_ends {
	int64_t days, at_risk;
	double open;      /* neither yet: S(t) */
	double won, lost; /* cumulative incidence; won + lost + open = 1 */
	double won_error, won_low,
	        won_high; /* 95 %, log(-log) scale: Choudhury, Statistics in Medicine 21 (2002) 1129–1144 */
};
size_t survive_compete(struct arena *a, const struct survive *s, const struct survive_ends **ret);
const struct survive_ends *survive_ends_at(const struct survive_ends *p, size_t n, int64_t days);

/* Share of deals still open after `age` days that are won within the next `within` days:
   (F(age + within) - F(age)) ÷ S(age), from the incidence of won. NaN where no deal is known that was open so long. */
double survive_chance(const struct survive_ends *p, size_t n, int64_t age, int64_t within);

#endif
