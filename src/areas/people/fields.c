/* The page where an administrator says what the company wants to know beside what everybody does. */
#include "areas/people/fields.h"

#include <string.h>

#include "areas/people/fields_html.h"

static enum err
load_list(struct request *r, struct field_list *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from own_field t where t.org_id = $1 order by t.archived, t.about, t.position, t.id",
	        STR_ARG(record_columns(r->arena, &own_field_record, "t")));
	size_t cap = 0;
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(r->arena, v->rows, v->n, cap);
		record_read(&rows, &own_field_record, 0, &v->rows[v->n++]);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_list(struct request *r, const struct own_field *typed)
{
	struct crumb crumb = { STR("Company"), STR("/company") };
	struct page p = { .title = STR("Own fields"), .crumbs = &crumb, .n_crumbs = 1 };
	struct field_list v = { .typed = typed };
	enum err e = load_list(r, &v);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_field_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
fields_page(struct request *r)
{
	struct own_field fresh;

	record_init(&own_field_record, &fresh);
	fresh.about = OWN_OF_DEAL;
	fresh.kind = OWN_TEXT;
	fresh.listed = fresh.filtered = true;
	return show_list(r, &fresh);
}

/* Fields lie in the order in which they came, unless somebody says otherwise. */
static enum err
field_create(struct request *r)
{
	struct own_field x;
	id set = 0;
	enum err e;

	record_init(&own_field_record, &x);
	e = page_fill(r, &own_field_record, "about name kind choices currency required listed filtered", &x);
	if (e == OK)
		e = db_one_int(r->conn,
		        "select coalesce(max(position), 0) + 1 from own_field where org_id = $1 and about = $2",
		        DB_ARGS(DB_I(r->actor.org), DB_T(str_of(own_ofs[x.about].code))), &x.position);
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "Field %.*s added", STR_ARG(x.name)), &own_field_record, &x, &set);
	if (e == ERR_INPUT)
		return show_list(r, &x);
	return e == OK ? page_done(r, set, STR("/company/fields")) : e;
}

static enum err
show_one(struct request *r, const struct own_field *x)
{
	struct crumb crumbs[] = { { STR("Company"), STR("/company") }, { STR("Own fields"), STR("/company/fields") } };
	struct page p = { .title = x->name.n ? x->name : STR("Own field"), .crumbs = crumbs, .n_crumbs = 2 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_field_one(&r->view, x, r);
	page_foot(r);
	return OK;
}

static enum err
field_page(struct request *r)
{
	struct own_field x;
	enum err e = record_load(r->conn, r->arena, &r->grant, &own_field_record, r->ids[0], &x);

	return e == OK ? show_one(r, &x) : e;
}

static enum err
field_update(struct request *r)
{
	struct own_field x;
	int64_t seen;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &own_field_record, r->ids[0], &x);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &seen))
		x.row.version = seen;
	e = page_fill(r, &own_field_record, "name choices position required listed filtered archived", &x);
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "Field %.*s saved", STR_ARG(x.name)), &own_field_record, &x, &set);
	if (e == ERR_INPUT)
		return show_one(r, &x);
	return e == OK ? page_done(r, set, STR("/company/fields")) : e;
}

const struct route field_routes[] = {
	{ HTTP_GET, "/company/fields", POLICY_ADMIN, fields_page, "company", "See the company's own fields", false },
	{ HTTP_POST, "/company/fields", POLICY_ADMIN, field_create, "company", "Add an own field", false },
	{ HTTP_GET, "/company/fields/:", POLICY_ADMIN, field_page, "company", "See an own field", false },
	{ HTTP_POST, "/company/fields/:", POLICY_ADMIN, field_update, "company", "Save an own field", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
