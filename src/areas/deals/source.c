#include "areas/deals/source.h"

#include <string.h>

#include "http/http.h"

static const struct field source_system_fields[] = {
	FIELD(struct source_system, name, TEXT, "Source", .required = 1, .list = 1),
	FIELD(struct source_system, label, TEXT, "Called", .required = 1, .list = 1, .most = 60),
	FIELD(struct source_system, url, TEXT, "Address of a deal there", .most = 500),
	FIELD(struct source_system, master, BOOL, "It is the master", .list = 1),
	FIELD(struct source_system, fields, TEXT, "Its fields", .most = 1000),
};

const char *const source_fields[] = { "name", "account", "product", "owner", "stage", "amount", "currency",
	"created_on", "engaged_on", "closes_on", "closed_on", "lost_reason", "their_probability", NULL };

bool
source_owns(const struct source_system *s, const char *field)
{
	str rest = s->fields, one;

	while (s->master && rest.n) {
		str_cut(rest, ' ', &one, &rest);
		if (str_eq(one, str_of(field)))
			return true;
	}
	return false;
}

static bool
known_fields(const struct source_system *s)
{
	str rest = s->fields, one;

	while (rest.n) {
		bool known = false;
		str_cut(rest, ' ', &one, &rest);
		for (size_t i = 0; source_fields[i] && !known; i++)
			known = str_eq(one, str_of(source_fields[i]));
		if (!known)
			return false;
	}
	return true;
}

static enum err
check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct source_system *s = after;

	(void)c;
	(void)before;
	if (s && s->url.n && !str_starts(s->url, STR("https://")) && !str_starts(s->url, STR("http://")))
		fault_add(f, STR("url"), STR("is no address of a page"), STR("begin it with https://"));
	if (s && s->url.n && str_find(s->url, STR("{id}")) == SIZE_MAX)
		fault_add(f, STR("url"), STR("does not say where the id of a deal goes"),
		        STR("write {id} in its place, as https://example.com/deals/{id}"));
	if (s && !known_fields(s))
		fault_add(f, STR("fields"), STR("names a field that is always ours"), STR("choose from the list"));
	return OK;
}

const struct record source_record = {
	.name = "source_system",
	.table = "source_system",
	.label = "source",
	.plural = "sources",
	.size = sizeof(struct source_system),
	FIELDS(source_system_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "name", NULL },
	.purpose = "So that one system is the master of each field.",
	.retention = "Until removed.",
	.check = check,
};

enum err
source_find(struct conn *c, struct arena *a, id org, str name, struct source_system *ret)
{
	str sql = str_fmt(a, "select %.*s from source_system t where t.org_id = $1 and t.name = $2",
	        STR_ARG(record_columns(a, &source_record, "t")));
	struct rows rows;
	enum err e = name.n ? db_query(c, a, str_z(a, sql), DB_ARGS(DB_I(org), DB_T(name)), &rows) : ERR_ABSENT;

	if (e != OK)
		return e;
	bool there = db_next(&rows);
	if (there)
		record_read(&rows, &source_record, 0, ret);
	e = db_end(&rows);
	return e != OK ? e : there ? OK : ERR_ABSENT;
}

str
source_link(struct arena *a, const struct source_system *s, str external_id)
{
	size_t at = str_find(s->url, STR("{id}"));

	if (at == SIZE_MAX || !external_id.n)
		return (str){ 0 };
	return str_fmt(a, "%.*s%.*s%.*s", STR_ARG(str_first(s->url, at)), STR_ARG(http_escape(a, external_id)),
	        STR_ARG(str_from(s->url, at + 4)));
}

/* What people and their programs change; files, undo and rules follow the source or the past. */
static bool
typed(const struct change *c)
{
	const char *why = c->grant->reason;

	return c->kind == CHANGE_EDIT && why && (strcmp(why, "session") == 0 || strcmp(why, "token") == 0);
}

/* D5a: each field has one master. */
enum err
source_guard(struct change *c, const struct deal *was, const struct deal *d, struct faults *f)
{
	struct source_system s;
	enum err e;

	if (!was || !was->source.n || !typed(c))
		return OK;
	e = source_find(c->conn, c->arena, c->grant->org, was->source, &s);
	if (e != OK || !s.master)
		return e == ERR_ABSENT ? OK : e;
	for (size_t i = 0; source_fields[i]; i++) {
		const struct field *x = record_field(&deal_record, str_of(source_fields[i]));
		if (source_owns(&s, source_fields[i]) && !field_equal(x, was, d))
			fault_add(f, str_of(x->name), str_fmt(c->arena, "is kept in %.*s", STR_ARG(s.label)),
			        STR("change it there; it comes here with the next file"));
	}
	return OK;
}
