#include "areas/process/version.h"

#include "areas/process/standard.h"

enum err
version_load(struct conn *c, struct arena *a, const struct grant *g, id process, struct version *ret)
{
	struct version v = { 0 };
	enum err e = record_load(c, a, g, &process_record, process, &v.p);

	if (e == OK)
		e = process_stages(c, a, g->org, process, &v.stages, &v.n_stages);
	if (e == OK)
		e = process_all_steps(c, a, g->org, process, &v.steps, &v.n_steps);
	if (e == OK)
		e = process_rules(c, a, g->org, process, &v.rules, &v.n_rules);
	if (e == OK)
		e = process_next_starts(c, a, g->org, process, &v.nexts, &v.n_nexts);
	if (e == OK)
		e = process_lost_reasons(c, a, g->org, process, true, &v.reasons, &v.n_reasons);
	if (e == OK)
		e = condition_own_fields(c, a, g->org, false, &v.own, &v.n_own);
	if (e == OK)
		*ret = v;
	return e;
}

const struct stage *
version_stage(const struct version *v, id stage)
{
	for (size_t i = 0; i < v->n_stages; i++)
		if (v->stages[i].row.id == stage)
			return &v->stages[i];
	return NULL;
}

struct condition_world
version_world(const struct version *v)
{
	return (struct condition_world){ .deal = record_find(STR("deal")),
		.more = v->own,
		.n_more = v->n_own,
		.stages = v->stages,
		.n_stages = v->n_stages,
		.steps = v->steps,
		.n_steps = v->n_steps };
}

/* ---- a draft ---- */

/* Old ids and what they became. */
struct twins {
	id was[700], is[700];
	size_t n;
};

static id
twin(const struct twins *t, id was)
{
	for (size_t i = 0; was && i < t->n; i++)
		if (t->was[i] == was)
			return t->is[i];
	return 0;
}

static void
pair_up(struct twins *t, id was, id is)
{
	if (t->n < 700) {
		t->was[t->n] = was;
		t->is[t->n++] = is;
	}
}

static enum err
copy_stages(struct change *c, const struct version *from, id to, struct twins *t)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < from->n_stages; i++) {
		struct stage s = from->stages[i];
		s.row = (struct row){ 0 };
		s.process = to;
		s.origin = s.origin != NO_INT && s.origin ? s.origin : from->stages[i].row.id;
		e = record_save(c, &stage_record, &s);
		pair_up(t, from->stages[i].row.id, s.row.id);
	}
	return e;
}

/* A step that waits for a later one is given that in a second turn. */
static enum err
copy_steps(struct change *c, const struct version *from, struct twins *t)
{
	struct step *made = arena_new(c->arena, struct step, from->n_steps + 1);
	enum err e = OK;

	for (size_t i = 0; e == OK && i < from->n_steps; i++) {
		made[i] = from->steps[i];
		made[i].row = (struct row){ 0 };
		made[i].stage = twin(t, made[i].stage);
		made[i].depends = 0;
		made[i].origin = made[i].origin != NO_INT && made[i].origin ? made[i].origin : from->steps[i].row.id;
		e = record_save(c, &step_record, &made[i]);
		pair_up(t, from->steps[i].row.id, made[i].row.id);
	}
	for (size_t i = 0; e == OK && i < from->n_steps; i++)
		if (from->steps[i].depends) {
			made[i].depends = twin(t, from->steps[i].depends);
			e = record_save(c, &step_record, &made[i]);
		}
	return e;
}

static enum err
copy_rest(struct change *c, const struct version *from, id to, struct twins *t)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < from->n_rules; i++) {
		struct health_rule x = from->rules[i];
		x.row = (struct row){ 0 };
		x.process = to;
		x.stage = twin(t, x.stage);
		e = record_save(c, &health_rule_record, &x);
	}
	for (size_t i = 0; e == OK && i < from->n_nexts; i++) {
		struct next_start x = from->nexts[i];
		x.row = (struct row){ 0 };
		x.process = to;
		x.stage = twin(t, x.stage);
		e = record_save(c, &next_start_record, &x);
	}
	return e;
}

static enum err
copy_places(struct change *c, id from, struct twins *t)
{
	struct content_shown *all;
	size_t n;
	enum err e = content_of_process(c->conn, c->arena, c->grant->org, from, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct content_place x;
		record_init(&content_place_record, &x);
		x.content = all[i].content;
		x.stage = twin(t, all[i].stage);
		x.step = twin(t, all[i].step);
		x.position = (int64_t)i + 1;
		e = record_save(c, &content_place_record, &x);
	}
	return e;
}

static enum err
next_number(struct change *c, const struct process *from, int64_t *ret)
{
	struct rows rows;
	int64_t drafts = 0, most = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select max(number), cast(coalesce(sum(case when state = 'draft' then 1 else 0 end), 0) as bigint) "
	        "from process "
	        "where org_id = $1 and (id = $2 or line = $2)",
	        DB_ARGS(DB_I(c->grant->org), DB_I(process_line(from))), &rows);

	if (e == OK && db_next(&rows)) {
		most = db_int(&rows, 0);
		drafts = db_int(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && drafts)
		return fault_add(c->faults, STR("process"),
		        str_fmt(c->arena, "“%.*s” has a draft already", STR_ARG(from->name)),
		        STR("go on with that one, or remove it"));
	*ret = most + 1;
	return e;
}

enum err
version_draft(struct change *c, const struct version *from, id *ret)
{
	struct twins *t = arena_new(c->arena, struct twins, 1);
	struct process p;
	enum err e;

	record_init(&process_record, &p);
	p.name = from->p.name;
	p.state = PROCESS_DRAFT;
	p.line = process_line(&from->p);
	p.base = from->p.row.id;
	if (from->p.source.n)
		return fault_add(c->faults, STR("process"), STR("mirrors the stages of another system"),
		        STR("change it as it stands: its stages come from there"));
	e = next_number(c, &from->p, &p.number);
	if (e == OK)
		e = record_save(c, &process_record, &p);
	if (e == OK)
		e = copy_stages(c, from, p.row.id, t);
	if (e == OK)
		e = copy_steps(c, from, t);
	if (e == OK)
		e = copy_rest(c, from, p.row.id, t);
	if (e == OK)
		e = copy_places(c, from->p.row.id, t);
	if (e == OK)
		*ret = p.row.id;
	return e;
}

/* ---- taking away ---- */

static enum err
drop_places(struct change *c, const char *column, id of)
{
	str sql = str_fmt(
	        c->arena, "select id, version from content_place where org_id = $1 and %s = $2 limit 500", column);
	id ids[500];
	int64_t versions[500];
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(of)), &rows);

	while (e == OK && n < 500 && db_next(&rows)) {
		ids[n] = db_int(&rows, 0);
		versions[n++] = db_int(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		e = record_remove(c, &content_place_record, ids[i], versions[i]);
	return e;
}

/* Who waited for it waits no longer. */
static enum err
drop_waiting(struct change *c, const struct version *v, id step)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < v->n_steps; i++) {
		struct step x = v->steps[i];
		if (x.depends != step || x.row.id == step)
			continue;
		e = record_load(c->conn, c->arena, c->grant, &step_record, x.row.id, &x);
		if (e == ERR_ABSENT) {
			e = OK;
			continue;
		}
		x.depends = 0;
		if (e == OK)
			e = record_save(c, &step_record, &x);
	}
	return e;
}

enum err
version_drop_step(struct change *c, const struct version *v, id step)
{
	struct step x;
	enum err e = drop_waiting(c, v, step);

	if (e == OK)
		e = drop_places(c, "step", step);
	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &step_record, step, &x);
	return e == OK ? record_remove(c, &step_record, step, x.row.version) : e;
}

enum err
version_drop_stage(struct change *c, const struct version *v, id stage)
{
	const struct stage *s = version_stage(v, stage);
	enum err e = s ? OK : ERR_ABSENT;

	for (size_t i = 0; e == OK && i < v->n_steps; i++)
		if (v->steps[i].stage == stage)
			e = version_drop_step(c, v, v->steps[i].row.id);
	for (size_t i = 0; e == OK && i < v->n_rules; i++)
		if (v->rules[i].stage == stage)
			e = record_remove(c, &health_rule_record, v->rules[i].row.id, v->rules[i].row.version);
	for (size_t i = 0; e == OK && i < v->n_nexts; i++)
		if (v->nexts[i].stage == stage)
			e = record_remove(c, &next_start_record, v->nexts[i].row.id, v->nexts[i].row.version);
	if (e == OK)
		e = drop_places(c, "stage", stage);
	return e == OK ? record_remove(c, &stage_record, stage, s->row.version) : e;
}

enum err
version_drop(struct change *c, const struct version *v)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < v->n_stages; i++)
		e = version_drop_stage(c, v, v->stages[i].row.id);
	for (size_t i = 0; e == OK && i < v->n_rules; i++)
		if (!v->rules[i].stage)
			e = record_remove(c, &health_rule_record, v->rules[i].row.id, v->rules[i].row.version);
	for (size_t i = 0; e == OK && i < v->n_nexts; i++)
		if (!v->nexts[i].stage)
			e = record_remove(c, &next_start_record, v->nexts[i].row.id, v->nexts[i].row.version);
	return e == OK ? record_remove(c, &process_record, v->p.row.id, v->p.row.version) : e;
}

/* ---- publishing ---- */

static void
check_outcomes(struct arena *a, const struct version *v, struct faults *f)
{
	static const char *const names[] = { "", "open", "won", "lost" };
	size_t n[4] = { 0 };

	(void)a;
	for (size_t i = 0; i < v->n_stages; i++)
		n[v->stages[i].outcome]++;
	for (int k = OUTCOME_OPEN; k <= OUTCOME_LOST; k++)
		if (!n[k] || (k != OUTCOME_OPEN && n[k] > 1))
			fault_add(f, STR("stages"),
			        str_fmt(a, "%s stage is %s", n[k] ? "more than one" : "no", names[k]),
			        k == OUTCOME_OPEN ? STR("deals need at least one to stand in")
			                          : STR("there is exactly one of these"));
	if (v->n_stages && v->stages[0].outcome != OUTCOME_OPEN)
		fault_add(f, STR("stages"), STR("the first stage is not an open one"),
		        STR("new deals start there: put an open one first"));
}

static str
place_of(struct arena *a, const struct version *v, const struct step *s)
{
	const struct stage *g = version_stage(v, s->stage);

	return str_fmt(a, "%.*s › %.*s", STR_ARG(g ? g->name : STR("?")), STR_ARG(s->name));
}

enum err
version_check(struct conn *c, struct arena *a, id org, const struct version *v, struct faults *f)
{
	struct condition_world w = version_world(v);
	size_t before = f->n;
	enum err e = OK;
	str circle;

	check_outcomes(a, v, f);
	for (size_t i = 0; i < v->n_stages; i++)
		(void)condition_check_text(a, v->stages[i].condition, &w, v->stages[i].name, f);
	for (size_t i = 0; i < v->n_steps; i++)
		(void)condition_check_text(a, v->steps[i].condition, &w, place_of(a, v, &v->steps[i]), f);
	for (size_t i = 0; e == OK && i < v->n_nexts; i++) {
		if (v->nexts[i].what != NEXT_DEAL)
			continue;
		e = process_circle(c, a, org, &v->p, v->nexts[i].target, &circle);
		if (e == OK && circle.n)
			fault_add(f, v->nexts[i].name, str_fmt(a, "leads round in a circle: %.*s", STR_ARG(circle)),
			        STR("let one of them start a task instead"));
	}
	if (e != OK)
		return e;
	return f->n > before ? ERR_INPUT : OK;
}

enum err
version_publish(struct change *c, const struct version *v)
{
	struct process p = v->p, old;
	enum err e =
	        p.state == PROCESS_DRAFT ? version_check(c->conn, c->arena, c->grant->org, v, c->faults) : ERR_ABSENT;

	if (e != OK)
		return e;
	e = process_published(c->conn, c->arena, c->grant->org, process_line(&p), &old);
	if (e == OK) {
		p.standard = old.standard;
		old.standard = false;
		old.state = PROCESS_RETIRED;
		e = record_save(c, &process_record, &old);
	}
	if (e != OK && e != ERR_ABSENT)
		return e;
	p.state = PROCESS_PUBLISHED;
	return record_save(c, &process_record, &p);
}
