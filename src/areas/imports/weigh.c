/* What becomes of a batch of rows, told to whoever asked, and what is stored under their keys already. */

#include "areas/imports/run.h"
#include "base/out.h"
#include "record/own.h"
#include "sheet/write.h"

enum {
	FETCH = 500
}; /* SQLite compares every parameter of a statement with those before it, so many cost their square */

const char *const fate_words[FATE_COUNT] = { "create", "update", "same", "kept", "reject", "left" };

/* ---- telling ---- */

void
run_error_head(struct run *r)
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

void
run_tell(struct run *r, const struct line *l)
{
	struct import_job *j = r->job;
	struct import *i = &j->import;
	int64_t *const counts[FATE_COUNT] = { &i->n_created, &i->n_updated, &i->n_same, &i->n_same, &i->n_rejected,
		&i->n_same };

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

enum err
run_weigh(struct run *r, struct line *lines, size_t n)
{
	enum err e = OK;

	for (size_t at = 0; e == OK && at < n; at += FETCH) {
		struct fetch f = { r, lines + at, n - at < FETCH ? n - at : FETCH };
		e = db_read(r->job->db, r->batch, fetch_before, &f);
	}
	if (e == OK)
		e = stored_find(r, lines, n);
	for (size_t i = 0; e == OK && i < n; i++) {
		rows_weigh(r, &lines[i]);
		stored_weigh(r, &lines[i]);
	}
	return e;
}

/* Who is referred to by a row that counts. */
void
run_mark_used(struct run *r, const struct line *l)
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
