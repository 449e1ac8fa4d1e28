/* Figures of all the company's deals, added up from parts of them by id: where one deal changed, its part is read again
   and not the million beside it. */
#include <string.h>

#include "areas/deals/report_sql.h"

enum { PARTS_MOST = 32 };

int64_t report_part_deals = 20000;

struct bounds {
	id from[PARTS_MOST + 1]; /* of each part; then the end of the last */
	size_t n;
};

/* Parts of the same size. They need not stay it: they are cut anew each day, with the figures. */
static enum err
make_bounds(struct conn *c, struct arena *a, const struct grant *g, const void *what, void *ret)
{
	struct bounds *b = ret;
	struct rows rows;
	int64_t n;
	enum err e = db_one_int(c, "select count(*) from deal where org_id = $1", DB_ARGS(DB_I(g->org)), &n);

	(void)what;
	if (e != OK)
		return e;
	n = n / report_part_deals < PARTS_MOST ? n / report_part_deals : PARTS_MOST;
	if (n > 1) {
		e = db_query(c, a,
		        "select min(x.id) from (select id, ntile($2::int) over (order by id) as part from deal where "
		        "org_id = $1) x group by x.part order by 1",
		        DB_ARGS(DB_I(g->org), DB_I(n)), &rows);
		while (e == OK && db_next(&rows) && b->n < PARTS_MOST)
			b->from[b->n++] = db_int(&rows, 0);
		if (e == OK)
			e = db_end(&rows);
	}
	b->from[0] = 0;
	b->n = b->n ? b->n : 1;
	b->from[b->n] = INT64_MAX;
	return e;
}

static enum err
find_bounds(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, struct bounds *ret)
{
	static const struct kept_kind kind = { "parts of the deals", "", sizeof *ret, make_bounds, NULL };
	bool all = !s->person && !day_is(s->from) && !day_is(s->to) && db_kept(c);

	*ret = (struct bounds){ .from = { 0, INT64_MAX }, .n = 1 };
	return all ? kept(c, a, g, &kind, str_fmt(a, "%d", (int)s->as_of.n), NULL, ret) : OK;
}

enum err
report_in_parts(struct conn *c, struct arena *a, const struct grant *g, const struct report_scope *s, int variant,
        const struct kept_kind *k, void (*add)(struct arena *a, void *to, const void *part), void *ret)
{
	void *one = arena_alloc(a, k->size, _Alignof(max_align_t));
	struct bounds b;
	enum err e = find_bounds(c, a, g, s, &b);

	memset(ret, 0, k->size);
	for (size_t i = 0; e == OK && i < b.n; i++) {
		const struct report_part part = { s, b.from[i], b.from[i + 1], variant };
		const struct kept_rows rows = { "deal", part.from, part.to };
		str key = str_fmt(a, "%.*s|%d|%lld|%lld", STR_ARG(report_key(a, g, s)), variant, (long long)part.from,
		        (long long)part.to);
		e = kept_part(c, a, g, k, key, &rows, &part, one);
		if (e == OK)
			add(a, ret, one);
	}
	return e;
}

enum err
report_query_part(struct conn *c, struct arena *a, const struct grant *g, const struct report_part *p, const char *sql,
        struct rows *ret)
{
	struct db_value args[REPORT_ARGUMENTS + 2];
	bool whole = p->from == 0 && p->to == INT64_MAX;

	memcpy(args, report_arguments(a, p->s), REPORT_ARGUMENTS * sizeof *args);
	args[REPORT_ARGUMENTS] = DB_I(p->from);
	args[REPORT_ARGUMENTS + 1] = DB_I(p->to);
	sql = report_narrow(a, p->s, sql);
	if (whole) { /* else a database takes a part for a small one, and finds a team's deals by their ids */
		str all = report_put(a, str_of(sql), STR(REPORT_PART("d.id")), (str){ 0 });
		sql = str_z(a, report_put(a, all, STR(REPORT_PART("l.row_id")), (str){ 0 }));
	}
	return record_query(c, a, g, sql, args, REPORT_ARGUMENTS + (whole ? 0 : 2), ret);
}
