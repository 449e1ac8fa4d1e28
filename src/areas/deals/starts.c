#include "areas/deals/starts.h"

#include "areas/process/standard.h"

static bool
is_due(const struct next_start *x, const struct deal *before, const struct deal *after)
{
	bool closed = before->outcome == OUTCOME_OPEN && after->outcome != OUTCOME_OPEN;

	if (x->moment == NEXT_STAGE)
		return after->stage == x->stage && before->stage != after->stage;
	return closed && after->outcome == (x->moment == NEXT_WON ? OUTCOME_WON : OUTCOME_LOST);
}

/* "{account}: service" with what the deal is about. */
static enum err
fill_name(struct change *c, const struct deal *d, str pattern, str *ret)
{
	str account = { 0 }, rest = pattern;
	struct rows rows;
	enum err e = db_query(c->conn, c->arena, "select name from account where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(d->account)), &rows);

	if (e == OK && db_next(&rows))
		account = db_text(&rows, 0);
	if (e == OK)
		e = db_end(&rows);
	*ret = (str){ 0 };
	while (e == OK && rest.n) {
		size_t at = str_find_byte(rest, '{');
		if (at == SIZE_MAX)
			at = rest.n;
		*ret = str_join(c->arena, *ret, str_first(rest, at));
		rest = str_from(rest, at);
		bool deal = str_starts(rest, STR("{deal}")), of = str_starts(rest, STR("{account}"));
		if (!rest.n)
			break;
		*ret = str_join(c->arena, *ret,
		        deal ? d->name
		        : of ? (account.n ? account : d->name)
		             : str_first(rest, 1));
		rest = str_from(rest, deal ? 6 : of ? 9 : 1);
	}
	return e;
}

static void
say(struct change *c, str *said, const char *what, str name)
{
	*said = str_fmt(c->arena, "%.*s, %s “%.*s”", STR_ARG(*said), what, STR_ARG(name));
}

static enum err
start_task(struct change *c, const struct deal *d, const struct next_start *x, str name, str *said)
{
	struct activity a;
	enum err e;

	record_init(&activity_record, &a);
	a.deal = d->row.id;
	a.account = d->account;
	a.person = d->owner;
	a.kind = choice_of(activity_choices, STR("task"));
	a.on_day = day_add(c->today, (int)x->after_days);
	a.subject = name;
	e = record_save(c, &activity_record, &a);
	if (e == OK)
		say(c, said, "task", name);
	return e;
}

static id
first_stage(const struct stage *stages, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (stages[i].outcome == OUTCOME_OPEN)
			return stages[i].row.id;
	return 0;
}

/* A line without a published version starts nothing, and that is said; a deal just started starts nothing further, so
   that no circle turns. */
static enum err
start_deal(struct change *c, const struct deal *d, const struct next_start *x, str name, str *said)
{
	struct process p;
	struct stage *stages;
	struct deal fresh;
	size_t n = 0;
	enum err e = process_published(c->conn, c->arena, c->grant->org, x->target, &p);

	if (e == OK)
		e = process_stages(c->conn, c->arena, c->grant->org, p.row.id, &stages, &n);
	if (e == ERR_ABSENT || (e == OK && !first_stage(stages, n))) {
		say(c, said, "not started, since its process has no published version:", name);
		return OK;
	}
	if (e != OK)
		return e;
	record_init(&deal_record, &fresh);
	fresh.name = name;
	fresh.account = d->account;
	fresh.owner = d->owner;
	fresh.currency = d->currency;
	fresh.process = p.row.id;
	fresh.stage = first_stage(stages, n);
	fresh.created_on = c->today;
	fresh.next_step = str_fmt(c->arena, "Take it up after “%.*s”", STR_ARG(d->name));
	if (str_letters(fresh.next_step) > 200)
		fresh.next_step = STR("Take it up");
	fresh.next_step_on = day_add(c->today, (int)x->after_days);
	e = record_save(c, &deal_record, &fresh);
	if (e == OK)
		say(c, said, "started", name);
	return e;
}

enum err
deal_starts_next(struct change *c, const struct deal *before, const struct deal *after, str *ret_said)
{
	const struct grant *own = c->grant;
	struct grant all = grant_all(own->org, own->login, own->person, "what a closed deal starts next");
	struct next_start *starts;
	size_t n;
	enum err e = process_next_starts(c->conn, c->arena, own->org, after->process, &starts, &n);

	*ret_said = (str){ 0 };
	c->grant = &all;
	for (size_t i = 0; e == OK && i < n; i++) {
		str name;
		if (!is_due(&starts[i], before, after))
			continue;
		e = fill_name(c, after, starts[i].name, &name);
		if (e == OK && str_letters(name) > 200)
			name = after->name;
		if (e == OK && starts[i].what == NEXT_TASK)
			e = start_task(c, after, &starts[i], name, ret_said);
		else if (e == OK && starts[i].what == NEXT_DEAL)
			e = start_deal(c, after, &starts[i], name, ret_said);
	}
	c->grant = own;
	return e;
}
