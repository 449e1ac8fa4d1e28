#include "sheet.h"
#include "sheet/write.h"

#include "base/out.h"

static str
cell(struct arena *a, const char *z, bool number)
{
	struct out o;
	out_init(&o, 0);
	struct write w = { .out = &o };
	number ? write_number(&w, str_of(z)) : write_text(&w, str_of(z));
	str s = out_all(&o, a);
	out_fini(&o);
	return s;
}

static void
formulas_are_disarmed(void **state)
{
	struct arena *a = *state;
	assert_str(cell(a, "=1+1", false), "\"'=1+1\"");
	assert_str(cell(a, "+420", false), "\"'+420\"");
	assert_str(cell(a, "-1100", false), "\"'-1100\"");
	assert_str(cell(a, "@SUM(A1)", false), "\"'@SUM(A1)\"");
	assert_str(cell(a, "\t=1", false), "\"'\t=1\"");
	assert_str(cell(a, "\r=1", false), "\"'\r=1\"");
	assert_str(cell(a, "=HYPERLINK(\"http://x\")", false), "\"'=HYPERLINK(\"\"http://x\"\")\"");
	assert_str(cell(a, "x;=1+1", false), "\"x;=1+1\"");
	assert_str(cell(a, "'tis", false), "'tis");
	assert_str(cell(a, "'=1", false), "\"''=1\"");
}

static void
numbers_stay_numbers(void **state)
{
	struct arena *a = *state;
	assert_str(cell(a, "-1100", true), "-1100");
	assert_str(cell(a, "-3.50", true), "-3.50");
	assert_str(cell(a, "-1+cmd", true), "\"'-1+cmd\"");
	assert_str(cell(a, "2026-01-02", true), "2026-01-02");
}

static void
write_table(struct out *o, const char *first, const char *const *cells, size_t n)
{
	struct write w = { .out = o };
	write_text(&w, str_of(first));
	write_text(&w, STR("text"));
	write_row_end(&w);
	for (size_t i = 0; i < n; i++) {
		write_number(&w, STR("-1"));
		write_text(&w, str_of(cells[i]));
		write_row_end(&w);
	}
}

static void
what_is_written_is_what_is_read(void **state)
{
	struct arena *a = *state;
	static const char *const cells[] = { "plain", "=1+1", "'=1+1", "''+x", "'tis", "a,b;c\td|e", "\"quoted\"",
		"two\r\nlines", " blanks ", "-", "", "@", "\ttab", "\rcr", "Ünï €😀", "'" };
	size_t n = sizeof(cells) / sizeof(*cells);
	for (int ours = 0; ours < 2; ours++) {
		struct out o;
		struct csv_row r;
		out_init(&o, 0);
		write_table(&o, ours ? "ridealong_id" : "id", cells, n);
		struct csv *c = open_text(a, out_all(&o, a), (struct csv_options){ 0 });
		out_fini(&o);
		assert_true(csv_shape(c)->ours == ours);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(csv_next(c, &r), OK);
			assert_int_equal(r.fault, CSV_FINE);
			assert_str(r.fields[0], "-1");
			if (ours || !write_is_formula(str_of(cells[i])))
				assert_str(r.fields[1], cells[i]);
			else
				assert_int_equal(r.fields[1].s[0], '\''); /* not ours: nothing is taken off */
		}
		assert_int_equal(csv_next(c, &r), ERR_ABSENT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(formulas_are_disarmed), unit(numbers_stay_numbers),
		unit(what_is_written_is_what_is_read) };
	return cmocka_run_group_tests_name("sheet_write", tests, NULL, NULL);
}
