/* What each act of the library takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/library/pages.h"
#include "areas/process/content.h"

const struct act_body library_acts[] = {
	{ "/library", TAKES(TAKE_OF(content_record, "title! kind! purpose address body"),
	                      TAKE_TEXT("at", "Where it is shown: a kind and an id, as stage-0708z30g403")) },
	{ "/library/:/edit", TAKES(TAKE_OF(content_record, "title kind purpose address body"), TAKE_VERSION) },
	{ "/library/:/retire", TAKES_NOTHING },
	{ "/library/:/show", TAKES(TAKE_TEXT("at", "Where it is shown: a kind and an id, as stage-0708z30g403")) },
	{ "/library/:/hide", TAKES(TAKE_TEXT("at", "Where it is shown: a kind and an id, as stage-0708z30g403")) },
	{ NULL, NULL },
};
