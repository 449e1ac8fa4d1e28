/* What the tests of the engine share: small ways to save, load and undo, and a company to do it in.
   What it is not for: tests of areas. */
#ifndef RECORD_TEST_H
#define RECORD_TEST_H

/* Each of the two programs uses its part. */
#pragma GCC diagnostic ignored "-Wunused-function"

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

#endif
