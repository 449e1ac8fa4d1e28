#include "areas/leadership/case.h"

#include "areas/leadership/case_html.h"

/* The four quarters before and this one: enough deals for a rate with a useful interval. */
static void
fill_stake(struct request *r, struct case_view *v)
{
	const struct gap_deals *h = &v->gap.history;
	rate was = rate_of(h->won, h->decided);
	int64_t quarter = (h->decided + 2) / 4;

	if (h->won < GAP_FEWEST || !h->revenue)
		return;
	/* mean won value × deals of a quarter, times a share of them; integers, since it is money */
	int64_t all = money_scale(h->revenue, quarter, h->won);
	v->point = money_short(r->arena, money_of(money_scale(all, 1, 100), r->actor.currency));
	v->low = money_short(
	        r->arena, money_of(money_scale(all, (int64_t)(was.low * 10000 + .5), 10000), r->actor.currency));
	v->high = money_short(
	        r->arena, money_of(money_scale(all, (int64_t)(was.high * 10000 + .5), 10000), r->actor.currency));
	v->rate = str_fmt(r->arena, "%.*s (%lld of %lld)", STR_ARG(html_pct_text(r->arena, rate_share(was))),
	        (long long)h->won, (long long)h->decided);
}

/* Counts alone, as on the leaders' board. */
static enum err
load_leaders(struct request *r, struct case_view *v)
{
	struct grant counts = grant_counts(&r->grant, "counts of leaders, open to their teams");
	const struct debt_ask ask = { .from = day_add(r->today, -84), .to = r->today, .today = r->today };
	struct pair_debt *d = NULL;
	struct leader *l;
	size_t n = 0, n_pairs = 0;
	enum err e = leaders_load(r, &l, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		if (l[i].head) {
			v->head_signed = l[i].charter != 0;
			continue;
		}
		v->leaders++;
		v->signed_ += l[i].charter != 0;
		if (l[i].charter && !v->first.n) /* in the order of the line, so the highest comes first */
			v->first = l[i].name;
	}
	if (e == OK)
		e = debt_pairs(r->conn, r->arena, &counts, &ask, &d, &n_pairs);
	for (size_t i = 0; e == OK && i < n_pairs; i++) {
		v->pairs += !day_is(d[i].to_day);
		v->owed += !day_is(d[i].to_day) && d[i].state == DEBT_OWED;
	}
	return e;
}

enum err
case_page(struct request *r)
{
	struct page p = { .title = STR("The case in two pages") };
	struct case_view v = { 0 };
	int64_t head = 0;
	enum err e = db_one_int(
	        r->conn, "select coalesce(head, 0) from company where org_id = $1", DB_ARGS(DB_I(r->actor.org)), &head);

	if (e == ERR_ABSENT)
		e = OK;
	v.head = page_name(r, "person", head);
	if (e == OK)
		e = gap_load(r, &v.gap, page_param(r, "from"), (str){ 0 });
	if (e == OK)
		e = load_leaders(r, &v);
	if (e != OK)
		return e;
	fill_stake(r, &v);
	p.subtitle = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(r->actor.org_name), STR_ARG(v.gap.period));
	page_head(r, &p);
	tpl_case_pages(&r->view, &v, r);
	page_foot(r);
	return OK;
}
