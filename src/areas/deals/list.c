/* The table of deals, and the file that holds what it shows. */
#include "areas/deals/list.h"

#include <string.h>

#include "areas/deals/list_html.h"

/* What rows refer to, asked for once a request while it keeps its place. */
struct named {
	id row;
	str name;
	int64_t number; /* a stage's allowed days; of a person: 1, their deals may be written */
};
struct names {
	const char *sql; /* name, number of $3 */
	struct named slots[256];
};

static const struct named *
name_of(struct request *r, struct names *all, id row)
{
	struct named *x = &all->slots[((uint64_t)row * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
	struct rows rows;

	if (x->row == row)
		return x;
	*x = (struct named){ .row = row, .number = NO_INT };
	if (!row || record_query(r->conn, r->arena, &r->grant, all->sql, DB_ARGS(DB_I(row)), &rows) != OK)
		return x;
	if (db_next(&rows)) {
		x->name = db_text(&rows, 0);
		x->number = db_int(&rows, 1) ? db_int(&rows, 1) : NO_INT;
	}
	db_end(&rows);
	return x;
}

enum err
list_rows(struct request *r, const struct deal *deals, size_t n, struct deal_row **ret)
{
	struct names *accounts = arena_new(r->arena, struct names, 3), *owners = accounts + 1, *stages = accounts + 2;

	accounts->sql = "select name, 0 from account where org_id = $1 and $2 = $2 and id = $3";
	owners->sql =
	        "select p.name, case when (1 = 1 {mayw:deals p.id}) then 1 else 0 end from person p where p.org_id = "
	        "$1 and $2 = $2 and p.id = $3";
	stages->sql = "select name, coalesce(allowed_days, 0) from stage where org_id = $1 and $2 = $2 and id = $3";
	const struct record *record = page_own(r, &deal_record);
	struct rule_book *book = arena_new(r->arena, struct rule_book, 1);
	*ret = arena_new(r->arena, struct deal_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct deal *d = &deals[i];
		struct deal_row *x = &(*ret)[i];
		const struct named *stage = name_of(r, stages, d->stage), *owner = name_of(r, owners, d->owner);
		day until;
		x->d = d;
		x->record = record;
		x->account = name_of(r, accounts, d->account)->name;
		x->owner = owner->name;
		x->may = owner->number == 1;
		x->stage = stage->name;
		x->n_why = deal_health(r->arena, d, rule_book_of(r->conn, r->arena, r->actor.org, d->process, book),
		        stage->number, r->today, x->why, &until);
	}
	return OK;
}

enum err
list_one(struct request *r, id deal, struct deal_row *ret)
{
	struct deal *d = arena_new(r->arena, struct deal, 1);
	struct deal_row *rows;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, deal, d);

	if (e == OK)
		e = list_rows(r, d, 1, &rows);
	if (e == OK)
		*ret = rows[0];
	return e;
}

static enum err
load_list(struct request *r, struct list_view *v)
{
	struct list_result found;
	enum err e;

	filter_read(r, &v->f);
	v->f.list.after = page_param(r, "after");
	e = record_list(r->conn, r->arena, &r->grant, &v->f.list, &found);
	if (e != OK)
		return e;
	v->n = found.n;
	v->next = found.next; /* the template escapes it */
	return list_rows(r, found.rows, found.n, &v->rows);
}

/* ---- ways from the list ---- */

str
list_query(struct arena *a, const struct list_view *l)
{
	if (!l->f.sort.n)
		return l->f.query;
	return str_fmt(
	        a, "%.*s%ssort=%.*s", STR_ARG(l->f.query), l->f.query.n ? "&" : "", STR_ARG(http_escape(a, l->f.sort)));
}

str
list_next(struct arena *a, const struct list_view *l)
{
	str query = list_query(a, l);

	return str_fmt(
	        a, "/deals?%.*s%safter=%.*s", STR_ARG(query), query.n ? "&" : "", STR_ARG(http_escape(a, l->next)));
}

str
list_bulk(struct arena *a, const struct list_view *l)
{
	return str_fmt(a, "/deals/bulk?all=1%s%.*s", l->f.query.n ? "&" : "", STR_ARG(l->f.query));
}

bool
list_is_sorted(const struct list_view *l, const char *field)
{
	return l->f.list.sort && str_eq(str_of(l->f.list.sort->name), str_of(field));
}

str
list_sorted(struct arena *a, const struct list_view *l, const char *field, bool down)
{
	bool descending = list_is_sorted(l, field) ? !l->f.list.descending : down;

	return str_fmt(a, "/deals?%.*s%ssort=%s%s", STR_ARG(l->f.query), l->f.query.n ? "&" : "", descending ? "-" : "",
	        field);
}

/* What each part of a filter that finds nothing holds back; counted only where that is quick (39). */
static enum err
offer_wider(struct request *r, struct list_view *v)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < v->f.n_terms; i++) {
		struct deal_filter wider;
		struct totals t;
		bool known;
		filter_read_query(r, &deal_record, v->f.terms[i].query, &wider);
		e = filter_totals(r, &wider, true, &t, &known);
		v->f.terms[i].found = known ? t.n : -1;
	}
	return e;
}

static enum err
count_deals(struct request *r, const struct deal_filter *f, int64_t *ret, str *ret_later)
{
	struct totals t;
	bool known;
	enum err e = filter_totals(r, f, true, &t, &known);

	if (e == OK && known)
		*ret = t.n;
	else if (e == OK)
		*ret_later = str_fmt(r->arena, "/deals/totals?%.*s&badge=1", STR_ARG(f->query));
	return e;
}

static const struct view_place views_at = { &deal_record, "/deals", "/deals/views", "Closing this month", count_deals,
	list_page };

enum err
list_page(struct request *r)
{
	struct page p = { .title = STR("Deals") };
	struct list_view v = { 0 };
	str first = { 0 };
	enum err e = OK;

	if (r->http->method == HTTP_GET && !r->http->n_params)
		e = view_first(r, &views_at, &first);
	if (e == OK && first.n)
		return page_go(r, first);
	if (e == OK)
		e = load_list(r, &v);
	if (e == OK)
		e = filter_totals(r, &v.f, true, &v.totals, &v.known);
	if (e == OK && !v.n && v.known && v.f.n_terms > 1)
		e = offer_wider(r, &v);
	if (e == OK)
		e = views_load(r, &views_at, v.f.query, &v.views);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422; /* what does not fit is named; the rest of the filter holds */
	page_head(r, &p);
	tpl_deal_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* The second fragment: counted exactly, however many there are (D2). */
static enum err
totals_page(struct request *r)
{
	struct page p = { .title = STR("Totals") };
	struct list_view v = { 0 };
	enum err e;

	filter_read(r, &v.f);
	e = filter_totals(r, &v.f, false, &v.totals, &v.known);
	if (e != OK)
		return e;
	if (page_param(r, "badge").n) {
		html_int(&r->view, v.totals.n);
		return OK;
	}
	if (page_is_part(r)) {
		tpl_deal_totals(&r->view, &v);
		return OK;
	}
	page_head(r, &p);
	tpl_deal_totals_page(&r->view, &v);
	page_foot(r);
	return OK;
}

/* ---- the file ---- */

/* A cell that a spreadsheet would take for a formula gets an apostrophe; numbers stay as they are. */
static void
csv_cell(struct out *o, str s, bool last)
{
	int64_t n;
	bool formula = s.n && strchr("=+-@\t\r", s.s[0]) && !str_to_i64(s, &n);

	out_byte(o, '"');
	if (formula)
		out_byte(o, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '"')
			out_byte(o, '"');
		out_byte(o, s.s[i]);
	}
	out_z(o, last ? "\"\r\n" : "\",");
}

static str
health_text(const struct deal_row *x)
{
	return x->n_why                        ? x->why[0].what
	       : x->d->outcome == OUTCOME_WON  ? STR("Won")
	       : x->d->outcome == OUTCOME_LOST ? STR("Lost")
	                                       : STR("Healthy");
}

static void
csv_row(struct request *r, struct out *o, const struct deal_row *x)
{
	const struct deal *d = x->d;

	csv_cell(o, d->name, false);
	csv_cell(o, x->account, false);
	csv_cell(o, x->stage, false);
	csv_cell(o, x->owner, false);
	out_byte(o, '"'); /* an amount, also below zero */
	if (d->value != NO_INT)
		out_str(o, money_plain(r->arena, money_of(d->value, d->currency)));
	out_lit(o, "\",");
	csv_cell(o, d->currency, false);
	csv_cell(o, d->value_from == VALUE_LIST ? STR("list price") : STR("amount"), false);
	csv_cell(o, day_iso(r->arena, d->closes_on), false);
	csv_cell(o, d->next_step, false);
	csv_cell(o, day_iso(r->arena, d->next_step_on), false);
	csv_cell(o, health_text(x), !x->record->n_own);
	for (size_t k = 0; k < x->record->n_own; k++)
		csv_cell(o, own_csv_text(r, &x->record->own[k], d), k + 1 == x->record->n_own);
}

enum { PIECE = 500, CSV_MOST = 200000, PIECE_MEMORY = 16 << 20 };

/* The next rows, in an arena of their own: what is written needs them no more. */
static enum err
csv_piece(struct request *r, struct list_view *v)
{
	struct arena *whole = r->arena, piece;
	struct list_result found;
	struct deal_row *rows;
	enum err e;

	arena_init(&piece, PIECE_MEMORY);
	piece.landing = whole->landing;
	r->arena = &piece;
	e = record_list(r->conn, &piece, &r->grant, &v->f.list, &found);
	if (e == OK)
		e = list_rows(r, found.rows, found.n, &rows);
	for (size_t i = 0; e == OK && i < found.n; i++)
		csv_row(r, &r->answer->body, &rows[i]);
	r->arena = whole;
	if (e == OK) {
		v->f.list.after = str_copy(whole, found.next);
		v->n += found.n;
	}
	arena_fini(&piece);
	return e;
}

static void
csv_head(struct request *r, const struct record *record)
{
	struct out *o = &r->answer->body;

	out_lit(o, "Deal,Account,Stage,Owner,Value,Currency,Value from,Expected close,Next step,Next step on,");
	if (!record->n_own)
		out_lit(o, "Health\r\n");
	else
		csv_cell(o, STR("Health"), false);
	for (size_t i = 0; i < record->n_own; i++)
		csv_cell(o, str_of(record->own[i].label), i + 1 == record->n_own);
}

/* Piece by piece from where the last ended: the same rows in the same order as page after page of the list (37). */
static enum err
list_csv(struct request *r)
{
	struct list_view v = { 0 };
	enum err e = OK;

	filter_read(r, &v.f);
	v.f.list.limit = PIECE;
	v.f.list.after = page_param(r, "after");
	if (r->faults.n)
		return ERR_INPUT;
	csv_head(r, v.f.record);
	do
		e = csv_piece(r, &v);
	while (e == OK && v.f.list.after.n && v.n < CSV_MOST);
	if (e == OK && v.f.list.after.n)
		return ERR_LARGE; /* never cut off silently */
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"deals.csv\""));
	return e;
}

static enum err
keep_view(struct request *r)
{
	return view_keep(r, &views_at);
}

static enum err
drop_view(struct request *r)
{
	return view_drop(r, &views_at);
}

static enum err
first_view(struct request *r)
{
	return view_make_first(r, &views_at);
}

const struct route list_routes[] = {
	{ HTTP_GET, "/deals", POLICY_SIGNED_IN, list_page, "deals", "See the deals as a table", false },
	{ HTTP_GET, "/deals.csv", POLICY_SIGNED_IN, list_csv, "deals", "Take the list as CSV", false },
	{ HTTP_GET, "/deals/totals", POLICY_SIGNED_IN, totals_page, "deals", "Count and sum the deals of a filter",
	        false },
	{ HTTP_POST, "/deals/views", POLICY_PERSON, keep_view, "deals", "Keep a view", false },
	{ HTTP_POST, "/deals/views/first", POLICY_PERSON, first_view, "deals", "Choose the view to start with", false },
	{ HTTP_POST, "/deals/views/:/remove", POLICY_PERSON, drop_view, "deals", "Remove a view", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
