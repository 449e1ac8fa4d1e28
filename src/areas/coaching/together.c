#include "areas/coaching/together.h"

#include "areas/coaching/view.h"

/* ---- reading ---- */

/* where: over s (coaching_session) with $3 (a session, a coach), $4 and $5 (days). */
static enum err
load_list(struct request *r, const char *where, const struct db_value *args, struct together **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, b.name, (select count(*) from commitment c where c.org_id = s.org_id and c.about = "
	        "'session' and "
	        "c.about_id = s.id) from coaching_session s join person b on b.org_id = s.org_id and b.id = s.coachee "
	        "where "
	        "s.org_id = $1 and $2 = $2 and $3 = $3 and $4 = $4 and $5 = $5 {may:session_fact s.coach s.coachee "
	        "s.second} and "
	        "(%s) order by b.name, coalesce(s.moved_to, s.on_day), s.id limit 40",
	        STR_ARG(record_columns(r->arena, &session_record, "s")), where);
	size_t cap = 0;
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), args, 3, &rows);

	*ret = NULL;
	*ret_n = 0;
	while (e == OK && db_next(&rows)) {
		arena_grow(r->arena, *ret, *ret_n, cap);
		struct together *x = &(*ret)[(*ret_n)++];
		*x = (struct together){ 0 };
		int at = record_read(&rows, &session_record, 0, &x->s);
		x->coachee = db_text(&rows, at);
		x->agreed = db_int(&rows, at + 1);
		x->there = true;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_same(struct request *r, const struct session *s, struct together **ret, size_t *ret_n)
{
	const struct db_value args[] = { DB_I(s->together), DB_I(s->row.id), DB_I(0) };

	*ret = NULL;
	*ret_n = 0;
	return s->together ? load_list(r, "s.together = $3 and s.id <> $4", args, ret, ret_n) : OK;
}

/* One for each other person: the planned session next to that day. */
static enum err
load_near(struct request *r, const struct session *s, struct together **ret, size_t *ret_n)
{
	day on = session_day(s);
	const struct db_value args[] = { DB_I(s->coach), db_day_value(r->arena, day_add(on, -TOGETHER_NEAR)),
		db_day_value(r->arena, day_add(on, TOGETHER_NEAR)) };
	struct together *all;
	size_t n, kept = 0;
	enum err e = load_list(r,
	        "s.coach = $3 and s.held_on is null and s.together is null and s.state in ('planned', 'prepared') and "
	        "coalesce(s.moved_to, s.on_day) >= $4 and coalesce(s.moved_to, s.on_day) <= $5",
	        args, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		int far = day_between(session_day(&all[i].s), on);
		if (all[i].s.coachee == s->coachee || all[i].s.row.id == s->row.id)
			continue;
		if (kept && all[kept - 1].s.coachee == all[i].s.coachee) {
			int other = day_between(session_day(&all[kept - 1].s), on);
			if (far * far < other * other)
				all[kept - 1] = all[i];
			continue;
		}
		all[kept++] = all[i];
	}
	*ret = all;
	*ret_n = e == OK ? kept : 0;
	return e;
}

enum err
together_load(struct request *r, const struct session *s, struct together_view *ret)
{
	enum err e = load_same(r, s, &ret->all, &ret->n);

	if (e == OK && r->actor.person == s->coach && !day_is(s->held_on))
		e = load_near(r, s, &ret->near, &ret->n_near);
	if (e == OK && s->together)
		e = db_one_int(r->conn, "select count(*) from coaching_session where org_id = $1 and together = $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(s->together)), &ret->people);
	ret->second = s->second ? person_name(r, s->second) : (str){ 0 };
	ret->asked = s->second_asked ? person_name(r, s->second_asked) : (str){ 0 };
	return e;
}

str
together_names(struct arena *a, str mine, const struct together *all, size_t n)
{
	str said = mine;

	for (size_t i = 0; i < n; i++)
		said = str_fmt(a, "%.*s%s%.*s", STR_ARG(said), i + 1 < n ? ", " : " and ", STR_ARG(all[i].coachee));
	return said;
}

static bool
ticked(const struct request *r, const char *field, id what)
{
	for (size_t k = 0; k < r->http->n_form; k++) {
		id x;
		if (str_eq(r->http->form[k].name, str_of(field)) && id_parse(r->http->form[k].value, &x) && x == what)
			return true;
	}
	return false;
}

enum err
together_ending(struct request *r, const struct session *s, struct together **ret, size_t *ret_n)
{
	struct together *all;
	size_t n, kept = 0;
	enum err e = load_same(r, s, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		if (day_is(all[i].s.held_on) || !ticked(r, "there", all[i].s.row.id))
			continue;
		if (!all[i].agreed)
			fault_add(&r->faults, STR("there"),
			        str_fmt(r->arena, "%.*s has no commitment of this session yet",
			                STR_ARG(all[i].coachee)),
			        STR("agree on one on their page, or leave out the tick and end theirs with a reason"));
		all[kept++] = all[i];
	}
	*ret = all;
	*ret_n = e == OK ? kept : 0;
	return e;
}

/* ---- acts of the coach ---- */

enum err
together_own(struct request *r, struct session *s)
{
	id me = r->actor.person;
	enum err e = record_load(r->conn, r->arena, &r->grant, &session_record, r->ids[0], s);

	if (e == OK && me != s->coach)
		return me == s->coachee || me == s->second ? ERR_DENIED : ERR_ABSENT;
	if (e == OK && day_is(s->held_on))
		return fault_add(&r->faults, STR("together"), STR("is a session that has been held"),
		        STR("plan the next one together"));
	return e;
}

enum err
together_back(struct request *r, enum err e, id set)
{
	if (e == ERR_INPUT || r->faults.n)
		return prep_page(r);
	return e == OK ? page_done(r, set, str_fmt(r->arena, "/coaching/%.*s", STR_ARG(id_text(r->arena, r->ids[0]))))
	               : e;
}

struct joining {
	struct session s;
	struct together *all;
	size_t n;
};

static enum err
join_work(struct change *c, void *what)
{
	struct joining *w = what;
	struct session s = w->s;
	enum err e;

	s.together = s.together ? s.together : s.row.id;
	s.sequence = s.sequence == NO_INT ? 1 : s.sequence + 1; /* C10: its entry names them all */
	e = record_save(c, &session_record, &s);
	for (size_t i = 0; e == OK && i < w->n; i++) {
		struct session x = w->all[i].s;
		day on = session_day(&s);
		if (!day_is(x.moved_to) ? x.on_day.n != on.n : x.moved_to.n != on.n)
			x.moved_to = on;
		x.together = s.together;
		x.start = s.start;
		x.length = s.length;
		x.framework = s.framework;
		x.topic = s.topic;
		x.sequence = x.sequence == NO_INT ? 1 : x.sequence + 1;
		e = record_save(c, &session_record, &x);
	}
	return e;
}

/* C1: their planned sessions move to this one's day and hour; cadence still counts by their own days. */
enum err
together_act(struct request *r)
{
	struct joining w = { 0 };
	struct together *near = NULL, *all = NULL;
	size_t n_near = 0, n_all = 0;
	id set = 0;
	enum err e = together_own(r, &w.s);

	if (e == OK)
		e = load_near(r, &w.s, &near, &n_near);
	if (e == OK)
		e = load_same(r, &w.s, &all, &n_all);
	if (e != OK)
		return together_back(r, e, 0);
	for (size_t i = 0; i < n_near; i++)
		if (ticked(r, "with", near[i].s.row.id))
			near[w.n++] = near[i];
	w.all = near;
	if (!w.n)
		fault_add(&r->faults, STR("with"), STR("is missing"), STR("choose who joins"));
	if (w.n + n_all + 1 > TOGETHER_MOST)
		fault_add(&r->faults, STR("with"), STR("makes more than twelve"),
		        STR("a dozen is more than one coach can look at"));
	page_fill(r, &session_record, "topic", &w.s);
	if (page_field(r, "length").n)
		page_fill(r, &session_record, "length", &w.s);
	if (!w.s.topic.n)
		fault_add(&r->faults, STR("topic"), STR("is missing"), STR("say what all of you look at"));
	e = r->faults.n ? ERR_INPUT : page_change(r, STR("One meeting of several"), join_work, &w, &set);
	return together_back(r, e, set);
}

static enum err
alone_work(struct change *c, void *what)
{
	struct joining *w = what;
	struct session s = w->s;
	enum err e;

	s.together = 0;
	s.topic = (str){ 0 };
	s.sequence = s.sequence == NO_INT ? 1 : s.sequence + 1;
	e = record_save(c, &session_record, &s);
	if (e == OK && w->n == 1) { /* one is no group */
		struct session x = w->all[0].s;
		x.together = 0;
		x.topic = (str){ 0 };
		x.sequence = x.sequence == NO_INT ? 1 : x.sequence + 1;
		e = record_save(c, &session_record, &x);
	}
	return e;
}

/* Back to the two; it stays at its day, and may be moved. */
enum err
together_alone(struct request *r)
{
	struct joining w = { 0 };
	id set = 0;
	enum err e = together_own(r, &w.s);

	if (e == OK)
		e = load_same(r, &w.s, &w.all, &w.n);
	if (e == OK)
		e = page_change(r, STR("Back to the two"), alone_work, &w, &set);
	return together_back(r, e, set);
}

static enum err
load_others(struct change *c, id session, id ret[TOGETHER_MOST], size_t *ret_n)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select o.id from coaching_session s join coaching_session o on o.org_id = s.org_id and o.together = "
	        "s.together where s.org_id = $1 and s.id = $2 and o.id <> s.id order by o.id",
	        DB_ARGS(DB_I(c->grant->org), DB_I(session)), &rows);

	*ret_n = 0;
	while (e == OK && *ret_n < TOGETHER_MOST && db_next(&rows))
		ret[(*ret_n)++] = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

enum err
together_leave(struct change *c, id session)
{
	struct session s, x;
	id others[TOGETHER_MOST];
	size_t n = 0;
	enum err e = record_load(c->conn, c->arena, c->grant, &session_record, session, &s);

	if (e != OK || !s.together)
		return e;
	e = load_others(c, session, others, &n);
	for (size_t i = 0; e == OK && i < n; i++) {
		e = record_load(c->conn, c->arena, c->grant, &session_record, others[i], &x);
		if (e != OK || (n > 1 && s.together != session))
			break;
		x.together = n > 1 ? others[0] : 0;
		x.topic = n > 1 ? x.topic : (str){ 0 };
		x.sequence = x.sequence == NO_INT ? 1 : x.sequence + 1;
		e = record_save(c, &session_record, &x);
	}
	s.together = 0;
	return e == OK ? record_save(c, &session_record, &s) : e;
}
