#include "areas/commitments/view.h"
#include "html/widgets.h"

#include "areas/commitments/duties_html.h"

#define PEOPLE_MOST 5000

/* What a place in the line asks by default (A2a). days: working days of an answer. */
struct standard {
	int role, duty, cadence;
	int64_t days;
};

static const struct standard standards[] = {
	{ ROLE_HEAD, DUTY_CHARTER, CADENCE_ONCE, NO_INT },
	{ ROLE_HEAD, DUTY_COACH, CADENCE_FORTNIGHTLY, NO_INT },
	{ ROLE_HEAD, DUTY_WATCH_COACHING, CADENCE_MONTHLY, NO_INT },
	{ ROLE_HEAD, DUTY_RIDE_ALONG, CADENCE_QUARTERLY, NO_INT },
	{ ROLE_HEAD, DUTY_BLOCKERS, CADENCE_STANDING, 5 },
	{ ROLE_HEAD, DUTY_ACCOUNT_FIRST, CADENCE_STANDING, NO_INT },
	{ ROLE_LEADER, DUTY_COACH, CADENCE_WEEKLY, NO_INT },
	{ ROLE_LEADER, DUTY_WATCH_COACHING, CADENCE_SIX_WEEKS, NO_INT },
	{ ROLE_LEADER, DUTY_PROCESS_REVIEW, CADENCE_QUARTERLY, NO_INT },
	{ ROLE_MANAGER, DUTY_COACH, CADENCE_WEEKLY, NO_INT },
	{ ROLE_MANAGER, DUTY_OBSERVED_CALL, CADENCE_MONTHLY, NO_INT },
	{ ROLE_MANAGER, DUTY_BLOCKERS, CADENCE_STANDING, 2 },
	{ ROLE_SELLER, DUTY_EVIDENCE, CADENCE_STANDING, NO_INT },
	{ ROLE_SELLER, DUTY_CONFIRM, CADENCE_STANDING, NO_INT },
	{ ROLE_SELLER, DUTY_NEXT_STEP, CADENCE_STANDING, NO_INT },
};
#define N_STANDARDS (sizeof standards / sizeof *standards)

str
obligation_words(struct arena *a, const struct obligation *o)
{
	if (o->words.n)
		return o->words;
	if (o->days != NO_INT && o->days)
		return str_fmt(a, "%s within %lld working days", duties[o->duty].label, (long long)o->days);
	return o->cadence == CADENCE_STANDING || o->cadence == CADENCE_ONCE
	               ? str_of(duties[o->duty].label)
	               : str_fmt(a, "%s %s", duties[o->duty].label, cadences[o->cadence].label);
}

/* ---- proposing ---- */

struct placed {
	id person;
	int role; /* by the line; ROLE_NONE: not placed, owes nothing yet */
};

struct plan {
	struct obligation *rows; /* to create (version 0) and to end */
	size_t n, cap;
};

int
obligation_role(int64_t reports, int64_t leading, bool has_manager, bool head, str role)
{
	if (head || (!has_manager && reports))
		return ROLE_HEAD;
	if (leading)
		return ROLE_LEADER;
	if (reports)
		return ROLE_MANAGER;
	if (str_eq(role, STR("coach")))
		return ROLE_NONE;
	return has_manager || str_eq(role, STR("seller")) ? ROLE_SELLER : ROLE_NONE;
}

static enum err
load_places(struct conn *c, struct arena *a, id org, struct placed **ret, size_t *ret_n)
{
	struct placed *p = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select p.id, coalesce(p.role, ''), p.manager, (select count(*) from person q where q.org_id = "
	        "p.org_id and q.manager = p.id and q.left_on is null),"
	        " (select count(*) from person q where q.org_id = p.org_id and q.manager = p.id and q.left_on is null "
	        "and exists"
	        " (select 1 from person s where s.org_id = p.org_id and s.manager = q.id and s.left_on is null)), "
	        "k.head"
	        " from person p join company k on k.org_id = p.org_id where p.org_id = $1 and p.left_on is null order "
	        "by p.id",
	        DB_ARGS(DB_I(org)), &rows);

	while (e == OK && n < PEOPLE_MOST && db_next(&rows)) {
		arena_grow(a, p, n, cap);
		p[n++] = (struct placed){ db_int(&rows, 0),
			obligation_role(db_int(&rows, 3), db_int(&rows, 4), !db_is_null(&rows, 2),
			        db_int(&rows, 5) == db_int(&rows, 0), db_text(&rows, 1)) };
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK) {
		*ret = p;
		*ret_n = n;
	}
	return e;
}

static enum err
load_obligations(struct conn *c, struct arena *a, const struct grant *g, struct obligation **ret, size_t *ret_n)
{
	struct obligation *o = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(a,
	        "select %.*s from obligation x where x.org_id = $1 and $2 = $2 {may:leadership x.person} order by "
	        "x.person, x.id",
	        STR_ARG(record_columns(a, &obligation_record, "x")));
	enum err e = record_query(c, a, g, str_z(a, sql), DB_NO_ARGS, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, o, n, cap);
		record_read(&rows, &obligation_record, 0, &o[n++]);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK) {
		*ret = o;
		*ret_n = n;
	}
	return e;
}

static bool
is_asked(int role, int duty)
{
	for (size_t i = 0; i < N_STANDARDS; i++)
		if (standards[i].role == role && standards[i].duty == duty)
			return true;
	return false;
}

static bool
in_force(const struct obligation *o, size_t n, id person, int duty)
{
	for (size_t i = 0; i < n; i++)
		if (o[i].person == person && o[i].duty == duty && o[i].state != DUTY_ENDED)
			return true;
	return false;
}

static void
push(struct arena *a, struct plan *p, struct obligation o)
{
	arena_grow(a, p->rows, p->n, p->cap);
	p->rows[p->n++] = o;
}

static void
plan_person(struct arena *a, const struct placed *who, const struct obligation *o, size_t n, day today, struct plan *p)
{
	for (size_t i = 0; i < n; i++)
		if (o[i].state != DUTY_ENDED && !is_asked(who->role, o[i].duty)) {
			struct obligation end = o[i];
			end.state = DUTY_ENDED;
			end.to_day = today;
			push(a, p, end);
		}
	for (size_t i = 0; i < N_STANDARDS; i++) {
		struct obligation x;
		if (standards[i].role != who->role || in_force(o, n, who->person, standards[i].duty))
			continue;
		record_init(&obligation_record, &x);
		x.person = who->person;
		x.duty = standards[i].duty;
		x.cadence = standards[i].cadence;
		x.days = standards[i].days;
		x.state = DUTY_PROPOSED;
		push(a, p, x);
	}
}

static enum err
make_plan(struct conn *c, struct arena *a, const struct grant *g, day today, struct plan *ret)
{
	struct placed *people;
	struct obligation *all;
	size_t n_people, n_all, at = 0;
	enum err e = load_places(c, a, g->org, &people, &n_people);

	if (e == OK)
		e = load_obligations(c, a, g, &all, &n_all);
	if (e != OK)
		return e;
	for (size_t i = 0; i < n_people; i++) { /* both in the order of persons */
		size_t from;
		while (at < n_all && all[at].person < people[i].person)
			at++;
		from = at;
		while (at < n_all && all[at].person == people[i].person)
			at++;
		plan_person(a, &people[i], all ? all + from : NULL, at - from, today, ret);
	}
	return OK;
}

enum err
duties_missing(struct conn *c, struct arena *a, const struct grant *g, size_t *ret)
{
	struct plan p = { 0 };
	enum err e = make_plan(c, a, g, DAY_NONE, &p);

	if (e == OK)
		*ret = p.n;
	return e;
}

enum err
duties_ensure(struct change *c)
{
	struct plan p = { 0 };
	enum err e = make_plan(c->conn, c->arena, c->grant, c->today, &p);

	for (size_t i = 0; e == OK && i < p.n; i++)
		e = record_save(c, &obligation_record, &p.rows[i]);
	return e;
}

static enum err
ensure_work(struct change *c, void *what)
{
	(void)what;
	return duties_ensure(c);
}

/* ---- the page: leaders first, both columns ---- */

static bool
seller_duty(int duty)
{
	return duty == DUTY_EVIDENCE || duty == DUTY_CONFIRM || duty == DUTY_NEXT_STEP;
}

/* Those a duty is owed to: for what leaders owe, their direct reports; for what sellers owe, their leader (A2a). */
static bool
owed_to_me(struct request *r, const struct obligation *o)
{
	const char *sql = seller_duty(o->duty) ? "select 1 from person where org_id = $1 and id = $2 and manager = $3"
	                                       : "select 1 from person where org_id = $1 and id = $3 and manager = $2";
	int64_t one;

	return r->actor.person &&
	       db_one_int(r->conn, sql, DB_ARGS(DB_I(r->actor.org), DB_I(o->person), DB_I(r->actor.person)), &one) ==
	               OK;
}

static void
collect(struct request *r, const struct obligation *all, size_t n, struct duty_person *p)
{
	p->rows = arena_new(r->arena, struct duty_row, N_STANDARDS + 1);
	for (size_t i = 0; i < n && p->n < N_STANDARDS; i++) {
		struct duty_row *x = &p->rows[p->n];
		if (all[i].person != p->who.person || all[i].state == DUTY_ENDED)
			continue;
		*x = (struct duty_row){ .o = all[i],
			.words = obligation_words(r->arena, &all[i]),
			.mine = all[i].person == r->actor.person,
			.owed_me = owed_to_me(r, &all[i]),
			.by = page_name(r, "person", all[i].agreed_by),
			.alone = all[i].state == DUTY_AGREED && all[i].agreed_by == all[i].person &&
			         all[i].change_reason.n };
		p->n_proposed += all[i].state == DUTY_PROPOSED;
		p->n++;
	}
}

static enum err
load_duties(struct request *r, struct duties_view *v)
{
	struct leader *l;
	struct obligation *all;
	size_t n_all;
	int64_t manager = 0;
	enum err e = leaders_load(r, &l, &v->n_leaders);

	if (e == OK)
		e = load_obligations(r->conn, r->arena, &r->grant, &all, &n_all);
	if (e != OK)
		return e;
	v->leaders = arena_new(r->arena, struct duty_person, v->n_leaders + 1);
	for (size_t i = 0; i < v->n_leaders; i++) {
		v->leaders[i].who = l[i];
		collect(r, all, n_all, &v->leaders[i]);
	}
	if (!r->actor.person)
		return OK;
	v->me.who.person = r->actor.person;
	v->me.who.name = r->actor.name;
	collect(r, all, n_all, &v->me);
	e = db_one_int(r->conn, "select manager from person where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person)), &manager);
	for (size_t i = 0; e == OK && i < v->n_leaders; i++)
		if (manager && l[i].person == manager) {
			v->mine = v->leaders[i];
			v->has_leader = true;
		}
	if (e == OK && !v->has_leader)
		e = second_stand_in(r->conn, r->arena, r->actor.org, r->actor.person, r->today, &v->stand_in);
	return e == ERR_ABSENT ? OK : e;
}

static enum err
show(struct request *r)
{
	struct page p = { .title = STR("What leaders owe"),
		.subtitle = STR("Agreed duties, from the top of the line down. Before its day of agreement nothing is "
		                "promised.") };
	struct duties_view v = { .who_sees = grant_explain(r->arena, &r->grant, MATTER_LEADERSHIP) };
	enum err e = load_duties(r, &v);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_duties(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* Whoever opens the page first after the line changed has the defaults proposed: the same rows whoever it is. */
enum err
duties_page(struct request *r)
{
	struct grant all = grant_all(r->actor.org, 0, 0, "job: duties proposed");
	size_t missing = 0;
	enum err e = duties_missing(r->conn, r->arena, &all, &missing);

	if (e == OK && missing && !r->as_of)
		e = page_change_as(r, &all, STR("Duties proposed by place in the line"), ensure_work, NULL, NULL);
	return e == OK || e == ERR_FULL ? show(r) : e;
}

/* ---- agreeing ---- */

static void
agree(struct obligation *o, id by, day today)
{
	o->state = DUTY_AGREED;
	o->agreed_by = by;
	if (!day_is(o->agreed_on))
		o->agreed_on = today;
	if (!day_is(o->from_day))
		o->from_day = today;
}

static enum err
accept_all(struct change *c, void *what)
{
	struct obligation *all;
	size_t n;
	enum err e = load_obligations(c->conn, c->arena, c->grant, &all, &n);

	(void)what;
	for (size_t i = 0; e == OK && i < n; i++)
		if (all[i].person == c->grant->person && all[i].state == DUTY_PROPOSED) {
			agree(&all[i], c->grant->person, c->today);
			e = record_save(c, &obligation_record, &all[i]);
		}
	return e;
}

enum err
duties_accept(struct request *r)
{
	id set = 0;
	enum err e = page_change(r, STR("Agreed to what I owe"), accept_all, NULL, &set);

	return e == OK ? page_done(r, set, STR("/duties")) : e;
}

static enum err
load_one(struct request *r, struct obligation *o)
{
	return record_load(r->conn, r->arena, &r->grant, &obligation_record, r->ids[0], o);
}

enum err
duty_accept(struct request *r)
{
	struct obligation o;
	id set = 0;
	enum err e = load_one(r, &o);

	if (e != OK)
		return e;
	if (o.person != r->actor.person || o.state != DUTY_PROPOSED)
		return ERR_DENIED;
	agree(&o, r->actor.person, r->today);
	e = page_save(r, STR("Agreed to a duty"), &obligation_record, &o, &set);
	return e == OK ? page_done(r, set, STR("/duties")) : e;
}

enum err
duty_change(struct request *r)
{
	struct obligation o;
	bool alone = false;
	id set = 0;
	enum err e = load_one(r, &o);

	if (e != OK)
		return e;
	if (o.person != r->actor.person || o.state == DUTY_ENDED)
		return ERR_DENIED;
	o.state = DUTY_CHANGED;
	e = page_fill(r, &obligation_record, "words cadence days change_reason", &o);
	if (e == OK)
		e = second_owed_missing(r->conn, r->arena, r->actor.org, &o, r->today, &alone);
	if (e == OK && alone && o.change_reason.n) /* O9: nobody could agree, so it stands, and says so */
		agree(&o, r->actor.person, r->today);
	if (e == OK)
		e = page_save(r, alone ? STR("Duty changed, by one person") : STR("Change of a duty proposed"),
		        &obligation_record, &o, &set);
	if (e == ERR_INPUT)
		return show(r);
	return e == OK ? page_done(r, set, STR("/duties")) : e;
}

struct decide {
	struct obligation o;
};

static enum err
decide_work(struct change *c, void *what)
{
	struct obligation o = ((struct decide *)what)->o;

	return record_save(c, &obligation_record, &o);
}

/* The row names its owner alone; whom it is owed to writes under a grant for just this act. */
static enum err
decide(struct request *r, bool yes)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "decided by whom it is owed to");
	struct decide d;
	id set = 0;
	enum err e = load_one(r, &d.o);

	if (e != OK)
		return e;
	if (d.o.state != DUTY_CHANGED || d.o.person == r->actor.person || !owed_to_me(r, &d.o))
		return ERR_DENIED;
	if (yes) {
		agree(&d.o, r->actor.person, r->today);
	} else {
		d.o.state = day_is(d.o.agreed_on) ? DUTY_AGREED : DUTY_PROPOSED;
		d.o.words = d.o.change_reason = (str){ 0 };
		for (size_t i = 0; i < N_STANDARDS; i++)
			if (standards[i].duty == d.o.duty && standards[i].cadence == d.o.cadence)
				d.o.days = standards[i].days;
	}
	e = page_change_as(
	        r, &g, yes ? STR("Change of a duty agreed") : STR("Change of a duty declined"), decide_work, &d, &set);
	return e == OK ? page_done(r, set, STR("/duties")) : e;
}

enum err
duty_agree(struct request *r)
{
	return decide(r, true);
}

enum err
duty_decline(struct request *r)
{
	return decide(r, false);
}
