#include "sheet/csv_reader.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

enum {
	FOOTER_LINES = 24,
	READ_LEAST = 4096 /* nearer to full than this is full */
};

static const char *const fault_names[CSV_FAULTS] = {
	[CSV_FINE] = "fine",
	[CSV_FEW] = "too few fields",
	[CSV_MANY] = "too many fields",
	[CSV_NUL] = "NUL byte",
	[CSV_BYTES] = "bytes the encoding does not have",
	[CSV_QUOTE] = "text after a closing quote",
	[CSV_LONG] = "row too long",
	[CSV_OPEN] = "unterminated quote",
};

const char *
csv_fault_name(enum csv_fault f)
{
	assert(f < CSV_FAULTS);
	return fault_names[f];
}

const char *
csv_delimiter_name(char d)
{
	return d == ',' ? "comma" : d == ';' ? "semicolon" : d == '\t' ? "tab" : d == '|' ? "bar" : "another sign";
}

const struct csv_shape *
csv_shape(const struct csv *c)
{
	return &c->shape;
}

const struct csv_counts *
csv_counts(const struct csv *c)
{
	return &c->counts;
}

size_t
csv_find(const struct csv_shape *s, str name)
{
	for (size_t i = 0; i < s->n_columns; i++)
		if (str_eq(s->columns[i].name, name))
			return i;
	return SIZE_MAX;
}

str
reader_ahead(const struct csv *c, size_t skip)
{
	assert(c->at + skip <= c->end);
	return (str){ c->buffer + c->at + skip, c->end - c->at - skip };
}

enum err
reader_raw(struct csv *c)
{
	size_t n = 0;
	enum err e = c->read(c->from, c->raw + c->n_raw, CSV_SAMPLE - c->n_raw, &n);
	if (e != OK)
		return e;
	assert(n <= CSV_SAMPLE - c->n_raw);
	c->source_ended = n == 0;
	c->n_raw += n;
	return OK;
}

/* UTF-8 needs no conversion: once the sample is used up, bytes go straight where they are wanted. */
static enum err
fill_directly(struct csv *c)
{
	size_t n = 0;
	enum err e = c->read(c->from, c->buffer + c->end, c->cap - c->end, &n);
	if (e != OK)
		return e;
	c->source_ended = c->ended = n == 0;
	c->end += n;
	return OK;
}

enum err
reader_fill(struct csv *c)
{
	memmove(c->buffer, c->buffer + c->at, c->end - c->at);
	c->end -= c->at;
	c->at = 0;
	while (!c->ended && c->cap - c->end >= READ_LEAST) {
		enum err e = OK;
		if (c->n_raw == 0 && !c->converter.iconv && !c->source_ended) {
			e = fill_directly(c);
			if (e != OK)
				return e;
			continue;
		}
		if (c->n_raw < CSV_SAMPLE && !c->source_ended)
			e = reader_raw(c);
		if (e != OK)
			return e;
		size_t used = 0;
		c->end += encoding_convert(&c->converter, (str){ c->raw, c->n_raw }, c->source_ended,
		        c->buffer + c->end, c->cap - c->end, &used);
		c->n_raw -= used;
		memmove(c->raw, c->raw + used, c->n_raw);
		c->ended = c->source_ended && c->n_raw == 0;
	}
	c->counts.replaced = c->converter.replaced;
	return OK;
}

static void
fault(struct csv *c, struct csv_row *row, enum csv_fault kind, const char *mend)
{
	row->fault = kind;
	row->what = str_of(c->words);
	row->mend = str_of(mend);
}
#define SAY(c, ...) ((void)snprintf((c)->words, sizeof((c)->words), __VA_ARGS__))

/* UTF-8 well-formed? Mostly ASCII, so eight bytes at a time. */
static bool
well_formed(str s)
{
	size_t i = 0;
	uint64_t eight;
	for (; i + 8 <= s.n; i += 8) {
		memcpy(&eight, s.s + i, 8);
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < s.n && !(s.s[i] & 0x80))
		i++;
	return i == s.n || str_utf8(str_from(s, i));
}

/* "" → ", in place: what is read shrinks only. */
static str
undouble(char *s, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		s[to++] = s[i];
		i += s[i] == '"';
	}
	return (str){ s, to };
}

static bool
formula(str s)
{
	while (s.n && s.s[0] == '\'')
		s = str_from(s, 1);
	return s.n && strchr("=+-@\t\r\n", s.s[0]) && s.s[0];
}

static void
take_fields(struct csv *c, char *bytes)
{
	size_t n = c->scan.n_fields < c->scan.cap ? c->scan.n_fields : c->scan.cap;
	for (size_t i = 0; i < n; i++) {
		const struct scan_field *m = &c->marks[i];
		str field = m->doubled ? undouble(bytes + m->at, m->n) : (str){ bytes + m->at, m->n };
		if (c->shape.ours && str_starts(field, STR("'")) && formula(field))
			field = str_from(field, 1);
		c->fields[i] = field;
	}
}

static void
check_count(struct csv *c, struct csv_row *row)
{
	size_t want = c->shape.n_columns;
	if (row->n_fields == want)
		return;
	enum csv_fault kind = row->n_fields < want ? CSV_FEW : CSV_MANY;
	SAY(c, "%s: %zu where the header has %zu%s", csv_fault_name(kind), row->n_fields, want,
	        row->last_line > row->line ? "; the row spans lines, so a quote may be missing" : "");
	fault(c, row, kind,
	        kind == CSV_FEW ? "add the missing fields, or put a text with a line break between quotes"
	                        : "put a text that holds the delimiter between quotes");
	if (kind == CSV_MANY && row->n_fields > want + 1)
		row->n_fields = want + 1;
}

/* The worst fault of a row last: it is the one that is told. */
static void
check_row(struct csv *c, struct csv_row *row, str bytes)
{
	check_count(c, row);
	bool bad = c->converter.iconv ? c->converter.replaced && str_find(bytes, STR("\xef\xbf\xbd")) != SIZE_MAX
	                              : !well_formed(bytes);
	bool nul = str_find_byte(bytes, 0) != SIZE_MAX;
	if (bad && !nul) {
		SAY(c, "holds bytes which %s does not have", encoding_name(c->shape.encoding));
		fault(c, row, CSV_BYTES, "choose another encoding for the file, or mend the text");
	}
	if (nul) {
		SAY(c, "holds a NUL byte");
		fault(c, row, CSV_NUL, "delete the byte; the file may be damaged");
	}
	if (c->scan.tail) {
		SAY(c, "text after a closing quote");
		fault(c, row, CSV_QUOTE, "double every quote inside a text in quotes: \"\"");
	}
}

/* A quote without an end swallows what follows: nothing after it can be told apart, so nothing is taken. */
static void
stop(struct csv *c, struct csv_row *row, int64_t quote_line)
{
	c->counts.stopped = true;
	str rest = reader_ahead(c, 0);
	c->counts.lines = c->line + scan_lines(rest) - (rest.n && rest.s[rest.n - 1] == '\n');
	c->at = c->end;
	c->ended = c->source_ended = true;
	row->line = quote_line;
	row->last_line = c->counts.lines;
	row->n_fields = 0;
	SAY(c, "unterminated quote: it opens here and is never closed; nothing after it was read");
	fault(c, row, CSV_OPEN, "close the quote on this line, or delete it");
}

/* A row that is too long to keep, followed byte by byte to its end. */
struct long_row {
	enum { FIELD_BEGINS, FIELD_PLAIN, FIELD_INSIDE, FIELD_CLOSED } state;
	int64_t lines, opened; /* line ends so far; … at the quote last opened */
	bool torn;             /* text after the closing quote of a field that spans lines */
	char before;
};

/* False when the row was over before this byte. */
static bool
long_byte(struct long_row *l, char b, char delimiter)
{
	bool inside = l->state == FIELD_INSIDE;
	if (!inside && (l->before == '\n' || (l->before == '\r' && b != '\n')))
		return false;
	if (inside)
		l->state = b == '"' ? FIELD_CLOSED : FIELD_INSIDE;
	else if (b == '"' && l->state != FIELD_PLAIN) {
		l->opened = l->state == FIELD_BEGINS ? l->lines : l->opened;
		l->state = FIELD_INSIDE; /* for the first time, or after "" */
	} else {
		l->torn = l->torn ||
		          (l->state == FIELD_CLOSED && l->lines > l->opened && b != delimiter && !strchr(" \t\r\n", b));
		l->state = b == delimiter ? FIELD_BEGINS : FIELD_PLAIN;
	}
	l->lines += b == '\r' || (b == '\n' && l->before != '\r');
	l->before = b;
	return true;
}

/* Inside an unquoted field only a delimiter or a line end means anything, so a gigabyte of it is soon behind. */
static void
skip_plain(struct csv *c, const struct long_row *l)
{
	if (l->state == FIELD_PLAIN && l->before != '\n' && l->before != '\r')
		while (c->at < c->end && !c->scan.stops[(unsigned char)c->buffer[c->at]])
			c->at++;
}

static enum err
skip_long(struct csv *c, struct csv_row *row)
{
	struct long_row l = { 0 };
	for (;; c->at++) {
		skip_plain(c, &l);
		if (c->at == c->end && !c->ended) {
			enum err e = reader_fill(c);
			if (e != OK)
				return e;
		}
		if (c->at == c->end || l.torn || !long_byte(&l, c->buffer[c->at], c->shape.delimiter))
			break;
	}
	if (l.torn || l.state == FIELD_INSIDE) {
		stop(c, row, row->line + l.opened);
		return OK;
	}
	c->line += l.lines;
	c->counts.lines = row->last_line = c->line - (l.before == '\n' || l.before == '\r');
	row->n_fields = 0;
	SAY(c, "the row is longer than %zu bytes", c->limit);
	fault(c, row, CSV_LONG, "shorten it; if it is not that long, look for a quote that is never closed");
	return OK;
}

/* Steps over the row just scanned; returns the line it ends on. */
static int64_t
step(struct csv *c)
{
	const char *end = c->buffer + c->at + c->scan.n;
	bool closed = c->scan.n && (end[-1] == '\n' || end[-1] == '\r');
	c->at += c->scan.n;
	c->line += c->scan.lines;
	c->counts.lines = c->line - closed;
	return c->counts.lines;
}

static bool
footer_words(str s)
{
	static const str words[] = { STR_INIT("copyright"), STR_INIT("all rights reserved"), STR_INIT("confidential"),
		STR_INIT("generated by"), STR_INIT("exported by"), STR_INIT("exported on"), STR_INIT("total records"),
		STR_INIT("grand total"), STR_INIT("erstellt von"), STR_INIT("exportiert am"), STR_INIT("vertraulich") };
	for (size_t at = 0; at < s.n; at++)
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (str_same(str_first(str_from(s, at), words[i].n), words[i]))
				return true;
	return false;
}

/* Lines of one field from here to the end of the file that speak of the file, not of deals: the foot of a report. */
static bool
footer(struct csv *c, int64_t *ret_lines)
{
	struct scan s = c->scan;
	s.cap = 0;
	bool known = false;
	int64_t lines = 0;
	str ahead = reader_ahead(c, 0);
	for (int i = 0; ahead.n; i++) {
		if (i == FOOTER_LINES || scan_row(&s, ahead, c->ended) != SCAN_ROW || s.n_fields != 1)
			return false;
		known = known || footer_words(str_first(ahead, s.n));
		if (i == 0 && !known && !c->after_blank)
			return false;
		lines += !s.blank;
		ahead = str_from(ahead, s.n);
	}
	*ret_lines = lines;
	return known && c->ended;
}

static void
take_footer(struct csv *c, int64_t lines)
{
	str first = { c->buffer + c->at + c->marks[0].at, c->marks[0].n };
	c->counts.footer = lines;
	c->counts.footer_text = str_copy(c->arena, str_first(first, 200));
	c->counts.lines = c->line + scan_lines(reader_ahead(c, 0)) - (c->buffer[c->end - 1] == '\n');
	c->at = c->end;
}

/* The next row that is not blank is scanned, with enough behind it to know a footer. */
static enum err
find_row(struct csv *c, enum scan_end *ret)
{
	c->after_blank = false;
	for (;;) {
		enum scan_end end = c->at == c->end ? SCAN_MORE : scan_row(&c->scan, reader_ahead(c, 0), c->ended);
		bool more =
		        end == SCAN_MORE || (end == SCAN_ROW && c->scan.n_fields == 1 && c->end - c->at < CSV_SAMPLE);
		if (more && !c->ended && (c->at > 0 || c->cap - c->end >= READ_LEAST)) {
			enum err e = reader_fill(c);
			if (e != OK)
				return e;
			continue;
		}
		if (c->at == c->end)
			return ERR_ABSENT;
		*ret = end;
		if (end != SCAN_ROW || !c->scan.blank)
			return OK;
		step(c);
		c->counts.blank++;
		c->after_blank = true;
	}
}

enum err
reader_row(struct csv *c, struct csv_row *ret)
{
	enum scan_end end;
	int64_t lines;
	enum err e = find_row(c, &end);
	if (e != OK)
		return e;
	if (end == SCAN_ROW && c->scan.n_fields == 1 && c->shape.columns && c->shape.n_columns > 1 &&
	        footer(c, &lines)) {
		take_footer(c, lines);
		return ERR_ABSENT;
	}
	struct csv_row row = { .n = ++c->counts.rows, .line = c->line, .fields = c->fields };
	if (end == SCAN_MORE || (end == SCAN_ROW && c->scan.n > c->limit)) {
		e = skip_long(c, &row);
	} else if (end == SCAN_OPEN || c->scan.torn) {
		stop(c, &row, c->line + c->scan.quote);
	} else {
		char *bytes = c->buffer + c->at;
		size_t n = c->scan.n;
		row.n_fields = c->scan.n_fields;
		row.last_line = step(c);
		check_row(c, &row, (str){ bytes, n });
		take_fields(c, bytes);
	}
	c->counts.faulty += row.fault != CSV_FINE;
	if (e == OK)
		*ret = row;
	return e;
}

enum err
csv_next(struct csv *c, struct csv_row *ret)
{
	return reader_row(c, ret);
}
