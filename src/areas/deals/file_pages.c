/* Files of deals, accounts and the library's contents: sent, listed, given back for saving, removed. Who sees the
   record sees its files; who writes it adds and removes them (O3). */
#include "areas/deals/file_view.h"

#include <sodium.h>

#include "areas/process/content.h"

#include "areas/deals/files_html.h"

/* ---- what files belong to ---- */

static const struct holder {
	const struct record *record;
	const char *path, *label, *column, *name; /* name: the field it is called by */
	size_t at;                                /* of its id in an attachment */
} holders[] = {
	{ &deal_record, "/deals", "Deals", "deal", "name", offsetof(struct attachment, deal) },
	{ &account_record, "/accounts", "Accounts", "account", "name", offsetof(struct attachment, account) },
	{ &content_record, "/library", "Library", "content", "title", offsetof(struct attachment, content) },
};

static const struct holder *
holder_of(const struct record *of)
{
	const struct holder *h = holders;

	while (h->record != of)
		h++;
	return h;
}

static id *
held(struct attachment *x, const struct holder *h)
{
	return (id *)(void *)((char *)x + h->at);
}

static const struct holder *
holder_of_file(struct attachment *x)
{
	const struct holder *h = holders;

	while (h->record != &content_record && !*held(x, h))
		h++;
	return h;
}

static str
path_of(struct arena *a, const struct holder *h, id row, const char *behind)
{
	return str_fmt(a, "%s/%.*s%s", h->path, STR_ARG(id_text(a, row)), behind);
}

/* ---- reading ---- */

enum err
files_load(struct request *r, const struct record *of, id row, bool may, struct files_view *v)
{
	const struct holder *h = holder_of(of);
	struct rows rows;
	str sql = str_fmt(r->arena,
	        "select x.id, x.name, x.size, x.kind, coalesce(p.name, ''), x.on_day from attachment x left join "
	        "person "
	        "p on p.org_id = x.org_id and p.id = x.by where x.org_id = $1 and x.%s = $2 order by x.id desc limit "
	        "50",
	        h->column);
	enum err e = db_query(r->conn, r->arena, str_z(r->arena, sql), DB_ARGS(DB_I(r->actor.org), DB_I(row)), &rows);

	*v = (struct files_view){ .may = may,
		.base = path_of(r->arena, h, row, ""),
		.get = of == &content_record ? path_of(r->arena, h, row, "/open?file=") : STR("/files/"), /* K1 */
		.most = file_size_words(r->arena, FILE_MOST) };
	while (e == OK && v->n < FILES_COUNT && db_next(&rows)) {
		const struct file_kind *k = file_kind_of(db_text_raw(&rows, 3));
		v->bytes += db_int(&rows, 2);
		v->rows[v->n++] = (struct file_row){ .row = db_int(&rows, 0),
			.name = db_text(&rows, 1),
			.size = file_size_words(r->arena, db_int(&rows, 2)),
			.label = k ? str_of(k->label) : STR("File"),
			.by = db_text(&rows, 4),
			.on_day = db_day(&rows, 5) };
	}
	v->room = file_size_words(r->arena, v->bytes < FILES_MOST ? FILES_MOST - v->bytes : 0);
	return e == OK ? db_end(&rows) : e;
}

enum err
files_may_write(struct request *r, const struct record *of, id row, bool *ret)
{
	struct rows rows;
	enum err e;

	*ret = r->grant.reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY;
	if (of == &content_record)
		return OK;
	e = record_query(r->conn, r->arena, &r->grant,
	        of == &deal_record
	                ? "select 1 from deal d where d.org_id = $1 and $2 = $2 and d.id = $3 {mayw:deals d.owner}"
	                : "select 1 from account d where d.org_id = $1 and $2 = $2 and d.id = $3 {mayw:deals d.owner}",
	        DB_ARGS(DB_I(row)), &rows);

	*ret = e == OK && db_next(&rows);
	return e == OK ? db_end(&rows) : e;
}

/* The record of the address, as the grant reads it: name and whether the asking person writes it. */
static enum err
load_of(struct request *r, const struct record *of, id row, str *ret_name, bool *ret_may)
{
	void *x = arena_alloc(r->arena, of->size, _Alignof(max_align_t));
	enum err e = record_load(r->conn, r->arena, &r->grant, of, row, x);

	if (e == OK)
		e = files_may_write(r, of, row, ret_may);
	if (e == OK)
		*ret_name = field_text(r->arena, record_field(of, str_of(holder_of(of)->name)), x);
	return e;
}

static enum err
show(struct request *r, const struct record *of, str name, bool may)
{
	const struct holder *h = holder_of(of);
	struct files_view v;
	struct crumb crumbs[] = { { str_of(h->label), str_of(h->path) },
		{ name, path_of(r->arena, h, r->ids[0], "") } };
	struct page p = { .title = str_fmt(r->arena, "Files of %.*s", STR_ARG(name)), .crumbs = crumbs, .n_crumbs = 2 };
	enum err e = files_load(r, of, r->ids[0], may, &v);

	if (e != OK)
		return e;
	if (r->faults.n)
		r->answer->status = 422;
	page_head(r, &p);
	tpl_files_page(&r->view, &v, r);
	page_foot(r);
	return OK;
}

static enum err
list_files(struct request *r, const struct record *of)
{
	str name;
	bool may;
	enum err e = load_of(r, of, r->ids[0], &name, &may);

	return e == OK ? show(r, of, name, may) : e;
}

static enum err
deal_files(struct request *r)
{
	return list_files(r, &deal_record);
}

static enum err
account_files(struct request *r)
{
	return list_files(r, &account_record);
}

static enum err
content_files(struct request *r)
{
	return list_files(r, &content_record);
}

/* ---- sending ---- */

struct sending {
	struct file_sent sent;
	struct attachment row;
};

static enum err
send_work(struct change *c, void *what)
{
	struct sending *s = what;
	struct attachment x = s->row;
	enum err e = record_save(c, &attachment_record, &x);

	return e == OK ? file_store(c, &s->sent) : e;
}

/* A form's part, or from a program its name and its bytes in base64. */
static enum err
read_file(struct request *r, str *name, str *bytes)
{
	const struct http_pair *file = http_file(r->http, "file");
	str data = page_field(r, "data");
	unsigned char *to;
	size_t n = 0;

	if (file) {
		*name = file->file;
		*bytes = file->value;
		return OK;
	}
	*name = page_field(r, "name");
	*bytes = (str){ 0 };
	if (!data.n)
		return OK;
	to = arena_alloc(r->arena, data.n, 1);
	if (sodium_base642bin(to, data.n, data.s, data.n, "\r\n ", &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return fault_add(&r->faults, STR("data"), STR("is no base64"), STR("send the bytes of the file so"));
	*bytes = (str){ (const char *)to, n };
	return OK;
}

static enum err
send_file(struct request *r, const struct record *of)
{
	struct sending *s = arena_new(r->arena, struct sending, 1);
	str of_name, name, bytes;
	bool may;
	id set = 0;
	enum err e = load_of(r, of, r->ids[0], &of_name, &may);

	if (e == OK && !may)
		e = ERR_DENIED;
	if (e != OK)
		return e;
	record_init(&attachment_record, &s->row);
	e = read_file(r, &name, &bytes);
	if (e == OK)
		e = file_judge(r->arena, name, bytes, &r->faults, &s->sent);
	if (e == OK) {
		*held(&s->row, holder_of(of)) = r->ids[0];
		s->row.by = r->actor.person;
		s->row.on_day = r->today;
		s->row.name = s->sent.name;
		s->row.kind = str_of(s->sent.kind->ending);
		s->row.size = s->sent.size;
		s->row.digest = s->sent.digest;
		e = page_change(r, str_fmt(r->arena, "File %.*s added", STR_ARG(s->sent.name)), send_work, s, &set);
	}
	if (e == ERR_INPUT)
		return show(r, of, of_name, may);
	return e == OK ? page_done(r, set, path_of(r->arena, holder_of(of), r->ids[0], "#c-files")) : e;
}

static enum err
deal_file_send(struct request *r)
{
	return send_file(r, &deal_record);
}

static enum err
account_file_send(struct request *r)
{
	return send_file(r, &account_record);
}

static enum err
content_file_send(struct request *r)
{
	return send_file(r, &content_record);
}

/* ---- one file ---- */

/* Found whoever sent it; shown to whoever sees what it belongs to. */
static enum err
load_file(struct request *r, struct attachment *x, bool *ret_may)
{
	struct grant all = grant_all(r->actor.org, r->actor.login, r->actor.person, "a file of a record that is seen");
	enum err e = record_load(r->conn, r->arena, &all, &attachment_record, r->ids[0], x);
	const struct holder *h;
	str name;

	if (e != OK)
		return e;
	h = holder_of_file(x);
	return load_of(r, h->record, *held(x, h), &name, ret_may);
}

/* RFC 6266 and 8187: letters of ASCII for old programs, the whole name for the others. */
static str
disposition(struct arena *a, str name)
{
	char *plain = str_z(a, name);

	for (char *c = plain; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\' || *c == '%' || *c == ';')
			*c = '_';
	return str_fmt(a, "attachment; filename=\"%s\"; filename*=UTF-8''%.*s", plain, STR_ARG(http_escape(a, name)));
}

/* For saving only: never shown within the page's own address, whatever is in it. */
static enum err
file_page(struct request *r)
{
	struct attachment x;
	const struct file_kind *k;
	str bytes;
	bool may;
	enum err e = load_file(r, &x, &may);

	if (e == OK)
		e = file_fetch(r->conn, r->arena, r->actor.org, x.digest, &bytes);
	if (e != OK)
		return e;
	k = file_kind_of(x.kind);
	page_type(r, k ? str_of(k->type) : STR("application/octet-stream"));
	http_set(r->answer, "Content-Disposition", disposition(r->arena, x.name));
	http_set(r->answer, "X-Content-Type-Options", STR("nosniff"));
	http_set(r->answer, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
	http_set(r->answer, "Cache-Control", STR("private, no-store"));
	out_str(&r->answer->body, bytes);
	return OK;
}

static enum err
remove_work(struct change *c, void *what)
{
	const struct attachment *x = what;
	struct grant all =
	        grant_all(c->grant->org, c->grant->login, c->grant->person, "a file of a record that is theirs");
	const struct grant *own = c->grant;

	c->grant = &all;
	enum err e = record_remove(c, &attachment_record, x->row.id, x->row.version);
	c->grant = own;
	return e;
}

static enum err
file_remove(struct request *r)
{
	struct attachment x;
	bool may;
	id set = 0;
	enum err e = load_file(r, &x, &may);

	if (e == OK && !may)
		e = ERR_DENIED;
	if (e == OK)
		e = page_change(r, str_fmt(r->arena, "File %.*s removed", STR_ARG(x.name)), remove_work, &x, &set);
	if (e != OK)
		return e;
	const struct holder *h = holder_of_file(&x);
	return page_done(r, set, path_of(r->arena, h, *held(&x, h), "#c-files"));
}

const struct route file_routes[] = {
	{ HTTP_GET, "/deals/:/files", POLICY_SIGNED_IN, deal_files, "deals", "See a deal's files", false },
	{ HTTP_POST, "/deals/:/files", POLICY_SIGNED_IN, deal_file_send, "deals", "Add a file to a deal", false },
	{ HTTP_GET, "/accounts/:/files", POLICY_SIGNED_IN, account_files, "accounts", "See an account's files", false },
	{ HTTP_POST, "/accounts/:/files", POLICY_SIGNED_IN, account_file_send, "accounts", "Add a file to an account",
	        false },
	{ HTTP_GET, "/library/:/files", POLICY_SIGNED_IN, content_files, "library", "See a content's files", false },
	{ HTTP_POST, "/library/:/files", POLICY_SIGNED_IN, content_file_send, "library", "Add a file to a content",
	        false },
	{ HTTP_GET, "/files/:", POLICY_SIGNED_IN, file_page, "deals", "Save a file", false },
	{ HTTP_POST, "/files/:/remove", POLICY_SIGNED_IN, file_remove, "deals", "Remove a file", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
