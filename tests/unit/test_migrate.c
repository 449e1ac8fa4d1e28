/* Upgrade or nothing: databases of every released schema become this program's, keep what they hold, or stay as they
   were. tests/migrate/NUMBER-ENGINE.sql is a dump with data for each number. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "both.h"

#include "areas/deals/sums.h"
#include "areas/people/line.h"
#include "auth/grant.h"
#include "auth/session.h"
#include "base/out.h"
#include "record/schema.h"

static struct both *b;
static str did, why;

static str
read_dump(int number)
{
	char path[512];
	struct out o;
	char part[4096];
	size_t n;

	snprintf(path, sizeof path, "%s/migrate/%d-%s.sql", TESTS_FOLDER, number, b->lite ? "sqlite" : "postgres");
	FILE *f = fopen(path, "r");
	if (!f)
		fail_msg("%s: every released schema keeps its dump", path);
	out_init(&o, 0);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		out_bytes(&o, part, n);
	fclose(f);
	str all = out_all(&o, &b->arena);
	out_fini(&o);
	return all;
}

static enum err
run_script(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	enum err e = db_script(c, what);
	if (e != OK)
		print_error("%s\n", conn_message(c));
	return e;
}

static void
script(const char *sql)
{
	char *copy = str_z(&b->arena, str_of(sql));
	assert_int_equal(db_write(b->db, &b->arena, run_script, copy), OK);
}

/* As `ridealong migrate` opens it. */
static void
open_loose(void)
{
	if (b->db)
		db_close(b->db);
	b->db = NULL;
	assert_int_equal(
	        db_open(b->url, &(struct db_options){ .create = true, .no_references = true }, &b->arena, &b->db, &why),
	        OK);
}

static void
restore(int number)
{
	open_loose();
	script(str_z(&b->arena, read_dump(number)));
}

static enum err
migrate(void)
{
	did = why = (str){ 0 };
	return schema_migrate(b->db, &b->arena, &did, &why);
}

static void
assert_has(str whole, const char *part)
{
	if (str_find(whole, str_of(part)) == SIZE_MAX)
		fail_msg("“%.*s” does not hold “%s”", STR_ARG(whole), part);
}

static int64_t
number(const char *sql)
{
	struct conn *c;
	int64_t n = -1;
	assert_int_equal(db_begin_read(b->db, &c), OK);
	enum err e = db_one_int(c, sql, DB_NO_ARGS, &n);
	if (e != OK)
		print_error("%s: %s\n", sql, conn_message(c));
	db_end_read(b->db, c);
	assert_int_equal(e, OK);
	return n;
}

/* ---- what is compared ---- */

static int
by_text(const void *x, const void *y)
{
	return str_cmp(*(const str *)x, *(const str *)y);
}

/* Tables, columns, keys and indexes as sorted lines; where a column stands in its table tells nothing. */
static enum err
read_lines(struct conn *c, struct arena *a, void *what)
{
	struct pieces all;
	enum err e = catalogue_read(c, a, &all);
	if (e != OK)
		return e;
	str *lines = arena_new(a, str, all.n + 1);
	for (size_t i = 0; i < all.n; i++) {
		const struct piece *p = &all.items[i];
		lines[i] = str_fmt(a, "%d %.*s %.*s %.*s %.*s %d\n", (int)p->kind, STR_ARG(p->table), STR_ARG(p->name),
		        STR_ARG(p->text), STR_ARG(p->preset), p->filled);
	}
	qsort(lines, all.n, sizeof *lines, by_text);
	struct out o;
	out_init(&o, 0);
	for (size_t i = 0; i < all.n; i++)
		out_str(&o, lines[i]);
	*(str *)what = out_all(&o, a);
	out_fini(&o);
	return OK;
}

static str
structure(void)
{
	str all = { 0 };
	assert_int_equal(db_read(b->db, &b->arena, read_lines, &all), OK);
	assert_true(all.n > 10000);
	return all;
}

static void
assert_same(str x, str y)
{
	str one, other;
	while (x.n || y.n) {
		str_cut(x, '\n', &one, &x);
		str_cut(y, '\n', &other, &y);
		if (!str_eq(one, other))
			fail_msg("“%.*s” is not “%.*s”", STR_ARG(one), STR_ARG(other));
	}
}

/* The same engine with nothing in it but this program's tables. */
static str
fresh_structure(void)
{
	struct db *mine = b->db, *other;
	char url[640];

	if (b->lite)
		snprintf(url, sizeof url, "%s.fresh", b->url);
	else
		snprintf(url, sizeof url, "%s&options=-csearch_path%%3Dfresh", b->url);
	if (!b->lite)
		script("create schema fresh");
	assert_int_equal(db_open(url, &(struct db_options){ .create = true }, &b->arena, &other, &why), OK);
	assert_int_equal(schema_make(other, &b->arena, &why), OK);
	b->db = other;
	str all = structure();
	b->db = mine;
	db_close(other);
	if (b->lite)
		unlink(url + strlen("sqlite:"));
	else
		script("drop schema fresh cascade");
	return all;
}

static enum err
compare_work(struct conn *c, struct arena *a, void *what)
{
	return schema_compare(c, a, what);
}

static struct check_report
compared(void)
{
	struct check_report r = { 0 };
	assert_int_equal(db_write(b->db, &b->arena, compare_work, &r), OK);
	return r;
}

static enum err
check_work(struct conn *c, struct arena *a, void *what)
{
	int64_t org = 0;
	enum err e = db_one_int(c, "select org_id from company", DB_NO_ARGS, &org);
	if (e == OK)
		e = record_check(c, a, org, what);
	if (e == OK)
		e = line_check(c, a, org, what);
	return e == OK ? deal_sums_check(c, a, org, what) : e;
}

/* What `ridealong check` looks at. */
static void
assert_clean(void)
{
	struct check_report r = compared();
	assert_int_equal(db_read(b->db, &b->arena, check_work, &r), OK);
	for (const struct fault *f = r.first; f; f = f->next)
		print_error("%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
	assert_int_equal(r.n, 0);
	assert_true(r.sets > 10 && r.rows > 100);
}

/* ---- tests ---- */

static const char *const kept[] = { "select count(*) from change_line", "select count(*) from contact",
	"select count(*) from charter_answer", "select sum(n) from deal_sum", "select sum(weighted) from deal_sum",
	"select count(*) from line", "select count(*) from membership where theme is null",
	"select count(*) from coaching_session",
	"select sum(length(name)) from contact where account is not null and name_key is not null" };
enum { KEPT = sizeof kept / sizeof *kept };

static enum err
read_contacts(struct conn *c, struct arena *a, void *what)
{
	struct list_result *ret = what;
	int64_t org = 0;
	enum err e = db_one_int(c, "select org_id from company", DB_NO_ARGS, &org);
	struct grant g = grant_all(org, 0, 0, "test");
	return e == OK ? record_list(c, a, &g, &(struct list){ .record = record_find(STR("contact")) }, ret) : e;
}

static void
test_migrated_equals_fresh(void **state)
{
	int64_t were[KEPT];
	struct list_result contacts = { 0 };

	b = *state;
	for (int from = 1; from < SCHEMA_NUMBER; from++) {
		if (from > 1 && !b->lite)
			script("drop schema public cascade; create schema public");
		restore(from);
		for (size_t i = 0; i < KEPT; i++)
			were[i] = number(kept[i]);
		assert_int_equal(schema_check(b->db, &b->arena, &why), ERR_INPUT);
		assert_has(why, "run: ridealong migrate");
		if (migrate() != OK)
			fail_msg("%.*s", STR_ARG(why));
		assert_same(structure(), fresh_structure());
		assert_clean();
		for (size_t i = 0; i < KEPT; i++)
			assert_int_equal(number(kept[i]), were[i]);
	}
	assert_has(did, "contact.owner added");
	assert_int_equal(db_read(b->db, &b->arena, read_contacts, &contacts), OK);
	assert_int_equal(contacts.n, were[1] < 50 ? were[1] : 50);
	assert_int_equal(migrate(), OK);
	assert_int_equal(did.n, 0);
}

/* Every number has its dump, also the present one once it is released; the next number finds it here. */
static void
test_empty_is_made(void **state)
{
	b = *state;
	open_loose();
	assert_int_equal(schema_check(b->db, &b->arena, &why), ERR_ABSENT);
	assert_int_equal(migrate(), OK);
	assert_same(structure(), fresh_structure());
}

static void
test_newer_is_refused(void **state)
{
	char sql[128];

	b = *state;
	open_loose();
	assert_int_equal(migrate(), OK);
	snprintf(sql, sizeof sql, "insert into schema_state (number, at) values (%d, 1)", SCHEMA_NUMBER + 1);
	script(sql);
	assert_int_equal(schema_check(b->db, &b->arena, &why), ERR_INPUT);
	assert_has(why, "newer Ridealong");
	assert_int_equal(schema_check_older(b->db, &b->arena, &why), ERR_INPUT);
	assert_int_equal(migrate(), ERR_INPUT);
	assert_has(why, "newer Ridealong");
}

/* Between releases the number stays and the tables move. */
static void
test_another_build(void **state)
{
	b = *state;
	open_loose();
	assert_int_equal(migrate(), OK);
	script("alter table step drop column guidance;"
	       "drop index change_line_row;"
	       "update schema_state set fingerprint = 'another'");
	assert_int_equal(schema_check(b->db, &b->arena, &why), ERR_INPUT);
	assert_has(why, "another build");
	assert_int_equal(migrate(), OK);
	assert_has(did, "step.guidance added");
	assert_has(did, "change_line_row added");
	assert_same(structure(), fresh_structure());
	assert_int_equal(schema_check(b->db, &b->arena, &why), OK);
}

/* The noted fingerprint is right and the tables are not: check finds it, migrate mends it. */
static void
test_changed_by_hand(void **state)
{
	b = *state;
	restore(1);
	assert_int_equal(migrate(), OK);
	assert_int_equal(compared().n, 0);
	script("drop index contact_i2; create index contact_i2 on contact (org_id, phone);"
	       "create index mine on contact (phone);"
	       "alter table link drop column many; alter table link add column many bigint not null default 7;"
	       "{lite:select 1|pg:alter table contact drop constraint contact_org_id_account_fkey}");
	assert_int_equal(schema_check(b->db, &b->arena, &why), OK);
	struct check_report r = compared();
	assert_int_equal(r.n, b->lite ? 2 : 3);
	if (migrate() != OK)
		fail_msg("%.*s", STR_ARG(why));
	assert_int_equal(compared().n, 0);
	assert_clean();
	/* what others made on our tables is theirs */
	assert_int_equal(number("select count(*) from {lite:sqlite_master where type = 'index' and name|pg:pg_indexes "
	                        "where indexname} = 'mine'"),
	        1);
}

/* SQLite makes a table anew for a column in it; an index of somebody else's stays all the same. */
static void
test_others_index_stays(void **state)
{
	b = *state;
	restore(1);
	script("create index mine on contact (phone)");
	assert_int_equal(migrate(), OK);
	assert_int_equal(number("select count(*) from {lite:sqlite_master where type = 'index' and name|pg:pg_indexes "
	                        "where indexname} = 'mine'"),
	        1);
}

static void
test_nothing_by_guess(void **state)
{
	b = *state;
	restore(1);
	script("alter table contact add column nickname text; alter table product drop column list_price;"
	       "alter table product add column list_price text");
	str before = structure();
	assert_int_equal(migrate(), ERR_INPUT);
	assert_has(why, "nothing was changed");
	assert_has(why, "contact.nickname is there and not described; something may be kept in it");
	assert_has(why, "product.list_price is “text”, described as “bigint”");
	assert_same(structure(), before);
	assert_int_equal(number("select max(number) from schema_state"), 1);
}

static void
test_steps(void **state)
{
	static const struct schema_step good[] = { { 2, "alter table contact rename column called to name",
		"update contact set title = 'moved' where title is null" } };
	static const struct schema_step bad[] = { { 2, "alter table contact rename column called to name",
		"update contact set no_such_column = 1" } };

	b = *state;
	restore(1);
	script("alter table contact rename column name to called; update contact set title = null");
	str before = structure();
	assert_int_equal(migrate(), ERR_INPUT); /* without the step nobody can know */
	assert_has(why, "contact.called");
	why = (str){ 0 };
	assert_int_not_equal(schema_migrate_by(b->db, &b->arena, bad, 1, &did, &why), OK);
	assert_has(why, "no_such_column");
	assert_same(structure(), before);
	why = (str){ 0 };
	assert_int_equal(schema_migrate_by(b->db, &b->arena, good, 1, &did, &why), OK);
	assert_same(structure(), fresh_structure());
	assert_true(number("select count(*) from contact where title = 'moved' and name is not null") > 0);
	/* steps of a number that was reached are not run again */
	script("update contact set title = null; update schema_state set fingerprint = 'x' where number = 2");
	assert_int_equal(schema_migrate_by(b->db, &b->arena, good, 1, &did, &why), OK);
	assert_int_equal(number("select count(*) from contact where title = 'moved'"), 0);
}

/* A folded copy that is asked for later is filled from what is there. */
static void
test_folded_copies(void **state)
{
	b = *state;
	restore(1);
	int64_t n = number("select count(*) from contact where name_key is not null");
	script("update contact set name_key = null");
	assert_true(n > 0);
	assert_int_equal(migrate(), OK);
	assert_int_equal(number("select count(*) from contact where name_key is not null"), n);
	assert_int_equal(number("select count(*) from contact where name_key = 'moved'"), 0);
}

/* A reference that leads nowhere is said, not carried over. */
static void
test_lost_reference(void **state)
{
	b = *state;
	restore(1);
	script("{lite:update contact set account = 12345 where id = (select min(id) from contact)|pg:"
	       "alter table contact drop constraint contact_org_id_account_fkey;"
	       "update contact set account = 12345 where id = (select min(id) from contact)}");
	assert_int_not_equal(migrate(), OK);
	assert_has(why, "nothing was changed");
	assert_int_equal(number("select max(number) from schema_state"), 1);
}

/* ---- kill -9 ---- */

static void
child_migrates(void)
{
	struct arena a;
	struct db *d;
	str said;

	arena_init(&a, (size_t)1 << 30);
	if (db_open(b->url, &(struct db_options){ .create = true, .no_references = true }, &a, &d, &said) != OK)
		_exit(2);
	_exit(schema_migrate(d, &a, &said, &said) == OK ? 0 : 3);
}

/* Microseconds of the whole, or until it was killed. */
static int64_t
migrate_and_kill(int64_t after)
{
	struct timespec from, to;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &from);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		child_migrates();
	assert_true(child > 0);
	if (after >= 0) {
		usleep((useconds_t)after);
		kill(child, SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true(after >= 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	return (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
}

static void
restore_closed(void)
{
	if (b->lite && b->db)
		db_close(b->db);
	if (b->lite) {
		b->db = NULL;
		static const char *const ends[] = { "", "-wal", "-shm" };
		for (size_t i = 0; i < 3; i++) {
			char path[600];
			snprintf(path, sizeof path, "%s%s", b->url + strlen("sqlite:"), ends[i]);
			(void)unlink(path);
		}
	} else {
		open_loose();
		script("drop schema public cascade; create schema public");
	}
	restore(1);
	db_close(b->db);
	b->db = NULL;
}

/* PostgreSQL notices a dead client when it next speaks to it; the lock says when it is gone. */
static void
wait_for_the_dead(void)
{
	open_loose();
	if (!b->lite)
		script("select pg_advisory_xact_lock(727463)");
}

static void
test_killed(void **state)
{
	const char *wish = getenv("RIDEALONG_KILLS");
	int kills = wish ? atoi(wish) : 16, old = 0, new = 0;

	struct arena keep;

	b = *state;
	arena_init(&keep, ARENA_CAP_REQUEST);
	str after = str_copy(&keep, fresh_structure());
	restore_closed();
	open_loose();
	str before = str_copy(&keep, structure());
	db_close(b->db);
	b->db = NULL;
	int64_t whole = migrate_and_kill(-1);
	for (int i = 0; i < kills; i++) {
		arena_reset(&b->arena);
		restore_closed();
		migrate_and_kill(whole * i / kills);
		wait_for_the_dead();
		bool is_new = number("select max(number) from schema_state") == SCHEMA_NUMBER;
		assert_same(structure(), is_new ? after : before);
		*(is_new ? &new : &old) += 1;
		assert_int_equal(migrate(), OK);
		assert_clean();
	}
	print_message("killed %d times: %d old, %d new\n", kills, old, new);
	assert_true(old > 0);
	arena_fini(&keep);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		BOTH(test_migrated_equals_fresh),
		BOTH(test_empty_is_made),
		BOTH(test_newer_is_refused),
		BOTH(test_another_build),
		BOTH(test_changed_by_hand),
		BOTH(test_others_index_stays),
		BOTH(test_nothing_by_guess),
		BOTH(test_steps),
		BOTH(test_folded_copies),
		BOTH(test_lost_reference),
		BOTH(test_killed),
	};

	(void)argc;
	both_begin(argv);
	if (auth_start() != OK)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
