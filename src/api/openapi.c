/* The API's description, OpenAPI 3.1, written from the records' descriptions and the route table, so that it cannot
   fall behind them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "record/own.h"

static void
pair(struct json *j, const char *name, const char *value)
{
	json_key(j, name);
	json_str(j, str_of(value));
}

static void
open_key(struct json *j, const char *name)
{
	json_key(j, name);
	json_object(j);
}

static void
refer(struct json *j, const char *kind, const char *name)
{
	char to[160];

	snprintf(to, sizeof to, "#/components/%s/%s", kind, name);
	pair(j, "$ref", to);
}

/* "step done" → "StepDone": names of schemas and the ends of operation ids. */
static const char *
camel(struct arena *a, const char *words)
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

/* ---- schemas ---- */

static void
put_type(struct json *j, const char *type, bool may_be_null)
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
put_choices(struct json *j, const struct field *f)
{
	json_key(j, "enum");
	json_array(j);
	for (const struct choice *c = f->choices + 1; c->code; c++)
		json_str(j, str_of(c->code));
	if (!f->required)
		json_null(j);
	json_end(j);
}

static void
put_text_limits(struct json *j, const struct field *f)
{
	json_key(j, "maxLength");
	json_int(j, f->most ? f->most : f->kind == F_LONG ? 16384 : 200);
}

static void
put_number_limits(struct json *j, const struct field *f)
{
	pair(j, "format", "int64");
	if (!f->greatest)
		return;
	json_key(j, "minimum");
	json_int(j, f->least);
	json_key(j, "maximum");
	json_int(j, f->greatest);
}

static void
put_kind(struct json *j, const struct field *f)
{
	bool null = !f->required || f->own; /* a row may be older than the field */

	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		put_type(j, "string", null);
		put_text_limits(j, f);
		break;
	case F_REF:
		put_type(j, "string", null);
		pair(j, "pattern", "^[0-9a-z]{11}$");
		break;
	case F_MONEY:
	case F_INT:
		put_type(j, "integer", null);
		put_number_limits(j, f);
		break;
	case F_DAY:
		put_type(j, "string", null);
		pair(j, "format", "date");
		break;
	case F_INSTANT:
		put_type(j, "string", null);
		pair(j, "format", "date-time");
		break;
	case F_BOOL:
		put_type(j, "boolean", f->own != NULL);
		break;
	case F_CHOICE:
		put_type(j, "string", null);
		if (!f->own) /* there, what is off the list may stay in a row */
			put_choices(j, f);
		break;
	}
}

static void
put_field(struct json *j, struct arena *a, const struct record *rec, const struct field *f)
{
	const char *more = "";

	if (f->kind == F_MONEY)
		more = ", in minor units";
	else if (f->kind == F_REF)
		more = f->ref ? str_z(a, str_fmt(a, ": id of a %s", f->ref->name))
		              : str_z(a, str_fmt(a, ": id of a %s", rec->name));
	open_key(j, f->name);
	put_kind(j, f);
	json_key(j, "description");
	json_str(j, str_fmt(a, "%s%s", f->label, more));
	if (f->system) {
		json_key(j, "readOnly");
		json_bool(j, true);
	}
	json_end(j);
}

static void
put_own_fields(struct json *j)
{
	open_key(j, "id");
	pair(j, "type", "string");
	pair(j, "pattern", "^[0-9a-z]{11}$");
	json_key(j, "readOnly");
	json_bool(j, true);
	json_end(j);
	open_key(j, "version");
	pair(j, "type", "integer");
	pair(j, "format", "int64");
	pair(j, "description", "Grows by one with each change; a change needs the one that was read");
	json_end(j);
}

static void
put_required(struct json *j, const struct record *rec, bool reading)
{
	json_key(j, "required");
	json_array(j);
	if (reading) {
		json_str(j, STR("id"));
		json_str(j, STR("version"));
	}
	for (size_t i = 0; i < rec->n_fields; i++)
		if ((reading && !rec->fields[i].holds_own) ||
		        (!reading && rec->fields[i].required && !rec->fields[i].system && !rec->start))
			json_str(j, str_of(rec->fields[i].name));
	json_end(j);
}

/* Fields of a company's own have names of their own: who signs in reads them by name above, others by their form. */
static void
put_own_pattern(struct json *j)
{
	static const char *const types[] = { "string", "integer", "boolean", "null" };

	open_key(j, "patternProperties");
	open_key(j, "^f[0-9a-z]{11}$");
	pair(j, "description", "A field of the company's own, described at /api/v1/own-fields");
	json_key(j, "type");
	json_array(j);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		json_str(j, str_of(types[i]));
	json_end(j);
	json_end(j);
	json_end(j);
}

/* What is read has every field; what is sent has those a person may set. */
static void
put_schema(struct json *j, struct arena *a, const struct record *rec, bool reading)
{
	open_key(j, str_z(a, str_fmt(a, "%s%s", camel(a, rec->name), reading ? "" : "Fields")));
	pair(j, "type", "object");
	if (rec->purpose)
		pair(j, "description", rec->purpose);
	put_required(j, rec, reading);
	json_key(j, "additionalProperties");
	json_bool(j, false);
	open_key(j, "properties");
	put_own_fields(j);
	for (size_t i = 0; i < rec->n_fields; i++)
		if (!rec->fields[i].holds_own && (reading || !rec->fields[i].system))
			put_field(j, a, rec, &rec->fields[i]);
	for (size_t i = 0; i < rec->n_own; i++)
		put_field(j, a, rec, &rec->own[i]);
	json_end(j);
	if (own_holder(rec))
		put_own_pattern(j);
	json_end(j);
}

static void
put_text_schema(struct json *j, const char *name, const char *const *fields)
{
	open_key(j, name);
	pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	for (const char *const *f = fields; *f; f++)
		json_str(j, str_of(*f));
	json_end(j);
	open_key(j, "properties");
	for (const char *const *f = fields; *f; f++) {
		open_key(j, *f);
		pair(j, "type", "string");
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static void
put_problem(struct json *j)
{
	static const char *const texts[] = { "type", "code", "title", "detail", NULL };

	open_key(j, "Problem");
	pair(j, "type", "object");
	pair(j, "description", "What happened, and at each place what is wrong and how to mend it (RFC 9457)");
	json_key(j, "required");
	json_array(j);
	for (const char *const *t = texts; *t; t++)
		json_str(j, str_of(*t));
	json_str(j, STR("status"));
	json_str(j, STR("errors"));
	json_end(j);
	open_key(j, "properties");
	for (const char *const *t = texts; *t; t++) {
		open_key(j, *t);
		pair(j, "type", "string");
		json_end(j);
	}
	open_key(j, "status");
	pair(j, "type", "integer");
	json_end(j);
	open_key(j, "errors");
	pair(j, "type", "array");
	open_key(j, "items");
	refer(j, "schemas", "Fault");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
put_act_answer(struct json *j)
{
	open_key(j, "Done");
	pair(j, "type", "object");
	pair(j, "description",
	        "What an act did: the page that shows it, and the change set, which /undo/{id} takes back");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("to"));
	json_str(j, STR("change_set"));
	json_end(j);
	open_key(j, "properties");
	for (int i = 0; i < 2; i++) {
		open_key(j, i ? "change_set" : "to");
		put_type(j, "string", true);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static void
put_components(struct json *j, struct request *r)
{
	struct arena *a = r->arena;

	static const char *const fault[] = { "place", "what", "mend", NULL };
	static const char *const event[] = { "change_set", "recorded_at", "effective_at", "by", "kind", "field",
		"label", "before", "after", "reason", NULL };

	open_key(j, "components");
	open_key(j, "securitySchemes");
	open_key(j, "token");
	pair(j, "type", "http");
	pair(j, "scheme", "bearer");
	pair(j, "description", "ridealong token NAME --scopes \"read write\"");
	json_end(j);
	open_key(j, "session");
	pair(j, "type", "apiKey");
	pair(j, "in", "cookie");
	pair(j, "name", "__Host-ridealong");
	pair(j, "description", "A browser's session; writing wants the header X-CSRF as well");
	json_end(j);
	json_end(j);
	open_key(j, "schemas");
	put_problem(j);
	put_text_schema(j, "Fault", fault);
	put_text_schema(j, "Event", event);
	put_act_answer(j);
	for (size_t i = 0; record_all[i]; i++)
		if (record_all[i]->api) {
			const struct record *rec = record_all[i];
			if (r->conn && r->actor.org)
				record_with_own(r->conn, a, r->actor.org, record_all[i], &rec);
			put_schema(j, a, rec, true);
			if (rec->api_write)
				put_schema(j, a, rec, false);
		}
	json_end(j);
	open_key(j, "responses");
	open_key(j, "Problem");
	pair(j, "description", "It was refused, and nothing was changed");
	open_key(j, "content");
	open_key(j, "application/problem+json");
	open_key(j, "schema");
	refer(j, "schemas", "Problem");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

/* ---- operations ---- */

static void
put_refusals(struct json *j)
{
	static const char *const statuses[] = { "400", "401", "403", "404", "409", "413", "422", "503" };

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		open_key(j, statuses[i]);
		refer(j, "responses", "Problem");
		json_end(j);
	}
}

static void
open_operation(struct json *j, struct arena *a, const char *method, const char *tag, const char *verb, const char *what,
        const char *text)
{
	open_key(j, method);
	json_key(j, "operationId");
	json_str(j, str_fmt(a, "%s%s", verb, camel(a, what)));
	pair(j, "summary", text);
	pair(j, "description", text);
	json_key(j, "tags");
	json_array(j);
	json_str(j, str_of(tag));
	json_end(j);
}

static void
open_answer(struct json *j, const char *status, const char *text, const char *type)
{
	open_key(j, "responses");
	open_key(j, status);
	pair(j, "description", text);
	if (!type)
		return;
	open_key(j, "content");
	open_key(j, type);
	open_key(j, "schema");
}

/* Closes an answer with its schema, adds the refusals, closes the operation. */
static void
close_answer(struct json *j, bool has_type)
{
	if (has_type)
		for (int i = 0; i < 3; i++)
			json_end(j);
	json_end(j);
	put_refusals(j);
	json_end(j);
	json_end(j);
}

static void
put_parameter(struct json *j, const char *in, const char *name, const char *type, const char *text)
{
	json_object(j);
	pair(j, "name", name);
	pair(j, "in", in);
	json_key(j, "required");
	json_bool(j, strcmp(in, "path") == 0);
	pair(j, "description", text);
	open_key(j, "schema");
	pair(j, "type", type);
	json_end(j);
	json_end(j);
}

static void
put_idempotency(struct json *j)
{
	put_parameter(j, "header", "Idempotency-Key", "string",
	        "The same key again has no second effect: the answer is that of the first");
}

static void
put_body(struct json *j, struct arena *a, const struct record *rec)
{
	open_key(j, "requestBody");
	json_key(j, "required");
	json_bool(j, true);
	open_key(j, "content");
	open_key(j, "application/json");
	open_key(j, "schema");
	if (rec)
		refer(j, "schemas", str_z(a, str_fmt(a, "%sFields", camel(a, rec->name))));
	else
		pair(j, "type", "object");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
put_filters(struct json *j, struct arena *a, const struct record *rec)
{
	for (size_t i = 0; i < rec->n_fields; i++) {
		const struct field *f = &rec->fields[i];
		if (f->filter || f->list)
			put_parameter(j, "query", f->name, "string",
			        str_z(a, str_fmt(a,
			                         "Only those where %s %s; with .is, .not, .least, .most, .has, .none, "
			                         ".any or .below behind the name another comparison",
			                         f->label, f->fold ? "holds this" : "is this")));
	}
	if (rec->marks)
		put_parameter(j, "query", rec->marks->name, "string",
		        str_z(a, str_fmt(a,
		                         "Only those with this %s; with .not, .has, .none or .any behind the name "
		                         "another "
		                         "comparison",
		                         rec->marks->of->label)));
}

static void
put_list(struct json *j, struct arena *a, const struct record *rec)
{
	open_operation(j, a, "get", rec->plural, "list", rec->plural,
	        str_z(a, str_fmt(a, "List %s you may see", rec->plural)));
	json_key(j, "parameters");
	json_array(j);
	put_parameter(j, "query", "limit", "integer", "Rows wanted, 1 to 500; 50 without it");
	put_parameter(j, "query", "after", "string", "What the page before gave as next");
	put_parameter(j, "query", "sort", "string", "A field to sort by, with - in front the other way round");
	put_parameter(j, "query", "count", "string", "true: count all that match");
	put_parameter(j, "query", "format", "string", "csv instead of JSON");
	put_filters(j, a, rec);
	json_end(j);
	open_answer(j, "200", "A page of them, newest first unless sorted", "application/json");
	pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("data"));
	json_str(j, STR("next"));
	json_end(j);
	open_key(j, "properties");
	open_key(j, "data");
	pair(j, "type", "array");
	open_key(j, "items");
	refer(j, "schemas", camel(a, rec->name));
	json_end(j);
	json_end(j);
	open_key(j, "next");
	put_type(j, "string", true);
	json_end(j);
	open_key(j, "count");
	pair(j, "type", "integer");
	json_end(j);
	json_end(j);
	close_answer(j, true);
}

static void
put_one_answer(struct json *j, struct arena *a, const struct record *rec, const char *status, const char *text)
{
	open_answer(j, status, text, "application/json");
	refer(j, "schemas", camel(a, rec->name));
	close_answer(j, true);
}

static void
put_create(struct json *j, struct arena *a, const struct record *rec)
{
	open_operation(j, a, "post", rec->plural, "create", rec->name, str_z(a, str_fmt(a, "Add a %s", rec->name)));
	json_key(j, "parameters");
	json_array(j);
	put_idempotency(j);
	json_end(j);
	put_body(j, a, rec);
	put_one_answer(j, a, rec, "201", "Added, as it is stored now");
}

static void
put_path_id(struct json *j)
{
	json_key(j, "parameters");
	json_array(j);
	put_parameter(j, "path", "id", "string", "The id as it was read");
	json_end(j);
}

static void
put_get(struct json *j, struct arena *a, const struct record *rec)
{
	open_operation(j, a, "get", rec->plural, "get", rec->name, str_z(a, str_fmt(a, "Read one %s", rec->name)));
	put_one_answer(j, a, rec, "200", "As it is stored now");
}

static void
put_update(struct json *j, struct arena *a, const struct record *rec)
{
	open_operation(j, a, "patch", rec->plural, "update", rec->name,
	        str_z(a, str_fmt(a, "Change fields of one %s; the others stay", rec->name)));
	json_key(j, "parameters");
	json_array(j);
	put_idempotency(j);
	json_end(j);
	open_key(j, "requestBody");
	json_key(j, "required");
	json_bool(j, true);
	open_key(j, "content");
	open_key(j, "application/json");
	open_key(j, "schema");
	pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("version"));
	json_end(j);
	open_key(j, "properties");
	put_own_fields(j);
	for (size_t i = 0; i < rec->n_fields; i++)
		if (!rec->fields[i].system)
			put_field(j, a, rec, &rec->fields[i]);
	for (int i = 0; i < 5; i++)
		json_end(j);
	put_one_answer(j, a, rec, "200", "As it is stored now");
}

static void
put_delete(struct json *j, struct arena *a, const struct record *rec)
{
	open_operation(j, a, "delete", rec->plural, "remove", rec->name,
	        str_z(a, str_fmt(a, "Remove one %s, unless others refer to it", rec->name)));
	json_key(j, "parameters");
	json_array(j);
	put_parameter(j, "query", "version", "integer", "The version that was read; it is needed");
	put_idempotency(j);
	json_end(j);
	open_answer(j, "204", "Removed; the history keeps it", NULL);
	close_answer(j, false);
}

static void
put_history(struct json *j, struct arena *a, const struct record *rec)
{
	open_operation(j, a, "get", rec->plural, "history", rec->name,
	        str_z(a, str_fmt(a, "Read what changed in one %s, when and by whom", rec->name)));
	open_answer(j, "200", "The newest first", "application/json");
	pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("data"));
	json_end(j);
	open_key(j, "properties");
	open_key(j, "data");
	pair(j, "type", "array");
	open_key(j, "items");
	refer(j, "schemas", "Event");
	for (int i = 0; i < 3; i++)
		json_end(j);
	close_answer(j, true);
}

static void
put_record_paths(struct json *j, struct arena *a, const struct record *rec)
{
	open_key(j, str_z(a, str_fmt(a, "/api/v1/%s", rec->api)));
	put_list(j, a, rec);
	if (rec->api_write)
		put_create(j, a, rec);
	json_end(j);
	open_key(j, str_z(a, str_fmt(a, "/api/v1/%s/{id}", rec->api)));
	put_path_id(j);
	put_get(j, a, rec);
	if (rec->api_write) {
		put_update(j, a, rec);
		put_delete(j, a, rec);
	}
	json_end(j);
	open_key(j, str_z(a, str_fmt(a, "/api/v1/%s/{id}/history", rec->api)));
	put_path_id(j);
	put_history(j, a, rec);
	json_end(j);
}

/* ---- acts of pages ---- */

static bool
is_act(const struct route *x)
{
	return x->method == HTTP_POST && !x->any_kind && x->policy != POLICY_LINK && x->policy != POLICY_PUBLIC &&
	       strncmp(x->path, "/api/", 5) != 0;
}

/* "/deals/:/move" → "/deals/{id}/move"; the second id is {id2}, a word {word}. */
static const char *
template_path(struct arena *a, const char *path, int *ret_n)
{
	str rest = str_from(str_of(path), 1), one, all = { 0 };

	*ret_n = 0;
	while (rest.n) {
		str_cut(rest, '/', &one, &rest);
		bool variable = str_eq(one, STR(":")) || str_eq(one, STR("*"));
		if (variable)
			all = str_fmt(a, "%.*s/{part%d}", STR_ARG(all), ++*ret_n);
		else
			all = str_fmt(a, "%.*s/%.*s", STR_ARG(all), STR_ARG(one));
	}
	return str_z(a, all);
}

static void
put_act(struct json *j, struct arena *a, const struct route *x)
{
	int n;
	const char *path = template_path(a, x->path, &n);

	open_key(j, path);
	open_operation(j, a, "post", "Acts", "act", path, x->what);
	json_key(j, "parameters");
	json_array(j);
	for (int i = 1; i <= n; i++)
		put_parameter(j, "path", str_z(a, str_fmt(a, "part%d", i)), "string", "The id or word at this place");
	put_idempotency(j);
	json_end(j);
	put_body(j, a, NULL);
	open_answer(j, "200", "Done", "application/json");
	refer(j, "schemas", "Done");
	close_answer(j, true);
	json_end(j);
}

static void
put_head(struct json *j, const struct request *r)
{
	pair(j, "openapi", "3.1.0");
	open_key(j, "info");
	pair(j, "title", "Ridealong");
	json_key(j, "version");
	json_str(j, r->env->version);
	pair(j, "description",
	        "Sales management that starts at the top. Every record is read and written under the same "
	        "rights and rules as in the pages.");
	open_key(j, "license");
	pair(j, "name", "AGPL-3.0-or-later");
	pair(j, "identifier", "AGPL-3.0-or-later");
	json_end(j);
	open_key(j, "contact");
	pair(j, "name", "The administrator of this server");
	json_end(j);
	json_end(j);
	json_key(j, "servers");
	json_array(j);
	json_object(j);
	pair(j, "url", "/");
	json_end(j);
	json_end(j);
	json_key(j, "security");
	json_array(j);
	for (int i = 0; i < 2; i++) {
		json_object(j);
		json_key(j, i ? "session" : "token");
		json_array(j);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void
put_tags(struct json *j)
{
	json_key(j, "tags");
	json_array(j);
	for (size_t i = 0; record_all[i]; i++)
		if (record_all[i]->api) {
			json_object(j);
			pair(j, "name", record_all[i]->plural);
			pair(j, "description", record_all[i]->purpose ? record_all[i]->purpose : record_all[i]->plural);
			json_end(j);
		}
	json_object(j);
	pair(j, "name", "Acts");
	pair(j, "description", "What a page's button does, with its checks: a JSON object instead of the form");
	json_end(j);
	json_end(j);
}

enum err
api_description(struct request *r)
{
	struct json j;

	page_type(r, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_object(&j);
	put_head(&j, r);
	put_tags(&j);
	open_key(&j, "paths");
	for (size_t i = 0; record_all[i]; i++)
		if (record_all[i]->api)
			put_record_paths(&j, r->arena, record_all[i]);
	for (const struct route *x = r->env->routes; x->path; x++)
		if (is_act(x))
			put_act(&j, r->arena, x);
	json_end(&j);
	put_components(&j, r);
	json_end(&j);
	return OK;
}
