#include "areas/coaching/observe.h"
#include "areas/coaching/rubric_view.h"

#include "areas/coaching/rubric_html.h"

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
	v->may = pattern_may(r);
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

/* ---- one ---- */

static enum err
show_one(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") }, { STR("Rubrics"), STR("/rubrics") } };
	struct rubric_view v = { .may = pattern_may(r) };
	struct page p = { .crumbs = crumbs, .n_crumbs = 2 };
	enum err e = rubric_load(r->conn, r->arena, &r->grant, r->ids[0], &v.w);

	if (e == OK)
		e = pattern_versions(r, &rubric_pattern, &v.w, &v.versions, &v.n_versions);
	if (e == OK)
		e = shelf_load(r, v.w.r.skill, 0, &v.shelf);
	v.current = v.n_versions && v.versions[0].id == v.w.r.row.id;
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

static enum err
show_list_again(struct request *r, str file)
{
	struct rubric_list v = { .file = file };

	return show_list(r, &v);
}

static enum err
load_whole(struct request *r, id which, void *ret)
{
	return rubric_load(r->conn, r->arena, &r->grant, which, ret);
}

static enum err
save_whole(struct change *c, void *whole, id *ret)
{
	return rubric_save(c, whole, ret);
}

static enum err
remove_whole(struct change *c, const void *whole)
{
	return rubric_remove(c, whole);
}

static enum err
print_whole(struct arena *a, const void *whole, str *ret)
{
	return rubric_print(a, whole, ret);
}

static enum err
parse_whole(struct arena *a, str text, struct faults *f, void *ret)
{
	return rubric_parse(a, text, f, ret);
}

static enum err
take_whole(struct change *c, void *whole, id *ret, bool *ret_same)
{
	struct rubric_import x = { .file = *(struct rubric_whole *)whole };
	enum err e = rubric_take(c, &x);

	*ret = x.ret;
	*ret_same = x.ret_same;
	return e;
}

const struct pattern rubric_pattern = {
	.record = &rubric_record,
	.word = "rubric",
	.path = "/rubrics",
	.used_by = "observation",
	.size = sizeof(struct rubric_whole),
	.load = load_whole,
	.save = save_whole,
	.remove = remove_whole,
	.print = print_whole,
	.parse = parse_whole,
	.take = take_whole,
	.take_ready = rubric_take_ready,
	.show_list = show_list_again,
	.show_one = show_one,
};

enum err
rubric_import_act(struct request *r)
{
	return pattern_import(r, &rubric_pattern);
}

enum err
rubric_ready_act(struct request *r)
{
	return pattern_ready(r, &rubric_pattern);
}

enum err
rubric_file_page(struct request *r)
{
	return pattern_file(r, &rubric_pattern);
}

enum err
rubric_copy_act(struct request *r)
{
	return pattern_copy(r, &rubric_pattern);
}

enum err
rubric_retire_act(struct request *r)
{
	return pattern_retire(r, &rubric_pattern);
}

enum err
rubric_remove_act(struct request *r)
{
	return pattern_remove(r, &rubric_pattern);
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
