/* Any bytes as a table: opened, read, judged, mapped. The first byte chooses how the source gives them. Held: rows come
   in order of their lines, a fine row has the header's number of fields, and pieces of any size read the same. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/yaml.h"
#include "sheet/map.h"

struct source {
	str left;
	size_t piece;
};

static enum err
give(void *from, char *buffer, size_t cap, size_t *ret_n)
{
	struct source *s = from;
	size_t n = s->piece < cap ? s->piece : cap;
	n = n < s->left.n ? n : s->left.n;
	if (n)
		memcpy(buffer, s->left.s, n);
	s->left = str_from(s->left, n);
	*ret_n = n;
	return OK;
}

static const struct map_target targets[] = { { "external_id", "Id", MAP_ID, false, NULL },
	{ "name", "Name", MAP_TEXT, true, NULL }, { "stage", "Stage", MAP_STAGE, true, NULL },
	{ "outcome", "Outcome", MAP_OUTCOME, false, NULL }, { "amount", "Amount", MAP_MONEY, true, NULL },
	{ "closes_on", "Closes on", MAP_DAY, false, NULL } };

static void
read_cells(struct arena *a, const struct csv_row *r)
{
	for (size_t i = 0; i < r->n_fields; i++) {
		day d;
		instant at;
		bool b;
		char code[4];
		struct cell_amount m;
		str why = { 0 };
		for (enum cell_order o = CELL_ANY; o <= CELL_MDY; o++)
			if (cell_day(a, r->fields[i], o, &d, &why) == ERR_INPUT)
				assert(why.n > 0);
		cell_instant(a, r->fields[i], CELL_DMY, zone_utc(), &at, &why);
		cell_money(a, r->fields[i], '.', "EUR", &m, &why);
		cell_money(a, r->fields[i], ',', "JPY", &m, &why);
		cell_bool(a, r->fields[i], &b, &why);
		cell_currency(a, r->fields[i], code, &why);
	}
}

static void
map_it(struct arena *a, const struct csv *c, struct column_sniff *s)
{
	struct map_proposal p;
	struct map back;
	struct faults f;
	column_sniff_end(s);
	map_propose(a, csv_shape(c), s, targets, sizeof(targets) / sizeof(*targets), &p);
	str text = map_print(a, &p.map);
	faults_init(&f, a);
	/* YAML takes no key above 1,024 letters, base/yaml no text above 1 MiB */
	enum err e = map_parse(a, text, &f, &back);
	assert(e == OK || text.n > 900);
	if (e == OK)
		assert(str_eq(text, map_print(a, &back)));
}

/* A digest of all rows; 0 when it is no table. */
static uint64_t
read_all(str bytes, size_t piece, bool deep)
{
	struct arena a;
	struct faults f;
	struct csv *c;
	struct csv_row r;
	struct column_sniff s;
	struct source source = { bytes, piece };
	uint64_t digest = 1;
	int64_t line = 0;
	arena_init(&a, ARENA_CAP_REQUEST);
	faults_init(&f, &a);
	enum err e = csv_open(&a, give, &source, (struct csv_options){ .row_limit = 2000 }, &f, &c);
	if (e == OK) {
		column_sniff_init(&s, &a, csv_shape(c));
		while (csv_next(c, &r) == OK) {
			assert(r.line > line && r.last_line >= r.line);
			assert(r.fault != CSV_FINE || r.n_fields == csv_shape(c)->n_columns);
			line = r.line;
			digest = digest * 31 + (uint64_t)r.fault * 7 + (uint64_t)r.line;
			for (size_t i = 0; i < r.n_fields; i++)
				digest = digest * 31 + str_hash(r.fields[i]);
			if (deep) {
				column_sniff_row(&s, &r);
				read_cells(&a, &r);
			}
		}
		assert(csv_counts(c)->lines >= line);
		if (deep)
			map_it(&a, c, &s);
	} else
		assert(e == ERR_INPUT && f.n > 0);
	arena_fini(&a);
	return e == OK ? digest : 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	if (n < 1)
		return 0;
	str text = { (const char *)bytes + 1, n - 1 };
	uint64_t whole = read_all(text, SIZE_MAX, true);
	assert(whole == read_all(text, bytes[0] % 64 + 1u, false));
	return 0;
}
