/* The inside of the PostgreSQL engine. What it is not for: anybody outside the pg files. */
#ifndef DB_PG_H
#define DB_PG_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "db/engine.h"
#include "db/pool.h"

/* libpq's functions, found by dlopen: a Ridealong on SQLite needs no libpq. */
struct pg_driver {
	__typeof__(PQclear) *clear;
	__typeof__(PQcmdTuples) *cmd_tuples;
	__typeof__(PQconnectdbParams) *connect;
	__typeof__(PQerrorMessage) *error_message;
	__typeof__(PQexec) *exec;
	__typeof__(PQexecPrepared) *exec_prepared;
	__typeof__(PQfinish) *finish;
	__typeof__(PQfname) *fname;
	__typeof__(PQftype) *ftype;
	__typeof__(PQgetResult) *get_result;
	__typeof__(PQgetisnull) *getisnull;
	__typeof__(PQgetlength) *getlength;
	__typeof__(PQgetvalue) *getvalue;
	__typeof__(PQnfields) *nfields;
	__typeof__(PQntuples) *ntuples;
	__typeof__(PQparameterStatus) *parameter_status;
	__typeof__(PQprepare) *prepare;
	__typeof__(PQputCopyData) *put_copy_data;
	__typeof__(PQputCopyEnd) *put_copy_end;
	__typeof__(PQresultErrorField) *error_field;
	__typeof__(PQresultStatus) *result_status;
	__typeof__(PQserverVersion) *server_version;
	__typeof__(PQsetNoticeProcessor) *set_notice_processor;
	__typeof__(PQstatus) *status;
	__typeof__(PQtransactionStatus) *transaction_status;
};

extern struct pg_driver pq;
/* False with *ret_why (static text) when the library is not there. Safe from several threads. */
bool pg_driver_load(str *ret_why);

struct pg {
	struct db db;
	char *url;
	pthread_mutex_t lease_lock;
	struct pg_conn *lease;        /* holds the lock of our node (db/node.h) and does nothing else */
	atomic_bool lease_lost;       /* the server went away: another may have our number */
	struct pool readers, writers; /* apart, so that threads that read cannot shut out the writing they wait for */
};

struct pg_conn {
	struct conn conn;
	PGconn *handle;
	unsigned names; /* statements named so far */
	char *scratch;  /* values on their way, from malloc */
	size_t scratch_cap;
};

enum err pg_conn_open(struct pg *p, struct pg_conn **ret, char ret_message[MESSAGE_SIZE]);
void pg_conn_close(struct pg_conn *c);
/* One statement without values and rows ("begin …"). A failure has been told to conn_fail. */
enum err pg_control(struct pg_conn *c, const char *sql);
/* Tells the failure to conn_fail, with whether running the work again may help. Clears res, which may be NULL. */
enum err pg_fail(struct pg_conn *c, PGresult *res);
/* At least n bytes until the next call; NULL after conn_fail. */
char *pg_scratch(struct pg_conn *c, size_t n);
/* A value as PostgreSQL reads it: at most 40 bytes for a number. Returns the bytes written, without a NUL. */
size_t pg_number(const struct db_value *v, char ret[40]);

/* The statement half of the engine, pg_query.c and pg_copy.c. */
enum err pg_prepare(struct conn *c, const char *sql, struct statement **ret);
void pg_forget(struct conn *c, struct statement *s);
enum err pg_try_prepare(struct conn *c, const char *sql);
enum err pg_start(struct conn *c, struct statement *s, const struct db_value *args, size_t n, struct rows *ret);
void pg_stop(struct conn *c, struct statement *s);
enum err pg_run(struct conn *c, struct statement *s, const struct db_value *args, size_t n, int64_t *ret_changed);
enum err pg_script(struct conn *c, const char *sql);
enum err pg_insert_many(struct conn *c, const char *table, const char *columns, size_t n_columns,
        const struct db_value *values, size_t n_rows);
bool pg_next(struct rows *r);
int pg_columns(const struct rows *r);
const char *pg_column_name(const struct rows *r, int column);
bool pg_is_null(const struct rows *r, int column);
int64_t pg_integer(const struct rows *r, int column);
double pg_real(const struct rows *r, int column);
str pg_text(const struct rows *r, int column);

#endif
