#include "areas/coaching/programme_view.h"

#include "areas/coaching/programme_html.h"

static bool
leads_all(const struct request *r)
{
	return r->actor.admin || r->actor.head;
}

/* Named pairs are whose line holds all that are coached in them, and of any leader while there are none. */
static bool
may_pairs(struct request *r, const struct programme *p)
{
	int64_t others = 1;

	return r->actor.leads &&
	       db_one_int(r->conn,
	               "select count(*) from pair x where x.org_id = $1 and x.programme = $2 and x.coachee not in "
	               "(select "
	               "l.below from line l where l.org_id = $1 and l.above = $3 and l.depth > 0 and l.to_day is null)",
	               DB_ARGS(DB_I(r->actor.org), DB_I(p->row.id), DB_I(r->actor.person)), &others) == OK &&
	       !others;
}

bool
programme_may(struct request *r, const struct programme *p)
{
	if (leads_all(r))
		return true;
	if (p->who == WHO_PAIRS && p->row.id)
		return may_pairs(r, p);
	return p->root && ((p->root == r->actor.person && r->actor.leads) || coaches_may_name(r, p->root));
}

enum err
programme_days(struct arena *a, const struct programme *p, day today, day *ret, size_t *ret_n)
{
	day at = today;
	enum err e = OK;

	for (*ret_n = 0; e == OK && *ret_n < PROGRAMME_DAYS; at = day_add(ret[*ret_n - 1], 1)) {
		e = rhythm_next(a, p->rule, p->from_day, p->to_day, at, &ret[*ret_n]);
		if (e != OK || !day_is(ret[*ret_n]))
			break;
		++*ret_n;
	}
	return e;
}

/* where: over p (programme) with $3. */
static enum err
load_rows(struct request *r, const char *where, id one, struct programme_row **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, coalesce(q.name, ''), coalesce(f.name, ''), coalesce(b.name, ''), (select count(*) from "
	        "pair x where x.org_id "
	        "= "
	        "p.org_id and x.programme = p.id and x.to_day is null) from programme p left join person q on q.org_id "
	        "= "
	        "p.org_id and q.id = p.root left join framework f on f.org_id = p.org_id and f.id = p.framework left "
	        "join programme b on b.org_id = p.org_id and b.id = p.follows where "
	        "p.org_id "
	        "= $1 and $2 = $2 and $3 = $3 %s order by p.id desc limit 100",
	        STR_ARG(record_columns(r->arena, &programme_record, "p")), where);
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(one)), &rows);

	*ret = arena_new(r->arena, struct programme_row, 100);
	*ret_n = 0;
	while (e == OK && *ret_n < 100 && db_next(&rows)) {
		struct programme_row *x = &(*ret)[(*ret_n)++];
		int at = record_read(&rows, &programme_record, 0, &x->p);
		x->root = db_text(&rows, at);
		x->framework = db_text(&rows, at + 1);
		x->before = db_text(&rows, at + 2);
		x->pairs = db_int(&rows, at + 3);
		x->rhythm = rhythm_words(r->arena, x->p.rule, CADENCE_WEEKLY);
		x->over = day_is(x->p.to_day) && x->p.to_day.n < r->today.n;
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
programme_list_page(struct request *r)
{
	struct crumb crumb = { STR("Coaching"), STR("/coaching") };
	struct page p = { .title = STR("Coaching programmes"),
		.subtitle = STR("Why, how and how often people are coached"),
		.crumbs = &crumb,
		.n_crumbs = 1 };
	struct programme_list v = { .may = leads_all(r) || r->actor.leads };
	struct programme_row *all;
	size_t n;
	enum err e = load_rows(r, "", 0, &all, &n);

	if (e != OK)
		return e;
	v.rows = arena_new(r->arena, struct programme_row, n + 1);
	v.over = arena_new(r->arena, struct programme_row, n + 1);
	for (size_t i = 0; i < n; i++)
		if (all[i].over)
			v.over[v.n_over++] = all[i];
		else
			v.rows[v.n++] = all[i];
	page_head(r, &p);
	tpl_programme_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* ---- one ---- */

static enum err
load_couples(struct request *r, struct programme_view *v)
{
	static const char sql[] = "select x.id, x.coach, x.coachee, a.name, b.name, x.to_day from pair x join person a "
	                          "on a.org_id = x.org_id and "
	                          "a.id = x.coach join person b on b.org_id = x.org_id and b.id = x.coachee where "
	                          "x.org_id = $1 and $2 = $2 and "
	                          "x.programme = $3 {may:session_fact x.coach x.coachee} order by a.name, a.id, "
	                          "b.name, b.id, x.id limit 400";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_I(v->x.p.row.id)), &rows);

	v->couples = arena_new(r->arena, struct programme_couple, 400);
	while (e == OK && v->n_couples < 400 && db_next(&rows)) {
		struct programme_couple *x = &v->couples[v->n_couples++];
		*x = (struct programme_couple){ .pair = db_int(&rows, 0),
			.coach = db_int(&rows, 1),
			.coachee = db_int(&rows, 2),
			.coach_name = db_text(&rows, 3),
			.coachee_name = db_text(&rows, 4),
			.next = DAY_NONE,
			.left = !db_is_null(&rows, 5) && db_day(&rows, 5).n < r->today.n };
	}
	return e == OK ? db_end(&rows) : e;
}

static struct programme_couple *
couple_of(struct programme_view *v, id pair)
{
	for (size_t i = 0; i < v->n_couples; i++)
		if (v->couples[i].pair == pair)
			return &v->couples[i];
	return NULL;
}

static enum err
load_sessions(struct request *r, struct programme_view *v)
{
	static const char sql[] =
	        "select s.id, s.pair, coalesce(s.moved_to, s.on_day), s.state, s.held_on, s.answer from "
	        "coaching_session s join "
	        "pair x on x.org_id = s.org_id and x.id = s.pair where s.org_id = $1 and $2 = $2 and x.programme = $3 "
	        "and "
	        "s.on_day >= x.joined {may:session_fact s.coach s.coachee} order by s.on_day, s.id limit 20000";
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, sql, DB_ARGS(DB_I(v->x.p.row.id)), &rows);

	while (e == OK && db_next(&rows)) {
		struct programme_couple *x = couple_of(v, db_int(&rows, 1));
		int state = choice_of(session_states, db_text_raw(&rows, 3));
		bool held = !db_is_null(&rows, 4), waits = state == SESSION_PLANNED || state == SESSION_PREPARED;
		v->held += held;
		v->confirmed += held && choice_of(answers, db_text_raw(&rows, 5)) == ANSWER_CONFIRMED;
		v->excused += !held && state == SESSION_EXCUSED;
		v->missed += !held && (state == SESSION_MISSED || (waits && db_day(&rows, 2).n < r->today.n));
		if (x && !day_is(x->next) && waits && !held && db_day(&rows, 2).n >= r->today.n) {
			x->next = db_day(&rows, 2);
			x->session = db_int(&rows, 0);
		}
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_debts(struct request *r, struct programme_view *v)
{
	const struct debt_ask ask = { .from = day_add(r->today, -84), .to = r->today, .today = r->today };
	struct pair_debt *all;
	size_t n;
	enum err e = v->n_couples ? debt_pairs(r->conn, r->arena, &r->grant, &ask, &all, &n) : ERR_ABSENT;

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	for (size_t i = 0; i < n; i++) {
		struct programme_couple *x = couple_of(v, all[i].pair);
		if (x)
			x->d = &all[i];
	}
	return OK;
}

/* C1, O9: the CEO is coached too; where nobody could, the page says so. */
static enum err
find_coachless(struct request *r, struct programme_view *v)
{
	int64_t n = 0;
	enum err e =
	        db_one_int(r->conn, "select count(*) from company where org_id = $1 and head = $2 and sponsor is null",
	                DB_ARGS(DB_I(r->actor.org), DB_I(v->x.p.root)), &n);

	v->without_coach = v->x.p.who == WHO_DOWN && n;
	return e == ERR_ABSENT ? OK : e;
}

enum err
programme_show(struct request *r)
{
	struct crumb crumbs[] = { { STR("Coaching"), STR("/coaching") }, { STR("Programmes"), STR("/programmes") } };
	struct programme_view v = { 0 };
	struct page p = { .crumbs = crumbs, .n_crumbs = 2 };
	struct programme_row *rows;
	size_t n = 0;
	enum err e = load_rows(r, "and p.id = $3", r->ids[0], &rows, &n);

	if (e == OK && !n)
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	v.x = rows[0];
	v.may = !v.x.over && programme_may(r, &v.x.p);
	e = programme_days(r->arena, &v.x.p, r->today, v.days, &v.n_days);
	if (e == OK)
		e = load_couples(r, &v);
	if (e == OK)
		e = load_sessions(r, &v);
	if (e == OK)
		e = load_debts(r, &v);
	if (e == OK)
		e = find_coachless(r, &v);
	if (e == OK)
		e = programme_followers(r, &v);
	if (e == OK && !v.x.over)
		e = certify_waiting(r, &v.x.p, &v.waiting, &v.n_waiting);
	if (e != OK)
		return e;
	p.title = v.x.p.name;
	p.subtitle = str_fmt(r->arena, "%.*s, %lld minutes%s", STR_ARG(v.x.rhythm), (long long)v.x.p.length,
	        v.x.over ? " · over" : "");
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_programme_one(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
programme_page(struct request *r)
{
	return programme_show(r);
}

const struct route programme_routes[] = {
	{ HTTP_GET, "/programmes", POLICY_SIGNED_IN, programme_list_page, "coaching", "See coaching programmes",
	        false },
	{ HTTP_GET, "/programmes/new", POLICY_SIGNED_IN, programme_new_page, "coaching", "Plan a programme", false },
	{ HTTP_POST, "/programmes", POLICY_SIGNED_IN, programme_new_act, "coaching", "Start a programme", false },
	{ HTTP_GET, "/programmes/:", POLICY_SIGNED_IN, programme_page, "coaching", "See a programme", false },
	{ HTTP_POST, "/programmes/:/pairs", POLICY_SIGNED_IN, programme_pair_act, "coaching", "Add a pair", false },
	{ HTTP_POST, "/programmes/:/end", POLICY_SIGNED_IN, programme_end_act, "coaching", "End a programme", false },
	{ HTTP_POST, "/programmes/:/undo", POLICY_SIGNED_IN, programme_undo_act, "coaching", "Take back a programme",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
