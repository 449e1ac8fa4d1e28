/* One person's scorecard, whole (A1). */
#include "areas/accountability/accountability.h"

bool
scorecard_may(struct conn *c, id org, id who, id whose)
{
	int64_t one;

	return who && whose &&
	       (who == whose || db_one_int(c,
	                                "select 1 from line where org_id = $1 and to_day is null and ((above = $2 and "
	                                "below = "
	                                "$3) or (above = $3 and below = $2)) limit 1",
	                                DB_ARGS(DB_I(org), DB_I(who), DB_I(whose)), &one) == OK);
}

static enum err
load_person(const struct card_ask *ask, struct scorecard *s)
{
	struct rows rows;
	enum err e = db_query(ask->conn, ask->arena,
	        "select p.name, coalesce(p.title, ''), coalesce(p.role, ''), p.manager, (select count(*) from person q "
	        "where "
	        "q.org_id = $1 and q.manager = p.id and q.left_on is null), (select count(*) from person q join person "
	        "w on "
	        "w.org_id = q.org_id and w.manager = q.id and w.left_on is null where q.org_id = $1 and q.manager = "
	        "p.id and "
	        "q.left_on is null), (select count(*) from company k where k.org_id = $1 and k.head = p.id) from "
	        "person p "
	        "where p.org_id = $1 and p.id = $2",
	        DB_ARGS(DB_I(ask->org), DB_I(ask->person)), &rows);
	bool found = false;

	if (e == OK && db_next(&rows)) {
		found = true;
		s->person = ask->person;
		s->name = db_text(&rows, 0);
		s->title = db_text(&rows, 1);
		s->leads = db_int(&rows, 4) > 0;
		s->role = obligation_role(db_int(&rows, 4), db_int(&rows, 5), !db_is_null(&rows, 3),
		        db_int(&rows, 6) > 0, db_text(&rows, 2));
	}
	if (e == OK)
		e = db_end(&rows);
	return e == OK && !found ? ERR_ABSENT : e;
}

static enum err
add_measure(const struct card_ask *ask, const struct measure *m, struct scorecard *s)
{
	struct measured *x = &s->rows[s->n++];
	enum err e;

	*x = (struct measured){ .m = *m };
	e = measure_value(ask, s, x);
	if (e == OK)
		e = measure_target(ask, x);
	if (e == OK)
		measure_words(ask, x);
	return e;
}

/* The huddle shows one: the first leading one with a target of its own, else the first. */
static void
keep_first(struct scorecard *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].has_target) {
			s->rows[0] = s->rows[i];
			break;
		}
	s->n = s->n ? 1 : 0;
}

enum err
scorecard_load(const struct card_ask *given, struct scorecard *ret)
{
	struct card_ask bound = *given;
	const struct card_ask *ask = &bound;
	struct measure *all = NULL;
	size_t n = 0;
	enum err e;

	bound.from = grant_persons_from(given->counts, given->from);
	*ret = (struct scorecard){ 0 };
	e = load_person(ask, ret);
	if (e == OK)
		e = measures_load(ask->conn, ask->arena, ask->org, &all, &n);
	for (int kind = MEASURE_LEADING; kind <= MEASURE_LAGGING; kind++)
		for (size_t i = 0; e == OK && i < n && ret->n < CARD_MOST; i++)
			if (all[i].role == ret->role && all[i].kind == kind && (!ask->first || kind == MEASURE_LEADING))
				e = add_measure(ask, &all[i], ret);
	if (e == OK && ask->first)
		keep_first(ret);
	return e;
}

enum err
scorecard_team(struct conn *c, struct arena *a, id org, id leader, struct card_person **ret, size_t *ret_n)
{
	struct card_person *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select p.id, p.name from person p where p.org_id = $1 and (p.id = $2 or p.manager = $2) and p.left_on "
	        "is "
	        "null order by case when p.id = $2 then 0 else 1 end, p.name_key, p.id limit 200",
	        DB_ARGS(DB_I(org), DB_I(leader)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct card_person){ db_int(&rows, 0), db_text(&rows, 1) };
	}
	*ret = all;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}
