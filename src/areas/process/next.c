#include <string.h>

#include "areas/process/standard.h"

/* ---- reasons for lost ---- */

static const struct field reason_fields[] = {
	FIELD(struct lost_reason, process, REF, "Process", .required = 1, .ref = &process_record, .filter = 1),
	FIELD(struct lost_reason, position, INT, "Position", .list = 1),
	FIELD(struct lost_reason, name, TEXT, "Reason", .required = 1, .list = 1, .most = 120),
	FIELD(struct lost_reason, hint, TEXT, "What falls under it", .list = 1),
	FIELD(struct lost_reason, archived, BOOL, "Archived", .list = 1, .filter = 1),
};

static enum err
reason_derive(struct change *c, const void *before, void *after)
{
	struct lost_reason *x = after;
	struct process p;
	enum err e = record_load(c->conn, c->arena, c->grant, &process_record, x->process, &p);

	(void)before;
	if (e == OK)
		x->process = process_line(&p); /* one list for all versions */
	return e == ERR_ABSENT ? OK : e;
}

/* P6: what closed deals were lost for stays readable, and comparable over years. */
static enum err
reason_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct lost_reason *was = before, *x = after;

	if (!x && c->kind == CHANGE_EDIT)
		fault_add(f, STR("reason"), str_fmt(c->arena, "“%.*s” may stand on closed deals", STR_ARG(was->name)),
		        STR("archive it: it is offered no longer, and stays readable"));
	return OK;
}

const struct record lost_reason_record = {
	.name = "lost_reason",
	.api = "lost-reasons",
	.api_write = true,
	.table = "lost_reason",
	.label = "reason for lost",
	.plural = "reasons for lost",
	.size = sizeof(struct lost_reason),
	FIELDS(reason_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "process name", NULL },
	.purpose = "Why deals are lost, in words that can be counted.",
	.retention = "As long as deals refer to it.",
	.derive = reason_derive,
	.check = reason_check,
};

/* ---- what a deal starts next ---- */

const struct choice next_when_choices[] = { { "", "" }, { "won", "Won" }, { "lost", "Lost" },
	{ "stage", "It enters a stage" }, { NULL, NULL } };
const struct choice next_what_choices[] = { { "", "" }, { "deal", "A deal in another process" }, { "task", "A task" },
	{ NULL, NULL } };

static const struct field next_fields[] = {
	FIELD(struct next_start, process, REF, "Process", .required = 1, .ref = &process_record, .filter = 1),
	FIELD(struct next_start, moment, CHOICE, "When", .required = 1, .choices = next_when_choices, .list = 1),
	FIELD(struct next_start, stage, REF, "Stage", .ref = &stage_record),
	FIELD(struct next_start, what, CHOICE, "Starts", .required = 1, .choices = next_what_choices, .list = 1),
	FIELD(struct next_start, target, REF, "In the process", .ref = &process_record),
	FIELD(struct next_start, name, TEXT, "Called", .required = 1, .list = 1,
	        .hint = "{deal} and {account} are filled in."),
	FIELD(struct next_start, after_days, INT, "After days", .least = 0, .greatest = 3650, .list = 1),
};

#define EDGES_MOST 400

struct edge {
	id from, to; /* lines */
	bool seen;
};

struct walk {
	struct conn *conn;
	struct arena *arena;
	id org;
	struct edge edges[EDGES_MOST];
	size_t n;
	id path[EDGES_MOST];
	size_t depth;
};

/* Edges of versions in use, and of the one at hand; other versions of its line are replaced by it. */
static enum err
load_edges(struct walk *w, id line, id version)
{
	struct rows rows;
	enum err e = db_query(w->conn, w->arena,
	        "select coalesce(p.line, p.id), coalesce(t.line, t.id) from next_start x join process p on p.org_id = "
	        "x.org_id and p.id = x.process join process t on t.org_id = x.org_id and t.id = x.target where "
	        "x.org_id = $1 "
	        "and x.what = 'deal' and (p.id = $3 or (coalesce(p.line, p.id) <> $2 and coalesce(p.state, '') not in "
	        "('retired', 'draft'))) order by x.id limit 400",
	        DB_ARGS(DB_I(w->org), DB_I(line), DB_I(version)), &rows);

	if (e != OK)
		return e;
	while (w->n < EDGES_MOST && db_next(&rows))
		w->edges[w->n++] = (struct edge){ db_int(&rows, 0), db_int(&rows, 1), false };
	return db_end(&rows);
}

/* Is there a way from here back? The path holds it then. */
static bool
leads_back(struct walk *w, id from, id goal)
{
	if (w->depth >= EDGES_MOST)
		return false;
	w->path[w->depth++] = from;
	if (from == goal)
		return true;
	for (size_t i = 0; i < w->n; i++)
		if (w->edges[i].from == from && !w->edges[i].seen) {
			w->edges[i].seen = true;
			if (leads_back(w, w->edges[i].to, goal))
				return true;
		}
	w->depth--;
	return false;
}

/* The name that its versions have now. */
static enum err
line_name(struct walk *w, id line, str *ret)
{
	struct rows rows;
	enum err e = db_query(w->conn, w->arena,
	        "select name from process where org_id = $1 and (id = $2 or line = $2) order by number desc limit 1",
	        DB_ARGS(DB_I(w->org), DB_I(line)), &rows);

	if (e != OK)
		return e;
	*ret = db_next(&rows) ? db_text(&rows, 0) : STR("?");
	return db_end(&rows);
}

enum err
process_circle(struct conn *c, struct arena *a, id org, const struct process *from, id target, str *ret)
{
	struct walk *w = arena_new(a, struct walk, 1);
	str name, names = { 0 };
	enum err e;

	*w = (struct walk){ .conn = c, .arena = a, .org = org };
	*ret = (str){ 0 };
	e = load_edges(w, process_line(from), from->row.id);
	if (e != OK || !leads_back(w, target, process_line(from)))
		return e;
	for (size_t i = 0; e == OK && i < w->depth; i++) {
		e = line_name(w, w->path[i], &name);
		if (e == OK)
			names = str_fmt(a, "%.*s → %.*s", STR_ARG(names), STR_ARG(name));
	}
	if (e == OK)
		*ret = str_fmt(a, "%.*s%.*s", STR_ARG(from->name), STR_ARG(names));
	return e;
}

static enum err
next_derive(struct change *c, const void *before, void *after)
{
	struct next_start *x = after;
	struct process p;
	enum err e;

	(void)before;
	if (x->after_days == NO_INT)
		x->after_days = 0;
	if (x->moment != NEXT_STAGE)
		x->stage = 0;
	if (x->what != NEXT_DEAL)
		x->target = 0;
	if (!x->target)
		return OK;
	e = record_load(c->conn, c->arena, c->grant, &process_record, x->target, &p);
	if (e == OK)
		x->target = process_line(&p);
	return e == ERR_ABSENT ? OK : e;
}

static enum err
check_target(struct change *c, const struct next_start *x, struct faults *f)
{
	struct process p;
	str circle;
	enum err e;

	if (!x->target) {
		fault_add(f, STR("target"), STR("is missing"), STR("choose the process it starts in"));
		return OK;
	}
	e = record_load(c->conn, c->arena, c->grant, &process_record, x->process, &p);
	if (e == OK)
		e = process_circle(c->conn, c->arena, c->grant->org, &p, x->target, &circle);
	if (e == OK && circle.n)
		fault_add(f, STR("target"), str_fmt(c->arena, "leads round in a circle: %.*s", STR_ARG(circle)),
		        STR("let one of them start a task instead"));
	return e == ERR_ABSENT ? OK : e;
}

static enum err
next_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct next_start *was = before, *x = after;
	struct stage s;
	enum err e = OK;

	if (!x)
		return process_part_check(c, was->process, f);
	if (x->moment == NEXT_STAGE && !x->stage)
		fault_add(f, STR("stage"), STR("is missing"), STR("choose the stage"));
	if (x->stage)
		e = record_load(c->conn, c->arena, c->grant, &stage_record, x->stage, &s);
	if (e == OK && x->stage && s.process != x->process)
		fault_add(f, STR("stage"), STR("is of another version"), STR("choose one of this version"));
	if (e == OK && x->what == NEXT_DEAL)
		e = check_target(c, x, f);
	return e == OK ? process_part_check(c, x->process, f) : e;
}

const struct record next_start_record = {
	.name = "next_start",
	.api = "next-starts",
	.api_write = true,
	.table = "next_start",
	.label = "start of what comes next",
	.plural = "starts of what comes next",
	.size = sizeof(struct next_start),
	FIELDS(next_fields),
	.matter = MATTER_COMPANY,
	.index = (const char *const[]){ "process", NULL },
	.purpose = "What a deal starts when it closes or moves on.",
	.retention = "As long as deals refer to its process.",
	.derive = next_derive,
	.check = next_check,
};
