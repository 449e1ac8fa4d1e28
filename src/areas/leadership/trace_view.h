/* What the page of a responsibility trace shows; filled by trace_page.c, written by trace.html.
   What it is not for: rules (trace.h). */
#ifndef AREAS_LEADERSHIP_TRACE_VIEW_H
#define AREAS_LEADERSHIP_TRACE_VIEW_H

#include "areas/leadership/trace.h"
#include "areas/leadership/view.h"

struct trace_view {
	struct gap_view gap;
	struct traced *t;
	const struct trace_leader *me; /* NULL: I held no office in that time */
	bool may_ask, may_answer;
	str address; /* "person=…&from=…&to=…" */
};

enum err trace_page(struct request *r);
enum err trace_start(struct request *r);
enum err trace_answer_act(struct request *r);

#endif
