#include "sheet/xlsx.h"

#include <errno.h>
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "base/out.h"
#include "base/time.h"

enum { CHUNK = 64 << 10, FORMATS_MOST = 10000, PATH_MOST = 400 };

struct xlsx {
	struct arena *arena;
	zip_t *zip;
	str name; /* of the file, for faults */
	str names[XLSX_SHEETS_MOST], relations[XLSX_SHEETS_MOST], parts[XLSX_SHEETS_MOST];
	size_t n;
	bool since_1904;
	str *shared;
	size_t n_shared, cap_shared;
	int64_t *custom; /* ids of own formats that are days */
	size_t n_custom, cap_custom;
	bool *dated; /* of each cell style: a day */
	size_t n_dated, cap_dated;
	bool read_strings;
};

/* One part on its way through the parser. */
struct part {
	struct xlsx *x;
	struct faults *faults;
	XML_Parser parser;
	const char *what, *mend; /* why it stopped; NULL: it did not */
	/* text under way */
	char *text;
	size_t n_text, cap_text;
	bool in_text, in_phonetic, in_formats;
	/* a sheet */
	struct out out;
	size_t bytes;
	int64_t row, last_row, column, cell, next_column; /* from 1; cell: the last seen, empty ones with it */
	int64_t width;                                    /* fields of the widest row so far */
	char type; /* of the cell: s shared, i inline, b, e, d, n, t formula's text */
	size_t style;
	bool has_value;
};

bool
xlsx_is(str head)
{
	return str_starts(head, STR("PK\x03\x04"));
}

static void
stop(struct part *p, const char *what, const char *mend)
{
	if (!p->what) {
		p->what = what;
		p->mend = mend;
	}
	XML_StopParser(p->parser, XML_FALSE);
}

static const char *
attribute(const char **all, const char *name)
{
	for (; all[0]; all += 2) {
		const char *colon = strrchr(all[0], ':');
		if (strcmp(colon ? colon + 1 : all[0], name) == 0)
			return all[1];
	}
	return NULL;
}

static const char *
local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static bool
says_yes(const char *value)
{
	return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* ---- text of an element ---- */

static void XMLCALL
on_text(void *user, const char *s, int n)
{
	struct part *p = user;
	size_t more = (size_t)n;

	if (!p->in_text || p->in_phonetic)
		return;
	if (p->n_text + more > XLSX_CELL_MOST) {
		stop(p, "a cell holds more than 32,767 letters", "shorten it");
		return;
	}
	while (p->n_text + more > p->cap_text) {
		size_t cap = p->cap_text ? 2 * p->cap_text : 256;
		char *bigger = arena_alloc(p->x->arena, cap, 1);
		if (p->n_text)
			memcpy(bigger, p->text, p->n_text);
		p->text = bigger;
		p->cap_text = cap;
	}
	memcpy(p->text + p->n_text, s, more);
	p->n_text += more;
}

/* A document type may name entities without end; no spreadsheet writes one. */
static void XMLCALL
on_doctype(void *user, const char *name, const char *system, const char *public, int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	stop(user, "holds a document type, which no spreadsheet writes", "save it again as .xlsx");
}

/* ---- reading one part ---- */

static enum err
fail(struct xlsx *x, struct faults *f, const char *what, const char *mend)
{
	return fault_add(f, x->name, str_of(what), str_of(mend));
}

static enum err
feed(struct part *p, zip_file_t *in, uint64_t size)
{
	uint64_t done = 0;
	bool last = false;

	while (!last) {
		void *buffer = XML_GetBuffer(p->parser, CHUNK);
		zip_int64_t n = buffer ? zip_fread(in, buffer, CHUNK) : -1;
		if (n < 0)
			return fail(p->x, p->faults, "is damaged: a part cannot be unpacked", "save it again as .xlsx");
		done += (uint64_t)n;
		last = n == 0;
		if (done > XLSX_PART_MOST || done > size)
			return fail(p->x, p->faults, "is larger unpacked than it says, or than 48 MB",
			        "save the sheet as CSV and give that file");
		if (XML_ParseBuffer(p->parser, (int)n, last) != XML_STATUS_ERROR)
			continue;
		return fail(p->x, p->faults, p->what ? p->what : "is damaged: a part is no XML",
		        p->mend ? p->mend : "open it and save it again as .xlsx");
	}
	return OK;
}

static enum err
read_part(struct part *p, const char *path, XML_StartElementHandler start, XML_EndElementHandler end, bool optional)
{
	struct xlsx *x = p->x;
	zip_stat_t s;
	zip_file_t *in;
	enum err e;

	if (zip_stat(x->zip, path, 0, &s) != 0 || !(s.valid & ZIP_STAT_SIZE))
		return optional ? OK : fail(x, p->faults, "is damaged: a part is missing", "save it again as .xlsx");
	if (s.size > XLSX_PART_MOST)
		return fail(x, p->faults, "is larger than 48 MB unpacked", "save the sheet as CSV and give that file");
	if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE)
		return fail(x, p->faults, "has a password", "save it without one");
	in = zip_fopen(x->zip, path, 0);
	if (!in)
		return fail(x, p->faults, "is damaged: a part cannot be opened", "save it again as .xlsx");
	p->parser = XML_ParserCreate(NULL);
	if (!p->parser) {
		zip_fclose(in);
		return ERR_MEMORY;
	}
	XML_SetUserData(p->parser, p);
	XML_SetElementHandler(p->parser, start, end);
	XML_SetCharacterDataHandler(p->parser, on_text);
	XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
	e = feed(p, in, s.size);
	XML_ParserFree(p->parser);
	zip_fclose(in);
	return e;
}

static void XMLCALL
end_nothing(void *user, const char *name)
{
	(void)user, (void)name;
}

/* ---- the workbook: its sheets, and where they are ---- */

static void XMLCALL
start_workbook(void *user, const char *name, const char **all)
{
	struct part *p = user;
	struct xlsx *x = p->x;

	name = local(name);
	if (strcmp(name, "workbookPr") == 0)
		x->since_1904 = says_yes(attribute(all, "date1904"));
	if (strcmp(name, "sheet") != 0 || x->n == XLSX_SHEETS_MOST)
		return;
	const char *title = attribute(all, "name"), *relation = NULL, *state = attribute(all, "state");
	for (const char **a = all; a[0]; a += 2) /* r:id, not sheetId */
		if (strcmp(local(a[0]), "id") == 0)
			relation = a[1];
	if (!title || !relation || (state && strcmp(state, "visible") != 0))
		return;
	x->names[x->n] = str_copy(x->arena, str_of(title));
	x->relations[x->n++] = str_copy(x->arena, str_of(relation));
}

static void XMLCALL
start_relations(void *user, const char *name, const char **all)
{
	struct part *p = user;
	struct xlsx *x = p->x;
	const char *key = attribute(all, "Id"), *target = attribute(all, "Target");

	if (strcmp(local(name), "Relationship") != 0 || !key || !target || strlen(target) > PATH_MOST)
		return;
	for (size_t i = 0; i < x->n; i++)
		if (str_eq(x->relations[i], str_of(key)))
			x->parts[i] = *target == '/' ? str_copy(x->arena, str_of(target + 1))
			                             : str_fmt(x->arena, "xl/%s", target);
}

/* ---- styles: which cells are days ---- */

/* ECMA-376 18.8.30: the formats that every program knows. */
static bool
known_day_format(int64_t n)
{
	return (n >= 14 && n <= 22) || (n >= 27 && n <= 36) || (n >= 45 && n <= 47) || (n >= 50 && n <= 58);
}

/* d, m, y, h or s outside quotes, brackets and escapes. */
static bool
day_format(const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '[') {
			char end = *s == '"' ? '"' : ']';
			while (s[1] && *++s != end)
				;
		} else if (*s == '\\' || *s == '_' || *s == '*') {
			s += s[1] != 0;
		} else if (strchr("dmyhsDMYHS", *s)) {
			return true;
		} else if (strncmp(s, "General", 7) == 0) {
			return false;
		}
	}
	return false;
}

static void XMLCALL
start_styles(void *user, const char *name, const char **all)
{
	struct part *p = user;
	struct xlsx *x = p->x;
	const char *number = attribute(all, "numFmtId"), *code = attribute(all, "formatCode");
	int64_t format = number ? strtoll(number, NULL, 10) : 0;
	bool day = known_day_format(format);

	name = local(name);
	if (strcmp(name, "cellXfs") == 0)
		p->in_formats = true;
	if (strcmp(name, "numFmt") == 0 && code && x->n_custom < FORMATS_MOST && day_format(code)) {
		arena_grow(x->arena, x->custom, x->n_custom, x->cap_custom);
		x->custom[x->n_custom++] = format;
	}
	if (strcmp(name, "xf") != 0 || !p->in_formats || x->n_dated == FORMATS_MOST)
		return;
	for (size_t i = 0; i < x->n_custom; i++)
		day |= x->custom[i] == format;
	arena_grow(x->arena, x->dated, x->n_dated, x->cap_dated);
	x->dated[x->n_dated++] = day;
}

static void XMLCALL
end_styles(void *user, const char *name)
{
	struct part *p = user;
	if (strcmp(local(name), "cellXfs") == 0)
		p->in_formats = false;
}

/* ---- strings kept apart ---- */

static void XMLCALL
start_strings(void *user, const char *name, const char **all)
{
	struct part *p = user;

	(void)all;
	name = local(name);
	if (strcmp(name, "si") == 0)
		p->n_text = 0;
	p->in_phonetic |= strcmp(name, "rPh") == 0;
	p->in_text = strcmp(name, "t") == 0;
}

static void XMLCALL
end_strings(void *user, const char *name)
{
	struct part *p = user;
	struct xlsx *x = p->x;

	name = local(name);
	p->in_text = false;
	if (strcmp(name, "rPh") == 0)
		p->in_phonetic = false;
	if (strcmp(name, "si") != 0)
		return;
	arena_grow(x->arena, x->shared, x->n_shared, x->cap_shared);
	x->shared[x->n_shared++] = str_copy(x->arena, (str){ p->text, p->n_text });
}

/* ---- cells ---- */

static void
put(struct part *p, const char *s, size_t n)
{
	if (p->bytes + n > XLSX_TEXT_MOST) {
		stop(p, "makes a table of more than 48 MB", "save the sheet as CSV and give that file");
		return;
	}
	p->bytes += n;
	out_bytes(&p->out, s, n);
}

static void
put_text(struct part *p, str s)
{
	put(p, "\"", 1);
	while (s.n) {
		size_t at = str_find_byte(s, '"');
		put(p, s.s, at == SIZE_MAX ? s.n : at + 1);
		if (at == SIZE_MAX)
			break;
		put(p, "\"", 1);
		s = str_from(s, at + 1);
	}
	put(p, "\"", 1);
}

/* Serial days: 1 is 1 January 1900, and 60 the 29 February 1900 that never was; or 0 is 1 January 1904. */
static bool
put_day(struct part *p, double serial)
{
	double whole = floor(serial), seconds = round((serial - whole) * 86400);
	char text[48];
	int n;

	if (!(serial >= 0 && serial < 2958466) || (whole == 60 && !p->x->since_1904))
		return false;
	if (seconds >= 86400) {
		whole += 1;
		seconds = 0;
	}
	if (whole == 0 && !p->x->since_1904) /* a time of day alone */
		n = snprintf(text, sizeof text, "%02d:%02d", (int)seconds / 3600, (int)seconds / 60 % 60);
	else {
		day first = p->x->since_1904 ? day_of(1904, 1, 1) : day_of(1899, 12, whole < 60 ? 31 : 30);
		str iso = day_iso(p->x->arena, day_add(first, (int)whole));
		n = seconds == 0 ? snprintf(text, sizeof text, "%.*s", STR_ARG(iso))
		                 : snprintf(text, sizeof text, "%.*sT%02d:%02d:%02d", STR_ARG(iso), (int)seconds / 3600,
		                           (int)seconds / 60 % 60, (int)seconds % 60);
	}
	put(p, text, (size_t)n);
	return true;
}

static void
put_number(struct part *p, str s)
{
	char text[64], *end;
	double value;

	if (s.n == 0 || s.n >= sizeof text) {
		put_text(p, s);
		return;
	}
	snprintf(text, sizeof text, "%.*s", STR_ARG(s));
	value = strtod(text, &end);
	if (*end || !isfinite(value)) {
		put_text(p, s);
		return;
	}
	if (p->style < p->x->n_dated && p->x->dated[p->style] && put_day(p, value))
		return;
	/* Fifteen digits are what Excel keeps and shows. */
	int n = fabs(value) < 1e15 && fabs(value) >= 1e-4 ? snprintf(text, sizeof text, "%.15g", value)
	        : value == 0                              ? snprintf(text, sizeof text, "0")
	                                                  : snprintf(text, sizeof text, "%.*s", STR_ARG(s));
	put(p, text, (size_t)n);
}

static void
put_cell(struct part *p)
{
	str s = { p->text, p->n_text };
	char *end;
	char number[24] = "";

	switch (p->type) {
	case 's':
		snprintf(number, sizeof number, "%.*s", (int)(s.n < 20 ? s.n : 20), s.s ? s.s : "");
		unsigned long long at = strtoull(number, &end, 10);
		if (!*number || *end || at >= p->x->n_shared)
			stop(p, "is damaged: a cell names a text that is not there",
			        "open it and save it again as .xlsx");
		else
			put_text(p, p->x->shared[at]);
		break;
	case 'n':
		put_number(p, s);
		break;
	case 'b':
		put(p, s.n && s.s[0] == '1' ? "true" : "false", s.n && s.s[0] == '1' ? 4 : 5);
		break;
	case 'e': /* #N/A and its like: nothing is known */
		break;
	default:
		put_text(p, s);
	}
}

/* "BC12" → 55; 0 when there is none. */
static int64_t
column_of(const char *reference)
{
	int64_t n = 0;

	for (; reference && *reference >= 'A' && *reference <= 'Z' && n < 1000000; reference++)
		n = n * 26 + (*reference - 'A' + 1);
	return n;
}

static void
start_row(struct part *p, const char **all)
{
	const char *number = attribute(all, "r");

	p->row = number ? strtoll(number, NULL, 10) : p->last_row + 1;
	if (p->row <= p->last_row || p->row > XLSX_ROWS_MOST)
		stop(p, "is damaged: its rows are not in order", "open it and save it again as .xlsx");
	p->last_row = p->row;
	p->next_column = 1;
	p->cell = 0;
}

static void
start_cell(struct part *p, const char **all)
{
	const char *type = attribute(all, "t"), *style = attribute(all, "s"), *reference = attribute(all, "r");

	p->column = column_of(reference);
	if (!p->column)
		p->column = p->cell + 1;
	if (p->column <= p->cell || p->column > XLSX_COLUMNS_MOST) {
		stop(p, "has more than 4,096 columns, or cells that are not in order",
		        "delete what is far to the right, and save it again");
		return;
	}
	p->cell = p->column;
	p->type = !type || strcmp(type, "n") == 0  ? 'n'
	          : strcmp(type, "inlineStr") == 0 ? 'i'
	          : strcmp(type, "str") == 0       ? 't'
	                                           : *type;
	p->style = style ? (size_t)strtoull(style, NULL, 10) : 0;
	p->has_value = false;
	p->n_text = 0;
}

static void XMLCALL
start_sheet(void *user, const char *name, const char **all)
{
	struct part *p = user;

	name = local(name);
	if (strcmp(name, "row") == 0)
		start_row(p, all);
	else if (strcmp(name, "c") == 0)
		start_cell(p, all);
	p->in_phonetic |= strcmp(name, "rPh") == 0;
	p->in_text = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
	p->has_value |= p->in_text;
}

/* Cells that are empty at the end of a row are not written; titles and footers of one cell stay as they are. */
static void
end_row(struct part *p)
{
	if (p->next_column > p->width)
		p->width = p->next_column;
	for (; p->next_column > 1 && p->next_column < p->width; p->next_column++)
		put(p, ",", 1);
	put(p, "\n", 1);
}

static void XMLCALL
end_sheet(void *user, const char *name)
{
	struct part *p = user;

	name = local(name);
	p->in_text = false;
	if (strcmp(name, "rPh") == 0) {
		p->in_phonetic = false;
	} else if (strcmp(name, "c") == 0 && p->has_value && p->column) {
		for (; p->next_column < p->column; p->next_column++)
			put(p, ",", 1);
		put_cell(p);
		p->column = 0; /* the sign between two cells comes with the next */
	} else if (strcmp(name, "row") == 0) {
		end_row(p);
	}
}

/* ---- the whole ---- */

static void
close_zip(void *what)
{
	zip_discard(what);
}

static enum err
open_zip(struct xlsx *x, const char *path, str bytes, struct faults *f)
{
	zip_error_t error;
	zip_source_t *source;

	zip_error_init(&error);
	source = path ? zip_source_file_create(path, 0, -1, &error)
	              : zip_source_buffer_create(bytes.s, bytes.n, 0, &error);
	x->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (!x->zip && source)
		zip_source_free(source);
	zip_error_fini(&error);
	if (!x->zip)
		return fail(
		        x, f, "is damaged: it begins as a workbook and cannot be unpacked", "save it again as .xlsx");
	arena_defer(x->arena, close_zip, x->zip);
	return OK;
}

enum err
xlsx_open(struct arena *a, const char *path, str bytes, str name, struct faults *f, struct xlsx **ret)
{
	struct xlsx *x = arena_new(a, struct xlsx, 1);
	struct part p = { .x = x, .faults = f };
	enum err e;

	*x = (struct xlsx){ .arena = a, .name = name };
	e = open_zip(x, path, bytes, f);
	if (e == OK && zip_name_locate(x->zip, "xl/workbook.xml", 0) < 0)
		return ERR_ABSENT;
	if (e == OK)
		e = read_part(&p, "xl/workbook.xml", start_workbook, end_nothing, false);
	if (e == OK)
		e = read_part(&p, "xl/_rels/workbook.xml.rels", start_relations, end_nothing, false);
	if (e == OK && x->n == 0)
		e = fail(x, f, "has no sheet to read", "show the sheet that is hidden, and save it again");
	if (e == OK)
		e = read_part(&p, "xl/styles.xml", start_styles, end_styles, true);
	if (e == OK)
		*ret = x;
	return e;
}

size_t
xlsx_sheets(const struct xlsx *x, const str **ret)
{
	*ret = x->names;
	return x->n;
}

enum err
xlsx_text(struct xlsx *x, str sheet, struct faults *f, str *ret)
{
	struct part strings = { .x = x, .faults = f }, p = { .x = x, .faults = f };
	size_t at = 0;
	enum err e = OK;

	while (sheet.n && at < x->n && !str_eq(x->names[at], sheet))
		at++;
	if (at == x->n || !x->parts[at].n)
		return fault_add(f, x->name, str_fmt(x->arena, "has no sheet “%.*s”", STR_ARG(sheet)),
		        str_fmt(x->arena, "the first is “%.*s”", STR_ARG(x->names[0])));
	if (!x->read_strings)
		e = read_part(&strings, "xl/sharedStrings.xml", start_strings, end_strings, true);
	x->read_strings = true;
	if (e != OK)
		return e;
	out_init(&p.out, 0);
	e = read_part(&p, str_z(x->arena, x->parts[at]), start_sheet, end_sheet, false);
	if (e == OK)
		*ret = out_all(&p.out, x->arena);
	out_fini(&p.out);
	return e;
}
