/* What each act of leadership takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/leadership/pages.h"
#include "areas/deals/deals.h"
#include "areas/leadership/records.h"
#include "areas/leadership/trace.h"
#include "areas/people/people.h"

const struct act_body leadership_acts[] = {
	{ "/leaders/goal", TAKES(TAKE_OF(development_goal_record, "goal! sign! due!")) },
	{ "/leaders/goal/:/end", TAKES(NEED_TEXT("outcome", "What became of it")) },
	{ "/people/:/transfer", TAKES(NEED_ID("manager", "The new leader"), NEED_DAY("since", "From this day on")) },
	{ "/people/:/absence", TAKES(TAKE_OF(absence_record, "from_day! to_day! share")) },
	{ "/people/:/absence/:/remove", TAKES_NOTHING },
	{ "/people/:/leave",
	        TAKES(TAKE_ID("to", "Who takes over"), TAKE_ID("leader", "Who leads their people from then on"),
	                TAKE_ID("keeper", "Who keeps what was promised to them"),
	                TAKE_DAY("left_on", "The last day")) },
	{ "/gap/account",
	        TAKES(TAKE_OF(number_account_record, "did outside differently"), NEED_DAY("from_day", "The first day"),
	                NEED_DAY("to_day", "The last day"), TAKE_YES("open", "Open to the line above")) },
	{ "/trace", TAKES(NEED_ID("person", "Whose"), NEED_DAY("from_day", "The first day"),
	                    NEED_DAY("to_day", "The last day")) },
	{ "/trace/:/answer", TAKES(TAKE_OF(trace_answer_record, "text!")) },
	{ "/gap/target", TAKES(TAKE_OF(target_record, "person amount!"), NEED_DAY("from_day", "The first day"),
	                         NEED_DAY("to_day", "The last day")) },
	{ "/me/absence", TAKES(TAKE_OF(absence_record, "from_day! to_day! share")) },
	{ "/me/absence/:/remove", TAKES_NOTHING },
	{ "/me/session/:/end", TAKES_NOTHING },
	{ "/me/keys", TAKES_NOTHING },
	{ "/brief",
	        TAKES(NEED_WORD("act", "answer session number reply agree sponsor confirm miss kept account",
	                      "What is done"),
	                TAKE_ID("row", "What it is done to: a blocker, session, objection or commitment"),
	                TAKE_TEXT("evidence", "kept: what shows it"), TAKE_TEXT("answer", "answer: to a blocker"),
	                TAKE_TEXT("reply", "reply: to an objection"), TAKE_TEXT("sponsor_name", "sponsor: their name"),
	                TAKE_OF(number_account_record, "did outside differently"),
	                TAKE_DAY("from_day", "number: the first day"), TAKE_DAY("to_day", "number: the last day"),
	                TAKE_YES("open", "number: open to the line above"),
	                TAKE_WORD("held", "yes no", "session: did it take place"),
	                TAKE_WORD("kind", "coaching inspection other", "session: what it was"),
	                TAKE_ID("skill", "session: the skill that it was on"),
	                TAKE_WORD("useful", "yes partly no", "session: was it of use"),
	                TAKE_WORD("second", "yes no", "session: the second coach was there")) },
	{ "/brief/link", TAKES_NOTHING },
	{ NULL, NULL },
};
