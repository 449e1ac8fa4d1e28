#include "record/named.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/out.h"

enum { SETS_MOST = 100, TOUCHED_MOST = 5000, PAGE = 20000 };
enum { LOOK_AGAIN = 60, READ_AGAIN = 600, LET_GO = 3600 }; /* seconds */
#define BYTES_MOST ((size_t)1 << 30)

enum state { ASKED, SMALL, KEPT };

struct kept {
	struct kept *next;
	id org;
	const struct record *record;
	const char *field;
	atomic_int_fast64_t used; /* second */
	int64_t looked;           /* second: read, or found small; the keeper's alone */
	enum state state;
	int64_t seq; /* change sets up to this one are in it */
	struct words *words;
};

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct kept *all;
static atomic_size_t least; /* 0: closed */

static int64_t
second(void)
{
	return clock_steady_us() / 1000000;
}

void
named_open(size_t rows)
{
	atomic_store(&least, rows);
}

void
named_close(void)
{
	atomic_store(&least, 0);
	pthread_rwlock_wrlock(&lock);
	while (all) {
		struct kept *k = all;
		all = k->next;
		words_free(k->words);
		free(k);
	}
	pthread_rwlock_unlock(&lock);
}

/* ---- what changed ---- */

static int
by_id(const void *x, const void *y)
{
	const id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* Sets after seq and those that have none yet, at most SETS_MOST + 1. */
static enum err
read_sets(struct conn *c, struct arena *a, id org, int64_t seq, id *sets, size_t *ret_n)
{
	struct rows rows;
	size_t n = 0;
	enum err e = db_query(c, a,
	        "select id from (select id from change_set where org_id = $1 and seq > $2 order by seq limit $3) x "
	        "union all select id from (select id from change_set where org_id = $1 and seq is null limit $3) y",
	        DB_ARGS(DB_I(org), DB_I(seq), DB_I(SETS_MOST + 1)), &rows);

	if (e != OK)
		return e;
	while (n <= SETS_MOST && db_next(&rows))
		sets[n++] = db_int(&rows, 0);
	*ret_n = n;
	return db_end(&rows);
}

struct ids {
	id *items;
	size_t n, cap;
};

/* The rows that a set made, removed or gave another name, from its line `from` on, until there are `most`; ret_next:
   the line to go on with, 0 at the end. */
static enum err
read_lines(struct conn *c, struct arena *a, const struct kept *k, id set, int64_t from, size_t most, struct ids *to,
        int64_t *ret_next)
{
	struct rows rows;
	size_t room = most - to->n, n = 0;
	enum err e = db_query(c, a,
	        "select n, row_id from change_line where org_id = $1 and set_id = $2 and n >= $3 and record = $4 and "
	        "field in ('', '-', $5) order by n limit $6",
	        DB_ARGS(DB_I(k->org), DB_I(set), DB_I(from), DB_T(str_of(k->record->name)), DB_T(str_of(k->field)),
	                DB_I((int64_t)room)),
	        &rows);

	*ret_next = 0;
	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, to->items, to->n, to->cap);
		to->items[to->n++] = db_int(&rows, 1);
		*ret_next = db_int(&rows, 0) + 1;
		n++;
	}
	if (n < room)
		*ret_next = 0;
	return db_end(&rows);
}

/* Each once, by size. */
static void
once(struct ids *x)
{
	size_t n = 0;

	if (x->n)
		qsort(x->items, x->n, sizeof *x->items, by_id);
	for (size_t i = 0; i < x->n; i++)
		if (!n || x->items[n - 1] != x->items[i])
			x->items[n++] = x->items[i];
	x->n = n;
}

static str
json_of(struct arena *a, const id *ids, size_t n)
{
	struct out o;

	out_init(&o, 0);
	for (size_t i = 0; i < n; i++)
		out_fmt(&o, "%s%lld", i ? "," : "[", (long long)ids[i]);
	out_z(&o, n ? "]" : "[]");
	str all_of_it = out_all(&o, a);
	out_fini(&o);
	return all_of_it;
}

/* Those rows, as they are called now; what is gone is not among them. */
static enum err
read_names(struct conn *c, struct arena *a, const struct kept *k, const struct ids *x, struct rows *ret)
{
	str sql = str_fmt(a,
	        "select t.id, t.%s_key from {lite:json_each($2)|pg:json_array_elements_text(cast($2 as json))} j cross "
	        "join %s t where t.org_id = $1 and t.id = cast(j.value as bigint)",
	        k->field, k->record->table);

	return db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(k->org), DB_T(json_of(a, x->items, x->n))), ret);
}

/* ---- asking ---- */

static struct kept *
look_up(id org, const struct record *r, const char *field)
{
	struct kept *k = all;

	while (k && (k->org != org || k->record != r || strcmp(k->field, field) != 0))
		k = k->next;
	return k;
}

/* The one; made where there is none, so that the keeper meets it. NULL: no memory. */
static struct kept *
kept_of(id org, const struct record *r, const char *field)
{
	struct kept *k;

	pthread_rwlock_rdlock(&lock);
	k = look_up(org, r, field);
	pthread_rwlock_unlock(&lock);
	if (!k) {
		pthread_rwlock_wrlock(&lock);
		k = look_up(org, r, field);
		if (!k && (k = calloc(1, sizeof *k))) {
			*k = (struct kept){ .next = all, .org = org, .record = r, .field = field };
			all = k;
		}
		pthread_rwlock_unlock(&lock);
	}
	if (k)
		atomic_store(&k->used, second());
	return k;
}

/* What changed since it was read, when that is little. */
static enum err
read_touched(struct conn *c, struct arena *a, const struct kept *k, int64_t seq, struct ids *ret, bool *ret_few)
{
	id *sets = arena_new(a, id, SETS_MOST + 1);
	size_t n;
	int64_t next = 0;
	enum err e = read_sets(c, a, k->org, seq, sets, &n);

	*ret_few = e == OK && n <= SETS_MOST;
	for (size_t i = 0; e == OK && *ret_few && i < n; i++) {
		e = read_lines(c, a, k, sets[i], 0, TOUCHED_MOST + 1, ret, &next);
		*ret_few = ret->n <= TOUCHED_MOST;
	}
	once(ret);
	return e;
}

static enum err
try_touched(struct conn *c, struct arena *a, const struct kept *k, const struct words_ask *ask, const struct ids *x,
        struct named_found *ret, size_t *cap)
{
	struct rows rows;
	enum err e = read_names(c, a, k, x, &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		str key = db_text_raw(&rows, 1);
		struct words_hit h = { db_int(&rows, 0), words_fit(ask, key), words_more(ask, key.n) };
		if (h.errors < 0)
			continue;
		arena_grow(a, ret->hits, ret->n, *cap);
		ret->hits[ret->n++] = h;
	}
	return db_end(&rows);
}

enum err
named_find(struct conn *c, struct arena *a, id org, const struct record *r, const char *field,
        const struct words_ask *asked, struct named_found *ret)
{
	struct words_ask ask = *asked;
	struct ids touched = { 0 };
	struct words_hit *hits = NULL;
	struct kept *k;
	size_t n = 0, cap = 0;
	bool few;
	int64_t seq;
	enum err e;

	*ret = (struct named_found){ 0 };
	if (!atomic_load(&least) || !(k = kept_of(org, r, field)))
		return OK;
	pthread_rwlock_rdlock(&lock);
	bool there = k->state == KEPT;
	seq = k->seq;
	pthread_rwlock_unlock(&lock);
	if (!there)
		return OK;
	e = read_touched(c, a, k, seq, &touched, &few);
	if (e != OK || !few)
		return e;
	if (touched.n)
		e = try_touched(c, a, k, &ask, &touched, ret, &cap);
	if (e != OK)
		return e;
	ask.except = touched.items;
	ask.n_except = touched.n;
	pthread_rwlock_rdlock(&lock);
	/* the keeper may have gone on meanwhile: then it knows more, and what was touched is left out all the same */
	ret->known = k->state == KEPT;
	if (ret->known)
		words_find(k->words, a, &ask, &hits, &n);
	pthread_rwlock_unlock(&lock);
	for (size_t i = 0; i < n; i++) {
		arena_grow(a, ret->hits, ret->n, cap);
		ret->hits[ret->n++] = hits[i];
	}
	if (ret->n)
		qsort(ret->hits, ret->n, sizeof *ret->hits, words_by_fit);
	if (ret->n > ask.most)
		ret->n = ask.most;
	return OK;
}

str
named_json(struct arena *a, const struct words_hit *hits, size_t n)
{
	id *ids = arena_new(a, id, n + 1);

	for (size_t i = 0; i < n; i++)
		ids[i] = hits[i].row;
	return json_of(a, ids, n);
}

/* ---- keeping ---- */

/* Everything, in pieces: PostgreSQL holds all rows of a query in memory. */
static enum err
read_all(struct conn *c, struct arena *a, const struct kept *k, struct words *to)
{
	str sql = str_fmt(a, "select id, %s_key from %s where org_id = $1 and id > $2 order by id limit $3", k->field,
	        k->record->table);
	const char *z = str_z(a, sql);
	id last = 0;
	size_t n = PAGE;
	bool room = true;
	enum err e = OK;

	while (e == OK && n == PAGE && room) {
		struct rows rows;
		n = 0;
		e = db_query(c, a, z, DB_ARGS(DB_I(k->org), DB_I(last), DB_I(PAGE)), &rows);
		while (e == OK && db_next(&rows)) {
			last = db_int(&rows, 0);
			room = room && words_put(to, last, db_text_raw(&rows, 1));
			n++;
		}
		if (e == OK)
			e = db_end(&rows);
	}
	room = room && words_settle(to) && words_bytes(to) < BYTES_MOST;
	return e == OK && !room ? ERR_MEMORY : e;
}

static enum err
last_seq(struct conn *c, id org, int64_t *ret)
{
	enum err e = db_one_int(c,
	        "select seq from change_set where org_id = $1 and seq is not null order by seq desc limit 1",
	        DB_ARGS(DB_I(org)), ret);

	if (e == ERR_ABSENT)
		*ret = 0;
	return e == ERR_ABSENT ? OK : e;
}

static void
put(struct kept *k, enum state state, struct words *w, int64_t seq)
{
	pthread_rwlock_wrlock(&lock);
	struct words *old = k->words;
	k->words = w;
	k->seq = seq;
	k->state = state;
	pthread_rwlock_unlock(&lock);
	words_free(old);
}

static enum err
build(struct conn *c, struct arena *a, struct kept *k)
{
	struct words *w = words_new();
	int64_t seq = 0;
	enum err e = w ? last_seq(c, k->org, &seq) : ERR_MEMORY;

	if (e == OK)
		e = read_all(c, a, k, w);
	if (e == OK) {
		put(k, KEPT, w, seq);
		return OK;
	}
	words_free(w);
	put(k, SMALL, NULL, 0);
	if (e == ERR_MEMORY)
		log_warn("the names of %s do not fit into memory; they are looked through", k->record->table);
	return e == ERR_MEMORY ? OK : e;
}

static enum err
look(struct conn *c, struct arena *a, struct kept *k)
{
	int64_t n = 0, most = (int64_t)atomic_load(&least);
	str sql = str_fmt(
	        a, "select count(*) from (select 1 as one from %s where org_id = $1 limit $2) x", k->record->table);
	enum err e = db_one_int(c, str_z(a, sql), DB_ARGS(DB_I(k->org), DB_I(most)), &n);

	k->looked = second();
	if (e == OK && most && n >= most)
		return build(c, a, k);
	put(k, SMALL, NULL, 0);
	return e;
}

/* One page of what a set touched, put in. */
static enum err
put_touched(struct conn *c, struct arena *a, struct kept *k, struct ids *x)
{
	struct rows rows;
	size_t n = 0;
	enum err e;

	once(x);
	str *keys = arena_new(a, str, x->n + 1);
	e = read_names(c, a, k, x, &rows);
	while (e == OK && db_next(&rows)) {
		id row = db_int(&rows, 0), *at = bsearch(&row, x->items, x->n, sizeof row, by_id);
		if (at)
			keys[at - x->items] = db_text(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e != OK)
		return e;
	pthread_rwlock_wrlock(&lock);
	bool room = true;
	while (room && n < x->n) {
		room = words_put(k->words, x->items[n], keys[n]);
		n++;
	}
	room = room && words_settle(k->words);
	pthread_rwlock_unlock(&lock);
	return room ? OK : ERR_MEMORY;
}

static enum err
put_set(struct conn *c, struct kept *k, id set)
{
	int64_t next = 0;
	enum err e;

	do {
		struct ids x = { 0 };
		struct arena own;
		arena_init(&own, (size_t)256 << 20);
		e = read_lines(c, &own, k, set, next, PAGE, &x, &next);
		if (e == OK && x.n)
			e = put_touched(c, &own, k, &x);
		arena_fini(&own);
	} while (e == OK && next);
	return e;
}

/* Sealed sets alone, in their order: one that is not sealed yet is looked at by whoever asks. */
static enum err
catch_up(struct conn *c, struct arena *a, struct kept *k)
{
	id sets[SETS_MOST];
	int64_t seq[SETS_MOST];
	size_t n = 0;
	struct rows rows;
	enum err e =
	        db_query(c, a, "select id, seq from change_set where org_id = $1 and seq > $2 order by seq limit $3",
	                DB_ARGS(DB_I(k->org), DB_I(k->seq), DB_I(SETS_MOST)), &rows);

	if (e != OK)
		return e;
	for (; n < SETS_MOST && db_next(&rows); n++) {
		sets[n] = db_int(&rows, 0);
		seq[n] = db_int(&rows, 1);
	}
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++) {
		e = put_set(c, k, sets[i]);
		if (e == OK) {
			pthread_rwlock_wrlock(&lock);
			k->seq = seq[i];
			pthread_rwlock_unlock(&lock);
		}
	}
	return e;
}

/* What was erased or called otherwise is gone from memory within minutes; many of those are read anew at once. */
static bool
is_worn(const struct kept *k)
{
	size_t stale = words_stale(k->words);

	return stale > words_rows(k->words) / 8 || (stale && second() - k->looked > READ_AGAIN);
}

static enum err
keep_one(struct conn *c, struct arena *a, void *what)
{
	struct kept *k = what;
	enum err e = k->state == KEPT && !is_worn(k) ? catch_up(c, a, k) : look(c, a, k);

	/* what could not be caught up with is no longer right */
	if (e != OK && k->state == KEPT)
		put(k, SMALL, NULL, 0);
	return e;
}

/* Is there anything to do? A small table may have grown when it is asked for again. */
static bool
is_due(struct kept *k)
{
	int64_t unused = second() - atomic_load(&k->used);

	if (k->state == KEPT && unused > LET_GO)
		put(k, SMALL, NULL, 0);
	return k->state != SMALL || (second() - k->looked > LOOK_AGAIN && unused < LOOK_AGAIN);
}

enum err
named_renew(struct db *d, struct arena *a)
{
	struct kept *first;
	enum err e = OK;

	pthread_rwlock_rdlock(&lock);
	first = all;
	pthread_rwlock_unlock(&lock);
	/* they come in front and stay until the end, so the rest of the list is nobody else's */
	for (struct kept *k = first; k; k = k->next) {
		enum err one = is_due(k) ? db_read(d, a, keep_one, k) : OK;
		e = e == OK ? one : e;
	}
	return e;
}
