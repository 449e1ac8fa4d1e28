/* report coaching-effect: whether coaching helps, of the company, by coach, programme and skill, as the page shows it
 * (C9). */
#include "app/report.h"

#include "areas/coaching/effect.h"

static const struct report_column columns[] = { { "of", UNIT_TEXT }, { "name", UNIT_TEXT },
	{ "seen_there", UNIT_COUNT }, { "seen_n", UNIT_COUNT }, { "seen_people", UNIT_COUNT }, { "people", UNIT_COUNT },
	{ "before_moved", UNIT_COUNT }, { "before_n", UNIT_COUNT }, { "after_moved", UNIT_COUNT },
	{ "after_n", UNIT_COUNT }, { "others", UNIT_COUNT }, { "others_before_n", UNIT_COUNT },
	{ "others_after_n", UNIT_COUNT }, { "change", UNIT_REAL }, { "regression", UNIT_REAL },
	{ "others_change", UNIT_REAL }, { "left", UNIT_REAL }, { "low", UNIT_REAL }, { "high", UNIT_REAL },
	{ "pulled", UNIT_REAL }, { "pulled_low", UNIT_REAL }, { "pulled_high", UNIT_REAL }, { "says", UNIT_TEXT },
	{ NULL, UNIT_TEXT } };

static void
add_row(struct arena *a, struct report *r, const char *of, const struct effect_row *x)
{
	const int64_t counts[] = { x->seen.changed, x->seen.n, x->seen.people, x->people, x->own.before_yes,
		x->own.before_n, x->own.after_yes, x->own.after_n, x->peers, x->rest.before_n, x->rest.after_n };
	const double figures[] = { x->e.change, x->e.regress, x->e.others, x->e.diff, x->e.low, x->e.high };
	const double pulled[] = { x->p.value, x->p.low, x->p.high };
	struct report_cell *row = report_row(r);
	size_t at = 0;

	row[at++] = cell_text(str_of(of));
	row[at++] = cell_text(x->who ? x->name : STR("company"));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		row[at++] = (i == 0 && !x->seen_enough) || ((i == 4 || i == 6) && !x->enough)
		                    ? (struct report_cell){ 0 } /* few ones' outcomes would be somebody's */
		                    : cell_whole(counts[i]);
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++, at++)
		if (x->enough)
			row[at] = cell_real(figures[i]);
	for (size_t i = 0; i < sizeof pulled / sizeof *pulled; i++, at++)
		if (x->pulled)
			row[at] = cell_real(pulled[i]);
	row[at] = cell_text(effect_words(a, x));
}

enum err
report_effect(struct conn *c, struct arena *a, struct report *r)
{
	struct effect_all all;
	enum err e = effect_load(c, a, r->grant, r->scope.as_of, &all);
	const struct effect_table *tables[] = { &all.coaches, &all.programmes, &all.skills };

	r->table.columns = columns;
	if (e != OK)
		return e;
	add_row(a, r, "company", &all.company);
	for (size_t t = 0; t < 3; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			add_row(a, r, ((const char *[]){ "coach", "programme", "skill" })[t], &tables[t]->rows[i]);
	return OK;
}
