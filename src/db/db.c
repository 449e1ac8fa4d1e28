#include "db/db.h"

#include <assert.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/cache.h"
#include "db/engine.h"

enum { READERS = 4, BATCH = 64, READ_ATTEMPTS = 3 };

static _Thread_local char last_message[MESSAGE_SIZE];

const char *
db_message(void)
{
	return last_message;
}

void
message_keep(const char *message)
{
	snprintf(last_message, sizeof last_message, "%s", message);
}

const char *
conn_message(const struct conn *c)
{
	return c->message;
}

enum err
conn_fail(struct conn *c, enum err e, const char *format, ...)
{
	assert(e != OK);
	va_list args;
	va_start(args, format);
	vsnprintf(c->message, sizeof c->message, format, args);
	va_end(args);
	message_keep(c->message);
	if (c->failed == OK)
		c->failed = e;
	return e;
}

/* Opening and closing. */

enum err
db_open(const char *url, const struct db_options *o, struct arena *a, struct db **ret, str *ret_why)
{
	struct db_options options = o ? *o : (struct db_options){ 0 };
	if (options.readers <= 0)
		options.readers = READERS;
	if (options.batch <= 0)
		options.batch = BATCH;
	str u = str_of(url);
	if (str_starts(u, STR("sqlite:")) && u.n > 7)
		return lite_open(str_from(u, 7), &options, a, ret, ret_why);
	if (str_starts(u, STR("postgres://")) || str_starts(u, STR("postgresql://")))
		return pg_open(url, &options, a, ret, ret_why);
	*ret_why = STR(
	        "the address of a database begins with sqlite: or postgres://; write sqlite:/srv/ridealong/data.db or "
	        "postgres://user@host/name");
	return ERR_INPUT;
}

void
db_close(struct db *d)
{
	if (!d)
		return;
	if (d->drop)
		d->drop(d->beside);
	d->engine->close(d);
}

void
db_keep(struct db *d, void *what, void (*drop)(void *what))
{
	assert(!d->drop);
	d->beside = what;
	d->drop = drop;
}

void *
db_kept(const struct conn *c)
{
	return c->reads ? c->db->beside : NULL;
}

bool
db_is_lite(const struct db *d)
{
	return d->engine->lite;
}

bool
conn_is_lite(const struct conn *c)
{
	return c->engine->lite;
}

void
db_counters(const struct db *d, int64_t *ret_transactions, int64_t *ret_batches)
{
	*ret_transactions = (int64_t)atomic_load(&d->transactions);
	*ret_batches = (int64_t)atomic_load(&d->batches);
}

enum err
db_backup(struct db *d, struct arena *a, const char *path, str *ret_why)
{
	if (d->engine->lite)
		return lite_backup(d, a, path, ret_why);
	*ret_why = STR("a PostgreSQL database is backed up by pg_dump or by your provider's snapshots");
	return ERR_INPUT;
}

/* Transactions. */

static void
close_rows_of(struct conn *c, struct statement *s)
{
	struct statement **at = &c->open;
	while (*at != s)
		at = &(*at)->below;
	*at = s->below;
	s->open = false;
	c->engine->stop(c, s);
	cache_done(c, s);
}

void
conn_close_rows(struct conn *c)
{
	while (c->open)
		close_rows_of(c, c->open);
}

void
conn_fresh(struct conn *c)
{
	assert(!c->open);
	c->failed = OK;
	c->retry = false;
	c->message[0] = '\0';
}

enum err
conn_work(struct conn *c, struct arena *a, db_work *fn, void *what)
{
	jmp_buf here;
	jmp_buf *const before = a ? a->landing : NULL;
	volatile enum err e = ERR_MEMORY;
	/* The caller's landing may be on another thread's stack; ours is here, and undoing the work is ours too. */
	if (a)
		a->landing = &here;
	if (setjmp(here) == 0)
		e = fn(c, a, what);
	else
		(void)conn_fail(c, ERR_MEMORY, "the arena is exhausted");
	if (a)
		a->landing = before;
	conn_close_rows(c);
	/* A failed statement spoils a PostgreSQL transaction whatever fn makes of it, so it does on SQLite. */
	return e == OK ? c->failed : e;
}

enum err
db_write(struct db *d, struct arena *a, db_work *fn, void *what)
{
	assert(!d->options.no_writer);
	return d->engine->write(d, a, fn, what);
}

enum err
db_begin_read(struct db *d, struct conn **ret)
{
	enum err e = d->engine->begin_read(d, ret);

	if (e == OK)
		(*ret)->reads = true; /* readers have connections of their own, on both engines */
	return e;
}

void
db_end_read(struct db *d, struct conn *c)
{
	conn_close_rows(c);
	d->engine->end_read(d, c);
}

enum err
db_refresh(struct conn *c)
{
	conn_close_rows(c);
	return c->engine->refresh(c);
}

enum err
db_read(struct db *d, struct arena *a, db_work *fn, void *what)
{
	for (int attempt = 1;; attempt++) {
		struct conn *c = NULL;
		enum err e = db_begin_read(d, &c);
		if (e != OK)
			return e;
		e = conn_work(c, a, fn, what);
		bool again = e != OK && c->retry && attempt < READ_ATTEMPTS;
		db_end_read(d, c);
		if (!again)
			return e;
	}
}

int64_t
db_data_version(struct conn *c)
{
	return c->engine->data_version(c);
}

/* Statements. */

enum err
conn_check_values(struct conn *c, const struct db_value *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct db_value *v = &values[i];
		if (v->type == DB_TEXT && v->t.n && memchr(v->t.s, '\0', v->t.n))
			return conn_fail(c, ERR_INPUT, "value %zu holds a NUL byte", i + 1);
		if (v->type == DB_REAL && !isfinite(v->r))
			return conn_fail(c, ERR_INPUT, "value %zu is no finite number", i + 1);
	}
	return OK;
}

static enum err
ready(struct conn *c, const char *sql, const struct db_value *args, size_t n, struct statement **ret)
{
	if (c->failed != OK)
		return c->failed;
	enum err e = conn_check_values(c, args, n);
	return e == OK ? cache_get(c, sql, ret) : e;
}

enum err
db_query(struct conn *c, struct arena *a, const char *sql, const struct db_value *args, size_t n, struct rows *ret)
{
	struct statement *s = NULL;
	*ret = (struct rows){ .conn = c, .arena = a };
	enum err e = ready(c, sql, args, n, &s);
	if (e != OK)
		return ret->err = e;
	ret->stmt = s;
	e = c->engine->start(c, s, args, n, ret);
	if (e != OK) {
		c->engine->stop(c, s);
		cache_done(c, s);
		return ret->err = e;
	}
	s->open = true;
	s->below = c->open;
	c->open = s;
	ret->open = true;
	return OK;
}

bool
db_next(struct rows *r)
{
	return r->open && r->err == OK && r->conn->engine->next(r);
}

enum err
db_end(struct rows *r)
{
	if (r->open) {
		r->open = false;
		close_rows_of(r->conn, r->stmt);
	}
	return r->err;
}

enum err
db_exec(struct conn *c, const char *sql, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	struct statement *s = NULL;
	enum err e = ready(c, sql, args, n, &s);
	if (e != OK)
		return e;
	int64_t changed = 0;
	e = c->engine->run(c, s, args, n, &changed);
	cache_done(c, s);
	if (e == OK && ret_changed)
		*ret_changed = changed;
	return e;
}

enum err
db_script(struct conn *c, const char *sql)
{
	/* Going back to a savepoint is the one thing that can follow a failure. */
	bool back = str_starts(str_of(sql), STR("rollback to "));
	if (c->failed != OK && !back)
		return c->failed;
	char *text = cache_dialect(c, sql);
	if (!text)
		return c->failed;
	if (back)
		conn_close_rows(c);
	enum err e = c->engine->script(c, text);
	free(text);
	if (e == OK && back)
		conn_fresh(c);
	return e;
}

enum err
db_one_int(struct conn *c, const char *sql, const struct db_value *args, size_t n, int64_t *ret)
{
	struct rows r;
	enum err e = db_query(c, NULL, sql, args, n, &r);
	if (e != OK)
		return e;
	bool found = db_next(&r);
	int64_t value = found ? db_int(&r, 0) : 0;
	e = db_end(&r);
	if (e != OK)
		return e;
	if (!found)
		return ERR_ABSENT;
	*ret = value;
	return OK;
}

enum err
db_prepare_check(struct conn *c, struct arena *a, const char *sql, str *ret_why)
{
	if (c->failed != OK)
		return c->failed;
	char *text = cache_dialect(c, sql);
	enum err e = ERR_DB;
	if (text)
		e = c->engine->try_prepare(c, text);
	free(text);
	if (e != OK) {
		*ret_why = str_copy(a, str_of(c->message));
		conn_fresh(c);
	}
	return e;
}

bool
db_wanted(struct conn *c)
{
	return c->engine->wanted && c->engine->wanted(c);
}

void
db_catch_up(struct db *d)
{
	if (d->engine->catch_up)
		d->engine->catch_up(d);
}

enum err
db_insert_many(struct conn *c, const char *table, const char *columns, size_t n_columns, const struct db_value *values,
        size_t n_rows)
{
	assert(n_columns > 0);
	if (c->failed != OK)
		return c->failed;
	enum err e = conn_check_values(c, values, n_columns * n_rows);
	if (e != OK || n_rows == 0)
		return e;
	return c->engine->insert_many(c, table, columns, n_columns, values, n_rows);
}

/* Columns. */

int
db_columns(const struct rows *r)
{
	return r->conn->engine->columns(r);
}

const char *
db_column_name(const struct rows *r, int column)
{
	return r->conn->engine->column_name(r, column);
}

bool
db_is_null(const struct rows *r, int column)
{
	return r->conn->engine->is_null(r, column);
}

int64_t
db_int(const struct rows *r, int column)
{
	return r->conn->engine->integer(r, column);
}

double
db_real(const struct rows *r, int column)
{
	return r->conn->engine->real(r, column);
}

str
db_text_raw(const struct rows *r, int column)
{
	return r->conn->engine->text(r, column);
}

str
db_text(const struct rows *r, int column)
{
	assert(r->arena);
	return str_copy(r->arena, db_text_raw(r, column));
}

day
db_day(const struct rows *r, int column)
{
	day d = DAY_NONE;
	(void)day_parse(db_text_raw(r, column), &d);
	return d;
}

struct db_value
db_day_value(struct arena *a, day d)
{
	return day_is(d) ? DB_T(day_iso(a, d)) : DB_NULL_;
}
