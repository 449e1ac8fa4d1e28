#include "areas/coaching/observe.h"
#include "areas/coaching/rubric_view.h"

#include "areas/coaching/rubric_html.h"

bool
rubric_may(const struct request *r)
{
	return r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
}

str
rubric_place(struct arena *a, str place)
{
	str criterion, level, rest;
	int64_t n, k;

	if (!str_starts(place, STR("c")) || !str_cut(str_from(place, 1), '_', &criterion, &rest) ||
	        !str_to_i64(criterion, &n))
		return place;
	level = str_from(rest, 1);
	return str_starts(rest, STR("l")) && str_to_i64(level, &k)
	               ? str_fmt(a, "criterion %lld, level %lld", (long long)n + 1, (long long)k)
	               : str_fmt(a, "criterion %lld", (long long)n + 1);
}

/* The newest version of each line, by name. */
static enum err
load_list(struct request *r, struct rubric_list *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, (select count(*) from rubric_criterion p where p.org_id = f.org_id and p.rubric = f.id), "
	        "(select count(*) from observation s where s.org_id = f.org_id and s.rubric = f.id), "
	        "coalesce((select k.name from skill k where k.org_id = f.org_id and k.id = f.skill), '') from rubric f "
	        "where f.org_id = $1 and not exists (select 1 from rubric x where x.org_id = f.org_id and "
	        "coalesce(x.line, x.id) = coalesce(f.line, f.id) and x.number > f.number) order by f.name, f.id limit "
	        "200",
	        STR_ARG(record_columns(r->arena, &rubric_record, "f")));
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org)), &rows);

	v->rows = arena_new(r->arena, struct rubric_row, 200);
	v->retired = arena_new(r->arena, struct rubric_row, 200);
	while (e == OK && v->n + v->n_retired < 200 && db_next(&rows)) {
		struct rubric_row x;
		int at = record_read(&rows, &rubric_record, 0, &x.r);
		x.criteria = db_int(&rows, at);
		x.used = db_int(&rows, at + 1);
		x.skill = db_text(&rows, at + 2);
		if (x.r.retired)
			v->retired[v->n_retired++] = x;
		else
			v->rows[v->n++] = x;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_list(struct request *r, struct rubric_list *v)
{
	struct crumb crumb = { STR("Coaching"), STR("/coaching") };
	struct page p = { .title = STR("Rubrics"),
		.subtitle = STR("What one looks at, and a sentence of what one sees for each level"),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	enum err e = load_list(r, v);

	if (e != OK)
		return e;
	v->may = rubric_may(r);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_rubric_list(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
rubric_list_page(struct request *r)
{
	struct rubric_list v = { 0 };

	return show_list(r, &v);
}

/* The page of what was saved; the same intent, sent again, leads to what it made at first. */
enum err
rubric_saved(struct request *r, id set, id rubric, const char *tail)
{
	enum err e = rubric ? OK : change_row(r->conn, r->actor.org, set, &rubric_record, &rubric);

	return e == OK ? page_done(
	                         r, set, str_fmt(r->arena, "/rubrics/%.*s%s", STR_ARG(id_text(r->arena, rubric)), tail))
	               : e;
}

/* ---- files ---- */

static enum err
import_work(struct change *c, void *what)
{
	return rubric_take(c, what);
}

enum err
rubric_import_act(struct request *r)
{
	const struct http_pair *file = http_file(r->http, "file");
	struct rubric_list v = { .file = page_field(r, "text") };
	struct rubric_import x = { 0 };
	str text = file && file->value.n ? file->value : v.file;
	id set = 0;
	enum err e = OK;

	if (!rubric_may(r))
		return ERR_DENIED;
	if (!text.n)
		fault_add(&r->faults, STR("file"), STR("is missing"), STR("choose a file, or paste its text"));
	else if (text.n > RUBRIC_FILE_MOST || !str_utf8(text))
		fault_add(&r->faults, STR("file"), STR("is no text of at most 64 KiB"),
		        STR("take an exported one as a pattern"));
	else
		e = rubric_parse(r->arena, text, &r->faults, &x.file);
	if (e == OK && !r->faults.n)
		e = page_change(
		        r, str_fmt(r->arena, "Rubric %.*s imported", STR_ARG(x.file.r.name)), import_work, &x, &set);
	if (r->faults.n)
		return show_list(r, &v);
	if (e != OK)
		return e;
	return rubric_saved(r, x.ret_same ? 0 : set, x.ret, "");
}

static enum err
ready_work(struct change *c, void *what)
{
	return rubric_take_ready(c, what);
}

enum err
rubric_ready_act(struct request *r)
{
	int64_t made = 0;
	id set = 0;
	enum err e = rubric_may(r) ? page_change(r, STR("Ready rubrics added"), ready_work, &made, &set) : ERR_DENIED;

	return e == OK ? page_done(r, set, STR("/rubrics")) : e;
}

enum err
rubric_file_page(struct request *r)
{
	struct rubric_whole w;
	str text = { 0 };
	enum err e = rubric_load(r->conn, r->arena, &r->grant, r->ids[0], &w);

	if (e == OK)
		e = rubric_print(r->arena, &w, &text);
	if (e != OK)
		return e;
	page_type(r, STR("application/yaml; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"rubric.yaml\""));
	out_str(&r->answer->body, text);
	return OK;
}

/* ---- one ---- */

static enum err
load_versions(struct request *r, struct rubric_view *v)
{
	struct rows rows;
	id line = rubric_line(&v->w.r);
	enum err e = db_query(r->conn, r->arena,
	        "select f.id, f.number, (select count(*) from observation s where s.org_id = f.org_id and "
	        "s.rubric = "
	        "f.id) from rubric f where f.org_id = $1 and (f.id = $2 or f.line = $2) order by f.number desc "
	        "limit 40",
	        DB_ARGS(DB_I(r->actor.org), DB_I(line)), &rows);

	v->versions = arena_new(r->arena, struct rubric_version, 40);
	while (e == OK && v->n_versions < 40 && db_next(&rows))
		v->versions[v->n_versions++] =
		        (struct rubric_version){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2) };
	v->current = v->n_versions && v->versions[0].id == v->w.r.row.id;
	return e == OK ? db_end(&rows) : e;
}

static enum err
show_one(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") }, { STR("Rubrics"), STR("/rubrics") } };
	struct rubric_view v = { .may = rubric_may(r) };
	struct page p = { .crumbs = crumbs, .n_crumbs = 2 };
	enum err e = rubric_load(r->conn, r->arena, &r->grant, r->ids[0], &v.w);

	if (e == OK)
		e = load_versions(r, &v);
	if (e == OK)
		e = observers_load(r->conn, r->arena, &r->grant, &v.w, &v.seen_by_two);
	if (e != OK)
		return e;
	p.title = v.w.r.name;
	p.subtitle = str_fmt(r->arena, "%s · %.*s · version %lld%s", observed_kinds[v.w.r.kind].label,
	        STR_ARG(v.w.skill), (long long)v.w.r.number, v.current ? "" : ", replaced");
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_rubric_one(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
rubric_page(struct request *r)
{
	return show_one(r);
}

struct copying {
	struct rubric_whole w;
	id ret;
};

static enum err
save_work(struct change *c, void *what)
{
	struct copying *x = what;

	return rubric_save(c, &x->w, &x->ret);
}

static str
free_name(struct request *r, str name)
{
	str try = str_fmt(r->arena, "Copy of %.*s", STR_ARG(str_first(name, 90)));

	for (int i = 2; i < 100; i++) {
		int64_t n = 0;
		if (db_one_int(r->conn, "select count(*) from rubric where org_id = $1 and name = $2",
		            DB_ARGS(DB_I(r->actor.org), DB_T(try)), &n) != OK ||
		        !n)
			break;
		try = str_fmt(r->arena, "Copy %d of %.*s", i, STR_ARG(str_first(name, 90)));
	}
	return try;
}

enum err
rubric_copy_act(struct request *r)
{
	struct copying x = { 0 };
	id set = 0;
	enum err e = rubric_load(r->conn, r->arena, &r->grant, r->ids[0], &x.w);

	if (e == OK && !rubric_may(r))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	x.w.r.row = (struct row){ 0 };
	x.w.r.retired = false;
	x.w.r.name = free_name(r, x.w.r.name);
	e = page_change(r, str_fmt(r->arena, "%.*s made", STR_ARG(x.w.r.name)), save_work, &x, &set);
	if (e == ERR_INPUT)
		return show_one(r);
	return e == OK ? rubric_saved(r, set, x.ret, "/edit") : e;
}

enum err
rubric_retire_act(struct request *r)
{
	struct rubric x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &rubric_record, r->ids[0], &x);

	if (e == OK && !rubric_may(r))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	x.retired = !x.retired;
	e = page_save(r, str_fmt(r->arena, "%.*s %s", STR_ARG(x.name), x.retired ? "retired" : "brought back"),
	        &rubric_record, &x, &set);
	if (e == ERR_INPUT)
		return show_one(r);
	return e == OK ? page_done(r, set, STR("/rubrics")) : e;
}

static enum err
remove_work(struct change *c, void *what)
{
	return rubric_remove(c, what);
}

enum err
rubric_remove_act(struct request *r)
{
	struct rubric_whole w;
	id set = 0;
	enum err e = rubric_load(r->conn, r->arena, &r->grant, r->ids[0], &w);

	if (e == OK && !rubric_may(r))
		e = ERR_DENIED;
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "%.*s removed", STR_ARG(w.r.name)), remove_work, &w, &set);
	if (e == ERR_INPUT)
		return show_one(r);
	return e == OK ? page_done(r, set, STR("/rubrics")) : e;
}

const struct route rubric_routes[] = {
	{ HTTP_GET, "/rubrics", POLICY_SIGNED_IN, rubric_list_page, "coaching", "See coaching rubrics", false },
	{ HTTP_GET, "/rubrics/new", POLICY_SIGNED_IN, rubric_new_page, "coaching", "Write a rubric", false },
	{ HTTP_POST, "/rubrics", POLICY_SIGNED_IN, rubric_new_act, "coaching", "Save a new rubric", false },
	{ HTTP_POST, "/rubrics/import", POLICY_SIGNED_IN, rubric_import_act, "coaching", "Import a rubric", false },
	{ HTTP_POST, "/rubrics/ready", POLICY_SIGNED_IN, rubric_ready_act, "coaching", "Add the ready rubrics", false },
	{ HTTP_GET, "/rubrics/:", POLICY_SIGNED_IN, rubric_page, "coaching", "See a rubric", false },
	{ HTTP_GET, "/rubrics/:/edit", POLICY_SIGNED_IN, rubric_edit_page, "coaching", "Edit a rubric", false },
	{ HTTP_POST, "/rubrics/:/edit", POLICY_SIGNED_IN, rubric_edit_act, "coaching", "Save a rubric", false },
	{ HTTP_GET, "/rubrics/:/file", POLICY_SIGNED_IN, rubric_file_page, "coaching", "Take a rubric as a file",
	        false },
	{ HTTP_POST, "/rubrics/:/copy", POLICY_SIGNED_IN, rubric_copy_act, "coaching", "Copy a rubric", false },
	{ HTTP_POST, "/rubrics/:/retire", POLICY_SIGNED_IN, rubric_retire_act, "coaching", "Retire a rubric", false },
	{ HTTP_POST, "/rubrics/:/remove", POLICY_SIGNED_IN, rubric_remove_act, "coaching", "Remove a rubric", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
