/* What each act of scorecards and agreements takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/accountability/pages.h"
#include "areas/accountability/accountability.h"

const struct act_body accountability_acts[] = {
	{ "/scorecard/measures", TAKES(TAKE_OF(measure_record, "name! role! kind! source! about")) },
	{ "/scorecard/measures/:/end", TAKES_NOTHING },
	{ "/scorecard/:/entry", TAKES(TAKE_OF(measure_entry_record, "measure on_day amount! note")) },
	{ "/scorecard/:/agreement",
	        TAKES(TAKE_TEXT("words", "In words"), TAKE_TEXT("reason", "Why"), NEED_DAY("from_day", "The first day"),
	                TAKE_ANY("m-*", "How much of a measure is promised"),
	                TAKE_ANY("p-*", "Per week, month or quarter"),
	                TAKE_ANY("o-*", "A duty that the leader takes on")) },
	{ "/huddle/share", TAKES(TAKE_YES("show", "Show my figure to the team")) },
	{ "/agreements/:/sign", TAKES_NOTHING },
	{ "/agreements/:/decline", TAKES(TAKE_TEXT("reason", "Why")) },
	{ NULL, NULL },
};
