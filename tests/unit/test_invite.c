#include "unit.h"

#include "areas/mails/invite.h"

/* C10: what a calendar has to be told, from what it was told and what is so now. Session 1 begins at 100, told as
   sequence 0. */
#define NOW 50

static struct invite_entry
entry(int64_t session, instant start, int64_t sequence)
{
	return (struct invite_entry){
		.as = { .person = 7, .session = session, .start = start, .length = 30, .sequence = sequence }
	};
}

static struct invitation
told(int64_t session, instant start, int64_t sequence)
{
	struct invitation x = entry(session, start, sequence).as;
	x.row = (struct row){ .id = 9, .version = 4 };
	return x;
}

static struct invite_change found[4];

static size_t
diff(const struct invite_entry *e, const struct invitation *t)
{
	return invite_diff(NOW, e, e ? 1 : 0, t, t ? 1 : 0, found);
}

static void
tells_what_is_new(void **state)
{
	struct invite_entry e = entry(1, 100, 0);
	(void)state;
	assert_int_equal(diff(&e, NULL), 1);
	assert_int_equal(found[0].act, INVITE_NEW);
	assert_int_equal(found[0].told.sequence, 0);
	assert_int_equal(found[0].told.row.id, 0);
	e.as.start = NOW; /* it has begun */
	assert_int_equal(diff(&e, NULL), 0);
	e.as.start = 100;
	e.held = true;
	assert_int_equal(diff(&e, NULL), 0);
	e.held = false;
	e.as.gone = true; /* excused before anybody was told */
	assert_int_equal(diff(&e, NULL), 0);
}

static void
tells_each_change_once(void **state)
{
	struct invite_entry e = entry(1, 100, 0);
	struct invitation t = told(1, 100, 0);
	(void)state;
	assert_int_equal(diff(&e, &t), 0);
	e.as.sequence = 5; /* a change that is none of the calendar's */
	assert_int_equal(diff(&e, &t), 0);
	e = entry(1, 200, 1);
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].act, INVITE_CHANGED);
	assert_int_equal(found[0].told.sequence, 1);
	assert_int_equal(found[0].told.row.version, 4);
	assert_int_equal(found[0].was, 100);
	t = found[0].told;
	assert_int_equal(diff(&e, &t), 0);
	e = entry(1, 100, 0); /* undone: the session's own sequence went back, the calendar's must not */
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].told.sequence, 2);
	e.as.others = 3;
	t = found[0].told;
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].told.sequence, 3);
	e = entry(1, 100, 9);
	e.as.length = 60;
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].told.sequence, 9);
}

static void
calls_off(void **state)
{
	struct invite_entry e = entry(1, 100, 1);
	struct invitation t = told(1, 100, 0);
	(void)state;
	e.as.gone = true;
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].act, INVITE_GONE);
	assert_true(found[0].told.gone && found[0].told.sequence == 1 && found[0].entry == &e);
	t = found[0].told;
	assert_int_equal(diff(&e, &t), 0);
	e = entry(1, 100, 1); /* it stands again */
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].act, INVITE_NEW);
	assert_int_equal(found[0].told.sequence, 2);
	t = told(1, 100, 2); /* the session was dropped */
	assert_int_equal(diff(NULL, &t), 1);
	assert_int_equal(found[0].act, INVITE_GONE);
	assert_true(found[0].told.gone && found[0].told.sequence == 3 && !found[0].entry);
	t.start = NOW; /* dropped after it began: nobody is told */
	assert_int_equal(diff(NULL, &t), 0);
	t = told(1, 100, 2);
	e = entry(1, 90, 2);
	e.held = true; /* it took place before its time */
	assert_int_equal(diff(&e, &t), 0);
}

static void
knows_the_past(void **state)
{
	struct invite_entry e = entry(1, 40, 1);
	struct invitation t = told(1, 100, 0);
	(void)state;
	assert_int_equal(diff(&e, &t), 1); /* moved to this morning: else it would stand at its old time */
	assert_int_equal(found[0].act, INVITE_CHANGED);
	t.start = 30;
	assert_int_equal(diff(&e, &t), 0);
	e.as.start = 100; /* a missed one is moved on */
	assert_int_equal(diff(&e, &t), 1);
	assert_int_equal(found[0].act, INVITE_CHANGED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(tells_what_is_new), unit(tells_each_change_once), unit(calls_off),
		unit(knows_the_past) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
