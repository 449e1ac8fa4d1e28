/* The job in serve that looks at the folders. What it is not for: files (folder.c). */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "areas/imports/folder.h"
#include "base/log.h"

#define TICK_US   500000
#define AGAIN_MS  INT64_C(2000) /* while a file is being written */
#define MINUTE_MS INT64_C(60000)

enum { KEPT_MOST = 200 };

static struct {
	struct db *db;
	pthread_t thread;
	atomic_bool stop, poked;
	bool runs;
	struct {
		id folder;
		instant next;
	} kept[KEPT_MOST]; /* the thread's own: when each is due; nothing is written for a look that finds nothing */
	size_t n_kept;
} job;

static bool
go_on(void)
{
	return !atomic_load(&job.stop);
}

static instant *
due_of(id folder)
{
	for (size_t i = 0; i < job.n_kept; i++)
		if (job.kept[i].folder == folder)
			return &job.kept[i].next;
	if (job.n_kept == KEPT_MOST)
		job.n_kept = 0; /* all are due again: too often is no harm */
	job.kept[job.n_kept].folder = folder;
	job.kept[job.n_kept].next = 0;
	return &job.kept[job.n_kept++].next;
}

static void
look_at(struct arena *a, const struct grant *g, struct import_folder *f, bool poked)
{
	instant *due = due_of(f->row.id);
	struct folder_round round;

	if (!folder_is_allowed(f->path) || (now() < *due && !poked))
		return;
	enum err e = folder_work(job.db, a, g, f, go_on, &round);
	if (e != OK)
		log_warn("the import folder %.*s: %s", STR_ARG(f->path), err_name(e));
	*due = now() + (round.n_waiting ? AGAIN_MS : f->every * MINUTE_MS);
}

struct orgs {
	id all[64];
	size_t n;
	struct import_folder *folders;
	size_t n_folders;
	const struct grant *grant;
};

static enum err
load_orgs(struct conn *c, struct arena *a, void *what)
{
	struct orgs *o = what;
	struct rows rows;
	enum err e = db_query(c, a, "select id from company where org_id = id order by id limit 64", DB_NO_ARGS, &rows);

	while (e == OK && o->n < 64 && db_next(&rows))
		o->all[o->n++] = db_int(&rows, 0);
	return e == OK ? db_end(&rows) : e;
}

static enum err
load_folders(struct conn *c, struct arena *a, void *what)
{
	struct orgs *o = what;

	return folder_list(c, a, o->grant, &o->folders, &o->n_folders);
}

static void
look_round(struct arena *a, bool poked)
{
	struct orgs o = { .n = 0 };
	enum err e = db_read(job.db, a, load_orgs, &o);

	for (size_t i = 0; e == OK && i < o.n && go_on(); i++) {
		struct grant g = grant_all(o.all[i], 0, 0, "job: import folder");
		o.grant = &g;
		e = db_read(job.db, a, load_folders, &o);
		for (size_t k = 0; e == OK && k < o.n_folders && go_on(); k++)
			look_at(a, &g, &o.folders[k], poked);
	}
	if (e != OK)
		log_warn("the import folders: %s %s", err_name(e), db_message());
}

static void *
look_for_ever(void *what)
{
	struct arena a;

	(void)what;
	arena_init(&a, (size_t)256 << 20);
	while (go_on()) {
		look_round(&a, atomic_exchange(&job.poked, false));
		arena_reset(&a);
		for (int i = 0; i < 4 && go_on() && !atomic_load(&job.poked); i++)
			usleep(TICK_US);
	}
	arena_fini(&a);
	return NULL;
}

void
folders_open(struct db *d)
{
	const char *const *unused;

	if (!folder_allowed(&unused))
		return;
	job.db = d;
	job.runs = pthread_create(&job.thread, NULL, look_for_ever, NULL) == 0;
	if (!job.runs)
		log_warn("no import folder is looked at: no thread");
}

void
folders_close(void)
{
	atomic_store(&job.stop, true);
	if (job.runs)
		pthread_join(job.thread, NULL);
	job.runs = false;
}

void
folders_poke(void)
{
	atomic_store(&job.poked, true);
}
