/* Rows in bulk by COPY, in its text format: tab between values, one line a row, \N for NULL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/pg.h"

enum { PIECE = 65536 };

struct copy {
	struct pg_conn *c;
	char *piece; /* PIECE bytes */
	size_t n;
};

static bool
flush(struct copy *k)
{
	bool sent = k->n == 0 || pq.put_copy_data(k->c->handle, k->piece, (int)k->n) == 1;
	k->n = 0;
	return sent;
}

static bool
put(struct copy *k, const char *s, size_t n)
{
	while (n) {
		if (k->n == PIECE && !flush(k))
			return false;
		size_t part = n < PIECE - k->n ? n : PIECE - k->n;
		memcpy(k->piece + k->n, s, part);
		k->n += part;
		s += part;
		n -= part;
	}
	return true;
}

static const char *
escape_of(char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

static bool
put_text(struct copy *k, str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char *escaped = escape_of(s.s[i]);
		if (!escaped)
			continue;
		if (!put(k, s.s + from, i - from) || !put(k, escaped, 2))
			return false;
		from = i + 1;
	}
	return put(k, s.s + from, s.n - from);
}

static bool
put_value(struct copy *k, const struct db_value *v)
{
	char number[40];
	if (v->type == DB_NULL)
		return put(k, "\\N", 2);
	if (v->type == DB_TEXT)
		return v->t.n == 0 || put_text(k, v->t);
	return put(k, number, pg_number(v, number));
}

static bool
put_rows(struct copy *k, const struct db_value *values, size_t n_columns, size_t n_rows)
{
	for (size_t row = 0; row < n_rows; row++)
		for (size_t column = 0; column < n_columns; column++)
			if (!put_value(k, values++) || !put(k, column + 1 < n_columns ? "\t" : "\n", 1))
				return false;
	return flush(k);
}

/* Every result is read, so that the connection can go on; the first bad one counts. */
static enum err
finish(struct pg_conn *c)
{
	enum err e = OK;
	for (PGresult *res; (res = pq.get_result(c->handle));) {
		if (pq.result_status(res) != PGRES_COMMAND_OK && e == OK)
			e = pg_fail(c, res);
		else
			pq.clear(res);
	}
	return e;
}

static enum err
begin(struct pg_conn *c, const char *table, const char *columns)
{
	size_t size = strlen(table) + strlen(columns) + 32;
	char *sql = pg_scratch(c, size);
	if (!sql)
		return c->conn.failed;
	snprintf(sql, size, "copy %s (%s) from stdin", table, columns);
	PGresult *res = pq.exec(c->handle, sql);
	if (pq.result_status(res) != PGRES_COPY_IN)
		return pg_fail(c, res);
	pq.clear(res);
	return OK;
}

enum err
pg_insert_many(struct conn *conn, const char *table, const char *columns, size_t n_columns,
        const struct db_value *values, size_t n_rows)
{
	struct copy k = { .c = (struct pg_conn *)conn, .piece = malloc(PIECE) };
	if (!k.piece)
		return conn_fail(conn, ERR_MEMORY, "no memory for rows in bulk");
	enum err e = begin(k.c, table, columns);
	if (e == OK) {
		bool sent = put_rows(&k, values, n_columns, n_rows);
		sent = pq.put_copy_end(k.c->handle, sent ? NULL : "the rows could not be sent") == 1 && sent;
		e = finish(k.c);
		if (e == OK && !sent)
			e = pg_fail(k.c, NULL);
	}
	free(k.piece);
	return e;
}
