#include "areas/coaching/shelf.h"

#include "areas/coaching/coaching.h"
#include "areas/coaching/framework.h"

static const struct field topic_fields[] = {
	FIELD(struct content_topic, content, REF, "Content", .required = 1, .ref = &content_record, .list = 1,
	        .filter = 1),
	FIELD(struct content_topic, skill, REF, "Skill", .ref = &skill_record, .list = 1, .filter = 1),
	FIELD(struct content_topic, framework, REF, "Framework, its first version", .ref = &framework_record, .list = 1,
	        .filter = 1),
};

/* A framework is named by its first version, whichever was chosen. */
static enum err
topic_derive(struct change *c, const void *before, void *after)
{
	struct content_topic *x = after;
	struct framework f;
	enum err e;

	(void)before;
	if (!x->framework)
		return OK;
	e = record_load(c->conn, c->arena, c->grant, &framework_record, x->framework, &f);
	if (e == OK)
		x->framework = framework_line(&f);
	return e == ERR_ABSENT ? OK : e; /* the reference itself is refused */
}

static enum err
topic_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct content_topic *x = after;
	int64_t n = 0;
	enum err e;

	(void)before;
	if (!x)
		return OK;
	if (!x->skill == !x->framework)
		return fault_add(f, STR("skill"), STR("or a framework: one of the two"), STR("choose one"));
	e = db_one_int(c->conn,
	        "select count(*) from content_topic where org_id = $1 and content = $2 and coalesce(skill, 0) = $3 and "
	        "coalesce(framework, 0) = $4 and id <> $5",
	        DB_ARGS(DB_I(c->grant->org), DB_I(x->content), DB_I(x->skill), DB_I(x->framework), DB_I(x->row.id)),
	        &n);
	if (e == OK && n)
		fault_add(f, STR("content"), STR("is shown there already"), STR("choose another place"));
	return e;
}

const struct record content_topic_record = {
	.name = "content_topic",
	.api = "content-topics",
	.api_write = true,
	.table = "content_topic",
	.label = "place of a content in coaching",
	.plural = "places of contents in coaching",
	.size = sizeof(struct content_topic),
	FIELDS(topic_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "content", "skill", "framework", NULL },
	.purpose = "Beside which skill or framework a content is shown.",
	.retention = "With the content.",
	.derive = topic_derive,
	.check = topic_check,
};

enum err
shelf_load(struct request *r, id skill, id framework, struct shelf *ret)
{
	struct rows rows;
	enum err e = OK;

	ret->n = 0;
	if (!skill && !framework)
		return OK;
	e = db_query(r->conn, r->arena,
	        "select k.id, k.title, k.kind from content k where k.org_id = $1 and coalesce(k.archived, 0) = 0 and "
	        "exists (select 1 from content_topic x where x.org_id = k.org_id and x.content = k.id and (x.skill = "
	        "$2 "
	        "or x.framework = (select coalesce(f.line, f.id) from framework f where f.org_id = $1 and f.id = $3))) "
	        "order by k.title_key, k.id limit 12",
	        DB_ARGS(DB_I(r->actor.org), DB_I(skill), DB_I(framework)), &rows);
	while (e == OK && ret->n < SHELF_MOST && db_next(&rows))
		ret->rows[ret->n++] = (struct content_shown){ .content = db_int(&rows, 0),
			.title = db_text(&rows, 1),
			.kind = str_of(
			        content_kind_choices[choice_of(content_kind_choices, db_text(&rows, 2))].label) };
	return e == OK ? db_end(&rows) : e;
}
