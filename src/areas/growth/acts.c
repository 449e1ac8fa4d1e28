/* What each act of account plans takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/growth/plan.h"
#include "areas/commitments/commitments.h"
#include "areas/growth/growth.h"

const struct act_body growth_acts[] = {
	{ "/accounts/:/plan/units", TAKES(NEED_TEXT("unit_name", "The name of the unit")) },
	{ "/accounts/:/plan/units/:/remove", TAKES_NOTHING },
	{ "/accounts/:/plan/potential", TAKES(TAKE_OF(potential_record, "unit product amount note")) },
	{ "/accounts/:/plan/deal", TAKES(TAKE_ID("unit", "The unit of the account"), TAKE_ID("deal", "The deal")) },
	{ "/accounts/:/plan/chart",
	        TAKES(TAKE_ID("reports_to", "Whom the contact reports to"), TAKE_ID("contact", "The contact")) },
	{ "/accounts/:/plan/steps", TAKES(TAKE_OF(commitment_record, "owed_to when_ then_ due")) },
	{ NULL, NULL },
};
