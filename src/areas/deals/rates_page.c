/* The company's exchange rates: seen by all, kept by its head and administrators, one by one or pasted from a file
 * (D3). */
#include "areas/deals/rates.h"

#include "areas/deals/rates_html.h"

#define SHOWN      200
#define LINES_MOST 5000

static enum err
load_rates(struct request *r, struct rates_view *v)
{
	struct list l = { .record = &rate_record,
		.sort = record_field(&rate_record, STR("on_day")),
		.descending = true,
		.limit = SHOWN };
	struct list_result found;
	enum err e = record_list(r->conn, r->arena, &r->grant, &l, &found);

	if (e != OK)
		return e;
	v->rates = found.rows;
	v->n = found.n;
	return OK;
}

/* Said plainly: these amounts are in no total until somebody enters a rate. */
static enum err
load_missing(struct request *r, struct rates_view *v)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select s.currency, sum(s.n) from deal_sum s where s.org_id = $1 and $2 = $2 and s.currency <> $3 "
	        "{may:deals s.owner} and not exists (select 1 from exchange_rate x where x.org_id = $1 and x.currency "
	        "= "
	        "s.currency and x.base = $3 and x.on_day <= $4) group by s.currency having sum(s.n) > 0 order by "
	        "s.currency",
	        DB_ARGS(DB_T(r->actor.currency), db_day_value(r->arena, r->today)), &rows);

	while (e == OK && db_next(&rows))
		v->missing = str_fmt(r->arena, "%.*s%s%.*s (%lld %s)", STR_ARG(v->missing), v->missing.n ? ", " : "",
		        STR_ARG(db_text(&rows, 0)), (long long)db_int(&rows, 1),
		        db_int(&rows, 1) == 1 ? "deal" : "deals");
	return e == OK ? db_end(&rows) : e;
}

static enum err
show(struct request *r, struct rates_view *v)
{
	struct crumb crumb = { STR("Company"), STR("/company") };
	struct page p = { .title = STR("Exchange rates"),
		.subtitle = str_fmt(r->arena, "Totals are in %.*s", STR_ARG(r->actor.currency)),
		.crumbs = &crumb,
		.n_crumbs = r->actor.admin ? 1 : 0 };
	enum err e = load_rates(r, v);

	v->may = r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
	if (e == OK)
		e = load_missing(r, v);
	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_rates(&r->view, v, r);
	page_foot(r);
	return OK;
}

static enum err
rates_page(struct request *r)
{
	struct rates_view v = { 0 };

	record_init(&rate_record, &v.typed);
	return show(r, &v);
}

/* ---- writing ---- */

struct entering {
	const struct rate *rates;
	size_t n;
};

/* A rate of that currency and day that is there is corrected, not doubled. */
static enum err
enter(struct change *c, void *what)
{
	const struct entering *x = what;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < x->n; i++) {
		struct rate one = x->rates[i];
		struct rows rows;
		e = db_query(c->conn, c->arena,
		        "select id, version from exchange_rate where org_id = $1 and currency = $2 and base = $3 and "
		        "on_day = "
		        "$4",
		        DB_ARGS(DB_I(c->grant->org), DB_T(one.currency), DB_T(one.base),
		                db_day_value(c->arena, one.on_day)),
		        &rows);
		if (e == OK && db_next(&rows))
			one.row = (struct row){ .id = db_int(&rows, 0), .version = db_int(&rows, 1) };
		if (e == OK)
			e = db_end(&rows);
		if (e == OK)
			e = record_save(c, &rate_record, &one);
	}
	return e;
}

static str
code_of(struct arena *a, str typed)
{
	char code[4];

	return money_code(typed, code) ? str_copy(a, str_of(code)) : typed;
}

static enum err
rates_add(struct request *r)
{
	struct rates_view v = { 0 };
	struct entering x = { &v.typed, 1 };
	id set = 0;
	enum err e;

	record_init(&rate_record, &v.typed);
	v.typed.on_day = r->today;
	v.typed.base = r->actor.currency;
	e = page_fill(r, &rate_record, "currency on_day rate", &v.typed);
	v.typed.currency = code_of(r->arena, v.typed.currency);
	if (e == OK && !day_is(v.typed.on_day))
		e = fault_add(&r->faults, STR("on_day"), STR("is missing"), STR("choose the day it holds from"));
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "Rate of %.*s saved", STR_ARG(v.typed.currency)), enter, &x, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	return e == OK ? page_done(r, set, STR("/company/rates")) : e;
}

static char
mark_of(str line)
{
	static const char marks[] = { '\t', ';', ',' };

	for (size_t i = 0; i < sizeof marks; i++)
		if (str_find_byte(line, marks[i]) != SIZE_MAX)
			return marks[i];
	return ',';
}

static str
unquoted(str s)
{
	s = str_trim(s);
	return s.n > 1 && s.s[0] == '"' && s.s[s.n - 1] == '"' ? (str){ s.s + 1, s.n - 2 } : s;
}

/* "USD;2026-11-02;0.92": a head is passed over; what is wrong is named by its line. */
static bool
read_line(struct request *r, str line, size_t number, struct rate *ret)
{
	char mark = mark_of(line);
	str code, day_, rate, rest, place = str_fmt(r->arena, "line %zu", number);
	int64_t num, den;

	str_cut(line, mark, &code, &rest);
	str_cut(rest, mark, &day_, &rate);
	if (number == 1 && !rate_parse(unquoted(rate), &num, &den) && !money_known(unquoted(code)))
		return false;
	record_init(&rate_record, ret);
	ret->base = r->actor.currency;
	ret->currency = code_of(r->arena, unquoted(code));
	ret->rate = unquoted(rate);
	size_t comma = str_find_byte(ret->rate, ',');
	if (comma != SIZE_MAX && mark != ',')
		ret->rate = str_fmt(r->arena, "%.*s.%.*s", STR_ARG(str_first(ret->rate, comma)),
		        STR_ARG(str_from(ret->rate, comma + 1)));
	if (!money_known(ret->currency) || str_eq(ret->currency, ret->base))
		fault_add(&r->faults, place,
		        str_fmt(r->arena, "“%.*s” is no other currency", STR_ARG(str_first(code, 20))),
		        STR("write three letters, as USD"));
	else if (!day_parse(unquoted(day_), &ret->on_day))
		fault_add(&r->faults, place, str_fmt(r->arena, "“%.*s” is no day", STR_ARG(str_first(day_, 20))),
		        STR("write it as 2026-02-28"));
	else if (!rate_parse(ret->rate, &num, &den))
		fault_add(&r->faults, place, str_fmt(r->arena, "“%.*s” is no rate", STR_ARG(str_first(rate, 20))),
		        STR("write a number above 0, as 0.92"));
	return true;
}

static enum err
rates_paste(struct request *r)
{
	struct rates_view v = { .file = page_field(r, "file") };
	struct rate *rates = NULL;
	size_t n = 0, cap = 0, number = 0;
	str rest = v.file, line;
	id set = 0;
	enum err e;

	record_init(&rate_record, &v.typed);
	while (rest.n && number < LINES_MOST && r->faults.n < 20) {
		str_cut(rest, '\n', &line, &rest);
		number++;
		if (!str_trim(line).n)
			continue;
		arena_grow(r->arena, rates, n, cap);
		n += read_line(r, str_trim(line), number, &rates[n]);
	}
	if (rest.n && number == LINES_MOST)
		fault_add(&r->faults, STR("file"), STR("has more than 5,000 lines"), STR("send it in parts"));
	else if (!n && !r->faults.n)
		fault_add(&r->faults, STR("file"), STR("holds no rate"), STR("paste lines as USD,2026-11-02,0.92"));
	if (r->faults.n)
		return show(r, &v);
	struct entering x = { rates, n };
	e = page_change(r, str_fmt(r->arena, "%zu %s saved", n, n == 1 ? "rate" : "rates"), enter, &x, &set);
	if (e == ERR_INPUT)
		return show(r, &v);
	return e == OK ? page_done(r, set, STR("/company/rates")) : e;
}

static enum err
drop(struct change *c, void *what)
{
	const struct rate *x = what;

	return record_remove(c, &rate_record, x->row.id, x->row.version);
}

static enum err
rates_remove(struct request *r)
{
	struct rate x;
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &rate_record, r->ids[0], &x);

	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "Rate of %.*s removed", STR_ARG(x.currency)), drop, &x, &set);
	return e == OK ? page_done(r, set, STR("/company/rates")) : e;
}

const struct route rates_routes[] = {
	{ HTTP_GET, "/company/rates", POLICY_SIGNED_IN, rates_page, "company", "See the exchange rates", false },
	{ HTTP_POST, "/company/rates", POLICY_HEAD, rates_add, "company", "Enter an exchange rate", false },
	{ HTTP_POST, "/company/rates/file", POLICY_HEAD, rates_paste, "company", "Enter many exchange rates", false },
	{ HTTP_POST, "/company/rates/:/remove", POLICY_HEAD, rates_remove, "company", "Remove an exchange rate",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
