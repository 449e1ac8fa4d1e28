/* Values of a file that name nothing stored, and what may be meant by them (D5). */
#include <string.h>

#include "areas/deals/deals.h"
#include "areas/imports/book.h"
#include "areas/imports/pipeline.h"
#include "base/near.h"

enum { VALUES_MOST = 100, NAMES_MOST = 60, BOOK_MOST = 20000, SQUEEZED = 1 };

struct work {
	struct arena *arena;
	const struct import_look *look;
	const struct map *map;
	struct import_value *values;
	size_t n;
};

static const struct book *
book_for(const struct import_look *l, const struct record *of)
{
	return of == &person_record     ? l->people
	       : of == &account_record  ? l->accounts
	       : of == &product_record  ? l->products
	       : of == &campaign_record ? l->campaigns
	                                : NULL;
}

static bool
is_known(struct arena *a, const struct book *b, str source, str text)
{
	return book_find(b, a, text) != SIZE_MAX || book_find_mail(b, a, text) != SIZE_MAX ||
	       book_find_external(b, a, source, text) != SIZE_MAX;
}

/* The same but for blanks, dots and dashes: "gtxpro", "gtx-pro". */
static bool
same_squeezed(str x, str y)
{
	static const char passed[] = " .-_/";
	size_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < x.n && strchr(passed, x.s[i]))
			i++;
		while (k < y.n && strchr(passed, y.s[k]))
			k++;
		if (i >= x.n || k >= y.n)
			return i >= x.n && k >= y.n;
		if (x.s[i] != y.s[k])
			return false;
	}
}

static void
offer(struct import_value *v, int *errors, str name, int n)
{
	size_t at = v->n_near;

	while (at > 0 && errors[at - 1] > n)
		at--;
	if (at == IMPORT_NEAR)
		return;
	if (v->n_near < IMPORT_NEAR)
		v->n_near++;
	for (size_t i = v->n_near - 1; i > at; i--) {
		v->near[i] = v->near[i - 1];
		errors[i] = errors[i - 1];
	}
	v->near[at] = name;
	errors[at] = n;
}

/* The nearest first: other blanks, then the fewest typing errors. In very large books people type the name. */
static void
offer_names(struct work *w, const struct book *b, struct import_value *v)
{
	int errors[IMPORT_NEAR];
	str folded = str_fold(w->arena, v->from);

	for (size_t i = 0; b->by_name.n <= BOOK_MOST && i < b->by_name.n; i++) {
		str key = b->by_name.items[i].key;
		int n = same_squeezed(folded, key) ? 0 : near_fit(folded, key);
		if (n >= 0)
			offer(v, errors, b->all[b->by_name.items[i].what].name,
			        same_squeezed(folded, key) ? 0 : n + SQUEEZED);
	}
}

static const str *
all_names(struct work *w, const struct book *b, size_t *ret_n)
{
	str *names = arena_new(w->arena, str, NAMES_MOST + 1);

	*ret_n = 0;
	for (size_t i = 0; b->n <= NAMES_MOST && i < b->n; i++)
		names[(*ret_n)++] = b->all[i].name;
	return names;
}

static struct import_value *
add_value(struct work *w, const struct map_target *t, const struct column_value *x)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->values[i].field, str_of(t->name)) && str_eq(w->values[i].from, x->text))
			return NULL;
	if (w->n == VALUES_MOST || cell_empty(x->text))
		return NULL;
	w->values[w->n] = (struct import_value){
		.field = str_of(t->name), .label = str_of(t->label), .from = x->text, .n = x->n
	};
	return &w->values[w->n++];
}

static void
add_names(struct work *w, const struct map_target *t, const struct column_facts *facts, const struct book *b)
{
	size_t n = 0;
	const str *names = all_names(w, b, &n);

	for (size_t i = 0; b->n && i < facts->n_values; i++) {
		struct import_value *v = NULL;
		if (!is_known(w->arena, b, w->map->source, facts->values[i].text))
			v = add_value(w, t, &facts->values[i]);
		if (!v)
			continue;
		offer_names(w, b, v);
		v->names = names;
		v->n_names = n;
		v->typed = !n;
		v->otherwise = "created";
	}
}

static bool
has_stage(struct work *w, str name)
{
	str key = str_fold(w->arena, name);

	for (size_t i = 0; i < w->map->n_stages; i++)
		if (str_eq(str_fold(w->arena, w->map->stages[i].name), key))
			return true;
	return false;
}

/* A mapping that was made for another file may lack stages of this one. */
static void
add_stages(struct work *w, const struct map_target *t, const struct column_facts *facts)
{
	str *names = arena_new(w->arena, str, w->map->n_stages + 1);

	for (size_t i = 0; i < w->map->n_stages; i++)
		names[i] = w->map->stages[i].name;
	for (size_t i = 0; w->map->n_stages && i < facts->n_values; i++) {
		int errors[IMPORT_NEAR];
		struct import_value *v = NULL;
		if (!has_stage(w, facts->values[i].text))
			v = add_value(w, t, &facts->values[i]);
		for (size_t k = 0; v && k < w->map->n_stages; k++) {
			int n = near_fit(str_fold(w->arena, v->from), str_fold(w->arena, names[k]));
			if (n >= 0)
				offer(v, errors, names[k], n);
		}
		if (v) {
			v->names = names;
			v->n_names = w->map->n_stages;
			v->otherwise = "a stage of its own";
		}
	}
}

static void
add_outcomes(struct work *w, const struct map_target *t, const struct column_facts *facts)
{
	static const str words[] = { STR_INIT("open"), STR_INIT("won"), STR_INIT("lost") };

	for (size_t i = 0; i < facts->n_values; i++) {
		struct import_value *v = add_value(w, t, &facts->values[i]);
		if (v) {
			v->names = words;
			v->n_names = sizeof words / sizeof *words;
			v->otherwise = "what the words say";
		}
	}
}

size_t
import_values(struct arena *a, const struct import_look *l, int kind, const struct map *m, struct import_value **ret)
{
	const struct record *r = import_target(kind);
	struct work w = { a, l, m, arena_new(a, struct import_value, VALUES_MOST), 0 };

	for (size_t i = 0; i < m->n_columns; i++) {
		size_t at = csv_find(l->shape, m->columns[i].from);
		const struct column_facts *facts = at == SIZE_MAX ? NULL : &l->sniff.columns[at];
		const struct map_target *t = NULL;
		for (size_t k = 0; k < l->n_targets; k++)
			if (str_eq(m->columns[i].to, str_of(l->targets[k].name)))
				t = &l->targets[k];
		if (!t || !facts || !facts->values)
			continue;
		const struct field *f = record_field(r, str_of(t->name));
		const struct book *b = f && f->kind == F_REF && f->ref != r ? book_for(l, f->ref) : NULL;
		if (t->kind == MAP_STAGE)
			add_stages(&w, t, facts);
		else if (t->kind == MAP_OUTCOME)
			add_outcomes(&w, t, facts);
		else if (b)
			add_names(&w, t, facts, b);
	}
	*ret = w.values;
	return w.n;
}
