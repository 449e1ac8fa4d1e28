/* What each act of goals and recognition takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/motivation/motivation.h"

const struct act_body motivation_acts[] = {
	{ "/goals", TAKES(TAKE_OF(own_goal_record, "text! reason by_day")) },
	{ "/goals/:/share", TAKES(TAKE_OF(own_goal_record, "reader")) },
	{ "/goals/:/close", TAKES(NEED_WORD("state", "reached let_go", "How it ended")) },
	{ "/recognition", TAKES(TAKE_OF(recognition_record, "person! skill commitment"),
	                          NEED_TEXT("words", "What was done well")) },
	{ "/recognition/way", TAKES(TAKE_OF(liked_record, "how note")) },
	{ NULL, NULL },
};
