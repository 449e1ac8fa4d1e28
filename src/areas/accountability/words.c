/* Figures of a scorecard as people read them. */
#include "areas/accountability/accountability.h"

#include <math.h>

#include "html/html.h"

static str
amount_text(const struct card_ask *ask, const struct measure *m, int64_t n)
{
	if (m->source == FROM_REVENUE)
		return money_text(ask->arena, money_of(n, ask->currency));
	return html_int_text(ask->arena, n);
}

/* A prorated target is read without its cents; what it is compared with keeps them. */
static int64_t
whole_money(const struct card_ask *ask, const struct measure *m, int64_t n)
{
	int64_t unit = 1;

	for (int i = money_digits(str_z(ask->arena, ask->currency)); m->source == FROM_REVENUE && i > 0; i--)
		unit *= 10;
	return (n + unit / 2) / unit * unit;
}

/* What the number beside the value is a number of. */
static const char *
counted(const struct measure *m, int64_t n)
{
	switch (m->source) {
	case FROM_CALLS:
	case FROM_MEETINGS:
	case FROM_ACTIVITIES:
		return n == 1 ? "activity noted" : "activities noted";
	case FROM_HAND:
		return n == 1 ? "entry" : "entries";
	case FROM_NEXT_STEPS:
		return n == 1 ? "open deal worked here" : "open deals worked here";
	case FROM_COACHED:
	case FROM_COACHING:
		return n == 1 ? "session due" : "sessions due";
	case FROM_KEPT:
		return "due";
	case FROM_BLOCKERS:
		return n == 1 ? "answer due" : "answers due";
	case FROM_WON:
	case FROM_WIN_RATE:
		return "decided";
	case FROM_REVENUE:
		return n == 1 ? "won deal" : "won deals";
	case FROM_OBSERVED:
		return n == 1 ? "observation" : "observations";
	default:
		return n == 1 ? "deal" : "deals";
	}
}

void
measure_words(const struct card_ask *ask, struct measured *x)
{
	struct arena *a = ask->arena;
	bool share = measure_is_share(&x->m);

	if (!x->known)
		x->value_text = STR("no data");
	else if (share)
		x->value_text = html_pct_text(a, rate_share(x->share));
	else
		x->value_text = amount_text(ask, &x->m, x->value);
	if (share && x->known)
		x->note = str_fmt(a, "%lld of %lld %s; 95 %% interval %d–%d %%", (long long)x->value, (long long)x->n,
		        counted(&x->m, x->n), (int)lround(x->share.low * 100), (int)lround(x->share.high * 100));
	else
		x->note = str_fmt(a, "n = %lld %s", (long long)x->n, counted(&x->m, x->n));
	str said = rate_said_words(a, &x->currencies, ask->currency);
	if (said.n)
		x->note = str_fmt(a, "%.*s. %.*s", STR_ARG(x->note), STR_ARG(said));
	if (x->has_target && share) {
		x->target_text = str_fmt(a, "%lld %%", (long long)x->target);
	} else if (x->has_target) {
		x->target_text = amount_text(ask, &x->m, whole_money(ask, &x->m, x->target));
		x->pace_text = amount_text(ask, &x->m, whole_money(ask, &x->m, x->pace));
	}
	if (x->has_target && x->known)
		x->ahead = share ? x->value * 100 >= x->target * x->n : x->value >= x->pace;
}
