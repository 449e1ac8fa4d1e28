#include "record/find.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/near.h"

#define HITS_MOST       12    /* of one kind */
#define CANDIDATES_MOST 20000 /* of one kind, before they are ranked */
#define AT_ONCE         60    /* of the ranked ones, asked for under the rights of the lists */

void
find_init(struct conn *c, struct arena *a, const struct grant *g, str q, struct find *ret)
{
	str rest, word;

	*ret = (struct find){ .conn = c, .arena = a, .grant = g };
	ret->asked = rest = str_trim(str_fold(a, str_first(q, 100)));
	while (rest.n && ret->n_words < FIND_WORDS) {
		str_cut(rest, ' ', &word, &rest);
		if (word.n)
			ret->words[ret->n_words++] = word;
	}
}

bool
find_forgives(const struct find *f)
{
	for (size_t i = 0; i < f->asked.n; i++) {
		unsigned char b = (unsigned char)f->asked.s[i];
		if (b < 0x80 && b != ' ' && b != '-' && b != '.' && b != ',' && !isalnum(b))
			return false;
	}
	return true;
}

str
find_may(const struct find *f, const struct find_in *in)
{
	if (in->open)
		return (str){ 0 };
	return str_join(f->arena, record_may(f->arena, f->grant, record_find(str_of(in->table))), str_of(in->only));
}

bool
find_known(const struct find *f, const struct find_in *in, id row)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->hits[i].in == in && f->hits[i].row == row)
			return true;
	return false;
}

void
find_push(struct find *f, struct find_hit hit)
{
	arena_grow(f->arena, f->hits, f->n, f->cap);
	f->hits[f->n++] = hit;
}

/* " and (x.name_key like … or …) and (…)": each word by its parts; errors: at most that many a word. */
static str
conditions(const struct find *f, const struct find_in *in, int most, struct db_value *values, size_t *ret_n)
{
	struct arena *a = f->arena;
	str sql = { 0 }, parts[3];
	size_t n = 0;

	for (size_t w = 0; w < f->n_words; w++) {
		int errors = near_forgiven(str_letters(f->words[w]));
		size_t n_parts = near_parts(f->words[w], errors < most ? errors : most, parts);
		for (size_t p = 0; p < n_parts; p++) {
			values[n++] = DB_T(record_like(a, parts[p]));
			sql = str_fmt(a, "%.*s %s x.%s_key like $%zu escape '!'", STR_ARG(sql), p ? "or" : "and (",
			        in->name, n + 2);
		}
		sql = str_join(a, sql, STR(")"));
	}
	*ret_n = n;
	return sql;
}

/* The rows of a statement that selects id and name. */
static enum err
take(struct find *f, const struct find_in *in, str sql, const struct db_value *values, size_t n)
{
	struct rows rows;
	enum err e = record_query(f->conn, f->arena, f->grant, str_z(f->arena, sql), values, n, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows))
		if (!find_known(f, in, db_int(&rows, 0)))
			find_push(f, (struct find_hit){ in, db_int(&rows, 0), db_text(&rows, 1), 0 });
	return db_end(&rows);
}

enum err
find_starting(struct find *f, const struct find_in *in, size_t most)
{
	/* U+10FFFF is above every letter that a folded name may hold, in the order of both databases: by bytes */
	struct db_value values[2] = { DB_T(f->asked), DB_T(str_join(f->arena, f->asked, STR("\xf4\x8f\xbf\xbf"))) };

	return take(f, in,
	        str_fmt(f->arena,
	                "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.%s_key >= $3 and t.%s_key < "
	                "$4%.*s order by t.%s_key, t.id limit %zu",
	                in->name, in->table, in->name, in->name, STR_ARG(find_may(f, in)), in->name, most),
	        values, 2);
}

enum err
find_exactly(struct find *f, const struct find_in *in)
{
	struct db_value values[3 * FIND_WORDS];
	size_t n;
	str words = conditions(f, in, 0, values, &n);

	return take(f, in,
	        str_fmt(f->arena,
	                "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.id in (select x.id from %s "
	                "x where x.org_id = $1%.*s) %.*s limit %d",
	                in->name, in->table, in->table, STR_ARG(words), STR_ARG(find_may(f, in)), HITS_MOST),
	        values, n);
}

struct candidate {
	id row;
	int errors;
};

static int
by_fit(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	return a->errors != b->errors ? a->errors - b->errors : a->row < b->row ? 1 : -1;
}

/* Names near what was asked, the nearest first; ids and errors alone, which nobody is shown. */
static enum err
find_candidates(struct find *f, const struct find_in *in, int most, struct candidate **ret, size_t *ret_n)
{
	struct arena *a = f->arena;
	struct db_value values[3 * FIND_WORDS];
	struct candidate *c = NULL;
	size_t n, found = 0, cap = 0;
	struct rows rows;
	str words = conditions(f, in, most, values, &n);
	str sql = str_fmt(a, "select x.id, x.%s_key from %s x where x.org_id = $1 and $2 = $2%.*s limit %d", in->name,
	        in->table, STR_ARG(words), CANDIDATES_MOST);
	enum err e = record_query(f->conn, a, f->grant, str_z(a, sql), values, n, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		struct candidate x = { db_int(&rows, 0), near_fit(f->asked, db_text_raw(&rows, 1)) };
		if (x.errors < 0 || find_known(f, in, x.row))
			continue;
		arena_grow(a, c, found, cap);
		c[found++] = x;
	}
	if (found)
		qsort(c, found, sizeof *c, by_fit);
	*ret = c;
	*ret_n = found;
	return db_end(&rows);
}

/* Those of the candidates that the asking person may see. */
static enum err
admit(struct find *f, const struct find_in *in, const struct candidate *c, size_t n)
{
	struct arena *a = f->arena;
	struct db_value values[AT_ONCE];
	str marks = { 0 };
	size_t had = f->n;

	for (size_t i = 0; i < n; i++) {
		values[i] = DB_I(c[i].row);
		marks = str_fmt(a, "%.*s%s$%zu", STR_ARG(marks), i ? ", " : "", i + 3);
	}
	enum err e = take(f, in,
	        str_fmt(a, "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.id in (%.*s) %.*s",
	                in->name, in->table, STR_ARG(marks), STR_ARG(find_may(f, in))),
	        values, n);
	for (size_t i = had; i < f->n; i++)
		for (size_t k = 0; k < n; k++)
			if (c[k].row == f->hits[i].row)
				f->hits[i].errors = c[k].errors;
	return e;
}

enum err
find_nearly(struct find *f, const struct find_in *in, int errors)
{
	struct candidate *c;
	size_t n, had = f->n;
	enum err e = find_candidates(f, in, errors, &c, &n);

	for (size_t at = 0; e == OK && at < n && f->n < had + HITS_MOST; at += AT_ONCE)
		e = admit(f, in, c + at, n - at < AT_ONCE ? n - at : AT_ONCE);
	return e;
}
