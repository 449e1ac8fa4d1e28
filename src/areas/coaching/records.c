#include "areas/coaching/coaching.h"

#include "areas/coaching/framework.h"
#include "areas/coaching/programme.h"

const struct choice session_states[] = { { "", "" }, { "planned", "Planned" }, { "prepared", "Prepared" },
	{ "held", "Held" }, { "confirmed", "Confirmed" }, { "closed", "Closed" }, { "excused", "Excused" },
	{ "missed", "Missed" }, { NULL, NULL } };
const struct choice meetings[] = { { "", "" }, { "coaching", "Coaching" }, { "inspection", "Pipeline inspection" },
	{ "other", "Something else" }, { NULL, NULL } };
const struct choice answers[] = { { "", "" }, { "confirmed", "It took place" }, { "denied", "It did not take place" },
	{ NULL, NULL } };
const struct choice usefuls[] = { { "", "" }, { "yes", "Yes" }, { "partly", "Partly" }, { "no", "No" },
	{ NULL, NULL } };
/* Fixed, without health (O7). */
const struct choice excuses[] = { { "", "" }, { "away", "One of us is away" },
	{ "customer", "A customer needed the time" }, { "company", "A company event" },
	{ "technical", "We could not connect" }, { NULL, NULL } };

#define PAIR_OF(type) \
	FIELD(type, coach, REF, "Coach", .required = 1, .ref = &person_record, .list = 1, .filter = 1), \
	        FIELD(type, coachee, REF, "Coached", .required = 1, .ref = &person_record, .list = 1, .filter = 1)

static const struct field skill_fields[] = {
	FIELD(struct skill, name, TEXT, "Skill", .required = 1, .list = 1),
	FIELD(struct skill, question, TEXT, "A question to open with", .most = 300),
	FIELD(struct skill, role, TEXT, "For", .list = 1),
	FIELD(struct skill, position, INT, "Position"),
	FIELD(struct skill, stage, REF, "Shows in", .ref = &stage_record,
	        .hint = "The stage that more deals leave when the skill grows."),
};

const struct record skill_record = {
	.name = "skill",
	.api = "skills",
	.table = "skill",
	.label = "skill",
	.plural = "skills",
	.size = sizeof(struct skill),
	FIELDS(skill_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "name", NULL },
	.purpose = "What is coached.",
	.retention = "As long as sessions name it.",
};

static const struct field pair_fields[] = {
	PAIR_OF(struct pair),
	FIELD(struct pair, cadence, CHOICE, "How often", .required = 1, .choices = cadences, .list = 1),
	FIELD(struct pair, weekday, INT, "Day of the week", .required = 1, .least = 1, .greatest = 7),
	FIELD(struct pair, start, INT, "Starts at, minutes", .required = 1, .least = 0, .greatest = 1439),
	FIELD(struct pair, length, INT, "Minutes", .required = 1, .least = 5, .greatest = 240),
	FIELD(struct pair, from_day, DAY, "From", .required = 1),
	FIELD(struct pair, to_day, DAY, "Until"),
	FIELD(struct pair, focus, REF, "Focus", .ref = &skill_record),
	FIELD(struct pair, line, BOOL, "Follows the reporting line"),
	FIELD(struct pair, programme, REF, "Programme", .ref = &programme_record),
	FIELD(struct pair, joined, DAY, "In the programme from"),
	FIELD(struct pair, apart, BOOL, "Counted apart"),
};

const struct record pair_record = {
	.name = "pair",
	.table = "pair",
	.label = "coaching pair",
	.plural = "coaching pairs",
	.size = sizeof(struct pair),
	FIELDS(pair_fields),
	.matter = MATTER_SESSION_FACT,
	.persons = "coach coachee",
	.index = (const char *const[]){ "coach to_day", "coachee to_day", "programme", NULL },
	.purpose = "Who coaches whom, and how often (C1).",
	.retention = "Two years after it ended.",
	.check = pair_check,
};

static const struct field session_fields[] = {
	FIELD(struct session, pair, REF, "Pair", .required = 1, .ref = &pair_record),
	PAIR_OF(struct session),
	FIELD(struct session, on_day, DAY, "On", .required = 1, .list = 1, .filter = 1, .sort = 1),
	FIELD(struct session, moved_to, DAY, "Moved to"),
	FIELD(struct session, start, INT, "Starts at, minutes", .least = 0, .greatest = 1439),
	FIELD(struct session, length, INT, "Minutes", .least = 1, .greatest = 480),
	FIELD(struct session, state, CHOICE, "State", .required = 1, .choices = session_states, .list = 1, .filter = 1),
	FIELD(struct session, excuse, TEXT, "Excused because"),
	FIELD(struct session, held_on, DAY, "Held on", .list = 1),
	FIELD(struct session, claimed_on, DAY, "Entered on"),
	FIELD(struct session, kind, CHOICE, "It was", .choices = meetings, .list = 1),
	FIELD(struct session, skill, REF, "Skill", .ref = &skill_record, .list = 1),
	FIELD(struct session, no_commitment, TEXT, "Why no commitment", .most = 300),
	FIELD(struct session, blocker, TEXT, "What stands in the way", .most = 300),
	FIELD(struct session, answer, CHOICE, "The other side", .choices = answers, .list = 1),
	FIELD(struct session, answer_kind, CHOICE, "The other side: it was", .choices = meetings),
	FIELD(struct session, answer_skill, REF, "The other side: skill", .ref = &skill_record),
	FIELD(struct session, answered_on, DAY, "Answered on"),
	FIELD(struct session, brings, LONG, "Brings", .most = 1000),
	FIELD(struct session, evidence, LONG, "Evidence", .most = 1000),
	FIELD(struct session, sequence, INT, "Calendar sequence", .system = 1),
	FIELD(struct session, framework, REF, "Framework", .ref = &framework_record),
	FIELD(struct session, together, REF, "Together with", .ref = &session_record),
	FIELD(struct session, topic, TEXT, "What all look at", .most = 300),
	FIELD(struct session, second, REF, "Second coach", .ref = &person_record),
	FIELD(struct session, second_came, BOOL, "The second coach was there"),
	FIELD(struct session, second_asked, REF, "Second coach asked for", .ref = &person_record),
	FIELD(struct session, second_no, BOOL, "Rather without them"),
};

const struct record session_record = {
	.name = "session",
	.table = "coaching_session",
	.label = "session",
	.plural = "sessions",
	.size = sizeof(struct session),
	FIELDS(session_fields),
	.matter = MATTER_SESSION_FACT,
	.persons = "coach coachee second",
	.unique = (const char *const[]){ "pair on_day", NULL },
	.index = (const char *const[]){ "coach on_day", "coachee on_day", "framework", "together", "second on_day",
	        NULL },
	.purpose = "That coaching takes place, and on what (C6).",
	.retention = "Two years.",
	.check = session_check,
};

static const struct field useful_fields[] = {
	FIELD(struct useful_answer, session, REF, "Session", .required = 1, .ref = &session_record),
	PAIR_OF(struct useful_answer),
	FIELD(struct useful_answer, on_day, DAY, "On", .required = 1),
	FIELD(struct useful_answer, useful, CHOICE, "Useful", .required = 1, .choices = usefuls),
};

const struct record useful_record = {
	.name = "useful",
	.table = "useful_answer",
	.label = "word on how useful a session was",
	.plural = "words on how useful sessions were",
	.size = sizeof(struct useful_answer),
	FIELDS(useful_fields),
	.matter = MATTER_PRIVATE,
	.persons = "coachee",
	.unique = (const char *const[]){ "session", NULL },
	.index = (const char *const[]){ "coach on_day", NULL },
	.purpose = "Counted by quarter, from five people on; no single one is shown (C6).",
	.retention = "Two years.",
};

static const struct field prep_fields[] = {
	FIELD(struct prep, session, REF, "Session", .required = 1, .ref = &session_record),
	PAIR_OF(struct prep),
	FIELD(struct prep, second, REF, "Second coach", .ref = &person_record),
	FIELD(struct prep, made_at, INSTANT, "Made at", .required = 1),
	FIELD(struct prep, body, LONG, "Snapshot", .most = 65536),
};

const struct record prep_record = {
	.name = "prep",
	.table = "prep",
	.label = "preparation",
	.plural = "preparations",
	.size = sizeof(struct prep),
	FIELDS(prep_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "coach coachee second",
	.unique = (const char *const[]){ "session", NULL },
	.purpose = "What a session was prepared from (C2).",
	.retention = "Two years.",
};

static const struct field shared_note_fields[] = {
	FIELD(struct shared_note, session, REF, "Session", .required = 1, .ref = &session_record),
	PAIR_OF(struct shared_note),
	FIELD(struct shared_note, second, REF, "Second coach", .ref = &person_record),
	FIELD(struct shared_note, author, REF, "Last written by", .ref = &person_record),
	FIELD(struct shared_note, text, LONG, "Notes of the two of you"),
	FIELD(struct shared_note, sent_to, REF, "Sent to", .ref = &person_record),
	FIELD(struct shared_note, sent_on, DAY, "Sent on"),
};

const struct record shared_note_record = {
	.name = "shared_note",
	.table = "shared_note",
	.label = "shared note",
	.plural = "shared notes",
	.size = sizeof(struct shared_note),
	FIELDS(shared_note_fields),
	.matter = MATTER_SESSION_TEXT,
	.persons = "coach coachee second",
	.unique = (const char *const[]){ "session", NULL },
	.purpose = "What the two agreed to remember (C5a).",
	.retention = "Two years.",
};

static const struct field private_note_fields[] = {
	FIELD(struct private_note, author, REF, "Writer", .required = 1, .ref = &person_record),
	FIELD(struct private_note, session, REF, "Session", .required = 1, .ref = &session_record),
	FIELD(struct private_note, text, LONG, "Only you see this"),
};

const struct record private_note_record = {
	.name = "private_note",
	.table = "private_note",
	.label = "private note",
	.plural = "private notes",
	.size = sizeof(struct private_note),
	FIELDS(private_note_fields),
	.matter = MATTER_PRIVATE,
	.persons = "author",
	.unique = (const char *const[]){ "session author", NULL },
	.purpose = "One's own thoughts (C5a).",
	.retention = "Until its writer removes it.",
};
