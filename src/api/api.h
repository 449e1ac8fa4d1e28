/* The JSON API (I1): records by their descriptions, read and written under the same grants, rules and change sets as
   pages. A record is in it when its description names an address (record.api); there is no other list.
   What it is not for: what a page alone decides (gates, confirmations): those are acts of the pages themselves, sent as
   JSON to the page's own address (acts.c). */
#ifndef API_API_H
#define API_API_H

#include "json/json.h"
#include "page/page.h"

extern const struct route api_routes[];

/* A report of the API, for its description; app/ has them, ended by a NULL name. */
struct api_report {
	const char *name, *what;
	const char *by; /* blank-separated; NULL: nothing */
};

/* Is the answer to be JSON? Under /api/, or when the request's body or Accept says so. */
bool api_wanted(const struct request *r);
/* RFC 9457: status, title, what happened, and each fault with place, what and mend. Replaces what was written. */
void api_problem(struct request *r, int status, const char *code, const char *title, const char *what);
/* A JSON object as the fields of a form, so that an act of a page takes both. Faults name line and column, or the
   field that is neither text, number nor bool. */
enum err api_form_of(struct request *r);
/* Turns what an act of a page answered into JSON: where it would have gone, and the change set to undo. */
void api_act_answer(struct request *r);

/* ---- json.c: a record's fields as JSON, and back ---- */
void api_put(struct json *j, struct arena *a, const struct record *rec, const void *object);
/* Fields of a JSON object over the object. Faults: unknown, computed, kept for an act (unless creating), of the wrong
   type. */
enum err api_take(struct request *r, const struct record *rec, const struct jval *v, bool creating, void *object);

/* ---- openapi.c ---- */
enum err api_description(struct request *r);

#endif
