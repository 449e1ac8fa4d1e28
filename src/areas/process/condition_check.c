#include <string.h>

#include "areas/process/condition.h"

struct checking {
	struct arena *arena;
	const struct condition_world *world;
	struct faults *faults;
	str place;
	size_t n;
};

static void
say(struct checking *k, str what, str mend)
{
	k->n++;
	fault_add(k->faults, k->place, what, mend);
}

static const struct field *
field_named(struct arena *a, const struct record *r, str name)
{
	const struct field *f = record_field(r, name);
	str key;

	if (f || !a)
		return f;
	key = str_fold(a, name);
	for (size_t i = 0; i < r->n_fields; i++)
		if (str_eq(str_fold(a, str_of(r->fields[i].label)), key))
			return &r->fields[i];
	return NULL;
}

bool
condition_field(struct arena *a, const struct condition_world *w, str name, const struct field **ret,
        const struct field **ret_through, const struct condition_field **ret_more)
{
	str head, tail;

	*ret = *ret_through = NULL;
	*ret_more = NULL;
	for (size_t i = 0; i < w->n_more; i++)
		if (str_eq(w->more[i].name, name) || str_eq(str_fold(a, w->more[i].label), str_fold(a, name))) {
			*ret_more = &w->more[i];
			return true;
		}
	if ((*ret = field_named(a, w->deal, name)))
		return true;
	if (!str_cut(name, '.', &head, &tail))
		return false;
	*ret_through = field_named(a, w->deal, head);
	if (*ret_through && (*ret_through)->kind == F_REF)
		*ret = field_named(a, (*ret_through)->ref, tail);
	return *ret != NULL;
}

static const struct step *
step_named(const struct condition_world *w, str name, size_t *ret_n)
{
	const struct step *found = NULL;

	*ret_n = 0;
	for (size_t i = 0; i < w->n_steps; i++)
		if (str_eq(w->steps[i].name, name)) {
			found = &w->steps[i];
			++*ret_n;
		}
	return found;
}

static const struct step *
check_step(struct checking *k, const struct condition_term *t)
{
	size_t n;
	const struct step *s = step_named(k->world, t->name, &n);

	if (!n)
		say(k, str_fmt(k->arena, "step “%.*s” is not in this version", STR_ARG(t->name)),
		        STR("it was removed or renamed: take it out of the condition, or add the step again"));
	else if (n > 1)
		say(k, str_fmt(k->arena, "there are %zu steps called “%.*s”", n, STR_ARG(t->name)),
		        STR("give each its own name"));
	return n == 1 ? s : NULL;
}

/* Ordering asks for a size; containing asks for text. */
static bool
fits_op(enum field_kind kind, enum condition_op op)
{
	bool text = kind == F_TEXT || kind == F_LONG || kind == F_REF;
	bool sized = kind == F_INT || kind == F_DECIMAL || kind == F_MONEY || kind == F_DAY;

	if (op == CONDITION_KNOWN || op == CONDITION_UNKNOWN || op == CONDITION_IS || op == CONDITION_IS_NOT)
		return true;
	return op == CONDITION_HAS ? text : op == CONDITION_ONE_OF ? kind != F_BOOL : sized;
}

static bool
is_choice(struct arena *a, const struct choice *all, str text)
{
	for (size_t i = 1; all[i].code; i++)
		if (str_eq(str_of(all[i].code), text) || str_eq(str_fold(a, str_of(all[i].label)), str_fold(a, text)))
			return true;
	return false;
}

static str
choices_words(struct arena *a, const struct choice *all)
{
	str words = { 0 };

	for (size_t i = 1; all[i].code; i++)
		words = str_fmt(a, "%.*s%s\"%s\"", STR_ARG(words), i > 1 ? ", " : "", all[i].code);
	return words;
}

static bool
is_stage(const struct condition_world *w, str name)
{
	for (size_t i = 0; i < w->n_stages; i++)
		if (str_eq(w->stages[i].name, name))
			return true;
	return false;
}

struct asked {
	enum field_kind kind;
	const struct choice *choices;
	bool stage; /* the deal's stage: values are stages of this version */
	str label;
};

static void
check_value(struct checking *k, const struct asked *x, const struct condition_literal *v)
{
	const char *mend = NULL;

	switch (x->kind) {
	case F_INT:
	case F_DECIMAL:
	case F_MONEY:
		mend = v->kind != LITERAL_NUMBER             ? "compare it with a number, as 50000"
		       : x->kind != F_MONEY && v->currency.n ? "leave the currency away"
		                                             : NULL;
		break;
	case F_DAY:
		mend = v->kind != LITERAL_DAY && v->kind != LITERAL_TODAY
		               ? "compare it with a day as 2026-12-31, or today"
		               : NULL;
		break;
	case F_BOOL:
		mend = !str_same(v->text, STR("yes")) && !str_same(v->text, STR("no")) ? "compare it with yes or no"
		                                                                       : NULL;
		break;
	case F_CHOICE:
		if (v->kind != LITERAL_TEXT || !is_choice(k->arena, x->choices, v->text))
			mend = str_z(k->arena,
			        str_fmt(k->arena, "choose one of %.*s", STR_ARG(choices_words(k->arena, x->choices))));
		break;
	default:
		if (x->stage && !is_stage(k->world, v->text)) {
			say(k, str_fmt(k->arena, "stage “%.*s” is not in this version", STR_ARG(v->text)),
			        STR("it was removed or renamed: name one that is there"));
			return;
		}
		mend = v->kind == LITERAL_DAY || v->kind == LITERAL_TODAY ? "compare it with \"text\"" : NULL;
	}
	if (mend)
		say(k, str_fmt(k->arena, "“%.*s” is compared with something of another kind", STR_ARG(x->label)),
		        str_of(mend));
}

static void
check_comparison(struct checking *k, const struct condition_term *t, const struct asked *x)
{
	if (!fits_op(x->kind, t->op)) {
		say(k, str_fmt(k->arena, "“%.*s” cannot be compared like that", STR_ARG(x->label)),
		        x->kind == F_BOOL || x->kind == F_CHOICE ? STR("write is or is not")
		        : fits_op(x->kind, CONDITION_LEAST)
		                ? STR("write is, at least, at most, more than, less than, before or after")
		                : STR("write is, is not, contains or is one of"));
		return;
	}
	for (size_t i = 0; i < t->n_values; i++)
		check_value(k, x, &t->values[i]);
}

static bool
ask_field(struct checking *k, const struct condition_term *t, struct asked *ret)
{
	const struct field *f, *through;
	const struct condition_field *more;

	if (!condition_field(k->arena, k->world, t->name, &f, &through, &more)) {
		say(k, str_fmt(k->arena, "“%.*s” is no field of a deal", STR_ARG(t->name)),
		        STR("choose one from the list beside, or put words of a label into [brackets]"));
		return false;
	}
	if (more) {
		*ret = (struct asked){ .kind = more->kind, .choices = more->choices, .label = more->label };
		if (ret->kind == F_CHOICE && !ret->choices)
			ret->kind = F_TEXT; /* by its words */
		return true;
	}
	*ret = (struct asked){ .kind = f->kind, .choices = f->choices, .label = str_of(f->label) };
	ret->stage = f->kind == F_REF && f->ref == &stage_record && !through;
	if (f->kind != F_INSTANT)
		return true;
	say(k, str_fmt(k->arena, "“%s” cannot be asked for", f->label), STR("choose another field"));
	return false;
}

static void
check_term(struct checking *k, const struct condition_term *t)
{
	struct asked x = { .kind = F_INT, .label = t->name };
	const struct step *s;

	if (t->of == CONDITION_STEP) {
		(void)check_step(k, t);
	} else if (t->of == CONDITION_ANSWER) {
		s = check_step(k, t);
		x.kind = s && s->kind == STEP_NUMBER ? F_INT : F_TEXT;
		if (s)
			check_comparison(k, t, &x);
	} else if (t->of == CONDITION_COUNT || (t->of == CONDITION_FIELD && ask_field(k, t, &x))) {
		check_comparison(k, t, &x);
	}
}

static void
check_all(struct checking *k, const struct condition *x)
{
	if (x->kind == CONDITION_TERM)
		check_term(k, x->term);
	else
		for (const struct condition *c = x->first; c; c = c->next)
			check_all(k, c);
}

enum err
condition_check(
        struct arena *a, const struct condition *x, const struct condition_world *w, str place, struct faults *f)
{
	struct checking k = { .arena = a, .world = w, .faults = f, .place = place };

	if (x)
		check_all(&k, x);
	return k.n ? ERR_INPUT : OK;
}

enum err
condition_check_text(struct arena *a, str text, const struct condition_world *w, str place, struct faults *f)
{
	struct condition *x;
	enum err e = condition_parse(a, text, place, f, &x);

	return e == OK ? condition_check(a, x, w, place, f) : e;
}

/* ---- as people read it ---- */

static str
label_of(struct arena *a, const struct condition_term *t, const struct condition_world *w)
{
	const struct field *f, *through;
	const struct condition_field *more;

	if (t->of == CONDITION_COUNT) {
		str words = str_copy(a, t->name);
		for (size_t i = 0; i < words.n; i++)
			if (words.s[i] == '_')
				((char *)words.s)[i] = ' ';
		return str_fmt(a, "the number of %.*s", STR_ARG(words));
	}
	if (t->of == CONDITION_ANSWER)
		return str_fmt(a, "the answer to “%.*s”", STR_ARG(t->name));
	if (!w || !condition_field(a, w, t->name, &f, &through, &more))
		return t->name;
	if (more)
		return more->label;
	return through ? str_fmt(a, "%s of the %s", f->label, through->ref->label) : str_of(f->label);
}

static str
value_words(struct arena *a, const struct condition_literal *v)
{
	int64_t n;

	if (v->kind == LITERAL_DAY)
		return day_long(a, v->on);
	if (v->kind == LITERAL_TODAY)
		return v->days ? str_fmt(a, "%d day%s %s today", v->days < 0 ? -v->days : v->days,
		                         v->days == 1 || v->days == -1 ? "" : "s", v->days < 0 ? "before" : "after")
		               : STR("today");
	if (v->kind == LITERAL_TEXT)
		return str_fmt(a, "“%.*s”", STR_ARG(v->text));
	str words = v->text;
	if (str_to_i64(v->text, &n) && n >= 10000 && n < 1000000000000)
		words = n >= 1000000 ? str_fmt(a, "%lld,%03lld,%03lld", (long long)(n / 1000000),
		                               (long long)(n / 1000 % 1000), (long long)(n % 1000))
		                     : str_fmt(a, "%lld,%03lld", (long long)(n / 1000), (long long)(n % 1000));
	return v->currency.n ? str_fmt(a, "%.*s %.*s", STR_ARG(words), STR_ARG(v->currency)) : words;
}

static str
term_words(struct arena *a, const struct condition_term *t, const struct condition_world *w)
{
	static const char *const ops[] = { "is", "is not", "is at least", "is at most", "is more than", "is less than",
		"contains", "is known", "is not known", "is one of" };
	static const char *const there[3][2] = { { "the step “%.*s” is done", "the step “%.*s” is not done" },
		{ "a stakeholder as “%.*s” is known", "no stakeholder as “%.*s” is known" },
		{ "the competitor “%.*s” is named", "the competitor “%.*s” is not named" } };
	str words;

	if (t->of >= CONDITION_STEP) {
		str head, tail;
		str form = str_of(there[t->of - CONDITION_STEP][t->op == CONDITION_UNKNOWN]);
		size_t at = str_find(form, STR("%.*s"));
		head = str_first(form, at);
		tail = str_from(form, at + 4);
		return str_fmt(a, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(t->name), STR_ARG(tail));
	}
	words = str_fmt(a, "%.*s %s", STR_ARG(label_of(a, t, w)), ops[t->op]);
	for (size_t i = 0; i < t->n_values; i++)
		words = str_fmt(a, "%.*s%s%.*s", STR_ARG(words),
		        !i                     ? " "
		        : i + 1 == t->n_values ? " or "
		                               : ", ",
		        STR_ARG(value_words(a, &t->values[i])));
	return words;
}

str
condition_words(struct arena *a, const struct condition *x, const struct condition_world *w)
{
	str words = { 0 };

	if (!x)
		return STR("always");
	if (x->kind == CONDITION_TERM)
		return term_words(a, x->term, w);
	if (x->kind == CONDITION_NOT)
		return str_fmt(a, "it is not so that %.*s", STR_ARG(condition_words(a, x->first, w)));
	for (const struct condition *k = x->first; k; k = k->next) {
		str one = condition_words(a, k, w);
		bool marks = x->kind == CONDITION_AND && k->kind == CONDITION_OR;
		words = str_fmt(a, "%.*s%s%s%.*s%s", STR_ARG(words),
		        k == x->first              ? ""
		        : x->kind == CONDITION_AND ? " and "
		                                   : " or ",
		        marks ? "(" : "", STR_ARG(one), marks ? ")" : "");
	}
	return words;
}
