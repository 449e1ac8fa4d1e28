/* Search: what one types finds deals, accounts, people, prospects and pieces of the library by the words of their
   names, in any order and with any accents. Where that finds little, words with a typing error are forgiven. Rights are
   those of the lists. */
#include <stdlib.h>

#include "areas/deals/view.h"
#include "json/json.h"
#include "record/find.h"

#define HITS_MOST 12
#define ENOUGH    5 /* found exactly: nothing is to be forgiven */

static const struct source {
	struct find_in in;
	const char *kind, *path;
} sources[] = {
	{ { "deal", "name", false, "" }, "Deal", "/deals/" },
	{ { "account", "name", false, "" }, "Account", "/accounts/" },
	{ { "person", "name", true, "" }, "Person", "/people/" },
	{ { "prospect", "name", false, "" }, "Prospect", "/prospects/" },
	{ { "content", "title", false, " and coalesce(t.archived, 0) = 0" }, "In the library", "/library/" },
};
#define N_SOURCES (sizeof sources / sizeof *sources)

static const struct source *
source_of(const struct find_hit *h)
{
	size_t i = 0;

	while (&sources[i].in != h->in)
		i++;
	assert(i < N_SOURCES);
	return &sources[i];
}

/* " and k.key like …": a text of a company's own field that holds every word. */
static str
own_holding(const struct find *s, struct db_value *values)
{
	str words = { 0 };

	for (size_t w = 0; w < s->n_words; w++) {
		values[w] = DB_T(record_like(s->arena, s->words[w]));
		words = str_fmt(s->arena, "%.*s and k.key like $%zu escape '!'", STR_ARG(words), w + 4);
	}
	return words;
}

/* The newest rows whose own texts fit; rights come later. "cross" keeps SQLite from reading the keys of all fields. */
static enum err
own_candidates(struct find *s, const struct find_in *in, struct words_hit **ret, size_t *ret_n)
{
	struct db_value values[FIND_WORDS + 1] = { DB_T(str_of(in->table)) };
	struct words_hit *c = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str words = own_holding(s, values + 1);
	str sql = str_fmt(s->arena,
	        "select distinct k.row_id from own_field f cross join field_key k where f.org_id = $1 and $2 = $2 and "
	        "f.about = $3 and f.kind = 'text' and f.archived = 0 and k.org_id = $1 and k.field = f.id%.*s order by "
	        "k.row_id desc limit %d",
	        STR_ARG(words), FIND_CANDIDATES);
	enum err e = record_query(s->conn, s->arena, s->grant, str_z(s->arena, sql), values, s->n_words + 1, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(s->arena, c, n, cap);
		c[n++] = (struct words_hit){ .row = db_int(&rows, 0) };
	}
	*ret = c;
	*ret_n = n;
	return db_end(&rows);
}

/* The same in one statement, however many fit: it goes through the rows. */
static enum err
own_of_all(struct find *s, const struct find_in *in)
{
	struct db_value values[FIND_WORDS + 1] = { DB_T(str_of(in->table)) };
	str words = own_holding(s, values + 1);
	struct rows rows;
	str sql = str_fmt(s->arena,
	        "select t.id, t.%s from %s t where t.org_id = $1 and $2 = $2 and t.id in (select k.row_id from "
	        "own_field f cross join field_key k where f.org_id = $1 and f.about = $3 and f.kind = 'text' and "
	        "f.archived = 0 and k.org_id = $1 and k.field = f.id%.*s) %.*s order by t.id desc limit %d",
	        in->name, in->table, STR_ARG(words), STR_ARG(find_may(s, in)), HITS_MOST);
	enum err e = record_query(s->conn, s->arena, s->grant, str_z(s->arena, sql), values, s->n_words + 1, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows))
		if (!find_known(s, in, db_int(&rows, 0)))
			find_push(s, (struct find_hit){ in, db_int(&rows, 0), db_text(&rows, 1), 0 });
	return db_end(&rows);
}

/* The texts that the company keeps in fields of its own. */
static enum err
find_own(struct find *s, const struct find_in *in)
{
	struct words_hit *c = NULL;
	size_t n = 0, had = s->n;
	enum err e = own_candidates(s, in, &c, &n);

	if (e == OK)
		e = find_among(s, in, c, n);
	return e == OK && n == FIND_CANDIDATES && s->n < had + HITS_MOST ? own_of_all(s, in) : e;
}

static int
by_errors(const void *x, const void *y)
{
	const struct find_hit *a = x, *b = y;

	if (a->errors != b->errors)
		return a->errors - b->errors;
	if (a->in != b->in)
		return source_of(a) < source_of(b) ? -1 : 1;
	return a->row < b->row ? 1 : -1; /* the newest first */
}

static enum err
search(struct request *r, str q, struct find *s)
{
	enum err e = OK;
	size_t exact;

	find_init(r->conn, r->arena, &r->grant, q, s);
	if (!s->n_words)
		return OK;
	for (size_t i = 0; e == OK && i < N_SOURCES; i++)
		e = find_exactly(s, &sources[i].in);
	for (size_t i = 0; e == OK && i < N_SOURCES; i++)
		e = find_own(s, &sources[i].in);
	exact = s->n;
	for (int errors = 1; e == OK && errors <= 2 && s->n < ENOUGH && find_forgives(s); errors++)
		for (size_t i = 0; e == OK && i < N_SOURCES; i++)
			e = find_nearly(s, &sources[i].in, errors);
	if (s->n > exact)
		qsort(s->hits + exact, s->n - exact, sizeof *s->hits, by_errors);
	if (s->n > exact + HITS_MOST)
		s->n = exact + HITS_MOST;
	return e;
}

enum err
palette(struct request *r)
{
	struct find s;
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
		json_str(&j, str_of(source_of(&s.hits[i])->kind));
		json_key(&j, "href");
		json_str(&j, str_join(r->arena, str_of(source_of(&s.hits[i])->path), id_text(r->arena, s.hits[i].row)));
		json_end(&j);
	}
	json_end(&j);
	return OK;
}

static void
say_hit(struct request *r, const struct find_hit *h)
{
	struct view *v = &r->view;

	out_lit(v->out, "<li class=\"item\" data-row><p><a href=\"");
	html_attr(v, str_of(source_of(h)->path));
	html_id(v, h->row);
	out_lit(v->out, "\">");
	html_text(v, h->name);
	out_lit(v->out, "</a> <span class=\"note\">");
	html_text_z(v, source_of(h)->kind);
	if (h->errors)
		out_lit(v->out, " · nearly what you typed");
	out_lit(v->out, "</span></p></li>");
}

enum err
search_page(struct request *r)
{
	struct page p = { .title = STR("Search") };
	struct find s;
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
