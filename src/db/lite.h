/* The inside of the SQLite engine. What it is not for: anybody outside the lite files. */
#ifndef DB_LITE_H
#define DB_LITE_H

#include <pthread.h>
#include <sqlite3.h>

#include "db/engine.h"
#include "db/pool.h"

/* What begins and ends transactions; prepared once per connection. */
enum lite_control {
	LITE_BEGIN,
	LITE_BEGIN_WRITE,
	LITE_COMMIT,
	LITE_ROLLBACK,
	LITE_JOB_BEGIN,
	LITE_JOB_KEEP,
	LITE_JOB_UNDO,
	LITE_VERSION,
	LITE_CONTROLS
};

struct lite_conn {
	struct conn conn;
	sqlite3 *handle;
	sqlite3_stmt *control[LITE_CONTROLS];
	int64_t waiting_since; /* for the busy handler, clock_steady_us */
	int wal_frames;        /* in the log after the last commit */
	bool asks;             /* has told other processes that it waits */
};

struct lite_statement {
	struct statement statement;
	sqlite3_stmt *stmt;
	size_t n_args;  /* highest $n */
	int n;          /* parameters as SQLite counts them */
	uint16_t arg[]; /* which $n each of them is, from 0 */
};

struct lite_job;

struct lite_writer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct lite_job *first, **last; /* the queue */
	bool stop;
	struct lite_conn *conn; /* the thread's own */

	/* A second thread copies the log into the database, so that no job waits for that. */
	pthread_t copier;
	pthread_cond_t copy, copied;
	bool copy_due, copy_stop;
	int log_frames;           /* not copied yet, as of the last batch or copy */
	struct lite_conn *copies; /* the copier's own */
};

struct lite {
	struct db db;
	char *path;
	struct pool readers;
	struct lite_writer writer;
	int wait_fd; /* PATH-wait: held shared by who waits to write, so that long work of another process makes way */
	pthread_mutex_t watch_lock;
	struct lite_conn *watch; /* never writes: sees every commit, ours and other processes' */
};

/* Tells the failure to conn_fail. A failed fsync ends the process: what the log holds is no longer known. */
enum err lite_fail(struct lite_conn *c, int rc);
/* The directory that path is in, after a file in it was made or renamed. */
enum err lite_sync_directory(const char *path);

enum err lite_conn_open(struct lite *l, bool writes, struct lite_conn **ret, char ret_message[MESSAGE_SIZE]);
void lite_conn_close(struct lite_conn *c);
enum err lite_control(struct lite_conn *c, enum lite_control what);
/* Waits up to 10 s for another process's lock; the state of every connection but during a checkpoint. */
void lite_waits(struct lite_conn *c);
int64_t lite_watch(struct lite *l);
/* Nobody of this process waits any more for other processes. */
void lite_stop_asking(struct lite_conn *c);

enum err lite_writer_start(struct lite *l, char ret_message[MESSAGE_SIZE]);
void lite_writer_stop(struct lite *l);
void lite_catch_up(struct db *d);
enum err lite_write(struct db *d, struct arena *a, db_work *fn, void *what);

/* The statement half of the engine, lite_query.c. */
enum err lite_prepare(struct conn *c, const char *sql, struct statement **ret);
void lite_forget(struct conn *c, struct statement *s);
enum err lite_try_prepare(struct conn *c, const char *sql);
enum err lite_start(struct conn *c, struct statement *s, const struct db_value *args, size_t n, struct rows *ret);
void lite_stop(struct conn *c, struct statement *s);
enum err lite_run(struct conn *c, struct statement *s, const struct db_value *args, size_t n, int64_t *ret_changed);
enum err lite_script(struct conn *c, const char *sql);
enum err lite_insert_many(struct conn *c, const char *table, const char *columns, size_t n_columns,
        const struct db_value *values, size_t n_rows);
bool lite_next(struct rows *r);
int lite_columns(const struct rows *r);
const char *lite_column_name(const struct rows *r, int column);
bool lite_is_null(const struct rows *r, int column);
int64_t lite_integer(const struct rows *r, int column);
double lite_real(const struct rows *r, int column);
str lite_text(const struct rows *r, int column);

#endif
