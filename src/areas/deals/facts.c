#include <string.h>

#include "areas/deals/one.h"

#include "areas/deals/facts_html.h"

/* What a form of the deal may bring; what it does not bring stays. */
static const char editable[] = "name amount account product owner closes_on closes_why category next_step next_step_on";

static const struct fact plan[FACTS] = {
	[FACT_NAME] = { "name", "Name", FACT_TEXT, NULL, NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_OWNER] = { "owner", "Owner", FACT_REF, "person", NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_ACCOUNT] = { "account", "Account", FACT_REF, "account", NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_PRODUCT] = { "product", "Product", FACT_REF, "product", NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_AMOUNT] = { "amount", "Amount", FACT_MONEY, NULL, NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_CLOSES] = { "closes_on", "Expected close", FACT_DAY, NULL, NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_CATEGORY] = { "category", "Forecast", FACT_CHOICE, NULL, category_choices, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_NEXT] = { "next_step", "What happens next", FACT_TEXT, NULL, NULL, { 0 }, { 0 }, { 0 }, 0 },
	[FACT_NEXT_ON] = { "next_step_on", "On", FACT_DAY, NULL, NULL, { 0 }, { 0 }, { 0 }, 0 },
};

str
fact_words(struct request *r, const struct field *f, str value, str currency)
{
	int64_t n;
	day d;

	if (!value.n)
		return STR("nothing");
	if (f->own)
		return own_text_words(r, f, value);
	if (f->kind == F_REF && str_to_i64(value, &n))
		return page_name(r, f->ref->table, n);
	if (f->kind == F_MONEY && str_to_i64(value, &n))
		return money_text(r->arena, money_of(n, currency));
	if (f->kind == F_DAY && day_parse(value, &d))
		return day_text(r->arena, d, r->today);
	return f->kind == F_CHOICE ? choice_words(f->choices, value) : value;
}

/* As it stands in a field of a form. */
static str
typed(struct request *r, const struct fact *f, const struct deal *d)
{
	const struct field *field = record_field(&deal_record, str_of(f->name));

	if (f->input == FACT_MONEY)
		return d->amount == NO_INT ? (str){ 0 } : money_plain(r->arena, money_of(d->amount, d->currency));
	return field_text(r->arena, field, d);
}

static str
prefixed(struct request *r, const char *head, const char *name)
{
	return page_field(r, str_z(r->arena, str_fmt(r->arena, "%s-%s", head, name)));
}

static bool
has_was(struct request *r, const char *name)
{
	return page_has_field(r, str_z(r->arena, str_fmt(r->arena, "was-%s", name)));
}

void
facts_fill(struct request *r, struct deal_view *v)
{
	str asked = page_has_field(r, "field") ? page_field(r, "field") : page_param(r, "field");

	for (int i = 0; i < FACTS; i++) {
		struct fact *f = &v->facts[i];
		const struct field *field = record_field(&deal_record, str_of(plan[i].name));
		str value = field_text(r->arena, field, v->d);
		*f = plan[i];
		f->shown = value.n ? fact_words(r, field, value, v->d->currency) : (str){ 0 };
		f->stored = has_was(r, f->name) ? prefixed(r, "was", f->name) : value;
		if (field->kind == F_REF)
			str_to_i64(value, &f->chosen);
		f->typed = page_has_field(r, f->name) ? page_field(r, f->name) : typed(r, f, v->d);
		if (asked.n && str_eq(asked, str_of(f->name)))
			v->open = f;
	}
}

static bool
wants_field(const struct request *r)
{
	return str_eq(http_header(r->http, "ridealong-part"), STR("field"));
}

/* ---- the forms ---- */

static enum err
show_form(struct request *r, struct deal *d)
{
	struct crumb crumbs[] = { { STR("Deals"), STR("/deals") }, { d->name, one_path(r, d->row.id, "") } };
	struct page p = { .title = str_fmt(r->arena, "Edit %.*s", STR_ARG(d->name)), .crumbs = crumbs, .n_crumbs = 2 };
	struct deal_view v = { .d = d, .record = page_own(r, &deal_record) };
	enum err e = source_find(r->conn, r->arena, r->actor.org, d->source, &v.their);

	if (e != OK && e != ERR_ABSENT)
		return e;
	facts_fill(r, &v);
	page_head(r, &p);
	tpl_deal_all_facts(&r->view, &v, r);
	page_foot(r);
	return OK;
}

/* The field alone for the script, else the page with the form in the place of the fact; without a field all of it. */
static enum err
show_edit(struct request *r, struct deal *d)
{
	struct deal_view v = { .d = d };

	facts_fill(r, &v);
	if (!v.open)
		return show_form(r, d);
	if (!wants_field(r)) {
		struct deal_view whole = { 0 };
		return one_show(r, d, &whole);
	}
	tpl_fact_form(&r->view, &v, v.open, r);
	return OK;
}

enum err
deal_edit(struct request *r)
{
	struct deal d;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &d);

	return e == OK ? show_edit(r, &d) : e;
}

/* ---- two people, one field ---- */

static enum err
show_clash(struct request *r, struct deal_view *v)
{
	struct crumb crumbs[] = { { STR("Deals"), STR("/deals") }, { v->d->name, one_path(r, v->d->row.id, "") } };
	struct page p = { .title = STR("Two of you changed this"), .crumbs = crumbs, .n_crumbs = 2 };

	r->answer->status = 409;
	facts_fill(r, v);
	if (wants_field(r)) {
		tpl_deal_clash(&r->view, v, r);
		return OK;
	}
	page_head(r, &p);
	tpl_deal_clash(&r->view, v, r);
	page_foot(r);
	return OK;
}

/* One field of a form that was opened before somebody else saved. What only they changed is theirs; what only this
   person changed is this person's; what both changed is asked. */
static enum err
settle(struct request *r, int which, const struct deal *now, struct deal *mine, struct deal_view *v)
{
	const struct fact *f = &plan[which];
	const struct field *field = record_field(&deal_record, str_of(f->name));
	str was = prefixed(r, "was", f->name), theirs = field_text(r->arena, field, now);
	str here = field_text(r->arena, field, mine);
	bool known = has_was(r, f->name);

	v->keeps[which] = known && str_eq(was, theirs) && !str_eq(here, theirs);
	if (str_eq(here, theirs) || (known && str_eq(was, theirs)))
		return OK;
	if ((known && str_eq(was, here)) || str_eq(prefixed(r, "choose", f->name), STR("theirs"))) {
		field_set_text(field, mine, theirs);
		return OK;
	}
	struct clash *c = &v->clashes[v->n_clashes++];
	*c = (struct clash){ .name = f->name,
		.label = f->label,
		.theirs = fact_words(r, field, theirs, now->currency),
		.mine = fact_words(r, field, here, now->currency),
		.typed = page_field(r, f->name),
		.stored = theirs };
	return one_changed_by(r, now->row.id, f->name, &c->by);
}

static enum err
settle_all(struct request *r, const struct deal *now, struct deal *mine, struct deal_view *v)
{
	int64_t seen;
	enum err e = OK;

	v->clashes = arena_new(r->arena, struct clash, FACTS);
	bool stale = str_to_i64(page_field(r, "version"), &seen) && seen != now->row.version;
	for (int i = 0; e == OK && i < FACTS; i++) {
		if (!page_has_field(r, plan[i].name))
			continue;
		if (stale)
			e = settle(r, i, now, mine, v);
		else if (str_eq(prefixed(r, "choose", plan[i].name), STR("theirs"))) {
			const struct field *f = record_field(&deal_record, str_of(plan[i].name));
			field_set_text(f, mine, field_text(r->arena, f, now));
		}
	}
	return e;
}

/* ---- saving ---- */

/* P4: a day that a person sets stands in the place of the stages' durations, so it has a reason; a day that is past
   would be no expectation. */
static void
judge_close(struct request *r, const struct deal *now, struct deal *mine)
{
	bool moved = now->closes_on.n != mine->closes_on.n;

	if (!moved || !day_is(mine->closes_on)) {
		mine->closes_why = now->closes_why;
		return;
	}
	if (mine->outcome == OUTCOME_OPEN && day_between(r->today, mine->closes_on) < 0)
		fault_add(&r->faults, STR("closes_on"), STR("is past"), STR("choose a later day, or close the deal"));
	if (day_is(now->closes_on) && !mine->closes_why.n)
		fault_add(
		        &r->faults, STR("closes_why"), STR("is missing"), STR("say in a few words why the day moves"));
}

/* O5: a form that comes back names no account that was typed in but is not seen; what stood there stays. */
static void
keep_account(struct request *r, struct deal *d, id was)
{
	struct account x;

	if (d->account != was && record_load(r->conn, r->arena, &r->grant, &account_record, d->account, &x) != OK)
		d->account = was;
}

static enum err
refuse(struct request *r, const struct deal *now, struct deal *mine)
{
	int64_t seen;

	mine->row.version = str_to_i64(page_field(r, "version"), &seen) ? seen : now->row.version;
	keep_account(r, mine, now->account);
	r->answer->status = 422;
	return show_edit(r, mine);
}

static bool
is_program(const struct request *r)
{
	return str_eq(r->http->content_type, STR("application/json"));
}

static enum err
update(struct request *r, bool *ret_again)
{
	struct deal now, mine;
	struct deal_view v = { .d = &now };
	id set = 0;
	int64_t seen;
	enum err e = record_load(r->conn, r->arena, &r->grant, &deal_record, r->ids[0], &now);

	if (e != OK)
		return e;
	if (is_program(r) && str_to_i64(page_field(r, "version"), &seen) && seen != now.row.version)
		return ERR_STALE;
	mine = now;
	e = page_fill(r, &deal_record, editable, &mine);
	if (page_fill_own(r, page_own(r, &deal_record), false, &mine) != OK)
		e = ERR_INPUT;
	if (e == OK && str_to_i64(page_field(r, "version"), &seen) && seen != now.row.version &&
	        !str_eq(mine.extra, now.extra))
		return ERR_STALE; /* fields of the company's own are not offered side by side */
	if (e == OK)
		e = settle_all(r, &now, &mine, &v);
	if (e == OK && v.n_clashes)
		return show_clash(r, &v);
	if (e == OK)
		judge_close(r, &now, &mine);
	if (r->faults.n)
		e = ERR_INPUT;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s saved", STR_ARG(mine.name)), &deal_record, &mine, &set);
	if (e == ERR_INPUT)
		return refuse(r, &now, &mine);
	if (e == ERR_STALE && !is_program(r)) {
		*ret_again = true;
		return db_refresh(r->conn);
	}
	if (e != OK)
		return e;
	/* back at the fact that was edited; what is no field of a deal is nowhere to go to */
	const struct field *at = record_field(&deal_record, page_field(r, "field"));
	return page_done(
	        r, set, one_path(r, r->ids[0], at ? str_z(r->arena, str_fmt(r->arena, "#f-%s", at->name)) : ""));
}

enum err
deal_update(struct request *r)
{
	enum err e = OK;
	bool again = true;

	for (int i = 0; e == OK && again && i < 4; i++) { /* somebody saved between reading and writing: look again */
		again = false;
		e = update(r, &again);
	}
	return again ? ERR_STALE : e;
}
