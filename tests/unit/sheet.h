/* What the tests of sheet/ share: opening a table from text or from tests/golden/csv.
   What it is not for: other libraries' tests. */
#ifndef TEST_SHEET_H
#define TEST_SHEET_H

#include <stdio.h>

#include "sheet/csv.h"
#include "unit.h"

#define GOLDEN(name) TESTS_FOLDER "/golden/csv/" name

static inline struct csv *
open_file(struct arena *a, const char *path)
{
	struct faults f;
	struct csv *c = NULL;
	faults_init(&f, a);
	enum err e = csv_open_file(a, path, (struct csv_options){ 0 }, &f, &c);
	if (e != OK)
		fail_msg("%s: %s %.*s", path, err_name(e), STR_ARG(f.first ? f.first->what : (str){ 0 }));
	return c;
}

static inline struct csv *
open_text(struct arena *a, str text, struct csv_options o)
{
	struct faults f;
	struct csv *c = NULL;
	faults_init(&f, a);
	assert_int_equal(csv_open_text(a, text, o, &f, &c), OK);
	return c;
}

/* All the rest, as "field|field#" a row; a fault as "!its name@line#". */
static inline str
all_rows(struct arena *a, struct csv *c)
{
	struct csv_row r;
	str all = STR("");
	enum err e;
	while ((e = csv_next(c, &r)) == OK) {
		if (r.fault)
			all = str_fmt(a, "%.*s!%s@%lld", STR_ARG(all), csv_fault_name(r.fault), (long long)r.line);
		for (size_t i = 0; !r.fault && i < r.n_fields; i++)
			all = str_fmt(a, "%.*s%s%.*s", STR_ARG(all), i ? "|" : "", STR_ARG(r.fields[i]));
		all = str_join(a, all, STR("#"));
	}
	assert_int_equal(e, ERR_ABSENT);
	return all;
}

static inline str
rows_of(struct arena *a, str text)
{
	return all_rows(a, open_text(a, text, (struct csv_options){ 0 }));
}

#endif
