/* embed_file: files into a C table, so that the program needs none beside it.
   What it is not for: SQL (embed_sql.c), templates (template.c).

       embed_file OUT.c TABLE NAME=PATH[+PATH…] …

   writes `const struct embedded TABLE[]` (see app/embedded.h), each entry a name, its bytes (several paths are joined
   in order) and the same bytes as brotli left them when PATH.br stands beside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn static void
fail(const char *what, const char *which)
{
	fprintf(stderr, "embed_file: %s %s\n", what, which);
	exit(1);
}

static size_t
put_file(FILE *to, const char *path)
{
	FILE *from = fopen(path, "rb");
	size_t n = 0;
	int c;

	if (!from)
		fail("cannot read", path);
	while ((c = getc(from)) != EOF)
		fprintf(to, "%d,%s", c, ++n % 32 ? "" : "\n");
	fclose(from);
	return n;
}

/* One array of bytes from the paths joined by '+'. */
static size_t
put_array(FILE *to, const char *kind, int number, char *paths)
{
	size_t n = 0;

	fprintf(to, "static const unsigned char %s%d[] = {\n", kind, number);
	for (char *p = strtok(paths, "+"); p; p = strtok(NULL, "+"))
		n += put_file(to, p);
	fprintf(to, "0 };\n");
	return n;
}

int
main(int argc, char **argv)
{
	FILE *to;

	if (argc < 4 || !(to = fopen(argv[1], "w")))
		fail("usage:", "embed_file OUT.c TABLE NAME=PATH[+PATH]… [NAME.br=PATH]…");
	fprintf(to, "#include \"app/embedded.h\"\n");
	size_t *sizes = calloc((size_t)argc, sizeof *sizes);
	for (int i = 3; i < argc; i++) {
		char *paths = strchr(argv[i], '=');
		if (!paths)
			fail("no '=' in", argv[i]);
		*paths = 0;
		sizes[i] = put_array(to, "file", i, paths + 1);
	}
	fprintf(to, "const struct embedded %s[] = {\n", argv[2]);
	for (int i = 3; i < argc; i++)
		fprintf(to, "\t{ \"%s\", file%d, %zu },\n", argv[i], i, sizes[i]);
	fprintf(to, "\t{ 0, 0, 0 },\n};\n");
	free(sizes);
	return fclose(to) ? 1 : 0;
}
