#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "areas/imports/rows.h"
#include "base/out.h"
#include "sheet/write.h"
#include "record/own.h"

/* FETCH: SQLite compares every parameter of a statement with those before it, so many cost their square. */
enum { BATCH = 10000, FETCH = 500, PIECE = 500 };
#define HELD_MOST     ((size_t)160 << 20) /* of rows that wait, weighed, to be written; some 140,000 deals */
#define SLICE_MOST_US INT64_C(1000000)    /* of one transaction, while nobody waits */
#define PAUSE_US      2000
#define KEEP          ((size_t)64 << 20) /* of the memory of one batch, for the next */
#define ENDED_DAYS    30                 /* data that end longer ago are read as of their last day (D5a) */

const char *const fate_words[FATE_COUNT] = { "create", "update", "same", "kept", "reject" };

/* ---- telling ---- */

static void
error_head(struct run *r)
{
	struct write w = { .out = r->job->errors };

	if (!w.out)
		return;
	for (size_t i = 0; i < r->shape->n_columns; i++)
		write_text(&w, r->shape->columns[i].name);
	write_text(&w, STR("ridealong_row"));
	write_text(&w, STR("ridealong_reason"));
	write_row_end(&w);
}

/* The row as it came, and why it did not go in: to be mended and sent again. */
static void
error_row(struct run *r, const struct line *l)
{
	struct write w = { .out = r->job->errors };

	if (!w.out)
		return;
	for (size_t i = 0; i < r->shape->n_columns; i++)
		write_number(&w, i < l->n_cells ? l->cells[i] : (str){ 0 });
	write_number(&w, str_fmt(r->batch, "%lld", (long long)l->n));
	write_text(&w, l->column.n ? str_fmt(r->batch, "%.*s: %.*s", STR_ARG(l->column), STR_ARG(l->what)) : l->what);
	write_row_end(&w);
}

static void
tell(struct run *r, const struct line *l)
{
	struct import_job *j = r->job;
	struct import *i = &j->import;
	int64_t *const counts[FATE_COUNT] = { &i->n_created, &i->n_updated, &i->n_same, &i->n_same, &i->n_rejected };

	++*counts[l->fate];
	if (l->fate == FATE_REJECT)
		error_row(r, l);
	if (j->n_shown[l->fate]++ >= j->show)
		return;
	arena_grow(j->arena, j->fates, j->n_fates, j->cap_fates);
	j->fates[j->n_fates++] = (struct import_fate){ .row = l->n,
		.line = l->at,
		.fate = l->fate,
		.name = str_copy(j->arena, l->name),
		.what = str_copy(j->arena, l->what),
		.column = str_copy(j->arena, l->column),
		.mend = str_copy(j->arena, l->mend) };
}

/* ---- what is stored already ---- */

static bool
by_name(const struct run *r)
{
	return r->record == &person_record || r->record == &account_record || r->record == &product_record;
}

static struct book *
own_book(struct run *r)
{
	return r->record == &person_record ? &r->people : r->record == &account_record ? &r->accounts : &r->products;
}

struct fetch {
	struct run *r;
	struct line *lines;
	size_t n;
};

/* Of up to FETCH rows what is stored under their keys, in one statement whose text is always the same. */
static enum err
fetch_before(struct conn *c, struct arena *a, void *what)
{
	struct fetch *f = what;
	struct run *r = f->r;
	bool ids = by_name(r);
	struct db_value *v = arena_new(r->batch, struct db_value, FETCH + 2);
	struct names at = { .arena = r->batch };
	struct rows rows;
	struct out sql;
	size_t n = 0;
	enum err e = OK;

	(void)a;
	out_init(&sql, 0);
	out_fmt(&sql, "select %.*s from %s t where t.org_id = $1 and $2 = $2 and t.%s in (",
	        STR_ARG(record_columns(r->batch, r->record, "t")), r->record->table, ids ? "id" : "external_id");
	if (!ids) {
		out_fini(&sql);
		out_init(&sql, 0);
		out_fmt(&sql, "select %.*s from %s t where t.org_id = $1 and t.source = $2 and t.external_id in (",
		        STR_ARG(record_columns(r->batch, r->record, "t")), r->record->table);
	}
	for (int i = 0; i < FETCH; i++)
		out_fmt(&sql, "%s$%d", i ? ", " : "", i + 3);
	out_lit(&sql, ")");
	str text = out_all(&sql, r->batch);
	out_fini(&sql);
	v[0] = DB_I(r->grant.org);
	v[1] = DB_T(r->source);
	for (size_t i = 0; i < f->n; i++) {
		struct line *l = &f->lines[i];
		if (l->fate == FATE_REJECT || (ids && (l->known == SIZE_MAX || own_book(r)->all[l->known].fresh)))
			continue;
		const id *key = ids ? &own_book(r)->all[l->known].id : NULL;
		v[2 + n++] = ids ? DB_I(*key) : DB_T(l->external_id);
		names_add(&at, ids ? (str){ (const char *)key, sizeof *key } : l->external_id, i);
	}
	if (!n)
		return OK;
	for (size_t i = n; i < FETCH; i++)
		v[2 + i] = v[2 + n - 1];
	e = db_query(c, r->batch, str_z(r->batch, text), v, FETCH + 2, &rows);
	while (e == OK && db_next(&rows)) {
		void *before = arena_alloc(r->batch, r->record->size, _Alignof(max_align_t));
		record_read(&rows, r->record, 0, before);
		str key = ids ? (str){ before, sizeof(id) }
		              : *(str *)(void *)((char *)before + record_field(r->record, STR("external_id"))->at);
		size_t i = names_find(&at, key);
		if (i != SIZE_MAX)
			f->lines[i].before = before;
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
weigh_batch(struct run *r, struct line *lines, size_t n)
{
	enum err e = OK;

	for (size_t at = 0; e == OK && at < n; at += FETCH) {
		struct fetch f = { r, lines + at, n - at < FETCH ? n - at : FETCH };
		e = db_read(r->job->db, r->batch, fetch_before, &f);
	}
	for (size_t i = 0; e == OK && i < n; i++)
		rows_weigh(r, &lines[i]);
	return e;
}

/* Who is referred to by a row that counts. */
static void
mark_used(struct run *r, const struct line *l)
{
	struct book *const books[] = { &r->people, &r->accounts, &r->products, &r->campaigns };

	if (l->fate == FATE_REJECT)
		return;
	for (size_t i = 0; i < r->record->n_fields; i++) {
		const struct field *f = &r->record->fields[i];
		if (f->kind != F_REF || field_is_null(f, l->object))
			continue;
		for (size_t b = 0; b < sizeof books / sizeof *books; b++) {
			size_t at =
			        book_find_id(books[b], *(const id *)(const void *)((const char *)l->object + f->at));
			if (at != SIZE_MAX)
				books[b]->all[at].used = true;
		}
	}
}

/* ---- writing ---- */

struct save {
	struct run *r;
	const struct record *record;
	void **objects;
	size_t n, done; /* done: saved before somebody else wanted to write */
	int64_t began;
};

/* A piece at a time, until all are saved, somebody waits, or it has lasted long enough. */
static enum err
save_slice(struct change *c, void *what)
{
	struct save *s = what;
	void **copies = arena_new(c->arena, void *, s->n + 1);
	enum err e = OK;

	/* Nobody waits for another's import on PostgreSQL, and each piece is a few round trips. */
	size_t piece = conn_is_lite(c->conn) ? PIECE : BATCH;

	s->began = clock_steady_us();
	s->done = 0;
	do {
		size_t n = s->n - s->done < piece ? s->n - s->done : piece;
		for (size_t i = 0; i < n; i++) /* it may run twice */
			copies[i] = arena_copy(c->arena, s->objects[s->done + i], s->record->size);
		e = record_save_many(c, s->record, copies, n);
		s->done += n;
	} while (e == OK && s->done < s->n && clock_steady_us() - s->began < SLICE_MOST_US && !db_wanted(c->conn));
	return e;
}

static enum err
change(struct run *r, struct arena *a, struct faults *f, enum err (*fn)(struct change *c, void *what), void *what)
{
	struct change_work w = { .grant = &r->grant,
		.reason = str_fmt(a, "import of %.*s", STR_ARG(r->job->import.file)),
		.kind = CHANGE_IMPORT,
		.of = r->job->import.row.id,
		.faults = f,
		.fn = fn,
		.what = what };
	return change_run(r->job->db, a, &w);
}

/* One by one, where the engine refused a slice: with --partial the good rows still go in. */
static enum err
save_singly(struct run *r, struct save *s, struct line **lines)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < s->n; i++) {
		struct save one = { .r = r, .record = s->record, .objects = s->objects + i, .n = 1 };
		struct faults f;
		faults_init(&f, r->batch);
		e = change(r, r->batch, &f, save_slice, &one);
		if (e != ERR_INPUT && e != ERR_DUPLICATE && e != ERR_STALE)
			continue;
		struct import *m = &r->job->import;
		*(lines[i]->before ? &m->n_updated : &m->n_created) -= 1;
		line_reject(lines[i], f.first ? f.first->place : (str){ 0 },
		        f.first ? f.first->what : STR("was changed meanwhile"),
		        f.first ? f.first->mend : STR("send it again"));
		tell(r, lines[i]);
		e = OK;
	}
	return e;
}

static void
refuse_all(struct run *r, const struct faults *f)
{
	const struct fault *x = f->first;

	fault_add(r->job->faults, x ? str_copy(r->job->arena, x->place) : r->job->import.file,
	        x ? str_copy(r->job->arena, x->what) : STR("a key is taken already"),
	        x ? str_copy(r->job->arena, x->mend) : STR("look at the ids of the file"));
}

/* Large transactions, so that a page of an index is written once for many rows; each ends when somebody else wants to
   write. Where the engine refuses one, with --partial, the next ones are small until the row is found. */
static enum err
save_all(struct run *r, const struct record *record, void **objects, struct line **lines, size_t n)
{
	struct arena work;
	enum err e = OK;
	size_t most = n;

	arena_init(&work, (size_t)1 << 30);
	work.keep = KEEP;
	for (size_t at = 0; e == OK && at < n;) {
		struct save s = {
			.r = r, .record = record, .objects = objects + at, .n = n - at < most ? n - at : most
		};
		struct faults f;
		int64_t began = clock_steady_us();
		bool refused;
		faults_init(&f, &work);
		db_catch_up(r->job->db);
		e = change(r, &work, &f, save_slice, &s);
		refused = e == ERR_INPUT || e == ERR_DUPLICATE;
		if (refused && r->job->partial && lines && s.n > PIECE) {
			most = PIECE;
			e = OK;
			s.done = 0;
		} else if (refused && r->job->partial && lines) {
			s.done = s.n;
			e = save_singly(r, &s, lines + at);
		} else if (refused) {
			refuse_all(r, &f);
		}
		arena_reset(&work);
		r->job->micros += clock_steady_us() - began;
		at += s.done;
		if (at < n)
			usleep(PAUSE_US); /* whoever waits for the lock gets it now */
	}
	arena_fini(&work);
	return e;
}

static enum err
run_script(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	return db_script(c, what);
}

/* PostgreSQL plans for the table as it last looked at it; of one that was empty it would read every row for each few it
   is asked for. Its manual wants ANALYZE after a bulk load. */
static enum err
plan_anew(struct run *r, const struct record *record)
{
	if (db_is_lite(r->job->db))
		return OK;
	return db_write(
	        r->job->db, r->batch, run_script, str_z(r->batch, str_fmt(r->batch, "analyze %s", record->table)));
}

static enum err
write_lines(struct run *r, struct line **lines, size_t n)
{
	void **objects = arena_new(r->batch, void *, n + 1);
	struct line **which = arena_new(r->batch, struct line *, n + 1);
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (lines[i]->fate == FATE_CREATE || lines[i]->fate == FATE_UPDATE) {
			which[k] = lines[i];
			objects[k++] = lines[i]->object;
		}
	return save_all(r, r->record, objects, which, k);
}

/* People, accounts, products and campaigns that rows name and nobody knows yet. */
static enum err
write_fresh(struct run *r, struct book *b)
{
	void **objects = arena_new(r->keep, void *, b->n + 1);
	const struct field *name = record_field(b->record, STR("name"));
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct known *k = &b->all[i];
		if (!k->fresh || k->in_file || !k->used)
			continue;
		struct row *row = arena_alloc(r->keep, b->record->size, _Alignof(max_align_t));
		record_init(b->record, row);
		row->id = k->id;
		*(str *)(void *)((char *)row + name->at) = str_first(k->name, 200);
		if (b == &r->people)
			((struct person *)row)->role = r->record == &person_record ? ROLE_MANAGER : ROLE_SELLER;
		objects[n++] = row;
	}
	enum err e = n ? save_all(r, b->record, objects, NULL, n) : OK;
	return e == OK && n ? plan_anew(r, b->record) : e;
}

static enum err
write_stages(struct change *c, void *what)
{
	struct run *r = what;
	enum err e = OK;

	if (!r->process.row.version) {
		struct process p = r->process;
		e = record_save(c, &process_record, &p);
	}
	for (size_t i = 0; e == OK && i < r->n_stages; i++) {
		struct stage s = r->stages[i].stage;
		if (!s.row.version)
			e = record_save(c, &stage_record, &s);
	}
	return e;
}

static enum err
write_as_of(struct change *c, void *what)
{
	struct run *r = what;
	struct company o = r->company;

	o.as_of = r->job->import.as_of;
	return record_save(c, &company_record, &o);
}

/* Everything the rows refer to, and the day that pages are read as of. */
static enum err
write_before(struct run *r)
{
	struct import_job *j = r->job;
	bool stages = false;
	enum err e = import_store(j->db, r->keep, j->grant, &j->import);

	for (size_t i = 0; i < r->n_stages; i++)
		stages |= !r->stages[i].stage.row.version;
	if (e == OK && j->sets_as_of)
		e = change(r, r->keep, j->faults, write_as_of, r);
	if (e == OK)
		e = write_fresh(r, &r->people);
	if (e == OK)
		e = write_fresh(r, &r->products);
	if (e == OK)
		e = write_fresh(r, &r->accounts);
	if (e == OK)
		e = write_fresh(r, &r->campaigns);
	if (e == OK && stages)
		e = change(r, r->keep, j->faults, write_stages, r);
	return e;
}

/* ---- passes ---- */

static enum err
batch_write(struct run *r, struct batch *b)
{
	struct line **each = arena_new(&b->arena, struct line *, b->n + 1);
	enum err e;

	r->batch = &b->arena;
	for (size_t i = 0; i < b->n; i++)
		each[i] = &b->lines[i];
	e = write_lines(r, each, b->n);
	if (e == OK && !r->planned) {
		r->planned = true;
		e = plan_anew(r, r->record);
	}
	return e;
}

static enum err
batch_done(struct run *r, struct batch *b)
{
	enum err e = weigh_batch(r, b->lines, b->n);

	for (size_t i = 0; e == OK && !r->writing && i < b->n; i++) {
		mark_used(r, &b->lines[i]);
		tell(r, &b->lines[i]);
	}
	return e == OK && r->writing ? batch_write(r, b) : e;
}

static struct batch *
batch_new(struct run *r)
{
	struct batch *b = arena_new(r->keep, struct batch, 1);

	arena_init(&b->arena, (size_t)4 << 30);
	b->arena.keep = KEEP;
	b->lines = arena_new(&b->arena, struct line, BATCH);
	r->batch = &b->arena;
	return b;
}

static void
batch_clear(struct batch *b)
{
	arena_reset(&b->arena);
	b->lines = arena_new(&b->arena, struct line, BATCH);
	b->n = 0;
}

static void
let_go(struct run *r)
{
	for (struct batch *b = r->held; b; b = b->next)
		arena_fini(&b->arena);
	r->held = r->last = NULL;
}

/* What only adds rows becomes no other row by waiting; what changes some is weighed again, as they are by then. */
static bool
only_adds(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->lines[i].fate != FATE_CREATE && b->lines[i].fate != FATE_REJECT)
			return false;
	return true;
}

/* After a batch, the one for the next rows: the same again, or a new one while those before are held. */
static struct batch *
batch_next(struct run *r, struct batch *b, bool *holds)
{
	r->n_held += b->arena.used;
	*holds = *holds && only_adds(b) && r->n_held <= HELD_MOST;
	if (!*holds) {
		let_go(r);
		batch_clear(b);
		return b;
	}
	*(r->last ? &r->last->next : &r->held) = b;
	r->last = b;
	return batch_new(r);
}

/* False: whoever watches wants it to end. */
static bool
go_on(struct run *r, enum import_phase phase, int64_t rows)
{
	struct import_job *j = r->job;
	int64_t total = phase == PHASE_CHECKING ? j->n_lines : j->import.n_rows;

	j->stopped |= j->watch && !j->watch(j->watching, j, phase, rows, total < rows ? rows : total);
	return !j->stopped;
}

/* Reads the file, weighs its rows, and writes them when that is their time. */
static enum err
pass(struct run *r)
{
	const struct map *m = r->job->map;
	struct batch *b = batch_new(r);
	struct csv *csv;
	struct csv_row row;
	int64_t done = 0;
	bool holds = !r->writing && !r->job->dry;
	enum err e = import_open(r->keep, &r->job->from, (struct csv_options){ m->encoding, m->delimiter, 0 },
	                 r->job->faults, &csv),
	         end = OK;

	r->seen = (struct names){ .arena = r->keep };
	r->refused = r->seen;
	while (e == OK && end == OK) {
		end = r->job->dry && r->job->most_rows && done + (int64_t)b->n == r->job->most_rows
		              ? ERR_ABSENT
		              : csv_next(csv, &row);
		if (end == OK)
			rows_parse(r, &row, &b->lines[b->n++]);
		if (b->n == BATCH || (end != OK && b->n)) {
			r->job->import.n_rows += r->writing ? 0 : (int64_t)b->n;
			e = batch_done(r, b);
			done += (int64_t)b->n;
			b = batch_next(r, b, &holds);
			if (e == OK && !go_on(r, r->writing ? PHASE_WRITING : PHASE_CHECKING, done))
				e = ERR_BUSY;
		}
	}
	arena_fini(&b->arena);
	r->batch = r->keep;
	return e != OK ? e : end == ERR_ABSENT ? OK : end;
}

/* What the first pass kept, so that a file of new rows is read once. */
static enum err
write_held(struct run *r)
{
	int64_t done = 0;
	enum err e = OK;

	for (struct batch *b = r->held; e == OK && b; b = b->next) {
		e = batch_write(r, b);
		done += (int64_t)b->n;
		if (e == OK && !go_on(r, PHASE_WRITING, done))
			e = ERR_BUSY;
		arena_reset(&b->arena);
	}
	r->batch = r->keep;
	return e;
}

/* O1: a loop is refused with the names in it. */
static bool
loops(struct run *r, struct line *l)
{
	const struct book *b = &r->people;
	str names = l->name;
	size_t at = l->manager;

	for (l->depth = 0; at != SIZE_MAX && l->depth < 1000; l->depth++) {
		names = str_fmt(r->batch, "%.*s → %.*s", STR_ARG(names), STR_ARG(b->all[at].name));
		if (at == l->known) {
			line_reject(l, STR("manager"), str_fmt(r->keep, "would make a loop: %.*s", STR_ARG(names)),
			        STR("name somebody who does not report to this person"));
			return true;
		}
		at = b->all[at].above;
	}
	return l->depth >= 1000;
}

static bool
leads(const struct run *r, size_t known)
{
	for (size_t i = 0; i < r->people.n; i++)
		if (r->people.all[i].above == known)
			return true;
	return false;
}

static enum err
read_people(struct run *r, struct line **ret, size_t *ret_n)
{
	const struct map *m = r->job->map;
	struct csv *csv;
	struct csv_row row;
	struct line *lines = NULL;
	size_t n = 0, cap = 0;
	enum err e = import_open(
	        r->keep, &r->job->from, (struct csv_options){ m->encoding, m->delimiter, 0 }, r->job->faults, &csv);

	while (e == OK && (e = csv_next(csv, &row)) == OK) {
		arena_grow(r->keep, lines, n, cap);
		rows_parse(r, &row, &lines[n++]);
	}
	*ret = lines;
	*ret_n = n;
	return e == ERR_ABSENT ? OK : e;
}

/* People come whole: who leads must be there before those that are led. */
static enum err
people_weigh(struct run *r, struct line *lines, size_t n)
{
	enum err e;

	for (size_t i = 0; i < n; i++)
		if (lines[i].fate != FATE_REJECT && lines[i].manager != SIZE_MAX)
			r->people.all[lines[i].known].above = lines[i].manager;
	for (size_t i = 0; i < n; i++)
		if (lines[i].fate != FATE_REJECT && loops(r, &lines[i]))
			r->people.all[lines[i].known].in_file = !r->people.all[lines[i].known].fresh;
	for (size_t i = 0; i < n; i++) {
		struct person *p = lines[i].object;
		if (lines[i].fate != FATE_REJECT)
			p->role = leads(r, lines[i].known) ? ROLE_MANAGER : ROLE_SELLER;
	}
	e = weigh_batch(r, lines, n);
	r->job->import.n_rows = (int64_t)n;
	for (size_t i = 0; e == OK && i < n; i++) {
		mark_used(r, &lines[i]);
		tell(r, &lines[i]);
	}
	return e;
}

static enum err
people_write(struct run *r, struct line *lines, size_t n)
{
	struct line **level = arena_new(r->keep, struct line *, n + 1);
	size_t left = n;
	enum err e = OK;

	for (int depth = 0; e == OK && left && depth <= 1000; depth++) {
		size_t k = 0;
		for (size_t i = 0; i < n; i++)
			if (lines[i].depth == depth)
				level[k++] = &lines[i];
		left -= k;
		if (k)
			e = write_lines(r, level, k);
	}
	return e;
}

/* ---- the whole ---- */

struct load {
	struct run *r;
	int64_t stored; /* deals of this source */
};

static enum err
load(struct conn *c, struct arena *a, void *what)
{
	struct load *l = what;
	struct run *r = l->r;
	int kind = r->job->kind;
	enum err e = record_load(c, r->keep, &r->grant, &company_record, r->grant.org, &r->company);

	(void)a;
	if (e == OK)
		e = record_with_own(c, r->keep, r->grant.org, r->record, &r->with);
	if (e == OK)
		r->with = record_own_in(r->keep, r->batch, r->with);
	if (e == OK)
		e = book_load(&r->people, c, r->keep, &r->grant, &person_record);
	if (e == OK)
		e = book_load(&r->accounts, c, r->keep, &r->grant, &account_record);
	if (e == OK)
		e = book_load(&r->products, c, r->keep, &r->grant, &product_record);
	if (e == OK)
		e = book_load(&r->campaigns, c, r->keep, &r->grant, &campaign_record);
	if (e == OK && (kind == IMPORT_ACTIVITIES || kind == IMPORT_HISTORY))
		e = book_load(&r->deals, c, r->keep, &r->grant, &deal_record);
	if (e == OK && kind == IMPORT_HISTORY)
		e = past_load(r, c);
	if (e == OK && kind == IMPORT_DEALS)
		e = db_one_int(c, "select count(*) from deal where org_id = $1 and source = $2",
		        DB_ARGS(DB_I(r->grant.org), DB_T(r->job->map->source.n ? r->job->map->source : STR("file"))),
		        &l->stored);
	return e;
}

static enum err
load_stages(struct conn *c, struct arena *a, void *what)
{
	(void)a;
	return rows_stages(what, c);
}

/* What the mapping leaves open is decided by the whole file. */
static enum err
decide_forms(struct run *r)
{
	const struct map *m = r->job->map;
	struct column_sniff s;
	struct csv *csv;
	struct csv_row row;
	enum err e;

	if (r->order != CELL_ANY && r->decimal)
		return OK;
	e = import_open(
	        r->keep, &r->job->from, (struct csv_options){ m->encoding, m->delimiter, 0 }, r->job->faults, &csv);
	if (e != OK)
		return e;
	column_sniff_init(&s, r->keep, csv_shape(csv));
	while ((e = csv_next(csv, &row)) == OK && row.n < IMPORT_SNIFF_ROWS)
		column_sniff_row(&s, &row);
	column_sniff_end(&s);
	if (r->order == CELL_ANY)
		r->order = s.order;
	if (!r->decimal)
		r->decimal = s.decimal;
	return e == OK || e == ERR_ABSENT ? OK : e;
}

str
import_digest(struct arena *a, const struct import_source *from, int64_t *ret_lines)
{
	uint64_t h = UINT64_C(1469598103934665603);
	unsigned long long bytes = 0;
	char buffer[1 << 14];
	FILE *in;
	size_t n;

	*ret_lines = 0;
	if (!from->path) {
		h = str_hash(from->text);
		bytes = from->text.n;
	} else if ((in = fopen(from->path, "rb")) != NULL) {
		while ((n = fread(buffer, 1, sizeof buffer, in)) > 0) {
			for (size_t i = 0; i < n; i++) {
				h = (h ^ (unsigned char)buffer[i]) * UINT64_C(1099511628211);
				*ret_lines += buffer[i] == '\n';
			}
			bytes += n;
		}
		fclose(in);
	}
	return str_fmt(a, "fnv1a %016llx, %llu bytes", (unsigned long long)h, bytes);
}

/* D5a: each file has a day its data end; pages follow it while that day is past. */
static void
choose_as_of(struct run *r)
{
	struct import_job *j = r->job;
	const struct zone *z = zone_find(r->company.zone);
	day today = zone_day(z ? z : zone_utc(), now()), end = r->largest;

	j->data_end = end;
	r->data_end = day_is(j->as_of) ? j->as_of : end;
	if (day_is(end) && end.n > today.n)
		end = today;
	if (day_is(j->as_of))
		end = j->as_of;
	j->import.as_of = end;
	if (j->kind != IMPORT_DEALS || !day_is(end))
		return;
	bool past = day_between(end, today) > ENDED_DAYS;
	if (past)
		j->sets_as_of = day_is(j->as_of) ? end.n != r->company.as_of.n
		                                 : !day_is(r->company.as_of) || r->company.as_of.n < end.n;
	else if (day_is(r->company.as_of))
		j->sets_as_of = true; /* the data have caught up */
	if (j->sets_as_of && !past)
		j->import.as_of = DAY_NONE;
}

static void
note_fresh(struct run *r, struct book *b, const char *what, const char *one)
{
	struct arena *a = r->job->arena;
	str names = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		const struct known *k = &b->all[i];
		if (!k->fresh || k->in_file || !k->used)
			continue;
		if (n++ < 12)
			names = str_fmt(a, "%.*s%s%.*s", STR_ARG(names), names.n ? ", " : "", STR_ARG(k->name));
	}
	if (n)
		fault_add(&r->job->notes, str_fmt(a, "%zu %s", n, n == 1 ? one : what),
		        str_fmt(a, "not known here, will be created: %.*s%s", STR_ARG(names), n > 12 ? ", …" : ""),
		        b == &r->people ? STR("place them in the reporting line afterwards; check the spelling")
		                        : STR("check the spelling, or say under values which one it is"));
}

static enum err
weigh_all(struct run *r, struct line **people, size_t *n_people)
{
	enum err e;

	if (r->job->kind != IMPORT_PEOPLE)
		return pass(r);
	r->seen = (struct names){ .arena = r->keep };
	r->refused = r->seen;
	r->batch = r->keep;
	e = read_people(r, people, n_people);
	return e == OK ? people_weigh(r, *people, *n_people) : e;
}

/* What an import wrote that was interrupted and went on: all of it, by its change sets. */
static enum err
count_written(struct conn *c, struct arena *a, void *what)
{
	struct run *r = what;
	struct import *i = &r->job->import;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select count(*) filter (where l.field = ''), count(distinct l.row_id) from change_set s join "
	        "change_line "
	        "l on l.org_id = s.org_id and l.set_id = s.id where s.org_id = $1 and s.of_id = $2 and l.record = $3",
	        DB_ARGS(DB_I(r->grant.org), DB_I(i->row.id), DB_T(str_of(r->record->name))), &rows);

	if (e != OK)
		return e;
	if (db_next(&rows)) {
		i->n_created = db_int(&rows, 0);
		i->n_updated = db_int(&rows, 1) - i->n_created;
		i->n_same = i->n_rows - i->n_rejected - i->n_created - i->n_updated;
	}
	return db_end(&rows);
}

/* D5: the same file goes on under the id that its first part was written with, so that one undo takes all back. */
static enum err
load_resumed(struct conn *c, struct arena *a, void *what)
{
	struct run *r = what;
	struct import was;
	enum err e = import_get(c, a, &r->grant, r->job->resume, &was);

	if (e != OK)
		return e;
	if (was.state == IMPORT_DONE || was.state == IMPORT_UNDONE || !str_eq(was.digest, r->job->import.digest))
		return fault_add(r->job->faults, r->job->import.file, STR("is not the file of an interrupted import"),
		        STR("look at the list of imports"));
	r->job->import.row = was.row;
	r->job->import.started_at = was.started_at;
	return OK;
}

static enum err
finish(struct run *r, enum err e)
{
	struct import_job *j = r->job;
	struct undo_result undone;
	struct faults unused;

	if (e == OK) {
		j->import.state = IMPORT_DONE;
	} else if ((e == ERR_INPUT || e == ERR_DUPLICATE || e == ERR_STALE) && j->import.row.version) {
		/* All or nothing (D5): what was written goes again. */
		faults_init(&unused, r->keep);
		j->import.state = import_undo(j->db, r->keep, &r->grant, j->import.row.id, &unused, &undone) == OK
		                          ? IMPORT_UNDONE
		                          : IMPORT_INTERRUPTED;
	} else if (j->stopped && j->import.row.version) {
		j->import.state = IMPORT_INTERRUPTED;
	} else {
		return e;
	}
	j->import.finished_at = now();
	if (j->resume && e == OK)
		e = db_read(j->db, r->keep, count_written, r);
	enum err stored = import_store(j->db, r->keep, j->grant, &j->import);
	return e != OK ? e : stored;
}

static enum err
write_all(struct run *r, struct line *people, size_t n_people)
{
	enum err e = write_before(r);

	r->writing = true;
	if (e == OK)
		e = r->job->kind == IMPORT_PEOPLE ? people_write(r, people, n_people)
		    : r->held                     ? write_held(r)
		                                  : pass(r);
	if (e == OK && r->job->full && r->job->kind == IMPORT_DEALS)
		e = gone_mark(r);
	if (e == OK)
		e = plan_anew(r, r->record);
	return finish(r, e);
}

static enum err
run_in(struct run *r)
{
	struct import_job *j = r->job;
	struct load l = { r, 0 };
	struct line *people = NULL;
	size_t n_people = 0;
	struct csv *csv;
	enum err e = db_read(j->db, r->keep, load, &l);

	if (e == OK && j->resume)
		e = db_read(j->db, r->keep, load_resumed, r);
	if (e == OK)
		e = import_open(r->keep, &j->from, (struct csv_options){ j->map->encoding, j->map->delimiter, 0 },
		        j->faults, &csv);
	if (e == OK)
		e = rows_prepare(r, csv);
	if (e == OK)
		e = decide_forms(r);
	if (e == OK && j->kind == IMPORT_DEALS)
		e = db_read(j->db, r->keep, load_stages, r);
	if (e != OK)
		return e;
	error_head(r);
	j->import.source = r->source;
	e = weigh_all(r, &people, &n_people);
	if (e != OK)
		return e;
	choose_as_of(r);
	j->import.n_missing = j->kind == IMPORT_DEALS ? l.stored - j->import.n_same - j->import.n_updated : 0;
	if (j->import.n_missing < 0)
		j->import.n_missing = 0;
	note_fresh(r, &r->people, "people", "person");
	note_fresh(r, &r->accounts, "accounts", "account");
	note_fresh(r, &r->products, "products", "product");
	note_fresh(r, &r->campaigns, "campaigns", "campaign");
	rows_note_below(r);
	past_note(r);
	if (j->import.n_rejected && !j->partial && !j->dry)
		return ERR_INPUT;
	return j->dry ? OK : write_all(r, people, n_people);
}

enum err
import_run(struct import_job *j)
{
	struct run *r;
	struct arena keep;
	enum err e;

	arena_init(&keep, (size_t)8 << 30);
	r = arena_new(&keep, struct run, 1);
	r->job = j;
	r->keep = r->batch = &keep;
	r->record = import_target(j->kind);
	r->grant = grant_all(j->grant->org, j->grant->login, j->grant->person, "import");
	r->largest = DAY_NONE;
	r->unassigned = SIZE_MAX;
	j->data_end = DAY_NONE;
	faults_init(&j->notes, j->arena);
	record_init(&import_record, &j->import);
	j->import = (struct import){ .row = { .id = id_new() },
		.kind = j->kind,
		.state = IMPORT_RUNNING,
		.file = str_copy(j->arena, str_first(j->from.name, 180)),
		.map = map_print(j->arena, j->map),
		.upload = j->upload,
		.whole = j->full,
		.as_of = DAY_NONE,
		.started_at = now(),
		.finished_at = NO_INT };
	j->import.digest = import_digest(j->arena, &j->from, &j->n_lines);
	e = run_in(r);
	let_go(r);
	j->import.source = str_copy(j->arena, j->import.source);
	/* What was said lives in the arena that goes now. */
	for (struct fault *f = j->faults->first; f; f = f->next) {
		f->place = str_copy(j->arena, f->place);
		f->what = str_copy(j->arena, f->what);
		f->mend = str_copy(j->arena, f->mend);
	}
	arena_fini(&keep);
	return e;
}
