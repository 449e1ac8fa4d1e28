/* The same promises on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOTH_ALWAYS /* the two drivers themselves */
#include "both.h"

static const char make_things[] =
        "create table thing (id bigint primary key, name text, score double precision, small integer,"
        " unique (name))";

static enum err
run_script(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	return db_script(c, what);
}

static void
script(struct both *b, const char *sql)
{
	assert_int_equal(db_write(b->db, &b->arena, run_script, (void *)(uintptr_t)sql), OK);
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

static enum err
add_thing(struct conn *c, int64_t i, struct db_value name)
{
	return db_exec(c, "insert into thing (id, name) values ($1, $2)", DB_ARGS(DB_I(i), name), NULL);
}

/* Ids of two processes never meet: each has a node of its own for as long as it lives. */

static int
node_of_child(struct both *b, int go[2])
{
	int ends[2], node = -1;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct arena a;
		struct db *d;
		str why;
		char wait;
		arena_init(&a, 1 << 24);
		node = db_open(b->url, NULL, &a, &d, &why) == OK ? id_node_own() : -2;
		bool told = write(ends[1], &node, sizeof node) == sizeof node && read(go[0], &wait, 1) == 1;
		_exit(told ? 0 : 1);
	}
	assert_int_equal(read(ends[0], &node, sizeof node), sizeof node);
	close(ends[0]);
	close(ends[1]);
	return node;
}

static void
test_nodes(void **state)
{
	struct both *b = *state;
	int go[2], status;

	assert_int_equal(pipe(go), 0);
	int mine = id_node_own(), one = node_of_child(b, go), other = node_of_child(b, go);
	assert_in_range(one, 0, ID_NODES - 1);
	assert_in_range(other, 0, ID_NODES - 1);
	assert_int_not_equal(one, mine);
	assert_int_not_equal(other, mine);
	assert_int_not_equal(one, other);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(write(go[1], "g", 1), 1);
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	int again = -1; /* a server sees the end of a connection a moment later */
	for (int i = 0; i < 50 && again != one && again != other; i++) {
		again = node_of_child(b, go);
		assert_int_equal(write(go[1], "g", 1), 1);
		assert_true(wait(&status) > 0);
		usleep(20000);
	}
	assert_true(again == one || again == other);
	close(go[0]);
	close(go[1]);
}

/* Values. */

static enum err
insert_values(struct conn *c, struct arena *a, void *what)
{
	(void)what;
	const char *sql = "insert into thing (id, name, score, small) values ($1, $2, $3, $4)";
	int64_t n = 0;
	assert_int_equal(
	        db_exec(c, sql, DB_ARGS(DB_I(INT64_MAX), DB_T(STR("Žofie ’s — 契約 🚲")), DB_R(0.1), DB_I(-7)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_exec(c, sql, DB_ARGS(DB_I(INT64_MIN), DB_NULL_, DB_NULL_, DB_NULL_), NULL), OK);
	assert_int_equal(
	        db_exec(c, sql, DB_ARGS(DB_I(3), DB_T(STR("")), DB_R(-1.7976931348623157e308), DB_REF(0)), NULL), OK);
	assert_int_equal(
	        db_exec(c, sql, DB_ARGS(DB_I(4), DB_T(((str){ 0 })), DB_I(2), DB_REF(5)), NULL), ERR_DUPLICATE);
	assert_int_equal(db_script(c, "rollback to before"), ERR_DB);
	(void)a;
	return ERR_ABSENT;
}

static enum err
insert_good_values(struct conn *c, struct arena *a, void *what)
{
	(void)what;
	const char *sql = "insert into thing (id, name, score, small) values ($1, $2, $3, $4)";
	if (db_exec(c, sql, DB_ARGS(DB_I(INT64_MAX), DB_T(STR("Žofie ’s — 契約 🚲")), DB_R(0.1), DB_I(-7)), NULL) !=
	                OK ||
	        db_exec(c, sql, DB_ARGS(DB_I(INT64_MIN), DB_NULL_, DB_NULL_, DB_NULL_), NULL) != OK ||
	        db_exec(c, sql, DB_ARGS(DB_I(3), DB_T(((str){ 0 })), DB_R(-1.7976931348623157e308), DB_REF(0)), NULL) !=
	                OK)
		return ERR_DB;
	/* NULL for an integer on the first call must not spoil the next. */
	return db_exec(c, sql, DB_ARGS(DB_I(4), db_day_value(a, day_of(2026, 2, 28)), DB_I(2), DB_REF(5)), NULL);
}

static void
check_values(struct conn *c, struct arena *a)
{
	struct rows r;
	assert_int_equal(db_query(c, a, "select id, name, score, small from thing order by id", DB_NO_ARGS, &r), OK);
	assert_int_equal(db_columns(&r), 4);
	assert_string_equal(db_column_name(&r, 2), "score");
	assert_true(db_next(&r));
	assert_true(db_int(&r, 0) == INT64_MIN);
	assert_true(db_is_null(&r, 1) && db_is_null(&r, 2) && db_is_null(&r, 3));
	assert_int_equal(db_int(&r, 3), 0);
	assert_true(db_real(&r, 2) == 0);
	assert_int_equal(db_text(&r, 1).n, 0);
	assert_false(day_is(db_day(&r, 1)));
	assert_true(db_next(&r));
	assert_false(db_is_null(&r, 1));
	assert_int_equal(db_text(&r, 1).n, 0);
	assert_true(db_real(&r, 2) == -1.7976931348623157e308);
	assert_true(db_is_null(&r, 3));
	assert_true(db_next(&r));
	assert_int_equal(db_day(&r, 1).n, day_of(2026, 2, 28).n);
	assert_true(db_real(&r, 2) == 2);
	assert_true(db_next(&r));
	str name = db_text(&r, 1);
	assert_true(db_int(&r, 0) == INT64_MAX);
	assert_true(db_real(&r, 2) == 0.1);
	assert_int_equal(db_int(&r, 3), -7);
	assert_false(db_next(&r));
	assert_false(db_next(&r));
	assert_int_equal(db_end(&r), OK);
	assert_int_equal(db_end(&r), OK);
	assert_true(str_eq(name, STR("Žofie ’s — 契約 🚲")));
}

static void
test_values_round_trip(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	script(b, make_things);
	assert_int_equal(db_write(b->db, &b->arena, insert_values, NULL), ERR_ABSENT);
	assert_int_equal(one(b, "select count(*) from thing"), 0);
	assert_int_equal(db_write(b->db, &b->arena, insert_good_values, NULL), OK);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	check_values(c, &b->arena);
	int64_t n = 9;
	assert_int_equal(db_one_int(c, "select id from thing where id = $1", DB_ARGS(DB_I(77)), &n), ERR_ABSENT);
	assert_int_equal(n, 9);
	assert_int_equal(db_one_int(c, "select sum(small) from thing where small < $1", DB_ARGS(DB_I(0)), &n), OK);
	assert_int_equal(n, -7);
	assert_int_equal(db_one_int(c, "select avg(small) from thing where id > $1", DB_ARGS(DB_I(0)), &n), OK);
	assert_int_equal(n, -1);
	assert_int_equal(db_one_int(c, "select small = 5 from thing where id = $1", DB_ARGS(DB_I(4)), &n), OK);
	assert_int_equal(n, 1);
	db_end_read(b->db, c);
}

/* An integer is 64 bits wide wherever it stands; a cast behind a parameter is understood by both. */
static void
test_parameter_types(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	int64_t n = 0;
	script(b, make_things);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	const char *sql = "select count(*) from thing where $1 = 0 or id = $1";
	assert_int_equal(db_one_int(c, sql, DB_ARGS(DB_I(0)), &n), OK);
	assert_int_equal(db_one_int(c, sql, DB_ARGS(DB_I(INT64_C(1) << 52)), &n), OK);
	assert_int_equal(db_one_int(c, "select $1::bigint + 1", DB_ARGS(DB_I(INT64_C(1) << 40)), &n), OK);
	assert_true(n == (INT64_C(1) << 40) + 1);
	assert_int_equal(
	        db_one_int(c, "select case when $1::bigint is null then 1 else 2 end", DB_ARGS(DB_NULL_), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_one_int(c, "select length($2::text) + $1::bigint + length($2::text)",
	                         DB_ARGS(DB_I(1), DB_T(STR("ab"))), &n),
	        OK);
	assert_int_equal(n, 5);
	assert_int_equal(
	        db_one_int(c, "select count(*) from thing where name like $1", DB_ARGS(DB_T(STR("a%"))), &n), OK);
	db_end_read(b->db, c);
}

struct refused {
	const char *sql;
	struct db_value value;
	enum err expected;
};

static enum err
run_refused(struct conn *c, struct arena *a, void *what)
{
	const struct refused *r = what;
	(void)a;
	(void)db_exec(c, r->sql, &r->value, 1, NULL);
	return OK; /* the failure counts all the same */
}

static void
test_refused(void **state)
{
	struct both *b = *state;
	static const char insert[] = "insert into thing (name, id) values ($1, 1)";
	const struct refused cases[] = {
		{ insert, DB_T(((str){ "a\0b", 3 })), ERR_INPUT },
		{ "insert into thing (score, id) values ($1, 1)", DB_R(NAN), ERR_INPUT },
		{ "insert into thing (score, id) values ($1, 1)", DB_R(INFINITY), ERR_INPUT },
		{ "insert into nothing (id) values ($1)", DB_I(1), ERR_DB },
		{ "insert into thing (id, small) values ($1, $2)", DB_I(1), ERR_DB },
		{ "insert into thing (id) values (1)", DB_I(1), ERR_DB },
		{ "insert into thing (id, small) values ($1, $3)", DB_I(1), ERR_DB },
		{ "insert into thing (id) values ({$1})", DB_I(1), ERR_DB },
		{ "insert into thing (id) values ($1); select 1", DB_I(1), ERR_DB },
		{ "select count(*) from thing where name = \"nowhere\" and id = $1", DB_I(1), ERR_DB },
		{ "insert into part (id, thing) values (1, $1)", DB_I(99), ERR_DB },
		{ "insert into part (id) values ($1)", DB_I(2), ERR_DB },
	};
	script(b, make_things);
	script(b, "create table part (id bigint, thing bigint not null references thing (id))");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct refused r = cases[i];
		assert_int_equal(db_write(b->db, &b->arena, run_refused, &r), r.expected);
		assert_true(*db_message() != '\0');
	}
	assert_int_equal(one(b, "select count(*) from thing"), 0);
}

/* Statements. */

static void
test_same_statement_twice_open(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	struct rows outer, inner;
	const char *sql = "select id from thing order by id";
	int sum = 0;
	script(b, make_things);
	script(b, "insert into thing (id) values (1), (2), (3)");
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_query(c, &b->arena, sql, DB_NO_ARGS, &outer), OK);
	while (db_next(&outer)) {
		assert_int_equal(db_query(c, &b->arena, sql, DB_NO_ARGS, &inner), OK);
		while (db_next(&inner))
			sum += (int)(db_int(&outer, 0) * db_int(&inner, 0));
		assert_int_equal(db_end(&inner), OK);
	}
	assert_int_equal(db_end(&outer), OK);
	assert_int_equal(sum, 36);
	/* Left open: the end of the snapshot closes it. */
	assert_int_equal(db_query(c, &b->arena, sql, DB_NO_ARGS, &outer), OK);
	assert_true(db_next(&outer));
	db_end_read(b->db, c);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_query(c, &b->arena, sql, DB_NO_ARGS, &outer), OK);
	assert_true(db_next(&outer));
	assert_int_equal(db_int(&outer, 0), 1);
	assert_int_equal(db_end(&outer), OK);
	db_end_read(b->db, c);
}

/* More statements than are kept, all built at one address. */
static void
test_many_statements(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	char sql[64];
	assert_int_equal(db_begin_read(b->db, &c), OK);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 1200; i++) {
			int64_t n = 0;
			snprintf(sql, sizeof sql, "select %d + $1::bigint", i);
			assert_int_equal(db_one_int(c, sql, DB_ARGS(DB_I(5)), &n), OK);
			assert_int_equal(n, i + 5);
		}
	}
	db_end_read(b->db, c);
}

static void
test_dialect(void **state)
{
	static const struct {
		const char *sql;
		int64_t lite, pg;
	} cases[] = {
		{ "select {lite:1|pg:2}", 1, 2 },
		{ "select {pg:2|lite:1}", 1, 2 },
		{ "select 1{pg: + 1}", 1, 2 },
		{ "select {lite:max|pg:greatest}(3, 4)", 4, 4 },
		{ "select {lite:1 {pg:+ 100|lite:+ 10}|pg:2 {pg:+ 100|lite:+ 10}}", 11, 102 },
		{ "select length('{lite:1|pg:2}')", 13, 13 },
		{ "select length({lite:'}|pg:' || 'a'|pg:'|}' || 'bcd'})", 6, 5 },
		{ "select length({lite:'it''s}'|pg:'it''s}}'})", 5, 6 },
		{ "select 3 -- {nothing}\n", 3, 3 },
		{ "select 4 /* { */", 4, 4 },
		{ "select length({lite:'a'||'b'|pg:'c'})", 2, 1 },
		{ "select 5 as \"{x\"", 5, 5 },
	};
	static const char *const bad[] = { "select {lite:1", "select {1}", "select 1}", "select 'a", "select {lite:'}",
		"select /*" };
	struct both *b = *state;
	struct conn *c = NULL;
	str why = { 0 };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(one(b, cases[i].sql), b->lite ? cases[i].lite : cases[i].pg);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(db_prepare_check(c, &b->arena, bad[i], &why), ERR_DB);
	db_end_read(b->db, c);
}

static void
test_prepare_check(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	str why = { 0 };
	script(b, make_things);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_prepare_check(c, &b->arena, "select name from thing where id = $1 limit $2", &why), OK);
	assert_int_equal(db_prepare_check(c, &b->arena, "select nme from thing", &why), ERR_DB);
	assert_true(str_find(why, STR("nme")) != SIZE_MAX);
	assert_int_equal(db_prepare_check(c, &b->arena, "select name from thing where id = $2", &why), ERR_DB);
	assert_int_equal(db_prepare_check(c, &b->arena, "insert into thing (id) values ($1) returning id", &why), OK);
	int64_t n = 1;
	assert_int_equal(db_one_int(c, "select count(*) from thing", DB_NO_ARGS, &n), OK);
	assert_int_equal(n, 0);
	db_end_read(b->db, c);
}

static enum err
write_returning(struct conn *c, struct arena *a, void *what)
{
	struct rows r;
	int64_t changed = -1;
	(void)what;
	enum err e = db_query(c, a, "insert into thing (id, name) values ($1, 'x'), ($2, 'y') returning id",
	        DB_ARGS(DB_I(1), DB_I(2)), &r);
	if (e != OK)
		return e;
	(void)db_end(&r); /* not one row was asked for, and it is carried out */
	e = db_exec(c, "update thing set small = $1", DB_ARGS(DB_I(1)), &changed);
	assert_int_equal(changed, 2);
	if (e == OK)
		e = db_exec(c, "update thing set small = $1 where id = 9", DB_ARGS(DB_I(1)), &changed);
	assert_int_equal(changed, 0);
	if (e == OK)
		e = db_exec(c, "insert into thing (id) values ($1) on conflict do nothing", DB_ARGS(DB_I(1)), &changed);
	assert_int_equal(changed, 0);
	if (e == OK)
		e = db_exec(c, "select 1", DB_NO_ARGS, &changed);
	assert_int_equal(changed, 0);
	e = db_query(c, a, "insert into thing (id) values ($1) returning id", DB_ARGS(DB_I(1)), &r);
	assert_int_equal(e, ERR_DUPLICATE);
	assert_false(db_next(&r));
	assert_int_equal(db_end(&r), ERR_DUPLICATE);
	return OK;
}

static enum err
write_with_savepoint(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	enum err e = add_thing(c, 1, DB_T(STR("x")));
	if (e == OK)
		e = db_script(c, "savepoint row");
	if (e != OK)
		return e;
	assert_int_equal(add_thing(c, 1, DB_T(STR("z"))), ERR_DUPLICATE);
	assert_int_equal(add_thing(c, 2, DB_T(STR("y"))), ERR_DUPLICATE); /* nothing more is done */
	e = db_script(c, "rollback to row");
	return e == OK ? add_thing(c, 3, DB_T(STR("y"))) : e;
}

static void
test_failure_spoils_the_transaction(void **state)
{
	struct both *b = *state;
	script(b, make_things);
	assert_int_equal(db_write(b->db, &b->arena, write_returning, NULL), ERR_DUPLICATE);
	assert_int_equal(one(b, "select count(*) from thing"), 0);
	assert_int_equal(db_write(b->db, &b->arena, write_with_savepoint, NULL), OK);
	assert_int_equal(one(b, "select sum(id) from thing"), 4);
}

static enum err
try_writing(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	return add_thing(c, 1, DB_NULL_);
}

static void
test_reading_cannot_write(void **state)
{
	struct both *b = *state;
	script(b, make_things);
	assert_true(db_read(b->db, &b->arena, try_writing, NULL) != OK);
	assert_int_equal(one(b, "select count(*) from thing"), 0);
	assert_int_equal(db_write(b->db, &b->arena, try_writing, NULL), OK);
}

/* Order and likeness do not depend on the engine. */
static void
test_order_is_by_bytes(void **state)
{
	struct both *b = *state;
	script(b, make_things);
	script(b, "insert into thing (id, name) values (1, 'b'), (2, 'B'), (3, 'a'), (4, 'ä'), (5, 'z'), (6, '_')");
	assert_int_equal(one(b, "select id from thing order by name limit 1"), 2);
	assert_int_equal(one(b, "select id from thing order by name desc limit 1"), 4);
	assert_int_equal(one(b, "select count(*) from thing where name like 'b%'"), 1);
	assert_int_equal(one(b, "select count(*) from thing where name > 'a'"), 3);
}

/* Snapshots. */

static void
test_snapshot(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	int64_t n = -1;
	script(b, make_things);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_one_int(c, "select count(*) from thing", DB_NO_ARGS, &n), OK);
	int64_t version = db_data_version(c);
	script(b, "insert into thing (id) values (1)");
	assert_int_equal(one(b, "select count(*) from thing"), 1); /* one reads what one wrote */
	assert_int_equal(db_one_int(c, "select count(*) from thing", DB_NO_ARGS, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(db_data_version(c), version);
	assert_int_equal(db_refresh(c), OK);
	assert_int_equal(db_one_int(c, "select count(*) from thing", DB_NO_ARGS, &n), OK);
	assert_int_equal(n, 1);
	assert_true(b->lite ? db_data_version(c) != version : db_data_version(c) == 0);
	version = db_data_version(c);
	/* After a failure too. */
	assert_int_equal(db_one_int(c, "select nothing", DB_NO_ARGS, &n), ERR_DB);
	assert_int_equal(db_one_int(c, "select 1", DB_NO_ARGS, &n), ERR_DB);
	assert_int_equal(db_refresh(c), OK);
	assert_int_equal(db_one_int(c, "select 1", DB_NO_ARGS, &n), OK);
	assert_int_equal(db_data_version(c), version);
	db_end_read(b->db, c);
}

static void *
take_and_give(void *what)
{
	struct both *b = what;
	for (int i = 0; i < 50; i++) {
		struct conn *c = NULL;
		int64_t n = 0;
		if (db_begin_read(b->db, &c) != OK)
			return what;
		bool good = db_one_int(c, "select $1::bigint", DB_ARGS(DB_I(i)), &n) == OK && n == i;
		db_end_read(b->db, c);
		if (!good)
			return what;
	}
	return NULL;
}

static void
test_more_threads_than_readers(void **state)
{
	pthread_t threads[12];
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, *state), 0);
	for (size_t i = 0; i < 12; i++) {
		void *failed = NULL;
		pthread_join(threads[i], &failed);
		assert_null(failed);
	}
}

/* Writing side by side. */

enum { WRITERS = 32, EACH = 12 };

struct counting {
	struct both *b;
	int i;
	atomic_int runs;
	int failures;
};

static enum err
count_up(struct conn *c, struct arena *a, void *what)
{
	struct counting *k = what;
	int64_t n = 0;
	(void)a;
	atomic_fetch_add(&k->runs, 1);
	enum err e = db_one_int(c, "select small from thing where id = $1", DB_ARGS(DB_I(k->i)), &n);
	return e == OK ? db_exec(c, "update thing set small = $1 where id = $2", DB_ARGS(DB_I(n + 1), DB_I(k->i)), NULL)
	               : e;
}

static void *
count_often(void *what)
{
	struct counting *k = what;
	struct arena a;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < EACH; i++)
		k->failures += db_write(k->b->db, &a, count_up, k) != OK;
	arena_fini(&a);
	return NULL;
}

static int
count_with(struct both *b, int threads, int things)
{
	static struct counting counting[WRITERS];
	pthread_t id[WRITERS];
	int runs = 0;
	for (int i = 0; i < threads; i++) {
		counting[i] = (struct counting){ .b = b, .i = i % things };
		assert_int_equal(pthread_create(&id[i], NULL, count_often, &counting[i]), 0);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(id[i], NULL);
		assert_int_equal(counting[i].failures, 0);
		runs += counting[i].runs;
	}
	return runs;
}

static void
test_group_commit(void **state)
{
	struct both *b = *state;
	int64_t transactions = 0, batches = 0, t0 = 0, b0 = 0;
	script(b, make_things);
	for (int i = 0; i < WRITERS; i++) {
		char sql[80];
		snprintf(sql, sizeof sql, "insert into thing (id, small) values (%d, 0)", i);
		script(b, sql);
	}
	db_counters(b->db, &t0, &b0);
	count_with(b, WRITERS, WRITERS);
	db_counters(b->db, &transactions, &batches);
	assert_int_equal(transactions - t0, WRITERS * EACH);
	if (b->lite)
		assert_true((batches - b0) * 2 < transactions - t0);
	assert_int_equal(one(b, "select sum(small) from thing"), WRITERS * EACH);
}

/* All want the same row: on PostgreSQL somebody has to begin again, and no step is lost. */
static void
test_one_row_for_all(void **state)
{
	struct both *b = *state;
	script(b, make_things);
	script(b, "insert into thing (id, small) values (0, 0)");
	int runs = 0, wanted = 0;
	do { /* until two have met */
		runs += count_with(b, 6, 1);
		wanted += 6 * EACH;
	} while (!b->lite && runs == wanted && wanted < 20 * 6 * EACH);
	assert_int_equal(one(b, "select small from thing"), wanted);
	assert_true(b->lite ? runs == wanted : runs > wanted);
}

struct half {
	struct both *b;
	int i;
	enum err err;
};

static enum err
insert_or_fail(struct conn *c, struct arena *a, void *what)
{
	struct half *h = what;
	(void)a;
	enum err e = add_thing(c, 100 + h->i, DB_NULL_);
	if (e == OK && h->i % 3 == 1)
		e = add_thing(c, 1, DB_NULL_); /* is there already */
	return e == OK && h->i % 3 == 2 ? ERR_STALE : e;
}

static void *
run_half(void *what)
{
	struct half *h = what;
	h->err = db_write(h->b->db, NULL, insert_or_fail, h);
	return NULL;
}

static void
test_only_the_failing_job_is_undone(void **state)
{
	struct both *b = *state;
	struct half halves[30];
	pthread_t id[30];
	script(b, make_things);
	script(b, "insert into thing (id) values (1)");
	for (int i = 0; i < 30; i++) {
		halves[i] = (struct half){ .b = b, .i = i };
		assert_int_equal(pthread_create(&id[i], NULL, run_half, &halves[i]), 0);
	}
	for (int i = 0; i < 30; i++) {
		pthread_join(id[i], NULL);
		assert_int_equal(halves[i].err, i % 3 == 0 ? OK : i % 3 == 1 ? ERR_DUPLICATE : ERR_STALE);
	}
	assert_int_equal(one(b, "select count(*) from thing"), 11);
	assert_int_equal(one(b, "select sum((id - 100) % 3) from thing where id >= 100"), 0);
}

/* Memory. */

static enum err
use_up(struct conn *c, struct arena *a, void *what)
{
	struct rows r;
	enum err e = what ? OK : add_thing(c, 1, DB_NULL_);
	if (e == OK)
		e = db_query(c, a, "select id from thing", DB_NO_ARGS, &r);
	while (e == OK && db_next(&r))
		for (;;)
			(void)arena_alloc(a, 4096, 8);
	return e;
}

static void
test_exhausted_arena(void **state)
{
	struct both *b = *state;
	struct arena small;
	jmp_buf never;
	arena_init(&small, 1 << 16);
	small.landing = &never;
	script(b, make_things);
	assert_int_equal(db_write(b->db, &small, use_up, NULL), ERR_MEMORY);
	assert_ptr_equal(small.landing, &never);
	arena_reset(&small);
	assert_int_equal(one(b, "select count(*) from thing"), 0);
	script(b, "insert into thing (id) values (1)");
	assert_int_equal(db_read(b->db, &small, use_up, b), ERR_MEMORY);
	assert_ptr_equal(small.landing, &never);
	arena_fini(&small);
	assert_int_equal(one(b, "select count(*) from thing"), 1);
}

/* In bulk. */

enum { BULK = 5000 };

static enum err
insert_bulk(struct conn *c, struct arena *a, void *what)
{
	struct db_value *v = arena_new(a, struct db_value, BULK * 3);
	int64_t from = *(int64_t *)what;
	for (int i = 0; i < BULK; i++) {
		v[i * 3] = DB_I(from + i);
		v[i * 3 + 1] = DB_T(str_fmt(a, "%d\t\\tab\\\n\"line\"\r, ✓ \\N \\.", (int)from + i));
		v[i * 3 + 2] = i % 2 ? DB_NULL_ : DB_R(i / 8.0);
	}
	if (from == 0)
		v[1] = DB_T(STR("\\N"));
	return db_insert_many(c, "thing", "id, name, score", 3, v, BULK);
}

static void
test_insert_many(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	struct rows r;
	int64_t from = 0;
	script(b, make_things);
	assert_int_equal(db_write(b->db, &b->arena, insert_bulk, &from), OK);
	assert_int_equal(one(b, "select count(*) from thing"), BULK);
	assert_int_equal(one(b, "select count(*) from thing where score is null"), BULK / 2);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(
	        db_query(c, &b->arena, "select name, score from thing where id in (0, 16) order by id", DB_NO_ARGS, &r),
	        OK);
	assert_true(db_next(&r));
	assert_true(str_eq(db_text_raw(&r, 0), STR("\\N")));
	assert_true(db_next(&r));
	assert_true(str_eq(db_text_raw(&r, 0), STR("16\t\\tab\\\n\"line\"\r, ✓ \\N \\.")));
	assert_true(db_real(&r, 1) == 2.0);
	assert_int_equal(db_end(&r), OK);
	db_end_read(b->db, c);
	from = BULK - 1; /* the first one is there already */
	assert_int_equal(db_write(b->db, &b->arena, insert_bulk, &from), ERR_DUPLICATE);
	assert_int_equal(one(b, "select count(*) from thing"), BULK);
}

int
main(int argc, char **argv)
{
	(void)argc;
	both_begin(argv);
	const struct CMUnitTest tests[] = {
		BOTH(test_nodes),
		BOTH(test_values_round_trip),
		BOTH(test_parameter_types),
		BOTH(test_refused),
		BOTH(test_same_statement_twice_open),
		BOTH(test_many_statements),
		BOTH(test_dialect),
		BOTH(test_prepare_check),
		BOTH(test_failure_spoils_the_transaction),
		BOTH(test_reading_cannot_write),
		BOTH(test_order_is_by_bytes),
		BOTH(test_snapshot),
		BOTH(test_more_threads_than_readers),
		BOTH(test_group_commit),
		BOTH(test_one_row_for_all),
		BOTH(test_only_the_failing_job_is_undone),
		BOTH(test_exhausted_arena),
		BOTH(test_insert_many),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
