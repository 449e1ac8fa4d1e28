#include "areas/coaching/framework.h"

#include "areas/coaching/coaching.h"

const struct choice phase_kinds[] = { { "", "" }, { "talk", "Talk" }, { "practice", "Practice, a role-play" },
	{ "sheet", "A sheet, written alone before" }, { NULL, NULL } };

static const struct field framework_fields[] = {
	FIELD(struct framework, name, TEXT, "Name", .required = 1, .list = 1, .most = 120),
	FIELD(struct framework, kind, CHOICE, "Kind of meeting", .required = 1, .choices = meetings, .list = 1),
	FIELD(struct framework, summary, LONG, "What it is for", .most = 600, .list = 1),
	FIELD(struct framework, opening, LONG, "Words to open with", .most = 1000),
	FIELD(struct framework, number, INT, "Version", .list = 1, .least = 1, .greatest = 100000),
	FIELD(struct framework, line, INT, "First version"),
	FIELD(struct framework, retired, BOOL, "Retired", .list = 1),
};

static const struct field phase_fields[] = {
	FIELD(struct framework_phase, framework, REF, "Framework", .required = 1, .ref = &framework_record, .list = 1,
	        .filter = 1),
	FIELD(struct framework_phase, position, INT, "Position", .list = 1),
	FIELD(struct framework_phase, name, TEXT, "Phase", .required = 1, .list = 1, .most = 120),
	FIELD(struct framework_phase, kind, CHOICE, "Kind", .required = 1, .choices = phase_kinds, .list = 1),
	FIELD(struct framework_phase, minutes, INT, "Minutes", .required = 1, .list = 1, .least = 1, .greatest = 240),
	FIELD(struct framework_phase, purpose, LONG, "What it is for", .most = 600),
	FIELD(struct framework_phase, questions, LONG, "Questions", .most = 3000),
};

id
framework_line(const struct framework *f)
{
	return f->line && f->line != NO_INT ? f->line : f->row.id;
}

static enum err
count_used(struct conn *c, id org, id framework, int64_t *ret)
{
	return db_one_int(c, "select count(*) from coaching_session where org_id = $1 and framework = $2",
	        DB_ARGS(DB_I(org), DB_I(framework)), ret);
}

static bool
same_words(const struct framework *a, const struct framework *b)
{
	return str_eq(a->name, b->name) && a->kind == b->kind && str_eq(a->summary, b->summary) &&
	       str_eq(a->opening, b->opening);
}

/* C3: what sessions were held with is kept as it was; only whether it is offered may change. */
static enum err
framework_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct framework *was = before, *x = after;
	int64_t used = 0;
	enum err e = was ? count_used(c->conn, c->grant->org, was->row.id, &used) : OK;

	if (e == OK && used && (!x || !same_words(was, x)))
		fault_add(f, STR("framework"), STR("was used in a session and stays as it was"),
		        STR("save it on its page: that makes the next version"));
	if (x && x->kind != MEETING_COACHING && x->kind != MEETING_INSPECTION)
		fault_add(f, STR("kind"), STR("is neither coaching nor pipeline inspection"),
		        STR("choose one of the two"));
	return e;
}

static size_t
count_lines(str s)
{
	size_t n = 0;
	str line, rest = s;

	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		n += str_trim(line).n > 0;
	}
	return n;
}

static enum err
phase_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct framework_phase *was = before, *x = after;
	id of = was ? was->framework : x ? x->framework : 0;
	int64_t used = 0;
	enum err e = count_used(c->conn, c->grant->org, of, &used);

	if (e == OK && used)
		fault_add(f, STR("framework"), STR("was used in a session and stays as it was"),
		        STR("save it on its page: that makes the next version"));
	if (x && count_lines(x->questions) > QUESTIONS_MOST)
		fault_add(f, STR("questions"), STR("are more than twelve"), STR("keep those that you would ask first"));
	if (x && x->kind == PHASE_SHEET && !count_lines(x->questions))
		fault_add(f, STR("questions"), STR("are missing: a sheet is made of them"), STR("write one a line"));
	return e;
}

const struct record framework_record = {
	.name = "framework",
	.api = "frameworks",
	.table = "framework",
	.label = "coaching framework",
	.plural = "coaching frameworks",
	.size = sizeof(struct framework),
	FIELDS(framework_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "name number", NULL },
	.index = (const char *const[]){ "line number", NULL },
	.purpose = "How a session goes: its phases, their questions and minutes (C3).",
	.retention = "As long as sessions name it.",
	.check = framework_check,
};

const struct record framework_phase_record = {
	.name = "framework_phase",
	.api = "framework-phases",
	.table = "framework_phase",
	.label = "phase of a framework",
	.plural = "phases of frameworks",
	.size = sizeof(struct framework_phase),
	FIELDS(phase_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "framework position", NULL },
	.purpose = "One part of a session, with its questions (C3).",
	.retention = "With the framework.",
	.check = phase_check,
};

/* ---- reading ---- */

static enum err
load_phases(struct conn *c, struct arena *a, id org, struct framework_whole *w)
{
	str sql = str_fmt(a,
	        "select %.*s from framework_phase p where p.org_id = $1 and p.framework = $2 order by p.position, p.id "
	        "limit 12",
	        STR_ARG(record_columns(a, &framework_phase_record, "p")));
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(w->f.row.id)), &rows);

	w->n_phases = 0;
	w->minutes = 0;
	while (e == OK && w->n_phases < PHASES_MOST && db_next(&rows)) {
		struct framework_phase *p = &w->phases[w->n_phases++];
		record_read(&rows, &framework_phase_record, 0, p);
		w->minutes += p->kind == PHASE_SHEET ? 0 : p->minutes;
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
framework_load(struct conn *c, struct arena *a, const struct grant *g, id framework, struct framework_whole *ret)
{
	struct framework_whole w = { 0 };
	enum err e = record_load(c, a, g, &framework_record, framework, &w.f);

	if (e == OK)
		e = load_phases(c, a, g->org, &w);
	if (e == OK)
		e = count_used(c, g->org, framework, &w.used);
	if (e == OK)
		*ret = w;
	return e;
}

enum err
framework_current(struct conn *c, id org, id any_version, id *ret)
{
	return db_one_int(c,
	        "select f.id from framework f join framework x on x.org_id = f.org_id and x.id = $2 where f.org_id = "
	        "$1 "
	        "and coalesce(f.line, f.id) = coalesce(x.line, x.id) order by f.number desc limit 1",
	        DB_ARGS(DB_I(org), DB_I(any_version)), ret);
}

/* ---- writing ---- */

static enum err
drop_phases(struct change *c, const struct framework_whole *w)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n_phases; i++)
		e = record_remove(c, &framework_phase_record, w->phases[i].row.id, w->phases[i].row.version);
	return e;
}

/* Places in a form are those of the phase: p0_questions. */
static enum err
save_phases(struct change *c, const struct framework_whole *w, id framework)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n_phases; i++) {
		struct framework_phase p = w->phases[i];
		struct faults *all = c->faults, own;
		faults_init(&own, c->arena);
		p.row = (struct row){ 0 };
		p.framework = framework;
		p.position = (int64_t)i + 1;
		c->faults = &own;
		e = record_save(c, &framework_phase_record, &p);
		c->faults = all;
		for (const struct fault *f = own.first; f; f = f->next)
			fault_add(all, str_fmt(c->arena, "p%d_%.*s", (int)i, STR_ARG(f->place)), f->what, f->mend);
	}
	return e;
}

static enum err
next_number(struct change *c, struct framework *f)
{
	int64_t n = 0;
	enum err e = db_one_int(c->conn,
	        "select coalesce(max(number), 0) from framework where org_id = $1 and (id = $2 or line = $2)",
	        DB_ARGS(DB_I(c->grant->org), DB_I(f->line)), &n);

	f->number = n + 1;
	return e;
}

enum err
framework_save(struct change *c, struct framework_whole *w, id *ret)
{
	struct framework_whole was;
	struct framework f = w->f;
	bool is_new = !f.row.id;
	enum err e = is_new ? OK : framework_load(c->conn, c->arena, c->grant, f.row.id, &was);

	if (e == OK && !is_new && was.f.row.version != f.row.version)
		return ERR_STALE;
	if (e == OK && is_new) {
		f.number = 1;
		f.line = NO_INT;
	} else if (e == OK && was.used) {
		f.row = (struct row){ 0 };
		f.line = framework_line(&was.f);
		f.retired = false;
		e = next_number(c, &f);
	} else if (e == OK) {
		e = drop_phases(c, &was);
	}
	if (e == OK)
		e = record_save(c, &framework_record, &f);
	if (e == OK)
		e = save_phases(c, w, f.row.id);
	if (e == OK)
		*ret = f.row.id;
	return e;
}

enum err
framework_remove(struct change *c, const struct framework_whole *w)
{
	enum err e = drop_phases(c, w);

	return e == OK ? record_remove(c, &framework_record, w->f.row.id, w->f.row.version) : e;
}

/* ---- files that come in ---- */

static bool
same_phases(const struct framework_whole *a, const struct framework_whole *b)
{
	for (size_t i = 0; i < a->n_phases && a->n_phases == b->n_phases; i++) {
		const struct framework_phase *x = &a->phases[i], *y = &b->phases[i];
		if (!str_eq(x->name, y->name) || x->kind != y->kind || x->minutes != y->minutes ||
		        !str_eq(x->purpose, y->purpose) || !str_eq(x->questions, y->questions))
			return false;
	}
	return a->n_phases == b->n_phases;
}

enum err
framework_take(struct change *c, struct framework_import *x)
{
	struct framework_whole w = x->file, was;
	struct rows rows;
	id there = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select id from framework where org_id = $1 and name = $2 order by number desc limit 1",
	        DB_ARGS(DB_I(c->grant->org), DB_T(w.f.name)), &rows);

	if (e == OK && db_next(&rows))
		there = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	if (e != OK || !there)
		return e == OK ? framework_save(c, &w, &x->ret) : e;
	e = framework_load(c->conn, c->arena, c->grant, there, &was);
	if (e == OK && same_words(&was.f, &w.f) && same_phases(&was, &w)) {
		x->ret = there;
		x->ret_same = true;
		return OK;
	}
	w.f.row = was.f.row;
	w.f.number = was.f.number;
	w.f.line = was.f.line;
	return e == OK ? framework_save(c, &w, &x->ret) : e;
}

enum err
framework_take_ready(struct change *c, int64_t *ret_made)
{
	const struct framework_file *all = framework_ready(c->arena);
	int64_t made = 0, there;
	enum err e = OK;

	for (; e == OK && all->name; all++) {
		struct framework_import x = { 0 };
		e = framework_parse(c->arena, all->text, c->faults, &x.file);
		if (e == OK)
			e = db_one_int(c->conn, "select count(*) from framework where org_id = $1 and name = $2",
			        DB_ARGS(DB_I(c->grant->org), DB_T(x.file.f.name)), &there);
		if (e == OK && !there) {
			e = framework_take(c, &x);
			made++;
		}
	}
	if (e == OK)
		*ret_made = made;
	return e;
}
