#include "areas/deals/health.h"

#define QUIET_DAYS 21 /* without a touch: watch */

struct weighing {
	struct arena *arena;
	struct health_reason *reasons;
	size_t n;
	day today, until;
};

static void
say(struct weighing *w, int level, const char *code, str what, const char *mend)
{
	size_t at = w->n++;

	while (at > 0 && w->reasons[at - 1].level < level) {
		w->reasons[at] = w->reasons[at - 1];
		at--;
	}
	w->reasons[at] = (struct health_reason){ level, code, what, str_of(mend) };
}

/* The answer may be another one on that day. */
static void
changes_on(struct weighing *w, day d)
{
	if (day_is(d) && day_between(w->today, d) > 0 && (!day_is(w->until) || day_between(d, w->until) > 0))
		w->until = d;
}

static void
weigh_stage(struct weighing *w, const struct deal *d, int64_t allowed)
{
	if (!day_is(d->stage_since) || allowed == NO_INT)
		return;
	int days = day_between(d->stage_since, w->today);
	changes_on(w, day_add(d->stage_since, (int)allowed + 1));
	changes_on(w, day_add(d->stage_since, (int)allowed * 2 + 1));
	if (days <= allowed)
		return;
	say(w, days > allowed * 2 ? HEALTH_CRITICAL : HEALTH_WARNING, "stuck",
	        str_fmt(w->arena, "%s%d days in this stage; %lld are allowed", d->stage_since_known ? "" : "At least ",
	                days, (long long)allowed),
	        "move it on, or agree with the buyer on what has to happen first");
}

static void
weigh_next_step(struct weighing *w, const struct deal *d)
{
	if (!d->worked && !d->next_step.n)
		return; /* P5a: nobody has worked it here */
	if (!d->next_step.n) {
		say(w, HEALTH_WARNING, "no-next-step", STR("No next step planned"),
		        "agree on one with the buyer and enter it with its day");
		return;
	}
	if (!day_is(d->next_step_on))
		return;
	int late = day_between(d->next_step_on, w->today);
	changes_on(w, day_add(d->next_step_on, 1));
	changes_on(w, day_add(d->next_step_on, 15));
	if (late > 0)
		say(w, late > 14 ? HEALTH_CRITICAL : HEALTH_WARNING, "overdue",
		        str_fmt(w->arena, "Next step is %d day%s overdue", late, late == 1 ? "" : "s"),
		        "do it, or set a new day");
}

static void
weigh_close(struct weighing *w, const struct deal *d)
{
	if (!day_is(d->closes_on))
		return;
	int late = day_between(d->closes_on, w->today);
	changes_on(w, day_add(d->closes_on, 1));
	if (late > 0)
		say(w, HEALTH_WARNING, "close-passed",
		        str_fmt(w->arena, "Close date passed %d day%s ago", late, late == 1 ? "" : "s"),
		        "ask the buyer for their date and enter it");
	if (d->pushes != NO_INT && d->pushes >= 2)
		say(w, HEALTH_WATCH, "pushed",
		        str_fmt(w->arena, "Close date moved later %lld times", (long long)d->pushes),
		        "find out what the buyer has to do before that day");
}

static void
weigh_quiet(struct weighing *w, const struct deal *d)
{
	if (!d->worked || !day_is(d->touched_on))
		return;
	int days = day_between(d->touched_on, w->today);
	changes_on(w, day_add(d->touched_on, QUIET_DAYS + 1));
	if (days > QUIET_DAYS)
		say(w, HEALTH_WATCH, "quiet", str_fmt(w->arena, "Nothing recorded for %d days", days),
		        "get in touch and note it here");
}

size_t
deal_health(struct arena *a, const struct deal *d, int64_t allowed_days, day today, struct health_reason ret[8],
        day *ret_until)
{
	struct weighing w = { a, ret, 0, today, DAY_NONE };

	if (d->outcome == OUTCOME_OPEN) {
		weigh_stage(&w, d, allowed_days);
		weigh_next_step(&w, d);
		weigh_close(&w, d);
		weigh_quiet(&w, d);
	}
	*ret_until = w.until;
	return w.n;
}
