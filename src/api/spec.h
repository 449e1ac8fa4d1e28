/* Small pieces of an OpenAPI description, and its parts that stand in files of their own.
   What it is not for: anybody outside api/. */
#ifndef API_SPEC_H
#define API_SPEC_H

#include "api/api.h"

void spec_pair(struct json *j, const char *name, const char *value);
/* Opens an object under a key; json_end closes it. */
void spec_open(struct json *j, const char *name);
void spec_refer(struct json *j, const char *kind, const char *name);
/* "step done" → "StepDone": names of schemas and the ends of operation ids. */
const char *spec_camel(struct arena *a, const char *words);
void spec_type(struct json *j, const char *type, bool may_be_null);
void spec_parameter(struct json *j, const char *in, const char *name, const char *type, const char *text);
void spec_idempotency(struct json *j);
/* Opens an operation: id, words, tag. spec_answer_end closes it. */
void spec_operation(struct json *j, struct arena *a, const char *method, const char *tag, const char *verb,
        const char *what, const char *text);
/* Opens its answer; with a type its schema, too. */
void spec_answer(struct json *j, const char *status, const char *text, const char *type);
/* Behind the schema of an answer: the same as CSV. */
void spec_or_csv(struct json *j);
/* Closes an answer with its schema, adds the refusals, closes the operation. */
void spec_answer_end(struct json *j, bool has_type);

/* Type and limits of a record's field (openapi.c). */
void spec_kind(struct json *j, const struct field *f);

/* ---- openapi_acts.c ---- */
void spec_acts(struct json *j, struct request *r);

/* ---- openapi_reports.c ---- */
void spec_reports(struct json *j, struct arena *a, const struct api_report *reports);
void spec_report_schemas(struct json *j);

#endif
