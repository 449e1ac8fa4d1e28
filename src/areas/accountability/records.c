#include "areas/accountability/accountability.h"

const struct choice measure_kinds[] = { { "", "" }, { "leading", "Leading" }, { "lagging", "Lagging" },
	{ NULL, NULL } };
const struct choice measure_froms[] = { { "", "" }, { "hand", "Entered by hand" }, { "calls", "Calls noted" },
	{ "meetings", "Meetings noted" }, { "activities", "Calls, mails and meetings noted" },
	{ "new_deals", "Deals created" }, { "next_steps", "Open deals with a next step" },
	{ "coached", "Own coaching sessions confirmed" }, { "coaching", "Coaching sessions given and confirmed" },
	{ "observed", "Calls, visits and sessions observed" }, { "kept", "Commitments kept" },
	{ "blockers", "Blockers answered in time" }, { "won", "Deals won" }, { "win_rate", "Won of decided deals" },
	{ "revenue", "Revenue won" }, { NULL, NULL } };
const struct choice measure_pers[] = { { "", "" }, { "week", "a week" }, { "month", "a month" },
	{ "quarter", "a quarter" }, { NULL, NULL } };
const struct choice agreement_states[] = { { "", "" }, { "proposed", "Proposed" }, { "signed", "Signed by both" },
	{ "declined", "Declined" }, { "replaced", "Replaced" }, { NULL, NULL } };
const struct choice agreement_sides[] = { { "", "" }, { "does", "What the person will do" },
	{ "owes", "What the leader owes" }, { NULL, NULL } };

static const struct field measure_fields[] = {
	FIELD(struct measure, name, TEXT, "Name", .required = 1, .list = 1, .most = 80),
	FIELD(struct measure, role, CHOICE, "For", .required = 1, .choices = role_choices, .list = 1, .filter = 1),
	FIELD(struct measure, kind, CHOICE, "Kind", .required = 1, .choices = measure_kinds, .list = 1, .filter = 1),
	FIELD(struct measure, source, CHOICE, "Comes from", .required = 1, .choices = measure_froms, .list = 1),
	FIELD(struct measure, about, TEXT, "What counts", .most = 300),
	FIELD(struct measure, position, INT, "Position"),
	FIELD(struct measure, ended_on, DAY, "Ended on"),
};

const struct record measure_record = {
	.name = "measure",
	.api = "measures",
	.table = "measure",
	.label = "measure",
	.plural = "measures",
	.size = sizeof(struct measure),
	FIELDS(measure_fields),
	.matter = MATTER_COMPANY,
	.purpose = "What stands on the scorecard of a role (A1).",
	.retention = "As long as the company works by it.",
	.check = measure_check,
};

static const struct field measure_entry_fields[] = {
	FIELD(struct measure_entry, measure, REF, "Measure", .required = 1, .ref = &measure_record, .list = 1,
	        .filter = 1),
	FIELD(struct measure_entry, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct measure_entry, on_day, DAY, "On", .required = 1, .list = 1, .filter = 1),
	FIELD(struct measure_entry, amount, INT, "How many", .required = 1, .list = 1, .least = 0,
	        .greatest = 1000000000),
	FIELD(struct measure_entry, note, TEXT, "Note", .most = 300),
	FIELD(struct measure_entry, entered_by, REF, "Entered by", .ref = &person_record, .list = 1),
};

const struct record measure_entry_record = {
	.name = "measure_entry",
	.api = "measure-entries",
	.table = "measure_entry",
	.label = "entry of a measure",
	.plural = "entries of measures",
	.size = sizeof(struct measure_entry),
	FIELDS(measure_entry_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person",
	.index = (const char *const[]){ "person measure on_day", NULL },
	.purpose = "A figure of a scorecard that no other record tells (A1).",
	.retention = "Two years after its day.",
	.check = measure_entry_check,
};

static const struct field agreement_fields[] = {
	FIELD(struct agreement, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct agreement, leader, REF, "Leader", .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct agreement, number, INT, "Version", .required = 1, .list = 1),
	FIELD(struct agreement, state, CHOICE, "State", .required = 1, .choices = agreement_states, .list = 1,
	        .filter = 1),
	FIELD(struct agreement, from_day, DAY, "In force from", .list = 1),
	FIELD(struct agreement, to_day, DAY, "Until", .list = 1),
	FIELD(struct agreement, proposed_by, REF, "Proposed by", .required = 1, .ref = &person_record),
	FIELD(struct agreement, proposed_on, DAY, "Proposed on", .required = 1),
	FIELD(struct agreement, person_signed_on, DAY, "Signed by the person on", .list = 1),
	FIELD(struct agreement, leader_signed_on, DAY, "Signed by the leader on", .list = 1),
	FIELD(struct agreement, reason, TEXT, "Why", .most = 500),
};

const struct record agreement_record = {
	.name = "agreement",
	.api = "agreements",
	.table = "agreement",
	.label = "paired agreement",
	.plural = "paired agreements",
	.size = sizeof(struct agreement),
	FIELDS(agreement_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person leader",
	.unique = (const char *const[]){ "person number", NULL },
	.purpose = "What a person will do beside what their leader owes them; both sign (A2).",
	.retention = "Two years after it was replaced.",
	.check = agreement_check,
};

static const struct field agreement_line_fields[] = {
	FIELD(struct agreement_line, agreement, REF, "Agreement", .required = 1, .ref = &agreement_record, .list = 1,
	        .filter = 1),
	FIELD(struct agreement_line, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct agreement_line, leader, REF, "Leader", .ref = &person_record, .list = 1),
	FIELD(struct agreement_line, side, CHOICE, "Side", .required = 1, .choices = agreement_sides, .list = 1),
	FIELD(struct agreement_line, measure, REF, "Measure", .ref = &measure_record, .list = 1),
	FIELD(struct agreement_line, amount, INT, "How many", .list = 1, .least = 1, .greatest = 1000000),
	FIELD(struct agreement_line, per, CHOICE, "In", .choices = measure_pers, .list = 1),
	FIELD(struct agreement_line, acts, INT, "Acts in twelve months", .least = 0, .greatest = 1000000000),
	FIELD(struct agreement_line, closes, INT, "Closes in twelve months", .least = 0, .greatest = 1000000000),
	FIELD(struct agreement_line, obligation, REF, "Duty", .ref = &obligation_record, .list = 1),
	FIELD(struct agreement_line, words, TEXT, "In words", .most = 300, .list = 1),
};

const struct record agreement_line_record = {
	.name = "agreement_line",
	.api = "agreement-lines",
	.table = "agreement_line",
	.label = "line of an agreement",
	.plural = "lines of agreements",
	.size = sizeof(struct agreement_line),
	FIELDS(agreement_line_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person leader",
	.index = (const char *const[]){ "agreement", "person", NULL },
	.purpose = "One promise of a paired agreement.",
	.retention = "With the agreement.",
	.check = agreement_line_check,
};

static const struct field huddle_share_fields[] = {
	FIELD(struct huddle_share, person, REF, "Who", .required = 1, .ref = &person_record),
	FIELD(struct huddle_share, on_day, DAY, "Since", .required = 1),
};

const struct record huddle_share_record = {
	.name = "huddle_share",
	.table = "huddle_share",
	.label = "figure shown in the huddle",
	.plural = "figures shown in the huddle",
	.size = sizeof(struct huddle_share),
	FIELDS(huddle_share_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person",
	.unique = (const char *const[]){ "person", NULL },
	.purpose = "A person shows the own leading measure to the team (O5, A5).",
	.retention = "Until the person takes it back.",
};
