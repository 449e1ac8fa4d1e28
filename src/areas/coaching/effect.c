#include "areas/coaching/effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A session that both say was coaching on the same skill (C6). */
struct coached {
	id session, coach, coachee, skill, stage, programme;
	day held;
};

struct gather {
	struct conn *c;
	struct arena *a;
	const struct grant *counts; /* of the whole company */
	day today, since;
	struct coached *s; /* by coachee, skill and day */
	size_t n;
	struct effect_named *named;
	size_t n_named;
	struct sight {
		id person, skill, observer;
		day on;
		bool changed;
		const struct coached *after; /* NULL: not coached on it since the last one */
	} * seen;                            /* by person, skill and day */
	size_t n_seen;
};

static enum err
load_sessions(struct gather *w)
{
	static const char sql[] =
	        "select s.id, s.coach, s.coachee, s.skill, coalesce(z.origin, z.id, 0), coalesce(x.programme, 0), "
	        "s.held_on from "
	        "coaching_session s join skill k on k.org_id = s.org_id and k.id = s.skill left join stage z on "
	        "z.org_id = "
	        "k.org_id and z.id = k.stage left join pair x on x.org_id = s.org_id and x.id = s.pair where s.org_id "
	        "= $1 and $2 "
	        "= $2 and s.answer = 'confirmed' and s.answer_kind = 'coaching' and s.skill = s.answer_skill and "
	        "s.held_on >= $3 "
	        "and s.held_on <= $4 {may:session_fact s.coach s.coachee} order by s.coachee, s.skill, s.held_on, s.id";
	size_t cap = 0;
	struct rows rows;
	enum err e = record_query(
	        w->c, w->a, w->counts, sql, DB_ARGS(db_day_value(w->a, w->since), db_day_value(w->a, w->today)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(w->a, w->s, w->n, cap);
		w->s[w->n++] = (struct coached){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_int(&rows, 3),
			db_int(&rows, 4), db_int(&rows, 5), db_day(&rows, 6) };
	}
	return e == OK ? db_end(&rows) : e;
}

/* Whoever was named in any session on a skill of the stage, by either side, answered or not. */
static enum err
load_named(struct gather *w)
{
	static const char sql[] = "select distinct s.coachee, coalesce(z.origin, z.id) from coaching_session s join "
	                          "skill k on k.org_id = s.org_id "
	                          "and (k.id = s.skill or k.id = s.answer_skill) join stage z on z.org_id = k.org_id "
	                          "and z.id = k.stage where "
	                          "s.org_id = $1 and $2 = $2 and s.held_on >= $3 {may:session_fact s.coach s.coachee}";
	size_t cap = 0;
	struct rows rows;
	enum err e = record_query(w->c, w->a, w->counts, sql, DB_ARGS(db_day_value(w->a, w->since)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(w->a, w->named, w->n_named, cap);
		w->named[w->n_named++] = (struct effect_named){ db_int(&rows, 0), db_int(&rows, 1) };
	}
	return e == OK ? db_end(&rows) : e;
}

/* ---- observations ---- */

static enum err
load_seen(struct gather *w)
{
	static const char sql[] = "select o.person, o.skill, o.observer, o.on_day, t.result from observation o join "
	                          "observation_text t on t.org_id "
	                          "= o.org_id and t.observation = o.id where o.org_id = $1 and $2 = $2 and o.beside is "
	                          "null and coalesce(o.denied, "
	                          "0) = 0 and o.entered_on is not null and o.skill is not null and t.result in "
	                          "('changed', 'not_yet', 'not_tried') "
	                          "and o.on_day >= $3 and o.on_day <= $4 {may:session_fact o.observer o.person} order "
	                          "by o.person, o.skill, "
	                          "o.on_day, o.id";
	size_t cap = 0;
	struct rows rows;
	enum err e = record_query(
	        w->c, w->a, w->counts, sql, DB_ARGS(db_day_value(w->a, w->since), db_day_value(w->a, w->today)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(w->a, w->seen, w->n_seen, cap);
		w->seen[w->n_seen++] = (struct sight){ .person = db_int(&rows, 0),
			.skill = db_int(&rows, 1),
			.observer = db_int(&rows, 2),
			.on = db_day(&rows, 3),
			.changed = str_eq(db_text_raw(&rows, 4), STR("changed")) };
	}
	return e == OK ? db_end(&rows) : e;
}

/* The last session on that skill since the observation before it, and not too long ago: its next observation is this.
 */
static const struct coached *
session_before(const struct gather *w, const struct sight *x, day last)
{
	const struct coached *found = NULL;

	for (size_t i = 0; i < w->n; i++) {
		const struct coached *s = &w->s[i];
		if (s->coachee == x->person && s->skill == x->skill && s->held.n < x->on.n &&
		        (!day_is(last) || s->held.n >= last.n) && day_between(s->held, x->on) <= EFFECT_SEEN)
			found = s;
	}
	return found;
}

static void
match_seen(struct gather *w, struct effect_seen *without)
{
	for (size_t i = 0; i < w->n_seen; i++) {
		struct sight *x = &w->seen[i];
		bool first = !i || w->seen[i - 1].person != x->person || w->seen[i - 1].skill != x->skill;
		x->after = session_before(w, x, first ? DAY_NONE : w->seen[i - 1].on);
		if (!x->after) {
			without->n++;
			without->changed += x->changed;
		}
	}
}

/* ---- rows ---- */

enum of { OF_ALL, OF_COACH, OF_PROGRAMME, OF_SKILL };

static id
key_of(enum of of, id coach, id programme, id skill)
{
	return of == OF_COACH ? coach : of == OF_PROGRAMME ? programme : of == OF_SKILL ? skill : 0;
}

static void
sum_seen(const struct gather *w, enum of of, struct effect_row *x)
{
	id last = 0; /* rows come by person */

	for (size_t i = 0; i < w->n_seen; i++) {
		const struct sight *s = &w->seen[i];
		const struct coached *by = s->after;
		if (!by || key_of(of, by->coach, by->programme, by->skill) != x->who)
			continue;
		x->seen.n++;
		x->seen.changed += s->changed;
		x->seen.people += s->person != last;
		last = s->person;
		if (s->observer == by->coach)
			continue;
		x->seen.others++;
		x->seen.others_changed += s->changed;
	}
	x->seen_enough = x->seen.n >= EFFECT_OBSERVATIONS && x->seen.people >= EFFECT_PEOPLE;
}

static void
sum_row(const struct gather *w, const struct effect_all *all, enum of of, struct effect_row *x)
{
	const struct effect_unit **u = arena_new(w->a, const struct effect_unit *, all->n_units + 1);
	size_t n = 0;

	for (size_t i = 0; i < all->n_units; i++)
		if (key_of(of, all->units[i].coach, all->units[i].programme, all->units[i].skill) == x->who)
			u[n++] = &all->units[i];
	effect_sum(w->a, u, n, x);
	sum_seen(w, of, x);
}

static int
by_name(const void *x, const void *y)
{
	const struct effect_row *a = x, *b = y;
	int order = str_cmp(a->name, b->name);

	return order ? order : (a->who > b->who) - (a->who < b->who);
}

/* C9: each figure is pulled to the common one as far as its own deals are few. */
static void
pull(struct gather *w, struct effect_table *t)
{
	double *value = arena_new(w->a, double, t->n + 1), *se = arena_new(w->a, double, t->n + 1);
	struct effect_pulled *p = arena_new(w->a, struct effect_pulled, t->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].enough) {
			value[n] = t->rows[i].e.diff;
			se[n++] = (t->rows[i].e.high - t->rows[i].e.low) / (2 * RATE_Z);
		}
	t->pulled = effect_pull(value, se, n, &t->common, p);
	for (size_t i = 0, k = 0; t->pulled && i < t->n; i++)
		if (t->rows[i].enough) {
			t->rows[i].pulled = true;
			t->rows[i].p = p[k++];
		}
}

static void
add_key(struct gather *w, struct effect_table *t, size_t *cap, id who)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].who == who)
			return;
	if (!who)
		return;
	arena_grow(w->a, t->rows, t->n, *cap);
	t->rows[t->n++] = (struct effect_row){ .who = who };
}

static enum err
fill_table(struct gather *w, const struct effect_all *all, enum of of, const char *table, struct effect_table *t)
{
	size_t cap = 0;
	struct rows rows;
	enum err e = OK;

	for (size_t i = 0; i < w->n; i++)
		add_key(w, t, &cap, key_of(of, w->s[i].coach, w->s[i].programme, w->s[i].skill));
	for (size_t i = 0; e == OK && i < t->n; i++) {
		e = db_query(w->c, w->a,
		        str_z(w->a, str_fmt(w->a, "select name from %s where org_id = $1 and id = $2", table)),
		        DB_ARGS(DB_I(w->counts->org), DB_I(t->rows[i].who)), &rows);
		if (e == OK && db_next(&rows))
			t->rows[i].name = db_text(&rows, 0);
		if (e == OK)
			e = db_end(&rows);
		sum_row(w, all, of, &t->rows[i]);
	}
	if (t->n)
		qsort(t->rows, t->n, sizeof *t->rows, by_name);
	pull(w, t);
	return e;
}

/* ---- units ---- */

static int
by_day(const void *x, const void *y)
{
	const struct effect_unit *a = x, *b = y;

	if (a->first.n != b->first.n)
		return a->first.n < b->first.n ? -1 : 1;
	return (a->session > b->session) - (a->session < b->session);
}

/* A person's first session on a skill makes the unit, and it is that coach's. */
static void
make_units(struct gather *w, struct effect_all *all)
{
	size_t cap = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct coached *s = &w->s[i];
		if (i && w->s[i - 1].coachee == s->coachee && w->s[i - 1].skill == s->skill)
			continue;
		arena_grow(w->a, all->units, all->n_units, cap);
		all->units[all->n_units++] = (struct effect_unit){ .session = s->session,
			.coach = s->coach,
			.coachee = s->coachee,
			.skill = s->skill,
			.stage = s->stage,
			.programme = s->programme,
			.first = s->held };
	}
	if (all->n_units)
		qsort(all->units, all->n_units, sizeof *all->units, by_day);
}

/* O5: which of them who asks may see by name. */
static enum err
mark_mine(struct gather *w, const struct grant *g, struct effect_all *all)
{
	static const char sql[] =
	        "select s.id from coaching_session s where s.org_id = $1 and $2 = $2 and s.held_on >= $3 and "
	        "s.answer = 'confirmed' {may:session_fact s.coach s.coachee} order by s.id";
	id *may = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = record_query(w->c, w->a, g, sql, DB_ARGS(db_day_value(w->a, w->since)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(w->a, may, n, cap);
		may[n++] = db_int(&rows, 0);
	}
	for (size_t i = 0; i < all->n_units; i++) {
		size_t low = 0, high = n;
		while (low < high) {
			size_t mid = low + (high - low) / 2;
			if (may[mid] < all->units[i].session)
				low = mid + 1;
			else
				high = mid;
		}
		all->units[i].mine = low < n && may[low] == all->units[i].session;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
count_skills(struct gather *w, struct effect_all *all)
{
	struct rows rows;
	enum err e = db_query(w->c, w->a, "select count(*), count(stage) from skill where org_id = $1",
	        DB_ARGS(DB_I(w->counts->org)), &rows);

	if (e == OK && db_next(&rows)) {
		all->n_skills = (size_t)db_int(&rows, 0);
		all->n_placed = (size_t)db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
count_deals(struct gather *w, struct effect_all *all)
{
	struct effect_visit *v = NULL;
	size_t n = 0;
	bool any = false;
	enum err e = OK;

	for (size_t i = 0; i < all->n_units; i++)
		any = any || all->units[i].stage;
	if (any)
		e = effect_visits(w->c, w->a, w->counts, day_add(w->since, -EFFECT_SPAN), w->today, &v, &n);
	if (e == OK)
		effect_count(w->a, all->units, all->n_units, v, n, w->named, w->n_named);
	return e;
}

enum err
effect_load(struct conn *c, struct arena *a, const struct grant *g, day today, struct effect_all *ret)
{
	struct grant counts = grant_counts(g, "counts of leaders, open to their teams");
	struct gather w = { .c = c, .a = a, .counts = &counts, .today = today, .since = day_add(today, -EFFECT_BACK) };
	struct effect_all all = { 0 };
	enum err e = load_sessions(&w);

	if (e == OK)
		e = load_named(&w);
	if (e == OK)
		e = load_seen(&w);
	if (e == OK)
		e = count_skills(&w, &all);
	if (e != OK)
		return e;
	make_units(&w, &all);
	match_seen(&w, &all.without);
	e = count_deals(&w, &all);
	if (e == OK)
		e = mark_mine(&w, g, &all);
	if (e != OK)
		return e;
	sum_row(&w, &all, OF_ALL, &all.company);
	e = fill_table(&w, &all, OF_COACH, "person", &all.coaches);
	if (e == OK)
		e = fill_table(&w, &all, OF_PROGRAMME, "programme", &all.programmes);
	if (e == OK)
		e = fill_table(&w, &all, OF_SKILL, "skill", &all.skills);
	*ret = all;
	return e;
}
