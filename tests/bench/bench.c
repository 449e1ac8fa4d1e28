/* The order of the comparisons, the bare loop, and the table. */
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/assets.h"
#include "app/routes.h"
#include "bench.h"

enum { ROUNDS = 7, LATENCIES = 1500 };
#define ROUND_US 60000.0 /* so long one round of one page takes on its own */

static struct finding findings[64];
static size_t n_findings;

void
fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

void
must(enum err e, const char *what)
{
	if (e != OK)
		fail("%s: %s: %s", what, err_name(e), db_message());
}

double
clock_of(int clock)
{
	struct timespec t;

	clock_gettime((clockid_t)clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
say_finding(int ok, double ratio, const char *what, const char *bound, const char *format, ...)
{
	struct finding *f = &findings[n_findings++];
	va_list args;

	if (n_findings == sizeof findings / sizeof *findings)
		fail("too many findings");
	f->ok = ok;
	snprintf(f->what, sizeof f->what, "%s", what);
	snprintf(f->bound, sizeof f->bound, "%s", bound);
	if (ratio > 0)
		snprintf(f->ratio, sizeof f->ratio, "%.2f", ratio);
	va_start(args, format);
	vsnprintf(f->measured, sizeof f->measured, format, args);
	va_end(args);
	fprintf(stderr, "  %s: %s %s\n", f->what, f->measured, f->ratio);
}

int
print_findings(void)
{
	int wide = 4, measured = 8, bound = 5, missed = 0;

	for (size_t i = 0; i < n_findings; i++) {
		const struct finding *f = &findings[i];
		wide = (int)strlen(f->what) > wide ? (int)strlen(f->what) : wide;
		measured = (int)strlen(f->measured) > measured ? (int)strlen(f->measured) : measured;
		bound = (int)strlen(f->bound) > bound ? (int)strlen(f->bound) : bound;
		missed += f->ok == 0;
	}
	printf("%-*s | %-*s | %-*s | %6s | %s\n", wide, "what", measured, "measured", bound, "bound", "ratio", "ok");
	for (size_t i = 0; i < n_findings; i++) {
		const struct finding *f = &findings[i];
		printf("%-*s | %-*s | %-*s | %6s | %s\n", wide, f->what, measured, f->measured, bound, f->bound,
		        f->ratio,
		        f->ok > 0    ? "yes"
		        : f->ok == 0 ? "NO"
		                     : "");
	}
	return missed;
}

/* ---- a page bare: the same SQL, rights and template on this thread, without HTTP and without a session ---- */

struct page_case {
	const char *what, *route, *path;
	struct http_pair params[2];
	size_t n_params;
	bool one_deal, session; /* what the address ends with */
};

static const struct page_case cases[] = {
	{ "/deals", "/deals", "/deals", { { { 0 }, { 0 }, { 0 } } }, 0, false, false },
	{ "/deals?outcome=open", "/deals", "/deals?outcome=open", { { { "outcome", 7 }, { "open", 4 }, { 0 } } }, 1,
	        false, false },
	{ "/deals?sort=-value", "/deals", "/deals?sort=-value", { { { "sort", 4 }, { "-value", 6 }, { 0 } } }, 1, false,
	        false },
	{ "/board?scope=all", "/board", "/board?scope=all", { { { "scope", 5 }, { "all", 3 }, { 0 } } }, 1, false,
	        false },
	{ "/board?scope=team", "/board", "/board?scope=team", { { { "scope", 5 }, { "team", 4 }, { 0 } } }, 1, false,
	        false },
	{ "/deals/ID", "/deals/:", NULL, { { { 0 }, { 0 }, { 0 } } }, 0, true, false },
	{ "/coaching", "/coaching", "/coaching", { { { 0 }, { 0 }, { 0 } } }, 0, false, false },
	{ "/coaching/ID, a preparation", "/coaching/:", NULL, { { { 0 }, { 0 }, { 0 } } }, 0, false, true },
	{ "/huddle", "/huddle", "/huddle", { { { 0 }, { 0 }, { 0 } } }, 0, false, false },
	{ "/trace", "/trace", "/trace", { { { 0 }, { 0 }, { 0 } } }, 0, false, false },
};
enum { CASES = sizeof cases / sizeof *cases };

static const struct route *
route_of(const struct page_env *env, const char *path)
{
	for (const struct route *x = env->routes; x->path; x++)
		if (x->method == HTTP_GET && strcmp(x->path, path) == 0)
			return x;
	return NULL;
}

static void
bare_page(struct base *b, const struct page_env *env, const struct page_case *p, struct arena *a, size_t i)
{
	struct http_request http = { .arena = a,
		.path = str_of(p->path ? p->path : "/deals"),
		.params = arena_copy(a, p->params, sizeof p->params),
		.n_params = p->n_params };
	struct http_response answer = { .status = 200 };
	struct request r = { .http = &http,
		.answer = &answer,
		.arena = a,
		.db = b->db,
		.env = env,
		.route = route_of(env, p->route),
		.actor = b->actor };

	out_init(&answer.body, 0);
	faults_init(&r.faults, a);
	must(db_begin_read(b->db, &r.conn), "read");
	r.grant = grant_of(&r.actor);
	r.ids[0] = p->one_deal ? b->deals[i % b->n_deals] : p->session ? b->session : 0;
	r.today = zone_day(page_zone(&r), now());
	r.view = (struct view){ .out = &answer.body,
		.arena = a,
		.assets = STR("/assets/0"),
		.zone = page_zone(&r),
		.reader = page_zone(&r),
		.today = r.today };
	must(r.route->fn(&r), p->what);
	db_end_read(b->db, r.conn);
	out_fini(&answer.body);
	arena_reset(a);
}

static double
bare_cpu(struct base *b, const struct page_env *env, const struct page_case *p, size_t n)
{
	struct arena a;
	double start;

	arena_init(&a, ARENA_CAP_REQUEST);
	bare_page(b, env, p, &a, 0);
	start = clock_of(CLOCK_THREAD_CPUTIME_ID);
	for (size_t i = 0; i < n; i++)
		bare_page(b, env, p, &a, i);
	start = clock_of(CLOCK_THREAD_CPUTIME_ID) - start;
	arena_fini(&a);
	return start / (double)n * 1e6;
}

/* ---- two bases, each served: what is compared is measured in turns, on one processor ---- */

struct side {
	struct base *b;
	struct served s;
	struct page_env env;
	struct load l;
	char text[64][96], cookie[64];
	const char *paths[64];
	double us[LATENCIES];
};

struct result {
	double bare, served, p50[2], p50_16, p99_16; /* all but p50 of the larger base */
	bool there;
};

/* The client has the second processor, server and bare loop the first; with one, all share it. */
static void
on_core(size_t core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	sched_setaffinity(0, sizeof set, &set);
}

/* A program is measured as it is run: reading and writing side by side. */
static void
all_cores(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof set);
	sched_setaffinity(0, sizeof set, &set);
}

static void
side_start(struct side *x, struct base *b, const char *program, struct arena *a)
{
	x->b = b;
	x->env = (struct page_env){ .db = b->db,
		.routes = routes_all(a),
		.today = today_sources,
		.panels = page_panel_list,
		.badges = page_badges,
		.version = STR("bench"),
		.assets_tag = assets_tag(),
		.base = STR("http://127.0.0.1") };
	serve_start(&x->s, program, b);
	snprintf(x->cookie, sizeof x->cookie, "%.*s", STR_ARG(b->secret));
	x->l = (struct load){ .port = x->s.port, .cookie = x->cookie, .us = x->us, .paths = x->paths };
}

static void
paths_of(struct side *x, const struct page_case *p)
{
	x->l.n_paths = p->one_deal ? x->b->n_deals : 1;
	for (size_t i = 0; i < x->l.n_paths; i++) {
		struct arena a;
		arena_init(&a, 1 << 16);
		if (p->one_deal)
			snprintf(x->text[i], 96, "/deals/%.*s", STR_ARG(id_text(&a, x->b->deals[i])));
		else if (p->session)
			snprintf(x->text[i], 96, "/coaching/%.*s", STR_ARG(id_text(&a, x->b->session)));
		else
			snprintf(x->text[i], 96, "%s", p->path);
		arena_fini(&a);
		x->paths[i] = x->text[i];
	}
}

/* n requests over so many connections; the latencies lie in x->us, sorted. */
static void
ask_side(struct side *x, int connections, size_t n)
{
	x->l.connections = connections;
	x->l.n = n < LATENCIES ? n : LATENCIES;
	load_run(&x->l);
}

static double
bare_on_servers_core(struct side *x, const struct page_case *p, size_t n)
{
	double us;

	on_core(0);
	us = bare_cpu(x->b, &x->env, p, n);
	on_core(1);
	return us;
}

static double
served_cpu(struct side *x, size_t n)
{
	double before = serve_cpu(&x->s);

	ask_side(x, 16, n);
	return (serve_cpu(&x->s) - before) / (double)x->l.n * 1e6;
}

static void
measure_page(struct side x[2], const struct page_case *p, struct result *ret)
{
	double bare[ROUNDS], served[ROUNDS], p50[2][ROUNDS];
	size_t n;

	ret->there = route_of(&x[1].env, p->route) != NULL;
	if (!ret->there)
		return;
	for (int k = 0; k < 2; k++) {
		paths_of(&x[k], p);
		ask_side(&x[k], 16, 64); /* every worker's connection has its statements */
	}
	n = (size_t)(ROUND_US / bare_on_servers_core(&x[1], p, 5));
	n = n < 12 ? 12 : n > 400 ? 400 : n;
	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = bare_on_servers_core(&x[1], p, n);
		served[i] = served_cpu(&x[1], n);
		for (int k = 0; k < 2; k++) {
			ask_side(&x[k], 1, n);
			p50[k][i] = x[k].us[n / 2];
		}
	}
	ret->bare = median(bare, ROUNDS);
	ret->served = median(served, ROUNDS);
	for (int k = 0; k < 2; k++)
		ret->p50[k] = median(p50[k], ROUNDS);
	ask_side(&x[1], 16, n * 5);
	ret->p50_16 = x[1].us[x[1].l.n / 2];
	ret->p99_16 = x[1].us[x[1].l.n * 99 / 100];
	fprintf(stderr, "  %s: %.0f us, bare %.0f us\n", p->what, ret->served, ret->bare);
}

static void
compare_page(const struct side x[2], const struct page_case *p, const struct result *r)
{
	char what[96];

	if (!r->there) {
		say_finding(-1, 0, p->what, "", "not in this build");
		return;
	}
	snprintf(what, sizeof what, "%s: CPU a page at %zu deals", p->what, x[1].b->n);
	say_finding(r->served <= 2 * r->bare, r->served / r->bare, what, "<= 2 x the bare loop",
	        "%.0f us, bare %.0f us", r->served, r->bare);
	snprintf(what, sizeof what, "%s: p50 at %zu, at %zu", p->what, x[0].b->n, x[1].b->n);
	say_finding(r->p50[1] <= 1.5 * r->p50[0], r->p50[1] / r->p50[0], what, "<= 1.5 x the smaller base",
	        "%.2f ms, %.2f ms", r->p50[0] / 1e3, r->p50[1] / 1e3);
	snprintf(what, sizeof what, "%s: p50, p99 with 16 connections", p->what);
	say_finding(r->p99_16 <= 10000, 0, what, "p99 <= 10 ms", "%.2f ms, %.2f ms", r->p50_16 / 1e3, r->p99_16 / 1e3);
}

static void
measure_idle(const struct served *s)
{
	long kib;

	sleep(2);
	kib = serve_private(s);
	say_finding(s->start_ms <= 100, 0, "start to the first answer of /alive", "<= 100 ms", "%.0f ms", s->start_ms);
	say_finding(
	        kib >= 0 && kib <= 30 * 1024, 0, "idle: Private_Dirty", "<= 30 MiB", "%.1f MiB", (double)kib / 1024);
}

static void
measure_pages(struct base *small, struct base *large, const char *program)
{
	static struct side x[2];
	struct result r = { 0 };
	struct arena a;

	arena_init(&a, 1 << 24);
	side_start(&x[1], large, program, &a);
	measure_idle(&x[1].s);
	side_start(&x[0], small, program, &a);
	for (size_t i = 0; i < CASES; i++) {
		measure_page(x, &cases[i], &r);
		compare_page(x, &cases[i], &r);
	}
	for (int k = 0; k < 2; k++)
		base_profile(x[k].b, 2);
	measure_page(x, &cases[0], &r);
	say_finding(r.p50[1] <= 1.5 * r.p50[0], r.p50[1] / r.p50[0], "/deals of one team among 60: p50",
	        "<= 1.5 x the smaller base", "%.2f ms, %.2f ms", r.p50[0] / 1e3, r.p50[1] / 1e3);
	for (int k = 0; k < 2; k++) {
		base_profile(x[k].b, 1);
		serve_stop(&x[k].s);
	}
	arena_fini(&a);
}

/* ---- the program as a whole ---- */

static int
run(const char *const *words)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int nothing = open("/dev/null", O_WRONLY);
		dup2(nothing, 1);
		if (!getenv("BENCH_LOUD"))
			dup2(nothing, 2);
		execvp(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Seconds of the processors that children took so far. */
static double
children_cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* One file through the command line; rows a second by the clock, and by the processor, which others may use too. */
static void
bench_file(const struct base *b, const char *program, const char *path, size_t n, bool dry, double goal)
{
	const char *what = dry ? "ridealong import deals --dry-run: parsed and checked"
	                       : "ridealong import deals, a CSV of the larger size";
	double start = clock_of(CLOCK_MONOTONIC), cpu = children_cpu(), rate;
	char bound[64];
	int status = run((const char *const[]){
	        program, "import", "deals", path, "--db", b->url, dry ? "--dry-run" : NULL, NULL });

	rate = (double)n / (clock_of(CLOCK_MONOTONIC) - start);
	cpu = (double)n / (children_cpu() - cpu);
	snprintf(bound, sizeof bound, ">= %.0f deals/s", goal);
	if (status)
		say_finding(-1, 0, what, "", "did not run here (%d)", status);
	else
		say_finding(rate >= goal, rate / goal, what, bound, "%.0f deals/s, %.0f by the processor", rate, cpu);
}

static void
bench_import(struct base *b, const char *program, const char *folder, size_t n)
{
	char path[600];

	snprintf(path, sizeof path, "%s/deals.csv", folder);
	base_csv(b, path, n);
	bench_file(b, program, path, n, true, 100000);
	bench_file(b, program, path, n, false, 20000);
	unlink(path);
}

static void
bench_size(const char *program, const char *folder)
{
	char path[600];
	struct stat s;

	snprintf(path, sizeof path, "%s/stripped", folder);
	if (run((const char *const[]){ "strip", "-o", path, program, NULL }) || stat(path, &s))
		return;
	say_finding(s.st_size <= 5000000, 0, "the program, stripped", "<= 5 MB", "%.2f MB", (double)s.st_size / 1e6);
	unlink(path);
}

int
main(int argc, char **argv)
{
	static struct base small, large;

	if (argc != 5)
		fail("usage: bench PROGRAM FOLDER SMALL LARGE");
	must(auth_start(), "start");
	bench_draws();
	bench_writes(argv[2]);
	base_make(&small, argv[2], strtoul(argv[3], NULL, 10));
	base_make(&large, argv[2], strtoul(argv[4], NULL, 10));
	say_finding(-1, 0, "record_save_many, deals in batches of 500, a sync each", "", "%.0f deals/s",
	        (double)large.n / large.seconds);
	on_core(1);
	measure_pages(&small, &large, argv[1]);
	all_cores();
	bench_import(&small, argv[1], argv[2], large.n);
	bench_size(argv[1], argv[2]);
	db_close(small.db);
	db_close(large.db);
	return print_findings() ? 1 : 0;
}
