/* Two records become one without loss, and undo takes all of it back (D2), on both databases. */
#include "record.h"

static enum err
merge_work(struct change *c, void *what)
{
	int64_t moved;
	return record_merge(c, &account_record, what, &moved);
}

static enum err
merge_deals(struct change *c, void *what)
{
	int64_t moved;
	return record_merge(c, &deal_record, what, &moved);
}

static void
test_merge(void **state)
{
	struct account keep = account_of("Helbing GmbH"), goes = account_of("Helbing"), got;
	struct contact c;
	struct deal d, seen;

	begin(state);
	keep.sector = STR("steel");
	goes.sector = STR("iron");
	goes.country = STR("DE");
	goes.employees = 70;
	goes.source = STR("crm");
	goes.external_id = STR("A-17");
	assert_int_equal(save(&account_record, &keep), OK);
	assert_int_equal(save(&account_record, &goes), OK);
	record_init(&contact_record, &c);
	c.name = STR("Kim");
	c.account = goes.row.id;
	assert_int_equal(save(&contact_record, &c), OK);
	d = deal_of("Wheels", SELLER_1, 900);
	d.account = goes.row.id;
	assert_int_equal(save(&deal_record, &d), OK);

	struct merge m = { keep.row.id, goes.row.id, 1, 1, 0, { 0 } };
	assert_int_equal(run(&w.all, merge_work, &m), OK);
	id set = w.set;
	assert_int_equal(load(&account_record, goes.row.id, &got), ERR_ABSENT);
	assert_int_equal(load(&account_record, keep.row.id, &got), OK);
	assert_true(str_eq(got.sector, STR("steel"))); /* what stands stays */
	assert_true(str_eq(got.country, STR("DE")));   /* what lacks is filled */
	assert_int_equal(got.employees, 70);
	assert_true(str_eq(got.external_id, STR("A-17")) && str_eq(got.source, STR("crm")));
	assert_int_equal(load(&deal_record, d.row.id, &seen), OK);
	assert_int_equal(seen.account, keep.row.id);
	assert_int_equal(load(&contact_record, c.row.id, &c), OK);
	assert_int_equal(c.account, keep.row.id);
	assert_sound();

	struct undo_result u = undo(set);
	assert_int_equal(u.n_kept, 0);
	assert_int_equal(load(&account_record, goes.row.id, &got), OK);
	assert_true(str_eq(got.sector, STR("iron")) && str_eq(got.external_id, STR("A-17")));
	assert_int_equal(load(&account_record, keep.row.id, &got), OK);
	assert_true(!got.country.n && got.employees == NO_INT && !got.external_id.n);
	assert_int_equal(load(&deal_record, d.row.id, &seen), OK);
	assert_int_equal(seen.account, goes.row.id);
	assert_sound();
}

static void
test_merge_wrong(void **state)
{
	struct account a = account_of("One"), b = account_of("Two");

	begin(state);
	assert_int_equal(save(&account_record, &a), OK);
	assert_int_equal(save(&account_record, &b), OK);
	struct merge itself = { a.row.id, a.row.id, 1, 1, 0, { 0 } }, stale = { a.row.id, b.row.id, 1, 2, 0, { 0 } },
	             absent = { a.row.id, 17, 1, 1, 0, { 0 } };
	assert_int_equal(run(&w.all, merge_work, &itself), ERR_INPUT);
	assert_has(w.faults.first->what, "same record");
	assert_int_equal(run(&w.all, merge_work, &stale), ERR_STALE);
	assert_int_equal(run(&w.all, merge_work, &absent), ERR_ABSENT);
	assert_int_equal(load(&account_record, b.row.id, &b), OK);
}

static enum err
done_at(id deal, id step)
{
	struct step_done x;

	record_init(&step_done_record, &x);
	x.deal = deal;
	x.step = step;
	x.person = w.people[SELLER_1];
	x.on_day = day_of(2026, 5, 5);
	return save(&step_done_record, &x);
}

/* Both deals have the same step done: it is done once afterwards, and twice again after undo. */
static void
test_merge_doubles(void **state)
{
	struct deal a, b;
	struct step *steps;
	size_t n;

	begin(state);
	a = deal_of("Wheels", SELLER_1, 900);
	b = deal_of("Wheels again", SELLER_1, 800);
	assert_int_equal(save(&deal_record, &a), OK);
	assert_int_equal(save(&deal_record, &b), OK);
	struct conn *c = begin_read();
	assert_int_equal(process_steps(c, w.arena, w.org, w.stages[0].row.id, &steps, &n), OK);
	end_read();
	assert_true(n >= 2);
	assert_int_equal(done_at(a.row.id, steps[0].row.id), OK);
	assert_int_equal(done_at(b.row.id, steps[0].row.id), OK);
	assert_int_equal(done_at(b.row.id, steps[1].row.id), OK);
	assert_int_equal(load(&deal_record, a.row.id, &a), OK);
	assert_int_equal(load(&deal_record, b.row.id, &b), OK);
	struct merge m = { a.row.id, b.row.id, a.row.version, b.row.version, 0, { 0 } };
	assert_int_equal(run(&w.all, merge_deals, &m), OK);
	id set = w.set;
	assert_int_equal(number("select count(*) from step_done"), 2);
	assert_int_equal(load(&deal_record, a.row.id, &a), OK);
	assert_int_equal(a.amount, 900);
	assert_sound();
	undo(set);
	assert_int_equal(number("select count(*) from step_done"), 3);
	assert_sound();
}

int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	const struct CMUnitTest tests[] = { BOTH(test_merge), BOTH(test_merge_wrong), BOTH(test_merge_doubles) };
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
