#include "db/lite.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/cache.h"

/* Parameters. */

/* "$12" → 12; 0: no such name. SQLite's token takes a cast with it, "$12::bigint", so one text serves both engines. */
static size_t
number_of(const char *name)
{
	if (!name || name[0] != '$')
		return 0;
	char *end = NULL;
	unsigned long n = strtoul(name + 1, &end, 10);
	bool ends = *end == '\0' || strncmp(end, "::", 2) == 0;
	return ends && n <= UINT16_MAX ? n : 0;
}

/* PostgreSQL wants every $n up to the highest to be used; so do we. */
static enum err
check_all_used(struct lite_conn *c, const struct lite_statement *s)
{
	for (size_t arg = 0; arg < s->n_args; arg++) {
		bool used = false;
		for (int i = 0; i < s->n && !used; i++)
			used = s->arg[i] == arg;
		if (!used)
			return conn_fail(&c->conn, ERR_DB, "$%zu is not used, $%zu is", arg + 1, s->n_args);
	}
	return OK;
}

static enum err
map_args(struct lite_conn *c, struct lite_statement *s)
{
	for (int i = 0; i < s->n; i++) {
		const char *name = sqlite3_bind_parameter_name(s->stmt, i + 1);
		size_t n = number_of(name);
		if (!n)
			return conn_fail(&c->conn, ERR_DB, "%s is no $1, $2 …", name ? name : "?");
		s->arg[i] = (uint16_t)(n - 1);
		if (n > s->n_args)
			s->n_args = n;
	}
	return check_all_used(c, s);
}

static enum err
adopt(struct lite_conn *c, sqlite3_stmt *stmt, struct lite_statement **ret)
{
	int n = sqlite3_bind_parameter_count(stmt);
	struct lite_statement *s = calloc(1, sizeof *s + (size_t)n * sizeof s->arg[0]);
	if (!s) {
		sqlite3_finalize(stmt);
		return conn_fail(&c->conn, ERR_MEMORY, "no memory for a statement");
	}
	s->stmt = stmt;
	s->n = n;
	enum err e = map_args(c, s);
	if (e != OK) {
		lite_forget(&c->conn, &s->statement);
		return e;
	}
	*ret = s;
	return OK;
}

static bool
blank(const char *s)
{
	return s[strspn(s, " \t\r\n;")] == '\0';
}

enum err
lite_prepare(struct conn *conn, const char *sql, struct statement **ret)
{
	struct lite_conn *c = (struct lite_conn *)conn;
	sqlite3_stmt *stmt = NULL;
	const char *rest = NULL;
	int rc = sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &rest);
	if (rc != SQLITE_OK)
		return lite_fail(c, rc);
	if (!stmt || !blank(rest)) {
		sqlite3_finalize(stmt);
		return conn_fail(conn, ERR_DB, "one statement is wanted: %.200s", sql);
	}
	struct lite_statement *s = NULL;
	enum err e = adopt(c, stmt, &s);
	if (e == OK)
		*ret = &s->statement;
	return e;
}

enum err
lite_try_prepare(struct conn *c, const char *sql)
{
	struct statement *s = NULL;
	enum err e = lite_prepare(c, sql, &s);
	if (e == OK)
		lite_forget(c, s);
	return e;
}

void
lite_forget(struct conn *c, struct statement *s)
{
	(void)c;
	sqlite3_finalize(((struct lite_statement *)s)->stmt);
	free(s);
}

/* Running. */

/* Texts are not copied: they must live until the rows are ended, as db.h says. */
static int
bind_value(sqlite3_stmt *stmt, int at, const struct db_value *v)
{
	switch (v->type) {
	case DB_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case DB_REAL:
		return sqlite3_bind_double(stmt, at, v->r);
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, at, v->t.n ? v->t.s : "", v->t.n, SQLITE_STATIC, SQLITE_UTF8);
	case DB_NULL:
	default:
		return sqlite3_bind_null(stmt, at);
	}
}

static enum err
bind_all(struct lite_conn *c, const struct lite_statement *s, const struct db_value *args, size_t n)
{
	if (n != s->n_args)
		return conn_fail(
		        &c->conn, ERR_DB, "%zu values for %zu parameters: %.200s", n, s->n_args, sqlite3_sql(s->stmt));
	for (int i = 0; i < s->n; i++) {
		int rc = bind_value(s->stmt, i + 1, &args[s->arg[i]]);
		if (rc != SQLITE_OK)
			return lite_fail(c, rc);
	}
	return OK;
}

/* The first row is fetched here, so that a writing statement has been carried out when db_query returns, and its
   failure is told by it, as PostgreSQL does. rows.n: 1 when that row waits to be handed out. */
enum err
lite_start(struct conn *conn, struct statement *statement, const struct db_value *args, size_t n, struct rows *ret)
{
	struct lite_conn *c = (struct lite_conn *)conn;
	struct lite_statement *s = (struct lite_statement *)statement;
	enum err e = bind_all(c, s, args, n);
	if (e != OK)
		return e;
	int rc = sqlite3_step(s->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return lite_fail(c, rc);
	ret->n = rc == SQLITE_ROW;
	ret->row = rc == SQLITE_DONE ? -1 : 0; /* -1: at the end */
	return OK;
}

bool
lite_next(struct rows *r)
{
	if (r->row < 0)
		return false;
	if (r->n) {
		r->n = 0;
		return true;
	}
	int rc = sqlite3_step(((struct lite_statement *)r->stmt)->stmt);
	if (rc == SQLITE_ROW)
		return true;
	r->row = -1;
	if (rc != SQLITE_DONE)
		r->err = lite_fail((struct lite_conn *)r->conn, rc);
	return false;
}

void
lite_stop(struct conn *c, struct statement *s)
{
	(void)c;
	sqlite3_reset(((struct lite_statement *)s)->stmt);
}

enum err
lite_run(struct conn *conn, struct statement *statement, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	struct lite_conn *c = (struct lite_conn *)conn;
	struct lite_statement *s = (struct lite_statement *)statement;
	enum err e = bind_all(c, s, args, n);
	if (e != OK)
		return e;
	int rc;
	do
		rc = sqlite3_step(s->stmt);
	while (rc == SQLITE_ROW);
	if (rc == SQLITE_DONE)
		*ret_changed = sqlite3_stmt_readonly(s->stmt) ? 0 : sqlite3_changes64(c->handle);
	else
		e = lite_fail(c, rc);
	sqlite3_reset(s->stmt);
	return e;
}

enum err
lite_script(struct conn *conn, const char *sql)
{
	struct lite_conn *c = (struct lite_conn *)conn;
	int rc = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? OK : lite_fail(c, rc);
}

static char *
insert_text(const char *table, const char *columns, size_t n_columns)
{
	size_t size = strlen(table) + strlen(columns) + n_columns * 24 + 40;
	char *sql = malloc(size);
	if (!sql)
		return NULL;
	size_t n = (size_t)snprintf(sql, size, "insert into %s (%s) values (", table, columns);
	for (size_t i = 1; i <= n_columns; i++)
		n += (size_t)snprintf(sql + n, size - n, "%s$%zu", i > 1 ? ", " : "", i);
	snprintf(sql + n, size - n, ")");
	return sql;
}

enum err
lite_insert_many(struct conn *c, const char *table, const char *columns, size_t n_columns,
        const struct db_value *values, size_t n_rows)
{
	char *sql = insert_text(table, columns, n_columns);
	if (!sql)
		return conn_fail(c, ERR_MEMORY, "no memory for a statement");
	struct statement *s = NULL; /* looked up once: db_exec would compare its whole text for every row */
	enum err e = cache_get(c, sql, &s);
	int64_t unused;
	free(sql);
	if (e != OK)
		return e;
	for (size_t row = 0; row < n_rows && e == OK; row++)
		e = lite_run(c, s, values + row * n_columns, n_columns, &unused);
	cache_done(c, s);
	return e;
}

/* Columns. */

static sqlite3_stmt *
stmt_of(const struct rows *r)
{
	assert(r->open);
	return ((struct lite_statement *)r->stmt)->stmt;
}

int
lite_columns(const struct rows *r)
{
	return sqlite3_column_count(stmt_of(r));
}

const char *
lite_column_name(const struct rows *r, int column)
{
	return sqlite3_column_name(stmt_of(r), column);
}

bool
lite_is_null(const struct rows *r, int column)
{
	return sqlite3_column_type(stmt_of(r), column) == SQLITE_NULL;
}

int64_t
lite_integer(const struct rows *r, int column)
{
	return sqlite3_column_int64(stmt_of(r), column);
}

double
lite_real(const struct rows *r, int column)
{
	return sqlite3_column_double(stmt_of(r), column);
}

str
lite_text(const struct rows *r, int column)
{
	const char *s = (const char *)sqlite3_column_text(stmt_of(r), column);
	return (str){ s, s ? (size_t)sqlite3_column_bytes(stmt_of(r), column) : 0 };
}
