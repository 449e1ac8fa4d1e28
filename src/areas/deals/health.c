#include "areas/deals/health.h"

#include "areas/process/standard.h"

#define REASONS 8

struct weighing {
	struct arena *arena;
	const struct deal *d;
	struct health_rules rules;
	struct health_reason *reasons;
	size_t n;
	day today, until;
};

struct health_rules
rule_book_of(struct conn *c, struct arena *a, id org, id process, struct rule_book *book)
{
	struct health_rule *rules;
	size_t n;

	for (size_t i = 0; i < book->n; i++)
		if (book->process[i] == process)
			return book->rules[i];
	if (!process || process_rules(c, a, org, process, &rules, &n) != OK)
		return (struct health_rules){ 0 };
	struct health_rules found = { rules, n };
	if (book->n < sizeof book->process / sizeof *book->process) {
		book->process[book->n] = process;
		book->rules[book->n++] = found;
	}
	return found;
}

/* Where eight fire, the mildest is left out. */
static void
say(struct weighing *w, int kind, int level, const char *code, str what)
{
	size_t at = w->n;

	if (at == REASONS && w->reasons[--at].level >= level)
		return;
	w->n = at + 1;
	while (at > 0 && w->reasons[at - 1].level < level) {
		w->reasons[at] = w->reasons[at - 1];
		at--;
	}
	w->reasons[at] = (struct health_reason){ level, code ? code : rule_kinds[kind].code, what,
		str_of(rule_kinds[kind].mend) };
}

/* The answer may be another one on that day. */
static void
changes_on(struct weighing *w, day d)
{
	if (day_is(d) && day_between(w->today, d) > 0 && (!day_is(w->until) || day_between(d, w->until) > 0))
		w->until = d;
}

static struct health_rule
rule_of(const struct weighing *w, int kind)
{
	return rule_for(w->rules.rules, w->rules.n, kind, w->d->stage);
}

/* A rule that counts days from one: its level today, and when it becomes another. of: days that are 100 percent; 0: the
   limits are days. */
static int
weigh_days(struct weighing *w, const struct health_rule *r, day from, int64_t of)
{
	int64_t limits[] = { r->watch, r->warning, r->critical }, days = day_between(from, w->today);

	if (r->off)
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (limits[i] != NO_INT && limits[i] < 36500)
			changes_on(w, day_add(from, (int)((of ? limits[i] * of / 100 : limits[i]) + 1)));
	return rule_level(r, of ? (days * 100 + of - 1) / of : days);
}

static void
weigh_stage(struct weighing *w, int64_t allowed)
{
	const struct deal *d = w->d;
	struct health_rule r = rule_of(w, RULE_STAGE_DAYS), late = rule_of(w, RULE_IMPORTANCE_OVERDUE);
	int level;

	if (!day_is(d->stage_since) || allowed == NO_INT || allowed < 1)
		return;
	int days = day_between(d->stage_since, w->today);
	level = weigh_days(w, &r, d->stage_since, allowed);
	if (level)
		say(w, RULE_STAGE_DAYS, level, "stuck",
		        str_fmt(w->arena, "%s%d days in this stage; %lld are allowed",
		                d->stage_since_known ? "" : "At least ", days, (long long)allowed));
	level = d->worked && d->steps_due > 0 ? weigh_days(w, &late, d->stage_since, allowed) : 0;
	if (level)
		say(w, RULE_IMPORTANCE_OVERDUE, level, NULL,
		        str_fmt(w->arena, "%lld step%s that hold%s the stage open after %d of %lld days",
		                (long long)d->steps_due, d->steps_due == 1 ? "" : "s", d->steps_due == 1 ? "s" : "",
		                days, (long long)allowed));
}

static void
weigh_progress(struct weighing *w)
{
	const struct deal *d = w->d;
	struct health_rule r = rule_of(w, RULE_NO_PROGRESS);
	day from = d->stage_since_known ? d->stage_since : DAY_NONE;

	if (day_is(d->progress_on) && (!day_is(from) || d->progress_on.n > from.n))
		from = d->progress_on;
	if (!d->worked || !day_is(from))
		return; /* P5a */
	int level = weigh_days(w, &r, from, 0);
	if (level)
		say(w, RULE_NO_PROGRESS, level, NULL,
		        str_fmt(w->arena, "No step completed for %d days", day_between(from, w->today)));
}

static void
weigh_next_step(struct weighing *w)
{
	const struct deal *d = w->d;
	struct health_rule none = rule_of(w, RULE_NO_NEXT_STEP), late = rule_of(w, RULE_NEXT_STEP_OVERDUE);
	int level;

	if (!d->next_step.n) {
		level = d->worked ? rule_level(&none, 1) : 0; /* P5a: somebody has worked it here */
		if (level)
			say(w, RULE_NO_NEXT_STEP, level, NULL, STR("No next step planned"));
		return;
	}
	if (!day_is(d->next_step_on))
		return;
	level = weigh_days(w, &late, d->next_step_on, 0);
	if (!level)
		return;
	int days = day_between(d->next_step_on, w->today);
	say(w, RULE_NEXT_STEP_OVERDUE, level, NULL,
	        str_fmt(w->arena, "Next step is %d day%s overdue", days, days == 1 ? "" : "s"));
}

/* What the stages' durations say is no promise: that it passed is what "days in stage" says. */
static void
weigh_close(struct weighing *w)
{
	const struct deal *d = w->d;
	struct health_rule passed = rule_of(w, RULE_CLOSE_PASSED), pushed = rule_of(w, RULE_CLOSE_PUSHED);
	int level;

	if (!day_is(d->closes_on) || d->closes_from == CLOSES_STAGES)
		return;
	level = weigh_days(w, &passed, d->closes_on, 0);
	if (level) {
		int late = day_between(d->closes_on, w->today);
		say(w, RULE_CLOSE_PASSED, level, NULL,
		        str_fmt(w->arena, "Close date passed %d day%s ago", late, late == 1 ? "" : "s"));
	}
	int64_t before = d->past_pushes > 0 ? d->past_pushes : 0, n = before + (d->pushes > 0 ? d->pushes : 0);
	level = n || d->pushes != NO_INT ? rule_level(&pushed, n) : 0;
	if (level)
		say(w, RULE_CLOSE_PUSHED, level, NULL,
		        str_fmt(w->arena, "Close date moved later %lld time%s%s", (long long)n, n == 1 ? "" : "s",
		                !before       ? ""
		                : before == n ? ", before it came here"
		                              : str_z(w->arena, str_fmt(w->arena, ", %lld of them before it came here",
		                                                        (long long)before))));
}

static void
weigh_quiet(struct weighing *w)
{
	const struct deal *d = w->d;
	struct health_rule r = rule_of(w, RULE_NO_ACTIVITY);
	int level = d->worked && day_is(d->touched_on) ? weigh_days(w, &r, d->touched_on, 0) : 0;

	if (level)
		say(w, RULE_NO_ACTIVITY, level, "quiet",
		        str_fmt(w->arena, "Nothing recorded for %d days", day_between(d->touched_on, w->today)));
}

/* P5a: asked of deals that somebody works here; a file without stakeholders says nothing about them. */
static void
weigh_people(struct weighing *w)
{
	const struct deal *d = w->d;
	struct health_rule alone = rule_of(w, RULE_SINGLE_THREADED), decider = rule_of(w, RULE_NO_DECISION_MAKER);
	int level;

	if (!d->worked || d->people == NO_INT)
		return;
	level = rule_level(&alone, d->people);
	if (level)
		say(w, RULE_SINGLE_THREADED, level, NULL,
		        d->people ? str_fmt(w->arena, "Only %lld stakeholder%s known", (long long)d->people,
		                            d->people == 1 ? "" : "s")
		                  : STR("No stakeholder known"));
	level = d->deciders > 0 ? 0 : rule_level(&decider, 1);
	if (level)
		say(w, RULE_NO_DECISION_MAKER, level, NULL, STR("Nobody known who decides"));
}

size_t
deal_health(struct arena *a, const struct deal *d, struct health_rules rules, int64_t allowed_days, day today,
        struct health_reason ret[REASONS], day *ret_until)
{
	struct weighing w = { a, d, rules, ret, 0, today, DAY_NONE };

	if (d->outcome == OUTCOME_OPEN) {
		weigh_stage(&w, allowed_days);
		weigh_next_step(&w);
		weigh_close(&w);
		weigh_quiet(&w);
		weigh_progress(&w);
		weigh_people(&w);
	}
	*ret_until = w.until;
	return w.n;
}

str
health_flag_words(str code)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (rule_kinds[i].code && str_eq(code, str_of(rule_kinds[i].code)))
			return str_of(rule_kinds[i].label);
	return code;
}
