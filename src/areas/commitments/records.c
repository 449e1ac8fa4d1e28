#include "areas/commitments/commitments.h"

const struct choice commitment_states[] = { { "", "" }, { "open", "Open" }, { "kept", "Kept" }, { "missed", "Missed" },
	{ "withdrawn", "Withdrawn" }, { NULL, NULL } };
const struct choice evidences[] = { { "", "" }, { "deal", "Seen on the deal" }, { "observed", "Seen by the other" },
	{ "document", "A document" }, { "word", "My word" }, { NULL, NULL } };
const struct choice duties[] = { { "", "" }, { "charter", "Sign a charter" }, { "coach", "Coach each direct report" },
	{ "watch_coaching", "Watch a coaching session" }, { "ride_along", "Ride along with a seller to a customer" },
	{ "blockers", "Answer blockers" }, { "account_first", "Write the account of a miss first" },
	{ "process_review", "Review the process" }, { "observed_call", "Observe one call per seller" },
	{ "evidence", "Bring one piece of evidence" }, { "confirm", "Say what a session was" },
	{ "next_step", "A next step on each deal" }, { NULL, NULL } };
const struct choice cadences[] = { { "", "" }, { "once", "once" }, { "weekly", "every week" },
	{ "fortnightly", "every two weeks" }, { "monthly", "every month" }, { "six_weeks", "every six weeks" },
	{ "quarterly", "every quarter" }, { "standing", "always" }, { NULL, NULL } };
const struct choice duty_states[] = { { "", "" }, { "proposed", "Proposed" }, { "agreed", "Agreed" },
	{ "changed", "Change proposed" }, { "ended", "Ended" }, { NULL, NULL } };

static const struct field commitment_fields[] = {
	FIELD(struct commitment, owner, REF, "Owner", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct commitment, owed_to, REF, "Owed to", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct commitment, when_, TEXT, "When", .required = 1, .list = 1, .most = 300),
	FIELD(struct commitment, then_, TEXT, "Then I", .required = 1, .list = 1, .most = 300),
	FIELD(struct commitment, due, DAY, "Due", .required = 1, .list = 1, .filter = 1, .sort = 1),
	FIELD(struct commitment, state, CHOICE, "State", .required = 1, .choices = commitment_states, .list = 1,
	        .filter = 1),
	FIELD(struct commitment, evidence_kind, CHOICE, "Evidence", .choices = evidences),
	FIELD(struct commitment, evidence, LONG, "What shows it"),
	FIELD(struct commitment, claimed_on, DAY, "Reported kept on"),
	FIELD(struct commitment, confirmed_by, REF, "Confirmed by", .ref = &person_record),
	FIELD(struct commitment, closed_on, DAY, "Closed on"),
	FIELD(struct commitment, moves, INT, "Moved", .system = 1),
	FIELD(struct commitment, carried, INT, "Carried over", .system = 1),
	FIELD(struct commitment, up_on, DAY, "Goes up on", .system = 1),
	FIELD(struct commitment, own_line, TEXT, "The owner's line", .most = 300),
	FIELD(struct commitment, withdraw_asked, DAY, "Asked to withdraw on"),
	FIELD(struct commitment, made_on, DAY, "Made on", .list = 1),
	FIELD(struct commitment, about, TEXT, "From"),
	FIELD(struct commitment, about_id, INT, "From which"),
	FIELD(struct commitment, account, LONG, "Account of the miss"),
	FIELD(struct commitment, account_category, TEXT, "In a word"),
};

const struct record commitment_record = {
	.name = "commitment",
	.table = "commitment",
	.label = "commitment",
	.plural = "commitments",
	.size = sizeof(struct commitment),
	FIELDS(commitment_fields),
	.matter = MATTER_SCORECARD,
	.persons = "owner owed_to",
	.index = (const char *const[]){ "owner state due", "owed_to state due", "about_id", NULL },
	.purpose = "One person owes one thing by one date.",
	.retention = "Two years after it was closed.",
	.check = commitment_check,
};

static const struct field obligation_fields[] = {
	FIELD(struct obligation, person, REF, "Who owes", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct obligation, duty, CHOICE, "What", .required = 1, .choices = duties, .list = 1),
	FIELD(struct obligation, cadence, CHOICE, "How often", .required = 1, .choices = cadences, .list = 1),
	FIELD(struct obligation, state, CHOICE, "State", .required = 1, .choices = duty_states, .list = 1),
	FIELD(struct obligation, days, INT, "Within working days", .least = 1, .greatest = 60),
	FIELD(struct obligation, words, TEXT, "In own words", .most = 300),
	FIELD(struct obligation, from_day, DAY, "From"),
	FIELD(struct obligation, to_day, DAY, "Until"),
	FIELD(struct obligation, agreed_on, DAY, "Agreed on", .list = 1),
	FIELD(struct obligation, agreed_by, REF, "Agreed by", .ref = &person_record),
	FIELD(struct obligation, change_reason, TEXT, "Why changed", .most = 500),
};

const struct record obligation_record = {
	.name = "obligation",
	.api = "obligations",
	.table = "obligation",
	.label = "obligation",
	.plural = "obligations",
	.size = sizeof(struct obligation),
	FIELDS(obligation_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.purpose = "What a person owes on a schedule, agreed by those they owe it to (A2a).",
	.retention = "Two years after it ended.",
	.check = obligation_check,
};

static const struct field charter_fields[] = {
	FIELD(struct charter, person, REF, "Whose", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct charter, number, INT, "Version", .required = 1, .list = 1),
	FIELD(struct charter, part, LONG, "My part in what failed so far", .required = 1),
	FIELD(struct charter, reason, LONG, "Compelling reason", .required = 1),
	FIELD(struct charter, reason_number, INT, "The number"),
	FIELD(struct charter, reason_unit, TEXT, "Of what", .most = 40),
	FIELD(struct charter, reason_day, DAY, "By when"),
	FIELD(struct charter, value_proposition, LONG, "Value proposition"),
	FIELD(struct charter, messaging, LONG, "Messaging"),
	FIELD(struct charter, culture, LONG, "Culture"),
	FIELD(struct charter, stops, LONG, "What I stop", .required = 1),
	FIELD(struct charter, signed_on, DAY, "Signed on", .list = 1),
};

const struct record charter_record = {
	.name = "charter",
	.api = "charters",
	.table = "charter",
	.label = "charter",
	.plural = "charters",
	.size = sizeof(struct charter),
	FIELDS(charter_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.unique = (const char *const[]){ "person number", NULL },
	.purpose = "A leader's own responsibility, signed (L1).",
	.retention = "As long as the person leads here.",
	.check = charter_check,
};

static const struct field charter_answer_fields[] = {
	FIELD(struct charter_answer, charter, REF, "Charter", .required = 1, .ref = &charter_record),
	FIELD(struct charter_answer, person, REF, "Who", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct charter_answer, agrees, BOOL, "Agrees", .list = 1),
	FIELD(struct charter_answer, reason, LONG, "Reason"),
	FIELD(struct charter_answer, on_day, DAY, "On", .list = 1),
	FIELD(struct charter_answer, reply, LONG, "The leader's answer"),
	FIELD(struct charter_answer, replied_on, DAY, "Answered on"),
};

const struct record charter_answer_record = {
	.name = "charter_answer",
	.table = "charter_answer",
	.label = "answer to a charter",
	.plural = "answers to charters",
	.size = sizeof(struct charter_answer),
	FIELDS(charter_answer_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "person",
	.unique = (const char *const[]){ "charter person", NULL },
	.purpose = "Each level agrees, or objects with a reason (L1).",
	.retention = "With the charter.",
	.check = charter_answer_check,
};

static const struct field blocker_fields[] = {
	FIELD(struct blocker, raised_by, REF, "Raised by", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct blocker, owner, REF, "Who answers", .required = 1, .ref = &person_record, .list = 1),
	FIELD(struct blocker, text, TEXT, "What blocks", .required = 1, .most = 500, .list = 1),
	FIELD(struct blocker, answer, LONG, "Answer"),
	FIELD(struct blocker, raised_on, DAY, "Raised on", .required = 1, .list = 1),
	FIELD(struct blocker, due, DAY, "Answer due", .required = 1, .list = 1),
	FIELD(struct blocker, answered_on, DAY, "Answered on", .list = 1),
	FIELD(struct blocker, confirmed_on, DAY, "Confirmed on", .list = 1),
	FIELD(struct blocker, reopened, INT, "Said to block still", .system = 1),
	FIELD(struct blocker, reply, TEXT, "Why it still blocks", .most = 300),
	FIELD(struct blocker, about, TEXT, "About"),
	FIELD(struct blocker, about_id, INT, "Of that kind"),
	FIELD(struct blocker, handed_by, REF, "Handed on by", .ref = &person_record),
	FIELD(struct blocker, handed_on, DAY, "Handed on"),
	FIELD(struct blocker, handed_why, TEXT, "Handed on because", .most = 300),
};

const struct record blocker_record = {
	.name = "blocker",
	.api = "blockers",
	.table = "blocker",
	.label = "blocker",
	.plural = "blockers",
	.size = sizeof(struct blocker),
	FIELDS(blocker_fields),
	.matter = MATTER_LEADERSHIP,
	.persons = "raised_by owner",
	.index = (const char *const[]){ "owner answered_on", "raised_by", NULL },
	.purpose = "What stands in the way, who answers, and when.",
	.retention = "Two years after the answer.",
	.check = blocker_check,
};
