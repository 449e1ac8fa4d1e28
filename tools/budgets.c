/*
 * Holds C files to the house's budgets: budgets [FILE.c FILE.h …], paths as from the root of the checkout.
 * Functions: 95 of 100 within 60 lines, none above 100; files within 1,000 lines. Only base/time.c asks the clock; only
 * the engine and what stands below it changes tables. Prints FILE:LINE: what is wrong, and the figures; ends with 1 if
 * anything is wrong. It knows the house's layout (a function's braces stand alone in column 0) and no preprocessor.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FUNCTION_USUAL = 60, FUNCTION_MOST = 100, FILE_MOST = 1000, MAX_FUNCTIONS = 65536 };

/* What asks the system for the time or its zone. */
static const char *const clocks[] = { "time", "clock", "gettimeofday", "clock_gettime", "timespec_get", "ftime",
	"localtime", "localtime_r", "gmtime", "gmtime_r", "mktime", "timegm", "tzset" };

/* Who may change which tables. Everything else goes through the engine: rights, history and undo depend on it. */
static const struct writer {
	const char *folder;
	const char *tables; /* between spaces; "*": all */
} writers[] = {
	{ "src/db/", "*" },
	{ "src/record/", "*" },
	{ "src/auth/", " login membership session link token reading node upkeep " },
	{ "src/jobs/", " job " },
	/* derived from records within the same transaction, by the hook of the record alone */
	{ "src/areas/people/line.c", " line " },
	{ "src/areas/deals/sums.c", " deal_sum " },
	/* contents by their digest, in the transaction that stores the file they belong to */
	{ "src/areas/deals/file.c", " file_piece " },
};

struct text {
	const char *path;
	char *code;    /* the file with comments, strings and characters blanked out */
	char *strings; /* the file with everything blanked out but the insides of strings */
	int lines;
};

static int lengths[MAX_FUNCTIONS];
static int n_functions, n_gotos, n_asserts, n_lines, n_faults;

__attribute__((format(printf, 3, 4))) static void
fault(const struct text *t, int line, const char *format, ...)
{
	va_list args;

	printf("%s:%d: ", t->path, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	n_faults++;
}

/* The whole file, ended by a zero; what stands beyond a million bytes is not looked at. */
static char *
slurp(const char *path)
{
	enum { MOST = 1 << 20 };
	FILE *in = fopen(path, "r");
	char *text = malloc(MOST);

	if (!in || !text) {
		fprintf(stderr, "budgets: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	text[fread(text, 1, MOST - 1, in)] = '\0';
	fclose(in);
	return text;
}

static void
blank(char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text[i] != '\n')
			text[i] = ' ';
}

/* The end of the comment, string or character that begins at s[i], or i where none begins. */
static size_t
skip_piece(const char *s, size_t i)
{
	size_t j = i + 1;

	if (s[i] == '/' && s[j] == '*') {
		const char *end = strstr(s + i + 2, "*/");
		return end ? (size_t)(end - s) + 2 : strlen(s);
	}
	if (s[i] == '/' && s[j] == '/')
		return i + strcspn(s + i, "\n");
	if (s[i] != '"' && s[i] != '\'')
		return i;
	while (s[j] && s[j] != s[i] && s[j] != '\n')
		j += s[j] == '\\' && s[j + 1] ? 2 : 1;
	return s[j] ? j + 1 : j;
}

static void
split(struct text *t, const char *whole)
{
	t->code = strdup(whole);
	t->strings = strdup(whole);
	for (size_t i = 0, end; whole[i]; i = end) {
		end = skip_piece(whole, i);
		if (end > i)
			blank(t->code, i, end);
		else
			end = i + 1;
		if (whole[i] == '"') {
			blank(t->strings, i, i + 1);
			blank(t->strings, end - 1, end);
		} else {
			blank(t->strings, i, end);
		}
	}
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static int
line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* The next place from `from` where word stands by itself in text. */
static const char *
word_find(const char *text, const char *from, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = from; (p = strstr(p, word)); p += n)
		if ((p == text || !is_word(p[-1])) && !is_word(p[n]))
			return p;
	return NULL;
}

static int
word_count(const char *text, const char *word)
{
	int n = 0;

	for (const char *p = text; (p = word_find(text, p, word)); p++)
		n++;
	return n;
}

/* The name of the function whose brace stands at `brace`: the last word in column 0 that a parenthesis follows. */
static void
name_of(const char *text, const char *brace, char *ret_name, size_t size)
{
	const char *line = brace;

	snprintf(ret_name, size, "?");
	while (line > text) {
		for (line--; line > text && line[-1] != '\n';)
			line--;
		size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		if (n > 0 && line[n] == '(') {
			snprintf(ret_name, size, "%.*s", (int)n, line);
			return;
		}
		if (*line == '}' || *line == ';' || *line == '\n')
			return;
	}
}

static void
function_push(const struct text *t, int line, int length, const char *name)
{
	if (n_functions < MAX_FUNCTIONS)
		lengths[n_functions++] = length;
	if (length > FUNCTION_MOST)
		fault(t, line, "%s() has %d lines, more than %d", name, length, FUNCTION_MOST);
}

static void
check_lengths(struct text *t)
{
	int line = 1, begin = 0;
	char name[128] = "?";

	for (const char *p = t->code, *end; *p; p = *end ? end + 1 : end, line++) {
		end = p + strcspn(p, "\n");
		if (end - p == 1 && *p == '{') {
			begin = line;
			name_of(t->code, p, name, sizeof name);
		} else if (end - p == 1 && *p == '}' && begin) {
			function_push(t, begin, line - begin + 1, name);
			begin = 0;
		}
	}
	t->lines = line - 1;
	n_lines += t->lines;
	if (t->lines > FILE_MOST)
		fault(t, t->lines, "the file has more than %d lines", FILE_MOST);
}

/* A call, not a member's name: time(…), neither x.time(…) nor x->time(…). */
static bool
is_call(const char *text, const char *word, size_t n)
{
	const char *after = word + n + strspn(word + n, " \t\n");
	const char *before = word;

	while (before > text && (before[-1] == ' ' || before[-1] == '\t'))
		before--;
	return *after == '(' && (before == text || (before[-1] != '.' && before[-1] != '>'));
}

static void
check_clock(const struct text *t)
{
	if (strncmp(t->path, "src/", 4) != 0 || strcmp(t->path, "src/base/time.c") == 0)
		return;
	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		size_t n = strlen(clocks[i]);
		for (const char *p = t->code; (p = word_find(t->code, p, clocks[i])); p += n)
			if (is_call(t->code, p, n))
				fault(t, line_of(t->code, p), "%s() asks the clock; only base/time.c does", clocks[i]);
	}
}

static bool
may_write(const char *path, const char *table)
{
	char wanted[80];

	snprintf(wanted, sizeof wanted, " %.70s ", table);
	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
		if (strncmp(path, writers[i].folder, strlen(writers[i].folder)) == 0)
			return writers[i].tables[0] == '*' || strstr(writers[i].tables, wanted);
	return false;
}

/* Reads the word after spaces at *at, lower-cased ("?" for none), and moves *at behind it. */
static void
word_next(const char **at, char *ret_word, size_t size)
{
	const char *p = *at + strspn(*at, " \t\n");
	size_t n = strcspn(p, " \t\n(,;");

	snprintf(ret_word, size, "%.*s", (int)n, n ? p : "?");
	for (char *c = ret_word; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	*at = p + n;
}

/* The table that a statement beginning at p changes, or false: insert into T, delete from T, update T set. */
static bool
dml_at(const char *p, char *ret_table, size_t size)
{
	char verb[16], word[80];

	word_next(&p, verb, sizeof verb);
	word_next(&p, word, sizeof word);
	if (strcmp(verb, "update") == 0) {
		snprintf(ret_table, size, "%s", word);
		word_next(&p, word, sizeof word);
		return strcmp(word, "set") == 0;
	}
	if (strcmp(verb, "insert") == 0 && strcmp(word, "or") == 0) {
		word_next(&p, word, sizeof word);
		word_next(&p, word, sizeof word);
	}
	if (strcmp(word, strcmp(verb, "delete") == 0 ? "from" : "into") != 0)
		return false;
	word_next(&p, ret_table, size);
	return true;
}

static void
check_dml(const struct text *t)
{
	static const char *const verbs[] = { "insert", "delete", "update", "replace" };
	char table[80];

	if (strncmp(t->path, "src/", 4) != 0)
		return;
	for (const char *p = t->strings; *p; p++) {
		if (p > t->strings && is_word(p[-1]))
			continue;
		for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
			size_t n = strlen(verbs[i]);
			if (strncasecmp(p, verbs[i], n) == 0 && !is_word(p[n]) && dml_at(p, table, sizeof table) &&
			        !may_write(t->path, table))
				fault(t, line_of(t->strings, p),
				        "%s … %s: tables are changed by the engine only (src/record)", verbs[i], table);
		}
	}
}

static void
check_file(const char *path)
{
	size_t n = strlen(path);
	char *whole = slurp(path);
	struct text t = { .path = path };

	if (n > 4 && strcmp(path + n - 4, ".sql") == 0) {
		t.code = strdup("");
		t.strings = strdup(whole);
	} else {
		split(&t, whole);
		check_lengths(&t);
		check_clock(&t);
		n_gotos += word_count(t.code, "goto");
		n_asserts += word_count(t.code, "assert");
	}
	check_dml(&t);
	free(t.code);
	free(t.strings);
	free(whole);
}

static int
compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void
report(void)
{
	int p95 = 0, most = 0;
	double kilo = n_lines / 1000.0;

	if (n_functions > 0) {
		qsort(lengths, (size_t)n_functions, sizeof lengths[0], compare_ints);
		p95 = lengths[(n_functions * 95 + 99) / 100 - 1];
		most = lengths[n_functions - 1];
	}
	if (p95 > FUNCTION_USUAL) {
		printf("functions: 95 of 100 have up to %d lines, more than %d\n", p95, FUNCTION_USUAL);
		n_faults++;
	}
	if (n_lines > 0)
		fprintf(stderr,
		        "budgets: %d lines, %d functions (median %d, p95 %d, most %d lines), %.1f gotos and %.1f "
		        "asserts "
		        "in 1,000 lines\n",
		        n_lines, n_functions, n_functions ? lengths[n_functions / 2] : 0, p95, most, n_gotos / kilo,
		        n_asserts / kilo);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		check_file(argv[i]);
	report();
	return n_faults > 0;
}
