/* Which of the systems that deals come from is the master, and of what (D5a). */
#include "areas/imports/sources.h"

#include "areas/imports/sources_html.h"

struct listing {
	struct source_view *all;
	size_t n;
};

static void
view_fields(struct request *r, struct source_view *v)
{
	struct source_field *f = arena_new(r->arena, struct source_field, 20);
	struct source_system as_master = v->s;

	as_master.master = true;
	for (size_t i = 0; source_fields[i]; i++) {
		const struct field *x = record_field(&deal_record, str_of(source_fields[i]));
		f[v->n_fields++] =
		        (struct source_field){ str_of(x->name), str_of(x->label), source_owns(&as_master, x->name) };
	}
	v->fields = f;
}

/* Sources of files that held deals; the fields start as what such a file is made of. */
static enum err
load_names(struct request *r, struct listing *l)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select distinct source from import_file where org_id = $1 and kind = 'deals' and source is not null "
	        "order by "
	        "source limit 20",
	        DB_ARGS(DB_I(r->actor.org)), &rows);

	l->all = arena_new(r->arena, struct source_view, 21);
	while (e == OK && l->n < 20 && db_next(&rows)) {
		struct source_view *v = &l->all[l->n++];
		record_init(&source_record, &v->s);
		v->s.name = db_text(&rows, 0);
		v->s.label = v->s.name;
		v->s.fields = STR("name account owner stage amount closes_on closed_on");
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
show(struct request *r, const struct source_system *typed)
{
	static const struct crumb crumbs[] = { { STR_INIT("Import"), STR_INIT("/import") } };
	struct page p = { .title = STR("Beside another CRM"),
		.subtitle = STR("Each field has one master"),
		.crumbs = crumbs,
		.n_crumbs = 1 };
	struct sources_view v = { 0 };
	struct listing l = { 0 };
	enum err e = load_names(r, &l);

	for (size_t i = 0; e == OK && i < l.n; i++) {
		struct source_system s;
		e = source_find(r->conn, r->arena, r->actor.org, l.all[i].s.name, &s);
		if (e == OK)
			l.all[i].s = s;
		l.all[i].wrong = typed && str_eq(typed->name, l.all[i].s.name);
		if (l.all[i].wrong)
			l.all[i].s = *typed;
		view_fields(r, &l.all[i]);
		e = e == ERR_ABSENT ? OK : e;
	}
	if (e != OK)
		return e;
	v.all = l.all;
	v.n = l.n;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_sources_all(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
sources_page(struct request *r)
{
	return show(r, NULL);
}

static enum err
sources_act(struct request *r)
{
	str name = page_field(r, "name"), fields = { 0 };
	struct source_system s;
	id set = 0;
	enum err e = source_find(r->conn, r->arena, r->actor.org, name, &s);

	if (e == ERR_ABSENT)
		record_init(&source_record, &s);
	else if (e != OK)
		return e;
	for (size_t i = 0; source_fields[i]; i++)
		if (page_has_field(r, str_z(r->arena, str_fmt(r->arena, "f_%s", source_fields[i]))))
			fields = str_fmt(r->arena, "%.*s%s%s", STR_ARG(fields), fields.n ? " " : "", source_fields[i]);
	e = page_fill(r, &source_record, "name label url master", &s);
	s.fields = fields;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s saved", STR_ARG(s.label)), &source_record, &s, &set);
	if (e == ERR_INPUT)
		return show(r, &s);
	return e == OK ? page_done(r, set, STR("/import/sources")) : e;
}

const struct route source_routes[] = {
	{ HTTP_GET, "/import/sources", POLICY_ADMIN, sources_page, "import", "Which system is the master", false },
	{ HTTP_POST, "/import/sources", POLICY_ADMIN, sources_act, "import", "Say which system is the master", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
