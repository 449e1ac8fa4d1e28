/* Names in memory: found by parts, accents and typing errors as they are in the database, whatever changed since they
   were read, and under the same rights (D2, O5). Everything twice: with the names kept and by a look through the table.
 */
#include "record.h"

#include "base/near.h"
#include "record/find.h"
#include "record/named.h"

static const struct find_in deals = { "deal", "name", false, "" }, accounts = { "account", "name", false, "" };

static int
kept_teardown(void **state)
{
	named_close();
	return teardown(state);
}

#define KEPT_BOTH(test) \
	{ #test " (sqlite)", test, both_setup_lite, kept_teardown, NULL }, \
	{ \
#test " (postgres)", test, both_setup_pg, kept_teardown, NULL \
	}

/* ---- words alone ---- */

enum { ROWS = 900 };

static str
odd_name(void)
{
	static const char *const syllables[] = { "ra", "il", "el", "ek", "tro", "mu", "st", "er", "ße", "ø", "an",
		"gen", "12", "7", "-", "日" };
	str s = { 0 };

	for (uint32_t words = 1 + dice(4); words; words--) {
		for (uint32_t n = 1 + dice(4); n; n--)
			s = str_join(w.arena, s, str_of(syllables[dice(sizeof syllables / sizeof *syllables)]));
		s = str_join(w.arena, s, STR(" "));
	}
	return str_fold(w.arena, s);
}

/* A piece of a name, now and then with an error. */
static str
odd_question(str name)
{
	char *s = str_z(w.arena, name);
	size_t n = name.n, from = n ? dice((uint32_t)n) : 0, many = 1 + dice(9);

	if (n && dice(2))
		s[dice((uint32_t)n)] = "aelrt x"[dice(7)];
	if (dice(3) == 0)
		from = 0;
	str piece = str_first((str){ s + from, n - from }, many);
	return str_utf8(piece) ? str_fold(w.arena, str_trim(piece)) : STR("er");
}

static bool
is_excepted(const struct words_ask *ask, id row)
{
	for (size_t i = 0; i < ask->n_except; i++)
		if (ask->except[i] == row)
			return true;
	return false;
}

/* The rows found are those that a look at every name finds, with the same errors, the newest first. */
static void
compare(const struct words *words, const str *names, const struct words_ask *ask)
{
	struct words_hit *hits;
	size_t n, k = 0;

	words_find(words, w.arena, ask, &hits, &n);
	for (size_t i = ROWS; i-- > 0 && k < ask->most;) {
		int errors = 0;
		for (size_t x = 0; x < ask->n && errors >= 0; x++) {
			int one = ask->near                                       ? near_fit(ask->words[x], names[i])
			          : str_find(names[i], ask->words[x]) == SIZE_MAX ? -1
			                                                          : 0;
			errors = one < 0 || one > (ask->near ? ask->errors : 0) ? -1 : errors + one;
		}
		if (errors < 0 || is_excepted(ask, (id)(i + 1) * 3))
			continue;
		assert_true(k < n);
		assert_int_equal(hits[k].row, (id)(i + 1) * 3);
		assert_int_equal(hits[k].errors, errors);
		assert_int_equal(words_fit(ask, names[i]), errors);
		k++;
	}
	assert_int_equal(k, n);
}

static void
test_words(void **state)
{
	struct arena a;
	str *names;
	id except[2] = { 30, 300 };

	(void)state;
	arena_init(&a, ARENA_CAP_REQUEST);
	w = (struct world){ .arena = &a };
	dice_state = 20261128;
	names = arena_new(&a, str, ROWS);
	struct words *words = words_new();
	/* half of them in order, the others later and in between */
	for (size_t half = 0; half < 2; half++) {
		for (size_t i = half; i < ROWS; i += 2)
			assert_true(words_put(words, (id)(i + 1) * 3, names[i] = odd_name()));
		assert_true(words_settle(words));
	}
	assert_int_equal(words_stale(words), 0);
	for (int round = 0; round < 6; round++) {
		for (int i = 0; i < 300; i++) {
			struct words_ask ask = { .errors = (int)dice(3), .most = dice(2) ? 7 : ROWS };
			ask.except = except;
			ask.n_except = dice(3);
			if (words_cut(odd_question(names[dice(ROWS)]), dice(2), &ask))
				compare(words, names, &ask);
		}
		/* others are called otherwise, or gone */
		for (size_t i = dice(7); i < ROWS; i += 7)
			assert_true(words_put(words, (id)(i + 1) * 3, names[i] = dice(4) ? odd_name() : (str){ 0 }));
		assert_true(words_settle(words));
		assert_true(words_stale(words) > 100);
		assert_int_equal(words_rows(words), ROWS);
	}
	assert_true(words_bytes(words) > 0);
	words_free(words);
	arena_fini(&a);
}

static void
test_cut(void **state)
{
	struct words_ask ask = { 0 };

	(void)state;
	assert_true(words_cut(STR("rail-north 50%"), false, &ask));
	assert_int_equal(ask.n, 2);
	assert_true(words_cut(STR("rail-north 50%"), true, &ask));
	assert_int_equal(ask.n, 3);
	assert_false(words_cut(STR(""), false, &ask));
	assert_false(words_cut(STR("%-"), true, &ask));
	assert_true(words_cut(STR("a b c d e f g h"), false, &ask));
	assert_false(words_cut(STR("a b c d e f g h i"), false, &ask));
}

/* ---- in step with the database ---- */

static void
renew(void)
{
	size_t n;

	assert_int_equal(change_seal(w.b->db, w.arena, 1000, &n), OK);
	assert_int_equal(named_renew(w.b->db, w.arena), OK);
}

static bool
is_kept(const struct record *r)
{
	struct words_ask ask = { .most = 1 };
	struct named_found found;
	struct conn *c = begin_read();

	assert_true(words_cut(STR("x"), false, &ask));
	assert_int_equal(named_find(c, w.arena, w.org, r, "name", &ask, &found), OK);
	end_read();
	return found.known;
}

/* From here on the names are in memory, as they are now. */
static void
keep(const struct record *r)
{
	named_open(1);
	assert_false(is_kept(r)); /* and is asked for by that */
	renew();
	assert_true(is_kept(r));
}

/* " id id …": what search finds, sorted. */
static str
found_by(const struct grant *g, const struct find_in *in, const char *q, int errors)
{
	struct find f;
	str all = { 0 };
	struct conn *c = begin_read();

	find_init(c, w.arena, g, str_of(q), &f);
	assert_int_equal(errors ? find_nearly(&f, in, errors) : find_exactly(&f, in), OK);
	end_read();
	for (size_t i = 0; i < f.n; i++)
		for (size_t k = i + 1; k < f.n; k++)
			if (f.hits[k].row < f.hits[i].row) {
				struct find_hit x = f.hits[i];
				f.hits[i] = f.hits[k];
				f.hits[k] = x;
			}
	for (size_t i = 0; i < f.n; i++)
		all = str_fmt(w.arena, "%.*s %lld", STR_ARG(all), (long long)f.hits[i].row);
	return all;
}

static str
listed(const struct grant *g, const char *part)
{
	struct list l = { .record = &deal_record, .limit = 200 };
	struct list_result x;
	struct faults f;
	int64_t n = -1, few = -1;
	str all = { 0 };
	struct conn *c = begin_read();

	faults_init(&f, w.arena);
	assert_int_equal(list_parse(w.arena, &deal_record, STR("name"), str_of(part), &l, &f), OK);
	assert_int_equal(record_list(c, w.arena, g, &l, &x), OK);
	assert_int_equal(record_count(c, w.arena, g, &l, &n), OK);
	assert_int_equal(record_count_to(c, w.arena, g, &l, 1000, &few), OK);
	end_read();
	assert_int_equal(n, x.n);
	assert_int_equal(few, x.n);
	for (size_t i = 0; i < x.n; i++)
		all = str_fmt(w.arena, "%.*s %lld", STR_ARG(all), (long long)((struct deal *)x.rows)[i].row.id);
	return all;
}

static bool
finds(const char *q, int errors, id row)
{
	return str_find(str_join(w.arena, found_by(&w.all, &deals, q, errors), STR(" ")),
	               str_fmt(w.arena, " %lld ", (long long)row)) != SIZE_MAX;
}

static void
test_changes(void **state)
{
	struct deal old, d;

	begin(state);
	old = deal_of("Elektro Müller – Railway", SELLER_1, 100);
	d = deal_of("Something else", SELLER_2, 1);
	assert_int_equal(save(&deal_record, &old), OK);
	keep(&deal_record);
	assert_true(finds("ailw", 0, old.row.id));            /* a part */
	assert_true(finds("MULLER", 0, old.row.id));          /* accents */
	assert_true(finds("railway elektro", 0, old.row.id)); /* in any order */
	assert_true(finds("elektor", 1, old.row.id));         /* two letters swapped */
	assert_true(finds("mullr", 1, old.row.id));           /* short words too */
	assert_false(finds("ship", 0, old.row.id) || finds("ship", 1, old.row.id));

	/* made since, neither sealed nor read */
	assert_int_equal(save(&deal_record, &d), OK);
	assert_true(finds("thing", 0, d.row.id) && finds("somethnig", 1, d.row.id));
	renew();
	assert_true(finds("thing", 0, d.row.id) && finds("somethnig", 1, d.row.id));

	/* called otherwise: found by that alone, before it is read and after */
	d.name = STR("Canal boats");
	assert_int_equal(save(&deal_record, &d), OK);
	id renamed = w.set;
	for (int i = 0; i < 2; i++, renew()) {
		assert_true(finds("boat", 0, d.row.id) && finds("caanl", 1, d.row.id));
		assert_false(finds("thing", 0, d.row.id) || finds("somethnig", 1, d.row.id));
		assert_int_equal(listed(&w.all, "thing").n, 0);
		assert_true(listed(&w.all, "l bo").n > 0); /* across words */
	}
	undo(renamed);
	for (int i = 0; i < 2; i++, renew())
		assert_true(finds("thing", 0, d.row.id) && !finds("boat", 0, d.row.id));

	/* removed, and brought back */
	assert_int_equal(load(&deal_record, d.row.id, &d), OK);
	assert_int_equal(drop(&deal_record, d.row.id, d.row.version), OK);
	id removed = w.set;
	for (int i = 0; i < 2; i++, renew())
		assert_false(finds("thing", 0, d.row.id) || listed(&w.all, "thing").n);
	undo(removed);
	for (int i = 0; i < 2; i++, renew())
		assert_true(finds("thing", 0, d.row.id) && listed(&w.all, "thing").n);
	assert_true(is_kept(&deal_record));
	assert_sound();
}

static enum err
merge_work(struct change *c, void *what)
{
	int64_t moved;
	return record_merge(c, &account_record, what, &moved);
}

static void
test_merged(void **state)
{
	struct account stays = account_of("Helbing GmbH"), goes = account_of("Hellbing Stahl"), erased;

	begin(state);
	assert_int_equal(save(&account_record, &stays), OK);
	assert_int_equal(save(&account_record, &goes), OK);
	keep(&account_record);
	assert_true(found_by(&w.all, &accounts, "stahl", 0).n > 0);
	struct merge m = { stays.row.id, goes.row.id, 1, 1, 0, { 0 } };
	assert_int_equal(run(&w.all, merge_work, &m), OK);
	id set = w.set;
	for (int i = 0; i < 2; i++, renew()) {
		assert_int_equal(found_by(&w.all, &accounts, "stahl", 0).n, 0);
		assert_true(found_by(&w.all, &accounts, "helbing", 0).n > 0);
	}
	undo(set);
	for (int i = 0; i < 2; i++, renew())
		assert_true(found_by(&w.all, &accounts, "stahl", 0).n > 0);
	/* a name that is taken out of everything: no longer found at once, and no longer in memory when it is read
	   anew, which here, where a tenth of all rows changed, is the next round */
	assert_int_equal(load(&account_record, goes.row.id, &erased), OK);
	erased.name = STR("Erased");
	assert_int_equal(save(&account_record, &erased), OK);
	for (int i = 0; i < 3; i++, renew())
		assert_int_equal(found_by(&w.all, &accounts, "stahl", 0).n, 0);
	assert_true(is_kept(&account_record));
}

/* More changed than is worth looking at one by one: the table is looked through until it is caught up with. */
static void
test_behind(void **state)
{
	struct deal d;

	begin(state);
	d = deal_of("First of many", SELLER_1, 1);
	assert_int_equal(save(&deal_record, &d), OK);
	keep(&deal_record);
	for (int i = 0; i < 130; i++) {
		d = deal_of("Another zeppelin", SELLER_1, 1);
		assert_int_equal(save(&deal_record, &d), OK);
	}
	assert_false(is_kept(&deal_record));
	assert_true(finds("first", 0, d.row.id) == false && found_by(&w.all, &deals, "zepp", 0).n > 0);
	assert_true(listed(&w.all, "zepp").n > 0);
	for (int i = 0; i < 3; i++)
		renew();
	assert_true(is_kept(&deal_record));
	assert_true(finds("zepp", 0, d.row.id) && finds("zepelin", 1, d.row.id));
}

/* ---- rights, and everything twice ---- */

static enum err
many_deals(struct change *c, void *what)
{
	enum err e = OK;

	(void)what;
	for (int i = 0; e == OK && i < 250; i++) {
		struct deal d = deal_of("", SELLER_1 + (int)dice(4), 1);
		d.name = odd_name();
		if (d.name.n)
			e = record_save(c, &deal_record, &d);
	}
	return e;
}

static struct grant
line_of(int person)
{
	struct actor who = {
		.via = VIA_SESSION, .org = w.org, .person = w.people[person], .profile = PROFILE_LINE, .as_of = DAY_NONE
	};

	return grant_of(&who);
}

static size_t
ids_in(str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.s[i] == ' ';
	return n;
}

static void
test_alike(void **state)
{
	enum { QUESTIONS = 40, GRANTS = 4 };
	static const char *const asked[] = { "rail", "ra", "elek tro", "12", "ßer", "zzq", "an-", "%", "日", "" };
	const char *q[QUESTIONS];
	str list[QUESTIONS][GRANTS], exact[QUESTIONS][GRANTS];
	size_t seen = 0;

	begin(state);
	assert_int_equal(run(&w.all, many_deals, NULL), OK);
	struct grant grants[GRANTS] = { w.all, line_of(SELLER_1), line_of(MANAGER_2),
		grant_all(w.org + 1, 0, 0, "test") };
	for (int i = 0; i < QUESTIONS; i++)
		q[i] = i < 9 ? asked[i] : str_z(w.arena, odd_question(odd_name()));
	for (int kept = 0; kept < 2; kept++) {
		if (kept)
			keep(&deal_record);
		for (int i = 0; i < QUESTIONS; i++)
			for (int g = 0; g < GRANTS; g++) {
				str l = *q[i] ? listed(&grants[g], q[i]) : (str){ 0 };
				str x = *q[i] ? found_by(&grants[g], &deals, q[i], 0) : (str){ 0 };
				if (kept)
					assert_true(str_eq(l, list[i][g]));
				/* twelve of more than twelve are any twelve */
				if (kept && ids_in(exact[i][g]) < 12)
					assert_true(str_eq(x, exact[i][g]));
				if (g == 3)
					assert_int_equal(l.n + x.n, 0);
				list[i][g] = l;
				exact[i][g] = x;
				seen += l.n > 0;
			}
	}
	assert_true(seen > 40);
	assert_true(is_kept(&deal_record));
}

/* What a table of that many rows is asked for is kept; a smaller one never is. */
static void
test_small(void **state)
{
	begin(state);
	named_open(1000);
	assert_false(is_kept(&deal_record));
	renew();
	assert_false(is_kept(&deal_record));
	named_close();
	renew();
	assert_false(is_kept(&deal_record));
}

int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_cut),
		KEPT_BOTH(test_changes), KEPT_BOTH(test_merged), KEPT_BOTH(test_behind), KEPT_BOTH(test_alike),
		KEPT_BOTH(test_small) };
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
