#include "areas/imports/pipeline.h"

#define INTERRUPTED_MS INT64_C(60000)

struct one {
	const struct record *record;
	void *object;
};

static enum err
save_one(struct change *c, void *what)
{
	struct one *o = what;
	void *copy = arena_copy(c->arena, o->object, o->record->size); /* it may run twice */
	enum err e = record_save(c, o->record, copy);

	if (e == OK)
		*(struct row *)o->object = *(struct row *)copy;
	return e;
}

static enum err
store(struct db *d, struct arena *a, const struct grant *g, const struct record *r, void *object, str reason)
{
	struct one o = { r, object };
	struct grant all = grant_all(g->org, g->login, g->person, "import");
	struct change_work w = { .grant = &all, .reason = reason, .kind = CHANGE_JOB, .fn = save_one, .what = &o };
	struct row before = *(struct row *)object;
	enum err e = change_run(d, a, &w);

	if (e != OK)
		*(struct row *)object = before;
	return e;
}

enum err
import_store(struct db *d, struct arena *a, const struct grant *g, struct import *i)
{
	return store(d, a, g, &import_record, i, str_fmt(a, "import of %.*s", STR_ARG(i->file)));
}

enum err
import_recall(struct conn *c, struct arena *a, const struct grant *g, int kind, str fingerprint, struct import_map *ret)
{
	str sql = str_fmt(a, "select %.*s from import_map t where t.org_id = $1 and t.kind = $2 and t.fingerprint = $3",
	        STR_ARG(record_columns(a, &import_map_record, "t")));
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql),
	        DB_ARGS(DB_I(g->org), DB_T(str_of(import_kinds[kind].code)), DB_T(fingerprint)), &rows);

	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there)
		record_read(&rows, &import_map_record, 0, ret);
	e = db_end(&rows);
	return e != OK ? e : there ? OK : ERR_ABSENT;
}

enum err
import_remember(struct db *d, struct arena *a, const struct grant *g, int kind, str fingerprint, str map)
{
	struct import_map m;
	struct conn *c;
	enum err e = db_begin_read(d, &c);

	if (e != OK)
		return e;
	e = import_recall(c, a, g, kind, fingerprint, &m);
	db_end_read(d, c);
	if (e == OK && str_eq(m.map, map))
		return OK;
	if (e == ERR_ABSENT) {
		record_init(&import_map_record, &m);
		m.kind = kind;
		m.fingerprint = fingerprint;
	} else if (e != OK) {
		return e;
	}
	m.map = map;
	return store(d, a, g, &import_map_record, &m, STR("mapping remembered"));
}

/* Has an import that says "running" written anything of late? */
static enum err
mark_interrupted(struct conn *c, const struct grant *g, struct import *i)
{
	int64_t last = 0;
	enum err e;

	if (i->state != IMPORT_RUNNING)
		return OK;
	e = db_one_int(c, "select coalesce(max(at), 0) from change_set where org_id = $1 and of_id = $2",
	        DB_ARGS(DB_I(g->org), DB_I(i->row.id)), &last);
	if (last < i->started_at)
		last = i->started_at;
	if (e == OK && now() - last > INTERRUPTED_MS)
		i->state = IMPORT_INTERRUPTED;
	return e;
}

enum err
import_list(struct conn *c, struct arena *a, const struct grant *g, size_t most, struct import **ret, size_t *ret_n)
{
	str sql = str_fmt(a, "select %.*s from import_file t where t.org_id = $1 order by t.id desc limit %zu",
	        STR_ARG(record_columns(a, &import_record, "t")), most);
	struct import *all = arena_new(a, struct import, most + 1);
	size_t n = 0;
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(g->org)), &rows);

	if (e != OK)
		return e;
	while (n < most && db_next(&rows))
		record_read(&rows, &import_record, 0, &all[n++]);
	e = db_end(&rows);
	for (size_t i = 0; e == OK && i < n; i++)
		e = mark_interrupted(c, g, &all[i]);
	*ret = all;
	*ret_n = n;
	return e;
}

enum err
import_get(struct conn *c, struct arena *a, const struct grant *g, id import, struct import *ret)
{
	enum err e = record_load(c, a, g, &import_record, import, ret);

	return e == OK ? mark_interrupted(c, g, ret) : e;
}

enum err
import_changed(struct conn *c, const struct grant *g, id import, bool *ret)
{
	int64_t one;
	enum err e =
	        db_one_int(c, "select 1 from change_set where org_id = $1 and of_id = $2 and kind = 'import' limit 1",
	                DB_ARGS(DB_I(g->org), DB_I(import)), &one);

	if (e == OK || e == ERR_ABSENT)
		*ret = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

/* The newest before `below` that was not undone and wrote something, or may still. */
static enum err
find_standing(struct conn *c, struct arena *a, const struct grant *g, id above, id below, struct import *ret)
{
	str sql = str_fmt(a,
	        "select %.*s from import_file t where t.org_id = $1 and t.id > $2 and t.id < $3 and t.state <> "
	        "'undone' and (t.state = 'running' or exists (select 1 from change_set s where s.org_id = t.org_id and "
	        "s.of_id = t.id and s.kind = 'import')) order by t.id desc limit 1",
	        STR_ARG(record_columns(a, &import_record, "t")));
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(g->org), DB_I(above), DB_I(below)), &rows);

	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there)
		record_read(&rows, &import_record, 0, ret);
	e = db_end(&rows);
	if (e == OK && there)
		e = mark_interrupted(c, g, ret);
	return e != OK ? e : there ? OK : ERR_ABSENT;
}

enum err
import_later(struct conn *c, struct arena *a, const struct grant *g, id import, struct import *ret)
{
	struct import x = { .row = { .id = INT64_MAX } };
	bool changed = false;
	enum err e = OK;

	while (e == OK && !changed) {
		e = find_standing(c, a, g, import, x.row.id, &x);
		if (e == OK &&
		        x.state != IMPORT_RUNNING) /* one that died before its first row stands in nobody's way */
			e = import_changed(c, g, x.row.id, &changed);
		else
			changed = e == OK;
	}
	if (e == OK)
		*ret = x;
	return e;
}

str
import_later_words(struct arena *a, const struct import *later)
{
	return str_fmt(a, "undo “%.*s” of %.*s first; its file can be sent again afterwards", STR_ARG(later->file),
	        STR_ARG(str_first(instant_iso(a, later->started_at), 10)));
}

struct take_back {
	const struct grant *grant;
	id import;
	struct import found, later;
	bool is_later;
};

static enum err
find_later(struct conn *c, struct arena *a, void *what)
{
	struct take_back *t = what;
	enum err e = import_get(c, a, t->grant, t->import, &t->found);

	if (e != OK)
		return e;
	e = import_later(c, a, t->grant, t->import, &t->later);
	t->is_later = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

static void
copy_kept(struct arena *a, struct undo_result *r)
{
	struct fault **last = &r->kept;

	for (struct fault *f = r->kept; f; f = f->next) {
		struct fault *own = arena_new(a, struct fault, 1);
		*own = (struct fault){
			.place = str_copy(a, f->place), .what = str_copy(a, f->what), .mend = str_copy(a, f->mend)
		};
		*last = own;
		last = &own->next;
	}
	*last = NULL;
}

enum err
import_take_back(
        struct db *d, struct arena *a, const struct grant *g, id import, struct faults *f, struct undo_result *ret)
{
	struct grant all = grant_all(g->org, g->login, g->person, "undo of an import");
	struct take_back t = { .grant = &all, .import = import };
	struct arena work;
	enum err e = db_read(d, a, find_later, &t);

	if (e != OK)
		return e;
	if (t.found.state == IMPORT_UNDONE)
		return fault_add(
		        f, t.found.file, STR("was undone before"), STR("send the file again to have its rows back"));
	if (t.found.state == IMPORT_RUNNING)
		return fault_add(f, t.found.file, STR("is still being written"),
		        STR("stop it on its page, or wait until it is done"));
	if (t.is_later)
		return fault_add(f, t.found.file,
		        str_fmt(a, "cannot be undone while a later import stands: %.*s (%.*s, %.*s)",
		                STR_ARG(t.later.file), STR_ARG(id_text(a, t.later.row.id)),
		                STR_ARG(str_first(instant_iso(a, t.later.started_at), 10))),
		        import_later_words(a, &t.later));
	arena_init(&work, (size_t)8 << 30);
	e = import_undo(d, &work, &all, import, f, ret);
	if (e == OK) {
		copy_kept(a, ret);
		t.found.state = IMPORT_UNDONE;
		e = import_store(d, a, g, &t.found);
	}
	arena_fini(&work);
	return e;
}
