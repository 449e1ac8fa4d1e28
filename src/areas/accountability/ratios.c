/* What a close costs in acts, from the person's own last twelve months (A2). Never from others', never from a book. */
#include "areas/accountability/accountability.h"

#include <math.h>

#include "html/html.h"

static const struct {
	int source;
	const char *many;
} acts[RATIOS] = { { FROM_CALLS, "calls" }, { FROM_MEETINGS, "meetings" }, { FROM_NEW_DEALS, "new deals" } };

static const char *
noun(int source)
{
	for (size_t i = 0; i < RATIOS; i++)
		if (acts[i].source == source)
			return acts[i].many;
	return "acts";
}

/* Interval: of the share of acts that led to a close (Wilson, rate.h), turned over. */
struct ratio
ratio_of(struct arena *a, int source, int64_t n, int64_t closes)
{
	struct ratio x = { .from = source, .acts = n, .closes = closes };
	rate r = rate_of(closes, n);

	x.enough = closes >= RATIO_CLOSES && n >= closes && r.low > 0;
	if (n < closes) {
		x.words = str_fmt(a, "%s: %lld noted for %lld closes, so not all were noted", noun(source),
		        (long long)n, (long long)closes);
		return x;
	}
	if (!x.enough) {
		x.words = str_fmt(a, "%s per close: not enough yet (%lld closes, %d wanted)", noun(source),
		        (long long)closes, RATIO_CLOSES);
		return x;
	}
	x.per = (double)n / (double)closes;
	x.low = 1 / r.high;
	x.high = 1 / r.low;
	x.words = str_fmt(a, "%.*s %s per close (%lld %s, %lld closes; 95 %% interval %ld–%ld)",
	        STR_ARG(html_real_text(a, round(x.per * 10) / 10)), noun(source), (long long)n, noun(source),
	        (long long)closes, lround(x.low), lround(x.high));
	return x;
}

enum err
ratios_load(const struct card_ask *ask, struct ratio ret[RATIOS])
{
	struct card_ask year = *ask;
	struct scorecard none = { 0 };
	struct measured won = { .m.source = FROM_WON };
	enum err e;

	year.from = day_add(day_add_months(ask->today, -12), 1);
	year.to = ask->today;
	e = measure_value(&year, &none, &won);
	for (size_t i = 0; e == OK && i < RATIOS; i++) {
		struct measured x = { .m.source = acts[i].source };
		e = measure_value(&year, &none, &x);
		ret[i] = ratio_of(ask->arena, acts[i].source, x.value, won.value);
	}
	return e;
}
