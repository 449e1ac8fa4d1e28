#include "areas/imports/task.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "areas/imports/spool.h"
#include "base/log.h"

enum { MAP_MOST = 1 << 17, LOOK_EVERY_MS = 50 };

/* The file beside the upload, as mapped. Texts are written once, before the thread begins; numbers by the thread alone,
   but for `stop`. */
struct board {
	_Atomic int64_t state, phase, rows, total, fates[FATE_COUNT], import, stop;
	int64_t org, login, person, upload, resume;
	int32_t kind, as_of, partial, full;
	char name[256], sheet[256], fingerprint[64], why[1024], map[MAP_MOST];
};

struct task {
	struct db *db;
	struct board *board;
	int fd; /* its lock is held as long as it runs */
};

static atomic_int n_running;
static atomic_bool ending;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* one import at a time: two would only wait for each other */

/* ---- the file ---- */

static enum err
board_path(struct arena *a, id org, id upload, const char **ret)
{
	const char *path;
	enum err e = spool_path(a, org, upload, &path);

	if (e == OK)
		*ret = str_z(a, str_fmt(a, "%s.job", path));
	return e;
}

static struct board *
board_map(int fd)
{
	void *at = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

/* For looking; ERR_ABSENT: none was begun. */
static enum err
board_open(struct arena *a, id org, id upload, int *ret_fd, struct board **ret)
{
	const char *path;
	enum err e = board_path(a, org, upload, &path);
	off_t size;

	if (e != OK)
		return e;
	*ret_fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (*ret_fd < 0)
		return ERR_ABSENT;
	size = lseek(*ret_fd, 0, SEEK_END);
	*ret = size == (off_t)sizeof(struct board) ? board_map(*ret_fd) : NULL;
	if (*ret)
		return OK;
	close(*ret_fd);
	return size >= 0 && size < (off_t)sizeof(struct board) ? ERR_ABSENT : ERR_IO;
}

static void
board_close(int fd, struct board *b)
{
	munmap(b, sizeof *b);
	close(fd);
}

static void
put_text(char *to, size_t cap, str s)
{
	s = str_first(s, cap - 1);
	if (s.n)
		memcpy(to, s.s, s.n);
	to[s.n] = 0;
}

static void
board_fill(struct board *b, const struct task_order *o)
{
	memset(b, 0, sizeof *b);
	b->org = o->org;
	b->login = o->login;
	b->person = o->person;
	b->upload = o->upload;
	b->resume = o->resume;
	b->kind = o->kind;
	b->as_of = o->as_of.n;
	b->partial = o->partial;
	b->full = o->full;
	put_text(b->name, sizeof b->name, o->name);
	put_text(b->sheet, sizeof b->sheet, o->sheet);
	put_text(b->fingerprint, sizeof b->fingerprint, o->fingerprint);
	put_text(b->map, sizeof b->map, o->map);
}

static void
board_order(struct arena *a, const struct board *b, struct task_order *ret)
{
	*ret = (struct task_order){ .org = b->org,
		.login = b->login,
		.person = b->person,
		.upload = b->upload,
		.resume = b->resume,
		.kind = b->kind,
		.as_of = { b->as_of },
		.partial = b->partial,
		.full = b->full,
		.name = str_copy(a, str_of(b->name)),
		.sheet = str_copy(a, str_of(b->sheet)),
		.fingerprint = str_copy(a, str_of(b->fingerprint)),
		.map = str_copy(a, str_of(b->map)) };
}

/* ---- the thread ---- */

static bool
watch(void *watching, const struct import_job *j, enum import_phase phase, int64_t rows, int64_t total)
{
	struct board *b = watching;
	const struct import *i = &j->import;
	const int64_t fates[FATE_COUNT] = { i->n_created, i->n_updated, i->n_same, i->n_kept, i->n_rejected, 0 };

	atomic_store(&b->phase, phase);
	atomic_store(&b->rows, rows);
	atomic_store(&b->total, total);
	for (int k = 0; k < FATE_COUNT; k++)
		atomic_store(&b->fates[k], fates[k]);
	if (phase >= PHASE_WRITING && i->row.version)
		atomic_store(&b->import, i->row.id);
	return !atomic_load(&b->stop) && !atomic_load(&ending);
}

static enum err
run(struct task *t, struct arena *a, struct faults *f, struct import_job *j)
{
	struct board *b = t->board;
	struct task_order o;
	struct grant g;
	struct map map;
	enum err e;

	board_order(a, b, &o);
	g = grant_all(o.org, o.login, o.person, "import");
	*j = (struct import_job){ .db = t->db,
		.arena = a,
		.grant = &g,
		.kind = o.kind,
		.from = { .name = o.name, .sheet = o.sheet },
		.map = &map,
		.as_of = o.as_of,
		.partial = o.partial,
		.full = o.full,
		.resume = o.resume,
		.upload = id_text(a, o.upload),
		.faults = f,
		.watch = watch,
		.watching = b };
	e = map_parse(a, o.map, f, &map);
	if (e == OK)
		e = spool_path(a, o.org, o.upload, &j->from.path);
	if (e == OK)
		e = import_run(j);
	map_forget_rows(&map);
	if (e == OK)
		e = import_remember(t->db, a, &g, o.kind, o.fingerprint, map_print(a, &map));
	return e;
}

static void
finish(struct board *b, const struct import_job *j, const struct faults *f, enum err e)
{
	const struct fault *x = f->first;
	char why[1024] = "";

	if (j->import.row.version)
		atomic_store(&b->import, j->import.row.id);
	if (e != OK && !j->stopped && x)
		snprintf(why, sizeof why, "%.*s: %.*s; %.*s", STR_ARG(x->place), STR_ARG(x->what), STR_ARG(x->mend));
	else if (e == ERR_INPUT)
		snprintf(why, sizeof why, "%lld rows would be rejected", (long long)j->import.n_rejected);
	else if (e != OK && !j->stopped)
		snprintf(why, sizeof why, "%s",
		        e == ERR_FULL     ? "the disk is full"
		        : e == ERR_MEMORY ? "it needs more memory than one import may have"
		        : e == ERR_ABSENT ? "the upload is gone"
		                          : "the program could not write it; see the log");
	put_text(b->why, sizeof b->why, str_of(why));
	atomic_store(&b->state, e == OK          ? TASK_DONE
	                        : j->stopped     ? TASK_STOPPED
	                        : e == ERR_INPUT ? TASK_REFUSED
	                                         : TASK_FAILED);
}

static void *
run_thread(void *what)
{
	struct task *t = what;
	struct import_job j = { 0 };
	struct arena a;
	struct faults f;
	enum err e;

	arena_init(&a, (size_t)1 << 30);
	faults_init(&f, &a);
	pthread_mutex_lock(&turn);
	e = run(t, &a, &f, &j);
	pthread_mutex_unlock(&turn);
	if (e != OK && e != ERR_INPUT && !j.stopped)
		log_error("import of %s: %s %s", t->board->name, err_name(e), db_message());
	finish(t->board, &j, &f, e);
	arena_fini(&a);
	board_close(t->fd, t->board); /* the lock goes with it */
	free(t);
	atomic_fetch_sub(&n_running, 1);
	return NULL;
}

static enum err
thread_start(struct task *t)
{
	pthread_t thread;
	struct task *own = malloc(sizeof *own);

	if (!own)
		return ERR_MEMORY;
	*own = *t;
	atomic_fetch_add(&n_running, 1);
	if (pthread_create(&thread, NULL, run_thread, own) == 0) {
		pthread_detach(thread);
		return OK;
	}
	atomic_fetch_sub(&n_running, 1);
	free(own);
	return ERR_BUSY;
}

/* Who looks on holds the lock for an instant, too. */
static bool
lock_soon(int fd)
{
	for (int i = 0; i < 20; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		usleep(5000);
	}
	return false;
}

enum err
task_start(struct db *d, struct arena *a, const struct task_order *o)
{
	struct task t = { .db = d };
	const char *path;
	enum err e = board_path(a, o->org, o->upload, &path);

	if (e != OK)
		return e;
	if (o->map.n >= MAP_MOST)
		return ERR_LARGE;
	t.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (t.fd < 0)
		return ERR_IO;
	if (!lock_soon(t.fd))
		e = ERR_BUSY;
	else if (ftruncate(t.fd, sizeof(struct board)) != 0)
		e = ERR_FULL;
	else if (!(t.board = board_map(t.fd)))
		e = ERR_IO;
	if (e != OK) {
		close(t.fd);
		return e;
	}
	board_fill(t.board, o);
	e = atomic_load(&ending) ? ERR_BUSY : thread_start(&t);
	if (e != OK) {
		atomic_store(&t.board->state, TASK_FAILED);
		board_close(t.fd, t.board);
	}
	return e;
}

/* ---- looking on ---- */

enum err
task_look(struct arena *a, id org, id upload, struct task_view *ret)
{
	struct board *b;
	int fd;
	enum err e = board_open(a, org, upload, &fd, &b);

	if (e != OK)
		return e;
	bool runs = flock(fd, LOCK_SH | LOCK_NB) != 0;
	int64_t state = atomic_load(&b->state);
	*ret = (struct task_view){ .state = state == TASK_RUNNING && !runs ? TASK_BROKEN : (enum task_state)state,
		.phase = (enum import_phase)atomic_load(&b->phase),
		.rows = atomic_load(&b->rows),
		.total = atomic_load(&b->total),
		.import = atomic_load(&b->import),
		.stopping = atomic_load(&b->stop) != 0,
		.why = state != TASK_RUNNING ? str_copy(a, str_of(b->why)) : (str){ 0 } };
	for (int k = 0; k < FATE_COUNT; k++)
		ret->fates[k] = atomic_load(&b->fates[k]);
	board_order(a, b, &ret->order);
	board_close(fd, b);
	return OK;
}

enum err
task_stop(struct arena *a, id org, id upload)
{
	struct board *b;
	int fd;
	enum err e = board_open(a, org, upload, &fd, &b);

	if (e != OK)
		return e;
	atomic_store(&b->stop, 1);
	board_close(fd, b);
	return OK;
}

bool
task_wait(struct arena *a, id org, id upload, int most_ms)
{
	for (int ms = 0;; ms += LOOK_EVERY_MS) {
		struct task_view v;
		if (task_look(a, org, upload, &v) != OK || v.state != TASK_RUNNING)
			return true;
		if (ms >= most_ms)
			return false;
		usleep(LOOK_EVERY_MS * 1000);
	}
}

void
task_end_all(void)
{
	atomic_store(&ending, true);
	while (atomic_load(&n_running))
		usleep(LOOK_EVERY_MS * 1000);
}
