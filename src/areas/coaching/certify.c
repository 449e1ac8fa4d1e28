#include "areas/coaching/certify.h"

static const struct field certification_fields[] = {
	FIELD(struct certification, coach, REF, "Coach", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct certification, certifier, REF, "Certified by", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct certification, observation, REF, "On the observation", .required = 1, .ref = &observation_record),
	FIELD(struct certification, rubric, REF, "On the rubric", .required = 1, .ref = &rubric_record, .list = 1),
	FIELD(struct certification, on_day, DAY, "On", .required = 1, .list = 1),
	FIELD(struct certification, until, DAY, "Until", .required = 1, .list = 1),
	FIELD(struct certification, grace_until, DAY, "In grace until", .list = 1),
	FIELD(struct certification, why, TEXT, "Why", .required = 1, .most = 300, .list = 1),
	FIELD(struct certification, alone, BOOL, "By one person", .list = 1),
	FIELD(struct certification, revoked_on, DAY, "Revoked on", .list = 1),
	FIELD(struct certification, revoked_by, REF, "Revoked by", .ref = &person_record),
	FIELD(struct certification, revoked_why, TEXT, "Revoked because", .most = 300),
};

static enum err
certification_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct certification *was = before, *x = after;
	struct observation o;
	enum err e;

	if (!x)
		return OK;
	if (was && (was->coach != x->coach || was->certifier != x->certifier || was->on_day.n != x->on_day.n ||
	                   was->until.n != x->until.n || was->grace_until.n != x->grace_until.n ||
	                   was->observation != x->observation))
		return fault_add(f, STR("certification"), STR("was given and stays as it was"),
		        STR("revoke it, or give another"));
	if (day_is(x->on_day) && day_is(x->until) &&
	        (x->until.n < x->on_day.n || x->until.n > day_add_months(x->on_day, 24).n))
		fault_add(f, STR("until"), STR("is not within two years"), STR("a year is usual"));
	if (was)
		return OK;
	e = record_load(c->conn, c->arena, c->grant, &observation_record, x->observation, &o);
	if (e == OK && (o.person != x->coach || o.observer != x->certifier || o.kind != OBSERVED_COACHING || o.denied))
		fault_add(f, STR("observation"), STR("is none of this coach by this certifier"),
		        STR("certify on the page of the session that you saw"));
	return e == ERR_ABSENT ? OK : e; /* the reference says so */
}

/* Open to the company, as all that leaders owe (O5). */
const struct record certification_record = {
	.name = "certification",
	.api = "certifications",
	.table = "certification",
	.label = "certificate of a coach",
	.plural = "certificates of coaches",
	.size = sizeof(struct certification),
	FIELDS(certification_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "certifier coach",
	.unique = (const char *const[]){ "observation certifier", NULL },
	.index = (const char *const[]){ "coach until", NULL },
	.purpose = "That somebody saw the coach coach before they do it more often (C2b).",
	.retention = "Two years after it ended.",
	.check = certification_check,
};

day
certify_until(day from, int months)
{
	day end = day_add_months(from, months);
	int y, m, start, last;

	day_parts(from, &y, &m, &start);
	day_parts(end, &y, &m, &last);
	return last < start ? end : day_add(end, -1); /* a month without that date ends with its last */
}

enum err
certified_until(struct conn *c, struct arena *a, id org, id coach, day today, day *ret)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select until from certification where org_id = $1 and coach = $2 and on_day <= $3 and "
	        "coalesce(grace_until, "
	        "until) >= $3 and revoked_on is null order by until desc limit 1",
	        DB_ARGS(DB_I(org), DB_I(coach), db_day_value(a, today)), &rows);

	*ret = DAY_NONE;
	if (e == OK && db_next(&rows))
		*ret = db_day(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

/* ---- C2b ---- */

enum { LOOK_DAYS = 84 };

/* How often the rule meets in twelve weeks from its next occurrence on. */
static enum err
count_meetings(struct arena *a, const struct programme *p, day today, int *ret)
{
	day at, end = DAY_NONE;
	enum err e = rhythm_next(a, p->rule, p->from_day, p->to_day, today, &at);

	for (*ret = 0; e == OK && day_is(at) && (!day_is(end) || at.n < end.n);) {
		end = day_is(end) ? end : day_add(at, LOOK_DAYS);
		++*ret;
		e = rhythm_next(a, p->rule, p->from_day, p->to_day, day_add(at, 1), &at);
	}
	return e;
}

struct now_pair {
	bool there;
	int cadence;
	id programme;
};

static enum err
load_pair(struct conn *c, struct arena *a, id org, struct programme_pair who, struct now_pair *ret)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select cadence, coalesce(programme, 0) from pair where org_id = $1 and coach = $2 and coachee = $3 "
	        "and "
	        "to_day is null and coalesce(apart, 0) = 0 order by id desc limit 1",
	        DB_ARGS(DB_I(org), DB_I(who.coach), DB_I(who.coachee)), &rows);

	*ret = (struct now_pair){ 0 };
	if (e == OK && db_next(&rows))
		*ret = (struct now_pair){ true, choice_of(cadences, db_text_raw(&rows, 0)), db_int(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

/* A couple that does not meet yet is measured by every week. */
static enum err
count_now(struct conn *c, struct arena *a, id org, const struct now_pair *now, day today, int *ret)
{
	const struct grant g = grant_all(org, 0, 0, "how often a couple meets now");
	struct programme p;
	enum err e;

	*ret = now->there && now->cadence != CADENCE_WEEKLY ? LOOK_DAYS / 14 : LOOK_DAYS / 7;
	if (!now->programme)
		return OK;
	e = record_load(c, a, &g, &programme_record, now->programme, &p);
	if (e == OK && (!day_is(p.to_day) || p.to_day.n >= today.n))
		e = count_meetings(a, &p, today, ret);
	return e;
}

static bool
watched_by_somebody(struct conn *c, id org, id coach)
{
	int64_t n = 0;

	return db_one_int(c,
	               "select count(*) from person p where p.org_id = $1 and p.id = $2 and (p.manager is not null or "
	               "exists (select 1 from company k where k.org_id = $1 and k.head = $2 and k.sponsor is not "
	               "null))",
	               DB_ARGS(DB_I(org), DB_I(coach)), &n) == OK &&
	       n > 0;
}

enum err
certify_holds(struct conn *c, struct arena *a, id org, const struct programme *p, struct programme_pair who, day today,
        bool *ret)
{
	struct now_pair now;
	int before = 0, after = 0;
	day until;
	enum err e;

	*ret = false;
	if (p->kind != MEETING_COACHING)
		return OK; /* C2a: an inspection is no coaching */
	e = load_pair(c, a, org, who, &now);
	if (e != OK || (now.programme && now.programme == p->row.id))
		return e;
	e = count_meetings(a, p, today, &after);
	if (e == OK)
		e = count_now(c, a, org, &now, today, &before);
	if (e != OK || after <= before)
		return e;
	e = certified_until(c, a, org, who.coach, today, &until);
	*ret = e == OK && !day_is(until) && watched_by_somebody(c, org, who.coach);
	return e;
}

/* Those of one coach, all[0 … n - 1]: none waits when all of them are in the programme. */
static enum err
waits_for(struct request *r, const struct programme *p, const struct programme_pair *all, size_t n, bool *ret)
{
	int64_t bound = 0;
	enum err e = db_one_int(r->conn,
	        "select count(*) from pair where org_id = $1 and coach = $2 and programme = $3 and to_day is null",
	        DB_ARGS(DB_I(r->actor.org), DB_I(all->coach), DB_I(p->row.id)), &bound);

	*ret = false;
	for (size_t i = 0; e == OK && !*ret && bound < (int64_t)n && i < n; i++)
		e = certify_holds(r->conn, r->arena, r->actor.org, p, all[i], r->today, ret);
	return e;
}

/* Couples come coach by coach. */
enum err
certify_waiting(struct request *r, const struct programme *p, struct certify_wait **ret, size_t *ret_n)
{
	struct programme_pair *all = NULL;
	size_t n = 0, n_all = 0, cap = 0;
	enum err e =
	        p->kind == MEETING_COACHING ? programme_couples(r->conn, r->arena, r->actor.org, p, &all, &n_all) : OK;

	*ret = NULL;
	for (size_t i = 0, to; e == OK && i < n_all; i = to) {
		bool held;
		for (to = i; to < n_all && all[to].coach == all[i].coach; to++)
			continue;
		e = waits_for(r, p, all + i, to - i, &held);
		if (e != OK || !held)
			continue;
		arena_grow(r->arena, *ret, n, cap);
		(*ret)[n++] = (struct certify_wait){ all[i].coach, page_name(r, "person", all[i].coach) };
	}
	*ret_n = n;
	return e;
}

/* ---- who may ---- */

static enum err
own_leader(struct request *r, id coach, id *ret)
{
	return db_one_int(r->conn,
	        "select coalesce(p.manager, case when k.head = p.id then k.sponsor end, 0) from person p join company "
	        "k on "
	        "k.org_id = p.org_id where p.org_id = $1 and p.id = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(coach)), ret);
}

/* Others who could certify: who leads, coaches or sponsors, but for the coach, the own leader and those below (T5). */
static enum err
others(struct request *r, id coach, id leader, str *ret_names)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.name from person p where p.org_id = $1 and p.left_on is null and p.id <> $2 and p.id <> $3 "
	        "and "
	        "(exists (select 1 from pair x where x.org_id = $1 and x.coach = p.id and x.to_day is null) or exists "
	        "(select 1 from company k where k.org_id = $1 and k.sponsor = p.id)) and not exists (select 1 from "
	        "line l "
	        "where l.org_id = $1 and l.above = $2 and l.below = p.id and l.to_day is null) order by p.name, p.id "
	        "limit 3",
	        DB_ARGS(DB_I(r->actor.org), DB_I(coach), DB_I(leader)), &rows);

	*ret_names = (str){ 0 };
	while (e == OK && db_next(&rows))
		*ret_names = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(*ret_names), ret_names->n ? ", " : "",
		        STR_ARG(db_text(&rows, 0)));
	return e == OK ? db_end(&rows) : e;
}

static bool
is_below(struct request *r, id coach)
{
	int64_t n = 0;

	return db_one_int(r->conn,
	               "select count(*) from line where org_id = $1 and above = $2 and below = $3 and depth > 0 and "
	               "to_day "
	               "is null",
	               DB_ARGS(DB_I(r->actor.org), DB_I(coach), DB_I(r->actor.person)), &n) == OK &&
	       n > 0;
}

static void
count_levels(const struct observe_view *v, struct certify_part *ret)
{
	int side = v->one.x.beside ? SCORE_SECOND : SCORE_FIRST;
	str all[LEVELS_MOST];

	for (size_t i = 0; i < v->rubric->n; i++) {
		const struct observed_level *x = &v->levels[i].by[side];
		int64_t n = (int64_t)rubric_levels(&v->rubric->criteria[i], all);
		ret->seen += x->given && x->level != NO_INT;
		ret->high += x->given && x->level != NO_INT && x->level >= n - 1;
	}
}

/* On either observer's side of the call, one that holds before one that was revoked. */
static enum err
load_given(struct request *r, const struct observe_view *v, struct certify_part *ret)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name from certification x join person p on p.org_id = x.org_id and p.id = x.certifier "
	        "where x.org_id = $1 and $2 = $2 and x.observation in ($3, $4) {may:leadership x.certifier x.coach} "
	        "order by "
	        "case when x.revoked_on is null then 0 else 1 end, x.id desc limit 1",
	        STR_ARG(record_columns(r->arena, &certification_record, "x")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_I(v->one.x.row.id), DB_I(v->has_other ? v->other.x.row.id : 0)), &rows);

	record_init(&certification_record, &ret->x);
	if (e == OK && db_next(&rows))
		ret->certifier = db_text(&rows, record_read(&rows, &certification_record, 0, &ret->x));
	return e == OK ? db_end(&rows) : e;
}

/* O9, T5: not by the own leader, where anybody else can; else by them, and it is said. */
static enum err
judge(struct request *r, const struct observe_view *v, struct certify_part *ret)
{
	id coach = v->one.x.person, leader = 0;
	str names;
	enum err e = own_leader(r, coach, &leader);

	if (e == OK)
		e = others(r, coach, leader, &names);
	if (e != OK)
		return e;
	if (!v->answered)
		ret->why_not = str_fmt(r->arena, "%.*s says the own view first.", STR_ARG(v->one.person));
	else if (is_below(r, coach))
		ret->why_not = STR("Nobody certifies who leads them.");
	else if (r->actor.person == leader && names.n)
		ret->why_not = str_fmt(r->arena,
		        "Who leads a coach does not certify them. Ask a second observer who was there, as %.*s: they "
		        "may.",
		        STR_ARG(names));
	else
		ret->may = true;
	ret->alone = r->actor.person == leader;
	return OK;
}

enum err
certify_load(struct request *r, const struct observe_view *v, struct certify_part *ret)
{
	enum err e;

	*ret = (struct certify_part){ 0 };
	if (!v->rubric || v->one.x.kind != OBSERVED_COACHING || v->one.x.denied || !day_is(v->one.x.entered_on))
		return OK;
	ret->shown = true;
	ret->until = certify_until(r->today, CERTIFY_MONTHS);
	count_levels(v, ret);
	e = load_given(r, v, ret);
	if (e != OK || ret->x.row.id)
		return e;
	if (v->by_me)
		return judge(r, v, ret);
	ret->why_not = STR("Who saw it may certify; the own leader only where nobody else can.");
	return OK;
}
