/* The engine: the reporting line, sums kept as deltas, the seal and what tampering leaves. */
#include "record.h"

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
		h->e = h->sealer ? change_seal(w.b->db, &a, 2, &n) : change_run(w.b->db, &a, &work);
	}
	arena_fini(&a);
	return NULL;
}

static void
test_seal_parallel(void **state)
{
	struct hand h[8] = { 0 };

	begin(state);
	for (size_t i = 0; i < 8; i++) {
		h[i].sealer = i >= 4;
		assert_int_equal(pthread_create(&h[i].thread, NULL, write_or_seal, &h[i]), 0);
	}
	for (size_t i = 0; i < 8; i++) {
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
		BOTH(test_line),
		BOTH(test_line_loop),
		BOTH(test_line_random),
		BOTH(test_line_back),
		BOTH(test_line_removed),
		BOTH(test_sums),
		BOTH(test_seal),
		BOTH(test_seal_parallel),
		BOTH(test_tamper),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
