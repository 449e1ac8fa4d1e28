#include "page/act.h"

#include <string.h>

#include "page/page.h"

bool
act_is(const struct route *x)
{
	return x->method == HTTP_POST && !x->any_kind && x->policy != POLICY_LINK && x->policy != POLICY_PUBLIC &&
	       strncmp(x->path, "/api/", 5) != 0;
}

static void
push_of(struct arena *a, const struct act_field *f, struct act_field **all, size_t *n, size_t *cap)
{
	str rest = str_of(f->name), one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		bool needed = str_ends(one, STR("!"));
		const struct field *of = record_field(f->of, needed ? str_first(one, one.n - 1) : one);
		assert(of);
		arena_grow(a, *all, *n, *cap);
		(*all)[(*n)++] = (struct act_field){
			.kind = ACT_OF, .name = of->name, .what = of->label, .of = f->of, .needed = needed, .field = of
		};
	}
}

/* One row a field. */
static const struct act_field *
flatten(struct arena *a, const struct act_field *takes)
{
	struct act_field *all = NULL;
	size_t n = 0, cap = 0;

	for (const struct act_field *f = takes; f->name; f++) {
		if (f->kind == ACT_OF) {
			push_of(a, f, &all, &n, &cap);
			continue;
		}
		arena_grow(a, all, n, cap);
		all[n++] = *f;
	}
	arena_grow(a, all, n, cap);
	all[n] = (struct act_field){ .name = NULL };
	for (size_t i = 0; i < n; i++) /* a name stands once */
		assert(act_is_pattern(&all[i]) || act_field(all, str_of(all[i].name)) == &all[i]);
	return all;
}

static const struct act_body *
row_of(const struct act_body *const *tables, const char *path)
{
	for (; *tables; tables++)
		for (const struct act_body *x = *tables; x->path; x++)
			if (strcmp(x->path, path) == 0)
				return x;
	return NULL;
}

const struct act_field *const *
acts_of(struct arena *a, const struct route *routes, const struct act_body *const *tables)
{
	size_t n = 0, rows = 0, used = 0;

	while (routes[n].path)
		n++;
	const struct act_field **all = arena_new(a, const struct act_field *, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct act_body *x = act_is(&routes[i]) ? row_of(tables, routes[i].path) : NULL;
		assert((x != NULL) == act_is(&routes[i]));
		all[i] = x ? flatten(a, x->takes) : NULL;
		used += x != NULL;
	}
	for (const struct act_body *const *t = tables; *t; t++)
		for (const struct act_body *x = *t; x->path; x++)
			rows++;
	assert(rows == used);
	return all;
}

const struct act_field *
act_takes(const struct page_env *env, const struct route *x)
{
	return env && env->acts && x ? env->acts[x - env->routes] : NULL;
}

/* "p#_*" stands for p0_name, p12_kind … */
static bool
stands_for(const char *pattern, str name)
{
	size_t i = 0;

	for (; *pattern && *pattern != '*'; pattern++) {
		size_t from = i;
		while (*pattern == '#' && i < name.n && name.s[i] >= '0' && name.s[i] <= '9')
			i++;
		if (*pattern == '#' ? i == from : i >= name.n || name.s[i++] != *pattern)
			return false;
	}
	return *pattern == '*' ? i < name.n : i == name.n;
}

bool
act_is_pattern(const struct act_field *f)
{
	return strpbrk(f->name, "#*") != NULL;
}

const struct act_field *
act_field(const struct act_field *all, str name)
{
	for (int patterns = 0; patterns < 2; patterns++) /* a name of its own first */
		for (const struct act_field *f = all; f && f->name; f++)
			if (act_is_pattern(f) == patterns && stands_for(f->name, name))
				return f;
	return NULL;
}
