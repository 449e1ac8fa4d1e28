/* The API's description, OpenAPI 3.1, written from the records' descriptions and the route table, so that it cannot
   fall behind them. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/spec.h"
#include "record/own.h"

/* ---- schemas ---- */

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
	spec_pair(j, "format", "int64");
	if (!f->greatest)
		return;
	json_key(j, "minimum");
	json_int(j, f->least);
	json_key(j, "maximum");
	json_int(j, f->greatest);
}

void
spec_kind(struct json *j, const struct field *f)
{
	bool null = !f->required || f->own; /* a row may be older than the field */

	switch (f->kind) {
	case F_TEXT:
	case F_LONG:
		spec_type(j, "string", null);
		put_text_limits(j, f);
		break;
	case F_REF:
		spec_type(j, "string", null);
		spec_pair(j, "pattern", "^[0-9a-z]{11}$");
		break;
	case F_MONEY:
	case F_INT:
		spec_type(j, "integer", null);
		put_number_limits(j, f);
		break;
	case F_DECIMAL:
		spec_type(j, "number", null);
		break;
	case F_DAY:
		spec_type(j, "string", null);
		spec_pair(j, "format", "date");
		break;
	case F_INSTANT:
		spec_type(j, "string", null);
		spec_pair(j, "format", "date-time");
		break;
	case F_BOOL:
		spec_type(j, "boolean", f->own != NULL);
		break;
	case F_CHOICE:
		spec_type(j, "string", null);
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
	spec_open(j, f->name);
	spec_kind(j, f);
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
	spec_open(j, "id");
	spec_pair(j, "type", "string");
	spec_pair(j, "pattern", "^[0-9a-z]{11}$");
	json_key(j, "readOnly");
	json_bool(j, true);
	json_end(j);
	spec_open(j, "version");
	spec_pair(j, "type", "integer");
	spec_pair(j, "format", "int64");
	spec_pair(j, "description", "Grows by one with each change; a change needs the one that was read");
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

	spec_open(j, "patternProperties");
	spec_open(j, "^f[0-9a-z]{11}$");
	spec_pair(j, "description", "A field of the company's own, described at /api/v1/own-fields");
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
	spec_open(j, str_z(a, str_fmt(a, "%s%s", spec_camel(a, rec->name), reading ? "" : "Fields")));
	spec_pair(j, "type", "object");
	if (rec->purpose)
		spec_pair(j, "description", rec->purpose);
	put_required(j, rec, reading);
	json_key(j, "additionalProperties");
	json_bool(j, false);
	spec_open(j, "properties");
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
	spec_open(j, name);
	spec_pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	for (const char *const *f = fields; *f; f++)
		json_str(j, str_of(*f));
	json_end(j);
	spec_open(j, "properties");
	for (const char *const *f = fields; *f; f++) {
		spec_open(j, *f);
		spec_pair(j, "type", "string");
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static void
put_problem(struct json *j)
{
	static const char *const texts[] = { "type", "code", "title", "detail", NULL };

	spec_open(j, "Problem");
	spec_pair(j, "type", "object");
	spec_pair(j, "description", "What happened, and at each place what is wrong and how to mend it (RFC 9457)");
	json_key(j, "required");
	json_array(j);
	for (const char *const *t = texts; *t; t++)
		json_str(j, str_of(*t));
	json_str(j, STR("status"));
	json_str(j, STR("errors"));
	json_end(j);
	spec_open(j, "properties");
	for (const char *const *t = texts; *t; t++) {
		spec_open(j, *t);
		spec_pair(j, "type", "string");
		json_end(j);
	}
	spec_open(j, "status");
	spec_pair(j, "type", "integer");
	json_end(j);
	spec_open(j, "errors");
	spec_pair(j, "type", "array");
	spec_open(j, "items");
	spec_refer(j, "schemas", "Fault");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
put_act_answer(struct json *j)
{
	spec_open(j, "Done");
	spec_pair(j, "type", "object");
	spec_pair(j, "description",
	        "What an act did: the page that shows it, and the change set, which /undo/{id} takes back");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("to"));
	json_str(j, STR("change_set"));
	json_end(j);
	spec_open(j, "properties");
	for (int i = 0; i < 2; i++) {
		spec_open(j, i ? "change_set" : "to");
		spec_type(j, "string", true);
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

	spec_open(j, "components");
	spec_open(j, "securitySchemes");
	spec_open(j, "token");
	spec_pair(j, "type", "http");
	spec_pair(j, "scheme", "bearer");
	spec_pair(j, "description", "ridealong token NAME --scopes \"read write\"");
	json_end(j);
	spec_open(j, "session");
	spec_pair(j, "type", "apiKey");
	spec_pair(j, "in", "cookie");
	spec_pair(j, "name", "__Host-ridealong");
	spec_pair(j, "description", "A browser's session; writing wants the header X-CSRF as well");
	json_end(j);
	json_end(j);
	spec_open(j, "schemas");
	put_problem(j);
	put_text_schema(j, "Fault", fault);
	put_text_schema(j, "Event", event);
	put_act_answer(j);
	spec_report_schemas(j);
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
	spec_open(j, "responses");
	spec_open(j, "Problem");
	spec_pair(j, "description", "It was refused, and nothing was changed");
	spec_open(j, "content");
	spec_open(j, "application/problem+json");
	spec_open(j, "schema");
	spec_refer(j, "schemas", "Problem");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

/* ---- operations ---- */

static void
put_body(struct json *j, struct arena *a, const struct record *rec)
{
	spec_open(j, "requestBody");
	json_key(j, "required");
	json_bool(j, true);
	spec_open(j, "content");
	spec_open(j, "application/json");
	spec_open(j, "schema");
	spec_refer(j, "schemas", str_z(a, str_fmt(a, "%sFields", spec_camel(a, rec->name))));
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
			spec_parameter(j, "query", f->name, "string",
			        str_z(a, str_fmt(a,
			                         "Only those where %s %s; with .is, .not, .least, .most, .has, .none, "
			                         ".any or .below behind the name another comparison",
			                         f->label, f->fold ? "holds this" : "is this")));
	}
	if (rec->marks)
		spec_parameter(j, "query", rec->marks->name, "string",
		        str_z(a, str_fmt(a,
		                         "Only those with this %s; with .not, .has, .none or .any behind the name "
		                         "another "
		                         "comparison",
		                         rec->marks->of->label)));
}

static void
put_list(struct json *j, struct arena *a, const struct record *rec)
{
	spec_operation(j, a, "get", rec->plural, "list", rec->plural,
	        str_z(a, str_fmt(a, "List %s you may see", rec->plural)));
	json_key(j, "parameters");
	json_array(j);
	spec_parameter(j, "query", "limit", "integer", "Rows wanted, 1 to 500; 50 without it");
	spec_parameter(j, "query", "after", "string", "What the page before gave as next");
	spec_parameter(j, "query", "sort", "string", "A field to sort by, with - in front the other way round");
	spec_parameter(j, "query", "count", "string", "true: count all that match");
	spec_parameter(j, "query", "format", "string", "csv instead of JSON");
	put_filters(j, a, rec);
	json_end(j);
	spec_answer(j, "200", "A page of them, newest first unless sorted", "application/json");
	spec_pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("data"));
	json_str(j, STR("next"));
	json_end(j);
	spec_open(j, "properties");
	spec_open(j, "data");
	spec_pair(j, "type", "array");
	spec_open(j, "items");
	spec_refer(j, "schemas", spec_camel(a, rec->name));
	json_end(j);
	json_end(j);
	spec_open(j, "next");
	spec_type(j, "string", true);
	json_end(j);
	spec_open(j, "count");
	spec_pair(j, "type", "integer");
	json_end(j);
	json_end(j);
	spec_or_csv(j);
	spec_answer_end(j, true);
}

static void
put_one_answer(struct json *j, struct arena *a, const struct record *rec, const char *status, const char *text)
{
	spec_answer(j, status, text, "application/json");
	spec_refer(j, "schemas", spec_camel(a, rec->name));
	spec_answer_end(j, true);
}

static void
put_create(struct json *j, struct arena *a, const struct record *rec)
{
	spec_operation(j, a, "post", rec->plural, "create", rec->name, str_z(a, str_fmt(a, "Add a %s", rec->name)));
	json_key(j, "parameters");
	json_array(j);
	spec_idempotency(j);
	json_end(j);
	put_body(j, a, rec);
	put_one_answer(j, a, rec, "201", "Added, as it is stored now");
}

static void
put_path_id(struct json *j)
{
	json_key(j, "parameters");
	json_array(j);
	spec_parameter(j, "path", "id", "string", "The id as it was read");
	json_end(j);
}

static void
put_get(struct json *j, struct arena *a, const struct record *rec)
{
	spec_operation(j, a, "get", rec->plural, "get", rec->name, str_z(a, str_fmt(a, "Read one %s", rec->name)));
	put_one_answer(j, a, rec, "200", "As it is stored now");
}

static void
put_update(struct json *j, struct arena *a, const struct record *rec)
{
	spec_operation(j, a, "patch", rec->plural, "update", rec->name,
	        str_z(a, str_fmt(a, "Change fields of one %s; the others stay", rec->name)));
	json_key(j, "parameters");
	json_array(j);
	spec_idempotency(j);
	json_end(j);
	spec_open(j, "requestBody");
	json_key(j, "required");
	json_bool(j, true);
	spec_open(j, "content");
	spec_open(j, "application/json");
	spec_open(j, "schema");
	spec_pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("version"));
	json_end(j);
	spec_open(j, "properties");
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
	spec_operation(j, a, "delete", rec->plural, "remove", rec->name,
	        str_z(a, str_fmt(a, "Remove one %s, unless others refer to it", rec->name)));
	json_key(j, "parameters");
	json_array(j);
	spec_parameter(j, "query", "version", "integer", "The version that was read; it is needed");
	spec_idempotency(j);
	json_end(j);
	spec_answer(j, "204", "Removed; the history keeps it", NULL);
	spec_answer_end(j, false);
}

static void
put_history(struct json *j, struct arena *a, const struct record *rec)
{
	spec_operation(j, a, "get", rec->plural, "history", rec->name,
	        str_z(a, str_fmt(a, "Read what changed in one %s, when and by whom", rec->name)));
	spec_answer(j, "200", "The newest first", "application/json");
	spec_pair(j, "type", "object");
	json_key(j, "required");
	json_array(j);
	json_str(j, STR("data"));
	json_end(j);
	spec_open(j, "properties");
	spec_open(j, "data");
	spec_pair(j, "type", "array");
	spec_open(j, "items");
	spec_refer(j, "schemas", "Event");
	for (int i = 0; i < 3; i++)
		json_end(j);
	spec_answer_end(j, true);
}

static void
put_record_paths(struct json *j, struct arena *a, const struct record *rec)
{
	spec_open(j, str_z(a, str_fmt(a, "/api/v1/%s", rec->api)));
	put_list(j, a, rec);
	if (rec->api_write)
		put_create(j, a, rec);
	json_end(j);
	spec_open(j, str_z(a, str_fmt(a, "/api/v1/%s/{id}", rec->api)));
	put_path_id(j);
	put_get(j, a, rec);
	if (rec->api_write) {
		put_update(j, a, rec);
		put_delete(j, a, rec);
	}
	json_end(j);
	spec_open(j, str_z(a, str_fmt(a, "/api/v1/%s/{id}/history", rec->api)));
	put_path_id(j);
	put_history(j, a, rec);
	json_end(j);
}

static void
put_head(struct json *j, const struct request *r)
{
	spec_pair(j, "openapi", "3.1.0");
	spec_open(j, "info");
	spec_pair(j, "title", "Ridealong");
	json_key(j, "version");
	json_str(j, r->env->version);
	spec_pair(j, "description",
	        "Sales management that starts at the top. Every record is read and written under the same "
	        "rights and rules as in the pages.");
	spec_open(j, "license");
	spec_pair(j, "name", "AGPL-3.0-or-later");
	spec_pair(j, "identifier", "AGPL-3.0-or-later");
	json_end(j);
	spec_open(j, "contact");
	spec_pair(j, "name", "The administrator of this server");
	json_end(j);
	json_end(j);
	json_key(j, "servers");
	json_array(j);
	json_object(j);
	spec_pair(j, "url", "/");
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
			spec_pair(j, "name", record_all[i]->plural);
			spec_pair(j, "description",
			        record_all[i]->purpose ? record_all[i]->purpose : record_all[i]->plural);
			json_end(j);
		}
	json_object(j);
	spec_pair(j, "name", "Reports");
	spec_pair(j, "description", "Figures of pages, under the rights of whoever asks, each with its n");
	json_end(j);
	json_object(j);
	spec_pair(j, "name", "Acts");
	spec_pair(j, "description", "What a page's button does, with its checks: a JSON object instead of the form");
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
	spec_open(&j, "paths");
	for (size_t i = 0; record_all[i]; i++)
		if (record_all[i]->api)
			put_record_paths(&j, r->arena, record_all[i]);
	spec_reports(&j, r->arena, r->env->reports);
	spec_acts(&j, r);
	json_end(&j);
	put_components(&j, r);
	json_end(&j);
	return OK;
}
