#include <string.h>

#include "areas/deals/report_sql.h"
#include "areas/forecast/view.h"

/* The deals behind a figure of the page: what, and is, as in the address. Every figure opens the rows it was made of.
 */

#define ROWS_MOST 200

struct asking {
	struct request *r;
	const struct report_scope *s;
	struct rows_view *v;
	str what, is;
	struct db_value args[REPORT_ARGUMENTS + 2]; /* $8, $9: what each kind needs */
	size_t n_args;
	id *deal;
	size_t n, cap;
};

static const char *
outcome_sql(str is)
{
	return str_starts(is, STR("won"))    ? " and d.outcome = 'won'"
	       : str_starts(is, STR("lost")) ? " and d.outcome = 'lost'"
	                                     : "";
}

/* ---- what each kind counts ---- */

static const char none_sql[] = "";

static const char *
of_decided(struct asking *x, const char **from)
{
	*from = "";
	return outcome_sql(x->is);
}

static const char *
of_person(struct asking *x, const char **from)
{
	*from = "";
	x->args[x->n_args++] = DB_I(page_id_param(x->r, "of"));
	return str_z(x->r->arena, str_fmt(x->r->arena, "%s and d.owner = cast($8 as bigint)", outcome_sql(x->is)));
}

#define DONE \
	"exists (select 1 from step_done z where z.org_id = d.org_id and z.deal = d.id and z.step = cast($8 as " \
	"bigint) " \
	"and (z.on_day is null or z.on_day <= " REPORT_CLOSED_ON "))"

/* As judge.c counts them. */
static const char *
of_step(struct asking *x, const char **from)
{
	bool done = str_eq(x->is, STR("won_done")) || str_eq(x->is, STR("lost_done"));

	*from = " join step t on t.org_id = d.org_id and t.id = cast($8 as bigint)";
	x->args[x->n_args++] = DB_I(page_id_param(x->r, "step"));
	x->args[x->n_args++] = DB_I(page_id_param(x->r, "of"));
	return str_z(x->r->arena,
	        str_fmt(x->r->arena,
	                "%s%s and (cast($9 as bigint) = 0 or d.owner = cast($9 as bigint)) and (exists (select 1 from "
	                "change_line e where e.org_id = d.org_id and e.record = 'deal' and e.row_id = d.id and e.field "
	                "= "
	                "'stage' and (e.before_ = cast(t.stage as text) or e.after_ = cast(t.stage as text))) or "
	                "exists (select 1 "
	                "from deal_past y where y.org_id = d.org_id and y.deal = d.id and y.stage = t.stage))",
	                outcome_sql(x->is),
	                done                            ? " and " DONE
	                : str_eq(x->is, STR("skipped")) ? " and not " DONE
	                                                : ""));
}

static const char *
of_quarter(struct asking *x, const char **from)
{
	str label = page_param(x->r, "quarter"); /* 2017-Q4 */
	day q = DAY_NONE;

	*from = "";
	if (label.n != 7 || label.s[5] != 'Q' || label.s[6] < '1' || label.s[6] > '4' ||
	        !day_parse(str_fmt(x->r->arena, "%.*s-01-01", 4, label.s), &q))
		return NULL;
	q = day_add_months(q, 3 * (label.s[6] - '1'));
	x->args[x->n_args++] = DB_T(day_iso(x->r->arena, q));
	x->args[x->n_args++] = DB_T(day_iso(x->r->arena, day_add(day_add_months(q, 3), -1)));
	return str_z(x->r->arena,
	        str_fmt(x->r->arena, "%s and d.closed_on >= cast($8 as text) and d.closed_on <= cast($9 as text)",
	                outcome_sql(x->is)));
}

static const char *
of_reason(struct asking *x, const char **from)
{
	*from = "";
	x->args[x->n_args++] = DB_T(page_param(x->r, "reason"));
	return " and d.outcome = 'lost' and trim(coalesce(d.lost_reason, '')) = cast($8 as text)";
}

static const char *
of_trait(struct asking *x, const char **from)
{
	const char *column;

	if (!figures_trait_sql(page_param(x->r, "kind"), &column, from))
		return NULL;
	x->args[x->n_args++] = DB_T(page_param(x->r, "value"));
	return str_z(x->r->arena, str_fmt(x->r->arena, "%s and %s = cast($8 as text)", outcome_sql(x->is), column));
}

static const struct {
	const char *what;
	const char *(*fn)(struct asking *x, const char **ret_from);
} kinds[] = { { "decided", of_decided }, { "person", of_person }, { "step", of_step }, { "quarter", of_quarter },
	{ "reason", of_reason }, { "trait", of_trait } };

/* ---- finding ---- */

static enum err
find_decided(struct asking *x, const char *where, const char *from)
{
	struct rows rows;
	str sql = str_fmt(x->r->arena,
	        "select d.id from deal d%s where d.org_id = $1" REPORT_TYPED REPORT_DECIDED
	        "%s order by d.closed_on desc, d.id",
	        from, where);
	enum err e =
	        record_query(x->r->conn, x->r->arena, &x->r->grant, str_z(x->r->arena, sql), x->args, x->n_args, &rows);

	while (e == OK && db_next(&rows)) {
		arena_grow(x->r->arena, x->deal, x->n, x->cap);
		x->deal[x->n++] = db_int(&rows, 0);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
find_stage(struct asking *x)
{
	static const char *const fates[] = { "", "entered", "moved", "lost", "back", "here" };

	for (int i = FATE_ENTERED; i <= FATE_HERE; i++)
		if (str_eq(x->is, str_of(fates[i])))
			return figures_stage_deals(x->r->conn, x->r->arena, &x->r->grant, x->s,
			        page_id_param(x->r, "stage"), (enum figures_fate)i, &x->deal, &x->n);
	return ERR_ABSENT;
}

static enum err
find(struct asking *x)
{
	const char *from = none_sql, *where = NULL;

	if (str_eq(x->what, STR("stage")))
		return find_stage(x);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(x->what, str_of(kinds[i].what)))
			where = kinds[i].fn(x, &from);
	return where ? find_decided(x, where, from) : ERR_ABSENT;
}

/* ---- showing ---- */

static const char row_sql[] =
        "select d.name, coalesce(b.name, ''), p.name, g.name, d.outcome, d.value, d.currency, d.value_from, "
        "d.closed_on "
        "from deal d join person p on p.org_id = d.org_id and p.id = d.owner join stage g on g.org_id = d.org_id and "
        "g.id = d.stage left join account b on b.org_id = d.org_id and b.id = d.account where d.org_id = $1 and $2 = "
        "$2 "
        "and d.id = $3 {may:deals d.owner}";

static enum err
load_row(struct request *r, id deal, struct rows_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, row_sql, DB_ARGS(DB_I(deal)), &rows);

	if (e == OK && db_next(&rows))
		v->row[v->n++] = (struct rows_line){ .deal = deal,
			.name = db_text(&rows, 0),
			.account = db_text(&rows, 1),
			.owner = db_text(&rows, 2),
			.stage = db_text(&rows, 3),
			.has_value = !db_is_null(&rows, 5),
			.value = money_of(db_int(&rows, 5), db_text(&rows, 6)),
			.from_list = str_eq(db_text_raw(&rows, 7), STR("list")),
			.closed_on = db_day(&rows, 8) };
	return e == OK ? db_end(&rows) : e;
}

/* "skipped “Budget agreed”": what the figure counted, in words. */
static str
words(struct asking *x)
{
	static const struct {
		const char *is, *words;
	} ways[] = { { "won", "won" }, { "lost", "lost" }, { "skipped", "without the step" },
		{ "won_done", "won, with the step" }, { "lost_done", "lost, with the step" },
		{ "entered", "that came in" }, { "moved", "that went on" }, { "back", "that went back" },
		{ "here", "that are still there" } };
	struct request *r = x->r;
	str is = STR("decided"), of = STR("");

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (str_eq(x->is, str_of(ways[i].is)))
			is = str_of(ways[i].words);
	if (str_eq(x->what, STR("step")))
		of = page_name(r, "step", page_id_param(r, "step"));
	else if (str_eq(x->what, STR("stage")))
		of = page_name(r, "stage", page_id_param(r, "stage"));
	else if (str_eq(x->what, STR("reason")))
		of = page_param(r, "reason").n ? page_param(r, "reason") : STR("no reason given");
	else if (str_eq(x->what, STR("trait")))
		of = page_param(r, "value");
	else if (str_eq(x->what, STR("quarter")))
		of = page_param(r, "quarter");
	if (page_id_param(r, "of"))
		of = of.n ? str_fmt(r->arena, "%.*s, %.*s", STR_ARG(of),
		                    STR_ARG(page_name(r, "person", page_id_param(r, "of"))))
		          : page_name(r, "person", page_id_param(r, "of"));
	return of.n ? str_fmt(r->arena, "%.*s: %.*s", STR_ARG(of), STR_ARG(is)) : is;
}

enum err
analyse_rows(struct request *r, struct analyse_view *v, const struct report_scope *given)
{
	struct report_scope s = *given;
	struct asking x = { .r = r, .s = &s, .v = &v->deals, .what = page_param(r, "what"), .is = page_param(r, "is") };
	enum err e;

	if (str_eq(x.what, STR("step")))
		s.person = 0; /* judged from all deals, whoever is shown */
	memcpy(x.args, report_arguments(r->arena, &s), REPORT_ARGUMENTS * sizeof *x.args);
	x.n_args = REPORT_ARGUMENTS;
	e = find(&x);
	v->deals.row = arena_new(r->arena, struct rows_line, ROWS_MOST + 1);
	v->deals.all = (int64_t)x.n;
	for (size_t i = 0; e == OK && i < x.n && i < ROWS_MOST; i++)
		e = load_row(r, x.deal[i], &v->deals);
	if (e == OK)
		v->deals.words = words(&x);
	return e;
}
