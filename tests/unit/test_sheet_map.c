#include "sheet.h"
#include "sheet/map.h"

static const char *const owner_words[] = { "seller in charge", NULL };

/* As an importer of deals would name its fields. */
static const struct map_target deals[] = {
	{ "external_id", "Id there", MAP_ID, false, NULL },
	{ "name", "Name", MAP_TEXT, true, NULL },
	{ "account", "Account", MAP_TEXT, false, NULL },
	{ "owner", "Owner", MAP_PERSON, false, owner_words },
	{ "stage", "Stage", MAP_STAGE, true, NULL },
	{ "outcome", "Outcome", MAP_OUTCOME, false, NULL },
	{ "amount", "Amount", MAP_MONEY, true, NULL },
	{ "currency", "Currency", MAP_CURRENCY, false, NULL },
	{ "product", "Product", MAP_TEXT, false, NULL },
	{ "created_on", "Created on", MAP_DAY, false, NULL },
	{ "engaged_on", "Engaged on", MAP_DAY, false, NULL },
	{ "closes_on", "Closes on", MAP_DAY, false, NULL },
	{ "closed_on", "Closed on", MAP_DAY, false, NULL },
	{ "their_probability", "Their probability", MAP_NUMBER, false, NULL },
	{ "lost_reason", "Lost reason", MAP_TEXT, false, NULL },
};

enum { N_DEALS = sizeof(deals) / sizeof(*deals) };

static struct map_proposal
propose(struct arena *a, struct csv *c)
{
	struct column_sniff s;
	struct csv_row r;
	struct map_proposal p;
	column_sniff_init(&s, a, csv_shape(c));
	while (csv_next(c, &r) == OK)
		column_sniff_row(&s, &r);
	column_sniff_end(&s);
	map_propose(a, csv_shape(c), &s, deals, N_DEALS, &p);
	return p;
}

static void
goes(const struct map_proposal *p, const char *from, const char *to)
{
	for (size_t i = 0; i < p->map.n_columns; i++)
		if (str_eq(p->map.columns[i].from, str_of(from))) {
			assert_str(p->map.columns[i].to, to);
			return;
		}
	if (*to)
		fail_msg("\"%s\" goes nowhere", from);
}

static void
stage_is(const struct map_proposal *p, const char *name, enum ending e)
{
	const struct map_stage *s = map_stage(&p->map, str_of(name));
	if (!s || s->outcome != e)
		fail_msg("stage \"%s\" is %s", name, s ? ending_name(s->outcome) : "not there");
}

static bool
noted(const struct map_proposal *p, const char *place, const char *what)
{
	for (const struct fault *f = p->notes.first; f; f = f->next)
		if (str_eq(f->place, str_of(place)) && str_find(f->what, str_of(what)) != SIZE_MAX)
			return true;
	return false;
}

static void
salesforce(void **state)
{
	struct arena *a = *state;
	struct map_proposal p = propose(a, open_file(a, GOLDEN("salesforce_export.csv")));
	assert_string_equal(p.layout, "Salesforce export");
	assert_str(p.map.source, "salesforce");
	assert_int_equal(p.map.n_key, 1);
	assert_str(p.map.key[0], "Id");
	goes(&p, "StageName", "stage");
	goes(&p, "CloseDate", "closes_on");
	goes(&p, "IsWon", "");
	assert_int_equal(p.map.date, CELL_YMD);
	stage_is(&p, "Vertrag", ENDING_WON); /* by IsWon, its name says nothing */
	stage_is(&p, "Closed Lost", ENDING_LOST);
	stage_is(&p, "Qualification", ENDING_OPEN);
	assert_true(noted(&p, "Amount", "does not say its currency"));
	p = propose(a, open_file(a, GOLDEN("salesforce_report.csv")));
	assert_string_equal(p.layout, "Salesforce report");
	goes(&p, "Opportunity Owner", "owner");
	goes(&p, "Amount Currency", "currency");
	assert_int_equal(p.map.encoding, ENCODING_WINDOWS_1252);
	assert_true(noted(&p, "encoding", "it may also be"));
	assert_true(noted(&p, "key", "no column tells the rows apart"));
}

static void
pipedrive_status_stands_beside_the_stage(void **state)
{
	struct arena *a = *state;
	struct map_proposal p = propose(a, open_file(a, GOLDEN("pipedrive.csv")));
	goes(&p, "Deal - Stage", "stage");
	goes(&p, "Deal - Status", "outcome");
	goes(&p, "Deal - Won time", "closed_on");
	goes(&p, "Deal - Lost time", "closed_on");
	goes(&p, "Deal - Expected close date", "closes_on");
	stage_is(&p, "Verhandlung", ENDING_OPEN);
	assert_str(map_value(&p.map, STR("outcome"), STR(" Won ")), "won");
	assert_str(map_value(&p.map, STR("outcome"), STR("Lost")), "lost");
	assert_str(map_value(&p.map, STR("owner"), STR("Ada")), "Ada");
	assert_int_equal(p.map.date, CELL_DMY);
	assert_int_equal(p.map.date_sign, '.');
	assert_int_equal(p.map.decimal, ',');
	assert_int_equal(p.map.delimiter, ';');
}

static void
dynamics_has_a_status_only(void **state)
{
	struct arena *a = *state;
	struct map_proposal p = propose(a, open_file(a, GOLDEN("dynamics.txt")));
	assert_str(p.map.source, "dynamics");
	goes(&p, "Status Reason", "stage");
	stage_is(&p, "Canceled", ENDING_LOST);
	stage_is(&p, "Won", ENDING_WON);
	stage_is(&p, "In Progress", ENDING_OPEN);
	assert_string_equal(p.map.currency, "GBP");
	assert_int_equal(p.map.date, CELL_DMY);
	assert_int_equal(p.map.encoding, ENCODING_UTF16LE);
}

static void
other_layouts(void **state)
{
	struct arena *a = *state;
	struct map_proposal p = propose(a, open_file(a, GOLDEN("hubspot.csv")));
	assert_str(p.map.source, "hubspot");
	goes(&p, "Record ID", "external_id");
	goes(&p, "Associated Company", "account");
	stage_is(&p, "Closed Won", ENDING_WON);
	p = propose(a, open_file(a, GOLDEN("zoho.csv")));
	assert_str(p.map.source, "zoho");
	goes(&p, "Potential Name", "name");
	goes(&p, "Probability", "their_probability");
	assert_string_equal(p.map.currency, "USD");
	stage_is(&p, "Needs Analysis", ENDING_OPEN);
}

static void
unknown_files_by_words_and_near_misses(void **state)
{
	struct arena *a = *state;
	struct map_proposal p = propose(a, open_file(a, GOLDEN("unknown_de.csv")));
	assert_string_equal(p.layout, "");
	goes(&p, "Vorgangsnummer", "external_id");
	goes(&p, "Bezeichung", "name"); /* a letter is missing */
	goes(&p, "Kundenname", "account");
	goes(&p, "Auftragswert (EUR)", "amount");
	goes(&p, "Vertriebsphase", "stage");
	goes(&p, "Abschlussdatum", "closes_on");
	goes(&p, "Verantwortlicher", "owner");
	assert_string_equal(p.map.currency, "EUR");
	stage_is(&p, "Gewonnen", ENDING_WON);
	stage_is(&p, "Verloren", ENDING_LOST);
	p = propose(a, open_file(a, GOLDEN("excel_cs.csv")));
	goes(&p, "Částka", "amount");
	goes(&p, "Firma", "account");
	goes(&p, "Měna", "currency");
	goes(&p, "Datum uzavření", "closes_on");
	assert_str(map_value(&p.map, STR("outcome"), STR("Ano")), "won");
	p = propose(a,
	        open_text(a, STR("Seller in Charge,Title,Money,Phase\nAda,Roof,$5.50,x\n"), (struct csv_options){ 0 }));
	goes(&p, "Seller in Charge", "owner");
	goes(&p, "Money", "amount"); /* by its values only, and said so */
	assert_true(noted(&p, "Money", "only because"));
	assert_true(noted(&p, "Phase", "no stage is known as won or lost"));
}

static void
a_name_does_not_win_against_the_values(void **state)
{
	struct arena *a = *state;
	struct map_proposal p = propose(
	        a, open_text(a, STR("Name,Amount,Value\nRoof,much,5\nWall,little,6\n"), (struct csv_options){ 0 }));
	goes(&p, "Value", "amount");
	goes(&p, "Amount", "");
	assert_true(noted(&p, "stage", "no column was found"));
}

static const char maven[] = "version: 1\nsource: maven\nkey: [opportunity_id]\ndate: Y-M-D\ncurrency: USD\ncolumns:\n"
                            "  opportunity_id: external_id\n  sales_agent: owner\n  close_value: amount\nvalues:\n  "
                            "product: { GTXPro: GTX Pro }\n"
                            "stages:\n  Prospecting: { outcome: open, probability: 10 }\n  Won: { outcome: won }\n";

static struct map
parsed(struct arena *a, str yaml)
{
	struct faults f;
	struct map m;
	faults_init(&f, a);
	if (map_parse(a, yaml, &f, &m) != OK)
		fail_msg("%.*s: %.*s", STR_ARG(f.first->place), STR_ARG(f.first->what));
	return m;
}

static void
a_mapping_is_read(void **state)
{
	struct arena *a = *state;
	struct map m = parsed(a, str_of(maven));
	assert_str(m.source, "maven");
	assert_str(m.key[0], "opportunity_id");
	assert_int_equal(m.date, CELL_YMD);
	assert_string_equal(m.currency, "USD");
	assert_int_equal(m.n_columns, 3);
	assert_str(m.columns[1].from, "sales_agent");
	assert_str(m.columns[1].to, "owner");
	assert_int_equal(m.columns[1].line, 8);
	assert_str(map_value(&m, STR("product"), STR("GTXPro")), "GTX Pro");
	assert_int_equal(m.stages[0].probability, 10);
	assert_int_equal(m.stages[1].probability, -1);
	assert_null(map_stage(&m, STR("Lost")));
}

static void
what_is_printed_reads_back(void **state)
{
	struct arena *a = *state;
	const char *paths[] = { GOLDEN("salesforce_export.csv"), GOLDEN("pipedrive.csv"), GOLDEN("dynamics.txt"),
		GOLDEN("excel_cs.csv"), GOLDEN("unknown_de.csv"), GOLDEN("hubspot.csv") };
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct map_proposal p = propose(a, open_file(a, paths[i]));
		str once = map_print(a, &p.map);
		struct map m = parsed(a, once);
		assert_true(str_eq(once, map_print(a, &m)));
		assert_int_equal(m.n_columns, p.map.n_columns);
		assert_int_equal(m.n_stages, p.map.n_stages);
		assert_int_equal(m.delimiter, p.map.delimiter);
		assert_int_equal(m.encoding, p.map.encoding);
	}
	struct map m = parsed(
	        a, STR("version: 1\nsource: x\nkey: ['a, b', 'c]']\ncolumns: { 'a, b': name, 'No': 'x: y' }\n"
	               "values: { outcome: { 'No': lost, '- x': won } }\nstages: { '#1 {x}': { outcome: open } }\n"));
	struct map again = parsed(a, map_print(a, &m));
	assert_str(again.key[0], "a, b");
	assert_str(again.key[1], "c]");
	assert_str(again.columns[1].from, "No");
	assert_str(again.columns[1].to, "x: y");
	assert_str(map_value(&again, STR("outcome"), STR("- x")), "won");
	assert_non_null(map_stage(&again, STR("#1 {x}")));
}

static void
wrong(struct arena *a, const char *yaml, const char *place, const char *what)
{
	struct faults f;
	struct map m;
	faults_init(&f, a);
	assert_int_equal(map_parse(a, str_of(yaml), &f, &m), ERR_INPUT);
	for (const struct fault *x = f.first; x; x = x->next)
		if (str_eq(x->place, str_of(place)) && str_find(x->what, str_of(what)) != SIZE_MAX)
			return;
	fail_msg("no \"%s\" at %s", what, place);
}

static void
faults_name_their_line(void **state)
{
	struct arena *a = *state;
#define HEAD "version: 1\nsource: x\ncolumns: { a: b }\n"
	wrong(a, "version: 2\nsource: x\ncolumns: { a: b }\n", "line 1", "version 2");
	wrong(a, "source: x\ncolumns: { a: b }\n", "line 1", "no version");
	wrong(a, "version: 1\nsource: x\n", "line 1", "no columns");
	wrong(a, HEAD "colour: red\n", "line 4", "no \"colour\"");
	wrong(a, HEAD "date: soon\n", "line 4", "not an order of dates");
	wrong(a, HEAD "currency: XQX\n", "line 4", "ISO 4217");
	wrong(a, HEAD "encoding: ebcdic\n", "line 4", "not known");
	wrong(a, HEAD "decimal: x\n", "line 4", "decimal sign");
	wrong(a, HEAD "delimiter: two\n", "line 4", "cannot part");
	wrong(a, HEAD "stages:\n  A: { outcome: maybe }\n", "line 5", "open, won or lost");
	wrong(a, HEAD "stages:\n  A: { outcome: won, probability: 101 }\n", "line 5", "0 to 100");
	wrong(a, HEAD "stages:\n  A: { probability: 1 }\n", "line 5", "no outcome");
	wrong(a, HEAD "values: { a: b }\n", "line 4", "must be values");
	wrong(a, "version: 1\nsource: x\ncolumns:\n  a: [b]\n", "line 4", "needs the name of a field");
	wrong(a, "- a\n", "line 1", "names with values");
#undef HEAD
}

static void
checked_against_the_file(void **state)
{
	struct arena *a = *state;
	struct faults f;
	struct csv *c = open_text(a, STR("opportunity_id,sales_agent\n1,Ada\n"), (struct csv_options){ 0 });
	struct map m = parsed(a, str_of(maven));
	faults_init(&f, a);
	assert_int_equal(map_check(&m, csv_shape(c), deals, N_DEALS, &f), ERR_INPUT);
	assert_str(fault_at(&f, STR("line 9"))->what, "the file has no column \"close_value\"");
	assert_str(fault_at(&f, STR("name"))->what, "no column goes to Name");
	m = parsed(a, STR("version: 1\nsource: x\ncolumns: { opportunity_id: nonsense }\n"));
	faults_init(&f, a);
	assert_int_equal(map_check(&m, csv_shape(c), deals, N_DEALS, &f), ERR_INPUT);
	assert_str(fault_at(&f, STR("line 3"))->what, "there is no field \"nonsense\"");
	faults_init(&f, a);
	assert_int_equal(
	        map_check(&m, csv_shape(c), &(struct map_target){ "nonsense", "N", MAP_TEXT, true, NULL }, 1, &f), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { unit(salesforce), unit(pipedrive_status_stands_beside_the_stage),
		unit(dynamics_has_a_status_only), unit(other_layouts), unit(unknown_files_by_words_and_near_misses),
		unit(a_name_does_not_win_against_the_values), unit(a_mapping_is_read), unit(what_is_printed_reads_back),
		unit(faults_name_their_line), unit(checked_against_the_file) };
	return cmocka_run_group_tests_name("sheet_map", tests, NULL, NULL);
}
