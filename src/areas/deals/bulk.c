#include "areas/deals/arrive.h"
#include "areas/deals/bulk.h"
#include "areas/deals/one.h"
#include "areas/deals/starts.h"
#include "areas/process/standard.h"

#include "areas/deals/bulk_html.h"

/* The wish, what the process says of deals that move (each version read once), and the deal at hand. */
struct bulk {
	struct bulk_wish wish;
	struct guide guides[8];
	size_t n_guides;
	struct deviation past;
	id deal, tag_off; /* the row that goes; 0: none */
	int64_t tag_version;
	bool tag_add; /* it lacks the tag */
};

/* ---- what ---- */

static void
read_words(struct request *r, struct many *m, const struct bulk_wish *w)
{
	struct arena *a = r->arena;

	many_word(r, m, "Owner", page_name(r, "person", w->owner));
	many_word(r, m, "Stage", page_name(r, "stage", w->stage));
	many_word(r, m, "Lost because", w->lost_reason);
	many_word(r, m, "Expected close", day_is(w->closes_on) ? day_long(a, w->closes_on) : (str){ 0 });
	many_word(r, m, "Next step", w->next_step);
	many_word(r, m, "Next step on", day_is(w->next_step_on) ? day_long(a, w->next_step_on) : (str){ 0 });
	if (w->category)
		many_word(r, m, "Forecast category", str_of(category_choices[w->category].label));
	many_word(r, m, "Tag added", w->tag_add);
	many_word(r, m, "Tag removed", w->tag_off);
	if (w->stage)
		many_word(r, m, "Past open steps", w->past);
}

static enum err
read_wish(struct request *r, struct many *m)
{
	struct bulk *b = arena_new(r->arena, struct bulk, 1);
	struct bulk_wish *w = &b->wish;
	struct stage s;
	enum err e = OK;

	m->wish = b;
	*w = (struct bulk_wish){ .owner = many_chosen(r, "owner", &person_record),
		.stage = many_chosen(r, "stage", &stage_record),
		.closes_on = page_day_field(r, "closes_on", false),
		.next_step_on = page_day_field(r, "next_step_on", false),
		.next_step = page_field(r, "next_step"),
		.lost_reason = page_field(r, "lost_reason"),
		.past = page_field(r, "past"),
		.category = choice_of(category_choices, page_field(r, "category")),
		.tag_add = str_trim(page_field(r, "tag_add")),
		.tag_off = str_trim(page_field(r, "tag_off")) };
	if (str_letters(w->tag_add) > DEAL_TAG_MOST)
		fault_add(&r->faults, STR("tag_add"), STR("is too long"),
		        str_fmt(r->arena, "at most %d letters", DEAL_TAG_MOST));
	if (w->stage) {
		e = record_load(r->conn, r->arena, &r->grant, &stage_record, w->stage, &s);
		w->outcome = s.outcome;
	}
	if (e == OK && !m->remove)
		read_words(r, m, w);
	return e;
}

/* ---- one deal ---- */

static enum err
find_guide(struct change *c, struct bulk *w, id process, const struct guide **ret)
{
	enum err e;

	for (size_t i = 0; i < w->n_guides; i++)
		if (w->guides[i].process == process) {
			*ret = &w->guides[i];
			return OK;
		}
	if (w->n_guides == sizeof w->guides / sizeof *w->guides)
		w->n_guides = 0;
	e = guide_load(c->conn, c->arena, c->grant->org, process, &w->guides[w->n_guides]);
	if (e == OK)
		*ret = &w->guides[w->n_guides++];
	return e;
}

/* P6: one of the reasons, where the process lists any. */
static enum err
check_reason(struct change *c, const struct bulk_wish *w, id process, str *ret_why)
{
	struct lost_reason *all;
	size_t n;
	str names = { 0 };
	enum err e = process_lost_reasons(c->conn, c->arena, c->grant->org, process, false, &all, &n);

	if (e != OK || !n || !w->lost_reason.n)
		return e;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(all[i].name, w->lost_reason))
			return OK;
		names = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(names), names.n ? ", " : "", STR_ARG(all[i].name));
	}
	*ret_why = str_fmt(c->arena, "is lost for one of: %.*s", STR_ARG(names));
	return OK;
}

static enum err
check_gate(struct change *c, struct bulk *w, const struct deal *d, struct deviation *past, str *ret_why)
{
	const struct bulk_wish *wish = &w->wish;
	const struct guide *g = NULL;
	enum err e = find_guide(c, w, d->process, &g);

	if (e != OK)
		return e;
	const struct stage *from = guide_stage(g, d->stage), *to = guide_stage(g, wish->stage);
	if (!to || !from) {
		*ret_why = STR("follows another process, which has no such stage");
		return OK;
	}
	if (to->outcome == OUTCOME_LOST)
		return check_reason(c, wish, d->process, ret_why);
	if (from->outcome != OUTCOME_OPEN || to->position <= from->position)
		return OK;
	e = arrive_open(c, g, d, from, to, past);
	if (past->n && !wish->past.n)
		*ret_why = str_fmt(c->arena, "has to do first: %.*s", STR_ARG(past->steps));
	if (past->steps.n > 1900)
		past->steps = (str){ 0 };
	past->deal = d->row.id;
	past->person = c->grant->person;
	past->from_stage = from->row.id;
	past->to_stage = to->row.id;
	past->on_day = c->today;
	past->reason = wish->past;
	return e;
}

static void
put(const struct bulk_wish *w, struct deal *d)
{
	if (w->owner)
		d->owner = w->owner;
	if (w->stage)
		d->stage = w->stage;
	if (w->stage && w->outcome != OUTCOME_LOST)
		d->lost_reason = (str){ 0 };
	if (w->lost_reason.n && (w->outcome == OUTCOME_LOST || (!w->stage && d->outcome == OUTCOME_LOST)))
		d->lost_reason = w->lost_reason;
	if (day_is(w->closes_on))
		d->closes_on = w->closes_on;
	if (w->next_step.n)
		d->next_step = w->next_step;
	if (day_is(w->next_step_on))
		d->next_step_on = w->next_step_on;
	if (w->category)
		d->category = w->category;
}

/* The row of a tag, by what it says without case and accents. */
static enum err
find_tag(struct change *c, const struct deal *d, str name, id *ret, int64_t *ret_version)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select id, version from deal_tag where org_id = $1 and deal = $2 and name_key = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(d->row.id), DB_T(str_fold(c->arena, name))), &rows);

	*ret = 0;
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		*ret = db_int(&rows, 0);
		*ret_version = db_int(&rows, 1);
	}
	return db_end(&rows);
}

static enum err
find_tags(struct change *c, struct bulk *b, const struct deal *d)
{
	id there = 0;
	int64_t version;
	enum err e = OK;

	b->tag_off = 0;
	b->tag_add = false;
	if (b->wish.tag_off.n)
		e = find_tag(c, d, b->wish.tag_off, &b->tag_off, &b->tag_version);
	if (e == OK && b->wish.tag_add.n) {
		e = find_tag(c, d, b->wish.tag_add, &there, &version);
		b->tag_add = !there;
	}
	return e;
}

static enum err
apply(struct change *c, struct many *m, void *after, str *ret_why, bool *ret_more)
{
	struct bulk *b = m->wish;
	struct deal *d = after;
	enum err e = OK;

	record_init(&deviation_record, &b->past);
	b->past.n = 0;
	if (b->wish.stage && b->wish.stage != d->stage)
		e = check_gate(c, b, d, &b->past, ret_why);
	if (e == OK)
		e = find_tags(c, b, d);
	if (e == OK && !ret_why->n)
		put(&b->wish, d);
	*ret_more = b->tag_add || b->tag_off;
	return e;
}

/* Whoever may write the deal takes off a tag that somebody else gave it. */
static enum err
save_tags(struct change *c, void *what)
{
	const struct bulk *b = what;
	struct deal_tag tag;
	enum err e = OK;

	if (b->tag_off)
		e = record_remove(c, &deal_tag_record, b->tag_off, b->tag_version);
	if (e != OK || !b->tag_add)
		return e;
	record_init(&deal_tag_record, &tag);
	tag.deal = b->deal;
	tag.person = c->grant->person;
	tag.name = b->wish.tag_add;
	return record_save(c, &deal_tag_record, &tag);
}

/* A move starts what the process says (P6); one past open steps is kept as a deviation (P2). */
static enum err
save(struct change *c, struct many *m, const void *shown, void *after)
{
	const struct deal *before = shown;
	struct bulk *b = m->wish;
	struct deal *d = after;
	str started;
	enum err e = record_save(c, &deal_record, d);

	if (e == OK && before->stage != d->stage)
		e = deal_starts_next(c, before, d, &started);
	if (e == OK && b->past.n)
		e = record_save(c, &deviation_record, &b->past);
	b->deal = d->row.id;
	return e == OK && (b->tag_add || b->tag_off) ? parts_of_deal(c, b->deal, save_tags, b) : e;
}

static enum err
try_out(struct change *c, const void *row)
{
	return deal_try_out(c, row);
}

static enum err
take_out(struct change *c, const void *row)
{
	return deal_take_out(c, row);
}

static void
put_fields(struct view *view, const struct many *m, struct request *r)
{
	const struct bulk *b = m->wish;

	tpl_bulk_fields(view, &b->wish, r);
}

static const struct many_kind deals_kind = { .record = &deal_record,
	.page = "/deals",
	.path = "/deals/bulk",
	.kept = "owner stage category closes_on next_step next_step_on lost_reason past tag_add tag_off",
	.fields = put_fields,
	.read = read_wish,
	.apply = apply,
	.save = save,
	.try_out = try_out,
	.take_out = take_out };

static enum err
bulk_page(struct request *r)
{
	return many_page(r, &deals_kind);
}

static enum err
bulk_act(struct request *r)
{
	return many_act(r, &deals_kind);
}

const struct route bulk_routes[] = {
	{ HTTP_GET, "/deals/bulk", POLICY_SIGNED_IN, bulk_page, "deals", "Choose what many deals get", false },
	{ HTTP_POST, "/deals/bulk", POLICY_SIGNED_IN, bulk_act, "deals", "Change many deals at once", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
