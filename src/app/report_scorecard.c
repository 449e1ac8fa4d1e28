/* report scorecard: the measures of a person, or of a leader and those next below, as the page shows them (A1). */
#include "app/report.h"

#include "areas/accountability/accountability.h"

static const struct report_column columns[] = { { "person", UNIT_TEXT }, { "measure", UNIT_TEXT },
	{ "kind", UNIT_TEXT }, { "value", UNIT_COUNT }, { "n", UNIT_COUNT }, { "share", UNIT_REAL },
	{ "low", UNIT_REAL }, { "high", UNIT_REAL }, { "target", UNIT_COUNT }, { "pace", UNIT_COUNT },
	{ "unit", UNIT_TEXT }, { "state", UNIT_TEXT }, { NULL, UNIT_TEXT } };

static const char *
state_of(const struct measured *x)
{
	if (!x->known)
		return "no data";
	if (!x->has_target)
		return "no target";
	return x->ahead ? "on pace" : "behind pace";
}

static void
add_card(struct report *r, const struct scorecard *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct measured *x = &s->rows[i];
		struct report_cell *row = report_row(r);
		bool share = measure_is_share(&x->m);
		row[0] = cell_text(s->name);
		row[1] = cell_text(x->m.name);
		row[2] = cell_text(str_of(measure_kinds[x->m.kind].code));
		if (x->known)
			row[3] = cell_whole(x->value);
		row[4] = cell_whole(x->n);
		if (share && x->known) {
			row[5] = cell_real(rate_share(x->share));
			row[6] = cell_real(x->share.low);
			row[7] = cell_real(x->share.high);
		}
		if (x->has_target) {
			row[8] = cell_whole(x->target);
			row[9] = cell_whole(x->pace);
		}
		row[10] = cell_text(share ? STR("percent") : x->m.source == FROM_REVENUE ? STR("minor") : STR("count"));
		row[11] = cell_text(str_of(state_of(x)));
	}
}

static enum err
load(struct report *r, struct card_ask *ask, id person)
{
	struct scorecard *s = arena_new(ask->arena, struct scorecard, 1);
	enum err e;

	ask->person = person;
	e = scorecard_load(ask, s);
	if (e == OK)
		add_card(r, s);
	return e;
}

/* O5, O6: one's own, of those below, and of those above. */
static bool
may_read(struct conn *c, const struct report *r, id person)
{
	return !r->limits || scorecard_may(c, r->grant->org, r->asker, person);
}

enum err
report_scorecard(struct conn *c, struct arena *a, struct report *r)
{
	struct grant counts = grant_counts(r->grant, "figures of a scorecard that the asker may open");
	struct card_ask ask = { c, a, &counts, r->grant->org, r->scope.person, r->scope.from, r->scope.to,
		r->scope.as_of, r->scope.currency, false };
	struct card_person *all = NULL;
	size_t n = 0;
	id of = r->scope.person;
	enum err e = OK;

	if (!of)
		return report_fault(r, "person", STR("is missing, and no head is named"), STR("say whose scorecard"));
	if (!may_read(c, r, of))
		return ERR_ABSENT;
	r->table.columns = columns;
	if (!(r->by & REPORT_BY_PERSON))
		return load(r, &ask, of);
	e = scorecard_team(c, a, ask.org, of, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		if (may_read(c, r, all[i].person))
			e = load(r, &ask, all[i].person);
	return e;
}
