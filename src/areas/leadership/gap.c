#include <stdio.h>

#include "areas/deals/rates.h"
#include "areas/deals/report_sql.h"
#include "areas/leadership/view.h"

#include "areas/leadership/gap_html.h"

/* O2. Whose: $3 0 is the company, else that person's own and those of whoever they led on the day of the deal. Money is
   the company's currency ($6): others by their last rate, those without one in no figure (D3). */
#define WHOSE \
	" and ($3 = 0 or d.owner = $3 or exists (select 1 from line l where l.org_id = $1 and l.above = $3 and " \
	"l.below = " \
	"d.owner and l.from_day <= d.closed_on and (l.to_day is null or l.to_day >= d.closed_on)))"

/* The same people once more, in a place of the statement where a database can begin with them: a team's deals are found
   by their owners, not among all that were ever decided. */
static const char *
by_owner(id person)
{
	return person ? " and d.owner in (select o_.below from line o_ where o_.org_id = $1 and o_.above = $3 union "
	                "all select cast($3 as bigint))"
	              : "";
}

static enum err
make_decided(struct conn *c, struct arena *a, const struct grant *grant, const void *what, void *ret)
{
	const struct report_scope *s = what;
	struct rows rows;
	struct gap_deals g = { 0 };
	struct rate_book rates;
	enum err e = rate_book_load(c, a, grant->org, s->currency, s->as_of, &rates);

	str sql = str_fmt(a,
	        "select coalesce(d.currency, ''), count(*), sum(case when d.outcome = 'won' then 1 else 0 end),"
	        " sum(case when d.outcome = 'won' and d.value > 0 then d.value else 0 end), sum(case when d.value is "
	        "null then 1 else 0 end), sum(case when d.value is null and d.outcome = 'won' then 1 else 0 end) from "
	        "deal d where d.org_id = $1 and $2 = $2" WHOSE
	        "%s and d.outcome in ('won', 'lost') and d.closed_on >= $4 and d.closed_on <= $5 and $6 = $6 "
	        "{may:deals d.owner} group by d.currency",
	        by_owner(s->person));

	if (e == OK)
		e = record_query(c, a, grant, str_z(a, sql),
		        DB_ARGS(DB_I(s->person), db_day_value(a, s->from), db_day_value(a, s->to), DB_T(s->currency)),
		        &rows);
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		int64_t worth = 0;
		bool known = rate_book_worth(&rates, db_text_raw(&rows, 0), db_int(&rows, 3), 1, &worth);
		g.decided += db_int(&rows, known ? 1 : 4);
		g.won += db_int(&rows, known ? 2 : 5);
		g.revenue += worth;
	}
	e = db_end(&rows);
	if (e == OK)
		*(struct gap_deals *)ret = g;
	return e;
}

/* Of a large line it is read once, not at each look. */
static enum err
load_decided(struct request *r, id person, day from, day to, struct gap_deals *ret)
{
	static const struct kept_kind kind = { "gap", REPORT_RECORDS, sizeof *ret, make_decided, NULL };
	const struct report_scope s = {
		.person = person, .from = from, .to = to, .as_of = r->today, .currency = r->actor.currency
	};

	return report_kept(r->conn, r->arena, &r->grant, &s, &kind, ret);
}

/* In words: what was converted at which rate, what is not in the split for want of one, and won deals without an
 * amount.
 */
static enum err
load_others(struct request *r, struct gap_view *v)
{
	struct rows rows;
	struct rate_book rates;
	int64_t worth;
	enum err e = rate_book_load(r->conn, r->arena, r->actor.org, r->actor.currency, r->today, &rates);

	if (e != OK)
		return e;
	str sql = str_fmt(r->arena,
	        "select coalesce(d.currency, ''), count(*), coalesce(sum(d.value), 0), sum(case when d.value is null "
	        "then 1 else 0 end) from deal d where d.org_id = $1 and $2 = $2" WHOSE
	        "%s and d.outcome = 'won' and d.closed_on >= $4 and d.closed_on <= $5"
	        " and (d.value is null or d.currency <> $6) {may:deals d.owner} group by d.currency order by "
	        "d.currency",
	        by_owner(v->person));
	e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_I(v->person), db_day_value(r->arena, v->from), db_day_value(r->arena, v->until),
	                DB_T(r->actor.currency)),
	        &rows);

	while (e == OK && db_next(&rows)) {
		bool none = db_int(&rows, 3) == db_int(&rows, 1);
		if (!none && rate_book_worth(&rates, db_text_raw(&rows, 0), 0, 1, &worth))
			continue;
		v->others =
		        none ? str_fmt(r->arena, "%.*s%s%lld won without an amount", STR_ARG(v->others),
		                       v->others.n ? "; " : "", (long long)db_int(&rows, 1))
		             : str_fmt(r->arena, "%.*s%s%lld won in %.*s, %.*s, not in the split: no rate into %.*s",
		                       STR_ARG(v->others), v->others.n ? "; " : "", (long long)db_int(&rows, 1),
		                       STR_ARG(db_text(&rows, 0)),
		                       STR_ARG(money_text(r->arena, money_of(db_int(&rows, 2), db_text(&rows, 0)))),
		                       STR_ARG(r->actor.currency));
	}
	if (e == OK)
		e = db_end(&rows);
	str converted = rate_book_words(r->arena, &rates);
	if (converted.n)
		v->others = str_fmt(r->arena, "%.*s%sConverted: %.*s", STR_ARG(v->others), v->others.n ? "; " : "",
		        STR_ARG(converted));
	if (e == OK && r->grant.reach[MATTER_DEALS][ACT_READ] != REACH_COMPANY)
		v->others = str_fmt(r->arena, "%.*s%sOnly deals that you may see are counted", STR_ARG(v->others),
		        v->others.n ? "; " : "");
	return e;
}

str
gap_money(struct arena *a, const struct gap_view *v, money m)
{
	return v->cents ? money_exact(a, m) : money_text(a, m);
}

static str
said(struct request *r, const struct gap_view *v, int64_t minor)
{
	return gap_money(r->arena, v, money_of(minor, r->actor.currency));
}

static enum err
load_target(struct request *r, struct gap_view *v)
{
	const struct target_ask ask = { v->person, v->from, v->to, r->actor.currency };
	struct target_sum t;
	enum err e = target_sum(r->conn, r->arena, &r->grant, &ask, &t);

	if (e != OK || !t.found)
		return e;
	v->has_target = true;
	v->target = money_of(t.amount, r->actor.currency);
	if (!t.own)
		v->target_from =
		        t.people == 1 ? STR("that of one person below")
		                      : str_fmt(r->arena, "those of %lld people below, added up", (long long)t.people);
	if (t.away) /* O2, O7: how much of it, never why */
		v->target_from = str_fmt(r->arena, "%.*s%s%.*s entered, for %lld of its %lld working days",
		        STR_ARG(v->target_from), v->target_from.n ? "; " : "",
		        STR_ARG(money_text(r->arena, money_of(t.entered, r->actor.currency))),
		        (long long)(t.days - t.away), (long long)t.days);
	return OK;
}

static enum err
load_deals(struct request *r, struct gap_view *v)
{
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select d.id, d.name, p.name, d.outcome, d.value, d.currency, d.closed_on from deal d join person p on "
	        "p.org_id = d.org_id and p.id = d.owner where d.org_id = $1 and $2 = $2" WHOSE
	        "%s and d.outcome in ('won', 'lost') and d.closed_on >= $4 and d.closed_on <= $5 {may:deals d.owner}"
	        " order by d.closed_on, d.id limit 200",
	        by_owner(v->person));
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql),
	        DB_ARGS(DB_I(v->person), db_day_value(r->arena, v->from), db_day_value(r->arena, v->until)), &rows);

	v->deals = arena_new(r->arena, struct gap_deal, 200);
	while (e == OK && v->n_deals < 200 && db_next(&rows)) {
		struct gap_deal *x = &v->deals[v->n_deals++];
		*x = (struct gap_deal){ .deal = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.owner = db_text(&rows, 2),
			.outcome = db_text(&rows, 3),
			.has_value = !db_is_null(&rows, 4),
			.closed_on = db_day(&rows, 6) };
		x->value = money_of(db_int(&rows, 4), db_text(&rows, 5));
	}
	return e == OK ? db_end(&rows) : e;
}

static str
signed_text(struct request *r, const struct gap_view *v, int64_t minor)
{
	return str_join(r->arena, minor < 0 ? (str){ 0 } : STR("+"), said(r, v, minor));
}

static void
fill_fall(struct request *r, struct gap_view *v)
{
	struct gap *g = &v->gap;
	str short_was = said(r, v, g->value_expected), short_is = said(r, v, g->value_actual < 0 ? 0 : g->value_actual);

	v->parts[0] = (struct svg_part){ STR("Decided deals"),
		str_fmt(r->arena, "%lld instead of %.*s", (long long)v->actual.decided,
		        STR_ARG(html_real_text(r->arena, g->decided_expected))),
		g->decided };
	v->parts[1] = (struct svg_part){ STR("Win rate"),
		str_fmt(r->arena, "%.*s instead of %.*s", STR_ARG(html_pct_text(r->arena, g->rate_actual)),
		        STR_ARG(html_pct_text(r->arena, g->rate_expected))),
		g->rate };
	v->parts[2] = (struct svg_part){ STR("Mean won value"),
		g->value_actual < 0 ? STR("none won")
		                    : str_fmt(r->arena, "%.*s instead of %.*s", STR_ARG(short_is), STR_ARG(short_was)),
		g->value };
	v->adds = str_fmt(r->arena, "%.*s %.*s %.*s = %.*s", STR_ARG(signed_text(r, v, g->decided)),
	        STR_ARG(signed_text(r, v, g->rate)), STR_ARG(signed_text(r, v, g->value)),
	        STR_ARG(signed_text(r, v, g->total)));
	v->fall = (struct svg_fall){ .caption = v->headline,
		.exact = true,
		.first = v->usual ? STR("A usual quarter") : STR("Target"),
		.last = STR("Won"),
		.from = v->actual.revenue - g->total,
		.parts = v->parts,
		.n = 3 };
	snprintf(v->fall.code, sizeof v->fall.code, "%s", v->won.code);
}

static void
fill_sentence(struct request *r, struct gap_view *v)
{
	rate is = rate_of(v->actual.won, v->actual.decided), was = rate_of(v->history.won, v->history.decided);
	str verdict = rate_verdict_words(rate_compare(is, was));

	if (!v->history.decided) {
		v->sentence = str_fmt(r->arena,
		        "Win rate %.*s (%lld of %lld, 95 %% interval %d–%d %%). Nothing was decided in the four "
		        "quarters before.",
		        STR_ARG(html_pct_text(r->arena, rate_share(is))), (long long)is.num, (long long)is.den,
		        (int)(is.low * 100 + .5), (int)(is.high * 100 + .5));
		return;
	}
	v->sentence = str_fmt(r->arena,
	        "Win rate %.*s (%lld of %lld, 95 %% interval %d–%d %%) against %.*s in the four quarters before (%lld "
	        "of %lld): %.*s.",
	        STR_ARG(html_pct_text(r->arena, rate_share(is))), (long long)is.num, (long long)is.den,
	        (int)(is.low * 100 + .5), (int)(is.high * 100 + .5), STR_ARG(html_pct_text(r->arena, rate_share(was))),
	        (long long)was.num, (long long)was.den, STR_ARG(verdict));
}

/* One format on the page: one amount with cents gives all of them cents. */
static void
choose_digits(struct request *r, struct gap_view *v, int64_t total)
{
	const int64_t all[] = { total, v->actual.revenue, v->has_target ? v->target.minor : 0,
		v->has_gap ? v->gap.decided : 0, v->has_gap ? v->gap.rate : 0, v->has_gap ? v->gap.value : 0 };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		v->cents |= money_broken(money_of(all[i], r->actor.currency));
	for (size_t i = 0; !v->has_gap && i < v->n_deals; i++)
		v->cents |= money_broken(v->deals[i].value);
}

/* A4b. Without a target: against a quarter of what the four quarters before decided. */
static enum err
split(struct request *r, struct gap_view *v)
{
	enum err e;

	v->usual = !v->has_target;
	e = v->has_target ? gap_to_target(v->target.minor, v->history, v->actual, &v->gap)
	                  : gap_to_history((v->history.decided + 2) / 4, v->history, v->actual, &v->gap);
	if (e == ERR_INPUT)
		return OK; /* money that no split can hold: the deals are listed */
	v->has_gap = e == OK && v->gap.state == GAP_SPLIT;
	if (!v->has_target && v->gap.state == GAP_UNKNOWN) {
		choose_digits(r, v, 0);
		return e;
	}
	int64_t total = v->has_target ? v->actual.revenue - v->target.minor : v->gap.total;
	v->total = total;
	v->has_total = true;
	choose_digits(r, v, total);
	v->headline =
	        str_fmt(r->arena, "%.*s: %.*s %s", STR_ARG(v->who), STR_ARG(said(r, v, total < 0 ? -total : total)),
	                total < 0       ? (v->has_target ? "short of the target" : "below a usual quarter")
	                : v->has_target ? "above the target"
	                                : "above a usual quarter");
	if (v->has_gap)
		fill_fall(r, v);
	return e;
}

static bool
is_above(struct request *r, id person)
{
	return person && (move_may(r, person) || (r->actor.head && person == r->actor.person));
}

static void
fill_period(struct request *r, struct gap_view *v, str from, str to)
{
	day q = day_quarter(r->today);

	for (int i = 0; i < 8; i++) {
		v->quarters[i].from = day_add_months(q, -3 * i);
		v->quarters[i].name = day_quarter_name(r->arena, v->quarters[i].from);
	}
	if (!day_parse(from, &v->from))
		v->from = q;
	if (!day_parse(to, &v->to) || day_between(v->from, v->to) < 0)
		v->to = day_add(day_add_months(v->from, 3), -1);
	/* D5a: read as of a day, nothing after it counts */
	v->until = v->to.n > r->today.n ? r->today : v->to;
	v->period = v->from.n == day_quarter(v->from).n && v->to.n == day_add_months(v->from, 3).n - 1
	                    ? day_quarter_name(r->arena, v->from)
	                    : str_fmt(r->arena, "%.*s to %.*s", STR_ARG(day_long(r->arena, v->from)),
	                              STR_ARG(day_long(r->arena, v->to)));
}

/* O5: a person's number begins with the works agreement. */
static enum err
bound(struct request *r, struct gap_view *v)
{
	struct report_scope s = { .person = v->person, .from = day_add_months(v->from, -12) };
	enum err e = report_bound(r->conn, &r->grant, &s, false);

	v->asked = v->from;
	v->asked_to = v->to;
	v->bound = e == OK && s.from.n > day_add_months(v->from, -12).n ? s.from : DAY_NONE;
	if (day_is(v->bound) && v->bound.n > v->from.n) {
		v->from = v->bound;
		v->to = v->to.n < v->from.n ? v->from : v->to;
		fill_period(r, v, day_iso(r->arena, v->from), day_iso(r->arena, v->to));
	}
	return e;
}

enum err
gap_load(struct request *r, struct gap_view *v, str from, str to)
{
	enum err e;

	fill_period(r, v, from, to);
	e = bound(r, v);
	if (e != OK)
		return e;
	v->who = v->person ? page_name(r, "person", v->person) : r->actor.org_name;
	if (!v->who.n)
		return ERR_ABSENT;
	e = load_decided(r, v->person, v->from, v->until, &v->actual);
	if (e == OK) /* nothing of one person from before a works agreement */
		e = load_decided(r, v->person, day_is(v->bound) ? v->bound : day_add_months(v->from, -12),
		        day_add(v->from, -1), &v->history);
	if (e == OK)
		e = load_target(r, v);
	if (e == OK)
		e = load_others(r, v);
	v->won = money_of(v->actual.revenue, r->actor.currency);
	if (e == OK && v->actual.decided < GAP_FEWEST) /* A4b */
		e = load_deals(r, v);
	if (e == OK)
		e = split(r, v);
	if (e == OK && !v->has_gap && !v->n_deals)
		e = load_deals(r, v);
	if (e == OK && v->actual.decided)
		fill_sentence(r, v);
	return e;
}

/* L1: whose number was missed writes an account, after their leader. */
static enum err
load_account(struct request *r, struct gap_view *v)
{
	int64_t leader = 0, written = 1;
	enum err e = account_load(r, v->person, v->from, v->to, &v->account);

	if (e == OK && !v->account.row.id) /* written before a works agreement cut the time */
		e = account_load(r, v->person, v->asked, v->asked_to, &v->account);
	v->may_account =
	        r->actor.person && v->person == r->actor.person && v->to.n < r->today.n && v->has_total && v->total < 0;
	if (e != OK || !v->may_account)
		return e;
	e = db_one_int(r->conn, "select coalesce(manager, 0) from person where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(r->actor.org), DB_I(v->person)), &leader);
	if (e == OK && leader)
		e = db_one_int(r->conn,
		        "select count(*) from number_account where org_id = $1 and person = $2 and ((from_day = $3 and "
		        "to_day = $4) or (from_day = $5 and to_day = $6))",
		        DB_ARGS(DB_I(r->actor.org), DB_I(leader), db_day_value(r->arena, v->from),
		                db_day_value(r->arena, v->to), db_day_value(r->arena, v->asked),
		                db_day_value(r->arena, v->asked_to)),
		        &written);
	if (e == OK && !written)
		v->leader_owes = page_name(r, "person", leader);
	return e;
}

static enum err
show(struct request *r, id person, str from, str to)
{
	struct page p = { .title = STR("Where the number went") };
	struct gap_view v = { .person = person };
	enum err e = gap_load(r, &v, from, to);

	if (e != OK)
		return e;
	e = load_account(r, &v);
	if (e == OK)
		e = page_panels(r, person); /* A2: both columns stand in the review */
	if (e != OK)
		return e;
	v.may_target = person && is_above(r, person);
	p.subtitle = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(v.who), STR_ARG(v.period));
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_gap(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
gap_page(struct request *r)
{
	int64_t head = 0;
	id person = page_id_param(r, "person");
	enum err e = OK;

	if (!page_param(r, "person").n && r->actor.leads)
		person = r->actor.person;
	if (!person && !str_eq(page_param(r, "person"), STR("all")))
		e = db_one_int(
		        r->conn, "select head from company where org_id = $1", DB_ARGS(DB_I(r->actor.org)), &head);
	return e == OK || e == ERR_ABSENT ? show(r, person ? person : head, page_param(r, "from"), page_param(r, "to"))
	                                  : e;
}

enum err
gap_account(struct request *r)
{
	day from = page_day_field(r, "from_day", true), to = page_day_field(r, "to_day", true);
	id set = 0;
	enum err e = r->faults.n ? ERR_INPUT : account_save(r, from, to, &set);

	if (e == ERR_INPUT)
		return show(r, r->actor.person, page_field(r, "from_day"), page_field(r, "to_day"));
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/gap?person=%.*s&from=%.*s&to=%.*s",
	                                 STR_ARG(id_text(r->arena, r->actor.person)), STR_ARG(day_iso(r->arena, from)),
	                                 STR_ARG(day_iso(r->arena, to))))
	               : e;
}

static enum err
target_work(struct change *c, void *what)
{
	struct target t = *(struct target *)what;

	return record_save(c, &target_record, &t);
}

/* Set by a leader for somebody below, or by an administrator; the row names only the person, hence the grant. */
enum err
gap_target(struct request *r)
{
	struct grant g =
	        grant_all(r->actor.org, r->actor.login, r->actor.person, "target set by whoever leads the person");
	struct target t;
	id set = 0;
	enum err e;

	record_init(&target_record, &t);
	t.currency = r->actor.currency;
	page_fill(r, &target_record, "person amount", &t);
	if (!t.person || !is_above(r, t.person))
		return ERR_DENIED;
	t.from_day = page_day_field(r, "from_day", true);
	t.to_day = page_day_field(r, "to_day", true);
	if (t.amount == NO_INT || t.amount <= 0)
		if (!fault_at(&r->faults, STR("amount")))
			fault_add(&r->faults, STR("amount"), STR("is missing"), STR("write it as 120000 or 120k"));
	if (day_is(t.from_day) && day_is(t.to_day) && day_between(t.from_day, t.to_day) < 0)
		fault_add(&r->faults, STR("to_day"), STR("is before the first day"), STR("choose a later one"));
	e = r->faults.n ? ERR_INPUT : page_change_as(r, &g, STR("Target entered"), target_work, &t, &set);
	if (e == ERR_INPUT)
		return show(r, t.person, page_field(r, "from_day"), page_field(r, "to_day"));
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/gap?person=%.*s&from=%.*s&to=%.*s",
	                                 STR_ARG(id_text(r->arena, t.person)), STR_ARG(day_iso(r->arena, t.from_day)),
	                                 STR_ARG(day_iso(r->arena, t.to_day))))
	               : e;
}
