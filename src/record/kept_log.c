#include "record/kept_log.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPEN_MOST = 512, /* change sets without a number: the sealer numbers them within a moment */
	NEW_MOST = 512,  /* seen at once; beyond it everything counts as touched */
	LINES_MOST = 20000,
	NAMES_MOST = 256,
	ORGS_MOST = 64,
	ROWS_MOST = 4096, /* touched last, one by one */
	AT_ONCE = 16,
	TRIES = 3
};

/* What a snapshot shows of the log: every set up to a number, and these without one. Numbers are given in the order of
   commits, without gaps; so two snapshots that show the same numbers and open sets show the same changes. */
struct view {
	int64_t seq;
	id open[OPEN_MOST];
	size_t n_open;
};

struct touch {
	char record[40];
	uint64_t at; /* the look that saw it */
};

struct row_touch {
	size_t record; /* among those touched */
	id row;
	uint64_t at;
};

struct kept_org {
	struct kept_org *next;
	id org;
	uint64_t number;     /* of the state in view */
	uint64_t everything; /* the look from which on nothing older holds */
	struct view view;
	struct touch touch[NAMES_MOST];
	size_t n_touch;
	struct row_touch rows[ROWS_MOST]; /* a ring */
	size_t next_row;
	uint64_t rows_from; /* the look from which on the ring has all */
};

struct news_row {
	str record;
	id row;
};

/* Sets that one snapshot shows beyond an earlier one. */
struct news {
	id set[NEW_MOST];
	size_t n;
	bool too_many;
	struct news_row *row;
	size_t n_rows, cap;
};

void
kept_log_init(struct kept_log *l)
{
	*l = (struct kept_log){ 0 };
	pthread_mutex_init(&l->lock, NULL);
}

void
kept_log_fini(struct kept_log *l)
{
	for (struct kept_org *o = l->orgs, *next; o; o = next) {
		next = o->next;
		free(o);
	}
	pthread_mutex_destroy(&l->lock);
}

/* ---- what is known; under the lock ---- */

static struct kept_org *
find_org(struct kept_log *l, id org)
{
	for (struct kept_org **at = &l->orgs; *at; at = &(*at)->next)
		if ((*at)->org == org) {
			struct kept_org *o = *at;
			*at = o->next;
			o->next = l->orgs;
			return l->orgs = o;
		}
	return NULL;
}

static void
add_org(struct kept_log *l, id org, const struct view *v)
{
	struct kept_org *o = calloc(1, sizeof *o), **at = &l->orgs;

	if (!o)
		return;
	for (int n = 1; *at && n < ORGS_MOST; n++)
		at = &(*at)->next;
	free(*at); /* the one not asked about for longest: what is kept of it holds no longer */
	*at = NULL;
	*o = (struct kept_org){ .next = l->orgs, .org = org, .number = ++l->last, .view = *v };
	o->everything = o->number;
	l->orgs = o;
}

static void
touch(struct kept_org *o, str record, id row)
{
	size_t i = 0;

	while (i < o->n_touch && !str_eq(str_of(o->touch[i].record), record))
		i++;
	if (i == NAMES_MOST || record.n >= sizeof o->touch[i].record) {
		o->everything = o->number;
		return;
	}
	if (i == o->n_touch)
		memcpy(o->touch[o->n_touch++].record, record.s, record.n);
	o->touch[i].at = o->number;
	struct row_touch *x = &o->rows[o->next_row++ % ROWS_MOST];
	if (x->at > o->rows_from)
		o->rows_from = x->at; /* that look's are no longer all there */
	*x = (struct row_touch){ i, row, o->number };
}

static void
advance(struct kept_log *l, struct kept_org *o, const struct view *v, const struct news *n)
{
	o->number = ++l->last;
	o->view = *v;
	if (n->too_many)
		o->everything = o->number;
	for (size_t i = 0; i < n->n_rows; i++)
		touch(o, n->row[i].record, n->row[i].row);
}

static bool
row_touched(const struct kept_org *o, const struct kept_rows *r, uint64_t seen)
{
	size_t record = 0;

	while (record < o->n_touch && !str_eq(str_of(o->touch[record].record), str_of(r->record)))
		record++;
	if (record == o->n_touch || o->touch[record].at <= seen)
		return false;
	if (seen < o->rows_from)
		return true;
	for (size_t i = 0; i < ROWS_MOST && i < o->next_row; i++) {
		const struct row_touch *x = &o->rows[i];
		if (x->at > seen && x->record == record && x->row >= r->from && x->row < r->to)
			return true;
	}
	return false;
}

bool
kept_log_touched(struct kept_log *l, id org, const char *records, const struct kept_rows *rows, uint64_t seen)
{
	str rest = str_of(records), name;
	bool touched;

	pthread_mutex_lock(&l->lock);
	const struct kept_org *o = find_org(l, org);
	touched = !o || seen < o->everything || (rows && row_touched(o, rows, seen));
	while (rest.n && !touched) {
		str_cut(rest, ' ', &name, &rest);
		for (size_t i = 0; i < o->n_touch && !touched; i++)
			touched = o->touch[i].at > seen && str_eq(str_of(o->touch[i].record), name);
	}
	pthread_mutex_unlock(&l->lock);
	return touched;
}

/* ---- what a snapshot shows ---- */

static bool
has(const id *set, size_t n, id x)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] == x)
			return true;
	return false;
}

/* False in *ret_fits: more open sets than are looked at. */
static enum err
read_view(struct conn *c, struct arena *a, id org, struct view *v, bool *ret_fits)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select coalesce(max(seq), 0), 0 from change_set where org_id = $1 union all select 0, id from "
	        "change_set where org_id = $1 and seq is null",
	        DB_ARGS(DB_I(org)), &rows);

	*v = (struct view){ 0 };
	*ret_fits = true;
	while (e == OK && db_next(&rows))
		if (!db_int(&rows, 1))
			v->seq = db_int(&rows, 0) > v->seq ? db_int(&rows, 0) : v->seq;
		else if (v->n_open < OPEN_MOST)
			v->open[v->n_open++] = db_int(&rows, 1);
		else
			*ret_fits = false;
	return e == OK ? db_end(&rows) : e;
}

static void
add_set(struct news *n, id set)
{
	if (n->n < NEW_MOST)
		n->set[n->n++] = set;
	else
		n->too_many = true;
}

/* Sets of `now` that `then` did not show. ERR_ABSENT: `then` shows one that `now` does not, so it is the later one. */
static enum err
compare(struct conn *c, struct arena *a, id org, const struct view *then, const struct view *now, struct news *n)
{
	size_t still = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select id, n from change_set where org_id = $1 and seq > $2 and seq <= $3 order by seq limit $4",
	        DB_ARGS(DB_I(org), DB_I(then->seq), DB_I(now->seq), DB_I(NEW_MOST + OPEN_MOST + 1)), &rows);

	while (e == OK && db_next(&rows))
		if (has(then->open, then->n_open, db_int(&rows, 0))) {
			still++;
		} else {
			add_set(n, db_int(&rows, 0));
			n->too_many |= db_int(&rows, 1) > LINES_MOST;
		}
	if (e == OK)
		e = db_end(&rows);
	for (size_t i = 0; i < now->n_open; i++)
		if (has(then->open, then->n_open, now->open[i]))
			still++;
		else
			add_set(n, now->open[i]);
	if (e == OK && (now->seq < then->seq || (now->seq == then->seq && still < then->n_open)))
		e = ERR_ABSENT;
	return e;
}

static void
add_row(struct arena *a, struct news *n, const struct rows *rows)
{
	str name = db_text_raw(rows, 0);
	bool same = n->n_rows && str_eq(n->row[n->n_rows - 1].record, name);

	arena_grow(a, n->row, n->n_rows, n->cap);
	n->row[n->n_rows] =
	        (struct news_row){ same ? n->row[n->n_rows - 1].record : db_text(rows, 0), db_int(rows, 1) };
	n->n_rows++;
}

static enum err
read_records(struct conn *c, struct arena *a, id org, struct news *n)
{
	struct db_value args[AT_ONCE + 1] = { DB_I(org) };
	struct rows rows;
	enum err e = OK;

	for (size_t at = 0; e == OK && at < n->n && !n->too_many; at += AT_ONCE) {
		for (size_t i = 0; i < AT_ONCE; i++)
			args[i + 1] = DB_I(n->set[at + i < n->n ? at + i : at]);
		e = db_query(c, a,
		        "select distinct record, row_id from change_line where org_id = $1 and set_id in ($2, $3, $4, "
		        "$5, $6, "
		        "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
		        args, AT_ONCE + 1, &rows);
		while (e == OK && db_next(&rows))
			add_row(a, n, &rows);
		if (e == OK)
			e = db_end(&rows);
	}
	return e;
}

static bool
same(const struct view *x, const struct view *y)
{
	if (x->seq != y->seq || x->n_open != y->n_open)
		return false;
	for (size_t i = 0; i < x->n_open; i++)
		if (!has(y->open, y->n_open, x->open[i]))
			return false;
	return true;
}

/* What the log was known to be when it was compared; where another has read on meanwhile, once more. */
static enum err
look_on(struct kept_log *l, struct conn *c, struct arena *a, id org, const struct view *now, bool *ret_again,
        uint64_t *ret_seen)
{
	struct view then = { 0 };
	struct news *n = arena_new(a, struct news, 1);
	uint64_t number = 0;
	enum err e;

	pthread_mutex_lock(&l->lock);
	struct kept_org *o = find_org(l, org);
	if (!o)
		add_org(l, org, now);
	o = find_org(l, org);
	if (o) {
		then = o->view;
		number = o->number;
	}
	pthread_mutex_unlock(&l->lock);
	if (!number)
		return OK;
	if (same(&then, now)) {
		*ret_seen = number;
		return OK;
	}
	e = compare(c, a, org, &then, now, n);
	if (e == OK)
		e = read_records(c, a, org, n);
	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	pthread_mutex_lock(&l->lock);
	o = find_org(l, org);
	*ret_again = !o || o->number != number;
	if (!*ret_again) {
		advance(l, o, now, n);
		*ret_seen = o->number;
	}
	pthread_mutex_unlock(&l->lock);
	return OK;
}

enum err
kept_log_look(struct kept_log *l, struct conn *c, struct arena *a, id org, uint64_t *ret_seen)
{
	struct view *now = arena_new(a, struct view, 1);
	bool fits, again = true;
	enum err e = read_view(c, a, org, now, &fits);

	*ret_seen = 0;
	for (int i = 0; e == OK && fits && again && i < TRIES; i++) {
		again = false;
		e = look_on(l, c, a, org, now, &again, ret_seen);
	}
	return e;
}
