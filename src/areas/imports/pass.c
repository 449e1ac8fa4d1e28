/* A file read once or twice: its rows weighed, and written when that is their time; people as a whole, from the top
 * down. */
#include "areas/imports/run.h"

#define HELD_MOST ((size_t)160 << 20) /* of rows that wait, weighed, to be written; some 140,000 deals */

static enum err
batch_write(struct run *r, struct batch *b)
{
	struct line **each = arena_new(&b->arena, struct line *, b->n + 1);
	enum err e;

	r->batch = &b->arena;
	for (size_t i = 0; i < b->n; i++) {
		each[i] = &b->lines[i];
		alike_apply(r, each[i]);
	}
	e = run_write_lines(r, each, b->n);
	if (e == OK)
		e = stored_keep(r, b->lines, b->n);
	if (e == OK && !r->planned) {
		r->planned = true;
		e = schema_plan_anew(r->job->db, r->batch, r->record->table);
	}
	return e;
}

static enum err
batch_done(struct run *r, struct batch *b)
{
	enum err e = run_weigh(r, b->lines, b->n);

	for (size_t i = 0; e == OK && !r->writing && i < b->n; i++) {
		run_mark_used(r, &b->lines[i]);
		run_tell(r, &b->lines[i]);
		alike_note(r, &b->lines[i]);
	}
	return e == OK && r->writing ? batch_write(r, b) : e;
}

static struct batch *
batch_new(struct run *r)
{
	struct batch *b = arena_new(r->keep, struct batch, 1);

	arena_init(&b->arena, (size_t)4 << 30);
	b->arena.keep = RUN_KEEP;
	b->lines = arena_new(&b->arena, struct line, RUN_BATCH);
	r->batch = &b->arena;
	return b;
}

static void
batch_clear(struct batch *b)
{
	arena_reset(&b->arena);
	b->lines = arena_new(&b->arena, struct line, RUN_BATCH);
	b->n = 0;
}

void
run_let_go(struct run *r)
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
		run_let_go(r);
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
enum err
run_pass(struct run *r)
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
		if (b->n == RUN_BATCH || (end != OK && b->n)) {
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
enum err
run_write_held(struct run *r)
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

/* ---- people ---- */

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

enum err
run_read_people(struct run *r, struct line **ret, size_t *ret_n)
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
enum err
run_weigh_people(struct run *r, struct line *lines, size_t n)
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
	e = run_weigh(r, lines, n);
	r->job->import.n_rows = (int64_t)n;
	for (size_t i = 0; e == OK && i < n; i++) {
		run_mark_used(r, &lines[i]);
		run_tell(r, &lines[i]);
	}
	return e;
}

enum err
run_write_people(struct run *r, struct line *lines, size_t n)
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
			e = run_write_lines(r, level, k);
	}
	return e;
}
