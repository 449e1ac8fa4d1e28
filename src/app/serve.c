/* serve: the server, its address, the threads of the sealer and of names in memory.
   What it is not for: requests (request.c). */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/assets.h"
#include "app/command.h"
#include "app/live.h"
#include "app/mail_options.h"
#include "app/request.h"
#include "app/routes.h"
#include "app/setup.h"
#include "areas/deals/recount.h"
#include "areas/deals/sums.h"
#include "areas/imports/folder.h"
#include "areas/imports/task.h"
#include "base/log.h"
#include "record/kept.h"
#include "record/named.h"

#define KEPT_MOST ((size_t)48 << 20) /* figures between two changes of their deals */

struct sealer {
	struct db *db;
	atomic_bool stop;
};

/* Seals within a second of each write, folds sums, renews health. */
static void *
seal_for_ever(void *what)
{
	struct sealer *s = what;
	struct arena a;
	int round = 0;

	arena_init(&a, (size_t)256 << 20);
	while (!atomic_load(&s->stop)) {
		size_t n = 0, renewed;
		if (change_seal(s->db, &a, 500, &n) != OK)
			log_warn("the sealer could not write; it tries again");
		if (++round % 60 == 0)
			deal_sums_fold(s->db, &a);
		if (round % 60 == 1 && deal_health_renew(s->db, &a, 500, &renewed) != OK)
			log_warn("the health of deals could not be renewed; it is tried again");
		arena_reset(&a);
		if (n < 500)
			usleep(500000);
	}
	arena_fini(&a);
	return NULL;
}

/* Its own thread: to read a million names takes a second. */
static void *
keep_names_for_ever(void *what)
{
	struct sealer *s = what;
	struct arena a;

	arena_init(&a, (size_t)256 << 20);
	while (!atomic_load(&s->stop)) {
		if (named_renew(s->db, &a) != OK)
			log_warn("the names of a large table could not be read; it is tried again");
		arena_reset(&a);
		usleep(250000);
	}
	arena_fini(&a);
	return NULL;
}

/* A page's statements take and give back a few hundred KB. The C library hands a thread's heap back to the system each
 * time it shrinks by 128 KB, and the next page pays for it in page faults: up to three quarters of its processor time.
 */
static void
keep_heaps(void)
{
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TOP_PAD, 512 << 10);
}

static bool
loopback(str address)
{
	return str_starts(address, STR("127.")) || str_eq(address, STR("::1")) || str_eq(address, STR("localhost"));
}

static int
parse_listen(struct command_line *c, struct http_options *o)
{
	str listen = command_option(c, "listen"), address = STR("127.0.0.1"), port = STR("8080");
	int64_t n;

	if (listen.n) {
		size_t at = listen.n;
		while (at && listen.s[at - 1] != ':')
			at--;
		if (!at)
			return fprintf(stderr, "ridealong serve: write --listen as 127.0.0.1:8080\n"), 2;
		address = str_first(listen, at - 1);
		port = str_from(listen, at);
	}
	if (!str_to_i64(port, &n) || n < 0 || n > 65535)
		return fprintf(stderr, "ridealong serve: “%.*s” is no port\n", STR_ARG(port)), 2;
	if (!loopback(address) && !command_has(c, "behind-tls"))
		return fprintf(stderr,
		               "ridealong serve: %.*s can be reached from outside; put a server with TLS in front and "
		               "say --behind-tls\n",
		               STR_ARG(address)),
		       2;
	o->address = str_z(c->arena, str_eq(address, STR("localhost")) ? STR("127.0.0.1") : address);
	o->port = (int)n;
	o->next_free = !listen.n;
	o->behind_tls = command_has(c, "behind-tls");
	return 0;
}

/* Only these are ever read by the server, whatever a page asks for. */
static int
allow_folders(struct command_line *c)
{
	for (size_t i = 0; i < c->n_options; i++) {
		const struct option *o = &c->options[i];
		enum err e = str_eq(o->name, STR("import-folder")) ? folder_allow(str_z(c->arena, o->value)) : OK;
		if (e != OK)
			return fprintf(stderr, "ridealong serve: --import-folder %.*s %s\n", STR_ARG(o->value),
			               e == ERR_LARGE ? "is one too many: sixteen are the most" : "is no folder"),
			       2;
	}
	return 0;
}

static void
print_address(struct command_line *c, const struct page_env *env)
{
	str secret = { 0 };
	enum err e;

	printf("Ridealong is running at %.*s\n", STR_ARG(env->base));
	e = c->actor.org ? setup_sign_in_link(c->db, c->arena, c->actor.org, c->actor.login, &secret)
	                 : setup_link(c->db, c->arena, &secret);
	if (e == OK)
		printf("%s once, within a day: %.*s/l/%.*s\n",
		        c->actor.org ? "Sign in as the administrator" : "Set it up", STR_ARG(env->base),
		        STR_ARG(secret));
	fflush(stdout);
}

/* The time of another day, standing still: to see what a page will say then, and for tests of a quarter. */
static int
stand_still(struct command_line *c)
{
	str at = command_option(c, "at");
	instant when;

	if (at.n && (!instant_parse(at, &when) || !when))
		return fprintf(stderr, "ridealong serve: --at is written as 2026-11-30T08:00:00Z\n"), 2;
	if (at.n)
		clock_set(when);
	return 0;
}

int
command_serve(struct command_line *c)
{
	struct page_env env = { .db = c->db,
		.routes = routes_all(c->arena),
		.today = today_sources,
		.panels = page_panel_list,
		.badges = page_badges,
		.reports = report_described(c->arena),
		.version = str_of(RIDEALONG_VERSION),
		.assets_tag = assets_tag() };
	struct http_options o = { .handle = request_handle, .what = &env };
	struct sealer sealer = { .db = c->db };
	struct mails mails = { .db = c->db, .env = &env };
	struct mailer *mailer = NULL;
	str address = { 0 };
	pthread_t thread, keeper;
	str why = { 0 };
	enum err e;
	int status = parse_listen(c, &o);

	env.acts = routes_acts(c->arena, env.routes);

	if (!status)
		status = allow_folders(c);
	if (!status && !(mail_options(c, "serve", &mails.server) && address_option(c, "serve", &address)))
		status = 2;
	if (!status && mails.server.url && !address.n)
		status = (fprintf(stderr, "ridealong serve: letters hold addresses that people open; say --address "
		                          "with --mail\n"),
		        2);
	if (!status)
		status = stand_still(c);
	if (status)
		return status;
	keep_heaps();
	request_check_routes(env.routes);
	e = http_open(&o, c->arena, &env.server, &why);
	if (e != OK) {
		fprintf(stderr, "ridealong serve: %.*s\n", STR_ARG(why));
		return 1;
	}
	env.base = address.n ? address : str_fmt(c->arena, "http://%s:%d", o.address, http_port(env.server));
	env.mails = mails.server.url != NULL;
	print_address(c, &env);
	if (pthread_create(&thread, NULL, seal_for_ever, &sealer))
		return 1;
	if (kept_open(c->db, KEPT_MOST) != OK)
		log_warn("figures are made anew at each look: no memory");
	bool keeps = pthread_create(&keeper, NULL, keep_names_for_ever, &sealer) == 0;
	if (keeps)
		named_open(NAMED_LEAST);
	env.live = live_open(c->db, env.server);
	if (!env.live)
		log_warn("no live updates: no memory");
	folders_open(c->db);
	if (env.mails && !(mailer = mailer_open(&mails)))
		log_warn("no letters: no memory");
	e = http_serve(env.server);
	mailer_close(mailer);
	folders_close();
	task_end_all();
	live_close(env.live);
	atomic_store(&sealer.stop, true);
	pthread_join(thread, NULL);
	if (keeps)
		pthread_join(keeper, NULL);
	named_close();
	http_close(env.server);
	return e == OK ? 0 : 1;
}
