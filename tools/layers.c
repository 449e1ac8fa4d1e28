/*
 * Says which includes break the house's order: layers [FOLDER], by default src.
 * An include goes down the list below or stays in its folder; files include each other in no circle; the headers of
 * some libraries are seen by one folder only. Prints FILE:LINE: what is wrong; ends with 1 if anything is.
 * It reads the text line by line: a quoted or pointed include, also inside #if, counts.
 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Lowest first. Folders of one rank do not see each other. */
static const struct layer {
	const char *folder;
	int rank;
} layers[] = {
	{ "base", 0 },
	{ "calendar", 1 },
	{ "sheet", 1 },
	{ "db", 2 },
	{ "html", 3 },
	{ "json", 4 },
	{ "http", 5 },
	{ "auth", 6 },
	{ "record", 7 },
	{ "stats", 8 },
	{ "mail", 8 },
	{ "jobs", 9 },
	{ "page", 10 },
	{ "api", 11 },
	{ "areas/people", 11 },
	{ "areas/commitments", 12 },
	{ "areas/process", 13 },
	{ "areas/deals", 14 },
	{ "areas/prospects", 15 },
	{ "areas/design", 16 },
	{ "areas/forecast", 16 },
	{ "areas/imports", 16 },
	{ "areas/coaching", 17 },
	{ "areas/evaluation", 17 },
	{ "areas/training", 17 },
	{ "areas/hiring", 17 },
	{ "areas/motivation", 18 },
	{ "areas/growth", 17 },
	{ "areas/library", 18 },
	{ "areas/partners", 17 },
	{ "areas/accountability", 18 },
	{ "areas/leadership", 19 },
	{ "areas/mails", 20 },
	{ "app", 21 },
};

/* Headers of libraries, by the beginning of their names, and the one folder that may see them. */
static const struct guest {
	const char *header;
	const char *folder;
} guests[] = {
	{ "sqlite3", "db" },
	{ "libpq", "db" },
	{ "curl/", "mail" },
	{ "postgresql/", "db" },
	{ "event2/", "http" },
	{ "evhttp", "http" },
	{ "jansson", "json" },
	{ "gsl/", "stats" },
};

#define N_LAYERS (sizeof layers / sizeof layers[0])
#define N_GUESTS (sizeof guests / sizeof guests[0])

enum { MAX_FILES = 4096, MAX_INCLUDES = 128, PATH_SIZE = 512 };

struct include {
	int line;
	int file; /* -1: a header of a library, or one made by the build */
};

struct file {
	char path[PATH_SIZE]; /* below the folder looked at */
	const struct layer *layer;
	struct include includes[MAX_INCLUDES];
	int n_includes;
	enum { NEW, OPEN, DONE } visit;
};

static struct file *files[MAX_FILES];
static int n_files;
static int n_faults;
static const char *root = "src";

__attribute__((format(printf, 3, 4))) static void
fault(const struct file *f, int line, const char *format, ...)
{
	va_list args;

	printf("%s/%s:%d: ", root, f->path, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	n_faults++;
}

static bool
starts(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool
ends(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static const struct layer *
layer_find(const char *path)
{
	for (size_t i = 0; i < N_LAYERS; i++) {
		size_t n = strlen(layers[i].folder);
		if (strncmp(path, layers[i].folder, n) == 0 && path[n] == '/')
			return &layers[i];
	}
	return NULL;
}

static int
file_find(const char *path)
{
	for (int i = 0; i < n_files; i++)
		if (strcmp(files[i]->path, path) == 0)
			return i;
	return -1;
}

static void
file_push(const char *path)
{
	struct file *f = calloc(1, sizeof *f);

	if (!f || n_files == MAX_FILES) {
		fprintf(stderr, "layers: more than %d files, or no memory\n", MAX_FILES);
		exit(2);
	}
	snprintf(f->path, sizeof f->path, "%s", path);
	f->layer = layer_find(path);
	files[n_files++] = f;
	if (!f->layer)
		fault(f, 1, "this folder is not in the list of layers (tools/layers.c)");
}

/* Collects the C files below root/folder. */
static void
walk(const char *folder)
{
	char path[PATH_SIZE], whole[2 * PATH_SIZE];
	struct stat st;
	struct dirent *entry;
	DIR *dir;

	snprintf(whole, sizeof whole, "%s/%s", root, folder);
	dir = opendir(whole);
	if (!dir) {
		fprintf(stderr, "layers: %s: %s\n", whole, strerror(errno));
		exit(2);
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%.250s%s%.250s", folder, *folder ? "/" : "", entry->d_name);
		snprintf(whole, sizeof whole, "%s/%s", root, path);
		if (stat(whole, &st) == 0 && S_ISDIR(st.st_mode))
			walk(path);
		else if (ends(path, ".c") || ends(path, ".h"))
			file_push(path);
	}
	closedir(dir);
}

static void
check_guest(const struct file *f, int line, const char *header)
{
	for (size_t i = 0; i < N_GUESTS; i++)
		if (starts(header, guests[i].header) && f->layer && strcmp(f->layer->folder, guests[i].folder) != 0)
			fault(f, line, "<%s> is seen by %s/ only", header, guests[i].folder);
}

static void
check_order(const struct file *f, int line, const char *header)
{
	const struct layer *to = layer_find(header);

	if (!to || !f->layer || to == f->layer || to->rank < f->layer->rank)
		return;
	fault(f, line, "%s includes \"%s\" of %s, which is %s it", f->layer->folder, header, to->folder,
	        to->rank == f->layer->rank ? "beside" : "above");
}

static void
include_push(struct file *f, int line, const char *header)
{
	if (f->n_includes == MAX_INCLUDES) {
		fault(f, line, "more than %d includes", MAX_INCLUDES);
		return;
	}
	f->includes[f->n_includes++] = (struct include){ line, file_find(header) };
}

static void
read_includes(struct file *f)
{
	char whole[2 * PATH_SIZE], text[1024], header[256], open;
	FILE *in;

	snprintf(whole, sizeof whole, "%s/%s", root, f->path);
	in = fopen(whole, "r");
	if (!in) {
		fault(f, 1, "%s", strerror(errno));
		return;
	}
	for (int line = 1; fgets(text, sizeof text, in); line++) {
		if (sscanf(text, " # include %c%255[^>\"]", &open, header) != 2)
			continue;
		check_guest(f, line, header);
		if (open == '"') {
			check_order(f, line, header);
			include_push(f, line, header);
		}
	}
	fclose(in);
}

/* A circle is an include of a file that is still open on the way from the start to here. */
static void
find_circles(struct file *f)
{
	f->visit = OPEN;
	for (int i = 0; i < f->n_includes; i++) {
		struct file *to = f->includes[i].file < 0 ? NULL : files[f->includes[i].file];
		if (to && to->visit == OPEN)
			fault(f, f->includes[i].line, "\"%s\" leads back here: a circle", to->path);
		else if (to && to->visit == NEW)
			find_circles(to);
	}
	f->visit = DONE;
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		root = argv[1];
	walk("");
	for (int i = 0; i < n_files; i++)
		read_includes(files[i]);
	for (int i = 0; i < n_files; i++)
		if (files[i]->visit == NEW)
			find_circles(files[i]);
	for (int i = 0; i < n_files; i++)
		free(files[i]);
	if (n_faults == 0)
		fprintf(stderr, "layers: %d files, all includes go down\n", n_files);
	return n_faults > 0;
}
