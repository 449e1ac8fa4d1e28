#include "app/demo.h"

#include <stdio.h>

#include "app/command.h"

static int
remove_sample(struct command_line *c)
{
	enum err e;

	if (!c->actor.org) {
		fprintf(stderr, "ridealong demo: there is no company here to remove\n");
		return 1;
	}
	e = demo_remove(c->db, c->arena, c->actor.org, &c->faults);
	if (e != OK)
		return command_fail(c, e, "demo --remove");
	printf("The sample company “%.*s” is gone.\n", STR_ARG(c->actor.org_name));
	return 0;
}

static void
report(const struct command_line *c, const struct demo *m, const struct demo_summary *s)
{
	static const char *const said[] = { [STYLE_NEW] = "a new manager",
		[STYLE_GOOD] = "a manager who coaches",
		[STYLE_INSPECTS] = "a manager who inspects",
		[STYLE_AVERAGE] = "a manager" };

	printf("Halden Instruments (sample): %lld people, %lld accounts, %lld deals (%lld won, %lld lost, %lld open), "
	       "won %lld.%02lld EUR\n",
	        (long long)s->people, (long long)s->accounts, (long long)s->deals, (long long)s->won,
	        (long long)s->lost, (long long)s->open, (long long)(s->won_value / 100),
	        (long long)(s->won_value % 100));
	printf("%lld coaching sessions (%lld confirmed), %lld commitments (%lld kept), %lld blockers, %lld lines of "
	       "history\n",
	        (long long)s->sessions, (long long)s->confirmed, (long long)s->commitments, (long long)s->kept,
	        (long long)s->blockers, (long long)s->lines);
	printf("Sign in as the head:    ridealong user link admin@example.com --db %.*s\n", STR_ARG(c->url));
	for (size_t i = 1; i < m->n_people; i++)
		if (demo_signs_in(m, i))
			printf("  or as %s: %.*s\n",
			        i == 1                ? "the sales leader"
			        : i < m->first_seller ? said[m->people[i].style]
			                              : "a seller",
			        STR_ARG(m->people[i].email));
	fprintf(stderr, "%.0f deals a second\n", m->deals_per_second);
}

static int demo(struct command_line *c);

const struct command commands_demo[] = {
	{ "demo", NEED_DATABASE, demo, "db= seed= deals= remove",
	        "usage: ridealong demo --db URL [--seed N] [--deals N] [--remove]\n" },
	{ NULL, NEED_NOTHING, NULL, NULL, NULL },
};

static int
demo(struct command_line *c)
{
	str seed_text = command_option(c, "seed"), deals_text = command_option(c, "deals");
	int64_t seed = 1, deals = 0;
	struct demo *m = arena_new(c->arena, struct demo, 1);
	struct demo_summary s;
	enum err e;

	if (seed_text.n && (!str_to_i64(seed_text, &seed) || seed < 0))
		return command_misuse(commands_demo, "--seed is a whole number, 0 or more");
	if (deals_text.n && (!str_to_i64(deals_text, &deals) || deals < 1 || deals > 1000000))
		return command_misuse(commands_demo, "--deals is a number from 1 to 1000000");
	if (command_has(c, "remove"))
		return remove_sample(c);
	if (c->actor.org) {
		fprintf(stderr,
		        "ridealong demo: the database holds the company “%.*s” already; choose another --db, or "
		        "--remove a sample\n",
		        STR_ARG(c->actor.org_name));
		return 1;
	}
	e = demo_make(m, c->db, c->arena, (uint64_t)seed, deals, &c->faults);
	if (e == OK)
		e = demo_summarize(c->db, c->arena, m->org, &s);
	if (e != OK)
		return command_fail(c, e, "demo");
	command_seal(c);
	report(c, m, &s);
	return 0;
}
