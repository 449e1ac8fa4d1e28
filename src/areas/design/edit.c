#include "areas/design/view.h"

#include "areas/design/design_html.h"

#define STAGE_FIELDS "name exit outcome probability greatest allowed_days guidance"
#define STEP_FIELDS  "name kind importance points options depends guidance"

/* ---- fields of forms ---- */

str
design_typed(struct request *r, const struct record *rec, const char *name, const void *object)
{
	if (r->faults.n && page_has_field(r, name))
		return page_field(r, name);
	return field_text(r->arena, record_field(rec, str_of(name)), object);
}

str
design_condition_fault(struct request *r, const struct condition_world *w, str text)
{
	struct faults f;

	faults_init(&f, r->arena);
	if (condition_check_text(r->arena, text, w, STR("condition"), &f) == OK)
		return (str){ 0 };
	return str_fmt(r->arena, "%.*s; %.*s", STR_ARG(f.first->what), STR_ARG(f.first->mend));
}

str
design_sentence(struct request *r, const struct condition_world *w, str text)
{
	struct condition *x;
	struct faults f;

	faults_init(&f, r->arena);
	if (condition_parse(r->arena, text, STR("condition"), &f, &x) != OK)
		return text;
	return condition_words(r->arena, x, w);
}

/* P3: the sentence builder: who or what, how, which. Words are put into marks, numbers and days stay bare. */
static str
built_term(struct request *r, str what, str op, str value)
{
	int64_t n;
	double d;
	day on;
	bool bare = str_to_i64(value, &n) || str_to_double(value, &d) || day_parse(value, &on) ||
	            str_starts(value, STR("today")) || str_same(value, STR("yes")) || str_same(value, STR("no"));

	if (str_starts(what, STR("step ")) || str_starts(what, STR("stakeholder ")) ||
	        str_starts(what, STR("competitor ")))
		return str_fmt(r->arena, "%.*s %s", STR_ARG(what),
		        str_starts(what, STR("step ")) ? (str_eq(op, STR("is not")) ? "is not done" : "is done")
		                                       : (str_eq(op, STR("is not")) ? "is missing" : "is known"));
	if (str_ends(op, STR("known")))
		return str_fmt(r->arena, "%.*s %.*s", STR_ARG(what), STR_ARG(op));
	if (!bare && str_find_byte(value, '"') != SIZE_MAX)
		return str_fmt(r->arena, "%.*s %.*s “%.*s”", STR_ARG(what), STR_ARG(op), STR_ARG(value));
	return str_fmt(
	        r->arena, bare ? "%.*s %.*s %.*s" : "%.*s %.*s \"%.*s\"", STR_ARG(what), STR_ARG(op), STR_ARG(value));
}

str
design_built(struct request *r, str text)
{
	str what = str_trim(page_field(r, "b_what")), value = str_trim(page_field(r, "b_value")), term;

	if (!what.n)
		return text;
	if (str_eq(what, STR("stakeholder")) || str_eq(what, STR("competitor")))
		what = str_fmt(r->arena, "%.*s \"%.*s\"", STR_ARG(what), STR_ARG(value));
	term = built_term(r, what, page_field(r, "b_op"), value);
	text = str_trim(text);
	if (!text.n)
		return term;
	return str_fmt(r->arena, "%.*s %s %.*s", STR_ARG(text),
	        str_eq(page_field(r, "b_join"), STR("or")) ? "or" : "and", STR_ARG(term));
}

/* The fault stands at the field, and the words stay. */
static str
take_condition(struct request *r, const struct design_view *v, str was)
{
	str text = design_built(r, page_has_field(r, "condition") ? page_field(r, "condition") : was);

	(void)condition_check_text(r->arena, text, &v->world, STR("condition"), &r->faults);
	return text;
}

static const struct step *
step_at(const struct version *v, id step)
{
	for (size_t i = 0; i < v->n_steps; i++)
		if (v->steps[i].row.id == step)
			return &v->steps[i];
	return NULL;
}

/* The version that was seen: a newer one is said, nothing is overwritten. */
static void
take_version(struct request *r, struct row *row)
{
	int64_t seen;

	if (str_to_i64(page_field(r, "version"), &seen))
		row->version = seen;
}

static enum err
show_form(struct request *r, struct design_view *v, str title, bool step)
{
	struct crumb crumbs[] = { { STR("Processes"), STR("/process") },
		{ v->v.p.name, str_fmt(r->arena, "/process/%.*s", STR_ARG(id_text(r->arena, v->v.p.row.id))) } };
	struct page p = { .title = title, .crumbs = crumbs, .n_crumbs = 2 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	if (step)
		tpl_design_step(&r->view, v, r);
	else
		tpl_design_stage(&r->view, v, r);
	page_foot(r);
	return OK;
}

/* ---- stages ---- */

static enum err
find_stage(struct request *r, struct design_view *v)
{
	enum err e = design_load_draft(r, v);

	v->stage = e == OK ? version_stage(&v->v, r->ids[1]) : NULL;
	if (e == ERR_INPUT)
		return e;
	return e == OK && !v->stage ? ERR_ABSENT : e;
}

static enum err
answer(struct request *r, struct design_view *v, enum err e, id set, const char *anchor)
{
	if (e == ERR_INPUT)
		return design_show(r, v);
	return e == OK ? design_go(r, v->v.p.row.id, set, anchor) : e;
}

enum err
design_stage_form(struct request *r)
{
	struct design_view v = { 0 };
	enum err e = find_stage(r, &v);

	if (e == ERR_INPUT)
		return design_show(r, &v);
	return e == OK ? show_form(r, &v, str_fmt(r->arena, "Stage %.*s", STR_ARG(v.stage->name)), false) : e;
}

/* Stands before won and lost, where the way goes on. */
struct placing {
	struct version *v;
	size_t from, to;
	struct stage stage; /* a new one, when from is SIZE_MAX */
};

static enum err
place_stages(struct change *c, void *what)
{
	const struct placing *p = what;
	const struct version *v = p->v;
	struct stage *order = arena_new(c->arena, struct stage, v->n_stages + 1);
	size_t n = 0;
	enum err e = OK;

	for (size_t i = 0; i < v->n_stages; i++)
		if (i != p->from)
			order[n++] = v->stages[i];
	for (size_t i = n; i > p->to; i--)
		order[i] = order[i - 1];
	order[p->to] = p->from == SIZE_MAX ? p->stage : v->stages[p->from];
	n++;
	for (size_t i = 0; e == OK && i < n; i++) {
		order[i].position = (int64_t)i + 1;
		e = record_save(c, &stage_record, &order[i]);
	}
	return e;
}

enum err
design_stage_add(struct request *r)
{
	struct design_view v = { 0 };
	struct placing p = { .v = &v.v, .from = SIZE_MAX };
	id set = 0;
	enum err e = design_load_draft(r, &v);

	record_init(&stage_record, &p.stage);
	p.stage.process = v.v.p.row.id;
	p.stage.name = str_trim(page_field(r, "stage"));
	p.stage.outcome = OUTCOME_OPEN;
	while (p.to < v.v.n_stages && v.v.stages[p.to].outcome == OUTCOME_OPEN)
		p.to++;
	if (p.to && v.v.stages[p.to - 1].greatest != NO_INT)
		p.stage.probability = v.v.stages[p.to - 1].greatest;
	if (e == OK && !p.stage.name.n)
		e = fault_add(&r->faults, STR("stage"), STR("is missing"), STR("name the stage"));
	for (size_t i = 0; i < v.v.n_stages; i++)
		if (str_eq(v.v.stages[i].name, p.stage.name))
			e = fault_add(&r->faults, STR("stage"), STR("is there already"), STR("choose another name"));
	if (e == OK && v.v.n_stages >= 60)
		e = fault_add(&r->faults, STR("stage"), STR("would be the sixty-first"), STR("join two of them"));
	if (e == OK)
		e = page_change(
		        r, str_fmt(r->arena, "Stage %.*s added", STR_ARG(p.stage.name)), place_stages, &p, &set);
	return answer(r, &v, e, set, "#stages");
}

enum err
design_stage_place(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0;
	enum err e = find_stage(r, &v);
	struct placing p = { .v = &v.v };
	int64_t to;

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	p.from = p.to = (size_t)(v.stage - v.v.stages);
	if (str_to_i64(page_field(r, "to"), &to) && to >= 1 && to <= (int64_t)v.v.n_stages)
		p.to = (size_t)to - 1;
	else if (str_eq(page_field(r, "to"), STR("up")) && p.to)
		p.to--;
	else if (str_eq(page_field(r, "to"), STR("down")) && p.to + 1 < v.v.n_stages)
		p.to++;
	e = page_change(r, str_fmt(r->arena, "Stage %.*s moved", STR_ARG(v.stage->name)), place_stages, &p, &set);
	return answer(r, &v, e, set, "#stages");
}

struct stage_work {
	const struct version *v;
	struct stage stage;
	str was; /* its name before */
};

static enum err
stage_work(struct change *c, void *what)
{
	struct stage_work *w = what;
	struct stage s = w->stage;

	return record_save(c, &stage_record, &s);
}

static enum err
stage_drop_work(struct change *c, void *what)
{
	const struct stage_work *w = what;

	return version_drop_stage(c, w->v, w->stage.row.id);
}

enum err
design_stage_save(struct request *r)
{
	struct design_view v = { 0 };
	struct stage_work w = { 0 };
	id set = 0;
	enum err e = find_stage(r, &v);

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	w.stage = *v.stage;
	take_version(r, &w.stage.row);
	w.stage.condition = take_condition(r, &v, w.stage.condition);
	(void)page_fill(r, &stage_record, STAGE_FIELDS, &w.stage);
	for (size_t i = 0; i < v.v.n_stages; i++)
		if (&v.v.stages[i] != v.stage && str_eq(v.v.stages[i].name, str_trim(w.stage.name)))
			fault_add(&r->faults, STR("name"), STR("is another stage's"), STR("choose another name"));
	if (!r->faults.n)
		e = page_change(r, str_fmt(r->arena, "Stage %.*s saved", STR_ARG(w.stage.name)), stage_work, &w, &set);
	if (r->faults.n)
		return show_form(r, &v, str_fmt(r->arena, "Stage %.*s", STR_ARG(v.stage->name)), false);
	return e == OK ? design_go(r, v.v.p.row.id, set, "#stages") : e;
}

enum err
design_stage_drop(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0;
	enum err e = find_stage(r, &v);
	struct stage_work w = { .v = &v.v };

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	w.stage = *v.stage;
	e = page_change(r, str_fmt(r->arena, "Stage %.*s removed", STR_ARG(w.stage.name)), stage_drop_work, &w, &set);
	return answer(r, &v, e, set, "#stages");
}

/* ---- steps ---- */

static enum err
find_step(struct request *r, struct design_view *v)
{
	enum err e = design_load_draft(r, v);

	v->step = e == OK ? step_at(&v->v, r->ids[1]) : NULL;
	if (v->step)
		v->stage = version_stage(&v->v, v->step->stage);
	if (e == ERR_INPUT)
		return e;
	return e == OK && !v->step ? ERR_ABSENT : e;
}

enum err
design_step_form(struct request *r)
{
	struct design_view v = { 0 };
	enum err e = find_step(r, &v);

	if (e == ERR_INPUT)
		return design_show(r, &v);
	return e == OK ? show_form(r, &v, str_fmt(r->arena, "Step %.*s", STR_ARG(v.step->name)), true) : e;
}

struct step_work {
	const struct version *v;
	struct step step;
	str was;
	size_t to; /* place among the steps of its stage */
	bool place;
};

/* What depends on a renamed step goes on naming it (P3). */
static enum err
follow_name(struct change *c, const struct step_work *w)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->v->n_steps; i++) {
		struct step x = w->v->steps[i];
		x.condition = condition_rename(c->arena, x.condition, w->was, w->step.name);
		if (x.row.id != w->step.row.id && !str_eq(x.condition, w->v->steps[i].condition))
			e = record_save(c, &step_record, &x);
	}
	for (size_t i = 0; e == OK && i < w->v->n_stages; i++) {
		struct stage x = w->v->stages[i];
		x.condition = condition_rename(c->arena, x.condition, w->was, w->step.name);
		if (!str_eq(x.condition, w->v->stages[i].condition))
			e = record_save(c, &stage_record, &x);
	}
	return e;
}

static enum err
step_work(struct change *c, void *what)
{
	const struct step_work *w = what;
	struct step s = w->step;
	enum err e = record_save(c, &step_record, &s);

	if (e == OK && w->was.n && !str_eq(w->was, s.name))
		e = follow_name(c, w);
	return e;
}

static enum err
step_drop_work(struct change *c, void *what)
{
	const struct step_work *w = what;

	return version_drop_step(c, w->v, w->step.row.id);
}

/* All steps of the stage it goes to, numbered anew. */
static enum err
step_place_work(struct change *c, void *what)
{
	const struct step_work *w = what;
	struct step *order = arena_new(c->arena, struct step, w->v->n_steps + 1);
	size_t n = 0, to;
	enum err e = OK;

	for (size_t i = 0; i < w->v->n_steps; i++)
		if (w->v->steps[i].stage == w->step.stage && w->v->steps[i].row.id != w->step.row.id)
			order[n++] = w->v->steps[i];
	to = w->to < n ? w->to : n;
	for (size_t i = n; i > to; i--)
		order[i] = order[i - 1];
	order[to] = w->step;
	for (size_t i = 0; e == OK && i <= n; i++) {
		order[i].position = (int64_t)i + 1;
		e = record_save(c, &step_record, &order[i]);
	}
	return e;
}

enum err
design_step_add(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0;
	enum err e = find_stage(r, &v);
	struct step_work w = { .v = &v.v, .to = SIZE_MAX };

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	record_init(&step_record, &w.step);
	w.step.stage = v.stage->row.id;
	w.step.name = str_trim(page_field(r, "step"));
	w.step.kind = STEP_TICK;
	w.step.importance = IMPORTANCE_HELPFUL;
	if (!w.step.name.n)
		e = fault_add(
		        &r->faults, STR("step"), STR("is missing"), STR("say what the buyer or you will have done"));
	if (e == OK && v.v.n_steps >= 600)
		e = fault_add(&r->faults, STR("step"), STR("would be the 601st"), STR("leave out what nobody does"));
	if (e == OK)
		e = page_change(
		        r, str_fmt(r->arena, "Step %.*s added", STR_ARG(w.step.name)), step_place_work, &w, &set);
	return answer(r, &v, e, set,
	        str_z(r->arena, str_fmt(r->arena, "#s-%.*s", STR_ARG(id_text(r->arena, v.stage->row.id)))));
}

enum err
design_step_save(struct request *r)
{
	struct design_view v = { 0 };
	struct step_work w = { 0 };
	id set = 0;
	enum err e = find_step(r, &v);

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	w.v = &v.v;
	w.step = *v.step;
	w.was = v.step->name;
	take_version(r, &w.step.row);
	w.step.condition = take_condition(r, &v, w.step.condition);
	(void)page_fill(r, &step_record, STEP_FIELDS, &w.step);
	w.step.name = str_trim(w.step.name);
	if (!r->faults.n)
		e = page_change(r, str_fmt(r->arena, "Step %.*s saved", STR_ARG(w.step.name)), step_work, &w, &set);
	if (r->faults.n)
		return show_form(r, &v, str_fmt(r->arena, "Step %.*s", STR_ARG(v.step->name)), true);
	return e == OK ? design_go(r, v.v.p.row.id, set,
	                         str_z(r->arena,
	                                 str_fmt(r->arena, "#s-%.*s", STR_ARG(id_text(r->arena, w.step.stage)))))
	               : e;
}

/* Up, down, or to another stage's end. */
enum err
design_step_place(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0, stage;
	enum err e = find_step(r, &v);
	struct step_work w = { .v = &v.v };
	int64_t to;

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	w.step = *v.step;
	for (size_t i = 0; i < v.v.n_steps && &v.v.steps[i] != v.step; i++)
		w.to += v.v.steps[i].stage == v.step->stage;
	stage = page_id_field(r, "stage");
	if (stage && stage != w.step.stage && version_stage(&v.v, stage)) {
		w.step.stage = stage;
		w.to = SIZE_MAX;
	} else if (str_to_i64(page_field(r, "to"), &to) && to >= 1) {
		w.to = (size_t)to - 1;
	} else if (str_eq(page_field(r, "to"), STR("up"))) {
		w.to -= w.to > 0;
	} else if (str_eq(page_field(r, "to"), STR("down"))) {
		w.to++;
	}
	e = page_change(r, str_fmt(r->arena, "Step %.*s moved", STR_ARG(w.step.name)), step_place_work, &w, &set);
	return answer(
	        r, &v, e, set, str_z(r->arena, str_fmt(r->arena, "#s-%.*s", STR_ARG(id_text(r->arena, w.step.stage)))));
}

enum err
design_step_drop(struct request *r)
{
	struct design_view v = { 0 };
	id set = 0;
	enum err e = find_step(r, &v);
	struct step_work w = { .v = &v.v };

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	w.step = *v.step;
	e = page_change(r, str_fmt(r->arena, "Step %.*s removed", STR_ARG(w.step.name)), step_drop_work, &w, &set);
	return answer(
	        r, &v, e, set, str_z(r->arena, str_fmt(r->arena, "#s-%.*s", STR_ARG(id_text(r->arena, w.step.stage)))));
}

/* ---- rules of health ---- */

static enum err
show_rules(struct request *r, struct design_view *v)
{
	struct crumb crumbs[] = { { STR("Processes"), STR("/process") },
		{ v->v.p.name, str_fmt(r->arena, "/process/%.*s", STR_ARG(id_text(r->arena, v->v.p.row.id))) } };
	struct page p = { .title = v->stage ? str_fmt(r->arena, "Rules of health in %.*s", STR_ARG(v->stage->name))
		                            : STR("Rules of health"),
		.crumbs = crumbs,
		.n_crumbs = 2 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_design_rules(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
design_rules_form(struct request *r)
{
	struct design_view v = { 0 };
	enum err e = design_load_draft(r, &v);

	if (e == ERR_INPUT)
		return design_show(r, &v);
	v.stage = e == OK ? version_stage(&v.v, page_id_param(r, "stage")) : NULL;
	return e == OK ? show_rules(r, &v) : e;
}

struct rules_work {
	struct health_rule rules[RULE_COUNT];
	bool drop[RULE_COUNT], save[RULE_COUNT];
};

static enum err
rules_work(struct change *c, void *what)
{
	const struct rules_work *w = what;
	enum err e = OK;

	for (int k = 1; e == OK && k < RULE_COUNT; k++) {
		struct health_rule x = w->rules[k];
		if (w->drop[k])
			e = record_remove(c, &health_rule_record, x.row.id, x.row.version);
		else if (w->save[k])
			e = record_save(c, &health_rule_record, &x);
	}
	return e;
}

static int64_t
take_limit(struct request *r, int kind, const char *level)
{
	const char *name = str_z(r->arena, str_fmt(r->arena, "%s-%s", rule_kinds[kind].code, level));
	str typed = str_trim(page_field(r, name));
	int64_t n = NO_INT;

	if (rule_kinds[kind].unit == RULE_IN_FACT)
		return str_eq(page_field(r, str_z(r->arena, str_fmt(r->arena, "%s-level", rule_kinds[kind].code))),
		               str_of(level))
		               ? 0
		               : NO_INT;
	if (typed.n && (!str_to_i64(typed, &n) || n < 0 || n > 10000)) {
		fault_add(&r->faults, str_of(name), STR("is no whole number from 0 to 10,000"),
		        STR("leave it empty for never"));
		return NO_INT;
	}
	return n;
}

static bool
same_rule(const struct health_rule *x, const struct health_rule *y)
{
	return x->off == y->off && x->watch == y->watch && x->warning == y->warning && x->critical == y->critical;
}

/* A row where it differs from what holds anyway: from the version's for a stage, from the program's for the version. */
enum err
design_rules_save(struct request *r)
{
	struct design_view v = { 0 };
	struct rules_work w = { 0 };
	id set = 0, stage;
	enum err e = design_load_draft(r, &v);

	if (e != OK)
		return e == ERR_INPUT ? design_show(r, &v) : e;
	v.stage = version_stage(&v.v, page_id_field(r, "stage"));
	stage = v.stage ? v.stage->row.id : 0;
	for (int k = 1; k < RULE_COUNT; k++) {
		struct health_rule x = rule_for(v.v.rules, v.v.n_rules, k, stage), *y = &w.rules[k];
		struct health_rule anyway = stage ? rule_for(v.v.rules, v.v.n_rules, k, 0) : rule_standard(k);
		bool own = x.row.id && x.stage == stage;
		*y = x;
		if (!own)
			y->row = (struct row){ 0 };
		y->process = v.v.p.row.id;
		y->stage = stage;
		y->kind = k;
		y->off = !page_field(r, str_z(r->arena, str_fmt(r->arena, "%s-on", rule_kinds[k].code))).n;
		y->watch = take_limit(r, k, "watch");
		y->warning = take_limit(r, k, "warning");
		y->critical = take_limit(r, k, "critical");
		w.drop[k] = own && same_rule(y, &anyway);
		w.save[k] = !same_rule(y, &anyway);
	}
	if (!r->faults.n)
		e = page_change(r, STR("Rules of health saved"), rules_work, &w, &set);
	if (r->faults.n)
		return show_rules(r, &v);
	return e == OK ? design_go(r, v.v.p.row.id, set, "#c-rules") : e;
}
