#include "areas/deals/deals.h"

const struct choice health_choices[] = { { "", "" }, { "healthy", "Healthy" }, { "watch", "Watch" },
	{ "warning", "Warning" }, { "critical", "Critical" }, { NULL, NULL } };
static const struct choice value_froms[] = { { "", "" }, { "amount", "Amount" }, { "list", "List price" },
	{ "lines", "Product lines" }, { NULL, NULL } };
static const struct choice closes_froms[] = { { "", "" }, { "stages", "Durations of the stages" },
	{ "person", "A person" }, { "source", "The source" }, { NULL, NULL } };
const struct choice category_choices[] = { { "", "" }, { "commit", "Commit" }, { "best", "Best case" },
	{ "pipeline", "Pipeline" }, { "omitted", "Omitted" }, { NULL, NULL } };
const struct choice activity_choices[] = { { "", "" }, { "call", "Call" }, { "mail", "E-mail" },
	{ "meeting", "Meeting" }, { "task", "Task" }, { "note", "Note" }, { NULL, NULL } };

static const char *const w_account_name[] = { "account", "account name", "company", "company name", "name",
	"organization", "organisation", "firma", "kunde", "customer", NULL };
static const char *const w_sector[] = { "sector", "industry", "branche", NULL };
static const char *const w_country[] = { "country", "office location", "office_location", "billing country", "land",
	NULL };
static const char *const w_employees[] = { "employees", "number of employees", "mitarbeiter", NULL };
static const char *const w_website[] = { "website", "domain", "url", NULL };
static const char *const w_account[] = { "account", "account name", "company", "associated company", "organization",
	"deal - organization", "potential customer", "customer", "firma", "kunde", "accountid", NULL };
static const char *const w_contact_name[] = { "name", "full name", "contact", "contact name", NULL };
static const char *const w_email[] = { "email", "e-mail", "mail", NULL };
static const char *const w_phone[] = { "phone", "telephone", "telefon", "mobile", NULL };
static const char *const w_title[] = { "title", "job title", "position", NULL };
static const char *const w_product_name[] = { "product", "product name", "name", "produkt", NULL };
static const char *const w_series[] = { "series", "family", "product family", NULL };
static const char *const w_price[] = { "sales price", "sales_price", "list price", "price", "unit price", "preis",
	NULL };
static const char *const w_currency[] = { "currency", "amount currency", "deal - currency of value", "currencyisocode",
	"währung", "měna", NULL };
static const char *const w_id[] = { "id", "record id", "opportunity_id", "opportunity id", "deal id", "deal - id",
	"external id", "(do not modify) opportunity", "leadid", NULL };
static const char *const w_deal_name[] = { "name", "opportunity name", "deal name", "deal - title", "potential name",
	"topic", "title", "název", NULL };
static const char *const w_product[] = { "product", "product name", "product__c", "produkt", NULL };
static const char *const w_owner[] = { "owner", "sales agent", "sales_agent", "opportunity owner", "deal owner",
	"deal - owner", "potential owner", "ownerid", "sales rep", "verkäufer", NULL };
static const char *const w_stage[] = { "stage", "deal stage", "deal_stage", "stagename", "deal - stage",
	"status reason", "sales stage", "phase", NULL };
static const char *const w_status[] = { "status", "deal - status", "iswon", "vyhráno", NULL };
static const char *const w_amount[] = { "amount", "value", "close value", "close_value", "deal - value", "est. revenue",
	"estimated revenue", "betrag", "wert", "částka", NULL };
static const char *const w_created[] = { "created date", "createddate", "create date", "created time",
	"deal - deal created", "created on", "created", "erstellt am", NULL };
static const char *const w_engaged[] = { "engage date", "engage_date", "engaged on", "qualified date", NULL };
static const char *const w_closes[] = { "expected close date", "deal - expected close date", "est. close date",
	"close date", "closedate", "closing date", "abschlussdatum", "datum uzavření", NULL };
static const char *const w_closed[] = { "close_date", "closed date", "won time", "deal - won time", "closed on",
	"actual close date", NULL };
static const char *const w_next[] = { "next step", "nextstep", "next activity", "nächster schritt", NULL };
static const char *const w_next_on[] = { "next step date", "next activity date", NULL };
static const char *const w_lost[] = { "lost reason", "closed lost reason", "loss reason", "verlustgrund", NULL };
static const char *const w_probability[] = { "probability", "probability (%)", "deal - probability",
	"wahrscheinlichkeit", NULL };
static const char *const w_day[] = { "date", "activity date", "due date", "datum", NULL };
static const char *const w_subject[] = { "subject", "topic", "betreff", NULL };
static const char *const w_text[] = { "description", "notes", "comments", "body", NULL };
static const char *const w_deal[] = { "deal", "deal id", "opportunity", "opportunity id", "related to", NULL };
static const char *const w_person[] = { "person", "owner", "assigned to", "sales agent", "user", NULL };
static const char *const w_from[] = { "from", "start", "start date", "period start", "von", NULL };
static const char *const w_to[] = { "to", "end", "end date", "period end", "bis", NULL };
static const char *const w_target[] = { "target", "quota", "amount", "ziel", NULL };
static const char *const w_campaign[] = { "campaign", "campaign name", "primary campaign source", "kampagne", NULL };
static const char *const w_kind[] = { "type", "kind", "activity type", NULL };

#define SOURCE(type) \
	FIELD(type, source, TEXT, "Source"), FIELD(type, external_id, TEXT, "Id at the source", .synonyms = w_id)

#define OWN(type) FIELD(type, extra, LONG, "Own fields", .system = 1, .holds_own = 1, .most = 60000)

static const struct field account_fields[] = {
	FIELD(struct account, name, TEXT, "Account", .required = 1, .list = 1, .fold = 1, .sort = 1,
	        .synonyms = w_account_name),
	FIELD(struct account, sector, TEXT, "Sector", .list = 1, .filter = 1, .synonyms = w_sector),
	FIELD(struct account, country, TEXT, "Country", .list = 1, .filter = 1, .synonyms = w_country),
	FIELD(struct account, website, TEXT, "Website", .synonyms = w_website),
	FIELD(struct account, employees, INT, "Employees", .list = 1, .synonyms = w_employees),
	FIELD(struct account, owner, REF, "Owner", .ref = &person_record, .list = 1, .filter = 1),
	SOURCE(struct account),
	OWN(struct account),
};

const struct record account_record = {
	.name = "account",
	.api = "accounts",
	.api_write = true,
	.table = "account",
	.label = "account",
	.plural = "accounts",
	.told_by = "website country sector",
	.size = sizeof(struct account),
	FIELDS(account_fields),
	.matter = MATTER_DEALS,
	.persons = "owner",
	.open_unowned = true, /* a name from a file, that hides nobody's work; else nobody below could choose it */
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "name_key", NULL },
	.purpose = "To whom the company sells.",
	.retention = "As long as the company sells there.",
};

static const struct field contact_fields[] = {
	FIELD(struct contact, account, REF, "Account", .ref = &account_record, .list = 1, .filter = 1,
	        .synonyms = w_account),
	FIELD(struct contact, name, TEXT, "Name", .required = 1, .list = 1, .fold = 1, .sort = 1, .erase = 1,
	        .synonyms = w_contact_name),
	FIELD(struct contact, email, TEXT, "E-mail", .list = 1, .erase = 1, .synonyms = w_email),
	FIELD(struct contact, phone, TEXT, "Phone", .erase = 1, .synonyms = w_phone),
	FIELD(struct contact, title, TEXT, "Title", .list = 1, .synonyms = w_title),
	FIELD(struct contact, owner, REF, "Owner", .ref = &person_record, .list = 1, .filter = 1),
	SOURCE(struct contact),
	OWN(struct contact),
	FIELD(struct contact, reports_to, REF, "Reports to", .filter = 1),
};

const struct record contact_record = {
	.name = "contact",
	.api = "contacts",
	.api_write = true,
	.start = contact_start,
	.table = "contact",
	.label = "contact",
	.plural = "contacts",
	.told_by = "title email",
	.size = sizeof(struct contact),
	FIELDS(contact_fields),
	.matter = MATTER_DEALS,
	.persons = "owner",
	.derive = contact_derive,
	.check = contact_check,
	.unique = (const char *const[]){ "source external_id", NULL },
	.purpose = "Who decides at an account.",
	.retention = "Three years after the last activity.",
};

static const struct field product_fields[] = {
	FIELD(struct product, name, TEXT, "Product", .required = 1, .list = 1, .fold = 1, .sort = 1,
	        .synonyms = w_product_name),
	FIELD(struct product, series, TEXT, "Series", .list = 1, .filter = 1, .synonyms = w_series),
	FIELD(struct product, list_price, MONEY, "List price", .list = 1, .synonyms = w_price),
	FIELD(struct product, currency, TEXT, "Currency", .most = 3, .synonyms = w_currency),
	SOURCE(struct product),
};

const struct record product_record = {
	.name = "product",
	.api = "products",
	.api_write = true,
	.table = "product",
	.label = "product",
	.plural = "products",
	.told_by = "series",
	.size = sizeof(struct product),
	FIELDS(product_fields),
	.matter = MATTER_COMPANY,
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "name_key", NULL },
	.purpose = "What the company sells.",
	.retention = "As long as deals refer to it.",
};

const struct choice sharing_choices[] = { { "", "" }, { "below", "Those below me" }, { "company", "The whole company" },
	{ NULL, NULL } };

static const struct field view_fields[] = {
	FIELD(struct kept_view, owner, REF, "Whose", .required = 1, .ref = &person_record),
	FIELD(struct kept_view, about, TEXT, "Of", .required = 1, .most = 40),
	FIELD(struct kept_view, name, TEXT, "View", .required = 1, .most = 60, .list = 1),
	FIELD(struct kept_view, query, TEXT, "Filter", .required = 1, .most = 1000),
	FIELD(struct kept_view, shared, CHOICE, "Shared with", .choices = sharing_choices),
	FIELD(struct kept_view, for_role, CHOICE, "First view of", .choices = role_choices),
};

const struct record view_record = {
	.name = "view",
	.table = "kept_view",
	.label = "kept view",
	.plural = "kept views",
	.size = sizeof(struct kept_view),
	FIELDS(view_fields),
	.matter = MATTER_PRIVATE,
	.persons = "owner",
	.unique = (const char *const[]){ "owner about name", NULL },
	.index = (const char *const[]){ "shared owner", NULL },
	.purpose = "A filter of a list that you come back to, or share.",
	.retention = "Until you remove it.",
};

static const struct field first_view_fields[] = {
	FIELD(struct first_view, person, REF, "Whose", .required = 1, .ref = &person_record),
	FIELD(struct first_view, about, TEXT, "Of", .required = 1, .most = 40),
	FIELD(struct first_view, view, INT, "View", .required = 1),
};

const struct record first_view_record = {
	.name = "first_view",
	.table = "first_view",
	.label = "view to start with",
	.plural = "views to start with",
	.size = sizeof(struct first_view),
	FIELDS(first_view_fields),
	.matter = MATTER_PRIVATE,
	.persons = "person",
	.unique = (const char *const[]){ "person about", NULL },
	.purpose = "The view that you start with in a list.",
	.retention = "Until you choose another.",
};

static const struct field deal_fields[] = {
	FIELD(struct deal, name, TEXT, "Deal", .required = 1, .list = 1, .fold = 1, .sort = 1, .synonyms = w_deal_name),
	FIELD(struct deal, account, REF, "Account", .ref = &account_record, .list = 1, .filter = 1,
	        .synonyms = w_account),
	FIELD(struct deal, product, REF, "Product", .ref = &product_record, .list = 1, .filter = 1,
	        .synonyms = w_product),
	FIELD(struct deal, owner, REF, "Owner", .required = 1, .ref = &person_record, .list = 1, .filter = 1,
	        .event = 1, .synonyms = w_owner),
	FIELD(struct deal, process, REF, "Process", .required = 1, .ref = &process_record, .filter = 1),
	FIELD(struct deal, stage, REF, "Stage", .required = 1, .ref = &stage_record, .list = 1, .filter = 1, .event = 1,
	        .synonyms = w_stage),
	FIELD(struct deal, outcome, CHOICE, "Outcome", .choices = outcome_choices, .filter = 1, .list = 1, .system = 1,
	        .synonyms = w_status),
	FIELD(struct deal, amount, MONEY, "Amount", .filter = 1, .event = 1, .found_by = "value", .synonyms = w_amount),
	FIELD(struct deal, currency, TEXT, "Currency", .required = 1, .most = 3, .filter = 1, .synonyms = w_currency),
	FIELD(struct deal, value, MONEY, "Value", .list = 1, .filter = 1, .sort = 1, .system = 1),
	FIELD(struct deal, value_from, CHOICE, "Value from", .choices = value_froms, .system = 1),
	FIELD(struct deal, probability, INT, "Probability, percent", .list = 1, .system = 1, .least = 0,
	        .greatest = 100),
	FIELD(struct deal, weighted, INT, "Weighted value, in hundredths", .system = 1),
	FIELD(struct deal, created_on, DAY, "Created on", .filter = 1, .synonyms = w_created),
	FIELD(struct deal, engaged_on, DAY, "Engaged on", .filter = 1, .synonyms = w_engaged),
	FIELD(struct deal, closes_on, DAY, "Expected close", .list = 1, .filter = 1, .sort = 1, .event = 1,
	        .synonyms = w_closes),
	FIELD(struct deal, closes_from, CHOICE, "Expected close from", .choices = closes_froms, .system = 1),
	FIELD(struct deal, closes_why, TEXT, "Reason for that day"),
	FIELD(struct deal, closed_on, DAY, "Closed on", .list = 1, .filter = 1, .sort = 1, .synonyms = w_closed),
	FIELD(struct deal, stage_since, DAY, "In stage since", .system = 1),
	FIELD(struct deal, stage_since_known, BOOL, "That day is known", .system = 1),
	FIELD(struct deal, next_step, TEXT, "Next step", .list = 1, .synonyms = w_next),
	FIELD(struct deal, next_step_on, DAY, "Next step on", .list = 1, .filter = 1, .sort = 1, .synonyms = w_next_on),
	FIELD(struct deal, worked, BOOL, "Worked here", .system = 1),
	FIELD(struct deal, touched_on, DAY, "Last touched on", .system = 1, .filter = 1),
	FIELD(struct deal, pushes, INT, "Close date moved later", .system = 1),
	FIELD(struct deal, past_pushes, INT, "Close date moved later before it came here", .system = 1),
	FIELD(struct deal, lost_reason, TEXT, "Lost because", .synonyms = w_lost),
	FIELD(struct deal, lost_note, TEXT, "In one’s own words", .most = 500),
	FIELD(struct deal, category, CHOICE, "Forecast category", .choices = category_choices, .filter = 1, .event = 1),
	FIELD(struct deal, their_probability, INT, "Probability at the source", .synonyms = w_probability),
	FIELD(struct deal, people, INT, "Stakeholders", .system = 1),
	FIELD(struct deal, deciders, INT, "Decision makers", .system = 1),
	FIELD(struct deal, stage_steps, INT, "Steps in this stage", .system = 1),
	FIELD(struct deal, stage_done, INT, "Of them done", .system = 1),
	FIELD(struct deal, steps_due, INT, "Steps that hold the stage", .system = 1),
	FIELD(struct deal, progress_on, DAY, "Last step done on", .system = 1),
	FIELD(struct deal, health, CHOICE, "Health", .choices = health_choices, .filter = 1, .list = 1, .system = 1),
	FIELD(struct deal, health_why, TEXT, "Why", .most = 2000, .system = 1, .filter = 1),
	FIELD(struct deal, health_until, DAY, "Health holds until", .system = 1),
	SOURCE(struct deal),
	OWN(struct deal),
	FIELD(struct deal, gone_on, DAY, "Not in the last file since", .filter = 1, .system = 1),
	FIELD(struct deal, import, INT, "Last file", .system = 1),
	FIELD(struct deal, campaign, REF, "Campaign", .ref = &campaign_record, .filter = 1, .synonyms = w_campaign),
};

static const struct record_marks deal_marks = { "tag", &deal_tag_record, "deal" };

const struct record deal_record = {
	.name = "deal",
	.marks = &deal_marks,
	.api = "deals",
	.api_acts = "stage process",
	.api_write = true,
	.start = deal_start,
	.table = "deal",
	.label = "deal",
	.plural = "deals",
	.size = sizeof(struct deal),
	FIELDS(deal_fields),
	.matter = MATTER_DEALS,
	.persons = "owner",
	.unique = (const char *const[]){ "source external_id", NULL },
	/* the board reads by stage, lists and reports by owner, the gap by the day of closing */
	.index = (const char *const[]){ "owner outcome closed_on", "owner id", "stage ~value", "outcome ~value",
	        "~value", "outcome ~closes_on", "~closes_on", "name_key", "health_until", "campaign", NULL },
	.purpose = "What is being sold, by whom, and what comes next.",
	.retention = "Ten years after closing.",
	.derive = deal_derive,
	.check = deal_check,
	.changed = deal_changed,
};

static const struct field activity_fields[] = {
	FIELD(struct activity, deal, REF, "Deal", .ref = &deal_record, .list = 1, .filter = 1, .synonyms = w_deal),
	FIELD(struct activity, account, REF, "Account", .ref = &account_record, .list = 1, .filter = 1,
	        .synonyms = w_account),
	FIELD(struct activity, person, REF, "By", .required = 1, .ref = &person_record, .list = 1, .filter = 1,
	        .synonyms = w_person),
	FIELD(struct activity, kind, CHOICE, "Kind", .choices = activity_choices, .list = 1, .filter = 1,
	        .synonyms = w_kind),
	FIELD(struct activity, on_day, DAY, "On", .required = 1, .list = 1, .filter = 1, .sort = 1, .synonyms = w_day),
	FIELD(struct activity, subject, TEXT, "Subject", .required = 1, .list = 1, .synonyms = w_subject),
	FIELD(struct activity, text, LONG, "Text", .synonyms = w_text),
	SOURCE(struct activity),
};

const struct record activity_record = {
	.name = "activity",
	.api = "activities",
	.api_write = true,
	.start = activity_start,
	.table = "activity",
	.label = "activity",
	.plural = "activities",
	.size = sizeof(struct activity),
	FIELDS(activity_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "deal on_day", "person on_day", NULL },
	.purpose = "What was done on a deal.",
	.retention = "With the deal.",
	.parts = (const char *const[]){ "mention activity", NULL },
	.check = activity_check,
	.changed = activity_changed,
};

const struct choice influence_choices[] = { { "", "" }, { "minor", "Minor" }, { "significant", "Significant" },
	{ "decisive", "Decisive" }, { NULL, NULL } };
const struct choice attitude_choices[] = { { "", "" }, { "hostile", "Hostile" }, { "sceptical", "Sceptical" },
	{ "neutral", "Neutral" }, { "positive", "Positive" }, { "convinced", "Convinced" }, { NULL, NULL } };

static const struct field stakeholder_fields[] = {
	FIELD(struct stakeholder, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct stakeholder, contact, REF, "Contact", .required = 1, .ref = &contact_record, .list = 1),
	FIELD(struct stakeholder, person, REF, "Entered by", .ref = &person_record),
	FIELD(struct stakeholder, role, TEXT, "Role", .required = 1, .list = 1),
	FIELD(struct stakeholder, influence, CHOICE, "Influence", .required = 1, .choices = influence_choices,
	        .list = 1),
	FIELD(struct stakeholder, attitude, CHOICE, "Attitude", .required = 1, .choices = attitude_choices, .list = 1),
};

const struct record stakeholder_record = {
	.name = "stakeholder",
	.api = "stakeholders",
	.api_write = true,
	.start = stakeholder_start,
	.check = part_check,
	.changed = part_changed,
	.table = "stakeholder",
	.label = "stakeholder",
	.plural = "stakeholders",
	.size = sizeof(struct stakeholder),
	FIELDS(stakeholder_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "deal contact", NULL },
	.purpose = "Who has a say in a deal.",
	.retention = "With the deal.",
};

static const struct field document_fields[] = {
	FIELD(struct document, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct document, person, REF, "Entered by", .ref = &person_record),
	FIELD(struct document, on_day, DAY, "On", .list = 1),
	FIELD(struct document, name, TEXT, "Document", .required = 1, .list = 1),
	FIELD(struct document, address, TEXT, "Address", .required = 1, .list = 1, .most = 500),
};

const struct record document_record = {
	.name = "document",
	.api = "documents",
	.api_write = true,
	.start = document_start,
	.check = part_check,
	.changed = part_changed,
	.table = "document",
	.label = "document",
	.plural = "documents",
	.size = sizeof(struct document),
	FIELDS(document_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.index = (const char *const[]){ "deal", NULL },
	.purpose = "Where the papers of a deal lie.",
	.retention = "With the deal.",
};

static const struct field step_done_fields[] = {
	FIELD(struct step_done, deal, REF, "Deal", .required = 1, .ref = &deal_record),
	FIELD(struct step_done, step, REF, "Step", .required = 1, .ref = &step_record),
	FIELD(struct step_done, person, REF, "By", .ref = &person_record),
	FIELD(struct step_done, on_day, DAY, "On"),
	FIELD(struct step_done, answer, TEXT, "Answer", .most = 500),
	FIELD(struct step_done, activity, REF, "Activity", .ref = &activity_record),
	FIELD(struct step_done, stakeholder, REF, "Stakeholder", .ref = &stakeholder_record),
	FIELD(struct step_done, document, REF, "Document", .ref = &document_record),
};

const struct record step_done_record = {
	.name = "step_done",
	.api = "completed-steps",
	.table = "step_done",
	.label = "completed step",
	.plural = "completed steps",
	.size = sizeof(struct step_done),
	FIELDS(step_done_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "deal step", NULL },
	.purpose = "Which steps of the process a deal has been through.",
	.retention = "With the deal.",
	.changed = step_done_changed,
};

static const struct field target_fields[] = {
	FIELD(struct target, person, REF, "Person", .required = 1, .ref = &person_record, .list = 1, .filter = 1,
	        .synonyms = w_person),
	FIELD(struct target, from_day, DAY, "From", .required = 1, .list = 1, .filter = 1, .synonyms = w_from),
	FIELD(struct target, to_day, DAY, "To", .required = 1, .list = 1, .filter = 1, .synonyms = w_to),
	FIELD(struct target, amount, MONEY, "Target", .required = 1, .list = 1, .synonyms = w_target),
	FIELD(struct target, currency, TEXT, "Currency", .required = 1, .most = 3, .synonyms = w_currency),
	SOURCE(struct target),
};

const struct record target_record = {
	.name = "target",
	.api = "targets",
	.api_write = true,
	.start = target_start,
	.table = "target",
	.label = "target",
	.plural = "targets",
	.size = sizeof(struct target),
	FIELDS(target_fields),
	.matter = MATTER_SCORECARD,
	.persons = "person",
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "person from_day", NULL },
	.purpose = "What a person or team set out to sell.",
	.retention = "Ten years.",
};

static const struct field distinct_fields[] = {
	FIELD(struct distinct, kind, TEXT, "Of what", .required = 1),
	FIELD(struct distinct, one, INT, "One", .required = 1),
	FIELD(struct distinct, other, INT, "The other", .required = 1),
	FIELD(struct distinct, person, REF, "Who said so", .ref = &person_record),
};

const struct record distinct_record = {
	.name = "distinct",
	.table = "distinct_pair",
	.label = "pair of different records",
	.plural = "pairs of different records",
	.size = sizeof(struct distinct),
	FIELDS(distinct_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "kind one other", NULL },
	.purpose = "Records that look alike and are not one, so that nobody is asked twice.",
	.retention = "As long as both records.",
};
