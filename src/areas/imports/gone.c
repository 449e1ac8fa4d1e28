/* D5a: a deal that a full file of its source lacks is "not in the last file": marked, never removed; one that comes
   back loses the mark. Only deals whose mark changes are written. What it is not for: rows of the file (rows.c). */
#include "areas/imports/rows.h"

enum { PAGE = 5000, SAVED_AT_ONCE = 500 };

struct sight {
	struct run *r;
	struct arena *a;
	id after;
	id ids[PAGE]; /* whose mark changes */
	size_t n_ids, n_read;
};

static bool
in_file(const struct run *r, str external_id)
{
	return names_find(&r->seen, external_id) != SIZE_MAX || names_find(&r->refused, external_id) != SIZE_MAX;
}

static enum err
read_page(struct conn *c, struct arena *a, void *what)
{
	struct sight *s = what;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select id, external_id, gone_on from deal where org_id = $1 and source = $2 and id > $3 order by id "
	        "limit 5000",
	        DB_ARGS(DB_I(s->r->grant.org), DB_T(s->r->source), DB_I(s->after)), &rows);

	s->n_ids = s->n_read = 0;
	while (e == OK && db_next(&rows)) {
		bool there = in_file(s->r, db_text_raw(&rows, 1));
		s->n_read++;
		s->after = db_int(&rows, 0);
		if (there != db_is_null(&rows, 2))
			s->ids[s->n_ids++] = s->after;
	}
	return e == OK ? db_end(&rows) : e;
}

struct marking {
	struct sight *s;
	size_t from, n;
};

static enum err
mark(struct change *c, void *what)
{
	const struct marking *m = what;
	struct run *r = m->s->r;
	void **deals = arena_new(c->arena, void *, m->n + 1);
	enum err e = OK;

	for (size_t i = 0; e == OK && i < m->n; i++) {
		struct deal *d = arena_new(c->arena, struct deal, 1);
		e = record_load(c->conn, c->arena, c->grant, &deal_record, m->s->ids[m->from + i], d);
		if (e != OK)
			break;
		d->gone_on = in_file(r, d->external_id) ? DAY_NONE : day_is(r->data_end) ? r->data_end : c->today;
		deals[i] = d;
	}
	return e == OK ? record_save_many(c, &deal_record, deals, m->n) : e;
}

static enum err
mark_page(struct sight *s)
{
	struct import_job *j = s->r->job;
	enum err e = OK;

	for (size_t at = 0; e == OK && at < s->n_ids; at += SAVED_AT_ONCE) {
		struct marking m = { s, at, s->n_ids - at < SAVED_AT_ONCE ? s->n_ids - at : SAVED_AT_ONCE };
		struct faults f;
		struct change_work w = { .grant = &s->r->grant,
			.reason = str_fmt(s->a, "not in %.*s", STR_ARG(j->import.file)),
			.kind = CHANGE_IMPORT,
			.of = j->import.row.id,
			.faults = &f,
			.fn = mark,
			.what = &m };
		faults_init(&f, s->a);
		e = change_run(j->db, s->a, &w);
	}
	return e;
}

enum err
gone_mark(struct run *r)
{
	struct arena a;
	struct sight *s = arena_new(r->keep, struct sight, 1);
	enum err e = OK;

	arena_init(&a, (size_t)1 << 30);
	*s = (struct sight){ .r = r, .a = &a };
	do {
		e = db_read(r->job->db, &a, read_page, s);
		if (e == OK)
			e = mark_page(s);
		arena_reset(&a);
	} while (e == OK && s->n_read == PAGE);
	arena_fini(&a);
	return e;
}
