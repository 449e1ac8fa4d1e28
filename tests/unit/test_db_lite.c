/* What only SQLite promises here: one file, one writer thread, several processes, a full disk, a failing fsync. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sysexits.h>

#define BOTH_ALWAYS /* the two drivers themselves */
#include "both.h"

/* SQLite's calls come by here, so that the disk can fail at will. */

static atomic_bool disk_full, sync_fails;
static atomic_int syncs;

static bool
fails(void)
{
	atomic_fetch_add(&syncs, 1);
	return atomic_load(&sync_fails);
}

int
fdatasync(int fd)
{
	if (fails()) {
		errno = EIO;
		return -1;
	}
	int (*real)(int) = NULL;
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fdatasync");
	return real(fd);
}

int
fsync(int fd)
{
	if (fails()) {
		errno = EIO;
		return -1;
	}
	int (*real)(int) = NULL;
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fsync");
	return real(fd);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	if (atomic_load(&disk_full)) {
		errno = ENOSPC;
		return -1;
	}
	ssize_t (*real)(int, const void *, size_t, off64_t) = NULL;
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "pwrite64");
	return real(fd, data, n, at);
}

/* Helpers. */

static enum err
run_script(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	return db_script(c, what);
}

static enum err
script(struct db *d, struct arena *a, const char *sql)
{
	return db_write(d, a, run_script, (void *)(uintptr_t)sql);
}

static int64_t
one(struct db *d, const char *sql)
{
	struct conn *c = NULL;
	int64_t n = -1;
	assert_int_equal(db_begin_read(d, &c), OK);
	assert_int_equal(db_one_int(c, sql, DB_NO_ARGS, &n), OK);
	db_end_read(d, c);
	return n;
}

static const char *
path_of(const struct both *b)
{
	return b->url + strlen("sqlite:");
}

static off_t
size_of(const char *path, const char *tail)
{
	char name[1024];
	struct stat st;
	snprintf(name, sizeof name, "%s%s", path, tail);
	return stat(name, &st) == 0 ? st.st_size : -1;
}

/* Several writers at once; what each of them was told. */

enum { MANY = 24 };

struct told {
	struct db *db;
	const char *sql;
	enum err err;
};

static void *
write_once(void *what)
{
	struct told *t = what;
	struct arena a;
	arena_init(&a, 1 << 20);
	t->err = script(t->db, &a, t->sql);
	arena_fini(&a);
	return NULL;
}

static void
write_at_once(struct db *d, const char *sql, struct told told[MANY])
{
	pthread_t id[MANY];
	for (int i = 0; i < MANY; i++) {
		if (!told[i].sql)
			told[i].sql = sql;
		told[i].db = d;
		assert_int_equal(pthread_create(&id[i], NULL, write_once, &told[i]), 0);
	}
	for (int i = 0; i < MANY; i++)
		pthread_join(id[i], NULL);
}

/* Opening. */

static void
test_open_says_why(void **state)
{
	struct both *b = *state;
	struct db *d = NULL;
	str why = { 0 };
	char url[600];
	struct db_options make = { .create = true };
	assert_int_equal(db_open("mysql://x", &make, &b->arena, &d, &why), ERR_INPUT);
	assert_true(str_find(why, STR("sqlite:")) != SIZE_MAX);
	assert_int_equal(db_open("sqlite:", &make, &b->arena, &d, &why), ERR_INPUT);
	snprintf(url, sizeof url, "sqlite:%s/absent.db", both_folder);
	assert_int_equal(db_open(url, NULL, &b->arena, &d, &why), ERR_ABSENT);
	assert_true(str_find(why, STR("absent.db")) != SIZE_MAX);
	snprintf(url, sizeof url, "sqlite:%s/no/folder.db", both_folder);
	assert_int_equal(db_open(url, &make, &b->arena, &d, &why), ERR_IO);
	assert_true(str_find(why, STR("folder")) != SIZE_MAX);
	snprintf(url, sizeof url, "sqlite:%s/text.db", both_folder);
	FILE *f = fopen(url + 7, "w");
	for (int i = 0; i < 200; i++)
		fputs("this is no database at all\n", f);
	fclose(f);
	assert_int_equal(db_open(url, &make, &b->arena, &d, &why), ERR_IO);
	assert_true(str_find(why, STR("not a database")) != SIZE_MAX);
	assert_null(d);
}

static void
test_file_is_ours_alone(void **state)
{
	struct both *b = *state;
	struct stat st;
	char name[600];
	assert_int_equal(script(b->db, &b->arena, "create table t (id bigint)"), OK);
	static const char *const tails[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s%s", path_of(b), tails[i]);
		assert_int_equal(stat(name, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void
test_reading_only(void **state)
{
	struct both *b = *state;
	struct db *d = NULL;
	str why = { 0 };
	assert_int_equal(script(b->db, &b->arena, "create table t (id bigint)"), OK);
	assert_int_equal(
	        db_open(b->url, &(struct db_options){ .no_writer = true, .readers = 1 }, &b->arena, &d, &why), OK);
	assert_int_equal(one(d, "select count(*) from t"), 0);
	assert_int_equal(script(b->db, &b->arena, "insert into t values (1)"), OK);
	assert_int_equal(one(d, "select count(*) from t"), 1);
	db_close(d);
}

/* The log. */

static void
test_log_stays_short(void **state)
{
	struct both *b = *state;
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key, x text)"), OK);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(script(b->db, &b->arena,
		                         "insert into t (x) with recursive n (i) as (select 1 union all select i + 1 "
		                         "from n where i < "
		                         "400) select hex(zeroblob(1000)) from n"),
		        OK);
		if (i % 5 == 4)
			db_catch_up(b->db);
	}
	assert_true(size_of(path_of(b), "") > 20 << 20);
	assert_true(size_of(path_of(b), "-wal") < 48 << 20); /* of 80 MB and more written */
	/* A reader holds an old snapshot while more is written, then goes. */
	struct conn *c = NULL;
	int64_t n = 0;
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_one_int(c, "select count(*) from t", DB_NO_ARGS, &n), OK);
	assert_int_equal(script(b->db, &b->arena, "update t set x = x || 'a'"), OK);
	assert_int_equal(script(b->db, &b->arena, "update t set x = x || 'b'"), OK);
	assert_int_equal(db_one_int(c, "select count(*) from t where x like '%a' or x like '%b'", DB_NO_ARGS, &n), OK);
	assert_int_equal(n, 0);
	db_end_read(b->db, c);
	assert_int_equal(one(b->db, "select count(*) from t where x like '%ab'"), 40000);
	db_close(b->db);
	b->db = NULL;
	assert_int_equal(size_of(path_of(b), "-wal"), -1); /* all in the database itself */
}

static void *
catch_up(void *what)
{
	db_catch_up(what);
	return NULL;
}

/* A reader keeps the log from being copied: whoever asks for it again must come back, with nobody else writing. */
static void
test_catching_up_ends(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	int64_t n = 0;
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key, x text)"), OK);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_one_int(c, "select count(*) from t", DB_NO_ARGS, &n), OK);
	assert_int_equal(script(b->db, &b->arena,
	                         "insert into t (x) with recursive n (i) as (select 1 union all select i + 1 from n "
	                         "where i < 4000) select hex(zeroblob(1000)) from n"),
	        OK);
	for (int i = 0; i < 3; i++) {
		pthread_t id;
		struct timespec until;
		assert_int_equal(pthread_create(&id, NULL, catch_up, b->db), 0);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 20;
		assert_int_equal(pthread_timedjoin_np(id, NULL, &until), 0);
	}
	db_end_read(b->db, c);
	db_catch_up(b->db);
	assert_int_equal(one(b->db, "select count(*) from t"), 4000);
}

static void
test_one_by_one(void **state)
{
	struct both *b = *state;
	struct db *d = NULL;
	str why = { 0 };
	struct told told[MANY] = { 0 };
	int64_t transactions = 0, batches = 0;
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key)"), OK);
	assert_int_equal(db_open(b->url, &(struct db_options){ .batch = 1 }, &b->arena, &d, &why), OK);
	int before = atomic_load(&syncs);
	write_at_once(d, "insert into t default values", told);
	assert_true(atomic_load(&syncs) - before >= MANY);
	db_counters(d, &transactions, &batches);
	assert_int_equal(transactions, MANY);
	assert_int_equal(batches, MANY);
	db_close(d);
	assert_int_equal(one(b->db, "select count(*) from t"), MANY);
}

static void
test_every_batch_is_synced(void **state)
{
	struct both *b = *state;
	struct told told[MANY] = { 0 };
	int64_t t0 = 0, b0 = 0, transactions = 0, batches = 0;
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key)"), OK);
	db_counters(b->db, &t0, &b0);
	int before = atomic_load(&syncs);
	write_at_once(b->db, "insert into t default values", told);
	db_counters(b->db, &transactions, &batches);
	assert_int_equal(transactions - t0, MANY);
	assert_true(batches - b0 <= MANY);
	assert_true(atomic_load(&syncs) - before >= batches - b0);
}

/* One job's deferred key must not fail the others' COMMIT. */
static void
test_deferred_key(void **state)
{
	struct both *b = *state;
	struct told told[MANY] = { 0 };
	assert_int_equal(script(b->db, &b->arena,
	                         "create table t (id integer primary key, up bigint references t (id) deferrable "
	                         "initially deferred)"),
	        OK);
	for (int i = 0; i < MANY; i += 4)
		told[i].sql = "insert into t (up) values (999999)";
	told[1].sql = "insert into t (id, up) values (500, 501); insert into t (id) values (501)"; /* well in the end */
	write_at_once(b->db, "insert into t default values", told);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(told[i].err, i % 4 == 0 ? ERR_DB : OK);
	assert_int_equal(one(b->db, "select count(*) from t"), MANY * 3 / 4 + 1);
}

/* Jobs of one batch. The gate holds the writer until the others stand in the queue behind it. */

struct batched {
	struct db *db;
	db_work *fn;
	enum err err;
	double ratio; /* of the last statements' time to the first ones' */
	pthread_t id;
};

static atomic_bool gate_held, gate_open;

static enum err
wait_at_gate(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	atomic_store(&gate_held, true);
	while (!atomic_load(&gate_open) || !db_wanted(c))
		usleep(200);
	return OK;
}

static enum err
add_and_fail(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	enum err e = db_script(c, "insert into t (id) values (1); insert into t (id) values (2)");
	return e == OK ? ERR_INPUT : e;
}

static enum err
add_three(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	return db_script(c, "insert into t (id) values (3)");
}

/* Keeps the job behind it from being the first. */
static enum err
add_late(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	return db_script(c, "insert into t (id) values (99999999)");
}

static void *
run_batched(void *what)
{
	struct batched *b = what;
	struct arena a;
	arena_init(&a, 1 << 20);
	b->err = db_write(b->db, &a, b->fn, b);
	arena_fini(&a);
	return NULL;
}

/* One after another into the queue, the gate first. */
static void
run_in_order(struct db *d, struct batched *jobs, size_t n)
{
	struct batched gate = { .db = d, .fn = wait_at_gate };
	atomic_store(&gate_open, false);
	atomic_store(&gate_held, false);
	assert_int_equal(pthread_create(&gate.id, NULL, run_batched, &gate), 0);
	while (!atomic_load(&gate_held)) /* else a job joins the gate's own batch, and nobody is left to open it */
		usleep(200);
	for (size_t i = 0; i < n; i++) {
		jobs[i].db = d;
		assert_int_equal(pthread_create(&jobs[i].id, NULL, run_batched, &jobs[i]), 0);
		usleep(20000);
	}
	atomic_store(&gate_open, true);
	pthread_join(gate.id, NULL);
	for (size_t i = 0; i < n; i++)
		pthread_join(jobs[i].id, NULL);
	assert_int_equal(gate.err, OK);
}

/* The first job of a batch has no savepoint: what it wrote must go all the same, and nothing else with it. */
static void
test_first_job_fails(void **state)
{
	struct both *b = *state;
	struct batched jobs[] = { { .fn = add_and_fail }, { .fn = add_and_fail }, { .fn = add_three },
		{ .fn = add_and_fail } };
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key)"), OK);
	for (int i = 0; i < 5; i++) {
		run_in_order(b->db, jobs, 4);
		for (int k = 0; k < 4; k++)
			assert_int_equal(jobs[k].err, k == 2 ? OK : ERR_INPUT);
		assert_int_equal(one(b->db, "select count(*) from t"), 1);
		assert_int_equal(one(b->db, "select id from t"), 3);
		assert_int_equal(script(b->db, &b->arena, "delete from t"), OK);
	}
}

enum { LONG_JOB = 24000, PART = 2000 };

/* Of this thread's processor, in microseconds: others may use theirs meanwhile. */
static int64_t
own_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Removes rows that others could refer to, as the undo of an import does; each statement may have to be taken back. */
static enum err
remove_many(struct conn *c, struct arena *a, void *what)
{
	struct batched *b = what;
	int64_t since = own_us(), first = 0;
	(void)a;
	for (int i = 1; i <= LONG_JOB; i++) {
		enum err e = db_exec(c, "delete from t where id = $1", DB_ARGS(DB_I(i)), NULL);
		if (e != OK)
			return e;
		if (i == PART)
			first = own_us() - since;
		if (i == LONG_JOB - PART)
			since = own_us();
	}
	b->ratio = (double)(own_us() - since) / (double)(first ? first : 1);
	return OK;
}

/* What a statement costs does not grow with what its job wrote before, whatever the job's place in the batch. */
static void
test_long_job_stays_linear(void **state)
{
	struct both *b = *state;
	struct batched jobs[] = { { .fn = add_late }, { .fn = remove_many } };
	static const char fill[] = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 24000)"
	                           " insert into t (id, x) select i, hex(zeroblob(400)) from n";
	assert_int_equal(script(b->db, &b->arena,
	                         "create table t (id integer primary key, x text);"
	                         "create table of_t (id integer primary key, t bigint references t (id));"
	                         "create index of_t_t on of_t (t)"),
	        OK);
	for (size_t place = 0; place < 2; place++) {
		assert_int_equal(script(b->db, &b->arena, fill), OK);
		jobs[0].fn = place ? add_late : remove_many;
		jobs[0].ratio = 0;
		run_in_order(b->db, jobs, 1 + place);
		assert_int_equal(jobs[place].err, OK);
		print_message("place %zu: %.2f\n", place, jobs[place].ratio);
		assert_true(jobs[place].ratio < 5);
	}
}

/* A failing disk. */

static void
test_full_disk(void **state)
{
	struct both *b = *state;
	struct told told[MANY] = { 0 };
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key)"), OK);
	assert_int_equal(script(b->db, &b->arena, "insert into t default values"), OK);
	atomic_store(&disk_full, true);
	write_at_once(b->db, "insert into t default values", told);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(told[i].err, ERR_FULL);
	assert_int_equal(one(b->db, "select count(*) from t"), 1);
	str why = { 0 };
	char copy[600];
	snprintf(copy, sizeof copy, "%s.copy", path_of(b));
	assert_int_equal(db_backup(b->db, &b->arena, copy, &why), ERR_FULL);
	assert_int_equal(size_of(copy, ""), -1);
	assert_int_equal(size_of(copy, ".partial"), -1);
	atomic_store(&disk_full, false);
	assert_int_equal(script(b->db, &b->arena, "insert into t default values"), OK);
	assert_int_equal(one(b->db, "select count(*) from t"), 2);
}

static void
write_without_sync(const char *url)
{
	struct arena a;
	struct db *d = NULL;
	str why = { 0 };
	arena_init(&a, 1 << 20);
	if (db_open(url, NULL, &a, &d, &why) != OK || script(d, &a, "insert into t values (2)") != OK)
		_exit(1);
	if (!freopen("/dev/null", "w", stderr))
		_exit(2);
	atomic_store(&sync_fails, true);
	enum err e = script(d, &a, "insert into t values (3)");
	_exit(e == OK ? 3 : 4); /* it must not come back */
}

static void
test_failed_fsync_ends_the_process(void **state)
{
	struct both *b = *state;
	int status = 0;
	assert_int_equal(script(b->db, &b->arena, "create table t (id bigint)"), OK);
	db_close(b->db);
	b->db = NULL;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		write_without_sync(b->url);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EX_IOERR);
	str why = { 0 };
	assert_int_equal(db_open(b->url, NULL, &b->arena, &b->db, &why), OK);
	assert_true(one(b->db, "select count(*) from t where id = 2") == 1);
	assert_int_equal(script(b->db, &b->arena, "insert into t values (4)"), OK);
}

/* Another process. */

enum { OTHERS = 60 };

static int
write_as_other(const char *url)
{
	struct arena a;
	struct db *d = NULL;
	str why = { 0 };
	arena_init(&a, 1 << 20);
	enum err e = db_open(url, NULL, &a, &d, &why);
	for (int i = 0; i < OTHERS && e == OK; i++)
		e = script(d, &a, "insert into t (who) values (2)");
	db_close(d);
	arena_fini(&a);
	return e == OK ? 0 : 1;
}

static const char *self;

static pid_t
start_other(const char *url)
{
	pid_t child = fork();
	if (child == 0) {
		execl("/proc/self/exe", self, "write", url, (char *)NULL);
		_exit(127);
	}
	return child;
}

static void
test_another_process_writes(void **state)
{
	struct both *b = *state;
	struct conn *c = NULL;
	int status = 0;
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key, who bigint)"), OK);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	int64_t before = db_data_version(c);
	db_end_read(b->db, c);
	fflush(NULL);
	pid_t child = start_other(b->url);
	int mine = 0;
	/* Never pausing: the other one must get its turns in the gaps. */
	for (; waitpid(child, &status, WNOHANG) == 0; mine++)
		assert_int_equal(script(b->db, &b->arena, "insert into t (who) values (1)"), OK);
	assert_int_equal(status, 0);
	assert_int_equal(one(b->db, "select count(*) from t where who = 2"), OTHERS);
	assert_int_equal(one(b->db, "select count(*) from t where who = 1"), mine);
	/* Told from one's own writing, by whichever connection comes. */
	assert_int_equal(db_begin_read(b->db, &c), OK);
	int64_t after = db_data_version(c);
	db_end_read(b->db, c);
	assert_true(after != before);
	assert_int_equal(db_begin_read(b->db, &c), OK);
	assert_int_equal(db_data_version(c), after);
	child = start_other(b->url);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(db_data_version(c), after);
	assert_int_equal(db_refresh(c), OK);
	assert_true(db_data_version(c) != after);
	db_end_read(b->db, c);
}

/* Backup. */

static void *
keep_writing(void *what)
{
	struct told *t = what;
	struct arena a;
	arena_init(&a, 1 << 20);
	while (__atomic_load_n(&t->sql, __ATOMIC_SEQ_CST) && t->err == OK)
		t->err = script(t->db, &a, "insert into t (x) values (hex(zeroblob(500)))");
	arena_fini(&a);
	return NULL;
}

static void
test_backup_while_writing(void **state)
{
	struct both *b = *state;
	struct told writer = { .db = b->db, .sql = "go on" };
	pthread_t id;
	assert_int_equal(script(b->db, &b->arena, "create table t (id integer primary key, x text)"), OK);
	assert_int_equal(pthread_create(&id, NULL, keep_writing, &writer), 0);
	for (int i = 0; i < 5; i++) {
		char copy[700];
		struct db *d = NULL;
		str why = { 0 };
		int64_t before = one(b->db, "select count(*) from t");
		snprintf(copy, sizeof copy, "sqlite:%s.copy", path_of(b));
		assert_int_equal(db_backup(b->db, &b->arena, copy + 7, &why), OK);
		assert_int_equal(size_of(copy + 7, ".partial"), -1);
		assert_int_equal(db_open(copy, &(struct db_options){ .no_writer = true }, &b->arena, &d, &why), OK);
		assert_true(one(d, "select count(*) from t") >= before);
		assert_int_equal(
		        one(d, "select count(*) from pragma_integrity_check where integrity_check <> 'ok'"), 0);
		db_close(d);
	}
	__atomic_store_n(&writer.sql, NULL, __ATOMIC_SEQ_CST);
	pthread_join(id, NULL);
	assert_int_equal(writer.err, OK);
}

static void
test_backup_refuses(void **state)
{
	struct both *b = *state;
	str why = { 0 };
	assert_int_equal(db_backup(b->db, &b->arena, path_of(b), &why), ERR_INPUT);
	assert_true(str_find(why, STR("another name")) != SIZE_MAX);
	assert_int_equal(db_backup(b->db, &b->arena, "/nowhere/copy.db", &why), ERR_IO);
}

static int
teardown(void **state)
{
	atomic_store(&disk_full, false);
	return both_teardown(state);
}

#define HERE(test) \
	{ \
#test, test, both_setup_lite, teardown, NULL \
	}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "write") == 0)
		return write_as_other(argv[2]);
	self = argv[0];
	both_begin(argv);
	const struct CMUnitTest tests[] = {
		HERE(test_open_says_why),
		HERE(test_file_is_ours_alone),
		HERE(test_reading_only),
		HERE(test_log_stays_short),
		HERE(test_catching_up_ends),
		HERE(test_one_by_one),
		HERE(test_every_batch_is_synced),
		HERE(test_deferred_key),
		HERE(test_first_job_fails),
		HERE(test_long_job_stays_linear),
		HERE(test_full_disk),
		HERE(test_failed_fsync_ends_the_process),
		HERE(test_another_process_writes),
		HERE(test_backup_while_writing),
		HERE(test_backup_refuses),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	both_end();
	return failed;
}
