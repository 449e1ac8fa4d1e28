#include <assert.h>
#include <math.h>
#include <string.h>

#include "areas/deals/report_sql.h"
#include "areas/forecast/figures.h"

/* The way of deals through the stages, from the events of D4: one pass in the order of deals, so that memory does not
   grow with them. */

struct place { /* one stage of a process */
	id stage;
	int64_t position;
	int outcome;
	id process;
	size_t row; /* in the answer; SIZE_MAX: won or lost */
};

struct way {
	struct arena *a;
	const struct report_scope *s;
	const struct report_part *part; /* of the company's deals, or all of them */
	struct figures_stages *f;
	struct place *place;
	size_t n_places;
	struct survive *stay; /* by row: days in the stage; SURVIVE_WON: left it */
	struct {              /* the deals behind one figure, where they are asked for */
		id stage;     /* 0: none */
		enum figures_fate fate;
		id *deal;
		size_t n, cap;
	} want;
	/* the deal at hand */
	id deal;
	struct {
		const struct place *at;
		day from; /* DAY_NONE: not known */
	} spell[64];
	size_t n_spells;
	bool has_past; /* of the company: some deal's history was imported (D5b) */
	bool past;     /* of the deal at hand: some of it comes from there */
	id stands;     /* where the deal is now */
	day stands_since;
};

static enum err
load_places(struct conn *c, struct way *w, const struct grant *g)
{
	size_t cap = 0, cap_rows = 0;
	struct rows rows;
	enum err e = db_query(c, w->a,
	        "select s.id, s.position, s.outcome, s.process, s.name, p.name from stage s join process p on p.org_id "
	        "= "
	        "s.org_id and p.id = s.process where s.org_id = $1 order by p.id, s.position, s.id",
	        DB_ARGS(DB_I(g->org)), &rows);

	while (e == OK && db_next(&rows)) {
		str outcome = db_text_raw(&rows, 2);
		struct place x = { db_int(&rows, 0), db_int(&rows, 1),
			str_eq(outcome, STR("won"))    ? OUTCOME_WON
			: str_eq(outcome, STR("lost")) ? OUTCOME_LOST
			                               : OUTCOME_OPEN,
			db_int(&rows, 3), SIZE_MAX };
		if (x.outcome == OUTCOME_OPEN) {
			x.row = w->f->n;
			arena_grow(w->a, w->f->row, w->f->n, cap_rows);
			w->f->row[w->f->n++] = (struct figures_stage){
				.stage = x.stage, .name = db_text(&rows, 4), .process = db_text(&rows, 5)
			};
		}
		arena_grow(w->a, w->place, w->n_places, cap);
		w->place[w->n_places++] = x;
	}
	w->stay = arena_new(w->a, struct survive, w->f->n + 1);
	return e == OK ? db_end(&rows) : e;
}

static const struct place *
place_of(const struct way *w, id stage)
{
	for (size_t i = 0; i < w->n_places; i++)
		if (w->place[i].stage == stage)
			return &w->place[i];
	return NULL;
}

static bool
asked_about(const struct way *w, day from)
{
	const struct report_scope *s = w->s;

	return (!day_is(s->from) || (day_is(from) && from.n >= s->from.n)) &&
	       (!day_is(s->to) || (day_is(from) && from.n <= s->to.n));
}

/* A deal that came to the stage twice is one row. */
static void
collect(struct way *w, id stage, enum figures_fate fate, id deal)
{
	bool last = w->want.n && w->want.deal[w->want.n - 1] == deal;

	if (stage != w->want.stage || last || (w->want.fate != FATE_ENTERED && w->want.fate != fate))
		return;
	arena_grow(w->a, w->want.deal, w->want.n, w->want.cap);
	w->want.deal[w->want.n++] = deal;
}

static void
count_spell(struct way *w, size_t i, enum survive_end end, day ended)
{
	const struct place *at = w->spell[i].at, *next = i + 1 < w->n_spells ? w->spell[i + 1].at : NULL;
	day from = w->spell[i].from, left = next ? w->spell[i + 1].from : w->s->as_of;
	struct figures_stage *x;

	if (!at || at->row == SIZE_MAX || !asked_about(w, from))
		return;
	x = &w->f->row[at->row];
	x->entered++;
	enum figures_fate fate =
	        !next                           ? FATE_HERE
	        : next->outcome == OUTCOME_LOST ? FATE_LOST
	        : next->outcome == OUTCOME_WON || next->process != at->process || next->position > at->position
	                ? FATE_MOVED
	                : FATE_BACK;
	*(fate == FATE_HERE          ? &x->here
	        : fate == FATE_LOST  ? &x->lost
	        : fate == FATE_MOVED ? &x->moved
	                             : &x->left_back) += 1;
	collect(w, at->stage, fate, w->deal);
	if (!day_is(from))
		return;
	survive_add(w->a, &w->stay[at->row], day_between(from, left), next ? SURVIVE_WON : SURVIVE_OPEN, 1);
	survive_add(w->a, &x->ends, day_between(from, ended), end, 1);
}

static void
enter(struct way *w, const struct place *at, day from)
{
	if (w->n_spells < sizeof w->spell / sizeof *w->spell) {
		w->spell[w->n_spells].at = at;
		w->spell[w->n_spells++].from = from;
	}
}

/* An imported history may end before the deal came to where it stands. */
static void
come_to_now(struct way *w)
{
	const struct place *now = w->past ? place_of(w, w->stands) : NULL;

	if (now && w->n_spells && w->spell[w->n_spells - 1].at != now && day_is(w->stands_since) &&
	        w->stands_since.n <= w->s->as_of.n)
		enter(w, now, w->stands_since);
	w->past = false;
}

static void
finish_deal(struct way *w)
{
	come_to_now(w);
	const struct place *last = w->n_spells ? w->spell[w->n_spells - 1].at : NULL;
	enum survive_end end = !last || last->outcome == OUTCOME_OPEN ? SURVIVE_OPEN
	                       : last->outcome == OUTCOME_WON         ? SURVIVE_WON
	                                                              : SURVIVE_LOST;
	day ended = end == SURVIVE_OPEN ? w->s->as_of : w->spell[w->n_spells - 1].from;

	for (size_t i = 0; i < w->n_spells; i++)
		count_spell(w, i, end, ended);
	w->f->n_deals += w->n_spells > 0;
	w->n_spells = 0;
}

/* Events hold a reference in its normal form; NULL for a stage that was removed since. */
static const struct place *
place_named(const struct way *w, str number)
{
	struct deal d = { 0 };

	return field_set_text(record_field(&deal_record, STR("stage")), &d, number) ? place_of(w, d.stage) : NULL;
}

/* The first stage was entered when the deal began; the rows of an imported history may say it themselves. */
#define EVENTS_SQL(from, on_day) \
	"select l.row_id, coalesce(l.before_, ''), l.after_, l.effective, coalesce(d.engaged_on, d.created_on), " \
	"d.closed_on, " on_day ", d.stage, coalesce(d.closed_on, d.stage_since) from " from \
	" join deal d on d.org_id = l.org_id and d.id = l.row_id where l.org_id = $1 and l.record = 'deal' and " \
	"l.field = 'stage'" REPORT_PART("l.row_id") REPORT_PART("d.id") REPORT_TYPED \
	REPORT_BELOW(REPORT_CLOSED_ON) "{may:deals d.owner} order by l.row_id, l.effective, l.set_id, l.n"

static const char events_sql[] = EVENTS_SQL("(select * from change_line where org_id = $1 and record = 'deal' and "
                                            "field = 'stage' and before_ is not null) l",
        "cast(null as text)");
/* D5b: history that was imported beside them. */
static const char events_and_past_sql[] = EVENTS_SQL(
        "(select org_id, row_id, before_, after_, effective, set_id, n, record, field, cast(null as text) as "
        "on_day from change_line where org_id = $1 and record = 'deal' and field = 'stage' and before_ is "
        "not null union all select org_id, deal, cast(stage_from as text), cast(stage as text), at, id, 0, "
        "'deal', 'stage', on_day from deal_past where org_id = $1 and stage is not null) l",
        "l.on_day");

static enum err
has_past(struct conn *c, const struct grant *g, bool *ret)
{
	int64_t n;
	enum err e = db_one_int(c, "select count(*) from (select 1 as one from deal_past where org_id = $1 limit 1) x",
	        DB_ARGS(DB_I(g->org)), &n);

	*ret = e == OK && n > 0;
	return e;
}

static void
walk_event(struct way *w, const struct rows *rows)
{
	day past = db_day(rows, 6), on = day_is(past) ? past : zone_day(zone_utc(), db_int(rows, 3)),
	    closed = db_day(rows, 5);
	const struct place *to = place_named(w, db_text_raw(rows, 2));

	if (w->deal != db_int(rows, 0)) {
		finish_deal(w);
		w->deal = db_int(rows, 0);
		w->stands = db_int(rows, 7);
		w->stands_since = db_day(rows, 8);
		if (db_text_raw(rows, 1).n)
			enter(w, place_named(w, db_text_raw(rows, 1)), db_day(rows, 4));
	}
	w->past |= day_is(past);
	/* The day of closing stands on the deal, whenever it was entered. */
	if (to && to->outcome != OUTCOME_OPEN && day_is(closed))
		on = closed;
	if (w->past && w->n_spells && w->spell[w->n_spells - 1].at == to)
		return; /* a row of its history about something else, or the same move seen twice */
	if (on.n <= w->s->as_of.n)
		enter(w, to, on);
}

static enum err
walk_events(struct conn *c, struct way *w, const struct grant *g)
{
	struct rows rows;
	enum err e = has_past(c, g, &w->has_past);

	if (e == OK)
		e = report_query_part(c, w->a, g, w->part, w->has_past ? events_and_past_sql : events_sql, &rows);
	while (e == OK && db_next(&rows))
		walk_event(w, &rows);
	finish_deal(w);
	return e == OK ? db_end(&rows) : e;
}

#define NO_PAST \
	" and not exists (select 1 from deal_past y where y.org_id = d.org_id and y.deal = d.id and y.stage is not " \
	"null)"

/* Deals that never moved here: open ones stand where they began, of decided ones the way is not known (D5b). A history
   is not looked for at each of them where there is none. */
#define STILL_SQL(no_past) \
	"select x.outcome, x.stage, x.since, x.known, count(*) from (select d.outcome, case when d.outcome = 'open' " \
	"then d.stage end as stage, case when d.outcome = 'open' then d.stage_since end as since, case when " \
	"d.outcome " \
	"= 'open' then d.stage_since_known end as known from deal d where d.org_id = $1" REPORT_PART( \
	        "d.id") " and not exists (select 1 from change_line l where l.org_id = d.org_id and l.row_id = " \
	                "d.id" REPORT_PART("l.row_id") " and l.record = 'deal' and l.field = 'stage' and l.before_ " \
	                                               "is not null)" no_past REPORT_TYPED \
	                                               REPORT_BELOW(REPORT_CLOSED_ON) "{may:deals d.owner}) x group " \
	                                                                              "by x.outcome, x.stage, " \
	                                                                              "x.since, x.known"

static const char still_sql[] = STILL_SQL("");
static const char still_no_past_sql[] = STILL_SQL(NO_PAST);

static enum err
count_still(struct conn *c, struct way *w, const struct grant *g)
{
	struct rows rows;
	enum err e = report_query_part(c, w->a, g, w->part, w->has_past ? still_no_past_sql : still_sql, &rows);

	while (e == OK && db_next(&rows)) {
		const struct place *at = place_of(w, db_int(&rows, 1));
		day since = db_int(&rows, 3) ? db_day(&rows, 2) : DAY_NONE;
		int64_t n = db_int(&rows, 4);
		if (!str_eq(db_text_raw(&rows, 0), STR("open")) || !at || at->row == SIZE_MAX) {
			w->f->without += n;
			continue;
		}
		if (!asked_about(w, since) || (day_is(since) && since.n > w->s->as_of.n))
			continue;
		w->f->row[at->row].entered += n;
		w->f->row[at->row].here += n;
		if (!day_is(since))
			continue;
		survive_add(w->a, &w->stay[at->row], day_between(since, w->s->as_of), SURVIVE_OPEN, n);
		survive_add(w->a, &w->f->row[at->row].ends, day_between(since, w->s->as_of), SURVIVE_OPEN, n);
	}
	return e == OK ? db_end(&rows) : e;
}

/* Those that never moved and stand where they began. */
static const char still_here_sql[] =
        "select d.id, d.stage_since, d.stage_since_known from deal d where d.org_id = $1 and d.outcome = 'open' and "
        "d.stage = cast($8 as bigint) and not exists (select 1 from change_line l where l.org_id = d.org_id and "
        "l.row_id "
        "= d.id and l.record = 'deal' and l.field = 'stage' and l.before_ is not null)" NO_PAST REPORT_TYPED
                REPORT_BELOW(REPORT_CLOSED_ON) "{may:deals d.owner} order by d.id";

static enum err
collect_still(struct conn *c, struct way *w, const struct grant *g)
{
	const struct db_value *five = report_arguments(w->a, w->s);
	struct db_value args[REPORT_ARGUMENTS + 1];
	struct rows rows;
	enum err e;

	memcpy(args, five, REPORT_ARGUMENTS * sizeof *five);
	args[REPORT_ARGUMENTS] = DB_I(w->want.stage);
	e = record_query(c, w->a, g, still_here_sql, args, REPORT_ARGUMENTS + 1, &rows);
	while (e == OK && db_next(&rows)) {
		day since = db_int(&rows, 2) ? db_day(&rows, 1) : DAY_NONE;
		if (asked_about(w, since) && (!day_is(since) || since.n <= w->s->as_of.n))
			collect(w, w->want.stage, FATE_HERE, db_int(&rows, 0));
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
figures_stage_deals(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, id stage,
        enum figures_fate fate, id **ret, size_t *ret_n)
{
	struct figures_stages f = { 0 };
	struct way *w = arena_new(a, struct way, 1);
	enum err e;

	const struct report_part all = { s, 0, INT64_MAX, 0 };

	w->a = a;
	w->s = s;
	w->part = &all;
	w->f = &f;
	w->want.stage = stage;
	w->want.fate = fate;
	e = load_places(c, w, g);
	if (e == OK)
		e = walk_events(c, w, g);
	if (e == OK && (fate == FATE_HERE || fate == FATE_ENTERED))
		e = collect_still(c, w, g);
	if (e != OK)
		return e;
	*ret = w->want.deal;
	*ret_n = w->want.n;
	return OK;
}

/* Of a part of the deals: added up before days are told. */
struct stages_part {
	struct figures_stages f;
	struct survive *stay;
};

static enum err
make_stages_part(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	struct stages_part *x = ret;
	struct way *w = arena_new(a, struct way, 1);
	enum err e;

	w->a = a;
	w->part = what;
	w->s = w->part->s;
	w->f = &x->f;
	e = load_places(c, w, g);
	if (e == OK)
		e = walk_events(c, w, g);
	if (e == OK)
		e = count_still(c, w, g);
	x->stay = w->stay;
	return e;
}

static void
copy_stages(struct arena *a, void *object)
{
	struct figures_stages *f = object;

	REPORT_COPY_ROWS(a, f->row, f->n);
	for (size_t i = 0; i < f->n; i++) {
		report_copy_text(a, &f->row[i].process);
		report_copy_text(a, &f->row[i].name);
		survive_copy(a, &f->row[i].ends);
	}
}

static void
copy_stages_part(struct arena *a, void *object)
{
	struct stages_part *x = object;

	copy_stages(a, &x->f);
	REPORT_COPY_ROWS(a, x->stay, x->f.n);
	for (size_t i = 0; i < x->f.n; i++)
		survive_copy(a, &x->stay[i]);
}

static void
add_stage(struct arena *a, struct figures_stage *to, const struct figures_stage *x)
{
	to->entered += x->entered;
	to->moved += x->moved;
	to->lost += x->lost;
	to->left_back += x->left_back;
	to->here += x->here;
	survive_merge(a, &to->ends, &x->ends);
}

/* Every part has all stages. */
static void
add_stages(struct arena *a, void *to, const void *part)
{
	struct stages_part *x = to;
	const struct stages_part *p = part;

	if (!x->f.row) {
		x->f.n = p->f.n;
		x->f.row = arena_new(a, struct figures_stage, p->f.n + 1);
		x->stay = arena_new(a, struct survive, p->f.n + 1);
		for (size_t i = 0; i < p->f.n; i++)
			x->f.row[i] = (struct figures_stage){
				.stage = p->f.row[i].stage, .process = p->f.row[i].process, .name = p->f.row[i].name
			};
	}
	assert(x->f.n == p->f.n);
	for (size_t i = 0; i < p->f.n; i++) {
		add_stage(a, &x->f.row[i], &p->f.row[i]);
		survive_merge(a, &x->stay[i], &p->stay[i]);
	}
	x->f.n_deals += p->f.n_deals;
	x->f.without += p->f.without;
}

static enum err
make_stages(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	static const struct kept_kind part = { "part of stages", REPORT_PART_RECORDS, sizeof(struct stages_part),
		make_stages_part, copy_stages_part };
	struct stages_part all;
	enum err e = report_in_parts(c, a, g, what, 0, &part, add_stages, &all);

	for (size_t i = 0; e == OK && i < all.f.n; i++) {
		struct figures_stage *x = &all.f.row[i];
		const struct survive_point *p;
		size_t n = survive_curve(a, &all.stay[i], SURVIVE_ANY, &p);
		x->on = rate_of(x->moved, x->moved + x->lost);
		x->days = survive_quantile(p, n, 0.5);
		x->n_days = all.stay[i].total;
	}
	*(struct figures_stages *)ret = all.f;
	return e;
}

enum err
figures_stages(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s,
        struct figures_stages *ret)
{
	static const struct kept_kind kind = { "stages", REPORT_RECORDS, sizeof *ret, make_stages, copy_stages };

	return report_kept(c, a, g, s, &kind, ret);
}
