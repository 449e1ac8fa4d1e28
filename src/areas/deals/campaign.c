/* Campaigns: what prospects and deals come from (G1). They stand with the deals, since a deal names the one that it
   came from. What it is not for: prospects and the pages (areas/prospects). */
#include "areas/deals/deals.h"

static const char *const w_name[] = { "campaign", "campaign name", "name", "kampagne", NULL };
static const char *const w_channel[] = { "channel", "type", "lead source", "source", NULL };

static const struct field campaign_fields[] = {
	FIELD(struct campaign, name, TEXT, "Campaign", .required = 1, .list = 1, .fold = 1, .sort = 1,
	        .synonyms = w_name),
	FIELD(struct campaign, channel, TEXT, "Comes from", .list = 1, .filter = 1, .most = 60, .synonyms = w_channel),
	FIELD(struct campaign, owner, REF, "Owner", .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct campaign, from_day, DAY, "From", .list = 1, .filter = 1),
	FIELD(struct campaign, to_day, DAY, "To", .list = 1, .filter = 1),
	FIELD(struct campaign, goal, INT, "Goal: prospects that become deals", .list = 1, .least = 1,
	        .greatest = 1000000),
	FIELD(struct campaign, note, LONG, "What it is about", .most = 2000),
	FIELD(struct campaign, source, TEXT, "Source"),
	FIELD(struct campaign, external_id, TEXT, "Id at the source"),
};

const struct record campaign_record = {
	.name = "campaign",
	.api = "campaigns",
	.api_write = true,
	.start = campaign_start,
	.check = campaign_check,
	.table = "campaign",
	.label = "campaign",
	.plural = "campaigns",
	.size = sizeof(struct campaign),
	FIELDS(campaign_fields),
	.matter = MATTER_DEALS,
	.persons = "owner",
	.open_unowned = true, /* a name from a file */
	.unique = (const char *const[]){ "source external_id", NULL },
	.index = (const char *const[]){ "name_key", NULL },
	.purpose = "What prospects and deals came from, so that what it brought can be counted.",
	.retention = "As long as prospects or deals refer to it.",
};

enum err
campaign_start(struct conn *c, struct arena *a, const struct grant *g, void *object)
{
	struct campaign *x = object;

	(void)c;
	(void)a;
	if (!x->owner)
		x->owner = g->person;
	return OK;
}

enum err
campaign_check(struct change *c, const void *before, const void *after, struct faults *f)
{
	const struct campaign *x = after;

	(void)c;
	(void)before;
	if (x && day_is(x->from_day) && day_is(x->to_day) && day_between(x->from_day, x->to_day) < 0)
		fault_add(f, STR("to_day"), STR("is before the first day"), STR("check the two days"));
	return OK;
}
