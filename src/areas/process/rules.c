#include "areas/process/process.h"

const struct rule_kind rule_kinds[RULE_COUNT] = {
	[RULE_STAGE_DAYS] = { "stage-days", "Days in stage", RULE_IN_PERCENT, false,
	        "How much of the stage's allowed days is used up, in percent; 100 is all of them.",
	        "move it on, or agree with the buyer on what has to happen first" },
	[RULE_NO_PROGRESS] = { "no-progress", "No progress", RULE_IN_DAYS, false,
	        "Days since a step was completed, or since it came into the stage.",
	        "complete the next step, or say why it waits" },
	[RULE_NO_ACTIVITY] = { "no-activity", "No activity", RULE_IN_DAYS, false, "Days since anything was recorded.",
	        "get in touch and note it here" },
	[RULE_NO_NEXT_STEP] = { "no-next-step", "No next step", RULE_IN_FACT, false,
	        "Nothing is planned, once somebody worked the deal here.",
	        "agree on one with the buyer and enter it with its day" },
	[RULE_NEXT_STEP_OVERDUE] = { "overdue", "Next step overdue", RULE_IN_DAYS, false,
	        "Days past the day of the next step.", "do it, or set a new day" },
	[RULE_CLOSE_PASSED] = { "close-passed", "Close date passed", RULE_IN_DAYS, false,
	        "Days past the expected close.", "ask the buyer for their date and enter it" },
	[RULE_CLOSE_PUSHED] = { "pushed", "Close date pushed", RULE_IN_TIMES, false,
	        "How often the expected close moved later.", "find out what the buyer has to do before that day" },
	[RULE_SINGLE_THREADED] = { "single-threaded", "Single-threaded", RULE_IN_PEOPLE, true, "Stakeholders known.",
	        "meet a second person there and enter who they are" },
	[RULE_NO_DECISION_MAKER] = { "no-decision-maker", "Decision maker unknown", RULE_IN_FACT, false,
	        "No stakeholder has decisive influence.",
	        "find out who decides and enter them with decisive influence" },
	[RULE_IMPORTANCE_OVERDUE] = { "importance-overdue", "Importance overdue", RULE_IN_PERCENT, false,
	        "How much of the allowed days is used up while a mandatory or critical step of the stage is open, in "
	        "percent.",
	        "complete that step, or agree on the day when it will be" },
};

static const struct choice rule_choices[] = { { "", "" }, { "stage-days", "Days in stage" },
	{ "no-progress", "No progress" }, { "no-activity", "No activity" }, { "no-next-step", "No next step" },
	{ "overdue", "Next step overdue" }, { "close-passed", "Close date passed" }, { "pushed", "Close date pushed" },
	{ "single-threaded", "Single-threaded" }, { "no-decision-maker", "Decision maker unknown" },
	{ "importance-overdue", "Importance overdue" }, { NULL, NULL } };

static const struct field rule_fields[] = {
	FIELD(struct health_rule, process, REF, "Process", .required = 1, .ref = &process_record, .filter = 1),
	FIELD(struct health_rule, stage, REF, "Stage", .ref = &stage_record),
	FIELD(struct health_rule, kind, CHOICE, "Rule", .required = 1, .choices = rule_choices, .list = 1),
	FIELD(struct health_rule, off, BOOL, "Off", .list = 1),
	FIELD(struct health_rule, watch, INT, "Watch", .least = 0, .greatest = 10000, .list = 1),
	FIELD(struct health_rule, warning, INT, "Warning", .least = 0, .greatest = 10000, .list = 1),
	FIELD(struct health_rule, critical, INT, "Critical", .least = 0, .greatest = 10000, .list = 1),
};

static bool
is_before(int64_t x, int64_t y, bool fewer)
{
	return x == NO_INT || y == NO_INT || (fewer ? x >= y : x <= y);
}

/* A worse level takes more to reach. */
static enum err
rule_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct health_rule *was = before, *x = after;
	const struct rule_kind *k = &rule_kinds[x ? x->kind : 0];
	struct stage s;
	enum err e = OK;

	if (!x)
		return process_part_check(c, was->process, f);
	if (!is_before(x->watch, x->warning, k->fewer) || !is_before(x->warning, x->critical, k->fewer) ||
	        !is_before(x->watch, x->critical, k->fewer))
		fault_add(f, STR("critical"), STR("is reached before a milder level"),
		        k->fewer ? STR("let the limits fall from watch to critical")
		                 : STR("let the limits rise from watch to critical"));
	if (!x->off && x->watch == NO_INT && x->warning == NO_INT && x->critical == NO_INT)
		fault_add(f, STR("watch"), STR("has no limit, and no other level has"),
		        STR("give one, or switch the rule off"));
	if (x->stage)
		e = record_load(c->conn, c->arena, c->grant, &stage_record, x->stage, &s);
	if (e == OK && x->stage && s.process != x->process)
		fault_add(f, STR("stage"), STR("is of another version"), STR("choose one of this version"));
	return e == OK ? process_part_check(c, x->process, f) : e;
}

const struct record health_rule_record = {
	.name = "health_rule",
	.api = "health-rules",
	.api_write = true,
	.table = "health_rule",
	.label = "rule of health",
	.plural = "rules of health",
	.size = sizeof(struct health_rule),
	FIELDS(rule_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "process stage kind", NULL },
	.purpose = "When a deal needs attention.",
	.retention = "As long as deals refer to its process.",
	.check = rule_check,
};

struct health_rule
rule_standard(int kind)
{
	struct health_rule x;

	record_init(&health_rule_record, &x);
	x.kind = kind;
	switch (kind) {
	case RULE_STAGE_DAYS:
		x.warning = 100;
		x.critical = 200;
		break;
	case RULE_NO_ACTIVITY:
		x.watch = 21;
		break;
	case RULE_NO_NEXT_STEP:
	case RULE_CLOSE_PASSED:
		x.warning = 0;
		break;
	case RULE_NEXT_STEP_OVERDUE:
		x.warning = 0;
		x.critical = 14;
		break;
	case RULE_CLOSE_PUSHED:
		x.watch = 1;
		break;
	default: /* for those who enter stakeholders and steps: a company switches them on */
		x.off = true;
		x.watch = kind == RULE_NO_PROGRESS         ? 14
		          : kind == RULE_SINGLE_THREADED   ? 2
		          : kind == RULE_NO_DECISION_MAKER ? 0
		                                           : NO_INT;
		x.warning = kind == RULE_IMPORTANCE_OVERDUE ? 50 : NO_INT;
	}
	return x;
}

struct health_rule
rule_for(const struct health_rule *rules, size_t n, int kind, id stage)
{
	const struct health_rule *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (rules[i].kind == kind && ((stage && rules[i].stage == stage) || (!rules[i].stage && !found)))
			found = &rules[i];
	return found ? *found : rule_standard(kind);
}

static bool
passes(const struct health_rule *rule, int64_t limit, int64_t measure)
{
	return limit != NO_INT && (rule_kinds[rule->kind].fewer ? measure < limit : measure > limit);
}

int
rule_level(const struct health_rule *rule, int64_t measure)
{
	if (rule->off || measure == NO_INT)
		return 0;
	return passes(rule, rule->critical, measure)  ? 4
	       : passes(rule, rule->warning, measure) ? 3
	       : passes(rule, rule->watch, measure)   ? 2
	                                              : 0;
}

static str
limit_words(struct arena *a, const struct rule_kind *k, int64_t limit)
{
	static const char *const units[] = { "day", "%", "time", "stakeholder", "" };
	bool one = limit == 1;

	if (k->unit == RULE_IN_FACT)
		return STR("at once");
	if (k->unit == RULE_IN_PERCENT)
		return str_fmt(a, "above %lld %%", (long long)limit);
	if (k->unit == RULE_IN_DAYS && !k->fewer)
		return limit ? str_fmt(a, "after %lld day%s", (long long)limit, one ? "" : "s")
		             : STR("from the first day on");
	return str_fmt(a, "%s %lld %s%s", k->fewer ? "fewer than" : "more than", (long long)limit, units[k->unit],
	        one ? "" : "s");
}

str
rule_words(struct arena *a, const struct health_rule *rule)
{
	const struct rule_kind *k = &rule_kinds[rule->kind];
	static const char *const names[] = { "watch", "warning", "critical" };
	int64_t limits[] = { rule->watch, rule->warning, rule->critical };
	str words = { 0 };

	if (rule->off)
		return STR("off");
	for (size_t i = 0; i < 3; i++)
		if (limits[i] != NO_INT)
			words = str_fmt(a, "%.*s%s%s %.*s", STR_ARG(words), words.n ? ", " : "", names[i],
			        STR_ARG(limit_words(a, k, limits[i])));
	return words;
}
