/* What a report is made of, and those of sums over deals, coaching and commitments.
   What it is not for: other reports (report_*.c), printing (report_say.c), asking (report_command.c, report_api.c). */
#include <math.h>
#include <string.h>

#include "app/report.h"
#include "areas/leadership/trace.h"
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

	arena_grow(r->arena, t->rows, t->n, t->cap);
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

enum err
report_fault(struct report *r, const char *option, str what, str mend)
{
	str name = str_copy(r->arena, str_of(option));

	for (size_t i = 0; r->limits && i < name.n; i++)
		if (name.s[i] == '-')
			((char *)name.s)[i] = '_';
	return fault_add(r->faults, r->limits ? name : str_join(r->arena, STR("--"), name), what, mend);
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
	enum err e = report_sales(c, a, r->grant, &r->scope, &s);
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

/* O5: what one person won is theirs and the line's above; of five or more it is a sum. */
static enum err
may_sum(struct conn *c, const struct report *r)
{
	int64_t n = 0;
	enum err e = OK;

	if (!r->limits || !r->scope.person || trace_stands(c, r->grant->org, r->asker, r->scope.person))
		return OK;
	e = report_line(c, r->grant->org, r->scope.person, &n);
	return e == OK && n < REPORT_FEW ? ERR_ABSENT : e;
}

static enum err
revenue(struct conn *c, struct arena *a, struct report *r)
{
	struct rate_said said;
	enum err e = may_sum(c, r);

	if (e == OK)
		e = report_revenue(c, a, r->grant, &r->scope, r->by, &r->rows, &r->n_rows, &said);

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
		return report_fault(r, "as-of", STR("what was open on a past day is not known from today's stages"),
		        STR("leave it out"));
	r->is_stages = true;
	e = report_stages(c, a, r->grant, &r->scope, &r->stages, &r->n_stages, &said);
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
	enum err e = record_query(c, a, r->grant, str_z(a, sql),
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

	e = report_gap(c, a, r->grant, &r->scope, &g);
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

/* ---- which there are ---- */

const struct report_kind report_kinds[] = {
	{ "sales-summary", "Won, lost and open deals, win rate, cycle and values", "/analyse", NULL, WHOSE_ALL, 0, 0, 0,
	        0, sales_summary },
	{ "revenue", "What was won, by office, manager, person and quarter", NULL, "office manager person quarter",
	        WHOSE_ALL, 0, 0, 0, 0, revenue },
	{ "pipeline", "What is open, by stage", "/board", NULL, WHOSE_ALL, 0, 0, 0, 0, pipeline },
	{ "coaching", "Sessions due, held, confirmed, and on the same skill", "/leaders", NULL, WHOSE_PERSON, 0, 1, 1,
	        0, coaching },
	{ "commitments", "Commitments due, kept and missed", "/leaders", NULL, WHOSE_PERSON, 0, 1, 1, 0, commitments },
	{ "gap", "Where the number went: the gap to target, split", "/gap", NULL, WHOSE_TEAM_HEAD, 1, 0, 0, 0, gap },
	{ "conversion", "How far deals come on their way", "/analyse?show=conversion", "stage", WHOSE_TEAM, 0, 0, 0, 0,
	        report_conversion },
	{ "velocity", "How fast deals are decided, and what a day brings", "/analyse?show=velocity", "quarter",
	        WHOSE_TEAM, 0, 0, 0, 0, report_velocity },
	{ "forecast", "Commit, best case, weighted and a simulated range", "/forecast", "person", WHOSE_OWN, 0, 0, 0, 0,
	        report_forecast },
	{ "win-loss", "Why deals are lost, and what goes with wins", "/analyse?show=win-loss", "reason trait",
	        WHOSE_TEAM, 0, 0, 0, 0, report_win_loss },
	{ "people", "Do people differ by more than chance", "/analyse?show=people", NULL, WHOSE_TEAM, 0, 0, 0, 1,
	        report_people },
	{ "survival", "How long deals stay open", "/analyse?show=velocity", "day", WHOSE_TEAM, 0, 0, 0, 0,
	        report_survival },
	{ "process", "Faults of the process and of people", "/analyse?show=steps", "step person", WHOSE_TEAM, 0, 0, 0,
	        0, report_process },
	{ "trace", "What each leader owed where a number was missed", "/trace", NULL, WHOSE_PERSON, 1, 1, 0, 0,
	        report_trace },
	{ "scorecard", "The measures of a person, or of a leader and those next below", "/scorecard", "person",
	        WHOSE_PERSON, 1, 1, 0, 0, report_scorecard },
	{ "observers", "Do two who saw the same call give the same levels", "/rubrics", NULL, WHOSE_ALL, 0, 0, 0, 0,
	        report_observers },
	{ "coaching-effect", "Does coaching help, by coach, programme and skill", "/coaching/effect", NULL, WHOSE_ALL,
	        0, 0, 0, 0, report_effect },
	{ "campaigns", "What each campaign brought", "/campaigns", NULL, WHOSE_ALL, 0, 0, 0, 0, report_campaigns },
	{ NULL, NULL, NULL, NULL, WHOSE_ALL, 0, 0, 0, 0, NULL },
};

const struct report_kind *
report_kind_of(str name)
{
	for (const struct report_kind *k = report_kinds; k->name; k++)
		if (str_eq(name, str_of(k->name)))
			return k;
	return NULL;
}

static bool
takes(const struct report_kind *k, str word)
{
	str rest = str_of(k->by ? k->by : ""), one;

	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		if (str_eq(one, word))
			return true;
	}
	return false;
}

/* Some report takes it. */
static bool
is_word(str word)
{
	for (const struct report_kind *k = report_kinds; k->name; k++)
		if (takes(k, word))
			return true;
	return false;
}

enum err
report_by(const struct report_kind *k, str words, unsigned *ret, str *ret_other, str *ret_wrong)
{
	static const char *const heads[] = { "office", "manager", "person", "quarter" };
	str one;

	while (words.n) {
		str_cut(words, ',', &one, &words);
		if (k ? !takes(k, one) : !is_word(one)) {
			*ret_wrong = one;
			return ERR_INPUT;
		}
		bool head = false;
		for (unsigned i = 0; i < 4; i++)
			if (str_eq(one, str_of(heads[i]))) {
				*ret |= 1u << i;
				head = true;
			}
		if (!head)
			*ret_other = one;
	}
	return OK;
}

/* ---- asking ---- */

static enum err
find_head(struct conn *c, struct report *r)
{
	enum err e = db_one_int(c, "select coalesce(head, 0) from company where org_id = $1",
	        DB_ARGS(DB_I(r->grant->org)), &r->scope.person);

	return e == ERR_ABSENT ? OK : e;
}

/* Who is meant where nobody is named. */
static enum err
choose_person(struct conn *c, struct report *r)
{
	enum report_whose whose = r->kind->whose;

	if (r->scope.person)
		return OK;
	if (!r->limits)
		return whose == WHOSE_PERSON && !r->kind->below ? find_head(c, r) : OK;
	if (whose == WHOSE_PERSON) {
		if (r->all && !r->kind->below)
			return report_fault(r, "person", STR("is not one person"), STR("write the id of one"));
		r->scope.person = r->asker;
	} else if (!r->all && whose == WHOSE_TEAM_HEAD) {
		if (!r->asker_leads)
			return find_head(c, r);
		r->scope.person = r->asker;
	} else if (!r->all && ((whose == WHOSE_TEAM && r->asker_leads) || whose == WHOSE_OWN) && !r->asker_heads) {
		r->scope.person = r->asker;
	}
	return OK;
}

static void
fill_quarter(struct report_scope *s)
{
	if (!day_is(s->from))
		s->from = day_quarter(s->as_of);
	if (!day_is(s->to))
		s->to = day_add(day_add_months(s->from, 3), -1);
}

enum err
report_run(struct conn *c, struct report *r)
{
	const struct report_kind *k = r->kind;
	bool singly = k->singly || (r->by & (REPORT_BY_PERSON | REPORT_BY_MANAGER));
	enum err e = r->limits && k->persons && !r->asker ? ERR_ABSENT : choose_person(c, r);

	if (e == OK && r->limits && k->below && !trace_stands(c, r->grant->org, r->asker, r->scope.person))
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	if (k->quarter)
		fill_quarter(&r->scope);
	r->asked = r->scope.from;
	r->asked_to = r->scope.to;
	e = report_bound(c, r->grant, &r->scope, singly);
	if (k->quarter && r->scope.to.n < r->scope.from.n)
		r->scope.to = r->scope.from;
	return e == OK ? k->fn(c, r->arena, r) : e;
}
