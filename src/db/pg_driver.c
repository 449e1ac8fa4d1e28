#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "db/pg.h"

struct pg_driver pq;

static const struct {
	const char *name;
	size_t at; /* in struct pg_driver */
} functions[] = {
	{ "PQclear", offsetof(struct pg_driver, clear) },
	{ "PQcmdTuples", offsetof(struct pg_driver, cmd_tuples) },
	{ "PQconnectdbParams", offsetof(struct pg_driver, connect) },
	{ "PQerrorMessage", offsetof(struct pg_driver, error_message) },
	{ "PQexec", offsetof(struct pg_driver, exec) },
	{ "PQexecPrepared", offsetof(struct pg_driver, exec_prepared) },
	{ "PQfinish", offsetof(struct pg_driver, finish) },
	{ "PQfname", offsetof(struct pg_driver, fname) },
	{ "PQftype", offsetof(struct pg_driver, ftype) },
	{ "PQgetResult", offsetof(struct pg_driver, get_result) },
	{ "PQgetisnull", offsetof(struct pg_driver, getisnull) },
	{ "PQgetlength", offsetof(struct pg_driver, getlength) },
	{ "PQgetvalue", offsetof(struct pg_driver, getvalue) },
	{ "PQnfields", offsetof(struct pg_driver, nfields) },
	{ "PQntuples", offsetof(struct pg_driver, ntuples) },
	{ "PQparameterStatus", offsetof(struct pg_driver, parameter_status) },
	{ "PQprepare", offsetof(struct pg_driver, prepare) },
	{ "PQputCopyData", offsetof(struct pg_driver, put_copy_data) },
	{ "PQputCopyEnd", offsetof(struct pg_driver, put_copy_end) },
	{ "PQresultErrorField", offsetof(struct pg_driver, error_field) },
	{ "PQresultStatus", offsetof(struct pg_driver, result_status) },
	{ "PQserverVersion", offsetof(struct pg_driver, server_version) },
	{ "PQsetNoticeProcessor", offsetof(struct pg_driver, set_notice_processor) },
	{ "PQstatus", offsetof(struct pg_driver, status) },
	{ "PQtransactionStatus", offsetof(struct pg_driver, transaction_status) },
};

/* Each member is one function pointer, so the table fills the struct. */
_Static_assert(sizeof(struct pg_driver) == sizeof functions / sizeof functions[0] * sizeof(void *),
        "every function of struct pg_driver is in the table");

static pthread_once_t once = PTHREAD_ONCE_INIT;
static str why;

static void
load(void)
{
	void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		why = STR("PostgreSQL's client library libpq.so.5 is not on this machine; install the package libpq5");
		return;
	}
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		void *function = dlsym(library, functions[i].name);
		if (!function) {
			why = STR("PostgreSQL's client library libpq.so.5 is too old; install libpq5 of PostgreSQL 15 "
			          "or later");
			return;
		}
		memcpy((char *)&pq + functions[i].at, &function, sizeof function);
	}
}

bool
pg_driver_load(str *ret_why)
{
	pthread_once(&once, load);
	if (why.n)
		*ret_why = why;
	return why.n == 0;
}
