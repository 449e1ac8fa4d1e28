/* An account's plan: the growth grid, the chart of its people, the steps; one page, to be printed (G2). */
#include "areas/growth/plan.h"
#include "sheet/write.h"

#include "areas/growth/plan_html.h"

enum { UNITS_MOST = 60, DEALS_MOST = 1000, LINES_MOST = 4000, STEPS_MOST = 50 };

/* D3: into the company's currency by the rate of today; false: there is none, and it is said. */
static bool
convert(struct request *r, struct plan_view *v, str currency, int64_t minor, int64_t *ret)
{
	struct totals t;

	if (str_eq(currency, r->actor.currency)) {
		*ret = minor;
		return true;
	}
	totals_init(&t, r->actor.currency);
	totals_add(&t, currency, 1, minor, 0);
	if (totals_close(r->conn, r->arena, r->actor.org, r->today, &t) != OK || !t.n_parts || !t.parts[0].converted) {
		v->without = str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(v->without), v->without.n ? ", " : "",
		        STR_ARG(money_text(r->arena, money_of(minor, currency))));
		return false;
	}
	*ret = t.value.minor;
	return true;
}

/* ---- the grid ---- */

static enum err
load_units(struct request *r, struct plan_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s from plan_unit t where t.org_id = $1 and $2 = $2 and t.account = $3 order by t.name, t.id "
	        "limit %d",
	        STR_ARG(record_columns(r->arena, &plan_unit_record, "t")), UNITS_MOST);
	struct rows rows;
	enum err e =
	        record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(v->a->row.id)), &rows);

	v->units = arena_new(r->arena, struct plan_unit, UNITS_MOST);
	if (e != OK)
		return e;
	for (; v->n_units < UNITS_MOST && db_next(&rows); v->n_units++) {
		struct plan_unit *u = &v->units[v->n_units];
		record_read(&rows, &plan_unit_record, 0, u);
		grid_unit(&v->grid, u->row.id, u->name);
	}
	grid_unit(&v->grid, 0, v->n_units ? STR("No unit named") : STR("The account as a whole"));
	return db_end(&rows);
}

static enum err
load_potentials(struct request *r, struct plan_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, p.name from potential t join product p on p.org_id = t.org_id and p.id = t.product where "
	        "t.org_id = $1 and $2 = $2 and t.account = $3 order by p.name, t.id limit %d",
	        STR_ARG(record_columns(r->arena, &potential_record, "t")), DEALS_MOST);
	struct rows rows;
	enum err e =
	        record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(v->a->row.id)), &rows);

	v->potentials = arena_new(r->arena, struct potential, DEALS_MOST);
	if (e != OK)
		return e;
	while (v->n_potentials < DEALS_MOST && db_next(&rows)) {
		struct potential *p = &v->potentials[v->n_potentials++];
		str name = db_text(&rows, record_read(&rows, &potential_record, 0, p));
		grid_product(&v->grid, p->product, name);
	}
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < v->n_potentials; i++) {
		const struct potential *p = &v->potentials[i];
		struct grid_cell x = { .planned = true, .row = p->row.id };
		if (convert(r, v, p->currency, p->amount, &x.potential))
			grid_add(&v->grid, p->unit, p->product, x);
	}
	return e;
}

static enum err
load_deals(struct request *r, struct plan_view *v, struct sold *all, size_t *ret_n)
{
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select d.id, d.name, coalesce(u.unit, 0), coalesce(d.product, 0), coalesce(p.name, ''), d.currency, "
	        "coalesce(d.value, 0), d.outcome, case when (1 = 1 {mayw:deals d.owner}) then 1 else 0 end from deal d "
	        "left "
	        "join plan_deal u on u.org_id = d.org_id and u.deal = d.id left join product p on p.org_id = d.org_id "
	        "and "
	        "p.id = d.product where d.org_id = $1 and $2 = $2 and d.account = $3 and d.outcome <> 'lost' "
	        "{may:deals "
	        "d.owner} order by d.id desc limit $4",
	        DB_ARGS(DB_I(v->a->row.id), DB_I(DEALS_MOST)), &rows);

	*ret_n = 0;
	v->deals = arena_new(r->arena, struct plan_deal_row, DEALS_MOST);
	if (e != OK)
		return e;
	while (*ret_n < DEALS_MOST && db_next(&rows)) {
		struct sold *s = &all[*ret_n];
		*s = (struct sold){ db_int(&rows, 0), db_int(&rows, 2), db_int(&rows, 3), db_text(&rows, 4),
			db_text(&rows, 5), str_eq(db_text(&rows, 7), STR("won")), db_int(&rows, 6), *ret_n, false, 0 };
		v->deals[(*ret_n)++] = (struct plan_deal_row){ .deal = s->deal,
			.unit = s->unit,
			.name = db_text(&rows, 1),
			.product = s->product_name,
			.outcome = s->won ? STR("won") : STR("open"),
			.value = money_of(s->value, s->currency),
			.may = db_int(&rows, 8) != 0 };
		v->n_won += s->won;
	}
	v->n_deals = *ret_n;
	return db_end(&rows);
}

/* What is sold line by line stands under its products; what the amount says beyond the lines, under none. */
static enum err
split_lines(struct request *r, const struct plan_view *v, struct sold *all, size_t *n)
{
	size_t deals = *n;
	struct rows rows;
	enum err e = record_query(r->conn, r->arena, &r->grant,
	        "select l.deal, l.product, p.name, coalesce(l.total, 0) from line_item l join deal d on d.org_id = "
	        "l.org_id "
	        "and d.id = l.deal join product p on p.org_id = l.org_id and p.id = l.product where l.org_id = $1 and "
	        "$2 = "
	        "$2 and d.account = $3 and d.outcome <> 'lost' {may:deals d.owner} order by l.id limit $4",
	        DB_ARGS(DB_I(v->a->row.id), DB_I(LINES_MOST)), &rows);

	if (e != OK)
		return e;
	while (*n < DEALS_MOST + LINES_MOST && db_next(&rows)) {
		size_t i = 0;
		while (i < deals && all[i].deal != db_int(&rows, 0))
			i++;
		if (i == deals)
			continue;
		struct sold *line = &all[(*n)++];
		*line = all[i];
		line->product = db_int(&rows, 1);
		line->product_name = db_text(&rows, 2);
		line->value = db_int(&rows, 3);
		all[i].value -= line->value;
		all[i].product = 0;
		all[i].product_name = (str){ 0 };
	}
	return db_end(&rows);
}

static enum err
load_sold(struct request *r, struct plan_view *v)
{
	struct sold *all = arena_new(r->arena, struct sold, DEALS_MOST + LINES_MOST);
	size_t n = 0;
	enum err e = load_deals(r, v, all, &n);

	if (e == OK)
		e = split_lines(r, v, all, &n);
	v->sold = all;
	v->n_sold = n;
	for (size_t i = 0; e == OK && i < n; i++) {
		struct sold *s = &all[i];
		struct grid_cell x = { 0 };
		if (!s->value)
			continue;
		grid_product(&v->grid, s->product, s->product ? s->product_name : STR("No product named"));
		s->counted = convert(r, v, s->currency, s->value, &s->counts);
		*(s->won ? &x.value : &x.open) = s->counts;
		if (s->counted)
			grid_add(&v->grid, s->unit, s->product, x);
	}
	return e;
}

/* ---- the steps ---- */

static enum err
load_steps(struct request *r, struct plan_view *v)
{
	str sql = str_fmt(r->arena,
	        "select %.*s, o.name, w.name from commitment x join person o on o.org_id = x.org_id and o.id = x.owner "
	        "join "
	        "person w on w.org_id = x.org_id and w.id = x.owed_to where x.org_id = $1 and $2 = $2 and x.about = "
	        "'account' and x.about_id = $3 {may:scorecard x.owner x.owed_to} order by case when x.state = 'open' "
	        "then 0 "
	        "else 1 end, x.due, x.id limit %d",
	        STR_ARG(record_columns(r->arena, &commitment_record, "x")), STEPS_MOST);
	struct rows rows;
	int64_t all = 0;
	enum err e =
	        record_query(r->conn, r->arena, &r->grant, str_z(r->arena, sql), DB_ARGS(DB_I(v->a->row.id)), &rows);

	v->steps = arena_new(r->arena, struct plan_step, STEPS_MOST);
	if (e != OK)
		return e;
	while (v->n_steps < STEPS_MOST && db_next(&rows)) {
		struct plan_step *s = &v->steps[v->n_steps++];
		int at = record_read(&rows, &commitment_record, 0, &s->c);
		s->owner = db_text(&rows, at);
		s->owed = db_text(&rows, at + 1);
		s->late = s->c.state == COMMITMENT_OPEN && day_between(s->c.due, r->today) > 0;
	}
	e = db_end(&rows);
	if (e == OK && v->n_steps < STEPS_MOST)
		e = db_one_int(r->conn,
		        "select count(*) from commitment where org_id = $1 and about = 'account' and about_id = $2",
		        DB_ARGS(DB_I(r->actor.org), DB_I(v->a->row.id)), &all);
	v->hidden_steps = all > (int64_t)v->n_steps ? all - (int64_t)v->n_steps : 0;
	return e;
}

/* ---- the page ---- */

static enum err
may_write(struct request *r, const struct account *a, bool *ret)
{
	int64_t one;
	str sql = str_fmt(r->arena, "select 1 from account t where t.org_id = $1 and $2 = $2 and t.id = $3%.*s",
	        STR_ARG(grant_sql(r->arena, &r->grant, MATTER_DEALS, ACT_WRITE, "t.owner")));
	enum err e = db_one_int(r->conn, str_z(r->arena, sql),
	        DB_ARGS(DB_I(r->actor.org), DB_I(r->actor.person), DB_I(a->row.id)), &one);

	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

enum err
plan_load(struct request *r, const struct account *a, struct plan_view *v)
{
	enum err e;

	v->a = a;
	v->grid.arena = r->arena;
	e = load_units(r, v);
	if (e == OK)
		e = load_potentials(r, v);
	if (e == OK)
		e = load_sold(r, v);
	if (e == OK)
		grid_close(&v->grid);
	return e;
}

static enum err
load_view(struct request *r, const struct account *a, struct plan_view *v)
{
	enum err e = may_write(r, a, &v->may);

	v->owner = a->owner ? page_name(r, "person", a->owner) : (str){ 0 };
	v->who_sees = grant_explain(r->arena, &r->grant, MATTER_DEALS);
	if (e == OK)
		e = plan_load(r, a, v);
	if (e == OK)
		e = chart_load(r, v);
	return e == OK ? load_steps(r, v) : e;
}

static enum err
load_account(struct request *r, struct account *a)
{
	return record_load(r->conn, r->arena, &r->grant, &account_record, r->ids[0], a);
}

static enum err
show(struct request *r, const struct account *a, struct plan_view *v)
{
	struct crumb crumbs[] = { { STR("Accounts"), STR("/accounts") },
		{ a->name, str_fmt(r->arena, "/accounts/%.*s", STR_ARG(id_text(r->arena, a->row.id))) } };
	struct page p = { .title = str_fmt(r->arena, "Plan for %.*s", STR_ARG(a->name)),
		.subtitle = a->sector,
		.crumbs = crumbs,
		.n_crumbs = 2 };
	enum err e = load_view(r, a, v);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_account_plan(&r->view, v, r);
	page_foot(r);
	return OK;
}

static void
start_view(struct plan_view *v)
{
	*v = (struct plan_view){ 0 };
	record_init(&plan_unit_record, &v->typed_unit);
	record_init(&potential_record, &v->typed);
	record_init(&commitment_record, &v->step);
}

static enum err
plan_page(struct request *r)
{
	struct account a;
	struct plan_view v;
	enum err e = load_account(r, &a);

	start_view(&v);
	return e == OK ? show(r, &a, &v) : e;
}

static enum err
plan_csv(struct request *r)
{
	struct account a;
	struct plan_view v;
	struct write w = { .out = &r->answer->body };
	enum err e = load_account(r, &a);

	start_view(&v);
	if (e == OK)
		e = load_view(r, &a, &v);
	if (e != OK)
		return e;
	out_lit(w.out, "Account,Business unit,Product,Potential,Value,Untapped,Open,Currency\r\n");
	for (size_t u = 0; u < v.grid.n_units; u++)
		for (size_t p = 0; p < v.grid.n_products; p++) {
			const struct grid_cell *x = grid_at(&v.grid, u, p);
			const int64_t amounts[] = { x->potential, x->value, x->untapped, x->open };
			write_text(&w, a.name);
			write_text(&w, v.grid.units[u].name);
			write_text(&w, v.grid.products[p].name);
			for (size_t i = 0; i < 4; i++)
				write_number(
				        &w, !x->planned && i % 2 == 0
				                    ? (str){ 0 }
				                    : money_plain(r->arena, money_of(amounts[i], r->actor.currency)));
			write_text(&w, r->actor.currency);
			write_row_end(&w);
		}
	page_type(r, STR("text/csv; charset=utf-8"));
	http_set(r->answer, "Content-Disposition", STR("attachment; filename=\"plan.csv\""));
	return OK;
}

/* ---- acts ---- */

static enum err
to_write(struct request *r, struct account *a)
{
	bool may = false;
	enum err e = load_account(r, a);

	if (e == OK)
		e = may_write(r, a, &may);
	return e == OK && !may ? ERR_DENIED : e;
}

static enum err
done(struct request *r, const struct account *a, struct plan_view *v, enum err e, id set, const char *at)
{
	if (e == ERR_INPUT)
		return show(r, a, v);
	return e == OK ? page_done(r, set,
	                         str_fmt(r->arena, "/accounts/%.*s/plan%s", STR_ARG(id_text(r->arena, a->row.id)), at))
	               : e;
}

static enum err
plan_add_unit(struct request *r)
{
	struct account a;
	struct plan_view v;
	id set = 0;
	enum err e = to_write(r, &a);

	if (e != OK)
		return e;
	start_view(&v);
	v.typed_unit.account = a.row.id;
	v.typed_unit.name = str_trim(page_field(r, "unit_name"));
	if (!v.typed_unit.name.n)
		e = fault_add(&r->faults, STR("unit_name"), STR("is missing"), STR("write its name"));
	struct plan_unit u = v.typed_unit;
	if (e == OK)
		e = page_save(r, str_fmt(r->arena, "%.*s added", STR_ARG(u.name)), &plan_unit_record, &u, &set);
	if (e == ERR_DUPLICATE)
		e = fault_add(&r->faults, STR("unit_name"), STR("is there already"), STR("choose another name"));
	return done(r, &a, &v, e, set, "#c-grid");
}

struct removing {
	const struct record *record;
	id row;
	int64_t version;
};

static enum err
remove_work(struct change *c, void *what)
{
	const struct removing *x = what;

	return record_remove(c, x->record, x->row, x->version);
}

static enum err
plan_drop_unit(struct request *r)
{
	struct account a;
	struct plan_unit u;
	struct plan_view v;
	id set = 0;
	enum err e = to_write(r, &a);

	start_view(&v);
	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &plan_unit_record, r->ids[1], &u);
	if (e == OK && u.account != a.row.id)
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	struct removing x = { &plan_unit_record, u.row.id, u.row.version };
	e = page_change(r, str_fmt(r->arena, "%.*s removed", STR_ARG(u.name)), remove_work, &x, &set);
	return done(r, &a, &v, e, set, "#c-grid");
}

/* The one that stands for that unit and product, to be changed; without one, a new one. */
static enum err
find_potential(struct request *r, struct potential *p)
{
	int64_t there = 0;
	enum err e = db_one_int(r->conn,
	        "select id from potential where org_id = $1 and account = $2 and product = $3 and coalesce(unit, 0) = "
	        "$4",
	        DB_ARGS(DB_I(r->actor.org), DB_I(p->account), DB_I(p->product), DB_I(p->unit)), &there);
	struct potential was;

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	e = record_load(r->conn, r->arena, &r->grant, &potential_record, there, &was);
	if (e == OK)
		p->row = was.row;
	return e;
}

static enum err
plan_set_potential(struct request *r)
{
	struct account a;
	struct plan_view v;
	id set = 0;
	enum err e = to_write(r, &a);

	if (e != OK)
		return e;
	start_view(&v);
	v.typed.account = a.row.id;
	v.typed.currency = r->actor.currency;
	e = page_fill(r, &potential_record, "unit product amount note", &v.typed);
	struct potential p = v.typed;
	if (e == OK)
		e = find_potential(r, &p);
	if (e == OK && p.row.id && p.amount == NO_INT) {
		struct removing x = { &potential_record, p.row.id, p.row.version };
		e = page_change(r, STR("Potential taken off the plan"), remove_work, &x, &set);
	} else if (e == OK) {
		e = page_save(r, STR("Potential saved"), &potential_record, &p, &set);
	}
	return done(r, &a, &v, e, set, "#c-grid");
}

/* Whoever may write the deal says for whom in the account it is (O3). */
static enum err
plan_place_deal(struct request *r)
{
	struct account a;
	struct plan_view v;
	struct plan_deal x;
	struct deal d;
	int64_t there = 0;
	id set = 0, unit = page_id_field(r, "unit");
	enum err e = load_account(r, &a);

	start_view(&v);
	if (e == OK)
		e = record_load(r->conn, r->arena, &r->grant, &deal_record, page_id_field(r, "deal"), &d);
	if (e == OK && d.account != a.row.id)
		e = ERR_ABSENT;
	if (e != OK)
		return e;
	record_init(&plan_deal_record, &x);
	x.person = r->actor.person;
	if (db_one_int(r->conn, "select id from plan_deal where org_id = $1 and deal = $2",
	            DB_ARGS(DB_I(r->actor.org), DB_I(d.row.id)), &there) == OK)
		e = record_load(r->conn, r->arena, &r->grant, &plan_deal_record, there, &x);
	x.deal = d.row.id;
	x.unit = unit;
	struct removing gone = { &plan_deal_record, x.row.id, x.row.version };
	if (e == OK && unit)
		e = page_save(r, str_fmt(r->arena, "%.*s placed", STR_ARG(d.name)), &plan_deal_record, &x, &set);
	else if (e == OK && x.row.id)
		e = page_change(r, str_fmt(r->arena, "%.*s placed", STR_ARG(d.name)), remove_work, &gone, &set);
	return done(r, &a, &v, e, set, "#c-deals");
}

static enum err
plan_set_chart(struct request *r)
{
	struct account a;
	struct plan_view v;
	id set = 0;
	enum err e = load_account(r, &a);

	if (e != OK)
		return e;
	start_view(&v);
	e = chart_save(r, &a, &set);
	return done(r, &a, &v, e, set, "#c-chart");
}

/* A step of a plan is a commitment like any other: its owner owes it by a day, and somebody confirms it (A3). */
static enum err
plan_add_step(struct request *r)
{
	struct account a;
	struct plan_view v;
	struct commitment *c = &v.step;
	id set = 0;
	enum err e = load_account(r, &a);

	if (e != OK)
		return e;
	start_view(&v);
	c->owner = r->actor.person;
	c->state = COMMITMENT_OPEN;
	c->made_on = r->today;
	c->moves = c->carried = 0;
	c->about = STR("account");
	c->about_id = a.row.id;
	e = page_fill(r, &commitment_record, "owed_to when_ then_ due", c);
	struct commitment made = *c;
	if (e == OK)
		e = page_save(r, STR("Commitment made"), &commitment_record, &made, &set);
	return done(r, &a, &v, e, set, "#c-steps");
}

const struct route growth_routes[] = {
	{ HTTP_GET, "/accounts/:/plan", POLICY_SIGNED_IN, plan_page, "accounts", "See an account’s plan", false },
	{ HTTP_GET, "/accounts/:/plan/cell", POLICY_SIGNED_IN, plan_cell_page, "accounts",
	        "See what a figure of the growth grid counts", false },
	{ HTTP_GET, "/accounts/:/plan.csv", POLICY_SIGNED_IN, plan_csv, "accounts", "Take an account’s plan as CSV",
	        false },
	{ HTTP_POST, "/accounts/:/plan/units", POLICY_SIGNED_IN, plan_add_unit, "accounts", "Add a business unit",
	        false },
	{ HTTP_POST, "/accounts/:/plan/units/:/remove", POLICY_SIGNED_IN, plan_drop_unit, "accounts",
	        "Remove a business unit", false },
	{ HTTP_POST, "/accounts/:/plan/potential", POLICY_SIGNED_IN, plan_set_potential, "accounts",
	        "Write what an account could buy", false },
	{ HTTP_POST, "/accounts/:/plan/deal", POLICY_SIGNED_IN, plan_place_deal, "accounts",
	        "Say for which unit a deal is", false },
	{ HTTP_POST, "/accounts/:/plan/chart", POLICY_SIGNED_IN, plan_set_chart, "accounts",
	        "Say to whom a contact reports", false },
	{ HTTP_POST, "/accounts/:/plan/steps", POLICY_PERSON, plan_add_step, "accounts", "Commit to a step of a plan",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
