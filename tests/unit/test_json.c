/* The JSON writer, and what the reader takes and refuses. */
#include <float.h>
#include <math.h>

#include "base/out.h"
#include "json/json.h"
#include "unit.h"

static void
writes_nested(void **state)
{
	struct out o;
	struct json j;
	out_init(&o, 0);
	json_init(&j, &o);
	json_object(&j);
	json_key(&j, "a");
	json_array(&j);
	json_int(&j, INT64_MIN);
	json_object(&j);
	json_end(&j);
	json_bool(&j, true);
	json_null(&j);
	json_end(&j);
	json_key(&j, "b");
	json_raw(&j, STR("{\"x\":1}"));
	json_key(&j, "c");
	json_double(&j, 0.1);
	json_end(&j);
	assert_str(out_all(&o, *state), "{\"a\":[-9223372036854775808,{},true,null],\"b\":{\"x\":1},\"c\":0.1}");
	out_fini(&o);
}

static void
writes_text(void **state)
{
	struct out o;
	struct json j;
	out_init(&o, 0);
	json_init(&j, &o);
	json_str(&j, STR("q\" b\\ n\n \x01 é € 😀 bad\xff\xc3"));
	assert_str(out_all(&o, *state), "\"q\\\" b\\\\ n\\n \\u0001 é € 😀 bad\xef\xbf\xbd\xef\xbf\xbd\"");
	out_fini(&o);
}

static void
doubles_read_back(void **state)
{
	const double xs[] = { 0, 1.0 / 3, 1e300, 5e-324, DBL_MAX, -0.07, 123456789.123456789, 1e21 };
	for (size_t i = 0; i < sizeof(xs) / sizeof(*xs); i++) {
		struct out o;
		struct json j;
		out_init(&o, 0);
		json_init(&j, &o);
		json_double(&j, xs[i]);
		double back;
		assert_true(str_to_double(out_all(&o, *state), &back));
		assert_true(back == xs[i]);
		out_fini(&o);
	}
	struct out o;
	struct json j;
	out_init(&o, 0);
	json_init(&j, &o);
	json_array(&j);
	json_double(&j, NAN);
	json_double(&j, INFINITY);
	json_double(&j, -0.0);
	json_end(&j);
	assert_str(out_all(&o, *state), "[null,null,-0.0]");
	out_fini(&o);
}

static void
deepest(void **state)
{
	struct out o;
	struct json j;
	out_init(&o, 0);
	json_init(&j, &o);
	for (int i = 0; i < 32; i++)
		json_array(&j);
	for (int i = 0; i < 32; i++)
		json_end(&j);
	assert_int_equal(out_all(&o, *state).n, 64);
	out_fini(&o);
}

static void
reads(void **state)
{
	struct faults f;
	struct jval *v = NULL;
	faults_init(&f, *state);
	assert_int_equal(
	        json_parse(*state, STR("{\"n\": 9007199254740993, \"s\":\"é\", \"l\":[1, 2.5, true, null], \"o\":{}}"),
	                &f, &v),
	        OK);
	assert_int_equal(v->n, 4);
	assert_true(jval_at(v, "n")->i == 9007199254740993);
	assert_str(jval_text(v, "s"), "é");
	assert_str(jval_text(v, "n"), "");
	assert_null(jval_at(v, "absent"));
	const struct jval *l = jval_at(v, "l")->first;
	assert_int_equal(l->kind, JVAL_INT);
	assert_true(l->next->r == 2.5);
	assert_int_equal(l->next->next->i, 1);
	assert_int_equal(l->next->next->next->kind, JVAL_NULL);
	assert_int_equal(jval_at(v, "o")->kind, JVAL_OBJECT);
}

static void
refuses(void **state)
{
	static const struct {
		const char *text, *place;
	} cases[] = {
		{ "", NULL },
		{ "1", NULL },
		{ "{\"a\":1,\"a\":2}", "line 1, column 10" },
		{ "[1,]", "line 1, column 4" },
		{ "[1] x", "line 1, column 5" },
		{ "[\n  9223372036854775808]", NULL },
		{ "[1e999]", NULL },
		{ "[\"\\u0000\"]", NULL },
		{ "{\"a\\u0000b\":1}", NULL },
		{ "[\"\xff\"]", NULL },
		{ "[\"\\ud800\"]", NULL },
		{ "[01]", NULL },
		{ "[NaN]", NULL },
		{ "['a']", NULL },
		{ "// x\n[]", NULL },
		{ "[1", NULL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct faults f;
		struct jval *v = NULL;
		faults_init(&f, *state);
		assert_int_equal(json_parse(*state, str_of(cases[i].text), &f, &v), ERR_INPUT);
		assert_null(v);
		assert_int_equal(f.n, 1);
		assert_true(f.first->what.n && f.first->mend.n && str_starts(f.first->place, STR("line ")));
		if (cases[i].place)
			assert_str(f.first->place, cases[i].place);
	}
}

static void
refuses_a_nul_byte(void **state)
{
	struct faults f;
	struct jval *v = NULL;
	faults_init(&f, *state);
	assert_int_equal(json_parse(*state, (str){ "[1]\0", 4 }, &f, &v), ERR_INPUT);
}

static void
depth(void **state)
{
	char text[200];
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	struct faults f;
	struct jval *v = NULL;
	faults_init(&f, *state);
	assert_int_equal(json_parse(*state, (str){ text, 130 }, &f, &v), ERR_INPUT);
	assert_str(f.first->place, "line 1, column 65");
	assert_int_equal(json_parse(*state, (str){ text + 1, 128 }, &f, &v), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(writes_nested),
		unit(writes_text),
		unit(doubles_read_back),
		unit(deepest),
		unit(reads),
		unit(refuses),
		unit(refuses_a_nul_byte),
		unit(depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
