/* Reports in the JSON API (I1): the figures of pages and of the command line, under the rights of whoever asks (O5).
   What it is not for: figures (report*.c), or how they are written (report_say.c). */
#include "api/api.h"
#include "app/report.h"
#include "app/routes.h"
#include "json/json.h"

/* ---- which there are ---- */

static void
put_words(struct json *j, const char *words)
{
	str rest = str_of(words ? words : ""), one;

	json_array(j);
	while (rest.n) {
		str_cut(rest, ' ', &one, &rest);
		json_str(j, one);
	}
	json_end(j);
}

static enum err
report_list(struct request *r)
{
	struct json j;

	page_type(r, STR("application/json"));
	json_init(&j, &r->answer->body);
	json_object(&j);
	json_key(&j, "data");
	json_array(&j);
	for (const struct report_kind *k = report_kinds; k->name; k++) {
		json_object(&j);
		json_key(&j, "name");
		json_str(&j, str_of(k->name));
		json_key(&j, "what");
		json_str(&j, str_of(k->what));
		json_key(&j, "address");
		json_str(&j, str_fmt(r->arena, "/api/v1/reports/%s", k->name));
		json_key(&j, "page");
		if (k->page)
			json_str(&j, str_of(k->page));
		else
			json_null(&j);
		json_key(&j, "by");
		put_words(&j, k->by);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	return OK;
}

const struct api_report *
report_described(struct arena *a)
{
	size_t n = 0;

	while (report_kinds[n].name)
		n++;
	struct api_report *all = arena_new(a, struct api_report, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct api_report){ report_kinds[i].name, report_kinds[i].what, report_kinds[i].by };
	all[n] = (struct api_report){ 0 };
	return all;
}

/* ---- one ---- */

static void
read_day(struct request *r, const char *name, str text, day *ret)
{
	if (text.n && !day_parse(text, ret))
		fault_add(&r->faults, str_of(name), STR("is not a day"), STR("write it as 2026-12-31"));
}

/* An id; "all" is the company. */
static enum err
read_person(struct request *r, str text, struct report *x)
{
	if (str_eq(text, STR("all"))) {
		x->all = true;
		return OK;
	}
	if (!text.n)
		return OK;
	if (!id_parse(text, &x->scope.person))
		return fault_add(&r->faults, STR("person"), STR("is no id"), STR("write the id of a person, or all"));
	x->person_name = page_name(r, "person", x->scope.person);
	return x->person_name.n ? OK : ERR_ABSENT;
}

static void
read_by(struct request *r, str text, struct report *x)
{
	str wrong = { 0 };

	if (report_by(x->kind, text, &x->by, &x->by_other, &wrong) != OK)
		fault_add(&r->faults, STR("by"), str_fmt(r->arena, "“%.*s” is not known here", STR_ARG(wrong)),
		        x->kind->by ? str_fmt(r->arena, "write one of: %s", x->kind->by) : STR("leave it out"));
}

static void
read_format(struct request *r, str text, struct report *x)
{
	x->format = text;
	if (!str_eq(text, STR("json")) && !str_eq(text, STR("csv")))
		fault_add(&r->faults, STR("format"), STR("is not known"), STR("write json or csv"));
}

static enum err
read_parameter(struct request *r, const struct http_pair *p, struct report *x)
{
	if (str_eq(p->name, STR("person")))
		return read_person(r, p->value, x);
	if (str_eq(p->name, STR("from")))
		read_day(r, "from", p->value, &x->scope.from);
	else if (str_eq(p->name, STR("to")))
		read_day(r, "to", p->value, &x->scope.to);
	else if (str_eq(p->name, STR("as_of")))
		read_day(r, "as_of", p->value, &x->scope.as_of);
	else if (str_eq(p->name, STR("by")))
		read_by(r, p->value, x);
	else if (str_eq(p->name, STR("format")))
		read_format(r, p->value, x);
	else
		fault_add(&r->faults, p->name, STR("is no parameter of a report"),
		        STR("there are person, from, to, as_of, by and format"));
	return OK;
}

static enum err
read_query(struct request *r, struct report *x)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < r->http->n_params; i++)
		e = read_parameter(r, &r->http->params[i], x);
	if (day_is(x->scope.from) && day_is(x->scope.to) && x->scope.from.n > x->scope.to.n)
		fault_add(&r->faults, STR("to"), STR("is before the first day"), STR("choose a later one"));
	if (!x->format.n)
		x->format = str_starts(http_header(r->http, "Accept"), STR("text/csv")) ? STR("csv") : STR("json");
	return r->faults.n ? ERR_INPUT : e;
}

static void
start(struct request *r, struct report *x)
{
	*x = (struct report){ .arena = r->arena,
		.grant = &r->grant,
		.faults = &r->faults,
		.kind = report_kind_of(r->words[0]),
		.limits = true,
		.asker = r->actor.person,
		.asker_leads = r->actor.leads,
		.asker_heads = r->actor.head,
		.reading = day_is(r->actor.as_of) ? r->actor.as_of : zone_day(page_zone(r), now()),
		.scope = { .from = DAY_NONE, .to = DAY_NONE, .as_of = r->today, .currency = r->actor.currency } };
}

static enum err
report_one(struct request *r)
{
	struct report *x = arena_new(r->arena, struct report, 1);
	enum err e;

	start(r, x);
	if (!x->kind)
		return ERR_ABSENT;
	e = read_query(r, x);
	if (e == OK)
		e = report_run(r->conn, x);
	if (e != OK)
		return e;
	if (x->scope.person && !x->person_name.n)
		x->person_name = page_name(r, "person", x->scope.person);
	page_type(r, str_eq(x->format, STR("csv")) ? STR("text/csv; charset=utf-8") : STR("application/json"));
	report_say(x, &r->answer->body);
	return OK;
}

/* Before the records': "commitments" could be an id. */
const struct route report_routes[] = {
	{ HTTP_GET, "/api/v1/reports", POLICY_SIGNED_IN, report_list, NULL, "List the reports", false },
	{ HTTP_GET, "/api/v1/reports/*", POLICY_SIGNED_IN, report_one, NULL, "Read a report as JSON or CSV", false },
	{ HTTP_GET, NULL, POLICY_NONE, NULL, NULL, NULL, false },
};
