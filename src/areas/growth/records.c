#include "areas/growth/growth.h"

static const struct field unit_fields[] = {
	FIELD(struct plan_unit, account, REF, "Account", .required = 1, .ref = &account_record, .list = 1, .filter = 1),
	FIELD(struct plan_unit, person, REF, "Person", .ref = &person_record, .system = 1),
	FIELD(struct plan_unit, name, TEXT, "Business unit", .required = 1, .list = 1, .most = 120),
};

const struct record plan_unit_record = {
	.name = "plan_unit",
	.api = "business-units",
	.api_write = true,
	.check = plan_unit_check,
	.table = "plan_unit",
	.label = "business unit",
	.plural = "business units",
	.size = sizeof(struct plan_unit),
	FIELDS(unit_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.open_unowned = true,
	.pool = true, /* the check asks who may change the account */
	.unique = (const char *const[]){ "account name", NULL },
	.purpose = "The parts of an account that buy by themselves.",
	.retention = "With the account.",
};

static const struct field potential_fields[] = {
	FIELD(struct potential, account, REF, "Account", .required = 1, .ref = &account_record, .list = 1, .filter = 1),
	FIELD(struct potential, person, REF, "Person", .ref = &person_record, .system = 1),
	FIELD(struct potential, unit, REF, "Business unit", .ref = &plan_unit_record, .list = 1, .filter = 1),
	FIELD(struct potential, product, REF, "Product", .required = 1, .ref = &product_record, .list = 1, .filter = 1),
	FIELD(struct potential, amount, MONEY, "Potential", .required = 1, .list = 1, .least = 0,
	        .greatest = INT64_C(1000000000000000)),
	FIELD(struct potential, currency, TEXT, "Currency", .required = 1, .most = 3),
	FIELD(struct potential, note, TEXT, "Where the figure comes from", .list = 1),
};

const struct record potential_record = {
	.name = "potential",
	.api = "potentials",
	.api_write = true,
	.start = potential_start,
	.check = potential_check,
	.table = "potential",
	.label = "potential",
	.plural = "potentials",
	.size = sizeof(struct potential),
	FIELDS(potential_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.open_unowned = true,
	.pool = true,
	.index = (const char *const[]){ "account", NULL },
	.purpose = "What an account could buy, beside what it bought.",
	.retention = "With the account.",
};

static const struct field plan_deal_fields[] = {
	FIELD(struct plan_deal, deal, REF, "Deal", .required = 1, .ref = &deal_record, .list = 1, .filter = 1),
	FIELD(struct plan_deal, person, REF, "Entered by", .ref = &person_record),
	FIELD(struct plan_deal, unit, REF, "Business unit", .required = 1, .ref = &plan_unit_record, .list = 1,
	        .filter = 1),
};

const struct record plan_deal_record = {
	.name = "plan_deal",
	.api = "deals-of-units",
	.api_write = true,
	.start = plan_deal_start,
	.check = plan_deal_check,
	.table = "plan_deal",
	.label = "unit of a deal",
	.plural = "units of deals",
	.size = sizeof(struct plan_deal),
	FIELDS(plan_deal_fields),
	.matter = MATTER_DEALS,
	.persons = "person",
	.unique = (const char *const[]){ "deal", NULL },
	.index = (const char *const[]){ "unit", NULL },
	.purpose = "For which part of an account a deal is.",
	.retention = "With the deal.",
};
