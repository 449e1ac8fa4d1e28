#include "areas/deals/report.h"
#include "areas/forecast/forecast.h"

#define SCORED_MOST 60

/* $3 whose, $4 a day */
static const char lines_sql[] =
        "select %.*s, p.name from forecast f join person p on p.org_id = f.org_id and p.id = f.person where f.org_id = "
        "$1 "
        "and $2 = $2 and ($3 = 0 or f.person = $3 or f.person in (select l.below from line l where l.org_id = $1 and "
        "l.above = $3 and l.to_day is null)) and %s {may:leadership f.person} order by %s limit 400";

static enum err
load(struct conn *c, struct arena *a, const struct grant *g, const char *where, const char *order, id person, day on,
        struct forecast_line **ret, size_t *ret_n)
{
	struct forecast_line *line = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	str sql = str_fmt(a, lines_sql, STR_ARG(record_columns(a, &forecast_record, "f")), where, order);
	enum err e = record_query(c, a, g, str_z(a, sql), DB_ARGS(DB_I(person), db_day_value(a, on)), &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(a, line, n, cap);
		struct forecast_line *x = &line[n++];
		*x = (struct forecast_line){ 0 };
		x->name = db_text(&rows, record_read(&rows, &forecast_record, 0, &x->f));
		x->committed = money_of(x->f.committed, x->f.currency);
		x->best = money_of(x->f.best == NO_INT ? 0 : x->f.best, x->f.currency);
	}
	*ret = line;
	*ret_n = n;
	return e == OK ? db_end(&rows) : e;
}

enum err
forecast_said(struct conn *c, struct arena *a, const struct grant *g, id person, day from, struct forecast_line **ret,
        size_t *ret_n)
{
	return load(c, a, g, "f.from_day = $4", "f.on_day desc, f.id desc", person, from, ret, ret_n);
}

static void
keep_first(struct forecast_line *line, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n && kept < SCORED_MOST; i++) {
		const struct forecast *last = kept ? &line[kept - 1].f : NULL, *f = &line[i].f;
		if (!last || last->person != f->person || last->from_day.n != f->from_day.n ||
		        last->to_day.n != f->to_day.n)
			line[kept++] = line[i];
	}
	*n = kept;
}

/* O5: nobody is scored for a time before the works agreement. */
static void
keep_bound(const struct grant *g, struct forecast_line *line, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (grant_persons_from(g, line[i].f.from_day).n == line[i].f.from_day.n)
			line[kept++] = line[i];
	*n = kept;
}

enum err
forecast_scores(
        struct conn *c, struct arena *a, const struct grant *g, id person, day today, struct forecast_scores *ret)
{
	struct forecast_scores s = { 0 };
	/* What came is a sum of deals: where not all of them are open to the asker (O5), only leaders in the own line,
	   whose teams' deals are all in reach, can be scored. */
	bool all = g->reach[MATTER_DEALS][ACT_READ] == REACH_COMPANY;
	enum err e = load(c, a, g, all ? "f.to_day < $4" : "f.to_day < $4 {may:scorecard f.person}",
	        "f.from_day desc, f.to_day, p.name, f.person, f.on_day, f.id", person, today, &s.line, &s.n);

	keep_first(s.line, &s.n);
	keep_bound(g, s.line, &s.n);
	struct score_pair *pair = arena_new(a, struct score_pair, s.n + 1);
	double *said = arena_new(a, double, s.n + 1), *came = arena_new(a, double, s.n + 1);
	for (size_t i = 0; e == OK && i < s.n; i++) {
		struct forecast_line *x = &s.line[i];
		struct report_scope scope = { .person = x->f.person,
			.from = x->f.from_day,
			.to = x->f.to_day,
			.as_of = today,
			.currency = x->f.currency };
		struct gap_deals d = { 0 };
		e = report_decided(c, a, g, &scope, &d);
		x->came = money_of(d.revenue, x->f.currency);
		x->reached = d.revenue >= x->f.committed;
		said[i] = (double)x->f.committed;
		came[i] = (double)d.revenue;
		pair[i] = (struct score_pair){ (double)x->f.sure / 100, x->reached };
	}
	if (e != OK)
		return e;
	s.bias = score_bias(said, came, s.n);
	s.has = score_pairs(pair, s.n, &s.score);
	*ret = s;
	return OK;
}
