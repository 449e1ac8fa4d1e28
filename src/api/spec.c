/* Small pieces of an OpenAPI description.
   What it is not for: what is described (openapi*.c). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/spec.h"

void
spec_pair(struct json *j, const char *name, const char *value)
{
	json_key(j, name);
	json_str(j, str_of(value));
}

void
spec_open(struct json *j, const char *name)
{
	json_key(j, name);
	json_object(j);
}

void
spec_refer(struct json *j, const char *kind, const char *name)
{
	char to[160];

	snprintf(to, sizeof to, "#/components/%s/%s", kind, name);
	spec_pair(j, "$ref", to);
}

/* "step done" → "StepDone": names of schemas and the ends of operation ids. */
const char *
spec_camel(struct arena *a, const char *words)
{
	char *to = arena_alloc(a, strlen(words) + 1, 1);
	size_t n = 0;
	bool up = true;

	for (const char *s = words; *s; s++) {
		if (!isalnum((unsigned char)*s)) {
			up = true;
			continue;
		}
		to[n++] = (char)(up ? toupper((unsigned char)*s) : *s);
		up = false;
	}
	to[n] = 0;
	return to;
}

void
spec_type(struct json *j, const char *type, bool may_be_null)
{
	json_key(j, "type");
	if (!may_be_null) {
		json_str(j, str_of(type));
		return;
	}
	json_array(j);
	json_str(j, str_of(type));
	json_str(j, STR("null"));
	json_end(j);
}

static void
put_refusals(struct json *j)
{
	static const char *const statuses[] = { "400", "401", "403", "404", "409", "413", "422", "503" };

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		spec_open(j, statuses[i]);
		spec_refer(j, "responses", "Problem");
		json_end(j);
	}
}

void
spec_operation(struct json *j, struct arena *a, const char *method, const char *tag, const char *verb, const char *what,
        const char *text)
{
	spec_open(j, method);
	json_key(j, "operationId");
	json_str(j, str_fmt(a, "%s%s", verb, spec_camel(a, what)));
	spec_pair(j, "summary", text);
	spec_pair(j, "description", text);
	json_key(j, "tags");
	json_array(j);
	json_str(j, str_of(tag));
	json_end(j);
}

void
spec_answer(struct json *j, const char *status, const char *text, const char *type)
{
	spec_open(j, "responses");
	spec_open(j, status);
	spec_pair(j, "description", text);
	if (!type)
		return;
	spec_open(j, "content");
	spec_open(j, type);
	spec_open(j, "schema");
}

/* Closes an answer with its schema, adds the refusals, closes the operation. */
void
spec_or_csv(struct json *j)
{
	json_end(j);
	json_end(j);
	spec_open(j, "text/csv");
	spec_open(j, "schema");
	spec_pair(j, "type", "string");
}

void
spec_answer_end(struct json *j, bool has_type)
{
	if (has_type)
		for (int i = 0; i < 3; i++)
			json_end(j);
	json_end(j);
	put_refusals(j);
	json_end(j);
	json_end(j);
}

void
spec_parameter(struct json *j, const char *in, const char *name, const char *type, const char *text)
{
	json_object(j);
	spec_pair(j, "name", name);
	spec_pair(j, "in", in);
	json_key(j, "required");
	json_bool(j, strcmp(in, "path") == 0);
	spec_pair(j, "description", text);
	spec_open(j, "schema");
	spec_pair(j, "type", type);
	json_end(j);
	json_end(j);
}

void
spec_idempotency(struct json *j)
{
	spec_parameter(j, "header", "Idempotency-Key", "string",
	        "The same key again has no second effect: the answer is that of the first");
}
