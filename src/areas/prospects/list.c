/* The table of prospects under a filter that reads as a sentence, its figures, and the file that holds what it shows.
 */
#include "areas/prospects/view.h"
#include "sheet/write.h"

#include "areas/prospects/prospects_html.h"

enum { PIECE = 500, CSV_MOST = 200000 };

enum err
prospect_row_of(struct request *r, const struct prospect *p, struct prospect_row *ret)
{
	*ret = (struct prospect_row){ .p = p,
		.owner = p->owner ? page_name(r, "person", p->owner) : (str){ 0 },
		.campaign = p->campaign ? page_name(r, "campaign", p->campaign) : (str){ 0 },
		.rests = prospect_rests(p, r->today),
		.late = p->state == PROSPECT_OPEN && day_is(p->next_step_on) &&
		        day_between(p->next_step_on, r->today) > 0 };
	return OK;
}

enum err
prospect_may(struct request *r, id owner, bool *ret)
{
	int64_t one;
	enum reach reach = r->grant.reach[MATTER_DEALS][ACT_WRITE];
	str sql = str_fmt(r->arena, "select 1 from person t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(r->arena, &r->grant, MATTER_DEALS, ACT_WRITE, "t.id")));
	enum err e = OK;

	*ret = reach == REACH_COMPANY || (!owner && r->actor.person && reach != REACH_NONE);
	if (*ret || !owner)
		return OK;
	e = db_one_int(
	        r->conn, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(owner)), &one);
	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

/* ---- ways ---- */

str
prospects_of(struct arena *a, id campaign, const char *more)
{
	return str_fmt(a, "/prospects?campaign=%.*s%s", STR_ARG(id_text(a, campaign)), more);
}

str
prospect_query(struct arena *a, const struct prospect_list *l)
{
	if (!l->f.sort.n)
		return l->f.query;
	return str_fmt(
	        a, "%.*s%ssort=%.*s", STR_ARG(l->f.query), l->f.query.n ? "&" : "", STR_ARG(http_escape(a, l->f.sort)));
}

str
prospect_next_page(struct arena *a, const struct prospect_list *l)
{
	str query = prospect_query(a, l);

	return str_fmt(
	        a, "/prospects?%.*s%safter=%.*s", STR_ARG(query), query.n ? "&" : "", STR_ARG(http_escape(a, l->next)));
}

str
prospect_bulk(struct arena *a, const struct prospect_list *l)
{
	return str_fmt(a, "/prospects/bulk?all=1%s%.*s", l->f.query.n ? "&" : "", STR_ARG(l->f.query));
}

str
prospect_sorted(struct arena *a, const struct prospect_list *l, const char *field)
{
	bool here = l->f.list.sort && str_eq(str_of(l->f.list.sort->name), str_of(field));

	return str_fmt(a, "/prospects?%.*s%ssort=%s%s", STR_ARG(l->f.query), l->f.query.n ? "&" : "",
	        here && !l->f.list.descending ? "-" : "", field);
}

str
prospect_half_words(struct arena *a, const struct prospect_figures *f)
{
	if (!f->spells.total)
		return STR("nobody to touch yet");
	if (f->half.days < 0)
		return STR("not half of them were touched yet");
	if (f->half.low < 0 || f->half.high < 0)
		return str_fmt(a, "half were touched within %lld day%s", (long long)f->half.days,
		        f->half.days == 1 ? "" : "s");
	return str_fmt(a, "half were touched within %lld day%s (95 %%: %lld to %lld)", (long long)f->half.days,
	        f->half.days == 1 ? "" : "s", (long long)f->half.low, (long long)f->half.high);
}

/* ---- the page ---- */

static enum err
load_rows(struct request *r, struct prospect_list *v)
{
	struct list_result found;
	enum err e = record_list(r->conn, r->arena, &r->grant, &v->f.list, &found);

	if (e != OK)
		return e;
	v->rows = arena_new(r->arena, struct prospect_row, found.n + 1);
	v->next = found.next;
	for (v->n = 0; e == OK && v->n < found.n; v->n++)
		e = prospect_row_of(r, &((const struct prospect *)found.rows)[v->n], &v->rows[v->n]);
	return e;
}

enum { COUNTED_AT_ONCE = 500 };

static enum err
count_rows(struct request *r, const struct deal_filter *f, int64_t *ret, str *ret_later)
{
	int64_t n;
	enum err e = record_count_to(r->conn, r->arena, &r->grant, &f->list, COUNTED_AT_ONCE + 1, &n);

	if (e == OK && n <= COUNTED_AT_ONCE)
		*ret = n;
	else if (e == OK)
		*ret_later = str_fmt(r->arena, "/prospects/figures?%.*s&badge=1", STR_ARG(f->query));
	return e;
}

static const struct view_place views_at = { &prospect_record, "/prospects", "/prospects/views", "Fair, not called yet",
	count_rows, prospects_page };

enum err
prospects_page(struct request *r)
{
	struct page p = { .title = STR("Prospects") };
	struct prospect_list v = { 0 };
	str first = { 0 };
	enum err e = OK;

	if (r->http->method == HTTP_GET && !r->http->n_params)
		e = view_first(r, &views_at, &first);
	if (e != OK || first.n)
		return e != OK ? e : page_go(r, first);
	filter_read_of(r, &prospect_record, &v.f);
	v.f.list.after = page_param(r, "after");
	e = load_rows(r, &v);
	if (e == OK)
		e = prospect_figures_now(r->conn, r->arena, &r->grant, &v.f.list, r->today, &v.figures, &v.known);
	if (e == OK)
		e = views_load(r, &views_at, v.f.query, &v.views);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_prospect_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
prospect_view_keep(struct request *r)
{
	return view_keep(r, &views_at);
}

enum err
prospect_view_drop(struct request *r)
{
	return view_drop(r, &views_at);
}

enum err
prospect_view_first(struct request *r)
{
	return view_make_first(r, &views_at);
}

/* The second fragment: counted exactly, however many there are. */
enum err
prospects_figures(struct request *r)
{
	struct page p = { .title = STR("Prospects in figures") };
	struct prospect_list v = { .known = true };
	enum err e;

	filter_read_of(r, &prospect_record, &v.f);
	if (page_param(r, "badge").n) {
		int64_t n = 0;
		e = record_count(r->conn, r->arena, &r->grant, &v.f.list, &n);
		if (e == OK)
			html_int(&r->view, n);
		return e;
	}
	e = prospect_figures_of(r->conn, r->arena, &r->grant, &v.f.list, r->today, &v.figures);
	if (e != OK)
		return e;
	if (page_is_part(r)) {
		tpl_prospect_sentence(&r->view, &v);
		return OK;
	}
	page_head(r, &p);
	tpl_prospect_figures(&r->view, &v);
	page_foot(r);
	return OK;
}

/* ---- the file ---- */

static void
csv_row(struct request *r, struct write *w, const struct record *record, const struct prospect_row *x)
{
	const struct prospect *p = x->p;

	write_text(w, p->name);
	write_text(w, p->company);
	write_text(w, p->title);
	write_text(w, p->email);
	write_text(w, p->phone);
	write_text(w, x->campaign);
	write_text(w, x->owner);
	write_text(w, str_of(prospect_states[p->state].label));
	write_text(w, p->reason);
	write_number(w, day_iso(r->arena, p->came_on));
	write_number(w, day_iso(r->arena, p->first_on));
	write_number(w, day_iso(r->arena, p->touched_on));
	write_number(w, str_fmt(r->arena, "%lld", (long long)p->touches));
	write_text(w, p->next_step);
	write_number(w, day_iso(r->arena, p->next_step_on));
	write_number(w, day_iso(r->arena, p->back_on));
	for (size_t i = 0; i < record->n_own; i++) {
		str text = own_csv_text(r, &record->own[i], p);
		if (own_is_number(&record->own[i]))
			write_number(w, text);
		else
			write_text(w, text);
	}
	write_row_end(w);
}

enum err
prospects_csv(struct request *r)
{
	struct prospect_list v = { 0 };
	struct write w = { .out = &r->answer->body };
	size_t n = 0;
	enum err e = OK;

	filter_read_of(r, &prospect_record, &v.f);
	v.f.list.limit = PIECE;
	v.f.list.after = page_param(r, "after");
	if (r->faults.n)
		return ERR_INPUT;
	out_lit(w.out, "Prospect,Company,Title,E-mail,Phone,Campaign,Owner,State,Reason,Came on,First touched on,Last "
	               "touched on,Touches,Next step,Next step on,Rests until");
	w.begun = true;
	for (size_t i = 0; i < v.f.record->n_own; i++)
		write_text(&w, str_of(v.f.record->own[i].label));
	write_row_end(&w);
	do {
		e = load_rows(r, &v);
		for (size_t i = 0; e == OK && i < v.n; i++)
			csv_row(r, &w, v.f.record, &v.rows[i]);
		v.f.list.after = v.next;
		n += v.n;
	} while (e == OK && v.next.n && n < CSV_MOST);
	if (e == OK && v.next.n)
		return ERR_LARGE; /* never cut off silently */
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"prospects.csv\""));
	return e;
}
