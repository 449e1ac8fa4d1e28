#include "record/row.h"

#include <stdio.h>
#include <string.h>

#include "base/out.h"
#include "json/json.h"

struct db_value
row_value(struct arena *a, const struct field *f, const void *object)
{
	const void *p = (const char *)object + f->at;

	if (field_is_null(f, object))
		return DB_NULL_;
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		return DB_T(*(const str *)p);
	case F_REF:
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		return DB_I(*(const int64_t *)p);
	case F_DAY:
		return db_day_value(a, *(const day *)p);
	case F_BOOL:
		return DB_I(*(const bool *)p);
	case F_CHOICE:
		return DB_T(str_of(f->choices[*(const int *)p].code));
	}
	return DB_NULL_;
}

size_t
row_columns(const struct record *r)
{
	size_t n = 4 + r->n_fields;

	for (size_t i = 0; i < r->n_fields; i++)
		n += r->fields[i].fold;
	return n;
}

void
row_values(struct arena *a, const struct record *r, id org, const void *object, struct db_value *ret)
{
	const struct row *row = object;
	size_t n = 0;

	ret[n++] = DB_I(org);
	ret[n++] = DB_I(row->id);
	ret[n++] = DB_I(row->version);
	ret[n++] = DB_I((int64_t)row->edited);
	for (size_t i = 0; i < r->n_fields; i++)
		ret[n++] = row_value(a, &r->fields[i], object);
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].fold)
			ret[n++] = field_is_null(&r->fields[i], object)
			                   ? DB_NULL_
			                   : DB_T(str_fold(a, *(const str *)(const void *)((const char *)object +
			                                                                   r->fields[i].at)));
}

struct words {
	char *at;
};

static void
put_word(struct words *w, const char *s)
{
	size_t n = strlen(s);

	memcpy(w->at, s, n);
	w->at += n;
}

/* Room for every name of the record twice, with what stands around it. */
static char *
room_for(struct arena *a, const struct record *r, size_t around)
{
	size_t n = 64 + 4 * around;

	for (size_t i = 0; i < r->n_fields; i++)
		n += 2 * (strlen(r->fields[i].name) + around);
	return arena_alloc(a, n, 1);
}

str
row_column_list(struct arena *a, const struct record *r)
{
	char *start = room_for(a, r, 8);
	struct words w = { start };

	put_word(&w, "org_id, id, version, edited");
	for (size_t i = 0; i < r->n_fields; i++) {
		put_word(&w, ", ");
		put_word(&w, r->fields[i].name);
	}
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].fold) {
			put_word(&w, ", ");
			put_word(&w, r->fields[i].name);
			put_word(&w, "_key");
		}
	return (str){ start, (size_t)(w.at - start) };
}

str
record_columns(struct arena *a, const struct record *r, const char *alias)
{
	static const char *const own[] = { ".id", ".version", ".edited" };
	char *start = room_for(a, r, strlen(alias) + 4);
	struct words w = { start };

	for (size_t i = 0; i < 3; i++) {
		put_word(&w, i ? ", " : "");
		put_word(&w, alias);
		put_word(&w, own[i]);
	}
	for (size_t i = 0; i < r->n_fields; i++) {
		put_word(&w, ", ");
		put_word(&w, alias);
		put_word(&w, ".");
		put_word(&w, r->fields[i].name);
	}
	return (str){ start, (size_t)(w.at - start) };
}

static void
read_field(const struct rows *rows, const struct field *f, int column, void *object)
{
	void *p = (char *)object + f->at;

	if (db_is_null(rows, column))
		return;
	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		*(str *)p = db_text(rows, column);
		break;
	case F_REF:
	case F_MONEY:
	case F_INT:
	case F_DECIMAL:
	case F_INSTANT:
		*(int64_t *)p = db_int(rows, column);
		break;
	case F_DAY:
		*(day *)p = db_day(rows, column);
		break;
	case F_BOOL:
		*(bool *)p = db_int(rows, column) != 0;
		break;
	case F_CHOICE:
		field_set_text(f, object, db_text_raw(rows, column));
		break;
	}
}

int
record_read(const struct rows *rows, const struct record *r, int from, void *ret)
{
	struct row *row = ret;

	record_init(r, ret);
	row->id = db_int(rows, from++);
	row->version = db_int(rows, from++);
	row->edited = (uint64_t)db_int(rows, from++);
	for (size_t i = 0; i < r->n_fields; i++)
		read_field(rows, &r->fields[i], from++, ret);
	return from;
}

enum err
row_load(struct conn *c, struct arena *a, id org, const struct record *r, id row, void *ret)
{
	str columns = record_columns(a, r, "t");
	str sql = str_fmt(a, "select %.*s from %s t where t.org_id = $1 and t.id = $2", STR_ARG(columns), r->table);
	struct rows rows;
	enum err e = db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(row)), &rows);

	if (e != OK)
		return e;
	if (!db_next(&rows)) {
		e = db_end(&rows);
		return e != OK ? e : ERR_ABSENT;
	}
	record_read(&rows, r, 0, ret);
	return db_end(&rows);
}

enum err
row_insert(struct conn *c, struct arena *a, id org, const struct record *r, const void *object)
{
	size_t n = row_columns(r);
	struct db_value *values = arena_new(a, struct db_value, n);
	str columns = row_column_list(a, r), marks = STR("$1");

	for (size_t i = 2; i <= n; i++)
		marks = str_fmt(a, "%.*s, $%zu", STR_ARG(marks), i);
	row_values(a, r, org, object, values);
	str sql = str_fmt(a, "insert into %s (%.*s) values (%.*s)", r->table, STR_ARG(columns), STR_ARG(marks));
	return db_exec(c, str_z(a, sql), values, n, NULL);
}

enum err
row_update(struct conn *c, struct arena *a, id org, const struct record *r, const void *object, int64_t was)
{
	size_t n = row_columns(r), at = 4;
	struct db_value *values = arena_new(a, struct db_value, n + 1);
	str sets = STR("version = $3, edited = $4");
	int64_t changed = 0;
	enum err e;

	for (size_t i = 0; i < r->n_fields; i++)
		sets = str_fmt(a, "%.*s, %s = $%zu", STR_ARG(sets), r->fields[i].name, ++at);
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].fold)
			sets = str_fmt(a, "%.*s, %s_key = $%zu", STR_ARG(sets), r->fields[i].name, ++at);
	row_values(a, r, org, object, values);
	values[n] = DB_I(was);
	str sql = str_fmt(a, "update %s set %.*s where org_id = $1 and id = $2 and version = $%zu", r->table,
	        STR_ARG(sets), n + 1);
	e = db_exec(c, str_z(a, sql), values, n + 1, &changed);
	return e != OK ? e : changed ? OK : ERR_STALE;
}

enum err
row_delete(struct conn *c, struct arena *a, id org, const struct record *r, id row, int64_t was)
{
	str sql = str_fmt(a, "delete from %s where org_id = $1 and id = $2 and version = $3", r->table);
	int64_t changed = 0;
	enum err e = db_exec(c, str_z(a, sql), DB_ARGS(DB_I(org), DB_I(row), DB_I(was)), &changed);

	return e != OK ? e : changed ? OK : ERR_STALE;
}

static str
as_json(struct arena *a, const struct record *r, const void *object, bool computed)
{
	struct out o;
	struct json j;
	str all;

	out_init(&o, 0);
	json_init(&j, &o);
	json_object(&j);
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (field_is_null(f, object) || (!computed && f->system && !f->holds_own))
			continue;
		json_key(&j, f->name);
		json_str(&j, field_text(a, f, object));
	}
	json_end(&j);
	all = out_all(&o, a);
	out_fini(&o);
	return all;
}

str
row_json(struct arena *a, const struct record *r, const void *object)
{
	return as_json(a, r, object, true);
}

str
row_json_said(struct arena *a, const struct record *r, const void *object)
{
	return as_json(a, r, object, false);
}

bool
row_from_json(struct arena *a, const struct record *r, str text, void *ret)
{
	struct faults f;
	struct jval *v;

	faults_init(&f, a);
	if (json_parse(a, text, &f, &v) != OK)
		return false;
	record_init(r, ret);
	for (const struct jval *p = v->first; p; p = p->next) {
		const struct field *field = record_field(r, p->key);
		if (field && !field_set_text(field, ret, p->text))
			return false;
	}
	return true;
}

str
row_name(struct arena *a, const struct record *r, const void *object)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].kind == F_TEXT && !field_is_null(&r->fields[i], object))
			return *(const str *)(const void *)((const char *)object + r->fields[i].at);
	return str_fmt(a, "%s %.*s", r->label, STR_ARG(id_text(a, record_row(object)->id)));
}
