#include "areas/deals/file.h"

#include <sodium.h>
#include <string.h>

#include "areas/process/content.h"
#include "record/row.h"

#define MAGIC(text) text, sizeof(text) - 1
#define ZIP         MAGIC("PK\003\004")

/* Nothing that a browser would run: no HTML, SVG, scripts or programs, and no archive that could hold them. */
static const struct file_kind kinds[] = {
	{ "pdf", "PDF", "application/pdf", MAGIC("%PDF-") },
	{ "docx", "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP },
	{ "xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP },
	{ "pptx", "PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP },
	{ "odt", "Text document", "application/vnd.oasis.opendocument.text", ZIP },
	{ "ods", "Spreadsheet", "application/vnd.oasis.opendocument.spreadsheet", ZIP },
	{ "odp", "Presentation", "application/vnd.oasis.opendocument.presentation", ZIP },
	{ "png", "Picture", "image/png", MAGIC("\x89PNG\r\n\x1a\n") },
	{ "jpg", "Picture", "image/jpeg", MAGIC("\xff\xd8\xff") },
	{ "jpeg", "Picture", "image/jpeg", MAGIC("\xff\xd8\xff") },
	{ "gif", "Picture", "image/gif", MAGIC("GIF8") },
	{ "txt", "Text", "text/plain; charset=utf-8", NULL, 0 },
	{ "md", "Text", "text/plain; charset=utf-8", NULL, 0 },
	{ "csv", "Table", "text/csv; charset=utf-8", NULL, 0 },
	{ "eml", "E-mail", "text/plain; charset=utf-8", NULL, 0 },
	{ "ics", "Calendar", "text/calendar; charset=utf-8", NULL, 0 },
};

#define KINDS_WORDS "PDF, Office documents, pictures (PNG, JPEG, GIF), text, CSV, e-mail and calendar files are taken"

const struct file_kind *
file_kind_of(str ending)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_same(ending, str_of(kinds[i].ending)))
			return &kinds[i];
	return NULL;
}

/* ---- the record ---- */

static const struct field attachment_fields[] = {
	FIELD(struct attachment, deal, REF, "Deal", .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct attachment, account, REF, "Account", .ref = &account_record, .list = 1, .filter = 1),
	FIELD(struct attachment, content, REF, "Content of the library", .ref = &content_record, .list = 1,
	        .filter = 1),
	FIELD(struct attachment, person, REF, "Owner", .ref = &person_record, .system = 1),
	FIELD(struct attachment, by, REF, "Sent by", .ref = &person_record, .list = 1, .system = 1),
	FIELD(struct attachment, on_day, DAY, "On", .list = 1, .filter = 1, .system = 1),
	FIELD(struct attachment, name, TEXT, "Name", .required = 1, .list = 1, .fold = 1),
	FIELD(struct attachment, kind, TEXT, "Kind", .required = 1, .list = 1, .filter = 1, .most = 10, .system = 1),
	FIELD(struct attachment, size, INT, "Bytes", .list = 1, .system = 1),
	FIELD(struct attachment, digest, TEXT, "Digest of the content", .required = 1, .list = 1, .system = 1),
};

static enum err
owner_of(struct change *c, const struct attachment *x, id *ret)
{
	struct rows rows;
	enum err e;

	*ret = x->by;
	if (x->content)
		return OK;
	e = db_query(c->conn, c->arena,
	        x->deal ? "select owner from deal where org_id = $1 and id = $2"
	                : "select owner from account where org_id = $1 and id = $2",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->deal ? x->deal : x->account)), &rows);

	*ret = e == OK && db_next(&rows) ? db_int(&rows, 0) : 0;
	return e == OK ? db_end(&rows) : e;
}

static enum err
attachment_derive(struct change *c, const void *before, void *after)
{
	struct attachment *x = after;

	(void)before;
	return owner_of(c, x, &x->person);
}

/* O3: whoever may write the record; an account without an owner is written by whoever may write all of them; the
   library by whoever writes what the company works by. */
static enum err
may_write(struct change *c, const struct attachment *x)
{
	int64_t one;
	str sql;
	enum err e;

	if (x->content)
		return c->grant->reach[MATTER_COMPANY][ACT_WRITE] == REACH_COMPANY ? OK : ERR_DENIED;
	if (x->deal)
		return deal_may_write(c, x->deal);
	sql = str_fmt(c->arena, "select 1 from account d where d.org_id = $1 and $2 = $2 and d.id = $3%.*s",
	        STR_ARG(grant_sql(c->arena, c->grant, MATTER_DEALS, ACT_WRITE, "d.owner")));
	e = db_one_int(c->conn, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org), DB_I(c->grant->person), DB_I(x->account)), &one);
	return e == ERR_ABSENT ? ERR_DENIED : e;
}

static enum err
check_room(struct change *c, const struct attachment *x, struct faults *f)
{
	struct rows rows;
	int64_t n = 0, size = 0;
	str sql = str_fmt(c->arena,
	        "select count(*), cast(coalesce(sum(size), 0) as bigint) from attachment where org_id = $1 and %s = $2 "
	        "and id <> $3",
	        x->deal      ? "deal"
	        : x->account ? "account"
	                     : "content");
	enum err e = db_query(c->conn, c->arena, str_z(c->arena, sql),
	        DB_ARGS(DB_I(c->grant->org),
	                DB_I(x->deal         ? x->deal
	                        : x->account ? x->account
	                                     : x->content),
	                DB_I(x->row.id)),
	        &rows);

	if (e == OK && db_next(&rows)) {
		n = db_int(&rows, 0);
		size = db_int(&rows, 1);
	}
	if (e == OK && n >= FILES_COUNT)
		fault_add(f, STR("file"), str_fmt(c->arena, "would be one more than %d", FILES_COUNT),
		        STR("remove one that nobody needs"));
	else if (e == OK && size + x->size > FILES_MOST)
		fault_add(f, STR("file"),
		        str_fmt(c->arena, "would bring all files here above %.*s",
		                STR_ARG(file_size_words(c->arena, FILES_MOST))),
		        STR("remove one that nobody needs, or link to where it lies"));
	return e == OK ? db_end(&rows) : e;
}

static enum err
attachment_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct attachment *x = after;
	bool all = c->grant->reach[MATTER_DEALS][ACT_WRITE] == REACH_COMPANY;
	enum err e = all ? OK : may_write(c, x ? x : before);

	if (e != OK || !x)
		return e;
	if ((x->deal != 0) + (x->account != 0) + (x->content != 0) != 1)
		fault_add(f, STR("file"), STR("belongs to one deal, one account or one content of the library"),
		        STR("name one of them"));
	return before || c->kind == CHANGE_UNDO ? OK : check_room(c, x, f);
}

const struct record attachment_record = {
	.name = "attachment",
	.api = "attachments",
	.table = "attachment",
	.label = "file",
	.plural = "files",
	.size = sizeof(struct attachment),
	FIELDS(attachment_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.open_unowned = true,
	.index = (const char *const[]){ "deal", "account", "content", "digest", NULL },
	.purpose = "Files that belong to a deal, an account or a content of the library.",
	.retention = "With what it belongs to.",
	.derive = attachment_derive,
	.check = attachment_check,
};

/* ---- what comes in ---- */

static bool
is_text(str bytes)
{
	return str_utf8(bytes) && str_find_byte(bytes, '\0') == SIZE_MAX;
}

static bool
begins_so(const struct file_kind *k, str bytes)
{
	return !k->magic ? is_text(bytes) : bytes.n >= k->n_magic && memcmp(bytes.s, k->magic, k->n_magic) == 0;
}

/* What turns the direction of letters, so that "gpj.exe" reads as a picture. */
static bool
turns(str s, size_t at)
{
	return s.n - at >= 3 && (unsigned char)s.s[at] == 0xe2 &&
	       (((unsigned char)s.s[at + 1] == 0x80 && (unsigned char)s.s[at + 2] >= 0x8b &&
	                (unsigned char)s.s[at + 2] <= 0xae) ||
	               ((unsigned char)s.s[at + 1] == 0x81 && (unsigned char)s.s[at + 2] >= 0xa0 &&
	                       (unsigned char)s.s[at + 2] <= 0xaf));
}

/* A name is text: no place, no control characters, nothing hidden. */
static str
plain_name(struct arena *a, str name)
{
	char *to = arena_alloc(a, name.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.s[i];
		if (turns(name, i))
			i += 2;
		else if (c >= ' ' && c != 0x7f && !strchr("/\\:*?\"<>|", c))
			to[n++] = name.s[i];
	}
	str s = str_trim((str){ to, n });
	while (s.n && s.s[0] == '.')
		s = str_trim(str_from(s, 1));
	return s;
}

static str
ending_of_name(str name)
{
	size_t at = name.n;

	while (at > 0 && name.s[at - 1] != '.')
		at--;
	return at ? str_from(name, at) : (str){ 0 };
}

/* The same for the same bytes. */
static str
digest_of(struct arena *a, str bytes)
{
	unsigned char sum[32];
	char *hex = arena_alloc(a, 65, 1);

	crypto_generichash(sum, sizeof sum, (const unsigned char *)bytes.s, bytes.n, NULL, 0);
	sodium_bin2hex(hex, 65, sum, sizeof sum);
	return (str){ hex, 64 };
}

static void
cut(struct arena *a, str bytes, struct file_sent *f)
{
	f->pieces = arena_new(a, str, bytes.n / FILE_PIECE + 1);
	for (size_t at = 0; at < bytes.n; at += FILE_PIECE) {
		str piece = str_first(str_from(bytes, at), FILE_PIECE);
		size_t cap = sodium_base64_ENCODED_LEN(piece.n, sodium_base64_VARIANT_ORIGINAL);
		char *text = arena_alloc(a, cap, 1);
		sodium_bin2base64(text, cap, (const unsigned char *)piece.s, piece.n, sodium_base64_VARIANT_ORIGINAL);
		f->pieces[f->n++] = (str){ text, cap - 1 };
	}
}

enum err
file_judge(struct arena *a, str name, str bytes, struct faults *f, struct file_sent *ret)
{
	str ending;

	*ret = (struct file_sent){ .name = plain_name(a, name), .size = (int64_t)bytes.n };
	ending = ending_of_name(ret->name);
	ret->kind = file_kind_of(ending);
	if (!bytes.n)
		return fault_add(f, STR("file"), STR("is missing or empty"), STR("choose a file"));
	if (bytes.n > FILE_MOST)
		return fault_add(f, STR("file"),
		        str_fmt(a, "is larger than %.*s", STR_ARG(file_size_words(a, FILE_MOST))),
		        STR("link to where it lies instead"));
	if (!ret->kind)
		return fault_add(f, STR("file"),
		        ending.n ? str_fmt(a, "is of a kind that is not taken: .%.*s", STR_ARG(str_first(ending, 20)))
		                 : STR("has no ending that says what it is"),
		        STR(KINDS_WORDS));
	if (!begins_so(ret->kind, bytes))
		return fault_add(f, STR("file"), str_fmt(a, "is called .%s and is none", ret->kind->ending),
		        STR("save it again in the program it comes from"));
	if (str_letters(ret->name) > FILE_NAME_LETTERS)
		return fault_add(f, STR("file"), STR("has too long a name"), STR("shorten it"));
	ret->digest = digest_of(a, bytes);
	cut(a, bytes, ret);
	return OK;
}

/* ---- in the database ---- */

const char file_piece_schema[] = "create table file_piece (org_id bigint not null, digest text not null, n bigint not "
                                 "null, data text not null, primary key (org_id, digest, n));\n";

enum err
file_store(struct change *c, const struct file_sent *f)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < f->n; i++)
		e = db_exec(c->conn,
		        "insert into file_piece (org_id, digest, n, data) values ($1, $2, $3, $4) on conflict do "
		        "nothing",
		        DB_ARGS(DB_I(c->grant->org), DB_T(f->digest), DB_I((int64_t)i), DB_T(f->pieces[i])), NULL);
	return e;
}

enum err
file_fetch(struct conn *c, struct arena *a, id org, str digest, str *ret)
{
	char *to = arena_alloc(a, FILE_MOST + 1, 1);
	size_t n = 0, got;
	struct rows rows;
	enum err e = db_query(c, a, "select data from file_piece where org_id = $1 and digest = $2 order by n",
	        DB_ARGS(DB_I(org), DB_T(digest)), &rows);

	while (e == OK && db_next(&rows)) {
		str piece = db_text_raw(&rows, 0);
		if (sodium_base642bin((unsigned char *)to + n, FILE_MOST - n, piece.s, piece.n, NULL, &got, NULL,
		            sodium_base64_VARIANT_ORIGINAL) != 0)
			break;
		n += got;
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && !str_eq(digest_of(a, (str){ to, n }), digest))
		return ERR_ABSENT;
	*ret = (str){ to, n };
	return e;
}

enum err
file_check(struct conn *c, struct arena *a, id org, struct check_report *r)
{
	struct rows rows;
	enum err e = db_query(c, a,
	        "select x.name from attachment x where x.org_id = $1 and not exists (select 1 from file_piece p where "
	        "p.org_id = x.org_id and p.digest = x.digest) order by x.id limit 100",
	        DB_ARGS(DB_I(org)), &rows);

	while (e == OK && db_next(&rows))
		check_say(a, r, str_fmt(a, "file “%.*s”", STR_ARG(db_text(&rows, 0))), STR("has lost its content"));
	return e == OK ? db_end(&rows) : e;
}

str
file_size_words(struct arena *a, int64_t bytes)
{
	if (bytes < 1024)
		return str_fmt(a, "%lld bytes", (long long)bytes);
	if (bytes < 1024 * 1024)
		return str_fmt(a, "%lld KB", (long long)((bytes + 512) / 1024));
	return bytes % (1024 * 1024) < 52429 ? str_fmt(a, "%lld MB", (long long)(bytes / (1024 * 1024)))
	                                     : str_fmt(a, "%.1f MB", (double)bytes / (1024 * 1024));
}
