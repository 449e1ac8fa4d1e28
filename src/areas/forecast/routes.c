#include "areas/forecast/pages.h"

#include "areas/forecast/view.h"

const struct route forecast_routes[] = {
	{ HTTP_GET, "/forecast", POLICY_SIGNED_IN, forecast_page, "forecast", "See the forecast", false },
	{ HTTP_POST, "/forecast", POLICY_LEADER, forecast_submit, "forecast", "Submit a forecast", false },
	{ HTTP_GET, "/analyse", POLICY_SIGNED_IN, analyse_page, "analyse", "See how deals go", false },
	{ HTTP_POST, "/process-reviews", POLICY_LEADER, review_open, "analyse", "Open a process review", false },
	{ HTTP_GET, "/process-reviews/:", POLICY_SIGNED_IN, review_page, "analyse", "See a process review", false },
	{ HTTP_POST, "/process-reviews/:/answer", POLICY_PERSON, review_answer, "analyse", "Answer a process review",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
