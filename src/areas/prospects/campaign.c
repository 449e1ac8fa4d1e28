/* Campaigns: what each brought, and the steps by which its prospects are approached (G1). */
#include "areas/prospects/view.h"
#include "sheet/write.h"

#include "areas/prospects/campaign_html.h"

#define STEPS_MOST     30
#define CAMPAIGNS_MOST 1000 /* of a file */

enum err
campaign_steps_of(struct request *r, id campaign, struct campaign_step **ret, size_t *ret_n)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from campaign_step t where t.org_id = $1 and $2 = $2 and t.campaign = $3 order by "
	        "t.position, t.id limit %d",
	        STR_ARG(record_columns(r->arena, &campaign_step_record, "t")), STEPS_MOST);
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(campaign)), &rows);

	*ret = arena_new(r->arena, struct campaign_step, STEPS_MOST);
	*ret_n = 0;
	if (e != OK)
		return e;
	while (*ret_n < STEPS_MOST && db_next(&rows))
		record_read(&rows, &campaign_step_record, 0, &(*ret)[(*ret_n)++]);
	return db_end(&rows);
}

/* ---- figures ---- */

/* The deals that came from it, as the list of deals would sum them: in the company's currency, with rates (D3). */
static enum err
sum_deals(struct request *r, id campaign, const char *outcome, struct totals *ret)
{
	struct deal_filter f;
	bool known;

	filter_read_query(r, &deal_record,
	        str_fmt(r->arena, "campaign=%.*s&outcome=%s", STR_ARG(id_text(r->arena, campaign)), outcome), &f);
	return filter_totals(r, &f, false, ret, &known);
}

static enum err
list_of(struct request *r, id campaign, struct list *ret)
{
	*ret = (struct list){ .record = &prospect_record };
	return list_parse(r->arena, &prospect_record, STR("campaign"), str_fmt(r->arena, "%lld", (long long)campaign),
	        ret, &r->faults);
}

static enum err
fill_row(struct request *r, const struct campaign *c, bool now, struct campaign_row *ret)
{
	struct list l;
	enum err e = list_of(r, c->row.id, &l);

	*ret = (struct campaign_row){ .c = *c, .owner = c->owner ? page_name(r, "person", c->owner) : (str){ 0 } };
	if (e == OK)
		e = now ? prospect_figures_now(r->conn, r->arena, &r->grant, &l, r->today, &ret->f, &ret->known)
		        : prospect_figures_of(r->conn, r->arena, &r->grant, &l, r->today, &ret->f);
	ret->known |= !now;
	if (e == OK)
		e = sum_deals(r, c->row.id, "won", &ret->won);
	return e == OK ? sum_deals(r, c->row.id, "open", &ret->open) : e;
}

str
campaign_age_rows(struct arena *a, id campaign, day today, int age)
{
	str from = age < PROSPECT_AGES - 1
	                   ? str_fmt(a, "&came_on.least=%.*s", STR_ARG(day_iso(a, day_add(today, -prospect_ages[age]))))
	                   : (str){ 0 };
	day last = age ? day_add(today, -prospect_ages[age - 1] - 1) : today;

	return prospects_of(a, campaign,
	        str_z(a, str_fmt(a, "&state=open&came_on.most=%.*s%.*s", STR_ARG(day_iso(a, last)), STR_ARG(from))));
}

str
campaign_reason_rows(struct arena *a, id campaign, str reason)
{
	return prospects_of(
	        a, campaign, str_z(a, str_fmt(a, "&state=disqualified&reason=%.*s", STR_ARG(http_escape(a, reason)))));
}

/* ---- all of them ---- */

static enum err
load_list(struct request *r, int limit, struct campaign_list *v)
{
	struct list l = { .record = &campaign_record, .limit = limit, .after = page_param(r, "after") };
	struct list_result x = { 0 };
	enum err e = OK;

	v->has = page_param(r, "has");
	if (v->has.n)
		e = list_parse(r->arena, &campaign_record, STR("name.has"), v->has, &l, &r->faults);
	if (e == OK)
		e = record_list(r->conn, r->arena, &r->grant, &l, &x);
	v->rows = arena_new(r->arena, struct campaign_row, x.n + 1);
	v->next = x.next;
	for (; e == OK && v->n < x.n; v->n++)
		e = fill_row(r, &((const struct campaign *)x.rows)[v->n], true, &v->rows[v->n]);
	return e;
}

static enum err
show_list(struct request *r, const struct campaign *typed)
{
	struct page p = { .title = STR("Campaigns") };
	struct campaign_list v = { .typed = *typed };
	enum err e = load_list(r, 0, &v);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_campaign_list(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
campaigns_page(struct request *r)
{
	struct campaign c;

	record_init(&campaign_record, &c);
	c.from_day = r->today;
	return show_list(r, &c);
}

static void
csv_row(struct request *r, struct write *w, const struct campaign_row *x)
{
	const struct prospect_figures *f = &x->f;
	const int64_t counts[] = { f->n, f->unclaimed, f->untouched, f->qualified, f->disqualified };

	write_text(w, x->c.name);
	write_text(w, x->c.channel);
	write_text(w, x->owner);
	write_number(w, day_iso(r->arena, x->c.from_day));
	write_number(w, day_iso(r->arena, x->c.to_day));
	write_number(w, x->c.goal == NO_INT ? (str){ 0 } : str_fmt(r->arena, "%lld", (long long)x->c.goal));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		write_number(w, str_fmt(r->arena, "%lld", (long long)counts[i]));
	write_number(w, f->half.days < 0 ? (str){ 0 } : str_fmt(r->arena, "%lld", (long long)f->half.days));
	write_number(w, str_fmt(r->arena, "%lld", (long long)f->spells.total));
	write_number(w, str_fmt(r->arena, "%lld", (long long)x->won.n));
	write_number(w, money_plain(r->arena, x->won.value));
	write_text(w, r->actor.currency);
	write_text(w, x->won.note);
	write_row_end(w);
}

enum err
campaigns_csv(struct request *r)
{
	struct campaign_list v = { 0 };
	struct write w = { .out = &r->answer->body };
	enum err e = load_list(r, CAMPAIGNS_MOST, &v);

	out_lit(w.out, "Campaign,Comes from,Owner,From,To,Goal,Prospects,Unclaimed,Untouched,Became "
	               "deals,Disqualified,Median days to first touch,n of it,Deals won,Won,Currency,Note\r\n");
	for (size_t i = 0; e == OK && i < v.n; i++) { /* the file waits for the large ones, too */
		e = v.rows[i].known ? OK : fill_row(r, &v.rows[i].c, false, &v.rows[i]);
		if (e == OK)
			csv_row(r, &w, &v.rows[i]);
	}
	if (e == OK && v.next.n)
		return ERR_LARGE; /* never cut off silently */
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"campaigns.csv\""));
	return e;
}

struct creating {
	struct campaign c;
	bool steps;
	id ret;
};

static enum err
create_work(struct change *c, void *what)
{
	struct creating *w = what;
	struct campaign x = w->c;
	enum err e = record_save(c, &campaign_record, &x);

	for (size_t i = 0; e == OK && w->steps && i < CAMPAIGN_STEPS_READY; i++) {
		struct campaign_step s = campaign_steps_ready[i];
		s.campaign = x.row.id;
		e = record_save(c, &campaign_step_record, &s);
	}
	w->ret = x.row.id;
	return e;
}

static const char facts[] = "name channel owner from_day to_day goal note";

enum err
campaign_create(struct request *r)
{
	struct creating w = { .steps = page_field(r, "steps").n > 0 };
	id set = 0;
	enum err e;

	record_init(&campaign_record, &w.c);
	w.c.owner = r->actor.person;
	e = page_fill(r, &campaign_record, facts, &w.c);
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "%.*s added", STR_ARG(w.c.name)), create_work, &w, &set);
	if (e == ERR_INPUT)
		return show_list(r, &w.c);
	if (e != OK)
		return e;
	return page_done(r, set,
	        w.ret ? str_fmt(r->arena, "/campaigns/%.*s", STR_ARG(id_text(r->arena, w.ret))) : STR("/campaigns"));
}

/* ---- one ---- */

/* Nobody's, as a file brings them, is the administrators'. */
static enum err
campaign_may(struct request *r, const struct campaign *c, bool *ret)
{
	if (c->owner)
		return prospect_may(r, c->owner, ret);
	*ret = r->grant.reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY;
	return OK;
}

enum err
campaign_to_write(struct request *r, struct campaign *c)
{
	bool may = false;
	enum err e = record_load(r->conn, r->arena, &r->grant, &campaign_record, r->ids[0], c);

	if (e == OK)
		e = campaign_may(r, c, &may);
	return e == OK && !may ? ERR_DENIED : e;
}

static enum err
load_view(struct request *r, const struct campaign *stored, struct campaign_view *v)
{
	struct list l;
	enum err e = fill_row(r, stored, false, &v->x);

	if (e == OK)
		e = campaign_steps_of(r, stored->row.id, &v->steps, &v->n_steps);
	if (e == OK)
		e = list_of(r, stored->row.id, &l);
	if (e == OK)
		e = prospect_reasons_of(r->conn, r->arena, &r->grant, &l, v->reasons, &v->n_reasons);
	if (e == OK)
		e = campaign_may(r, stored, &v->may);
	if (e == OK && v->may)
		e = campaign_brought(r->conn, r->actor.org, stored->row.id, &v->n_prospects, &v->n_deals);
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_DEALS);
	return e;
}

static enum err
show(struct request *r, const struct campaign *typed, const struct campaign_step *step)
{
	struct crumb crumb = { STR("Campaigns"), STR("/campaigns") };
	struct page p = { .crumbs = &crumb, .n_crumbs = 1 };
	struct campaign_view v = { 0 };
	struct campaign stored;
	enum err e = record_load(r->conn, r->arena, &r->grant, &campaign_record, r->ids[0], &stored);

	if (e == OK)
		e = load_view(r, &stored, &v);
	if (e != OK)
		return e;
	record_init(&campaign_step_record, &v.step);
	v.typed = typed ? *typed : stored;
	if (step)
		v.step = *step;
	p.title = stored.name;
	p.subtitle = stored.channel;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_campaign_one(&r->view, &v, r);
	page_foot(r);
	return OK;
}

enum err
campaign_page(struct request *r)
{
	return show(r, NULL, NULL);
}

static str
address(struct request *r)
{
	return str_fmt(r->arena, "/campaigns/%.*s", STR_ARG(id_text(r->arena, r->ids[0])));
}

enum err
campaign_update(struct request *r)
{
	struct campaign c;
	int64_t seen;
	id set = 0;
	enum err e = campaign_to_write(r, &c);

	if (e != OK)
		return e;
	if (str_to_i64(page_field(r, "version"), &seen))
		c.row.version = seen;
	e = page_fill(r, &campaign_record, facts, &c);
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s saved", STR_ARG(c.name)), &campaign_record, &c, &set);
	if (e == ERR_INPUT)
		return show(r, &c, NULL);
	return e == OK ? page_done(r, set, address(r)) : e;
}

enum err
campaign_add_step(struct request *r)
{
	struct campaign c;
	struct campaign_step s;
	int64_t last = 0;
	id set = 0;
	enum err e = campaign_to_write(r, &c);

	if (e == OK)
		e = db_one_int(r->conn,
		        "select coalesce(max(position), 0) from campaign_step where org_id = $1 and campaign = $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(c.row.id)), &last);
	if (e != OK)
		return e;
	record_init(&campaign_step_record, &s);
	s.campaign = c.row.id;
	s.position = last + 1;
	s.days = 0;
	s.name = str_trim(page_field(r, "step"));
	e = page_fill(r, &campaign_step_record, "kind days", &s);
	if (!s.name.n)
		e = fault_add(&r->faults, STR("step"), STR("is missing"), STR("say what is done"));
	if (e == OK)
		e = page_save(
		        r, str_fmt(r->arena, "Step “%.*s” added", STR_ARG(s.name)), &campaign_step_record, &s, &set);
	if (e == ERR_INPUT)
		return show(r, NULL, &s);
	return e == OK ? page_done(r, set, address(r)) : e;
}

struct dropping {
	id step;
	int64_t version;
};

static enum err
drop_work(struct change *c, void *what)
{
	const struct dropping *d = what;

	return record_remove(c, &campaign_step_record, d->step, d->version);
}

enum err
campaign_drop_step(struct request *r)
{
	struct campaign c;
	struct campaign_step s;
	id set = 0;
	enum err e = campaign_to_write(r, &c);

	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &campaign_step_record, r->ids[1], &s);
	if (e == OK && s.campaign != c.row.id)
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	struct dropping d = { s.row.id, s.row.version };
	e = page_change(r, str_fmt(r->arena, "Step “%.*s” removed", STR_ARG(s.name)), drop_work, &d, &set);
	if (e == ERR_INPUT)
		return show(r, NULL, NULL);
	return e == OK ? page_done(r, set, address(r)) : e;
}
