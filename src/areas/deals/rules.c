#include "areas/deals/arrive.h"
#include "areas/deals/source.h"
#include "areas/deals/sums.h"
#include "areas/process/standard.h"

/* What a deal takes from its stage and its product. */
struct stage_facts {
	id process;
	int outcome;
	int64_t probability, greatest, allowed_days;
	const struct guide *guide;
	int64_t days_to_close; /* allowed from coming into it to the last open stage's end; NO_INT: a stage has no limit
	                        */
};

/* P4: what the durations of the stages say, from this one on. */
static int64_t
days_to_close(const struct guide *g, id stage)
{
	const struct stage *here = guide_stage(g, stage);
	int64_t days = 0;

	for (size_t i = 0; here && i < g->n_stages; i++) {
		if (g->stages[i].outcome != OUTCOME_OPEN || g->stages[i].position < here->position)
			continue;
		if (g->stages[i].allowed_days == NO_INT)
			return NO_INT;
		days += g->stages[i].allowed_days;
	}
	return here ? days : NO_INT;
}

static enum err
load_guide(struct change *c, id stage, struct stage_facts *s)
{
	struct guide *g = arena_new(c->arena, struct guide, 1);
	enum err e = guide_load(c->conn, c->arena, c->grant->org, s->process, g);

	s->guide = g;
	s->days_to_close = e == OK ? days_to_close(g, stage) : NO_INT;
	return e;
}

static enum err
load_stage(struct change *c, id stage, struct stage_facts *ret)
{
	const struct stage_facts *known = known_facts(c, &stage_record, stage);
	struct rows rows;
	enum err e;

	if (known) {
		*ret = *known;
		return OK;
	}
	e = db_query(c->conn, c->arena,
	        "select process, outcome, probability, allowed_days, greatest from stage where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(stage)), &rows);

	*ret = (struct stage_facts){ 0, OUTCOME_OPEN, 0, NO_INT, NO_INT, NULL, NO_INT };
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		str outcome = db_text_raw(&rows, 1);
		ret->process = db_int(&rows, 0);
		ret->outcome = str_eq(outcome, STR("won"))    ? OUTCOME_WON
		               : str_eq(outcome, STR("lost")) ? OUTCOME_LOST
		                                              : OUTCOME_OPEN;
		ret->probability = db_int(&rows, 2);
		ret->allowed_days = db_is_null(&rows, 3) ? NO_INT : db_int(&rows, 3);
		ret->greatest = db_is_null(&rows, 4) ? NO_INT : db_int(&rows, 4);
	}
	e = db_end(&rows);
	if (e == OK)
		e = load_guide(c, stage, ret);
	if (e == OK)
		known_keep(c, &stage_record, stage, ret, sizeof *ret);
	return e;
}

int64_t
deal_clamp(int64_t sum, int64_t least, int64_t greatest)
{
	if (greatest == NO_INT)
		return least;
	return sum < least ? least : sum > greatest ? greatest : sum;
}

/* A file knows no steps and no stakeholders of ours: what is counted of a deal that was there stays (P5a). */
static bool
stays_counted(const struct change *c, const struct deal *was, const struct stage_facts *s)
{
	return c->kind == CHANGE_IMPORT && was && was->stage_steps != NO_INT && was->process == s->process &&
	       !s->guide->n_steps;
}

/* P4: the completed steps' points, clamped to the stage; a stage without bounds says it alone. Steps that do not appear
   count for nothing (P3). */
static enum err
weigh_steps(struct change *c, const struct deal *was, const struct stage_facts *s, struct deal *d)
{
	struct guided x;
	enum err e;

	d->probability = s->outcome == OUTCOME_WON ? 100 : s->outcome == OUTCOME_LOST ? 0 : s->probability;
	if (stays_counted(c, was, s))
		return OK;
	e = guide_deal(c->conn, c->arena, s->guide, c->grant->org, d, c->today, &x);
	if (e != OK)
		return e;
	d->people = x.people;
	d->deciders = x.deciders;
	d->stage_steps = x.stage_steps;
	d->stage_done = x.stage_done;
	d->steps_due = s->outcome == OUTCOME_OPEN ? x.steps_due : 0;
	d->progress_on = x.progress_on;
	if (s->outcome == OUTCOME_OPEN)
		d->probability = deal_clamp(x.sum, s->probability, s->greatest);
	return OK;
}

/* D1: the product lines' sum, where no amount was given. */
static enum err
value_lines(struct change *c, struct deal *d)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select count(*), cast(coalesce(sum(total), 0) as bigint) from line_item where org_id = $1 and deal = "
	        "$2 and currency = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(d->row.id), DB_T(d->currency)), &rows);

	if (e == OK && db_next(&rows) && db_int(&rows, 0)) {
		d->value = db_int(&rows, 1);
		d->value_from = VALUE_LINES;
	}
	return e == OK ? db_end(&rows) : e;
}

/* D5b: a missing amount counts with the product's list price, where the currency is the same, and is marked so. */
static enum err
value_deal(struct change *c, struct deal *d)
{
	struct rows rows;
	enum err e = OK;

	d->value = d->amount;
	d->value_from = d->amount == NO_INT ? VALUE_NONE : VALUE_AMOUNT;
	if (d->amount == NO_INT && d->row.version)
		e = value_lines(c, d);
	if (e != OK || d->value != NO_INT || !d->product)
		return e;
	e = db_query(c->conn, c->arena, "select list_price, currency from product where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(d->product)), &rows);
	if (e != OK)
		return e;
	if (db_next(&rows) && !db_is_null(&rows, 0) &&
	        (db_is_null(&rows, 1) || str_eq(db_text_raw(&rows, 1), d->currency))) {
		d->value = db_int(&rows, 0);
		d->value_from = VALUE_LIST;
	}
	return db_end(&rows);
}

static day
effective_day(const struct change *c)
{
	return c->effective ? zone_day(zone_utc(), c->effective) : c->today;
}

/* When it came into its stage: known for what happens here, "at least since" for what a file says (D5b). */
static void
date_stage(const struct change *c, const struct deal *was, struct deal *d)
{
	if (was && (was->stage == d->stage || (was->process != d->process && c->kind == CHANGE_JOB)))
		return; /* P1: the same deal on another version of its process */
	d->stage_since_known = c->kind != CHANGE_IMPORT || was != NULL;
	if (d->outcome != OUTCOME_OPEN && day_is(d->closed_on))
		d->stage_since = d->closed_on;
	else if (!was && c->kind == CHANGE_IMPORT)
		d->stage_since = day_is(d->engaged_on) ? d->engaged_on : d->created_on;
	else
		d->stage_since = effective_day(c);
}

static void
date_close(const struct change *c, struct deal *d)
{
	if (d->outcome == OUTCOME_OPEN)
		d->closed_on = DAY_NONE;
	else if (!day_is(d->closed_on) && (c->kind == CHANGE_EDIT || !day_is(d->closes_on)))
		d->closed_on = c->kind == CHANGE_IMPORT ? DAY_NONE : effective_day(c);
	else if (!day_is(d->closed_on))
		d->closed_on = d->closes_on;
}

static void
count_pushes(const struct deal *was, struct deal *d)
{
	if (d->pushes == NO_INT)
		d->pushes = 0;
	if (was && was->closes_from != CLOSES_STAGES && d->closes_from != CLOSES_STAGES && day_is(was->closes_on) &&
	        day_is(d->closes_on) && day_between(was->closes_on, d->closes_on) > 0)
		d->pushes++;
}

/* P4: the stages' durations say when it closes until a person sets a day; the source's own day is kept as theirs, and
   where the source knows none, none is made up (P5a). */
static void
date_expected(const struct change *c, const struct deal *was, const struct stage_facts *s, struct deal *d)
{
	bool moved = day_is(d->closes_on) && (!was || was->closes_on.n != d->closes_on.n);

	if (c->kind == CHANGE_IMPORT) {
		d->closes_from = moved ? CLOSES_SOURCE : day_is(d->closes_on) ? d->closes_from : CLOSES_NONE;
		return;
	}
	if (moved && c->kind == CHANGE_EDIT)
		d->closes_from = CLOSES_PERSON;
	if (!day_is(d->closes_on))
		d->closes_from = CLOSES_NONE;
	if (d->closes_from != CLOSES_PERSON)
		d->closes_why = (str){ 0 };
	if (d->outcome != OUTCOME_OPEN || (day_is(d->closes_on) && d->closes_from != CLOSES_STAGES) || d->source.n)
		return;
	d->closes_from = CLOSES_NONE;
	d->closes_on = DAY_NONE;
	if (s->days_to_close == NO_INT || !day_is(d->stage_since))
		return;
	d->closes_from = CLOSES_STAGES;
	d->closes_on = day_add(d->stage_since, (int)s->days_to_close);
}

static void
note_work(const struct change *c, const struct deal *was, struct deal *d)
{
	if (c->kind != CHANGE_EDIT)
		return;
	d->worked = true;
	if (!was || was->touched_on.n < c->today.n)
		d->touched_on = c->today;
}

void
deal_weigh(struct arena *a, struct deal *d, struct health_rules rules, int64_t allowed_days, day today)
{
	struct health_reason why[8];
	size_t n = deal_health(a, d, rules, allowed_days, today, why, &d->health_until);

	d->health = n ? why[0].level : d->outcome == OUTCOME_OPEN ? HEALTH_HEALTHY : HEALTH_NONE;
	d->health_why = (str){ 0 };
	for (size_t i = 0; i < n; i++)
		d->health_why = str_fmt(a, "%.*s%s%s", STR_ARG(d->health_why), i ? " " : "", why[i].code);
}

static enum err
company_currency(struct conn *c, struct arena *a, const struct grant *g, str *currency)
{
	struct company company;
	enum err e = currency->n ? OK : record_load(c, a, g, &company_record, g->org, &company);

	if (e == OK && !currency->n)
		*currency = company.currency;
	return e;
}

enum err
deal_today(struct conn *c, struct arena *a, const struct grant *g, day *d)
{
	struct company company;
	enum err e = day_is(*d) ? OK : record_load(c, a, g, &company_record, g->org, &company);

	if (e == OK && !day_is(*d)) {
		const struct zone *z = zone_find(company.zone);
		*d = day_is(company.as_of) ? company.as_of : zone_day(z ? z : zone_utc(), now());
	}
	return e;
}

enum err
deal_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct deal *d = object;
	struct process p;
	struct stage *stages;
	size_t n;
	enum err e = company_currency(c, a, g, &d->currency);

	if (e == OK)
		e = deal_today(c, a, g, &d->created_on);
	if (!d->owner)
		d->owner = g->person;
	if (e != OK || d->stage)
		return e;
	e = process_find_standard(c, a, g, &p);
	if (e == OK)
		e = process_stages(c, a, g->org, d->process ? d->process : p.row.id, &stages, &n);
	if (e == OK && n)
		d->stage = stages[0].row.id;
	return e == ERR_ABSENT ? OK : e;
}

enum err
contact_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct contact *x = object;

	(void)c;
	(void)a;
	if (!x->owner)
		x->owner = g->person;
	return OK;
}

/* A contact without an owner follows its account. */
enum err
contact_derive(struct change *c, const void *before, void *after)
{
	struct contact *x = after;
	int64_t owner;
	enum err e;

	if (before || x->owner || !x->account)
		return OK;
	e = db_one_int(c->conn, "select owner from account where org_id = $1 and id = $2 and owner is not null",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->account)), &owner);
	if (e == OK)
		x->owner = owner;
	return e == ERR_ABSENT ? OK : e;
}

#define CHART_DEEP 60

/* G2: a chart without a circle; a circle is refused with the names in it, as in the company's own line (O1). */
enum err
contact_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct contact *was = before, *x = after;
	id at = x ? x->reports_to : 0;
	str names = x ? x->name : (str){ 0 };

	if (!x || !at || (was && was->reports_to == at))
		return OK;
	for (int i = 0; at && i < CHART_DEEP; i++) {
		struct rows rows;
		enum err e = db_query(c->conn, c->arena,
		        "select name, coalesce(reports_to, 0) from contact where org_id = $1 and id = $2",
		        DB_ARGS(DB_I(c->grant->org), DB_I(at)), &rows);
		if (e != OK)
			return e;
		id next = 0;
		if (db_next(&rows)) {
			names = str_fmt(c->arena, "%.*s → %.*s", STR_ARG(names), STR_ARG(db_text(&rows, 0)));
			next = db_int(&rows, 1);
		}
		e = db_end(&rows);
		if (e != OK)
			return e;
		if (at == x->row.id || i == CHART_DEEP - 1)
			return fault_add(f, STR("reports_to"),
			        str_fmt(c->arena, "closes a circle: %.*s", STR_ARG(names)),
			        STR("choose somebody who does not report to them"));
		at = next;
	}
	return OK;
}

enum err
activity_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct activity *x = object;

	if (!x->person)
		x->person = g->person;
	return deal_today(c, a, g, &x->on_day);
}

enum err
target_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct target *t = object;

	return company_currency(c, a, g, &t->currency);
}

enum err
deal_derive(struct change *c, const void *before, void *after)
{
	const struct deal *was = before;
	struct deal *d = after;
	struct stage_facts s;
	enum err e = load_stage(c, d->stage, &s);

	if (e != OK)
		return e;
	d->process = s.process;
	d->outcome = s.outcome;
	e = value_deal(c, d);
	if (e == OK)
		e = weigh_steps(c, was, &s, d);
	if (e != OK)
		return e;
	d->weighted = d->outcome == OUTCOME_OPEN && d->value != NO_INT ? d->value * d->probability : 0;
	date_close(c, d);
	date_stage(c, was, d);
	date_expected(c, was, &s, d);
	count_pushes(was, d);
	note_work(c, was, d);
	deal_weigh(c->arena, d, s.guide->rules, s.allowed_days, c->today);
	return OK;
}

enum err
deal_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct deal *was = before, *d = after;

	if (!d)
		return OK;
	if (!money_known(d->currency))
		fault_add(f, STR("currency"), str_fmt(c->arena, "“%.*s” is no currency", STR_ARG(d->currency)),
		        STR("write three letters, as EUR"));
	if (d->value != NO_INT && (d->value > INT64_C(1000000000000000) || d->value < -INT64_C(1000000000000000)))
		fault_add(f, STR("amount"), STR("is larger than any deal"), STR("check the point and the comma"));
	if (c->kind == CHANGE_EDIT && d->outcome == OUTCOME_LOST && (!was || was->outcome != OUTCOME_LOST) &&
	        !d->lost_reason.n)
		fault_add(f, STR("lost_reason"), STR("is missing"), STR("say why it was lost"));
	if (was && d->row.version && !str_eq(was->currency, d->currency)) {
		int64_t lines;
		enum err e = db_one_int(c->conn,
		        "select count(*) from line_item where org_id = $1 and deal = $2 and currency <> $3",
		        DB_ARGS(DB_I(c->grant->org), DB_I(d->row.id), DB_T(d->currency)), &lines);
		if (e != OK)
			return e;
		if (lines) /* D3: nothing is converted without a rate */
			fault_add(f, STR("currency"),
			        str_fmt(c->arena, "has product lines in %.*s", STR_ARG(was->currency)),
			        STR("remove those lines first"));
	}
	if (day_is(d->engaged_on) && day_is(d->closed_on) && day_between(d->engaged_on, d->closed_on) < 0)
		fault_add(f, STR("closed_on"), STR("is before the deal was engaged"), STR("check the two days"));
	return source_guard(c, was, d, f);
}

enum err
deal_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	struct stage_facts s;
	enum err e = deal_sums_add(c, (const struct deal *const *)before, (const struct deal *const *)after, n);

	for (size_t i = 0; e == OK && c->kind == CHANGE_IMPORT && i < n; i++) {
		const struct deal *was = before[i], *d = after[i];
		if (!was || !d || was->stage == d->stage || was->process != d->process)
			continue;
		e = load_stage(c, d->stage, &s);
		if (e == OK)
			e = arrive_note(c, s.guide, was, d);
	}
	return e;
}
