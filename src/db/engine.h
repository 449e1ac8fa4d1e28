/* What the two engines share and what each of them must offer. Inside db/ only.
   The generic half (db.c) finds statements, keeps track of open rows and of the first failure; an engine binds, steps
   and commits. What it is not for: anybody outside this folder (db.h). */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H

#include <stdatomic.h>

#include "db/db.h"

enum { STATEMENTS_MOST = 512, MESSAGE_SIZE = 480 };

/* A prepared statement; an engine's own struct begins with it. */
struct statement {
	char *text;              /* as the caller wrote it: the key */
	uint64_t hash;           /* of text */
	uint64_t used;           /* tick of the last use */
	struct statement *next;  /* in the same bucket */
	struct statement *below; /* open before this one on the connection */
	bool open;               /* rows are being read */
	bool loose;              /* not in the cache: the same text was open already */
};

enum { CACHE_BUCKETS = 256, CACHE_NEAR = 256 };

/* Statements of one connection, found by the address of their text first, then by the text. */
struct cache {
	struct statement *bucket[CACHE_BUCKETS];
	struct {
		const char *sql;
		struct statement *statement;
	} near[CACHE_NEAR];
	size_t n;
	uint64_t tick;
};

struct conn {
	const struct engine *engine;
	struct db *db;
	struct conn *next; /* in the pool */
	struct cache cache;
	struct statement *open; /* rows being read, newest first */
	enum err failed;        /* the transaction's first failure: nothing more is done in it */
	bool retry;             /* and running the work again may help */
	bool broken;            /* to be closed, not used again */
	bool reads;             /* a snapshot: shows only what is committed */
	int64_t version;        /* what db_data_version says in this snapshot */
	char message[MESSAGE_SIZE];
};

struct db {
	const struct engine *engine;
	struct db_options options;
	atomic_int_fast64_t transactions, batches;
	void *beside; /* db_keep */
	void (*drop)(void *beside);
};

struct engine {
	bool lite;
	void (*close)(struct db *d);
	enum err (*write)(struct db *d, struct arena *a, db_work *fn, void *what);
	enum err (*begin_read)(struct db *d, struct conn **ret);
	void (*end_read)(struct db *d, struct conn *c);
	enum err (*refresh)(struct conn *c);
	int64_t (*data_version)(struct conn *c);

	/* sql is in the engine's dialect. A failure has been told to conn_fail. */
	enum err (*prepare)(struct conn *c, const char *sql, struct statement **ret);
	void (*forget)(struct conn *c, struct statement *s);
	enum err (*try_prepare)(struct conn *c, const char *sql); /* as prepare, but asks the server; keeps nothing */
	/* Runs it up to the first row. */
	enum err (*start)(struct conn *c, struct statement *s, const struct db_value *args, size_t n, struct rows *ret);
	void (*stop)(struct conn *c, struct statement *s);
	enum err (*run)(
	        struct conn *c, struct statement *s, const struct db_value *args, size_t n, int64_t *ret_changed);
	enum err (*script)(struct conn *c, const char *sql);
	enum err (*insert_many)(struct conn *c, const char *table, const char *columns, size_t n_columns,
	        const struct db_value *values, size_t n_rows);

	bool (*wanted)(struct conn *c); /* NULL: never */
	void (*catch_up)(struct db *d); /* NULL: nothing to do */

	bool (*next)(struct rows *r);
	int (*columns)(const struct rows *r);
	const char *(*column_name)(const struct rows *r, int column);
	bool (*is_null)(const struct rows *r, int column);
	int64_t (*integer)(const struct rows *r, int column);
	double (*real)(const struct rows *r, int column);
	str (*text)(const struct rows *r, int column);
};

extern const struct engine lite_engine, pg_engine;

enum err lite_open(str path, const struct db_options *o, struct arena *a, struct db **ret, str *ret_why);
enum err lite_backup(struct db *d, struct arena *a, const char *path, str *ret_why);
enum err pg_open(const char *url, const struct db_options *o, struct arena *a, struct db **ret, str *ret_why);

/* The failure e, kept as the transaction's first one, with what the engine said. Returns e. */
enum err conn_fail(struct conn *c, enum err e, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Runs fn, catching an exhausted arena; closes what it left open. Not OK: the caller rolls back. */
enum err conn_work(struct conn *c, struct arena *a, db_work *fn, void *what);
/* Ends the reading of every open statement. */
void conn_close_rows(struct conn *c);
/* Ready for the next transaction: no failure, nothing open. */
void conn_fresh(struct conn *c);
/* OK when every value can be said to both engines: no NUL in a text, no number that is none. */
enum err conn_check_values(struct conn *c, const struct db_value *values, size_t n);
/* Takes over another thread's last message, for db_message. */
void message_keep(const char *message);

#endif
