/* Any bytes as a workbook: opened, its sheets named, each read. Held: whatever comes out is text the reader of tables
   takes or refuses; nothing outgrows its bounds. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	struct faults f;
	struct xlsx *x;
	struct csv *csv;
	struct csv_row row;
	const str *names;
	str text;

	arena_init(&a, (size_t)512 << 20);
	faults_init(&f, &a);
	if (xlsx_open(&a, NULL, (str){ (const char *)data, n }, STR("book.xlsx"), &f, &x) == OK)
		for (size_t i = 0, all = xlsx_sheets(x, &names); i < all && i < 3; i++) {
			if (xlsx_text(x, names[i], &f, &text) != OK)
				continue;
			assert(text.n <= XLSX_TEXT_MOST);
			if (csv_open_text(&a, text, (struct csv_options){ ENCODING_UTF8, ',', 0 }, &f, &csv) == OK)
				while (csv_next(csv, &row) == OK)
					assert(row.fault || row.n_fields == csv_shape(csv)->n_columns);
		}
	arena_fini(&a);
	return 0;
}
