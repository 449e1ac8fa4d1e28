#include "areas/deals/target.h"

/* Of several targets for just the same days the one entered last; one for the whole time before those within it. */
#define IN_FORCE \
	" and t.currency = $6 and t.from_day >= $4 and t.to_day <= $5 and not exists (select 1 from target u where " \
	"u.org_id = " \
	"t.org_id and u.person = t.person and u.currency = t.currency and u.from_day = t.from_day and u.to_day = " \
	"t.to_day and " \
	"u.id > t.id) and (t.from_day = $4 and t.to_day = $5 or not exists (select 1 from target u where u.org_id = " \
	"t.org_id " \
	"and u.person = t.person and u.currency = t.currency and u.from_day = $4 and u.to_day = $5))"

/* O6 */
#define MINE \
	"case when (1 = 1 {may:scorecard t.person}) or exists (select 1 from line z where z.org_id = $1 and z.above " \
	"= t.person " \
	"and z.below = $2 and z.depth > 0 and z.to_day is null) then 1 else 0 end"

/* A team's target does not shrink because its leader is away (O7 prorates what one person is to sell). */
#define LEADS \
	"case when exists (select 1 from line w where w.org_id = $1 and w.above = t.person and w.depth > 0 and " \
	"w.from_day <= " \
	"t.to_day and (w.to_day is null or w.to_day >= t.from_day)) then 1 else 0 end"

/* A leader between who has a target stands for those below, on the last day that the row counts. */
#define COVERED(last) \
	" and not exists (select 1 from line m join target u on u.org_id = m.org_id and u.person = m.above and " \
	"u.currency = $6 " \
	"and u.from_day >= $4 and u.to_day <= $5 where m.org_id = $1 and m.below = t.person and m.depth > 0 and " \
	"m.from_day <= " last " and (m.to_day is null or m.to_day >= " last ")"

#define LAST "case when l.to_day is null or l.to_day > t.to_day then t.to_day else l.to_day end"

static const char own_sql[] =
        "select t.person, t.amount, t.from_day, t.to_day, t.from_day, t.to_day, " MINE ", " LEADS
        " from target t where t.org_id = $1 and $2 = $2 and t.person = $3" IN_FORCE " order by t.person, t.id";
static const char below_sql[] =
        "select t.person, t.amount, t.from_day, t.to_day, l.from_day, " LAST ", " MINE ", " LEADS
        " from target t join line l on l.org_id = t.org_id and l.above = $3 and l.below = t.person and l.depth > 0"
        " and l.from_day <= t.to_day and (l.to_day is null or l.to_day >= t.from_day)"
        " where t.org_id = $1 and $2 = $2" IN_FORCE COVERED(
                LAST) " and exists (select 1 from line b where b.org_id = $1 "
                      "and b.above = $3 and b.below = m.above and b.depth > 0 and b.from_day <= " LAST
                      " and (b.to_day is null or b.to_day >= " LAST "))) order by t.person, t.id, l.from_day";
static const char company_sql[] =
        "select t.person, t.amount, t.from_day, t.to_day, t.from_day, t.to_day, " MINE ", " LEADS
        " from target t where t.org_id = $1 and $2 = $2 and cast($3 as bigint) = 0" IN_FORCE COVERED(
                "t.to_day") ") order by t.person, t.id";

/* One target in one stretch of the line. */
struct stretch {
	id person;
	int64_t amount;
	day from, to;     /* of the target */
	day since, until; /* led, within it */
	bool mine, leads;
};

struct away {
	id person;
	day from, to;
	int64_t share;
};

static enum err
load_stretches(struct conn *c, struct arena *a, const struct grant *g, const struct target_ask *ask, const char *sql,
        struct stretch **ret, size_t *ret_n)
{
	struct stretch *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = record_query(c, a, g, sql,
	        DB_ARGS(DB_I(ask->person), db_day_value(a, ask->from), db_day_value(a, ask->to), DB_T(ask->currency)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		struct stretch *s = &all[n++];
		*s = (struct stretch){ db_int(&rows, 0), db_int(&rows, 1), db_day(&rows, 2), db_day(&rows, 3),
			db_day(&rows, 4), db_day(&rows, 5), db_int(&rows, 6) != 0, db_int(&rows, 7) != 0 };
		if (s->since.n < s->from.n)
			s->since = s->from;
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* Only their effect is told, never they themselves. */
static enum err
load_away(struct conn *c, struct arena *a, id org, const struct target_ask *ask, struct away **ret, size_t *ret_n)
{
	struct away *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select person, from_day, to_day, coalesce(share, 0) from absence where org_id = $1 and from_day <= $3 "
	        "and "
	        "to_day >= $2 order by person, id",
	        DB_ARGS(DB_I(org), db_day_value(a, ask->from), db_day_value(a, ask->to)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct away){ db_int(&rows, 0), db_day(&rows, 1), db_day(&rows, 2), db_int(&rows, 3) };
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

/* Percent of a working day that the person is there. */
static int64_t
presence(id person, day on, const struct away *away, size_t n)
{
	int64_t there = 100;

	for (size_t i = 0; i < n; i++)
		if (away[i].person == person && away[i].from.n <= on.n && away[i].to.n >= on.n && away[i].share < there)
			there = away[i].share;
	return there;
}

static void
add(struct target_sum *t, const struct stretch *s, const struct away *away, size_t n_away)
{
	int64_t all = 0, led = 0, there = 0;

	for (day d = s->from; d.n <= s->to.n; d.n++) {
		if (day_weekday(d) > 5)
			continue;
		all++;
		if (d.n < s->since.n || d.n > s->until.n)
			continue;
		led++;
		there += s->leads ? 100 : presence(s->person, d, away, n_away);
	}
	t->entered += s->amount;
	t->amount += all ? money_scale(s->amount, there, all * 100) : s->amount;
	t->days += all;
	t->away += all - led + (led * 100 - there + 99) / 100;
}

static struct target_sum
sum_up(const struct stretch *s, size_t n, const struct away *away, size_t n_away)
{
	struct target_sum t = { 0 };
	id last = 0;
	bool each = true;

	for (size_t i = 0; i < n; i++) {
		t.people += s[i].person != last;
		last = s[i].person;
		each = each && s[i].mine;
		add(&t, &s[i], away, n_away);
	}
	t.found = t.amount > 0 && (each || t.people >= 5);
	return t.found ? t : (struct target_sum){ 0 };
}

enum err
target_sum(struct conn *c, struct arena *a, const struct grant *g, const struct target_ask *ask, struct target_sum *ret)
{
	struct stretch *s = NULL;
	struct away *away = NULL;
	size_t n = 0, n_away = 0;
	enum err e = load_away(c, a, g->org, ask, &away, &n_away);

	*ret = (struct target_sum){ 0 };
	if (e == OK && ask->person) {
		e = load_stretches(c, a, g, ask, own_sql, &s, &n);
		if (e == OK)
			*ret = sum_up(s, n, away, n_away);
		ret->own = ret->found;
	}
	if (e == OK && !ret->found)
		e = load_stretches(c, a, g, ask, ask->person ? below_sql : company_sql, &s, &n);
	if (e == OK && !ret->found)
		*ret = sum_up(s, n, away, n_away);
	return e;
}
