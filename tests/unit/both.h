/* A fresh database for every test, on both engines: BOTH(test_x) in a cmocka table runs test_x twice.
   PostgreSQL is the cluster of RIDEALONG_PG; without it the program starts itself again under tests/with-postgres, and
   where that finds no server the test fails. RIDEALONG_UNITS=sqlite or postgres: only that one, but where BOTH_ALWAYS
   is defined before. Include it after cmocka.h; main calls both_begin first and both_end last. What it is not for: the
   program itself. */
#ifndef TESTS_BOTH_H
#define TESTS_BOTH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/db.h"

struct both {
	bool lite;
	char url[512];
	struct db *db;
	struct arena arena;
};

static char both_folder[256]; /* of the SQLite files */
static char both_pg_url[512]; /* of the test's own PostgreSQL database */
static char both_pg_name[64];
static int both_made;

static int
both_psql(const char *sql)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		execlp("psql", "psql", "-Xq", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-d", getenv("RIDEALONG_PG"),
		        "-c", sql, (char *)NULL);
		perror("psql");
		_exit(127);
	}
	int status = 0;
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

/* postgres://user@host/NAME?host=… with another NAME. */
static void
both_name_database(const char *url, const char *name, char *ret, size_t size)
{
	const char *slash = strchr(strstr(url, "://") + 3, '/');
	const char *query = strchr(url, '?');
	int head = slash ? (int)(slash - url) : query ? (int)(query - url) : (int)strlen(url);
	snprintf(ret, size, "%.*s/%s%s", head, url, name, query ? query : "");
}

/* A run of several builds gives each one database, so that no test is made four times. */
static void
both_choose(void)
{
#ifndef BOTH_ALWAYS
	const char *only = getenv("RIDEALONG_UNITS");

	if (only && *only)
		cmocka_set_skip_filter(strcmp(only, "sqlite") == 0 ? "* (postgres)" : "* (sqlite)");
#endif
}

static void
both_begin(char **argv)
{
	if (!getenv("RIDEALONG_PG")) {
		execl(TESTS_FOLDER "/with-postgres", "with-postgres", argv[0], (char *)NULL);
		perror(TESTS_FOLDER "/with-postgres");
		exit(1);
	}
	const char *base = getenv("TMPDIR");
	snprintf(both_folder, sizeof both_folder, "%s/ridealong-test.XXXXXX", base && *base ? base : "/var/tmp");
	snprintf(both_pg_name, sizeof both_pg_name, "ridealong_test_%d", (int)getpid());
	char sql[256];
	snprintf(sql, sizeof sql, "create database %s template template0 encoding 'UTF8' locale 'C.UTF-8'",
	        both_pg_name);
	both_choose();
	if (!mkdtemp(both_folder) || both_psql(sql) != 0) {
		fprintf(stderr, "no database to test with\n");
		exit(1);
	}
	both_name_database(getenv("RIDEALONG_PG"), both_pg_name, both_pg_url, sizeof both_pg_url);
}

static void
both_end(void)
{
	char command[320];
	snprintf(command, sizeof command, "drop database %s with (force)", both_pg_name);
	if (both_psql(command) != 0)
		fprintf(stderr, "%s was not dropped\n", both_pg_name);
	snprintf(command, sizeof command, "rm -rf '%s'", both_folder);
	if (system(command) != 0)
		fprintf(stderr, "%s was not removed\n", both_folder);
}

static enum err
both_empty(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	return db_script(c, "{pg:drop schema if exists public cascade; create schema public|lite:select 1}");
}

static int
both_setup(void **state, bool lite)
{
	struct both *b = test_calloc(1, sizeof *b);
	str why = { 0 };
	b->lite = lite;
	arena_init(&b->arena, ARENA_CAP_REQUEST);
	if (lite)
		snprintf(b->url, sizeof b->url, "sqlite:%s/%d.db", both_folder, ++both_made);
	else
		snprintf(b->url, sizeof b->url, "%s", both_pg_url);
	if (db_open(b->url, &(struct db_options){ .create = true }, &b->arena, &b->db, &why) != OK) {
		fprintf(stderr, "%.*s\n", STR_ARG(why));
		return 1;
	}
	*state = b;
	return db_write(b->db, &b->arena, both_empty, NULL) == OK ? 0 : 1;
}

__attribute__((unused)) static int
both_setup_lite(void **state)
{
	return both_setup(state, true);
}

__attribute__((unused)) static int
both_setup_pg(void **state)
{
	return both_setup(state, false);
}

static int
both_teardown(void **state)
{
	struct both *b = *state;
	db_close(b->db);
	arena_fini(&b->arena);
	test_free(b);
	return 0;
}

#define ON_LITE(test) \
	{ \
#test " (sqlite)", test, both_setup_lite, both_teardown, NULL \
	}
#define ON_PG(test) \
	{ \
#test " (postgres)", test, both_setup_pg, both_teardown, NULL \
	}
#define BOTH(test) ON_LITE(test), ON_PG(test)

#endif
