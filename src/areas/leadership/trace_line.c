#include "areas/leadership/trace.h"

static day
later(day x, day y)
{
	return x.n > y.n ? x : y;
}

static day
earlier(day x, day y)
{
	return x.n < y.n ? x : y;
}

/* The same person may stand above at two distances one after the other: one office. */
static struct trace_leader *
stint_of(struct traced *t, id person, day from, day to)
{
	for (size_t i = 0; i < t->n_leaders; i++) {
		struct trace_leader *l = &t->leaders[i];
		if (l->person == person && from.n <= l->to.n + 1 && l->from.n <= to.n + 1)
			return l;
	}
	return NULL;
}

static void
place(const struct trace_ask *ask, struct traced *t, struct trace_leader x)
{
	struct trace_leader *l = stint_of(t, x.person, x.from, x.to);

	if (!l && t->n_leaders == TRACE_PATH) {
		t->more = true;
		return;
	}
	if (!l) {
		l = &t->leaders[t->n_leaders++];
		*l = x;
		record_init(&trace_answer_record, &l->answer);
	}
	l->from = earlier(l->from, x.from);
	l->to = later(l->to, x.to);
	l->whole = l->from.n <= ask->from.n && l->to.n >= ask->to.n;
}

/* $3 … $4: depth 0 is the person, a section of the own where they led somebody in that time. */
static const char above_sql[] =
        "select l.above, p.name, coalesce(p.title, ''), l.depth, l.from_day, l.to_day, case when p.left_on is null "
        "then 0 else 1 end from line l join person p on p.org_id = l.org_id and p.id = l.above where l.org_id = $1 "
        "and l.below = $2 and l.from_day <= $4 and (l.to_day is null or l.to_day >= $3) and (l.depth > 0 or exists "
        "(select 1 from line m where m.org_id = $1 and m.above = $2 and m.depth = 1 and m.from_day <= $4 and "
        "(m.to_day is null or m.to_day >= $3))) order by l.depth desc, l.from_day, l.above";

static enum err
load_above(const struct trace_ask *ask, struct traced *t)
{
	struct arena *a = ask->arena;
	struct rows rows;
	enum err e = db_query(ask->conn, a, above_sql,
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(a, ask->from), db_day_value(a, ask->to)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		struct trace_leader x = { .person = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.title = db_text(&rows, 2),
			.depth = (int)db_int(&rows, 3),
			.left = db_int(&rows, 6) };
		x.from = later(db_day(&rows, 4), ask->from);
		x.to = db_is_null(&rows, 5) ? ask->to : earlier(db_day(&rows, 5), ask->to);
		place(ask, t, x);
	}
	return e == OK ? db_end(&rows) : e;
}

/* Whom a leader led directly on the way to the person; at the number itself, all of the team. */
static const char below_sql[] =
        "select distinct l.below from line l where l.org_id = $1 and l.above = $2 and l.depth = 1 and l.from_day <= "
        "$5 and (l.to_day is null or l.to_day >= $4) and ($2 = $3 or exists (select 1 from line m where m.org_id = $1 "
        "and m.above = l.below and m.below = $3 and m.from_day <= $5 and (m.to_day is null or m.to_day >= $4))) order "
        "by l.below";

static enum err
load_below(const struct trace_ask *ask, struct trace_leader *l)
{
	struct arena *a = ask->arena;
	struct rows rows;
	enum err e = db_query(ask->conn, a, below_sql,
	        DB_ARGS(DB_I(ask->org), DB_I(l->person), DB_I(ask->person), db_day_value(a, l->from),
	                db_day_value(a, l->to)),
	        &rows);

	while (e == OK && l->n_below < TRACE_BELOW && db_next(&rows))
		l->below[l->n_below++] = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

/* $3 … $4: who reported to the person in that time, or the person alone. */
static const char people_sql[] =
        "select p.id, p.name, coalesce(p.title, ''), case when exists (select 1 from line n where n.org_id = $1 and "
        "n.above = p.id and n.depth = 1 and n.from_day <= $4 and (n.to_day is null or n.to_day >= $3)) then 1 else 0 "
        "end from person p where p.org_id = $1 and case when exists (select 1 from line m where m.org_id = $1 and "
        "m.above = $2 and m.depth = 1 and m.from_day <= $4 and (m.to_day is null or m.to_day >= $3)) then (case when "
        "exists (select 1 from line k where k.org_id = $1 and k.above = $2 and k.below = p.id and k.depth = 1 and "
        "k.from_day <= $4 and (k.to_day is null or k.to_day >= $3)) then 1 else 0 end) else (case when p.id = $2 then "
        "1 else 0 end) end = 1 order by p.name, p.id limit 200";

static enum err
load_people(const struct trace_ask *ask, struct traced *t)
{
	struct arena *a = ask->arena;
	struct rows rows;
	enum err e = db_query(ask->conn, a, people_sql,
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person), db_day_value(a, ask->from), db_day_value(a, ask->to)),
	        &rows);

	t->people = arena_new(a, struct trace_person, TRACE_BELOW);
	while (e == OK && t->n_people < TRACE_BELOW && db_next(&rows))
		t->people[t->n_people++] = (struct trace_person){ .person = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.title = db_text(&rows, 2),
			.leads = db_int(&rows, 3) };
	return e == OK ? db_end(&rows) : e;
}

enum err
trace_line(const struct trace_ask *ask, struct traced *t)
{
	enum err e = load_above(ask, t);

	for (size_t i = 0; e == OK && i < t->n_leaders; i++)
		e = load_below(ask, &t->leaders[i]);
	return e == OK ? load_people(ask, t) : e;
}
