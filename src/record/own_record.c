/* The record of an own field, and what may be said about one. */
#include <string.h>

#include "record/own.h"
#include "record/row.h"

enum err own_field_changed(struct change *c, const void *const *before, const void *const *after, size_t n);

const struct choice own_kinds[] = { { "", "" }, { "text", "Text" }, { "number", "Whole number" },
	{ "decimal", "Number with decimals" }, { "money", "Amount" }, { "day", "Day" }, { "choice", "Choice" },
	{ "yesno", "Yes or no" }, { "person", "Person" }, { NULL, NULL } };
const struct choice own_ofs[] = { { "", "" }, { "deal", "Deals" }, { "account", "Accounts" }, { "contact", "Contacts" },
	{ "prospect", "Prospects" }, { NULL, NULL } };

static enum err
check_taken(struct change *c, const struct own_field *x, struct faults *f)
{
	const struct record *of = record_find(str_of(own_ofs[x->about].code));
	const struct field *all;
	size_t n, used = 0;
	str key = str_fold(c->arena, x->name);
	enum err e = own_of_change(c, of, &all, &n);

	for (size_t i = 0; i < of->n_fields; i++)
		if (!of->fields[i].holds_own && str_eq(key, str_fold(c->arena, str_of(of->fields[i].label))))
			return fault_add(f, STR("name"), STR("is the name of a field that is there already"),
			        STR("choose another"));
	for (size_t i = 0; e == OK && i < n; i++) {
		bool other = all[i].own->row != x->row.id;
		used += other && !all[i].own->archived;
		if (other && str_eq(key, str_fold(c->arena, str_of(all[i].label))))
			return fault_add(f, STR("name"),
			        all[i].own->archived ? STR("is the name of an archived field")
			                             : STR("is the name of another field"),
			        STR("choose another, or use that one"));
	}
	if (e == OK && !x->archived && used >= OWN_MOST)
		return fault_add(f, STR("name"),
		        str_fmt(c->arena, "would be one field too many: %d are in use", OWN_MOST),
		        STR("archive one first"));
	return e;
}

static void
check_choices(struct change *c, const struct own_field *x, struct faults *f)
{
	str seen[OWN_CHOICES_MOST + 1], rest = x->choices, line;
	size_t n = 0;

	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		line = str_trim(line);
		if (!line.n)
			continue;
		if (str_letters(line) > OWN_NAME_MOST)
			fault_add(f, STR("choices"),
			        str_fmt(c->arena, "“%.*s…” is too long", STR_ARG(str_first(line, 40))),
			        str_fmt(c->arena, "at most %d letters a choice", OWN_NAME_MOST));
		for (size_t i = 0; i < n; i++)
			if (str_eq(str_fold(c->arena, line), seen[i]))
				fault_add(f, STR("choices"), str_fmt(c->arena, "“%.*s” is there twice", STR_ARG(line)),
				        STR("keep one of them"));
		if (n == OWN_CHOICES_MOST) {
			fault_add(f, STR("choices"), STR("are too many"),
			        str_fmt(c->arena, "at most %d", OWN_CHOICES_MOST));
			return;
		}
		seen[n++] = str_fold(c->arena, line);
	}
	if (!n)
		fault_add(f, STR("choices"), STR("are missing"), STR("write at least one, each on its own line"));
}

/* A field that rows have values of is archived, never removed. */
static enum err
check_unused(struct change *c, const struct own_field *x, struct faults *f)
{
	const struct record *of = record_find(str_of(own_ofs[x->about].code));
	int64_t one;
	str sql = str_fmt(
	        c->arena, "select 1 from %s where org_id = $1 and %s like $2 limit 1", of->table, own_holder(of)->name);
	enum err e = db_one_int(c->conn, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org),
	                DB_T(str_fmt(c->arena, "%%\"f%.*s\"%%", STR_ARG(id_text(c->arena, x->row.id))))),
	        &one);

	if (e == OK)
		return fault_add(f, STR("name"), STR("is filled in somewhere"), STR("archive it instead"));
	return e == ERR_ABSENT ? OK : e;
}

static enum err
derive(struct change *c, const void *before, void *after)
{
	struct own_field *x = after;

	(void)before;
	x->name = str_trim(x->name);
	if (x->kind != OWN_CHOICE)
		x->choices = (str){ 0 };
	if (x->kind != OWN_MONEY)
		x->currency = (str){ 0 };
	else if (!x->currency.n) {
		struct rows rows;
		enum err e = db_query(c->conn, c->arena, "select currency from company where org_id = $1 and id = $1",
		        DB_ARGS(DB_I(c->grant->org)), &rows);
		if (e != OK)
			return e;
		if (db_next(&rows))
			x->currency = db_text(&rows, 0);
		return db_end(&rows);
	}
	return OK;
}

static enum err
check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct own_field *was = before, *x = after;

	if (!x)
		return check_unused(c, was, f);
	if (was && was->kind != x->kind)
		return fault_add(f, STR("kind"), STR("is fixed once the field is there"),
		        STR("archive this field and add another"));
	if (was && was->about != x->about)
		return fault_add(f, STR("about"), STR("is fixed once the field is there"),
		        STR("archive this field and add another"));
	if (was && !str_eq(was->currency, x->currency))
		return fault_add(f, STR("currency"), STR("is fixed once the field is there"),
		        STR("archive this field and add another"));
	if (x->kind == OWN_MONEY && !money_known(x->currency))
		return fault_add(f, STR("currency"), STR("is no currency"), STR("write its three letters, as EUR"));
	if (x->kind == OWN_CHOICE)
		check_choices(c, x, f);
	return check_taken(c, x, f);
}

static const struct field fields[] = {
	FIELD(struct own_field, about, CHOICE, "Of", .required = 1, .choices = own_ofs, .list = 1, .filter = 1),
	FIELD(struct own_field, name, TEXT, "Field", .required = 1, .most = OWN_NAME_MOST, .list = 1),
	FIELD(struct own_field, kind, CHOICE, "Kind", .required = 1, .choices = own_kinds, .list = 1, .filter = 1),
	FIELD(struct own_field, choices, LONG, "Choices", .most = 4000),
	FIELD(struct own_field, currency, TEXT, "Currency", .most = 3),
	FIELD(struct own_field, required, BOOL, "Required", .list = 1),
	FIELD(struct own_field, listed, BOOL, "Shown in lists", .list = 1),
	FIELD(struct own_field, filtered, BOOL, "Lists are filtered by it", .list = 1),
	FIELD(struct own_field, archived, BOOL, "Archived", .list = 1, .filter = 1),
	FIELD(struct own_field, position, INT, "Place", .least = 0, .greatest = 100000),
};

const struct record own_field_record = {
	.name = "own_field",
	.api = "own-fields",
	.api_write = true,
	.table = "own_field",
	.label = "own field",
	.plural = "own fields",
	.size = sizeof(struct own_field),
	FIELDS(fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "about", NULL },
	.purpose = "What this company wants to know about its deals, accounts, contacts and prospects beside what "
	           "everybody "
	           "does.",
	.retention = "As long as a record has a value in it.",
	.derive = derive,
	.check = check,
	.changed = own_field_changed,
};
