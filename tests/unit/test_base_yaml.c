#include "unit.h"

#include <stdlib.h>

#include "base/yaml.h"

static const char sample[] = "# settings\n"
                             "name: Acme\n"
                             "empty:\n"
                             "tilde: ~\n"
                             "number: 42\n"
                             "quoted: '42'\n"
                             "minus: -7\n"
                             "none: \"null\"\n"
                             "list: [a, \"b\", {c: 1}]\n"
                             "map:\n"
                             "  inner: |\n"
                             "    two\n"
                             "    lines\n"
                             "  x: 1\n";

static void
reads_a_tree(void **state)
{
	struct faults f;
	struct yaml *root = NULL;
	faults_init(&f, *state);
	assert_int_equal(yaml_parse(*state, str_of(sample), &f, &root), OK);
	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->n, 9);
	assert_str(root->first->key, "name");
	assert_int_equal(root->first->line, 2);
	assert_str(yaml_text(root, STR("name"), STR("-")), "Acme");
	assert_str(yaml_text(root, STR("empty"), STR("-")), "-");
	assert_str(yaml_text(root, STR("tilde"), STR("-")), "-");
	assert_str(yaml_text(root, STR("absent"), STR("-")), "-");
	assert_str(yaml_text(root, STR("list"), STR("-")), "-");
	assert_str(yaml_text(root, STR("none"), STR("-")), "null");
	assert_str(yaml_text(NULL, STR("none"), STR("-")), "-");
	int64_t n = 5;
	assert_true(yaml_int(root, STR("number"), &n) && n == 42);
	assert_true(yaml_int(root, STR("minus"), &n) && n == -7);
	assert_false(yaml_int(root, STR("quoted"), &n));
	assert_false(yaml_int(root, STR("name"), &n));
	assert_false(yaml_int(root, STR("absent"), &n));
	assert_int_equal(n, -7);
	const struct yaml *list = yaml_at(root, STR("list"));
	assert_int_equal(list->kind, YAML_LIST);
	assert_int_equal(list->n, 3);
	assert_false(list->first->quoted);
	assert_true(list->first->next->quoted);
	assert_int_equal(list->first->next->next->kind, YAML_MAP);
	assert_null(yaml_at(list, STR("c")));
	const struct yaml *map = yaml_at(root, STR("map"));
	assert_int_equal(map->line, 10);
	assert_str(yaml_text(map, STR("inner"), STR("-")), "two\nlines\n");
	assert_int_equal(yaml_at(map, STR("x"))->line, 14);
}

static void
nothing_is_an_empty_map(void **state)
{
	static const char *const texts[] = { "", "# only words\n", "---\n{}\n" };
	for (size_t i = 0; i < 3; i++) {
		struct faults f;
		struct yaml *root = NULL;
		faults_init(&f, *state);
		assert_int_equal(yaml_parse(*state, str_of(texts[i]), &f, &root), OK);
		assert_int_equal(root->kind, YAML_MAP);
		assert_int_equal(root->n, 0);
	}
	struct faults f;
	struct yaml *root = NULL;
	faults_init(&f, *state);
	assert_int_equal(yaml_parse(*state, (str){ 0 }, &f, &root), OK);
}

static void
faults_name_their_line(void **state)
{
	static const struct {
		const char *text, *place;
	} cases[] = {
		{ "a: 1\nb: 2\na: 3\n", "line 3" },
		{ "a: &x 1\n", "line 1" },
		{ "a: 1\nb: *x\n", "line 2" },
		{ "a: 1\n*x : 2\n", "line 2" },
		{ "a: !!int 1\n", "line 1" },
		{ "a:\n- !x [1]\n", "line 2" },
		{ "a:\n  b: !x {c: 1}\n", "line 2" },
		{ "a: &x {c: 1}\n", "line 1" },
		{ "a: 1\n? [x]\n: 2\n", "line 2" },
		{ "a: 1\n b: 2\n", "line 2" },
		{ "a: 'x\n", "line 2" },
		{ "a: [1, 2\n", "line 2" },
		{ "a: 1\n---\nb: 2\n", "line 2" },
		{ "a: 1\nb: \xff\n", "line 2" },
		{ "a: 1\nb: \"\\0\"\n", "line 2" },
		{ "\ta: 1\n", "line 1" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct faults f;
		struct yaml *root = NULL;
		faults_init(&f, *state);
		assert_int_equal(yaml_parse(*state, str_of(cases[i].text), &f, &root), ERR_INPUT);
		assert_null(root);
		assert_int_equal(f.n, 1);
		assert_str(f.first->place, cases[i].place);
		assert_true(f.first->what.n > 0 && f.first->mend.n > 0);
	}
}

static void
every_double_name_is_told(void **state)
{
	struct faults f;
	struct yaml *root = NULL;
	faults_init(&f, *state);
	str text = STR("a: {x: 1, x: 2}\nb: 1\nc: 1\nb: 2\nc: 3\n");
	assert_int_equal(yaml_parse(*state, text, &f, &root), ERR_INPUT);
	assert_int_equal(f.n, 3);
	assert_str(f.first->what, "\"x\" is already on line 1");
	assert_str(fault_at(&f, STR("line 4"))->what, "\"b\" is already on line 2");
	assert_non_null(fault_at(&f, STR("line 5")));
}

static str
repeated(struct arena *a, str piece, size_t times)
{
	char *to = arena_alloc(a, piece.n * times + 1, 1);
	for (size_t i = 0; i < times; i++)
		memcpy(to + i * piece.n, piece.s, piece.n);
	return (str){ to, piece.n * times };
}

static void
limits_hold(void **state)
{
	struct arena *a = *state;
	struct faults f;
	struct yaml *root = NULL;
	faults_init(&f, a);
	str deep = str_join(a, repeated(a, STR("["), 32), repeated(a, STR("]"), 32));
	assert_int_equal(yaml_parse(a, deep, &f, &root), OK);
	deep = str_join(a, repeated(a, STR("["), 33), repeated(a, STR("]"), 33));
	root = NULL;
	assert_int_equal(yaml_parse(a, deep, &f, &root), ERR_INPUT);
	assert_int_equal(f.n, 1);
	assert_int_equal(yaml_parse(a, repeated(a, STR("[{"), 5000), &f, &root), ERR_INPUT);
	faults_init(&f, a);
	assert_int_equal(yaml_parse(a, repeated(a, STR("# x\n"), 262145), &f, &root), ERR_INPUT);
	assert_str(f.first->place, "line 1");
	assert_null(root);
	assert_int_equal(yaml_parse(a, repeated(a, STR("# x\n"), 262144), &f, &root), OK);
}

/* The parser is given back also when the arena ends the reading half-way: the leak check of sanitizer builds says so.
 */
static void
landing_leaves_nothing_open(void **state)
{
	(void)state;
	struct arena a;
	jmp_buf landing;
	volatile size_t cap = 64;
	volatile int landed = 0;
	for (; cap < 6000; cap += 64) {
		arena_init(&a, cap);
		a.landing = &landing;
		if (setjmp(landing) == 0) {
			struct faults f;
			struct yaml *root;
			faults_init(&f, &a);
			assert_int_equal(yaml_parse(&a, str_of(sample), &f, &root), OK);
		} else {
			landed++;
		}
		arena_fini(&a);
	}
	assert_true(landed > 5 && landed < 92);
}

static void
quoted_text_reads_back(void **state)
{
	struct arena *a = *state;
	static const char *const texts[] = { "plain", "Two-Words_1", "", " ", "null", "~", "True", "no", "42", "-7",
		"1.5", "a: b", "# no", "- x", "it's", "say \"hi\"", "back\\slash", "two\nlines\n", "tab\tx\r",
		"\x01\x7f", "é€😀", "\xc2\x85\u2028\u2029\ufeff", "\xc2\x80\xc2\x9f", "[x]", "{y}", "&a", "*a", "!t",
		"%d", "@x", "`x", "a ", "---", "..." };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct faults f;
		struct yaml *root = NULL;
		faults_init(&f, a);
		str quoted = yaml_quote(a, str_of(texts[i]));
		str text = str_fmt(a, "%.*s: %.*s\n", STR_ARG(quoted), STR_ARG(quoted));
		assert_int_equal(yaml_parse(a, text, &f, &root), OK);
		assert_str(root->first->key, texts[i]);
		assert_str(root->first->text, texts[i]);
		assert_str(yaml_text(root, str_of(texts[i]), STR("otherwise")), texts[i]);
	}
	assert_str(yaml_quote(a, STR("plain")), "plain");
	assert_str(yaml_quote(a, STR("no")), "\"no\"");
	assert_str(yaml_quote(a, STR("a\nb")), "\"a\\u000ab\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(reads_a_tree),
		unit(nothing_is_an_empty_map),
		unit(faults_name_their_line),
		unit(every_double_name_is_told),
		unit(limits_hold),
		unit(landing_leaves_nothing_open),
		unit(quoted_text_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
