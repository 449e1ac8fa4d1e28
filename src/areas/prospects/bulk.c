/* What many prospects get at once, and how one goes to the trash with what was tried (G1, D2, 29, 30). */
#include "areas/deals/many.h"
#include "record/refs.h"
#include "areas/prospects/view.h"

#include "areas/prospects/bulk_html.h"

/* ---- what ---- */

static void
check_wish(struct request *r, const struct prospect_wish *w)
{
	if (w->out.n && w->back.n)
		fault_add(&r->faults, STR("back"), STR("does not go with disqualifying"), STR("choose one of the two"));
	if (w->back.n && w->owner)
		fault_add(&r->faults, STR("owner"), STR("does not go with giving back"),
		        STR("what is given back is nobody’s"));
	if (w->back.n && !day_is(w->back_on) && !fault_at(&r->faults, STR("back_on")))
		fault_add(&r->faults, STR("back_on"), STR("is missing"),
		        STR("say from which day they can be claimed again"));
	if (day_is(w->back_on) && day_between(r->today, w->back_on) < 0)
		fault_add(&r->faults, STR("back_on"), STR("is past"), STR("choose today or a later day"));
}

static enum err
read_wish(struct request *r, struct many *m)
{
	struct prospect_wish *w = arena_new(r->arena, struct prospect_wish, 1);
	struct arena *a = r->arena;

	m->wish = w;
	*w = (struct prospect_wish){ .owner = many_chosen(r, "owner", &person_record),
		.campaign = many_chosen(r, "campaign", &campaign_record),
		.out = str_trim(page_field(r, "out")),
		.back = str_trim(page_field(r, "back")),
		.back_on = page_day_field(r, "back_on", false) };
	if (m->remove)
		return OK;
	check_wish(r, w);
	many_word(r, m, "Owner", page_name(r, "person", w->owner));
	many_word(r, m, "Campaign", page_name(r, "campaign", w->campaign));
	many_word(r, m, "Disqualified", w->out);
	if (w->back.n && day_is(w->back_on))
		many_word(r, m, "Given back",
		        str_fmt(a, "%.*s, not before %.*s", STR_ARG(w->back), STR_ARG(day_long(a, w->back_on))));
	return OK;
}

/* ---- one prospect ---- */

static void
give_back(const struct prospect_wish *w, struct prospect *p, str *ret_why)
{
	if (p->state == PROSPECT_QUALIFIED) {
		*ret_why = STR("is a deal: close the deal instead");
	} else if (!p->owner && p->state == PROSPECT_OPEN) {
		*ret_why = STR("is nobody’s already");
	} else {
		p->state = PROSPECT_OPEN;
		p->owner = 0;
		p->round = p->round == NO_INT ? 1 : p->round + 1;
		p->reason = w->back;
		p->back_on = w->back_on;
	}
}

static enum err
apply(struct change *c, struct many *m, void *after, str *ret_why, bool *ret_more)
{
	const struct prospect_wish *w = m->wish;
	struct prospect *p = after;

	(void)c;
	*ret_more = false;
	if (w->owner && p->owner != w->owner && p->state != PROSPECT_OPEN) {
		*ret_why = STR("is decided; give it back first");
		return OK;
	}
	if (w->owner && p->owner != w->owner) {
		p->owner = w->owner;
		p->reason = (str){ 0 };
	}
	if (w->campaign)
		p->campaign = w->campaign;
	if (w->out.n && p->state != PROSPECT_OPEN) {
		*ret_why = STR("is decided already");
	} else if (w->out.n) {
		p->state = PROSPECT_DISQUALIFIED;
		p->reason = w->out;
	}
	if (w->back.n)
		give_back(w, p, ret_why);
	return OK;
}

/* O3: nobody's is anybody's to take, but given to others only along the line; the engine asks for both persons. */
enum err
prospect_try_out(struct change *c, const struct prospect *p)
{
	struct prospect trial = *p;
	enum err e = record_try(c, &prospect_record, &trial);

	if (e == OK)
		e = prospect_check(c, p, NULL, c->faults);
	return e == OK && c->faults->n ? ERR_INPUT : e;
}

enum err
prospect_take_out(struct change *c, const struct prospect *p)
{
	const struct grant *whose = c->grant;
	struct grant hook = grant_all(whose->org, whose->login, whose->person, "what was tried goes with its prospect");
	struct prospect now;
	enum err e = prospect_try_out(c, p); /* the asking person's right, before anything goes */

	if (e != OK)
		return e;
	c->grant = &hook;
	e = record_remove_refs(c, &touch_record, "prospect", p->row.id);
	if (e == OK) /* touches that went have counted it anew */
		e = record_load(c->conn, c->arena, c->grant, &prospect_record, p->row.id, &now);
	c->grant = whose;
	if (e == OK)
		e = record_remove(c, &prospect_record, now.row.id, now.row.version);
	return e == ERR_INPUT ? ERR_DENIED : e; /* nothing half-way */
}

/* ---- the kind ---- */

static enum err
try_out(struct change *c, const void *row)
{
	return prospect_try_out(c, row);
}

static enum err
take_out(struct change *c, const void *row)
{
	return prospect_take_out(c, row);
}

static void
put_fields(struct view *view, const struct many *m, struct request *r)
{
	tpl_prospect_wish(view, m->wish, r);
}

static const struct many_kind prospects_kind = { .record = &prospect_record,
	.page = "/prospects",
	.path = "/prospects/bulk",
	.kept = "owner campaign out back back_on",
	.fields = put_fields,
	.read = read_wish,
	.apply = apply,
	.try_out = try_out,
	.take_out = take_out };

enum err
prospects_bulk(struct request *r)
{
	return many_page(r, &prospects_kind);
}

enum err
prospects_bulk_act(struct request *r)
{
	return many_act(r, &prospects_kind);
}
