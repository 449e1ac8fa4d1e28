/* Where a piece is shown (K1): stages and steps of processes, skills, coaching frameworks. */
#include "areas/library/view.h"

#include "areas/coaching/coaching.h"
#include "areas/coaching/framework.h"

#define PLACES_MOST 3000
#define TWINS_MOST  200 /* versions of one stage or step */

static const char *const kinds[] = { "", "stage", "step", "skill", "framework" };

int
place_parse(str at, id *ret_target)
{
	str kind, rest;

	if (str_cut(at, '-', &kind, &rest) && id_parse(rest, ret_target))
		for (int k = PLACE_STAGE; k <= PLACE_FRAMEWORK; k++)
			if (str_eq(kind, str_of(kinds[k])))
				return k;
	*ret_target = 0;
	return PLACE_NONE;
}

struct places {
	struct library_place *rows;
	size_t n, cap;
};

static bool
has(const struct places *all, int kind, id target, id content)
{
	for (size_t i = all->n; i > 0; i--) /* what comes again is near */
		if (all->rows[i - 1].target == target && all->rows[i - 1].kind == kind &&
		        all->rows[i - 1].content == content)
			return true;
	return false;
}

static void
push(struct arena *a, struct places *all, struct library_place x)
{
	if (has(all, x.kind, x.target, x.content))
		return;
	x.at = str_fmt(a, "%s-%.*s", kinds[x.kind], STR_ARG(id_text(a, x.target)));
	arena_grow(a, all->rows, all->n, all->cap);
	all->rows[all->n++] = x;
}

static struct library_place
in_process(struct arena *a, const struct rows *rows, int kind)
{
	str stage = db_text(rows, 3);

	return (struct library_place){ .kind = kind,
		.target = db_int(rows, kind == PLACE_STEP ? 4 : 2),
		.group = db_text(rows, 1),
		.name = kind == PLACE_STEP ? str_fmt(a, "%.*s: %.*s", STR_ARG(stage), STR_ARG(db_text(rows, 5)))
		                           : str_fmt(a, "%.*s, the whole stage", STR_ARG(stage)),
		.href = str_fmt(a, "/process/%.*s", STR_ARG(id_text(a, db_int(rows, 0)))) };
}

/* ---- to choose from ---- */

/* Published versions before drafts, so that a draft adds only what is new in it. */
static enum err
offer_steps(struct request *r, struct places *all)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.id, p.name, coalesce(nullif(g.origin, 0), g.id), g.name, "
	        "coalesce(nullif(s.origin, 0), s.id, 0), coalesce(s.name, '') from process p join stage g on g.org_id "
	        "= "
	        "p.org_id and g.process = p.id left join step s on s.org_id = g.org_id and s.stage = g.id where "
	        "p.org_id "
	        "= $1 and coalesce(p.state, '') <> 'retired' and g.outcome = 'open' order by case when p.state = "
	        "'draft' "
	        "then 1 else 0 end, p.name, p.number desc, p.id, g.position, g.id, s.position, s.id limit 3000",
	        DB_ARGS(DB_I(r->actor.org)), &rows);

	while (e == OK && all->n < PLACES_MOST && db_next(&rows)) {
		push(r->arena, all, in_process(r->arena, &rows, PLACE_STAGE));
		if (db_int(&rows, 4))
			push(r->arena, all, in_process(r->arena, &rows, PLACE_STEP));
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
offer_coaching(struct request *r, struct places *all)
{
	static const char *const sql[] = { "select k.id, k.name from skill k where k.org_id = $1 order by k.position "
		                           "is null, k.position, k.id limit "
		                           "500",
		"select coalesce(f.line, f.id), f.name from framework f where f.org_id = $1 and coalesce(f.retired, 0) "
		"= "
		"0 and not exists (select 1 from framework x where x.org_id = f.org_id and coalesce(x.line, x.id) = "
		"coalesce(f.line, f.id) and x.number > f.number) order by f.name, f.id limit 500" };
	enum err e = OK;

	for (int i = 0; e == OK && i < 2; i++) {
		struct rows rows;
		e = db_query(r->conn, r->arena, sql[i], DB_ARGS(DB_I(r->actor.org)), &rows);
		while (e == OK && db_next(&rows))
			push(r->arena, all,
			        (struct library_place){ .kind = PLACE_SKILL + i,
			                .target = db_int(&rows, 0),
			                .group = i ? STR("Coaching frameworks") : STR("Skills"),
			                .name = db_text(&rows, 1) });
		if (e == OK)
			e = db_end(&rows);
	}
	return e;
}

enum err
places_offered(struct request *r, struct library_place **ret, size_t *ret_n)
{
	struct places all = { 0 };
	enum err e = offer_steps(r, &all);

	if (e == OK)
		e = offer_coaching(r, &all);
	*ret = all.rows;
	*ret_n = all.n;
	return e;
}

/* ---- where it is shown ---- */

/* Called as the newest published version calls it; what is only in a retired one is shown nowhere any more. */
static enum err
find_steps(struct request *r, id content, struct places *all)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select p.id, p.name, coalesce(nullif(g.origin, 0), g.id), g.name, coalesce(nullif(s.origin, 0), s.id, "
	        "0), coalesce(s.name, ''), x.content from content_place x join stage g on g.org_id = x.org_id and g.id "
	        "= "
	        "x.stage join process p on p.org_id = g.org_id and p.id = g.process left join step s on s.org_id = "
	        "x.org_id and s.id = x.step where x.org_id = $1 and ($2 = 0 or x.content = $2) and coalesce(p.state, "
	        "'') "
	        "<> 'retired' order by x.content, p.name, case when p.state = 'draft' then 1 else 0 end, p.number "
	        "desc, p.id, g.position, g.id, s.position, s.id limit "
	        "3000",
	        DB_ARGS(DB_I(r->actor.org), DB_I(content)), &rows);

	while (e == OK && db_next(&rows)) {
		struct library_place x = in_process(r->arena, &rows, db_int(&rows, 4) ? PLACE_STEP : PLACE_STAGE);
		x.content = db_int(&rows, 6);
		push(r->arena, all, x);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
find_coaching(struct request *r, id content, struct places *all)
{
	struct rows rows;
	enum err e = db_query(r->conn, r->arena,
	        "select x.content, coalesce(x.skill, 0), coalesce(k.name, ''), coalesce(x.framework, 0), "
	        "coalesce(f.name, '') from content_topic x left join skill k on k.org_id = x.org_id and k.id = x.skill "
	        "left join framework f on f.org_id = x.org_id and f.id = x.framework where x.org_id = $1 and ($2 = 0 "
	        "or "
	        "x.content = $2) order by x.content, k.name is null, k.name, f.name, x.id limit 3000",
	        DB_ARGS(DB_I(r->actor.org), DB_I(content)), &rows);

	while (e == OK && db_next(&rows)) {
		bool skill = db_int(&rows, 1) != 0;
		struct library_place x = { .kind = skill ? PLACE_SKILL : PLACE_FRAMEWORK,
			.target = db_int(&rows, skill ? 1 : 3),
			.content = db_int(&rows, 0),
			.group = skill ? STR("Skill") : STR("Coaching framework"),
			.name = db_text(&rows, skill ? 2 : 4) };
		x.href = skill ? (str){ 0 }
		               : str_fmt(r->arena, "/frameworks/%.*s", STR_ARG(id_text(r->arena, x.target)));
		push(r->arena, all, x);
	}
	return e == OK ? db_end(&rows) : e;
}

enum err
places_of(struct request *r, id content, struct library_place **ret, size_t *ret_n)
{
	struct places all = { 0 };
	enum err e = find_steps(r, content, &all);

	if (e == OK)
		e = find_coaching(r, content, &all);
	*ret = all.rows;
	*ret_n = all.n;
	return e;
}

str
place_where(struct arena *a, int kind, int arg)
{
	static const char *const sql[] = { "",
		" and exists (select 1 from content_place x join stage g on g.org_id = x.org_id and g.id = x.stage "
		"where "
		"x.org_id = t.org_id and x.content = t.id and coalesce(nullif(g.origin, 0), g.id) = ",
		" and exists (select 1 from content_place x join step s on s.org_id = x.org_id and s.id = x.step where "
		"x.org_id = t.org_id and x.content = t.id and coalesce(nullif(s.origin, 0), s.id) = ",
		" and exists (select 1 from content_topic x where x.org_id = t.org_id and x.content = t.id and x.skill "
		"= ",
		" and exists (select 1 from content_topic x where x.org_id = t.org_id and x.content = t.id and "
		"x.framework = " };

	return kind ? str_fmt(a, "%s$%d)", sql[kind], arg) : str_fmt(a, " and $%d = $%d", arg, arg);
}

/* ---- changing it ---- */

struct twin {
	id stage, step;
};

/* Every version of a stage or step. */
static enum err
find_twins(struct change *c, int kind, id target, struct twin ret[TWINS_MOST], size_t *ret_n)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        kind == PLACE_STEP
	                ? "select s.stage, s.id from step s where s.org_id = $1 and "
	                  "coalesce(nullif(s.origin, 0), s.id) = $2 order by s.id limit 200"
	                : "select g.id, 0 from stage g where g.org_id = $1 and coalesce(nullif(g.origin, 0), "
	                  "g.id) = $2 order by g.id limit 200",
	        DB_ARGS(DB_I(c->grant->org), DB_I(target)), &rows);

	*ret_n = 0;
	while (e == OK && *ret_n < TWINS_MOST && db_next(&rows))
		ret[(*ret_n)++] = (struct twin){ db_int(&rows, 0), db_int(&rows, 1) };
	return e == OK ? db_end(&rows) : e;
}

static enum err
find_place(struct change *c, id content, const struct twin *at, struct content_place *ret)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        "select id, version from content_place where org_id = $1 and content = $2 and stage = $3 and "
	        "coalesce(step, 0) = $4",
	        DB_ARGS(DB_I(c->grant->org), DB_I(content), DB_I(at->stage), DB_I(at->step)), &rows);

	record_init(&content_place_record, ret);
	if (e == OK && db_next(&rows)) {
		ret->row.id = db_int(&rows, 0);
		ret->row.version = db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
find_topic(struct change *c, id content, int kind, id target, struct content_topic *ret)
{
	struct rows rows;
	enum err e = db_query(c->conn, c->arena,
	        kind == PLACE_SKILL
	                ? "select id, version from content_topic where org_id = $1 and content = $2 and skill = $3"
	                : "select id, version from content_topic where org_id = $1 and content = $2 and framework = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(content), DB_I(target)), &rows);

	record_init(&content_topic_record, ret);
	if (e == OK && db_next(&rows)) {
		ret->row.id = db_int(&rows, 0);
		ret->row.version = db_int(&rows, 1);
	}
	return e == OK ? db_end(&rows) : e;
}

static enum err
no_place(struct change *c)
{
	return fault_add(c->faults, STR("at"), STR("is no place to show it"), STR("choose one of the list"));
}

static enum err
change_steps(struct change *c, id content, int kind, id target, bool add)
{
	struct twin twins[TWINS_MOST];
	size_t n;
	enum err e = find_twins(c, kind, target, twins, &n);

	if (e == OK && !n)
		return no_place(c);
	for (size_t i = 0; e == OK && i < n; i++) {
		struct content_place x;
		e = find_place(c, content, &twins[i], &x);
		if (e != OK || (x.row.id != 0) == add)
			continue;
		x.content = content;
		x.stage = twins[i].stage;
		x.step = twins[i].step;
		e = add ? record_save(c, &content_place_record, &x)
		        : record_remove(c, &content_place_record, x.row.id, x.row.version);
	}
	return e;
}

static enum err
change_topic(struct change *c, id content, int kind, id target, bool add)
{
	struct content_topic x;
	enum err e = find_topic(c, content, kind, target, &x);

	if (e != OK || (x.row.id != 0) == add)
		return e;
	x.content = content;
	if (kind == PLACE_SKILL)
		x.skill = target;
	else
		x.framework = target;
	return add ? record_save(c, &content_topic_record, &x)
	           : record_remove(c, &content_topic_record, x.row.id, x.row.version);
}

static enum err
change_place(struct change *c, id content, int kind, id target, bool add)
{
	if (kind == PLACE_NONE)
		return no_place(c);
	return kind <= PLACE_STEP ? change_steps(c, content, kind, target, add)
	                          : change_topic(c, content, kind, target, add);
}

enum err
place_add(struct change *c, id content, int kind, id target)
{
	return change_place(c, content, kind, target, true);
}

enum err
place_drop(struct change *c, id content, int kind, id target)
{
	return change_place(c, content, kind, target, false);
}
