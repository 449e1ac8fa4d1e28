/* The engine on both databases: saving, faults, repeats, undo, history, lists, the line, sums, and the seal. */
#include "record.h"

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
	struct deal d, got;

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
	/* O5: an account of nobody is read by all, also in the profile "line"; not yours: no history either. */
	struct actor who = { .via = VIA_SESSION,
		.org = w.org,
		.person = w.people[SELLER_1],
		.profile = PROFILE_LINE,
		.as_of = DAY_NONE };
	struct grant g = grant_of(&who);
	assert_int_equal(record_history(c, w.arena, &g, &account_record, a.row.id, 10, &v, &n), OK);
	end_read();
	a.owner = w.people[SELLER_3];
	assert_int_equal(save(&account_record, &a), OK);
	c = begin_read();
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

/* What g sees of l, page by page, is what everybody's list under the same filters holds of those people, in its order.
 */
static void
assert_theirs(
        struct conn *c, const struct grant *g, struct list l, struct list whole, const id *people, size_t n_people)
{
	id *all = arena_new(w.arena, id, DEALS + 2), *theirs = arena_new(w.arena, id, DEALS + 2);
	size_t n, k = 0;

	assert_pages(c, g, l);
	n = walk(c, g, l, theirs, DEALS + 2);
	whole.sort = l.sort;
	whole.descending = l.descending;
	size_t of = walk(c, &w.all, whole, all, DEALS + 2);
	for (size_t i = 0; i < of; i++) {
		int64_t owner = number(
		        str_z(w.arena, str_fmt(w.arena, "select owner from deal where id = %lld", (long long)all[i])));
		for (size_t p = 0; p < n_people; p++)
			if (people[p] == owner) {
				assert_true(k < n);
				assert_int_equal(theirs[k++], all[i]);
			}
	}
	assert_int_equal(k, n);
}

/* Rows of few people are found by their owners: the same rows in the same order. */
static void
test_list_of_few(void **state)
{
	static const char *const sorts[] = { NULL, "name", "value", "closes_on" };
	const struct field *owner = record_field(&deal_record, STR("owner"));
	struct conn *c;

	begin(state);
	assert_int_equal(run(&w.all, many_deals, NULL), OK);
	c = begin_read();
	struct actor ada = { .via = VIA_SESSION,
		.org = w.org,
		.person = w.people[SELLER_1],
		.profile = PROFILE_LINE,
		.as_of = DAY_NONE };
	const struct grant line = grant_of(&ada);
	const id team[] = { w.people[SELLER_1], w.people[SELLER_2] };
	for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
		for (int down = 0; down < 2; down++)
			for (int named = 0; named < 2; named++) {
				struct list plain = { .record = &deal_record }, l = plain;
				l.sort = sorts[i] ? record_field(&deal_record, str_of(sorts[i])) : NULL;
				l.descending = down;
				if (named)
					l.filters[l.n_filters++] = plain.filters[plain.n_filters++] =
					        (struct filter){ record_field(&deal_record, STR("name")), OP_HAS,
						        STR("a"), NULL };
				assert_theirs(c, &line, l, plain, team, 2);
				struct filter one = { owner, OP_IS,
					str_fmt(w.arena, "%lld", (long long)w.people[SELLER_2]), NULL };
				l.filters[l.n_filters++] = one;
				assert_theirs(c, &w.all, l, plain, team + 1, 1);
				assert_theirs(c, &line, l, plain, team + 1, 1);
				l.filters[l.n_filters - 1].op = OP_BELOW;
				assert_theirs(c, &w.all, l, plain, team + 1, 1);
				/* somebody whom the grant does not see */
				l.filters[l.n_filters - 1].value =
				        str_fmt(w.arena, "%lld", (long long)w.people[SELLER_1 + 3]);
				assert_int_equal(assert_pages(c, &line, l), 0);
			}
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
	assert_int_equal(list_parse(w.arena, &deal_record, STR("lost_note"), STR("1"), &l, &f), ERR_INPUT);
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
int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	const struct CMUnitTest tests[] = {
		BOTH(test_save),
		BOTH(test_stale),
		BOTH(test_duplicate),
		BOTH(test_faults),
		BOTH(test_faults_of_many),
		BOTH(test_idem),
		BOTH(test_idem_parallel),
		BOTH(test_undo_edit),
		BOTH(test_undo_creation),
		BOTH(test_undo_removal),
		BOTH(test_undo_move),
		BOTH(test_undo_touched),
		BOTH(test_undo_rights),
		BOTH(test_history),
		BOTH(test_list),
		BOTH(test_list_of_few),
		BOTH(test_filters),
		BOTH(test_filter_faults),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
