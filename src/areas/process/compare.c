/* Two versions side by side. Pure: what stands in the structs decides. */
#include "areas/process/version.h"

struct comparing {
	struct arena *arena;
	struct version_change *all;
	size_t n, cap;
};

static id
root(int64_t origin, const struct row *row)
{
	return origin != NO_INT && origin ? origin : row->id;
}

const struct stage *
version_same_stage(const struct version *in, const struct stage *s)
{
	for (size_t i = 0; i < in->n_stages; i++)
		if (root(in->stages[i].origin, &in->stages[i].row) == root(s->origin, &s->row))
			return &in->stages[i];
	for (size_t i = 0; i < in->n_stages; i++)
		if (str_eq(in->stages[i].name, s->name))
			return &in->stages[i];
	return NULL;
}

static str
stage_name(const struct version *v, id stage)
{
	const struct stage *s = version_stage(v, stage);

	return s ? s->name : (str){ 0 };
}

const struct step *
version_same_step(const struct version *in, const struct version *of, const struct step *s)
{
	for (size_t i = 0; i < in->n_steps; i++)
		if (root(in->steps[i].origin, &in->steps[i].row) == root(s->origin, &s->row))
			return &in->steps[i];
	for (size_t i = 0; i < in->n_steps; i++)
		if (str_eq(in->steps[i].name, s->name) &&
		        str_eq(stage_name(in, in->steps[i].stage), stage_name(of, s->stage)))
			return &in->steps[i];
	return NULL;
}

static void
say(struct comparing *k, struct version_change x)
{
	arena_grow(k->arena, k->all, k->n, k->cap);
	k->all[k->n++] = x;
}

static str
shortened(struct arena *a, str s)
{
	if (!s.n)
		return STR("nothing");
	return str_letters(s) > 60 ? str_fmt(a, "%.*s…", STR_ARG(str_first(s, 60))) : s;
}

/* Fields that a person sets, but place and copies, which say nothing by themselves. */
static str
field_changes(struct comparing *k, const struct record *r, const void *old, const void *fresh, const char *but)
{
	str words = { 0 };

	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (f->system || f->kind == F_REF || str_find(str_of(but), str_of(f->name)) != SIZE_MAX ||
		        field_equal(f, old, fresh))
			continue;
		str was = shortened(k->arena, field_text(k->arena, f, old));
		str is = shortened(k->arena, field_text(k->arena, f, fresh));
		words = str_fmt(k->arena, "%.*s%s%s: %.*s → %.*s", STR_ARG(words), words.n ? "; " : "", f->label,
		        STR_ARG(was), STR_ARG(is));
	}
	return words;
}

/* Its place among those that stand in both: adding one in front moves nothing. */
static size_t
stage_rank(const struct version *in, const struct version *other, const struct stage *s)
{
	size_t rank = 0;

	for (size_t i = 0; i < in->n_stages && &in->stages[i] != s; i++)
		rank += version_same_stage(other, &in->stages[i]) != NULL;
	return rank;
}

static void
compare_stages(struct comparing *k, const struct version *old, const struct version *fresh)
{
	for (size_t i = 0; i < fresh->n_stages; i++) {
		const struct stage *s = &fresh->stages[i], *was = version_same_stage(old, s);
		if (!was) {
			say(k, (struct version_change){ VERSION_ADDED, "Stage", s->name, { 0 }, { 0 }, 0, 0 });
			continue;
		}
		str words = field_changes(k, &stage_record, was, s, "position");
		if (words.n)
			say(k, (struct version_change){
			               VERSION_CHANGED, "Stage", s->name, { 0 }, words, was->row.id, 0 });
		if (stage_rank(fresh, old, s) != stage_rank(old, fresh, was))
			say(k, (struct version_change){ VERSION_MOVED, "Stage", s->name, { 0 },
			               str_fmt(k->arena, "place %zu → %zu", (size_t)(was - old->stages) + 1, i + 1),
			               was->row.id, 0 });
	}
	for (size_t i = 0; i < old->n_stages; i++)
		if (!version_same_stage(fresh, &old->stages[i]))
			say(k, (struct version_change){ VERSION_REMOVED, "Stage", old->stages[i].name, { 0 }, { 0 },
			               old->stages[i].row.id, 0 });
}

/* Its place within its stage, among those that stand in both. */
static size_t
step_rank(const struct version *in, const struct version *other, const struct step *s)
{
	size_t rank = 1;

	for (size_t i = 0; i < in->n_steps && &in->steps[i] != s; i++)
		rank += in->steps[i].stage == s->stage && version_same_step(other, in, &in->steps[i]) != NULL;
	return rank;
}

static str
depends_words(struct comparing *k, const struct version *old, const struct step *was, const struct version *fresh,
        const struct step *is)
{
	str names[2] = { { 0 }, { 0 } };

	for (size_t i = 0; i < old->n_steps; i++)
		if (old->steps[i].row.id == was->depends)
			names[0] = old->steps[i].name;
	for (size_t i = 0; i < fresh->n_steps; i++)
		if (fresh->steps[i].row.id == is->depends)
			names[1] = fresh->steps[i].name;
	if (str_eq(names[0], names[1]))
		return (str){ 0 };
	return str_fmt(k->arena, "After step: %.*s → %.*s", STR_ARG(shortened(k->arena, names[0])),
	        STR_ARG(shortened(k->arena, names[1])));
}

static void
compare_step(struct comparing *k, const struct version *old, const struct step *was, const struct version *fresh,
        const struct step *s)
{
	const struct stage *of = version_stage(fresh, s->stage), *from = version_stage(old, was->stage);
	str words = field_changes(k, &step_record, was, s, "position"), more = depends_words(k, old, was, fresh, s);

	if (more.n)
		words = words.n ? str_fmt(k->arena, "%.*s; %.*s", STR_ARG(words), STR_ARG(more)) : more;
	if (words.n)
		say(k, (struct version_change){
		               VERSION_CHANGED, "Step", s->name, of->name, words, was->stage, was->row.id });
	if (from && version_same_stage(fresh, from) != of)
		say(k, (struct version_change){ VERSION_MOVED, "Step", s->name, of->name,
		               str_fmt(k->arena, "%.*s → %.*s", STR_ARG(from->name), STR_ARG(of->name)), was->stage,
		               was->row.id });
	else if (step_rank(old, fresh, was) != step_rank(fresh, old, s))
		say(k, (struct version_change){ VERSION_MOVED, "Step", s->name, of->name,
		               str_fmt(k->arena, "place %zu → %zu", step_rank(old, fresh, was),
		                       step_rank(fresh, old, s)),
		               was->stage, was->row.id });
}

static void
compare_steps(struct comparing *k, const struct version *old, const struct version *fresh)
{
	for (size_t i = 0; i < fresh->n_steps; i++) {
		const struct step *s = &fresh->steps[i], *was = version_same_step(old, fresh, s);
		if (was)
			compare_step(k, old, was, fresh, s);
		else
			say(k, (struct version_change){
			               VERSION_ADDED, "Step", s->name, stage_name(fresh, s->stage), { 0 }, 0, 0 });
	}
	for (size_t i = 0; i < old->n_steps; i++)
		if (!version_same_step(fresh, old, &old->steps[i]))
			say(k, (struct version_change){ VERSION_REMOVED, "Step", old->steps[i].name,
			               stage_name(old, old->steps[i].stage), { 0 }, old->steps[i].stage,
			               old->steps[i].row.id });
}

static void
compare_rules(struct comparing *k, const struct version *old, const struct version *fresh)
{
	for (int kind = 1; kind < RULE_COUNT; kind++)
		for (size_t i = 0; i <= fresh->n_stages; i++) {
			const struct stage *s = i ? &fresh->stages[i - 1] : NULL,
			                   *was = s ? version_same_stage(old, s) : NULL;
			if (s && !was)
				continue;
			struct health_rule x = rule_for(old->rules, old->n_rules, kind, was ? was->row.id : 0);
			struct health_rule y = rule_for(fresh->rules, fresh->n_rules, kind, s ? s->row.id : 0);
			str a = rule_words(k->arena, &x), b = rule_words(k->arena, &y);
			if (!str_eq(a, b) && (!s || (x.stage != 0) != (y.stage != 0) || y.stage))
				say(k, (struct version_change){ VERSION_CHANGED, "Rule of health",
				               str_of(rule_kinds[kind].label), s ? s->name : (str){ 0 },
				               str_fmt(k->arena, "%.*s → %.*s", STR_ARG(a), STR_ARG(b)),
				               was ? was->row.id : 0, 0 });
		}
}

static bool
same_next(const struct version *v, const struct next_start *x, const struct version *w, const struct next_start *y)
{
	return x->moment == y->moment && x->what == y->what && x->target == y->target &&
	       x->after_days == y->after_days && str_eq(x->name, y->name) &&
	       str_eq(stage_name(v, x->stage), stage_name(w, y->stage));
}

static void
compare_nexts(struct comparing *k, const struct version *old, const struct version *fresh, int kind)
{
	for (size_t i = 0; i < fresh->n_nexts; i++) {
		bool there = false;
		for (size_t j = 0; j < old->n_nexts; j++)
			there |= same_next(fresh, &fresh->nexts[i], old, &old->nexts[j]);
		if (!there)
			say(k, (struct version_change){
			               kind, "What comes next", fresh->nexts[i].name, { 0 }, { 0 }, 0, 0 });
	}
}

/* The list belongs to the whole line, so only a file can differ. */
static void
compare_reasons(struct comparing *k, const struct version *old, const struct version *fresh)
{
	for (size_t i = 0; i < fresh->n_reasons; i++) {
		const struct lost_reason *x = &fresh->reasons[i], *was = NULL;
		for (size_t j = 0; j < old->n_reasons; j++)
			if (str_eq(old->reasons[j].name, x->name))
				was = &old->reasons[j];
		if (!was) {
			say(k, (struct version_change){
			               VERSION_ADDED, "Reason for lost", x->name, { 0 }, { 0 }, 0, 0 });
			continue;
		}
		str words = field_changes(k, &lost_reason_record, was, x, "position");
		if (words.n)
			say(k, (struct version_change){
			               VERSION_CHANGED, "Reason for lost", x->name, { 0 }, words, 0, 0 });
	}
}

enum err
version_compare(struct arena *a, const struct version *old, const struct version *fresh, struct version_change **ret,
        size_t *ret_n)
{
	struct comparing k = { .arena = a };

	if (!str_eq(old->p.name, fresh->p.name))
		say(&k, (struct version_change){ VERSION_CHANGED, "Process", fresh->p.name, { 0 },
		                str_fmt(a, "Name: %.*s → %.*s", STR_ARG(old->p.name), STR_ARG(fresh->p.name)), 0, 0 });
	compare_stages(&k, old, fresh);
	compare_steps(&k, old, fresh);
	compare_rules(&k, old, fresh);
	compare_nexts(&k, old, fresh, VERSION_ADDED);
	compare_nexts(&k, fresh, old, VERSION_REMOVED);
	compare_reasons(&k, old, fresh);
	*ret = k.all;
	*ret_n = k.n;
	return OK;
}
