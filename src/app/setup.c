#include "app/setup.h"

#include <string.h>

#include "areas/coaching/coaching.h"
#include "areas/coaching/framework.h"
#include "areas/coaching/rubric.h"
#include "areas/people/people.h"
#include "areas/process/standard.h"

static const struct {
	const char *name, *question, *role;
	const char *stage; /* of the standard process, that it shows in (C9) */
} skills[] = {
	{ "Finding the problem", "What did they say it costs them?", "seller", "Discover" },
	{ "Reaching the person who decides", "Who signs, and what do they care about?", "seller", "Validate" },
	{ "Asking instead of telling", "Which question made them think?", "seller", "Qualify" },
	{ "Agreeing on a next step", "What did they commit to, and by when?", "seller", "Qualify" },
	{ "Talking about money", "When was the price first said aloud?", "seller", "Propose" },
	{ "Handling a no", "What was behind the no?", "seller", "Propose" },
	{ "Planning the week", "Which hour will you protect?", "seller", NULL },
	{ "Coaching by questions", "Where did you stop yourself from giving the answer?", "manager", NULL },
	{ "Preparing a one-to-one", "What evidence did you bring?", "manager", NULL },
	{ "Holding to a commitment", "What did you say when it was missed?", "manager", NULL },
};

static enum err
make_skills(struct change *c, id process)
{
	enum { N = sizeof skills / sizeof *skills };
	struct skill all[N];
	void *each[N];
	struct stage *stages;
	size_t n;
	enum err e = process_stages(c->conn, c->arena, c->grant->org, process, &stages, &n);

	for (size_t i = 0; e == OK && i < N; i++) {
		record_init(&skill_record, &all[i]);
		all[i].name = str_of(skills[i].name);
		all[i].question = str_of(skills[i].question);
		all[i].role = str_of(skills[i].role);
		all[i].position = (int64_t)i + 1;
		for (size_t k = 0; skills[i].stage && k < n; k++)
			if (str_eq(stages[k].name, str_of(skills[i].stage)))
				all[i].stage = stages[k].row.id;
		each[i] = &all[i];
	}
	return e == OK ? record_save_many(c, &skill_record, each, N) : e;
}

static enum err
make_company(struct change *c, void *what)
{
	struct setup *s = what;
	struct company o;
	id process;
	int64_t frameworks, rubrics;
	enum err e;

	record_init(&company_record, &o);
	o.row.id = s->org;
	o.name = s->name;
	o.currency = s->currency;
	o.zone = s->zone;
	o.profile = 1; /* open (O5) */
	o.profile_from = c->today;
	o.sample = s->sample;
	e = record_save(c, &company_record, &o);
	if (e == OK)
		e = process_make_standard(c, &process);
	if (e == OK)
		e = make_skills(c, process);
	if (e == OK)
		e = framework_take_ready(c, &frameworks);
	if (e == OK)
		e = rubric_take_ready(c, &rubrics);
	if (e == OK)
		e = login_make(c->conn, c->arena, s->org, s->email, 0, true, &s->ret_login);
	if (e == ERR_DUPLICATE)
		e = fault_add(
		        c->faults, STR("email"), STR("has a sign-in here already"), STR("sign in, or choose another"));
	return e;
}

static void
check(struct arena *a, struct setup *s, struct faults *f)
{
	char code[4];

	s->name = str_trim(s->name);
	s->email = str_trim(s->email);
	if (!s->name.n)
		fault_add(f, STR("company"), STR("is missing"), STR("write the name of your company"));
	if (!money_code(str_trim(s->currency), code))
		fault_add(f, STR("currency"), str_fmt(a, "“%.*s” is no currency", STR_ARG(s->currency)),
		        STR("write three letters, as EUR"));
	else
		s->currency = str_copy(a, str_of(code));
	if (!zone_find(s->zone))
		fault_add(f, STR("zone"), str_fmt(a, "“%.*s” is no time zone", STR_ARG(s->zone)),
		        STR("write it as Europe/Berlin"));
	if (str_find_byte(s->email, '@') == SIZE_MAX || str_find_byte(s->email, ' ') != SIZE_MAX)
		fault_add(f, STR("email"), STR("is not an e-mail address"), STR("write it as name@example.com"));
}

enum err
setup_company(struct db *d, struct arena *a, struct setup *s, struct faults *f)
{
	struct change_work w = {
		.reason = STR("set-up"), .kind = CHANGE_JOB, .faults = f, .fn = make_company, .what = s
	};
	struct grant g;

	check(a, s, f);
	if (f->n)
		return ERR_INPUT;
	if (!s->org)
		s->org = id_new();
	g = grant_all(s->org, 0, 0, "set-up");
	w.grant = &g;
	return change_run(d, a, &w);
}

struct link_work {
	struct link link;
	str secret;
};

static enum err
store_link(struct conn *c, struct arena *a, void *what)
{
	struct link_work *w = what;
	return link_make(c, a, &w->link, &w->secret);
}

enum err
setup_sign_in_link(struct db *d, struct arena *a, id org, id login, str *ret_secret)
{
	struct link_work w = { .link = {
		                       .org = org, .login = login, .kind = STR("signin"), .end_at = now() + DAY_MS } };
	enum err e = db_write(d, a, store_link, &w);

	if (e == OK)
		*ret_secret = w.secret;
	return e;
}

enum err
setup_link(struct db *d, struct arena *a, str *ret_secret)
{
	struct link_work w = { .link = { .org = id_new(), .kind = STR("setup"), .end_at = now() + DAY_MS } };
	enum err e = db_write(d, a, store_link, &w);

	if (e == OK)
		*ret_secret = w.secret;
	return e;
}
