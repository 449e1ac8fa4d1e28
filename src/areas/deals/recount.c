#include "areas/deals/recount.h"

#include "areas/deals/guide.h"

#define PAGE 500

/* ---- the job ---- */

struct renewing {
	id *deals;
	size_t n;
};

static enum err
renew_work(struct change *c, void *what)
{
	const struct renewing *w = what;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < w->n; i++) {
		struct deal d;
		e = record_load(c->conn, c->arena, c->grant, &deal_record, w->deals[i], &d);
		if (e == OK)
			e = record_save(c, &deal_record, &d);
		if (e == ERR_ABSENT)
			e = OK; /* removed meanwhile */
	}
	return e;
}

static enum err
find_due(struct conn *c, struct arena *a, id org, size_t most, struct renewing *ret)
{
	struct grant g = grant_all(org, 0, 0, "job: health of deals");
	struct rows rows;
	day today = DAY_NONE;
	enum err e = deal_today(c, a, &g, &today);

	ret->n = 0;
	ret->deals = arena_new(a, id, most + 1);
	if (e == OK)
		e = db_query(c, a,
		        "select id from deal where org_id = $1 and health_until <= $2 and outcome = 'open' order by "
		        "health_until, id limit $3",
		        DB_ARGS(DB_I(org), db_day_value(a, today), DB_I((int64_t)most)), &rows);
	while (e == OK && ret->n < most && db_next(&rows))
		ret->deals[ret->n++] = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e == ERR_ABSENT ? OK : e;
}

static enum err
list_orgs(struct conn *c, struct arena *a, id ret[1000], size_t *ret_n)
{
	struct rows rows;
	enum err e = db_query(
	        c, a, "select org_id from company where id = org_id order by id limit 1000", DB_NO_ARGS, &rows);

	*ret_n = 0;
	while (e == OK && *ret_n < 1000 && db_next(&rows))
		ret[(*ret_n)++] = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

static enum err
renew_org(struct db *d, struct arena *a, id org, size_t most, size_t *ret_n)
{
	struct renewing w = { 0 };
	struct conn *c;
	struct faults faults;
	enum err e = db_begin_read(d, &c);

	if (e != OK)
		return e;
	e = find_due(c, a, org, most, &w);
	db_end_read(d, c);
	if (e != OK || !w.n)
		return e;
	struct grant g = grant_all(org, 0, 0, "job: health of deals");
	faults_init(&faults, a);
	struct change_work work = { .grant = &g,
		.reason = STR("health weighed anew"),
		.kind = CHANGE_JOB,
		.faults = &faults,
		.fn = renew_work,
		.what = &w };
	e = change_run(d, a, &work);
	*ret_n += w.n;
	return e == ERR_STALE ? OK : e; /* somebody wrote one meanwhile: the next round has it */
}

enum err
deal_health_renew(struct db *d, struct arena *a, size_t most, size_t *ret_n)
{
	id *orgs = arena_new(a, id, 1000);
	struct conn *c;
	size_t n = 0;
	enum err e = db_begin_read(d, &c);

	*ret_n = 0;
	if (e != OK)
		return e;
	e = list_orgs(c, a, orgs, &n);
	db_end_read(d, c);
	for (size_t i = 0; e == OK && i < n; i++)
		e = renew_org(d, a, orgs[i], most, ret_n);
	return e;
}

/* ---- the recount ---- */

struct recount {
	struct conn *conn;
	struct arena *arena;
	struct check_report *report;
	struct guide guide; /* of the process at hand */
	id org;
	day today;
};

static void
compare(struct recount *w, const struct deal *d, const char *what, int64_t stored, int64_t counted)
{
	if (stored != NO_INT && stored != counted)
		check_say(w->arena, w->report, str_fmt(w->arena, "deal “%.*s”", STR_ARG(d->name)),
		        str_fmt(w->arena, "%s is stored as %lld, a recount has %lld", what, (long long)stored,
		                (long long)counted));
}

/* Health holds until its day; a stored one whose day has come is the job's to renew. */
static void
compare_health(struct recount *w, const struct deal *d, int64_t allowed)
{
	struct health_reason why[8];
	day until;
	size_t n = deal_health(w->arena, d, w->guide.rules, allowed, w->today, why, &until);

	if (day_is(d->health_until) && day_between(d->health_until, w->today) >= 0)
		return;
	compare(w, d, "health", d->health, n ? why[0].level : HEALTH_HEALTHY);
}

static enum err
recount_one(struct recount *w, const struct deal *d)
{
	const struct stage *s;
	struct guided x;
	enum err e = OK;

	if (w->guide.process != d->process)
		e = guide_load(w->conn, w->arena, w->org, d->process, &w->guide);
	if (e == OK)
		e = guide_deal(w->conn, w->arena, &w->guide, w->org, d, w->today, &x);
	s = e == OK ? guide_stage(&w->guide, d->stage) : NULL;
	if (e != OK || !s || d->stage_steps == NO_INT)
		return e;
	compare(w, d, "stakeholders", d->people, x.people);
	compare(w, d, "decision makers", d->deciders, x.deciders);
	if (!w->guide.conditional) { /* a condition may ask about today or the account */
		compare(w, d, "steps in this stage", d->stage_steps, x.stage_steps);
		compare(w, d, "steps done", d->stage_done, x.stage_done);
		compare(w, d, "probability", d->probability, deal_clamp(x.sum, s->probability, s->greatest));
	}
	compare_health(w, d, s->allowed_days);
	return OK;
}

static enum err
recount_page(struct recount *w, id after, struct deal *page, size_t *ret_n)
{
	str sql = str_fmt(w->arena,
	        "select %.*s from deal t where t.org_id = $1 and t.id > $2 and t.outcome = 'open' order by t.id limit "
	        "500",
	        STR_ARG(record_columns(w->arena, &deal_record, "t")));
	struct rows rows;
	enum err e = db_query(w->conn, w->arena, str_z(w->arena, sql), DB_ARGS(DB_I(w->org), DB_I(after)), &rows);

	*ret_n = 0;
	while (e == OK && *ret_n < PAGE && db_next(&rows))
		record_read(&rows, &deal_record, 0, &page[(*ret_n)++]);
	return e == OK ? db_end(&rows) : e;
}

enum err
deal_recount_check(struct conn *c, struct arena *a, id org, struct check_report *r)
{
	struct recount w = { .conn = c, .arena = a, .report = r, .org = org, .today = DAY_NONE };
	struct grant g = grant_all(org, 0, 0, "check");
	struct deal *page = arena_new(a, struct deal, PAGE);
	size_t n = PAGE;
	id after = 0;
	enum err e = deal_today(c, a, &g, &w.today);

	if (e == ERR_ABSENT)
		return OK; /* no company yet */
	while (e == OK && n == PAGE) {
		e = recount_page(&w, after, page, &n);
		for (size_t i = 0; e == OK && i < n; i++)
			e = recount_one(&w, &page[i]);
		after = n ? page[n - 1].row.id : after;
	}
	return e;
}
