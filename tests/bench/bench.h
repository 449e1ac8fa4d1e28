/* The comparisons of script/bench: two bases of different size, pages bare and served, writes, footprint; one table.
   What it is not for: promises about single machines: every bound is a ratio within the run, or a size. */
#ifndef BENCH_H
#define BENCH_H

#include <sys/types.h>
#include <time.h>

#include "auth/session.h"
#include "page/page.h"

/* One line of the table. */
struct finding {
	char what[96], measured[64], bound[64], ratio[24];
	int ok; /* 1 yes, 0 no, -1 only said */
};

void say_finding(int ok, double ratio, const char *what, const char *bound, const char *format, ...)
        __attribute__((format(printf, 5, 6)));
int print_findings(void); /* how many are not ok */

/* A base of n deals: people in teams of eight, accounts, products, activities on the newest deals. */
struct base {
	struct db *db;
	struct arena keep;
	char path[512], url[520];
	size_t n;
	id org, company, leader, login;
	id deals[64]; /* with activities: for the page of one deal */
	size_t n_deals;
	id session; /* to be prepared by the leader */
	str secret; /* of the leader's session */
	struct actor actor;
	double seconds; /* that the deals took through the engine */
};

void base_make(struct base *b, const char *folder, size_t n);
void base_open(struct base *b);
/* A file of n deals for `ridealong import deals`. */
void base_csv(const struct base *b, const char *path, size_t n);
/* Who may see what from now on: 1 open, 2 line. */
void base_profile(struct base *b, int profile);

/* ---- the served program ---- */
struct served {
	pid_t pid;
	int port;
	double start_ms;
};
void serve_start(struct served *s, const char *program, const struct base *b);
void serve_stop(struct served *s);
double serve_cpu(const struct served *s);   /* seconds so far */
long serve_private(const struct served *s); /* Private_Dirty, KiB */

struct load {
	int port, connections;
	const char *const *paths; /* asked for in turn */
	size_t n_paths, n;
	const char *cookie;
	double *us; /* n latencies, sorted afterwards */
};
/* Seconds it took. Ends the program when an answer is not 200. */
double load_run(struct load *l);

/* ---- the rest ---- */
void bench_writes(const char *folder);
void bench_draws(void);
double clock_of(int clock);
double median(double *x, size_t n);
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void must(enum err e, const char *what);

#endif
