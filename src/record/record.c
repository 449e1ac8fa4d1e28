#include "record/record.h"

#include <string.h>

#include "record/own.h"

int
choice_of(const struct choice *all, str code)
{
	for (int i = 1; all[i].code; i++)
		if (str_eq(code, str_of(all[i].code)))
			return i;
	return 0;
}

const struct record *
record_find(str name)
{
	for (size_t i = 0; record_all[i]; i++)
		if (str_eq(name, str_of(record_all[i]->name)))
			return record_all[i];
	return NULL;
}

/* Asked for several times a row of a file: most names differ in the first letter. */
static bool
is_named(const struct field *f, str name)
{
	return f->name[0] == name.s[0] && strncmp(f->name, name.s, name.n) == 0 && !f->name[name.n];
}

const struct field *
record_field(const struct record *r, str name)
{
	if (!name.n)
		return NULL;
	for (size_t i = 0; i < r->n_fields; i++)
		if (is_named(&r->fields[i], name))
			return &r->fields[i];
	for (size_t i = 0; i < r->n_own; i++)
		if (is_named(&r->own[i], name))
			return &r->own[i];
	return NULL;
}

const struct field *
record_field_at(const struct record *r, size_t i)
{
	return i < r->n_fields ? &r->fields[i] : &r->own[i - r->n_fields];
}

static void *
place(const struct field *f, void *object)
{
	return (char *)object + f->at;
}

static const void *
place_of(const struct field *f, const void *object)
{
	return (const char *)object + f->at;
}

static void
set_null(const struct field *f, void *object)
{
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		*(str *)place(f, object) = (str){ 0 };
		break;
	case F_REF:
		*(id *)place(f, object) = 0;
		break;
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		*(int64_t *)place(f, object) = NO_INT;
		break;
	case F_DAY:
		*(day *)place(f, object) = DAY_NONE;
		break;
	case F_BOOL:
		*(bool *)place(f, object) = false;
		break;
	case F_CHOICE:
		*(int *)place(f, object) = 0;
		break;
	}
}

void
record_init(const struct record *r, void *ret)
{
	memset(ret, 0, r->size);
	for (size_t i = 0; i < r->n_fields; i++)
		set_null(&r->fields[i], ret);
}

bool
field_is_null(const struct field *f, const void *object)
{
	const void *p = place_of(f, object);

	if (f->own)
		return own_is_null(f, object);
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		return ((const str *)p)->n == 0;
	case F_REF:
		return *(const id *)p == 0;
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		return *(const int64_t *)p == NO_INT;
	case F_DAY:
		return !day_is(*(const day *)p);
	case F_BOOL:
		return false;
	case F_CHOICE:
		return *(const int *)p == 0;
	}
	return true;
}

str
field_text(struct arena *a, const struct field *f, const void *object)
{
	const void *p = place_of(f, object);

	if (f->own)
		return own_text(a, f, object);
	if (field_is_null(f, object))
		return (str){ 0 };
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		return *(const str *)p;
	case F_REF:
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		return str_i64(a, *(const int64_t *)p);
	case F_DAY:
		return day_iso(a, *(const day *)p);
	case F_BOOL:
		return *(const bool *)p ? STR("1") : STR("0");
	case F_CHOICE:
		return str_of(f->choices[*(const int *)p].code);
	}
	return (str){ 0 };
}

static bool
set_choice(const struct field *f, void *object, str text)
{
	for (int i = 0; f->choices[i].code; i++) {
		if (!str_eq(text, str_of(f->choices[i].code)))
			continue;
		*(int *)place(f, object) = i;
		return true;
	}
	return false;
}

static bool
set_bool(const struct field *f, void *object, str text)
{
	bool yes = str_eq(text, STR("1")) || str_eq(text, STR("true")) || str_eq(text, STR("on"));

	*(bool *)place(f, object) = yes;
	return yes || !text.n || str_eq(text, STR("0")) || str_eq(text, STR("false"));
}

bool
field_set_text(const struct field *f, void *object, str text)
{
	int64_t n;

	if (f->own)
		return own_set(f, object, text);
	if (!text.n && f->kind != F_BOOL) {
		set_null(f, object);
		return true;
	}
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		*(str *)place(f, object) = text;
		return true;
	case F_REF:
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		if (!str_to_i64(text, &n))
			return false;
		*(int64_t *)place(f, object) = n;
		return true;
	case F_DAY:
		return day_parse(text, place(f, object));
	case F_BOOL:
		return set_bool(f, object, text);
	case F_CHOICE:
		return set_choice(f, object, text);
	}
	return false;
}

bool
field_equal(const struct field *f, const void *x, const void *y)
{
	const void *p = place_of(f, x), *q = place_of(f, y);

	if (f->own)
		return str_eq(own_text(f->own->arena, f, x), own_text(f->own->arena, f, y));
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		return str_eq(*(const str *)p, *(const str *)q);
	case F_REF:
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		return *(const int64_t *)p == *(const int64_t *)q;
	case F_DAY:
		return ((const day *)p)->n == ((const day *)q)->n;
	case F_BOOL:
		return *(const bool *)p == *(const bool *)q;
	case F_CHOICE:
		return *(const int *)p == *(const int *)q;
	}
	return false;
}
