/* Fields of the company's own on pages: in forms, as facts, in lists, as words.
   What it is not for: what they are and how they are kept (record/own.h). */
#ifndef PAGE_OWN_H
#define PAGE_OWN_H

#include "page/page.h"
#include "record/own.h"

/* The record with the company's own fields in use; rec itself when there are none, or when they cannot be read. */
const struct record *page_own(struct request *r, const struct record *rec);
/* Fills the own fields that the form has, in what people type; faults at the fields. creating: required ones are asked
   for. */
enum err page_fill_own(struct request *r, const struct record *rec, bool creating, void *object);
/* What stands in it, for people: a person's name, an amount with its sign; empty: nothing. */
str own_field_words(struct request *r, const struct field *f, const void *object);
/* The same of a text in normal form: of a change line, of a filter. */
str own_text_words(struct request *r, const struct field *f, str text);

/* Does it stand on the right, as numbers do? */
bool own_is_number(const struct field *f);
/* What is typed in a filter, in the form that list_parse takes; what does not fit comes back as it is, for its fault.
 */
str own_filter_text(struct arena *a, const struct field *f, str typed);

/* As a file has it, and an import reads it: amounts without sign, days as 2026-02-28. */
str own_csv_text(struct request *r, const struct field *f, const void *object);

/* For templates; each writes nothing where there are no own fields. */
void tpl_own_inputs(struct view *view, struct request *r, const struct record *rec, const void *object);
void tpl_own_facts(struct view *view, struct request *r, const struct record *rec, const void *object); /* dt, dd */
void tpl_own_heads(struct view *view, struct request *r, const struct record *rec);
void tpl_own_cells(struct view *view, struct request *r, const struct record *rec, const void *object);
/* Choices of a sentence's filter, by each field that lists are filtered by. */
void tpl_own_filters(struct view *view, struct request *r, const struct record *rec);

#endif
