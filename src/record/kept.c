#include "record/kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "record/kept_log.h"

enum state { MAKING, READY, GONE };

/* Freed by the last who holds it: the list, and each request that reads it. */
struct entry {
	struct entry *next; /* in the list, newest use first */
	struct keep *keep;
	struct arena arena; /* what the object points to, once it is ready */
	size_t bytes;       /* that it is counted with */
	size_t holders;
	enum state state;
	id org;
	uint64_t seen; /* how far the log was read when it was made */
	const struct kept_kind *kind;
	void *object;
	size_t n_key;
	char key[];
};

struct keep {
	pthread_mutex_t lock;
	pthread_cond_t made;
	struct entry *list;
	size_t bytes, most, uses; /* uses: entries that requests hold */
	bool closed;
	struct kept_log log;
};

/* ---- entries; all under the lock ---- */

static void
let_go(struct entry *x)
{
	if (--x->holders)
		return;
	arena_fini(&x->arena);
	free(x);
}

static void
take_out(struct keep *k, struct entry *x)
{
	struct entry **at = &k->list;

	while (*at && *at != x)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = x->next;
	k->bytes -= x->bytes;
	let_go(x);
}

static void
put_first(struct keep *k, struct entry *x)
{
	x->holders++;
	take_out(k, x);
	x->next = k->list;
	k->list = x;
	x->bytes = sizeof *x + x->n_key + (x->state == READY ? x->arena.used : 0);
	k->bytes += x->bytes;
	while (k->bytes > k->most && k->list) {
		struct entry *last = k->list;
		while (last->next)
			last = last->next;
		take_out(k, last);
	}
}

/* What holds no longer goes; what was made from more than the snapshot shows is not for it. */
static struct entry *
find(struct keep *k, id org, const struct kept_kind *kind, str key, const struct kept_rows *rows, uint64_t seen)
{
	for (struct entry *x = k->list, *next; x; x = next) {
		next = x->next;
		if (x->org != org || x->kind != kind || x->seen > seen || !str_eq((str){ x->key, x->n_key }, key))
			continue;
		if (!kept_log_touched(&k->log, org, kind->records, rows, x->seen))
			return x;
		take_out(k, x);
	}
	return NULL;
}

static struct entry *
add(struct keep *k, id org, const struct kept_kind *kind, str key, uint64_t seen)
{
	struct entry *x = calloc(1, sizeof *x + key.n);

	if (!x)
		return NULL;
	*x = (struct entry){
		.keep = k, .org = org, .seen = seen, .kind = kind, .state = MAKING, .holders = 1, .n_key = key.n
	};
	memcpy(x->key, key.s, key.n);
	arena_init(&x->arena, ARENA_CAP_REQUEST);
	put_first(k, x);
	return x;
}

/* Held for the asker: ready, or to be made by them; NULL: to be made for them alone. */
static struct entry *
hold(struct keep *k, id org, const struct kept_kind *kind, str key, const struct kept_rows *rows, uint64_t seen)
{
	struct entry *x = find(k, org, kind, key, rows, seen);

	if (!x)
		return add(k, org, kind, key, seen);
	x->holders++;
	while (x->state == MAKING) /* it ends with the request that makes it, at the latest */
		pthread_cond_wait(&k->made, &k->lock);
	if (x->state == READY) {
		put_first(k, x);
		return x;
	}
	let_go(x);
	return NULL;
}

/* ---- one request ---- */

static void
free_keep(struct keep *k)
{
	kept_log_fini(&k->log);
	pthread_cond_destroy(&k->made);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

/* The request is over: with what it read, or (its memory ran out) in the midst of making it. */
static void
end_use(void *what)
{
	struct entry *x = what;
	struct keep *k = x->keep;

	pthread_mutex_lock(&k->lock);
	if (x->state == MAKING) {
		x->state = GONE;
		take_out(k, x);
		pthread_cond_broadcast(&k->made);
	}
	let_go(x);
	k->uses--;
	bool last = k->closed && !k->uses;
	pthread_mutex_unlock(&k->lock);
	if (last)
		free_keep(k);
}

static enum err
make(struct conn *c, struct arena *a, const struct grant *g, const struct kept_kind *kind, const void *what, void *ret)
{
	memset(ret, 0, kind->size);
	return kind->make(c, a, g, what, ret);
}

/* Others see it from here on. */
static void
make_ready(struct entry *x, struct arena *a, const void *object)
{
	struct keep *k = x->keep;

	x->arena.landing = a->landing;
	x->object = arena_copy(&x->arena, object, x->kind->size);
	if (x->kind->copy)
		x->kind->copy(&x->arena, x->object);
	x->arena.landing = NULL;
	pthread_mutex_lock(&k->lock);
	x->state = READY;
	put_first(k, x);
	pthread_cond_broadcast(&k->made);
	pthread_mutex_unlock(&k->lock);
}

enum err
kept(struct conn *c, struct arena *a, const struct grant *g, const struct kept_kind *kind, str key, const void *what,
        void *ret)
{
	return kept_part(c, a, g, kind, key, NULL, what, ret);
}

/* The key of a part has its ids, so that every part is an entry of its own. */
enum err
kept_part(struct conn *c, struct arena *a, const struct grant *g, const struct kept_kind *kind, str key,
        const struct kept_rows *rows, const void *what, void *ret)
{
	struct keep *k = db_kept(c);
	struct entry *x = NULL;
	uint64_t seen = 0;
	enum err e = k ? kept_log_look(&k->log, c, a, g->org, &seen) : OK;

	if (e != OK)
		return e;
	if (seen) {
		pthread_mutex_lock(&k->lock);
		x = hold(k, g->org, kind, key, rows, seen);
		k->uses += x != NULL;
		pthread_mutex_unlock(&k->lock);
	}
	if (!x)
		return make(c, a, g, kind, what, ret);
	arena_defer(a, end_use, x);
	if (x->state == READY) {
		memcpy(ret, x->object, kind->size);
		return OK;
	}
	e = make(c, a, g, kind, what, ret);
	if (e == OK)
		make_ready(x, a, ret);
	return e;
}

str
kept_may(struct arena *a, const struct grant *g, const enum matter *matters, size_t n)
{
	str key = { 0 };
	bool person = false;

	grant_assert(g);
	for (size_t i = 0; i < n; i++) {
		enum reach reach = g->reach[matters[i]][ACT_READ];
		key = str_fmt(a, "%.*s%d ", STR_ARG(key), (int)reach);
		person |= reach != REACH_COMPANY && reach != REACH_NONE;
	}
	return str_fmt(a, "%.*s%lld", STR_ARG(key), person ? (long long)g->person : 0LL);
}

/* The database is closed: what a request still holds is freed with it. */
static void
drop(void *what)
{
	struct keep *k = what;

	pthread_mutex_lock(&k->lock);
	while (k->list)
		take_out(k, k->list);
	k->closed = true;
	bool last = !k->uses;
	pthread_mutex_unlock(&k->lock);
	if (last)
		free_keep(k);
}

enum err
kept_open(struct db *d, size_t most)
{
	struct keep *k = calloc(1, sizeof *k);

	if (!k)
		return ERR_MEMORY;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->made, NULL);
	kept_log_init(&k->log);
	k->most = most;
	db_keep(d, k, drop);
	return OK;
}
