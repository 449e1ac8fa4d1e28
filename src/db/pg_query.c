#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/cache.h"
#include "db/dialect.h"
#include "db/pg.h"

enum { OID_BOOL = 16, OID_INT8 = 20, OID_FLOAT8 = 701, OID_UNKNOWN = 0 };

/* The statement as it was prepared for one list of types. An integer is always bigint and a real double precision, so
   that
   `$1 = 0 or owner_id = $1` is no 32-bit integer by accident; text takes the type of its place. */
struct variant {
	struct variant *next;
	char name[16];
	size_t n;
	Oid type[];
};

struct pg_statement {
	struct statement statement;
	char *sql;
	size_t n_args; /* highest $n */
	struct variant *variants;
	PGresult *result; /* while it is open */
};

/* Preparing. */

enum err
pg_prepare(struct conn *c, const char *sql, struct statement **ret)
{
	struct pg_statement *s = calloc(1, sizeof *s);
	if (s)
		s->sql = strdup(sql);
	if (!s || !s->sql) {
		free(s);
		return conn_fail(c, ERR_MEMORY, "no memory for a statement");
	}
	s->n_args = dialect_parameters(sql);
	*ret = &s->statement; /* the server hears of it when the values' types are known */
	return OK;
}

static void
deallocate(struct pg_conn *c, const struct variant *v)
{
	char sql[40];
	if (c->conn.broken || pq.transaction_status(c->handle) == PQTRANS_INERROR)
		return; /* the name is not used again; the server keeps it until the connection ends */
	snprintf(sql, sizeof sql, "deallocate %s", v->name);
	pq.clear(pq.exec(c->handle, sql));
}

void
pg_forget(struct conn *c, struct statement *statement)
{
	struct pg_statement *s = (struct pg_statement *)statement;
	while (s->variants) {
		struct variant *v = s->variants;
		s->variants = v->next;
		deallocate((struct pg_conn *)c, v);
		free(v);
	}
	free(s->sql);
	free(s);
}

static Oid
type_of(const struct db_value *v)
{
	return v->type == DB_INT ? OID_INT8 : v->type == DB_REAL ? OID_FLOAT8 : OID_UNKNOWN;
}

static bool
fits(const struct variant *v, const struct db_value *args, size_t n)
{
	if (v->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (args[i].type != DB_NULL && v->type[i] != type_of(&args[i]))
			return false;
	return true;
}

static enum err
new_variant(struct pg_conn *c, struct pg_statement *s, const struct db_value *args, size_t n, struct variant **ret)
{
	struct variant *v = calloc(1, sizeof *v + n * sizeof v->type[0]);
	if (!v)
		return conn_fail(&c->conn, ERR_MEMORY, "no memory for a statement");
	v->n = n;
	for (size_t i = 0; i < n; i++)
		v->type[i] = type_of(&args[i]);
	snprintf(v->name, sizeof v->name, "s%u", ++c->names);
	PGresult *res = pq.prepare(c->handle, v->name, s->sql, (int)n, v->type);
	if (pq.result_status(res) != PGRES_COMMAND_OK) {
		free(v);
		return pg_fail(c, res);
	}
	pq.clear(res);
	v->next = s->variants;
	s->variants = v;
	*ret = v;
	return OK;
}

static enum err
find_variant(struct pg_conn *c, struct pg_statement *s, const struct db_value *args, size_t n, struct variant **ret)
{
	for (struct variant *v = s->variants; v; v = v->next) {
		if (fits(v, args, n)) {
			*ret = v;
			return OK;
		}
	}
	return new_variant(c, s, args, n, ret);
}

/* Types are left to the server here, so that what only works with one type of value is found. */
static enum err
prepare_unnamed(struct pg_conn *c, const char *sql)
{
	PGresult *res = pq.prepare(c->handle, "", sql, 0, NULL);
	if (pq.result_status(res) != PGRES_COMMAND_OK)
		return pg_fail(c, res);
	pq.clear(res);
	return OK;
}

enum err
pg_try_prepare(struct conn *conn, const char *sql)
{
	struct pg_conn *c = (struct pg_conn *)conn;
	enum err e = pg_control(c, "savepoint ridealong_try");
	if (e != OK)
		return e;
	e = prepare_unnamed(c, sql);
	pq.clear(pq.exec(c->handle, "rollback to ridealong_try"));
	return e;
}

/* Running. */

/* Pointers first, then the texts they point at, each with its NUL. */
static const char *const *
lay_out(struct pg_conn *c, const struct db_value *args, size_t n)
{
	size_t size = n * sizeof(char *);
	for (size_t i = 0; i < n; i++)
		size += args[i].type == DB_TEXT ? args[i].t.n + 1 : 40;
	char *scratch = pg_scratch(c, size + 1);
	if (!scratch)
		return NULL;
	const char **values = (const char **)(void *)scratch;
	char *at = scratch + n * sizeof(char *);
	for (size_t i = 0; i < n; i++) {
		values[i] = args[i].type == DB_NULL ? NULL : at;
		if (args[i].type == DB_TEXT) {
			if (args[i].t.n)
				memcpy(at, args[i].t.s, args[i].t.n);
			at += args[i].t.n;
		} else if (args[i].type != DB_NULL) {
			at += pg_number(&args[i], at);
		}
		*at++ = '\0';
	}
	return values;
}

static enum err
execute(struct pg_conn *c, struct pg_statement *s, const struct db_value *args, size_t n, PGresult **ret)
{
	struct variant *v = NULL;
	if (n != s->n_args) /* the server would take one too many without a word */
		return conn_fail(&c->conn, ERR_DB, "%zu values for %zu parameters: %.200s", n, s->n_args, s->sql);
	enum err e = find_variant(c, s, args, n, &v);
	if (e != OK)
		return e;
	const char *const *values = lay_out(c, args, n);
	if (!values)
		return c->conn.failed;
	PGresult *res = pq.exec_prepared(c->handle, v->name, (int)n, values, NULL, NULL, 0);
	ExecStatusType status = pq.result_status(res);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		return pg_fail(c, res);
	*ret = res;
	return OK;
}

enum err
pg_start(struct conn *c, struct statement *statement, const struct db_value *args, size_t n, struct rows *ret)
{
	struct pg_statement *s = (struct pg_statement *)statement;
	enum err e = execute((struct pg_conn *)c, s, args, n, &s->result);
	if (e == OK) {
		ret->row = -1;
		ret->n = pq.ntuples(s->result);
	}
	return e;
}

bool
pg_next(struct rows *r)
{
	return ++r->row < r->n;
}

void
pg_stop(struct conn *c, struct statement *statement)
{
	struct pg_statement *s = (struct pg_statement *)statement;
	(void)c;
	pq.clear(s->result);
	s->result = NULL;
}

enum err
pg_run(struct conn *c, struct statement *statement, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	PGresult *res = NULL;
	enum err e = execute((struct pg_conn *)c, (struct pg_statement *)statement, args, n, &res);
	if (e != OK)
		return e;
	int64_t changed = 0;
	/* A select counts its rows here too, but has changed none. */
	if (pq.result_status(res) == PGRES_COMMAND_OK || pq.nfields(res) == 0)
		(void)str_to_i64(str_of(pq.cmd_tuples(res)), &changed);
	pq.clear(res);
	*ret_changed = changed;
	return OK;
}

enum err
pg_script(struct conn *c, const char *sql)
{
	return pg_control((struct pg_conn *)c, sql);
}

/* Columns. */

static PGresult *
result_of(const struct rows *r)
{
	assert(r->open);
	return ((struct pg_statement *)r->stmt)->result;
}

int
pg_columns(const struct rows *r)
{
	return pq.nfields(result_of(r));
}

const char *
pg_column_name(const struct rows *r, int column)
{
	return pq.fname(result_of(r), column);
}

bool
pg_is_null(const struct rows *r, int column)
{
	return pq.getisnull(result_of(r), r->row, column);
}

str
pg_text(const struct rows *r, int column)
{
	if (pg_is_null(r, column))
		return (str){ 0 };
	return (str){ pq.getvalue(result_of(r), r->row, column), (size_t)pq.getlength(result_of(r), r->row, column) };
}

/* As SQLite converts: a boolean is 1 or 0; of "12.50", which sum() and avg() answer, the whole part; no number is 0. */
int64_t
pg_integer(const struct rows *r, int column)
{
	str s = pg_text(r, column);
	int64_t n = 0;
	if (str_to_i64(s, &n))
		return n;
	if (pq.ftype(result_of(r), column) == OID_BOOL)
		return str_eq(s, STR("t"));
	str head, tail;
	if (str_cut(s, '.', &head, &tail) && str_to_i64(head, &n))
		return n;
	double real = 0;
	return str_to_double(s, &real) && real > -9e18 && real < 9e18 ? (int64_t)real : 0;
}

double
pg_real(const struct rows *r, int column)
{
	double real = 0;
	(void)str_to_double(pg_text(r, column), &real);
	return real;
}
