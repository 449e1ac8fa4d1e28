#include "areas/deals/arrive.h"

enum { STEPS_LETTERS = 1900 }; /* of the names left open; more are counted alone */

static void
name_open(struct change *c, struct deviation *past, str name)
{
	past->n++;
	past->steps = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(past->steps), past->steps.n ? "; " : "", STR_ARG(name));
}

enum err
arrive_open(struct change *c, const struct guide *g, const struct deal *d, const struct stage *from,
        const struct stage *to, struct deviation *past)
{
	struct guided x;
	str *missing = NULL;
	size_t n = 0;
	enum err e = guide_deal(c->conn, c->arena, g, c->grant->org, d, c->today, &x);

	for (size_t i = 0; e == OK && i < g->n_steps; i++) {
		const struct stage *of = guide_stage(g, g->steps[i].stage);
		if (of && x.steps[i].shown && !x.steps[i].done && g->steps[i].importance >= IMPORTANCE_MANDATORY &&
		        of->position >= from->position && of->position < to->position)
			name_open(c, past, g->steps[i].name);
	}
	if (e == OK)
		e = guide_enter(&x, to->row.id, &missing, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		name_open(c, past, missing[i]);
	return e;
}

/* A process that a file's stages were mirrored into has neither steps nor conditions, until somebody designs it. */
static bool
has_gates(const struct guide *g)
{
	bool any = g->n_steps > 0;

	for (size_t i = 0; i < g->n_stages && !any; i++)
		any = g->enter[i] != NULL;
	return any;
}

enum err
arrive_note(struct change *c, const struct guide *g, const struct deal *was, const struct deal *d)
{
	const struct stage *from = guide_stage(g, was->stage), *to = guide_stage(g, d->stage);
	struct deviation past;
	enum err e;

	if (!from || !to || from->outcome != OUTCOME_OPEN || to->outcome == OUTCOME_LOST ||
	        to->position <= from->position || !has_gates(g))
		return OK;
	record_init(&deviation_record, &past);
	past.n = 0;
	e = arrive_open(c, g, d, from, to, &past);
	if (e != OK || !past.n)
		return e;
	if (past.steps.n > STEPS_LETTERS)
		past.steps = (str){ 0 };
	past.deal = d->row.id;
	past.from_stage = from->row.id;
	past.to_stage = to->row.id;
	past.on_day = d->outcome != OUTCOME_OPEN && day_is(d->closed_on) ? d->closed_on : c->today;
	past.reason = str_first(str_fmt(c->arena, "Came with the %.*s", STR_ARG(c->reason)), 190);
	return record_save(c, &deviation_record, &past);
}
