/* The set of measures: a standard one per role, until the company has its own (A1). */
#include "areas/accountability/accountability.h"

struct standard {
	int role, kind, source;
	const char *name;
};

/* Leading first: what a person can do today stands before what follows from it. */
static const struct standard standards[] = {
	{ ROLE_SELLER, MEASURE_LEADING, FROM_CALLS, "Calls" },
	{ ROLE_SELLER, MEASURE_LEADING, FROM_MEETINGS, "Meetings" },
	{ ROLE_SELLER, MEASURE_LEADING, FROM_NEW_DEALS, "New deals" },
	{ ROLE_SELLER, MEASURE_LEADING, FROM_NEXT_STEPS, "Next step on each deal" },
	{ ROLE_SELLER, MEASURE_LEADING, FROM_COACHED, "Coaching confirmed" },
	{ ROLE_SELLER, MEASURE_LEADING, FROM_KEPT, "Commitments kept" },
	{ ROLE_SELLER, MEASURE_LAGGING, FROM_WON, "Deals won" },
	{ ROLE_SELLER, MEASURE_LAGGING, FROM_WIN_RATE, "Win rate" },
	{ ROLE_SELLER, MEASURE_LAGGING, FROM_REVENUE, "Revenue won" },
	{ ROLE_MANAGER, MEASURE_LEADING, FROM_COACHING, "Coaching given and confirmed" },
	{ ROLE_MANAGER, MEASURE_LEADING, FROM_OBSERVED, "Calls observed" },
	{ ROLE_MANAGER, MEASURE_LEADING, FROM_BLOCKERS, "Blockers answered in time" },
	{ ROLE_MANAGER, MEASURE_LEADING, FROM_KEPT, "Commitments kept" },
	{ ROLE_MANAGER, MEASURE_LEADING, FROM_NEW_DEALS, "New deals of the team" },
	{ ROLE_MANAGER, MEASURE_LAGGING, FROM_WON, "Deals won by the team" },
	{ ROLE_MANAGER, MEASURE_LAGGING, FROM_WIN_RATE, "Win rate of the team" },
	{ ROLE_MANAGER, MEASURE_LAGGING, FROM_REVENUE, "Revenue won by the team" },
	{ ROLE_LEADER, MEASURE_LEADING, FROM_COACHING, "Coaching given and confirmed" },
	{ ROLE_LEADER, MEASURE_LEADING, FROM_OBSERVED, "Sessions and calls observed" },
	{ ROLE_LEADER, MEASURE_LEADING, FROM_BLOCKERS, "Blockers answered in time" },
	{ ROLE_LEADER, MEASURE_LEADING, FROM_KEPT, "Commitments kept" },
	{ ROLE_LEADER, MEASURE_LAGGING, FROM_WON, "Deals won by all below" },
	{ ROLE_LEADER, MEASURE_LAGGING, FROM_WIN_RATE, "Win rate of all below" },
	{ ROLE_LEADER, MEASURE_LAGGING, FROM_REVENUE, "Revenue won by all below" },
	{ ROLE_HEAD, MEASURE_LEADING, FROM_COACHING, "Coaching given and confirmed" },
	{ ROLE_HEAD, MEASURE_LEADING, FROM_OBSERVED, "Sessions and calls observed" },
	{ ROLE_HEAD, MEASURE_LEADING, FROM_BLOCKERS, "Blockers answered in time" },
	{ ROLE_HEAD, MEASURE_LEADING, FROM_KEPT, "Commitments kept" },
	{ ROLE_HEAD, MEASURE_LAGGING, FROM_WON, "Deals won by the company" },
	{ ROLE_HEAD, MEASURE_LAGGING, FROM_WIN_RATE, "Win rate of the company" },
	{ ROLE_HEAD, MEASURE_LAGGING, FROM_REVENUE, "Revenue won by the company" },
};
#define N_STANDARDS (sizeof standards / sizeof *standards)

static struct measure
standard(size_t i)
{
	struct measure m;

	record_init(&measure_record, &m);
	m.name = str_of(standards[i].name);
	m.role = standards[i].role;
	m.kind = standards[i].kind;
	m.source = standards[i].source;
	m.position = (int64_t)i + 1;
	return m;
}

static enum err
load_own(struct conn *c, struct arena *a, id org, struct measure **ret, size_t *ret_n, bool *ret_any)
{
	struct measure *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(a, "select %.*s from measure x where x.org_id = $1 order by x.position, x.id limit %d",
	        STR_ARG(record_columns(a, &measure_record, "x")), 2 * MEASURES_MOST);
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org)), &rows);

	*ret_any = false;
	while (e == OK && db_next(&rows)) {
		*ret_any = true;
		arena_grow(a, all, n, cap);
		record_read(&rows, &measure_record, 0, &all[n]);
		n += !day_is(all[n].ended_on);
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

enum err
measures_load(struct conn *c, struct arena *a, id org, struct measure **ret, size_t *ret_n)
{
	bool any = false;
	enum err e = load_own(c, a, org, ret, ret_n, &any);

	if (e != OK || any)
		return e;
	*ret = arena_new(a, struct measure, N_STANDARDS);
	*ret_n = N_STANDARDS;
	for (size_t i = 0; i < N_STANDARDS; i++)
		(*ret)[i] = standard(i);
	return OK;
}

enum err
measures_ensure(struct change *c)
{
	struct grant all = grant_all(c->grant->org, c->grant->login, c->grant->person, "the standard measures");
	const struct grant *own = c->grant;
	struct measure *have;
	size_t n;
	bool any = false;
	enum err e = load_own(c->conn, c->arena, own->org, &have, &n, &any);

	if (e != OK || any)
		return e;
	c->grant = &all; /* the same rows whoever is the first to need them */
	for (size_t i = 0; e == OK && i < N_STANDARDS; i++) {
		struct measure m = standard(i);
		e = record_save(c, &measure_record, &m);
	}
	c->grant = own;
	return e;
}

str
measure_key(struct arena *a, const struct measure *m)
{
	return m->source == FROM_HAND ? id_text(a, m->row.id) : str_of(measure_froms[m->source].code);
}

bool
measure_is_share(const struct measure *m)
{
	switch (m->source) {
	case FROM_NEXT_STEPS:
	case FROM_COACHED:
	case FROM_COACHING:
	case FROM_KEPT:
	case FROM_BLOCKERS:
	case FROM_WIN_RATE:
		return true;
	default:
		return false;
	}
}
