/* The one thread that writes to a SQLite database: a savepoint per job but the first, one COMMIT and so one fsync per
   batch. While a batch is being synced the next one gathers by itself; nobody waits for company. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "db/lite.h"

#define BATCH_US     INT64_C(10000) /* no further job is begun in a batch that has run so long */
#define LOG_FRAMES   500            /* pages of 8 KiB in the log from which it is copied into the database */
#define LOG_TOO_LONG 4096           /* from here on readers are waited for, so that the log can start anew */
#define LOG_MOST     32768          /* from here on jobs wait for the copying */
#define LOG_FEW      250            /* pages that may be copied while writers wait */
#define RESTART_US   INT64_C(200000)

struct lite_job {
	db_work *fn;
	void *what;
	struct arena *arena;
	enum err err;
	bool done;
	pthread_cond_t ready;
	struct lite_job *next;
	char message[MESSAGE_SIZE];
};

/* The queue. */

static struct lite_job *
take_locked(struct lite_writer *w)
{
	struct lite_job *job = w->first;
	if (job) {
		w->first = job->next;
		if (!w->first)
			w->last = &w->first;
		job->next = NULL;
	}
	return job;
}

static struct lite_job *
take(struct lite_writer *w)
{
	pthread_mutex_lock(&w->lock);
	struct lite_job *job = take_locked(w);
	pthread_mutex_unlock(&w->lock);
	return job;
}

/* NULL: asked to stop, and nothing is left to do. */
static struct lite_job *
wait_for_job(struct lite_writer *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->stop)
		pthread_cond_wait(&w->work, &w->lock);
	struct lite_job *job = take_locked(w);
	pthread_mutex_unlock(&w->lock);
	return job;
}

static void
answer(struct lite_writer *w, struct lite_job *jobs)
{
	pthread_mutex_lock(&w->lock);
	while (jobs) {
		struct lite_job *next = jobs->next; /* the job is on its caller's stack and gone once done is seen */
		jobs->done = true;
		pthread_cond_signal(&jobs->ready);
		jobs = next;
	}
	pthread_mutex_unlock(&w->lock);
}

enum err
lite_write(struct db *d, struct arena *a, db_work *fn, void *what)
{
	struct lite_writer *w = &((struct lite *)d)->writer;
	struct lite_job job = { .fn = fn, .what = what, .arena = a };
	assert(!pthread_equal(pthread_self(), w->thread)); /* a job that waits for a job waits for ever */
	pthread_cond_init(&job.ready, NULL);
	pthread_mutex_lock(&w->lock);
	*w->last = &job;
	w->last = &job.next;
	pthread_cond_signal(&w->work);
	while (!job.done)
		pthread_cond_wait(&job.ready, &w->lock);
	pthread_mutex_unlock(&w->lock);
	pthread_cond_destroy(&job.ready);
	if (job.err != OK)
		message_keep(job.message);
	return job.err;
}

/* A batch. */

/* A deferred foreign key is looked at by COMMIT only, where it would fail the whole batch. */
static enum err
check_references(struct lite_conn *c)
{
	int broken = 0, unused = 0;
	sqlite3_db_status(c->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &unused, 0);
	return broken ? conn_fail(&c->conn, ERR_DB, "a deferred foreign key points nowhere") : OK;
}

/* What a job that went wrong wrote goes again; alone in the transaction, with the transaction. */
static enum err
undo_job(struct lite_conn *c, bool alone)
{
	enum err e = lite_control(c, alone ? LITE_ROLLBACK : LITE_JOB_UNDO);
	return e == OK ? lite_control(c, alone ? LITE_BEGIN_WRITE : LITE_JOB_KEEP) : e;
}

/* Not OK only when SQLite has rolled back the whole transaction by itself, or the savepoint cannot be had. alone:
   nothing of another job is in the transaction, so that no savepoint is needed. Under one SQLite copies every page
   before its first change, and at the end of each statement walks along the copies that it holds in memory. */
static enum err
run_job(struct lite_conn *c, struct lite_job *job, bool alone)
{
	conn_fresh(&c->conn);
	enum err e = alone ? OK : lite_control(c, LITE_JOB_BEGIN);
	if (e != OK)
		return e;
	job->err = conn_work(&c->conn, job->arena, job->fn, job->what);
	bool lost = sqlite3_get_autocommit(c->handle);
	assert(!lost || job->err != OK); /* else the job has ended our transaction */
	if (job->err == OK)
		job->err = check_references(c);
	if (job->err != OK)
		memcpy(job->message, c->conn.message, MESSAGE_SIZE);
	if (lost)
		return job->err;
	if (job->err != OK)
		return undo_job(c, alone);
	return alone ? OK : lite_control(c, LITE_JOB_KEEP);
}

static enum err
commit(struct lite_conn *c, enum err e)
{
	if (e == OK)
		e = lite_control(c, LITE_COMMIT);
	if (e != OK && !sqlite3_get_autocommit(c->handle)) {
		char message[MESSAGE_SIZE];
		memcpy(message, c->conn.message, sizeof message);
		(void)lite_control(c, LITE_ROLLBACK);
		memcpy(c->conn.message, message, sizeof message);
	}
	return e;
}

/* What became of the batch becomes of every job that thought it was well. */
static void
settle_jobs(struct lite *l, struct lite_job *jobs, enum err e)
{
	int kept = 0;
	for (struct lite_job *job = jobs; job; job = job->next) {
		if (job->err == OK && e != OK) {
			job->err = e;
			memcpy(job->message, l->writer.conn->conn.message, MESSAGE_SIZE);
		}
		kept += job->err == OK;
	}
	atomic_fetch_add(&l->db.transactions, kept);
	if (kept)
		atomic_fetch_add(&l->db.batches, 1);
}

static void
run_batch(struct lite *l, struct lite_job *first)
{
	struct lite_writer *w = &l->writer;
	struct lite_job *last = NULL;
	int64_t since = clock_steady_us();
	bool alone = true;
	int n = 0;
	conn_fresh(&w->conn->conn);
	enum err e = lite_control(w->conn, LITE_BEGIN_WRITE);
	lite_stop_asking(w->conn);
	for (struct lite_job *job = first; job;) {
		if (last)
			last->next = job;
		last = job;
		if (e == OK)
			e = run_job(w->conn, job, alone);
		alone = alone && job->err != OK;
		bool more = ++n < l->db.options.batch && (e != OK || clock_steady_us() - since < BATCH_US);
		job = more ? take(w) : NULL;
	}
	settle_jobs(l, first, commit(w->conn, e));
	answer(w, first);
}

/* How many pages the log holds, and how many of them are in the database now. */
static void
copy_log(struct lite_conn *c, int how, int *ret_log, int *ret_copied)
{
	int rc = sqlite3_wal_checkpoint_v2(c->handle, NULL, how, ret_log, ret_copied);
	if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
		(void)lite_fail(
		        c, rc); /* a failed fsync ends the process; anything else is tried again after the next batch */
}

/* Readers and writers go on meanwhile. A log that is long all the same is begun anew: that holds them up, but only for
   the few pages written since. */
static int
copy(struct lite_conn *c)
{
	int n = 0, copied = 0;
	copy_log(c, SQLITE_CHECKPOINT_PASSIVE, &n, &copied);
	if (n > LOG_TOO_LONG && n - copied < LOG_FEW) {
		sqlite3_busy_timeout(c->handle, RESTART_US / 1000);
		copy_log(c, SQLITE_CHECKPOINT_RESTART, &n, &copied);
		lite_waits(c);
	}
	return n - copied;
}

static void *
copier_main(void *what)
{
	struct lite_writer *w = what;
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->copy_due && !w->copy_stop)
			pthread_cond_wait(&w->copy, &w->lock);
		if (w->copy_stop)
			break;
		w->copy_due = false;
		pthread_mutex_unlock(&w->lock);
		int left = copy(w->copies);
		pthread_mutex_lock(&w->lock);
		if (!w->copy_due)
			w->log_frames = left;
		pthread_cond_broadcast(&w->copied);
	}
	w->log_frames = 0;
	pthread_cond_broadcast(&w->copied);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* A log that has grown is copied into the database by the copier, while jobs go on. */
static void
checkpoint(struct lite_writer *w)
{
	if (w->conn->wal_frames < LOG_FRAMES)
		return;
	pthread_mutex_lock(&w->lock);
	w->log_frames = w->conn->wal_frames;
	w->copy_due = true;
	pthread_cond_signal(&w->copy);
	if (w->conn->wal_frames > LOG_MOST) /* the disk cannot follow: everybody waits, once a batch */
		pthread_cond_wait(&w->copied, &w->lock);
	pthread_mutex_unlock(&w->lock);
	w->conn->wal_frames = 0;
}

void
lite_catch_up(struct db *d)
{
	struct lite_writer *w = &((struct lite *)d)->writer;
	pthread_mutex_lock(&w->lock);
	while (w->log_frames >= LOG_FRAMES && !w->copy_stop) {
		int before = w->log_frames;
		w->copy_due =
		        true; /* the last copy may be over, held up by a reader: without a new one nobody wakes us */
		pthread_cond_signal(&w->copy);
		pthread_cond_wait(&w->copied, &w->lock);
		if (!w->copy_due && w->log_frames >= before)
			break; /* a reader holds it up: not for us to wait */
	}
	pthread_mutex_unlock(&w->lock);
}

static void *
writer_main(void *what)
{
	struct lite *l = what;
	for (struct lite_job *job; (job = wait_for_job(&l->writer));) {
		run_batch(l, job);
		checkpoint(&l->writer);
	}
	return NULL;
}

/* Starting and stopping. */

static void
stop_copier(struct lite_writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->copy_stop = true;
	pthread_cond_signal(&w->copy);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->copier, NULL);
}

enum err
lite_writer_start(struct lite *l, char ret_message[MESSAGE_SIZE])
{
	struct lite_writer *w = &l->writer;
	enum err e = lite_conn_open(l, true, &w->conn, ret_message);
	if (e != OK)
		return e;
	e = lite_conn_open(l, false, &w->copies, ret_message);
	if (e != OK) {
		lite_conn_close(w->conn);
		w->conn = NULL;
		return e;
	}
	w->last = &w->first;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	pthread_cond_init(&w->copy, NULL);
	pthread_cond_init(&w->copied, NULL);
	if (pthread_create(&w->copier, NULL, copier_main, w) == 0) {
		if (pthread_create(&w->thread, NULL, writer_main, l) == 0)
			return OK;
		stop_copier(w);
	}
	snprintf(ret_message, MESSAGE_SIZE, "no thread for writing");
	pthread_cond_destroy(&w->copied);
	pthread_cond_destroy(&w->copy);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->lock);
	lite_conn_close(w->copies);
	lite_conn_close(w->conn);
	w->conn = NULL;
	return ERR_MEMORY;
}

void
lite_writer_stop(struct lite *l)
{
	struct lite_writer *w = &l->writer;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	stop_copier(w);
	lite_conn_close(w->copies);
	(void)sqlite3_exec(w->conn->handle, "pragma optimize", NULL, NULL, NULL);
	conn_fresh(&w->conn->conn);
	lite_conn_close(w->conn);
	w->conn = NULL;
	pthread_cond_destroy(&w->copied);
	pthread_cond_destroy(&w->copy);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->lock);
}
