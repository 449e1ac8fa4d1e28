/* Inside the engine: a struct's way to and from a database row.
   What it is not for: anybody outside record/. */
#ifndef RECORD_ROW_H
#define RECORD_ROW_H

#include "record/record.h"

/* How many rows at a time are given to a prepared insert: their values stay in the processor's cache. */
enum { ROW_FEW = 64 };

struct db_value row_value(struct arena *a, const struct field *f, const void *object);
/* How many columns a record's own fields take in an insert: fields and folded keys. */
size_t row_columns(const struct record *r);
/* Values of org_id, id, version, edited, every field and key, in the order of row_column_list. */
void row_values(struct arena *a, const struct record *r, id org, const void *object, struct db_value *ret);
str row_column_list(struct arena *a, const struct record *r);
/* What lists sort by: the column, or its expression where it may be NULL. alias "t." or "". */
str row_sort_column(struct arena *a, const struct field *f, const char *alias);
/* Loads one row without regard to reach; ERR_ABSENT. */
enum err row_load(struct conn *c, struct arena *a, id org, const struct record *r, id row, void *ret);
enum err row_insert(struct conn *c, struct arena *a, id org, const struct record *r, const void *object);
/* Where version is still `was`; ERR_STALE otherwise. */
enum err row_update(struct conn *c, struct arena *a, id org, const struct record *r, const void *object, int64_t was);
enum err row_delete(struct conn *c, struct arena *a, id org, const struct record *r, id row, int64_t was);
/* The whole row as JSON text {"field":"normal form",…}, nulls left out; and the way back. */
str row_json(struct arena *a, const struct record *r, const void *object);
/* The same without what rules compute: the first change of such a field tells what it was before. */
str row_json_said(struct arena *a, const struct record *r, const void *object);
bool row_from_json(struct arena *a, const struct record *r, str json, void *ret);
/* What a change set has found to be there (known.c). */
struct known_row *known_find(const struct change *c, const struct record *r, id row);
void known_add(struct change *c, const struct record *r, id row);
/* Facts of that kind of record are read again. */
void known_changed(struct change *c, const struct record *r);
/* Does the grant's write predicate cover the persons that this row names? */
enum err row_reach(struct change *c, const struct record *r, const void *object);
/* ret[i]: the stored row of that id, NULL where it is gone. */
enum err known_rows(struct change *c, const struct record *r, const id *rows, size_t n, const void **ret);
/* ret[i] becomes true where the statement "select SELECT from TABLE t where … BY in (rows)" answers rows[i]. */
enum err known_among(struct change *c, const char *table, str select, str by, const id *rows, size_t n, bool *ret);
/* Deletes those rows, all there a moment ago; ERR_STALE when one is gone. */
enum err known_delete(struct change *c, const struct record *r, const id *rows, size_t n);
/* Every reference of the objects that is there and to be seen becomes known, in a few statements. */
enum err known_fetch(struct change *c, const struct record *r, void *const *objects, size_t n);
/* ret[i]: the stored row of objects[i], where that has a version; ERR_ABSENT when one is gone. */
enum err known_load(struct change *c, const struct record *r, void *const *objects, size_t n, const void **ret);
/* What a row is called: its first text field, else "deal 0abc…". */
str row_name(struct arena *a, const struct record *r, const void *object);

#endif
