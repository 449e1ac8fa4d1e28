/* The library's list under a filter, and the same as a file. */
#include "areas/library/view.h"
#include "sheet/write.h"

#include "areas/library/library_html.h"

#define CSV_MOST 5000

bool
library_may(const struct request *r)
{
	return r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
}

static void
read_filter(struct request *r, struct library_list *v)
{
	id target;

	v->has = str_trim(page_param(r, "has"));
	v->kind = choice_of(content_kind_choices, page_param(r, "kind")) ? page_param(r, "kind") : (str){ 0 };
	v->at = place_parse(page_param(r, "at"), &target) ? page_param(r, "at") : (str){ 0 };
	v->retired = str_eq(page_param(r, "retired"), STR("1"));
	v->filtered = v->has.n || v->kind.n || v->at.n || v->retired;
}

/* `most` rows from number `from` on, and one more to know whether more follow. */
static enum err
load_rows(struct request *r, struct library_list *v, int64_t from, int64_t most)
{
	id target;
	int kind = place_parse(v->at, &target);
	str sql = str_fmt(r->arena,
	        "select %.*s, (select count(*) from content_open o where o.org_id = t.org_id and o.content = t.id and "
	        "o.on_day >= $9) from content t where t.org_id = $1 and $2 = $2 and ($3 = '' or t.kind = $3) and "
	        "coalesce(t.archived, 0) = $4 and t.title_key like $5 escape '!'%.*s%.*s order by t.title_key, t.id "
	        "limit $7 offset $8",
	        STR_ARG(record_columns(r->arena, &content_record, "t")), STR_ARG(place_where(r->arena, kind, 6)),
	        STR_ARG(record_may(r->arena, &r->grant, &content_record)));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_T(v->kind), DB_I(v->retired), DB_T(record_like(r->arena, str_fold(r->arena, v->has))),
	                DB_I(target), DB_I(most + 1), DB_I(from),
	                db_day_value(r->arena, day_add(day_week(r->today), -7 * (LIBRARY_WEEKS - 1)))),
	        &rows);

	v->rows = arena_new(r->arena, struct library_row, (size_t)most + 1);
	while (e == OK && v->n <= (size_t)most && db_next(&rows)) {
		struct library_row *x = &v->rows[v->n++];
		x->opened = db_int(&rows, record_read(&rows, &content_record, 0, &x->c));
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_places(struct request *r, struct library_list *v)
{
	struct library_place *all;
	size_t n;
	enum err e = places_of(r, 0, &all, &n);

	for (size_t i = 0; e == OK && i < v->n; i++)
		for (size_t k = 0; k < n; k++)
			if (all[k].content == v->rows[i].c.row.id && !v->rows[i].places++)
				v->rows[i].first = all[k].name;
	return e;
}

static str
more_address(struct request *r, const struct library_list *v, int64_t from)
{
	return str_fmt(r->arena, "/library?has=%.*s&kind=%.*s&at=%.*s&retired=%d&from=%lld",
	        STR_ARG(http_escape(r->arena, v->has)), STR_ARG(http_escape(r->arena, v->kind)),
	        STR_ARG(http_escape(r->arena, v->at)), v->retired, (long long)from);
}

enum err
library_page(struct request *r)
{
	struct page p = { .title = STR("Library"),
		.subtitle = STR("What helps to sell and to coach, shown where it is needed") };
	struct library_list v = { .may = library_may(r) };
	int64_t from = 0;
	enum err e;

	read_filter(r, &v);
	if (!str_to_i64(page_param(r, "from"), &from) || from < 0 || from > CSV_MOST)
		from = 0;
	e = load_rows(r, &v, from, LIBRARY_PAGE);
	if (e == OK && v.n > LIBRARY_PAGE) {
		v.n = LIBRARY_PAGE;
		v.more = more_address(r, &v, from + LIBRARY_PAGE);
	}
	if (e == OK)
		e = load_places(r, &v);
	if (e == OK)
		e = places_offered(r, &v.offered, &v.n_offered);
	if (e != OK)
		return e;
	page_head(r, &p);
	tpl_library_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static str
places_words(struct request *r, const struct library_place *all, size_t n, id content)
{
	str s = { 0 };

	for (size_t i = 0; i < n; i++)
		if (all[i].content == content)
			s = str_fmt(r->arena, "%.*s%s%.*s: %.*s", STR_ARG(s), s.n ? "; " : "", STR_ARG(all[i].group),
			        STR_ARG(all[i].name));
	return s;
}

enum err
library_csv(struct request *r)
{
	struct library_list v = { 0 };
	struct library_place *all = NULL;
	struct write w = { .out = &r->answer->body };
	size_t n = 0;
	enum err e;

	read_filter(r, &v);
	e = load_rows(r, &v, 0, CSV_MOST);
	if (e == OK && v.n > CSV_MOST)
		return ERR_LARGE; /* never cut off silently */
	if (e == OK)
		e = places_of(r, 0, &all, &n);
	out_lit(w.out, "Title,Kind,What it is for,Address,Shown at,Opened in 12 weeks,Retired\r\n");
	for (size_t i = 0; e == OK && i < v.n; i++) {
		const struct library_row *x = &v.rows[i];
		write_text(&w, x->c.title);
		write_text(&w, str_of(content_kind_choices[x->c.kind].label));
		write_text(&w, x->c.purpose);
		write_text(&w, x->c.address);
		write_text(&w, places_words(r, all, n, x->c.row.id));
		write_number(&w, str_fmt(r->arena, "%lld", (long long)x->opened));
		write_text(&w, x->c.archived ? STR("yes") : (str){ 0 });
		write_row_end(&w);
	}
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"library.csv\""));
	return e;
}
