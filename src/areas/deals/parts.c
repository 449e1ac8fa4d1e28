#include "areas/deals/past.h"

/* Whatever hangs on a deal starts as a stakeholder does. */
static id
deal_of(const void *part)
{
	return ((const struct stakeholder *)part)->deal;
}
static_assert(offsetof(struct competitor, deal) == offsetof(struct stakeholder, deal), "row, deal");
static_assert(offsetof(struct line_item, deal) == offsetof(struct stakeholder, deal), "row, deal");
static_assert(offsetof(struct deal_tag, deal) == offsetof(struct stakeholder, deal), "row, deal");
static_assert(offsetof(struct document, deal) == offsetof(struct stakeholder, deal), "row, deal");
static_assert(offsetof(struct deviation, deal) == offsetof(struct stakeholder, deal), "row, deal");
static_assert(offsetof(struct past, deal) == offsetof(struct stakeholder, deal), "row, deal");
static_assert(offsetof(struct step_done, deal) == offsetof(struct stakeholder, deal), "row, deal");

static enum err
weigh_again(struct change *c, id deal)
{
	struct deal d;
	enum err e = record_load(c->conn, c->arena, c->grant, &deal_record, deal, &d);

	return e == OK ? record_save(c, &deal_record, &d) : e == ERR_ABSENT ? OK : e;
}

enum err
deal_weigh_again(struct change *c, id deal)
{
	const struct grant *whose = c->grant;
	struct grant hook =
	        grant_all(whose->org, whose->login, whose->person, "what hangs on a deal makes its figures");

	c->grant = &hook;
	enum err e = weigh_again(c, deal);
	c->grant = whose;
	return e;
}

enum err
part_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	enum err e = OK;
	id last = 0;

	for (size_t i = 0; e == OK && i < n; i++) {
		id deal = deal_of(after[i] ? after[i] : before[i]);
		if (deal != last)
			e = deal_weigh_again(c, deal);
		last = deal;
	}
	return e;
}

/* P4: steps make the probability; whoever completes one need not be the deal's owner. */
enum err
step_done_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	return part_changed(c, before, after, n);
}

enum err
part_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	enum err e = OK;

	(void)f;
	if (c->grant->reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY)
		return OK; /* an import or an administrator; whether the deal is there is the field's own check */
	if (after)
		e = deal_may_write(c, deal_of(after));
	if (e == OK && before && (!after || deal_of(before) != deal_of(after)))
		e = deal_may_write(c, deal_of(before));
	return e;
}

#define START(record, type) \
	enum err record##_start(struct conn *c, struct arena *a, const struct grant *g, void *object) \
	{ \
		struct type *x = object; \
		(void)c; \
		(void)a; \
		if (!x->person) \
			x->person = g->person; \
		return OK; \
	}
START(stakeholder, stakeholder)
START(competitor, competitor)
START(line_item, line_item)
START(deal_tag, deal_tag)
START(document, document)

/* D3: a line is in its deal's currency; its price is the product's where none was said and the currency is the same. */
enum err
line_item_derive(struct change *c, const void *before, void *after)
{
	struct line_item *x = after;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select d.currency, case when coalesce(p.currency, d.currency) = d.currency then p.list_price end from "
	        "deal d join product p on p.org_id = d.org_id and p.id = $3 where d.org_id = $1 and d.id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->deal), DB_I(x->product)), &rows);

	(void)before;
	if (e == OK && db_next(&rows)) {
		x->currency = db_text(&rows, 0);
		if (x->unit_price == NO_INT && !db_is_null(&rows, 1))
			x->unit_price = db_int(&rows, 1);
	}
	x->total = NO_INT;
	if (x->unit_price >= 0 && x->quantity > 0 && x->quantity <= 1000000 &&
	        x->unit_price <= INT64_C(1000000000000000) / x->quantity)
		x->total = x->quantity * x->unit_price;
	return e == OK ? db_end(&rows) : e;
}

enum err
line_item_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct line_item *x = after;

	if (x && x->unit_price == NO_INT)
		fault_add(f, STR("unit_price"), STR("is missing"),
		        STR("the product has no list price in this currency; write one"));
	else if (x && x->total == NO_INT)
		fault_add(f, STR("unit_price"), STR("is no price that fits"),
		        STR("check the point and the comma; a price is not below zero"));
	return part_check(c, before, after, f);
}

static enum err
touch_deal(struct change *c, const struct activity *x)
{
	struct deal d;
	enum err e = record_load(c->conn, c->arena, c->grant, &deal_record, x->deal, &d);

	if (e != OK || (day_is(d.touched_on) && day_between(d.touched_on, x->on_day) <= 0))
		return e;
	if (day_between(c->today, x->on_day) > 0)
		return OK; /* a task for later touches nothing yet */
	d.touched_on = x->on_day;
	return record_save(c, &deal_record, &d);
}

enum err
deal_may_write(struct change *c, id deal)
{
	int64_t one;
	str sql = str_fmt(c->arena, "select 1 from deal d where d.org_id = $1 and $2 = $2 and d.id = $3%.*s",
	        STR_ARG(grant_sql(c->arena, c->grant, MATTER_DEALS, ACT_WRITE, "d.owner")));
	enum err e = db_one_int(
	        c->conn, str_z(c->arena, sql), DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(deal)), &one);

	return e == ERR_ABSENT ? ERR_DENIED : e;
}

/* O3: an activity touches its deal, so it is noted by the owner and the line above; that the company may read a deal
   lets nobody write on it. Moved to another deal it needs both. */
enum err
activity_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct activity *was = before, *x = after;
	bool all = c->grant->reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY; /* an import or an administrator; whether
	                                                                         the deal is there the field checks */
	enum err e = OK;

	if (!all && x && x->deal)
		e = deal_may_write(c, x->deal);
	if (e == OK && !all && was && was->deal && (!x || was->deal != x->deal)) /* removed, too */
		e = deal_may_write(c, was->deal);
	return e == OK ? mention_check(c, was, x, f) : e;
}

/* An activity touches its deal: its writer need not be the deal's owner. */
enum err
activity_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	const struct grant *whose = c->grant;
	struct grant hook = grant_all(whose->org, whose->login, whose->person, "an activity touches its deal");
	enum err e = OK;

	c->grant = &hook;
	for (size_t i = 0; e == OK && i < n; i++) {
		const struct activity *x = after[i];
		if (x && x->deal)
			e = touch_deal(c, x);
		if (e == OK)
			e = mention_changed(c, before[i], x);
	}
	c->grant = whose;
	return e;
}
