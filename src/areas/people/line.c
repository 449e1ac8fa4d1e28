#include "areas/people/line.h"

const char line_schema[] = "create table line (org_id bigint not null, above bigint not null, below bigint not null, "
                           "depth bigint not null,"
                           " from_day text not null, to_day text, primary key (org_id, above, below, from_day)){lite: "
                           "without rowid|pg:};\n"
                           "create index line_below on line (org_id, below, to_day);\n"
                           "create index line_today on line (org_id, above, to_day, below);\n";

static enum err
load_manager(struct conn *c, struct arena *a, id org, id person, id *ret_manager, str *ret_name)
{
	struct rows rows;
	enum err e = db_query(c, a, "select manager, name from person where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(org), DB_I(person)), &rows);

	*ret_manager = 0;
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		*ret_manager = db_int(&rows, 0);
		*ret_name = db_text(&rows, 1);
	}
	return db_end(&rows);
}

/* O1: a loop is refused with the names in it. */
static enum err
check_loop(struct change *c, const struct person *p, struct faults *f)
{
	str names = p->name, name = { 0 };
	id at = p->manager;

	for (int depth = 0; at && depth < 100; depth++) {
		if (at == p->row.id) {
			fault_add(f, STR("manager"),
			        str_fmt(c->arena, "would make a loop: %.*s → %.*s", STR_ARG(names), STR_ARG(p->name)),
			        STR("choose somebody who does not report to this person"));
			return OK;
		}
		enum err e = load_manager(c->conn, c->arena, c->grant->org, at, &at, &name);
		if (e != OK)
			return e;
		names = str_fmt(c->arena, "%.*s → %.*s", STR_ARG(names), STR_ARG(name));
	}
	return OK;
}

enum err
person_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct person *was = before, *p = after;

	if (!p)
		return OK;
	if (p->email.n && (str_find_byte(p->email, '@') == SIZE_MAX || str_find_byte(p->email, ' ') != SIZE_MAX))
		fault_add(f, STR("email"), STR("is not an e-mail address"),
		        STR("write it as name@example.com, or leave it empty"));
	if (day_is(p->left_on) && day_is(p->started_on) && day_between(p->started_on, p->left_on) < 0)
		fault_add(f, STR("left_on"), STR("is before the start"), STR("choose a later day"));
	if (p->row.id && p->manager && (!was || was->manager != p->manager))
		return check_loop(c, p, f);
	return OK;
}

enum err
company_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct company *o = after;
	char code[4];

	(void)before;
	if (!o)
		return fault_add(f, STR("company"), STR("cannot be removed here"), STR("use the command line"));
	if (!money_known(o->currency) || !money_code(o->currency, code))
		fault_add(f, STR("currency"), str_fmt(c->arena, "“%.*s” is no currency", STR_ARG(o->currency)),
		        STR("write three letters, as EUR"));
	if (!zone_find(o->zone))
		fault_add(f, STR("zone"), str_fmt(c->arena, "“%.*s” is no time zone", STR_ARG(o->zone)),
		        STR("write it as Europe/Berlin"));
	if (o->profile == COMPANY_AGREEMENT && !day_is(o->profile_from))
		fault_add(f, STR("profile_from"), STR("is missing"),
		        STR("enter the day of the works agreement: figures of single people begin on it"));
	if (o->profile == COMPANY_AGREEMENT && day_is(o->profile_from) && day_between(c->today, o->profile_from) > 366)
		fault_add(f, STR("profile_from"), STR("is more than a year ahead"),
		        STR("enter the day of the agreement"));
	return OK;
}

/* O5: a change of who sees what is dated and announced. */
enum err
company_derive(struct change *c, const void *before, void *after)
{
	const struct company *was = before;
	struct company *o = after;

	if (!was || !o || was->profile == o->profile)
		return OK;
	o->profile_before = was->profile;
	o->profile_said = c->today;
	if (o->profile != COMPANY_AGREEMENT)
		o->profile_from = c->today;
	return OK;
}

enum err
absence_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct absence *x = after;

	(void)c;
	(void)before;
	if (x && day_is(x->from_day) && day_is(x->to_day) && day_between(x->from_day, x->to_day) < 0)
		fault_add(f, STR("to_day"), STR("is before the first day"), STR("choose a later day"));
	return OK;
}

/* Ends what stood above the person and above their people; a row that lasted no day goes. A move dated back corrects
   what was written since, so later rows end as well. Who came under the person only after that day had another line
   until then. */
static enum err
detach(struct change *c, id person, day from)
{
	struct db_value org = DB_I(c->grant->org), who = DB_I(person), first = db_day_value(c->arena, from);
	enum err e = db_exec(c->conn,
	        "update line set to_day = $4 where org_id = $1 and depth > 0 and (to_day is null or to_day >= $3)"
	        " and (below = $2 or below in (select s.below from line s where s.org_id = $1 and s.above = $2 and "
	        "s.depth > 0"
	        " and s.to_day is null and s.from_day <= $3))"
	        " and above not in (select s.below from line s where s.org_id = $1 and s.above = $2 and s.to_day is "
	        "null)",
	        DB_ARGS(org, who, first, db_day_value(c->arena, day_add(from, -1))), NULL);

	if (e == OK)
		e = db_exec(c->conn,
		        "delete from line where org_id = $1 and depth > 0 and exists (select 1 from line s where "
		        "s.org_id = $1"
		        " and s.above = $2 and s.below = line.below and s.depth > 0 and s.to_day is null and "
		        "s.from_day > $3"
		        " and line.from_day >= s.from_day)"
		        " and above not in (select s.below from line s where s.org_id = $1 and s.above = $2 and "
		        "s.to_day is null)",
		        DB_ARGS(org, who, first), NULL);
	return e != OK ? e
	               : db_exec(c->conn,
	                         "delete from line where org_id = $1 and to_day is not null and to_day < from_day",
	                         DB_ARGS(org), NULL);
}

/* Everybody from the manager up stands above the person and their people: from that day, or since the two ends came
 * there. */
static enum err
attach(struct change *c, id person, id manager, day from)
{
	return db_exec(c->conn,
	        "insert into line (org_id, above, below, depth, from_day)"
	        " select $1, u.above, s.below, u.depth + s.depth + 1, {lite:max|pg:greatest}($4,"
	        " case when u.depth = 0 then $4 else u.from_day end, case when s.depth = 0 then $4 else s.from_day end)"
	        " from line u, line s"
	        " where u.org_id = $1 and u.below = $3 and u.to_day is null and s.org_id = $1 and s.above = $2 and "
	        "s.to_day is null"
	        " on conflict (org_id, above, below, from_day) do update set to_day = null, depth = excluded.depth",
	        DB_ARGS(DB_I(c->grant->org), DB_I(person), DB_I(manager), db_day_value(c->arena, from)), NULL);
}

static enum err
created(struct change *c, const struct person *p, day from)
{
	enum err e = db_exec(c->conn,
	        "insert into line (org_id, above, below, depth, from_day) values ($1, $2, $2, 0, $3)"
	        " on conflict (org_id, above, below, from_day) do update set to_day = null",
	        DB_ARGS(DB_I(c->grant->org), DB_I(p->row.id), db_day_value(c->arena, from)), NULL);

	return e == OK && p->manager ? attach(c, p->row.id, p->manager, from) : e;
}

static enum err
removed(struct change *c, const struct person *p)
{
	return db_exec(c->conn, "delete from line where org_id = $1 and (above = $2 or below = $2)",
	        DB_ARGS(DB_I(c->grant->org), DB_I(p->row.id)), NULL);
}

/* O2: since when somebody leads whom. Imported people stand where they stand since they started, or since ever. */
static day
effective_day(struct change *c, const struct person *p, bool created)
{
	if (day_is(p->manager_from))
		return p->manager_from;
	if (created && day_is(p->started_on))
		return p->started_on;
	return created && c->kind == CHANGE_IMPORT ? day_of(2000, 1, 1) : c->today;
}

enum err
person_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < n; i++) {
		const struct person *was = before[i], *p = after[i];
		if (!p) {
			e = removed(c, was);
		} else if (!was) {
			e = created(c, p, effective_day(c, p, true));
		} else if (was->manager != p->manager) {
			day from = effective_day(c, p, false);
			e = detach(c, p->row.id, from);
			if (e == OK && p->manager)
				e = attach(c, p->row.id, p->manager, from);
		}
	}
	return e;
}

/* O2: on any day, past ones too, somebody has one leader at most. */
static enum err
check_past(struct conn *c, struct arena *a, id org, struct check_report *r)
{
	int64_t twice = 0;
	enum err e = db_one_int(c,
	        "select count(distinct x.below) from line x join line y on y.org_id = x.org_id and y.below = x.below "
	        "and"
	        " y.depth = 1 and (y.above <> x.above or y.from_day <> x.from_day) where x.org_id = $1 and x.depth = 1"
	        " and y.from_day >= x.from_day and (x.to_day is null or y.from_day <= x.to_day)",
	        DB_ARGS(DB_I(org)), &twice);

	if (e == OK && twice)
		check_say(a, r, STR("line"), str_fmt(a, "%lld people have two leaders on one day", (long long)twice));
	return e;
}

/* The closure that person.manager implies, compared both ways with the stored one. */
enum err
line_check(struct conn *c, struct arena *a, id org, struct check_report *r)
{
	static const char tree[] =
	        "with recursive t(above, below, depth) as (select p.id, p.id, 0 from person p where p.org_id = $1"
	        " union all select p.manager, t.below, t.depth + 1 from t join person p on p.org_id = $1 and p.id = "
	        "t.above"
	        " where p.manager is not null and t.depth < 100)";
	int64_t missing = 0, extra = 0;
	enum err e = db_one_int(c,
	        str_z(a, str_fmt(a,
	                         "%s select count(*) from t where not exists (select 1 from line l where l.org_id = $1"
	                         " and l.above = t.above and l.below = t.below and l.depth = t.depth and l.to_day is "
	                         "null)",
	                         tree)),
	        DB_ARGS(DB_I(org)), &missing);

	if (e == OK)
		e = db_one_int(c,
		        str_z(a, str_fmt(a,
		                         "%s select count(*) from line l where l.org_id = $1 and l.to_day is null and "
		                         "not exists"
		                         " (select 1 from t where l.above = t.above and l.below = t.below and l.depth "
		                         "= t.depth)",
		                         tree)),
		        DB_ARGS(DB_I(org)), &extra);
	if (e == OK && (missing || extra))
		check_say(a, r, STR("line"),
		        str_fmt(a, "%lld rows of the reporting line are missing and %lld are too many",
		                (long long)missing, (long long)extra));
	return e == OK ? check_past(c, a, org, r) : e;
}
