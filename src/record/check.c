#include "record/change.h"
#include "record/own.h"
#include "record/row.h"

void
check_say(struct arena *a, struct check_report *r, str place, str what)
{
	struct fault *f = arena_new(a, struct fault, 1);

	*f = (struct fault){ .place = place, .what = what };
	if (!r->last)
		r->last = &r->first;
	*r->last = f;
	r->last = &f->next;
	r->n++;
}

static enum err
check_references(struct conn *c, struct arena *a, id org, const struct record *r, struct check_report *ret)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		int64_t n = 0;
		if (f->kind != F_REF)
			continue;
		const char *to = f->ref ? f->ref->table : r->table;
		str sql = str_fmt(a,
		        "select count(*) from %s t where t.org_id = $1 and t.%s is not null and not exists"
		        " (select 1 from %s o where o.org_id = t.org_id and o.id = t.%s)",
		        r->table, f->name, to, f->name);
		e = db_one_int(c, str_z(a, sql), DB_ARGS(DB_I(org)), &n);
		if (e == OK && n)
			check_say(a, ret, str_fmt(a, "%s.%s", r->table, f->name),
			        str_fmt(a, "%lld rows point at a %s that is not there", (long long)n, to));
	}
	return e;
}

static enum err
check_keys(struct conn *c, struct arena *a, id org, const struct record *r, struct check_report *ret)
{
	int64_t n = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (!f->required)
			continue;
		str sql = str_fmt(a, "select count(*) from %s where org_id = $1 and %s is null", r->table, f->name);
		e = db_one_int(c, str_z(a, sql), DB_ARGS(DB_I(org)), &n);
		if (e == OK && n)
			check_say(a, ret, str_fmt(a, "%s.%s", r->table, f->name),
			        str_fmt(a, "%lld rows lack a required value", (long long)n));
	}
	if (e == OK)
		e = db_one_int(c, str_z(a, str_fmt(a, "select count(*) from %s where org_id = $1", r->table)),
		        DB_ARGS(DB_I(org)), &n);
	ret->rows += n;
	return e;
}

struct header {
	struct change_head head;
	int64_t seq, n;
	str digest, chain;
	bool erased;
};

static enum err
load_header_lines(struct conn *c, struct arena *a, id org, id set, struct change_line **ret, size_t *ret_n)
{
	struct change_line *lines = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select record, row_id, field, before_, after_, effective from change_line where org_id = $1 and "
	        "set_id = $2 order by n",
	        DB_ARGS(DB_I(org), DB_I(set)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, lines, n, cap);
		lines[n++] = (struct change_line){ str_z(a, db_text_raw(&rows, 0)), db_int(&rows, 1), db_text(&rows, 2),
			db_text(&rows, 3), db_text(&rows, 4), db_int(&rows, 5) };
	}
	*ret = lines;
	*ret_n = n;
	return db_end(&rows);
}

static enum err
check_set(struct conn *c, id org, const struct header *h, struct arena *say, struct check_report *ret)
{
	struct arena own;
	struct change_line *lines;
	size_t n;
	enum err e;

	arena_init(&own, (size_t)1 << 30);
	e = load_header_lines(c, &own, org, h->head.set, &lines, &n);
	if (e == OK && n != (size_t)h->n)
		check_say(say, ret, str_fmt(say, "change set %.*s", STR_ARG(id_text(say, h->head.set))),
		        str_fmt(say, "has %zu lines, its header says %lld", n, (long long)h->n));
	else if (e == OK && !h->erased && !str_eq(h->digest, change_digest(&own, &h->head, lines, n)))
		check_say(say, ret, str_fmt(say, "change set %.*s", STR_ARG(id_text(say, h->head.set))),
		        STR("does not match its digest: it was altered"));
	arena_fini(&own);
	return e;
}

static enum err
load_headers(struct conn *c, struct arena *a, id org, struct header **ret, size_t *ret_n)
{
	struct header *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select id, seq, at, n, salt, digest, chain, erased, login, person, kind, of_id, reason, idem from "
	        "change_set"
	        " where org_id = $1 order by seq, id",
	        DB_ARGS(DB_I(org)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, all, n, cap);
		struct header *h = &all[n++];
		*h = (struct header){ .head = { .set = db_int(&rows, 0),
			                      .at = db_int(&rows, 2),
			                      .salt = db_text(&rows, 4),
			                      .login = db_int(&rows, 8),
			                      .person = db_int(&rows, 9),
			                      .kind = db_text(&rows, 10),
			                      .of = db_int(&rows, 11),
			                      .reason = db_text(&rows, 12),
			                      .idem = db_text(&rows, 13) },
			.seq = db_int(&rows, 1),
			.n = db_int(&rows, 3),
			.digest = db_text(&rows, 5),
			.chain = db_text(&rows, 6),
			.erased = db_int(&rows, 7) != 0 };
	}
	*ret = all;
	*ret_n = n;
	return db_end(&rows);
}

static enum err
check_chain(struct conn *c, struct arena *a, id org, struct check_report *ret)
{
	struct header *all;
	size_t n;
	int64_t seq = 0;
	str chain = { 0 };
	enum err e = load_headers(c, a, org, &all, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		const struct header *h = &all[i];
		ret->sets++;
		e = check_set(c, org, h, a, ret);
		if (!h->seq)
			continue; /* the sealer has not come by yet */
		if (h->seq != ++seq) {
			check_say(a, ret, str_fmt(a, "change set %.*s", STR_ARG(id_text(a, h->head.set))),
			        str_fmt(a, "has number %lld where %lld was due: one was taken out", (long long)h->seq,
			                (long long)seq));
			seq = h->seq;
		}
		chain = change_chain(a, chain, h->seq, h->digest);
		if (!str_eq(chain, h->chain)) {
			check_say(a, ret, str_fmt(a, "change set %.*s", STR_ARG(id_text(a, h->head.set))),
			        STR("breaks the chain of digests"));
			chain = h->chain;
		}
	}
	return e;
}

/* What stands in the history of rows without a header has no author, no time and no digest. */
static enum err
check_loose(struct conn *c, struct arena *a, id org, struct check_report *ret)
{
	int64_t n = 0;
	enum err e = db_one_int(c,
	        "select count(*) from change_line l where l.org_id = $1 and not exists"
	        " (select 1 from change_set s where s.org_id = $1 and s.id = l.set_id)",
	        DB_ARGS(DB_I(org)), &n);

	if (e == OK && n)
		check_say(a, ret, STR("change_line"), str_fmt(a, "%lld lines belong to no change set", (long long)n));
	return e;
}

enum err
record_check(struct conn *c, struct arena *a, id org, struct check_report *ret)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && record_all[i]; i++) {
		e = check_references(c, a, org, record_all[i], ret);
		if (e == OK)
			e = check_keys(c, a, org, record_all[i], ret);
	}
	if (e == OK)
		e = check_loose(c, a, org, ret);
	if (e == OK)
		e = own_check(c, a, org, ret);
	return e == OK ? check_chain(c, a, org, ret) : e;
}
