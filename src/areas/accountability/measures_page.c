/* Which measures stand on whose scorecard (A1). */
#include "areas/accountability/view.h"

#include "areas/accountability/measures_html.h"

static enum err
show(struct request *r)
{
	struct crumb crumb = { STR("Scorecard"), STR("/scorecard") };
	struct page p = { .title = STR("Measures"),
		.subtitle = STR("A few per role: what one can do, before what follows from it"),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	struct measures_view v = { .may = r->actor.admin || r->actor.head };
	enum err e = measures_load(r->conn, r->arena, r->actor.org, &v.all, &v.n);

	if (e != OK)
		return e;
	v.standard = v.n && !v.all[0].row.id;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_measures(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
measures_page(struct request *r)
{
	return show(r);
}

static enum err
add_work(struct change *c, void *what)
{
	struct measure m = *(struct measure *)what;
	int64_t last = 0;
	enum err e = measures_ensure(c);

	if (e == OK)
		e = db_one_int(c->conn, "select coalesce(max(position), 0) from measure where org_id = $1",
		        DB_ARGS(DB_I(c->grant->org)), &last);
	m.position = last + 1;
	return e == OK ? record_save(c, &measure_record, &m) : e;
}

enum err
measures_add(struct request *r)
{
	struct measure m;
	id set = 0;
	enum err e;

	record_init(&measure_record, &m);
	e = page_fill(r, &measure_record, "name role kind source about", &m);
	if (e == OK && !r->faults.n)
		e = page_change(r, STR("Measure added"), add_work, &m, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, STR("/scorecard/measures")) : e;
}

enum err
measures_end(struct request *r)
{
	struct measure m;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &measure_record, r->ids[0], &m);

	if (e != OK)
		return e;
	m.ended_on = r->today;
	e = page_save(r, STR("Measure ended"), &measure_record, &m, &set);
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, STR("/scorecard/measures")) : e;
}
