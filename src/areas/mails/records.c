#include "areas/mails/mails.h"
#include "areas/people/people.h"

const struct choice mail_kinds[] = { { "", "" }, { "brief", "Weekly brief" }, { "digest", "What today asks" },
	{ NULL, NULL } };
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
