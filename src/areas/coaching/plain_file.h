/* What the readers of plain files share (frameworks, rubrics): faults by line, known words, single values; and the way
   a value is written. What it is not for: what any file means (framework_file.c, rubric_file.c). */
#ifndef AREAS_COACHING_PLAIN_FILE_H
#define AREAS_COACHING_PLAIN_FILE_H

#include "base/err.h"
#include "base/out.h"
#include "base/yaml.h"

struct plain_file {
	struct arena *a;
	struct faults *f;
};

/* A fault at "line N". */
void plain_file_wrong(const struct plain_file *r, int line, str what, const char *mend);
/* Each word of the map that is not in keys (NULL-terminated) is a fault; false when y is no map. */
bool plain_file_known(const struct plain_file *r, const struct yaml *y, const char *const *keys);
/* The single value behind key, trimmed; a fault when it is a list, missing though required, or over `most` letters. */
str plain_file_text(const struct plain_file *r, const struct yaml *y, const char *key, size_t most, bool required);

/* "key: value" with so many blanks before it; nothing for the empty text. */
void plain_file_print(struct out *o, struct arena *a, int indent, const char *key, str value);

#endif
