#include "areas/deals/sums.h"

const char deal_sum_schema[] =
        "create table deal_sum (org_id bigint not null, stage bigint not null, owner bigint not null, currency text "
        "not null,"
        " category bigint not null, part bigint not null, n bigint not null, value bigint not null, weighted bigint "
        "not null, dated bigint not null, worked bigint not null,"
        " primary key (org_id, stage, owner, currency, category, part)){lite: without rowid|pg:};\n";

struct delta {
	id stage, owner;
	str currency;
	int category;
	int64_t n, value, weighted, dated, worked;
};

struct deltas {
	struct arena *arena;
	struct delta *items;
	size_t n, cap;
};

static void
add(struct deltas *all, const struct deal *d, int sign)
{
	struct delta *x = NULL;

	for (size_t i = 0; i < all->n && !x; i++)
		if (all->items[i].stage == d->stage && all->items[i].owner == d->owner &&
		        all->items[i].category == d->category && str_eq(all->items[i].currency, d->currency))
			x = &all->items[i];
	if (!x) {
		arena_grow(all->arena, all->items, all->n, all->cap);
		x = &all->items[all->n++];
		*x = (struct delta){
			.stage = d->stage, .owner = d->owner, .currency = d->currency, .category = d->category
		};
	}
	x->n += sign;
	x->value += sign * (d->value == NO_INT ? 0 : d->value);
	x->weighted += sign * (d->weighted == NO_INT ? 0 : d->weighted);
	x->dated += sign * day_is(d->closes_on);
	x->worked += sign * d->worked;
}

static enum err
store(struct change *c, const struct delta *x)
{
	if (!x->n && !x->value && !x->weighted && !x->dated && !x->worked)
		return OK;
	return db_exec(c->conn,
	        "insert into deal_sum (org_id, stage, owner, currency, category, part, n, value, weighted, dated, "
	        "worked)"
	        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (org_id, stage, owner, currency, "
	        "category, "
	        "part)"
	        " do update set n = deal_sum.n + excluded.n, value = deal_sum.value + excluded.value,"
	        " weighted = deal_sum.weighted + excluded.weighted, dated = deal_sum.dated + excluded.dated,"
	        " worked = deal_sum.worked + excluded.worked",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->stage), DB_I(x->owner), DB_T(x->currency), DB_I(x->category),
	                DB_I(conn_is_lite(c->conn) ? 0 : id_new()), DB_I(x->n), DB_I(x->value), DB_I(x->weighted),
	                DB_I(x->dated), DB_I(x->worked)),
	        NULL);
}

enum err
deal_sums_add(struct change *c, const struct deal *const *before, const struct deal *const *after, size_t n)
{
	struct deltas all = { .arena = c->arena };
	enum err e = OK;

	for (size_t i = 0; i < n; i++) {
		if (before[i])
			add(&all, before[i], -1);
		if (after[i])
			add(&all, after[i], 1);
	}
	for (size_t i = 0; e == OK && i < all.n; i++)
		e = store(c, &all.items[i]);
	return e;
}

enum err
deal_sums_check(struct conn *c, struct arena *a, id org, struct check_report *r)
{
	int64_t different = 0;
	enum err e = db_one_int(c,
	        "select count(*) from (select stage, owner, currency, category, sum(n) as n, sum(value) as value, "
	        "sum(weighted) as weighted, sum(dated) as dated, sum(worked) as worked from ("
	        " select stage, owner, currency, category, n, value, weighted, dated, worked from deal_sum where "
	        "org_id = $1"
	        " union all select stage, owner, currency, case category when 'commit' then 1 when 'best' then 2 when "
	        "'pipeline' then 3"
	        " when 'omitted' then 4 else 0 end, -1, -coalesce(value, 0), -coalesce(weighted, 0),"
	        " case when closes_on is null then 0 else -1 end, -worked from deal where org_id = $1) x"
	        " group by stage, owner, currency, category having sum(n) <> 0 or sum(value) <> 0 or sum(weighted) <> "
	        "0 or sum(dated) <> 0 or sum(worked) <> 0) y",
	        DB_ARGS(DB_I(org)), &different);

	if (e == OK && different)
		check_say(a, r, STR("deal_sum"), str_fmt(a, "%lld sums differ from a recount", (long long)different));
	return e;
}

enum err
deal_sums_rebuild(struct conn *c, struct arena *a)
{
	(void)a;
	return db_exec(c,
	        "insert into deal_sum (org_id, stage, owner, currency, category, part, n, value, weighted, dated, "
	        "worked) select org_id, stage, owner, currency, category, 0, count(*), sum(value), sum(weighted), "
	        "sum(dated), sum(worked) from (select org_id, stage, owner, currency, case category when 'commit' then "
	        "1 "
	        "when 'best' then 2 when 'pipeline' then 3 when 'omitted' then 4 else 0 end as category, "
	        "coalesce(value, "
	        "0) as value, coalesce(weighted, 0) as weighted, case when closes_on is null then 0 else 1 end as "
	        "dated, "
	        "coalesce(worked, 0) as worked from deal) d group by org_id, stage, owner, currency, category",
	        DB_NO_ARGS, NULL);
}

static enum err
fold(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	enum err e = db_exec(c,
	        "insert into deal_sum (org_id, stage, owner, currency, category, part, n, value, weighted, dated, "
	        "worked)"
	        " select org_id, stage, owner, currency, category, 0, sum(n), sum(value), sum(weighted), sum(dated), "
	        "sum(worked) from deal_sum "
	        "where part <> 0"
	        " group by org_id, stage, owner, currency, category on conflict (org_id, stage, owner, currency, "
	        "category, part)"
	        " do update set n = deal_sum.n + excluded.n, value = deal_sum.value + excluded.value,"
	        " weighted = deal_sum.weighted + excluded.weighted, dated = deal_sum.dated + excluded.dated,"
	        " worked = deal_sum.worked + excluded.worked",
	        DB_NO_ARGS, NULL);

	return e == OK ? db_exec(c, "delete from deal_sum where part <> 0", DB_NO_ARGS, NULL) : e;
}

enum err
deal_sums_fold(struct db *d, struct arena *a)
{
	return db_is_lite(d) ? OK : db_write(d, a, fold, NULL);
}
