/* What each act of letters takes, for programs: a row for each of their routes (page/act.h). */
#include "areas/mails/mails.h"

const struct act_body mails_acts[] = {
	{ "/mail", TAKES(NEED_TEXT("kind", "The kind of letter"),
	                   TAKE_WORD("off", "yes no", "No such letters any more, or again")) },
	{ NULL, NULL },
};
