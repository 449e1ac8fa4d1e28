#include "areas/growth/growth.h"

/* Everything of a plan starts as a unit does. */
static id
account_of(const void *part)
{
	return ((const struct plan_unit *)part)->account;
}
static_assert(offsetof(struct potential, account) == offsetof(struct plan_unit, account), "row, account");

static enum err
account_may_write(struct change *c, id account)
{
	int64_t one;
	str sql = str_fmt(c->arena, "select 1 from account t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(c->arena, c->grant, MATTER_DEALS, ACT_WRITE, "t.owner")));
	enum err e = db_one_int(c->conn, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(account)), &one);

	return e == ERR_ABSENT ? ERR_DENIED : e;
}

enum err
plan_unit_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	enum err e = after ? account_may_write(c, account_of(after)) : OK;

	(void)f;
	if (e == OK && before && (!after || account_of(before) != account_of(after)))
		e = account_may_write(c, account_of(before));
	return e;
}

enum err
potential_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct potential *p = object;
	struct company company;
	enum err e = p->currency.n ? OK : record_load(c, a, g, &company_record, g->org, &company);

	if (e == OK && !p->currency.n)
		p->currency = company.currency;
	return e;
}

/* One figure for one product of one unit; NULLs differ in a unique key, so it is asked for here. */
static enum err
check_once(struct change *c, const struct potential *p, struct faults *f)
{
	int64_t one;
	enum err e = db_one_int(c->conn,
	        "select 1 from potential where org_id = $1 and account = $2 and product = $3 and coalesce(unit, 0) = "
	        "$4 "
	        "and id <> $5",
	        DB_ARGS(DB_I(c->grant->org), DB_I(p->account), DB_I(p->product), DB_I(p->unit), DB_I(p->row.id)), &one);

	if (e == OK)
		return fault_add(f, STR("product"), STR("has a potential there already"), STR("change that one"));
	return e == ERR_ABSENT ? OK : e;
}

/* A unit of another account is none here. */
static enum err
check_unit(struct change *c, id unit, id account, struct faults *f)
{
	int64_t one;
	enum err e = db_one_int(c->conn, "select 1 from plan_unit where org_id = $1 and id = $2 and account = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(unit), DB_I(account)), &one);

	if (e == ERR_ABSENT)
		return fault_add(f, STR("unit"), STR("is no part of this account"), STR("choose one of its units"));
	return e;
}

enum err
potential_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct potential *p = after;
	enum err e = plan_unit_check(c, before, after, f);

	if (e == OK && p && !money_known(p->currency))
		e = fault_add(f, STR("currency"), STR("is no currency"), STR("write three letters, as EUR"));
	if (e == OK && p && p->unit)
		e = check_unit(c, p->unit, p->account, f);
	return e == OK && p ? check_once(c, p, f) : e;
}

enum err
plan_deal_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct plan_deal *x = object;

	(void)c;
	(void)a;
	if (!x->person)
		x->person = g->person;
	return OK;
}

enum err
plan_deal_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct plan_deal *x = after;
	int64_t account = 0;
	enum err e = part_check(c, before, after, f);

	if (e != OK || !x)
		return e;
	e = db_one_int(c->conn, "select coalesce(account, 0) from deal where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->deal)), &account);
	return e == OK ? check_unit(c, x->unit, account, f) : e == ERR_ABSENT ? OK : e;
}
