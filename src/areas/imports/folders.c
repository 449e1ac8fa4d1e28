#include "areas/imports/folders.h"

#include "areas/imports/folders_html.h"

enum { EVERY = 60 };

static str
state_words(const struct import_folder *f)
{
	return f->last == FOLDER_NOTHING ? STR("No file yet") : str_of(folder_lasts[f->last].label);
}

static const struct folder_choice *
choices_of(struct request *r, const struct choice *all, int chosen, size_t *ret_n)
{
	size_t n = 0;

	while (all[n + 1].code)
		n++;
	struct folder_choice *c = arena_new(r->arena, struct folder_choice, n + 1);
	for (size_t i = 0; i < n; i++)
		c[i] = (struct folder_choice){ str_of(all[i + 1].code), str_of(all[i + 1].label),
			(int)i + 1 == chosen };
	*ret_n = n;
	return c;
}

static enum err
show(struct request *r, const struct import_folder *typed)
{
	static const char *const tones[] = { "", "good", "warn", "bad" }, *const icons[] = { "clock", "check",
		"warning", "warning" };
	static const struct crumb crumbs[] = { { STR_INIT("Import"), STR_INIT("/import") } };
	struct page p = { .title = STR("Import folders"),
		.subtitle = STR("Run beside another CRM: its exports come in by themselves"),
		.crumbs = crumbs,
		.n_crumbs = 1 };
	struct folders_view v = { .typed = typed };
	const char *const *allowed = NULL;
	struct import_folder *all;
	enum err e = folder_list(r->conn, r->arena, &r->grant, &all, &v.n);

	if (e != OK)
		return e;
	struct folder_row *rows = arena_new(r->arena, struct folder_row, v.n + 1);
	for (size_t i = 0; i < v.n; i++)
		rows[i] = (struct folder_row){ .f = &all[i],
			.id = id_text(r->arena, all[i].row.id),
			.kind = str_of(import_kinds[all[i].kind].label),
			.as_of = str_of(folder_days[all[i].as_of_from].label),
			.state = state_words(&all[i]),
			.tone = str_of(tones[all[i].last]),
			.icon = str_of(icons[all[i].last]),
			.import = all[i].last_import ? id_text(r->arena, all[i].last_import) : (str){ 0 },
			.allowed = folder_is_allowed(all[i].path) };
	v.all = rows;
	v.n_paths = folder_allowed(&allowed);
	struct folder_choice *paths = arena_new(r->arena, struct folder_choice, v.n_paths + 1);
	for (size_t i = 0; i < v.n_paths; i++)
		paths[i] = (struct folder_choice){ str_of(allowed[i]), str_of(allowed[i]),
			str_eq(typed->path, str_of(allowed[i])) };
	v.paths = paths;
	v.kinds = choices_of(r, import_kinds, typed->kind, &v.n_kinds);
	v.days = choices_of(r, folder_days, typed->as_of_from, &v.n_days);
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_folders_all(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
fresh(struct import_folder *f)
{
	record_init(&import_folder_record, f);
	f->kind = IMPORT_DEALS;
	f->as_of_from = FOLDER_DAY_COLUMN;
	f->every = EVERY;
	f->n_files = 0;
	return OK;
}

static enum err
folders_page(struct request *r)
{
	struct import_folder f;

	fresh(&f);
	return show(r, &f);
}

static enum err
add_act(struct request *r)
{
	struct import_folder f;
	id set = 0;
	enum err e = fresh(&f);

	e = page_fill(r, &import_folder_record, "path kind every whole as_of_from", &f);
	if (e == OK && !folder_is_allowed(f.path))
		e = fault_add(&r->faults, STR("path"), STR("is not a folder that may be looked at"),
		        STR("choose one from the list"));
	if (e == OK)
		e = page_save(
		        r, str_fmt(r->arena, "%.*s is looked at", STR_ARG(f.path)), &import_folder_record, &f, &set);
	if (e == ERR_DUPLICATE)
		e = fault_add(&r->faults, STR("path"), STR("is looked at already"), STR("choose another folder"));
	if (e == ERR_INPUT)
		return show(r, &f);
	return e == OK ? page_done(r, set, STR("/import/folders")) : e;
}

struct removal {
	id row;
	int64_t version;
};

static enum err
remove_work(struct change *c, void *what)
{
	const struct removal *x = what;

	return record_remove(c, &import_folder_record, x->row, x->version);
}

static enum err
remove_act(struct request *r)
{
	struct import_folder f;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &import_folder_record, r->ids[0], &f);
	struct removal x = { r->ids[0], 0 };

	if (e != OK)
		return e;
	if (!str_to_i64(page_field(r, "version"), &x.version))
		x.version = f.row.version;
	e = page_change(r, str_fmt(r->arena, "%.*s is not looked at any more", STR_ARG(f.path)), remove_work, &x, &set);
	return e == OK ? page_done(r, set, STR("/import/folders")) : e;
}

static enum err
now_act(struct request *r)
{
	folders_poke();
	return page_go(r, STR("/import/folders"));
}

/* ---- where a failure is seen ---- */

enum err
folder_today(struct request *r, struct today_items *ret)
{
	struct import_folder *all;
	size_t n;

	if (!r->actor.admin)
		return OK;
	enum err e = folder_list(r->conn, r->arena, &r->grant, &all, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		if (all[i].last == FOLDER_FAILED)
			today_push(r, ret,
			        (struct today_item){
			                .title = str_fmt(r->arena, "An import failed: %.*s",
			                        STR_ARG(all[i].last_file.n ? all[i].last_file : all[i].path)),
			                .why = str_fmt(r->arena, "%.*s. The next file that comes in clears this",
			                        STR_ARG(all[i].last_why)),
			                .href = STR("/import/folders"),
			                .act = STR("Look"),
			                .due = DAY_NONE });
	return e;
}

enum err
folder_health(struct conn *c, struct arena *a, const struct grant *g, str *ret)
{
	struct import_folder *all;
	str failed = { 0 };
	size_t n;
	enum err e = folder_list(c, a, g, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		if (all[i].last == FOLDER_FAILED || !folder_is_allowed(all[i].path))
			failed = str_fmt(a, "%.*s%s%.*s: %.*s", STR_ARG(failed), failed.n ? "; " : "",
			        STR_ARG(all[i].path),
			        STR_ARG(all[i].last == FOLDER_FAILED
			                        ? all[i].last_why
			                        : STR("the server was started without --import-folder for it")));
	if (e == OK && n)
		*ret = failed.n ? str_fmt(a, "%zu; needs you: %.*s", n, STR_ARG(failed))
		                : str_fmt(a, "%zu, the last files came in", n);
	return e;
}

const struct route folder_routes[] = {
	{ HTTP_GET, "/import/folders", POLICY_ADMIN, folders_page, "import", "Folders that exports come from", false },
	{ HTTP_POST, "/import/folders", POLICY_ADMIN, add_act, "import", "Look at a folder", false },
	{ HTTP_POST, "/import/folders/now", POLICY_ADMIN, now_act, "import", "Look at the folders now", false },
	{ HTTP_POST, "/import/folders/:/remove", POLICY_ADMIN, remove_act, "import", "Stop looking at a folder",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
