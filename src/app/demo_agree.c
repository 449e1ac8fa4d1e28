/* Paired agreements of the sample company: what each told person will do beside what their leader owes (A2). */
#include "app/demo.h"
#include "areas/accountability/accountability.h"

struct promise {
	int role, source, per;
	int64_t amount;
};

static const struct promise promises[] = {
	{ ROLE_SELLER, FROM_CALLS, PER_WEEK, 2 },
	{ ROLE_SELLER, FROM_MEETINGS, PER_MONTH, 4 },
	{ ROLE_SELLER, FROM_NEXT_STEPS, PER_NONE, 90 },
	{ ROLE_SELLER, FROM_COACHED, PER_NONE, 90 },
	{ ROLE_MANAGER, FROM_COACHING, PER_NONE, 90 },
	{ ROLE_MANAGER, FROM_OBSERVED, PER_MONTH, 6 },
	{ ROLE_MANAGER, FROM_BLOCKERS, PER_NONE, 90 },
	{ ROLE_LEADER, FROM_COACHING, PER_NONE, 90 },
	{ ROLE_LEADER, FROM_OBSERVED, PER_QUARTER, 6 },
};

static enum err
save_does(struct change *c, const struct agreement *a, const struct measure *m, size_t n, int role, bool more)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < sizeof promises / sizeof *promises; i++)
		for (size_t k = 0; e == OK && k < n; k++) {
			struct agreement_line l;
			if (promises[i].role != role || m[k].role != role || m[k].source != promises[i].source)
				continue;
			record_init(&agreement_line_record, &l);
			l.agreement = a->row.id;
			l.person = a->person;
			l.leader = a->leader;
			l.side = SIDE_DOES;
			l.measure = m[k].row.id;
			l.amount = promises[i].amount + (more && promises[i].per == PER_WEEK);
			l.per = promises[i].per;
			e = record_save(c, &agreement_line_record, &l);
		}
	return e;
}

/* The leader's side is what they owe anyway: coaching, watching, answering (A2a). */
static enum err
save_owes(struct change *c, const struct agreement *a)
{
	id duties_of[8] = { 0 };
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select id from obligation where org_id = $1 and person = $2 and state = 'agreed' and duty in "
	        "('coach', "
	        "'observed_call', 'watch_coaching', 'blockers') order by id limit 8",
	        DB_ARGS(DB_I(c->grant->org), DB_I(a->leader)), &rows);

	while (e == OK && n < 8 && db_next(&rows))
		duties_of[n++] = db_int(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		struct agreement_line l;
		record_init(&agreement_line_record, &l);
		l.agreement = a->row.id;
		l.person = a->person;
		l.leader = a->leader;
		l.side = SIDE_OWES;
		l.obligation = duties_of[i];
		e = record_save(c, &agreement_line_record, &l);
	}
	return e;
}

static enum err
agree(struct change *c, const struct demo *m, size_t who, const struct measure *all, size_t n, bool more, day on)
{
	const struct demo_person *p = &m->people[who];
	struct agreement a;
	enum err e;

	record_init(&agreement_record, &a);
	a.person = p->id;
	a.leader = m->people[p->manager].id;
	a.number = more ? 2 : 1;
	a.state = more ? AGREEMENT_PROPOSED : AGREEMENT_SIGNED;
	a.from_day = more ? day_add(m->today, 3) : on;
	a.proposed_by = a.leader;
	a.proposed_on = a.leader_signed_on = on;
	a.person_signed_on = more ? DAY_NONE : on;
	a.reason =
	        more ? STR("Two closes in six weeks: one more call a week, and I join the first visits.") : (str){ 0 };
	c->effective = zone_instant(m->zone, on, 16 * 60);
	e = record_save(c, &agreement_record, &a);
	if (e == OK)
		e = save_does(c, &a, all, n, p->role, more);
	return e == OK ? save_owes(c, &a) : e;
}

static id
p_id(const struct demo *m, size_t i)
{
	return m->people[i].id;
}

/* Most show their figure to the team; one in six does not (O5). */
static enum err
share(struct change *c, id person, day on)
{
	struct huddle_share x;

	record_init(&huddle_share_record, &x);
	x.person = person;
	x.on_day = on;
	return record_save(c, &huddle_share_record, &x);
}

/* Those whose work is told; one proposal waits for its second signature. */
enum err
demo_make_agreements(struct change *c, void *what)
{
	const struct demo *m = what;
	struct measure *all;
	size_t n;
	enum err e = measures_ensure(c);

	if (e == OK)
		e = measures_load(c->conn, c->arena, c->grant->org, &all, &n);
	for (size_t i = 1; e == OK && i < m->n_people; i++) {
		day on = demo_workday(day_add(m->today, -(i < m->first_seller ? 180 : 150)));
		bool manager = i == 1 || (i >= m->first_manager && i < m->first_manager + TOLD_MANAGERS);
		bool seller = i >= m->first_seller && i < m->first_seller + TOLD_SELLERS;
		if ((!manager && !seller) || m->people[i].style == STYLE_NEW ||
		        day_between(m->people[i].started, on) < 0)
			continue;
		e = agree(c, m, i, all, n, false, on);
		if (e == OK && seller && i % 6)
			e = share(c, p_id(m, i), on);
		if (e == OK && i == m->first_seller + 6)
			e = agree(c, m, i, all, n, true, demo_workday(day_add(m->today, -1)));
	}
	c->effective = 0;
	return e;
}
