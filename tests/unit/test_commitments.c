/* Commitments, duties and charters on both databases: who ends what and when (A3), what a place in the line asks (A2a),
   what a signature needs (L1), and who may read the figures (O5, O6). */
#include "unit.h"

#include "both.h"

#include "app/setup.h"
#include "areas/commitments/commitments.h"
#include "auth/actor.h"

struct story {
	struct both *b;
	id org, head, leader, manager, seller, other;
	struct grant all;
	struct faults f;
	struct commitment c;
	struct charter charter;
	struct obligation o;
};

static day
d(int month, int dom)
{
	return day_of(2026, month, dom);
}

static void
on_day(int month, int dom)
{
	clock_set(zone_instant(zone_utc(), d(month, dom), 720));
}

static struct grant
as(const struct story *s, id person)
{
	struct actor who = { .via = VIA_SESSION, .org = s->org, .login = 7, .person = person, .profile = PROFILE_OPEN };

	return grant_of(&who);
}

static enum err
run(struct story *s, struct grant g, enum err (*fn)(struct change *, void *))
{
	struct change_work w = {
		.grant = &g, .reason = STR("test"), .kind = CHANGE_EDIT, .faults = &s->f, .fn = fn, .what = s
	};

	faults_init(&s->f, &s->b->arena);
	return change_run(s->b->db, &s->b->arena, &w);
}

static int64_t
number(struct story *s, const char *sql, id person)
{
	struct conn *c;
	int64_t n = -1;

	assert_int_equal(db_begin_read(s->b->db, &c), OK);
	assert_int_equal(db_one_int(c, sql, DB_ARGS(DB_I(s->org), DB_I(person)), &n), OK);
	db_end_read(s->b->db, c);
	return n;
}

static enum err
make_person(struct change *c, str name, id manager, id *ret)
{
	struct person p;
	enum err e;

	record_init(&person_record, &p);
	p.name = name;
	p.manager = manager;
	p.manager_from = c->today;
	e = record_save(c, &person_record, &p);
	*ret = p.row.id;
	return e;
}

static enum err
people_work(struct change *c, void *what)
{
	struct story *s = what;
	struct company o;
	enum err e = make_person(c, STR("Hanna"), 0, &s->head);

	if (e == OK)
		e = make_person(c, STR("Ingrid"), s->head, &s->leader);
	if (e == OK)
		e = make_person(c, STR("Ravi"), s->leader, &s->manager);
	if (e == OK)
		e = make_person(c, STR("Maya"), s->manager, &s->seller);
	if (e == OK)
		e = make_person(c, STR("Tom"), s->manager, &s->other);
	if (e == OK)
		e = record_load(c->conn, c->arena, c->grant, &company_record, s->org, &o);
	if (e != OK)
		return e;
	o.head = s->head;
	return record_save(c, &company_record, &o);
}

static void
begin(struct story *s, struct both *b)
{
	struct setup set_up = {
		.name = STR("Vela"), .currency = STR("EUR"), .zone = STR("UTC"), .email = STR("a@example.com")
	};
	struct faults f;
	str why;

	on_day(11, 2);
	*s = (struct story){ .b = b };
	faults_init(&f, &b->arena);
	assert_int_equal(schema_make(b->db, &b->arena, &why), OK);
	assert_int_equal(setup_company(b->db, &b->arena, &set_up, &f), OK);
	s->org = set_up.org;
	s->all = grant_all(s->org, 0, 0, "test");
	assert_int_equal(run(s, s->all, people_work), OK);
}

static enum err
save_commitment(struct change *c, void *what)
{
	struct story *s = what;
	struct commitment x = s->c;
	enum err e = record_save(c, &commitment_record, &x);

	if (e == OK)
		s->c = x;
	return e;
}

/* Maya owes Ravi, by 10 November. */
static void
promise(struct story *s)
{
	on_day(11, 2);
	record_init(&commitment_record, &s->c);
	s->c.owner = s->seller;
	s->c.owed_to = s->manager;
	s->c.when_ = STR("I meet Aurora");
	s->c.then_ = STR("bring a cost of delay");
	s->c.due = d(11, 10);
	s->c.state = COMMITMENT_OPEN;
	s->c.moves = 0;
	assert_int_equal(run(s, as(s, s->seller), save_commitment), OK);
}

static struct kept
kept_of(struct story *s, id reader, id person, day today)
{
	struct grant g = as(s, reader);
	struct kept k = { -1, -1, -1, -1 };
	struct conn *c;

	assert_int_equal(db_begin_read(s->b->db, &c), OK);
	assert_int_equal(commitments_kept(c, &s->b->arena, &g, person, d(1, 1), today, today, &k), OK);
	db_end_read(s->b->db, c);
	return k;
}

static void
test_A3_confirmed_by_whom_it_is_owed_to(void **state)
{
	struct story s;
	begin(&s, *state);

	promise(&s);
	s.c.state = COMMITMENT_KEPT;
	assert_int_equal(run(&s, as(&s, s.seller), save_commitment), ERR_INPUT); /* never by the owner */
	assert_non_null(fault_at(&s.f, STR("state")));
	assert_int_equal(run(&s, as(&s, s.other), save_commitment), ERR_DENIED); /* a peer has no part in it */
	assert_int_equal(run(&s, as(&s, s.manager), save_commitment), OK);
	assert_int_equal(kept_of(&s, s.seller, s.seller, d(11, 20)).kept, 1);
	clock_set(0);
}

static void
test_A3_withdrawn_before_its_day_only(void **state)
{
	struct story s;
	begin(&s, *state);

	promise(&s);
	s.c.state = COMMITMENT_WITHDRAWN;
	assert_int_equal(run(&s, as(&s, s.seller), save_commitment), ERR_INPUT); /* needs the other's consent */
	on_day(11, 11);
	assert_int_equal(run(&s, as(&s, s.manager), save_commitment), ERR_INPUT); /* past its day: missed */
	on_day(11, 10);
	assert_int_equal(run(&s, as(&s, s.manager), save_commitment), OK);
	assert_int_equal(kept_of(&s, s.seller, s.seller, d(11, 20)).due, 0); /* counts as neither */
	clock_set(0);
}

static void
test_A3_missed_asks_for_the_account(void **state)
{
	struct story s;
	begin(&s, *state);

	promise(&s);
	assert_int_equal(kept_of(&s, s.seller, s.seller, d(11, 10)).due, 0); /* not over */
	assert_int_equal(kept_of(&s, s.seller, s.seller, d(11, 11)).due, 1); /* open, and past its day */
	on_day(11, 12);
	s.c.state = COMMITMENT_MISSED;
	assert_int_equal(run(&s, as(&s, s.seller), save_commitment), ERR_INPUT);
	assert_non_null(fault_at(&s.f, STR("account")));
	s.c.account = STR("I forgot");
	assert_int_equal(run(&s, as(&s, s.seller), save_commitment), OK);
	assert_int_equal(kept_of(&s, s.seller, s.seller, d(11, 12)).kept, 0);
	assert_int_equal(kept_of(&s, s.seller, s.seller, d(11, 12)).due, 1);
	clock_set(0);
}

static void
test_A3_figures_with_n_and_interval(void **state)
{
	struct both *b = *state;

	assert_str(kept_words(&b->arena, (struct kept){ 5, 6, 1, 0 }), "5 of 6");
	assert_str(kept_note(&b->arena, (struct kept){ 5, 6, 1, 0 }), "95 % interval 44–97 %, 1 moved");
	assert_str(kept_words(&b->arena, (struct kept){ 0, 0, 0, 0 }), "nothing due yet"); /* no data is not 0 % */
}

static void
test_O6_leaders_are_open_downwards(void **state)
{
	struct story s;
	begin(&s, *state);

	promise(&s);
	assert_int_equal(kept_of(&s, s.manager, s.seller, d(11, 20)).due, 1); /* the line above */
	assert_int_equal(kept_of(&s, s.other, s.seller, d(11, 20)).due, 0);   /* O5: not a peer */
	record_init(&commitment_record, &s.c);
	s.c.owner = s.manager;
	s.c.owed_to = s.seller;
	s.c.when_ = STR("it is Monday");
	s.c.then_ = STR("answer");
	s.c.due = d(11, 9);
	s.c.state = COMMITMENT_OPEN;
	assert_int_equal(run(&s, as(&s, s.manager), save_commitment), OK);
	assert_int_equal(kept_of(&s, s.other, s.manager, d(11, 20)).due, 1);
	clock_set(0);
}

static enum err
ensure(struct change *c, void *what)
{
	(void)what;
	return duties_ensure(c);
}

static enum err
promote(struct change *c, void *what)
{
	struct story *s = what;
	struct person p;
	enum err e = record_load(c->conn, c->arena, c->grant, &person_record, s->other, &p);

	if (e != OK)
		return e;
	p.manager = s->seller; /* Maya leads Tom from now on */
	return record_save(c, &person_record, &p);
}

static const char proposed[] =
        "select count(*) from obligation where org_id = $1 and person = $2 and state = 'proposed'";
static const char ended[] = "select count(*) from obligation where org_id = $1 and person = $2 and state = 'ended'";

static void
test_A2a_proposed_by_place_in_the_line(void **state)
{
	struct story s;
	begin(&s, *state);

	assert_int_equal(run(&s, s.all, ensure), OK);
	assert_int_equal(number(&s, proposed, s.head), 6);
	assert_int_equal(number(&s, proposed, s.leader), 3);
	assert_int_equal(number(&s, proposed, s.manager), 3);
	assert_int_equal(number(&s, proposed, s.seller), 3);
	assert_int_equal(run(&s, s.all, ensure), OK); /* again: nothing is doubled */
	assert_int_equal(number(&s, proposed, s.head), 6);
	assert_int_equal(run(&s, s.all, promote), OK);
	assert_int_equal(run(&s, s.all, ensure), OK);
	assert_int_equal(number(&s, ended, s.seller), 3);
	assert_int_equal(number(&s, proposed, s.seller), 3);
	clock_set(0);
}

static enum err
change_duty(struct change *c, void *what)
{
	struct story *s = what;
	struct obligation o = s->o;
	enum err e;

	if (!o.row.id) {
		record_init(&obligation_record, &o);
		o.person = s->manager;
		o.duty = DUTY_BLOCKERS;
		o.cadence = CADENCE_STANDING;
		o.days = 2;
		o.state = DUTY_AGREED;
	}
	e = record_save(c, &obligation_record, &o);
	if (e == OK)
		s->o = o;
	return e;
}

static void
test_A2a_nobody_agrees_to_their_own_change(void **state)
{
	struct story s;
	begin(&s, *state);

	assert_int_equal(run(&s, s.all, change_duty), OK);
	assert_str(obligation_words(&s.b->arena, &s.o), "Answer blockers within 2 working days");
	s.o.state = DUTY_CHANGED;
	s.o.days = 4;
	assert_int_equal(run(&s, as(&s, s.manager), change_duty), ERR_INPUT); /* says no reason */
	s.o.change_reason = STR("two regions");
	assert_int_equal(run(&s, as(&s, s.manager), change_duty), OK);
	s.o.state = DUTY_AGREED;
	assert_int_equal(run(&s, as(&s, s.manager), change_duty), ERR_INPUT);
	assert_int_equal(run(&s, grant_all(s.org, 0, s.seller, "whom it is owed to"), change_duty), OK);
	clock_set(0);
}

static enum err
save_charter(struct change *c, void *what)
{
	struct story *s = what;
	struct charter x = s->charter;
	enum err e = record_save(c, &charter_record, &x);

	if (e == OK)
		s->charter = x;
	return e;
}

static void
test_L1_a_reason_has_a_number_and_a_day(void **state)
{
	struct story s;
	begin(&s, *state);

	record_init(&charter_record, &s.charter);
	s.charter.person = s.head;
	s.charter.number = 1;
	s.charter.part = STR("I promoted our best sellers and left them alone");
	s.charter.reason = STR("Trackwise undercuts us");
	s.charter.stops = STR("Calling sellers past their manager");
	s.charter.signed_on = d(11, 2);
	assert_int_equal(run(&s, as(&s, s.head), save_charter), ERR_INPUT);
	assert_non_null(fault_at(&s.f, STR("reason_number")));
	s.charter.reason_number = 2400000;
	assert_int_equal(run(&s, as(&s, s.head), save_charter), ERR_INPUT);
	assert_non_null(fault_at(&s.f, STR("reason_day")));
	s.charter.reason_day = d(12, 31);
	assert_int_equal(run(&s, as(&s, s.manager), save_charter), ERR_DENIED); /* each signs their own */
	assert_int_equal(run(&s, as(&s, s.head), save_charter), OK);
	s.charter.part = STR("nothing");
	assert_int_equal(run(&s, as(&s, s.head), save_charter), ERR_INPUT); /* signed stays: a new version */
	clock_set(0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { BOTH(test_A3_confirmed_by_whom_it_is_owed_to),
		BOTH(test_A3_withdrawn_before_its_day_only), BOTH(test_A3_missed_asks_for_the_account),
		ON_LITE(test_A3_figures_with_n_and_interval), BOTH(test_O6_leaders_are_open_downwards),
		BOTH(test_A2a_proposed_by_place_in_the_line), BOTH(test_A2a_nobody_agrees_to_their_own_change),
		BOTH(test_L1_a_reason_has_a_number_and_a_day) };
	int failed;

	(void)argc;
	both_begin(argv);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
