/* Rows on their way into the base: in large transactions that make way for others, or one by one where some are
 * refused. */
#include <unistd.h>

#include "areas/imports/run.h"
#include "record/own.h"

enum { PIECE = 500 };
#define SLICE_MOST_US INT64_C(1000000) /* of one transaction, while nobody waits */
#define PAUSE_US      2000

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
	size_t piece = conn_is_lite(c->conn) ? PIECE : RUN_BATCH;

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
run_change(struct run *r, struct arena *a, struct faults *f, enum err (*fn)(struct change *c, void *what), void *what)
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
		e = run_change(r, r->batch, &f, save_slice, &one);
		if (e != ERR_INPUT && e != ERR_DUPLICATE && e != ERR_STALE)
			continue;
		struct import *m = &r->job->import;
		*(lines[i]->before ? &m->n_updated : &m->n_created) -= 1;
		line_reject(lines[i], f.first ? f.first->place : (str){ 0 },
		        f.first ? f.first->what : STR("was changed meanwhile"),
		        f.first ? f.first->mend : STR("send it again"));
		run_tell(r, lines[i]);
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
	work.keep = RUN_KEEP;
	for (size_t at = 0; e == OK && at < n;) {
		struct save s = {
			.r = r, .record = record, .objects = objects + at, .n = n - at < most ? n - at : most
		};
		struct faults f;
		int64_t began = clock_steady_us();
		bool refused;
		faults_init(&f, &work);
		db_catch_up(r->job->db);
		e = run_change(r, &work, &f, save_slice, &s);
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

enum err
run_save(struct run *r, const struct record *record, void **objects, size_t n)
{
	return save_all(r, record, objects, NULL, n);
}

enum err
run_write_lines(struct run *r, struct line **lines, size_t n)
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
	return e == OK && n ? schema_plan_anew(r->job->db, r->batch, b->record->table) : e;
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

/* Fields that columns become stand before the first value. */
static enum err
write_fields(struct run *r)
{
	void **objects = arena_new(r->keep, void *, 2 * MAP_NEW_MOST);
	size_t n = fields_grown(r, objects);

	return n ? save_all(r, &own_field_record, objects, NULL, n) : OK;
}

/* Everything the rows refer to, and the day that pages are read as of. */
enum err
run_write_before(struct run *r)
{
	struct import_job *j = r->job;
	bool stages = false;
	enum err e = import_store(j->db, r->keep, j->grant, &j->import);

	for (size_t i = 0; i < r->n_stages; i++)
		stages |= !r->stages[i].stage.row.version;
	if (e == OK && j->sets_as_of)
		e = run_change(r, r->keep, j->faults, write_as_of, r);
	if (e == OK)
		e = write_fields(r);
	if (e == OK)
		e = write_fresh(r, &r->people);
	if (e == OK)
		e = write_fresh(r, &r->products);
	if (e == OK)
		e = write_fresh(r, &r->accounts);
	if (e == OK)
		e = write_fresh(r, &r->campaigns);
	if (e == OK && stages)
		e = run_change(r, r->keep, j->faults, write_stages, r);
	return e;
}
