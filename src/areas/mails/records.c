#include "areas/mails/invite.h"
#include "areas/mails/mails.h"
#include "areas/people/people.h"

const struct choice mail_kinds[] = { { "", "" }, { "brief", "Weekly brief" }, { "digest", "What today asks" },
	{ "invite", "Sessions for my calendar" }, { NULL, NULL } };
const struct choice mail_states[] = { { "", "" }, { "waiting", "Waits" }, { "sent", "Sent" },
	{ "empty", "Nothing to say" }, { "failed", "Could not be sent" }, { NULL, NULL } };

static const struct field mail_fields[] = {
	FIELD(struct mail, person, REF, "To", .required = 1, .ref = &person_record),
	FIELD(struct mail, kind, CHOICE, "Kind", .required = 1, .choices = mail_kinds),
	FIELD(struct mail, on_day, DAY, "Of the day", .required = 1),
	FIELD(struct mail, state, CHOICE, "State", .required = 1, .choices = mail_states),
	FIELD(struct mail, tries, INT, "Tries", .least = 0, .greatest = 100),
	FIELD(struct mail, next_at, INSTANT, "Next try"),
	FIELD(struct mail, sent_at, INSTANT, "Sent"),
	FIELD(struct mail, why, TEXT, "What the mail server said", .most = 300),
};

const struct record mail_record = {
	.name = "mail",
	.table = "mail",
	.label = "letter",
	.plural = "letters",
	.size = sizeof(struct mail),
	FIELDS(mail_fields),
	.matter = MATTER_PRIVATE,
	.persons = "person",
	.unique = (const char *const[]){ "person kind on_day", NULL },
	.index = (const char *const[]){ "state next_at", NULL },
	.purpose = "To send each letter once, and to say what became of it. What it said is not kept (L5).",
	.retention = "As long as the person is here.",
};

static const struct field mail_wish_fields[] = {
	FIELD(struct mail_wish, person, REF, "Whose", .required = 1, .ref = &person_record),
	FIELD(struct mail_wish, kind, CHOICE, "Kind", .required = 1, .choices = mail_kinds),
	FIELD(struct mail_wish, off, BOOL, "Ended"),
};

const struct record mail_wish_record = {
	.name = "mail_wish",
	.table = "mail_wish",
	.label = "wish for mail",
	.plural = "wishes for mail",
	.size = sizeof(struct mail_wish),
	FIELDS(mail_wish_fields),
	.matter = MATTER_PRIVATE,
	.persons = "person",
	.unique = (const char *const[]){ "person kind", NULL },
	.purpose = "Which letters a person does not want.",
	.retention = "As long as the person is here.",
};

/* The session as a number: its entry is called off after it is gone. */
static const struct field invitation_fields[] = {
	FIELD(struct invitation, person, REF, "Whose calendar", .required = 1, .ref = &person_record),
	FIELD(struct invitation, session, INT, "Session", .required = 1),
	FIELD(struct invitation, coach, REF, "Coach", .required = 1, .ref = &person_record),
	FIELD(struct invitation, coachee, REF, "Coached", .required = 1, .ref = &person_record),
	FIELD(struct invitation, start, INSTANT, "Begins", .required = 1),
	FIELD(struct invitation, length, INT, "Minutes", .required = 1),
	FIELD(struct invitation, sequence, INT, "Calendar sequence", .required = 1),
	FIELD(struct invitation, others, INT, "Who else, as a digest"),
	FIELD(struct invitation, gone, BOOL, "Called off"),
};

const struct record invitation_record = {
	.name = "invitation",
	.table = "invitation",
	.label = "entry in a calendar",
	.plural = "entries in calendars",
	.size = sizeof(struct invitation),
	FIELDS(invitation_fields),
	.matter = MATTER_PRIVATE,
	.persons = "person",
	.unique = (const char *const[]){ "person session", NULL },
	.index = (const char *const[]){ "start", "session", NULL },
	.purpose = "What a person's calendar was told last of a session, so that a change is told once (C10).",
	.retention = "As long as the person is here.",
};
