#include <math.h>

#include "areas/coaching/effect.h"
#include "html/html.h"

#define MINUS "−"

static str
signed_points(struct arena *a, double x)
{
	long long n = llround(fabs(x) * 100);

	return str_fmt(a, "%s%lld", !n ? "" : x < 0 ? MINUS : "+", n);
}

str
effect_points(struct arena *a, double value, double low, double high)
{
	return str_fmt(a, "%.*s points (%.*s to %.*s)", STR_ARG(signed_points(a, value)),
	        STR_ARG(signed_points(a, low)), STR_ARG(signed_points(a, high)));
}

static const char *
verdict(double low, double high)
{
	if (low > 0)
		return "more than chance explains";
	if (high < 0)
		return "a fall that chance does not explain";
	return "within what chance does";
}

static str
too_few(struct arena *a, const struct effect_row *x)
{
	return str_fmt(a,
	        "Not enough yet: %lld of %d people coached on a skill that shows in deals; %lld of %d deals decided "
	        "before it, "
	        "and %lld of %d after.",
	        (long long)x->people, EFFECT_PEOPLE, (long long)x->own.before_n, EFFECT_DEALS,
	        (long long)x->own.after_n, EFFECT_DEALS);
}

str
effect_words(struct arena *a, const struct effect_row *x)
{
	const struct effect *e = &x->e;
	str others;

	if (!x->enough)
		return too_few(a, x);
	others = x->has_peers
	                 ? str_fmt(a, "Deals of the %lld who were not coached on it changed by %.*s in the same time.",
	                           (long long)x->peers,
	                           STR_ARG(signed_points(
	                                   a, rate_share(rate_of(x->rest.after_yes, x->rest.after_n)) -
	                                              rate_share(rate_of(x->rest.before_yes, x->rest.before_n)))))
	                 : STR("There is nobody to compare with who was not coached, so whatever else changed in that "
	                       "time is "
	                       "in the figure.");
	return str_fmt(a,
	        "Before, %.*s of %lld deals moved on; after, %.*s of %lld: %.*s points, from %lld people. %.*s What is "
	        "left, less "
	        "regression to the mean: %.*s, %s.",
	        STR_ARG(html_pct_text(a, e->before)), (long long)x->own.before_n, STR_ARG(html_pct_text(a, e->after)),
	        (long long)x->own.after_n, STR_ARG(signed_points(a, e->change)), (long long)x->people, STR_ARG(others),
	        STR_ARG(effect_points(a, e->diff, e->low, e->high)), verdict(e->low, e->high));
}

str
effect_regress_words(struct arena *a, const struct effect_row *x)
{
	double points = x->e.regress * 100;

	if (!x->enough)
		return (str){ 0 };
	if (fabs(points) < .5)
		return STR("Those who were coached stood where everybody stood before, so regression to the mean plays "
		           "no part.");
	return str_fmt(a,
	        "Those who were coached stood %s the others before. Part of a gap like that is chance, so of the "
	        "change %.*s "
	        "points would have come by themselves: regression to the mean, and it is taken out.",
	        points > 0 ? "below" : "above", STR_ARG(signed_points(a, x->e.regress)));
}

str
effect_seen_words(struct arena *a, const struct effect_row *x)
{
	const struct effect_seen *s = &x->seen;
	rate r;

	if (!x->seen_enough)
		return str_fmt(a,
		        "Not enough yet: %lld of %d observations after coaching on the skill, of %lld of %d people.",
		        (long long)s->n, EFFECT_OBSERVATIONS, (long long)s->people, EFFECT_PEOPLE);
	r = rate_of(s->changed, s->n);
	return str_fmt(a,
	        "At the next observation the behaviour was there in %lld of %lld (%.*s; 95 %%: %.*s to %.*s), of %lld "
	        "people. %lld "
	        "of the %lld were seen by somebody else than the coach%s.",
	        (long long)s->changed, (long long)s->n, STR_ARG(html_pct_text(a, rate_share(r))),
	        STR_ARG(html_pct_text(a, r.low)), STR_ARG(html_pct_text(a, r.high)), (long long)s->people,
	        (long long)s->others, (long long)s->n,
	        s->others ? str_z(a, str_fmt(a, ": there in %lld", (long long)s->others_changed)) : "");
}
