#include "record/find.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/near.h"
#include "record/named.h"

#define HITS_MOST       12 /* of one kind */
#define CANDIDATES_MOST FIND_CANDIDATES
#define NEWEST          300
#define AT_ONCE         60 /* of the ranked ones, asked for under the rights of the lists; then ten times that */

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

/* By a look at every name. */
static enum err
look_through(struct find *f, const struct find_in *in)
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

/* Names near what was asked, the nearest first; ids and errors alone, which nobody is shown. */
static enum err
find_candidates(struct find *f, const struct find_in *in, int most, struct words_hit **ret, size_t *ret_n)
{
	struct arena *a = f->arena;
	struct db_value values[3 * FIND_WORDS];
	const struct words_ask asked = { .near = true, .length = f->asked.n };
	struct words_hit *c = NULL;
	size_t n, found = 0, cap = 0;
	struct rows rows;
	str words = conditions(f, in, most, values, &n);
	str sql = str_fmt(a, "select x.id, x.%s_key from %s x where x.org_id = $1 and $2 = $2%.*s limit %d", in->name,
	        in->table, STR_ARG(words), CANDIDATES_MOST);
	enum err e = record_query(f->conn, a, f->grant, str_z(a, sql), values, n, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		str key = db_text_raw(&rows, 1);
		struct words_hit x = { db_int(&rows, 0), near_fit(f->asked, key), words_more(&asked, key.n) };
		if (x.errors < 0)
			continue;
		arena_grow(a, c, found, cap);
		c[found++] = x;
	}
	if (found)
		qsort(c, found, sizeof *c, words_by_fit);
	*ret = c;
	*ret_n = found;
	return db_end(&rows);
}

/* Those of the candidates that the asking person may see: the first of them in their order. */
static enum err
admit(struct find *f, const struct find_in *in, const struct words_hit *c, size_t n, size_t most)
{
	struct db_value ids = DB_T(named_json(f->arena, c, n));
	size_t had = f->n, k = 0;
	enum err e = take(f, in,
	        str_fmt(f->arena,
	                "select t.id, t.%s from {lite:json_each($3) j|pg:json_array_elements_text(cast($3 as json)) "
	                "with ordinality as j (value, key)} cross join %s t where t.org_id = $1 and $2 = $2 and t.id = "
	                "cast(j.value as bigint)%.*s order by j.key limit %zu",
	                in->name, in->table, STR_ARG(find_may(f, in)), most),
	        &ids, 1);

	for (size_t i = had; i < f->n; i++) {
		while (k < n && c[k].row != f->hits[i].row)
			k++;
		f->hits[i].errors = k < n ? c[k].errors : 0;
	}
	return e;
}

enum err
find_among(struct find *f, const struct find_in *in, struct words_hit *c, size_t n)
{
	size_t had = f->n, fresh = 0, step = AT_ONCE, some;
	enum err e = OK;

	for (size_t i = 0; i < n; i++)
		if (!find_known(f, in, c[i].row))
			c[fresh++] = c[i];
	/* a few at first: most people may see most of what they look for */
	for (size_t at = 0; e == OK && at < fresh && f->n < had + HITS_MOST; at += some, step *= 10) {
		some = fresh - at < step ? fresh - at : step;
		e = admit(f, in, c + at, some, had + HITS_MOST - f->n);
	}
	return e;
}

/* By the names that are kept in memory; false: they are not, or what was found was cut off and too little of it may be
   seen. */
static enum err
find_kept(struct find *f, const struct find_in *in, bool near, int errors, size_t most, bool *ret_done)
{
	struct words_ask ask = { .errors = errors, .most = most };
	struct named_found found;
	size_t had = f->n;
	enum err e;

	*ret_done = false;
	if (!words_cut(f->asked, near, &ask))
		return OK;
	e = named_find(f->conn, f->arena, f->grant->org, record_find(str_of(in->table)), in->name, &ask, &found);
	if (e != OK || !found.known)
		return e;
	e = find_among(f, in, found.hits, found.n);
	*ret_done = near || found.n < ask.most || f->n >= had + HITS_MOST;
	return e;
}

enum err
find_exactly(struct find *f, const struct find_in *in)
{
	size_t had = f->n;
	bool done;
	/* some of the newest are enough for whoever may see them */
	enum err e = find_kept(f, in, false, 0, NEWEST, &done);

	if (e == OK && !done)
		e = find_kept(f, in, false, 0, CANDIDATES_MOST, &done);
	if (e == OK && !done)
		e = look_through(f, in);
	if (f->n > had + HITS_MOST)
		f->n = had + HITS_MOST;
	return e;
}

enum err
find_nearly(struct find *f, const struct find_in *in, int errors)
{
	struct words_hit *c;
	size_t n;
	bool done;
	enum err e = find_kept(f, in, true, errors, CANDIDATES_MOST, &done);

	if (e != OK || done)
		return e;
	e = find_candidates(f, in, errors, &c, &n);
	return e == OK ? find_among(f, in, c, n) : e;
}
