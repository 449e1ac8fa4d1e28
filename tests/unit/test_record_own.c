/* Fields of the company's own, on both databases: what may be said of one, values of every kind, filters, history,
   undo, merge, and field_key beside a recount after each of a thousand random steps. */
#include "record.h"

#include "record/own.h"

static struct own_field
own_of(int about, int kind, const char *name)
{
	struct own_field x;

	record_init(&own_field_record, &x);
	x.about = about;
	x.kind = kind;
	x.name = str_of(name);
	x.filtered = x.listed = true;
	if (kind == OWN_CHOICE)
		x.choices = STR("Gold\nSilver\nBronze");
	return x;
}

static struct own_field
add(int about, int kind, const char *name)
{
	struct own_field x = own_of(about, kind, name);

	assert_int_equal(save(&own_field_record, &x), OK);
	return x;
}

static const struct record *
with(const struct record *r)
{
	struct conn *c = begin_read();
	const struct record *got;

	assert_int_equal(record_with_own(c, w.arena, w.org, r, &got), OK);
	end_read();
	return got;
}

static const struct field *
field_at(const struct record *r, const char *label)
{
	const struct field *f = record_field_called(w.arena, r, str_of(label));

	assert_non_null(f);
	return f;
}

static void
refused(struct own_field x, const char *place, const char *what)
{
	assert_int_equal(save(&own_field_record, &x), ERR_INPUT);
	assert_non_null(fault_at(&w.faults, str_of(place)));
	assert_has(fault_at(&w.faults, str_of(place))->what, what);
}

static void
test_definition(void **state)
{
	begin(state);
	struct own_field tier = add(OWN_OF_ACCOUNT, OWN_CHOICE, "Tier"), x;
	struct own_field hostile = add(OWN_OF_ACCOUNT, OWN_TEXT, "\"}'); drop table deal; <script>alert(1)</script>");
	assert_true(hostile.row.id > 0);
	refused(own_of(OWN_OF_ACCOUNT, OWN_DAY, "  tiér "), "name", "another field");
	refused(own_of(OWN_OF_ACCOUNT, OWN_DAY, "Sector"), "name", "there already");
	refused(own_of(OWN_OF_ACCOUNT, OWN_DAY, "  "), "name", "missing");
	refused(own_of(OWN_OF_ACCOUNT, OWN_NONE, "Kindless"), "kind", "missing");
	refused(own_of(OWN_OF_ACCOUNT, OWN_TEXT, "A name of sixty-one letters is a letter longer than may be -----"),
	        "name", "letters");
	x = own_of(OWN_OF_ACCOUNT, OWN_CHOICE, "Empty");
	x.choices = STR(" \n\n");
	refused(x, "choices", "missing");
	x.choices = STR("One\nTwo\none");
	refused(x, "choices", "twice");
	x = own_of(OWN_OF_ACCOUNT, OWN_MONEY, "Budget");
	x.currency = STR("QQQ");
	refused(x, "currency", "no currency");
	x = tier;
	x.kind = OWN_TEXT;
	refused(x, "kind", "fixed");
	x = tier;
	x.about = OWN_OF_DEAL;
	refused(x, "about", "fixed");
	/* the same name for another kind of record is another field */
	add(OWN_OF_DEAL, OWN_CHOICE, "Tier");
	for (int i = 2; i < OWN_MOST; i++)
		add(OWN_OF_ACCOUNT, OWN_NUMBER, str_z(w.arena, str_fmt(w.arena, "Number %d", i)));
	refused(own_of(OWN_OF_ACCOUNT, OWN_DAY, "One more"), "name", "too many");
	tier.archived = true;
	assert_int_equal(save(&own_field_record, &tier), OK);
	refused(own_of(OWN_OF_ACCOUNT, OWN_DAY, "Tier"), "name", "archived");
	add(OWN_OF_ACCOUNT, OWN_DAY, "One more");
	assert_sound();
}

static void
put(const struct record *r, void *object, const char *label, const char *text)
{
	assert_true(field_set_text(field_at(r, label), object, str_of(text)));
}

static void
says(const struct record *r, const void *object, const char *label, const char *text)
{
	str got = field_text(w.arena, field_at(r, label), object);

	if (!str_eq(got, str_of(text)))
		print_error("%s: “%.*s” is not “%s”\n", label, STR_ARG(got), text);
	assert_true(str_eq(got, str_of(text)));
	assert_int_equal(field_is_null(field_at(r, label), object), *text == 0);
}

static void
test_values(void **state)
{
	struct account a = account_of("Kinds"), got;
	const struct record *r;
	struct own_field x;
	char person[24];

	begin(state);
	add(OWN_OF_ACCOUNT, OWN_TEXT, "Note");
	add(OWN_OF_ACCOUNT, OWN_NUMBER, "Seats");
	add(OWN_OF_ACCOUNT, OWN_MONEY, "Budget");
	add(OWN_OF_ACCOUNT, OWN_DAY, "Renewal");
	x = add(OWN_OF_ACCOUNT, OWN_CHOICE, "Tier");
	add(OWN_OF_ACCOUNT, OWN_BOOL, "Reference");
	add(OWN_OF_ACCOUNT, OWN_PERSON, "Champion");
	add(OWN_OF_ACCOUNT, OWN_DECIMAL, "Share");
	r = with(&account_record);
	assert_int_equal(r->n_own, 8);
	assert_true(str_eq(field_at(r, "budget")->own->currency, STR("EUR")));
	snprintf(person, sizeof person, "%lld", (long long)w.people[SELLER_2]);
	put(r, &a, "Note", "“quoted” \\ \"and\" \t tabbed, f00000000001");
	put(r, &a, "Seats", "-12");
	put(r, &a, "Budget", "1250000");
	put(r, &a, "Renewal", "2027-01-31");
	put(r, &a, "Tier", "Gold");
	put(r, &a, "Reference", "0");
	put(r, &a, "Champion", person);
	put(r, &a, "Share", "-12.50");
	assert_int_equal(save(r, &a), OK);
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	says(r, &got, "Note", "“quoted” \\ \"and\" \t tabbed, f00000000001");
	says(r, &got, "Seats", "-12");
	says(r, &got, "Budget", "1250000");
	says(r, &got, "Renewal", "2027-01-31");
	says(r, &got, "Tier", "Gold");
	says(r, &got, "Reference", "0");
	says(r, &got, "Champion", person);
	says(r, &got, "Share", "-12.5");
	assert_false(field_set_text(field_at(r, "Share"), &got, STR("12,5")));
	assert_false(field_set_text(field_at(r, "Share"), &got, STR("0.1234567")));
	assert_false(field_set_text(field_at(r, "Share"), &got, STR("1000000000000.5")));
	assert_false(field_set_text(field_at(r, "Seats"), &got, STR("twelve")));
	assert_false(field_set_text(field_at(r, "Seats"), &got, STR("1000000000000000000")));
	assert_false(field_set_text(field_at(r, "Renewal"), &got, STR("2027-02-30")));
	assert_false(field_set_text(field_at(r, "Tier"), &got, STR("Platinum")));
	assert_false(field_set_text(field_at(r, "Note"), &got, STR("two\nlines")));
	says(r, &got, "Tier", "Gold");
	/* nobody of that id */
	put(r, &got, "Champion", "17");
	assert_int_equal(save(r, &got), ERR_INPUT);
	assert_has(w.faults.first->what, "no such person");
	/* around the setters: what no field has is refused */
	assert_int_equal(load(&account_record, a.row.id, &got), OK);
	got.extra = STR("{\"f00000000099\":\"x\"}");
	assert_int_equal(save(r, &got), ERR_INPUT);
	got.extra = STR("[no]");
	assert_int_equal(save(r, &got), ERR_INPUT);
	/* a person that a field names is not removed */
	struct person p;
	assert_int_equal(load(&person_record, w.people[SELLER_2], &p), OK);
	assert_int_equal(drop(&person_record, p.row.id, p.row.version), ERR_INPUT);
	/* a field that is filled in is not removed; one that is not, is */
	assert_int_equal(drop(&own_field_record, x.row.id, x.row.version), ERR_INPUT);
	x = add(OWN_OF_CONTACT, OWN_DAY, "Unused");
	assert_int_equal(drop(&own_field_record, x.row.id, x.row.version), OK);
	assert_sound();
}

static int64_t
found(const struct record *r, const char *name, const char *op, const char *value)
{
	struct list l = { .record = r };
	struct faults f;
	struct conn *c = begin_read();
	int64_t n = -1;

	faults_init(&f, w.arena);
	str at = str_fmt(w.arena, "%s%s%s", field_at(r, name)->name, *op ? "." : "", op);
	assert_int_equal(list_parse(w.arena, r, at, str_of(value), &l, &f), OK);
	assert_int_equal(record_count(c, w.arena, &w.all, &l, &n), OK);
	end_read();
	return n;
}

static void
test_filters(void **state)
{
	static const char *const seats[] = { "-3", "5", "40", "" };
	struct account a;
	struct own_field x;
	const struct record *r;
	char person[24];

	begin(state);
	x = add(OWN_OF_ACCOUNT, OWN_NUMBER, "Seats");
	add(OWN_OF_ACCOUNT, OWN_TEXT, "Note");
	add(OWN_OF_ACCOUNT, OWN_PERSON, "Champion");
	r = with(&account_record);
	snprintf(person, sizeof person, "%lld", (long long)w.people[SELLER_1]);
	for (int i = 0; i < 4; i++) {
		a = account_of("Some");
		put(r, &a, "Seats", seats[i]);
		put(r, &a, "Note", i == 1 ? "Žofie 100%" : "100 of them");
		if (i == 2)
			put(r, &a, "Champion", person);
		assert_int_equal(save(r, &a), OK);
	}
	assert_int_equal(found(r, "Seats", "is", "5"), 1);
	assert_int_equal(found(r, "Seats", "not", "5"), 2);
	assert_int_equal(found(r, "Seats", "least", "5"), 2);
	assert_int_equal(found(r, "Seats", "most", "5"), 2);
	assert_int_equal(found(r, "Seats", "most", "-4"), 0);
	assert_int_equal(found(r, "Seats", "none", ""), 2); /* Acme, too */
	assert_int_equal(found(r, "Seats", "any", ""), 3);
	assert_int_equal(found(r, "Note", "", "zofie"), 1);
	assert_int_equal(found(r, "Note", "", "100%"), 1);
	assert_int_equal(found(r, "Champion", "is", person), 1);
	snprintf(person, sizeof person, "%lld", (long long)w.people[MANAGER_1]);
	assert_int_equal(found(r, "Champion", "below", person), 1);
	assert_int_equal(found(r, "Champion", "is", person), 0);
	/* no more to filter by, then again: the keys go and come back */
	x.filtered = false;
	assert_int_equal(save(&own_field_record, &x), OK);
	assert_int_equal(number("select count(*) from field_key where key like '1%0000%'"), 0);
	assert_sound();
	x.filtered = true;
	assert_int_equal(save(&own_field_record, &x), OK);
	assert_int_equal(found(r, "Seats", "least", "5"), 2);
	x.archived = true;
	assert_int_equal(save(&own_field_record, &x), OK);
	assert_sound();
	assert_int_equal(with(&account_record)->n_own, 2);
}

static void
test_history(void **state)
{
	struct account a = account_of("Told");
	struct own_field x;
	const struct record *r;
	struct event *v;
	size_t n;
	id set;

	begin(state);
	x = add(OWN_OF_ACCOUNT, OWN_CHOICE, "Tier");
	x.required = true;
	assert_int_equal(save(&own_field_record, &x), OK);
	add(OWN_OF_ACCOUNT, OWN_NUMBER, "Seats");
	r = with(&account_record);
	put(r, &a, "Tier", "Silver");
	assert_int_equal(save(r, &a), OK);
	put(r, &a, "Tier", "Gold");
	put(r, &a, "Seats", "7");
	assert_int_equal(save(r, &a), OK);
	set = w.set;
	struct conn *c = begin_read();
	assert_int_equal(record_history(c, w.arena, &w.all, &account_record, a.row.id, 9, &v, &n), OK);
	end_read();
	assert_int_equal(n, 3); /* a line a field, and the creation */
	for (size_t i = 0; i < 2; i++) {
		assert_non_null(v[i].described);
		assert_true(strcmp(v[i].described->label, "Tier") == 0 || strcmp(v[i].described->label, "Seats") == 0);
	}
	/* required: not to be emptied */
	put(r, &a, "Tier", "");
	assert_int_equal(save(r, &a), ERR_INPUT);
	put(r, &a, "Tier", "Gold");
	/* one of the two was edited since: that stays, the other goes back */
	put(r, &a, "Seats", "8");
	assert_int_equal(save(r, &a), OK);
	struct undo_result u = undo(set);
	assert_int_equal(u.restored, 1);
	assert_int_equal(u.n_kept, 1);
	assert_has(u.kept->place, "Seats");
	assert_int_equal(load(&account_record, a.row.id, &a), OK);
	says(r, &a, "Tier", "Silver");
	says(r, &a, "Seats", "8");
	/* removal and back: the values and the keys come again */
	assert_int_equal(drop(&account_record, a.row.id, a.row.version), OK);
	assert_int_equal(number("select count(*) from field_key"), 0);
	undo(w.set);
	assert_int_equal(load(&account_record, a.row.id, &a), OK);
	says(r, &a, "Tier", "Silver");
	assert_int_equal(found(r, "Seats", "is", "8"), 1);
	assert_sound();
}

static enum err
merge_work(struct change *c, void *what)
{
	int64_t moved;
	return record_merge(c, &account_record, what, &moved);
}

static void
test_merging(void **state)
{
	struct account keep = account_of("Keep"), go = account_of("Go");
	const struct record *r;

	begin(state);
	add(OWN_OF_ACCOUNT, OWN_CHOICE, "Tier");
	add(OWN_OF_ACCOUNT, OWN_NUMBER, "Seats");
	add(OWN_OF_ACCOUNT, OWN_TEXT, "Note");
	r = with(&account_record);
	put(r, &keep, "Tier", "Gold");
	put(r, &keep, "Seats", "1");
	put(r, &go, "Tier", "Bronze");
	put(r, &go, "Seats", "2");
	put(r, &go, "Note", "only here");
	assert_int_equal(save(r, &keep), OK);
	assert_int_equal(save(r, &go), OK);
	struct merge m = { .keep = keep.row.id,
		.drop = go.row.id,
		.keep_version = 1,
		.drop_version = 1,
		.take_own = str_of(field_at(r, "Seats")->name) };
	assert_int_equal(run(&w.all, merge_work, &m), OK);
	id set = w.set;
	assert_int_equal(load(&account_record, keep.row.id, &keep), OK);
	says(r, &keep, "Tier", "Gold");
	says(r, &keep, "Seats", "2");
	says(r, &keep, "Note", "only here");
	assert_sound();
	undo(set);
	assert_int_equal(load(&account_record, keep.row.id, &keep), OK);
	assert_int_equal(load(&account_record, go.row.id, &go), OK);
	says(r, &keep, "Seats", "1");
	says(r, &keep, "Note", "");
	says(r, &go, "Note", "only here");
	assert_sound();
}

/* ---- any order of anything ---- */

static struct own_field own[8];
static id rows[24], sets[24];

static void
random_value(const struct field *f, void *object)
{
	static const char *const tiers[] = { "Gold", "Silver", "Bronze", "" };
	static const char *const texts[] = { "", "ÄÖ", "a \"b\"", "%", "same", "same" };
	str text = { 0 };

	if (f->own->kind == OWN_CHOICE)
		text = str_of(tiers[dice(4)]);
	else if (f->own->kind == OWN_TEXT)
		text = str_of(texts[dice(6)]);
	else if (f->own->kind == OWN_DAY)
		text = dice(4) ? day_iso(w.arena, day_of(2026, 1 + (int)dice(12), 3)) : (str){ 0 };
	else if (f->own->kind == OWN_BOOL)
		text = str_fmt(w.arena, "%u", dice(2));
	else if (f->own->kind == OWN_PERSON)
		text = dice(3) ? str_fmt(w.arena, "%lld", (long long)w.people[dice(PEOPLE)]) : (str){ 0 };
	else if (f->own->kind == OWN_DECIMAL)
		text = decimal_plain(w.arena, ((int64_t)dice(2000) - 1000) * 1234);
	else
		text = dice(5) ? str_fmt(w.arena, "%d", (int)dice(2000) - 1000) : (str){ 0 };
	assert_true(field_set_text(f, object, text));
}

static void
random_save(const struct record *r)
{
	struct account a = account_of("Row");
	uint32_t at = dice(24);

	if (!rows[at] || load(&account_record, rows[at], &a) != OK)
		a = account_of("Row");
	for (size_t i = 0; i < r->n_own; i++)
		if (dice(2))
			random_value(&r->own[i], &a);
	assert_int_equal(save(r, &a), OK);
	rows[at] = a.row.id;
}

static void
random_merge(void)
{
	struct account a, b;
	uint32_t x = dice(24), y = dice(24);

	if (x == y || !rows[x] || !rows[y] || load(&account_record, rows[x], &a) != OK ||
	        load(&account_record, rows[y], &b) != OK)
		return;
	struct merge m = {
		.keep = a.row.id, .drop = b.row.id, .keep_version = a.row.version, .drop_version = b.row.version
	};
	assert_int_equal(run(&w.all, merge_work, &m), OK);
}

static void
random_definition(void)
{
	struct own_field *x = &own[dice(8)];

	if (!dice(3))
		x->archived = !x->archived;
	else
		x->filtered = !x->filtered;
	assert_int_equal(save(&own_field_record, x), OK);
}

static void
random_step(void)
{
	struct account a;
	uint32_t what = dice(12), at = dice(24);

	w.set = 0;
	if (what < 6)
		random_save(with(&account_record));
	else if (what == 6 && rows[at] && load(&account_record, rows[at], &a) == OK)
		drop(&account_record, rows[at], a.row.version);
	else if (what == 7)
		random_merge();
	else if (what == 8)
		random_definition();
	else if (what > 8 && sets[at])
		undo(sets[at]);
	if (w.set)
		sets[dice(24)] = w.set;
	for (int i = 0; i < 8; i++)
		assert_int_equal(load(&own_field_record, own[i].row.id, &own[i]), OK);
}

static enum err
own_work(struct conn *c, struct arena *a, void *what)
{
	return own_check(c, a, w.org, what);
}

static void
test_random(void **state)
{
	static const int kinds_[] = { OWN_TEXT, OWN_NUMBER, OWN_MONEY, OWN_DAY, OWN_CHOICE, OWN_BOOL, OWN_PERSON,
		OWN_DECIMAL };

	begin(state);
	memset(rows, 0, sizeof rows);
	memset(sets, 0, sizeof sets);
	for (int i = 0; i < 8; i++)
		own[i] = add(OWN_OF_ACCOUNT, kinds_[i], str_z(w.arena, str_fmt(w.arena, "Field %d", i)));
	memset(sets, 0, sizeof sets);
	for (int i = 0; i < 400; i++) {
		struct check_report r = { 0 };
		struct arena a; /* of one check: what it keeps need not wait for the last */
		random_step();
		arena_init(&a, (size_t)4 << 20);
		assert_int_equal(db_read(w.b->db, &a, own_work, &r), OK);
		for (const struct fault *f = r.first; f; f = f->next)
			print_error("step %d: %.*s: %.*s\n", i, STR_ARG(f->place), STR_ARG(f->what));
		assert_int_equal(r.n, 0);
		arena_fini(&a);
	}
	assert_true(number("select count(*) from field_key") > 0);
	assert_sound();
}

static enum err
spoil_work(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	return db_exec(c, what, DB_NO_ARGS, NULL);
}

static void
test_check_bites(void **state)
{
	static const char *const spoils[] = { "delete from field_key", "update field_key set key = 'other'",
		"insert into field_key (org_id, field, row_id, key) select org_id, field, 5, key from field_key" };
	struct account a;

	begin(state);
	add(OWN_OF_ACCOUNT, OWN_CHOICE, "Tier");
	const struct record *r = with(&account_record);
	for (size_t i = 0; i < 3; i++) {
		struct check_report report = { 0 };
		a = account_of("Spoilt");
		put(r, &a, "Tier", "Gold");
		assert_int_equal(save(r, &a), OK);
		assert_int_equal(db_write(w.b->db, w.arena, spoil_work, (void *)(uintptr_t)spoils[i]), OK);
		assert_int_equal(db_read(w.b->db, w.arena, own_work, &report), OK);
		assert_true(report.n > 0);
		assert_int_equal(
		        db_write(w.b->db, w.arena, spoil_work, (void *)(uintptr_t) "delete from field_key"), OK);
		assert_int_equal(load(&account_record, a.row.id, &a), OK);
		put(r, &a, "Tier", "");
		assert_int_equal(save(r, &a), OK);
	}
}

#define OWN(test) \
	{ #test " (sqlite)", test, both_setup_lite, teardown, NULL }, \
	{ \
#test " (postgres)", test, both_setup_pg, teardown, NULL \
	}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { OWN(test_definition), OWN(test_values), OWN(test_filters),
		OWN(test_history), OWN(test_merging), OWN(test_random), OWN(test_check_bites) };
	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
