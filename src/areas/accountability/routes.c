#include "areas/accountability/pages.h"

#include "areas/accountability/view.h"

const struct route accountability_routes[] = {
	{ HTTP_GET, "/scorecard", POLICY_PERSON, scorecard_team_page, "scorecard", "See the scorecard", false },
	{ HTTP_GET, "/scorecard.csv", POLICY_PERSON, scorecard_csv, "scorecard", "Take the scorecard as a table",
	        false },
	{ HTTP_GET, "/scorecard/measures", POLICY_SIGNED_IN, measures_page, "scorecard", "See the measures", false },
	{ HTTP_POST, "/scorecard/measures", POLICY_HEAD, measures_add, "scorecard", "Add a measure", false },
	{ HTTP_POST, "/scorecard/measures/:/end", POLICY_HEAD, measures_end, "scorecard", "End a measure", false },
	{ HTTP_GET, "/scorecard/:", POLICY_PERSON, scorecard_page, "scorecard", "See a person's scorecard", false },
	{ HTTP_POST, "/scorecard/:/entry", POLICY_PERSON, scorecard_enter, "scorecard", "Enter a figure by hand",
	        false },
	{ HTTP_GET, "/scorecard/:/agreement", POLICY_PERSON, agree_form_page, "scorecard", "Propose an agreement",
	        false },
	{ HTTP_POST, "/scorecard/:/agreement", POLICY_PERSON, agree_propose, "scorecard", "Propose an agreement",
	        false },
	{ HTTP_GET, "/huddle", POLICY_PERSON, huddle_page, "huddle", "See the huddle", false },
	{ HTTP_POST, "/huddle/share", POLICY_PERSON, huddle_share_act, "huddle", "Show my figure in the huddle",
	        false },
	{ HTTP_POST, "/agreements/:/sign", POLICY_PERSON, agree_sign, "scorecard", "Sign an agreement", false },
	{ HTTP_POST, "/agreements/:/decline", POLICY_PERSON, agree_decline, "scorecard", "Decline an agreement",
	        false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
