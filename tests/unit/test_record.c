/* The engine on both databases: saving, faults, repeats, undo, history, lists, the line, sums, and the seal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "both.h"

#include "app/setup.h"
#include "areas/deals/sums.h"
#include "areas/people/line.h"
#include "areas/process/standard.h"

enum { HEAD, LEADER, MANAGER_1, MANAGER_2, SELLER_1, SELLER_2, SELLER_3, SELLER_4, PEOPLE };

static const char *const people_names[] = { "Hanna Head", "Lea Leader", "Mara Manager", "Mikko Manager", "Ada Seller",
	"Bo Seller", "Cy Seller", "Di Seller" };
static const int bosses[] = { -1, HEAD, LEADER, LEADER, MANAGER_1, MANAGER_1, MANAGER_2, MANAGER_2 };

/* One company in a fresh database. */
static struct world {
	struct both *b;
	struct arena *arena;
	struct grant all;
	struct faults faults;
	enum change_kind kind;
	str idem;
	id org, login, set, people[PEOPLE], account, product;
	bool again;
	struct conn *reading; /* the snapshot of a test that looks itself */
	struct process process;
	struct stage *stages; /* five open ones, Won, Lost */
	size_t n_stages;
} w;

static uint32_t dice_state;

static uint32_t
dice(uint32_t n)
{
	dice_state = dice_state * 1664525u + 1013904223u;
	return (dice_state >> 8) % n;
}

/* A test that fails in the middle of a snapshot leaves it to the teardown. */
static struct conn *
begin_read(void)
{
	assert_null(w.reading);
	assert_int_equal(db_begin_read(w.b->db, &w.reading), OK);
	return w.reading;
}

static void
end_read(void)
{
	db_end_read(w.b->db, w.reading);
	w.reading = NULL;
}

static int
teardown(void **state)
{
	if (w.reading)
		end_read();
	return both_teardown(state);
}

/* ---- small ways to do one thing ---- */

struct job {
	const struct record *record;
	const void *given;
	void *object;
	id row;
	int64_t version;
	int calls;
};

static enum err
save_work(struct change *c, void *what)
{
	struct job *j = what;

	j->calls++;
	if (!j->object)
		return record_remove(c, j->record, j->row, j->version);
	memcpy(j->object, j->given, j->record->size);
	return record_save(c, j->record, j->object);
}

static enum err
run(const struct grant *g, enum err (*fn)(struct change *c, void *what), void *what)
{
	struct change_work work = { .grant = g,
		.reason = STR("test"),
		.idem = w.idem,
		.kind = w.kind,
		.faults = &w.faults,
		.fn = fn,
		.what = what };
	faults_init(&w.faults, w.arena);
	enum err e = change_run(w.b->db, w.arena, &work);

	w.set = work.ret_set;
	w.again = work.ret_again;
	return e;
}

static enum err
save_as(const struct grant *g, const struct record *r, void *object)
{
	struct job j = { r, arena_copy(w.arena, object, r->size), object, 0, 0, 0 };
	return run(g, save_work, &j);
}

static enum err
save(const struct record *r, void *object)
{
	return save_as(&w.all, r, object);
}

static enum err
drop(const struct record *r, id row, int64_t version)
{
	struct job j = { r, NULL, NULL, row, version, 0 };
	return run(&w.all, save_work, &j);
}

static enum err
load_as(const struct grant *g, const struct record *r, id row, void *ret)
{
	struct conn *c;
	assert_int_equal(db_begin_read(w.b->db, &c), OK);
	enum err e = record_load(c, w.arena, g, r, row, ret);
	db_end_read(w.b->db, c);
	return e;
}

static enum err
load(const struct record *r, id row, void *ret)
{
	return load_as(&w.all, r, row, ret);
}

static int64_t
number(const char *sql)
{
	struct conn *c;
	int64_t n = -1;
	assert_int_equal(db_begin_read(w.b->db, &c), OK);
	enum err e = db_one_int(c, sql, DB_NO_ARGS, &n);
	db_end_read(w.b->db, c);
	assert_int_equal(e, OK);
	return n;
}

static struct account
account_of(const char *name)
{
	struct account a;
	record_init(&account_record, &a);
	a.name = str_of(name);
	return a;
}

static struct deal
deal_of(const char *name, int owner, int64_t amount)
{
	struct deal d;
	record_init(&deal_record, &d);
	d.name = str_of(name);
	d.owner = w.people[owner];
	d.stage = w.stages[0].row.id;
	d.process = w.process.row.id;
	d.amount = amount;
	d.currency = STR("EUR");
	return d;
}

static void
assert_has(str whole, const char *part)
{
	if (!strstr(str_z(w.arena, whole), part)) {
		print_error("“%.*s” does not hold “%s”\n", STR_ARG(whole), part);
		fail();
	}
}

static struct undo_result
undo(id set)
{
	struct undo_result u;
	assert_int_equal(change_undo(w.b->db, w.arena, &w.all, set, &u), OK);
	return u;
}

static enum err
check_work(struct conn *c, struct arena *a, void *what)
{
	enum err e = record_check(c, a, w.org, what);
	if (e == OK)
		e = line_check(c, a, w.org, what);
	return e == OK ? deal_sums_check(c, a, w.org, what) : e;
}

static void
assert_sound(void)
{
	struct check_report r = { 0 };
	assert_int_equal(db_read(w.b->db, w.arena, check_work, &r), OK);
	for (const struct fault *f = r.first; f; f = f->next)
		print_error("%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
	assert_int_equal(r.n, 0);
}

/* ---- the company ---- */

static void
make_person(int i)
{
	struct person p;
	record_init(&person_record, &p);
	p.name = str_of(people_names[i]);
	p.manager = bosses[i] < 0 ? 0 : w.people[bosses[i]];
	p.manager_from = day_of(2026, 1, 1);
	assert_int_equal(save(&person_record, &p), OK);
	w.people[i] = p.row.id;
}

static void
begin(void **state)
{
	struct setup s = { .name = STR("Probe"),
		.currency = STR("EUR"),
		.zone = STR("Europe/Berlin"),
		.email = STR("admin@example.com") };
	str why = { 0 };
	struct conn *c;

	dice_state = 20261123;
	w = (struct world){ .b = *state, .arena = &((struct both *)*state)->arena };
	faults_init(&w.faults, w.arena);
	assert_int_equal(schema_make(w.b->db, w.arena, &why), OK);
	assert_int_equal(setup_company(w.b->db, w.arena, &s, &w.faults), OK);
	w.org = s.org;
	w.login = s.ret_login;
	w.all = grant_all(w.org, w.login, 0, "test");
	for (int i = 0; i < PEOPLE; i++)
		make_person(i);
	struct account a = account_of("Acme");
	assert_int_equal(save(&account_record, &a), OK);
	w.account = a.row.id;
	struct product p;
	record_init(&product_record, &p);
	p.name = STR("Anvil");
	p.list_price = 77700;
	p.currency = STR("EUR");
	assert_int_equal(save(&product_record, &p), OK);
	w.product = p.row.id;
	c = begin_read();
	assert_int_equal(process_find_standard(c, w.arena, &w.all, &w.process), OK);
	assert_int_equal(process_stages(c, w.arena, w.org, w.process.row.id, &w.stages, &w.n_stages), OK);
	end_read();
	assert_int_equal(w.n_stages, 7);
}

/* ---- saving ---- */

static void
test_save(void **state)
{
	struct account a = account_of("Žofie & Sons"), got;

	begin(state);
	int64_t sets = number("select count(*) from change_set");
	assert_int_equal(save(&account_record, &a), OK);
	assert_true(a.row.id > 0);
	assert_int_equal(a.row.version, 1);
	assert_true(w.set > 0);
	assert_int_equal(number("select count(*) from change_set"), sets + 1);
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	assert_true(str_eq(got.name, STR("Žofie & Sons")));
	assert_int_equal(got.employees, NO_INT);
	assert_int_equal(got.owner, 0);
	a.employees = 0; /* not the same as unknown */
	a.sector = STR("Bicycles");
	assert_int_equal(save(&account_record, &a), OK);
	assert_int_equal(a.row.version, 2);
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	assert_int_equal(got.employees, 0);
	assert_int_equal(got.row.version, 2);
	/* nothing changed: nothing written, no version, no set */
	assert_int_equal(save(&account_record, &a), OK);
	assert_int_equal(w.set, 0);
	assert_int_equal(a.row.version, 2);
	assert_int_equal(number("select count(*) from change_set"), sets + 2);
	assert_int_equal(drop(&account_record, a.row.id, 2), OK);
	assert_int_equal(load(&account_record, a.row.id, &got), ERR_ABSENT);
	assert_int_equal(drop(&account_record, a.row.id, 2), ERR_ABSENT);
	assert_int_equal(number("select count(*) from change_set"), sets + 3);
	assert_int_equal(number("select count(*) from change_set s where n <> (select count(*) from change_line l "
	                        "where l.org_id = s.org_id"
	                        " and l.set_id = s.id)"),
	        0);
	assert_sound();
}

static void
test_stale(void **state)
{
	struct account a = account_of("Twice"), mine, theirs, got;

	begin(state);
	assert_int_equal(save(&account_record, &a), OK);
	mine = theirs = a;
	theirs.sector = STR("theirs");
	mine.country = STR("mine");
	assert_int_equal(save(&account_record, &theirs), OK);
	int64_t sets = number("select count(*) from change_set");
	assert_int_equal(save(&account_record, &mine), ERR_STALE);
	assert_int_equal(drop(&account_record, a.row.id, 1), ERR_STALE);
	assert_int_equal(number("select count(*) from change_set"), sets);
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	assert_int_equal(got.country.n, 0);
	assert_true(str_eq(got.sector, STR("theirs")));
	/* gone meanwhile */
	assert_int_equal(drop(&account_record, a.row.id, 2), OK);
	theirs.sector = STR("again");
	assert_int_equal(save(&account_record, &theirs), ERR_ABSENT);
}

static void
test_duplicate(void **state)
{
	struct account a = account_of("One"), b = account_of("Two"), c = account_of("Three"), d = account_of("Four");
	struct person p, q;

	begin(state);
	a.source = b.source = STR("crm");
	a.external_id = b.external_id = STR("77");
	assert_int_equal(save(&account_record, &a), OK);
	int64_t before = number("select count(*) from account");
	int64_t sets = number("select count(*) from change_set");
	assert_int_equal(save(&account_record, &b), ERR_DUPLICATE);
	assert_int_equal(number("select count(*) from account"), before);
	assert_int_equal(number("select count(*) from change_set"), sets);
	/* unknown keys differ */
	assert_int_equal(save(&account_record, &c), OK);
	assert_int_equal(save(&account_record, &d), OK);
	record_init(&person_record, &p);
	p.name = STR("First");
	p.email = STR("same@example.com");
	q = p;
	assert_int_equal(save(&person_record, &p), OK);
	assert_int_equal(save(&person_record, &q), ERR_DUPLICATE);
	assert_sound();
}

/* ---- faults ---- */

static void
fault_of_deal(void (*spoil)(struct deal *d), const char *place, const char *what)
{
	struct deal d = deal_of("Fine", SELLER_1, 100);
	int64_t before = number("select count(*) from change_set");

	spoil(&d);
	assert_int_equal(save(&deal_record, &d), ERR_INPUT);
	const struct fault *f = fault_at(&w.faults, str_of(place));
	if (!f)
		print_error("no fault at %s\n", place);
	assert_non_null(f);
	assert_has(f->what, what);
	assert_true(f->mend.n > 0);
	assert_int_equal(number("select count(*) from change_set"), before);
	assert_int_equal(number("select count(*) from deal"), 0);
}

static void
no_name(struct deal *d)
{
	d->name = (str){ 0 };
}
static void
no_owner(struct deal *d)
{
	d->owner = 0;
}
static void
no_stage(struct deal *d)
{
	d->stage = 0;
}
static void
odd_account(struct deal *d)
{
	d->account = d->owner;
}
static void
two_lines(struct deal *d)
{
	d->name = STR("a\nb");
}
static void
no_text(struct deal *d)
{
	d->next_step = STR("\xff\xfe");
}
static void
odd_currency(struct deal *d)
{
	d->currency = STR("XQZ");
}
static void
huge(struct deal *d)
{
	d->amount = INT64_C(9000000000000000);
}
static void
long_currency(struct deal *d)
{
	d->currency = STR("EURO");
}
static void
lost(struct deal *d)
{
	d->stage = w.stages[6].row.id;
}

static char letters_201[202];
static void
long_name(struct deal *d)
{
	d->name = str_of(letters_201);
}

static void
test_faults(void **state)
{
	begin(state);
	memset(letters_201, 'x', 201);
	fault_of_deal(no_name, "name", "missing");
	fault_of_deal(no_owner, "owner", "missing");
	fault_of_deal(no_stage, "stage", "missing");
	fault_of_deal(odd_account, "account", "no such account");
	fault_of_deal(two_lines, "name", "line break");
	fault_of_deal(no_text, "next_step", "UTF-8");
	fault_of_deal(odd_currency, "currency", "no currency");
	fault_of_deal(huge, "amount", "larger");
	fault_of_deal(long_currency, "currency", "4 letters");
	fault_of_deal(long_name, "name", "201 letters");
	fault_of_deal(lost, "lost_reason", "missing");
	struct stage s = w.stages[0];
	s.probability = 101;
	assert_int_equal(save(&stage_record, &s), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("probability")));
	struct person p;
	record_init(&person_record, &p);
	p.name = STR("No mail");
	p.email = STR("nobody");
	p.started_on = day_of(2026, 2, 2);
	p.left_on = day_of(2026, 2, 1);
	assert_int_equal(save(&person_record, &p), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("email")));
	assert_non_null(fault_at(&w.faults, STR("left_on")));
	/* several at once */
	struct deal d;
	record_init(&deal_record, &d);
	assert_int_equal(save(&deal_record, &d), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("name")));
	assert_non_null(fault_at(&w.faults, STR("owner")));
	assert_sound();
}

static enum err
three_accounts(struct change *c, void *what)
{
	struct account a = account_of("One"), b = account_of(""), d = account_of("Three");
	void *const all[] = { &a, &b, &d };

	(void)what;
	return record_save_many(c, &account_record, all, 3);
}

static void
test_faults_of_many(void **state)
{
	begin(state);
	int64_t before = number("select count(*) from account");
	assert_int_equal(run(&w.all, three_accounts, NULL), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, STR("row 2, name")));
	assert_int_equal(number("select count(*) from account"), before);
}

/* ---- one effect for one intent ---- */

static enum err
nothing(struct change *c, void *what)
{
	(void)c;
	++*(int *)what;
	return OK;
}

static enum err
refuse(struct change *c, void *what)
{
	(void)what;
	return fault_add(c->faults, STR("x"), STR("is wrong"), STR("mend it"));
}

static void
test_idem(void **state)
{
	struct account a = account_of("Only once"), b = account_of("Only once"), c = account_of("Other login");
	int calls = 0;

	begin(state);
	int64_t before = number("select count(*) from account");
	w.idem = STR("key-1");
	/* what was refused did not use the key */
	assert_int_equal(run(&w.all, refuse, NULL), ERR_INPUT);
	assert_int_equal(save(&account_record, &a), OK);
	id set = w.set;
	assert_false(w.again);
	int64_t sets = number("select count(*) from change_set"), lines = number("select count(*) from change_line");
	struct job j = { &account_record, arena_copy(w.arena, &b, sizeof b), &b, 0, 0, 0 };
	assert_int_equal(run(&w.all, save_work, &j), OK);
	assert_true(w.again);
	assert_int_equal(j.calls, 0);
	assert_int_equal(w.set, set);
	assert_int_equal(number("select count(*) from account"), before + 1);
	assert_int_equal(number("select count(*) from change_set"), sets);
	assert_int_equal(number("select count(*) from change_line"), lines);
	/* the key is one login's */
	struct grant other = grant_all(w.org, w.login + 1, 0, "test");
	assert_int_equal(save_as(&other, &account_record, &c), OK);
	assert_false(w.again);
	assert_int_equal(number("select count(*) from account"), before + 2);
	/* an intent without any change counts as done, too */
	w.idem = STR("key-2");
	assert_int_equal(run(&w.all, nothing, &calls), OK);
	assert_int_equal(run(&w.all, nothing, &calls), OK);
	assert_true(w.again);
	assert_int_equal(calls, 1);
	w.idem = (str){ 0 };
	assert_sound();
}

struct twin {
	pthread_t thread;
	struct db *db;
	enum err e;
	id set;
	bool again;
};

static void *
submit(void *what)
{
	struct twin *t = what;
	struct arena a;
	struct account given = account_of("Twin"), object;
	struct job j = { &account_record, &given, &object, 0, 0, 0 };
	struct change_work work = {
		.grant = &w.all, .reason = STR("twin"), .idem = STR("twin-key"), .fn = save_work, .what = &j
	};

	arena_init(&a, (size_t)64 << 20);
	t->e = change_run(t->db, &a, &work);
	t->set = work.ret_set;
	t->again = work.ret_again;
	arena_fini(&a);
	return NULL;
}

static void
test_idem_parallel(void **state)
{
	struct twin t[12] = { 0 };
	size_t first = 0, n = sizeof t / sizeof *t;

	begin(state);
	int64_t before = number("select count(*) from account");
	for (size_t i = 0; i < n; i++) {
		t[i].db = w.b->db;
		assert_int_equal(pthread_create(&t[i].thread, NULL, submit, &t[i]), 0);
	}
	for (size_t i = 0; i < n; i++)
		pthread_join(t[i].thread, NULL);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(t[i].e, OK);
		assert_int_equal(t[i].set, t[0].set);
		first += !t[i].again;
	}
	assert_int_equal(first, 1);
	assert_int_equal(number("select count(*) from account"), before + 1);
	assert_sound();
}

/* ---- undo ---- */

static void
test_undo_edit(void **state)
{
	struct account a = account_of("Before"), got;

	begin(state);
	a.sector = STR("old");
	assert_int_equal(save(&account_record, &a), OK);
	a.name = STR("After");
	a.sector = STR("new");
	a.employees = 12;
	assert_int_equal(save(&account_record, &a), OK);
	id first = w.set;
	a.sector = STR("newer");
	assert_int_equal(save(&account_record, &a), OK);
	struct undo_result u = undo(first);
	assert_int_equal(u.restored, 2);
	assert_int_equal(u.n_kept, 1);
	assert_has(u.kept->place, "Sector");
	assert_has(u.kept->what, "edited since");
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	assert_true(str_eq(got.name, STR("Before")));
	assert_true(str_eq(got.sector, STR("newer")));
	assert_int_equal(got.employees, NO_INT);
	/* the way back */
	u = undo(u.set);
	assert_int_equal(u.n_kept, 0);
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	assert_true(str_eq(got.name, STR("After")));
	assert_int_equal(got.employees, 12);
	assert_sound();
}

static void
test_undo_creation(void **state)
{
	struct account a = account_of("Fresh"), edited = account_of("Edited"), used = account_of("Used"), got;

	begin(state);
	assert_int_equal(save(&account_record, &a), OK);
	struct undo_result u = undo(w.set);
	assert_int_equal(u.n_kept, 0);
	assert_int_equal(load(&account_record, a.row.id, &got), ERR_ABSENT);
	/* and brought back, with its id */
	u = undo(u.set);
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	assert_true(str_eq(got.name, STR("Fresh")));

	assert_int_equal(save(&account_record, &edited), OK);
	id set = w.set;
	edited.sector = STR("x");
	assert_int_equal(save(&account_record, &edited), OK);
	u = undo(set);
	assert_int_equal(u.n_kept, 1);
	assert_has(u.kept->place, "Edited");
	assert_int_equal(load(&account_record, edited.row.id, &got), OK);

	assert_int_equal(save(&account_record, &used), OK);
	set = w.set;
	struct deal d = deal_of("Uses it", SELLER_1, 5);
	d.account = used.row.id;
	assert_int_equal(save(&deal_record, &d), OK);
	u = undo(set);
	assert_int_equal(u.n_kept, 1);
	assert_has(u.kept->what, "referred to by 1 deal");
	assert_int_equal(load(&account_record, used.row.id, &got), OK);
	assert_sound();
}

static void
test_undo_removal(void **state)
{
	struct deal d = deal_of("Falls", SELLER_2, 4200), got;

	begin(state);
	d = deal_of("Falls", SELLER_2, 4200);
	d.account = w.account;
	d.closes_on = day_of(2027, 2, 28);
	d.next_step = STR("Ring “them” up\\ – 契約");
	assert_int_equal(save(&deal_record, &d), OK);
	assert_int_equal(drop(&account_record, w.account, 1), ERR_INPUT); /* in use */
	assert_has(w.faults.first->what, "referred to by 1 deal");
	assert_int_equal(drop(&deal_record, d.row.id, 1), OK);
	assert_sound();
	undo(w.set);
	assert_int_equal(load(&deal_record, d.row.id, &got), OK);
	assert_true(str_eq(got.next_step, d.next_step));
	assert_int_equal(got.closes_on.n, d.closes_on.n);
	assert_int_equal(got.amount, 4200);
	assert_int_equal(got.owner, w.people[SELLER_2]);
	assert_sound();
}

/* A move and its undo leave the deal as it was, also what the rules derived. */
static void
test_undo_move(void **state)
{
	struct deal d, got;

	begin(state);
	d = deal_of("Moves", SELLER_1, 1000);
	d.closes_on = day_of(2027, 1, 31);
	assert_int_equal(save(&deal_record, &d), OK);
	struct deal as_it_was = d;
	d.stage = w.stages[5].row.id;
	assert_int_equal(save(&deal_record, &d), OK);
	assert_int_equal(d.outcome, OUTCOME_WON);
	assert_true(day_is(d.closed_on));
	struct undo_result u = undo(w.set);
	assert_int_equal(u.n_kept, 0);
	assert_int_equal(load(&deal_record, d.row.id, &got), OK);
	assert_int_equal(got.stage, as_it_was.stage);
	assert_int_equal(got.outcome, OUTCOME_OPEN);
	assert_int_equal(got.weighted, as_it_was.weighted);
	assert_false(day_is(got.closed_on));
	assert_int_equal(got.closes_on.n, as_it_was.closes_on.n);
	assert_int_equal(got.pushes, as_it_was.pushes);
	assert_int_equal(got.stage_since.n, as_it_was.stage_since.n);
	assert_sound();
}

/* Rules may touch what somebody entered; that is no edit, and the entry can still be taken back. */
static void
test_undo_touched(void **state)
{
	struct deal d, got;
	struct activity x;

	begin(state);
	d = deal_of("Touched", SELLER_1, 1000);
	assert_int_equal(save(&deal_record, &d), OK);
	id entered = w.set;
	record_init(&activity_record, &x);
	x.deal = d.row.id;
	x.person = w.people[SELLER_1];
	x.on_day = day_add(d.touched_on, 3);
	x.subject = STR("Called");
	assert_int_equal(save(&activity_record, &x), OK);
	struct undo_result u = undo(w.set);
	assert_int_equal(u.n_kept, 0);
	u = undo(entered);
	if (u.n_kept)
		print_error("%.*s: %.*s\n", STR_ARG(u.kept->place), STR_ARG(u.kept->what));
	assert_int_equal(u.n_kept, 0);
	assert_int_equal(load(&deal_record, d.row.id, &got), ERR_ABSENT);
	assert_sound();
}

static void
test_undo_rights(void **state)
{
	struct account a = account_of("Mine");
	struct undo_result u;
	struct actor seller = { .via = VIA_SESSION, .as_of = DAY_NONE };

	begin(state);
	assert_int_equal(save(&account_record, &a), OK);
	seller.org = w.org;
	seller.person = w.people[SELLER_1];
	seller.login = w.login + 1;
	struct grant g = grant_of(&seller);
	assert_int_equal(change_undo(w.b->db, w.arena, &g, w.set, &u), ERR_ABSENT);
	assert_int_equal(change_undo(w.b->db, w.arena, &w.all, w.set + 1, &u), ERR_ABSENT);
	seller.org = w.org + 1;
	struct grant foreign = grant_all(w.org + 1, w.login, 0, "test");
	assert_int_equal(change_undo(w.b->db, w.arena, &foreign, w.set, &u), ERR_ABSENT);
}

/* ---- history ---- */

static void
test_history(void **state)
{
	struct account a = account_of("Story");
	struct event *v;
	size_t n;
	struct conn *c;

	begin(state);
	struct grant ada = grant_all(w.org, w.login, w.people[SELLER_1], "test");
	assert_int_equal(save_as(&ada, &account_record, &a), OK);
	a.sector = STR("one");
	assert_int_equal(save_as(&ada, &account_record, &a), OK);
	a.sector = STR("two");
	assert_int_equal(save(&account_record, &a), OK);
	c = begin_read();
	assert_int_equal(record_history(c, w.arena, &w.all, &account_record, a.row.id, 10, &v, &n), OK);
	assert_int_equal(n, 3);
	assert_true(str_eq(v[0].before, STR("one")) && str_eq(v[0].after, STR("two")));
	assert_true(str_eq(v[0].field, STR("sector")));
	assert_int_equal(v[0].person, 0);
	assert_true(str_eq(v[1].actor, STR("Ada Seller")));
	assert_int_equal(v[1].before.n, 0);
	assert_int_equal(v[2].field.n, 0); /* created */
	assert_true(v[0].set > v[1].set && v[1].set > v[2].set);
	assert_int_equal(record_history(c, w.arena, &w.all, &account_record, a.row.id, 2, &v, &n), OK);
	assert_int_equal(n, 2);
	/* not yours: no history either. Nobody owns this account, so only who reads everything sees it in the profile
	 * "line". */
	struct actor who = { .via = VIA_SESSION,
		.org = w.org,
		.person = w.people[SELLER_1],
		.profile = PROFILE_LINE,
		.as_of = DAY_NONE };
	struct grant g = grant_of(&who);
	assert_int_equal(record_history(c, w.arena, &g, &account_record, a.row.id, 10, &v, &n), ERR_ABSENT);
	struct grant foreign = grant_all(w.org + 1, w.login, 0, "test");
	assert_int_equal(record_history(c, w.arena, &foreign, &account_record, a.row.id, 10, &v, &n), ERR_ABSENT);
	end_read();
}

/* ---- lists ---- */

enum { DEALS = 137 };

static enum err
many_deals(struct change *c, void *what)
{
	static const char *const names[] = { "alpha", "Alpha", "älpha", "beta", "Žeta", "契約", "z", "a b", "O'Brien",
		"100%" };
	struct deal *all = arena_new(c->arena, struct deal, DEALS);
	void **each = arena_new(c->arena, void *, DEALS);

	(void)what;
	dice_state = 4711;
	for (size_t i = 0; i < DEALS; i++) {
		all[i] = deal_of(
		        names[dice(10)], (int)(SELLER_1 + dice(4)), dice(4) ? (int64_t)dice(5) * 1000 - 1000 : NO_INT);
		all[i].stage = w.stages[dice(6)].row.id;
		if (dice(3))
			all[i].closes_on = day_of(2026, 1 + (int)dice(6), 1);
		if (dice(2))
			all[i].next_step_on = day_of(2027, 1 + (int)dice(3), 1);
		each[i] = &all[i];
	}
	return record_save_many(c, &deal_record, each, DEALS);
}

static size_t
walk(struct conn *c, const struct grant *g, struct list l, id *ret, size_t most)
{
	size_t n = 0;

	for (int page = 0; page < 1000; page++) {
		struct list_result r;
		assert_int_equal(record_list(c, w.arena, g, &l, &r), OK);
		for (size_t i = 0; i < r.n && n < most; i++)
			ret[n++] = ((const struct deal *)r.rows)[i].row.id;
		if (!r.next.n)
			return n;
		assert_int_equal(r.n, l.limit ? l.limit : 50);
		l.after = r.next;
	}
	fail_msg("the pages never end");
	return n;
}

/* Page by page is the same as all at once, in the same order; and as many as are counted. */
static int64_t
assert_pages(struct conn *c, const struct grant *g, struct list l)
{
	id all[DEALS + 2], paged[DEALS + 2];
	int64_t count;
	struct list whole = l;

	whole.limit = DEALS + 1;
	size_t n = walk(c, g, whole, all, DEALS + 2);
	assert_int_equal(record_count(c, w.arena, g, &l, &count), OK);
	assert_int_equal(count, n);
	static const int limits[] = { 0, 1, 7 };
	for (size_t k = 0; k < 3; k++) {
		l.limit = limits[k];
		assert_int_equal(walk(c, g, l, paged, DEALS + 2), n);
		for (size_t i = 0; i < n; i++)
			if (paged[i] != all[i])
				fail_msg("sorted by %s%s, %d a page: row %zu differs", l.sort ? l.sort->name : "age",
				        l.descending ? ", descending" : "", l.limit, i);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(all[i] != all[k]);
	return count;
}

static void
test_list(void **state)
{
	static const char *const sorts[] = { NULL, "name", "value", "closes_on", "closed_on", "next_step_on" };
	struct conn *c;

	begin(state);
	assert_int_equal(run(&w.all, many_deals, NULL), OK);
	c = begin_read();
	for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
		for (int down = 0; down < 2; down++) {
			struct list l = { .record = &deal_record,
				.sort = sorts[i] ? record_field(&deal_record, str_of(sorts[i])) : NULL,
				.descending = down };
			assert_int_equal(assert_pages(c, &w.all, l), DEALS);
		}
	/* newest first */
	struct list_result r;
	struct list l = { .record = &deal_record, .limit = 2 };
	assert_int_equal(record_list(c, w.arena, &w.all, &l, &r), OK);
	assert_true(((const struct deal *)r.rows)[0].row.id > ((const struct deal *)r.rows)[1].row.id);
	end_read();
}

static int64_t
filtered(struct conn *c, const struct grant *g, const char *name, str value, const char *sql)
{
	struct list l = { .record = &deal_record, .sort = record_field(&deal_record, STR("value")) };
	struct faults f;
	int64_t n, want = number(sql);

	faults_init(&f, w.arena);
	assert_int_equal(list_parse(w.arena, &deal_record, str_of(name), value, &l, &f), OK);
	n = assert_pages(c, g, l);
	if (n != want)
		print_error("%s = %.*s\n", name, STR_ARG(value));
	assert_int_equal(n, want);
	return n;
}

static void
test_filters(void **state)
{
	struct conn *c;

	begin(state);
	assert_int_equal(run(&w.all, many_deals, NULL), OK);
	c = begin_read();
	str who = str_fmt(w.arena, "%lld", (long long)w.people[SELLER_1]),
	    boss = str_fmt(w.arena, "%lld", (long long)w.people[MANAGER_1]);
	const char *own =
	        str_z(w.arena, str_fmt(w.arena, "select count(*) from deal where owner = %.*s", STR_ARG(who)));
	assert_true(filtered(c, &w.all, "owner", who, own) > 0);
	assert_true(filtered(c, &w.all, "owner.below", boss,
	                    str_z(w.arena, str_fmt(w.arena, "select count(*) from deal where owner in (%lld, %lld)",
	                                           (long long)w.people[SELLER_1], (long long)w.people[SELLER_2]))) > 0);
	assert_true(filtered(c, &w.all, "outcome", STR("won"), "select count(*) from deal where outcome = 'won'") > 0);
	assert_true(
	        filtered(c, &w.all, "value.least", STR("1000"), "select count(*) from deal where value >= 1000") > 0);
	assert_true(filtered(c, &w.all, "value.most", STR("0"), "select count(*) from deal where value <= 0") > 0);
	assert_true(filtered(c, &w.all, "value.none", STR("1"), "select count(*) from deal where value is null") > 0);
	assert_true(filtered(c, &w.all, "closes_on.any", STR("1"),
	                    "select count(*) from deal where closes_on is not null") > 0);
	assert_true(filtered(c, &w.all, "closes_on.least", STR("2026-03-01"),
	                    "select count(*) from deal where closes_on >= '2026-03-01'") > 0);
	assert_true(filtered(c, &w.all, "name.has", STR("ALPHA"),
	                    "select count(*) from deal where name_key like '%alpha%'") > 0);
	/* a percent sign that somebody looks for is a percent sign */
	filtered(c, &w.all, "name.has", STR("%"), "select count(*) from deal where name = '100%'");
	filtered(c, &w.all, "name.has", STR("_"), "select count(*) from deal where name = '_'");
	/* under rights: what is counted is what is listed */
	struct actor ada = { .via = VIA_SESSION,
		.org = w.org,
		.person = w.people[SELLER_1],
		.profile = PROFILE_LINE,
		.as_of = DAY_NONE };
	struct grant line = grant_of(&ada);
	assert_int_equal(assert_pages(c, &line, (struct list){ .record = &deal_record }),
	        number(str_z(w.arena, str_fmt(w.arena, "select count(*) from deal where owner in (%lld, %lld)",
	                                      (long long)w.people[SELLER_1], (long long)w.people[SELLER_2]))));
	struct grant foreign = grant_all(w.org + 1, 0, 0, "test");
	assert_int_equal(assert_pages(c, &foreign, (struct list){ .record = &deal_record }), 0);
	struct actor nobody = { .via = VIA_NOBODY, .org = w.org, .as_of = DAY_NONE };
	struct grant none = grant_of(&nobody);
	assert_int_equal(assert_pages(c, &none, (struct list){ .record = &deal_record }), 0);
	end_read();
}

static void
test_filter_faults(void **state)
{
	struct list l = { .record = &deal_record };
	struct faults f;

	begin(state);
	faults_init(&f, w.arena);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("nonsense"), STR("1"), &l, &f), ERR_INPUT);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("health_why"), STR("1"), &l, &f), ERR_INPUT);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("closes_on"), STR("soon"), &l, &f), ERR_INPUT);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("outcome"), STR("maybe"), &l, &f), ERR_INPUT);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("value.like"), STR("1"), &l, &f), ERR_INPUT);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("value.has"), STR("1"), &l, &f), ERR_INPUT);
	assert_int_equal(l.n_filters, 0);
	for (int i = 0; i < 12; i++)
		assert_int_equal(list_parse(w.arena, &deal_record, STR("outcome"), STR("won"), &l, &f), OK);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("outcome"), STR("won"), &l, &f), ERR_INPUT);
	/* a broken "after" begins again, and hurts nothing */
	struct list_result r;
	struct conn *c;
	l.n_filters = 0;
	l.after = STR("'; drop table deal; --");
	c = begin_read();
	assert_int_equal(record_list(c, w.arena, &w.all, &l, &r), OK);
	end_read();
}

/* ---- the line ---- */

static enum err
move_person(int who, int boss, day from)
{
	struct person p;
	assert_int_equal(load(&person_record, w.people[who], &p), OK);
	p.manager = boss < 0 ? 0 : w.people[boss];
	p.manager_from = from;
	return save(&person_record, &p);
}

static int64_t
stands(int above, int below, const char *on)
{
	return number(str_z(w.arena, str_fmt(w.arena,
	                                     "select coalesce(max(depth), -1) from line where above = %lld and below = "
	                                     "%lld and from_day <= '%s' and (to_day is null or to_day >= '%s')",
	                                     (long long)w.people[above], (long long)w.people[below], on, on)));
}

/* On no day has anybody the same person above them twice, or two leaders. */
static void
assert_line(void)
{
	assert_sound();
	assert_int_equal(number("select count(*) from line where to_day < from_day"), 0);
	assert_int_equal(number("select count(*) from line x join line y on x.org_id = y.org_id and x.below = y.below "
	                        "and x.from_day < y.from_day"
	                        " and (x.to_day is null or x.to_day >= y.from_day) and (x.above = y.above or (x.depth "
	                        "= 1 and y.depth = 1))"),
	        0);
}

static void
test_line(void **state)
{
	begin(state);
	assert_int_equal(stands(HEAD, SELLER_1, "2026-06-01"), 3);
	assert_int_equal(stands(MANAGER_1, SELLER_1, "2026-06-01"), 1);
	assert_int_equal(stands(MANAGER_2, SELLER_1, "2026-06-01"), -1);
	assert_line();
	/* moved on a day: before it the old leader, from it the new one */
	assert_int_equal(move_person(SELLER_1, MANAGER_2, day_of(2026, 7, 1)), OK);
	assert_int_equal(stands(MANAGER_1, SELLER_1, "2026-06-30"), 1);
	assert_int_equal(stands(MANAGER_1, SELLER_1, "2026-07-01"), -1);
	assert_int_equal(stands(MANAGER_2, SELLER_1, "2026-06-30"), -1);
	assert_int_equal(stands(MANAGER_2, SELLER_1, "2026-07-01"), 1);
	assert_int_equal(stands(HEAD, SELLER_1, "2026-06-30"), 3);
	assert_int_equal(stands(HEAD, SELLER_1, "2026-07-01"), 3);
	assert_line();
	/* and back on the same day, as if nothing had been */
	assert_int_equal(move_person(SELLER_1, MANAGER_1, day_of(2026, 7, 1)), OK);
	assert_int_equal(stands(MANAGER_2, SELLER_1, "2026-07-01"), -1);
	assert_int_equal(stands(MANAGER_1, SELLER_1, "2026-07-01"), 1);
	assert_line();
	/* a whole team moves with its leader */
	assert_int_equal(move_person(MANAGER_1, MANAGER_2, day_of(2026, 8, 1)), OK);
	assert_int_equal(stands(MANAGER_2, SELLER_2, "2026-08-01"), 2);
	assert_int_equal(stands(HEAD, SELLER_2, "2026-07-31"), 3);
	assert_int_equal(stands(HEAD, SELLER_2, "2026-08-01"), 4);
	assert_line();
	/* nobody above */
	assert_int_equal(move_person(MANAGER_1, -1, day_of(2026, 9, 1)), OK);
	assert_int_equal(stands(HEAD, SELLER_2, "2026-09-01"), -1);
	assert_int_equal(stands(MANAGER_1, SELLER_2, "2026-09-01"), 1);
	assert_line();
	/* undo of a move */
	id set = w.set;
	undo(set);
	assert_int_equal(stands(MANAGER_2, SELLER_2, "2027-01-01"), 2);
	assert_line();
}

static void
test_line_loop(void **state)
{
	begin(state);
	int64_t sets = number("select count(*) from change_set");
	assert_int_equal(move_person(LEADER, SELLER_1, day_of(2026, 7, 1)), ERR_INPUT);
	const struct fault *f = fault_at(&w.faults, STR("manager"));
	assert_non_null(f);
	assert_has(f->what, "Lea Leader");
	assert_has(f->what, "Ada Seller");
	assert_has(f->what, "Mara Manager");
	assert_int_equal(move_person(LEADER, LEADER, day_of(2026, 7, 1)), ERR_INPUT);
	assert_int_equal(move_person(HEAD, SELLER_4, day_of(2026, 7, 1)), ERR_INPUT);
	assert_int_equal(number("select count(*) from change_set"), sets);
	assert_line();
}

static void
test_line_random(void **state)
{
	begin(state);
	for (int i = 0; i < 120; i++) {
		int who = (int)dice(PEOPLE), boss = (int)dice(PEOPLE + 1) - 1;
		enum err e = move_person(who, boss, day_of(2026, 7 + i / 40, 1 + i / 4 % 10));
		assert_true(e == OK || e == ERR_INPUT);
		if (i % 10 == 9)
			assert_line();
	}
}

/* A move dated back corrects what was believed since; it leaves nobody with two leaders on one day. */
static void
test_line_back(void **state)
{
	begin(state);
	assert_int_equal(move_person(SELLER_1, MANAGER_2, day_of(2026, 7, 1)), OK);
	assert_int_equal(move_person(SELLER_1, LEADER, day_of(2026, 3, 1)), OK);
	assert_int_equal(stands(LEADER, SELLER_1, "2026-04-01"), 1);
	assert_int_equal(stands(MANAGER_1, SELLER_1, "2026-02-01"), 1);
	assert_int_equal(stands(MANAGER_1, SELLER_1, "2026-04-01"), -1);
	assert_int_equal(stands(MANAGER_2, SELLER_1, "2026-08-01"), -1);
	assert_line();
}

static void
test_line_removed(void **state)
{
	begin(state);
	struct person p;
	assert_int_equal(load(&person_record, w.people[SELLER_1], &p), OK);
	assert_int_equal(drop(&person_record, p.row.id, p.row.version), OK);
	assert_line();
	assert_int_equal(load(&person_record, w.people[MANAGER_2], &p), OK);
	assert_int_equal(drop(&person_record, p.row.id, p.row.version), ERR_INPUT); /* somebody reports there */
	assert_line();
}

/* ---- sums ---- */

struct sum {
	id stage, owner;
	int64_t n, value, weighted;
	int category;
	str currency;
};

/* A recount of our own, deal by deal, against the table. */
static void
assert_sums(void)
{
	struct sum all[4096];
	size_t n = 0;
	struct conn *c;
	struct list_result r;
	struct list l = { .record = &deal_record, .limit = 1000 };
	struct rows rows;

	c = begin_read();
	assert_int_equal(record_list(c, w.arena, &w.all, &l, &r), OK);
	for (size_t i = 0; i < r.n; i++) {
		const struct deal *d = (const struct deal *)r.rows + i;
		size_t k = 0;
		while (k < n && !(all[k].stage == d->stage && all[k].owner == d->owner &&
		                        all[k].category == d->category && str_eq(all[k].currency, d->currency)))
			k++;
		if (k == n)
			all[n++] = (struct sum){
				.stage = d->stage, .owner = d->owner, .category = d->category, .currency = d->currency
			};
		all[k].n++;
		all[k].value += d->value == NO_INT ? 0 : d->value;
		all[k].weighted += d->weighted == NO_INT ? 0 : d->weighted;
	}
	assert_int_equal(
	        db_query(c, w.arena,
	                "select stage, owner, category, currency, sum(n), sum(value), sum(weighted) from deal_sum"
	                " where org_id = $1 group by stage, owner, category, currency",
	                DB_ARGS(DB_I(w.org)), &rows),
	        OK);
	while (db_next(&rows)) {
		size_t k = 0;
		while (k < n &&
		        !(all[k].stage == db_int(&rows, 0) && all[k].owner == db_int(&rows, 1) &&
		                all[k].category == (int)db_int(&rows, 2) && str_eq(all[k].currency, db_text(&rows, 3))))
			k++;
		struct sum want = k < n ? all[k] : (struct sum){ 0 };
		assert_int_equal(db_int(&rows, 4), want.n);
		assert_int_equal(db_int(&rows, 5), want.value);
		assert_int_equal(db_int(&rows, 6), want.weighted);
		if (k < n)
			all[k] = all[--n];
	}
	assert_int_equal(db_end(&rows), OK);
	assert_int_equal(n, 0); /* every deal is in some sum */
	end_read();
}

static void
one_step(id *deals, size_t *n, id *sets, size_t *n_sets)
{
	static const char *const currencies[] = { "EUR", "EUR", "USD", "JPY" };
	struct deal d;
	uint32_t what = *n ? dice(10) : 0;
	size_t at = *n ? dice((uint32_t)*n) : 0;
	enum err e = OK;

	w.set = 0;
	if (what > 1 && load(&deal_record, deals[at], &d) != OK)
		what = 0; /* an undo took it */
	if (what <= 1) {
		d = deal_of("Deal", (int)(SELLER_1 + dice(4)), dice(5) ? (int64_t)dice(1000000) : NO_INT);
		d.stage = w.stages[dice(6)].row.id;
		d.currency = str_of(currencies[dice(4)]);
		d.product = dice(3) ? 0 : w.product;
		d.category = (int)dice(5);
		e = save(&deal_record, &d);
		if (e == OK)
			deals[(*n)++] = d.row.id;
	} else if (what <= 3) {
		d.stage = w.stages[dice(7)].row.id;
		d.lost_reason = STR("price");
		e = save(&deal_record, &d);
	} else if (what == 4) {
		d.amount = dice(4) ? (int64_t)dice(1000000) - 1000 : NO_INT;
		d.product = dice(2) ? w.product : 0;
		e = save(&deal_record, &d);
	} else if (what == 5) {
		d.owner = w.people[SELLER_1 + (int)dice(4)];
		d.currency = str_of(currencies[dice(4)]);
		e = save(&deal_record, &d);
	} else if (what == 6) {
		d.category = (int)dice(5);
		e = save(&deal_record, &d);
	} else if (what == 7) {
		e = drop(&deal_record, d.row.id, d.row.version);
	} else if (*n_sets) {
		struct undo_result u;
		e = change_undo(w.b->db, w.arena, &w.all, sets[dice((uint32_t)*n_sets)], &u);
		w.set = u.set;
	}
	if (e != OK && w.faults.first)
		print_error("%.*s %.*s\n", STR_ARG(w.faults.first->place), STR_ARG(w.faults.first->what));
	assert_int_equal(e, OK);
	if (w.set)
		sets[(*n_sets)++] = w.set;
}

static void
test_sums(void **state)
{
	id deals[400], sets[400];
	size_t n = 0, n_sets = 0;

	begin(state);
	for (int i = 0; i < 300; i++) {
		one_step(deals, &n, sets, &n_sets);
		if (i % 60 == 59)
			assert_int_equal(deal_sums_fold(w.b->db, w.arena), OK);
		if (i % 20 == 19)
			assert_sums();
	}
	assert_true(n > 40);
	assert_sums();
	assert_sound();
}

/* ---- the seal ---- */

static void
some_sets(int n)
{
	for (int i = 0; i < n; i++) {
		struct account a = account_of(str_z(w.arena, str_fmt(w.arena, "Sealed %d", i)));
		assert_int_equal(save(&account_record, &a), OK);
		a.sector = STR("changed");
		assert_int_equal(save(&account_record, &a), OK);
	}
}

static void
seal_all(size_t each)
{
	size_t n = 1;
	while (n)
		assert_int_equal(change_seal(w.b->db, w.arena, each, &n), OK);
}

static void
test_seal(void **state)
{
	begin(state);
	some_sets(10);
	assert_sound(); /* nothing sealed yet is fine */
	size_t n;
	assert_int_equal(change_seal(w.b->db, w.arena, 3, &n), OK);
	assert_int_equal(n, 3);
	assert_sound();
	seal_all(7);
	int64_t sets = number("select count(*) from change_set");
	assert_int_equal(number("select count(*) from change_set where seq is null"), 0);
	assert_int_equal(number("select max(seq) from change_set"), sets);
	assert_int_equal(number("select count(distinct seq) from change_set"), sets);
	assert_int_equal(number("select min(seq) from change_set"), 1);
	some_sets(2);
	seal_all(100);
	assert_int_equal(number("select max(seq) from change_set"), sets + 4);
	assert_sound();
}

struct hand {
	pthread_t thread;
	bool sealer;
	enum err e;
};

static void *
write_or_seal(void *what)
{
	struct hand *h = what;
	struct arena a;

	arena_init(&a, (size_t)64 << 20);
	for (int i = 0; i < 25 && h->e == OK; i++) {
		size_t n;
		struct account given = account_of("Parallel"), object;
		struct job j = { &account_record, &given, &object, 0, 0, 0 };
		struct change_work work = { .grant = &w.all, .reason = STR("parallel"), .fn = save_work, .what = &j };
		h->e = h->sealer ? change_seal(w.b->db, &a, 5, &n) : change_run(w.b->db, &a, &work);
	}
	arena_fini(&a);
	return NULL;
}

static void
test_seal_parallel(void **state)
{
	struct hand h[6] = { 0 };

	begin(state);
	for (size_t i = 0; i < 6; i++) {
		h[i].sealer = i >= 4;
		assert_int_equal(pthread_create(&h[i].thread, NULL, write_or_seal, &h[i]), 0);
	}
	for (size_t i = 0; i < 6; i++) {
		pthread_join(h[i].thread, NULL);
		assert_int_equal(h[i].e, OK);
	}
	seal_all(1000);
	assert_int_equal(number("select max(seq) from change_set"), number("select count(*) from change_set"));
	assert_sound();
}

struct tamper {
	const char *sql;
	size_t found;
};

/* Tampers, looks, and takes it back. */
static enum err
tamper_work(struct conn *c, struct arena *a, void *what)
{
	struct tamper *t = what;
	struct check_report r = { 0 };
	enum err e = db_script(c, t->sql);

	if (e == OK)
		e = record_check(c, a, w.org, &r);
	t->found = r.n;
	return e == OK ? ERR_ABSENT : e;
}

static void
found(const char *sql)
{
	struct tamper t = { .sql = sql };
	enum err e = db_write(w.b->db, w.arena, tamper_work, &t);
	if (e != ERR_ABSENT || !t.found)
		print_error("not found: %s\n", sql);
	assert_int_equal(e, ERR_ABSENT);
	assert_true(t.found > 0);
}

static void
test_tamper(void **state)
{
	begin(state);
	some_sets(6);
	seal_all(100);
	assert_sound();
	found("update change_line set after_ = 'another' where field = 'sector' and set_id = (select max(set_id) from "
	      "change_line)");
	found("update change_line set before_ = 'another' where field = 'sector' and set_id = (select max(set_id) from "
	      "change_line)");
	found("update change_line set field = 'country' where field = 'sector' and set_id = (select max(set_id) from "
	      "change_line)");
	found("update change_line set row_id = row_id + 1 where set_id = (select max(set_id) from change_line)");
	found("update change_line set effective = effective - 1 where set_id = (select max(set_id) from change_line)");
	found("delete from change_line where set_id = (select max(set_id) from change_line)");
	found("delete from change_line where set_id = (select id from change_set where seq = 4); delete from "
	      "change_set where seq = 4");
	found("delete from change_line where set_id = (select id from change_set where seq = 1); delete from "
	      "change_set where seq = 1");
	found("update change_set set seq = -5 where seq = 5; update change_set set seq = 5 where seq = 6; update "
	      "change_set set seq = 6 where seq = -5");
	found("update change_set set at = at - 3600000 where seq = 5");
	found("update change_set set login = login + 1 where seq = 5");
	found("update change_set set person = 77 where seq = 5");
	found("update change_set set kind = 'import' where seq = 5");
	found("update change_set set reason = 'somebody told me to' where seq = 5");
	found("update change_set set of_id = 5 where seq = 5");
	found("update change_set set digest = 'x' where seq = 5");
	found("update change_set set chain = 'x' where seq = 5");
	found("update change_set set seq = null, chain = null where seq = 5");
	assert_sound();
}

/* As BOTH, with the teardown above. */
#define ON_BOTH(test) \
	{ #test " (sqlite)", test, both_setup_lite, teardown, NULL }, \
	{ \
#test " (postgres)", test, both_setup_pg, teardown, NULL \
	}

int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_save),
		ON_BOTH(test_stale),
		ON_BOTH(test_duplicate),
		ON_BOTH(test_faults),
		ON_BOTH(test_faults_of_many),
		ON_BOTH(test_idem),
		ON_BOTH(test_idem_parallel),
		ON_BOTH(test_undo_edit),
		ON_BOTH(test_undo_creation),
		ON_BOTH(test_undo_removal),
		ON_BOTH(test_undo_move),
		ON_BOTH(test_undo_touched),
		ON_BOTH(test_undo_rights),
		ON_BOTH(test_history),
		ON_BOTH(test_list),
		ON_BOTH(test_filters),
		ON_BOTH(test_filter_faults),
		ON_BOTH(test_line),
		ON_BOTH(test_line_loop),
		ON_BOTH(test_line_random),
		ON_BOTH(test_line_back),
		ON_BOTH(test_line_removed),
		ON_BOTH(test_sums),
		ON_BOTH(test_seal),
		ON_BOTH(test_seal_parallel),
		ON_BOTH(test_tamper),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
