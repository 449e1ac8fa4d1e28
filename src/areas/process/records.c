#include "areas/process/process.h"

const struct choice outcome_choices[] = { { "", "" }, { "open", "Open" }, { "won", "Won" }, { "lost", "Lost" },
	{ NULL, NULL } };
static const struct choice importances[] = { { "", "" }, { "optional", "Optional" }, { "helpful", "Helpful" },
	{ "important", "Important" }, { "mandatory", "Mandatory" }, { "critical", "Critical" }, { NULL, NULL } };

static const struct choice kinds[] = { { "", "" }, { "tick", "Tick" }, { "text", "Text" }, { "number", "Number" },
	{ "choice", "Choice" }, { "question", "Question" }, { "stakeholder", "Stakeholder identified" },
	{ "activity", "Activity done" }, { "document", "Document there" }, { NULL, NULL } };

static const struct field process_fields[] = {
	FIELD(struct process, name, TEXT, "Name", .required = 1, .list = 1),
	FIELD(struct process, source, TEXT, "Mirrors the stages of"),
	FIELD(struct process, number, INT, "Version", .required = 1, .list = 1),
	FIELD(struct process, standard, BOOL, "New deals start here", .list = 1),
};

const struct record process_record = {
	.name = "process",
	.api = "processes",
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
};

/* P4: a deal is clamped between the two. */
static enum err
stage_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct stage *s = after;

	(void)c;
	(void)before;
	if (s && s->greatest != NO_INT && s->greatest < (s->probability == NO_INT ? 0 : s->probability))
		fault_add(f, STR("greatest"), STR("is below the lowest probability"), STR("exchange the two"));
	return OK;
}

const struct record stage_record = {
	.check = stage_check,
	.name = "stage",
	.api = "stages",
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
	FIELD(struct step, guidance, TEXT, "Guidance"),
	FIELD(struct step, importance, CHOICE, "Importance", .choices = importances, .list = 1),
	FIELD(struct step, kind, CHOICE, "Kind", .choices = kinds, .list = 1),
	FIELD(struct step, points, INT, "Adds to the probability, percent", .least = 0, .greatest = 100),
	FIELD(struct step, options, TEXT, "Choices", .hint = "With | between them.", .most = 500),
};

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
static enum err
step_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct step *s = after;
	str rest, one;
	size_t n = 0;

	(void)c;
	(void)before;
	if (!s || s->kind != STEP_CHOICE)
		return OK;
	rest = s->options;
	while (step_option(&rest, &one))
		n++;
	if (n < 2)
		fault_add(f, STR("options"), STR("are fewer than two"), STR("write two or more, with | between them"));
	return OK;
}

const struct record step_record = {
	.check = step_check,
	.name = "step",
	.api = "steps",
	.table = "step",
	.label = "step",
	.plural = "steps",
	.size = sizeof(struct step),
	FIELDS(step_fields),
	.matter = MATTER_COMPANY,
	.purpose = "The way the company sells.",
	.retention = "As long as deals refer to it.",
};
