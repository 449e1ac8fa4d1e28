#include "areas/process/content.h"
#include "html/markdown.h"

const struct choice content_kind_choices[] = { { "", "" }, { "article", "Article" }, { "link", "Link" },
	{ "file", "File" }, { "video", "Video" }, { "template", "Template" }, { NULL, NULL } };
const struct choice content_from_choices[] = { { "", "" }, { "library", "The library" }, { "deal", "A deal" },
	{ "coaching", "Coaching" }, { NULL, NULL } };

static const struct field content_fields[] = {
	FIELD(struct content, title, TEXT, "Title", .required = 1, .list = 1, .fold = 1, .sort = 1),
	FIELD(struct content, kind, CHOICE, "Kind", .required = 1, .choices = content_kind_choices, .list = 1,
	        .filter = 1),
	FIELD(struct content, purpose, TEXT, "What it is for", .most = 300, .list = 1),
	FIELD(struct content, body, LONG, "Text"),
	FIELD(struct content, body_html, LONG, "Text, rendered", .most = 131072, .system = 1),
	FIELD(struct content, address, TEXT, "Address", .most = 500, .list = 1),
	FIELD(struct content, archived, BOOL, "Retired", .list = 1, .filter = 1),
};

static enum err
content_derive(struct change *c, const void *before, void *after)
{
	const struct content *was = before;
	struct content *x = after;

	if (!was || !str_eq(was->body, x->body))
		x->body_html = markdown_html(c->arena, x->body);
	return OK;
}

static enum err
content_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct content *x = after;

	(void)c;
	(void)before;
	if (!x)
		return OK;
	if (x->address.n && !str_starts(x->address, STR("https://")) && !str_starts(x->address, STR("http://")))
		fault_add(f, STR("address"), STR("is no web address"), STR("paste the link to it, from https:// on"));
	if (!x->address.n && (x->kind == CONTENT_LINK || x->kind == CONTENT_VIDEO))
		fault_add(f, STR("address"), STR("is missing"), STR("paste the link to it"));
	else if (!x->address.n && x->kind != CONTENT_FILE && !str_trim(x->body).n) /* a file comes after it */
		fault_add(f, STR("body"), STR("is empty, and there is no address"),
		        STR("write the text, or say where it lies"));
	return OK;
}

const struct record content_record = {
	.name = "content",
	.api = "contents",
	.api_write = true,
	.table = "content",
	.label = "content",
	.plural = "contents",
	.size = sizeof(struct content),
	FIELDS(content_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "title_key", NULL },
	.purpose = "What helps to sell, where it is needed.",
	.retention = "Until it is removed.",
	.derive = content_derive,
	.check = content_check,
};

static const struct field place_fields[] = {
	FIELD(struct content_place, content, REF, "Content", .required = 1, .ref = &content_record, .list = 1,
	        .filter = 1),
	FIELD(struct content_place, stage, REF, "Stage", .required = 1, .ref = &stage_record, .list = 1, .filter = 1),
	FIELD(struct content_place, step, REF, "Step", .ref = &step_record, .list = 1),
	FIELD(struct content_place, position, INT, "Position"),
};

/* Attached to a published version too: it adds help and changes nothing that deals stand on. */
static enum err
place_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct content_place *x = after;
	struct step s;
	int64_t n = 0;
	enum err e = OK;

	(void)before;
	if (!x)
		return OK;
	if (x->step) {
		e = record_load(c->conn, c->arena, c->grant, &step_record, x->step, &s);
		if (e == OK && s.stage != x->stage)
			fault_add(f, STR("step"), STR("is of another stage"), STR("choose one of this stage"));
	}
	if (e == OK)
		e = db_one_int(c->conn,
		        "select count(*) from content_place where org_id = $1 and content = $2 and stage = $3 and "
		        "coalesce(step, "
		        "0) = $4 and id <> $5",
		        DB_ARGS(DB_I(c->grant->org), DB_I(x->content), DB_I(x->stage), DB_I(x->step), DB_I(x->row.id)),
		        &n);
	if (e == OK && n)
		fault_add(f, STR("content"), STR("is there already"), STR("choose another"));
	return e == ERR_ABSENT ? OK : e;
}

const struct record content_place_record = {
	.name = "content_place",
	.api = "content-places",
	.api_write = true,
	.table = "content_place",
	.label = "place of a content",
	.plural = "places of contents",
	.size = sizeof(struct content_place),
	FIELDS(place_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "stage", "content", NULL },
	.purpose = "Where a content is shown.",
	.retention = "With the content.",
	.check = place_check,
};

static const struct field open_fields[] = {
	FIELD(struct content_open, content, REF, "Content", .required = 1, .ref = &content_record, .list = 1,
	        .filter = 1),
	FIELD(struct content_open, deal, INT, "Deal", .list = 1),
	FIELD(struct content_open, on_day, DAY, "On", .required = 1, .list = 1),
	FIELD(struct content_open, place, CHOICE, "From", .choices = content_from_choices, .list = 1),
};

const struct record content_open_record = {
	.name = "content_open",
	.table = "content_open",
	.label = "opening of a content",
	.plural = "openings of contents",
	.size = sizeof(struct content_open),
	FIELDS(open_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "content on_day", "deal", NULL },
	.purpose = "Whether what is in the library is used; not by whom.",
	.retention = "With the content.",
};

enum err
content_of_process(struct conn *c, struct arena *a, id org, id process, struct content_shown **ret, size_t *ret_n)
{
	struct content_shown *all = NULL;
	size_t n = 0, cap = 0;
	struct rows rows;
	enum err e = db_query(c, a,
	        "select k.id, x.stage, coalesce(x.step, 0), k.title, k.kind from stage g join content_place x on "
	        "x.org_id = "
	        "g.org_id and x.stage = g.id join content k on k.org_id = x.org_id and k.id = x.content left join step "
	        "s on "
	        "s.org_id = x.org_id and s.id = x.step where g.org_id = $1 and g.process = $2 and coalesce(k.archived, "
	        "0) = 0 "
	        "order by g.position, g.id, coalesce(s.position, 0), x.position is null, x.position, x.id limit 500",
	        DB_ARGS(DB_I(org), DB_I(process)), &rows);

	if (e != OK)
		return e;
	while (db_next(&rows)) {
		arena_grow(a, all, n, cap);
		all[n++] = (struct content_shown){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
			db_text(&rows, 3),
			str_of(content_kind_choices[choice_of(content_kind_choices, db_text(&rows, 4))].label) };
	}
	*ret = all;
	*ret_n = n;
	return db_end(&rows);
}

enum err
content_opened(struct change *c, id content, int place, id deal)
{
	struct content_open x;
	int64_t n;
	enum err e = db_one_int(c->conn,
	        "select count(*) from content_open where org_id = $1 and content = $2 and on_day = $3 and "
	        "coalesce(deal, 0) = $4 and coalesce(place, '') = $5",
	        DB_ARGS(DB_I(c->grant->org), DB_I(content), db_day_value(c->arena, c->today), DB_I(deal),
	                DB_T(str_of(content_from_choices[place].code))),
	        &n);

	if (e != OK || n)
		return e;
	record_init(&content_open_record, &x);
	x.content = content;
	x.deal = deal ? deal : NO_INT;
	x.on_day = c->today;
	x.place = place;
	return record_save(c, &content_open_record, &x);
}
