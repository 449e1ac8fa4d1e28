#include "areas/people/people.h"
#include "areas/people/line.h"

const struct choice role_choices[] = { { "", "" }, { "seller", "Seller" }, { "manager", "Sales manager" },
	{ "leader", "Sales leader" }, { "head", "Head of the company" }, { "coach", "Coach or consultant" },
	{ NULL, NULL } };
const struct choice profiles[] = { { "", "" }, { "open", "Open" }, { "line", "Line" },
	{ "agreement", "Works agreement" }, { NULL, NULL } };

static const char *const name_words[] = { "name", "full name", "sales agent", "sales_agent", "agent", "employee",
	"user", "owner", "rep", "sales rep", "mitarbeiter", "verkäufer", NULL };
static const char *const manager_words[] = { "manager", "reports to", "supervisor", "boss", "team lead", "vorgesetzter",
	"leiter", NULL };
static const char *const email_words[] = { "email", "e-mail", "mail", "email address", NULL };
static const char *const office_words[] = { "office", "regional office", "regional_office", "region", "location",
	"team", "standort", NULL };
static const char *const title_words[] = { "title", "job title", "position", "role", "funktion", NULL };

static const struct field person_fields[] = {
	FIELD(struct person, name, TEXT, "Name", .required = 1, .list = 1, .fold = 1, .sort = 1, .erase = 1,
	        .synonyms = name_words),
	FIELD(struct person, email, TEXT, "E-mail", .list = 1, .erase = 1, .synonyms = email_words),
	FIELD(struct person, title, TEXT, "Title", .list = 1, .synonyms = title_words),
	FIELD(struct person, office, TEXT, "Office", .list = 1, .filter = 1, .synonyms = office_words),
	FIELD(struct person, role, CHOICE, "Role", .list = 1, .filter = 1, .choices = role_choices),
	FIELD(struct person, manager, REF, "Reports to", .list = 1, .filter = 1, .synonyms = manager_words),
	FIELD(struct person, manager_from, DAY, "Reports there since"),
	FIELD(struct person, started_on, DAY, "Started on"),
	FIELD(struct person, left_on, DAY, "Left on", .list = 1, .filter = 1),
	FIELD(struct person, source, TEXT, "Source"),
	FIELD(struct person, external_id, TEXT, "Id at the source"),
};

const struct record person_record = {
	.name = "person",
	.api = "people",
	.api_acts = "manager manager_from left_on",
	.api_write = true,
	.table = "person",
	.label = "person",
	.plural = "people",
	.told_by = "title office",
	.size = sizeof(struct person),
	FIELDS(person_fields),
	.matter = MATTER_PEOPLE,
	.unique = (const char *const[]){ "source external_id", "email", NULL },
	.index = (const char *const[]){ "name_key", NULL },
	.purpose = "To know who leads whom, and to whom work belongs.",
	.retention = "While employed, then until erased by an administrator.",
	.check = person_check,
	.changed = person_changed,
};

static const struct field company_fields[] = {
	FIELD(struct company, name, TEXT, "Company", .required = 1),
	FIELD(struct company, currency, TEXT, "Currency", .required = 1, .most = 3),
	FIELD(struct company, zone, TEXT, "Time zone", .required = 1),
	FIELD(struct company, profile, CHOICE, "Who sees what", .choices = profiles),
	FIELD(struct company, profile_from, DAY, "In force since"),
	FIELD(struct company, profile_before, CHOICE, "Who saw what before", .choices = profiles, .system = 1),
	FIELD(struct company, profile_said, DAY, "Announced on", .system = 1),
	FIELD(struct company, as_of, DAY, "Read as of"),
	FIELD(struct company, sample, BOOL, "Sample company"),
	FIELD(struct company, head, REF, "Head", .ref = &person_record),
	FIELD(struct company, sponsor_name, TEXT, "Sponsor"),
	FIELD(struct company, sponsor_email, TEXT, "Sponsor's e-mail"),
	FIELD(struct company, sponsor, REF, "Sponsor, where a person here", .ref = &person_record),
};

const struct record company_record = {
	.name = "company",
	.table = "company",
	.label = "company",
	.plural = "companies",
	.size = sizeof(struct company),
	FIELDS(company_fields),
	.matter = MATTER_COMPANY,
	.derive = company_derive,
	.check = company_check,
	.purpose = "Name, currency, time zone and rules of the company.",
	.retention = "As long as the company is here.",
};

static const struct field absence_fields[] = {
	FIELD(struct absence, person, REF, "Person", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct absence, from_day, DAY, "From", .required = 1, .list = 1),
	FIELD(struct absence, to_day, DAY, "To", .required = 1, .list = 1),
	FIELD(struct absence, share, INT, "Working time left, percent", .least = 0, .greatest = 99),
};

const struct record absence_record = {
	.name = "absence",
	.api = "absences",
	.api_write = true,
	.table = "absence",
	.label = "absence",
	.plural = "absences",
	.size = sizeof(struct absence),
	FIELDS(absence_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person",
	.index = (const char *const[]){ "person from_day", NULL },
	.check = absence_check,
	.purpose = "Pauses cadence and prorates targets. From and to only, never why (O7).",
	.retention = "Two years after the last day.",
};
