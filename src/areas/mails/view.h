/* What the pages of letters show; filled by pages.c, written by mails.html.
   What it is not for: rules (plan.c). */
#ifndef AREAS_MAILS_VIEW_H
#define AREAS_MAILS_VIEW_H

#include "areas/mails/mails.h"

enum { MAILS_SHOWN = 30 };

struct mails_view {
	bool off[MAIL_KINDS];
	bool on; /* the program mails at all */
	struct mail *mails;
	size_t n;
	str preview, subject; /* the letter of today, as it would be; empty: nothing to say */
	int kind;             /* of the preview */
};

struct mail_stop_view {
	int kind;
	bool off;
	str to; /* the address of the form */
};

#endif
