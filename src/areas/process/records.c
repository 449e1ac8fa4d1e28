#include "areas/process/process.h"

const struct choice outcome_choices[] = { { "", "" }, { "open", "Open" }, { "won", "Won" }, { "lost", "Lost" },
	{ NULL, NULL } };
static const struct choice importances[] = { { "", "" }, { "optional", "Optional" }, { "helpful", "Helpful" },
	{ "important", "Important" }, { "mandatory", "Mandatory" }, { "critical", "Critical" }, { NULL, NULL } };

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
	FIELD(struct stage, allowed_days, INT, "Allowed days", .least = 1, .greatest = 3650),
	FIELD(struct stage, guidance, LONG, "Guidance"),
};

const struct record stage_record = {
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
};

const struct record step_record = {
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
