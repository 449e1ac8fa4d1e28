/* Group commit: small transactions of 32 threads, sixty-four to a sync and one to a sync, beside bare fdatasync. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { WRITERS = 32, ROUNDS = 3 };
#define ROUND_S 0.7

struct writing {
	struct db *db;
	atomic_llong n;
	double until;
};

static enum err
make_table(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	return db_script(c, "create table bench (id bigint not null primary key, n bigint not null)");
}

static enum err
add_row(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	(void)what;
	return db_exec(c, "insert into bench (id, n) values ($1, $2)", DB_ARGS(DB_I(id_new()), DB_I(1)), NULL);
}

static void *
write_on(void *what)
{
	struct writing *w = what;

	while (clock_of(CLOCK_MONOTONIC) < w->until) {
		must(db_write(w->db, NULL, add_row, NULL), "write");
		atomic_fetch_add(&w->n, 1);
	}
	return NULL;
}

static struct db *
open_with(struct arena *a, const char *folder, int batch)
{
	char url[600];
	struct db *db;
	str why = { 0 };

	snprintf(url, sizeof url, "sqlite:%s/batch-%d.db", folder, batch);
	if (db_open(url, &(struct db_options){ .create = true, .batch = batch }, a, &db, &why) != OK)
		fail("%.*s", STR_ARG(why));
	must(db_write(db, a, make_table, NULL), "table");
	return db;
}

static double
per_second(struct db *db)
{
	struct writing w = { .db = db };
	pthread_t threads[WRITERS];
	double start = clock_of(CLOCK_MONOTONIC);

	w.until = start + ROUND_S;
	for (int i = 0; i < WRITERS; i++)
		if (pthread_create(&threads[i], NULL, write_on, &w))
			fail("no thread");
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	return (double)atomic_load(&w.n) / (clock_of(CLOCK_MONOTONIC) - start);
}

static double
syncs_per_second(const char *folder)
{
	char path[600], page[4096] = { 0 };
	double start = clock_of(CLOCK_MONOTONIC), n = 0;
	int fd;

	snprintf(path, sizeof path, "%s/sync", folder);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	while (clock_of(CLOCK_MONOTONIC) - start < ROUND_S) {
		if (fd < 0 || write(fd, page, sizeof page) != sizeof page || fdatasync(fd))
			fail("%s cannot be written", path);
		n++;
	}
	n /= clock_of(CLOCK_MONOTONIC) - start;
	close(fd);
	unlink(path);
	return n;
}

void
bench_writes(const char *folder)
{
	double many[ROUNDS], one[ROUNDS], syncs[ROUNDS], ratio;
	struct arena a;

	arena_init(&a, 1 << 24);
	struct db *grouped = open_with(&a, folder, 64), *single = open_with(&a, folder, 1);
	for (int i = 0; i < ROUNDS; i++) {
		syncs[i] = syncs_per_second(folder);
		one[i] = per_second(single);
		many[i] = per_second(grouped);
	}
	ratio = median(many, ROUNDS) / median(one, ROUNDS);
	say_finding(-1, 0, "the disk: fdatasync of 4 KiB", "", "%.0f/s", median(syncs, ROUNDS));
	say_finding(-1, 0, "durable writes, 32 writers, one to a sync", "", "%.0f/s", median(one, ROUNDS));
	say_finding(ratio >= 4, ratio, "durable writes, 32 writers, 64 to a sync", ">= 4 x one to a sync", "%.0f/s",
	        median(many, ROUNDS));
	db_close(grouped);
	db_close(single);
	arena_fini(&a);
}
