/* ridealong report: figures for people and programs, the same that pages show.
   What it is not for: computing them (areas/, stats/), or saying them (report_say.c). */
#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/report.h"
#include "base/out.h"

struct asking {
	struct command_line *line;
	struct report r;
};

static enum err
find_person(struct conn *c, struct arena *a, struct report *r)
{
	bool mail = str_find_byte(r->person_name, '@') != SIZE_MAX;
	struct rows rows;
	enum err e = db_query(c, a,
	        mail ? "select id, name from person where org_id = $1 and lower(email) = lower($2) order by id limit 2"
	             : "select id, name from person where org_id = $1 and name_key = $2 order by id limit 2",
	        DB_ARGS(DB_I(r->grant->org), DB_T(mail ? r->person_name : str_fold(a, r->person_name))), &rows);
	int n = 0;

	while (e == OK && db_next(&rows) && n++ == 0) {
		r->scope.person = db_int(&rows, 0);
		r->person_name = db_text(&rows, 1);
	}
	if (e == OK)
		e = db_end(&rows);
	if (e == OK && n == 0)
		return report_fault(r, "person", str_fmt(a, "nobody is called “%.*s”", STR_ARG(r->person_name)),
		        STR("write the whole name, or the e-mail"));
	if (e == OK && n > 1)
		return report_fault(r, "person", str_fmt(a, "two people are called “%.*s”", STR_ARG(r->person_name)),
		        STR("name the e-mail"));
	return e;
}

static enum err
work(struct conn *c, struct arena *a, void *what)
{
	struct asking *ask = what;
	struct report *r = &ask->r;
	const struct actor *who = &ask->line->actor;
	const struct zone *z = zone_find(who->zone_name);
	enum err e = r->person_name.n ? find_person(c, a, r) : OK;

	r->scope.currency = who->currency;
	r->reading = day_is(who->as_of) ? who->as_of : zone_day(z ? z : zone_utc(), now());
	if (!day_is(r->scope.as_of))
		r->scope.as_of = r->reading;
	return e == OK ? report_run(c, r) : e;
}

static bool
read_day(struct command_line *c, const char *name, day *ret)
{
	str text = command_option(c, name);

	*ret = DAY_NONE;
	if (!text.n || day_parse(text, ret))
		return true;
	fprintf(stderr, "ridealong report: --%s “%.*s” is not a day; write it as 2017-12-31\n", name, STR_ARG(text));
	return false;
}

static bool
read_by(struct command_line *c, unsigned *ret, str *ret_other)
{
	str wrong = { 0 };

	for (size_t i = 0; i < c->n_options; i++)
		if (str_eq(c->options[i].name, STR("by")) &&
		        report_by(NULL, c->options[i].value, ret, ret_other, &wrong) != OK) {
			fprintf(stderr,
			        "ridealong report: --by “%.*s” is not known; use office, manager, person or "
			        "quarter; stage of conversion, step of process, reason or trait of win-loss, day of "
			        "survival\n",
			        STR_ARG(wrong));
			return false;
		}
	return true;
}

static void
print(struct report *r)
{
	struct out o;

	out_init(&o, 0);
	report_say(r, &o);
	for (const struct out_block *b = o.first; b; b = b->next)
		fwrite(b->data, 1, b->n, stdout);
	out_fini(&o);
}

static int
report(struct command_line *c)
{
	struct asking ask = { .line = c,
		.r = { .arena = c->arena,
		        .grant = &c->grant,
		        .faults = &c->faults,
		        .kind = c->n_words == 1 ? report_kind_of(c->words[0]) : NULL,
		        .person_name = command_option(c, "person"),
		        .format = command_option(c, "format") } };
	struct report *r = &ask.r;
	enum err e;

	if (!r->kind)
		return command_misuse(&commands_report[0], "name one report");
	if (!r->format.n)
		r->format = STR("text");
	if (!str_eq(r->format, STR("text")) && !str_eq(r->format, STR("json")) && !str_eq(r->format, STR("csv")))
		return command_misuse(&commands_report[0], "--format is json, csv or text");
	if (!read_day(c, "as-of", &r->scope.as_of) || !read_day(c, "from", &r->scope.from) ||
	        !read_day(c, "to", &r->scope.to) || !read_by(c, &r->by, &r->by_other))
		return 2;
	if (day_is(r->scope.from) && day_is(r->scope.to) && r->scope.from.n > r->scope.to.n) {
		fprintf(stderr, "ridealong report: --from is after --to; nothing lies between them\n");
		return 2;
	}
	e = db_read(c->db, c->arena, work, &ask);
	if (e != OK)
		return command_fail(c, e, "report");
	print(r);
	return 0;
}

const struct command commands_report[] = {
	{ "report", NEED_COMPANY, report, "db= as-of= person= from= to= by= format=",
	        "usage: ridealong report KIND [--as-of 2017-12-31] [--from DAY] [--to DAY] [--person NAME|E-MAIL]\n"
	        "         [--by WHAT …] [--format json|csv|text] --db URL\n"
	        "KIND: "
	        "sales-summary|revenue|pipeline|coaching|commitments|gap|conversion|velocity|forecast|win-loss|people|"
	        "survival|process|trace|scorecard|observers|coaching-effect|campaigns\n"
	        "--by: revenue by office, manager, person, quarter; conversion by stage; velocity by quarter;\n"
	        "      forecast by person; win-loss by reason, trait; survival by day; process by step, person;\n"
	        "      scorecard by person: a leader and those next below\n"
	        "      observers: agreement of two who saw the same, per rubric and observer\n"
	        "      coaching-effect: behaviour seen afterwards and later deals, by coach, programme and skill\n"
	        "      campaigns: what each brought, with the time to first touch and what its deals won\n" },
	{ NULL, NEED_NOTHING, NULL, NULL, NULL },
};
