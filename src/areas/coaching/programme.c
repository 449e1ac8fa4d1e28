#include "areas/coaching/programme.h"

#include "areas/coaching/certify.h"
#include "areas/coaching/framework.h"
#include "areas/coaching/schedule.h"
#include "calendar/rrule.h"

enum { PROGRAMME_FAR = 3653 }; /* days */

const struct choice programme_whos[] = { { "", "" }, { "team", "One leader’s team" },
	{ "down", "Everybody, from one leader down" }, { "pairs", "Named pairs" }, { NULL, NULL } };

static const struct field programme_fields[] = {
	FIELD(struct programme, name, TEXT, "Name", .required = 1, .list = 1, .most = 120),
	FIELD(struct programme, objective, LONG, "What it is to bring about", .required = 1, .most = 600, .list = 1),
	FIELD(struct programme, kind, CHOICE, "Kind of meeting", .required = 1, .choices = meetings, .list = 1),
	FIELD(struct programme, framework, REF, "Framework", .ref = &framework_record, .list = 1),
	FIELD(struct programme, rule, TEXT, "Recurrence", .required = 1, .most = 300, .list = 1),
	FIELD(struct programme, from_day, DAY, "From", .required = 1, .list = 1),
	FIELD(struct programme, to_day, DAY, "Until", .list = 1),
	FIELD(struct programme, start, INT, "Starts at, minutes", .required = 1, .least = 0, .greatest = 1439),
	FIELD(struct programme, length, INT, "Minutes", .required = 1, .least = 5, .greatest = 240, .list = 1),
	FIELD(struct programme, who, CHOICE, "Who", .required = 1, .choices = programme_whos, .list = 1),
	FIELD(struct programme, root, REF, "From whom down", .ref = &person_record, .list = 1),
	FIELD(struct programme, follows, REF, "Follows", .ref = &programme_record, .list = 1),
};

void
programme_far(day today, const struct programme *x, struct faults *f)
{
	day last = day_add(today, PROGRAMME_FAR);

	if (day_is(x->from_day) && x->from_day.n > last.n)
		fault_add(f, STR("from_day"), STR("is more than ten years away"), STR("choose an earlier day"));
	if (day_is(x->to_day) && x->to_day.n > last.n)
		fault_add(f, STR("to_day"), STR("is more than ten years away"), STR("choose an earlier day, or none"));
}

static enum err
programme_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct programme *x = after;
	const struct rrule *rule;
	day first;
	enum err e;

	(void)before;
	if (!x)
		return OK;
	if (x->who != WHO_PAIRS && !x->root)
		fault_add(f, STR("root"), STR("is missing"), STR("say whose team, or from whom down"));
	if (day_is(x->to_day) && day_is(x->from_day) && x->to_day.n < x->from_day.n)
		fault_add(f, STR("to_day"), STR("is before it begins"), STR("choose a later day, or none"));
	programme_far(c->today, x, f);
	if (x->follows && x->follows == x->row.id)
		fault_add(f, STR("follows"), STR("is the programme itself"), STR("name the one before it, or none"));
	if (!x->rule.n || !day_is(x->from_day) || f->n)
		return OK;
	e = rrule_parse(c->arena, x->rule, STR("rule"), f, &rule);
	if (e == OK)
		e = rrule_check_sessions(rule, STR("rule"), f);
	if (e == OK && !before && rhythm_next(c->arena, x->rule, x->from_day, x->to_day, x->from_day, &first) == OK &&
	        !day_is(first))
		fault_add(f, STR("rule"), STR("never comes between the two days"), STR("choose a later end, or none"));
	return e == ERR_INPUT ? OK : e; /* the faults say it */
}

const struct record programme_record = {
	.name = "programme",
	.api = "programmes",
	.table = "programme",
	.label = "coaching programme",
	.plural = "coaching programmes",
	.size = sizeof(struct programme),
	FIELDS(programme_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "root", "follows", NULL },
	.purpose = "Why, how and how often people are coached (C1).",
	.retention = "As long as sessions follow it.",
	.check = programme_check,
};

/* ---- whom it wants ---- */

/* A couple a row, of the line as it stands; O8: the head's sponsor stands where a manager stands. $2 root, $3 1: from
   there down, $4 a coach or 0: all. */
static const char couples_sql[] =
        "select p.manager as coach, p.id, p.name from person p where p.org_id = $1 and p.left_on is null and p.manager "
        "is not null and (p.manager = $2 or ($3 = 1 and p.manager in (select l.below from line l where l.org_id = $1 "
        "and l.above = $2 and l.to_day is null))) and ($4 = 0 or p.manager = $4) union select k.sponsor as coach, "
        "p.id, "
        "p.name from company k join person p on p.org_id = k.org_id and p.id = k.head where k.org_id = $1 and "
        "k.sponsor "
        "is not null and $3 = 1 and k.head = $2 and p.left_on is null and ($4 = 0 or k.sponsor = $4) order by 1, 3, 2";

static enum err
load_couples(struct conn *c, struct arena *a, id org, const struct programme *p, id coach, struct programme_pair **ret,
        size_t *ret_n)
{
	struct programme_pair *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = OK;

	if (p->who != WHO_PAIRS)
		e = db_query(c, a, couples_sql,
		        DB_ARGS(DB_I(org), DB_I(p->root), DB_I(p->who == WHO_DOWN), DB_I(coach)), &rows);
	while (p->who != WHO_PAIRS && e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct programme_pair){ db_int(&rows, 0), db_int(&rows, 1) };
	}
	if (p->who != WHO_PAIRS && e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

enum err
programme_couples(
        struct conn *c, struct arena *a, id org, const struct programme *p, struct programme_pair **ret, size_t *ret_n)
{
	return load_couples(c, a, org, p, 0, ret, ret_n);
}

/* ---- joining and leaving ---- */

/* The couple's open pair of that kind; 0: none. */
static enum err
find_pair(struct change *c, struct programme_pair who, bool apart, id *ret)
{
	enum err e = db_one_int(c->conn,
	        "select id from pair where org_id = $1 and coach = $2 and coachee = $3 and to_day is null and "
	        "coalesce(apart, "
	        "0) = $4 order by id desc limit 1",
	        DB_ARGS(DB_I(c->grant->org), DB_I(who.coach), DB_I(who.coachee), DB_I(apart)), ret);

	if (e == ERR_ABSENT)
		*ret = 0;
	return e == ERR_ABSENT ? OK : e;
}

static bool
reports_to(struct change *c, struct programme_pair who)
{
	int64_t one;

	return db_one_int(c->conn,
	               "select 1 from person p where p.org_id = $1 and p.id = $2 and (p.manager = $3 or exists (select "
	               "1 "
	               "from company k where k.org_id = $1 and k.head = $2 and k.sponsor = $3))",
	               DB_ARGS(DB_I(c->grant->org), DB_I(who.coachee), DB_I(who.coach)), &one) == OK;
}

/* Fortnightly is the slowest word that a cadence has; the rule says how often it really is. */
static enum err
cadence_of(struct change *c, const struct programme *p, day first, int *ret)
{
	day second;
	enum err e = rhythm_next(c->arena, p->rule, p->from_day, p->to_day, day_add(first, 1), &second);

	if (e == OK)
		*ret = day_is(second) && day_between(first, second) <= 7 ? CADENCE_WEEKLY : CADENCE_FORTNIGHTLY;
	return e;
}

static void
give_time(struct pair *x, const struct programme *p, size_t number)
{
	x->length = p->length;
	x->start = p->start + (int64_t)(number % 6) * p->length;
	x->start = x->start + x->length > 1440 ? p->start : x->start;
}

enum err
programme_join(struct change *c, const struct programme *p, struct programme_pair who, size_t number)
{
	bool apart = p->kind != MEETING_COACHING;
	struct pair x;
	id there = 0;
	day first = DAY_NONE;
	int cadence = CADENCE_WEEKLY;
	bool held = false;
	enum err e = rhythm_next(c->arena, p->rule, p->from_day, p->to_day, c->today, &first);

	if (e == OK && day_is(first))
		e = certify_holds(c->conn, c->arena, c->grant->org, p, who, c->today, &held);
	if (e == OK && (held || !day_is(first)))
		return OK; /* C2b: until the coach is certified they meet as they do */
	if (e == OK)
		e = find_pair(c, who, apart, &there);
	if (e == OK)
		e = cadence_of(c, p, first, &cadence);
	record_init(&pair_record, &x);
	if (e == OK && there)
		e = record_load(c->conn, c->arena, c->grant, &pair_record, there, &x);
	if (e == OK && there && x.programme && x.programme != p->row.id) {
		/* one programme after another: what was owed in the first stays with its own pair */
		x.to_day = day_add(first, -1);
		e = record_save(c, &pair_record, &x);
		if (e == OK)
			e = sessions_drop(c, x.row.id, x.to_day);
		x.row = (struct row){ 0 };
		there = 0;
		x.to_day = DAY_NONE;
	} else if (e == OK && there) {
		e = sessions_drop(c, there, day_add(first, -1));
	}
	if (e != OK)
		return e;
	if (!there) {
		x.coach = who.coach;
		x.coachee = who.coachee;
		x.from_day = first;
		x.weekday = day_weekday(first);
		x.cadence = cadence;
		x.line = reports_to(c, who);
		x.apart = apart;
	}
	x.programme = p->row.id;
	x.joined = first;
	give_time(&x, p, number);
	return record_save(c, &pair_record, &x);
}

/* Nobody is exempt: who reports to the coach goes on being coached, by the cadence; others were there for the
 * programme. */
static enum err
leave(struct change *c, id pair, day last)
{
	struct pair x, next;
	enum err e = record_load(c->conn, c->arena, c->grant, &pair_record, pair, &x);

	if (e != OK)
		return e;
	next = x;
	x.to_day = last;
	if (x.from_day.n > last.n) { /* it never began */
		e = sessions_drop(c, pair, last);
		if (e == OK)
			e = record_remove(c, &pair_record, x.row.id, x.row.version);
	} else {
		e = record_save(c, &pair_record, &x);
		if (e == OK)
			e = sessions_drop(c, pair, last);
	}
	if (e != OK || x.apart || !x.line || !reports_to(c, (struct programme_pair){ x.coach, x.coachee }))
		return e;
	next.row = (struct row){ 0 };
	next.programme = 0;
	next.joined = next.to_day = DAY_NONE;
	next.weekday = day_weekday(x.joined) > 5 ? 1 : day_weekday(x.joined);
	next.from_day = day_add(last, 1);
	return record_save(c, &pair_record, &next);
}

static enum err
load_ids(struct conn *c, struct arena *a, const char *sql, const struct db_value *args, size_t n_args, id **ret,
        size_t *ret_n)
{
	struct rows rows;
	id *all = NULL;
	size_t n = 0, cap = 0;
	enum err e = db_query(c, a, sql, args, n_args, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = db_int(&rows, 0);
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* Open pairs of the coach whose programme's last day has passed. */
static const char over_sql[] = "select x.id from pair x join programme p on p.org_id = x.org_id and p.id = x.programme "
                               "where x.org_id = $1 and "
                               "x.coach = $2 and x.to_day is null and p.to_day < $3 order by x.id";
static const char running_sql[] =
        "select p.id from programme p where p.org_id = $1 and p.who <> 'pairs' and (p.to_day "
        "is null or p.to_day >= $2) "
        "order by case when p.from_day <= $2 then 0 else 1 end, case when p.from_day > $2 then "
        "p.from_day end, p.id desc limit 60";
/* Newcomers: couples that no pair of that kind binds to a programme yet. */
static const char bound_sql[] =
        "select count(*) from pair where org_id = $1 and coach = $2 and coachee = $3 and to_day is "
        "null and programme is not null and coalesce(apart, 0) = $4";

/* join: false counts only. */
static enum err
take_newcomers(
        struct conn *conn, struct arena *a, const struct grant *g, struct change *c, id coach, day today, size_t *ret_n)
{
	id *running;
	size_t n, found = 0;
	enum err e = load_ids(conn, a, running_sql, DB_ARGS(DB_I(g->org), db_day_value(a, today)), &running, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct programme_pair *all;
		struct programme p;
		size_t n_all = 0;
		e = record_load(conn, a, g, &programme_record, running[i], &p);
		if (e == OK)
			e = load_couples(conn, a, g->org, &p, coach, &all, &n_all);
		for (size_t k = 0; e == OK && k < n_all; k++) {
			int64_t bound = 0;
			bool held = false;
			e = db_one_int(conn, bound_sql,
			        DB_ARGS(DB_I(g->org), DB_I(coach), DB_I(all[k].coachee),
			                DB_I(p.kind != MEETING_COACHING)),
			        &bound);
			if (e == OK && !bound)
				e = certify_holds(conn, a, g->org, &p, all[k], today, &held);
			if (e != OK || bound || held)
				continue;
			found++;
			if (c)
				e = programme_join(c, &p, all[k], k);
		}
	}
	*ret_n = found;
	return e;
}

enum err
programmes_wait(struct conn *c, struct arena *a, id org, id coach, day today, bool *ret)
{
	const struct grant g = grant_all(org, 0, 0, "job: programmes");
	id *over;
	size_t n = 0, found = 0;
	enum err e = load_ids(c, a, over_sql, DB_ARGS(DB_I(org), DB_I(coach), db_day_value(a, today)), &over, &n);

	if (e == OK && !n)
		e = take_newcomers(c, a, &g, NULL, coach, today, &found);
	*ret = n + found > 0;
	return e;
}

enum err
programmes_ensure(struct change *c, id coach)
{
	id *over;
	size_t n, found;
	enum err e = load_ids(c->conn, c->arena, over_sql,
	        DB_ARGS(DB_I(c->grant->org), DB_I(coach), db_day_value(c->arena, c->today)), &over, &n);

	for (size_t i = 0; e == OK && i < n; i++)
		e = leave(c, over[i], day_add(c->today, -1));
	return e == OK ? take_newcomers(c->conn, c->arena, c->grant, c, coach, c->today, &found) : e;
}

enum err
programme_end(struct change *c, struct programme *p)
{
	id *pairs;
	size_t n;
	enum err e = load_ids(c->conn, c->arena,
	        "select id from pair where org_id = $1 and programme = $2 and to_day is null order by id",
	        DB_ARGS(DB_I(c->grant->org), DB_I(p->row.id)), &pairs, &n);

	p->to_day = p->from_day.n > c->today.n ? p->from_day : c->today;
	for (size_t i = 0; e == OK && i < n; i++)
		e = leave(c, pairs[i], c->today);
	return e == OK ? record_save(c, &programme_record, p) : e;
}
