#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "areas/deals/past.h"
#include "areas/imports/book.h"
#include "areas/imports/pipeline.h"
#include "sheet/xlsx.h"
#include "record/own.h"

static enum map_kind
kind_of(const struct record *r, const struct field *f)
{
	if (strcmp(f->name, "external_id") == 0)
		return MAP_ID;
	if (strcmp(f->name, "currency") == 0)
		return MAP_CURRENCY;
	if (strcmp(f->name, "outcome") == 0)
		return MAP_OUTCOME;
	switch (f->kind) {
	case F_REF:
		return f->ref == &stage_record && r == &deal_record                 ? MAP_STAGE
		       : !f->ref || f->ref == &person_record || r == &person_record ? MAP_PERSON
		                                                                    : MAP_TEXT;
	case F_MONEY:
		return MAP_MONEY;
	case F_INT:
	case F_DECIMAL:
		return MAP_NUMBER;
	case F_DAY:
		return MAP_DAY;
	case F_INSTANT:
		return MAP_INSTANT;
	case F_BOOL:
		return MAP_BOOL;
	default:
		return MAP_TEXT;
	}
}

static bool
offered(const struct record *r, const struct field *f)
{
	if (strcmp(f->name, "outcome") == 0)
		return true;
	if (f->system || strcmp(f->name, "source") == 0 || strcmp(f->name, "process") == 0 ||
	        strcmp(f->name, "category") == 0)
		return false;
	if (r == &contact_record && strcmp(f->name, "reports_to") == 0)
		return false; /* a chart is drawn here: files name people that they have not brought yet */
	return !(r == &person_record && strcmp(f->name, "role") == 0);
}

/* What a file must say; the rest has a default. */
static bool
required(const struct record *r, const struct field *f)
{
	return f->required && r != &deal_record && strcmp(f->name, "currency") != 0 && strcmp(f->name, "subject") != 0;
}

const struct map_target *
import_targets(struct arena *a, const struct record *with, size_t *ret_n)
{
	const struct record *r = with->base ? with->base : with;
	struct map_target *t = arena_new(a, struct map_target, with->n_fields + with->n_own);
	size_t n = 0;

	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (offered(r, f))
			t[n++] = (struct map_target){ f->name, f->label, kind_of(r, f), required(r, f), f->synonyms };
	}
	for (size_t i = 0; i < with->n_own; i++) {
		const struct field *f = &with->own[i];
		t[n++] = (struct map_target){ f->name, f->label, kind_of(r, f), false, NULL };
	}
	*ret_n = n;
	return t;
}

/* The record of the kind, with the company's own fields. */
struct targets {
	id org;
	const struct record *record;
};

static enum err
load_targets(struct conn *c, struct arena *a, void *what)
{
	struct targets *t = what;

	return record_with_own(c, a, t->org, t->record, &t->record);
}

static enum err
read_head(const struct import_source *from, char buffer[4], str *ret)
{
	FILE *in = from->path ? fopen(from->path, "rb") : NULL;

	*ret = from->path ? (str){ buffer, 0 } : str_first(from->text, 4);
	if (in) {
		ret->n = fread(buffer, 1, 4, in);
		fclose(in);
	}
	return !from->path || in ? OK : errno == ENOENT || errno == ENOTDIR ? ERR_ABSENT : ERR_IO;
}

/* A sheet of a workbook as text of a table; ERR_ABSENT when it is no workbook. */
static enum err
open_workbook(struct arena *a, const struct import_source *from, struct faults *f, struct csv **ret, const str **sheets,
        size_t *n_sheets)
{
	struct xlsx *x;
	str text;
	enum err e = xlsx_open(a, from->path, from->text, from->name, f, &x);

	if (e != OK)
		return e;
	*n_sheets = xlsx_sheets(x, sheets);
	e = xlsx_text(x, from->sheet, f, &text);
	return e == OK ? csv_open_text(a, text, (struct csv_options){ ENCODING_UTF8, ',', 0 }, f, ret) : e;
}

static enum err
open_any(struct arena *a, const struct import_source *from, struct csv_options options, struct faults *f,
        struct csv **ret, const str **sheets, size_t *n_sheets)
{
	char buffer[4];
	struct stat s;
	str head;
	enum err e = read_head(from, buffer, &head);

	if (from->path && stat(from->path, &s) == 0 && S_ISDIR(s.st_mode))
		return fault_add(f, from->name, STR("is a folder"), STR("name one file"));
	if (e == ERR_ABSENT)
		return fault_add(f, from->name, STR("there is no such file"), STR("check the path"));
	if (e == OK && xlsx_is(head)) {
		e = open_workbook(a, from, f, ret, sheets, n_sheets);
		if (e != ERR_ABSENT)
			return e;
		e = OK;
	}
	if (e != OK)
		return e;
	return from->path ? csv_open_file(a, from->path, options, f, ret)
	                  : csv_open_text(a, from->text, options, f, ret);
}

enum err
import_open(struct arena *a, const struct import_source *from, struct csv_options options, struct faults *f,
        struct csv **ret)
{
	const str *sheets;
	size_t n;

	return open_any(a, from, options, f, ret, &sheets, &n);
}

static str
fingerprint_of(struct arena *a, const struct csv_shape *shape)
{
	str all = { 0 };

	for (size_t i = 0; i < shape->n_columns; i++)
		all = str_fmt(a, "%.*s\n%.*s", STR_ARG(all), STR_ARG(str_fold(a, shape->columns[i].name)));
	return str_fmt(a, "%zu-%016llx", shape->n_columns, (unsigned long long)str_hash(all));
}

static void
keep_preview(struct arena *a, struct import_look *l, const struct csv_row *row)
{
	str *cells = arena_new(a, str, l->shape->n_columns + 1);

	for (size_t i = 0; i < row->n_fields && i < l->shape->n_columns; i++)
		cells[i] = str_copy(a, str_first(row->fields[i], 120));
	l->preview[l->n_preview++] = cells;
}

struct recall {
	const struct grant *grant;
	int kind;
	str fingerprint;
	struct import_map map;
	struct book *people, *accounts, *products, *campaigns;
};

static enum err
recall(struct conn *c, struct arena *a, void *what)
{
	struct recall *r = what;
	const struct {
		struct book **to;
		const struct record *of;
	} books[] = { { &r->people, &person_record }, { &r->accounts, &account_record },
		{ &r->products, &product_record }, { &r->campaigns, &campaign_record } };
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof books / sizeof *books; i++) {
		*books[i].to = arena_new(a, struct book, 1);
		e = book_load(*books[i].to, c, a, r->grant, books[i].of);
	}
	return e == OK ? import_recall(c, a, r->grant, r->kind, r->fingerprint, &r->map) : e;
}

/* "GTXPro" for our "GTX Pro": proposed as another spelling. */
static void
propose_products(struct arena *a, struct import_look *l, const struct book *products)
{
	struct map *m = &l->proposal.map;

	for (size_t i = 0; i < m->n_columns; i++) {
		size_t at =
		        str_eq(m->columns[i].to, STR("product")) ? csv_find(l->shape, m->columns[i].from) : SIZE_MAX;
		const struct column_facts *facts = at == SIZE_MAX ? NULL : &l->sniff.columns[at];
		if (!facts || !facts->values)
			continue;
		struct map_value *values = arena_new(a, struct map_value, m->n_values + facts->n_values + 1);
		if (m->n_values)
			memcpy(values, m->values, m->n_values * sizeof *values);
		m->values = values;
		for (size_t k = 0; k < facts->n_values; k++) {
			str text = facts->values[k].text;
			size_t near = text.n && book_find(products, a, text) == SIZE_MAX ? book_near(products, a, text)
			                                                                 : SIZE_MAX;
			if (near != SIZE_MAX)
				values[m->n_values++] = (struct map_value){ STR("product"), str_copy(a, text),
					products->all[near].name };
		}
	}
}

/* People, accounts, products, contacts and targets are found again by what they are called or about; only deals and
   activities need an id. */
static void
forget_key_note(struct faults *notes, const struct record *r)
{
	struct fault **at = &notes->first;

	if (r == &deal_record || r == &activity_record || r == &past_record)
		return;
	while (*at && !str_eq((*at)->place, STR("key")))
		at = &(*at)->next;
	if (*at) {
		*at = (*at)->next;
		notes->n--;
	}
}

/* Of a deal's id and its name in a history the id says which one is meant. */
static void
prefer_id(struct map_proposal *p, const struct csv_shape *shape)
{
	static const char *const ids[] = { "opportunity id", "opportunityid", "deal id", "deal - id", "record id",
		"object id", "potential id" };
	size_t named = SIZE_MAX, own = SIZE_MAX;

	for (size_t i = 0; i < shape->n_columns; i++) {
		if (p->guesses[i].target && strcmp(p->guesses[i].target->name, "deal") == 0)
			named = i;
		for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
			if (str_same(shape->columns[i].name, str_of(ids[k])) && !p->guesses[i].target)
				own = i;
	}
	if (named == SIZE_MAX || own == SIZE_MAX)
		return;
	p->guesses[own] = p->guesses[named];
	p->guesses[named] = (struct map_guess){ 0 };
	for (size_t i = 0; i < p->map.n_columns; i++)
		if (str_eq(p->map.columns[i].to, STR("deal")))
			p->map.columns[i].from = shape->columns[own].name;
}

enum err
import_look(struct db *d, struct arena *a, const struct grant *g, int kind, const struct import_source *from,
        struct csv_options options, bool fresh, struct faults *f, struct import_look *ret)
{
	struct recall r = { .grant = g, .kind = kind };
	struct csv *csv;
	struct csv_row row;
	struct faults unused;
	const str *sheets = NULL;
	size_t n_sheets = 0;
	enum err e = open_any(a, from, options, f, &csv, &sheets, &n_sheets);

	if (e != OK)
		return e;
	*ret = (struct import_look){ .shape = csv_shape(csv), .sheets = sheets, .n_sheets = n_sheets };
	column_sniff_init(&ret->sniff, a, ret->shape);
	while ((e = csv_next(csv, &row)) == OK) {
		if (ret->n_preview < IMPORT_PREVIEW && !row.fault)
			keep_preview(a, ret, &row);
		column_sniff_row(&ret->sniff, &row);
		if (row.n >= IMPORT_SNIFF_ROWS)
			break;
	}
	if (e != OK && e != ERR_ABSENT)
		return e;
	column_sniff_end(&ret->sniff);
	struct targets t = { g->org, import_target(kind) };
	e = db_read(d, a, load_targets, &t);
	if (e != OK)
		return e;
	ret->targets = import_targets(a, t.record, &ret->n_targets);
	map_propose(a, ret->shape, &ret->sniff, ret->targets, ret->n_targets, &ret->proposal);
	ret->targets = import_new_targets(a, t.record, ret->targets, &ret->n_targets);
	forget_key_note(&ret->proposal.notes, import_target(kind));
	if (kind == IMPORT_HISTORY)
		prefer_id(&ret->proposal, ret->shape);
	r.fingerprint = ret->fingerprint = fingerprint_of(a, ret->shape);
	e = db_read(d, a, recall, &r);
	if (e != OK && e != ERR_ABSENT)
		return e;
	ret->people = r.people;
	ret->accounts = r.accounts;
	ret->products = r.products;
	ret->campaigns = r.campaigns;
	propose_products(a, ret, r.products);
	faults_init(&unused, a);
	ret->remembered = !fresh && e == OK && map_parse(a, r.map.map, &unused, &ret->map) == OK;
	if (!ret->remembered)
		ret->map = ret->proposal.map;
	return OK;
}
