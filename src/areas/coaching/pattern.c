#include "areas/coaching/pattern.h"

enum { VERSIONS_MOST = 40 };

bool
pattern_may(const struct request *r)
{
	return r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
}

/* ---- the head of a whole, by its FIELD table ---- */

static void *
head_field(const struct pattern *p, const void *whole, str name)
{
	return (char *)(uintptr_t)whole + record_field(p->record, name)->at;
}

static str *
name_of(const struct pattern *p, const void *whole)
{
	return head_field(p, whole, STR("name"));
}

static bool *
retired_of(const struct pattern *p, const void *whole)
{
	return head_field(p, whole, STR("retired"));
}

static void *
whole_new(struct request *r, const struct pattern *p)
{
	return arena_alloc(r->arena, p->size, _Alignof(max_align_t));
}

/* Only who may change it gets one to change. */
static enum err
load_own(struct request *r, const struct pattern *p, void **ret)
{
	*ret = whole_new(r, p);
	enum err e = p->load(r, r->ids[0], *ret);

	return e == OK && !pattern_may(r) ? ERR_DENIED : e;
}

/* ---- versions ---- */

enum err
pattern_versions(
        struct request *r, const struct pattern *p, const void *whole, struct pattern_version **ret, size_t *ret_n)
{
	const id *line = head_field(p, whole, STR("line"));
	str sql = str_fmt(r->arena,
	        "select f.id, f.number, (select count(*) from %s s where s.org_id = f.org_id and s.%s = f.id) from %s "
	        "f "
	        "where f.org_id = $1 and (f.id = $2 or f.line = $2) order by f.number desc limit %d",
	        p->used_by, p->record->table, p->record->table, VERSIONS_MOST);
	struct rows rows;
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql),
	        DB_ARGS(DB_I(r->actor.org), DB_I(*line && *line != NO_INT ? *line : record_row(whole)->id)), &rows);

	*ret = arena_new(r->arena, struct pattern_version, VERSIONS_MOST);
	*ret_n = 0;
	while (e == OK && *ret_n < VERSIONS_MOST && db_next(&rows))
		(*ret)[(*ret_n)++] = (struct pattern_version){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2) };
	return e == OK ? db_end(&rows) : e;
}

str
pattern_frozen(struct arena *a, int64_t number, int64_t used, const char *what)
{
	if (!used)
		return (str){ 0 };
	return str_fmt(a, "Version %lld was used in %lld %s%s and stays as it is; saving makes the next one",
	        (long long)number, (long long)used, what, used == 1 ? "" : "s");
}

/* ---- saving ---- */

struct work {
	const struct pattern *p;
	void *whole;
	id ret;
	bool same;
	int64_t made;
};

static enum err
save_work(struct change *c, void *what)
{
	struct work *w = what;

	return w->p->save(c, w->whole, &w->ret);
}

static enum err
take_work(struct change *c, void *what)
{
	struct work *w = what;

	return w->p->take(c, w->whole, &w->ret, &w->same);
}

static enum err
ready_work(struct change *c, void *what)
{
	struct work *w = what;

	return w->p->take_ready(c, &w->made);
}

static enum err
remove_work(struct change *c, void *what)
{
	struct work *w = what;

	return w->p->remove(c, w->whole);
}

/* The page of what was saved; the same intent, sent again, leads to what it made at first. */
static enum err
saved(struct request *r, const struct pattern *p, id set, id which, const char *tail)
{
	enum err e = which ? OK : change_row(r->conn, r->actor.org, set, p->record, &which);

	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "%s/%.*s%s", p->path, STR_ARG(id_text(r->arena, which)), tail))
	               : e;
}

/* "Rubric A discovery call saved" */
static str
reason(struct request *r, const struct pattern *p, str name, const char *done)
{
	char *text = str_z(r->arena, str_fmt(r->arena, "%s %.*s %s", p->word, STR_ARG(name), done));

	text[0] = (char)(text[0] - 'a' + 'A');
	return str_of(text);
}

enum err
pattern_save(struct request *r, const struct pattern *p, const void *whole)
{
	struct work w = { .p = p, .whole = arena_copy(r->arena, whole, p->size) };
	id set = 0;
	enum err e = page_change(r, reason(r, p, *name_of(p, whole), "saved"), save_work, &w, &set);

	return e == OK ? saved(r, p, set, w.ret, "") : e;
}

/* ---- acts of their pages ---- */

enum err
pattern_import(struct request *r, const struct pattern *p)
{
	const struct http_pair *file = http_file(r->http, "file");
	struct work w = { .p = p, .whole = whole_new(r, p) };
	str typed = page_field(r, "text"), text = file && file->value.n ? file->value : typed;
	id set = 0;
	enum err e = OK;

	if (!pattern_may(r))
		return ERR_DENIED;
	if (!text.n)
		fault_add(&r->faults, STR("file"), STR("is missing"), STR("choose a file, or paste its text"));
	else if (text.n > PATTERN_FILE_MOST || !str_utf8(text))
		fault_add(&r->faults, STR("file"), STR("is no text of at most 64 KiB"),
		        STR("take an exported one as a pattern"));
	else
		e = p->parse(r->arena, text, &r->faults, w.whole);
	if (e == OK && !r->faults.n)
		e = page_change(r, reason(r, p, *name_of(p, w.whole), "imported"), take_work, &w, &set);
	if (r->faults.n)
		return p->show_list(r, typed);
	return e == OK ? saved(r, p, w.same ? 0 : set, w.ret, "") : e;
}

enum err
pattern_ready(struct request *r, const struct pattern *p)
{
	struct work w = { .p = p };
	id set = 0;
	enum err e = pattern_may(r)
	                     ? page_change(r, str_fmt(r->arena, "Ready %ss added", p->word), ready_work, &w, &set)
	                     : ERR_DENIED;

	return e == OK ? page_done(r, set, str_of(p->path)) : e;
}

enum err
pattern_file(struct request *r, const struct pattern *p)
{
	void *whole = whole_new(r, p);
	str text = { 0 };
	enum err e = p->load(r, r->ids[0], whole);

	if (e == OK)
		e = p->print(r->arena, whole, &text);
	if (e != OK)
		return e;
	page_type(r, STR("application/yaml; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", str_fmt(r->arena, "attachment; filename=\"%s.yaml\"", p->word));
	out_str(&r->answer->body, text);
	return OK;
}

static str
free_name(struct request *r, const struct pattern *p, str name)
{
	str first = str_first(name, 90), try = str_fmt(r->arena, "Copy of %.*s", STR_ARG(first));
	const char *sql = str_z(r->arena,
	        str_fmt(r->arena, "select count(*) from %s where org_id = $1 and name = $2", p->record->table));

	for (int i = 2; i < 100; i++) {
		int64_t n = 0;
		if (db_one_int(r->conn, sql, DB_ARGS(DB_I(r->actor.org), DB_T(try)), &n) != OK || !n)
			break;
		try = str_fmt(r->arena, "Copy %d of %.*s", i, STR_ARG(first));
	}
	return try;
}

enum err
pattern_copy(struct request *r, const struct pattern *p)
{
	struct work w = { .p = p };
	id set = 0;
	enum err e = load_own(r, p, &w.whole);

	if (e != OK)
		return e;
	*(struct row *)w.whole = (struct row){ 0 };
	*retired_of(p, w.whole) = false;
	*name_of(p, w.whole) = free_name(r, p, *name_of(p, w.whole));
	e = page_change(r, str_fmt(r->arena, "%.*s made", STR_ARG(*name_of(p, w.whole))), save_work, &w, &set);
	if (e == ERR_INPUT)
		return p->show_one(r);
	return e == OK ? saved(r, p, set, w.ret, "/edit") : e;
}

enum err
pattern_retire(struct request *r, const struct pattern *p)
{
	void *head = arena_alloc(r->arena, p->record->size, _Alignof(max_align_t));
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, p->record, r->ids[0], head);

	if (e == OK && !pattern_may(r))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	bool *retired = retired_of(p, head);
	*retired = !*retired;
	e = page_save(r,
	        str_fmt(r->arena, "%.*s %s", STR_ARG(*name_of(p, head)), *retired ? "retired" : "brought back"),
	        p->record, head, &set);
	if (e == ERR_INPUT)
		return p->show_one(r);
	return e == OK ? page_done(r, set, str_of(p->path)) : e;
}

enum err
pattern_remove(struct request *r, const struct pattern *p)
{
	struct work w = { .p = p };
	id set = 0;
	enum err e = load_own(r, p, &w.whole);

	if (e == OK)
		e = page_change(
		        r, str_fmt(r->arena, "%.*s removed", STR_ARG(*name_of(p, w.whole))), remove_work, &w, &set);
	if (e == ERR_INPUT)
		return p->show_one(r);
	return e == OK ? page_done(r, set, str_of(p->path)) : e;
}
