#include "areas/imports/stored.h"

#include "areas/imports/run.h"
#include "base/out.h"
#include "sheet/write.h"

enum {
	STORED_MOST = 200000, /* stored ones that are compared: the newest */
	SAID_GONE = -1        /* the record that a row was taken for is there no more */
};

static const struct field said_fields[] = {
	FIELD(struct import_said, kind, TEXT, "Of what", .required = 1),
	FIELD(struct import_said, source, TEXT, "Source", .required = 1),
	FIELD(struct import_said, key, TEXT, "Its key there", .required = 1),
	FIELD(struct import_said, other, INT, "Is the same as"),
};

const struct record import_said_record = {
	.name = "import_said",
	.table = "import_said",
	.label = "row of a file that is known",
	.plural = "rows of files that are known",
	.size = sizeof(struct import_said),
	FIELDS(said_fields),
	.matter = MATTER_ADMIN,
	.unique = (const char *const[]){ "kind source key", NULL },
	.purpose = "Rows of a source that somebody said are a stored record, or stay out, so that the file may come "
	           "again.",
	.retention = "Until the import is taken back.",
};

static str
key_of(struct arena *a, const struct line *l)
{
	return l->external_id.n ? l->external_id : str_join(a, STR("="), str_first(str_fold(a, l->name), 180));
}

static str
id_key(struct run *r, id row)
{
	return (str){ arena_copy(r->keep, &row, sizeof row), sizeof row };
}

/* ---- what is stored ---- */

/* One whose record is gone since is asked about again. */
enum err
stored_load_said(struct run *r, struct conn *c)
{
	struct stored_book *b = &r->stored;
	str sql = str_fmt(r->keep,
	        "select s.id, s.version, s.key, coalesce(s.other, 0), case when coalesce(s.other, 0) = 0 or t.id is "
	        "not null "
	        "then 0 "
	        "else 1 end from import_said s left join %s t on t.org_id = s.org_id and t.id = s.other where s.org_id "
	        "= $1 "
	        "and s.kind = $2 and s.source = $3 order by s.id",
	        r->record->table);
	struct rows rows;
	enum err e = db_query(c, r->keep, str_z(r->keep, sql),
	        DB_ARGS(DB_I(r->grant.org), DB_T(str_of(r->record->name)), DB_T(r->source)), &rows);

	b->said.arena = b->taken.arena = r->keep;
	while (e == OK && db_next(&rows)) {
		arena_grow(r->keep, b->saids, b->n_saids, b->cap_saids);
		b->saids[b->n_saids] = (struct import_said){ .row = { db_int(&rows, 0), db_int(&rows, 1), 0 },
			.key = db_text(&rows, 2),
			.other = db_int(&rows, 4) ? SAID_GONE : db_int(&rows, 3) };
		names_add(&b->said, b->saids[b->n_saids].key, b->n_saids);
		b->n_saids++;
	}
	return e == OK ? db_end(&rows) : e;
}

static const char *
sql_of(const struct run *r)
{
	if (r->record == &account_record)
		return "select id, name, name_key, coalesce(website, ''), 0, '', '', source, external_id from account "
		       "where "
		       "org_id = $1 order by id desc limit $2";
	if (r->record == &contact_record)
		return "select id, name, name_key, coalesce(email, ''), coalesce(account, 0), '', coalesce(phone, ''), "
		       "source, "
		       "external_id from contact where org_id = $1 order by id desc limit $2";
	if (r->record == &prospect_record)
		return "select id, name, name_key, coalesce(email, ''), 0, coalesce(company, ''), coalesce(phone, ''), "
		       "source, "
		       "external_id from prospect where org_id = $1 order by id desc limit $2";
	return "select id, name, name_key, '', coalesce(account, 0), '', '', source, external_id from deal where "
	       "org_id = $1 "
	       "and outcome = 'open' order by id desc limit $2";
}

static enum err
load_stored(struct conn *c, struct arena *a, void *what)
{
	struct run *r = what;
	struct stored_book *b = &r->stored;
	struct alike *all = NULL;
	str *sources = NULL;
	struct rows rows;
	size_t n = 0, cap = 0, cap_sources = 0;
	enum err e = db_query(c, r->keep, sql_of(r), DB_ARGS(DB_I(r->grant.org), DB_I(STORED_MOST + 1)), &rows);

	(void)a;
	while (e == OK && db_next(&rows)) {
		if (n == STORED_MOST) {
			b->more = true;
			continue;
		}
		arena_grow(r->keep, all, n, cap);
		arena_grow(r->keep, sources, n, cap_sources);
		all[n] = alike_of(r->keep, r->record, db_int(&rows, 0), db_text(&rows, 1), db_text(&rows, 2),
		        db_text(&rows, 3), db_text(&rows, 5), db_int(&rows, 4));
		all[n].phone = alike_phone(r->keep, db_text_raw(&rows, 6));
		sources[n++] = db_text_raw(&rows, 8).n ? db_text(&rows, 7) : (str){ 0 };
	}
	if (e != OK)
		return e;
	alike_index_make(r->keep, r->record, all, n, &b->index);
	b->sources = sources;
	b->loaded = true;
	return db_end(&rows);
}

/* ---- deciding ---- */

static struct stored_row *
row_of(const struct stored_book *b, int64_t n)
{
	return rows_find(b->rows, b->n, sizeof *b->rows, n);
}

static bool
is_said(const struct map *m, int64_t row)
{
	for (size_t i = 0; i < m->n_said; i++)
		if (m->said[i].row == row)
			return true;
	return false;
}

/* Why the row cannot be that record; NULL: it can. One with an id of its own there is another one there, and one record
   is what one row says. */
static const char *
why_not(struct run *r, const struct alike *y, int64_t n)
{
	size_t taken = names_find(&r->stored.taken, (str){ (const char *)&y->row, sizeof y->row });
	size_t known = r->record == &account_record ? book_find_id(&r->accounts, y->row) : SIZE_MAX;

	if (r->stored.sources[y - r->stored.index.all].n &&
	        str_eq(r->stored.sources[y - r->stored.index.all], r->source))
		return "has an id of its own in that source";
	if (taken != SIZE_MAX && (int64_t)taken != n)
		return "is what an earlier row was taken for";
	return known != SIZE_MAX && r->accounts.all[known].in_file ? "is a row of this file itself" : NULL;
}

/* As good as certain: the same address; of an account, whose address many may share, the same name besides. */
static bool
is_sure(const struct run *r, const struct alike *x, const struct alike *y)
{
	return x->mail.n && str_eq(x->mail, y->mail) && (r->record != &account_record || str_eq(x->key, y->key));
}

static void
take(struct run *r, const struct line *l, id other)
{
	size_t known = r->record == &account_record ? book_find_id(&r->accounts, other) : SIZE_MAX;

	names_add(&r->stored.taken, id_key(r, other), (size_t)l->n);
	if (known == SIZE_MAX)
		return;
	r->accounts.all[known].in_file = r->accounts.all[known].taken = true;
	r->accounts.all[known].row = l->n;
}

static void
decide(struct run *r, const struct line *l, const struct alike *x, const struct alike *y, const char *why)
{
	struct stored_book *b = &r->stored;
	enum map_stored wish = map_said(r->job->map, l->n), is = wish;
	const char *against = why_not(r, y, l->n);

	if (wish == MAP_STORED_PROPOSED)
		is = is_sure(r, x, y) ? MAP_STORED_SAME : MAP_STORED_ANOTHER;
	if (is == MAP_STORED_SAME && against)
		is = MAP_STORED_ANOTHER;
	if (is == MAP_STORED_SAME)
		take(r, l, y->row);
	arena_grow(r->keep, b->rows, b->n, b->cap);
	b->rows[b->n++] = (struct stored_row){ .n = l->n,
		.other = y->row,
		.is = is,
		.key = str_copy(r->keep, key_of(r->batch, l)),
		.why = why,
		.why_not = against,
		.row_name = str_copy(r->keep, l->name),
		.name = y->name };
}

/* What an import before decided of the row, unless somebody says something else of it now. */
static bool
was_said(struct run *r, const struct line *l)
{
	struct stored_book *b = &r->stored;
	size_t at = b->n_saids ? names_find(&b->said, key_of(r->batch, l)) : SIZE_MAX;

	if (at == SIZE_MAX || b->saids[at].other == SAID_GONE || is_said(r->job->map, l->n))
		return false;
	if (r->writing)
		return true;
	id other = b->saids[at].other;
	size_t taken = other ? names_find(&b->taken, (str){ (const char *)&other, sizeof other }) : SIZE_MAX;
	arena_grow(r->keep, b->rows, b->n, b->cap);
	b->rows[b->n++] = (struct stored_row){ .n = l->n,
		.other = other,
		.is = !other              ? MAP_STORED_LEAVE
		      : taken == SIZE_MAX ? MAP_STORED_SAME
		                          : MAP_STORED_ANOTHER,
		.told = true };
	if (other && taken == SIZE_MAX)
		take(r, l, other);
	return true;
}

/* What it was taken for has its name since, and is found by that; its key is still another's. */
static bool
is_other(struct run *r, const struct line *l)
{
	const struct stored_book *b = &r->stored;
	size_t at = b->n_saids && l->fate != FATE_REJECT ? names_find(&b->said, key_of(r->batch, l)) : SIZE_MAX;

	return at != SIZE_MAX && b->saids[at].other == record_row(l->before)->id;
}

struct fetch {
	struct run *r;
	struct line **lines;
	const struct stored_row **rows;
	size_t n;
};

static enum err
fetch_same(struct conn *c, struct arena *a, void *what)
{
	struct fetch *f = what;
	struct run *r = f->r;
	enum err e = OK;

	(void)a;
	for (size_t i = 0; e == OK && i < f->n; i++) {
		void *before = arena_alloc(r->batch, r->record->size, _Alignof(max_align_t));
		e = record_load(c, r->batch, &r->grant, r->record, f->rows[i]->other, before);
		f->lines[i]->looks = e == OK;
		if (e == OK)
			f->lines[i]->before = before;
		else if (e == ERR_ABSENT) /* gone since: then it is new */
			e = OK;
	}
	return e;
}

static enum err
look_up(struct run *r, struct line *l)
{
	struct stored_book *b = &r->stored;
	enum err e = b->loaded ? OK : db_read(r->job->db, r->batch, load_stored, r);
	const char *why;

	if (e != OK || !b->index.n)
		return e;
	l->compared = arena_new(r->keep, struct alike, 1);
	*l->compared = alike_line(r, r->keep, l, -1);
	const struct alike *y = alike_index_find(&b->index, l->compared, &why);
	if (y)
		decide(r, l, l->compared, y, why);
	return OK;
}

enum err
stored_find(struct run *r, struct line *lines, size_t n)
{
	struct fetch f = { r, arena_new(r->batch, struct line *, n + 1),
		arena_new(r->batch, const struct stored_row *, n + 1), 0 };
	enum err e = OK;

	for (size_t i = 0; e == OK && i < n; i++) {
		struct line *l = &lines[i];
		if (l->before)
			l->looks = is_other(r, l);
		if (l->before || l->late || !alike_compares(r, l))
			continue;
		if (!was_said(r, l) && !r->writing)
			e = look_up(r, l);
		const struct stored_row *x = row_of(&r->stored, l->n);
		if (x && x->is == MAP_STORED_SAME) {
			f.lines[f.n] = l;
			f.rows[f.n++] = x;
		}
	}
	return e == OK && f.n ? db_read(r->job->db, r->batch, fetch_same, &f) : e;
}

void
stored_weigh(struct run *r, struct line *l)
{
	const struct stored_row *x = l->fate == FATE_REJECT ? NULL : row_of(&r->stored, l->n);
	struct arena *a = r->batch;

	if (l->late) {
		l->fate = FATE_LEFT;
		l->what = str_fmt(a, "row %lld was taken for it already", (long long)l->late);
	}
	if (!x)
		return;
	if (x->is == MAP_STORED_LEAVE) {
		l->fate = FATE_LEFT;
		l->what = x->told ? STR("left out, as was said before")
		                  : str_fmt(a, "left out: looks like “%.*s”, which is stored: %s", STR_ARG(x->name),
		                            x->why);
	} else if (!x->told && l->before) {
		l->what = str_fmt(a, "taken for “%.*s”: %s%s%.*s", STR_ARG(x->name), x->why, l->what.n ? "; " : "",
		        STR_ARG(l->what));
	} else if (!x->told) {
		l->what = str_fmt(a, "looks like “%.*s”, which is stored: %s", STR_ARG(x->name), x->why);
	}
}

enum err
stored_keep(struct run *r, const struct line *lines, size_t n)
{
	void **objects = NULL;
	size_t k = 0, cap = 0;

	for (size_t i = 0; i < n && r->stored.n; i++) {
		const struct stored_row *x = row_of(&r->stored, lines[i].n);
		if (!x || x->told || x->is == MAP_STORED_ANOTHER || lines[i].fate == FATE_REJECT)
			continue;
		struct import_said *s = arena_new(r->batch, struct import_said, 1);
		size_t at = r->stored.n_saids ? names_find(&r->stored.said, x->key) : SIZE_MAX;
		*s = (struct import_said){ .row = at == SIZE_MAX ? (struct row){ 0 } : r->stored.saids[at].row,
			.kind = str_of(r->record->name),
			.source = r->source,
			.key = x->key,
			.other = x->is == MAP_STORED_SAME ? x->other : 0 };
		arena_grow(r->batch, objects, k, cap);
		objects[k++] = s;
	}
	return k ? run_save(r, &import_said_record, objects, k) : OK;
}

/* ---- telling ---- */

static void
tell_csv(struct write *w, struct arena *a, const struct stored_row *x)
{
	write_number(w, str_fmt(a, "%lld", (long long)x->n));
	write_text(w, x->row_name);
	write_text(w, STR("stored"));
	write_text(w, x->name);
	write_text(w, str_of(x->why));
	write_text(w, x->is == MAP_STORED_SAME    ? STR("the same")
	              : x->is == MAP_STORED_LEAVE ? STR("left out")
	                                          : STR("goes in"));
	write_row_end(w);
}

void
stored_tell(struct run *r)
{
	struct import_job *j = r->job;
	struct write w = { .out = j->doubles };

	j->stored = arena_new(j->arena, struct import_stored, IMPORT_ALIKE);
	for (size_t i = 0; i < r->stored.n; i++) {
		const struct stored_row *x = &r->stored.rows[i];
		if (x->told)
			continue;
		j->n_stored_is[x->is]++;
		if (j->n_stored_all++ < IMPORT_ALIKE)
			j->stored[j->n_stored++] = (struct import_stored){ .row = x->n,
				.other = x->other,
				.name = str_copy(j->arena, x->row_name),
				.other_name = str_copy(j->arena, x->name),
				.why = x->why,
				.why_not = x->why_not,
				.is = x->is,
				.said = is_said(j->map, x->n) };
		if (w.out)
			tell_csv(&w, r->keep, x);
	}
	if (r->stored.more)
		fault_add(&j->notes, str_fmt(j->arena, "%d stored %s", STORED_MOST, r->record->plural),
		        STR("were compared with the new rows: the newest"),
		        STR("the page of duplicates has those of one name and more"));
}
