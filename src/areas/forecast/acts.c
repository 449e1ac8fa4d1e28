/* What each act of forecast and reviews takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/forecast/pages.h"
#include "areas/forecast/forecast.h"
#include "areas/forecast/review.h"

const struct act_body forecast_acts[] = {
	{ "/forecast",
	        TAKES(TAKE_OF(forecast_record, "committed! best sure! note"), NEED_DAY("from_day", "The first day")) },
	{ "/process-reviews", TAKES(TAKE_ID("step", "The step"), TAKE_ID("process", "The process")) },
	{ "/process-reviews/:/answer", TAKES(TAKE_OF(process_review_record, "answer reason draft")) },
	{ NULL, NULL },
};
