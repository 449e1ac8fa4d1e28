#include "areas/deals/deals.h"

static const struct field competitor_fields[] = {
	FIELD(struct competitor, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct competitor, person, REF, "Entered by", .ref = &person_record),
	FIELD(struct competitor, name, TEXT, "Competitor", .required = 1, .list = 1, .filter = 1, .fold = 1),
	FIELD(struct competitor, note, TEXT, "What speaks for them", .list = 1),
};

const struct record competitor_record = {
	.name = "competitor",
	.api = "competitors",
	.api_write = true,
	.start = competitor_start,
	.table = "competitor",
	.label = "competitor",
	.plural = "competitors",
	.size = sizeof(struct competitor),
	FIELDS(competitor_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "deal name", NULL },
	.purpose = "Who else the buyer looks at.",
	.retention = "With the deal.",
	.check = part_check,
	.changed = part_changed,
};

static const struct field line_item_fields[] = {
	FIELD(struct line_item, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct line_item, product, REF, "Product", .required = 1, .ref = &product_record, .list = 1, .filter = 1),
	FIELD(struct line_item, person, REF, "Entered by", .ref = &person_record),
	FIELD(struct line_item, quantity, INT, "Quantity", .required = 1, .list = 1, .least = 1, .greatest = 1000000),
	FIELD(struct line_item, unit_price, MONEY, "Unit price", .list = 1),
	FIELD(struct line_item, total, MONEY, "Sum", .list = 1, .system = 1),
	FIELD(struct line_item, currency, TEXT, "Currency", .most = 3, .system = 1),
};

const struct record line_item_record = {
	.name = "line_item",
	.api = "product-lines",
	.api_write = true,
	.start = line_item_start,
	.table = "line_item",
	.label = "product line",
	.plural = "product lines",
	.size = sizeof(struct line_item),
	FIELDS(line_item_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.index = (const char *const[]){ "deal", NULL },
	.purpose = "What is sold, line by line.",
	.retention = "With the deal.",
	.derive = line_item_derive,
	.check = line_item_check,
	.changed = part_changed,
};

static const struct field deal_tag_fields[] = {
	FIELD(struct deal_tag, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct deal_tag, person, REF, "Entered by", .ref = &person_record),
	FIELD(struct deal_tag, name, TEXT, "Tag", .required = 1, .list = 1, .filter = 1, .fold = 1,
	        .most = DEAL_TAG_MOST),
};

const struct record deal_tag_record = {
	.name = "deal_tag",
	.api = "deal-tags",
	.api_write = true,
	.start = deal_tag_start,
	.table = "deal_tag",
	.label = "tag",
	.plural = "tags",
	.size = sizeof(struct deal_tag),
	FIELDS(deal_tag_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "deal name", NULL },
	.index = (const char *const[]){ "name_key", NULL },
	.purpose = "To find deals of a kind again.",
	.retention = "With the deal.",
	.check = part_check,
};

static const struct field deviation_fields[] = {
	FIELD(struct deviation, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct deviation, person, REF, "By", .ref = &person_record, .list = 1, .filter = 1),
	FIELD(struct deviation, from_stage, REF, "Left", .required = 1, .ref = &stage_record, .list = 1, .filter = 1),
	FIELD(struct deviation, to_stage, REF, "For", .required = 1, .ref = &stage_record, .list = 1),
	FIELD(struct deviation, on_day, DAY, "On", .required = 1, .list = 1, .filter = 1),
	FIELD(struct deviation, reason, TEXT, "Reason", .required = 1, .list = 1),
	FIELD(struct deviation, steps, TEXT, "Steps left open", .list = 1, .most = 2000),
	FIELD(struct deviation, n, INT, "How many", .list = 1),
};

const struct record deviation_record = {
	.name = "deviation",
	.api = "deviations",
	.table = "deviation",
	.label = "deviation",
	.plural = "deviations",
	.size = sizeof(struct deviation),
	FIELDS(deviation_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.index = (const char *const[]){ "deal", "from_stage", NULL },
	.purpose = "Where the process was left, and why: a step that most leave open is looked at.",
	.retention = "With the deal.",
	.check = part_check,
};

static const struct field mention_fields[] = {
	FIELD(struct mention, deal, REF, "Deal", .required = 1, .ref = &deal_record, .filter = 1),
	FIELD(struct mention, activity, REF, "Activity", .required = 1, .ref = &activity_record, .filter = 1),
	FIELD(struct mention, writer, REF, "By", .required = 1, .ref = &person_record),
	FIELD(struct mention, person, REF, "Who", .required = 1, .ref = &person_record),
	FIELD(struct mention, on_day, DAY, "On", .required = 1),
	FIELD(struct mention, read_on, DAY, "Put away on", .filter = 1),
};

const struct record mention_record = {
	.name = "mention",
	.api = "mentions",
	.api_mine = "person",
	.table = "mention",
	.label = "mention",
	.plural = "mentions",
	.size = sizeof(struct mention),
	FIELDS(mention_fields),
	.matter = MATTER_DEALS,
	.persons = "writer person",
	.unique = (const char *const[]){ "activity person", NULL },
	.index = (const char *const[]){ "person read_on", NULL },
	.purpose = "That somebody was named, so that they hear of it.",
	.retention = "With the activity.",
};
