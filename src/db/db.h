/* One interface to two databases: SQLite inside, PostgreSQL by one setting.
   What it is not for: knowing any table (record/ and the areas' queries.sql do), or rights (auth/).

   SQL is one text for both: $1 $2 … for values; what differs is written {lite:…|pg:…} (the one of the engine at hand is
   kept). Values never become SQL text. Statements are prepared once per connection and found again by their text.

   SQLite: one writer thread per process with group commit, readers on their own connections (WAL, synchronous=FULL).
   PostgreSQL: libpq found by dlopen; a pool of connections; REPEATABLE READ; 40001 and 40P01 retried. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/time.h"

struct db;   /* a database: safe to share between threads */
struct conn; /* a connection inside a snapshot or a transaction: of one thread at a time */

struct db_options {
	bool create;        /* make the SQLite file if it is not there (directory fsynced) */
	int readers;        /* connections kept for reading; 0: 4 */
	int batch;          /* SQLite: transactions per fsync at most; 0: 64, 1: no group commit (for the bench) */
	bool no_writer;     /* only reading: no writer thread is started */
	bool no_references; /* SQLite: foreign keys are not watched, so that a migration can make tables anew; whoever
	                       asks for it looks at them before the end */
};

/* url is sqlite:PATH or postgres://… (also postgresql://…). On failure *ret_why (in arena a) says what is wrong and how
   to mend it. */
enum err db_open(const char *url, const struct db_options *o, struct arena *a, struct db **ret, str *ret_why);
void db_close(struct db *d);
bool db_is_lite(const struct db *d);
bool conn_is_lite(const struct conn *c);

/* The body of a transaction. Runs with a connection of its own, MAY RUN TWICE (retry), holds no open rows at return,
   does no hashing, network or work over 5 ms. Not OK rolls back what it did; so does the first failed statement,
   whatever fn returns (see docs/decisions/0002-two-databases.md). Memory from a (the caller's arena, may be NULL) is
   fine: the caller waits meanwhile; when it is exhausted the answer is ERR_MEMORY. */
typedef enum err db_work(struct conn *c, struct arena *a, void *what);

/* Runs fn in a transaction that is durable when this returns OK. SQLite: on the writer thread, in a savepoint, one
   COMMIT and fsync per batch; if COMMIT fails every job of the batch fails. ERR_BUSY after 5 s of retries: nothing was
   done. ERR_IO: the connection broke during COMMIT and nobody knows. Never from inside another db_write. */
enum err db_write(struct db *d, struct arena *a, db_work *fn, void *what);
/* Runs fn in a read-only snapshot on the caller's thread. */
enum err db_read(struct db *d, struct arena *a, db_work *fn, void *what);
/* The same in two steps, for a request that reads in several places. db_begin_read waits while all readers are busy. */
enum err db_begin_read(struct db *d, struct conn **ret);
void db_end_read(struct db *d, struct conn *c);
/* Rolls forward to a fresh snapshot on the same connection (after a write of one's own). */
enum err db_refresh(struct conn *c);

enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT };

struct db_value {
	enum db_type type;
	int64_t i;
	double r;
	str t;
};

#define DB_I(x)  ((struct db_value){ .type = DB_INT, .i = (x) })
#define DB_R(x)  ((struct db_value){ .type = DB_REAL, .r = (x) })
#define DB_T(x)  ((struct db_value){ .type = DB_TEXT, .t = (x) })
#define DB_NULL_ ((struct db_value){ .type = DB_NULL })
/* 0 becomes NULL: for optional references. */
#define DB_REF(x) ((x) ? DB_I(x) : DB_NULL_)
/* DAY_NONE becomes NULL, else ISO text in arena a. */
struct db_value db_day_value(struct arena *a, day d);
#define DB_ARGS(...) \
	(const struct db_value[]){ __VA_ARGS__ }, \
	        sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define DB_NO_ARGS NULL, 0

/* Rows, one at a time:
       struct rows r;
       e = db_query(c, a, sql, DB_ARGS(DB_I(org)), &r);
       while (e == OK && db_next(&r)) { … db_int(&r, 0) … }
       if (e == OK) e = db_end(&r);
   db_end must be reached on every way (the end of the snapshot or transaction is the safety net). Texts in args must
   live until db_end. */
struct rows {
	struct conn *conn;
	struct arena *arena;
	void *stmt; /* of the engine */
	int row, n; /* PostgreSQL: position and count */
	enum err err;
	bool open;
};

enum err db_query(
        struct conn *c, struct arena *a, const char *sql, const struct db_value *args, size_t n, struct rows *ret);
bool db_next(struct rows *r); /* false at the end or on error; db_end tells which */
enum err db_end(struct rows *r);
int db_columns(const struct rows *r);
const char *db_column_name(const struct rows *r, int column);
bool db_is_null(const struct rows *r, int column);
int64_t db_int(const struct rows *r, int column); /* NULL: 0 */
double db_real(const struct rows *r, int column);
str db_text(const struct rows *r, int column);     /* copied into the arena; NULL: empty */
str db_text_raw(const struct rows *r, int column); /* valid until db_next */
day db_day(const struct rows *r, int column);      /* ISO text → day; NULL: DAY_NONE */

/* A statement without rows. ret_changed may be NULL. ERR_DUPLICATE for a broken unique key. */
enum err db_exec(struct conn *c, const char *sql, const struct db_value *args, size_t n, int64_t *ret_changed);
/* Several statements in one text without values (schema, savepoints). */
enum err db_script(struct conn *c, const char *sql);
/* First column of the first row; ERR_ABSENT when there is none. NULL counts as 0. */
enum err db_one_int(struct conn *c, const char *sql, const struct db_value *args, size_t n, int64_t *ret);
/* Prepares and forgets: the tests do it for every statement on both engines. The engine's message on failure. */
enum err db_prepare_check(struct conn *c, struct arena *a, const char *sql, str *ret_why);
/* The engine's last message on this connection, and about the last failure on this thread (also of a db_write, whose
   connection is gone): for logs, never for pages. */
const char *conn_message(const struct conn *c);
const char *db_message(void);

/* Inside a transaction: does somebody else wait to write? Long work asks now and then, and ends its transaction early.
   False on PostgreSQL, where writers do not wait for each other. */
bool db_wanted(struct conn *c);

/* Between two large transactions: waits until what was written is in the database itself and not in the log alone, so
   that the log stays short and nobody who writes little waits for the copying. Holds nothing. */
void db_catch_up(struct db *d);

/* Rows in bulk: COPY on PostgreSQL, one prepared INSERT on SQLite. Values of all rows one after another, columns per
   row named in `columns` ("id, org_id, name"). */
enum err db_insert_many(struct conn *c, const char *table, const char *columns, size_t n_columns,
        const struct db_value *values, size_t n_rows);

/* Changes when another process or connection has committed: two snapshots, on whatever connections, with the same
   number show the same data. 0 on PostgreSQL, where the sealed seq serves. */
int64_t db_data_version(struct conn *c);

/* What a layer above keeps beside an open database, from its opening on (one thing, said before it is used by several
   threads); dropped when it is closed. Of a connection that writes there is none: NULL, for it sees what nobody else
   sees yet. */
void db_keep(struct db *d, void *what, void (*drop)(void *what));
void *db_kept(const struct conn *c);

/* A copy of a SQLite database while it is in use (online backup), fsynced. ERR_INPUT on PostgreSQL: use pg_dump. */
enum err db_backup(struct db *d, struct arena *a, const char *path, str *ret_why);
/* Counters since start, for health and the bench: transactions, batches (= fsyncs of the WAL). */
void db_counters(const struct db *d, int64_t *ret_transactions, int64_t *ret_batches);

#endif
