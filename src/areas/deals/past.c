/* What another system knows of a deal's past: since when it stood where, and what it was worth then (D5b). A row is one
   row of its file, with its own time; figures of stages read it beside the deal's own events. What it is not for: what
   happens here (change sets have that), or reading files (imports/past.c). */
#include "areas/deals/past.h"

static const char *const w_deal[] = { "deal", "deal id", "opportunity", "opportunity id", "opportunityid",
	"opportunity name", "deal name", "deal - id", "deal - title", "potential name", "potential id", "record id",
	"object id", NULL };
static const char *const w_at[] = { "when", "date", "changed at", "changed on", "change date", "edit date", "timestamp",
	"time", "last modified", "last modified date", "modified time", "createddate", "log time", "log_time", NULL };
static const char *const w_field[] = { "field", "field name", "field / event", "property", "property name", "field_key",
	NULL };
static const char *const w_was[] = { "old value", "oldvalue", "old_value", "previous value", "from value", NULL };
static const char *const w_became[] = { "new value", "newvalue", "new_value", "property value", "value", "to value",
	NULL };
static const char *const w_from[] = { "from stage", "previous stage", "old stage", "stage before", NULL };
static const char *const w_stage[] = { "to stage", "new stage", "stage", "stagename", "stage name", "deal stage",
	"deal - stage", NULL };
static const char *const w_amount[] = { "amount", "deal value", "deal - value", "expected amount", NULL };
static const char *const w_currency[] = { "currency", "amount currency", "currencyisocode", NULL };
static const char *const w_closes[] = { "close date", "closedate", "closing date", "expected close date", NULL };
static const char *const w_owner[] = { "owner", "opportunity owner", "deal owner", "ownerid", NULL };
static const char *const w_by[] = { "changed by", "edited by", "modified by", "last modified by", "createdbyid",
	"created by", "user", NULL };
static const char *const w_id[] = { "id", "history id", NULL };

static const struct field past_fields[] = {
	FIELD(struct past, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1,
	        .synonyms = w_deal),
	FIELD(struct past, person, REF, "Owner of the deal", .ref = &person_record, .system = 1),
	FIELD(struct past, at, INSTANT, "When", .required = 1, .list = 1, .synonyms = w_at),
	FIELD(struct past, on_day, DAY, "On", .list = 1, .filter = 1, .system = 1),
	FIELD(struct past, stage_from, REF, "Stage before", .ref = &stage_record, .list = 1, .synonyms = w_from),
	FIELD(struct past, stage, REF, "Stage", .ref = &stage_record, .list = 1, .filter = 1, .synonyms = w_stage),
	FIELD(struct past, amount, MONEY, "Amount", .list = 1, .synonyms = w_amount),
	FIELD(struct past, currency, TEXT, "Currency", .most = 3, .synonyms = w_currency),
	FIELD(struct past, closes_on, DAY, "Expected close", .list = 1, .synonyms = w_closes),
	FIELD(struct past, owner, REF, "Owner", .ref = &person_record, .list = 1, .synonyms = w_owner),
	FIELD(struct past, by, TEXT, "Changed by", .list = 1, .synonyms = w_by),
	FIELD(struct past, field, TEXT, "Field", .synonyms = w_field),
	FIELD(struct past, was, TEXT, "Old value", .synonyms = w_was),
	FIELD(struct past, became, TEXT, "New value", .synonyms = w_became),
	FIELD(struct past, source, TEXT, "Source"),
	FIELD(struct past, external_id, TEXT, "Id at the source", .synonyms = w_id),
};

/* What a row takes from its deal and its company, read once for all rows of a change set. */
struct past_facts {
	id owner, process;
	str currency;
};

static enum err
load_facts(struct change *c, id deal, struct past_facts *ret)
{
	const struct past_facts *known = known_facts(c, &deal_record, deal);
	struct rows rows;
	enum err e;

	*ret = (struct past_facts){ 0 };
	if (known) {
		*ret = *known;
		return OK;
	}
	e = db_query(c->conn, c->arena, "select owner, process, currency from deal where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(deal)), &rows);
	if (e == OK && db_next(&rows))
		*ret = (struct past_facts){ db_int(&rows, 0), db_int(&rows, 1), db_text(&rows, 2) };
	if (e == OK)
		e = db_end(&rows);
	if (e == OK)
		known_keep(c, &deal_record, deal, ret, sizeof *ret);
	return e;
}

static enum err
company_zone(struct change *c, const struct zone **ret)
{
	struct company o;
	enum err e = record_load(c->conn, c->arena, c->grant, &company_record, c->grant->org, &o);

	*ret = e == OK ? zone_find(o.zone) : NULL;
	if (!*ret)
		*ret = zone_utc();
	return e;
}

/* The company's day of it; an amount is in the deal's currency unless the file says another. */
static enum err
past_derive(struct change *c, const void *before, void *after)
{
	const struct past *was = before;
	struct past *x = after;
	struct past_facts deal;
	const struct zone *zone;
	enum err e = load_facts(c, x->deal, &deal);

	if (e == OK && (!day_is(x->on_day) || (was && was->at != x->at)) && x->at != NO_INT) {
		e = company_zone(c, &zone);
		x->on_day = zone_day(zone, x->at);
	}
	x->person = deal.owner;
	if (!x->currency.n && x->amount != NO_INT)
		x->currency = deal.currency;
	return e;
}

static enum err
check_stage(struct change *c, id stage, const char *place, const struct past_facts *deal, struct faults *f)
{
	struct stage s;
	enum err e = stage ? record_load(c->conn, c->arena, c->grant, &stage_record, stage, &s) : OK;

	if (e == OK && stage && s.process != deal->process)
		fault_add(f, str_of(place), STR("is of another process than the deal"),
		        STR("choose a stage of the deal’s own process"));
	return e == ERR_ABSENT ? OK : e;
}

static enum err
past_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct past *x = after;
	struct past_facts deal;
	enum err e = part_check(c, before, after, f);

	if (e != OK || !x)
		return e;
	if (x->at != NO_INT && x->at > c->at)
		fault_add(f, STR("at"), STR("is in the future"), STR("history is what was"));
	if (!x->stage && x->amount == NO_INT && !day_is(x->closes_on) && !x->owner)
		fault_add(f, STR("stage"), STR("is missing, as are amount, expected close and owner"),
		        STR("say what changed"));
	if (x->currency.n && !money_known(x->currency))
		fault_add(f, STR("currency"), str_fmt(c->arena, "“%.*s” is no currency", STR_ARG(x->currency)),
		        STR("write three letters, as EUR"));
	/* A row that stands keeps its stage when its deal moves to another version (P1). */
	if (before || c->kind != CHANGE_EDIT)
		return OK;
	e = load_facts(c, x->deal, &deal);
	if (e == OK)
		e = check_stage(c, x->stage, "stage", &deal, f);
	return e == OK ? check_stage(c, x->stage_from, "stage_from", &deal, f) : e;
}

/* Since when the deal stands where it stands, as its history says: the first row of the last run of that stage.
   DAY_NONE: the history ends elsewhere. */
static enum err
since_of(struct change *c, const struct deal *d, day *ret)
{
	struct rows rows;
	id last = 0;
	enum err e = db_query(c->conn, c->arena,
	        "select stage, on_day from deal_past where org_id = $1 and deal = $2 and stage is not null order by "
	        "at, id",
	        DB_ARGS(DB_I(c->grant->org), DB_I(d->row.id)), &rows);

	*ret = DAY_NONE;
	while (e == OK && db_next(&rows)) {
		id stage = db_int(&rows, 0);
		if (stage != last)
			*ret = db_day(&rows, 1);
		last = stage;
	}
	if (last != d->stage)
		*ret = DAY_NONE;
	return e == OK ? db_end(&rows) : e;
}

/* Did somebody move it here? That is newer than any file, and more exact. */
static enum err
moved_here(struct change *c, id deal, bool *ret)
{
	int64_t n;
	enum err e = db_one_int(c->conn,
	        "select count(*) from change_line l join change_set s on s.org_id = l.org_id and s.id = l.set_id where "
	        "l.org_id = $1 and l.row_id = $2 and l.record = 'deal' and l.field = 'stage' and l.before_ is not null "
	        "and s.kind <> 'import'",
	        DB_ARGS(DB_I(c->grant->org), DB_I(deal)), &n);

	*ret = e == OK && n > 0;
	return e;
}

/* How often it moved the expected close later before the deal came here: what came since is counted here (D4), and
 * once. */
static enum err
pushes_of(struct change *c, id deal, int64_t *ret)
{
	struct rows rows;
	day last = DAY_NONE;
	enum err e = db_query(c->conn, c->arena,
	        "select p.closes_on from deal_past p where p.org_id = $1 and p.deal = $2 and p.closes_on is not null "
	        "and "
	        "p.at < coalesce((select min(s.at) from change_line l join change_set s on s.org_id = l.org_id and "
	        "s.id "
	        "= l.set_id where l.org_id = $1 and l.row_id = $2 and l.record = 'deal' and l.field = ''), $3) order "
	        "by "
	        "p.at, p.id",
	        DB_ARGS(DB_I(c->grant->org), DB_I(deal), DB_I(c->at)), &rows);

	*ret = 0;
	while (e == OK && db_next(&rows)) {
		day now = db_day(&rows, 0);
		*ret += day_is(last) && day_between(last, now) > 0;
		last = now;
	}
	return e == OK ? db_end(&rows) : e;
}

/* D5b: with history, time in stage is known; "at least since" falls away. */
static enum err
date_stage(struct change *c, struct deal *d, bool *ret_changed)
{
	day since;
	bool moved = false;
	enum err e = since_of(c, d, &since);

	if (e == OK && day_is(since) && d->stage_since_known)
		e = moved_here(c, d->row.id, &moved);
	if (e != OK || moved || !day_is(since) || (d->stage_since_known && d->stage_since.n == since.n))
		return e;
	d->stage_since = since;
	d->stage_since_known = true;
	*ret_changed = true;
	return OK;
}

static enum err
date_deal(struct change *c, id deal)
{
	struct deal d;
	bool changed = false;
	int64_t pushes;
	enum err e = record_load(c->conn, c->arena, c->grant, &deal_record, deal, &d);

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	if (d.outcome != OUTCOME_OPEN)
		return OK; /* the day of closing stands on the deal */
	e = date_stage(c, &d, &changed);
	if (e == OK)
		e = pushes_of(c, deal, &pushes);
	if (e == OK && pushes != (d.past_pushes == NO_INT ? 0 : d.past_pushes)) {
		d.past_pushes = pushes;
		changed = true;
	}
	return e == OK && changed ? record_save(c, &deal_record, &d) : e;
}

static enum err
past_changed(struct change *c, const void *const *before, const void *const *after, size_t n)
{
	const struct grant *whose = c->grant;
	struct grant hook = grant_all(whose->org, whose->login, whose->person, "a deal’s history dates its stage");
	enum err e = OK;
	id last = 0;

	(void)before;
	if (c->kind == CHANGE_UNDO)
		return OK; /* the deal's own field is taken back in the same change set */
	c->grant = &hook;
	for (size_t i = 0; e == OK && i < n; i++) {
		const struct past *x = after[i];
		if (!x || (!x->stage && !day_is(x->closes_on)) || x->deal == last)
			continue;
		last = x->deal;
		e = date_deal(c, last);
	}
	c->grant = whose;
	return e;
}

const struct record past_record = {
	.name = "deal_past",
	.api = "deal-history",
	.api_write = true,
	.table = "deal_past",
	.label = "row of a deal’s history",
	.plural = "rows of deals’ history",
	.size = sizeof(struct past),
	FIELDS(past_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "deal at", NULL },
	.purpose = "Since when a deal stood where, before it came here.",
	.retention = "With the deal.",
	.derive = past_derive,
	.check = past_check,
	.changed = past_changed,
};
