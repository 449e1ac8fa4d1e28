#include "areas/coaching/debt.h"
#include "areas/coaching/programme.h"
#include "calendar/rrule.h"

#define RHYTHM_MOST 4000 /* occurrences of one pair: ten years of days */

static const struct rrule_start whole_day_start = { .minutes = RRULE_WHOLE_DAY };

static enum err
occurrences(struct arena *a, str rule, day rule_from, day from, day to, size_t cap, struct rrule_run *ret)
{
	const struct rrule *r;
	struct rrule_start start = whole_day_start;
	struct faults f;
	enum err e;

	faults_init(&f, a);
	e = rrule_parse(a, rule, STR("rule"), &f, &r);
	if (e != OK)
		return e;
	/* days, not instants: nine o'clock stays nine on the day the clocks change, since times stand with the session
	 */
	start.on = rule_from;
	start.zone = zone_utc();
	return rrule_between(
	        a, r, start, zone_instant(zone_utc(), from, 0), zone_instant(zone_utc(), day_add(to, 1), 0), cap, ret);
}

enum err
rhythm_next(struct arena *a, str rule, day rule_from, day rule_to, day from, day *ret)
{
	struct rrule_run run;
	day last = day_is(rule_to) ? rule_to : day_add(from, 366 * 3);
	enum err e = occurrences(a, rule, rule_from, from.n < rule_from.n ? rule_from : from, last, 1, &run);

	if (e == OK)
		*ret = run.n ? zone_day(zone_utc(), run.at[0]) : DAY_NONE;
	return e;
}

static size_t
cadence_starts(const struct rhythm *r, day until, bool cut, day *all, size_t most)
{
	int step = pair_step(r->cadence);
	size_t n = 0;

	for (day at = day_week(pair_first(r->from_day, r->weekday)); n < most; at = day_add(at, step)) {
		if (cut ? day_add(at, step - 1).n >= until.n : at.n > until.n && n && all[n - 1].n > until.n)
			break;
		all[n++] = at;
	}
	return n;
}

enum err
rhythm_starts(struct arena *a, const struct rhythm *r, day to, const day **ret, size_t *ret_n)
{
	day *all = arena_new(a, day, RHYTHM_MOST);
	struct rrule_run run;
	day last = day_add(to, 400);
	size_t n = cadence_starts(r, r->rule.n ? r->joined : to, r->rule.n > 0, all, RHYTHM_MOST / 2);
	enum err e = OK;

	if (r->rule.n) {
		if (day_is(r->rule_to) && r->rule_to.n < last.n)
			last = r->rule_to;
		e = occurrences(a, r->rule, r->rule_from, r->joined, last, RHYTHM_MOST / 2, &run);
		for (size_t i = 0; e == OK && i < run.n; i++) {
			all[n++] = zone_day(zone_utc(), run.at[i]);
			if (all[n - 1].n > to.n)
				break;
		}
	}
	*ret = all;
	*ret_n = n;
	return e;
}

str
rhythm_words(struct arena *a, str rule, int cadence)
{
	const struct rrule *r;
	struct faults f;

	faults_init(&f, a);
	if (!rule.n || rrule_parse(a, rule, STR("rule"), &f, &r) != OK)
		return str_of(cadences[cadence].label);
	return rrule_words(a, r);
}
