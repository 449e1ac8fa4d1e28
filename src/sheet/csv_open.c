#include "sheet/csv_reader.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

enum { PREAMBLE_MAX = 12 };

static enum err
read_text(void *from, char *buffer, size_t cap, size_t *ret_n)
{
	str *left = from;
	size_t n = left->n < cap ? left->n : cap;
	if (n)
		memcpy(buffer, left->s, n);
	*left = str_from(*left, n);
	*ret_n = n;
	return OK;
}

static enum err
read_fd(void *from, char *buffer, size_t cap, size_t *ret_n)
{
	ssize_t n;
	do
		n = read(*(int *)from, buffer, cap);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ERR_IO;
	*ret_n = (size_t)n;
	return OK;
}

static void
close_fd(void *fd)
{
	close(*(int *)fd);
}

/* A fault of the whole file. */
static enum err
refuse(struct faults *f, str what, str mend)
{
	return fault_add(f, STR("file"), what, mend);
}

/* The first bytes as the file has them, judged before anything is converted. */
static enum err
judge(struct csv *c, struct csv_options options, struct faults *f)
{
	str what, mend;
	struct csv_shape *s = &c->shape;
	while (c->n_raw < CSV_SAMPLE && !c->source_ended) {
		enum err e = reader_raw(c);
		if (e != OK)
			return e;
	}
	str sample = { c->raw, c->n_raw };
	if (sample.n == 0)
		return refuse(f, STR("the file is empty"), STR("export the list again, with a header line"));
	s->guess = encoding_guess_of(sample);
	s->encoding = options.encoding ? options.encoding : s->guess.is;
	if (s->encoding != ENCODING_UTF16LE && s->encoding != ENCODING_UTF16BE && scan_alien(sample, &what, &mend))
		return refuse(f, str_fmt(f->arena, "this looks like %.*s, not a table of text", STR_ARG(what)), mend);
	size_t mark = encoding_mark(s->encoding, sample);
	c->n_raw -= mark;
	memmove(c->raw, c->raw + mark, c->n_raw);
	return encoding_open(&c->converter, c->arena, s->encoding);
}

/* Title lines above the header, as in formatted reports: lines of one field, a blank line, then several fields. */
static void
skip_preamble(struct csv *c)
{
	bool blank = false;
	size_t at = 0;
	int64_t lines = 0, titles = 0;
	for (int i = 0; i < PREAMBLE_MAX; i++) {
		if (scan_row(&c->scan, reader_ahead(c, at), c->ended) != SCAN_ROW || c->scan.n == 0)
			return;
		if (c->scan.n_fields > 1 && !c->scan.blank)
			break;
		blank = blank || (c->scan.blank && titles);
		titles += !c->scan.blank;
		lines += c->scan.lines;
		at += c->scan.n;
	}
	if (!titles || !blank || c->scan.n_fields < 2 || c->scan.blank)
		return;
	c->at += at;
	c->line += lines;
	c->shape.n_preamble = titles;
}

static bool
name_taken(const struct csv_shape *s, size_t before, str name)
{
	for (size_t i = 0; i < before; i++)
		if (str_eq(s->columns[i].name, name))
			return true;
	return false;
}

static void
name_columns(struct csv *c)
{
	struct csv_shape *s = &c->shape;
	s->columns = arena_new(c->arena, struct csv_column, s->n_columns);
	for (size_t i = 0; i < s->n_columns; i++) {
		struct csv_column *column = &s->columns[i];
		column->written = str_copy(c->arena, c->fields[i]);
		str plain = str_trim(column->written), name = plain;
		if (plain.n == 0)
			name = plain = str_fmt(c->arena, "column %zu", i + 1);
		for (int n = 2; name_taken(s, i, name); n++)
			name = str_fmt(c->arena, "%.*s (%d)", STR_ARG(plain), n);
		column->name = name;
		column->renamed = !str_eq(name, str_trim(column->written));
		s->n_renamed += column->renamed;
		s->ours = s->ours || str_starts(name, STR("ridealong_"));
	}
}

static enum err
read_header(struct csv *c, struct faults *f)
{
	struct csv_shape *s = &c->shape;
	struct csv_row row;
	s->n_columns = CSV_COLUMNS_MAX;
	enum err e = reader_row(c, &row);
	if (e == ERR_ABSENT)
		return refuse(f, STR("the file has no line with text in it"),
		        STR("export the list again, with a header line"));
	if (e != OK)
		return e;
	str place = str_fmt(f->arena, "line %lld", (long long)row.line);
	if (row.fault == CSV_MANY)
		return fault_add(f, place,
		        str_fmt(f->arena, "the header has %zu columns; %d is the most", row.n_fields, CSV_COLUMNS_MAX),
		        STR("export fewer columns"));
	if (row.fault != CSV_FINE && row.fault != CSV_FEW)
		return fault_add(f, place, str_fmt(f->arena, "in the header: %.*s", STR_ARG(row.what)),
		        str_copy(f->arena, row.mend));
	s->header_line = row.line;
	s->n_columns = row.n_fields;
	name_columns(c);
	c->counts = (struct csv_counts){ 0 };
	return OK;
}

static enum csv_newline
newline_of(str sample)
{
	size_t cr = str_find_byte(sample, '\r'), lf = str_find_byte(sample, '\n');
	return cr > lf || cr == lf ? CSV_LF : lf == cr + 1 ? CSV_CRLF : CSV_CR;
}

static enum err
prepare(struct csv *c, struct csv_options options, struct faults *f)
{
	enum err e = judge(c, options, f);
	if (e == OK)
		e = reader_fill(c);
	if (e != OK)
		return e;
	str what, mend, sample = str_first(reader_ahead(c, 0), CSV_SAMPLE);
	bool wide = c->shape.encoding == ENCODING_UTF16LE || c->shape.encoding == ENCODING_UTF16BE;
	if (wide && scan_alien(sample, &what, &mend))
		return refuse(f, str_fmt(f->arena, "this looks like %.*s, not a table of text", STR_ARG(what)), mend);
	c->shape.newline = newline_of(sample);
	char named = 0;
	size_t sep = scan_sep(sample, &named);
	c->shape.sep_line = sep > 0;
	c->at += sep;
	c->line += sep > 0;
	sample = str_from(sample, sep);
	bool whole = c->ended && c->end - c->at == sample.n;
	c->shape.delimiter = options.delimiter ? options.delimiter : named ? named : scan_delimiter(sample, whole);
	scan_init(&c->scan, c->shape.delimiter, c->marks, CSV_COLUMNS_MAX + 1);
	skip_preamble(c);
	return read_header(c, f);
}

enum err
csv_open(struct arena *a, csv_read *read, void *from, struct csv_options options, struct faults *f, struct csv **ret)
{
	struct csv *c = arena_new(a, struct csv, 1);
	c->arena = a;
	c->read = read;
	c->from = from;
	c->line = 1;
	c->limit = options.row_limit ? options.row_limit : CSV_ROW_LIMIT;
	c->cap = c->limit + 2 * CSV_SAMPLE;
	c->buffer = arena_alloc(a, c->cap, 1);
	c->raw = arena_alloc(a, CSV_SAMPLE, 1);
	c->marks = arena_new(a, struct scan_field, CSV_COLUMNS_MAX + 1);
	c->fields = arena_new(a, str, CSV_COLUMNS_MAX + 1);
	enum err e = prepare(c, options, f);
	if (e == OK)
		*ret = c;
	return e;
}

enum err
csv_open_text(struct arena *a, str text, struct csv_options options, struct faults *f, struct csv **ret)
{
	return csv_open(a, read_text, arena_copy(a, &text, sizeof(text)), options, f, ret);
}

enum err
csv_open_file(struct arena *a, const char *path, struct csv_options options, struct faults *f, struct csv **ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ERR_ABSENT : ERR_IO;
	int *kept = arena_copy(a, &fd, sizeof(fd));
	arena_defer(a, close_fd, kept);
	return csv_open(a, read_fd, kept, options, f, ret);
}
