/* A campaign goes to the trash with its steps, as long as nothing came from it: what it brought is counted by it (G1).
 */
#include "areas/prospects/view.h"
#include "record/refs.h"

enum { COUNTED_MOST = 1000 };

/* Of anybody, also of whom the asking person does not see: they would lose where they came from. */
enum err
campaign_brought(struct conn *c, id org, id campaign, int64_t *ret_prospects, int64_t *ret_deals)
{
	enum err e = db_one_int(c,
	        "select count(*) from (select 1 as one from prospect where org_id = $1 and campaign = $2 limit $3) x",
	        DB_ARGS(DB_I(org), DB_I(campaign), DB_I(COUNTED_MOST)), ret_prospects);

	if (e == OK)
		e = db_one_int(c,
		        "select count(*) from (select 1 as one from deal where org_id = $1 and campaign = $2 limit $3) "
		        "x",
		        DB_ARGS(DB_I(org), DB_I(campaign), DB_I(COUNTED_MOST)), ret_deals);
	return e;
}

/* "12 prospects and 1 deal", "1,000 or more prospects" */
str
campaign_brought_words(struct arena *a, int64_t prospects, int64_t deals)
{
	str all = { 0 };

	if (prospects)
		all = str_fmt(a, "%.*s%s prospect%s", STR_ARG(html_int_text(a, prospects)),
		        prospects == COUNTED_MOST ? " or more" : "", prospects == 1 ? "" : "s");
	if (deals)
		all = str_fmt(a, "%.*s%s%.*s%s deal%s", STR_ARG(all), all.n ? " and " : "",
		        STR_ARG(html_int_text(a, deals)), deals == COUNTED_MOST ? " or more" : "",
		        deals == 1 ? "" : "s");
	return all;
}

/* The row as the transaction sees it: something may have come from it since the page was shown. */
static enum err
remove_work(struct change *c, void *what)
{
	const struct campaign *x = what;
	int64_t prospects = 0, deals = 0;
	enum err e = campaign_brought(c->conn, c->grant->org, x->row.id, &prospects, &deals);

	if (e == OK && (prospects || deals))
		return fault_add(c->faults, STR("campaign"),
		        str_fmt(c->arena, "is where %.*s came from",
		                STR_ARG(campaign_brought_words(c->arena, prospects, deals))),
		        STR("give them another campaign first"));
	if (e == OK)
		e = record_remove_refs(c, &campaign_step_record, "campaign", x->row.id);
	return e == OK ? record_remove(c, &campaign_record, x->row.id, x->row.version) : e;
}

enum err
campaign_remove(struct request *r)
{
	struct campaign x;
	int64_t seen;
	id set = 0;
	enum err e = campaign_to_write(r, &x);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &seen))
		x.row.version = seen;
	e = page_change(r, str_fmt(r->arena, "%.*s moved to the trash", STR_ARG(x.name)), remove_work, &x, &set);
	if (e == ERR_INPUT)
		return campaign_page(r);
	return e == OK ? page_done(r, set, STR("/campaigns")) : e;
}
