#include "areas/prospects/pages.h"

#include "areas/prospects/view.h"

const struct route prospect_routes[] = {
	{ HTTP_GET, "/prospects", POLICY_SIGNED_IN, prospects_page, "prospects", "See the prospects", false },
	{ HTTP_GET, "/prospects.csv", POLICY_SIGNED_IN, prospects_csv, "prospects", "Take the prospects as CSV",
	        false },
	{ HTTP_GET, "/prospects/new", POLICY_PERSON, prospect_new, "prospects", "Enter a prospect", false },
	{ HTTP_POST, "/prospects", POLICY_PERSON, prospect_create, "prospects", "Add a prospect", false },
	{ HTTP_GET, "/prospects/:", POLICY_SIGNED_IN, prospect_page, "prospects", "See a prospect", false },
	{ HTTP_POST, "/prospects/:", POLICY_SIGNED_IN, prospect_update, "prospects", "Save a prospect", false },
	{ HTTP_POST, "/prospects/:/claim", POLICY_SIGNED_IN, prospect_claim, "prospects", "Claim a prospect", false },
	{ HTTP_POST, "/prospects/:/touch", POLICY_PERSON, prospect_touch, "prospects", "Note a touch", false },
	{ HTTP_POST, "/prospects/:/recycle", POLICY_SIGNED_IN, prospect_recycle, "prospects", "Give a prospect back",
	        false },
	{ HTTP_POST, "/prospects/:/disqualify", POLICY_SIGNED_IN, prospect_disqualify, "prospects",
	        "Disqualify a prospect", false },
	{ HTTP_GET, "/prospects/:/qualify", POLICY_PERSON, qualify_page, "prospects", "Look at a prospect as a deal",
	        false },
	{ HTTP_POST, "/prospects/:/qualify", POLICY_PERSON, qualify_do, "prospects", "Make a prospect a deal", false },
	{ HTTP_GET, "/campaigns", POLICY_SIGNED_IN, campaigns_page, "prospects", "See the campaigns", false },
	{ HTTP_GET, "/campaigns.csv", POLICY_SIGNED_IN, campaigns_csv, "prospects", "Take the campaigns as CSV",
	        false },
	{ HTTP_POST, "/campaigns", POLICY_PERSON, campaign_create, "prospects", "Add a campaign", false },
	{ HTTP_GET, "/campaigns/:", POLICY_SIGNED_IN, campaign_page, "prospects", "See a campaign", false },
	{ HTTP_POST, "/campaigns/:", POLICY_SIGNED_IN, campaign_update, "prospects", "Save a campaign", false },
	{ HTTP_POST, "/campaigns/:/steps", POLICY_SIGNED_IN, campaign_add_step, "prospects", "Add a campaign’s step",
	        false },
	{ HTTP_POST, "/campaigns/:/steps/:/remove", POLICY_SIGNED_IN, campaign_drop_step, "prospects",
	        "Remove a campaign’s step", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
