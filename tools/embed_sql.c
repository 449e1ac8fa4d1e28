/* embed_sql: the named statements of a queries.sql as C constants.
   What it is not for: files as they are (embed_file.c), changing SQL ({lite:…|pg:…} is chosen when a statement is
   prepared).

       embed_sql OUT.c OUT.h …/AREA/queries.sql …

   The file:

       -- name: deals_board
       -- $1 company, $2 process: a column per stage, dearest first.
       select id, name
         from deal
        where org_id = $1 and process_id = $2 -- comments in the statement are left out
        order by amount desc;

   OUT.h: extern const char sql_deals_board[]; with the lines under the heading as its comment;
          extern const struct sql_entry sql_AREA_all[]; extern const size_t sql_AREA_n;
   A name used twice, two statements under one heading and words before the first heading are faults, named by file and
   line.

   In the meson.build of an area:

       deals_sql = custom_target('deals_sql', input: 'queries.sql', kwargs: sql_rule)
       deals_lib = static_library('deals', 'board.c', deals_sql, include_directories: src_inc, …)

   and in its C: #include "areas/deals/queries_sql.h". */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MOST = 1000, NAME_MOST = 100 };

static const char heading[] = "-- name:";

struct statement {
	char name[NAME_MOST];
	char *words; /* the comment lines under the heading */
	char *text;  /* without comments; ends without a semicolon */
	const char *file;
	int line;
};

static struct statement all[STATEMENTS_MOST];
static size_t n_all;

static const char *file; /* being read, for faults */
static int line;

_Noreturn static void __attribute__((format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (file)
		fprintf(stderr, "%s:%d: ", file, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static void *
must(void *p)
{
	if (!p)
		fail("no memory");
	return p;
}

static char *
read_file(const char *path)
{
	FILE *from = fopen(path, "rb");
	if (!from)
		fail("cannot read %s", path);
	size_t n = 0, cap = 65536;
	char *text = must(malloc(cap + 1));
	for (size_t got; (got = fread(text + n, 1, cap - n, from)) > 0;) {
		n += got;
		if (n == cap)
			text = must(realloc(text, (cap *= 2) + 1));
	}
	fclose(from);
	text[n] = '\0';
	if (strlen(text) != n)
		fail("%s holds a NUL byte", path);
	return text;
}

/* Reading. */

static char *
append(char *to, const char *s, size_t n)
{
	size_t before = to ? strlen(to) : 0;
	to = must(realloc(to, before + n + 1));
	memcpy(to + before, s, n);
	to[before + n] = '\0';
	return to;
}

static bool
begins(const char *s, const char *head)
{
	return strncmp(s, head, strlen(head)) == 0;
}

static size_t
line_length(const char *s)
{
	return strcspn(s, "\n");
}

static const char *
next_line(const char *s)
{
	s += line_length(s);
	line++;
	return *s ? s + 1 : s;
}

static bool
is_name(const char *s)
{
	return islower((unsigned char)s[0]) && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* s is on a heading. */
static struct statement *
begin_statement(const char *s)
{
	struct statement *q = &all[n_all];
	char name[NAME_MOST + 1] = "", more[2] = "";
	if (n_all == STATEMENTS_MOST)
		fail("more than %d statements", STATEMENTS_MOST);
	char *words = append(NULL, s + strlen(heading), line_length(s) - strlen(heading));
	if (sscanf(words, "%99s %1s", name, more) != 1 || !is_name(name))
		fail("a heading is `-- name: deals_board`: one name of small letters, digits and _");
	free(words);
	for (size_t i = 0; i < n_all; i++)
		if (strcmp(all[i].name, name) == 0)
			fail("%s is in %s:%d already; give one of them another name", name, all[i].file, all[i].line);
	memcpy(q->name, name, NAME_MOST);
	q->file = file;
	q->line = line;
	q->text = append(NULL, "", 0);
	n_all++;
	return q;
}

/* Bytes up to the end of a literal or comment. */
static size_t
quoted_length(const char *s)
{
	const char *end;
	if (begins(s, "--"))
		return line_length(s);
	if (begins(s, "/*"))
		end = strstr(s + 2, "*/");
	else
		end = strchr(s + 1, *s);
	if (!end)
		fail("%s without an end", begins(s, "/*") ? "a comment" : "a quote");
	return (size_t)(end - s) + (*s == '/' ? 2 : 1);
}

static void
count_lines(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		line += s[i] == '\n';
}

/* One statement up to the next heading or the end; returns where it stopped. */
static const char *
read_statement(struct statement *q, const char *s)
{
	bool ended = false, fresh = true; /* fresh: at the beginning of a line */
	while (*s && !(fresh && begins(s, heading))) {
		bool comment = begins(s, "--") || begins(s, "/*");
		size_t n = comment || *s == '\'' || *s == '"' ? quoted_length(s) : 1;
		if (*s == ';')
			ended = true;
		else if (ended && !comment && !isspace((unsigned char)*s))
			fail("a second statement under the heading %s; give it a heading of its own", q->name);
		else if (!comment || *s == '/')
			q->text = append(q->text, comment ? " " : s, comment ? 1 : n);
		count_lines(s, n);
		fresh = s[n - 1] == '\n';
		s += n;
	}
	return s;
}

static void
trim(struct statement *q)
{
	size_t from = strspn(q->text, " \t\r\n"), n = strlen(q->text);
	while (n > from && isspace((unsigned char)q->text[n - 1]))
		n--;
	if (n == from) {
		line = q->line;
		fail("no statement under the heading %s", q->name);
	}
	memmove(q->text, q->text + from, n - from);
	q->text[n - from] = '\0';
}

static void
read_statements(const char *path)
{
	char *text = read_file(path);
	const char *s = text;
	file = path;
	line = 1;
	while (*s) {
		if (begins(s, heading)) {
			struct statement *q = begin_statement(s);
			for (s = next_line(s); begins(s, "--") && !begins(s, heading); s = next_line(s))
				q->words = append(q->words, s + 2, line_length(s) - 1 - (s[line_length(s)] == '\0'));
			s = read_statement(q, s);
			trim(q);
		} else if (begins(s, "--") || s[strspn(s, " \t\r")] == '\n' || s[strspn(s, " \t\r")] == '\0') {
			s = next_line(s);
		} else {
			fail("words before the first heading; write `-- name: …` above the statement");
		}
	}
	free(text);
	file = NULL;
}

/* Writing. */

static void
put_words(FILE *to, const char *words)
{
	size_t n = strlen(words);
	while (n && isspace((unsigned char)words[n - 1]))
		n--;
	fputs("/*", to);
	for (size_t i = 0; i < n; i++) {
		if (words[i] == '/' && i && words[i - 1] == '*')
			fputc(' ', to);
		if (words[i] == '\n')
			fputs("\n  ", to);
		else
			fputc(words[i], to);
	}
	fputs(" */\n", to);
}

static void
put_literal(FILE *to, const char *s)
{
	fputs("\t\"", to);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '\n')
			fputs("\\n\"\n\t\"", to);
		else if (c == '"' || c == '\\' || c == '?')
			fprintf(to, "\\%c", c);
		else if (c < 32 || c > 126)
			fprintf(to, "\\%03o", c);
		else
			fputc(c, to);
	}
	fputs("\"", to);
}

static void
put_header(FILE *to, const char *area)
{
	fprintf(to,
	        "#ifndef SQL_%s_QUERIES\n#define SQL_%s_QUERIES\n\n#include <stddef.h>\n\n#include \"db/sql.h\"\n\n",
	        area, area);
	for (size_t i = 0; i < n_all; i++) {
		if (all[i].words)
			put_words(to, all[i].words);
		fprintf(to, "extern const char sql_%s[];\n", all[i].name);
	}
	fprintf(to, "\nextern const struct sql_entry sql_%s_all[];\nextern const size_t sql_%s_n;\n\n#endif\n", area,
	        area);
}

static void
put_source(FILE *to, const char *area)
{
	fputs("#include <stddef.h>\n\n#include \"db/sql.h\"\n\n#pragma GCC diagnostic ignored "
	      "\"-Woverlength-strings\"\n\n",
	        to);
	for (size_t i = 0; i < n_all; i++) {
		fprintf(to, "extern const char sql_%s[];\nconst char sql_%s[] =\n", all[i].name, all[i].name);
		put_literal(to, all[i].text);
		fputs(";\n\n", to);
	}
	fprintf(to, "extern const struct sql_entry sql_%s_all[];\nconst struct sql_entry sql_%s_all[] = {\n", area,
	        area);
	for (size_t i = 0; i < n_all; i++)
		fprintf(to, "\t{ \"%s\", sql_%s },\n", all[i].name, all[i].name);
	fprintf(to, "};\n\nextern const size_t sql_%s_n;\nconst size_t sql_%s_n = %zu;\n", area, area, n_all);
}

static void
write_file(const char *path, const char *area, void (*put)(FILE *, const char *))
{
	FILE *to = fopen(path, "wb");
	if (!to)
		fail("cannot write %s", path);
	put(to, area);
	if (ferror(to) | fclose(to))
		fail("cannot write %s", path);
}

/* The folder the first file lies in: …/deals/queries.sql → deals. */
static void
area_of(const char *path, char ret[NAME_MOST])
{
	const char *end = strrchr(path, '/');
	const char *from = end;
	while (from && from > path && from[-1] != '/')
		from--;
	if (!end || end == from || end - from >= NAME_MOST)
		fail("%s is in no folder that names its area", path);
	memcpy(ret, from, (size_t)(end - from));
	ret[end - from] = '\0';
	if (!is_name(ret))
		fail("the folder %s names no area: small letters, digits and _", ret);
}

int
main(int argc, char **argv)
{
	char area[NAME_MOST];
	if (argc < 4)
		fail("usage: embed_sql OUT.c OUT.h …/AREA/queries.sql …");
	area_of(argv[3], area);
	for (int i = 3; i < argc; i++)
		read_statements(argv[i]);
	if (n_all == 0)
		fail("%s: no statement; write `-- name: …` above each", argv[3]);
	write_file(argv[1], area, put_source);
	write_file(argv[2], area, put_header);
	for (size_t i = 0; i < n_all; i++) {
		free(all[i].words);
		free(all[i].text);
	}
	return 0;
}
