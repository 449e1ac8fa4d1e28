/* Search: what one types finds deals, accounts, people, prospects and pieces of the library by the words of their
   names, in any order and with any accents. Where that finds little, words with a typing error are forgiven. Rights are
   those of the lists. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "areas/deals/view.h"
#include "base/near.h"
#include "json/json.h"

#define WORDS_MOST      6
#define HITS_MOST       12    /* of one kind */
#define ENOUGH          5     /* found exactly: nothing is to be forgiven */
#define CANDIDATES_MOST 20000 /* of one kind, before they are ranked */
#define AT_ONCE         60    /* of the ranked ones, asked for under the rights of the lists */

/* What is searched. Names are looked through in the index of name_key, which holds all that is needed; the rows come
   afterwards, under the rights of the lists. */
static const struct source {
	const char *kind, *path, *table, *name;
	bool open;        /* everybody's name is everybody's to find */
	const char *only; /* of the rows t; "": all */
} sources[] = {
	{ "Deal", "/deals/", "deal", "name", false, "" },
	{ "Account", "/accounts/", "account", "name", false, "" },
	{ "Person", "/people/", "person", "name", true, "" },
	{ "Prospect", "/prospects/", "prospect", "name", false, "" },
	{ "In the library", "/library/", "content", "title", false, " and coalesce(t.archived, 0) = 0" },
};
#define N_SOURCES (sizeof sources / sizeof *sources)

struct hit {
	const struct source *from;
	id row;
	str name;
	int errors;
};

struct search {
	struct request *r;
	str words[WORDS_MOST];
	size_t n_words;
	str asked; /* folded */
	struct hit *hits;
	size_t n, cap;
};

/* " and …": what the asking person may see of it, as its list says. */
static str
may_see(const struct search *s, const struct source *from)
{
	if (from->open)
		return (str){ 0 };
	return str_join(s->r->arena, record_may(s->r->arena, &s->r->grant, record_find(str_of(from->table))),
	        str_of(from->only));
}

static bool
known(const struct search *s, const struct source *from, id row)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->hits[i].from == from && s->hits[i].row == row)
			return true;
	return false;
}

/* " and (x.name_key like … or …) and (…)": each word by its parts; errors: at most that many a word. */
static str
conditions(const struct search *s, const struct source *from, int most, struct db_value *values, size_t *ret_n)
{
	struct arena *a = s->r->arena;
	str sql = { 0 }, parts[3];
	size_t n = 0;

	for (size_t w = 0; w < s->n_words; w++) {
		int errors = near_forgiven(str_letters(s->words[w]));
		size_t n_parts = near_parts(s->words[w], errors < most ? errors : most, parts);
		for (size_t p = 0; p < n_parts; p++) {
			values[n++] = DB_T(record_like(a, parts[p]));
			sql = str_fmt(a, "%.*s %s x.%s_key like $%zu escape '!'", STR_ARG(sql), p ? "or" : "and (",
			        from->name, n + 2);
		}
		sql = str_join(a, sql, STR(")"));
	}
	*ret_n = n;
	return sql;
}

static void
push_hit(struct search *s, const struct source *from, id row, str name, int errors)
{
	arena_grow(s->r->arena, s->hits, s->n, s->cap);
	s->hits[s->n++] = (struct hit){ .from = from, .row = row, .name = name, .errors = errors };
}

static enum err
find_exactly(struct search *s, const struct source *from)
{
	struct arena *a = s->r->arena;
	struct db_value values[3 * WORDS_MOST];
	size_t n;
	struct rows rows;
	str words = conditions(s, from, 0, values, &n);
	str sql = str_fmt(a,
	        "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.id in (select x.id from %s x "
	        "where "
	        "x.org_id = $1%.*s) %.*s limit %d",
	        from->name, from->table, from->table, STR_ARG(words), STR_ARG(may_see(s, from)), HITS_MOST);
	enum err e = record_query(s->r->conn, a, &s->r->grant, str_z(a, sql), values, n, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows))
		push_hit(s, from, db_int(&rows, 0), db_text(&rows, 1), 0);
	return db_end(&rows);
}

/* The texts that the company keeps in fields of its own. */
static enum err
find_own(struct search *s, const struct source *from)
{
	struct arena *a = s->r->arena;
	struct db_value values[WORDS_MOST + 1];
	str words = { 0 };
	struct rows rows;

	values[0] = DB_T(str_of(from->table));
	for (size_t w = 0; w < s->n_words; w++) {
		values[w + 1] = DB_T(record_like(a, s->words[w]));
		words = str_fmt(a, "%.*s and k.key like $%zu escape '!'", STR_ARG(words), w + 4);
	}
	str sql = str_fmt(a,
	        "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.id in (select k.row_id from "
	        "own_field f"
	        " join field_key k on k.org_id = f.org_id and k.field = f.id where f.org_id = $1 and f.about = $3"
	        " and f.kind = 'text' and f.archived = 0%.*s) %.*s order by t.id desc limit %d",
	        from->name, from->table, STR_ARG(words), STR_ARG(may_see(s, from)), HITS_MOST);
	enum err e = record_query(s->r->conn, a, &s->r->grant, str_z(a, sql), values, s->n_words + 1, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows))
		if (!known(s, from, db_int(&rows, 0)))
			push_hit(s, from, db_int(&rows, 0), db_text(&rows, 1), 0);
	return db_end(&rows);
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
find_candidates(struct search *s, const struct source *from, int most, struct candidate **ret, size_t *ret_n)
{
	struct arena *a = s->r->arena;
	struct db_value values[3 * WORDS_MOST];
	struct candidate *c = NULL;
	size_t n, found = 0, cap = 0;
	struct rows rows;
	str words = conditions(s, from, most, values, &n);
	str sql = str_fmt(a, "select x.id, x.%s_key from %s x where x.org_id = $1 and $2 = $2%.*s limit %d", from->name,
	        from->table, STR_ARG(words), CANDIDATES_MOST);
	enum err e = record_query(s->r->conn, a, &s->r->grant, str_z(a, sql), values, n, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		struct candidate x = { db_int(&rows, 0), near_fit(s->asked, db_text_raw(&rows, 1)) };
		if (x.errors < 0 || known(s, from, x.row))
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
admit(struct search *s, const struct source *from, const struct candidate *c, size_t n)
{
	struct arena *a = s->r->arena;
	struct db_value values[AT_ONCE];
	str marks = { 0 };
	struct rows rows;
	size_t had = s->n;

	for (size_t i = 0; i < n; i++) {
		values[i] = DB_I(c[i].row);
		marks = str_fmt(a, "%.*s%s$%zu", STR_ARG(marks), i ? ", " : "", i + 3);
	}
	str sql = str_fmt(a, "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.id in (%.*s) %.*s",
	        from->name, from->table, STR_ARG(marks), STR_ARG(may_see(s, from)));
	enum err e = record_query(s->r->conn, a, &s->r->grant, str_z(a, sql), values, n, &rows);
	if (e != OK)
		return e;
	while (db_next(&rows))
		push_hit(s, from, db_int(&rows, 0), db_text(&rows, 1), 0);
	for (size_t i = had; i < s->n; i++)
		for (size_t k = 0; k < n; k++)
			if (c[k].row == s->hits[i].row)
				s->hits[i].errors = c[k].errors;
	return db_end(&rows);
}

static enum err
find_nearly(struct search *s, const struct source *from, int most)
{
	struct candidate *c;
	size_t n, had = s->n;
	enum err e = find_candidates(s, from, most, &c, &n);

	for (size_t at = 0; e == OK && at < n && s->n < had + HITS_MOST; at += AT_ONCE)
		e = admit(s, from, c + at, n - at < AT_ONCE ? n - at : AT_ONCE);
	return e;
}

static int
by_errors(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->errors != b->errors)
		return a->errors - b->errors;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->row < b->row ? 1 : -1; /* the newest first */
}

static void
take_words(struct search *s, str q)
{
	str rest, word;

	s->asked = rest = str_fold(s->r->arena, str_first(q, 100));
	while (rest.n && s->n_words < WORDS_MOST) {
		str_cut(rest, ' ', &word, &rest);
		if (word.n)
			s->words[s->n_words++] = word;
	}
}

/* A sign was typed on purpose: "50%" means that, and is not bent. */
static bool
forgivable(const struct search *s)
{
	for (size_t i = 0; i < s->asked.n; i++) {
		unsigned char b = (unsigned char)s->asked.s[i];
		if (b < 0x80 && b != ' ' && b != '-' && b != '.' && b != ',' && !isalnum(b))
			return false;
	}
	return true;
}

static enum err
search(struct request *r, str q, struct search *s)
{
	enum err e = OK;
	size_t exact;

	*s = (struct search){ .r = r };
	take_words(s, q);
	if (!s->n_words)
		return OK;
	for (size_t i = 0; e == OK && i < N_SOURCES; i++)
		e = find_exactly(s, &sources[i]);
	for (size_t i = 0; e == OK && i < N_SOURCES; i++)
		e = find_own(s, &sources[i]);
	exact = s->n;
	for (int errors = 1; e == OK && errors <= 2 && s->n < ENOUGH && forgivable(s); errors++)
		for (size_t i = 0; e == OK && i < N_SOURCES; i++)
			e = find_nearly(s, &sources[i], errors);
	if (s->n > exact)
		qsort(s->hits + exact, s->n - exact, sizeof *s->hits, by_errors);
	if (s->n > exact + HITS_MOST)
		s->n = exact + HITS_MOST;
	return e;
}

enum err
palette(struct request *r)
{
	struct search s;
	struct json j;
	enum err e = search(r, page_param(r, "q"), &s);

	if (e != OK)
		return e;
	page_type(r, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_array(&j);
	for (size_t i = 0; i < s.n; i++) {
		json_object(&j);
		json_key(&j, "label");
		json_str(&j, s.hits[i].name);
		json_key(&j, "hint");
		json_str(&j, s.hits[i].errors ? STR("nearly") : (str){ 0 });
		json_key(&j, "kind");
		json_str(&j, str_of(s.hits[i].from->kind));
		json_key(&j, "href");
		json_str(&j, str_join(r->arena, str_of(s.hits[i].from->path), id_text(r->arena, s.hits[i].row)));
		json_end(&j);
	}
	json_end(&j);
	return OK;
}

static void
say_hit(struct request *r, const struct hit *h)
{
	struct view *v = &r->view;

	out_lit(v->out, "<li class=\"item\" data-row><p><a href=\"");
	html_attr(v, str_of(h->from->path));
	html_id(v, h->row);
	out_lit(v->out, "\">");
	html_text(v, h->name);
	out_lit(v->out, "</a> <span class=\"note\">");
	html_text_z(v, h->from->kind);
	if (h->errors)
		out_lit(v->out, " · nearly what you typed");
	out_lit(v->out, "</span></p></li>");
}

enum err
search_page(struct request *r)
{
	struct page p = { .title = STR("Search") };
	struct search s;
	enum err e = search(r, page_param(r, "q"), &s);

	if (e != OK)
		return e;
	p.subtitle = str_fmt(r->arena, "%zu found for “%.*s”", s.n, STR_ARG(page_param(r, "q")));
	page_head(r, &p);
	if (s.n)
		out_lit(r->view.out, "<section class=\"card\" aria-label=\"Found\"><ul class=\"lines\">");
	for (size_t i = 0; i < s.n; i++)
		say_hit(r, &s.hits[i]);
	if (s.n)
		out_lit(r->view.out, "</ul></section>");
	else
		out_lit(r->view.out, "<div class=\"empty\"><h2>Nothing found</h2><p>Try fewer or other words: deals, "
		                     "accounts, people, prospects and what is in the library "
		                     "are found by the words of their names, in any order, one letter wrong "
		                     "forgiven.</p><a class=\"btn\" "
		                     "href=\"/deals\">All deals</a></div>");
	page_foot(r);
	return OK;
}
