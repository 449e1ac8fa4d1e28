/* Acts of pages in the API's description: each with the body that it takes, from the table beside its route
   (page/act.h). What it is not for: what an act does. */
#include <string.h>

#include "api/spec.h"

/* "/deals/:/move" → "/deals/{part1}/move". */
static const char *
template_path(struct arena *a, const char *path, int *ret_n)
{
	str rest = str_from(str_of(path), 1), one, all = { 0 };

	*ret_n = 0;
	while (rest.n) {
		str_cut(rest, '/', &one, &rest);
		bool variable = str_eq(one, STR(":")) || str_eq(one, STR("*"));
		if (variable)
			all = str_fmt(a, "%.*s/{part%d}", STR_ARG(all), ++*ret_n);
		else
			all = str_fmt(a, "%.*s/%.*s", STR_ARG(all), STR_ARG(one));
	}
	return str_z(a, all);
}

static void
put_types(struct json *j, const char *const *types)
{
	json_key(j, "type");
	json_array(j);
	for (; *types; types++)
		json_str(j, str_of(*types));
	json_end(j);
}

static void
put_words(struct json *j, const struct act_field *f)
{
	str rest = str_of(f->words), one;

	spec_type(j, "string", !f->needed);
	json_key(j, "enum");
	json_array(j);
	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		json_str(j, one);
	}
	if (!f->needed)
		json_null(j);
	json_end(j);
}

static void
put_amount(struct json *j, bool null)
{
	static const char *const types[] = { "string", "integer", "null", NULL };
	static const char *const needed[] = { "string", "integer", NULL };

	put_types(j, null ? types : needed);
}

/* A field of a record: an amount is typed as people do, and none may be left empty unless it is needed. */
static void
put_of(struct json *j, const struct act_field *f)
{
	struct field x = *f->field;

	x.required = f->needed;
	if (x.kind == F_MONEY)
		put_amount(j, !f->needed);
	else if (x.kind == F_BOOL)
		spec_type(j, "boolean", true);
	else
		spec_kind(j, &x);
}

static void
put_value(struct json *j, const struct act_field *f)
{
	static const char *const any[] = { "string", "integer", "boolean", "null", NULL };
	static const char *const own[] = { "string", "number", "boolean", "null", NULL };

	switch (f->kind) {
	case ACT_TEXT:
		spec_type(j, "string", !f->needed);
		break;
	case ACT_ID:
		spec_type(j, "string", !f->needed);
		spec_pair(j, "pattern", "^[0-9a-z]{11}$");
		break;
	case ACT_DAY:
		spec_type(j, "string", !f->needed);
		spec_pair(j, "format", "date");
		break;
	case ACT_NUMBER:
		spec_type(j, "integer", !f->needed);
		spec_pair(j, "format", "int64");
		break;
	case ACT_AMOUNT:
		put_amount(j, !f->needed);
		break;
	case ACT_YES:
		spec_type(j, "boolean", !f->needed);
		break;
	case ACT_WORD:
		put_words(j, f);
		break;
	case ACT_ANY:
		put_types(j, any);
		break;
	case ACT_OWN:
		put_types(j, own);
		break;
	case ACT_OF:
		put_of(j, f);
		break;
	}
}

static bool
is_id(const struct act_field *f)
{
	return f->kind == ACT_ID || (f->kind == ACT_OF && f->field->kind == F_REF);
}

static void
put_described(struct json *j, const struct act_field *f)
{
	if (is_id(f) && !f->many) {
		json_key(j, "anyOf");
		json_array(j);
		json_object(j);
		put_value(j, f);
		json_end(j);
		json_object(j);
		spec_pair(j, "type", "string");
		spec_pair(j, "description", "A name, where the field of this name with :of says of which record");
		json_end(j);
		json_end(j);
	} else if (f->many) {
		json_key(j, "anyOf");
		json_array(j);
		json_object(j);
		put_value(j, f);
		json_end(j);
		json_object(j);
		spec_pair(j, "type", "array");
		spec_open(j, "items");
		put_value(j, f);
		json_end(j);
		json_end(j);
		json_end(j);
	} else {
		put_value(j, f);
	}
	spec_pair(j, "description", f->what);
}

/* "p#_*" → "^p[0-9]+_." */
static const char *
pattern_of(struct arena *a, const char *name)
{
	str all = STR("^");

	for (; *name; name++)
		all = *name == '#'   ? str_join(a, all, STR("[0-9]+"))
		      : *name == '*' ? str_join(a, all, STR("."))
		                     : str_join(a, all, (str){ name, 1 });
	return str_z(a, name[-1] == '*' ? all : str_join(a, all, STR("$")));
}

static void
put_patterns(struct json *j, struct arena *a, const struct act_field *takes)
{
	bool any = false, ids = false;

	for (const struct act_field *f = takes; f->name; f++) {
		any |= act_is_pattern(f);
		ids |= is_id(f);
	}
	if (!any && !ids)
		return;
	spec_open(j, "patternProperties");
	if (ids) {
		spec_open(j, "^[a-z_]+:of$");
		spec_pair(j, "type", "string");
		spec_pair(j, "description", "The record whose row a name stands for, as account");
		json_end(j);
	}
	for (const struct act_field *f = takes; f->name; f++)
		if (act_is_pattern(f)) {
			spec_open(j, f->kind == ACT_OWN ? "^f[0-9a-z]{11}$" : pattern_of(a, f->name));
			put_described(j, f);
			json_end(j);
		}
	json_end(j);
}

static size_t
put_needed(struct json *j, const struct act_field *takes)
{
	size_t n = 0;

	for (const struct act_field *f = takes; f->name; f++)
		n += f->needed;
	if (!n)
		return 0;
	json_key(j, "required");
	json_array(j);
	for (const struct act_field *f = takes; f->name; f++)
		if (f->needed)
			json_str(j, str_of(f->name));
	json_end(j);
	return n;
}

static void
put_body(struct json *j, struct arena *a, const struct act_field *takes)
{
	spec_open(j, "requestBody");
	json_key(j, "required");
	json_bool(j, true);
	spec_open(j, "content");
	spec_open(j, "application/json");
	spec_open(j, "schema");
	spec_pair(j, "type", "object");
	json_key(j, "additionalProperties");
	json_bool(j, false);
	put_needed(j, takes);
	spec_open(j, "properties");
	spec_open(j, "idem");
	spec_type(j, "string", true);
	spec_pair(j, "description", "As the header Idempotency-Key");
	json_end(j);
	for (const struct act_field *f = takes; f->name; f++)
		if (!act_is_pattern(f)) {
			spec_open(j, f->name);
			put_described(j, f);
			json_end(j);
		}
	json_end(j);
	put_patterns(j, a, takes);
	for (int i = 0; i < 4; i++)
		json_end(j);
}

static void
put_act(struct json *j, struct arena *a, const struct route *x, const struct act_field *takes)
{
	int n;
	const char *path = template_path(a, x->path, &n);

	spec_open(j, path);
	spec_operation(j, a, "post", "Acts", "act", path, x->what);
	json_key(j, "parameters");
	json_array(j);
	for (int i = 1; i <= n; i++)
		spec_parameter(j, "path", str_z(a, str_fmt(a, "part%d", i)), "string", "The id or word at this place");
	spec_idempotency(j);
	json_end(j);
	put_body(j, a, takes);
	spec_answer(j, "200", "Done", "application/json");
	spec_refer(j, "schemas", "Done");
	spec_answer_end(j, true);
	json_end(j);
}

void
spec_acts(struct json *j, struct request *r)
{
	static const struct act_field none[] = { { .name = NULL } };

	for (const struct route *x = r->env->routes; x->path; x++)
		if (act_is(x)) {
			const struct act_field *takes = act_takes(r->env, x);
			put_act(j, r->arena, x, takes ? takes : none);
		}
}
