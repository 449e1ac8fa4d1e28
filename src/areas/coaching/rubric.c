#include "areas/coaching/rubric.h"

#include "areas/coaching/observe.h"

static const struct field rubric_fields[] = {
	FIELD(struct rubric, name, TEXT, "Name", .required = 1, .list = 1, .most = 120),
	FIELD(struct rubric, kind, CHOICE, "Made for", .required = 1, .choices = observed_kinds, .list = 1),
	FIELD(struct rubric, skill, REF, "Skill", .required = 1, .ref = &skill_record, .list = 1),
	FIELD(struct rubric, summary, LONG, "What it is for", .most = 600, .list = 1),
	FIELD(struct rubric, number, INT, "Version", .list = 1, .least = 1, .greatest = 100000),
	FIELD(struct rubric, line, INT, "First version"),
	FIELD(struct rubric, retired, BOOL, "Retired", .list = 1),
};

static const struct field criterion_fields[] = {
	FIELD(struct rubric_criterion, rubric, REF, "Rubric", .required = 1, .ref = &rubric_record, .list = 1,
	        .filter = 1),
	FIELD(struct rubric_criterion, position, INT, "Position", .list = 1),
	FIELD(struct rubric_criterion, name, TEXT, "Criterion", .required = 1, .list = 1, .most = 80),
	FIELD(struct rubric_criterion, anchors, LONG, "Levels, the lowest first", .required = 1, .most = 1500),
};

id
rubric_line(const struct rubric *r)
{
	return r->line && r->line != NO_INT ? r->line : r->row.id;
}

size_t
rubric_levels(const struct rubric_criterion *x, str ret[LEVELS_MOST])
{
	str line, rest = x->anchors;
	size_t n = 0, last = 0;

	while (rest.n && n < LEVELS_MOST) {
		str_cut(rest, '\n', &line, &rest);
		ret[n++] = str_trim(line);
		last = ret[n - 1].n ? n : last;
	}
	return last;
}

str
rubric_anchor(const struct rubric_criterion *x, int64_t level)
{
	str all[LEVELS_MOST];
	size_t n = rubric_levels(x, all);

	return level >= 1 && (size_t)level <= n ? all[level - 1] : (str){ 0 };
}

static enum err
count_used(struct conn *c, id org, id rubric, int64_t *ret)
{
	return db_one_int(c, "select count(*) from observation where org_id = $1 and rubric = $2",
	        DB_ARGS(DB_I(org), DB_I(rubric)), ret);
}

static bool
same_words(const struct rubric *a, const struct rubric *b)
{
	return str_eq(a->name, b->name) && a->kind == b->kind && a->skill == b->skill && str_eq(a->summary, b->summary);
}

/* C7, E8b: what somebody was observed with is kept as it was; only whether it is offered may change. */
static enum err
rubric_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct rubric *was = before, *x = after;
	int64_t used = 0;
	enum err e = was ? count_used(c->conn, c->grant->org, was->row.id, &used) : OK;

	if (e == OK && used && (!x || !same_words(was, x)))
		fault_add(f, STR("rubric"), STR("was used in an observation and stays as it was"),
		        STR("save it on its page: that makes the next version"));
	return e;
}

static enum err
criterion_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct rubric_criterion *was = before, *x = after;
	int64_t used = 0;
	enum err e = count_used(c->conn, c->grant->org, was ? was->rubric : x->rubric, &used);

	if (e == OK && used)
		fault_add(f, STR("rubric"), STR("was used in an observation and stays as it was"),
		        STR("save it on its page: that makes the next version"));
	return e;
}

const struct record rubric_record = {
	.name = "rubric",
	.api = "rubrics",
	.table = "rubric",
	.label = "rubric",
	.plural = "rubrics",
	.size = sizeof(struct rubric),
	FIELDS(rubric_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "name number", NULL },
	.index = (const char *const[]){ "line number", NULL },
	.purpose = "What one looks at when a skill is observed (C7).",
	.retention = "As long as observations name it.",
	.check = rubric_check,
};

const struct record rubric_criterion_record = {
	.name = "rubric_criterion",
	.api = "rubric-criteria",
	.table = "rubric_criterion",
	.label = "criterion of a rubric",
	.plural = "criteria of rubrics",
	.size = sizeof(struct rubric_criterion),
	FIELDS(criterion_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "rubric position", NULL },
	.purpose = "One thing to look at, with a sentence for each level (C7).",
	.retention = "With the rubric.",
	.check = criterion_check,
};

/* ---- reading ---- */

static enum err
load_criteria(struct conn *c, struct arena *a, id org, struct rubric_whole *w)
{
	str sql = str_fmt(a,
	        "select %.*s from rubric_criterion p where p.org_id = $1 and p.rubric = $2 order by p.position, p.id "
	        "limit 8",
	        STR_ARG(record_columns(a, &rubric_criterion_record, "p")));
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(w->r.row.id)), &rows);

	w->n = 0;
	while (e == OK && w->n < CRITERIA_MOST && db_next(&rows))
		record_read(&rows, &rubric_criterion_record, 0, &w->criteria[w->n++]);
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_skill(struct conn *c, struct arena *a, id org, struct rubric_whole *w)
{
	struct rows rows;
	enum err e = db_query(c, a, "select name from skill where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(org), DB_I(w->r.skill)), &rows);

	if (e == OK && db_next(&rows))
		w->skill = db_text(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

enum err
rubric_load(struct conn *c, struct arena *a, const struct grant *g, id rubric, struct rubric_whole *ret)
{
	struct rubric_whole w = { 0 };
	enum err e = record_load(c, a, g, &rubric_record, rubric, &w.r);

	if (e == OK)
		e = load_criteria(c, a, g->org, &w);
	if (e == OK)
		e = load_skill(c, a, g->org, &w);
	if (e == OK)
		e = count_used(c, g->org, rubric, &w.used);
	if (e == OK)
		*ret = w;
	return e;
}

/* ---- writing ---- */

static enum err
drop_criteria(struct change *c, const struct rubric_whole *w)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n; i++)
		e = record_remove(c, &rubric_criterion_record, w->criteria[i].row.id, w->criteria[i].row.version);
	return e;
}

static enum err
save_criteria(struct change *c, const struct rubric_whole *w, id rubric)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n; i++) {
		struct rubric_criterion p = w->criteria[i];
		struct faults *all = c->faults, own;
		faults_init(&own, c->arena);
		p.row = (struct row){ 0 };
		p.rubric = rubric;
		p.position = (int64_t)i + 1;
		c->faults = &own;
		e = record_save(c, &rubric_criterion_record, &p);
		c->faults = all;
		for (const struct fault *f = own.first; f; f = f->next)
			fault_add(all, str_fmt(c->arena, "c%zu_%.*s", i, STR_ARG(f->place)), f->what, f->mend);
	}
	return e;
}

static enum err
next_number(struct change *c, struct rubric *r)
{
	int64_t n = 0;
	enum err e = db_one_int(c->conn,
	        "select coalesce(max(number), 0) from rubric where org_id = $1 and (id = $2 or line = $2)",
	        DB_ARGS(DB_I(c->grant->org), DB_I(r->line)), &n);

	r->number = n + 1;
	return e;
}

enum err
rubric_save(struct change *c, struct rubric_whole *w, id *ret)
{
	struct rubric_whole was;
	struct rubric r = w->r;
	bool is_new = !r.row.id;
	enum err e = is_new ? OK : rubric_load(c->conn, c->arena, c->grant, r.row.id, &was);

	if (e == OK && !is_new && (was.r.row.version != r.row.version || (w->was && w->was != was.criteria[0].row.id)))
		return ERR_STALE;
	if (e == OK)
		e = rubric_lint(c->arena, w, NULL, c->faults);
	if (e == OK && is_new) {
		r.number = 1;
		r.line = NO_INT;
	} else if (e == OK && was.used) {
		r.row = (struct row){ 0 };
		r.line = rubric_line(&was.r);
		r.retired = false;
		e = next_number(c, &r);
	} else if (e == OK) {
		e = drop_criteria(c, &was);
	}
	if (e == OK)
		e = record_save(c, &rubric_record, &r);
	if (e == OK)
		e = save_criteria(c, w, r.row.id);
	if (e == OK)
		*ret = r.row.id;
	return e;
}

enum err
rubric_remove(struct change *c, const struct rubric_whole *w)
{
	enum err e = drop_criteria(c, w);

	return e == OK ? record_remove(c, &rubric_record, w->r.row.id, w->r.row.version) : e;
}
