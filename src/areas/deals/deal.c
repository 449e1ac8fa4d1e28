#include <string.h>

#include "areas/deals/one.h"
#include "areas/deals/steps.h"

#include "areas/deals/deal_html.h"

const struct stage *
one_stage(const struct deal_view *v, id stage)
{
	for (size_t i = 0; i < v->n_stages; i++)
		if (v->stages[i].row.id == stage)
			return &v->stages[i];
	return NULL;
}

str
one_path(struct request *r, id deal, const char *behind)
{
	return str_fmt(r->arena, "/deals/%.*s%s", STR_ARG(id_text(r->arena, deal)), behind);
}

static str
ago(struct request *r, instant at)
{
	int64_t minutes = (now() - at) / 60000;

	if (minutes < 1)
		return STR("just now");
	if (minutes < 60)
		return str_fmt(r->arena, "%lld minute%s ago", (long long)minutes, minutes == 1 ? "" : "s");
	return instant_text(r->arena, at, page_zone(r));
}

enum err
one_changed_by(struct request *r, id deal, const char *field, str *ret)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select coalesce(p.name, ''), s.at from change_line l join change_set s on s.org_id = l.org_id and "
	        "s.id = l.set_id left join person p on p.org_id = s.org_id and p.id = s.person where l.org_id = $1 and "
	        "l.row_id = $2 and l.record = 'deal' and l.field = $3 order by l.set_id desc limit 1",
	        DB_ARGS(DB_I(r->actor.org), DB_I(deal), DB_T(str_of(field))), &rows);

	*ret = STR("Somebody");
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		str name = db_text(&rows, 0);
		*ret = str_fmt(r->arena, "%.*s, %.*s", STR_ARG(name.n ? name : STR("An administrator")),
		        STR_ARG(ago(r, db_int(&rows, 1))));
	}
	return db_end(&rows);
}

enum err
one_may_write(struct request *r, id deal)
{
	int64_t one = 0;
	str sql = str_fmt(r->arena, "select 1 from deal t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(r->arena, &r->grant, MATTER_DEALS, ACT_WRITE, "t.owner")));
	enum err e = db_one_int(
	        r->conn, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(deal)), &one);

	return e == ERR_ABSENT ? ERR_DENIED : e;
}

/* Who reads may not therefore write (O3): a reader gets the page without its forms. */
static enum err
load_may(struct request *r, struct deal_view *v)
{
	enum err e = one_may_write(r, v->d->row.id);

	v->may = e == OK;
	return e == ERR_DENIED ? OK : e;
}

/* P4: what the stages after this one allow. */
static void
add_rest(struct deal_view *v)
{
	v->rest_days = 0;
	for (size_t i = 0; i < v->n_stages; i++) {
		const struct stage *s = &v->stages[i];
		if (s->outcome != OUTCOME_OPEN || s->position <= v->here->position)
			continue;
		if (s->allowed_days == NO_INT) {
			v->rest_days = NO_INT;
			return;
		}
		v->rest_days += s->allowed_days;
	}
}

enum err
one_load(struct request *r, const struct deal *d, struct deal_view *v)
{
	static const struct stage nowhere = { .allowed_days = NO_INT, .greatest = NO_INT };
	day until;
	enum err e = guide_load(r->conn, r->arena, r->actor.org, d->process, &v->guide);

	if (e == OK)
		e = guide_deal(r->conn, r->arena, &v->guide, r->actor.org, d, r->today, &v->guided);
	if (e != OK)
		return e;
	e = source_find(r->conn, r->arena, r->actor.org, d->source, &v->their);
	if (e != OK && e != ERR_ABSENT)
		return e;
	v->their_link = e == OK ? source_link(r->arena, &v->their, d->external_id) : (str){ 0 };
	v->d = d;
	v->record = page_own(r, &deal_record);
	v->stages = v->guide.stages;
	v->n_stages = v->guide.n_stages;
	v->account = page_name(r, "account", d->account);
	v->product = page_name(r, "product", d->product);
	v->owner = page_name(r, "person", d->owner);
	v->process = page_name(r, "process", d->process);
	v->campaign = d->campaign ? page_name(r, "campaign", d->campaign) : (str){ 0 };
	v->here = one_stage(v, d->stage);
	if (!v->here)
		v->here = &nowhere;
	v->stage = v->here->name;
	v->exit = v->here->exit;
	v->guidance = v->here->guidance;
	v->allowed_days = v->here->allowed_days;
	v->least = v->here->probability;
	v->greatest = v->here->greatest;
	add_rest(v);
	v->days_in_stage = day_is(d->stage_since) ? day_between(d->stage_since, r->today) : 0;
	e = source_find(r->conn, r->arena, r->actor.org, d->source, &v->their);
	if (e != OK && e != ERR_ABSENT)
		return e;
	v->their_link = e == OK ? source_link(r->arena, &v->their, d->external_id) : (str){ 0 };
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_DEALS);
	v->n_why = deal_health(r->arena, d, v->guide.rules, v->allowed_days, r->today, v->why, &until);
	return steps_load(r, v);
}

enum err
one_show(struct request *r, const struct deal *d, struct deal_view *v)
{
	struct crumb crumb = { STR("Deals"), STR("/deals") };
	struct page p = {
		.title = d->name, .subtitle = v->account, .crumbs = &crumb, .n_crumbs = 1, .bare_title = true
	};
	enum err e = one_load(r, d, v);

	if (e == OK)
		e = load_may(r, v);
	if (e == OK)
		e = parts_load(r, v);
	if (e == OK)
		e = files_load(r, &deal_record, d->row.id, v->may, &v->files);
	if (e == OK && d->outcome == OUTCOME_OPEN)
		e = content_of_process(r->conn, r->arena, r->actor.org, d->process, &v->helps, &v->n_helps);
	if (e == OK)
		e = timeline_load(r, v);
	if (e == OK)
		e = mention_list(r, d->row.id, v->mentions, &v->n_mentions);
	if (e == OK)
		e = blockers_of_deal(r, d->row.id, &v->blocked, &v->n_blocked);
	if (e != OK)
		return e;
	facts_fill(r, v);
	page_head(r, &p);
	tpl_deal_one(&r->view, v, r);
	page_foot(r);
	return OK;
}

enum err
deal_page(struct request *r)
{
	struct deal d;
	struct deal_view v = { 0 };
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	return e == OK ? one_show(r, &d, &v) : e;
}

/* ---- a new one ---- */

static enum err
show_new(struct request *r, struct deal *d)
{
	struct crumb crumb = { STR("Deals"), STR("/deals") };
	struct page p = { .title = STR("New deal"), .crumbs = &crumb, .n_crumbs = 1 };
	struct deal_view v = { .creating = true, .d = d, .record = page_own(r, &deal_record) };
	struct stage *stages;
	enum err e = process_stages(r->conn, r->arena, r->actor.org, d->process, &stages, &v.n_stages);

	if (e != OK)
		return e;
	v.stages = stages;
	e = source_find(r->conn, r->arena, r->actor.org, d->source, &v.their);
	if (e != OK && e != ERR_ABSENT)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_deal_form(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
fresh_deal(struct request *r, id stage, struct deal *d)
{
	struct process process;
	struct stage s, *stages;
	size_t n;
	enum err e;

	record_init(&deal_record, d);
	d->owner = r->actor.person;
	d->currency = r->actor.currency;
	if (stage && record_load(r->conn, r->arena, &r->grant, &stage_record, stage, &s) == OK &&
	        s.outcome == OUTCOME_OPEN) {
		d->stage = stage;
		d->process = s.process;
		return OK;
	}
	e = process_find_standard(r->conn, r->arena, &r->grant, &process);
	if (e == OK)
		e = process_stages(r->conn, r->arena, r->actor.org, process.row.id, &stages, &n);
	if (e == OK) {
		d->process = process.row.id;
		d->stage = n ? stages[0].row.id : 0;
	}
	return e;
}

enum err
deal_new(struct request *r)
{
	struct deal d;
	enum err e = fresh_deal(r, page_id_param(r, "stage"), &d);

	return e == OK ? show_new(r, &d) : e;
}

enum err
deal_create(struct request *r)
{
	struct deal d;
	struct account x;
	id set = 0;
	enum err e = fresh_deal(r, page_id_field(r, "stage"), &d);

	if (e != OK)
		return e;
	d.created_on = r->today;
	e = page_fill(r, &deal_record, "name amount account product owner closes_on next_step next_step_on", &d);
	if (page_fill_own(r, page_own(r, &deal_record), true, &d) != OK)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s added", STR_ARG(d.name)), &deal_record, &d, &set);
	if (e == ERR_INPUT) { /* O5: a form that comes back names no account that is not seen */
		if (record_load(r->conn, r->arena, &r->grant, &account_record, d.account, &x) != OK)
			d.account = 0;
		return show_new(r, &d);
	}
	if (e != OK)
		return e;
	return d.row.id ? page_done(r, set, one_path(r, d.row.id, "")) : page_go(r, STR("/board"));
}

/* ---- steps and activities ---- */

/* A refused step comes back on the deal's page, with what was typed. */
enum err
deal_step(struct request *r)
{
	struct deal d;
	struct deal_view v = { 0 };
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e == OK)
		e = step_answer(r, &d, page_id_field(r, "step"), &set);
	if (e == ERR_INPUT) {
		r->answer->status = 422;
		return one_show(r, &d, &v);
	}
	return e == OK ? page_done(r, set, one_path(r, d.row.id, "#c-next")) : e;
}

enum err
deal_activity(struct request *r)
{
	struct activity x;
	struct deal d;
	struct deal_view v = { 0 };
	id set = 0;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	if (e != OK)
		return e;
	record_init(&activity_record, &x);
	x.deal = d.row.id;
	x.account = d.account;
	x.person = r->actor.person;
	e = page_fill(r, &activity_record, "kind on_day subject text", &x);
	if (e == OK)
		e = page_save(r, STR("Activity noted"), &activity_record, &x, &set);
	if (e == ERR_INPUT) {
		r->answer->status = 422;
		return one_show(r, &d, &v);
	}
	return e == OK ? page_done(r, set, one_path(r, d.row.id, "#c-time")) : e;
}

const struct route deal_routes[] = {
	{ HTTP_GET, "/board", POLICY_SIGNED_IN, board_page, "board", "See the pipeline", false },
	{ HTTP_GET, "/board/totals", POLICY_SIGNED_IN, board_totals, "board", "Count and sum the pipeline of a filter",
	        false },
	{ HTTP_GET, "/deals/new", POLICY_PERSON, deal_new, "deals", "Enter a deal", false },
	{ HTTP_POST, "/deals", POLICY_PERSON, deal_create, "deals", "Add a deal", false },
	{ HTTP_GET, "/deals/:", POLICY_SIGNED_IN, deal_page, "deals", "See a deal", false },
	{ HTTP_GET, "/deals/:/edit", POLICY_SIGNED_IN, deal_edit, "deals", "Edit a deal", false },
	{ HTTP_POST, "/deals/:/edit", POLICY_SIGNED_IN, deal_update, "deals", "Save a deal", false },
	{ HTTP_POST, "/deals/:/move", POLICY_SIGNED_IN, deal_move, "deals", "Move a deal", false },
	{ HTTP_POST, "/deals/:/step", POLICY_SIGNED_IN, deal_step, "deals", "Tick a step", false },
	{ HTTP_POST, "/deals/:/activity", POLICY_PERSON, deal_activity, "deals", "Note an activity", false },
	{ HTTP_POST, "/deals/:/part/*", POLICY_SIGNED_IN, part_save, "deals", "Add to a deal", false },
	{ HTTP_POST, "/deals/:/part/*/:/remove", POLICY_SIGNED_IN, part_drop, "deals", "Take off a deal", false },
	{ HTTP_POST, "/mentions/:/read", POLICY_PERSON, mention_read, NULL, "Put a mention away", false },
	{ HTTP_GET, "/palette", POLICY_SIGNED_IN, palette, NULL, "Find by name", false },
	{ HTTP_GET, "/search", POLICY_SIGNED_IN, search_page, NULL, "Search", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
