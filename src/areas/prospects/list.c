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

static str
query_of(struct arena *a, const struct prospect_list *l)
{
	if (!l->f.sort.n)
		return l->f.query;
	return str_fmt(
	        a, "%.*s%ssort=%.*s", STR_ARG(l->f.query), l->f.query.n ? "&" : "", STR_ARG(http_escape(a, l->f.sort)));
}

str
prospect_next_page(struct arena *a, const struct prospect_list *l)
{
	str query = query_of(a, l);

	return str_fmt(
	        a, "/prospects?%.*s%safter=%.*s", STR_ARG(query), query.n ? "&" : "", STR_ARG(http_escape(a, l->next)));
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

enum err
prospects_page(struct request *r)
{
	struct page p = { .title = STR("Prospects") };
	struct prospect_list v = { 0 };
	enum err e;

	filter_read_of(r, &prospect_record, &v.f);
	v.f.list.after = page_param(r, "after");
	e = load_rows(r, &v);
	if (e == OK)
		e = prospect_figures_now(r->conn, r->arena, &r->grant, &v.f.list, r->today, &v.figures, &v.known);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_prospect_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* The second fragment: counted exactly, however many there are. */
enum err
prospects_figures(struct request *r)
{
	struct page p = { .title = STR("Prospects in figures") };
	struct prospect_list v = { .known = true };
	enum err e;

	filter_read_of(r, &prospect_record, &v.f);
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
csv_row(struct request *r, struct write *w, const struct prospect_row *x)
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
	               "touched on,Touches,Next step,Next step on,Rests until\r\n");
	do {
		e = load_rows(r, &v);
		for (size_t i = 0; e == OK && i < v.n; i++)
			csv_row(r, &w, &v.rows[i]);
		v.f.list.after = v.next;
		n += v.n;
	} while (e == OK && v.next.n && n < CSV_MOST);
	if (e == OK && v.next.n)
		return ERR_LARGE; /* never cut off silently */
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"prospects.csv\""));
	return e;
}
