#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/setup.h"
#include "areas/deals/report.h"
#include "areas/deals/sums.h"
#include "areas/imports/pipeline.h"
#include "areas/people/line.h"
#include "auth/session.h"
#include "base/arena.h"
#include "base/out.h"
#include "both.h"

/* A company on a fresh database. */
struct world {
	struct both *b;
	struct arena *a;
	struct grant grant;
	struct faults faults;
};

static void
world_open(struct world *w, void **state, const char *currency)
{
	struct both *b = *state;
	struct setup s = { .name = STR("Test Ltd"),
		.currency = str_of(currency),
		.zone = STR("Europe/Berlin"),
		.email = STR("a@example.com") };
	str why;

	*w = (struct world){ .b = b, .a = &b->arena };
	faults_init(&w->faults, w->a);
	assert_int_equal(schema_make(b->db, w->a, &why), OK);
	assert_int_equal(setup_company(b->db, w->a, &s, &w->faults), OK);
	w->grant = grant_all(s.org, s.ret_login, 0, "test");
}

static enum err
one_int(struct conn *c, struct arena *a, void *what)
{
	struct {
		const char *sql;
		id org;
		int64_t n;
	} *q = what;

	(void)a;
	return db_one_int(c, q->sql, DB_ARGS(DB_I(q->org)), &q->n);
}

static int64_t
count(struct world *w, const char *sql)
{
	struct {
		const char *sql;
		id org;
		int64_t n;
	} q = { sql, w->grant.org, 0 };

	assert_int_equal(db_read(w->b->db, w->a, one_int, &q), OK);
	return q.n;
}

static int64_t
sets(struct world *w)
{
	return count(w, "select count(*) from change_set where org_id = $1 and kind = 'import'");
}

static enum err
check_work(struct conn *c, struct arena *a, void *what)
{
	struct {
		id org;
		struct check_report r;
	} *x = what;
	enum err e = record_check(c, a, x->org, &x->r);

	if (e == OK)
		e = line_check(c, a, x->org, &x->r);
	return e == OK ? deal_sums_check(c, a, x->org, &x->r) : e;
}

static void
assert_sound(struct world *w)
{
	struct {
		id org;
		struct check_report r;
	} x = { .org = w->grant.org };

	assert_int_equal(db_read(w->b->db, w->a, check_work, &x), OK);
	for (const struct fault *f = x.r.first; f; f = f->next)
		print_error("%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
	assert_int_equal(x.r.n, 0);
}

struct given {
	int kind;
	str text, map;
	bool dry, partial;
	struct out *errors;
};

static enum err
bring(struct world *w, const struct given *g, struct import_job *ret)
{
	struct map map;

	faults_init(&w->faults, w->a);
	*ret = (struct import_job){ .db = w->b->db,
		.arena = w->a,
		.grant = &w->grant,
		.kind = g->kind,
		.from = { .name = STR("file.csv"), .text = g->text },
		.map = &map,
		.as_of = DAY_NONE,
		.dry = g->dry,
		.partial = g->partial,
		.show = 200,
		.errors = g->errors,
		.faults = &w->faults };
	if (g->map.n) {
		assert_int_equal(map_parse(w->a, g->map, &w->faults, &map), OK);
	} else {
		struct import_look look;
		assert_int_equal(import_look(w->b->db, w->a, &w->grant, g->kind, &ret->from, (struct csv_options){ 0 },
		                         true, &w->faults, &look),
		        OK);
		map = look.map;
	}
	enum err e = import_run(ret);
	for (const struct fault *f = e == OK ? NULL : w->faults.first; f; f = f->next)
		print_message("%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
	return e;
}

#define PEOPLE_MAP \
	"version: 1\nsource: crm\nkey: [Name]\ncolumns:\n  Name: name\n  Boss: manager\n  Mail: email\n  Office: " \
	"office\n"
#define DEALS_MAP \
	"version: 1\nsource: crm\nkey: [Id]\ndate: Y-M-D\ncurrency: EUR\ncolumns:\n  Id: external_id\n  Owner: " \
	"owner\n  Product: product\n" \
	"  Account: account\n  Stage: stage\n  From: engaged_on\n  Until: closed_on\n  Amount: amount\nvalues:\n  " \
	"product: { ProX: Pro X }\n" \
	"stages:\n  Talk: { outcome: open, probability: 10 }\n  Offer: { outcome: open, probability: 50 }\n" \
	"  Won: { outcome: won }\n  Lost: { outcome: lost }\n"
#define PRODUCTS  "product,series,sales_price\nPro X,P,100.50\nBasic,B,7\n"
#define PEOPLE    "Name,Boss,Mail,Office\nAda,Maya,ada@example.com,North\nBen,Maya,,North\nMaya,Ruth,,\nCid,Ben,,South\n"
#define DEAL_HEAD "Id,Owner,Product,Account,Stage,From,Until,Amount\n"
#define DEAL_1    "1,Ada,ProX,Acme,Won,2017-01-02,2017-02-03,200\n"
#define DEAL_2    "2,ada@example.com,Basic,acme,Offer,2017-03-01,,\n"
#define DEAL_3    "3,Ben,Pro X,Zeta,Lost,2017-03-01,2017-03-31,0\n"
#define DEAL_4    "4,Ben,Pro X,,Talk,,,\n"

static void
bring_small(struct world *w, struct import_job *j)
{
	struct given products = { .kind = IMPORT_PRODUCTS, .text = STR(PRODUCTS) };
	struct given people = { .kind = IMPORT_PEOPLE, .text = STR(PEOPLE), .map = STR(PEOPLE_MAP) };
	struct given deals = {
		.kind = IMPORT_DEALS, .text = STR(DEAL_HEAD DEAL_1 DEAL_2 DEAL_3 DEAL_4), .map = STR(DEALS_MAP)
	};

	assert_int_equal(bring(w, &products, j), OK);
	assert_int_equal(bring(w, &people, j), OK);
	assert_int_equal(bring(w, &deals, j), OK);
}

/* O1: managers named only in the manager column come too; the line follows. */
static void
test_people(void **state)
{
	struct world w;
	struct import_job j;
	struct given people = { .kind = IMPORT_PEOPLE, .text = STR(PEOPLE), .map = STR(PEOPLE_MAP) };
	struct given loop = { .kind = IMPORT_PEOPLE,
		.text = STR("Name,Boss,Mail,Office\nX,Y,,\nY,Z,,\nZ,X,,\n"),
		.map = STR(PEOPLE_MAP) };
	struct given twice = {
		.kind = IMPORT_PEOPLE, .text = STR("Name,Boss,Mail,Office\nX,,,\nX,,,\n"), .map = STR(PEOPLE_MAP)
	};

	world_open(&w, state, "EUR");
	assert_int_equal(bring(&w, &people, &j), OK);
	assert_int_equal(j.import.n_created, 4);
	assert_int_equal(count(&w, "select count(*) from person where org_id = $1"), 5);
	assert_int_equal(count(&w, "select count(*) from line l join person p on p.id = l.above and p.org_id = l.org_id"
	                           " where l.org_id = $1 and p.name = 'Ruth' and l.to_day is null"),
	        5);
	assert_int_equal(bring(&w, &people, &j), OK);
	assert_int_equal(j.import.n_same, 4);
	assert_int_equal(bring(&w, &loop, &j), ERR_INPUT);
	assert_int_equal(j.import.n_rejected, 3);
	assert_true(str_find(j.fates[0].what, STR("loop")) != SIZE_MAX &&
	            str_find(j.fates[0].what, STR("X → Y → Z → X")) != SIZE_MAX);
	assert_int_equal(bring(&w, &twice, &j), ERR_INPUT);
	assert_int_equal(j.import.n_rejected, 1);
	assert_int_equal(count(&w, "select count(*) from person where org_id = $1"), 5);
	assert_sound(&w);
}

static void
test_deals(void **state)
{
	struct world w;
	struct import_job j;

	world_open(&w, state, "EUR");
	bring_small(&w, &j);
	assert_int_equal(j.import.n_created, 4);
	assert_true(j.sets_as_of && j.import.as_of.n == day_of(2017, 3, 31).n);
	assert_int_equal(
	        count(&w, "select count(*) from deal where org_id = $1 and outcome = 'won' and value = 20000"), 1);
	assert_int_equal(count(&w, "select sum(weighted) from deal where org_id = $1 and outcome = 'open'"),
	        700 * 50 + 10050 * 10);
	assert_int_equal(count(&w, "select count(*) from account where org_id = $1"), 2);
	assert_int_equal(count(&w, "select count(*) from product where org_id = $1"), 2);
	assert_int_equal(count(&w, "select count(*) from company where org_id = $1 and as_of = '2017-03-31'"), 1);
	assert_int_equal(count(&w, "select count(*) from process where org_id = $1 and source = 'crm'"), 1);
	assert_sound(&w);
}

static const struct import_value *
value_of(const struct import_value *all, size_t n, const char *field, const char *from)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].field, str_of(field)) && str_eq(all[i].from, str_of(from)))
			return &all[i];
	return NULL;
}

#define DEAL_VALUES \
	"5,Adda,Basc,Zeta,Tlak,2017-01-02,,5\n6,Ben,Pro-X,Zetta,Dance,2017-01-02,,6\n7,Ruht,Junk,Acme,Offer,2017-01-" \
	"02,,7\n"

/* D5: owners, products, accounts and stages that are not known are offered what is near; the mapping's choice counts.
 */
static void
test_values(void **state)
{
	struct world w;
	struct import_job j;
	struct import_look look;
	struct import_value *all;
	struct map map;

	world_open(&w, state, "EUR");
	bring_small(&w, &j);
	struct import_source from = { .name = STR("more.csv"), .text = STR(DEAL_HEAD DEAL_VALUES) };
	assert_int_equal(import_look(w.b->db, w.a, &w.grant, IMPORT_DEALS, &from, (struct csv_options){ 0 }, true,
	                         &w.faults, &look),
	        OK);
	assert_int_equal(map_parse(w.a, STR(DEALS_MAP), &w.faults, &map), OK);
	size_t n = import_values(w.a, &look, IMPORT_DEALS, &map, &all);
	assert_int_equal(n, 8);
	assert_true(str_eq(value_of(all, n, "owner", "Adda")->near[0], STR("Ada")));
	assert_true(str_eq(value_of(all, n, "owner", "Ruht")->near[0], STR("Ruth")));
	assert_true(str_eq(value_of(all, n, "product", "Basc")->near[0], STR("Basic")));
	assert_true(str_eq(value_of(all, n, "product", "Pro-X")->near[0], STR("Pro X")));
	assert_int_equal(value_of(all, n, "product", "Junk")->n_near, 0);
	assert_int_equal(value_of(all, n, "product", "Junk")->n_names, 2);
	assert_true(str_eq(value_of(all, n, "stage", "Tlak")->near[0], STR("Talk")));
	assert_null(value_of(all, n, "owner", "Ben"));

	map_set_value(w.a, &map, STR("owner"), STR("Adda"), STR("Ada"));
	map_set_value(w.a, &map, STR("owner"), STR("Ruht"), STR("-"));
	map_set_value(w.a, &map, STR("product"), STR("Basc"), STR("Basic"));
	map_set_value(w.a, &map, STR("product"), STR("Pro-X"), STR("Junk"));
	map_set_value(w.a, &map, STR("product"), STR("Pro-X"), STR("Pro X"));
	map_set_value(w.a, &map, STR("product"), STR("Junk"), STR("-"));
	map_set_value(w.a, &map, STR("account"), STR("Zetta"), STR("Zeta"));
	map_set_value(w.a, &map, STR("account"), STR("Acme"), STR("Zeta"));
	map_set_value(w.a, &map, STR("account"), STR("Acme"), STR(""));
	map_set_value(w.a, &map, STR("stage"), STR("Tlak"), STR("Talk"));
	map_set_value(w.a, &map, STR("stage"), STR("Dance"), STR("Offer"));
	struct given deals = { .kind = IMPORT_DEALS, .text = from.text, .map = map_print(w.a, &map) };
	assert_int_equal(bring(&w, &deals, &j), OK);
	assert_int_equal(j.import.n_created, 3);
	assert_int_equal(count(&w, "select count(*) from product where org_id = $1"), 2);
	assert_int_equal(count(&w, "select count(*) from account where org_id = $1"), 2);
	assert_int_equal(count(&w, "select count(*) from person where org_id = $1 and name = 'Ruht'"), 0);
	assert_int_equal(
	        count(&w, "select count(*) from deal where org_id = $1 and amount = 700 and product is null"), 1);
	assert_int_equal(count(&w, "select count(*) from stage where org_id = $1 and name in ('Tlak', 'Dance')"), 0);
	assert_sound(&w);
}

/* Rows in another order, columns in another order and under other names: nothing is written. One value: one change set.
 */
static void
test_again(void **state)
{
	struct world w;
	struct import_job j;
	struct given same = {
		.kind = IMPORT_DEALS, .map = STR(DEALS_MAP), .text = STR(DEAL_HEAD DEAL_4 DEAL_2 DEAL_1 DEAL_3)
	};
	struct given one = { .kind = IMPORT_DEALS,
		.map = STR(DEALS_MAP),
		.text = STR(DEAL_HEAD "1,Ada,ProX,Acme,Won,2017-01-02,2017-02-03,250\n" DEAL_2 DEAL_3) };
	int64_t before;

	world_open(&w, state, "EUR");
	bring_small(&w, &j);
	before = sets(&w);
	assert_int_equal(bring(&w, &same, &j), OK);
	assert_int_equal(j.import.n_same, 4);
	assert_int_equal(sets(&w), before);
	assert_int_equal(bring(&w, &one, &j), OK);
	assert_int_equal(j.import.n_updated, 1);
	assert_int_equal(j.import.n_same, 2);
	assert_int_equal(j.import.n_missing, 1);
	assert_int_equal(sets(&w), before + 1);
	assert_int_equal(count(&w, "select count(*) from deal where org_id = $1"), 4);
	assert_int_equal(count(&w, "select amount from deal where org_id = $1 and external_id = '1'"), 25000);
	assert_sound(&w);
}

static enum err
edit_amount(struct change *c, void *what)
{
	struct deal d;
	enum err e = record_find_by(c->conn, c->arena, c->grant, &deal_record, "external_id", STR("1"), &d);

	(void)what;
	d.amount = 77700;
	return e == OK ? record_save(c, &deal_record, &d) : e;
}

static void
edit(struct world *w, enum err (*fn)(struct change *c, void *what))
{
	struct change_work work = { .grant = &w->grant, .reason = STR("edited"), .kind = CHANGE_EDIT, .fn = fn };

	assert_int_equal(change_run(w->b->db, w->a, &work), OK);
}

/* D5a: what was edited here stays and is said. */
static void
test_kept(void **state)
{
	struct world w;
	struct import_job j;
	struct given again = {
		.kind = IMPORT_DEALS, .map = STR(DEALS_MAP), .text = STR(DEAL_HEAD DEAL_1 DEAL_2 DEAL_3 DEAL_4)
	};

	world_open(&w, state, "EUR");
	bring_small(&w, &j);
	edit(&w, edit_amount);
	assert_int_equal(bring(&w, &again, &j), OK);
	assert_int_equal(j.import.n_kept, 1);
	assert_int_equal(j.import.n_updated, 0);
	assert_int_equal(j.n_shown[FATE_KEPT], 1);
	assert_int_equal(count(&w, "select amount from deal where org_id = $1 and external_id = '1'"), 77700);
	assert_sound(&w);
}

static enum err
add_contact(struct change *c, void *what)
{
	struct contact x;
	struct account a;
	enum err e = record_find_by(c->conn, c->arena, c->grant, &account_record, "name", STR("Acme"), &a);

	(void)what;
	record_init(&contact_record, &x);
	x.name = STR("Somebody");
	x.account = a.row.id;
	return e == OK ? record_save(c, &contact_record, &x) : e;
}

/* Undo restores all but what people added since, and names it; not while a later import stands. */
static void
test_undo(void **state)
{
	struct world w;
	struct import_job j, later;
	struct undo_result u;
	struct given one = {
		.kind = IMPORT_DEALS, .map = STR(DEALS_MAP), .text = STR(DEAL_HEAD "9,Ada,ProX,Acme,Talk,,,\n")
	};

	world_open(&w, state, "EUR");
	bring_small(&w, &j);
	edit(&w, edit_amount);
	edit(&w, add_contact);
	assert_int_equal(bring(&w, &one, &later), OK);
	faults_init(&w.faults, w.a);
	assert_int_equal(import_take_back(w.b->db, w.a, &w.grant, j.import.row.id, &w.faults, &u), ERR_INPUT);
	assert_true(str_find(w.faults.first->what, id_text(w.a, later.import.row.id)) != SIZE_MAX);
	assert_int_equal(import_take_back(w.b->db, w.a, &w.grant, later.import.row.id, &w.faults, &u), OK);
	assert_int_equal(count(&w, "select count(*) from deal where org_id = $1"), 4);
	assert_int_equal(import_take_back(w.b->db, w.a, &w.grant, j.import.row.id, &w.faults, &u), OK);
	/* The edited deal stays with what it needs; so does the account that got a contact. */
	assert_int_equal(count(&w, "select count(*) from deal where org_id = $1"), 1);
	assert_int_equal(count(&w, "select count(*) from account where org_id = $1"), 1);
	assert_int_equal(count(&w, "select count(*) from contact where org_id = $1"), 1);
	assert_true(u.n_kept >= 2);
	assert_int_equal(count(&w, "select count(*) from company where org_id = $1 and as_of is null"), 1);
	assert_sound(&w);
}

/* All or nothing, unless asked; each reason with its row and column; the error file comes back whole. */
static void
test_rejects(void **state)
{
	struct world w;
	struct import_job j;
	struct out errors;
	struct given bad = { .kind = IMPORT_DEALS,
		.map = STR(DEALS_MAP),
		.errors = &errors,
		.text = STR(DEAL_HEAD DEAL_1
		        "5,Ada,ProX,=Evil,Won,2017-02-30,2017-03-01,5\n6,Ada,ProX,Acme,Won,,,ten\n7,Ada\n"
		        "1,Ada,ProX,Acme,Talk,,,\n8,Ada,ProX,Acme,Dance,,,\n9,Ghost,ProX,Acme,Talk,,,-1100\n") };

	world_open(&w, state, "EUR");
	out_init(&errors, 0);
	assert_int_equal(bring(&w, &bad, &j), ERR_INPUT);
	assert_int_equal(j.import.n_rejected, 5);
	assert_int_equal(count(&w, "select count(*) from deal where org_id = $1"), 0);
	assert_int_equal(count(&w, "select count(*) from person where org_id = $1"), 0);
	assert_int_equal(sets(&w), 0);
	bool day = false, number = false;
	for (size_t i = 0; i < j.n_fates; i++) {
		day |= j.fates[i].row == 2 && str_eq(j.fates[i].column, STR("From"));
		number |= j.fates[i].row == 3 && str_eq(j.fates[i].column, STR("Amount"));
	}
	assert_true(day && number);
	str text = out_all(&errors, w.a);
	assert_true(str_find(text, STR("ridealong_reason")) != SIZE_MAX && str_find(text, STR("'=Evil")) != SIZE_MAX);
	out_fini(&errors);
	bad.errors = NULL;
	bad.dry = true;
	assert_int_equal(bring(&w, &bad, &j), OK);
	assert_int_equal(sets(&w), 0);
	bad.dry = false;
	bad.partial = true;
	assert_int_equal(bring(&w, &bad, &j), OK);
	assert_int_equal(j.import.n_created, 2);
	assert_int_equal(count(&w, "select count(*) from deal where org_id = $1"), 2);
	assert_int_equal(count(&w, "select amount from deal where org_id = $1 and external_id = '9'"), -110000);
	assert_sound(&w);
}

static void
test_other_kinds(void **state)
{
	struct world w;
	struct import_job j;
	struct given targets = { .kind = IMPORT_TARGETS,
		.text = STR("person,from,to,target\nAda,2017-01-01,2017-03-31,1000\nBen,2017-01-01,2017-03-31,500\n") };
	struct given contacts = { .kind = IMPORT_CONTACTS,
		.text = STR("name,email,account\nCarla,c@acme.example,Acme\nDora,,New Ltd\n") };
	struct given acts = { .kind = IMPORT_ACTIVITIES,
		.text = STR("type,date,subject,deal,person\nPhone call,2017-02-01,First "
		            "call,1,Ada\nMeeting,2017-02-02,Visit,2,Ada\n"),
		.map = STR("version: 1\nsource: crm\ncolumns:\n  type: kind\n  date: on_day\n  subject: subject\n  "
		           "deal: deal\n  person: person\n") };

	world_open(&w, state, "EUR");
	bring_small(&w, &j);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(bring(&w, &targets, &j), OK);
		assert_int_equal(again ? j.import.n_same : j.import.n_created, 2);
		assert_int_equal(bring(&w, &contacts, &j), OK);
		assert_int_equal(again ? j.import.n_same : j.import.n_created, 2);
		assert_int_equal(bring(&w, &acts, &j), OK);
		assert_int_equal(again ? j.import.n_same : j.import.n_created, 2);
	}
	assert_int_equal(count(&w, "select count(*) from target where org_id = $1"), 2);
	id deals = (id)count(&w, "select id from import_file where org_id = $1 and kind = 'deals'");
	assert_int_equal(count(&w, "select count(*) from activity where org_id = $1 and kind = 'call'"), 1);
	assert_sound(&w);
	/* Activities touched their deals; that does not hold the deals back. */
	struct import *all;
	struct conn *c;
	struct undo_result u;
	size_t n;
	assert_int_equal(db_begin_read(w.b->db, &c), OK);
	assert_int_equal(import_list(c, w.a, &w.grant, 50, &all, &n), OK);
	db_end_read(w.b->db, c);
	for (size_t i = 0; i < n && all[i].row.id >= deals; i++)
		assert_int_equal(import_take_back(w.b->db, w.a, &w.grant, all[i].row.id, &w.faults, &u), OK);
	assert_int_equal(count(&w, "select count(*) from activity where org_id = $1"), 0);
	assert_int_equal(count(&w, "select count(*) from deal where org_id = $1"), 0);
	assert_int_equal(
	        count(&w, "select count(*) from stage s join process p on p.org_id = s.org_id and p.id = s.process"
	                  " where s.org_id = $1 and p.source = 'crm'"),
	        0);
	assert_sound(&w);
}

/* ---- the published data, where RIDEALONG_DATA names them ---- */

static str
slurp(struct arena *a, const char *name)
{
	char path[1024];
	char *all = arena_alloc(a, 4 << 20, 1);

	snprintf(path, sizeof path, "%s/maven/%s", getenv("RIDEALONG_DATA"), name);
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	str s = { all, fread(all, 1, 4 << 20, in) };
	fclose(in);
	return s;
}

struct sales {
	struct world *w;
	struct report_sales s;
	struct report_row *rows;
	size_t n;
};

static enum err
read_sales(struct conn *c, struct arena *a, void *what)
{
	struct sales *x = what;
	struct report_scope scope = {
		.from = DAY_NONE, .to = DAY_NONE, .as_of = day_of(2017, 12, 31), .currency = STR("USD")
	};
	struct rate_said said;
	enum err e = report_sales(c, a, &x->w->grant, &scope, &x->s);

	return e == OK ? report_revenue(c, a, &x->w->grant, &scope, REPORT_BY_OFFICE | REPORT_BY_QUARTER, &x->rows,
	                         &x->n, &said)
	               : e;
}

static void
test_maven(void **state)
{
	struct world w;
	struct import_job j;
	struct sales x = { .w = &w };
	struct undo_result u;

	if (!getenv("RIDEALONG_DATA"))
		skip();
	world_open(&w, state, "USD");
	struct given products = { .kind = IMPORT_PRODUCTS, .text = slurp(w.a, "products.csv") };
	struct given accounts = { .kind = IMPORT_ACCOUNTS, .text = slurp(w.a, "accounts.csv") };
	struct given people = {
		.kind = IMPORT_PEOPLE, .text = slurp(w.a, "sales_teams.csv"), .map = slurp(w.a, "people.map.yaml")
	};
	struct given deals = {
		.kind = IMPORT_DEALS, .text = slurp(w.a, "sales_pipeline.csv"), .map = slurp(w.a, "deals.map.yaml")
	};
	assert_int_equal(bring(&w, &products, &j), OK);
	assert_int_equal(bring(&w, &accounts, &j), OK);
	assert_int_equal(bring(&w, &people, &j), OK);
	assert_int_equal(bring(&w, &deals, &j), OK);
	assert_int_equal(j.import.n_created, 8800);
	print_message("%s: %.0f deals a second\n", w.b->lite ? "SQLite" : "PostgreSQL", 8800e6 / (double)j.micros);
	assert_int_equal(j.import.as_of.n, day_of(2017, 12, 31).n);
	assert_int_equal(db_read(w.b->db, w.a, read_sales, &x), OK);
	assert_int_equal(x.s.won, 4238);
	assert_int_equal(x.s.lost, 2473);
	assert_int_equal(x.s.open, 2089);
	assert_int_equal(x.s.revenue, INT64_C(1000553400));
	assert_int_equal(x.s.open_value, INT64_C(496621500));
	assert_int_equal(x.s.weighted, INT64_C(205351310));
	assert_true(x.s.cycle_median == 57 && x.s.cycle_mean > 51.7819725 && x.s.cycle_mean < 51.7819727);
	assert_int_equal(x.n, 12);
	assert_true(str_eq(x.rows[0].office, STR("Central")) && str_eq(x.rows[0].quarter, STR("2017-Q1")));
	assert_int_equal(x.rows[0].value, 34798800);
	assert_int_equal(x.rows[0].n, 192);
	assert_int_equal(count(&w, "select count(*) from person where org_id = $1"), 41);
	assert_int_equal(bring(&w, &deals, &j), OK);
	assert_int_equal(j.import.n_same, 8800);
	assert_sound(&w);
	if (!w.b->lite)
		return;
	assert_int_equal(import_take_back(w.b->db, w.a, &w.grant, j.import.row.id, &w.faults, &u), OK);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		BOTH(test_people),
		BOTH(test_deals),
		BOTH(test_values),
		BOTH(test_again),
		BOTH(test_kept),
		BOTH(test_undo),
		BOTH(test_rejects),
		BOTH(test_other_kinds),
		BOTH(test_maven),
	};

	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
