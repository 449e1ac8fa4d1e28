/* A rubric as a plain file that people read and keep in their own version control (C7, K2). */
#include "areas/coaching/observe.h"
#include "areas/coaching/plain_file.h"
#include "areas/coaching/rubric.h"
#include "areas/coaching/pattern.h"

static const char *const rubric_keys[] = { "rubric", "for", "skill", "summary", "criteria", NULL };
static const char *const criterion_keys[] = { "criterion", "levels", NULL };

/* ---- writing ---- */

static void
print_criterion(struct out *o, struct arena *a, const struct rubric_criterion *x)
{
	str levels[LEVELS_MOST];
	size_t n = rubric_levels(x, levels);

	plain_file_print(o, a, 2, "- criterion", x->name);
	out_z(o, "    levels:\n");
	for (size_t i = 0; i < n; i++)
		out_fmt(o, "      %zu: %.*s\n", i + 1, STR_ARG(yaml_quote(a, levels[i])));
}

enum err
rubric_print(struct arena *a, const struct rubric_whole *w, str *ret)
{
	struct out o;
	enum err e = OK;

	out_init(&o, PATTERN_FILE_MOST);
	out_z(&o, "# A rubric for Ridealong: Coaching, Rubrics, Import.\n");
	plain_file_print(&o, a, 0, "rubric", w->r.name);
	out_fmt(&o, "for: %s\n", observed_kinds[w->r.kind].code);
	plain_file_print(&o, a, 0, "skill", w->skill);
	plain_file_print(&o, a, 0, "summary", w->r.summary);
	out_z(&o, "criteria:\n");
	for (size_t i = 0; i < w->n; i++)
		print_criterion(&o, a, &w->criteria[i]);
	if (o.full)
		e = ERR_LARGE;
	else
		*ret = out_all(&o, a);
	out_fini(&o);
	return e;
}

/* ---- reading ---- */

static int
take_kind(const struct plain_file *r, const struct yaml *y)
{
	const struct yaml *x = yaml_at(y, STR("for"));
	int n = x && x->kind == YAML_SCALAR ? choice_of(observed_kinds, x->text) : 0;

	if (!n)
		plain_file_wrong(r, x ? x->line : y->line, STR("it is not said what the rubric is for"),
		        "write for: call, ride_along, recording, role_play or coaching");
	return n;
}

/* Levels by their numbers: in order, none twice, none left out (E8b). */
static void
take_levels(const struct plain_file *r, const struct yaml *y, struct rubric_criterion *x, int lines[LEVELS_MOST])
{
	const struct yaml *all = yaml_at(y, STR("levels"));
	int64_t wanted = 1, n;

	if (!all || all->kind != YAML_MAP || all->n > LEVELS_MOST) {
		plain_file_wrong(r, all ? all->line : y->line, STR("“levels” is no list of three to five"),
		        "write each on a line of its own, as 1: and its sentence");
		return;
	}
	for (const struct yaml *l = all->first; l; l = l->next, wanted++) {
		str s = l->kind == YAML_SCALAR ? str_trim(l->text) : (str){ 0 };
		if (!str_to_i64(l->key, &n) || n != wanted) {
			plain_file_wrong(r, l->line,
			        str_fmt(r->a, "level %lld is missing here: levels go from 1 upwards without a gap",
			                (long long)wanted),
			        "number them 1, 2, 3, the lowest first");
			return;
		}
		if (str_find_byte(s, '\n') != SIZE_MAX)
			plain_file_wrong(r, l->line, STR("the level is more than one line"), "one sentence is enough");
		lines[wanted - 1] = l->line;
		x->anchors = str_fmt(r->a, "%.*s%s%.*s", STR_ARG(x->anchors), wanted > 1 ? "\n" : "", STR_ARG(s));
	}
}

static void
take_criterion(const struct plain_file *r, const struct yaml *y, struct rubric_whole *w, struct rubric_lines *lines)
{
	struct rubric_criterion *x = &w->criteria[w->n];

	if (!plain_file_known(r, y, criterion_keys))
		return;
	record_init(&rubric_criterion_record, x);
	lines->criterion[w->n] = y->line;
	x->name = plain_file_text(r, y, "criterion", 80, true);
	take_levels(r, y, x, lines->level[w->n]);
	x->position = (int64_t)++w->n;
}

enum err
rubric_parse(struct arena *a, str text, struct faults *f, struct rubric_whole *ret)
{
	const struct plain_file r = { a, f };
	struct rubric_whole w = { 0 };
	struct rubric_lines lines = { 0 };
	const struct yaml *list;
	struct yaml *y;
	size_t before = f->n;
	enum err e = yaml_parse(a, text, f, &y);

	if (e != OK)
		return e;
	if (!y)
		return fault_add(f, STR("line 1"), STR("the file is empty"), STR("take an exported one as a pattern"));
	if (!plain_file_known(&r, y, rubric_keys))
		return ERR_INPUT;
	record_init(&rubric_record, &w.r);
	w.r.name = plain_file_text(&r, y, "rubric", 120, true);
	w.r.kind = take_kind(&r, y);
	w.skill = plain_file_text(&r, y, "skill", 200, true);
	w.r.summary = plain_file_text(&r, y, "summary", 600, false);
	list = yaml_at(y, STR("criteria"));
	lines.list = list ? list->line : y->line;
	if (!list || list->kind != YAML_LIST || !list->n || list->n > CRITERIA_MOST)
		plain_file_wrong(&r, lines.list, STR("“criteria” is no list of one to eight"),
		        "begin each with - criterion: NAME");
	else
		for (const struct yaml *x = list->first; x; x = x->next)
			take_criterion(&r, x, &w, &lines);
	if (f->n == before)
		rubric_lint(a, &w, &lines, f);
	if (f->n > before)
		return ERR_INPUT;
	*ret = w;
	return OK;
}

/* ---- files that come in ---- */

static bool
same_as(const struct rubric_whole *a, const struct rubric_whole *b)
{
	if (!str_eq(a->r.name, b->r.name) || a->r.kind != b->r.kind || !str_eq(a->skill, b->skill) ||
	        !str_eq(a->r.summary, b->r.summary) || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!str_eq(a->criteria[i].name, b->criteria[i].name) ||
		        !str_eq(a->criteria[i].anchors, b->criteria[i].anchors))
			return false;
	return true;
}

/* The skill of that name, or a new one: for managers where a coach is observed, else for sellers. */
static enum err
take_skill(struct change *c, struct rubric_whole *w)
{
	struct skill s;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena, "select id from skill where org_id = $1 and name = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_T(w->skill)), &rows);

	if (e == OK && db_next(&rows))
		w->r.skill = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	if (e != OK || w->r.skill)
		return e;
	record_init(&skill_record, &s);
	s.name = w->skill;
	s.role = w->r.kind == OBSERVED_COACHING ? STR("manager") : STR("seller");
	e = record_save(c, &skill_record, &s);
	w->r.skill = s.row.id;
	return e;
}

enum err
rubric_take(struct change *c, struct rubric_import *x)
{
	struct rubric_whole w = x->file, was = { 0 };
	struct rows rows;
	id there = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select id from rubric where org_id = $1 and name = $2 order by number desc limit 1",
	        DB_ARGS(DB_I(c->grant->org), DB_T(w.r.name)), &rows);

	if (e == OK && db_next(&rows))
		there = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && there)
		e = rubric_load(c->conn, c->arena, c->grant, there, &was);
	if (e == OK && there && same_as(&was, &w)) {
		x->ret = there;
		x->ret_same = true;
		return OK;
	}
	if (e == OK)
		e = take_skill(c, &w);
	if (e == OK && there) {
		w.r.row = was.r.row;
		w.r.number = was.r.number;
		w.r.line = was.r.line;
	}
	return e == OK ? rubric_save(c, &w, &x->ret) : e;
}

enum err
rubric_take_ready(struct change *c, int64_t *ret_made)
{
	const struct rubric_ready_file *all = rubric_ready(c->arena);
	int64_t made = 0, there;
	enum err e = OK;

	for (; e == OK && all->name; all++) {
		struct rubric_import x = { 0 };
		e = rubric_parse(c->arena, all->text, c->faults, &x.file);
		if (e == OK)
			e = db_one_int(c->conn, "select count(*) from rubric where org_id = $1 and name = $2",
			        DB_ARGS(DB_I(c->grant->org), DB_T(x.file.r.name)), &there);
		if (e == OK && !there) {
			e = rubric_take(c, &x);
			made++;
		}
	}
	if (e == OK)
		*ret_made = made;
	return e;
}
