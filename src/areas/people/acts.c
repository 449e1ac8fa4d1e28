/* What each act of people and the company takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/people/pages.h"
#include "areas/people/people.h"
#include "record/own.h"

const struct act_body people_acts[] = {
	{ "/people/invite", TAKES(MANY_ID("person", "Who is invited")) },
	{ "/people", TAKES(TAKE_OF(person_record, "name! email title role office manager manager_from left_on")) },
	{ "/people/:/edit", TAKES(TAKE_OF(person_record, "manager manager_from name email title role office left_on"),
	                            TAKE_VERSION) },
	{ "/people/:/invite", TAKES_NOTHING },
	{ "/company", TAKES(TAKE_OF(company_record,
	                            "name head sponsor_name sponsor_email currency zone profile as_of profile_from"),
	                      TAKE_VERSION) },
	{ "/company/me", TAKES(TAKE_ID("person", "Who I am in the line")) },
	{ "/company/fields",
	        TAKES(TAKE_OF(own_field_record, "about name! kind! choices currency required listed filtered")) },
	{ "/company/fields/:",
	        TAKES(TAKE_OF(own_field_record, "name choices position required listed filtered archived"),
	                TAKE_VERSION) },
	{ NULL, NULL },
};
