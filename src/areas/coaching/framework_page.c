#include "areas/coaching/framework_view.h"

#include "areas/coaching/framework_html.h"

bool
framework_question(str *rest, str *ret)
{
	while (rest->n) {
		str_cut(*rest, '\n', ret, rest);
		*ret = str_trim(*ret);
		if (ret->n)
			return true;
	}
	return false;
}

/* The newest version of each line, by name. */
static enum err
load_list(struct request *r, struct framework_list *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, (select count(*) from framework_phase p where p.org_id = f.org_id and p.framework = "
	        "f.id), "
	        "(select coalesce(sum(p.minutes), 0) from framework_phase p where p.org_id = f.org_id and p.framework "
	        "= "
	        "f.id and p.kind <> 'sheet'), (select count(*) from coaching_session s where s.org_id = f.org_id and "
	        "s.framework = f.id) from framework f where f.org_id = $1 and not exists (select 1 from framework x "
	        "where x.org_id = f.org_id and coalesce(x.line, x.id) = coalesce(f.line, f.id) and x.number > "
	        "f.number) "
	        "order by f.kind, f.name, f.id limit 200",
	        STR_ARG(record_columns(r->arena, &framework_record, "f")));
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org)), &rows);

	v->rows = arena_new(r->arena, struct framework_row, 200);
	v->retired = arena_new(r->arena, struct framework_row, 200);
	while (e == OK && v->n + v->n_retired < 200 && db_next(&rows)) {
		struct framework_row x;
		int at = record_read(&rows, &framework_record, 0, &x.f);
		x.phases = db_int(&rows, at);
		x.minutes = db_int(&rows, at + 1);
		x.used = db_int(&rows, at + 2);
		if (x.f.retired)
			v->retired[v->n_retired++] = x;
		else
			v->rows[v->n++] = x;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_list(struct request *r, struct framework_list *v)
{
	struct crumb crumb = { STR("Coaching"), STR("/coaching") };
	struct page p = { .title = STR("Coaching frameworks"),
		.subtitle = STR("How a session goes: phases with their minutes and questions"),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	enum err e = load_list(r, v);

	if (e != OK)
		return e;
	v->may = pattern_may(r);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_framework_list(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
framework_list_page(struct request *r)
{
	struct framework_list v = { 0 };

	return show_list(r, &v);
}

/* ---- one ---- */

static enum err
show_one(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") }, { STR("Frameworks"), STR("/frameworks") } };
	struct framework_view v = { .may = pattern_may(r) };
	struct page p = { .crumbs = crumbs, .n_crumbs = 2 };
	enum err e = framework_load(r->conn, r->arena, &r->grant, r->ids[0], &v.w);

	if (e == OK)
		e = pattern_versions(r, &framework_pattern, &v.w, &v.versions, &v.n_versions);
	if (e == OK)
		e = shelf_load(r, 0, v.w.f.row.id, &v.shelf);
	v.current = v.n_versions && v.versions[0].id == v.w.f.row.id;
	if (e != OK)
		return e;
	p.title = v.w.f.name;
	p.subtitle = str_fmt(r->arena, "%s · %lld minutes · version %lld%s", meetings[v.w.f.kind].label,
	        (long long)v.w.minutes, (long long)v.w.f.number, v.current ? "" : ", replaced");
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_framework_one(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
framework_page(struct request *r)
{
	return show_one(r);
}

static enum err
show_list_again(struct request *r, str file)
{
	struct framework_list v = { .file = file };

	return show_list(r, &v);
}

static enum err
load_whole(struct request *r, id which, void *ret)
{
	return framework_load(r->conn, r->arena, &r->grant, which, ret);
}

static enum err
save_whole(struct change *c, void *whole, id *ret)
{
	return framework_save(c, whole, ret);
}

static enum err
remove_whole(struct change *c, const void *whole)
{
	return framework_remove(c, whole);
}

static enum err
print_whole(struct arena *a, const void *whole, str *ret)
{
	return framework_print(a, whole, ret);
}

static enum err
parse_whole(struct arena *a, str text, struct faults *f, void *ret)
{
	return framework_parse(a, text, f, ret);
}

static enum err
take_whole(struct change *c, void *whole, id *ret, bool *ret_same)
{
	struct framework_import x = { .file = *(struct framework_whole *)whole };
	enum err e = framework_take(c, &x);

	*ret = x.ret;
	*ret_same = x.ret_same;
	return e;
}

const struct pattern framework_pattern = {
	.record = &framework_record,
	.word = "framework",
	.path = "/frameworks",
	.used_by = "coaching_session",
	.size = sizeof(struct framework_whole),
	.load = load_whole,
	.save = save_whole,
	.remove = remove_whole,
	.print = print_whole,
	.parse = parse_whole,
	.take = take_whole,
	.take_ready = framework_take_ready,
	.show_list = show_list_again,
	.show_one = show_one,
};

enum err
framework_import_act(struct request *r)
{
	return pattern_import(r, &framework_pattern);
}

enum err
framework_ready_act(struct request *r)
{
	return pattern_ready(r, &framework_pattern);
}

enum err
framework_file_page(struct request *r)
{
	return pattern_file(r, &framework_pattern);
}

enum err
framework_copy_act(struct request *r)
{
	return pattern_copy(r, &framework_pattern);
}

enum err
framework_retire_act(struct request *r)
{
	return pattern_retire(r, &framework_pattern);
}

enum err
framework_remove_act(struct request *r)
{
	return pattern_remove(r, &framework_pattern);
}

const struct route framework_routes[] = {
	{ HTTP_GET, "/frameworks", POLICY_SIGNED_IN, framework_list_page, "coaching", "See coaching frameworks",
	        false },
	{ HTTP_GET, "/frameworks/new", POLICY_SIGNED_IN, framework_new_page, "coaching", "Write a framework", false },
	{ HTTP_POST, "/frameworks", POLICY_SIGNED_IN, framework_new_act, "coaching", "Save a new framework", false },
	{ HTTP_POST, "/frameworks/import", POLICY_SIGNED_IN, framework_import_act, "coaching", "Import a framework",
	        false },
	{ HTTP_POST, "/frameworks/ready", POLICY_SIGNED_IN, framework_ready_act, "coaching", "Add the ready frameworks",
	        false },
	{ HTTP_GET, "/frameworks/:", POLICY_SIGNED_IN, framework_page, "coaching", "See a framework", false },
	{ HTTP_GET, "/frameworks/:/edit", POLICY_SIGNED_IN, framework_edit_page, "coaching", "Edit a framework",
	        false },
	{ HTTP_POST, "/frameworks/:/edit", POLICY_SIGNED_IN, framework_edit_act, "coaching", "Save a framework",
	        false },
	{ HTTP_GET, "/frameworks/:/file", POLICY_SIGNED_IN, framework_file_page, "coaching",
	        "Take a framework as a file", false },
	{ HTTP_POST, "/frameworks/:/copy", POLICY_SIGNED_IN, framework_copy_act, "coaching", "Copy a framework",
	        false },
	{ HTTP_POST, "/frameworks/:/retire", POLICY_SIGNED_IN, framework_retire_act, "coaching", "Retire a framework",
	        false },
	{ HTTP_POST, "/frameworks/:/remove", POLICY_SIGNED_IN, framework_remove_act, "coaching", "Remove a framework",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
