/* report campaigns: what each campaign brought, as the page of campaigns and its file have it (G1): time to first touch
   with those who still wait, what is unclaimed, how they ended, and what its deals won, in the company's currency (D3).
 */
#include "app/report.h"

#include "areas/deals/rates.h"
#include "areas/prospects/figures.h"

static const struct report_column columns[] = { { "campaign", UNIT_TEXT }, { "comes_from", UNIT_TEXT },
	{ "owner", UNIT_TEXT }, { "from", UNIT_TEXT }, { "to", UNIT_TEXT }, { "goal", UNIT_COUNT },
	{ "prospects", UNIT_COUNT }, { "open", UNIT_COUNT }, { "unclaimed", UNIT_COUNT }, { "resting", UNIT_COUNT },
	{ "untouched", UNIT_COUNT }, { "became_deals", UNIT_COUNT }, { "disqualified", UNIT_COUNT },
	{ "first_touch_days", UNIT_COUNT }, { "first_touch_n", UNIT_COUNT }, { "won_deals", UNIT_COUNT },
	{ "won", UNIT_MONEY }, { "open_deals", UNIT_COUNT }, { "open_value", UNIT_MONEY }, { "note", UNIT_TEXT },
	{ NULL, UNIT_TEXT } };

static enum err
sum_deals(struct conn *c, struct arena *a, struct report *r, id campaign, const char *outcome, struct totals *ret)
{
	id org = r->grant->org;
	struct rows rows;
	enum err e = record_query(c, a, r->grant,
	        "select d.currency, count(*), cast(coalesce(sum(d.value), 0) as bigint), "
	        "cast(coalesce(sum(d.weighted), "
	        "0) as bigint) from deal d where d.org_id = $1 and $2 = $2 and d.campaign = $3 and d.outcome = $4 "
	        "{may:deals d.owner} group by d.currency order by d.currency",
	        DB_ARGS(DB_I(campaign), DB_T(str_of(outcome))), &rows);

	totals_init(ret, r->scope.currency);
	while (e == OK && db_next(&rows))
		totals_add(ret, db_text(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_int(&rows, 3));
	if (e == OK)
		e = db_end(&rows);
	return e == OK ? totals_close(c, a, org, r->scope.as_of, ret) : e;
}

static void
add_row(struct report *r, const struct campaign *x, str owner, const struct prospect_figures *f,
        const struct totals *won, const struct totals *open)
{
	struct arena *a = r->arena;
	struct report_cell *row = report_row(r);
	const int64_t counts[] = { f->n, f->open, f->unclaimed, f->resting, f->untouched, f->qualified,
		f->disqualified };

	row[0] = cell_text(x->name);
	row[1] = cell_text(x->channel);
	row[2] = cell_text(owner);
	row[3] = cell_text(day_iso(a, x->from_day));
	row[4] = cell_text(day_iso(a, x->to_day));
	if (x->goal != NO_INT)
		row[5] = cell_whole(x->goal);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		row[6 + i] = cell_whole(counts[i]);
	if (f->half.days >= 0)
		row[13] = cell_whole(f->half.days);
	row[14] = cell_whole(f->spells.total);
	row[15] = cell_whole(won->n);
	row[16] = cell_whole(won->value.minor);
	row[17] = cell_whole(open->n);
	row[18] = cell_whole(open->value.minor);
	row[19] = cell_text(won->note.n && open->note.n
	                            ? str_fmt(a, "won: %.*s; open: %.*s", STR_ARG(won->note), STR_ARG(open->note))
	                    : won->note.n ? won->note
	                                  : open->note);
}

static enum err
add_campaign(struct conn *c, struct arena *a, struct report *r, const struct campaign *x, str owner)
{
	struct list l = { .record = &prospect_record };
	struct prospect_figures f;
	struct totals won, open;
	enum err e = list_parse(
	        a, &prospect_record, STR("campaign"), str_fmt(a, "%lld", (long long)x->row.id), &l, r->faults);

	if (e == OK)
		e = prospect_figures_of(c, a, r->grant, &l, r->scope.as_of, &f);
	if (e == OK)
		e = sum_deals(c, a, r, x->row.id, "won", &won);
	if (e == OK)
		e = sum_deals(c, a, r, x->row.id, "open", &open);
	if (e == OK)
		add_row(r, x, owner, &f, &won, &open);
	return e;
}

struct named {
	struct campaign c;
	str owner;
};

enum err
report_campaigns(struct conn *c, struct arena *a, struct report *r)
{
	struct named *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(a,
	        "select coalesce(p.name, ''), %.*s from campaign t left join person p on p.org_id = t.org_id and p.id "
	        "= t.owner where t.org_id = $1 and $2 = $2 and (cast($3 as bigint) = 0 or t.owner = cast($3 as "
	        "bigint))%.*s order by t.id desc limit 1000",
	        STR_ARG(record_columns(a, &campaign_record, "t")), STR_ARG(record_may(a, r->grant, &campaign_record)));
	enum err e = record_query(c, a, r->grant, str_z(a, sql), DB_ARGS(DB_I(r->scope.person)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n].owner = db_text(&rows, 0);
		record_read(&rows, &campaign_record, 1, &all[n++].c);
	}
	if (e == OK)
		e = db_end(&rows);
	r->table.columns = columns;
	for (size_t i = 0; e == OK && i < n; i++)
		e = add_campaign(c, a, r, &all[i].c, all[i].owner);
	return e;
}
