#include "areas/deals/guide.h"

#include <string.h>

#include "areas/process/standard.h"
#include "record/own.h"

#define PARTS_MOST 200

const struct stage *
guide_stage(const struct guide *g, id stage)
{
	for (size_t i = 0; i < g->n_stages; i++)
		if (g->stages[i].row.id == stage)
			return &g->stages[i];
	return NULL;
}

/* A text that cannot be read hides nothing: the step appears, the stage may be entered. The designer refuses such. */
static struct condition *
read_condition(struct arena *a, str text)
{
	struct condition *x = NULL;
	struct faults f;

	faults_init(&f, a);
	return text.n && condition_parse(a, text, STR("condition"), &f, &x) == OK ? x : NULL;
}

enum err
guide_load(struct conn *c, struct arena *a, id org, id process, struct guide *ret)
{
	struct guide g = { .process = process };
	struct health_rule *rules = NULL;
	enum err e = process_stages(c, a, org, process, &g.stages, &g.n_stages);

	if (e == OK)
		e = process_all_steps(c, a, org, process, &g.steps, &g.n_steps);
	if (e == OK)
		e = process_rules(c, a, org, process, &rules, &g.rules.n);
	if (e != OK)
		return e;
	g.rules.rules = rules;
	g.appears = arena_new(a, struct condition *, g.n_steps + 1);
	g.enter = arena_new(a, struct condition *, g.n_stages + 1);
	for (size_t i = 0; i < g.n_steps; i++) {
		g.appears[i] = read_condition(a, g.steps[i].condition);
		g.conditional = g.conditional || g.appears[i];
	}
	bool enters = false;
	for (size_t i = 0; i < g.n_stages; i++) {
		g.enter[i] = read_condition(a, g.stages[i].condition);
		enters = enters || g.enter[i];
	}
	if (g.conditional || enters)
		e = condition_own_fields(c, a, org, true, &g.own, &g.n_own);
	if (e == OK)
		*ret = g;
	return e;
}

/* ---- what there is ---- */

static enum err
load_done(struct guided *x)
{
	struct rows rows;
	enum err e = db_query(x->conn, x->arena,
	        "select x.step, coalesce(x.answer, ''), x.on_day from step_done x join step y on y.org_id = x.org_id "
	        "and "
	        "y.id = x.step join stage g on g.org_id = y.org_id and g.id = y.stage where x.org_id = $1 and x.deal = "
	        "$2 "
	        "and g.process = $3",
	        DB_ARGS(DB_I(x->org), DB_I(x->deal->row.id), DB_I(x->guide->process)), &rows);

	while (e == OK && db_next(&rows)) {
		id step = db_int(&rows, 0);
		for (size_t i = 0; i < x->guide->n_steps; i++)
			if (x->guide->steps[i].row.id == step) {
				x->steps[i].done = true;
				x->steps[i].answer = db_text(&rows, 1);
				x->steps[i].on_day = db_day(&rows, 2);
			}
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_people(struct guided *x)
{
	struct rows rows;
	enum err e = db_query(x->conn, x->arena,
	        "select role, influence from stakeholder where org_id = $1 and deal = $2 order by id limit 200",
	        DB_ARGS(DB_I(x->org), DB_I(x->deal->row.id)), &rows);

	x->roles = arena_new(x->arena, str, PARTS_MOST);
	while (e == OK && x->n_roles < PARTS_MOST && db_next(&rows)) {
		x->roles[x->n_roles++] = str_fold(x->arena, db_text(&rows, 0));
		x->deciders += str_eq(db_text_raw(&rows, 1), STR("decisive"));
	}
	x->people = (int64_t)x->n_roles;
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_competitors(struct guided *x)
{
	struct rows rows;
	enum err e = db_query(x->conn, x->arena,
	        "select name_key from competitor where org_id = $1 and deal = $2 order by id limit 200",
	        DB_ARGS(DB_I(x->org), DB_I(x->deal->row.id)), &rows);

	x->competitors = arena_new(x->arena, str, PARTS_MOST);
	while (e == OK && x->n_competitors < PARTS_MOST && db_next(&rows))
		x->competitors[x->n_competitors++] = db_text(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

/* ---- what a condition asks ---- */

static struct condition_value
yes_no(bool is)
{
	return (struct condition_value){ .known = true, .kind = F_BOOL, .n = is };
}

static bool
holds_name(struct arena *a, const str *all, size_t n, str name)
{
	str key = str_fold(a, name);

	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i], key))
			return true;
	return false;
}

static enum err
count_more(struct guided *x)
{
	const struct db_value args[] = { DB_I(x->org), DB_I(x->deal->row.id) };
	enum err e = OK;

	if (x->counted || !x->deal->row.version)
		return OK;
	x->counted = true;
	e = db_one_int(
	        x->conn, "select count(*) from activity where org_id = $1 and deal = $2", args, 2, &x->activities);
	if (e == OK)
		e = db_one_int(x->conn, "select count(*) from document where org_id = $1 and deal = $2", args, 2,
		        &x->documents);
	return e;
}

static enum err
look_count(struct guided *x, str name, struct condition_value *ret)
{
	enum err e = count_more(x);
	int64_t done = 0;

	for (size_t i = 0; i < x->guide->n_steps; i++)
		done += x->steps[i].done;
	*ret = (struct condition_value){ .known = true, .kind = F_INT };
	ret->n = str_eq(name, STR("stakeholders"))      ? x->people
	         : str_eq(name, STR("decision_makers")) ? x->deciders
	         : str_eq(name, STR("activities"))      ? x->activities
	         : str_eq(name, STR("documents"))       ? x->documents
	         : str_eq(name, STR("competitors"))     ? (int64_t)x->n_competitors
	                                                : done;
	return e;
}

static enum err
look_name(struct guided *x, const struct record *r, int64_t row, str *ret)
{
	struct rows rows;
	str sql = str_fmt(x->arena, "select name from %s where org_id = $1 and id = $2", r->table);
	enum err e = db_query(x->conn, x->arena, str_z(x->arena, sql), DB_ARGS(DB_I(x->org), DB_I(row)), &rows);

	if (e == OK && db_next(&rows))
		*ret = db_text(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

/* What the deal says in a field of the company's own (P3). */
static enum err
look_own(struct guided *x, const struct field *f, struct condition_value *ret)
{
	str text = field_text(x->arena, f, x->deal);
	struct condition_value v = { .kind = f->kind, .known = text.n > 0, .text = text };
	enum err e = OK;

	if (!v.known)
		return OK;
	switch (f->kind) {
	case F_DAY:
		v.known = day_parse(text, &v.on);
		break;
	case F_CHOICE:
		v.code = text;
		break;
	case F_TEXT:
	case F_LONG:
	case F_DECIMAL:
		break;
	default:
		v.known = str_to_i64(text, &v.n);
		v.currency = f->own->currency;
	}
	if (f->kind == F_REF && v.known)
		e = look_name(x, f->ref, v.n, &v.text);
	*ret = v;
	return e;
}

/* A condition is a rule of the company: it looks at the account, whoever asks. */
static enum err
look_field(struct guided *x, str name, struct condition_value *ret)
{
	struct condition_world w = { .deal = &deal_record, .more = x->guide->own, .n_more = x->guide->n_own };
	const struct condition_field *more;
	const struct field *f, *through;
	const struct record *r = &deal_record;
	const void *object = x->deal;
	enum err e = OK;

	*ret = (struct condition_value){ 0 };
	if (!condition_field(x->arena, &w, name, &f, &through, &more))
		return OK;
	if (more)
		return look_own(x, more->field, ret);
	if (through) {
		int64_t row = 0;
		void *other = arena_alloc(x->arena, through->ref->size, _Alignof(max_align_t));
		struct grant all = grant_all(x->org, 0, 0, "a condition of the process looks at what a deal refers to");
		if (!str_to_i64(field_text(x->arena, through, object), &row) || !row)
			return OK;
		e = record_load(x->conn, x->arena, &all, through->ref, row, other);
		if (e != OK)
			return e == ERR_ABSENT ? OK : e;
		r = through->ref;
		object = other;
	}
	*ret = condition_value_of(x->arena, r, f, object);
	if (f->kind == F_REF && ret->known && f->ref)
		e = look_name(x, f->ref, ret->n, &ret->text);
	return e;
}

static enum err
look(void *with, const struct condition_term *t, struct condition_value *ret)
{
	struct guided *x = with;

	*ret = (struct condition_value){ 0 };
	switch (t->of) {
	case CONDITION_FIELD:
		return look_field(x, t->name, ret);
	case CONDITION_COUNT:
		return look_count(x, t->name, ret);
	case CONDITION_STAKEHOLDER:
		*ret = yes_no(holds_name(x->arena, x->roles, x->n_roles, t->name));
		return OK;
	case CONDITION_COMPETITOR:
		*ret = yes_no(holds_name(x->arena, x->competitors, x->n_competitors, t->name));
		return OK;
	default:
		break;
	}
	str key = str_fold(x->arena, t->name);
	for (size_t i = 0; i < x->guide->n_steps; i++)
		if (str_eq(str_fold(x->arena, x->guide->steps[i].name), key)) {
			*ret = t->of == CONDITION_STEP
			               ? yes_no(x->steps[i].done)
			               : (struct condition_value){ .known = x->steps[i].done && x->steps[i].answer.n,
				                 .kind = F_TEXT,
				                 .text = x->steps[i].answer };
			return OK;
		}
	return OK;
}

/* ---- what follows ---- */

static bool
is_done(const struct guided *x, id step)
{
	for (size_t i = 0; i < x->guide->n_steps; i++)
		if (x->guide->steps[i].row.id == step)
			return x->steps[i].done || !x->steps[i].shown;
	return true;
}

/* P3: hidden steps hold nothing and count for nothing. */
static void
add_up(struct guided *x)
{
	x->sum = x->stage_steps = x->stage_done = x->steps_due = 0;
	x->progress_on = DAY_NONE;
	for (size_t i = 0; i < x->guide->n_steps; i++) {
		const struct step *s = &x->guide->steps[i];
		struct guided_step *k = &x->steps[i];
		bool here = s->stage == x->deal->stage;
		k->waits = k->shown && !k->done && s->depends && !is_done(x, s->depends);
		if (k->done && day_is(k->on_day) && (!day_is(x->progress_on) || k->on_day.n > x->progress_on.n))
			x->progress_on = k->on_day;
		if (!k->shown)
			continue;
		if (k->done && s->points != NO_INT)
			x->sum += s->points;
		x->stage_steps += here;
		x->stage_done += here && k->done;
		x->steps_due += here && !k->done && s->importance >= IMPORTANCE_MANDATORY;
	}
}

enum err
guide_judge(struct guided *x)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < x->guide->n_steps; i++) {
		enum condition_answer answer = CONDITION_YES;
		if (x->guide->appears[i])
			e = condition_holds(x->arena, x->guide->appears[i], x->today, look, x, &answer);
		x->steps[i].shown = answer == CONDITION_YES;
	}
	add_up(x);
	return e;
}

enum err
guide_deal(struct conn *c, struct arena *a, const struct guide *g, id org, const struct deal *d, day today,
        struct guided *ret)
{
	enum err e = OK;

	*ret = (struct guided){ .conn = c, .arena = a, .guide = g, .deal = d, .org = org, .today = today };
	ret->steps = arena_new(a, struct guided_step, g->n_steps + 1);
	for (size_t i = 0; i < g->n_steps; i++)
		ret->steps[i].on_day = DAY_NONE;
	if (d->row.version) {
		if (g->n_steps)
			e = load_done(ret);
		if (e == OK)
			e = load_people(ret);
		if (e == OK)
			e = load_competitors(ret);
	}
	return e == OK ? guide_judge(ret) : e;
}

void
guide_suppose(struct guided *x, id step, str answer)
{
	for (size_t i = 0; i < x->guide->n_steps; i++)
		if (x->guide->steps[i].row.id == step) {
			x->steps[i].done = true;
			x->steps[i].answer = answer;
		}
}

/* Of several that must all hold, those that do not are named one by one. */
static enum err
name_missing(struct guided *x, const struct condition *k, str *ret, size_t *ret_n, size_t most)
{
	struct condition_world w = { .deal = &deal_record,
		.more = x->guide->own,
		.n_more = x->guide->n_own,
		.stages = x->guide->stages,
		.n_stages = x->guide->n_stages,
		.steps = x->guide->steps,
		.n_steps = x->guide->n_steps };
	enum condition_answer answer = CONDITION_YES;
	enum err e = OK;

	if (k->kind == CONDITION_AND) {
		for (const struct condition *one = k->first; e == OK && one; one = one->next)
			e = name_missing(x, one, ret, ret_n, most);
		return e;
	}
	e = condition_holds(x->arena, k, x->today, look, x, &answer);
	if (e == OK && answer != CONDITION_YES && *ret_n < most)
		ret[(*ret_n)++] = condition_words(x->arena, k, &w);
	return e;
}

enum err
guide_enter(struct guided *x, id stage, str **ret, size_t *ret_n)
{
	*ret = arena_new(x->arena, str, 20);
	*ret_n = 0;
	for (size_t i = 0; i < x->guide->n_stages; i++)
		if (x->guide->stages[i].row.id == stage && x->guide->enter[i])
			return name_missing(x, x->guide->enter[i], *ret, ret_n, 20);
	return OK;
}
