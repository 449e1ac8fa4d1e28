#include "areas/process/condition.h"
#include "areas/process/standard.h"
#include "html/markdown.h"

const struct choice outcome_choices[] = { { "", "" }, { "open", "Open" }, { "won", "Won" }, { "lost", "Lost" },
	{ NULL, NULL } };
const struct choice importance_choices[] = { { "", "" }, { "optional", "Optional" }, { "helpful", "Helpful" },
	{ "important", "Important" }, { "mandatory", "Mandatory" }, { "critical", "Critical" }, { NULL, NULL } };

const struct choice step_kind_choices[] = { { "", "" }, { "tick", "Tick" }, { "text", "Text" }, { "number", "Number" },
	{ "choice", "Choice" }, { "question", "Question" }, { "stakeholder", "Stakeholder identified" },
	{ "activity", "Activity done" }, { "document", "Document there" }, { NULL, NULL } };

const struct choice process_state_choices[] = { { "", "" }, { "draft", "Draft" }, { "published", "Published" },
	{ "retired", "Retired" }, { NULL, NULL } };

id
process_line(const struct process *p)
{
	return p->line ? p->line : p->row.id;
}

int
process_state(const struct process *p)
{
	return p->state ? p->state : PROCESS_PUBLISHED;
}

/* People design in drafts; what a file or the program brings is in use at once. */
static enum err
process_derive(struct change *c, const void *before, void *after)
{
	struct process *p = after;

	(void)before;
	if (!p->state)
		p->state = c->kind == CHANGE_EDIT && !p->source.n ? PROCESS_DRAFT : PROCESS_PUBLISHED;
	if (p->state == PROCESS_PUBLISHED && !day_is(p->published_on))
		p->published_on = c->today;
	return OK;
}

/* P1: a version that deals stand on is not changed below them: not by a form, the API or an undo. Imports keep up with
   the source they mirror. */
static bool
stands_still(const struct change *c, const struct process *p)
{
	return (c->kind == CHANGE_EDIT || c->kind == CHANGE_UNDO) && !p->source.n && process_state(p) != PROCESS_DRAFT;
}

/* Faults of a part of a version that may not be changed; the part's own place. */
enum err
process_part_check(struct change *c, id process, struct faults *f)
{
	struct process p;
	enum err e = record_load(c->conn, c->arena, c->grant, &process_record, process, &p);

	if (e == ERR_ABSENT)
		return OK; /* the reference's own check says it */
	if (e == OK && stands_still(c, &p))
		fault_add(f, STR("process"),
		        str_fmt(c->arena, "version %lld of “%.*s” is %s: deals stand on it", (long long)p.number,
		                STR_ARG(p.name), process_state(&p) == PROCESS_RETIRED ? "retired" : "published"),
		        STR("make a draft from it and change that"));
	return e;
}

static enum err
stage_part_check(struct change *c, id stage, struct faults *f)
{
	struct stage s;
	enum err e = record_load(c->conn, c->arena, c->grant, &stage_record, stage, &s);

	return e == OK ? process_part_check(c, s.process, f) : e == ERR_ABSENT ? OK : e;
}

static enum err
other_published(struct change *c, const struct process *p, struct faults *f)
{
	struct process other;
	enum err e = process_published(c->conn, c->arena, c->grant->org, process_line(p), &other);

	if (e == OK && other.row.id != p->row.id)
		fault_add(f, STR("state"),
		        str_fmt(c->arena, "version %lld is published already", (long long)other.number),
		        STR("retire it in the same step: publish on the page of the draft does"));
	return e == ERR_ABSENT ? OK : e;
}

static enum err
process_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct process *was = before, *p = after;
	bool publishes = p && p->state == PROCESS_PUBLISHED && was && was->state == PROCESS_DRAFT;

	if (c->kind != CHANGE_EDIT)
		return OK;
	if (!p && stands_still(c, was))
		fault_add(f, STR("process"), STR("is in use"), STR("only a draft can be removed; retire this one"));
	if (was && p && process_state(was) != PROCESS_DRAFT && p->state == PROCESS_DRAFT)
		fault_add(f, STR("state"), STR("cannot become a draft again"), STR("make a new draft from it"));
	if (p && p->standard && p->state == PROCESS_DRAFT)
		fault_add(f, STR("standard"), STR("is for published versions"), STR("publish it first"));
	return publishes ? other_published(c, p, f) : OK;
}

/* Said at once at the field; whether every name is there is said when a version is published (condition_check). */
static void
condition_reads(struct change *c, str text, struct faults *f)
{
	struct condition *x;

	(void)condition_parse(c->arena, text, STR("condition"), f, &x);
}

static const struct field process_fields[] = {
	FIELD(struct process, name, TEXT, "Name", .required = 1, .list = 1),
	FIELD(struct process, source, TEXT, "Mirrors the stages of"),
	FIELD(struct process, number, INT, "Version", .required = 1, .list = 1),
	FIELD(struct process, standard, BOOL, "New deals start here", .list = 1),
	FIELD(struct process, state, CHOICE, "State", .choices = process_state_choices, .list = 1, .filter = 1),
	FIELD(struct process, line, REF, "First version", .filter = 1),
	FIELD(struct process, base, REF, "Made from"),
	FIELD(struct process, published_on, DAY, "Published on", .list = 1, .system = 1),
};

const struct record process_record = {
	.derive = process_derive,
	.check = process_check,
	.name = "process",
	.api = "processes",
	.api_write = true,
	.table = "process",
	.label = "process",
	.plural = "processes",
	.size = sizeof(struct process),
	FIELDS(process_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "name number", NULL },
	.purpose = "The way the company sells.",
	.retention = "As long as deals refer to it.",
};

static const struct field stage_fields[] = {
	FIELD(struct stage, process, REF, "Process", .required = 1, .ref = &process_record),
	FIELD(struct stage, position, INT, "Position", .required = 1, .list = 1),
	FIELD(struct stage, name, TEXT, "Stage", .required = 1, .list = 1),
	FIELD(struct stage, exit, TEXT, "Done when the buyer"),
	FIELD(struct stage, outcome, CHOICE, "Outcome", .required = 1, .choices = outcome_choices, .list = 1),
	FIELD(struct stage, probability, INT, "Probability, percent", .least = 0, .greatest = 100, .list = 1),
	FIELD(struct stage, greatest, INT, "Highest probability, percent", .least = 0, .greatest = 100),
	FIELD(struct stage, allowed_days, INT, "Allowed days", .least = 1, .greatest = 3650),
	FIELD(struct stage, guidance, LONG, "Guidance"),
	FIELD(struct stage, guidance_html, LONG, "Guidance, rendered", .most = 131072, .system = 1),
	FIELD(struct stage, condition, LONG, "Only when", .most = CONDITION_MOST),
	FIELD(struct stage, origin, INT, "Copy of", .system = 1),
};

static enum err
stage_derive(struct change *c, const void *before, void *after)
{
	const struct stage *was = before;
	struct stage *s = after;

	if (!was || !str_eq(was->guidance, s->guidance))
		s->guidance_html = markdown_html(c->arena, s->guidance);
	return OK;
}

/* P4: a deal is clamped between the two. */
static enum err
stage_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct stage *was = before, *s = after;

	if (s)
		condition_reads(c, s->condition, f);
	if (s && was && was->process != s->process)
		fault_add(f, STR("process"), STR("of a stage stays"), STR("add the stage to the other version"));
	if (s && s->greatest != NO_INT && s->greatest < (s->probability == NO_INT ? 0 : s->probability))
		fault_add(f, STR("greatest"), STR("is below the lowest probability"), STR("exchange the two"));
	return process_part_check(c, s ? s->process : was->process, f);
}

const struct record stage_record = {
	.derive = stage_derive,
	.check = stage_check,
	.name = "stage",
	.api = "stages",
	.api_write = true,
	.table = "stage",
	.label = "stage",
	.plural = "stages",
	.size = sizeof(struct stage),
	FIELDS(stage_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "process name", NULL },
	.purpose = "The way the company sells.",
	.retention = "As long as deals refer to it.",
};

static const struct field step_fields[] = {
	FIELD(struct step, stage, REF, "Stage", .required = 1, .ref = &stage_record),
	FIELD(struct step, position, INT, "Position", .required = 1),
	FIELD(struct step, name, TEXT, "Step", .required = 1, .list = 1),
	FIELD(struct step, guidance, LONG, "Guidance"),
	FIELD(struct step, guidance_html, LONG, "Guidance, rendered", .most = 131072, .system = 1),
	FIELD(struct step, importance, CHOICE, "Importance", .choices = importance_choices, .list = 1),
	FIELD(struct step, kind, CHOICE, "Kind", .choices = step_kind_choices, .list = 1),
	FIELD(struct step, points, INT, "Adds to the probability, percent", .least = 0, .greatest = 100),
	FIELD(struct step, options, TEXT, "Choices", .hint = "With | between them.", .most = 500),
	FIELD(struct step, condition, LONG, "Appears when", .most = CONDITION_MOST),
	FIELD(struct step, depends, REF, "After step"),
	FIELD(struct step, origin, INT, "Copy of", .system = 1),
};

static enum err
step_derive(struct change *c, const void *before, void *after)
{
	const struct step *was = before;
	struct step *s = after;

	if (!was || !str_eq(was->guidance, s->guidance))
		s->guidance_html = markdown_html(c->arena, s->guidance);
	return OK;
}

bool
step_option(str *rest, str *ret_one)
{
	str one;

	while (rest->n) {
		(void)str_cut(*rest, '|', &one, rest);
		one = str_trim(one);
		if (one.n) {
			*ret_one = one;
			return true;
		}
	}
	return false;
}

/* P2: a choice nobody can make would hold the stage for ever. */
static void
check_options(const struct step *s, struct faults *f)
{
	str rest = s->options, one;
	size_t n = 0;

	while (step_option(&rest, &one))
		n++;
	if (n < 2)
		fault_add(f, STR("options"), STR("are fewer than two"), STR("write two or more, with | between them"));
}

/* The step it waits for, and so on: never in a ring, never out of the version. */
static enum err
check_depends(struct change *c, const struct step *s, struct faults *f)
{
	int64_t ring = 0, inside;
	enum err e = db_one_int(c->conn,
	        "select count(*) from step x join stage g on g.org_id = x.org_id and g.id = x.stage join stage h on "
	        "h.org_id "
	        "= g.org_id and h.process = g.process where x.org_id = $1 and x.id = $2 and h.id = $3",
	        DB_ARGS(DB_I(c->grant->org), DB_I(s->depends), DB_I(s->stage)), &inside);

	if (e == OK && !inside)
		fault_add(f, STR("depends"), STR("is a step of another version"), STR("choose one of this version"));
	if (e == OK && s->row.id)
		e = db_one_int(c->conn,
		        "with recursive before_it(id) as (select cast($2 as bigint) union select y.depends from step y "
		        "join "
		        "before_it b "
		        "on y.id = b.id where y.org_id = $1 and y.depends is not null) select count(*) from before_it "
		        "where "
		        "id = $3",
		        DB_ARGS(DB_I(c->grant->org), DB_I(s->depends), DB_I(s->row.id)), &ring);
	if (e == OK && s->row.id && ring)
		fault_add(f, STR("depends"), STR("waits for this step itself"),
		        STR("choose a step that comes before it"));
	return e;
}

static enum err
step_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct step *was = before, *s = after;
	enum err e = OK;

	if (s && s->kind == STEP_CHOICE)
		check_options(s, f);
	if (s)
		condition_reads(c, s->condition, f);
	if (s && s->depends)
		e = check_depends(c, s, f);
	if (e == OK && s)
		e = stage_part_check(c, s->stage, f);
	if (e == OK && was && (!s || s->stage != was->stage))
		e = stage_part_check(c, was->stage, f);
	return e;
}

const struct record step_record = {
	.derive = step_derive,
	.check = step_check,
	.name = "step",
	.api = "steps",
	.api_write = true,
	.table = "step",
	.label = "step",
	.plural = "steps",
	.size = sizeof(struct step),
	FIELDS(step_fields),
	.matter = MATTER_COMPANY,
	.purpose = "The way the company sells.",
	.retention = "As long as deals refer to it.",
};
