#include "areas/coaching/framework_view.h"

#include "areas/coaching/framework_html.h"

bool
framework_may(const struct request *r)
{
	return r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
}

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
	v->may = framework_may(r);
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

/* The page of what was saved; the same intent, sent again, leads to what it made at first. */
enum err
framework_saved(struct request *r, id set, id framework, const char *tail)
{
	enum err e = framework ? OK : change_row(r->conn, r->actor.org, set, &framework_record, &framework);

	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/frameworks/%.*s%s", STR_ARG(id_text(r->arena, framework)), tail))
	               : e;
}

/* ---- files ---- */

static enum err
import_work(struct change *c, void *what)
{
	return framework_take(c, what);
}

enum err
framework_import_act(struct request *r)
{
	const struct http_pair *file = http_file(r->http, "file");
	struct framework_list v = { .file = page_field(r, "text") };
	struct framework_import x = { 0 };
	str text = file && file->value.n ? file->value : v.file;
	id set = 0;
	enum err e = OK;

	if (!framework_may(r))
		return ERR_DENIED;
	if (!text.n)
		fault_add(&r->faults, STR("file"), STR("is missing"), STR("choose a file, or paste its text"));
	else if (text.n > FRAMEWORK_FILE_MOST || !str_utf8(text))
		fault_add(&r->faults, STR("file"), STR("is no text of at most 64 KiB"),
		        STR("take an exported one as a pattern"));
	else
		e = framework_parse(r->arena, text, &r->faults, &x.file);
	if (e == OK && !r->faults.n)
		e = page_change(
		        r, str_fmt(r->arena, "Framework %.*s imported", STR_ARG(x.file.f.name)), import_work, &x, &set);
	if (r->faults.n)
		return show_list(r, &v);
	if (e != OK)
		return e;
	return framework_saved(r, x.ret_same ? 0 : set, x.ret, "");
}

static enum err
ready_work(struct change *c, void *what)
{
	return framework_take_ready(c, what);
}

enum err
framework_ready_act(struct request *r)
{
	int64_t made = 0;
	id set = 0;
	enum err e =
	        framework_may(r) ? page_change(r, STR("Ready frameworks added"), ready_work, &made, &set) : ERR_DENIED;

	return e == OK ? page_done(r, set, STR("/frameworks")) : e;
}

enum err
framework_file_page(struct request *r)
{
	struct framework_whole w;
	str text = { 0 };
	enum err e = framework_load(r->conn, r->arena, &r->grant, r->ids[0], &w);

	if (e == OK)
		e = framework_print(r->arena, &w, &text);
	if (e != OK)
		return e;
	page_type(r, STR("application/yaml; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"framework.yaml\""));
	out_str(&r->answer->body, text);
	return OK;
}

/* ---- one ---- */

static enum err
load_versions(struct request *r, struct framework_view *v)
{
	struct rows rows;
	id line = framework_line(&v->w.f);
	enum err e = db_query(r->conn, r->arena,
	        "select f.id, f.number, (select count(*) from coaching_session s where s.org_id = f.org_id and "
	        "s.framework = "
	        "f.id) from framework f where f.org_id = $1 and (f.id = $2 or f.line = $2) order by f.number desc "
	        "limit 40",
	        DB_ARGS(DB_I(r->actor.org), DB_I(line)), &rows);

	v->versions = arena_new(r->arena, struct framework_version, 40);
	while (e == OK && v->n_versions < 40 && db_next(&rows))
		v->versions[v->n_versions++] =
		        (struct framework_version){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2) };
	v->current = v->n_versions && v->versions[0].id == v->w.f.row.id;
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_one(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") }, { STR("Frameworks"), STR("/frameworks") } };
	struct framework_view v = { .may = framework_may(r) };
	struct page p = { .crumbs = crumbs, .n_crumbs = 2 };
	enum err e = framework_load(r->conn, r->arena, &r->grant, r->ids[0], &v.w);

	if (e == OK)
		e = load_versions(r, &v);
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

struct copying {
	struct framework_whole w;
	id ret;
};

static enum err
save_work(struct change *c, void *what)
{
	struct copying *x = what;

	return framework_save(c, &x->w, &x->ret);
}

static str
free_name(struct request *r, str name)
{
	str try = str_fmt(r->arena, "Copy of %.*s", STR_ARG(str_first(name, 90)));

	for (int i = 2; i < 100; i++) {
		int64_t n = 0;
		if (db_one_int(r->conn, "select count(*) from framework where org_id = $1 and name = $2",
		            DB_ARGS(DB_I(r->actor.org), DB_T(try)), &n) != OK ||
		        !n)
			break;
		try = str_fmt(r->arena, "Copy %d of %.*s", i, STR_ARG(str_first(name, 90)));
	}
	return try;
}

enum err
framework_copy_act(struct request *r)
{
	struct copying x = { 0 };
	id set = 0;
	enum err e = framework_load(r->conn, r->arena, &r->grant, r->ids[0], &x.w);

	if (e == OK && !framework_may(r))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	x.w.f.row = (struct row){ 0 };
	x.w.f.retired = false;
	x.w.f.name = free_name(r, x.w.f.name);
	e = page_change(r, str_fmt(r->arena, "%.*s made", STR_ARG(x.w.f.name)), save_work, &x, &set);
	if (e == ERR_INPUT)
		return show_one(r);
	return e == OK ? framework_saved(r, set, x.ret, "/edit") : e;
}

enum err
framework_retire_act(struct request *r)
{
	struct framework f;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &framework_record, r->ids[0], &f);

	if (e == OK && !framework_may(r))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	f.retired = !f.retired;
	e = page_save(r, str_fmt(r->arena, "%.*s %s", STR_ARG(f.name), f.retired ? "retired" : "brought back"),
	        &framework_record, &f, &set);
	if (e == ERR_INPUT)
		return show_one(r);
	return e == OK ? page_done(r, set, STR("/frameworks")) : e;
}

static enum err
remove_work(struct change *c, void *what)
{
	return framework_remove(c, what);
}

enum err
framework_remove_act(struct request *r)
{
	struct framework_whole w;
	id set = 0;
	enum err e = framework_load(r->conn, r->arena, &r->grant, r->ids[0], &w);

	if (e == OK && !framework_may(r))
		e = ERR_DENIED;
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "%.*s removed", STR_ARG(w.f.name)), remove_work, &w, &set);
	if (e == ERR_INPUT)
		return show_one(r);
	return e == OK ? page_done(r, set, STR("/frameworks")) : e;
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
