/* What each act of commitments, duties and charters takes, for programs: a row for each of their routes (page/act.h).
 */
#include "areas/commitments/pages.h"
#include "areas/commitments/commitments.h"
#include "areas/people/people.h"

/* Where the answer leads to. */
#define WAY_BACK TAKE_ID("huddle", "The huddle to go back to"), TAKE_ID("deal", "The deal to go back to")

const struct act_body commitments_acts[] = {
	{ "/commitments", TAKES(TAKE_OF(commitment_record, "owed_to! when_! then_! due! evidence_kind")) },
	{ "/commitments/:/claim", TAKES(TAKE_OF(commitment_record, "evidence_kind evidence")) },
	{ "/commitments/:/confirm", TAKES_NOTHING },
	{ "/commitments/:/miss", TAKES_NOTHING },
	{ "/commitments/:/withdraw", TAKES_NOTHING },
	{ "/commitments/:/move", TAKES(NEED_DAY("due", "By when")) },
	{ "/commitments/:/account",
	        TAKES(NEED_TEXT("did", "What I did"), TAKE_TEXT("outside", "What was outside my control"),
	                NEED_TEXT("differently", "What I will do differently"),
	                TAKE_OF(commitment_record, "account_category")) },
	{ "/commitments/:/ask", TAKES_NOTHING },
	{ "/commitments/:/line", TAKES(TAKE_OF(commitment_record, "own_line")) },
	{ "/blockers", TAKES(TAKE_OF(blocker_record, "text! owner! due"), TAKE_ID("deal", "The deal that it is about"),
	                       TAKE_ID("huddle", "The huddle that it came up in"),
	                       TAKE_TEXT("pair", "Two records that are to be one, as account/ID/ID")) },
	{ "/blockers/:/confirm",
	        TAKES(WAY_BACK, TAKE_YES("clears", "It is out of the way"), TAKE_TEXT("reply", "The answer to it")) },
	{ "/blockers/:/hand",
	        TAKES(WAY_BACK, NEED_ID("to", "Who takes it"), NEED_TEXT("why", "Why"), TAKE_DAY("by", "By when")) },
	{ "/blockers/:/answer", TAKES(WAY_BACK, NEED_TEXT("answer", "The answer")) },
	{ "/charter", TAKES(TAKE_OF(charter_record, "part reason reason_number reason_unit reason_day "
	                                            "value_proposition messaging culture stops"),
	                      TAKE_ANY("when#", "A commitment: when this happens"),
	                      TAKE_ANY("then#", "A commitment: I do that"), TAKE_ANY("due#", "A commitment: by when"),
	                      TAKE_ANY("to#", "A commitment: owed to whom")) },
	{ "/charter/sponsor", TAKES(TAKE_OF(company_record, "sponsor_name sponsor_email sponsor")) },
	{ "/charter/:/answer",
	        TAKES(NEED_WORD("agrees", "1 0", "1: I agree; 0: I object"), TAKE_TEXT("reason", "Why")) },
	{ "/charter/objection/:", TAKES(NEED_TEXT("reply", "The answer to it")) },
	{ "/duties/accept", TAKES_NOTHING },
	{ "/duties/:/accept", TAKES_NOTHING },
	{ "/duties/:/change", TAKES(TAKE_OF(obligation_record, "words cadence days change_reason!")) },
	{ "/duties/:/agree", TAKES_NOTHING },
	{ "/duties/:/decline", TAKES_NOTHING },
	{ NULL, NULL },
};
