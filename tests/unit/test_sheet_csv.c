#include "sheet.h"

#include <stdlib.h>

#include "base/out.h"

static void
rfc_4180_and_quirks(void **state)
{
	struct arena *a = *state;
	assert_str(rows_of(a, STR("a,b\r\n1,2\r\n")), "1|2#");
	assert_str(rows_of(a, STR("a,b\n1,2")), "1|2#");
	assert_str(rows_of(a, STR("a,b\r1,2\r3,4")), "1|2#3|4#");
	assert_str(rows_of(a, STR("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n")), "x,y|say \"hi\"#");
	assert_str(rows_of(a, STR("a,b\n\"two\r\nlines\",2\n")), "two\r\nlines|2#");
	assert_str(rows_of(a, STR("a,b\n5\" pipe,it is \"so\"\n")), "5\" pipe|it is \"so\"#");
	assert_str(rows_of(a, STR("a,b\n\"\",\"\"\n")), "|#");
	assert_str(rows_of(a, STR("a,b\n1,\"x\" \n")), "1|x#");
	assert_str(rows_of(a, STR("a\n\"\"\nx\n\n\n")), "#x#");
	assert_str(rows_of(a, STR("a,b\n1,\"")), "!unterminated quote@2#");
	assert_str(rows_of(a, STR("a,b")), "");
}

static void
delimiters(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *text;
		char is;
	} texts[] = { { "a,b\n1,2\n", ',' }, { "a;b\n1,5;2\n3,5;4\n", ';' }, { "a\tb,c\n1\t2\n", '\t' },
		{ "a|b|c\n1|2|3\n", '|' }, { "one column\nx, y\nz\n", ',' }, { "\"a;x\",b\n\"1;2\",3\n", ',' },
		{ "sep=;\na;b,c\n1;2\n", ';' }, { "\"sep=|\"\r\na|b\r\n1|2\r\n", '|' }, { "sep=^\na^b\n1^2\n", '^' } };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct csv *c = open_text(a, str_of(texts[i].text), (struct csv_options){ 0 });
		if (csv_shape(c)->delimiter != texts[i].is)
			fail_msg("text %zu: '%c'", i, csv_shape(c)->delimiter);
	}
	struct csv *c = open_text(a, STR("a;b,c\n1;2,3\n"), (struct csv_options){ .delimiter = ',' });
	assert_str(all_rows(a, c), "1;2|3#");
}

static void
headers_are_made_unique(void **state)
{
	struct arena *a = *state;
	struct csv *c = open_text(a, STR("name, name ,,name (2),NAME\n1,2,3,4,5\n"), (struct csv_options){ 0 });
	const struct csv_shape *s = csv_shape(c);
	const char *want[] = { "name", "name (2)", "column 3", "name (2) (2)", "NAME" };
	assert_int_equal(s->n_columns, 5);
	for (size_t i = 0; i < 5; i++)
		assert_str(s->columns[i].name, want[i]);
	assert_int_equal(s->n_renamed, 3);
	assert_str(s->columns[1].written, " name ");
	assert_int_equal(csv_find(s, STR("column 3")), 2);
	assert_true(csv_find(s, STR("absent")) == SIZE_MAX);
}

static void
broken_rows_are_named(void **state)
{
	struct arena *a = *state;
	struct csv *c = open_file(a, GOLDEN("broken.csv"));
	assert_str(all_rows(a, c),
	        "1|Acmé|1000|2026-01-31|dup#2|Bétà, Inc|2000|2026-02-28|x#!too few fields@5#"
	        "!too many fields@6#5|bare \"quotes\" here|5000|2026-05-31|x#!NUL byte@8#!text after a closing quote@9#"
	        "8|two\r\nlines|8000|2026-08-31|x#!bytes the encoding does not have@14#10|Ten|ten "
	        "thousand|2026-02-30|x#"
	        "!unterminated quote@16#");
	const struct csv_counts *n = csv_counts(c);
	assert_int_equal(n->rows, 11);
	assert_int_equal(n->faulty, 6);
	assert_int_equal(n->blank, 3);
	assert_int_equal(n->lines, 17);
	assert_true(n->stopped);
}

static void
a_faulty_row_keeps_its_fields(void **state)
{
	struct arena *a = *state;
	struct csv_row r;
	struct csv *c = open_text(a, STR("a,b,c\n1,2\n1,2,3,4,5\n1,\"x\"y,3\n"), (struct csv_options){ 0 });
	assert_int_equal(csv_next(c, &r), OK);
	assert_int_equal(r.fault, CSV_FEW);
	assert_int_equal(r.n_fields, 2);
	assert_str(r.what, "too few fields: 2 where the header has 3");
	assert_true(r.mend.n > 0);
	assert_int_equal(csv_next(c, &r), OK);
	assert_int_equal(r.fault, CSV_MANY);
	assert_int_equal(r.n_fields, 4);
	assert_int_equal(csv_next(c, &r), OK);
	assert_int_equal(r.fault, CSV_QUOTE);
	assert_str(r.fields[1], "\"x\"y");
	assert_int_equal(r.n, 3);
	assert_int_equal(r.line, 4);
}

static void
a_torn_quote_ends_the_reading(void **state)
{
	struct arena *a = *state;
	/* The quote of row 2 is "closed" by the one that opens in row 3: nothing of it may pass for a row. */
	assert_str(rows_of(a, STR("a,b\n1,x\n2,\"open\n3,\"Foo, Inc\"\n4,y\n")), "1|x#!unterminated quote@3#");
	assert_str(rows_of(a, STR("a,b\n1,\"two\nlines\",\"open\n4,y\n")), "!unterminated quote@3#");
}

static str
long_text(struct arena *a, const char *before, size_t n, const char *after)
{
	char *z = arena_alloc(a, strlen(before) + n + strlen(after), 1);
	size_t at = strlen(before);
	memcpy(z, before, at);
	memset(z + at, 'x', n);
	memcpy(z + at + n, after, strlen(after));
	return (str){ z, at + n + strlen(after) };
}

static void
a_row_over_the_limit(void **state)
{
	struct arena *a = *state;
	size_t ten = 10 << 20;
	assert_str(rows_of(a, long_text(a, "a,b\n1,2\n3,", ten, "\n5,6\n")), "1|2#!row too long@3#5|6#");
	assert_str(rows_of(a, long_text(a, "a,b\n1,2\n3,\"q\n,", ten, "\"\r\n5,6\n")), "1|2#!row too long@3#5|6#");
	assert_str(rows_of(a, long_text(a, "a,b\n1,2\n3,\"q\n,", ten, "\n5,6\n")), "1|2#!unterminated quote@3#");
	assert_str(rows_of(a, long_text(a, "a,b\n1,2\n3,\"q\n,", ten, "\n5,\"Foo\"\n7,8\n")),
	        "1|2#!unterminated quote@3#");
	struct csv *c = open_text(a, long_text(a, "a,b\n1,2\n3,\"\n", ten, "\"\n5,6\n"), (struct csv_options){ 0 });
	all_rows(a, c);
	assert_int_equal(csv_counts(c)->lines, 5);
	/* just within, and just above, a limit of one's own */
	struct csv_options o = { .row_limit = 1000 };
	assert_int_equal(all_rows(a, open_text(a, long_text(a, "a\n", 999, "\n1\n"), o)).n, 999 + 3);
	assert_str(all_rows(a, open_text(a, long_text(a, "a\n", 1000, "\n1\n"), o)), "!row too long@2#1#");
}

static void
refused(struct arena *a, str text, const char *what)
{
	struct faults f;
	struct csv *c = NULL;
	faults_init(&f, a);
	assert_int_equal(csv_open_text(a, text, (struct csv_options){ 0 }, &f, &c), ERR_INPUT);
	assert_int_equal(f.n, 1);
	if (str_find(f.first->what, str_of(what)) == SIZE_MAX)
		fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(f.first->what), what);
	assert_true(f.first->mend.n > 0);
}

static void
what_is_no_table(void **state)
{
	struct arena *a = *state;
	refused(a, STR(""), "empty");
	refused(a, STR("\n \n\t\n"), "no line with text");
	refused(a, STR("PK\x03\x04\x14\0\x06\0[Content_Types].xml\0xl/workbook.xml"),
	        "this looks like an Excel workbook");
	refused(a, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old Excel workbook");
	refused(a, STR("%PDF-1.7\n%\xe2\xe3\xcf\xd3"), "a PDF");
	refused(a, STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "a picture");
	refused(a, STR("<html><body><table><tr><td>1</td></tr></table>"), "a web page");
	refused(a, STR("[{\"id\": 1}]"), "JSON");
	refused(a, STR("\x01\x02\x03\x04\x05\x06\x07\x08 some \x0e\x0f text"), "own file");
	refused(a, STR("a,\"b\n1,2\n"), "in the header: unterminated quote");
	refused(a, STR("a,b\0c\n1,2\n"), "in the header: holds a NUL byte");
}

static void
footer_and_preamble(void **state)
{
	struct arena *a = *state;
	struct csv *c = open_file(a, GOLDEN("salesforce_report.csv"));
	assert_int_equal(csv_shape(c)->encoding, ENCODING_WINDOWS_1252);
	str rows = all_rows(a, c);
	assert_true(str_find(rows, STR("Café Brûlée – Nîmes")) != SIZE_MAX);
	assert_int_equal(csv_counts(c)->rows, 2);
	assert_int_equal(csv_counts(c)->footer, 5);
	assert_int_equal(csv_counts(c)->faulty, 0);
	assert_str(csv_counts(c)->footer_text, "Pipeline – open");
	c = open_file(a, GOLDEN("preamble.csv"));
	assert_int_equal(csv_shape(c)->n_preamble, 2);
	assert_int_equal(csv_shape(c)->header_line, 4);
	assert_str(all_rows(a, c), "1|Acme#");
	/* A short last row is a broken row, not a footer. */
	assert_str(rows_of(a, STR("a,b\n1,2\n\n3\n")), "1|2#!too few fields@4#");
	assert_str(rows_of(a, STR("a,b\n1,2\n\nGenerated by: me\n3,4\n")), "1|2#!too few fields@4#3|4#");
}

static void
layouts(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *path;
		enum encoding encoding;
		char delimiter;
		enum csv_newline newline;
		size_t columns;
		int64_t rows;
	} files[] = {
		{ GOLDEN("salesforce_export.csv"), ENCODING_UTF8, ',', CSV_LF, 12, 5 },
		{ GOLDEN("salesforce_report.csv"), ENCODING_WINDOWS_1252, ',', CSV_CRLF, 9, 2 },
		{ GOLDEN("hubspot.csv"), ENCODING_UTF8, ',', CSV_CRLF, 10, 2 },
		{ GOLDEN("pipedrive.csv"), ENCODING_UTF8, ';', CSV_LF, 12, 3 },
		{ GOLDEN("zoho.csv"), ENCODING_UTF8, ',', CSV_LF, 8, 2 },
		{ GOLDEN("dynamics.txt"), ENCODING_UTF16LE, '\t', CSV_CRLF, 9, 3 },
		{ GOLDEN("excel_cs.csv"), ENCODING_WINDOWS_1250, ';', CSV_CRLF, 6, 2 },
		{ GOLDEN("unknown_de.csv"), ENCODING_UTF8, ';', CSV_LF, 7, 3 },
		{ GOLDEN("bar_cr.csv"), ENCODING_UTF8, '|', CSV_CR, 2, 2 },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct csv *c = open_file(a, files[i].path);
		const struct csv_shape *s = csv_shape(c);
		all_rows(a, c);
		if (s->encoding != files[i].encoding || s->delimiter != files[i].delimiter ||
		        s->newline != files[i].newline || s->n_columns != files[i].columns ||
		        csv_counts(c)->rows != files[i].rows || csv_counts(c)->faulty)
			fail_msg("%s: %s '%c' %d, %zu columns, %d rows, %d faulty", files[i].path,
			        encoding_name(s->encoding), s->delimiter, s->newline, s->n_columns,
			        (int)csv_counts(c)->rows, (int)csv_counts(c)->faulty);
	}
}

static void
the_user_overrules_the_encoding(void **state)
{
	struct arena *a = *state;
	struct csv_options o = { .encoding = ENCODING_WINDOWS_1250 };
	assert_str(all_rows(a, open_text(a, STR("a\n\xe8\n"), o)), "č#");
	assert_str(rows_of(a, STR("a\n\xe8\n")), "è#");
	o.encoding = ENCODING_WINDOWS_1252;
	assert_str(all_rows(a, open_text(a, STR("a\n\x81\nb\n"), o)), "!bytes the encoding does not have@2#b#");
}

/* A source that gives one, two, three … bytes at a time, and fails at the end if asked to. */
struct drip {
	str left;
	size_t turn;
	bool fails;
};

static enum err
drip(void *from, char *buffer, size_t cap, size_t *ret_n)
{
	struct drip *d = from;
	size_t n = d->turn++ % 7 + 1;
	n = n < cap ? n : cap;
	n = n < d->left.n ? n : d->left.n;
	if (n == 0 && d->fails)
		return ERR_IO;
	memcpy(buffer, d->left.s, n);
	d->left = str_from(d->left, n);
	*ret_n = n;
	return OK;
}

static void
in_small_pieces_it_reads_the_same(void **state)
{
	struct arena *a = *state;
	const char *paths[] = { GOLDEN("broken.csv"), GOLDEN("dynamics.txt"), GOLDEN("excel_cs.csv"),
		GOLDEN("hubspot.csv"), GOLDEN("salesforce_report.csv") };
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char bytes[2048];
		FILE *file = fopen(paths[i], "rb");
		assert_non_null(file);
		size_t n = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
		struct drip d = { { bytes, n }, 0, false };
		struct faults f;
		struct csv *c;
		faults_init(&f, a);
		assert_int_equal(csv_open(a, drip, &d, (struct csv_options){ .row_limit = 300 }, &f, &c), OK);
		str pieces = all_rows(a, c);
		assert_true(str_eq(pieces, all_rows(a, open_file(a, paths[i]))));
	}
	struct drip d = { STR("a,b\n1,2\n"), 0, true };
	struct faults f;
	struct csv *c;
	faults_init(&f, a);
	assert_int_equal(csv_open(a, drip, &d, (struct csv_options){ 0 }, &f, &c), ERR_IO);
}

/* Rows made as they are asked for: more than memory would like to hold. */
struct mill {
	int64_t row, rows;
	char held[256];
	size_t n, at;
};

static void
mill_row(struct mill *m)
{
	long long i = m->row++;
	int n = i == 0 ? snprintf(m->held, sizeof(m->held), "id,name,amount,close_date,stage,owner\r\n")
	               : snprintf(m->held, sizeof(m->held),
	                         "D%08lld,\"Deal, no \"\"%lld\"\"\",%lld.50,2026-%02d-%02d,Won,Ada\r\n", i, i,
	                         i % 100000, (int)(i % 12 + 1), (int)(i % 28 + 1));
	m->n = (size_t)n;
	m->at = 0;
}

static enum err
mill(void *from, char *buffer, size_t cap, size_t *ret_n)
{
	struct mill *m = from;
	size_t n = 0;
	while (n < cap && (m->at < m->n || m->row <= m->rows)) {
		if (m->at == m->n)
			mill_row(m);
		size_t take = m->n - m->at < cap - n ? m->n - m->at : cap - n;
		memcpy(buffer + n, m->held + m->at, take);
		m->at += take;
		n += take;
	}
	*ret_n = n;
	return OK;
}

static void
memory_stays_bounded(void **state)
{
	(void)state;
	struct arena a;
	struct faults f;
	struct csv *c;
	struct csv_row r;
	struct mill m = { .rows = 200000 };
	arena_init(&a, 4 << 20); /* the file is five times that */
	faults_init(&f, &a);
	assert_int_equal(csv_open(&a, mill, &m, (struct csv_options){ 0 }, &f, &c), OK);
	while (csv_next(c, &r) == OK)
		assert_int_equal(r.fault, CSV_FINE);
	assert_int_equal(csv_counts(c)->rows, 200000);
	assert_int_equal(csv_counts(c)->lines, 200001);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(rfc_4180_and_quirks), unit(delimiters), unit(headers_are_made_unique),
		unit(broken_rows_are_named), unit(a_faulty_row_keeps_its_fields), unit(a_torn_quote_ends_the_reading),
		unit(a_row_over_the_limit), unit(what_is_no_table), unit(footer_and_preamble), unit(layouts),
		unit(the_user_overrules_the_encoding), unit(in_small_pieces_it_reads_the_same),
		unit(memory_stays_bounded) };
	return cmocka_run_group_tests_name("sheet_csv", tests, NULL, NULL);
}
