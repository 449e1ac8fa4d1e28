#include "unit.h"

#include "base/err.h"

static void
every_error_has_a_name(void **state)
{
	(void)state;
	for (int e = OK; e < ERR_COUNT; e++) {
		assert_non_null(err_name((enum err)e));
		for (int other = OK; other < e; other++)
			assert_string_not_equal(err_name((enum err)e), err_name((enum err)other));
	}
	assert_string_equal(err_name(ERR_STALE), "stale");
	assert_string_equal(err_name(ERR_COUNT), "unknown");
}

static void
faults_stay_in_order(void **state)
{
	struct faults f;
	faults_init(&f, *state);
	assert_null(fault_at(&f, STR("amount")));
	assert_int_equal(fault_add(&f, STR("amount"), STR("first"), (str){ 0 }), ERR_INPUT);
	assert_int_equal(fault_add(&f, STR("close"), STR("second"), STR("mend")), ERR_INPUT);
	assert_int_equal(fault_add(&f, STR("amount"), STR("third"), (str){ 0 }), ERR_INPUT);
	assert_int_equal(f.n, 3);
	assert_str(fault_at(&f, STR("amount"))->what, "first");
	assert_str(f.first->next->mend, "mend");
	assert_str(f.first->next->next->what, "third");
	assert_null(f.first->next->next->next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(every_error_has_a_name), unit(faults_stay_in_order) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
