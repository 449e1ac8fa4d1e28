/* Conditions over a deal (P3, P6): what is read, what is refused and where, what holds, what is said. */
#include "unit.h"

#include "areas/deals/deals.h"
#include "areas/process/condition.h"

static struct arena arena;
static struct stage stages[2];
static struct step steps[3];
static const struct condition_field more[] = { { STR_INIT("f7"), STR_INIT("Region code"), F_TEXT, NULL, NULL } };
static struct condition_world world;

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_CAP_REQUEST);
	stages[0].name = STR("Discover");
	stages[1].name = STR("Propose");
	steps[0].name = STR("Second person met");
	steps[1] = (struct step){ .name = STR("Incumbent"), .kind = STEP_CHOICE };
	steps[2] = (struct step){ .name = STR("Users"), .kind = STEP_NUMBER };
	world = (struct condition_world){ &deal_record, more, 1, stages, 2, steps, 3 };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

/* What the deal of the tests says: €60,000 of Acme (Finance), closing on 2026-12-10, nothing of its product. */
static enum err
look(void *with, const struct condition_term *t, struct condition_value *ret)
{
	static const struct {
		const char *name;
		struct condition_value v;
	} all[] = {
		{ "amount", { .known = true, .kind = F_MONEY, .n = 6000000, .currency = STR_INIT("EUR") } },
		{ "account", { .known = true, .kind = F_REF, .text = STR_INIT("Acme"), .n = 1 } },
		{ "account.sector", { .known = true, .kind = F_TEXT, .text = STR_INIT("Finance") } },
		{ "account.employees", { .known = true, .kind = F_INT, .n = 1200 } },
		{ "closes_on", { .known = true, .kind = F_DAY, .on = { 20797 } } }, /* 2026-12-10 */
		{ "stage", { .known = true, .kind = F_REF, .text = STR_INIT("Propose") } },
		{ "worked", { .known = true, .kind = F_BOOL, .n = 1 } },
		{ "category",
		        { .known = true, .kind = F_CHOICE, .code = STR_INIT("best"), .text = STR_INIT("Best case") } },
		{ "product", { .known = false, .kind = F_REF } },
		{ "stakeholders", { .known = true, .kind = F_INT, .n = 2 } },
		{ "Second person met", { .known = true, .n = 1 } },
		{ "Incumbent", { .known = true, .kind = F_TEXT, .text = STR_INIT("Kestrel") } },
		{ "Users", { .known = true, .kind = F_TEXT, .text = STR_INIT("250") } },
		{ "Economic buyer", { .known = true, .n = 1 } },
		{ "f7", { .known = true, .kind = F_TEXT, .text = STR_INIT("North") } },
	};

	const struct field *f, *through;
	const struct condition_field *own;
	str name = t->name;

	assert_null(with);
	*ret = (struct condition_value){ 0 };
	if (t->of == CONDITION_FIELD && condition_field(&arena, &world, t->name, &f, &through, &own) && !through)
		name = own ? own->name : str_of(f->name);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (str_eq(name, str_of(all[i].name)))
			*ret = all[i].v;
	return OK;
}

static enum condition_answer
answer(const char *text)
{
	enum condition_answer said = CONDITION_NO;
	struct condition *x;
	struct faults f;

	faults_init(&f, &arena);
	if (condition_parse(&arena, str_of(text), STR("condition"), &f, &x) != OK ||
	        condition_check(&arena, x, &world, STR("condition"), &f) != OK) {
		print_error("%s: %.*s\n", text, STR_ARG(f.first->what));
		fail();
	}
	assert_int_equal(condition_holds(&arena, x, (day){ 20787 }, look, NULL, &said), OK); /* 2026-11-30 */
	return said;
}

/* P3: any field of the deal, and of what it refers to; steps, answers, stakeholders, competitors. */
static void
test_holds(void **state)
{
	static const struct {
		const char *text;
		enum condition_answer said;
	} all[] = {
		{ "", CONDITION_YES },
		{ "amount at least 50000", CONDITION_YES },
		{ "amount >= 60000.00 EUR", CONDITION_YES },
		{ "amount more than 60000", CONDITION_NO },
		{ "amount > 50000 USD", CONDITION_UNCLEAR }, /* D3 */
		{ "account is \"acme\"", CONDITION_YES },
		{ "account.sector is one of (\"Retail\", \"Finance\")", CONDITION_YES },
		{ "account.sector is not Finance", CONDITION_NO },
		{ "account.employees < 1000", CONDITION_NO },
		{ "[Expected close] before 2026-12-24", CONDITION_YES },
		{ "closes_on before today + 10 days", CONDITION_NO },
		{ "closes_on at most today + 10", CONDITION_YES },
		{ "stage is Propose", CONDITION_YES },
		{ "worked is yes", CONDITION_YES },
		{ "worked is not yes", CONDITION_NO },
		{ "category is best", CONDITION_YES },
		{ "category is \"Best case\"", CONDITION_YES },
		{ "product is known", CONDITION_NO },
		{ "product is \"GTX\"", CONDITION_UNCLEAR },
		{ "not product is \"GTX\"", CONDITION_UNCLEAR },
		{ "product is \"GTX\" and amount < 10", CONDITION_NO },
		{ "product is \"GTX\" or amount > 10", CONDITION_YES },
		{ "stakeholders at least 2", CONDITION_YES },
		{ "decision_makers is known", CONDITION_NO },
		{ "step \"Second person met\" is done", CONDITION_YES },
		{ "step “Second person met” is open", CONDITION_NO },
		{ "not step \"Second person met\" is done", CONDITION_NO },
		{ "answer \"Incumbent\" contains \"kest\"", CONDITION_YES },
		{ "answer \"Users\" at least 100", CONDITION_YES },
		{ "answer \"Users\" less than 90", CONDITION_NO },
		{ "stakeholder \"Economic buyer\" is known", CONDITION_YES },
		{ "stakeholder \"Champion\" is missing", CONDITION_YES },
		{ "competitor \"Kestrel\" is named", CONDITION_NO },
		{ "competitor \"Kestrel\" is not named", CONDITION_YES },
		{ "[Region code] is North", CONDITION_YES },
		{ "f7 is North", CONDITION_YES },
		{ "amount > 90000 or (stage is Propose and worked is yes)", CONDITION_YES },
		{ "amount > 90000 and stage is Propose or worked is yes", CONDITION_YES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		enum condition_answer said = answer(all[i].text);
		if (said != all[i].said)
			print_error("%s: %d\n", all[i].text, (int)said);
		assert_int_equal(said, all[i].said);
	}
}

/* Every refusal names the place and the mend. */
static void
test_refused(void **state)
{
	static const struct {
		const char *text, *what, *mend;
	} all[] = {
		{ "amount", "a comparison is missing at the end", "at least" },
		{ "amount at 5", "least or most is missing at letter 11", "at least" },
		{ "amount >= ", "a value is missing at the end", "number" },
		{ "amount >= 5 amount", "something is left over at letter 13", "and" },
		{ "(amount >= 5", "a closing bracket is missing at the end", ")" },
		{ "name is \"x", "quotation marks are not closed at letter 9", "close" },
		{ "[Expected close is known", "a bracket is not closed at letter 1", "close" },
		{ "step is done", "a name in quotation marks is missing at letter 6", "step" },
		{ "step \"Second person met\"", "the state is missing at the end", "done" },
		{ "account.sector is one of \"a\"", "a bracket is missing at letter 26", "(" },
		{ "amount ~ 5", "something unknown stands at letter 8", "words" },
		{ "closes_on before today + x", "a number of days is missing at letter 26", "today" },
		{ "((((((((((((((((((((((amount > 1", "too many brackets stand", "two steps" },
		{ "and amount > 1", "a comparison is missing", "is" },
		{ "colour is red", "“colour” is no field of a deal", "label" },
		{ "account.colour is red", "“account.colour” is no field of a deal", "label" },
		{ "amount is large", "“Amount” is compared with something of another kind", "number" },
		{ "closes_on before 5", "“Expected close” is compared with something of another kind", "day" },
		{ "amount contains 5", "“Amount” cannot be compared like that", "at least" },
		{ "name at least 5", "“Deal” cannot be compared like that", "contains" },
		{ "outcome is perhaps", "“Outcome” is compared with something of another kind", "won" },
		{ "step \"Gone\" is done", "step “Gone” is not in this version", "removed" },
		{ "answer \"Gone\" is 5", "step “Gone” is not in this version", "removed" },
		{ "stage is \"Gone\"", "stage “Gone” is not in this version", "removed" },
	};
	struct faults f;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		faults_init(&f, &arena);
		enum err e = condition_check_text(&arena, str_of(all[i].text), &world, STR("condition"), &f);
		assert_int_equal(e, ERR_INPUT);
		assert_int_equal(f.n, 1);
		if (!str_starts(f.first->what, str_of(all[i].what)) ||
		        str_find(f.first->mend, str_of(all[i].mend)) == SIZE_MAX) {
			print_error("%s: %.*s; %.*s\n", all[i].text, STR_ARG(f.first->what), STR_ARG(f.first->mend));
			fail();
		}
	}
}

static void
test_words(void **state)
{
	static const struct {
		const char *text, *words;
	} all[] = {
		{ "", "always" },
		{ "amount >= 50000 and not step \"Second person met\" is done",
		        "Amount is at least 50,000 and it is not so that the step “Second person met” is done" },
		{ "(worked = yes or worked = no) and account.sector is one of (\"a\", b, c)",
		        "(Worked here is “yes” or Worked here is “no”) and Sector of the account is one of “a”, “b” or "
		        "“c”" },
		{ "closes_on < today + 30 days", "Expected close is less than 30 days after today" },
		{ "closes_on >= 2026-12-01", "Expected close is at least 1 December 2026" },
		{ "answer \"Users\" > 1500000", "the answer to “Users” is more than 1,500,000" },
		{ "decision_makers < 1", "the number of decision makers is less than 1" },
		{ "competitor \"A\" is not named", "the competitor “A” is not named" },
		{ "f7 is North", "Region code is “North”" },
	};
	struct faults f;
	struct condition *x;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		faults_init(&f, &arena);
		assert_int_equal(condition_parse(&arena, str_of(all[i].text), STR("c"), &f, &x), OK);
		assert_string_equal(str_z(&arena, condition_words(&arena, x, &world)), all[i].words);
	}
}

/* A field of the company's own is named by its label, whatever that holds; a new name goes along, its values stay. */
static void
test_own(void **state)
{
	static const struct choice tiers[] = { { "", "" }, { "Gold", "Gold" },
		{ "None of \"them\"", "None of \"them\"" }, { NULL, NULL } };
	static const struct condition_field hostile[] = { { STR_INIT("f8"), STR_INIT("a] is \"x\" or [b"), F_CHOICE,
		tiers, NULL } };
	struct condition_world w = { &deal_record, hostile, 1, NULL, 0, NULL, 0 };
	str label = condition_label(&arena, hostile[0].label), text;
	struct condition *x;
	struct faults f;

	(void)state;
	assert_string_equal(str_z(&arena, label), "[a]] is \"x\" or [b]");
	text = str_fmt(&arena, "%.*s is \"Gold\" and amount > 1", STR_ARG(label));
	faults_init(&f, &arena);
	assert_int_equal(condition_parse(&arena, text, STR("c"), &f, &x), OK);
	assert_int_equal(condition_check(&arena, x, &w, STR("c"), &f), OK);
	assert_string_equal(
	        str_z(&arena, condition_words(&arena, x, &w)), "a] is \"x\" or [b is “Gold” and Amount is more than 1");
	assert_string_equal(str_z(&arena, condition_rename_field(&arena, text, hostile[0].label, STR("Tier [1]"))),
	        "[Tier [1]]] is \"Gold\" and amount > 1");
	assert_string_equal(str_z(&arena, condition_rename_field(&arena, STR("name is \"Tier\" and [tier] is known"),
	                                          STR("Tier"), STR("Rank"))),
	        "name is \"Tier\" and [Rank] is known");
	assert_int_equal(condition_check_text(&arena, str_fmt(&arena, "%.*s is “None of \"them\"”", STR_ARG(label)), &w,
	                         STR("c"), &f),
	        OK);
	assert_int_equal(
	        condition_check_text(&arena, str_fmt(&arena, "%.*s is Silver", STR_ARG(label)), &w, STR("c"), &f),
	        ERR_INPUT);
	assert_true(str_find(f.first->mend, STR("\"Gold\"")) != SIZE_MAX);
}

/* A step that is renamed keeps what depends on it; fields and texts of the same words stay. */
static void
test_rename(void **state)
{
	struct faults f;
	struct condition *x;
	str text = STR(
	        "step \"Old\" is done and (name is \"Old\" or answer “Old” is known) and not step \"Older\" is done");

	(void)state;
	faults_init(&f, &arena);
	assert_string_equal(str_z(&arena, condition_rename(&arena, text, STR("Old"), STR("New one"))),
	        "step \"New one\" is done and (name is \"Old\" or answer “New one” is known) and not step \"Older\" is "
	        "done");
	assert_string_equal(str_z(&arena, condition_rename(&arena, STR("step (("), STR("a"), STR("b"))), "step ((");
	assert_int_equal(condition_parse(&arena, text, STR("c"), &f, &x), OK);
	assert_true(condition_asks(x, CONDITION_ANSWER, STR("Old")));
	assert_false(condition_asks(x, CONDITION_STEP, STR("New one")));
}

/* P5: a level fires above its limit, for people below it; a stage's own rule goes before the version's. */
static void
test_rules(void **state)
{
	struct health_rule rules[2] = { rule_standard(RULE_STAGE_DAYS), rule_standard(RULE_STAGE_DAYS) };
	struct health_rule x = rule_standard(RULE_STAGE_DAYS), single = rule_standard(RULE_SINGLE_THREADED);

	(void)state;
	assert_int_equal(rule_level(&x, 100), 0);
	assert_int_equal(rule_level(&x, 101), HEALTH_WARNING);
	assert_int_equal(rule_level(&x, 201), HEALTH_CRITICAL);
	assert_int_equal(rule_level(&x, NO_INT), 0); /* P5a: silent where the source lacks its field */
	assert_int_equal(rule_level(&single, 0), 0); /* off */
	single.off = false;
	assert_int_equal(rule_level(&single, 1), HEALTH_WATCH);
	assert_int_equal(rule_level(&single, 2), 0);
	rules[0].warning = 150;
	rules[1].stage = 7;
	rules[1].warning = 50;
	assert_int_equal(rule_for(rules, 2, RULE_STAGE_DAYS, 7).warning, 50);
	assert_int_equal(rule_for(rules, 2, RULE_STAGE_DAYS, 8).warning, 150);
	assert_int_equal(rule_for(rules, 2, RULE_CLOSE_PUSHED, 8).watch, 1);
	assert_string_equal(str_z(&arena, rule_words(&arena, &x)), "warning above 100 %, critical above 200 %");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_holds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_own, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rename, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rules, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
