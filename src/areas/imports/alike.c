#include "areas/imports/alike.h"

#include "areas/imports/run.h"
#include "sheet/write.h"

enum { ALIKE_ROWS = 200000 };

bool
alike_compares(const struct run *r, const struct line *l)
{
	const struct deal *d = l->object;

	if (l->fate == FATE_REJECT || l->skip || !l->name.n)
		return false;
	if (r->record == &account_record || r->record == &contact_record || r->record == &prospect_record)
		return true;
	return r->record == &deal_record && d->outcome == OUTCOME_OPEN &&
	       (l->set >> (record_field(&deal_record, STR("name")) - deal_record.fields) & 1);
}

struct alike
alike_line(struct run *r, struct arena *a, const struct line *l, int64_t row)
{
	str mail = { 0 }, company = { 0 }, phone = { 0 }, name = str_copy(a, l->name);
	id within = 0;

	if (r->record == &account_record) {
		mail = ((const struct account *)l->object)->website;
	} else if (r->record == &contact_record) {
		mail = ((const struct contact *)l->object)->email;
		phone = ((const struct contact *)l->object)->phone;
		within = ((const struct contact *)l->object)->account;
	} else if (r->record == &prospect_record) {
		mail = ((const struct prospect *)l->object)->email;
		phone = ((const struct prospect *)l->object)->phone;
		company = ((const struct prospect *)l->object)->company;
	} else {
		within = ((const struct deal *)l->object)->account;
	}
	struct alike x = alike_of(a, r->record, row, name, str_fold(a, name), mail, company, within);
	x.phone = alike_phone(a, phone);
	return x;
}

void
alike_note(struct run *r, const struct line *l)
{
	struct alike_book *b = &r->alike;

	if (l->fate == FATE_LEFT || !alike_compares(r, l))
		return;
	if (b->n == ALIKE_ROWS) {
		b->more = true;
		return;
	}
	arena_grow(r->keep, b->all, b->n, b->cap);
	arena_grow(r->keep, b->rows, b->n, b->cap_rows);
	b->all[b->n] = l->compared ? *l->compared : alike_line(r, r->keep, l, (int64_t)b->n);
	b->all[b->n].row = (int64_t)b->n;
	b->rows[b->n] = (struct alike_row){ .n = l->n, .fate = l->fate, .first = b->n, .others = SIZE_MAX };
	b->n++;
}

/* ---- deciding ---- */

struct deciding {
	struct run *r;
	struct alike_book *b;
	int64_t n_pairs;
};

static size_t
first_of(const struct alike_book *b, size_t i)
{
	while (b->rows[i].first != i)
		i = b->rows[i].first;
	return i;
}

/* What is stored stays before what is new, the earlier row before the later. */
static bool
stays(const struct alike_book *b, size_t i, size_t k)
{
	bool new_i = b->rows[i].fate == FATE_CREATE, new_k = b->rows[k].fate == FATE_CREATE;

	return new_i != new_k ? !new_i : i < k;
}

static bool
is_apart(const struct map *m, int64_t row)
{
	for (size_t i = 0; i < m->n_apart; i++)
		if (m->apart[i] == row)
			return true;
	return false;
}

/* Each row is told once, with the first that it was found to be like. Two that are stored already are for the page of
   duplicates. */
static bool
take_pair(void *what, const struct alike *x, const struct alike *y, const char *why)
{
	struct deciding *d = what;
	size_t i = first_of(d->b, (size_t)x->row), k = first_of(d->b, (size_t)y->row), keep, drop;

	if (i == k || (d->b->rows[i].fate != FATE_CREATE && d->b->rows[k].fate != FATE_CREATE))
		return true;
	keep = stays(d->b, i, k) ? i : k;
	drop = keep == i ? k : i;
	d->b->rows[drop].first = keep;
	d->b->rows[drop].why = why;
	return true;
}

static void
tell_row(struct deciding *d, struct write *w, const str *names, size_t i)
{
	struct import_job *j = d->r->job;
	const struct alike_row *x = &d->b->rows[i], *first = &d->b->rows[first_of(d->b, i)];
	struct import_alike a = { .row = x->n,
		.first = first->n,
		.name = names[i],
		.first_name = names[first_of(d->b, i)],
		.why = x->why,
		.apart = is_apart(j->map, x->n) };

	d->n_pairs++;
	if (j->n_alike < IMPORT_ALIKE) {
		a.name = str_copy(j->arena, a.name);
		a.first_name = str_copy(j->arena, a.first_name);
		j->alike[j->n_alike++] = a;
	}
	if (!w->out)
		return;
	write_number(w, str_fmt(d->r->keep, "%lld", (long long)a.row));
	write_text(w, a.name);
	write_number(w, str_fmt(d->r->keep, "%lld", (long long)a.first));
	write_text(w, a.first_name);
	write_text(w, str_of(a.why));
	write_text(w, j->map->alike == MAP_ALIKE_ALL || a.apart ? STR("goes in")
	              : j->map->alike == MAP_ALIKE_FIRST        ? STR("left out")
	                                                        : STR("merged"));
	write_row_end(w);
}

static void
tell_all(struct deciding *d)
{
	struct import_job *j = d->r->job;
	struct write w = { .out = j->doubles };
	str *names = arena_new(d->r->keep, str, d->b->n + 1);
	static const char *const heads[] = { "row", "name", "looks_like_row", "its_name", "why", "fate" };

	for (size_t i = 0; w.out && i < sizeof heads / sizeof *heads; i++)
		write_text(&w, str_of(heads[i]));
	if (w.out)
		write_row_end(&w);
	for (size_t i = 0; i < d->b->n; i++)
		names[d->b->all[i].row] = d->b->all[i].name;
	j->alike = arena_new(j->arena, struct import_alike, IMPORT_ALIKE);
	for (size_t i = 0; i < d->b->n; i++)
		if (d->b->rows[i].first != i)
			tell_row(d, &w, names, i);
	j->n_alike_all = d->n_pairs;
}

/* The row was told as new before all were compared. */
static void
tell_left(struct run *r, const struct alike_row *x, int64_t first)
{
	struct import_job *j = r->job;
	bool merged = j->map->alike == MAP_ALIKE_MERGE;

	j->import.n_created--;
	j->import.n_same++;
	j->n_shown[FATE_CREATE]--;
	j->n_shown[FATE_LEFT]++;
	for (size_t i = 0; i < j->n_fates; i++)
		if (j->fates[i].row == x->n) {
			j->fates[i].fate = FATE_LEFT;
			j->fates[i].what = str_fmt(j->arena, "%s row %lld: %s", merged ? "merged into" : "looks like",
			        (long long)first, x->why);
		}
}

static int64_t
leave_out(struct run *r)
{
	struct alike_book *b = &r->alike;
	size_t *first = arena_new(r->keep, size_t, b->n + 1);
	int64_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		first[i] =
		        r->job->map->alike == MAP_ALIKE_ALL || is_apart(r->job->map, b->rows[i].n) ? i : first_of(b, i);
	for (size_t i = b->n; i-- > 0;) {
		struct alike_row *x = &b->rows[i], *stays = &b->rows[first[i]];
		x->first = first[i];
		if (x == stays)
			continue;
		n++;
		x->others = stays->others; /* from the end, so that earlier ones come first */
		stays->others = i;
		tell_left(r, x, stays->n);
	}
	return n;
}

static struct alike_row *
row_of(const struct alike_book *b, int64_t n)
{
	return rows_find(b->rows, b->n, sizeof *b->rows, n);
}

/* What the rows say that are left out, read once more: which they are is known only after the last one. */
static enum err
read_left(struct run *r)
{
	const struct map *m = r->job->map;
	struct names seen = r->seen;
	struct arena *batch = r->batch;
	struct csv *csv;
	struct csv_row row;
	enum err e = import_open(
	        r->keep, &r->job->from, (struct csv_options){ m->encoding, m->delimiter, 0 }, r->job->faults, &csv);

	r->batch = r->keep;
	r->seen = (struct names){ .arena = r->keep };
	r->writing = true; /* nothing is noted twice */
	while (e == OK && (e = csv_next(csv, &row)) == OK) {
		struct alike_row *x = row_of(&r->alike, row.n);
		struct line l;
		if (!x || r->alike.rows[x->first].n == x->n)
			continue;
		rows_parse(r, &row, &l);
		x->object = l.fate == FATE_REJECT ? NULL : l.object;
	}
	r->writing = false;
	r->seen = seen;
	r->batch = batch;
	return e == ERR_ABSENT ? OK : e;
}

enum err
alike_decide(struct run *r)
{
	struct deciding d = { .r = r, .b = &r->alike };
	struct import_job *j = r->job;
	int64_t left;

	alike_pairs(r->record, r->alike.all, r->alike.n, take_pair, &d);
	tell_all(&d);
	left = leave_out(r);
	if (left)
		fault_add(&j->notes, str_fmt(j->arena, "%lld %s", (long long)left, left == 1 ? "row" : "rows"),
		        str_fmt(j->arena, "%s earlier in this file%s",
		                left == 1 ? "looks like one" : "look like others",
		                j->map->alike == MAP_ALIKE_MERGE ? ": what these lack is taken from there"
		                                                 : ": left out"),
		        STR("see which, and say which are another one"));
	if (r->alike.more)
		fault_add(&j->notes, str_fmt(j->arena, "%d rows", ALIKE_ROWS), STR("were compared with each other"),
		        STR("those after them go in as they are"));
	return left && !j->dry && j->map->alike == MAP_ALIKE_MERGE ? read_left(r) : OK;
}

/* ---- writing ---- */

static void
fill_gaps(struct run *r, struct line *l, const void *other)
{
	for (size_t i = 0; i < r->record->n_fields; i++) {
		const struct field *f = &r->record->fields[i];
		if (f->system || rows_is(f, "source") || rows_is(f, "external_id") || !field_is_null(f, l->object) ||
		        field_is_null(f, other))
			continue;
		rows_copy(f, l->object, other);
		l->set |= (uint64_t)1 << i;
	}
}

void
alike_apply(struct run *r, struct line *l)
{
	struct alike_book *b = &r->alike;
	struct alike_row *x = r->job->map->alike == MAP_ALIKE_ALL ? NULL : row_of(b, l->n);
	size_t at = x ? (size_t)(x - b->rows) : 0;

	if (!x)
		return;
	if (x->first != at) {
		l->fate = FATE_LEFT;
		return;
	}
	if (l->fate != FATE_CREATE && l->fate != FATE_UPDATE)
		return;
	for (size_t i = x->others; i != SIZE_MAX; i = b->rows[i].others)
		if (b->rows[i].object)
			fill_gaps(r, l, b->rows[i].object);
}
