/* Workbooks as other programs write them, packed here part by part. */
#include <zip.h>

#include "base/arena.h"
#include "sheet.h"
#include "sheet/xlsx.h"

#define BOOK \
	"<workbook xmlns:r='urn:r'>%s<sheets><sheet name='Old' sheetId='1' state='hidden' r:id='r1'/><sheet " \
	"name='Deals' " \
	"sheetId='2' r:id='r2'/><sheet name='People &amp; more' sheetId='3' r:id='r3'/></sheets></workbook>"
#define RELATIONS \
	"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/><Relationship Id='r2' " \
	"Target='worksheets/sheet2.xml'/><Relationship Id='r3' Target='/xl/worksheets/sheet3.xml'/></Relationships>"
#define STYLES \
	"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='&quot;day&quot; 0.00'/><numFmt numFmtId='165' " \
	"formatCode='[$-407]dd\\.mm\\.yyyy'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf " \
	"numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='165'/><xf numFmtId='164'/><xf " \
	"numFmtId='22'/></cellXfs></styleSheet>"
#define STRINGS \
	"<sst><si><t>Name</t></si><si><r><t>Ac</t></r><r><t xml:space='preserve'>me \"1\", " \
	"Ltd</t></r><rPh><t>no</t></rPh></si></sst>"
#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define HEAD \
	"<row><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>Day</t></is></c><c r='C1' " \
	"t='str'><v>Amount</v></c></row>"

struct pack {
	const char *book, *strings, *sheet, *extra;
};

/* The bytes of a workbook; strings and sheet may be NULL: that part is missing. */
static str
packed(struct arena *a, struct pack w)
{
	zip_error_t error;
	zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = zip_open_from_source(to, ZIP_CREATE | ZIP_TRUNCATE, &error);
	const char *const parts[][2] = { { "xl/workbook.xml", w.book }, { "xl/_rels/workbook.xml.rels", RELATIONS },
		{ "xl/styles.xml", STYLES }, { "xl/sharedStrings.xml", w.strings },
		{ "xl/worksheets/sheet2.xml", w.sheet },
		{ "xl/worksheets/sheet3.xml",
		        SHEET("<row><c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c><c><v>7</v></c></row>") },
		{ "content.xml", w.extra } };

	assert_non_null(zip);
	zip_source_keep(to);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i][1])
			assert_true(zip_file_add(zip, parts[i][0],
			                    zip_source_buffer(zip, parts[i][1], strlen(parts[i][1]), 0), 0) >= 0);
	assert_int_equal(zip_close(zip), 0);
	zip_stat_t s;
	assert_int_equal(zip_source_open(to), 0);
	assert_int_equal(zip_source_stat(to, &s), 0);
	char *bytes = arena_alloc(a, s.size + 1, 1);
	assert_int_equal(zip_source_read(to, bytes, s.size), (zip_int64_t)s.size);
	zip_source_close(to);
	zip_source_free(to);
	return (str){ bytes, s.size };
}

static str
book(struct arena *a, const char *properties)
{
	str s = str_fmt(a, BOOK "%c", properties, 0);
	return s;
}

static enum err
text_of(struct arena *a, str bytes, const char *sheet, str *ret)
{
	struct faults f;
	struct xlsx *x;
	faults_init(&f, a);
	enum err e = xlsx_open(a, NULL, bytes, STR("book.xlsx"), &f, &x);
	if (e == OK)
		e = xlsx_text(x, str_of(sheet), &f, ret);
	if (e == ERR_INPUT)
		*ret = str_fmt(a, "%.*s; %.*s", STR_ARG(f.first->what), STR_ARG(f.first->mend));
	return e;
}

static void
reads(struct arena *a, const char *properties, const char *rows, const char *want)
{
	str text;
	str bytes = packed(a, (struct pack){ book(a, properties).s, STRINGS, rows, NULL });
	if (text_of(a, bytes, "", &text) != OK)
		fail_msg("%.*s", STR_ARG(text));
	assert_str(text, want);
}

static void
cells(void **state)
{
	struct arena *a = *state;
	reads(a, "",
	        SHEET(HEAD "<row r='3'><c r='A3' t='s'><v>1</v></c><c r='B3' s='1'><v>42795</v></c><c "
	                   "r='C3'><v>1054.1</v></c></row>"),
	        "\"Name\",\"Day\",\"Amount\"\n\"Acme \"\"1\"\", Ltd\",2017-03-01,1054.1\n");
	/* Empty cells between, at the end, and with a style alone; a title of one cell. */
	reads(a, "",
	        SHEET("<row><c t='str'><v>Title</v></c></row>" HEAD
	              "<row r='5'><c r='B5'><v>2</v></c><c r='C5' s='1'/></row><row r='6'><c r='A6'><v>1</v></c><c "
	              "r='C6'><v>3</v></c></row>"),
	        "\"Title\"\n\"Name\",\"Day\",\"Amount\"\n,2,\n1,,3\n");
}

/* Days by their style: known and own formats, with time, 1904, and the day that never was. */
static void
days(void **state)
{
	struct arena *a = *state;
#define ONE(style, value) SHEET("<row><c s='" style "'><v>" value "</v></c></row>")
	reads(a, "", ONE("1", "1"), "1900-01-01\n");
	reads(a, "", ONE("1", "59"), "1900-02-28\n");
	reads(a, "", ONE("1", "60"), "60\n");
	reads(a, "", ONE("1", "61"), "1900-03-01\n");
	reads(a, "", ONE("2", "43100"), "2017-12-31\n");
	reads(a, "", ONE("3", "43100"), "43100\n");
	reads(a, "", ONE("4", "43100.5"), "2017-12-31T12:00:00\n");
	reads(a, "", ONE("4", "43100.999999"), "2018-01-01\n");
	reads(a, "", ONE("4", "0.25"), "06:00\n");
	reads(a, "<workbookPr date1904='1'/>", ONE("1", "41638"), "2017-12-31\n");
	reads(a, "", ONE("0", "0.30000000000000004"), "0.3\n");
	reads(a, "", ONE("0", "-1100"), "-1100\n");
	reads(a, "", ONE("0", "123456789012"), "123456789012\n");
}

static void
sheets(void **state)
{
	struct arena *a = *state;
	struct faults f;
	struct xlsx *x;
	const str *names;
	str text, bytes = packed(a, (struct pack){ book(a, "").s, STRINGS, SHEET(HEAD), NULL });
	faults_init(&f, a);
	assert_int_equal(xlsx_open(a, NULL, bytes, STR("book.xlsx"), &f, &x), OK);
	assert_int_equal(xlsx_sheets(x, &names), 2);
	assert_str(names[0], "Deals");
	assert_str(names[1], "People & more");
	assert_int_equal(text_of(a, bytes, "People & more", &text), OK);
	assert_str(text, "true,,7\n");
	assert_int_equal(text_of(a, bytes, "Old", &text), ERR_INPUT);
	assert_str(text, "has no sheet “Old”; the first is “Deals”");
}

static void
refused(struct arena *a, const char *strings, const char *sheet, const char *why)
{
	str text = { 0 };
	str bytes = packed(a, (struct pack){ book(a, "").s, strings, sheet, NULL });
	assert_int_equal(text_of(a, bytes, "", &text), ERR_INPUT);
	if (str_find(text, str_of(why)) == SIZE_MAX)
		fail_msg("%.*s, not %s", STR_ARG(text), why);
}

/* Bombs and damage end within bounds, in words. */
static void
bounds(void **state)
{
	struct arena *a = *state;
	str text;
	char *large = test_malloc((50 << 20) + 1);
	memset(large, ' ', 50 << 20);
	large[50 << 20] = 0;
	refused(a, STRINGS, large, "larger than 48 MB unpacked; save the sheet as CSV");
	test_free(large);
	char *cell = test_malloc(200000);
	int n = snprintf(cell, 200000, "<worksheet><row><c t='str'><v>");
	memset(cell + n, 'x', 140000);
	snprintf(cell + n + 140000, 200000 - (size_t)n - 140000, "</v></c></row></worksheet>");
	refused(a, STRINGS, cell, "a cell holds more than 32,767 letters");
	test_free(cell);
	refused(a, STRINGS,
	        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" SHEET("<row><c t='str'><v>&b;</v></c></row>"),
	        "document type");
	refused(a, STRINGS, SHEET("<row><c r='ZZZ1'><v>1</v></c></row>"), "more than 4,096 columns");
	refused(a, STRINGS, SHEET("<row r='2'/><row r='1'/>"), "rows are not in order");
	refused(a, STRINGS, SHEET("<row><c t='s'><v>9</v></c></row>"), "names a text that is not there");
	refused(a, NULL, SHEET(HEAD), "names a text that is not there");
	refused(a, STRINGS, "<worksheet><row>", "a part is no XML; open it and save it again");
	refused(a, STRINGS, NULL, "a part is missing");
	str bytes = packed(a, (struct pack){ book(a, "").s, STRINGS, SHEET(HEAD), NULL });
	assert_int_equal(text_of(a, str_first(bytes, bytes.n / 2), "", &text), ERR_INPUT);
	bytes = packed(a, (struct pack){ NULL, NULL, NULL, "<office/>" });
	assert_int_equal(text_of(a, bytes, "", &text), ERR_ABSENT);
	assert_true(xlsx_is(bytes));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(cells), unit(days), unit(sheets), unit(bounds) };
	return cmocka_run_group_tests_name("sheet_xlsx", tests, NULL, NULL);
}
