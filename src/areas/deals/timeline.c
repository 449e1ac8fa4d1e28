/* What happened on a deal, newest first: activities, steps, changes of the deal, documents. Each source is read as far
   as the page reaches and the parts are merged. Two times stand on a row where they differ: when it took effect and
   when it was entered (D4). */
#include <stdlib.h>
#include <string.h>

#include "areas/deals/one.h"

#define SHOWN 20
#define MOST  400 /* the oldest that is paged to */

static const char *const kinds[] = { "", "activity", "step", "change", "document" };

struct gathering {
	struct request *r;
	struct timeline *t;
	id deal;
	size_t want, cap;
};

static struct time_row *
push(struct gathering *g, int kind, day on, instant entered, id row)
{
	struct timeline *t = g->t;

	arena_grow(g->r->arena, t->rows, t->n, g->cap);
	struct time_row *x = &t->rows[t->n++];
	*x = (struct time_row){ .kind = kind, .on_day = on, .order = entered, .row = row };
	x->recorded = zone_day(page_zone(g->r), entered);
	if (x->recorded.n == on.n)
		x->recorded = DAY_NONE;
	return x;
}

static bool
wanted(const struct gathering *g, int kind)
{
	return !g->t->kind || g->t->kind == kind;
}

static const char *
icon_of(str kind)
{
	static const char *const icons[][2] = { { "call", "phone" }, { "mail", "mail" }, { "meeting", "people" },
		{ "task", "check" }, { "note", "note" } };

	for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
		if (str_eq(kind, str_of(icons[i][0])))
			return icons[i][1];
	return "chat";
}

static enum err
add_activities(struct gathering *g)
{
	struct rows rows;
	enum err e = db_query(g->r->conn, g->r->arena,
	        "select x.id, x.on_day, x.kind, x.subject, x.text, p.name from activity x join person p on p.org_id = "
	        "x.org_id and p.id = x.person where x.org_id = $1 and x.deal = $2 order by x.on_day desc, x.id desc "
	        "limit $3",
	        DB_ARGS(DB_I(g->r->actor.org), DB_I(g->deal), DB_I((int64_t)g->want)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		id row = db_int(&rows, 0);
		struct time_row *x = push(g, TIME_ACTIVITY, db_day(&rows, 1), id_instant(row), row);
		x->icon = icon_of(db_text_raw(&rows, 2));
		x->note = choice_words(activity_choices, db_text(&rows, 2));
		x->what = db_text(&rows, 3);
		x->text = db_text(&rows, 4);
		x->by = db_text(&rows, 5);
	}
	return db_end(&rows);
}

/* An activity that a step asked for stands there once: as the activity, with the step's name. */
static enum err
add_steps(struct gathering *g)
{
	struct rows rows;
	enum err e = db_query(g->r->conn, g->r->arena,
	        "select x.id, x.on_day, s.name, coalesce(x.answer, ''), coalesce(p.name, ''), case when x.activity is "
	        "null and x.document is null then 0 else 1 end from step_done x join step s on s.org_id = x.org_id and "
	        "s.id = x.step left join person p on p.org_id = x.org_id and p.id = x.person where x.org_id = $1 and "
	        "x.deal = $2 order by x.on_day desc, x.id desc limit $3",
	        DB_ARGS(DB_I(g->r->actor.org), DB_I(g->deal), DB_I((int64_t)g->want)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		id row = db_int(&rows, 0);
		day on = db_day(&rows, 1);
		instant made = id_instant(row);
		struct time_row *x = push(g, TIME_STEP, day_is(on) ? on : zone_day(page_zone(g->r), made), made, row);
		x->icon = "check";
		x->what = db_text(&rows, 2);
		x->note = STR("Step done");
		x->text = db_int(&rows, 5) ? (str){ 0 } : db_text(&rows, 3);
		x->by = db_text(&rows, 4);
	}
	return db_end(&rows);
}

static enum err
add_documents(struct gathering *g)
{
	struct rows rows;
	enum err e = db_query(g->r->conn, g->r->arena,
	        "select x.id, x.on_day, x.name, coalesce(p.name, '') from document x left join person p on p.org_id = "
	        "x.org_id and p.id = x.person where x.org_id = $1 and x.deal = $2 order by x.on_day desc, x.id desc "
	        "limit $3",
	        DB_ARGS(DB_I(g->r->actor.org), DB_I(g->deal), DB_I((int64_t)g->want)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		id row = db_int(&rows, 0);
		instant made = id_instant(row);
		day on = db_day(&rows, 1);
		struct time_row *x =
		        push(g, TIME_DOCUMENT, day_is(on) ? on : zone_day(page_zone(g->r), made), made, row);
		x->icon = "book";
		x->what = db_text(&rows, 2);
		x->note = STR("Document");
		x->by = db_text(&rows, 3);
	}
	return db_end(&rows);
}

/* What people and files said; what rules compute from it goes without saying, but for the value of an event. */
static str
change_words(struct gathering *g, const struct deal *d, const struct field *f, str before, str after)
{
	struct request *r = g->r;

	if (!before.n)
		return str_fmt(r->arena, "%s: %.*s", f->label, STR_ARG(fact_words(r, f, after, d->currency)));
	return str_fmt(r->arena, "%s: %.*s → %.*s", f->label, STR_ARG(fact_words(r, f, before, d->currency)),
	        STR_ARG(fact_words(r, f, after, d->currency)));
}

static void
add_line(struct gathering *g, const struct deal *d, const struct rows *rows, id *last)
{
	struct request *r = g->r;
	id set = db_int(rows, 0);
	str name = db_text(rows, 4), kind = db_text_raw(rows, 9), by = db_text(rows, 3), words;
	const struct field *f = record_field(page_own(r, &deal_record), name);
	instant effective = db_int(rows, 2);

	if (name.n && (!f || (f->system && !f->event)))
		return;
	words = name.n                        ? change_words(g, d, f, db_text(rows, 5), db_text(rows, 6))
	        : str_eq(kind, STR("import")) ? STR("Came with a file")
	                                      : STR("Entered");
	if (set == *last) {
		struct time_row *x = &g->t->rows[g->t->n - 1];
		x->what = str_fmt(r->arena, "%.*s; %.*s", STR_ARG(x->what), STR_ARG(words));
		return;
	}
	*last = set;
	struct time_row *x = push(g, TIME_CHANGE, zone_day(page_zone(r), effective), db_int(rows, 1), set);
	x->icon = str_eq(kind, STR("undo")) ? "undo" : str_eq(name, STR("stage")) ? "arrow-right" : "edit";
	x->what = words;
	x->note = str_eq(kind, STR("undo"))     ? STR("Taken back")
	          : str_eq(kind, STR("import")) ? STR("From a file")
	                                        : (str){ 0 };
	x->by = by.n ? by : str_eq(kind, STR("edit")) && db_int(rows, 8) ? STR("An administrator") : (str){ 0 };
	str reason = db_text(rows, 7), head, tail;
	if (str_find(reason, STR("past open steps: ")) != SIZE_MAX && str_cut(reason, ',', &head, &tail))
		x->text = str_trim(str_from(reason, str_find(reason, STR("past open steps: "))));
}

static enum err
add_changes(struct gathering *g, const struct deal *d)
{
	struct rows rows;
	id last = 0;
	enum err e = db_query(g->r->conn, g->r->arena,
	        "select s.id, s.at, l.effective, coalesce(p.name, ''), l.field, l.before_, l.after_, s.reason, "
	        "coalesce(s.login, 0), s.kind from change_line l join change_set s on s.org_id = l.org_id and s.id = "
	        "l.set_id left join person p on p.org_id = s.org_id and p.id = s.person where l.org_id = $1 and "
	        "l.row_id = $2 and l.record = 'deal' order by l.set_id desc, l.n limit $3",
	        DB_ARGS(DB_I(g->r->actor.org), DB_I(g->deal), DB_I((int64_t)g->want * 8)), &rows);

	while (e == OK && db_next(&rows))
		add_line(g, d, &rows, &last);
	return e == OK ? db_end(&rows) : e;
}

static void
say_past(struct arena *a, str *words, const char *label, str before, str after)
{
	if (!after.n)
		return;
	*words = str_fmt(a, "%.*s%s%s: %.*s%s%.*s", STR_ARG(*words), words->n ? "; " : "", label, STR_ARG(before),
	        before.n ? " → " : "", STR_ARG(after));
}

/* D5b: what the source knows of the time before. */
static enum err
add_past(struct gathering *g)
{
	struct request *r = g->r;
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.id, x.on_day, x.at, coalesce(f.name, ''), coalesce(s.name, ''), x.amount, "
	        "coalesce(x.currency, "
	        "''), x.closes_on, coalesce(o.name, ''), coalesce(x.by, '') from deal_past x left join stage f on "
	        "f.org_id "
	        "= x.org_id and f.id = x.stage_from left join stage s on s.org_id = x.org_id and s.id = x.stage left "
	        "join "
	        "person o on o.org_id = x.org_id and o.id = x.owner where x.org_id = $1 and x.deal = $2 order by x.at "
	        "desc, "
	        "x.id desc limit $3",
	        DB_ARGS(DB_I(r->actor.org), DB_I(g->deal), DB_I((int64_t)g->want)), &rows);

	while (e == OK && db_next(&rows)) {
		str words = { 0 };
		struct time_row *x = push(g, TIME_CHANGE, db_day(&rows, 1), db_int(&rows, 2), db_int(&rows, 0));
		say_past(r->arena, &words, "Stage", db_text(&rows, 3), db_text(&rows, 4));
		if (!db_is_null(&rows, 5))
			say_past(r->arena, &words, "Amount", (str){ 0 },
			        money_short(r->arena, money_of(db_int(&rows, 5), db_text(&rows, 6))));
		if (!db_is_null(&rows, 7))
			say_past(r->arena, &words, "Expected close", (str){ 0 }, day_long(r->arena, db_day(&rows, 7)));
		say_past(r->arena, &words, "Owner", (str){ 0 }, db_text(&rows, 8));
		x->recorded = DAY_NONE;
		x->icon = db_text(&rows, 4).n ? "arrow-right" : "edit";
		x->what = words;
		x->note = STR("From the source’s history");
		x->by = db_text(&rows, 9);
	}
	return e == OK ? db_end(&rows) : e;
}

static int
newer(const void *x, const void *y)
{
	const struct time_row *a = x, *b = y;

	if (a->on_day.n != b->on_day.n)
		return a->on_day.n < b->on_day.n ? 1 : -1;
	return a->order < b->order ? 1 : a->order > b->order ? -1 : 0;
}

/* "Call · Jonas Duarte"; the day it was entered once for all rows below each other that share it. */
static void
word_rows(struct request *r, struct timeline *t)
{
	day last = DAY_NONE;

	for (size_t i = 0; i < t->n; i++) {
		struct time_row *x = &t->rows[i];
		if (x->by.n)
			x->note =
			        x->note.n ? str_fmt(r->arena, "%.*s · %.*s", STR_ARG(x->note), STR_ARG(x->by)) : x->by;
		day recorded = x->recorded;
		if (recorded.n == last.n)
			x->recorded = DAY_NONE;
		last = recorded;
	}
}

/* Names that stand in a text as links: those that were found when it was written. */
static enum err
add_mentions(struct request *r, struct time_row *x)
{
	struct mention_row *m = arena_new(r->arena, struct mention_row, 20);
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select m.person, p.name from mention m join person p on p.org_id = m.org_id and p.id = m.person where "
	        "m.org_id = $1 and m.activity = $2 limit 20",
	        DB_ARGS(DB_I(r->actor.org), DB_I(x->row)), &rows);

	x->mentions = m;
	while (e == OK && x->n_mentions < 20 && db_next(&rows))
		m[x->n_mentions++] = (struct mention_row){ db_int(&rows, 0), db_text(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

static void
read_wish(struct request *r, struct timeline *t)
{
	str kind = page_param(r, "time");
	int64_t from;

	for (int i = 1; i < TIME_KINDS; i++)
		if (str_eq(kind, str_of(kinds[i])))
			t->kind = i;
	if (str_to_i64(page_param(r, "from"), &from) && from > 0 && from < MOST)
		t->from = from;
}

enum err
timeline_load(struct request *r, struct deal_view *v)
{
	struct timeline *t = &v->time;
	struct gathering g = { .r = r, .t = t, .deal = v->d->row.id };
	enum err e = OK;

	*t = (struct timeline){ 0 };
	read_wish(r, t);
	g.want = (size_t)t->from + SHOWN + 1;
	if (wanted(&g, TIME_ACTIVITY))
		e = add_activities(&g);
	if (e == OK && wanted(&g, TIME_STEP))
		e = add_steps(&g);
	if (e == OK && wanted(&g, TIME_CHANGE))
		e = add_changes(&g, v->d);
	if (e == OK && wanted(&g, TIME_CHANGE))
		e = add_past(&g);
	if (e == OK && wanted(&g, TIME_DOCUMENT))
		e = add_documents(&g);
	if (t->n)
		qsort(t->rows, t->n, sizeof *t->rows, newer);
	size_t skip = t->n < (size_t)t->from ? t->n : (size_t)t->from;
	t->rows += skip;
	t->n -= skip;
	t->has_more = t->n > SHOWN;
	t->n = t->has_more ? SHOWN : t->n;
	word_rows(r, t);
	for (size_t i = 0; e == OK && i < t->n; i++)
		if (t->rows[i].kind == TIME_ACTIVITY && (str_find_byte(t->rows[i].what, '@') != SIZE_MAX ||
		                                                str_find_byte(t->rows[i].text, '@') != SIZE_MAX))
			e = add_mentions(r, &t->rows[i]);
	return e;
}
