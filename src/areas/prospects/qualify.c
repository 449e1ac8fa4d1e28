/* A prospect becomes a deal: account and contact are chosen from those that may be the same, or made; the deal keeps
   the campaign, so that what it wins counts there. One change set, so that one undo takes back all of it. */
#include "areas/prospects/view.h"

#include "areas/prospects/qualify_html.h"

#define NEAR_MOST 5

static str
company_of(const struct prospect *p)
{
	return p->company.n ? p->company : p->name;
}

/* Those that the company and the person may be: by name without legal form, by e-mail. */
static enum err
find_near(struct request *r, struct qualify_view *v)
{
	enum err e = duplicates_near(
	        r, &account_record, company_of(v->p), (str){ 0 }, (str){ 0 }, 0, NEAR_MOST, &v->accounts);

	if (e == OK && (v->p->email.n || v->account))
		e = duplicates_near(
		        r, &contact_record, v->p->name, v->p->email, (str){ 0 }, v->account, NEAR_MOST, &v->contacts);
	return e;
}

static enum err
show(struct request *r, struct qualify_view *v)
{
	struct crumb crumbs[] = { { STR("Prospects"), STR("/prospects") },
		{ v->p->name, str_fmt(r->arena, "/prospects/%.*s", STR_ARG(id_text(r->arena, v->p->row.id))) } };
	struct page p = { .title = STR("Make it a deal"), .crumbs = crumbs, .n_crumbs = 2 };

	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_qualify(&r->view, v, r);
	page_foot(r);
	return OK;
}

static enum err
load_one(struct request *r, struct prospect *p)
{
	bool may = false;
	enum err e = record_load(r->conn, r->arena, &r->grant, &prospect_record, r->ids[0], p);

	if (e == OK)
		e = prospect_may(r, p->owner, &may);
	return e == OK && !may ? ERR_DENIED : e;
}

/* What the deal begins with. */
static enum err
start(struct request *r, const struct prospect *p, struct qualify_view *v)
{
	*v = (struct qualify_view){ .p = p };
	record_init(&deal_record, &v->deal);
	v->deal.owner = p->owner ? p->owner : r->actor.person;
	v->deal.campaign = p->campaign;
	v->deal.name = company_of(p);
	v->deal.created_on = r->today;
	return deal_start(r->conn, r->arena, &r->grant, &v->deal);
}

enum err
qualify_page(struct request *r)
{
	struct prospect p;
	struct qualify_view v;
	enum err e = load_one(r, &p);

	if (e == OK)
		e = start(r, &p, &v);
	if (e == OK)
		e = find_near(r, &v);
	if (e != OK)
		return e;
	if (v.accounts.n)
		v.account = v.accounts.pairs[0].b;
	if (v.contacts.n)
		v.contact = v.contacts.pairs[0].b;
	if (p.state == PROSPECT_QUALIFIED)
		return page_go_fmt(r, "/prospects/%.*s", STR_ARG(id_text(r->arena, p.row.id)));
	return show(r, &v);
}

struct qualifying {
	const struct prospect *p;
	int64_t version;
	id account, contact; /* 0: a new one */
	bool no_contact;
	struct deal deal;
	id ret_deal;
};

static enum err
make_account(struct change *c, const struct qualifying *q, const struct prospect *p, id *ret)
{
	struct account a;
	enum err e;

	*ret = q->account;
	if (q->account)
		return OK;
	record_init(&account_record, &a);
	a.name = company_of(p);
	a.owner = q->deal.owner;
	e = record_save(c, &account_record, &a);
	*ret = a.row.id;
	return e;
}

static enum err
make_contact(struct change *c, const struct qualifying *q, const struct prospect *p, id account, id *ret)
{
	struct contact x;
	enum err e;

	*ret = q->no_contact ? 0 : q->contact;
	if (q->contact || q->no_contact)
		return OK;
	record_init(&contact_record, &x);
	x.account = account;
	x.name = p->name;
	x.title = p->title;
	x.email = p->email;
	x.phone = p->phone;
	x.owner = q->deal.owner;
	e = record_save(c, &contact_record, &x);
	*ret = x.row.id;
	return e;
}

static enum err
qualify_work(struct change *c, void *what)
{
	struct qualifying *q = what;
	struct prospect p;
	struct deal d = q->deal; /* it may run twice */
	enum err e = record_load(c->conn, c->arena, c->grant, &prospect_record, q->p->row.id, &p);

	if (e == OK && (p.row.version != q->version || p.state == PROSPECT_QUALIFIED))
		e = ERR_STALE;
	if (e == OK)
		e = make_account(c, q, &p, &p.account);
	if (e == OK)
		e = make_contact(c, q, &p, p.account, &p.contact);
	d.account = p.account;
	if (e == OK)
		e = record_save(c, &deal_record, &d);
	if (e != OK)
		return e;
	p.owner = d.owner;
	p.state = PROSPECT_QUALIFIED;
	p.reason = (str){ 0 };
	p.deal = q->ret_deal = d.row.id;
	return record_save(c, &prospect_record, &p);
}

/* "new", "none" or an id of one that the grant reads. */
static void
read_choice(struct request *r, const char *name, const struct record *rec, id *ret, bool *ret_none)
{
	str said = page_field(r, name);
	void *row = arena_alloc(r->arena, rec->size, _Alignof(max_align_t));

	*ret = 0;
	*ret_none = str_eq(said, STR("none"));
	if (!said.n || *ret_none || str_eq(said, STR("new")))
		return;
	if (!id_parse(said, ret) || record_load(r->conn, r->arena, &r->grant, rec, *ret, row) != OK) {
		*ret = 0;
		fault_add(&r->faults, str_of(name), STR("is not on the list"),
		        STR("choose one from the list, or a new one"));
	}
}

static enum err
read_form(struct request *r, struct qualify_view *v)
{
	bool none = false;

	read_choice(r, "account", &account_record, &v->account, &none);
	if (page_field(r, "other_account").n)
		read_choice(r, "other_account", &account_record, &v->account, &none);
	read_choice(r, "contact", &contact_record, &v->contact, &v->no_contact);
	v->amount = page_field(r, "amount");
	return page_fill(r, &deal_record, "name amount product next_step next_step_on closes_on", &v->deal);
}

enum err
qualify_do(struct request *r)
{
	struct prospect p;
	struct qualify_view v;
	struct qualifying q = { .p = &p };
	id set = 0;
	enum err e = load_one(r, &p);

	if (e == OK)
		e = start(r, &p, &v);
	if (e != OK)
		return e;
	e = read_form(r, &v);
	if (e == OK && !p.owner && !r->actor.person)
		e = ERR_DENIED;
	if (!str_to_i64(page_field(r, "version"), &q.version))
		q.version = p.row.version;
	q.account = v.account;
	q.contact = v.contact;
	q.no_contact = v.no_contact;
	q.deal = v.deal;
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "%.*s became a deal", STR_ARG(p.name)), qualify_work, &q, &set);
	if (e == ERR_INPUT) {
		e = find_near(r, &v);
		return e == OK ? show(r, &v) : e;
	}
	if (e != OK)
		return e;
	return page_done(r, set,
	        q.ret_deal ? str_fmt(r->arena, "/deals/%.*s", STR_ARG(id_text(r->arena, q.ret_deal)))
	                   : str_fmt(r->arena, "/prospects/%.*s", STR_ARG(id_text(r->arena, p.row.id))));
}
