/* Fields of the company's own: rows that become descriptors. A record that may have them holds their values in one
   column, as JSON {"f0abc…":"value",…} in a sortable form; those that lists filter by stand in field_key as well, kept
   by the engine alone. No table is altered for a company.
   What it is not for: how they look in forms and lists (page/own.h). */
#ifndef RECORD_OWN_H
#define RECORD_OWN_H

#include "record/record.h"

enum own_kind { OWN_NONE, OWN_TEXT, OWN_NUMBER, OWN_DECIMAL, OWN_MONEY, OWN_DAY, OWN_CHOICE, OWN_BOOL, OWN_PERSON };
enum own_of { OWN_OF_NONE, OWN_OF_DEAL, OWN_OF_ACCOUNT, OWN_OF_CONTACT, OWN_OF_PROSPECT };
enum {
	OWN_MOST = 60,         /* fields of one kind of record that are in use */
	OWN_NAME_MOST = 60,    /* letters of a name */
	OWN_CHOICES_MOST = 60, /* choices of a field */
	OWN_TEXT_MOST = 500    /* letters of a text */
};

/* The row: what an administrator says about a field. */
struct own_field {
	struct row row;
	int about, kind; /* enum own_of, enum own_kind */
	str name;
	str choices;  /* one a line; the text is the value, so that files and lists read alike */
	str currency; /* of an amount: said once, so that values can be added and compared */
	bool required, listed, filtered, archived;
	int64_t position;
};

extern const struct record own_field_record;
extern const struct choice own_kinds[], own_ofs[];

/* What a descriptor (struct field) of such a field has more than others. */
struct own_more {
	id row; /* of the own_field */
	int kind;
	str currency;
	bool archived;
	struct arena *arena; /* values that are set live there */
};

/* The field that holds the values; NULL: records of that kind have no own fields. */
const struct field *own_holder(const struct record *r);
/* The descriptors of the company for r, archived ones too, in the company's order. */
enum err own_load(
        struct conn *c, struct arena *a, id org, const struct record *r, const struct field **ret, size_t *ret_n);
/* r with the fields of the company that are in use: for reading, lists, forms, JSON. r itself when there are none. */
enum err record_with_own(struct conn *c, struct arena *a, id org, const struct record *r, const struct record **ret);
/* The same with values that are set living in `values`: for work in batches. */
const struct record *record_own_in(struct arena *a, struct arena *values, const struct record *with);
/* The descriptor of one that may not be stored yet; the record's values live in a. */
struct field own_describe(struct arena *a, const struct record *r, const struct own_field *x);
/* By what people call it: a label of the program or of the company, folded; else its name. NULL: no such field. */
const struct field *record_field_called(struct arena *a, const struct record *r, str label);

/* What is to follow when a field of deals gets another name, in the same change set; set once at start. NULL: nothing.
 */
extern enum err (*own_renamed)(struct change *c, str was, str is);

/* ---- values: text in the normal form of field_text ---- */
bool own_is_null(const struct field *f, const void *object);
str own_text(struct arena *a, const struct field *f, const void *object);
/* False: no such value. A choice that is not on the list any more may stay where it stands. */
bool own_set(const struct field *f, void *object, str text);
/* The value as it stands over there, whatever it is. */
void own_take(const struct field *f, void *object, const void *from);
/* As people read it: day, amount, yes; a person's name is the caller's to find. */
str own_words(struct arena *a, const struct field *f, str text);
/* Text as field_key holds it: numbers in order, names folded. */
str own_key(struct arena *a, const struct field *f, str text);

/* ---- inside the engine ---- */
/* The fields of r in this change set, read once. */
enum err own_of_change(struct change *c, const struct record *r, const struct field **ret, size_t *ret_n);
/* "f0abc…" among the record's fields or the company's; NULL. */
const struct field *own_named(struct change *c, const struct record *r, str name);
/* Faults for values that no field has, or that a person may not refer to. */
enum err own_check_values(struct change *c, const struct record *r, const void *before, const void *after, str prefix);
/* field_key after a row was written; before or after may be NULL. */
enum err own_keys_write(struct change *c, const struct record *r, const void *before, const void *after);
/* How many values stand somewhere for a field or person of the company: what removal asks. */
enum err own_refers(struct conn *c, id org, const struct record *r, id row, int64_t *ret_n);
/* field_key against a recount. */
enum err own_check(struct conn *c, struct arena *a, id org, struct check_report *ret);

#endif
