/* ridealong report: figures for people and programs, the same that pages show.
   What it is not for: computing them (areas/deals/report.h, stats/). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/report.h"
#include "base/out.h"
#include "json/json.h"
#include "sheet/write.h"
#include "stats/rate.h"

struct metric *
report_add(struct report *r, const char *name, const char *label, enum unit unit, bool known, int64_t n)
{
	struct metric *m = &r->metrics[r->n++];

	*m = (struct metric){ .name = name, .label = label, .unit = unit, .known = known, .n = n };
	return m;
}

void
report_whole(
        struct report *r, const char *name, const char *label, enum unit unit, bool known, int64_t value, int64_t n)
{
	report_add(r, name, label, unit, known, n)->whole = value;
}

void
report_rate(struct report *r, const char *name, const char *label, int64_t num, int64_t den)
{
	rate x = rate_of(num, den);
	struct metric *m = report_add(r, name, label, UNIT_SHARE, den > 0, den);

	m->real = rate_share(x);
	m->interval = den > 0;
	m->low = x.low;
	m->high = x.high;
}

void
report_real(struct report *r, const char *name, const char *label, enum unit unit, double value, int64_t n)
{
	report_add(r, name, label, unit, !isnan(value), n)->real = value;
}

void
report_text(struct report *r, const char *name, const char *label, str value, int64_t n)
{
	report_add(r, name, label, UNIT_TEXT, value.n > 0, n)->text = value;
}

void
report_currencies(struct report *r, const struct rate_said *x)
{
	report_whole(r, "no_rate", "in currencies without a rate, in no sum", UNIT_COUNT, true, x->left, x->left);
	report_whole(r, "converted", "in other currencies, converted", UNIT_COUNT, true, x->converted, x->converted);
	if (x->rates.n)
		report_text(r, "rates", "converted at", x->rates, x->converted);
	if (x->without.n)
		report_text(r, "left_out", "in no sum, for want of a rate", x->without, x->left);
}

struct report_cell *
report_row(struct report *r)
{
	struct report_table *t = &r->table;

	arena_grow(r->line->arena, t->rows, t->n, t->cap);
	memset(t->rows[t->n], 0, sizeof t->rows[t->n]);
	return t->rows[t->n++];
}

struct report_cell
cell_whole(int64_t n)
{
	return (struct report_cell){ .known = true, .whole = n };
}

struct report_cell
cell_real(double x)
{
	return (struct report_cell){ .known = isfinite(x), .real = x };
}

struct report_cell
cell_text(str s)
{
	return (struct report_cell){ .known = s.n > 0, .text = s };
}

/* ---- the reports ---- */

/* D5b: a deal without amount counts with its product's list price, and the last figure says how many do. */
static void
say_list_prices(struct report *r, int64_t n)
{
	struct metric *m = &r->metrics[r->n - 1];

	m->lists = true;
	m->n_list = n;
}

static enum err
sales_summary(struct conn *c, struct arena *a, struct report *r)
{
	struct report_sales s;
	enum err e = report_sales(c, a, &r->line->grant, &r->scope, &s);
	/* What was open on a past day is not known from today's stages. */
	bool past = r->scope.as_of.n < r->reading.n;
	int64_t decided = s.won + s.lost;

	if (e != OK)
		return e;
	report_whole(r, "won", "Won", UNIT_COUNT, true, s.won, decided);
	report_whole(r, "lost", "Lost", UNIT_COUNT, true, s.lost, decided);
	report_whole(r, "open", "Open", UNIT_COUNT, !past, s.open, past ? 0 : s.open);
	report_rate(r, "win_rate", "Win rate", s.won, decided);
	report_whole(r, "revenue_won", "Revenue won", UNIT_MONEY, s.n_revenue > 0, s.revenue, s.n_revenue);
	report_add(r, "cycle_won_mean_days", "Won cycle, mean", UNIT_DAYS, s.has_cycle, s.n_cycle)->real = s.cycle_mean;
	report_add(r, "cycle_won_median_days", "Won cycle, median", UNIT_DAYS, s.has_cycle, s.n_cycle)->real =
	        s.cycle_median;
	report_add(r, "cycle_lost_mean_days", "Lost cycle, mean", UNIT_DAYS, s.n_cycle_lost > 0, s.n_cycle_lost)->real =
	        s.cycle_lost_mean;
	report_add(r, "cycle_closed_mean_days", "Cycle of all decided, mean", UNIT_DAYS, s.n_cycle + s.n_cycle_lost > 0,
	        s.n_cycle + s.n_cycle_lost)
	        ->real = s.cycle_closed_mean;
	report_whole(r, "won_value_mean", "Won value, mean", UNIT_MONEY, s.n_revenue > 0, llround(s.value_mean),
	        s.n_revenue);
	report_whole(r, "won_value_median", "Won value, median", UNIT_MONEY, s.n_revenue > 0, llround(s.value_median),
	        s.n_revenue);
	if (!past && s.engaged) { /* where no day of engagement is known, nothing is said (D5b) */
		report_rate(r, "created_to_engaged", "Engaged of all", s.engaged, s.all);
		report_rate(r, "engaged_to_closed", "Decided of engaged", s.engaged_decided, s.engaged);
		report_rate(r, "engaged_to_won", "Won of engaged", s.engaged_won, s.engaged);
		report_rate(r, "created_to_won", "Won of all", s.won, s.all);
	}
	report_whole(r, "open_value", "Open value", UNIT_MONEY, !past && s.n_open_value > 0, s.open_value,
	        past ? 0 : s.n_open_value);
	say_list_prices(r, past ? 0 : s.n_open_list);
	report_whole(r, "weighted_value", "Weighted value", UNIT_MONEY, !past && s.n_weighted > 0, s.weighted,
	        past ? 0 : s.n_weighted);
	say_list_prices(r, past ? 0 : s.n_open_list);
	report_currencies(r, &s.currencies);
	return OK;
}

static enum err
revenue(struct conn *c, struct arena *a, struct report *r)
{
	struct rate_said said;
	enum err e = report_revenue(c, a, &r->line->grant, &r->scope, r->by, &r->rows, &r->n_rows, &said);

	r->is_rows = true;
	if (e == OK)
		report_currencies(r, &said);
	return e;
}

static enum err
pipeline(struct conn *c, struct arena *a, struct report *r)
{
	struct rate_said said;
	enum err e;

	if (r->scope.as_of.n < r->reading.n)
		return fault_add(&r->line->faults, STR("--as-of"),
		        STR("what was open on a past day is not known from today's stages"), STR("leave it out"));
	r->is_stages = true;
	e = report_stages(c, a, &r->line->grant, &r->scope, &r->stages, &r->n_stages, &said);
	if (e == OK)
		report_currencies(r, &said);
	return e;
}

/* Both people of a session or commitment are looked for in the line of its day. */
static enum err
one_row(struct conn *c, struct arena *a, struct report *r, const char *what, const char *table, const char *persons,
        const char *on_day, const char *matter, int64_t *ret, int n)
{
	const struct report_scope *s = &r->scope;
	struct rows rows;
	str sql = str_fmt(a,
	        "select %s from %s s where s.org_id = $1 and $2 = $2 and %s <= cast($6 as text) and (cast($4 as text) "
	        "= '' or %s >= cast($4 as text))"
	        " and (cast($5 as text) = '' or %s <= cast($5 as text)) and (cast($3 as bigint) = 0 or exists (select "
	        "1 from line l"
	        " where l.org_id = s.org_id and l.above = cast($3 as bigint) and l.below in (%s) and l.from_day <= %s"
	        " and (l.to_day is null or l.to_day >= %s))){may:%s}",
	        what, table, on_day, on_day, on_day, persons, on_day, on_day, matter);
	enum err e = record_query(c, a, &r->line->grant, str_z(a, sql),
	        DB_ARGS(DB_I(s->person), DB_T(day_is(s->from) ? day_iso(a, s->from) : STR("")),
	                DB_T(day_is(s->to) ? day_iso(a, s->to) : STR("")), DB_T(day_iso(a, s->as_of))),
	        &rows);

	if (e != OK)
		return e;
	if (db_next(&rows))
		for (int i = 0; i < n; i++)
			ret[i] = db_int(&rows, i);
	return db_end(&rows);
}

static enum err
coaching(struct conn *c, struct arena *a, struct report *r)
{
	/* C2a: what was an inspection, by the coachee's word, is confirmed to have been and is no coaching: as on the
	 * pages. */
	int64_t v[7] = { 0 };
	enum err e = one_row(c, a, r,
	        "sum(case when s.state <> 'excused' then 1 else 0 end), sum(case when s.held_on is not null then 1 "
	        "else 0 end),"
	        " sum(case when s.held_on is not null and s.answer = 'confirmed' and s.answer_kind = 'coaching' then 1 "
	        "else 0 end),"
	        " sum(case when s.held_on is not null and s.answer = 'denied' then 1 else 0 end),"
	        " sum(case when s.held_on is not null and s.answer = 'confirmed' and s.answer_kind = 'coaching' and "
	        "s.skill is "
	        "not null and s.answer_skill is not null then 1 else 0 end),"
	        " sum(case when s.held_on is not null and s.answer = 'confirmed' and s.answer_kind = 'coaching' and "
	        "s.skill = "
	        "s.answer_skill then 1 else 0 end),"
	        " sum(case when s.held_on is not null and s.answer = 'confirmed' and s.answer_kind <> 'coaching' then "
	        "1 else 0 end)",
	        "coaching_session", "s.coach, s.coachee", "s.on_day", "session_fact s.coach s.coachee", v, 7);

	if (e != OK)
		return e;
	report_whole(r, "due", "Sessions due", UNIT_COUNT, true, v[0], v[0]);
	report_whole(r, "claimed", "Held, says the coach", UNIT_COUNT, true, v[1], v[0]);
	report_whole(r, "confirmed", "Confirmed by the other side", UNIT_COUNT, true, v[2], v[1]);
	report_whole(r, "other", "It was no coaching, says the other side", UNIT_COUNT, true, v[6], v[1]);
	report_whole(r, "denied", "Denied by the other side", UNIT_COUNT, true, v[3], v[1]);
	report_rate(r, "confirmed_rate", "Confirmed of held", v[2], v[1]);
	report_whole(r, "same_skill", "Both name the same skill", UNIT_COUNT, true, v[5], v[4]);
	report_rate(r, "same_skill_rate", "Same skill of confirmed", v[5], v[4]);
	return OK;
}

static enum err
commitments(struct conn *c, struct arena *a, struct report *r)
{
	int64_t v[4] = { 0 };
	enum err e = one_row(c, a, r,
	        "sum(case when s.state <> 'withdrawn' then 1 else 0 end), sum(case when s.state = 'kept' then 1 else 0 "
	        "end),"
	        " sum(case when s.state = 'missed' then 1 else 0 end),"
	        " sum(case when s.state = 'kept' and s.confirmed_by = s.owner then 1 else 0 end)",
	        "commitment", "s.owner", "s.due", "scorecard s.owner", v, 4);

	if (e != OK)
		return e;
	report_whole(r, "due", "Commitments due", UNIT_COUNT, true, v[0], v[0]);
	report_whole(r, "kept", "Kept", UNIT_COUNT, true, v[1], v[0]);
	report_whole(r, "by_one_person", "Kept, by one person", UNIT_COUNT, true, v[3], v[1]); /* O9 */
	report_whole(r, "missed", "Missed", UNIT_COUNT, true, v[2], v[0]);
	report_rate(r, "kept_rate", "Kept of due", v[1], v[0]);
	return OK;
}

static enum err
gap(struct conn *c, struct arena *a, struct report *r)
{
	struct report_gap g;
	enum err e;

	if (!day_is(r->scope.from))
		r->scope.from = day_quarter(r->scope.as_of);
	if (!day_is(r->scope.to))
		r->scope.to = day_add(day_add_months(r->scope.from, 3), -1);
	e = report_gap(c, a, &r->line->grant, &r->scope, &g);
	if (e != OK)
		return e;
	bool split = g.gap.state != GAP_UNKNOWN;
	report_whole(r, "target", "Target", UNIT_MONEY, g.has_target, g.target, g.has_target);
	report_whole(r, "revenue", "Won", UNIT_MONEY, true, g.actual.revenue, g.actual.won);
	report_whole(r, "gap", g.has_target ? "Gap to the target" : "Gap to the pace of the year before", UNIT_MONEY,
	        split || g.has_target, g.gap.total, g.actual.decided);
	report_whole(r, "gap_decided", "from decided deals", UNIT_MONEY, split, g.gap.decided, g.actual.decided);
	report_whole(r, "gap_rate", "from the win rate", UNIT_MONEY, split, g.gap.rate, g.actual.decided);
	report_whole(r, "gap_value", "from won value", UNIT_MONEY, split, g.gap.value, g.actual.won);
	report_whole(r, "few", "Fewer than 12 decided deals: list them instead", UNIT_COUNT, true,
	        g.gap.state == GAP_FEW, g.actual.decided);
	report_whole(r, "history_decided", "Decided in the four quarters before", UNIT_COUNT, true, g.history.decided,
	        g.history.decided);
	report_whole(r, "history_won", "Won in the four quarters before", UNIT_COUNT, true, g.history.won,
	        g.history.decided);
	report_whole(r, "history_revenue", "Revenue of the four quarters before", UNIT_MONEY, true, g.history.revenue,
	        g.history.won);
	report_currencies(r, &g.currencies);
	return OK;
}

/* ---- saying them ---- */

static str
money_said(struct report *r, int64_t minor)
{
	money m = { .minor = minor };

	snprintf(m.code, sizeof m.code, "%.*s", STR_ARG(r->scope.currency));
	return str_eq(r->format, STR("text")) ? money_text(r->line->arena, m) : money_plain(r->line->arena, m);
}

static str
said(struct report *r, enum unit unit, int64_t whole, double real, str text)
{
	struct arena *a = r->line->arena;
	bool words = str_eq(r->format, STR("text"));

	switch (unit) {
	case UNIT_COUNT:
		return str_fmt(a, "%lld", (long long)whole);
	case UNIT_MONEY:
		return money_said(r, whole);
	case UNIT_SHARE:
		return words ? str_fmt(a, "%.1f %%", real * 100) : str_fmt(a, "%.13g", real);
	case UNIT_DAYS:
		return words ? str_fmt(a, "%.1f days", real) : str_fmt(a, "%.13g", real);
	case UNIT_REAL:
		return str_fmt(a, words ? "%.4g" : "%.13g", real);
	case UNIT_TEXT:
	case UNIT_DAY:
		return text;
	}
	return (str){ 0 };
}

static str
value_text(struct report *r, const struct metric *m)
{
	if (!m->known)
		return str_eq(r->format, STR("text")) ? STR("no data") : STR("");
	return said(r, m->unit, m->whole, m->real, m->text);
}

static str
cell_said(struct report *r, size_t column, const struct report_cell *x)
{
	if (!x->known)
		return str_eq(r->format, STR("text")) ? STR("–") : STR("");
	return said(r, r->table.columns[column].unit, x->whole, x->real, x->text);
}

static size_t
table_width(const struct report *r)
{
	size_t n = 0;
	while (r->table.columns && r->table.columns[n].name)
		n++;
	return n;
}

static void
text_table(struct report *r)
{
	size_t width = table_width(r);

	for (size_t k = 0; k < width; k++)
		printf("%s%-*s", k ? "  " : "  ", k ? 12 : 24, r->table.columns[k].name);
	printf("%s", width ? "\n" : "");
	for (size_t i = 0; i < r->table.n; i++) {
		for (size_t k = 0; k < width; k++) {
			str s = cell_said(r, k, &r->table.rows[i][k]);
			int pad = (k ? 12 : 24) - (int)s.n;
			printf("  %.*s%*s", STR_ARG(s), pad > 0 ? pad : 0, "");
		}
		printf("\n");
	}
}

static void
csv_table(struct report *r, struct write *w)
{
	size_t width = table_width(r);

	for (size_t k = 0; k < width; k++)
		write_text(w, str_of(r->table.columns[k].name));
	write_row_end(w);
	for (size_t i = 0; i < r->table.n; i++) {
		for (size_t k = 0; k < width; k++) {
			enum unit u = r->table.columns[k].unit;
			str s = cell_said(r, k, &r->table.rows[i][k]);
			if (u == UNIT_TEXT || u == UNIT_DAY)
				write_text(w, s);
			else
				write_number(w, s);
		}
		write_row_end(w);
	}
}

static void
json_value(struct json *j, enum unit unit, bool known, int64_t whole, double real, str text)
{
	if (!known)
		json_null(j);
	else if (unit == UNIT_COUNT || unit == UNIT_MONEY)
		json_int(j, whole);
	else if (unit == UNIT_TEXT || unit == UNIT_DAY)
		json_str(j, text);
	else
		json_double(j, real);
}

static void
json_table(struct report *r, struct json *j)
{
	size_t width = table_width(r);

	json_key(j, "rows");
	json_array(j);
	for (size_t i = 0; i < r->table.n; i++) {
		json_object(j);
		for (size_t k = 0; k < width; k++) {
			const struct report_cell *x = &r->table.rows[i][k];
			json_key(j, r->table.columns[k].name);
			json_value(j, r->table.columns[k].unit, x->known, x->whole, x->real, x->text);
		}
		json_end(j);
	}
	json_end(j);
}

static void
text_stages(struct report *r)
{
	for (size_t i = 0; i < r->n_stages; i++) {
		const struct report_stage *x = &r->stages[i];
		str value = money_said(r, x->value), weighted = money_said(r, x->weighted);
		printf("  %-24.*s %16.*s   weighted %16.*s   n %lld, without account %lld", STR_ARG(x->stage),
		        STR_ARG(value), STR_ARG(weighted), (long long)x->n, (long long)x->n_no_account);
		printf(x->n_no_rate ? ", without a rate %lld\n" : "\n", (long long)x->n_no_rate);
	}
}

static void
say_text(struct report *r)
{
	str currency = r->scope.currency;
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	printf("%.*s as of %.*s%s%.*s, %.*s\n", STR_ARG(r->kind), STR_ARG(day_iso(r->line->arena, r->scope.as_of)),
	        r->scope.person ? ", " : "", STR_ARG(r->person_name), STR_ARG(currency));
	for (size_t i = 0; i < r->n; i++) {
		const struct metric *m = &r->metrics[i];
		str value = value_text(r, m);
		printf("  %-36s %16.*s   n %lld", m->label, STR_ARG(value), (long long)m->n);
		if (m->interval)
			m->unit == UNIT_SHARE ? printf("   95 %%: %.1f to %.1f %%", m->low * 100, m->high * 100)
			                      : printf("   95 %%: %.4g to %.4g", m->low, m->high);
		if (m->lists && m->n_list)
			printf("   %lld without an amount, at their product's list price", (long long)m->n_list);
		printf("\n");
	}
	text_stages(r);
	text_table(r);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct report_row *x = &r->rows[i];
		const str keys[] = { x->office, x->manager, x->person, x->quarter };
		str value = money_said(r, x->value);
		for (int k = 0; k < 4; k++)
			if (r->by >> k & 1)
				printf("  %s %-20.*s", heads[k], STR_ARG(keys[k]));
		printf("  %16.*s   n %lld", STR_ARG(value), (long long)x->n);
		printf(x->n_no_rate ? ", without a rate %lld\n" : "\n", (long long)x->n_no_rate);
	}
}

static void
csv_stages(struct report *r, struct write *w)
{
	static const char *const heads[] = { "stage", "n", "value", "n_value", "weighted", "currency", "n_no_account",
		"n_no_rate" };

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		write_text(w, str_of(heads[i]));
	write_row_end(w);
	for (size_t i = 0; i < r->n_stages; i++) {
		const struct report_stage *x = &r->stages[i];
		struct arena *a = r->line->arena;
		write_text(w, x->stage);
		write_number(w, str_fmt(a, "%lld", (long long)x->n));
		write_number(w, money_said(r, x->value));
		write_number(w, str_fmt(a, "%lld", (long long)x->n_value));
		write_number(w, money_said(r, x->weighted));
		write_text(w, r->scope.currency);
		write_number(w, str_fmt(a, "%lld", (long long)x->n_no_account));
		write_number(w, str_fmt(a, "%lld", (long long)x->n_no_rate));
		write_row_end(w);
	}
}

static void
json_stages(struct report *r, struct json *j)
{
	json_key(j, "stages");
	json_array(j);
	for (size_t i = 0; i < r->n_stages; i++) {
		const struct report_stage *x = &r->stages[i];
		const struct {
			const char *key;
			int64_t n;
		} figures[] = { { "n", x->n }, { "value", x->value }, { "n_value", x->n_value },
			{ "weighted", x->weighted }, { "n_no_account", x->n_no_account },
			{ "n_no_rate", x->n_no_rate } };
		json_object(j);
		json_key(j, "stage");
		json_str(j, x->stage);
		for (size_t k = 0; k < sizeof figures / sizeof *figures; k++) {
			json_key(j, figures[k].key);
			json_int(j, figures[k].n);
		}
		json_end(j);
	}
	json_end(j);
}

static void
csv_rows(struct report *r, struct write *w)
{
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	for (int k = 0; k < 4; k++)
		if (r->by >> k & 1)
			write_text(w, str_of(heads[k]));
	write_text(w, STR("value"));
	write_text(w, STR("currency"));
	write_text(w, STR("n"));
	write_text(w, STR("n_no_rate"));
	write_row_end(w);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct report_row *x = &r->rows[i];
		const str keys[] = { x->office, x->manager, x->person, x->quarter };
		for (int k = 0; k < 4; k++)
			if (r->by >> k & 1)
				write_text(w, keys[k]);
		write_number(w, money_said(r, x->value));
		write_text(w, r->scope.currency);
		write_number(w, str_fmt(r->line->arena, "%lld", (long long)x->n));
		write_number(w, str_fmt(r->line->arena, "%lld", (long long)x->n_no_rate));
		write_row_end(w);
	}
}

static void
csv_metrics(struct report *r, struct write *w)
{
	struct arena *a = r->line->arena;

	for (int i = 0; i < 6; i++)
		write_text(
		        w, str_of((const char *const[]){ "metric", "value", "n", "low", "high", "n_list_price" }[i]));
	write_row_end(w);
	for (size_t i = 0; i < r->n; i++) {
		const struct metric *m = &r->metrics[i];
		write_text(w, str_of(m->name));
		write_number(w, value_text(r, m));
		write_number(w, str_fmt(a, "%lld", (long long)m->n));
		write_number(w, m->interval ? str_fmt(a, "%.13g", m->low) : (str){ 0 });
		write_number(w, m->interval ? str_fmt(a, "%.13g", m->high) : (str){ 0 });
		write_number(w, m->lists ? str_fmt(a, "%lld", (long long)m->n_list) : (str){ 0 });
		write_row_end(w);
	}
}

static void
json_metrics(struct report *r, struct json *j)
{
	json_key(j, "metrics");
	json_object(j);
	for (size_t i = 0; i < r->n; i++) {
		const struct metric *m = &r->metrics[i];
		json_key(j, m->name);
		json_object(j);
		json_key(j, "value");
		json_value(j, m->unit, m->known, m->whole, m->real, m->text);
		json_key(j, "n");
		json_int(j, m->known ? m->n : 0);
		if (m->interval) {
			json_key(j, "low");
			json_double(j, m->low);
			json_key(j, "high");
			json_double(j, m->high);
		}
		if (m->lists) {
			json_key(j, "n_list_price");
			json_int(j, m->n_list);
		}
		if (m->unit == UNIT_MONEY) {
			json_key(j, "unit");
			json_str(j, STR("minor"));
		}
		json_end(j);
	}
	json_end(j);
}

static void
json_rows(struct report *r, struct json *j)
{
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	json_key(j, "rows");
	json_array(j);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct report_row *x = &r->rows[i];
		const str keys[] = { x->office, x->manager, x->person, x->quarter };
		json_object(j);
		for (int k = 0; k < 4; k++)
			if (r->by >> k & 1) {
				json_key(j, heads[k]);
				json_str(j, keys[k]);
			}
		json_key(j, "value");
		json_int(j, x->value);
		json_key(j, "n");
		json_int(j, x->n);
		json_key(j, "n_no_rate");
		json_int(j, x->n_no_rate);
		json_end(j);
	}
	json_end(j);
}

static void
day_or_null(struct json *j, struct arena *a, const char *key, day d)
{
	json_key(j, key);
	if (day_is(d))
		json_str(j, day_iso(a, d));
	else
		json_null(j);
}

static void
say_json(struct report *r, struct out *o)
{
	struct arena *a = r->line->arena;
	struct json j;

	json_init(&j, o);
	json_object(&j);
	json_key(&j, "report");
	json_str(&j, r->kind);
	day_or_null(&j, a, "as_of", r->scope.as_of);
	day_or_null(&j, a, "from", r->scope.from);
	day_or_null(&j, a, "to", r->scope.to);
	json_key(&j, "currency");
	json_str(&j, r->scope.currency);
	json_key(&j, "minor_digits");
	json_int(&j, money_digits(str_z(a, r->scope.currency)));
	json_key(&j, "person");
	if (r->scope.person)
		json_str(&j, r->person_name);
	else
		json_null(&j);
	if (r->is_stages)
		json_stages(r, &j);
	else if (r->is_rows)
		json_rows(r, &j);
	json_metrics(r, &j);
	if (r->table.columns)
		json_table(r, &j);
	json_end(&j);
	out_byte(o, '\n');
}

static void
say(struct report *r)
{
	struct out o;

	if (str_eq(r->format, STR("text"))) {
		say_text(r);
		return;
	}
	out_init(&o, 0);
	if (str_eq(r->format, STR("json"))) {
		say_json(r, &o);
	} else {
		struct write w = { .out = &o };
		if (r->is_stages)
			csv_stages(r, &w);
		else if (r->table.columns)
			csv_table(r, &w);
		else if (r->is_rows)
			csv_rows(r, &w);
		else
			csv_metrics(r, &w);
	}
	for (const struct out_block *b = o.first; b; b = b->next)
		fwrite(b->data, 1, b->n, stdout);
	out_fini(&o);
}

/* ---- the command ---- */

static const struct {
	const char *name;
	enum err (*fn)(struct conn *c, struct arena *a, struct report *r);
} kinds[] = { { "sales-summary", sales_summary }, { "revenue", revenue }, { "pipeline", pipeline },
	{ "coaching", coaching }, { "commitments", commitments }, { "gap", gap }, { "conversion", report_conversion },
	{ "velocity", report_velocity }, { "forecast", report_forecast }, { "win-loss", report_win_loss },
	{ "people", report_people }, { "survival", report_survival }, { "process", report_process },
	{ "trace", report_trace }, { "scorecard", report_scorecard }, { "observers", report_observers },
	{ "coaching-effect", report_effect }, { "campaigns", report_campaigns } };

static enum err
find_person(struct conn *c, struct arena *a, struct report *r)
{
	bool mail = str_find_byte(r->person_name, '@') != SIZE_MAX;
	struct rows rows;
	enum err e = db_query(c, a,
	        mail ? "select id, name from person where org_id = $1 and lower(email) = lower($2) order by id limit 2"
	             : "select id, name from person where org_id = $1 and name_key = $2 order by id limit 2",
	        DB_ARGS(DB_I(r->line->grant.org), DB_T(mail ? r->person_name : str_fold(a, r->person_name))), &rows);
	int n = 0;

	while (e == OK && db_next(&rows) && n++ == 0) {
		r->scope.person = db_int(&rows, 0);
		r->person_name = db_text(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && n == 0)
		return fault_add(&r->line->faults, STR("--person"),
		        str_fmt(a, "nobody is called “%.*s”", STR_ARG(r->person_name)),
		        STR("write the whole name, or the e-mail"));
	if (e == OK && n > 1)
		return fault_add(&r->line->faults, STR("--person"),
		        str_fmt(a, "two people are called “%.*s”", STR_ARG(r->person_name)), STR("name the e-mail"));
	return e;
}

static enum err
work(struct conn *c, struct arena *a, void *what)
{
	struct report *r = what;
	const struct actor *who = &r->line->actor;
	const struct zone *z = zone_find(who->zone_name);
	enum err e = r->person_name.n ? find_person(c, a, r) : OK;

	r->scope.currency = who->currency;
	r->reading = day_is(who->as_of) ? who->as_of : zone_day(z ? z : zone_utc(), now());
	if (!day_is(r->scope.as_of))
		r->scope.as_of = r->reading;
	if (e == OK)
		e = report_bound(c, &r->line->grant, &r->scope,
		        str_eq(r->kind, STR("people")) || (r->by & (REPORT_BY_PERSON | REPORT_BY_MANAGER)));
	for (size_t i = 0; e == OK && i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(r->kind, str_of(kinds[i].name)))
			e = kinds[i].fn(c, a, r);
	return e;
}

static bool
read_day(struct command_line *c, const char *name, day *ret)
{
	str text = command_option(c, name);

	*ret = DAY_NONE;
	if (!text.n || day_parse(text, ret))
		return true;
	fprintf(stderr, "ridealong report: --%s “%.*s” is not a day; write it as 2017-12-31\n", name, STR_ARG(text));
	return false;
}

static bool
read_by(struct command_line *c, unsigned *ret, str *ret_other)
{
	static const char *const heads[] = { "office", "manager", "person", "quarter" };

	for (size_t i = 0; i < c->n_options; i++) {
		str rest = c->options[i].value, one;
		if (!str_eq(c->options[i].name, STR("by")))
			continue;
		while (rest.n) {
			bool known = false;
			str_cut(rest, ',', &one, &rest);
			for (unsigned k = 0; k < 4; k++)
				if (str_eq(one, str_of(heads[k]))) {
					*ret |= 1u << k;
					known = true;
				}
			static const char *const others[] = { "stage", "step", "reason", "trait", "day" };
			for (size_t k = 0; k < sizeof others / sizeof *others; k++)
				if (str_eq(one, str_of(others[k]))) {
					*ret_other = one;
					known = true;
				}
			if (!known) {
				fprintf(stderr,
				        "ridealong report: --by “%.*s” is not known; use office, manager, person or "
				        "quarter; stage of conversion, step of process, reason or trait of win-loss, "
				        "day of "
				        "survival\n",
				        STR_ARG(one));
				return false;
			}
		}
	}
	return true;
}

static int
report(struct command_line *c)
{
	struct report r = { .line = c,
		.kind = c->n_words == 1 ? c->words[0] : (str){ 0 },
		.person_name = command_option(c, "person"),
		.format = command_option(c, "format") };
	bool known = false;
	enum err e;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		known |= str_eq(r.kind, str_of(kinds[i].name));
	if (!known)
		return command_misuse(&commands_report[0], "name one report");
	if (!r.format.n)
		r.format = STR("text");
	if (!str_eq(r.format, STR("text")) && !str_eq(r.format, STR("json")) && !str_eq(r.format, STR("csv")))
		return command_misuse(&commands_report[0], "--format is json, csv or text");
	if (!read_day(c, "as-of", &r.scope.as_of) || !read_day(c, "from", &r.scope.from) ||
	        !read_day(c, "to", &r.scope.to) || !read_by(c, &r.by, &r.by_other))
		return 2;
	if (day_is(r.scope.from) && day_is(r.scope.to) && r.scope.from.n > r.scope.to.n) {
		fprintf(stderr, "ridealong report: --from is after --to; nothing lies between them\n");
		return 2;
	}
	e = db_read(c->db, c->arena, work, &r);
	if (e != OK)
		return command_fail(c, e, "report");
	say(&r);
	return 0;
}

const struct command commands_report[] = {
	{ "report", NEED_COMPANY, report, "db= as-of= person= from= to= by= format=",
	        "usage: ridealong report KIND [--as-of 2017-12-31] [--from DAY] [--to DAY] [--person NAME|E-MAIL]\n"
	        "         [--by WHAT …] [--format json|csv|text] --db URL\n"
	        "KIND: "
	        "sales-summary|revenue|pipeline|coaching|commitments|gap|conversion|velocity|forecast|win-loss|people|"
	        "survival|process|trace|scorecard|observers|coaching-effect|campaigns\n"
	        "--by: revenue by office, manager, person, quarter; conversion by stage; velocity by quarter;\n"
	        "      forecast by person; win-loss by reason, trait; survival by day; process by step, person;\n"
	        "      scorecard by person: a leader and those next below\n"
	        "      observers: agreement of two who saw the same, per rubric and observer\n"
	        "      coaching-effect: behaviour seen afterwards and later deals, by coach, programme and skill\n"
	        "      campaigns: what each brought, with the time to first touch and what its deals won\n" },
	{ NULL, NEED_NOTHING, NULL, NULL, NULL },
};
