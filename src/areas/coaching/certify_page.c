/* The queue of coaches nobody has seen coach lately, and the acts of certifying and revoking (C2b, C8). */
#include "areas/coaching/certify.h"

#include "areas/coaching/certify_html.h"
#include "areas/coaching/shown.h"
#include "sheet/write.h"

#define ROWS 200

/* ---- the queue ---- */

static enum err
load_rows(struct request *r, struct coach_queue *q)
{
	static const char sql[] =
	        "select p.id, p.name, count(distinct x.coachee), (select max(o.on_day) from observation o where "
	        "o.org_id = "
	        "$1 and o.person = p.id and o.kind = 'coaching' and coalesce(o.denied, 0) = 0 and o.entered_on is not "
	        "null) "
	        "as seen, (select max(o.on_day) from observation o where o.org_id = $1 and o.observer = p.id and "
	        "o.kind = "
	        "'coaching' and coalesce(o.denied, 0) = 0 and o.entered_on is not null) from pair x join person p on "
	        "p.org_id = x.org_id and p.id = x.coach where x.org_id = $1 and (x.to_day is null or x.to_day >= $3) "
	        "and "
	        "coalesce(x.apart, 0) = 0 and p.left_on is null and (x.coach in (select y.coachee from pair y where "
	        "y.org_id = $1 and y.coach = $2 and (y.to_day is null or y.to_day >= $3)) or x.coach in (select "
	        "z.coach from "
	        "certification z where z.org_id = $1 and z.certifier = $2 and z.revoked_on is null) or (1=1 "
	        "{may:session_fact "
	        "x.coach})) group by p.id, p.name order by case when (select max(o.on_day) from observation o where "
	        "o.org_id = $1 and o.person = p.id and o.kind = 'coaching' and coalesce(o.denied, 0) = 0 and "
	        "o.entered_on is "
	        "not null) is null then 0 else 1 end, seen, p.name, p.id limit 200";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(db_day_value(r->arena, r->today)), &rows);

	q->rows = arena_new(r->arena, struct coach_row, ROWS);
	while (e == OK && q->n < ROWS && db_next(&rows)) {
		struct coach_row *x = &q->rows[q->n++];
		*x = (struct coach_row){ .coach = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.people = db_int(&rows, 2),
			.seen = db_is_null(&rows, 3) ? DAY_NONE : db_day(&rows, 3),
			.watched = db_is_null(&rows, 4) ? DAY_NONE : db_day(&rows, 4) };
		x->me = x->coach == r->actor.person;
		record_init(&certification_record, &x->x);
	}
	return e == OK ? db_end(&rows) : e;
}

/* By whoever gave it, and from above the coach. */
static bool
may_revoke(struct request *r, const struct certification *x)
{
	int64_t n = 0;

	if (x->certifier == r->actor.person)
		return true;
	return db_one_int(r->conn,
	               "select count(*) from line where org_id = $1 and above = $2 and below = $3 and depth > 0 and "
	               "to_day "
	               "is null",
	               DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(x->coach)), &n) == OK &&
	       n > 0;
}

/* The latest certificate of each, whether it holds or not. */
static enum err
load_certificates(struct request *r, struct coach_queue *q)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name from certification x join person p on p.org_id = x.org_id and p.id = x.certifier "
	        "where "
	        "x.org_id = $1 and $2 = $2 {may:leadership x.certifier x.coach} order by case when x.revoked_on is "
	        "null then "
	        "1 else 0 end, x.until, x.id limit 5000",
	        STR_ARG(record_columns(r->arena, &certification_record, "x")));
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), NULL, 0, &rows);

	while (e == OK && db_next(&rows)) {
		struct certification x;
		int at = record_read(&rows, &certification_record, 0, &x);
		for (size_t i = 0; i < q->n; i++) {
			struct coach_row *c = &q->rows[i];
			if (c->coach != x.coach)
				continue;
			c->x = x;
			c->certifier = db_text(&rows, at);
			c->holds = !day_is(x.revoked_on) && x.until.n >= r->today.n;
			c->grace = !day_is(x.revoked_on) && !c->holds && day_is(x.grace_until) &&
			           x.grace_until.n >= r->today.n;
			c->may_revoke = (c->holds || c->grace) && !c->me && may_revoke(r, &x);
		}
	}
	return e == OK ? db_end(&rows) : e;
}

/* C8: shown before asked. */
static enum err
load_shown(struct request *r, struct coach_queue *q)
{
	struct shown s;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < q->n; i++) {
		e = shown_load(r->conn, r->arena, r->actor.org, q->rows[i].coach, r->today, &s);
		if (day_is(s.watched) && !day_is(q->rows[i].watched))
			q->rows[i].watched = s.watched; /* taken along, as a second coach */
		q->rows[i].missing = shown_missing(&s);
	}
	return e;
}

static enum err
load_rubric(struct request *r, struct coach_queue *q)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select f.id from rubric f where f.org_id = $1 and f.kind = 'coaching' and coalesce(f.retired, 0) = 0 "
	        "and "
	        "not exists (select 1 from rubric x where x.org_id = f.org_id and coalesce(x.line, x.id) = "
	        "coalesce(f.line, "
	        "f.id) and x.number > f.number) order by f.id limit 1",
	        DB_ARGS(DB_I(r->actor.org)), &rows);

	if (e == OK && db_next(&rows))
		q->rubric = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_queue(struct request *r, struct coach_queue *q)
{
	enum err e = load_rows(r, q);

	if (e == OK)
		e = load_certificates(r, q);
	if (e == OK)
		e = load_shown(r, q);
	return e == OK ? load_rubric(r, q) : e;
}

static enum err
show_queue(struct request *r)
{
	struct crumb crumb = { STR("Coaching"), STR("/coaching") };
	struct page p = { .title = STR("Coaches seen at work"),
		.subtitle = STR("Who coaches, when somebody last watched them do it, and who certified them"),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	struct coach_queue q = { 0 };
	enum err e = load_queue(r, &q);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_coach_queue(&r->view, &q, r);
	page_foot(r);
	return OK;
}

enum err
coach_queue_page(struct request *r)
{
	return show_queue(r);
}

static void
csv_day(struct request *r, struct write *w, day on)
{
	write_text(w, day_is(on) ? day_iso(r->arena, on) : (str){ 0 });
}

enum err
coach_queue_csv(struct request *r)
{
	static const char *const heads[] = { "coach", "coaches", "seen_on", "watched_on", "not_shown", "certified_on",
		"until", "grace_until", "certifier", "by_one_person", "revoked_on", "why" };
	struct coach_queue q = { 0 };
	struct write w = { .out = &r->answer->body };
	enum err e = load_queue(r, &q);

	if (e != OK)
		return e;
	page_type(r, STR("text/csv; charset=utf-8"));
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		write_text(&w, str_of(heads[i]));
	write_row_end(&w);
	for (size_t i = 0; i < q.n; i++) {
		const struct coach_row *x = &q.rows[i];
		write_text(&w, x->name);
		write_number(&w, str_fmt(r->arena, "%lld", (long long)x->people));
		csv_day(r, &w, x->seen);
		csv_day(r, &w, x->watched);
		write_text(&w, str_of(x->missing));
		csv_day(r, &w, x->x.row.id ? x->x.on_day : DAY_NONE);
		csv_day(r, &w, x->x.row.id ? x->x.until : DAY_NONE);
		csv_day(r, &w, x->x.row.id ? x->x.grace_until : DAY_NONE);
		write_text(&w, x->certifier);
		write_text(&w, x->x.row.id ? (x->x.alone ? STR("yes") : STR("no")) : (str){ 0 });
		csv_day(r, &w, x->x.row.id ? x->x.revoked_on : DAY_NONE);
		write_text(&w, day_is(x->x.revoked_on) ? x->x.revoked_why : x->x.why);
		write_row_end(&w);
	}
	return OK;
}

/* ---- acts ---- */

static str
back(struct request *r)
{
	return str_fmt(r->arena, "/observations/%.*s#certificate", STR_ARG(id_text(r->arena, r->ids[0])));
}

enum err
certify_act(struct request *r)
{
	struct observe_view v = { 0 };
	struct certify_part part;
	struct certification x;
	id set = 0;
	enum err e = observation_load(r, &v);

	if (e == OK)
		e = certify_load(r, &v, &part);
	if (e == OK && (!v.by_me || !part.shown))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	record_init(&certification_record, &x);
	page_fill(r, &certification_record, "until why", &x);
	x.coach = v.one.x.person;
	x.certifier = r->actor.person;
	x.observation = v.one.x.row.id;
	x.rubric = v.rubric->r.row.id;
	x.on_day = r->today;
	x.alone = part.alone;
	x.grace_until = day_is(x.until) ? day_add(x.until, CERTIFY_GRACE) : DAY_NONE;
	if (part.x.row.id)
		fault_add(&r->faults, STR("why"), STR("was said: there is a certificate on this session"),
		        STR("see another session for the next one"));
	else if (!part.may)
		fault_add(&r->faults, STR("why"), STR("cannot be said by you"), part.why_not);
	if (!day_is(x.until) && !fault_at(&r->faults, STR("until")))
		fault_add(&r->faults, STR("until"), STR("is missing"), STR("a year is usual"));
	if (!str_trim(x.why).n && !fault_at(&r->faults, STR("why")))
		fault_add(&r->faults, STR("why"), STR("is missing"), STR("say in a sentence what you saw them do"));
	if (!r->faults.n)
		e = page_save(r, STR("Coach certified"), &certification_record, &x, &set);
	if (r->faults.n || e == ERR_INPUT)
		return observation_show(r);
	return e == OK ? page_done(r, set, back(r)) : e;
}

static enum err
revoke_work(struct change *c, void *what)
{
	struct certification x = *(const struct certification *)what;

	return record_save(c, &certification_record, &x);
}

enum err
certify_revoke_act(struct request *r)
{
	struct grant g = grant_all(r->actor.org, r->actor.login, r->actor.person, "revoking a certificate");
	struct certification x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &certification_record, r->ids[0], &x);

	if (e == OK && !may_revoke(r, &x))
		e = ERR_DENIED;
	if (e != OK)
		return e;
	page_fill(r, &certification_record, "revoked_why", &x);
	if (day_is(x.revoked_on))
		fault_add(&r->faults, STR("revoked_why"), STR("was said: it is revoked"), STR("nothing is left to do"));
	else if (!str_trim(x.revoked_why).n && !fault_at(&r->faults, STR("revoked_why")))
		fault_add(&r->faults, STR("revoked_why"), STR("is missing"), STR("say why, the coach reads it"));
	x.revoked_on = r->today;
	x.revoked_by = r->actor.person;
	if (!r->faults.n)
		e = page_change_as(r, &g, STR("Certificate revoked"), revoke_work, &x, &set);
	if (r->faults.n || e == ERR_INPUT)
		return show_queue(r);
	return e == OK ? page_go(r, STR("/coaches")) : e;
}

const struct route certify_routes[] = {
	{ HTTP_GET, "/coaches", POLICY_PERSON, coach_queue_page, "coaching", "See who coaches and was seen", false },
	{ HTTP_GET, "/coaches.csv", POLICY_PERSON, coach_queue_csv, "coaching", "Who coaches and was seen, as CSV",
	        false },
	{ HTTP_POST, "/observations/:/certify", POLICY_PERSON, certify_act, "coaching", "Certify a coach", false },
	{ HTTP_POST, "/certifications/:/revoke", POLICY_PERSON, certify_revoke_act, "coaching", "Revoke a certificate",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
