/* Where the number went (A4b): a gap in won money split into decided deals, win rate and won value, exact to the cent.
   What it is not for: saying whose fault it is (areas/accountability), currencies (split one at a time). */
#ifndef STATS_GAP_H
#define STATS_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Below so many decided deals the deals are listed instead of split. A4b */
#define GAP_FEWEST 12

/* Decided deals of a time span. */
struct gap_deals {
	int64_t decided; /* won and lost */
	int64_t won;     /* 0 <= won <= decided */
	int64_t revenue; /* of the won ones, minor units, not below 0, 0 when won is 0 */
};

enum gap_state {
	GAP_SPLIT,   /* the parts can be shown */
	GAP_FEW,     /* fewer than GAP_FEWEST decided deals: list them; the parts are there, but say little */
	GAP_UNKNOWN, /* the history has no won money, so nothing says how many deals were needed; no parts */
};

/* All amounts in minor units; the three parts add up to total exactly. Negative: fell short by. */
struct gap {
	enum gap_state state;
	int64_t total;   /* actual revenue - expected revenue; 0 from gap_to_history when it is unknown */
	int64_t decided; /* from more or fewer decided deals (slower cycles show here) */
	int64_t rate;    /* from winning a larger or smaller share of them */
	int64_t value;   /* from larger or smaller won deals */
	bool thin;       /* the history itself has fewer than GAP_FEWEST decided deals */
	/* For the sentence beside it; NaN and -1 where there is none. */
	double decided_expected, rate_expected, rate_actual;
	int64_t value_expected, value_actual; /* mean won value, minor units, rounded half up */
};

/* The gap of `actual` to a target, at the ratios of `history` (the four quarters before): expected decided deals are
   target ÷ (win rate × mean won value), expected revenue is the target.
   Split: average of the marginal contributions over all six orders (Shapley, in Contributions to the Theory of Games II
   (1953) 307–317; for products of factors Albrecht, François, Schoors, Energy Policy 30 (2002) 727–736), in exact
   integers, rounded by largest remainder; ties go to decided, then rate, then value. A factor with no evidence in
   `actual` (no decided deal: the rate; none won: the value) counts as unchanged. target: minor units, 0 or more.
   ERR_INPUT, ret untouched, when a count or an amount is impossible (below 0, more won than decided, money without a
   won deal) or a part would pass 2^61 minor units. */
enum err gap_to_target(int64_t target, struct gap_deals history, struct gap_deals actual, struct gap *ret);

/* The same against an expected number of decided deals at the ratios of `history`; expected revenue is
   expected_decided × revenue ÷ decided of the history, rounded half up to the cent. With history.decided as
   expected_decided it explains one period against another. */
enum err gap_to_history(int64_t expected_decided, struct gap_deals history, struct gap_deals actual, struct gap *ret);

/* Decided deals needed for the target at the ratios of `history`, rounded up; -1 when unknown. */
int64_t gap_decided_needed(int64_t target, struct gap_deals history);

#endif
