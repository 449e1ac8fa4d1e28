#include "db/lite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "db/cache.h"
#include "db/node.h"

#define BUSY_WAIT_US INT64_C(10000000)

static const char *const control_text[LITE_CONTROLS] = {
	[LITE_BEGIN] = "begin",
	[LITE_BEGIN_WRITE] = "begin immediate",
	[LITE_COMMIT] = "commit",
	[LITE_ROLLBACK] = "rollback",
	[LITE_JOB_BEGIN] = "savepoint ridealong_job",
	[LITE_JOB_KEEP] = "release ridealong_job",
	[LITE_JOB_UNDO] = "rollback to ridealong_job",
	[LITE_VERSION] = "pragma data_version",
};

/* Errors. */

static enum err
err_of(sqlite3 *h, int rc)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return ERR_DUPLICATE;
	default:
		break;
	}
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return ERR_BUSY;
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return h && sqlite3_system_errno(h) == ENOSPC ? ERR_FULL : ERR_IO;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_IO;
	case SQLITE_NOMEM:
		return ERR_MEMORY;
	case SQLITE_TOOBIG:
		return ERR_LARGE;
	default:
		return ERR_DB;
	}
}

enum err
lite_fail(struct lite_conn *c, int rc)
{
	if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC) {
		/* A second fsync would say OK for pages the kernel has dropped. A fresh process reads what is really
		 * there. */
		log_error("database: fsync failed: %s; ending, so that nothing unsure is acknowledged",
		        strerror(sqlite3_system_errno(c->handle)));
		_exit(EX_IOERR);
	}
	enum err e = err_of(c->handle, rc);
	return conn_fail(&c->conn, e, "sqlite %d: %s", rc, sqlite3_errmsg(c->handle));
}

enum err
lite_sync_directory(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	int n = slash ? (int)(slash - path) : 1;
	if (n >= (int)sizeof folder)
		return ERR_LARGE;
	snprintf(folder, sizeof folder, "%.*s", n ? n : 1, slash ? path : ".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	int failed = fsync(fd);
	close(fd);
	return failed ? ERR_IO : OK;
}

/* Connections. */

/* Whoever works for long in another process looks at that lock now and then (db_wanted). */
static void
ask(struct lite_conn *c)
{
	const struct lite *l = (struct lite *)c->conn.db;
	if (!c->asks && l->wait_fd >= 0)
		c->asks = flock(l->wait_fd, LOCK_SH) == 0;
}

void
lite_stop_asking(struct lite_conn *c)
{
	const struct lite *l = (struct lite *)c->conn.db;
	if (c->asks)
		flock(l->wait_fd, LOCK_UN);
	c->asks = false;
}

/* Another process holds the lock. SQLite's own handler sleeps up to 100 ms and would never meet the short gaps that a
   busy writer leaves. */
static int
wait_for_lock(void *what, int count)
{
	struct lite_conn *c = what;
	int64_t t = clock_steady_us();
	if (count == 0)
		c->waiting_since = t;
	ask(c);
	if (t - c->waiting_since > BUSY_WAIT_US)
		return 0;
	usleep((useconds_t)(300 + t % 700));
	return 1;
}

void
lite_waits(struct lite_conn *c)
{
	sqlite3_busy_handler(c->handle, wait_for_lock, c);
}

static int
note_log_size(void *what, sqlite3 *h, const char *name, int frames)
{
	(void)h;
	(void)name;
	((struct lite_conn *)what)->wal_frames = frames;
	return SQLITE_OK;
}

enum err
lite_control(struct lite_conn *c, enum lite_control what)
{
	sqlite3_stmt **stmt = &c->control[what];
	int rc = SQLITE_OK;
	if (!*stmt)
		rc = sqlite3_prepare_v3(c->handle, control_text[what], -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(*stmt);
		if (rc == SQLITE_ROW) {
			c->conn.version = sqlite3_column_int64(*stmt, 0);
			rc = SQLITE_DONE;
		}
		if (rc == SQLITE_DONE) {
			sqlite3_reset(*stmt);
			return OK;
		}
	}
	enum err e = lite_fail(c, rc);
	if (*stmt)
		sqlite3_reset(*stmt);
	return e;
}

/* like is without regard to case on SQLite by default and with it on PostgreSQL. A name in double quotes that is none
   would be a text. */
static int
settle(struct lite_conn *c, bool writes)
{
	sqlite3 *h = c->handle;
	sqlite3_extended_result_codes(h, 1);
	lite_waits(c);
	sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	int rc = sqlite3_exec(h,
	        "pragma synchronous = full; pragma foreign_keys = on; pragma case_sensitive_like = on;"
	        "pragma mmap_size = 1073741824; pragma analysis_limit = 400;",
	        NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	if (c->conn.db->options.no_references)
		rc = sqlite3_exec(h, "pragma foreign_keys = off", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	if (!writes)
		return sqlite3_exec(h, "pragma query_only = on; pragma cache_size = -1024;", NULL, NULL, NULL);
	sqlite3_wal_hook(h, note_log_size, c); /* in place of the automatic checkpoint, which swallows a failed fsync */
	/* temp_store stays as it is: copies of pages under a savepoint beyond 64 KB go to a file, which is cut at once;
	   in memory it is a list that is walked at the end of every statement: the square of a large job. */
	return sqlite3_exec(h, "pragma cache_size = -20480; pragma journal_size_limit = 67108864;", NULL, NULL, NULL);
}

enum err
lite_conn_open(struct lite *l, bool writes, struct lite_conn **ret, char ret_message[MESSAGE_SIZE])
{
	struct lite_conn *c = calloc(1, sizeof *c);
	if (!c)
		return ERR_MEMORY;
	c->conn.engine = &lite_engine;
	c->conn.db = &l->db;
	int rc = sqlite3_open_v2(l->path, &c->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = settle(c, writes);
	if (rc != SQLITE_OK) {
		enum err e = lite_fail(c, rc);
		snprintf(ret_message, MESSAGE_SIZE, "%s", c->conn.message);
		lite_conn_close(c);
		return e;
	}
	*ret = c;
	return OK;
}

void
lite_conn_close(struct lite_conn *c)
{
	cache_clear(&c->conn);
	for (size_t i = 0; i < LITE_CONTROLS; i++)
		sqlite3_finalize(c->control[i]);
	int rc = sqlite3_close(c->handle);
	assert(rc == SQLITE_OK); /* a statement left over would be our mistake */
	free(c);
}

/* Reading. */

/* Two connections cannot compare their own data_version, so one connection watches for all. Asked before the snapshot
   begins: what is read may then be newer than the number says, never older. */
int64_t
lite_watch(struct lite *l)
{
	pthread_mutex_lock(&l->watch_lock);
	(void)lite_control(l->watch, LITE_VERSION);
	int64_t version = l->watch->conn.version;
	pthread_mutex_unlock(&l->watch_lock);
	return version;
}

static enum err
begin(struct lite *l, struct lite_conn *c)
{
	conn_fresh(&c->conn);
	c->conn.version = lite_watch(l);
	return lite_control(c, LITE_BEGIN);
}

static enum err
begin_read(struct db *d, struct conn **ret)
{
	struct lite *l = (struct lite *)d;
	struct lite_conn *c = (struct lite_conn *)pool_take(&l->readers);
	if (!c) {
		char message[MESSAGE_SIZE] = "no memory for a connection";
		enum err e = lite_conn_open(l, false, &c, message);
		if (e != OK) {
			message_keep(message);
			pool_lost(&l->readers);
			return e;
		}
	}
	enum err e = begin(l, c);
	if (e != OK) {
		pool_give(&l->readers, &c->conn);
		return e;
	}
	*ret = &c->conn;
	return OK;
}

static enum err
end(struct lite_conn *c)
{
	if (sqlite3_get_autocommit(c->handle))
		return OK;
	return lite_control(c, LITE_COMMIT) == OK ? OK : lite_control(c, LITE_ROLLBACK);
}

static void
end_read(struct db *d, struct conn *conn)
{
	struct lite *l = (struct lite *)d;
	struct lite_conn *c = (struct lite_conn *)conn;
	if (end(c) == OK) {
		pool_give(&l->readers, conn);
	} else {
		lite_conn_close(c);
		pool_lost(&l->readers);
	}
}

static enum err
refresh(struct conn *conn)
{
	struct lite_conn *c = (struct lite_conn *)conn;
	assert(c != ((struct lite *)conn->db)->writer.conn);
	enum err e = end(c);
	return e == OK ? begin((struct lite *)conn->db, c) : e;
}

static int64_t
data_version(struct conn *c)
{
	struct lite *l = (struct lite *)c->db;
	/* Nobody else commits while the writer is in its transaction. */
	return (struct lite_conn *)c == l->writer.conn ? lite_watch(l) : c->version;
}

/* Somebody of this process has queued a job, or of another holds the shared lock. */
static bool
wanted(struct conn *conn)
{
	struct lite *l = (struct lite *)conn->db;
	if (conn != &l->writer.conn->conn)
		return false;
	pthread_mutex_lock(&l->writer.lock);
	bool queued = l->writer.first != NULL;
	pthread_mutex_unlock(&l->writer.lock);
	if (queued || l->wait_fd < 0)
		return true; /* without that file nobody can tell: always make way */
	if (flock(l->wait_fd, LOCK_EX | LOCK_NB) != 0)
		return true;
	flock(l->wait_fd, LOCK_UN);
	return false;
}

/* Opening and closing. */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
configure(void)
{
	/* A connection belongs to one thread at a time; nobody asks for SQLite's memory statistics; a path is no
	 * address. */
	sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_URI, 0);
	sqlite3_initialize();
}

/* For its owner only: the names and figures of people are inside. -wal and -shm take over the mode. */
static enum err
make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? OK : errno == ENOSPC ? ERR_FULL : ERR_IO;
	close(fd);
	return lite_sync_directory(path);
}

static enum err
check_file(const struct lite *l, struct arena *a, str *ret_why)
{
	if (l->db.options.create) {
		enum err e = make_file(l->path);
		if (e != OK)
			*ret_why = str_fmt(a,
			        "cannot make the database %s: %s; make its folder and let this user write in it",
			        l->path, strerror(errno));
		return e;
	}
	if (access(l->path, R_OK | W_OK) == 0)
		return OK;
	if (errno == ENOENT) {
		*ret_why = str_fmt(
		        a, "there is no database %s; check the path, or let it be made by `ridealong init`", l->path);
		return ERR_ABSENT;
	}
	*ret_why = str_fmt(
	        a, "cannot open the database %s: %s; let this user read and write it", l->path, strerror(errno));
	return ERR_IO;
}

/* The log mode stays in the file; an empty file gets its first page here. */
static enum err
use_log(struct lite_conn *c)
{
	sqlite3_stmt *stmt = NULL;
	/* Of a file that is new. Pages of twice the usual size are half as many to write where a row touches many
	   indexes, and a large import is one tenth shorter. */
	sqlite3_exec(c->handle, "pragma page_size = 8192", NULL, NULL, NULL);
	int rc = sqlite3_prepare_v2(c->handle, "pragma journal_mode = wal", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	const char *mode = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	bool wal = mode && strcmp(mode, "wal") == 0;
	enum err e = wal ? OK
	             : rc == SQLITE_ROW
	                     ? conn_fail(&c->conn, ERR_IO, "the file system has no shared memory for a write-ahead log")
	                     : lite_fail(c, rc);
	sqlite3_finalize(stmt);
	if (e == OK && sqlite3_exec(c->handle, "pragma schema_version", NULL, NULL, NULL) != SQLITE_OK)
		e = lite_fail(c, sqlite3_extended_errcode(c->handle));
	return e;
}

static int
open_wait(const char *path)
{
	char name[4096];
	int n = snprintf(name, sizeof name, "%s-wait", path);
	return n < 0 || (size_t)n >= sizeof name ? -1 : open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* Beside the lock of who waits, which is another kind: a byte of that file for each node (ids). */
static bool
lock_node(void *what, int node)
{
	struct lite *l = what;
	struct flock byte = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1 + node, .l_len = 1 };

	return fcntl(l->wait_fd, F_OFD_SETLK, &byte) == 0;
}

static enum err
start_writing(struct lite *l, char ret_message[MESSAGE_SIZE])
{
	l->wait_fd = open_wait(l->path);
	if (l->wait_fd < 0) {
		snprintf(ret_message, MESSAGE_SIZE, "%s-wait cannot be made: %s", l->path, strerror(errno));
		return ERR_IO;
	}
	enum err e = node_lease(lock_node, l);
	if (e != OK) {
		snprintf(ret_message, MESSAGE_SIZE, "%s", NODE_NONE_LEFT);
		return e;
	}
	return lite_writer_start(l, ret_message);
}

static enum err
start(struct lite *l, char ret_message[MESSAGE_SIZE])
{
	enum err e = lite_conn_open(l, false, &l->watch, ret_message);
	if (e == OK)
		e = use_log(l->watch);
	if (e == OK)
		e = lite_control(l->watch, LITE_VERSION);
	if (e == OK && l->db.options.create)
		e = lite_sync_directory(l->path);
	if (e != OK && l->watch)
		snprintf(ret_message, MESSAGE_SIZE, "%s", l->watch->conn.message);
	if (e == OK && !l->db.options.no_writer)
		e = start_writing(l, ret_message);
	return e;
}

static void
lite_close(struct db *d)
{
	struct lite *l = (struct lite *)d;
	for (struct conn *c; (c = pool_drain(&l->readers)); pool_lost(&l->readers))
		lite_conn_close((struct lite_conn *)c);
	if (l->watch)
		lite_conn_close(l->watch);
	if (l->writer.conn)
		lite_writer_stop(l);
	if (l->wait_fd >= 0)
		close(l->wait_fd);
	pool_fini(&l->readers);
	pthread_mutex_destroy(&l->watch_lock);
	free(l->path);
	free(l);
}

enum err
lite_open(str path, const struct db_options *o, struct arena *a, struct db **ret, str *ret_why)
{
	pthread_once(&once, configure);
	struct lite *l = calloc(1, sizeof *l);
	char *copy = strndup(path.s, path.n);
	if (!l || !copy) {
		free(l);
		free(copy);
		*ret_why = STR("no memory to open the database");
		return ERR_MEMORY;
	}
	l->db.engine = &lite_engine;
	l->db.options = *o;
	l->path = copy;
	l->wait_fd = -1;
	pool_init(&l->readers, o->readers);
	pthread_mutex_init(&l->watch_lock, NULL);
	enum err e = check_file(l, a, ret_why);
	if (e == OK) {
		char message[MESSAGE_SIZE] = "no memory";
		e = start(l, message);
		if (e != OK)
			*ret_why = str_fmt(
			        a, "cannot use the database %s: %s; is it a Ridealong database?", copy, message);
	}
	if (e != OK) {
		lite_close(&l->db);
		return e;
	}
	*ret = &l->db;
	return OK;
}

const struct engine lite_engine = {
	.lite = true,
	.close = lite_close,
	.write = lite_write,
	.begin_read = begin_read,
	.end_read = end_read,
	.refresh = refresh,
	.data_version = data_version,
	.wanted = wanted,
	.catch_up = lite_catch_up,
	.prepare = lite_prepare,
	.forget = lite_forget,
	.try_prepare = lite_try_prepare,
	.start = lite_start,
	.stop = lite_stop,
	.run = lite_run,
	.script = lite_script,
	.insert_many = lite_insert_many,
	.next = lite_next,
	.columns = lite_columns,
	.column_name = lite_column_name,
	.is_null = lite_is_null,
	.integer = lite_integer,
	.real = lite_real,
	.text = lite_text,
};
