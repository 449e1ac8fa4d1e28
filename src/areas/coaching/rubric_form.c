/* One form for a whole rubric: its words, and its criteria in the order of their numbers, a field for each level. */
#include <stdlib.h>

#include "areas/coaching/rubric_view.h"

#include "areas/coaching/rubric_html.h"

const char *
rubric_field(struct arena *a, size_t criterion, size_t level)
{
	return str_z(a, str_fmt(a, "c%zu_l%zu", criterion, level));
}

static enum err
show_form(struct request *r, struct rubric_view *v)
{
	struct crumb crumbs[] = { { STR("Rubrics"), STR("/rubrics") } };
	struct page p = { .crumbs = crumbs, .n_crumbs = 1 };

	p.title = v->adding ? STR("New rubric") : str_fmt(r->arena, "Edit %.*s", STR_ARG(v->w.r.name));
	p.subtitle = pattern_frozen(r->arena, v->w.r.number, v->w.used, "observation");
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_rubric_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

static str
field_of(struct request *r, size_t i, const char *name)
{
	return str_trim(http_field(r->http, str_z(r->arena, str_fmt(r->arena, "c%zu_%s", i, name))));
}

/* A level a line; one that was left out between others stays an empty line, which the lint finds. */
static str
read_levels(struct request *r, size_t i)
{
	str all = { 0 };
	size_t gap = 0;

	for (size_t k = 1; k <= LEVELS_MOST; k++, gap++) {
		str s = str_trim(http_field(r->http, rubric_field(r->arena, i, k)));
		char *line = str_z(r->arena, s);
		if (!s.n)
			continue;
		for (size_t at = 0; at < s.n; at++)
			line[at] = line[at] == '\n' || line[at] == '\r' ? ' ' : line[at];
		for (; gap; gap--)
			all = str_join(r->arena, all, STR("\n"));
		all = str_join(r->arena, all, str_of(line));
	}
	return all;
}

static int
by_position(const void *x, const void *y)
{
	const struct rubric_criterion *a = x, *b = y;

	return (a->position > b->position) - (a->position < b->position);
}

/* A criterion without name and levels is left out; numbers say the order. */
static void
read_form(struct request *r, struct rubric_whole *w)
{
	page_fill(r, &rubric_record, "name kind skill summary", &w->r);
	w->r.name = str_trim(w->r.name);
	w->n = 0;
	for (size_t i = 0; i < CRITERIA_MOST; i++) {
		struct rubric_criterion *x = &w->criteria[w->n];
		str name = field_of(r, i, "name"), anchors = read_levels(r, i);
		int64_t position;
		if (!name.n && !anchors.n)
			continue;
		record_init(&rubric_criterion_record, x);
		x->name = name;
		x->anchors = anchors;
		if (!str_to_i64(field_of(r, i, "position"), &position) || position < 0 || position > 999)
			position = (int64_t)i + 1;
		x->position = position * 100 + (int64_t)i;
		w->n++;
	}
	qsort(w->criteria, w->n, sizeof *w->criteria, by_position);
	rubric_lint(r->arena, w, NULL, &r->faults);
	if (!w->r.name.n && !fault_at(&r->faults, STR("name")))
		fault_add(&r->faults, STR("name"), STR("is missing"), STR("say what is observed"));
	if (!w->r.kind && !fault_at(&r->faults, STR("kind")))
		fault_add(&r->faults, STR("kind"), STR("is missing"), STR("say what the rubric is made for"));
	if (!w->r.skill && !fault_at(&r->faults, STR("skill")))
		fault_add(&r->faults, STR("skill"), STR("is missing"), STR("say which skill it looks at"));
}

static enum err
save(struct request *r, struct rubric_view *v)
{
	enum err e = OK;

	read_form(r, &v->w);
	if (!r->faults.n)
		e = pattern_save(r, &rubric_pattern, &v->w);
	return r->faults.n ? show_form(r, v) : e;
}

enum err
rubric_new_page(struct request *r)
{
	struct rubric_view v = { .may = true, .adding = true };

	if (!pattern_may(r))
		return ERR_DENIED;
	record_init(&rubric_record, &v.w.r);
	v.w.r.kind = OBSERVED_CALL;
	return show_form(r, &v);
}

enum err
rubric_new_act(struct request *r)
{
	struct rubric_view v = { .may = true, .adding = true };

	if (!pattern_may(r))
		return ERR_DENIED;
	record_init(&rubric_record, &v.w.r);
	return save(r, &v);
}

static enum err
load(struct request *r, struct rubric_view *v)
{
	enum err e = rubric_load(r->conn, r->arena, &r->grant, r->ids[0], &v->w);

	v->may = pattern_may(r);
	return e == OK && !v->may ? ERR_DENIED : e;
}

enum err
rubric_edit_page(struct request *r)
{
	struct rubric_view v = { 0 };
	enum err e = load(r, &v);

	v.w.was = v.w.criteria[0].row.id;
	return e == OK ? show_form(r, &v) : e;
}

enum err
rubric_edit_act(struct request *r)
{
	struct rubric_view v = { 0 };
	int64_t version;
	enum err e = load(r, &v);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &version))
		v.w.r.row.version = version;
	v.w.was = page_id_field(r, "was");
	return save(r, &v);
}
