/* What only PostgreSQL can do to us: servers that go away, deadlocks, plans from before a migration, other settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#define BOTH_ALWAYS /* the two drivers themselves */
#include "both.h"

static enum err
run_script(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	return db_script(c, what);
}

static enum err
script(struct both *b, const char *sql)
{
	return db_write(b->db, &b->arena, run_script, (void *)(uintptr_t)sql);
}

static int64_t
one(struct both *b, const char *sql)
{
	struct conn *c = NULL;
	int64_t n = -1;
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_one_int(c, sql, DB_NO_ARGS, &n), OK);
	db_end_read(b->db, c);
	return n;
}

/* Ends every connection of ours from outside. */
static void
cut_all(void)
{
	char sql[256];
	snprintf(sql, sizeof sql,
	        "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = '%s'",
	        both_pg_name);
	assert_int_equal(both_psql(sql), 0);
}

static void
test_open_says_why(void **state)
{
	struct both *b = *state;
	struct db *d = NULL;
	str why = { 0 };
	char url[512];
	assert_int_equal(db_open("postgres://nobody@/none?host=/nowhere", NULL, &b->arena, &d, &why), ERR_BUSY);
	assert_true(str_find(why, STR("/nowhere")) != SIZE_MAX);
	both_name_database(getenv("RIDEALONG_PG"), "none", url, sizeof url);
	assert_int_equal(db_open(url, NULL, &b->arena, &d, &why), ERR_BUSY);
	assert_true(str_find(why, STR("\"none\" does not exist")) != SIZE_MAX);
	char sql[256], name[80];
	snprintf(name, sizeof name, "%s_bad", both_pg_name);
	snprintf(sql, sizeof sql, "create database %s template template0 encoding 'SQL_ASCII' locale 'C'", name);
	assert_int_equal(both_psql(sql), 0);
	both_name_database(getenv("RIDEALONG_PG"), name, url, sizeof url);
	assert_int_equal(db_open(url, NULL, &b->arena, &d, &why), ERR_INPUT);
	assert_true(str_find(why, STR("SQL_ASCII")) != SIZE_MAX);
	snprintf(sql, sizeof sql, "drop database %s", name);
	assert_int_equal(both_psql(sql), 0);
	assert_int_equal(db_backup(b->db, &b->arena, "/tmp/x", &why), ERR_INPUT);
	assert_null(d);
}

static void
test_connections_cut_while_they_lay(void **state)
{
	struct both *b = *state;
	assert_int_equal(script(b, "create table t (id bigint)"), OK);
	assert_int_equal(one(b, "select count(*) from t"), 0);
	cut_all();
	assert_int_equal(one(b, "select count(*) from t"), 0);
	cut_all();
	assert_int_equal(script(b, "insert into t values (1)"), OK);
	assert_int_equal(one(b, "select count(*) from t"), 1);
}

static enum err
insert_and_be_cut(struct conn *c, struct arena *a, void *what)
{
	int *runs = what;
	(void)a;
	enum err e = db_exec(c, "insert into t values ($1)", DB_ARGS(DB_I(++*runs)), NULL);
	if (e == OK && *runs == 1)
		cut_all();
	return e == OK ? db_exec(c, "insert into t values (77)", DB_NO_ARGS, NULL) : e;
}

static enum err
read_and_be_cut(struct conn *c, struct arena *a, void *what)
{
	int *runs = what;
	int64_t n = 0;
	(void)a;
	if (++*runs == 1)
		cut_all();
	return db_one_int(c, "select count(*) from t", DB_NO_ARGS, &n);
}

static void
test_connection_cut_inside(void **state)
{
	struct both *b = *state;
	int runs = 0;
	assert_int_equal(script(b, "create table t (id bigint)"), OK);
	assert_int_equal(db_write(b->db, &b->arena, insert_and_be_cut, &runs), OK);
	assert_int_equal(runs, 2);
	assert_int_equal(one(b, "select sum(id) from t"), 79);
	runs = 0;
	assert_int_equal(db_read(b->db, &b->arena, read_and_be_cut, &runs), OK);
	assert_int_equal(runs, 2);
	/* In two steps nothing can be run again: it fails, and the next snapshot is well. */
	struct conn *c = NULL;
	int64_t n = 0;
	assert_int_equal(db_begin_read(b->db, &c), OK);
	cut_all();
	assert_int_equal(db_one_int(c, "select 1", DB_NO_ARGS, &n), ERR_BUSY);
	assert_int_equal(db_refresh(c), ERR_BUSY);
	db_end_read(b->db, c);
	assert_int_equal(one(b, "select count(*) from t"), 2);
}

static enum err
insert_and_be_cut_at_commit(struct conn *c, struct arena *a, void *what)
{
	int *runs = what;
	(void)a;
	enum err e = db_exec(c, "insert into t values ($1)", DB_ARGS(DB_I(++*runs)), NULL);
	cut_all();
	return e;
}

static void
test_commit_without_an_answer_is_not_repeated(void **state)
{
	struct both *b = *state;
	int runs = 0;
	assert_int_equal(script(b, "create table t (id bigint)"), OK);
	assert_int_equal(db_write(b->db, &b->arena, insert_and_be_cut_at_commit, &runs), ERR_IO);
	assert_int_equal(runs, 1);
	assert_int_equal(one(b, "select count(*) from t"), 0);
}

struct pair {
	struct both *b;
	int first, runs;
	pthread_barrier_t *meet;
	enum err err;
};

static enum err
update_both(struct conn *c, struct arena *a, void *what)
{
	struct pair *p = what;
	const char *sql = "update t set n = n + 1 where id = $1";
	(void)a;
	enum err e = db_exec(c, sql, DB_ARGS(DB_I(p->first)), NULL);
	if (p->runs++ == 0)
		pthread_barrier_wait(p->meet);
	return e == OK ? db_exec(c, sql, DB_ARGS(DB_I(3 - p->first)), NULL) : e;
}

static void *
run_pair(void *what)
{
	struct pair *p = what;
	struct arena a;
	arena_init(&a, 1 << 20);
	p->err = db_write(p->b->db, &a, update_both, p);
	arena_fini(&a);
	return NULL;
}

static void
test_deadlock_is_run_again(void **state)
{
	struct both *b = *state;
	pthread_barrier_t meet;
	pthread_t id[2];
	assert_int_equal(script(b, "create table t (id bigint, n bigint); insert into t values (1, 0), (2, 0)"), OK);
	pthread_barrier_init(&meet, NULL, 2);
	struct pair pairs[2] = { { .b = b, .first = 1, .meet = &meet }, { .b = b, .first = 2, .meet = &meet } };
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&id[i], NULL, run_pair, &pairs[i]), 0);
	for (int i = 0; i < 2; i++) {
		pthread_join(id[i], NULL);
		assert_int_equal(pairs[i].err, OK);
	}
	pthread_barrier_destroy(&meet);
	assert_true(pairs[0].runs + pairs[1].runs > 2);
	assert_int_equal(one(b, "select sum(n) from t"), 4);
}

static enum err
select_all(struct conn *c, struct arena *a, void *what)
{
	struct rows r;
	enum err e = db_query(c, a, "select * from t", DB_NO_ARGS, &r);
	if (e != OK)
		return e;
	*(int *)what = db_columns(&r);
	return db_end(&r);
}

/* A migration by another program changes what a prepared statement answers. */
static void
test_plan_from_before_a_migration(void **state)
{
	struct both *b = *state;
	int columns = 0;
	assert_int_equal(script(b, "create table t (id bigint)"), OK);
	assert_int_equal(db_read(b->db, &b->arena, select_all, &columns), OK);
	assert_int_equal(columns, 1);
	assert_int_equal(script(b, "alter table t add column n bigint"), OK);
	assert_int_equal(db_read(b->db, &b->arena, select_all, &columns), OK);
	assert_int_equal(columns, 2);
}

static void
test_commits_wait_for_the_disk(void **state)
{
	struct both *b = *state;
	char sql[160];
	snprintf(sql, sizeof sql, "alter database %s set synchronous_commit = off", both_pg_name);
	assert_int_equal(both_psql(sql), 0);
	cut_all();
	assert_int_equal(one(b, "select case when current_setting('synchronous_commit') = 'on' then 1 else 0 end"), 1);
	snprintf(sql, sizeof sql, "alter database %s reset synchronous_commit", both_pg_name);
	assert_int_equal(both_psql(sql), 0);
}

static enum err
select_bytes(struct conn *c, struct arena *a, void *what)
{
	int64_t n = 0;
	(void)a;
	return db_one_int(c, "select length($1::text)", DB_ARGS(DB_T(*(str *)what)), &n);
}

static void
test_not_utf8(void **state)
{
	struct both *b = *state;
	str bad = STR("a\xff");
	assert_int_equal(db_read(b->db, &b->arena, select_bytes, &bad), ERR_INPUT);
}

int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	const struct CMUnitTest tests[] = {
		ON_PG(test_open_says_why),
		ON_PG(test_connections_cut_while_they_lay),
		ON_PG(test_connection_cut_inside),
		ON_PG(test_commit_without_an_answer_is_not_repeated),
		ON_PG(test_deadlock_is_run_again),
		ON_PG(test_plan_from_before_a_migration),
		ON_PG(test_commits_wait_for_the_disk),
		ON_PG(test_not_utf8),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
