/* Columns that have no place become fields of the company's own, under the column's name, made with the import (D5).
   The mapping says the kind alone, "new-number"; a later file finds the field by its name, so that none is made twice.
 */
#include "areas/imports/run.h"
#include "html/html.h"
#include "record/own.h"

#include <string.h>

static const struct new_kind {
	const char *to, *label;
	enum map_kind kind;
	enum own_kind own;
} new_kinds[] = { { "new-text", "A new field of our own: text", MAP_TEXT, OWN_TEXT },
	{ "new-number", "A new field of our own: whole number", MAP_NUMBER, OWN_NUMBER },
	{ "new-decimal", "A new field of our own: number with decimals", MAP_NUMBER, OWN_DECIMAL },
	{ "new-money", "A new field of our own: amount", MAP_MONEY, OWN_MONEY },
	{ "new-day", "A new field of our own: day", MAP_DAY, OWN_DAY },
	{ "new-yesno", "A new field of our own: yes or no", MAP_BOOL, OWN_BOOL },
	{ "new-choice", "A new field of our own: choice", MAP_TEXT, OWN_CHOICE } };

enum { NEW_KINDS = sizeof new_kinds / sizeof *new_kinds };

static const struct new_kind *
kind_named(str to)
{
	for (size_t i = 0; i < NEW_KINDS; i++)
		if (str_eq(to, str_of(new_kinds[i].to)))
			return &new_kinds[i];
	return NULL;
}

bool
import_is_new(str to)
{
	return kind_named(to) != NULL;
}

const struct map_target *
import_new_targets(struct arena *a, const struct record *with, const struct map_target *known, size_t *n)
{
	struct map_target *all = arena_new(a, struct map_target, *n + NEW_KINDS);

	if (!own_holder(with->base ? with->base : with))
		return known;
	memcpy(all, known, *n * sizeof *all);
	for (size_t i = 0; i < NEW_KINDS; i++)
		all[(*n)++] =
		        (struct map_target){ new_kinds[i].to, new_kinds[i].label, new_kinds[i].kind, false, NULL };
	return all;
}

enum { CHOICES_GUESSED = 40, CHOICE_ROWS = 12, CHOICE_TIMES = 4 };

/* Few texts that come again and again: a list to choose from. */
static bool
is_choice(const struct column_facts *f)
{
	int64_t filled = f->n - f->empty, most = 0;

	if (f->kind != COLUMN_TEXT || !f->values || f->n_values < 2 || f->n_values > CHOICES_GUESSED)
		return false;
	for (size_t i = 0; i < f->n_values; i++) {
		if (str_letters(f->values[i].text) > OWN_NAME_MOST)
			return false;
		most = f->values[i].n > most ? f->values[i].n : most;
	}
	return filled >= CHOICE_ROWS && filled >= CHOICE_TIMES * (int64_t)f->n_values && most > 1;
}

/* "7 values in 4,213 rows: Gold, Silver, Bronze …" */
str
import_new_why(struct arena *a, const struct column_facts *f)
{
	str names = { 0 };

	if (!is_choice(f))
		return (str){ 0 };
	for (size_t i = 0; i < f->n_values && i < 3; i++)
		names = str_fmt(a, "%.*s%s%.*s", STR_ARG(names), i ? ", " : "", STR_ARG(f->values[i].text));
	return str_fmt(a, "%zu values in %.*s rows: %.*s%s", f->n_values, STR_ARG(html_int_text(a, f->n - f->empty)),
	        STR_ARG(names), f->n_values > 3 ? " …" : "");
}

/* What does not fit all that was seen stays text: a kind cannot be changed later. */
const char *
import_new_guess(const struct column_facts *f)
{
	if (is_choice(f))
		return "new-choice";
	if (f->unfit || f->n_codes > 1)
		return "new-text";
	switch (f->kind) {
	case COLUMN_DAY:
		return "new-day";
	case COLUMN_WHOLE:
		return "new-number";
	case COLUMN_NUMBER:
		return "new-decimal";
	case COLUMN_MONEY:
		return "new-money";
	case COLUMN_BOOL:
		return "new-yesno";
	default:
		return "new-text";
	}
}

/* ---- in an import ---- */

static const struct field *
field_called(struct arena *a, const struct record *r, const struct field *own, size_t n, str name)
{
	str key = str_fold(a, name);

	for (size_t i = 0; i < n; i++)
		if (str_eq(key, str_fold(a, str_of(own[i].label))))
			return &own[i];
	for (size_t i = 0; i < r->n_fields; i++)
		if (!r->fields[i].holds_own && str_eq(key, str_fold(a, str_of(r->fields[i].label))))
			return &r->fields[i];
	return NULL;
}

static str
name_of(struct arena *a, str column)
{
	str name = str_trim(column);

	while (str_letters(name) > OWN_NAME_MOST) /* never within a letter */
		do
			name = str_first(name, name.n - 1);
		while (name.n && !str_utf8(name));
	return str_copy(a, str_trim(name));
}

static enum err
refuse(struct run *r, str column, str what)
{
	return fault_add(r->job->faults, str_fmt(r->keep, "column %.*s", STR_ARG(column)), what,
	        STR("let it go to that field, rename the column, or leave it out"));
}

/* A field of that name that is there already is taken, where it is of that kind. */
static enum err
take_known(struct run *r, struct conn *c, const struct field *f, const struct new_kind *k, str column)
{
	if (!f->own)
		return refuse(r, column, str_fmt(r->keep, "“%s” is a field that is there already", f->label));
	if (f->own->archived)
		return refuse(r, column, str_fmt(r->keep, "“%s” is an archived field of our own", f->label));
	if (f->own->kind != (int)k->own)
		return refuse(r, column, str_fmt(r->keep, "“%s” is a field of our own of another kind", f->label));
	if (k->own != OWN_CHOICE)
		return OK;
	r->growing[r->n_growing] = (struct growing){ .field = f };
	return record_load(c, r->keep, &r->grant, &own_field_record, f->own->row, &r->growing[r->n_growing++].stored);
}

static void
begin_field(struct run *r, str name, const struct new_kind *k, struct own_field *x)
{
	record_init(&own_field_record, x);
	x->row.id = id_new();
	x->about = choice_of(own_ofs, str_of(r->record->name));
	x->kind = (int)k->own;
	x->name = name;
	if (k->own == OWN_MONEY)
		x->currency = r->job->map->currency[0] ? str_copy(r->keep, str_of(r->job->map->currency))
		                                       : r->company.currency;
	x->listed = false; /* a list of a file's columns is none to read; one tick away */
	x->filtered = true;
	x->position = 1000 + (int64_t)r->n_fresh; /* behind those that somebody put in order */
}

/* own: the company's fields with room for the new ones. */
static enum err
place_column(struct run *r, struct conn *conn, struct map_column *c, struct field *own, size_t *n_own, size_t n_known)
{
	const struct new_kind *k = kind_named(c->to);
	str name = name_of(r->keep, c->from);
	enum err e = OK;

	if (!k)
		return OK;
	if (!name.n)
		return refuse(r, c->from, STR("has no name to call a field by"));
	const struct field *f = field_called(r->keep, r->record, own, *n_own, name);
	if (f && f >= own + n_known && f < own + *n_own)
		return refuse(r, c->from, STR("has the name of another column that becomes a field"));
	if (f) {
		e = r->n_growing == MAP_NEW_MOST ? refuse(r, c->from, STR("would be one new field too many"))
		                                 : take_known(r, conn, f, k, c->from);
	} else if (*n_own >= n_known + MAP_NEW_MOST) {
		return refuse(r, c->from, STR("would be one new field too many"));
	} else {
		struct own_field *x = &r->fresh[r->n_fresh++];
		begin_field(r, name, k, x);
		own[*n_own] = own_describe(r->keep, r->record, x);
		f = &own[(*n_own)++];
		if (k->own == OWN_CHOICE)
			r->growing[r->n_growing++] = (struct growing){ .field = f, .fresh = x };
	}
	c->to = str_of(f->name);
	return e;
}

enum err
fields_load(struct run *r, struct conn *c)
{
	struct map *m = arena_copy(r->keep, r->job->map, sizeof *m);
	struct map_column *columns = arena_new(r->keep, struct map_column, m->n_columns + 1);
	const struct field *known;
	struct record *with;
	size_t n, n_known = 0, used = 0;
	enum err e = own_load(c, r->keep, r->grant.org, r->record, &known, &n_known);

	r->with = r->record;
	if (e != OK || !own_holder(r->record))
		return e;
	struct field *own = arena_new(r->keep, struct field, n_known + MAP_NEW_MOST);
	if (n_known)
		memcpy(own, known, n_known * sizeof *own);
	n = n_known;
	if (m->n_columns)
		memcpy(columns, m->columns, m->n_columns * sizeof *columns);
	r->fresh = arena_new(r->keep, struct own_field, MAP_NEW_MOST);
	r->growing = arena_new(r->keep, struct growing, MAP_NEW_MOST);
	for (size_t i = 0; i < m->n_columns; i++)
		if (place_column(r, c, &columns[i], own, &n, n_known) != OK)
			e = ERR_INPUT;
	if (e != OK)
		return e;
	m->columns = columns;
	r->job->map = m;
	for (size_t i = 0; i < n; i++)
		if (!own[i].own->archived)
			own[used++] = own[i];
	with = arena_copy(r->keep, r->record, sizeof *with);
	with->base = r->record;
	with->own = own;
	with->n_own = used;
	r->with = used ? with : r->record;
	return OK;
}

/* ---- choices, of the values that the file has ---- */

str
fields_choice(struct run *r, const struct field *f, str text)
{
	struct growing *g = NULL;
	struct choice *all = (struct choice *)(uintptr_t)f->choices; /* ours, with room: own_describe */
	size_t n = 1;

	for (size_t i = 0; i < r->n_growing; i++)
		if (r->growing[i].field->own->row == f->own->row)
			g = &r->growing[i];
	while (g && all[n].code)
		n++;
	text = str_trim(text);
	if (!g || n > OWN_CHOICES_MOST || !text.n || str_letters(text) > OWN_NAME_MOST ||
	        str_find_byte(text, '\n') != SIZE_MAX)
		return (str){ 0 };
	all[n].code = all[n].label = str_z(r->keep, text);
	g->n_more++;
	return str_of(all[n].code);
}

/* What is written stands in the record that is saved. */
size_t
fields_grown(struct run *r, void **ret)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_fresh; i++)
		ret[n++] = &r->fresh[i];
	for (size_t i = 0; i < r->n_growing; i++) {
		struct growing *g = &r->growing[i];
		str lines = { 0 };
		for (const struct choice *c = g->field->choices + 1; c->code; c++)
			lines = str_fmt(r->keep, "%.*s%s%s", STR_ARG(lines), lines.n ? "\n" : "", c->code);
		if (g->fresh)
			g->fresh->choices = lines;
		else if (g->n_more) {
			g->stored.choices = lines;
			ret[n++] = &g->stored;
		}
	}
	return n;
}

static void
note_grown(struct run *r)
{
	struct arena *a = r->job->arena;

	for (size_t i = 0; i < r->n_growing; i++) {
		const struct growing *g = &r->growing[i];
		if (g->n_more)
			fault_add(&r->job->notes, str_copy(a, str_of(g->field->label)),
			        str_fmt(a, "gets %zu %s", g->n_more,
			                g->fresh ? "choices: the values that the file has"
			                         : "more choices from the file"),
			        STR("mend spellings in the file, or later among the fields of our own"));
	}
}

void
fields_note(struct run *r)
{
	struct arena *a = r->job->arena;
	str names = { 0 };

	for (size_t i = 0; i < r->n_fresh; i++)
		names = str_fmt(a, "%.*s%s%.*s (%s)", STR_ARG(names), names.n ? ", " : "", STR_ARG(r->fresh[i].name),
		        own_kinds[r->fresh[i].kind].label);
	if (names.n)
		fault_add(&r->job->notes, str_fmt(a, "%zu field%s of our own", r->n_fresh, r->n_fresh == 1 ? "" : "s"),
		        str_fmt(a, "will be made: %.*s", STR_ARG(names)),
		        STR("undo of the import takes a field back, too, unless somebody filled it in elsewhere; then "
		            "it "
		            "stays, and is named"));
	note_grown(r);
}
