/* Where the coachee's deals stop, beside the team's median, and the new pipeline of each week (C2).
   What it is not for: the choice of topics (prepare.c). */
#include <stdlib.h>

#include "areas/coaching/prepare.h"
#include "areas/deals/rates.h"

#define LEAST_DEALS  5 /* of one person in a stage, before the share counts for the team's median */
#define LEAST_PEOPLE 5 /* never a median of fewer */

/* Moves of the team's deals from stage to stage, by owner; the coachee is one of them. $4: since (instant). */
static const char moves_sql[] =
        "select d.owner, l.before_, l.after_, count(*) from deal d join change_line l on l.org_id = d.org_id and "
        "l.row_id = d.id and l.record = 'deal' and l.field = 'stage' and l.before_ is not null and l.effective >= $4"
        " where d.org_id = $1 and $2 = $2 {may:deals d.owner} and d.owner in (select w.below from line w where "
        "w.org_id = $1 and w.above = $3 and w.depth <= 1 and w.to_day is null)"
        " group by d.owner, l.before_, l.after_ order by d.owner limit 20000";

struct place {
	id stage, process;
	int64_t position;
	bool open, lost;
	str name;
};

struct mover {
	id owner;
	int64_t moved, lost;
};

struct way {
	struct place *place;
	size_t n;
	struct mover **by; /* for each place a row a person */
	size_t *n_by, *cap_by;
};

static enum err
load_places(struct conn *c, struct arena *a, id org, struct way *w)
{
	struct rows rows;
	size_t cap = 0;
	enum err e = db_query(c, a,
	        "select id, process, position, outcome, name from stage where org_id = $1 order by process, position, "
	        "id",
	        DB_ARGS(DB_I(org)), &rows);

	while (e == OK && db_next(&rows)) {
		str outcome = db_text_raw(&rows, 3);
		arena_grow(a, w->place, w->n, cap);
		w->place[w->n++] = (struct place){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
			str_eq(outcome, STR("open")), str_eq(outcome, STR("lost")), db_text(&rows, 4) };
	}
	w->by = arena_new(a, struct mover *, w->n + 1);
	w->n_by = arena_new(a, size_t, w->n + 1);
	w->cap_by = arena_new(a, size_t, w->n + 1);
	return e == OK ? db_end(&rows) : e;
}

static size_t
place_named(const struct way *w, str number)
{
	int64_t stage;

	for (size_t i = 0; str_to_i64(number, &stage) && i < w->n; i++)
		if (w->place[i].stage == stage)
			return i;
	return SIZE_MAX;
}

static void
count_move(struct arena *a, struct way *w, id owner, size_t from, size_t to, int64_t n)
{
	const struct place *x = &w->place[from], *y = &w->place[to];
	bool back = y->open && y->process == x->process && y->position < x->position;
	struct mover *m = NULL;

	if (!x->open || back)
		return;
	for (size_t i = 0; i < w->n_by[from] && !m; i++)
		if (w->by[from][i].owner == owner)
			m = &w->by[from][i];
	if (!m) {
		arena_grow(a, w->by[from], w->n_by[from], w->cap_by[from]);
		m = &w->by[from][w->n_by[from]++];
		*m = (struct mover){ .owner = owner };
	}
	*(y->lost ? &m->lost : &m->moved) += n;
}

static int
by_number(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

static struct prep_stop
stop_of(struct arena *a, const struct way *w, size_t at, id person)
{
	int64_t *shares = arena_new(a, int64_t, w->n_by[at] + 1);
	struct prep_stop s = { .team = NO_INT };
	const struct place *next = at + 1 < w->n ? &w->place[at + 1] : NULL;

	for (size_t i = 0; i < w->n_by[at]; i++) {
		const struct mover *m = &w->by[at][i];
		int64_t n = m->moved + m->lost;
		if (m->owner == person) {
			s.moved = m->moved;
			s.n = n;
		}
		if (n >= LEAST_DEALS)
			shares[s.team_n++] = m->moved * 1000 / n;
	}
	qsort(shares, (size_t)s.team_n, sizeof *shares, by_number);
	if (s.team_n >= LEAST_PEOPLE)
		s.team = (shares[(s.team_n - 1) / 2] + shares[s.team_n / 2]) / 2;
	s.label = next && next->process == w->place[at].process && !next->lost
	                  ? str_fmt(a, "%.*s → %.*s", STR_ARG(w->place[at].name), STR_ARG(next->name))
	                  : w->place[at].name;
	return s;
}

/* The process in which most of the person's deals moved. */
static id
main_process(const struct way *w, id person)
{
	id best = 0;
	int64_t most = 0, n = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (!i || w->place[i].process != w->place[i - 1].process)
			n = 0;
		for (size_t k = 0; k < w->n_by[i]; k++)
			if (w->by[i][k].owner == person)
				n += w->by[i][k].moved + w->by[i][k].lost;
		if (n > most) {
			most = n;
			best = w->place[i].process;
		}
	}
	return best;
}

enum err
prep_stops(struct conn *c, struct arena *a, const struct grant *g, const struct session *s, day today,
        struct prepared *ret)
{
	struct way w = { 0 };
	struct rows rows;
	id process;
	/* O5: shares of single people begin with a works agreement. */
	instant since = zone_instant(zone_utc(), grant_persons_from(g, day_add(today, -STOP_DAYS)), 0);
	enum err e = load_places(c, a, g->org, &w);

	if (e == OK)
		e = record_query(c, a, g, moves_sql, DB_ARGS(DB_I(s->coach), DB_I(since)), &rows);
	while (e == OK && db_next(&rows)) {
		size_t from = place_named(&w, db_text_raw(&rows, 1)), to = place_named(&w, db_text_raw(&rows, 2));
		if (from != SIZE_MAX && to != SIZE_MAX)
			count_move(a, &w, db_int(&rows, 0), from, to, db_int(&rows, 3));
	}
	if (e == OK)
		e = db_end(&rows);
	process = main_process(&w, s->coachee);
	for (size_t i = 0; e == OK && process && i < w.n && ret->n_stops < PREP_STOPS; i++)
		if (w.place[i].process == process && w.place[i].open)
			ret->stops[ret->n_stops++] = stop_of(a, &w, i, s->coachee);
	return e;
}

/* ---- new pipeline ---- */

static const char weeks_sql[] =
        "select coalesce(d.engaged_on, d.created_on), d.value, d.currency from deal d where d.org_id = $1 and $2 = $2 "
        "{may:deals d.owner} and d.owner = $3 and coalesce(d.engaged_on, d.created_on) >= $4 and "
        "coalesce(d.engaged_on, d.created_on) <= $5 and d.value is not null";

/* D3: other currencies by their last rate; what has none is said beside the chart. */
enum err
prep_weeks(struct conn *c, struct arena *a, const struct grant *g, id person, day today, struct prepared *ret)
{
	day from = day_add(day_week(today), -7 * (PREP_WEEKS - 1));
	struct rate_book rates;
	struct rate_said said;
	struct rows rows;
	enum err e = db_query(
	        c, a, "select currency from company where org_id = $1 and id = $1", DB_ARGS(DB_I(g->org)), &rows);

	if (e == OK && db_next(&rows))
		ret->currency = db_text(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		e = rate_book_load(c, a, g->org, ret->currency, today, &rates);
	if (e == OK)
		e = record_query(c, a, g, weeks_sql,
		        DB_ARGS(DB_I(person), db_day_value(a, grant_persons_from(g, from)), db_day_value(a, today)),
		        &rows);
	while (e == OK && db_next(&rows)) {
		int week = day_between(from, db_day(&rows, 0)) / 7;
		int64_t worth = 0;
		if (week < 0 || week >= PREP_WEEKS)
			continue;
		if (!rate_book_worth(&rates, db_text_raw(&rows, 2), db_int(&rows, 1), 1, &worth))
			continue;
		ret->n_weeks = PREP_WEEKS;
		ret->weeks[week] += worth;
	}
	if (e != OK)
		return e;
	said = rate_book_said(a, &rates);
	ret->weeks_note = rate_said_words(a, &said, ret->currency);
	return db_end(&rows);
}

/* ---- chosen by the two ---- */

void
prep_keep_choice(const struct prepared *before, struct prepared *p)
{
	for (size_t i = 0; i < p->n_topics; i++)
		for (size_t k = 0; k < before->n_topics; k++) {
			const struct topic *x = &before->topics[k];
			if (x->kind == p->topics[i].kind && x->about == p->topics[i].about && x->agenda != x->first)
				p->topics[i].agenda = x->agenda;
		}
}
