#include "db/pg.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/node.h"

#define RETRY_FOR_US INT64_C(5000000)
#define PAUSE_US     INT64_C(50000) /* longest pause before running again */

enum { SERVER_VERSION = 150000 };

static const char begin_write[] = "begin isolation level repeatable read";
static const char begin_only_read[] = "begin isolation level repeatable read read only";

/* Taking a connection and giving it back. */

/* A connection with a transaction begun. Those that broke while they lay in the pool are dropped on the way. */
static enum err
take(struct pg *p, struct pool *pool, const char *begin, struct pg_conn **ret)
{
	for (;;) {
		struct pg_conn *c = (struct pg_conn *)pool_take(pool);
		bool lay = c != NULL;
		if (!lay) {
			char message[MESSAGE_SIZE] = "no memory for a connection";
			enum err e = pg_conn_open(p, &c, message);
			if (e != OK) {
				pool_lost(pool);
				message_keep(message);
				return e;
			}
		}
		conn_fresh(&c->conn);
		enum err e = pg_control(c, begin);
		if (e == OK) {
			*ret = c;
			return OK;
		}
		atomic_store(&p->lease_lost, true);
		pg_conn_close(c);
		pool_lost(pool);
		if (!lay)
			return e;
	}
}

static void
give(struct pool *pool, struct pg_conn *c)
{
	if (!c->conn.broken && pq.transaction_status(c->handle) == PQTRANS_IDLE) {
		pool_give(pool, &c->conn);
	} else {
		if (c->conn.broken)
			atomic_store(&((struct pg *)c->conn.db)->lease_lost, true);
		pg_conn_close(c);
		pool_lost(pool);
	}
}

/* Keeps the failure that is already there: what goes wrong in going back is not news. */
static void
roll_back(struct pg_conn *c)
{
	if (c->conn.broken)
		return;
	pq.clear(pq.exec(c->handle, "rollback"));
}

/* The number in our ids is ours while one connection holds its lock. */

static bool
lock_node(void *what, int node)
{
	struct pg *p = what;
	char sql[80];

	snprintf(sql, sizeof sql, "select pg_try_advisory_lock(727465, %d)", node);
	PGresult *res = pq.exec(p->lease->handle, sql);
	bool held = pq.result_status(res) == PGRES_TUPLES_OK && pq.getvalue(res, 0, 0)[0] == 't';
	pq.clear(res);
	return held;
}

static enum err
lease(struct pg *p, char ret_message[MESSAGE_SIZE])
{
	enum err e = OK;

	pthread_mutex_lock(&p->lease_lock);
	if (p->lease && atomic_exchange(&p->lease_lost, false)) {
		pg_conn_close(p->lease);
		p->lease = NULL;
	}
	if (!p->lease) {
		e = pg_conn_open(p, &p->lease, ret_message);
		if (e == OK) {
			e = node_lease(lock_node, p);
			if (e != OK)
				snprintf(ret_message, MESSAGE_SIZE, "%s", NODE_NONE_LEFT);
		}
		if (e != OK && p->lease) {
			pg_conn_close(p->lease);
			p->lease = NULL;
		}
		atomic_store(&p->lease_lost, e != OK);
	}
	pthread_mutex_unlock(&p->lease_lock);
	return e;
}

/* Writing. */

static enum err
commit(struct pg_conn *c)
{
	assert(pq.transaction_status(c->handle) == PQTRANS_INTRANS);
	enum err e = pg_control(c, "commit");
	if (e != OK && c->conn.broken) {
		/* Nobody can tell whether it happened, so it must not be run again; the idempotency key decides. */
		c->conn.retry = false;
		return ERR_IO;
	}
	return e;
}

static enum err
attempt(struct pg *p, struct arena *a, db_work *fn, void *what, bool *ret_again)
{
	struct pg_conn *c = NULL;
	char message[MESSAGE_SIZE] = "no memory for a connection";
	enum err e = atomic_load(&p->lease_lost) ? lease(p, message) : OK;
	if (e != OK) {
		message_keep(message);
		return e;
	}
	e = take(p, &p->writers, begin_write, &c);
	if (e != OK)
		return e;
	e = conn_work(&c->conn, a, fn, what);
	if (e == OK)
		e = commit(c);
	if (e != OK) {
		message_keep(c->conn.message);
		roll_back(c);
	}
	*ret_again = e != OK && c->conn.retry;
	give(&p->writers, c);
	return e;
}

/* Those that met are spread, more widely with every meeting. */
static void
pause_before(int again)
{
	int64_t most = INT64_C(1000) << (again < 6 ? again : 6);
	if (most > PAUSE_US)
		most = PAUSE_US;
	uint64_t dice = (uint64_t)clock_steady_us() * UINT64_C(0x9e3779b97f4a7c15) ^ (uintptr_t)&most;
	usleep((useconds_t)((dice >> 20) % (uint64_t)most));
}

static enum err
pg_write(struct db *d, struct arena *a, db_work *fn, void *what)
{
	int64_t since = clock_steady_us();
	for (int again = 0;; again++) {
		bool retry = false;
		enum err e = attempt((struct pg *)d, a, fn, what, &retry);
		if (e == OK) {
			atomic_fetch_add(&d->transactions, 1);
			atomic_fetch_add(&d->batches, 1);
		}
		if (!retry || clock_steady_us() - since > RETRY_FOR_US)
			return e;
		pause_before(again);
	}
}

/* Reading. */

static enum err
begin_read(struct db *d, struct conn **ret)
{
	struct pg *p = (struct pg *)d;
	struct pg_conn *c = NULL;
	enum err e = take(p, &p->readers, begin_only_read, &c);
	if (e == OK)
		*ret = &c->conn;
	return e;
}

static void
end_read(struct db *d, struct conn *conn)
{
	struct pg_conn *c = (struct pg_conn *)conn;
	roll_back(c);
	give(&((struct pg *)d)->readers, c);
}

static enum err
refresh(struct conn *conn)
{
	struct pg_conn *c = (struct pg_conn *)conn;
	if (conn->broken)
		return ERR_BUSY;
	roll_back(c);
	conn_fresh(conn);
	return pg_control(c, begin_only_read);
}

static int64_t
data_version(struct conn *c)
{
	(void)c;
	return 0;
}

/* Opening and closing. */

static void
drain(struct pool *pool)
{
	for (struct conn *c; (c = pool_drain(pool)); pool_lost(pool))
		pg_conn_close((struct pg_conn *)c);
	pool_fini(pool);
}

static void
pg_close(struct db *d)
{
	struct pg *p = (struct pg *)d;
	drain(&p->readers);
	drain(&p->writers);
	if (p->lease)
		pg_conn_close(p->lease);
	pthread_mutex_destroy(&p->lease_lock);
	free(p->url);
	free(p);
}

/* Both databases must put texts in the same order: by bytes. */
static bool
sorts_by_bytes(struct pg_conn *c, char ret_collation[64])
{
	PGresult *res = pq.exec(c->handle, "select datcollate from pg_database where datname = current_database()");
	bool found = pq.result_status(res) == PGRES_TUPLES_OK && pq.ntuples(res) == 1;
	snprintf(ret_collation, 64, "%s", found ? pq.getvalue(res, 0, 0) : "?");
	pq.clear(res);
	static const char *const good[] = { "C", "POSIX", "C.UTF-8", "C.utf8" };
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (strcmp(ret_collation, good[i]) == 0)
			return true;
	return false;
}

static enum err
check_server(struct pg_conn *c, struct arena *a, str *ret_why)
{
	char collation[64];
	int version = pq.server_version(c->handle);
	const char *encoding = pq.parameter_status(c->handle, "server_encoding");
	if (version < SERVER_VERSION)
		*ret_why = str_fmt(a, "the server is PostgreSQL %d; version %d or later is needed", version / 10000,
		        SERVER_VERSION / 10000);
	else if (!encoding || strcmp(encoding, "UTF8") != 0)
		*ret_why = str_fmt(a,
		        "the database keeps its text as %s; make one with createdb -T template0 -E UTF8 "
		        "--locale=C.UTF-8",
		        encoding ? encoding : "?");
	else if (!sorts_by_bytes(c, collation))
		*ret_why = str_fmt(a,
		        "the database sorts by the rules of %s; make one with createdb -T template0 -E UTF8 "
		        "--locale=C.UTF-8",
		        collation);
	else
		return OK;
	return ERR_INPUT;
}

static enum err
greet(struct pg *p, struct arena *a, str *ret_why)
{
	char message[MESSAGE_SIZE] = "no memory";
	struct pg_conn *c = (struct pg_conn *)pool_take(&p->readers);
	assert(!c);
	enum err e = pg_conn_open(p, &c, message);
	if (e != OK) {
		pool_lost(&p->readers);
		*ret_why = str_fmt(a,
		        "cannot use the PostgreSQL database: %s; check the address, and that the server runs and "
		        "lets this user in",
		        message);
		return e;
	}
	e = check_server(c, a, ret_why);
	give(&p->readers, c);
	if (e == OK && !p->db.options.no_writer) {
		e = lease(p, message);
		if (e != OK)
			*ret_why = str_copy(a, str_of(message));
	}
	return e;
}

enum err
pg_open(const char *url, const struct db_options *o, struct arena *a, struct db **ret, str *ret_why)
{
	if (!pg_driver_load(ret_why))
		return ERR_ABSENT;
	struct pg *p = calloc(1, sizeof *p);
	char *copy = strdup(url);
	if (!p || !copy) {
		free(p);
		free(copy);
		*ret_why = STR("no memory to open the database");
		return ERR_MEMORY;
	}
	p->db.engine = &pg_engine;
	p->db.options = *o;
	p->url = copy;
	pool_init(&p->readers, o->readers);
	pool_init(&p->writers, o->readers);
	pthread_mutex_init(&p->lease_lock, NULL);
	enum err e = greet(p, a, ret_why);
	if (e != OK) {
		pg_close(&p->db);
		return e;
	}
	*ret = &p->db;
	return OK;
}

const struct engine pg_engine = {
	.lite = false,
	.close = pg_close,
	.write = pg_write,
	.begin_read = begin_read,
	.end_read = end_read,
	.refresh = refresh,
	.data_version = data_version,
	.prepare = pg_prepare,
	.forget = pg_forget,
	.try_prepare = pg_try_prepare,
	.start = pg_start,
	.stop = pg_stop,
	.run = pg_run,
	.script = pg_script,
	.insert_many = pg_insert_many,
	.next = pg_next,
	.columns = pg_columns,
	.column_name = pg_column_name,
	.is_null = pg_is_null,
	.integer = pg_integer,
	.real = pg_real,
	.text = pg_text,
};
