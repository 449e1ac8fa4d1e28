/* The sample company's account plans: the accounts that bought most have units, potentials and a chart of their people
   (G2). What it is not for: deals and contacts (demo_deals.c, demo_people.c). */
#include "app/demo.h"
#include "areas/commitments/commitments.h"
#include "areas/growth/growth.h"

enum { PLANNED = 6, SOLD = 40 };

struct customer {
	id account;
	int64_t won;
};

struct bought {
	id deal, product;
	int64_t value;
};

static enum err
plan_account(struct change *c, const struct demo *m, const struct customer *k, size_t n)
{
	static const char *const names[PLANNED][2] = { { "Plant North", "Plant South" }, { "Main works", "Test field" },
		{ "Filling", "Utilities" }, { "Dairy", "Logistics" }, { "Line building", "Service" },
		{ "Mill", "Power house" } };
	struct plan_unit units[2];
	struct bought all[SOLD] = { 0 };
	struct rows rows;
	size_t n_all = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < 2; i++) {
		record_init(&plan_unit_record, &units[i]);
		units[i].account = k->account;
		units[i].name = str_of(names[n][i]);
		e = record_save(c, &plan_unit_record, &units[i]);
	}
	if (e == OK)
		e = db_query(c->conn, c->arena,
		        "select id, product, coalesce(value, 0) from deal where org_id = $1 and account = $2 and "
		        "outcome <> "
		        "'lost' order by id limit $3",
		        DB_ARGS(DB_I(m->org), DB_I(k->account), DB_I(SOLD)), &rows);
	while (e == OK && n_all < SOLD && db_next(&rows))
		all[n_all++] = (struct bought){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2) };
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < 4; i++) { /* in each unit one that was sold there, and one that never was */
		const struct bought *sold = n_all ? &all[i / 2 % n_all] : NULL;
		size_t at = (n + i) % DEMO_PRODUCTS;
		struct potential p;
		record_init(&potential_record, &p);
		if (sold && m->products[at] == sold->product)
			at = (at + 1) % DEMO_PRODUCTS;
		p.account = k->account;
		p.unit = units[i / 2].row.id;
		p.product = i % 2 || !sold ? m->products[at] : sold->product;
		p.amount =
		        i % 2 || !sold ? 4000000 * (int64_t)(1 + i) : sold->value * (int64_t)(2 + i) / 100000 * 100000;
		p.currency = STR("EUR");
		p.note = i % 2 ? STR("Two more lines of the same kind") : STR("Their plan for the next two years");
		e = record_save(c, &potential_record, &p);
	}
	for (size_t i = 0; e == OK && i < n_all; i++) {
		struct plan_deal d;
		record_init(&plan_deal_record, &d);
		d.deal = all[i].deal;
		d.unit = units[i % 2].row.id;
		d.person = m->people[1].id;
		e = record_save(c, &plan_deal_record, &d);
	}
	return e;
}

/* The second contact of an account reports to the first. */
static enum err
chart_account(struct change *c, id account)
{
	struct list l = { .record = &contact_record, .limit = 10 };
	struct list_result x;
	enum err e = list_parse(c->arena, &contact_record, STR("account"),
	        str_fmt(c->arena, "%lld", (long long)account), &l, c->faults);

	if (e == OK)
		e = record_list(c->conn, c->arena, c->grant, &l, &x);
	if (e != OK || x.n < 2)
		return e;
	struct contact one = ((const struct contact *)x.rows)[0];
	one.reports_to = ((const struct contact *)x.rows)[1].row.id;
	return record_save(c, &contact_record, &one);
}

/* What the account's owner has promised to their leader about it. */
static enum err
step_account(struct change *c, const struct demo *m, id account, size_t n)
{
	static const char *const steps[][2] = { { "the new plant manager starts", "show her the line at the dairy" },
		{ "their budget round opens", "bring the cost of a stop in their own figures" },
		{ "the second line is running", "ask for the meeting with the other plant" } };
	struct account a;
	struct commitment x;
	size_t i = m->first_seller;
	enum err e = record_load(c->conn, c->arena, c->grant, &account_record, account, &a);

	while (e == OK && i < m->n_people && m->people[i].id != a.owner)
		i++;
	if (e != OK || i == m->n_people)
		return e;
	record_init(&commitment_record, &x);
	x.owner = a.owner;
	x.owed_to = m->people[m->people[i].manager].id;
	x.when_ = str_of(steps[n % 3][0]);
	x.then_ = str_of(steps[n % 3][1]);
	x.due = demo_workday(day_add(m->today, 18 + (int)n));
	x.state = COMMITMENT_OPEN;
	x.made_on = demo_workday(day_add(m->today, -6));
	x.moves = x.carried = 0;
	x.about = STR("account");
	x.about_id = account;
	return record_save(c, &commitment_record, &x);
}

enum err
demo_make_plans(struct change *c, void *demo)
{
	const struct demo *m = demo;
	struct customer all[PLANNED];
	struct rows rows;
	size_t n = 0;
	/* Who opens the first of the list finds a plan, too. */
	enum err e = db_query(c->conn, c->arena,
	        "select d.account, sum(d.value) from deal d join account a on a.org_id = d.org_id and a.id = d.account "
	        "where "
	        "d.org_id = $1 and d.outcome = 'won' group by d.account, a.name_key order by case when a.name_key = "
	        "(select "
	        "min(z.name_key) from account z where z.org_id = $1) then 0 else 1 end, 2 desc, 1 limit $2",
	        DB_ARGS(DB_I(m->org), DB_I(PLANNED)), &rows);

	while (e == OK && n < PLANNED && db_next(&rows))
		all[n++] = (struct customer){ db_int(&rows, 0), db_int(&rows, 1) };
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		e = plan_account(c, m, &all[i], i);
		if (e == OK)
			e = chart_account(c, all[i].account);
		if (e == OK)
			e = step_account(c, m, all[i].account, i);
	}
	return e;
}
