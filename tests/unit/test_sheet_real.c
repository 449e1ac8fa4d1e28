/* Real layouts and the answers beside them: run with the folder of the importer's data (RIDEALONG_DATA/importer) and,
   for files of one line of every quirk, its csv-spectrum. Their figures stand in expected.json there; they are repeated
   here so that a reader sees what is held. */
#include "sheet.h"

#include "sheet/column.h"

static const char *folder;

static struct csv *
open_data(struct arena *a, const char *name)
{
	return open_file(a, str_fmt(a, "%s/%s%c", folder, name, 0).s);
}

static struct column_sniff
sniffed(struct arena *a, const char *name)
{
	struct column_sniff s;
	struct csv_row r;
	struct csv *c = open_data(a, name);
	column_sniff_init(&s, a, csv_shape(c));
	while (csv_next(c, &r) == OK)
		column_sniff_row(&s, &r);
	column_sniff_end(&s);
	return s;
}

/* Sum of a column, by currency when one is named; rows where `where` has the value `is`, if given. */
static int64_t
sum(struct arena *a, const char *name, const char *column, const char *where, const char *is)
{
	struct column_sniff s = sniffed(a, name);
	struct csv *c = open_data(a, name);
	struct csv_row r;
	size_t at = csv_find(csv_shape(c), str_of(column)), filter = where ? csv_find(csv_shape(c), str_of(where)) : 0;
	int64_t total = 0;
	assert_true(at != SIZE_MAX && filter != SIZE_MAX);
	while (csv_next(c, &r) == OK) {
		struct cell_amount m = { 0 };
		str why = { 0 };
		assert_int_equal(r.fault, CSV_FINE);
		if (where && !str_eq(r.fields[filter], str_of(is)))
			continue;
		if (cell_money(a, r.fields[at], s.columns[at].decimal, "EUR", &m, &why) == ERR_INPUT)
			fail_msg("%s line %d: %.*s", name, (int)r.line, STR_ARG(why));
		assert_false(m.rounded);
		total += m.minor;
	}
	return total;
}

static int64_t
value_count(const struct column_sniff *s, const char *column, const char *value)
{
	for (size_t i = 0; i < s->n_columns; i++)
		for (size_t k = 0; str_eq(s->columns[i].name, str_of(column)) && k < s->columns[i].n_values; k++)
			if (str_eq(s->columns[i].values[k].text, str_of(value)))
				return s->columns[i].values[k].n;
	return 0;
}

static void
shape_is(struct arena *a, const char *name, enum encoding e, bool bom, char delimiter, size_t columns, int64_t rows)
{
	struct csv *c = open_data(a, name);
	const struct csv_shape *s = csv_shape(c);
	struct csv_row r;
	while (csv_next(c, &r) == OK)
		if (r.fault)
			fail_msg("%s line %d: %.*s", name, (int)r.line, STR_ARG(r.what));
	if (s->encoding != e || s->guess.bom != bom || s->delimiter != delimiter || s->n_columns != columns ||
	        csv_counts(c)->rows != rows)
		fail_msg("%s: %s '%c', %zu columns, %d rows", name, encoding_name(s->encoding), s->delimiter,
		        s->n_columns, (int)csv_counts(c)->rows);
}

static void
shapes(void **state)
{
	struct arena *a = *state;
	shape_is(a, "hubspot_deals_utf8bom_crlf.csv", ENCODING_UTF8, true, ',', 13, 200);
	shape_is(a, "salesforce_opportunity_asis.csv", ENCODING_UTF8, true, ',', 35, 50);
	shape_is(a, "salesforce_report_cp1252_footer.csv", ENCODING_WINDOWS_1252, false, ',', 12, 120);
	shape_is(a, "pipedrive_semicolon_eu.csv", ENCODING_UTF8, false, ';', 15, 300);
	shape_is(a, "zoho_potentials_first500.csv", ENCODING_UTF8, false, ',', 20, 500);
	shape_is(a, "dynamics_utf16le_tab.txt", ENCODING_UTF16LE, true, '\t', 11, 150);
	shape_is(a, "excel_sep_cp1250_cz.csv", ENCODING_WINDOWS_1250, false, ';', 6, 80);
	shape_is(a, "../maven/sales_pipeline.csv", ENCODING_UTF8, false, ',', 8, 8800);
	assert_true(csv_shape(open_data(a, "excel_sep_cp1250_cz.csv"))->sep_line);
	assert_str(csv_shape(open_data(a, "hubspot_deals_utf8bom_crlf.csv"))->columns[0].name, "Record ID");
}

static void
sums_to_the_cent(void **state)
{
	struct arena *a = *state;
	assert_int_equal(sum(a, "hubspot_deals_utf8bom_crlf.csv", "Amount", NULL, NULL), 2482661630);
	assert_int_equal(sum(a, "salesforce_opportunity_asis.csv", "Amount", NULL, NULL), 4360354598);
	assert_int_equal(sum(a, "salesforce_report_cp1252_footer.csv", "Amount", NULL, NULL), 22026040);
	assert_int_equal(sum(a, "salesforce_report_cp1252_footer.csv", "Amount", "Amount Currency", "EUR"), 11815500);
	assert_int_equal(sum(a, "salesforce_report_cp1252_footer.csv", "Amount", "Amount Currency", "USD"), 10210540);
	assert_int_equal(sum(a, "pipedrive_semicolon_eu.csv", "Deal - Value", NULL, NULL), 75499400);
	assert_int_equal(sum(a, "pipedrive_semicolon_eu.csv", "Deal - Value", "Deal - Status", "Won"), 40958050);
	assert_int_equal(sum(a, "zoho_potentials_first500.csv", "Amount", NULL, NULL), 3257360000);
	assert_int_equal(sum(a, "zoho_potentials_first500.csv", "Expected Revenue", NULL, NULL), 3337435000);
	assert_int_equal(sum(a, "dynamics_utf16le_tab.txt", "Est. Revenue", NULL, NULL), 34855900);
	assert_int_equal(sum(a, "excel_sep_cp1250_cz.csv", "Částka", NULL, NULL), 473787060);
}

static void
values(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *file, *column, *value;
		int64_t n;
	} want[] = {
		{ "hubspot_deals_utf8bom_crlf.csv", "Deal Stage", "Qualified to Buy", 36 },
		{ "hubspot_deals_utf8bom_crlf.csv", "Deal Stage", "Closed Won", 29 },
		{ "hubspot_deals_utf8bom_crlf.csv", "Deal Stage", "Closed Lost", 27 },
		{ "salesforce_opportunity_asis.csv", "StageName", "Closed Won", 12 },
		{ "salesforce_opportunity_asis.csv", "StageName", "Closed Lost", 3 },
		{ "salesforce_report_cp1252_footer.csv", "Stage", "Closed Won", 99 },
		{ "salesforce_report_cp1252_footer.csv", "Account Name", "Crème Brûlée – Pâtisserie", 15 },
		{ "pipedrive_semicolon_eu.csv", "Deal - Status", "Won", 161 },
		{ "pipedrive_semicolon_eu.csv", "Deal - Status", "Lost", 84 },
		{ "pipedrive_semicolon_eu.csv", "Deal - Status", "Open", 55 },
		{ "zoho_potentials_first500.csv", "Stage", "Closed Won", 209 },
		{ "dynamics_utf16le_tab.txt", "Status Reason", "Canceled", 53 },
		{ "excel_sep_cp1250_cz.csv", "Vyhráno", "Ano", 35 },
		{ "excel_sep_cp1250_cz.csv", "Vyhráno", "Ne", 45 },
		{ "excel_sep_cp1250_cz.csv", "Firma", "Příliš žluťoučký s.r.o.", 14 },
		{ "excel_sep_cp1250_cz.csv", "Firma", "Győri Keksz Kft.", 13 },
	};
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		struct column_sniff s = sniffed(a, want[i].file);
		if (value_count(&s, want[i].column, want[i].value) != want[i].n)
			fail_msg("%s: %s is %s %d times", want[i].file, want[i].column, want[i].value,
			        (int)value_count(&s, want[i].column, want[i].value));
	}
}

static void
forms(void **state)
{
	struct arena *a = *state;
	struct column_sniff s = sniffed(a, "salesforce_report_cp1252_footer.csv");
	assert_int_equal(s.order, CELL_MDY);
	assert_int_equal(s.order_how, COLUMN_BY_FILE);
	s = sniffed(a, "pipedrive_semicolon_eu.csv");
	assert_int_equal(s.order, CELL_DMY);
	assert_int_equal(s.decimal, ',');
	s = sniffed(a, "dynamics_utf16le_tab.txt");
	assert_int_equal(s.order, CELL_DMY);
	assert_string_equal(s.columns[6].codes[0], "GBP");
	s = sniffed(a, "excel_sep_cp1250_cz.csv");
	assert_int_equal(s.order, CELL_DMY);
	assert_int_equal(s.decimal, ',');
	struct csv *c = open_data(a, "salesforce_report_cp1252_footer.csv");
	all_rows(a, c);
	assert_int_equal(csv_counts(c)->footer, 5);
}

static void
first_and_last_creation(void **state)
{
	struct arena *a = *state;
	struct csv *c = open_data(a, "zoho_potentials_first500.csv");
	struct csv_row r;
	instant first = INT64_MAX, last = INT64_MIN, at;
	str why;
	while (csv_next(c, &r) == OK) {
		assert_int_equal(cell_instant(a, r.fields[2], CELL_YMD, zone_utc(), &at, &why), OK);
		first = at < first ? at : first;
		last = at > last ? at : last;
	}
	assert_str(instant_iso(a, first), "2020-11-26T00:10:00.000Z");
	assert_str(instant_iso(a, last), "2021-04-15T00:02:00.000Z");
}

/* What an importer does with the file of broken rows: reader, day, amount, key. */
static str
fate(struct arena *a, const struct csv_row *r, str *seen, int64_t *total)
{
	struct cell_amount m;
	day d;
	str why, id = r->n_fields ? r->fields[0] : STR("");
	if (r->fault)
		return str_fmt(a, "%.*s:%s", STR_ARG(id), csv_fault_name(r->fault));
	if (cell_day(a, r->fields[3], CELL_YMD, &d, &why) != OK ||
	        cell_money(a, r->fields[2], '.', "USD", &m, &why) != OK)
		return str_fmt(a, "%.*s:%.*s", STR_ARG(id), STR_ARG(why));
	if (str_find(*seen, str_fmt(a, " %.*s ", STR_ARG(id))) != SIZE_MAX)
		return str_fmt(a, "%.*s:duplicate", STR_ARG(id));
	*seen = str_fmt(a, "%.*s%.*s ", STR_ARG(*seen), STR_ARG(id));
	*total += m.minor;
	return (str){ 0 };
}

static void
broken_rows(void **state)
{
	struct arena *a = *state;
	struct csv *c = open_data(a, "broken_rows.csv");
	struct csv_row r;
	str seen = STR(" "), rejects = STR("");
	int64_t total = 0;
	assert_str(csv_shape(c)->columns[4].name, "name (2)");
	while (csv_next(c, &r) == OK) {
		str why = fate(a, &r, &seen, &total);
		if (why.n)
			rejects = str_fmt(a, "%.*s%.*s; ", STR_ARG(rejects), STR_ARG(why));
	}
	assert_str(seen, " 1 2 5 6 9 11 ");
	assert_int_equal(total, 2190000);
	assert_str(rejects, "3:too few fields; 4:too many fields; 7:30 February is not a day; 8:NUL byte; "
	                    "10:\"ten thousand\" is not a number; 1:duplicate; :unterminated quote; ");
	assert_int_equal(csv_counts(c)->lines, 18);
}

static void
csv_spectrum(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *name, *rows;
	} files[] = {
		{ "comma_in_quotes", "John|Doe|120 any st.|Anytown, WW|08123#" },
		{ "empty", "1||#2|3|4#" },
		{ "empty_crlf", "1||#2|3|4#" },
		{ "escaped_quotes", "1|ha \"ha\" ha#3|4#" },
		{ "json", "1|{\"type\": \"Point\", \"coordinates\": [102.0, 0.5]}#" },
		{ "location_coordinates", "2095257564|37\uFFFD36'37.8\"N 121\uFFFD2'17.9\"W|Modesto|Stanislaus#" },
		{ "newlines", "1|2|3#Once upon \na time|5|6#7|8|9#" },
		{ "newlines_crlf", "1|2|3#Once upon \r\na time|5|6#7|8|9#" },
		{ "quotes_and_newlines", "1|ha \n\"ha\" \nha#3|4#" },
		{ "simple", "1|2|3#" },
		{ "simple_crlf", "1|2|3#" },
		{ "utf8", "1|2|3#4|5|ʤ#" },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_str(all_rows(a, open_data(a, str_fmt(a, "csv-spectrum/%s.csv%c", files[i].name, 0).s)),
		        files[i].rows);
}

int
main(int count, char **words)
{
	if (count != 2) {
		fprintf(stderr, "give the folder of the importer's data\n");
		return 1;
	}
	folder = words[1];
	const struct CMUnitTest tests[] = { unit(shapes), unit(sums_to_the_cent), unit(values), unit(forms),
		unit(first_and_last_creation), unit(broken_rows), unit(csv_spectrum) };
	return cmocka_run_group_tests_name("sheet_real", tests, NULL, NULL);
}
