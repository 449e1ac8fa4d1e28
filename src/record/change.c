#include "record/change.h"

#include <sodium.h>
#include <string.h>

#include "base/out.h"
#include "record/row.h"

enum { LINE_COLUMNS = 9 };

static const char *const kind_names[] = { "edit", "import", "undo", "job" };

enum change_kind
change_kind_named(str name)
{
	for (int i = 0; i < 4; i++)
		if (str_eq(name, str_of(kind_names[i])))
			return (enum change_kind)i;
	return CHANGE_JOB;
}

/* The company's own day: its zone, or the day that its data end. */
static enum err
company_day(struct conn *c, struct arena *a, id org, instant at, day *ret)
{
	struct rows rows;
	enum err e = db_query(
	        c, a, "select zone, as_of from company where org_id = $1 and id = $1", DB_ARGS(DB_I(org)), &rows);

	*ret = zone_day(zone_utc(), at);
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		const struct zone *z = zone_find(db_text(&rows, 0));
		*ret = zone_day(z ? z : zone_utc(), at);
		if (!db_is_null(&rows, 1))
			*ret = db_day(&rows, 1);
	}
	return db_end(&rows);
}

static enum err
find_idem(struct change *c)
{
	return db_one_int(c->conn, "select id from change_set where org_id = $1 and login = $2 and idem = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->login), DB_T(c->idem)), &c->set);
}

enum err
change_open(struct conn *conn, struct arena *a, const struct grant *g, enum change_kind kind, id of, str reason,
        str idem, struct faults *f, struct change *ret)
{
	enum err e;

	grant_assert(g);
	*ret = (struct change){ .conn = conn,
		.arena = a,
		.grant = g,
		.faults = f,
		.kind = kind,
		.of = of,
		.reason = reason,
		.idem = idem,
		.at = now(),
		.set = id_new() };
	e = company_day(conn, a, g->org, ret->at, &ret->today);
	if (e != OK || !idem.n)
		return e;
	e = find_idem(ret);
	return e == OK ? ERR_DUPLICATE : e == ERR_ABSENT ? OK : e;
}

void
change_push(struct change *c, const struct record *r, id row, str field, str before, str after)
{
	arena_grow(c->arena, c->lines, c->n_lines, c->cap_lines);
	c->lines[c->n_lines++] = (struct change_line){ .record = r->name,
		.row = row,
		.field = field,
		.before = before,
		.after = after,
		.effective = c->effective ? c->effective : c->at };
	c->n++;
}

static void
hash_part(crypto_generichash_state *s, str text)
{
	uint64_t n = text.n;

	crypto_generichash_update(s, (const unsigned char *)&n, sizeof n);
	crypto_generichash_update(s, (const unsigned char *)text.s, text.n);
}

static void
hash_number(crypto_generichash_state *s, int64_t n)
{
	crypto_generichash_update(s, (const unsigned char *)&n, sizeof n);
}

static str
hash_end(struct arena *a, crypto_generichash_state *s)
{
	unsigned char sum[32];
	char *hex = arena_alloc(a, 65, 1);

	crypto_generichash_final(s, sum, sizeof sum);
	sodium_bin2hex(hex, 65, sum, sizeof sum);
	return (str){ hex, 64 };
}

/* The digest covers the header and every line, with the salt; erasing values clears lines and salt, the digest stays
 * (I4a). */
str
change_digest(struct arena *a, const struct change_head *h, const struct change_line *lines, size_t n)
{
	crypto_generichash_state s;

	crypto_generichash_init(&s, NULL, 0, 32);
	hash_number(&s, h->set);
	hash_number(&s, h->at);
	hash_number(&s, h->login);
	hash_number(&s, h->person);
	hash_part(&s, h->kind);
	hash_number(&s, h->of);
	hash_part(&s, h->reason);
	hash_part(&s, h->idem);
	hash_part(&s, h->salt);
	for (size_t i = 0; i < n; i++) {
		hash_part(&s, str_of(lines[i].record));
		hash_number(&s, lines[i].row);
		hash_part(&s, lines[i].field);
		hash_part(&s, lines[i].before);
		hash_part(&s, lines[i].after);
		hash_number(&s, lines[i].effective);
	}
	return hash_end(a, &s);
}

str
change_chain(struct arena *a, str before, int64_t seq, str digest)
{
	crypto_generichash_state s;

	crypto_generichash_init(&s, NULL, 0, 32);
	hash_part(&s, before);
	hash_number(&s, seq);
	hash_part(&s, digest);
	return hash_end(a, &s);
}

static str
fresh_salt(struct arena *a)
{
	unsigned char bytes[16];
	char *hex = arena_alloc(a, 33, 1);

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(hex, 33, bytes, sizeof bytes);
	return (str){ hex, 32 };
}

static enum err
write_header(struct change *c)
{
	const struct grant *g = c->grant;
	struct change_head h = { .set = c->set,
		.login = g->login,
		.person = g->person,
		.of = c->of,
		.at = c->at,
		.kind = str_of(kind_names[c->kind]),
		.reason = c->reason.n ? c->reason : str_of(g->reason),
		.idem = c->idem,
		.salt = fresh_salt(c->arena) };
	str digest = change_digest(c->arena, &h, c->lines, c->n_lines);

	return db_exec(c->conn,
	        "insert into change_set (org_id, id, at, login, person, kind, of_id, reason, idem, n, salt, digest)"
	        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
	        DB_ARGS(DB_I(g->org), DB_I(c->set), DB_I(c->at), DB_I(g->login), DB_REF(g->person), DB_T(h.kind),
	                DB_REF(h.of), DB_T(h.reason), c->idem.n ? DB_T(c->idem) : DB_NULL_, DB_I((int64_t)c->n_lines),
	                DB_T(h.salt), DB_T(digest)),
	        NULL);
}

static struct db_value
text_or_null(str s)
{
	return s.n ? DB_T(s) : DB_NULL_;
}

static void
line_values(const struct change *c, size_t i, struct db_value v[static LINE_COLUMNS])
{
	const struct change_line *l = &c->lines[i];

	*v++ = DB_I(c->grant->org);
	*v++ = DB_I(c->set);
	*v++ = DB_I((int64_t)i);
	*v++ = DB_T(str_of(l->record));
	*v++ = DB_I(l->row);
	*v++ = DB_T(l->field);
	*v++ = text_or_null(l->before);
	*v++ = text_or_null(l->after);
	*v = DB_I(l->effective);
}

/* As rows are inserted: few at a time where that is no trip to a server. */
static enum err
write_lines(struct change *c)
{
	size_t most = conn_is_lite(c->conn) && c->n_lines > ROW_FEW ? ROW_FEW : c->n_lines, k;
	struct db_value *v = arena_new(c->arena, struct db_value, most * LINE_COLUMNS + 1);
	enum err e = OK;

	for (size_t at = 0; e == OK && at < c->n_lines; at += k) {
		for (k = 0; k < most && at + k < c->n_lines; k++)
			line_values(c, at + k, v + k * LINE_COLUMNS);
		e = db_insert_many(c->conn, "change_line",
		        "org_id, set_id, n, record, row_id, field, before_, after_, effective", LINE_COLUMNS, v, k);
	}
	return e;
}

enum err
change_close(struct change *c)
{
	assert(!c->closed);
	c->closed = true;
	if (!c->n_lines && !c->idem.n) {
		c->set = 0;
		return OK;
	}
	enum err e = write_header(c);
	return e == OK ? write_lines(c) : e;
}

static enum err
run_in_change(struct conn *conn, struct arena *a, void *what)
{
	struct change_work *w = what;
	struct change c;
	enum err e = change_open(conn, a, w->grant, w->kind, w->of, w->reason, w->idem, w->faults, &c);

	w->ret_again = e == ERR_DUPLICATE;
	w->ret_set = c.set;
	if (e != OK)
		return w->ret_again ? OK : e;
	e = w->fn(&c, w->what);
	if (e == OK)
		e = change_close(&c);
	w->ret_set = c.set;
	return e;
}

enum err
change_row(struct conn *c, id org, id set, const struct record *r, id *ret)
{
	return db_one_int(c,
	        "select row_id from change_line where org_id = $1 and set_id = $2 and record = $3 order by n limit 1",
	        DB_ARGS(DB_I(org), DB_I(set), DB_T(str_of(r->name))), ret);
}

void (*change_committed)(void);

enum err
change_run(struct db *d, struct arena *a, struct change_work *w)
{
	struct faults none;

	faults_init(&none, a);
	if (!w->faults)
		w->faults = &none;
	enum err e = db_write(d, a, run_in_change, w);
	/* The same intent, sent twice at once: the other was first, and is found now. */
	if (e == ERR_DUPLICATE && w->idem.n)
		e = db_write(d, a, run_in_change, w);
	if (e == OK && w->ret_set && change_committed)
		change_committed();
	return e;
}

/* ---- the sealer ---- */

enum { SEAL_ATTEMPTS = 5 };

struct seal_work {
	size_t most, n;
};

struct unsealed {
	id org, set;
	str digest;
};

static enum err
chain_head(struct conn *c, struct arena *a, id org, int64_t *ret_seq, str *ret_chain)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select seq, chain from change_set where org_id = $1 and seq is not null order by seq desc limit 1",
	        DB_ARGS(DB_I(org)), &rows);

	*ret_seq = 0;
	*ret_chain = (str){ 0 };
	if (e != OK)
		return e;
	if (db_next(&rows)) {
		*ret_seq = db_int(&rows, 0);
		*ret_chain = db_text(&rows, 1);
	}
	return db_end(&rows);
}

static enum err
seal_list(struct conn *c, struct arena *a, const struct unsealed *u, size_t n)
{
	id org = 0;
	int64_t seq = 0;
	str chain = { 0 };
	enum err e = OK;

	for (size_t i = 0; e == OK && i < n; i++) {
		if (u[i].org != org)
			e = chain_head(c, a, org = u[i].org, &seq, &chain);
		if (e != OK)
			break;
		seq++;
		chain = change_chain(a, chain, seq, u[i].digest);
		e = db_exec(c, "update change_set set seq = $3, chain = $4 where org_id = $1 and id = $2",
		        DB_ARGS(DB_I(org), DB_I(u[i].set), DB_I(seq), DB_T(chain)), NULL);
	}
	return e;
}

static enum err
seal(struct conn *c, struct arena *a, void *what)
{
	struct seal_work *w = what;
	struct unsealed *u = arena_new(a, struct unsealed, w->most);
	struct rows rows;
	size_t n = 0;
	enum err e;

	w->n = 0;
	if (!conn_is_lite(c)) {
		int64_t held = 0;
		e = db_one_int(
		        c, "select case when pg_try_advisory_xact_lock(727464) then 1 else 0 end", DB_NO_ARGS, &held);
		if (e != OK || !held)
			return e;
	}
	e = db_query(c, a, "select org_id, id, digest from change_set where seq is null order by org_id, id limit $1",
	        DB_ARGS(DB_I((int64_t)w->most)), &rows);
	if (e != OK)
		return e;
	while (n < w->most && db_next(&rows))
		u[n++] = (struct unsealed){ db_int(&rows, 0), db_int(&rows, 1), db_text(&rows, 2) };
	e = db_end(&rows);
	if (e == OK)
		e = seal_list(c, a, u, n);
	w->n = n;
	return e;
}

enum err
change_seal(struct db *d, struct arena *a, size_t most, size_t *ret_n)
{
	struct seal_work w = { .most = most };
	enum err e = ERR_DUPLICATE;

	/* PostgreSQL takes the snapshot before the lock: one that waited for another sealer may not see the numbers
	   just given, and meets them as taken. The next snapshot sees them. */
	for (int i = 0; i < SEAL_ATTEMPTS && e == ERR_DUPLICATE; i++)
		e = db_write(d, a, seal, &w);
	*ret_n = e == OK ? w.n : 0;
	return e;
}
