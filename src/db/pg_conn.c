#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/cache.h"
#include "db/pg.h"

/* Errors. */

static const struct {
	const char *state; /* an SQLSTATE or its class */
	enum err err;
	bool retry, broken;
} states[] = {
	{ "40001", ERR_BUSY, true, false },  /* could not serialize */
	{ "40P01", ERR_BUSY, true, false },  /* deadlock */
	{ "55P03", ERR_BUSY, false, false }, /* lock not available */
	{ "57014", ERR_BUSY, false, false }, /* statement timeout */
	{ "23505", ERR_DUPLICATE, false, false },
	{ "53100", ERR_FULL, false, false }, /* disk full */
	{ "53", ERR_BUSY, false, false },    /* too many connections, memory */
	{ "54000", ERR_LARGE, false, false },
	{ "22021", ERR_INPUT, false, false }, /* not UTF-8 */
	{ "58", ERR_IO, false, false },
	{ "XX001", ERR_IO, false, false }, /* damaged page */
	{ "XX002", ERR_IO, false, false },
	{ "25006", ERR_BUSY, true, true }, /* the primary has become a standby */
	{ "0A000", ERR_DB, true, true },   /* a cached plan from before a migration; else it fails again */
	{ "57P", ERR_BUSY, true, true },   /* the server is going down or coming up */
	{ "08P01", ERR_DB, false, false }, /* too many or too few values */
	{ "08", ERR_BUSY, true, true },
};

enum err
pg_fail(struct pg_conn *c, PGresult *res)
{
	const char *state = res ? pq.error_field(res, PG_DIAG_SQLSTATE) : NULL;
	enum err e = ERR_DB;
	bool told = false;
	for (size_t i = 0; state && !told && i < sizeof states / sizeof states[0]; i++) {
		told = strncmp(state, states[i].state, strlen(states[i].state)) == 0;
		if (told) {
			e = states[i].err;
			c->conn.retry |= states[i].retry;
			c->conn.broken |= states[i].broken;
		}
	}
	if (pq.status(c->handle) == CONNECTION_BAD) {
		c->conn.retry = c->conn.broken = true;
		e = ERR_BUSY;
	}
	str message = str_trim(str_of(pq.error_message(c->handle)));
	e = conn_fail(&c->conn, e, "postgres %s: %.*s", state ? state : "-", STR_ARG(message));
	pq.clear(res);
	return e;
}

/* Sending. */

enum err
pg_control(struct pg_conn *c, const char *sql)
{
	PGresult *res = pq.exec(c->handle, sql);
	ExecStatusType status = pq.result_status(res);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return pg_fail(c, res);
	pq.clear(res);
	return OK;
}

char *
pg_scratch(struct pg_conn *c, size_t n)
{
	if (n <= c->scratch_cap)
		return c->scratch;
	size_t cap = n < 4096 ? 4096 : n + n / 2;
	char *larger = realloc(c->scratch, cap);
	if (!larger) {
		(void)conn_fail(&c->conn, ERR_MEMORY, "no memory for the values of a statement");
		return NULL;
	}
	c->scratch = larger;
	c->scratch_cap = cap;
	return larger;
}

size_t
pg_number(const struct db_value *v, char ret[40])
{
	int n = v->type == DB_INT ? snprintf(ret, 40, "%" PRId64, v->i) : snprintf(ret, 40, "%.17g", v->r);
	return (size_t)n;
}

/* Connections. */

static void
say_nothing(void *what, const char *message)
{
	(void)what;
	(void)message;
}

static PGconn *
connect_to(const char *url)
{
	/* The last word counts: what the address says goes before our timeouts. */
	static const char *const names[] = { "connect_timeout", "tcp_user_timeout", "application_name", "dbname",
		"client_encoding", NULL };
	const char *const values[] = { "5", "30000", "ridealong", url, "UTF8", NULL };
	return pq.connect(names, values, 1);
}

/* Compiling a statement pays for those of minutes; ours, the longest included, it holds up.
   A commit that does not wait for the disk is none for us; whether it waits for a standby too is not our business. */
static const char settings[] =
        "set client_min_messages = warning; set default_transaction_isolation = 'repeatable read';"
        "select set_config('jit', 'off', false) where current_setting('jit', true) = 'on';"
        "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

enum err
pg_conn_open(struct pg *p, struct pg_conn **ret, char ret_message[MESSAGE_SIZE])
{
	struct pg_conn *c = calloc(1, sizeof *c);
	if (!c)
		return ERR_MEMORY;
	c->conn.engine = &pg_engine;
	c->conn.db = &p->db;
	c->handle = connect_to(p->url);
	enum err e = ERR_BUSY;
	if (pq.status(c->handle) == CONNECTION_OK) {
		pq.set_notice_processor(c->handle, say_nothing, NULL);
		e = pg_control(c, settings);
	} else {
		(void)pg_fail(c, NULL);
	}
	if (e != OK) {
		snprintf(ret_message, MESSAGE_SIZE, "%s", c->conn.message);
		pg_conn_close(c);
		return e;
	}
	*ret = c;
	return OK;
}

void
pg_conn_close(struct pg_conn *c)
{
	c->conn.broken = true; /* its statements need not be told to the server one by one */
	cache_clear(&c->conn);
	pq.finish(c->handle);
	free(c->scratch);
	free(c);
}
