#include "app/live.h"

#include "app/live_pair.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "json/json.h"

#define SETS_KEPT 4096 /* told already; commits of several writers do not come in the order of their ids */
#define LOOK_BACK (INT64_C(3000) << 12)
#define IDS_MOST  200 /* of one record: beyond it pages are told the kind alone */

/* An open stream: its session is looked at every second, so that a revoked one ends (it is in no table of ours). */
struct watcher {
	id session, org, person;
};

struct live {
	struct db *db;
	struct http_server *server;
	pthread_t thread;
	int wake; /* eventfd: written after each commit */
	atomic_bool stop;
	pthread_mutex_t lock; /* of the watchers */
	struct watcher watchers[2048];
	size_t n_watchers;
	/* the thread's own */
	id told[SETS_KEPT];
	size_t n_told;
	id from;
};

static struct live *_Atomic poke_to;

/* After each commit (change_committed). */
static void
poke(void)
{
	struct live *l = atomic_load(&poke_to);

	if (l && eventfd_write(l->wake, 1) != 0)
		log_warn("live updates come a second late");
}

/* False when there are too many. */
static bool
watch(struct live *l, const struct actor *a)
{
	bool known = false, room;

	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->n_watchers && !known; i++)
		known = l->watchers[i].session == a->session;
	room = known || l->n_watchers < sizeof l->watchers / sizeof *l->watchers;
	if (room && !known)
		l->watchers[l->n_watchers++] = (struct watcher){ a->session, a->org, a->person };
	pthread_mutex_unlock(&l->lock);
	return room;
}

static void
forget(struct live *l, id session)
{
	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->n_watchers; i++)
		if (l->watchers[i].session == session)
			l->watchers[i--] = l->watchers[--l->n_watchers];
	pthread_mutex_unlock(&l->lock);
}

static struct watcher *
watchers_now(struct live *l, struct arena *a, size_t *ret_n)
{
	pthread_mutex_lock(&l->lock);
	struct watcher *w = arena_new(a, struct watcher, l->n_watchers + 1);
	if (l->n_watchers)
		memcpy(w, l->watchers, l->n_watchers * sizeof *w);
	*ret_n = l->n_watchers;
	pthread_mutex_unlock(&l->lock);
	return w;
}

/* ---- what is told ---- */

static bool
told(struct live *l, id set)
{
	for (size_t i = 0; i < SETS_KEPT; i++)
		if (l->told[i] == set)
			return true;
	return false;
}

/* O5: that something changed in what a company reads alike is told with its id; sessions, notes, scorecards and
   accounts of misses are not told at all (of a session the two alone hear: live_pair.h). Under a stricter profile deals
   are told by kind, without ids. */
static bool
is_told(const struct record *r)
{
	return r && (r->matter == MATTER_COMPANY || r->matter == MATTER_PEOPLE || r->matter == MATTER_DEALS ||
	                    r->matter == MATTER_LEADERSHIP);
}

struct news {
	const struct record *record;
	id *rows;
	size_t n, cap;
};

struct bulletin {
	struct arena *arena;
	struct news news[64]; /* to all of the company */
	size_t n;
	id last;
	bool closed; /* the company's profile is stricter than open */
	struct live_pair pairs[LIVE_PAIRS];
	size_t n_pairs;
};

static void
note_row(struct bulletin *b, const struct record *r, id row)
{
	struct news *n = NULL;

	for (size_t i = 0; i < b->n && !n; i++)
		if (b->news[i].record == r)
			n = &b->news[i];
	if (!n) {
		if (b->n == sizeof b->news / sizeof *b->news)
			return;
		n = &b->news[b->n++];
		*n = (struct news){ .record = r };
	}
	for (size_t i = 0; i < n->n && n->n <= IDS_MOST; i++)
		if (n->rows[i] == row)
			return;
	if (n->n > IDS_MOST)
		return;
	arena_grow(b->arena, n->rows, n->n, n->cap);
	n->rows[n->n++] = row;
}

static void
tell(struct live *l, id org, const struct bulletin *b)
{
	struct out o;
	struct json j;

	if (!b->n)
		return;
	out_init(&o, 0);
	json_init(&j, &o);
	json_object(&j);
	for (size_t i = 0; i < b->n; i++) {
		const struct news *n = &b->news[i];
		json_key(&j, n->record->name);
		json_array(&j);
		for (size_t k = 0; k < n->n && n->n <= IDS_MOST && !b->closed; k++)
			json_str(&j, id_text(b->arena, n->rows[k]));
		json_end(&j);
	}
	json_end(&j);
	http_sse(l->server, org, STR("changed"), b->last, out_all(&o, b->arena));
	out_fini(&o);
}

/* C4: the two of a session hear of it, whoever of them wrote; nobody else does. */
static void
tell_pairs(struct live *l, id org, const struct bulletin *b, const struct watcher *w, size_t n)
{
	for (size_t i = 0; i < b->n_pairs; i++) {
		const struct live_pair *p = &b->pairs[i];
		str data = str_fmt(b->arena, "{\"session\":[\"%.*s\"]}", STR_ARG(id_text(b->arena, p->session)));
		for (size_t k = 0; k < n; k++)
			if (w[k].org == org && live_pair_has(p, w[k].person))
				http_sse_to(l->server, org, w[k].session, STR("changed"), b->last, data);
	}
}

static enum err
read_changes(struct live *l, struct conn *c, struct arena *a, id org, struct bulletin *b)
{
	struct rows rows;
	id sets[512];
	size_t n = 0;
	enum err e = db_query(c, a,
	        "select s.id, l.record, l.row_id from change_set s join change_line l on l.org_id = s.org_id and "
	        "l.set_id "
	        "= s.id where s.org_id = $1 and s.id > $2 order by s.id, l.n limit 20000",
	        DB_ARGS(DB_I(org), DB_I(l->from)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		id set = db_int(&rows, 0);
		if (told(l, set))
			continue;
		if ((!n || sets[n - 1] != set) && n < sizeof sets / sizeof *sets)
			sets[n++] = set;
		b->last = set;
		const struct record *r = record_find(db_text_raw(&rows, 1));
		if (is_told(r))
			note_row(b, r, db_int(&rows, 2));
		live_pair_note(b->pairs, &b->n_pairs, r, db_int(&rows, 2));
	}
	for (size_t i = 0; i < n; i++)
		l->told[l->n_told++ % SETS_KEPT] = sets[i];
	return db_end(&rows);
}

static enum err
is_closed(struct conn *c, id org, bool *ret)
{
	int64_t n;
	enum err e = db_one_int(c,
	        "select 1 from company where org_id = $1 and id = $1 and profile in ('line', 'agreement')",
	        DB_ARGS(DB_I(org)), &n);

	*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

static void
look(struct live *l, struct conn *c, struct arena *a, const struct watcher *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct bulletin b = { .arena = a };
		bool before = false;
		for (size_t k = 0; k < i && !before; k++)
			before = w[k].org == w[i].org;
		if (before || is_closed(c, w[i].org, &b.closed) != OK || read_changes(l, c, a, w[i].org, &b) != OK)
			continue;
		tell(l, w[i].org, &b);
		if (live_pair_find(c, a, w[i].org, b.pairs, &b.n_pairs) == OK)
			tell_pairs(l, w[i].org, &b, w, n);
	}
}

/* Sessions that ended end their streams within a second. */
static void
end_streams(struct live *l, struct conn *c, const struct watcher *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t one;
		enum err e = db_one_int(c,
		        "select 1 from session where id = $1 and org_id = $2 and end_at > $3 and idle_until > $3",
		        DB_ARGS(DB_I(w[i].session), DB_I(w[i].org), DB_I(now())), &one);
		if (e == ERR_ABSENT) {
			http_sse_end(l->server, w[i].session);
			forget(l, w[i].session);
		}
	}
}

static void
turn(struct live *l, struct arena *a, bool sessions)
{
	struct conn *c;
	size_t n;
	struct watcher *w = watchers_now(l, a, &n);
	id start = id_new();

	if (n && db_begin_read(l->db, &c) == OK) {
		look(l, c, a, w, n);
		if (sessions)
			end_streams(l, c, w, n);
		db_end_read(l->db, c);
	}
	if (start - LOOK_BACK > l->from)
		l->from = start - LOOK_BACK;
}

/* Sessions are looked at so often, whatever else happens: a revoked one hears nothing more within a second. */
#define LOOK_AT_SESSIONS_US 700000

/* Until a commit, or until sessions are to be looked at, which `us` ago they were. True: there was a commit. */
static bool
sleep_until_poked(struct live *l, int64_t us)
{
	struct pollfd p = { .fd = l->wake, .events = POLLIN };
	int64_t left = us < LOOK_AT_SESSIONS_US ? LOOK_AT_SESSIONS_US - us : 0;
	eventfd_t n;

	return poll(&p, 1, (int)(left / 1000) + 1) > 0 && eventfd_read(l->wake, &n) == 0;
}

static void *
live_main(void *what)
{
	struct live *l = what;
	struct arena a;
	int64_t ended = 0;

	arena_init(&a, (size_t)64 << 20);
	while (!atomic_load(&l->stop)) {
		bool poked = sleep_until_poked(l, clock_steady_us() - ended);
		int64_t at = clock_steady_us();
		bool sessions = at - ended >= LOOK_AT_SESSIONS_US;
		turn(l, &a, sessions);
		ended = sessions ? at : ended;
		arena_reset(&a);
		if (poked)
			usleep(20000); /* a burst becomes one event */
	}
	arena_fini(&a);
	return NULL;
}

struct live *
live_open(struct db *d, struct http_server *s)
{
	struct live *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->db = d;
	l->server = s;
	l->from = id_new();
	l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&l->lock, NULL);
	if (l->wake < 0 || pthread_create(&l->thread, NULL, live_main, l)) {
		if (l->wake >= 0)
			close(l->wake);
		free(l);
		return NULL;
	}
	atomic_store(&poke_to, l);
	change_committed = poke;
	return l;
}

void
live_close(struct live *l)
{
	if (!l)
		return;
	atomic_store(&poke_to, NULL);
	atomic_store(&l->stop, true);
	eventfd_write(l->wake, 1);
	pthread_join(l->thread, NULL);
	close(l->wake);
	free(l);
}

/* ---- the page's side ---- */

/* A browser that comes back says what it heard last, a page when it was made; when more has happened, they are told to
   look again. */
static enum err
say_missed(struct request *r)
{
	int64_t last, n;
	str heard = http_header(r->http, "Last-Event-ID");

	if (!heard.n)
		heard = page_param(r, "since");
	if (!str_to_i64(heard, &last)) {
		out_lit(&r->answer->body, ": open\n\n");
		return OK;
	}
	enum err e =
	        db_one_int(r->conn, "select id from change_set where org_id = $1 and id > $2 order by id desc limit 1",
	                DB_ARGS(DB_I(r->actor.org), DB_I(last)), &n);
	if (e == OK)
		out_fmt(&r->answer->body, "event: missed\nid: %lld\ndata: {}\n\n", (long long)n);
	else
		out_lit(&r->answer->body, ": open\n\n");
	return e == ERR_ABSENT ? OK : e;
}

static enum err
live_stream(struct request *r)
{
	if (!r->actor.session || !r->env->live)
		return ERR_ABSENT;
	enum err e = say_missed(r);
	if (e != OK)
		return e;
	if (!watch(r->env->live, &r->actor))
		return ERR_BUSY;
	r->answer->stream = true;
	http_sse_key(r->answer, r->actor.session, r->actor.org);
	return OK;
}

const struct route live_routes[] = {
	{ HTTP_GET, "/live", POLICY_SIGNED_IN, live_stream, NULL, "Hear of changes", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
