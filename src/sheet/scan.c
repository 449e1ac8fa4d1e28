#include "sheet/scan.h"

#include <assert.h>
#include <string.h>

enum { SAMPLE_ROWS = 60, SAMPLE_FIELDS = 256 };

void
scan_init(struct scan *s, char delimiter, struct scan_field *fields, size_t cap)
{
	assert(delimiter && delimiter != '"' && delimiter != '\r' && delimiter != '\n');
	*s = (struct scan){ .delimiter = delimiter, .fields = fields, .cap = cap };
	s->stops[(unsigned char)delimiter] = s->stops['\r'] = s->stops['\n'] = true;
}

int64_t
scan_lines(str bytes)
{
	int64_t n = 0;
	for (size_t i = 0; i < bytes.n; i++)
		n += bytes.s[i] == '\n' || (bytes.s[i] == '\r' && (i + 1 == bytes.n || bytes.s[i + 1] != '\n'));
	return n;
}

static void
field(struct scan *s, struct scan_field f)
{
	if (s->n_fields < s->cap)
		s->fields[s->n_fields] = f;
	s->n_fields++;
}

/* From the opening quote at `at` to behind the closing one. */
static enum scan_end
quoted(struct scan *s, str b, bool last, size_t at, struct scan_field *ret, size_t *ret_behind)
{
	struct scan_field f = { .at = at + 1, .quoted = true };
	size_t i = at + 1;
	for (;;) {
		const char *q = i < b.n ? memchr(b.s + i, '"', b.n - i) : NULL;
		if (!q || (q == b.s + b.n - 1 && !last)) {
			s->quote = s->lines;
			return !q && last ? SCAN_OPEN : SCAN_MORE;
		}
		i = (size_t)(q - b.s) + 1;
		if (i == b.n || b.s[i] != '"')
			break;
		f.doubled = true;
		i++;
	}
	f.n = i - 1 - f.at;
	*ret = f;
	*ret_behind = i;
	return SCAN_ROW;
}

/* What stands between a closing quote and the end of its field should be nothing; blanks do no harm. A field that has
   more is given as it stands in the file, quotes and all. */
static void
tail(struct scan *s, str b, size_t from, size_t to, int64_t opened, struct scan_field *f)
{
	while (from < to && (b.s[from] == ' ' || b.s[from] == '\t'))
		from++;
	if (from == to)
		return;
	if (!s->tail)
		s->quote = opened;
	s->tail = true;
	s->torn = s->torn || memchr(b.s + f->at, '\n', f->n) || memchr(b.s + f->at, '\r', f->n);
	f->at--;
	f->n = to - f->at;
	f->doubled = false;
}

/* One field beginning at *i; *i is then at its end: a delimiter, a line end, or the end of the bytes. */
static enum scan_end
one(struct scan *s, str b, bool last, size_t *i)
{
	struct scan_field f = { .at = *i };
	size_t j = *i;
	int64_t opened = s->lines;
	if (j < b.n && b.s[j] == '"') {
		enum scan_end end = quoted(s, b, last, j, &f, &j);
		if (end != SCAN_ROW)
			return end;
		s->lines += scan_lines((str){ b.s + f.at, f.n });
	}
	size_t behind = j;
	while (j < b.n && !s->stops[(unsigned char)b.s[j]])
		j++;
	if (j == b.n && !last)
		return SCAN_MORE;
	if (f.quoted)
		tail(s, b, behind, j, opened, &f);
	else
		f.n = j - f.at;
	for (size_t k = f.at; s->blank && k < f.at + f.n; k++)
		s->blank = b.s[k] == ' ' || b.s[k] == '\t';
	s->blank = s->blank && !f.quoted;
	field(s, f);
	*i = j;
	return SCAN_ROW;
}

enum scan_end
scan_row(struct scan *s, str b, bool last)
{
	s->n_fields = s->n = 0;
	s->lines = s->quote = 0;
	s->tail = s->torn = false;
	s->blank = true;
	for (size_t i = 0;; i++) {
		enum scan_end end = one(s, b, last, &i);
		if (end != SCAN_ROW)
			return end;
		if (i < b.n && b.s[i] == s->delimiter)
			continue;
		if (i < b.n && b.s[i] == '\r' && i + 1 == b.n && !last)
			return SCAN_MORE; /* its LF may follow */
		s->lines += i < b.n;
		s->n = i == b.n ? i : i + 1 + (b.s[i] == '\r' && i + 1 < b.n && b.s[i + 1] == '\n');
		return SCAN_ROW;
	}
}

/* How well a delimiter fits: the rows that agree on a number of fields above one, the header above all. */
static int64_t
fit(char delimiter, str sample, bool whole)
{
	struct scan_field fields[1];
	struct scan s;
	size_t counts[SAMPLE_FIELDS] = { 0 }, rows = 0, header = 0, best = 0;
	scan_init(&s, delimiter, fields, 1);
	while (rows < SAMPLE_ROWS && sample.n && scan_row(&s, sample, whole) == SCAN_ROW) {
		sample = str_from(sample, s.n);
		if (s.blank)
			continue;
		rows++;
		size_t n = s.tail ? 1 : s.n_fields < SAMPLE_FIELDS ? s.n_fields : SAMPLE_FIELDS - 1;
		header = header ? header : n;
		counts[n]++;
	}
	for (size_t n = 2; n < SAMPLE_FIELDS; n++)
		if (counts[n] && (!best || counts[n] >= counts[best]))
			best = n;
	if (!best)
		return 0;
	return (int64_t)(counts[best] * 1000 / rows + (header == best ? 500 : header > 1 ? 100 : 0) + best);
}

char
scan_delimiter(str sample, bool whole)
{
	char best = ',';
	int64_t most = 0;
	for (const char *d = ",;\t|"; *d; d++) {
		int64_t f = fit(*d, sample, whole);
		if (f > most) {
			most = f;
			best = *d;
		}
	}
	return best;
}

size_t
scan_sep(str sample, char *ret_delimiter)
{
	bool quote = str_starts(sample, STR("\""));
	size_t at = quote ? 1 : 0;
	if (sample.n < at + 5 || !str_same(str_first(str_from(sample, at), 4), STR("sep=")))
		return 0;
	char d = sample.s[at + 4];
	at += 5;
	if (quote && at < sample.n && sample.s[at] == '"')
		at++;
	if (d == '"' || d == '\r' || d == '\n' || d == 0 || (d & 0x80))
		return 0;
	if (at < sample.n && sample.s[at] == '\r')
		at++;
	if (at < sample.n && sample.s[at] == '\n')
		at++;
	else if (at < sample.n && sample.s[at - 1] != '\r')
		return 0;
	*ret_delimiter = d;
	return at;
}

static bool
mostly_controls(str sample)
{
	size_t n = 0;
	for (size_t i = 0; i < sample.n; i++) {
		unsigned char c = (unsigned char)sample.s[i];
		n += c < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\f' && c != 0x1a;
	}
	return n >= 8 && n * 50 > sample.n;
}

bool
scan_alien(str sample, str *ret_what, str *ret_mend)
{
#define AS_CSV "open it there and save the sheet as CSV (UTF-8), then give that file"
#define EXPORT "export the list as CSV from the other system and give that file"
	static const struct {
		str head, inside; /* inside: must also occur; may be empty */
		str what, mend;
	} aliens[] = {
		{ STR_INIT("PK\x03\x04"), STR_INIT("xl/"), STR_INIT("an Excel workbook"), STR_INIT(AS_CSV) },
		{ STR_INIT("PK\x03\x04"), STR_INIT("opendocument.spreadsheet"), STR_INIT("an OpenDocument spreadsheet"),
		        STR_INIT(AS_CSV) },
		{ STR_INIT("PK\x03\x04"), STR_INIT("[Content_Types].xml"),
		        STR_INIT("an Excel workbook or another Office file"), STR_INIT(AS_CSV) },
		{ STR_INIT("PK\x03\x04"), STR_INIT(""), STR_INIT("a zip archive"),
		        STR_INIT("unpack it and give the CSV file inside") },
		{ STR_INIT("\xd0\xcf\x11\xe0"), STR_INIT(""), STR_INIT("an old Excel workbook (.xls)"),
		        STR_INIT(AS_CSV) },
		{ STR_INIT("%PDF"), STR_INIT(""), STR_INIT("a PDF"), STR_INIT(EXPORT) },
		{ STR_INIT("\x89PNG"), STR_INIT(""), STR_INIT("a picture (PNG)"), STR_INIT(EXPORT) },
		{ STR_INIT("\xff\xd8\xff"), STR_INIT(""), STR_INIT("a picture (JPEG)"), STR_INIT(EXPORT) },
		{ STR_INIT("GIF8"), STR_INIT(""), STR_INIT("a picture (GIF)"), STR_INIT(EXPORT) },
		{ STR_INIT("\x1f\x8b"), STR_INIT(""), STR_INIT("a gzip archive"),
		        STR_INIT("unpack it and give the CSV file inside") },
		{ STR_INIT("SQLite format 3"), STR_INIT(""), STR_INIT("an SQLite database"), STR_INIT(EXPORT) },
		{ STR_INIT("{\\rtf"), STR_INIT(""), STR_INIT("a text document (RTF)"), STR_INIT(EXPORT) },
		{ STR_INIT("<"), STR_INIT("schemas-microsoft-com:office:spreadsheet"),
		        STR_INIT("an Excel workbook saved as XML"), STR_INIT(AS_CSV) },
		{ STR_INIT("<"), STR_INIT("<table"), STR_INIT("a web page, as some systems export in place of a sheet"),
		        STR_INIT("open it in a spreadsheet and save it as CSV (UTF-8)") },
		{ STR_INIT("<!"), STR_INIT(""), STR_INIT("a web page"), STR_INIT(EXPORT) },
		{ STR_INIT("<html"), STR_INIT(""), STR_INIT("a web page"), STR_INIT(EXPORT) },
		{ STR_INIT("<?xml"), STR_INIT(""), STR_INIT("XML"), STR_INIT(EXPORT) },
		{ STR_INIT("[{"), STR_INIT(""), STR_INIT("JSON"), STR_INIT(EXPORT) },
		{ STR_INIT("{\""), STR_INIT(""), STR_INIT("JSON"), STR_INIT(EXPORT) },
	};
#undef AS_CSV
#undef EXPORT
	for (size_t i = 0; i < sizeof(aliens) / sizeof(*aliens); i++)
		if (str_starts(sample, aliens[i].head) && str_find(sample, aliens[i].inside) != SIZE_MAX) {
			*ret_what = aliens[i].what;
			*ret_mend = aliens[i].mend;
			return true;
		}
	if (!mostly_controls(sample))
		return false;
	*ret_what = STR("a program's own file, not text");
	*ret_mend = STR("export the list as CSV and give that file");
	return true;
}
