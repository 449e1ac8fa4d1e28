/* Deals before and after coaching: decided visits to the stage in which a skill shows, from the events of D4 (C9).
   What it is not for: observations (effect.c), words (effect_words.c). */
#include <stdlib.h>
#include <string.h>

#include "areas/coaching/effect.h"
#include "stats/shrink.h"

/* ---- reading visits ---- */

struct place {
	id stage, process, line;
	int64_t position;
	int outcome;
};

#define OWNERS 32
#define VISITS 64

struct walk {
	struct arena *a;
	struct place *place;
	size_t n_places;
	struct effect_visit *all;
	size_t n, cap;
	/* the deal at hand */
	id deal, owner;
	day entered;
	id owners[OWNERS]; /* [0] the first one */
	size_t n_owners;
	struct {
		struct effect_visit v;
		size_t by; /* which owner */
	} visit[VISITS];
	size_t n_visits;
};

static enum err
load_places(struct conn *c, struct walk *w, id org)
{
	size_t cap = 0;
	struct rows rows;
	enum err e = db_query(c, w->a,
	        "select id, process, position, outcome, coalesce(origin, 0) from stage where org_id = $1 order by id",
	        DB_ARGS(DB_I(org)), &rows);

	while (e == OK && db_next(&rows)) {
		str outcome = db_text_raw(&rows, 3);
		arena_grow(w->a, w->place, w->n_places, cap);
		w->place[w->n_places++] = (struct place){ .stage = db_int(&rows, 0),
			.process = db_int(&rows, 1),
			.line = db_int(&rows, 4) ? db_int(&rows, 4) : db_int(&rows, 0),
			.position = db_int(&rows, 2),
			.outcome = str_eq(outcome, STR("won"))    ? OUTCOME_WON
			           : str_eq(outcome, STR("lost")) ? OUTCOME_LOST
			                                          : OUTCOME_OPEN };
	}
	return e == OK ? db_end(&rows) : e;
}

static const struct place *
place_named(const struct walk *w, str number)
{
	int64_t stage;

	for (size_t i = 0; str_to_i64(number, &stage) && i < w->n_places; i++)
		if (w->place[i].stage == stage)
			return &w->place[i];
	return NULL;
}

static void
finish_deal(struct walk *w)
{
	for (size_t i = 0; i < w->n_visits; i++) {
		size_t by = w->visit[i].by;
		w->visit[i].v.owner = by < w->n_owners ? w->owners[by] : w->owner;
		arena_grow(w->a, w->all, w->n, w->cap);
		w->all[w->n++] = w->visit[i].v;
	}
	w->n_visits = w->n_owners = 0;
}

static void
change_owner(struct walk *w, str before, str after)
{
	int64_t x;

	if (!w->n_owners)
		w->owners[w->n_owners++] = str_to_i64(before, &x) ? x : 0;
	if (w->n_owners < OWNERS)
		w->owners[w->n_owners++] = str_to_i64(after, &x) ? x : 0;
}

static void
change_stage(struct walk *w, const struct place *from, const struct place *to, day on)
{
	bool lost = to && to->outcome == OUTCOME_LOST;
	bool on_ward = to && (to->outcome == OUTCOME_WON ||
	                             (to->outcome == OUTCOME_OPEN && from &&
	                                     (to->process != from->process || to->position > from->position)));

	if (from && from->outcome == OUTCOME_OPEN && (lost || on_ward) && day_is(w->entered) && w->n_visits < VISITS) {
		w->visit[w->n_visits].by = w->n_owners ? w->n_owners - 1 : 0;
		w->visit[w->n_visits++].v = (struct effect_visit){
			.stage = from->line, .entered = w->entered, .decided = on, .moved = !lost
		};
	}
	w->entered = on;
}

/* The first stage was entered when the deal began; the day of closing stands on the deal, whenever it was entered. */
static const char events_sql[] =
        "select l.row_id, l.field, l.before_, l.after_, l.effective, coalesce(d.engaged_on, d.created_on), "
        "d.closed_on, "
        "coalesce(d.owner, 0) from change_line l join deal d on d.org_id = l.org_id and d.id = l.row_id where l.org_id "
        "= "
        "$1 and $2 = $2 and l.record = 'deal' and l.field in ('stage', 'owner') and l.before_ is not null and "
        "(d.closed_on is "
        "null or d.closed_on >= $3) {may:deals d.owner} order by l.row_id, l.effective, l.set_id, l.n";

enum err
effect_visits(struct conn *c, struct arena *a, const struct grant *g, day since, day today, struct effect_visit **ret,
        size_t *ret_n)
{
	struct walk *w = arena_new(a, struct walk, 1);
	struct rows rows;
	enum err e;

	w->a = a;
	e = load_places(c, w, g->org);
	if (e == OK)
		e = record_query(c, a, g, events_sql, DB_ARGS(db_day_value(a, since)), &rows);
	while (e == OK && db_next(&rows)) {
		day on = zone_day(zone_utc(), db_int(&rows, 4)), closed = db_day(&rows, 6);
		if (w->deal != db_int(&rows, 0)) {
			finish_deal(w);
			w->deal = db_int(&rows, 0);
			w->entered = db_day(&rows, 5);
			w->owner = db_int(&rows, 7);
		}
		if (on.n > today.n)
			continue; /* read as of a past day */
		if (str_eq(db_text_raw(&rows, 1), STR("owner"))) {
			change_owner(w, db_text_raw(&rows, 2), db_text_raw(&rows, 3));
			continue;
		}
		const struct place *from = place_named(w, db_text_raw(&rows, 2));
		const struct place *to = place_named(w, db_text_raw(&rows, 3));
		change_stage(w, from, to, to && to->outcome != OUTCOME_OPEN && day_is(closed) ? closed : on);
	}
	finish_deal(w);
	*ret = w->all;
	*ret_n = w->n;
	return e == OK ? db_end(&rows) : e;
}

/* ---- counting ---- */

/* One owner's visits to the stage of a unit, split at its first session. */
struct one_owner {
	id who;
	bool peer;
	struct shrink_unit before, after;
};

static int
by_stage_and_owner(const void *x, const void *y)
{
	const struct effect_visit *a = x, *b = y;

	if (a->stage != b->stage)
		return a->stage < b->stage ? -1 : 1;
	return (a->owner > b->owner) - (a->owner < b->owner);
}

/* The first visit to that stage or a later one, in the order above. */
static size_t
first_of(const struct effect_visit *v, size_t n, id stage)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;
		if (v[mid].stage < stage)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/* Entered and decided before the first session; entered after it. What lay open between says nothing of either time. */
static struct one_owner *
split(struct arena *a, const struct effect_unit *u, const struct effect_visit *v, size_t n, size_t *ret_n)
{
	struct one_owner *all = NULL;
	size_t cap = 0;

	*ret_n = 0;
	for (size_t i = first_of(v, n, u->stage); i < n && v[i].stage == u->stage; i++) {
		int days = day_between(u->first, v[i].entered);
		bool before = days < 0 && days >= -EFFECT_SPAN && v[i].decided.n < u->first.n;
		if (!v[i].owner || (!before && !(days > 0 && days <= EFFECT_SPAN)))
			continue;
		if (!*ret_n || all[*ret_n - 1].who != v[i].owner) {
			arena_grow(a, all, *ret_n, cap);
			all[(*ret_n)++] = (struct one_owner){ .who = v[i].owner };
		}
		struct shrink_unit *x = before ? &all[*ret_n - 1].before : &all[*ret_n - 1].after;
		x->decided++;
		x->won += v[i].moved;
	}
	return all;
}

static bool
was_named(const struct effect_named *named, size_t n, id person, id stage)
{
	for (size_t i = 0; i < n; i++)
		if (named[i].person == person && named[i].stage == stage)
			return true;
	return false;
}

/* What the group would do anyway: each at the own earlier share, pulled to everybody's as far as it says little. */
static void
group_of(const struct one_owner *p, size_t n, const struct shrink_fit *fit, id one, struct effect_group *ret,
        int64_t *ret_people)
{
	double expected = 0;

	for (size_t i = 0; i < n; i++) {
		if (one ? p[i].who != one : !p[i].peer)
			continue;
		ret->before_yes += p[i].before.won;
		ret->before_n += p[i].before.decided;
		ret->after_yes += p[i].after.won;
		ret->after_n += p[i].after.decided;
		expected += (double)p[i].after.decided * shrink_rate(fit, p[i].before).share;
		*ret_people += p[i].before.decided > 0 && p[i].after.decided > 0;
	}
	if (ret->before_n && ret->after_n)
		ret->regress = expected / (double)ret->after_n - (double)ret->before_yes / (double)ret->before_n;
}

static void
count_unit(struct arena *a, struct effect_unit *u, const struct effect_visit *v, size_t n_visits,
        const struct effect_named *named, size_t n_named)
{
	size_t n;
	int64_t own = 0;
	struct one_owner *p = split(a, u, v, n_visits, &n);
	struct shrink_unit *before = arena_new(a, struct shrink_unit, n + 1);
	struct shrink_fit fit;

	for (size_t i = 0; i < n; i++) {
		before[i] = p[i].before;
		p[i].peer = p[i].who != u->coachee && !was_named(named, n_named, p[i].who, u->stage);
	}
	if (!shrink_fit(a, before, n, &fit))
		return; /* nothing was decided before */
	group_of(p, n, &fit, u->coachee, &u->own, &own);
	group_of(p, n, &fit, 0, &u->peers, &u->n_peers);
	u->counts = own > 0;
}

void
effect_count(struct arena *a, struct effect_unit *u, size_t n, struct effect_visit *v, size_t n_visits,
        const struct effect_named *named, size_t n_named)
{
	if (n_visits)
		qsort(v, n_visits, sizeof *v, by_stage_and_owner);
	for (size_t i = 0; i < n; i++)
		if (u[i].stage)
			count_unit(a, &u[i], v, n_visits, named, n_named);
}

/* ---- a row ---- */

static void
add(struct effect_group *to, const struct effect_group *x, double *expected)
{
	to->before_yes += x->before_yes;
	to->before_n += x->before_n;
	to->after_yes += x->after_yes;
	to->after_n += x->after_n;
	if (x->before_n && x->after_n)
		*expected += (double)x->after_n * (x->regress + (double)x->before_yes / (double)x->before_n);
}

static void
settle(struct effect_group *g, double expected)
{
	if (g->before_n && g->after_n)
		g->regress = expected / (double)g->after_n - (double)g->before_yes / (double)g->before_n;
}

/* Units of one row share most of their peers' deals, so these count once: by the mean of the units, not their sum. */
static void
thin(struct effect_group *g, int64_t units)
{
	if (units < 2)
		return;
	g->before_yes = (g->before_yes + units / 2) / units;
	g->before_n = (g->before_n + units / 2) / units;
	g->after_yes = (g->after_yes + units / 2) / units;
	g->after_n = (g->after_n + units / 2) / units;
}

/* Two skills that show in one stage have the same deals: they count once, from the earlier session on. */
static bool
again(const struct effect_unit *const *u, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (u[k]->counts && u[k]->coachee == u[i]->coachee && u[k]->stage == u[i]->stage)
			return true;
	return false;
}

void
effect_sum(struct arena *a, const struct effect_unit *const *u, size_t n, struct effect_row *x)
{
	double own = 0, rest = 0;
	int64_t units = 0;
	id *people = arena_new(a, id, n + 1);

	for (size_t i = 0; i < n; i++) {
		bool known = false;
		if (!u[i]->counts || again(u, i))
			continue;
		add(&x->own, &u[i]->own, &own);
		add(&x->rest, &u[i]->peers, &rest);
		units++;
		x->peers = u[i]->n_peers > x->peers ? u[i]->n_peers : x->peers;
		for (int64_t k = 0; k < x->people && !known; k++)
			known = people[k] == u[i]->coachee;
		if (!known)
			people[x->people++] = u[i]->coachee;
	}
	settle(&x->own, own);
	settle(&x->rest, rest);
	thin(&x->rest, units);
	x->has_peers = x->peers >= EFFECT_PEOPLE && x->rest.before_n >= EFFECT_DEALS && x->rest.after_n >= EFFECT_DEALS;
	x->enough = x->people >= EFFECT_PEOPLE && x->own.before_n >= EFFECT_DEALS && x->own.after_n >= EFFECT_DEALS &&
	            effect_of(&x->own, x->has_peers ? &x->rest : NULL, &x->e);
}
