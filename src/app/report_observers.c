/* report observers: agreement of two observers per rubric and per observer, as the rubric's page shows it (E8b). */
#include "app/report.h"

#include "areas/coaching/observers.h"

static const struct report_column columns[] = { { "rubric", UNIT_TEXT }, { "version", UNIT_COUNT },
	{ "observer", UNIT_TEXT }, { "calls", UNIT_COUNT }, { "n", UNIT_COUNT }, { "same", UNIT_COUNT },
	{ "near", UNIT_COUNT }, { "kappa", UNIT_REAL }, { "kappa_low", UNIT_REAL }, { "kappa_high", UNIT_REAL },
	{ "icc", UNIT_REAL }, { "icc_low", UNIT_REAL }, { "icc_high", UNIT_REAL }, { "shift", UNIT_REAL },
	{ NULL, UNIT_TEXT } };

static void
add_row(struct report *r, const struct rubric *rubric, const struct observers_row *x)
{
	struct report_cell *row = report_row(r);

	row[0] = cell_text(rubric->name);
	row[1] = cell_whole(rubric->number);
	row[2] = cell_text(x->observer ? x->name : STR("all, first against second"));
	row[3] = cell_whole(x->calls);
	row[4] = cell_whole(x->n);
	if (!x->enough)
		return;
	row[5] = cell_whole(x->kappa.same);
	row[6] = cell_whole(x->kappa.near);
	row[7] = cell_real(x->kappa.kappa);
	row[8] = cell_real(x->kappa.low);
	row[9] = cell_real(x->kappa.high);
	row[10] = cell_real(x->icc.icc);
	row[11] = cell_real(x->icc.low);
	row[12] = cell_real(x->icc.high);
	row[13] = cell_real(x->shift);
}

static enum err
add_rubric(struct conn *c, struct arena *a, struct report *r, id rubric)
{
	struct rubric_whole *w = arena_new(a, struct rubric_whole, 1);
	struct observers all;
	enum err e = rubric_load(c, a, r->grant, rubric, w);

	if (e == OK)
		e = observers_load(c, a, r->grant, w, &all);
	if (e != OK)
		return e;
	add_row(r, &w->r, &all.all);
	for (size_t i = 0; i < all.n; i++)
		add_row(r, &w->r, &all.rows[i]);
	return OK;
}

enum err
report_observers(struct conn *c, struct arena *a, struct report *r)
{
	id *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select distinct r.id, r.name, r.number from rubric r join observation o on o.org_id = r.org_id and "
	        "o.rubric = r.id where r.org_id = $1 and o.beside is not null order by r.name, r.number, r.id",
	        DB_ARGS(DB_I(r->grant->org)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = db_int(&rows, 0);
	}
	if (e == OK)
		e = db_end(&rows);
	r->table.columns = columns;
	for (size_t i = 0; e == OK && i < n; i++)
		e = add_rubric(c, a, r, all[i]);
	return e;
}
