#include "areas/coaching/schedule.h"

#include "areas/coaching/framework.h"
#include "areas/coaching/programme.h"
#include "areas/coaching/together.h"

str
minutes_text(struct arena *a, int64_t minutes)
{
	return minutes == NO_INT ? (str){ 0 } : str_fmt(a, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

/* ---- pairs ---- */

/* O8: the head's sponsor stands where a manager stands. */
static const char newcomers_sql[] =
        "select p.id from person p where p.org_id = $1 and (p.manager = $2 or exists (select 1 from company k where "
        "k.org_id = $1 and k.head = p.id and k.sponsor = $2)) and p.left_on is null and not exists"
        " (select 1 from pair x where x.org_id = $1 and x.coach = $2 and x.coachee = p.id and x.to_day is null and "
        "coalesce(x.apart, 0) = 0) order "
        "by p.id";
/* Pairs of the line whose coachee reports to another now, or has left; $2 on either side. */
static const char stale_sql[] =
        "select x.id, coalesce(p.manager, 0) from pair x join person p on p.org_id = x.org_id and p.id = x.coachee"
        " where x.org_id = $1 and (x.coach = $2 or x.coachee = $2) and x.to_day is null and x.line = 1"
        " and (p.left_on is not null or ((p.manager is null or p.manager <> x.coach) and not exists (select 1 from "
        "company k where k.org_id = x.org_id and k.head = x.coachee and k.sponsor = x.coach))) order by x.id";
/* C1: the second column says what a session has become: 0 missed, 1 excused as one was away (O7), 2 closed, since the
   other side confirmed it and nothing agreed in it is open. */
static const char become_sql[] =
        "select s.id, case when s.state = 'confirmed' then 2 when exists (select 1 from absence x where x.org_id = "
        "s.org_id and x.person in (s.coach, s.coachee) and coalesce(x.share, 0) = 0 and x.from_day <= "
        "coalesce(s.moved_to, s.on_day) and x.to_day >= coalesce(s.moved_to, s.on_day)) then 1 else 0 end from "
        "coaching_session s where s.org_id = $1 and (s.coach = $2 or s.coachee = $2) and ((s.state in ('planned', "
        "'prepared') and s.held_on is null and coalesce(s.moved_to, s.on_day) < $3) or (s.state = 'confirmed' and "
        "(coalesce(s.no_commitment, '') <> '' or exists (select 1 from commitment c where c.org_id = s.org_id and "
        "c.about = 'session' and c.about_id = s.id)) and not exists (select 1 from commitment c where c.org_id = "
        "s.org_id and c.about = 'session' and c.about_id = s.id and c.state = 'open'))) order by s.id limit 200";
/* Sessions after the last day of their pair in which nothing was written yet, and their preparation. */
static const char beyond_sql[] =
        "select s.id, s.version from coaching_session s where s.org_id = $1 and s.pair = $2 and s.on_day > $3 and "
        "s.state in ('planned', 'prepared') and not exists (select 1 from shared_note n where n.org_id = s.org_id and "
        "n.session = s.id) and not exists (select 1 from private_note n where n.org_id = s.org_id and n.session = "
        "s.id) order by s.id";
static const char prep_of_sql[] = "select id, version from prep where org_id = $1 and session = $2";

struct two {
	id a, b;
};

static enum err
load_args(struct conn *c, struct arena *a, const char *sql, const struct db_value *args, size_t n_args,
        struct two **ret, size_t *ret_n)
{
	struct two *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0;
	enum err e = db_query(c, a, sql, args, n_args, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct two){ db_int(&rows, 0), db_columns(&rows) > 1 ? db_int(&rows, 1) : 0 };
	}
	if (e == OK)
		e = db_end(&rows);
	*ret = all;
	*ret_n = n;
	return e;
}

static enum err
load_twos(struct conn *c, struct arena *a, const char *sql, id org, id person, struct two **ret, size_t *ret_n)
{
	return load_args(c, a, sql, DB_ARGS(DB_I(org), DB_I(person)), ret, ret_n);
}

/* C1: a transfer carries open commitments along. */
static enum err
carry_commitments(struct change *c, const struct pair *old, id leader)
{
	struct two *open;
	size_t n;
	enum err e;
	str sql = str_fmt(c->arena,
	        "select id, version from commitment where org_id = $1 and owner = $2 and owed_to = %lld and state = "
	        "'open'"
	        " and about = 'session'",
	        (long long)old->coach);

	if (!leader || leader == old->coachee)
		return OK;
	e = load_twos(c->conn, c->arena, str_z(c->arena, sql), c->grant->org, old->coachee, &open, &n);
	for (size_t i = 0; e == OK && i < n; i++) {
		struct commitment x;
		e = record_load(c->conn, c->arena, c->grant, &commitment_record, open[i].a, &x);
		x.owed_to = leader;
		if (e == OK)
			e = record_save(c, &commitment_record, &x);
	}
	return e;
}

static enum err
drop_one(struct change *c, id session)
{
	struct session s;
	enum err e = together_leave(c, session);

	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &session_record, session, &s);
	return e == OK ? record_remove(c, &session_record, session, s.row.version) : e;
}

enum err
sessions_drop(struct change *c, id pair, day last)
{
	struct two *s, *p;
	size_t n, n_p;
	enum err e = load_args(c->conn, c->arena, beyond_sql,
	        DB_ARGS(DB_I(c->grant->org), DB_I(pair), db_day_value(c->arena, last)), &s, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		e = load_twos(c->conn, c->arena, prep_of_sql, c->grant->org, s[i].a, &p, &n_p);
		for (size_t k = 0; e == OK && k < n_p; k++)
			e = record_remove(c, &prep_record, p[k].a, p[k].b);
		if (e == OK)
			e = drop_one(c, s[i].a);
	}
	return e;
}

static enum err
end_stale(struct change *c, id person)
{
	struct two *stale;
	size_t n;
	enum err e = load_twos(c->conn, c->arena, stale_sql, c->grant->org, person, &stale, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct pair p;
		e = record_load(c->conn, c->arena, c->grant, &pair_record, stale[i].a, &p);
		if (e != OK)
			break;
		p.to_day = day_add(c->today, -1);
		e = record_save(c, &pair_record, &p);
		if (e == OK)
			e = carry_commitments(c, &p, stale[i].b);
		if (e == OK)
			e = sessions_drop(c, p.row.id, p.to_day);
	}
	return e;
}

/* When new pairs meet: as asked, or as the coach's other pairs. */
static enum err
same_time(struct change *c, struct schedule *s)
{
	struct rows rows;
	enum err e;

	if (s->weekday)
		return OK;
	e = db_query(c->conn, c->arena,
	        "select weekday, start, length from pair where org_id = $1 and coach = $2 and to_day is null and line "
	        "= 1 and coalesce(apart, 0) = 0"
	        " order by id desc limit 1",
	        DB_ARGS(DB_I(c->grant->org), DB_I(s->coach)), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		s->weekday = db_int(&rows, 0);
		s->start = db_int(&rows, 1);
		s->length = db_int(&rows, 2);
	}
	return db_end(&rows);
}

/* A2a: weekly, the head fortnightly; so is the sponsor (O8). */
static enum err
usual_cadence(struct change *c, id coach, int *ret)
{
	int64_t head = 0;
	enum err e =
	        db_one_int(c->conn, "select count(*) from company where org_id = $1 and (head = $2 or sponsor = $2)",
	                DB_ARGS(DB_I(c->grant->org), DB_I(coach)), &head);

	*ret = head ? CADENCE_FORTNIGHTLY : CADENCE_WEEKLY;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
owe_coaching(struct change *c, id coach, int cadence)
{
	struct obligation o;
	int64_t there = 0;
	enum err e = db_one_int(c->conn,
	        "select count(*) from obligation where org_id = $1 and person = $2 and duty = 'coach' and to_day is "
	        "null",
	        DB_ARGS(DB_I(c->grant->org), DB_I(coach)), &there);

	if (e != OK || there)
		return e;
	record_init(&obligation_record, &o);
	o.person = coach;
	o.duty = DUTY_COACH;
	o.cadence = cadence;
	o.state = DUTY_AGREED;
	o.from_day = o.agreed_on = c->today;
	o.agreed_by = coach;
	return record_save(c, &obligation_record, &o);
}

enum err
pairs_ensure(struct change *c, struct schedule *s)
{
	struct two *new;
	size_t n = 0;
	int cadence = CADENCE_WEEKLY;
	enum err e = end_stale(c, s->coach);

	if (e == OK)
		e = programmes_ensure(c, s->coach);
	if (e == OK)
		e = same_time(c, s);
	if (e == OK && s->weekday)
		e = load_twos(c->conn, c->arena, newcomers_sql, c->grant->org, s->coach, &new, &n);
	if (e == OK && n)
		e = usual_cadence(c, s->coach, &cadence);
	for (size_t i = 0; e == OK && i < n; i++) {
		struct pair p;
		record_init(&pair_record, &p);
		p.coach = s->coach;
		p.coachee = new[i].a;
		p.cadence = cadence;
		p.weekday = s->weekday;
		p.start = s->start + (s->ret_pairs % 6) * s->length;
		p.start = p.start + s->length > 1440 ? s->start : p.start;
		p.length = s->length;
		p.from_day = c->today;
		p.line = true;
		e = record_save(c, &pair_record, &p);
		s->ret_pairs++;
	}
	return e == OK && n ? owe_coaching(c, s->coach, cadence) : e;
}

/* ---- sessions ---- */

static const char own_pairs_sql[] =
        "select x.id, x.coach, x.coachee, x.cadence, x.weekday, x.start, x.length, x.from_day, x.to_day, x.joined, "
        "coalesce(p.rule, ''), p.from_day, p.to_day, coalesce(p.framework, 0) from pair x left join programme p on "
        "p.org_id "
        "= x.org_id and p.id = x.programme where x.org_id = $1 and (x.coach = $2 or x.coachee = $2)"
        " and (x.to_day is null or x.to_day >= $3) order by x.id";

struct wanted {
	struct pair pair;
	day on;
	id framework; /* of its programme; 0: none */
};

/* C1: with a programme the occurrence that holds today, and the next; else those of the cadence's periods. */
static enum err
find_days(struct arena *a, const struct pair *p, const struct rhythm *r, day today, day ret[2], int *ret_n)
{
	const day *starts;
	size_t n, at = 0;
	int k = pair_period(p->from_day, p->weekday, p->cadence, today);
	enum err e;

	*ret_n = 0;
	if (!r->rule.n) {
		for (int i = 0; i < 2; i++)
			ret[(*ret_n)++] = day_add(
			        pair_first(p->from_day, p->weekday), ((k < 0 ? 0 : k) + i) * pair_step(p->cadence));
		return OK;
	}
	e = rhythm_starts(a, r, today, &starts, &n);
	if (e == OK && n && starts[n - 1].n > today.n)
		e = rhythm_starts(a, r, starts[n - 1], &starts, &n); /* one more, to see two ahead */
	if (e != OK)
		return e;
	while (at + 1 < n && starts[at + 1].n <= today.n)
		at++;
	for (; at < n && *ret_n < 2; at++)
		if (starts[at].n >= r->joined.n)
			ret[(*ret_n)++] = starts[at];
	return OK;
}

/* The occurrences of this period and the next that have no session. */
static enum err
find_wanted(struct conn *c, struct arena *a, id org, id person, day today, struct wanted **ret, size_t *ret_n)
{
	struct wanted *all = NULL;
	struct rows rows;
	size_t n = 0, cap = 0, missing = 0;
	enum err e = db_query(c, a, own_pairs_sql, DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, today)), &rows);

	while (e == OK && db_next(&rows)) {
		struct pair p = { .row.id = db_int(&rows, 0),
			.coach = db_int(&rows, 1),
			.coachee = db_int(&rows, 2),
			.cadence = str_eq(db_text_raw(&rows, 3), STR("fortnightly")) ? CADENCE_FORTNIGHTLY
			                                                             : CADENCE_WEEKLY,
			.weekday = db_int(&rows, 4),
			.start = db_int(&rows, 5),
			.length = db_int(&rows, 6),
			.from_day = db_day(&rows, 7),
			.to_day = db_day(&rows, 8) };
		const struct rhythm r = { p.from_day, p.weekday, p.cadence, db_text(&rows, 10), db_day(&rows, 11),
			db_day(&rows, 12), db_day(&rows, 9) };
		day on[2];
		int n_on;
		e = find_days(a, &p, &r, today, on, &n_on);
		for (int i = 0; e == OK && i < n_on; i++) {
			if (day_is(p.to_day) && on[i].n > p.to_day.n)
				continue;
			arena_grow(a, all, n, cap);
			all[n++] = (struct wanted){ p, on[i], db_int(&rows, 13) };
		}
	}
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		int64_t there = 0;
		e = db_one_int(c,
		        "select count(*) from coaching_session where org_id = $1 and pair = $2 and on_day = $3",
		        DB_ARGS(DB_I(org), DB_I(all[i].pair.row.id), db_day_value(a, all[i].on)), &there);
		if (e == OK && !there)
			all[missing++] = all[i];
	}
	*ret = all;
	*ret_n = missing;
	return e;
}

enum err
sessions_ensure(struct change *c, id person)
{
	struct wanted *w;
	size_t n;
	enum err e = find_wanted(c->conn, c->arena, c->grant->org, person, c->today, &w, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct session s;
		record_init(&session_record, &s);
		s.pair = w[i].pair.row.id;
		s.coach = w[i].pair.coach;
		s.coachee = w[i].pair.coachee;
		s.on_day = w[i].on;
		s.start = w[i].pair.start;
		s.length = w[i].pair.length;
		s.state = SESSION_PLANNED;
		s.sequence = 0;
		if (w[i].framework)
			e = framework_current(c->conn, c->grant->org, w[i].framework, &s.framework);
		if (e == OK)
			e = record_save(c, &session_record, &s);
	}
	return e;
}

static enum err
load_become(struct conn *c, struct arena *a, id org, id person, day today, struct two **ret, size_t *ret_n)
{
	return load_args(c, a, become_sql, DB_ARGS(DB_I(org), DB_I(person), db_day_value(a, today)), ret, ret_n);
}

enum err
sessions_become(struct change *c, id person)
{
	static const int states[] = { SESSION_MISSED, SESSION_EXCUSED, SESSION_CLOSED };
	struct two *x;
	size_t n;
	enum err e = load_become(c->conn, c->arena, c->grant->org, person, c->today, &x, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		struct session s;
		e = record_load(c->conn, c->arena, c->grant, &session_record, x[i].a, &s);
		if (e != OK)
			break;
		s.state = states[x[i].b];
		if (s.state == SESSION_EXCUSED)
			s.excuse = STR("away");
		e = record_save(c, &session_record, &s);
	}
	return e;
}

static enum err
refresh_work(struct change *c, void *what)
{
	struct schedule s = { .coach = *(const id *)what };
	enum err e = pairs_ensure(c, &s);

	if (e == OK)
		e = sessions_become(c, s.coach);
	return e == OK ? sessions_ensure(c, s.coach) : e;
}

enum err
schedule_refresh(struct request *r)
{
	id me = r->actor.person;
	struct grant g;
	struct wanted *w;
	struct two *stale, *new, *become;
	int64_t pairs = 0;
	size_t n = 0, n_stale = 0, n_new = 0, n_become = 0;
	bool programmes = false;
	enum err e;

	if (!me || page_param(r, "as_of").n)
		return OK;
	e = find_wanted(r->conn, r->arena, r->actor.org, me, r->today, &w, &n);
	if (e == OK)
		e = load_twos(r->conn, r->arena, stale_sql, r->actor.org, me, &stale, &n_stale);
	if (e == OK)
		e = load_twos(r->conn, r->arena, newcomers_sql, r->actor.org, me, &new, &n_new);
	if (e == OK)
		e = load_become(r->conn, r->arena, r->actor.org, me, r->today, &become, &n_become);
	if (e == OK && n_new)
		e = db_one_int(r->conn,
		        "select count(*) from pair where org_id = $1 and coach = $2 and to_day is null and line = 1",
		        DB_ARGS(DB_I(r->actor.org), DB_I(me)), &pairs);
	if (e == OK)
		e = programmes_wait(r->conn, r->arena, r->actor.org, me, r->today, &programmes);
	if (e != OK || !(n || n_stale || n_become || programmes || (n_new && pairs)))
		return e;
	g = grant_all(r->actor.org, 0, 0, "job: schedule");
	return page_change_as(r, &g, STR("sessions of the cadence"), refresh_work, &me, NULL);
}
