/* Reports in the API's description: one path each, one schema for all, since all are said by the same function.
   What it is not for: which there are, and their figures (app/report.h). */
#include <string.h>

#include "api/spec.h"

static void
put_types(struct json *j)
{
	static const char *const types[] = { "number", "string", "null" };

	json_key(j, "type");
	json_array(j);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		json_str(j, str_of(types[i]));
	json_end(j);
}

static void
put_value(struct json *j, const char *name, const char *text)
{
	spec_open(j, name);
	put_types(j);
	spec_pair(j, "description", text);
	json_end(j);
}

static void
put_required(struct json *j, const char *names)
{
	str rest = str_of(names), one;

	json_key(j, "required");
	json_array(j);
	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		json_str(j, one);
	}
	json_end(j);
}

static void
put_typed(struct json *j, const char *name, const char *type, bool null, const char *text)
{
	spec_open(j, name);
	spec_type(j, type, null);
	spec_pair(j, "description", text);
	json_end(j);
}

static void
put_metric(struct json *j)
{
	spec_open(j, "Metric");
	spec_pair(j, "type", "object");
	spec_pair(j, "description", "A figure with its n; null is not known, which is not 0");
	put_required(j, "label value n");
	json_key(j, "additionalProperties");
	json_bool(j, false);
	spec_open(j, "properties");
	put_typed(j, "label", "string", false, "In words");
	put_value(j, "value", "The figure");
	put_typed(j, "n", "integer", false, "Records it was counted from");
	put_typed(j, "low", "number", true, "Lower end of the 95 % interval");
	put_typed(j, "high", "number", true, "Upper end of the 95 % interval");
	put_typed(j, "n_list_price", "integer", false, "Of n, those whose amount is their product's list price");
	put_typed(j, "unit", "string", false, "minor: an amount in minor units of the report's currency");
	json_end(j);
	json_end(j);
}

static void
put_day(struct json *j, const char *name, const char *text)
{
	spec_open(j, name);
	spec_type(j, "string", true);
	spec_pair(j, "format", "date");
	spec_pair(j, "description", text);
	json_end(j);
}

/* Rows of a table: columns by name, which differ by report and by what it was asked to be split by. */
static void
put_rows(struct json *j, const char *name, const char *text)
{
	spec_open(j, name);
	spec_pair(j, "type", "array");
	spec_pair(j, "description", text);
	spec_open(j, "items");
	spec_pair(j, "type", "object");
	spec_open(j, "additionalProperties");
	put_types(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
put_report(struct json *j)
{
	spec_open(j, "Report");
	spec_pair(j, "type", "object");
	spec_pair(
	        j, "description", "Figures of one time, of one person's line or the company, as far as you may see it");
	put_required(j, "report as_of from to currency minor_digits person metrics");
	json_key(j, "additionalProperties");
	json_bool(j, false);
	spec_open(j, "properties");
	put_typed(j, "report", "string", false, "Its name");
	put_day(j, "as_of", "Nothing after it counts");
	put_day(j, "from", "The first day; later than the one asked for where a works agreement bounds it");
	put_day(j, "to", "The last day");
	put_typed(j, "currency", "string", false, "Of all amounts");
	put_typed(j, "minor_digits", "integer", false, "12500 is 125.00 where it is 2");
	put_typed(j, "person", "string", true, "Whose figures; null: the company's");
	spec_open(j, "metrics");
	spec_pair(j, "type", "object");
	spec_open(j, "additionalProperties");
	spec_refer(j, "schemas", "Metric");
	json_end(j);
	json_end(j);
	put_rows(j, "rows", "The table, where the report has one");
	put_rows(j, "stages", "What is open, by stage");
	json_end(j);
	json_end(j);
}

static void
put_entry(struct json *j)
{
	spec_open(j, "ReportEntry");
	spec_pair(j, "type", "object");
	put_required(j, "name what address page by");
	spec_open(j, "properties");
	put_typed(j, "name", "string", false, "Its name");
	put_typed(j, "what", "string", false, "What it tells");
	put_typed(j, "address", "string", false, "Where it is read");
	put_typed(j, "page", "string", true, "The page that shows the same");
	spec_open(j, "by");
	spec_pair(j, "type", "array");
	spec_open(j, "items");
	spec_pair(j, "type", "string");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

void
spec_report_schemas(struct json *j)
{
	put_metric(j);
	put_report(j);
	put_entry(j);
}

static void
put_list(struct json *j, struct arena *a)
{
	spec_open(j, "/api/v1/reports");
	spec_operation(j, a, "get", "Reports", "list", "reports", "List the reports");
	spec_answer(j, "200", "All of them", "application/json");
	spec_pair(j, "type", "object");
	put_required(j, "data");
	spec_open(j, "properties");
	spec_open(j, "data");
	spec_pair(j, "type", "array");
	spec_open(j, "items");
	spec_refer(j, "schemas", "ReportEntry");
	json_end(j);
	json_end(j);
	json_end(j);
	spec_answer_end(j, true);
	json_end(j);
}

static void
put_one(struct json *j, struct arena *a, const struct api_report *x)
{
	spec_open(j, str_z(a, str_fmt(a, "/api/v1/reports/%s", x->name)));
	spec_operation(j, a, "get", "Reports", "report", x->name, x->what);
	json_key(j, "parameters");
	json_array(j);
	spec_parameter(j, "query", "person", "string",
	        "The id of whoever's line is meant, or all; without it as the page of the report chooses");
	spec_parameter(j, "query", "from", "string", "The first day, as 2026-10-01");
	spec_parameter(j, "query", "to", "string", "The last day");
	spec_parameter(j, "query", "as_of", "string", "Read as of this day: nothing after it counts");
	if (x->by)
		spec_parameter(j, "query", "by", "string",
		        str_z(a, str_fmt(a, "A table, split by: %s; several with commas between", x->by)));
	spec_parameter(j, "query", "format", "string", "csv instead of json");
	json_end(j);
	spec_answer(j, "200", "The figures, and a table where there is one", "application/json");
	spec_refer(j, "schemas", "Report");
	spec_or_csv(j);
	spec_answer_end(j, true);
	json_end(j);
}

void
spec_reports(struct json *j, struct arena *a, const struct api_report *reports)
{
	if (!reports)
		return;
	put_list(j, a);
	for (const struct api_report *x = reports; x->name; x++)
		put_one(j, a, x);
}
