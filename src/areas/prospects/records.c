#include "areas/prospects/prospects.h"

const struct choice prospect_states[] = { { "", "" }, { "open", "Open" }, { "qualified", "Became a deal" },
	{ "disqualified", "Disqualified" }, { NULL, NULL } };

static const char *const w_name[] = { "name", "full name", "contact", "contact name", "lead", "lead name", "person",
	NULL };
static const char *const w_company[] = { "company", "company name", "account", "account name", "organization",
	"organisation", "firma", NULL };
static const char *const w_title[] = { "title", "job title", "position", NULL };
static const char *const w_email[] = { "email", "e-mail", "mail", "email address", NULL };
static const char *const w_phone[] = { "phone", "telephone", "telefon", "mobile", NULL };
static const char *const w_campaign[] = { "campaign", "campaign name", "lead source", "kampagne", NULL };
static const char *const w_owner[] = { "owner", "lead owner", "assigned to", "sales agent", NULL };
static const char *const w_came[] = { "created", "created date", "create date", "created on", "date", NULL };
static const char *const w_note[] = { "note", "notes", "description", "comments", NULL };
static const char *const w_id[] = { "id", "lead id", "record id", "external id", "leadid", NULL };

static const struct field step_fields[] = {
	FIELD(struct campaign_step, campaign, REF, "Campaign", .required = 1, .ref = &campaign_record, .list = 1,
	        .filter = 1),
	FIELD(struct campaign_step, person, REF, "Person", .ref = &person_record, .system = 1),
	FIELD(struct campaign_step, position, INT, "Place", .required = 1, .list = 1, .least = 1, .greatest = 1000),
	FIELD(struct campaign_step, name, TEXT, "Step", .required = 1, .list = 1, .most = 120),
	FIELD(struct campaign_step, kind, CHOICE, "Kind", .required = 1, .choices = activity_choices, .list = 1),
	FIELD(struct campaign_step, days, INT, "Days after it was claimed", .required = 1, .list = 1, .least = 0,
	        .greatest = 365),
};

const struct record campaign_step_record = {
	.name = "campaign_step",
	.api = "campaign-steps",
	.api_write = true,
	.check = campaign_step_check,
	.table = "campaign_step",
	.label = "step of a campaign",
	.plural = "steps of a campaign",
	.size = sizeof(struct campaign_step),
	FIELDS(step_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.open_unowned = true,
	.pool = true, /* the check asks who may change the campaign */
	.index = (const char *const[]){ "campaign position", NULL },
	.purpose = "How the people of a campaign are approached, in order.",
	.retention = "With the campaign.",
};

static const struct field prospect_fields[] = {
	FIELD(struct prospect, name, TEXT, "Prospect", .required = 1, .list = 1, .fold = 1, .sort = 1, .erase = 1,
	        .synonyms = w_name),
	FIELD(struct prospect, company, TEXT, "Company", .list = 1, .filter = 1, .synonyms = w_company),
	FIELD(struct prospect, title, TEXT, "Title", .list = 1, .synonyms = w_title),
	FIELD(struct prospect, email, TEXT, "E-mail", .list = 1, .filter = 1, .erase = 1, .synonyms = w_email),
	FIELD(struct prospect, phone, TEXT, "Phone", .list = 1, .erase = 1, .synonyms = w_phone),
	FIELD(struct prospect, campaign, REF, "Campaign", .ref = &campaign_record, .list = 1, .filter = 1,
	        .synonyms = w_campaign),
	FIELD(struct prospect, owner, REF, "Owner", .ref = &person_record, .list = 1, .filter = 1, .synonyms = w_owner),
	FIELD(struct prospect, came_on, DAY, "Came on", .list = 1, .filter = 1, .sort = 1, .synonyms = w_came),
	FIELD(struct prospect, note, LONG, "Note", .most = 4000, .synonyms = w_note),
	FIELD(struct prospect, state, CHOICE, "State", .choices = prospect_states, .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, reason, TEXT, "Reason", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, claimed_on, DAY, "Claimed on", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, first_on, DAY, "First touched on", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, touched_on, DAY, "Last touched on", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, ended_on, DAY, "Decided on", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, back_on, DAY, "Rests until", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, touches, INT, "Touches", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, round, INT, "Given back", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, next_step, TEXT, "Next step", .list = 1, .filter = 1, .system = 1),
	FIELD(struct prospect, next_kind, CHOICE, "Kind of the next step", .choices = activity_choices, .system = 1),
	FIELD(struct prospect, next_step_on, DAY, "Next step on", .list = 1, .filter = 1, .sort = 1, .system = 1),
	FIELD(struct prospect, account, REF, "Account", .ref = &account_record, .system = 1),
	FIELD(struct prospect, contact, REF, "Contact", .ref = &contact_record, .system = 1),
	FIELD(struct prospect, deal, REF, "Deal", .ref = &deal_record, .list = 1, .system = 1, .lets_go = 1),
	FIELD(struct prospect, source, TEXT, "Source"),
	FIELD(struct prospect, external_id, TEXT, "Id at the source", .synonyms = w_id),
	FIELD(struct prospect, extra, LONG, "Own fields", .system = 1, .holds_own = 1, .most = 60000),
};

const struct record prospect_record = {
	.name = "prospect",
	.api = "prospects",
	.api_write = true,
	.start = prospect_start,
	.derive = prospect_derive,
	.check = prospect_check,
	.may_merge = prospect_may_merge,
	.table = "prospect",
	.label = "prospect",
	.plural = "prospects",
	.size = sizeof(struct prospect),
	FIELDS(prospect_fields),
	.matter = MATTER_DEALS,
	.persons = "owner",
	.open_unowned = true,
	.pool = true,
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "name_key", "owner id", "owner next_step_on", "campaign id", "~came_on",
	        "~next_step_on", NULL },
	.purpose = "Who may become a customer, where they came from, and what was tried.",
	.retention = "Two years after the last touch.",
};

static const struct field touch_fields[] = {
	FIELD(struct touch, prospect, REF, "Prospect", .required = 1, .ref = &prospect_record, .list = 1, .filter = 1),
	FIELD(struct touch, person, REF, "By", .required = 1, .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct touch, kind, CHOICE, "Kind", .required = 1, .choices = activity_choices, .list = 1, .filter = 1),
	FIELD(struct touch, on_day, DAY, "On", .required = 1, .list = 1, .filter = 1),
	FIELD(struct touch, text, TEXT, "What came of it", .list = 1, .most = 500),
	FIELD(struct touch, step, INT, "Step", .system = 1),
	FIELD(struct touch, round, INT, "Round", .system = 1),
};

const struct record touch_record = {
	.name = "touch",
	.api = "touches",
	.api_write = true,
	.start = touch_start,
	.derive = touch_derive,
	.check = touch_check,
	.changed = touch_changed,
	.table = "prospect_touch",
	.label = "touch",
	.plural = "touches",
	.size = sizeof(struct touch),
	FIELDS(touch_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.index = (const char *const[]){ "prospect on_day", NULL },
	.purpose = "What was tried with a prospect, and when the first time.",
	.retention = "With the prospect.",
};
