#include "areas/leadership/pages.h"

#include "areas/leadership/trace_view.h"

const struct route leadership_routes[] = {
	{ HTTP_GET, "/leaders", POLICY_SIGNED_IN, leaders_page, "leaders", "See the leaders' board", false },
	{ HTTP_POST, "/leaders/goal", POLICY_LEADER, leaders_goal, "leaders", "Set my development goal", false },
	{ HTTP_POST, "/leaders/goal/:/end", POLICY_LEADER, leaders_goal_end, "leaders", "End my development goal",
	        false },
	{ HTTP_GET, "/people/:/place", POLICY_SIGNED_IN, move_page, "people",
	        "See a person's transfer, absence, leaving", false },
	{ HTTP_POST, "/people/:/transfer", POLICY_SIGNED_IN, move_transfer, "people", "Transfer a person", false },
	{ HTTP_POST, "/people/:/absence", POLICY_SIGNED_IN, move_absence, "people", "Enter a person's absence", false },
	{ HTTP_POST, "/people/:/absence/:/remove", POLICY_SIGNED_IN, move_absence_remove, "people",
	        "Remove a person's absence", false },
	{ HTTP_POST, "/people/:/leave", POLICY_SIGNED_IN, move_leave, "people", "Hand over a leaver's work", false },
	{ HTTP_GET, "/gap", POLICY_SIGNED_IN, gap_page, "gap", "See where the number went", false },
	{ HTTP_POST, "/gap/account", POLICY_PERSON, gap_account, "gap", "Write the account of a number", false },
	{ HTTP_GET, "/trace", POLICY_PERSON, trace_page, "gap", "See a responsibility trace", false },
	{ HTTP_POST, "/trace", POLICY_PERSON, trace_start, "gap", "Ask leaders what they owed", false },
	{ HTTP_POST, "/trace/:/answer", POLICY_PERSON, trace_answer_act, "gap", "Answer in a trace", false },
	{ HTTP_GET, "/case", POLICY_SIGNED_IN, case_page, "gap", "See the case in two pages", false },
	{ HTTP_POST, "/gap/target", POLICY_SIGNED_IN, gap_target, "gap", "Enter a target", false },
	{ HTTP_GET, "/me", POLICY_SIGNED_IN, me_page, NULL, "See what is kept about me", false },
	{ HTTP_GET, "/me/data.json", POLICY_PERSON, me_export, NULL, "Take my own data", false },
	{ HTTP_POST, "/me/absence", POLICY_PERSON, me_absence, NULL, "Enter my absence", false },
	{ HTTP_POST, "/me/absence/:/remove", POLICY_PERSON, me_absence_remove, NULL, "Remove my absence", false },
	{ HTTP_POST, "/me/session/:/end", POLICY_SIGNED_IN, me_session_end, NULL, "End one of my sign-ins", false },
	{ HTTP_POST, "/me/keys", POLICY_SIGNED_IN, me_keys, NULL, "Switch single keys", false },
	{ HTTP_GET, "/brief", POLICY_HEAD, brief_page, "today", "See the head's brief", false },
	{ HTTP_POST, "/brief", POLICY_HEAD, brief_act, "today", "Act from the brief", false },
	{ HTTP_POST, "/brief/link", POLICY_HEAD, brief_link, "today", "Make the link of the brief", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
