#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "areas/imports/run.h"
#include "base/out.h"
#include "record/own.h"

enum { DIGEST_PIECE = 1 << 16, MANY_ROWS = 1000 };
enum { ENDED_DAYS = 30 }; /* data that end longer ago are read as of their last day (D5a) */

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
		e = fields_load(r, c);
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
	r->source = r->job->map->source.n ? r->job->map->source : STR("file");
	if (e == OK)
		e = stored_load_said(r, c);
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

static int64_t
count_lines(const unsigned char *bytes, size_t n)
{
	const unsigned char *end = bytes + n, *at = bytes;
	int64_t lines = 0;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		lines++;
		at++;
	}
	return lines;
}

str
import_digest(struct arena *a, const struct import_source *from, int64_t *ret_lines)
{
	unsigned char sum[16], *buffer = arena_alloc(a, DIGEST_PIECE, 1);
	char hex[2 * sizeof sum + 1];
	unsigned long long bytes = from->path ? 0 : from->text.n;
	crypto_generichash_state state;
	FILE *in;
	size_t n;

	*ret_lines = 0;
	crypto_generichash_init(&state, NULL, 0, sizeof sum);
	if (!from->path) {
		crypto_generichash_update(&state, (const unsigned char *)from->text.s, from->text.n);
	} else if ((in = fopen(from->path, "rb")) != NULL) {
		while ((n = fread(buffer, 1, DIGEST_PIECE, in)) > 0) {
			crypto_generichash_update(&state, buffer, n);
			*ret_lines += count_lines(buffer, n);
			bytes += n;
		}
		fclose(in);
	}
	crypto_generichash_final(&state, sum, sizeof sum);
	return str_fmt(a, "blake2b %s, %llu bytes", sodium_bin2hex(hex, sizeof hex, sum, sizeof sum), bytes);
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
		return run_pass(r);
	r->seen = (struct names){ .arena = r->keep };
	r->refused = r->seen;
	r->batch = r->keep;
	e = run_read_people(r, people, n_people);
	return e == OK ? run_weigh_people(r, *people, *n_people) : e;
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

/* A file of many rows fills other tables too: the history, the stages a deal was in. */
static enum err
plan_anew(struct run *r)
{
	const struct import *i = &r->job->import;

	return schema_plan_anew(
	        r->job->db, r->batch, i->n_created + i->n_updated < MANY_ROWS ? r->record->table : NULL);
}

static enum err
write_all(struct run *r, struct line *people, size_t n_people)
{
	enum err e = run_write_before(r);

	r->writing = true;
	if (e == OK)
		e = r->job->kind == IMPORT_PEOPLE ? run_write_people(r, people, n_people)
		    : r->held                     ? run_write_held(r)
		                                  : run_pass(r);
	if (e == OK && r->job->full && r->job->kind == IMPORT_DEALS)
		e = gone_mark(r);
	if (e == OK)
		e = plan_anew(r);
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
	run_error_head(r);
	j->import.source = r->source;
	e = weigh_all(r, &people, &n_people);
	if (e != OK)
		return e;
	e = alike_decide(r);
	if (e != OK)
		return e;
	stored_tell(r);
	choose_as_of(r);
	j->import.n_missing = j->kind == IMPORT_DEALS ? l.stored - j->import.n_same - j->import.n_updated : 0;
	if (j->import.n_missing < 0)
		j->import.n_missing = 0;
	note_fresh(r, &r->people, "people", "person");
	note_fresh(r, &r->accounts, "accounts", "account");
	note_fresh(r, &r->products, "products", "product");
	note_fresh(r, &r->campaigns, "campaigns", "campaign");
	fields_note(r);
	rows_note_below(r);
	past_note(r);
	if (j->import.n_rejected && !j->partial && !j->dry)
		return ERR_INPUT;
	return j->dry ? OK : write_all(r, people, n_people);
}

enum err
import_run(struct import_job *j)
{
	const struct map *given = j->map;
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
	j->map = given;
	run_let_go(r);
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
