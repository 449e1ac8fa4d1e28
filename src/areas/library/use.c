/* How a piece is used, of everybody together, and what became of deals with and without it (K1). Who opened it is not
   kept: a library that watches its readers is not read. */
#include "areas/library/view.h"

enum err
library_use(struct request *r, id content, struct library_use *ret)
{
	struct svg_column *weeks = arena_new(r->arena, struct svg_column, LIBRARY_WEEKS);
	struct rows rows;
	day since = day_add(day_week(r->today), -7 * (LIBRARY_WEEKS - 1)), last = DAY_NONE;
	enum err e = db_query(r->conn, r->arena,
	        "select on_day, coalesce(place, ''), count(*) from content_open where org_id = $1 and content = $2 and "
	        "on_day >= $3 and on_day <= $4 group by on_day, place order by on_day",
	        DB_ARGS(DB_I(r->actor.org), DB_I(content), db_day_value(r->arena, since),
	                db_day_value(r->arena, r->today)),
	        &rows);

	*ret = (struct library_use){ .since = since };
	for (int i = 0; i < LIBRARY_WEEKS; i++)
		weeks[i].label = str_from(day_text(r->arena, day_add(since, 7 * i), r->today), 4); /* "7 Sep" */
	while (e == OK && db_next(&rows)) {
		day on = db_day(&rows, 0);
		int64_t n = db_int(&rows, 2);
		int place = choice_of(content_from_choices, db_text_raw(&rows, 1));
		ret->opened += n;
		ret->days += on.n != last.n;
		last = on;
		weeks[day_between(since, on) / 7].amount += n;
		*(place == OPENED_AT_DEAL             ? &ret->by_deal
		        : place == OPENED_IN_COACHING ? &ret->by_coaching
		                                      : &ret->by_library) += n;
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		e = db_one_int(r->conn,
		        "select count(distinct deal) from content_open where org_id = $1 and content = $2 and on_day "
		        ">= $3 "
		        "and on_day <= $4",
		        DB_ARGS(DB_I(r->actor.org), DB_I(content), db_day_value(r->arena, since),
		                db_day_value(r->arena, r->today)),
		        &ret->deals);
	if (e == OK)
		e = db_one_int(r->conn, "select count(*) from content_open where org_id = $1 and content = $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(content)), &ret->all);
	ret->weeks = (struct svg_columns){ .what = STR("Opened"), .rows = weeks, .n = LIBRARY_WEEKS };
	return e;
}

enum err
library_effect(struct request *r, id content, struct library_effect *ret)
{
	int64_t won[2] = { 0 }, all[2] = { 0 };
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select d.outcome, case when exists (select 1 from content_open o where o.org_id = d.org_id and "
	        "o.content = $3 and o.deal = d.id and o.on_day <= coalesce(d.closed_on, o.on_day)) then 1 else 0 end, "
	        "count(*) from deal d where d.org_id = $1 and $2 = $2 and d.outcome in ('won', 'lost') and d.id in "
	        "(select x.deal from step_done x join content_place p on p.org_id = x.org_id and p.step = x.step where "
	        "x.org_id = $1 and p.content = $3) {may:deals d.owner} group by 1, 2",
	        DB_ARGS(DB_I(content)), &rows);

	while (e == OK && db_next(&rows)) {
		int opened = db_int(&rows, 1) != 0;
		all[opened] += db_int(&rows, 2);
		won[opened] += str_eq(db_text_raw(&rows, 0), STR("won")) ? db_int(&rows, 2) : 0;
	}
	*ret = (struct library_effect){ .with = rate_of(won[1], all[1]), .without = rate_of(won[0], all[0]) };
	ret->verdict = rate_compare(ret->with, ret->without);
	ret->enough = all[0] >= EFFECT_LEAST && all[1] >= EFFECT_LEAST;
	return e == OK ? db_end(&rows) : e;
}
