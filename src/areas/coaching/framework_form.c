/* One form for a whole framework: its words, and its phases in the order of their numbers. */
#include <stdlib.h>

#include "areas/coaching/framework_view.h"

#include "areas/coaching/framework_html.h"

static enum err
show_form(struct request *r, struct framework_view *v)
{
	struct crumb crumbs[] = { { STR("Frameworks"), STR("/frameworks") } };
	struct page p = { .crumbs = crumbs, .n_crumbs = 1 };

	p.title = v->adding ? STR("New framework") : str_fmt(r->arena, "Edit %.*s", STR_ARG(v->w.f.name));
	p.subtitle = pattern_frozen(r->arena, v->w.f.number, v->w.used, "session");
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_framework_form(&r->view, v, r);
	page_foot(r);
	return OK;
}

static str
phase_field(struct request *r, int i, const char *name)
{
	return str_trim(http_field(r->http, str_z(r->arena, str_fmt(r->arena, "p%d_%s", i, name))));
}

static int64_t
phase_number(struct request *r, int i, const char *name, int64_t otherwise)
{
	int64_t n;

	return str_to_i64(phase_field(r, i, name), &n) ? n : otherwise;
}

static int
by_position(const void *x, const void *y)
{
	const struct framework_phase *a = x, *b = y;

	return (a->position > b->position) - (a->position < b->position);
}

/* A phase whose name is empty is left out; numbers say the order. */
static void
read_form(struct request *r, struct framework_whole *w)
{
	page_fill(r, &framework_record, "name kind summary opening", &w->f);
	w->f.name = str_trim(w->f.name);
	w->n_phases = 0;
	for (int i = 0; i < PHASES_MOST; i++) {
		struct framework_phase *p = &w->phases[w->n_phases];
		str name = phase_field(r, i, "name");
		if (!name.n)
			continue;
		record_init(&framework_phase_record, p);
		p->name = name;
		p->position = phase_number(r, i, "position", i + 1) * 100 + i;
		p->kind = choice_of(phase_kinds, phase_field(r, i, "kind"));
		p->kind = p->kind ? p->kind : PHASE_TALK;
		p->minutes = phase_number(r, i, "minutes", NO_INT);
		p->purpose = phase_field(r, i, "purpose");
		p->questions = phase_field(r, i, "questions");
		w->n_phases++;
	}
	qsort(w->phases, w->n_phases, sizeof *w->phases, by_position);
	if (!w->n_phases)
		fault_add(&r->faults, STR("p0_name"), STR("is missing"), STR("a framework has at least one phase"));
}

static enum err
save(struct request *r, struct framework_view *v)
{
	enum err e = OK;

	read_form(r, &v->w);
	if (!r->faults.n)
		e = pattern_save(r, &framework_pattern, &v->w);
	return r->faults.n ? show_form(r, v) : e;
}

enum err
framework_new_page(struct request *r)
{
	struct framework_view v = { .may = true, .adding = true };

	if (!pattern_may(r))
		return ERR_DENIED;
	record_init(&framework_record, &v.w.f);
	v.w.f.kind = MEETING_COACHING;
	return show_form(r, &v);
}

enum err
framework_new_act(struct request *r)
{
	struct framework_view v = { .may = true, .adding = true };

	if (!pattern_may(r))
		return ERR_DENIED;
	record_init(&framework_record, &v.w.f);
	return save(r, &v);
}

static enum err
load(struct request *r, struct framework_view *v)
{
	enum err e = framework_load(r->conn, r->arena, &r->grant, r->ids[0], &v->w);

	v->may = pattern_may(r);
	return e == OK && !v->may ? ERR_DENIED : e;
}

enum err
framework_edit_page(struct request *r)
{
	struct framework_view v = { 0 };
	enum err e = load(r, &v);

	return e == OK ? show_form(r, &v) : e;
}

enum err
framework_edit_act(struct request *r)
{
	struct framework_view v = { 0 };
	int64_t version;
	enum err e = load(r, &v);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &version))
		v.w.f.row.version = version;
	return save(r, &v);
}
