/* The health page: what somebody who runs the program must look at, a verdict a line (I4b), and the notes it lives
   from. What it is not for: the health of deals (areas/deals), or whether the process answers (/alive). */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "html/widgets.h"
#include "page/page.h"

struct health_line {
	str title, text, mend; /* mend: what to do; empty: nothing */
	enum widget_tone tone; /* TONE_NONE: said, not judged */
};

struct health_access {
	str name, email;
	bool admin;
	day seen; /* of a session that stands; DAY_NONE: there is none */
};

struct health_view {
	struct health_line lines[12];
	size_t n_lines, n_asks;
	const struct health_access *access;
	size_t n_access;
	int64_t n_all; /* sign-ins, also those not shown */
	str summary;
};

extern const struct route health_routes[];

#endif
